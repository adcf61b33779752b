//! The engine with a model: it cites, the program recites what is cited, it writes.
//!
//! In:  `Article`, `Lens` and a model. Out: `Outline`. The article is read once; every part (thesis, argument, each challenge, each point of
//! critique) is a head forked from there, and all heads are written together, as one batch. What a head writes is checked like any
//! field of a brief; one that does not hold is written once more, then taken from the extractive outline, and said to be.
//!
//! `prompt` holds what is asked, `select` what is read, `slots` what is to be written, `cite` and `writing` the grammars; `heads` runs them,
//! `written` is what they say, `assemble` makes the outline; `replay` plays a given brief, for measuring. `remote` asks the same of a server.

pub(crate) mod branches;
mod replay;
pub use replay::ReplayScript;
mod text_grammar;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use thiserror::Error;

use crate::engine::note::assemble;
pub use crate::engine::note::prompt::{PromptError, Prompts};
use crate::engine::note::written::Written;
#[cfg(feature = "remote")]
use crate::engine::server as remote;

use crate::article::{Article, Language, Warning, WarningKind};
use crate::brief::{EngineInfo, Outline, Statement};
use crate::model::chat::{ChatError, ChatTemplate};
use crate::model::gguf::Vocabulary;
use crate::model::tokenizer::{Tokenizer, TokenizerError};
use crate::model::{
    Decode, GenerateError, GrammarError, GrammarFactory, Outcome, Sampling, StepError,
    TokenSequence,
};
use crate::outline::{OutlineOptions, critique, extractive};

/// The engine's name in briefs.
pub const ENGINE: &str = "llm";

/// A model, ready to write: what turns tokens into logits, and what tokens mean to it.
pub struct Model<D: Decode> {
    decoder: D,
    tokenizer: Arc<Tokenizer>,
    chat: ChatTemplate,
    grammars: GrammarFactory,
    name: String,
    sha256: Option<String>,
    /// What prompts begin with whatever the article, read once.
    openings: Mutex<Vec<TokenSequence<D::Sequence>>>,
}

impl<D: Decode> Model<D> {
    /// A model of that name; its vocabulary is indexed here, once.
    pub fn new(
        decoder: D,
        vocabulary: &Vocabulary,
        name: &str,
        sha256: Option<String>,
    ) -> Result<Model<D>, LlmError> {
        let tokenizer = Arc::new(Tokenizer::from_vocabulary(vocabulary)?);
        let chat = ChatTemplate::of(vocabulary, &tokenizer)?;
        Model::of_parts(decoder, tokenizer, chat, name, sha256)
    }

    /// As [`Model::new`], of what was loaded before.
    pub fn of_parts(
        decoder: D,
        tokenizer: Arc<Tokenizer>,
        chat: ChatTemplate,
        name: &str,
        sha256: Option<String>,
    ) -> Result<Model<D>, LlmError> {
        Ok(Model {
            chat,
            grammars: GrammarFactory::new(tokenizer.token_environment(decoder.vocab())?)?,
            name: name.into(),
            decoder,
            tokenizer,
            sha256,
            openings: Mutex::default(),
        })
    }

    fn openings(&self) -> MutexGuard<'_, Vec<TokenSequence<D::Sequence>>> {
        self.openings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The hash of its file, where that is known.
    pub fn sha256(&self) -> Option<&str> {
        self.sha256.as_deref()
    }

    /// What reads and writes.
    pub fn decoder(&self) -> &D {
        &self.decoder
    }
}

/// How the model writes.
#[derive(Debug, Clone, PartialEq)]
pub struct LlmOptions {
    /// What it is asked, for notes in Korean and in English.
    pub prompts: [Prompts; 2],
    /// The most tokens of the article that are read.
    pub article_tokens: usize,
    /// The most tokens of one text.
    pub text_tokens: usize,
    /// How tokens are chosen.
    pub sampling: Sampling,
    /// Whether runs of the cited sentences are tried as drafts. Changes how fast a text comes, never the text.
    pub drafts: bool,
}

impl Default for LlmOptions {
    fn default() -> LlmOptions {
        LlmOptions {
            prompts: [Prompts::of(Language::Ko), Prompts::of(Language::En)],
            article_tokens: 6_144,
            text_tokens: 256,
            sampling: Sampling::default(),
            drafts: true,
        }
    }
}

impl LlmOptions {
    /// What is asked for notes in `language`.
    pub fn prompts(&self, language: Language) -> &Prompts {
        match language {
            Language::Ko => &self.prompts[0],
            Language::En => &self.prompts[1],
        }
    }
}

/// What a brief took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Effort {
    /// Tokens of the prompt that all heads share.
    pub prompt: usize,
    /// Heads that wrote, the second tries among them.
    pub heads: usize,
    /// Tokens the program wrote into the answers: cited sentences and cues.
    pub recited: usize,
    /// Tokens written.
    pub written: usize,
    /// Those of them that a grammar left no choice for.
    pub forced: usize,
    /// Those of them that came as drafts.
    pub accepted: usize,
    /// Drafts tried.
    pub drafted: usize,
    /// Tokens that went through the model behind what all heads share: questions, recited sentences, drafts, texts.
    pub rows: usize,
    /// How often a text waited for the model, summed over all texts.
    pub steps: usize,
}

