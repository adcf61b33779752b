//! `sukje batch`: the briefing notes of many articles.

use std::fmt;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use serde::Serialize;
use sukje::batch::{
    self, BRIEFS, Failure as Unnoted, Fate, Fault, Given, Items, Journal, JournalError, Known,
    Layout, Lock, Output, Overview, Part, Plan, PlanError, PlanOptions, Preview, Progress, Rows,
    Run, RunError, RunOptions, SUMMARY, Shard, State, Summary, Sync,
};
use sukje::escape::shown;
use sukje::render::{Format, TextStyle, write_briefing, write_index, write_json, write_matrix};

use super::args::{BatchArgs, NoteFormat, SyncWhen, ThreadArgs};
use super::engine::{self, Asked, Chosen};
use super::exit::{self, Exit, Failure, Stop, write_failed};
use super::{input, signals, stdio, threads};

/// So many failures are told one by one; all of them stand in the summary.
const MOST_TOLD: usize = 20;

pub fn run(args: &BatchArgs) -> Result<Exit, Stop> {
    let engine = engine(args)?;
    let options = options(args, engine.at_once(threads::count(thread_args(args))));
    let plan = plan(args, &options)?;
    if args.dry_run {
        return dry_run(args, &plan, &engine, &options);
    }
    let began = Instant::now();
    let held = Held::take(&args.out, args.sync)?;
    let progress = Arc::new(Progress::default());
    let table = {
        let (progress, quiet) = (progress.clone(), args.quiet);
        let counts = Counts::of(&plan);
        move |end: &str| tell_table(&progress, counts, began, quiet, end)
    };
    let last_words = table.clone();
    let stop = signals::tell(move || last_words("interrupted; the same command goes on from here"));
    let bar = Bar::new(args.quiet, &plan, progress.clone());
    let Held {
        lock: _lock,
        output,
        mut journal,
        known,
    } = held;
    let run = Run {
        plan: &plan,
        engine: &*engine.engine,
        options: &options,
        output: &output,
        known: &known,
        progress: &progress,
        stop,
    };
    let ran = batch::run(&run, &mut journal);
    bar.clear();
    let fates = ran.map_err(|error| run_failed(&error))?;
    let failures = failures(&plan, &fates, &known);
    tell_failures(&failures);
    tell_edited(&progress, args.quiet, "; --force writes them again");
    engine.tell();
    if let Some(signal) = signals::interrupted() {
        table("interrupted; the same command goes on from here");
        return Ok(Exit::of_signal(signal));
    }
    let open = plan.items.iter().zip(&fates);
    let stopped = open
        .into_iter()
        .any(|(item, fate)| matches!((&item.state, fate), (State::Ready(_), Fate::Open)));
    if stopped {
        table("stopped at a failure; the same command goes on from here");
        return Ok(Exit::Findings);
    }
    let summary = Summary::of(&plan, &fates, &known, &options);
    let part = Part::of(&run, &engine.name);
    let rows = batch::Done::of(&fates, &known);
    finish(&summary, &rows, &part, &args.out, &output)?;
    table("");
    Ok(match failures.len() {
        0 => Exit::Done,
        _ => Exit::Findings,
    })
}

/// What is written once every item has its fate: of each, and of all together. Last what says that it is finished.
pub fn finish(
    summary: &Summary<impl Items + Serialize>,
    rows: &dyn Rows,
    part: &Part,
    out: &Path,
    output: &Output,
) -> Result<(), Stop> {
    let with_briefs = part.made.formats.iter().any(|format| format == "json");
    let failed = |error: batch::WriteError| cannot_write(&error.path, &error.source);
    if !with_briefs {
        output.remove(BRIEFS).map_err(failed)?;
    }
    // The briefs are gathered from the notes, all else from the records: neither waits for the other.
    let (overview, briefs) = std::thread::scope(|scope| {
        let mut broken = 0;
        let briefs = scope.spawn(move || {
            let written = with_briefs.then(|| {
                output.write(BRIEFS, |out| {
                    broken = batch::write_briefs(summary, output, out)?;
                    Ok(())
                })
            });
            (written, broken)
        });
        let overview = write_overview(summary, rows, out, output);
        (overview, briefs.join().expect("writing does not panic"))
    });
    let mut written = overview?;
    let (briefs, broken) = briefs;
    written.extend(briefs);
    written.push(output.write(SUMMARY, |out| write_json(summary, out)));
    written.push(output.write(&batch::part_name(), |out| write_json(part, out)));
    written
        .into_iter()
        .collect::<Result<Vec<_>, _>>()
        .and_then(|files| output.place(files))
        .map_err(failed)?;
    if broken > 0 {
        let _ = writeln!(
            io::stderr(),
            "{broken} notes have been edited and are no briefs any more; they are not in {BRIEFS}"
        );
    }
    Ok(())
}

