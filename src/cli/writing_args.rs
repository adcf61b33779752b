//! The flags for engines with a model, and what an engine is opened with.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use sukje::engine::{EngineChoice, EngineOptions, WriteChoice};

use super::threads::ThreadArgs;

/// The engines there are.
pub const ENGINES: &[&str] = &["auto", "extractive", "llm", "openai:URL"];

/// How a model comes to its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WriteArg {
    /// Clauses, where the note is in the article's language
    Auto,
    /// Chosen among lines of the article's clauses
    Clauses,
    /// Written by the model
    Free,
}

impl From<WriteArg> for WriteChoice {
    fn from(arg: WriteArg) -> WriteChoice {
        match arg {
            WriteArg::Auto => WriteChoice::Auto,
            WriteArg::Clauses => WriteChoice::Clauses,
            WriteArg::Free => WriteChoice::Free,
        }
    }
}

/// Says how a model writes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options for models")]
pub struct WritingArgs {
    /// The model that writes the note
    #[arg(long, value_name = "NAME|FILE")]
    pub model: Option<String>,
    /// Take the models of this file instead of the built-in ones
    #[arg(long, value_name = "FILE")]
    pub models: Option<PathBuf>,
    /// Ask what the files of this folder ask, DIR/ko/*.txt and DIR/en/*.txt; what it lacks is asked as built in
    #[arg(long, value_name = "DIR")]
    pub prompts: Option<PathBuf>,
    /// How a model comes to its lines: it chooses among lines made of the article's own clauses, or writes them itself; `auto` has it
    /// write where the note is in another language than the article
    #[arg(long, value_name = "HOW", value_enum, default_value_t = WriteArg::Auto)]
    pub write: WriteArg,
    /// The most tokens of the article that the model reads; of longer ones it reads the best sentences, and the note says so
    #[arg(long, value_name = "N", default_value_t = 6144, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub article_tokens: u32,
    /// The most tokens of one text
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub text_tokens: u32,
    /// Choose words at random with this seed instead of the likeliest each time; the same seed gives the same note
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Print each part on standard error as soon as it is written and holds; the note comes as always
    #[arg(long)]
    pub stream: bool,
    #[cfg(feature = "remote")]
    #[command(flatten)]
    pub asking: AskingArgs,
}

/// Says how a server is asked.
#[cfg(feature = "remote")]
#[derive(Debug, Args)]
#[command(next_help_heading = "Options for --engine openai:URL")]
pub struct AskingArgs {
    /// Questions the server is asked at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub parallel: u32,
    /// Seconds after which a question is given up, all tries together; the key comes from SUKJE_API_KEY, else OPENAI_API_KEY
    #[arg(long, value_name = "S", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub timeout: u32,
}

/// Says how a model writes many notes.
#[derive(Debug, Args)]
pub struct BatchWritingArgs {
    /// MB that the articles a model writes together may take [default: half of what is free]; at most 8 are written at a time
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u32).range(1..))]
    pub memory: Option<u32>,
    // Last, so that its heading is of its own options alone.
    #[command(flatten)]
    pub writing: WritingArgs,
}

impl WritingArgs {
    /// Returns what the engine is opened with.
    pub fn options(&self, engine: EngineChoice) -> EngineOptions {
        let options = EngineOptions {
            engine,
            model: self.model.clone(),
            models: self.models.clone(),
            prompts: self.prompts.clone(),
            write: self.write.into(),
            article_tokens: self.article_tokens as usize,
            text_tokens: self.text_tokens as usize,
            seed: self.seed,
            ..EngineOptions::default()
        };
        self.asking(options)
    }

    #[cfg(feature = "remote")]
    fn asking(&self, options: EngineOptions) -> EngineOptions {
        EngineOptions {
            parallel: self.asking.parallel as usize,
            timeout: std::time::Duration::from_secs(self.asking.timeout.into()),
            ..options
        }
    }

    #[cfg(not(feature = "remote"))]
    fn asking(&self, options: EngineOptions) -> EngineOptions {
        options
    }

    /// Returns whether a model is named.
    pub fn names_model(&self) -> bool {
        self.model.is_some()
    }

    /// Returns the number of threads that are asked for.
    pub fn threads(&self) -> &ThreadArgs {
        &self.threads
    }

    /// Returns whether parts are printed as they are written.
    pub fn stream(&self) -> bool {
        self.stream
    }
}

impl BatchWritingArgs {
    /// Returns the flags that are not of batches alone.
    pub fn writing(&self) -> &WritingArgs {
        &self.writing
    }

    /// Returns the number of threads that are asked for.
    pub fn threads(&self) -> &ThreadArgs {
        &self.writing.threads
    }

    /// Returns the MB for articles written together.
    pub fn memory(&self) -> Option<u32> {
        self.memory
    }
}
