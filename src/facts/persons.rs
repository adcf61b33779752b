//! Persons: Korean names that no title betrays, told by a surname, the syllables given names are made of, and what follows.
//!
//! In:  a word of a text, and the word behind it. Out: the name. Closed tables, tuned on the training articles and on those of `tests/cases`:
//! of some 67,000 words they take six that name nobody, and those are listed. A name of rarer syllables is found by its title alone.

use std::sync::LazyLock;

use crate::language::data::{List, NAMES, pair};
use crate::language::hangul::is_closed;

/// What the names of persons are made of.
struct Syllables {
    surname: &'static str,
    /// Surnames that are no other word before a title: '이 교수', '한 대표' and '전 장관' may be anybody.
    plain_surname: &'static str,
    first: &'static str,
    last: &'static str,
    /// Last syllables that end other words as well, and the first ones they make names with: '지윤' and '민지' against '정지', '공정별'.
    doubtful: Vec<(&'static str, &'static str)>,
}

static SYLLABLES: LazyLock<Syllables> = LazyLock::new(|| {
    let of = |section: &str| NAMES.ko.section(section).iter().copied().filter_map(pair);
    let one = |name: &str| {
        of("syllables")
            .find(|(own, _)| *own == name)
            .map_or("", |p| p.1)
    };
    Syllables {
        surname: one("surname"),
        plain_surname: one("plain-surname"),
        first: one("first"),
        last: one("last"),
        doubtful: of("doubtful").collect(),
    }
});
/// Words of three syllables that have the form of a name.
static NOBODY: List = List::of(&NAMES.ko, "nobody");
/// Particles that stand behind any name, behind a closed syllable, and behind an open one.
static BEHIND: List = List::of(&NAMES.ko, "behind");
static BEHIND_CLOSED: List = List::of(&NAMES.ko, "behind-closed");
static BEHIND_OPEN: List = List::of(&NAMES.ko, "behind-open");

/// The name a word begins with: three syllables, and nothing or a particle behind them.
pub fn person(word: &str) -> Option<&str> {
    let mut letters = word.char_indices();
    let (_, surname) = letters.next()?;
    let (_, first) = letters.next()?;
    let (at, last) = letters.next()?;
    let (name, rest) = word.split_at(at + last.len_utf8());
    let formed = SYLLABLES.surname.contains(surname)
        && SYLLABLES.first.contains(first)
        && ends_a_name(first, last);
    let stands = match rest {
        // Without a particle the last syllable may be one: '공장은', '지금도'.
        "" => !"은이의도로만가는를을에".contains(last),
        "는" if last == '하' => false,
        _ => {
            let shaped = if is_closed(last) {
                &BEHIND_CLOSED
            } else {
                &BEHIND_OPEN
            };
            BEHIND.has(rest) || shaped.has(rest)
        }
    };
    (formed && stands && !NOBODY.has(name)).then_some(name)
}

fn ends_a_name(first: char, last: char) -> bool {
    let mut doubtful = SYLLABLES.doubtful.iter();
    let firsts = doubtful.find(|(syllable, _)| syllable.starts_with(last));
    SYLLABLES.last.contains(last) && firsts.is_none_or(|(_, firsts)| firsts.contains(first))
}

/// Tells whether a word is a surname and nothing else, as in '박 대표'.
pub fn is_surname(word: &str) -> bool {
    let mut letters = word.chars();
    let first = letters.next();
    first.is_some_and(|c| SYLLABLES.plain_surname.contains(c)) && letters.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_a_title_are_told_by_their_syllables() {
        for (word, name) in [
            ("박서연은", "박서연"),
            ("김도윤이", "김도윤"),
            ("강이안", "강이안"),
            ("도윤재는", "도윤재"),
            ("서지호에게", "서지호"),
            ("임하율과", "임하율"),
            ("조민경의", "조민경"),
        ] {
            assert_eq!(person(word), Some(name), "{word}");
        }
    }

    #[test]
    fn common_words_name_nobody() {
        for word in [
            "정부는",
            "이용자는",
            "전문가의",
            "공장은",
            "도서관에",
            "기지국은",
            "우리나라는",
            "사라지는",
            "인정하는",
            "지금도",
            "반도체와",
            "연구원은",
            "방정식을",
            "나라별로",
            "지하철은",
            "정책을",
            "서울",
            "이",
            "주민이",
            "조건은",
            "한국인",
            "박서연은은",
            "설명하는",
            "소송은",
            "전기차를",
            "재생에너지",
        ] {
            assert_eq!(person(word), None, "{word}");
        }
    }

    #[test]
    fn a_surname_alone_is_one_that_is_no_other_word() {
        assert!(is_surname("박") && is_surname("김"));
        assert!(!is_surname("이") && !is_surname("한") && !is_surname("박서") && !is_surname(""));
    }
}
