//! Fragments: the shortest part of a sentence that still says what is objected to.
//!
//! In:  a sentence and the place of the word or figure that gave it away. Out: a span of the sentence, cut between words.
//! Never rewords: what comes out stands in the sentence as it is.

use super::rules::{LanguageRules, Span};
use crate::language::hangul::is_hangul;
use crate::language::script::is_letter;

/// Signs of units written as one character, such as ㎿ and ㎏.
const UNIT_SIGNS: std::ops::RangeInclusive<char> = '\u{3380}'..='\u{33ff}';

/// Returns the clause around a place.
pub fn clause(text: &str, rules: &dyn LanguageRules, at: Span) -> Span {
    let lengths = rules.lengths();
    let size = |span: Span| rules.size(&text[span.0..span.1]);
    let whole = speech_around(text, trim(text, (0, text.len())), at);
    let cuts = boundaries(text, rules, whole);
    let (mut from, mut to) = (0, cuts.len() - 1);
    while from + 1 < to && cuts[from + 1] <= at.0 {
        from += 1;
    }
    while to > from + 1 && cuts[to - 1] >= at.1.max(at.0 + 1) {
        to -= 1;
    }
    let span =
        |from: usize, to: usize| without_ties(text, rules, trim(text, (cuts[from], cuts[to])));
    while size(span(from, to)) < lengths.shortest_fragment && (to + 1 < cuts.len() || from > 0) {
        if to + 1 < cuts.len() && (rules.completes_behind() || from == 0) {
            to += 1;
        } else {
            from -= 1;
        }
    }
    if to + 1 < cuts.len() && size(span(from, to + 1)) <= lengths.longest_fragment {
        to += 1;
    }
    if from > 0 && size(span(from - 1, to)) <= lengths.longest_fragment {
        from -= 1;
    }
    rules.finished(text, shortened(text, rules, span(from, to), at), at)
}

/// Returns the words of a span.
pub fn words(text: &str, span: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = span.0;
    for word in text[span.0..span.1].split(' ') {
        if !word.is_empty() {
            found.push((at, at + word.len()));
        }
        at += word.len() + 1;
    }
    found
}

/// Without white space and marks at either end; closing marks that belong to a figure stay.
pub fn trim(text: &str, (start, end): Span) -> Span {
    let part = &text[start..end];
    let front = part.len()
        - part
            .trim_start_matches(|c: char| {
                !(is_letter(c) || matches!(c, '$' | '€' | '£' | '¥' | '₩' | '‘' | '\''))
            })
            .len();
    let part = part.trim_end_matches(|c: char| {
        !(is_letter(c) || matches!(c, '%' | '’' | '℃' | '°' | '$') || UNIT_SIGNS.contains(&c))
    });
    let (mut start, mut end) = (start + front, (start + part.len()).max(start + front));
    // A quotation mark whose partner is elsewhere would stand alone.
    let inside = &text[start..end];
    if inside.matches('‘').count() != inside.matches('’').count() {
        if inside.starts_with('‘') {
            start += '‘'.len_utf8();
        } else if inside.ends_with('’') && inside.contains(is_hangul) {
            end -= '’'.len_utf8();
        }
    }
    (start, end)
}

/// The part of the sentence that holds the place and has no double quotation mark and no sentence end inside.
pub fn speech_around(text: &str, whole: Span, at: Span) -> Span {
    let ends = |i: usize, c: char| {
        matches!(c, '“' | '”' | '"')
            || matches!(c, '.' | '?' | '!')
                && text[i + 1..].starts_with(' ')
                && !abbreviated(&text[..i])
                && i + 2 < whole.1
    };
    let marks: Vec<usize> = text
        .char_indices()
        .filter(|&(i, c)| ends(i, c))
        .map(|(i, _)| i)
        .collect();
    let start = marks
        .iter()
        .rev()
        .find(|&&m| m < at.0)
        .map_or(whole.0, |&m| {
            m + text[m..].chars().next().map_or(1, char::len_utf8)
        });
    let end = marks
        .iter()
        .find(|&&m| m >= at.1.max(at.0 + 1))
        .map_or(whole.1, |&m| m);
    if start >= end {
        whole
    } else {
        trim(text, (start, end))
    }
}

