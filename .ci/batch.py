#!/usr/bin/env python3
"""Articles in any number, and how fast `sukje batch` notes them.

    batch.py make COUNT FOLDER    that many articles of 3 KB, half Korean, half English; same count, same bytes
    batch.py speed BINARY         NAME=VALUE of each figure, one a line (floors.py takes them)

group      articles a second, 10,000 articles, extractive, JSON only, `--sync group`: the better of two runs
none       the same with `--sync none`
mb         resident megabytes at most, of 10,000 articles
growth     that, against 1,000 articles
fsync_ms   what one fsync of a new file of 10 KB takes here: the median of 50; no floor, it says what the disk is

The articles are made of the training articles' sentences, as speed.py does it: digits drawn anew, four words of ten of other sentences.
"""
import os, random, shutil, statistics, subprocess, sys, tempfile, time

from speed import articles, fresh

ARTICLE_BYTES = 3_000


def make(count, folder):
    dice = random.Random(5)
    os.makedirs(folder, exist_ok=True)
    pools = []
    for language in ("ko", "en"):
        sentences = [sentence for _, body in articles(language) for sentence in body]
        titles = [title for title, _ in articles(language)]
        pools.append((titles, sentences, [word for sentence in sentences for word in sentence.split()[:-1]]))
    for number in range(count):
        titles, sentences, words = pools[number % 2]
        lines, size = [fresh(dice.choice(titles), words, dice)], 0
        while size < ARTICLE_BYTES:
            lines.append(fresh(dice.choice(sentences), words, dice))
            size += len(lines[-1].encode()) + 1
        with open(f"{folder}/{number:05}.txt", "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


def run(binary, folder, sync):
    """Seconds and peak resident megabytes of one batch. Its output stays: a file system is slow to give out again what was just freed."""
    out = tempfile.mkdtemp(dir=os.path.dirname(folder))
    command = [binary, "batch", folder, "--out", out, "--formats", "json", "--engine", "extractive", "--quiet", "--sync", sync]
    began = time.perf_counter()
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    took = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{command}: exit {child.returncode}")
    return took, usage.ru_maxrss / 1024


def fsync_ms(folder):
    times = []
    for number in range(50):
        with open(f"{folder}/fsync-{number}", "wb") as file:
            file.write(b"x" * 10_000)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def speed(binary):
    work = tempfile.mkdtemp(dir=os.environ.get("BATCH_DIR"))
    try:
        # In a child: a child's peak counts what its parent held when it was started.
        for count in (1_000, 10_000):
            subprocess.run([sys.executable, __file__, "make", str(count), f"{work}/{count}"], check=True)
        small = run(binary, f"{work}/1000", "none")[1]
        for sync in ("group", "none"):
            runs = [run(binary, f"{work}/10000", sync) for _ in range(2)]
            print(f"{sync}={10_000 / min(seconds for seconds, _ in runs):.0f}")
        large = max(memory for _, memory in runs)
        print(f"mb={large:.1f}\ngrowth={large / small:.3f}\nfsync_ms={fsync_ms(work):.2f}")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), sys.argv[3])
    else:
        speed(os.path.abspath(sys.argv[2]))
