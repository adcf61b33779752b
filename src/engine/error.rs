//! The errors of engines: why one could not be opened, why one could not outline an article, and why a document has no brief.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error as ThisError;

#[cfg(feature = "remote")]
use super::server::client::RemoteError;
#[cfg(feature = "model")]
use crate::model::chat::ChatError;
#[cfg(feature = "model")]
use crate::model::tokenizer::TokenizerError;
#[cfg(feature = "model")]
use crate::model::{GenerateError, GrammarError, StepError};

/// Why an article could not be outlined.
#[derive(Debug, ThisError)]
pub enum EngineError {
    /// The vocabulary cannot be used.
    #[cfg(feature = "model")]
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// The chat template cannot be used.
    #[cfg(feature = "model")]
    #[error(transparent)]
    Chat(#[from] ChatError),
    /// No grammar can be made of the vocabulary.
    #[cfg(feature = "model")]
    #[error(transparent)]
    Grammar(#[from] GrammarError),
    /// The model failed while it read.
    #[cfg(feature = "model")]
    #[error(transparent)]
    Decode(#[from] StepError),
    /// The model failed while it wrote.
    #[cfg(feature = "model")]
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// The server refuses to answer.
    #[cfg(feature = "remote")]
    #[error(transparent)]
    Server(#[from] RemoteError),
    /// The model's context is too small for questions and answers.
    #[error(
        "the context of {context} tokens is too small: question and answer take {needed} without the article"
    )]
    Context {
        /// Tokens needed.
        needed: usize,
        /// Tokens there are.
        context: usize,
    },
    /// Every sentence is longer than the room for the article.
    #[error("no sentence of the article fits into the {room} tokens there are for it")]
    NoRoom {
        /// Tokens there are.
        room: usize,
    },
    /// The caller has cancelled it.
    #[error("was cancelled")]
    Cancelled,
    /// The thread that outlines articles has ended.
    #[error("the model's thread has ended")]
    Ended,
    /// All articles that were outlined together failed for this one cause.
    #[error("{0}")]
    Together(Arc<EngineError>),
}

/// Why a document has no brief.
#[derive(Debug, ThisError)]
pub enum BriefError {
    /// Cleaning leaves no sentence of it.
    #[error("no article found")]
    NoArticle,
    /// The article could not be outlined.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// The error below, of whichever library it is.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why an engine could not be opened.
#[derive(Debug, ThisError)]
pub enum OpenError {
    /// The extractive engine was asked for, and a model with it.
    #[error("the extractive engine writes without a model")]
    ModelGiven,
    /// This build has no models.
    #[error("this build has no models")]
    NoModels,
    /// This build asks no servers.
    #[error("this build asks no servers")]
    NoServers,
    /// A file of prompts or models, or a folder of prompts, cannot be used.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        cause: Cause,
    },
    /// The server's address cannot be used. It may hold a secret and is not shown.
    #[error("the server's address {cause}")]
    Address {
        /// What is wrong with it.
        cause: Cause,
    },
    /// The server's key cannot be used.
    #[error("{variable}: {cause}")]
    Key {
        /// The environment variable it comes from.
        variable: &'static str,
        /// What is wrong with it.
        cause: Cause,
    },
    /// The server does not say which model it has.
    #[error("{address}: {cause}")]
    Server {
        /// The server's address.
        address: String,
        /// How it failed.
        cause: Cause,
    },
    /// No model of that name is known.
    #[error("{name}: no model of that name is known")]
    UnknownModel {
        /// The name.
        name: String,
    },
    /// The model is known and not on this computer.
    #[error("{name}: {cause}")]
    AbsentModel {
        /// Its name.
        name: String,
        /// What was found instead.
        cause: Cause,
    },
    /// The model's file is not what it must be.
    #[error("{name}: {cause}")]
    DamagedModel {
        /// Its name.
        name: String,
        /// What was found instead.
        cause: Cause,
    },
    /// The model cannot be used, or memory has no room for it.
    #[error("{name}: {cause}")]
    Model {
        /// Its name, or its file's.
        name: String,
        /// Why.
        cause: Cause,
    },
    /// The model's file could not be read.
    #[error("{name}: {cause}")]
    Io {
        /// Its name.
        name: String,
        /// How it failed.
        cause: Cause,
    },
    /// The number of threads could not be set.
    #[error("the number of threads: {cause}")]
    Threads {
        /// Why.
        cause: Cause,
    },
    /// The system has no thread for the engine.
    #[error("threads: {0}")]
    Thread(#[source] io::Error),
}
