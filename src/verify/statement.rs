//! One statement: a text, the sentences it cites, and whether it holds.
//!
//! In:  a text with its evidence and origin, and the sentences by id. Out: the causes why it does not hold, in words.

use super::composed;
use crate::article::{Sentence, is_letter, letters};
use crate::brief::{Origin, Statement};
use crate::facts::{figures, names, quotations};

/// What was looked for in the cited sentences and what was not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// Says how many figures the text states.
    pub figures: usize,
    /// Those that no cited sentence states, as the text spells them.
    pub missing_figures: Vec<String>,
    /// Says how many names the text has.
    pub names: usize,
    /// Those that stand in no cited sentence.
    pub missing_names: Vec<String>,
}

impl Check {
    /// Tells whether everything was found.
    pub fn holds(&self) -> bool {
        self.missing_figures.is_empty() && self.missing_names.is_empty()
    }
}

/// Looks for the figures and names of a written text in the sentences it cites.
pub fn check(text: &str, cited: &[&str]) -> Check {
    let (figures, missing_figures) = figures::unsupported(text, cited);
    let (names, missing_names) = names::unsupported(text, cited);
    let owned = |v: Vec<&str>| v.into_iter().map(str::to_string).collect();
    Check {
        figures,
        missing_figures: owned(missing_figures),
        names,
        missing_names: owned(missing_names),
    }
}

/// Why a field would not hold, in words, and what was looked for in it. No words where it holds.
///
/// The same check that `verify` makes of a whole outline, for an engine that can write a field once more.
pub fn check_field(
    statement: &Statement,
    sentences: &[Sentence],
    most_sentences: usize,
) -> (Vec<String>, Check) {
    let (found, checked) = faults(statement, &Cited(sentences), most_sentences);
    (found.iter().map(Fault::cause).collect(), checked)
}

/// Sentences by id; a brief of another tool may number them otherwise than 1 to n.
pub(super) struct Cited<'a>(pub &'a [Sentence]);

impl<'a> Cited<'a> {
    pub fn get(&self, id: u32) -> Option<&'a str> {
        let direct = self
            .0
            .get((id as usize).wrapping_sub(1))
            .filter(|s| s.id == id);
        direct
            .or_else(|| self.0.iter().find(|s| s.id == id))
            .map(|s| s.text.as_str())
    }

    /// The shortest of some sentences.
    pub fn shortest(&self, ids: &[u32]) -> Option<&'a str> {
        self.all(ids).into_iter().min_by_key(|text| letters(text))
    }

    pub fn all(&self, ids: &[u32]) -> Vec<&'a str> {
        ids.iter().filter_map(|&id| self.get(id)).collect()
    }
}

/// What may be wrong with a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// It cites nothing.
    NoEvidence,
    /// It cites ids that are no sentences.
    UnknownIds(Vec<u32>),
    /// There is no text.
    Empty,
    /// Said to be word for word and is not.
    NotSource,
    /// Said to be made of clauses and is not.
    NotClauses(composed::Flaw),
    /// More sentences than may be shown.
    TooMany(usize),
    /// Words in quotation marks stand in no cited sentence.
    Quote(String),
    /// Figures that no cited sentence states.
    Figures(Vec<String>),
    /// Names that stand in no cited sentence.
    Names(Vec<String>),
}

impl Fault {
    pub fn cause(&self) -> String {
        match self {
            Fault::NoEvidence => "cites no sentence".into(),
            Fault::UnknownIds(unknown) => {
                let unknown: Vec<String> = unknown.iter().map(u32::to_string).collect();
                format!("cites sentences that do not exist: {}", unknown.join(", "))
            }
            Fault::Empty => "has no text".into(),
            Fault::NotSource => "is not word for word what the cited sentences say".into(),
            Fault::NotClauses(flaw) => flaw.cause(),
            Fault::TooMany(1) => "is longer than 1 sentence".into(),
            Fault::TooMany(limit) => format!("is longer than {limit} sentences"),
            Fault::Quote(words) => format!("quotes words that stand in no cited sentence: {words}"),
            Fault::Figures(missing) => {
                let missing = missing.join(", ");
                format!("states figures that stand in no cited sentence: {missing}")
            }
            Fault::Names(missing) => {
                let missing = missing.join(", ");
                format!("names what stands in no cited sentence: {missing}")
            }
        }
    }
}

