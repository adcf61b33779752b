//! Merging: the folders of a batch that was done in parts become one folder, as if one run had done it all.
//!
//! In:  finished folders that were made alike. Out: their notes in one output folder, and its journal. Parts that do not go together
//! (other settings, a shard that is missing, two notes of one id) are refused before anything is written. Notes are copied
//! as they were written, in groups and journalled as a run does it: a merge that was interrupted goes on where it was, and a batch of
//! the same inputs finds everything done.

use std::cmp::Ordering as Order;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};

use super::commit::{CommitGroup, Durability, OutputFolder, UnplacedFile};
use super::error::{BatchError, BatchErrorKind};
use super::folder::{End, HeldFolder, Report};
use super::journal::{JournalIndex, NoteFile, Record, RecordSpan, RecordedNotes};
use super::manifest::{Provenance, ShardManifest};
use super::names::{NoteLayout, note_stem};
use super::outcome::{BatchProgress, Outcome};
use super::plan::{PlanDigest, Shard};
use super::summary::{DoneRows, ItemStatus, ItemSummary, SUMMARY_FILE, SUMMARY_SCHEMA, Summary};
use super::walk::PassedOver;
use crate::hash::{hex, sha256};

fn unreadable(path: &Path, source: &io::Error) -> BatchError {
    let kind = match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => BatchErrorKind::NoInput,
        _ => BatchErrorKind::Io,
    };
    let cause = format_args!("could not be read: {source}");
    BatchError::new(kind, path.display(), cause)
}

/// Returns the error of a folder that does not go together with the others.
fn unlike(folder: &Path, cause: impl Display) -> BatchError {
    BatchError::new(BatchErrorKind::Unusable, folder.display(), cause)
}

/// A finished folder.
#[derive(Debug)]
struct FinishedFolder {
    path: PathBuf,
    manifest: ShardManifest,
    records: JournalIndex,
}

/// Folders that go together, and what they hold.
#[derive(Debug)]
pub struct MergePlan {
    folders: Vec<FinishedFolder>,
    /// Every input once, by id.
    pub entries: Vec<MergedInput>,
    /// Links inside folders that were not followed.
    passed_over: PassedOver,
    whole: PlanDigest,
}

/// An input, and which folder has it.
#[derive(Debug)]
pub struct MergedInput {
    folder: usize,
    /// What became of it.
    pub item: ItemSummary,
}

/// Reads what folders hold, and checks that they go together. None of them may be the one they are to be merged into.
pub fn plan_merge(paths: &[PathBuf], out: &Path) -> Result<MergePlan, BatchError> {
    check_out(paths, out)?;
    let mut folders: Vec<FinishedFolder> = Vec::new();
    let mut entries = Vec::new();
    let mut plans: BTreeMap<(PlanDigest, u32), PlanShards> = BTreeMap::new();
    for path in paths {
        let (folder, summary) = read_folder(path)?;
        if let Some(first) = folders.first()
            && let Some(how) = folder.manifest.made.differs(&first.manifest.made)
        {
            let cause = format!("{how} as {}", first.path.display());
            return Err(unlike(path, cause));
        }
        let ShardManifest { shard, whole, .. } = &folder.manifest;
        let plan = plans.entry((whole.clone(), shard.count));
        let plan = plan.or_insert_with(|| PlanShards {
            first: path.clone(),
            passed_over: summary.passed_over,
            shards: BTreeMap::new(),
        });
        plan.shards.insert(shard.index, summary.inputs);
        let of_folder = folders.len();
        entries.extend(summary.items.into_iter().map(|item| MergedInput {
            folder: of_folder,
            item,
        }));
        folders.push(folder);
    }
    for ((whole, count), held) in &plans {
        check_whole(whole, *count, held, plans.len())?;
    }
    let mut passed_over = PassedOver::default();
    for held in plans.values() {
        passed_over.links_not_followed += held.passed_over.links_not_followed;
        passed_over.left_out += held.passed_over.left_out;
    }
    let entries = each_once(entries, &folders)?;
    let plans: Vec<&PlanDigest> = plans.keys().map(|(whole, _)| whole).collect();
    let whole = together(&plans, entries.len());
    Ok(MergePlan {
        folders,
        entries,
        passed_over,
        whole,
    })
}

/// Refuses a part that is written into: it would be no part any more.
fn check_out(paths: &[PathBuf], out: &Path) -> Result<(), BatchError> {
    let Ok(out) = out.canonicalize() else {
        return Ok(());
    };
    let same = |path: &&PathBuf| path.canonicalize().is_ok_and(|path| path == out);
    match paths.iter().find(same) {
        None => Ok(()),
        Some(folder) => {
            let cause = "is one of the parts; give the whole a folder of its own";
            Err(BatchError::new(
                BatchErrorKind::Usage,
                folder.display(),
                cause,
            ))
        }
    }
}

/// What is there of one plan.
struct PlanShards {
    /// The first folder of it.
    first: PathBuf,
    passed_over: PassedOver,
    /// Says how many inputs each shard has.
    shards: BTreeMap<u32, usize>,
}

