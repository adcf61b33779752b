//! The CRF: which challenge each sentence belongs to, decided for the whole article at once.
//!
//! In:  per sentence a score for every state, and the weights of going from one state to the next.
//! Out: the best path (Viterbi) and how sure each state is (forward-backward).
//!
//! States: 0 is "none"; every challenge has three, in this order: opening claim, body, remedy. What a step from one
//! state to another is worth depends on the parts and on whether the challenge stays the same, never on which
//! challenge it is, so a lens of any size can be decoded.

/// Parts a sentence can play: none, opening, body, remedy.
pub const PARTS: usize = 4;
/// The parts of a challenge.
pub const CHALLENGE_PARTS: usize = PARTS - 1;

/// The part "none" and the state "none".
pub const NONE: usize = 0;
/// The part of the claim that opens a block.
pub const OPENING: usize = 1;
/// The part of what follows it.
pub const BODY: usize = 2;
/// The part of what should be done.
pub const REMEDY: usize = 3;

/// Weights of the steps: `[from part][to part][same challenge]`, then likeness to the sentence before
/// for `[to or from none, same challenge, other challenge]`, then the first and the last part.
pub const STEP_WEIGHTS: usize = PARTS * PARTS * 2 + 3 + PARTS + PARTS;

const COHESION: usize = PARTS * PARTS * 2;
const FIRST: usize = COHESION + 3;
const LAST: usize = FIRST + PARTS;

/// Returns how many states a lens of `challenges` has.
pub fn states(challenges: usize) -> usize {
    1 + CHALLENGE_PARTS * challenges
}

/// The state of a part of a challenge.
pub fn state(challenge: usize, part: usize) -> usize {
    CHALLENGE_PARTS * challenge + part
}

/// The part a state plays.
pub fn part(state: usize) -> usize {
    if state == NONE {
        NONE
    } else {
        (state - 1) % CHALLENGE_PARTS + 1
    }
}

/// The challenge of a state.
pub fn challenge(state: usize) -> Option<usize> {
    (state != NONE).then(|| (state - 1) / CHALLENGE_PARTS)
}

/// Where in the step weights a step's own weight stands.
pub fn step_index(from: usize, to: usize) -> usize {
    let same = from != NONE && challenge(from) == challenge(to);
    (part(from) * PARTS + part(to)) * 2 + usize::from(same)
}

/// Where in the step weights the weight of likeness stands.
pub fn cohesion_index(from: usize, to: usize) -> usize {
    COHESION
        + match (challenge(from), challenge(to)) {
            (Some(a), Some(b)) if a == b => 1,
            (Some(_), Some(_)) => 2,
            _ => 0,
        }
}

/// Where the weight of beginning with a part stands.
pub fn first_index(state: usize) -> usize {
    FIRST + part(state)
}

/// Where the weight of ending with a part stands.
pub fn last_index(state: usize) -> usize {
    LAST + part(state)
}

/// What is to be decoded.
#[derive(Debug, Clone)]
pub struct Crf<'a> {
    /// `[sentence * states + state]`.
    pub emissions: Vec<f32>,
    /// Likeness of each sentence to the one before it.
    pub cohesion: Vec<f32>,
    /// As [`STEP_WEIGHTS`] says.
    pub steps: &'a [f32],
    /// Says how many states there are.
    pub states: usize,
}

