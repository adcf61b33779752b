//! Assembling: what the model wrote becomes an outline, and what it did not is taken from the extractive one.
//!
//! In:  the extractive outline and `Written`. Out: `Outline`, in which every replaced field is listed with its cause.

use std::collections::HashSet;

use super::written::{Answer, Attack, Failure, Field, Step, Written};
use crate::article::{Article, letters};
use crate::brief::{
    ArgumentPoint, CritiquePoint, Fallback, MOST_LETTERS, Origin, Outline, Role, Statement, Status,
    shown_letters,
};
use crate::engine::local::{Progress, not_all_read};
use crate::language::stems;

/// Points of critique of the whole, and of a challenge: what the model says first, then the rules.
const MOST_WHOLE: usize = 3;
const MOST_CHALLENGE: usize = 2;

/// The outline, without critique.
pub fn outline(
    article: &Article,
    plain: Outline,
    written: Written,
    on_progress: &mut dyn FnMut(Progress<'_>),
) -> Outline {
    let mut made = Making {
        article,
        outline: plain.clone(),
        plain,
        on_progress,
    };
    made.outline.coverage.seen = written.seen;
    if written.seen < article.sentences.len() {
        let warning = not_all_read(written.seen, article.sentences.len());
        made.outline.warnings.push(warning);
    }
    made.thesis(written.thesis);
    made.argument(written.argument);
    made.challenges(written.challenges);
    made.length();
    made.outline
}

struct Making<'a> {
    article: &'a Article,
    plain: Outline,
    outline: Outline,
    on_progress: &'a mut dyn FnMut(Progress<'_>),
}

