//! Boilerplate rules: tables of what noise looks like, one entry a kind of line.
//!
//! In:  a unit's text and its place. Out: the reason and the name of the first rule that fits.
//! A rule states the kind of thing (how a byline or a date line looks), never a brand, a person or a title.

mod common;
mod en;
mod ko;
mod needs;

use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use crate::article::{Language, Reason};
use needs::Needs;
pub use needs::Set;

/// Where a rule may fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// On a unit that fills its line.
    Line,
    /// On any unit, also between two sentences of one line.
    Unit,
    /// On a line before the article's first sentence.
    Head,
    /// On a line in the last third.
    Tail,
}

/// One entry of a table.
#[derive(Debug)]
pub struct Rule {
    /// The name that `removed[].rule` gives.
    pub name: &'static str,
    /// Why what it fits is removed.
    pub reason: Reason,
    /// Where it may fire.
    pub scope: Scope,
    /// Longest text, in characters, that it may take: past that, an article's own sentence is likelier.
    pub longest: usize,
    /// Words one of which stands in whatever the pattern fits; none where that cannot be said.
    pub needs: &'static [&'static str],
    /// The shape, as a [`pattern`] over the folded text, whose only white space is the blank.
    pub pattern: &'static str,
}

/// A unit's place, as far as rules need it.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// It fills its line.
    pub alone: bool,
    /// It reads as a sentence.
    pub prose: bool,
    /// It stands before the first sentence.
    pub head: bool,
    /// It stands in the last third of the text.
    pub tail: bool,
}

/// A heading that makes noise of the lines below it.
#[derive(Debug)]
pub struct Heading {
    /// The name of the rule for the heading and its lines.
    pub name: &'static str,
    /// Why they are removed.
    pub reason: Reason,
    /// Words one of which stands in whatever the pattern fits.
    pub needs: &'static [&'static str],
    /// The heading's shape.
    pub pattern: &'static str,
}

/// Needed where a date or a count is.
const DIGITS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
/// Needed where an English date is.
#[rustfmt::skip]
const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// What `¤` stands for in a pattern: marks and blanks, ASCII ones and those that pages set around their furniture.
const MARKS: &str =
    "[ -/:-@\\[-`{-~·…“”‘’「」『』《》〈〉【】▲△▶▷◀◁★☆■□◆◇●○•※☞└ⓒ©→←|ㅣ–—♥♡🎧📌📷✉]";

/// Compiles a regular expression in which `¤` is a mark or a blank. Classes are spelt out, here and in the tables:
/// those of all of Unicode take a hundred times longer to compile.
pub fn pattern(pattern: &str) -> Regex {
    Regex::new(&pattern.replace('¤', MARKS)).expect("the tables hold valid patterns")
}

/// The rules of one language.
pub struct Rules {
    rules: Vec<Lazy<Rule>>,
    headings: Vec<Lazy<Heading>>,
    needs: Needs,
    /// The rules, and headings, that need no word.
    always: Set,
}

/// A table entry, its bit among the needs, and its pattern, compiled where it is needed for the first time: a short
/// text needs few of them.
struct Lazy<T: 'static> {
    entry: &'static T,
    bit: Set,
    regex: OnceLock<Regex>,
}

/// The bit that says that a text has a word noise has.
const TRIGGERED: Set = 1 << 63;

