//! Merging: the folders of a batch that was done in parts become one folder, as if one run had done it all.
//!
//! In:  finished folders that were made alike. Out: their notes in one output folder, and its journal. Parts that do not go together
//! (other settings, a shard that is missing, two notes of one id) are refused before anything is written. Notes are copied
//! as they were written, in groups and journalled as a run does it: a merge that was interrupted goes on where it was, and a batch of
//! the same inputs finds everything done.

use std::cmp::Ordering as Order;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::commit::{CommitError, GROUP_ITEMS, Output, Sync, Unnamed, WriteError};
use super::journal::{Journal, JournalError, Known, Outcome, Place, Record, Written};
use super::manifest::{Made, Part};
use super::names::{Layout, note_stem};
use super::plan::Extent;
use super::run::{Fate, Progress};
use super::summary::{ItemSummary, SUMMARY_SCHEMA, Status, Summary};
use crate::hash::{hex, sha256};

/// What a batch's summary is called below its output folder.
pub const SUMMARY: &str = "summary.json";

/// Why parts could not be put together.
#[derive(Debug, Error)]
pub enum MergeError {
    /// A folder that is not there, or cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A folder that no batch has finished.
    #[error("{}: {cause}", folder.display())]
    Unfinished {
        /// The folder.
        folder: PathBuf,
        /// What is wrong.
        cause: &'static str,
    },
    /// Folders that do not go together.
    #[error("{}: {cause}", folder.display())]
    Unlike {
        /// One of them.
        folder: PathBuf,
        /// Why not.
        cause: String,
    },
    /// The journal of a folder.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A note.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<CommitError> for MergeError {
    fn from(error: CommitError) -> MergeError {
        match error {
            CommitError::Write(error) => MergeError::Write(error),
            CommitError::Journal(error) => MergeError::Journal(error),
        }
    }
}

fn unreadable(path: &Path, source: io::Error) -> MergeError {
    MergeError::Read {
        path: path.to_path_buf(),
        source,
    }
}

fn unlike(folder: &Path, cause: impl Into<String>) -> MergeError {
    MergeError::Unlike {
        folder: folder.to_path_buf(),
        cause: cause.into(),
    }
}

/// A finished folder.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    part: Part,
    known: Known,
}

/// Folders that go together, and what they hold.
#[derive(Debug)]
pub struct Parts {
    folders: Vec<Folder>,
    /// Every input once, by id.
    pub entries: Vec<Entry>,
    /// Links inside folders that were not followed.
    links: usize,
    whole: Extent,
}

/// An input, and which folder has it.
#[derive(Debug)]
pub struct Entry {
    folder: usize,
    /// What became of it.
    pub item: ItemSummary,
}

/// Reads what folders hold, and whether they go together.
pub fn read_parts(paths: &[PathBuf]) -> Result<Parts, MergeError> {
    let mut folders: Vec<Folder> = Vec::new();
    let mut entries = Vec::new();
    let mut plans: BTreeMap<(Extent, u32), Held> = BTreeMap::new();
    for path in paths {
        let (folder, summary) = read_folder(path)?;
        if let Some(first) = folders.first()
            && let Some(how) = folder.part.made.differs(&first.part.made)
        {
            let cause = format!("{how} as {}", first.path.display());
            return Err(unlike(path, cause));
        }
        let Part { shard, whole, .. } = &folder.part;
        let plan = plans.entry((whole.clone(), shard.count));
        let plan = plan.or_insert_with(|| Held {
            first: path.clone(),
            links: summary.links_not_followed,
            shards: BTreeMap::new(),
        });
        plan.shards.insert(shard.index, summary.inputs);
        let of_folder = folders.len();
        entries.extend(summary.items.into_iter().map(|item| Entry {
            folder: of_folder,
            item,
        }));
        folders.push(folder);
    }
    for ((whole, count), held) in &plans {
        check_whole(whole, *count, held, plans.len())?;
    }
    let links = plans.values().map(|held| held.links).sum();
    let entries = each_once(entries, &folders)?;
    let plans: Vec<&Extent> = plans.keys().map(|(whole, _)| whole).collect();
    let whole = together(&plans, entries.len());
    Ok(Parts {
        folders,
        entries,
        links,
        whole,
    })
}

/// What is there of one plan.
struct Held {
    /// The first folder of it.
    first: PathBuf,
    links: usize,
    /// How many inputs each shard has.
    shards: BTreeMap<u32, usize>,
}

fn read_folder(path: &Path) -> Result<(Folder, Summary), MergeError> {
    let unfinished = |cause| MergeError::Unfinished {
        folder: path.to_path_buf(),
        cause,
    };
    fs::read_dir(path).map_err(|error| unreadable(path, error))?;
    let part = Part::read(path).map_err(|error| unreadable(path, error))?;
    let part =
        part.ok_or_else(|| unfinished("holds no finished batch of this version of sukje"))?;
    let name = path.join(SUMMARY);
    let summary = fs::read(&name).map_err(|error| unreadable(&name, error))?;
    let summary: Option<Summary> = serde_json::from_slice(&summary).ok();
    let summary = summary.filter(|summary| {
        let sorted = summary.items.is_sorted_by(|one, other| one.id < other.id);
        sorted && summary.schema == SUMMARY_SCHEMA && summary.inputs == summary.items.len()
    });
    let summary = summary.ok_or_else(|| unfinished("its summary.json is not what was written"))?;
    let folder = Folder {
        path: path.to_path_buf(),
        part,
        known: Known::read(path)?,
    };
    Ok((folder, summary))
}

