//! The journal: what is done, one record a line, appended only after the notes it speaks of are in place.
//!
//! In:  records. Out: the same records when a run resumes, each only if every byte of it is as it was written. A line is
//! `LENGTH CHECKSUM JSON`: a torn last line is cut off, a line with a flipped byte is not trusted, and both are done
//! again. The output folder is held by a lock that the system lets go when its holder dies.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::error::{BatchError, BatchErrorKind};
use super::plan::InputError;
use crate::hash::sha256;
use crate::overview::ArticleRow;

/// Below the output folder: the batch's own files.
pub const STATE_FOLDER: &str = ".sukje";
pub(super) const JOURNAL: &str = "journal";
pub(super) const LOCK: &str = "lock";

/// The form of the lines below the first.
const VERSION: u32 = 1;
/// Hexadecimal digits of a line's checksum: 64 bits of a SHA-256.
const SUM_DIGITS: usize = 16;
/// `LENGTH CHECKSUM ` before the JSON.
const HEAD_BYTES: usize = 8 + 1 + SUM_DIGITS + 1;

/// What the journal holds of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The item.
    pub id: String,
    /// Hash of everything the note depends on.
    pub key: String,
    /// Its notes, or why it has none.
    #[serde(flatten, with = "RecordedResult")]
    pub result: Result<RecordedNotes, InputError>,
}

impl Record {
    /// Returns the record as it stands in the journal, without a byte of room to spare: many wait at a time.
    pub fn json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec(self).expect("records are JSON");
        json.shrink_to_fit();
        json
    }
}

/// Spells a result as the journal does.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Result")]
enum RecordedResult<T, E> {
    #[serde(rename = "done")]
    Ok(T),
    #[serde(rename = "failed")]
    Err(E),
}

/// The notes of an item, which are in place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedNotes {
    /// The notes.
    pub outputs: Vec<NoteFile>,
    /// What the overview needs of it.
    pub row: ArticleRow,
}

/// A note in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteFile {
    /// Path below the output folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The hash of its bytes.
    pub sha256: String,
}

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct JournalHeader {
    journal: u32,
}

/// Where a record stands in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordSpan {
    start: u64,
    length: u32,
}

fn failed(path: &Path, doing: &str, source: io::Error) -> BatchError {
    BatchError::io(path, doing, &source)
}

/// Takes the output folder as long as the returned file is open, or says who has it. Never waits.
pub fn lock(out: &Path) -> Result<File, BatchError> {
    let path = out.join(STATE_FOLDER).join(LOCK);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|error| failed(&path, "opened", error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let _ = file.read_to_string(&mut text);
            // A run says who it is only after it has the lock.
            let holder = match text.trim().parse::<u32>() {
                Ok(pid) => format!(" (process {pid})"),
                Err(_) => String::new(),
            };
            let cause = format_args!("another run is writing to it{holder}");
            return Err(BatchError::new(BatchErrorKind::Held, out.display(), cause));
        }
        Err(TryLockError::Error(error)) => return Err(failed(&path, "locked", error)),
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(|error| failed(&path, "written", error))?;
    Ok(file)
}

/// What earlier runs have done: only places are kept, records are read when they are asked for.
#[derive(Debug)]
pub struct JournalIndex {
    file: Option<Mutex<File>>,
    places: FxHashMap<u128, RecordSpan>,
}

impl JournalIndex {
    /// Makes the index of a folder without a journal.
    fn nothing() -> JournalIndex {
        JournalIndex {
            file: None,
            places: FxHashMap::default(),
        }
    }

