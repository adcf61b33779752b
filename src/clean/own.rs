//! What is the article's own by its shape, whatever its words are: tables, lists, speakers' turns, the posts of a live report.
//!
//! In:  the markup, before anything but second copies is marked. Out: units that later passes leave alone.

use rustc_hash::FxHashMap;

use super::markup::Markup;
use super::rules::{Place, Rules};
use crate::article::Reason;
use crate::language::PerLanguage;
use crate::language::data::{self, List, lists};

/// Fewest rows of a table, lines of a dialogue, times of a live report.
const LEAST_ROWS: usize = 3;
const LEAST_TURNS: usize = 4;
const LEAST_TIMES: usize = 3;
/// Longest label of a speaker, in bytes and words.
const LABEL_BYTES: usize = 48;
const LABEL_WORDS: usize = 4;
/// Longest heading of a post, in letters.
const LONGEST_HEADING: usize = 90;

/// A line that fills its place and says nothing of it.
const ALONE: Place = Place {
    alone: true,
    prose: false,
    head: false,
    tail: false,
};

/// A stretch of joined lines: its first unit and the one behind its last.
type Line = (usize, usize);

/// Holds tables, lists, dialogues and the headings of live posts for the article's own.
pub fn hold(markup: &mut Markup) {
    let lines = markup.lines();
    tables(markup, &lines);
    list_items(markup, &lines);
    turns(markup, &lines);
    posts(markup);
}

fn text_of<'a>(markup: &Markup<'a>, (a, b): Line) -> &'a str {
    &markup.text[markup.units[a].start..markup.units[b - 1].end]
}

/// Rows one below the other that have as many cells: a menu's lines differ, and nobody's name has so many bars.
fn tables(markup: &mut Markup, lines: &[Line]) {
    let cells: Vec<Option<usize>> = lines.iter().map(|l| cells(text_of(markup, *l))).collect();
    for (from, to) in runs(&cells) {
        if to - from < LEAST_ROWS || cells[from].is_none() {
            continue;
        }
        for &(a, b) in &lines[from..to] {
            (a..b).for_each(|i| markup.protect(i));
        }
    }
}

/// How many bars or tabs part a line, two at least.
fn cells(line: &str) -> Option<usize> {
    let line = line.trim();
    let inner = line.trim_matches('|');
    let bars = inner.matches('|').count();
    let parts = if bars > 0 {
        bars
    } else {
        inner.matches('\t').count()
    };
    (parts >= 2).then_some(parts)
}

/// Stretches of equal neighbours.
fn runs<T: PartialEq>(all: &[T]) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut from = 0;
    for to in 1..=all.len() {
        if to == all.len() || all[to] != all[from] {
            runs.push((from, to));
            from = to;
        }
    }
    runs
}

/// The mark a line begins with, filled and hollow ones alike.
fn bullet(line: &str) -> Option<char> {
    Some(match line.chars().next()? {
        '▲' | '△' => '▲',
        '▼' | '▽' => '▼',
        '■' | '□' => '■',
        '◆' | '◇' => '◆',
        '●' | '○' | '•' => '●',
        '▶' | '▷' | '►' => '▶',
        '0'..='9' => {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            let short = line.len() - rest.len() <= 2;
            return (short && (rest.starts_with(". ") || rest.starts_with(") "))).then_some('1');
        }
        _ => return None,
    })
}

/// Lines that begin with the same mark as a neighbour or as two others, or go on with it. A caption's arrow stands alone, or its
/// line ends in a credit.
fn list_items(markup: &mut Markup, lines: &[Line]) {
    let marks: Vec<Option<char>> = lines
        .iter()
        .map(|&line| bullet(text_of(markup, line)).filter(|_| !credited(markup, line)))
        .collect();
    let mut count: FxHashMap<char, usize> = FxHashMap::default();
    for mark in marks.iter().flatten() {
        *count.entry(*mark).or_default() += 1;
    }
    for (n, &(a, b)) in lines.iter().enumerate() {
        let inner = {
            let text = text_of(markup, (a, b));
            let marked = |c: &char| matches!(c, '▲' | '△' | '▼' | '◆' | '■' | '●' | '•');
            text.chars().filter(marked).take(2).count() == 2
        };
        let beside = |k: Option<usize>| k.and_then(|k| marks.get(k).copied().flatten());
        let listed = inner
            || marks[n].is_some_and(|mark| match mark {
                // Links to other stories come by twos and threes.
                '▶' => count[&mark] >= 5,
                '1' => beside(n.checked_sub(1)) == Some(mark) || beside(Some(n + 1)) == Some(mark),
                _ => {
                    count[&mark] >= 3
                        || beside(n.checked_sub(1)) == Some(mark)
                        || beside(Some(n + 1)) == Some(mark)
                }
            });
        if listed {
            (a..b).for_each(|i| markup.list(i));
        }
    }
}

