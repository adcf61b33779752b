//! A linear model over hashed features, its weights one byte each and read in place.
//!
//! In:  features as hashes with values. Out: one score a class. Knows nothing of what the features mean.
//! The weights are made by the programs under `examples/` and committed; nothing is learned at run time.

/// First bytes of a weight file.
const MAGIC: &[u8; 4] = b"skl1";
/// Magic, number of classes, log2 of the number of buckets, scale.
const HEADER: usize = 4 + 1 + 1 + 4;

/// A trained model. Weights: `(buckets, classes)`, row-major, `i8` times `scale`.
#[derive(Debug, Clone, Copy)]
pub struct Linear {
    classes: usize,
    mask: u32,
    scale: f32,
    weights: &'static [u8],
}

impl Linear {
    /// Reads a weight file, or says what is wrong with it.
    pub const fn new(bytes: &'static [u8]) -> Linear {
        assert!(bytes.len() > HEADER, "a weight file has a header");
        assert!(
            bytes[0] == MAGIC[0]
                && bytes[1] == MAGIC[1]
                && bytes[2] == MAGIC[2]
                && bytes[3] == MAGIC[3],
            "a weight file starts with its magic"
        );
        let classes = bytes[4] as usize;
        let buckets = 1usize << bytes[5];
        let scale = f32::from_le_bytes([bytes[6], bytes[7], bytes[8], bytes[9]]);
        let (_, weights) = bytes.split_at(HEADER);
        assert!(
            weights.len() == classes * buckets,
            "a weight file holds one byte a class and bucket"
        );
        Linear {
            classes,
            mask: (buckets - 1) as u32,
            scale,
            weights,
        }
    }

    /// Adds the weights of one feature to `scores`, one score a class.
    #[inline]
    pub fn add(&self, feature: u32, value: f32, scores: &mut [f32]) {
        let row = (feature & self.mask) as usize * self.classes;
        let step = self.scale * value;
        for (score, weight) in scores
            .iter_mut()
            .zip(&self.weights[row..row + self.classes])
        {
            *score += f32::from(*weight as i8) * step;
        }
    }
}

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

/// Items of which at most one is right.
#[derive(Debug, Clone)]
pub struct List {
    /// Each item's features, and how often the shared ones count for it.
    pub items: Vec<(Vec<(u32, f32)>, f32)>,
    /// Features of the list as a whole.
    pub shared: Vec<(u32, f32)>,
    /// Index of the right item, if one is.
    pub right: Option<usize>,
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
    pub fn pass_lists(&mut self, lists: &[&List], seed: u64, rate: f32, decay: f32) {
        for i in shuffled(lists.len(), seed) {
            let list = lists[i];
            let mut scores = self.list_scores(list);
            scores.push(0.0);
            softmax(&mut scores);
            scores[list.right.unwrap_or(list.items.len())] -= 1.0;
            let mut gradient: std::collections::BTreeMap<usize, f32> = Default::default();
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
    pub fn list_scores(&self, list: &List) -> Vec<f32> {
        let shared = self.scores(&list.shared)[0];
        list.items
            .iter()
            .map(|(features, share)| self.scores(features)[0] + share * shared)
            .collect()
    }

    /// The weight file: one byte a weight, scaled so that the largest fits.
    pub fn to_bytes(&self) -> Vec<u8> {
        // The few largest weights may be clipped: it leaves finer steps for all others.
        let mut sizes: Vec<f32> = self
            .weights
            .iter()
            .map(|w| w.abs())
            .filter(|w| *w > 0.0)
            .collect();
        sizes.sort_by(f32::total_cmp);
        let largest = sizes
            .get(sizes.len().saturating_sub(1 + sizes.len() / 2000))
            .copied()
            .unwrap_or(1.0);
        let scale = largest / 127.0;
        let mut bytes = MAGIC.to_vec();
        bytes.push(self.classes as u8);
        bytes.push(self.bits);
        bytes.extend(scale.to_le_bytes());
        bytes.extend(
            self.weights
                .iter()
                .map(|w| (w / scale).round().clamp(-127.0, 127.0) as i8 as u8),
        );
        bytes
    }
}

/// The numbers below `count` in an order that depends on `seed` alone.
fn shuffled(count: usize, seed: u64) -> Vec<usize> {
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

/// Scores to probabilities.
pub fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        sum += *score;
    }
    for score in scores.iter_mut() {
        *score /= sum;
    }
}

/// A character as features see it: digits are alike, and so are the cases of an ASCII letter.
#[inline]
pub fn plain(c: char) -> char {
    if c.is_ascii_digit() {
        '0'
    } else {
        c.to_ascii_lowercase()
    }
}

/// FNV-1a over bytes, started from `seed`: the hash of a feature's name.
#[inline]
pub fn hash(seed: u32, bytes: &[u8]) -> u32 {
    Name::of(seed, "").hash(bytes)
}

/// The first part of a feature's name, hashed once for all that differ in the rest.
#[derive(Debug, Clone, Copy)]
pub struct Name(u32);

impl Name {
    /// A name that begins with `text`.
    pub const fn of(seed: u32, text: &str) -> Name {
        let start = Name(0x811C_9DC5 ^ seed.wrapping_mul(0x0100_0193));
        start.then(text.as_bytes())
    }

    /// The name with `bytes` behind it.
    #[inline]
    pub const fn then(self, bytes: &[u8]) -> Name {
        let mut h = self.0;
        let mut i = 0;
        while i < bytes.len() {
            h = (h ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
            i += 1;
        }
        Name(h)
    }

    /// The hash of the name with `bytes` as its end.
    #[inline]
    pub const fn hash(self, bytes: &[u8]) -> u32 {
        let h = self.then(bytes).0;
        h ^ (h >> 15)
    }
}