/// "Mr." and "U.S." end no sentence.
fn abbreviated(before: &str) -> bool {
    let word = before.rsplit(' ').next().unwrap_or("");
    word.len() <= 4 && word.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Returns where clauses end: the first is the span's start, the last its end.
fn boundaries(text: &str, rules: &dyn LanguageRules, span: Span) -> Vec<usize> {
    let words = words(text, span);
    let mut cuts = vec![span.0];
    for (i, &(start, end)) in words.iter().enumerate().skip(1) {
        let before = &text[words[i - 1].0..words[i - 1].1];
        let marked = before.ends_with([',', ';', ':', '…', '—', '–', ')', '”'])
            || text[start..end].starts_with(['(', '—', '–']);
        if marked || rules.begins_clause(text, &words, i) {
            cuts.push(start);
        }
    }
    cuts.push(span.1);
    cuts
}

/// Leaves out the words that only tie a clause to the one before it.
fn without_ties(text: &str, rules: &dyn LanguageRules, span: Span) -> Span {
    let mut start = span.0;
    loop {
        let rest = &text[start..span.1];
        let word = rest.split(' ').next().unwrap_or("");
        let bare = word.trim_end_matches(|c: char| !is_letter(c));
        if !rules.ties(bare) || word.len() + 1 >= rest.len() {
            return trim(text, (start, span.1));
        }
        start += word.len() + 1;
    }
}

/// Cuts a clause that is too long to a window around the place, at words.
fn shortened(text: &str, rules: &dyn LanguageRules, span: Span, at: Span) -> Span {
    if rules.size(&text[span.0..span.1]) <= rules.lengths().longest_fragment {
        return span;
    }
    let words = words(text, span);
    let first = words.iter().position(|w| w.1 > at.0).unwrap_or(0);
    let last = words.iter().rposition(|w| w.0 < at.1).unwrap_or(first);
    let (from, to) = rules.window(text, &words, first, last.max(first));
    trim(text, (words[from].0, words[to - 1].1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::outline::critique::rules_of;

    fn check(text: &str, hit: &str, language: Language, expected: &str) {
        let at = text.find(hit).expect("the sentence has the word");
        let (start, end) = clause(text, rules_of(language), (at, at + hit.len()));
        assert_eq!(&text[start..end], expected);
    }

    fn check_amount(text: &str, hit: &str, language: Language, expected: &str) {
        let at = text.find(hit).expect("the sentence has the figure");
        let (start, end) = rules_of(language).amount(text, (at, at + hit.len()));
        assert_eq!(&text[start..end], expected);
    }

    #[test]
    fn a_clause_is_cut_between_words() {
        check(
            "그러나 지난여름에 판 우물은 세 곳이 한꺼번에 말랐고, 남은 우물은 모두 마을 회관이 열쇠를 쥐고 있다.",
            "모두",
            Language::Ko,
            "남은 우물은 모두 마을 회관이 열쇠를 쥐고 있다",
        );
        check(
            "The ferry to the mainland stopped in March after the second storm, and nobody on the island was told why it had.",
            "nobody",
            Language::En,
            "nobody on the island was told why it had",
        );
    }

    #[test]
    fn an_amount_says_what_it_counts() {
        check_amount(
            "빵집이 쓰는 밀가루는 섬 밖의 제분소 한 곳이 전체 물량의 71%를 대고 있다.",
            "71%",
            Language::Ko,
            "한 곳이 전체 물량의 71%",
        );
        check_amount(
            "By the following spring the last mill in Torsby, which had once fed the valley, had cut 40% of its shifts.",
            "40%",
            Language::En,
            "had once fed the valley, had cut 40% of its shifts",
        );
    }
}
