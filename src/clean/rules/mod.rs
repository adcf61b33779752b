//! Boilerplate rules: tables of what noise looks like, one entry a kind of line.
//!
//! In:  a unit's text and its place. Out: the reason and the name of the first rule that fits.
//! A rule states the kind of thing (how a byline or a date line looks), never a brand, a person or a title.

mod common;
mod en;
mod ko;
mod needles;

use std::sync::{LazyLock, OnceLock};

use regex::{Regex, RegexBuilder};

use crate::article::{Language, Reason};
pub use needles::Set;
use needles::{Needle, Needles};

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

/// Words one of which stands in whatever a pattern fits.
#[derive(Debug, Clone, Copy)]
pub enum Needs {
    /// At any place.
    Anywhere(&'static [&'static str]),
    /// At the start, behind marks and blanks at most.
    Leading(&'static [&'static str]),
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
    /// What stands in whatever the pattern fits.
    pub needs: Needs,
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
    /// What stands in whatever the pattern fits.
    pub needs: Needs,
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

/// What a pattern remembers of the texts it has seen, per thread: by default that would grow to megabytes with the number of
/// articles.
const DFA_BYTES: usize = 32 << 10;

/// Compiles a regular expression in which `¤` is a mark or a blank. Classes are spelt out, here and in the tables:
/// those of all of Unicode take a hundred times longer to compile.
pub fn pattern(pattern: &str) -> Regex {
    let mut builder = RegexBuilder::new(&pattern.replace('¤', MARKS));
    builder.dfa_size_limit(DFA_BYTES);
    builder.build().expect("the tables hold valid patterns")
}

/// The rules of one language.
pub struct Rules {
    rules: Vec<Lazy<Rule>>,
    headings: Vec<Lazy<Heading>>,
    needles: Needles,
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
        let of_rules = rules.iter().map(|r| (r.entry.needs, r.bit));
        let of_headings = headings.iter().map(|h| (h.entry.needs, h.bit));
        let triggers = [common::TRIGGERS, triggers].map(|t| (Needs::Anywhere(t), TRIGGERED));
        let needles = of_rules
            .chain(of_headings)
            .chain(triggers)
            .flat_map(|(needs, bit)| needs.needles(bit));
        Rules {
            needles: Needles::of(needles),
            rules,
            headings,
        }
    }

    /// The rules whose words stand in the text.
    pub fn met(&self, text: &str) -> Set {
        self.needles.met(text)
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

impl Needs {
    fn needles(self, rules: Set) -> impl Iterator<Item = Needle> {
        let (words, leading) = match self {
            Needs::Anywhere(words) => (words, false),
            Needs::Leading(words) => (words, true),
        };
        words.iter().map(move |word| Needle {
            word,
            leading,
            rules,
        })
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

    use super::needles::is_mark;
    use super::*;

    const LINE: Place = Place {
        alone: true,
        prose: false,
        head: false,
        tail: true,
    };

    #[track_caller]
    fn check(language: Language, text: &str, expected: Option<Reason>) {
        let rules = Rules::of(language);
        let found = rules.first(text, rules.met(text), LINE);
        assert_eq!(found.map(|r| r.reason), expected, "{text}");
    }

    /// Whether one of `words` stands in whatever `hir` fits.
    fn stands(hir: &Hir, words: &[&str]) -> bool {
        match hir.kind() {
            HirKind::Literal(_) => words
                .iter()
                .any(|w| text_of(hir).contains(&w.to_lowercase())),
            HirKind::Class(Class::Unicode(class)) => characters(class).all(|c| is_word(c, words)),
            HirKind::Class(Class::Bytes(_)) | HirKind::Empty | HirKind::Look(_) => false,
            HirKind::Repetition(repetition) => repetition.min > 0 && stands(&repetition.sub, words),
            HirKind::Capture(capture) => stands(&capture.sub, words),
            HirKind::Concat(parts) => spelt(parts).iter().any(|part| stands(part, words)),
            HirKind::Alternation(parts) => parts.iter().all(|part| stands(part, words)),
        }
    }

    /// Whether whatever `hir` fits begins, behind marks and blanks at most, with one of `words`: always, or where it
    /// holds a letter at all (`None`), or not.
    fn leads(hir: &Hir, words: &[&str]) -> Option<bool> {
        match hir.kind() {
            HirKind::Literal(_) => {
                let text = text_of(hir);
                let mut rests = text.char_indices().map(|(i, c)| (&text[i..], c));
                rests.find_map(|(rest, c)| {
                    let led = words.iter().any(|w| rest.starts_with(&w.to_lowercase()));
                    (led || !is_mark(c)).then_some(led)
                })
            }
            HirKind::Class(Class::Unicode(class)) => {
                let unled = |c: &char| !is_word(*c, words);
                match characters(class).filter(unled).map(|c| !is_mark(c)).max() {
                    None => Some(true),
                    Some(true) => Some(false),
                    Some(false) => None,
                }
            }
            HirKind::Class(Class::Bytes(_)) => Some(false),
            HirKind::Empty | HirKind::Look(_) => None,
            HirKind::Repetition(repetition) => {
                leads(&repetition.sub, words).filter(|led| repetition.min > 0 || !led)
            }
            HirKind::Capture(capture) => leads(&capture.sub, words),
            HirKind::Concat(parts) => spelt(parts).iter().find_map(|part| leads(part, words)),
            HirKind::Alternation(parts) => {
                let each: Vec<_> = parts.iter().map(|part| leads(part, words)).collect();
                if each.contains(&Some(false)) {
                    Some(false)
                } else {
                    each.iter().all(Option::is_some).then_some(true)
                }
            }
        }
    }

    fn text_of(literal: &Hir) -> String {
        match literal.kind() {
            HirKind::Literal(literal) => String::from_utf8_lossy(&literal.0).to_lowercase(),
            _ => String::new(),
        }
    }

    fn characters(class: &ClassUnicode) -> impl Iterator<Item = char> {
        class.iter().flat_map(|r| r.start()..=r.end())
    }

    fn is_word(c: char, words: &[&str]) -> bool {
        words.contains(&c.to_ascii_lowercase().to_string().as_str())
    }

    /// The letter that stands for both of its cases; "ſ" and "\u{212a}" fold to ASCII letters too.
    fn letter(class: &ClassUnicode) -> Option<char> {
        let small = class
            .iter()
            .find(|r| r.start().is_ascii())?
            .start()
            .to_ascii_lowercase();
        let alike = |c: char| c.to_ascii_lowercase() == small || matches!(c, 'ſ' | '\u{212a}');
        characters(class).all(alike).then_some(small)
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
            let of_headings = rules
                .headings
                .iter()
                .map(|h| (h.entry.needs, h.entry.pattern));
            for (needs, text) in of_rules.chain(of_headings) {
                let hir = regex_syntax::parse(pattern(text).as_str()).expect("it compiled");
                let met = match needs {
                    Needs::Anywhere(words) => stands(&hir, words),
                    Needs::Leading(words) => leads(&hir, words) == Some(true),
                };
                assert!(met, "{needs:?}: {text}");
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
