//! `--threads`: how many processors a model uses. What it says does not depend on it.

use super::args::ThreadArgs;
use super::exit::{Exit, Failure, Stop};

/// Sets up the one pool of threads; before anything runs on it.
pub fn set_threads(args: &ThreadArgs) -> Result<(), Stop> {
    let Some(threads) = args.threads else {
        return Ok(());
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads as usize)
        .build_global()
        .map_err(|error| Failure::new(Exit::Io, "--threads", error).into())
}
