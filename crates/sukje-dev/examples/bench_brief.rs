//! Measures the writing of a whole brief: its words are forced, every step has its full cost.
//!
//! `cargo run --release -p sukje-dev --example bench_brief -- MODEL.gguf BRIEF.json [--articles N] [--repeat N] [--json]`; in place of
//! MODEL.gguf `random:SHAPE` is a model of random weights, Q4_K_M.

use std::error::Error;

use sukje::model::gguf::{self, Gguf};
use sukje_dev::brief_bench::{BriefBenchOptions, bench_brief};
use sukje_dev::random::{Quantisation, RandomModel, SHAPES, Shape};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let options = BriefBenchOptions {
        articles: option(&mut arguments, "--articles")?.unwrap_or(1),
        repeat: option(&mut arguments, "--repeat")?.unwrap_or(3),
        json: flag(&mut arguments, "--json"),
    };
    let [model, brief] = &arguments[..] else {
        return Err(
            "usage: MODEL.gguf|random:SHAPE BRIEF.json [--articles N] [--repeat N] [--json]".into(),
        );
    };
    let file = match model.strip_prefix("random:") {
        Some(shape) => random(shape)?,
        None => gguf::open(model.as_ref())?,
    };
    let brief = serde_json::from_slice(&std::fs::read(brief)?)?;
    bench_brief(&file, &brief, &options, &mut std::io::stdout().lock())
}

fn random(shape: &str) -> Result<Gguf, Box<dyn Error>> {
    let known =
        Shape::named(shape).ok_or_else(|| format!("the shapes are {}", SHAPES.join(", ")))?;
    let bytes = RandomModel::new(known, Quantisation::Q4_K_M, 1).to_bytes()?;
    Ok(Gguf::from_bytes(
        &format!("{shape}, random weights"),
        bytes,
    )?)
}

fn flag(arguments: &mut Vec<String>, name: &str) -> bool {
    let at = arguments.iter().position(|argument| argument == name);
    at.map(|at| arguments.remove(at)).is_some()
}

fn option(arguments: &mut Vec<String>, name: &str) -> Result<Option<u32>, Box<dyn Error>> {
    let Some(at) = arguments.iter().position(|argument| argument == name) else {
        return Ok(None);
    };
    let value = arguments
        .get(at + 1)
        .ok_or("an option without its value")?
        .parse()?;
    arguments.drain(at..at + 2);
    Ok(Some(value))
}
