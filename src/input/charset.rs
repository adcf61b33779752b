//! Which encoding bytes are in.
//!
//! In:  bytes. Out: `Found`, a charset and whether it was guessed. Order of proof: byte-order mark, UTF-16 by its zero
//! bytes, strict UTF-8, then UTF-8 against CP949 with the errors of each counted, and chardetng only where neither fits.
//! One bad byte never decides: chardetng alone calls a Korean text with a single damaged byte windows-1252.

use crate::language::hangul::is_hangul;
use encoding_rs::{EUC_KR, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::DecodeError;

/// How bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// CP949, which the WHATWG calls EUC-KR: KS X 1001 and the 8,822 other modern syllables.
    Cp949,
    /// UTF-32, least significant byte first.
    Utf32Le,
    /// UTF-32, most significant byte first.
    Utf32Be,
    /// Any other encoding the decoder knows.
    Other(&'static Encoding),
}

impl Charset {
    /// The name output uses: the WHATWG name in lower case where there is one.
    pub fn name(self) -> String {
        match self {
            Charset::Utf8 => "utf-8".into(),
            Charset::Cp949 => "euc-kr".into(),
            Charset::Utf32Le => "utf-32le".into(),
            Charset::Utf32Be => "utf-32be".into(),
            Charset::Other(encoding) => encoding.name().to_ascii_lowercase(),
        }
    }
}

impl From<&'static Encoding> for Charset {
    fn from(encoding: &'static Encoding) -> Charset {
        if encoding == UTF_8 {
            Charset::Utf8
        } else if encoding == EUC_KR {
            Charset::Cp949
        } else {
            Charset::Other(encoding)
        }
    }
}

/// The encoding with this name: WHATWG labels, and the names Korean systems use for CP949.
pub fn encoding_named(name: &str) -> Option<&'static Encoding> {
    let lower = name.trim().to_ascii_lowercase();
    match lower.as_str() {
        "cp949" | "ms949" | "uhc" | "euckr" | "949" => Some(EUC_KR),
        "utf16" => Some(UTF_16LE),
        "utf16le" => Some(UTF_16LE),
        "utf16be" => Some(UTF_16BE),
        "cp1252" | "latin-1" => Encoding::for_label(b"windows-1252"),
        _ => Encoding::for_label_no_replacement(lower.as_bytes()),
    }
}

/// A charset, the length of its mark, and whether it rests on a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub charset: Charset,
    pub mark_bytes: usize,
    pub guessed: bool,
}

impl Found {
    /// UTF-8 without a mark.
    pub const UTF_8: Found = Found {
        charset: Charset::Utf8,
        mark_bytes: 0,
        guessed: false,
    };
}

/// The charset the user named, with its own mark skipped.
pub(super) fn given(bytes: &[u8], encoding: &'static Encoding) -> Found {
    let mark_bytes = match Encoding::for_bom(bytes) {
        Some((marked, length)) if marked == encoding => length,
        _ => 0,
    };
    Found {
        charset: encoding.into(),
        mark_bytes,
        guessed: false,
    }
}

/// Returns what the bytes say outright: a mark, or zero bytes where UTF-16 has them.
pub(super) fn declared(bytes: &[u8]) -> Option<Found> {
    let by_zeros = || utf16_by_zeros(bytes).map(|encoding| guess(Charset::Other(encoding)));
    marked(bytes).or_else(by_zeros)
}

/// Bytes of a page in which it may name its encoding.
const MARKUP_HEAD: usize = 4 << 10;

/// The encoding a page names in a meta element or an XML declaration; UTF-8 that is none names nothing.
fn named_in_markup(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'<') {
        return None;
    }
    let head = bytes[..bytes.len().min(MARKUP_HEAD)].to_ascii_lowercase();
    let label = [&b"charset"[..], b"encoding"]
        .into_iter()
        .find_map(|name| {
            let mut found = memchr::memmem::find_iter(&head, name);
            found.find_map(|at| label_behind(&head[at + name.len()..]))
        })?;
    encoding_named(&label).filter(|encoding| encoding.is_ascii_compatible() && *encoding != UTF_8)
}

