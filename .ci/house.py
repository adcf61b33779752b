#!/usr/bin/env python3
"""Counts what the house is held to: lines, long functions, literal lines, type names, features in the command line, languages.

Usage: .ci/house.py [SRC ...]   (default: src), prints NAME=VALUE lines; with -v what was counted.
"""

import collections
import pathlib
import re
import sys

LITERAL = re.compile(r'^\s*"(?:[^"\\]|\\.)*",?\s*$')
TYPE = re.compile(r"^\s*(?:pub(?:\([a-z ]+\))? )?(?:struct|enum|trait|union|type) ([A-Z]\w*)", re.M)
TELLS = re.compile(r"[=!]= (?:\w+::)*Language::|Language::(?:Ko|En)(?: \|[^=]*)? =>|matches!\([^)]*Language::|if let (?:\w+::)*Language::|language as usize")
KEPT = re.compile(r'r(#*)".*?"\1|"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/|\'(?:[^\'\\\n]|\\[^\n]{1,9}?)\'', re.S)


def bare(text):
    """The text with strings, comments and characters blanked, line ends kept."""
    return KEPT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def without_tests(text):
    """The text up to its `#[cfg(test)]` modules, which stand at the foot of a file."""
    found = re.search(r"^#\[cfg\(test\)\]\n(?:#\[[^\n]*\n)*mod \w+ \{", text, re.M)
    return text[: found.start()] if found else text


def functions(text):
    """Every function's name, first line and length in lines."""
    blank = bare(text)
    for found in re.finditer(r"\bfn (\w+)", blank):
        depth, at = 0, found.end()
        while at < len(blank):
            c = blank[at]
            if c == ";" and depth == 0:
                break
            depth += (c in "{([") - (c in "})]")
            at += 1
            if c == "}" and depth == 0:
                yield found.group(1), blank.count("\n", 0, found.start()) + 1, blank.count("\n", found.start(), at) + 1
                break


def main():
    verbose = "-v" in sys.argv
    roots = [a for a in sys.argv[1:] if a != "-v"] or ["src"]
    files = sorted(p for r in roots for p in pathlib.Path(r).rglob("*.rs"))
    texts = {p: p.read_text(encoding="utf-8") for p in files}
    lines = literals = features = 0
    long, types, tells = [], collections.Counter(), []
    for path, text in texts.items():
        own = without_tests(text)
        lines += own.count("\n")
        literals += sum(bool(LITERAL.match(line)) for line in own.splitlines())
        long += [f"{path}:{line} {name} {length}" for name, line, length in functions(own) if length > 60]
        types.update(TYPE.findall(bare(text)))
        if "cli" in path.parts:
            features += text.count("cfg(feature")
        if "language" not in path.parts:
            for number, line in enumerate(own.splitlines(), 1):
                if TELLS.search(line):
                    tells.append(f"{path}:{number} {line.strip()}")
    twice = sorted(name for name, count in types.items() if count > 1)
    if verbose:
        print("\n".join(["over 60 lines:", *long, "told apart:", *tells, "defined more than once: " + " ".join(twice)]))
    print(f"lines={lines}\nliteral_lines={literals}\nlong_functions={len(long)}\ntypes_defined_twice={len(twice)}")
    print(f"cli_features={features}\nlanguages_told_apart={len(tells)}")


if __name__ == "__main__":
    main()
