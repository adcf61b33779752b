//! Where in the article each challenge is discussed and where noise was, and how much of it: shapes for two small pictures.
//!
//! In:  a brief. Out: paths on a line of [`UNITS`] units, and what they say in words for those who do not see them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::article::{Reason, letters};
use crate::brief::{Brief, Status};
use crate::render::labels::Labels;
use crate::render::note::removed_counts;

/// The length of an article, or of its letters, in the pictures.
const UNITS: usize = 1000;
/// The least that can be seen.
const LEAST: usize = 4;

/// A line of the strip: what it shows, in words and as shapes.
#[derive(Debug, Serialize)]
pub struct Row<'a> {
    label: &'a str,
    said: String,
    discussed: bool,
    marks: Vec<Shape>,
}

/// A path, and the class it is coloured by.
#[derive(Debug, Serialize)]
pub struct Shape {
    class: &'static str,
    path: String,
}

/// What was removed: the picture's parts, and the counts.
#[derive(Debug, Default, Serialize)]
pub struct RemovedBar {
    said: String,
    marks: Vec<Shape>,
    counts: Vec<RemovedCount>,
}

/// One reason of the bar.
#[derive(Debug, Serialize)]
struct RemovedCount {
    class: &'static str,
    label: &'static str,
    count: String,
}

/// Returns a row for each challenge, and one for what was removed.
pub fn rows<'a>(brief: &'a Brief, labels: &Labels) -> Vec<Row<'a>> {
    let length = length(brief);
    let mut rows: Vec<Row<'a>> = Vec::new();
    for challenge in &brief.challenges {
        let remedy = challenge.remedy.iter().flat_map(|remedy| &remedy.evidence);
        let mut ids: Vec<u32> = challenge.evidence.iter().chain(remedy).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let sentences = ids.iter().filter_map(|id| brief.article.sentence(*id));
        let ranges = sentences.map(|s| (s.start, s.end)).collect();
        rows.push(Row {
            label: &challenge.label,
            said: said(&ids, labels.named("status", challenge.status)),
            discussed: challenge.status == Status::Discussed,
            marks: mark("told", ranges, length).into_iter().collect(),
        });
    }
    rows.push(noise(brief, labels, length));
    rows
}

/// "discussed: 3, 4, 9".
fn said(ids: &[u32], status: &str) -> String {
    let ids: Vec<String> = ids.iter().map(u32::to_string).collect();
    match ids.is_empty() {
        true => status.to_string(),
        false => format!("{status}: {}", ids.join(", ")),
    }
}

fn noise<'a>(brief: &Brief, labels: &Labels, length: usize) -> Row<'a> {
    let mut ranges: BTreeMap<Reason, Vec<(usize, usize)>> = BTreeMap::new();
    for removed in &brief.article.removed {
        let own = ranges.entry(removed.reason).or_default();
        own.push((removed.start, removed.end));
    }
    let marks = ranges.into_iter();
    let marks = marks.filter_map(|(reason, ranges)| mark(reason.name(), ranges, length));
    Row {
        label: labels.removed,
        said: totals(brief, labels),
        discussed: !brief.article.removed.is_empty(),
        marks: marks.collect(),
    }
}

fn totals(brief: &Brief, labels: &Labels) -> String {
    let counts = removed_counts(brief);
    match counts.is_empty() {
        true => labels.nothing_removed.to_string(),
        false => labels.removed_count(
            counts.values().map(|(places, _)| places).sum(),
            counts.values().map(|(_, letters)| letters).sum(),
        ),
    }
}

/// Counts what was removed, and draws it as parts of all letters.
pub fn removed(brief: &Brief, labels: &Labels) -> RemovedBar {
    let counts = removed_counts(brief);
    let gone: usize = counts.values().map(|(_, letters)| letters).sum();
    let sentences = brief.article.sentences.iter();
    let kept: usize = sentences.map(|s| letters(&s.text)).sum();
    let mut bar = RemovedBar {
        said: totals(brief, labels),
        ..RemovedBar::default()
    };
    let mut at = kept;
    for (reason, (places, size)) in counts {
        let range = vec![(at, at + size)];
        bar.marks.extend(mark(reason.name(), range, kept + gone));
        bar.counts.push(RemovedCount {
            class: reason.name(),
            label: labels.named("reason", reason),
            count: labels.removed_count(places, size),
        });
        at += size;
    }
    bar
}

/// Returns the byte behind everything that has a place.
fn length(brief: &Brief) -> usize {
    let article = &brief.article;
    let ends = article.sentences.iter().map(|s| s.end);
    let ends = ends.chain(article.removed.iter().map(|r| r.end));
    let ends = ends.chain(article.title.iter().map(|t| t.end));
    ends.max().unwrap_or(0)
}

/// Draws ranges of a whole; those that touch, or nearly, become one.
fn mark(class: &'static str, mut ranges: Vec<(usize, usize)>, whole: usize) -> Option<Shape> {
    let scaled = |place: usize| (place as u128 * UNITS as u128 / whole.max(1) as u128) as usize;
    ranges.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (start, end) in ranges {
        let start = scaled(start).min(UNITS - LEAST);
        let end = scaled(end).clamp(start + LEAST, UNITS);
        match merged.last_mut() {
            Some(last) if start < last.1 + LEAST => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    let path: String = merged
        .iter()
        .map(|(start, end)| format!("M{start} 0H{end}V1H{start}z"))
        .collect();
    (!path.is_empty()).then_some(Shape { class, path })
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn ranges_become_shapes_that_can_be_seen() {
        let check = |ranges: &[(usize, usize)], whole: usize, expected: &str| {
            let path = mark("told", ranges.to_vec(), whole).map(|mark| mark.path);
            assert_eq!(path.unwrap_or_default(), expected);
        };
        check(&[], 10, "");
        check(&[(0, 5)], 10, "M0 0H500V1H0z");
        check(
            &[(8, 9), (0, 1), (1, 2)],
            10,
            "M0 0H200V1H0zM800 0H900V1H800z",
        );
        check(&[(0, 1)], 1_000_000, "M0 0H4V1H0z");
        check(&[(999_999, 1_000_000)], 1_000_000, "M996 0H1000V1H996z");
        check(&[(usize::MAX, 3)], 0, "M996 0H1000V1H996z");
    }
}
