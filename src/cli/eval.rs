//! `sukje eval`: how well the cleaner and any engine do on articles whose right answer is known.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::Serialize;
use sukje::clean::{CleanOptions, clean};
use sukje::engine::{EngineChoice, Pipeline};
use sukje::escape::shown;
use sukje::eval::{Figures, Gold, score};
use sukje::input::read_file;
use sukje::outline::{DEFAULT_LENS, Lens, OutlineOptions};
use sukje::render::write_json;

use super::args::EvalArgs;
use super::engine;
use super::exit::{Exit, Failure, Stop};
use super::output::Output;
use super::reporter::Reporter;
use super::threads::set_threads;

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
    // Gold answers are written for the default lens.
    let lens = Lens::builtin(DEFAULT_LENS).expect("it is in the binary");
    let options = OutlineOptions {
        lens,
        output_language: None,
    };
    set_threads(args.writing.threads())?;
    let reporter = Reporter::new(args.output.quiet, args.writing.stream());
    let reporter = Arc::new(reporter);
    let clean = CleanOptions::default();
    let pipeline = engine::open(&choice(args), &args.writing, clean, options, &reporter)?;
    let cases = args.cases.iter();
    let cases = cases
        .map(|folder| case(folder, &pipeline))
        .collect::<Result<Vec<_>, _>>();
    reporter.clear();
    let cases = cases?;
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

/// Returns the engine that is asked for: a model where one is named, else the extractive engine.
fn choice(args: &EvalArgs) -> EngineChoice {
    match (&args.engine, args.writing.names_model()) {
        (Some(engine), _) => engine.clone(),
        (None, true) => EngineChoice::Llm,
        (None, false) => EngineChoice::Extractive,
    }
}

fn case(folder: &Path, pipeline: &Pipeline) -> Result<Case, Stop> {
    let path = folder.join("gold.json");
    let gold = read_file(&path, None)?;
    let gold = Gold::from_json(&gold.text)
        .map_err(|error| Failure::new(Exit::Unusable, path.display(), error))?;
    let document = read_file(&folder.join("input.txt"), None)?;
    let article = clean(&document, &CleanOptions::default());
    let brief = pipeline
        .brief_of(&article, &AtomicBool::new(false))
        .map_err(|error| Failure::new(Exit::Model, pipeline.info().source, error))?;
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
