//! Perplexity: how well a model foretells a text.
//!
//! In:  a decoder and token ids. Out: the natural logarithm of each token's probability after those before it.

use super::step::{Decode, Segment, StepError, Want};

/// Tokens a step takes: the logits of so many rows of a large vocabulary stay below 40 MB.
const STEP_TOKENS: usize = 64;

/// Returns the logarithm of each token's probability; none for the first, which nothing stands before.
pub fn logprobs<D: Decode>(decoder: &D, tokens: &[u32]) -> Result<Vec<Option<f64>>, StepError> {
    let mut sequence = decoder.start();
    let mut logprobs = vec![None; tokens.len().min(1)];
    for (index, chunk) in tokens.chunks(STEP_TOKENS).enumerate() {
        let next = &tokens[index * STEP_TOKENS + 1..];
        let logits = decoder.step(&mut [Segment {
            sequence: &mut sequence,
            tokens: chunk,
            want: Want::From(0),
        }])?;
        let foretold = next.iter().take(chunk.len()).enumerate();
        logprobs.extend(foretold.map(|(row, &token)| Some(logprob(logits.row(row), token))));
    }
    Ok(logprobs)
}

/// Returns the exponential of the mean negative logarithm; none for fewer than two tokens.
pub fn perplexity(logprobs: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = logprobs.iter().flatten().copied().collect();
    (!known.is_empty()).then(|| (-known.iter().sum::<f64>() / known.len() as f64).exp())
}

/// Returns the logarithm of a token's share of the softmax, in double precision.
pub(super) fn logprob(logits: &[f32], token: u32) -> f64 {
    let highest = f64::from(logits.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let sum: f64 = logits
        .iter()
        .map(|&logit| (f64::from(logit) - highest).exp())
        .sum();
    f64::from(logits[token as usize]) - highest - sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uniform_guess_has_the_vocabulary_as_its_perplexity() {
        let logprobs = vec![
            None,
            Some(logprob(&[0.5; 8], 3)),
            Some(logprob(&[-2.0; 8], 0)),
        ];
        let perplexity = perplexity(&logprobs).expect("two are known");
        assert!((perplexity - 8.0).abs() < 1e-9);
    }

    #[test]
    fn a_text_of_one_token_has_none() {
        assert_eq!(perplexity(&[None]), None);
    }
}