/// A file under its temporary name, or why there is none.
type Unplaced = Result<batch::Unnamed, batch::WriteError>;

/// What all articles say together, in each of its forms.
fn write_overview(
    summary: &Summary<impl Items>,
    rows: &dyn Rows,
    out: &Path,
    output: &Output,
) -> Result<Vec<Unplaced>, Stop> {
    let failures = summary.failures().map(|(id, fault)| Unnoted {
        id,
        cause: fault.message,
    });
    let mut scratch = batch::scratch_file(out).map_err(|error| journal_failed(&error))?;
    let overview = Overview::gather(rows, &mut scratch, failures.collect()).map_err(|error| {
        let cause = format_args!("the overview could not be made: {error}");
        Failure::new(Exit::Io, out.display(), cause)
    })?;
    drop(scratch);
    Ok(vec![
        output.write("index.html", |out| write_index(&overview, rows, out)),
        output.write("briefing.md", |out| write_briefing(&overview, rows, out)),
        output.write("matrix.csv", |out| write_matrix(&overview, rows, out)),
        output.write("overview.json", |out| {
            write_json(&overview.whole(rows), out)
        }),
    ])
}

/// The output folder while it is ours.
pub struct Held {
    pub lock: Lock,
    pub output: Output,
    pub journal: Journal,
    pub known: Known,
}

impl Held {
    pub fn take(out: &Path, when: SyncWhen) -> Result<Held, Stop> {
        fs::create_dir_all(out).map_err(|error| cannot_write(out, &error))?;
        batch::make_state_folder(out).map_err(|error| journal_failed(&error))?;
        let lock = Lock::take(out).map_err(|error| journal_failed(&error))?;
        let failed = |error: batch::WriteError| cannot_write(&error.path, &error.source);
        batch::remove_leftovers(out).map_err(failed)?;
        let output = Output::open(out, sync(when)).map_err(failed)?;
        // From here on it is under way.
        output.remove(&batch::part_name()).map_err(failed)?;
        let (journal, known) = Journal::open(out).map_err(|error| journal_failed(&error))?;
        Ok(Held {
            lock,
            output,
            journal,
            known,
        })
    }
}

pub fn sync(when: SyncWhen) -> Sync {
    match when {
        SyncWhen::Group => Sync::Group,
        SyncWhen::Each => Sync::Each,
        SyncWhen::None => Sync::None,
    }
}

