//! Learning of the chain: the likelihood of whole pages, AdaGrad steps, seeded, without clock or threads.
//!
//! In:  pages as features with the right kinds. Out: the bytes `sukje::classifier::Classifier` reads.

use sukje::clean::context::model::{FIRST, KINDS, Kinds, Parting, step};

use super::learn::{shuffled, weight_file};

const COUNT: usize = KINDS.len();
const GAPS: usize = FIRST as usize + 1;
/// What losing an article's own unit costs beside a leak.
const LOSS: f32 = 5.0;
/// First step size, and how much weights shrink a step.
const RATE: f32 = 0.12;
const DECAY: f32 = 2e-6;
/// Share of the features left out of a step, in per cent (dropout, Srivastava et al. 2014).
const DROPPED: usize = 30;

/// One weight of so many may be clipped.
const CLIPPED: usize = 5_000;

/// A page to learn from.
#[derive(Debug, Clone)]
pub struct Example {
    pub gaps: Vec<Parting>,
    /// Scores the units have already.
    pub base: Vec<Kinds>,
    pub features: Vec<Vec<(u32, f32)>>,
    pub kinds: Vec<usize>,
}

/// Weights while they are learned.
#[derive(Debug)]
pub struct Chain {
    /// Log2 of the number of rows.
    bits: u8,
    weights: Vec<Kinds>,
    squares: Vec<Kinds>,
}

/// Marginal probabilities of kinds, and of pairs behind each other.
struct Marginals {
    kinds: Vec<Kinds>,
    pairs: Vec<[Kinds; COUNT]>,
}

fn scale(values: &mut Kinds) {
    let sum: f32 = values.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    values.iter_mut().for_each(|v| *v /= sum);
}

impl Chain {
    /// Returns a chain of 2^`bits` rows that knows nothing.
    pub fn new(bits: u8) -> Chain {
        Chain {
            bits,
            weights: vec![[0.0; COUNT]; 1 << bits],
            squares: vec![[1e-6; COUNT]; 1 << bits],
        }
    }

    fn row(&self, feature: u32) -> usize {
        (feature & ((1 << self.bits) - 1)) as usize
    }

    /// Learns from the pages in `passes` shuffled orders.
    pub fn learn(&mut self, pages: &[&Example], passes: u64) {
        for pass in 0..passes {
            let rate = RATE / (1.0 + pass as f32 * 0.4);
            let mut dice = super::pages::Random::of(pass + 77);
            for n in shuffled(pages.len(), pass + 1) {
                let thinned = thinned(pages[n], &mut dice);
                self.step(&thinned, rate);
            }
        }
    }

    fn step(&mut self, page: &Example, rate: f32) {
        let marginals = self.marginals(page);
        for (n, features) in page.features.iter().enumerate() {
            let mut gradient = marginals.kinds[n];
            gradient[page.kinds[n]] -= 1.0;
            for &(feature, value) in features {
                self.update(self.row(feature), &gradient, value, rate);
            }
        }
        let mut steps = [[[0.0; COUNT]; COUNT]; GAPS];
        for (n, pairs) in marginals.pairs.iter().enumerate() {
            let table = &mut steps[usize::from(page.gaps[n])];
            for (to, from) in table.iter_mut().zip(pairs) {
                to.iter_mut().zip(from).for_each(|(a, b)| *a += b);
            }
            let before = if n == 0 { 0 } else { page.kinds[n - 1] };
            table[before][page.kinds[n]] -= 1.0;
        }
        for (gap, table) in (0..).zip(&steps) {
            for (before, gradient) in table.iter().enumerate() {
                if gradient.iter().any(|g| g.abs() > 1e-6) {
                    self.update(self.row(step(gap, before)), gradient, 1.0, rate);
                }
            }
        }
    }

    fn update(&mut self, row: usize, gradient: &Kinds, value: f32, rate: f32) {
        let (weights, squares) = (&mut self.weights[row], &mut self.squares[row]);
        for k in 0..COUNT {
            let g = gradient[k] * value + DECAY * weights[k];
            squares[k] += g * g;
            weights[k] -= rate * g / squares[k].sqrt();
        }
    }

