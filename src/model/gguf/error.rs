//! What can be wrong with a model file, in one line each.
//!
//! Text of the file is escaped and cut before it enters a message: a name may hold terminal escapes or a megabyte.

use std::io;

use thiserror::Error;

use crate::escape::shown;

/// A model file that could not be used, and why.
#[derive(Debug, Error)]
#[error("{name}: {cause}")]
pub struct GgufError {
    /// The path as it was given.
    pub name: String,
    /// Why.
    #[source]
    pub cause: GgufCause,
}

/// Why a model file could not be used.
#[derive(Debug, Error)]
pub enum GgufCause {
    /// Nothing could be opened under that name.
    #[error("{}", opening(.0))]
    Open(#[source] io::Error),
    /// A folder.
    #[error("is a folder, not a file")]
    Folder,
    /// A pipe, a terminal, a disk or another device.
    #[error("is not a regular file")]
    NotRegular,
    /// The system failed while reading, or the file changed meanwhile.
    #[error("could not be read: {0}")]
    Read(#[source] io::Error),
    /// Another kind of file.
    #[error("is {0}, not a GGUF model")]
    Foreign(&'static str),
    /// Written for machines of the other byte order.
    #[error("is a big-endian GGUF file; only little-endian ones are read")]
    BigEndian,
    /// A version that is not read.
    #[error("is a GGUF file of version {0}; only 2 and 3 are read")]
    Version(u32),
    /// The file ends too early.
    #[error("is truncated: it ends inside {0}")]
    Truncated(String),
    /// Counts, lengths and names of the header.
    #[error("{0}")]
    Header(String),
    /// One file of several that hold a model together.
    #[error("is one of {0} parts of a split model; join the parts first")]
    Split(u64),
    /// A metadata entry.
    #[error("metadata `{key}` {problem}")]
    Metadata {
        /// Its key, escaped and cut.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A tensor.
    #[error("tensor `{name}` {problem}")]
    Tensor {
        /// Its name, escaped and cut.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Bytes that belong to no tensor.
    #[error("holds {0} bytes after its last tensor")]
    Trailing(u64),
}

fn opening(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".into(),
        io::ErrorKind::PermissionDenied => "no permission to read it".into(),
        _ if error.to_string().contains("symbolic links") => "the link leads back to itself".into(),
        _ => format!("could not be opened: {error}"),
    }
}

/// The result of a check in this room.
pub(super) type Checked<T> = Result<T, GgufCause>;

impl GgufCause {
    pub(super) fn metadata(key: &str, problem: impl Into<String>) -> GgufCause {
        GgufCause::Metadata {
            key: cut(key),
            problem: problem.into(),
        }
    }

    pub(super) fn tensor(name: &str, problem: impl Into<String>) -> GgufCause {
        GgufCause::Tensor {
            name: cut(name),
            problem: problem.into(),
        }
    }
}

/// So much of a text of the file is shown.
const SHOWN_BYTES: usize = 72;

/// Returns a text of the file, safe to print and short.
pub(super) fn cut(text: &str) -> String {
    let shown = shown(text).replace('\t', "\\t");
    if shown.len() <= SHOWN_BYTES {
        return shown;
    }
    let fits = |end: &usize| shown.is_char_boundary(*end);
    let end = (0..=SHOWN_BYTES).rev().find(fits).unwrap_or(0);
    format!("{}…", &shown[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_file_is_escaped_and_cut() {
        assert_eq!(cut("blk.0.\u{1b}[31m\t"), "blk.0.\\x1b[31m\\t");
        assert_eq!(cut(&"가".repeat(1000)), format!("{}…", "가".repeat(24)));
    }
}
