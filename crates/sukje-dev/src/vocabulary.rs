//! A vocabulary of our own, for models of random weights: no real one can come with the source.
//!
//! In:  a size. Out: a `Vocabulary` of the 256 bytes, merges learned from this repository's texts
//! (`examples/train_bpe.rs` writes them), the control tokens of ChatML, and fillers up to the size.

use sukje::model::gguf::TokenType;
pub use sukje::model::gguf::Vocabulary;
use sukje::model::tokenizer::alphabet;

/// The merges, best first, one a line.
const MERGES: &str = include_str!("../../../training/weights/bpe.txt");

/// What stands behind the merges: the end of a text, the marks of a turn, and a block of thinking.
const CONTROL: [(&str, TokenType); 5] = [
    ("<|endoftext|>", TokenType::Control),
    ("<|im_start|>", TokenType::Control),
    ("<|im_end|>", TokenType::Control),
    ("<think>", TokenType::UserDefined),
    ("</think>", TokenType::UserDefined),
];

/// Tokens of the trained vocabulary with all its merges: 8,005.
pub const TRAINED_TOKENS: usize = BYTE_TOKENS + 7744;
/// Tokens of the trained vocabulary without a merge.
pub const BYTE_TOKENS: usize = 256 + CONTROL.len();

/// Returns the trained vocabulary with `size` tokens: bytes, then as many merges as fit, control tokens, fillers. At least
/// 261 tokens, whatever the size.
pub fn trained(size: usize) -> Vocabulary {
    let room = size.saturating_sub(BYTE_TOKENS);
    let merges: Vec<String> = MERGES.lines().take(room).map(str::to_owned).collect();
    let mut tokens: Vec<String> = (0..=255)
        .map(|byte| alphabet::letter(byte).to_string())
        .collect();
    tokens.extend(merges.iter().map(|merge| merge.replace(' ', "")));
    let mut types = vec![TokenType::Normal; tokens.len()];
    for (name, kind) in CONTROL {
        tokens.push(name.to_owned());
        types.push(kind);
    }
    let fillers = size.saturating_sub(tokens.len());
    tokens.extend((0..fillers).map(|filler| format!("[unused{filler}]")));
    types.resize(tokens.len(), TokenType::Unused);
    let id = |name: &str| {
        tokens
            .iter()
            .position(|token| token == name)
            .map(|id| id as u32)
    };
    Vocabulary {
        model: "gpt2".into(),
        pre: "qwen2".into(),
        bos: None,
        eos: id("<|im_end|>"),
        eot: None,
        add_bos: false,
        chat_template: None,
        tokens,
        types,
        merges,
        scores: Vec::new(),
        space_prefix: false,
    }
}
