//! Numerals: how numbers are spelled in digits, English words, native and Chinese Korean words.
//!
//! In:  the text from a place on. Out: a value and how many bytes spell it. Tables and one small parser for each.

use std::sync::LazyLock;

use super::char_filter::CharFilter;
use super::units::Unit;
pub(super) use crate::article::is_hangul;

pub(super) fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Digits with thousands marks and a decimal part.
pub(super) fn decimal(text: &str) -> Option<(f64, usize)> {
    let mut len = digits(text);
    if len == 0 {
        return None;
    }
    if len <= 3 {
        while text[len..].starts_with(',') && digits(&text[len + 1..]) == 3 {
            len += 4;
        }
    }
    if text[len..].starts_with('.') {
        let part = digits(&text[len + 1..]);
        len += if part > 0 { 1 + part } else { 0 };
    }
    Some((text[..len].replace(',', "").parse().ok()?, len))
}

/// Scales inside a section of four digits: "3천", "2백".
pub(super) fn small_scale_at(text: &str) -> Option<(f64, usize)> {
    [("십", 10.0), ("백", 100.0), ("천", 1000.0)]
        .into_iter()
        .find(|(s, _)| text.starts_with(s))
        .map(|(s, f)| (f, s.len()))
}

/// Scales that close a section, in either language.
pub(super) fn scale_at(text: &str) -> Option<(f64, usize)> {
    const HANGUL: [(&str, f64); 3] = [("만", 1e4), ("억", 1e8), ("조", 1e12)];
    const LATIN: [(&str, f64); 9] = [
        ("hundred", 1e2),
        ("thousand", 1e3),
        ("million", 1e6),
        ("billion", 1e9),
        ("trillion", 1e12),
        ("bn", 1e9),
        ("mn", 1e6),
        ("tn", 1e12),
        ("k", 1e3),
    ];
    if let Some((s, f)) = HANGUL.into_iter().find(|(s, _)| text.starts_with(s)) {
        return Some((f, s.len()));
    }
    let gap = usize::from(text.starts_with([' ', '-']));
    LATIN
        .into_iter()
        .find(|(s, _)| starts_word(&text[gap..], s) && (gap == 0 || s.len() > 3))
        .map(|(s, f)| (f, gap + s.len()))
}

/// Whether `text` begins with `word`, in any case, as a whole word. Tables are gone through word by word, and nearly all
/// differ in the first letter.
#[inline]
pub(super) fn starts_word(text: &str, word: &str) -> bool {
    let first = |text: &str| text.as_bytes().first().map(u8::to_ascii_lowercase);
    first(text) == first(word) && is_first_word(text, word)
}

