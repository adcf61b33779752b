//! The summary: what became of every item, for programs.
//!
//! In:  a plan and the outcomes of its items, or the items of several summaries. Out: `summary.json`, the same bytes however often the run was interrupted: no clock, no
//! count of attempts.

use std::borrow::Cow;
use std::io;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::journal::JournalIndex;
use super::notes::NoteForms;
use super::outcome::Outcome;
use super::plan::{InputError, Item, Plan, Planned};
use super::walk::PassedOver;
use crate::overview::{ArticleRow, ArticleRows};
use crate::render::schema_of;

/// The summary's name below the output folder.
pub const SUMMARY_FILE: &str = "summary.json";
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
    /// Says how many inputs there are.
    pub inputs: usize,
    /// Says how many have notes.
    pub done: usize,
    /// Says how many have the same bytes as another that has.
    pub duplicates: usize,
    /// Says how many could not be done.
    pub failed: usize,
    /// What was passed over in folders.
    #[serde(flatten)]
    pub passed_over: PassedOver,
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
    pub status: ItemStatus,
}

/// What became of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum ItemStatus {
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
        error: InputError,
    },
    /// The run was stopped before it.
    Open,
}

/// Items by id, kept or made.
pub trait Items: std::marker::Sync {
    /// Goes through the items one after the other.
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
    outcomes: &'a [Outcome],
    records: &'a JournalIndex,
    forms: &'a NoteForms,
}

impl Items for OfRun<'_> {
    fn each(&self) -> Box<dyn Iterator<Item = Cow<'_, ItemSummary>> + '_> {
        let items = self.plan.items.iter().zip(self.outcomes);
        Box::new(items.map(|(item, outcome)| {
            Cow::Owned(ItemSummary {
                id: item.id.to_string(),
                status: status(item, outcome, self.records, self.forms),
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
    /// Makes the summary of a run that has ended.
    pub fn of(
        plan: &'a Plan,
        outcomes: &'a [Outcome],
        records: &'a JournalIndex,
        forms: &'a NoteForms,
    ) -> Summary<OfRun<'a>> {
        let items = OfRun {
            plan,
            outcomes,
            records,
            forms,
        };
        Summary::new(items, plan.passed_over)
    }
}

impl<I: Items> Summary<I> {
    /// Makes the summary of items by id.
    pub fn new(items: I, passed_over: PassedOver) -> Summary<I> {
        let mut summary = Summary {
            schema: SUMMARY_SCHEMA.into(),
            inputs: 0,
            done: 0,
            duplicates: 0,
            failed: 0,
            passed_over,
            items,
        };
        for item in summary.items.each() {
            summary.inputs += 1;
            match item.status {
                ItemStatus::Done { .. } => summary.done += 1,
                ItemStatus::Duplicate { .. } => summary.duplicates += 1,
                ItemStatus::Failed { .. } => summary.failed += 1,
                ItemStatus::Open => {}
            }
        }
        summary
    }

    /// Returns every input that could not be done, and why.
    pub fn failures(&self) -> impl Iterator<Item = (String, InputError)> {
        self.items.each().filter_map(|item| match &item.status {
            ItemStatus::Failed { error } => Some((item.id.clone(), error.clone())),
            _ => None,
        })
    }
}

fn status(item: &Item, outcome: &Outcome, records: &JournalIndex, forms: &NoteForms) -> ItemStatus {
    match input_error(item, outcome, records) {
        Some(error) => ItemStatus::Failed { error },
        None => match (&item.planned, outcome) {
            (Planned::Duplicate(of), _) => ItemStatus::Duplicate { of: of.to_string() },
            (_, Outcome::Done(_)) => ItemStatus::Done {
                notes: forms.names(item).map(|(name, _)| name).collect(),
            },
            _ => ItemStatus::Open,
        },
    }
}

/// Returns why an item has no note, if it has none and that is known.
pub(super) fn input_error(
    item: &Item,
    outcome: &Outcome,
    records: &JournalIndex,
) -> Option<InputError> {
    match (&item.planned, outcome) {
        (Planned::Failed(error), _) => Some(error.clone()),
        (_, Outcome::Unread(error)) => Some((**error).clone()),
        (_, Outcome::Failed(span)) => records.at(*span)?.result.err(),
        _ => None,
    }
}

/// The rows of every item that is done, by id; each is read from the journal when it is asked for.
pub struct DoneRows<'a> {
    /// Indices of outcomes.
    done: Vec<u32>,
    outcomes: &'a [Outcome],
    records: &'a JournalIndex,
}

impl<'a> DoneRows<'a> {
    /// Finds the rows of a run that has ended.
    pub fn of(outcomes: &'a [Outcome], records: &'a JournalIndex) -> DoneRows<'a> {
        let is_done = |&at: &u32| matches!(outcomes[at as usize], Outcome::Done(_));
        DoneRows {
            done: (0..outcomes.len() as u32).filter(is_done).collect(),
            outcomes,
            records,
        }
    }
}

impl ArticleRows for DoneRows<'_> {
    fn len(&self) -> usize {
        self.done.len()
    }

    fn row(&self, number: usize) -> io::Result<Cow<'_, ArticleRow>> {
        let outcome = self.done.get(number).map(|&at| &self.outcomes[at as usize]);
        let row = match outcome {
            Some(Outcome::Done(span)) => self.records.row(*span),
            _ => None,
        };
        let lost = || {
            let cause = "a record of the journal cannot be read again";
            io::Error::new(io::ErrorKind::InvalidData, cause)
        };
        row.map(Cow::Owned).ok_or_else(lost)
    }
}
