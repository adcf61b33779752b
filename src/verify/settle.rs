//! Settling: every statement of an outline is held against the article, and what does not hold gives way.
//!
//! In:  `Article` and `Outline`. Out: the same outline, in which everything holds, and the `Verification` that says what was done.
//! A text that fails is replaced by the first sentence it cites; without one it is dropped. No text is ever reworded.

use std::collections::HashSet;

use super::statement::{Check, Cited, dense, evidence_fault, faults};
use crate::article::{Article, letters};
use crate::brief::{
    Challenge, ClausePart, CritiquePoint, Fallback, MOST_LETTERS, MOST_POINTS, MOST_SENTENCES,
    Origin, Outline, Role, Statement, Status, Verification,
};

/// Makes an outline hold, and says what had to give way.
pub(super) fn settle(article: &Article, outline: &mut Outline) -> Verification {
    let mut bench = Bench {
        sentences: Cited(&article.sentences),
        // What the engine replaced comes first: it happened first.
        verification: std::mem::take(&mut outline.replaced),
        held: Vec::new(),
    };
    bench.thesis(article, outline);
    bench.argument(outline);
    for (index, challenge) in outline.challenges.iter_mut().enumerate() {
        bench.challenge(index, challenge);
    }
    bench.length(article, outline);
    bench.untold(article, outline);
    bench.critique(outline);
    bench.count(outline);
    bench.verification
}

struct Bench<'a> {
    sentences: Cited<'a>,
    verification: Verification,
    /// Statements that hold, and what was looked for in each: most end in the brief as they are, and are counted there.
    held: Vec<(Statement, Check)>,
}

