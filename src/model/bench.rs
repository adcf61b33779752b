//! How fast a model runs: prefill, decoding, and several sequences on one prefix.
//!
//! In:  a decoder. Out: tokens per second, medians. The tokens are arbitrary; what is timed does not depend on them.

use std::time::Instant;

use serde::Serialize;

use super::step::{Decode, Segment, StepError, Want};

/// Tokens of a prefill that a step takes.
const STEP_TOKENS: usize = 512;

/// What is measured.
#[derive(Debug, Clone)]
pub struct BenchOptions {
    /// Lengths of the prompts.
    pub prompts: Vec<usize>,
    /// Tokens decoded behind each prompt.
    pub decoded: usize,
    /// Numbers of sequences decoded at once behind the shared prompt.
    pub sequences: Vec<usize>,
    /// Length of the shared prompt.
    pub shared: usize,
    /// Times each is done; the median counts.
    pub repeat: usize,
}

impl BenchOptions {
    /// Returns what of it fits a context, and the prompts that do not; none where not even the decoded tokens do.
    ///
    /// A prompt that is too long is left out: shortened it would be another measure. The shared prompt is shortened,
    /// its length being told with what was measured.
    pub fn within(mut self, context: usize) -> Option<(BenchOptions, Vec<usize>)> {
        let longest = context.checked_sub(self.decoded).filter(|&most| most > 0)?;
        let (fitting, left_out) = self.prompts.iter().partition(|&&prompt| prompt <= longest);
        self.prompts = fitting;
        self.shared = self.shared.min(longest);
        Some((self, left_out))
    }

    /// Returns the most tokens that are kept at a time, of all sequences together.
    pub fn tokens(&self) -> usize {
        let alone = self
            .prompts
            .iter()
            .max()
            .map_or(0, |prompt| prompt + self.decoded);
        let sequences = self.sequences.iter().max().copied().unwrap_or(0);
        alone.max(self.shared + sequences * self.decoded)
    }
}

/// What was measured of one setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measure {
    /// `prefill` or `decode`.
    pub what: &'static str,
    /// Tokens of the prompt.
    pub prompt: usize,
    /// Sequences at once.
    pub sequences: usize,
    /// Tokens a second, of all sequences together.
    pub tokens_per_s: f64,
}

/// Measures; `each` is told every measure as it is made.
pub fn bench<D: Decode>(
    decoder: &D,
    options: &BenchOptions,
    mut each: impl FnMut(&Measure),
) -> Result<Vec<Measure>, StepError>
where
    D::Sequence: Sized,
{
    let mut measures = Vec::new();
    let mut add = |measure: Measure| {
        each(&measure);
        measures.push(measure);
    };
    // The first step may still prepare the weights.
    prefill(decoder, 2)?;
    for &prompt in &options.prompts {
        let mut seconds = (Vec::new(), Vec::new());
        for _ in 0..options.repeat {
            let (mut sequence, took) = prefill(decoder, prompt)?;
            seconds.0.push(took);
            seconds
                .1
                .push(decode(decoder, &mut [&mut sequence], options.decoded)?);
        }
        add(measure("prefill", prompt, 1, prompt, seconds.0));
        add(measure("decode", prompt, 1, options.decoded, seconds.1));
    }
    for &sequences in &options.sequences {
        let mut seconds = Vec::new();
        for _ in 0..options.repeat {
            let (mut prefix, _) = prefill(decoder, options.shared)?;
            let mut forks: Vec<_> = (0..sequences).map(|_| decoder.fork(&mut prefix)).collect();
            let mut forks: Vec<_> = forks.iter_mut().collect();
            seconds.push(decode(decoder, &mut forks, options.decoded)?);
        }
        let tokens = options.decoded * sequences;
        add(measure(
            "decode",
            options.shared,
            sequences,
            tokens,
            seconds,
        ));
    }
    Ok(measures)
}

fn measure(
    what: &'static str,
    prompt: usize,
    sequences: usize,
    tokens: usize,
    mut seconds: Vec<f64>,
) -> Measure {
    seconds.sort_by(f64::total_cmp);
    Measure {
        what,
        prompt,
        sequences,
        tokens_per_s: tokens as f64 / seconds[seconds.len() / 2],
    }
}

fn token(decoder: &impl Decode, index: usize) -> u32 {
    (index * 7919 % decoder.vocab()) as u32
}

/// Returns a sequence of arbitrary tokens and the seconds it took.
fn prefill<D: Decode>(decoder: &D, length: usize) -> Result<(D::Sequence, f64), StepError> {
    let tokens: Vec<u32> = (0..length).map(|index| token(decoder, index)).collect();
    let began = Instant::now();
    let mut sequence = decoder.start();
    let steps = length.div_ceil(STEP_TOKENS);
    for (index, tokens) in tokens.chunks(STEP_TOKENS).enumerate() {
        let want = if index + 1 == steps {
            Want::Last
        } else {
            Want::Nothing
        };
        decoder.step(&mut [Segment {
            sequence: &mut sequence,
            tokens,
            want,
        }])?;
    }
    Ok((sequence, began.elapsed().as_secs_f64()))
}

/// Seconds that so many tokens of each sequence take, a token of each a step.
fn decode<D: Decode>(
    decoder: &D,
    sequences: &mut [&mut D::Sequence],
    tokens: usize,
) -> Result<f64, StepError> {
    let began = Instant::now();
    for index in 0..tokens {
        let next = [token(decoder, index)];
        let mut segments: Vec<_> = sequences
            .iter_mut()
            .map(|sequence| Segment {
                sequence: &mut **sequence,
                tokens: &next,
                want: Want::Last,
            })
            .collect();
        decoder.step(&mut segments)?;
    }
    Ok(began.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> BenchOptions {
        BenchOptions {
            prompts: vec![128, 512, 2048],
            decoded: 32,
            sequences: vec![1, 4, 8],
            shared: 512,
            repeat: 3,
        }
    }

    #[test]
    fn what_does_not_fit_a_context_is_left_out_or_shortened() {
        let check = |context, prompts: &[usize], left_out: &[usize], shared, tokens| {
            let (options, out) = options().within(context).expect("it fits");
            assert_eq!((&options.prompts[..], &out[..]), (prompts, left_out));
            assert_eq!((options.shared, options.tokens()), (shared, tokens));
        };
        check(4096, &[128, 512, 2048], &[], 512, 2080);
        check(544, &[128, 512], &[2048], 512, 768);
        check(100, &[], &[128, 512, 2048], 68, 324);
        check(33, &[], &[128, 512, 2048], 1, 257);
        assert!(options().within(32).is_none());
        assert!(options().within(0).is_none());
    }
}
