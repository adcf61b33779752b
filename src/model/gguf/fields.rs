//! The fields of a header, one behind the other: little-endian numbers, lengths, texts.
//!
//! Every length is held against what is left of the file before a byte is allocated for it.

use std::io::{self, BufReader, Read};

use super::error::{Checked, GgufCause};
use super::source::{GgufSource, Tail};

/// A header may be so long. That of a model with 151,936 tokens takes 6 MB.
const HEADER_BYTES: u64 = 64 << 20;
/// A key or a tensor's name may be so long.
const NAME_BYTES: u64 = 256;

/// Reads a header from its start.
pub(super) struct HeaderFields<'a> {
    reader: BufReader<Tail<'a>>,
    position: u64,
    size_bytes: u64,
    place: &'static str,
}

impl<'a> HeaderFields<'a> {
    pub(super) fn new(source: &'a GgufSource) -> HeaderFields<'a> {
        HeaderFields {
            reader: BufReader::with_capacity(64 << 10, source.tail(0)),
            position: 0,
            size_bytes: source.size_bytes(),
            place: "its first fields",
        }
    }

    /// Names the part that follows, for the error of a file that ends in it.
    pub(super) fn enter(&mut self, place: &'static str) {
        self.place = place;
    }

    /// Returns bytes read so far.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Checks that so many bytes are left.
    pub(super) fn require(&self, bytes: u64) -> Checked<()> {
        match self.position.checked_add(bytes) {
            Some(end) if end <= self.size_bytes.min(HEADER_BYTES) => Ok(()),
            Some(end) if end <= self.size_bytes => Err(GgufCause::Header(format!(
                "the header is larger than {} MB",
                HEADER_BYTES >> 20
            ))),
            _ => Err(GgufCause::Truncated(self.place.into())),
        }
    }

    pub(super) fn skip(&mut self, bytes: u64) -> Checked<()> {
        self.require(bytes)?;
        let mut skipped = self.reader.by_ref().take(bytes);
        let count = io::copy(&mut skipped, &mut io::sink()).map_err(GgufCause::Read)?;
        if count < bytes {
            // The file was cut after it was opened.
            return Err(GgufCause::Read(io::ErrorKind::UnexpectedEof.into()));
        }
        self.position += bytes;
        Ok(())
    }

    pub(super) fn bytes(&mut self, length: u64) -> Checked<Vec<u8>> {
        self.require(length)?;
        let mut bytes = vec![0; length as usize];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Checked<[u8; N]> {
        self.require(N as u64)?;
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Checked<()> {
        self.reader.read_exact(bytes).map_err(GgufCause::Read)?;
        self.position += bytes.len() as u64;
        Ok(())
    }

    pub(super) fn u32(&mut self) -> Checked<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Checked<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// Returns the name of the `index`th of something.
    pub(super) fn name(&mut self, what: &str, index: u64) -> Checked<String> {
        let refuse = |problem: String| GgufCause::Header(format!("{what} {index} {problem}"));
        let length = self.u64()?;
        if !(1..=NAME_BYTES).contains(&length) {
            return Err(refuse(format!(
                "has a name of {length} bytes, not 1 to {NAME_BYTES}"
            )));
        }
        String::from_utf8(self.bytes(length)?)
            .map_err(|_| refuse("has a name that is not UTF-8".into()))
    }
}
