//! Segmentation: decoded text becomes units, each one sentence or one scrap, with or without punctuation.
//!
//! In:  the decoded text. Out: `Unit`s in reading order that hold every character that is not white space.
//! One pass over the text, linear in its length; nothing is rewritten.

mod abbreviations;
mod boundaries;
mod english;
mod gap;
pub mod gap_model;
mod ko_glued;
mod ko_plain;
mod ko_stops;
mod korean;
mod lines;
mod marks;
mod quotes;
mod tails;

use boundaries::BOUNDARIES;
use gap::Gap;
pub use gap::Style;
use lines::lines;
use quotes::Quotes;

use crate::language::{Language, script};

/// A sentence or a scrap: the smallest span that is kept or removed as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// First byte in the decoded text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Whether it opens its stretch of joined lines.
    pub opens: bool,
    /// Whether it closes its stretch of joined lines.
    pub closes: bool,
    /// Whether its white space is single blanks already, so that it folds to itself.
    pub folded: bool,
}

/// Finds the language by the share of Hangul letters where none is given, and counts marks at sentence ends.
pub fn style_of(text: &str, language: Option<Language>) -> Style {
    let language = language.unwrap_or_else(|| script::language_of(text));
    let boundaries = &BOUNDARIES[language];
    Style {
        language,
        punctuated: (boundaries.is_punctuated)(text),
        clipped: (boundaries.is_clipped)(text),
    }
}

/// Returns whether a text ends as a sentence of its language does.
pub fn closes_sentence(text: &str, language: Language) -> bool {
    (BOUNDARIES[language].closes_sentence)(text)
}

/// Returns whether a text begins with a word that opens sentences.
pub fn opens_sentence(text: &str, language: Language) -> bool {
    (BOUNDARIES[language].opens_sentence)(text)
}

/// Returns whether a text reads as a sentence of running prose: long enough, and closed as one.
pub fn is_prose(text: &str, language: Language) -> bool {
    text.len() >= BOUNDARIES[language].shortest_prose && closes_sentence(text, language)
}

/// Cuts the whole text into units.
pub fn units(text: &str, style: Style) -> Vec<Unit> {
    let boundaries = &BOUNDARIES[style.language];
    let lines = lines(text);
    let mut units = Vec::with_capacity(text.len() / 100 + 8);
    let mut first = 0;
    while first < lines.len() {
        let mut last = first;
        while last + 1 < lines.len() && lines::runs_on(text, &lines, last, boundaries.runs_on) {
            last += 1;
        }
        let (start, end) = (lines[first].start, lines[last].end);
        let before = units.len();
        cut(&text[start..end], style, |a, b, folded| {
            units.push(Unit {
                start: start + a,
                end: start + b,
                opens: false,
                closes: false,
                folded,
            });
        });
        if units.len() > before {
            units[before].opens = true;
            units.last_mut().expect("just pushed").closes = true;
        }
        first = last + 1;
    }
    units
}

/// Returns every gap of a text that holds known sentences, and whether a sentence ends there: what the model is trained on.
/// The sentence so far is counted from the last true end, as if all earlier ends had been found.
pub fn gap_samples(sentences: &[&str], language: Language) -> Vec<(Vec<u32>, bool)> {
    let boundaries = &BOUNDARIES[language];
    let text = sentences.join(" ");
    let mut ends = Vec::new();
    let mut at = 0;
    for sentence in sentences {
        ends.push(at + sentence.len());
        at += sentence.len() + 1;
    }
    let mut samples = Vec::new();
    let mut tokens = Tokens::of(&text);
    let (mut sentence, mut before) = (0, None);
    while let Some(token) = tokens.next() {
        if let Some(before) = before {
            let gap = Gap {
                text: &text,
                sentence,
                before,
                after: token,
            };
            let end = ends.binary_search(&before.1).is_ok();
            if (boundaries.may_end)(&gap) || end {
                let mut features = Vec::new();
                boundaries.gap_model.features(&gap, |f| features.push(f));
                samples.push((features, end));
            }
            if end {
                sentence = token.0;
            }
        }
        before = Some(token);
    }
    samples
}