impl Bench<'_> {
    fn note(&mut self, field: impl Into<String>, cause: impl Into<String>) {
        self.verification.fallbacks.push(Fallback {
            field: field.into(),
            cause: cause.into(),
        });
    }

    /// The statement as it is, or the sentence it cites; nothing where it cites none. What did not hold is listed.
    fn statement(&mut self, field: &str, statement: Statement, limit: usize) -> Option<Statement> {
        let (found, checked) = faults(&statement, &self.sentences, limit);
        if found.is_empty() {
            self.held.push((statement.clone(), checked));
            return Some(statement);
        }
        for fault in &found {
            self.note(field, fault.cause());
        }
        let Verification { numbers, names, .. } = &mut self.verification;
        numbers.unsupported.extend(checked.missing_figures);
        names.unsupported.extend(checked.missing_names);
        let mut evidence = statement.evidence.clone();
        let mut seen = HashSet::new();
        evidence.retain(|&id| self.sentences.get(id).is_some() && seen.insert(id));
        let first = self.sentences.get(*evidence.first()?)?;
        // Ids alone were wrong: the text may still be word for word what the others say.
        let kept = Statement {
            evidence: evidence.clone(),
            ..statement
        };
        if faults(&kept, &self.sentences, limit).0.is_empty() {
            return Some(kept);
        }
        Some(Statement {
            text: first.to_string(),
            evidence,
            origin: Origin::Source,
            parts: Vec::new(),
        })
    }

    fn thesis(&mut self, article: &Article, outline: &mut Outline) {
        if let Some(thesis) = outline.thesis.take() {
            outline.thesis = self.statement("thesis.text", thesis, 1);
        }
        if outline.thesis.is_some() || article.sentences.is_empty() {
            return;
        }
        let mut points = outline.argument.iter().rev();
        let conclusion = points.find(|p| p.role == Role::Conclusion);
        let first = conclusion.and_then(|p| article.sentence(*p.statement.evidence.first()?));
        let sentence = first.unwrap_or(&article.sentences[0]);
        self.note("thesis", "there was none that cites a sentence");
        outline.thesis = Some(Statement {
            text: sentence.text.clone(),
            evidence: vec![sentence.id],
            origin: Origin::Source,
            parts: Vec::new(),
        });
    }

    fn argument(&mut self, outline: &mut Outline) {
        let points = std::mem::take(&mut outline.argument);
        for (index, mut point) in points.into_iter().enumerate() {
            let field = format!("argument[{index}]");
            if outline.argument.len() == MOST_POINTS {
                self.note(field, format!("is one more than {MOST_POINTS} points"));
                continue;
            }
            let field = format!("{field}.text");
            if let Some(statement) = self.statement(&field, point.statement, MOST_SENTENCES) {
                point.statement = statement;
                outline.argument.push(point);
            }
        }
    }

    fn challenge(&mut self, index: usize, challenge: &mut Challenge) {
        let field = format!("challenges[{index}]");
        let proposed = challenge.statement();
        let text = challenge.text.take();
        let evidence = std::mem::take(&mut challenge.evidence);
        challenge.parts.clear();
        let remedy = challenge.remedy.take();
        if challenge.status == Status::NotDiscussed {
            if text.is_some() || !evidence.is_empty() || remedy.is_some() {
                let cause = "says something of a challenge that is not discussed";
                self.note(&field, cause);
            }
            challenge.critique.clear();
            return;
        }
        match proposed {
            Some(proposed) => {
                let field = format!("{field}.text");
                if let Some(statement) = self.statement(&field, proposed, MOST_SENTENCES) {
                    challenge.text = Some(statement.text);
                    challenge.evidence = statement.evidence;
                    challenge.origin = statement.origin;
                    challenge.parts = statement.parts;
                }
            }
            // Where there is no room for a text, the receipts alone say where the article speaks of it.
            None => challenge.evidence = self.receipts(&field, evidence),
        }
        if challenge.evidence.is_empty() {
            challenge.status = Status::NotDiscussed;
            challenge.critique.clear();
            return;
        }
        challenge.remedy =
            remedy.and_then(|r| self.statement(&format!("{field}.remedy.text"), r, MOST_SENTENCES));
    }

    /// The ids that are sentences; the others are listed.
    fn receipts(&mut self, field: &str, mut evidence: Vec<u32>) -> Vec<u32> {
        if let Some(fault) = evidence_fault(&evidence, &self.sentences) {
            self.note(format!("{field}.evidence"), fault.cause());
        }
        evidence.retain(|&id| self.sentences.get(id).is_some());
        evidence
    }

    /// Drops what the length limit has no room for: background first, then second sentences, then points of the
    /// argument, then the texts of challenges, whose receipts stay. The thesis alone may be longer: there is always one.
    fn length(&mut self, article: &Article, outline: &mut Outline) {
        let all = article.letters();
        // Fields keep the places they had before points were dropped.
        let mut places: Vec<usize> = (0..outline.argument.len()).collect();
        let over = |outline: &Outline| outline.shown_letters() * 100 > all * MOST_LETTERS;
        while over(outline) {
            let cause =
                format!("all texts together are longer than {MOST_LETTERS} % of the article");
            let mut roles = outline.argument.iter().map(|p| p.role);
            if let Some(at) = roles.rposition(|role| role == Role::Context) {
                outline.argument.remove(at);
                self.note(format!("argument[{}]", places.remove(at)), cause);
            } else if let Some(field) = self.shorten(outline, &places) {
                self.note(field, cause);
            } else if let Some(at) = least_needed(outline) {
                outline.argument.remove(at);
                self.note(format!("argument[{}]", places.remove(at)), cause);
            } else if let Some(field) = silence(outline) {
                self.note(field, cause);
            } else {
                break;
            }
        }
    }

    /// Gives a challenge without a text the shortest sentence it cites, where there is room.
    fn untold(&mut self, article: &Article, outline: &mut Outline) {
        let all = article.letters();
        for index in 0..outline.challenges.len() {
            let shown = outline.shown_letters();
            let challenge = &mut outline.challenges[index];
            if challenge.status == Status::NotDiscussed || challenge.text.is_some() {
                continue;
            }
            let shortest = self.sentences.shortest(&challenge.evidence);
            let fits = |text: &&str| (shown + letters(text)) * 100 <= all * MOST_LETTERS;
            if let Some(text) = shortest.filter(fits) {
                challenge.text = Some(text.to_string());
                challenge.origin = Origin::Source;
                challenge.parts.clear();
                self.note(format!("challenges[{index}].text"), "has no text");
            }
        }
    }

    /// Cuts one text of two sentences to the first it cites.
    fn shorten(&self, outline: &mut Outline, places: &[usize]) -> Option<String> {
        let first = |text: &str, evidence: &[u32]| {
            let sentence = evidence
                .iter()
                .filter_map(|&id| self.sentences.get(id))
                .find(|s| text.contains(*s) && dense(s) != dense(text))?;
            Some(sentence.to_string())
        };
        for (index, point) in outline.argument.iter_mut().enumerate().rev() {
            if let Some(text) = first(&point.statement.text, &point.statement.evidence) {
                point.statement.text = text;
                as_source(&mut point.statement.origin, &mut point.statement.parts);
                return Some(format!("argument[{}].text", places[index]));
            }
        }
        for (index, challenge) in outline.challenges.iter_mut().enumerate().rev() {
            if let Some(remedy) = &mut challenge.remedy
                && let Some(text) = first(&remedy.text, &remedy.evidence)
            {
                remedy.text = text;
                as_source(&mut remedy.origin, &mut remedy.parts);
                return Some(format!("challenges[{index}].remedy.text"));
            }
            if let Some(said) = &mut challenge.text
                && let Some(text) = first(said, &challenge.evidence)
            {
                *said = text;
                as_source(&mut challenge.origin, &mut challenge.parts);
                return Some(format!("challenges[{index}].text"));
            }
        }
        None
    }

    /// Critique whose words do not hold is dropped: there is no plainer text to take its place.
    fn critique(&mut self, outline: &mut Outline) {
        let mut seen = HashSet::new();
        let whole = std::mem::take(&mut outline.critique);
        outline.critique = self.points("critique", whole, &mut seen);
        for (index, challenge) in outline.challenges.iter_mut().enumerate() {
            let points = std::mem::take(&mut challenge.critique);
            let field = format!("challenges[{index}].critique");
            challenge.critique = self.points(&field, points, &mut seen);
        }
    }

    fn points(
        &mut self,
        field: &str,
        points: Vec<CritiquePoint>,
        seen: &mut HashSet<String>,
    ) -> Vec<CritiquePoint> {
        let mut kept = Vec::with_capacity(points.len());
        for (index, point) in points.into_iter().enumerate() {
            let (found, checked) = faults(&point.statement, &self.sentences, MOST_SENTENCES);
            for fault in &found {
                self.note(format!("{field}[{index}].text"), fault.cause());
            }
            if !seen.insert(dense(&point.statement.text)) {
                let field = format!("{field}[{index}].text");
                self.note(field, "says what another point says");
            } else if found.is_empty() {
                self.held.push((point.statement.clone(), checked));
                kept.push(point);
            }
        }
        kept
    }

    /// Counts the figures and names of every text that stands; what was dropped before is listed and counted as well.
    fn count(&mut self, outline: &Outline) {
        for statement in &statements(outline) {
            let held = self.held.iter().find(|(held, _)| held == statement);
            let checked = match held {
                Some((_, checked)) => checked,
                None => &faults(statement, &self.sentences, MOST_SENTENCES).1,
            };
            self.verification.numbers.checked += checked.figures;
            self.verification.names.checked += checked.names;
        }
        self.verification.numbers.checked += self.verification.numbers.unsupported.len();
        self.verification.names.checked += self.verification.names.unsupported.len();
    }
}