impl Effort {
    fn add<S>(&mut self, outcome: &Outcome<S>) {
        self.heads += 1;
        self.written += outcome.tokens.len();
        self.forced += outcome.counts.forced;
        self.drafted += outcome.counts.drafted;
        self.accepted += outcome.counts.accepted;
        self.steps += outcome.counts.steps;
        self.rows += outcome.counts.rows;
    }
}

/// What happens while a brief is written.
#[derive(Debug)]
pub enum Progress<'p> {
    /// The article is being read.
    Reading {
        /// Tokens read.
        done: usize,
        /// Tokens to read.
        total: usize,
    },
    /// All heads have said which sentences they rest on.
    Cited,
    /// A field is done and holds.
    Part {
        /// Which, such as `challenges[1].text`.
        field: &'p str,
        /// What it says.
        statement: &'p Statement,
    },
    /// All is written.
    Done(Effort),
}

/// Why a model could write no brief at all.
#[derive(Debug, Error)]
pub enum LlmError {
    /// Its vocabulary.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// Its chat template.
    #[error(transparent)]
    Chat(#[from] ChatError),
    /// Its vocabulary, as grammars need it.
    #[error(transparent)]
    Grammar(#[from] GrammarError),
    /// It failed while it read.
    #[error(transparent)]
    Decode(#[from] StepError),
    /// It failed while it wrote.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// Its context is smaller than what is asked of it.
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
    /// The server that was to write says no.
    #[cfg(feature = "remote")]
    #[error(transparent)]
    Remote(#[from] remote::RemoteError),
    /// The caller wanted no more.
    #[error("was cancelled")]
    Cancelled,
}

/// Outlines an article with a model.
pub fn outline<D: Decode>(
    model: &Model<D>,
    article: &Article,
    options: &OutlineOptions,
    how: &LlmOptions,
    cancelled: &AtomicBool,
    on_progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Outline, LlmError> {
    let mut tell = |_: usize, progress: Progress<'_>| on_progress(progress);
    let all = outline_all(model, &[article], options, how, cancelled, &mut tell)?;
    all.into_iter().next().expect("an outcome for the article")
}

/// Outlines several articles together: the heads of all of them are one batch, which changes how fast outlines come and no outline.
///
/// An article the model cannot read fails alone; the outer error is one that concerns all. Progress names the article by its index.
pub fn outline_all<D: Decode>(
    model: &Model<D>,
    articles: &[&Article],
    options: &OutlineOptions,
    how: &LlmOptions,
    cancelled: &AtomicBool,
    on_progress: &mut dyn FnMut(usize, Progress<'_>),
) -> Result<Vec<Result<Outline, LlmError>>, LlmError> {
    let plain: Vec<Outline> = articles
        .iter()
        .map(|article| plain(model, article, options, how))
        .collect();
    let whole = |at: &usize| !articles[*at].sentences.is_empty();
    let asked: Vec<usize> = (0..articles.len()).filter(whole).collect();
    let questions: Vec<branches::Asked<'_, D>> = asked
        .iter()
        .map(|&at| branches::Asked {
            model,
            article: articles[at],
            options,
            how,
            prompts: how.prompts(plain[at].output_language),
            plain: &plain[at],
            cancelled,
        })
        .collect();
    let mut tell = |index: usize, progress: Progress<'_>| on_progress(asked[index], progress);
    let written = branches::written(&model.decoder, &questions, cancelled, &mut tell)?;
    let mut written = written.into_iter();
    drop(questions);
    let outlined = |(at, plain): (usize, Outline)| {
        if articles[at].sentences.is_empty() {
            return Ok(plain);
        }
        let written = written.next().expect("an answer for every question")?;
        let mut tell = |progress: Progress<'_>| on_progress(at, progress);
        Ok(made(articles[at], plain, written, &mut tell))
    };
    Ok(plain.into_iter().enumerate().map(outlined).collect())
}

/// What the extractive engine holds of an article, under this engine's name.
fn plain<D: Decode>(
    model: &Model<D>,
    article: &Article,
    options: &OutlineOptions,
    how: &LlmOptions,
) -> Outline {
    let mut plain = extractive::outline(article, options);
    plain.engine = EngineInfo {
        name: ENGINE.into(),
        model: Some(model.name.clone()),
        model_sha256: model.sha256.clone(),
        prompt_sha256: Some(how.prompts(plain.output_language).sha256()),
        version: env!("CARGO_PKG_VERSION").into(),
    };
    plain
}

/// The outline of what was written, with critique.
pub(crate) fn made(
    article: &Article,
    plain: Outline,
    mut written: Written,
    on_progress: &mut dyn FnMut(Progress<'_>),
) -> Outline {
    let points = std::mem::take(&mut written.critique);
    let mut outline = assemble::outline(article, plain, written, on_progress);
    critique::criticise(article, &mut outline);
    assemble::critique(&mut outline, points);
    outline
}

/// The warning that not all of an article was read.
pub(crate) fn not_all_read(seen: usize, sentences: usize) -> Warning {
    Warning {
        kind: WarningKind::Coverage,
        text: format!("the model read {seen} of {sentences} sentences"),
        start: None,
        end: None,
    }
}
