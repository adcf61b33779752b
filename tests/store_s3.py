#!/usr/bin/env python3
"""Batches from and to an S3-compatible server: moto's, from PyPI, on loopback.

Usage: store_s3.py SUKJE
Fifty articles are put into a bucket and noted from there to there; one run is interrupted in the middle and another computer, which is
another staging folder, goes on. Every object must be what a batch over a local copy leaves. Without moto it says so and ends well:
nothing was checked then.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".ci"))
from batch import make  # noqa: E402

ARTICLES = 50
MANY = 1_000
START_S = 60
BUCKET = "sukje-test"


def interpreter(folder):
    """A Python that has moto, or None."""
    if subprocess.run([sys.executable, "-c", "import boto3, moto.server, flask"], capture_output=True).returncode == 0:
        return sys.executable
    subprocess.run([sys.executable, "-m", "venv", f"{folder}/venv"], check=True)
    python = f"{folder}/venv/bin/python"
    installed = subprocess.run([python, "-m", "pip", "install", "--quiet", "moto[server]"], capture_output=True, text=True)
    if installed.returncode:
        print(installed.stderr.strip()[-500:])
        return None
    return python


def start(python, folder):
    """The server and its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    log = open(f"{folder}/log", "w", encoding="utf-8")
    server = subprocess.Popen([python, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/moto-api/", timeout=5).read()
            return server, url
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"the server did not answer within {START_S} s")


STORE = """
import boto3, os, sys
store = boto3.client("s3")
doing, bucket, prefix, folder = sys.argv[1:]
if doing == "put":
    store.create_bucket(Bucket=bucket)
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            store.upload_file(path, bucket, f"{prefix}/{os.path.relpath(path, folder)}")
else:
    for page in store.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}/"):
        for known in page.get("Contents", []):
            path = os.path.join(folder, known["Key"][len(prefix) + 1:])
            os.makedirs(os.path.dirname(path), exist_ok=True)
            store.download_file(bucket, known["Key"], path)
"""


def tree(folder):
    """Every file but the batch's own, with its bytes."""
    files = {}
    for at, folders, names in os.walk(folder):
        if ".sukje" in folders:
            folders.remove(".sukje")
        for name in names:
            with open(os.path.join(at, name), "rb") as file:
                files[os.path.relpath(os.path.join(at, name), folder)] = file.read()
    return files


class Bucket:
    """What is in the bucket, by a client that is not ours."""

    def __init__(self, python, url):
        self.python = python
        own = {"AWS_ACCESS_KEY_ID": "someone", "AWS_SECRET_ACCESS_KEY": "sesame", "AWS_DEFAULT_REGION": "us-east-1",
               "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": url, "AWS_ALLOW_HTTP": "true", "NO_PROXY": "127.0.0.1",
               "AWS_EC2_METADATA_DISABLED": "true"}
        self.env = {**os.environ, **own}

    def copy(self, doing, prefix, folder):
        subprocess.run([self.python, "-c", STORE, doing, BUCKET, prefix, folder], env=self.env, check=True)

    def batch(self, sukje, *args, code=0):
        began = time.monotonic()
        ran = subprocess.run([sukje, "batch", *args, "--engine", "extractive"], env=self.env, capture_output=True, text=True)
        assert ran.returncode == code, (args, ran.returncode, ran.stderr)
        return ran.stderr, time.monotonic() - began


def same(one, other):
    assert one.keys() == other.keys(), sorted(one.keys() ^ other.keys())[:10]
    for name in one:
        assert one[name] == other[name], name
    return len(one)


def whole(bucket, sukje, work):
    """Fifty articles from the bucket to the bucket."""
    make(ARTICLES, f"{work}/in")
    os.makedirs(f"{work}/in/강변", exist_ok=True)
    os.rename(f"{work}/in/00007.txt", f"{work}/in/강변/7 +%41.txt")
    bucket.copy("put", "in", f"{work}/in")
    bucket.batch(sukje, "-r", f"{work}/in", "--out", f"{work}/local")
    urls = ["-r", f"s3://{BUCKET}/in", "--out", f"s3://{BUCKET}/out"]
    _, first = bucket.batch(sukje, *urls, "--stage", f"{work}/one")
    bucket.copy("get", "out", f"{work}/out")
    local = tree(f"{work}/local")
    objects = same(tree(f"{work}/out"), local)
    assert not os.path.exists(f"{work}/out/.sukje/lock")
    said, again = bucket.batch(sukje, *urls, "--stage", f"{work}/one")
    assert "out: 0 put" in said and f"in: 0 fetched, {ARTICLES} there already" in said, said
    said, other = bucket.batch(sukje, *urls, "--stage", f"{work}/two")
    assert f"kept        {ARTICLES:>8}" in said, said
    print(f"{ARTICLES} articles, {objects} objects: {first:.1f} s; again {again:.1f} s; from another stage {other:.1f} s")


def interrupted(bucket, sukje, work):
    """A run that is interrupted in the middle, and another computer that goes on."""
    make(MANY, f"{work}/many")
    bucket.batch(sukje, f"{work}/many", "--out", f"{work}/many-local", "--formats", "md")
    args = [f"{work}/many", "--out", f"s3://{BUCKET}/many", "--formats", "md", "--engine", "extractive"]
    child = subprocess.Popen([sukje, "batch", *args, "--stage", f"{work}/three"], env=bucket.env, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + START_S
    begun = f"{work}/three/out"
    while not os.path.isdir(begun) or len(os.listdir(begun)) < 200:
        assert time.monotonic() < end and child.poll() is None, "it does not begin"
        time.sleep(0.005)
    child.send_signal(signal.SIGTERM)
    _, said = child.communicate()
    assert child.returncode == 143, (child.returncode, said)
    bucket.copy("get", "many", f"{work}/some")
    assert os.path.exists(f"{work}/some/.sukje/journal") and not os.path.exists(f"{work}/some/.sukje/part.json")
    said, _ = bucket.batch(sukje, *args[:-2], "--stage", f"{work}/four")
    kept = next(int(line.split()[1]) for line in said.splitlines() if line.startswith("kept"))
    assert 64 <= kept < MANY, said
    bucket.copy("get", "many", f"{work}/many-out")
    objects = same(tree(f"{work}/many-out"), tree(f"{work}/many-local"))
    print(f"{MANY} articles: interrupted with {kept} done, went on from another stage; {objects} objects")


def absent(bucket, sukje, work):
    """Buckets that are not there."""
    said, _ = bucket.batch(sukje, "s3://no-such-bucket/in", "--out", f"{work}/none", code=66)
    assert said.startswith("error: s3://no-such-bucket/in: could not be listed: it is not there (NoSuchBucket)"), said
    said, _ = bucket.batch(sukje, f"{work}/in", "--out", "s3://no-such-bucket/out", "--stage", f"{work}/five", code=74)
    assert said.startswith("error: s3://no-such-bucket/out: could not be listed: it is not there (NoSuchBucket)"), said


def main():
    sukje = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        python = interpreter(work)
        if python is None:
            print("SKIPPED: no moto from PyPI here; object stores were not tried against an S3-compatible server")
            return
        server, url = start(python, work)
        try:
            bucket = Bucket(python, url)
            whole(bucket, sukje, work)
            interrupted(bucket, sukje, work)
            absent(bucket, sukje, work)
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    main()
