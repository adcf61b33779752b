//! Fitting: which sentence each part of the outline shows, so that a brief stays brief.
//!
//! In:  `Article` and `Analysis`. Out: `Texts`. What there is no room to show is still cited where its part is kept;
//! the thesis is always shown.

use super::Analysis;
use super::argument::{self, Point};
use super::challenges::ChallengeFinding;
use crate::article::{Article, letters};
use crate::brief::{MOST_LETTERS, MOST_POINTS};

/// Share of the article's letters that all texts together take where they can. Up to [`MOST_LETTERS`] is allowed;
/// others may count letters such as `㎿` twice.
const SHARE: f32 = 0.35;
/// Points an argument has even where the challenges would take the room.
const FEWEST_POINTS: usize = 3;

/// The sentences shown.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// The thesis.
    pub thesis: Option<usize>,
    /// The points and the sentence each shows.
    pub points: Vec<(Point, usize)>,
    /// Per challenge of the lens.
    pub challenges: Vec<Shown>,
}

/// What is shown of a challenge; none where nothing is said of it, or in an article so short that there is no room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shown {
    /// What the article says of it.
    pub text: Option<usize>,
    /// What it says should be done.
    pub remedy: Option<usize>,
}

/// Chooses the sentences shown.
pub fn texts(article: &Article, analysis: &Analysis) -> Texts {
    let sizes: Vec<usize> = article.sentences.iter().map(|s| letters(&s.text)).collect();
    let all: usize = sizes.iter().sum();
    let mut room = LetterBudget((SHARE * all as f32) as usize);
    let thesis = thesis(analysis, &sizes, &mut room);
    let mut reserve = reserve_for_points(analysis, &sizes, room.0 / 3);
    room.0 -= reserve;
    let challenges = best_that_fit(analysis, &sizes, &mut room).unwrap_or_else(|| {
        // Where there is little room, all of it is used, and challenges come before the argument.
        room.0 = (all * MOST_LETTERS / 100).saturating_sub(thesis.map_or(0, |i| sizes[i]));
        reserve = 0;
        shortest_sentences(analysis, &sizes, &mut room)
    });
    let points = points(analysis, &sizes, LetterBudget(reserve + room.0));
    Texts {
        thesis,
        points,
        challenges,
    }
}

/// Letters that may still be shown.
struct LetterBudget(usize);

impl LetterBudget {
    fn take(&mut self, size: usize) -> bool {
        let fits = size <= self.0;
        if fits {
            self.0 -= size;
        }
        fits
    }
}

/// The likeliest thesis sentence that fits, else any sentence that does, else the shortest: an article of one sentence
/// has a thesis longer than the limit, for there is always one, and nothing else is shown beside it.
fn thesis(analysis: &Analysis, sizes: &[usize], room: &mut LetterBudget) -> Option<usize> {
    let candidates = analysis.plan.thesis.iter().copied();
    let fitting = candidates
        .chain(0..sizes.len())
        .find(|&i| sizes[i] <= room.0);
    let shown = fitting.or_else(|| (0..sizes.len()).min_by_key(|&i| sizes[i]))?;
    room.0 = room.0.saturating_sub(sizes[shown]);
    Some(shown)
}

/// LetterBudget kept free for the fewest points, the shortest first.
fn reserve_for_points(analysis: &Analysis, sizes: &[usize], most: usize) -> usize {
    let mut own: Vec<usize> = analysis
        .plan
        .points
        .iter()
        .flat_map(|p| &p.sentences)
        .map(|&i| sizes[i])
        .collect();
    own.sort_unstable();
    own.iter().take(FEWEST_POINTS + 1).sum::<usize>().min(most)
}

/// Texts and remedies of the challenges: the best sentences that fit together.
fn best_that_fit(
    analysis: &Analysis,
    sizes: &[usize],
    room: &mut LetterBudget,
) -> Option<Vec<Shown>> {
    /// Says how much longer than an even share a sentence may be; tried in turn.
    const STRETCH: [f32; 4] = [f32::INFINITY, 1.6, 1.3, 1.0];
    let parts = |f: &ChallengeFinding| {
        usize::from(!f.evidence.is_empty()) + usize::from(!f.remedies.is_empty())
    };
    let count: usize = analysis.findings.iter().map(parts).sum();
    let even = room.0 as f32 / count.max(1) as f32;
    for stretch in STRETCH {
        let shown = best_sentences(analysis, sizes, even * stretch);
        let indices = shown.iter().flat_map(|s| [s.text, s.remedy]).flatten();
        if room.take(indices.map(|i| sizes[i]).sum()) {
            return Some(shown);
        }
    }
    None
}

