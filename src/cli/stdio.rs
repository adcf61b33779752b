//! Standard streams that were closed before the program began.
//!
//! Rust opens `/dev/null` in the place of a closed standard stream before `main` runs, so that a write to a closed
//! standard output would seem to succeed and a note would be lost without a word. A function that the loader runs
//! before that asks which streams are open.

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
    use std::os::fd::BorrowedFd;

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
        for (number, closed) in [(0, &STDIN_CLOSED), (1, &STDOUT_CLOSED)] {
            // SAFETY: the descriptor is only asked for its flags, in a system call that fails on a closed one.
            let stream = unsafe { BorrowedFd::borrow_raw(number) };
            closed.store(rustix::io::fcntl_getfd(stream).is_err(), Ordering::Relaxed);
        }
    }
}
