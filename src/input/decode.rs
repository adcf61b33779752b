//! Bytes to text: the charset found is read, bad bytes become U+FFFD, line ends become `\n`.
//!
//! In:  bytes, and an encoding where the user names one. Out: `Decoded`, or the reason it is no article.
//! Never drops a character: a byte that fits nothing is replaced, listed, and its place in the text is told.

use encoding_rs::{DecoderResult, EUC_KR, Encoding};

use super::charset::{self, Charset, Found};
use super::error::DecodeError;
use super::{cp949, mime, refuse};
use crate::article::{Warning, WarningKind};

/// So many bad places get a warning of their own; one more warning counts the rest.
pub const BAD_BYTES_LISTED: usize = 100;

/// Text, the encoding it was read in, and what was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text: UTF-8, without byte-order mark, line ends as `\n`.
    pub text: String,
    /// The encoding's WHATWG name in lower case.
    pub encoding: String,
    /// Bad bytes and guesses.
    pub warnings: Vec<Warning>,
}

/// Decodes bytes in `encoding`, or in the one they show.
pub fn decode(bytes: Vec<u8>, encoding: Option<&'static Encoding>) -> Result<Decoded, DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    if let Some(kind) = refuse::foreign(&bytes) {
        return Err(DecodeError::Foreign(kind));
    }
    let (found, mut raw) = match (mime::message(&bytes), encoding) {
        (Some(text), _) => {
            let raw = Raw {
                text,
                ..Raw::default()
            };
            (Found::UTF_8, raw)
        }
        (None, encoding) => read_encoded(bytes, encoding)?,
    };
    let encoding = found.charset.name();
    raw.unify_line_ends();
    refuse::judge(&raw.text, &encoding, found.guessed)?;
    let mut warnings = raw.warnings(&encoding);
    if found.guessed {
        warnings.insert(0, guess_warning(&encoding));
    }
    Ok(Decoded {
        text: raw.text,
        encoding,
        warnings,
    })
}

/// Reads bytes in `encoding`, or in the one they show.
fn read_encoded(
    bytes: Vec<u8>,
    encoding: Option<&'static Encoding>,
) -> Result<(Found, Raw), DecodeError> {
    match encoding {
        Some(encoding) => {
            let found = charset::given(&bytes, encoding);
            Ok(read_found(bytes, found))
        }
        None => read_unnamed(bytes),
    }
}

/// A mark or zero bytes decide; else strict UTF-8, which needs no second look and no copy; else the votes.
fn read_unnamed(bytes: Vec<u8>) -> Result<(Found, Raw), DecodeError> {
    if let Some(found) = charset::declared(&bytes) {
        return Ok(read_found(bytes, found));
    }
    match String::from_utf8(bytes) {
        Ok(text) if charset::escape_based(text.as_bytes()) => Err(DecodeError::EscapeBased),
        Ok(text) => Ok((
            Found::UTF_8,
            Raw {
                text,
                ..Raw::default()
            },
        )),
        Err(error) => {
            let bytes = error.into_bytes();
            let found = charset::weigh(&bytes)?;
            Ok(read_found(bytes, found))
        }
    }
}

fn guess_warning(encoding: &str) -> Warning {
    let text = format!("the encoding is a guess: {encoding}");
    Warning {
        kind: WarningKind::GuessedEncoding,
        text,
        start: None,
        end: None,
    }
}

/// Text under way, with the places where bytes were replaced.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub text: String,
    /// Offset of the U+FFFD and the bytes it stands for; the first [`BAD_BYTES_LISTED`] of them.
    listed: Vec<(usize, Vec<u8>)>,
    bad: usize,
}

