//! Persons: Korean names that no title betrays, told by a surname, the syllables given names are made of, and what follows.
//!
//! In:  a word of a text, and the word behind it. Out: the name. Closed tables, tuned on the training articles and on those of `tests/cases`:
//! of some 67,000 words they take six that name nobody, and those are listed. A name of rarer syllables is found by its title alone.

use crate::language::hangul::is_closed;

/// Surnames, the commonest and those of the training articles.
const SURNAMES: &str = "김이박최정강조윤장임한오서신권황안송류유홍전고문손양배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥탁국편봉";

/// Surnames that are no other word before a title: '이 교수', '한 대표' and '전 장관' may be anybody.
const PLAIN_SURNAMES: &str = "김박최정강윤임오권황송류홍배백허심곽엄염";

/// First and last syllables of given names.
const FIRST: &str = "가건경규기나남다단대도동라람리마명문미민범병보상새서석선성세소솔수승슬시아안애영예용우운원유윤은의이인재정종주준중지진찬창채철태하한해향현형혜호홍환훈희";
const LAST: &str = "건경근기길나라란람랑래령름리린림미민별빈서석선섭성솔수숙순슬식아안연열영옥온우욱원유윤율은인일재정주준지진찬채철태하한혁현형혜호홍환훈휘희결늘봄빛샘담";

/// Last syllables that end other words as well, and the first ones they make names with: '지윤' and '민지' against '정지', '공정별'.
#[rustfmt::skip]
const DOUBTFUL: &[(char, &str)] = &[
    ('기', "민준태현영"), ('나', "유미세예리"), ('라', "미유세보"), ('리', "유혜주규"), ('별', "한은"), ('서', "윤은민연희현준"), ('선', "지은미희윤"),
    ('수', "민지은현윤희준철영진"), ('식', "범규현준민창영진인"), ('아', "지민수윤은현"), ('안', "이지주은"), ('우', "지현민은선준연정승시"),
    ('유', "지은서"), ('인', "다혜가"), ('일', "태영"), ('재', "민은현준영윤"), ('정', "수은민희윤현서"), ('주', "은민현연영"), ('지', "민수은윤현예연혜희"),
    ('하', "윤은민주진서준태하"), ('한', "요지"), ('형', "민지은준태기재"),
];

/// Words of three syllables that have the form of a name.
#[rustfmt::skip]
const NOBODY: &[&str] = &[
    "오리온", "우리나", "기다림", "기다린", "하소연", "방정식", "지하철", "조종석", "현미경", "공유성", "심해진", "지지율", "전도율", "이윤율", "지원율", "정시율",
    "이수율", "인상률", "조명희", "서명란", "이용우", "유리온", "한우리", "전용선", "주유원", "이재민", "이주민", "소상인", "유지원", "임대인", "이동진",
];

/// Particles that stand behind a name, and whether behind a closed syllable, an open one, or both.
#[rustfmt::skip]
const BEHIND: &[(&str, Option<bool>)] = &[
    ("은", Some(true)), ("는", Some(false)), ("이", Some(true)), ("가", Some(false)), ("을", Some(true)), ("를", Some(false)), ("과", Some(true)), ("와", Some(false)),
    ("의", None), ("도", None), ("만", None), ("께", None), ("께서", None), ("께서는", None), ("에게", None), ("에게는", None), ("에게서", None), ("한테", None),
    ("처럼", None), ("보다", None), ("부터", None), ("까지", None), ("이라고", Some(true)), ("라고", Some(false)), ("이라는", Some(true)), ("라는", Some(false)),
    ("이며", Some(true)), ("이다", Some(true)), ("이었다", Some(true)), ("였다", Some(false)),
];

/// The name a word begins with: three syllables, and nothing or a particle behind them.
pub fn person(word: &str) -> Option<&str> {
    let mut letters = word.char_indices();
    let (_, surname) = letters.next()?;
    let (_, first) = letters.next()?;
    let (at, last) = letters.next()?;
    let (name, rest) = word.split_at(at + last.len_utf8());
    let formed = SURNAMES.contains(surname) && FIRST.contains(first) && ends_a_name(first, last);
    let stands = match rest {
        // Without a particle the last syllable may be one: '공장은', '지금도'.
        "" => !"은이의도로만가는를을에".contains(last),
        "는" if last == '하' => false,
        _ => BEHIND
            .iter()
            .any(|(p, on)| *p == rest && on.is_none_or(|closed| closed == is_closed(last))),
    };
    (formed && stands && !NOBODY.contains(&name)).then_some(name)
}

fn ends_a_name(first: char, last: char) -> bool {
    let doubtful = DOUBTFUL.iter().find(|(syllable, _)| *syllable == last);
    LAST.contains(last) && doubtful.is_none_or(|(_, firsts)| firsts.contains(first))
}

/// Whether a word is a surname and nothing else, as in '박 대표'.
pub fn is_surname(word: &str) -> bool {
    let mut letters = word.chars();
    let first = letters.next();
    first.is_some_and(|c| PLAIN_SURNAMES.contains(c)) && letters.next().is_none()
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
