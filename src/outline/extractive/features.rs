//! Features: what the weights look at, per sentence.
//!
//! In:  `Article` and a `Lexicon`. Out: `Features` per sentence: hashed n-grams of its words, named structural
//! figures (where it stands, which cues it holds, how it meets its neighbours and the title), and per challenge the
//! named figures of the lexicon. Ordinals are no feature; neither are the words a lens says have several meanings.

use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

use super::discourse_cues::{self, CUE_KINDS};
use super::lexicon::{Hits, Lexicon};
use super::text;
use crate::article::Article;
use crate::language::{Language, PerLanguage, stems};

/// Rows of the hashed n-gram tables.
pub const ROWS: usize = 1 << 15;
/// Structural figures per sentence.
pub const STRUCTURAL: usize = OWN + 3 * CUE_KINDS + 4;
/// Lexicon figures per sentence and challenge.
pub const PER_CHALLENGE: usize = 18;
/// Figures about the sentence's own place and surface.
const OWN: usize = 34;
/// N-grams of a sentence; what a long one says more than these hardly changes its kind.
const MOST_NGRAMS: usize = 1_500;

/// What is known of one sentence.
#[derive(Debug, Clone)]
pub struct Features {
    /// Rows of the n-gram table, sorted, each once.
    pub ngrams: Vec<u16>,
    /// Structural figures.
    pub structural: [f32; STRUCTURAL],
    /// Lexicon figures per challenge.
    pub per_challenge: Vec<[f32; PER_CHALLENGE]>,
    /// Likeness to the sentence before, 0 to 1.
    pub cohesion: f32,
    /// Likeness to the whole article, 0 to 1.
    pub centrality: f32,
    /// Likeness to the title, 0 to 1.
    pub title: f32,
    /// The kinds of discourse cues it holds.
    pub cues: [bool; CUE_KINDS],
    /// Letters and digits.
    pub letters: usize,
    /// Says how many numbers it holds.
    pub numbers: usize,
    /// What the lexicon found, per challenge.
    pub hits: Vec<Hits>,
}

impl Features {
    /// Returns how strongly the sentence speaks of all challenges together.
    fn strength(&self) -> f32 {
        self.hits.iter().map(Hits::strength).sum()
    }
}

/// The words of a sentence with their weights in the article: sparse, sorted by word, of length 1.
pub type WordVector = Vec<(u32, f32)>;

/// An article's sentences as features, and their words.
#[derive(Debug, Clone, Default)]
pub struct ArticleFeatures {
    /// Per sentence.
    pub sentences: Vec<Features>,
    /// Per sentence: its words as weights.
    pub words: Vec<WordVector>,
}

/// Reads the features of every sentence.
pub fn read(article: &Article, lexicon: &Lexicon) -> ArticleFeatures {
    let sentences = article.sentences.iter();
    let folded: Vec<_> = sentences.map(|s| text::fold(&s.text)).collect();
    let texts = || folded.iter().map(|(text, _)| text.as_str());
    let found: Vec<_> = texts().map(|text| lexicon.find(text)).collect();
    let title = article.title.as_ref().map(|t| text::fold(&t.text).0);
    let (words, title) = word_vectors(texts(), &title.unwrap_or_default(), article.language);
    let hits: Vec<&[Hits]> = found.iter().map(|f| f.hits.as_slice()).collect();
    let per_challenge = challenge_features(&hits, &words, lexicon.challenges);
    let centre = centre(&words);
    let lengths: Vec<usize> = folded.iter().map(|(_, surface)| surface.letters).collect();
    let median = median(&lengths).max(1) as f32;
    let mut sentences: Vec<Features> = Vec::with_capacity(folded.len());
    for (i, ((folded, surface), per_challenge)) in folded.iter().zip(per_challenge).enumerate() {
        let before = i.checked_sub(1).map(|before| &words[before]);
        let cohesion = before.map_or(0.0, |before| dot(before, &words[i]));
        sentences.push(Features {
            ngrams: ngrams(folded, &found[i].ambiguous, article.language),
            structural: [0.0; STRUCTURAL],
            per_challenge,
            cohesion,
            centrality: lookup(&words[i], &centre),
            title: dot(&words[i], &title),
            cues: discourse_cues::find(folded, surface, article.language),
            letters: surface.letters,
            numbers: surface.numbers,
            hits: found[i].hits.clone(),
        });
    }
    for i in 0..sentences.len() {
        sentences[i].structural = structural(&sentences, i, median);
    }
    ArticleFeatures { sentences, words }
}

