//! `sukje batch`: the briefing notes of many articles.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use sukje::batch::{
    self, BatchProgress, BatchRun, InputPath, NoteForms, NoteLayout, Plan, PlanOptions, Preview,
    RunOptions, Shard,
};
use sukje::render::TextStyle;

use super::args::BatchArgs;
use super::engine;
use super::exit::{Exit, Stop, write_failed};
use super::report::{Bar, INTERRUPTED, InputCounts, Table, print_end, print_inputs};
use super::{input, signals, stdio, threads};

pub fn run(args: &BatchArgs) -> Result<Exit, Stop> {
    let (writing, memory) = (args.writing.writing(), args.writing.memory());
    let pipeline = engine::open_for_many(&args.note, writing, memory, args.quiet)?;
    let info = pipeline.info();
    let threads = || threads::count(args.writing.threads());
    let options = options(args, info.articles_at_once.unwrap_or_else(threads));
    let announce = || engine::announce(&args.note, args.quiet, &info.to_string());
    let plan = plan(args, &options)?;
    let progress = Arc::new(BatchProgress::default());
    let never = AtomicBool::new(false);
    let mut run = BatchRun {
        plan: &plan,
        out: &args.out,
        pipeline: &pipeline,
        options: &options,
        progress: &progress,
        stop: &never,
    };
    let counts = InputCounts {
        inputs: plan.items.len(),
        duplicates: plan.duplicates(),
    };
    if args.dry_run {
        return dry_run(&run, announce, counts);
    }
    let table = Table::new(progress.clone(), counts, args.quiet);
    let final_table = table.clone();
    run.stop = signals::stop_flag(move || final_table.print(INTERRUPTED));
    let bar = Bar::new(&table);
    let ran = batch::run(&run);
    bar.clear();
    let report = ran?;
    print_inputs(&report, &table, "; --force writes them again");
    announce();
    print_end(report, &table)
}

fn options(args: &BatchArgs, at_once: usize) -> RunOptions {
    let mut formats = Vec::new();
    for format in &args.formats {
        let format = format.with(TextStyle::default());
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    RunOptions {
        notes: NoteForms {
            formats,
            layout: match args.flat {
                true => NoteLayout::Flat,
                false => NoteLayout::Mirrored,
            },
        },
        durability: args.sync,
        force: args.force,
        retry_failed: args.retry_failed,
        most_failures: match args.fail_fast {
            true => Some(1),
            false => args.max_failures.map(|most| most as usize),
        },
        threads: at_once,
        encoding: args.encoding,
        form: args.form.form(),
    }
}

fn plan(args: &BatchArgs, options: &RunOptions) -> Result<Plan, Stop> {
    let mut given: Vec<InputPath> = args
        .inputs
        .iter()
        .map(|path| InputPath {
            path: path.clone(),
            pattern: true,
        })
        .collect();
    if let Some(list) = &args.files_from {
        given.extend(listed(list, args.null)?);
    }
    let options = PlanOptions {
        recursive: args.recursive,
        follow: args.follow,
        base: args.base.clone(),
        out: args.out.clone(),
        shard: args.shard.unwrap_or(Shard::WHOLE),
        encoding: args.encoding,
        threads: options.threads,
    };
    batch::plan(&given, &options).map_err(|mut error| {
        if given.is_empty() {
            error.name = "--files-from".into();
        }
        error.into()
    })
}

/// The paths of a list; each is a path and no pattern.
fn listed(list: &Path, null: bool) -> Result<Vec<InputPath>, Stop> {
    let (_, bytes) = input::bytes(Some(list), "batch")?;
    let end = if null { 0 } else { b'\n' };
    let paths = bytes.split(|byte| *byte == end).map(|path| match null {
        true => path,
        false => path.strip_suffix(b"\r").unwrap_or(path),
    });
    Ok(paths
        .filter(|path| !path.is_empty())
        .map(|path| InputPath {
            path: path_of(path),
            pattern: false,
        })
        .collect())
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// Prints what a run would do on standard output.
fn dry_run(run: &BatchRun<'_>, announce: impl Fn(), counts: InputCounts) -> Result<Exit, Stop> {
    let preview = batch::preview(run)?;
    announce();
    let text = preview_text(counts, &preview, run.options.threads);
    stdio::check_stdout()
        .and_then(|()| io::stdout().write_all(text.as_bytes()))
        .map_err(|error| write_failed("standard output", &error))?;
    Ok(Exit::Done)
}

fn preview_text(counts: InputCounts, preview: &Preview, threads: usize) -> String {
    let mut text = String::new();
    for (name, count) in [
        ("inputs", counts.inputs),
        ("to write", preview.todo),
        ("kept", preview.kept),
        ("duplicates", counts.duplicates),
        ("failed", preview.failed),
    ] {
        text.push_str(&format!("{name:<11} {count:>8}\n"));
    }
    if let Some(per_note) = preview.per_note {
        let seconds = per_note.as_secs_f64() * preview.todo as f64 / threads as f64;
        text.push_str(&format!("about       {seconds:>8.1} s\n"));
    }
    text
}
