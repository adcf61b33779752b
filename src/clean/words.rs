//! Word stems, and in how many sentences of a text each stands.
//!
//! In:  a text or the draft. Out: a text's stems, and how many of them the rest of the article shares.

use rustc_hash::FxHashMap;

use super::{Draft, MOST_UNITS};
use crate::language::{Language, script, stems};
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
        .split(|c: char| !script::is_letter(c))
        .filter_map(|w| stems::content(w, language))
        .map(|s| hash(7, s.as_bytes()))
        .collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}
