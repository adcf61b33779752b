//! Objections to who speaks and who does not: unnamed and interested voices, parties charged and not heard.

use super::Finder;
use crate::brief::CritiqueKind::*;
use crate::language::script::{is_letter, letters};
use crate::outline::critique::annotate::Annotated;
use crate::outline::critique::cues::{
    ACTOR_PARTICLE, AUTHOR, HEARSAY_VERB, PROPER_ACTOR, SAYING, SPEECH_LEAD, SPEECH_VERB, TITLED,
};
use crate::outline::critique::fragment;
use crate::outline::critique::rules::Span;

/// Fewer letters behind a voice say nothing.
const FEWEST_LETTERS: usize = 8;
/// A verb of saying with a name behind it closes what was said where so many words stand before.
const SPEECH_BEFORE_VERB: usize = 5;

impl Finder<'_> {
    /// Objects to voices that are unnamed, second-hand or interested.
    pub(super) fn voices(&mut self, at: usize, weight: f32) {
        let line = &self.lines[at];
        if let Some((variant, start, end)) = line.variant(&self.cues.voice) {
            if !self.is_voice(line, variant, (start, end)) {
                return;
            }
            let score = match variant {
                "anonymous" => 6.2,
                "study" => 6.0,
                "collective" => 5.6,
                _ => 5.0,
            };
            let (word, span) = self.voiced(at, variant, (start, end));
            self.push(WeakSource, variant, at, span, &word, score + weight);
        }
        if line.spoken && line.first(&self.cues.interested).is_some() {
            let span = self.speech(at);
            self.push(WeakSource, "interested", at, span, "", 5.2 + weight);
        }
    }

    /// Returns whether a voice that a cue tells is one: who is named elsewhere, or says nothing, is none.
    fn is_voice(&self, line: &Annotated, variant: &str, (start, end): Span) -> bool {
        let (text, behind) = (line.text, line.text[end..].trim_start());
        match variant {
            "hearsay" => {
                let named = TITLED[self.language].iter().any(|t| text.contains(t));
                let mut verbs = HEARSAY_VERB[self.language].iter();
                let verb = verbs.any(|verb| text[start..].starts_with(verb))
                    && !text[..start].ends_with(is_letter);
                !named && !verb
            }
            // 'A poll by …' names its author.
            "study" => !AUTHOR[self.language].iter().any(|w| behind.starts_with(w)),
            "collective" => {
                let saying = &SAYING[self.language];
                let says = || saying.has(behind.split(' ').next().unwrap_or(""));
                saying.is_empty() || text[start..end].contains(' ') || says()
            }
            _ => line.spoken,
        }
    }

    /// Returns the voice as the article names it, and what it says.
    fn voiced(&self, at: usize, variant: &str, (start, end): Span) -> (String, Span) {
        let text = self.lines[at].text;
        if variant == "hearsay" {
            let span = self.rules.hearsay(text, (start, end));
            let span = span.unwrap_or_else(|| self.after(at, end));
            return (text[start..end].to_string(), span);
        }
        let word = self.rules.voice_name(text, (start, end));
        if text.contains('“') {
            return (word, self.speech(at));
        }
        let word_end = text[end..].find(' ').map_or(text.len(), |i| end + i);
        (word, self.after(at, word_end))
    }

    /// Returns what a sentence says from a place on; what it comes down to where too little follows.
    fn after(&self, at: usize, from: usize) -> Span {
        let text = self.lines[at].text;
        let mut from = from;
        loop {
            let rest = &text[from..];
            from += rest.len() - rest.trim_start_matches(|c: char| !is_letter(c)).len();
            let word = text[from..].split(|c: char| !is_letter(c)).next();
            let word = word.unwrap_or("");
            // 'said that' belongs to the voice.
            if !SAYING[self.language].has(word) && !SPEECH_LEAD[self.language].has(word) {
                break;
            }
            from += word.len();
        }
        if letters(&text[from..]) < FEWEST_LETTERS {
            return self.core(at);
        }
        let first = text[from..].chars().next().map_or(1, char::len_utf8);
        let span = fragment::clause(&text[from..], self.rules, (0, first));
        (from + span.0, from + span.1)
    }

    /// Returns what somebody says: the first sentence in quotation marks, what follows the verb, or what the line comes down to.
    pub(super) fn speech(&self, at: usize) -> Span {
        let text = self.lines[at].text;
        let Some(open) = text.find(['“', '"']) else {
            return self.unmarked_speech(at);
        };
        let from = open + text[open..].chars().next().map_or(1, char::len_utf8);
        let rest = &text[from..];
        if rest.is_empty() {
            return self.clause(at, (0, 1));
        }
        let end = from + rest.find(['”', '"', '.', '?', '!']).unwrap_or(rest.len());
        self.clause(at, self.rules.place_in_quote(text, (from, end)))
    }

    fn unmarked_speech(&self, at: usize) -> Span {
        let text = self.lines[at].text;
        let mut verbs = SPEECH_VERB[self.language].iter();
        let Some(from) = verbs.find_map(|v| text.find(v).map(|i| i + v.len())) else {
            return self.core(at);
        };
        // '… says Dr. X, who runs the place'
        let named = text[from..].starts_with(char::is_uppercase);
        if named && text[..from].split(' ').count() > SPEECH_BEFORE_VERB {
            let until = text[..from].trim_end().rfind(' ').unwrap_or(from);
            return fragment::clause(&text[..until], self.rules, (0, 1.min(until)));
        }
        self.after(at, from)
    }

    /// Objects where a party is charged with something and is heard nowhere.
    pub(super) fn actors(&mut self, at: usize, weight: f32) {
        let line = &self.lines[at];
        let Some((actor, (start, end))) = self.actor_in(line) else {
            return;
        };
        let charge = line.first(&self.cues.charge);
        let Some((from, to)) = charge.filter(|c| c.0 >= end) else {
            return;
        };
        if self.is_heard(&actor) {
            return;
        }
        let near = self.clause(at, (start, end));
        let span = match near.1 >= to {
            true => near,
            false => self.clause(at, (from, to)),
        };
        if span.0 > start || span.1 < end {
            return;
        }
        let score = 6.2;
        if let Some(objection) = self.push(OneSided, "actor", at, span, "", score + weight) {
            objection.actor = actor;
        }
    }

    /// Returns the party that acts in a sentence, by its name and place.
    pub(super) fn actor_in(&self, line: &Annotated) -> Option<(String, Span)> {
        let particles = &ACTOR_PARTICLE[self.language];
        let fits = |end: usize| {
            let rest = line.text[end..].split(|c: char| !is_letter(c)).next();
            particles.is_empty() || particles.has(rest.unwrap_or(""))
        };
        // 'The big contractors' before 'contractors'.
        let found = line.each(&self.cues.actors);
        let (actor, (start, end)) = found
            .filter(|&(_, (_, end))| fits(end))
            .min_by_key(|&(_, (start, end))| (start, usize::MAX - end))?;
        let proper = PROPER_ACTOR[self.language].has(actor);
        // In a brief of the other language the party is quoted, and stands as the sentence writes it.
        let quoted = self.outline.output_language != self.language;
        let name = match proper || quoted {
            true => &line.text[start..end],
            false => actor,
        };
        Some((name.to_string(), (start, end)))
    }

    pub(super) fn is_heard(&self, actor: &str) -> bool {
        let actor = actor.to_lowercase();
        let mut spoken = self.lines.iter().filter(|l| l.spoken);
        spoken.any(|l| l.find_word(&actor).is_some())
    }
}
