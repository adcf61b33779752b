//! `--threads`: how many processors are used. No output depends on it.

use super::args::ThreadArgs;
use super::exit::Stop;

/// Sets up the one pool of threads; before anything runs on it.
pub fn set_threads(args: &ThreadArgs) -> Result<(), Stop> {
    match args.threads {
        Some(threads) => Ok(sukje::engine::set_threads(threads as usize)?),
        None => Ok(()),
    }
}

/// Returns the number of threads that are asked for, or one for each processor.
pub fn count(args: &ThreadArgs) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    args.threads
        .map_or_else(processors, |threads| threads as usize)
}
