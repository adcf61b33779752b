//! Annotation: what the rules want to know of each sentence before they object to any.
//!
//! In:  `Article`. Out: one `Annotated` a sentence, with its cues and figures. Looks, never judges.

use std::borrow::Cow;

use super::cues::{CritiqueCues, CueHits, Table, Variants};
use super::rules::{LanguageRules, Span};
use crate::article::Article;
use crate::facts::Unit;
use crate::facts::figures::{Figure, figures};
use crate::language::script::is_letter;

/// Years of the calendar, as bare numbers.
const YEARS: std::ops::RangeInclusive<f64> = 1900.0..=2100.0;

/// A sentence as the rules see it.
pub struct Annotated<'a> {
    pub id: u32,
    pub text: &'a str,
    /// What cues are looked up in, byte for byte.
    folded: Cow<'a, str>,
    rules: &'static dyn LanguageRules,
    cues: &'static CritiqueCues,
    hits: CueHits,
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

/// Annotates every sentence.
pub fn annotate<'a>(article: &'a Article, rules: &'static dyn LanguageRules) -> Vec<Annotated<'a>> {
    let cues = CritiqueCues::of(article.language);
    let sentences = article.sentences.iter();
    let annotated = sentences.map(|sentence| {
        let text = sentence.text.as_str();
        let folded = rules.folded(text);
        let hits = cues.find(&folded);
        let figures = figures(text);
        Annotated {
            id: sentence.id,
            text,
            rules,
            cues,
            sourced: hits.first(&cues.sourced).is_some(),
            dated: hits.first(&cues.dated).is_some() || figures.iter().any(dates),
            spoken: hits.first(&cues.speech).is_some(),
            asks: asks(text, rules),
            folded,
            hits,
            figures,
        }
    });
    annotated.collect()
}

impl Annotated<'_> {
    /// Returns the figures that state an amount: no date, no place in an order, no small count.
    pub fn statistics(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(|f| statistic(f).is_some())
    }

    /// Returns the first variant of a table with a cue in the sentence, and the place of its first cue.
    pub fn variant(&self, table: &Variants) -> Option<(&'static str, usize, usize)> {
        table.iter().find_map(|(variant, cues)| {
            let (start, end) = self.first(cues)?;
            Some((*variant, start, end))
        })
    }

    /// Returns every variant of a table with a cue in the sentence, and where the cue that stands first does.
    pub fn variants(&self, table: &Variants) -> Vec<(&'static str, usize, usize)> {
        let found = table.iter().filter_map(|(variant, cues)| {
            let (start, end) = self.whole(self.hits.earliest(cues)?);
            Some((*variant, start, end))
        });
        found.collect()
    }

    /// Returns where the first cue of a table that is in the sentence stands.
    pub fn first(&self, table: &Table) -> Option<Span> {
        self.hits.first(table).map(|span| self.whole(span))
    }

    /// Returns each cue of a table that is in the sentence, with its first place.
    pub fn each(&self, table: &Table) -> impl Iterator<Item = (&'static str, Span)> {
        let hits = self.hits.of(table);
        let first = |at: &usize| *at == 0 || hits[at - 1].phrase != hits[*at].phrase;
        (0..hits.len()).filter(first).map(|at| {
            let hit = hits[at];
            (self.cues.word(hit.phrase), self.whole((hit.start, hit.end)))
        })
    }

    /// Finds a word that is in no table, in small letters.
    pub fn find_word(&self, word: &str) -> Option<Span> {
        let places = self.folded.match_indices(word);
        let mut spans = places.map(|(at, _)| (at, at + word.trim_end().len()));
        spans.find(|&(start, end)| {
            let opens = !self.folded[..start].ends_with(is_letter);
            opens && self.rules.ends_word(&self.folded[end..])
        })
    }

    fn whole(&self, (start, end): Span) -> Span {
        (start, self.rules.cue_end(&self.folded, end))
    }
}

/// Returns the sort of amount a figure states; none for dates, ranks and small counts.
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
        Unit::Bare if figure.value >= SMALL_BARE && !YEARS.contains(&figure.value) => Some("count"),
        _ => None,
    }
}

fn dates(figure: &Figure) -> bool {
    let whole = figure.value.fract() == 0.0;
    matches!(figure.unit, Unit::Year | Unit::Month)
        || figure.unit == Unit::Bare && whole && YEARS.contains(&figure.value)
}

/// Returns whether it is a question, by its mark or, where marks were lost, by its words.
fn asks(text: &str, rules: &dyn LanguageRules) -> bool {
    let end = text.trim_end_matches(['”', '"', '’', ' ', ')']);
    if end.ends_with('?') {
        return true;
    }
    !end.ends_with(['.', '!', '…']) && rules.asks(text, end.len())
}
