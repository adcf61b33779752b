//! Author, outlet and date, read out of the lines that were removed.

use std::sync::LazyLock;

use regex::Regex;

use super::markup::Markup;
use super::rules::pattern;
use crate::article::{Metadata, MetadataField, Reason};
use crate::language::PerLanguage;
use crate::language::data::{self, File, List};

static DATE: LazyLock<Regex> = LazyLock::new(|| known(&data::COMMON_CLEAN, "date"));
static OUTLET: LazyLock<Regex> = LazyLock::new(|| known(&data::COMMON_CLEAN, "outlet"));
static URL: LazyLock<Regex> = LazyLock::new(|| known(&data::COMMON_CLEAN, "url"));
static AUTHOR: PerLanguage<LazyLock<Regex>> = PerLanguage {
    ko: LazyLock::new(|| known(&data::CLEAN.ko, "author")),
    en: LazyLock::new(|| known(&data::CLEAN.en, "author")),
};
/// Words of a rights notice that follow the name of the outlet.
static BEHIND_OUTLETS: List = List::of(&data::COMMON_CLEAN, "behind_outlets");

/// The pattern of a value.
fn known(file: &'static File, value: &str) -> Regex {
    let text = file.keyed("metadata", value);
    pattern(text.expect("a test reads every pattern"))
}

/// Reads author, outlet, date and address out of the removed lines, each value with its place.
pub fn collect(markup: &Markup) -> Metadata {
    let mut metadata = Metadata::default();
    for i in 0..markup.units.len() {
        let Some(mark) = markup.marks[i] else {
            continue;
        };
        let raw = markup.raw(i);
        let start = markup.units[i].start;
        if matches!(mark.reason, Reason::Metadata | Reason::Byline) {
            first(&mut metadata.date, &DATE, raw, start);
        }
        if mark.reason == Reason::Byline || mark.reason == Reason::Metadata && raw.contains("By ") {
            let pattern = &AUTHOR[markup.style.language];
            first(&mut metadata.author, pattern, raw, start);
        }
        if mark.reason == Reason::Copyright {
            first(&mut metadata.outlet, &OUTLET, raw, start);
        }
        if mark.reason == Reason::Metadata {
            first(&mut metadata.url, &URL, raw, start);
        }
    }
    trim_outlet(&mut metadata.outlet);
    metadata
}

/// Fills `field` with the pattern's first group (or whole match) where it is still empty.
fn first(field: &mut Option<MetadataField>, pattern: &Regex, raw: &str, start: usize) {
    if field.is_some() {
        return;
    }
    let Some(found) = pattern.captures(raw) else {
        return;
    };
    let part = found
        .iter()
        .skip(1)
        .flatten()
        .next()
        .or_else(|| found.get(0))
        .expect("group 0 always matches");
    let text = part.as_str().trim();
    let from = start + part.start() + (part.as_str().len() - part.as_str().trim_start().len());
    *field = Some(MetadataField {
        text: text.to_string(),
        start: Some(from),
        end: Some(from + text.len()),
    });
}

/// The words of a rights notice that follow the outlet's name are no part of it.
fn trim_outlet(outlet: &mut Option<MetadataField>) {
    let Some(field) = outlet else { return };
    let cut = BEHIND_OUTLETS
        .iter()
        .filter_map(|w| field.text.find(w))
        .min();
    if let Some(cut) = cut {
        field.text.truncate(cut);
    }
    let kept = field.text.trim_end().len();
    field.text.truncate(kept);
    field.end = field.start.map(|s| s + kept);
    if field.text.is_empty() {
        *outlet = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_compile() {
        for regex in [&DATE, &OUTLET, &URL].into_iter().chain(AUTHOR.values()) {
            assert!(!regex.as_str().is_empty());
        }
    }
}
