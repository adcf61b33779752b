//! A model made ready to write notes.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::error::EngineError;
use crate::model::chat::ChatTemplate;
use crate::model::tokenizer::Tokenizer;
use crate::model::{Decode, GrammarFactory, TokenSequence};

/// The most beginnings of prompts kept read: one for each language and way of asking, and a few that end in other tokens.
const MOST_OPENINGS: usize = 4;

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

    /// Returns a sequence that holds what many prompts begin with, read by the decoder once for all of them.
    pub(super) fn opening(
        &self,
        tokens: &[u32],
        cancelled: &AtomicBool,
    ) -> Result<TokenSequence<D::Sequence>, EngineError> {
        let mut kept = self.openings.lock().unwrap_or_else(PoisonError::into_inner);
        let at = match kept.iter().position(|known| known.tokens() == tokens) {
            Some(at) => at,
            None => {
                let mut sequence = TokenSequence::new(&self.decoder);
                sequence.push(tokens);
                if !sequence.prefill(&self.decoder, cancelled)? {
                    return Err(EngineError::Cancelled);
                }
                kept.truncate(MOST_OPENINGS - 1);
                kept.push(sequence);
                kept.len() - 1
            }
        };
        Ok(kept[at].fork(&self.decoder))
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
