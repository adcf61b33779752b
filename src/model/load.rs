//! The door: a checked file becomes a model that can be prompted and stepped.
//!
//! In:  `Gguf`, options. Out: `Model`. What memory has no room for is refused, with what it
//! would need, before a tensor is read.

use std::sync::Arc;

use thiserror::Error;

use super::chat::{ChatError, ChatTemplate};
use super::decoder::{Decoder, DecoderOptions};
use super::gguf::Gguf;
use super::linear::LoadError;
use super::memory;
use super::tokenizer::{Tokenizer, TokenizerError};

/// How a model is loaded.
#[derive(Debug, Clone, Default)]
pub struct ModelOptions {
    /// Where and how it runs.
    pub decoder: DecoderOptions,
    /// Tokens that there must be memory for, of all sequences together; none is one sequence of the whole context.
    pub tokens: Option<usize>,
}

/// A model, ready to run, and how text becomes its tokens.
#[derive(Debug)]
pub struct Model {
    /// Tokens to logits.
    pub decoder: Decoder,
    /// Text to tokens and back.
    pub tokenizer: Arc<Tokenizer>,
    chat: Result<ChatTemplate, ChatError>,
}

/// Why a model could not be loaded. The file's own name is left to the caller.
#[derive(Debug, Error)]
pub enum ModelError {
    /// The model's own vocabulary.
    #[error("{0}")]
    Tokenizer(#[source] TokenizerError),
    /// There is no room for it.
    #[error("needs about {} of memory for {tokens} tokens, {} are free", megabytes(*needed_bytes), megabytes(*available_bytes))]
    Memory {
        /// Tokens the room was to hold.
        tokens: usize,
        /// Bytes it takes with them, at most.
        needed_bytes: u64,
        /// Bytes there are.
        available_bytes: u64,
    },
    /// Its tensors could not be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}

/// Returns the tokenizer of a model, from the vocabulary in its file.
pub fn tokenizer(file: &Gguf) -> Result<Tokenizer, ModelError> {
    Tokenizer::from_vocabulary(file.vocabulary()).map_err(ModelError::Tokenizer)
}

impl Model {
    /// Loads the tensors of a file.
    pub fn load(
        file: &Gguf,
        tokenizer: Tokenizer,
        options: &ModelOptions,
    ) -> Result<Model, ModelError> {
        // On a GPU the tensors are no more than passing through.
        if options.decoder.device.is_cpu() {
            let tokens = options.tokens.unwrap_or_else(|| context(file, options));
            let needed = memory::needed_bytes(file, options.decoder.cache, tokens);
            fits(tokens, needed, memory::available_bytes())?;
        }
        Ok(Model {
            chat: ChatTemplate::of(file.vocabulary(), &tokenizer),
            decoder: Decoder::load(file, &options.decoder)?,
            tokenizer: Arc::new(tokenizer),
        })
    }

    /// Returns how a conversation is written; models that were never taught to converse have no template.
    pub fn chat(&self) -> Result<&ChatTemplate, &ChatError> {
        self.chat.as_ref()
    }
}

fn context(file: &Gguf, options: &ModelOptions) -> usize {
    let whole = file.hyperparameters().context;
    options
        .decoder
        .context
        .map_or(whole, |most| most.min(whole))
}

/// Where nobody knows how much memory there is, it is tried.
fn fits(tokens: usize, needed_bytes: u64, available_bytes: Option<u64>) -> Result<(), ModelError> {
    match available_bytes {
        Some(available_bytes) if available_bytes < needed_bytes => Err(ModelError::Memory {
            tokens,
            needed_bytes,
            available_bytes,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use sukje_dev::random::{Quantisation, RandomModel, Shape};
    use sukje_dev::vocabulary::Vocabulary;

    use super::*;
    use crate::model::Decode;

    fn file(change: impl FnOnce(&mut Vocabulary)) -> Gguf {
        let shape = Shape::named("tiny-qwen3").expect("a known shape");
        let mut model = RandomModel::new(shape, Quantisation::Q8_0, 1);
        change(&mut model.vocabulary);
        Gguf::from_bytes("a.gguf", model.to_bytes().expect("memory")).expect("a sound file")
    }

    fn load(file: &Gguf, options: &ModelOptions) -> Result<Model, ModelError> {
        Model::load(file, tokenizer(file)?, options)
    }

    #[test]
    fn too_little_memory_is_told_with_what_is_needed() {
        let error = fits(2048, 1_500_000_001, Some(1_000_000_000)).expect_err("too little");
        assert_eq!(
            error.to_string(),
            "needs about 1501 MB of memory for 2048 tokens, 1000 MB are free"
        );
        assert!(fits(1, 10, Some(10)).is_ok() && fits(1, u64::MAX, None).is_ok());
    }

    #[test]
    fn memory_is_asked_for_the_tokens_wanted() {
        let file = file(|_| ());
        // More tokens than any computer has bytes for.
        let tokens = Some(1 << 50);
        let options = ModelOptions {
            tokens,
            ..ModelOptions::default()
        };
        let error = load(&file, &options).expect_err("no room");
        assert!(matches!(error, ModelError::Memory { tokens, .. } if tokens == 1 << 50));
    }

    #[test]
    fn a_model_is_decoder_tokenizer_and_template() {
        let model = load(&file(|_| ()), &ModelOptions::default()).expect("a sound model");
        assert_eq!(model.decoder.vocab(), 512);
        assert_eq!(model.tokenizer.encode("ab").len(), 2);
        assert!(model.chat().is_ok());
        let broken = file(|vocabulary| vocabulary.chat_template = Some("{% if".into()));
        let model = load(&broken, &ModelOptions::default()).expect("it still runs");
        assert!(matches!(model.chat(), Err(ChatError::Template { .. })));
    }
}
