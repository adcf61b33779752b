//! The file system, with the care the store takes: nothing half written, no pipe waited for, every failure with its path.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use sha2::Sha256;

use super::StoreError;
use crate::hash::{feed, hex};

/// Returns an error of what was tried on a path.
pub(in crate::model) fn failed(
    what: &'static str,
    path: &Path,
) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_path_buf();
    move |source| StoreError::Io { what, path, source }
}

pub(super) fn made(folder: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder).map_err(failed("made", folder))
}

/// Asks before it opens: a pipe without a writer would be waited for.
pub(super) fn open_regular(path: &Path) -> Result<(File, Metadata), StoreError> {
    let absent_or = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => StoreError::Absent,
        _ => failed("read", path)(error),
    };
    if !fs::metadata(path).map_err(absent_or)?.is_file() {
        return Err(StoreError::NotAFile(path.to_path_buf()));
    }
    let file = File::open(path).map_err(failed("read", path))?;
    let known = file.metadata().map_err(failed("read", path))?;
    Ok((file, known))
}

/// Hashes a file from its start and goes back there.
pub(super) fn hash_file(file: &mut File, path: &Path) -> Result<String, StoreError> {
    let mut hash = Sha256::default();
    feed(file, &mut hash)
        .and_then(|_| io::Seek::rewind(file))
        .map_err(failed("read", path))?;
    Ok(hex(hash))
}

/// Removes a file or a link; gives what it was.
pub(super) fn remove_if_there(path: &Path) -> Result<Option<Metadata>, StoreError> {
    let Ok(known) = fs::symlink_metadata(path) else {
        return Ok(None);
    };
    fs::remove_file(path).map_err(failed("removed", path))?;
    Ok(Some(known))
}

/// Returns the files of a folder whose names begin so; none where there is no folder.
pub(in crate::model) fn names_with(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path())
        .collect()
}

pub(super) fn same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

/// Links `snapshot` to `blob` under a name of its own first, so that the snapshot always is the old file or the new one.
/// A relative link survives a move of the cache; where there are no links, a second name for the same bytes does.
pub(super) fn link(top: &Path, blob: &Path, snapshot: &Path) -> io::Result<()> {
    let folder = snapshot.parent().unwrap_or(top);
    let spot = tempfile::Builder::new()
        .prefix(".sukje-")
        .make_in(folder, |path| {
            symlink(
                &relative(top, folder).join(blob.strip_prefix(top).unwrap_or(blob)),
                path,
            )
            .or_else(|_| fs::hard_link(blob, path))
        })?;
    spot.persist(snapshot)
        .map(drop)
        .map_err(|error| error.error)
}

/// Returns the relative path from `folder`, somewhere below `top`, up to it.
fn relative(top: &Path, folder: &Path) -> PathBuf {
    let depth = folder
        .strip_prefix(top)
        .map_or(0, |below| below.components().count());
    std::iter::repeat_n("..", depth).collect()
}

#[cfg(unix)]
fn symlink(target: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(windows)]
fn symlink(target: &Path, path: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(target, path)
}

#[cfg(not(any(unix, windows)))]
fn symlink(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The new name itself must reach the disk too.
pub(super) fn sync_parent(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(failed("synced", folder))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Returns bytes a file system has left for this user, where that is known.
pub(in crate::model) fn free_bytes(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let known = rustix::fs::statvfs(folder).ok()?;
        known.f_bavail.checked_mul(known.f_frsize)
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}
