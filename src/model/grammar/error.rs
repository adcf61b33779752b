//! What can be wrong with a grammar, and the limits every grammar is held to before the library reads it.

use thiserror::Error;

/// Grammars list the sentences of an article; the largest of ours is a hundredth of this.
pub(super) const MAX_BYTES: usize = 1 << 20;
/// Readers of nested grammars recurse.
pub(super) const MAX_DEPTH: usize = 64;

/// A grammar that cannot be used, or a token that leaves it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GrammarError {
    /// The tokenizer's vocabulary cannot be indexed.
    #[error("the vocabulary cannot be used with grammars: {0}")]
    Vocabulary(String),
    /// Larger than any grammar of ours, and so not tried.
    #[error("the grammar has {bytes} bytes, more than {MAX_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Nested deeper than any grammar of ours, and so not tried.
    #[error("the grammar is nested deeper than {MAX_DEPTH}")]
    TooDeep,
    /// Unsound, or with something that is not supported.
    #[error("the grammar cannot be used: {0}")]
    Refused(String),
    /// No token can be found that may follow: the grammar has become too complex, or the vocabulary lacks the bytes.
    #[error("the grammar cannot go on: {0}")]
    Stuck(String),
    /// A token the grammar does not allow here.
    #[error("token {token} does not keep to the grammar")]
    NotAllowed {
        /// The token.
        token: u32,
    },
}
