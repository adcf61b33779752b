//! The folded form of a sentence: what cues are looked up in and features are counted on.
//!
//! In:  a sentence as it stands. Out: its words in lower case between single blanks, every number as `0`, ordinals
//! left out, marks dropped. The folded form is never shown.

use std::borrow::Cow;

use crate::language::data::{List, ORDINALS, lists};
use crate::language::hangul::is_hangul;
use crate::language::script::letters;
use crate::language::{Language, PerLanguage};

/// Letters looked at per sentence: longer ones are text that could not be cut, and their start says what they are.
const MOST_CHARS: usize = 3_000;

/// Surface that help to read a sentence, counted before they are dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Surface {
    /// It asks.
    pub question: bool,
    /// It quotes.
    pub quote: bool,
    /// Says how many numbers it holds.
    pub numbers: usize,
    /// Letters and digits of the whole sentence.
    pub letters: usize,
}

/// The folded form of `sentence`, with a blank before and after, and its surface features.
pub fn fold(sentence: &str) -> (String, Surface) {
    let (raw, mut surface) = fold_chars(sentence.chars().take(MOST_CHARS));
    surface.letters = letters(sentence);
    let mut out = String::with_capacity(raw.len() + 2);
    out.push(' ');
    let words: Vec<&str> = raw.split_ascii_whitespace().collect();
    let mut i = 0;
    while i < words.len() {
        let skip = ordinal_length(&words[i..]);
        if skip == 0 {
            out.push_str(words[i]);
            out.push(' ');
            i += 1;
        } else {
            i += skip;
        }
    }
    (out, surface)
}

/// The folded form of a cue: as [`fold`], with its ordinals and without blanks around it.
pub fn fold_cue(cue: &str) -> Cow<'_, str> {
    if cue.chars().all(|c| c == ' ' || stands_for_itself(c)) {
        return Cow::Borrowed(cue.trim_matches(' '));
    }
    let (raw, _) = fold_chars(cue.chars().take(MOST_CHARS));
    let words: Vec<&str> = raw.split_ascii_whitespace().collect();
    Cow::Owned(words.join(" "))
}

/// Letters that stand for themselves. Nearly all are such, and need no look into the Unicode tables.
fn stands_for_itself(c: char) -> bool {
    c.is_ascii_lowercase() || is_hangul(c)
}

/// Lower case, numbers as `0`, unit signs spelled out, marks as blanks.
fn fold_chars(chars: impl Iterator<Item = char>) -> (String, Surface) {
    let mut out = String::new();
    let mut surface = Surface::default();
    let mut chars = chars.peekable();
    let mut in_number = false;
    while let Some(c) = chars.next() {
        if stands_for_itself(c) {
            out.push(c);
            in_number = false;
            continue;
        }
        if c.is_ascii_digit() || c.is_numeric() && !c.is_alphabetic() {
            if !in_number {
                out.push('0');
                surface.numbers += 1;
            }
            in_number = true;
            continue;
        }
        let inside =
            in_number && matches!(c, '.' | ',') && chars.peek().is_some_and(char::is_ascii_digit);
        if inside {
            continue;
        }
        in_number = false;
        match c {
            '?' | '？' => surface.question = true,
            '"' | '“' | '”' | '‘' | '「' | '『' => surface.quote = true,
            _ => {}
        }
        match c {
            '%' | '％' => out.push('%'),
            '\'' | '’' | '\u{AD}' => {}
            '㎾' => out.push_str("kw"),
            '㎿' => out.push_str("mw"),
            '㎸' => out.push_str("kv"),
            '㎞' => out.push_str("km"),
            '㎏' => out.push_str("kg"),
            '℃' => out.push('도'),
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => out.push(' '),
        }
    }
    (out, surface)
}

/// Returns how many of the first words are an ordinal that only counts the article's points; 0 where they are none.
///
/// Points must be found without them: writers leave them out, and what a scraper left may have lost some. The languages are not
/// told apart: a sentence of one may open with an ordinal of the other.
fn ordinal_length(words: &[&str]) -> usize {
    static WHOLE: PerLanguage<List> = lists(&ORDINALS, "whole");
    static COUNTED: PerLanguage<List> = lists(&ORDINALS, "counted");
    static COUNTER: PerLanguage<List> = lists(&ORDINALS, "counter");
    static PARTICLES: PerLanguage<List> = lists(&ORDINALS, "particles");
    let stands_at = |stems: &List, particles: &List, word: &str| {
        let rest = |stem: &&str| word.strip_prefix(*stem);
        let mut rests = stems.iter().filter_map(rest);
        rests.any(|rest| rest.is_empty() || particles.has(rest))
    };
    let (word, next) = (words[0], words.get(1));
    for language in Language::ALL {
        let particles = &PARTICLES[language];
        if stands_at(&WHOLE[language], particles, word) {
            return 1;
        }
        let counter = &COUNTER[language];
        if COUNTED[language].has(word) && next.is_some_and(|w| stands_at(counter, particles, w)) {
            return 2;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sentence: &str, expected: &str) {
        assert_eq!(fold(sentence).0, expected);
    }

    #[test]
    fn numbers_marks_and_case_are_folded() {
        check(
            "3.5GW, 1조2,000억원이 ‘더’ 든다.",
            " 0gw 0조0억원이 더 든다 ",
        );
        check("It's 1,200 MW (or 12%).", " its 0 mw or 0% ");
        check("154㎸ 선로", " 0kv 선로 ");
        check("", " ");
    }

    #[test]
    fn ordinals_are_left_out() {
        check("둘째는 서류다.", " 서류다 ");
        check("세 번째로 사람이 없다", " 사람이 없다 ");
        check("Third, the paperwork.", " the paperwork ");
        check("두 사람", " 두 사람 ");
    }

    #[test]
    fn marks_are_counted() {
        let (_, surface) = fold("“왜 12명뿐인가?”라고 그가 물었다");
        assert!(surface.question && surface.quote);
        assert_eq!((surface.numbers, surface.letters), (1, 14));
    }
}
