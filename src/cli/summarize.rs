//! `sukje summarize`: the briefing note of an article, or its best sentences.

use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;
use clap::error::ErrorKind;
use sukje::article::Article;
use sukje::brief::Outline;
use sukje::clean::{CleanOptions, clean};
use sukje::escape::shown;
use sukje::outline::extractive::best_sentences;
use sukje::outline::{Lens, OutlineOptions, outline};
use sukje::render::render;
use sukje::verify::verify;

use super::args::{Cli, Engine, NoteFormat, SummarizeArgs};
#[cfg(not(feature = "model"))]
use super::exit::no_servers;
use super::exit::{Exit, Failure, Stop};
use super::output::Output;
#[cfg(feature = "model")]
use super::writer::{Talk, writer};
use super::{input, render as render_command};

pub fn run(args: &SummarizeArgs) -> Result<Exit, Stop> {
    if args.sentences.is_some() && !matches!(args.format, None | Some(NoteFormat::Text)) {
        only_text();
    }
    #[cfg(feature = "model")]
    super::threads::set_threads(&args.writing.threads)?;
    let lens = lens(&args.note.lens)?;
    let output = Output::open(args.output.output.as_deref())?;
    let document = input::document(&args.input, "summarize")?;
    let article = clean(
        &document,
        &CleanOptions {
            language: args.note.lang.language(),
            ..CleanOptions::default()
        },
    );
    let mut engine = "extractive".to_string();
    if let Some(count) = args.sentences {
        output.write(|out| write_best(&article, count as usize, out))?;
    } else {
        let options = OutlineOptions {
            lens,
            output_language: args.note.output_lang.language(),
        };
        let outline = outlined(args, &article, &options)?;
        if let Some(model) = &outline.engine.model {
            engine = format!("{}, {model}", outline.engine.name);
        }
        let brief = verify(&article, outline);
        let format = render_command::format(args.format, &args.output);
        output.write(|out| render(&brief, format, out))?;
    }
    if args.note.engine == Engine::Auto && !args.output.quiet {
        // Said last: an error stays the only line there is.
        let _ = writeln!(io::stderr(), "engine: {}", shown(&engine));
    }
    Ok(Exit::Done)
}

/// The outline, by a model where one is asked for or on this computer.
fn outlined(
    args: &SummarizeArgs,
    article: &Article,
    options: &OutlineOptions,
) -> Result<Outline, Stop> {
    #[cfg(feature = "model")]
    {
        let talk = Talk::new(args.output.quiet, args.writing.stream);
        if let Some(writer) = writer(&args.note.engine, &args.writing)? {
            return writer.outline(article, options, &talk);
        }
        talk.clear();
    }
    #[cfg(not(feature = "model"))]
    if let Engine::Openai(_) = args.note.engine {
        return Err(no_servers());
    }
    let _ = args;
    Ok(outline(article, options))
}

fn only_text() -> ! {
    Cli::command()
        .error(
            ErrorKind::ArgumentConflict,
            "--sentences prints text; --format md and json are for whole notes",
        )
        .exit()
}

/// A built-in lens by its name, or a lens file.
pub fn lens(name: &str) -> Result<Lens, Stop> {
    let path = Path::new(name);
    let is_file = path.extension().is_some() || path.components().count() > 1;
    if !is_file {
        return Lens::builtin(name)
            .map_err(|error| Failure::new(Exit::Usage, "--lens", error).into());
    }
    let document = sukje::input::read_file(path, None)
        .map_err(|error| Failure::new(Exit::Usage, name, error.cause))?;
    Lens::from_toml(&document.text).map_err(|error| Failure::new(Exit::Usage, name, error).into())
}

fn write_best(article: &Article, count: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    for sentence in best_sentences(article, count)
        .into_iter()
        .filter_map(|id| article.sentence(id))
    {
        writeln!(out, "{}", shown(&sentence.text))?;
    }
    out.flush()
}
