//! Boilerplate rules: tables of what noise looks like, one entry a kind of line.
//!
//! In:  a unit's text and its place. Out: the reason and the name of the first rule that fits.
//! A rule states the kind of thing (how a byline or a date line looks), never a brand, a person or a title.

mod common;
mod en;
mod ko;

use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

use crate::article::{Language, Reason};

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
    /// The shape, as a regular expression over the folded text, whose only white space is the blank. Classes are spelt
    /// out, marks too: those of all of Unicode take a hundred times longer to compile.
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
    /// The heading's shape.
    pub pattern: &'static str,
}

/// The rules of one language, compiled.
pub struct Rules {
    rules: Vec<(&'static Rule, OnceLock<Regex>)>,
    triggers: AhoCorasick,
    headings: Vec<(&'static Heading, OnceLock<Regex>)>,
}

impl Rules {
    /// The compiled tables of `language`, those of both languages among them.
    pub fn of(language: Language) -> &'static Rules {
        static KO: LazyLock<Rules> =
            LazyLock::new(|| Rules::compile(ko::RULES, ko::TRIGGERS, ko::HEADINGS));
        static EN: LazyLock<Rules> =
            LazyLock::new(|| Rules::compile(en::RULES, en::TRIGGERS, en::HEADINGS));
        match language {
            Language::Ko => &KO,
            Language::En => &EN,
        }
    }

    fn compile(table: &'static [Rule], triggers: &[&str], headings: &'static [Heading]) -> Rules {
        let rules = common::RULES
            .iter()
            .chain(table)
            .map(|r| (r, OnceLock::new()))
            .collect();
        let triggers = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(common::TRIGGERS.iter().chain(triggers))
            .expect("the trigger list is small");
        let headings = headings.iter().map(|h| (h, OnceLock::new())).collect();
        Rules {
            rules,
            triggers,
            headings,
        }
    }

    /// The first rule that fits the text in its place.
    pub fn first(&self, text: &str, place: Place) -> Option<&'static Rule> {
        // Only a scrap on a short line, or a text with a word that noise has, is worth the patterns.
        let scrap = place.alone && !place.prose && text.len() < 240;
        if !scrap && !self.triggers.is_match(text) {
            return None;
        }
        let length = text.chars().count();
        self.rules
            .iter()
            .find(|(r, pattern)| {
                length <= r.longest
                    && in_scope(r.scope, place)
                    && is_match(pattern, r.pattern, text)
            })
            .map(|(r, _)| *r)
    }

    /// The first rule that fits a line of several sentences; one for whole lines alone where some are the article's own.
    pub fn line(&self, text: &str, place: Place, own: bool) -> Option<&'static Rule> {
        let whole = |r: &&Rule| r.scope != Scope::Unit || !own && r.reason != Reason::Byline;
        self.first(text, place).filter(whole)
    }

    /// The heading that a line is.
    pub fn heading(&self, text: &str) -> Option<&'static Heading> {
        if text.len() > 120 {
            return None;
        }
        self.headings
            .iter()
            .find(|(h, pattern)| is_match(pattern, h.pattern, text))
            .map(|(h, _)| *h)
    }
}

/// Matches, compiling the pattern where it is needed for the first time: a short text needs few of them.
fn is_match(compiled: &OnceLock<Regex>, pattern: &str, text: &str) -> bool {
    compiled
        .get_or_init(|| Regex::new(pattern).expect("the tables hold valid patterns"))
        .is_match(text)
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
            Rules::of(language).first(text, LINE).map(|r| r.reason),
            expected,
            "{text}"
        );
    }

    #[test]
    fn every_pattern_compiles() {
        for language in [Language::Ko, Language::En] {
            let rules = Rules::of(language);
            rules
                .rules
                .iter()
                .map(|r| r.0.pattern)
                .chain(rules.headings.iter().map(|h| h.0.pattern))
                .for_each(|p| {
                    Regex::new(p).expect(p);
                });
        }
    }

    #[test]
    fn rule_names_are_unique_within_a_language() {
        for language in [Language::Ko, Language::En] {
            let mut names: Vec<_> = Rules::of(language)
                .rules
                .iter()
                .map(|(r, _)| r.name)
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
