//! Likelihood: how well a model foretells each of several texts behind a prompt.
//!
//! In:  sequences, each with candidates as token ids. Out: the mean logarithm of the probability of each candidate's tokens. Candidates
//! that begin alike are read once as far as they do (a trie), and all prompts' candidates go through the model as one ragged batch.

use std::sync::atomic::{AtomicBool, Ordering};

use super::generate::TokenSequence;
use super::perplexity::logprob;
use super::step::{Decode, Segment, StepError, Want};

/// The most rows of logits in one step, 80 MB of them with a vocabulary of 152,000.
const STEP_ROWS: usize = 128;

/// A prompt, and what may stand behind it.
pub struct CandidateSet<S> {
    /// The prompt; at least one token.
    pub prompt: TokenSequence<S>,
    /// Candidates; at least one token each.
    pub candidates: Vec<Vec<u32>>,
}

/// Tokens that candidates share, and what comes behind them.
#[derive(Debug, Default, PartialEq)]
struct Node {
    tokens: Vec<u32>,
    children: Vec<Node>,
    /// Candidates that end here.
    ends: Vec<usize>,
}

impl Node {
    /// The trie of some candidates from their `from`-th token on.
    fn of(candidates: &[Vec<u32>], among: &[usize], from: usize) -> Node {
        let first = &candidates[among[0]];
        let shared = (from..first.len())
            .take_while(|&at| {
                among
                    .iter()
                    .all(|&c| candidates[c].get(at) == first.get(at))
            })
            .count();
        let end = from + shared;
        let mut node = Node {
            tokens: first[from..end].to_vec(),
            ..Node::default()
        };
        let mut rest: Vec<usize> = Vec::new();
        for &c in among {
            match candidates[c].len() == end {
                true => node.ends.push(c),
                false => rest.push(c),
            }
        }
        while let Some(&c) = rest.first() {
            let next = candidates[c][end];
            let (alike, others): (Vec<usize>, Vec<usize>) =
                rest.into_iter().partition(|&o| candidates[o][end] == next);
            node.children.push(Node::of(candidates, &alike, end));
            rest = others;
        }
        node
    }

    /// Tokens that must enter the model: all, if something comes behind them; else all but the last.
    fn entering(&self) -> &[u32] {
        match self.children.is_empty() {
            true => &self.tokens[..self.tokens.len().saturating_sub(1)],
            false => &self.tokens,
        }
    }
}

/// A node whose turn is next: its first token has been foretold.
struct Turn<'n, S> {
    question: usize,
    node: &'n Node,
    sequence: S,
    /// Sum of the logarithms up to the node's first token.
    sum: f64,
}

/// Returns the mean logarithm of the probability of each candidate's tokens; nothing once `cancelled` is set.
pub fn weigh<D: Decode>(
    decoder: &D,
    questions: Vec<CandidateSet<D::Sequence>>,
    cancelled: &AtomicBool,
) -> Result<Option<Vec<Vec<f64>>>, StepError> {
    let mut weights: Vec<Vec<f64>> = questions
        .iter()
        .map(|q| vec![f64::NEG_INFINITY; q.candidates.len()])
        .collect();
    let roots: Vec<Node> = questions
        .iter()
        .map(|q| {
            Node::of(
                &q.candidates,
                &(0..q.candidates.len()).collect::<Vec<_>>(),
                0,
            )
        })
        .collect();
    let mut turns = Vec::new();
    for (n, (question, root)) in questions.into_iter().zip(&roots).enumerate() {
        let mut prompt = question.prompt;
        let last = prompt.tokens().last().copied();
        prompt.truncate(decoder, prompt.tokens().len().saturating_sub(1));
        if !prompt.prefill(decoder, cancelled)? {
            return Ok(None);
        }
        let Some(last) = last else { continue };
        let mut sequence = prompt.into_state();
        let logits = decoder.step(&mut [Segment {
            sequence: &mut sequence,
            tokens: &[last],
            want: Want::Last,
        }])?;
        branch(decoder, (n, root, 0.0), sequence, logits.row(0), &mut turns);
    }
    turns.reverse();
    while !turns.is_empty() {
        if cancelled.load(Ordering::Relaxed) {
            return Ok(None);
        }
        round(decoder, &mut turns, &mut weights)?;
    }
    for (n, root) in roots.iter().enumerate() {
        by_length(root, 0, &mut weights[n]);
    }
    Ok(Some(weights))
}

