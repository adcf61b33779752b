//! Choosing: of all objections the few that say most and differ most.
//!
//! In:  `Objection`s. Out: those to make. Kinds take turns: a reader learns more from five different doubts than from one repeated five times.

use super::objection::{Objection, Part};
use crate::brief::{MOST_CHALLENGE, MOST_WHOLE, Outline};

/// What an objection loses for each point of its kind, and of its sort, already made. Tuned on the training articles until no
/// kind had more than a quarter of all points.
const SAME_KIND: f32 = 1.3;
const SAME_SORT: f32 = 0.9;
/// A second point of a challenge is made only if it weighs this much after that.
const SECOND_POINT: f32 = 3.4;

/// The objections to make, in the order of their sentences within each part.
pub fn choose(objections: Vec<Objection>, outline: &Outline) -> Vec<Objection> {
    let parts = 1 + outline.challenges.len();
    let place = |part: Part| match part {
        Part::Whole => 0,
        Part::Challenge(at) => at + 1,
    };
    let mut chosen: Vec<Objection> = Vec::new();
    let mut left = objections;
    // First one point for each part and two for the whole, then second and third ones.
    for (whole, challenge, least) in [(2, 1, f32::MIN), (MOST_WHOLE, MOST_CHALLENGE, SECOND_POINT)]
    {
        loop {
            let full: Vec<bool> = (0..parts)
                .map(|p| {
                    chosen.iter().filter(|c| place(c.part) == p).count()
                        >= if p == 0 { whole } else { challenge }
                })
                .collect();
            let open =
                |a: &Objection| !full[place(a.part)] && !chosen.iter().any(|c| overlaps(c, a));
            let worth = |a: &Objection| value(a, &chosen);
            let open = left.iter().enumerate().filter(|(_, a)| open(a));
            let worthy = open
                .map(|(i, a)| (i, worth(a)))
                .filter(|(_, w)| *w >= least);
            // Of equals the first found: the order of the rules is part of the result.
            let Some((index, _)) = worthy.min_by(|a, b| b.1.total_cmp(&a.1)) else {
                break;
            };
            if least > f32::MIN && crowded(&left[index], &chosen) {
                left.remove(index);
                continue;
            }
            chosen.push(left.remove(index));
        }
    }
    chosen.sort_by_key(|a| (place(a.part), a.evidence[0]));
    chosen
}

fn value(objection: &Objection, chosen: &[Objection]) -> f32 {
    let kind = chosen.iter().filter(|c| c.kind == objection.kind).count() as f32;
    let sort = chosen
        .iter()
        .filter(|c| c.kind == objection.kind && c.variant == objection.variant)
        .count() as f32;
    objection.score - kind * SAME_KIND - sort * SAME_SORT
}

/// Tells whether one more point of this kind would make it more than a third of all.
fn crowded(objection: &Objection, chosen: &[Objection]) -> bool {
    let kind = chosen.iter().filter(|c| c.kind == objection.kind).count();
    (kind + 1) * 3 > chosen.len() + 1
}

/// Two points on one sentence, or of one kind in one part, say too much of the same.
fn overlaps(a: &Objection, b: &Objection) -> bool {
    a.evidence[0] == b.evidence[0] || a.quote == b.quote || a.part == b.part && a.kind == b.kind
}
