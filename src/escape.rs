//! Characters that must never reach a terminal or a log as they are.
//!
//! In:  text. Out: the same text with C0, DEL, C1, bidi controls and tag characters spelled out. An article can hold
//! `ESC ]52` (writes to the clipboard), a right-to-left override (shows one thing and means another) or an invisible
//! sentence in tag characters; shown as `\x1b` or `\u{202e}` they do nothing.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with every character that could act on a terminal spelled out; `\t` stays.
pub fn shown(text: &str) -> Cow<'_, str> {
    if find_acting(text.as_bytes(), 0).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 32);
    for c in text.chars() {
        match c {
            '\t' => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            // Writing to a string cannot fail.
            _ if c.is_ascii_control() => write!(out, "\\x{:02x}", c as u32).unwrap_or_default(),
            _ if acts(c) => write!(out, "\\u{{{:x}}}", c as u32).unwrap_or_default(),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// C0, DEL, C1, the bidi controls of Unicode and the tag characters.
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a byte can begin one of those characters; most text has few.
fn suspect(byte: u8) -> bool {
    (byte < 0x20) & (byte != b'\t') | matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe2 | 0xf3)
}

/// So many bytes are cleared together, in vector code; a suspect among them has them looked at one by one.
const BLOCK_BYTES: usize = 64;

/// The first acting character at or after `from`, as its place and length in bytes. `\t` does not act.
pub fn find_acting(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    while at < bytes.len() {
        let block = &bytes[at..bytes.len().min(at + BLOCK_BYTES)];
        if block
            .iter()
            .fold(false, |found, &byte| found | suspect(byte))
        {
            let found = (at..at + block.len())
                .filter(|&at| suspect(bytes[at]))
                .map(|at| (at, acting_length(&bytes[at..])))
                .find(|&(_, length)| length > 0);
            if found.is_some() {
                return found;
            }
        }
        at += block.len();
    }
    None
}

/// The length of the acting character these bytes begin; none is 0.
fn acting_length(bytes: &[u8]) -> usize {
    match *bytes {
        [b'\t', ..] => 0,
        [0..=0x1f | 0x7f, ..] => 1,
        [0xc2, 0x80..=0x9f, ..] => 2,
        [0xd8, 0x9c, ..] => 2,
        [0xe2, 0x80, 0x8e | 0x8f | 0xaa..=0xae, ..] => 3,
        [0xe2, 0x81, 0xa6..=0xa9, ..] => 3,
        [0xf3, 0xa0, 0x80 | 0x81, _, ..] => 4,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_spelled_out_and_text_is_left_alone() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text), expected);
        check(
            "강물이 \u{201c}불었다\u{201d} café 👨\u{200d}👩",
            "강물이 \u{201c}불었다\u{201d} café 👨\u{200d}👩",
        );
        check("\u{1b}[31mred\u{7}", "\\x1b[31mred\\x07");
        check(
            "a\u{9b}b\u{202e}c\u{e0041}",
            "a\\u{9b}b\\u{202e}c\\u{e0041}",
        );
        check("one\ntwo\r", "one\\ntwo\\r");
    }

    #[test]
    fn the_byte_table_and_the_character_test_agree() {
        for c in (0..=0x10ffff).filter_map(char::from_u32) {
            let mut buffer = [0; 4];
            let bytes = c.encode_utf8(&mut buffer).as_bytes();
            let expected = (acts(c) && c != '\t').then_some((0, bytes.len()));
            assert_eq!(find_acting(bytes, 0), expected, "{c:?}");
        }
    }
}
