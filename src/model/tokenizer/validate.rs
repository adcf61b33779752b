//! Validation: what a file says of its tokens, checked before anything is built of it.
//!
//! In:  a `Vocabulary`. Out: the types, the bytes, the ends and the merging model of its tokens, or what is wrong with
//! it. The tokenizers crate panics on merges it does not expect, and the trie of grammars on tokens that are too long
//! or too many; neither sees such a vocabulary.

use std::collections::HashSet;

use tokenizers::models::bpe::{BPE, Vocab};

use super::alphabet;
use super::error::{TokenizerError, check_size, quoted};
use super::sentencepiece;
use crate::model::gguf::{SENTENCEPIECE, TokenType, Vocabulary};

/// The longest token; the trie that grammars walk can go no deeper than 1,024.
const MAX_TOKEN_BYTES: usize = 1_000;
/// All tokens together; that trie holds no more than 4,194,303 nodes.
const MAX_VOCABULARY_BYTES: usize = 4_000_000;
/// Tokens that end a text or a turn, whether or not a file says so.
const ENDS: [&str; 5] = [
    "<end_of_turn>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|end_of_text|>",
];

/// Returns the tokens that end a text or a turn: those the file names, then those of well-known names.
pub(super) fn ends(vocabulary: &Vocabulary) -> Result<Vec<u32>, TokenizerError> {
    let tokens = vocabulary.tokens.len();
    let named = [
        ("eos", vocabulary.eos),
        ("eot", vocabulary.eot),
        ("bos", vocabulary.bos),
    ];
    for (what, id) in named {
        if let Some(id) = id.filter(|&id| id as usize >= tokens) {
            return Err(TokenizerError::OutOfRange { what, id, tokens });
        }
    }
    let control = |name: &&str| {
        let id = vocabulary.tokens.iter().position(|token| token == name)?;
        (vocabulary.types.get(id) == Some(&TokenType::Control)).then_some(id as u32)
    };
    let mut ends: Vec<u32> = vocabulary.eos.into_iter().chain(vocabulary.eot).collect();
    ends.extend(ENDS.iter().filter_map(control));
    let mut seen = HashSet::new();
    ends.retain(|&id| seen.insert(id));
    if ends.is_empty() {
        return Err(TokenizerError::NoEnd);
    }
    Ok(ends)
}

/// Returns the token every text begins with; a file may name one that its model does not want.
pub(super) fn begin(vocabulary: &Vocabulary) -> Option<u32> {
    vocabulary.bos.filter(|_| vocabulary.add_bos)
}

/// Returns the type of each token as it is used here: an end is a control token whatever the file says, and a text that is
/// not written in bytes is none that merging could make.
pub(super) fn types(
    vocabulary: &Vocabulary,
    ends: &[u32],
) -> Result<Vec<TokenType>, TokenizerError> {
    check_size(
        "token types",
        vocabulary.types.len(),
        vocabulary.tokens.len(),
    )?;
    let is_sentencepiece = vocabulary.model == SENTENCEPIECE;
    let mut types: Vec<TokenType> = vocabulary
        .tokens
        .iter()
        .enumerate()
        .map(|(id, token)| match vocabulary.types.get(id) {
            kind if is_sentencepiece => kind.copied().unwrap_or(TokenType::Normal),
            Some(TokenType::Normal) | None if alphabet::bytes(token).is_none() => {
                TokenType::UserDefined
            }
            kind => kind.copied().unwrap_or(TokenType::Normal),
        })
        .collect();
    for &id in ends.iter().chain(&begin(vocabulary)) {
        types[id as usize] = TokenType::Control;
    }
    Ok(types)
}

