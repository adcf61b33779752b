#!/usr/bin/env python3
"""Speed figures of the whole program, from outside.

    speed.py help BINARY     milliseconds of `--help`, best of many
    speed.py all BINARY      NAME=VALUE of each figure, one a line (floors.py takes them)

clean_mb_per_s  `clean --format text -` on 8 MB of Korean news sentences, one a line, RAYON_NUM_THREADS=1, best of 3
doubling        8 MB on one line without blanks or punctuation: the worst ratio of two sizes, each best of 3
hostile         what is recognised, over and over: the worst ratio of half a megabyte to one
brief_ms        `summarize --format json` of an article of 50 sentences, start to end, best of 30
brief_mb        its resident memory at most; never less than this script's own before it starts the program

The texts are made of the training articles' sentences: in each, digits are drawn anew and four words of ten come from other
sentences, so that none repeats another. Same seed, same bytes.
"""
import glob, json, os, random, re, subprocess, sys, tempfile, time

MEGABYTE = 1_000_000


def once(command, data=b""):
    """Seconds and peak resident megabytes of one run that must succeed."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        began = time.perf_counter()
        child = subprocess.Popen(command, stdin=file, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"RAYON_NUM_THREADS": "1"})
        _, status, usage = os.wait4(child.pid, 0)
        took = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{command}: exit {child.returncode}")
    return took, usage.ru_maxrss / 1024


def best(times, command, data=b""):
    runs = [once(command, data) for _ in range(times)]
    return min(run[0] for run in runs), max(run[1] for run in runs)


def articles(language):
    for path in sorted(glob.glob(f"training/articles/{language}-*.json")):
        with open(path, encoding="utf-8") as file:
            article = json.load(file)
        yield article["title"], [sentence["text"] for sentence in article["sentences"]]


def fresh(sentence, words, dice):
    out = [dice.choice(words) if dice.random() < 0.4 else word for word in sentence.split()[:-1]] + sentence.split()[-1:]
    return re.sub(r"\d", lambda _: str(dice.randrange(10)), " ".join(out))


def news(size):
    """At least `size` bytes of sentences, none of which repeats another."""
    dice = random.Random(8)
    sentences = [sentence for _, body in articles("ko") for sentence in body]
    words = [word for sentence in sentences for word in sentence.split()[:-1]]
    while size > 0:
        sentence = fresh(dice.choice(sentences), words, dice)
        size -= len(sentence.encode()) + 1
        yield sentence


def article_of_50():
    (title, first), (_, second) = list(articles("ko"))[:2]
    return "\n".join([title] + (first + second)[:50]).encode()


def doubling(binary):
    letters = re.sub(r"[^가-힣]", "", "".join(news(12 * MEGABYTE))).encode()
    times = [best(3, [binary, "clean", "--format", "text", "-"], letters[: 3 * (size * MEGABYTE // 3)])[0] for size in (1, 2, 4, 8)]
    print("1, 2, 4, 8 MB on one line:", ", ".join(f"{t:.3f} s" for t in times), file=sys.stderr)
    return max(b / a for a, b in zip(times, times[1:]))


HOSTILE = {
    "entities": "&amp;", "escaped entities": "&amp;amp;", "open entities": "&amp;#", "open tags": "<b ", "tags": "<br>", "jamo": "\u1112\u1161\u11ab", "marks on one letter": "\u0301",
    "brackets": "[", "open links": "[a](", "pictures": "![](", "links": "[a](b) ", "emphasis": "*a ", "underlines": "_a ", "code": "`", "footnotes": "a.[1]", "quoting": "> ", "quoted lines": ">>> 가\n",
    "fields": "From: a\n", "forward marks": "-----Original Message-----\nFrom: a\n", "cues": "\n00:00:01.000 --> 00:00:02.000\n", "stamps": "[00:00:01] 가\n", "time lines": "0:01\n가\n", "remarks": "[", "heads": "HARBOUR REVIEW 12\n\n",
    "hyphens": "abcdefghijklmnopqrstuvwxyz-\n", "opening quotes": "“가 ", "odd quotes": "'a \"b ", "glued stops": "다.가", "laughter": "ㅋㅋ ", "labels": "Q1. ", "abbreviations": "U.S. ", "bullets": "▲ 가 ", "speakers": "가: 나다.\n",
    "table rows": "| a | b |\n", "cut words": "나루터에 배가 한 척 들어왔\n다고 했다 그는 배를 몰았\n", "titles of a page": "# Harbour news %d\nTitle: day %d at the harbour of Orvale, and what the town says of it\n",
}
HEADS = {"cues": "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n", "remarks": "WEBVTT\n\n", "titles of a page": "Title: 가\nMarkdown Content:\n"}


def repeated(unit, size):
    """About `size` bytes of a unit; one that holds `%d` is numbered, so that none is another's copy."""
    times = size // len(unit.encode())
    return "".join(unit.replace("%d", str(time)) for time in range(times)) if "%d" in unit else unit * times


def hostile(binary):
    """The worst ratio of half a megabyte to a megabyte over texts that repeat what is recognised, behind a sentence that makes them one."""
    ratios = {}
    for name, unit in HOSTILE.items():
        text = lambda size: (HEADS.get(name, "") + "강나루 부두가 내년에 닫힌다고 군청이 밝혔다.\n" + repeated(unit, size)).encode()
        small, large = (best(2, [binary, "clean", "--format", "json", "-"], text(size))[0] for size in (MEGABYTE // 2, MEGABYTE))
        ratios[name] = large / max(small, 0.02)
    worst = sorted(ratios.items(), key=lambda item: -item[1])[:5]
    print("half to one megabyte:", ", ".join(f"{name} {ratio:.2f}" for name, ratio in worst), file=sys.stderr)
    return worst[0][1]


def main():
    what, binary = sys.argv[1], os.path.abspath(sys.argv[2])
    if what == "help":
        print(f"{best(50, [binary, '--help'])[0] * 1000:.2f}")
        return
    # First, while this script is small: a child's peak counts what its parent held when it was started.
    seconds, memory = best(30, [binary, "summarize", "--format", "json", "-"], article_of_50())
    print(f"brief_ms={seconds * 1000:.2f}\nbrief_mb={memory:.1f}")
    text = "\n".join(news(8 * MEGABYTE)).encode()
    seconds, _ = best(3, [binary, "clean", "--format", "text", "-"], text)
    print(f"clean_mb_per_s={len(text) / MEGABYTE / seconds:.1f}")
    print(f"doubling={doubling(binary):.2f}")
    print(f"hostile={hostile(binary):.2f}")


if __name__ == "__main__":
    main()
