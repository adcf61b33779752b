//! Stems: what inflection leaves of a word, without a dictionary.
//!
//! In:  a word. Out: its stem. Four rules, each with its own use: weights were trained on two of them, and all were tuned where
//! they stand, so that none can take another's place without changing notes.

use std::borrow::Cow;

use super::data::{List, STOPWORDS};
use super::table::Language;

/// Letters that tell one English word from another.
const ENGLISH_LETTERS: usize = 5;
/// English words of fewer letters are too common to tell texts apart; in a Korean text they are abbreviations.
const SHORTEST_ENGLISH: usize = 4;
const SHORTEST_LATIN_IN_KOREAN: usize = 2;

static STOPWORDS_KO: List = List::of(&STOPWORDS.ko, "stems");
static STOPWORDS_EN: List = List::of(&STOPWORDS.en, "stems");

/// Returns the stem of a word that says what a text is about. Korean: the first two syllables, as particles and endings come after
/// them; English: the first five letters of a word of four or more. Figures and common words have none.
pub fn content(word: &str, language: Language) -> Option<Cow<'_, str>> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let shortest = match language {
        Language::Ko if !word.is_ascii() => {
            let start = first_two(word)?;
            return (!STOPWORDS_KO.has(start)).then_some(Cow::Borrowed(start));
        }
        Language::Ko => SHORTEST_LATIN_IN_KOREAN,
        Language::En => SHORTEST_ENGLISH,
    };
    if word.len() < shortest {
        return None;
    }
    let lower = word.to_lowercase();
    let common = STOPWORDS_EN.has(&lower);
    (!common).then(|| Cow::Owned(lower.chars().take(ENGLISH_LETTERS).collect()))
}

/// Returns the beginnings of a word by which the engine's weights know it: of a Korean word two and three syllables, as particles
/// follow and compounds share their start; of an English word of four or more letters the first six.
pub fn beginnings(word: &str, language: Language) -> impl Iterator<Item = &str> {
    let (shortest, lengths) = match language {
        Language::Ko => (0, 2..=3),
        Language::En => (4, 6..=6),
    };
    let cut = move |length: usize| match language {
        Language::Ko => first(word, length),
        Language::En => Some(first(word, length).unwrap_or(word)),
    };
    lengths.filter_map(move |length| cut(length).filter(|_| word.len() >= shortest))
}

/// Returns the beginning of a word in either language, which endings leave alone: two syllables, four letters.
pub fn beginning(word: &str) -> &str {
    let length = if word.is_ascii() { 4 } else { 2 };
    first(word, length).unwrap_or(word)
}

/// Returns the first two syllables, of which most Korean nouns and the stems of adjectives are made; none of a single one.
pub fn first_two(word: &str) -> Option<&str> {
    first(word, 2)
}

/// Cuts the commonest endings off an English word; 'plants' and 'planted' meet, which is all this is for.
pub fn without_ending(word: &str) -> &str {
    /// Each with the letters that must be left.
    const ENDINGS: [(&str, usize); 7] = [
        ("ies", 3),
        ("ing", 4),
        ("ed", 4),
        ("es", 4),
        ("s", 3),
        ("y", 3),
        ("e", 3),
    ];
    for (ending, left) in ENDINGS {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.chars().count() >= left
            && !stem.ends_with('s')
        {
            return stem.strip_suffix('e').unwrap_or(stem);
        }
    }
    word
}

/// The first letters of a word that has so many.
fn first(word: &str, letters: usize) -> Option<&str> {
    let mut ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.nth(letters.checked_sub(1)?).map(|end| &word[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_cuts_its_own_way() {
        let (ko, en) = (Language::Ko, Language::En);
        assert_eq!(content("변압기를", ko).as_deref(), Some("변압"));
        assert_eq!(content("AI", ko).as_deref(), Some("ai"));
        assert_eq!(content("AI", en), None);
        assert_eq!(content("Transformer", en).as_deref(), Some("trans"));
        assert_eq!(content("있는데", ko), None);
        assert_eq!(content("12명", ko), None);
        assert_eq!(
            beginnings("변압기를", ko).collect::<Vec<_>>(),
            ["변압", "변압기"]
        );
        assert_eq!(beginnings("변", ko).count(), 0);
        assert_eq!(beginnings("grids", en).collect::<Vec<_>>(), ["grids"]);
        assert_eq!(beginnings("the", en).count(), 0);
        assert_eq!(beginning("변압기를"), "변압");
        assert_eq!(beginning("planted"), "plan");
        assert_eq!(without_ending("planted"), without_ending("plants"));
    }
}
