//! An objection: what could be said against a sentence, before it is put into words.

use crate::brief::CritiqueKind;

/// Which part of the outline an objection belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The article as a whole.
    Whole,
    /// The challenge at this place.
    Challenge(usize),
}

/// A point that could be made.
#[derive(Debug, Clone)]
pub struct Objection {
    /// Where it belongs.
    pub part: Part,
    /// Its kind, as the output names it.
    pub kind: CritiqueKind,
    /// The sort within the kind, by which it is worded.
    pub variant: &'static str,
    /// The sentence objected to, then others it is held against.
    pub evidence: Vec<u32>,
    /// The words objected to.
    pub quote: String,
    /// The word that gave it away.
    pub word: String,
    /// The party it is about.
    pub actor: String,
    /// The label of the challenge it is about.
    pub label: String,
    /// A number to name: sentences looked at, or what a figure may have been.
    pub number: String,
    /// Says how serious and how specific it is.
    pub score: f32,
}