fn is_first_word(text: &str, word: &str) -> bool {
    text.get(..word.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(word))
        && !text[word.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// The months' English names.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A month's name, in full or cut, with its full stop.
pub(super) fn month_at(text: &str) -> Option<(f64, usize)> {
    let len = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let word = &text[..len];
    let at = MONTHS.iter().position(|m| {
        *m == word || (len == 3 || word == "Sept") && m.starts_with(word) && len >= 3
    })?;
    let doubtful = matches!(word, "Mar" | "Jan" | "Dec") && !text[len..].starts_with('.');
    (!doubtful).then_some((at as f64 + 1.0, len))
}

#[rustfmt::skip]
const ENGLISH_SMALL: &[(&str, f64)] = &[
    ("one", 1.0), ("two", 2.0), ("three", 3.0), ("four", 4.0), ("five", 5.0), ("six", 6.0), ("seven", 7.0), ("eight", 8.0), ("nine", 9.0),
    ("ten", 10.0), ("eleven", 11.0), ("twelve", 12.0), ("thirteen", 13.0), ("fourteen", 14.0), ("fifteen", 15.0), ("sixteen", 16.0),
    ("seventeen", 17.0), ("eighteen", 18.0), ("nineteen", 19.0), ("twenty", 20.0), ("thirty", 30.0), ("forty", 40.0), ("fifty", 50.0),
    ("sixty", 60.0), ("seventy", 70.0), ("eighty", 80.0), ("ninety", 90.0),
];

/// Words that are figures by themselves: word, value, class, soft.
#[rustfmt::skip]
pub(super) const ENGLISH_SET: &[(&str, f64, Unit, bool)] = &[
    ("first half", 50.0, Unit::Share, true), ("second half", 50.0, Unit::Share, true), ("half", 50.0, Unit::Share, false), ("twice", 2.0, Unit::Times, false), ("double", 2.0, Unit::Times, true), ("doubled", 2.0, Unit::Times, true),
    ("triple", 3.0, Unit::Times, true), ("tripled", 3.0, Unit::Times, true), ("doubles", 2.0, Unit::Times, true),
    ("a third of", 100.0 / 3.0, Unit::Share, false), ("a quarter of", 25.0, Unit::Share, false), ("a fifth of", 20.0, Unit::Share, false),
    ("a tenth of", 10.0, Unit::Share, false), ("a dozen", 12.0, Unit::Count, false), ("dozen", 12.0, Unit::Count, true),
    ("a decade", 120.0, Unit::Months, true), ("a hundred", 100.0, Unit::Bare, false), ("a thousand", 1e3, Unit::Bare, false),
    ("a million", 1e6, Unit::Bare, false), ("a billion", 1e9, Unit::Bare, false), ("a third", 100.0 / 3.0, Unit::Share, true), ("a fourth", 25.0, Unit::Share, true), ("a fifth", 20.0, Unit::Share, true), ("third", 3.0, Unit::Ordinal, false),
    ("quarter", 25.0, Unit::Share, true), ("first", 1.0, Unit::Ordinal, true), ("second", 2.0, Unit::Ordinal, true),
    ("fourth", 4.0, Unit::Ordinal, false), ("fifth", 5.0, Unit::Ordinal, false), ("sixth", 6.0, Unit::Ordinal, false), ("seventh", 7.0, Unit::Ordinal, false),
    ("eighth", 8.0, Unit::Ordinal, false), ("ninth", 9.0, Unit::Ordinal, false), ("tenth", 10.0, Unit::Ordinal, false), ("eleventh", 11.0, Unit::Ordinal, false),
    ("twelfth", 12.0, Unit::Ordinal, false), ("thirteenth", 13.0, Unit::Ordinal, false), ("twentieth", 20.0, Unit::Ordinal, false), ("a year", 12.0, Unit::Months, true),
    ("a month", 1.0, Unit::Months, true), ("twofold", 2.0, Unit::Times, false), ("threefold", 3.0, Unit::Times, false),
    ("tenfold", 10.0, Unit::Times, false), ("zero", 0.0, Unit::Bare, true),
];

/// Whether English words for figures begin as `text` does, by their first two letters: few words of a text do.
pub(super) fn opens_english(text: &str) -> bool {
    /// Of each first letter, the second ones: a bit each, the last for whatever is no letter, as in "a dozen".
    static SECOND: LazyLock<[u32; 26]> = LazyLock::new(|| {
        let set = ENGLISH_SET.iter().map(|(word, ..)| *word);
        let small = ENGLISH_SMALL.iter().map(|(word, _)| *word);
        let timed = TIMED.iter().map(|(word, ..)| *word);
        let mut second = [0; 26];
        for (first, bit) in set.chain(small).chain(timed).filter_map(first_two) {
            second[first] |= bit;
        }
        second
    });
    first_two(text).is_some_and(|(first, bit)| SECOND[first] & bit != 0)
}

/// The first letter's place in the alphabet, and the second's bit.
fn first_two(text: &str) -> Option<(usize, u32)> {
    const NO_LETTER: u32 = 26;
    let place = |byte: u8| usize::from(byte.to_ascii_lowercase().wrapping_sub(b'a'));
    let [first, second] = *text.as_bytes().first_chunk()?;
    let bit = (place(second) as u32).min(NO_LETTER);
    (place(first) < 26).then_some((place(first), 1 << bit))
}

/// Lengths of time that "and a half" may follow: words, worth, class.
pub(super) const TIMED: [(&str, f64, Unit); 2] =
    [("a year", 12.0, Unit::Months), ("a day", 1.0, Unit::Days)];

pub(super) fn english_small(text: &str) -> Option<(f64, usize)> {
    ENGLISH_SMALL
        .iter()
        .find(|(w, _)| starts_word(text, w))
        .map(|(w, v)| (*v, w.len()))
}

/// "twenty-five", "three hundred and twelve", "two million".
pub(super) fn english_number(text: &str) -> Option<(f64, usize)> {
    let (mut value, mut len) = english_small(text)?;
    if value >= 20.0
        && text[len..].starts_with(['-', ' '])
        && let Some((unit, more)) = english_small(&text[len + 1..])
        && unit < 10.0
    {
        value += unit;
        len += 1 + more;
    }
    let mut total = 0.0;
    while let Some((factor, more)) = scale_at(&text[len..]) {
        value *= factor;
        len += more;
        let rest = &text[len..];
        let gap = if rest.starts_with(" and ") {
            5
        } else {
            usize::from(rest.starts_with(' '))
        };
        match english_small(&rest[gap..]).filter(|(v, _)| *v < factor && factor <= 1e3) {
            Some((v, more)) => {
                total += value;
                value = v;
                len += gap + more;
            }
            None => break,
        }
    }
    Some((total + value, len))
}

/// What a fraction's second word divides by.
pub(super) fn english_part(text: &str) -> Option<(f64, usize)> {
    const PARTS: [(&str, f64); 16] = [
        ("half", 2.0),
        ("halves", 2.0),
        ("third", 3.0),
        ("thirds", 3.0),
        ("quarter", 4.0),
        ("quarters", 4.0),
        ("fourths", 4.0),
        ("fifth", 5.0),
        ("fifths", 5.0),
        ("sixth", 6.0),
        ("sixths", 6.0),
        ("eighth", 8.0),
        ("eighths", 8.0),
        ("tenth", 10.0),
        ("tenths", 10.0),
        ("fiftieth", 50.0),
    ];
    PARTS
        .into_iter()
        .find(|(w, _)| starts_word(text, w))
        .map(|(w, v)| (v, w.len()))
}

/// Words that are figures by themselves: word, values, class, soft.
#[rustfmt::skip]
pub(super) const KOREAN_SET: &[(&str, &[f64], Unit, bool)] = &[
    ("절반", &[50.0], Unit::Share, false), ("과반", &[50.0], Unit::Share, true), ("반년", &[6.0], Unit::Months, false), ("하루", &[1.0], Unit::Days, true),
    ("이틀", &[2.0], Unit::Days, false), ("사흘", &[3.0], Unit::Days, false), ("나흘", &[4.0], Unit::Days, false), ("닷새", &[5.0], Unit::Days, false),
    ("엿새", &[6.0], Unit::Days, false), ("이레", &[7.0], Unit::Days, true), ("여드레", &[8.0], Unit::Days, true), ("아흐레", &[9.0], Unit::Days, true),
    ("열흘", &[10.0], Unit::Days, false), ("보름", &[15.0], Unit::Days, true), ("일주일", &[7.0], Unit::Days, true), ("첫째", &[1.0], Unit::Ordinal, true),
    ("둘째", &[2.0], Unit::Ordinal, true), ("셋째", &[3.0], Unit::Ordinal, true), ("넷째", &[4.0], Unit::Ordinal, true),
    ("다섯째", &[5.0], Unit::Ordinal, true), ("첫 번째", &[1.0], Unit::Ordinal, true), ("두 번째", &[2.0], Unit::Ordinal, false),
    ("세 번째", &[3.0], Unit::Ordinal, false), ("네 번째", &[4.0], Unit::Ordinal, false), ("다섯 번째", &[5.0], Unit::Ordinal, false),
    ("열에 아홉", &[90.0], Unit::Share, false), ("열에 여덟", &[80.0], Unit::Share, false), ("열에 일곱", &[70.0], Unit::Share, false),
    ("갑절", &[2.0], Unit::Times, false), ("곱절", &[2.0], Unit::Times, false),
];

const NATIVE_TENS: &[(&str, f64)] = &[
    ("열", 10.0),
    ("스물", 20.0),
    ("스무", 20.0),
    ("서른", 30.0),
    ("마흔", 40.0),
    ("쉰", 50.0),
    ("예순", 60.0),
    ("일흔", 70.0),
    ("여든", 80.0),
    ("아흔", 90.0),
];
#[rustfmt::skip]
const NATIVE_ONES: &[(&str, f64)] = &[
    ("하나", 1.0), ("한", 1.0), ("둘", 2.0), ("두", 2.0), ("셋", 3.0), ("세", 3.0), ("석", 3.0), ("넷", 4.0), ("네", 4.0), ("넉", 4.0), ("다섯", 5.0),
    ("여섯", 6.0), ("일곱", 7.0), ("여덟", 8.0), ("아홉", 9.0),
];
#[rustfmt::skip]
const NATIVE_SPANS: &[(&str, &[f64])] = &[
    ("두세", &[2.0, 3.0]), ("서너", &[3.0, 4.0]), ("두어", &[2.0]), ("너댓", &[4.0, 5.0]), ("네댓", &[4.0, 5.0]), ("대여섯", &[5.0, 6.0]), ("예닐곱", &[6.0, 7.0]),
    ("한두", &[1.0, 2.0]),
];

/// Whether Korean numerals or words for figures begin with `letter`.
pub(super) fn opens_korean(letter: char) -> bool {
    static FIRST: LazyLock<CharFilter> = LazyLock::new(|| {
        let natives = NATIVE_TENS.iter().chain(NATIVE_ONES).map(|(word, _)| *word);
        let spans = NATIVE_SPANS.iter().map(|(word, _)| *word);
        let set = KOREAN_SET.iter().map(|(word, ..)| *word);
        CharFilter::first_of(natives.chain(spans).chain(set))
    });
    FIRST.may_hold(letter) || is_sino(letter)
}

/// Counters of one syllable that may be written together with a numeral of one.
pub(super) const FUSED: &[&str] = &["명", "개", "달", "번", "배", "곳"];

/// A native Korean numeral at the start of `text`: its values and length.
pub(super) fn native_numeral(text: &str) -> Option<(Vec<f64>, usize)> {
    if let Some((word, values)) = NATIVE_SPANS.iter().find(|(w, _)| text.starts_with(w)) {
        return Some((values.to_vec(), word.len()));
    }
    let (mut value, mut len) = NATIVE_TENS
        .iter()
        .find(|(w, _)| text.starts_with(w))
        .map_or((0.0, 0), |(w, v)| (*v, w.len()));
    if let Some((word, one)) = NATIVE_ONES.iter().find(|(w, _)| text[len..].starts_with(w)) {
        value += one;
        len += word.len();
    }
    (len > 0).then(|| (vec![value], len))
}

/// Native numerals stand before counters, not before measures.
pub(super) fn native_counts(unit: Unit) -> bool {
    matches!(
        unit,
        Unit::Count
            | Unit::Months
            | Unit::Days
            | Unit::Seconds
            | Unit::Clock
            | Unit::Times
            | Unit::Ordinal
    ) || unit == Unit::Measure(super::units::Dimension::Mass)
}

/// Forms that stand before a noun without a counter and are nothing else.
pub(super) fn determiner(numeral: &str) -> bool {
    matches!(
        numeral,
        "한" | "두"
            | "세"
            | "네"
            | "다섯"
            | "여섯"
            | "일곱"
            | "여덟"
            | "아홉"
            | "스무"
            | "열두"
            | "열세"
            | "열네"
    )
}

pub(super) fn noun_form(numeral: &str) -> bool {
    matches!(
        numeral,
        "둘" | "셋" | "넷" | "다섯" | "여섯" | "일곱" | "여덟" | "아홉"
    )
}

/// Words of numeral characters that are no numbers.
#[rustfmt::skip]
pub(super) const SINO_LOOKALIKES: &[&str] = &[
    "만일", "만세", "백일", "백세", "만점", "만회", "천세", "조사", "조명", "조건", "백분", "천장",
    "천일", "만기", "조기", "백기", "백판", "천부", "조부", "조회", "조각", "만장", "만들", "조직",
    "천개", "조인", "조원", "만인", "천인", "십분", "백방", "천명",
];

pub(super) fn sino_len(text: &str) -> usize {
    text.find(|c| !is_sino(c)).unwrap_or(text.len())
}

fn is_sino(c: char) -> bool {
    "일이삼사오육칠팔구십백천만억조".contains(c)
}

/// Whether letters of Chinese numerals are a number by themselves: words that are spelled like one ('조사', '천만에',
/// '백만장자') have no second power of ten behind a digit or another power.
pub(super) fn is_no_word(spelled: &str) -> bool {
    let letters: Vec<char> = spelled.chars().collect();
    let scale = |c: &char| "십백천만억조".contains(*c);
    let digits_meet = letters.windows(2).any(|two| !two.iter().any(scale));
    letters.len() >= 3 && letters.iter().filter(|c| scale(c)).count() >= 2 && !digits_meet
}

pub(super) fn sino_value(text: &str) -> f64 {
    let (mut total, mut section, mut digit) = (0.0, 0.0, 0.0);
    for c in text.chars() {
        if let Some(d) = "일이삼사오육칠팔구".chars().position(|n| n == c) {
            digit = d as f64 + 1.0;
            continue;
        }
        let one = |v: f64| if v == 0.0 { 1.0 } else { v };
        match c {
            '십' => section += one(digit) * 10.0,
            '백' => section += one(digit) * 100.0,
            '천' => section += one(digit) * 1000.0,
            '만' => total += one(section + digit) * 1e4,
            '억' => total += one(section + digit) * 1e8,
            _ => total += one(section + digit) * 1e12,
        }
        if matches!(c, '만' | '억' | '조') {
            section = 0.0;
        }
        digit = 0.0;
    }
    total + section + digit
}
