//! Lines against lines: what a note says of each part, held against what editors wrote of it.
//!
//! In:  lines of a note, and of editors. Out: `chrf`, how alike the letters are, and `facts`, the share of the content units that stand
//! in the text. What a busy reader does not reach does not count.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::language::{Language, PerLanguage};

/// Characters of a line that a busy reader reads.
pub const READ: PerLanguage<usize> = PerLanguage { ko: 100, en: 210 };
/// Longest n-gram (Popović 2015).
const ORDER: usize = 6;

/// What an editor says of one part.
#[derive(Debug, Clone, Deserialize)]
pub struct EditorLine {
    /// One sentence.
    pub text: String,
    /// Content units it must carry, each with its spellings.
    pub must: Vec<Vec<String>>,
}

/// What an editor says of an article.
#[derive(Debug, Clone, Deserialize)]
pub struct EditorNote {
    /// Its main claim.
    pub thesis: EditorLine,
    /// By key, the challenges it discusses.
    pub challenges: BTreeMap<String, EditorLine>,
}

impl EditorNote {
    /// Returns what is said of a part: `thesis`, or a challenge's key.
    pub fn field(&self, name: &str) -> Option<&EditorLine> {
        match name {
            "thesis" => Some(&self.thesis),
            key => self.challenges.get(key),
        }
    }
}

/// How near a line comes to editors' lines.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Nearness {
    /// Character n-gram F-score against the nearest line, 0 to 1.
    pub chrf: f64,
    /// Share of the content units that stand in it, mean of the editors'.
    pub facts: f64,
}

/// Holds a line against what editors wrote of the same part; nothing where they wrote none.
pub fn nearness(text: &str, editors: &[&EditorLine], language: Language) -> Option<Nearness> {
    let read: String = text.chars().take(READ[language]).collect();
    let chrf = editors.iter().map(|e| chrf(&read, &e.text));
    let chrf = chrf.max_by(f64::total_cmp)?;
    let facts: f64 = editors.iter().map(|e| facts(&read, &e.must)).sum();
    Some(Nearness {
        chrf,
        facts: facts / editors.len() as f64,
    })
}

/// Character n-gram F-score of two texts, blanks left out: n from 1 to 6, precision and recall weighed alike.
pub fn chrf(text: &str, reference: &str) -> f64 {
    let letters = |text: &str| {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .collect::<Vec<_>>()
    };
    let (a, b) = (letters(text), letters(reference));
    let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
    for n in 1..=ORDER {
        let (x, y) = (grams(&a, n), grams(&b, n));
        if x.is_empty() || y.is_empty() {
            continue;
        }
        let hit: usize = x
            .iter()
            .map(|(gram, count)| (*count).min(y.get(gram).copied().unwrap_or(0)))
            .sum();
        precision += hit as f64 / (a.len() + 1 - n) as f64;
        recall += hit as f64 / (b.len() + 1 - n) as f64;
        orders += 1.0;
    }
    match precision + recall {
        sum if sum > 0.0 => 2.0 * precision * recall / sum / orders,
        _ => 0.0,
    }
}

fn grams(letters: &[char], n: usize) -> HashMap<&[char], usize> {
    let mut counts = HashMap::new();
    letters
        .windows(n)
        .for_each(|gram| *counts.entry(gram).or_insert(0) += 1);
    counts
}

/// Share of the content units that stand in a text: one of their spellings, letters and digits alone.
pub fn facts(text: &str, must: &[Vec<String>]) -> f64 {
    if must.is_empty() {
        return 1.0;
    }
    let text = flat(text);
    let stands = |unit: &&Vec<String>| unit.iter().any(|s| text.contains(&flat(s)));
    must.iter().filter(stands).count() as f64 / must.len() as f64
}

fn flat(text: &str) -> String {
    let folded = text.nfkc().flat_map(char::to_lowercase);
    folded.filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lines_are_one_and_strange_ones_nothing() {
        assert!((chrf("전력이 모자란다.", "전력이 모자란다.") - 1.0).abs() < 1e-9);
        assert_eq!(chrf("abc", "xyz"), 0.0);
        let half = chrf("power is short", "power is long");
        assert!(half > 0.4 && half < 0.9, "{half}");
    }

    #[test]
    fn units_are_found_by_any_spelling() {
        let must = vec![
            vec!["1.2gw".to_string(), "1,200mw".into()],
            vec!["grid".into()],
        ];
        assert_eq!(facts("The GRID lacks 1.2 GW.", &must), 1.0);
        assert_eq!(facts("The grid is full.", &must), 0.5);
        assert_eq!(facts("", &[]), 1.0);
    }

    #[test]
    fn what_is_not_reached_does_not_count() {
        let editor = EditorLine {
            text: "grid".into(),
            must: vec![vec!["grid".into()]],
        };
        let far = format!("{}grid", "x ".repeat(200));
        let near = nearness(&far, &[&editor], Language::En).unwrap();
        assert_eq!(near.facts, 0.0);
        assert_eq!(nearness("a", &[], Language::En), None);
    }
}
