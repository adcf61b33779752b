//! Trains what chooses the lines of a note, on lines that two editors wrote of `training/lines`, and writes the weights.
//!
//!     cargo run --release -p sukje-dev --example train_lines              learn from all articles, write training/weights/lines.f32
//!     cargo run --release -p sukje-dev --example train_lines -- cv        cross-validation: writers left out
//!     cargo run --release -p sukje-dev --example train_lines -- cv show   the same, line by line
//!
//! Deterministic: seeded order, no clock. ArticleWords by logistic regression against the share of editors that use them; lines by listwise
//! ranking (ListNet, Cao et al. 2007) against how near they come to the editors'.

use std::path::Path;

use sukje::article::Article;
use sukje::eval::reference::{EditorLine, EditorNote, Nearness, nearness};
use sukje::language::{Language, PerLanguage};
use sukje::outline::Lens;
use sukje::outline::extractive::lexicon::Lexicon;
use sukje::outline::extractive::weights::Weights;
use sukje::outline::extractive::{self, Analysis};
use sukje::outline::lines::compose::{ComposedLine, MOST_PIECES, lines};
use sukje::outline::lines::fields::{held, thesis_rows};
use sukje::outline::lines::select::{self, Selector};
use sukje::outline::lines::words::{self, CitedAs};
use sukje::outline::lines::{ArticleWords, LineField, Room};
use sukje_dev::case::{Case, Punctuation};

const WEIGHTS: &str = "training/weights/lines.f32";
/// Passes over the words, over the lines; step sizes; how much weights shrink.
const WORD_PASSES: usize = 12;
const LINE_PASSES: usize = 60;
const WORD_RATE: f32 = 0.05;
const LINE_RATE: f32 = 0.03;
const DECAY: f32 = 1e-5;
/// How sharply better lines are preferred.
const SHARPNESS: f64 = 12.0;
/// What a usual line reaches: `chrf` and `facts` are weighed by it.
const USUAL: Nearness = Nearness {
    chrf: 0.34,
    facts: 0.85,
};
/// Rounds of choosing lines by what was learned before.
const ROUNDS: usize = 3;

/// A part of an article with what editors say of it.
struct Part {
    name: String,
    field: LineField,
    cited: Vec<(usize, f32)>,
    editors: Vec<EditorLine>,
}

struct Example {
    id: String,
    article: Article,
    words: ArticleWords,
    held: Vec<(f32, f32)>,
    parts: Vec<Part>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let examples = load(Path::new("training/lines"))?;
    match words.as_slice() {
        [] => {
            let all: Vec<&Example> = examples.iter().collect();
            std::fs::write(WEIGHTS, learn(&all).to_bytes())?;
            Ok(())
        }
        ["cv", show @ ..] => {
            cross_validate(&examples, !show.is_empty());
            Ok(())
        }
        _ => Err("usage: train_lines [cv [show]]".into()),
    }
}

