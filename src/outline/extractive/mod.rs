//! The extractive engine: the article's own sentences, chosen and ordered, without any model.
//!
//! In:  `Article` and `Lens`. Out: `Outline` whose every text is made of cited sentences word for word.

use super::{Coverage, EngineInfo, Outline, OutlineOptions};
use crate::article::Article;

/// Outlines an article by extraction.
pub fn outline(article: &Article, options: &OutlineOptions) -> Outline {
    let seen = article.sentences.len();
    Outline {
        lens: options.lens.name.clone(),
        output_language: options.output_language.unwrap_or(article.language),
        engine: EngineInfo {
            name: "extractive".into(),
            model: None,
            model_sha256: None,
            prompt_sha256: None,
            version: env!("CARGO_PKG_VERSION").into(),
        },
        thesis: None,
        argument: Vec::new(),
        challenges: Vec::new(),
        critique: Vec::new(),
        coverage: Coverage { sentences: seen, seen, chunks: 1 },
    }
}

/// The ids of the `count` best sentences for a summary, in reading order.
pub fn best_sentences(article: &Article, count: usize) -> Vec<u32> {
    article.sentences.iter().take(count).map(|s| s.id).collect()
}
