//! JSON lines: one article a line, in a plain file or a zstd one.
//!
//! In:  a path. Out: its lines with their numbers, and of a line the article it holds. A broken line is its own failure and
//! the next one is read; no line is ever held beyond the size limit of an input.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use serde::Deserialize;
use thiserror::Error;

use crate::input::MAX_INPUT_BYTES;

/// Ids name things; past this length they are a text in the wrong place.
const MAX_ID_BYTES: usize = 1_024;

/// Tells whether a file holds JSON lines, by its name.
pub fn is_json_lines(path: &Path) -> bool {
    let name = path.as_os_str().as_encoded_bytes().to_ascii_lowercase();
    let name = name.strip_suffix(b".zst").unwrap_or(&name);
    name.ends_with(b".jsonl") || name.ends_with(b".ndjson")
}

/// The article of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineArticle {
    /// What the line calls it.
    pub id: String,
    /// Its text; a title the line gives apart stands in front of it.
    pub text: Result<String, LineError>,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LineError {
    /// Not JSON, or not of the right types.
    #[error("no JSON of an article: column {column}: {cause}")]
    Json {
        /// Counted in bytes, from 1.
        column: usize,
        /// What the reader says.
        cause: String,
    },
    /// Longer than an input may be.
    #[error("larger than {} MB", MAX_INPUT_BYTES >> 20)]
    TooLarge,
    /// `id` is empty or endless.
    #[error("its id is {0}")]
    Id(&'static str),
    /// Neither `text` nor `html`.
    #[error("has no text")]
    NoText,
}

#[derive(Deserialize)]
struct LineFields {
    id: Id,
    text: Option<String>,
    html: Option<String>,
    title: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(i64),
}

/// Reads the article of a line; of one that has an id and no text, the id is told.
pub fn record(line: &[u8]) -> Result<LineArticle, LineError> {
    let fields: LineFields = serde_json::from_slice(line).map_err(|error| json_error(&error))?;
    let id = fields.id.checked()?;
    let text = match (fields.text, fields.html) {
        (Some(text), _) => Ok(titled(fields.title.as_deref().unwrap_or(""), text)),
        (None, Some(html)) => Ok(page(fields.title.as_deref().unwrap_or(""), &html)),
        (None, None) => Err(LineError::NoText),
    };
    Ok(LineArticle { id, text })
}

/// Returns the id of a line that is no article, where it has a sound one.
pub fn id_of_broken(line: &[u8]) -> Option<String> {
    let named: LineId = serde_json::from_slice(line).ok()?;
    named.id.checked().ok()
}

#[derive(Deserialize)]
struct LineId {
    id: Id,
}

impl Id {
    fn checked(self) -> Result<String, LineError> {
        let id = match self {
            Id::Text(id) => id,
            Id::Number(id) => id.to_string(),
        };
        if id.trim().is_empty() {
            return Err(LineError::Id("empty"));
        }
        if id.len() > MAX_ID_BYTES {
            return Err(LineError::Id("longer than 1,024 bytes"));
        }
        Ok(id)
    }
}

/// Puts the place first, as it is the start of a message that survives being cut.
fn json_error(error: &serde_json::Error) -> LineError {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let cause = error.to_string();
    LineError::Json {
        column: error.column(),
        cause: cause.strip_suffix(&place).unwrap_or(&cause).to_string(),
    }
}

/// Puts the title on a line of its own before the text, unless the text opens with it.
fn titled(title: &str, text: String) -> String {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() || text.trim_start().starts_with(&title) {
        return text;
    }
    format!("{title}\n\n{text}")
}

/// Says that markup is a page, however little of one it is, and what its title is.
fn page(title: &str, html: &str) -> String {
    let title = match title.trim() {
        "" => String::new(),
        title => format!("<title>{}</title>", html_escape::encode_text(title)),
    };
    format!("<!doctype html>{title}{html}")
}

/// A line without its end, or why it was not kept, with its number from 1.
pub type Numbered<'a> = (u32, Result<&'a [u8], LineError>);

/// The lines of a file.
pub struct Lines {
    reader: Box<dyn BufRead + Send>,
    number: u32,
    line: Vec<u8>,
}

impl Lines {
    /// Returns the lines of a stream.
    pub fn of(reader: Box<dyn BufRead + Send>) -> Lines {
        Lines {
            reader,
            number: 0,
            line: Vec::new(),
        }
    }

