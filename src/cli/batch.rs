//! `sukje batch`: the briefing notes of many articles.

use std::fmt;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use sukje::batch::{
    self, Engine, Extractive, Failure as Unnoted, Fate, Fault, Given, Journal, JournalError, Known,
    Layout, Lock, Output, Overview, Plan, PlanError, PlanOptions, Preview, Progress, Run, RunError,
    RunOptions, Shard, State, Summary, Sync,
};
use sukje::clean::CleanOptions;
use sukje::outline::OutlineOptions;
use sukje::render::{
    Format, TextStyle, shown, write_briefing, write_index, write_json, write_matrix,
};

use super::args::{BatchArgs, NoteFormat, SyncWhen, ThreadArgs};
use super::exit::{self, Exit, Failure, Stop, write_failed};
use super::summarize::lens;
use super::{input, signals, stdio, threads};

/// So many failures are told one by one; all of them stand in the summary.
const MOST_TOLD: usize = 20;
/// The summary's name below the output folder.
const SUMMARY: &str = "summary.json";

pub fn run(args: &BatchArgs) -> Result<Exit, Stop> {
    let engine = engine(args)?;
    let options = options(args, &engine);
    let plan = plan(args, &options)?;
    if args.dry_run {
        return dry_run(args, &plan, &engine, &options);
    }
    let began = Instant::now();
    let mut held = Held::take(args)?;
    let progress = Arc::new(Progress::default());
    let table = {
        let (progress, quiet) = (progress.clone(), args.quiet);
        let counts = Counts::of(&plan);
        move |end: &str| tell_table(&progress, counts, began, quiet, end)
    };
    let last_words = table.clone();
    let stop = signals::tell(move || last_words("interrupted; the same command goes on from here"));
    let bar = Bar::new(args.quiet, &plan, progress.clone());
    let ran = batch::run(
        &Run {
            plan: &plan,
            engine: &*engine.engine,
            options: &options,
            output: &held.output,
            known: &held.known,
            progress: &progress,
            stop,
        },
        &mut held.journal,
    );
    bar.clear();
    let fates = ran.map_err(|error| run_failed(&error))?;
    let failures = tell_failures(&plan, &fates, &held.known);
    tell_edited(&progress, args.quiet);
    engine.tell(args);
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
    finish(args, &plan, &fates, &held, &options)?;
    table("");
    Ok(match failures {
        0 => Exit::Done,
        _ => Exit::Findings,
    })
}

/// What is written once every item has its fate: of each, and of all together.
fn finish(
    args: &BatchArgs,
    plan: &Plan,
    fates: &[Fate],
    held: &Held,
    options: &RunOptions,
) -> Result<(), Stop> {
    let Held { known, output, .. } = held;
    let failures = plan.items.iter().zip(fates).filter_map(|(item, fate)| {
        Some(Unnoted {
            id: item.id.to_string(),
            cause: batch::fault(item, fate, known)?.message,
        })
    });
    let rows = &batch::Done::of(fates, known);
    let mut scratch = batch::scratch_file(&args.out).map_err(|error| journal_failed(&error))?;
    let overview = Overview::gather(rows, &mut scratch, failures.collect()).map_err(|error| {
        let cause = format_args!("the overview could not be made: {error}");
        Failure::new(Exit::Io, args.out.display(), cause)
    })?;
    drop(scratch);
    let summary = Summary::of(plan, fates, known, options);
    let written = [
        output.write("index.html", |out| write_index(&overview, rows, out)),
        output.write("briefing.md", |out| write_briefing(&overview, rows, out)),
        output.write("matrix.csv", |out| write_matrix(&overview, rows, out)),
        output.write("overview.json", |out| {
            write_json(&overview.whole(rows), out)
        }),
        output.write(SUMMARY, |out| write_json(&summary, out)),
    ];
    written
        .into_iter()
        .collect::<Result<Vec<_>, _>>()
        .and_then(|files| output.place(files))
        .map_err(|error| cannot_write(&error.path, &error.source))
}

/// The output folder while it is ours.
struct Held {
    _lock: Lock,
    output: Output,
    journal: Journal,
    known: Known,
}