fn median(values: &[usize]) -> usize {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

fn flag(yes: bool) -> f32 {
    if yes { 1.0 } else { 0.0 }
}

/// Returns place, length, figures, likenesses, own and neighbours' cues.
fn structural(all: &[Features], i: usize, median: f32) -> [f32; STRUCTURAL] {
    let before = i.checked_sub(1).map(|j| &all[j]);
    let after = all.get(i + 1);
    let mut out = [0.0; STRUCTURAL];
    out[..OWN].copy_from_slice(&own(all, i, median));
    for (slot, sentence) in [Some(&all[i]), before, after].into_iter().enumerate() {
        let cues = sentence.map(|s| s.cues).unwrap_or_default();
        for (k, &on) in cues.iter().enumerate() {
            out[OWN + slot * CUE_KINDS + k] = flag(on);
        }
    }
    for (slot, neighbour) in [before, after].into_iter().enumerate() {
        let at = OWN + 3 * CUE_KINDS + 2 * slot;
        out[at] = flag(neighbour.is_some_and(|x| x.numbers > 0));
        out[at + 1] = neighbour.map_or(0.0, |x| x.strength().ln_1p());
    }
    out
}

/// Returns what a sentence shows by itself: where it stands, how long it is, what it holds.
fn own(all: &[Features], i: usize, median: f32) -> [f32; OWN] {
    let (n, s) = (all.len(), &all[i]);
    let place = if n > 1 {
        i as f32 / (n - 1) as f32
    } else {
        0.5
    };
    let left = n - 1 - i;
    let length = s.letters as f32 / median;
    let total = s.strength();
    let spoken = s.hits.iter().filter(|h| h.strength() > 0.0).count();
    let decoys: f32 = s.hits.iter().map(|h| h.decoys).sum();
    let next_cohesion = all.get(i + 1).map_or(0.0, |next| next.cohesion);
    [
        1.0,
        flag(i == 0),
        flag(i == 1 || i == 2),
        flag(place <= 0.05),
        flag(place <= 0.10),
        flag(place <= 0.15),
        flag(place <= 0.22),
        flag(place <= 0.30),
        flag(place > 0.30 && place < 0.55),
        flag(place >= 0.70),
        flag(place >= 0.78),
        flag(place >= 0.85),
        flag(place >= 0.90),
        flag(place >= 0.94),
        flag(left == 0),
        flag(left == 1),
        flag(left == 2),
        place,
        place * place,
        flag(length < 0.4),
        flag(length < 0.65),
        flag(length > 1.3),
        flag(length > 1.8),
        flag(s.numbers > 0),
        (s.numbers as f32).min(4.0) / 4.0,
        s.cohesion * 2.0,
        next_cohesion * 2.0,
        s.centrality * 2.0,
        s.title * 2.0,
        flag(s.title > 0.05),
        total.ln_1p(),
        flag(total == 0.0),
        flag(spoken > 1) + flag(spoken > 2),
        decoys.min(2.0),
    ]
}

/// Returns per sentence and challenge: own hits, those around it, and those of sentences that use the same words.
fn challenge_features(
    hits: &[&[Hits]],
    words: &[WordVector],
    challenges: usize,
) -> Vec<Vec<[f32; PER_CHALLENGE]>> {
    let strength: Vec<Vec<f32>> = hits
        .iter()
        .map(|row| row.iter().map(Hits::strength).collect())
        .collect();
    let totals = Totals::of(&strength, challenges);
    let echo = echoes(&strength, words, challenges);
    let of = |i: usize| {
        let near = window(&strength, i, NEAR);
        let far = window(&strength, i, FAR);
        let row =
            |c: usize| one_challenge(hits, &strength, (i, c), &totals, [&near, &far, &echo[i]]);
        (0..challenges).map(row).collect()
    };
    (0..hits.len()).map(of).collect()
}

/// Sentences before and after one that are near it, and far.
const NEAR: usize = 2;
const FAR: usize = 4;

/// What an article says of each challenge as a whole.
struct Totals {
    whole: Vec<f32>,
    all: f32,
    /// The most in any window.
    best: Vec<f32>,
}

impl Totals {
    fn of(strength: &[Vec<f32>], challenges: usize) -> Totals {
        let sum = |c: usize| strength.iter().map(|s| s[c]).sum();
        let whole: Vec<f32> = (0..challenges).map(sum).collect();
        let mut best = vec![0.0f32; challenges];
        for i in 0..strength.len() {
            let near = window(strength, i, NEAR);
            best.iter_mut().zip(near).for_each(|(b, x)| *b = b.max(x));
        }
        Totals {
            all: whole.iter().sum::<f32>() + 1e-6,
            whole,
            best,
        }
    }
}

/// Returns how much the sentences around one speak of each challenge.
fn window(strength: &[Vec<f32>], i: usize, radius: usize) -> Vec<f32> {
    let range = i.saturating_sub(radius)..(i + radius + 1).min(strength.len());
    let challenges = strength[i].len();
    let sum = |c: usize| range.clone().map(|j| strength[j][c]).sum();
    (0..challenges).map(sum).collect()
}

fn one_challenge(
    hits: &[&[Hits]],
    strength: &[Vec<f32>],
    (i, c): (usize, usize),
    totals: &Totals,
    [near, far, echo]: [&[f32]; 3],
) -> [f32; PER_CHALLENGE] {
    let (n, h) = (hits.len(), &hits[i][c]);
    let own = &strength[i];
    let top = |row: &[f32]| flag(row[c] > 0.0 && row.iter().all(|&x| x <= row[c]));
    let share = |row: &[f32], least: f32| row[c] / (row.iter().sum::<f32>() + least);
    let at = |j: Option<usize>| {
        let neighbour = j.and_then(|j| strength.get(j));
        neighbour.map_or(0.0, |s| s[c].ln_1p())
    };
    [
        h.strong.ln_1p(),
        h.weak.ln_1p(),
        flag(h.strong + h.named > 0.0),
        flag(h.named > 0.0),
        flag(h.decoys > 0.0),
        share(own, 1.0),
        top(own),
        at(i.checked_sub(1)),
        at(Some(i + 1)),
        share(near, 2.0),
        top(near),
        share(far, 2.0),
        top(far),
        totals.whole[c] / totals.all,
        (totals.best[c] / 4.0).ln_1p(),
        share(echo, 0.1),
        top(echo),
        (totals.whole[c] / n as f32).ln_1p(),
    ]
}

/// Returns how much the other sentences that use a sentence's words speak of each challenge.
///
/// Remedies gathered at the end name no challenge; they name the transformer of the block above.
fn echoes(strength: &[Vec<f32>], words: &[WordVector], challenges: usize) -> Vec<Vec<f32>> {
    let mut centres: Vec<FxHashMap<u32, f32>> = vec![FxHashMap::default(); challenges];
    for (vector, row) in words.iter().zip(strength) {
        for (centre, &s) in centres.iter_mut().zip(row).filter(|(_, s)| **s > 0.0) {
            for &(word, weight) in vector {
                *centre.entry(word).or_default() += weight * s;
            }
        }
    }
    let echo = |(vector, row): (&WordVector, &Vec<f32>)| {
        let own = centres.iter().zip(row);
        own.map(|(centre, &s)| (lookup(vector, centre) - s).max(0.0))
            .collect()
    };
    words.iter().zip(strength).map(echo).collect()
}

/// Word vectors of the sentences and of the title, weighted by rareness in the article.
fn word_vectors<'a>(
    folded: impl Iterator<Item = &'a str>,
    title: &str,
    language: Language,
) -> (Vec<WordVector>, WordVector) {
    let bags: Vec<Vec<u32>> = folded.map(|p| bag(p, language)).collect();
    let mut frequency: FxHashMap<u32, u32> = FxHashMap::default();
    for &word in bags.iter().flatten() {
        *frequency.entry(word).or_default() += 1;
    }
    let n = bags.len() as f32;
    let weigh = |bag: &[u32]| -> WordVector {
        let weight = |word: &u32| {
            let &count = frequency.get(word)?;
            Some((*word, (1.0 + n / count as f32).ln()))
        };
        let mut vector: WordVector = bag.iter().filter_map(weight).collect();
        let squares: f32 = vector.iter().map(|(_, w)| w * w).sum();
        let norm = squares.sqrt().max(1e-6);
        vector.iter_mut().for_each(|(_, w)| *w /= norm);
        vector
    };
    let title = weigh(&bag(title, language));
    (bags.iter().map(|bag| weigh(bag)).collect(), title)
}

