//! The sampler: a row of logits, and which tokens are allowed, become one token.
//!
//! In:  logits, perhaps a `Mask`. Out: a token id the mask allows. A row with a NaN or +infinity is an error, never a token.
//! Deterministic: greedy by default, and the random numbers come from a seed and from code of our own, so that a seed gives the same
//! text with every version of every crate. The sampler of candle-transformers knows no mask and no `min_p`, wants a tensor, sorts the whole
//! vocabulary for `top_p`, lets a NaN through, and draws from a generator that makes no promise across versions.

use thiserror::Error;

/// How tokens are chosen. The default is greedy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// What logits are divided by. 0 (or less, or NaN) takes the best token each time.
    pub temperature: f32,
    /// Only the likeliest tokens which together have this probability; from 1 on there is no such cut.
    pub top_p: f32,
    /// Only tokens with at least this share of the likeliest token's probability; 0 is no such cut.
    pub min_p: f32,
    /// Where the random numbers start. A sampler draws one number for each token.
    pub seed: u64,
}

impl Default for Sampling {
    fn default() -> Sampling {
        Sampling {
            temperature: 0.0,
            top_p: 1.0,
            min_p: 0.0,
            seed: 0,
        }
    }
}

/// A row of logits no token can be taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SampleError {
    /// A NaN or +infinity: the weights are damaged.
    #[error("the model gave a logit that is not a finite number")]
    NotFinite,
    /// The mask is empty, or every allowed logit is -infinity.
    #[error("the model and the grammar left no token to choose from")]
    NothingAllowed,
}

/// The tokens allowed next: bit `i % 32` of word `i / 32` is token `i`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask(Vec<u32>);

impl Mask {
    /// Returns a mask from its words, the lowest bit first; bits past the vocabulary are cleared.
    pub(super) fn from_words(mut words: Vec<u32>, vocab: usize) -> Mask {
        words.resize(vocab.div_ceil(32), 0);
        if let (Some(last), used @ 1..) = (words.last_mut(), vocab % 32) {
            *last &= (1 << used) - 1;
        }
        Mask(words)
    }

    /// Returns whether a token is allowed. No token past the vocabulary is.
    pub fn allows(&self, token: u32) -> bool {
        self.word(token as usize / 32) & (1 << (token % 32)) != 0
    }

    fn word(&self, word: usize) -> u32 {
        self.0.get(word).copied().unwrap_or(0)
    }
}

/// Chooses the tokens of one sequence.
#[derive(Debug, Clone)]
pub struct Sampler {
    sampling: Sampling,
    random: Xoshiro,
    candidates: Vec<Candidate>,
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    token: u32,
    weight: f64, // relative to the likeliest token's, which is 1
}

impl Sampler {
    /// Returns a sampler with its random numbers at their start.
    pub fn new(sampling: Sampling) -> Sampler {
        Sampler {
            sampling,
            random: Xoshiro::new(sampling.seed),
            candidates: Vec::new(),
        }
    }

    /// Returns a sampler that takes the best token each time.
    pub fn greedy() -> Sampler {
        Sampler::new(Sampling::default())
    }

    /// Chooses a token by its logit among those the mask allows.
    pub fn sample(&mut self, logits: &[f32], mask: Option<&Mask>) -> Result<u32, SampleError> {
        if !all_usable(logits) {
            return Err(SampleError::NotFinite);
        }
        let (best, highest) = best(logits, mask).ok_or(SampleError::NothingAllowed)?;
        if self.sampling.temperature > 0.0 {
            self.weigh(logits, mask, highest);
            Ok(self.draw())
        } else {
            Ok(best)
        }
    }

