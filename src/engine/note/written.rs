//! What a model has written of an article, part by part, before it is an outline.
//!
//! In:  answers that cite, and texts. Out: `Written`, with a cause wherever a text is missing or does not hold.

use std::collections::HashSet;

use super::cite;
use super::slots::{NoteField, Slot};
use crate::article::Article;
use crate::brief::{CritiqueKind, CritiquePoint, Origin, Outline, Role, Statement};
use crate::language::stems;
use crate::verify::{Check, check_field};

/// The number of times a text is tried.
pub const TRIES: usize = 2;

/// A part that holds, or why there is none.
pub type Field<T> = Result<T, FieldFailure>;

/// Why a field was not written, and which figures and names were not found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldFailure {
    pub causes: Vec<String>,
    pub missing: Check,
}

/// Everything a model has written of an article.
pub struct Written {
    /// Sentences read.
    pub seen: usize,
    pub thesis: Field<Statement>,
    /// The steps of the argument.
    pub argument: Field<Vec<ArgumentStep>>,
    /// For each challenge of the lens; none if it is not discussed.
    pub challenges: Vec<Field<Option<ChallengeAnswer>>>,
    /// Points on the whole, then on the challenges.
    pub critique: Vec<CritiqueAnswer>,
}

/// A step of the argument and the sentences it cites.
pub struct ArgumentStep {
    pub role: Role,
    pub ids: Vec<u32>,
    pub text: Field<Statement>,
}

/// A point of critique on the whole, or on the challenge of that index.
pub struct CritiqueAnswer {
    pub of: Option<usize>,
    pub point: Field<CritiquePoint>,
}

/// A text, and its kind if it is a point of critique.
pub type TextResult = Field<(Option<CritiqueKind>, Statement)>;

/// A challenge that is discussed.
pub struct ChallengeAnswer {
    pub receipts: Vec<u32>,
    pub text: Field<Statement>,
    pub remedy: Option<Field<Statement>>,
}

impl FieldFailure {
    /// A failure with one cause.
    pub fn of(cause: impl Into<String>) -> FieldFailure {
        FieldFailure {
            causes: vec![cause.into()],
            missing: Check::default(),
        }
    }

    /// Joins what was wrong with the first try and with the second.
    pub fn and(&self, second: FieldFailure) -> FieldFailure {
        let mut both = self.clone();
        let fresh = |known: &[String], all: Vec<String>| -> Vec<String> {
            all.into_iter().filter(|one| !known.contains(one)).collect()
        };
        both.causes.extend(fresh(&self.causes, second.causes));
        let (known, other) = (&self.missing, second.missing);
        both.missing
            .missing_figures
            .extend(fresh(&known.missing_figures, other.missing_figures));
        both.missing
            .missing_names
            .extend(fresh(&known.missing_names, other.missing_names));
        both
    }
}

/// Checks a text written for a slot as `verify` will check it.
pub fn checked(
    article: &Article,
    basis: &Outline,
    slot: &Slot,
    kind: Option<CritiqueKind>,
    text: &str,
) -> TextResult {
    let statement = Statement {
        text: text.trim().to_string(),
        evidence: slot.evidence.clone(),
        origin: Origin::Model,
        parts: Vec::new(),
    };
    let most = slot.field.most_sentences();
    let (mut causes, missing) = check_field(&statement, &article.sentences, most);
    let own = article.language == basis.output_language;
    let cited: Vec<&str> = slot
        .evidence
        .iter()
        .filter_map(|id| article.sentence(*id))
        .map(|sentence| sentence.text.as_str())
        .collect();
    causes.extend(hollow(&statement.text, &cited, own).map(String::from));
    match causes.is_empty() {
        true => Ok((kind, statement)),
        false => Err(FieldFailure { causes, missing }),
    }
}

/// Puts answers and texts together, part by part. `answers` are those of the parts that cite, in their order; texts of critique come in the
/// order of the claims they attack.
pub fn gather(
    answers: Vec<Field<String>>,
    mut texts: Vec<(NoteField, TextResult)>,
    seen: usize,
) -> Written {
    let mut take = |field: NoteField| -> Field<Statement> {
        let at = texts.iter().position(|(known, _)| *known == field);
        let (_, result) = texts.remove(at.ok_or_else(FieldFailure::default)?);
        result.map(|(_, statement)| statement)
    };
    let mut answers = answers.into_iter();
    let none = || Err(FieldFailure::default());
    let thesis = answers
        .next()
        .unwrap_or_else(none)
        .and_then(|_| take(NoteField::Thesis));
    let argument = answers.next().unwrap_or_else(none).map(|answer| {
        cite::read_argument(&answer)
            .into_iter()
            .enumerate()
            .map(|(at, (role, ids))| ArgumentStep {
                role,
                ids,
                text: take(NoteField::Point(at)),
            })
            .collect()
    });
    let challenges = answers
        .enumerate()
        .map(|(at, answer)| {
            answer.map(|answer| {
                cite::read_challenge(&answer).map(|(receipts, remedy)| ChallengeAnswer {
                    receipts,
                    text: take(NoteField::Challenge(at)),
                    remedy: (!remedy.is_empty()).then(|| take(NoteField::Remedy(at))),
                })
            })
        })
        .collect();
    let critique = texts
        .into_iter()
        .filter_map(|(field, result)| match field {
            NoteField::Critique(of, _) => Some(CritiqueAnswer {
                of,
                point: result.and_then(with_kind),
            }),
            _ => None,
        })
        .collect();
    Written {
        seen,
        thesis,
        argument,
        challenges,
        critique,
    }
}

fn with_kind((kind, statement): (Option<CritiqueKind>, Statement)) -> Field<CritiquePoint> {
    let kind = kind.ok_or_else(|| FieldFailure::of("names no kind of critique"))?;
    Ok(CritiquePoint { kind, statement })
}

/// Says what is wrong with a text whose figures and names hold and that yet says nothing: it repeats a word again and again, or, if it is
/// in the article's language, has no word of the sentences it cites.
fn hollow(text: &str, cited: &[&str], same_language: bool) -> Option<&'static str> {
    /// The least share of words that differ from each other; real sentences are far above.
    const LEAST_DISTINCT: f32 = 0.6;
    /// The least share of words whose beginning stands in a cited sentence; sentences written about others have over half.
    const LEAST_SHARED: f32 = 0.2;
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    let distinct: HashSet<&str> = words.iter().map(String::as_str).collect();
    if words.is_empty() || (distinct.len() as f32) < LEAST_DISTINCT * words.len() as f32 {
        return Some("says the same word again and again");
    }
    let source = cited.join(" ").to_lowercase();
    let shared = words
        .iter()
        .filter(|word| source.contains(stems::beginning(word)));
    if same_language && (shared.count() as f32) < LEAST_SHARED * words.len() as f32 {
        return Some("has hardly a word of the sentences it cites");
    }
    None
}