fn load(folder: &Path) -> Result<Vec<Example>, Box<dyn std::error::Error>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)?
        .map(|e| Ok(e?.path()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.sort();
    let article = |p: &&std::path::PathBuf| {
        let name = p.file_name().and_then(|n| n.to_str()).unwrap_or("");
        name.matches('.').count() == 1
    };
    let lens = Lens::builtin("five-challenges")?;
    paths
        .iter()
        .filter(article)
        .map(|p| example(p, &lens))
        .collect()
}

fn example(path: &Path, lens: &Lens) -> Result<Example, Box<dyn std::error::Error>> {
    let case: Case = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let article = case.article(Punctuation::Keep);
    let notes: Vec<EditorNote> = ["a", "b"]
        .iter()
        .filter_map(|hand| {
            std::fs::read_to_string(path.with_extension(format!("{hand}.json"))).ok()
        })
        .map(|text| serde_json::from_str(&text))
        .collect::<Result<_, _>>()?;
    let lexicon = Lexicon::new(lens, article.language);
    let analysis = extractive::read(&article, &lexicon, &Weights::builtin(), true);
    let words = ArticleWords::of(&article, &analysis.judgements, &analysis.plan.thesis);
    Ok(Example {
        id: case.id,
        parts: parts(lens, &analysis, &notes),
        held: held(&analysis.judgements),
        words,
        article,
    })
}

/// The parts that both an editor and the engine speak of.
fn parts(lens: &Lens, analysis: &Analysis, notes: &[EditorNote]) -> Vec<Part> {
    let mut parts = vec![(
        "thesis".to_string(),
        LineField::Thesis,
        thesis_rows(&analysis.judgements),
    )];
    for (entry, finding) in lens.challenges.iter().zip(&analysis.findings) {
        parts.push((
            entry.key.clone(),
            LineField::Challenge,
            finding.evidence.clone(),
        ));
    }
    let parts = parts.into_iter().map(|(name, field, cited)| Part {
        editors: notes
            .iter()
            .filter_map(|n| n.field(&name))
            .cloned()
            .collect(),
        name,
        field,
        cited,
    });
    parts.filter(|p| !p.editors.is_empty()).collect()
}

fn room(language: Language, field: LineField) -> Room {
    Room {
        characters: PerLanguage { ko: 105, en: 215 }[language],
        letters: usize::MAX,
        pieces: MOST_PIECES[field as usize],
    }
}

fn learn(examples: &[&Example]) -> Selector {
    let mut selector = Selector::of(&std::fs::read(WEIGHTS).unwrap_or_default());
    for language in Language::ALL {
        let own: Vec<&Example> = examples
            .iter()
            .filter(|e| e.article.language == language)
            .copied()
            .collect();
        selector.words[language] = learn_words(&own, language);
        for _ in 0..ROUNDS {
            selector.lines[language] = learn_lines(&own, language, &selector);
        }
    }
    selector
}

fn learn_words(examples: &[&Example], language: Language) -> [f32; words::FIGURES] {
    let mut samples: Vec<([f32; words::FIGURES], f32)> = Vec::new();
    for example in examples {
        for part in &example.parts {
            let stems: Vec<Vec<String>> = part
                .editors
                .iter()
                .map(|e| words::stems_of(&e.text, language))
                .collect();
            let cited: Vec<usize> = part.cited.iter().take(6).map(|(i, _)| *i).collect();
            for (rank, &(i, sure)) in part.cited.iter().take(6).enumerate() {
                let text = &example.article.sentences[i].text;
                let own = words::stems_of(text, language);
                for (word, stem) in example.words.sentences[i].iter().zip(own) {
                    let again = cited
                        .iter()
                        .filter(|c| example.words.sentences[**c].iter().any(|w| w.id == word.id))
                        .count();
                    let figures =
                        example
                            .words
                            .figures(word, CitedAs { rank, sure }, part.field, again);
                    let used = stems.iter().filter(|s| s.contains(&stem)).count();
                    samples.push((figures, used as f32 / stems.len() as f32));
                }
            }
        }
    }
    let mut weights = [0.0f32; words::FIGURES];
    let mut squares = [1e-3f32; words::FIGURES];
    let mut order: Vec<usize> = (0..samples.len()).collect();
    for pass in 0..WORD_PASSES {
        shuffle(&mut order, pass as u64 + 1);
        for &n in &order {
            let (figures, target) = &samples[n];
            let score: f32 = weights.iter().zip(figures).map(|(w, f)| w * f).sum();
            let error = 1.0 / (1.0 + (-score).exp()) - target;
            for k in 0..words::FIGURES {
                let g = error * figures[k] + DECAY * weights[k];
                squares[k] += g * g;
                weights[k] -= WORD_RATE * 4.0 * g / squares[k].sqrt();
            }
        }
    }
    weights
}

/// How good a line is held to be.
fn worth(near: Nearness) -> f64 {
    0.5 * near.chrf / USUAL.chrf + 0.5 * near.facts / USUAL.facts
}

fn learn_lines(
    examples: &[&Example],
    language: Language,
    selector: &Selector,
) -> [f32; select::FIGURES] {
    let mut lists: Vec<Vec<([f32; select::FIGURES], f64)>> = Vec::new();
    for example in examples {
        for part in &example.parts {
            let editors: Vec<&EditorLine> = part.editors.iter().collect();
            let found = all(example, part, selector);
            let rows = found
                .iter()
                .filter_map(|l| Some((l.figures, worth(nearness(&l.text, &editors, language)?))));
            lists.push(rows.collect());
        }
    }
    let mut weights = selector.lines[language];
    let mut squares = [1e-2f32; select::FIGURES];
    let mut order: Vec<usize> = (0..lists.len()).collect();
    for pass in 0..LINE_PASSES {
        shuffle(&mut order, pass as u64 + 99);
        for &n in &order {
            let list = &lists[n];
            let scores: Vec<f64> = list
                .iter()
                .map(|(f, _)| weights.iter().zip(f).map(|(w, f)| f64::from(w * f)).sum())
                .collect();
            let ours = shares(&scores);
            let worths: Vec<f64> = list.iter().map(|(_, w)| w * SHARPNESS).collect();
            let theirs = shares(&worths);
            for k in 0..select::FIGURES {
                let g: f64 = list
                    .iter()
                    .zip(ours.iter().zip(&theirs))
                    .map(|((f, _), (a, b))| (a - b) * f64::from(f[k]))
                    .sum();
                let g = g as f32 + DECAY * weights[k];
                squares[k] += g * g;
                weights[k] -= LINE_RATE * 3.0 * g / squares[k].sqrt();
            }
        }
    }
    weights
}

fn shares(scores: &[f64]) -> Vec<f64> {
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let all: Vec<f64> = scores.iter().map(|s| (s - most).exp()).collect();
    let sum: f64 = all.iter().sum();
    all.into_iter().map(|s| s / sum).collect()
}

fn all(example: &Example, part: &Part, selector: &Selector) -> Vec<ComposedLine> {
    let language = example.article.language;
    let room = room(language, part.field);
    lines(
        &example.article,
        &example.words,
        &example.held,
        &part.cited,
        (part.field, room),
        selector,
    )
}

fn shuffle(order: &mut [usize], seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for n in (1..order.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        order.swap(n, (state % (n as u64 + 1)) as usize);
    }
}

#[derive(Default, Clone, Copy)]
struct Sum {
    count: f64,
    near: Nearness,
}

impl Sum {
    fn add(&mut self, near: Nearness) {
        self.count += 1.0;
        self.near.chrf += near.chrf;
        self.near.facts += near.facts;
    }

    fn told(&self) -> String {
        format!(
            "chrf {:.3} facts {:.3}",
            self.near.chrf / self.count,
            self.near.facts / self.count
        )
    }
}

/// Writers left out in turn: `ko-l1`, `ko-l2`, …
fn cross_validate(examples: &[Example], show: bool) {
    let writer = |e: &Example| {
        e.id.rsplit_once('-')
            .map_or(String::new(), |(w, _)| w.to_string())
    };
    let mut writers: Vec<String> = examples.iter().map(writer).collect();
    writers.sort();
    writers.dedup();
    let mut sums: PerLanguage<[Sum; 5]> = PerLanguage::default();
    for held_out in &writers {
        let train: Vec<&Example> = examples.iter().filter(|e| writer(e) != *held_out).collect();
        let selector = learn(&train);
        for example in examples.iter().filter(|e| writer(e) == *held_out) {
            let language = example.article.language;
            for part in &example.parts {
                let editors: Vec<&EditorLine> = part.editors.iter().collect();
                let near = |text: &str| nearness(text, &editors, language).unwrap_or_default();
                let found = all(example, part, &selector);
                let first = part
                    .cited
                    .first()
                    .map_or("", |(i, _)| example.article.sentences[*i].text.as_str());
                let chosen = found.first().map_or(first, |l| l.text.as_str());
                let oracle = found
                    .iter()
                    .take(32)
                    .map(|l| near(&l.text))
                    .max_by(|a, b| worth(*a).total_cmp(&worth(*b)));
                let sums = &mut sums[language];
                sums[0].add(near(first));
                sums[1].add(near(chosen));
                if part.field == LineField::Thesis {
                    sums[4].add(near(chosen));
                }
                sums[2].add(oracle.unwrap_or_default());
                let editors = editors.iter().flat_map(|e| {
                    nearness(
                        &e.text,
                        &part
                            .editors
                            .iter()
                            .filter(|o| o.text != e.text)
                            .collect::<Vec<_>>(),
                        language,
                    )
                });
                editors.for_each(|n| sums[3].add(n));
                if show {
                    println!(
                        "{} {}: {}\n     {:.3} {:.3}  A: {}",
                        example.id,
                        part.name,
                        chosen,
                        near(chosen).chrf,
                        near(chosen).facts,
                        part.editors[0].text
                    );
                }
            }
        }
    }
    for language in Language::ALL {
        let names = [
            "first sentence",
            "chosen",
            "best of 32",
            "editors",
            "chosen theses",
        ];
        for (name, sum) in names.iter().zip(&sums[language]) {
            println!("{} {name}: {}", language.code(), sum.told());
        }
    }
}
