//! Common English words: those that may open a sentence in capitals and name nobody.
//!
//! In:  a word in small letters. Out: whether it is in the list `data/en/words.txt`, or a form of one that is.

use crate::language::data::{List, WORDS};

static COMMON: List = List::of(&WORDS, "common");

/// Endings of forms, and what stands there in the word itself.
const ENDINGS: [(&str, &[&str]); 9] = [
    ("ies", &["y"]),
    ("es", &["", "e"]),
    ("s", &[""]),
    ("ied", &["y"]),
    ("ed", &["", "e"]),
    ("ing", &["", "e"]),
    ("ly", &["", "le"]),
    ("er", &["", "e"]),
    ("est", &["", "e"]),
];
/// Shorter words are no stems: 'Wes' is not a form of 'we'.
const SHORTEST_STEM: usize = 3;

/// Tells whether a word, hyphens and all, is made of common words.
pub fn is_common(word: &str) -> bool {
    word.split('-').all(|part| is_form(&part.to_lowercase()))
}

fn is_form(word: &str) -> bool {
    let word = word.split(['\'', '’']).next().unwrap_or(word);
    let stems = ENDINGS.iter().filter_map(|(ending, instead)| {
        let stem = word.strip_suffix(ending)?;
        (stem.len() >= SHORTEST_STEM).then(|| instead.iter().map(move |i| format!("{stem}{i}")))
    });
    word.len() == 1 || COMMON.has(word) || stems.flatten().any(|stem| COMMON.has(&stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_common_words_are_common_and_names_are_not() {
        for word in [
            "Regulators",
            "Publishing",
            "Forty-six",
            "Isn't",
            "A",
            "Charged",
            "Supplies",
        ] {
            assert!(is_common(word), "{word}");
        }
        for word in ["Marlow", "Quorvex", "Rask", "Kestrel", "Halden", "Wes"] {
            assert!(!is_common(word), "{word}");
        }
    }
}
