//! Fields: which sentences the line of a part may be made of.
//!
//! In:  what is held of each sentence. Out: rows of sentences with how sure each is, surest first.

use crate::classifier::sigmoid;
use crate::outline::extractive::roles::Judgement;

/// Sentences the line of a thesis is made of at most.
const MOST_THESIS: usize = 4;

/// Of each sentence, how likely it is key, and the thesis.
pub fn held(judgements: &[Judgement]) -> Vec<(f32, f32)> {
    let both = |j: &Judgement| (sigmoid(j.key), sigmoid(j.thesis));
    judgements.iter().map(both).collect()
}

/// The likeliest sentences of the thesis.
pub fn thesis_rows(judgements: &[Judgement]) -> Vec<(usize, f32)> {
    let mut rows: Vec<(usize, f32)> = judgements
        .iter()
        .map(|j| sigmoid(j.thesis))
        .enumerate()
        .collect();
    rows.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    rows.truncate(MOST_THESIS);
    rows
}