/// Everything that is wrong with a statement, and what was looked for in it. `limit` is how many sentences it may show.
pub(super) fn faults(
    statement: &Statement,
    sentences: &Cited,
    limit: usize,
) -> (Vec<Fault>, Check) {
    let mut found: Vec<Fault> = evidence_fault(&statement.evidence, sentences)
        .into_iter()
        .collect();
    if statement.text.trim().is_empty() {
        found.push(Fault::Empty);
        return (found, Check::default());
    }
    let cited = sentences.all(&statement.evidence);
    let checked = match statement.origin {
        Origin::Source => source_faults(&statement.text, &cited, limit, &mut found),
        Origin::Clauses => clauses_faults(statement, sentences, limit, &mut found),
        Origin::Model => model_faults(&statement.text, &cited, limit, &mut found),
        Origin::Rule => rule_faults(&statement.text, &cited, &mut found),
    };
    (found, checked)
}

/// What is wrong with the ids a part cites.
pub(super) fn evidence_fault(evidence: &[u32], sentences: &Cited) -> Option<Fault> {
    let ids = evidence.iter().copied();
    let unknown: Vec<u32> = ids.filter(|&id| sentences.get(id).is_none()).collect();
    if evidence.is_empty() {
        Some(Fault::NoEvidence)
    } else {
        (!unknown.is_empty()).then_some(Fault::UnknownIds(unknown))
    }
}

fn source_faults(text: &str, cited: &[&str], limit: usize, found: &mut Vec<Fault>) -> Check {
    match sentences_shown(text, cited) {
        None => found.push(Fault::NotSource),
        Some(shown) if shown > limit => found.push(Fault::TooMany(limit)),
        Some(_) => {}
    }
    check(text, cited)
}

fn clauses_faults(
    statement: &Statement,
    sentences: &Cited,
    limit: usize,
    found: &mut Vec<Fault>,
) -> Check {
    match composed::sentences_told(statement, |id| sentences.get(id)) {
        Err(flaw) => found.push(Fault::NotClauses(flaw)),
        Ok(told) if told > limit => found.push(Fault::TooMany(limit)),
        Ok(_) => {}
    }
    check(&statement.text, &sentences.all(&statement.evidence))
}

fn model_faults(text: &str, cited: &[&str], limit: usize, found: &mut Vec<Fault>) -> Check {
    let checked = check(text, cited);
    if !checked.missing_figures.is_empty() {
        found.push(Fault::Figures(checked.missing_figures.clone()));
    }
    if !checked.missing_names.is_empty() {
        found.push(Fault::Names(checked.missing_names.clone()));
    }
    found.extend(misquoted(text, cited).map(Fault::Quote));
    let written = crate::clean::split(text).len();
    if written > limit {
        found.push(Fault::TooMany(limit));
    }
    checked
}

/// The first words in quotation marks that no cited sentence has; capitals, blanks and marks may be others.
fn misquoted(text: &str, cited: &[&str]) -> Option<String> {
    let bare = |text: &str| -> String {
        let letters = text.chars().filter(|c| is_letter(*c));
        letters.flat_map(char::to_lowercase).collect()
    };
    let mut quoted = quotations(text).into_iter().chain(between_straight(text));
    let wrong = quoted.find(|words| !cited.iter().any(|s| bare(s).contains(&bare(words))));
    wrong.map(str::to_string)
}

/// What stands between straight quotation marks.
fn between_straight(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

/// The words around a rule's quotations are the rule's own; what stands between the marks is the article's.
fn rule_faults(text: &str, cited: &[&str], found: &mut Vec<Fault>) -> Check {
    let sources: Vec<String> = cited.iter().map(|s| dense(s)).collect();
    let mut all = Check::default();
    for words in quotations(text) {
        let bare = dense(words);
        if !bare.is_empty() && !sources.iter().any(|s| s.contains(&bare)) {
            found.push(Fault::Quote(words.to_string()));
        }
        let one = check(words, cited);
        all.figures += one.figures;
        all.names += one.names;
        all.missing_figures.extend(one.missing_figures);
        all.missing_names.extend(one.missing_names);
    }
    all
}

/// Returns how many cited sentences a text consists of, in any order; none where it is anything else.
fn sentences_shown(text: &str, cited: &[&str]) -> Option<usize> {
    let mut rest = dense(text);
    let mut sources: Vec<String> = cited
        .iter()
        .map(|s| dense(s))
        .filter(|s| !s.is_empty())
        .collect();
    // The longest first: a short sentence may be the beginning of a longer one.
    sources.sort_by_key(|s| std::cmp::Reverse(s.len()));
    let mut shown = 0;
    while !rest.is_empty() {
        let at = sources.iter().position(|s| rest.starts_with(s.as_str()))?;
        rest.drain(..sources[at].len());
        sources.remove(at);
        shown += 1;
    }
    Some(shown)
}

/// The text without white space, which folding may have changed.
pub(super) fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
