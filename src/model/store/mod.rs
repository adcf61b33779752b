//! Model files on this computer: found, checked, put in place, removed.
//!
//! In:  a `ModelSpec`. Out: an open file whose bytes are the ones the models file names. Files lie where the Hugging Face tools
//! keep theirs (`HF_HUB_CACHE`, else `HF_HOME/hub`), so that what one of them pulled is found by all:
//!
//! ```text
//! models--OWNER--NAME/blobs/SHA256                the bytes, named by the hash we expect, never by what a server says
//! models--OWNER--NAME/snapshots/REVISION/FILE     a link to them
//! ```
//!
//! Hashing gigabytes takes seconds, so a verified file is remembered by size, time and inode in sukje's own cache folder;
//! there too stands what an unpinned model was when it first came. No record is trusted that does not fit the file.

mod files;
mod records;

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hf_hub::{Cache, CacheRepo, Repo, RepoType};
use thiserror::Error;

pub(super) use files::{failed, free_bytes, names_with};

use super::registry::{ModelSpec, NO_COMMIT, Pin, is_commit, is_sha256};
use crate::hash::sha256;
use files::{hash_file, link, made, open_regular, remove_if_there, same_file, sync_parent};
use records::{PinRecord, Stamp, read_record, write_record};

/// A file changed in the clock tick in which it was hashed would look unchanged. Two seconds is the coarsest tick there is (FAT).
const CLOCK_TICK: Duration = Duration::from_secs(2);

/// The folders models are kept in.
#[derive(Debug, Clone)]
pub struct Store {
    hub: Cache,
    own: PathBuf,
}

/// A model file whose bytes were verified; the descriptor is the one they were read from.
#[derive(Debug)]
pub struct ModelFile {
    /// Open for reading, at its start.
    pub file: File,
    /// Where it lies.
    pub path: PathBuf,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// What there is of a model, by a look at names and sizes alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnDisk {
    /// Nothing.
    Absent,
    /// A file of another size than the model's.
    WrongSize(PathBuf),
    /// A file of the right size.
    Present(PathBuf),
}

/// Why a model file could not be used.
#[derive(Debug, Error)]
pub enum StoreError {
    /// There is no folder to keep models in.
    #[error("no home folder, and HF_HOME is not set")]
    NoHome,
    /// It was never pulled.
    #[error("is not on this computer")]
    Absent,
    /// It is no regular file.
    #[error("{} is no regular file", .0.display())]
    NotAFile(PathBuf),
    /// The file is too short or too long.
    #[error("checksum failed: expected {expected} bytes, found {found}, in {}", path.display())]
    Size {
        /// The file.
        path: PathBuf,
        /// The model's size.
        expected: u64,
        /// The file's.
        found: u64,
    },
    /// The file's bytes are not the model's.
    #[error("checksum failed: expected sha256 {expected}, found {found}, in {}", path.display())]
    Hash {
        /// The file.
        path: PathBuf,
        /// The model's hash.
        expected: String,
        /// The file's.
        found: String,
    },
    /// The system failed.
    #[error("{} could not be {what}: {source}", path.display())]
    Io {
        /// What was tried, such as `read`.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// How it failed.
        source: io::Error,
    },
}

impl Store {
    /// Models under `hub`, sukje's own records under `own`.
    pub fn new(hub: PathBuf, own: PathBuf) -> Store {
        Store {
            hub: Cache::new(hub),
            own,
        }
    }

    /// Returns the folders the environment names: HF_HUB_CACHE, else HF_HOME, else the user's cache folder.
    pub fn from_env() -> Result<Store, StoreError> {
        let hub = folder_of("HF_HUB_CACHE")
            .or_else(|| folder_of("HUGGINGFACE_HUB_CACHE"))
            .or_else(|| hf_home().map(|home| home.join("hub")))
            .ok_or(StoreError::NoHome)?;
        let own = dirs::cache_dir().ok_or(StoreError::NoHome)?.join("sukje");
        Ok(Store::new(hub, own))
    }

    /// Returns what the model's file must be: pinned in the models file, or recorded when it first came.
    pub fn pin(&self, spec: &ModelSpec) -> Option<Pin> {
        spec.pin.clone().or_else(|| self.recorded_pin(spec))
    }

    /// Looks for the model's file without reading it.
    pub fn on_disk(&self, spec: &ModelSpec) -> OnDisk {
        let Some(pin) = self.pin(spec).filter(|_| spec.repo.is_some()) else {
            return OnDisk::Absent;
        };
        let path = self.snapshot(spec, &pin);
        match fs::metadata(&path) {
            Ok(known) if known.is_file() && known.len() == pin.size_bytes => OnDisk::Present(path),
            Ok(_) => OnDisk::WrongSize(path),
            Err(_) => OnDisk::Absent,
        }
    }