impl Rules {
    /// The tables of `language`, those of both languages among them.
    pub fn of(language: Language) -> &'static Rules {
        static KO: LazyLock<Rules> =
            LazyLock::new(|| Rules::new(ko::RULES, ko::TRIGGERS, ko::HEADINGS));
        static EN: LazyLock<Rules> =
            LazyLock::new(|| Rules::new(en::RULES, en::TRIGGERS, en::HEADINGS));
        match language {
            Language::Ko => &KO,
            Language::En => &EN,
        }
    }

    fn new(
        table: &'static [Rule],
        triggers: &'static [&'static str],
        headings: &'static [Heading],
    ) -> Rules {
        let mut bits = (0..63).map(|n| 1 << n);
        let mut bit = || bits.next().expect("a language has at most 63 rules");
        let rules: Vec<_> = common::RULES
            .iter()
            .chain(table)
            .map(|rule| Lazy::new(rule, bit()))
            .collect();
        let headings: Vec<_> = headings.iter().map(|h| Lazy::new(h, bit())).collect();
        let needs = || {
            let of_rules = rules.iter().map(|r| (r.entry.needs, r.bit));
            of_rules.chain(headings.iter().map(|h| (h.entry.needs, h.bit)))
        };
        let always = needs()
            .filter(|(words, _)| words.is_empty())
            .fold(0, |all, (_, bit)| all | bit);
        let words = needs()
            .chain([(common::TRIGGERS, TRIGGERED), (triggers, TRIGGERED)])
            .flat_map(|(words, bit)| words.iter().map(move |word| (*word, bit)));
        Rules {
            needs: Needs::of(words),
            always,
            rules,
            headings,
        }
    }

    /// The rules whose words stand in the text.
    pub fn met(&self, text: &str) -> Set {
        self.needs.met(text) | self.always
    }

    /// The first rule that fits the text in its place, among those it has met.
    pub fn first(&self, text: &str, met: Set, place: Place) -> Option<&'static Rule> {
        // Only a scrap on a short line, or a text with a word that noise has, is worth the patterns.
        let scrap = place.alone && !place.prose && text.len() < 240;
        if !scrap && met & TRIGGERED == 0 {
            return None;
        }
        let length = text.chars().count();
        let fits = |rule: &&Lazy<Rule>| {
            met & rule.bit != 0
                && length <= rule.entry.longest
                && in_scope(rule.entry.scope, place)
                && rule.is_match(rule.entry.pattern, text)
        };
        self.rules.iter().find(fits).map(|rule| rule.entry)
    }

    /// The first rule that fits a line of several sentences; one for whole lines alone where some are the article's own.
    pub fn line(&self, text: &str, place: Place, own: bool) -> Option<&'static Rule> {
        let whole = |r: &&Rule| r.scope != Scope::Unit || !own && r.reason != Reason::Byline;
        self.first(text, self.met(text), place).filter(whole)
    }

    /// The heading that a line is.
    pub fn heading(&self, text: &str, met: Set) -> Option<&'static Heading> {
        let fits = |heading: &&Lazy<Heading>| {
            met & heading.bit != 0 && heading.is_match(heading.entry.pattern, text)
        };
        if text.len() > 120 {
            return None;
        }
        self.headings.iter().find(fits).map(|h| h.entry)
    }
}

impl<T> Lazy<T> {
    fn new(entry: &'static T, bit: Set) -> Lazy<T> {
        Lazy {
            entry,
            bit,
            regex: OnceLock::new(),
        }
    }

    fn is_match(&self, text_pattern: &str, text: &str) -> bool {
        self.regex
            .get_or_init(|| pattern(text_pattern))
            .is_match(text)
    }
}

fn in_scope(scope: Scope, place: Place) -> bool {
    match scope {
        Scope::Unit => true,
        Scope::Line => place.alone,
        Scope::Head => place.alone && place.head,
        Scope::Tail => place.alone && place.tail,
    }
}

#[cfg(test)]
mod tests {
    use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

    use super::*;

    const LINE: Place = Place {
        alone: true,
        prose: false,
        head: false,
        tail: true,
    };

    #[track_caller]
    fn check(language: Language, text: &str, expected: Option<Reason>) {
        assert_eq!(
            {
                let rules = Rules::of(language);
                rules.first(text, rules.met(text), LINE).map(|r| r.reason)
            },
            expected,
            "{text}"
        );
    }

    /// Whether one of `words` stands in whatever `hir` fits.
    fn needs(hir: &Hir, words: &[&str]) -> bool {
        match hir.kind() {
            HirKind::Literal(literal) => {
                let text = String::from_utf8_lossy(&literal.0).to_lowercase();
                words.iter().any(|w| text.contains(&w.to_lowercase()))
            }
            // A letter in either case, and a class of nothing but needed characters.
            HirKind::Class(Class::Unicode(class)) => {
                let mut characters = class.iter().flat_map(|r| r.start()..=r.end());
                characters.all(|c| words.contains(&c.to_ascii_lowercase().to_string().as_str()))
            }
            HirKind::Class(Class::Bytes(_)) | HirKind::Empty | HirKind::Look(_) => false,
            HirKind::Repetition(repetition) => repetition.min > 0 && needs(&repetition.sub, words),
            HirKind::Capture(capture) => needs(&capture.sub, words),
            HirKind::Concat(parts) => spelt(parts).iter().any(|part| needs(part, words)),
            HirKind::Alternation(parts) => parts.iter().all(|part| needs(part, words)),
        }
    }

