//! Voice: how a sentence speaks, whatever stands around it. News in brief says who said it and when; an argument speaks of itself.
//!
//! In:  a sentence. Out: `Voice`. Knows words by the lists under `data/`.

use super::segment;
use crate::language::data::{self, List, lists};
use crate::language::{Language, PerLanguage};

/// How a sentence speaks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Voice {
    /// It goes on from the sentence before.
    pub connective: bool,
    /// It gives a day or an hour.
    pub dated: bool,
    /// It reports what somebody said.
    pub says: bool,
    /// It speaks politely.
    pub polite: bool,
    /// The writer speaks of themselves.
    pub first_person: bool,
}

static REPORTING: PerLanguage<List> = lists(&data::CLEAN, "reporting");
static FIRST_PERSON: PerLanguage<List> = lists(&data::CLEAN, "first_person");
static DATES: PerLanguage<List> = lists(&data::CLEAN, "dates");
/// Words by which a Korean writer speaks of themselves.
static SELF: List = List::of(&data::CLEAN.ko, "self");
/// What an English sentence that goes on from the one before begins with.
static CONNECTIVES: List = List::of(&data::CLEAN.en, "connectives");

/// What lists alone do not say.
struct Manner {
    connective: fn(&str) -> bool,
    dated: fn(&str) -> bool,
    polite: fn(&str) -> bool,
    /// The writer, and nobody else who is quoted, speaks of themselves.
    own: fn(&str) -> bool,
}

static MANNERS: PerLanguage<Manner> = PerLanguage {
    ko: Manner {
        connective: |text| segment::opens_sentence(text, Language::Ko),
        dated: |text| names_day(text) || holds(&DATES.ko, text),
        polite: |text| {
            let end = text.trim_end_matches(['.', '?', '!']);
            end.ends_with(['요', '까']) || is_formal(text)
        },
        own: |text| text.split_whitespace().any(|word| SELF.has(word)),
    },
    en: Manner {
        connective: |text| CONNECTIVES.starts(text),
        dated: |text| holds(&DATES.en, text),
        polite: is_formal,
        own: |text| holds(&FIRST_PERSON.en, text),
    },
};

impl Voice {
    /// Listens to a sentence.
    pub fn of(text: &str, language: Language) -> Voice {
        let manner = &MANNERS[language];
        Voice {
            connective: (manner.connective)(text),
            dated: (manner.dated)(text),
            says: holds(&REPORTING[language], text),
            polite: (manner.polite)(text),
            first_person: holds(&FIRST_PERSON[language], text),
        }
    }
}

/// Returns whether the writer of a sentence speaks of themselves.
pub fn speaks_of_itself(text: &str, language: Language) -> bool {
    (MANNERS[language].own)(text)
}

fn holds(words: &List, text: &str) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// The formal ending, which an English text may quote.
fn is_formal(text: &str) -> bool {
    text.contains("니다")
}

/// "18일": the day of a news report.
fn names_day(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    text.match_indices('일')
        .any(|(at, _)| text[..at].ends_with(digit))
}
