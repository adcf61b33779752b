//! Placement: the spans of an article that was read are led back to the decoded text.
//!
//! In:  an `Article` whose spans are those of what was read, and the `Reading`. Out: the same article with spans of the decoded text;
//! what reading took off is removed with its kind as the rule. Nothing is judged here.

use std::borrow::Cow;

use crate::article::{Article, MetadataField, Original, Reason, Removed, Warning};
use crate::input::{Reading, page_reason};

/// Leads all spans back, and adds what was not read to the removed spans.
pub fn place(article: &mut Article, reading: &Reading, source: &str) {
    let mut covered = Vec::new();
    let mut lead = |start: &mut usize, end: &mut usize, spans: &mut Vec<(usize, usize)>| {
        let found = reading.spans(*start, *end);
        if let (Some(first), Some(last)) = (found.first(), found.last()) {
            (*start, *end) = (first.0, last.1);
        }
        covered.extend(&found);
        *spans = if found.len() > 1 { found } else { Vec::new() };
    };
    if let Some(title) = &mut article.title {
        lead(&mut title.start, &mut title.end, &mut title.spans);
    }
    for sentence in &mut article.sentences {
        lead(&mut sentence.start, &mut sentence.end, &mut sentence.spans);
    }
    for removed in &mut article.removed {
        lead(&mut removed.start, &mut removed.end, &mut removed.spans);
    }
    covered.sort_unstable();
    let metadata = &mut article.metadata;
    for field in [
        &mut metadata.author,
        &mut metadata.outlet,
        &mut metadata.date,
        &mut metadata.url,
    ] {
        place_field(field, reading);
    }
    for Warning { start, end, .. } in &mut article.warnings {
        place_span(start, end, reading);
    }
    article.warnings.extend(reading.warnings());
    add_unread(article, reading, &covered, source);
}

fn place_field(field: &mut Option<MetadataField>, reading: &Reading) {
    if let Some(MetadataField { start, end, .. }) = field {
        place_span(start, end, reading);
    }
}

fn place_span(start: &mut Option<usize>, end: &mut Option<usize>, reading: &Reading) {
    if let (Some(from), Some(to)) = (*start, *end) {
        let spans = reading.spans(from, to);
        *start = spans.first().map(|span| span.0);
        *end = spans.last().map(|span| span.1);
    }
}

/// What no span holds was taken off: it is removed, in its place among the others, whose indices move.
fn add_unread(article: &mut Article, reading: &Reading, covered: &[(usize, usize)], source: &str) {
    let own = std::mem::take(&mut article.removed);
    let mut all: Vec<(Option<usize>, Removed)> = own
        .into_iter()
        .enumerate()
        .map(|(index, removed)| (Some(index), removed))
        .collect();
    all.extend(reading.unread(covered).into_iter().map(|unread| {
        let text = super::markup::fold(&source[unread.start..unread.end]).into_owned();
        let removed = Removed {
            start: unread.start,
            end: unread.end,
            text,
            reason: page_reason(unread.rule).unwrap_or(Reason::Other),
            rule: Cow::Borrowed(unread.rule),
            of: None,
            score: None,
            spans: Vec::new(),
        };
        (None, removed)
    }));
    all.sort_by_key(|(_, removed)| removed.start);
    let mut moved = vec![0; all.len()];
    for (to, (from, _)) in all.iter().enumerate() {
        if let Some(from) = from {
            moved[*from] = to;
        }
    }
    article.removed = all
        .into_iter()
        .map(|(_, mut removed)| {
            if let Some(Original::Removed(index)) = &mut removed.of {
                *index = moved[*index];
            }
            removed
        })
        .collect();
}
