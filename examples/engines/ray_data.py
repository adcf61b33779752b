#!/usr/bin/env python3
"""Briefs of JSON lines with Ray Data: one persistent `sukje worker` in every actor.

    ray_data.py INPUT.jsonl OUTPUT_FOLDER [--actors N] [--cpus SHARE] [OPTIONS OF sukje worker]

INPUT and OUTPUT_FOLDER are paths or s3:// URLs. Credentials and region of a store come from the environment (AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION), and AWS_ENDPOINT_URL names another server than Amazon's. SUKJE names the program (default:
sukje). A model is loaded once an actor. Each line of OUTPUT_FOLDER/briefs.jsonl is a line of the worker. The order of the lines is
Ray's; their ids are yours.

--cpus is what an actor holds of a processor. On a machine with few of them keep it below 1: actors that hold every processor leave
none to the tasks that read for them, and nothing moves.
"""
import argparse, json, os, subprocess
from urllib.parse import urlsplit

import pyarrow.fs
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


def filesystem(place):
    """The file system of a path or s3:// URL, and what the place is called there."""
    if not place.startswith("s3://"):
        return pyarrow.fs.LocalFileSystem(), os.path.abspath(place)
    server = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
    settings = {"scheme": server.scheme, "endpoint_override": server.netloc} if server.netloc else {}
    return pyarrow.fs.S3FileSystem(**settings), place.removeprefix("s3://").rstrip("/")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--actors", type=int, default=2)
    parser.add_argument("--cpus", type=float, default=0.5)
    args, options = parser.parse_known_args()
    command = [os.environ.get("SUKJE", "sukje"), "worker", "--quiet", *options]

    # Blank lines are no records and have no answer.
    source, path = filesystem(args.input)
    lines = ray.data.read_text(path, filesystem=source, drop_empty_lines=True)
    lines = lines.filter(lambda row: row["text"].strip() != "")
    briefs = lines.map_batches(
        Briefs,
        fn_constructor_args=(command,),
        batch_size=64,
        compute=ray.data.ActorPoolStrategy(size=args.actors),
        num_cpus=args.cpus,
    )
    target, folder = filesystem(args.output)
    if isinstance(target, pyarrow.fs.LocalFileSystem):
        target.create_dir(folder)
    # Under its own name once it is whole.
    unfinished, whole = f"{folder}/briefs.jsonl.part", f"{folder}/briefs.jsonl"
    count = failed = 0
    with target.open_output_stream(unfinished) as out:
        for row in briefs.iter_rows():
            count += 1
            failed += "error" in json.loads(row["line"])
            out.write(row["line"].encode() + b"\n")
    target.move(unfinished, whole)
    print(f"{count} records, {failed} of them bad")


if __name__ == "__main__":
    main()
