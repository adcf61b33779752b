//! What is watched while bytes come: whether they come fast enough, and whether another process was faster.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// A server slower than this has stalled, however steadily it drips: 2 GB would take three weeks.
const LEAST_BYTES_PER_SECOND: u64 = 1024;

/// Whether bytes come fast enough, looked at over one stall's time after the other.
pub(super) struct Pace {
    window: Duration,
    began: Instant,
    bytes: u64,
}

impl Pace {
    pub(super) fn new(window: Duration) -> Pace {
        Pace {
            window,
            began: Instant::now(),
            bytes: 0,
        }
    }

    pub(super) fn is_too_slow(&mut self, read: u64) -> bool {
        self.bytes += read;
        if self.began.elapsed() < self.window {
            return false;
        }
        let slow = self.bytes < LEAST_BYTES_PER_SECOND * self.window.as_secs();
        *self = Pace::new(self.window);
        slow
    }
}

/// A file that may be finished by another process. One that lay there from the start, damaged, does not count.
pub(super) struct Finished {
    path: PathBuf,
    before: Option<SystemTime>,
}

impl Finished {
    pub(super) fn watch(path: PathBuf) -> Finished {
        let before = modified(&path);
        Finished { path, before }
    }

    pub(super) fn is_new(&self) -> bool {
        let now = modified(&self.path);
        now.is_some() && now != self.before
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|known| known.modified()).ok()
}