/// The words of a sentence cut to what inflection leaves alone, hashed, sorted, each once.
fn bag(folded: &str, language: Language) -> Vec<u32> {
    let words = folded.split_ascii_whitespace();
    let stems = words.flat_map(|word| stems::beginnings(word, language));
    let mut out: Vec<u32> = stems.map(|stem| hash(&[stem.as_bytes()])).collect();
    out.sort_unstable();
    out.dedup();
    out
}

fn centre(words: &[WordVector]) -> FxHashMap<u32, f32> {
    let mut centre: FxHashMap<u32, f32> = FxHashMap::default();
    for &(word, weight) in words.iter().flatten() {
        *centre.entry(word).or_default() += weight;
    }
    let norm = centre
        .values()
        .map(|w| w * w)
        .fold(0.0f64, |a, b| a + f64::from(b));
    let norm = (norm.sqrt() as f32).max(1e-6);
    centre.values_mut().for_each(|w| *w /= norm);
    centre
}

fn lookup(vector: &WordVector, centre: &FxHashMap<u32, f32>) -> f32 {
    vector
        .iter()
        .map(|(word, weight)| weight * centre.get(word).unwrap_or(&0.0))
        .sum()
}

/// The likeness of two word vectors.
pub fn dot(a: &WordVector, b: &WordVector) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a[i].1 * b[j].1;
                i += 1;
                j += 1;
            }
        }
    }
    sum
}

