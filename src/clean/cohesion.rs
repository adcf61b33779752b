//! Lexical cohesion: which word stems the sentences of a text share.
//!
//! In:  texts, or the stems of sentences. Out: a text's stems, and how many of them the rest of the article has too.

use rustc_hash::FxHashMap;

use crate::classifier::hash;
use crate::language::{Language, script, stems};

/// Namespace of the hashes of stems.
const STEM: u32 = 7;

/// In how many sentences each stem stands.
pub struct Cohesion {
    spread: FxHashMap<u32, u32>,
}

impl Cohesion {
    /// Counts the stems of sentences.
    pub fn of<'s>(sentences: impl Iterator<Item = &'s [u32]>) -> Cohesion {
        let mut spread = FxHashMap::default();
        for stem in sentences.flatten() {
            *spread.entry(*stem).or_insert(0) += 1;
        }
        Cohesion { spread }
    }

    /// Returns in how many sentences the commonest of the stems stands.
    pub fn most_common(&self, stems: &[u32]) -> u32 {
        let counts = stems.iter().filter_map(|s| self.spread.get(s));
        counts.copied().max().unwrap_or(0)
    }

    /// Returns the share of the stems, those of a part of one sentence, that stand in other sentences as well.
    pub fn shared(&self, stems: &[u32]) -> f32 {
        let elsewhere = |s: &&u32| self.spread.get(s).is_some_and(|n| *n > 1);
        let shared = stems.iter().filter(elsewhere).count();
        shared as f32 / stems.len().max(1) as f32
    }
}

/// Returns the distinct stems of the content words of a text, hashed and sorted.
pub fn stems(text: &str, language: Language) -> Vec<u32> {
    let words = text.split(|c: char| !script::is_letter(c));
    let mut stems: Vec<u32> = words
        .filter_map(|word| stems::content(word, language))
        .map(|stem| hash(STEM, stem.as_bytes()))
        .collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}
