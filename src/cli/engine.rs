//! What writes many notes: chosen and loaded once, as `summarize` chooses it for one.

use std::io::{self, Write};

use sukje::batch::{Engine, Extractive};
use sukje::clean::CleanOptions;
use sukje::outline::OutlineOptions;
use sukje::render::shown;

use super::args::NoteArgs;
#[cfg(feature = "model")]
use super::args::WritingArgs;
use super::exit::Stop;
use super::summarize::lens;

/// What was asked for.
pub struct Asked<'a> {
    pub note: &'a NoteArgs,
    #[cfg(feature = "model")]
    pub writing: &'a WritingArgs,
    pub quiet: bool,
}

/// What writes the notes.
pub struct Chosen {
    pub engine: Box<dyn Engine>,
    /// As `summarize` names it on standard error.
    pub name: String,
    /// How many articles it can have in the works at a time.
    most_at_once: usize,
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
        wanted.min(self.most_at_once)
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
        let writer = super::writer::writer(asked.note.engine, asked.writing);
        talk.clear();
        if let Some(writer) = writer? {
            return Ok(Chosen {
                name: writer.title(),
                engine: Box::new(WithModel {
                    writer,
                    clean,
                    outline,
                    stream: asked.writing.stream,
                }),
                // The model itself uses every processor.
                most_at_once: 1,
                tell,
            });
        }
    }
    Ok(Chosen {
        engine: Box::new(Extractive { clean, outline }),
        name: "extractive".into(),
        most_at_once: usize::MAX,
        tell,
    })
}

/// A model that writes one note after the other.
#[cfg(feature = "model")]
struct WithModel {
    writer: super::writer::Writer,
    clean: CleanOptions,
    outline: OutlineOptions,
    stream: bool,
}

#[cfg(feature = "model")]
impl Engine for WithModel {
    fn brief(
        &self,
        document: &sukje::input::Document,
        stop: &std::sync::atomic::AtomicBool,
    ) -> Result<sukje::verify::Brief, String> {
        let article = sukje::clean::clean(document, &self.clean);
        let talk = super::writer::Talk::new(true, self.stream);
        let outline = self
            .writer
            .outline_until(&article, &self.outline, stop, &talk)
            .map_err(|error| error.to_string())?;
        Ok(sukje::verify::verify(&article, outline))
    }

    fn identity(&self) -> String {
        format!(
            "{:?} {:?} {}",
            self.clean,
            self.outline,
            self.writer.identity()
        )
    }
}
