//! Standard streams that were closed before the program began.
//!
//! Rust opens `/dev/null` in the place of a closed standard stream before `main` runs, so that a write to a closed
//! standard output would seem to succeed and a note would be lost without a word. A function that the loader runs
//! before that asks which streams are open. In `main` it is too late: the replacement is open for reading and writing,
//! but so is the `/dev/null` that Python's `subprocess.DEVNULL` or `daemon(3)` hand over on purpose.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

static STDIN_CLOSED: AtomicBool = AtomicBool::new(false);
static STDOUT_CLOSED: AtomicBool = AtomicBool::new(false);

/// An error if standard output was closed from the start.
pub fn check_stdout() -> io::Result<()> {
    check(&STDOUT_CLOSED, "standard output is closed")
}

/// An error if standard input was closed from the start.
pub fn check_stdin() -> io::Result<()> {
    check(&STDIN_CLOSED, "standard input is closed")
}

fn check(closed: &AtomicBool, message: &str) -> io::Result<()> {
    if closed.load(Ordering::Relaxed) {
        Err(io::Error::other(message))
    } else {
        Ok(())
    }
}

#[cfg(unix)]
#[allow(unsafe_code)]
mod before_main {
    use rustix::io::fcntl_getfd;
    use rustix::stdio::{stdin, stdout};

    use super::*;

    // SAFETY: the section holds pointers to functions of this type, run by the loader with arguments that may be ignored.
    #[used]
    #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
    #[cfg_attr(
        target_vendor = "apple",
        unsafe(link_section = "__DATA,__mod_init_func")
    )]
    static ASK: extern "C" fn() = ask;

    extern "C" fn ask() {
        STDIN_CLOSED.store(fcntl_getfd(stdin()).is_err(), Ordering::Relaxed);
        STDOUT_CLOSED.store(fcntl_getfd(stdout()).is_err(), Ordering::Relaxed);
    }
}
