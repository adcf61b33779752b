//! Batch: many articles become briefing notes and one overview, and nothing is lost however the run ends.
//!
//! In:  files, folders, patterns and JSON lines. Out: notes in a folder of their own, and an `Overview` of them; or, of a stream of JSON
//! lines, a stream of them.
//!
//! `walk` and `lines` find the inputs, `plan` puts them in order, `feed` and `run` have the engine write and `commit` puts notes in their
//! places, `journal` remembers what is done, `names` says what notes are called, `summary`, `briefs` and `overview` what came of it.
//! `part` and `merge` put the folders of several runs together; `worker` answers a stream, and keeps nothing.
//! The overview is pure: values in, values out.

mod briefs;
mod commit;
mod engine;
mod feed;
mod journal;
mod lines;
mod merge;
mod names;
mod overview;
mod part;
mod plan;
mod run;
mod summary;
mod walk;
mod worker;

pub use briefs::{BRIEFS, write_briefs};
pub use commit::{CommitError, Output, Sync, Unnamed, WriteError, remove_leftovers};
pub use engine::{Engine, Extractive};
pub use journal::{
    Journal, JournalError, Known, Lock, Outcome, Place, Record, Written, make_state_folder,
    scratch_file,
};
pub use lines::Lines;
pub use merge::{Entry, MergeError, MergeRun, Parts, SUMMARY, merge, read_parts};
pub use names::Layout;
pub use overview::{
    Agreement, BATCH_SCHEMA, Cell, Cited, Comparison, Dissent, Failure, Opposition, Overview,
    Quote, Receipt, Row, Rows, Scratch, Sketch, Topic, Whole,
};
pub use part::{Made, Part, part_name};
pub use plan::{
    Code, Extent, Fault, Hash, Item, Plan, PlanError, PlanOptions, Shard, Source, State, plan,
};
pub use run::{Fate, Preview, Progress, Run, RunError, RunOptions, note_names, preview, run};
pub use summary::{Done, ItemSummary, Items, SUMMARY_SCHEMA, Status, Summary, fault};
pub use walk::Given;
pub use worker::{Answer, Answered, WorkerError, work};
