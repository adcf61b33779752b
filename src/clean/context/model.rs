//! The chain: what kind each unit is, judged together with its neighbours.
//!
//! In:  scores of each unit for each kind, and how it is parted from the one before. Out: the probability of each kind.
//! A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001); forward and backward sums are kept as
//! probabilities, each step scaled to one.

use crate::article::Reason;
use crate::classifier::{Classifier, FeatureName};

/// The kinds told apart; `None` is the article's own text.
pub const KINDS: [Option<Reason>; 12] = [
    None,
    Some(Reason::Advertisement),
    Some(Reason::Promotion),
    Some(Reason::Byline),
    Some(Reason::Metadata),
    Some(Reason::Caption),
    Some(Reason::Copyright),
    Some(Reason::RelatedLinks),
    Some(Reason::Navigation),
    Some(Reason::Comment),
    Some(Reason::UnrelatedArticle),
    Some(Reason::Other),
];
const COUNT: usize = KINDS.len();

/// One value a kind.
pub type Kinds = [f32; COUNT];

/// What parts a unit from the one before: nothing but blanks, a line end, an empty line; [`FIRST`] has none before it.
pub type Parting = u8;
/// The gap of the first unit.
pub const FIRST: Parting = 3;
const GAPS: usize = 4;

/// Log2 of the number of rows of the two chains' trained tables: the second reads some hundred features, the first n-grams as well.
pub const FIRST_BITS: u8 = 15;
pub const SECOND_BITS: u8 = 12;

/// Namespace of what follows what.
const STEP: FeatureName = FeatureName::of(99, "step");

/// Returns the name of the row that says what follows kind `before` across a gap.
pub fn step(gap: Parting, before: usize) -> u32 {
    STEP.hash(&[gap, before as u8])
}

/// A chain: what the features of a unit say, and what follows what.
#[derive(Debug, Clone)]
pub struct Chain {
    rows: Classifier,
    /// How much likelier each kind becomes behind each, by gap: `[gap][before][kind]`, exponents taken.
    steps: [[Kinds; COUNT]; GAPS],
}

/// Two chains: the second sees what the first made of a unit's neighbours and of the whole page.
#[derive(Debug, Clone)]
pub struct ChainPair {
    pub first: Chain,
    pub second: Chain,
}

impl Chain {
    /// Takes over a trained table.
    pub fn of(rows: Classifier) -> Chain {
        let mut steps = [[[0.0; COUNT]; COUNT]; GAPS];
        for (gap, table) in (0..).zip(&mut steps) {
            for (before, row) in table.iter_mut().enumerate() {
                rows.add_each(step(gap, before), 1.0, row);
                row.iter_mut().for_each(|w| *w = w.exp());
            }
        }
        Chain { rows, steps }
    }

    /// Adds what a feature says to a unit's scores.
    #[inline]
    pub fn add(&self, feature: u32, value: f32, scores: &mut Kinds) {
        self.rows.add_each(feature, value, scores);
    }

    /// Turns the scores of a text's units into probabilities.
    pub fn decide(&self, gaps: &[Parting], scores: &[Kinds]) -> Vec<Kinds> {
        let likely = |score: &Kinds| {
            let most = score.iter().copied().fold(f32::MIN, f32::max);
            score.map(|s| (s - most).exp())
        };
        let scores: Vec<Kinds> = scores.iter().map(likely).collect();
        let mut decided = Vec::with_capacity(scores.len());
        let mut before = std::array::from_fn(|kind| f32::from(u8::from(kind == 0)));
        for (gap, score) in gaps.iter().zip(&scores) {
            let mut now = [0.0; COUNT];
            for (share, row) in before.iter().zip(&self.steps[usize::from(*gap)]) {
                now.iter_mut().zip(row).for_each(|(n, w)| *n += share * w);
            }
            now.iter_mut().zip(score).for_each(|(n, s)| *n *= s);
            scale(&mut now);
            decided.push(now);
            before = now;
        }
        let mut behind = [1.0; COUNT];
        for i in (0..scores.len()).rev() {
            let now = &mut decided[i];
            now.iter_mut().zip(&behind).for_each(|(n, b)| *n *= b);
            scale(now);
            let seen: Kinds = std::array::from_fn(|k| scores[i][k] * behind[k]);
            let table = &self.steps[usize::from(gaps[i])];
            behind = std::array::from_fn(|k| table[k].iter().zip(&seen).map(|(w, s)| w * s).sum());
            scale(&mut behind);
        }
        decided
    }
}

/// Makes values add up to one.
fn scale(values: &mut Kinds) {
    let sum: f32 = values.iter().sum();
    let by = 1.0 / sum.max(f32::MIN_POSITIVE);
    values.iter_mut().for_each(|v| *v *= by);
}
