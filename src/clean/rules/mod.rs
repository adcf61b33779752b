//! Boilerplate rules: what noise looks like, one section of `data/*/rules.txt` a kind of line.
//!
//! In:  a unit's text and its place. Out: the reason and the name of the first rule that fits.
//! A rule states the kind of thing (how a byline or a date line looks), never a brand, a person or a title.
//! Another rule is a section in a file, and a case.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use regex::{Regex, RegexBuilder};

use crate::article::{Language, Reason};
use crate::language::data::{self, File, Section};
use crate::language::phrases::{End, Phrase, Phrases, Words};
use crate::language::{PerLanguage, script};

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
    /// On a line that makes noise of those below it.
    Heading,
}

impl Scope {
    /// The scopes by their names in the files.
    const NAMES: [(&str, Scope); 5] = [
        ("line", Scope::Line),
        ("unit", Scope::Unit),
        ("head", Scope::Head),
        ("tail", Scope::Tail),
        ("heading", Scope::Heading),
    ];

    fn holds(self, place: Place) -> bool {
        match self {
            Scope::Unit => true,
            Scope::Line => place.alone,
            Scope::Head => place.alone && place.head,
            Scope::Tail => place.alone && place.tail,
            Scope::Heading => false,
        }
    }
}

/// One rule, as its section says.
#[derive(Debug)]
pub struct Rule {
    /// The name that `removed[].rule` gives.
    pub name: &'static str,
    /// Why what it fits is removed.
    pub reason: Reason,
    scope: Scope,
    /// It may fire on what reads like a sentence of the article.
    prose: bool,
    /// An article's own line may look so: another sign of the same noise must stand above or below.
    pub second: bool,
    /// Longest text, in characters, that it may take: past that, an article's own sentence is likelier.
    longest: usize,
    /// Words one of which stands in whatever the pattern fits.
    needs: Vec<&'static str>,
    /// They stand at its start, behind marks and blanks at most.
    leading: bool,
    /// The shape, as a [`pattern`] over the folded text, whose only white space is the blank.
    pattern: &'static str,
    /// The pattern, compiled when it is first needed: a short text needs few of them.
    regex: OnceLock<Regex>,
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

/// What `¤` stands for in a pattern: marks and blanks, ASCII ones and those that pages set around their furniture.
const MARKS: &str =
    "[ -/:-@\\[-`{-~·…“”‘’「」『』《》〈〉【】▲△▶▷◀◁★☆■□◆◇●○•※☞└ⓒ©→←|ㅣ–—♥♡🎧📌📷✉]";

/// What a pattern remembers of the texts it has seen, per thread: by default that would grow to megabytes with the number of
/// articles.
const DFA_BYTES: usize = 32 << 10;

/// Texts of so many bytes and more are no scraps.
const SCRAP_BYTES: usize = 240;
/// Longest heading, in bytes.
const HEADING_BYTES: usize = 120;

/// Compiles a regular expression in which `¤` is a mark or a blank. Classes are spelt out, here and in the files:
/// those of all of Unicode take a hundred times longer to compile.
pub fn pattern(pattern: &str) -> Regex {
    let mut builder = RegexBuilder::new(&pattern.replace('¤', MARKS));
    builder.dfa_size_limit(DFA_BYTES);
    builder.build().expect("a test compiles every pattern")
}

/// Rules by their number: a bit each.
pub type Set = u64;

/// The rules of one language, those of every language first.
pub struct Rules {
    rules: Vec<Rule>,
    /// The rules that may fire on what reads like a sentence.
    prose: Set,
    /// What the rules need anywhere, and what at the start of a text.
    needs: Prefilter,
    starts: Prefilter,
}

/// The words that rules need. Patterns are slow to compile and slower to run; nearly every sentence is spared all of them.
struct Prefilter {
    words: Phrases,
    /// For each word, the rules that need it.
    needed_by: Vec<Set>,
    /// Bytes of the longest word.
    longest: usize,
}

impl Prefilter {
    fn of(rules: &[Rule], leading: bool) -> Prefilter {
        let mut words: BTreeMap<&str, Set> = BTreeMap::new();
        for (n, rule) in rules.iter().enumerate().filter(|r| r.1.leading == leading) {
            for word in &rule.needs {
                *words.entry(word).or_default() |= 1 << n;
            }
        }
        let phrases = words.keys().map(|word| Phrase {
            text: (*word).into(),
            inside: true,
            end: End::Open,
        });
        Prefilter {
            words: Phrases::of(phrases, Words::Marked, true),
            longest: words.keys().map(|word| word.len()).max().unwrap_or(0),
            needed_by: words.into_values().collect(),
        }
    }

    /// The rules whose words begin in the first bytes of the text.
    fn rules(&self, text: &str, bytes: usize) -> Set {
        let end = bytes.saturating_add(self.longest).min(text.len());
        let end = (end..text.len()).find(|at| text.is_char_boundary(*at));
        let text = &text[..end.unwrap_or(text.len())];
        let found = self.words.find(text).filter(|found| found.start < bytes);
        found.fold(0, |set, found| set | self.needed_by[found.phrase])
    }
}

impl Rules {
    /// Returns the rules for texts in `language`.
    pub fn of(language: Language) -> &'static Rules {
        static RULES: PerLanguage<LazyLock<Rules>> = PerLanguage {
            ko: LazyLock::new(|| Rules::read(&data::RULES.ko)),
            en: LazyLock::new(|| Rules::read(&data::RULES.en)),
        };
        &RULES[language]
    }

