//! GGUF: a model file becomes hyper-parameters, metadata and tensors that later rooms can trust.
//!
//! In:  a path. Out: `Gguf`, a file whose header was checked number by number. Never reads a tensor before that.

mod hyper;
mod vocabulary;

pub use hyper::{Family, Hyperparameters, RopeScaling, TensorType};
pub use vocabulary::{TokenType, Vocabulary};