    /// Returns the model's file; hashed unless it is remembered as verified.
    pub fn open(&self, spec: &ModelSpec) -> Result<ModelFile, StoreError> {
        self.verify(spec, true)
    }

    /// Returns the model's file, hashed whatever is remembered.
    pub fn check(&self, spec: &ModelSpec) -> Result<ModelFile, StoreError> {
        self.verify(spec, false)
    }

    fn verify(&self, spec: &ModelSpec, trust_record: bool) -> Result<ModelFile, StoreError> {
        let pin = self.pin(spec).filter(|_| spec.repo.is_some());
        let pin = pin.ok_or(StoreError::Absent)?;
        let path = self.snapshot(spec, &pin);
        let (mut file, known) = open_regular(&path)?;
        if known.len() != pin.size_bytes {
            return Err(StoreError::Size {
                path,
                expected: pin.size_bytes,
                found: known.len(),
            });
        }
        let stamp = Stamp::of(&known);
        if !(trust_record && self.is_verified(&pin.sha256, &stamp)) {
            let found = hash_file(&mut file, &path)?;
            if found != pin.sha256 {
                return Err(StoreError::Hash {
                    path,
                    expected: pin.sha256,
                    found,
                });
            }
            self.remember_verified(&pin.sha256, &stamp);
        }
        Ok(ModelFile {
            file,
            path,
            sha256: pin.sha256,
        })
    }

    /// Removes the model's file, unless another revision links to the same bytes, what a broken pull left of it and all that is
    /// remembered of it. Gives the bytes freed.
    pub fn remove(&self, spec: &ModelSpec) -> Result<u64, StoreError> {
        let mut removed = Vec::new();
        if let Some(pin) = self.pin(spec) {
            let snapshot = self.snapshot(spec, &pin);
            let blob = self.blob(spec, &pin);
            removed.extend(remove_if_there(&snapshot)?);
            if !self.is_linked(spec, &blob) {
                removed.extend(remove_if_there(&blob)?);
            }
            let _ = fs::remove_file(self.verified_record(&pin.sha256));
            let _ = fs::remove_file(self.pin_record(spec));
            self.remove_empty_folders(spec, &snapshot);
        }
        let blobs = self.folder(spec).join("blobs");
        for part in names_with(&blobs, &part_prefix(spec)) {
            removed.extend(remove_if_there(&part)?);
        }
        let _ = fs::remove_dir(&blobs);
        let _ = fs::remove_dir(self.folder(spec));
        let sizes = removed.iter().filter(|known| known.is_file());
        match removed.is_empty() {
            true => Err(StoreError::Absent),
            false => Ok(sizes.map(Metadata::len).sum()),
        }
    }

    /// Returns whether a snapshot of the model's repository still links to the bytes.
    fn is_linked(&self, spec: &ModelSpec, blob: &Path) -> bool {
        let Ok(blob) = blob.canonicalize() else {
            return false;
        };
        let snapshots = self.folder(spec).join("snapshots");
        let revisions = fs::read_dir(snapshots).into_iter().flatten().flatten();
        revisions
            .map(|revision| revision.path().join(&spec.file))
            .any(|path| path.canonicalize().is_ok_and(|path| path == blob))
    }

    /// Folders that hold something stay: removing a folder that is not empty fails.
    fn remove_empty_folders(&self, spec: &ModelSpec, snapshot: &Path) {
        let top = self.folder(spec);
        for folder in snapshot.ancestors().skip(1) {
            if folder == top || fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }

    /// Returns the folder of the model's repository.
    fn folder(&self, spec: &ModelSpec) -> PathBuf {
        self.hub.path().join(repo(spec, NO_COMMIT).folder_name())
    }

    fn layout(&self, spec: &ModelSpec) -> CacheRepo {
        self.hub.repo(repo(spec, NO_COMMIT))
    }

    /// Returns the name other tools know the file by.
    pub(super) fn snapshot(&self, spec: &ModelSpec, pin: &Pin) -> PathBuf {
        self.layout(spec)
            .pointer_path(&pin.revision)
            .join(&spec.file)
    }

    /// Returns the file's bytes.
    fn blob(&self, spec: &ModelSpec, pin: &Pin) -> PathBuf {
        self.layout(spec).blob_path(&pin.sha256)
    }

    /// Returns the folder in which partial files become blobs, made if need be.
    pub(super) fn blobs(&self, spec: &ModelSpec) -> Result<PathBuf, StoreError> {
        let folder = self.folder(spec).join("blobs");
        made(&folder)?;
        Ok(folder)
    }

    /// Puts whole, synced bytes in place: under their hash, then under the name other tools know them by.
    pub(super) fn adopt(
        &self,
        spec: &ModelSpec,
        pin: &Pin,
        part: &Path,
    ) -> Result<PathBuf, StoreError> {
        let blob = self.blob(spec, pin);
        fs::rename(part, &blob).map_err(failed("put in place", &blob))?;
        sync_parent(&blob)?;
        let snapshot = self.snapshot(spec, pin);
        if let Some(folder) = snapshot.parent() {
            made(folder)?;
        }
        if !same_file(&snapshot, &blob) {
            link(&self.folder(spec), &blob, &snapshot).map_err(failed("linked", &snapshot))?;
            sync_parent(&snapshot)?;
        }
        Ok(snapshot)
    }

    /// Opens a lock that one process holds at a time, where locks work; no more than a courtesy.
    pub(super) fn lock_file(&self, key: &str) -> io::Result<File> {
        let folder = self.own.join("locks");
        fs::create_dir_all(&folder)?;
        File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join(format!("{key}.lock")))
    }

