//! Notes reach their places in groups: written under temporary names, made durable together, renamed, and only then recorded.
//!
//! In:  notes that were written, and the records that speak of them. Out: both on the disk, in an order in which a power cut at any
//! moment leaves no half file at a final name and no record of a note that is not there. What a sync costs is shared by the group.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tempfile::TempPath;

use super::error::BatchError;
use super::journal::{Journal, NoteFile, Record, STATE_FOLDER};
use super::outcome::{BatchProgress, Outcome};
use crate::hash::sha256;

/// A group is committed when it holds so many items,
pub const GROUP_ITEMS: usize = 64;
/// or when the first of them has waited this long.
const GROUP_WAIT: Duration = Duration::from_millis(200);

/// Temporary names: hidden, and told apart from whatever else is hidden there.
const TEMP_PREFIX: &str = ".sukje-";
const TEMP_SUFFIX: &str = ".tmp";

/// When notes are made durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Some together; a power cut costs at most the group in flight.
    Group,
    /// Each by itself.
    Each,
    /// When the system gets to it; a power cut may cost what was written in the last minute, and leave it damaged.
    None,
}

fn failed(path: &Path, source: impl Into<io::Error>) -> BatchError {
    BatchError::io(path, "written", &source.into())
}

/// A note under its temporary name; one that is dropped is removed.
#[derive(Debug)]
pub struct UnplacedFile {
    file: File,
    temp: TempPath,
    path: PathBuf,
}

/// The output folder: which folders in it exist, and which have names that are not yet durable.
#[derive(Debug)]
pub struct OutputFolder {
    root: PathBuf,
    /// Open since before the first write, so that it learns of every write that fails later.
    #[cfg(target_os = "linux")]
    opened: Option<File>,
    folders: Mutex<Folders>,
    durability: Durability,
}

#[derive(Debug, Default)]
struct Folders {
    made: BTreeSet<PathBuf>,
    touched: BTreeSet<PathBuf>,
    /// Some lie on another file system than the root.
    elsewhere: bool,
}

impl OutputFolder {
    /// Opens an output folder that exists and may be new.
    pub fn open(root: &Path, durability: Durability) -> Result<OutputFolder, BatchError> {
        let parent = root.parent().filter(|parent| parent.is_dir());
        let touched = [Some(root), parent].into_iter().flatten();
        let folders = Folders {
            touched: touched
                .map(Path::to_path_buf)
                .chain([root.join(STATE_FOLDER)])
                .collect(),
            ..Folders::default()
        };
        Ok(OutputFolder {
            root: root.to_path_buf(),
            #[cfg(target_os = "linux")]
            opened: Some(File::open(root).map_err(|error| failed(root, error))?),
            folders: Mutex::new(folders),
            durability,
        })
    }

    /// Names a folder that is only looked at, and need not be there.
    pub fn unopened(root: &Path) -> OutputFolder {
        OutputFolder {
            root: root.to_path_buf(),
            #[cfg(target_os = "linux")]
            opened: None,
            folders: Mutex::default(),
            durability: Durability::Each,
        }
    }

    /// Returns the path of a name below the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Tells whether a note is there as it was written.
    pub fn is_intact(&self, note: &NoteFile) -> bool {
        fs::read(self.path(&note.name))
            .is_ok_and(|bytes| bytes.len() as u64 == note.bytes && sha256(bytes) == note.sha256)
    }

    /// Tells whether somebody has edited a note that was in place. One that was cut off, or that a power cut filled with
    /// zeros, is damaged and no edit.
    pub fn is_edited(&self, known: &Record, name: &str, bytes: &[u8]) -> bool {
        let Ok(notes) = &known.result else {
            return false;
        };
        notes.outputs.iter().any(|output| output.name == name)
            && fs::read(self.path(name))
                .is_ok_and(|there| !bytes.starts_with(&there) && !there.contains(&0))
    }

