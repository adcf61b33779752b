//! Script: what counts as a letter.
//!
//! In:  characters. Out: whether they are letters, and how many a text has. Knows no words.

use super::hangul::is_hangul;

/// Counts the letters and digits of `text`: what lengths and shares are measured in.
pub fn letters(text: &str) -> usize {
    text.chars().filter(|c| is_letter(*c)).count()
}

/// Returns whether `c` is a letter or digit. Hangul syllables, most of what is read here, skip the Unicode tables.
#[inline]
pub fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || is_hangul(c) || !c.is_ascii() && c.is_alphanumeric()
}
