//! Claims: what one sentence of an article says, as far as rules can compare it with another's.
//!
//! In:  a quoted sentence. Out: its content words, figures and stances, and how two such sentences stand to each other.
//! Where rules cannot tell, they say nothing: most pairs of sentences neither agree nor disagree.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Quote;
use super::stance::{Answer, NEED, Stance, answers, denies, stances};
use super::words::{ComparedWord, words};
use crate::facts::Unit;
use crate::facts::figures::{Figure, figures};
use crate::language::{Language, PerLanguage};

/// Shared content words without which nothing else counts: a shared figure or direction alone is chance.
const SHARED_FEW: usize = 2;
/// Shared content words that may say the same by themselves.
const SHARED_MANY: usize = 4;
/// Figures closer than this tell the same thing, rounded.
const ROUNDED: f64 = 0.05;

/// The part of the shorter sentence's words that must be shared where nothing else says the same.
const SHARED_PART: PerLanguage<(usize, usize)> = PerLanguage {
    ko: (1, 2),
    en: (2, 3),
};
/// Says whether the last content word is the predicate.
const PREDICATE_LAST: PerLanguage<bool> = PerLanguage {
    ko: true,
    en: false,
};

/// A sentence of one article about one challenge.
#[derive(Debug)]
pub struct Claim<'a> {
    /// The index of its row.
    pub row: usize,
    /// The sentence.
    pub quote: &'a Quote,
    /// Keys of its content words, ascending, each once.
    pub keys: Vec<u32>,
    /// A hash of its letters: two sentences that differ in marks alone are one.
    pub wording: u64,
    /// The key of its last content word: in Korean the predicate, where the sentence reports nobody's words.
    last: Option<u32>,
    language: Language,
    figures: Vec<Figure>,
    stances: Vec<Stance>,
    denies: bool,
}

/// On what two sentences were found to disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Opposition {
    /// They point in opposite directions: rising and falling, enough and short.
    Direction,
    /// They give different figures for what reads as the same thing.
    Figures,
    /// One denies what the other says in nearly the same words.
    Denial,
}

/// Says how two sentences stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// They say the same.
    Agree,
    /// They do not both hold, or not of the same thing.
    Oppose(Opposition),
    /// The same words: one text printed twice, no second voice.
    Same,
    /// It cannot be told.
    Unclear,
}

impl<'a> Claim<'a> {
    /// Reads a sentence of the row at `row`.
    pub fn of(row: usize, language: Language, quote: &'a Quote) -> Claim<'a> {
        let words = words(&quote.text, language);
        let answers = words.iter().map(|word| answers(&word.lower, language));
        let answers: Vec<Vec<Answer>> = answers.collect();
        // A cue says in which direction, not of what: that both call something high makes them share nothing.
        let content = words.iter().zip(&answers);
        let mut keys: Vec<u32> = content
            .filter(|(_, answers)| answers.is_empty())
            .filter_map(|(word, _)| word.key)
            .collect();
        keys.sort_unstable();
        keys.dedup();
        Claim {
            row,
            quote,
            keys,
            wording: wording(&words),
            last: words.iter().rev().find_map(|word| word.key),
            language,
            figures: figures(&quote.text).into_iter().filter(measures).collect(),
            stances: stances(&words, &answers, language),
            denies: denies(&words, language),
        }
    }

    /// Returns how this sentence and another stand to each other.
    pub fn relation(&self, other: &Claim<'_>) -> Relation {
        if self.language != other.language {
            return Relation::Unclear;
        }
        let shared = shared(&self.keys, &other.keys);
        let shorter = self.keys.len().min(other.keys.len());
        if self.wording == other.wording {
            return Relation::Same;
        }
        if shared < SHARED_FEW || 3 * shared < shorter {
            return Relation::Unclear;
        }
        let half = 2 * shared >= shorter;
        if let Some(opposition) = self.opposition(other, shared, half) {
            return Relation::Oppose(opposition);
        }
        let stated = |a: &Figure| other.figures.iter().any(|b| a.same(b));
        let same_figure = || self.figures.iter().any(stated);
        let same_way = || {
            self.both(other)
                .any(|(a, b)| a.yes == b.yes && (a.axis != NEED || shared > SHARED_FEW && half))
        };
        match self.alike(other, shared, shorter) || same_way() || same_figure() {
            true => Relation::Agree,
            false => Relation::Unclear,
        }
    }

    /// Returns whether the shared words alone say the same: many of them, and the predicate. English has no place for it, so
    /// there they must be two thirds. ('환경 영향 평가' and '허가 서류' are shared by sentences that say quite different things.)
    fn alike(&self, other: &Claim<'_>, shared: usize, shorter: usize) -> bool {
        let (part, whole) = SHARED_PART[self.language];
        let said = whole * shared >= part * shorter
            && (!PREDICATE_LAST[self.language] || self.last == other.last);
        shared >= SHARED_MANY && said && self.denies == other.denies
    }

    fn opposition(&self, other: &Claim<'_>, shared: usize, half: bool) -> Option<Opposition> {
        if self.both(other).any(|(a, b)| a.yes != b.yes) {
            return Some(Opposition::Direction);
        }
        let many = shared >= SHARED_MANY && half;
        if many && self.denies != other.denies {
            return Some(Opposition::Denial);
        }
        if let ([a], [b]) = (&self.figures[..], &other.figures[..])
            && shared > SHARED_FEW
            && half
            && a.unit == b.unit
            && (a.value - b.value).abs() > ROUNDED * a.value.abs().max(b.value.abs())
        {
            return Some(Opposition::Figures);
        }
        None
    }

    /// Returns stances of both on the same question about the same thing.
    fn both<'b>(&'b self, other: &'b Claim<'_>) -> impl Iterator<Item = (&'b Stance, &'b Stance)> {
        self.stances.iter().flat_map(move |a| {
            let same = move |b: &&Stance| a.axis == b.axis && shared(&a.about, &b.about) > 0;
            other.stances.iter().filter(same).map(move |b| (a, b))
        })
    }
}