    /// Fills `candidates` with the allowed tokens that pass both cuts, made on the probabilities at the temperature.
    fn weigh(&mut self, logits: &[f32], mask: Option<&Mask>, highest: f32) {
        let temperature = f64::from(self.sampling.temperature);
        // The likeliest weighs 1, so that it always passes.
        let least = f64::from(self.sampling.min_p.min(1.0));
        self.candidates.clear();
        for (start, word, chunk) in words(logits, mask) {
            for (at, &logit) in chunk.iter().enumerate() {
                if word & (1 << at) == 0 || logit == f32::NEG_INFINITY {
                    continue;
                }
                let weight = ((f64::from(logit) - f64::from(highest)) / temperature).exp();
                if weight > 0.0 && weight >= least {
                    let token = (start + at) as u32;
                    self.candidates.push(Candidate { token, weight });
                }
            }
        }
        if self.sampling.top_p < 1.0 {
            keep_likeliest(&mut self.candidates, f64::from(self.sampling.top_p));
        }
    }

    /// One random number, and the candidate it falls on.
    fn draw(&mut self) -> u32 {
        let total: f64 = self.candidates.iter().map(|c| c.weight).sum();
        let mut left = self.random.unit() * total;
        let mut token = 0;
        for candidate in &self.candidates {
            token = candidate.token;
            left -= candidate.weight;
            if left < 0.0 {
                break;
            }
        }
        // Rounding may leave a trace of the number; it then falls on the last.
        token
    }
}

/// Cuts the candidates to the likeliest which together have the share `top_p` of all weights; always leaves one.
fn keep_likeliest(candidates: &mut Vec<Candidate>, top_p: f64) {
    let enough = top_p * candidates.iter().map(|c| c.weight).sum::<f64>();
    let order =
        |a: &Candidate, b: &Candidate| b.weight.total_cmp(&a.weight).then(a.token.cmp(&b.token));
    // A few hundred of a large vocabulary mostly suffice, so that only they are sorted.
    let mut sorted = 64;
    loop {
        let all = sorted >= candidates.len();
        if !all {
            candidates.select_nth_unstable_by(sorted, order);
        }
        let head = sorted.min(candidates.len());
        candidates[..head].sort_unstable_by(order);
        let mut sum = 0.0;
        let reached = candidates[..head].iter().position(|c| {
            sum += c.weight;
            sum >= enough
        });
        if let Some(last) = reached {
            return candidates.truncate(last + 1);
        }
        if all {
            return;
        }
        sorted *= 8;
    }
}

/// Returns the first token with the highest logit among those allowed, and that logit.
fn best(logits: &[f32], mask: Option<&Mask>) -> Option<(u32, f32)> {
    let mut highest = f32::NEG_INFINITY;
    let mut best = None;
    for (start, word, chunk) in words(logits, mask) {
        // Most words are empty or full; a full one is looked into only if it holds something higher.
        if word == 0 || (word == u32::MAX && highest_of(chunk) <= highest) {
            continue;
        }
        for (at, &logit) in chunk.iter().enumerate() {
            if word & (1 << at) != 0 && logit > highest {
                highest = logit;
                best = Some((start + at) as u32);
            }
        }
    }
    best.map(|token| (token, highest))
}

/// Returns the row in pieces of 32: the first id, the mask's word, the logits.
fn words<'a>(
    logits: &'a [f32],
    mask: Option<&'a Mask>,
) -> impl Iterator<Item = (usize, u32, &'a [f32])> {
    logits.chunks(32).enumerate().map(move |(at, chunk)| {
        let word = mask.map_or(u32::MAX, |mask| mask.word(at));
        (at * 32, word, chunk)
    })
}

/// Returns the highest of some logits, in lanes so that it becomes vector code.
fn highest_of(logits: &[f32]) -> f32 {
    let higher = |a: f32, b: f32| if b > a { b } else { a };
    let mut lanes = [f32::NEG_INFINITY; 8];
    for piece in logits.chunks(8) {
        for (lane, &logit) in lanes.iter_mut().zip(piece) {
            *lane = higher(*lane, logit);
        }
    }
    lanes.into_iter().fold(f32::NEG_INFINITY, higher)
}

/// Returns whether no logit is NaN or +infinity; -infinity is a token that never comes.
fn all_usable(logits: &[f32]) -> bool {
    logits
        .chunks(64)
        .all(|chunk| chunk.iter().fold(true, |ok, &l| ok & (l < f32::INFINITY)))
}

/// xoshiro256++ 1.0 by Blackman and Vigna, its state filled by splitmix64 as they advise (prng.di.unimi.it).
#[derive(Debug, Clone)]
struct Xoshiro([u64; 4]);

