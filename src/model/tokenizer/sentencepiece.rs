//! Merging as SentencePiece's vocabularies want it: the pair whose token has the highest score first.
//!
//! In:  plain tokens with their scores, and text. Out: ids. Blanks are written as U+2581 first. What is no token in the end is
//! written in the tokens of its bytes, of which every byte has one. As llama.cpp does it (`llm_tokenizer_spm`): tokens that
//! were added as a whole (runs of line ends, tags) are found before anything is merged, the longest at each place.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rustc_hash::FxHashMap;

use super::error::TokenizerError;
use crate::model::gguf::{TokenType, Vocabulary};

/// What stands for a blank.
const BLANK: char = '\u{2581}';

/// The plain tokens of a vocabulary.
#[derive(Debug)]
pub(super) struct SentencePiece {
    /// The id and the score of every token that merging may make.
    tokens: FxHashMap<String, (u32, f32)>,
    bytes: [u32; 256],
    added: AhoCorasick,
    /// The id of each text that `added` finds.
    added_ids: Vec<u32>,
    space_prefix: bool,
}

/// Returns the bytes that a token says: blanks are written otherwise, and single bytes by their number.
pub(super) fn spoken(token: &str, kind: TokenType) -> Vec<u8> {
    match (kind, byte(token)) {
        (TokenType::Byte, Some(byte)) => vec![byte],
        (TokenType::UserDefined, _) => token.into(),
        _ => token.replace(BLANK, " ").into_bytes(),
    }
}

/// `<0x0A>` is 10.
fn byte(token: &str) -> Option<u8> {
    let digits = token.strip_prefix("<0x")?.strip_suffix('>')?;
    u8::from_str_radix(digits, 16).ok()
}

/// Two neighbours that would make a token. The heap gives the highest score first, and of equals the leftmost.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pair {
    score: f32,
    left: usize,
    right: usize,
    /// Bytes of both: one of them has changed since where this does not fit any more.
    size: usize,
}

impl Eq for Pair {}

impl Ord for Pair {
    fn cmp(&self, other: &Pair) -> Ordering {
        let by_score = self.score.total_cmp(&other.score);
        by_score.then(other.left.cmp(&self.left))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Pair) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A piece of the text that is merged, and its neighbours; one that went into its left neighbour has no bytes.
#[derive(Debug, Clone, Copy)]
struct Symbol {
    start: usize,
    size: usize,
    before: Option<usize>,
    behind: Option<usize>,
}

impl SentencePiece {
    /// `types` are those of the tokens as they are used: a control token is never made.
    pub(super) fn new(
        vocabulary: &Vocabulary,
        types: &[TokenType],
    ) -> Result<SentencePiece, TokenizerError> {
        let mut tokens = FxHashMap::default();
        let mut bytes = [None; 256];
        let (mut added, mut added_ids) = (Vec::new(), Vec::new());
        for (id, (token, kind)) in vocabulary.tokens.iter().zip(types).enumerate() {
            let score = vocabulary.scores.get(id).copied().unwrap_or_default();
            match (kind, byte(token)) {
                (TokenType::Byte, Some(byte)) => bytes[usize::from(byte)] = Some(id as u32),
                (TokenType::Normal, _) => {
                    tokens.insert(token.clone(), (id as u32, score));
                }
                (TokenType::UserDefined, _) => {
                    added.push(token);
                    added_ids.push(id as u32);
                }
                _ => {}
            }
        }
        let mut every = [0; 256];
        for (byte, id) in bytes.into_iter().enumerate() {
            every[byte] = id.ok_or(TokenizerError::MissingByte(byte as u8))?;
        }
        let added = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::LeftmostLongest)
            .build(added)
            .expect("a vocabulary's bytes are within the automaton's limits");
        Ok(SentencePiece {
            tokens,
            bytes: every,
            added,
            added_ids,
            space_prefix: vocabulary.space_prefix,
        })
    }

    /// Appends the tokens of a text.
    pub(super) fn encode(&self, text: &str, ids: &mut Vec<u32>) {
        let mut from = 0;
        let mut is_first = true;
        for added in self.added.find_iter(text) {
            self.merge(&text[from..added.start()], is_first, ids);
            ids.push(self.added_ids[added.pattern()]);
            from = added.end();
            is_first = false;
        }
        self.merge(&text[from..], is_first, ids);
    }

    fn merge(&self, text: &str, is_first: bool, ids: &mut Vec<u32>) {
        if text.is_empty() {
            return;
        }
        let mut written = String::with_capacity(text.len() + 3);
        if self.space_prefix && is_first {
            written.push(BLANK);
        }
        written.extend(text.chars().map(|c| if c == ' ' { BLANK } else { c }));
        let symbols = self.merged(&written);
        let mut next = Some(0);
        while let Some(index) = next {
            let Symbol {
                start,
                size,
                behind,
                ..
            } = symbols[index];
            let piece = &written[start..start + size];
            match self.tokens.get(piece) {
                Some((id, _)) => ids.push(*id),
                None => ids.extend(piece.bytes().map(|byte| self.bytes[usize::from(byte)])),
            }
            next = behind;
        }
    }

    /// Returns the pieces of a text when no two neighbours make a token any more, as a chain from the first on.
    fn merged(&self, text: &str) -> Vec<Symbol> {
        let mut symbols = characters(text);
        let mut pairs = BinaryHeap::new();
        for right in 1..symbols.len() {
            pairs.extend(self.pair(text, &symbols, Some(right - 1), Some(right)));
        }
        while let Some(pair) = pairs.pop() {
            let (left, right) = (symbols[pair.left], symbols[pair.right]);
            if left.size == 0 || right.size == 0 || left.size + right.size != pair.size {
                continue;
            }
            symbols[pair.left].size = pair.size;
            symbols[pair.left].behind = right.behind;
            symbols[pair.right].size = 0;
            if let Some(behind) = right.behind {
                symbols[behind].before = Some(pair.left);
            }
            pairs.extend(self.pair(text, &symbols, left.before, Some(pair.left)));
            pairs.extend(self.pair(text, &symbols, Some(pair.left), right.behind));
        }
        symbols
    }

