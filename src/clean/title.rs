//! The headline: the first line that names the article and is no sentence of it.

use super::segment::closes_sentence;
use super::{Draft, rules};
use crate::article::Language;

/// Longest headline in characters, Korean and English.
const LONGEST_KO: usize = 70;
const LONGEST_EN: usize = 150;
/// Lines before the headline that may be menus and dates.
const LINES_BEFORE: usize = 8;

/// Finds the headline among the first lines.
pub fn find(draft: &mut Draft) {
    let mut i = 0;
    let mut lines = 0;
    while i < draft.units.len() && lines < LINES_BEFORE {
        let end = (i + 1..=draft.units.len())
            .find(|&j| j == draft.units.len() || draft.units[j].opens)
            .unwrap_or(draft.units.len());
        if draft.marks[i].is_none() && !is_furniture(draft, i, end) {
            if is_headline(draft, i, end) {
                draft.title = draft.units[i].start..draft.units[end - 1].end;
            }
            return;
        }
        i = end;
        lines += 1;
    }
}

/// A line that a rule knows as metadata, menu, label and the like.
fn is_furniture(draft: &Draft, i: usize, end: usize) -> bool {
    let place = rules::Place {
        alone: true,
        prose: false,
        head: true,
        tail: false,
    };
    let rules = rules::Rules::of(draft.style.language);
    end == i + 1 && rules.first(&draft.folded(i), draft.met(i), place).is_some()
}

/// Short, on its own line, not closed like a sentence, with an article behind it.
fn is_headline(draft: &Draft, i: usize, end: usize) -> bool {
    let line = &draft.text[draft.units[i].start..draft.units[end - 1].end];
    let longest = if draft.style.language == Language::Ko {
        LONGEST_KO
    } else {
        LONGEST_EN
    };
    if end == draft.units.len() || line.chars().count() > longest {
        return false;
    }
    let has_body = (end..draft.units.len()).any(|j| draft.prose(j));
    if !has_body {
        return false;
    }
    let line = line.trim_end();
    match draft.style.language {
        // "…다." and "…습니다" close sentences; a headline may end in a question or in the present tense.
        Language::Ko => {
            !line.ends_with(['.', ','])
                && ![
                    "습니다",
                    "입니다",
                    "니다",
                    "었다",
                    "았다",
                    "했다",
                    "였다",
                    "됐다",
                ]
                .iter()
                .any(|e| line.ends_with(e))
                || line.ends_with("...")
        }
        Language::En => {
            let sentence =
                end == i + 1 && !draft.style.punctuated && closes_sentence(line, draft.style);
            let long = line.split_whitespace().count() > 16;
            !line.ends_with(['.', ',', ';']) && (!sentence || !long)
        }
    }
}
