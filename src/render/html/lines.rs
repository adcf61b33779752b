//! The brief on the page: sections of lines, each with an anchor, its receipts and the pieces it is made of.
//!
//! In:  the note's blocks. Out: what the template loops over, and which lines rest on a sentence.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::brief::{Brief, Origin};
use crate::escape::shown;
use crate::render::note::{Block, Making, told};

/// The brief as its template sees it.
#[derive(Debug, Serialize)]
pub struct NotePage<'a> {
    credits: String,
    sections: Vec<NoteSection<'a>>,
}

#[derive(Debug, Serialize)]
struct NoteSection<'a> {
    heading: &'static str,
    items: Vec<NoteItem<'a>>,
}

/// A line, a challenge's heading, or a remark.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum NoteItem<'a> {
    Challenge {
        label: &'a str,
        status: &'static str,
    },
    Line(NoteLine<'a>),
    Remark(&'static str),
}

#[derive(Debug, Serialize)]
struct NoteLine<'a> {
    number: usize,
    label: Option<&'static str>,
    text: &'a str,
    language: &'static str,
    receipts: &'a [u32],
    parts: String,
    #[serde(skip)]
    name: String,
}

/// A line that rests on a sentence: its anchor's number, and what it is called.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Resting<'n> {
    number: usize,
    name: &'n str,
}

impl<'a> NotePage<'a> {
    /// Returns the brief's lines in their sections.
    pub fn of(brief: &'a Brief) -> NotePage<'a> {
        let mut note = NotePage {
            credits: String::new(),
            sections: Vec::new(),
        };
        let (mut number, mut challenge) = (0, None);
        for block in told(brief) {
            let (label, text, receipts, made) = match block {
                Block::Credits(credits) => {
                    note.credits = credits.join(" · ");
                    continue;
                }
                Block::Heading(heading) => {
                    let items = Vec::new();
                    note.sections.push(NoteSection { heading, items });
                    challenge = None;
                    continue;
                }
                Block::Challenge { label, status } => {
                    challenge = Some(label);
                    note.push(NoteItem::Challenge { label, status });
                    continue;
                }
                Block::Remark(remark) => {
                    note.push(NoteItem::Remark(remark));
                    continue;
                }
                Block::Statement {
                    text,
                    receipts,
                    made,
                } => (None, text, receipts, made),
                Block::Point {
                    label,
                    text,
                    receipts,
                    made,
                } => (Some(label), text, receipts, made),
                Block::Title(_) | Block::Fact { .. } | Block::Cited { .. } => continue,
            };
            number += 1;
            let line = NoteLine {
                number,
                label,
                text,
                language: language(brief, made.origin),
                receipts,
                parts: pieces(brief, made),
                name: note.name(challenge, label),
            };
            note.push(NoteItem::Line(line));
        }
        note
    }

    fn push(&mut self, item: NoteItem<'a>) {
        if let Some(section) = self.sections.last_mut() {
            section.items.push(item);
        }
    }

    /// Names a line: "Power", "Power: Remedy", "Claim", "Thesis".
    fn name(&self, challenge: Option<&str>, label: Option<&str>) -> String {
        match (challenge, label) {
            (Some(challenge), Some(label)) => format!("{challenge}: {label}"),
            (Some(name), None) | (None, Some(name)) => name.into(),
            (None, None) => self.sections.last().map_or("", |last| last.heading).into(),
        }
    }

    /// Returns the lines that rest on each sentence, in their order.
    pub fn resting(&self) -> BTreeMap<u32, Vec<Resting<'_>>> {
        let mut resting: BTreeMap<u32, Vec<Resting<'_>>> = BTreeMap::new();
        let items = self.sections.iter().flat_map(|section| &section.items);
        for item in items {
            let NoteItem::Line(line) = item else { continue };
            let (number, name) = (line.number, line.name.as_str());
            for id in line.receipts {
                let lines = resting.entry(*id).or_default();
                if lines.last().is_none_or(|last| last.number != number) {
                    lines.push(Resting { number, name });
                }
            }
        }
        resting
    }
}

/// Quotations are in the article's language, the rest in the note's.
fn language(brief: &Brief, origin: Origin) -> &'static str {
    match origin {
        Origin::Source | Origin::Clauses => brief.article.language.code(),
        Origin::Model | Origin::Rule => brief.output_language.code(),
    }
}

/// Returns the pieces as the script reads them: `3:0-17 5:4-9`, in UTF-16 units of the sentence as the page shows it.
fn pieces(brief: &Brief, made: Making<'_>) -> String {
    let units = |text: &str| shown(text).encode_utf16().count();
    let pieces = made.parts.iter().filter_map(|part| {
        let text = &brief.article.sentence(part.sentence)?.text;
        let (start, end) = (text.get(..part.start)?, text.get(..part.end)?);
        let (start, end) = (units(start), units(end));
        (start < end).then(|| format!("{}:{start}-{end}", part.sentence))
    });
    pieces.collect::<Vec<_>>().join(" ")
}
