//! What an engine is opened with.

use std::path::PathBuf;
use std::time::Duration;

/// The engine that is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The best model on this computer that was measured to choose better lines than the extractive engine, else that engine.
    #[default]
    Auto,
    /// The extractive engine.
    Extractive,
    /// A model on this computer.
    Llm,
    /// The server at this address, which the article is sent to.
    Server(String),
}

/// How a model on this computer comes to the lines of a note.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WriteChoice {
    /// Clauses, where the note is in the article's language; else freely.
    #[default]
    Auto,
    /// It chooses among lines made of the article's own clauses.
    Clauses,
    /// It writes them itself, under a grammar of the cited sentences' figures and names.
    Free,
}

/// How an engine is opened. All but the choice is for engines with a model.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// The engine that is wanted.
    pub engine: EngineChoice,
    /// The model's name, or its file; of a server, the name it gives the model.
    pub model: Option<String>,
    /// A file of known models instead of the built-in ones.
    pub models: Option<PathBuf>,
    /// A folder of prompts, `ko/*.txt` and `en/*.txt`, that take the place of built-in ones.
    pub prompts: Option<PathBuf>,
    /// How a model on this computer comes to its lines.
    pub write: WriteChoice,
    /// The most tokens of an article that are read; of longer ones the best sentences are.
    pub article_tokens: usize,
    /// The most tokens of one text.
    pub text_tokens: usize,
    /// Draws tokens at random with this seed instead of taking the likeliest.
    pub seed: Option<u64>,
    /// The most questions a server is asked at the same time.
    pub parallel: usize,
    /// The most time a question to a server may take, all tries together.
    pub timeout: Duration,
}

impl Default for EngineOptions {
    fn default() -> EngineOptions {
        EngineOptions {
            engine: EngineChoice::Auto,
            model: None,
            models: None,
            prompts: None,
            write: WriteChoice::default(),
            article_tokens: 6_144,
            text_tokens: 256,
            seed: None,
            parallel: 4,
            timeout: Duration::from_secs(120),
        }
    }
}
