//! The briefing note as blocks: what stands in it and in which order, whatever it is written as.
//!
//! In:  `Brief`. Out: `Block`s, which borrow from it. Markdown and terminal text only spell them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::labels::Labels;
use crate::article::{MetadataField, Reason, WarningKind, letters};
use crate::brief::{Brief, Challenge, ClausePart, CritiquePoint, Origin, Statement, Status};

/// A piece of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block<'a> {
    /// The headline.
    Title(&'a str),
    /// Author, outlet, date, address: whichever are known.
    Credits(Vec<&'a str>),
    /// Opens a part.
    Heading(&'static str),
    /// Opens a challenge: its label and whether it is discussed.
    Challenge {
        label: &'a str,
        status: &'static str,
    },
    /// A text with its receipts.
    Statement {
        text: &'a str,
        receipts: &'a [u32],
        made: Making<'a>,
    },
    /// One of several texts, with what it is and its receipts.
    Point {
        label: &'static str,
        text: &'a str,
        receipts: &'a [u32],
        made: Making<'a>,
    },
    /// A fixed sentence of the note itself.
    Remark(&'static str),
    /// A fact about the note: what it is, and the value.
    Fact {
        label: &'static str,
        value: Cow<'a, str>,
    },
    /// A cited sentence under its number.
    Cited { id: u32, text: &'a str },
}

/// What a text is made of; a page shows it, other forms do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Making<'a> {
    /// Where the text comes from.
    pub origin: Origin,
    /// The pieces of cited sentences in it.
    pub parts: &'a [ClausePart],
}

impl<'a> Making<'a> {
    fn of(statement: &'a Statement) -> Making<'a> {
        Making {
            origin: statement.origin,
            parts: &statement.parts,
        }
    }
}

/// The note of a brief.
pub fn blocks(brief: &Brief) -> Vec<Block<'_>> {
    let labels = Labels::of(brief.output_language);
    let mut note = told(brief);
    removed(brief, labels, &mut note);
    note.push(Block::Heading(labels.made));
    note.extend(made(brief));
    cited(brief, labels, &mut note);
    note
}

/// What the note tells: everything but how it was made and what from.
pub fn told(brief: &Brief) -> Vec<Block<'_>> {
    let labels = Labels::of(brief.output_language);
    let mut note = Vec::new();
    head(brief, labels, &mut note);
    thesis(brief, labels, &mut note);
    argument(brief, labels, &mut note);
    challenges(brief, labels, &mut note);
    critique(&brief.critique, labels, &mut note);
    note
}

fn head<'a>(brief: &'a Brief, labels: &Labels, note: &mut Vec<Block<'a>>) {
    let title = brief.article.title.as_ref();
    let title = title.map_or(labels.untitled, |title| &title.text);
    note.push(Block::Title(title));
    let known = &brief.article.metadata;
    let fields = [&known.author, &known.outlet, &known.date, &known.url];
    let credits: Vec<&str> = fields
        .into_iter()
        .flatten()
        .map(|MetadataField { text, .. }| text.as_str())
        .collect();
    if !credits.is_empty() {
        note.push(Block::Credits(credits));
    }
}

fn thesis<'a>(brief: &'a Brief, labels: &Labels, note: &mut Vec<Block<'a>>) {
    note.push(Block::Heading(labels.thesis));
    note.push(match &brief.thesis {
        Some(thesis) => Block::Statement {
            text: &thesis.text,
            receipts: &thesis.evidence,
            made: Making::of(thesis),
        },
        None => Block::Remark(labels.no_thesis),
    });
}

fn argument<'a>(brief: &'a Brief, labels: &Labels, note: &mut Vec<Block<'a>>) {
    if !brief.argument.is_empty() {
        note.push(Block::Heading(labels.argument));
    }
    note.extend(brief.argument.iter().map(|point| Block::Point {
        label: labels.named("role", point.role),
        text: &point.statement.text,
        receipts: &point.statement.evidence,
        made: Making::of(&point.statement),
    }));
}

fn challenges<'a>(brief: &'a Brief, labels: &Labels, note: &mut Vec<Block<'a>>) {
    if !brief.challenges.is_empty() {
        note.push(Block::Heading(labels.challenges));
    }
    for challenge in &brief.challenges {
        note.push(Block::Challenge {
            label: &challenge.label,
            status: labels.named("status", challenge.status),
        });
        one_challenge(challenge, labels, note);
    }
}

fn one_challenge<'a>(challenge: &'a Challenge, labels: &Labels, note: &mut Vec<Block<'a>>) {
    if challenge.status == Status::Discussed {
        note.push(Block::Statement {
            text: challenge.text.as_deref().unwrap_or(labels.no_room),
            receipts: &challenge.evidence,
            made: Making {
                // Where nothing is quoted, what stands there is a remark of the note.
                origin: challenge
                    .text
                    .as_ref()
                    .map_or(Origin::Rule, |_| challenge.origin),
                parts: &challenge.parts,
            },
        });
    }
    if let Some(remedy) = &challenge.remedy {
        note.push(Block::Point {
            label: labels.remedy,
            text: &remedy.text,
            receipts: &remedy.evidence,
            made: Making::of(remedy),
        });
    }
    let points = challenge.critique.iter();
    note.extend(points.map(|point| critique_block(point, labels)));
}

