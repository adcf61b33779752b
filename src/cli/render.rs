//! `sukje render`: a saved brief as text, Markdown or JSON.

use sukje::render::{Format, render};

use super::args::{NoteFormat, OutputArgs, RenderArgs};
use super::brief;
use super::exit::{Exit, Stop};
use super::output::{Output, on_terminal, text_style};

pub fn run(args: &RenderArgs) -> Result<Exit, Stop> {
    let output = Output::open(args.output.output.as_deref())?;
    let (_, brief) = brief::load(args.brief.as_deref(), "render")?;
    let format = format(args.format, &args.output);
    output.write(|out| render(&brief, format, out))?;
    Ok(Exit::Done)
}

/// The form asked for; text on a terminal and Markdown otherwise where none was.
pub fn format(asked: Option<NoteFormat>, args: &OutputArgs) -> Format {
    match asked {
        Some(asked) => asked.with(text_style(args)),
        None if on_terminal(args) => Format::Text(text_style(args)),
        None => Format::Markdown,
    }
}
