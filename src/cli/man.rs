//! `sukje man`: the manual page of the program or of one command.

use clap::CommandFactory;
use clap_mangen::Man;

use super::args::{Cli, ManArgs};
use super::exit::{Exit, Failure, Stop};
use super::output::Output;

pub fn run(args: &ManArgs) -> Result<Exit, Stop> {
    let mut cli = Cli::command();
    cli.build();
    let command = match &args.command {
        None => cli,
        Some(name) => cli.find_subcommand(name).cloned().ok_or_else(|| {
            Failure::new(Exit::Usage, name, "no command of that name")
                .hint("sukje --help lists them")
        })?,
    };
    Output::Stdout.write(|out| Man::new(command).render(out))?;
    Ok(Exit::Done)
}
