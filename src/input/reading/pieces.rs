//! Pieces: the text that is read, and where each piece of it stands in the decoded text.
//!
//! In:  edits of the text as it is read so far. Out: the new text, and the way back to the decoded text. Decides nothing.

use std::borrow::Cow;

use crate::article::{Warning, WarningKind};

/// A change of what is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// First byte of what is replaced.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// What is read in its place.
    pub read_as: Cow<'static, str>,
    /// The kind of thing it is, such as `format.entity`.
    pub rule: &'static str,
}

impl Edit {
    /// Takes a span off what is read.
    pub fn take((start, end): (usize, usize), rule: &'static str) -> Edit {
        Edit::read((start, end), "", rule)
    }

    /// Reads a span as something else.
    pub fn read(
        (start, end): (usize, usize),
        read_as: impl Into<Cow<'static, str>>,
        rule: &'static str,
    ) -> Edit {
        Edit {
            start,
            end,
            read_as: read_as.into(),
            rule,
        }
    }
}

/// A piece of what is read, up to its ends. A piece without a rule is read as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ReadPiece {
    /// Byte after the piece in what is read.
    read_end: usize,
    /// Byte after the piece in the decoded text.
    source_end: usize,
    rule: Option<&'static str>,
}

/// What is read of a decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<'a> {
    source: &'a str,
    text: Cow<'a, str>,
    /// All pieces in order; none where the decoded text is read as it stands.
    pieces: Vec<ReadPiece>,
}

/// A stretch of the decoded text that no part of what is read stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread {
    /// First byte in the decoded text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The kind of thing it is.
    pub rule: &'static str,
}

/// A place in both texts.
#[derive(Clone, Copy)]
struct ReadPlace {
    read: (usize, usize),
    source: (usize, usize),
    rule: Option<&'static str>,
}

