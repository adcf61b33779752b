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
        return Some(Cow::Borrowed(&word[..end])).filter(|s| !COMMON_KO.contains(&s.as_ref()));
    }
    if word.len() < if language == Language::Ko { 2 } else { 4 } {
        return None;
    }
    let lower = word.to_lowercase();
    if COMMON_EN.contains(&lower.as_str()) {
        return None;
    }
    Some(Cow::Owned(lower.chars().take(5).collect()))
}

/// Beginnings that any two texts share.
#[rustfmt::skip]
const COMMON_KO: &[&str] = &[
    "그러", "하지", "그런", "그리", "이런", "우리", "있다", "없다", "것이", "것은", "것을", "있는", "없는", "하는", "했다", "한다", "된다", "됐다", "이다", "아니", "때문", "위해", "대한", "대해", "통해", "지난", "올해", "작년", "지금",
    "이제", "모든", "다른", "같은", "많은", "가장", "다시", "함께", "먼저", "특히", "결국", "물론", "다만", "여기", "거기", "어떤", "어느", "무엇", "누구", "언제", "정도", "동안", "이후", "이전", "사이", "경우", "가운", "하나", "둘째",
    "첫째", "셋째", "말했", "밝혔", "전했", "설명", "라고", "라며", "라는", "이라", "에서", "으로", "까지", "부터", "보다", "처럼", "그는", "그의", "이들", "그들", "한다", "있습", "없습", "합니", "했습", "됩니", "입니", "아닙",
];
#[rustfmt::skip]
const COMMON_EN: &[&str] = &[
    "that", "this", "with", "from", "they", "them", "their", "there", "then", "than", "have", "been", "were", "will", "would", "could", "should", "what", "when", "where", "which", "while", "whose", "about", "after", "before", "into",
    "over", "under", "more", "most", "much", "many", "some", "such", "only", "also", "even", "just", "very", "like", "make", "made", "said", "says", "year", "years", "every", "each", "other", "another", "because", "between", "being",
    "does", "done", "down", "first", "second", "third", "last", "next", "still", "those", "these", "through", "until", "without", "your", "people", "told", "take", "taken", "come", "came", "back",
];
