//! Slots: the texts a note is made of, each with its place, the sentences it rests on and the room it has.
//!
//! In:  what the heads cited. Out: `Slot`s to be written. Knows no tokens.

use super::cite::{self, Discussed};
use super::prompt::Prompts;
use crate::article::{Article, letters};
use crate::brief::{CritiqueKind, MOST_LETTERS, Outline, Role, shown_letters};
use crate::outline::{OutlineOptions, critique};

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

/// One question for each part that cites: thesis, argument, challenges.
pub fn questions(
    prompts: &Prompts,
    options: &OutlineOptions,
    plain: &Outline,
    ids: &[u32],
) -> Vec<String> {
    let language = plain.output_language;
    let mut questions = vec![prompts.thesis(), prompts.argument()];
    let lens = &options.lens.challenges;
    questions.extend(lens.iter().zip(&plain.challenges).map(|(entry, plain)| {
        let question = entry.question.as_ref().map(|q| q.text(language));
        let likely = likely(&plain.evidence, ids);
        prompts.challenge(entry.label.text(language), question, &likely)
    }));
    questions
}

/// The likeliest sentences of a challenge with their neighbours, as far as they are read.
fn likely(evidence: &[u32], ids: &[u32]) -> Vec<u32> {
    const MOST: usize = 3;
    let mut near: Vec<u32> = evidence
        .iter()
        .take(MOST)
        .flat_map(|&id| [id.saturating_sub(1), id, id + 1])
        .filter(|id| ids.binary_search(id).is_ok())
        .collect();
    near.sort_unstable();
    near.dedup();
    near
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
fn claim(part: usize, answer: &str) -> Option<(Option<usize>, u32)> {
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

/// The claims attacked so far: each is attacked once, for the first part that makes it.
#[derive(Default)]
pub struct Claims(Vec<(Option<usize>, u32)>);

impl Claims {
    /// The attack on the claim of a part, if it has one that can be quoted and is not attacked yet. Parts come in their order.
    pub fn of_part(&mut self, part: usize, answer: &str, article: &Article) -> Option<Slot> {
        let (of, id) = claim(part, answer)?;
        if self.0.iter().any(|(_, taken)| *taken == id) {
            return None;
        }
        let same = self.0.iter().filter(|(other, _)| *other == of);
        let place = Place::Critique(of, same.count());
        self.0.push((of, id));
        let sentence = article.sentence(id)?;
        let quote = critique::quotation(&sentence.text, article.language);
        (!quote.is_empty()).then(|| Slot {
            place,
            evidence: vec![id],
            letters: CRITIQUE_LETTERS,
            quote: Some(quote.to_string()),
        })
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
        let left = (all * MOST_LETTERS / 100).saturating_sub(shown_letters(plain));
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