fn read_folder(path: &Path) -> Result<(FinishedFolder, Summary), BatchError> {
    let unfinished =
        |cause: &str| BatchError::new(BatchErrorKind::Unfinished, path.display(), cause);
    fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
    let manifest = ShardManifest::read(path).map_err(|error| unreadable(path, &error))?;
    let manifest =
        manifest.ok_or_else(|| unfinished("holds no finished batch of this version of sukje"))?;
    let name = path.join(SUMMARY_FILE);
    let summary = fs::read(&name).map_err(|error| unreadable(&name, &error))?;
    let summary: Option<Summary> = serde_json::from_slice(&summary).ok();
    let summary = summary.filter(|summary| {
        let sorted = summary.items.is_sorted_by(|one, other| one.id < other.id);
        sorted && summary.schema == SUMMARY_SCHEMA && summary.inputs == summary.items.len()
    });
    let summary = summary.ok_or_else(|| unfinished("its summary.json is not what was written"))?;
    let folder = FinishedFolder {
        path: path.to_path_buf(),
        manifest,
        records: JournalIndex::read(path)?,
    };
    Ok((folder, summary))
}

/// Checks that all shards of a plan are there, and hold together what the plan held.
fn check_whole(
    whole: &PlanDigest,
    count: u32,
    held: &PlanShards,
    plans: usize,
) -> Result<(), BatchError> {
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
            let made_of = whole.inputs;
            let cause =
                format!("the {count} parts hold {inputs} inputs, and were made of {made_of}");
            Err(unlike(&held.first, cause))
        }
    }
}

/// Joins several plans into one; of one plan it returns that plan.
fn together(plans: &[&PlanDigest], inputs: usize) -> PlanDigest {
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
    PlanDigest { inputs, sha256 }
}

