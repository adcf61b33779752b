//! The overview of ten thousand articles: grouped and compared, and written as a page.
//!
//! The articles are drawn from one pool of sentences, so that every gram stands in many of them, which is the hard case
//! for what compares them; one in twenty is a reprint.

use divan::{Bencher, black_box};
use sukje::article::Language;
use sukje::brief::Status;
use sukje::overview::{ArticleRow, ChallengeCell, GramSketch, Overview, Quote};
use sukje::render::{write_briefing, write_index};

const ARTICLES: usize = 10_000;
/// Different sentences in the pool.
const POOL: usize = 3_000;
const SENTENCES: usize = 30;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 5)]
fn compared(bencher: Bencher) {
    let rows = rows();
    bencher.bench_local(|| Overview::of(black_box(&rows), Vec::new()));
}

#[divan::bench(sample_count = 5)]
fn page(bencher: Bencher) {
    let rows = rows();
    let overview = Overview::of(&rows, Vec::new());
    bencher.bench_local(|| {
        let mut out = Vec::new();
        write_index(black_box(&overview), &rows, &mut out).expect("a vector takes everything");
        out.len()
    });
}

#[divan::bench(sample_count = 5)]
fn note(bencher: Bencher) {
    let rows = rows();
    let overview = Overview::of(&rows, Vec::new());
    bencher.bench_local(|| {
        let mut out = Vec::new();
        write_briefing(black_box(&overview), &rows, &mut out).expect("a vector takes everything");
        out.len()
    });
}

fn rows() -> Vec<ArticleRow> {
    let mut state = 1;
    let pool: Vec<String> = (0..POOL).map(|_| sentence(&mut state)).collect();
    let mut articles: Vec<Vec<usize>> = Vec::new();
    for n in 0..ARTICLES {
        let drawn = (0..SENTENCES).map(|_| random(&mut state) % POOL).collect();
        let reprint = (n % 20 == 19).then(|| articles[n / 2].clone());
        articles.push(reprint.unwrap_or(drawn));
    }
    let rows = articles.iter().enumerate();
    rows.map(|(n, sentences)| row(n, sentences, &pool))
        .collect()
}

fn row(number: usize, sentences: &[usize], pool: &[String]) -> ArticleRow {
    let text = |at: usize| pool[sentences[at]].as_str();
    let quote = |at: usize| Quote {
        sentence: at as u32 + 1,
        text: text(at).to_string(),
        cut: false,
    };
    let keys = ["ecosystem", "power", "talent", "regulation", "speed"];
    let cell = |(n, key): (usize, &str)| {
        let places = 5 * n..5 * n + (sentences[n] % 6);
        ChallengeCell {
            key: key.into(),
            label: key.into(),
            status: if places.is_empty() {
                Status::NotDiscussed
            } else {
                Status::Discussed
            },
            strength: (places.len() as u8).div_ceil(2).min(3),
            evidence: places.clone().map(|at| at as u32 + 1).collect(),
            said: places.clone().take(4).map(quote).collect(),
            remedy: places.clone().last().map(quote),
            dissent: None,
        }
    };
    ArticleRow {
        id: format!("articles/{number:05}.txt"),
        note: format!("articles/{number:05}.md"),
        title: Some(text(0).to_string()),
        language: Language::En,
        output_language: Language::En,
        sentences: sentences.len(),
        thesis: Some(quote(1)),
        challenges: keys.into_iter().enumerate().map(cell).collect(),
        warnings: 0,
        fallbacks: 0,
        sketch: GramSketch::of((0..sentences.len()).map(text)),
    }
}

/// A sentence of twelve words, some of them common, now and then with a direction or a figure.
fn sentence(state: &mut u64) -> String {
    let cues = [
        "rose",
        "fell",
        "short",
        "enough",
        "must",
        "slow",
        "300 MW",
        "40 percent",
    ];
    let word = |n: usize| match random(state) % 4 {
        0 if n > 3 => cues[random(state) % cues.len()].to_string(),
        1 => format!("common{}", letters(random(state) % 20)),
        _ => letters(random(state) % 4_000),
    };
    let words: Vec<String> = (0..12).map(word).collect();
    format!("{}.", words.join(" "))
}

fn letters(number: usize) -> String {
    let letter = |n: usize| char::from(b'a' + (number / 26usize.pow(n as u32) % 26) as u8);
    (0..3).map(letter).chain("lorvan".chars()).collect()
}

fn random(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1);
    (*state >> 33) as usize
}