/// Cuts one stretch of running text, calling `emit` with each sentence's span, and whether its white space is single
/// blanks.
fn cut(text: &str, style: Style, mut emit: impl FnMut(usize, usize, bool)) {
    let boundaries = &BOUNDARIES[style.language];
    let quotes = Quotes::of(text);
    let mut sentence = None;
    let mut folded = true;
    let mut before: Option<(usize, usize)> = None;
    let mut tokens = Tokens::of(text);
    while let Some(token) = tokens.next() {
        let start = *sentence.get_or_insert(token.0);
        if let Some(before) = before.as_mut()
            && before.0 >= start
            && tails::follows(
                &text[before.0..before.1],
                &text[token.0..token.1],
                text[start..].starts_with('['),
            )
        {
            folded &= &text[before.1..token.0] == " ";
            before.1 = token.1;
            continue;
        }
        if let Some(before) = before {
            let gap = Gap {
                text,
                sentence: start,
                before,
                after: token,
            };
            if before.0 >= start && (boundaries.ends_at)(&gap, style) && !quotes.hold(before.1) {
                emit(start, before.1, folded);
                sentence = Some(token.0);
                folded = true;
            } else {
                folded &= &text[before.1..token.0] == " ";
            }
        }
        // Marks glued to the next sentence ("했다.그러나") end one inside a token.
        let (mut from, mut search) = (token.0, token.0);
        while tokens.marked
            && let Some(end) = (boundaries.glued_end)(text, search, token.1)
        {
            let end = quotes.behind(end);
            search = end;
            if !quotes.hold(end) && end < token.1 {
                emit(sentence.unwrap_or(from), end, folded);
                sentence = Some(end);
                folded = true;
                from = end;
            }
        }
        while !style.punctuated
            && let Some(end) = (boundaries.bare_end)(text, from, token.1)
            && !quotes.hold(end)
        {
            emit(sentence.unwrap_or(from), end, folded);
            sentence = Some(end);
            folded = true;
            from = end;
        }
        before = Some((from, token.1));
    }
    if let (Some(start), Some(before)) = (sentence, before) {
        emit(start, before.1, folded);
    }
}

/// Tokens between white space, as spans.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// Whether the last token holds a mark that may end a sentence.
    marked: bool,
}

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Tokens<'a> {
        Tokens {
            text,
            at: 0,
            marked: false,
        }
    }

    fn next(&mut self) -> Option<(usize, usize)> {
        let bytes = self.text.as_bytes();
        let mut i = self.at;
        while i < bytes.len() {
            match blank_len(bytes, i) {
                0 => break,
                n => i += n,
            }
        }
        if i >= bytes.len() {
            return None;
        }
        let start = i;
        self.marked = false;
        while i < bytes.len() {
            match KINDS[bytes[i] as usize] {
                Kind::Plain => {}
                Kind::Mark => self.marked = true,
                // A blank inside a reference mark ("year.[citation needed]") parts no words.
                Kind::Bracket if i > start && is_note_behind(&self.text[start..i]) => {
                    i += tails::note_len(bytes, i).unwrap_or(1);
                    continue;
                }
                Kind::Bracket => {}
                Kind::Blank if blank_len(bytes, i) > 0 => break,
                // Quotation marks, an ellipsis or a wide stop.
                Kind::Blank => self.marked = true,
            }
            i += 1;
        }
        self.at = i;
        Some((start, i))
    }
}

/// Returns whether brackets behind a text may be a reference: it ends in a stop, a closing mark or another reference.
fn is_note_behind(text: &str) -> bool {
    text.ends_with(|c| marks::is_stop(c) || marks::is_closer(c))
}

