//! A saved brief against its source: every receipt is looked up again, whoever wrote the brief.
//!
//! In:  a `Brief`, ours or another tool's, and the `Document` it is said to be of. Out: a `Report` of findings, each with its field and cause.
//! Trusts nothing in the brief; never fails.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::statement::{Cited, Fault, dense, evidence_fault, faults};
use crate::article::{Original, letters};
use crate::brief::{
    BRIEF_SCHEMA, Brief, Challenge, CritiquePoint, EXTRACTIVE, MOST_LETTERS, MOST_POINTS,
    MOST_SENTENCES, Origin, Statement, Status, Tally, shown_letters,
};
use crate::input::Document;
use crate::outline::{DEFAULT_LENS, Lens};

/// Something in a brief that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Which field, such as `challenges[1].remedy.text`.
    pub field: String,
    /// What is wrong with it.
    pub cause: String,
}

/// What the check of a saved brief found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// What does not hold, in the brief's order.
    pub findings: Vec<Finding>,
    /// Figures looked for in the cited sentences.
    pub numbers: Tally,
    /// Names looked for there.
    pub names: Tally,
}

impl Report {
    /// Tells whether everything holds.
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Checks a saved brief against the text it is of.
pub fn check_brief(brief: &Brief, document: &Document) -> Report {
    let mut audit = Audit {
        brief,
        text: &document.text,
        sentences: Cited(&brief.article.sentences),
        report: Report::default(),
    };
    if brief.schema != BRIEF_SCHEMA {
        audit.find("schema", format!("is not {BRIEF_SCHEMA}"));
    }
    if brief.article.source.sha256 != document.source.sha256 {
        audit.find("source.sha256", "is not that of the source");
    }
    audit.passages();
    audit.overlaps();
    audit.thesis();
    audit.argument();
    audit.keys();
    for (index, challenge) in brief.challenges.iter().enumerate() {
        audit.challenge(index, challenge);
    }
    audit.points("critique", &brief.critique);
    audit.same_points();
    audit.length();
    audit.coverage();
    audit.report
}

struct Audit<'a> {
    brief: &'a Brief,
    text: &'a str,
    sentences: Cited<'a>,
    report: Report,
}

impl<'a> Audit<'a> {
    fn find(&mut self, field: impl Into<String>, cause: impl Into<String>) {
        self.report.findings.push(Finding {
            field: field.into(),
            cause: cause.into(),
        });
    }

    /// Title, sentences and removed spans stand in the text where they say.
    fn passages(&mut self) {
        let brief = self.brief;
        if let Some(title) = &brief.article.title {
            self.passage("title", &title.text, title.start, title.end);
        }
        for (index, sentence) in brief.article.sentences.iter().enumerate() {
            let field = format!("sentences[{index}]");
            if sentence.id as usize != index + 1 {
                let cause = format!("is {} where {} is due", sentence.id, index + 1);
                self.find(format!("{field}.id"), cause);
            }
            if letters(&sentence.text) == 0 {
                self.find(format!("{field}.text"), "has no letters");
            }
            self.passage(&field, &sentence.text, sentence.start, sentence.end);
        }
        for (index, removed) in brief.article.removed.iter().enumerate() {
            let field = format!("removed[{index}]");
            self.passage(&field, &removed.text, removed.start, removed.end);
            let lost = match removed.of {
                Some(Original::Sentence(id)) => self.sentences.get(id).is_none(),
                Some(Original::Removed(of)) => of >= brief.article.removed.len() || of == index,
                None => false,
            };
            if lost {
                self.find(format!("{field}.of"), "points at nothing");
            }
        }
    }

    fn passage(&mut self, field: &str, text: &str, start: usize, end: usize) {
        if start >= end || end > self.text.len() {
            let bytes = self.text.len();
            let cause = format!("span {start}..{end} is not in the text of {bytes} bytes");
            return self.find(field, cause);
        }
        let Some(raw) = self.text.get(start..end) else {
            return self.find(field, format!("span {start}..{end} cuts a character"));
        };
        // A removed span may show its invisible characters, a sentence leaves them out; in both the visible ones are the same.
        if seen(raw) != seen(text) {
            let cause = format!("is not what stands at {start}..{end}");
            self.find(format!("{field}.text"), cause);
        }
    }

