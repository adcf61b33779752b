//! The scene: what the rules want to know of each sentence before they attack any.
//!
//! In:  `Article`. Out: one `Line` per sentence with its words, figures and marks. Looks, never judges.

use std::borrow::Cow;

use super::cues::{self, Cues};
use crate::article::{Article, Language, is_letter};
use crate::letters::Letters;
use crate::verify::Unit;
use crate::verify::figures::{Figure, figures};

/// A sentence as the rules see it.
pub struct Line<'a> {
    pub id: u32,
    pub text: &'a str,
    /// What cues are looked up in: English in lower case, byte for byte.
    folded: Cow<'a, str>,
    /// Places a cue may begin at, those behind no letter, and what stands there.
    openings: Vec<(usize, char)>,
    /// The letters at the openings.
    opening_letters: Letters,
    /// All letters.
    letters: Letters,
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
            Language::Ko => self.find_korean(cue),
            Language::En => self.find_english(cue),
        }
    }

    fn find_korean(&self, cue: &str) -> Option<(usize, usize)> {
        let Some(inside) = cue.strip_prefix('*') else {
            let at = self.places(cue).next()?;
            return Some((at, at + cue.trim_end().len()));
        };
        let may_stand = inside.chars().all(|c| self.letters.may_hold(c));
        let at = may_stand.then(|| self.folded.find(inside)).flatten()?;
        Some((at, at + inside.trim_end().len()))
    }

    fn find_english(&self, cue: &str) -> Option<(usize, usize)> {
        let (word, open) = cue.strip_suffix('*').map_or((cue, false), |w| (w, true));
        self.places(word).find_map(|at| {
            let end = at + word.len();
            let rest = &self.folded[end..];
            let ends = !rest.starts_with(|c| is_letter(c) || c == '’' || c == '\'');
            let tail = || rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
            match open {
                true => Some((at, end + tail())),
                false => ends.then_some((at, end)),
            }
        })
    }

    /// Where words begin with `cue`.
    fn places(&self, cue: &str) -> impl Iterator<Item = usize> {
        let first = cue.chars().next();
        let openings = match first.is_none_or(|c| self.opening_letters.may_hold(c)) {
            true => &self.openings[..],
            false => &[],
        };
        let begins = openings
            .iter()
            .filter(move |(_, c)| first.is_none_or(|first| first == *c));
        let places = begins.map(|(at, _)| *at);
        places.filter(move |at| self.folded[*at..].starts_with(cue))
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
            folded: match language {
                Language::Ko => Cow::Borrowed(text),
                Language::En => Cow::Owned(text.to_ascii_lowercase()),
            },
            openings: Vec::new(),
            opening_letters: Letters::NONE,
            letters: Letters::NONE,
            figures: figures(text),
            sourced: false,
            dated: false,
            spoken: false,
            asks: asks(text, language),
        };
        let mut inside = false;
        for (at, c) in line.folded.char_indices() {
            line.letters.insert(c);
            if !inside {
                line.openings.push((at, c));
                line.opening_letters.insert(c);
            }
            inside = is_letter(c);
        }
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
