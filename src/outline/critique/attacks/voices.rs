//! Attacks on who speaks and who does not: unnamed and interested voices, parties charged and not heard.

use super::{Finder, Line};
use crate::article::{Language, is_letter};
use crate::brief::CritiqueKind::*;
use crate::outline::critique::cues;
use crate::outline::critique::fragment::{self, Span};

impl Finder<'_> {
    /// Voices that are unnamed, second-hand or interested.
    pub(super) fn voices(&mut self, at: usize, weight: f32) {
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
                && !text[..start].ends_with(is_letter);
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
            from += rest.len() - rest.trim_start_matches(|c: char| !is_letter(c)).len();
            let word = text[from..]
                .split(|c: char| !is_letter(c))
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
    pub(super) fn speech(&self, at: usize) -> Span {
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
    pub(super) fn actors(&mut self, at: usize, weight: f32) {
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

    pub(super) fn actor_in(&self, line: &Line) -> Option<(String, usize, usize)> {
        let fits = |end: usize| {
            let rest = line.text[end..]
                .split(|c: char| !is_letter(c))
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

    pub(super) fn is_heard(&self, actor: &str) -> bool {
        self.lines
            .iter()
            .any(|l| l.spoken && l.any(self.language, &[&actor.to_lowercase()]).is_some())
    }
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
        let word = text[start..end].trim_end_matches(|c: char| !is_letter(c));
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

/// Verbs after a crowd that make it a voice.
#[rustfmt::skip]
const SAYING: &[&str] = &[
    "say", "said", "argue", "argued", "warn", "warned", "reply", "replied", "fear", "point",
    "call", "insist", "complain", "think", "believe", "expect", "reckon", "like",
];

/// Titles that name who said it.
#[rustfmt::skip]
const TITLED: &[&str] = &[
    " 대표", " 교수", " 씨", " 박사", " 장관", " 의원", " 사장", " 회장", " 소장", " 원장", "그는",
    "그가", "그녀",
];
