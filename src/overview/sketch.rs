//! A sketch of a text: a sample of its character 5-grams, of one size for every article.
//!
//! In:  sentences. Out: at most [`MOST`] hashes, from which the containment of one text in another is estimated.
//! Letters and digits alone count, so lost marks, blanks and line breaks make no difference.

use std::io::{self, Write};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::article::is_letter;

/// Letters of a gram: the length at which `clean` tells reprinted news from other news of the same event.
const GRAM: usize = 5;
/// Hashes kept of one article. Between 32 and 64 of a long one are left, which tells .75 from .56 (two and a half
/// standard deviations); twice as many would double what is written and read of every article.
const MOST: usize = 64;
/// Fewer hashes than this say nothing of two texts.
const FEWEST: usize = 8;

/// Sampled hashes of a text's grams, ascending, each once.
///
/// A hash is kept where its lowest `rate` bits are zero: two sketches compare at the coarser of their rates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GramSketch {
    rate: u32,
    hashes: Vec<u32>,
}

impl GramSketch {
    /// Rate, number of hashes, and room for the most hashes, four bytes each.
    pub(super) const BYTES: usize = 4 * (2 + MOST);

    /// Sketches sentences read one after the other.
    pub fn of<'a>(sentences: impl IntoIterator<Item = &'a str>) -> GramSketch {
        let mut sketch = GramSketch::default();
        let mut gram = [0u32; GRAM];
        let letters = sentences.into_iter().flat_map(str::chars);
        for (n, c) in letters.filter(|c| is_letter(*c)).enumerate() {
            gram.rotate_left(1);
            gram[GRAM - 1] = c.to_ascii_lowercase() as u32;
            if n + 1 >= GRAM {
                sketch.insert(mix(gram));
            }
        }
        sketch.tidy();
        sketch
    }

    /// Tells whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Returns the hashes, ascending.
    pub(super) fn hashes(&self) -> &[u32] {
        &self.hashes
    }

    /// Writes the sketch in [`Sketch::BYTES`] bytes.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut bytes = [0; GramSketch::BYTES];
        let numbers = [self.rate, self.hashes.len() as u32];
        let numbers = numbers.iter().chain(&self.hashes);
        for (place, number) in bytes.chunks_exact_mut(4).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        out.write_all(&bytes)
    }

    /// Reads back a sketch.
    pub(super) fn read(bytes: &[u8; GramSketch::BYTES]) -> GramSketch {
        let (numbers, _) = bytes.as_chunks::<4>();
        let mut numbers = numbers.iter().map(|bytes| u32::from_le_bytes(*bytes));
        let (rate, count) = (numbers.next(), numbers.next());
        GramSketch {
            rate: rate.unwrap_or(0),
            hashes: numbers.take(count.unwrap_or(0) as usize).collect(),
        }
    }

    /// Estimates the share of the shorter text's grams that stand in the longer; none where too few are left to tell.
    pub fn containment(&self, other: &GramSketch) -> Option<f32> {
        let rate = self.rate.max(other.rate);
        let (mut a, mut b) = (self.at(rate).peekable(), other.at(rate).peekable());
        let (mut left, mut right, mut shared) = (0usize, 0usize, 0usize);
        while let (Some(&x), Some(&y)) = (a.peek(), b.peek()) {
            if x <= y {
                left += 1;
                a.next();
            }
            if y <= x {
                right += 1;
                b.next();
            }
            shared += usize::from(x == y);
        }
        let fewer = (left + a.count()).min(right + b.count());
        (fewer >= FEWEST).then(|| shared as f32 / fewer as f32)
    }

    /// Returns the hashes that a coarser rate would have kept.
    fn at(&self, rate: u32) -> impl Iterator<Item = u32> + '_ {
        self.hashes.iter().copied().filter(move |h| kept(*h, rate))
    }

    /// Lets the list grow to several times its size before it is sorted, or every gram of a long text would sort it.
    fn insert(&mut self, hash: u32) {
        if kept(hash, self.rate) {
            self.hashes.push(hash);
            if self.hashes.len() >= 8 * MOST {
                self.tidy();
            }
        }
    }

    fn tidy(&mut self) {
        self.hashes.sort_unstable();
        self.hashes.dedup();
        while self.hashes.len() > MOST {
            self.rate += 1;
            let rate = self.rate;
            self.hashes.retain(|h| kept(*h, rate));
        }
        self.hashes.shrink_to_fit();
    }
}

