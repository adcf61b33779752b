//! Objections: everything the rules find weak in an outline's sentences, each with how serious and how specific it is.
//!
//! In:  the annotated sentences of an article and its outline. Out: `Objection`s, many more than will be made. One function, one kind of weakness.

mod amounts;
mod claims;
mod parts;
mod voices;

use super::annotate::Annotated;
use super::cues::CritiqueCues;
use super::fragment;
use super::objection::{Objection, Part};
use super::rules::{LanguageRules, Span};
use crate::article::Article;
use crate::brief::{CritiqueKind, Outline, Role, Status};
use crate::language::Language;
use crate::language::script::{is_letter, letters};

/// Says how much more an objection weighs on the first sentence a part rests on.
const FIRST_SENTENCE: f32 = 0.8;
/// What a quotation too short to say anything loses: where there is no other it is still made.
const SLIGHT_QUOTE: f32 = -6.0;
/// Letters of '…고 했다' behind a quotation.
const REPORT_LETTERS: usize = 10;

/// Finds everything that could be objected to.
pub fn find(
    article: &Article,
    lines: &[Annotated],
    outline: &Outline,
    rules: &'static dyn LanguageRules,
) -> Vec<Objection> {
    let mut finder = Finder {
        language: article.language,
        rules,
        cues: CritiqueCues::of(article.language),
        lines,
        outline,
        damaged: amounts::damaged(lines),
        part: Part::Whole,
        label: String::new(),
        block: Vec::new(),
        remedies: Vec::new(),
        found: Vec::new(),
    };
    let remedies = outline.challenges.iter().filter_map(|c| c.remedy.as_ref());
    let steps = outline.argument.iter().filter(|p| p.role == Role::Remedy);
    let asked = remedies.chain(steps.map(|p| &p.statement));
    finder.remedies = finder.places(asked.flat_map(|s| s.evidence.iter().copied()));
    for (index, challenge) in outline.challenges.iter().enumerate() {
        if challenge.status == Status::Discussed {
            finder.challenge(index);
        }
    }
    finder.whole();
    finder.found
}

struct Finder<'a> {
    language: Language,
    rules: &'static dyn LanguageRules,
    cues: &'static CritiqueCues,
    lines: &'a [Annotated<'a>],
    outline: &'a Outline,
    /// The text lost its marks.
    damaged: bool,
    part: Part,
    label: String,
    /// Places in `lines` of the sentences the part rests on, best first.
    block: Vec<usize>,
    /// Places of the sentences that ask for something.
    remedies: Vec<usize>,
    found: Vec<Objection>,
}

impl<'a> Finder<'a> {
    fn places(&self, ids: impl IntoIterator<Item = u32>) -> Vec<usize> {
        let mut found = Vec::new();
        for id in ids {
            let at = (id as usize).wrapping_sub(1);
            if at < self.lines.len() && !found.contains(&at) {
                found.push(at);
            }
        }
        found
    }

    fn challenge(&mut self, index: usize) {
        let outline = self.outline;
        let challenge = &outline.challenges[index];
        self.part = Part::Challenge(index);
        self.label = challenge.label.clone();
        self.block = self.places(challenge.evidence.iter().copied());
        self.sentences();
        self.whole_block();
        match &challenge.remedy {
            Some(remedy) => {
                let places = self.places(remedy.evidence.iter().copied());
                self.remedy(&places);
            }
            None => self.missing_remedy(index),
        }
    }

    fn whole(&mut self) {
        let outline = self.outline;
        self.part = Part::Whole;
        self.label = String::new();
        let steps = outline.argument.iter().filter(|p| p.role != Role::Context);
        let statements = outline.thesis.iter().chain(steps.map(|p| &p.statement));
        self.block = self.places(statements.filter_map(|s| s.evidence.first().copied()));
        if self.block.is_empty() {
            self.block = (0..self.lines.len()).collect();
        }
        self.sentences();
        self.thesis();
        self.missing_challenges();
        self.questions();
    }

    fn sentences(&mut self) {
        for (rank, at) in self.block.clone().into_iter().enumerate() {
            let weight = if rank == 0 { FIRST_SENTENCE } else { 0.0 };
            self.strong_claims(at, weight);
            self.loose_amounts(at, weight);
            self.voices(at, weight);
            self.actors(at, weight);
            self.figures(at, weight);
            self.suspect_figures(at);
        }
    }

    fn push(
        &mut self,
        kind: CritiqueKind,
        variant: &'static str,
        at: usize,
        span: Span,
        word: &str,
        score: f32,
    ) -> Option<&mut Objection> {
        let line = &self.lines[at];
        let quote = line.text.get(span.0..span.1)?.trim();
        // A fragment of two words says nothing; a text of two words has no more to offer.
        let slight = self.rules.size(quote) < self.rules.lengths().shortest_quote;
        if letters(quote) == 0 || [quote, word].iter().any(|w| w.contains(['“', '”'])) {
            return None;
        }
        let slight = if slight { SLIGHT_QUOTE } else { 0.0 };
        self.found.push(Objection {
            part: self.part,
            kind,
            variant,
            evidence: vec![line.id],
            quote: quote.to_string(),
            word: word.to_string(),
            actor: String::new(),
            label: self.label.clone(),
            number: String::new(),
            score: score + slight,
        });
        self.found.last_mut()
    }

    fn clause(&self, at: usize, span: Span) -> Span {
        fragment::clause(self.lines[at].text, self.rules, span)
    }

    /// Returns the clause a sentence comes down to; of '“…”고 했다' what was said, not that it was.
    fn core(&self, at: usize) -> Span {
        let line = &self.lines[at];
        let text = line.text;
        let end = text.trim_end_matches(|c: char| !is_letter(c)).len();
        let closes = text.rfind('”').filter(|_| text.contains('“'));
        if closes.is_some_and(|close| letters(&text[close..end.max(close)]) <= REPORT_LETTERS) {
            return self.speech(at);
        }
        let asked = line.first(&self.cues.asked).filter(|_| !line.asks);
        self.rules.core(text, asked)
    }

    /// Returns whether a sentence says more than a heading does.
    fn tells(&self, at: usize) -> bool {
        let (start, end) = self.core(at);
        let core = &self.lines[at].text[start..end];
        !self.lines[at].asks && self.rules.size(core) >= self.rules.lengths().shortest_statement
    }

    fn has_statistic(&self, at: usize) -> bool {
        let line = self.lines.get(at);
        line.is_some_and(|l| l.statistics().next().is_some())
    }
}