    /// Removes what is no longer true; that it is not there is no failure.
    pub fn remove(&self, name: &str) -> Result<(), BatchError> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(&path, error)),
            _ => Ok(()),
        }
    }

    /// Has what is to be called `name` written, under a temporary name.
    pub fn write(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<UnplacedFile, BatchError> {
        let path = self.path(name);
        let folder = path.parent().unwrap_or(&self.root);
        let file_name = path.file_name().unwrap_or_default().to_string_lossy();
        let temp = folder.join(format!("{TEMP_PREFIX}{file_name}{TEMP_SUFFIX}"));
        self.make(folder)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temp)
            .map_err(|error| failed(&path, error))?;
        let temp = TempPath::try_from_path(&temp).map_err(|error| failed(&path, error))?;
        write(&mut file).map_err(|error| failed(&path, error))?;
        Ok(UnplacedFile { file, temp, path })
    }

    /// Makes a folder and those it lies in, each once.
    fn make(&self, folder: &Path) -> Result<(), BatchError> {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if folder == self.root || folders.made.contains(folder) {
            return Ok(());
        }
        let mut missing = Vec::new();
        let mut at = folder;
        while at != self.root && !folders.made.contains(at) {
            missing.push(at);
            at = at.parent().unwrap_or(&self.root);
        }
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(failed(folder, error));
                }
                _ => {}
            }
            folders.elsewhere |= !self.same_system(folder)?;
            folders.made.insert(folder.to_path_buf());
            let parent = folder.parent().unwrap_or(&self.root).to_path_buf();
            folders.touched.insert(parent);
        }
        Ok(())
    }

    #[cfg(target_os = "linux")]
    fn same_system(&self, folder: &Path) -> Result<bool, BatchError> {
        use std::os::unix::fs::MetadataExt;
        let device = |path: &Path| {
            let known = path.metadata().map_err(|error| failed(path, error))?;
            Ok(known.dev())
        };
        Ok(device(folder)? == device(&self.root)?)
    }

    #[cfg(not(target_os = "linux"))]
    fn same_system(&self, _: &Path) -> Result<bool, BatchError> {
        Ok(true)
    }

    /// Makes notes durable, gives them their names, and makes the names durable.
    pub fn place(&self, notes: Vec<UnplacedFile>) -> Result<(), BatchError> {
        if self.durability != Durability::None {
            self.sync_files(&notes)?;
        }
        for note in notes {
            let UnplacedFile { file, temp, path } = note;
            drop(file);
            temp.persist(&path)
                .map_err(|error| failed(&path, error.error))?;
            let folder = path.parent().unwrap_or(&self.root).to_path_buf();
            self.folders().touched.insert(folder);
        }
        let touched = std::mem::take(&mut self.folders().touched);
        if self.durability != Durability::None {
            for folder in touched {
                sync_folder(&folder).map_err(|error| failed(&folder, error))?;
            }
        }
        Ok(())
    }

    fn folders(&self) -> std::sync::MutexGuard<'_, Folders> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes notes durable, by one call for all of them where the system has one: it waits once for the disk, and not once a file.
    #[cfg(target_os = "linux")]
    fn sync_files(&self, notes: &[UnplacedFile]) -> Result<(), BatchError> {
        match &self.opened {
            Some(root) if notes.len() > 1 && !self.folders().elsewhere => {
                rustix::fs::syncfs(root).map_err(|error| failed(&self.root, error))
            }
            _ => sync_each(notes),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn sync_files(&self, notes: &[UnplacedFile]) -> Result<(), BatchError> {
        sync_each(notes)
    }
}

fn sync_each(notes: &[UnplacedFile]) -> Result<(), BatchError> {
    for note in notes {
        note.file
            .sync_data()
            .map_err(|error| failed(&note.path, error))?;
    }
    Ok(())
}

/// Waits until the names in a folder are on the disk: a file that is synced may still lack its new name there. Fails where the folder
/// cannot be opened or synced; a system whose folders cannot be opened is not waited for.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}

/// Notes and records that wait to be put in place together.
#[derive(Default)]
pub struct CommitGroup {
    notes: Vec<UnplacedFile>,
    records: Vec<WaitingRecord>,
    since: Option<Instant>,
}

/// A record to be: of which item, whether that is done, and its JSON.
struct WaitingRecord {
    index: usize,
    done: bool,
    json: Vec<u8>,
}

impl CommitGroup {
    /// Adds the record of the item at `index`, and the notes it speaks of; without notes the item has failed.
    pub fn add(&mut self, index: usize, done: bool, json: Vec<u8>, notes: Vec<UnplacedFile>) {
        self.since.get_or_insert_with(Instant::now);
        self.records.push(WaitingRecord { index, done, json });
        self.notes.extend(notes);
    }

    /// Tells whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Tells whether the group is full, or has waited long enough.
    pub fn is_due(&self, durability: Durability) -> bool {
        let most = match durability {
            Durability::Each => 1,
            Durability::Group | Durability::None => GROUP_ITEMS,
        };
        let waited = |since: Instant| since.elapsed() >= GROUP_WAIT;
        self.records.len() >= most || self.since.is_some_and(waited)
    }

    /// Puts the notes in their places, then appends the records, and notes what became of each item.
    pub fn commit(
        &mut self,
        output: &OutputFolder,
        journal: &mut Journal,
        progress: &BatchProgress,
        outcomes: &mut [Outcome],
    ) -> Result<(), BatchError> {
        let CommitGroup { notes, records, .. } = std::mem::take(self);
        if records.is_empty() {
            return Ok(());
        }
        output.place(notes)?;
        let json: Vec<&[u8]> = records.iter().map(|record| &*record.json).collect();
        let spans = journal.append(&json)?;
        if output.durability != Durability::None {
            journal.sync()?;
        }
        for (record, span) in records.iter().zip(spans) {
            outcomes[record.index] = match record.done {
                true => {
                    progress.done.fetch_add(1, Ordering::Relaxed);
                    Outcome::Done(span)
                }
                false => Outcome::Failed(span),
            };
        }
        Ok(())
    }
}

/// Tells whether a name is a temporary one.
pub(super) fn is_temporary(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(TEMP_PREFIX.as_bytes()) && name.ends_with(TEMP_SUFFIX.as_bytes())
}

/// Removes what dead runs left under temporary names. The folder must be held.
pub fn remove_leftovers(root: &Path) -> Result<(), BatchError> {
    for entry in walkdir::WalkDir::new(root) {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(root).to_path_buf();
            failed(&path, error)
        })?;
        if is_temporary(entry.file_name()) && !entry.file_type().is_dir() {
            fs::remove_file(entry.path()).map_err(|error| failed(entry.path(), error))?;
        }
    }
    Ok(())
}
