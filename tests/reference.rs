//! Logits against Hugging Face transformers and llama.cpp, as `tests/reference/logits.py` wrote them down.
//!
//! No weights are kept: the models are random, and made here again to the byte. All on the CPU, where the references ran.
#![cfg(feature = "model")]

use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use sukje::model::gguf::Gguf;
use sukje::model::random::{Quantisation, RandomModel, Shape};
use sukje::model::{CacheType, Decode, Decoder, DecoderOptions, Segment, Want};

const SHAPES: [&str; 3] = ["tiny-qwen3", "tiny-qwen2", "tiny-llama"];

#[derive(Deserialize)]
struct Reference {
    shape: String,
    quantisation: String,
    seed: u64,
    gain: f32,
    sha256: String,
    tokens: Vec<u32>,
    /// The likeliest token of every row.
    best: Vec<usize>,
    /// The rows whose logits follow.
    rows: Vec<usize>,
    logits: Vec<Vec<f32>>,
    #[serde(default)]
    greedy: Vec<u32>,
}

impl Reference {
    fn read(name: &str) -> Reference {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/logits");
        let text = std::fs::read_to_string(folder.join(format!("{name}.json")));
        serde_json::from_str(&text.expect(name)).expect(name)
    }

    fn decoder(&self, cache: CacheType) -> Decoder {
        let shape = Shape::named(&self.shape).expect("a known shape");
        let quantisation = Quantisation::named(&self.quantisation).expect("a known storage");
        let mut model = RandomModel::new(shape, quantisation, self.seed);
        model.gain = self.gain;
        let bytes = model.to_bytes().expect("in memory");
        let digest: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(digest, self.sha256, "another model: make the fixtures anew");
        let file = Gguf::from_bytes("random.gguf", bytes).expect("a sound file");
        let options = DecoderOptions {
            cache,
            ..DecoderOptions::default()
        };
        Decoder::load(&file, &options).expect("a sound model")
    }
}

/// The logits of every row.
fn logits(decoder: &Decoder, tokens: &[u32]) -> Vec<Vec<f32>> {
    let logits = decoder
        .step(&mut [Segment {
            sequence: &mut decoder.start(),
            tokens,
            want: Want::From(0),
        }])
        .expect("a step");
    (0..logits.len())
        .map(|row| logits.row(row).to_vec())
        .collect()
}

fn best(row: &[f32]) -> usize {
    let best = row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    best.expect("a row has logits").0
}

fn greedy(decoder: &Decoder, prompt: &[u32], count: usize) -> Vec<u32> {
    let mut sequence = decoder.start();
    let mut tokens = prompt.to_vec();
    let mut next = prompt.to_vec();
    while tokens.len() < prompt.len() + count {
        let logits = decoder
            .step(&mut [Segment {
                sequence: &mut sequence,
                tokens: &next,
                want: Want::Last,
            }])
            .expect("a step");
        next = vec![best(logits.row(0)) as u32];
        tokens.extend(&next);
    }
    tokens.split_off(prompt.len())
}

/// How far our logits are from a reference's.
#[derive(Debug)]
struct Distance {
    /// Over all rows whose logits are kept.
    largest: f32,
    /// The mean over the same rows, in nats.
    kl: f64,
    /// The share of all rows with the same likeliest token.
    agreement: f64,
}

impl Distance {
    fn new(reference: &Reference, ours: &[Vec<f32>]) -> Distance {
        let kept = || reference.rows.iter().zip(&reference.logits);
        let differences = kept().flat_map(|(&row, theirs)| {
            let pairs = theirs.iter().zip(&ours[row]);
            pairs.map(|(theirs, ours)| (theirs - ours).abs())
        });
        let kl = kept().map(|(&row, theirs)| kl(theirs, &ours[row]));
        let same = |(theirs, ours): &(&usize, &Vec<f32>)| **theirs == best(ours);
        let agreeing = reference.best.iter().zip(ours).filter(same).count();
        Distance {
            largest: differences.fold(0.0, f32::max),
            kl: kl.sum::<f64>() / reference.rows.len() as f64,
            agreement: agreeing as f64 / reference.best.len() as f64,
        }
    }
}

fn kl(p: &[f32], q: &[f32]) -> f64 {
    let (p, q) = (log_softmax(p), log_softmax(q));
    p.iter().zip(&q).map(|(p, q)| p.exp() * (p - q)).sum()
}

fn log_softmax(logits: &[f32]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let shifted = logits.iter().map(|logit| f64::from(logit - largest));
    let shifted: Vec<f64> = shifted.collect();
    let log_sum = shifted.iter().map(|logit| logit.exp()).sum::<f64>().ln();
    shifted.into_iter().map(|logit| logit - log_sum).collect()
}

/// With everything in single precision nothing but the order of sums may differ.
fn check_transformers(shape: &str) {
    let reference = Reference::read(&format!("hf-{shape}-f32"));
    let decoder = reference.decoder(CacheType::F32);
    let ours = logits(&decoder, &reference.tokens);
    let distance = Distance::new(&reference, &ours);
    println!("{shape}: {distance:?}");
    assert!(distance.largest <= 1e-3, "{shape}: {distance:?}");
    assert_eq!(distance.agreement, 1.0, "{shape}");
    assert_eq!(reference.greedy.len(), 64);
    let ours = greedy(&decoder, &reference.tokens, 64);
    assert_eq!(ours, reference.greedy, "{shape}");
}

#[test]
fn every_family_gives_the_logits_of_transformers() {
    for shape in SHAPES {
        check_transformers(shape);
    }
}

#[test]
fn scaled_and_plain_positions_give_the_logits_of_transformers() {
    // The third of the kind, Llama 3's factors, is among the families.
    check_transformers("tiny-llama-plain");
    check_transformers("tiny-llama-linear");
}

#[test]
fn every_storage_gives_the_logits_of_llama_cpp() {
    for (quantisation, largest, kl, agreement) in [
        ("f16", 0.1, 1e-4, 0.97),
        ("bf16", 0.5, 1e-3, 0.9),
        ("q8_0", 1.0, 1e-2, 0.9),
        ("q6_k", 1.0, 1e-2, 0.9),
        ("q5_k_m", 1.0, 1e-2, 0.9),
        ("q4_k_m", 1.0, 1e-2, 0.9),
    ] {
        for shape in SHAPES {
            let reference = Reference::read(&format!("llama-{shape}-{quantisation}"));
            let decoder = reference.decoder(CacheType::F16);
            let distance = Distance::new(&reference, &logits(&decoder, &reference.tokens));
            println!("{shape} {quantisation}: {distance:?}");
            assert!(
                distance.largest <= largest && distance.kl <= kl && distance.agreement >= agreement,
                "{shape} {quantisation}: {distance:?}"
            );
        }
    }
}
