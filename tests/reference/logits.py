#!/usr/bin/env python3
"""Reference logits of GGUF models, from implementations that are not ours.

    logits.py fixtures WRITER               tests/fixtures/logits/*.json, which tests/reference.rs compares with
    logits.py hf MODEL.gguf OUT.json        Hugging Face transformers, f32, eager attention
    logits.py llama MODEL.gguf OUT.json     llama.cpp (llama-cpp-python), the same file as it is
    logits.py compare MODEL.gguf BINARY     mean KL and top-1 agreement of `BINARY MODEL.gguf` with llama.cpp

WRITER makes the models of random weights: `cargo build -p sukje-dev --example random_model`, target/debug/examples/random_model.
The same shape, storage, seed and gain give the same bytes on every machine, so that the test needs no file of
weights: it makes the model again and compares the sha256. OUT.json: what computed, the file's sha256, the prompt's
token ids, the rows that are kept with their logits, the likeliest token of every row and, from transformers, 64
tokens decoded greedily.

BINARY reads token ids, one a line, from standard input and writes the logits of every row as little-endian f32:
`cargo run --release -p sukje-dev --example logits`. `compare` also sets llama.cpp against itself with flash attention, which sums
in another order and keeps other values in half precision, and all of them against transformers, which computes with
the same weights and quantises no activation: nobody can be expected to be nearer than llama.cpp is to itself. How near that is depends on the model: weights as they
are drawn make errors grow from layer to layer. `WRITER small-qwen3 Q4_K_M MODEL.gguf --seed 7 --stream 640` gives one
where layers add a little to a wide stream, with 3 nats of entropy; the bar of top-1 >= 0.99 and KL <= 1e-3 is for that.

    pip install numpy gguf==0.19.0 torch==2.15.0 transformers==5.24.0 llama-cpp-python==0.3.36
"""
import hashlib, json, pathlib, subprocess, sys, tempfile

import numpy as np

PROMPT, GREEDY, COMPARED = 96, 64, 2048
ROWS = [0, 1, 17, 63, 95]
OUT = pathlib.Path(__file__).resolve().parents[1] / "fixtures/logits"

# Of the fixtures' models; the gain is explicit because the writer's own choice of it goes through a logarithm.
SEED, GAIN = 7, 3.0
SHAPES = ["tiny-qwen3", "tiny-qwen2", "tiny-llama"]
QUANTISATIONS = ["F16", "BF16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M"]
FIXTURES = [("hf", shape, "F32") for shape in [*SHAPES, "tiny-llama-plain", "tiny-llama-linear"]]
FIXTURES += [("llama", shape, quantisation) for shape in SHAPES for quantisation in QUANTISATIONS]


def tokens_for(vocab, count, seed):
    return [int(token) for token in np.random.default_rng(seed).integers(0, vocab, count)]


def field(reader, name, default=None):
    found = reader.fields.get(name)
    return default if found is None else found.contents()


