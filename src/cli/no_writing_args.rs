//! What stands for the flags for engines with a model in a build that has none.

use clap::Args;
use sukje::engine::{EngineChoice, EngineOptions};

use super::threads::ThreadArgs;

/// The engines there are; the last one is refused with a hint.
pub const ENGINES: &[&str] = &["auto", "extractive", "openai:URL"];

/// Says how a model writes: there is none.
#[derive(Debug, Args)]
pub struct WritingArgs {}

/// Says how many notes are written.
#[derive(Debug, Args)]
pub struct BatchWritingArgs {
    #[command(flatten)]
    pub threads: ThreadArgs,
}

impl WritingArgs {
    /// Returns what the engine is opened with.
    pub fn options(&self, engine: EngineChoice) -> EngineOptions {
        EngineOptions {
            engine,
            ..EngineOptions::default()
        }
    }

    /// Returns whether a model is named.
    pub fn names_model(&self) -> bool {
        false
    }

    /// Returns the number of threads that are asked for.
    pub fn threads(&self) -> &ThreadArgs {
        &ThreadArgs { threads: None }
    }

    /// Returns whether parts are printed as they are written.
    pub fn stream(&self) -> bool {
        false
    }
}

impl BatchWritingArgs {
    /// Returns the flags that are not of batches alone.
    pub fn writing(&self) -> &WritingArgs {
        &WritingArgs {}
    }

    /// Returns the number of threads that are asked for.
    pub fn threads(&self) -> &ThreadArgs {
        &self.threads
    }

    /// Returns the MB for articles written together.
    pub fn memory(&self) -> Option<u32> {
        None
    }
}
