//! How a run ends: exit codes, the one-line error, its hint.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use sukje::escape::shown;

use super::stdio;

/// The exit codes, as documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All done; also when the reader closed the pipe.
    Done = 0,
    /// Finished, and something was found wrong.
    Findings = 1,
    /// Wrong usage.
    Usage = 2,
    /// The input is there and not usable.
    Unusable = 65,
    /// The input is not there, or is no file.
    NoInput = 66,
    /// The model asked for is not there or not sound, or a pull failed.
    Model = 69,
    /// A read or a write failed.
    Io = 74,
    /// Another run holds the output folder.
    Later = 75,
    /// The terminal went away.
    HungUp = 129,
    /// Ctrl-C.
    Interrupted = 130,
    /// Asked to end.
    Terminated = 143,
}

/// All exit codes and what they mean: help texts are made of it, and the table in README has the same codes.
pub const EXIT_CODES: [(Exit, &str); 11] = [
    (Exit::Done, "done"),
    (Exit::Findings, "something was found wrong"),
    (Exit::Usage, "usage"),
    (Exit::Unusable, "unusable input"),
    (Exit::NoInput, "no such input"),
    (Exit::Model, "no usable model"),
    (Exit::Io, "read or write failed"),
    (Exit::Later, "the output folder is held by another run"),
    (Exit::HungUp, "hung up"),
    (Exit::Interrupted, "interrupted"),
    (Exit::Terminated, "terminated"),
];

/// Returns a help text with the exit codes of a command at its end. `own` are those that mean something else than usual; others that a
/// command of many articles may end with follow.
pub fn help_with_codes(help: &str, own: &[(Exit, &str)]) -> String {
    let always = |exit: Exit| exit as u8 >= Exit::Later as u8;
    let usual = EXIT_CODES.iter();
    let usual = usual.filter(|(exit, _)| own.is_empty() || always(*exit));
    let codes: Vec<String> = own.iter().chain(usual).map(named).collect();
    format!("{help}\nExit codes: {}.", codes.join(", "))
}

fn named((exit, meaning): &(Exit, &str)) -> String {
    format!("{} {meaning}", *exit as u8)
}

impl Exit {
    /// Returns the exit code of a command that has stopped at a signal.
    pub fn of_signal(signal: i32) -> Exit {
        match signal {
            1 => Exit::HungUp,
            15 => Exit::Terminated,
            _ => Exit::Interrupted,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// An error line and, where one is known, what to do about it.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    name: String,
    cause: String,
    hint: Option<Cow<'static, str>>,
}

impl Failure {
    /// A failure of `name`, which is what the user called the thing.
    pub fn new(exit: Exit, name: impl Display, cause: impl Display) -> Failure {
        Failure {
            exit,
            name: name.to_string(),
            cause: cause.to_string(),
            hint: None,
        }
    }

    /// The same with a hint.
    pub fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Failure {
        self.hint = Some(hint.into());
        self
    }
}

/// Why a run stopped early.
#[derive(Debug)]
pub enum Stop {
    /// Whoever read our output has had enough of it: no failure.
    ClosedPipe,
    /// An error to print.
    Failure(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failure(failure)
    }
}

/// A write that failed, to `name`; a closed pipe is no failure.
pub fn write_failed(name: impl Display, error: &io::Error) -> Stop {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Stop::ClosedPipe;
    }
    let cause = format_args!("could not be written: {error}");
    Failure::new(Exit::Io, name, cause).into()
}

/// Prints the error line of something that failed while the rest goes on.
pub fn print_error(name: impl Display, cause: impl Display) {
    let line = error_line(&Failure::new(Exit::Findings, name, cause));
    let _ = io::stderr().write_all(line.as_bytes());
}

/// Prints why the run stopped and gives its exit code.
pub fn report(stop: &Stop) -> ExitCode {
    let Stop::Failure(failure) = stop else {
        return Exit::Done.into();
    };
    let mut lines = error_line(failure);
    if let Some(hint) = &failure.hint {
        lines.push_str("hint: ");
        lines.push_str(&flat(hint));
        lines.push('\n');
    }
    // Nobody is left to tell when standard error fails.
    let _ = io::stderr().write_all(lines.as_bytes());
    failure.exit.into()
}

/// An error line takes at most so many bytes, its end included; a name that is too long keeps its end.
const LINE_BYTES: usize = 500;
const NAME_BYTES: usize = 240;

fn error_line(failure: &Failure) -> String {
    let name = flat(&failure.name);
    let name = match name.len() {
        0..=NAME_BYTES => name,
        length => format!("…{}", &name[boundary(&name, length - NAME_BYTES..length)..]),
    };
    let mut line = format!("error: {name}: {}", flat(&failure.cause));
    if line.len() >= LINE_BYTES {
        let most = LINE_BYTES - 1 - '…'.len_utf8();
        line.truncate(boundary(&line, (0..=most).rev()));
        line.push('…');
    }
    line.push('\n');
    line
}

/// One line without control characters.
fn flat(text: &str) -> String {
    shown(text).replace('\t', "\\t")
}

/// Returns the first of some places at which a character begins; the standard library's own search is newer than the oldest compiler supported.
fn boundary(text: &str, mut places: impl Iterator<Item = usize>) -> usize {
    places.find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Prints clap's own text: help and version as data, wrong usage as talk.
pub fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        let text = error.render().to_string();
        let escaped = text.split('\n').map(shown).collect::<Vec<_>>().join("\n");
        // An argument may carry escapes of its own; then the message goes out without colours.
        let _ = if escaped == text {
            error.print()
        } else {
            io::stderr().write_all(escaped.as_bytes())
        };
        return Exit::Usage.into();
    }
    let written = stdio::check_stdout()
        .and_then(|()| error.print())
        .and_then(|()| io::stdout().flush());
    match written {
        Ok(()) => Exit::Done.into(),
        Err(error) => report(&write_failed("standard output", &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes in the first column of the table of exit codes.
    fn documented(readme: &str) -> Vec<u8> {
        let rows = readme.lines().filter_map(|line| line.strip_prefix("| "));
        let codes = rows.filter_map(|row| {
            let first = row.split(" |").next()?;
            let codes = first.split(", ").map(str::parse);
            codes.collect::<Result<Vec<u8>, _>>().ok()
        });
        codes.flatten().collect()
    }

    #[test]
    fn the_readme_has_all_exit_codes() {
        let codes = EXIT_CODES.map(|(exit, _)| exit as u8);
        for readme in [
            include_str!("../../README.md"),
            include_str!("../../README.ko.md"),
        ] {
            assert_eq!(documented(readme), codes);
        }
    }

    #[test]
    fn help_has_the_codes_of_the_command() {
        let help = help_with_codes("Help.", &[(Exit::Done, "all done")]);
        let end = "held by another run, 129 hung up, 130 interrupted, 143 terminated.";
        assert!(help.starts_with("Help.\nExit codes: 0 all done, 75 ") && help.ends_with(end));
    }

    #[test]
    fn an_error_is_one_line_of_at_most_500_bytes() {
        let failure = Failure::new(
            Exit::NoInput,
            "강\n\u{1b}[31m".repeat(200),
            "가".repeat(400),
        );
        let line = error_line(&failure);
        assert!(line.len() <= LINE_BYTES && line.ends_with("…\n"), "{line}");
        assert_eq!(line.matches('\n').count(), 1);
        assert!(!line.contains('\u{1b}'));
    }
}
