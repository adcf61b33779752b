//! Attacks on what a sentence claims: words stronger, amounts looser than what carries them.

use super::{Finder, Line};
use crate::article::{Language, is_letter};
use crate::brief::CritiqueKind::*;
use crate::language::hangul::{FINAL_L, FINAL_SS, final_of};
use crate::outline::critique::cues;

impl Finder<'_> {
    /// Strong words that no figure, source or case carries, in the sentence or the next.
    pub(super) fn strong_claims(&mut self, at: usize, weight: f32) {
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
                    .any(|c| c != '있' && c != '겠' && final_of(c) == FINAL_SS)
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
        before.is_some_and(|c| final_of(c) == FINAL_L)
    }

    /// The cue as a word of the article: without the particle, whole where the cue is its beginning.
    fn word_at(&self, text: &str, start: usize, end: usize, variant: &str) -> String {
        let cue = &text[start..end];
        if self.language == Language::En || !cue.starts_with(is_letter) {
            return cue.to_string();
        }
        match variant {
            "exclusive" if cue.starts_with("뿐") => "뿐".into(),
            "exclusive" if cue.starts_with("밖에") => "밖에 없다".into(),
            "exclusive" if cue.starts_with("수밖에") => "수밖에 없다".into(),
            _ => {
                let word = text[start..]
                    .split(|c: char| !is_letter(c))
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
    pub(super) fn loose_amounts(&mut self, at: usize, weight: f32) {
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
}

/// The place some words further on.
fn words_on(text: &str, from: usize, count: usize) -> usize {
    text[from..].match_indices(' ').nth(count).map_or(
        text.trim_end_matches(|c: char| !is_letter(c))
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

/// Universal words that more often describe than claim.
const MILD: &[&str] = &[
    "every", "all of", "all the", "nothing", "never", "anyone", "Every", "Never",
];
