//! Pages: running heads, page numbers and hyphens that text keeps from the pages it was printed on.
//!
//! In:  a text. Out: edits. A line is a running head where it comes again with another number and cuts through a sentence at least
//! once; a text whose short lines come again on purpose (a refrain, numbered paragraphs) has none.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::ops::Bound;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Edit, line_spans};

/// Longest running head in characters.
const LONGEST_HEAD: usize = 110;
/// Most lines a running head may fill with its page number.
const MOST_LINES: usize = 2;

/// Takes off running heads and page numbers; a sentence that goes on behind one is read as one.
pub(super) fn furniture(text: &str) -> Vec<Edit> {
    let lines: Vec<(usize, usize)> = line_spans(text);
    let heads = running_heads(text, &lines);
    if !heads.iter().any(|is| *is) {
        return Vec::new();
    }
    let blank = |i: usize| text[lines[i].0..lines[i].1].trim().is_empty();
    let mut edits = Vec::new();
    let mut i = 0;
    while i < lines.len() {
        if !heads[i] {
            i += 1;
            continue;
        }
        // All heads and blank lines between two lines of the article are one cut.
        let first = (0..i).rev().take_while(|&j| blank(j)).last().unwrap_or(i);
        let mut end = i + 1;
        while end < lines.len() && (heads[end] || blank(end)) {
            end += 1;
        }
        let from = first.checked_sub(1).map_or(0, |before| lines[before].1);
        let to = lines.get(end).map_or(text.len(), |next| next.0);
        edits.push(cut(text, from, to));
        i = end;
    }
    edits
}

/// What is read in the place of a page's end.
fn cut(text: &str, from: usize, to: usize) -> Edit {
    let before = text[..from].trim_end();
    let goes_on = text[to..].starts_with(char::is_lowercase);
    let inside = |c: char| c.is_lowercase();
    if goes_on
        && before
            .strip_suffix('-')
            .is_some_and(|b| b.ends_with(inside))
    {
        return Edit::read((before.len() - 1, to), "", RULE);
    }
    let joined = if is_closed(before) { "\n\n" } else { " " };
    Edit::read((from, to), joined, RULE)
}

const RULE: &str = "format.page";

/// Returns whether a line ends as a sentence does.
pub(super) fn is_closed(line: &str) -> bool {
    let line = line.trim_end_matches(['"', '\'', '”', '’', ')', ']', '」', '』']);
    line.is_empty() || line.ends_with(['.', '?', '!', '…', ':', '。'])
}

/// Lines that say the same but for their numbers: where each stands, and its numbers.
type Alike = FxHashMap<String, Vec<(usize, Vec<u32>)>>;

/// Marks the lines that are running heads or page numbers.
fn running_heads(text: &str, lines: &[(usize, usize)]) -> Vec<bool> {
    let mut heads = vec![false; lines.len()];
    let mut alike = Alike::default();
    for block in blocks(text, lines).filter(|block| block.len() <= MOST_LINES) {
        for i in block {
            let line = text[lines[i].0..lines[i].1].trim();
            if line.chars().count() <= LONGEST_HEAD {
                alike
                    .entry(words(line))
                    .or_default()
                    .push((i, numbers(line)));
            }
        }
    }
    let mut found: Vec<(&String, Vec<usize>)> = Vec::new();
    for (key, places) in &alike {
        let same = !key.is_empty() && places.iter().all(|(_, numbers)| *numbers == places[0].1);
        if same && places.len() >= FEWEST_ALIKE || rises(places) {
            found.push((key, places.iter().map(|place| place.0).collect()));
        }
    }
    let cuts = |at: &[usize]| at.iter().any(|i| cuts_a_sentence(text, lines, *i));
    let follows = LazyCell::new(|| Follows::of(text, lines));
    let paged = |key: &str, at: &[usize]| {
        looks_paged(key) && rises(&alike[key]) && follows.wrapped_without(at)
    };
    if !found.iter().any(|(key, at)| cuts(at) || paged(key, at)) {
        return heads;
    }
    for (key, at) in found {
        if cuts(&at) || rises(&alike[key]) && !key.is_empty() {
            at.iter().for_each(|i| heads[*i] = true);
        }
    }
    beside(text, lines, &alike, &mut heads);
    heads
}

/// Fewest lines without a page number that are running heads: a text that stands twice has every line twice.
const FEWEST_ALIKE: usize = 3;
/// Most pages from one head to the next of its kind.
const MOST_STEP: u32 = 8;

