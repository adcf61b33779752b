//! Trains the weights of the extractive engine on `training/articles` and writes them to `training/weights`.
//!
//!     cargo run --release -p sukje-dev --example train              train on all articles, write the weights
//!     cargo run --release -p sukje-dev --example train -- cv        cross-validation: trains on the other folds, scores on one
//!     cargo run --release -p sukje-dev --example train -- cv lexicon|alone   the same, lexicon only | every sentence for itself
//!     cargo run --release -p sukje-dev --example train -- score DIR...       score the built-in weights on DIR/gold.json
//!
//! Deterministic: one thread per fold, seeded order, no clock. Every article is seen with all, some and no
//! punctuation. The CRF is trained by the likelihood of whole articles, the second models by logistic regression on
//! what CRFs trained without the article say of it.

#[path = "train/corpus.rs"]
mod corpus;
#[path = "train/learn.rs"]
mod learn;
#[path = "train/validate.rs"]
mod validate;

use sukje::outline::extractive::features::ROWS;
use sukje::outline::extractive::weights::{COLUMNS, DENSE};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => write(&learn::train(&corpus::load("training/articles")?)),
        ["cv", how @ ..] => validate::cross_validate(&corpus::load("training/articles")?, how),
        ["score", folders @ ..] => validate::score_folders(folders),
        _ => Err("usage: train [cv [lexicon|alone] | score DIR...]".into()),
    }
}

/// Quantises and writes the weights.
fn write(model: &learn::Model) -> Result<(), Box<dyn std::error::Error>> {
    let quantised = model.quantise();
    assert_eq!(quantised.dense.len(), DENSE);
    std::fs::create_dir_all("training/weights")?;
    let dense: Vec<u8> = quantised
        .dense
        .iter()
        .flat_map(|x| x.to_le_bytes())
        .collect();
    std::fs::write("training/weights/dense.f32", dense)?;
    for (name, table) in [("ko", &quantised.tables.ko), ("en", &quantised.tables.en)] {
        assert_eq!(table.len(), ROWS * COLUMNS);
        std::fs::write(format!("training/weights/{name}.i8"), table)?;
    }
    Ok(())
}
