//! `sukje merge`: the folders of a batch that was done in parts, as one.

use std::sync::Arc;

use sukje::batch::{self, BatchProgress, End, MergeError, MergeRun};

use super::args::MergeArgs;
use super::batch::durability;
use super::exit::{Exit, Failure, Stop};
use super::report::{
    INTERRUPTED, InputCounts, Table, folder_failed, interrupted, journal_failed, print_end,
    print_inputs,
};
use super::signals;

pub fn run(args: &MergeArgs) -> Result<Exit, Stop> {
    let plan = batch::plan_merge(&args.parts, &args.out).map_err(failed)?;
    let progress = Arc::new(BatchProgress::default());
    let counts = InputCounts {
        inputs: plan.entries.len(),
        duplicates: plan.duplicates(),
    };
    let table = Table::new(progress.clone(), counts, args.quiet);
    let last_words = table.clone();
    let run = MergeRun {
        plan: &plan,
        out: &args.out,
        durability: durability(args.sync),
        progress: &progress,
        stop: signals::tell(move || last_words.print(INTERRUPTED)),
    };
    let report = batch::merge(&run).map_err(failed)?;
    if let End::Interrupted = report.end {
        return Ok(interrupted(&table));
    }
    print_inputs(&report, &table, "");
    print_end(report, &table)
}

fn failed(error: MergeError) -> Stop {
    match error {
        MergeError::Read { path, source } => {
            let exit = match source.kind() {
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Exit::NoInput,
                _ => Exit::Io,
            };
            let cause = format_args!("could not be read: {source}");
            Failure::new(exit, path.display(), cause).into()
        }
        MergeError::Unfinished { folder, cause } => {
            Failure::new(Exit::Unusable, folder.display(), cause)
                .hint("run its batch to the end, then merge")
                .into()
        }
        MergeError::Unlike { folder, cause } => {
            Failure::new(Exit::Unusable, folder.display(), cause).into()
        }
        MergeError::IntoItself { folder } => {
            let cause = "is one of the parts; give the whole a folder of its own";
            Failure::new(Exit::Usage, folder.display(), cause).into()
        }
        MergeError::Journal(error) => journal_failed(&error),
        MergeError::Folder(error) => folder_failed(&error),
    }
}
