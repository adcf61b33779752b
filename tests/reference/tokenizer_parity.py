"""Token ids that HF tokenizers gives for 2,000 strings, with the trained BPE under the pre-tokenisers of two families.

    pip install tokenizers==0.23.3
    python tests/reference/tokenizer_parity.py          writes tests/fixtures/tokenizer/{strings,qwen2,llama-bpe}.json

The strings are made by a seeded generator: Hangul, Jamo, English, contractions, runs of digits, of blanks and of
marks, emoji, combining marks, other scripts, code. `strings.json` holds them, the other two the ids: one string per
text, two characters per id, which are its digits to the base 91 (`#` is 0, `~` is 90, `\\` is left out).
"""

import json
import pathlib
import random
import sys

import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "tests/fixtures/tokenizer"

# The split patterns of the published tokenizer.json files.
QWEN2 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"

HANGUL = "정부는 반도체 전력망 규제 속도를 두고 어제 오늘 그러나 때문에 해야 한다고 말했다 생태계 인재 경쟁 값이 올랐다".split()
ENGLISH = "the grid of chips and Talent won't slow regulation, however it's what we've said; THEY'LL I'm she'd cannot".split()
CODE = ["fn main() {\n    let x = 3;\n}", "if (a != b && c[0] >= 1e-3) {", "def f(x: int) -> str:\n\treturn f'{x!r}'", "<div class=\"a\">&nbsp;</div>",
        "SELECT * FROM t WHERE a='b';", "{\"k\": [1, 2.5, null]}", "https://example.org/a?b=c#d", "C:\\dir\\file.txt", "a->b::c<T>&&*p++;", "#!/bin/sh\n$ ls -la | grep x"]
BLANKS = [" ", "  ", "   ", "\t", "\n", "\n\n", "\r\n", " \n", "\n ", "\t\t", "\u00a0", "\u3000", " \t \n\n  ", "\u200b", "\u2028", "\u0085"]
MARKS = [".", ",", "!", "?!", "...", "…", "“", "”", "‘", "’", "「", "」", "·", "—", "--", "%", "$", "€", "₩", "()", "[]", "@", "~", "*", "'", "\"", "''"]
EMOJI = ["😀", "👨‍👩‍👧", "🇰🇷", "👍🏽", "❤️", "☎", "🏳️‍🌈"]
OTHERS = ["中文字符", "日本語テキスト", "カタカナ", "Привет", "ελληνικά", "العربية", "עברית", "हिन्दी", "ไทย", "Tiếng Việt", "ǅŀſ", "ﬁﬂ", "Ⅳ²½", "٣٤٥", "𝒳𝟙", "한글字"]
COMBINING = ["e\u0301", "a\u0323\u0301", "한", "가\u11a8", "n\u0303o", "Å", "\u1100\u1161", "\u0301", "ㄱㅏ", "q\u0307\u0323", "\u2126", "ﾊﾝ"]
SPECIAL = ["<|im_start|>", "<|im_end|>", "<think>", "</think>", "<|endoftext|>", "<|eot_id|>", "[unused3]", "<s>", "[INST]"]


def piece(rng):
    kind = rng.randrange(12)
    if kind <= 2:
        return rng.choice(HANGUL)
    if kind <= 4:
        return rng.choice(ENGLISH)
    if kind == 5:
        return "".join(rng.choice("0123456789") for _ in range(rng.randint(1, 9))) + rng.choice(["", "년", "%", ".5", ",000", "GW"])
    if kind == 6:
        return rng.choice(MARKS) * rng.choice([1, 1, 1, 2, 5])
    if kind == 7:
        return rng.choice(BLANKS) * rng.choice([1, 1, 2, 4])
    if kind == 8:
        return rng.choice(CODE)
    if kind == 9:
        return rng.choice(rng.choice([EMOJI, OTHERS, COMBINING, SPECIAL]))
    if kind == 10:
        return rng.choice(["'", "’"]) + rng.choice(["s", "S", "t", "re", "RE", "Ve", "m", "ll", "D", "ſ", "x", "한"])
    # Any syllables, any letters.
    return "".join(chr(rng.choice([rng.randint(0xAC00, 0xD7A3), rng.randint(0x61, 0x7A), rng.randint(0xA1, 0x2FF)])) for _ in range(rng.randint(1, 6)))


def text(rng):
    joined = ""
    for _ in range(rng.randint(1, 12)):
        joined += piece(rng) + rng.choice(["", " ", " ", " "])
    return joined


def trained():
    """The trained vocabulary as `Vocabulary::trained` has it: bytes, merges, nothing else."""
    merges = [tuple(line.split(" ")) for line in (ROOT / "training/weights/bpe.txt").read_text(encoding="utf-8").splitlines()]
    letters = {byte: chr(byte) for byte in [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]}
    letters.update({byte: chr(0x100 + place) for place, byte in enumerate(byte for byte in range(256) if byte not in letters)})
    tokens = [letters[byte] for byte in range(256)] + ["".join(merge) for merge in merges]
    return {token: id for id, token in enumerate(tokens)}, merges


def tokenizer(pattern, normalizer, ignore_merges):
    vocab, merges = trained()
    made = Tokenizer(models.BPE(vocab=vocab, merges=merges, ignore_merges=ignore_merges))
    if normalizer:
        made.normalizer = normalizer
    made.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), behavior="isolated", invert=False),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    made.decoder = decoders.ByteLevel()
    # Through the file format, as a published tokenizer would come.
    return Tokenizer.from_str(made.to_str())


DIGITS = [chr(code) for code in range(ord("#"), ord("~") + 1) if chr(code) != "\\"]


def packed(ids):
    return "".join(DIGITS[id // 91] + DIGITS[id % 91] for id in ids)


def write(name, value):
    (OUT / name).write_text(json.dumps(value, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", encoding="utf-8")


def main():
    rng = random.Random(20261123)
    strings = [text(rng) for _ in range(2000)]
    made_by = {"tokenizers": tokenizers.__version__, "python": sys.version.split()[0]}
    OUT.mkdir(parents=True, exist_ok=True)
    write("strings.json", strings)
    for name, pattern, normalizer, ignore in [("qwen2", QWEN2, normalizers.NFC(), False), ("llama-bpe", LLAMA3, None, True)]:
        reference = tokenizer(pattern, normalizer, ignore)
        ids = [reference.encode(string, add_special_tokens=False).ids for string in strings]
        write(f"{name}.json", {"made_by": made_by, "ids": [packed(line) for line in ids]})
        print(name, sum(map(len, ids)), "tokens")


if __name__ == "__main__":
    main()
