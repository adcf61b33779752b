//! Objections to what a sentence claims: words stronger, amounts looser than what carries them.

use super::Finder;
use crate::brief::CritiqueKind::*;
use crate::language::script::is_letter;
use crate::outline::critique::cues::MILD;

/// From here on, letters have no capitals: the first syllable of Hangul, and what follows it in Unicode.
const FIRST_WORDED: char = '가';

impl Finder<'_> {
    /// Objects to strong words that no figure, source or case carries, in the sentence or the next.
    pub(super) fn strong_claims(&mut self, at: usize, weight: f32) {
        let line = &self.lines[at];
        let carried =
            line.statistics().next().is_some() || line.sourced || line.spoken || line.asks;
        if carried || self.has_statistic(at + 1) {
            return;
        }
        for (variant, start, end) in line.variants(&self.cues.strong) {
            if variant == "forecast" && !self.rules.is_forecast(line.text, start) {
                continue;
            }
            let word = self.rules.cue_word(line.text, (start, end), variant);
            let score = self.claim_score(variant, &word, start);
            // A contrast is nothing without what is put in the other's place.
            let place = match variant {
                "contrast" => (words_back(line.text, start, 2), words_on(line.text, end, 3)),
                _ => (start, end),
            };
            let span = self.clause(at, place);
            self.push(UnsupportedClaim, variant, at, span, &word, score + weight);
        }
        self.bare_claim(at, weight);
    }

    fn claim_score(&self, variant: &str, word: &str, start: usize) -> f32 {
        /// A word this near the start of its sentence governs it.
        const NEAR_START: usize = 3;
        match variant {
            "exclusive" | "superlative" => 5.8,
            "universal" if start > NEAR_START && MILD[self.language].has(word) => 4.2,
            "universal" => 5.6,
            "contrast" => 4.9,
            "causal" => 5.2,
            _ => 5.0,
        }
    }

    /// Objects to the first sentence of a part for claiming something at all; a heading claims nothing.
    fn bare_claim(&mut self, at: usize, weight: f32) {
        let line = &self.lines[at];
        let worded = |c: char| c.is_lowercase() || c >= FIRST_WORDED;
        let says = weight > 0.0 && self.tells(at) && line.text.chars().any(worded);
        if says && line.variant(&self.cues.strong).is_none() {
            let span = self.core(at);
            self.push(UnsupportedClaim, "bare", at, span, "", 3.6 + weight);
        }
    }

    /// Amounts, changes and comparisons without a number.
    pub(super) fn loose_amounts(&mut self, at: usize, weight: f32) {
        let line = &self.lines[at];
        if self.remedies.contains(&at) || line.statistics().next().is_some() || line.asks {
            return;
        }
        for (variant, start, end) in line.variants(&self.cues.amount) {
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
            let word = self.rules.cue_word(line.text, (start, end), variant);
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
