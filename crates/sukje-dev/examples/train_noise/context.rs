//! The reader of context: learned on pages of the sites under `training/sites`, and estimated on sites of writers left out.

use std::path::Path;

use sukje::classifier::Classifier;
use sukje::clean::Threshold;
use sukje::clean::context::model::{self, ChainPair, FIRST_BITS, KINDS, SECOND_BITS};
use sukje::clean::context::{ContextModels, Limits};
use sukje::language::{Language, PerLanguage};

use super::chain::{Chain, Example};
use super::pages::{self, Page};
use super::score::Score;
use super::sites;

/// Renderings of each article of a site, of an older article, of a plain report.
const RENDERINGS: u64 = 6;
const OLDER: u64 = 4;
const PLAIN: u64 = 2;
/// Passes over the pages.
const FIRST_PASSES: u64 = 8;
const SECOND_PASSES: u64 = 6;
const FOLDS: usize = 10;

/// A page and what the chain sees of it.
struct Seen {
    page: Page,
    language: Language,
    example: Example,
}

/// Learns from all sites and writes the weights or, with `cv`, prints how other writers' sites come out.
pub fn run(cv: bool) {
    let mut sites = sites::read_all(Path::new("training/sites"));
    sites.extend(sites::read_older(Path::new("training")));
    sites.extend(sites::read_news(Path::new("training")));
    let mut pages = Vec::new();
    for (s, site) in sites.iter().enumerate() {
        for (a, piece) in site.pieces.iter().enumerate() {
            let renderings = match (site.is_scored(), site.tail.is_empty()) {
                (true, _) => RENDERINGS,
                (false, false) => OLDER,
                (false, true) => PLAIN,
            };
            for r in 0..renderings {
                let seed = (s * 1000 + a * 100) as u64 + r;
                pages.push((site.language, pages::page(site, piece, seed)));
            }
        }
    }
    let seen: Vec<Seen> = halves(pages, |(language, page)| Seen {
        example: example(&page, None),
        language,
        page,
    });
    let mut writers: Vec<&str> = seen.iter().map(|s| s.page.writer.as_str()).collect();
    writers.sort_unstable();
    writers.dedup();
    let fold_of = |writer: &str| writers.iter().position(|w| *w == writer).unwrap_or(0);
    if cv {
        cross_validate(&seen, &fold_of);
        return;
    }
    for language in Language::ALL {
        let pages = seen.iter().filter(|s| s.language == language);
        let (first, second) = learn(&pages.collect::<Vec<_>>(), &fold_of);
        for (name, bytes) in [("context", first), ("context2", second)] {
            let path = format!("training/weights/{name}.{}.bin", language.code());
            std::fs::write(path, bytes).expect("the weights folder is writable");
        }
    }
}

/// Folds of the training pages, each judged by a first chain that has not seen its writers, for the second to learn from.
const INNER: usize = 4;

fn learn(pages: &[&Seen], fold_of: &dyn Fn(&str) -> usize) -> (Vec<u8>, Vec<u8>) {
    let first_of = |pages: &[&Seen]| {
        let mut chain = Chain::new(FIRST_BITS);
        chain.learn(
            &pages.iter().map(|s| &s.example).collect::<Vec<_>>(),
            FIRST_PASSES,
        );
        chain.to_bytes()
    };
    let mut second = Vec::new();
    for inner in 0..INNER {
        let held = |s: &&&Seen| fold_of(&s.page.writer) % INNER == inner;
        let others: Vec<&Seen> = pages.iter().filter(|s| !held(s)).copied().collect();
        let first = chain_of(first_of(&others));
        second.extend(
            pages
                .iter()
                .filter(held)
                .map(|s| example(&s.page, Some(&first))),
        );
    }
    let mut chain = Chain::new(SECOND_BITS);
    chain.learn(&second.iter().collect::<Vec<_>>(), SECOND_PASSES);
    (first_of(pages), chain.to_bytes())
}

fn chain_of(bytes: Vec<u8>) -> model::Chain {
    model::Chain::of(Classifier::new(Box::leak(bytes.into_boxed_slice())))
}

/// What the chain sees of a page, with the kind that most letters of each unit have.
fn example(page: &Page, first: Option<&model::Chain>) -> Example {
    let samples = sukje::clean::context_samples(&page.text, first);
    let kind = |(start, end): (usize, usize)| {
        let mut letters = [0usize; KINDS.len()];
        for (span, kind) in &page.spans {
            let (a, b) = (span.start.max(start), span.end.min(end));
            letters[*kind] += b.saturating_sub(a);
        }
        // A headline that was not taken for one is the article's own.
        (0..letters.len())
            .rev()
            .max_by_key(|k| letters[*k])
            .filter(|k| letters[*k] > 0)
            .unwrap_or(0)
    };
    Example {
        gaps: samples.iter().map(|s| s.gap).collect(),
        base: samples.iter().map(|s| s.base).collect(),
        kinds: samples.iter().map(|s| kind(s.span)).collect(),
        features: samples.into_iter().map(|s| s.features).collect(),
    }
}

/// Does a work on two threads, in order.
fn halves<T: Send, U: Send>(mut all: Vec<T>, work: impl Fn(T) -> U + Sync) -> Vec<U> {
    let second = all.split_off(all.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| second.into_iter().map(&work).collect::<Vec<_>>());
        let mut done: Vec<U> = all.into_iter().map(&work).collect();
        done.extend(other.join().expect("the work does not fail"));
        done
    })
}

fn cross_validate(seen: &[Seen], fold_of: &(dyn Fn(&str) -> usize + Sync)) {
    let limits = [Threshold::Strict, Threshold::Balanced, Threshold::Gentle];
    let folds = halves((0..FOLDS).collect(), |fold| {
        let models = ContextModels::Other(PerLanguage::from_fn(|language| {
            let train: Vec<&Seen> = seen
                .iter()
                .filter(|s| {
                    s.language == language
                        && (fold_of(&s.page.writer) % FOLDS != fold || !s.page.scored)
                })
                .collect();
            let (first, second) =
                learn(&train, &|writer| fold_of(writer) / FOLDS + fold_of(writer));
            ChainPair {
                first: chain_of(first),
                second: chain_of(second),
            }
        }));
        let mut scores = vec![PerLanguage::<Score>::default(); limits.len() + 1];
        for page in seen
            .iter()
            .filter(|s| fold_of(&s.page.writer) % FOLDS == fold && s.page.scored)
        {
            scores[0][page.language].add(&page.page, None);
            for (score, limits) in scores[1..].iter_mut().zip(&limits) {
                score[page.language].add(&page.page, Some((&models, Limits::of(*limits))));
            }
        }
        scores
    });
    for (n, name) in std::iter::once("rules alone".to_string())
        .chain(limits.iter().map(|l| format!("{l:?}")))
        .enumerate()
    {
        println!("{name}");
        for language in Language::ALL {
            let mut sum = Score::default();
            folds.iter().for_each(|f| sum.join(&f[n][language]));
            print!("{}", sum.table(language.code(), n == 0 || n == 2));
        }
    }
}
