//! The pipeline: a document is cleaned, outlined by an engine and verified.

use std::sync::atomic::AtomicBool;

use super::error::{BriefError, EngineError};
use super::interface::{Engine, Info, Progress, only};
use crate::article::Article;
use crate::brief::Brief;
use crate::clean::{CleanOptions, clean};
use crate::input::Document;
use crate::outline::OutlineOptions;
use crate::verify::verify;

/// Reports progress with the article it is of.
type ReportProgress = Box<dyn Fn(&Article, Progress) + Send + Sync>;

/// Makes briefs of documents, in as many threads as there are.
pub struct Pipeline {
    engine: Box<dyn Engine>,
    clean: CleanOptions,
    outline: OutlineOptions,
    on_progress: ReportProgress,
}

impl Pipeline {
    /// A pipeline that cleans and outlines in this way.
    pub fn new(engine: Box<dyn Engine>, clean: CleanOptions, outline: OutlineOptions) -> Pipeline {
        Pipeline {
            engine,
            clean,
            outline,
            on_progress: Box::new(|_, _| ()),
        }
    }

    /// Reports progress to `on_progress`, with the article it is of.
    pub fn on_progress(
        self,
        on_progress: impl Fn(&Article, Progress) + Send + Sync + 'static,
    ) -> Pipeline {
        Pipeline {
            on_progress: Box::new(on_progress),
            ..self
        }
    }

    /// Makes the brief of a document; gives up once `cancelled` is set. A document of which cleaning leaves no sentence has none.
    pub fn brief(&self, document: &Document, cancelled: &AtomicBool) -> Result<Brief, BriefError> {
        let article = clean(document, &self.clean);
        if article.sentences.is_empty() {
            return Err(BriefError::NoArticle);
        }
        Ok(self.brief_of(&article, cancelled)?)
    }

    /// Makes the brief of an article that is clean.
    pub fn brief_of(
        &self,
        article: &Article,
        cancelled: &AtomicBool,
    ) -> Result<Brief, EngineError> {
        let mut report = |_: usize, progress| (self.on_progress)(article, progress);
        let outlines = self
            .engine
            .outline_all(&[article], &self.outline, cancelled, &mut report);
        Ok(verify(article, only(outlines)?))
    }

    /// Describes the engine.
    pub fn info(&self) -> Info {
        self.engine.info()
    }

    /// Names everything a brief depends on besides the document and the program's version.
    pub fn identity(&self) -> String {
        let engine = self.info().identity();
        format!("{engine} {:?} {:?}", self.clean, self.outline)
    }
}
