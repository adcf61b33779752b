//! The loop: prefill, draft, step, accept, stop, for many texts at once.
//!
//! In:  requests, each a sequence to go on from. Out: the sequences, longer, and why each ended. One step serves all that are unfinished.
//! Drafts, chunks and company change how fast a text comes, never the text.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use thiserror::Error;

use super::grammar::{Constraint, GrammarError};
use super::lookup::Lookup;
use super::sampler::{SampleError, Sampler};
use super::step::{Decode, Logits, Segment, StepError, Want};

/// The most tokens in one step: a longer prompt goes in by parts, so that memory stays bounded.
const STEP_TOKENS: usize = 512;
/// The most rows of logits in one step, 80 MB of them with a vocabulary of 152,000.
const STEP_ROWS: usize = 128;
/// The longest draft, and the first of a text: of a paraphrase most drafts fail, and a row that fails costs what one that holds does.
const LONGEST_DRAFT: usize = 8;
const FIRST_DRAFT: usize = 2;

/// Tokens, and a decoder's sequence that has taken in the first of them.
///
/// Those it has not taken in are pending: a prompt not yet read, forced tokens, the last token sampled. They enter it together with
/// whatever comes next, so a sequence can be continued, forked or put under another grammar at no cost.
#[derive(Debug)]
pub struct TokenSequence<S> {
    tokens: Vec<u32>,
    state: S,
}

impl<S> TokenSequence<S> {
    /// Returns an empty sequence.
    pub fn new<D: Decode<Sequence = S>>(decoder: &D) -> TokenSequence<S> {
        TokenSequence {
            tokens: Vec::new(),
            state: decoder.start(),
        }
    }

    /// Returns all tokens, from the first of the prompt on.
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// Returns what the decoder has taken in.
    pub(super) fn into_state(self) -> S {
        self.state
    }

    /// Appends tokens that the model is to take as they are.
    pub fn push(&mut self, tokens: &[u32]) {
        self.tokens.extend(tokens);
    }

    /// Returns a second sequence with the same tokens. What the decoder has taken in so far is shared.
    pub fn fork<D: Decode<Sequence = S>>(&mut self, decoder: &D) -> TokenSequence<S> {
        TokenSequence {
            tokens: self.tokens.clone(),
            state: decoder.fork(&mut self.state),
        }
    }

    /// Forgets all but the first `length` tokens.
    pub fn truncate<D: Decode<Sequence = S>>(&mut self, decoder: &D, length: usize) {
        self.tokens.truncate(length);
        if decoder.len(&self.state) > length {
            decoder.truncate(&mut self.state, length);
        }
    }

    /// Has the decoder take in all pending tokens, to be shared by later forks. Returns whether it came to the end before it was cancelled.
    pub fn prefill<D: Decode<Sequence = S>>(
        &mut self,
        decoder: &D,
        cancelled: &AtomicBool,
    ) -> Result<bool, StepError> {
        fits(decoder, self.tokens.len())?;
        loop {
            let pending = &self.tokens[decoder.len(&self.state)..];
            if pending.is_empty() {
                return Ok(true);
            }
            if cancelled.load(Ordering::Relaxed) {
                return Ok(false);
            }
            decoder.step(&mut [Segment {
                sequence: &mut self.state,
                tokens: &pending[..pending.len().min(STEP_TOKENS)],
                want: Want::Nothing,
            }])?;
        }
    }
}

/// A text to be written.
pub struct Request<S> {
    /// What it goes on from; at least one token.
    pub sequence: TokenSequence<S>,
    /// What the new tokens must keep to.
    pub constraint: Option<Constraint>,
    /// How they are chosen.
    pub sampler: Sampler,
    /// Where drafts come from; it should have seen the sequence's tokens.
    pub drafts: Option<Lookup>,
    /// Tokens that end the text and are no part of it, besides those that end the constraint's.
    pub stop: Vec<u32>,
    /// The most new tokens.
    pub max_tokens: usize,
}

impl<S> Request<S> {
    /// Returns a greedy request without grammar, drafts or stop tokens.
    pub fn new(sequence: TokenSequence<S>, max_tokens: usize) -> Request<S> {
        Request {
            sequence,
            constraint: None,
            sampler: Sampler::greedy(),
            drafts: None,
            stop: Vec::new(),
            max_tokens,
        }
    }
}

