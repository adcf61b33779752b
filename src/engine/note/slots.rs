//! Slots: the texts a note is made of, each with its field, the sentences it rests on and its length.
//!
//! In:  answers that cite. Out: `Slot`s to be written. Knows no tokens.

use super::cite::{self, Discussed};
use super::prompt::Prompts;
use crate::article::{Article, letters};
use crate::brief::{ArgumentPoint, CritiqueKind, MOST_LETTERS, Outline, Role};
use crate::outline::{OutlineOptions, critique};

/// The letters of a point of critique beside its quotation; they do not count towards the length of a note.
pub const CRITIQUE_LETTERS: usize = 60;

/// The field of a note that a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteField {
    Thesis,
    Point(usize),
    Challenge(usize),
    Remedy(usize),
    /// A point on the whole, or on a challenge.
    Critique(Option<usize>, usize),
}

impl NoteField {
    /// Returns its name, as in `fallbacks`.
    pub fn name(self) -> String {
        match self {
            NoteField::Thesis => "thesis.text".into(),
            NoteField::Point(at) => format!("argument[{at}].text"),
            NoteField::Challenge(at) => format!("challenges[{at}].text"),
            NoteField::Remedy(at) => format!("challenges[{at}].remedy.text"),
            NoteField::Critique(None, at) => format!("critique[{at}].text"),
            NoteField::Critique(Some(of), at) => format!("challenges[{of}].critique[{at}].text"),
        }
    }

    /// Returns a number that no other field has.
    pub fn number(self) -> usize {
        match self {
            NoteField::Thesis => 0,
            NoteField::Point(at) => 3 * at + 1,
            NoteField::Critique(None, at) => 3 * at + 2,
            NoteField::Challenge(of) => 3 * (8 * of) + 3,
            NoteField::Remedy(of) => 3 * (8 * of + 1) + 3,
            NoteField::Critique(Some(of), at) => 3 * (8 * of + 2 + at) + 3,
        }
    }

    /// Returns the most sentences its text may have.
    pub fn most_sentences(self) -> usize {
        match self {
            NoteField::Thesis => 1,
            _ => 2,
        }
    }

    /// Returns the name of the line of `cues.txt` behind the cited sentences.
    pub fn cue(self) -> &'static str {
        match self {
            NoteField::Thesis => "thesis",
            NoteField::Point(_) => "point",
            NoteField::Challenge(_) => "challenge",
            NoteField::Remedy(_) => "remedy",
            NoteField::Critique(..) => "",
        }
    }
}

/// A text to be written.
pub struct Slot {
    pub field: NoteField,
    pub evidence: Vec<u32>,
    /// The letters it should not exceed.
    pub letters: usize,
    /// The words of the claim that a critique names.
    pub quote: Option<String>,
}

/// The kinds of critique a model chooses from; the others can be counted and are left to the rules.
pub const KINDS: [(&str, CritiqueKind); 5] = [
    ("unsupported_claim", CritiqueKind::UnsupportedClaim),
    ("missing_evidence", CritiqueKind::MissingEvidence),
    ("one_sided", CritiqueKind::OneSided),
    ("weak_source", CritiqueKind::WeakSource),
    ("open_question", CritiqueKind::OpenQuestion),
];

/// Returns the name of a kind of critique, if a model may choose it.
pub fn kind_name(kind: CritiqueKind) -> Option<&'static str> {
    let known = KINDS.iter().find(|(_, known)| *known == kind);
    known.map(|(name, _)| *name)
}

/// Returns a question for each part that cites: thesis, argument, challenges.
pub fn questions(
    prompts: &Prompts,
    options: &OutlineOptions,
    basis: &Outline,
    ids: &[u32],
) -> Vec<String> {
    let language = basis.output_language;
    let mut questions = vec![prompts.thesis(), prompts.argument()];
    let lens = &options.lens.challenges;
    questions.extend(lens.iter().zip(&basis.challenges).map(|(entry, basis)| {
        let question = entry.question.as_ref().map(|q| q.text(language));
        let likely = likely(&basis.evidence, ids);
        prompts.challenge(entry.label.text(language), question, &likely)
    }));
    questions
}

