#!/usr/bin/env python3
"""Holds models of real weights against llama.cpp: tokens, log-probabilities, greedy continuations.

    pip install llama-cpp-python==0.3.36 numpy            (built from source: minutes)
    cargo build --release -p sukje-dev --example weights --example logits
    tests/weights/parity.py TARGET [--texts N] [--positions N] [--prompts N] MODEL.gguf...

On a machine whose cores are shared, --threads 1 and OMP_WAIT_POLICY=passive keep llama.cpp's threads from waiting for each other.
TARGET is the folder of the two examples (target/release/examples). The texts are tests/fixtures/tokenizer/strings.json:
Korean, English, emoji, code, names of control tokens. The positions are those of the training articles, in windows of
512 tokens, Korean and English in turn. Prints a line `NAME=VALUE` for each figure of each model; ends with 1 if tokens
of composed texts differ, or if a greedy continuation parts where llama.cpp's own two likeliest tokens are further apart than .5.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import unicodedata

import llama_cpp
import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
WINDOW = 512
ROWS = 32
GREEDY = 64
CLOSE = 0.5


def lines(command, inputs):
    """Runs a command with lines of JSON in and out."""
    text = "".join(json.dumps(value) + "\n" for value in inputs)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def articles():
    """The texts of the training articles, Korean and English in turn."""
    folder = ROOT / "training/articles"
    by_language = [sorted(folder.glob(f"{language}-*.json")) for language in ("ko", "en")]
    for pair in zip(*by_language):
        for path in pair:
            article = json.loads(path.read_text(encoding="utf-8"))
            yield " ".join(sentence["text"] for sentence in article["sentences"])


class Reference:
    """llama.cpp with a model."""

    def __init__(self, path, threads):
        self.llama = llama_cpp.Llama(
            model_path=str(path), n_ctx=2 * WINDOW, n_batch=WINDOW, n_ubatch=WINDOW, n_threads=threads,
            n_threads_batch=threads, logits_all=True, verbose=False)

    def tokens(self, text):
        return self.llama.tokenize(text.encode(), add_bos=False, special=False)

    def bos(self):
        vocab = llama_cpp.llama_model_get_vocab(self.llama.model)
        return [self.llama.token_bos()] if llama_cpp.llama_vocab_get_add_bos(vocab) else []

    def logits(self, ids):
        """Logits of every row."""
        self.llama.reset()
        self.llama.eval(ids)
        return numpy.array(self.llama.scores[: len(ids)], dtype=numpy.float32)

    def greedy(self, prompt, count):
        """The likeliest tokens, and how far the two likeliest are apart at each."""
        self.llama.reset()
        self.llama.eval(prompt)
        written, gaps = [], []
        for _ in range(count):
            row = self.llama.scores[self.llama.n_tokens - 1]
            first, second = numpy.sort(row)[-1], numpy.sort(row)[-2]
            written.append(int(row.argmax()))
            gaps.append(float(first - second))
            self.llama.eval([written[-1]])
        return written, gaps


def log_softmax(logits):
    logits = logits.astype(numpy.float64)
    logits -= logits.max(axis=1, keepdims=True)
    return logits - numpy.log(numpy.exp(logits).sum(axis=1, keepdims=True))


def ours(target, path, ids, vocab):
    done = subprocess.run([target / "logits", path], input="\n".join(map(str, ids)).encode(), capture_output=True, check=True)
    return numpy.frombuffer(done.stdout, dtype="<f4").reshape(-1, vocab)


def different(target, path, reference, texts):
    mine = lines([target / "weights", "tokens", path], texts)
    return [text for text, ids in zip(texts, mine) if ids != reference.tokens(text)]


def compare_tokens(target, path, reference, texts):
    """Texts as they are, and composed (NFC): Qwen's own tokenizer composes a text first, and llama.cpp does not."""
    print(f"tokens_texts={len(texts)}\ntokens_equal={len(texts) - len(different(target, path, reference, texts))}")
    composed = [unicodedata.normalize("NFC", text) for text in texts]
    wrong = different(target, path, reference, composed)
    for text in wrong[:5]:
        print(f"# {text!r}")
    print(f"tokens_equal_composed={len(texts) - len(wrong)}", flush=True)
    return not wrong


def compare_logprobs(target, path, reference, positions):
    differences, kl, agree, log_ours, log_theirs = [], [], [], [], []
    for text in articles():
        if sum(map(len, kl)) >= positions:
            break
        ids = (reference.bos() + reference.tokens(text))[:WINDOW]
        raw = reference.logits(ids)
        own = ours(target, path, ids, raw.shape[1])
        # A few rows at a time: a window of a large vocabulary takes a gigabyte in double precision.
        for first in range(0, len(ids) - 1, ROWS):
            rows = slice(first, min(first + ROWS, len(ids) - 1))
            theirs, mine = log_softmax(raw[rows]), log_softmax(own[rows])
            next_ids = numpy.array(ids[rows.start + 1 : rows.stop + 1])
            at = (numpy.arange(len(next_ids)), next_ids)
            differences.append(numpy.abs(mine[at] - theirs[at]))
            kl.append((numpy.exp(theirs) * (theirs - mine)).sum(axis=1))
            agree.append(mine.argmax(axis=1) == theirs.argmax(axis=1))
            log_ours.append(mine[at])
            log_theirs.append(theirs[at])
    differences, kl, agree, log_ours, log_theirs = map(numpy.concatenate, (differences, kl, agree, log_ours, log_theirs))
    print(f"positions={len(kl)}")
    print(f"logprob_mean_difference={differences.mean():.4f}\nlogprob_largest_difference={differences.max():.3f}")
    print(f"kl={kl.mean():.6f}\ntop1_agreement={agree.mean():.4f}")
    print(f"perplexity={numpy.exp(-log_ours.mean()):.3f}\nllama_perplexity={numpy.exp(-log_theirs.mean()):.3f}")


def compare_greedy(target, path, reference, count):
    prompts = []
    for text in articles():
        prompts.append((reference.bos() + reference.tokens(text))[:96])
        if len(prompts) == count:
            break
    mine = lines([target / "weights", "greedy", path, str(GREEDY)], prompts)
    parted, wide = 0, 0
    for prompt, ours_written in zip(prompts, mine):
        written, gaps = reference.greedy(prompt, GREEDY)
        at = next((i for i, (a, b) in enumerate(zip(ours_written, written)) if a != b), None)
        if at is not None:
            parted += 1
            wide += gaps[at] > CLOSE
            print(f"# parts behind {at} tokens, where llama.cpp's two likeliest are {gaps[at]:.3f} apart")
    print(f"greedy_prompts={len(prompts)}\ngreedy_parted={parted}\ngreedy_parted_wide={wide}")
    return wide == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=pathlib.Path)
    parser.add_argument("--texts", type=int, default=2_000)
    parser.add_argument("--positions", type=int, default=4_000)
    parser.add_argument("--prompts", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("models", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    texts = json.loads((ROOT / "tests/fixtures/tokenizer/strings.json").read_text(encoding="utf-8"))[: options.texts]
    sound = True
    for path in options.models:
        print(f"# {path.name}", flush=True)
        reference = Reference(path, options.threads)
        sound &= compare_tokens(options.target, path, reference, texts)
        if options.positions:
            compare_logprobs(options.target, path, reference, options.positions)
        if options.prompts:
            sound &= compare_greedy(options.target, path, reference, options.prompts)
        del reference
    sys.exit(0 if sound else 1)


main()