/// A text of clauses that became a cited sentence is one of the article's own.
fn as_source(origin: &mut Origin, parts: &mut Vec<ClausePart>) {
    if *origin == Origin::Clauses {
        *origin = Origin::Source;
        parts.clear();
    }
}

/// Every text of an outline.
fn statements(outline: &Outline) -> Vec<Statement> {
    let mut found: Vec<Statement> = outline.thesis.iter().cloned().collect();
    found.extend(outline.argument.iter().map(|p| p.statement.clone()));
    for c in &outline.challenges {
        found.extend(c.statement());
        found.extend(c.remedy.iter().cloned());
        found.extend(c.critique.iter().map(|p| p.statement.clone()));
    }
    found.extend(outline.critique.iter().map(|p| p.statement.clone()));
    found
}

/// Takes the last text of a challenge away; where none is left, the last remedy.
fn silence(outline: &mut Outline) -> Option<String> {
    let mut challenges = outline.challenges.iter_mut().enumerate().rev();
    if let Some((index, challenge)) = challenges.find(|(_, c)| c.text.is_some()) {
        challenge.text = None;
        challenge.parts.clear();
        return Some(format!("challenges[{index}].text"));
    }
    let mut challenges = outline.challenges.iter_mut().enumerate().rev();
    let (index, challenge) = challenges.find(|(_, c)| c.remedy.is_some())?;
    challenge.remedy = None;
    Some(format!("challenges[{index}].remedy"))
}

/// The last point that is neither the only claim, nor the only evidence, nor the conclusion; then any.
fn least_needed(outline: &Outline) -> Option<usize> {
    let count = |role: Role| outline.argument.iter().filter(|p| p.role == role).count();
    let spare = |role: Role| role == Role::Remedy || count(role) > 1;
    outline
        .argument
        .iter()
        .rposition(|p| spare(p.role))
        .or(outline.argument.len().checked_sub(1))
}