    /// Remembers what an unpinned model was when it came.
    pub(super) fn record_pin(&self, spec: &ModelSpec, pin: &Pin) -> Result<(), StoreError> {
        let path = self.pin_record(spec);
        let record = PinRecord {
            repo: spec.repo.clone().unwrap_or_default(),
            file: spec.file.clone(),
            revision: pin.revision.clone(),
            size_bytes: pin.size_bytes,
            sha256: pin.sha256.clone(),
        };
        write_record(&path, &record).map_err(failed("written", &path))
    }

    fn recorded_pin(&self, spec: &ModelSpec) -> Option<Pin> {
        let record: PinRecord = read_record(&self.pin_record(spec))?;
        let fits = Some(&record.repo) == spec.repo.as_ref() && record.file == spec.file;
        let sound = is_sha256(&record.sha256)
            && (is_commit(&record.revision) || record.revision == NO_COMMIT);
        (fits && sound).then_some(Pin {
            revision: record.revision,
            size_bytes: record.size_bytes,
            sha256: record.sha256,
        })
    }

    fn pin_record(&self, spec: &ModelSpec) -> PathBuf {
        self.own.join("pins").join(format!("{}.json", spec.name))
    }

    fn verified_record(&self, sha256: &str) -> PathBuf {
        self.own.join("verified").join(format!("{sha256}.json"))
    }

    fn is_verified(&self, sha256: &str, stamp: &Stamp) -> bool {
        read_record::<Stamp>(&self.verified_record(sha256)).is_some_and(|known| known == *stamp)
    }

    /// A record that cannot be written costs a second hashing, no more.
    fn remember_verified(&self, sha256: &str, stamp: &Stamp) {
        if stamp.is_older_than(CLOCK_TICK) {
            let _ = write_record(&self.verified_record(sha256), stamp);
        }
    }
}

/// Returns the SHA-256 of any file, in hexadecimal.
pub fn sha256_of(path: &Path) -> Result<String, StoreError> {
    let (mut file, _) = open_regular(path)?;
    hash_file(&mut file, path)
}

/// Returns how the names of a model's partial files begin: of the file wanted, nothing of it from a server.
pub(super) fn part_prefix(spec: &ModelSpec) -> String {
    let whole = match &spec.pin {
        Some(pin) => pin.sha256.clone(),
        None => sha256(format!("{}/{}", repo_name(spec), spec.file)),
    };
    format!(".sukje-{}-", &whole[..16])
}

/// Returns the hub's name for a model's repository at a revision.
pub(super) fn repo(spec: &ModelSpec, revision: &str) -> Repo {
    Repo::with_revision(
        repo_name(spec).into(),
        RepoType::Model,
        revision.to_string(),
    )
}

/// Returns owner and name of a model's repository; of one without an address nothing is ever asked for.
fn repo_name(spec: &ModelSpec) -> &str {
    spec.repo.as_deref().unwrap_or_default()
}

/// Returns the revision to ask for, and to keep the file under where the server tells none.
pub(super) fn revision(pin: Option<&Pin>) -> &str {
    pin.map_or(NO_COMMIT, |pin| &pin.revision)
}

/// HF_HOME, else the folder the hub's own tools take.
pub(super) fn hf_home() -> Option<PathBuf> {
    folder_of("HF_HOME").or_else(|| {
        let cache = folder_of("XDG_CACHE_HOME");
        let cache = cache.or_else(|| dirs::home_dir().map(|home| home.join(".cache")));
        cache.map(|cache| cache.join("huggingface"))
    })
}

