//! The blank between two words where marks were lost: how likely a sentence ends there.
//!
//! In:  a gap with the words around it. Out: a probability, by a small linear model over those words, their endings
//! and shapes, and the length of the sentence so far.

use super::Gap;
use crate::article::Language;
use crate::linear::{Linear, hash};

/// Log2 of the number of buckets of the trained models.
pub const BUCKET_BITS: u8 = 15;

static KO: Linear = Linear::new(include_bytes!("../../../training/weights/gaps.ko.bin"));
static EN: Linear = Linear::new(include_bytes!("../../../training/weights/gaps.en.bin"));

/// Probability that a sentence ends in the gap.
pub fn probability(gap: &Gap, language: Language) -> f32 {
    let model = if language == Language::Ko { &KO } else { &EN };
    let mut score = [0.0];
    features(gap, language, |feature| model.add(feature, 1.0, &mut score));
    1.0 / (1.0 + (-score[0]).exp())
}

/// Calls `emit` with each feature of a gap.
pub fn features(gap: &Gap, language: Language, mut emit: impl FnMut(u32)) {
    let before = &gap.text[gap.sentence..gap.before.0];
    let prev2 = before.split_whitespace().next_back().unwrap_or("^");
    let mut rest = gap.rest().split_whitespace();
    let (next1, next2) = (rest.next().unwrap_or("$"), rest.next().unwrap_or("$"));
    let (prev, next) = (gap.prev(), gap.next());
    let words = gap.so_far().split_whitespace().take(40).count();
    let length = match words {
        0..=3 => words as u8,
        4..=5 => 4,
        6..=8 => 5,
        9..=13 => 6,
        14..=20 => 7,
        21..=30 => 8,
        _ => 9,
    };
    let mut one = |name: u8, parts: &[&[u8]]| emit(hash(u32::from(name), &parts.join(&b'\t')));
    let (p, p2, n, n1) = (lower(prev), lower(prev2), lower(next), lower(next1));
    let (sp, sn, sn1) = (shape(prev), shape(next), shape(next1));
    one(1, &[p.as_bytes()]);
    one(2, &[p2.as_bytes()]);
    one(3, &[n.as_bytes()]);
    one(4, &[n1.as_bytes()]);
    one(5, &[lower(next2).as_bytes()]);
    one(6, &[&[sp, sn]]);
    one(7, &[&[sn, sn1]]);
    one(8, &[&[shape(prev2), sp, sn]]);
    one(9, &[&[length]]);
    one(10, &[&[length, sn]]);
    one(11, &[n.as_bytes(), &[sn1]]);
    one(12, &[&[sp], n.as_bytes()]);
    one(13, &[p.as_bytes(), &[sn]]);
    for k in 1..=3 {
        one(20 + k, &[tail(&p, k as usize).as_bytes()]);
        one(30 + k, &[tail(&n, k as usize).as_bytes()]);
        one(40 + k, &[tail(&p, k as usize).as_bytes(), &[sn]]);
    }
    one(50, &[tail(&p2, 2).as_bytes()]);
    one(51, &[tail(&n1, 1).as_bytes()]);
    match language {
        Language::Ko => {
            one(60, &[head(&n, 1).as_bytes()]);
            one(61, &[head(&n, 2).as_bytes()]);
            one(62, &[tail(&p, 1).as_bytes(), tail(&n, 1).as_bytes()]);
            one(63, &[tail(&p, 2).as_bytes(), head(&n, 2).as_bytes()]);
            one(64, &[tail(&p, 2).as_bytes(), &[length]]);
            one(
                65,
                &[&[
                    super::korean::ending_level(gap),
                    super::korean::next_level(gap),
                ]],
            );
        }
        Language::En => {
            let verb = gap.so_far().split_whitespace().take(60).any(is_finite);
            one(70, &[&[u8::from(verb), length]]);
            one(71, &[&[u8::from(verb)], n.as_bytes()]);
            one(72, &[&[u8::from(verb), sp, sn]]);
            one(
                73,
                &[&[u8::from(stands_in_lower_case(gap.text, next)), sn, sn1]],
            );
            one(74, &[&[u8::from(is_finite(next1)), sn, sp]]);
        }
    }
    emit(hash(99, b"bias"));
}

fn lower(word: &str) -> String {
    word.trim_matches(|c: char| !crate::article::is_letter(c) && c != '%')
        .chars()
        .map(crate::linear::plain)
        .collect()
}

fn tail(word: &str, count: usize) -> &str {
    word.char_indices()
        .rev()
        .nth(count - 1)
        .map_or(word, |(i, _)| &word[i..])
}

fn head(word: &str, count: usize) -> &str {
    word.char_indices()
        .nth(count)
        .map_or(word, |(i, _)| &word[..i])
}

/// What kind of word it is by its letters: capitalised, all capitals, figure, lower case, Hangul, other.
fn shape(word: &str) -> u8 {
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
        c if crate::article::is_hangul(c) => 7,
        _ => 8,
    }
}

/// Auxiliaries and past forms: a sentence without one is seldom over.
#[rustfmt::skip]
fn is_finite(word: &str) -> bool {
    matches!(
        word,
        "is" | "are" | "was" | "were" | "has" | "have" | "had" | "will" | "would" | "can" | "could" | "should" | "may" | "might" | "must" | "do" | "does" | "did" | "said" | "says" | "isn" | "made" | "took" | "came" | "went" | "gets" | "got" | "knows" | "means" | "makes" | "takes" | "needs" | "wants"
    ) || word.len() > 4 && word.ends_with("ed")
}

/// Whether the word stands in lower case elsewhere in the text, so that its capital here opens a sentence.
fn stands_in_lower_case(text: &str, word: &str) -> bool {
    let word = word.trim_matches(|c: char| !crate::article::is_letter(c));
    if !word.is_ascii() || word.len() < 2 {
        return false;
    }
    let lower = format!(" {} ", word.to_ascii_lowercase());
    // Far enough for an article; a longer text is no slower for it.
    let mut end = text.len().min(40_000);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    memchr::memmem::find(&text.as_bytes()[..end], lower.as_bytes()).is_some()
}