    fn read(own: &'static File) -> Rules {
        let sections = data::COMMON_RULES.sections().iter().chain(own.sections());
        let rules: Vec<Rule> = sections.filter_map(Rule::read).collect();
        assert!(rules.len() <= Set::BITS as usize, "a rule has a bit");
        Rules {
            needs: Prefilter::of(&rules, false),
            starts: Prefilter::of(&rules, true),
            prose: (0..)
                .zip(&rules)
                .filter(|(_, rule)| rule.prose)
                .fold(0, |set, (n, _): (u32, _)| set | 1 << n),
            rules,
        }
    }

    /// Returns the rules whose words stand in the text, in whatever case its ASCII letters are.
    pub fn prefilter(&self, text: &str) -> Set {
        let lead = text.find(|c| !is_mark(c)).unwrap_or(text.len());
        self.needs.rules(text, text.len()) | self.starts.rules(text, lead + 1)
    }

    /// Returns the first of the wanted rules that fits the text in its place, among those the prefilter left.
    pub fn fitting(
        &self,
        text: &str,
        left: Set,
        place: Place,
        wanted: impl Fn(&Rule) -> bool,
    ) -> Option<&Rule> {
        let scrap = place.alone && !place.prose && text.len() < SCRAP_BYTES;
        let left = if scrap { left } else { left & self.prose };
        if left == 0 {
            return None;
        }
        let length = text.chars().count();
        self.among(left)
            .filter(|rule| rule.scope.holds(place) && length <= rule.longest && wanted(rule))
            .find(|rule| rule.is_match(text))
    }

    /// Returns the first of the wanted rules that fits a line of several sentences; one for whole lines alone where some are the
    /// article's own.
    pub fn line(
        &self,
        text: &str,
        place: Place,
        own: bool,
        wanted: impl Fn(&Rule) -> bool,
    ) -> Option<&Rule> {
        let whole = |r: &&Rule| match r.scope {
            Scope::Unit => !own && r.reason != Reason::Byline,
            _ => !own || r.reason != Reason::RelatedLinks,
        };
        let found = self.fitting(text, self.prefilter(text), place, wanted);
        found.filter(whole)
    }

    /// Returns the rule by which a line is a heading.
    pub fn heading(&self, text: &str, left: Set) -> Option<&Rule> {
        if text.len() > HEADING_BYTES {
            return None;
        }
        self.among(left)
            .filter(|rule| rule.scope == Scope::Heading)
            .find(|rule| rule.is_match(text))
    }

    /// The rules of a set, in their order.
    fn among(&self, mut set: Set) -> impl Iterator<Item = &Rule> {
        std::iter::from_fn(move || {
            let n = (set != 0).then(|| set.trailing_zeros() as usize)?;
            set &= set - 1;
            self.rules.get(n)
        })
    }
}

impl Rule {
    /// Reads a section; none where it lacks something, which a test would say.
    fn read(section: &'static Section) -> Option<Rule> {
        let of = |key: &str| section.value(key);
        let named = |name: &str, names: &[(&str, Scope)]| {
            let scope = names.iter().find(|(n, _)| *n == name);
            scope.map(|(_, scope)| *scope)
        };
        let reason = of("reason")?;
        Some(Rule {
            name: of("name").unwrap_or(section.name),
            reason: Reason::ALL.into_iter().find(|r| r.name() == reason)?,
            scope: named(of("scope")?, &Scope::NAMES)?,
            prose: of("prose") != Some("no"),
            second: of("second") == Some("yes"),
            longest: of("longest").map_or(Some(HEADING_BYTES), |n| n.parse().ok())?,
            needs: data::listed(of("starts").or_else(|| of("needs"))?).collect(),
            leading: of("starts").is_some(),
            pattern: of("pattern")?,
            regex: OnceLock::new(),
        })
    }

    fn is_match(&self, text: &str) -> bool {
        self.regex
            .get_or_init(|| pattern(self.pattern))
            .is_match(text)
    }
}

/// Returns whether furniture may begin with the character: no letter, or one that pages use as a mark.
fn is_mark(c: char) -> bool {
    !script::is_letter(c) || matches!(c, 'ⓒ' | 'Ⓒ' | 'ㅣ')
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
        let rules = Rules::of(language);
        let found = rules.fitting(text, rules.prefilter(text), LINE, |_| true);
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
        for language in Language::ALL {
            for rule in &Rules::of(language).rules {
                let text = pattern(rule.pattern);
                let hir = regex_syntax::parse(text.as_str()).expect("it compiled");
                let proved = match rule.leading {
                    true => leads(&hir, &rule.needs) == Some(true),
                    false => stands(&hir, &rule.needs),
                };
                assert!(proved, "{}: {:?}", rule.name, rule.needs);
            }
        }
    }

    #[test]
    fn every_section_is_a_rule() {
        for language in Language::ALL {
            let sections = data::COMMON_RULES.sections().iter();
            let names = sections.chain(data::RULES[language].sections());
            let names: Vec<_> = names
                .map(|section| section.value("name").unwrap_or(section.name))
                .collect();
            let rules = Rules::of(language).rules.iter();
            assert_eq!(rules.map(|rule| rule.name).collect::<Vec<_>>(), names);
        }
    }

    #[test]
    fn words_count_where_they_are_needed() {
        let rules = Rules::of(Language::Ko);
        let left = |text: &str, name: &str| {
            let n = rules.rules.iter().position(|rule| rule.name == name);
            rules.prefilter(text) & 1 << n.expect("there is such a rule") != 0
        };
        assert!(left("[기사] 입력", "ko.date.label"));
        assert!(!left("그 기사를 쓴 사람", "ko.date.label"));
        assert!(left("그 글을 쓴 기자", "ko.byline.role"));
        assert!(left("ALL RIGHTS reserved", "copyright.rights"));
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
