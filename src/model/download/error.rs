//! Why a model was not pulled, in one line each.

use std::path::PathBuf;

use thiserror::Error;

use crate::model::store::StoreError;

/// Why a model was not pulled.
#[derive(Debug, Error)]
pub enum DownloadError {
    /// An environment variable makes no sense; its value may be a secret and is not shown.
    #[error("{variable} {cause}")]
    Setting {
        /// The variable.
        variable: &'static str,
        /// What is wrong with its value.
        cause: &'static str,
    },
    /// HF_HUB_OFFLINE is set.
    #[error("is not on this computer, and HF_HUB_OFFLINE forbids to fetch it")]
    Offline,
    /// The models file does not say what the file must be.
    #[error("is not pinned: nobody has written down what its file must be")]
    Unpinned,
    /// The models file does not say where it lies.
    #[error("has no address it could be fetched from")]
    NoAddress,
    /// No connection could be made.
    #[error("{host} could not be reached: {cause}")]
    Unreachable {
        /// The server.
        host: String,
        /// Why.
        cause: String,
    },
    /// The server refused.
    #[error("{host} answered with status {status}")]
    Status {
        /// The server.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The server sent elsewhere, in a way that is not followed.
    #[error("{host} redirects {cause}")]
    Redirect {
        /// The server that redirects, or that the pull began with.
        host: String,
        /// Where to, or how often.
        cause: &'static str,
    },
    /// A page for people came instead of the file.
    #[error("{host} sent an HTML page, not the file")]
    Html {
        /// The server.
        host: String,
    },
    /// The server's file has another size than the model's.
    #[error("{host} offers {found} bytes, expected {expected}")]
    Length {
        /// The server.
        host: String,
        /// The model's size.
        expected: u64,
        /// The size the server tells.
        found: u64,
    },
    /// The server does not tell an unpinned file's size, or tells one no model has.
    #[error("{host} does not tell how large the file is")]
    NoLength {
        /// The server.
        host: String,
    },
    /// A part came that nobody asked for.
    #[error("{host} sent another part of the file than was asked for")]
    Range {
        /// The server.
        host: String,
    },
    /// The connection ended before the file did.
    #[error("the connection to {host} was cut: {cause}")]
    Cut {
        /// The server.
        host: String,
        /// How.
        cause: String,
    },
    /// The body said to be compressed is not.
    #[error("{host} sent a body that cannot be unpacked: {cause}")]
    Garbled {
        /// The server.
        host: String,
        /// Why.
        cause: String,
    },
    /// The server sent nothing, or next to nothing, for too long.
    #[error("{host} stalled: less than 1 KiB a second for {seconds} s")]
    Stalled {
        /// The server.
        host: String,
        /// For so long.
        seconds: u64,
    },
    /// The whole file came and is another.
    #[error("checksum failed: {host} sent a file with sha256 {found}, expected {expected}")]
    Hash {
        /// The server.
        host: String,
        /// The model's hash.
        expected: String,
        /// The file's.
        found: String,
    },
    /// The disk has no room for it.
    #[error("{} has {free} bytes free, {needed} are needed", folder.display())]
    NoSpace {
        /// Where it would lie.
        folder: PathBuf,
        /// Bytes still to come.
        needed: u64,
        /// Bytes there is room for.
        free: u64,
    },
    /// The file could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DownloadError {
    /// Returns whether the same again may end better. A server that was never reached is told at once.
    pub(super) fn may_pass(&self, has_begun: bool) -> bool {
        match self {
            DownloadError::Cut { .. } | DownloadError::Stalled { .. } => true,
            DownloadError::Status { status, .. } => matches!(status, 408 | 429 | 500..=599),
            DownloadError::Unreachable { .. } => has_begun,
            _ => false,
        }
    }

    /// Returns whether the bytes that came are worth keeping for the next pull.
    pub(super) fn leaves_part(&self) -> bool {
        !matches!(self, DownloadError::Hash { .. })
    }
}
