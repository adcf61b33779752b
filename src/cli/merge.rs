//! `sukje merge`: the folders of a batch that was done in parts, as one.

use std::sync::Arc;
use std::time::Instant;

use sukje::batch::{self, Fault, MergeError, MergeRun, Parts, Progress};

use super::args::MergeArgs;
use super::batch::{
    Counts, Held, cannot_write, finish, journal_failed, sync, tell_edited, tell_failures,
    tell_table,
};
use super::exit::{Exit, Failure, Stop};
use super::signals;

pub fn run(args: &MergeArgs) -> Result<Exit, Stop> {
    check_out(args)?;
    let parts = batch::read_parts(&args.parts).map_err(failed)?;
    let began = Instant::now();
    let Held {
        lock: _lock,
        output,
        mut journal,
        known,
    } = Held::take(&args.out, args.sync)?;
    let progress = Arc::new(Progress::default());
    let table = {
        let (progress, quiet) = (progress.clone(), args.quiet);
        let counts = counts(&parts);
        move |end: &str| tell_table(&progress, counts, began, quiet, end)
    };
    let last_words = table.clone();
    let stop = signals::tell(move || last_words(INTERRUPTED));
    let run = MergeRun {
        parts: &parts,
        output: &output,
        sync: sync(args.sync),
        known: &known,
        progress: &progress,
        stop,
    };
    let fates = batch::merge(&run, &mut journal).map_err(failed)?;
    if let Some(signal) = signals::interrupted() {
        table(INTERRUPTED);
        return Ok(Exit::of_signal(signal));
    }
    let summary = parts.summary();
    let failures: Vec<(String, Fault)> = summary.failures().collect();
    tell_failures(&failures);
    tell_edited(&progress, args.quiet, "");
    finish(
        &summary,
        &batch::Done::of(&fates, &known),
        &parts.part(),
        &args.out,
        &output,
    )?;
    table("");
    Ok(match failures.len() {
        0 => Exit::Done,
        _ => Exit::Findings,
    })
}

const INTERRUPTED: &str = "interrupted; the same command goes on from here";

/// A part that is written into would be no part any more.
fn check_out(args: &MergeArgs) -> Result<(), Stop> {
    let Ok(out) = args.out.canonicalize() else {
        return Ok(());
    };
    let same = |part: &&std::path::PathBuf| part.canonicalize().is_ok_and(|part| part == out);
    match args.parts.iter().find(same) {
        None => Ok(()),
        Some(part) => {
            let cause = "is one of the parts; give the whole a folder of its own";
            Err(Failure::new(Exit::Usage, part.display(), cause).into())
        }
    }
}

fn counts(parts: &Parts) -> Counts {
    Counts {
        inputs: parts.entries.len(),
        duplicates: parts.duplicates(),
    }
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
        MergeError::Journal(error) => journal_failed(&error),
        MergeError::Write(error) => cannot_write(&error.path, &error.source),
    }
}
