//! The argument: thesis and line of reasoning, chosen so that a reader of few sentences gets the article.
//!
//! In:  judgements. Out: `ArgumentPlan`, indices of sentences only; the texts are taken from the article later.

use super::roles::Judgement;
use crate::brief::{MOST_POINTS, Role};

/// Sentences the thesis and the argument cite together: readers look at the first so many.
const CITED: usize = 12;

/// A step of the argument: its role and sentences, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What it does.
    pub role: Role,
    /// Indices of its sentences.
    pub sentences: Vec<usize>,
}

/// Which sentences say what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArgumentPlan {
    /// The thesis, best first.
    pub thesis: Vec<usize>,
    /// The steps in reading order.
    pub points: Vec<Point>,
}

/// Chooses thesis and argument.
pub fn plan(judgements: &[Judgement]) -> ArgumentPlan {
    let thesis = thesis(judgements);
    let chosen = key_sentences(judgements, &thesis);
    ArgumentPlan {
        points: points(judgements, &chosen, MOST_POINTS),
        thesis,
    }
}

/// The two likeliest thesis sentences. (Preferring the second in another part of the article gained nothing.)
fn thesis(judgements: &[Judgement]) -> Vec<usize> {
    let mut thesis = ranked(judgements.len(), |i| judgements[i].thesis);
    thesis.truncate(2);
    thesis
}

/// The sentences a digest needs, in reading order, without the thesis. (Spreading them over the blocks lost some.)
fn key_sentences(judgements: &[Judgement], thesis: &[usize]) -> Vec<usize> {
    let mut chosen = ranked(judgements.len(), |i| judgements[i].key);
    chosen.retain(|i| !thesis.contains(i));
    chosen.truncate(CITED.saturating_sub(thesis.len()));
    chosen.sort_unstable();
    chosen
}

/// Indices by falling score, of equals the first.
fn ranked(count: usize, score: impl Fn(usize) -> f32) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..count).collect();
    indices.sort_by(|&a, &b| score(b).total_cmp(&score(a)).then(a.cmp(&b)));
    indices
}

/// Groups the chosen sentences, in reading order, into at most `most` points.
pub fn points(judgements: &[Judgement], chosen: &[usize], most: usize) -> Vec<Point> {
    let mut points: Vec<Point> = chosen
        .iter()
        .map(|&i| Point {
            role: judgements[i].role(),
            sentences: vec![i],
        })
        .collect();
    while points.len() > most.max(1) {
        let closest = (0..points.len() - 1).min_by_key(|&k| distance(&points[k], &points[k + 1]));
        let Some(k) = closest else { break };
        let next = points.remove(k + 1);
        points[k].sentences.extend(next.sentences);
    }
    points
}

/// Returns how ill two neighbouring points go together: apart, of other roles, many sentences already.
fn distance(a: &Point, b: &Point) -> usize {
    /// A step over a change of role costs as much as this many sentences between.
    const ROLE_CHANGE: usize = 3;
    let apart = b.sentences[0] - a.sentences[a.sentences.len() - 1];
    let change = if a.role == b.role { 0 } else { ROLE_CHANGE };
    apart + change + 2 * (a.sentences.len() + b.sentences.len())
}
