//! Why bytes are not read: the causes, in words, without the name of the input.

use thiserror::Error;

/// Why bytes could not be read as text.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum DecodeError {
    /// No bytes at all.
    #[error("empty")]
    Empty,
    /// A byte-order mark alone.
    #[error("holds only a byte-order mark")]
    OnlyMark,
    /// White space only.
    #[error("holds only white space")]
    OnlyWhiteSpace,
    /// Zero-width and control characters only.
    #[error("holds only invisible characters")]
    OnlyInvisible,
    /// Digits and marks only.
    #[error("holds no letters")]
    NoLetters,
    /// The bytes of another kind of file.
    #[error("looks like {0}, not text")]
    Foreign(&'static str),
    /// A page of more markup than is read.
    #[error("a page larger than {} MB", super::MAX_PAGE_BYTES >> 20)]
    PageTooLarge,
    /// Many control characters.
    #[error("not text: {percent} % of it are control characters")]
    ControlCharacters {
        /// Their share, in percent.
        percent: usize,
    },
    /// Many bytes that no character has.
    #[error("not text in {encoding}: {percent} % of it could not be read")]
    Unreadable {
        /// The encoding it was read in.
        encoding: String,
        /// Their share, in percent.
        percent: usize,
    },
    /// Bytes that fit no encoding well enough to be believed.
    #[error("not text in any encoding that is known")]
    UnknownEncoding,
    /// Seven-bit bytes that switch character sets by escapes.
    #[error("looks like ISO-2022 text, an encoding that is not read")]
    EscapeBased,
    /// Part UTF-8, part something else.
    #[error("mixes UTF-8 with another encoding")]
    MixedEncodings,
}