fn read_found(mut bytes: Vec<u8>, found: Found) -> (Found, Raw) {
    let mut raw = Raw::default();
    let mark_bytes = found.mark_bytes;
    match found.charset {
        Charset::Utf8 => {
            bytes.drain(..mark_bytes);
            match String::from_utf8(bytes) {
                Ok(text) => raw.text = text,
                Err(error) => raw.decode_utf8(error.as_bytes()),
            }
        }
        Charset::Cp949 => {
            match EUC_KR.decode_without_bom_handling_and_without_replacement(&bytes[mark_bytes..]) {
                Some(text) => raw.text = text.into_owned(),
                None => cp949::recover(&bytes[mark_bytes..], &mut raw),
            }
        }
        Charset::Utf32Le => raw.decode_utf32(&bytes[mark_bytes..], u32::from_le_bytes),
        Charset::Utf32Be => raw.decode_utf32(&bytes[mark_bytes..], u32::from_be_bytes),
        Charset::Other(encoding) => raw.decode_with(&bytes[mark_bytes..], encoding),
    }
    (found, raw)
}

impl Raw {
    /// Writes U+FFFD for `bytes` and notes the place.
    pub fn bad(&mut self, bytes: &[u8]) {
        if self.listed.len() < BAD_BYTES_LISTED {
            self.listed.push((self.text.len(), bytes.to_vec()));
        }
        self.bad += 1;
        self.text.push(char::REPLACEMENT_CHARACTER);
    }

    fn decode_utf8(&mut self, bytes: &[u8]) {
        self.text.reserve(bytes.len() + 64);
        for chunk in bytes.utf8_chunks() {
            self.text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                self.bad(chunk.invalid());
            }
        }
    }

    fn decode_utf32(&mut self, bytes: &[u8], unit: fn([u8; 4]) -> u32) {
        for chunk in bytes.chunks(4) {
            match <[u8; 4]>::try_from(chunk)
                .ok()
                .and_then(|four| char::from_u32(unit(four)))
            {
                Some(c) => self.text.push(c),
                None => self.bad(chunk),
            }
        }
    }

    /// Decodes with the library's decoder, which resumes after each malformed sequence.
    pub fn decode_with(&mut self, bytes: &[u8], encoding: &'static Encoding) {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut at = 0;
        loop {
            let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len() - at);
            self.text.reserve(room.unwrap_or(bytes.len()));
            let (result, read) =
                decoder.decode_to_string_without_replacement(&bytes[at..], &mut self.text, true);
            at += read;
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    let end = at - usize::from(after);
                    self.bad(&bytes[end.saturating_sub(usize::from(length))..end]);
                }
            }
        }
    }

    /// `\r\n` and lone `\r` become `\n`; the places noted move along.
    fn unify_line_ends(&mut self) {
        if memchr::memchr(b'\r', self.text.as_bytes()).is_none() {
            return;
        }
        let old = std::mem::take(&mut self.text);
        let mut text = String::with_capacity(old.len());
        let mut noted = self.listed.iter_mut().peekable();
        let mut at = 0;
        for return_at in memchr::memchr_iter(b'\r', old.as_bytes()) {
            while let Some((place, _)) = noted.next_if(|(place, _)| *place < return_at) {
                *place -= at - text.len();
            }
            text.push_str(&old[at..return_at]);
            at = return_at + 1;
            if !old[at..].starts_with('\n') {
                text.push('\n');
            }
        }
        for (place, _) in noted {
            *place -= at - text.len();
        }
        text.push_str(&old[at..]);
        self.text = text;
    }

    fn warnings(&self, encoding: &str) -> Vec<Warning> {
        let mut warnings: Vec<Warning> = self
            .listed
            .iter()
            .map(|(at, bytes)| bad_bytes_warning(*at, bytes, encoding))
            .collect();
        let rest = self.bad - self.listed.len();
        if rest > 0 {
            let text = format!(
                "{rest} more places hold bytes that are not {encoding}; each became U+FFFD"
            );
            warnings.push(Warning {
                kind: WarningKind::BadBytes,
                text,
                start: None,
                end: None,
            });
        }
        warnings
    }
}

fn bad_bytes_warning(at: usize, bytes: &[u8], encoding: &str) -> Warning {
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("not {encoding}: {}; became U+FFFD", hex.join(" "));
    Warning {
        kind: WarningKind::BadBytes,
        text,
        start: Some(at),
        end: Some(at + char::REPLACEMENT_CHARACTER.len_utf8()),
    }
}
