//! Verification: an outline becomes a brief only after every citation, figure and name was found in the article.
//!
//! In:  `Article` and `Outline`. Out: `Brief`. Never fails and never rewords: a text that does not hold gives way to the
//! sentence it cites, or is dropped, and is listed. A saved brief is checked against its source by [`check_brief`].

mod brief;
mod countries;
pub mod figures;
pub(crate) mod names;
mod numerals;
mod persons;
mod settle;
mod statement;
mod units;
mod words;

pub use brief::{Finding, Report, check_brief};
#[cfg(feature = "model")]
pub(crate) use countries::latin_names;
#[cfg(feature = "model")]
pub(crate) use numerals::MONTHS;
pub(crate) use settle::MOST_LETTERS;
#[cfg(feature = "model")]
pub(crate) use settle::shown_letters;
pub use statement::{Check, check, check_field};
#[cfg(feature = "model")]
pub(crate) use units::symbols;
pub use units::{Currency, Dimension, Unit};

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::article::{
    Article, CLEAN_SCHEMA, Language, Metadata, Passage, Removed, Sentence, Source, Warning,
};
use crate::outline::{
    ArgumentPoint, Challenge, Coverage, CritiquePoint, EngineInfo, Outline, Statement,
};

/// The schema name of `sukje summarize --format json`.
pub const BRIEF_SCHEMA: &str = "sukje.brief/1";

/// What was checked and what did not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// How many were looked for in the cited sentences.
    pub checked: usize,
    /// Those that were not there.
    pub unsupported: Vec<String>,
}

/// A text that did not hold and was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fallback {
    /// Which field, such as `challenges[1].text`.
    pub field: String,
    /// Why it was replaced.
    pub cause: String,
}

/// The result of verification.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verification {
    /// Figures.
    pub numbers: Tally,
    /// Proper names.
    pub names: Tally,
    /// Texts that were replaced.
    pub fallbacks: Vec<Fallback>,
}

/// A verified briefing note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Brief {
    /// Always [`BRIEF_SCHEMA`].
    pub schema: Cow<'static, str>,
    /// Where the text came from.
    pub source: Source,
    /// The article's language.
    pub language: Language,
    /// The brief's language.
    pub output_language: Language,
    /// The headline.
    pub title: Option<Passage>,
    /// Author, outlet, date and address.
    pub metadata: Metadata,
    /// Name of the lens.
    pub lens: String,
    /// What wrote it.
    pub engine: EngineInfo,
    /// The article's sentences, which evidence refers to.
    pub sentences: Vec<Sentence>,
    /// What was removed from the text, and why.
    pub removed: Vec<Removed>,
    /// The article's main point.
    pub thesis: Option<Statement>,
    /// The line of reasoning.
    pub argument: Vec<ArgumentPoint>,
    /// The lens's challenges in its order.
    pub challenges: Vec<Challenge>,
    /// What a careful reader would attack in the whole.
    pub critique: Vec<CritiquePoint>,
    /// What was checked.
    pub verification: Verification,
    /// How much of the article was looked at.
    pub coverage: Coverage,
    /// Findings about the text.
    pub warnings: Vec<Warning>,
}

impl Brief {
    /// The article it is of, as it stands in the brief.
    pub fn article(&self) -> Article {
        Article {
            schema: Cow::Borrowed(CLEAN_SCHEMA),
            source: self.source.clone(),
            language: self.language,
            title: self.title.clone(),
            metadata: self.metadata.clone(),
            sentences: self.sentences.clone(),
            removed: self.removed.clone(),
            warnings: Vec::new(),
        }
    }
}

/// Checks an outline against its article; what does not hold is replaced or dropped and listed in `verification.fallbacks`.
pub fn verify(article: &Article, mut outline: Outline) -> Brief {
    let verification = settle::settle(article, &mut outline);
    let mut warnings = article.warnings.clone();
    warnings.append(&mut outline.warnings);
    Brief {
        schema: Cow::Borrowed(BRIEF_SCHEMA),
        source: article.source.clone(),
        language: article.language,
        output_language: outline.output_language,
        title: article.title.clone(),
        metadata: article.metadata.clone(),
        lens: outline.lens,
        engine: outline.engine,
        sentences: article.sentences.clone(),
        removed: article.removed.clone(),
        thesis: outline.thesis,
        argument: outline.argument,
        challenges: outline.challenges,
        critique: outline.critique,
        verification,
        coverage: outline.coverage,
        warnings,
    }
}
