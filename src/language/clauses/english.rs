//! English clauses: conjunctions, relatives and commas say where one begins.
//!
//! In:  a sentence. Out: its statements. A comma cuts where what stands behind it opens a clause; one in a list does not.

use super::{Assertion, ByteSpan, ClauseBuilder, ClauseEnding, ClauseKind, enclosed, words};
use crate::language::data::{CLAUSES, List};

static LEAD_INS: List = List::of(&CLAUSES.en, "lead-ins");
static DROPPED: List = List::of(&CLAUSES.en, "drop-openers");
static HELD: List = List::of(&CLAUSES.en, "hold-openers");
static RELATIVES: List = List::of(&CLAUSES.en, "relative-openers");
static SCENES: List = List::of(&CLAUSES.en, "scene-openers");
static SUBJECTS: List = List::of(&CLAUSES.en, "subject-openers");
static COORDINATORS: List = List::of(&CLAUSES.en, "coordinators");
static VERBS: List = List::of(&CLAUSES.en, "verbs");
static POINTING: List = List::of(&CLAUSES.en, "pointing-back");
static STANDING_FOR: List = List::of(&CLAUSES.en, "standing-for");
static NO_OPEN: List = List::of(&CLAUSES.en, "no-open");

/// Words among which a clause shows its verb.
const VERB_WITHIN: usize = 9;
/// Words an apposition has at most.
const LONGEST_APPOSITION: usize = 12;
/// Words a scene has at most.
const LONGEST_SCENE: usize = 9;

/// A sentence as it is gone through.
struct EnglishWords<'t> {
    text: &'t str,
    words: Vec<ByteSpan>,
    inside: Vec<bool>,
}

impl EnglishWords<'_> {
    fn raw(&self, n: usize) -> &str {
        self.words.get(n).map_or("", |&(a, b)| &self.text[a..b])
    }

    /// The word without marks, in lower case.
    fn word(&self, n: usize) -> String {
        self.raw(n)
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    }

    fn is(&self, n: usize, list: &List) -> bool {
        list.has(&self.word(n))
    }

    /// Whether the word stands inside quotation marks or brackets.
    fn enclosed(&self, n: usize) -> bool {
        self.words.get(n).is_some_and(|&(a, _)| self.inside[a])
    }

    /// Whether the word ends in one of these marks, which is inside nothing.
    fn ends_in(&self, n: usize, mark: &[char]) -> bool {
        let outside = |&(_, end): &ByteSpan| !self.inside.get(end - 1).is_some_and(|i| *i);
        self.words.get(n).is_some_and(outside) && self.raw(n).ends_with(mark)
    }

    /// The first word from `n` on behind which a comma stands.
    fn comma_from(&self, n: usize) -> Option<usize> {
        (n..self.words.len()).find(|&k| self.ends_in(k, &[',']))
    }

    /// Whether a finite verb stands among the words from `n` on.
    fn has_verb(&self, n: usize) -> bool {
        let within = n..(n + VERB_WITHIN).min(self.words.len());
        let mut ended = false;
        within.into_iter().any(|k| {
            let found = !ended && (self.is(k, &VERBS) || is_past(&self.word(k)));
            ended |= self.ends_in(k, &[',', ';']);
            found
        })
    }

    /// Whether a clause with a subject of its own begins at `n`.
    fn opens_statement(&self, n: usize) -> bool {
        let word = self.raw(n);
        let name = word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        let many = self.word(n).ends_with('s') && !self.is(n, &VERBS);
        // 'now', 'then', 'still' open no clause by themselves.
        let adverb = self.is(n, &LEAD_INS) || self.word(n).ends_with("ly");
        let subject = name || many || self.is(n, &SUBJECTS) || !adverb;
        subject && !self.is_verb(n) && self.has_verb(n + 1)
    }

    fn is_verb(&self, n: usize) -> bool {
        let word = self.word(n);
        VERBS.has(&word) || is_past(&word)
    }
}

/// A form in -ed, which no noun of four letters or fewer is.
fn is_past(word: &str) -> bool {
    word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed")
}

pub fn statements(sentence: &str) -> Vec<Assertion> {
    let reading = EnglishWords {
        text: sentence,
        words: words(sentence),
        inside: enclosed(sentence),
    };
    let mut builder = ClauseBuilder::of(sentence);
    let mut n = opening(&reading, &mut builder);
    // The kind of the clause that is open.
    let mut open = ClauseKind::Core;
    // The first word of the open statement.
    let mut statement = n;
    while n < reading.words.len() {
        let (start, _) = reading.words[n];
        if bracket(&reading, n, &mut builder, open) || n == 0 || reading.enclosed(n) {
            n += 1;
            continue;
        }
        let behind_comma = reading.ends_in(n - 1, &[',']);
        let behind_stop = reading.ends_in(n - 1, &[';']) || reading.raw(n - 1) == ";";
        let tie = reading.is(n, &COORDINATORS);
        let first = n + usize::from(tie);
        if behind_stop || behind_comma && tie && reading.opens_statement(first) {
            builder.clause(start, open);
            // What a contrast or a consequence answers must not be parted from it.
            let neutral = !tie || reading.word(n) == "and";
            let ending = match neutral {
                true => ClauseEnding::Open(end_of(sentence, start)),
                false => ClauseEnding::Bound,
            };
            builder.statement(ending);
            statement = first;
            open = ClauseKind::Core;
            if tie || reading.is(n, &LEAD_INS) {
                builder.clause(reading.words[n].1, ClauseKind::LeadIn);
                n += 1;
            }
        } else if behind_comma && tie && reading.is_verb(first) {
            // ', and grew 3 %': neither says all without the other.
            builder.clause(start, open);
            open = ClauseKind::Core;
        } else if let Some(kind) = opener(&reading, n, behind_comma, statement) {
            builder.clause(start, open);
            open = kind;
        } else if behind_comma && open == ClauseKind::Optional {
            // What was put in between ends with a comma, if a verb goes on.
            if reading.is_verb(n) || builder.clauses.is_empty() {
                builder.clause(start, open);
                open = ClauseKind::Core;
            }
        }
        n += 1;
    }
    builder.clause(sentence.len(), open);
    builder.statement(ClauseEnding::Sentence);
    builder.statements
}

