//! A model made ready to write notes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine::error::EngineError;
use crate::model::chat::ChatTemplate;
use crate::model::tokenizer::Tokenizer;
use crate::model::{Decode, GrammarFactory, TokenSequence};

/// A model made ready to write notes: a decoder, and what its tokens mean.
pub struct NoteModel<D: Decode> {
    pub(super) decoder: D,
    pub(super) tokenizer: Arc<Tokenizer>,
    pub(super) chat: ChatTemplate,
    pub(super) grammars: GrammarFactory,
    pub(super) name: String,
    pub(super) sha256: Option<String>,
    /// The beginnings that all prompts of a language share, read by the decoder once.
    openings: Mutex<Vec<TokenSequence<D::Sequence>>>,
}

impl<D: Decode> NoteModel<D> {
    /// Makes a model ready under the name a note gives it; its vocabulary is indexed here, once.
    pub fn new(
        decoder: D,
        tokenizer: Arc<Tokenizer>,
        chat: ChatTemplate,
        name: &str,
        sha256: Option<String>,
    ) -> Result<NoteModel<D>, EngineError> {
        Ok(NoteModel {
            chat,
            grammars: GrammarFactory::new(tokenizer.token_environment(decoder.vocab())?)?,
            name: name.into(),
            decoder,
            tokenizer,
            sha256,
            openings: Mutex::default(),
        })
    }

    /// Puts another decoder of the same vocabulary in the place of this one.
    pub fn with_decoder<E: Decode>(self, wrap: impl FnOnce(D) -> E) -> NoteModel<E> {
        NoteModel {
            decoder: wrap(self.decoder),
            tokenizer: self.tokenizer,
            chat: self.chat,
            grammars: self.grammars,
            name: self.name,
            sha256: self.sha256,
            openings: Mutex::default(),
        }
    }

    pub(super) fn openings(&self) -> MutexGuard<'_, Vec<TokenSequence<D::Sequence>>> {
        self.openings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns its decoder.
    pub fn decoder(&self) -> &D {
        &self.decoder
    }

    /// Returns how text becomes its tokens.
    pub fn tokenizer(&self) -> &Arc<Tokenizer> {
        &self.tokenizer
    }

    /// Returns how a conversation is written for it.
    pub fn chat(&self) -> &ChatTemplate {
        &self.chat
    }
}
