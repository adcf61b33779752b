//! What a model of real weights says, for `tests/weights/parity.py` to hold against llama.cpp.
//!
//! Usage: weights tokens MODEL.gguf < TEXTS > IDS: texts, each a line of JSON, in; lists of ids, a line each, out.
//! weights greedy MODEL.gguf COUNT < IDS > IDS: lists of ids in; the likeliest COUNT ids behind each out.

use std::io::{BufRead, Write};

use sukje::model::gguf::{self, Gguf};
use sukje::model::{Decode, Decoder, DecoderOptions, Segment, Want, load};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match arguments[..] {
        ["tokens", path] => tokens(&gguf::open(path.as_ref())?, &mut out)?,
        ["greedy", path, count] => greedy(&gguf::open(path.as_ref())?, count.parse()?, &mut out)?,
        _ => {
            return Err(
                "usage: weights tokens MODEL.gguf | weights greedy MODEL.gguf COUNT".into(),
            );
        }
    }
    Ok(out.flush()?)
}

fn tokens(file: &Gguf, out: &mut dyn Write) -> Outcome<()> {
    let tokenizer = load::tokenizer(file)?;
    for line in std::io::stdin().lock().lines() {
        let text: String = serde_json::from_str(&line?)?;
        writeln!(out, "{}", serde_json::to_string(&tokenizer.encode(&text))?)?;
    }
    Ok(())
}

fn greedy(file: &Gguf, count: usize, out: &mut dyn Write) -> Outcome<()> {
    let decoder = Decoder::load(file, &DecoderOptions::default())?;
    for line in std::io::stdin().lock().lines() {
        let mut next: Vec<u32> = serde_json::from_str(&line?)?;
        let mut sequence = decoder.start();
        let mut written = Vec::with_capacity(count);
        while written.len() < count {
            let logits = decoder.step(&mut [Segment {
                sequence: &mut sequence,
                tokens: &next,
                want: Want::Last,
            }])?;
            let row = logits.row(0).iter().enumerate();
            let (best, _) = row.max_by(|a, b| a.1.total_cmp(b.1)).ok_or("no logits")?;
            next = vec![best as u32];
            written.push(best);
        }
        writeln!(out, "{}", serde_json::to_string(&written)?)?;
    }
    Ok(())
}