/// Returns the folder an environment variable names; an empty variable is not set.
fn folder_of(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::time::SystemTime;

    use super::*;
    use crate::model::registry::Registry;

    /// Returns a store in a folder of its own that holds a built-in model, of other bytes and two hours old.
    fn store_with(bytes: &[u8]) -> (tempfile::TempDir, Store, ModelSpec) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::new(folder.path().join("hub"), folder.path().join("own"));
        let mut spec = Registry::builtin()
            .get("qwen3-1.7b")
            .expect("known")
            .clone();
        let pin = Pin {
            revision: "a".repeat(40),
            size_bytes: bytes.len() as u64,
            sha256: sha256(bytes),
        };
        spec.pin = Some(pin.clone());
        let part = store.blobs(&spec).expect("made").join("part");
        fs::write(&part, bytes).expect("written");
        store.adopt(&spec, &pin, &part).expect("in place");
        set_age(&store, &spec, Duration::from_secs(7200));
        (folder, store, spec)
    }

    fn set_age(store: &Store, spec: &ModelSpec, age: Duration) {
        let path = store.snapshot(spec, spec.pin.as_ref().expect("pinned"));
        let file = File::options().write(true).open(path).expect("there");
        file.set_modified(SystemTime::now() - age).expect("set");
    }

    /// Other bytes in the same file, of the same size.
    fn damage(store: &Store, spec: &ModelSpec) {
        let pin = spec.pin.as_ref().expect("pinned");
        let path = store.snapshot(spec, pin);
        fs::write(path, vec![b'x'; pin.size_bytes as usize]).expect("written");
    }

    #[test]
    fn a_verified_file_is_hashed_again_once_it_was_touched() {
        let (_folder, store, spec) = store_with(b"weights");
        store.open(&spec).expect("sound");
        let record = store.verified_record(&spec.pin.as_ref().expect("pinned").sha256);
        assert!(record.exists());
        damage(&store, &spec);
        assert!(matches!(store.open(&spec), Err(StoreError::Hash { .. })));
        assert!(matches!(store.check(&spec), Err(StoreError::Hash { .. })));
    }

    #[test]
    fn a_file_as_young_as_a_clock_tick_is_not_remembered() {
        let (_folder, store, spec) = store_with(b"weights");
        set_age(&store, &spec, Duration::ZERO);
        store.open(&spec).expect("sound");
        let record = store.verified_record(&spec.pin.as_ref().expect("pinned").sha256);
        assert!(!record.exists());
    }

    #[test]
    fn a_verified_file_opens_unhashed_and_at_its_start() {
        let (_folder, store, spec) = store_with(b"weights");
        let mut text = String::new();
        let mut file = store.open(&spec).expect("sound").file;
        file.read_to_string(&mut text).expect("read");
        assert_eq!(text, "weights");
        // The record stands for the hash: with the stamp of the damaged file in it nothing is read.
        damage(&store, &spec);
        set_age(&store, &spec, Duration::from_secs(7200));
        let pin = spec.pin.as_ref().expect("pinned");
        let known = fs::metadata(store.snapshot(&spec, pin)).expect("there");
        store.remember_verified(&pin.sha256, &Stamp::of(&known));
        store.open(&spec).expect("remembered");
        assert!(matches!(store.check(&spec), Err(StoreError::Hash { .. })));
    }

    #[test]
    fn bytes_another_revision_links_to_stay() {
        let (_folder, store, spec) = store_with(b"weights");
        let pin = spec.pin.as_ref().expect("pinned");
        let other = Pin {
            revision: "b".repeat(40),
            ..pin.clone()
        };
        let (blob, second) = (store.blob(&spec, pin), store.snapshot(&spec, &other));
        made(second.parent().expect("a folder")).expect("made");
        link(&store.folder(&spec), &blob, &second).expect("linked");
        assert_eq!(store.remove(&spec).expect("removed"), 0);
        assert_eq!(fs::read(&second).expect("still there"), b"weights");
        let mut later = spec.clone();
        later.pin = Some(other);
        assert_eq!(store.remove(&later).expect("removed"), 7);
        assert!(!store.folder(&spec).exists());
    }

    #[test]
    fn a_damaged_record_is_no_record() {
        let (_folder, store, mut spec) = store_with(b"weights");
        let pin = spec.pin.take().expect("pinned");
        store.record_pin(&spec, &pin).expect("written");
        assert_eq!(store.pin(&spec), Some(pin.clone()));
        let record = store.pin_record(&spec);
        let text = fs::read_to_string(&record).expect("there");
        for damaged in [
            "",
            "{}",
            &text.replace(&pin.sha256, "../x"),
            &text.replace(repo_name(&spec), "a/b"),
        ] {
            fs::write(&record, damaged).expect("written");
            assert_eq!(store.pin(&spec), None, "{damaged}");
        }
    }
}