/// Why a text ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// The model chose a stop token.
    Stop,
    /// The grammar allows nothing more.
    Grammar,
    /// It has `max_tokens` tokens.
    Length,
    /// The sequence fills the model's context.
    Context,
    /// The caller wanted no more.
    Cancelled,
}

/// What a text took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GenerationCounts {
    /// Steps that gave this text at least one token: how often it waited for the model.
    pub steps: usize,
    /// Tokens that went through the model for it, prompt and rejected drafts included.
    pub rows: usize,
    /// New tokens that the grammar forced.
    pub forced: usize,
    /// Draft tokens proposed.
    pub drafted: usize,
    /// Draft tokens that became the text.
    pub accepted: usize,
}

/// A text that was written.
#[derive(Debug)]
pub struct Outcome<S> {
    /// The request's sequence with the new tokens, ready to be continued.
    pub sequence: TokenSequence<S>,
    /// The new tokens.
    pub tokens: Vec<u32>,
    /// Why it ended, or how its grammar failed.
    pub finish: Result<Finish, GrammarError>,
    /// What it took.
    pub counts: GenerationCounts,
}

/// Why no text could be written; it concerns all requests.
#[derive(Debug, Error)]
pub enum GenerateError {
    /// A sequence without a token.
    #[error("there is no token to go on from")]
    NoPrompt,
    /// A step failed.
    #[error(transparent)]
    Decode(#[from] StepError),
    /// The logits were unusable.
    #[error(transparent)]
    Sample(#[from] SampleError),
}

/// Writes all texts together, one step for all in each round, and goes on: what `next` makes of a text that has ended joins those under way.
///
/// Requests are numbered as they come, from 0 on. Texts that end in one round are handed to `next` in the order they stand in, which is
/// that of their numbers, but for those that `next` gave: they take the place of the text they come from. Once `cancelled` is set, the
/// texts end before the next step, and nothing more joins.
pub fn generate<D: Decode, E: From<GenerateError>>(
    decoder: &D,
    requests: Vec<Request<D::Sequence>>,
    cancelled: &AtomicBool,
    mut next: impl FnMut(usize, Outcome<D::Sequence>) -> Result<Vec<Request<D::Sequence>>, E>,
) -> Result<(), E> {
    let mut count = 0;
    let mut admit = |requests: Vec<Request<D::Sequence>>| {
        let mut generations = Vec::with_capacity(requests.len());
        for request in requests {
            let mut generation = Generation::new(decoder, count, request)?;
            generation.begin();
            generations.push(generation);
            count += 1;
        }
        Ok::<_, GenerateError>(generations)
    };
    let mut generations = admit(requests)?;
    loop {
        let stopped = cancelled.load(Ordering::Relaxed);
        if stopped {
            for generation in generations.iter_mut().filter(|w| w.is_writing()) {
                generation.end(Ok(Finish::Cancelled));
            }
        }
        // Forks of one prefix stay adjacent in the batch, so that attention reads the prefix they share once.
        while let Some(at) = generations.iter().position(|w| !w.is_writing()) {
            let done = generations.remove(at);
            let more = next(done.number, done.outcome())?;
            if !stopped {
                generations.splice(at..at, admit(more)?);
            }
        }
        if generations.is_empty() {
            return Ok(());
        }
        round(decoder, &mut generations)?;
    }
}

/// One step for all texts under way.
fn round<D: Decode>(
    decoder: &D,
    generations: &mut [Generation<D::Sequence>],
) -> Result<(), GenerateError> {
    plan(decoder, generations);
    let mut segments: Vec<_> = generations
        .iter_mut()
        .filter_map(Generation::segment)
        .collect();
    let logits = decoder.step(&mut segments)?;
    let mut row = 0;
    let firsts: Vec<usize> = generations
        .iter()
        .map(|generation| {
            row += generation.rows();
            row - generation.rows()
        })
        .collect();
    // In parallel: computing a mask over the whole vocabulary for each text takes longer than reading its logits.
    let read: Vec<_> = generations
        .par_iter_mut()
        .zip(firsts)
        .map(|(generation, first)| generation.read(&logits, first))
        .collect();
    for (generation, rejected) in generations.iter_mut().zip(read) {
        let rejected = rejected?;
        if rejected > 0 {
            let held = decoder.len(&generation.sequence.state);
            decoder.truncate(&mut generation.sequence.state, held - rejected);
        }
    }
    Ok(())
}

/// Divides the tokens and rows of a step among the texts, those with the fewest pending tokens first, so that texts under way do not
/// wait for a long prompt.
fn plan<D: Decode>(decoder: &D, generations: &mut [Generation<D::Sequence>]) {
    let mut writing: Vec<_> = generations.iter_mut().collect();
    writing.sort_by_key(|generation| generation.pending(decoder).len());
    let longest_draft = (STEP_ROWS / writing.len())
        .saturating_sub(1)
        .min(LONGEST_DRAFT);
    let (mut tokens, mut rows) = (STEP_TOKENS, STEP_ROWS);
    for generation in writing {
        if rows == 0 {
            break;
        }
        generation.plan(decoder, tokens, longest_draft);
        tokens = tokens.saturating_sub(generation.segment.len());
        rows -= generation.rows();
    }
}

fn fits<D: Decode>(decoder: &D, needed: usize) -> Result<(), StepError> {
    let context = decoder.context();
    match needed > context {
        true => Err(StepError::ContextFull { needed, context }),
        false => Ok(()),
    }
}

/// One request under way.
struct Generation<S> {
    number: usize,
    sequence: TokenSequence<S>,
    constraint: Option<Constraint>,
    sampler: Sampler,
    drafts: Option<Lookup>,
    stop: Vec<u32>,
    prompt: usize,     // tokens of the sequence that were there before
    full: usize,       // tokens the sequence may have
    by_length: bool,   // whether it is `max_tokens` that makes it full
    draft_len: usize,  // how long the next draft may be
    segment: Vec<u32>, // tokens in this step: pending ones, then the draft
    drafted: usize,    // how many of them are the draft
    want: Want,
    counts: GenerationCounts,
    finish: Option<Result<Finish, GrammarError>>,
}

impl<S> Generation<S> {
    fn new<D: Decode<Sequence = S>>(
        decoder: &D,
        number: usize,
        request: Request<S>,
    ) -> Result<Generation<S>, GenerateError> {
        let mut sequence = request.sequence;
        let prompt = sequence.tokens.len();
        if prompt == 0 {
            return Err(GenerateError::NoPrompt);
        }
        fits(decoder, prompt)?;
        // Logits come with a token that enters, so one must be left to enter.
        if decoder.len(&sequence.state) == prompt {
            decoder.truncate(&mut sequence.state, prompt - 1);
        }
        let wished = prompt.saturating_add(request.max_tokens);
        Ok(Generation {
            number,
            sequence,
            constraint: request.constraint,
            sampler: request.sampler,
            drafts: request.drafts,
            stop: request.stop,
            prompt,
            full: wished.min(decoder.context()),
            by_length: wished <= decoder.context(),
            draft_len: FIRST_DRAFT,
            segment: Vec::new(),
            drafted: 0,
            want: Want::Nothing,
            counts: GenerationCounts::default(),
            finish: None,
        })
    }

    fn is_writing(&self) -> bool {
        self.finish.is_none()
    }

    /// Ends the text or appends tokens where the grammar decides without the model.
    fn begin(&mut self) {
        self.end_if_complete();
        self.take_forced();
    }

    fn pending<D: Decode<Sequence = S>>(&self, decoder: &D) -> &[u32] {
        &self.sequence.tokens[decoder.len(&self.sequence.state)..]
    }

    /// Puts at most `room` pending tokens into the next step and, if these are all, a draft behind them.
    fn plan<D: Decode<Sequence = S>>(&mut self, decoder: &D, room: usize, longest_draft: usize) {
        let held = decoder.len(&self.sequence.state);
        let pending = &self.sequence.tokens[held..];
        let taken = pending.len().min(room);
        self.segment.extend(&pending[..taken]);
        if taken == pending.len() {
            self.want = Want::From(taken - 1);
            let longest = longest_draft.min(room - taken);
            self.draft(longest, decoder.vocab());
        }
    }

    fn draft(&mut self, longest: usize, vocab: usize) {
        let Some(drafts) = &self.drafts else { return };
        // The last token of a text needs no draft: the row before gives it.
        let left = self.full - self.sequence.tokens.len() - 1;
        let draft = drafts.propose(longest.min(self.draft_len).min(left));
        let known = draft.iter().take_while(|&&t| (t as usize) < vocab).count();
        let draft = &draft[..known];
        let allowed = match &mut self.constraint {
            Some(constraint) => constraint.validate(draft),
            None => draft.len(),
        };
        self.segment.extend(&draft[..allowed]);
        self.drafted = allowed;
    }

    /// Returns the tokens of the next step, if there are any.
    fn segment(&mut self) -> Option<Segment<'_, S>> {
        (!self.segment.is_empty()).then_some(Segment {
            sequence: &mut self.sequence.state,
            tokens: &self.segment,
            want: self.want,
        })
    }

    fn rows(&self) -> usize {
        self.want.rows(self.segment.len()).len()
    }

    /// Reads the rows of the step from `first` on. Returns how many tokens of the draft were rejected.
    fn read(&mut self, logits: &Logits, first: usize) -> Result<usize, SampleError> {
        let mut rejected = 0;
        if self.rows() > 0 {
            let accepted = self.accept_draft(logits, first)?;
            rejected = self.drafted - accepted;
            self.count(accepted);
        }
        self.counts.rows += self.segment.len();
        self.segment.clear();
        self.drafted = 0;
        self.want = Want::Nothing;
        Ok(rejected)
    }

    /// Appends tokens as long as the draft is what would have been written without it. Returns how many tokens of it were.
    fn accept_draft(&mut self, logits: &Logits, first: usize) -> Result<usize, SampleError> {
        let draft = self.segment.len() - self.drafted;
        let mut accepted = 0;
        loop {
            let before = self.sequence.tokens.len();
            self.write(logits.row(first + accepted))?;
            let written = &self.sequence.tokens[before..];
            let agreed = written
                .iter()
                .zip(&self.segment[draft + accepted..])
                .take_while(|(written, drafted)| written == drafted)
                .count();
            accepted += agreed;
            if agreed < written.len() || !self.is_writing() {
                return Ok(accepted);
            }
        }
    }

    /// Counts the step; a draft that was accepted whole may be followed by one twice as long.
    fn count(&mut self, accepted: usize) {
        if self.drafted > 0 {
            self.draft_len = (2 * accepted).clamp(1, LONGEST_DRAFT);
        }
        self.counts.steps += 1;
        self.counts.drafted += self.drafted;
        self.counts.accepted += accepted;
    }

    /// Samples one token and appends it and those the grammar forces behind it.
    fn write(&mut self, row: &[f32]) -> Result<(), SampleError> {
        let mask = self.constraint.as_mut().map(Constraint::mask);
        let mask = match mask.transpose() {
            Ok(mask) => mask,
            Err(error) => {
                self.end(Err(error));
                return Ok(());
            }
        };
        let token = self.sampler.sample(row, mask.as_ref())?;
        self.append(token);
        self.take_forced();
        Ok(())
    }

    fn take_forced(&mut self) {
        let before = self.sequence.tokens.len();
        while let (true, Some(constraint)) = (self.is_writing(), &mut self.constraint) {
            let forced = constraint.forced();
            if forced.is_empty() {
                break;
            }
            for token in forced {
                if self.is_writing() {
                    self.append(token);
                }
            }
        }
        self.counts.forced += self.sequence.tokens.len() - before;
    }

    fn append(&mut self, token: u32) {
        if self.is_stop(token) {
            return self.end(Ok(Finish::Stop));
        }
        if let Some(Err(error)) = self.constraint.as_mut().map(|c| c.accept(token)) {
            return self.end(Err(error));
        }
        self.sequence.tokens.push(token);
        if let Some(drafts) = &mut self.drafts {
            drafts.push(token);
        }
        self.end_if_complete();
    }

    fn is_stop(&self, token: u32) -> bool {
        let ends = |constraint: &Constraint| constraint.ends(token);
        self.stop.contains(&token) || self.constraint.as_ref().is_some_and(ends)
    }

    fn end_if_complete(&mut self) {
        if self
            .constraint
            .as_ref()
            .is_some_and(Constraint::is_finished)
        {
            self.end(Ok(Finish::Grammar));
        } else if self.sequence.tokens.len() >= self.full {
            let finish = if self.by_length {
                Finish::Length
            } else {
                Finish::Context
            };
            self.end(Ok(finish));
        }
    }

    fn end(&mut self, finish: Result<Finish, GrammarError>) {
        self.finish = Some(finish);
    }

    fn outcome(self) -> Outcome<S> {
        Outcome {
            tokens: self.sequence.tokens[self.prompt..].to_vec(),
            sequence: self.sequence,
            finish: self.finish.unwrap_or(Ok(Finish::Cancelled)),
            counts: self.counts,
        }
    }
}
