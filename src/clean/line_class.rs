//! The class of a line: how much it resembles an article's sentence, an advertisement, a byline and so on.
//!
//! In:  a text. Out: a probability for each kind, from its letter runs, words and length, by a small linear model.
//! It backs the rule tables where no entry fits; alone it decides only together with a unit's place.

use crate::article::Reason;
use crate::classifier::{Classifier, FeatureName, hash, softmax};
use crate::language::data::{self, List};
use crate::language::script::is_letter;
use crate::language::{Language, PerLanguage};

/// The kinds told apart; `None` is the article's own text.
pub const KINDS: [Option<Reason>; 10] = [
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
];

/// Log2 of the number of buckets of the trained models.
pub const BUCKET_BITS: u8 = 14;

static MODELS: PerLanguage<Classifier> = PerLanguage {
    ko: Classifier::new(include_bytes!("../../training/weights/shape.ko.bin")),
    en: Classifier::new(include_bytes!("../../training/weights/shape.en.bin")),
};

/// Namespaces of the features; the weights were trained with these numbers. Letter runs are named by their length.
mod name {
    pub const WORD: u32 = 11;
    /// And the one behind it.
    pub const FIRST_WORDS: u32 = 12;
    /// And the one before it.
    pub const LAST_WORDS: u32 = 15;
    pub const LENGTH: u32 = 20;
    pub const WORDS: u32 = 21;
    pub const END: u32 = 22;
    pub const PARTICLE_SHARE: u32 = 23;
    pub const PARTICLES: u32 = 24;
    pub const FIGURES: u32 = 25;
    pub const MARKS: u32 = 26;
    pub const BIAS: u32 = 27;
}

/// Probabilities in the order of [`KINDS`].
#[derive(Debug, Clone, Copy)]
pub struct LineClass(pub [f32; KINDS.len()]);

impl LineClass {
    /// Classifies a text.
    pub fn of(text: &str, language: Language) -> LineClass {
        let model = &MODELS[language];
        let mut scores = [0.0; KINDS.len()];
        features(text, |feature, value| {
            model.add_each(feature, value, &mut scores)
        });
        softmax(&mut scores);
        LineClass(scores)
    }

    /// Returns the probability that the text is the article's own.
    pub fn article(&self) -> f32 {
        self.0[0]
    }

    /// Returns the likeliest kind of noise and its probability.
    pub fn noise(&self) -> (Reason, f32) {
        let (kind, p) = (1..KINDS.len())
            .map(|k| (k, self.0[k]))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .expect("there are kinds");
        (
            KINDS[kind].expect("only the first kind is the article's"),
            p,
        )
    }

    /// Returns the probability of being noise of any kind but a comment or a headline, which an article's own lines resemble.
    pub fn scrap(&self) -> f32 {
        1.0 - self.article() - self.of_kind(Reason::Comment) - self.of_kind(Reason::RelatedLinks)
    }

    /// Returns the probability of one kind of noise.
    pub fn of_kind(&self, reason: Reason) -> f32 {
        KINDS
            .iter()
            .position(|k| *k == Some(reason))
            .map_or(0.0, |k| self.0[k])
    }
}

/// Longest part of a text, in characters from each end, that is looked at.
const WINDOW: usize = 90;

/// What the names of letter runs of one to four characters begin with.
const RUNS: [FeatureName; 4] = [
    FeatureName::of(1, ""),
    FeatureName::of(2, ""),
    FeatureName::of(3, ""),
    FeatureName::of(4, ""),
];

/// Calls `emit` with each feature: letter runs of one to four characters, words, the first and last words, length, marks.
pub fn features(text: &str, mut emit: impl FnMut(u32, f32)) {
    let chars = window(text);
    let norm = 1.0 / (chars.len() as f32).sqrt();
    for start in 0..chars.len() {
        // The runs that begin here are named by their length, so that each is hashed from its first letter on: all at
        // once, since none waits for another.
        let mut runs = RUNS;
        for (n, c) in chars[start..].iter().take(RUNS.len()).enumerate() {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                runs = runs.map(|run| run.then(&[byte]));
            }
            emit(runs[n].end(), norm);
        }
    }
    let folded: String = chars[1..chars.len() - 1].iter().collect();
    let words: Vec<&str> = folded.split(' ').collect();
    let names = [name::WORD, name::FIRST_WORDS, name::LAST_WORDS];
    emit_words(&words, names, &mut emit);
    measures(&chars, &words, |name, steps| emit(hash(name, steps), 1.0));
    emit(hash(name::BIAS, b"bias"), 1.0);
}

/// Emits all words, the first two and the last two, each under its namespace; the second name of an end is the next number.
pub(super) fn emit_words(
    words: &[&str],
    [any, first, last]: [u32; 3],
    emit: &mut impl FnMut(u32, f32),
) {
    let norm = 1.0 / (words.len() as f32).sqrt();
    for word in words {
        emit(hash(any, word.as_bytes()), norm);
    }
    for (i, word) in words.iter().take(2).enumerate() {
        emit(hash(first + i as u32, word.as_bytes()), 0.5);
    }
    for (i, word) in words.iter().rev().take(2).enumerate() {
        emit(hash(last + i as u32, word.as_bytes()), 0.5);
    }
}

/// The characters looked at: folded, single blanks between words, `^` before and `$` behind them.
fn window(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = Vec::with_capacity(2 * WINDOW + 2);
    chars.push('^');
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && chars.len() > 1 {
            chars.push(' ');
        }
        blank = false;
        chars.push(fold(c));
        if chars.len() > 2 * WINDOW {
            chars.drain(WINDOW..WINDOW + WINDOW / 2);
        }
    }
    chars.push('$');
    chars
}

/// Counts what a line has of words, particles, figures and marks, each in a few steps.
fn measures(chars: &[char], words: &[&str], mut one: impl FnMut(u32, &[u8])) {
    let count = |of: &dyn Fn(char) -> bool| chars.iter().filter(|c| of(**c)).count();
    let end = chars[chars.len() - 2];
    let ends = [
        matches!(end, '.' | '?' | '!'),
        matches!(end, '다' | '요'),
        end == '0',
    ];
    let particles = words.iter().filter(|w| has_particle(w)).count();
    let share = particles * 8 / words.len().max(1);
    let figures = count(&|c| c == '0') * 8 / chars.len();
    let marks = count(&|c| !is_letter(c) && c != ' ');
    let marks = marks.saturating_sub(2) * 10 / chars.len();
    one(name::LENGTH, &[(chars.len().min(200) / 8) as u8]);
    one(name::WORDS, &[words.len().min(20) as u8]);
    one(name::END, &ends.map(u8::from));
    one(name::PARTICLE_SHARE, &[share as u8]);
    one(name::PARTICLES, &[particles.min(4) as u8]);
    one(name::FIGURES, &[figures as u8]);
    one(name::MARKS, &[marks as u8]);
}

/// As elsewhere, and curly quotation marks are straight ones.
pub(super) fn fold(c: char) -> char {
    match c {
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        _ => crate::classifier::fold_char(c),
    }
}

/// Returns whether a Korean word carries a particle, or an English one is a small word: running prose has many, labels few.
fn has_particle(word: &str) -> bool {
    #[rustfmt::skip]
    const ENDS: &[char] = &['은', '는', '이', '가', '을', '를', '에', '의', '로', '서', '와', '과', '도', '고', '며', '던'];
    word.len() > 3 && word.ends_with(ENDS) || SMALL_WORDS.contains(&word)
}

/// English words that labels have few of.
static SMALL_WORDS: List = List::of(&data::CLEAN.en, "small_words");
