//! The interface of all engines: the trait, what an engine says of itself, and how it reports its progress.

use std::fmt;
use std::sync::atomic::AtomicBool;

use serde::Serialize;

use super::error::EngineError;
use crate::article::Article;
use crate::brief::{Outline, Statement};
use crate::outline::OutlineOptions;

/// Outlines articles.
pub trait Engine: Send + Sync {
    /// Describes the engine.
    fn info(&self) -> Info;

    /// Outlines several articles together, which changes how fast outlines come and no outline. An article that fails fails alone.
    ///
    /// Gives up, with [`EngineError::Cancelled`], once `cancelled` is set. Progress names the article by its index.
    fn outline_all(
        &self,
        articles: &[&Article],
        options: &OutlineOptions,
        cancelled: &AtomicBool,
        on_progress: &mut dyn FnMut(usize, Progress),
    ) -> Vec<Result<Outline, EngineError>>;

    /// Returns what people should know before they trust its notes, in one line.
    fn warning(&self) -> Option<&'static str> {
        None
    }

    /// Outlines one article.
    fn outline(&self, article: &Article, options: &OutlineOptions) -> Result<Outline, EngineError> {
        let never = AtomicBool::new(false);
        let outlines = self.outline_all(&[article], options, &never, &mut |_, _| ());
        only(outlines)
    }
}

/// Takes the outline of the only article there was.
pub(super) fn only(outlines: Vec<Result<Outline, EngineError>>) -> Result<Outline, EngineError> {
    outlines
        .into_iter()
        .next()
        .unwrap_or(Err(EngineError::Ended))
}

/// Describes an engine: what briefs and errors call it, what its outlines depend on, and the memory it wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// The engine's name in briefs.
    pub name: &'static str,
    /// The name of its model in briefs.
    pub model: Option<String>,
    /// The hash of its model's file, where that is known.
    pub model_sha256: Option<String>,
    /// Everything else its outlines depend on besides the article and the `OutlineOptions`.
    pub settings: String,
    /// The name errors give it: a model's, or a server's address.
    pub source: String,
    /// The most bytes that one article takes while it is outlined, beside what is loaded already; 0 if it hardly takes any.
    pub article_bytes: u64,
    /// The number of articles to have under way at a time; none if there may be one for each processor.
    pub articles_at_once: Option<usize>,
}

impl Info {
    /// Names everything that outlines depend on besides the article and the `OutlineOptions`.
    pub fn identity(&self) -> String {
        match (&self.model, &self.model_sha256) {
            (None, _) => self.name.into(),
            (Some(_), None) => format!("{self} {}", self.settings),
            (Some(_), Some(sha256)) => format!("{self} {sha256} {}", self.settings),
        }
    }
}

/// The name people are shown: `extractive`, or `llm, qwen3-1.7b`.
impl fmt::Display for Info {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.model {
            None => f.write_str(self.name),
            Some(model) => write!(f, "{}, {model}", self.name),
        }
    }
}

/// A step of an engine that takes its time.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// The article is being read.
    Reading {
        /// Tokens read.
        done: usize,
        /// Tokens to read.
        total: usize,
    },
    /// All parts have cited the sentences they rest on.
    Cited,
    /// A field is written and holds.
    Part {
        /// The field, such as `challenges[1].text`.
        field: String,
        /// Its text and the sentences it cites.
        statement: Statement,
    },
    /// Everything is written.
    Done(Effort),
}

/// Counts what a brief took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Effort {
    /// Tokens of the prompt that all branches share.
    pub prompt: usize,
    /// Branches that wrote, second tries included.
    #[serde(rename = "heads")]
    pub branches: usize,
    /// Tokens the program put into the answers: cited sentences and cues.
    pub recited: usize,
    /// Tokens written.
    pub written: usize,
    /// Written tokens that a grammar left no choice for.
    pub forced: usize,
    /// Written tokens that came as drafts.
    pub accepted: usize,
    /// Draft tokens tried.
    pub drafted: usize,
    /// Tokens that went through the model behind the shared prompt: questions, recited sentences, drafts, texts.
    pub rows: usize,
    /// Steps of the model that texts waited for, summed over all texts.
    pub steps: usize,
}
