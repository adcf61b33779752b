//! The overview written out: a page to search, a briefing note to read, a table for spreadsheets.
//!
//! In:  `Overview` and its rows. Out: HTML, Markdown, CSV. Every text of an article is quoted and carries its receipt
//! `[article:sentence]`; nothing of an article comes alive in any of them.

mod briefing;
mod index;
mod labels;
mod matrix;

pub use briefing::write_briefing;
pub use index::write_index;
pub use matrix::write_matrix;

use std::fmt::Write as _;

/// Returns the note's path as a relative reference (RFC 3986): every other byte encoded, so that neither a scheme nor a host,
/// a query or an end of the link can stand in a file's name.
fn href(note: &str) -> String {
    let mut out = String::with_capacity(note.len() + 16);
    for byte in note.trim_start_matches('/').bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            write!(out, "%{byte:02X}").unwrap_or_default();
        }
    }
    out
}

/// Returns the first `most` characters and a mark, where there are more.
pub(super) fn shortened(text: &str, most: usize) -> (&str, bool) {
    match text.char_indices().nth(most) {
        None => (text, false),
        Some((end, _)) => {
            let whole = &text[..end];
            let blank = whole.rfind(' ').filter(|blank| *blank > end / 2);
            (whole[..blank.unwrap_or(end)].trim_end(), true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_only_ever_a_relative_path() {
        let check = |note: &str, expected: &str| assert_eq!(href(note), expected);
        check("a/b-1.md", "a/b-1.md");
        check("강.md", "%EA%B0%95.md");
        check("javascript:alert(1)", "javascript%3Aalert%281%29");
        check("//host/x", "host/x");
        check("a\" onclick=\"x?#\n", "a%22%20onclick%3D%22x%3F%23%0A");
    }

    #[test]
    fn long_texts_end_at_a_word() {
        assert_eq!(shortened("one two three", 9), ("one two", true));
        assert_eq!(shortened("one", 9), ("one", false));
        assert_eq!(shortened("강물이불었다고한다", 4), ("강물이불", true));
    }
}
