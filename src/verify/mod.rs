//! Verification: an outline becomes a brief only after every citation, figure and name was found in the article.
//!
//! In:  `Article` and `Outline`. Out: `Brief`. Never fails and never rewords: a text that does not hold gives way to the
//! sentence it cites, or is dropped, and is listed. A saved brief is checked against its source by [`check_brief`].

mod composed;
mod saved;
mod settle;
mod statement;

pub use saved::{Finding, Report, check_brief};
pub use statement::{Check, check, check_field};

use std::borrow::Cow;

use crate::article::Article;
use crate::brief::{BRIEF_SCHEMA, Brief, Outline};

/// Checks an outline against its article; what does not hold is replaced or dropped and listed in `verification.fallbacks`.
pub fn verify(article: &Article, mut outline: Outline) -> Brief {
    let verification = settle::settle(article, &mut outline);
    let mut article = article.clone();
    article.warnings.append(&mut outline.warnings);
    Brief {
        schema: Cow::Borrowed(BRIEF_SCHEMA),
        article,
        output_language: outline.output_language,
        lens: outline.lens,
        engine: outline.engine,
        thesis: outline.thesis,
        argument: outline.argument,
        challenges: outline.challenges,
        critique: outline.critique,
        verification,
        coverage: outline.coverage,
    }
}
