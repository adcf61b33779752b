//! The weights: linear models over hashed n-grams and named figures, read in place from the binary.
//!
//! In:  files under `training/weights/`, written by `cargo run --release --example train`. Out: `Weights`.
//! A table has a row per n-gram hash and a column per question; its values are bytes with one scale per column.

use std::sync::OnceLock;

use super::crf::{CHALLENGE_PARTS, PARTS, STEP_WEIGHTS};
use super::features::{Features, PER_CHALLENGE, ROWS, STRUCTURAL};
use crate::language::{Language, PerLanguage};

/// Columns of the n-gram table: five challenges, four parts, five roles, thesis, key.
pub const COLUMNS: usize = 16;
/// The first column of the challenges the built-in lens has.
pub const CHALLENGE_COLUMN: usize = 0;
/// Says how many challenges have columns.
pub const TRAINED_CHALLENGES: usize = 5;
/// The first column of the parts.
pub const PART_COLUMN: usize = 5;
/// The first column of the roles.
pub const ROLE_COLUMN: usize = 9;
/// Says how many roles there are.
pub const ROLES: usize = 5;
/// The column of the thesis.
pub const THESIS_COLUMN: usize = 14;
/// The column of the key sentences.
pub const KEY_COLUMN: usize = 15;

/// Figures the second models see besides the structural ones: what the CRF decided.
pub const DECIDED: usize = 24;
/// Questions of the second models: roles, thesis, key.
pub const QUESTIONS: usize = ROLES + 2;

/// Numbers of one CRF: structural per part, lexicon per challenge part, steps.
pub const CRF_WEIGHTS: usize = PARTS * STRUCTURAL + CHALLENGE_PARTS * PER_CHALLENGE + STEP_WEIGHTS;
/// Numbers of the second models.
pub const QUESTION_WEIGHTS: usize = QUESTIONS * (STRUCTURAL + DECIDED);
/// Numbers in the dense file: CRF with n-grams, CRF with the lexicon alone, second models, scales per language.
pub const DENSE: usize = 2 * CRF_WEIGHTS + QUESTION_WEIGHTS + 2 * COLUMNS;

/// The n-gram tables, row after row, of signed bytes.
const TABLES: PerLanguage<&[u8; ROWS * COLUMNS]> = PerLanguage {
    ko: include_bytes!("../../../training/weights/ko.i8"),
    en: include_bytes!("../../../training/weights/en.i8"),
};
/// Where the scales of a language stand behind all others.
pub const SCALES: PerLanguage<usize> = PerLanguage { ko: 0, en: COLUMNS };

/// The weights of one CRF.
#[derive(Debug, Clone, Copy)]
pub struct CrfWeights<'a>(pub &'a [f32]);

impl<'a> CrfWeights<'a> {
    /// The structural weights of a part.
    pub fn part(self, part: usize) -> &'a [f32] {
        &self.0[part * STRUCTURAL..(part + 1) * STRUCTURAL]
    }

    /// The lexicon weights of a part of a challenge; `part` counts from 1.
    pub fn per_challenge(self, part: usize) -> &'a [f32] {
        let at = PARTS * STRUCTURAL + (part - 1) * PER_CHALLENGE;
        &self.0[at..at + PER_CHALLENGE]
    }

    /// The weights of the steps.
    pub fn steps(self) -> &'a [f32] {
        &self.0[PARTS * STRUCTURAL + CHALLENGE_PARTS * PER_CHALLENGE..]
    }
}

/// The weights the engine looks things up in.
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a> {
    /// All dense numbers, as [`DENSE`] lists them.
    pub dense: &'a [f32],
    /// The n-gram tables, row after row, of signed bytes.
    pub tables: PerLanguage<&'a [u8]>,
}

impl<'a> Weights<'a> {
    /// The weights in the binary.
    pub fn builtin() -> Weights<'static> {
        static DENSE_NUMBERS: OnceLock<Vec<f32>> = OnceLock::new();
        let dense = DENSE_NUMBERS.get_or_init(|| {
            let bytes = include_bytes!("../../../training/weights/dense.f32");
            bytes
                .chunks_exact(4)
                .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .collect()
        });
        Weights {
            dense,
            tables: TABLES.map(|table| &table[..]),
        }
    }

    /// The CRF that uses n-grams, or the one that uses the lexicon alone.
    pub fn crf(&self, ngrams: bool) -> CrfWeights<'a> {
        let at = if ngrams { 0 } else { CRF_WEIGHTS };
        CrfWeights(&self.dense[at..at + CRF_WEIGHTS])
    }

    /// The weights of one of the second models.
    pub fn question(&self, question: usize) -> &'a [f32] {
        let size = STRUCTURAL + DECIDED;
        let at = 2 * CRF_WEIGHTS + question * size;
        &self.dense[at..at + size]
    }

    /// What the n-grams of a sentence say to every column.
    pub fn columns(&self, features: &Features, language: Language) -> [f32; COLUMNS] {
        let table = self.tables[language];
        let scales = &self.dense[2 * CRF_WEIGHTS + QUESTION_WEIGHTS + SCALES[language]..];
        let mut sums = [0i32; COLUMNS];
        for &row in &features.ngrams {
            let at = row as usize * COLUMNS;
            for (sum, &weight) in sums.iter_mut().zip(&table[at..at + COLUMNS]) {
                *sum += i32::from(weight as i8);
            }
        }
        let norm = ngram_norm(features);
        std::array::from_fn(|k| sums[k] as f32 * scales[k] * norm)
    }
}

/// What each n-gram of a sentence counts: long sentences have many.
pub fn ngram_norm(features: &Features) -> f32 {
    1.0 / (features.ngrams.len().max(1) as f32).sqrt()
}

/// A scalar product of two slices of the same length.
pub fn product(weights: &[f32], figures: &[f32]) -> f32 {
    weights.iter().zip(figures).map(|(w, x)| w * x).sum()
}
