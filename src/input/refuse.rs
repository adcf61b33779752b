//! What is no article: other files' bytes, controls, white space; and what is a page.
//!
//! In:  bytes before decoding, text after. Out: the exact cause of a refusal, or nothing.
//! A plain text that speaks of tags, or holds a few stray controls, is still a text.

use super::DecodeError;

/// First bytes of common files that are no text, and what people call them.
const SIGNATURES: [(&[u8], &str); 20] = [
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"\x7fELF", "an ELF program"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"PK\x05\x06", "a zip archive or an office document"),
    (b"BZh91AY&SY", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old office document (doc, hwp, xls)",
    ),
    (b"HWP Document File", "an old hwp document"),
    (b"{\\rtf1", "an RTF document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"OggS\0", "an Ogg file"),
    (b"\0asm", "a WebAssembly file"),
];

/// The kind of file these bytes begin.
pub(super) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    SIGNATURES
        .iter()
        .find(|(signature, _)| bytes.starts_with(signature))
        .map(|(_, kind)| *kind)
}

/// Controls and private characters a text may hold: one in five. Escape sequences and stray NULs stay far below.
const CONTROL_SHARE: usize = 5;
/// Where the encoding is a guess: one in forty. Random bytes read in any one-byte encoding have one in nine.
const CONTROL_SHARE_GUESSED: usize = 40;
/// Private-use characters and noncharacters: one in twelve. Random UTF-16 has one in ten.
const PRIVATE_SHARE: usize = 12;
/// Replacement characters: one in three. Two encodings in one file give more than one in two.
const REPLACED_SHARE: usize = 3;

/// Refuses what is no article.
pub(super) fn judge(text: &str, encoding: &str, guessed: bool) -> Result<(), DecodeError> {
    if text.is_empty() {
        return Err(DecodeError::OnlyMark);
    }
    if text.chars().all(char::is_whitespace) {
        return Err(DecodeError::OnlyWhiteSpace);
    }
    let survey = Survey::of(text.as_bytes());
    if survey.replaced * REPLACED_SHARE > survey.characters {
        return Err(DecodeError::Unreadable {
            encoding: encoding.into(),
            percent: survey.percent(survey.replaced),
        });
    }
    if survey.private * PRIVATE_SHARE > survey.characters {
        return Err(DecodeError::Unreadable {
            encoding: encoding.into(),
            percent: survey.percent(survey.private),
        });
    }
    if text.chars().all(|c| c.is_whitespace() || invisible(c)) {
        return Err(DecodeError::OnlyInvisible);
    }
    if guessed && (survey.controls * CONTROL_SHARE_GUESSED > survey.characters || monotonous(text))
    {
        return Err(DecodeError::UnknownEncoding);
    }
    if survey.controls * CONTROL_SHARE > survey.characters {
        return Err(DecodeError::ControlCharacters {
            percent: survey.percent(survey.controls),
        });
    }
    if !text.chars().any(char::is_alphabetic) {
        return Err(DecodeError::NoLetters);
    }
    Ok(())
}

/// A text of some length has more different characters than this, whatever its script.
const FEWEST_CHARACTERS: usize = 8;
const SOME_LENGTH: usize = 200;

/// Filler: the same few bytes over and over, which any one-byte encoding reads as letters.
fn monotonous(text: &str) -> bool {
    let mut seen: Vec<char> = Vec::with_capacity(FEWEST_CHARACTERS);
    for c in text.chars() {
        if !seen.contains(&c) {
            seen.push(c);
        }
        if seen.len() > FEWEST_CHARACTERS {
            return false;
        }
    }
    text.chars().nth(SOME_LENGTH).is_some()
}

/// Zero-width, formatting and control characters, and Hangul fillers, which print nothing.
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// How many characters of each suspicious kind there are.
#[derive(Debug, Default)]
struct Survey {
    characters: usize,
    controls: usize,
    replaced: usize,
    private: usize,
}