fn wording(words: &[ComparedWord<'_>]) -> u64 {
    let mut hasher = FxHasher::default();
    words.iter().for_each(|word| word.lower.hash(&mut hasher));
    hasher.finish()
}

/// Tells whether a figure measures something; years and dates only place it in time.
fn measures(figure: &Figure) -> bool {
    let placed = matches!(
        figure.unit,
        Unit::Bare | Unit::Year | Unit::Month | Unit::Day | Unit::Clock | Unit::Ordinal
    );
    !figure.soft && !placed
}

/// Returns how many elements two ascending lists share.
fn shared(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        count += usize::from(a[i] == b[j]);
        (i, j) = (i + usize::from(a[i] <= b[j]), j + usize::from(b[j] <= a[i]));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, expected: Relation) {
        let language = if a.is_ascii() {
            Language::En
        } else {
            Language::Ko
        };
        let quote = |text: &str| Quote {
            sentence: 1,
            text: text.to_string(),
            cut: false,
        };
        let (a, b) = (quote(a), quote(b));
        let claims = (Claim::of(0, language, &a), Claim::of(1, language, &b));
        assert_eq!(
            claims.0.relation(&claims.1),
            expected,
            "{} / {}",
            a.text,
            b.text
        );
        assert_eq!(
            claims.1.relation(&claims.0),
            expected,
            "{} / {}",
            b.text,
            a.text
        );
    }

    #[test]
    fn sentences_that_point_the_same_way_agree() {
        check(
            "The Orvale plant is short of welders.",
            "Welders are scarce at the plant in Orvale.",
            Relation::Agree,
        );
        check(
            "새 공장의 용접 인력이 크게 부족하다.",
            "공장에는 용접 인력이 모자란다고 조합은 말했다.",
            Relation::Agree,
        );
    }

    #[test]
    fn sentences_with_the_same_figure_about_the_same_thing_agree() {
        check(
            "The Orvale plant will draw 300 MW at full load.",
            "Three hundred megawatts is what the plant at Orvale asks for.",
            Relation::Agree,
        );
    }

    #[test]
    fn opposite_directions_oppose() {
        let direction = Relation::Oppose(Opposition::Direction);
        check(
            "The Orvale plant is short of welders.",
            "There are enough welders for the Orvale plant.",
            direction,
        );
        check(
            "주민들은 공장 허가 규제를 더 강화해야 한다고 요구했다.",
            "공장 허가 규제를 완화해야 한다는 말이 나왔다.",
            direction,
        );
        check(
            "지역의 전력 수요는 해마다 늘었다.",
            "지역 전력 수요가 오히려 줄었다.",
            direction,
        );
        check(
            "The permit rules must be relaxed for the plant.",
            "The permit rules for the plant must be tightened.",
            direction,
        );
    }

    #[test]
    fn other_figures_for_the_same_thing_oppose() {
        check(
            "The Orvale plant will draw 300 MW at full load.",
            "At full load the Orvale plant will draw 450 MW.",
            Relation::Oppose(Opposition::Figures),
        );
        check(
            "공장은 전력 300MW를 쓸 것으로 보인다.",
            "공장은 전력 450MW를 쓸 것으로 보인다.",
            Relation::Oppose(Opposition::Figures),
        );
    }

    #[test]
    fn what_cannot_be_told_is_not_told() {
        check(
            "The plant in Orvale makes glass.",
            "Prices rose in Sundholm last spring.",
            Relation::Unclear,
        );
        check(
            "Power prices in Orvale rose.",
            "The number of schools in Orvale fell.",
            Relation::Unclear,
        );
        check(
            "공장은 유리를 만든다.",
            "봄에 값이 올랐다.",
            Relation::Unclear,
        );
    }

    #[test]
    fn the_same_words_are_one_voice() {
        check(
            "The plant is short of welders.",
            "the plant is short of welders",
            Relation::Same,
        );
    }
}
