#!/usr/bin/env python3
"""The same article in several encodings, and with one bad byte.

    encodings.py BINARY NEWS.jsonl     prints NAME=VALUE of each figure, one a line (floors.py takes them)

same            of 200 articles, those whose sentences are the same as UTF-8, UTF-8 with byte-order mark, CP949, UTF-16LE and
                UTF-16BE, the latter two with and without mark
bad_byte_utf8   of 200 articles, those that keep their encoding and lose at most two characters when one byte at a random
bad_byte_cp949  place is replaced by 0xFF, which no character of either encoding holds
"""
import codecs, json, os, random, subprocess, sys, tempfile

ARTICLES = 200
FORMS = {
    "utf-8": lambda t: t.encode(),
    "utf-8 with mark": lambda t: codecs.BOM_UTF8 + t.encode(),
    "cp949": lambda t: t.encode("cp949"),
    "utf-16le": lambda t: t.encode("utf-16-le"),
    "utf-16be": lambda t: t.encode("utf-16-be"),
    "utf-16le with mark": lambda t: codecs.BOM_UTF16_LE + t.encode("utf-16-le"),
    "utf-16be with mark": lambda t: codecs.BOM_UTF16_BE + t.encode("utf-16-be"),
}


def clean(binary, data):
    """The encoding found, the sentences and the decoded text; nothing where the input is refused."""
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        command = [binary, "clean", "--format", "json", "--emit-text", file.name, "-"]
        run = subprocess.run(command, input=data, capture_output=True, timeout=60)
        if run.returncode:
            return None, None, ""
        out = json.loads(run.stdout)
        # Written under another name and renamed: the file opened above is not the one that is there now.
        with open(file.name, encoding="utf-8") as text:
            return out["source"]["encoding"], [s["text"] for s in out["sentences"]], text.read()


def lost(before, after):
    """How many characters of `before` stand neither in the common beginning nor in the common end."""
    head = len(os.path.commonprefix([before, after]))
    tail = len(os.path.commonprefix([before[head:][::-1], after[head:][::-1]]))
    return len(before) - head - tail


def articles(path):
    found = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            article = json.loads(line)
            text = f"{article['title']}\n{article['body'].strip()}\n"
            if len(found) < ARTICLES and text.encode("cp949", "ignore").decode("cp949") == text:
                found.append(text)
    return found


def main():
    binary, path = os.path.abspath(sys.argv[1]), sys.argv[2]
    texts, dice = articles(path), random.Random(949)
    same, kept = 0, {"utf-8": 0, "cp949": 0}
    for number, text in enumerate(texts):
        answers = {form: clean(binary, encode(text)) for form, encode in FORMS.items()}
        differ = [f"{form} read as {found}" for form, (found, sentences, _) in answers.items() if sentences is None or sentences != answers["utf-8"][1]]
        same += not differ
        if differ:
            print(f"article {number}: {', '.join(differ)}", file=sys.stderr)
        for form in kept:
            data, right = bytearray(FORMS[form](text)), answers[form]
            at = dice.randrange(len(data))
            data[at] = 0xFF
            found, _, after = clean(binary, bytes(data))
            gone = lost(right[2], after)
            kept[form] += found == right[0] and gone <= 2
            if found != right[0] or gone > 2:
                print(f"article {number}: {form}, byte {at} is bad: read as {found}, {gone} characters lost", file=sys.stderr)
    print(f"same={same}\nbad_byte_utf8={kept['utf-8']}\nbad_byte_cp949={kept['cp949']}")


main()
