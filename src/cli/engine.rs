//! The engine of a command, opened as its flags say.

use std::io::{self, Write};
use std::sync::Arc;

use sukje::clean::CleanOptions;
use sukje::engine::{self, Engine, EngineChoice, OpenError, Pipeline};
use sukje::escape::shown;
use sukje::outline::{Lens, OutlineOptions};

use super::args::{Cli, NoteArgs};
use super::exit::{Exit, Failure, Stop};
use super::reporter::{Reporter, report_part};
use super::threads::set_threads;
use super::writing_args::WritingArgs;

/// Returns how an article is cleaned for a note.
pub fn clean_options(note: &NoteArgs) -> CleanOptions {
    CleanOptions {
        language: note.lang.language(),
        threshold: note.threshold.threshold(),
        ..CleanOptions::default()
    }
}

/// Returns what a note looks for, and its language.
pub fn outline_options(note: &NoteArgs) -> Result<OutlineOptions, Stop> {
    Ok(OutlineOptions {
        lens: lens(&note.lens)?,
        output_language: note.output_lang.language(),
    })
}

/// Opens the pipeline for one article after the other.
pub fn open(
    choice: &EngineChoice,
    writing: &WritingArgs,
    clean: CleanOptions,
    outline: OutlineOptions,
    reporter: &Arc<Reporter>,
) -> Result<Pipeline, Stop> {
    let opened = engine::open(&writing.options(choice.clone()));
    let engine = checked(opened, reporter)?;
    let reporter = reporter.clone();
    let pipeline = Pipeline::new(engine, clean, outline);
    Ok(pipeline.on_progress(move |_, progress| reporter.report(&progress)))
}

/// Opens the pipeline for many articles at a time.
pub fn open_for_many(
    note: &NoteArgs,
    writing: &WritingArgs,
    memory_mb: Option<u32>,
    quiet: bool,
) -> Result<Pipeline, Stop> {
    let outline = outline_options(note)?;
    set_threads(writing.threads())?;
    let reporter = Reporter::new(quiet, false);
    let options = writing.options(note.engine.clone());
    let engine = engine::open_for_many(&options, memory_mb);
    reporter.clear();
    let engine = checked(engine, &reporter)?;
    let pipeline = Pipeline::new(engine, clean_options(note), outline);
    Ok(match writing.stream() {
        true => {
            pipeline.on_progress(|article, progress| report_part(&article.source.name, &progress))
        }
        false => pipeline,
    })
}

/// Says on standard error which engine `auto` has chosen.
pub fn announce(note: &NoteArgs, quiet: bool, name: &str) {
    if note.engine == EngineChoice::Auto && !quiet {
        let _ = writeln!(io::stderr(), "engine: {}", shown(name));
    }
}

fn checked(
    opened: Result<Box<dyn Engine>, OpenError>,
    reporter: &Reporter,
) -> Result<Box<dyn Engine>, Stop> {
    if let Some(warning) = opened.as_ref().ok().and_then(|engine| engine.warning()) {
        reporter.warn(warning);
    }
    match opened {
        Err(OpenError::ModelGiven) => {
            let message = "--engine extractive writes without a model, and --model names one";
            Cli::wrong_usage(message)
        }
        opened => Ok(opened?),
    }
}

/// Returns a built-in lens by its name, or that of a lens file.
fn lens(name: &str) -> Result<Lens, Stop> {
    let path = std::path::Path::new(name);
    let is_file = path.extension().is_some() || path.components().count() > 1;
    if !is_file {
        return Lens::builtin(name)
            .map_err(|error| Failure::new(Exit::Usage, "--lens", error).into());
    }
    let document = sukje::input::read_file(path, None)
        .map_err(|error| Failure::new(Exit::Usage, name, error.cause))?;
    Lens::from_toml(&document.text).map_err(|error| Failure::new(Exit::Usage, name, error).into())
}
