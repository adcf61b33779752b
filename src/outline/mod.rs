//! Outlining: an article becomes a proposal of what to say of it.
//!
//! In:  `Article` and a `Lens`. Out: `Outline`. Nothing is said here without the ids of the sentences it rests on.

pub mod critique;
pub mod extractive;
mod lens;
pub mod lines;

pub use lens::{Cues, DEFAULT_LENS, Label, Lens, LensChallenge, LensError, Sense};

use self::extractive::lexicon::Lexicon;
use crate::article::{Article, Language};
use crate::brief::Outline;

/// What an outline depends on besides the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineOptions {
    /// Which challenges to look for.
    pub lens: Lens,
    /// The brief's language; the article's where none is given.
    pub output_language: Option<Language>,
}

/// Outlines `article` with the embedded extractive engine.
pub fn outline(article: &Article, options: &OutlineOptions) -> Outline {
    let lexicon = Lexicon::new(&options.lens, article.language);
    outline_by(article, options, &lexicon)
}

/// As [`outline`], with the lexicon of the options' lens and the article's language, which may serve many articles.
pub fn outline_by(article: &Article, options: &OutlineOptions, lexicon: &Lexicon) -> Outline {
    let mut outline = extractive::outline_by(article, options, lexicon);
    critique::criticise(article, &mut outline);
    outline
}