impl<'a> Reading<'a> {
    /// The decoded text as it stands.
    pub(super) fn of(source: &'a str) -> Reading<'a> {
        Reading {
            source,
            text: Cow::Borrowed(source),
            pieces: Vec::new(),
        }
    }

    /// Returns what is read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the decoded text is read as it stands.
    pub fn is_verbatim(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Makes the changes that `find` wants; returns whether there were any. They are in order and do not overlap.
    pub(super) fn apply(&mut self, find: impl FnOnce(&str) -> Vec<Edit>) -> bool {
        let edits = find(&self.text);
        if edits.is_empty() {
            return false;
        }
        let mut made = Rewrite::default();
        let mut places = self.places().peekable();
        let mut edits = edits.into_iter().peekable();
        let mut pending: Option<ReadPlace> = None;
        while let Some(place) = pending.take().or_else(|| places.next()) {
            let Some(edit) = edits.peek() else {
                made.keep(&self.text, place);
                continue;
            };
            if place.read.1 <= edit.start {
                made.keep(&self.text, place);
            } else if place.read.0 < edit.start && place.rule.is_none() {
                let (before, behind) = place.cut(edit.start);
                made.keep(&self.text, before);
                pending = Some(behind);
            } else {
                let edit = edits.next().expect("just seen");
                let mut last = place;
                while last.read.1 < edit.end {
                    let Some(next) = places.next() else { break };
                    last = next;
                }
                let mut source_end = last.source.1;
                if last.read.1 > edit.end && last.rule.is_none() {
                    let (inside, behind) = last.cut(edit.end);
                    source_end = inside.source.1;
                    pending = Some(behind);
                }
                made.push(&edit.read_as, source_end, Some(edit.rule));
            }
        }
        drop(places);
        self.text = Cow::Owned(made.text);
        self.pieces = made.pieces;
        true
    }

    /// The pieces with both of their ends.
    fn places(&self) -> impl Iterator<Item = ReadPlace> {
        let whole = ReadPiece {
            read_end: self.text.len(),
            source_end: self.source.len(),
            rule: None,
        };
        let whole = self.pieces.is_empty().then_some(whole);
        let (mut read, mut source) = (0, 0);
        self.pieces.iter().copied().chain(whole).map(move |piece| {
            let place = ReadPlace {
                read: (read, piece.read_end),
                source: (source, piece.source_end),
                rule: piece.rule,
            };
            (read, source) = (piece.read_end, piece.source_end);
            place
        })
    }

    /// Returns where a span of what is read stands in the decoded text: its stretches, trimmed, without what is read as nothing.
    pub fn spans(&self, start: usize, end: usize) -> Vec<(usize, usize)> {
        if self.is_verbatim() {
            return vec![(start, end)];
        }
        let first = self.pieces.partition_point(|piece| piece.read_end <= start);
        let (mut read, mut source) = self.before(first);
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for piece in &self.pieces[first..] {
            if read >= end {
                break;
            }
            let span = match piece.rule {
                None => (
                    source + start.saturating_sub(read),
                    piece.source_end - piece.read_end.saturating_sub(end),
                ),
                Some(_) => (source, piece.source_end),
            };
            let shown = &self.text[read.max(start)..piece.read_end.min(end)];
            // A line end that is read as a blank parts no span: folded, both are the same.
            let blank = !shown.is_empty() && self.source[span.0..span.1].trim().is_empty();
            let is_read = piece.rule.is_none() || blank || !shown.trim().is_empty();
            match spans.last_mut() {
                Some(last) if is_read && last.1 == span.0 => last.1 = span.1,
                _ if is_read => spans.push(span),
                _ => {}
            }
            (read, source) = (piece.read_end, piece.source_end);
        }
        let trimmed = spans.into_iter().filter_map(|(start, end)| {
            let raw = &self.source[start..end];
            let from = start + raw.len() - raw.trim_start().len();
            let span = (from, from + raw.trim().len());
            (span.0 < span.1).then_some(span)
        });
        trimmed.collect()
    }

    /// Returns the stretches of the decoded text that hold more than white space and lie outside of `spans`, which are in order:
    /// each with what was taken off there.
    pub fn unread(&self, spans: &[(usize, usize)]) -> Vec<Unread> {
        let mut unread: Vec<Unread> = Vec::new();
        let mut spans = spans.iter().copied().peekable();
        for place in self.places() {
            let Some(rule) = place.rule else { continue };
            let (start, end) = place.source;
            while spans.next_if(|span| span.1 <= start).is_some() {}
            if spans.peek().is_some_and(|span| span.0 < end) {
                continue;
            }
            let raw = &self.source[start..end];
            let from = start + raw.len() - raw.trim_start().len();
            let to = from + raw.trim().len();
            if from == to {
                continue;
            }
            match unread.last_mut() {
                Some(last)
                    if last.rule == rule && self.source[last.end..from].trim().is_empty() =>
                {
                    last.end = to;
                }
                _ => unread.push(Unread {
                    start: from,
                    end: to,
                    rule,
                }),
            }
        }
        unread
    }

    /// Returns what is read of a stretch of the decoded text.
    pub fn read_of(&self, start: usize, end: usize) -> String {
        if self.is_verbatim() {
            return self.source.get(start..end).unwrap_or_default().to_string();
        }
        let first = self
            .pieces
            .partition_point(|piece| piece.source_end <= start);
        let (mut read, mut source) = self.before(first);
        let mut text = String::new();
        for piece in &self.pieces[first..] {
            if source >= end {
                break;
            }
            let (from, to) = match piece.rule {
                None => (
                    read + start.saturating_sub(source),
                    piece.read_end - piece.source_end.saturating_sub(end),
                ),
                Some(_) => (read, piece.read_end),
            };
            text.push_str(self.text.get(from..to).unwrap_or_default());
            (read, source) = (piece.read_end, piece.source_end);
        }
        text
    }

    /// Returns where a byte of the decoded text stands in what is read; where it is not read, the next that is.
    pub fn read_offset(&self, source: usize) -> usize {
        let index = self
            .pieces
            .partition_point(|piece| piece.source_end <= source);
        let Some(piece) = self.pieces.get(index) else {
            return if self.is_verbatim() {
                source
            } else {
                self.text.len()
            };
        };
        let (read, from) = self.before(index);
        match piece.rule {
            None => read + (source - from),
            Some(_) => piece.read_end,
        }
    }

    /// Where the piece with this index begins, in what is read and in the decoded text.
    fn before(&self, index: usize) -> (usize, usize) {
        match index.checked_sub(1) {
            Some(before) => (self.pieces[before].read_end, self.pieces[before].source_end),
            None => (0, 0),
        }
    }

    /// Returns a warning for each kind of thing that was read as something else: how often, and where first.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut kinds: Vec<(&'static str, usize, (usize, usize))> = Vec::new();
        for place in self.places() {
            let Some(rule) = place.rule else { continue };
            // What a page's tags say is no finding, but for what they hide.
            if rule.starts_with("html.") {
                continue;
            }
            match kinds.iter_mut().find(|(kind, ..)| *kind == rule) {
                Some((_, count, _)) => *count += 1,
                None => kinds.push((rule, 1, place.source)),
            }
        }
        let warnings = kinds.into_iter().map(|(rule, count, (start, end))| {
            let times = if count == 1 { "once" } else { "times" };
            let count = if count == 1 {
                String::new()
            } else {
                format!("{count} ")
            };
            Warning {
                kind: WarningKind::Format,
                text: format!("{rule}: {count}{times}"),
                start: Some(start),
                end: Some(end),
            }
        });
        warnings.collect()
    }
}

impl ReadPlace {
    /// Cuts a piece that is read as it stands at a byte of what is read.
    fn cut(self, at: usize) -> (ReadPlace, ReadPlace) {
        let source = self.source.0 + (at - self.read.0);
        let before = ReadPlace {
            read: (self.read.0, at),
            source: (self.source.0, source),
            ..self
        };
        let behind = ReadPlace {
            read: (at, self.read.1),
            source: (source, self.source.1),
            ..self
        };
        (before, behind)
    }
}

/// A text that is written anew, with its pieces.
#[derive(Default)]
struct Rewrite {
    text: String,
    pieces: Vec<ReadPiece>,
}

impl Rewrite {
    fn keep(&mut self, text: &str, place: ReadPlace) {
        self.push(
            &text[place.read.0..place.read.1],
            place.source.1,
            place.rule,
        );
    }

    fn push(&mut self, read: &str, source_end: usize, rule: Option<&'static str>) {
        self.text.push_str(read);
        self.pieces.push(ReadPiece {
            read_end: self.text.len(),
            source_end,
            rule,
        });
    }
}
