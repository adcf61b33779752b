//! Words: a sentence cut into the words by which it is compared with others.
//!
//! In:  a sentence. Out: its words in lower case, each with a key that its other forms share. Words without content have none.

use std::borrow::Cow;

use crate::article::{Language, is_hangul, is_letter};
use crate::facts::names::strip_particle;
use crate::language::stems;

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
        return (!EMPTY_KO.contains(&&bare[..end])).then(|| hash(&bare[..end]));
    }
    let stem = stems::without_ending(word);
    let content = word.chars().count() > 2 && !EMPTY_EN.contains(&word);
    (content || language == Language::Ko).then(|| hash(stem))
}

/// Beginnings of Korean words that say nothing of what a sentence is about.
#[rustfmt::skip]
const EMPTY_KO: [&str; 60] = [
    "있다", "있는", "있고", "있어", "있지", "있습", "있었", "없다", "없는", "없어", "없고", "없이", "않다", "않는", "않은", "않았", "아니", "하다", "하는", "하고", "하지", "했다", "한다", "된다", "되는",
    "됐다", "되고", "것이", "것은", "것을", "것도", "것으", "그러", "그리", "그는", "이는", "이를", "이런", "이미", "그런", "때문", "대한", "대해", "위해", "위한", "따라", "따르", "통해", "라고", "말했",
    "밝혔", "설명", "가장", "매우", "더욱", "또한", "특히", "다만", "우리", "모든",
];

/// English words that say nothing of what a sentence is about.
#[rustfmt::skip]
const EMPTY_EN: [&str; 108] = [
    "the", "and", "for", "that", "this", "with", "are", "was", "were", "has", "have", "had", "not", "but", "its", "their", "they", "from", "which", "who", "whom", "what", "when", "where", "while",
    "will", "would", "can", "could", "may", "might", "must", "should", "shall", "been", "being", "more", "most", "than", "then", "there", "these", "those", "into", "over", "under", "about", "after",
    "before", "because", "also", "only", "such", "some", "any", "all", "each", "every", "other", "another", "our", "your", "his", "her", "she", "him", "them", "said", "says", "say", "one", "two",
    "out", "off", "per", "cent", "percent", "how", "why", "does", "did", "done", "own", "same", "very", "still", "yet", "now", "year", "years", "month", "months", "just", "even", "much", "many",
    "few", "both", "between", "through", "during", "since", "until", "against", "without", "within", "too", "nor",
];
