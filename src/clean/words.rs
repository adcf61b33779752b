//! Word stems, and in how many sentences of a text each stands.
//!
//! In:  a text or the draft. Out: a text's stems, and how many of them the rest of the article shares.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{Draft, MOST_UNITS};
use crate::article::Language;
use crate::linear::hash;

/// In how many units each stem stands.
pub struct Words {
    spread: FxHashMap<u32, u32>,
}

impl Words {
    /// Counts the stems of the standing units and the headline.
    pub fn of(draft: &Draft) -> Words {
        let mut spread = FxHashMap::default();
        if draft.units.len() <= MOST_UNITS {
            for i in (0..draft.units.len()).filter(|&i| draft.stands(i) || draft.in_title(i)) {
                for stem in draft.stems(i) {
                    *spread.entry(*stem).or_insert(0) += 1;
                }
            }
        }
        Words { spread }
    }

    /// In how many units the commonest of the stems stands.
    pub fn most_common(&self, stems: &[u32]) -> u32 {
        let counts = stems.iter().filter_map(|s| self.spread.get(s));
        counts.copied().max().unwrap_or(0)
    }

    /// Share of the stems, those of a part of a standing unit, that stand in other units as well.
    pub fn tied(&self, stems: &[u32]) -> f32 {
        let elsewhere = |s: &&u32| self.spread.get(s).is_some_and(|n| *n > 1);
        let shared = stems.iter().filter(elsewhere).count();
        shared as f32 / stems.len().max(1) as f32
    }
}

/// Distinct stems of the content words of a text.
pub fn stems(text: &str, language: Language) -> Vec<u32> {
    let mut stems: Vec<u32> = text
        .split(|c: char| !crate::article::is_letter(c))
        .filter_map(|w| stem(w, language))
        .map(|s| hash(7, s.as_bytes()))
        .collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

/// Korean: the first two syllables (particles and endings come after them); English: the first five letters of a word
/// of four or more. Figures and small words have none.
fn stem(word: &str, language: Language) -> Option<Cow<'_, str>> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if language == Language::Ko && !word.is_ascii() {
        let mut ends = word.char_indices().map(|(i, c)| i + c.len_utf8());
        let end = ends.nth(1)?;
        let start = &word[..end];
        let common = COMMON_KO.binary_search(&start).is_ok();
        return (!common).then_some(Cow::Borrowed(start));
    }
    if word.len() < if language == Language::Ko { 2 } else { 4 } {
        return None;
    }
    let lower = word.to_lowercase();
    if COMMON_EN.binary_search(&lower.as_str()).is_ok() {
        return None;
    }
    Some(Cow::Owned(lower.chars().take(5).collect()))
}

/// Beginnings that any two texts share, in the order of bytes.
#[rustfmt::skip]
const COMMON_KO: &[&str] = &[
    "가운", "가장", "같은", "거기", "것은", "것을", "것이", "결국", "경우", "그는", "그들", "그러", "그런", "그리", "그의", "까지", "누구", "다른", "다만", "다시", "대한", "대해", "동안", "됐다",
    "된다", "됩니", "둘째", "때문", "라고", "라는", "라며", "많은", "말했", "먼저", "모든", "무엇", "물론", "밝혔", "보다", "부터", "사이", "설명", "셋째", "아니", "아닙", "어느", "어떤", "언제",
    "없는", "없다", "없습", "에서", "여기", "올해", "우리", "위해", "으로", "이다", "이들", "이라", "이런", "이전", "이제", "이후", "입니", "있는", "있다", "있습", "작년", "전했", "정도", "지금",
    "지난", "처럼", "첫째", "통해", "특히", "하나", "하는", "하지", "한다", "함께", "합니", "했다", "했습",
];
/// Words that any two texts share, in the order of bytes.
#[rustfmt::skip]
const COMMON_EN: &[&str] = &[
    "about", "after", "also", "another", "back", "because", "been", "before", "being", "between", "came", "come", "could", "does", "done", "down",
    "each", "even", "every", "first", "from", "have", "into", "just", "last", "like", "made", "make", "many", "more", "most", "much", "next", "only",
    "other", "over", "people", "said", "says", "second", "should", "some", "still", "such", "take", "taken", "than", "that", "their", "them", "then",
    "there", "these", "they", "third", "this", "those", "through", "told", "under", "until", "very", "were", "what", "when", "where", "which",
    "while", "whose", "will", "with", "without", "would", "year", "years", "your",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_order() {
        assert!(COMMON_KO.is_sorted() && COMMON_EN.is_sorted());
    }
}
