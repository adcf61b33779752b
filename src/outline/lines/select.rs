//! Selection: which line a reader prefers.
//!
//! In:  figures of a line. Out: a score. Linear, learned from lines that two editors wrote (`training/lines`) by
//! `crates/sukje-dev/examples/train_lines.rs`.

use std::sync::LazyLock;

use super::words;
use crate::language::{Language, PerLanguage};

/// Figures of a line.
pub const FIGURES: usize = 14;
/// Numbers of the weights of one language: of words, of lines.
pub const NUMBERS: usize = words::FIGURES + FIGURES;

/// Weights of words and of lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Selector {
    /// Weights of words.
    pub words: words::WordWeights,
    /// Weights of lines.
    pub lines: PerLanguage<[f32; FIGURES]>,
}

static BUILTIN: LazyLock<Selector> =
    LazyLock::new(|| Selector::of(include_bytes!("../../../training/weights/lines.f32")));

impl Selector {
    /// The weights that come with the program.
    pub fn builtin() -> &'static Selector {
        &BUILTIN
    }

    /// Reads weights: little-endian 32-bit numbers, [`NUMBERS`] a language. What is missing is zero.
    pub fn of(bytes: &[u8]) -> Selector {
        let mut numbers = bytes
            .as_chunks::<4>()
            .0
            .iter()
            .map(|c| f32::from_le_bytes(*c));
        let mut next = || numbers.next().unwrap_or(0.0);
        let mut selector = Selector {
            words: PerLanguage::from_fn(|_| [0.0; words::FIGURES]),
            lines: PerLanguage::from_fn(|_| [0.0; FIGURES]),
        };
        for language in Language::ALL {
            selector.words[language] = std::array::from_fn(|_| next());
            selector.lines[language] = std::array::from_fn(|_| next());
        }
        selector
    }

    /// The bytes [`Selector::of`] reads.
    pub fn to_bytes(&self) -> Vec<u8> {
        let of = |language| {
            let words: [f32; words::FIGURES] = self.words[language];
            words.into_iter().chain(self.lines[language])
        };
        Language::ALL
            .into_iter()
            .flat_map(of)
            .flat_map(f32::to_le_bytes)
            .collect()
    }

    /// How good a line is.
    pub fn score(&self, figures: &[f32; FIGURES], language: Language) -> f32 {
        self.lines[language]
            .iter()
            .zip(figures)
            .map(|(w, f)| w * f)
            .sum()
    }
}
