//! Words: a sentence cut into the words by which it is compared with others.
//!
//! In:  a sentence. Out: its words in lower case, each with a key that its other forms share. Words without content have none.

use std::borrow::Cow;

use crate::article::{is_hangul, is_letter};
use crate::facts::names::strip_particle;
use crate::language::data::{self, List};
use crate::language::{Language, PerLanguage, stems};

/// Words, and beginnings of Korean ones, that say nothing of what a sentence is about.
static EMPTY: PerLanguage<List> = data::lists(&data::OVERVIEW, "empty");
/// Says whether every word in Latin letters has content: in a Korean sentence it is a name or a term.
const FOREIGN_COUNTS: PerLanguage<bool> = PerLanguage {
    ko: true,
    en: false,
};
/// Words of a sentence looked at.
const MOST_WORDS: usize = 60;

/// A word as it is compared.
#[derive(Debug, Clone)]
pub struct ComparedWord<'a> {
    /// In lower case, without marks.
    pub lower: Cow<'a, str>,
    /// Hash that its other forms share; none for a word without content.
    pub key: Option<u32>,
}

/// Returns the words of a sentence, at most [`MOST_WORDS`] of them.
pub fn words(text: &str, language: Language) -> Vec<ComparedWord<'_>> {
    let joint = |c: char| is_letter(c) || matches!(c, '\'' | '’');
    text.split(|c: char| !joint(c))
        .filter(|word| word.chars().any(is_letter))
        .take(MOST_WORDS)
        .map(|word| {
            let lower = lower(word);
            let key = key(&lower, language);
            ComparedWord { lower, key }
        })
        .collect()
}

fn lower(word: &str) -> Cow<'_, str> {
    if word.chars().all(|c| c.is_ascii_lowercase() || is_hangul(c)) {
        return Cow::Borrowed(word);
    }
    let letters = word.chars().filter(|c| is_letter(*c));
    Cow::Owned(letters.flat_map(char::to_lowercase).collect())
}

/// Returns what stands for a word and its other forms: of a Korean word the first two syllables, of which most of its nouns and
/// the stems of its adjectives are made; of an English word what is left without its ending.
fn key(word: &str, language: Language) -> Option<u32> {
    if word.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let hash = |text: &str| crate::classifier::hash(0, text.as_bytes());
    if word.starts_with(is_hangul) {
        let bare = strip_particle(word);
        let mut letters = bare.char_indices();
        let second = letters.nth(1)?;
        let end = second.0 + second.1.len_utf8();
        return (!EMPTY.ko.has(&bare[..end])).then(|| hash(&bare[..end]));
    }
    let stem = stems::without_ending(word);
    let content = word.chars().count() > 2 && !EMPTY.en.has(word);
    (content || FOREIGN_COUNTS[language]).then(|| hash(stem))
}
