//! The one function a model has: new tokens of some sequences in, logits of the rows wanted out.
//!
//! Prefill, decoding, forced tokens, draft verification and many sequences at once are all this step.

use thiserror::Error;

/// Which rows of a segment logits are wanted of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// None: the tokens only enter the sequence.
    Nothing,
    /// Those of the last token.
    Last,
    /// Those of every token from this index of the segment on.
    From(usize),
}

impl Want {
    /// Returns the rows wanted of a segment of `tokens` tokens.
    pub fn rows(self, tokens: usize) -> std::ops::Range<usize> {
        match self {
            Want::Nothing => tokens..tokens,
            Want::Last => tokens.saturating_sub(1)..tokens,
            Want::From(first) => first.min(tokens)..tokens,
        }
    }
}

/// New tokens of one sequence.
#[derive(Debug)]
pub struct Segment<'a, S> {
    /// The sequence; the tokens are appended to it.
    pub sequence: &'a mut S,
    /// At least one token id below the vocabulary's size.
    pub tokens: &'a [u32],
    /// Which logits come back.
    pub want: Want,
}

/// Logits of the rows wanted, segment by segment, in the order of the tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Logits {
    vocab: usize,
    values: Vec<f32>, // (rows, vocab)
}

impl Logits {
    /// Rows of `vocab` values each, one behind the other.
    pub fn new(vocab: usize, values: Vec<f32>) -> Logits {
        assert!(
            vocab > 0 && values.len().is_multiple_of(vocab),
            "logits are whole rows"
        );
        Logits { vocab, values }
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.values.len() / self.vocab
    }

    /// Returns whether no row was wanted.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Returns the logits of one row, a value for each token id.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.vocab..(row + 1) * self.vocab]
    }

    /// Makes `token` the likeliest of a row by far, if the vocabulary has it.
    pub fn prefer(&mut self, row: usize, token: u32) {
        /// Above any logit of a real model, and small enough to be divided by a temperature.
        const ABOVE_ALL: f32 = 1e6;
        let row = &mut self.values[row * self.vocab..(row + 1) * self.vocab];
        if let Some(logit) = row.get_mut(token as usize) {
            *logit = ABOVE_ALL;
        }
    }
}

/// A step that could not be made.
#[derive(Debug, Error)]
pub enum StepError {
    /// The sequence would outgrow the model's context.
    #[error("{needed} tokens do not fit the context of {context}")]
    ContextFull {
        /// Tokens the sequence would hold.
        needed: usize,
        /// Tokens it may hold.
        context: usize,
    },
    /// A token id the vocabulary lacks.
    #[error("token {token} is none of the vocabulary's {vocab}")]
    UnknownToken {
        /// The id.
        token: u32,
        /// The vocabulary's size.
        vocab: usize,
    },
    /// A logit that is no number: the weights are damaged.
    #[error("the model gave a logit that is not a finite number")]
    NotFinite,
    /// The tensor library failed.
    #[error("the model could not be run: {0}")]
    Tensor(#[from] Box<dyn std::error::Error + Send + Sync>),
}

/// What turns tokens into logits: a decoder, or a script in tests.
pub trait Decode {
    /// The state of one sequence: its length and whatever the model keeps of its tokens.
    type Sequence: Send;

    /// Returns the number of token ids, which is the length of a row of logits.
    fn vocab(&self) -> usize;

    /// Returns the most tokens a sequence may hold.
    fn context(&self) -> usize;

    /// Returns an empty sequence.
    fn start(&self) -> Self::Sequence;

    /// Returns the number of tokens a sequence holds.
    fn len(&self, sequence: &Self::Sequence) -> usize;

    /// Returns a second sequence with the same tokens. What both hold so far is kept once and read together.
    fn fork(&self, sequence: &mut Self::Sequence) -> Self::Sequence;

    /// Forgets all but the first `length` tokens.
    fn truncate(&self, sequence: &mut Self::Sequence, length: usize);

    /// Appends each segment's tokens to its sequence and gives the logits of the rows wanted.
    ///
    /// On an error the sequences hold what they held before.
    fn step(&self, segments: &mut [Segment<'_, Self::Sequence>]) -> Result<Logits, StepError>;
}
