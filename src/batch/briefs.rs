//! The briefs of a batch in one file, a line each, as a worker would have answered.
//!
//! In:  a summary and the notes it names. Out: `{"id", "brief"}` lines in the plan's order. Notes are read one after the other and
//! only their blanks are taken out: nothing is kept, and nothing can change on the way.

use std::io::{self, Write};

use serde::Deserialize;

use super::commit::OutputFolder;
use super::summary::{ItemStatus, Items, Summary};
use crate::brief::BRIEF_SCHEMA;
use crate::render::write_json_line;

/// The briefs' name below the output folder.
pub const BRIEFS_FILE: &str = "briefs.jsonl";
/// What the form of a note is told by.
const JSON: &str = ".json";

/// Writes the line of every article whose note is there as JSON; gives how many notes are JSON no more, since somebody edited them.
pub fn write_briefs(
    summary: &Summary<impl Items>,
    output: &OutputFolder,
    out: &mut dyn Write,
) -> io::Result<usize> {
    let mut out = io::BufWriter::new(out);
    let mut line = Vec::new();
    let mut broken = 0;
    for item in summary.items.each() {
        let ItemStatus::Done { notes } = &item.status else {
            continue;
        };
        let Some(note) = notes.iter().find(|note| note.ends_with(JSON)) else {
            continue;
        };
        let unread = |error: io::Error| io::Error::new(error.kind(), format!("{note}: {error}"));
        let brief = std::fs::read(output.path(note)).map_err(unread)?;
        if !is_brief(&brief) {
            broken += 1;
            continue;
        }
        line.clear();
        write_json_line(&item.id, &mut line)?;
        line.pop();
        out.write_all(b"{\"id\":")?;
        out.write_all(&line)?;
        out.write_all(b",\"brief\":")?;
        write_dense(&brief, &mut out)?;
        out.write_all(b"}\n")?;
    }
    out.flush()?;
    Ok(broken)
}

/// Of a brief, what it says it is.
#[derive(Deserialize)]
struct BriefSchema {
    schema: String,
}

fn is_brief(json: &[u8]) -> bool {
    str::from_utf8(json)
        .ok()
        .and_then(|json| serde_json::from_str::<BriefSchema>(json).ok())
        .is_some_and(|brief| brief.schema == BRIEF_SCHEMA)
}

/// Writes JSON without the blanks between its tokens.
fn write_dense(json: &[u8], out: &mut impl Write) -> io::Result<()> {
    let mut at = 0;
    while at < json.len() {
        let blanks = json[at..].iter().take_while(|b| b.is_ascii_whitespace());
        at += blanks.count();
        let end = end_of_piece(json, at);
        out.write_all(&json[at..end])?;
        at = end;
    }
    Ok(())
}

/// Returns where the piece that begins at `at` ends: a string at its closing quote, anything else before the next quote or blank.
fn end_of_piece(json: &[u8], at: usize) -> usize {
    if json.get(at) != Some(&b'"') {
        let rest = json[at..].iter();
        return at
            + rest
                .take_while(|&&b| b != b'"' && !b.is_ascii_whitespace())
                .count();
    }
    let mut at = at + 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &json[at..]) {
        match json[at + found] {
            b'"' => return at + found + 1,
            _ => at = (at + found + 2).min(json.len()),
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_go_but_for_those_in_strings() {
        let check = |json: &str, expected: &str| {
            let mut out = Vec::new();
            write_dense(json.as_bytes(), &mut out).expect("a vector takes everything");
            assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
        };
        check(
            "{\n \"a b\": [1,\t -2.5e3 ],\r\n \"강 \\\" \\\\\" : null }\n",
            "{\"a b\":[1,-2.5e3],\"강 \\\" \\\\\":null}",
        );
        check("  ", "");
        check("\"", "\"");
        check("\"a\\", "\"a\\");
    }
}
