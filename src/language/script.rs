//! Script: what counts as a letter, and the language a text is in by its letters.
//!
//! In:  characters. Out: whether they are letters, how many a text has, its language. Knows no words.

use unicode_width::UnicodeWidthChar;

use super::hangul::is_hangul;
use super::table::Language;

/// Counts the letters and digits of `text`: what lengths and shares are measured in.
pub fn letters(text: &str) -> usize {
    text.chars().filter(|c| is_letter(*c)).count()
}

/// Returns whether `c` is a letter or digit. Hangul syllables, most of what is read here, skip the Unicode tables.
#[inline]
pub fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || is_hangul(c) || !c.is_ascii() && c.is_alphanumeric()
}

/// Counts the columns `text` fills on a terminal.
pub fn columns(text: &str) -> usize {
    // Hangul, most of what is read here, needs no look at the tables.
    let width = |c: char| match is_hangul(c) {
        true => 2,
        false => c.width().unwrap_or(0),
    };
    text.chars().map(width).sum()
}

/// Returns the language of a text: Korean where at least one letter in six is Hangul; English articles quote names, Korean ones whole terms.
pub fn language_of(text: &str) -> Language {
    let latin = text.bytes().filter(u8::is_ascii_alphabetic).count();
    // Lead bytes of U+AC00..U+D7A3 (and few other letters).
    let hangul = text.bytes().filter(|b| matches!(b, 0xEA..=0xED)).count();
    if hangul * 5 >= latin && hangul > 0 {
        Language::Ko
    } else {
        Language::En
    }
}

/// Returns whether a language writes its own words with the letter.
pub fn is_own_letter(c: char, language: Language) -> bool {
    match language {
        Language::Ko => is_hangul(c),
        Language::En => c.is_ascii_alphabetic(),
    }
}
