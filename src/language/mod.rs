//! Languages: what differs between them, and what is known of each.
//!
//! In:  letters, words and cues. Out: what they are in their language. This room alone tells languages apart: every other one holds a
//! [`PerLanguage`] and looks up what it needs. Another language is another variant of [`Language`], another field of
//! [`PerLanguage`], a folder under `data/`, and whatever the compiler then asks for.

pub mod clauses;
pub mod data;
pub mod hangul;
pub mod particles;
pub mod phrases;
pub mod script;
pub mod stems;
mod table;

pub use phrases::Phrases;
pub use table::{Language, OncePerLanguage, PerLanguage};