/// Returns the likeliest sentences of a challenge and their neighbours, as far as they are read.
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

/// Returns the texts that the answer of a part asks for. Parts are thesis, argument, then the challenges.
pub fn cited(part: usize, answer: &str) -> Vec<(NoteField, Vec<u32>)> {
    match part {
        0 => vec![(NoteField::Thesis, cite::read_ids(answer))],
        1 => cite::read_argument(answer)
            .into_iter()
            .enumerate()
            .map(|(at, (_, ids))| (NoteField::Point(at), ids))
            .collect(),
        _ => of_challenge(part - 2, cite::read_challenge(answer)),
    }
}

fn of_challenge(at: usize, discussed: Discussed) -> Vec<(NoteField, Vec<u32>)> {
    let Some((receipts, remedy)) = discussed else {
        return Vec::new();
    };
    let mut slots = vec![(NoteField::Challenge(at), receipts)];
    if !remedy.is_empty() {
        slots.push((NoteField::Remedy(at), remedy));
    }
    slots
}

/// Returns the claim of a part that can be attacked, and its challenge: the thesis, the first claim of the argument, the first sentence of
/// a challenge.
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
    /// Returns the slot for an attack on the claim of a part, if it has one that can be quoted and is not attacked yet. Parts come in their
    /// order.
    pub fn of_part(&mut self, part: usize, answer: &str, article: &Article) -> Option<Slot> {
        let (of, id) = claim(part, answer)?;
        if self.0.iter().any(|(_, taken)| *taken == id) {
            return None;
        }
        let same = self.0.iter().filter(|(other, _)| *other == of);
        let field = NoteField::Critique(of, same.count());
        self.0.push((of, id));
        let sentence = article.sentence(id)?;
        let quote = critique::quotation(&sentence.text, article.language);
        (!quote.is_empty()).then(|| Slot {
            field,
            evidence: vec![id],
            letters: CRITIQUE_LETTERS,
            quote: Some(quote.to_string()),
        })
    }
}

/// Shares out the length of all texts: each may be as long as the extractive one, and an even part of what that leaves.
pub struct Shares {
    even: usize,
}

impl Shares {
    /// Shares out the length of a note.
    pub fn of(article: &Article, basis: &Outline) -> Shares {
        let all = article.letters();
        let parts = 1 + basis.argument.len() + 2 * basis.challenges.len();
        let left = (all * MOST_LETTERS / 100).saturating_sub(basis.shown_letters());
        Shares { even: left / parts }
    }

    /// Returns the letters of one text.
    pub fn of_field(&self, field: NoteField, evidence: &[u32], basis: &Outline) -> usize {
        let size = |text: &str| letters(text);
        let there = match field {
            NoteField::Thesis => basis.thesis.as_ref().map_or(0, |t| size(&t.text)),
            NoteField::Point(_) => {
                point_on(basis, evidence).map_or(0, |point| size(&point.statement.text))
            }
            NoteField::Challenge(at) => basis.challenges[at].text.as_deref().map_or(0, size),
            NoteField::Remedy(at) => basis.challenges[at]
                .remedy
                .as_ref()
                .map_or(0, |r| size(&r.text)),
            NoteField::Critique(..) => CRITIQUE_LETTERS,
        };
        there + self.even
    }
}

/// Returns the extractive point that rests on one of these sentences.
pub fn point_on<'o>(basis: &'o Outline, ids: &[u32]) -> Option<&'o ArgumentPoint> {
    let on = |p: &&ArgumentPoint| p.statement.evidence.iter().any(|id| ids.contains(id));
    basis.argument.iter().find(on)
}
