//! `sukje completions`: a completion script for a shell.

use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs};
use super::exit::{Exit, Stop};
use super::output::Output;

pub fn run(args: &CompletionsArgs) -> Result<Exit, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "sukje", &mut script);
    Output::Stdout.write(|out| out.write_all(&script))?;
    Ok(Exit::Done)
}