/// Adds the n-grams of a word, and of the pair it makes with the one before it.
type WordNgrams = fn(&str, Option<&str>, &mut Vec<u16>);

const WORD_NGRAMS: PerLanguage<WordNgrams> = PerLanguage {
    ko: korean_ngrams,
    en: english_ngrams,
};
/// Syllables of a Korean word that are looked at.
const MOST_SYLLABLES: usize = 12;

/// Returns the hashed n-grams of the words that have one meaning.
fn ngrams(folded: &str, ambiguous: &[(usize, usize)], language: Language) -> Vec<u16> {
    let word_ngrams = WORD_NGRAMS[language];
    let mut out = Vec::new();
    let mut at = 0;
    let mut before: Option<&str> = None;
    for word in folded.split_ascii_whitespace() {
        let start = folded.len() - folded[at..].trim_ascii_start().len();
        at = start + word.len();
        if out.len() > MOST_NGRAMS || ambiguous.iter().any(|&(a, b)| a < at && start < b) {
            before = None;
            continue;
        }
        word_ngrams(word, before, &mut out);
        before = Some(word);
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn korean_ngrams(word: &str, before: Option<&str>, out: &mut Vec<u16>) {
    let bytes = word.as_bytes();
    let bounds = word.char_indices().map(|(at, _)| at).chain([word.len()]);
    let bounds: Vec<usize> = bounds.take(MOST_SYLLABLES + 1).collect();
    let n = bounds.len() - 1;
    for size in 1..=n.min(4) {
        out.push(row(&[b"^", &bytes[..bounds[size]]]));
    }
    for size in 2..=3 {
        for from in 1..(n + 1).saturating_sub(size) {
            out.push(row(&[&bytes[bounds[from]..bounds[from + size]]]));
        }
    }
    for size in 1..=n.min(3) {
        out.push(row(&[&bytes[bounds[n - size]..], b"$"]));
    }
    if let Some(before) = before {
        let stem = |w: &str| w.char_indices().nth(2).map_or(w.len(), |(i, _)| i);
        out.push(row(&[
            &before.as_bytes()[..stem(before)],
            b"_",
            &bytes[..stem(word)],
        ]));
    }
}

fn english_ngrams(word: &str, before: Option<&str>, out: &mut Vec<u16>) {
    let bytes = word.as_bytes();
    out.push(row(&[b"^", bytes, b"$"]));
    for size in [4, 5, 6] {
        if let Some(start) = bytes.get(..size) {
            out.push(row(&[b"^", start]));
        }
    }
    if bytes.len() > 4 {
        out.push(row(&[&bytes[bytes.len() - 3..], b"$"]));
    }
    if let Some(before) = before {
        out.push(row(&[before.as_bytes(), b"_", bytes]));
    }
}

fn hash(parts: &[&[u8]]) -> u32 {
    let mut hasher = FxHasher::default();
    parts.iter().for_each(|part| hasher.write(part));
    let h = hasher.finish();
    (h ^ (h >> 32)) as u32
}

fn row(parts: &[&[u8]]) -> u16 {
    // The upper half of a product is the better mixed one.
    ((hash(parts).wrapping_mul(0x9E37_79B1) >> 16) as usize % ROWS) as u16
}
