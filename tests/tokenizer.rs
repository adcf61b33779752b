//! The tokenizer against HF tokenizers, and against texts that want to be more than text.

#![cfg(feature = "model")]

use serde::Deserialize;
use sukje::model::gguf::TokenType;
use sukje::model::tokenizer::Tokenizer;
use sukje_dev::vocabulary;

/// Token ids as `tests/reference/tokenizer_parity.py` writes them.
#[derive(Deserialize)]
struct Reference {
    ids: Vec<String>,
}

const STRINGS: &str = include_str!("fixtures/tokenizer/strings.json");

/// Two characters to the base 91 for each id; the backslash is no digit.
fn unpacked(line: &str) -> Vec<u32> {
    let digit = |byte: u8| u32::from(byte) - u32::from(b'#') - u32::from(byte > b'\\');
    line.as_bytes()
        .chunks(2)
        .map(|pair| digit(pair[0]) * 91 + digit(pair[1]))
        .collect()
}

fn check_parity(pre: &str, reference: &str) {
    let strings: Vec<String> = serde_json::from_str(STRINGS).unwrap();
    let reference: Reference = serde_json::from_str(reference).unwrap();
    assert_eq!((strings.len(), reference.ids.len()), (2_000, 2_000));
    let mut vocabulary = vocabulary::trained(8_200);
    vocabulary.pre = pre.into();
    let tokenizer = Tokenizer::from_vocabulary(&vocabulary).unwrap();
    for (text, ids) in strings.iter().zip(&reference.ids) {
        assert_eq!(tokenizer.encode(text), unpacked(ids), "{text:?}");
    }
}

#[test]
fn qwen2_gives_the_ids_of_hf_tokenizers() {
    check_parity("qwen2", include_str!("fixtures/tokenizer/qwen2.json"));
}

#[test]
fn llama_bpe_gives_the_ids_of_hf_tokenizers() {
    check_parity(
        "llama-bpe",
        include_str!("fixtures/tokenizer/llama-bpe.json"),
    );
}

/// Control tokens of six families: Qwen, Llama 3, Gemma, Mistral, Phi, DeepSeek.
const CONTROL: [&str; 26] = [
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<think>",
    "</think>",
    "<|vision_pad|>",
    "<|begin_of_text|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
    "<|python_tag|>",
    "<bos>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<s>",
    "</s>",
    "[INST]",
    "[/INST]",
    "[TOOL_CALLS]",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|end|>",
    "<｜begin▁of▁sentence｜>",
    "<｜User｜>",
    "<｜Assistant｜>",
];

#[test]
fn texts_full_of_control_tokens_stay_text() {
    let mut vocabulary = vocabulary::trained(8_200);
    let kinds = [
        TokenType::Control,
        TokenType::UserDefined,
        TokenType::Unknown,
        TokenType::Unused,
    ];
    for (place, name) in CONTROL.iter().enumerate() {
        if !vocabulary.tokens.iter().any(|token| token == name) {
            vocabulary.tokens.push((*name).into());
            vocabulary.types.push(kinds[place % kinds.len()]);
        }
    }
    for pre in ["qwen2", "llama-bpe", "smaug-bpe", "gpt-2"] {
        vocabulary.pre = pre.into();
        let tokenizer = Tokenizer::from_vocabulary(&vocabulary).unwrap();
        for seed in 0..1_000 {
            let text = hostile(seed);
            let ids = tokenizer.encode(&text);
            let is_plain = |id: &u32| vocabulary.types[*id as usize] == TokenType::Normal;
            assert!(ids.iter().all(is_plain), "{text:?}");
            assert_eq!(tokenizer.decode(&ids), text);
        }
    }
}

/// A text of control tokens whole, halved and run together, among Korean and English words.
fn hostile(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut text = String::new();
    for _ in 0..20 {
        let name = CONTROL[next(CONTROL.len())];
        let half = name
            .char_indices()
            .nth(next(name.chars().count()))
            .map_or(0, |(at, _)| at);
        text += match next(6) {
            0 => "전력망 ",
            1 => " user\n",
            2 => &name[..half],
            3 => &name[half..],
            _ => name,
        };
    }
    text
}