impl Xoshiro {
    fn new(mut seed: u64) -> Xoshiro {
        Xoshiro(std::array::from_fn(|_| splitmix(&mut seed)))
    }

    fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// Returns a number from 0 up to, not including, 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }
}

/// Returns the next number of splitmix64.
fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f32 = f32::INFINITY;

    fn hot(temperature: f32, top_p: f32, min_p: f32) -> Sampler {
        Sampler::new(Sampling {
            temperature,
            top_p,
            min_p,
            seed: 7,
        })
    }

    /// Returns a mask of `vocab` tokens that allows these.
    fn mask_of(vocab: usize, allowed: impl IntoIterator<Item = u32>) -> Mask {
        let mut words = vec![0; vocab.div_ceil(32)];
        for token in allowed {
            words[token as usize / 32] |= 1 << (token % 32);
        }
        Mask::from_words(words, vocab)
    }

    fn count(mask: &Mask) -> usize {
        mask.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    fn drawn(mut sampler: Sampler, logits: &[f32], draws: usize) -> Vec<usize> {
        let mut counts = vec![0; logits.len()];
        for _ in 0..draws {
            counts[sampler.sample(logits, None).unwrap() as usize] += 1;
        }
        counts
    }

    #[test]
    fn greedy_takes_the_best_and_the_lowest_id_of_equals() {
        let check = |logits: &[f32], allowed: Option<&[u32]>, expected| {
            let mask = allowed.map(|ids| mask_of(logits.len(), ids.iter().copied()));
            assert_eq!(
                Sampler::greedy().sample(logits, mask.as_ref()),
                expected,
                "{logits:?}"
            );
        };
        check(&[0.0, 3.0, 3.0, 1.0], None, Ok(1));
        check(&[-5.0, -4.0, -9.0], None, Ok(1));
        check(&[0.0, 3.0, 3.0, 1.0], Some(&[0, 3]), Ok(3));
        // A mask chooses among the logits as they are: nothing allowed becomes 0.0.
        check(&[9.0, -3.0, -2.0], Some(&[1, 2]), Ok(2));
        check(&[0.0, 1.0], Some(&[]), Err(SampleError::NothingAllowed));
        check(&[0.0, -INF], Some(&[1]), Err(SampleError::NothingAllowed));
        check(&[], None, Err(SampleError::NothingAllowed));
    }

    #[test]
    fn damaged_logits_are_an_error_wherever_they_stand() {
        for bad in [f32::NAN, -f32::NAN, INF] {
            for at in [0, 31, 32, 70, 99] {
                let mut logits = vec![0.5; 100];
                logits[at] = bad;
                let mask = mask_of(100, [1, 2]);
                for mut sampler in [Sampler::greedy(), hot(1.0, 0.9, 0.1)] {
                    for mask in [None, Some(&mask)] {
                        assert_eq!(sampler.sample(&logits, mask), Err(SampleError::NotFinite));
                    }
                }
            }
        }
        assert_eq!(Sampler::greedy().sample(&[-INF, 1.0], None), Ok(1));
    }

    #[test]
    fn a_thousand_random_rows_never_give_a_masked_token() {
        let mut random = Xoshiro::new(1);
        let mut sampler = hot(1.5, 0.95, 0.01);
        for round in 0..1000 {
            let vocab = 1 + (random.next() % 300) as usize;
            let logits: Vec<f32> = (0..vocab)
                .map(|_| random.unit() as f32 * 20.0 - 10.0)
                .collect();
            let allowed: Vec<u32> = (0..vocab as u32)
                .filter(|_| random.next().is_multiple_of(1 + round % 9))
                .collect();
            let mask = mask_of(vocab, allowed.iter().copied());
            assert_eq!(count(&mask), allowed.len());
            for mut sampler in [Sampler::greedy(), sampler.clone()] {
                match sampler.sample(&logits, Some(&mask)) {
                    Ok(token) => assert!(allowed.contains(&token) && mask.allows(token)),
                    Err(error) => {
                        assert_eq!(error, SampleError::NothingAllowed);
                        assert!(allowed.is_empty());
                    }
                }
            }
            let _ = sampler.sample(&logits, None);
        }
    }

    #[test]
    fn a_mask_of_another_size_allows_nothing_past_its_end() {
        let short = Mask::from_words(vec![u32::MAX], 3);
        assert_eq!(count(&short), 3);
        assert_eq!(
            Sampler::greedy().sample(&[0.0, 1.0, 2.0, 9.0], Some(&short)),
            Ok(2)
        );
        let long = mask_of(100, [1, 90]);
        assert_eq!(Sampler::greedy().sample(&[5.0, 1.0], Some(&long)), Ok(1));
        assert!(!long.allows(u32::MAX));
    }

    #[test]
    fn draws_follow_the_probabilities() {
        // softmax of ln 1, ln 2, ln 5
        let logits = [0.0, 2f32.ln(), 5f32.ln()];
        let counts = drawn(hot(1.0, 1.0, 0.0), &logits, 8000);
        for (count, expected) in counts.iter().zip([1000, 2000, 5000]) {
            assert!(count.abs_diff(expected) < 150, "{counts:?}");
        }
    }

    #[test]
    fn cuts_leave_the_likeliest() {
        let logits = [0.0, 2f32.ln(), 5f32.ln()];
        let kinds = |sampler| {
            drawn(sampler, &logits, 300)
                .iter()
                .map(|&n| n > 0)
                .collect::<Vec<_>>()
        };
        assert_eq!(kinds(hot(1.0, 0.62, 0.0)), [false, false, true]);
        assert_eq!(kinds(hot(1.0, 0.63, 0.0)), [false, true, true]);
        assert_eq!(kinds(hot(1.0, 0.0, 0.0)), [false, false, true]);
        assert_eq!(kinds(hot(1.0, 1.0, 0.3)), [false, true, true]);
        assert_eq!(kinds(hot(1.0, 1.0, 9.0)), [false, false, true]);
        assert_eq!(kinds(hot(1e-9, 1.0, 0.0)), [false, false, true]);
        assert_eq!(kinds(hot(INF, 1.0, 0.0)), [true, true, true]);
        assert_eq!(kinds(hot(f32::NAN, 1.0, 0.0)), [false, false, true]);
    }

    #[test]
    fn top_p_sorts_as_far_as_it_must() {
        let logits: Vec<f32> = (0..5000).map(|i| (i * 7919 % 5000) as f32 / 1e4).collect();
        let mut sampler = hot(1.0, 0.5, 0.0);
        sampler.weigh(&logits, None, 0.4999);
        let kept = sampler.candidates.clone();
        let mut all: Vec<f64> = logits
            .iter()
            .map(|l| (f64::from(*l) - 0.4999).exp())
            .collect();
        all.sort_by(|a, b| b.total_cmp(a));
        let half = all.iter().sum::<f64>() / 2.0;
        let sum: f64 = kept.iter().map(|c| c.weight).sum();
        assert!(sum >= half && sum - kept.last().unwrap().weight < half);
    }

    #[test]
    fn a_seed_gives_the_same_tokens_again() {
        let logits: Vec<f32> = (0..50).map(|i| (i % 7) as f32).collect();
        let tokens = |seed| -> Vec<u32> {
            let mut sampler = Sampler::new(Sampling {
                temperature: 1.0,
                seed,
                ..Sampling::default()
            });
            (0..20)
                .map(|_| sampler.sample(&logits, None).unwrap())
                .collect()
        };
        assert_eq!(tokens(3), tokens(3));
        assert_ne!(tokens(3), tokens(4));
    }

    #[test]
    fn the_random_numbers_are_the_published_ones() {
        // splitmix64 from 1234567, as in the authors' test values.
        let mut state = 1_234_567;
        assert_eq!(splitmix(&mut state), 6_457_827_717_110_365_317);
        assert_eq!(splitmix(&mut state), 3_203_168_211_198_807_973);
        let mut random = Xoshiro([1, 2, 3, 4]);
        assert_eq!(random.next(), 41_943_041);
        assert_eq!(random.next(), 58_720_359);
    }
}