impl Survey {
    /// This runs over every input: what can be counted byte by byte is counted many bytes at a time, and only the few
    /// lead bytes that can begin something suspicious are looked at one by one.
    fn of(text: &[u8]) -> Survey {
        let mut survey = Survey {
            characters: count(text, |byte| byte & 0xc0 != 0x80),
            controls: count(text, |byte| {
                (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)) || byte == 0x7f
            }),
            ..Survey::default()
        };
        for at in memchr::memchr3_iter(0xc2, 0xee, 0xef, text) {
            survey.look(&text[at..]);
        }
        for at in memchr::memchr2_iter(0xf3, 0xf4, text) {
            survey.look(&text[at..]);
        }
        survey
    }

    /// C1 controls, private use, noncharacters and U+FFFD, by their first bytes.
    fn look(&mut self, from: &[u8]) {
        match *from {
            [0xc2, 0x80..=0x9f, ..] => self.controls += 1,
            [0xef, 0xbf, 0xbd, ..] => self.replaced += 1,
            [0xee | 0xf4, ..]
            | [0xef, 0x80..=0xa3, ..]
            | [0xef, 0xb7, 0x90..=0xaf, ..]
            | [0xef, 0xbf, 0xbe | 0xbf, ..]
            | [0xf3, 0xb0..=0xbf, ..] => self.private += 1,
            _ => {}
        }
    }

    fn percent(&self, count: usize) -> usize {
        count * 100 / self.characters.max(1)
    }
}

/// Counts the bytes that pass a test; in blocks whose count fits a byte, which compilers turn into vector code.
fn count(bytes: &[u8], test: impl Fn(u8) -> bool) -> usize {
    let in_block = |block: &[u8]| block.iter().map(|&byte| u8::from(test(byte))).sum::<u8>();
    bytes
        .chunks(usize::from(u8::MAX))
        .map(|block| usize::from(in_block(block)))
        .sum()
}

/// Tags that say that a page begins, after white space, comments and declarations.
const PAGE_STARTS: &str = "<!doctype html|<html|<head|<body|<rss|<feed|<rdf:rdf";
/// So many tags make a page where they also take more than half of the text.
const PAGE_TAGS: usize = 10;

/// Returns whether a text is the markup of a page or a feed.
pub(super) fn is_page(text: &str) -> bool {
    let start = skip_declarations(text);
    if !start.starts_with('<') {
        return false;
    }
    let begins = |tag: &str| {
        start
            .get(..tag.len())
            .is_some_and(|s| s.eq_ignore_ascii_case(tag))
            && start[tag.len()..].starts_with(|c: char| c == '>' || c == '/' || c.is_whitespace())
    };
    PAGE_STARTS.split('|').any(begins) || mostly_tags(start)
}

/// Skips white space, `<?xml …?>` and `<!-- … -->` before the first tag.
pub(super) fn skip_declarations(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let close = match rest {
            _ if rest.starts_with("<?xml") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ => return rest,
        };
        match rest.find(close) {
            Some(at) => rest = rest[at + close.len()..].trim_start(),
            None => return rest,
        }
    }
}

fn mostly_tags(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut tags, mut tag_bytes, mut at) = (0, 0, 0);
    while let Some(open) = memchr::memchr(b'<', &bytes[at..]).map(|n| at + n) {
        at = open + 1;
        let named = bytes
            .get(at)
            .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!'));
        let close = memchr::memchr2(b'>', b'<', &bytes[at..]).map(|n| at + n);
        if let Some(close) = close.filter(|&close| named && bytes[close] == b'>') {
            tags += 1;
            tag_bytes += close + 1 - open;
            at = close + 1;
        }
    }
    tags >= PAGE_TAGS && tag_bytes * 2 > bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(), DecodeError>) {
        assert_eq!(judge(text, "utf-8", false), expected, "{text:?}");
    }

    #[test]
    fn each_emptiness_has_its_own_name() {
        check(" \n\u{3000}", Err(DecodeError::OnlyWhiteSpace));
        check("\u{200b}\u{2060} \u{feff}", Err(DecodeError::OnlyInvisible));
        check("12.5 %", Err(DecodeError::NoLetters));
        check("x", Ok(()));
        check("강", Ok(()));
    }

    #[test]
    fn a_page_is_told_from_a_text_about_tags() {
        for page in [
            "<!DOCTYPE html><html><p>강변 소식</p>",
            "<?xml version=\"1.0\"?>\n<!-- x --> <HTML lang=ko>강변",
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>",
            &"<li><a href=x>a</a>".repeat(9),
        ] {
            assert!(is_page(page), "{page}");
        }
        for text in [
            "The <html> tag opens a page.",
            "<헤드라인> 강변에 숲이 들어선다",
            "<headline> a forest by the river",
        ] {
            assert!(!is_page(text), "{text}");
            check(text, Ok(()));
        }
    }

    #[test]
    fn mostly_controls_or_replacements_are_no_text() {
        check(
            &"a\0\u{1}".repeat(50),
            Err(DecodeError::ControlCharacters { percent: 66 }),
        );
        check(
            &"a\u{fffd}".repeat(50),
            Err(DecodeError::Unreadable {
                encoding: "utf-8".into(),
                percent: 50,
            }),
        );
        check("\u{1b}[31mThe river rose by two metres in a night.", Ok(()));
    }
}
