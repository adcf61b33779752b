//! `sukje model bench` and `sukje model perplexity`: a model loaded and run.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Instant;

use serde::Serialize;
use sukje::input::{read_file, read_stdin};
use sukje::model::bench::{BenchOptions, Measure, bench};
use sukje::model::gguf::{self, Gguf, GgufError};
use sukje::model::random::{RandomModel, SHAPES, Shape};
use sukje::model::tokenizer::Tokenizer;
use sukje::model::{CacheType, Decoder, DecoderOptions, memory, perplexity};
use sukje::render::write_json;

use super::super::args::{BenchArgs, PerplexityArgs};
use super::super::exit::{Exit, Failure, Stop};
use super::super::output::Output;
use super::{Named, Room, say, store_failed};

/// What `bench --json` prints.
#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    model: &'a str,
    size_bytes: u64,
    load_s: f64,
    measures: &'a [Measure],
    peak_bytes: Option<u64>,
}

/// What `perplexity --json` prints.
#[derive(Serialize)]
struct Answer<'a> {
    tokens: &'a [u32],
    logprobs: &'a [Option<f64>],
    perplexity: Option<f64>,
}

impl Room {
    pub(super) fn bench(&self, args: &BenchArgs) -> Result<Exit, Stop> {
        let file = match &args.random {
            Some(shape) => random(shape, args)?,
            None => self.open(args.model.as_deref().unwrap_or_default())?,
        };
        let options = BenchOptions {
            repeat: args.repeat as usize,
            ..BenchOptions::default()
        };
        let longest = options.prompts.iter().max().copied().unwrap_or(0) + options.decoded;
        let began = Instant::now();
        let decoder = load(&file, longest)?;
        let load_s = began.elapsed().as_secs_f64();

        let name = file.name().to_string();
        let size_bytes = file.size_bytes();
        drop(file); // A random model's file is in memory.
        let shown = !args.json && io::stderr().is_terminal();
        let each = |measure: &Measure| {
            if shown {
                say(&line(measure));
            }
        };
        let measures = bench(&decoder, &options, each)
            .map_err(|error| Failure::new(Exit::Model, &name, error))?;
        let peak_bytes = memory::peak_bytes();
        Output::Stdout.write(|out| {
            if args.json {
                let report = Report {
                    schema: "sukje.model_bench/1",
                    model: &name,
                    size_bytes,
                    load_s,
                    measures: &measures,
                    peak_bytes,
                };
                return write_json(&report, out);
            }
            writeln!(
                out,
                "{name}: {} MiB, loaded in {load_s:.2} s",
                size_bytes >> 20
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

    pub(super) fn perplexity(&self, args: &PerplexityArgs) -> Result<Exit, Stop> {
        let document = match args.text.as_deref() {
            None => read_stdin(None)?,
            Some(path) if path == Path::new("-") => read_stdin(None)?,
            Some(path) => read_file(path, None)?,
        };
        let file = self.open(&args.model)?;
        let failed = |cause: String| Stop::from(Failure::new(Exit::Model, file.name(), cause));
        let tokenizer = Tokenizer::from_vocabulary(file.vocabulary())
            .map_err(|error| failed(error.to_string()))?;
        let mut tokens: Vec<u32> = tokenizer.bos().into_iter().collect();
        tokens.extend(tokenizer.encode(&document.text));
        let context = file.hyperparameters().context;
        if tokens.len() > context {
            let tokens = tokens.len();
            let cause =
                format!("the text has {tokens} tokens, the model's context holds {context}");
            return Err(failed(cause));
        }
        let decoder = load(&file, tokens.len())?;
        let surprise =
            perplexity(&decoder, &tokens, |_| ()).map_err(|error| failed(error.to_string()))?;
        let perplexity = surprise.perplexity();
        Output::Stdout.write(|out| match (args.json, perplexity) {
            (true, _) => {
                let answer = Answer {
                    tokens: &tokens,
                    logprobs: &surprise.logprobs,
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

    /// The model of that name, checked against its hash, or a file.
    fn open(&self, named: &str) -> Result<Gguf, Stop> {
        let file = match self.named(named)? {
            Named::Model(spec) => {
                let file = self
                    .store
                    .open(spec)
                    .map_err(|error| store_failed(&spec.name, error))?;
                Gguf::from_file(&file.path.to_string_lossy(), file.file)
            }
            Named::File(path) => gguf::open(&path),
        };
        file.map_err(|GgufError { name, cause }| Failure::new(Exit::Model, name, cause).into())
    }
}

fn random(shape: &str, args: &BenchArgs) -> Result<Gguf, Stop> {
    let failed = |cause: String| Failure::new(Exit::Usage, "--random", cause);
    let Some(known) = Shape::named(shape) else {
        return Err(failed(format!("{shape} is none of {}", SHAPES.join(", "))).into());
    };
    let bytes = RandomModel::new(known, args.quantisation, 1)
        .to_bytes()
        .map_err(|error| failed(error.to_string()))?;
    let name = format!("{shape}, random weights, {:?}", args.quantisation);
    Gguf::from_bytes(&name, bytes).map_err(|error| failed(error.cause.to_string()).into())
}

/// Refuses what would not fit into memory before anything is loaded.
fn load(file: &Gguf, tokens: usize) -> Result<Decoder, Stop> {
    let needed = memory::needed_bytes(file, CacheType::F16, tokens);
    if let Some(available) = memory::available_bytes().filter(|&bytes| bytes < needed) {
        let cause = format!(
            "needs about {} MB of memory, {} MB are free",
            needed >> 20,
            available >> 20
        );
        return Err(Failure::new(Exit::Model, file.name(), cause).into());
    }
    Decoder::load(file, &DecoderOptions::default())
        .map_err(|error| Failure::new(Exit::Model, file.name(), error).into())
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
