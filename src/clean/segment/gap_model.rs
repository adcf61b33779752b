//! The blank between two words where marks were lost: how likely a sentence ends there.
//!
//! In:  a gap with the words around it. Out: a probability, by a small linear model over those words, their endings
//! and shapes, and the length of the sentence so far.

use super::gap::Gap;
use crate::classifier::{Classifier, fold_char, hash};
use crate::language::hangul::is_hangul;
use crate::language::script::is_letter;

/// Log2 of the number of buckets of the trained models.
pub const BUCKET_BITS: u8 = 15;

/// The model of a language.
pub struct GapModel {
    /// Its weights.
    pub weights: Classifier,
    /// Emits the features that only this language has.
    pub own: fn(&Around, &mut Emit),
}

/// Takes a feature's namespace and the parts of its name.
pub type Emit<'e> = dyn FnMut(u8, &[&[u8]]) + 'e;

/// Namespaces of the features; the weights were trained with these numbers.
pub mod name {
    pub const PREVIOUS: u8 = 1;
    pub const BEFORE_PREVIOUS: u8 = 2;
    pub const NEXT: u8 = 3;
    pub const AFTER_NEXT: u8 = 4;
    pub const THIRD: u8 = 5;
    pub const SHAPES: u8 = 6;
    pub const SHAPES_BEHIND: u8 = 7;
    pub const SHAPES_BEFORE: u8 = 8;
    pub const LENGTH: u8 = 9;
    pub const LENGTH_AND_SHAPE: u8 = 10;
    pub const NEXT_AND_SHAPE_BEHIND: u8 = 11;
    pub const SHAPE_AND_NEXT: u8 = 12;
    pub const PREVIOUS_AND_SHAPE: u8 = 13;
    /// With the number of letters, one to three, added: so too the next two.
    pub const PREVIOUS_TAIL: u8 = 20;
    pub const NEXT_TAIL: u8 = 30;
    pub const PREVIOUS_TAIL_AND_SHAPE: u8 = 40;
    pub const BEFORE_PREVIOUS_TAIL: u8 = 50;
    pub const AFTER_NEXT_TAIL: u8 = 51;
    pub const KO_NEXT_HEAD: u8 = 60;
    pub const KO_NEXT_HEAD_2: u8 = 61;
    pub const KO_TAILS: u8 = 62;
    pub const KO_TAIL_AND_HEAD: u8 = 63;
    pub const KO_TAIL_AND_LENGTH: u8 = 64;
    pub const KO_LEVELS: u8 = 65;
    pub const EN_VERB: u8 = 70;
    pub const EN_VERB_AND_NEXT: u8 = 71;
    pub const EN_VERB_AND_SHAPES: u8 = 72;
    pub const EN_LOWER_CASE: u8 = 73;
    pub const EN_VERB_BEHIND: u8 = 74;
    pub const BIAS: u32 = 99;
}

/// A gap and the words around it: folded, and by their shape.
pub struct Around<'g> {
    /// The gap.
    pub gap: &'g Gap<'g>,
    /// The word behind the next one, as it stands.
    pub after_next: &'g str,
    /// The word before the gap, folded.
    pub previous: String,
    /// The word behind it, folded.
    pub next: String,
    /// The shapes of those two, and of the word behind the next.
    pub shapes: [u8; 3],
    /// The length of the sentence so far, in steps.
    pub length: u8,
}

impl GapModel {
    /// Returns the probability that a sentence ends in the gap.
    pub fn probability(&self, gap: &Gap) -> f32 {
        let mut score = [0.0];
        self.features(gap, |feature| self.weights.add(feature, 1.0, &mut score));
        1.0 / (1.0 + (-score[0]).exp())
    }

