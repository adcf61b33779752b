//! Qwen 2 and 2.5.

use super::{ChatFormat, Family, PreTokenizer};

/// Qwen 2: biases on queries, keys and values.
pub(super) static QWEN2: Family = Family {
    name: "qwen2",
    attention_biases: true,
    pre_tokenizers: &[QWEN2_PRE],
    chat_formats: &[CHATML],
    ..Family::PLAIN
};

/// Files of Qwen 3 name this one, too.
const QWEN2_PRE: PreTokenizer = PreTokenizer {
    names: &["qwen2"],
    pattern: r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+",
    gives_line_ends_back: false,
    composes: true,
    takes_whole_pieces: false,
    digits_apart: false,
    begins_with_bos: false,
};

/// Qwen's ChatML: `<|im_start|>role`, the text, `<|im_end|>`.
pub(super) const CHATML: ChatFormat = ChatFormat {
    name: "chatml",
    opening: "",
    header: ("<|im_start|>", "\n"),
    footer: "<|im_end|>\n",
    answer_prefix: "",
    control_tokens: &["<|im_start|>", "<|im_end|>"],
    marker: Some("<|im_start|>"),
    template_sha256: &[],
};