/// Where the text before a position ends, without blanks and marks that go on.
fn end_of(text: &str, at: usize) -> usize {
    text[..at]
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':'))
        .len()
}

/// Cuts lead-in or scene off the front; returns how many words they have.
fn opening(reading: &EnglishWords, builder: &mut ClauseBuilder) -> usize {
    let two = |n: usize| {
        let words: Vec<String> = (0..n).map(|k| reading.word(k)).collect();
        words.join(" ")
    };
    for count in (1..=4).rev() {
        let comma = reading.ends_in(count - 1, &[',']);
        let bare = count == 1 && COORDINATORS.has(&reading.word(0)) && reading.opens_statement(1);
        if (comma || bare) && LEAD_INS.has(&two(count)) && count < reading.words.len() {
            builder.clause(reading.words[count - 1].1, ClauseKind::LeadIn);
            return count;
        }
    }
    let Some(comma) = reading.comma_from(0) else {
        return 0;
    };
    let behind = comma + 1;
    if behind == reading.words.len() || reading.enclosed(0) {
        return 0;
    }
    let participle = reading.word(0).ends_with("ing") && reading.word(0).len() > 4;
    if reading.is(0, &HELD) && reading.has_verb(1) {
        builder.clause(reading.words[comma].1, ClauseKind::Core);
        return behind;
    }
    let scene = reading.is(0, &SCENES) && comma < LONGEST_SCENE;
    if reading.is(0, &DROPPED) || participle || scene && reading.opens_statement(behind) {
        builder.clause(reading.words[comma].1, ClauseKind::Optional);
        return behind;
    }
    0
}

/// What kind of clause a word opens, if it opens one.
fn opener(
    reading: &EnglishWords,
    n: usize,
    behind_comma: bool,
    statement: usize,
) -> Option<ClauseKind> {
    let before = reading.word(n - 1);
    let word = reading.word(n);
    if NO_OPEN.has(&before) && !behind_comma {
        return None;
    }
    if behind_comma && RELATIVES.has(&word) && word != "where" {
        return Some(ClauseKind::Optional);
    }
    if DROPPED.has(&word)
        && (behind_comma || matches!(word.as_str(), "because" | "although" | "though" | "whereas"))
    {
        return reading.has_verb(n + 1).then_some(ClauseKind::Optional);
    }
    if word == "while" && before != "a" && before != "worth" && reading.has_verb(n + 1) {
        return Some(ClauseKind::Optional);
    }
    if HELD.has(&word)
        && reading.has_verb(n + 1)
        && (behind_comma || matches!(word.as_str(), "if" | "unless" | "until" | "when"))
    {
        return Some(ClauseKind::Core);
    }
    if !behind_comma {
        return None;
    }
    let participle = word.len() > 5 && word.ends_with("ing") && !reading.is_verb(n + 1);
    if participle || is_apposition(reading, n, statement) {
        return Some(ClauseKind::Optional);
    }
    None
}

/// ', a maker of pies,' or ', planted in 1931,' behind a subject that has no verb yet: what follows the second comma is its verb.
fn is_apposition(reading: &EnglishWords, n: usize, statement: usize) -> bool {
    let subject = statement..n;
    if subject.into_iter().any(|k| reading.is_verb(k)) {
        return false;
    }
    let end = reading
        .comma_from(n)
        .filter(|&c| c - n < LONGEST_APPOSITION);
    end.is_some_and(|c| reading.is_verb(c + 1) && !(n..=c).any(|k| reading.is(k, &VERBS)))
}

/// Cuts out what stands in round brackets or between dashes.
fn bracket(
    reading: &EnglishWords,
    n: usize,
    builder: &mut ClauseBuilder,
    open: ClauseKind,
) -> bool {
    let (start, end) = reading.words[n];
    let text = reading.text;
    let close = if text[start..].starts_with('(') {
        text[start..].find(')').map(|at| start + at + 1)
    } else if matches!(&text[start..end], "—" | "–") {
        let dash = reading.raw(n);
        text[end..]
            .find(&format!(" {dash} "))
            .map(|at| end + at + 1 + dash.len())
    } else {
        None
    };
    let Some(close) = close.filter(|_| start >= builder.from) else {
        return false;
    };
    if text[close..].trim().len() <= 1 {
        return false;
    }
    builder.clause(start, open);
    builder.clause(close, ClauseKind::Optional);
    true
}

/// Returns whether no word of the sentence stands for something said elsewhere.
pub fn stands_alone(sentence: &str) -> bool {
    let mut words = sentence.split(|c: char| !c.is_alphanumeric() && c != '\'');
    words.all(|word| !STANDING_FOR.has(&word.to_lowercase()))
}

/// Returns whether a sentence points back: "They", "This", "Such".
pub fn leans_back(sentence: &str) -> bool {
    let reading = EnglishWords {
        text: sentence,
        words: words(sentence),
        inside: Vec::new(),
    };
    let first = usize::from(reading.is(0, &LEAD_INS) && reading.words.len() > 1);
    reading.is(first, &POINTING)
}