/// The label behind `=` and a quotation mark.
fn label_behind(bytes: &[u8]) -> Option<String> {
    let blank = |b: &&u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'');
    let mut rest = bytes.iter().skip_while(blank);
    if rest.next() != Some(&b'=') {
        return None;
    }
    let label: Vec<u8> = rest
        .skip_while(blank)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
        .copied()
        .collect();
    String::from_utf8(label)
        .ok()
        .filter(|label| !label.is_empty())
}

/// Finds the charset of bytes that are no strict UTF-8.
pub(super) fn weigh(bytes: &[u8]) -> Result<Found, DecodeError> {
    if let Some(encoding) = named_in_markup(bytes) {
        return Ok(Found {
            charset: encoding.into(),
            ..Found::UTF_8
        });
    }
    let utf8 = Utf8Vote::count(bytes);
    let cp949 = Cp949Vote::count(bytes);
    match (utf8.fits(), cp949.fits()) {
        (true, true) if (utf8.errors, cp949.hangul) <= (cp949.errors, utf8.hangul) => {
            Ok(Found::UTF_8)
        }
        (_, true) => Ok(Found {
            charset: Charset::Cp949,
            ..Found::UTF_8
        }),
        (true, false) => Ok(Found::UTF_8),
        (false, false) if utf8.mixed() => Err(DecodeError::MixedEncodings),
        (false, false) => Ok(guess(Charset::from(guess_others(bytes)))),
    }
}

fn guess(charset: Charset) -> Found {
    Found {
        charset,
        mark_bytes: 0,
        guessed: true,
    }
}

/// The charset a byte-order mark names. UTF-32LE first: its mark begins as that of UTF-16LE.
fn marked(bytes: &[u8]) -> Option<Found> {
    const MARKS: [(&[u8], Charset); 5] = [
        (b"\xff\xfe\0\0", Charset::Utf32Le),
        (b"\0\0\xfe\xff", Charset::Utf32Be),
        (b"\xef\xbb\xbf", Charset::Utf8),
        (b"\xff\xfe", Charset::Other(UTF_16LE)),
        (b"\xfe\xff", Charset::Other(UTF_16BE)),
    ];
    MARKS
        .iter()
        .find(|(mark, _)| bytes.starts_with(mark))
        .map(|&(mark, charset)| Found {
            charset,
            mark_bytes: mark.len(),
            guessed: false,
        })
}

/// Zero bytes needed at one parity, as a share of the units: Korean has about one space or mark in five characters.
/// Tuned on news articles of both languages; text in UTF-8 with stray zero bytes has them at both parities.
const ZERO_UNITS_PER_100: usize = 5;

/// UTF-16 without a mark, told by its zero bytes: spaces and ASCII have theirs at one parity only.
fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    memchr::memchr(0, bytes)?;
    let (mut even, mut odd) = (0usize, 0usize);
    for pair in bytes.chunks_exact(2) {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    let (encoding, most, least) = if odd >= even {
        (UTF_16LE, odd, even)
    } else {
        (UTF_16BE, even, odd)
    };
    let units = bytes.len() / 2;
    let skewed = most * 100 > units * ZERO_UNITS_PER_100 && most > least * 4;
    (skewed && reads_as_text(bytes, encoding)).then_some(encoding)
}

/// Returns whether most of the first units are letters, digits, spaces and marks of the two languages.
fn reads_as_text(bytes: &[u8], encoding: &'static Encoding) -> bool {
    let sample = &bytes[..bytes.len().min(8192)];
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let plain = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{ff}' | '\u{1100}'..='\u{11ff}' | '\u{2010}'..='\u{2026}' | '\u{3000}'..='\u{303f}' | '\u{3130}'..='\u{318f}' | '가'..='힣' | '\u{ff00}'..='\u{ffee}');
    text.chars().filter(plain).count() * 10 >= text.chars().count() * 8
}

/// Returns whether these are seven-bit bytes that switch sets by escapes: ISO-2022-KR, ISO-2022-JP and their kin.
pub(super) fn escape_based(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    head.is_ascii()
        && head.windows(3).any(|w| {
            matches!(
                w,
                [0x1b, b'$', b')' | b'B' | b'@' | b'A'] | [0x1b, b'(', b'J' | b'I']
            )
        })
}