    fn pair(
        &self,
        text: &str,
        symbols: &[Symbol],
        left: Option<usize>,
        right: Option<usize>,
    ) -> Option<Pair> {
        let (left, right) = (left?, right?);
        let size = symbols[left].size + symbols[right].size;
        let start = symbols[left].start;
        let (_, score) = self.tokens.get(&text[start..start + size])?;
        Some(Pair {
            score: *score,
            left,
            right,
            size,
        })
    }
}

fn characters(text: &str) -> Vec<Symbol> {
    let count = text.chars().count();
    let symbols = text
        .char_indices()
        .enumerate()
        .map(|(index, (start, c))| Symbol {
            start,
            size: c.len_utf8(),
            before: index.checked_sub(1),
            behind: Some(index + 1).filter(|&behind| behind < count),
        });
    symbols.collect()
}

#[cfg(test)]
pub(in crate::model) mod tests {
    use super::*;

    /// Returns a small vocabulary: bytes, control tokens, words with scores, and what was added as a whole.
    pub(in crate::model) fn vocabulary() -> Vocabulary {
        let mut vocabulary = Vocabulary::trained(300);
        vocabulary.model = "llama".into();
        vocabulary.pre = "default".into();
        vocabulary.merges.clear();
        let mut tokens: Vec<(String, TokenType, f32)> = vec![
            ("<unk>".into(), TokenType::Unknown, 0.0),
            ("<bos>".into(), TokenType::Control, 0.0),
            ("<eos>".into(), TokenType::Control, 0.0),
        ];
        let bytes = (0..=255).map(|byte| (format!("<0x{byte:02X}>"), TokenType::Byte, 0.0));
        tokens.extend(bytes);
        for (score, word) in [
            "ab",
            "bc",
            "abc",
            "\u{2581}a",
            "\u{2581}",
            "a",
            "b",
            "c",
            "한",
        ]
        .into_iter()
        .enumerate()
        {
            tokens.push((word.into(), TokenType::Normal, -(score as f32)));
        }
        for word in ["\n", "\n\n", "  ", "<b>"] {
            tokens.push((word.into(), TokenType::UserDefined, -1000.0));
        }
        vocabulary.tokens = tokens.iter().map(|(token, ..)| token.clone()).collect();
        vocabulary.types = tokens.iter().map(|(_, kind, _)| *kind).collect();
        vocabulary.scores = tokens.iter().map(|(.., score)| *score).collect();
        (vocabulary.bos, vocabulary.eos, vocabulary.eot) = (Some(1), Some(2), None);
        vocabulary.add_bos = true;
        vocabulary
    }

    fn check(text: &str, expected: &[&str]) {
        let vocabulary = vocabulary();
        let pieces = SentencePiece::new(&vocabulary, &vocabulary.types).unwrap();
        let mut ids = Vec::new();
        pieces.encode(text, &mut ids);
        let tokens = ids.iter().map(|&id| &*vocabulary.tokens[id as usize]);
        assert_eq!(tokens.collect::<Vec<_>>(), expected, "{text:?}");
    }

    #[test]
    fn the_highest_score_merges_first() {
        check("abc", &["abc"]);
        check("abbc", &["ab", "bc"]);
        check("a ab", &["a", "\u{2581}", "ab"]);
        check("c ac", &["c", "\u{2581}a", "c"]);
        check("", &[]);
    }

    #[test]
    fn what_is_no_token_is_written_in_bytes() {
        check("한é", &["한", "<0xC3>", "<0xA9>"]);
        check("<eos>", &["<0x3C>", "<0x65>", "<0x6F>", "<0x73>", "<0x3E>"]);
    }

    #[test]
    fn what_was_added_is_found_whole_and_longest_first() {
        check("a\n\n\nb", &["a", "\n\n", "\n", "b"]);
        check("a   b<b>", &["a", "  ", "\u{2581}", "b", "<b>"]);
    }

    #[test]
    fn a_text_may_begin_with_a_blank() {
        let mut vocabulary = vocabulary();
        vocabulary.space_prefix = true;
        let pieces = SentencePiece::new(&vocabulary, &vocabulary.types).unwrap();
        let mut ids = Vec::new();
        pieces.encode("a\na", &mut ids);
        let tokens: Vec<&str> = ids
            .iter()
            .map(|&id| &*vocabulary.tokens[id as usize])
            .collect();
        assert_eq!(tokens, ["\u{2581}a", "\n", "a"]);
    }

    #[test]
    fn every_byte_must_have_a_token() {
        let mut vocabulary = vocabulary();
        vocabulary.types[3 + 0x41] = TokenType::Unused;
        let error = SentencePiece::new(&vocabulary, &vocabulary.types).unwrap_err();
        assert_eq!(error.to_string(), "no token for the byte 0x41");
    }

    #[test]
    fn long_texts_take_about_linear_time() {
        let vocabulary = vocabulary();
        let pieces = SentencePiece::new(&vocabulary, &vocabulary.types).unwrap();
        for unit in ["a", "abc", " ", "\n", "é"] {
            let mut ids = Vec::new();
            pieces.encode(&unit.repeat(300_000), &mut ids);
            assert!(!ids.is_empty());
        }
    }
}
