//! `--threads`: how many processors are used. What is said does not depend on it.

use super::args::ThreadArgs;
#[cfg(feature = "model")]
use super::exit::{Exit, Failure, Stop};

/// Sets up the one pool of threads; before anything runs on it.
#[cfg(feature = "model")]
pub fn set_threads(args: &ThreadArgs) -> Result<(), Stop> {
    let Some(threads) = args.threads else {
        return Ok(());
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads as usize)
        .build_global()
        .map_err(|error| Failure::new(Exit::Io, "--threads", error).into())
}

/// As many as were asked for, or one for each processor.
pub fn count(args: &ThreadArgs) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    args.threads
        .map_or_else(processors, |threads| threads as usize)
}
