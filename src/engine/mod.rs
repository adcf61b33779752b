//! Engines: whatever turns articles into outlines, behind one trait.
//!
//! In:  `Article`s and what to look for. Out: an `Outline` for each, or why there is none; no text is printed before `verify` has checked it.
//! [`open`] is the only place that chooses: the extractive engine, a model on this computer (feature `model`) or a server (feature
//! `remote`). [`Pipeline`] puts cleaning before an engine and checking behind it.
//!
//! `interface` is what all engines have in common, `note` the parts of a note as a model is asked for them, `local` and `server` those
//! who answer, `batching` has a model outline many articles together.

mod batching;
mod error;
mod extractive;
mod interface;
#[cfg(feature = "model")]
pub mod local;
#[cfg(feature = "model")]
mod note;
mod open;
mod options;
mod pipeline;
#[cfg(feature = "remote")]
pub mod server;

pub use batching::BatchingEngine;
pub use error::{BriefError, EngineError, OpenError};
pub use extractive::Extractive;
pub use interface::{Effort, Engine, Info, Progress};
#[cfg(feature = "model")]
pub use note::options::WritingOptions;
#[cfg(feature = "model")]
pub use note::prompt::{PromptError, Prompts};
pub use open::{open, open_for_many, set_threads};
pub use options::{EngineChoice, EngineOptions, WriteChoice};
pub use pipeline::Pipeline;