fn credited(markup: &Markup, (_, b): Line) -> bool {
    let found = Rules::of(markup.language()).fitting(
        &markup.folded(b - 1),
        markup.prefilter(b - 1),
        ALONE,
        |r| r.name.ends_with("caption.credit"),
    );
    found.is_some()
}

/// The label of a line "Marsh: From the hill behind us.", "위원장(표가람): …".
fn label(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let head = &line[..line
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| *at > LABEL_BYTES)
        .unwrap_or(line.len())];
    let (label, _) = head.split_once([':', '：'])?;
    let behind = line[label.len()..].chars().nth(1)?;
    let label = label.trim_end();
    let plain = |c: char| {
        c.is_alphanumeric() || matches!(c, ' ' | '.' | '(' | ')' | '-' | '·' | '\'' | '’')
    };
    let named = label.starts_with(char::is_alphabetic)
        && label.chars().all(plain)
        && label.split_whitespace().count() <= LABEL_WORDS;
    (named && matches!(behind, ' ' | '\n' | '“' | '"')).then_some(label)
}

/// Turns of a dialogue: speakers who come again. Readers who comment hardly do.
fn turns(markup: &mut Markup, lines: &[Line]) {
    let mut found: Vec<(Line, &str)> = Vec::new();
    let mut uses: FxHashMap<&str, usize> = FxHashMap::default();
    let first = (0..markup.units.len()).find(|&i| markup.prose(i));
    for &line in lines.iter().filter(|l| markup.marks[l.0].is_none()) {
        if Some(line.0) > first && markup.comments_heading(line.0) {
            break;
        }
        if let Some(label) = label(text_of(markup, line)) {
            *uses.entry(label).or_default() += 1;
            found.push((line, label));
        }
    }
    let again = found.iter().filter(|(_, label)| uses[label] > 1).count();
    if found.len() < LEAST_TURNS || again * 2 < found.len() {
        return;
    }
    for ((a, b), label) in found {
        if uses[label] > 1 || again * 3 >= uses.len() {
            (a..b).for_each(|i| markup.protect(i));
        }
    }
}

/// Words that stand before the time of a post.
static BEFORE_TIMES: List = List::of(&data::COMMON_CLEAN, "before_times");
/// Words and letters that stand behind it.
static BEHIND_TIMES: List = List::of(&data::COMMON_CLEAN, "behind_times");

/// What stands behind the time of day that a line begins with.
fn behind_time(line: &str) -> Option<&str> {
    let mut line = line.trim_start();
    while let Some(cut) = BEFORE_TIMES.iter().find_map(|w| line.strip_prefix(w)) {
        line = cut.trim_start();
    }
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let hours = digits(line);
    let rest = line.get(hours..).filter(|_| (1..=2).contains(&hours))?;
    let rest = rest.strip_prefix([':', '.'])?;
    let minutes = digits(rest);
    let mut rest = rest.get(minutes..).filter(|_| minutes == 2)?;
    while let Some(cut) = BEHIND_TIMES
        .iter()
        .find_map(|w| rest.trim_start().strip_prefix(w))
    {
        if cut.starts_with(char::is_alphanumeric) {
            break;
        }
        rest = cut;
    }
    (!rest.starts_with(|c: char| c.is_alphanumeric() || c == '.')).then(|| rest.trim())
}

/// Words of the headline of a live report.
static LIVE: PerLanguage<List> = lists(&data::CLEAN, "live");
/// Lines between the time and the heading of a post: who writes it, and where.
const MOST_BEFORE_HEADING: usize = 4;

