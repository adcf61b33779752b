//! Trains the byte-level BPE of random-weight models on this repository's own texts.
//!
//!     cargo run --release -p sukje-dev --example train_bpe                    write training/weights/bpe.txt
//!     cargo run --release -p sukje-dev --example train_bpe -- measure FILE... tokens per Hangul syllable and per other character
//!
//! Deterministic: files in the order of their names, no clock, ties by the crate's own order. Text is what Qwen 2 makes
//! words of; of JSON and tables only what people wrote is read. The merges in the repository are of the texts and the
//! source of November 2026; learning them again changes the fixtures of `tests/tokenizer.rs`, whose script makes new ones.

use std::path::{Path, PathBuf};

use sukje::model::tokenizer::Tokenizer;
use sukje_dev::vocabulary;
use tokenizers::models::bpe::{BPE, BpeTrainer};
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::tokenizer::{
    OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer, SplitDelimiterBehavior,
    Trainer,
};

const QWEN: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// Bytes and merges.
const TOKENS: usize = 8_000;
/// A pair seen less often says nothing of the language.
const MIN_FREQUENCY: u64 = 2;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.split_first() {
        None => train(),
        Some((word, files)) if word == "measure" => files.iter().try_for_each(|file| measure(file)),
        _ => Err("usage: train_bpe [measure FILE...]".into()),
    }
}

fn train() -> Result<()> {
    let mut trainer = BpeTrainer::builder()
        .vocab_size(TOKENS)
        .min_frequency(MIN_FREQUENCY)
        .show_progress(false)
        .initial_alphabet(ByteLevel::alphabet().into_iter().collect())
        .build();
    let splitter = splitter()?;
    trainer.feed(texts()?.iter(), |text| words(&splitter, text))?;
    let mut model = BPE::default();
    trainer.train(&mut model)?;
    let folder = tempfile::tempdir()?;
    tokenizers::Model::save(&model, folder.path(), None)?;
    let merges = std::fs::read_to_string(folder.path().join("merges.txt"))?;
    // The first line is the version of the format.
    let merges: String = merges
        .lines()
        .skip(1)
        .map(|merge| format!("{merge}\n"))
        .collect();
    std::fs::write("training/weights/bpe.txt", &merges)?;
    println!("{} merges, {} bytes", merges.lines().count(), merges.len());
    Ok(())
}

fn splitter() -> Result<Sequence> {
    let split = Split::new(
        SplitPattern::Regex(QWEN.into()),
        SplitDelimiterBehavior::Isolated,
        false,
    )
    .map_err(|error| error.to_string())?;
    Ok(Sequence::new(vec![
        PreTokenizerWrapper::Split(split),
        PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, false, false)),
    ]))
}

/// The words of a text, in the byte alphabet.
fn words(splitter: &Sequence, text: &str) -> tokenizers::Result<Vec<String>> {
    let mut pieces = PreTokenizedString::from(text);
    splitter.pre_tokenize(&mut pieces)?;
    Ok(pieces
        .get_splits(OffsetReferential::Original, OffsetType::Byte)
        .into_iter()
        .map(|(word, ..)| word.to_owned())
        .collect())
}

/// Everything learned from.
fn texts() -> Result<Vec<String>> {
    let mut files = Vec::new();
    for folder in ["training/articles", "training/noise", "src"] {
        list(Path::new(folder), &mut files)?;
    }
    files.extend(["README.md", "README.ko.md"].map(PathBuf::from));
    let texts: Result<Vec<Vec<String>>> = files.iter().map(|file| read(file)).collect();
    Ok(texts?.concat())
}

/// The files of a folder and of those in it, in the order of their names.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries: std::io::Result<Vec<_>> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect();
    let mut entries = entries?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            list(&entry, files)?;
        } else {
            files.push(entry);
        }
    }
    Ok(())
}

/// What people wrote in a file.
fn read(file: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(file)?;
    Ok(match file.extension().and_then(|kind| kind.to_str()) {
        Some("json") => strings(&serde_json::from_str(&text)?),
        Some("tsv") => text
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(_, text)| text.to_owned())
            .collect(),
        _ => vec![text],
    })
}

/// The titles and the sentences of an article.
fn strings(value: &serde_json::Value) -> Vec<String> {
    let sentences = value["sentences"].as_array().into_iter().flatten();
    std::iter::once(&value["title"])
        .chain(sentences.map(|sentence| &sentence["text"]))
        .filter_map(|text| text.as_str())
        .map(str::to_owned)
        .collect()
}

/// Tokens per syllable of the words that are all Hangul, and per character of the rest.
fn measure(file: &str) -> Result<()> {
    let tokenizer = Tokenizer::from_vocabulary(&vocabulary::trained(1 << 15))?;
    let text = std::fs::read_to_string(file)?;
    let is_syllable = |c: char| ('\u{ac00}'..='\u{d7a3}').contains(&c);
    let (mut syllables, mut syllable_tokens, mut others, mut other_tokens) = (0, 0, 0, 0);
    for word in text.split_inclusive(char::is_whitespace) {
        let tokens = tokenizer.encode(&format!(" {}", word.trim())).len();
        if !word.trim().is_empty() && word.trim().chars().all(is_syllable) {
            syllables += word.trim().chars().count();
            syllable_tokens += tokens;
        } else {
            others += word.chars().count();
            other_tokens += tokens;
        }
    }
    println!(
        "{file}: {:.3} tokens per syllable ({syllables} syllables in words of Hangul alone), {:.3} per other character ({others})",
        syllable_tokens as f64 / f64::max(1.0, syllables as f64),
        other_tokens as f64 / f64::max(1.0, others as f64),
    );
    Ok(())
}
