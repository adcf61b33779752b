//! What writes the briefs of a batch.
//!
//! In:  a `Document`. Out: a `Brief`, or why there is none. The batch does not ask which engine it is: it asks what the answer
//! depends on, so that a note is written again when that changes.

use std::sync::atomic::AtomicBool;

use crate::clean::{CleanOptions, clean};
use crate::input::Document;
use crate::outline::{OutlineOptions, outline};
use crate::verify::{Brief, verify};

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
    /// How articles are cleaned.
    pub clean: CleanOptions,
    /// What is looked for.
    pub outline: OutlineOptions,
}

impl Engine for Extractive {
    fn brief(&self, document: &Document, _: &AtomicBool) -> Result<Brief, String> {
        let article = clean(document, &self.clean);
        Ok(verify(&article, outline(&article, &self.outline)))
    }

    fn identity(&self) -> String {
        format!("{self:?}")
    }
}
