//! What writes the briefs of a batch.
//!
//! In:  a `Document`. Out: a `Brief`, or why there is none. The batch does not ask which engine it is: it asks what the answer
//! depends on, so that a note is written again when that changes.

use std::sync::atomic::AtomicBool;

use crate::brief::Brief;
use crate::clean::{CleanOptions, clean};
use crate::input::Document;
use crate::language::{Language, OncePerLanguage};
use crate::outline::extractive::lexicon::Lexicon;
use crate::outline::{OutlineOptions, outline_by};
use crate::verify::verify;

/// Writes briefs.
pub trait Engine: Sync {
    /// The brief of an article; may give up, with whatever error, once `stop` is set.
    fn brief(&self, document: &Document, stop: &AtomicBool) -> Result<Brief, String>;

    /// Everything a brief depends on besides the article and the program's version.
    fn identity(&self) -> String;
}

/// The embedded engine: no model, the same answer every time.
#[derive(Debug)]
pub struct Extractive {
    clean: CleanOptions,
    outline: OutlineOptions,
    /// Of each language, once an article is in it.
    lexicons: OncePerLanguage<Lexicon>,
}

impl Extractive {
    /// The engine that cleans so, and looks for that.
    pub fn new(clean: CleanOptions, outline: OutlineOptions) -> Extractive {
        Extractive {
            clean,
            outline,
            lexicons: OncePerLanguage::new(),
        }
    }

    fn lexicon(&self, language: Language) -> &Lexicon {
        let lens = &self.outline.lens;
        self.lexicons
            .get_or_make(language, |language| Lexicon::new(lens, language))
    }
}

impl Engine for Extractive {
    fn brief(&self, document: &Document, _: &AtomicBool) -> Result<Brief, String> {
        let article = clean(document, &self.clean);
        let lexicon = self.lexicon(article.language);
        let outline = outline_by(&article, &self.outline, lexicon);
        Ok(verify(&article, outline))
    }

    fn identity(&self) -> String {
        let Extractive { clean, outline, .. } = self;
        format!("extractive {clean:?} {outline:?}")
    }
}
