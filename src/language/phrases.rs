//! Phrases: many cues looked up in a text in one pass.
//!
//! In:  cues and a text. Out: every place a cue stands at, overlapping ones too. One notation for all tables and lenses:
//!
//! - `word` begins where a word does, and ends as its language asks: Korean goes on with any particle or ending, English is whole or a plural
//! - `*word` also stands inside words
//! - `word*` goes on as it likes
//! - `word$` ends where the word does
//! - `"word "`: a blank stands behind it (the quotation marks are those of `data/`, see [`super::data`])
//!
//! Longer cues may hold blanks. Looking every cue up alone takes ten times as long.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::script::is_letter;
use super::table::{Language, PerLanguage};

/// A cue as it is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase<'c> {
    /// The letters to find.
    pub text: Cow<'c, str>,
    /// It may stand inside a word.
    pub inside: bool,
    /// What may follow it.
    pub end: End,
}

/// What may follow a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Anything.
    Open,
    /// The end of the word, or an English plural.
    Plural,
    /// The end of the word.
    Whole,
    /// A blank.
    Blank,
}

/// Says how a cue without a sign of its own ends.
const PLAIN_END: PerLanguage<End> = PerLanguage {
    ko: End::Open,
    en: End::Plural,
};

impl<'c> Phrase<'c> {
    /// Reads a cue in the notation above.
    pub fn read(cue: &'c str, language: Language) -> Phrase<'c> {
        let (cue, inside) = match cue.strip_prefix('*') {
            Some(rest) => (rest, true),
            None => (cue, false),
        };
        let (text, end) = if let Some(text) = cue.strip_suffix('*') {
            (text, End::Open)
        } else if let Some(text) = cue.strip_suffix('$') {
            (text, End::Whole)
        } else if let Some(text) = cue.strip_suffix(' ') {
            (text, End::Blank)
        } else {
            (cue, PLAIN_END[language])
        };
        Phrase {
            text: Cow::Borrowed(text),
            inside,
            end,
        }
    }
}

/// What separates the words of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// Blanks alone: a text without marks.
    Spaced,
    /// Whatever is no letter; an apostrophe goes on.
    Marked,
}

impl Words {
    fn begins(self, before: &str) -> bool {
        match self {
            Words::Spaced => before.is_empty() || before.ends_with(' '),
            Words::Marked => !before.ends_with(is_letter),
        }
    }

    fn ends(self, behind: &str) -> bool {
        match self {
            Words::Spaced => behind.is_empty() || behind.starts_with(' '),
            Words::Marked => !behind.starts_with(|c| is_letter(c) || matches!(c, '’' | '\'')),
        }
    }
}

/// Many phrases as one automaton.
#[derive(Debug)]
pub struct Phrases {
    automaton: AhoCorasick,
    shapes: Vec<(bool, End)>,
    words: Words,
}

/// A phrase in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The index of the phrase among those that were given.
    pub phrase: usize,
    /// First byte.
    pub start: usize,
    /// Byte after the last of its letters.
    pub end: usize,
}

impl Phrases {
    /// Compiles the cues of a language, to be found in the case they are written in.
    pub fn new<'c>(
        cues: impl IntoIterator<Item = &'c str>,
        language: Language,
        words: Words,
    ) -> Phrases {
        let phrases = cues.into_iter().map(|cue| Phrase::read(cue, language));
        Phrases::of(phrases, words, false)
    }

    /// Compiles phrases; with `any_case`, the case of ASCII letters does not count.
    pub fn of<'c>(
        phrases: impl IntoIterator<Item = Phrase<'c>>,
        words: Words,
        any_case: bool,
    ) -> Phrases {
        let (texts, shapes): (Vec<_>, Vec<_>) = phrases
            .into_iter()
            .map(|phrase| (phrase.text, (phrase.inside, phrase.end)))
            .unzip();
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(any_case)
            .build(texts.iter().map(|text| text.as_bytes()))
            .expect("a table of words is far smaller than the largest automaton");
        Phrases {
            automaton,
            shapes,
            words,
        }
    }

    /// Finds every phrase, in the order in which they end.
    pub fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Found> + 't {
        let found = self.automaton.find_overlapping_iter(text).map(|m| Found {
            phrase: m.pattern().as_usize(),
            start: m.start(),
            end: m.end(),
        });
        found.filter(|found| self.fits(found, text))
    }

    /// Returns whether any phrase stands in the text.
    pub fn any(&self, text: &str) -> bool {
        self.find(text).next().is_some()
    }

    fn fits(&self, found: &Found, text: &str) -> bool {
        let (inside, end) = self.shapes[found.phrase];
        let behind = &text[found.end..];
        let ends = |rest: &str| self.words.ends(rest);
        found.start < found.end
            && (inside || self.words.begins(&text[..found.start]))
            && match end {
                End::Open => true,
                End::Blank => behind.starts_with(' '),
                End::Whole => ends(behind),
                End::Plural => ["", "s", "es"]
                    .iter()
                    .any(|plural| behind.strip_prefix(plural).is_some_and(ends)),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: Language, words: Words, cues: &[&str], text: &str, expected: &[&str]) {
        let phrases = Phrases::new(cues.iter().copied(), language, words);
        let mut found: Vec<&str> = phrases.find(text).map(|f| &text[f.start..f.end]).collect();
        found.sort();
        assert_eq!(found, expected, "{cues:?}: {text}");
    }

    #[test]
    fn a_cue_ends_where_its_language_or_its_sign_says() {
        let (ko, en) = (Language::Ko, Language::En);
        check(ko, Words::Spaced, &["전력"], " 전력이 모자라다 ", &["전력"]);
        check(ko, Words::Spaced, &["전력$"], " 전력이 모자라다 ", &[]);
        check(ko, Words::Spaced, &["력"], " 전력이 모자라다 ", &[]);
        check(
            ko,
            Words::Spaced,
            &["*력이 "],
            " 전력이 모자라다 ",
            &["력이"],
        );
        check(ko, Words::Marked, &["모든 "], "“모든 것, 모든”", &["모든"]);
        check(
            en,
            Words::Spaced,
            &["grid"],
            " grids and gridlock ",
            &["grid"],
        );
        check(
            en,
            Words::Spaced,
            &["grid*"],
            " grids and gridlock ",
            &["grid", "grid"],
        );
        check(en, Words::Spaced, &["grid$"], " grids and gridlock ", &[]);
        check(
            en,
            Words::Marked,
            &["grid$"],
            "the grid, the grid’s",
            &["grid"],
        );
        check(en, Words::Spaced, &["", "grid"], "grid", &["grid"]);
    }

    #[test]
    fn overlapping_phrases_are_all_found() {
        check(
            Language::Ko,
            Words::Marked,
            &["*아니라", "가 아니라", "*니"],
            "돈이 아니라",
            &["니", "아니라"],
        );
    }
}