    /// No two spans share a character, and together they hold all that is not white space.
    fn overlaps(&mut self) {
        let brief = self.brief;
        let title = brief.article.title.iter();
        let title = title.map(|t| (t.start, t.end, "title".to_string()));
        let sentences = brief.article.sentences.iter().enumerate();
        let sentences = sentences.map(|(i, s)| (s.start, s.end, format!("sentences[{i}]")));
        let removed = brief.article.removed.iter().enumerate();
        let removed = removed.map(|(i, r)| (r.start, r.end, format!("removed[{i}]")));
        let mut spans: Vec<_> = title.chain(sentences).chain(removed).collect();
        spans.sort();
        let mut at = 0;
        for (start, end, field) in &spans {
            if *start < at {
                self.find(field, format!("overlaps what ends at {at}"));
            } else if let Some(found) = self.unclaimed(at, *start) {
                let cause = format!("text before it, from {found} on, is in no span");
                self.find(field, cause);
            }
            at = at.max(*end);
        }
        if let Some(found) = self.unclaimed(at, self.text.len()) {
            self.find("removed", format!("text from {found} on is in no span"));
        }
    }

    /// Returns where between two spans the first character stands that is not white space.
    fn unclaimed(&self, from: usize, to: usize) -> Option<usize> {
        let gap = self.text.get(from..to)?;
        let found = gap.find(|c: char| !c.is_whitespace())?;
        Some(from + found)
    }

    fn statement(&mut self, field: &str, statement: &Statement, limit: usize) {
        let (found, checked) = faults(statement, &self.sentences, limit);
        for fault in found {
            let part = match fault {
                Fault::NoEvidence | Fault::UnknownIds(_) => "evidence",
                _ => "text",
            };
            self.find(format!("{field}.{part}"), fault.cause());
        }
        let distinct: HashSet<u32> = statement.evidence.iter().copied().collect();
        if distinct.len() < statement.evidence.len() {
            self.find(format!("{field}.evidence"), "cites a sentence twice");
        }
        let Report { numbers, names, .. } = &mut self.report;
        numbers.checked += checked.figures;
        numbers.unsupported.extend(checked.missing_figures);
        names.checked += checked.names;
        names.unsupported.extend(checked.missing_names);
    }

    fn thesis(&mut self) {
        match &self.brief.thesis {
            Some(thesis) => self.statement("thesis", thesis, 1),
            None if self.brief.article.sentences.is_empty() => {}
            None => self.find("thesis", "is missing although there are sentences"),
        }
    }

    fn argument(&mut self) {
        let points = &self.brief.argument;
        if points.len() > MOST_POINTS {
            let cause = format!("has {} points, more than {MOST_POINTS}", points.len());
            self.find("argument", cause);
        }
        for (index, point) in points.iter().enumerate() {
            let field = format!("argument[{index}]");
            self.statement(&field, &point.statement, MOST_SENTENCES);
        }
    }

    fn keys(&mut self) {
        let challenges = self.brief.challenges.iter();
        let keys: Vec<&str> = challenges.map(|c| c.key.as_str()).collect();
        // The order of another lens is not known from the brief alone.
        if self.brief.lens == DEFAULT_LENS {
            let lens = Lens::builtin(DEFAULT_LENS).expect("it is in the binary");
            let due: Vec<&str> = lens.challenges.iter().map(|c| c.key.as_str()).collect();
            if keys != due {
                let (keys, due) = (keys.join(", "), due.join(", "));
                let cause = format!("are {keys} and not {due} in this order");
                self.find("challenges", cause);
            }
        }
        let mut seen = HashSet::new();
        for (index, key) in keys.iter().enumerate() {
            if !seen.insert(*key) {
                let field = format!("challenges[{index}].key");
                self.find(field, format!("{key} stands there twice"));
            }
        }
    }

