//! `sukje model bench` and `sukje model perplexity`: a model loaded and run.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Instant;

use serde::Serialize;
use sukje::input::{read_file, read_stdin};
use sukje::model::bench::{self, BenchOptions, Measure};
use sukje::model::gguf::Gguf;
use sukje::model::{self, memory};
use sukje::render::write_json;

use super::super::args::{BenchArgs, PerplexityArgs};
use super::super::exit::{Exit, Failure, Stop};
use super::super::output::Output;
use super::super::threads::set_threads;
use super::{Models, say};

/// What `bench --json` prints.
#[derive(Serialize)]
struct BenchReport<'a> {
    schema: &'static str,
    model: &'a str,
    size_bytes: u64,
    threads: usize,
    instructions: &'static str,
    load_s: f64,
    measures: &'a [Measure],
    peak_bytes: Option<u64>,
}

/// What `perplexity --json` prints.
#[derive(Serialize)]
struct PerplexityReport<'a> {
    tokens: &'a [u32],
    logprobs: &'a [Option<f64>],
    perplexity: Option<f64>,
}

pub(super) fn bench(models: &Models, args: &BenchArgs) -> Result<Exit, Stop> {
    set_threads(&args.threads)?;
    let opened = models.file(&args.model)?;
    let options = bench_options(args, &opened.file)?;
    let began = Instant::now();
    let model = opened.load(options.tokens())?;
    let load_s = began.elapsed().as_secs_f64();

    let name = opened.file.name().to_string();
    let size_bytes = opened.file.size_bytes();
    let threads = rayon::current_num_threads();
    let shown = !args.json && io::stderr().is_terminal();
    let each = |measure: &Measure| {
        if shown {
            say(&line(measure));
        }
    };
    let measures = bench::bench(&model.decoder, &options, each)
        .map_err(|error| Failure::new(Exit::Model, &name, error))?;
    let peak_bytes = memory::peak_bytes();
    Output::Stdout.write(|out| {
        if args.json {
            let report = BenchReport {
                schema: "sukje.model_bench/1",
                model: &name,
                size_bytes,
                threads,
                instructions: model::instructions(),
                load_s,
                measures: &measures,
                peak_bytes,
            };
            return write_json(&report, out);
        }
        writeln!(
            out,
            "{name}: {} MiB, loaded in {load_s:.2} s, on {threads} thread{}, with {}",
            size_bytes >> 20,
            if threads == 1 { "" } else { "s" },
            model::instructions()
        )?;
        for measure in &measures {
            writeln!(out, "{}", line(measure))?;
        }
        match peak_bytes {
            Some(bytes) => writeln!(out, "peak memory {} MiB", bytes >> 20),
            None => Ok(()),
        }
    })?;
    Ok(Exit::Done)
}

pub(super) fn perplexity(models: &Models, args: &PerplexityArgs) -> Result<Exit, Stop> {
    set_threads(&args.threads)?;
    let document = match args.text.as_deref() {
        None => read_stdin(None)?,
        Some(path) if path == Path::new("-") => read_stdin(None)?,
        Some(path) => read_file(path, None)?,
    };
    let opened = models.file(&args.model)?;
    let name = opened.file.name().to_string();
    let failed = |cause: String| Stop::from(Failure::new(Exit::Model, &name, cause));
    let tokenizer = opened.tokenizer()?;
    let mut tokens: Vec<u32> = tokenizer.bos().into_iter().collect();
    tokens.extend(tokenizer.encode(&document.text));
    let context = opened.file.hyperparameters().context;
    if tokens.len() > context {
        let tokens = tokens.len();
        let cause = format!("the text has {tokens} tokens, the model's context holds {context}");
        return Err(failed(cause));
    }
    let model = opened.load_with(tokenizer, tokens.len())?;
    let logprobs =
        model::logprobs(&model.decoder, &tokens).map_err(|error| failed(error.to_string()))?;
    let perplexity = model::perplexity(&logprobs);
    Output::Stdout.write(|out| match (args.json, perplexity) {
        (true, _) => {
            let answer = PerplexityReport {
                tokens: &tokens,
                logprobs: &logprobs,
                perplexity,
            };
            write_json(&answer, out)
        }
        (false, Some(perplexity)) => {
            writeln!(out, "{perplexity:.4} over {} tokens", tokens.len())
        }
        (false, None) => writeln!(out, "a text of {} tokens has no perplexity", tokens.len()),
    })?;
    Ok(Exit::Done)
}
/// Returns what is asked for, as far as the model's context goes.
fn bench_options(args: &BenchArgs, file: &Gguf) -> Result<BenchOptions, Stop> {
    let lengths = |lengths: &[u32]| lengths.iter().map(|&length| length as usize).collect();
    let asked = BenchOptions {
        prompts: lengths(&args.prompts),
        decoded: args.decoded as usize,
        sequences: lengths(&args.sequences),
        shared: args.shared as usize,
        repeat: args.repeat as usize,
    };
    let context = file.hyperparameters().context;
    let decoded = asked.decoded;
    let Some((options, left_out)) = asked.within(context) else {
        let cause = format!(
            "its context of {context} tokens has no room for a prompt and {decoded} tokens more"
        );
        return Err(Failure::new(Exit::Model, file.name(), cause).into());
    };
    if !left_out.is_empty() {
        let lengths: Vec<String> = left_out.iter().map(usize::to_string).collect();
        say(&format!(
            "left out: prompts of {} tokens, which with {decoded} more do not fit the context of {context}",
            lengths.join(", ")
        ));
    }
    Ok(options)
}

fn line(measure: &Measure) -> String {
    let Measure {
        what,
        prompt,
        sequences,
        tokens_per_s,
    } = measure;
    let many = if *sequences == 1 { "" } else { "s" };
    format!("{what:7} {prompt:5} tokens, {sequences} sequence{many}: {tokens_per_s:8.1} tokens/s")
}
