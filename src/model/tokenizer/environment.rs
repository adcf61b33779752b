//! What a grammar needs of a tokenizer: the trie of its tokens' bytes, and how it writes any bytes.
//!
//! In:  a tokenizer and the number of rows of the model's logits. Out: the environment of llguidance. Control and
//! user-defined tokens are special there, so no grammar takes one for text; fillers are in no mask at all.

use std::sync::Arc;

use toktrie::{TokEnv, TokRxInfo, TokTrie, TokenizerEnv};

use super::error::{TokenizerError, check_size};
use super::{MAX_TOKENS, Tokenizer};
use crate::model::gguf::TokenType;

struct Environment {
    tokenizer: Arc<Tokenizer>,
    trie: TokTrie,
}

impl TokenizerEnv for Environment {
    fn tok_trie(&self) -> &TokTrie {
        &self.trie
    }

    // Not composed first: forced tokens must say the grammar's bytes, which are composed where a text is.
    fn tokenize_bytes(&self, bytes: &[u8]) -> Vec<u32> {
        self.trie
            .tokenize_with_greedy_fallback(bytes, |text| self.tokenizer.encode_normalised(text))
    }
}

impl Tokenizer {
    /// Returns the environment grammars are run in, for a model whose rows of logits have `vocab` values.
    pub fn token_environment(self: &Arc<Self>, vocab: usize) -> Result<TokEnv, TokenizerError> {
        check_size("rows", vocab, MAX_TOKENS)?;
        if vocab < self.vocab_len() {
            return Err(TokenizerError::TooFewRows {
                tokens: self.vocab_len(),
                vocab,
            });
        }
        let words: Vec<Vec<u8>> = (0..vocab as u32).map(|id| self.word(id)).collect();
        let trie = TokTrie::from(&TokRxInfo::new(vocab as u32, self.ends[0]), &words)
            .with_eos_tokens(&self.ends);
        Ok(Arc::new(Environment {
            tokenizer: self.clone(),
            trie,
        }))
    }

    /// Returns a token as the trie writes it.
    fn word(&self, id: u32) -> Vec<u8> {
        match self.types.get(id as usize) {
            Some(_) if self.is_plain(id) => self.token_bytes(id).to_vec(),
            Some(TokenType::Control | TokenType::UserDefined) => {
                [&[TokTrie::SPECIAL_TOKEN_MARKER], self.token_bytes(id)].concat()
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::gguf::Vocabulary;

    fn environment(vocab: usize) -> Result<TokEnv, TokenizerError> {
        Arc::new(Tokenizer::from_vocabulary(&Vocabulary::trained(2_000)).unwrap())
            .token_environment(vocab)
    }

    #[test]
    fn tokens_say_their_bytes_and_control_tokens_are_special() {
        let environment = environment(2_010).unwrap();
        let trie = environment.tok_trie();
        assert_eq!(trie.vocab_size(), 2_010);
        for text in ["전력", "e\u{301}", "", "we're"] {
            assert_eq!(trie.decode(&environment.tokenize(text)), text.as_bytes());
        }
        let broken = [b"a\xed", "한".as_bytes()].concat();
        assert_eq!(trie.decode(&environment.tokenize_bytes(&broken)), broken);
        for name in ["<|im_start|>", "<think>"] {
            let id = trie.get_special_token(name).unwrap();
            assert!(trie.is_special_token(id));
            assert!(!environment.tokenize(name).contains(&id));
        }
        assert!(environment.tokenize_is_canonical());
        assert!(
            trie.eos_tokens()
                .contains(&trie.get_special_token("<|im_end|>").unwrap())
        );
    }

    #[test]
    fn a_grammar_forces_what_it_must_and_masks_control_tokens() {
        use llguidance::api::TopLevelGrammar;
        use llguidance::{Matcher, ParserFactory};

        let environment = environment(2_010).unwrap();
        let mut factory = ParserFactory::new_simple(&environment).unwrap();
        factory.quiet();
        let grammar = TopLevelGrammar::from_regex("전력망: [^x]+");
        let mut matcher = Matcher::new(factory.create_parser(grammar));
        let forced = matcher.consume_ff_tokens();
        let trie = environment.tok_trie();
        assert!("전력망: ".as_bytes().starts_with(&trie.decode(&forced)) && !forced.is_empty());
        matcher
            .consume_tokens(&environment.tokenize("전력망: 가")[forced.len()..])
            .unwrap();
        let mask = matcher.compute_mask().unwrap();
        let special = |id: u32| trie.is_special_token(id) && trie.token(id).len() > 1;
        let ends = trie.eos_tokens();
        assert!(mask.num_set() > 1_000);
        assert!(
            mask.iter()
                .all(|id| id < 2_000 && (!special(id) || ends.contains(&id)))
        );
    }

    #[test]
    fn a_model_needs_a_row_for_every_token() {
        let error = environment(1_999).map(|_| ()).unwrap_err().to_string();
        assert_eq!(
            error,
            "the tokenizer has 2000 tokens and the model 1999 rows"
        );
        assert!(environment(usize::MAX).is_err());
    }

    #[test]
    fn the_longest_tokens_fit_the_trie() {
        let mut vocabulary = Vocabulary::trained(261);
        vocabulary
            .tokens
            .extend(["x".repeat(1_000), "é".repeat(500)]);
        vocabulary.types.extend([
            crate::model::gguf::TokenType::Normal,
            crate::model::gguf::TokenType::Control,
        ]);
        let tokenizer = Arc::new(Tokenizer::from_vocabulary(&vocabulary).unwrap());
        assert_eq!(
            tokenizer
                .token_environment(263)
                .unwrap()
                .tok_trie()
                .max_token_len(),
            1_001
        );
    }
}
