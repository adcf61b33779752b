#!/usr/bin/env python3
"""Notes written by llama-cpp-python's server on a model of random weights: whatever it says, the notes hold.

Usage: remote_llama.py SUKJE MODEL.gguf ARTICLE...
Without llama_cpp and its server's modules it says so and ends well: nothing was checked then.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

START_S = 120
NEEDED = ("llama_cpp", "fastapi", "uvicorn", "pydantic_settings", "sse_starlette", "starlette_context")


def lacking():
    """The first module that is not there."""
    for name in NEEDED:
        if subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True).returncode:
            return name
    return None


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait(server, url):
    """Waits until the server answers."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if server.poll() is not None:
            sys.exit(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/v1/models", timeout=5) as answer:
                return json.load(answer)["data"][0]["id"]
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    sys.exit(f"the server did not answer within {START_S} s")


def note(sukje, url, article, folder):
    """Writes a note, has it verified, and tells what it is made of."""
    path = os.path.join(folder, "brief.json")
    began = time.monotonic()
    command = [sukje, "summarize", "--engine", f"openai:{url}", "--format", "json", "--parallel", "2",
               "--timeout", "600", "--text-tokens", "96", "--output", path, article]
    subprocess.run(command, check=True)
    seconds = time.monotonic() - began
    subprocess.run([sukje, "verify", path, "--source", article], check=True)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    brief = json.loads(text)
    assert brief["engine"]["name"] == "openai", brief["engine"]
    assert "127.0.0.1" not in text and os.path.dirname(os.path.abspath(sukje)) not in text
    causes = [fallback["cause"] for fallback in brief["verification"]["fallbacks"]]
    print(f"{os.path.basename(article)}: {seconds:.1f} s, {len(causes)} fallbacks")
    for cause in sorted(set(causes)):
        print(f"  {causes.count(cause)} x {cause[:100]}")
    return brief


def main():
    sukje, model, articles = sys.argv[1], sys.argv[2], sys.argv[3:]
    if missing := lacking():
        print(f"no module {missing} here: the remote engine was not tried against llama-cpp-python")
        return
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")
        command = [sys.executable, "-m", "llama_cpp.server", "--model", model, "--host", "127.0.0.1",
                   "--port", str(port), "--n_ctx", "8192", "--n_threads", "2"]
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            name = wait(server, url)
            print(f"serving {name}")
            for article in articles:
                first = note(sukje, url, article, folder)
                asked = first["coverage"]
                assert asked["seen"] > 0, asked
        except BaseException:
            log.seek(0)
            sys.stderr.write(log.read()[-4000:])
            raise
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    main()
