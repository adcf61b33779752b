//! What writes many notes: chosen and loaded once, as `summarize` chooses it for one.

use std::io::{self, Write};

use sukje::batch::{Engine, Extractive};
use sukje::clean::CleanOptions;
use sukje::escape::shown;
use sukje::outline::OutlineOptions;

use super::args::NoteArgs;
#[cfg(feature = "model")]
use super::args::WritingArgs;
#[cfg(feature = "model")]
use super::desk::Desk;
use super::exit::Stop;
#[cfg(feature = "model")]
use super::exit::{Exit, Failure};
use super::summarize::lens;

/// What was asked for.
pub struct Asked<'a> {
    pub note: &'a NoteArgs,
    #[cfg(feature = "model")]
    pub writing: &'a WritingArgs,
    /// MB for what a model writes together.
    #[cfg(feature = "model")]
    pub memory: Option<u32>,
    pub quiet: bool,
}

/// What writes the notes.
pub struct Chosen {
    pub engine: Box<dyn Engine>,
    /// As `summarize` names it on standard error.
    pub name: String,
    /// How many articles it has in the works at a time whatever is wanted: a model's own threads are not an article's.
    own: Option<usize>,
    tell: bool,
}

impl Chosen {
    /// As `summarize` does: which engine `auto` took.
    pub fn tell(&self) {
        if self.tell {
            let _ = writeln!(io::stderr(), "engine: {}", shown(&self.name));
        }
    }

    /// How many articles it has in the works at a time, where so many are wanted.
    pub fn at_once(&self, wanted: usize) -> usize {
        self.own.unwrap_or(wanted)
    }
}

/// A model where one is asked for or on this computer, else the embedded engine.
pub fn choose(asked: &Asked<'_>) -> Result<Chosen, Stop> {
    let tell = asked.note.engine == super::args::Engine::Auto && !asked.quiet;
    let clean = CleanOptions {
        language: asked.note.lang.language(),
        ..CleanOptions::default()
    };
    let outline = OutlineOptions {
        lens: lens(&asked.note.lens)?,
        output_language: asked.note.output_lang.language(),
    };
    #[cfg(feature = "model")]
    {
        super::threads::set_threads(&asked.writing.threads)?;
        let talk = super::writer::Talk::new(asked.quiet, false);
        let writer = super::writer::writer(&asked.note.engine, asked.writing);
        talk.clear();
        if let Some(writer) = writer? {
            let name = writer.title();
            let at_once = writer.articles_at_once(asked.memory);
            let stream = asked.writing.stream;
            let desk = Desk::open(writer, clean, outline, at_once, stream)
                .map_err(|error| Failure::new(Exit::Io, "threads", error))?;
            return Ok(Chosen {
                engine: Box::new(desk),
                name,
                own: Some(at_once),
                tell,
            });
        }
    }
    #[cfg(not(feature = "model"))]
    if let super::args::Engine::Openai(_) = asked.note.engine {
        return Err(super::exit::no_servers());
    }
    Ok(Chosen {
        engine: Box::new(Extractive::new(clean, outline)),
        name: "extractive".into(),
        own: None,
        tell,
    })
}
