//! Reading: bytes from a file or standard input become a `Document`, decoded text with its source.
//!
//! In:  a path or a stream. Out: `Document`. Never guesses silently: every byte that could not be read is a warning,
//! and what is no article (a PDF, a page, random bytes, white space) is refused with its own cause.

mod charset;
mod cp949;
mod decode;
mod error;
mod mime;
mod read;
mod reading;
mod refuse;

pub use charset::{Charset, encoding_named};
pub use decode::{BAD_BYTES_LISTED, Decoded, decode};
pub use error::DecodeError;
pub use read::{
    ReadCause, ReadError, document, read_bytes, read_file, read_stdin, read_stdin_bytes,
};
pub use reading::{Reading, TextForm};

use crate::article::{Source, Warning};

/// Largest input accepted, in bytes.
pub const MAX_INPUT_BYTES: u64 = 64 << 20;

/// Decoded text, its source, and what was noticed while decoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where the bytes came from.
    pub source: Source,
    /// The text: UTF-8, without byte-order mark, line ends as `\n`.
    pub text: String,
    /// The text's form, where the user or the file's name says it.
    pub form: TextForm,
    /// Bad bytes and guesses.
    pub warnings: Vec<Warning>,
}

impl Document {
    /// Reads the text in this form, where one is given.
    pub fn in_form(self, form: Option<TextForm>) -> Document {
        let form = form.unwrap_or(self.form);
        Document { form, ..self }
    }

    /// Returns what is read of the text.
    pub fn reading(&self) -> Reading<'_> {
        reading::read(&self.text, self.form)
    }
}
