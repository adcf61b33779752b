//! `sukje worker`: JSON lines in, JSON lines out, for programs that hand out articles.

use std::io::{self, BufReader};

use sukje::batch::{self, Lines, WorkerError};
use sukje::input::{ReadCause, ReadError};

use super::args::WorkerArgs;
use super::engine::{self, Asked};
use super::exit::{Exit, Failure, Stop, write_failed};
use super::stdio;

pub fn run(args: &WorkerArgs) -> Result<Exit, Stop> {
    let engine = engine::choose(&Asked {
        note: &args.note,
        #[cfg(feature = "model")]
        writing: &args.writing,
        #[cfg(feature = "model")]
        memory: None,
        quiet: args.quiet,
    })?;
    stdio::check_stdin().map_err(|error| Failure::new(Exit::NoInput, "-", error))?;
    stdio::check_stdout().map_err(|error| write_failed("standard output", &error))?;
    engine.tell();
    let mut lines = Lines::of(Box::new(BufReader::new(io::stdin())));
    let jobs = engine.at_once(args.jobs as usize);
    batch::work(&mut lines, &*engine.engine, jobs, &mut io::stdout()).map_err(failed)?;
    Ok(Exit::Done)
}

fn failed(error: WorkerError) -> Stop {
    match error {
        WorkerError::Read(source) => ReadError {
            name: "-".into(),
            cause: ReadCause::Read(source),
        }
        .into(),
        WorkerError::Write(source) => write_failed("standard output", &source),
        WorkerError::Threads(source) => Failure::new(Exit::Io, "threads", source).into(),
    }
}