/// Returns the bytes of every token and where each begins, with the checks of single tokens.
pub(super) fn table(
    vocabulary: &Vocabulary,
    types: &[TokenType],
) -> Result<(Vec<u8>, Vec<u32>), TokenizerError> {
    let mut seen = HashSet::with_capacity(vocabulary.tokens.len());
    let mut table = Vec::new();
    let mut starts = vec![0];
    for (id, (token, kind)) in vocabulary.tokens.iter().zip(types).enumerate() {
        let problem = |problem| TokenizerError::Token {
            id,
            token: quoted(token),
            problem,
        };
        if token.is_empty() {
            return Err(problem("is empty"));
        }
        if token.len() > 2 * MAX_TOKEN_BYTES {
            return Err(problem("is longer than 1,000 bytes"));
        }
        if !seen.insert(token.as_str()) {
            return Err(problem("is there twice"));
        }
        match (kind, alphabet::bytes(token)) {
            _ if vocabulary.model == SENTENCEPIECE => {
                table.extend(sentencepiece::spoken(token, *kind));
            }
            (TokenType::Normal, Some(bytes)) => table.extend(bytes),
            _ => table.extend_from_slice(token.as_bytes()),
        }
        if table.len() - starts[id] as usize > MAX_TOKEN_BYTES {
            return Err(problem("is longer than 1,000 bytes"));
        }
        // One byte more each, for the mark of a control token.
        check_size("bytes of tokens", table.len() + id, MAX_VOCABULARY_BYTES)?;
        starts.push(table.len() as u32);
    }
    Ok((table, starts))
}

/// Returns the model that merges: plain tokens alone, and merges of two of them into a third.
pub(super) fn merges(
    vocabulary: &Vocabulary,
    types: &[TokenType],
    takes_whole_pieces: bool,
) -> Result<BPE, TokenizerError> {
    let plain: Vocab = vocabulary
        .tokens
        .iter()
        .zip(0..)
        .zip(types)
        .filter(|(_, kind)| **kind == TokenType::Normal)
        .map(|((token, id), _)| (token.clone(), id))
        .collect();
    check_bytes(&plain)?;
    let pairs: Result<Vec<_>, _> = vocabulary
        .merges
        .iter()
        .enumerate()
        .map(|(index, merge)| {
            pair(merge, &plain).map_err(|problem| TokenizerError::Merge {
                index,
                merge: quoted(merge),
                problem,
            })
        })
        .collect();
    // No cache: the crate keeps one for each tokenizer and thread that ever was.
    let model = BPE::builder()
        .vocab_and_merges(plain, pairs?)
        .cache_capacity(0)
        .ignore_merges(takes_whole_pieces)
        .build()
        .expect("every merge is of plain tokens");
    Ok(model)
}

/// Whether every byte that a text people read may hold is a token: what is none vanishes from a text. Small vocabularies lack control
/// characters, and the first bytes of planes that have no characters yet.
fn check_bytes(plain: &Vocab) -> Result<(), TokenizerError> {
    let blanks = [b'\t', b'\n', b'\r'].into_iter();
    let letters = (0x20..=0x7e).chain(0x80..=0xbf).chain(0xc2..=0xf0);
    let mut needed = blanks.chain(letters).chain([0xf3]);
    match needed.find(|&byte| !plain.contains_key(&alphabet::letter(byte).to_string())) {
        Some(byte) => Err(TokenizerError::MissingByte(byte)),
        None => Ok(()),
    }
}

/// Returns the two tokens of a merge. A merge longer than every token makes the crate panic.
fn pair(merge: &str, plain: &Vocab) -> Result<(String, String), &'static str> {
    let (left, right) = merge
        .split_once(' ')
        .filter(|(left, right)| !left.is_empty() && !right.is_empty() && !right.contains(' '))
        .ok_or("is not two tokens")?;
    if !plain.contains_key(left) || !plain.contains_key(right) {
        return Err("is of something that is no plain token");
    }
    if !plain.contains_key(&[left, right].concat()) {
        return Err("makes something that is no plain token");
    }
    Ok((left.to_owned(), right.to_owned()))
}
