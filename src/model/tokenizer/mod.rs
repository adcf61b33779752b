//! Tokens: text becomes token ids and token ids become text.
//!
//! In:  a `Vocabulary` and text. Out: ids, bytes, text. Byte-level BPE, whose merges are the tokenizers crate's, and
//! SentencePiece's merging by scores. The vocabulary is checked before either sees it, and only tokens that are plain pieces
//! of text are given to them, so `encode` cannot make a control token of whatever a text holds.

pub mod alphabet;
mod control;
mod environment;
mod error;
mod sentencepiece;
mod split;
mod validate;

use tokenizers::models::bpe::BPE;
use tokenizers::tokenizer::Model;

pub use error::TokenizerError;

use super::families;
use super::gguf::{SENTENCEPIECE, TokenType, Vocabulary};
use control::ControlTokens;
use error::{check_size, quoted};
use sentencepiece::SentencePiece;
use split::Splitter;

/// The most tokens, and the most merges, of a vocabulary; the largest known ones have half as many.
const MAX_TOKENS: usize = 1 << 19;
/// Longer pieces are cut: no word is, and merging a piece takes 100 bytes of memory for each of its own.
const MAX_PIECE_BYTES: usize = 1 << 14;

/// Text to token ids and back.
#[derive(Debug)]
pub struct Tokenizer {
    method: Method,
    /// The bytes of every token, one behind the other.
    bytes: Vec<u8>,
    /// Where each token begins in `bytes`, and where the last one ends.
    starts: Vec<u32>,
    types: Vec<TokenType>,
    control: ControlTokens,
    ends: Vec<u32>,
    bos: Option<u32>,
}

/// How text becomes plain tokens.
#[derive(Debug)]
enum Method {
    /// Byte-level BPE: cut into pieces, then merged in the order of the merges.
    Bytes {
        splitter: Splitter,
        /// The plain tokens alone.
        merges: Box<BPE>,
    },
    /// Merged by scores.
    Scores(Box<SentencePiece>),
}

impl Method {
    fn new(vocabulary: &Vocabulary, types: &[TokenType]) -> Result<Method, TokenizerError> {
        if vocabulary.model == SENTENCEPIECE {
            return Ok(Method::Scores(Box::new(SentencePiece::new(
                vocabulary, types,
            )?)));
        }
        let pre = families::pre_tokenizer(&vocabulary.pre).ok_or_else(|| {
            TokenizerError::Unsupported {
                part: "pre-tokeniser",
                name: quoted(&vocabulary.pre),
                supported: families::pre_tokenizer_names(),
            }
        })?;
        Ok(Method::Bytes {
            splitter: Splitter::new(pre),
            merges: Box::new(validate::merges(vocabulary, types, pre.takes_whole_pieces)?),
        })
    }
}

impl Tokenizer {
    /// Returns a tokenizer of a model's own vocabulary.
    pub fn from_vocabulary(vocabulary: &Vocabulary) -> Result<Tokenizer, TokenizerError> {
        if !["gpt2", SENTENCEPIECE].contains(&&*vocabulary.model) {
            return Err(TokenizerError::Unsupported {
                part: "tokenizer",
                name: quoted(&vocabulary.model),
                supported: "byte-level BPE (gpt2) and SentencePiece (llama)".into(),
            });
        }
        check_size("tokens", vocabulary.tokens.len(), MAX_TOKENS)?;
        check_size("merges", vocabulary.merges.len(), MAX_TOKENS)?;

        let ends = validate::ends(vocabulary)?;
        let types = validate::types(vocabulary, &ends)?;
        let (bytes, starts) = validate::table(vocabulary, &types)?;
        Ok(Tokenizer {
            method: Method::new(vocabulary, &types)?,
            bytes,
            starts,
            control: ControlTokens::new(vocabulary, &types)?,
            types,
            ends,
            bos: validate::begin(vocabulary),
        })
    }

    /// Returns the number of tokens.
    pub fn vocab_len(&self) -> usize {
        self.types.len()
    }

    /// Returns the tokens that end a text or a turn, at least one; the model's own end first.
    pub fn eos_ids(&self) -> &[u32] {
        &self.ends
    }

    /// Returns the token to put before every text, where the model wants one.
    pub fn bos(&self) -> Option<u32> {
        self.bos
    }

