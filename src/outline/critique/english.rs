//! English in the critique: conjunctions tell clauses apart, and a sentence says what it means at its start.

use std::borrow::Cow;

use super::fragment::{clause, trim, words};
use super::rules::{LanguageRules, Lengths, Span};
use crate::language::data::{CLAUSES, CRITIQUE, List};
use crate::language::script::is_letter;

/// The rules for English.
pub struct English;

const LENGTHS: Lengths = Lengths {
    longest_fragment: 16,
    shortest_fragment: 4,
    shortest_quote: 4,
    shortest_statement: 6,
};
/// Questions without a mark are short.
const LONGEST_QUESTION_WORDS: usize = 14;

static TIES: List = List::of(&CLAUSES.en, "ties");
static OPENERS: List = List::of(&CLAUSES.en, "openers");
static LEANING: List = List::of(&CLAUSES.en, "leaning");
static OPENING: List = List::of(&CLAUSES.en, "opening");
static JOINING: List = List::of(&CLAUSES.en, "joining");
static ASKS_OPENING: List = List::of(&CRITIQUE.en, "asks-opening");
static CONDITION: List = List::of(&CRITIQUE.en, "condition");

impl LanguageRules for English {
    fn lengths(&self) -> Lengths {
        LENGTHS
    }

    fn size(&self, part: &str) -> usize {
        part.split_whitespace().count()
    }

    fn folded<'t>(&self, text: &'t str) -> Cow<'t, str> {
        Cow::Owned(text.to_ascii_lowercase())
    }

    fn cue_end(&self, text: &str, end: usize) -> usize {
        let rest = &text[end..];
        end + rest.find(|c| !is_letter(c)).unwrap_or(rest.len())
    }

    fn ends_word(&self, rest: &str) -> bool {
        !rest.starts_with(|c| is_letter(c) || c == '’' || c == '\'')
    }

    /// 'When the fire came' and 'What they want is' open statements as often as questions.
    fn asks(&self, text: &str, _end: usize) -> bool {
        let first = text.split(' ').next().unwrap_or("").to_ascii_lowercase();
        ASKS_OPENING.has(&first) && !text.contains(" is ")
            || first.starts_with("wh") && text.split(' ').count() <= LONGEST_QUESTION_WORDS
    }

    fn completes_behind(&self) -> bool {
        false
    }

    /// 'Andøya and Esrange' are one name.
    fn begins_clause(&self, text: &str, words: &[Span], at: usize) -> bool {
        let named = |i: usize| {
            let word = words.get(i).map(|w| &text[w.0..w.1]);
            word.is_some_and(|w| w.starts_with(char::is_uppercase))
        };
        let word = &text[words[at].0..words[at].1];
        is_conjunction(word, at, words.len()) && !(named(at - 1) && named(at + 1))
    }

    fn ties(&self, word: &str) -> bool {
        TIES.has(&word.to_ascii_lowercase())
    }

    /// From the clause's start where the place is near, to where a phrase ends.
    fn window(&self, text: &str, words: &[Span], first: usize, last: usize) -> Span {
        let longest = LENGTHS.longest_fragment;
        let word = |i: usize| bare(text, words[i]);
        let opens =
            |i: usize| i == words.len() || OPENERS.has(&word(i)) && !LEANING.has(&word(i - 1));
        let mut from = 0;
        if last >= longest {
            let least = last + 2 - longest.min(last + 2);
            let behind = |i: usize| i > 0 && OPENERS.has(&word(i - 1)) && !LEANING.has(&word(i));
            let opener = (least..=first).find(|&i| behind(i) || OPENERS.has(&word(i)));
            from = opener.unwrap_or(first);
        }
        let furthest = (from + longest + 2).min(words.len());
        // One word more than the place: a figure's noun follows it.
        let least = (last + 2).min(words.len());
        let opener = (least..=furthest).rev().find(|&i| i > from + 2 && opens(i));
        let mut to = opener.unwrap_or_else(|| (from + longest).max(last + 1).min(words.len()));
        while to > least && to < words.len() && LEANING.has(&word(to - 1)) {
            to -= 1;
        }
        (from, to)
    }

    /// Leaves out words at the end that lean on what was cut off.
    fn finished(&self, text: &str, span: Span, at: Span) -> Span {
        let words = words(text, span);
        let rest = text[span.1..].trim_matches(|c: char| !is_letter(c));
        let mut to = words.len();
        while !rest.is_empty()
            && to > LENGTHS.shortest_fragment
            && words[to - 1].0 >= at.1
            && LEANING.has(&bare(text, words[to - 1]))
        {
            to -= 1;
        }
        let mut from = 0;
        while from + LENGTHS.shortest_fragment < to
            && words[from].1 <= at.0
            && span.0 > 0
            && matches!(bare(text, words[from]).as_str(), "to" | "of" | "than")
        {
            from += 1;
        }
        if words.is_empty() {
            return span;
        }
        trim(text, (words[from].0, words[to - 1].1))
    }

    fn amount(&self, text: &str, at: Span) -> Span {
        clause(text, self, at)
    }

    #[cfg(feature = "model")]
    fn main_word(&self, text: &str) -> Span {
        let start = text.find(char::is_alphanumeric).unwrap_or(text.len());
        let first = text[start..].split(char::is_whitespace).next();
        (start, start + first.map_or(0, str::len))
    }

    /// The longest clause.
    fn core(&self, text: &str, _asked: Option<Span>) -> Span {
        let end = text.trim_end_matches(|c: char| !is_letter(c)).len();
        let mut from = 0;
        let mut best = clause(text, self, (0, 1.min(text.len())));
        for piece in text.split_inclusive([',', ';', ':']) {
            let start = from + piece.len() - piece.trim_start().len();
            from += piece.len();
            let words = |span: Span| text[span.0..span.1].split(' ').count();
            if start < end && piece.split(' ').count() > words(best) + 2 {
                let first = text[start..].chars().next().map_or(1, char::len_utf8);
                best = clause(text, self, (start, start + first));
            }
        }
        best
    }

    /// 'Before an agency will buy' states a condition.
    fn is_forecast(&self, text: &str, start: usize) -> bool {
        let clause = text[..start].rsplit([',', ';', ':']).next();
        let clause = clause.unwrap_or("").to_ascii_lowercase();
        !CONDITION.iter().any(|word| clause.contains(word))
    }

    fn cue_word(&self, text: &str, (start, end): Span, _variant: &str) -> String {
        text[start..end].to_string()
    }

    fn voice_name(&self, text: &str, (start, end): Span) -> String {
        text[start..end].to_string()
    }

    fn hearsay(&self, _text: &str, _span: Span) -> Option<Span> {
        None
    }

    fn place_in_quote(&self, text: &str, (from, _end): Span) -> Span {
        let first = text[from..].chars().next().map_or(1, char::len_utf8);
        (from, from + first)
    }

    fn label_inside(&self, label: &str) -> String {
        label.to_lowercase()
    }
}

fn is_conjunction(word: &str, at: usize, count: usize) -> bool {
    let word = word.to_ascii_lowercase();
    OPENING.has(&word) && at >= 2 || JOINING.has(&word) && at >= 4 && count - at >= 4
}

/// Returns a word in small letters, without the marks around it.
fn bare(text: &str, word: Span) -> String {
    let word = text[word.0..word.1].trim_matches(|c: char| !is_letter(c));
    word.to_ascii_lowercase()
}
