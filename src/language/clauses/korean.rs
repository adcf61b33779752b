//! Korean clauses: endings say where one stops, and the last word what the sentence holds.
//!
//! In:  a sentence. Out: its statements. An ending counts where its form has one reading: a noun such as 창고 is none.

use super::{Assertion, ByteSpan, ClauseBuilder, ClauseEnding, ClauseKind, enclosed, words};
use crate::language::data::{CLAUSES, List};
use crate::language::hangul::{FINAL_SS, final_of, is_closed, is_hangul, is_open};

static GOES_ON_JOINING: List = List::of(&CLAUSES.ko, "goes-on.joining");
static GOES_ON_CONDITION: List = List::of(&CLAUSES.ko, "goes-on.condition");
static TIGHT: List = List::of(&CLAUSES.ko, "tight");
static LEAD_INS: List = List::of(&CLAUSES.ko, "lead-ins");
static NO_JOINING: List = List::of(&CLAUSES.ko, "no-joining");
static QUOTES: List = List::of(&CLAUSES.ko, "quotes");
static JOINING: List = List::of(&CLAUSES.ko, "joining-ends");
static NEUTRAL: List = List::of(&CLAUSES.ko, "neutral-ends");
static QUOTING: List = List::of(&CLAUSES.ko, "quoting-ends");
static REASONS: List = List::of(&CLAUSES.ko, "reason-ends");
static CONDITIONS: List = List::of(&CLAUSES.ko, "condition-ends");
static NO_CONDITIONS: List = List::of(&CLAUSES.ko, "no-condition");
static CIRCUMSTANCES: List = List::of(&CLAUSES.ko, "circumstance-ends");
static ADNOMINAL: List = List::of(&CLAUSES.ko, "adnominal-ends");
static NO_SUBJECT: List = List::of(&CLAUSES.ko, "no-subject");
static POINTING: List = List::of(&CLAUSES.ko, "pointing-back");
static STANDING_FOR: List = List::of(&CLAUSES.ko, "standing-for");
static COUNTING: List = List::of(&CLAUSES.ko, "counting");

/// Words a topic has at most: a longer stretch before 은 or 는 holds a clause of its own.
const LONGEST_TOPIC: usize = 6;
/// Letters a clause has at least to stand by itself; a shorter one belongs to its neighbour.
const SHORTEST_CLAUSE: usize = 4;

/// What stands behind a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Boundary {
    /// A statement ends in a form that goes on.
    Joining(ClauseEnding),
    /// A reason or a circumstance ends, which may be left out.
    Optional,
    /// A condition ends, which what follows must not be parted from.
    Condition,
}

pub fn statements(sentence: &str) -> Vec<Assertion> {
    let inside = enclosed(sentence);
    let words = words(sentence);
    let mut builder = ClauseBuilder::of(sentence);
    let first = opening(sentence, &words, &inside, &mut builder);
    for (n, &(start, end)) in words.iter().enumerate().skip(first) {
        brackets(sentence, (start, end), &mut builder);
        quotation(sentence, start, &inside, &mut builder);
        if inside[start] || inside[end - 1] {
            continue;
        }
        let word = &sentence[start..end];
        let next = words.get(n + 1).map(|&(a, b)| &sentence[a..b]);
        let Some(next) = next else { break };
        let Some(cut) = cut_behind(word, next, start) else {
            continue;
        };
        if letters(&sentence[builder.from..end]) < SHORTEST_CLAUSE {
            continue;
        }
        match cut {
            Boundary::Joining(ending) => {
                builder.clause(end, ClauseKind::Core);
                builder.statement(ending);
            }
            Boundary::Optional => builder.clause(end, ClauseKind::Optional),
            Boundary::Condition => builder.clause(end, ClauseKind::Core),
        }
    }
    builder.clause(sentence.len(), ClauseKind::Core);
    builder.statement(ClauseEnding::Sentence);
    builder.statements
}

/// Cuts lead-in and topic off the front; returns how many words they have.
fn opening(
    sentence: &str,
    words: &[ByteSpan],
    inside: &[bool],
    builder: &mut ClauseBuilder,
) -> usize {
    let mut done = 0;
    let lead_in = lead_in(sentence, words);
    if lead_in > 0 && lead_in < words.len() {
        builder.clause(words[lead_in - 1].1, ClauseKind::LeadIn);
        done = lead_in;
    }
    for (n, &(start, end)) in words.iter().enumerate().skip(done).take(LONGEST_TOPIC) {
        let word = &sentence[start..end];
        if inside[start] || inside[end - 1] || n + 1 == words.len() {
            break;
        }
        if is_topic(word) {
            builder.clause(end, ClauseKind::Topic);
            return n + 1;
        }
        let next = &sentence[words[n + 1].0..words[n + 1].1];
        if cut_behind(word, next, start).is_some() || is_subject(word) || is_adnominal(bare(word)) {
            break;
        }
    }
    done
}

/// Words of a lead-in: "그런데", "둘째,", "통계청에 따르면" is none: it says who says it.
fn lead_in(sentence: &str, words: &[ByteSpan]) -> usize {
    let word = |n: usize| words.get(n).map_or("", |&(a, b)| &sentence[a..b]);
    let first = bare(word(0));
    let two = format!("{first} {}", bare(word(1)));
    if LEAD_INS.has(&two) {
        2
    } else {
        usize::from(LEAD_INS.has(first))
    }
}

