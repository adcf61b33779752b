//! The challenge matrix as CSV (RFC 4180), a line an article.
//!
//! In:  `Overview` and its rows. Out: CSV in UTF-8. A cell that a spreadsheet would take for a formula begins with an apostrophe.

use std::io::{self, BufWriter, Write};

use crate::escape::shown;
use crate::overview::{ArticleRow, ArticleRows, Overview};

/// Writes the matrix: the article, then of each challenge its strength, the number of its best sentence, and that sentence.
pub fn write_matrix(
    overview: &Overview,
    rows: &dyn ArticleRows,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    line(&mut out, header(overview))?;
    for number in 0..rows.len() {
        line(&mut out, cells(overview, &*rows.row(number)?))?;
    }
    out.flush()
}

fn header(overview: &Overview) -> Vec<String> {
    let fixed = ["id", "title", "language", "note", "warnings", "fallbacks"];
    let mut cells: Vec<String> = fixed.map(str::to_string).to_vec();
    for topic in &overview.challenges {
        let parts = ["strength", "sentence", "text"];
        cells.extend(parts.map(|part| format!("{}_{part}", topic.key)));
    }
    cells
}

fn cells(overview: &Overview, row: &ArticleRow) -> Vec<String> {
    let mut cells = vec![
        row.id.clone(),
        row.title.clone().unwrap_or_default(),
        row.language.code().to_string(),
        row.note.clone(),
        row.warnings.to_string(),
        row.fallbacks.to_string(),
    ];
    for topic in &overview.challenges {
        let cell = row.discussed(&topic.key);
        let best = cell.and_then(|cell| cell.said.first());
        cells.push(cell.map_or(0, |cell| cell.strength).to_string());
        cells.push(best.map_or(String::new(), |quote| quote.sentence.to_string()));
        cells.push(best.map_or(String::new(), |quote| {
            format!("{}{}", quote.text, if quote.cut { "…" } else { "" })
        }));
    }
    cells
}

fn line(out: &mut impl Write, cells: Vec<String>) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    write!(out, "{}\r\n", cells.join(","))
}

/// Quotes a cell so that it is text wherever it is opened.
fn quoted(cell: &str) -> String {
    let shown = shown(cell);
    let formula = shown.starts_with(['=', '+', '-', '@', '\t', '＝', '＋', '－', '＠']);
    let guard = if formula { "'" } else { "" };
    if shown.contains([',', '"', '\n', '\r']) {
        format!("\"{guard}{}\"", shown.replace('"', "\"\""))
    } else {
        format!("{guard}{shown}")
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn cells_are_text() {
        let check = |cell: &str, expected: &str| assert_eq!(quoted(cell), expected);
        check("강물이 불었다", "강물이 불었다");
        check("a, \"b\"", "\"a, \"\"b\"\"\"");
        check("=1+1", "'=1+1");
        check("+82, call", "\"'+82, call\"");
        check("-x", "'-x");
        check("@x", "'@x");
        check("\tx", "'\tx");
        check("＝1+1", "'＝1+1");
        check("\n=1", "\\n=1");
        check("\u{202e}x\u{1b}", "\\u{202e}x\\x1b");
    }
}
