#!/usr/bin/env python3
"""The examples of examples/engines, run for real: 1,000 records, 1 % of them bad, must give the notes of a plain batch.

    engines.py BINARY [ENGINE...]

An engine is parallel (GNU parallel on the PATH), ray (the package ray[data] in this Python), s3 (the same from and to an S3-compatible
server on loopback, of the package moto[server]), spark (the package pyspark, and a Java), kubernetes (the package
kubernetes-validate: the manifest against the schema of Kubernetes), slurm (`bash -n`). Without names, all of them that are
installed are tried; a line says which are not. Exits with 1 where one gives anything else than the batch.
"""
import fcntl, glob, importlib.util, json, os, random, shutil, socket, subprocess, sys, tempfile, time, urllib.error, urllib.request

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples", "engines")
RECORDS, BAD = 1_000, 10
SHARDS = 4
# A server that does not answer after so long is not there.
START_S = 60
# The oldest one that has all that the manifest uses.
KUBERNETES = "1.33"

KO = [
    "{town}시는 {n}번 나루에 새 부두를 짓기로 했다.", "부두에는 {n}억원이 든다.", "전력이 모자라 공사가 늦어질 수 있다.", "기술자를 구하지 못한 업체가 {n}곳이다.",
    "그래서 규제를 먼저 풀어야 한다.", "시민들은 소음을 걱정한다.", "옆 도시는 {n}개월 만에 허가를 내주었다.", "협력 업체가 무너지면 배를 고칠 곳이 없다.",
]
EN = [
    "{town} will build a new quay at pier {n}.", "It costs {n} million.", "There is too little power for the works.", "{n} firms found no engineers.",
    "So the rules must change first.", "Neighbours fear the noise.", "The next town gave its permit within {n} months.", "If the suppliers fold, nobody mends the ships.",
]
TOWNS = ["버들", "해솔", "나루", "Marrow", "Tidewell", "Oakhaven"]


def records():
    """The lines, and how many of them are bad."""
    dice = random.Random(11)
    bad = [
        b'{"id": "broken', b"no JSON at all", b'{"id": "wrong", "text": 7}', b'{"text": "The river rose in ward 4."}', b'{"id": "page", "html": "<p>"}',
        b'{"id": "none"}', b'{"id": "pdf", "text": "%PDF-1.7 and so on"}', b'{"id": "blank", "text": " "}', b"[]", b"{\"id\": \"nul\", \"text\": \"\\u0000\\u0000\"}",
    ]
    lines = []
    for number in range(RECORDS - BAD):
        pool = (KO, EN)[number % 2]
        sentences = [sentence.format(n=dice.randrange(2, 900), town=dice.choice(TOWNS)) for sentence in dice.sample(pool, len(pool))]
        record = {"id": f"news/{number:04}", "title": f"{sentences[0]} ({number})", "text": " ".join(sentences[1:])}
        lines.append(json.dumps(record, ensure_ascii=False).encode())
    for line in bad:
        lines.insert(dice.randrange(len(lines)), line)
    return lines


def run(command, **more):
    """Runs what must end with exit code 0, or with 1 where bad inputs are told so."""
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode not in (0, 1):
        sys.exit(f"{command}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done


def tree(folder):
    files = {}
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != ".sukje"]
        for name in names:
            with open(os.path.join(path, name), "rb") as file:
                files[os.path.relpath(os.path.join(path, name), folder)] = file.read()
    return files


def same(what, ours, theirs):
    if ours != theirs:
        sys.exit(f"{what}: not what the batch wrote")