class HuggingFace:
    """The model rebuilt from the file's metadata, its tensors dequantised to f32."""

    def __init__(self, path):
        import gguf, torch, transformers

        torch.set_num_threads(1)
        self.torch, self.version = torch, f"transformers {transformers.__version__}, torch {torch.__version__}"
        reader = gguf.GGUFReader(path)
        family = field(reader, "general.architecture")
        key = lambda name, default=None: field(reader, f"{family}.{name}", default)
        weights = {t.name: torch.tensor(np.array(gguf.quants.dequantize(t.data, t.tensor_type), dtype=np.float32)) for t in reader.tensors}
        heads, kv_heads, hidden = key("attention.head_count"), key("attention.head_count_kv"), key("embedding_length")
        dim = key("attention.key_length", hidden // heads)
        self.vocab = weights["token_embd.weight"].shape[0]
        rope = {"rope_type": key("rope.scaling.type", "default"), "rope_theta": key("rope.freq_base")}
        if rope["rope_type"] != "default":
            rope["factor"] = key("rope.scaling.factor")
        common = dict(
            vocab_size=self.vocab, hidden_size=hidden, intermediate_size=key("feed_forward_length"), num_hidden_layers=key("block_count"),
            num_attention_heads=heads, num_key_value_heads=kv_heads, head_dim=dim, rms_norm_eps=key("attention.layer_norm_rms_epsilon"),
            max_position_embeddings=key("context_length"), rope_parameters=rope,
            tie_word_embeddings="output.weight" not in weights, attn_implementation="eager",
        )
        make = {"qwen3": ("Qwen3Config", "Qwen3ForCausalLM"), "qwen2": ("Qwen2Config", "Qwen2ForCausalLM"), "llama": ("LlamaConfig", "LlamaForCausalLM")}[family]
        config = getattr(transformers, make[0])(**common)
        self.model = getattr(transformers, make[1])(config).eval()

        def neighbours_to_halves(rows, count):
            """llama files hold each head's rows in pairs; transformers wants the first half, then the second."""
            return rows.reshape(count, dim // 2, 2, -1).transpose(1, 2).reshape(rows.shape)

        names = {"attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
                 "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm",
                 "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}
        state = {}
        for name, tensor in weights.items():
            part = name.split(".")
            if part[0] == "blk":
                if family == "llama" and part[2] in ("attn_q", "attn_k"):
                    tensor = neighbours_to_halves(tensor, heads if part[2] == "attn_q" else kv_heads)
                state[f"model.layers.{part[1]}.{names[part[2]]}.{part[3]}"] = tensor
            elif name != "rope_freqs.weight":
                state[{"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}[part[0]] + ".weight"] = tensor
        if "output.weight" not in weights:
            state["lm_head.weight"] = weights["token_embd.weight"]
        self.model.load_state_dict(state, strict=True)
        if "rope_freqs.weight" in weights:
            rotary = self.model.model.rotary_emb
            rotary.inv_freq = rotary.inv_freq / weights["rope_freqs.weight"]

    def logits(self, tokens):
        with self.torch.no_grad():
            return self.model(self.torch.tensor([tokens])).logits[0].numpy()


class LlamaCpp:
    def __init__(self, path, flash_attn=False):
        import llama_cpp

        features = llama_cpp.llama_print_system_info().decode().replace(" = 1", "").replace(" | ", " ").strip()
        self.version = f"llama-cpp-python {llama_cpp.__version__}; {features}"
        self.llama = llama_cpp.Llama(str(path), n_ctx=COMPARED + 8, n_batch=512, logits_all=True, n_threads=2, n_threads_batch=2, flash_attn=flash_attn, verbose=False)
        self.vocab = self.llama.n_vocab()

    def logits(self, tokens):
        self.llama.reset()
        self.llama.eval(tokens)
        return np.array(self.llama.scores[: len(tokens)], dtype=np.float32)


def greedy(model, tokens):
    tokens, start = list(tokens), len(tokens)
    for _ in range(GREEDY):
        tokens.append(int(model.logits(tokens)[-1].argmax()))
    return tokens[start:]


def fixture(kind, path):
    model = {"hf": HuggingFace, "llama": LlamaCpp}[kind](path)
    tokens = tokens_for(model.vocab, PROMPT, 1)
    logits = model.logits(tokens)
    # Far finer than what the test allows.
    digits = {"hf": 5, "llama": 2}[kind]
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    answer = {"reference": model.version, "sha256": digest, "tokens": tokens, "best": [int(best) for best in logits.argmax(1)],
              "rows": ROWS, "logits": [[round(float(logit), digits) for logit in logits[row]] for row in ROWS]}
    if kind == "hf":
        answer["greedy"] = greedy(model, tokens)
    return answer


def write(answer, path):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(answer, file, separators=(",", ":"))
        file.write("\n")


def fixtures(writer):
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for kind, shape, quantisation in FIXTURES:
            path = pathlib.Path(folder) / "model.gguf"
            subprocess.run([writer, shape, quantisation, path, "--seed", str(SEED), "--gain", str(GAIN)], stdout=subprocess.DEVNULL, check=True)
            model = {"shape": shape, "quantisation": quantisation, "seed": SEED, "gain": GAIN}
            write(model | fixture(kind, path), OUT / f"{kind}-{shape}-{quantisation.lower()}.json")


def log_softmax(logits):
    logits = logits.astype(np.float64)
    logits -= logits.max(1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(1, keepdims=True))


def distance(name, theirs, ours):
    """Prints and returns how far two tables of logits, (positions, vocab), are apart."""
    kl, entropy, largest, agree = [], [], 0.0, theirs.argmax(1) == ours.argmax(1)
    for at in range(0, len(theirs), 64):  # a few rows at a time: the whole in double precision would fill the memory
        p, q = log_softmax(theirs[at : at + 64]), log_softmax(ours[at : at + 64])
        kl.extend((np.exp(p) * (p - q)).sum(1))
        entropy.extend(-(np.exp(p) * p).sum(1))
        largest = max(largest, float(np.abs(theirs[at : at + 64] - ours[at : at + 64]).max()))
    print(f"{name}: {len(kl)} positions, top-1 {agree.mean():.4f}, mean KL {np.mean(kl):.2e}, entropy {np.mean(entropy):.2f} nats, largest difference {largest:.2f}", flush=True)
    return agree.mean(), np.mean(kl)


def compare(path, binary):
    model = LlamaCpp(path)
    tokens = tokens_for(model.vocab, COMPARED, 2)
    theirs, flash = model.logits(tokens), LlamaCpp(path, flash_attn=True).logits(tokens)
    out = subprocess.run([binary, path], input="\n".join(map(str, tokens)).encode(), stdout=subprocess.PIPE, check=True).stdout
    ours = np.frombuffer(out, dtype="<f4").reshape(theirs.shape)
    exact = HuggingFace(path).logits(tokens)
    print(path)
    distance("  llama.cpp with flash attention, from llama.cpp", theirs, flash)
    distance("  llama.cpp, from transformers", exact, theirs)
    distance("  ours, from transformers", exact, ours)
    agree, kl = distance("  ours, from llama.cpp", theirs, ours)
    return agree >= 0.99 and kl <= 1e-3


def main():
    match sys.argv[1:]:
        case ["fixtures", writer]:
            fixtures(writer)
        case ["hf" | "llama" as kind, path, out]:
            write(fixture(kind, path), out)
        case ["compare", path, binary]:
            sys.exit(0 if compare(path, binary) else 1)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
