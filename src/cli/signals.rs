//! Interrupts: the unfinished output file is removed, then the program ends with 128 plus the signal's number.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The output file under way.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Remembers the file to remove when interrupted; none once it stands under its own name.
pub fn set_unfinished(path: Option<PathBuf>) {
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = path;
}

/// Starts to listen for interrupts.
#[cfg(unix)]
pub fn watch() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            if let Some(signal) = signals.forever().next() {
                // The lock is kept: the writer cannot rename a file that is being removed.
                let unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(path) = unfinished.as_ref() {
                    let _ = std::fs::remove_file(path);
                }
                std::process::exit(128 + signal);
            }
        })?;
    Ok(())
}

#[cfg(not(unix))]
pub fn watch() -> io::Result<()> {
    Ok(())
}
