//! Lines: what a part of the outline says, composed of clauses of the sentences it cites.
//!
//! In:  an article, what is held of its sentences, and the sentences a part rests on. Out: lines, best first. Every word of a line
//! stands in a cited sentence; between clauses stands a joint from a closed list.
//!
//! `reduce` shortens one sentence, `compose` puts shortened sentences together, `words` says how likely a reader looks for a word,
//! `select` orders the lines by weights that editors' lines taught (`training/lines`).

pub mod compose;
pub mod fields;
pub mod reduce;
pub mod select;
pub mod words;

pub use compose::{ComposedLine, Room};
pub use select::Selector;
pub use words::{ArticleWords, LineField};