/// All shards of a plan are there, and hold together what the plan held.
fn check_whole(whole: &Extent, count: u32, held: &Held, plans: usize) -> Result<(), MergeError> {
    let missing = (0..count).filter(|index| !held.shards.contains_key(index));
    let missing: Vec<u32> = missing.collect();
    if let Some(first) = missing.first() {
        let others = match missing.len() {
            1 => String::new(),
            more => format!(" and {} more are", more - 1),
        };
        let is = if others.is_empty() { " is" } else { "" };
        // The usual cause, and hard to guess.
        let why = match plans {
            1 => "",
            _ => "; folders of other inputs, or of inputs that have changed since, do not count",
        };
        let cause =
            format!("is part of {count}, of which {first}/{count}{others}{is} missing{why}");
        return Err(unlike(&held.first, cause));
    }
    let inputs: usize = held.shards.values().sum();
    match inputs == whole.inputs {
        true => Ok(()),
        false => {
            let cause = format!(
                "the {count} parts hold {inputs} inputs, and were made of {}",
                whole.inputs
            );
            Err(unlike(&held.first, cause))
        }
    }
}

/// What parts of several plans are together; of one plan, that plan.
fn together(plans: &[&Extent], inputs: usize) -> Extent {
    let sha256 = match plans {
        [one] => one.sha256.clone(),
        _ => {
            let mut hash = Sha256::new();
            for whole in plans {
                hash.update(&whole.sha256);
            }
            hex(hash)
        }
    };
    Extent { inputs, sha256 }
}

/// Sorts by id; an input that several folders have must be the same in all of them.
fn each_once(mut entries: Vec<Entry>, folders: &[Folder]) -> Result<Vec<Entry>, MergeError> {
    // Stable: of the same ones the first folder's is taken.
    entries.sort_by(|one, other| one.item.id.cmp(&other.item.id));
    for pair in entries.windows(2) {
        let [one, other] = pair else { continue };
        if one.item.id.cmp(&other.item.id) == Order::Equal {
            let of = |entry: &Entry| folders[entry.folder].known.record(&entry.item.id);
            let records = [of(one), of(other)].map(|known| known.map(|(record, _)| record));
            if one.item != other.item || records[0] != records[1] {
                let [one, other] = [one, other].map(|entry| &folders[entry.folder].path);
                let id = &pair[0].item.id;
                let cause = format!("its {id:?} is another than that of {}", one.display());
                return Err(unlike(other, cause));
            }
        }
    }
    entries.dedup_by(|other, one| one.item.id == other.item.id);
    Ok(entries)
}

impl Parts {
    /// How the notes were made.
    pub fn made(&self) -> &Made {
        &self.folders[0].part.made
    }

    /// What the folder they are merged into is a part of: all of it.
    pub fn part(&self) -> Part {
        Part::whole(self.whole.clone(), self.made().clone())
    }

    /// The summary of all of them.
    pub fn summary(&self) -> Summary {
        let items = self.entries.iter().map(|entry| entry.item.clone());
        Summary::new(items.collect(), self.links)
    }

    /// How many inputs have the same bytes as another.
    pub fn duplicates(&self) -> usize {
        let twins = self.entries.iter();
        let twins = twins.filter(|entry| matches!(entry.item.status, Status::Duplicate { .. }));
        twins.count()
    }
}

/// A merge under way.
pub struct MergeRun<'a> {
    /// What is put together.
    pub parts: &'a Parts,
    /// Where to.
    pub output: &'a Output,
    /// When notes are made durable.
    pub sync: Sync,
    /// What earlier runs did there.
    pub known: &'a Known,
    /// How far it is.
    pub progress: &'a Progress,
    /// Set from outside when it is to stop.
    pub stop: &'a AtomicBool,
}

/// What waits to be committed together.
#[derive(Default)]
struct Group {
    notes: Vec<Unnamed>,
    records: Vec<(usize, Record)>,
}

/// Copies the notes of every input; gives the fate of each, in the order of the entries.
pub fn merge(run: &MergeRun<'_>, journal: &mut Journal) -> Result<Vec<Fate>, MergeError> {
    let most = match run.sync {
        Sync::Each => 1,
        Sync::Group | Sync::None => GROUP_ITEMS,
    };
    let mut fates = vec![Fate::Open; run.parts.entries.len()];
    let mut group = Group::default();
    for (index, entry) in run.parts.entries.iter().enumerate() {
        if run.stop.load(Ordering::Relaxed) {
            break;
        }
        match run.take(entry)? {
            Taken::Kept(place) => fates[index] = Fate::Done(place),
            Taken::Copied(record, notes) => {
                group.records.push((index, record));
                group.notes.extend(notes);
            }
            Taken::Nothing => {}
        }
        if group.records.len() >= most {
            run.commit(&mut group, journal, &mut fates)?;
        }
    }
    run.commit(&mut group, journal, &mut fates)?;
    Ok(fates)
}

