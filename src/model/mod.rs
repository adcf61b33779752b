//! The model room: a small open-weight model, from a file on disk to tokens that keep to a grammar.
//!
//! In:  a GGUF file, texts and grammars. Out: texts, logits, figures. Knows nothing of articles or outlines.
//! Nothing here trusts a file: `gguf` has checked every number before a tensor is read.

mod arena;
mod attention;
pub mod bench;
pub mod chat;
mod decoder;
pub mod download;
pub mod families;
mod generate;
pub mod gguf;
mod grammar;
mod kernels;
mod kv_cache;
pub mod likelihood;
mod linear;
pub mod load;
mod lookup;
pub mod memory;
mod perplexity;
pub mod registry;
mod rope;
mod sampler;
mod step;
pub mod store;
pub mod tokenizer;

pub use candle_core::Device;
pub use decoder::{Decoder, DecoderOptions};
pub use generate::{
    Finish, GenerateError, GenerationCounts, Outcome, Request, TokenSequence, generate,
};
pub use grammar::{Constraint, GrammarError, GrammarFactory};
pub use kernels::instructions;
pub use kv_cache::{CacheType, Sequence};
pub use linear::LoadError;
pub use load::{Model, ModelError, ModelOptions};
pub use lookup::Lookup;
pub use perplexity::{logprobs, perplexity};
pub use sampler::{Mask, SampleError, Sampler, Sampling};
pub use step::{Decode, Logits, Segment, StepError, Want};