impl Crf<'_> {
    fn len(&self) -> usize {
        self.cohesion.len()
    }

    /// Which weights every step takes, `[from * states + to]`: its own and that of likeness.
    fn weights_of_steps(&self) -> Vec<(usize, usize)> {
        let s = self.states;
        let both = |from, to| (step_index(from, to), cohesion_index(from, to));
        (0..s * s).map(|k| both(k / s, k % s)).collect()
    }

    /// The best path: one state per sentence.
    pub fn best_path(&self) -> Vec<usize> {
        let (n, s) = (self.len(), self.states);
        if n == 0 {
            return Vec::new();
        }
        let mut score: Vec<f32> = (0..s)
            .map(|y| self.emissions[y] + self.steps[first_index(y)])
            .collect();
        let mut back = vec![0u8; n * s];
        let weights = self.weights_of_steps();
        let mut table = vec![0.0; s * s];
        for i in 1..n {
            for (step, &(own, like)) in table.iter_mut().zip(&weights) {
                *step = self.steps[own] + self.steps[like] * self.cohesion[i];
            }
            let mut next = vec![f32::NEG_INFINITY; s];
            for to in 0..s {
                for from in 0..s {
                    let value = score[from] + table[from * s + to];
                    if value > next[to] {
                        next[to] = value;
                        back[i * s + to] = from as u8;
                    }
                }
                next[to] += self.emissions[i * s + to];
            }
            // Scores are kept near zero, so that a long article loses no precision.
            let top = next.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            next.iter_mut().for_each(|x| *x -= top);
            score = next;
        }
        for (y, value) in score.iter_mut().enumerate() {
            *value += self.steps[last_index(y)];
        }
        let mut y = (0..s).fold(0, |best, y| if score[y] > score[best] { y } else { best });
        let mut path = vec![0; n];
        for i in (0..n).rev() {
            path[i] = y;
            y = usize::from(back[i * s + y]);
        }
        path
    }

    /// Returns how sure each state is, `[sentence * states + state]`; and, where `pair` is given, it is called with
    /// `(sentence, from, to, probability)` for every step.
    pub fn marginals(
        &self,
        mut pair: Option<&mut dyn FnMut(usize, usize, usize, f32)>,
    ) -> Vec<f32> {
        let (n, s) = (self.len(), self.states);
        if n == 0 {
            return Vec::new();
        }
        let weight = self.likelihoods();
        let weights = self.weights_of_steps();
        let own: Vec<f32> = self.steps[..COHESION].iter().map(|w| w.exp()).collect();
        let exp_steps = |i: usize, table: &mut [f32]| {
            let like: [f32; 3] =
                std::array::from_fn(|k| (self.steps[COHESION + k] * self.cohesion[i]).exp());
            for (step, &(own_at, like_at)) in table.iter_mut().zip(&weights) {
                *step = own[own_at] * like[like_at - COHESION];
            }
        };
        let mut table = vec![0.0; s * s];
        let mut forward = weight[..s].to_vec();
        (0..s).for_each(|y| forward[y] *= self.steps[first_index(y)].exp());
        normalise(&mut forward);
        for i in 1..n {
            exp_steps(i, &mut table);
            let mut row = vec![0.0; s];
            for from in 0..s {
                let f = forward[(i - 1) * s + from];
                for to in 0..s {
                    row[to] += f * table[from * s + to];
                }
            }
            (0..s).for_each(|y| row[y] *= weight[i * s + y]);
            normalise(&mut row);
            forward.extend(row);
        }
        let mut backward: Vec<f32> = (0..s).map(|y| self.steps[last_index(y)].exp()).collect();
        let mut out = vec![0.0; n * s];
        for i in (0..n).rev() {
            let row = &mut out[i * s..(i + 1) * s];
            (0..s).for_each(|y| row[y] = forward[i * s + y] * backward[y]);
            normalise(row);
            if i == 0 {
                break;
            }
            exp_steps(i, &mut table);
            let ahead: Vec<f32> = (0..s).map(|y| weight[i * s + y] * backward[y]).collect();
            if let Some(pair) = pair.as_mut() {
                report_pairs(i, &forward[(i - 1) * s..i * s], &table, &ahead, pair);
            }
            for (from, value) in backward.iter_mut().enumerate() {
                *value = (0..s).map(|to| table[from * s + to] * ahead[to]).sum();
            }
            normalise(&mut backward);
        }
        out
    }

    /// The exponentials of the emissions, each sentence's scaled to a largest one of 1.
    fn likelihoods(&self) -> Vec<f32> {
        let mut out = Vec::with_capacity(self.emissions.len());
        for row in self.emissions.chunks(self.states) {
            let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            out.extend(row.iter().map(|e| (e - top).max(-60.0).exp()));
        }
        out
    }
}

fn report_pairs(
    i: usize,
    forward: &[f32],
    table: &[f32],
    ahead: &[f32],
    pair: &mut dyn FnMut(usize, usize, usize, f32),
) {
    let s = forward.len();
    let value = |from: usize, to: usize| forward[from] * table[from * s + to] * ahead[to];
    let total: f32 = (0..s * s).map(|k| value(k / s, k % s)).sum();
    for k in 0..s * s {
        pair(
            i,
            k / s,
            k % s,
            value(k / s, k % s) / total.max(f32::MIN_POSITIVE),
        );
    }
}

fn normalise(row: &mut [f32]) {
    let total: f32 = row.iter().sum();
    let scale = 1.0 / total.max(f32::MIN_POSITIVE);
    row.iter_mut().for_each(|x| *x = (*x * scale).max(1e-30));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crf(emissions: Vec<f32>, steps: &[f32]) -> Crf<'_> {
        let states = states(1);
        let cohesion = vec![0.0; emissions.len() / states];
        Crf {
            emissions,
            cohesion,
            steps,
            states,
        }
    }

    #[test]
    fn states_are_numbered_by_challenge_and_part() {
        for c in 0..5 {
            for p in [OPENING, BODY, REMEDY] {
                assert_eq!((challenge(state(c, p)), part(state(c, p))), (Some(c), p));
            }
        }
        assert_eq!((challenge(NONE), part(NONE), states(5)), (None, NONE, 16));
    }

    #[test]
    fn without_steps_every_sentence_decides_alone() {
        let steps = [0.0; STEP_WEIGHTS];
        let crf = crf(vec![1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0], &steps);
        assert_eq!(crf.best_path(), [0, 2]);
        let sure = crf.marginals(None);
        let e = 1f32.exp();
        assert!((sure[0] - e / (e + 3.0)).abs() < 1e-5);
    }

    #[test]
    fn a_block_carries_a_sentence_that_says_little() {
        let mut steps = [0.0; STEP_WEIGHTS];
        steps[step_index(state(0, BODY), state(0, BODY))] = 2.0;
        let crf = crf(
            vec![0.0, 0.0, 3.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 0.0],
            &steps,
        );
        assert_eq!(crf.best_path(), [2, 2, 2]);
        let mut total = 0.0;
        crf.marginals(Some(&mut |_, _, _, p| total += p));
        assert!(
            (total - 2.0).abs() < 1e-4,
            "the steps into two sentences: {total}"
        );
    }

    #[test]
    fn an_empty_article_has_an_empty_path() {
        let steps = [0.0; STEP_WEIGHTS];
        assert!(crf(Vec::new(), &steps).best_path().is_empty());
        assert!(crf(Vec::new(), &steps).marginals(None).is_empty());
    }
}