    /// The letter that stands for both of its cases; "ſ" and "\u{212a}" fold to ASCII letters too.
    fn letter(class: &ClassUnicode) -> Option<char> {
        let mut letters = class.iter().flat_map(|r| r.start()..=r.end());
        let small = class
            .iter()
            .find(|r| r.start().is_ascii())?
            .start()
            .to_ascii_lowercase();
        let alike = |c: char| c.to_ascii_lowercase() == small || matches!(c, 'ſ' | '\u{212a}');
        letters.all(alike).then_some(small)
    }

    /// Joins neighbouring letters and literals.
    fn spelt(parts: &[Hir]) -> Vec<Hir> {
        let mut out: Vec<Hir> = Vec::new();
        let mut text = String::new();
        for part in parts {
            match part.kind() {
                HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
                HirKind::Class(Class::Unicode(class)) if letter(class).is_some() => {
                    text.extend(letter(class));
                }
                _ => {
                    out.push(Hir::literal(std::mem::take(&mut text).into_bytes()));
                    out.push(part.clone());
                }
            }
        }
        out.push(Hir::literal(text.into_bytes()));
        out
    }

    #[test]
    fn what_a_rule_needs_stands_in_all_that_it_fits() {
        for language in [Language::Ko, Language::En] {
            let rules = Rules::of(language);
            let of_rules = rules.rules.iter().map(|r| (r.entry.needs, r.entry.pattern));
            let headings = rules.headings.iter();
            for (words, text) in of_rules.chain(headings.map(|h| (h.entry.needs, h.entry.pattern)))
            {
                let hir = regex_syntax::parse(pattern(text).as_str()).expect("it compiled");
                assert!(words.is_empty() || needs(&hir, words), "{words:?}: {text}");
            }
        }
    }

    #[test]
    fn rule_names_are_unique_within_a_language() {
        for language in [Language::Ko, Language::En] {
            let mut names: Vec<_> = Rules::of(language)
                .rules
                .iter()
                .map(|r| r.entry.name)
                .collect();
            names.sort();
            let all = names.len();
            names.dedup();
            assert_eq!(names.len(), all);
        }
    }

    #[test]
    fn korean_kinds() {
        check(
            Language::Ko,
            "입력 2024.03.02. 오전 9:10 수정 2024.03.02. 오전 9:40",
            Some(Reason::Metadata),
        );
        check(Language::Ko, "조회 231 댓글 4", Some(Reason::Metadata));
        check(
            Language::Ko,
            "배다온 기자 daon@news.example",
            Some(Reason::Byline),
        );
        check(
            Language::Ko,
            "ⓒ 나루일보, 무단 전재 및 재배포 금지",
            Some(Reason::Copyright),
        );
        check(
            Language::Ko,
            "▲ 공장 앞에 선 직원들. 사진=나루일보",
            Some(Reason::Caption),
        );
        check(
            Language::Ko,
            "[광고] 여름 침구 반값",
            Some(Reason::Advertisement),
        );
        check(Language::Ko, "기자 열두 명이 저작권 강의를 들었다", None);
        check(Language::Ko, "조회 수가 하루 만에 두 배로 늘었다", None);
    }

    #[test]
    fn english_kinds() {
        check(
            Language::En,
            "Published 2 March 2024, 09.10 GMT",
            Some(Reason::Metadata),
        );
        check(
            Language::En,
            "By Nora Field, energy correspondent",
            Some(Reason::Byline),
        );
        check(
            Language::En,
            "© 2024 The Harbour Post. All rights reserved.",
            Some(Reason::Copyright),
        );
        check(
            Language::En,
            "Photo: workers at the gate",
            Some(Reason::Caption),
        );
        check(
            Language::En,
            "Sign up to our free weekly newsletter",
            Some(Reason::Promotion),
        );
        check(
            Language::En,
            "By the end of the year nobody was left.",
            None,
        );
        check(
            Language::En,
            "The photograph showed nothing of the kind.",
            None,
        );
    }
}
