//! What the model made of an article, part by part, before it is an outline.
//!
//! In:  answers of the heads that cited and texts of those that wrote. Out: `Written`, with a cause wherever there is no text.

use super::assemble::hollow;
use super::cite;
use super::slots::{Place, Slot};
use crate::article::Article;
use crate::brief::{CritiqueKind, CritiquePoint, Origin, Outline, Role, Statement};
use crate::verify::{Check, check_field};

/// A text that holds, or why there is none and what was looked for in vain.
pub type Field<T> = Result<T, Failure>;

/// Why a field was not written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failure {
    pub causes: Vec<String>,
    pub missing: Check,
}

/// What the model made of the article.
pub struct Written {
    /// Sentences read.
    pub seen: usize,
    pub thesis: Field<Statement>,
    /// The steps of the argument with what they cite.
    pub argument: Field<Vec<Step>>,
    /// Per challenge of the lens.
    pub challenges: Vec<Field<Option<Answer>>>,
    /// Of the whole, then of the challenges.
    pub critique: Vec<Attack>,
}

/// A step of the argument.
pub struct Step {
    pub role: Role,
    pub ids: Vec<u32>,
    pub text: Field<Statement>,
}

/// A point of critique: of the whole, or of the challenge of that index.
pub struct Attack {
    pub of: Option<usize>,
    pub point: Field<CritiquePoint>,
}

/// A text, and of a critique its kind.
pub type Text = Field<(Option<CritiqueKind>, Statement)>;

/// What the article says of a challenge.
pub struct Answer {
    pub receipts: Vec<u32>,
    pub text: Field<Statement>,
    pub remedy: Option<Field<Statement>>,
}

impl Failure {
    /// A failure with one cause.
    pub fn of(cause: impl Into<String>) -> Failure {
        Failure {
            causes: vec![cause.into()],
            missing: Check::default(),
        }
    }

    /// What was wrong with the first try and with the second.
    pub fn and(&self, second: Failure) -> Failure {
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

/// A text written for a slot, if it holds.
pub fn held(
    article: &Article,
    plain: &Outline,
    slot: &Slot,
    kind: Option<CritiqueKind>,
    text: &str,
) -> Text {
    let statement = Statement {
        text: text.trim().to_string(),
        evidence: slot.evidence.clone(),
        origin: Origin::Model,
    };
    let most = slot.place.most_sentences();
    let (mut causes, missing) = check_field(&statement, &article.sentences, most);
    let own = article.language == plain.output_language;
    let cited: Vec<&str> = slot
        .evidence
        .iter()
        .filter_map(|id| article.sentence(*id))
        .map(|sentence| sentence.text.as_str())
        .collect();
    causes.extend(hollow(&statement.text, &cited, own).map(String::from));
    match causes.is_empty() {
        true => Ok((kind, statement)),
        false => Err(Failure { causes, missing }),
    }
}

/// Puts answers and texts together, part by part. `answers` are those of the parts that cite, in their order; texts of critique are in the
/// order of the claims they attack.
pub fn gather(answers: Vec<Field<String>>, mut texts: Vec<(Place, Text)>, seen: usize) -> Written {
    let mut take = |place: Place| -> Field<Statement> {
        let at = texts.iter().position(|(known, _)| *known == place);
        let (_, result) = texts.remove(at.ok_or_else(Failure::default)?);
        result.map(|(_, statement)| statement)
    };
    let mut answers = answers.into_iter();
    let none = || Err(Failure::default());
    let thesis = answers
        .next()
        .unwrap_or_else(none)
        .and_then(|_| take(Place::Thesis));
    let argument = answers.next().unwrap_or_else(none).map(|answer| {
        cite::read_argument(&answer)
            .into_iter()
            .enumerate()
            .map(|(at, (role, ids))| Step {
                role,
                ids,
                text: take(Place::Point(at)),
            })
            .collect()
    });
    let challenges = answers
        .enumerate()
        .map(|(at, answer)| {
            answer.map(|answer| {
                cite::read_challenge(&answer).map(|(receipts, remedy)| Answer {
                    receipts,
                    text: take(Place::Challenge(at)),
                    remedy: (!remedy.is_empty()).then(|| take(Place::Remedy(at))),
                })
            })
        })
        .collect();
    let critique = texts
        .into_iter()
        .filter_map(|(place, result)| match place {
            Place::Critique(of, _) => Some(Attack {
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
    let kind = kind.ok_or_else(|| Failure::of("names no kind of critique"))?;
    Ok(CritiquePoint { kind, statement })
}
