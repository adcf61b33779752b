//! Which input a command reads: a file, or standard input where something is piped in.

use std::io::{self, IsTerminal};
use std::path::Path;

use clap::CommandFactory;
use clap::error::ErrorKind;
use sukje::engine::BriefError;
use sukje::input::{DecodeError, Document, read_bytes, read_file, read_stdin, read_stdin_bytes};

use super::args::{Cli, FormArgs, InputArgs};
use super::exit::{Exit, Failure, Stop};
use super::stdio;

/// Reads the document a command was given.
pub fn document(args: &InputArgs, command: &str) -> Result<Document, Stop> {
    let document = match file(args.input.as_deref(), command)? {
        Some(path) => read_file(path, args.encoding)?,
        None => read_stdin(args.encoding)?,
    };
    in_form(document, args.form, args.input.as_deref())
}

/// Reads a document in the form that was asked for.
pub fn in_form(document: Document, form: FormArgs, path: Option<&Path>) -> Result<Document, Stop> {
    let unusable = |cause: DecodeError| Failure::new(Exit::Unusable, name(path), cause);
    Ok(document.in_form(form.form()).map_err(unusable)?)
}

/// The name errors give an input.
fn name(path: Option<&Path>) -> String {
    path.map_or("-".to_string(), |path| path.display().to_string())
}

/// Says that cleaning left no sentence of the input.
pub fn no_article(args: &InputArgs) -> Stop {
    Failure::new(
        Exit::Unusable,
        name(args.input.as_deref()),
        BriefError::NoArticle,
    )
    .into()
}

/// Reads the bytes of a file or of standard input, under the name errors give it.
pub fn bytes(path: Option<&Path>, command: &str) -> Result<(String, Vec<u8>), Stop> {
    match file(path, command)? {
        Some(path) => Ok((path.display().to_string(), read_bytes(path)?)),
        None => Ok(("-".into(), read_stdin_bytes()?)),
    }
}

/// The file to read, or none for standard input; a terminal without a word typed is a wrong usage.
fn file<'a>(path: Option<&'a Path>, command: &str) -> Result<Option<&'a Path>, Stop> {
    match path {
        Some(path) if path != Path::new("-") => return Ok(Some(path)),
        None if io::stdin().is_terminal() => missing(command),
        _ => {}
    }
    stdio::check_stdin().map_err(|error| Failure::new(Exit::NoInput, "-", error))?;
    Ok(None)
}

fn missing(command: &str) -> ! {
    let mut cli = Cli::command();
    cli.build();
    let message = "no input: give a FILE, or pipe a text to standard input";
    let command = cli.find_subcommand_mut(command).expect("it is being run");
    let kind = ErrorKind::MissingRequiredArgument;
    command.error(kind, message).exit()
}
