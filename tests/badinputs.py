#!/usr/bin/env python3
"""Runs the program over a folder of bad inputs and checks what it does with each.

    python3 tests/badinputs.py FOLDER BINARY [--kinds text,encoding,special] [--mutants N] [--verbose]

FOLDER holds the inputs and a manifest.json: for each file what is expected (`error`, `ok`, `either-but-no-crash`),
strings that must not occur in the output, and limits of time and memory. Every file goes through `clean` (text, JSON)
and `summarize` (text, Markdown, JSON). Checked each time:

- the exit code is one of the documented ones, and of the class expected; no signal, no panic, no time-out;
- a refusal writes nothing to standard output, and to standard error one line `error: NAME: CAUSE` of at most 500 bytes
  without control characters, then at most one `hint:` line;
- a success writes valid JSON where JSON was asked for, and no error;
- no string of `must_not` stands where its `in` says: `any`, `shown` (all but JSON), `md-rendered` (the Markdown note
  after a CommonMark renderer with raw HTML on: markdown-it-py where it is installed, else a stricter look at the source);
- time and resident memory stay within the limit (10 s and 512 MB where the manifest says nothing).

Files under FOLDER/mutants, if there are any, are `either-but-no-crash`. Standard library only. Exit code 1 on a failure.
"""
import argparse, json, os, re, signal, subprocess, sys, tempfile, time

COMMANDS = [("clean", "text"), ("clean", "json"), ("summarize", "text"), ("summarize", "md"), ("summarize", "json")]
REFUSED = {65, 66, 74}
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


def run(binary, folder, command, form, path, seconds):
    """Exit code, output, errors, seconds, resident MB; the code is None on a time-out."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        child = subprocess.Popen([binary, command, "--format", form, path], cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        timed_out = False

        def stop(*_):
            nonlocal timed_out
            timed_out = True
            child.kill()
        signal.signal(signal.SIGALRM, stop)
        signal.alarm(int(seconds) + 1)
        _, status, usage = os.wait4(child.pid, 0)
        signal.alarm(0)
        child.returncode = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - began
        out.seek(0), err.seek(0)
        return None if timed_out else child.returncode, out.read(), err.read(), took, usage.ru_maxrss / 1024


def error_faults(path, out, err):
    lines = err.decode("utf-8", "replace").split("\n")
    faults = []
    if out:
        faults.append("a refusal with output")
    if lines[-1] != "" or not 2 <= len(lines) <= 3 or (len(lines) == 3 and not lines[1].startswith("hint: ")):
        faults.append(f"not one error line and at most one hint: {err[:200]!r}")
    if not re.match(r"error: .+: .+", lines[0]) or len(lines[0].encode()) >= 500:
        faults.append(f"not an error line: {lines[0][:200]!r}")
    if not CONTROL.search(path) and "\n" not in path and len(path.encode()) < 200 and path not in lines[0]:
        faults.append(f"the line does not name the file: {lines[0][:200]!r}")
    if CONTROL.search("".join(lines)):
        faults.append("control characters in the error")
    return faults


def rendered(markdown):
    """The note as HTML, or its source with what a renderer takes as text removed."""
    try:
        from markdown_it import MarkdownIt
        return MarkdownIt("commonmark", {"html": True}).render(markdown)
    except ImportError:
        return re.sub(r"\\[!-/:-@\[-`{-~]", "", markdown)


def forbidden(entry, form, out, err):
    text = out.decode("utf-8", "replace")
    errors = err.decode("utf-8", "replace")
    for item in entry.get("must_not", []):
        where, word = item["in"], item["text"]
        if where == "any" and (word in text or word in errors):
            yield f"{word!r} in the output"
        elif where == "shown" and form != "json" and (word in text or word in errors):
            yield f"{word!r} is shown"
        elif where == "md-rendered" and form == "md" and word in rendered(text):
            yield f"{word!r} in the rendered Markdown"


def faults(entry, path, form, result, limit):
    code, out, err, took, memory = result
    if code is None:
        return [f"no end after {limit['seconds']} s"]
    found = list(forbidden(entry, form, out, err))
    if took > limit["seconds"]:
        found.append(f"{took:.1f} s, limit {limit['seconds']} s")
    if memory > limit["rss_mb"]:
        found.append(f"{memory:.0f} MB, limit {limit['rss_mb']} MB")
    if code != 0 and code not in REFUSED:
        found.append(f"exit code {code}: {err[:200]!r}")
    if code == 0 and entry["expected"] == "error":
        found.append("taken, and should be refused")
    if code != 0 and entry["expected"] == "ok":
        found.append(f"refused, and should be taken: {err[:200]!r}")
    if code in REFUSED:
        found += error_faults(path, out, err)
    if code == 0:
        if b"error:" in err or b"panicked" in err:
            found.append(f"success with an error: {err[:200]!r}")
        if form == "json":
            try:
                json.loads(out)
            except ValueError as error:
                found.append(f"not JSON: {error}")
        elif re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", out):
            found.append("control characters are shown")
    return found


def entries(folder, kinds, mutants):
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        for entry in json.load(file)["entries"]:
            if entry["kind"] in kinds and "file_hex" not in entry:
                if entry["file"].endswith("unreadable.txt") and os.access(os.path.join(folder, entry["file"]), os.R_OK):
                    entry["expected"] = "ok"
                yield entry
    paths = [os.path.join(top, name) for top, _, names in sorted(os.walk(os.path.join(folder, "mutants"))) for name in sorted(names)]
    for path in paths[:mutants]:
        yield {"file": os.path.relpath(path, folder), "kind": "mutant", "expected": "either-but-no-crash"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("binary")
    parser.add_argument("--kinds", default="text,encoding,special")
    parser.add_argument("--mutants", type=int, default=0)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    checked = failed = 0
    slowest = largest = (0, "")
    for entry in entries(options.folder, set(options.kinds.split(",")), options.mutants):
        limit = {"seconds": 10, "rss_mb": 512} | entry.get("limit", {})
        path = entry["file"] if not entry["file"].startswith("-") else "./" + entry["file"]
        for command, form in COMMANDS:
            result = run(binary, options.folder, command, form, path, limit["seconds"])
            checked += 1
            slowest = max(slowest, (result[3], path))
            largest = max(largest, (result[4], path))
            found = faults(entry, path, form, result, limit)
            failed += bool(found)
            for fault in found:
                print(f"{path}: {command} {form}: {fault}")
            if options.verbose and (command, form) == COMMANDS[0]:
                print(f"{entry['expected']:20} {path}: {result[0]} {result[3]:.2f} s {result[4]:.0f} MB {result[2][:150].decode('utf-8', 'replace')!r}")
    print(f"{checked} runs, {failed} with faults; slowest {slowest[0]:.2f} s ({slowest[1]!r}), largest {largest[0]:.0f} MB ({largest[1]!r})")
    sys.exit(1 if failed else 0)


main()
