//! Ranking: the best sentences of any article, for a plain summary.
//!
//! In:  `Article`. Out: ids. No lens and no weights: place, likeness to the whole and to the title, shape.

use super::features;
use super::lexicon::Lexicon;
use super::marks::kind;
use crate::article::Article;
use crate::outline::Lens;

/// The ids of the `count` best sentences for a summary, in reading order.
pub fn best_sentences(article: &Article, count: usize) -> Vec<u32> {
    let empty = Lens {
        name: String::new(),
        challenges: Vec::new(),
        trained: false,
    };
    let features = features::read(article, &Lexicon::new(&empty, article.language));
    let n = features.sentences.len();
    let top = |f: &dyn Fn(&features::Features) -> f32| {
        features.sentences.iter().map(f).fold(1e-6f32, f32::max)
    };
    let (central, titled) = (top(&|s| s.centrality), top(&|s| s.title));
    let scores: Vec<f32> = features
        .sentences
        .iter()
        .enumerate()
        .map(|(i, s)| {
            let lead = 1.0 / (1.0 + i as f32 * 0.5);
            let last = if i + 1 == n { 0.1 } else { 0.0 };
            let asks = if s.marks[kind::QUESTION] { 0.15 } else { 0.0 };
            s.centrality / central + 0.5 * s.title / titled + 0.8 * lead + last - asks
        })
        .collect();
    let mut ranked: Vec<usize> = (0..n).collect();
    ranked.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    ranked.truncate(count);
    ranked.sort_unstable();

    ranked
        .into_iter()
        .map(|i| article.sentences[i].id)
        .collect()
}
