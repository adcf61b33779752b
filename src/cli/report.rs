//! What `batch` and `merge` say on standard error: a bar while they run, failures, and a table in the end.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use sukje::batch::{BRIEFS_FILE, BatchProgress, End, InputError, Report, SUMMARY_FILE};
use sukje::escape::shown;

use super::exit::{self, Exit, Stop};
use super::signals;

/// So many failures are told one by one; all of them stand in the summary.
const MOST_TOLD: usize = 20;
/// The end of a table whose run was interrupted.
pub const INTERRUPTED: &str = "interrupted; the same command goes on from here";
/// The end of a table whose run stopped at a failure.
const STOPPED: &str = "stopped at a failure; the same command goes on from here";

/// The number of inputs, and of those that need no note of their own.
#[derive(Debug, Clone, Copy)]
pub struct InputCounts {
    pub inputs: usize,
    pub duplicates: usize,
}

/// The table at the end: how many inputs were written, kept, failed, and how long it took.
#[derive(Clone)]
pub struct Table {
    progress: Arc<BatchProgress>,
    counts: InputCounts,
    began: Instant,
    quiet: bool,
}

impl Table {
    /// Makes the table of a run that begins now.
    pub fn new(progress: Arc<BatchProgress>, counts: InputCounts, quiet: bool) -> Table {
        Table {
            progress,
            counts,
            began: Instant::now(),
            quiet,
        }
    }

    /// Prints it; `end` says why something is not done.
    pub fn print(&self, end: &str) {
        if self.quiet {
            return;
        }
        let Table {
            progress, counts, ..
        } = self;
        let load = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        let (done, kept, failed) = (
            load(&progress.done),
            load(&progress.kept),
            load(&progress.failed),
        );
        let took = self.began.elapsed().as_secs_f64();
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
}

/// Prints the first failures one a line.
fn print_failures(failures: &[(String, InputError)]) {
    for (place, error) in failures.iter().take(MOST_TOLD) {
        exit::print_error(place, &error.message);
    }
    if let Some(more @ 1..) = failures.len().checked_sub(MOST_TOLD) {
        let _ = writeln!(
            io::stderr(),
            "and {more} more, all of them in {SUMMARY_FILE}"
        );
    }
}

/// Prints which inputs failed, and how many notes were kept because somebody edited them.
pub fn print_inputs(report: &Report, table: &Table, hint: &str) {
    print_failures(&report.failures);
    let edited = table.progress.edited.load(Ordering::Relaxed);
    if edited > 0 && !table.quiet {
        let _ = writeln!(
            io::stderr(),
            "{edited} notes have been edited and were left so{hint}"
        );
    }
}

/// Prints the end of a run or merge, and returns its exit code.
pub fn print_end(report: Report, table: &Table) -> Result<Exit, Stop> {
    let broken = match report.end {
        End::Finished { broken_briefs } => broken_briefs,
        End::Interrupted => return Ok(interrupted(table)),
        End::Stopped => {
            table.print(STOPPED);
            return Ok(Exit::Findings);
        }
        End::Unfinished(error) => return Err(error.into()),
    };
    if broken > 0 {
        let _ = writeln!(
            io::stderr(),
            "{broken} notes have been edited and are no briefs any more; they are not in {BRIEFS_FILE}"
        );
    }
    table.print("");
    Ok(match report.failures.len() {
        0 => Exit::Done,
        _ => Exit::Findings,
    })
}

/// Prints the end of a run that was interrupted.
pub fn interrupted(table: &Table) -> Exit {
    table.print(INTERRUPTED);
    signals::interrupted().map_or(Exit::Interrupted, Exit::of_signal)
}

/// The bar on a terminal, drawn by a thread that looks at the progress now and then.
pub struct Bar {
    bar: ProgressBar,
    ended: Arc<AtomicBool>,
}

/// The time between two drawings of the bar.
const DRAWN: Duration = Duration::from_millis(100);
/// Characters of the current input's name.
const NAME_CHARS: usize = 40;

impl Bar {
    pub fn new(table: &Table) -> Bar {
        let (counts, progress) = (table.counts, table.progress.clone());
        let ended = Arc::new(AtomicBool::new(false));
        if table.quiet || !io::stderr().is_terminal() {
            return Bar {
                bar: ProgressBar::hidden(),
                ended,
            };
        }
        let style = "{bar:30} {pos}/{len} {rate} ETA {eta} {msg}";
        let style = ProgressStyle::with_template(style)
            .expect("the template is sound")
            .with_key("rate", |state: &ProgressState, out: &mut dyn fmt::Write| {
                // A rate that cannot be shown is left out.
                let _ = write!(out, "{:.0}/s", state.per_sec());
            });
        let bar = ProgressBar::new((counts.inputs - counts.duplicates) as u64).with_style(style);
        let (drawn, over) = (bar.clone(), ended.clone());
        std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                draw(&drawn, &progress);
                std::thread::sleep(DRAWN);
            }
        });
        Bar { bar, ended }
    }

    pub fn clear(&self) {
        self.ended.store(true, Ordering::Relaxed);
        self.bar.finish_and_clear();
    }
}

fn draw(bar: &ProgressBar, progress: &BatchProgress) {
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