impl Making<'_> {
    /// Lists a field that was not written, with all its causes.
    fn replaced(&mut self, field: &str, failure: &Failure) {
        let replaced = &mut self.outline.replaced;
        for cause in &failure.causes {
            replaced.fallbacks.push(Fallback {
                field: field.into(),
                cause: cause.clone(),
            });
        }
        let missing = &failure.missing;
        replaced
            .numbers
            .unsupported
            .extend(missing.missing_figures.iter().cloned());
        replaced
            .names
            .unsupported
            .extend(missing.missing_names.iter().cloned());
    }

    fn tell(&mut self, field: &str, statement: &Statement) {
        (self.on_progress)(Progress::Part { field, statement });
    }

    fn thesis(&mut self, thesis: Field<Statement>) {
        match thesis {
            Ok(thesis) => self.outline.thesis = Some(thesis),
            Err(failure) => {
                self.replaced("thesis.text", &failure);
                if let Some(thesis) = self.plain.thesis.clone() {
                    self.tell("thesis.text", &thesis);
                }
            }
        }
    }

    fn argument(&mut self, argument: Field<Vec<Step>>) {
        let steps = match argument {
            Ok(steps) => steps,
            Err(failure) => return self.replaced("argument", &failure),
        };
        let mut points = Vec::with_capacity(steps.len());
        for (at, Step { role, ids, text }) in steps.into_iter().enumerate() {
            let statement = match text {
                Ok(statement) => statement,
                Err(failure) => {
                    let field = format!("argument[{at}].text");
                    self.replaced(&field, &failure);
                    let Some(statement) = self.instead(&ids) else {
                        continue;
                    };
                    self.tell(&field, &statement);
                    statement
                }
            };
            points.push(ArgumentPoint { role, statement });
        }
        self.outline.argument = points;
        self.fill_roles();
    }

    /// What the extractive engine shows of these sentences, else the first of them; the step cites what it cited.
    fn instead(&self, ids: &[u32]) -> Option<Statement> {
        let own = point_on(&self.plain, ids);
        let shown = own.and_then(|point| {
            let text = &point.statement.text;
            ids.iter()
                .find(|id| self.article.sentence(**id).is_some_and(|s| s.text == *text))
        });
        let id = shown.or(ids.first())?;
        Some(Statement {
            text: self.article.sentence(*id)?.text.clone(),
            evidence: ids.to_vec(),
            origin: Origin::Source,
        })
    }

    /// An argument has a claim, its evidence and a conclusion where the article has them.
    fn fill_roles(&mut self) {
        const MOST_POINTS: usize = 8;
        for role in [Role::Claim, Role::Evidence, Role::Conclusion] {
            let points = &mut self.outline.argument;
            if points.iter().any(|p| p.role == role) || points.len() >= MOST_POINTS {
                continue;
            }
            let cited: HashSet<u32> = points
                .iter()
                .flat_map(|p| p.statement.evidence.iter().copied())
                .collect();
            let fresh = |p: &&ArgumentPoint| {
                p.role == role && p.statement.evidence.iter().all(|id| !cited.contains(id))
            };
            if let Some(point) = self.plain.argument.iter().find(fresh) {
                points.push(point.clone());
                points.sort_by_key(|p| p.statement.evidence.iter().min().copied());
            }
        }
    }

    fn challenges(&mut self, answers: Vec<Field<Option<Answer>>>) {
        let found = self.plain.challenges.iter();
        let found = found.filter(|c| c.status == Status::Discussed).count();
        let silent = answers.iter().all(|answer| matches!(answer, Ok(None)));
        for (at, answer) in answers.into_iter().enumerate() {
            let field = format!("challenges[{at}]");
            match answer {
                // A model that finds nothing where the words are plain has not looked.
                Ok(None) if silent && found > 1 => {
                    if self.plain.challenges[at].status == Status::Discussed {
                        let cause = format!(
                            "all are not_discussed to the model, and {found} discussed to the extractive engine"
                        );
                        self.replaced(&format!("{field}.status"), &Failure::of(cause));
                    }
                }
                Ok(None) => {
                    let challenge = &mut self.outline.challenges[at];
                    challenge.status = Status::NotDiscussed;
                    challenge.text = None;
                    challenge.evidence.clear();
                    challenge.origin = Origin::Source;
                    challenge.remedy = None;
                }
                Ok(Some(answer)) => self.challenge(at, &field, answer),
                Err(failure) => self.replaced(&field, &failure),
            }
        }
    }

    fn challenge(&mut self, at: usize, field: &str, answer: Answer) {
        match answer.text {
            Ok(statement) => {
                let challenge = &mut self.outline.challenges[at];
                challenge.status = Status::Discussed;
                challenge.text = Some(statement.text);
                challenge.evidence = answer.receipts;
                challenge.origin = Origin::Model;
                challenge.remedy = None;
            }
            // Whether it is discussed at all is then the extractive engine's word, too.
            Err(failure) => {
                self.replaced(&format!("{field}.text"), &failure);
                let plain = &self.plain.challenges[at];
                if let Some(text) = plain.text.clone() {
                    let statement = Statement {
                        text,
                        evidence: plain.evidence.clone(),
                        origin: Origin::Source,
                    };
                    self.tell(&format!("{field}.text"), &statement);
                }
                if plain_is_silent(&self.outline, at) {
                    return;
                }
            }
        }
        match answer.remedy {
            Some(Ok(remedy)) => self.outline.challenges[at].remedy = Some(remedy),
            Some(Err(failure)) => {
                self.replaced(&format!("{field}.remedy.text"), &failure);
                self.outline.challenges[at].remedy = self.plain.challenges[at].remedy.clone();
            }
            None => {}
        }
    }

    /// Where all texts together are too long, those that outgrow the extractive ones most give way.
    fn length(&mut self) {
        let all: usize = self
            .article
            .sentences
            .iter()
            .map(|s| letters(&s.text))
            .sum();
        while shown_letters(&self.outline) * 100 > all * MOST_LETTERS {
            let Some(field) = self.give_way() else { return };
            let cause =
                format!("all texts together are longer than {MOST_LETTERS} % of the article");
            self.replaced(&field, &Failure::of(cause));
        }
    }

    /// Replaces the written text that outgrows the extractive one most. The thesis stays: what it takes, `verify` makes room for.
    fn give_way(&mut self) -> Option<String> {
        let mut best: Option<(usize, Slot)> = None;
        let mut offer = |written: &str, plain: usize, slot: Slot| {
            let excess = letters(written).saturating_sub(plain);
            if excess > 0 && best.as_ref().is_none_or(|(most, _)| excess > *most) {
                best = Some((excess, slot));
            }
        };
        let of = |s: &Statement| letters(&s.text);
        let (outline, plain) = (&self.outline, &self.plain);
        for (at, point) in outline.argument.iter().enumerate() {
            let statement = &point.statement;
            if let (true, Some(instead)) =
                (is_written(&statement), self.instead(&statement.evidence))
            {
                offer(&statement.text, of(&instead), Slot::Point(at, instead));
            }
        }
        for (at, challenge) in outline.challenges.iter().enumerate() {
            let other = &plain.challenges[at];
            if let (Some(text), Origin::Model) = (&challenge.text, challenge.origin) {
                let there = other.text.as_deref().map_or(0, letters);
                offer(text, there, Slot::Challenge(at));
            }
            if let Some(remedy) = challenge.remedy.as_ref().filter(is_written) {
                offer(
                    &remedy.text,
                    other.remedy.as_ref().map_or(0, of),
                    Slot::Remedy(at),
                );
            }
        }
        let (_, slot) = best?;
        Some(self.replace(slot))
    }

    fn replace(&mut self, slot: Slot) -> String {
        let (outline, plain) = (&mut self.outline, &self.plain);
        match slot {
            Slot::Point(at, instead) => {
                outline.argument[at].statement = instead;
                format!("argument[{at}].text")
            }
            Slot::Challenge(at) => {
                let remedy = outline.challenges[at].remedy.take();
                outline.challenges[at] = plain.challenges[at].clone();
                if outline.challenges[at].status == Status::Discussed {
                    outline.challenges[at].remedy = remedy;
                }
                format!("challenges[{at}].text")
            }
            Slot::Remedy(at) => {
                outline.challenges[at].remedy = plain.challenges[at].remedy.clone();
                format!("challenges[{at}].remedy.text")
            }
        }
    }
}

