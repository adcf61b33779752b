//! Stances: in which direction a sentence points, and about what.
//!
//! In:  the words of a sentence. Out: for each question that can be answered two ways (rising or falling, enough or short),
//! the answer it gives and the words beside it. A sentence that gives both answers gives none. Tables, no grammar.

use super::words::ComparedWord;
use crate::language::data::OVERVIEW;
use crate::language::phrases::{Phrases, Words};
use crate::language::{Language, OncePerLanguage, PerLanguage};

/// A question, by the name its cues have in `data/*/overview.txt`, and which of its two answers a word gives.
pub type Answer = (&'static str, bool);

/// An answer that a sentence gives, and about what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stance {
    /// Which question.
    pub axis: &'static str,
    /// Which of its two answers.
    pub yes: bool,
    /// Keys of the content words beside the cue, ascending.
    pub about: Vec<u32>,
}

/// Needed or not: the one axis whose cues say nothing of what it is that is needed.
pub const NEED: &str = "need";

/// Where a language has the words that turn a cue, and those that say what it is about.
struct Reach {
    /// Words before a cue in which a denial turns it.
    denied_before: usize,
    /// Words behind it in which one does.
    denied_after: usize,
    /// Words before and behind that may be what it is about: in Korean the predicate comes last.
    about: (usize, usize),
}

const REACH: PerLanguage<Reach> = PerLanguage {
    ko: Reach {
        denied_before: 1,
        denied_after: 1,
        about: (4, 1),
    },
    en: Reach {
        denied_before: 3,
        denied_after: 0,
        about: (5, 4),
    },
};

/// Returns the stances of a sentence, by axis; `answers` are those of its words.
pub fn stances(
    words: &[ComparedWord<'_>],
    answers: &[Vec<Answer>],
    language: Language,
) -> Vec<Stance> {
    let mut found: Vec<Stance> = Vec::new();
    let mut torn: Vec<&str> = Vec::new();
    for (at, answers) in answers.iter().enumerate() {
        for &(axis, said) in answers {
            let yes = said != negated(words, at, language);
            let about = about(words, at, language);
            match found.iter_mut().find(|stance| stance.axis == axis) {
                Some(stance) if stance.yes != yes => torn.push(axis),
                Some(stance) => stance.about.extend(about),
                None => found.push(Stance { axis, yes, about }),
            }
        }
    }
    found.retain(|stance| !torn.contains(&stance.axis));
    for stance in &mut found {
        stance.about.sort_unstable();
        stance.about.dedup();
    }
    found.sort_by_key(|stance| stance.axis);
    found
}

/// Returns whether anything in the sentence is denied.
pub fn denies(words: &[ComparedWord<'_>], language: Language) -> bool {
    let denial = &Cues::of(language).denial;
    words.iter().any(|word| denial.any(&word.lower))
}

/// The cues of a language, to be looked up in one word at a time.
struct Cues {
    answers: Phrases,
    /// By cue.
    says: Vec<Answer>,
    denial: Phrases,
    denial_before: Phrases,
}

impl Cues {
    fn of(language: Language) -> &'static Cues {
        static ALL: OncePerLanguage<Cues> = OncePerLanguage::new();
        ALL.get_or_make(language, Cues::read)
    }

    fn read(language: Language) -> Cues {
        let file = &OVERVIEW[language];
        let phrases =
            |cues: &[&'static str]| Phrases::new(cues.iter().copied(), language, Words::Spaced);
        let (mut cues, mut says) = (Vec::new(), Vec::new());
        for section in file.sections() {
            let answers = [(".no", false), (".yes", true)];
            for (suffix, yes) in answers {
                if let Some(axis) = section.name.strip_suffix(suffix) {
                    cues.extend_from_slice(&section.entries);
                    says.extend(section.entries.iter().map(|_| (axis, yes)));
                }
            }
        }
        Cues {
            answers: phrases(&cues),
            says,
            denial: phrases(file.section("denial")),
            denial_before: phrases(file.section("denial_before")),
        }
    }
}

/// Returns the questions a word answers, and how: '강화해야' says that it is needed, and that it is tightening. Of the two
/// answers to one question the second counts: '불필요' holds '필요'.
pub fn answers(word: &str, language: Language) -> Vec<Answer> {
    let cues = Cues::of(language);
    let found = cues.answers.find(word);
    let mut found: Vec<Answer> = found.map(|cue| cues.says[cue.phrase]).collect();
    found.sort_unstable();
    found.dedup_by_key(|(axis, _)| *axis);
    found
}

/// 'not enough', 'no longer falling'; '부족하지 않다', '충분한 것이 아니다' is out of reach, '안 늘었다'.
fn negated(words: &[ComparedWord<'_>], at: usize, language: Language) -> bool {
    let (cues, reach) = (Cues::of(language), &REACH[language]);
    let before = &words[at.saturating_sub(reach.denied_before)..at];
    let after = &words[at + 1..words.len().min(at + 1 + reach.denied_after)];
    let only = before.iter().any(|word| word.lower == "only");
    let turned = before
        .iter()
        .any(|word| cues.denial_before.any(&word.lower));
    !only && turned || after.iter().any(|word| cues.denial.any(&word.lower))
}

fn about(words: &[ComparedWord<'_>], at: usize, language: Language) -> Vec<u32> {
    let (before, after) = REACH[language].about;
    let reach = at.saturating_sub(before)..words.len().min(at + 1 + after);
    reach
        .filter(|&near| near != at)
        .filter_map(|near| words[near].key)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn check(text: &str, expected: &[Answer]) {
        let language = if text.is_ascii() {
            Language::En
        } else {
            Language::Ko
        };
        let words = words(text, language);
        let said = words.iter().map(|word| answers(&word.lower, language));
        let found: Vec<Answer> = stances(&words, &said.collect::<Vec<_>>(), language)
            .iter()
            .map(|stance| (stance.axis, stance.yes))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_direction_is_read_in_both_languages() {
        check("Demand for power rose by 4 percent.", &[("amount", true)]);
        check("전력 수요가 4% 줄었다.", &[("amount", false)]);
        check("Skilled welders are scarce.", &[("supply", false)]);
        check("용접 인력은 충분하다.", &[("supply", true)]);
        check("The mill stands by the river.", &[]);
    }

    #[test]
    fn a_negation_turns_it() {
        check("There is not enough power.", &[("supply", false)]);
        check("The grid isn't short of power.", &[("supply", true)]);
        check("인력은 부족하지 않다.", &[("supply", true)]);
        check("수요가 안 늘었다.", &[("amount", false)]);
        check("Not only prices rose.", &[("amount", true)]);
        check("새 규제는 불필요하다.", &[("need", false)]);
        check(
            "규제를 강화해야 한다.",
            &[("need", true), ("strictness", true)],
        );
    }

    #[test]
    fn a_sentence_that_says_both_says_neither() {
        check("Prices rose before they fell.", &[]);
        check("인력이 늘었다가 다시 줄었다.", &[]);
    }
}
