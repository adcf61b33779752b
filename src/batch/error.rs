//! Why a batch came to nothing: one error for planning, running, merging and answering.
//!
//! In:  what was tried, on what, and what the system says. Out: a `BatchError`, whose kind is for programs and whose words are for people.

use std::fmt::Display;
use std::io;
use std::path::Path;

use thiserror::Error;

/// The kinds of failure, as far as a caller has to tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchErrorKind {
    /// What was asked for cannot be done so.
    Usage,
    /// An input or a part is not there.
    NoInput,
    /// It is there, and is not what it should be.
    Unusable,
    /// It is a part whose own batch has not come to its end.
    Unfinished,
    /// Another run holds the output folder.
    Held,
    /// The system failed.
    Io,
    /// Whoever read the answers has had enough of them.
    ClosedPipe,
}

/// Why something could not be planned, run, merged or answered.
#[derive(Debug, Error)]
#[error("{name}: {cause}")]
pub struct BatchError {
    /// The kind, for programs.
    pub kind: BatchErrorKind,
    /// The file, folder or other thing it is about.
    pub name: String,
    /// The cause, for people.
    pub cause: String,
}

impl BatchError {
    pub(super) fn new(kind: BatchErrorKind, name: impl Display, cause: impl Display) -> BatchError {
        BatchError {
            kind,
            name: name.to_string(),
            cause: cause.to_string(),
        }
    }

    /// Returns the failure of the system at a file or folder, which could not be `doing`: "opened", "written".
    pub(super) fn io(path: &Path, doing: &str, source: &io::Error) -> BatchError {
        let cause = format_args!("could not be {doing}: {source}");
        BatchError::new(BatchErrorKind::Io, path.display(), cause)
    }

    /// Returns the failure of a system that has no more threads.
    pub(super) fn threads(source: io::Error) -> BatchError {
        BatchError::new(BatchErrorKind::Io, "threads", source)
    }
}
