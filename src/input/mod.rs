//! Reading: bytes from a file or standard input become a `Document`, decoded text with its source.
//!
//! In:  a path or a stream. Out: `Document`. Never guesses silently: every byte that could not be read is a warning,
//! and what is no article (a PDF, random bytes, white space) is refused with its own cause. A page becomes its text.

mod charset;
mod cp949;
mod decode;
mod error;
mod html;
mod mime;
mod read;
mod reading;
mod refuse;

pub use charset::{Charset, encoding_named};
pub use decode::{BAD_BYTES_LISTED, Decoded, decode};
pub use error::DecodeError;
pub use html::{BlockKind, WebPage, reason as page_reason};
pub use read::{
    ReadCause, ReadError, document, read_bytes, read_file, read_stdin, read_stdin_bytes,
};
pub use reading::{Reading, TextForm};

use crate::article::{Reason, Source, Warning};

/// Largest input accepted, in bytes.
pub const MAX_INPUT_BYTES: u64 = 64 << 20;

/// Largest page accepted, in bytes of its markup as UTF-8.
pub const MAX_PAGE_BYTES: usize = 16 << 20;

/// Decoded text, its source, and what was noticed while decoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where the bytes came from.
    pub source: Source,
    /// The text: UTF-8, without byte-order mark, line ends as `\n`.
    pub text: String,
    /// The text's form, where the user or the file's name says it.
    pub form: TextForm,
    /// What the tags of a page say; none for other texts.
    pub page: Option<WebPage>,
    /// Bad bytes and guesses.
    pub warnings: Vec<Warning>,
}

impl Document {
    /// Reads the text in this form, where one is given. A page in another form is the text of its markup.
    pub fn in_form(self, form: Option<TextForm>) -> Result<Document, DecodeError> {
        match (form, self.page) {
            (None, page) => Ok(Document { page, ..self }),
            (Some(TextForm::Html), None) => {
                let (text, page) = html::read(self.text)?;
                Ok(Document {
                    text,
                    form: TextForm::Html,
                    page: Some(page),
                    ..self
                })
            }
            (Some(form), Some(page)) if form != TextForm::Html => Ok(Document {
                text: page.into_markup(),
                form,
                page: None,
                ..self
            }),
            (Some(form), page) => Ok(Document { form, page, ..self }),
        }
    }

    /// Returns what is read of the text.
    pub fn reading(&self) -> Reading<'_> {
        self.reading_with(&[])
    }

    /// Returns what is read of the text, and of a page also what its tags say is noise of these kinds.
    pub fn reading_with(&self, kept: &[Reason]) -> Reading<'_> {
        match &self.page {
            Some(page) => reading::read_page(&self.text, page, kept),
            None => reading::read(&self.text, self.form),
        }
    }
}
