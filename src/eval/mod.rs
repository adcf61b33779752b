//! Evaluation: an article and its brief against a gold answer, as figures between 0 and 1.
//!
//! In:  `Gold`, the decoded text, `Article` and `Brief` (or `Outline`) of any engine. Out: `Figures`. Changes nothing and
//! reads no file. Texts are compared by their letters and digits alone: white space and punctuation never decide.

pub mod reference;
mod score;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

use crate::brief::Role;

pub use score::{score, score_outline};

/// The right answer for one article.
#[derive(Debug, Clone, Deserialize)]
pub struct Gold {
    /// The case's name.
    pub id: String,
    /// The headline; empty where there is none.
    #[serde(default)]
    pub title: String,
    /// The article's own sentences in order.
    pub sentences: Vec<String>,
    /// What each sentence does in the argument.
    pub roles: Vec<Role>,
    /// What does not belong to the article.
    #[serde(default)]
    pub noise: Vec<Noise>,
    /// Indices of the sentences that may stand for the thesis.
    pub thesis: Vec<usize>,
    /// Indices of the sentences a good summary cites.
    pub key: Vec<usize>,
    /// For each challenge, indices of the sentences that speak of it.
    pub challenges: BTreeMap<String, Vec<usize>>,
}

/// A piece of noise and its kind.
#[derive(Debug, Clone, Deserialize)]
pub struct Noise {
    /// A removal reason; `ad` is `advertisement`.
    pub kind: String,
    /// Its sentences.
    pub text: Vec<String>,
}

/// Why a gold answer could not be used.
#[derive(Debug, Error)]
pub enum GoldError {
    /// It is no JSON of this form.
    #[error("no gold answer: {0}")]
    Form(#[from] serde_json::Error),
    /// An index is beyond the last sentence.
    #[error("no gold answer: it speaks of sentence {0}, the last is {1}")]
    Index(usize, usize),
    /// Roles and sentences do not pair.
    #[error("no gold answer: {0} roles for {1} sentences")]
    Roles(usize, usize),
}

impl Gold {
    /// Reads a gold answer and checks that its indices name sentences.
    pub fn from_json(text: &str) -> Result<Gold, GoldError> {
        let gold: Gold = serde_json::from_str(text)?;
        let (roles, sentences) = (gold.roles.len(), gold.sentences.len());
        if roles != sentences {
            return Err(GoldError::Roles(roles, sentences));
        }
        let named = gold.thesis.iter().chain(&gold.key);
        let named = named.chain(gold.challenges.values().flatten());
        match named.max() {
            Some(&index) if index >= sentences => {
                Err(GoldError::Index(index, sentences.saturating_sub(1)))
            }
            _ => Ok(gold),
        }
    }
}

/// Named figures in the order reports show them; 1 is best, 0 for `leaked` and `repeats`.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures(pub Vec<(&'static str, f64)>);

impl Figures {
    /// Returns the figure of this name.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, v)| *v)
    }

    /// Returns the mean of each figure; none where there are no rows.
    pub fn mean(rows: &[Figures]) -> Option<Figures> {
        let mut sum = rows.first()?.clone();
        for row in &rows[1..] {
            for (total, figure) in sum.0.iter_mut().zip(&row.0) {
                total.1 += figure.1;
            }
        }
        for figure in &mut sum.0 {
            figure.1 /= rows.len() as f64;
        }
        Some(sum)
    }
}

impl Serialize for Figures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_taken_figure_by_figure() {
        let rows = [
            Figures(vec![("key", 1.0), ("kept", 0.5)]),
            Figures(vec![("key", 0.0), ("kept", 0.5)]),
        ];
        assert_eq!(
            Figures::mean(&rows),
            Some(Figures(vec![("key", 0.5), ("kept", 0.5)]))
        );
        assert_eq!(Figures::mean(&[]), None);
    }

    #[test]
    fn an_index_beyond_the_last_sentence_is_refused() {
        let json = r#"{"id": "x", "sentences": ["a"], "roles": ["claim"], "thesis": [1], "key": [], "challenges": {}}"#;
        assert!(matches!(Gold::from_json(json), Err(GoldError::Index(1, 0))));
        let json = r#"{"id": "x", "sentences": ["a"], "roles": [], "thesis": [], "key": [], "challenges": {}}"#;
        assert!(matches!(Gold::from_json(json), Err(GoldError::Roles(..))));
    }
}
