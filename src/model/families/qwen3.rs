//! Qwen 3.

use super::qwen2::CHATML;
use super::{ChatFormat, Family};

/// Qwen 3: an RMSNorm on the queries and keys of each head; text is cut as in Qwen 2.
pub(super) static QWEN3: Family = Family {
    name: "qwen3",
    head_norms: true,
    chat_formats: &[CHATML_NO_THINKING],
    ..Family::PLAIN
};

/// ChatML with an empty block of thoughts before the answer: models that may think are told not to.
const CHATML_NO_THINKING: ChatFormat = ChatFormat {
    name: "chatml_no_thinking",
    answer_prefix: "<think>\n\n</think>\n\n",
    control_tokens: &["<|im_start|>", "<|im_end|>", "<think>", "</think>"],
    marker: None,
    template_sha256: &["87a2728cb8dc9fe424d624542f6060ec05a1d285ebbec578bb078900e33396b5"],
    ..CHATML
};