/// Puts what comes behind a row of logits among the turns: the node itself at the root, else its children.
fn branch<'n, D: Decode>(
    decoder: &D,
    (question, root, sum): (usize, &'n Node, f64),
    mut sequence: D::Sequence,
    row: &[f32],
    turns: &mut Vec<Turn<'n, D::Sequence>>,
) {
    let nodes: Vec<&Node> = match root.tokens.is_empty() {
        true => root.children.iter().collect(),
        false => vec![root],
    };
    for node in nodes {
        turns.push(Turn {
            question,
            sequence: decoder.fork(&mut sequence),
            sum: sum + logprob(row, node.tokens[0]),
            node,
        });
    }
}

/// One step for the next turns.
fn round<D: Decode>(
    decoder: &D,
    turns: &mut Vec<Turn<'_, D::Sequence>>,
    weights: &mut [Vec<f64>],
) -> Result<(), StepError> {
    let mut rows = 0;
    let mut now = Vec::new();
    while let Some(turn) = turns.last() {
        rows += turn.node.entering().len();
        if rows > STEP_ROWS && !now.is_empty() {
            break;
        }
        now.extend(turns.pop());
    }
    let mut segments: Vec<_> = now
        .iter_mut()
        .filter(|turn| !turn.node.entering().is_empty())
        .map(|turn| Segment {
            sequence: &mut turn.sequence,
            tokens: turn.node.entering(),
            want: Want::From(0),
        })
        .collect();
    let logits = match segments.is_empty() {
        true => None,
        false => Some(decoder.step(&mut segments)?),
    };
    let mut row = 0;
    let mut next = Vec::new();
    for turn in now {
        let node = turn.node;
        let entering = node.entering().len();
        let mut sum = turn.sum;
        if let Some(logits) = &logits {
            let foretold = node.tokens.iter().skip(1).enumerate();
            sum += foretold
                .map(|(at, token)| logprob(logits.row(row + at), *token))
                .sum::<f64>();
            if !node.children.is_empty() {
                let last = logits.row(row + entering - 1);
                let mut sequence = turn.sequence;
                for child in &node.children {
                    next.push(Turn {
                        question: turn.question,
                        sequence: decoder.fork(&mut sequence),
                        sum: sum + logprob(last, child.tokens[0]),
                        node: child,
                    });
                }
            }
        }
        row += entering;
        for &candidate in &node.ends {
            weights[turn.question][candidate] = sum;
        }
    }
    next.reverse();
    turns.extend(next);
    Ok(())
}

/// Divides each candidate's sum by its tokens.
fn by_length(node: &Node, before: usize, weights: &mut [f64]) {
    let tokens = before + node.tokens.len();
    for &candidate in &node.ends {
        weights[candidate] /= tokens.max(1) as f64;
    }
    for child in &node.children {
        by_length(child, tokens, weights);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_candidates_share_stands_once() {
        let candidates = vec![vec![1, 2, 3], vec![1, 2, 4, 5], vec![1, 2], vec![9]];
        let root = Node::of(&candidates, &[0, 1, 2, 3], 0);
        assert!(root.tokens.is_empty());
        let shared = &root.children[0];
        assert_eq!(
            (shared.tokens.as_slice(), shared.ends.as_slice()),
            (&[1, 2][..], &[2][..])
        );
        assert_eq!(shared.children.len(), 2);
        assert_eq!(shared.entering(), [1, 2]);
        assert_eq!(shared.children[1].entering(), [4]);
        assert_eq!(root.children[1].ends, [3]);
    }
}
