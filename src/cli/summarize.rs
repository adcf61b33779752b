//! `sukje summarize`: the briefing note of an article, or its best sentences.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use sukje::article::Article;
use sukje::brief::{Brief, EXTRACTIVE};
use sukje::clean::clean;
use sukje::engine::Info;
use sukje::escape::shown;
use sukje::outline::OutlineOptions;
use sukje::outline::extractive::best_sentences;
use sukje::render::render_with_source;

use super::args::{Cli, NoteFormat, SummarizeArgs};
use super::exit::{Exit, Failure, Stop};
use super::output::Output;
use super::reporter::Reporter;
use super::threads::set_threads;
use super::{engine, input, render as render_command};

pub fn run(args: &SummarizeArgs) -> Result<Exit, Stop> {
    if args.sentences.is_some() && !matches!(args.format, None | Some(NoteFormat::Text)) {
        let message = "--sentences prints text; --format md, html and json are for whole notes";
        Cli::wrong_usage(message);
    }
    set_threads(args.writing.threads())?;
    let options = engine::outline_options(&args.note)?;
    let output = Output::open(args.output.output.as_deref())?;
    let document = input::document(&args.input, "summarize")?;
    let article = clean(&document, &engine::clean_options(&args.note));
    if article.sentences.is_empty() {
        return Err(input::no_article(&args.input));
    }
    let mut name = EXTRACTIVE.to_string();
    if let Some(count) = args.sentences {
        output.write(|out| write_best(&article, count as usize, out))?;
    } else {
        let (brief, info) = brief(args, &article, options)?;
        name = info.to_string();
        let format = render_command::format(args.format, &args.output);
        output.write(|out| render_with_source(&brief, &document.text, format, out))?;
    }
    // Comes last: an error stays the only line there is.
    engine::announce(&args.note, args.output.quiet, &name);
    Ok(Exit::Done)
}

fn brief(
    args: &SummarizeArgs,
    article: &Article,
    options: OutlineOptions,
) -> Result<(Brief, Info), Stop> {
    let (note, writing) = (&args.note, &args.writing);
    let reporter = Arc::new(Reporter::new(args.output.quiet, writing.stream()));
    let clean = engine::clean_options(note);
    let pipeline = engine::open(&note.engine, writing, clean, options, &reporter)?;
    // An interrupt ends the program at once, between two tokens or within one.
    let brief = pipeline.brief_of(article, &AtomicBool::new(false));
    reporter.clear();
    let info = pipeline.info();
    match brief {
        Ok(brief) => Ok((brief, info)),
        Err(error) => Err(Failure::new(Exit::Model, info.source, error).into()),
    }
}

fn write_best(article: &Article, count: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let best = best_sentences(article, count).into_iter();
    for sentence in best.filter_map(|id| article.sentence(id)) {
        writeln!(out, "{}", shown(&sentence.text))?;
    }
    out.flush()
}