    /// Returns the id of a control or user-defined token, such as `<|im_start|>`.
    pub fn control(&self, name: &str) -> Option<u32> {
        self.control.id(name)
    }

    /// Returns whether a token is a piece of text, and none that structures one, stands for an unknown or fills a gap.
    pub fn is_plain(&self, id: u32) -> bool {
        match self.types.get(id as usize) {
            Some(TokenType::Normal) => true,
            // What SentencePiece has added as a whole is text, too: runs of line ends, tags.
            Some(TokenType::Byte | TokenType::UserDefined) => {
                matches!(self.method, Method::Scores(_))
            }
            _ => false,
        }
    }

    /// Returns the exact bytes of a token: of a plain one what it says, of another its name. Empty for an id beyond the last.
    pub fn token_bytes(&self, id: u32) -> &[u8] {
        let id = id as usize;
        match self.starts.get(id..id.saturating_add(2)) {
            Some(&[start, end]) => &self.bytes[start as usize..end as usize],
            _ => &[],
        }
    }

    /// Returns the tokens of a text, all of them plain: whatever looks like a control token is text.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        match &self.method {
            Method::Bytes { splitter, .. } => self.encode_normalised(&splitter.normalise(text)),
            Method::Scores(_) => self.encode_normalised(text),
        }
    }

    /// Returns the tokens of exactly these bytes, composed or not.
    fn encode_normalised(&self, text: &str) -> Vec<u32> {
        let mut ids = Vec::with_capacity(text.len() / 3);
        match &self.method {
            Method::Bytes { splitter, merges } => {
                let mut spelled = String::new();
                for piece in splitter.pieces(text).flat_map(parts) {
                    spelled.clear();
                    alphabet::spell(piece.as_bytes(), &mut spelled);
                    // Never an error; a byte without a token, which no text people read holds, vanishes.
                    let tokens = merges.tokenize(&spelled);
                    ids.extend(tokens.into_iter().flatten().map(|token| token.id));
                }
            }
            Method::Scores(pieces) => pieces.encode(text, &mut ids),
        }
        debug_assert!(ids.iter().all(|&id| self.is_plain(id)));
        ids
    }

    /// Returns the tokens of a piece of a template: names of control and user-defined tokens are those tokens.
    pub fn encode_template(&self, template: &str) -> Vec<u32> {
        let mut ids = Vec::new();
        let mut from = 0;
        for (name, id) in self.control.find(template) {
            ids.extend(self.encode(&template[from..name.start]));
            ids.push(id);
            from = name.end;
        }
        ids.extend(self.encode(&template[from..]));
        ids
    }

    /// Returns the text of some tokens. Plain and user-defined ones speak, the others are silent; bytes that are no UTF-8
    /// become U+FFFD.
    pub fn decode(&self, ids: &[u32]) -> String {
        let bytes: Vec<u8> = ids
            .iter()
            .flat_map(|&id| self.spoken(id))
            .copied()
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Returns the bytes a token adds to a text.
    fn spoken(&self, id: u32) -> &[u8] {
        match self.types.get(id as usize) {
            Some(TokenType::Normal | TokenType::Byte | TokenType::UserDefined) => {
                self.token_bytes(id)
            }
            _ => &[],
        }
    }
}

