//! Interrupts: the unfinished output file is removed, then the program ends with 128 plus the signal's number.
//!
//! A command that must finish something first takes the stop flag instead; it then has a moment to stop by itself, and a second interrupt ends it
//! at once.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The output file under way.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Set when a command that asked for it is to stop.
static STOP: AtomicBool = AtomicBool::new(false);
/// The signal that said so; 0 is none.
static SIGNAL: AtomicI32 = AtomicI32::new(0);
/// The last report of a command that stops by itself, for when it takes too long; none while an interrupt ends the program at once.
static FINAL_REPORT: Mutex<Option<Box<dyn Fn() + Send>>> = Mutex::new(None);
/// The time a command has to stop by itself.
const MOMENT: Duration = Duration::from_millis(1_500);

/// Remembers the file to remove when interrupted; none once it stands under its own name.
pub fn set_unfinished(path: Option<PathBuf>) {
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = path;
}

/// Returns a flag that an interrupt sets from now on. A command that does not stop in time is ended after `final_report`.
pub fn stop_flag(final_report: impl Fn() + Send + 'static) -> &'static AtomicBool {
    *final_report_slot() = Some(Box::new(final_report));
    &STOP
}

/// The signal that interrupted the command, if one has.
pub fn interrupted() -> Option<i32> {
    Some(SIGNAL.load(Ordering::SeqCst)).filter(|signal| *signal != 0)
}

fn final_report_slot() -> std::sync::MutexGuard<'static, Option<Box<dyn Fn() + Send>>> {
    FINAL_REPORT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts to listen for interrupts.
#[cfg(unix)]
pub fn watch() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};

    // A file past the limit on files is a write that fails, and no reason to die.
    signal_hook::flag::register(SIGXFSZ, std::sync::Arc::default())?;
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            for signal in signals.forever() {
                if final_report_slot().is_none() || interrupted().is_some() {
                    end(signal);
                }
                SIGNAL.store(signal, Ordering::SeqCst);
                STOP.store(true, Ordering::SeqCst);
                std::thread::spawn(move || {
                    std::thread::sleep(MOMENT);
                    if let Some(final_report) = final_report_slot().as_ref() {
                        final_report();
                    }
                    end(signal);
                });
            }
        })?;
    Ok(())
}

#[cfg(unix)]
fn end(signal: i32) -> ! {
    // The lock is kept: the writer cannot rename a file that is being removed.
    let unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(path) = unfinished.as_ref() {
        let _ = std::fs::remove_file(path);
    }
    std::process::exit(128 + signal);
}

#[cfg(not(unix))]
pub fn watch() -> io::Result<()> {
    Ok(())
}