    fn challenge(&mut self, index: usize, challenge: &Challenge) {
        let field = format!("challenges[{index}]");
        if challenge.status == Status::NotDiscussed {
            let said = [
                ("text", challenge.text.is_some()),
                ("evidence", !challenge.evidence.is_empty()),
                ("remedy", challenge.remedy.is_some()),
            ];
            for (part, _) in said.iter().filter(|(_, there)| *there) {
                let cause = "is there although the challenge is not discussed";
                self.find(format!("{field}.{part}"), cause);
            }
            return self.points(&format!("{field}.critique"), &challenge.critique);
        }
        match challenge.statement() {
            Some(statement) => self.statement(&field, &statement, MOST_SENTENCES),
            None => self.untold(&field, &challenge.evidence),
        }
        if let Some(remedy) = &challenge.remedy {
            self.statement(&format!("{field}.remedy"), remedy, MOST_SENTENCES);
        }
        self.points(&format!("{field}.critique"), &challenge.critique);
    }

    /// A challenge stands without a text only where no sentence it cites had room.
    fn untold(&mut self, field: &str, evidence: &[u32]) {
        if let Some(fault) = evidence_fault(evidence, &self.sentences) {
            self.find(format!("{field}.evidence"), fault.cause());
        }
        let (rest, thesis) = self.shown_letters();
        let all = self.brief.article.letters();
        let shortest = self.sentences.shortest(evidence).map(letters);
        if shortest.is_some_and(|size| (rest + thesis + size) * 100 <= all * MOST_LETTERS) {
            self.find(format!("{field}.text"), "has no text");
        }
    }

    fn points(&mut self, field: &str, points: &[CritiquePoint]) {
        for (index, point) in points.iter().enumerate() {
            let field = format!("{field}[{index}]");
            self.statement(&field, &point.statement, MOST_SENTENCES);
        }
    }

    fn same_points(&mut self) {
        let brief = self.brief;
        let whole = brief.critique.iter().enumerate();
        let whole = whole.map(|(i, p)| (format!("critique[{i}]"), p));
        let parts = brief.challenges.iter().enumerate().flat_map(|(i, c)| {
            let points = c.critique.iter().enumerate();
            points.map(move |(k, p)| (format!("challenges[{i}].critique[{k}]"), p))
        });
        let mut seen = HashSet::new();
        let same: Vec<String> = whole
            .chain(parts)
            .filter(|(_, p)| !seen.insert(dense(&p.statement.text)))
            .map(|(f, _)| f)
            .collect();
        for field in same {
            self.find(format!("{field}.text"), "says what another point says");
        }
    }

    /// A thesis alone may be long: a very short article has no room for less.
    fn length(&mut self) {
        let (rest, thesis) = self.shown_letters();
        let (shown, all) = (rest + thesis, self.brief.article.letters());
        if rest > 0 && shown * 100 > all * MOST_LETTERS {
            let cause = format!(
                "all texts together have {shown} letters, more than {MOST_LETTERS} % of {all}"
            );
            self.find("argument", cause);
        }
    }

    /// Returns the letters of the argument's and the challenges' texts, and those of the thesis.
    fn shown_letters(&self) -> (usize, usize) {
        let Brief {
            thesis,
            argument,
            challenges,
            ..
        } = self.brief;
        let thesis = thesis.as_ref().map_or(0, |t| letters(&t.text));
        (shown_letters(None, argument, challenges), thesis)
    }

    fn coverage(&mut self) {
        let coverage = self.brief.coverage;
        let sentences = self.brief.article.sentences.len();
        if coverage.sentences != sentences || coverage.seen > coverage.sentences {
            let cause = format!("does not fit {sentences} sentences");
            self.find("coverage", cause);
        }
        let thesis = self.brief.thesis.iter().map(|t| t.origin);
        let mut origins = thesis.chain(self.brief.challenges.iter().map(|c| c.origin));
        let written = origins.any(|origin| origin == Origin::Model);
        if written && self.brief.engine.name == EXTRACTIVE {
            self.find("engine.name", "is extractive although texts were written");
        }
    }
}

/// What is seen of a text: white space and invisible characters apart.
fn seen(text: &str) -> String {
    dense(&crate::article::visible(text))
}
