#!/usr/bin/env python3
"""Compares what two builds of sukje write, byte for byte: clean, split, summarize, verify, batch (the whole tree), worker, eval.

Usage: .ci/same_output.py BEFORE AFTER [--external N]

Inputs are examples/, tests/cases/ and, where they are at hand, the gold cases of ../shared/bench and N articles of
../shared/external. Prints the commands whose output differs, and exits with 1 if there is one.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = ROOT.parent / "shared" / "bench"
EXTERNAL = ROOT.parent / "shared" / "external"

ON_TEXT = [
    "clean --format json",
    "clean --format text",
    "clean --explain",
    "split",
    "summarize --engine extractive --format json",
    "summarize --engine extractive --format md",
    "summarize --engine extractive --format text --color never",
    "summarize --engine extractive --format md --output-lang ko",
    "summarize --engine extractive --format md --output-lang en --lens business",
    "summarize --engine extractive --sentences 5 --format text",
]


def run(binary, command, stdin=b"", cwd=None):
    done = subprocess.run([binary, *command], input=stdin, capture_output=True, cwd=cwd)
    return done.returncode, done.stdout, done.stderr


def texts(external):
    """Every input by a name of its own."""
    files = sorted(ROOT.glob("examples/*.txt")) + sorted(ROOT.glob("tests/cases/*/*/*.txt"))
    files += sorted(BENCH.glob("cases/*/input.txt")) + sorted(BENCH.glob("others/*/input.txt"))
    files += sorted(p for p in BENCH.glob("world/**/*") if p.suffix in (".txt", ".md", ".eml", ".vtt", ".srt"))
    pages = sorted(EXTERNAL.glob("pages/*.txt"))
    found = {str(p.relative_to(ROOT.parent)): p.read_bytes() for p in files + pages}
    news = EXTERNAL / "news" / "wikinews-ko.jsonl"
    if external and news.exists():
        for number, line in enumerate(news.read_text(encoding="utf-8").splitlines()[:external]):
            record = json.loads(line)
            text = next(v for v in (record.get(k) for k in ("text", "body", "content")) if v)
            found[f"news/{number}"] = text.encode()
    return found


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def batch(binary, inputs, work):
    """What a batch of all inputs leaves, journal and all, by name."""
    out = work / f"out-{pathlib.Path(binary).name}-{abs(hash(binary))}"
    status = run(binary, ["batch", "inputs", "--out", str(out), "--engine", "extractive", "--threads", "2", "--quiet"], cwd=work)
    files = tree(out)
    files["(exit)"] = str(status[0]).encode()
    # A journal's records stand in the order in which the notes were ready.
    files.pop(".sukje/lock", None)  # Holds a process number.
    return {k: (b"\n".join(sorted(v.split(b"\n"))) if "journal" in k else v) for k, v in files.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--external", type=int, default=60, metavar="N", help="articles of the news set (default 60)")
    args = parser.parse_args()
    binaries = [str(pathlib.Path(b).resolve()) for b in (args.before, args.after)]
    inputs = texts(args.external)
    compared, differ = 0, []

    def both(job):
        name, command, stdin = job
        return name, command, [run(b, command, stdin) for b in binaries]

    jobs = [(name, c.split() + ["-"] * (c != "split"), text) for name, text in inputs.items() for c in ON_TEXT]
    cases = sorted(map(str, BENCH.glob("cases/*/")))
    jobs += [("tests/cases/render", ["render", str(p), "--format", f], b"") for p in sorted(ROOT.glob("tests/cases/render/*.json")) for f in ("text", "md", "json")]
    replays = sorted(ROOT.glob("tests/cases/replay/*/brief.json"))
    jobs += [("tests/cases/replay", ["verify", str(p), "--source", str(p.parent / "article.txt")], b"") for p in replays]
    if cases:
        jobs += [("dev cases", ["eval", *cases], b""), ("dev cases", ["eval", "--json", *cases], b"")]
    lines = "".join(json.dumps({"id": n, "text": t.decode("utf-8", "replace")}) + "\n" for n, t in inputs.items())
    jobs += [("all inputs", ["worker", "--engine", "extractive"], lines.encode())]
    with ThreadPoolExecutor(2) as pool:
        for name, command, (before, after) in pool.map(both, jobs):
            compared += 1
            if before != after:
                where = [part for part, b, a in zip(("exit", "stdout", "stderr"), before, after) if b != a]
                differ.append(f"{name}: {' '.join(command)[:120]}: {', '.join(where)}")
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "inputs").mkdir()
        briefs = []
        for number, (name, text) in enumerate(sorted(inputs.items())):
            (work / "inputs" / f"{number:04}.txt").write_bytes(text)
            if len(briefs) < 40:
                status, brief, _ = run(binaries[0], ["summarize", "--engine", "extractive", "--format", "json", "-"], text)
                if status == 0:
                    (work / "brief.json").write_bytes(brief)
                    (work / "source.txt").write_bytes(text)
                    briefs.append([run(b, ["verify", "brief.json", "--source", "source.txt"], cwd=work) for b in binaries])
                    compared += 1
                    if briefs[-1][0] != briefs[-1][1]:
                        differ.append(f"{name}: verify")
        before, after = (batch(b, inputs, work) for b in binaries)
        for file in sorted(before.keys() | after.keys()):
            compared += 1
            if before.get(file) != after.get(file):
                differ.append(f"batch: {file}")
    print("\n".join(differ))
    print(f"{compared} outputs compared, {len(differ)} differ")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
