//! What a file says of its tokens. Whether text becomes the right ones is the tokenizer's business.

use super::error::{Checked, GgufCause};
use super::metadata::{CHAT_TEMPLATE, GgufMetadata, MERGES, SCORES, TOKEN_TYPES, TOKENS, required};
use crate::model::families;

/// The kind of tokenizer that SentencePiece makes.
pub(in crate::model) const SENTENCEPIECE: &str = "llama";

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenType {
    /// Text.
    Normal,
    /// Stands for what the vocabulary lacks.
    Unknown,
    /// Steers the conversation, such as `<|im_end|>`; never text.
    Control,
    /// Added to the vocabulary as a whole, such as `<think>`.
    UserDefined,
    /// Filler, never produced.
    Unused,
    /// One byte.
    Byte,
}

impl TokenType {
    /// Every kind, in the order of the codes 1 to 6.
    pub const ALL: [TokenType; 6] = [
        TokenType::Normal,
        TokenType::Unknown,
        TokenType::Control,
        TokenType::UserDefined,
        TokenType::Unused,
        TokenType::Byte,
    ];

    /// Returns the code in `tokenizer.ggml.token_type`.
    pub fn code(self) -> u32 {
        self as u32 + 1
    }

    fn of(code: u32) -> Checked<TokenType> {
        let index = (code as usize).checked_sub(1);
        index
            .and_then(|index| TokenType::ALL.get(index).copied())
            .ok_or_else(|| {
                GgufCause::metadata(TOKEN_TYPES, format!("holds the code {code}, not 1 to 6"))
            })
    }
}

/// The tokens of a model and how they are used. Every id is below the number of tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Vocabulary {
    /// The kind of tokenizer (`tokenizer.ggml.model`): `gpt2` is byte-level BPE, `llama` what SentencePiece makes.
    pub model: String,
    /// How text is cut into words first (`tokenizer.ggml.pre`), such as `qwen2`; empty where the file does not say.
    pub pre: String,
    /// The tokens by id, as the file spells them: a `gpt2` model in the printable byte alphabet.
    pub tokens: Vec<String>,
    /// What each token is for; as many as tokens.
    pub types: Vec<TokenType>,
    /// Merges, the earliest first: two parts with one space between.
    pub merges: Vec<String>,
    /// Scores of a `llama` model's tokens: pairs of the highest score merge first. As many as tokens, or none.
    pub scores: Vec<f32>,
    /// Whether a `llama` model's texts begin with a blank.
    pub space_prefix: bool,
    /// The token a text begins with.
    pub bos: Option<u32>,
    /// The token that ends a text.
    pub eos: Option<u32>,
    /// The token that ends a turn.
    pub eot: Option<u32>,
    /// Whether every text begins with `bos`.
    pub add_bos: bool,
    /// The chat template, in Jinja.
    pub chat_template: Option<String>,
}

impl Vocabulary {
    pub(super) fn read(metadata: &mut GgufMetadata) -> Checked<Vocabulary> {
        let tokens = required(TOKENS, metadata.take_texts(TOKENS)?)?;
        if tokens.is_empty() {
            return Err(GgufCause::metadata(TOKENS, "is empty"));
        }
        let types = types(metadata.take_codes(TOKEN_TYPES)?, tokens.len())?;
        let merges = metadata.take_texts(MERGES)?.unwrap_or_default();
        if let Some(number) = merges.iter().position(|merge| !is_pair(merge)) {
            return Err(GgufCause::metadata(
                MERGES,
                format!("holds, as number {number}, what is no pair of parts"),
            ));
        }
        let scores = scores(metadata.take_numbers(SCORES)?, tokens.len())?;
        let id = |name| id(metadata, name, tokens.len());
        let text = |key| Ok(metadata.text(key)?.map(String::from));
        let pre = text("tokenizer.ggml.pre")?.unwrap_or_default();
        let model: String = required("tokenizer.ggml.model", text("tokenizer.ggml.model")?)?;
        let is_sentencepiece = model == SENTENCEPIECE;
        let begins_with_bos =
            families::pre_tokenizer(&pre).map_or(is_sentencepiece, |pre| pre.begins_with_bos);
        Ok(Vocabulary {
            model,
            scores,
            space_prefix: metadata
                .flag("tokenizer.ggml.add_space_prefix")?
                .unwrap_or(is_sentencepiece),
            bos: id("bos")?,
            eos: id("eos")?,
            eot: id("eot")?,
            add_bos: metadata
                .flag("tokenizer.ggml.add_bos_token")?
                .unwrap_or(begins_with_bos),
            pre,
            chat_template: text(CHAT_TEMPLATE)?,
            tokens,
            types,
            merges,
        })
    }
}

fn scores(numbers: Option<Vec<f32>>, tokens: usize) -> Checked<Vec<f32>> {
    let scores = numbers.unwrap_or_default();
    if !scores.is_empty() && scores.len() != tokens {
        let problem = format!("holds {} values for {tokens} tokens", scores.len());
        return Err(GgufCause::metadata(SCORES, problem));
    }
    match scores.iter().any(|score| score.is_nan()) {
        true => Err(GgufCause::metadata(SCORES, "holds what is no number")),
        false => Ok(scores),
    }
}

fn types(codes: Option<Vec<u32>>, tokens: usize) -> Checked<Vec<TokenType>> {
    let Some(codes) = codes else {
        return Ok(vec![TokenType::Normal; tokens]);
    };
    if codes.len() != tokens {
        return Err(GgufCause::metadata(
            TOKEN_TYPES,
            format!("holds {} values for {tokens} tokens", codes.len()),
        ));
    }
    codes.into_iter().map(TokenType::of).collect()
}

fn is_pair(merge: &str) -> bool {
    let pair = merge.split_once(' ');
    pair.is_some_and(|(left, right)| !left.is_empty() && !right.is_empty() && !right.contains(' '))
}

fn id(metadata: &GgufMetadata, name: &str, tokens: usize) -> Checked<Option<u32>> {
    let key = format!("tokenizer.ggml.{name}_token_id");
    match metadata.unsigned(&key)? {
        Some(id) if id >= tokens as u64 => Err(GgufCause::metadata(
            &key,
            format!("is {id}, and there are {tokens} tokens"),
        )),
        id => Ok(id.map(|id| id as u32)),
    }
}

#[cfg(test)]
impl Vocabulary {
    /// Returns the trained vocabulary of the developers' tools, whose `Vocabulary` is that of another build of this crate.
    pub(in crate::model) fn trained(size: usize) -> Vocabulary {
        let known = sukje_dev::vocabulary::trained(size);
        let codes = known.types.iter().map(|kind| kind.code());
        Vocabulary {
            types: codes.map(|code| TokenType::of(code).unwrap()).collect(),
            model: known.model,
            pre: known.pre,
            tokens: known.tokens,
            merges: known.merges,
            scores: known.scores,
            space_prefix: known.space_prefix,
            bos: known.bos,
            eos: known.eos,
            eot: known.eot,
            add_bos: known.add_bos,
            chat_template: known.chat_template,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_is_two_parts_around_one_space() {
        for (merge, expected) in [
            ("a b", true),
            ("ab", false),
            ("a b c", false),
            (" a", false),
            ("a ", false),
        ] {
            assert_eq!(is_pair(merge), expected, "{merge:?}");
        }
    }

    #[test]
    fn kinds_have_the_codes_1_to_6() {
        for kind in TokenType::ALL {
            assert_eq!(TokenType::of(kind.code()).unwrap(), kind);
        }
        assert!(TokenType::of(0).is_err() && TokenType::of(7).is_err());
    }
}
