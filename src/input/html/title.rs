//! The headline of a page: the heading that says what the page's title says, or a part of that title.
//!
//! In:  a tree, where the article is under way, and what is noise. Out: the headline's bytes in the text of the page.

use std::collections::BTreeSet;

use super::tree::{Tag, Tree};

/// Longest headline in bytes.
const LONGEST: usize = 600;
/// What stands between a headline and the outlet in a page's title.
const PARTS: [&str; 12] = [
    " | ", " - ", " – ", " — ", " :: ", " : ", " < ", " > ", " ㅣ ", " « ", " » ", " · ",
];

/// Finds the headline.
pub fn find(tree: &Tree, behind: usize, noise: &[Option<&'static str>]) -> Option<(usize, usize)> {
    let named = named_title(tree);
    let page = page_title(tree);
    let says = |span: (usize, usize)| &tree.text[span.0..span.1];
    let wanted = words(named.as_deref().or(page.map(says)).unwrap_or(""));
    let headings = tree
        .elements
        .iter()
        .enumerate()
        .filter_map(|(at, element)| {
            let Tag::Heading(level @ 1..=3) = element.tag else {
                return None;
            };
            let span = trimmed(&tree.text, element.start as usize, element.end as usize)?;
            let hidden = noise[at] == Some("html.hidden");
            (!hidden && element.start as usize <= behind && span.1 - span.0 <= LONGEST)
                .then_some((level, span))
        });
    let scored = headings.take(200).map(|(level, span)| {
        let own = words(says(span));
        let shared = own.intersection(&wanted).count();
        // Most of both must be the same words, or the page's title begins with the heading. A first heading may be worded otherwise.
        let begins = page.is_some_and(|page| says(page).starts_with(says(span)));
        let most = shared * 10 >= own.len().max(1) * 6 && shared * 10 >= wanted.len() * 4;
        let worded = level == 1 && shared >= 2 && shared * 10 >= own.len() * 3;
        let alike = begins || most || worded;
        ((alike && shared > 0, level == 1, shared), span)
    });
    // Of equal ones, the first.
    let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let heading = best.filter(|((alike, first, _), _)| *alike || *first && wanted.is_empty());
    heading
        .map(|(_, span)| span)
        .or_else(|| page.map(|span| headline_of(tree, span, named.as_deref())))
}

/// The title a page has for machines, which names no outlet.
fn named_title(tree: &Tree) -> Option<String> {
    let metas = &tree.head.metas;
    let found = ["og:title", "twitter:title", "dc.title", "headline"]
        .iter()
        .find_map(|name| {
            let meta = metas
                .iter()
                .find(|(n, value)| n == name && !value.is_empty());
            meta.map(|(_, value)| value.clone())
        });
    found.or_else(|| super::metadata::headline(tree))
}

/// The text of the element `title`.
fn page_title(tree: &Tree) -> Option<(usize, usize)> {
    let element = tree
        .elements
        .iter()
        .find(|e| e.tag == Tag::Title && e.start < e.end)?;
    trimmed(&tree.text, element.start as usize, element.end as usize)
        .filter(|span| span.1 - span.0 <= LONGEST)
}

/// The part of a page's title that is no outlet's name: what machines are told, or the longest of its parts.
fn headline_of(tree: &Tree, span: (usize, usize), named: Option<&str>) -> (usize, usize) {
    let text = &tree.text[span.0..span.1];
    if let Some(named) = named {
        let folded = named.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(at) = text.find(&folded).filter(|_| !folded.is_empty()) {
            return (span.0 + at, span.0 + at + folded.len());
        }
    }
    let mut parts = vec![(0, text.len())];
    for mark in PARTS {
        parts = parts
            .into_iter()
            .flat_map(|(start, end)| split(text, start, end, mark))
            .collect();
    }
    let longest = parts
        .into_iter()
        .max_by_key(|(start, end)| (end - start, usize::MAX - start));
    let (start, end) = longest.unwrap_or((0, text.len()));
    trimmed(&tree.text, span.0 + start, span.0 + end).unwrap_or(span)
}

fn split(text: &str, start: usize, end: usize, mark: &str) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut at = start;
    for (found, _) in text[start..end].match_indices(mark) {
        parts.push((at, start + found));
        at = start + found + mark.len();
    }
    parts.push((at, end));
    parts
}

fn trimmed(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let raw = &text[start..end];
    let from = start + raw.len() - raw.trim_start().len();
    let to = from + raw.trim().len();
    (from < to).then_some((from, to))
}

/// The words of a title, in lower case.
fn words(text: &str) -> BTreeSet<String> {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty());
    words.map(str::to_lowercase).collect()
}
