#!/usr/bin/env python3
"""Briefs of JSON lines with Ray Data: one persistent `sukje worker` in every actor.

    ray_data.py INPUT.jsonl OUTPUT_FOLDER [--actors N] [--cpus SHARE] [OPTIONS OF sukje worker]

SUKJE names the program (default: sukje). A model is loaded once an actor. Each row of the output, files of JSON lines, is a line of the
worker. The order of the rows is Ray's; their ids are yours.

--cpus is what an actor holds of a processor. On a machine with few of them keep it below 1: actors that hold every processor leave
none to the tasks that read for them, and nothing moves.
"""
import argparse, json, os, subprocess

import ray


class Briefs:
    """An actor: it starts a worker when it is made, and hands it line after line."""

    def __init__(self, command):
        self.worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, batch):
        return {"line": [self.answer(line) for line in batch["text"]]}

    def answer(self, line):
        # One line in, one line out: there is never more in the pipe than one, and nothing can wait for itself.
        self.worker.stdin.write(line.replace("\n", " ").encode() + b"\n")
        self.worker.stdin.flush()
        answer = self.worker.stdout.readline()
        if not answer.endswith(b"\n"):
            # Ray starts the actor again, and hands it the batch once more.
            raise RuntimeError(f"the worker ended with exit code {self.worker.wait()}")
        return answer.decode().rstrip("\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--actors", type=int, default=2)
    parser.add_argument("--cpus", type=float, default=0.5)
    args, options = parser.parse_known_args()
    command = [os.environ.get("SUKJE", "sukje"), "worker", "--quiet", *options]

    # Blank lines are no records and have no answer.
    lines = ray.data.read_text(os.path.abspath(args.input), drop_empty_lines=True)
    lines = lines.filter(lambda row: row["text"].strip() != "")
    briefs = lines.map_batches(
        Briefs,
        fn_constructor_args=(command,),
        batch_size=64,
        compute=ray.data.ActorPoolStrategy(size=args.actors),
        num_cpus=args.cpus,
    )
    os.makedirs(args.output, exist_ok=True)
    count = failed = 0
    with open(os.path.join(args.output, "briefs.jsonl.part"), "w", encoding="utf-8") as out:
        for row in briefs.iter_rows():
            count += 1
            failed += "error" in json.loads(row["line"])
            out.write(row["line"] + "\n")
    os.replace(out.name, os.path.join(args.output, "briefs.jsonl"))
    print(f"{count} records, {failed} of them bad")


if __name__ == "__main__":
    main()
