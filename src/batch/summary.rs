//! The summary: what became of every item, for programs.
//!
//! In:  a plan and the fates of its items, or the items of several summaries. Out: `summary.json`, the same bytes however often the run was interrupted: no clock, no
//! count of attempts.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::journal::{Known, Outcome};
use super::overview::Row;
use super::plan::{Fault, Item, Plan, State};
use super::run::{Fate, RunOptions, note_names};

/// The schema name of `summary.json`.
pub const SUMMARY_SCHEMA: &str = "sukje.summary/1";

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
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
    pub items: Vec<ItemSummary>,
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

impl Summary {
    /// Of a run that has ended.
    pub fn of(plan: &Plan, fates: &[Fate], known: &Known, options: &RunOptions) -> Summary {
        let items: Vec<ItemSummary> = plan
            .items
            .iter()
            .zip(fates)
            .map(|(item, fate)| ItemSummary {
                id: item.id.to_string(),
                status: status(item, fate, known, options),
            })
            .collect();
        Summary::new(items, plan.links)
    }

    /// Of items by id.
    pub fn new(items: Vec<ItemSummary>, links_not_followed: usize) -> Summary {
        let count = |is: fn(&Status) -> bool| items.iter().filter(|i| is(&i.status)).count();
        Summary {
            schema: SUMMARY_SCHEMA.into(),
            inputs: items.len(),
            done: count(|status| matches!(status, Status::Done { .. })),
            duplicates: count(|status| matches!(status, Status::Duplicate { .. })),
            failed: count(|status| matches!(status, Status::Failed { .. })),
            links_not_followed,
            items,
        }
    }

    /// Every input that could not be done, and why.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &Fault)> {
        self.items.iter().filter_map(|item| match &item.status {
            Status::Failed { error } => Some((&*item.id, error)),
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

/// What the overview needs of every item that is done, by id; read from the journal when they are asked for.
pub fn rows<'a>(fates: &'a [Fate], known: &'a Known) -> impl Iterator<Item = Row> + 'a {
    fates.iter().filter_map(|fate| match fate {
        Fate::Done(place) => match known.at(*place)?.outcome {
            Outcome::Done { row, .. } => Some(*row),
            Outcome::Failed(_) => None,
        },
        _ => None,
    })
}
