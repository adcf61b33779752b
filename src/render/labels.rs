//! The words of a note around the article's own, in each output language; they stand in `data/*/labels.txt`.

use serde::Serialize;

use crate::article::WarningKind;
use crate::brief::name_of;
use crate::language::Language;
use crate::language::data::{File, LABELS, pair};

/// Declares the fixed words of a section by their keys.
macro_rules! fixed_labels {
    ($(#[$doc:meta])* $name:ident in $section:literal: $($key:ident),* $(,)?) => {
        $(#[$doc])*
        pub struct $name {
            file: &'static $crate::language::data::File,
            $(pub $key: &'static str,)*
        }

        impl $name {
            /// Returns the words of an output language.
            pub fn of(language: $crate::language::Language) -> &'static $name {
                static ALL: $crate::language::OncePerLanguage<$name> =
                    $crate::language::OncePerLanguage::new();
                ALL.get_or_make(language, |language| {
                    let file = &$crate::language::data::LABELS[language];
                    $name {
                        file,
                        $($key: $crate::render::labels::value(file, $section, stringify!($key)),)*
                    }
                })
            }
        }
    };
}
pub(super) use fixed_labels;

fixed_labels! {
    /// The words of a note.
    Labels in "note": untitled, thesis, no_thesis, argument, challenges, no_room, remedy, critique, removed, nothing_removed, made, engine, model,
    lens, coverage, verification, fallback, unsupported, source, warning, cited, no_such_sentence,
}

/// Goes through the fixed words that a note's page looks up, with their keys.
pub(super) fn page_labels(
    language: Language,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let sections = ["note", "page"].into_iter();
    let entries = sections.flat_map(move |section| LABELS[language].section(section));
    entries.copied().filter_map(pair)
}

/// Returns the value of a key; the key itself where there is none.
pub(super) fn value(file: &'static File, section: &str, key: &'static str) -> &'static str {
    file.keyed(section, key).unwrap_or(key)
}

/// Returns the word for a variant, by the name it has in JSON.
pub(super) fn named(file: &'static File, section: &str, variant: impl Serialize) -> &'static str {
    let word = file.keyed(section, &name_of(variant));
    word.unwrap_or_default()
}

impl Labels {
    /// Returns the word for a role, a status or a kind, by the name it has in JSON.
    pub fn named(&self, section: &str, named: impl Serialize) -> &'static str {
        self::named(self.file, section, named)
    }

    /// "bytes that could not be read (3)".
    pub fn warned(&self, kind: WarningKind, count: usize) -> String {
        let what = self.named("warning_kind", kind);
        match count {
            0 | 1 => what.to_string(),
            _ => format!("{what} ({count})"),
        }
    }

    /// "3 places, 120 letters".
    pub fn removed_count(&self, places: usize, letters: usize) -> String {
        self.counted("removed", &[("places", places), ("letters", letters)])
    }

    /// "51 of 51, in 1 piece".
    pub fn covered(&self, seen: usize, sentences: usize, chunks: usize) -> String {
        let counts = [("seen", seen), ("sentences", sentences), ("chunks", chunks)];
        self.counted("covered", &counts)
    }

    /// "9 figures and 4 names looked up in the cited sentences, 0 not found there".
    pub fn verified(&self, numbers: usize, names: usize, unsupported: usize) -> String {
        let counts = [
            ("numbers", numbers),
            ("names", names),
            ("unsupported", unsupported),
        ];
        self.counted("verified", &counts)
    }

    fn counted(&self, key: &'static str, counts: &[(&str, usize)]) -> String {
        fill(value(self.file, "counts", key), counts)
    }
}

/// Puts numbers into a sentence. `{places}` is the number with this name, `{places place}` the number and its noun.
pub fn fill(template: &str, counts: &[(&str, usize)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut parts = template.split(['{', '}']);
    while let Some(fixed) = parts.next() {
        out.push_str(fixed);
        let Some(slot) = parts.next() else { break };
        let (name, noun) = slot.split_once(' ').unwrap_or((slot, ""));
        let count = counts
            .iter()
            .find(|(own, _)| *own == name)
            .map_or(0, |c| c.1);
        out.push_str(&count.to_string());
        if !noun.is_empty() {
            out.push(' ');
            out.push_str(noun);
            out.push_str(if count == 1 { "" } else { "s" });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_label() {
        for language in Language::ALL {
            let own = LABELS[language].sections();
            for (section, other) in own.iter().zip(LABELS.ko.sections()) {
                let keys = |entries: &[&'static str]| -> Vec<&str> {
                    entries
                        .iter()
                        .copied()
                        .filter_map(pair)
                        .map(|(key, _)| key)
                        .collect()
                };
                assert_eq!(
                    keys(&section.entries),
                    keys(&other.entries),
                    "{}",
                    section.name
                );
            }
            let sections: Vec<&str> = own.iter().map(|section| section.name).collect();
            assert_eq!(sections.len(), LABELS.ko.sections().len());
        }
    }

    #[test]
    fn numbers_take_their_nouns() {
        let labels = Labels::of(Language::En);
        assert_eq!(labels.removed_count(1, 120), "1 place, 120 letters");
        assert_eq!(Labels::of(Language::Ko).removed_count(3, 20), "3곳, 20자");
        assert_eq!(labels.untitled, "Untitled article");
    }
}