/// What there is to do for an input.
enum Taken {
    /// Its notes are there already.
    Kept(Place),
    /// Notes under temporary names, and the record to be.
    Copied(Record, Vec<Unnamed>),
    /// It has no notes, and no record of why.
    Nothing,
}

impl MergeRun<'_> {
    fn take(&self, entry: &Entry) -> Result<Taken, MergeError> {
        let folder = &self.parts.folders[entry.folder];
        let id = &entry.item.id;
        let record = folder.known.record(id).map(|(record, _)| record);
        match (&entry.item.status, record) {
            (Status::Done { notes }, Some(record)) if is_own(&record, notes, folder) => {
                self.take_notes(folder, record)
            }
            (Status::Done { .. }, _) => Err(unlike(
                &folder.path,
                format!("its journal knows no note of {id:?}"),
            )),
            (Status::Failed { error }, record) => {
                self.progress.failed.fetch_add(1, Ordering::Relaxed);
                // So that a batch of the same inputs knows of it, too.
                let known = self.known.record(id).map(|(record, _)| record);
                Ok(match record {
                    Some(record)
                        if record.outcome == Outcome::Failed(error.clone())
                            && known.as_ref() != Some(&record) =>
                    {
                        Taken::Copied(record, Vec::new())
                    }
                    _ => Taken::Nothing,
                })
            }
            (Status::Duplicate { .. }, _) => Ok(Taken::Nothing),
            (Status::Open, _) => Err(unlike(&folder.path, format!("has not come to {id:?} yet"))),
        }
    }

    fn take_notes(&self, folder: &Folder, record: Record) -> Result<Taken, MergeError> {
        let Outcome::Done { outputs, .. } = &record.outcome else {
            return Ok(Taken::Nothing);
        };
        let known = self.known.record(&record.id);
        let known = known.filter(|(known, _)| *known == record);
        let mut notes = Vec::new();
        let mut edited = false;
        for note in outputs {
            if known.is_some() && self.output.is_intact(note) {
                continue;
            }
            let bytes = read_note(folder, note)?;
            match &known {
                Some((known, _)) if self.output.is_edited(known, &note.name, &bytes) => {
                    edited = true;
                }
                _ => notes.push(self.output.write(&note.name, |out| out.write_all(&bytes))?),
            }
        }
        match known {
            Some((_, place)) if notes.is_empty() => {
                self.progress.kept.fetch_add(1, Ordering::Relaxed);
                self.progress
                    .edited
                    .fetch_add(usize::from(edited), Ordering::Relaxed);
                Ok(Taken::Kept(place))
            }
            _ => Ok(Taken::Copied(record, notes)),
        }
    }

    fn commit(
        &self,
        group: &mut Group,
        journal: &mut Journal,
        fates: &mut [Fate],
    ) -> Result<(), MergeError> {
        let Group { notes, records } = std::mem::take(group);
        let appended: Vec<Vec<u8>> = records.iter().map(|(_, record)| record.json()).collect();
        let places = self.output.commit(notes, &appended, journal)?;
        for ((index, record), place) in records.iter().zip(places) {
            fates[*index] = match record.outcome {
                Outcome::Done { .. } => {
                    self.progress.done.fetch_add(1, Ordering::Relaxed);
                    Fate::Done(place)
                }
                Outcome::Failed(_) => Fate::Failed(place),
            };
        }
        Ok(())
    }
}

/// A note as it was written.
fn read_note(folder: &Folder, note: &Written) -> Result<Vec<u8>, MergeError> {
    let path = folder.path.join(&note.name);
    let bytes = fs::read(&path).map_err(|error| unreadable(&path, error))?;
    match bytes.len() as u64 == note.bytes && sha256(&bytes) == note.sha256 {
        true => Ok(bytes),
        false => Err(unlike(&path, "is not what was written there")),
    }
}

/// Whether a record's notes are called as notes of that id are, and as the summary calls them. Folders come from other machines: a
/// name out of a journal must not lead anywhere else.
fn is_own(record: &Record, notes: &[String], folder: &Folder) -> bool {
    let Outcome::Done { outputs, row } = &record.outcome else {
        return false;
    };
    let Made { formats, flat, .. } = &folder.part.made;
    let layouts = match flat {
        true => &[Layout::Flat][..],
        // A line's note lies flat in any case.
        false => &[Layout::Mirrored, Layout::Flat],
    };
    let called = layouts.iter().any(|layout| {
        let stem = note_stem(&record.id, *layout);
        let names = formats.iter().map(|format| format!("{stem}.{format}"));
        notes.iter().cloned().eq(names)
    });
    let ends = formats
        .iter()
        .all(|format| ["json", "md", "txt"].contains(&&**format));
    called
        && ends
        && outputs.iter().map(|output| &output.name).eq(notes)
        && row.id == record.id
        && notes.contains(&row.note)
}
