//! Writes a model of random weights, for speed and for tests: its shape is real, what it says is noise.
//!
//! `cargo run --release -p sukje-dev --example random_model -- SHAPE QUANT FILE [--seed N] [--gain X] [--stream X]`

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::str::FromStr;

use sukje::model::gguf;
use sukje_dev::random::{Quantisation, RandomModel, SHAPES, Shape};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let seed = option(&mut arguments, "--seed")?;
    let gain = option(&mut arguments, "--gain")?;
    let stream = option(&mut arguments, "--stream")?;
    let [shape, quantisation, path] = &arguments[..] else {
        return Err(usage().into());
    };
    let shape = Shape::named(shape).ok_or_else(usage)?;
    let quantisation = Quantisation::named(quantisation).ok_or_else(usage)?;
    let mut model = RandomModel::new(shape, quantisation, seed.unwrap_or(1));
    model.gain = gain.unwrap_or(model.gain);
    model.stream = stream.unwrap_or(model.stream);
    model.write(&mut BufWriter::new(File::create(path)?))?;
    describe(&gguf::open(path.as_ref())?);
    Ok(())
}

fn usage() -> String {
    let quantisations = Quantisation::ALL.map(|q| format!("{q:?}")).join(", ");
    let shapes = SHAPES.join(", ");
    format!(
        "usage: SHAPE QUANT FILE [--seed N] [--gain X] [--stream X]; shapes: {shapes}; quants: {quantisations}"
    )
}

/// Takes an option and its value out of the arguments.
fn option<T: FromStr>(arguments: &mut Vec<String>, name: &str) -> Result<Option<T>, String> {
    let Some(at) = arguments.iter().position(|argument| argument == name) else {
        return Ok(None);
    };
    let value = arguments.get(at + 1).and_then(|value| value.parse().ok());
    let value = value.ok_or_else(usage)?;
    arguments.drain(at..at + 2);
    Ok(Some(value))
}

/// Prints the size and how many tensors are of which type: K-quants need rows of 256, and the rest falls back to Q8_0.
fn describe(gguf: &gguf::Gguf) {
    let mut types = BTreeMap::new();
    for tensor in gguf.tensors() {
        *types.entry(tensor.tensor_type.name()).or_insert(0) += 1;
    }
    let types: Vec<String> = types
        .iter()
        .map(|(name, n)| format!("{n} {name}"))
        .collect();
    println!(
        "{}: {} bytes, {}",
        gguf.file_name(),
        gguf.size_bytes(),
        types.join(", ")
    );
}
