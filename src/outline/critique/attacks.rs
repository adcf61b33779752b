//! Attacks: everything the rules find weak in an outline's sentences, each with how serious and how specific it is.
//!
//! In:  the lines of an article and its outline. Out: `Attack`s, many more than will be made. One function, one kind of weakness.

use super::cues::{self, Cues};
use super::fragment::{self, Span};
use super::scene::{Line, statistic};
use super::{Attack, Scope};
use crate::article::{Article, Language};
use crate::outline::CritiqueKind::{self, *};
use crate::outline::{Outline, Role, Status};
use crate::verify::figures::Figure;
use crate::verify::{Dimension, Unit};

/// How much more an attack weighs on the first sentence a part rests on.
const FIRST_SENTENCE: f32 = 0.8;

/// Everything that could be attacked.
pub fn find(article: &Article, lines: &[Line], outline: &Outline) -> Vec<Attack> {
    let mut finder = Finder {
        language: article.language,
        lines,
        outline,
        damaged: damaged(lines),
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
        if crate::article::letters(quote) == 0 || quote.contains(['“', '”']) {
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
        let end = text.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
        // '“…”고 했다': what was said, not that it was.
        const REPORT_LETTERS: usize = 10;
        if text.rfind('”').is_some_and(|close| {
            crate::article::letters(&text[close..end.max(close)]) <= REPORT_LETTERS
        }) {
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

    /// Strong words that no figure, source or case carries, in the sentence or the next.
    fn strong_claims(&mut self, at: usize, weight: f32) {
        let line = &self.lines[at];
        let carried =
            line.statistics().next().is_some() || line.sourced || line.spoken || line.asks;
        if carried || self.has_statistic(at + 1) {
            return;
        }
        for (variant, start, end) in
            line.cues(self.language, self.table(cues::STRONG_KO, cues::STRONG_EN))
        {
            if variant == "forecast" && !self.is_forecast(line, start) {
                continue;
            }
            // '결국 …했다' tells what happened.
            if variant == "forecast"
                && self.language == Language::Ko
                && line.text[start..]
                    .chars()
                    .any(|c| c != '있' && c != '겠' && final_of(c) == 20)
            {
                continue;
            }
            let word = self.word_at(line.text, start, end, variant);
            let score = match variant {
                "exclusive" | "superlative" => 5.8,
                "universal"
                    if self.language == Language::En
                        && start > 3
                        && MILD.contains(&word.as_str()) =>
                {
                    4.2
                }
                "universal" => 5.6,
                "contrast" => 4.9,
                "causal" => 5.2,
                _ => 5.0,
            };
            // A contrast is nothing without what is put in the other's place.
            let place = if variant == "contrast" {
                (words_back(line.text, start, 2), words_on(line.text, end, 3))
            } else {
                (start, end)
            };
            let span = self.clause(at, place);
            self.push(UnsupportedClaim, variant, at, span, &word, score + weight);
        }
        // A heading claims nothing.
        let says = self.tells(at)
            && line
                .text
                .chars()
                .any(|c| c.is_lowercase() || c as u32 >= 0xAC00);
        if weight > 0.0
            && says
            && line
                .cue(self.language, self.table(cues::STRONG_KO, cues::STRONG_EN))
                .is_none()
        {
            let span = self.core(at);
            self.push(UnsupportedClaim, "bare", at, span, "", 3.6 + weight);
        }
    }

    /// '…할 것이다' looks ahead, '…라는 것이다' sums up.
    fn is_forecast(&self, line: &Line, start: usize) -> bool {
        let cue = &line.text[start..];
        if self.language == Language::En {
            // 'Before an agency will buy' states a condition.
            let clause = line.text[..start]
                .rsplit([',', ';', ':'])
                .next()
                .unwrap_or("")
                .to_ascii_lowercase();
            return ![
                "before ", "when ", "if ", "until ", "unless ", "who ", "that ", "whether ",
            ]
            .iter()
            .any(|w| clause.contains(w));
        }
        if !["것이", "것입", "겁니", "거예"]
            .iter()
            .any(|c| cue.starts_with(c))
        {
            return true;
        }
        let before = line.text[..start].trim_end().chars().next_back();
        before.is_some_and(|c| final_of(c) == 8)
    }

    /// The cue as a word of the article: without the particle, whole where the cue is its beginning.
    fn word_at(&self, text: &str, start: usize, end: usize, variant: &str) -> String {
        let cue = &text[start..end];
        if self.language == Language::En || !cue.starts_with(|c: char| c.is_alphanumeric()) {
            return cue.to_string();
        }
        match variant {
            "exclusive" if cue.starts_with("뿐") => "뿐".into(),
            "exclusive" if cue.starts_with("밖에") => "밖에 없다".into(),
            "exclusive" if cue.starts_with("수밖에") => "수밖에 없다".into(),
            _ => {
                let word = text[start..]
                    .split(|c: char| !c.is_alphanumeric())
                    .next()
                    .unwrap_or(cue);
                let noun = [
                    "으로", "에서", "은", "는", "이", "가", "을", "를", "의", "에", "도",
                ]
                .iter()
                .find_map(|p| word.strip_suffix(p));
                noun.filter(|n| n.len() >= cue.trim().len())
                    .unwrap_or(word)
                    .to_string()
            }
        }
    }

    /// Amounts, changes and comparisons without a number.
    fn loose_amounts(&mut self, at: usize, weight: f32) {
        let line = &self.lines[at];
        if self.remedies.contains(&at) || line.statistics().next().is_some() || line.asks {
            return;
        }
        for (variant, start, end) in
            line.cues(self.language, self.table(cues::AMOUNT_KO, cues::AMOUNT_EN))
        {
            let measured = self.has_statistic(at + 1) || at > 0 && self.has_statistic(at - 1);
            let score = match variant {
                "quantifier" => 5.5,
                "scarcity" => 5.4,
                "trend" => 5.2,
                _ => 4.6,
            };
            let span = self.clause(at, (start, end));
            let before = &line.text[span.0.min(start)..start];
            let denied = ["not ", "n't ", "n’t ", "n t "]
                .iter()
                .any(|w| before.ends_with(w))
                || line.text[end..].contains("지 않");
            // '모자란 것은 A가 아니라 B' measures nothing.
            let figurative = line.text[end..].trim_start().starts_with("것은");
            if variant == "scarcity" && (denied || figurative) {
                continue;
            }
            let word = self.word_at(line.text, start, end, variant);
            self.push(
                MissingEvidence,
                variant,
                at,
                span,
                &word,
                score + weight - if measured { 1.2 } else { 0.0 },
            );
        }
    }

    /// Voices that are unnamed, second-hand or interested.
    fn voices(&mut self, at: usize, weight: f32) {
        let line = &self.lines[at];
        let text = line.text;
        if let Some((variant, start, end)) =
            line.cue(self.language, self.table(cues::VOICE_KO, cues::VOICE_EN))
        {
            let named = self.language == Language::Ko
                && variant == "hearsay"
                && TITLED.iter().any(|t| text.contains(t));
            // 'a poll by …' names its author; who says nothing is no voice.
            let sourced = variant == "study"
                && ["by ", "from ", "of "]
                    .iter()
                    .any(|w| text[end..].trim_start().starts_with(w));
            // '답니다' alone is a verb of its own.
            let alone = self.language == Language::Ko
                && text[start..].starts_with(['래', '대', '답'])
                && !text[..start].ends_with(|c: char| c.is_alphanumeric());
            let next = text[end..].trim_start().split(' ').next().unwrap_or("");
            let silent = self.language == Language::En
                && variant == "collective"
                && !line.text[start..end].contains(' ')
                && !SAYING.contains(&next);
            if named
                || sourced
                || silent
                || variant == "hearsay" && alone
                || variant == "anonymous" && !line.spoken
            {
                return;
            }
            let score = match variant {
                "anonymous" => 6.2,
                "study" => 6.0,
                "collective" => 5.6,
                _ => 5.0,
            };
            let (word, span) = self.voiced(at, variant, start, end);
            self.push(WeakSource, variant, at, span, &word, score + weight);
        }
        if line.spoken && self.has(line, cues::INTERESTED).is_some() {
            let span = self.speech(at);
            self.push(WeakSource, "interested", at, span, "", 5.2 + weight);
        }
    }

    /// The voice as the article names it, and what it says.
    fn voiced(&self, at: usize, variant: &str, start: usize, end: usize) -> (String, Span) {
        let text = self.lines[at].text;
        if variant == "hearsay" {
            let until = if text[start..].starts_with('다') {
                start + '다'.len_utf8()
            } else {
                start
            };
            let span = match self.language {
                Language::Ko if until > 0 && !text[start..].starts_with(['래', '대', '답']) => {
                    fragment::clause(
                        &text[..until],
                        self.language,
                        (start.saturating_sub(3), until),
                    )
                }
                Language::Ko => self.clause(at, (start, end)),
                Language::En => self.after(at, end),
            };
            return (text[start..end].to_string(), span);
        }
        let word_end = text[end..].find(' ').map_or(text.len(), |i| end + i);
        let word = match self.language {
            Language::En => text[start..end].to_string(),
            Language::Ko => titled(text, start, word_end),
        };
        if text.contains('“') {
            (word, self.speech(at))
        } else {
            (word, self.after(at, word_end))
        }
    }

    /// What a sentence says from a place on; all of it where too little follows.
    fn after(&self, at: usize, from: usize) -> Span {
        let text = self.lines[at].text;
        let mut from = from;
        loop {
            let rest = &text[from..];
            from += rest.len()
                - rest
                    .trim_start_matches(|c: char| !c.is_alphanumeric())
                    .len();
            let word = text[from..]
                .split(|c: char| !c.is_alphanumeric())
                .next()
                .unwrap_or("");
            // 'said that' belongs to the voice.
            if word.is_empty()
                || !(SAYING.contains(&word)
                    || matches!(word, "that" | "says" | "told" | "me" | "us" | "who"))
            {
                break;
            }
            from += word.len();
        }
        if crate::article::letters(&text[from..]) < 8 {
            return self.core(at);
        }
        let first = text[from..].chars().next().map_or(1, char::len_utf8);
        let span = fragment::clause(&text[from..], self.language, (0, first));
        (from + span.0, from + span.1)
    }

    /// What somebody says: the first sentence in quotation marks, what follows the verb, or what the line comes down to.
    fn speech(&self, at: usize) -> Span {
        let text = self.lines[at].text;
        let Some(open) = text.find(['“', '"']) else {
            let verb = [
                "said ",
                "says ",
                "told ",
                "warned ",
                "argues ",
                "argued ",
                "admitted ",
                "insists ",
                "complained ",
            ]
            .iter()
            .find_map(|v| text.find(v).map(|i| i + v.len()));
            return match verb {
                // '… says Dr. X, who runs the place'
                Some(from)
                    if self.language == Language::En
                        && text[from..].starts_with(char::is_uppercase)
                        && text[..from].split(' ').count() > 5 =>
                {
                    let until = text[..from].trim_end().rfind(' ').unwrap_or(from);
                    fragment::clause(&text[..until], self.language, (0, 1.min(until)))
                }
                Some(from) if self.language == Language::En => self.after(at, from),
                _ => self.core(at),
            };
        };
        let from = open + text[open..].chars().next().map_or(1, char::len_utf8);
        let rest = &text[from..];
        let end = from + rest.find(['”', '"', '.', '?', '!']).unwrap_or(rest.len());
        let last = text[from..end]
            .char_indices()
            .next_back()
            .map_or(from, |(i, _)| from + i);
        match (self.language, text[from..].chars().next()) {
            (Language::Ko, Some(_)) if last > from => self.clause(at, (last, end)),
            (_, Some(first)) => self.clause(at, (from, from + first.len_utf8())),
            _ => self.clause(at, (0, 1)),
        }
    }

    /// A party is charged with something and is heard nowhere.
    fn actors(&mut self, at: usize, weight: f32) {
        let line = &self.lines[at];
        let Some((actor, start, end)) = self.actor_in(line) else {
            return;
        };
        let Some((from, to)) = self.has(line, cues::CHARGE).filter(|c| c.0 >= end) else {
            return;
        };
        if self.is_heard(&actor) {
            return;
        }
        let near = self.clause(at, (start, end));
        let span = if near.1 >= to {
            near
        } else {
            self.clause(at, (from, to))
        };
        if span.0 > start || span.1 < end {
            return;
        }
        let score = 6.2;
        if let Some(attack) = self.push(OneSided, "actor", at, span, "", score + weight) {
            attack.actor = actor;
        }
    }

    fn actor_in(&self, line: &Line) -> Option<(String, usize, usize)> {
        let fits = |end: usize| {
            let rest = line.text[end..]
                .split(|c: char| !c.is_alphanumeric())
                .next()
                .unwrap_or("");
            self.language == Language::En
                || ["은", "는", "이", "가", "들은", "들이", "도"].contains(&rest)
        };
        let found = self.is(cues::ACTORS).iter().filter_map(|a| {
            line.any(self.language, &[a])
                .map(|(start, end)| (*a, start, end))
        });
        // 'the big contractors' before 'contractors'.
        let (actor, start, end) = found
            .filter(|&(_, _, end)| fits(end))
            .min_by_key(|&(_, start, end)| (start, usize::MAX - end))?;
        let proper = matches!(actor, "washington" | "brussels" | "congress" | "parliament");
        // In a brief of the other language the party is quoted, and stands as the sentence writes it.
        let quoted = self.outline.output_language != self.language;
        Some((
            if proper || quoted {
                line.text[start..end].to_string()
            } else {
                actor.to_string()
            },
            start,
            end,
        ))
    }

    fn is_heard(&self, actor: &str) -> bool {
        self.lines
            .iter()
            .any(|l| l.spoken && l.any(self.language, &[&actor.to_lowercase()]).is_some())
    }

    /// Figures without a source or a date.
    fn figures(&mut self, at: usize, weight: f32) {
        let line = &self.lines[at];
        let around = |back: usize, on: usize| {
            &self.lines[at.saturating_sub(back)..(at + on + 1).min(self.lines.len())]
        };
        let Some((figure, sort)) = telling(line) else {
            return;
        };
        // What a remedy or a rule asks for was not counted by anyone.
        if self.remedies.contains(&at) || self.has(line, cues::RULES).is_some() {
            return;
        }
        let span = fragment::amount(line.text, self.language, (figure.start, figure.end));
        let sourced = around(1, 1).iter().any(|l| l.sourced);
        let dated = around(2, 1).iter().any(|l| l.dated);
        let spoken = line.spoken;
        if !sourced && !spoken {
            let score = if matches!(sort, "share" | "times") {
                5.7
            } else {
                5.0
            };
            self.push(UnsourcedFigure, sort, at, span, "", score + weight);
        }
        if !dated && sort != "times" {
            let score = if matches!(sort, "share" | "money") {
                5.4
            } else {
                4.9
            };
            self.push(UndatedFigure, sort, at, span, "", score + weight);
        }
    }

    /// Figures that lost marks may have damaged.
    fn suspect_figures(&mut self, at: usize) {
        let line = &self.lines[at];
        for figure in line.figures.iter().filter(|f| !f.soft) {
            let share_of = self.language == Language::Ko
                && ["점유율", "비중", "가운데"]
                    .iter()
                    .any(|w| line.text.contains(w));
            if figure.unit == Unit::Share && figure.value > 100.0 && share_of {
                let span = fragment::amount(line.text, self.language, (figure.start, figure.end));
                self.push(SuspectFigure, "whole", at, span, "", 6.0);
            }
            if self.damaged
                && let Some(range) = lost_range(line.text, figure, self.language)
            {
                let span = fragment::amount(line.text, self.language, (figure.start, figure.end));
                if let Some(attack) = self.push(SuspectFigure, "range", at, span, "", 8.0) {
                    attack.number = range;
                }
            }
        }
        if self.damaged
            && let Some((span, joined)) = lost_comma(line.text)
        {
            let around = fragment::amount(line.text, self.language, span);
            if let Some(attack) = self.push(SuspectFigure, "thousands", at, around, "", 5.6) {
                attack.number = joined;
            }
        }
    }

    /// What is missing in all sentences of a challenge together.
    fn whole_block(&mut self) {
        let block = self.block.clone();
        let Some(&first) = block.first() else { return };
        let statistics = block.iter().filter(|&&at| self.has_statistic(at)).count();
        let figures = block
            .iter()
            .filter(|&&at| self.lines[at].figures.iter().any(|f| !f.soft))
            .count();
        if figures == 0 && block.len() >= 3 {
            let span = self.core(first);
            if let Some(attack) = self.push(MissingEvidence, "nonumber", first, span, "", 6.0) {
                attack.number = block.len().to_string();
            }
        }
        if statistics <= 1 {
            let case = block.iter().find_map(|&at| {
                self.has(&self.lines[at], cues::ANECDOTE)
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
    fn remedy(&mut self, places: &[usize]) {
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
        if let Some(span) = self.has(line, cues::SPENDING).filter(|_| !money && !costed) {
            let span = self.clause(at, span);
            self.push(OpenQuestion, "cost", at, span, "", 5.2);
        }
        if let Some(span) = self.has(line, cues::RULING) {
            let span = self.clause(at, span);
            self.push(OpenQuestion, "rule", at, span, "", 5.0);
        }
        if self.has(line, cues::DOERS).is_none() && !line.spoken {
            self.push(OpenQuestion, "who", at, core, "", 4.8);
        }
        if self.has(line, cues::DEADLINE).is_none() {
            self.push(OpenQuestion, "when", at, core, "", 4.6);
        }
        self.push(OpenQuestion, "enough", at, core, "", 4.0);
        if let Some((actor, start, end)) = self.actor_in(line)
            && !self.is_heard(&actor)
        {
            let span = self.clause(at, (start, end));
            if let Some(attack) = self.push(OneSided, "burden", at, span, "", 5.6) {
                attack.actor = actor;
            }
        }
    }

    fn missing_remedy(&mut self, index: usize) {
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
            Some((at, figure)) if !others || index % 2 == 0 => {
                let span = fragment::amount(self.lines[at].text, self.language, figure);
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
    fn thesis(&mut self) {
        let Some(thesis) = &self.outline.thesis else {
            return;
        };
        let Some(&at) = self.places(thesis.evidence.iter().copied()).first() else {
            return;
        };
        let countered = self
            .lines
            .iter()
            .any(|l| self.has(l, cues::COUNTERVIEW).is_some());
        let span = self.core(at);
        if !countered {
            self.push(OneSided, "thesis", at, span, "", 4.9);
        }
        // Any thesis without figure or source can be asked for its ground; the last resort of short articles.
        self.push(
            UnsupportedClaim,
            "bare",
            at,
            span,
            "",
            if self.has_statistic(at) || self.lines[at].sourced {
                2.0
            } else {
                4.2
            },
        );
    }

    /// Challenges the article leaves out although it names them, or asks for what they hold up.
    fn missing_challenges(&mut self) {
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
            let named = asked.iter().find_map(|&at| {
                self.lines[at]
                    .any(self.language, &[&label])
                    .map(|span| (at, span))
            });
            if let Some((at, span)) = named {
                let span = self.clause(at, span);
                self.missing(at, "named", span, thesis, 6.4);
            }
            let Some((key, ko, en)) = cues::BOTTLENECKS
                .iter()
                .find(|(key, ..)| *key == challenge.key)
            else {
                continue;
            };
            let held = self
                .remedies
                .iter()
                .find_map(|&at| self.has(&self.lines[at], (ko, en)).map(|span| (at, span)));
            if let Some((at, span)) = held {
                let span = self.clause(at, span);
                self.missing(at, key, span, thesis, 5.4);
            }
        }
    }

    fn missing(&mut self, at: usize, variant: &'static str, span: Span, thesis: u32, score: f32) {
        if let Some(attack) = self.push(MissingChallenge, variant, at, span, "", score)
            && attack.evidence[0] != thesis
        {
            attack.evidence.push(thesis);
        }
    }

    /// Questions towards the end that nothing after them answers.
    fn questions(&mut self) {
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

/// The figure of a line that tells most.
fn telling<'l>(line: &'l Line) -> Option<(&'l Figure, &'static str)> {
    let rank = |sort: &str| {
        ["share", "times", "money", "count", "measure"]
            .iter()
            .position(|s| *s == sort)
    };
    // 'the first half', 'a 200-amp service' and '5000기압' describe, they do not count.
    let counts = |f: &&Figure| {
        let after = &line.text[f.end..];
        let half =
            line.text[f.start..f.end].eq_ignore_ascii_case("half") && !after.starts_with(" of ");
        let small = matches!(f.unit, Unit::Measure(_))
            && line.text[f.start..f.end].starts_with("1")
            && f.end - f.start <= 4
            || matches!(f.unit, Unit::Measure(d) if !matches!(d, Dimension::Power | Dimension::Energy | Dimension::Mass));
        let multiple = [
            "as ", "more", "the ", "larger", "what ", "that ", "higher", "faster", "slower",
            "longer", "bigger", "its ",
        ];
        let often = f.unit == Unit::Times
            && line.text.is_ascii()
            && !multiple.iter().any(|w| after.trim_start().starts_with(w));
        let before = line.text[..f.start].trim_end();
        let aged = f.unit == Unit::Bare
            && f.value < 100.0
            && ["is", "are", "was", "aged", "past", "over", "turned"]
                .iter()
                .any(|w| before.ends_with(w));
        let coded = line.text[f.start..].starts_with('0') && f.unit == Unit::Bare;
        !half
            && !often
            && !coded
            && !aged
            && !after.starts_with('-')
            && !small
            && !line.text[f.start..f.end].ends_with("기압")
    };
    line.figures
        .iter()
        .filter(counts)
        .filter_map(|f| statistic(f).map(|sort| (f, sort)))
        .min_by_key(|(_, sort)| rank(sort))
}

/// The final consonant of a Hangul syllable by its number in the block, 0 for none or another script.
fn final_of(c: char) -> u32 {
    if ('\u{ac00}'..='\u{d7a3}').contains(&c) {
        (c as u32 - 0xAC00) % 28
    } else {
        0
    }
}

/// The place some words further on.
fn words_on(text: &str, from: usize, count: usize) -> usize {
    text[from..].match_indices(' ').nth(count).map_or(
        text.trim_end_matches(|c: char| !c.is_alphanumeric())
            .len()
            .max(from),
        |(i, _)| from + i,
    )
}

/// The start of the word some words back.
fn words_back(text: &str, from: usize, count: usize) -> usize {
    text[..from]
        .rmatch_indices(' ')
        .nth(count)
        .map_or(0, |(i, _)| i + 1)
}

/// '한 협력업체 대표': the voice with the title that follows it, without the particle.
fn titled(text: &str, start: usize, word_end: usize) -> String {
    const TITLES: [&str; 9] = [
        "대표",
        "사장",
        "관계자",
        "임원",
        "직원",
        "담당자",
        "교수",
        "기술자",
        "공무원",
    ];
    const PARTICLES: [&str; 10] = [
        "에게서",
        "에서는",
        "에서",
        "은",
        "는",
        "이",
        "가",
        "의",
        "도",
        "에게",
    ];
    let bare = |end: usize| {
        let word = text[start..end].trim_end_matches(|c: char| !c.is_alphanumeric());
        PARTICLES
            .iter()
            .find_map(|p| word.strip_suffix(p).filter(|w| w.chars().count() >= 2))
            .unwrap_or(word)
            .to_string()
    };
    let next = text[word_end..].trim_start();
    match TITLES
        .iter()
        .find(|t| next.starts_with(**t) && bare(word_end) == text[start..word_end])
    {
        Some(title) => format!("{} {title}", &text[start..word_end]),
        None => bare(word_end),
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

/// Verbs after a crowd that make it a voice.
const SAYING: &[&str] = &[
    "say", "said", "argue", "argued", "warn", "warned", "reply", "replied", "fear", "point",
    "call", "insist", "complain", "think", "believe", "expect", "reckon", "like",
];

/// Universal words that more often describe than claim.
const MILD: &[&str] = &[
    "every", "all of", "all the", "nothing", "never", "anyone", "Every", "Never",
];

/// Titles that name who said it.
const TITLED: &[&str] = &[
    " 대표", " 교수", " 씨", " 박사", " 장관", " 의원", " 사장", " 회장", " 소장", " 원장", "그는",
    "그가", "그녀",
];

/// Whether most sentences have lost their final marks.
fn damaged(lines: &[Line]) -> bool {
    let bare = lines
        .iter()
        .filter(|l| l.text.ends_with(|c: char| c.is_alphanumeric()))
        .count();
    bare * 10 > lines.len() * 6
}

/// '23년' where a length of time is told may have been '2~3년'.
fn lost_range(text: &str, figure: &Figure, language: Language) -> Option<String> {
    let spelled = &text[figure.start..figure.end];
    let bytes = spelled.as_bytes();
    let [a, b, rest @ ..] = bytes else {
        return None;
    };
    let pair = (b'2'..=b'8').contains(a)
        && *b == a + 1
        && !rest
            .first()
            .is_some_and(|c| c.is_ascii_digit() || matches!(c, b'.' | b','));
    let timed = matches!(figure.unit, Unit::Months | Unit::Days) && figure.value.fract() == 0.0;
    let after: String = text[figure.end..].trim_start().chars().take(8).collect();
    let lasts = match language {
        Language::Ko => [
            "걸", "안에", "내", "뒤", "이상", "정도", "만에", "동안", "은", "씩", "후",
        ]
        .iter()
        .any(|w| after.starts_with(w)),
        Language::En => {
            ["to ", "or ", "at ", "before", "late"]
                .iter()
                .any(|w| after.starts_with(w))
                || ["takes", "take", "within", "in", "took"]
                    .iter()
                    .any(|w| text[..figure.start].trim_end().ends_with(w))
        }
    };
    (pair && timed && lasts).then(|| format!("{}~{}", *a as char, &spelled[1..]))
}

/// '1 312': digits in groups of three with a blank where a comma was.
fn lost_comma(text: &str) -> Option<(Span, String)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(blank) = text[at..].find(' ').map(|b| b + at) {
        at = blank + 1;
        let before = bytes[..blank]
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_digit())
            .count();
        let after = bytes[blank + 1..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        let start = blank - before;
        // '0.5 300' and 'A1 300' are no groups.
        let opens = start == 0 || matches!(bytes[start - 1], b' ' | b'$');
        if (1..=3).contains(&before) && after == 3 && opens {
            return Some((
                (start, blank + 4),
                format!("{},{}", &text[start..blank], &text[blank + 1..blank + 4]),
            ));
        }
    }
    None
}
