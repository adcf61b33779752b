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
        let mut figures = block.iter().flat_map(|&at| &self.lines[at].figures);
        if figures.all(|figure| figure.soft) && block.len() >= 3 {
            let span = self.core(first);
            if let Some(objection) = self.push(MissingEvidence, "nonumber", first, span, "", 6.0) {
                objection.number = block.len().to_string();
            }
        }
        if statistics <= 1 {
            let mut told = block.iter().filter(|&&at| !self.has_statistic(at));
            let case = told.find_map(|&at| Some((at, self.lines[at].first(&self.cues.anecdote)?)));
            if let Some((at, span)) = case {
                let span = self.clause(at, span);
                self.push(MissingEvidence, "anecdote", at, span, "", 5.3);
            }
        }
        let mut spoken = block.iter().filter(|&&at| self.lines[at].spoken);
        if let (Some(&at), None, true) = (spoken.next(), spoken.next(), block.len() >= 3) {
            let span = self.speech(at);
            self.push(OneSided, "witness", at, span, "", 4.7);
        }
    }

    /// What a remedy leaves open.
    pub(super) fn remedy(&mut self, places: &[usize]) {
        let Some(&at) = places.first() else { return };
        let line = &self.lines[at];
        let mut units = line.figures.iter().map(|figure| figure.unit);
        let money = units.any(|unit| matches!(unit, Unit::Money(_) | Unit::Share));
        let core = self.core(at);
        let mut costs = ["cost", "비용", " no ", "No ", "not ", "stop "].iter();
        let costed = costs.any(|w| line.text.contains(w));
        let spending = line.first(&self.cues.spending);
        if let Some(span) = spending.filter(|_| !money && !costed) {
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
        let mut block = self.block.iter();
        let telling_most = block.find(|&&at| self.tells(at));
        let Some(&first) = telling_most.or(self.block.first()) else {
            return;
        };
        let mut others = self.outline.challenges.iter().enumerate();
        let others = others.any(|(i, c)| i != index && c.remedy.is_some());
        let mut block = self.block.iter();
        let told = block.find_map(|&at| {
            let (figure, _) = telling(&self.lines[at])?;
            Some((at, (figure.start, figure.end)))
        });
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
        let mut views = self.lines.iter().map(|l| l.first(&self.cues.counterview));
        let countered = views.any(|view| view.is_some());
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
        let thesis = outline.thesis.as_ref();
        let Some(&thesis) = thesis.and_then(|t| t.evidence.first()) else {
            return;
        };
        let remedies = outline.challenges.iter().filter_map(|c| c.remedy.as_ref());
        let remedies = remedies.filter_map(|r| r.evidence.first());
        let steps = outline.argument.iter();
        let ends = steps.filter(|p| matches!(p.role, Role::Remedy | Role::Conclusion));
        let ends = ends.flat_map(|p| &p.statement.evidence);
        let asked = [&thesis].into_iter().chain(remedies).chain(ends);
        let asked = self.places(asked.copied());
        let challenges = outline.challenges.iter();
        for challenge in challenges.filter(|c| c.status == Status::NotDiscussed) {
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