    /// Opens a file; one whose name ends in `.zst` is unpacked as it is read.
    pub fn open(path: &Path) -> io::Result<Lines> {
        let file = BufReader::new(File::open(path)?);
        let packed = path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("zst"));
        let reader: Box<dyn BufRead + Send> = match packed {
            true => Box::new(BufReader::new(Frames::new(file))),
            false => Box::new(file),
        };
        Ok(Lines::of(reader))
    }

    /// Returns the next line that is not blank; one that is too long comes as an error and is passed over.
    pub fn next_line(&mut self) -> io::Result<Option<Numbered<'_>>> {
        loop {
            let Some(fits) = self.fill()? else {
                return Ok(None);
            };
            self.number += 1;
            if !fits {
                return Ok(Some((self.number, Err(LineError::TooLarge))));
            }
            if !self.line.trim_ascii().is_empty() {
                break;
            }
        }
        let line = self.line.trim_ascii();
        let line = match self.number {
            1 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
            _ => line,
        };
        Ok(Some((self.number, Ok(line))))
    }

    /// Reads a line to its end, and keeps it if it fits; nothing at the end of the file.
    fn fill(&mut self) -> io::Result<Option<bool>> {
        self.line.clear();
        let mut limited = (&mut self.reader).take(MAX_INPUT_BYTES + 1);
        if limited.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        let whole = self.line.ends_with(b"\n") || self.line.len() as u64 <= MAX_INPUT_BYTES;
        if !whole {
            self.line = Vec::new();
            self.reader.skip_until(b'\n')?;
        }
        Ok(Some(whole))
    }
}

/// A zstd file: any number of frames, each with its checksum tested where it has one.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
}

impl<R: BufRead> Frames<R> {
    fn new(source: R) -> Frames<R> {
        Frames {
            source,
            decoder: FrameDecoder::new(),
        }
    }

    /// Begins the next frame that holds data; false at the end of the file.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut skipped = (&mut self.source).take(length.into());
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(error) => return Err(unsound(&error)),
            }
        }
        Ok(false)
    }

    fn check(&self) -> io::Result<()> {
        let written = self.decoder.get_checksum_from_data();
        match written.is_none() || written == self.decoder.get_calculated_checksum() {
            true => Ok(()),
            false => Err(unsound(&"a checksum does not match")),
        }
    }
}

fn unsound(cause: &dyn std::fmt::Display) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("not sound zstd: {cause}"),
    )
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.decoder.can_collect() > 0 {
                return self.decoder.read(buffer);
            }
            if self.decoder.is_finished() {
                self.check()?;
                if !self.begin()? {
                    return Ok(0);
                }
            } else {
                self.decoder
                    .decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1))
                    .map_err(|error| unsound(&error))?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, bytes: &[u8]) -> Vec<(u32, Result<String, String>)> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        let mut lines = Lines::open(&path).expect("opened");
        let mut read = Vec::new();
        while let Some((number, line)) = lines.next_line().expect("read") {
            let text = line
                .and_then(record)
                .and_then(|record| Ok(format!("{}={}", record.id, record.text?)))
                .map_err(|error| error.to_string());
            read.push((number, text));
        }
        read
    }

    #[test]
    fn a_line_is_an_article_and_a_broken_one_is_told() {
        let lines = "\u{feff}{\"id\":\"가\",\"text\":\"강이 불었다.\"}\n\n\
            {\"id\":7,\"title\":\" A  river\",\"text\":\"It rose.\",\"other\":[1]}\r\n\
            {\"id\":\"t\",\"title\":\"It\",\"text\":\"It rose.\"}\n\
            {\"id\":\"h\",\"html\":\"<p>\"}\n{\"id\":\" \",\"text\":\"\"}\n{\"id\":\"n\"}\n{\"text\":1";
        let read = read("a.jsonl", lines.as_bytes());
        let expected = [
            (1, Ok("가=강이 불었다.")),
            (3, Ok("7=A river\n\nIt rose.")),
            (4, Ok("t=It rose.")),
            (5, Ok("h=<!doctype html><p>")),
            (6, Err("its id is empty")),
            (7, Err("has no text")),
        ];
        for (read, (number, line)) in read.iter().zip(expected) {
            assert_eq!(
                *read,
                (number, line.map(String::from).map_err(String::from))
            );
        }
        let (number, last) = &read[6];
        let cause = last.as_ref().expect_err("broken");
        assert!(
            *number == 8 && cause.starts_with("no JSON of an article: column"),
            "{cause}"
        );
    }

    #[test]
    fn zstd_frames_follow_each_other_and_a_broken_one_is_told() {
        let pack = |text: &str| {
            ruzstd::encoding::compress_to_vec(
                text.as_bytes(),
                ruzstd::encoding::CompressionLevel::Fastest,
            )
        };
        let mut packed = pack("{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"b\",");
        // A frame to be skipped, of three bytes.
        packed.extend(b"\x50\x2a\x4d\x18\x03\0\0\0abc");
        packed.extend(pack("\"text\":\"y\"}\n"));
        let read = read("a.jsonl.zst", &packed);
        assert_eq!(read, [(1, Ok("a=x".into())), (2, Ok("b=y".into()))]);

        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("b.jsonl.zst");
        std::fs::write(&path, &packed[..packed.len() / 3]).expect("written");
        let mut lines = Lines::open(&path).expect("opened");
        let error = loop {
            match lines.next_line() {
                Ok(None) => panic!("half a frame was taken for a whole one"),
                Ok(Some(_)) => {}
                Err(error) => break error.to_string(),
            }
        };
        assert!(error.starts_with("not sound zstd"), "{error}");
    }
}