/// What a byte may be to a token.
#[derive(Clone, Copy)]
enum Kind {
    Plain,
    Mark,
    /// The bracket that opens a reference mark.
    Bracket,
    /// The first byte of white space, or of one of few other characters.
    Blank,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Plain; 256];
    let blanks = b" \t\n\r\x0B\x0C\xC2\xE1\xE2\xE3";
    let mut i = 0;
    while i < blanks.len() {
        kinds[blanks[i] as usize] = Kind::Blank;
        i += 1;
    }
    kinds[b'.' as usize] = Kind::Mark;
    kinds[b'!' as usize] = Kind::Mark;
    kinds[b'?' as usize] = Kind::Mark;
    // Emoji, and brackets that close between two sentences.
    kinds[0xF0] = Kind::Mark;
    kinds[b')' as usize] = Kind::Mark;
    kinds[b']' as usize] = Kind::Mark;
    kinds[b'[' as usize] = Kind::Bracket;
    // The wide stops of U+FF00 to U+FFEF.
    kinds[0xEF] = Kind::Mark;
    kinds
};

/// Length in bytes of the white-space character at `i`, 0 where there is none.
#[inline]
pub fn blank_len(bytes: &[u8], i: usize) -> usize {
    match bytes[i] {
        b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C => 1,
        0xC2 if matches!(bytes.get(i + 1), Some(0xA0 | 0x85)) => 2,
        0xE1 if bytes.get(i + 1) == Some(&0x9A) && bytes.get(i + 2) == Some(&0x80) => 3,
        0xE2 => match (bytes.get(i + 1), bytes.get(i + 2)) {
            (Some(0x80), Some(0x80..=0x8A | 0xA8 | 0xA9 | 0xAF)) | (Some(0x81), Some(0x9F)) => 3,
            _ => 0,
        },
        0xE3 if bytes.get(i + 1) == Some(&0x80) && bytes.get(i + 2) == Some(&0x80) => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    pub(super) fn check(text: &str, expected: &[&str]) {
        let units = units(text, style_of(text, None));
        let found: Vec<&str> = units.iter().map(|u| &text[u.start..u.end]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn korean_with_marks() {
        check("비가 왔다. 길이 잠겼다.", &["비가 왔다.", "길이 잠겼다."]);
        check("비가 왔다.길이 잠겼다.", &["비가 왔다.", "길이 잠겼다."]);
        check(
            "그는 “비가 왔다. 길이 잠겼다”고 말했다. 끝이다.",
            &["그는 “비가 왔다. 길이 잠겼다”고 말했다.", "끝이다."],
        );
        check(
            "2025. 11. 6. 수요일에 3.5GW를 더했다.",
            &["2025. 11. 6. 수요일에 3.5GW를 더했다."],
        );
    }

    #[test]
    fn korean_without_marks() {
        check(
            "비가 왔습니다 길이 잠겼다 둑은 한계다 그는 기회 라며 웃었다",
            &[
                "비가 왔습니다",
                "길이 잠겼다",
                "둑은 한계다",
                "그는 기회 라며 웃었다",
            ],
        );
        check(
            "해마다 바다 보다 넓은 길이 없다 고 했다 무엇을 할까 답은 없다",
            &[
                "해마다 바다 보다 넓은 길이 없다 고 했다",
                "무엇을 할까",
                "답은 없다",
            ],
        );
        check(
            "수요 예측이 필요 없다고 해요 주요 기업은 달라요",
            &["수요 예측이 필요 없다고 해요", "주요 기업은 달라요"],
        );
    }

    #[test]
    fn english_with_marks() {
        check(
            "Dr. Lee of the U.S. agency left at 3 a.m. on Monday. She was tired. \"Why now?\" he asked.",
            &[
                "Dr. Lee of the U.S. agency left at 3 a.m. on Monday.",
                "She was tired.",
                "\"Why now?\" he asked.",
            ],
        );
    }

    #[test]
    fn english_without_marks() {
        check(
            "The mine closed in May The town lost its only bus It was a hard winter",
            &[
                "The mine closed in May",
                "The town lost its only bus",
                "It was a hard winter",
            ],
        );
    }

    #[test]
    fn hard_wrapped_lines_join() {
        check(
            "The council met on the first day of the month and agreed to\nspend the money on a new bridge over the river, which had been\nclosed for years. It will open\nin May.",
            &[
                "The council met on the first day of the month and agreed to\nspend the money on a new bridge over the river, which had been\nclosed for years.",
                "It will open\nin May.",
            ],
        );
    }
}