/// Cuts a piece into parts of at most [`MAX_PIECE_BYTES`].
fn parts(piece: &str) -> impl Iterator<Item = &str> {
    let mut rest = piece;
    std::iter::from_fn(move || {
        let mut fitting = (0..=MAX_PIECE_BYTES.min(rest.len())).rev();
        let end = fitting.find(|&end| rest.is_char_boundary(end));
        let (part, after) = rest.split_at(end.unwrap_or(0));
        rest = after;
        (!part.is_empty()).then_some(part)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn trained(size: usize) -> Tokenizer {
        Tokenizer::from_vocabulary(&Vocabulary::trained(size)).unwrap()
    }

    /// What is wrong with a small sound vocabulary after a change.
    fn check_refused(change: impl FnOnce(&mut Vocabulary), expected: &str) {
        let mut vocabulary = Vocabulary::trained(300);
        change(&mut vocabulary);
        let error = Tokenizer::from_vocabulary(&vocabulary)
            .unwrap_err()
            .to_string();
        assert_eq!(error, expected);
    }

    #[test]
    fn texts_come_back() {
        let tokenizer = trained(8_000);
        for text in [
            "",
            "전력망은 2030년까지 3.5GW를",
            "we're  here\n\n\tfn x() {}",
            "👨\u{200d}👩\0\u{feff}",
        ] {
            assert_eq!(tokenizer.decode(&tokenizer.encode(text)), text);
        }
        assert_eq!(tokenizer.decode(&tokenizer.encode("e\u{301}")), "é");
    }

    #[test]
    fn merges_go_best_first() {
        let mut vocabulary = Vocabulary::trained(261);
        let at = vocabulary.tokens.len() as u32;
        vocabulary
            .tokens
            .extend(["ab", "bc", "abc"].map(String::from));
        vocabulary.types.extend([TokenType::Normal; 3]);
        vocabulary.merges = vec!["b c".into(), "a b".into(), "a bc".into()];
        let tokenizer = Tokenizer::from_vocabulary(&vocabulary).unwrap();
        assert_eq!(tokenizer.encode("abcab"), [at + 2, at]);
        assert_eq!(tokenizer.token_bytes(at + 2), b"abc");
    }

    #[test]
    fn a_piece_that_is_a_token_is_taken_whole_by_llama_alone() {
        let mut vocabulary = Vocabulary::trained(261);
        vocabulary.tokens.push("ab".into());
        vocabulary.types.push(TokenType::Normal);
        vocabulary.merges.clear();
        for (pre, count) in [("llama-bpe", 1), ("smaug-bpe", 2), ("qwen2", 2)] {
            vocabulary.pre = pre.into();
            let tokenizer = Tokenizer::from_vocabulary(&vocabulary).unwrap();
            assert_eq!(tokenizer.encode("ab").len(), count, "{pre}");
        }
    }

    #[test]
    fn names_of_control_tokens_are_text_in_a_text_and_tokens_in_a_template() {
        let tokenizer = trained(400);
        let text = "<|im_start|>system\n</think>[unused3]<|im_end|>";
        assert!(
            tokenizer
                .encode(text)
                .iter()
                .all(|&id| tokenizer.is_plain(id))
        );
        assert_eq!(tokenizer.decode(&tokenizer.encode(text)), text);
        let ids = tokenizer.encode_template(text);
        let special: Vec<u32> = ids
            .iter()
            .copied()
            .filter(|&id| !tokenizer.is_plain(id))
            .collect();
        let named =
            ["<|im_start|>", "</think>", "<|im_end|>"].map(|name| tokenizer.control(name).unwrap());
        assert_eq!(special, named);
        assert_eq!(tokenizer.control("[unused3]"), None);
        assert_eq!(tokenizer.control("a"), None);
        assert_eq!(tokenizer.decode(&ids), "system\n</think>[unused3]");
        assert_eq!(
            tokenizer.eos_ids()[0],
            tokenizer.control("<|im_end|>").unwrap()
        );
    }

    #[test]
    fn an_end_is_a_control_token_whatever_the_file_says() {
        let mut vocabulary = Vocabulary::trained(261);
        vocabulary.tokens.push("</s>".into());
        vocabulary.types.push(TokenType::Normal);
        vocabulary.eos = Some(261);
        let tokenizer = Tokenizer::from_vocabulary(&vocabulary).unwrap();
        assert_eq!(tokenizer.eos_ids()[0], 261);
        assert!(!tokenizer.is_plain(261));
        assert!(!tokenizer.encode("</s>").contains(&261));
    }

    #[test]
    fn an_unsound_vocabulary_is_refused() {
        check_refused(
            |v| v.model = "bert".into(),
            "tokenizer \"bert\" is not supported, only byte-level BPE (gpt2) and SentencePiece (llama)",
        );
        check_refused(
            |v| v.pre = "de\u{1b}fault".into(),
            "pre-tokeniser \"de\\x1bfault\" is not supported, only qwen2, llama-bpe, llama3, llama-v3, midm-2.0, smaug-bpe, gpt-2 and smollm",
        );
        check_refused(
            |v| v.tokens[299] = "a".into(),
            "token 299 \"a\" is there twice",
        );
        check_refused(|v| v.tokens[299].clear(), "token 299 \"\" is empty");
        check_refused(
            |v| v.tokens[299] = "x".repeat(1_001),
            &format!(
                "token 299 \"{}…\" is longer than 1,000 bytes",
                "x".repeat(40)
            ),
        );
        check_refused(|v| v.tokens[65] = "AA".into(), "no token for the byte 0x41");
        check_refused(
            |v| v.types[65] = TokenType::Control,
            "no token for the byte 0x41",
        );
        check_refused(
            |v| v.types.push(TokenType::Normal),
            "301 token types are more than the limit of 300",
        );
        check_refused(
            |v| v.eos = Some(300),
            "the eos token is 300, and there are 300 tokens",
        );
        check_refused(
            |v| v.bos = Some(u32::MAX),
            "the bos token is 4294967295, and there are 300 tokens",
        );
        check_refused(
            |v| (v.eos, v.types) = (None, vec![]),
            "no token ends a text",
        );
    }

    #[test]
    fn an_unsound_merge_is_refused() {
        let check = |merge: &str, expected: &str| {
            check_refused(
                |v| v.merges[3] = merge.into(),
                &format!("merge 3 \"{merge}\" {expected}"),
            );
        };
        for merge in ["", "ab", " b", "a ", "a b c", "  "] {
            check(merge, "is not two tokens");
        }
        check("a zz", "is of something that is no plain token");
        check(
            "<|im_start|> <|im_end|>",
            "is of something that is no plain token",
        );
        check("q z", "makes something that is no plain token");
        check("< |im_start|>", "is of something that is no plain token");
    }

    #[test]
    fn a_merge_cannot_make_a_control_token() {
        let mut vocabulary = Vocabulary::trained(261);
        vocabulary.tokens.push("<s".into());
        vocabulary.tokens.push("<s>".into());
        vocabulary
            .types
            .extend([TokenType::Normal, TokenType::Control]);
        vocabulary.merges = vec!["< s".into(), "<s >".into()];
        let error = Tokenizer::from_vocabulary(&vocabulary).unwrap_err();
        assert_eq!(
            error.to_string(),
            "merge 1 \"<s >\" makes something that is no plain token"
        );
    }

    #[test]
    fn one_long_word_takes_no_longer_than_many() {
        let tokenizer = trained(2_000);
        for unit in ["a", " ", "가", "\u{301}", "<|im_start|>"] {
            let text = unit.repeat(1_000_000 / unit.len());
            assert_eq!(tokenizer.decode(&tokenizer.encode(&text)).len(), text.len());
        }
    }

    #[test]
    fn sentencepiece_texts_come_back_and_control_tokens_are_none() {
        let vocabulary = sentencepiece::tests::vocabulary();
        let tokenizer = Tokenizer::from_vocabulary(&vocabulary).unwrap();
        for text in ["", "한 abc\n\n<b> é", "<bos> <eos>\0", "  \u{2581} a"] {
            let ids = tokenizer.encode(text);
            assert!(ids.iter().all(|&id| tokenizer.is_plain(id)), "{text:?}");
            assert_eq!(tokenizer.decode(&ids), text.replace('\u{2581}', " "));
        }
        let ids = tokenizer.encode_template("<bos>a<b>");
        assert_eq!((ids[0], ids.len()), (1, 3));
        assert_eq!((tokenizer.bos(), tokenizer.eos_ids()), (Some(1), &[2][..]));
        assert_eq!(tokenizer.token_bytes(3 + 0x0a), b"\n");
    }

    #[test]
    fn ids_beyond_the_vocabulary_say_nothing() {
        let tokenizer = trained(300);
        for id in [300, u32::MAX] {
            assert_eq!(tokenizer.token_bytes(id), b"");
            assert_eq!(tokenizer.decode(&[id]), "");
            assert!(!tokenizer.is_plain(id));
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_token_that_is_not_plain(text in r"(<\|im_(start|end)\|>|</?think>|\[unused[0-9]\]|.|\n){0,20}") {
            let tokenizer = trained(400);
            let ids = tokenizer.encode(&text);
            prop_assert!(ids.iter().all(|&id| tokenizer.is_plain(id)));
        }
    }
}
