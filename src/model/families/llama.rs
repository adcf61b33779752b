//! Llama 2 and 3, and the many models of the same shape.

use super::{ChatFormat, Family, PreTokenizer, RotaryPairs};

/// Llama: rotary pairs are neighbours in the row order of its files, and Llama 3 divides their frequencies by factors.
pub(super) static LLAMA: Family = Family {
    name: "llama",
    rotary_pairs: RotaryPairs::Neighbours,
    rotary_factors: true,
    pre_tokenizers: &[LLAMA3_PRE, SMAUG_PRE, GPT2_PRE, SMOLLM_PRE],
    chat_formats: &[LLAMA3_CHAT],
    ..Family::PLAIN
};

/// Llama 3 takes up to three digits together.
const LLAMA3_PATTERN: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+";

const LLAMA3_PRE: PreTokenizer = PreTokenizer {
    names: &["llama-bpe", "llama3", "llama-v3", "midm-2.0"],
    pattern: LLAMA3_PATTERN,
    gives_line_ends_back: false,
    composes: false,
    takes_whole_pieces: true,
    digits_apart: false,
    begins_with_bos: true,
};

const SMAUG_PRE: PreTokenizer = PreTokenizer {
    names: &["smaug-bpe"],
    takes_whole_pieces: false,
    begins_with_bos: false,
    ..LLAMA3_PRE
};

/// GPT-2 knows no lines.
const GPT2_PRE: PreTokenizer = PreTokenizer {
    names: &["gpt-2"],
    pattern: r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+",
    gives_line_ends_back: true,
    composes: false,
    takes_whole_pieces: false,
    digits_apart: false,
    begins_with_bos: false,
};

/// SmolLM: as GPT-2, each digit by itself.
const SMOLLM_PRE: PreTokenizer = PreTokenizer {
    names: &["smollm"],
    pattern: r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+",
    digits_apart: true,
    ..GPT2_PRE
};

/// Llama 3: `<|start_header_id|>role<|end_header_id|>`, the text, `<|eot_id|>`.
const LLAMA3_CHAT: ChatFormat = ChatFormat {
    name: "llama3",
    opening: "<|begin_of_text|>",
    header: ("<|start_header_id|>", "<|end_header_id|>\n\n"),
    footer: "<|eot_id|>",
    answer_prefix: "",
    control_tokens: &[
        "<|begin_of_text|>",
        "<|start_header_id|>",
        "<|end_header_id|>",
        "<|eot_id|>",
    ],
    marker: Some("<|start_header_id|>"),
    template_sha256: &[],
};