fn kept(hash: u32, rate: u32) -> bool {
    hash.trailing_zeros() >= rate
}

/// Hashes by FNV-1a over the letters, then the finaliser of MurmurHash3: the lowest bits must be as random as the rest.
fn mix(gram: [u32; GRAM]) -> u32 {
    let mut h = gram.iter().fold(0x811C_9DC5u32, |h, letter| {
        (h ^ letter).wrapping_mul(0x0100_0193)
    });
    h = (h ^ (h >> 16)).wrapping_mul(0x85EB_CA6B);
    h = (h ^ (h >> 13)).wrapping_mul(0xC2B2_AE35);
    h ^ (h >> 16)
}

/// Written as one string: the rate, a colon, eight hexadecimal digits a hash. A list of numbers would be half as long again.
impl Serialize for GramSketch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = format!("{}:", self.rate);
        for hash in &self.hashes {
            out.push_str(&format!("{hash:08x}"));
        }
        serializer.serialize_str(&out)
    }
}

impl<'de> Deserialize<'de> for GramSketch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<GramSketch, D::Error> {
        let text = String::deserialize(deserializer)?;
        read(&text).ok_or_else(|| D::Error::custom("is no sketch"))
    }
}

fn read(text: &str) -> Option<GramSketch> {
    let (rate, digits) = text.split_once(':')?;
    let rate = rate.parse().ok().filter(|rate| *rate <= u32::BITS)?;
    let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    if !hex || !digits.len().is_multiple_of(8) || digits.len() > 8 * MOST {
        return None;
    }
    let hashes: Vec<u32> = (0..digits.len())
        .step_by(8)
        .filter_map(|at| u32::from_str_radix(&digits[at..at + 8], 16).ok())
        .collect();
    let sound = hashes.windows(2).all(|w| w[0] < w[1]) && hashes.iter().all(|h| kept(*h, rate));
    sound.then_some(GramSketch { rate, hashes })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words `from..to` of an endless text, each of letters of its own.
    fn text(from: u32, to: u32) -> String {
        let letters = |n| (0..6).map(move |i| char::from(b'a' + (mix([n, i, 0, 0, 0]) % 26) as u8));
        (from..to).flat_map(|n| letters(n).chain([' '])).collect()
    }

    #[test]
    fn containment_is_that_of_the_shorter_text() {
        let whole = GramSketch::of([text(0, 900).as_str()]);
        let check = |from, to, expected: f32| {
            let found = whole.containment(&GramSketch::of([text(from, to).as_str()]));
            let found = found.expect("long enough");
            assert!((found - expected).abs() < 0.2, "{from}..{to}: {found}");
        };
        check(0, 900, 1.0);
        check(200, 700, 1.0);
        check(450, 1350, 0.5);
        check(2000, 2900, 0.0);
    }

    #[test]
    fn marks_blanks_and_sentence_breaks_make_no_difference() {
        let a = GramSketch::of(["The bridge, they say,", "is old. It was built in 1931."]);
        let b = GramSketch::of(["the bridge they say is old it was built in 1931"]);
        assert_eq!(a, b);
        assert_eq!(
            GramSketch::of(["다리는 낡았다."]),
            GramSketch::of(["다리는", "낡았다"])
        );
    }

    #[test]
    fn a_few_letters_say_nothing() {
        let tiny = GramSketch::of(["a bridge"]);
        assert_eq!(tiny.containment(&tiny), None);
        assert!(GramSketch::of([""]).is_empty());
    }

    #[test]
    fn a_sketch_is_small_and_reads_back() {
        for n in [0, 3, 40, 5_000] {
            let sketch = GramSketch::of([text(0, n).as_str()]);
            assert!(sketch.hashes.len() <= MOST);
            let json = serde_json::to_string(&sketch).expect("JSON");
            let back: GramSketch = serde_json::from_str(&json).expect("a sketch");
            assert_eq!(back, sketch);
            let mut bytes = Vec::new();
            sketch.write(&mut bytes).expect("a vector takes everything");
            let bytes = bytes.as_slice().try_into().expect("always as long");
            assert_eq!(GramSketch::read(bytes), sketch);
        }
    }

    #[test]
    fn what_is_no_sketch_is_refused() {
        for text in [
            "",
            "0",
            "x:",
            "40:",
            "0:0000000",
            "0:가0000000",
            "0:0000000200000001",
            "2:00000001",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