    /// Reads the journal of an output folder, if it has one, and writes nothing.
    pub fn read(out: &Path) -> Result<JournalIndex, BatchError> {
        let path = out.join(STATE_FOLDER).join(JOURNAL);
        match File::open(&path) {
            Ok(file) => Ok(scan(&path, file)?.0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(JournalIndex::nothing()),
            Err(error) => Err(failed(&path, "opened", error)),
        }
    }

    /// Returns the last record of an item, and where it stands.
    pub fn record(&self, id: &str) -> Option<(Record, RecordSpan)> {
        let place = *self.places.get(&id_hash(id))?;
        let record = self.at(place)?;
        (record.id == id).then_some((record, place))
    }

    /// Returns the record at a place, also one that was appended since; none where it can no longer be read whole.
    pub fn at(&self, place: RecordSpan) -> Option<Record> {
        serde_json::from_slice(sound(&self.line(place)?)?).ok()
    }

    /// Returns the overview's row of the item whose record stands at a place; none as with [`JournalIndex::at`], or where it failed.
    pub fn row(&self, place: RecordSpan) -> Option<ArticleRow> {
        let line = self.line(place)?;
        let subject: Noted = serde_json::from_slice(sound(&line)?).ok()?;
        Some(subject.done.row)
    }

    fn line(&self, place: RecordSpan) -> Option<Vec<u8>> {
        let mut file = self
            .file
            .as_ref()?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut line = vec![0; place.length as usize];
        file.seek(SeekFrom::Start(place.start)).ok()?;
        file.read_exact(&mut line).ok()?;
        Some(line)
    }
}

fn id_hash(id: &str) -> u128 {
    u128::from_str_radix(&sha256(id)[..32], 16).expect("a hash is hexadecimal digits")
}

/// Returns the JSON of a line without its end, if it is as it was written.
fn sound(line: &[u8]) -> Option<&[u8]> {
    let (head, json) = line.split_at_checked(HEAD_BYTES)?;
    (head == self::head(json).as_bytes()).then_some(json)
}

fn head(json: &[u8]) -> String {
    format!("{:08x} {} ", json.len(), &sha256(json)[..SUM_DIGITS])
}

/// Finds every sound record; gives also where the last whole line ends.
fn scan(path: &Path, file: File) -> Result<(JournalIndex, u64), BatchError> {
    let reading = |error| failed(path, "read", error);
    let mut lines = BufReader::new(file.try_clone().map_err(reading)?);
    let mut places = FxHashMap::default();
    let mut line = Vec::new();
    let mut start = 0;
    loop {
        line.clear();
        let read = lines.read_until(b'\n', &mut line).map_err(reading)?;
        if line.pop() != Some(b'\n') {
            break;
        }
        if let Some(json) = sound(&line) {
            if start == 0
                && let Ok(header) = serde_json::from_slice::<JournalHeader>(json)
                && header.journal > VERSION
            {
                let cause = format_args!(
                    "written by a newer sukje (journal {}; this one knows {VERSION})",
                    header.journal
                );
                return Err(BatchError::new(
                    BatchErrorKind::Unusable,
                    path.display(),
                    cause,
                ));
            }
            if let Ok(Subject { id }) = serde_json::from_slice(json) {
                let length = line.len() as u32;
                places.insert(id_hash(&id), RecordSpan { start, length });
            }
        }
        start += read as u64;
    }
    let known = JournalIndex {
        file: Some(Mutex::new(file)),
        places,
    };
    Ok((known, start))
}

/// Of a record, whom it speaks of.
#[derive(Deserialize)]
struct Subject {
    id: String,
}

/// Of a record, the row alone: a flattened outcome takes three times as long to read.
#[derive(Deserialize)]
struct Noted {
    done: NotedRow,
}

#[derive(Deserialize)]
struct NotedRow {
    row: ArticleRow,
}

/// The journal, open for more.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: PathBuf,
    end: u64,
}

impl Journal {
    /// Opens the journal of an output folder that is held, and makes it where there is none. What a torn write left is cut off.
    pub fn open(out: &Path) -> Result<(Journal, JournalIndex), BatchError> {
        let path = out.join(STATE_FOLDER).join(JOURNAL);
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(&path)
            .map_err(|error| failed(&path, "opened", error))?;
        let reader = File::open(&path).map_err(|error| failed(&path, "opened", error))?;
        let (known, end) = scan(&path, reader)?;
        file.set_len(end)
            .map_err(|error| failed(&path, "written", error))?;
        let mut journal = Journal { file, path, end };
        if end == 0 {
            let header = serde_json::to_vec(&JournalHeader { journal: VERSION });
            journal.append(&[header.expect("a number is JSON")])?;
        }
        Ok((journal, known))
    }

    /// Appends records, as [`Record::json`] has them, in one write; gives where each stands. Nothing is on the disk for sure before [`Journal::sync`].
    pub fn append(&mut self, records: &[impl AsRef<[u8]>]) -> Result<Vec<RecordSpan>, BatchError> {
        let mut bytes = Vec::new();
        let mut places = Vec::with_capacity(records.len());
        for json in records {
            let json = json.as_ref();
            let start = self.end + bytes.len() as u64;
            let length = (HEAD_BYTES + json.len()) as u32;
            places.push(RecordSpan { start, length });
            bytes.extend_from_slice(head(json).as_bytes());
            bytes.extend_from_slice(json);
            bytes.push(b'\n');
        }
        self.file
            .write_all(&bytes)
            .map_err(|error| failed(&self.path, "written", error))?;
        self.end += bytes.len() as u64;
        Ok(places)
    }

    /// Waits until everything appended is on the disk.
    pub fn sync(&self) -> Result<(), BatchError> {
        self.file
            .sync_data()
            .map_err(|error| failed(&self.path, "written", error))
    }
}

