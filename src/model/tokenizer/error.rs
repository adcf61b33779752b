//! What can be wrong with a vocabulary, in one line each; text of the file is escaped and cut.

use thiserror::Error;

use crate::escape::shown;

/// A vocabulary that is not usable, and why.
#[derive(Debug, Error)]
pub enum TokenizerError {
    /// A kind of tokenizer, or a part of one, that is not run here.
    #[error("{part} \"{name}\" is not supported, only {supported}")]
    Unsupported {
        /// Which part.
        part: &'static str,
        /// What the file says.
        name: String,
        /// What is run.
        supported: String,
    },
    /// Larger than any real vocabulary.
    #[error("{count} {what} are more than the limit of {limit}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How much.
        count: usize,
        /// How much there may be.
        limit: usize,
    },
    /// A token that cannot be one.
    #[error("token {id} \"{token}\" {problem}")]
    Token {
        /// Its id.
        id: usize,
        /// Its text.
        token: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A merge that cannot be one.
    #[error("merge {index} \"{merge}\" {problem}")]
    Merge {
        /// Its place.
        index: usize,
        /// Its text.
        merge: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A byte that text can hold and no token says.
    #[error("no token for the byte 0x{0:02x}")]
    MissingByte(u8),
    /// No token ends a text.
    #[error("no token ends a text")]
    NoEnd,
    /// A special token's id beyond the vocabulary.
    #[error("the {what} token is {id}, and there are {tokens} tokens")]
    OutOfRange {
        /// Which.
        what: &'static str,
        /// Its id.
        id: u32,
        /// The number of tokens.
        tokens: usize,
    },
    /// A model of fewer rows than there are tokens.
    #[error("the tokenizer has {tokens} tokens and the model {vocab} rows")]
    TooFewRows {
        /// The number of tokens.
        tokens: usize,
        /// The rows of the model's embedding.
        vocab: usize,
    },
}

/// Returns the start of a text from a file, short and harmless enough for an error line.
pub(super) fn quoted(text: &str) -> String {
    const MOST_CHARS: usize = 40;
    let mut start: String = text.chars().take(MOST_CHARS).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    shown(&start).into_owned()
}

/// Refuses more of something than the limit.
pub(super) fn check_size(
    what: &'static str,
    count: usize,
    limit: usize,
) -> Result<(), TokenizerError> {
    if count > limit {
        return Err(TokenizerError::TooMany { what, count, limit });
    }
    Ok(())
}