fn critique<'a>(points: &'a [CritiquePoint], labels: &Labels, note: &mut Vec<Block<'a>>) {
    if !points.is_empty() {
        note.push(Block::Heading(labels.critique));
    }
    note.extend(points.iter().map(|point| critique_block(point, labels)));
}

fn critique_block<'a>(point: &'a CritiquePoint, labels: &Labels) -> Block<'a> {
    Block::Point {
        label: labels.named("critique_kind", point.kind),
        text: &point.statement.text,
        receipts: &point.statement.evidence,
        made: Making::of(&point.statement),
    }
}

fn removed<'a>(brief: &'a Brief, labels: &Labels, note: &mut Vec<Block<'a>>) {
    note.push(Block::Heading(labels.removed));
    if brief.article.removed.is_empty() {
        note.push(Block::Remark(labels.nothing_removed));
    }
    for (reason, (places, size)) in removed_counts(brief) {
        note.push(Block::Fact {
            label: labels.named("reason", reason),
            value: labels.removed_count(places, size).into(),
        });
    }
}

/// Counts what was removed, by reason: places and letters.
pub fn removed_counts(brief: &Brief) -> BTreeMap<Reason, (usize, usize)> {
    let mut counts: BTreeMap<Reason, (usize, usize)> = BTreeMap::new();
    for removed in &brief.article.removed {
        let (places, size) = counts.entry(removed.reason).or_default();
        *places += 1;
        *size += letters(&removed.text);
    }
    counts
}

/// How the note was made: facts.
pub fn made<'a>(brief: &'a Brief) -> Vec<Block<'a>> {
    let labels = Labels::of(brief.output_language);
    let mut note = Vec::new();
    let mut fact = |label, value: Cow<'a, str>| note.push(Block::Fact { label, value });
    let Brief {
        engine,
        coverage,
        verification: checks,
        article,
        ..
    } = brief;
    let source = &article.source;
    let written_by = format!("{} {}", engine.name, engine.version);
    fact(labels.engine, written_by.into());
    if let Some(model) = &engine.model {
        fact(labels.model, model.as_str().into());
    }
    fact(labels.lens, brief.lens.as_str().into());
    let covered = labels.covered(coverage.seen, coverage.sentences, coverage.chunks);
    fact(labels.coverage, covered.into());
    let missing = checks.numbers.unsupported.len() + checks.names.unsupported.len();
    let verified = labels.verified(checks.numbers.checked, checks.names.checked, missing);
    fact(labels.verification, verified.into());
    for value in [&checks.numbers, &checks.names]
        .into_iter()
        .flat_map(|tally| &tally.unsupported)
    {
        fact(labels.unsupported, value.as_str().into());
    }
    for fallback in &checks.fallbacks {
        let replaced = format!("{}: {}", fallback.field, fallback.cause);
        fact(labels.fallback, replaced.into());
    }
    let origin = format!(
        "{}, {} bytes, {}, sha256 {}",
        source.name, source.bytes, source.encoding, source.sha256
    );
    fact(labels.source, origin.into());
    // A damaged file can have a hundred warnings of one kind; the JSON lists them, a reader needs to know of them.
    let mut warnings: Vec<(WarningKind, usize)> = Vec::new();
    for warning in &article.warnings {
        match warnings.iter_mut().find(|(kind, _)| *kind == warning.kind) {
            Some((_, count)) => *count += 1,
            None => warnings.push((warning.kind, 1)),
        }
    }
    for (kind, count) in warnings {
        fact(labels.warning, labels.warned(kind, count).into());
    }
    note
}

/// Every sentence the note cites, in reading order, so that a receipt can be looked up where the note is.
fn cited<'a>(brief: &'a Brief, labels: &Labels, note: &mut Vec<Block<'a>>) {
    let mut ids: BTreeSet<u32> = BTreeSet::new();
    for block in note.iter() {
        if let Block::Statement { receipts, .. } | Block::Point { receipts, .. } = block {
            ids.extend(receipts.iter());
        }
    }
    if ids.is_empty() {
        return;
    }
    note.push(Block::Heading(labels.cited));
    let sentences = brief.article.sentences.iter();
    let texts: BTreeMap<u32, &str> = sentences.map(|s| (s.id, s.text.as_str())).collect();
    note.extend(ids.into_iter().map(|id| Block::Cited {
        id,
        text: texts.get(&id).copied().unwrap_or(labels.no_such_sentence),
    }));
}