/// Opens a scratch file without a name, which is gone when it is closed.
pub fn scratch_file(out: &Path) -> Result<File, BatchError> {
    let path = out.join(STATE_FOLDER);
    tempfile::tempfile_in(&path).map_err(|error| failed(&path, "written", error))
}

/// Makes the folder of the batch's own files.
pub fn make_state_folder(out: &Path) -> Result<(), BatchError> {
    let path = out.join(STATE_FOLDER);
    fs::create_dir_all(&path).map_err(|error| failed(&path, "made", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::plan::ErrorCode;

    fn record(id: &str) -> Record {
        Record {
            id: id.into(),
            key: "k".into(),
            result: Err(InputError {
                code: ErrorCode::Unusable,
                message: "강\nx".into(),
            }),
        }
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        make_state_folder(folder.path()).expect("made");
        folder
    }

    fn write(out: &Path, ids: &[&str]) {
        let (mut journal, _) = Journal::open(out).expect("opened");
        let records: Vec<Record> = ids.iter().map(|id| record(id)).collect();
        let json: Vec<Vec<u8>> = records.iter().map(Record::json).collect();
        let places = journal.append(&json).expect("appended");
        journal.sync().expect("synced");
        let known = JournalIndex::read(out).expect("read");
        for (record, place) in records.iter().zip(places) {
            assert_eq!(known.at(place).as_ref(), Some(record));
        }
    }

    fn ids(out: &Path, ids: &[&str]) -> Vec<bool> {
        let known = JournalIndex::read(out).expect("read");
        ids.iter()
            .map(|id| known.record(id) == known.record(id) && known.record(id).is_some())
            .collect()
    }

    fn path(out: &Path) -> PathBuf {
        out.join(STATE_FOLDER).join(JOURNAL)
    }

    #[test]
    fn a_torn_last_record_is_dropped_at_any_length_and_the_next_run_goes_on() {
        let folder = folder();
        write(folder.path(), &["a", "b"]);
        let whole = fs::read(path(folder.path())).expect("read");
        let first = whole
            .iter()
            .enumerate()
            .filter(|(_, b)| **b == b'\n')
            .nth(1);
        let first = first.expect("two lines and more").0 + 1;
        for length in 0..whole.len() {
            fs::write(path(folder.path()), &whole[..length]).expect("written");
            assert_eq!(ids(folder.path(), &["a", "b"]), [length >= first, false]);
            write(folder.path(), &["c"]);
            assert_eq!(
                ids(folder.path(), &["a", "b", "c"]),
                [length >= first, false, true]
            );
        }
    }

    #[test]
    fn a_flipped_byte_costs_its_own_record_only() {
        let folder = folder();
        write(folder.path(), &["a", "b", "c"]);
        let whole = fs::read(path(folder.path())).expect("read");
        let ends: Vec<usize> = (0..whole.len()).filter(|&at| whole[at] == b'\n').collect();
        for at in ends[0] + 1..whole.len() {
            let mut broken = whole.clone();
            broken[at] ^= 1;
            fs::write(path(folder.path()), broken).expect("written");
            let known = JournalIndex::read(folder.path()).expect("read");
            for (n, id) in ["a", "b", "c"].iter().enumerate() {
                // A flipped line end joins two lines, and neither is trusted.
                let harmed = at > ends[n] && at <= ends[n + 1] || at == ends[n];
                let expected = (!harmed).then(|| record(id));
                assert_eq!(
                    known.record(id).map(|(record, _)| record),
                    expected,
                    "{at} {id}"
                );
            }
        }
    }

    #[test]
    fn a_newer_journal_is_refused_and_an_empty_one_is_begun() {
        let folder = folder();
        let json = br#"{"journal":2,"form":"other"}"#;
        let line = [head(json).as_bytes(), json, b"\n"].concat();
        fs::write(path(folder.path()), line).expect("written");
        let error = Journal::open(folder.path()).expect_err("newer").to_string();
        assert!(
            error.ends_with("written by a newer sukje (journal 2; this one knows 1)"),
            "{error}"
        );
        fs::write(path(folder.path()), "").expect("written");
        write(folder.path(), &["a"]);
        assert_eq!(ids(folder.path(), &["a"]), [true]);
    }

    #[test]
    fn one_run_holds_the_folder_and_a_dead_one_does_not() {
        let folder = folder();
        let held = lock(folder.path()).expect("free");
        let error = lock(folder.path()).expect_err("held").to_string();
        let pid = std::process::id();
        assert!(
            error.ends_with(&format!("another run is writing to it (process {pid})")),
            "{error}"
        );
        drop(held);
        lock(folder.path()).expect("free again");
    }
}