/// Of the surest sentences of each challenge that are no longer than `limit`, the one a digest needs most; and its
/// surest remedy of that length. Where all are longer, the shortest.
fn best_sentences(analysis: &Analysis, sizes: &[usize], limit: f32) -> Vec<Shown> {
    /// Evidence further down is less sure to be of the challenge.
    const CANDIDATES: usize = 4;
    let key = |i: usize| analysis.judgements[i].key;
    let fits = |i: &usize| sizes[*i] as f32 <= limit;
    let shortest = |rows: &[(usize, f32)]| rows.iter().map(|(i, _)| *i).min_by_key(|&i| sizes[i]);
    let text = |rows: &[(usize, f32)]| {
        let first = rows.iter().take(CANDIDATES).map(|(i, _)| *i).filter(fits);
        first.max_by(|&a, &b| key(a).total_cmp(&key(b)).then(b.cmp(&a)))
    };
    let shown = |finding: &ChallengeFinding| Shown {
        text: text(&finding.evidence).or_else(|| shortest(&finding.evidence)),
        remedy: finding
            .remedies
            .iter()
            .map(|(i, _)| *i)
            .find(fits)
            .or_else(|| shortest(&finding.remedies)),
    };
    analysis.findings.iter().map(shown).collect()
}

/// The shortest evidence of each challenge, then the shortest remedies, while there is room.
fn shortest_sentences(analysis: &Analysis, sizes: &[usize], room: &mut LetterBudget) -> Vec<Shown> {
    let mut take = |rows: &[(usize, f32)]| {
        let shortest = rows.iter().map(|(i, _)| *i).min_by_key(|&i| sizes[i]);
        shortest.filter(|&i| room.take(sizes[i]))
    };
    let mut shown: Vec<Shown> = analysis
        .findings
        .iter()
        .map(|finding| Shown {
            text: take(&finding.evidence),
            remedy: None,
        })
        .collect();
    for (shown, finding) in shown.iter_mut().zip(&analysis.findings) {
        shown.remedy = take(&finding.remedies);
    }
    shown
}

/// As many points as there is room for; the sentences of the others are cited by their neighbours.
fn points(analysis: &Analysis, sizes: &[usize], room: LetterBudget) -> Vec<(Point, usize)> {
    let chosen: Vec<usize> = analysis
        .plan
        .points
        .iter()
        .flat_map(|p| &p.sentences)
        .copied()
        .collect();
    for count in (1..=MOST_POINTS.min(chosen.len())).rev() {
        let mut left = LetterBudget(room.0);
        let points: Vec<(Point, usize)> = argument::points(&analysis.judgements, &chosen, count)
            .into_iter()
            .map(|mut point| {
                let fair = left.0 / 2;
                let shown = shown_sentence(analysis, sizes, &point, fair);
                point.role = analysis.judgements[shown].role();
                // The shown sentence is cited first.
                point.sentences.retain(|&i| i != shown);
                point.sentences.insert(0, shown);
                (point, shown)
            })
            .collect();
        if points.iter().all(|(_, shown)| left.take(sizes[*shown])) {
            return points;
        }
    }
    Vec::new()
}

/// The best sentence of a point that is no longer than `fair`, else its shortest.
fn shown_sentence(analysis: &Analysis, sizes: &[usize], point: &Point, fair: usize) -> usize {
    let key = |i: usize| analysis.judgements[i].key;
    let short = point
        .sentences
        .iter()
        .copied()
        .filter(|&i| sizes[i] <= fair);
    short
        .max_by(|&a, &b| key(a).total_cmp(&key(b)).then(b.cmp(&a)))
        .or_else(|| point.sentences.iter().copied().min_by_key(|&i| sizes[i]))
        .expect("a point has sentences")
}
