//! The draft: the text's units, what the passes have marked, and what is known of each unit.
//!
//! In:  the text and its style. Out: a value the passes mark. What a unit looks like is found out once, when a pass
//! first asks; units that are cut or looked at a second time keep what is known of them as long as their span stays.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use super::dedup::Letters;
use super::rules::{self, Rules};
use super::segment::{self, Style, Unit, is_prose};
use super::shape::Shape;
use super::stories::{self, Voice};
use super::words::stems;
use crate::article::{self, Reason};

/// Why a unit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub reason: Reason,
    pub rule: &'static str,
    /// For a duplicate, the end of the unit it repeats: a cut at the front of that one leaves it in place.
    pub of: Option<usize>,
    /// Whether a table entry fitted the text itself; place and neighbours alone are less sure.
    pub sure: bool,
}

/// The text, its units, and what the passes have marked so far.
pub struct Draft<'a> {
    pub text: &'a str,
    pub style: Style,
    pub units: Vec<Unit>,
    pub marks: Vec<Option<Mark>>,
    /// Bytes of the headline.
    pub title: Range<usize>,
    looks: Vec<Look>,
}

/// What one unit's text tells, found out when it is first asked for.
#[derive(Default)]
struct Look {
    prose: OnceCell<bool>,
    letters: OnceCell<usize>,
    met: OnceCell<rules::Set>,
    shape: OnceCell<Shape>,
    stems: OnceCell<Box<[u32]>>,
    voice: OnceCell<Voice>,
    worded: OnceCell<f32>,
}

type Part = (Unit, Option<Mark>, Look);

impl<'a> Draft<'a> {
    /// Cuts the text into units and marks nothing.
    pub fn of(text: &'a str, style: Style) -> Draft<'a> {
        Draft::with(text, style, segment::units(text, style))
    }

    fn with(text: &'a str, style: Style, units: Vec<Unit>) -> Draft<'a> {
        Draft {
            text,
            style,
            marks: vec![None; units.len()],
            looks: units.iter().map(|_| Look::default()).collect(),
            units,
            title: 0..0,
        }
    }

    /// The unit's text as it stands, line ends and all.
    pub fn raw(&self, i: usize) -> &'a str {
        &self.text[self.units[i].start..self.units[i].end]
    }

    /// The unit's text with white space folded.
    pub fn folded(&self, i: usize) -> Cow<'a, str> {
        match self.units[i].folded {
            true => Cow::Borrowed(self.raw(i)),
            false => super::fold(self.raw(i)),
        }
    }

    /// Whether the unit reads as a sentence of running prose.
    pub fn prose(&self, i: usize) -> bool {
        let prose = || is_prose(self.raw(i), self.style);
        *self.looks[i].prose.get_or_init(prose)
    }

    /// Takes over how many letters each unit has.
    pub fn count(&mut self, letters: &Letters) {
        for (i, look) in self.looks.iter_mut().enumerate() {
            look.letters = letters.count(i).into();
        }
    }

    /// Letters and digits of the unit.
    pub fn letters(&self, i: usize) -> usize {
        let letters = || article::letters(self.raw(i));
        *self.looks[i].letters.get_or_init(letters)
    }

    /// The rules whose words stand in the unit.
    pub fn met(&self, i: usize) -> rules::Set {
        let met = || Rules::of(self.style.language).met(&self.folded(i));
        *self.looks[i].met.get_or_init(met)
    }

    /// What kind of line the unit looks like.
    pub fn shape(&self, i: usize) -> &Shape {
        let shape = || Shape::of(self.raw(i), self.style.language);
        self.looks[i].shape.get_or_init(shape)
    }

    /// Distinct stems of the unit's content words, sorted.
    pub fn stems(&self, i: usize) -> &[u32] {
        let stems = || stems(self.raw(i), self.style.language).into_boxed_slice();
        self.looks[i].stems.get_or_init(stems)
    }

    /// How the unit speaks.
    pub fn voice(&self, i: usize) -> Voice {
        let voice = || Voice::of(self.raw(i), self.style);
        *self.looks[i].voice.get_or_init(voice)
    }

    /// What the unit's words say for its being another story's.
    pub fn worded(&self, i: usize) -> f32 {
        let worded = || stories::worded(self.raw(i), self.style.language);
        *self.looks[i].worded.get_or_init(worded)
    }

    pub fn mark(&mut self, i: usize, reason: Reason, rule: &'static str, sure: bool) {
        if self.stands(i) {
            self.marks[i] = Some(Mark {
                reason,
                rule,
                of: None,
                sure,
            });
        }
    }

    /// Whether the unit is part of the headline.
    pub fn in_title(&self, i: usize) -> bool {
        self.title.contains(&self.units[i].start)
    }

    /// Whether the unit is, so far, a sentence of the article.
    pub fn stands(&self, i: usize) -> bool {
        self.marks[i].is_none() && !self.in_title(i)
    }

    /// Whether the unit fills its line.
    pub fn alone(&self, i: usize) -> bool {
        self.units[i].opens && self.units[i].closes
    }

    /// The unit that ends at byte `end`.
    pub fn ending_at(&self, end: usize) -> usize {
        self.units.partition_point(|unit| unit.end < end)
    }

    /// Puts `pieces` in the place of the standing units they are cut from.
    pub fn put(&mut self, pieces: Draft<'a>) {
        let own = std::mem::replace(self, self.empty());
        self.title = own.title.clone();
        let mut pieces = pieces.into_parts().peekable();
        for part in own.into_parts() {
            let mut whole = true;
            while let Some(piece) = pieces.next_if(|piece| piece.0.start < part.0.end) {
                self.push(piece);
                whole = false;
            }
            if whole {
                self.push(part);
            }
        }
    }

    /// A draft of the same text without units.
    pub fn empty(&self) -> Draft<'a> {
        Draft::with(self.text, self.style, Vec::new())
    }

    /// Adds a unit of which nothing is known yet.
    pub fn add(&mut self, unit: Unit, mark: Option<Mark>) {
        self.push((unit, mark, Look::default()));
    }

    fn push(&mut self, (unit, mark, look): Part) {
        self.units.push(unit);
        self.marks.push(mark);
        self.looks.push(look);
    }

    fn into_parts(self) -> impl Iterator<Item = Part> {
        let marked = self.units.into_iter().zip(self.marks).zip(self.looks);
        marked.map(|((unit, mark), look)| (unit, mark, look))
    }

    /// The sentences as a reader gets them: each on a line of its own, headline and noise gone. `None` where they
    /// stand so already.
    pub fn as_read(&mut self) -> Option<Draft<'a>> {
        if (0..self.units.len()).all(|i| self.stands(i) && self.alone(i)) {
            return None;
        }
        let mut read = self.empty();
        for i in 0..self.units.len() {
            if !self.stands(i) {
                continue;
            }
            let unit = Unit {
                opens: true,
                closes: true,
                ..self.units[i]
            };
            read.push((unit, None, std::mem::take(&mut self.looks[i])));
        }
        Some(read)
    }
}
