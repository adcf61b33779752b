//! `sukje eval`: how well the cleaner and any engine do on articles whose right answer is known.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::Serialize;
use sukje::article::Article;
use sukje::brief::Outline;
use sukje::clean::{CleanOptions, clean};
use sukje::escape::shown;
use sukje::eval::{Figures, Gold, score};
use sukje::input::read_file;
use sukje::outline::{Lens, OutlineOptions, outline};
use sukje::render::write_json;
use sukje::verify::verify;

use super::args::EvalArgs;
use super::exit::{Exit, Failure, Stop};
use super::output::Output;
#[cfg(feature = "model")]
use super::writer::{Talk, writer};

/// The lens gold answers are written for.
const LENS: &str = "five-challenges";

#[derive(Serialize)]
struct Case {
    id: String,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize)]
struct Report {
    mean: Option<Figures>,
    cases: Vec<Case>,
}

pub fn run(args: &EvalArgs) -> Result<Exit, Stop> {
    let output = Output::open(args.output.output.as_deref())?;
    let lens = Lens::builtin(LENS).map_err(|error| Failure::new(Exit::Usage, LENS, error))?;
    let options = OutlineOptions {
        lens,
        output_language: None,
    };
    let outlined = engine(args)?;
    let cases = args
        .cases
        .iter()
        .map(|folder| case(folder, &|article| outlined(article, &options)))
        .collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<Figures> = cases.iter().map(|case| case.figures.clone()).collect();
    let report = Report {
        mean: Figures::mean(&rows),
        cases,
    };
    output.write(|out| {
        if args.json {
            write_json(&report, out)
        } else {
            write_table(&report, out)
        }
    })?;
    Ok(Exit::Done)
}

type Engine = Box<dyn Fn(&Article, &OutlineOptions) -> Result<Outline, Stop>>;

/// What outlines the articles: a model where one is asked for, loaded once.
fn engine(args: &EvalArgs) -> Result<Engine, Stop> {
    #[cfg(feature = "model")]
    {
        super::threads::set_threads(&args.writing.threads)?;
        let engine = match (&args.engine, &args.writing.model) {
            (Some(engine), _) => engine,
            (None, Some(_)) => &super::args::Engine::Llm,
            (None, None) => &super::args::Engine::Extractive,
        };
        if let Some(writer) = writer(engine, &args.writing)? {
            let (quiet, stream) = (args.output.quiet, args.writing.stream);
            return Ok(Box::new(move |article, options| {
                writer.outline(article, options, &Talk::new(quiet, stream))
            }));
        }
    }
    let _ = args;
    Ok(Box::new(|article, options| Ok(outline(article, options))))
}

fn case(folder: &Path, outlined: &dyn Fn(&Article) -> Result<Outline, Stop>) -> Result<Case, Stop> {
    let path = folder.join("gold.json");
    let gold = read_file(&path, None)?;
    let gold = Gold::from_json(&gold.text)
        .map_err(|error| Failure::new(Exit::Unusable, path.display(), error))?;
    let document = read_file(&folder.join("input.txt"), None)?;
    let article = clean(&document, &CleanOptions::default());
    let brief = verify(&article, outlined(&article)?);
    let figures = score(&gold, &document.text, &article, &brief);
    Ok(Case {
        id: gold.id,
        figures,
    })
}

fn write_table(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let Some(mean) = &report.mean else {
        return Ok(());
    };
    let wide = report
        .cases
        .iter()
        .map(|case| case.id.chars().count())
        .fold(4, usize::max);
    write!(out, "{:wide$}", "case")?;
    for (name, _) in &mean.0 {
        write!(out, "{name:>9}")?;
    }
    let rows = report
        .cases
        .iter()
        .map(|case| (case.id.as_str(), &case.figures));
    for (id, figures) in rows.chain([("mean", mean)]) {
        write!(out, "\n{:wide$}", shown(id))?;
        for (_, value) in &figures.0 {
            write!(out, "{value:9.3}")?;
        }
    }
    writeln!(out)?;
    out.flush()
}