/// A text that may give way.
enum Slot {
    Point(usize, Statement),
    Challenge(usize),
    Remedy(usize),
}

fn is_written(statement: &&Statement) -> bool {
    statement.origin == Origin::Model
}

fn plain_is_silent(outline: &Outline, at: usize) -> bool {
    outline.challenges[at].status == Status::NotDiscussed
}

/// Puts what the model attacks before what the rules found, each part within its number of points.
pub fn critique(outline: &mut Outline, points: Vec<Attack>) {
    for Attack { of, point } in points.into_iter().rev() {
        let silent = of.is_some_and(|at| plain_is_silent(outline, at));
        let (list, field, most) = match of {
            None => (&mut outline.critique, "critique".to_string(), MOST_WHOLE),
            Some(at) => (
                &mut outline.challenges[at].critique,
                format!("challenges[{at}].critique"),
                MOST_CHALLENGE,
            ),
        };
        match point {
            Ok(_) if silent => {}
            Ok(point) => {
                let same = |p: &CritiquePoint| {
                    p.kind == point.kind && p.statement.evidence == point.statement.evidence
                };
                list.retain(|p| !same(p));
                list.insert(0, point);
                list.truncate(most);
            }
            Err(failure) => {
                let replaced = &mut outline.replaced.fallbacks;
                replaced.extend(failure.causes.into_iter().map(|cause| Fallback {
                    field: field.clone(),
                    cause,
                }));
            }
        }
    }
}

/// The extractive point that rests on one of these sentences.
pub fn point_on<'o>(plain: &'o Outline, ids: &[u32]) -> Option<&'o ArgumentPoint> {
    let on = |p: &&ArgumentPoint| p.statement.evidence.iter().any(|id| ids.contains(id));
    plain.argument.iter().find(on)
}

/// What is wrong with a text that holds by its figures and names and yet says nothing: the same word again and again, or,
/// where both are of one language, no word of what it cites.
pub fn hollow(text: &str, cited: &[&str], same_language: bool) -> Option<&'static str> {
    /// Of all words those that differ; real sentences are far above.
    const LEAST_DISTINCT: f32 = 0.6;
    /// Of all words those whose beginning stands in a cited sentence; sentences written about others have over half.
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
