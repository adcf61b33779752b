//! The note as text for a terminal.
//!
//! In:  the note's blocks and a style. Out: lines, wrapped where a width is given (a Hangul syllable takes two columns),
//! coloured where asked. The article's own escapes are spelled out; the only ones written are ours.

use std::io::{self, BufWriter, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::note::Block;
use crate::escape::shown;

/// Says how text for reading looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TextStyle {
    /// Colour and weight by escape sequences.
    pub color: bool,
    /// Columns to wrap at; one line for each paragraph where none are given.
    pub width: Option<usize>,
}

/// Weights and colours of a note, all plain where colour is off.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Palette {
    pub title: Style,
    pub heading: Style,
    pub label: Style,
    pub quiet: Style,
}

impl Palette {
    pub fn of(style: TextStyle) -> Palette {
        if !style.color {
            return Palette::default();
        }
        Palette {
            title: Style::new().bold(),
            heading: AnsiColor::Cyan.on_default().bold(),
            label: AnsiColor::Yellow.on_default(),
            quiet: Style::new().dimmed(),
        }
    }
}

pub fn write(note: &[Block<'_>], style: TextStyle, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let palette = Palette::of(style);
    let mut indent = 0;
    for (n, block) in note.iter().enumerate() {
        if n > 0 && matches!(block, Block::Heading(_)) {
            out.write_all(b"\n")?;
        }
        indent = match block {
            Block::Title(_) | Block::Credits(_) | Block::Heading(_) => 0,
            Block::Challenge { .. } => 2,
            _ if indent == 0 => 2,
            _ if matches!(note[n - 1], Block::Challenge { .. }) => 4,
            _ => indent,
        };
        write_paragraph(
            &spans(block, palette),
            indent,
            hang(block),
            style.width,
            &mut out,
        )?;
    }
    out.flush()
}

/// Returns how much further the later lines of a wrapped block stand.
fn hang(block: &Block<'_>) -> usize {
    match block {
        Block::Point { .. } | Block::Fact { .. } | Block::Cited { .. } => 2,
        _ => 0,
    }
}

/// Text with the style it is written in.
pub(super) type Span = (Style, String);

fn spans(block: &Block<'_>, palette: Palette) -> Vec<Span> {
    let plain = Style::new();
    match block {
        Block::Title(title) => vec![(palette.title, shown(title).into())],
        Block::Credits(credits) => vec![(palette.quiet, shown(&credits.join(" · ")).into())],
        Block::Heading(heading) => vec![(palette.heading, (*heading).into())],
        Block::Challenge { label, status } => {
            vec![
                (palette.title, shown(label).into()),
                (palette.quiet, format!(" — {status}")),
            ]
        }
        Block::Statement { text, receipts, .. } => vec![
            (plain, shown(text).into()),
            (palette.quiet, numbers(receipts)),
        ],
        Block::Point {
            label,
            text,
            receipts,
            ..
        } => vec![
            (palette.label, format!("{label}: ")),
            (plain, shown(text).into()),
            (palette.quiet, numbers(receipts)),
        ],
        Block::Remark(remark) => vec![(palette.quiet, (*remark).into())],
        Block::Fact { label, value } => vec![
            (palette.label, format!("{label}: ")),
            (plain, shown(value).into()),
        ],
        Block::Cited { id, text } => vec![
            (palette.quiet, format!("[{id}] ")),
            (plain, shown(text).into()),
        ],
    }
}

fn numbers(receipts: &[u32]) -> String {
    receipts.iter().map(|id| format!(" [{id}]")).collect()
}

/// Writes one paragraph, broken at spaces to stay within `width`; a word longer than a line is broken inside.
pub(super) fn write_paragraph(
    spans: &[Span],
    indent: usize,
    hang: usize,
    width: Option<usize>,
    out: &mut impl Write,
) -> io::Result<()> {
    let width = width.unwrap_or(usize::MAX).max(indent + hang + 16);
    write!(out, "{:indent$}", "")?;
    let (mut column, mut at_start, mut gap) = (indent, true, false);
    for (style, text) in spans {
        write!(out, "{style}")?;
        for piece in pieces(text) {
            if piece == " " {
                gap = !at_start;
                continue;
            }
            if !at_start && gap && column + 1 + piece.width() > width {
                break_line(indent + hang, style, out)?;
                (column, gap) = (indent + hang, false);
            }
            if gap {
                out.write_all(b" ")?;
                column += 1;
            }
            column = write_word(piece, column, indent + hang, width, style, out)?;
            (at_start, gap) = (false, false);
        }
        write!(out, "{style:#}")?;
    }
    out.write_all(b"\n")
}

/// Words and the single spaces between them; runs of white space count as one.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let lead = text.starts_with(char::is_whitespace).then_some(" ");
    let tail = text.ends_with(char::is_whitespace).then_some(" ");
    let words = text.split_whitespace().enumerate();
    let words = words.flat_map(|(n, word)| (n > 0).then_some(" ").into_iter().chain([word]));
    lead.into_iter().chain(words).chain(tail)
}

/// Writes a word from `column` on and returns the column after it.
fn write_word(
    word: &str,
    mut column: usize,
    indent: usize,
    width: usize,
    style: &Style,
    out: &mut impl Write,
) -> io::Result<usize> {
    if column + word.width() <= width {
        out.write_all(word.as_bytes())?;
        return Ok(column + word.width());
    }
    for c in word.chars() {
        let columns = c.width().unwrap_or(0);
        if column + columns > width {
            break_line(indent, style, out)?;
            column = indent;
        }
        write!(out, "{c}")?;
        column += columns;
    }
    Ok(column)
}

/// Styles end before a line does: an underline or a background would run on to the window's edge.
fn break_line(indent: usize, style: &Style, out: &mut impl Write) -> io::Result<()> {
    write!(out, "{style:#}\n{:indent$}{style}", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, width: usize, expected: &str) {
        let mut out = Vec::new();
        let spans = [(Style::new(), text.to_string())];
        write_paragraph(&spans, 2, 2, Some(width), &mut out).expect("a vector takes everything");
        assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
    }

    #[test]
    fn a_line_is_broken_at_spaces_and_hangul_counts_two() {
        check(
            "one two three four five",
            20,
            "  one two three four\n    five\n",
        );
        check(
            "가나다 라마바 사아자 차카",
            20,
            "  가나다 라마바\n    사아자 차카\n",
        );
        check(
            "가나다라마바사아자차카타파하",
            20,
            "  가나다라마바사아자\n    차카타파하\n",
        );
    }

    #[test]
    fn without_a_width_a_paragraph_is_one_line() {
        let mut out = Vec::new();
        let spans = [(Style::new(), "word ".repeat(60))];
        write_paragraph(&spans, 0, 0, None, &mut out).expect("a vector takes everything");
        assert_eq!(out.iter().filter(|&&byte| byte == b'\n').count(), 1);
    }
}
