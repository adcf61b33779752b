//! `--threads`: how many processors are used. No output depends on it.

use clap::Args;

use super::exit::Stop;

/// Says how many processors are used.
#[derive(Debug, Args)]
pub struct ThreadArgs {
    /// Threads to run on [default: RAYON_NUM_THREADS, else one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub threads: Option<u32>,
}

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
