//! `sukje model bench --replay`: a given brief, written once more by a model that wants to say just that.
//!
//! What is forced is which token is the likeliest; reading, stepping, grammars, drafts and checks are those of a real run.

use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use serde::Serialize;
use sukje::engine::local::{Effort, LlmError, LlmOptions, Model, Progress, outline_all};
use sukje::model::{Decoder, ReplayDecoder, memory};
use sukje::outline::{Lens, OutlineOptions};
use sukje::render::write_json;
use sukje::verify::{Brief, Fallback, verify};

use super::super::args::BenchArgs;
use super::super::exit::{Exit, Failure, Stop};
use super::super::output::Output;
use super::super::{brief, writer};
use super::Opened;

/// What `bench --replay --json` prints.
#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    model: &'a str,
    size_bytes: u64,
    threads: usize,
    articles: u32,
    /// Seconds until the article was read, until all heads had cited, and until the brief was written.
    read_s: f64,
    cited_s: f64,
    written_s: f64,
    #[serde(flatten)]
    effort: Effort,
    /// Of the tokens written, the share that had to wait for a step of its own.
    step_share: f64,
    /// Texts that were told and did not hold.
    fallbacks: &'a [Fallback],
    peak_bytes: Option<u64>,
}

pub fn bench(opened: Opened, path: &Path, args: &BenchArgs) -> Result<Exit, Stop> {
    let (told, lens) = told(path)?;
    let name = opened.file.name().to_string();
    let size_bytes = opened.file.size_bytes();
    let how = LlmOptions::default();
    let model = writer::load(&opened, &name, how.article_tokens)?;
    drop(opened); // A random model's file is in memory.
    let failed = |error: LlmError| Stop::from(Failure::new(Exit::Model, &name, error));
    let model = model
        .replaying(&told, &lens, how.prompts(told.output_language))
        .map_err(failed)?;
    let mut runs = Vec::new();
    for _ in 0..args.repeat {
        runs.push(run(&model, &told, &lens, &how, args.articles).map_err(failed)?);
    }
    runs.sort_by(|a, b| a.written_s.total_cmp(&b.written_s));
    let median = runs.swap_remove(runs.len() / 2);
    let report = Report {
        schema: "sukje.model_replay/1",
        model: &name,
        size_bytes,
        threads: rayon::current_num_threads(),
        articles: args.articles,
        read_s: median.read_s,
        cited_s: median.cited_s,
        written_s: median.written_s,
        effort: median.effort,
        step_share: median.effort.steps as f64 / median.effort.written.max(1) as f64,
        fallbacks: &median.fallbacks,
        peak_bytes: memory::peak_bytes(),
    };
    Output::Stdout.write(|out| match args.json {
        true => write_json(&report, out),
        false => write_lines(&report, out),
    })?;
    Ok(Exit::Done)
}

/// The brief to write, and the lens it was written with.
fn told(path: &Path) -> Result<(Brief, Lens), Stop> {
    let (name, told) = brief::load(Some(path), "model bench")?;
    let unusable = |cause: String| Stop::from(Failure::new(Exit::Unusable, &name, cause));
    let numbered = told.sentences.iter().zip(1..).all(|(s, id)| s.id == id);
    if told.sentences.is_empty() || !numbered {
        return Err(unusable("its sentences are not numbered from 1".into()));
    }
    let lens = Lens::builtin(&told.lens).map_err(|error| unusable(error.to_string()))?;
    Ok((told, lens))
}

/// A run: when its stages ended, and what one of its briefs took.
struct Run {
    read_s: f64,
    cited_s: f64,
    written_s: f64,
    effort: Effort,
    fallbacks: Vec<Fallback>,
}

fn run(
    model: &Model<ReplayDecoder<Decoder>>,
    told: &Brief,
    lens: &Lens,
    how: &LlmOptions,
    articles: u32,
) -> Result<Run, LlmError> {
    let article = told.article();
    let options = OutlineOptions {
        lens: lens.clone(),
        output_language: Some(told.output_language),
    };
    let began = Instant::now();
    let (mut read_s, mut cited_s, mut effort) = (0.0, 0.0, Effort::default());
    let all = vec![&article; articles as usize];
    let outlines = outline_all(
        model,
        &all,
        &options,
        how,
        &AtomicBool::new(false),
        &mut |_, progress| match progress {
            Progress::Reading { .. } => read_s = began.elapsed().as_secs_f64(),
            Progress::Cited => cited_s = began.elapsed().as_secs_f64(),
            Progress::Done(done) => effort = done,
            Progress::Part { .. } => {}
        },
    )?;
    let written_s = began.elapsed().as_secs_f64();
    let last = outlines.into_iter().next_back();
    let brief = verify(&article, last.expect("an outline for each article")?);
    Ok(Run {
        read_s,
        cited_s,
        written_s,
        effort,
        fallbacks: brief.verification.fallbacks,
    })
}

fn write_lines(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Report { model, effort, .. } = report;
    writeln!(
        out,
        "{model}: {} MiB, on {} thread{}",
        report.size_bytes >> 20,
        report.threads,
        if report.threads == 1 { "" } else { "s" }
    )?;
    writeln!(
        out,
        "read {} tokens in {:.1} s, cited after {:.1} s, wrote {} tokens in {} heads after {:.1} s",
        effort.prompt,
        report.read_s,
        report.cited_s,
        effort.written,
        effort.heads,
        report.written_s
    )?;
    if report.articles > 1 {
        let per_minute = 60.0 * f64::from(report.articles) / report.written_s;
        writeln!(
            out,
            "{} articles together, {per_minute:.1} a minute; tokens are those of one",
            report.articles
        )?;
    }
    writeln!(
        out,
        "{} tokens recited, {} forced, {} accepted as drafts; {:.0} % of those written waited for a step",
        effort.recited,
        effort.forced,
        effort.accepted,
        100.0 * report.step_share
    )?;
    for Fallback { field, cause } in report.fallbacks {
        writeln!(out, "{field} did not hold: {cause}")?;
    }
    match report.peak_bytes {
        Some(bytes) => writeln!(out, "peak memory {} MiB", bytes >> 20),
        None => Ok(()),
    }
}
