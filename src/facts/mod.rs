//! Facts: what a text states that can be looked up in another text: figures with their units, names, quotations.
//!
//! In:  text. Out: spans and values of it. Nothing is judged here; what must stand where is for `outline` and `verify` to say.

mod char_filter;
mod countries;
pub mod figures;
pub(crate) mod names;
mod numerals;
mod persons;
mod quotations;
mod units;
mod words;

#[cfg(feature = "model")]
pub(crate) use countries::latin_names;
#[cfg(feature = "model")]
pub(crate) use numerals::MONTHS;
pub(crate) use quotations::quotations;
#[cfg(feature = "model")]
pub(crate) use units::symbols;
pub use units::{Currency, Dimension, Unit};