fn options(args: &BatchArgs, at_once: usize) -> RunOptions {
    let mut formats = Vec::new();
    for format in &args.formats {
        let format = match format {
            NoteFormat::Json => Format::Json,
            NoteFormat::Md => Format::Markdown,
            NoteFormat::Text => Format::Text(TextStyle::default()),
        };
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    RunOptions {
        layout: if args.flat {
            Layout::Flat
        } else {
            Layout::Mirrored
        },
        formats,
        sync: sync(args.sync),
        force: args.force,
        retry_failed: args.retry_failed,
        most_failures: match args.fail_fast {
            true => Some(1),
            false => args.max_failures.map(|most| most as usize),
        },
        threads: at_once,
        encoding: args.encoding,
    }
}

fn thread_args(args: &BatchArgs) -> &ThreadArgs {
    #[cfg(feature = "model")]
    return &args.writing.threads;
    #[cfg(not(feature = "model"))]
    return &args.threads;
}

fn engine(args: &BatchArgs) -> Result<Chosen, Stop> {
    engine::choose(&Asked {
        note: &args.note,
        #[cfg(feature = "model")]
        writing: &args.writing,
        #[cfg(feature = "model")]
        memory: args.memory,
        quiet: args.quiet,
    })
}

fn plan(args: &BatchArgs, options: &RunOptions) -> Result<Plan, Stop> {
    let mut given: Vec<Given> = args
        .inputs
        .iter()
        .map(|path| Given {
            path: path.clone(),
            pattern: true,
        })
        .collect();
    if let Some(list) = &args.files_from {
        given.extend(listed(list, args.null)?);
    }
    let first = given.first();
    let first = first.map(|given| given.path.display().to_string());
    let options = PlanOptions {
        recursive: args.recursive,
        follow: args.follow,
        base: args.base.clone(),
        out: args.out.clone(),
        shard: args.shard.unwrap_or(Shard::WHOLE),
        encoding: args.encoding,
        threads: options.threads,
    };
    batch::plan(&given, &options).map_err(|error| {
        let first = first.unwrap_or_else(|| "--files-from".into());
        plan_failed(&error, &first, &args.out)
    })
}

/// The paths of a list; each is a path and no pattern.
fn listed(list: &Path, null: bool) -> Result<Vec<Given>, Stop> {
    let (_, bytes) = input::bytes(Some(list), "batch")?;
    let end = if null { 0 } else { b'\n' };
    let paths = bytes.split(|byte| *byte == end).map(|path| match null {
        true => path,
        false => path.strip_suffix(b"\r").unwrap_or(path),
    });
    Ok(paths
        .filter(|path| !path.is_empty())
        .map(|path| Given {
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

fn plan_failed(error: &PlanError, first: &str, out: &Path) -> Stop {
    let (exit, name, cause) = match error {
        PlanError::Pattern { pattern, cause } => (
            Exit::Usage,
            pattern.display().to_string(),
            format!("not a pattern: {cause}"),
        ),
        PlanError::Path { path, source } => (
            Exit::NoInput,
            path.display().to_string(),
            source.to_string(),
        ),
        PlanError::NothingThere { name, message } => {
            (Exit::NoInput, name.display().to_string(), message.clone())
        }
        PlanError::Nothing => (Exit::NoInput, first.into(), error.to_string()),
        PlanError::OnlyOutput => (Exit::Usage, out.display().to_string(), error.to_string()),
        PlanError::OutsideBase { path, base } => (
            Exit::Usage,
            path.display().to_string(),
            format!("does not lie in {}", base.display()),
        ),
        PlanError::SameId { id, first, second } => (
            Exit::Unusable,
            second.clone(),
            format!("its id {id:?} stands already at {first}"),
        ),
    };
    Failure::new(exit, name, cause).into()
}

fn run_failed(error: &RunError) -> Stop {
    match error {
        RunError::Journal(error) => journal_failed(error),
        RunError::Write(error) => cannot_write(&error.path, &error.source),
        RunError::Threads(source) => Failure::new(Exit::Io, "threads", source).into(),
    }
}

pub fn journal_failed(error: &JournalError) -> Stop {
    let text = error.to_string();
    let (exit, path) = match error {
        JournalError::Held { out, .. } => (Exit::Later, out),
        JournalError::Newer { path, .. } => (Exit::Unusable, path),
        JournalError::Io { path, .. } => (Exit::Io, path),
    };
    let name = path.display().to_string();
    let cause = text.strip_prefix(&name).unwrap_or(&text);
    Failure::new(exit, name, cause.trim_start_matches(": ")).into()
}

/// A closed pipe is no way for a folder to fail.
pub fn cannot_write(path: &Path, error: &io::Error) -> Stop {
    let cause = format_args!("could not be written: {error}");
    Failure::new(Exit::Io, path.display(), cause).into()
}

/// Every input that could not be done: what errors call it, and why.
fn failures(plan: &Plan, fates: &[Fate], known: &Known) -> Vec<(String, Fault)> {
    let items = plan.items.iter().zip(fates);
    items
        .filter_map(|(item, fate)| {
            let fault = batch::fault(item, fate, known)?;
            Some((plan.place(item), fault))
        })
        .collect()
}

/// Tells the first failures one a line.
pub fn tell_failures(failures: &[(String, Fault)]) {
    for (place, fault) in failures.iter().take(MOST_TOLD) {
        exit::tell(place, &fault.message);
    }
    if let Some(more @ 1..) = failures.len().checked_sub(MOST_TOLD) {
        let _ = writeln!(io::stderr(), "and {more} more, all of them in {SUMMARY}");
    }
}

pub fn tell_edited(progress: &Progress, quiet: bool, hint: &str) {
    let edited = progress.edited.load(Ordering::Relaxed);
    if edited > 0 && !quiet {
        let _ = writeln!(
            io::stderr(),
            "{edited} notes have been edited and were left so{hint}"
        );
    }
}

/// What is known of a plan before it runs.
#[derive(Debug, Clone, Copy)]
pub struct Counts {
    pub inputs: usize,
    pub duplicates: usize,
}

impl Counts {
    fn of(plan: &Plan) -> Counts {
        let twins = plan.items.iter();
        let twins = twins.filter(|item| matches!(item.state, State::Twin(_)));
        Counts {
            inputs: plan.items.len(),
            duplicates: twins.count(),
        }
    }
}

pub fn tell_table(progress: &Progress, counts: Counts, began: Instant, quiet: bool, end: &str) {
    if quiet {
        return;
    }
    let load = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    let (done, kept, failed) = (
        load(&progress.done),
        load(&progress.kept),
        load(&progress.failed),
    );
    let took = began.elapsed().as_secs_f64();
    let mut table = format!(
        "inputs      {:>8}\nwritten     {done:>8}   {took:.1} s, {:.0} articles/s\n",
        counts.inputs,
        done as f64 / took,
    );
    for (name, count) in [
        ("kept", kept),
        ("duplicates", counts.duplicates),
        ("failed", failed),
    ] {
        if count > 0 {
            table.push_str(&format!("{name:<11} {count:>8}\n"));
        }
    }
    let open = counts
        .inputs
        .saturating_sub(done + kept + counts.duplicates + failed);
    if open > 0 {
        table.push_str(&format!("not done    {open:>8}   {end}\n"));
    }
    let _ = io::stderr().write_all(table.as_bytes());
}

/// The bar on a terminal, drawn by a thread that looks at the progress now and then.
struct Bar {
    bar: ProgressBar,
    ended: Arc<AtomicBool>,
}

/// How often the bar is drawn.
const DRAWN: Duration = Duration::from_millis(100);
/// Characters of the current input's name.
const NAME_CHARS: usize = 40;

impl Bar {
    fn new(quiet: bool, plan: &Plan, progress: Arc<Progress>) -> Bar {
        let ended = Arc::new(AtomicBool::new(false));
        if quiet || !io::stderr().is_terminal() {
            return Bar {
                bar: ProgressBar::hidden(),
                ended,
            };
        }
        let Counts { inputs, duplicates } = Counts::of(plan);
        let style = "{bar:30} {pos}/{len} {rate} ETA {eta} {msg}";
        let style = ProgressStyle::with_template(style)
            .expect("the template is sound")
            .with_key("rate", |state: &ProgressState, out: &mut dyn fmt::Write| {
                // A rate that cannot be shown is left out.
                let _ = write!(out, "{:.0}/s", state.per_sec());
            });
        let bar = ProgressBar::new((inputs - duplicates) as u64).with_style(style);
        let (drawn, over) = (bar.clone(), ended.clone());
        std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                draw(&drawn, &progress);
                std::thread::sleep(DRAWN);
            }
        });
        Bar { bar, ended }
    }

    fn clear(&self) {
        self.ended.store(true, Ordering::Relaxed);
        self.bar.finish_and_clear();
    }
}

fn draw(bar: &ProgressBar, progress: &Progress) {
    let counters = [&progress.done, &progress.kept, &progress.failed];
    let [done, kept, failed] = counters.map(|counter| counter.load(Ordering::Relaxed));
    bar.set_position((done + kept + failed) as u64);
    let current = progress
        .current
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let name: String = shown(&current).chars().take(NAME_CHARS).collect();
    bar.set_message(match failed {
        0 => name,
        _ => format!("{failed} failed {name}"),
    });
}

/// What a run would do, on standard output.
fn dry_run(
    args: &BatchArgs,
    plan: &Plan,
    engine: &Chosen,
    options: &RunOptions,
) -> Result<Exit, Stop> {
    let known = Known::read(&args.out).map_err(|error| journal_failed(&error))?;
    let preview = batch::preview(&Run {
        plan,
        engine: &*engine.engine,
        options,
        output: &Output::unopened(&args.out),
        known: &known,
        progress: &Progress::default(),
        stop: &AtomicBool::new(false),
    });
    engine.tell();
    let text = preview_text(Counts::of(plan), &preview, options.threads);
    stdio::check_stdout()
        .and_then(|()| io::stdout().write_all(text.as_bytes()))
        .map_err(|error| write_failed("standard output", &error))?;
    Ok(Exit::Done)
}

fn preview_text(counts: Counts, preview: &Preview, threads: usize) -> String {
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
