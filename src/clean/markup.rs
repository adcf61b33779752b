//! Markup: the text's units, what the passes have marked, and what is known of each unit.
//!
//! In:  the text and its style. Out: a value the passes mark. What a unit looks like is found out once, when a pass
//! first asks; units that are cut or looked at a second time keep what is known of them as long as their span stays.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use super::cohesion::{self, Cohesion};
use super::dedup::Normalised;
use super::line_class::LineClass;
use super::rules::{self, Rules};
use super::segment::{self, Style, Unit, is_prose};
use super::voice::Voice;
use super::wording;
use crate::article::{self, Reason, Score};
use crate::input::BlockKind;
use crate::language::Language;

/// Past so many units a text is no article: its words are not counted, and its sentences not looked into one by one.
pub const MOST_UNITS: usize = 5_000;

/// Why a unit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub reason: Reason,
    pub rule: &'static str,
    /// For a duplicate, the end of the unit it repeats: a cut at the front of that one leaves it in place.
    pub of: Option<usize>,
    /// Whether a table entry fitted the text itself; place and neighbours alone are less sure.
    pub sure: bool,
    /// How sure the reader of context is, where it decided.
    pub score: Option<Score>,
}

/// The text, its units, and what the passes have marked so far.
pub struct Markup<'a> {
    pub text: &'a str,
    pub style: Style,
    pub units: Vec<Unit>,
    pub marks: Vec<Option<Mark>>,
    /// Bytes of the headline.
    pub title: Range<usize>,
    /// It is looked at again, as it will be read.
    pub again: bool,
    /// It is a letter of several items.
    pub items: bool,
    /// The headline is known from elsewhere, and not looked for.
    pub titled: bool,
    known: Vec<Known>,
}

/// What one unit's text tells, found out when it is first asked for.
#[derive(Default)]
struct Known {
    prose: OnceCell<bool>,
    letters: OnceCell<usize>,
    prefilter: OnceCell<rules::Set>,
    line_class: OnceCell<LineClass>,
    stems: OnceCell<Box<[u32]>>,
    voice: OnceCell<Voice>,
    wording: OnceCell<f32>,
    /// The article's own by its shape, which nothing but a second copy undoes.
    own: bool,
    /// An item of a list.
    listed: bool,
    /// What the tags of a page say of it, and which block it is in.
    block: Option<(BlockKind, u32)>,
}

type Piece = (Unit, Option<Mark>, Known);

impl<'a> Markup<'a> {
    /// Cuts the text into units and marks nothing.
    pub fn of(text: &'a str, style: Style) -> Markup<'a> {
        Markup::with(text, style, segment::units(text, style))
    }

    fn with(text: &'a str, style: Style, units: Vec<Unit>) -> Markup<'a> {
        Markup {
            text,
            style,
            marks: vec![None; units.len()],
            known: units.iter().map(|_| Known::default()).collect(),
            units,
            title: 0..0,
            again: false,
            items: false,
            titled: false,
        }
    }

    /// Returns the text's language.
    pub fn language(&self) -> Language {
        self.style.language
    }

    /// Returns the unit's text as it stands, line ends and all.
    pub fn raw(&self, i: usize) -> &'a str {
        &self.text[self.units[i].start..self.units[i].end]
    }

    /// Returns the unit's text with white space folded.
    pub fn folded(&self, i: usize) -> Cow<'a, str> {
        match self.units[i].folded {
            true => Cow::Borrowed(self.raw(i)),
            false => fold(self.raw(i)),
        }
    }

    /// Returns whether the unit reads as a sentence of running prose.
    pub fn prose(&self, i: usize) -> bool {
        let prose = || is_prose(self.raw(i), self.language());
        *self.known[i].prose.get_or_init(prose)
    }

    /// Takes over how many letters each unit has.
    pub fn count(&mut self, letters: &Normalised) {
        for (i, known) in self.known.iter_mut().enumerate() {
            known.letters = letters.count(i).into();
        }
    }

    /// Counts the letters and digits of the unit.
    pub fn letters(&self, i: usize) -> usize {
        let letters = || article::letters(self.raw(i));
        *self.known[i].letters.get_or_init(letters)
    }

    /// Returns the rules whose words stand in the unit.
    pub fn prefilter(&self, i: usize) -> rules::Set {
        let prefilter = || Rules::of(self.language()).prefilter(&self.folded(i));
        *self.known[i].prefilter.get_or_init(prefilter)
    }

    /// Returns the kind of line the unit looks like.
    pub fn line_class(&self, i: usize) -> &LineClass {
        let class = || LineClass::of(self.raw(i), self.language());
        self.known[i].line_class.get_or_init(class)
    }

    /// Returns the distinct stems of the unit's content words, sorted.
    pub fn stems(&self, i: usize) -> &[u32] {
        let stems = || cohesion::stems(self.raw(i), self.language()).into_boxed_slice();
        self.known[i].stems.get_or_init(stems)
    }

    /// Counts the stems of the standing units and the headline; of too many units none.
    pub fn cohesion(&self) -> Cohesion {
        let units = match self.units.len() {
            count @ 0..=MOST_UNITS => count,
            _ => 0,
        };
        let counted = (0..units).filter(|&i| self.stands(i) || self.in_title(i));
        Cohesion::of(counted.map(|i| self.stems(i)))
    }

    /// Returns how the unit speaks.
    pub fn voice(&self, i: usize) -> Voice {
        let voice = || Voice::of(self.raw(i), self.language());
        *self.known[i].voice.get_or_init(voice)
    }

