//! Objections to parts as a whole: a challenge's sentences together, its remedy, the thesis, what is left out, what is left open.

use super::Finder;
use super::amounts::telling;
use crate::brief::CritiqueKind::*;
use crate::brief::{Role, Status};
use crate::facts::Unit;
use crate::outline::critique::rules::Span;

impl Finder<'_> {
    /// What is missing in all sentences of a challenge together.
    pub(super) fn whole_block(&mut self) {
        let block = self.block.clone();
        let Some(&first) = block.first() else { return };
        let statistics = block.iter().filter(|&&at| self.has_statistic(at)).count();
        let figures = block
            .iter()
            .filter(|&&at| self.lines[at].figures.iter().any(|f| !f.soft))
            .count();
        if figures == 0 && block.len() >= 3 {
            let span = self.core(first);
            if let Some(objection) = self.push(MissingEvidence, "nonumber", first, span, "", 6.0) {
                objection.number = block.len().to_string();
            }
        }
        if statistics <= 1 {
            let case = block.iter().find_map(|&at| {
                self.lines[at]
                    .first(&self.cues.anecdote)
                    .filter(|_| !self.has_statistic(at))
                    .map(|span| (at, span))
            });
            if let Some((at, span)) = case {
                let span = self.clause(at, span);
                self.push(MissingEvidence, "anecdote", at, span, "", 5.3);
            }
        }
        let spoken: Vec<usize> = block
            .iter()
            .copied()
            .filter(|&at| self.lines[at].spoken)
            .collect();
        if let ([at], true) = (&spoken[..], block.len() >= 3) {
            let span = self.speech(*at);
            self.push(OneSided, "witness", *at, span, "", 4.7);
        }
    }

    /// What a remedy leaves open.
    pub(super) fn remedy(&mut self, places: &[usize]) {
        let Some(&at) = places.first() else { return };
        let line = &self.lines[at];
        let money = line
            .figures
            .iter()
            .any(|f| matches!(f.unit, Unit::Money(_) | Unit::Share));
        let core = self.core(at);
        let costed = ["cost", "비용", " no ", "No ", "not ", "stop "]
            .iter()
            .any(|w| line.text.contains(w));
        if let Some(span) = line
            .first(&self.cues.spending)
            .filter(|_| !money && !costed)
        {
            let span = self.clause(at, span);
            self.push(OpenQuestion, "cost", at, span, "", 5.2);
        }
        if let Some(span) = line.first(&self.cues.ruling) {
            let span = self.clause(at, span);
            self.push(OpenQuestion, "rule", at, span, "", 5.0);
        }
        if line.first(&self.cues.doers).is_none() && !line.spoken {
            self.push(OpenQuestion, "who", at, core, "", 4.8);
        }
        if line.first(&self.cues.deadline).is_none() {
            self.push(OpenQuestion, "when", at, core, "", 4.6);
        }
        self.push(OpenQuestion, "enough", at, core, "", 4.0);
        if let Some((actor, (start, end))) = self.actor_in(line)
            && !self.is_heard(&actor)
        {
            let span = self.clause(at, (start, end));
            if let Some(objection) = self.push(OneSided, "burden", at, span, "", 5.6) {
                objection.actor = actor;
            }
        }
    }

    pub(super) fn missing_remedy(&mut self, index: usize) {
        let Some(&first) = self
            .block
            .iter()
            .find(|&&at| self.tells(at))
            .or(self.block.first())
        else {
            return;
        };
        let others = self
            .outline
            .challenges
            .iter()
            .enumerate()
            .any(|(i, c)| i != index && c.remedy.is_some());
        let told = self
            .block
            .iter()
            .find_map(|&at| telling(&self.lines[at]).map(|(f, _)| (at, (f.start, f.end))));
        let core = self.core(first);
        match told {
            // By turns, so that articles without remedies are not all told the same.
            Some((at, figure)) if !others || index.is_multiple_of(2) => {
                let span = self.rules.amount(self.lines[at].text, figure);
                self.push(MissingRemedy, "figure", at, span, "", 6.1);
            }
            _ if others => {
                self.push(MissingRemedy, "others", first, core, "", 6.0);
            }
            _ => {
                self.push(MissingRemedy, "plain", first, core, "", 5.8);
            }
        }
    }

    /// The thesis, where no other view is heard.
    pub(super) fn thesis(&mut self) {
        let Some(thesis) = &self.outline.thesis else {
            return;
        };
        let Some(&at) = self.places(thesis.evidence.iter().copied()).first() else {
            return;
        };
        let countered = self
            .lines
            .iter()
            .any(|l| l.first(&self.cues.counterview).is_some());
        let span = self.core(at);
        if !countered {
            self.push(OneSided, "thesis", at, span, "", 4.9);
        }
        // Any thesis without figure or source can be asked for its ground; the last resort of short articles.
        let score = match self.has_statistic(at) || self.lines[at].sourced {
            true => 2.0,
            false => 4.2,
        };
        self.push(UnsupportedClaim, "bare", at, span, "", score);
    }

    /// Challenges the article leaves out although it names them, or asks for what they hold up.
    pub(super) fn missing_challenges(&mut self) {
        let outline = self.outline;
        let Some(thesis) = outline
            .thesis
            .as_ref()
            .and_then(|t| t.evidence.first().copied())
        else {
            return;
        };
        let remedies = outline
            .challenges
            .iter()
            .filter_map(|c| c.remedy.as_ref())
            .flat_map(|r| r.evidence.iter().copied().take(1));
        let ends = outline
            .argument
            .iter()
            .filter(|p| matches!(p.role, Role::Remedy | Role::Conclusion))
            .flat_map(|p| p.statement.evidence.iter().copied());
        let asked = self.places(std::iter::once(thesis).chain(remedies).chain(ends));
        for challenge in outline
            .challenges
            .iter()
            .filter(|c| c.status == Status::NotDiscussed)
        {
            self.label = challenge.label.clone();
            let label = challenge.label.to_lowercase();
            let named = asked
                .iter()
                .find_map(|&at| Some((at, self.lines[at].find_word(&label)?)));
            if let Some((at, span)) = named {
                let span = self.clause(at, span);
                self.missing(at, "named", span, thesis, 6.4);
            }
            let mut bottlenecks = self.cues.bottleneck.iter();
            let Some((key, cues)) = bottlenecks.find(|(key, _)| *key == challenge.key) else {
                continue;
            };
            let held = self
                .remedies
                .iter()
                .find_map(|&at| Some((at, self.lines[at].first(cues)?)));
            if let Some((at, span)) = held {
                let span = self.clause(at, span);
                self.missing(at, key, span, thesis, 5.4);
            }
        }
    }

    fn missing(&mut self, at: usize, variant: &'static str, span: Span, thesis: u32, score: f32) {
        if let Some(objection) = self.push(MissingChallenge, variant, at, span, "", score)
            && objection.evidence[0] != thesis
        {
            objection.evidence.push(thesis);
        }
    }

    /// Questions towards the end that nothing after them answers.
    pub(super) fn questions(&mut self) {
        const TOWARDS_END: usize = 4;
        let count = self.lines.len();
        for at in count.saturating_sub(TOWARDS_END)..count {
            let line = &self.lines[at];
            let answered = self.lines[at + 1..].iter().filter(|l| !l.asks).count() > 1;
            if line.asks && !answered {
                let span = self.core(at);
                self.push(OpenQuestion, "asked", at, span, "", 5.4);
            }
        }
    }
}
