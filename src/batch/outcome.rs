//! What became of the inputs of a run, and how far the run is.
//!
//! In:  what workers did and the journal holds. Out: an `Outcome` an input, small enough to be kept of every one, and counters
//! for whoever watches.

use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

use super::journal::RecordSpan;
use super::plan::InputError;

/// What became of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Open,
    /// Its notes are in place; the record stands there.
    Done(RecordSpan),
    /// It is no article, or the engine failed; the record stands there.
    Failed(RecordSpan),
    /// It could not be read, and has no record.
    Unread(Box<InputError>),
}

/// Says how far a run is, for whoever watches.
#[derive(Debug, Default)]
pub struct BatchProgress {
    /// Inputs whose notes were written.
    pub done: AtomicUsize,
    /// Inputs whose notes were there already.
    pub kept: AtomicUsize,
    /// Of those, how many have a note that somebody has edited.
    pub edited: AtomicUsize,
    /// Inputs without a note.
    pub failed: AtomicUsize,
    /// The id of the input begun last.
    pub current: Mutex<String>,
}
