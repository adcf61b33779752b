//! Wording: news in brief is worded unlike an argument.
//!
//! In:  a text. Out: its words and letter runs as features, and what the trained weights make of them.

use std::ops::RangeInclusive;

use crate::classifier::{Classifier, FeatureName, fold_char, hash};
use crate::language::script::is_letter;
use crate::language::{Language, PerLanguage};

/// Log2 of the number of buckets of the trained models.
pub const BUCKET_BITS: u8 = 15;

/// The models that tell stories apart.
pub static STORIES: PerLanguage<Classifier> = PerLanguage {
    ko: Classifier::new(include_bytes!("../../training/weights/stories.ko.bin")),
    en: Classifier::new(include_bytes!("../../training/weights/stories.en.bin")),
};

/// Lengths of the letter runs that are features.
const RUN_LETTERS: PerLanguage<RangeInclusive<usize>> = PerLanguage {
    ko: 1..=3,
    en: 4..=5,
};
/// Namespace of words; that of letter runs is this and their length.
const WORD: u32 = 50;

/// Returns what the words of a text say for its being another story's.
pub fn score(text: &str, language: Language) -> f32 {
    let mut score = [0.0];
    for (feature, value) in features(text, language) {
        STORIES[language].add_each(feature, value, &mut score);
    }
    score[0]
}

/// Returns words and letter runs as features, each text's adding up to one.
pub fn features(text: &str, language: Language) -> Vec<(u32, f32)> {
    /// Longest run, in bytes up to its last letter; of a longer one the last letter does not count.
    const LONGEST: usize = 12;
    let mut features = Vec::with_capacity(text.len());
    let words = text.split(|c: char| !is_letter(c));
    let (mut folded, mut starts) = (String::new(), Vec::new());
    for word in words.filter(|w| !w.is_empty()) {
        folded.clear();
        starts.clear();
        for c in word.chars() {
            starts.push(folded.len());
            folded.push(fold_char(c));
        }
        starts.push(folded.len());
        features.push(hash(WORD, folded.as_bytes()));
        for length in RUN_LETTERS[language].clone() {
            let name = FeatureName::of(WORD + length as u32, "");
            for run in starts.windows(length + 1) {
                let (start, last) = (run[0], run[length - 1]);
                let end = match last - start > LONGEST {
                    true => last,
                    false => run[length],
                };
                features.push(name.hash(&folded.as_bytes()[start..end]));
            }
        }
    }
    let share = 2.0 / (features.len().max(1) as f32).sqrt();
    features.into_iter().map(|f| (f, share)).collect()
}
