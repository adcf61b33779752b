//! Logits against the stock quantised models of candle-transformers, on the same files of random weights.
//!
//! The stock models give the logits of the last position alone and read a stale cache when several tokens follow single ones on the
//! CPU, so they are fed token by token; positions stay far below those their rotary tables in half precision are wrong at.
#![cfg(feature = "model")]

use std::io::Cursor;

use candle_core::quantized::gguf_file::{Content, Value};
use candle_core::{Device, Result, Tensor};
use candle_transformers::models::{quantized_llama, quantized_qwen2, quantized_qwen3};
use sukje::model::gguf::Gguf;
use sukje::model::{CacheType, Decode, Decoder, DecoderOptions, Segment, Want};
use sukje_dev::random::{Quantisation, RandomModel, Shape};

/// Tokens compared.
const TOKENS: u32 = 48;

/// A stock model: a token and its position in, logits out.
type Stock = Box<dyn FnMut(&Tensor, usize) -> Result<Tensor>>;

fn stock(family: &str, file: &[u8]) -> Result<Stock> {
    let mut reader = Cursor::new(file);
    let mut content = Content::read(&mut reader)?;
    // Qwen 3 would compute in the type named here, else in half precision.
    let single_precision = Value::U32(0);
    content
        .metadata
        .insert("general.dtype".into(), single_precision);
    Ok(match family {
        "llama" => {
            let mut model =
                quantized_llama::ModelWeights::from_gguf(content, &mut reader, &Device::Cpu)?;
            Box::new(move |token, position| model.forward(token, position))
        }
        "qwen2" => {
            let mut model =
                quantized_qwen2::ModelWeights::from_gguf(content, &mut reader, &Device::Cpu)?;
            Box::new(move |token, position| model.forward(token, position))
        }
        _ => {
            let mut model =
                quantized_qwen3::ModelWeights::from_gguf(content, &mut reader, &Device::Cpu)?;
            Box::new(move |token, position| model.forward(token, position))
        }
    })
}

fn stock_logits(family: &str, file: &[u8], tokens: &[u32]) -> Result<Vec<Vec<f32>>> {
    let mut stock = stock(family, file)?;
    tokens
        .iter()
        .enumerate()
        .map(|(position, &token)| {
            let token = Tensor::new(&[[token]], &Device::Cpu)?;
            stock(&token, position)?.flatten_all()?.to_vec1()
        })
        .collect()
}

fn our_logits(file: Vec<u8>, tokens: &[u32]) -> Vec<Vec<f32>> {
    let file = Gguf::from_bytes("random.gguf", file).expect("a sound file");
    let options = DecoderOptions {
        cache: CacheType::F32,
        ..DecoderOptions::default()
    };
    let decoder = Decoder::load(&file, &options).expect("a sound model");
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

/// The root of the mean square of the differences, in deviations of the logits.
fn distance(ours: &[Vec<f32>], theirs: &[Vec<f32>]) -> f64 {
    let ours = ours.iter().flatten().map(|&logit| f64::from(logit));
    let theirs: Vec<f64> = theirs.iter().flatten().map(|&l| f64::from(l)).collect();
    let differences: f64 = ours.zip(&theirs).map(|(a, b)| (a - b).powi(2)).sum();
    let squares: f64 = theirs.iter().map(|logit| logit.powi(2)).sum();
    (differences / squares).sqrt()
}

fn check(shape: &str, quantisation: Quantisation, most: f64) {
    let shape = Shape::named(shape).expect("a known shape");
    let (family, vocab) = (shape.hyper.family.name, shape.hyper.vocab as u32);
    let model = RandomModel::new(shape, quantisation, 7);
    let file = model.to_bytes().expect("in memory");
    let tokens: Vec<u32> = (0..TOKENS).map(|index| index * 7919 % vocab).collect();
    let theirs = stock_logits(family, &file, &tokens).expect("the stock model runs");
    let distance = distance(&our_logits(file, &tokens), &theirs);
    println!("{family} {quantisation:?}: {distance:.6}");
    assert!(distance <= most, "{family} {quantisation:?}: {distance}");
}

const SHAPES: [&str; 3] = ["tiny-llama-plain", "tiny-qwen2", "tiny-qwen3"];

#[test]
fn exact_weights_give_the_logits_of_the_stock_models() {
    for shape in SHAPES {
        check(shape, Quantisation::F32, 1e-5);
    }
}

/// Both sides round activations to eight bits, over other blocks and in other orders.
#[test]
fn quantised_weights_give_nearly_the_logits_of_the_stock_models() {
    for shape in SHAPES {
        check(shape, Quantisation::Q8_0, 0.05);
        check(shape, Quantisation::Q4_K_M, 0.05);
    }
}