/// A word without marks around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// What the ending of a word says, seen with the next word; `at` is where the word stands.
fn cut_behind(word: &str, next: &str, at: usize) -> Option<Boundary> {
    let comma = word.ends_with(',');
    let stem = word.trim_end_matches(',');
    if !stem.ends_with(is_hangul) || QUOTING.ends(stem) || NO_JOINING.ends(stem) || TIGHT.has(stem)
    {
        return None;
    }
    let goes_on = |list: &List| !comma && list.starts(bare(next));
    if let Some(end) = JOINING.iter().find(|e| stem.ends_with(*e)) {
        if goes_on(&GOES_ON_JOINING) {
            return None;
        }
        let before = &stem[..stem.len() - end.len()];
        return joining(before, NEUTRAL.has(end), at).map(Boundary::Joining);
    }
    if CONDITIONS.ends(stem) && !NO_CONDITIONS.ends(stem) {
        return (!goes_on(&GOES_ON_CONDITION)).then_some(Boundary::Condition);
    }
    if REASONS.ends(stem) || comma && CIRCUMSTANCES.ends(stem) {
        return Some(Boundary::Optional);
    }
    None
}

/// How a statement ends of whose last word this is left of the joining ending. What a contrast answers must not be parted from it.
fn joining(before: &str, neutral: bool, at: usize) -> Option<ClauseEnding> {
    let last = before.chars().next_back()?;
    if neutral && final_of(last) == FINAL_SS && last != '있' && last != '겠' {
        return Some(ClauseEnding::Open(at + before.len()));
    }
    is_hangul(last).then_some(ClauseEnding::Bound)
}

/// Cuts a quotation off what says whose it is: `‘…’고 말했다`.
fn quotation(sentence: &str, start: usize, inside: &[bool], builder: &mut ClauseBuilder) {
    if !inside[start] || start > 0 && inside[start - 1] || sentence[start..].starts_with('(') {
        return;
    }
    let close = (start..sentence.len()).find(|&at| !inside[at]);
    let behind = close.map_or("", |at| &sentence[at..]);
    let Some(verb) = QUOTES.iter().find(|q| behind.starts_with(**q)) else {
        return;
    };
    builder.clause(start, ClauseKind::Core);
    let told = if verb.ends_with('며') { verb.len() } else { 0 };
    builder.clause(sentence.len() - behind.len() + told, ClauseKind::Core);
}

/// Cuts out what stands in round brackets within a word or behind one.
fn brackets(sentence: &str, (start, end): ByteSpan, builder: &mut ClauseBuilder) {
    let Some(open) = sentence[start..end].find('(').map(|at| start + at) else {
        return;
    };
    let Some(close) = sentence[open..].find(')').map(|at| open + at + 1) else {
        return;
    };
    if open < builder.from || sentence[close..].trim().len() <= ".".len() {
        return;
    }
    builder.clause(open, ClauseKind::Core);
    builder.clause(close, ClauseKind::Optional);
}

/// A noun with the particle of a topic. 는 and 은 end verbs before a noun as well: where that may be, it is none.
fn is_topic(word: &str) -> bool {
    let stem = word.trim_end_matches(',');
    let mut chars = stem.chars().rev();
    let (particle, before) = (chars.next(), chars.next());
    let fits = match (particle, before) {
        (Some('은'), Some(before)) => is_closed(before) || before.is_ascii_digit(),
        (Some('는'), Some(before)) => {
            is_open(before) || before.is_ascii_alphanumeric() || before == '%'
        }
        _ => false,
    };
    fits && !is_adnominal(stem) && bare(stem).chars().count() > 1
}

fn is_adnominal(word: &str) -> bool {
    ADNOMINAL.ends(word)
}

/// A noun with the particle of a subject or a topic.
fn is_subject(word: &str) -> bool {
    let stem = bare(word);
    if NO_SUBJECT.ends(stem) {
        return false;
    }
    let mut chars = stem.chars().rev();
    match (chars.next(), chars.next()) {
        (Some('이'), Some(before)) => is_closed(before),
        (Some('가'), Some(before)) => is_open(before),
        _ => is_topic(word),
    }
}

/// Returns whether the sentence has a subject, begins with no bare number, and none of its words points elsewhere.
pub fn stands_alone(sentence: &str) -> bool {
    let words = words(sentence);
    let word = |&(a, b): &ByteSpan| bare(&sentence[a..b]);
    let points = |w: &str| STANDING_FOR.iter().any(|p| w.starts_with(*p));
    let first = words.first().map_or("", word);
    let counts = COUNTING.starts(first) && first.chars().count() <= 3;
    let named = words
        .iter()
        .take(LONGEST_TOPIC)
        .any(|w| is_subject(word(w)));
    named && !counts && !words.iter().map(word).any(points)
}

/// Returns whether a sentence points back: "그는", "이런", "둘 다".
pub fn leans_back(sentence: &str) -> bool {
    let words = words(sentence);
    let lead_in = lead_in(sentence, &words);
    let word = words
        .get(lead_in)
        .map_or("", |&(a, b)| bare(&sentence[a..b]));
    POINTING.iter().any(|p| match p.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == *p,
    })
}
