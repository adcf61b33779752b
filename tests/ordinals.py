#!/usr/bin/env python3
"""How much the engine leans on ordinals: the figures of gold cases as they are, and with the ordinals deleted.

    python3 tests/ordinals.py BINARY CASE_DIR...

Deletes 첫째 … 다섯째 (with the particle on them) and First … Fifth from input and gold answer, and scores both with
`BINARY eval`. Prints NAME=VALUE: how far presence and ev_r fall. Standard library only.
"""
import json, re, subprocess, sys, tempfile
from pathlib import Path

ORDINAL = re.compile(r"(?<![가-힣])(?:첫|둘|셋|넷|다섯)째(?:[는은로가]|(?![가-힣])),?[ \t]*|\b(?:First|Second|Third|Fourth|Fifth)(?:ly)?\b[,:]?[ \t]*")


def without_ordinals(case, folder):
    gold = json.loads((case / "gold.json").read_text(encoding="utf-8"))
    gold["sentences"] = [ORDINAL.sub("", sentence) for sentence in gold["sentences"]]
    for noise in gold["noise"]:
        noise["text"] = [ORDINAL.sub("", text) for text in noise["text"]]
    text, count = ORDINAL.subn("", (case / "input.txt").read_text(encoding="utf-8"))
    folder.mkdir()
    (folder / "input.txt").write_text(text, encoding="utf-8")
    (folder / "gold.json").write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")
    return count


def means(binary, cases):
    run = subprocess.run([binary, "eval", "--json", *map(str, cases)], capture_output=True, check=True)
    return json.loads(run.stdout)["mean"]


def main():
    binary, *given = sys.argv[1:]
    cases = [case for case in map(Path, given) if (case / "gold.json").exists()]
    with tempfile.TemporaryDirectory() as top:
        folders = [Path(top) / case.name for case in cases]
        count = sum(without_ordinals(case, folder) for case, folder in zip(cases, folders))
        before, after = means(binary, cases), means(binary, folders)
    print(f"{count} ordinals deleted from {len(cases)} cases", file=sys.stderr)
    for name in ("presence", "ev_r"):
        print(f"{name}: {before[name]:.3f}, without ordinals {after[name]:.3f}", file=sys.stderr)
        print(f"{name}_fall={before[name] - after[name]:.4f}")


main()
