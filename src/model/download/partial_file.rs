//! A file on its way: some first bytes of it, their hash, and the ETag they came with.
//!
//! A part lies in the folder of the blob it will be, under a name nobody else makes, and stays there when a pull breaks off, so
//! that the next goes on from it. Its name is made of what is wanted; nothing a server says is in it.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::hub::is_strong_etag;
use crate::hash::{feed, hex};
use crate::model::store::{StoreError, failed, names_with};

/// Where locks do nothing, a part nobody wrote to for so long has no writer.
const ABANDONED: Duration = Duration::from_secs(60);

/// The part of one file.
pub(super) struct PartialFile {
    file: File,
    path: PathBuf,
    length: u64,
    hash: Sha256,
    etag: Option<String>,
    /// Whether its bytes came in more than one response.
    pieced: bool,
}

impl PartialFile {
    /// Returns an empty part. Its name begins with `prefix`.
    pub(super) fn create(folder: &Path, prefix: &str) -> Result<PartialFile, StoreError> {
        let (file, path) = named(folder, prefix).map_err(failed("made", folder))?;
        // Tells others that it has a writer; where that cannot be told, they wait a while instead.
        let _ = file.try_lock();
        Ok(PartialFile {
            file,
            path,
            length: 0,
            hash: Sha256::new(),
            etag: None,
            pieced: false,
        })
    }

    /// Returns the longest part a broken pull left, under a new name and in our hands; shorter ones are removed.
    ///
    /// A part with a living writer is left alone. Taking one over is a rename, which only one process can do; were two ever to
    /// write to one file all the same, the loser's rename at the end fails, and the file is hashed again when it is first used.
    pub(super) fn take_over(folder: &Path, prefix: &str) -> Option<PartialFile> {
        let mut left: Vec<(u64, File, PathBuf)> = abandoned(folder, prefix);
        left.sort_by_key(|(length, ..)| *length);
        let (_, file, old) = left.pop()?;
        for (.., path) in left {
            remove(&path);
        }
        PartialFile::claimed(file, &old, folder, prefix).ok()
    }

    fn claimed(mut file: File, old: &Path, folder: &Path, prefix: &str) -> io::Result<PartialFile> {
        let (_, path) = named(folder, prefix)?;
        if let Err(error) = fs::rename(old, &path) {
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        let etag = fs::read_to_string(beside(old)).ok();
        let _ = fs::remove_file(beside(old));
        let mut hash = Sha256::new();
        let length = feed(&mut file, &mut hash)?;
        let mut part = PartialFile {
            file,
            path,
            length,
            hash,
            etag: None,
            pieced: true,
        };
        part.set_etag(etag.as_deref().filter(|etag| is_strong_etag(etag)));
        Ok(part)
    }

    /// Returns bytes there are.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Returns the ETag they came with.
    pub(super) fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }

    /// Returns whether its bytes came in more than one response.
    pub(super) fn is_pieced(&self) -> bool {
        self.pieced
    }

    /// More bytes are coming, of the same version.
    pub(super) fn go_on(&mut self) {
        self.pieced = true;
    }

    /// Begins again with another version.
    pub(super) fn restart(&mut self, etag: Option<&str>) -> Result<(), StoreError> {
        self.file
            .set_len(0)
            .and_then(|()| self.file.rewind())
            .map_err(failed("written", &self.path))?;
        self.length = 0;
        self.hash = Sha256::new();
        self.pieced = false;
        self.set_etag(etag);
        Ok(())
    }

    /// Appends.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.file
            .write_all(bytes)
            .map_err(failed("written", &self.path))?;
        self.hash.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Returns the SHA-256 of the bytes there are.
    pub(super) fn sha256(&self) -> String {
        hex(self.hash.clone())
    }

    /// Writes all bytes to the disk and returns the path, which is the caller's to rename.
    pub(super) fn finish(self) -> Result<PathBuf, StoreError> {
        self.file
            .sync_all()
            .map_err(failed("written", &self.path))?;
        let _ = fs::remove_file(beside(&self.path));
        Ok(self.path)
    }

    /// Removes it.
    pub(super) fn discard(self) {
        remove(&self.path);
    }

    /// An ETag that cannot be kept costs a resume, no more.
    fn set_etag(&mut self, etag: Option<&str>) {
        self.etag = etag.map(str::to_string);
        let _ = match etag {
            Some(etag) => fs::write(beside(&self.path), etag),
            None => fs::remove_file(beside(&self.path)),
        };
    }
}

/// Removes the parts that have no writer.
pub(super) fn sweep(folder: &Path, prefix: &str) {
    for (.., path) in abandoned(folder, prefix) {
        remove(&path);
    }
}

/// Returns bytes of all parts together: while that grows somebody is at work.
pub(super) fn total_bytes(folder: &Path, prefix: &str) -> u64 {
    let known = names_with(folder, prefix).into_iter();
    known
        .filter_map(|path| fs::metadata(path).ok())
        .map(|known| known.len())
        .sum()
}

/// Returns the parts without a writer, with their lengths.
fn abandoned(folder: &Path, prefix: &str) -> Vec<(u64, File, PathBuf)> {
    names_with(folder, prefix)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "part"))
        .filter_map(|path| {
            let file = unused(&path)?;
            let length = file.metadata().ok()?.len();
            Some((length, file, path))
        })
        .collect()
}

/// Opens and locks the file, if nobody else writes to it.
fn unused(path: &Path) -> Option<File> {
    if !fs::symlink_metadata(path).ok()?.is_file() {
        return None;
    }
    let file = File::options().read(true).write(true).open(path).ok()?;
    file.try_lock().ok()?;
    // A second handle must not get the lock; if it does, locks do nothing here and only time tells.
    let again = File::open(path).ok()?;
    if again.try_lock().is_ok() {
        let written = again.metadata().and_then(|known| known.modified()).ok()?;
        return written
            .elapsed()
            .is_ok_and(|age| age > ABANDONED)
            .then_some(file);
    }
    Some(file)
}

fn remove(path: &Path) {
    let _ = fs::remove_file(path);
    let _ = fs::remove_file(beside(path));
}

/// Returns where the ETag is kept.
fn beside(path: &Path) -> PathBuf {
    path.with_extension("etag")
}

/// Returns a new empty file, with the mode of any new file.
fn named(folder: &Path, prefix: &str) -> io::Result<(File, PathBuf)> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let (file, path) = builder.tempfile_in(folder)?.keep()?;
    Ok((file, path))
}
