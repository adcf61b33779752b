//! Discourse cues: the kinds of words that say what a sentence does, whatever it speaks of.
//!
//! In:  a folded sentence. Out: one flag a kind. The cues stand in `data/*/discourse.txt`; ordinals are not among them.

use super::text::Surface;
use crate::language::data::{DISCOURSE, List, lists};
use crate::language::phrases::{Phrases, Words};
use crate::language::{Language, OncePerLanguage, PerLanguage};

/// Says how many kinds there are: asking, quoting, and those of the data.
pub const CUE_KINDS: usize = 26;

/// The kinds that other files ask for by name, as indices into the flags.
pub mod kind {
    /// It asks.
    pub const QUESTION: usize = 0;
    /// It quotes or reports speech.
    pub const QUOTE: usize = 1;
    /// The first kind of the data.
    pub const FIRST: usize = 2;
}

/// Says how a sentence that asks ends or opens, where the question mark was lost.
static ASKS_ENDING: PerLanguage<List> = lists(&DISCOURSE, "asks-ending");
static ASKS_OPENING: PerLanguage<List> = lists(&DISCOURSE, "asks-opening");

/// The cues of a language as one automaton, and the kind of each.
struct Cues {
    phrases: Phrases,
    kinds: Vec<usize>,
}

fn read(language: Language) -> Cues {
    let file = &DISCOURSE[language];
    let groups = file.group("cue").map(|(_, cues)| cues);
    let groups = groups
        .enumerate()
        .map(|(at, cues)| (kind::FIRST + at, cues));
    let groups = groups.chain([(kind::QUOTE, file.section("speech"))]);
    let (kinds, cues): (Vec<usize>, Vec<&str>) = groups
        .flat_map(|(kind, cues)| cues.iter().map(move |cue| (kind, *cue)))
        .unzip();
    Cues {
        phrases: Phrases::new(cues, language, Words::Spaced),
        kinds,
    }
}

/// Finds the kinds of cues in a folded sentence.
pub fn find(folded: &str, surface: &Surface, language: Language) -> [bool; CUE_KINDS] {
    static CUES: OncePerLanguage<Cues> = OncePerLanguage::new();
    let cues = CUES.get_or_make(language, read);
    let mut out = [false; CUE_KINDS];
    for found in cues.phrases.find(folded) {
        out[cues.kinds[found.phrase]] = true;
    }
    out[kind::QUOTE] |= surface.quote;
    out[kind::QUESTION] = surface.question || asks(folded, language);
    out
}

fn asks(folded: &str, language: Language) -> bool {
    let words = folded.trim_matches(' ');
    let first = words.split(' ').next().unwrap_or("");
    let mut endings = ASKS_ENDING[language].iter();
    endings.any(|ending| words.ends_with(ending)) || ASKS_OPENING[language].has(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::extractive::text::fold;

    fn check(language: Language, sentence: &str, name: &str) {
        let (folded, surface) = fold(sentence);
        let at = match name {
            "question" => kind::QUESTION,
            "quote" => kind::QUOTE,
            _ => kind::FIRST + names(language).iter().position(|n| *n == name).unwrap(),
        };
        assert!(find(&folded, &surface, language)[at], "{sentence}");
    }

    fn names(language: Language) -> Vec<&'static str> {
        DISCOURSE[language]
            .group("cue")
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn every_language_has_the_kinds_the_weights_know() {
        for language in Language::ALL {
            assert_eq!(names(language), names(Language::Ko));
            assert_eq!(kind::FIRST + names(language).len(), CUE_KINDS);
        }
    }

    #[test]
    fn cues_are_found_with_and_without_punctuation() {
        check(Language::Ko, "창구를 하나로 줄여야 한다", "demand");
        check(Language::En, "The town should buy the pump.", "demand");
        check(Language::Ko, "모자란 것은 돈이 아니라 시간이다", "not-but");
        check(Language::En, "It is not the money but the time.", "not-but");
        check(Language::Ko, "누가 고칠까", "question");
        check(Language::En, "Who will mend it", "question");
        check(Language::Ko, "그는 고개를 저으며 어렵다고 말했다", "quote");
        check(Language::En, "It is hard he said", "quote");
    }
}
