//! An article as text: its sentences, or an account of what was kept and what was removed.
//!
//! In:  `Article`. Out: lines. The sentences are data, one a line; the account is for people.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use anstyle::{AnsiColor, Style};

use super::text::{Palette, Span, TextStyle, write_paragraph};
use crate::article::{Article, Original, Reason, Removed, letters};
use crate::escape::shown;

const BUFFER_BYTES: usize = 64 << 10;

/// Writes the kept sentences, one a line, without the title.
pub fn write_sentences(article: &Article, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
    for sentence in &article.sentences {
        out.write_all(shown(&sentence.text).as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// A unit of the text with what became of it.
pub(super) enum Entry<'a> {
    Title(&'a str),
    Kept(u32, &'a str),
    Gone(&'a Removed),
}

/// Writes the whole text in reading order: sentences under their numbers, removals marked `-` with reason and rule,
/// and the sums at the end.
pub fn write_account(article: &Article, style: TextStyle, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
    let palette = Palette::of(style);
    let gone = match style.color {
        true => AnsiColor::Red.on_default(),
        false => Style::new(),
    };
    for entry in in_reading_order(article) {
        let spans = match entry {
            Entry::Title(text) => vec![
                mark("title", palette.heading),
                (palette.title, shown(text).into()),
            ],
            Entry::Kept(id, text) => vec![
                mark(&id.to_string(), palette.quiet),
                (Style::new(), shown(text).into()),
            ],
            Entry::Gone(removed) => vec![
                mark("-", gone),
                (palette.label, format!("[{}] ", cause(removed))),
                (palette.quiet, shown(&removed.text).into()),
            ],
        };
        write_entry(&spans, style, &mut out)?;
    }
    writeln!(out, "\n{}", sums(article))?;
    out.flush()
}

/// The marks stand in a column of their own, so that `grep '^ *-'` finds the removals.
const MARK_COLUMNS: usize = 6;

fn mark(text: &str, style: Style) -> Span {
    (style, format!("{text:>MARK_COLUMNS$}"))
}

fn write_entry(spans: &[Span], style: TextStyle, out: &mut impl Write) -> io::Result<()> {
    let (mark_style, mark) = &spans[0];
    write!(out, "{mark_style}{mark}{mark_style:#}  ")?;
    let column = MARK_COLUMNS + 2;
    let mut paragraph = Vec::new();
    write_paragraph(&spans[1..], column, 0, style.width, &mut paragraph)?;
    // The first line's indent is the mark just written.
    out.write_all(&paragraph[column..])
}

/// Returns title, sentences and removals in the order of the text.
pub(super) fn in_reading_order(article: &Article) -> Vec<Entry<'_>> {
    let title = article.title.iter();
    let title = title.map(|title| (title.start, Entry::Title(&title.text)));
    let kept = article.sentences.iter();
    let kept = kept.map(|s| (s.start, Entry::Kept(s.id, &s.text)));
    let gone = article.removed.iter();
    let gone = gone.map(|removed| (removed.start, Entry::Gone(removed)));
    let mut entries: Vec<_> = title.chain(kept).chain(gone).collect();
    entries.sort_by_key(|(start, _)| *start);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// "duplicate of 3, dedup.copy", "advertisement, ko.ad.call" or "caption, learned.caption 0.998".
fn cause(removed: &Removed) -> String {
    let of = match removed.of {
        Some(Original::Sentence(id)) => format!(" of {id}"),
        Some(Original::Removed(index)) => format!(" of removal {index}"),
        None => String::new(),
    };
    let score = removed.score.map(|s| format!(" {:.3}", f32::from(s)));
    let (reason, rule) = (removed.reason.name(), shown(&removed.rule));
    format!("{reason}{of}, {rule}{}", score.unwrap_or_default())
}

fn sums(article: &Article) -> String {
    let mut counts: BTreeMap<Reason, usize> = BTreeMap::new();
    for removed in &article.removed {
        *counts.entry(removed.reason).or_default() += 1;
    }
    let kept = article.letters();
    let gone: usize = article.removed.iter().map(|r| letters(&r.text)).sum();
    let counts = counts.iter();
    let counts = counts.map(|(reason, count)| format!("{} {count}", reason.name()));
    let detail = match counts.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => none,
        counts => format!(": {counts}"),
    };
    format!(
        "kept {} sentences, {kept} letters; removed {} spans, {gone} letters{detail}",
        article.sentences.len(),
        article.removed.len()
    )
}
