//! Slots: the texts a note is made of, each with its place, the sentences it rests on and the room it has.
//!
//! In:  what the heads cited. Out: `Slot`s to be written. Knows no tokens.

use super::cite::{self, Discussed};
use crate::article::{Article, letters};
use crate::outline::{CritiqueKind, Outline, Role};
use crate::verify::{MOST_LETTERS, shown_letters};

/// What a point of critique may take beside its quotation; it does not count towards the length of a note.
pub const CRITIQUE_LETTERS: usize = 60;

/// Which part of the note a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Thesis,
    Point(usize),
    Challenge(usize),
    Remedy(usize),
    /// Of the whole, or of a challenge.
    Critique(Option<usize>, usize),
}

impl Place {
    pub fn field(self) -> String {
        match self {
            Place::Thesis => "thesis.text".into(),
            Place::Point(at) => format!("argument[{at}].text"),
            Place::Challenge(at) => format!("challenges[{at}].text"),
            Place::Remedy(at) => format!("challenges[{at}].remedy.text"),
            Place::Critique(None, at) => format!("critique[{at}].text"),
            Place::Critique(Some(of), at) => format!("challenges[{of}].critique[{at}].text"),
        }
    }

    /// A number of its own, whatever else is written.
    pub fn number(self) -> usize {
        match self {
            Place::Thesis => 0,
            Place::Point(at) => 3 * at + 1,
            Place::Critique(None, at) => 3 * at + 2,
            Place::Challenge(of) => 3 * (8 * of) + 3,
            Place::Remedy(of) => 3 * (8 * of + 1) + 3,
            Place::Critique(Some(of), at) => 3 * (8 * of + 2 + at) + 3,
        }
    }

    /// The most sentences of its text.
    pub fn most_sentences(self) -> usize {
        match self {
            Place::Thesis => 1,
            _ => 2,
        }
    }

    /// The line behind the cited sentences.
    pub fn cue(self) -> &'static str {
        match self {
            Place::Thesis => "thesis",
            Place::Point(_) => "point",
            Place::Challenge(_) => "challenge",
            Place::Remedy(_) => "remedy",
            Place::Critique(..) => "",
        }
    }
}

/// A text to be written.
pub struct Slot {
    pub place: Place,
    pub evidence: Vec<u32>,
    /// Letters it should not exceed.
    pub letters: usize,
    /// Words of the claim that a critique names.
    pub quote: Option<String>,
}

/// The kinds of critique a model chooses from; the others are counted, not judged, and stay with the rules.
pub const KINDS: [(&str, CritiqueKind); 5] = [
    ("unsupported_claim", CritiqueKind::UnsupportedClaim),
    ("missing_evidence", CritiqueKind::MissingEvidence),
    ("one_sided", CritiqueKind::OneSided),
    ("weak_source", CritiqueKind::WeakSource),
    ("open_question", CritiqueKind::OpenQuestion),
];

/// The name a model gives a kind of critique by, if it may choose it.
pub fn kind_name(kind: CritiqueKind) -> Option<&'static str> {
    let known = KINDS.iter().find(|(_, known)| *known == kind);
    known.map(|(name, _)| *name)
}

/// The parts that cite: thesis, argument, then the challenges. Gives the texts that an answer of one asks for.
pub fn cited(part: usize, answer: &str) -> Vec<(Place, Vec<u32>)> {
    match part {
        0 => vec![(Place::Thesis, cite::read_ids(answer))],
        1 => cite::read_argument(answer)
            .into_iter()
            .enumerate()
            .map(|(at, (_, ids))| (Place::Point(at), ids))
            .collect(),
        _ => of_challenge(part - 2, cite::read_challenge(answer)),
    }
}

fn of_challenge(at: usize, discussed: Discussed) -> Vec<(Place, Vec<u32>)> {
    let Some((receipts, remedy)) = discussed else {
        return Vec::new();
    };
    let mut slots = vec![(Place::Challenge(at), receipts)];
    if !remedy.is_empty() {
        slots.push((Place::Remedy(at), remedy));
    }
    slots
}

/// The claim of a part that can be attacked, and which challenge it is of: the thesis, the first claim of the argument, the first sentence
/// of a challenge.
pub fn claim(part: usize, answer: &str) -> Option<(Option<usize>, u32)> {
    let first = |ids: Vec<u32>| ids.first().copied();
    match part {
        0 => Some((None, first(cite::read_ids(answer))?)),
        1 => {
            let points = cite::read_argument(answer);
            let (_, ids) = points.into_iter().find(|(role, _)| *role == Role::Claim)?;
            Some((None, first(ids)?))
        }
        _ => {
            let (receipts, _) = cite::read_challenge(answer)?;
            Some((Some(part - 2), first(receipts)?))
        }
    }
}

/// What all texts together may take, shared out: as much as the extractive outline shows there, and an even part of what it leaves.
pub struct Shares {
    even: usize,
}

impl Shares {
    pub fn of(article: &Article, plain: &Outline) -> Shares {
        let all: usize = article.sentences.iter().map(|s| letters(&s.text)).sum();
        let parts = 1 + plain.argument.len() + 2 * plain.challenges.len();
        let left =
            (all * MOST_LETTERS / 100).saturating_sub(shown_letters(plain, article.language));
        Shares { even: left / parts }
    }

    pub fn of_place(&self, place: Place, evidence: &[u32], plain: &Outline) -> usize {
        let size = |text: &str| letters(text);
        let there = match place {
            Place::Thesis => plain.thesis.as_ref().map_or(0, |t| size(&t.text)),
            Place::Point(_) => super::assemble::point_on(plain, evidence)
                .map_or(0, |point| size(&point.statement.text)),
            Place::Challenge(at) => plain.challenges[at].text.as_deref().map_or(0, size),
            Place::Remedy(at) => plain.challenges[at]
                .remedy
                .as_ref()
                .map_or(0, |r| size(&r.text)),
            Place::Critique(..) => CRITIQUE_LETTERS,
        };
        there + self.even
    }
}
