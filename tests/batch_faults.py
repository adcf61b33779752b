#!/usr/bin/env python3
"""Batches that are killed, or whose disk fails: nothing half written, nothing lost.

    batch_faults.py BINARY [--kills 200] [--faults 100] [--kinds write,sync,rename,open] [--seed 1]

kills    kill -9 at so many random moments of a run over 500 files. Whatever has its final name must be whole, and the next run must
         leave the very tree of a run that nobody disturbed, having done again no more than what was in flight.
faults   ENOSPC, EIO, EROFS and EDQUOT at the k-th write, sync, rename and open, k = 1 to so many (needs strace; counted in each
         thread). Where it hit the output folder the exit is not 0; the next run must leave the undisturbed tree.
"""
import argparse, hashlib, os, random, re, shutil, subprocess, sys, tempfile, time

FILES, FAULT_FILES = 500, 60
# A group, and what two threads and the short queues behind them may hold.
IN_FLIGHT = 64 + 16
CALLS = {"write": "write,pwrite64,writev,ftruncate", "sync": "fsync,fdatasync,syncfs", "rename": "rename,renameat,renameat2", "open": "open,openat,mkdir,mkdirat"}
# What is written of all together also tells of an input that could not be read.
TOGETHER = {"index.html", "briefing.md", "matrix.csv", "overview.json", "briefs.jsonl", "summary.json"}
ERRORS = ["ENOSPC", "EIO", "EROFS", "EDQUOT"]


def article(number):
    if number % 2:
        return f"A bridge for ward {number}\n\nThe town will build a bridge in ward {number}. It costs {number} million. There is too little power for the works. So the rules must change first.\n"
    return f"솔빛시 {number}구역에 새 다리\n\n솔빛시는 {number}구역에 새 다리를 놓기로 했다. 다리에는 {number}억원이 든다. 전력이 모자라 공사가 늦어질 수 있다. 그래서 규제를 먼저 풀어야 한다.\n"


def articles(folder, count):
    for number in range(count):
        path = f"{folder}/{number % 7}/{number:03}.txt"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(article(number))


def tree(out):
    """Hashes of all that has its final name, and whether anything has a temporary one."""
    files, temporary = {}, False
    for folder, folders, names in os.walk(out):
        if folder == out and ".sukje" in folders:
            folders.remove(".sukje")
        for name in names:
            if name.startswith(".sukje-"):
                temporary = True
                continue
            with open(f"{folder}/{name}", "rb") as file:
                files[os.path.relpath(f"{folder}/{name}", out)] = hashlib.sha256(file.read()).hexdigest()
    return files, temporary


def command(binary, work, out, threads=2):
    return [binary, "batch", "--recursive", f"{work}/in", "--out", out, "--formats", "json,md", "--engine", "extractive", "--threads", str(threads)]


def finish(binary, work, out):
    """Runs to the end; gives how many inputs were noted and how many kept."""
    ran = subprocess.run(command(binary, work, out), stderr=subprocess.PIPE, text=True)
    assert ran.returncode == 0, ran.stderr
    count = lambda word: sum(int(found) for found in re.findall(rf"^{word} +(\d+)", ran.stderr, re.M))
    return count("written"), count("kept")


def check(binary, work, out, whole, at, other=()):
    """Whatever is there is whole, but for files that may rightly say something else, and the next run leaves the whole tree."""
    before, _ = tree(out)
    half = [name for name, digest in before.items() if whole.get(name) != digest and name not in other]
    assert not half, f"{at}: not whole: {half[:3]}"
    written, kept = finish(binary, work, out)
    after, temporary = tree(out)
    assert after == whole and not temporary, f"{at}: the tree differs"
    placed = sum(name.endswith(".html") for name in before)
    return max(0, placed - kept)


def kills(binary, work, count, dice):
    out = f"{work}/whole"
    began = time.perf_counter()
    finish(binary, work, out)
    took, whole = time.perf_counter() - began, tree(out)[0]
    most, early = 0, 0
    for number in range(count):
        out = f"{work}/killed"
        moment = dice.random() * took
        child = subprocess.Popen(command(binary, work, out), stderr=subprocess.DEVNULL)
        time.sleep(moment)
        child.kill()
        early += child.wait() == -9
        if os.path.isdir(out):
            again = check(binary, work, out, whole, f"killed after {moment:.4f} s")
            assert again <= IN_FLIGHT, f"killed after {moment:.4f} s: {again} done again"
            most = max(most, again)
            shutil.rmtree(out)
    print(f"{count} kills within {took:.2f} s, {early} of them before the end: all trees the same, at most {most} notes done again")


def faults(binary, work, most, kinds):
    if not shutil.which("strace"):
        print("no strace: no faults were tried")
        return
    out = f"{work}/sound"
    finish(binary, work, out)
    whole = tree(out)[0]
    for kind in kinds:
        calls = CALLS[kind]
        hits = 0
        for k in range(1, most + 1):
            out, log = f"{work}/faulty", f"{work}/log"
            error = ERRORS[k % len(ERRORS)]
            inject = ["strace", "-f", "-y", "-qq", "--seccomp-bpf", "-o", log, "-e", f"trace={calls}", "-e", f"inject={calls}:error={error}:when={k}"]
            # One worker: its own count then reaches as far as it can.
            ran = subprocess.run(inject + command(binary, work, out, 1), stderr=subprocess.PIPE, text=True)
            with open(log, encoding="utf-8", errors="replace") as file:
                injected = [line for line in file if "INJECTED" in line]
            hit = [line for line in injected if out in line]
            at = f"{error} at {kind} {k}"
            assert not hit or ran.returncode != 0, f"{at}: exit 0 after {hit}"
            # Standard error may be what failed.
            assert not hit or any("<pipe:" in line for line in injected) or ran.stderr.startswith("error: "), f"{at}: {ran.stderr}"
            assert ran.returncode >= 0 and "panicked" not in ran.stderr, f"{at}: {ran.stderr}"
            hits += bool(hit)
            if os.path.isdir(out):
                check(binary, work, out, whole, at, TOGETHER)
                shutil.rmtree(out)
        print(f"{kind}: {hits} of {most} faults hit the output folder: no exit was 0, all trees the same")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--kinds", default=",".join(CALLS))
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    binary = os.path.abspath(args.binary)
    work = tempfile.mkdtemp()
    try:
        articles(f"{work}/in", FILES)
        kills(binary, work, args.kills, random.Random(args.seed))
        shutil.rmtree(f"{work}/in")
        articles(f"{work}/in", FAULT_FILES)
        faults(binary, work, args.faults, args.kinds.split(","))
    finally:
        shutil.rmtree(work)


main()
