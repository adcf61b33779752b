//! The model room: a small open-weight model, from a file on disk to tokens that keep to a grammar.
//!
//! In:  a GGUF file, texts and grammars. Out: texts, logits, figures. Knows nothing of articles or outlines.
//! Nothing here trusts a file: `gguf` has checked every number before a tensor is read.

mod generate;
pub mod gguf;
mod grammar;
mod lookup;
mod sampler;
mod schema;
pub mod script;
mod step;

pub use generate::{Counts, Event, Finish, GenerateError, Outcome, Passage, Request, generate};
pub use grammar::{Constraint, Grammar, GrammarError, GrammarFactory};
pub use lookup::Lookup;
pub use sampler::{Mask, SampleError, Sampler, Sampling};
pub use step::{Decode, DecodeError, Logits, Segment, Want};