def compare_lines(what, path, work):
    """The answers to all lines: those of good ones are the batch's, to the byte, and the bad ones are all there."""
    with open(path, "rb") as file:
        lines = file.read().splitlines(keepends=True)
    with open(f"{work}/plain/briefs.jsonl", "rb") as file:
        plain = file.read().splitlines(keepends=True)
    answers = [json.loads(line) for line in lines]
    good = [line for line, answer in zip(lines, answers) if "brief" in answer]
    bad = [answer for answer in answers if "brief" not in answer]
    if (len(good), len(bad)) != (RECORDS - BAD, BAD) or not all(answer["error"]["message"] for answer in bad):
        sys.exit(f"{what}: {len(good)} briefs and {len(bad)} errors")
    same(what, sorted(good), sorted(plain))
    print(f"{what}: {len(good)} briefs as the batch wrote them, {len(bad)} errors")
    return answers


def parallel(work, env):
    with open(f"{work}/in.jsonl", "rb") as source, open(f"{work}/piped.jsonl", "wb") as target:
        # Small blocks, lest the records all fit into one.
        command = ["bash", f"{EXAMPLES}/parallel-pipe.sh", "--engine", "extractive"]
        done = subprocess.run(command, stdin=source, stdout=target, stderr=subprocess.PIPE, env=env | {"BLOCK": "50k"})
    if done.returncode:
        sys.exit(f"parallel-pipe.sh: exit {done.returncode}\n{done.stderr.decode()}")
    answers = compare_lines("parallel --pipe", f"{work}/piped.jsonl", work)
    ids = [answer["id"] for answer in answers if "brief" in answer]
    if ids != [f"news/{number:04}" for number in range(RECORDS - BAD)]:
        sys.exit("parallel --pipe: not in the order of the lines")

    # Somebody else holds a shard: its exit code is told in the log, and it alone is done the next time.
    out = f"{work}/shards"
    os.makedirs(f"{out}/part2/.sukje")
    command = ["bash", f"{EXAMPLES}/parallel.sh", str(SHARDS), out, f"{work}/in.jsonl", "--formats", "json", "--engine", "extractive"]
    with open(f"{out}/part2/.sukje/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(command, capture_output=True, text=True, env=env | {"RETRIES": "1"})
    codes = joblog(out)
    if done.returncode == 0 or codes != [0, 0, 75, 0]:
        sys.exit(f"parallel shards: exit {done.returncode}, shards {codes}\n{done.stderr[-4000:]}")
    run(command, env=env)
    if joblog(out) != [0, 0, 75, 0, 0]:
        sys.exit(f"parallel --resume-failed: shards {joblog(out)}")
    same("parallel shards", tree(f"{out}/notes"), tree(f"{work}/plain"))
    print(f"parallel shards, one of them held at first, and merged: {len(tree(f'{out}/notes'))} files as the batch wrote them")


def joblog(out):
    """Exit codes: those of the first run by shard, then of what was done again."""
    with open(f"{out}/joblog") as file:
        rows = [line.split("\t") for line in file.read().splitlines()[1:]]
    codes = [(int(row[0]), int(row[6])) for row in rows]
    return [code for _, code in sorted(codes[:SHARDS])] + [code for _, code in codes[SHARDS:]]


def ray(work, env):
    ray_data(env, f"{work}/in.jsonl", f"{work}/ray")
    compare_lines("ray", f"{work}/ray/briefs.jsonl", work)


def ray_data(env, source, target):
    env = env | {"RAY_DEDUP_LOGS": "0", "RAY_USAGE_STATS_ENABLED": "0", "RAY_DATA_DISABLE_PROGRESS_BARS": "1"}
    command = [sys.executable, f"{EXAMPLES}/ray_data.py", source, target, "--engine", "extractive"]
    done = run(command, env=env, timeout=420)
    if f"{RECORDS} records, {BAD} of them bad" not in done.stdout:
        sys.exit(f"ray: {done.stdout[-2000:]}{done.stderr[-4000:]}")


def s3(work, env):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
    os.environ.update(keys)
    with open(f"{work}/moto.log", "w") as log:
        server = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", address.split(":")[1]], stdout=log, stderr=log)
    try:
        wait_for(f"http://{address}/moto-api/", server)
        from pyarrow.fs import S3FileSystem

        store = S3FileSystem(scheme="http", endpoint_override=address, allow_bucket_creation=True)
        store.create_dir("sukje-test")
        with open(f"{work}/in.jsonl", "rb") as source, store.open_output_stream("sukje-test/in.jsonl") as target:
            target.write(source.read())
        ray_data(env | keys | {"AWS_ENDPOINT_URL": f"http://{address}"}, "s3://sukje-test/in.jsonl", "s3://sukje-test/briefs")
        with store.open_input_stream("sukje-test/briefs/briefs.jsonl") as source, open(f"{work}/s3.jsonl", "wb") as target:
            target.write(source.read())
    finally:
        server.kill()
        server.wait()
    compare_lines("ray from and to s3://", f"{work}/s3.jsonl", work)


def wait_for(url, server):
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"s3: the server did not answer within {START_S} s")