    /// Calls `emit` with each feature of a gap.
    pub fn features(&self, gap: &Gap, mut emit: impl FnMut(u32)) {
        let before = &gap.text[gap.sentence..gap.before.0];
        let before_previous = before.split_whitespace().next_back().unwrap_or("^");
        let mut rest = gap.rest().split_whitespace();
        let (after_next, third) = (rest.next().unwrap_or("$"), rest.next().unwrap_or("$"));
        let around = Around {
            gap,
            after_next,
            previous: lower(gap.prev()),
            next: lower(gap.next()),
            shapes: [gap.prev(), gap.next(), after_next].map(shape),
            length: length_step(gap.so_far()),
        };
        let mut one = |name: u8, parts: &[&[u8]]| emit(hash(u32::from(name), &parts.join(&b'\t')));
        of_words(&around, &[before_previous, after_next, third], &mut one);
        (self.own)(&around, &mut one);
        emit(hash(name::BIAS, b"bias"));
    }
}

/// The features that every language has; `others` are the word before the previous one, and the two behind the next.
fn of_words(around: &Around, others: &[&str; 3], one: &mut Emit) {
    let (p, n) = (around.previous.as_str(), around.next.as_str());
    let [p2, n1, n2] = others.map(lower);
    let [sp, sn, sn1] = around.shapes;
    let length = around.length;
    one(name::PREVIOUS, &[p.as_bytes()]);
    one(name::BEFORE_PREVIOUS, &[p2.as_bytes()]);
    one(name::NEXT, &[n.as_bytes()]);
    one(name::AFTER_NEXT, &[n1.as_bytes()]);
    one(name::THIRD, &[n2.as_bytes()]);
    one(name::SHAPES, &[&[sp, sn]]);
    one(name::SHAPES_BEHIND, &[&[sn, sn1]]);
    one(name::SHAPES_BEFORE, &[&[shape(others[0]), sp, sn]]);
    one(name::LENGTH, &[&[length]]);
    one(name::LENGTH_AND_SHAPE, &[&[length, sn]]);
    one(name::NEXT_AND_SHAPE_BEHIND, &[n.as_bytes(), &[sn1]]);
    one(name::SHAPE_AND_NEXT, &[&[sp], n.as_bytes()]);
    one(name::PREVIOUS_AND_SHAPE, &[p.as_bytes(), &[sn]]);
    for k in 1..=3 {
        let (before, behind) = (tail(p, k as usize), tail(n, k as usize));
        one(name::PREVIOUS_TAIL + k, &[before.as_bytes()]);
        one(name::NEXT_TAIL + k, &[behind.as_bytes()]);
        one(
            name::PREVIOUS_TAIL_AND_SHAPE + k,
            &[before.as_bytes(), &[sn]],
        );
    }
    one(name::BEFORE_PREVIOUS_TAIL, &[tail(&p2, 2).as_bytes()]);
    one(name::AFTER_NEXT_TAIL, &[tail(&n1, 1).as_bytes()]);
}

fn length_step(sentence: &str) -> u8 {
    match sentence.split_whitespace().take(40).count() {
        words @ 0..=3 => words as u8,
        4..=5 => 4,
        6..=8 => 5,
        9..=13 => 6,
        14..=20 => 7,
        21..=30 => 8,
        _ => 9,
    }
}

fn lower(word: &str) -> String {
    word.trim_matches(|c: char| !is_letter(c) && c != '%')
        .chars()
        .map(fold_char)
        .collect()
}

/// Returns the last letters of a word.
pub fn tail(word: &str, count: usize) -> &str {
    word.char_indices()
        .rev()
        .nth(count - 1)
        .map_or(word, |(i, _)| &word[i..])
}

/// Returns the first letters of a word.
pub fn head(word: &str, count: usize) -> &str {
    word.char_indices()
        .nth(count)
        .map_or(word, |(i, _)| &word[..i])
}

/// Returns the kind of word by its letters: capitalised, all capitals, figure, lower case, Hangul, other.
pub fn shape(word: &str) -> u8 {
    let mut chars = word.chars();
    let Some(first) = chars.next() else { return 0 };
    let rest = word.chars().skip(1);
    match first {
        '^' | '$' => 1,
        c if c.is_ascii_digit() => 2,
        c if c.is_uppercase() && rest.clone().any(char::is_lowercase) => 3,
        'I' if word.len() == 1 => 4,
        c if c.is_uppercase() => 5,
        c if c.is_lowercase() => 6,
        c if is_hangul(c) => 7,
        _ => 8,
    }
}
