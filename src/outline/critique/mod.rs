//! The critique outline: what a careful reader would attack or ask, by rules over the outline.
//!
//! In:  `Article` and `Outline` without critique. Out: the same outline with its critique points filled in.
//! Rules look for what is weak (`attacks`), the best few of different kinds are kept (`choose`) and put into words (`phrases`).
//! A point quotes the article word for word and cites the sentence; it never says what is true, only what is missing.

mod annotate;
mod attacks;
mod choose;
mod cues;
mod fragment;
mod particles;
mod phrases;

use super::{CritiqueKind, Outline};
use crate::article::Article;
#[cfg(feature = "model")]
use crate::article::Language;

/// Which part of the outline a point belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Whole,
    /// The challenge at this place.
    Challenge(usize),
}

/// A point that could be made.
#[derive(Debug, Clone)]
struct Attack {
    scope: Scope,
    kind: CritiqueKind,
    /// The sort within the kind, by which it is worded.
    variant: &'static str,
    /// The sentence attacked, then others it is held against.
    evidence: Vec<u32>,
    /// The words attacked.
    quote: String,
    /// The word that gave it away.
    word: String,
    /// The party it is about.
    actor: String,
    /// The label of the challenge it is about.
    label: String,
    /// A number to name: sentences looked at, or what a figure may have been.
    number: String,
    score: f32,
}

/// Fills in the critique of the whole and of each challenge.
pub fn criticise(article: &Article, outline: &mut Outline) {
    for challenge in &mut outline.challenges {
        challenge.critique.clear();
    }
    outline.critique.clear();
    let lines = annotate::lines(article);
    let attacks = attacks::find(article, &lines, outline);
    for attack in choose::choose(attacks, outline) {
        let scope = attack.scope;
        let point = choose::worded(attack, article.language, outline);
        match (scope, point) {
            (Scope::Whole, Some(point)) => outline.critique.push(point),
            (Scope::Challenge(at), Some(point)) => outline.challenges[at].critique.push(point),
            (_, None) => {}
        }
    }
}

/// The words of a sentence by which a point of critique names it: its main clause.
#[cfg(feature = "model")]
pub(super) fn quotation(text: &str, language: Language) -> &str {
    // Korean says what it means at the end, English at the start.
    let at = match language {
        Language::Ko => {
            let end = text.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
            let last = text[..end].rsplit(char::is_whitespace).next();
            (end - last.map_or(0, str::len), end)
        }
        Language::En => {
            let start = text.find(char::is_alphanumeric).unwrap_or(text.len());
            let first = text[start..].split(char::is_whitespace).next();
            (start, start + first.map_or(0, str::len))
        }
    };
    if at.0 >= at.1 {
        return "";
    }
    let (start, end) = fragment::clause(text, language, at);
    &text[start..end]
}
