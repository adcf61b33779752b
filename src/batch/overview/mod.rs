//! The overview: what many articles say about the same challenges, every line with its receipt `[article:sentence]`.
//!
//! In:  one `Row` an article, in plan order. Out: `Overview`. Never writes a sentence of its own about an article: what it
//! shows of one is that article's sentence, word for word.

mod row;
mod sketch;

pub use row::{Cell, Failure, Quote, Row};
pub use sketch::Sketch;
