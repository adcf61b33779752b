//! The headline: the first line that names the article and is no sentence of it.

use super::markup::Markup;
use super::rules;
use super::segment::closes_sentence;
use crate::language::data::{self, List};
use crate::language::{Language, PerLanguage};

/// Longest headline in characters.
const LONGEST: PerLanguage<usize> = PerLanguage { ko: 70, en: 150 };
/// Most words of an English headline that reads like a sentence.
const MOST_WORDS: usize = 16;
/// Endings that close a Korean sentence and no headline.
static CLOSING_ENDINGS: List = List::of(&data::CLEAN.ko, "closing_endings");
/// Lines before the headline that may be menus and dates.
const LINES_BEFORE: usize = 8;

/// Finds the headline among the first lines.
pub fn find(markup: &mut Markup) {
    let mut i = 0;
    let mut lines = 0;
    while i < markup.units.len() && lines < LINES_BEFORE {
        let end = (i + 1..=markup.units.len())
            .find(|&j| j == markup.units.len() || markup.units[j].opens)
            .unwrap_or(markup.units.len());
        if markup.marks[i].is_none() && !is_furniture(markup, i, end) {
            if is_headline(markup, i, end) {
                markup.title = markup.units[i].start..markup.units[end - 1].end;
            }
            return;
        }
        i = end;
        lines += 1;
    }
}

/// A line that a rule knows as metadata, menu, label and the like.
fn is_furniture(markup: &Markup, i: usize, end: usize) -> bool {
    let place = rules::Place {
        alone: true,
        prose: false,
        head: true,
        tail: false,
    };
    let rules = rules::Rules::of(markup.language());
    end == i + 1
        && rules
            .first(&markup.folded(i), markup.prefilter(i), place)
            .is_some()
}

/// Short, on its own line, not closed like a sentence, with an article behind it.
fn is_headline(markup: &Markup, i: usize, end: usize) -> bool {
    let line = &markup.text[markup.units[i].start..markup.units[end - 1].end];
    if end == markup.units.len() || line.chars().count() > LONGEST[markup.language()] {
        return false;
    }
    let has_body = (end..markup.units.len()).any(|j| markup.prose(j));
    if !has_body {
        return false;
    }
    let unmarked = end == i + 1 && !markup.style.punctuated;
    ENDS_HEADLINE[markup.language()](line.trim_end(), unmarked)
}

/// Returns whether a line ends as a headline may; `unmarked` says that it is one unit of a text without marks.
static ENDS_HEADLINE: PerLanguage<fn(line: &str, unmarked: bool) -> bool> = PerLanguage {
    // "…다." and "…습니다" close sentences; a headline may end in a question or in the present tense.
    ko: |line, _| {
        !line.ends_with(['.', ',']) && !CLOSING_ENDINGS.iter().any(|e| line.ends_with(e))
            || line.ends_with("...")
    },
    en: |line, unmarked| {
        let sentence = unmarked && closes_sentence(line, Language::En);
        let long = line.split_whitespace().count() > MOST_WORDS;
        !line.ends_with(['.', ',', ';']) && (!sentence || !long)
    },
};
