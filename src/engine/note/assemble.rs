//! Assembling: what the model wrote becomes an outline, and what it did not is taken from the extractive one.
//!
//! In:  the extractive outline and `Written`. Out: `Outline`, in which every replaced field is listed with its cause.

use std::collections::HashSet;

use super::options::WritingOptions;
use super::slots::point_on;
use super::written::{ArgumentStep, ChallengeAnswer, CritiqueAnswer, Field, FieldFailure, Written};
use crate::article::{Article, Warning, WarningKind, letters};
use crate::brief::{
    ArgumentPoint, CritiquePoint, EngineInfo, Fallback, MOST_CHALLENGE, MOST_LETTERS, MOST_POINTS,
    MOST_WHOLE, Origin, Outline, Role, Statement, Status,
};
use crate::engine::interface::{Info, Progress};
use crate::outline::{OutlineOptions, critique, extractive};

/// Returns what the extractive engine finds in an article, under the name of the engine that writes.
pub fn basis(
    info: Info,
    article: &Article,
    options: &OutlineOptions,
    writing: &WritingOptions,
) -> Outline {
    let mut basis = extractive::outline(article, options);
    basis.engine = EngineInfo {
        name: info.name.into(),
        model: info.model,
        model_sha256: info.model_sha256,
        candidates: None,
        prompt_sha256: Some(writing.prompts(basis.output_language).sha256()),
        version: env!("CARGO_PKG_VERSION").into(),
    };
    basis
}

/// Returns the outline of what was written, with critique.
pub fn outline(
    article: &Article,
    basis: Outline,
    mut written: Written,
    on_progress: &mut dyn FnMut(Progress),
) -> Outline {
    let points = std::mem::take(&mut written.critique);
    let mut outline = uncriticised(article, basis, written, on_progress);
    critique::criticise(article, &mut outline);
    put_first(&mut outline, points);
    outline
}

fn uncriticised(
    article: &Article,
    basis: Outline,
    written: Written,
    on_progress: &mut dyn FnMut(Progress),
) -> Outline {
    let mut assembly = Assembly {
        article,
        outline: basis.clone(),
        basis,
        on_progress,
    };
    assembly.outline.coverage.seen = written.seen;
    if written.seen < article.sentences.len() {
        let (seen, sentences) = (written.seen, article.sentences.len());
        assembly.outline.warnings.push(Warning {
            kind: WarningKind::Coverage,
            text: format!("the model read {seen} of {sentences} sentences"),
            start: None,
            end: None,
        });
    }
    assembly.thesis(written.thesis);
    assembly.argument(written.argument);
    assembly.challenges(written.challenges);
    assembly.shorten();
    assembly.outline
}

/// An outline under way, beside the extractive one.
struct Assembly<'a> {
    article: &'a Article,
    basis: Outline,
    outline: Outline,
    on_progress: &'a mut dyn FnMut(Progress),
}

