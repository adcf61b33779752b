//! Learning of a linear model: softmax regression with AdaGrad steps, seeded, without clock or threads.
//!
//! In:  examples, or lists of which one item is right. Out: the bytes `sukje::classifier::Classifier` reads.

use std::collections::BTreeMap;

use sukje::classifier::{Choice, MAGIC, softmax};

/// Weights while they are learned: softmax regression with AdaGrad steps. Deterministic.
#[derive(Debug)]
pub struct Trainer {
    classes: usize,
    bits: u8,
    weights: Vec<f32>,
    squares: Vec<f32>,
}

/// One example: features and the right class.
#[derive(Debug, Clone)]
pub struct Example {
    /// Hashes with values.
    pub features: Vec<(u32, f32)>,
    /// Index of the right class.
    pub class: usize,
    /// How much it counts.
    pub weight: f32,
}

impl Trainer {
    /// A model of zeros with `2^bits` buckets.
    pub fn new(classes: usize, bits: u8) -> Trainer {
        let size = classes << bits;
        Trainer {
            classes,
            bits,
            weights: vec![0.0; size],
            squares: vec![1e-6; size],
        }
    }

    fn row(&self, feature: u32) -> usize {
        (feature & ((1 << self.bits) - 1)) as usize * self.classes
    }

    /// The scores of an example.
    pub fn scores(&self, features: &[(u32, f32)]) -> Vec<f32> {
        let mut scores = vec![0.0; self.classes];
        for &(feature, value) in features {
            let row = self.row(feature);
            for (score, weight) in scores
                .iter_mut()
                .zip(&self.weights[row..row + self.classes])
            {
                *score += weight * value;
            }
        }
        scores
    }

    /// One pass over the examples in a shuffled order that depends on `seed` alone.
    pub fn pass(&mut self, examples: &[Example], seed: u64, rate: f32, decay: f32) {
        for i in shuffled(examples.len(), seed) {
            let example = &examples[i];
            let mut scores = self.scores(&example.features);
            softmax(&mut scores);
            scores[example.class] -= 1.0;
            for &(feature, value) in &example.features {
                let row = self.row(feature);
                for (class, gradient) in scores.iter().enumerate() {
                    let at = row + class;
                    let step = gradient * value * example.weight + decay * self.weights[at];
                    self.squares[at] += step * step;
                    self.weights[at] -= rate * step / self.squares[at].sqrt();
                }
            }
        }
    }

    /// One pass over lists of which at most one item is right: its score is raised against the others' and against
    /// the choice of none, whose score is 0. Uses the first class alone.
    pub fn pass_lists(&mut self, lists: &[&Choice], seed: u64, rate: f32, decay: f32) {
        for i in shuffled(lists.len(), seed) {
            let list = lists[i];
            let mut scores = self.list_scores(list);
            scores.push(0.0);
            softmax(&mut scores);
            scores[list.right.unwrap_or(list.items.len())] -= 1.0;
            let mut gradient: BTreeMap<usize, f32> = BTreeMap::new();
            let mut shared = 0.0;
            for ((features, share), score) in list
                .items
                .iter()
                .zip(&scores)
                .filter(|(_, s)| s.abs() > 1e-4)
            {
                shared += score * share;
                for &(feature, value) in features {
                    *gradient.entry(self.row(feature)).or_default() += score * value;
                }
            }
            for &(feature, value) in &list.shared {
                *gradient.entry(self.row(feature)).or_default() += shared * value;
            }
            for (at, step) in gradient {
                let step = step + decay * self.weights[at];
                self.squares[at] += step * step;
                self.weights[at] -= rate * step / self.squares[at].sqrt();
            }
        }
    }

    /// The first class's score of each item of a list.
    pub fn list_scores(&self, list: &Choice) -> Vec<f32> {
        let shared = self.scores(&list.shared)[0];
        list.items
            .iter()
            .map(|(features, share)| self.scores(features)[0] + share * shared)
            .collect()
    }

    /// The weight file: one byte a weight, scaled so that the largest fits.
    pub fn to_bytes(&self) -> Vec<u8> {
        weight_file(&self.weights, self.classes, self.bits, CLIPPED)
    }
}

/// One weight of so many may be clipped.
const CLIPPED: usize = 2_000;

/// The weight file: one byte a weight, scaled so that all fit but one of `clipped`, which leaves finer steps for all others.
pub fn weight_file(weights: &[f32], classes: usize, bits: u8, clipped: usize) -> Vec<u8> {
    let mut sizes: Vec<f32> = weights
        .iter()
        .map(|w| w.abs())
        .filter(|w| *w > 0.0)
        .collect();
    sizes.sort_by(f32::total_cmp);
    let largest = sizes
        .get(sizes.len().saturating_sub(1 + sizes.len() / clipped))
        .copied()
        .unwrap_or(1.0);
    let scale = largest / 127.0;
    let mut bytes = MAGIC.to_vec();
    bytes.push(classes as u8);
    bytes.push(bits);
    bytes.extend(scale.to_le_bytes());
    let byte = |w: &f32| (w / scale).round().clamp(-127.0, 127.0) as i8 as u8;
    bytes.extend(weights.iter().map(byte));
    bytes
}

/// The numbers below `count` in an order that depends on `seed` alone.
pub fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    for i in (1..count).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        order.swap(i, (state >> 33) as usize % (i + 1));
    }
    order
}
