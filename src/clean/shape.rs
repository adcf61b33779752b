//! The look of a line: how much it resembles an article's sentence, an advertisement, a byline and so on.
//!
//! In:  a text. Out: a probability for each kind, from its letter runs, words and length, by a small linear model.
//! It backs the rule tables where no entry fits; alone it decides only together with a unit's place.

use crate::article::{Language, Reason};
use crate::linear::{Linear, Name, hash, softmax};

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

static KO: Linear = Linear::new(include_bytes!("../../training/weights/shape.ko.bin"));
static EN: Linear = Linear::new(include_bytes!("../../training/weights/shape.en.bin"));

/// Probabilities in the order of [`KINDS`].
#[derive(Debug, Clone, Copy)]
pub struct Shape(pub [f32; KINDS.len()]);

impl Shape {
    /// Looks at `text`.
    pub fn of(text: &str, language: Language) -> Shape {
        let model = if language == Language::Ko { &KO } else { &EN };
        let mut scores = [0.0; KINDS.len()];
        features(text, |feature, value| {
            model.add_each(feature, value, &mut scores)
        });
        softmax(&mut scores);
        Shape(scores)
    }

    /// Probability that the text is the article's own.
    pub fn article(&self) -> f32 {
        self.0[0]
    }

    /// The likeliest kind of noise and its probability.
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

    /// Probability of being noise of any kind but a comment or a headline, which an article's own lines resemble.
    pub fn scrap(&self) -> f32 {
        1.0 - self.article() - self.of_kind(Reason::Comment) - self.of_kind(Reason::RelatedLinks)
    }

    /// Probability of one kind of noise.
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
const RUNS: [Name; 4] = [
    Name::of(1, ""),
    Name::of(2, ""),
    Name::of(3, ""),
    Name::of(4, ""),
];

/// Calls `emit` with each feature: letter runs of one to four characters, words, the first and last words, length, marks.
pub fn features(text: &str, mut emit: impl FnMut(u32, f32)) {
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
        chars.push(plain(c));
        if chars.len() > 2 * WINDOW {
            chars.drain(WINDOW..WINDOW + WINDOW / 2);
        }
    }
    chars.push('$');
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
    let word_norm = 1.0 / (words.len() as f32).sqrt();
    for word in &words {
        emit(hash(11, word.as_bytes()), word_norm);
    }
    for (i, word) in words.iter().take(2).enumerate() {
        emit(hash(12 + i as u32, word.as_bytes()), 0.5);
    }
    for (i, word) in words.iter().rev().take(2).enumerate() {
        emit(hash(15 + i as u32, word.as_bytes()), 0.5);
    }
    let length = chars.len().min(200);
    emit(hash(20, &[(length / 8) as u8]), 1.0);
    emit(hash(21, &[words.len().min(20) as u8]), 1.0);
    let ends = chars[chars.len() - 2];
    emit(
        hash(
            22,
            &[
                u8::from(matches!(ends, '.' | '?' | '!')),
                u8::from(matches!(ends, '다' | '요')),
                u8::from(ends == '0'),
            ],
        ),
        1.0,
    );
    let particles = words.iter().filter(|w| has_particle(w)).count();
    emit(hash(23, &[(particles * 8 / words.len().max(1)) as u8]), 1.0);
    emit(hash(24, &[particles.min(4) as u8]), 1.0);
    let figures = chars.iter().filter(|c| **c == '0').count();
    emit(hash(25, &[(figures * 8 / chars.len()) as u8]), 1.0);
    let marks = chars
        .iter()
        .filter(|c| !crate::article::is_letter(**c) && **c != ' ')
        .count();
    emit(
        hash(26, &[(marks.saturating_sub(2) * 10 / chars.len()) as u8]),
        1.0,
    );
    emit(hash(27, b"bias"), 1.0);
}

/// As elsewhere, and curly quotation marks are straight ones.
fn plain(c: char) -> char {
    match c {
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        _ => crate::linear::plain(c),
    }
}

/// Whether a Korean word carries a particle, or an English one is a small word: running prose has many, labels few.
fn has_particle(word: &str) -> bool {
    #[rustfmt::skip]
    const ENDS: &[char] = &['은', '는', '이', '가', '을', '를', '에', '의', '로', '서', '와', '과', '도', '고', '며', '던'];
    #[rustfmt::skip]
    const SMALL: &[&str] = &["the", "a", "an", "of", "to", "in", "that", "is", "was", "it", "and", "for", "on", "are", "be", "with", "as", "at", "has", "had"];
    word.len() > 3 && word.ends_with(ENDS) || SMALL.contains(&word)
}
