//! The engine with a model on this computer: the model chooses among lines made of the article's clauses or, asked to write freely, it
//! cites, the program recites what is cited, and it writes.
//!
//! In:  articles and a model. Out: outlines. `choose` has it weigh lines. Where it writes, the article is read once; every part of the note (thesis, argument, each challenge, each point of
//! critique) is a branch forked from there, and all branches of all articles are decoded as one batch. A text is checked like any field of a
//! brief; one that does not hold is written once more, then taken from the extractive outline and listed as a fallback.
//!
//! `branches` runs the requests, `text_grammar` bounds what a text may say, `model_files` finds and loads a model.

mod branches;
mod choose;
mod model_files;
mod note_model;
mod text_grammar;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use model_files::{ModelFile, Models, NamedModel, store_error};
pub use note_model::NoteModel;

use super::error::{EngineError, OpenError};
use super::interface::{Engine, Info, Progress};
use super::note::assemble;
pub use super::note::cite::{NOT_DISCUSSED, write_discussed, write_ids, write_step};
use super::note::options::WritingOptions;
pub use super::note::slots::kind_name;
use super::options::EngineOptions;
use crate::article::Article;
use crate::brief::Outline;
use crate::model::{CacheType, Decode, Decoder, memory};
use crate::outline::OutlineOptions;

/// The engine's name in briefs.
pub const NAME: &str = "llm";

/// Outlines articles with a model.
pub struct LocalEngine<D: Decode> {
    model: Arc<NoteModel<D>>,
    writing: WritingOptions,
    article_bytes: u64,
}

/// Opens the model that is asked for, or the one that is on this computer; none if there is none and none was asked for.
pub fn open(options: &EngineOptions) -> Result<Option<LocalEngine<Decoder>>, OpenError> {
    let writing = WritingOptions::from_engine(options)?;
    let Some((file, name)) = model_files::find(options)? else {
        return Ok(None);
    };
    let tokens = article_tokens(&file, &writing);
    let shape = file.file.hyperparameters();
    let article_bytes = memory::cache_bytes(shape, CacheType::default(), tokens);
    Ok(Some(LocalEngine {
        model: Arc::new(file.note_model(&name, tokens)?),
        writing,
        article_bytes,
    }))
}

/// Returns the most tokens an article and all its branches are held in memory with.
pub fn article_tokens(file: &ModelFile, writing: &WritingOptions) -> usize {
    let context = file.file.hyperparameters().context;
    writing.article_tokens.min(context) + branches::tokens(writing.text_tokens)
}

impl<D: Decode> LocalEngine<D> {
    /// An engine of a model that is loaded.
    pub fn new(model: impl Into<Arc<NoteModel<D>>>, writing: WritingOptions) -> LocalEngine<D> {
        LocalEngine {
            model: model.into(),
            writing,
            article_bytes: 0,
        }
    }

    fn outline_together(
        &self,
        articles: &[&Article],
        options: &OutlineOptions,
        cancelled: &AtomicBool,
        on_progress: &mut dyn FnMut(usize, Progress),
    ) -> Result<Vec<Result<Outline, EngineError>>, EngineError> {
        let basis =
            |article: &&Article| assemble::basis(self.described(), article, options, &self.writing);
        let bases: Vec<Outline> = articles.iter().map(basis).collect();
        let chooses = |at: usize| {
            let language = articles[at].language;
            self.writing.chooses(language, options.output_language)
        };
        let writes = |at: &usize| !articles[*at].sentences.is_empty() && !chooses(*at);
        let asked: Vec<usize> = (0..articles.len()).filter(writes).collect();
        let tasks: Vec<branches::ArticleTask<'_, D>> = asked
            .iter()
            .map(|&at| branches::ArticleTask {
                model: &self.model,
                article: articles[at],
                options,
                writing: &self.writing,
                prompts: self.writing.prompts(bases[at].output_language),
                basis: &bases[at],
                cancelled,
            })
            .collect();
        let mut report = |index: usize, progress| on_progress(asked[index], progress);
        let written = branches::written(&self.model.decoder, &tasks, cancelled, &mut report)?;
        drop(tasks);
        let mut written = written.into_iter();
        let outlined = |(at, basis): (usize, Outline)| {
            if articles[at].sentences.is_empty() {
                return Ok(basis);
            }
            if chooses(at) {
                let mut report = |progress| on_progress(at, progress);
                let by = (&self.writing, basis.engine);
                return choose::outline(
                    &self.model,
                    articles[at],
                    options,
                    by,
                    cancelled,
                    &mut report,
                );
            }
            let written = written.next().expect("an answer for every task")?;
            let mut report = |progress| on_progress(at, progress);
            Ok(assemble::outline(articles[at], basis, written, &mut report))
        };
        Ok(bases.into_iter().enumerate().map(outlined).collect())
    }

    fn described(&self) -> Info {
        Info {
            name: NAME,
            model: Some(self.model.name.clone()),
            model_sha256: self.model.sha256.clone(),
            settings: format!("{:?}", self.writing),
            source: self.model.name.clone(),
            article_bytes: self.article_bytes,
            articles_at_once: Some(1),
        }
    }
}

impl<D: Decode + Send + Sync> Engine for LocalEngine<D> {
    fn info(&self) -> Info {
        self.described()
    }

    fn warning(&self) -> Option<&'static str> {
        let is_plain = self.model.chat().is_plain();
        is_plain.then_some("the model has no chat template, so it reads a plain prompt")
    }

    fn outline_all(
        &self,
        articles: &[&Article],
        options: &OutlineOptions,
        cancelled: &AtomicBool,
        on_progress: &mut dyn FnMut(usize, Progress),
    ) -> Vec<Result<Outline, EngineError>> {
        match self.outline_together(articles, options, cancelled, on_progress) {
            Ok(outlines) => outlines,
            Err(error) => {
                let error = Arc::new(error);
                let same = |_| Err(EngineError::Together(error.clone()));
                articles.iter().map(same).collect()
            }
        }
    }
}
