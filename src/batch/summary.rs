//! The summary: what became of every item, for programs.
//!
//! In:  a plan and the fates of its items, or the items of several summaries. Out: `summary.json`, the same bytes however often the run was interrupted: no clock, no
//! count of attempts.

use std::borrow::Cow;
use std::io;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::journal::{Known, Outcome};
use super::plan::{Fault, Item, Plan, State};
use super::run::{Fate, RunOptions, note_names};
use crate::overview::{Row, Rows};
use crate::render::schema_of;

/// The schema name of `summary.json`.
pub const SUMMARY_SCHEMA: &str = "sukje.summary/1";

/// Returns the schema of the summary `sukje batch` writes.
pub fn summary_schema() -> Value {
    schema_of::<Summary>(SUMMARY_SCHEMA)
}

/// What became of a batch. The items of a run are made as they are written; those of a file that was read are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary<I = Vec<ItemSummary>> {
    /// Always [`SUMMARY_SCHEMA`].
    pub schema: Cow<'static, str>,
    /// How many inputs there are.
    pub inputs: usize,
    /// How many have notes.
    pub done: usize,
    /// How many have the same bytes as another that has.
    pub duplicates: usize,
    /// How many could not be done.
    pub failed: usize,
    /// Links inside folders that were not followed.
    pub links_not_followed: usize,
    /// Every input, by id.
    pub items: I,
}

/// What became of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemSummary {
    /// Its path below the inputs' folder, or what its line calls it.
    pub id: String,
    /// What became of it.
    #[serde(flatten)]
    pub status: Status,
}

/// What became of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// It has notes.
    Done {
        /// Their paths below the output folder.
        notes: Vec<String>,
    },
    /// Another input has the same bytes.
    Duplicate {
        /// That one's id.
        of: String,
    },
    /// It has none.
    Failed {
        /// Why.
        error: Fault,
    },
    /// The run was stopped before it.
    Open,
}

/// Items by id, kept or made.
pub trait Items: std::marker::Sync {
    /// One after the other.
    fn each(&self) -> Box<dyn Iterator<Item = Cow<'_, ItemSummary>> + '_>;
}

impl Items for Vec<ItemSummary> {
    fn each(&self) -> Box<dyn Iterator<Item = Cow<'_, ItemSummary>> + '_> {
        Box::new(self.iter().map(Cow::Borrowed))
    }
}

/// Every input of a run that has ended.
#[derive(Clone, Copy)]
pub struct OfRun<'a> {
    plan: &'a Plan,
    fates: &'a [Fate],
    known: &'a Known,
    options: &'a RunOptions,
}

impl Items for OfRun<'_> {
    fn each(&self) -> Box<dyn Iterator<Item = Cow<'_, ItemSummary>> + '_> {
        let items = self.plan.items.iter().zip(self.fates);
        Box::new(items.map(|(item, fate)| {
            Cow::Owned(ItemSummary {
                id: item.id.to_string(),
                status: status(item, fate, self.known, self.options),
            })
        }))
    }
}

impl Serialize for OfRun<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.each())
    }
}

impl<'a> Summary<OfRun<'a>> {
    /// Of a run that has ended.
    pub fn of(
        plan: &'a Plan,
        fates: &'a [Fate],
        known: &'a Known,
        options: &'a RunOptions,
    ) -> Summary<OfRun<'a>> {
        let items = OfRun {
            plan,
            fates,
            known,
            options,
        };
        Summary::new(items, plan.links)
    }
}

impl<I: Items> Summary<I> {
    /// Of items by id.
    pub fn new(items: I, links_not_followed: usize) -> Summary<I> {
        let mut summary = Summary {
            schema: SUMMARY_SCHEMA.into(),
            inputs: 0,
            done: 0,
            duplicates: 0,
            failed: 0,
            links_not_followed,
            items,
        };
        for item in summary.items.each() {
            summary.inputs += 1;
            match item.status {
                Status::Done { .. } => summary.done += 1,
                Status::Duplicate { .. } => summary.duplicates += 1,
                Status::Failed { .. } => summary.failed += 1,
                Status::Open => {}
            }
        }
        summary
    }

    /// Every input that could not be done, and why.
    pub fn failures(&self) -> impl Iterator<Item = (String, Fault)> {
        self.items.each().filter_map(|item| match &item.status {
            Status::Failed { error } => Some((item.id.clone(), error.clone())),
            _ => None,
        })
    }
}

fn status(item: &Item, fate: &Fate, known: &Known, options: &RunOptions) -> Status {
    match fault(item, fate, known) {
        Some(error) => Status::Failed { error },
        None => match (&item.state, fate) {
            (State::Twin(of), _) => Status::Duplicate { of: of.to_string() },
            (_, Fate::Done(_)) => Status::Done {
                notes: note_names(item, options).map(|(name, _)| name).collect(),
            },
            _ => Status::Open,
        },
    }
}

/// Why an item has no note, if it has none and that is known.
pub fn fault(item: &Item, fate: &Fate, known: &Known) -> Option<Fault> {
    match (&item.state, fate) {
        (State::Failed(fault), _) => Some(fault.clone()),
        (_, Fate::Fault(fault)) => Some((**fault).clone()),
        (_, Fate::Failed(place)) => match known.at(*place)?.outcome {
            Outcome::Failed(fault) => Some(fault),
            Outcome::Done { .. } => None,
        },
        _ => None,
    }
}

/// The rows of every item that is done, by id; each is read from the journal when it is asked for.
pub struct Done<'a> {
    /// Indices of fates.
    done: Vec<u32>,
    fates: &'a [Fate],
    known: &'a Known,
}

impl<'a> Done<'a> {
    /// Of a run that has ended.
    pub fn of(fates: &'a [Fate], known: &'a Known) -> Done<'a> {
        let is_done = |&at: &u32| matches!(fates[at as usize], Fate::Done(_));
        Done {
            done: (0..fates.len() as u32).filter(is_done).collect(),
            fates,
            known,
        }
    }
}

impl Rows for Done<'_> {
    fn len(&self) -> usize {
        self.done.len()
    }

    fn row(&self, number: usize) -> io::Result<Cow<'_, Row>> {
        let fate = self.done.get(number).map(|&at| &self.fates[at as usize]);
        let row = match fate {
            Some(Fate::Done(place)) => self.known.row(*place),
            _ => None,
        };
        let lost = || {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "a record of the journal cannot be read again",
            )
        };
        row.map(Cow::Owned).ok_or_else(lost)
    }
}
