//! The extractive engine: no model, the same answer every time.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use super::error::EngineError;
use super::interface::{Engine, Info, Progress};
use crate::article::Article;
use crate::brief::{EXTRACTIVE, Outline};
use crate::language::{Language, OncePerLanguage};
use crate::outline::extractive::lexicon::Lexicon;
use crate::outline::{Lens, OutlineOptions, outline_by};

/// Outlines articles with their own sentences.
#[derive(Debug, Default)]
pub struct Extractive {
    /// The lens of the last article, with its words looked up.
    last: Mutex<Option<Arc<Prepared>>>,
}

/// A lens and its lexicon for each language, made when an article is in that language.
#[derive(Debug)]
struct Prepared {
    lens: Lens,
    lexicons: OncePerLanguage<Lexicon>,
}

impl Prepared {
    fn lexicon(&self, language: Language) -> &Lexicon {
        self.lexicons
            .get_or_make(language, |language| Lexicon::new(&self.lens, language))
    }
}

impl Extractive {
    fn prepared(&self, lens: &Lens) -> Arc<Prepared> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some(prepared) if prepared.lens == *lens => prepared.clone(),
            _ => last
                .insert(Arc::new(Prepared {
                    lens: lens.clone(),
                    lexicons: OncePerLanguage::new(),
                }))
                .clone(),
        }
    }
}

impl Engine for Extractive {
    fn info(&self) -> Info {
        Info {
            name: EXTRACTIVE,
            model: None,
            model_sha256: None,
            settings: String::new(),
            source: EXTRACTIVE.into(),
            article_bytes: 0,
            articles_at_once: None,
        }
    }

    fn outline_all(
        &self,
        articles: &[&Article],
        options: &OutlineOptions,
        _: &AtomicBool,
        _: &mut dyn FnMut(usize, Progress),
    ) -> Vec<Result<Outline, EngineError>> {
        let prepared = self.prepared(&options.lens);
        let outline = |article: &&Article| {
            let lexicon = prepared.lexicon(article.language);
            Ok(outline_by(article, options, lexicon))
        };
        articles.iter().map(outline).collect()
    }
}
