//! The source on the page: the whole text in reading order, sentences under their numbers, removals where they stood.
//!
//! In:  a brief and its lines. Out: what the template loops over.

use serde::Serialize;

use super::lines::{NotePage, Resting};
use crate::article::{Original, Removed};
use crate::brief::Brief;
use crate::render::article::{Entry, in_reading_order};
use crate::render::labels::Labels;
use crate::render::overview::shortened;

/// Of a longer removal the page shows the beginning: a saved page can hold a megabyte of menus, and its JSON has all of it.
const MOST_REMOVED_CHARS: usize = 500;

/// A unit of the text.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceUnit<'a> {
    Title(&'a str),
    Kept {
        id: u32,
        text: &'a str,
        opens: bool,
        lines: Vec<Resting<'a>>,
    },
    Gone(Gone<'a>),
}

/// A removal: its text, why, and what it repeats.
#[derive(Debug, Serialize)]
pub struct Gone<'a> {
    text: &'a str,
    cut: bool,
    reason: &'static str,
    label: &'static str,
    rule: &'a str,
    of: Option<u32>,
}

/// Returns the units of the text, in reading order; where the text itself is at hand, with its paragraphs.
pub fn units<'a>(
    brief: &'a Brief,
    source: Option<&str>,
    note: &'a NotePage<'_>,
    labels: &Labels,
) -> Vec<SourceUnit<'a>> {
    let mut resting = note.resting();
    let entries = in_reading_order(&brief.article).into_iter();
    let units = entries.map(|entry| match entry {
        Entry::Title(text) => SourceUnit::Title(text),
        Entry::Kept(id, text) => SourceUnit::Kept {
            id,
            text,
            opens: source.is_some_and(|source| opens(brief, id, source)),
            lines: resting.remove(&id).unwrap_or_default(),
        },
        Entry::Gone(removed) => SourceUnit::Gone(gone(removed, labels)),
    });
    units.collect()
}

/// Tells whether a blank line stands before a sentence.
fn opens(brief: &Brief, id: u32, source: &str) -> bool {
    let start = brief.article.sentence(id).map(|sentence| sentence.start);
    let before = start.and_then(|start| source.get(..start));
    before.is_some_and(|before| {
        let blank = before.chars().rev().take_while(|c| c.is_whitespace());
        blank.filter(|c| *c == '\n').count() > 1
    })
}

fn gone<'a>(removed: &'a Removed, labels: &Labels) -> Gone<'a> {
    let (text, cut) = shortened(&removed.text, MOST_REMOVED_CHARS);
    Gone {
        text,
        cut,
        reason: removed.reason.name(),
        label: labels.named("reason", removed.reason),
        rule: &removed.rule,
        of: match removed.of {
            Some(Original::Sentence(id)) => Some(id),
            _ => None,
        },
    }
}
