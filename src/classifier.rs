//! The linear classifier over hashed features (the hashing trick), its weights one byte each and read in place.
//!
//! In:  features as hashes with values. Out: one score a class. Knows nothing of what the features mean.
//! The weights are made by `examples/train_noise.rs` and committed; nothing is learned at run time.
//! (The engine's tables, `outline/extractive/weights.rs`, are of another kind: many questions asked of the same rows, each
//! with its own scale, summed in whole numbers.)

/// First bytes of a weight file.
pub const MAGIC: &[u8; 4] = b"skl1";
/// Magic, number of classes, log2 of the number of buckets, scale.
const HEADER: usize = 4 + 1 + 1 + 4;

/// A trained model. Weights: `(buckets, classes)`, row-major, `i8` times `scale`.
#[derive(Debug, Clone, Copy)]
pub struct Classifier {
    classes: usize,
    mask: u32,
    scale: f32,
    weights: &'static [u8],
}

impl Classifier {
    /// Reads a weight file, or says what is wrong with it.
    pub const fn new(bytes: &'static [u8]) -> Classifier {
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
        Classifier {
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

impl Classifier {
    /// As [`Classifier::add`], of a model with `N` classes: the compiler knows how many scores there are.
    #[inline]
    pub fn add_each<const N: usize>(&self, feature: u32, value: f32, scores: &mut [f32; N]) {
        assert_eq!(self.classes, N, "a model has as many scores as classes");
        let row = (feature & self.mask) as usize * N;
        let step = self.scale * value;
        for (score, weight) in scores.iter_mut().zip(&self.weights[row..row + N]) {
            *score += f32::from(*weight as i8) * step;
        }
    }
}

/// Items of which at most one is right.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Each item's features, and how often the shared ones count for it.
    pub items: Vec<(Vec<(u32, f32)>, f32)>,
    /// Features of the list as a whole.
    pub shared: Vec<(u32, f32)>,
    /// Index of the right item, if one is.
    pub right: Option<usize>,
}

/// Returns the probability that log odds stand for.
pub fn sigmoid(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
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
pub fn fold_char(c: char) -> char {
    if c.is_ascii_digit() {
        '0'
    } else {
        c.to_ascii_lowercase()
    }
}

/// FNV-1a over bytes, started from `seed`: the hash of a feature's name.
#[inline]
pub fn hash(seed: u32, bytes: &[u8]) -> u32 {
    FeatureName::of(seed, "").hash(bytes)
}

/// The first part of a feature's name, hashed once for all that differ in the rest.
#[derive(Debug, Clone, Copy)]
pub struct FeatureName(u32);

impl FeatureName {
    /// A name that begins with `text`.
    pub const fn of(seed: u32, text: &str) -> FeatureName {
        let start = FeatureName(0x811C_9DC5 ^ seed.wrapping_mul(0x0100_0193));
        start.then(text.as_bytes())
    }

    /// The name with `bytes` behind it.
    #[inline]
    pub const fn then(self, bytes: &[u8]) -> FeatureName {
        let mut h = self.0;
        let mut i = 0;
        while i < bytes.len() {
            h = (h ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
            i += 1;
        }
        FeatureName(h)
    }

    /// The hash of the name with `bytes` as its end.
    #[inline]
    pub const fn hash(self, bytes: &[u8]) -> u32 {
        self.then(bytes).end()
    }

    /// The hash of the name as it is.
    #[inline]
    pub const fn end(self) -> u32 {
        self.0 ^ (self.0 >> 15)
    }
}
