//! Selection: which sentences of a long article the model reads.
//!
//! In:  the tokens of each sentence and the room for all of them, and the extractive outline. Out: ids in reading order, all of them if they
//! fit. The caller counts what is left out.

use crate::article::Article;
use crate::brief::Outline;
use crate::outline::extractive::best_sentences;

/// Returns the ids to read. `tokens` holds a number for each sentence; one that is too long by itself is never read.
pub fn choose(article: &Article, outline: &Outline, tokens: &[usize], room: usize) -> Vec<u32> {
    let ids = article.sentences.iter().map(|s| s.id);
    if tokens.iter().sum::<usize>() <= room {
        return ids.collect();
    }
    let mut taken = vec![false; tokens.len()];
    let mut left = room;
    for id in ranked(article, outline) {
        let at = id as usize - 1;
        if !taken[at] && tokens[at] <= left {
            taken[at] = true;
            left -= tokens[at];
        }
    }
    ids.filter(|id| taken[*id as usize - 1]).collect()
}

/// Ranks the sentences: those the outline cites, then their neighbours, then the rest as a summary ranks them. Some occur twice.
fn ranked(article: &Article, outline: &Outline) -> Vec<u32> {
    let count = article.sentences.len();
    let mut order = cited(outline);
    let neighbours: Vec<u32> = order
        .iter()
        .flat_map(|&id| [id.saturating_sub(1), id + 1])
        .filter(|&id| (1..=count as u32).contains(&id))
        .collect();
    order.extend(neighbours);
    let mut most = 32;
    while most < 2 * count {
        order.extend(best_sentences(article, most));
        most *= 2;
    }
    order
}

/// Returns the ids the outline cites: the best of every part first, then the second, and so on.
fn cited(outline: &Outline) -> Vec<u32> {
    let thesis = outline.thesis.iter().map(|t| &t.evidence);
    let points = outline.argument.iter().map(|p| &p.statement.evidence);
    let challenges = outline.challenges.iter().map(|c| &c.evidence);
    let remedies = outline.challenges.iter().filter_map(|c| c.remedy.as_ref());
    let parts: Vec<&Vec<u32>> = thesis
        .chain(points)
        .chain(challenges)
        .chain(remedies.map(|r| &r.evidence))
        .collect();
    let longest = parts.iter().map(|ids| ids.len()).max().unwrap_or(0);
    (0..longest)
        .flat_map(|rank| parts.iter().filter_map(move |ids| ids.get(rank).copied()))
        .collect()
}
