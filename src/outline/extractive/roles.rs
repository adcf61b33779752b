//! Roles: what each sentence does in the article's reasoning, and which say its thesis and its main steps.
//!
//! In:  features and what the CRF decided. Out: `Judgement` per sentence. The models are linear, over structural
//! figures, the CRF's figures and n-grams.

use super::challenges::Decoding;
use super::crf::{self, BODY, NONE, OPENING, PARTS, REMEDY};
use super::features::ArticleFeatures;
use super::weights::{
    COLUMNS, DECIDED, KEY_COLUMN, ROLE_COLUMN, ROLES, THESIS_COLUMN, Weights, product,
};
use crate::brief::Role;
use crate::classifier::softmax;

/// The roles in the order of their columns.
pub const ROLE_ORDER: [Role; ROLES] = [
    Role::Context,
    Role::Claim,
    Role::Evidence,
    Role::Remedy,
    Role::Conclusion,
];

/// Where the context stands in [`ROLE_ORDER`].
const CONTEXT_ROLE: usize = 0;
/// What the logarithm of being context takes from the odds of being key: a digest needs no background, and the roles
/// know background better than the model of key sentences does. Tuned by cross-validation over `training/articles`.
const BACKGROUND: f32 = 0.1;
/// The smallest share that is told from none there.
const LEAST: f32 = 1e-3;

/// Where the remedy stands in [`ROLE_ORDER`].
pub const REMEDY_ROLE: usize = 3;

/// What is held of one sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// Says how sure each role is, in [`ROLE_ORDER`].
    pub roles: [f32; ROLES],
    /// Log odds of being the thesis.
    pub thesis: f32,
    /// Log odds of being one of the sentences a digest needs.
    pub key: f32,
}

impl Judgement {
    /// The likeliest role.
    pub fn role(&self) -> Role {
        let best = (0..ROLES).fold(0, |a, b| if self.roles[b] > self.roles[a] { b } else { a });
        ROLE_ORDER[best]
    }
}

/// Judges every sentence; `columns` are what its n-grams say.
pub fn judge(
    features: &ArticleFeatures,
    decoded: &Decoding,
    weights: &Weights,
    columns: &[[f32; COLUMNS]],
) -> Vec<Judgement> {
    let decided = decided_figures(features, decoded);
    let sentences = features.sentences.iter().zip(&decided);
    sentences
        .zip(columns)
        .map(|((sentence, decided), columns)| {
            let held = judgement(weights, &sentence.structural, decided, columns);
            Judgement {
                key: held.key - BACKGROUND * held.roles[CONTEXT_ROLE].max(LEAST).ln(),
                ..held
            }
        })
        .collect()
}

/// Judges one sentence.
pub fn judgement(
    weights: &Weights,
    structural: &[f32],
    decided: &[f32; DECIDED],
    columns: &[f32; COLUMNS],
) -> Judgement {
    let score = |question: usize, column: usize| {
        let dense = weights.question(question);
        let (own, decoded) = dense.split_at(structural.len());
        product(own, structural) + product(decoded, decided) + columns[column]
    };
    let mut roles: [f32; ROLES] = std::array::from_fn(|k| score(k, ROLE_COLUMN + k));
    softmax(&mut roles);
    Judgement {
        roles,
        thesis: score(ROLES, THESIS_COLUMN),
        key: score(ROLES + 1, KEY_COLUMN),
    }
}

/// What the CRF says of each sentence, as figures.
pub fn decided_figures(features: &ArticleFeatures, decoded: &Decoding) -> Vec<[f32; DECIDED]> {
    let path = &decoded.path;
    let n = path.len();
    let spoken: Vec<bool> = (0..decoded.challenges)
        .map(|c| path.iter().any(|&y| crf::challenge(y) == Some(c)))
        .collect();
    let discussed = spoken.iter().filter(|&&s| s).count() as f32;
    let first = path.iter().position(|&y| y != NONE).unwrap_or(n);
    let last = path.iter().rposition(|&y| y != NONE).unwrap_or(0);
    let flag = |yes: bool| if yes { 1.0 } else { 0.0 };
    let mut start = 0;
    (0..n)
        .map(|i| {
            let same = |a: usize, b: usize| crf::challenge(path[a]) == crf::challenge(path[b]);
            if i == 0 || !same(i - 1, i) {
                start = i;
            }
            let part = crf::part(path[i]);
            let within = i - start;
            let starts = within == 0 && part != NONE;
            let ends = part != NONE && (i + 1 == n || !same(i, i + 1));
            let s = &features.sentences[i];
            let surest = (0..decoded.challenges)
                .map(|c| decoded.belongs(i, c))
                .fold(0.0, f32::max);
            let numbers = flag(s.numbers > 0);
            let plays: [f32; PARTS] = std::array::from_fn(|p| decoded.plays(i, p));
            [
                plays[NONE],
                plays[OPENING],
                plays[BODY],
                plays[REMEDY],
                surest,
                flag(starts),
                flag(ends),
                flag(part != NONE && within == 1),
                flag(part != NONE && within == 2),
                flag(part != NONE && within >= 3),
                discussed / 5.0,
                flag(discussed == 0.0),
                flag(discussed >= 4.0),
                flag(i < first),
                flag(i > last && first < n),
                flag(i + 1 == first),
                plays[BODY] * numbers,
                plays[OPENING] * numbers,
                plays[NONE] * numbers,
                plays[REMEDY] * discussed / 5.0,
                plays[OPENING] * discussed / 5.0,
                plays[BODY] * discussed / 5.0,
                plays[BODY] * numbers * flag(within == 1),
                flag(i > first && i < last && part == NONE),
            ]
        })
        .collect()
}