/// Returns whether a number of the lines rises from each to the next as pages do. One that all have is a year or an issue.
fn rises(places: &[(usize, Vec<u32>)]) -> bool {
    let first = &places[0].1;
    let common = |n: &u32| places.iter().all(|(_, numbers)| numbers.contains(n));
    let common: Vec<u32> = first.iter().copied().filter(|n| common(n)).collect();
    let page = |numbers: &[u32]| numbers.iter().copied().find(|n| !common.contains(n));
    places.len() > 1
        && places.windows(2).all(|pair| {
            let pages = page(&pair[0].1).zip(page(&pair[1].1));
            pages.is_some_and(|(a, b)| a < b && b - a <= MOST_STEP)
        })
}

/// Fewest letters of a running head that is known by its number alone: "Round 2" is a heading.
const FEWEST_LETTERS: usize = 12;

fn looks_paged(key: &str) -> bool {
    let ruled = key.contains(['|', '┃', '│', '·', '—', '–']);
    let letters = key.chars().filter(|c| c.is_alphabetic()).count();
    letters >= FEWEST_LETTERS || ruled && letters > 0
}

/// Which lines follow another without a blank one between, and whether that one is open: ends as no sentence does.
struct Follows {
    /// By line; none where it follows no other.
    open: Vec<Option<bool>>,
    /// How many follow another, and how many an open one.
    all: (usize, usize),
}

impl Follows {
    fn of(text: &str, lines: &[(usize, usize)]) -> Follows {
        let line = |i: usize| text[lines[i].0..lines[i].1].trim();
        let open: Vec<Option<bool>> = (0..lines.len())
            .map(|i| {
                let before = i
                    .checked_sub(1)
                    .map(line)
                    .filter(|before| !before.is_empty())?;
                (!line(i).is_empty()).then(|| !is_closed(before))
            })
            .collect();
        let all = open.iter().flatten();
        let all = all.fold((0, 0), |(all, open), is| (all + 1, open + usize::from(*is)));
        Follows { open, all }
    }

    /// Returns whether the lines around the heads, which are in order, are hard wrapped: most go on in the next line.
    fn wrapped_without(&self, heads: &[usize]) -> bool {
        let (mut all, mut open) = self.all;
        let mut done = 0;
        for i in heads.iter().flat_map(|head| [*head, head + 1]) {
            if i < done {
                continue;
            }
            if let Some(is) = self.open.get(i).copied().flatten() {
                (all, open) = (all - 1, open - usize::from(is));
            }
            done = i + 1;
        }
        open >= 2 && open * 2 > all
    }
}

/// Page numbers and lines alike that stand beside a running head are part of it; so is the line that begins all heads.
fn beside(text: &str, lines: &[(usize, usize)], alike: &Alike, heads: &mut [bool]) {
    let line = |i: usize| &text[lines[i].0..lines[i].1];
    let known: BTreeSet<String> = (0..lines.len())
        .filter(|&i| heads[i])
        .map(|i| words(line(i)))
        .collect();
    let filled: Vec<usize> = (0..lines.len())
        .filter(|&i| !line(i).trim().is_empty())
        .collect();
    let mut near = vec![false; lines.len()];
    for pair in filled.windows(2) {
        near[pair[0]] |= heads[pair[1]];
        near[pair[1]] |= heads[pair[0]];
    }
    for (key, places) in alike {
        // What begins with the key stands right behind it.
        let next = || {
            known
                .range::<str, _>((Bound::Excluded(key.as_str()), Bound::Unbounded))
                .next()
        };
        let begins = key.chars().count() >= FEWEST_LETTERS
            && next().is_some_and(|head| head.starts_with(key.as_str()));
        let number = !key.chars().any(char::is_alphabetic);
        for (i, _) in places {
            if begins || near[*i] && (number || places.len() > 1) {
                heads[*i] = true;
            }
        }
    }
}

/// Runs of lines without a blank one between them.
fn blocks<'t>(
    text: &'t str,
    lines: &'t [(usize, usize)],
) -> impl Iterator<Item = std::ops::Range<usize>> + 't {
    let blank = |i: usize| text[lines[i].0..lines[i].1].trim().is_empty();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < lines.len() && blank(at) {
            at += 1;
        }
        let first = at;
        while at < lines.len() && !blank(at) {
            at += 1;
        }
        (first < at).then_some(first..at)
    })
}

/// The line without its numbers, its white space folded. A number stands alone: "제3장" and "3.41am" are words.
fn words(line: &str) -> String {
    let words: Vec<&str> = line
        .split_whitespace()
        .filter(|word| number(word).is_none())
        .collect();
    words.join(" ")
}

