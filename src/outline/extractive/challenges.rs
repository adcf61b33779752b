//! Challenges: which the article discusses, with which sentences, and what it says should be done.
//!
//! In:  features and weights. Out: `Decoding`, how sure every state of every sentence is, and of it `ChallengeFinding` per
//! challenge. A challenge that too little speaks of is not discussed.

use super::crf::{self, Crf, PARTS, REMEDY};
use super::features::ArticleFeatures;
use super::weights::{
    CHALLENGE_COLUMN, COLUMNS, CrfWeights, PART_COLUMN, TRAINED_CHALLENGES, Weights, product,
};

/// A challenge counts as discussed where its best two sentences are together at least this sure.
/// Tuned by cross-validation over `training/articles`.
const PRESENT: f32 = 1.15;
/// A sentence counts as evidence from this sureness on; below, it is more often of another challenge or none.
/// Tuned by cross-validation over `training/articles`.
const EVIDENCE: f32 = 0.50;
/// A sentence counts as a remedy from this joint sureness of CRF and role model on; most challenges have one.
/// Tuned by cross-validation over `training/articles`.
const CURE: f32 = 0.12;

/// What the CRF says of every sentence.
#[derive(Debug, Clone, Default)]
pub struct Decoding {
    /// Says how many challenges the lens has.
    pub challenges: usize,
    /// `[sentence * states + state]`: how sure.
    pub marginals: Vec<f32>,
    /// The best path: a state per sentence.
    pub path: Vec<usize>,
}

/// What the article says of one challenge.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChallengeFinding {
    /// Indices of its sentences with how sure each is, surest first; empty where it is not discussed.
    pub evidence: Vec<(usize, f32)>,
    /// Indices of the sentences that say what should be done, surest first.
    pub remedies: Vec<(usize, f32)>,
}

/// Decodes an article; `columns` are what the n-grams of each sentence say. `trained` says that the lens is the one their
/// weights were trained for.
pub fn decode(
    features: &ArticleFeatures,
    challenges: usize,
    weights: &Weights,
    columns: &[[f32; COLUMNS]],
    trained: bool,
) -> Decoding {
    let run = |ngrams: bool| {
        let crf_weights = weights.crf(ngrams);
        Crf {
            emissions: emissions(features, challenges, crf_weights, |i| {
                ngrams.then(|| columns[i])
            }),
            cohesion: features.sentences.iter().map(|s| s.cohesion).collect(),
            steps: crf_weights.steps(),
            states: crf::states(challenges),
        }
    };
    let lexicon = run(false);
    if !trained {
        return Decoding {
            challenges,
            marginals: lexicon.marginals(None),
            path: lexicon.best_path(),
        };
    }
    Decoding::both(challenges, &lexicon, &run(true))
}

/// The score of every state of every sentence; `columns` are the n-grams' part of it.
pub fn emissions<const N: usize>(
    features: &ArticleFeatures,
    challenges: usize,
    weights: CrfWeights,
    columns: impl Fn(usize) -> Option<[f32; N]>,
) -> Vec<f32> {
    let states = crf::states(challenges);
    let mut out = Vec::with_capacity(features.sentences.len() * states);
    for (i, sentence) in features.sentences.iter().enumerate() {
        let columns = columns(i).unwrap_or([0.0; N]);
        let parts: [f32; PARTS] = std::array::from_fn(|p| {
            product(weights.part(p), &sentence.structural) + columns[PART_COLUMN + p]
        });
        for y in 0..states {
            let part = crf::part(y);
            let own = crf::challenge(y).map_or(0.0, |c| {
                let ngrams = if c < TRAINED_CHALLENGES {
                    columns[CHALLENGE_COLUMN + c]
                } else {
                    0.0
                };
                ngrams + product(weights.per_challenge(part), &sentence.per_challenge[c])
            });
            out.push(parts[part] + own);
        }
    }
    out
}

impl Decoding {
    /// The mean of two CRFs: each errs where the other does not.
    pub fn both(challenges: usize, lexicon: &Crf, ngrams: &Crf) -> Decoding {
        let pairs = lexicon
            .marginals(None)
            .into_iter()
            .zip(ngrams.marginals(None));
        Decoding {
            challenges,
            marginals: pairs.map(|(a, b)| 0.5 * (a + b)).collect(),
            path: ngrams.best_path(),
        }
    }

    fn row(&self, i: usize) -> &[f32] {
        let states = crf::states(self.challenges);
        &self.marginals[i * states..(i + 1) * states]
    }

    /// Returns how sure sentence `i` plays `part` in `challenge`.
    pub fn sure(&self, i: usize, challenge: usize, part: usize) -> f32 {
        self.row(i)[crf::state(challenge, part)]
    }

    /// Returns how sure sentence `i` belongs to `challenge`.
    pub fn belongs(&self, i: usize, challenge: usize) -> f32 {
        (1..PARTS).map(|part| self.sure(i, challenge, part)).sum()
    }

    /// Returns how sure sentence `i` plays `part`, in whatever challenge.
    pub fn plays(&self, i: usize, part: usize) -> f32 {
        if part == crf::NONE {
            return self.row(i)[crf::NONE];
        }
        (0..self.challenges).map(|c| self.sure(i, c, part)).sum()
    }

    /// What the article says of each challenge; `cures` says how sure each sentence is a remedy.
    pub fn findings(&self, cures: &[f32]) -> Vec<ChallengeFinding> {
        (0..self.challenges)
            .map(|c| self.finding(c, cures))
            .collect()
    }

    /// Returns how much speaks for the challenge being discussed.
    pub fn presence(&self, challenge: usize) -> f32 {
        let n = self.path.len();
        let mut best = [0.0f32; 2];
        for i in 0..n {
            let sure = self.belongs(i, challenge);
            if sure > best[0] {
                best = [sure, best[0]];
            } else if sure > best[1] {
                best[1] = sure;
            }
        }
        best.iter().sum()
    }

    /// Returns how sure sentence `i` says what should be done about `challenge`, as CRF and role model see it together.
    /// Belonging counts half: a remedy gathered at the end, away from its block, is of no challenge for sure.
    fn cure(&self, i: usize, challenge: usize, role: f32) -> f32 {
        let belongs = self.belongs(i, challenge);
        (self.sure(i, challenge, REMEDY) * role * belongs.sqrt()).sqrt()
    }

    fn finding(&self, challenge: usize, cures: &[f32]) -> ChallengeFinding {
        if self.presence(challenge) < PRESENT {
            return ChallengeFinding::default();
        }
        let n = self.path.len();
        let ranked = |sure: &dyn Fn(usize) -> f32, least: f32| {
            let mut rows: Vec<(usize, f32)> = (0..n)
                .map(|i| (i, sure(i)))
                .filter(|(_, p)| *p >= least)
                .collect();
            rows.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            rows
        };
        ChallengeFinding {
            evidence: ranked(&|i| self.belongs(i, challenge), EVIDENCE),
            remedies: ranked(&|i| self.cure(i, challenge, cures[i]), CURE),
        }
    }
}
