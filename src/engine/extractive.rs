//! The extractive engine: no model, the same answer every time.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::error::EngineError;
use super::interface::{Engine, Info, Progress};
use crate::article::{Article, Language};
use crate::brief::Outline;
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
    lexicons: [OnceLock<Lexicon<'static>>; 2],
}

impl Prepared {
    fn lexicon(&self, language: Language) -> &Lexicon<'static> {
        self.lexicons[language as usize]
            .get_or_init(|| Lexicon::new(&self.lens, language).into_owned())
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
                    lexicons: Default::default(),
                }))
                .clone(),
        }
    }
}

impl Engine for Extractive {
    fn info(&self) -> Info {
        Info {
            name: "extractive",
            model: None,
            model_sha256: None,
            settings: String::new(),
            source: "extractive".into(),
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
