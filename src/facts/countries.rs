//! Countries: their names and adjectives in both languages, so that 한국 in an article carries "Korean" in a note.
//!
//! In:  a text. Out: which countries it names, and where. A closed table; what is not in it is a name like any other.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::article::is_hangul;

/// What a country is called.
struct Country {
    ko: &'static [&'static str],
    en: &'static [&'static str],
    /// Words that carry the name in a note and do not ask for it: '국내' is Korea in a Korean article.
    carries: &'static [&'static str],
}

#[rustfmt::skip]
const COUNTRIES: &[Country] = &[
    Country { ko: &["한국", "대한민국"], en: &["South Korea", "South Korean", "South Koreans", "Korea", "Korean", "Koreans", "Seoul"], carries: &["국내", "우리나라", "서울"] },
    Country { ko: &["북한"], en: &["North Korea", "North Korean", "Pyongyang"], carries: &[] },
    Country { ko: &["미국"], en: &["United States", "US", "U.S.", "USA", "America", "American", "Americans", "Washington"], carries: &["워싱턴"] },
    Country { ko: &["중국"], en: &["China", "Chinese", "Beijing"], carries: &["베이징"] },
    Country { ko: &["일본"], en: &["Japan", "Japanese", "Tokyo"], carries: &["도쿄"] },
    Country { ko: &["대만"], en: &["Taiwan", "Taiwanese"], carries: &[] },
    Country { ko: &["영국"], en: &["United Kingdom", "UK", "U.K.", "Britain", "British"], carries: &["England", "런던"] },
    Country { ko: &["독일"], en: &["Germany", "German", "Germans"], carries: &[] },
    Country { ko: &["프랑스"], en: &["France", "French"], carries: &[] },
    Country { ko: &["이탈리아"], en: &["Italy", "Italian", "Italians"], carries: &[] },
    Country { ko: &["스페인"], en: &["Spain", "Spanish"], carries: &[] },
    Country { ko: &["네덜란드"], en: &["Netherlands", "Dutch"], carries: &[] },
    Country { ko: &["벨기에"], en: &["Belgium", "Belgian"], carries: &[] },
    Country { ko: &["스위스"], en: &["Switzerland", "Swiss"], carries: &[] },
    Country { ko: &["오스트리아"], en: &["Austria", "Austrian"], carries: &[] },
    Country { ko: &["덴마크"], en: &["Denmark", "Danish", "Danes"], carries: &[] },
    Country { ko: &["노르웨이"], en: &["Norway", "Norwegian", "Norwegians"], carries: &[] },
    Country { ko: &["스웨덴"], en: &["Sweden", "Swedish", "Swedes"], carries: &[] },
    Country { ko: &["핀란드"], en: &["Finland", "Finnish", "Finns"], carries: &[] },
    Country { ko: &["아일랜드"], en: &["Ireland", "Irish"], carries: &[] },
    Country { ko: &["폴란드"], en: &["Poland"], carries: &["Polish"] },
    Country { ko: &["러시아"], en: &["Russia", "Russian", "Russians", "Moscow"], carries: &[] },
    Country { ko: &["우크라이나"], en: &["Ukraine", "Ukrainian", "Ukrainians"], carries: &[] },
    Country { ko: &["튀르키예", "터키"], en: &["Turkey", "Turkish", "Türkiye"], carries: &[] },
    Country { ko: &["캐나다"], en: &["Canada", "Canadian", "Canadians"], carries: &[] },
    Country { ko: &["멕시코"], en: &["Mexico", "Mexican"], carries: &[] },
    Country { ko: &["브라질"], en: &["Brazil", "Brazilian"], carries: &[] },
    Country { ko: &["칠레"], en: &["Chile", "Chilean"], carries: &[] },
    Country { ko: &["호주"], en: &["Australia", "Australian", "Australians"], carries: &[] },
    Country { ko: &["뉴질랜드"], en: &["New Zealand"], carries: &["New Zealander"] },
    Country { ko: &[], en: &["India", "Indian", "Indians"], carries: &["인도"] },
    Country { ko: &["인도네시아"], en: &["Indonesia", "Indonesian"], carries: &[] },
    Country { ko: &["베트남"], en: &["Vietnam", "Vietnamese"], carries: &[] },
    Country { ko: &["말레이시아"], en: &["Malaysia", "Malaysian"], carries: &[] },
    Country { ko: &["싱가포르"], en: &["Singapore", "Singaporean"], carries: &[] },
    Country { ko: &["필리핀"], en: &["Philippines"], carries: &["Filipino"] },
    Country { ko: &["이스라엘"], en: &["Israel", "Israeli", "Israelis"], carries: &[] },
    Country { ko: &["사우디아라비아", "사우디"], en: &["Saudi Arabia", "Saudi"], carries: &[] },
    Country { ko: &["아랍에미리트"], en: &["United Arab Emirates", "UAE", "Emirati"], carries: &[] },
    Country { ko: &["유럽연합"], en: &["European Union", "EU", "Brussels"], carries: &["브뤼셀"] },
    Country { ko: &["유럽"], en: &["Europe", "European", "Europeans"], carries: &["유럽연합", "EU", "European Union"] },
];

/// What may follow a country within a Korean word, particles apart.
#[rustfmt::skip]
const SUFFIXES: &[&str] = &["산", "인", "계", "식", "어", "제", "형", "발", "행", "측", "내", "정부", "업체", "기업", "시장"];

/// A country's name in a text: which, and from where to where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    pub country: usize,
    pub start: usize,
    pub end: usize,
}

/// All names at once: looking for each of a hundred alone takes ten times as long.
struct Names {
    automaton: AhoCorasick,
    /// The country of each pattern.
    countries: Vec<usize>,
}

/// Built when a text is looked at first.
static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let entries = COUNTRIES.iter().enumerate();
    let named = entries.flat_map(|(country, entry)| {
        let names = entry.ko.iter().chain(entry.en);
        names.map(move |name| (country, *name))
    });
    let (countries, names): (Vec<usize>, Vec<&str>) = named.unzip();
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

/// The countries that some sentences carry, by name or otherwise.
pub fn carried(sources: &str) -> Vec<usize> {
    let mut found: Vec<usize> = mentions(sources).iter().map(|m| m.country).collect();
    let carries = |entry: &Country| entry.carries.iter().any(|word| sources.contains(word));
    found.extend((0..COUNTRIES.len()).filter(|&at| carries(&COUNTRIES[at])));
    found
}

/// Every name in Latin letters of the countries some sentences carry.
#[cfg(feature = "model")]
pub fn latin_names(sources: &str) -> impl Iterator<Item = &'static str> {
    let carried = carried(sources).into_iter();
    carried.flat_map(|at| COUNTRIES[at].en.iter().copied())
}

/// Whether a name that stands in a text is a word of its own there.
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

/// Whether what follows within the word lets a country's name end here: '미국은', '중국산을', not '대만족'.
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
