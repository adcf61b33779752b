//! Files and standard input, within the size limit.
//!
//! In:  a path or standard input. Out: bytes or a `Document`. Never waits for a pipe nobody writes to, never reads a
//! device, and refuses what is too large by its size, before it is read.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use thiserror::Error;

use super::{DecodeError, Document, MAX_INPUT_BYTES, TextForm, decode, refuse};
use crate::article::Source;

/// An input that could not be read, and why.
#[derive(Debug, Error)]
#[error("{name}: {cause}")]
pub struct ReadError {
    /// The path as it was given; `-` for standard input.
    pub name: String,
    /// Why.
    #[source]
    pub cause: ReadCause,
}

/// Why an input could not be read.
#[derive(Debug, Error)]
pub enum ReadCause {
    /// Nothing could be opened under that name.
    #[error("{}", opening(.0))]
    Open(#[source] io::Error),
    /// A folder.
    #[error("is a folder, not a file")]
    Folder,
    /// A terminal, a disk or another device.
    #[error("is a device, not a file")]
    Device,
    /// A named pipe nobody writes to.
    #[error("is a pipe without a writer")]
    Pipe,
    /// The system failed while reading.
    #[error("could not be read: {0}")]
    Read(#[source] io::Error),
    /// More than [`MAX_INPUT_BYTES`].
    #[error("larger than {} MB{}", MAX_INPUT_BYTES >> 20, sized(*bytes))]
    TooLarge {
        /// The size, where it is known without reading.
        bytes: Option<u64>,
    },
    /// The bytes are no article.
    #[error("{0}")]
    Decode(#[from] DecodeError),
}

fn opening(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".into(),
        io::ErrorKind::PermissionDenied => "no permission to read it".into(),
        _ if error.to_string().contains("symbolic links") => "the link leads back to itself".into(),
        _ => format!("could not be opened: {error}"),
    }
}

fn sized(bytes: Option<u64>) -> String {
    bytes
        .map(|bytes| format!(" ({} MB)", bytes >> 20))
        .unwrap_or_default()
}

/// Reads and decodes a file.
pub fn read_file(
    path: &Path,
    encoding: Option<&'static encoding_rs::Encoding>,
) -> Result<Document, ReadError> {
    let bytes = read_bytes(path)?;
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned();
    document(name, bytes, encoding).map_err(|cause| failed(path, cause.into()))
}

/// Reads and decodes standard input.
pub fn read_stdin(encoding: Option<&'static encoding_rs::Encoding>) -> Result<Document, ReadError> {
    document("-".into(), read_stdin_bytes()?, encoding)
        .map_err(|cause| failed("-".as_ref(), cause.into()))
}

/// Reads the bytes of standard input, within the size limit.
pub fn read_stdin_bytes() -> Result<Vec<u8>, ReadError> {
    read_limited(io::stdin().lock(), 0).map_err(|cause| failed("-".as_ref(), cause))
}

/// Reads a file's bytes, within the size limit.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, ReadError> {
    open(path)
        .and_then(|(file, size)| read_limited(file, size))
        .map_err(|cause| failed(path, cause))
}

fn failed(path: &Path, cause: ReadCause) -> ReadError {
    ReadError {
        name: path.to_string_lossy().into_owned(),
        cause,
    }
}

/// Decodes bytes that were read before, under the name notes give their source.
pub fn document(
    name: String,
    bytes: Vec<u8>,
    encoding: Option<&'static encoding_rs::Encoding>,
) -> Result<Document, DecodeError> {
    let size = bytes.len() as u64;
    let sha256 = crate::hash::sha256(&bytes);
    let form = TextForm::of_name(&name);
    let decoded = decode(bytes, encoding)?;
    let is_page = form == TextForm::Auto && refuse::is_page(&decoded.text);
    let source = Source {
        name,
        bytes: size,
        encoding: decoded.encoding,
        sha256,
    };
    let document = Document {
        source,
        text: decoded.text,
        form,
        page: None,
        warnings: decoded.warnings,
    };
    document.in_form((is_page || form == TextForm::Html).then_some(TextForm::Html))
}

/// Opens anything but a folder, and never waits for it.
fn open_at_once(path: &Path) -> Result<(File, Metadata), ReadCause> {
    let file = open_without_waiting(path).map_err(ReadCause::Open)?;
    let metadata = file.metadata().map_err(ReadCause::Open)?;
    if metadata.is_dir() {
        return Err(ReadCause::Folder);
    }
    Ok((file, metadata))
}

/// Opens what can be read as a file: a regular file, or a pipe somebody writes to. Returns its size where it has one.
fn open(path: &Path) -> Result<(Box<dyn Read>, u64), ReadCause> {
    let (file, metadata) = open_at_once(path)?;
    if is_pipe(&metadata) {
        return read_pipe(file).map(|reader| (reader, 0));
    }
    if !metadata.is_file() {
        return Err(ReadCause::Device);
    }
    if metadata.len() > MAX_INPUT_BYTES {
        return Err(ReadCause::TooLarge {
            bytes: Some(metadata.len()),
        });
    }
    Ok((Box::new(file), metadata.len()))
}

/// Opening a pipe in the ordinary way waits until somebody writes to it, perhaps for ever.
#[cfg(unix)]
fn open_without_waiting(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    File::options()
        .read(true)
        .custom_flags(flags.bits() as i32)
        .open(path)
}

#[cfg(unix)]
fn is_pipe(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

/// A pipe without a writer ends at once; with one (`<(command)`) its first bytes are awaited as usual.
#[cfg(unix)]
fn read_pipe(mut file: File) -> Result<Box<dyn Read>, ReadCause> {
    let mut first = [0];
    let start = match file.read(&mut first) {
        Ok(0) => return Err(ReadCause::Pipe),
        Ok(read) => first[..read].to_vec(),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Vec::new(),
        Err(error) => return Err(ReadCause::Read(error)),
    };
    rustix::fs::fcntl_setfl(&file, rustix::fs::OFlags::empty())
        .map_err(|error| ReadCause::Read(error.into()))?;
    Ok(Box::new(io::Cursor::new(start).chain(file)))
}

#[cfg(not(unix))]
fn open_without_waiting(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn read_pipe(file: File) -> Result<Box<dyn Read>, ReadCause> {
    Ok(Box::new(file))
}

/// Reads to the end, or to one byte past the limit.
fn read_limited(reader: impl Read, size: u64) -> Result<Vec<u8>, ReadCause> {
    // One byte more than the size: the read that finds the end then needs no second buffer.
    let mut bytes = Vec::with_capacity(size as usize + 1);
    reader
        .take(MAX_INPUT_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(ReadCause::Read)?;
    if bytes.len() as u64 > MAX_INPUT_BYTES {
        return Err(ReadCause::TooLarge { bytes: None });
    }
    Ok(bytes)
}