/// Hangul syllables for each error in UTF-8 that chance does not give: with these and too many errors, two encodings are
/// mixed. Random bytes give one for a thousand errors, a file half in CP949 one or two for each.
const ERRORS_PER_MIXED_HANGUL: usize = 8;
/// A charset fits while it reads this many characters for each error; damaged news keeps far above it (hundreds), a
/// wrong charset stays below one.
const CHARACTERS_PER_ERROR: usize = 4;
/// So many bad bytes may stand in plain ASCII before they are taken for letters of a one-byte encoding.
const LONE_BAD_BYTES: usize = 2;
const BYTES_PER_LONE_ERROR: usize = 100;
/// Modern Korean writes hardly any Hanja, few syllables outside KS X 1001, and fewer signs than syllables; Chinese bytes
/// read as CP949 give a Hanja for every syllable or two, Japanese ones mostly signs (the kana). Checked on Korean news and on Chinese, Japanese and French sentences.
const PLAIN_PER_RARE: usize = 2;

/// One changed byte spoils up to so many side by side: the whole character it stood in.
const BYTES_PER_ACCIDENT: usize = 4;

/// UTF-8 with its errors counted.
#[derive(Debug, Default)]
struct Utf8Vote {
    bytes: usize,
    errors: usize,
    multibyte: usize,
    hangul: usize,
}

impl Utf8Vote {
    fn count(bytes: &[u8]) -> Utf8Vote {
        let mut vote = Utf8Vote::default();
        let mut spoilt = 0;
        for chunk in bytes.utf8_chunks() {
            for c in chunk.valid().chars().filter(|c| !c.is_ascii()) {
                vote.multibyte += 1;
                vote.hangul += usize::from(is_hangul(c));
            }
            let bad = chunk.invalid().len();
            spoilt = if chunk.valid().is_empty() {
                spoilt + bad
            } else {
                bad
            };
            if bad > 0 && (spoilt == bad || spoilt > BYTES_PER_ACCIDENT) {
                vote.errors += 1;
                spoilt = bad;
            }
        }
        vote.bytes = bytes.len();
        vote
    }

    fn fits(&self) -> bool {
        let lone =
            self.errors <= LONE_BAD_BYTES && self.errors * BYTES_PER_LONE_ERROR <= self.bytes;
        lone || (self.multibyte > 0 && self.errors * CHARACTERS_PER_ERROR <= self.multibyte)
    }

    fn mixed(&self) -> bool {
        self.hangul * ERRORS_PER_MIXED_HANGUL >= self.errors
    }
}

/// CP949 with its errors counted, by the shape of the byte pairs alone.
#[derive(Debug, Default)]
struct Cp949Vote {
    errors: usize,
    hangul: usize,
    rare: usize,
    signs: usize,
}

impl Cp949Vote {
    fn count(bytes: &[u8]) -> Cp949Vote {
        let mut vote = Cp949Vote::default();
        let mut at = 0;
        while let Some(&lead) = bytes.get(at) {
            if lead < 0x80 {
                at += 1;
                continue;
            }
            let trail = bytes.get(at + 1).copied().unwrap_or(0);
            let (field, width) = match (lead, trail) {
                (0x80 | 0xff, _) => (&mut vote.errors, 1),
                (0xb0..=0xc8, 0xa1..=0xfe) => (&mut vote.hangul, 2),
                (0xca..=0xfd, 0xa1..=0xfe) => (&mut vote.rare, 2),
                (0xa1..=0xac, 0xa1..=0xfe) => (&mut vote.signs, 2),
                (0x81..=0xc6, 0x41..=0x5a | 0x61..=0x7a | 0x81..=0xfe) => (&mut vote.rare, 2),
                (_, 0..=0x7f) => (&mut vote.errors, 1),
                _ => (&mut vote.errors, 2),
            };
            *field += 1;
            at += width;
        }
        vote
    }

    fn fits(&self) -> bool {
        let read = self.hangul + self.rare + self.signs;
        let korean = self.hangul > 0
            && self.hangul >= self.rare * PLAIN_PER_RARE
            && self.hangul >= self.signs;
        korean && self.errors * CHARACTERS_PER_ERROR <= read
    }
}

/// The last resort: neither UTF-8 nor Korean.
fn guess_others(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}