    fn marginals(&self, page: &Example) -> Marginals {
        let mut steps = [[[0.0f32; COUNT]; COUNT]; GAPS];
        for (gap, table) in (0..).zip(&mut steps) {
            for (before, to) in table.iter_mut().enumerate() {
                *to = self.weights[self.row(step(gap, before))].map(f32::exp);
            }
        }
        let n = page.features.len();
        let mut scores: Vec<Kinds> = Vec::with_capacity(n);
        for ((features, gold), base) in page.features.iter().zip(&page.kinds).zip(&page.base) {
            let mut score = *base;
            for &(feature, value) in features {
                let weights = &self.weights[self.row(feature)];
                score
                    .iter_mut()
                    .zip(weights)
                    .for_each(|(s, w)| *s += w * value);
            }
            // Softmax-margin (Gimpel and Smith 2010): what costs more must be less likely by as much.
            if *gold == 0 {
                score[1..].iter_mut().for_each(|s| *s += LOSS.ln());
            }
            let most = score.iter().copied().fold(f32::MIN, f32::max);
            scores.push(score.map(|s| (s - most).exp()));
        }
        let mut forward: Vec<Kinds> = Vec::with_capacity(n);
        let mut before: Kinds = std::array::from_fn(|k| f32::from(u8::from(k == 0)));
        let mut starts = Vec::with_capacity(n);
        for i in 0..n {
            starts.push(before);
            let table = &steps[usize::from(page.gaps[i])];
            let mut now = [0.0; COUNT];
            for (share, row) in before.iter().zip(table) {
                now.iter_mut().zip(row).for_each(|(a, w)| *a += share * w);
            }
            now.iter_mut().zip(&scores[i]).for_each(|(a, s)| *a *= s);
            scale(&mut now);
            forward.push(now);
            before = now;
        }
        let mut behind = [1.0; COUNT];
        let mut out = Marginals {
            kinds: vec![[0.0; COUNT]; n],
            pairs: vec![[[0.0; COUNT]; COUNT]; n],
        };
        for i in (0..n).rev() {
            let mut now = forward[i];
            now.iter_mut().zip(&behind).for_each(|(a, b)| *a *= b);
            scale(&mut now);
            out.kinds[i] = now;
            let table = &steps[usize::from(page.gaps[i])];
            let seen: Kinds = std::array::from_fn(|k| scores[i][k] * behind[k]);
            let pairs = &mut out.pairs[i];
            let mut sum = 0.0;
            for a in 0..COUNT {
                for b in 0..COUNT {
                    pairs[a][b] = starts[i][a] * table[a][b] * seen[b];
                    sum += pairs[a][b];
                }
            }
            pairs
                .iter_mut()
                .flatten()
                .for_each(|p| *p /= sum.max(f32::MIN_POSITIVE));
            behind = std::array::from_fn(|a| (0..COUNT).map(|b| table[a][b] * seen[b]).sum());
            scale(&mut behind);
        }
        out
    }

    /// The weight file: one byte a weight, scaled so that all but the few largest fit.
    pub fn to_bytes(&self) -> Vec<u8> {
        let weights: Vec<f32> = self.weights.iter().flatten().copied().collect();
        weight_file(&weights, COUNT, self.bits, CLIPPED)
    }
}

/// A page without some of its features: what is learned must not rest on one of them.
fn thinned(page: &Example, dice: &mut super::pages::Random) -> Example {
    let kept = |features: &Vec<(u32, f32)>, dice: &mut super::pages::Random| -> Vec<(u32, f32)> {
        let kept = features.iter().filter(|_| !dice.chance(DROPPED));
        kept.map(|(f, v)| (*f, v / (1.0 - DROPPED as f32 / 100.0)))
            .collect()
    };
    Example {
        gaps: page.gaps.clone(),
        base: page.base.clone(),
        features: page.features.iter().map(|f| kept(f, dice)).collect(),
        kinds: page.kinds.clone(),
    }
}
