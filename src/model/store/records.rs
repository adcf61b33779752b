//! What is remembered of files from run to run. No record is trusted that does not fit the file.

use std::fs::{self, Metadata};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::files::open_regular;

/// Records are some hundred bytes.
const MOST_RECORD_BYTES: u64 = 64 * 1024;

/// How a file looked when it was hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stamp {
    size_bytes: u64,
    modified_ns: u64,
    device: u64,
    inode: u64,
}

impl Stamp {
    pub(super) fn of(known: &Metadata) -> Stamp {
        let modified = known.modified().ok();
        let since = modified.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
        #[cfg(unix)]
        let (device, inode) = {
            use std::os::unix::fs::MetadataExt;
            (known.dev(), known.ino())
        };
        #[cfg(not(unix))]
        let (device, inode) = (0, 0);
        Stamp {
            size_bytes: known.len(),
            modified_ns: since.map_or(0, |since| since.as_nanos() as u64),
            device,
            inode,
        }
    }

    /// Returns whether the file is older than that; a file from the future, or without a time, is not.
    pub(super) fn is_older_than(&self, age: Duration) -> bool {
        let modified = SystemTime::UNIX_EPOCH + Duration::from_nanos(self.modified_ns);
        self.modified_ns > 0
            && SystemTime::now()
                .duration_since(modified)
                .is_ok_and(|since| since > age)
    }
}

/// What an unpinned model was when it first came.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PinRecord {
    pub(super) repo: String,
    pub(super) file: String,
    pub(super) revision: String,
    pub(super) size_bytes: u64,
    pub(super) sha256: String,
}

pub(super) fn read_record<R: for<'a> Deserialize<'a>>(path: &Path) -> Option<R> {
    let (file, _) = open_regular(path).ok()?;
    serde_json::from_reader(file.take(MOST_RECORD_BYTES)).ok()
}

/// Whole or not at all, whoever else writes it.
pub(super) fn write_record(path: &Path, record: &impl Serialize) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".sukje-")
        .tempfile_in(folder)?;
    serde_json::to_writer(&mut file, record)?;
    file.write_all(b"\n")?;
    file.persist(path).map(drop).map_err(|error| error.error)
}
