//! Files and standard input, within the size limit.

use std::io::Read;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{DecodeError, Document, decode};
use crate::article::Source;

/// Why an input could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file could not be opened or read.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The bytes are no text.
    #[error("{0}")]
    Decode(#[from] DecodeError),
}

/// Reads and decodes a file.
pub fn read_file(path: &Path, encoding: Option<&'static encoding_rs::Encoding>) -> Result<Document, ReadError> {
    let bytes = std::fs::read(path).map_err(|source| ReadError::Io { path: path.into(), source })?;
    document(path.file_name().unwrap_or_default().to_string_lossy().into_owned(), &bytes, encoding)
}

/// Reads and decodes standard input.
pub fn read_stdin(encoding: Option<&'static encoding_rs::Encoding>) -> Result<Document, ReadError> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|source| ReadError::Io { path: "-".into(), source })?;
    document("-".into(), &bytes, encoding)
}

fn document(name: String, bytes: &[u8], encoding: Option<&'static encoding_rs::Encoding>) -> Result<Document, ReadError> {
    use sha2::{Digest, Sha256};
    let (text, encoding, warnings) = decode(bytes, encoding)?;
    let sha256 = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
    let source = Source { name, bytes: bytes.len() as u64, encoding: encoding.into(), sha256 };
    Ok(Document { source, text, warnings })
}