/// The numbers of a line, as far as pages go.
fn numbers(line: &str) -> Vec<u32> {
    line.split_whitespace().filter_map(number).collect()
}

fn number(word: &str) -> Option<u32> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = bare.bytes().all(|b| b.is_ascii_digit());
    bare.parse().ok().filter(|n| digits && *n < 100_000)
}

/// Returns whether the sentence before a line is not over: the article goes on behind it.
fn cuts_a_sentence(text: &str, lines: &[(usize, usize)], i: usize) -> bool {
    let line = |j: usize| text[lines[j].0..lines[j].1].trim();
    let long = |j: &usize| line(*j).chars().count() >= LEAST_BEFORE;
    let before = (i.saturating_sub(MOST_APART)..i).rev().find(long);
    before.is_some_and(|j| !is_closed(line(j)))
}

/// Fewest characters of a line that a page's end may cut.
const LEAST_BEFORE: usize = 15;
/// Most lines from there to the head.
const MOST_APART: usize = 6;

/// Fewest characters of a line that a word may be cut at the end of.
const LEAST_BEFORE_HYPHEN: usize = 25;

/// Words cut at the ends of lines are read whole. A compound that the text has elsewhere keeps its hyphen.
pub(super) fn hyphens(text: &str) -> Vec<Edit> {
    let cuts: Vec<usize> = memchr::memmem::find_iter(text.as_bytes(), b"-\n").collect();
    if cuts.is_empty() {
        return Vec::new();
    }
    let known = compounds(text);
    let mut edits = Vec::new();
    let lower = |word: &str| !word.is_empty() && word.chars().all(char::is_lowercase);
    for at in cuts {
        let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
        let (left, right) = (word_before(text, at), word_behind(text, at + 2));
        let mut letters = left.chars();
        letters.next();
        let rest = letters.as_str();
        if at - start >= LEAST_BEFORE_HYPHEN && lower(rest) && lower(right) {
            let keeps = known.contains(&(left, right));
            let from = if keeps { at + 1 } else { at };
            edits.push(Edit::take((from, at + 2), "format.hyphen"));
        }
    }
    edits
}

/// The words of the text that are joined by a hyphen inside a line.
fn compounds(text: &str) -> FxHashSet<(&str, &str)> {
    let hyphens = memchr::memchr_iter(b'-', text.as_bytes());
    hyphens
        .map(|at| (word_before(text, at), word_behind(text, at + 1)))
        .collect()
}

/// Longest word that is looked at, in bytes.
const LONGEST_WORD: usize = 60;

fn word_before(text: &str, end: usize) -> &str {
    let letters = text[..end]
        .char_indices()
        .rev()
        .take_while(|(at, c)| c.is_alphabetic() && end - at <= LONGEST_WORD);
    let start = letters.last().map_or(end, |(at, _)| at);
    &text[start..end]
}

fn word_behind(text: &str, start: usize) -> &str {
    let letters = text[start..]
        .char_indices()
        .take_while(|(at, c)| c.is_alphabetic() && *at <= LONGEST_WORD);
    let len = letters.last().map_or(0, |(at, c)| at + c.len_utf8());
    &text[start..start + len]
}

#[cfg(test)]
mod tests {
    use super::super::{TextForm, read};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(read(text, TextForm::Auto).text(), expected);
    }

    #[test]
    fn a_running_head_goes_and_the_sentence_goes_on() {
        check(
            "HARBOUR REVIEW 12\n\nThe pillars sank in the snow last winter. Waiting would be danger-\n\nHARBOUR REVIEW 13\n\nous for those who work there.",
            "\n\nThe pillars sank in the snow last winter. Waiting would be dangerous for those who work there.",
        );
        check(
            "마을에는 가마가 세 기 있었고 장부에는 깨진\n\n58 ┃ 흙과 불\n\n것은 모두의 것이다.\n\n기름 가마가 들어오면서 불을 나눌\n\n60 ┃ 흙과 불\n\n까닭이 없어졌다.",
            "마을에는 가마가 세 기 있었고 장부에는 깨진 것은 모두의 것이다.\n\n기름 가마가 들어오면서 불을 나눌 까닭이 없어졌다.",
        );
    }

    #[test]
    fn a_refrain_and_numbered_paragraphs_stay() {
        for text in [
            "버스는 늦게 온다.\n\n엄마는 더 늦게 온다.\n\n버스는 늦게 온다.\n\n아이는 기다린다.",
            "7\n\nThe court heard both sides.\n\n8\n\nIt found for the owner.",
        ] {
            assert!(read(text, TextForm::Auto).is_verbatim(), "{text}");
        }
    }
}