impl Held {
    fn take(args: &BatchArgs) -> Result<Held, Stop> {
        let out = &args.out;
        fs::create_dir_all(out).map_err(|error| cannot_write(out, &error))?;
        batch::make_state_folder(out).map_err(|error| journal_failed(&error))?;
        let lock = Lock::take(out).map_err(|error| journal_failed(&error))?;
        let failed = |error: batch::WriteError| cannot_write(&error.path, &error.source);
        batch::remove_leftovers(out).map_err(failed)?;
        let output = Output::open(out, sync(args.sync)).map_err(failed)?;
        let (journal, known) = Journal::open(out).map_err(|error| journal_failed(&error))?;
        Ok(Held {
            _lock: lock,
            output,
            journal,
            known,
        })
    }
}

fn sync(when: SyncWhen) -> Sync {
    match when {
        SyncWhen::Group => Sync::Group,
        SyncWhen::Each => Sync::Each,
        SyncWhen::None => Sync::None,
    }
}

fn options(args: &BatchArgs, engine: &Chosen) -> RunOptions {
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
        threads: engine.at_once,
        encoding: args.encoding,
    }
}

/// What writes the notes.
struct Chosen {
    engine: Box<dyn Engine>,
    name: String,
    /// How many articles it has in the works at a time.
    at_once: usize,
}

impl Chosen {
    /// As `summarize` does: which engine `auto` took.
    fn tell(&self, args: &BatchArgs) {
        if args.note.engine == super::args::Engine::Auto && !args.quiet {
            let _ = writeln!(io::stderr(), "engine: {}", shown(&self.name));
        }
    }
}

fn thread_args(args: &BatchArgs) -> &ThreadArgs {
    #[cfg(feature = "model")]
    return &args.writing.threads;
    #[cfg(not(feature = "model"))]
    return &args.threads;
}

/// A model where one is asked for or on this computer, else the embedded engine.
fn engine(args: &BatchArgs) -> Result<Chosen, Stop> {
    let clean = CleanOptions {
        language: args.note.lang.language(),
        ..CleanOptions::default()
    };
    let outline = OutlineOptions {
        lens: lens(&args.note.lens)?,
        output_language: args.note.output_lang.language(),
    };
    #[cfg(feature = "model")]
    {
        threads::set_threads(thread_args(args))?;
        let talk = super::writer::Talk::new(args.quiet, false);
        let writer = super::writer::writer(&args.note.engine, &args.writing);
        talk.clear();
        if let Some(writer) = writer? {
            let name = writer.title();
            let at_once = writer.articles_at_once(args.memory);
            let stream = args.writing.stream;
            let desk = super::desk::Desk::open(writer, clean, outline, at_once, stream)
                .map_err(|error| Failure::new(Exit::Io, "threads", error))?;
            return Ok(Chosen {
                name,
                engine: Box::new(desk),
                at_once,
            });
        }
    }
    #[cfg(not(feature = "model"))]
    if let super::args::Engine::Openai(_) = args.note.engine {
        return Err(super::exit::no_servers());
    }
    Ok(Chosen {
        engine: Box::new(Extractive { clean, outline }),
        name: "extractive".into(),
        at_once: threads::count(thread_args(args)),
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
    let first = given.first().map(|given| given.path.display().to_string());
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

fn journal_failed(error: &JournalError) -> Stop {
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
fn cannot_write(path: &Path, error: &io::Error) -> Stop {
    let cause = format_args!("could not be written: {error}");
    Failure::new(Exit::Io, path.display(), cause).into()
}

/// Tells the first failures one a line; gives how many there are.
fn tell_failures(plan: &Plan, fates: &[Fate], known: &Known) -> usize {
    let failures: Vec<(String, Fault)> = plan
        .items
        .iter()
        .zip(fates)
        .filter_map(|(item, fate)| Some((plan.place(item), batch::fault(item, fate, known)?)))
        .collect();
    for (place, fault) in failures.iter().take(MOST_TOLD) {
        exit::tell(place, &fault.message);
    }
    if let Some(more @ 1..) = failures.len().checked_sub(MOST_TOLD) {
        let _ = writeln!(io::stderr(), "and {more} more, all of them in {SUMMARY}");
    }
    failures.len()
}

fn tell_edited(progress: &Progress, quiet: bool) {
    let edited = progress.edited.load(Ordering::Relaxed);
    if edited > 0 && !quiet {
        let _ = writeln!(
            io::stderr(),
            "{edited} notes have been edited and were left so; --force writes them again"
        );
    }
}

/// What is known of a plan before it runs.
#[derive(Debug, Clone, Copy)]
struct Counts {
    inputs: usize,
    duplicates: usize,
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

fn tell_table(progress: &Progress, counts: Counts, began: Instant, quiet: bool, end: &str) {
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
    engine.tell(args);
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
