//! Batch: many articles become briefing notes and one overview.
//!
//! In:  the briefs of many articles, one `Row` each. Out: an `Overview`. The overview is pure: values in, values out.

mod overview;

pub use overview::{
    Agreement, BATCH_SCHEMA, Cell, Cited, Comparison, Dissent, Failure, Opposition, Overview,
    Quote, Receipt, Row, Sketch, Topic,
};
