//! Countries: their names and adjectives in both languages, so that 한국 in an article carries "Korean" in a note.
//!
//! In:  a text. Out: which countries it names, and where. A closed table; what is not in it is a name like any other.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::language::data::{COUNTRIES, File, List, pair};
use crate::language::hangul::is_hangul;
use crate::language::{Language, PerLanguage};

/// What a country is called.
#[derive(Debug, Default)]
struct Country {
    /// Its names and adjectives, those of one language behind those of the other.
    names: PerLanguage<Vec<&'static str>>,
    /// Words that carry the name in a note and do not ask for it: '국내' is Korea in a Korean article.
    carries: Vec<&'static str>,
}

/// Every country, by its code.
static COUNTRIES_BY_CODE: LazyLock<BTreeMap<&'static str, Country>> = LazyLock::new(|| {
    let mut countries: BTreeMap<&str, Country> = BTreeMap::new();
    let entries = |file: &'static File, section: &str| {
        let pairs = file.section(section).iter().copied().filter_map(pair);
        pairs
            .map(|(code, names)| (code, names.split(", ")))
            .collect::<Vec<_>>()
    };
    for language in Language::ALL {
        let file = &COUNTRIES[language];
        for (code, names) in entries(file, "names") {
            countries.entry(code).or_default().names[language].extend(names);
        }
        for (code, words) in entries(file, "carries") {
            countries.entry(code).or_default().carries.extend(words);
        }
    }
    countries
});

/// What may follow a country within a Korean word, particles apart.
static SUFFIXES: List = List::of(&COUNTRIES.ko, "suffixes");

/// A country's name in a text: which, and from where to where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// By its code.
    pub country: &'static str,
    pub start: usize,
    pub end: usize,
}

/// All names at once: looking for each of a hundred alone takes ten times as long.
struct Names {
    automaton: AhoCorasick,
    /// The country of each pattern.
    countries: Vec<&'static str>,
}

/// Built when a text is looked at first.
static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let named = COUNTRIES_BY_CODE.iter().flat_map(|(code, country)| {
        let names = country.names.values().flatten();
        names.map(move |name| (*code, *name))
    });
    let (countries, names): (Vec<&str>, Vec<&str>) = named.unzip();
    Names {
        automaton: AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(names)
            .expect("the table is short"),
        countries,
    }
});

/// The countries a text names, in order. Of two names that begin at one place the longer counts.
pub fn mentions(text: &str) -> Vec<Mention> {
    let spelled = NAMES
        .automaton
        .find_overlapping_iter(text)
        .map(|at| Mention {
            country: NAMES.countries[at.pattern()],
            start: at.start(),
            end: at.end(),
        });
    let mut found: Vec<Mention> = spelled.filter(|m| is_whole(text, m)).collect();
    found.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end)));
    let mut end = 0;
    found.retain(|m| {
        let free = m.start >= end;
        if free {
            end = m.end;
        }
        free
    });
    found
}

/// Returns the countries that some sentences carry, by name or otherwise.
pub fn carried(sources: &str) -> Vec<&'static str> {
    let mut found: Vec<&str> = mentions(sources).iter().map(|m| m.country).collect();
    let carries = |country: &Country| country.carries.iter().any(|word| sources.contains(word));
    let also = COUNTRIES_BY_CODE
        .iter()
        .filter(|(_, country)| carries(country));
    found.extend(also.map(|(code, _)| *code));
    found
}

/// Returns every name in Latin letters of the countries some sentences carry.
#[cfg(feature = "model")]
pub fn latin_names(sources: &str) -> impl Iterator<Item = &'static str> {
    let carried = carried(sources).into_iter();
    carried.flat_map(|code| COUNTRIES_BY_CODE[code].names.en.iter().copied())
}

/// Tells whether a name that stands in a text is a word of its own there.
fn is_whole(text: &str, mention: &Mention) -> bool {
    let (before, after) = (&text[..mention.start], &text[mention.end..]);
    match text[mention.start..mention.end].is_ascii() {
        true => !before.ends_with(is_latin) && !after.starts_with(is_latin),
        false => !before.ends_with(is_hangul) && ends_country(after),
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// Tells whether what follows within the word lets a country's name end here: '미국은', '중국산을', not '대만족'.
fn ends_country(after: &str) -> bool {
    let len = after.find(|c| !is_hangul(c)).unwrap_or(after.len());
    let rest = &after[..len];
    let bare = SUFFIXES.iter().find_map(|suffix| rest.strip_prefix(suffix));
    [Some(rest), bare]
        .into_iter()
        .flatten()
        .any(|rest| rest.is_empty() || super::names::is_particle(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<&str> {
        mentions(text)
            .iter()
            .map(|m| &text[m.start..m.end])
            .collect()
    }

    #[test]
    fn countries_are_found_as_whole_words() {
        assert_eq!(
            named("미국과 중국산, 한국의 EU"),
            ["미국", "중국", "한국", "EU"]
        );
        assert_eq!(named("대만족, 한국전력, the Chinaware of US"), ["US"]);
        assert_eq!(
            named("South Korean and United States law"),
            ["South Korean", "United States"]
        );
        assert_eq!(named("유럽연합은 유럽의"), ["유럽연합", "유럽"]);
    }

    #[test]
    fn a_country_is_carried_in_either_language() {
        let carries = |source: &str, text: &str| {
            let carried = carried(source);
            mentions(text).iter().all(|m| carried.contains(&m.country))
        };
        assert!(carries(
            "국내 업체는 일본과 겨룬다.",
            "Korean firms compete with Japan."
        ));
        assert!(carries("Swiss rules", "스위스의 규칙"));
        assert!(!carries("미국의 규칙", "Chinese rules"));
        assert!(!carries("중국이 앞선다.", "일본이 앞선다."));
        assert!(carries("유럽연합의 규칙", "European rules"));
    }
}