    /// Returns what the unit's words say for its being another story's.
    pub fn wording(&self, i: usize) -> f32 {
        let score = || wording::score(self.raw(i), self.language());
        *self.known[i].wording.get_or_init(score)
    }

    /// Holds a unit for the article's own, whatever a later pass says.
    pub fn protect(&mut self, i: usize) {
        self.known[i].own = true;
    }

    /// Returns whether the unit is held for the article's own.
    pub fn protected(&self, i: usize) -> bool {
        self.known[i].own
    }

    /// Notes that a unit is an item of a list.
    pub fn list(&mut self, i: usize) {
        self.known[i].listed = true;
    }

    /// Notes what the tags of a page say of a unit, and which block it is in.
    pub fn tag(&mut self, i: usize, kind: BlockKind, block: usize) {
        self.known[i].block = Some((kind, block as u32));
    }

    /// Returns the block of a page that a unit is in.
    pub fn block(&self, i: usize) -> Option<u32> {
        self.known[i].block.map(|(_, block)| block)
    }

    /// Returns what the tags of a page say of a unit.
    pub fn tagged(&self, i: usize) -> Option<BlockKind> {
        self.known[i].block.map(|(kind, _)| kind)
    }

    /// Returns whether the unit is an item of a list.
    pub fn listed(&self, i: usize) -> bool {
        self.known[i].listed
    }

    /// Marks a unit that stands and is not held for the article's own.
    pub fn mark(&mut self, i: usize, reason: Reason, rule: &'static str, sure: bool) {
        if self.stands(i) && !self.known[i].own {
            self.marks[i] = Some(Mark {
                reason,
                rule,
                of: None,
                sure,
                score: None,
            });
        }
    }

    /// Returns whether the unit is part of the headline.
    pub fn in_title(&self, i: usize) -> bool {
        self.title.contains(&self.units[i].start)
    }

    /// Returns whether the unit is, so far, a sentence of the article.
    pub fn stands(&self, i: usize) -> bool {
        self.marks[i].is_none() && !self.in_title(i)
    }

    /// Returns whether the unit fills its line.
    pub fn alone(&self, i: usize) -> bool {
        self.units[i].opens && self.units[i].closes
    }

    /// Returns the units of each stretch of joined lines, as the first and the one behind the last.
    pub fn lines(&self) -> Vec<(usize, usize)> {
        let starts: Vec<usize> = (0..self.units.len())
            .filter(|&i| self.units[i].opens)
            .chain([self.units.len()])
            .collect();
        starts.windows(2).map(|w| (w[0], w[1])).collect()
    }

    /// Returns whether the line is a heading of readers' comments.
    pub fn comments_heading(&self, i: usize) -> bool {
        let rule = || Rules::of(self.language()).heading(&self.folded(i), self.prefilter(i));
        self.alone(i) && rule().is_some_and(|r| r.reason == Reason::Comment)
    }

    /// Returns the unit that ends at byte `end`.
    pub fn ending_at(&self, end: usize) -> usize {
        self.units.partition_point(|unit| unit.end < end)
    }

    /// Puts `pieces` in the place of the standing units they are cut from.
    pub fn put(&mut self, pieces: Markup<'a>) {
        let own = std::mem::replace(self, self.empty());
        self.title = own.title.clone();
        let mut pieces = pieces.into_pieces().peekable();
        for piece in own.into_pieces() {
            let mut whole = true;
            while let Some(cut) = pieces.next_if(|cut| cut.0.start < piece.0.end) {
                self.push(cut);
                whole = false;
            }
            if whole {
                self.push(piece);
            }
        }
    }

    /// Returns the markup of the same text without units.
    pub fn empty(&self) -> Markup<'a> {
        let mut empty = Markup::with(self.text, self.style, Vec::new());
        (empty.again, empty.items, empty.titled) = (self.again, self.items, self.titled);
        empty
    }

    /// Adds a unit of which nothing is known yet.
    pub fn add(&mut self, unit: Unit, mark: Option<Mark>) {
        self.push((unit, mark, Known::default()));
    }

    fn push(&mut self, (unit, mark, known): Piece) {
        self.units.push(unit);
        self.marks.push(mark);
        self.known.push(known);
    }

    fn into_pieces(self) -> impl Iterator<Item = Piece> {
        let marked = self.units.into_iter().zip(self.marks).zip(self.known);
        marked.map(|((unit, mark), known)| (unit, mark, known))
    }

    /// Returns the sentences as a reader gets them: each on a line of its own, headline and noise gone. `None` where they
    /// stand so already.
    pub fn as_read(&mut self) -> Option<Markup<'a>> {
        if (0..self.units.len()).all(|i| self.stands(i) && self.alone(i)) {
            return None;
        }
        let mut read = self.empty();
        read.again = true;
        for i in 0..self.units.len() {
            if !self.stands(i) {
                continue;
            }
            let unit = Unit {
                opens: true,
                closes: true,
                ..self.units[i]
            };
            read.push((unit, None, std::mem::take(&mut self.known[i])));
        }
        Some(read)
    }
}

/// Folds white-space runs to one space.
pub fn fold(raw: &str) -> Cow<'_, str> {
    let bytes = raw.as_bytes();
    let odd = |i: usize| match bytes[i] {
        b' ' => bytes.get(i + 1) == Some(&b' '),
        b => b < 0x20 || matches!(b, 0xC2 | 0xE1 | 0xE2 | 0xE3) && segment::blank_len(bytes, i) > 0,
    };
    if (0..bytes.len()).any(odd) {
        Cow::Owned(raw.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(raw)
    }
}
