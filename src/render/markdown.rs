//! The note in Markdown (CommonMark), to be handed on.
//!
//! In:  the note's blocks. Out: Markdown in which all markup is ours: the article's own `<script>`, links, pictures,
//! fences, headings and front matter are text.

use std::io::{self, BufWriter, Write};

use super::note::Block;
use crate::escape::shown;

pub fn write(note: &[Block<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let mut in_list = false;
    for (n, block) in note.iter().enumerate() {
        let listed = matches!(
            block,
            Block::Point { .. } | Block::Fact { .. } | Block::Cited { .. }
        );
        if n > 0 && !(listed && in_list) {
            out.write_all(b"\n")?;
        }
        writeln!(out, "{}", line(block))?;
        in_list = listed;
    }
    out.flush()
}

fn line(block: &Block<'_>) -> String {
    match block {
        Block::Title(title) => format!("# {}", text(title)),
        Block::Credits(credits) => credits
            .iter()
            .map(|credit| text(credit))
            .collect::<Vec<_>>()
            .join(" · "),
        Block::Heading(heading) => format!("## {}", text(heading)),
        Block::Challenge { label, status } => format!("### {} — {status}", text(label)),
        Block::Statement {
            text: said,
            receipts,
            ..
        } => format!("{}{}", text(said), numbers(receipts)),
        Block::Point {
            label,
            text: said,
            receipts,
            ..
        } => format!("- **{label}** — {}{}", text(said), numbers(receipts)),
        Block::Remark(remark) => format!("*{remark}*"),
        Block::Fact { label, value } => format!("- {label}: {}", text(value)),
        Block::Cited { id, text: said } => format!("- **[{id}]** {}", text(said)),
    }
}

/// Receipts as `[15] [16]`: plain text in Markdown, since the note defines no such links.
fn numbers(receipts: &[u32]) -> String {
    receipts.iter().map(|id| format!(" [{id}]")).collect()
}

/// The text with everything that Markdown or HTML would act on escaped, on one line.
pub(super) fn text(raw: &str) -> String {
    let folded = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    let safe = shown(&folded);
    let mut out = String::with_capacity(safe.len() + 16);
    let mut rest = safe.as_ref();
    if let Some(mark) = block_mark(rest) {
        out.push_str(&rest[..mark]);
        out.push('\\');
        out.push_str(&rest[mark..=mark]);
        rest = &rest[mark + 1..];
    }
    for (at, c) in rest.char_indices() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '>' | '$' => {
                out.extend(['\\', c])
            }
            // GitHub makes links of bare addresses.
            ':' if rest[at..].starts_with("://") => out.push_str("\\:"),
            '.' if out.ends_with("www") || out.ends_with("WWW") => out.push_str("\\."),
            _ => out.push(c),
        }
    }
    out
}

/// Where a mark stands at the beginning that would open a list or an underlined heading: `- `, `+ `, `1. `, `===`.
fn block_mark(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mark = *text.as_bytes().get(digits)?;
    match (digits, mark) {
        (0, b'-' | b'+' | b'=') => Some(0),
        (1.., b'.' | b')') => Some(digits),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn markup_of_the_article_is_text() {
        let check = |raw: &str, expected: &str| assert_eq!(text(raw), expected);
        check("강물이 2.5미터 불었다.", "강물이 2.5미터 불었다.");
        check(
            "The river rose by 2.5 m (a record).",
            "The river rose by 2.5 m (a record).",
        );
        check(
            "[누르기](javascript:x) ![p](u)",
            "\\[누르기\\](javascript:x) !\\[p\\](u)",
        );
        check(
            "<script>alert(1)</script> a&lt;b",
            "&lt;script\\>alert(1)&lt;/script\\> a&amp;lt;b",
        );
        check(
            "# x *y* _z_ `c` ~~~ a|b",
            "\\# x \\*y\\* \\_z\\_ \\`c\\` \\~\\~\\~ a\\|b",
        );
        // GitHub sets what stands between dollar signs as formulas.
        check("from $5 to $7", "from \\$5 to \\$7");
        check("1. first", "1\\. first");
        check("- item", "\\- item");
        check("--- ", "\\---");
        check(
            "see https://a.example and www.a.example",
            "see https\\://a.example and www\\.a.example",
        );
        check("two\nlines\u{1b}[0m", "two lines\\\\x1b\\[0m");
    }
}