impl Assembly<'_> {
    /// Lists a field that was replaced, with all its causes.
    fn replaced(&mut self, field: &str, failure: &FieldFailure) {
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

    /// Reports a text that was taken from the extractive outline.
    fn report(&mut self, field: &str, statement: &Statement) {
        (self.on_progress)(Progress::Part {
            field: field.into(),
            statement: statement.clone(),
        });
    }

    fn thesis(&mut self, thesis: Field<Statement>) {
        match thesis {
            Ok(thesis) => self.outline.thesis = Some(thesis),
            Err(failure) => {
                self.replaced("thesis.text", &failure);
                if let Some(thesis) = self.basis.thesis.clone() {
                    self.report("thesis.text", &thesis);
                }
            }
        }
    }

    fn argument(&mut self, argument: Field<Vec<ArgumentStep>>) {
        let steps = match argument {
            Ok(steps) => steps,
            Err(failure) => return self.replaced("argument", &failure),
        };
        let mut points = Vec::with_capacity(steps.len());
        for (at, ArgumentStep { role, ids, text }) in steps.into_iter().enumerate() {
            let statement = match text {
                Ok(statement) => statement,
                Err(failure) => {
                    let field = format!("argument[{at}].text");
                    self.replaced(&field, &failure);
                    let Some(statement) = self.instead(&ids) else {
                        continue;
                    };
                    self.report(&field, &statement);
                    statement
                }
            };
            points.push(ArgumentPoint { role, statement });
        }
        self.outline.argument = points;
        self.fill_roles();
    }

    /// Returns a statement for a step without a text: the sentence the extractive engine shows of those it cites, else the first of them.
    fn instead(&self, ids: &[u32]) -> Option<Statement> {
        let own = point_on(&self.basis, ids);
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
            parts: Vec::new(),
        })
    }

    /// Adds a claim, its evidence and a conclusion from the extractive argument where the written one has none.
    fn fill_roles(&mut self) {
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
            if let Some(point) = self.basis.argument.iter().find(fresh) {
                points.push(point.clone());
                points.sort_by_key(|p| p.statement.evidence.iter().min().copied());
            }
        }
    }

    fn challenges(&mut self, answers: Vec<Field<Option<ChallengeAnswer>>>) {
        let found = self.basis.challenges.iter();
        let found = found.filter(|c| c.status == Status::Discussed).count();
        let silent = answers.iter().all(|answer| matches!(answer, Ok(None)));
        for (at, answer) in answers.into_iter().enumerate() {
            let field = format!("challenges[{at}]");
            match answer {
                // A model that finds no challenge at all, where the words of several stand in the article, has not looked.
                Ok(None) if silent && found > 1 => {
                    if self.basis.challenges[at].status == Status::Discussed {
                        let cause = format!(
                            "all are not_discussed to the model, and {found} discussed to the extractive engine"
                        );
                        self.replaced(&format!("{field}.status"), &FieldFailure::of(cause));
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

    fn challenge(&mut self, at: usize, field: &str, answer: ChallengeAnswer) {
        match answer.text {
            Ok(statement) => {
                let challenge = &mut self.outline.challenges[at];
                challenge.status = Status::Discussed;
                challenge.text = Some(statement.text);
                challenge.evidence = answer.receipts;
                challenge.origin = Origin::Model;
                challenge.remedy = None;
            }
            // The extractive engine then also decides whether the challenge is discussed at all.
            Err(failure) => {
                self.replaced(&format!("{field}.text"), &failure);
                let basis = &self.basis.challenges[at];
                if let Some(text) = basis.text.clone() {
                    let statement = Statement {
                        text,
                        evidence: basis.evidence.clone(),
                        origin: Origin::Source,
                        parts: Vec::new(),
                    };
                    self.report(&format!("{field}.text"), &statement);
                }
                if is_silent(&self.outline, at) {
                    return;
                }
            }
        }
        match answer.remedy {
            Some(Ok(remedy)) => self.outline.challenges[at].remedy = Some(remedy),
            Some(Err(failure)) => {
                self.replaced(&format!("{field}.remedy.text"), &failure);
                self.outline.challenges[at].remedy = self.basis.challenges[at].remedy.clone();
            }
            None => {}
        }
    }

    /// Replaces written texts, those first that are longest beside the extractive ones, until all together are short enough.
    fn shorten(&mut self) {
        let all = self.article.letters();
        while self.outline.shown_letters() * 100 > all * MOST_LETTERS {
            let Some(field) = self.replace_longest() else {
                return;
            };
            let cause =
                format!("all texts together are longer than {MOST_LETTERS} % of the article");
            self.replaced(&field, &FieldFailure::of(cause));
        }
    }

    /// Replaces the written text that is longest beside the extractive one, and returns its field. The thesis stays: `verify` makes room for it.
    fn replace_longest(&mut self) -> Option<String> {
        let mut best: Option<(usize, Replaceable)> = None;
        let mut offer = |written: &str, basis: usize, slot: Replaceable| {
            let excess = letters(written).saturating_sub(basis);
            if excess > 0 && best.as_ref().is_none_or(|(most, _)| excess > *most) {
                best = Some((excess, slot));
            }
        };
        let of = |s: &Statement| letters(&s.text);
        let (outline, basis) = (&self.outline, &self.basis);
        for (at, point) in outline.argument.iter().enumerate() {
            let statement = &point.statement;
            if let (true, Some(instead)) =
                (is_written(&statement), self.instead(&statement.evidence))
            {
                offer(
                    &statement.text,
                    of(&instead),
                    Replaceable::Point(at, instead),
                );
            }
        }
        for (at, challenge) in outline.challenges.iter().enumerate() {
            let other = &basis.challenges[at];
            if let (Some(text), Origin::Model) = (&challenge.text, challenge.origin) {
                let there = other.text.as_deref().map_or(0, letters);
                offer(text, there, Replaceable::Challenge(at));
            }
            if let Some(remedy) = challenge.remedy.as_ref().filter(is_written) {
                offer(
                    &remedy.text,
                    other.remedy.as_ref().map_or(0, of),
                    Replaceable::Remedy(at),
                );
            }
        }
        let (_, slot) = best?;
        Some(self.replace(slot))
    }

    fn replace(&mut self, slot: Replaceable) -> String {
        let (outline, basis) = (&mut self.outline, &self.basis);
        match slot {
            Replaceable::Point(at, instead) => {
                outline.argument[at].statement = instead;
                format!("argument[{at}].text")
            }
            Replaceable::Challenge(at) => {
                let remedy = outline.challenges[at].remedy.take();
                outline.challenges[at] = basis.challenges[at].clone();
                if outline.challenges[at].status == Status::Discussed {
                    outline.challenges[at].remedy = remedy;
                }
                format!("challenges[{at}].text")
            }
            Replaceable::Remedy(at) => {
                outline.challenges[at].remedy = basis.challenges[at].remedy.clone();
                format!("challenges[{at}].remedy.text")
            }
        }
    }
}

/// A text that may be replaced.
enum Replaceable {
    Point(usize, Statement),
    Challenge(usize),
    Remedy(usize),
}

fn is_written(statement: &&Statement) -> bool {
    statement.origin == Origin::Model
}

fn is_silent(outline: &Outline, at: usize) -> bool {
    outline.challenges[at].status == Status::NotDiscussed
}

/// Puts the model's points of critique before those of the rules, and keeps as many as each part may have.
fn put_first(outline: &mut Outline, points: Vec<CritiqueAnswer>) {
    for CritiqueAnswer { of, point } in points.into_iter().rev() {
        let silent = of.is_some_and(|at| is_silent(outline, at));
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