def spark(work, env):
    # Workers are Python's own: the one that runs this has what they need.
    env = env | {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    run([sys.executable, f"{EXAMPLES}/spark_pipe.py", f"{work}/in.jsonl", f"{work}/spark", "--engine", "extractive"], env=env, timeout=420)
    with open(f"{work}/spark.jsonl", "wb") as target:
        for part in sorted(glob.glob(f"{work}/spark/part-*")):
            with open(part, "rb") as source:
                target.write(source.read())
    compare_lines("spark", f"{work}/spark.jsonl", work)


def kubernetes(*_):
    import kubernetes_validate, yaml

    with open(f"{EXAMPLES}/kubernetes-job.yaml", encoding="utf-8") as file:
        manifest = yaml.safe_load(file)
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    # The schema takes a rule for a container that is not there.
    pod = manifest["spec"]["template"]["spec"]
    names = {container["name"] for container in pod["containers"]}
    codes = [rule["onExitCodes"] for rule in manifest["spec"]["podFailurePolicy"]["rules"] if "onExitCodes" in rule]
    if not all(rule["containerName"] in names and rule["values"] == sorted(rule["values"]) for rule in codes):
        sys.exit("kubernetes: a rule for no container, or values out of order")
    subprocess.run(["sh", "-n", "-c", pod["containers"][0]["args"][0]], check=True)
    print(f"kubernetes: sound by the schema of {KUBERNETES}; not run")


def slurm(*_):
    subprocess.run(["bash", "-n", f"{EXAMPLES}/slurm-array.sh"], check=True)
    print("slurm: bash -n; not run")


ENGINES = {
    "parallel": (parallel, lambda: shutil.which("parallel"), "GNU parallel is not installed"),
    "ray": (ray, lambda: importlib.util.find_spec("ray"), "no package ray in this Python"),
    "s3": (s3, lambda: all(map(importlib.util.find_spec, ["ray", "moto", "flask"])), "no packages ray and moto[server] in this Python"),
    "spark": (spark, lambda: importlib.util.find_spec("pyspark") and shutil.which("java"), "no package pyspark in this Python, or no Java"),
    "kubernetes": (kubernetes, lambda: importlib.util.find_spec("kubernetes_validate"), "no package kubernetes-validate in this Python"),
    "slurm": (slurm, lambda: True, ""),
}


def main():
    binary, *names = sys.argv[1:]
    binary = os.path.abspath(binary)
    env = os.environ | {"SUKJE": binary, "HF_HUB_CACHE": "/no/such/folder"}
    work = tempfile.mkdtemp()
    try:
        with open(f"{work}/in.jsonl", "wb") as file:
            file.write(b"\n".join(records()) + b"\n")
        done = run([binary, "batch", f"{work}/in.jsonl", "--out", f"{work}/plain", "--formats", "json", "--engine", "extractive", "--quiet"], env=env)
        if done.returncode != 1 or done.stderr.count("error: ") != BAD:
            sys.exit(f"batch: exit {done.returncode}\n{done.stderr}")
        for name in names or ENGINES:
            check, there, otherwise = ENGINES[name]
            if there():
                check(work, env)
            elif names:
                sys.exit(f"{name}: {otherwise}")
            else:
                print(f"{name}: SKIPPED, {otherwise}")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
