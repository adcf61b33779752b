//! Reports on standard error how far an engine is: a spinner on a terminal, and parts of the note where they are asked for.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use sukje::brief::Statement;
use sukje::engine::{Effort, Progress};
use sukje::escape::shown;

/// Reports the progress of an engine.
pub struct Reporter {
    quiet: bool,
    bar: ProgressBar,
    stream: bool,
    began: Mutex<Instant>,
}

impl Reporter {
    /// Starts a spinner unless `quiet` or not on a terminal; prints parts if `stream`.
    pub fn new(quiet: bool, stream: bool) -> Reporter {
        let bar = bar(quiet, "{spinner} {elapsed} {msg}");
        bar.set_message("getting ready");
        Reporter {
            quiet,
            bar,
            stream,
            began: Mutex::new(Instant::now()),
        }
    }

    /// Reports the progress of the one article under way.
    pub fn report(&self, progress: &Progress) {
        self.bar.tick();
        match progress {
            Progress::Reading { done, total } => {
                let per_s = *done as f64 / self.elapsed_s();
                self.bar.set_message(format!(
                    "read {done} of {total} tokens, {per_s:.0} tokens/s"
                ));
            }
            Progress::Cited => self.bar.set_message("cited; writing"),
            Progress::Part { field, statement } => {
                if self.stream {
                    self.bar.suspend(|| print(&part(field, statement)));
                }
                self.bar.set_message(format!("wrote {field}"));
            }
            Progress::Done(effort) => {
                self.bar.set_message(done(effort, self.elapsed_s()));
                *self.began.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            }
        }
    }

    /// Says what people should know of an engine before they trust its notes.
    pub fn warn(&self, warning: &str) {
        if !self.quiet {
            self.bar.suspend(|| print(&format!("warning: {warning}")));
        }
    }

    /// Takes the spinner off the terminal.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn elapsed_s(&self) -> f64 {
        let began = self.began.lock().unwrap_or_else(PoisonError::into_inner);
        began.elapsed().as_secs_f64()
    }
}

/// Makes a bar of no length on standard error, hidden where that is no terminal or nothing is to be said.
pub fn bar(quiet: bool, template: &str) -> ProgressBar {
    if quiet || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template).expect("the template is sound");
    ProgressBar::no_length().with_style(style)
}

/// Prints a part of the note of one article among many.
pub fn report_part(name: &str, progress: &Progress) {
    if let Progress::Part { field, statement } = progress {
        print(&format!("{name}: {}", part(field, statement)));
    }
}

/// Writes a part of a note on a line, with its receipts.
fn part(field: &str, statement: &Statement) -> String {
    let receipts: Vec<String> = statement.evidence.iter().map(u32::to_string).collect();
    format!("{field}: {} [{}]", statement.text, receipts.join(", "))
}

fn done(effort: &Effort, elapsed_s: f64) -> String {
    let per_s = effort.written as f64 / elapsed_s;
    format!("wrote {} tokens, {per_s:.0} tokens/s", effort.written)
}

fn print(line: &str) {
    let _ = writeln!(io::stderr(), "{}", shown(line));
}