/// Sorts by id; an input that several folders have must be the same in all of them.
fn each_once(
    mut entries: Vec<MergedInput>,
    folders: &[FinishedFolder],
) -> Result<Vec<MergedInput>, BatchError> {
    // Stable: of the same ones the first folder's is taken.
    entries.sort_by(|one, other| one.item.id.cmp(&other.item.id));
    for pair in entries.windows(2) {
        let [one, other] = pair else { continue };
        if one.item.id.cmp(&other.item.id) == Order::Equal {
            let of = |entry: &MergedInput| folders[entry.folder].records.record(&entry.item.id);
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

impl MergePlan {
    /// Makes the manifest of the folder they are merged into: all of it.
    fn manifest(&self) -> ShardManifest {
        ShardManifest::new(
            Shard::WHOLE,
            &self.whole,
            self.folders[0].manifest.made.clone(),
        )
    }

    fn summary(&self) -> Summary {
        let items = self.entries.iter().map(|entry| entry.item.clone());
        Summary::new(items.collect(), self.passed_over)
    }

    /// Returns how many inputs have the same bytes as another.
    pub fn duplicates(&self) -> usize {
        let entries = self.entries.iter();
        entries
            .filter(|entry| matches!(entry.item.status, ItemStatus::Duplicate { .. }))
            .count()
    }
}

/// A merge to be run.
pub struct MergeRun<'a> {
    /// What is put together.
    pub plan: &'a MergePlan,
    /// The folder it goes to; it is made where there is none.
    pub out: &'a Path,
    /// When notes are made durable.
    pub durability: Durability,
    /// Says how far it is.
    pub progress: &'a BatchProgress,
    /// Set from outside when it is to stop.
    pub stop: &'a AtomicBool,
}

/// Merges folders: takes the output folder, copies every note that is not there, then writes all that speaks of the notes together.
pub fn merge(run: &MergeRun<'_>) -> Result<Report, BatchError> {
    let mut folder = HeldFolder::take(run.out, run.durability)?;
    let outcomes = copy_notes(run, &mut folder)?;
    let summary = run.plan.summary();
    let failures = summary.failures().collect();
    let end = match run.stop.load(Ordering::Relaxed) {
        true => End::Interrupted,
        false => {
            let rows = DoneRows::of(&outcomes, &folder.records);
            End::of(folder.finish(&summary, &rows, &run.plan.manifest()))
        }
    };
    Ok(Report { failures, end })
}

/// Copies the notes of every input; returns what became of each, in the order of the entries.
fn copy_notes(run: &MergeRun<'_>, folder: &mut HeldFolder) -> Result<Vec<Outcome>, BatchError> {
    let HeldFolder {
        output,
        journal,
        records,
        ..
    } = folder;
    let copier = Copier {
        run,
        output,
        records,
    };
    let mut outcomes = vec![Outcome::Open; run.plan.entries.len()];
    let mut group = CommitGroup::default();
    for (index, entry) in run.plan.entries.iter().enumerate() {
        if run.stop.load(Ordering::Relaxed) {
            break;
        }
        match copier.copy(entry)? {
            Copied::Kept(span) => outcomes[index] = Outcome::Done(span),
            Copied::Unplaced(record, notes) => {
                group.add(index, record.result.is_ok(), record.json(), notes);
            }
            Copied::Nothing => {}
        }
        if group.is_due(run.durability) {
            group.commit(output, journal, run.progress, &mut outcomes)?;
        }
    }
    group.commit(output, journal, run.progress, &mut outcomes)?;
    Ok(outcomes)
}

/// What was copied of an input.
enum Copied {
    /// Its notes are there already.
    Kept(RecordSpan),
    /// Notes under temporary names, and the record to be.
    Unplaced(Box<Record>, Vec<UnplacedFile>),
    /// It has no notes, and no record of why.
    Nothing,
}

/// Copies notes from finished folders into the output folder.
struct Copier<'a> {
    run: &'a MergeRun<'a>,
    output: &'a OutputFolder,
    /// What earlier runs did there.
    records: &'a JournalIndex,
}

impl Copier<'_> {
    fn copy(&self, entry: &MergedInput) -> Result<Copied, BatchError> {
        let folder = &self.run.plan.folders[entry.folder];
        let id = &entry.item.id;
        let record = folder.records.record(id).map(|(record, _)| record);
        match (&entry.item.status, record) {
            (ItemStatus::Done { notes }, Some(record)) => match &record.result {
                Ok(recorded) if is_own(&record.id, recorded, notes, folder) => {
                    self.copy_notes(folder, &record, recorded)
                }
                _ => Err(unknown_note(folder, id)),
            },
            (ItemStatus::Done { .. }, None) => Err(unknown_note(folder, id)),
            (ItemStatus::Failed { error }, record) => {
                self.run.progress.failed.fetch_add(1, Ordering::Relaxed);
                // So that a batch of the same inputs knows of it, too.
                let earlier = self.records.record(id).map(|(record, _)| record);
                let is_news = |record: &Record| {
                    record.result.as_ref().err() == Some(error) && earlier.as_ref() != Some(record)
                };
                Ok(match record {
                    Some(record) if is_news(&record) => {
                        Copied::Unplaced(Box::new(record), Vec::new())
                    }
                    _ => Copied::Nothing,
                })
            }
            (ItemStatus::Duplicate { .. }, _) => Ok(Copied::Nothing),
            (ItemStatus::Open, _) => {
                Err(unlike(&folder.path, format!("has not come to {id:?} yet")))
            }
        }
    }

    fn copy_notes(
        &self,
        folder: &FinishedFolder,
        record: &Record,
        recorded: &RecordedNotes,
    ) -> Result<Copied, BatchError> {
        let earlier = self.records.record(&record.id);
        let earlier = earlier.filter(|(earlier, _)| earlier == record);
        let mut notes = Vec::new();
        let mut edited = false;
        for note in &recorded.outputs {
            if earlier.is_some() && self.output.is_intact(note) {
                continue;
            }
            let bytes = read_note(folder, note)?;
            match &earlier {
                Some((earlier, _)) if self.output.is_edited(earlier, &note.name, &bytes) => {
                    edited = true;
                }
                _ => notes.push(self.output.write(&note.name, |out| out.write_all(&bytes))?),
            }
        }
        match earlier {
            Some((_, span)) if notes.is_empty() => {
                let progress = self.run.progress;
                progress.kept.fetch_add(1, Ordering::Relaxed);
                progress
                    .edited
                    .fetch_add(usize::from(edited), Ordering::Relaxed);
                Ok(Copied::Kept(span))
            }
            _ => Ok(Copied::Unplaced(Box::new(record.clone()), notes)),
        }
    }
}

fn unknown_note(folder: &FinishedFolder, id: &str) -> BatchError {
    unlike(&folder.path, format!("its journal knows no note of {id:?}"))
}

/// Reads as it was written.
fn read_note(folder: &FinishedFolder, note: &NoteFile) -> Result<Vec<u8>, BatchError> {
    let path = folder.path.join(&note.name);
    let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
    match bytes.len() as u64 == note.bytes && sha256(&bytes) == note.sha256 {
        true => Ok(bytes),
        false => Err(unlike(&path, "is not what was written there")),
    }
}

/// Tells whether an id's notes are called as notes of that id are, and as the summary calls them. Folders come from other machines: a
/// name out of a journal must not lead anywhere else.
fn is_own(id: &str, recorded: &RecordedNotes, notes: &[String], folder: &FinishedFolder) -> bool {
    let RecordedNotes { outputs, row } = recorded;
    let Provenance { formats, flat, .. } = &folder.manifest.made;
    let layouts = match flat {
        true => &[NoteLayout::Flat][..],
        // A line's note lies flat in any case.
        false => &[NoteLayout::Mirrored, NoteLayout::Flat],
    };
    let called = layouts.iter().any(|layout| {
        let stem = note_stem(id, *layout);
        let names = formats.iter().map(|format| format!("{stem}.{format}"));
        notes.iter().cloned().eq(names)
    });
    let ends = formats
        .iter()
        .all(|format| ["json", "html", "md", "txt"].contains(&&**format));
    called
        && ends
        && outputs.iter().map(|output| &output.name).eq(notes)
        && row.id == id
        && notes.contains(&row.note)
}
