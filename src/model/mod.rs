//! The model room: a small open-weight model, from a file on disk to tokens that keep to a grammar.
//!
//! In:  a GGUF file, texts and grammars. Out: texts, logits, figures. Knows nothing of articles or outlines.
//! Nothing here trusts a file: `gguf` has checked every number before a tensor is read.

pub mod chat;
pub mod gguf;
mod step;
pub mod tokenizer;

pub use step::{Decode, DecodeError, Logits, Segment, Want};
