//! `sukje render`: a saved brief as text, Markdown, JSON or a page.

use std::path::Path;

use sukje::brief::Brief;
use sukje::input::{Document, read_file};
use sukje::render::{Format, render, render_with_source};

use super::args::{NoteFormat, OutputArgs, RenderArgs};
use super::brief;
use super::exit::{Exit, Failure, Stop};
use super::input;
use super::output::{Output, on_terminal, text_style};

pub fn run(args: &RenderArgs) -> Result<Exit, Stop> {
    let output = Output::open(args.output.output.as_deref())?;
    let (_, brief) = brief::load(args.brief.as_deref(), "render")?;
    let format = format(args.format, &args.output);
    let document = args.source.as_deref();
    let document = document
        .map(|path| source(path, args, &brief))
        .transpose()?;
    output.write(|out| match &document {
        Some(document) => render_with_source(&brief, &document.text, format, out),
        None => render(&brief, format, out),
    })?;
    Ok(Exit::Done)
}

/// Reads the article that a brief is of, and no other.
fn source(path: &Path, args: &RenderArgs, brief: &Brief) -> Result<Document, Stop> {
    let document = read_file(path, args.encoding)?;
    let document = input::in_form(document, args.form, Some(path))?;
    match document.source.sha256 == brief.article.source.sha256 {
        true => Ok(document),
        false => {
            let cause = "is not the article that the brief is of: its SHA-256 is another";
            Err(Failure::new(Exit::Unusable, path.display(), cause).into())
        }
    }
}

/// The form asked for; text on a terminal and Markdown otherwise where none was.
pub fn format(asked: Option<NoteFormat>, args: &OutputArgs) -> Format {
    match asked {
        Some(asked) => asked.with(text_style(args)),
        None if on_terminal(args) => Format::Text(text_style(args)),
        None => Format::Markdown,
    }
}
