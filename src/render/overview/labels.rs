//! The words around the articles' own, in each output language; they stand in `data/*/labels.txt`.

use crate::language::Language;
use crate::language::data::{LABELS, pair};
use crate::overview::Opposition;
use crate::render::labels::{fill, fixed_labels, named, value};

fixed_labels! {
    /// The fixed words of an overview; those that only the page's templates look up are no fields.
    OverviewLabels in "overview": also, agree, alike, articles, challenge, everything, evidence, main_point, matrix, nobody, nothing_agreed,
    nothing_alike, nothing_opposed, objection, one_voice, opposed, otherwise, remedy, untitled, voices,
}

impl OverviewLabels {
    /// Goes through all fixed words of a language, with their keys.
    pub fn pairs(language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
        let entries = LABELS[language].section("overview").iter();
        entries.copied().filter_map(pair)
    }

    /// Writes "Briefing over 12 articles".
    pub fn title(&self, articles: usize) -> String {
        self.counted("title", &[("articles", articles)])
    }

    /// Writes "12 articles, 11 counting near-duplicates once. Without a note: 1 input."
    pub fn counts(&self, articles: usize, voices: usize, failures: usize) -> String {
        let counts = [("articles", articles), ("voices", voices)];
        let mut out = self.counted("counts", &counts);
        if failures > 0 {
            out += &self.counted("failed", &[("failures", failures)]);
        }
        out
    }

    /// Writes "7 of 12 articles".
    pub fn spoken_of(&self, some: usize, all: usize) -> String {
        self.counted("spoken_of", &[("some", some), ("all", all)])
    }

    /// Writes "3 articles".
    pub fn said_by(&self, voices: usize) -> String {
        self.counted("said_by", &[("voices", voices)])
    }

    /// Says by what two sentences were told to oppose each other.
    pub fn opposition(&self, on: Opposition) -> &'static str {
        named(self.file, "opposition", on)
    }

    fn counted(&self, key: &'static str, counts: &[(&str, usize)]) -> String {
        fill(value(self.file, "overview_counts", key), counts)
    }
}
