//! Objections to figures: without a source, without a date, or damaged where marks were lost.

use super::Finder;
use crate::brief::CritiqueKind::*;
use crate::facts::figures::Figure;
use crate::facts::{Dimension, Unit};
use crate::language::Language;
use crate::language::script::is_letter;
use crate::outline::critique::annotate::{Annotated, statistic};
use crate::outline::critique::cues::{LASTS, LASTS_BEFORE, WHOLE_SHARE};
use crate::outline::critique::rules::Span;

impl Finder<'_> {
    /// Figures without a source or a date.
    pub(super) fn figures(&mut self, at: usize, weight: f32) {
        let line = &self.lines[at];
        let around = |back: usize, on: usize| {
            &self.lines[at.saturating_sub(back)..(at + on + 1).min(self.lines.len())]
        };
        let Some((figure, sort)) = telling(line) else {
            return;
        };
        // What a remedy or a rule asks for was not counted by anyone.
        if self.remedies.contains(&at) || line.first(&self.cues.rules).is_some() {
            return;
        }
        let span = self.rules.amount(line.text, (figure.start, figure.end));
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
    pub(super) fn suspect_figures(&mut self, at: usize) {
        let line = &self.lines[at];
        for figure in line.figures.iter().filter(|f| !f.soft) {
            let mut wholes = WHOLE_SHARE[self.language].iter();
            let share_of = wholes.any(|w| line.text.contains(w));
            if figure.unit == Unit::Share && figure.value > 100.0 && share_of {
                let span = self.rules.amount(line.text, (figure.start, figure.end));
                self.push(SuspectFigure, "whole", at, span, "", 6.0);
            }
            if self.damaged
                && let Some(range) = lost_range(line.text, figure, self.language)
            {
                let span = self.rules.amount(line.text, (figure.start, figure.end));
                if let Some(objection) = self.push(SuspectFigure, "range", at, span, "", 8.0) {
                    objection.number = range;
                }
            }
        }
        if self.damaged
            && let Some((span, joined)) = lost_comma(line.text)
        {
            let around = self.rules.amount(line.text, span);
            if let Some(objection) = self.push(SuspectFigure, "thousands", at, around, "", 5.6) {
                objection.number = joined;
            }
        }
    }
}

/// The figure of a line that tells most.
pub(super) fn telling<'l>(line: &'l Annotated) -> Option<(&'l Figure, &'static str)> {
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

/// Tells whether most sentences have lost their final marks.
pub(super) fn damaged(lines: &[Annotated]) -> bool {
    let bare = lines.iter().filter(|l| l.text.ends_with(is_letter)).count();
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
    let before = text[..figure.start].trim_end();
    let lasts = LASTS[language].iter().any(|w| after.starts_with(w))
        || LASTS_BEFORE[language].iter().any(|w| before.ends_with(w));
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
