//! Lines, and whether one runs on into the next.

use unicode_width::UnicodeWidthChar;

use crate::language::hangul::is_hangul;

/// A line that is not blank, trimmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// First byte in the decoded text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Blank lines before it.
    pub gap: usize,
    /// Width of the column the text is wrapped to, 0 where it is not hard wrapped.
    wrap: usize,
}

/// Narrowest and widest column that counts as a hard wrap.
const WRAP_COLUMNS: std::ops::RangeInclusive<usize> = 30..=130;
/// Share of the lines inside paragraphs that must reach the column, in per cent.
const WRAP_SHARE: usize = 80;
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
                wrap: 0,
            });
            gap = 0;
        }
        at += raw.len();
    }
    let wrap = wrap_column(text, &lines);
    for line in &mut lines {
        line.wrap = wrap;
    }
    lines
}

/// The column a text is hard wrapped to, or 0.
///
/// A text is hard wrapped where nearly every line that another follows in its paragraph is so long that the
/// next line's first word would not have fitted.
fn wrap_column(text: &str, lines: &[Line]) -> usize {
    let mut widths = Vec::with_capacity(lines.len());
    for line in lines {
        let width = width(&text[line.start..line.end]);
        if width > *WRAP_COLUMNS.end() {
            return 0;
        }
        widths.push(width);
    }
    let column = widths.iter().copied().max().unwrap_or(0);
    if column < *WRAP_COLUMNS.start() {
        return 0;
    }
    let inner = (0..lines.len().saturating_sub(1)).filter(|&i| lines[i + 1].gap == 0);
    let (mut full, mut all) = (0, 0);
    for i in inner {
        all += 1;
        full += usize::from(widths[i] + 1 + first_word_width(text, &lines[i + 1]) > column);
    }
    if full >= WRAP_LINES && full * 100 >= all * WRAP_SHARE {
        column
    } else {
        0
    }
}

fn width(text: &str) -> usize {
    // Hangul, most of what is read here, needs no look at the tables.
    let width = |c: char| match is_hangul(c) {
        true => 2,
        false => c.width().unwrap_or(0),
    };
    text.chars().map(width).sum()
}

fn first_word_width(text: &str, line: &Line) -> usize {
    text[line.start..line.end]
        .split_whitespace()
        .next()
        .map_or(0, width)
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
    if next.gap > 0 {
        return false;
    }
    let this = &text[line.start..line.end];
    if line.wrap > 0 {
        return width(this) + 1 + first_word_width(text, next) > line.wrap;
    }
    unfinished(this, &text[next.start..next.end])
}