/// The posts of a live report: times, each with a heading behind or below it. Their headings share one fate. Times without the
/// furniture of such a page part an article, and stay as well.
fn posts(markup: &mut Markup) {
    let alone = |markup: &Markup, i: usize| markup.alone(i) && !markup.prose(i);
    let lines: Vec<usize> = (0..markup.units.len())
        .filter(|&i| alone(markup, i))
        .collect();
    let times: Vec<(usize, bool)> = lines
        .iter()
        .filter(|&&i| markup.raw(i).len() < 4 * LONGEST_HEADING && !markup.in_title(i))
        .filter_map(|&i| Some((i, behind_time(markup.raw(i))?.is_empty())))
        .collect();
    if times.len() < LEAST_TIMES {
        return;
    }
    let title = markup.text[markup.title.clone()].to_lowercase();
    let live = LIVE[markup.language()].iter().any(|w| title.contains(w));
    let furniture = lines
        .iter()
        .filter(|&&i| is_furniture(markup, i) && !is_time(markup, i))
        .take(2)
        .count();
    let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
    for &i in &lines {
        *seen.entry(markup.raw(i)).or_default() += 1;
    }
    for (i, bare) in times {
        if !bare || !live && furniture < 2 {
            markup.protect(i);
        }
        if !bare {
            continue;
        }
        let end = (i + 1..markup.units.len().min(i + 1 + MOST_BEFORE_HEADING))
            .find(|&j| !alone(markup, j) || behind_time(markup.raw(j)).is_some())
            .unwrap_or(markup.units.len().min(i + 1 + MOST_BEFORE_HEADING));
        let heads = |&j: &usize| {
            (3..=LONGEST_HEADING).contains(&markup.letters(j))
                && seen.get(markup.raw(j)) == Some(&1)
                && !is_furniture(markup, j)
                && !matches!(markup.line_class(j).noise(), (Reason::Byline, p) if p > 0.5)
        };
        let Some(heading) = (i + 1..end).rev().find(heads) else {
            continue;
        };
        markup.protect(heading);
        (i + 1..heading).for_each(|j| markup.mark(j, Reason::Byline, "posts.byline", true));
    }
}

/// "2 minutes ago", "16.42 GMT".
fn is_time(markup: &Markup, i: usize) -> bool {
    let rules = Rules::of(markup.language());
    let time = |r: &super::rules::Rule| r.name.ends_with(".time");
    let (text, left) = (markup.folded(i), markup.prefilter(i));
    rules.fitting(&text, left, ALONE, time).is_some()
}

/// A line of a page around the posts, which a rule knows.
fn is_furniture(markup: &Markup, i: usize) -> bool {
    let known = |r: &super::rules::Rule| {
        matches!(
            r.reason,
            Reason::Navigation | Reason::Metadata | Reason::Byline | Reason::Advertisement
        )
    };
    let found =
        Rules::of(markup.language()).fitting(&markup.folded(i), markup.prefilter(i), ALONE, known);
    found.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::segment;

    #[track_caller]
    fn held(text: &str) -> Vec<String> {
        let mut markup = Markup::of(text, segment::style_of(text, None));
        hold(&mut markup);
        let own = |i: &usize| markup.protected(*i) || markup.listed(*i);
        let units = (0..markup.units.len()).filter(own);
        units.map(|i| markup.folded(i).into_owned()).collect()
    }

    #[test]
    fn rows_of_a_table_stand() {
        let text = "부두가 위험하다고 군이 밝혔다.\n부두 | 등급 | 조치\n북부두 | 위험 | 폐쇄\n남부두 | 양호 | 유지\n";
        assert_eq!(held(text).len(), 3);
        let menu = "Home | News | Sport | Shop\nAbout us | Jobs | Privacy\nThe council met on Monday to vote.\n";
        assert!(held(menu).is_empty());
    }

    #[test]
    fn speakers_who_come_again_stand() {
        let text = "Marsh burns wood and says so.\nPost: Why wood?\nMarsh: It holds.\nPost: And gas?\nMarsh: No.\n";
        assert_eq!(held(text).len(), 4);
        let text = "군수는 부두를 닫는다고 밝혔다.\n댓글 3개\n기자: 왜?\n군수: 낡았다.\n기자: 언제?\n군수: 곧.\n";
        assert!(held(text).is_empty());
    }

    #[test]
    fn items_of_a_list_stand() {
        let text = "군은 대책을 밝혔다.\n▲ 흙을 함께 산다.\n△ 장치를 단다.\n";
        assert_eq!(held(text).len(), 2);
    }
}
