//! Attacks: everything the rules find weak in an outline's sentences, each with how serious and how specific it is.
//!
//! In:  the lines of an article and its outline. Out: `Attack`s, many more than will be made. One function, one kind of weakness.

mod amounts;
mod claims;
mod parts;
mod voices;

use super::annotate::Line;
use super::cues::{self, Cues};
use super::fragment::{self, Span};
use super::{Attack, Scope};
use crate::article::{Article, Language, is_letter};
use crate::outline::CritiqueKind;
use crate::outline::{Outline, Role, Status};

/// How much more an attack weighs on the first sentence a part rests on.
const FIRST_SENTENCE: f32 = 0.8;

/// Everything that could be attacked.
pub fn find(article: &Article, lines: &[Line], outline: &Outline) -> Vec<Attack> {
    let mut finder = Finder {
        language: article.language,
        lines,
        outline,
        damaged: amounts::damaged(lines),
        scope: Scope::Whole,
        label: String::new(),
        block: Vec::new(),
        remedies: Vec::new(),
        found: Vec::new(),
    };
    let asked = outline
        .challenges
        .iter()
        .filter_map(|c| c.remedy.as_ref())
        .chain(
            outline
                .argument
                .iter()
                .filter(|p| p.role == Role::Remedy)
                .map(|p| &p.statement),
        );
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
    lines: &'a [Line<'a>],
    outline: &'a Outline,
    /// The text lost its marks.
    damaged: bool,
    scope: Scope,
    label: String,
    /// Places in `lines` of the sentences the part rests on, best first.
    block: Vec<usize>,
    /// Places of the sentences that ask for something.
    remedies: Vec<usize>,
    found: Vec<Attack>,
}

impl<'a> Finder<'a> {
    fn is(
        &self,
        pair: (&'static [&'static str], &'static [&'static str]),
    ) -> &'static [&'static str] {
        if self.language == Language::Ko {
            pair.0
        } else {
            pair.1
        }
    }

    fn has(
        &self,
        line: &Line,
        pair: (&'static [&'static str], &'static [&'static str]),
    ) -> Option<Span> {
        line.any(self.language, self.is(pair))
    }

    fn table(&self, ko: Cues, en: Cues) -> Cues {
        cues::of(self.language, ko, en)
    }

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
        self.scope = Scope::Challenge(index);
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
        self.scope = Scope::Whole;
        self.label = String::new();
        let thesis = outline
            .thesis
            .iter()
            .flat_map(|t| t.evidence.iter().copied().take(1));
        let argument = outline
            .argument
            .iter()
            .filter(|p| p.role != Role::Context)
            .flat_map(|p| p.statement.evidence.iter().copied().take(1));
        self.block = self.places(thesis.chain(argument));
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
    ) -> Option<&mut Attack> {
        let line = &self.lines[at];
        let quote = line.text.get(span.0..span.1)?.trim();
        // A fragment of two words says nothing; a text of two words has no more to offer.
        let slight = if self.language == Language::Ko {
            quote.chars().count() < 8
        } else {
            quote.split(' ').count() < 4
        };
        if crate::article::letters(quote) == 0
            || [quote, word].iter().any(|w| w.contains(['“', '”']))
        {
            return None;
        }
        let shape = if slight { -6.0 } else { 0.0 };
        self.found.push(Attack {
            scope: self.scope,
            kind,
            variant,
            evidence: vec![line.id],
            quote: quote.to_string(),
            word: word.to_string(),
            actor: String::new(),
            label: self.label.clone(),
            number: String::new(),
            score: score + shape,
        });
        self.found.last_mut()
    }

    fn clause(&self, at: usize, span: Span) -> Span {
        fragment::clause(self.lines[at].text, self.language, span)
    }

    /// The clause a sentence comes down to: in Korean the last that is no report of speech, in English the longest.
    fn core(&self, at: usize) -> Span {
        let line = &self.lines[at];
        let text = line.text;
        let end = text.trim_end_matches(|c: char| !is_letter(c)).len();
        // '“…”고 했다': what was said, not that it was.
        const REPORT_LETTERS: usize = 10;
        if text.contains('“')
            && text.rfind('”').is_some_and(|close| {
                crate::article::letters(&text[close..end.max(close)]) <= REPORT_LETTERS
            })
        {
            return self.speech(at);
        }
        if self.language == Language::Ko {
            let asked = [
                "*야 한", "*야 하", "*하자", "*두자", "*자고", "*자는", "*달라", "*면 된",
                "*면 좋", "*주십", "*주세", "*면 됩",
            ];
            let place = if line.asks {
                None
            } else {
                line.any(self.language, &asked)
            };
            let last = text[..end].char_indices().next_back().map_or(0, |(i, _)| i);
            let span = self.clause(at, place.unwrap_or((last, end)));
            // '…고 농가들은 입을 모은다': what they say stands before.
            let reports = REPORTS.iter().any(|r| text[span.0..span.1].contains(r));
            if reports && span.0 > 3 {
                let before = text[..span.0].trim_end();
                let last = before.char_indices().next_back().map_or(0, |(i, _)| i);
                return fragment::clause(before, self.language, (last, before.len()));
            }
            return span;
        }
        let mut from = 0;
        let mut best = self.clause(at, (0, 1.min(text.len())));
        for piece in text.split_inclusive([',', ';', ':']) {
            let start = from + piece.len() - piece.trim_start().len();
            from += piece.len();
            let words = |span: Span| text[span.0..span.1].split(' ').count();
            if start < end && piece.split(' ').count() > words(best) + 2 {
                let first = text[start..].chars().next().map_or(1, char::len_utf8);
                best = self.clause(at, (start, start + first));
            }
        }
        best
    }

    /// Whether a sentence says more than a heading does.
    fn tells(&self, at: usize) -> bool {
        let (start, end) = self.core(at);
        let core = &self.lines[at].text[start..end];
        !self.lines[at].asks
            && if self.language == Language::Ko {
                core.chars().count() >= 14
            } else {
                core.split(' ').count() >= 6
            }
    }

    fn has_statistic(&self, at: usize) -> bool {
        self.lines
            .get(at)
            .is_some_and(|l| l.statistics().next().is_some())
    }
}

/// Verbs that report what somebody said or thinks.
const REPORTS: &[&str] = &[
    "말한다",
    "말했다",
    "입을 모",
    "생각합니다",
    "생각한다",
    "강조했",
    "주장한",
    "전했다",
    "밝혔다",
    "덧붙였",
    "말합니다",
    "말했습니다",
];
