#!/usr/bin/env python3
"""Reference logits of GGUF models, from implementations that are not ours.

    logits.py hf MODEL.gguf OUT.json        Hugging Face transformers, f32, eager attention
    logits.py llama MODEL.gguf OUT.json     llama.cpp (llama-cpp-python), the same file as it is
    logits.py compare MODEL.gguf BINARY     top-1 agreement, mean KL and mean entropy of `BINARY MODEL.gguf` against llama.cpp

OUT.json: versions, the file's sha256, the prompt's token ids, the rows that are kept, their logits as base64 of
little-endian f32, and 64 tokens decoded greedily. BINARY reads token ids, one a line, from standard input and
writes the logits of every row as little-endian f32: `cargo run --release --example logits`.

Needs numpy, gguf, and torch with transformers or llama-cpp-python.
"""
import base64, hashlib, json, math, subprocess, sys

import numpy as np

PROMPT, GREEDY, COMPARED = 96, 64, 2048
ROWS = [0, 1, 2, 15, 16, 17, 63, 95]


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
        common = dict(
            vocab_size=self.vocab, hidden_size=hidden, intermediate_size=key("feed_forward_length"), num_hidden_layers=key("block_count"),
            num_attention_heads=heads, num_key_value_heads=kv_heads, head_dim=dim, rms_norm_eps=key("attention.layer_norm_rms_epsilon"),
            max_position_embeddings=key("context_length"), rope_parameters={"rope_type": "default", "rope_theta": key("rope.freq_base")},
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
    def __init__(self, path):
        import llama_cpp

        self.version = f"llama-cpp-python {llama_cpp.__version__}"
        self.llama = llama_cpp.Llama(path, n_ctx=COMPARED + 8, n_batch=512, logits_all=True, n_threads=2, n_threads_batch=2, verbose=False)
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
    logits = model.logits(tokens)[ROWS].astype("<f4")
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return {"reference": model.version, "sha256": digest, "tokens": tokens, "rows": ROWS, "logits": base64.b64encode(logits.tobytes()).decode(), "greedy": greedy(model, tokens)}


def compare(path, binary):
    model = LlamaCpp(path)
    tokens = tokens_for(model.vocab, COMPARED, 2)
    theirs = model.logits(tokens).astype(np.float64)
    out = subprocess.run([binary, path], input="\n".join(map(str, tokens)).encode(), stdout=subprocess.PIPE, check=True).stdout
    ours = np.frombuffer(out, dtype="<f4").reshape(theirs.shape).astype(np.float64)
    log_softmax = lambda x: x - x.max(1, keepdims=True) - np.log(np.exp(x - x.max(1, keepdims=True)).sum(1, keepdims=True))
    p, q = log_softmax(theirs), log_softmax(ours)
    kl, entropy = (np.exp(p) * (p - q)).sum(1).mean(), -(np.exp(p) * p).sum(1).mean()
    agree = (theirs.argmax(1) == ours.argmax(1)).mean()
    print(f"{path}: {len(tokens)} positions, top-1 {agree:.4f}, mean KL {kl:.2e}, entropy {entropy:.2f} nats, largest difference {np.abs(theirs - ours).max():.2e}")
    return agree >= 0.99 and kl <= 1e-3


def main():
    kind, path, out = sys.argv[1:]
    if kind == "compare":
        sys.exit(0 if compare(path, out) else 1)
    with open(out, "w", encoding="utf-8") as file:
        json.dump(fixture(kind, path), file)
        file.write("\n")


main()
