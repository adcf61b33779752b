//! The scene: what the rules want to know of each sentence before they attack any.
//!
//! In:  `Article`. Out: one `Line` per sentence with its words, figures and marks. Looks, never judges.

use super::cues::{self, Cues};
use crate::article::{Article, Language};
use crate::verify::Unit;
use crate::verify::figures::{Figure, figures};

/// A sentence as the rules see it.
pub struct Line<'a> {
    pub id: u32,
    pub text: &'a str,
    /// The text in lower case, byte for byte.
    lower: String,
    pub figures: Vec<Figure>,
    /// Says who counted or said it.
    pub sourced: bool,
    /// Says when.
    pub dated: bool,
    /// Gives somebody's words.
    pub spoken: bool,
    /// Asks.
    pub asks: bool,
}

impl Line<'_> {
    /// Figures that state an amount, not a date, a place in an order or a small count.
    pub fn statistics(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(|f| statistic(f).is_some())
    }

    /// The first cue of a table that stands in the sentence: its variant and place.
    pub fn cue(&self, language: Language, table: Cues) -> Option<(&'static str, usize, usize)> {
        table.iter().find_map(|(variant, words)| {
            words
                .iter()
                .find_map(|w| self.find(language, w))
                .map(|(start, end)| (*variant, start, end))
        })
    }

    /// Every variant of a table that stands in the sentence, the first place of each.
    pub fn cues(&self, language: Language, table: Cues) -> Vec<(&'static str, usize, usize)> {
        let first = |words: &[&str]| words.iter().filter_map(|w| self.find(language, w)).min();
        table
            .iter()
            .filter_map(|(variant, words)| first(words).map(|(start, end)| (*variant, start, end)))
            .collect()
    }

    /// The first of some words that stands in the sentence.
    pub fn any(&self, language: Language, words: &[&str]) -> Option<(usize, usize)> {
        words.iter().find_map(|w| self.find(language, w))
    }

    fn find(&self, language: Language, cue: &str) -> Option<(usize, usize)> {
        match language {
            Language::Ko => find_korean(self.text, cue),
            Language::En => find_english(&self.lower, cue),
        }
    }
}

/// The sort of amount a figure states; none for dates, ranks and small counts.
pub fn statistic(figure: &Figure) -> Option<&'static str> {
    const SMALL_COUNT: f64 = 20.0;
    /// Smaller bare numbers are ages, pages and distances more often than counts.
    const SMALL_BARE: f64 = 40.0;
    if figure.soft {
        return None;
    }
    match figure.unit {
        Unit::Share | Unit::Point => Some("share"),
        Unit::Money(_) => Some("money"),
        Unit::Times => Some("times"),
        Unit::Measure(_) => Some("measure"),
        Unit::Count if figure.value >= SMALL_COUNT => Some("count"),
        Unit::Bare if figure.value >= SMALL_BARE && !(1900.0..=2100.0).contains(&figure.value) => {
            Some("count")
        }
        _ => None,
    }
}

/// Looks at every sentence once.
pub fn lines(article: &Article) -> Vec<Line<'_>> {
    let language = article.language;
    let of = |pair: (&'static [&'static str], &'static [&'static str])| {
        if language == Language::Ko {
            pair.0
        } else {
            pair.1
        }
    };
    let mut lines: Vec<Line> = Vec::with_capacity(article.sentences.len());
    for sentence in &article.sentences {
        let text = sentence.text.as_str();
        let mut line = Line {
            id: sentence.id,
            text,
            lower: text.to_ascii_lowercase(),
            figures: figures(text),
            sourced: false,
            dated: false,
            spoken: false,
            asks: asks(text, language),
        };
        line.sourced = line.any(language, of(cues::SOURCED)).is_some();
        line.spoken = line.any(language, of(cues::SPEECH)).is_some();
        line.dated =
            line.any(language, of(cues::DATED)).is_some() || line.figures.iter().any(dates);
        lines.push(line);
    }
    lines
}

fn dates(figure: &Figure) -> bool {
    matches!(figure.unit, Unit::Year | Unit::Month)
        || figure.unit == Unit::Bare
            && figure.value.fract() == 0.0
            && (1900.0..=2100.0).contains(&figure.value)
}

/// A question, by its mark or, where marks were lost, by its ending or opening.
fn asks(text: &str, language: Language) -> bool {
    let end = text.trim_end_matches(['”', '"', '’', ' ', ')']);
    if end.ends_with('?') {
        return true;
    }
    if end.ends_with(['.', '!', '…']) {
        return false;
    }
    match language {
        Language::Ko => end.rsplit(' ').next().is_some_and(|w| {
            cues::ASKING
                .0
                .iter()
                .any(|a| w.len() > a.len() && w.ends_with(a))
        }),
        Language::En => {
            let first = text.split(' ').next().unwrap_or("").to_ascii_lowercase();
            // 'When the fire came' and 'What they want is' open statements as often as questions.
            matches!(
                first.as_str(),
                "why"
                    | "who"
                    | "how"
                    | "whose"
                    | "is"
                    | "are"
                    | "do"
                    | "does"
                    | "can"
                    | "could"
                    | "should"
            ) && !text.contains(" is ") | first.starts_with("wh")
                && text.split(' ').count() <= 14
        }
    }
}

fn find_korean(text: &str, cue: &str) -> Option<(usize, usize)> {
    if let Some(inside) = cue.strip_prefix('*') {
        let at = text.find(inside)?;
        return Some((at, at + inside.trim_end().len()));
    }
    let mut from = 0;
    while let Some(at) = text[from..].find(cue).map(|a| a + from) {
        let opens = text[..at]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric());
        if opens {
            return Some((at, at + cue.trim_end().len()));
        }
        from = at + cue.len();
    }
    None
}

fn find_english(lower: &str, cue: &str) -> Option<(usize, usize)> {
    let (word, open) = cue.strip_suffix('*').map_or((cue, false), |w| (w, true));
    let mut from = 0;
    while let Some(at) = lower[from..].find(word).map(|a| a + from) {
        let end = at + word.len();
        let starts = lower[..at]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric());
        let ends = lower[end..]
            .chars()
            .next()
            .is_none_or(|c| !c.is_alphanumeric() && c != '’' && c != '\'');
        if starts && (ends || open) {
            let tail = if open {
                lower[end..]
                    .find(|c: char| !c.is_alphanumeric())
                    .unwrap_or(lower.len() - end)
            } else {
                0
            };
            return Some((at, end + tail));
        }
        from = end;
    }
    None
}
