//! `sukje worker`: JSON lines in, JSON lines out, for programs that hand out articles.

use std::io::{self, BufReader};

use sukje::batch::{self, Lines};

use super::args::WorkerArgs;
use super::engine;
use super::exit::{Exit, Failure, Stop, write_failed};
use super::stdio;

pub fn run(args: &WorkerArgs) -> Result<Exit, Stop> {
    let pipeline = engine::open_for_many(&args.note, &args.writing, None, args.quiet)?;
    stdio::check_stdin().map_err(|error| Failure::new(Exit::NoInput, "-", error))?;
    stdio::check_stdout().map_err(|error| write_failed("standard output", &error))?;
    let info = pipeline.info();
    engine::announce(&args.note, args.quiet, &info.to_string());
    let mut lines = Lines::of(Box::new(BufReader::new(io::stdin())));
    let jobs = info.articles_at_once.unwrap_or(args.jobs as usize);
    batch::work(
        &mut lines,
        &pipeline,
        args.form.form(),
        jobs,
        &mut io::stdout(),
    )?;
    Ok(Exit::Done)
}
