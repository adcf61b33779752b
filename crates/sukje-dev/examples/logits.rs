//! Logits of every row of a token sequence, for comparing with other implementations.
//!
//! Usage: logits MODEL.gguf < IDS > LOGITS: token ids, one a line, in; (rows, vocab) little-endian f32 out.

use std::io::{Read, Write};

use sukje::model::{Decode, Decoder, DecoderOptions, Segment, Want, gguf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os()
        .nth(1)
        .ok_or("usage: logits MODEL.gguf < IDS")?;
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let tokens = text
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<Vec<u32>, _>>()?;

    let decoder = Decoder::load(&gguf::open(path.as_ref())?, &DecoderOptions::default())?;
    let mut sequence = decoder.start();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for tokens in tokens.chunks(256) {
        let logits = decoder.step(&mut [Segment {
            sequence: &mut sequence,
            tokens,
            want: Want::From(0),
        }])?;
        for row in 0..logits.len() {
            let bytes: Vec<u8> = logits
                .row(row)
                .iter()
                .flat_map(|logit| logit.to_le_bytes())
                .collect();
            out.write_all(&bytes)?;
        }
    }
    Ok(out.flush()?)
}
