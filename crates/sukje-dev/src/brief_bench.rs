//! A given brief, written once more by a model that wants to say just that, and measured.
//!
//! In:  a model's file and a brief of `summarize --format json`. Out: seconds and tokens. What is forced is which token is the
//! likeliest; reading, stepping, grammars, drafts and checks are those of a real run.

use std::error::Error;
use std::io::{self, Write};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use serde::Serialize;
use sukje::article::Article;
use sukje::brief::{Brief, Fallback};
use sukje::engine::local::{LocalEngine, NoteModel};
use sukje::engine::{Effort, Engine, EngineError, Progress, WritingOptions};
use sukje::model::gguf::Gguf;
use sukje::model::{ModelOptions, load, memory};
use sukje::outline::{Lens, OutlineOptions};
use sukje::render::write_json;
use sukje::verify::verify;

use crate::replay::replaying;

/// What is measured.
#[derive(Debug, Clone)]
pub struct BriefBenchOptions {
    /// How many articles are written together, as a batch writes them.
    pub articles: u32,
    /// How often; the median counts.
    pub repeat: u32,
    /// Whether JSON is printed.
    pub json: bool,
}

/// What is printed as JSON.
#[derive(Serialize)]
struct BriefReport<'a> {
    schema: &'static str,
    model: &'a str,
    size_bytes: u64,
    threads: usize,
    articles: u32,
    /// Seconds until the article was read, until all parts had cited, and until the brief was written.
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

/// Writes the brief with the model of a file, and prints what that took.
pub fn bench_brief(
    file: &Gguf,
    told: &Brief,
    options: &BriefBenchOptions,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let numbered = told
        .article
        .sentences
        .iter()
        .zip(1..)
        .all(|(s, id)| s.id == id);
    if told.article.sentences.is_empty() || !numbered {
        return Err("the brief's sentences are not numbered from 1".into());
    }
    let lens = Lens::builtin(&told.lens)?;
    let writing = WritingOptions::default();
    let loaded = load::Model::load(file, load::tokenizer(file)?, &ModelOptions::default())?;
    let chat = loaded.chat().map_err(ToString::to_string)?.clone();
    let name = file.name();
    let model = NoteModel::new(loaded.decoder, loaded.tokenizer, chat, name, None)?;
    let model = replaying(model, told, &lens, writing.prompts(told.output_language))?;
    let engine = LocalEngine::new(model, writing);
    let mut runs = Vec::new();
    for _ in 0..options.repeat {
        runs.push(run(&engine, told, &lens, options.articles)?);
    }
    runs.sort_by(|a, b| a.written_s.total_cmp(&b.written_s));
    let median = runs.swap_remove(runs.len() / 2);
    let report = BriefReport {
        schema: "sukje.model_replay/1",
        model: name,
        size_bytes: file.size_bytes(),
        threads: rayon::current_num_threads(),
        articles: options.articles,
        read_s: median.read_s,
        cited_s: median.cited_s,
        written_s: median.written_s,
        effort: median.effort,
        step_share: median.effort.steps as f64 / median.effort.written.max(1) as f64,
        fallbacks: &median.fallbacks,
        peak_bytes: memory::peak_bytes(),
    };
    match options.json {
        true => write_json(&report, out)?,
        false => write_lines(&report, out)?,
    }
    Ok(())
}

/// A run: when its stages ended, and what one of its briefs took.
struct BriefRun {
    read_s: f64,
    cited_s: f64,
    written_s: f64,
    effort: Effort,
    fallbacks: Vec<Fallback>,
}

fn run(
    engine: &dyn Engine,
    told: &Brief,
    lens: &Lens,
    articles: u32,
) -> Result<BriefRun, EngineError> {
    let article = Article {
        warnings: Vec::new(),
        ..told.article.clone()
    };
    let options = OutlineOptions {
        lens: lens.clone(),
        output_language: Some(told.output_language),
    };
    let began = Instant::now();
    let (mut read_s, mut cited_s, mut effort) = (0.0, 0.0, Effort::default());
    let all = vec![&article; articles as usize];
    let outlines = engine.outline_all(
        &all,
        &options,
        &AtomicBool::new(false),
        &mut |_, progress| match progress {
            Progress::Reading { .. } => read_s = began.elapsed().as_secs_f64(),
            Progress::Cited => cited_s = began.elapsed().as_secs_f64(),
            Progress::Done(done) => effort = done,
            Progress::Part { .. } => {}
        },
    );
    let written_s = began.elapsed().as_secs_f64();
    let last = outlines.into_iter().next_back();
    let brief = verify(&article, last.expect("an outline for each article")?);
    Ok(BriefRun {
        read_s,
        cited_s,
        written_s,
        effort,
        fallbacks: brief.verification.fallbacks,
    })
}

fn write_lines(report: &BriefReport, out: &mut dyn Write) -> io::Result<()> {
    let BriefReport { model, effort, .. } = report;
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
        effort.branches,
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
