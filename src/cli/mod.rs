//! The command line: arguments in, one command run, an exit code out.
//!
//! Standard output is data, standard error is talk. An error is one line, and no panic is meant to reach anyone.

mod args;
mod batch;
mod brief;
mod clean;
mod completions;
mod engine;
mod eval;
mod exit;
mod failures;
mod input;
mod man;
mod merge;
#[cfg(feature = "model")]
mod model;
mod output;
mod render;
mod report;
mod reporter;
mod schema;
mod signals;
mod split;
mod stdio;
mod summarize;
mod threads;
mod verify;
mod worker;
#[cfg(feature = "model")]
mod writing_args;
#[cfg(not(feature = "model"))]
#[path = "no_writing_args.rs"]
mod writing_args;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use exit::{Exit, Stop};

/// Parses, runs, reports.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return exit::usage(&error),
    };
    if let Err(error) = signals::watch() {
        return exit::report(&Stop::from(exit::Failure::new(Exit::Io, "signals", error)));
    }
    match run(cli.command) {
        Ok(exit) => exit.into(),
        Err(stop) => exit::report(&stop),
    }
}

fn run(command: Command) -> Result<Exit, Stop> {
    match command {
        Command::Clean(args) => clean::run(&args),
        Command::Split(args) => split::run(&args),
        Command::Summarize(args) => summarize::run(&args),
        Command::Batch(args) => batch::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Worker(args) => worker::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Render(args) => render::run(&args),
        Command::Eval(args) => eval::run(&args),
        #[cfg(feature = "model")]
        Command::Model(args) => model::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}
