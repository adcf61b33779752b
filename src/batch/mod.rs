//! Batch: many articles become briefing notes and one overview, and nothing is lost however the run ends.
//!
//! In:  files, folders, patterns and JSON lines. Out: notes in a folder of their own, and an `Overview` of them; or, of a stream of JSON
//! lines, a stream of them.
//!
//! `walk` and `lines` find the inputs, `plan` puts them in order, `feed` and `run` have the engine write and `commit` puts notes in their
//! places, `journal` remembers what is done, `names` and `notes` say what notes are called, `outcome` what became of each input. `folder` begins
//! and finishes the output folder, with `summary`, `briefs`, `manifest` and the overview. `merge` puts the folders of several runs
//! together; `worker` answers a stream, and keeps nothing.

mod briefs;
mod commit;
mod error;
mod feed;
mod folder;
mod journal;
mod lines;
mod manifest;
mod merge;
mod names;
mod notes;
mod outcome;
mod plan;
mod run;
mod summary;
mod walk;
mod worker;

pub use briefs::BRIEFS_FILE;
pub use commit::{Durability, sync_folder};
pub use error::{BatchError, BatchErrorKind};
pub use folder::{End, Report};
pub use lines::Lines;
pub use merge::{MergePlan, MergeRun, MergedInput, merge, plan_merge};
pub use names::NoteLayout;
pub use notes::NoteForms;
pub use outcome::BatchProgress;
pub use plan::{
    ErrorCode, Hash, InputError, Item, ItemSource, Plan, PlanDigest, PlanOptions, Planned, Shard,
    plan,
};
pub use run::{BatchRun, Preview, RunOptions, preview, run};
pub use summary::{
    ItemStatus, ItemSummary, Items, SUMMARY_FILE, SUMMARY_SCHEMA, Summary, summary_schema,
};
pub use walk::InputPath;
pub use worker::{AnswerBody, WorkerAnswer, work, worker_schema};
