//! Lines, and whether one runs on into the next.

use crate::language::script::columns;

/// A line that is not blank, trimmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Blank lines before it.
    pub gap: usize,
    /// It fills the column the text is wrapped to: the next line's first word would not have fitted.
    full: bool,
}

/// Narrowest and widest column that counts as a hard wrap.
const WRAP_COLUMNS: std::ops::RangeInclusive<usize> = 24..=130;
/// Share of the lines inside paragraphs that must reach the column, in per cent. Last lines of paragraphs do not.
const WRAP_SHARE: usize = 55;
/// Share of the lines that may be wider than the column, in per cent: a running head, an address.
const WIDER_SHARE: usize = 10;
/// Fewest such lines: two lines that happen to be equally long prove nothing.
const WRAP_LINES: usize = 2;

/// The lines of a text that hold more than white space.
pub fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut at, mut gap) = (0, 0);
    for raw in text.split_inclusive('\n') {
        let trimmed = raw.trim();
        if trimmed.is_empty() {
            gap += 1;
        } else {
            let start = at + (raw.len() - raw.trim_start().len());
            lines.push(Line {
                start,
                end: start + trimmed.len(),
                gap,
                full: false,
            });
            gap = 0;
        }
        at += raw.len();
    }
    let characters = |text: &str| text.chars().count();
    // Tools that wrap count the columns of a terminal, or characters; few break only behind the column.
    let wraps: [(Width, Range); 3] = [
        (columns, up_to),
        (characters, up_to),
        (characters, just_behind),
    ];
    let wraps = wraps
        .into_iter()
        .filter_map(|(width, range)| wrap(text, &lines, width, range));
    // The first of the best: what most lines fill.
    let best = wraps.reduce(|best, next| if next.full > best.full { next } else { best });
    if let Some(wrap) = best {
        for (line, range) in lines.iter_mut().zip(wrap.ranges) {
            line.full = range.contains(&wrap.column);
        }
    }
    lines
}

/// The column a text is hard wrapped to: how many lines fill it, and at which columns each would have been broken.
struct Wrap {
    column: usize,
    full: usize,
    ranges: Vec<std::ops::Range<usize>>,
}

type Width = fn(&str) -> usize;
/// The columns at which a line of this width would have been broken, given its last word's width and the next line's first word's.
type Range = fn(width: usize, last: usize, next: usize) -> std::ops::Range<usize>;

fn up_to(width: usize, _: usize, next: usize) -> std::ops::Range<usize> {
    width..width + 1 + next
}

fn just_behind(width: usize, last: usize, _: usize) -> std::ops::Range<usize> {
    width - last..width + 1
}

/// Finds the column a text is hard wrapped to, if it is.
///
/// A text is hard wrapped where most lines that another follows in their paragraph are so long that the next line's first word
/// would not have fitted. Each such line allows a range of columns; the one that most of them allow is taken.
fn wrap(text: &str, lines: &[Line], width: Width, range: Range) -> Option<Wrap> {
    let widths: Vec<usize> = lines
        .iter()
        .map(|line| width(&text[line.start..line.end]))
        .collect();
    let few = |count: usize| count * 100 <= lines.len() * WIDER_SHARE;
    let last_column = *WRAP_COLUMNS.end();
    if !few(widths.iter().filter(|width| **width > last_column).count()) {
        return None;
    }
    let mut opens = vec![0i32; last_column + 2];
    let mut ranges = vec![0..0; lines.len()];
    let mut followed = 0;
    for i in 0..lines.len().saturating_sub(1) {
        if lines[i + 1].gap > 0 {
            continue;
        }
        followed += 1;
        let word = |word: Option<&str>| word.map_or(0, width);
        let last = text[lines[i].start..lines[i].end]
            .rsplit(char::is_whitespace)
            .next();
        let next = text[lines[i + 1].start..lines[i + 1].end]
            .split(char::is_whitespace)
            .next();
        ranges[i] = range(widths[i], word(last), word(next));
        opens[ranges[i].start.min(last_column + 1)] += 1;
        opens[ranges[i].end.min(last_column + 1)] -= 1;
    }
    let (mut allowed, mut full, mut column) = (0, 0, 0);
    for (at, open) in opens.iter().enumerate() {
        allowed += open;
        if allowed > full && WRAP_COLUMNS.contains(&at) {
            (full, column) = (allowed, at);
        }
    }
    let full = full as usize;
    let wider = (0..lines.len()).filter(|&i| widths[i] > column && !ranges[i].contains(&column));
    let wrapped = full >= WRAP_LINES && full * 100 >= followed * WRAP_SHARE && few(wider.count());
    wrapped.then_some(Wrap {
        column,
        full,
        ranges,
    })
}

/// Returns whether line `i` is not the end of its sentence but goes on in the next line; `unfinished` says so of lines that are
/// not wrapped.
pub(super) fn runs_on(
    text: &str,
    lines: &[Line],
    i: usize,
    unfinished: fn(&str, &str) -> bool,
) -> bool {
    let (line, next) = (&lines[i], &lines[i + 1]);
    let this = || &text[line.start..line.end];
    next.gap == 0 && (line.full || unfinished(this(), &text[next.start..next.end]))
}
