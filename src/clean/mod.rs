//! Cleaning: the text a scraper left becomes an article of numbered sentences.
//!
//! In:  `Document`, decoded text. Out: `Article`, the sentences kept and the spans removed, each with a reason.
//! Passes only mark spans; nothing is rewritten, so every sentence can be found in the input again.

mod segment;

use std::borrow::Cow;

use crate::article::{Article, CLEAN_SCHEMA, Language, Metadata, Reason, Sentence};
use crate::input::Document;

/// What to clean, and what to leave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CleanOptions {
    /// The article's language; found from its letters where none is given.
    pub language: Option<Language>,
    /// Kinds of noise to put back among the sentences.
    pub keep: Vec<Reason>,
}

/// Cleans a document.
pub fn clean(document: &Document, options: &CleanOptions) -> Article {
    let text = &document.text;
    let mut sentences = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() {
            let start = at + line.find(trimmed).expect("trimmed is inside");
            sentences.push(Sentence {
                id: sentences.len() as u32 + 1,
                text: trimmed.to_string(),
                start,
                end: start + trimmed.len(),
            });
        }
        at += line.len();
    }
    Article {
        schema: Cow::Borrowed(CLEAN_SCHEMA),
        source: document.source.clone(),
        language: options.language.unwrap_or(Language::Ko),
        title: None,
        metadata: Metadata::default(),
        sentences,
        removed: Vec::new(),
        warnings: document.warnings.clone(),
    }
}

/// Splits one text into sentences as spans of it, without cleaning.
pub fn split(text: &str) -> Vec<(usize, usize)> {
    let style = segment::Style::of(text, None);
    segment::units(text, style).into_iter().map(|u| (u.start, u.end)).collect()
}
