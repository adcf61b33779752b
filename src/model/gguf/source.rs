//! Where a model's bytes lie: an open file or memory. Read at an offset, so that many may read at once.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// An open file, or bytes.
#[derive(Debug)]
pub(super) enum GgufSource {
    /// A regular file and its size in bytes when it was opened.
    File(File, u64),
    /// The whole content.
    Bytes(Vec<u8>),
}

impl GgufSource {
    pub(super) fn size_bytes(&self) -> u64 {
        match self {
            GgufSource::File(_, size) => *size,
            GgufSource::Bytes(bytes) => bytes.len() as u64,
        }
    }

    /// Returns a reader of everything from `offset` on.
    pub(super) fn tail(&self, offset: u64) -> Tail<'_> {
        Tail {
            source: self,
            offset,
        }
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            GgufSource::File(file, _) => read_file_at(file, buffer, offset),
            GgufSource::Bytes(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX);
                bytes.get(start..).unwrap_or_default().read(buffer)
            }
        }
    }
}

#[cfg(unix)]
fn read_file_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_file_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Reads on from an offset; has no part in anybody else's position.
pub(super) struct Tail<'a> {
    source: &'a GgufSource,
    offset: u64,
}

impl Read for Tail<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read_at(buffer, self.offset)?;
        self.offset += read as u64;
        Ok(read)
    }
}

/// Opens what may be no regular file: opening a pipe in the ordinary way waits until somebody writes to it.
#[cfg(unix)]
pub(super) fn open_without_waiting(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    File::options()
        .read(true)
        .custom_flags(flags.bits() as i32)
        .open(path)
}

#[cfg(not(unix))]
pub(super) fn open_without_waiting(path: &Path) -> io::Result<File> {
    File::open(path)
}
