//! Characters that stand for others: entities and tags left in a text, decomposed Hangul.
//!
//! In:  a text. Out: edits. A text that speaks of tags (`<나루신문>`) keeps them; a control character is never made.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::Edit;
use crate::article::is_hidden;

/// An entity, also one that was escaped once more (`&amp;quot;`).
static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
    let entity = r"&(?:amp;){0,3}(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});";
    Regex::new(entity).expect("a pattern")
});

/// Entities are read as the characters they stand for.
pub(super) fn entities(text: &str) -> Vec<Edit> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Vec::new();
    }
    let found = ENTITY.captures_iter(text).filter_map(|found| {
        let (entity, name) = (found.get(0).expect("the match itself"), &found[1]);
        let written = format!("&{name};");
        let read = html_escape::decode_html_entities(&written);
        if read == written {
            return None;
        }
        let read: String = read
            .chars()
            .filter(|c| !is_hidden(*c))
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .collect();
        Some(Edit::read(
            (entity.start(), entity.end()),
            read,
            "format.entity",
        ))
    });
    found.collect()
}

/// A tag that pages are made of. Other words between angle brackets are the article's.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    let tag = r"(?i)</?(?:(br|hr|tr)|(p|div|li|ul|ol|h[1-6]|table|tbody|blockquote|section|article|figure|figcaption)|(td|th)|a|b|i|u|s|em|strong|span|font|img|small|sup|sub|mark|center|wbr)(?:\s[^<>\n]*)?\s?/?>";
    Regex::new(tag).expect("a pattern")
});

/// Tags are taken off; those of lines and paragraphs end them.
pub(super) fn tags(text: &str) -> Vec<Edit> {
    if memchr::memchr(b'<', text.as_bytes()).is_none() {
        return Vec::new();
    }
    let found = TAG.captures_iter(text).map(|tag| {
        let whole = tag.get(0).expect("the match itself");
        let read = match (tag.get(1), tag.get(2), tag.get(3)) {
            (Some(_), ..) => "\n",
            (_, Some(_), _) if whole.as_str().starts_with("</") => "\n\n",
            (_, _, Some(_)) if whole.as_str().starts_with("</") => "\t",
            _ => "",
        };
        Edit::read((whole.start(), whole.end()), read, "format.tag")
    });
    found.collect()
}

/// Letters that were taken apart (text copied from a Mac) are read composed. Only what holds conjoining Hangul or combining marks
/// is looked at: compatibility Hanja stay what they are.
pub(super) fn decomposed(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut from = 0;
    while let Some(found) = next_mark(text, from) {
        let mut start = found;
        if let Some(base) = text[from..found].chars().next_back()
            && text[found..].chars().next().is_some_and(is_combining_mark)
        {
            start -= base.len_utf8();
        }
        let more = text[found..]
            .char_indices()
            .find(|(_, c)| !is_conjoining(*c) && !is_combining_mark(*c));
        let end = more.map_or(text.len(), |(len, _)| found + len);
        let syllables = text[start..end].nfc().collect::<String>();
        if syllables != text[start..end] {
            each_syllable(text, (start, end), &mut edits);
        }
        from = end;
    }
    edits
}

/// Cuts a run at each leading consonant, so that a syllable has a place of its own.
fn each_syllable(text: &str, (start, end): (usize, usize), edits: &mut Vec<Edit>) {
    let raw = &text[start..end];
    let leads = raw.char_indices().filter(|(_, c)| is_leading(*c));
    let cuts = leads.map(|(at, _)| at).filter(|at| *at > 0);
    let mut at = 0;
    for cut in cuts.chain([raw.len()]) {
        let piece = &raw[at..cut];
        let read: String = piece.nfc().collect();
        if read != piece {
            edits.push(Edit::read(
                (start + at, start + cut),
                read,
                "format.decomposed",
            ));
        }
        at = cut;
    }
}

fn is_leading(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}')
}

fn is_conjoining(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}')
}

/// The next conjoining letter or combining mark. Their first bytes are looked for, so that other text costs next to nothing.
fn next_mark(text: &str, mut from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    loop {
        let at = from + memchr::memchr3(0xE1, 0xCC, 0xCD, &bytes[from..])?;
        let is_mark = match bytes[at] {
            0xE1 => matches!(bytes.get(at + 1), Some(0x84..=0x87)),
            0xCC => true,
            _ => matches!(bytes.get(at + 1), Some(0x80..=0xAF)),
        };
        if is_mark && text.is_char_boundary(at) {
            return Some(at);
        }
        from = at + 1;
    }
}
