//! Sentence boundaries: what segmentation asks of each language, and the blank it asks about.
//!
//! In:  nothing. Out: the types that the languages and the segmenter share. Decides nothing.

use super::english;
use super::gap::{Gap, Style};
use super::gap_model::GapModel;
use super::{ko_glued, korean};
use crate::language::PerLanguage;

/// How sentences of a language begin and end.
pub struct Boundaries {
    /// Most sentences of the text end in a mark.
    pub is_punctuated: fn(text: &str) -> bool,
    /// Sentences of the text are clipped to noun endings.
    pub is_clipped: fn(text: &str) -> bool,
    /// The text ends as a sentence does.
    pub closes_sentence: fn(text: &str) -> bool,
    /// The text begins with a word that opens sentences.
    pub opens_sentence: fn(text: &str) -> bool,
    /// The sentence ends in this gap.
    pub ends_at: fn(gap: &Gap, style: Style) -> bool,
    /// The first end between two bytes of the text, inside a token, of a sentence whose mark is glued to the next one: the
    /// byte behind its closing marks. What stands before `from` may be looked at; it is asked again from each end on.
    pub glued_end: fn(text: &str, from: usize, to: usize) -> Option<usize>,
    /// The same of a sentence without a mark, in a text without marks.
    pub bare_end: fn(text: &str, from: usize, to: usize) -> Option<usize>,
    /// A line is not the end of its sentence but goes on in the next.
    pub runs_on: fn(line: &str, next: &str) -> bool,
    /// A sentence may end in the gap at all, so that the model is trained on it.
    pub may_end: fn(gap: &Gap) -> bool,
    /// Fewest bytes of a sentence of running prose.
    pub shortest_prose: usize,
    /// The model that tells where a sentence ends without a mark.
    pub gap_model: &'static GapModel,
}

/// The boundaries of each language.
pub static BOUNDARIES: PerLanguage<Boundaries> = PerLanguage {
    ko: Boundaries {
        is_punctuated: korean::is_punctuated,
        is_clipped: korean::is_clipped_style,
        closes_sentence: korean::closes_sentence,
        opens_sentence: korean::opens_sentence,
        ends_at: korean::ends_at,
        glued_end: ko_glued::marked_end,
        bare_end: ko_glued::bare_end,
        runs_on: korean::is_unfinished,
        may_end: |_| true,
        shortest_prose: 36,
        gap_model: &korean::GAP_MODEL,
    },
    en: Boundaries {
        is_punctuated: english::is_punctuated,
        is_clipped: |_| false,
        closes_sentence: english::closes_sentence,
        opens_sentence: |text| text.starts_with(char::is_uppercase),
        ends_at: english::ends_at,
        glued_end: english::glued_end,
        bare_end: |_, _, _| None,
        runs_on: english::is_unfinished,
        may_end: |gap| {
            let next = gap.next();
            next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        },
        shortest_prose: 30,
        gap_model: &english::GAP_MODEL,
    },
};
