//! Full stops in Korean that end no sentence: behind the label of an item, an initial, an abbreviation in Latin letters.
//!
//! In:  the token before the stop and what stands around it. Out: whether the sentence goes on. The words are data.

use super::english;
use crate::language::data::{self, List};
use crate::language::hangul::is_hangul;

/// Returns whether a token before a full stop, first in its sentence, labels what follows: "Q1.", "1-1.", "Ⅰ.", "문.", "가.".
pub(super) fn is_label(core: &str) -> bool {
    let latin = core.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = core.len() - latin.len();
    let numbered = !core.is_empty()
        && core.len() <= 8
        && core
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'))
        && core
            .split(['-', '.'])
            .all(|part| (1..=2).contains(&part.len()));
    LIST_LABELS.has(core)
        || numbered
        || latin.len() == 1 && latin.as_bytes()[0].is_ascii_alphabetic() && digits <= 2
        || !core.is_empty()
            && core.len() <= 5
            && core.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'))
        || !core.is_empty() && core.chars().all(|c| matches!(c, 'Ⅰ'..='ⅿ'))
}

/// Returns whether the Latin letters before a full stop are an initial or an abbreviation of what follows. A word that
/// `opens` a sentence tells that the stop ends one.
pub(super) fn is_abbreviation(core: &str, next: &str, opens: bool) -> bool {
    let word = latin_end(core);
    if word.is_empty()
        || word.len() < core.len() && core[..core.len() - word.len()].ends_with(is_hangul)
    {
        return false;
    }
    if opens && !AFTER_ABBREVIATION.has(next) {
        return false;
    }
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let figure = next.starts_with(|c: char| c.is_ascii_digit());
    letters == 1 && word.len() == 1
        || english::is_title(word)
        || is_dotted(word)
        || LATIN.has(word.to_ascii_lowercase().as_str())
        || figure
            && letters <= 4
            && letters == word.len()
            && !word[1..].bytes().any(|b| b.is_ascii_uppercase())
}

/// The Latin letters, figures and dots a token ends in.
fn latin_end(core: &str) -> &str {
    let start = core.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    let word = start.map_or(core, |i| {
        &core[i + core[i..].chars().next().map_or(1, char::len_utf8)..]
    });
    match word.bytes().next_back() {
        Some(b) if b.is_ascii_alphabetic() => word.trim_start_matches('.'),
        _ => "",
    }
}

/// "U.S", "Ph.D", "a.m": letters parted by dots, none of them a word.
fn is_dotted(word: &str) -> bool {
    word.contains('.')
        && word.split('.').all(|part| {
            (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic())
        })
}

/// Syllables and words that number or name the items of a list.
static LIST_LABELS: List = List::of(&data::SEGMENT.ko, "list_labels");
/// Abbreviations in Latin letters, in lower case.
static LATIN: List = List::of(&data::SEGMENT.ko, "latin_abbreviations");
/// Words that open sentences and yet follow an abbreviation: "Inc. 다음으로".
static AFTER_ABBREVIATION: List = List::of(&data::SEGMENT.ko, "after_abbreviation");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for label in ["Q", "A1", "1-1", "2.1", "Ⅰ", "IV", "문", "가", "12"] {
            assert!(is_label(label), "{label}");
        }
        for word in ["AI", "2025", "했다", "다음", ""] {
            assert!(!is_label(word), "{word}");
        }
    }

    #[test]
    fn abbreviations() {
        for (core, next) in [
            ("Inc", "한국지사가"),
            ("Ltd", "서울사무소다"),
            ("J", "모건"),
            ("U.S", "스틸이"),
            ("etc", "자재가"),
            ("ver", "2.1"),
            ("Ph.D", "과정을"),
            ("Op", "73"),
            ("(Corp", "다음으로"),
            ("p", "14에서"),
        ] {
            assert!(is_abbreviation(core, next, next == "다음으로"), "{core}");
        }
        for (core, next, opens) in [
            ("Inc", "그러나", true),
            ("iPhone", "값은", false),
            ("플랜B", "다음", false),
            ("AI", "2025년", false),
            ("teeth", "그는", true),
        ] {
            assert!(!is_abbreviation(core, next, opens), "{core}");
        }
    }
}
