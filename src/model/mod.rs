//! The model room: a small open-weight model, from a file on disk to tokens that keep to a grammar.
//!
//! In:  a GGUF file, texts and grammars. Out: texts, logits, figures. Knows nothing of articles or outlines.
//! Nothing here trusts a file: `gguf` has checked every number before a tensor is read.

mod attention;
pub mod bench;
mod decoder;
pub mod download;
pub mod gguf;
mod kernels;
mod kv_cache;
pub mod memory;
mod perplexity;
pub mod random;
pub mod registry;
mod rope;
mod step;
pub mod store;

pub use decoder::{Decoder, DecoderOptions, LoadError};
pub use kv_cache::{CacheType, Sequence};
pub use perplexity::{Surprise, perplexity};
pub use step::{Decode, DecodeError, Logits, Segment, Want};
