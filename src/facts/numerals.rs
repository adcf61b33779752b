//! Numerals: how numbers are spelled in digits, English words, native and Chinese Korean words.
//!
//! In:  the text from a place on. Out: a value and how many bytes spell it. Tables and one small parser for each.

use std::sync::LazyLock;

use super::char_filter::CharFilter;
use super::units::Unit;
use crate::language::data::{List, NUMERALS, pair};
pub(super) use crate::language::hangul::is_hangul;

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

/// Words and what they are worth.
type Worths = LazyLock<Vec<(&'static str, f64)>>;
/// A word that is a figure by itself: value, unit, and whether it is soft.
type FigureWord = (&'static str, f64, Unit, bool);

static SCALES_KO: Worths = LazyLock::new(|| worths(NUMERALS.ko.section("scales")));
static SCALES_EN: Worths = LazyLock::new(|| worths(NUMERALS.en.section("scales")));
static ENGLISH_SMALL: Worths = LazyLock::new(|| worths(NUMERALS.en.section("small")));
static ENGLISH_PARTS: Worths = LazyLock::new(|| worths(NUMERALS.en.section("parts")));
static NATIVE_TENS: Worths = LazyLock::new(|| worths(NUMERALS.ko.section("tens")));
static NATIVE_ONES: Worths = LazyLock::new(|| worths(NUMERALS.ko.section("ones")));
static NATIVE_SPANS: LazyLock<Vec<(&'static str, Vec<f64>)>> = LazyLock::new(|| {
    let spans = NUMERALS.ko.section("spans").iter().copied();
    let values = |text: &str| {
        text.split(' ')
            .filter_map(|value| value.parse().ok())
            .collect()
    };
    let pairs = spans.filter_map(pair);
    pairs.map(|(word, text)| (word, values(text))).collect()
});
/// English words that are figures by themselves; the first that fits counts.
pub(super) static ENGLISH_FIGURES: LazyLock<Vec<FigureWord>> =
    LazyLock::new(|| figure_words(NUMERALS.en.section("figures")));
/// Korean ones.
pub(super) static KOREAN_FIGURES: LazyLock<Vec<FigureWord>> =
    LazyLock::new(|| figure_words(NUMERALS.ko.section("figures")));
/// Lengths of time that "and a half" may follow.
pub(super) static TIMED: LazyLock<Vec<FigureWord>> =
    LazyLock::new(|| figure_words(NUMERALS.en.section("timed")));
/// The months' English names, from the first of the year.
pub(crate) static MONTHS: List = List::of(&NUMERALS.en, "months");
/// Counters of one syllable that stand fused with a numeral of one.
pub(super) static FUSED: List = List::of(&NUMERALS.ko, "fused");
/// Numerals that stand before a noun without a counter and are nothing else.
pub(super) static DETERMINERS: List = List::of(&NUMERALS.ko, "determiners");
/// Numerals that stand alone.
pub(super) static NOUN_FORMS: List = List::of(&NUMERALS.ko, "nouns");
/// Words of numeral characters that are no numbers.
pub(super) static LOOKALIKES: List = List::of(&NUMERALS.ko, "lookalikes");

fn worths(entries: &[&'static str]) -> Vec<(&'static str, f64)> {
    let pairs = entries.iter().copied().filter_map(pair);
    pairs
        .filter_map(|(word, worth)| Some((word, worth.parse().ok()?)))
        .collect()
}

fn figure_words(entries: &[&'static str]) -> Vec<FigureWord> {
    let read = |(word, text): (&'static str, &str)| {
        let mut parts = text.split(' ');
        let (value, unit) = (parts.next()?.parse().ok()?, Unit::named(parts.next()?)?);
        Some((word, value, unit, parts.next() == Some("soft")))
    };
    entries
        .iter()
        .filter_map(|&entry| read(pair(entry)?))
        .collect()
}

/// Scales that close a section, in either language.
pub(super) fn scale_at(text: &str) -> Option<(f64, usize)> {
    /// Shorter ones stand at their number: "3k".
    const LONGEST_SYMBOL: usize = 3;
    if let Some((s, f)) = SCALES_KO.iter().find(|(s, _)| text.starts_with(s)) {
        return Some((*f, s.len()));
    }
    let gap = usize::from(text.starts_with([' ', '-']));
    let fits = |s: &str| starts_word(&text[gap..], s) && (gap == 0 || s.len() > LONGEST_SYMBOL);
    let (s, f) = SCALES_EN.iter().find(|(s, _)| fits(s))?;
    Some((*f, gap + s.len()))
}

/// Tells whether `text` begins with `word`, in any case, as a whole word. Tables are gone through word by word, and nearly all
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

/// Returns which month, from 0, an English word names, in full or cut.
pub(super) fn month_of(word: &str) -> Option<usize> {
    let cut = word.len() == 3 || word == "Sept";
    let mut months = MONTHS.iter();
    months.position(|month| *month == word || cut && month.starts_with(word))
}

/// Reads a month's name, in full or cut, with its full stop.
pub(super) fn month_at(text: &str) -> Option<(f64, usize)> {
    let len = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let word = &text[..len];
    let at = month_of(word)?;
    let doubtful = matches!(word, "Mar" | "Jan" | "Dec") && !text[len..].starts_with('.');
    (!doubtful).then_some((at as f64 + 1.0, len))
}

/// Tells whether English words for figures begin as `text` does, by their first two letters: few words of a text do.
pub(super) fn opens_english(text: &str) -> bool {
    /// Of each first letter, the second ones: a bit each, the last for whatever is no letter, as in "a dozen".
    static SECOND: LazyLock<[u32; 26]> = LazyLock::new(|| {
        let set = ENGLISH_FIGURES.iter().map(|(word, ..)| *word);
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

pub(super) fn english_small(text: &str) -> Option<(f64, usize)> {
    worth_at(&ENGLISH_SMALL, text)
}

/// Returns what the word of a table is worth that the text begins with, and its length.
fn worth_at(table: &Worths, text: &str) -> Option<(f64, usize)> {
    let (word, worth) = table.iter().find(|(word, _)| starts_word(text, word))?;
    Some((*worth, word.len()))
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
        let mut gaps = [" and ", " "].into_iter();
        let gap = gaps.find(|gap| rest.starts_with(gap)).map_or(0, str::len);
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
    worth_at(&ENGLISH_PARTS, text)
}

/// Tells whether Korean numerals or words for figures begin with `letter`.
pub(super) fn opens_korean(letter: char) -> bool {
    static FIRST: LazyLock<CharFilter> = LazyLock::new(|| {
        let natives = NATIVE_TENS.iter().chain(NATIVE_ONES.iter());
        let natives = natives.map(|(word, _)| *word);
        let spans = NATIVE_SPANS.iter().map(|(word, _)| *word);
        let set = KOREAN_FIGURES.iter().map(|(word, ..)| *word);
        CharFilter::first_of(natives.chain(spans).chain(set))
    });
    FIRST.may_hold(letter) || is_sino(letter)
}

/// A native Korean numeral at the start of `text`: its values and length.
pub(super) fn native_numeral(text: &str) -> Option<(Vec<f64>, usize)> {
    if let Some((word, values)) = NATIVE_SPANS.iter().find(|(w, _)| text.starts_with(w)) {
        return Some((values.clone(), word.len()));
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

pub(super) fn sino_len(text: &str) -> usize {
    text.find(|c| !is_sino(c)).unwrap_or(text.len())
}

fn is_sino(c: char) -> bool {
    "일이삼사오육칠팔구십백천만억조".contains(c)
}

/// Tells whether letters of Chinese numerals are a number by themselves: words that are spelled like one ('조사', '천만에',
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
