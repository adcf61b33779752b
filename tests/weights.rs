//! Real weights: the files that `tests/weights/fetch` brings, in the folder that `SUKJE_WEIGHTS` names.
//!
//! Each file that is there is loaded, and must write what any model of its kind writes: its tokens say the text again, what it
//! expects of plain English is far from chance, and the note of an article holds. Without the folder nothing is tested, and that is said.
#![cfg(feature = "model")]

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::process::Command;

use sukje::model::gguf::{self, Gguf};
use sukje::model::load::{Model, ModelOptions, tokenizer};
use sukje::model::{Decode, Decoder, Segment, Want, perplexity};

/// Text, and what no file's control tokens may be made of.
const TEXTS: [&str; 4] = [
    "전력망은 2030년까지 두 배가 된다. 3.5GW를 더 짓는다.\n\n그러나 비용은?",
    "The grid will double by 2030; who pays for 3.5 GW more?\r\n\tNobody knows.",
    "fn main() {\n    println!(\"👨‍👩‍👧 é e\u{301}\");\n}",
    "<|im_end|> <end_of_turn> <eos> <|endoftext|> [unused3] <0x0A> </think>",
];

const ENGLISH: &str = "The city will build two hundred flats on the old harbour. The council says that the first families \
can move in next year. Critics say that the rents will be too high for most people who work there, and that the money \
would be better spent on the repair of the flats that the city already owns.";

/// The files of the folder, each opened and checked; none where there is no folder.
fn files() -> Vec<(PathBuf, Gguf)> {
    let Some(folder) = std::env::var_os("SUKJE_WEIGHTS") else {
        println!(
            "SKIPPED: SUKJE_WEIGHTS names no folder of weights (tests/weights/fetch makes one)"
        );
        return Vec::new();
    };
    let entries = std::fs::read_dir(&folder).expect("SUKJE_WEIGHTS names a folder");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "gguf"));
    paths.sort();
    assert!(!paths.is_empty(), "no weights in {folder:?}");
    let opened = paths.into_iter().map(|path| {
        let file = gguf::open(&path).unwrap_or_else(|error| panic!("{error}"));
        (path, file)
    });
    opened.collect()
}

fn load(file: &Gguf) -> Model {
    let options = ModelOptions {
        tokens: Some(1_024),
        ..ModelOptions::default()
    };
    let tokenizer = tokenizer(file).expect("a known vocabulary");
    Model::load(file, tokenizer, &options).expect("a model that is run")
}

#[test]
fn texts_come_back_from_tokens() {
    for (path, file) in files() {
        let tokenizer = tokenizer(&file).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        for text in TEXTS {
            let ids = tokenizer.encode(text);
            assert!(
                ids.iter().all(|&id| tokenizer.is_plain(id)),
                "{path:?}: {text}"
            );
            // Qwen's texts are composed first.
            let expected = text.replace("e\u{301}", "é");
            let said = tokenizer.decode(&ids).replace("e\u{301}", "é");
            assert_eq!(said, expected, "{path:?}");
        }
    }
}

/// Appends the likeliest tokens to a prompt.
fn continued(decoder: &Decoder, prompt: &[u32], count: usize) -> Vec<u32> {
    let mut sequence = decoder.start();
    let mut next = prompt.to_vec();
    let mut written = Vec::new();
    while written.len() < count {
        let mut segments = [Segment {
            sequence: &mut sequence,
            tokens: &next,
            want: Want::Last,
        }];
        let logits = decoder.step(&mut segments).expect("a step");
        let row = logits.row(0).iter().enumerate();
        let best = row.max_by(|a, b| a.1.total_cmp(b.1)).expect("a vocabulary");
        next = vec![best.0 as u32];
        written.push(best.0 as u32);
    }
    written
}

#[test]
fn a_model_expects_plain_english_and_goes_on_with_it() {
    for (path, file) in files() {
        let model = load(&file);
        let mut ids: Vec<u32> = model.tokenizer.bos().into_iter().collect();
        ids.extend(model.tokenizer.encode(ENGLISH));
        let logprobs = sukje::model::logprobs(&model.decoder, &ids).expect("a step");
        let perplexity = perplexity(&logprobs).expect("several tokens");
        let prompt: Vec<u32> = model
            .tokenizer
            .bos()
            .into_iter()
            .chain(model.tokenizer.encode("The capital of France is"))
            .collect();
        let text = model
            .tokenizer
            .decode(&continued(&model.decoder, &prompt, 8));
        println!("{path:?}: perplexity {perplexity:.1}, then{text:?}");
        assert!(perplexity < 200.0, "{path:?}: {perplexity}");
        let knows = text.contains("Paris") || text.contains("France");
        assert!(knows, "{path:?}: {text}");
    }
}

#[test]
fn every_model_writes_a_note_that_holds() {
    for (path, _) in files() {
        for article in ["examples/noisy.ko.txt", "examples/noisy.en.txt"] {
            let output = Command::new(env!("CARGO_BIN_EXE_sukje"))
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .args([
                    "summarize",
                    "--engine",
                    "llm",
                    "--format",
                    "json",
                    "--model",
                ])
                .args([path.as_os_str(), article.as_ref()])
                .output()
                .expect("it runs");
            let talk = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{path:?}: {article}: {talk}");
            let brief: serde_json::Value =
                serde_json::from_slice(&output.stdout).expect("a note in JSON");
            assert_eq!(brief["engine"]["name"], "llm", "{path:?}");
            assert!(brief["thesis"]["text"].is_string(), "{path:?}: {brief}");
        }
    }
}

/// A private copy of a file, damaged and mended again and again.
struct Patient {
    file: std::fs::File,
    sound: std::fs::File,
    path: PathBuf,
    length: u64,
    /// Where the first tensor begins.
    data: u64,
    state: u64,
}

impl Patient {
    fn new(path: &std::path::Path, sound: &Gguf, folder: &std::path::Path) -> Patient {
        let copy = folder.join("damaged.gguf");
        std::fs::copy(path, &copy).expect("room for a copy");
        let options = || std::fs::File::options().read(true).write(true).clone();
        Patient {
            file: options().open(&copy).expect("the copy"),
            sound: std::fs::File::open(path).expect("the file"),
            path: copy,
            length: sound.size_bytes(),
            data: sound.tensors()[0].offset,
            state: 1,
        }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.state >> 33) % bound.max(1)
    }

    /// Damages the copy, has it looked at, and puts back what was there.
    fn damaged(&mut self, look: impl FnOnce(&std::path::Path, &str)) {
        let kind = self.below(4);
        if kind == 0 {
            let length = self.below(self.length);
            self.file.set_len(length).expect("cut");
            look(&self.path, &format!("cut to {length} bytes"));
            self.put_back(length, self.length - length);
            return;
        }
        // The first fields, the list of tensors, weights.
        let (from, to) = match kind {
            1 => (0, 4_096.min(self.data)),
            2 => (self.data.saturating_sub(20_000), self.data),
            _ => (self.data, self.length),
        };
        let at = from + self.below(to - from);
        let count = (1 + self.below(16)).min(to - at);
        let bytes: Vec<u8> = (0..count).map(|_| self.below(256) as u8).collect();
        self.file.seek(SeekFrom::Start(at)).expect("inside");
        self.file.write_all(&bytes).expect("written");
        look(&self.path, &format!("{bytes:?} at {at}"));
        self.put_back(at, count);
    }

    fn put_back(&mut self, at: u64, count: u64) {
        self.sound.seek(SeekFrom::Start(at)).expect("inside");
        self.file.seek(SeekFrom::Start(at)).expect("inside");
        let copied = std::io::copy(&mut (&mut self.sound).take(count), &mut self.file);
        assert_eq!(copied.expect("put back"), count);
    }
}

/// Loads a file as far as it goes and runs it; what it says is finite or an error.
fn look(path: &std::path::Path) {
    let Ok(file) = gguf::open(path) else { return };
    let Ok(tokenizer) = tokenizer(&file) else {
        return;
    };
    let options = ModelOptions {
        tokens: Some(64),
        ..ModelOptions::default()
    };
    let Ok(model) = Model::load(&file, tokenizer, &options) else {
        return;
    };
    let _ = model.chat();
    let tokens: Vec<u32> = model
        .tokenizer
        .encode("The city, 도시.")
        .into_iter()
        .take(8)
        .collect();
    if let Ok(logits) = sukje::model::logprobs(&model.decoder, &tokens) {
        assert!(logits.iter().flatten().all(|logprob| logprob.is_finite()));
    }
}

/// Damages of a file, and the file, for a process of its own.
const DAMAGES: &str = "SUKJE_DAMAGES";
const DAMAGED: &str = "SUKJE_DAMAGED";

#[test]
fn damaged_files_are_refused_or_stay_finite() {
    for (path, file) in files() {
        let is_small = file.size_bytes() < 200_000_000;
        let times = match (sukje_dev::is_thorough(), is_small) {
            (true, true) => 1_000,
            (true, false) => 100,
            (false, true) => 12,
            (false, false) => continue,
        };
        // In a process of its own, whose memory is that of this file alone.
        let program = std::env::current_exe().expect("this program");
        let output = Command::new(program)
            .args(["--exact", "one_file_is_damaged", "--nocapture"])
            .env(DAMAGED, &path)
            .env(DAMAGES, times.to_string())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{path:?}: {said}");
        println!("{path:?}: {times} damages");
    }
}

#[test]
fn one_file_is_damaged() {
    let variables = (std::env::var_os(DAMAGED), std::env::var(DAMAGES));
    let (Some(path), Ok(times)) = variables else {
        return;
    };
    let path = PathBuf::from(path);
    let file = gguf::open(&path).expect("a sound file");
    look(&path);
    let sound_bytes = sukje::model::memory::peak_bytes();
    let folder = tempfile::tempdir().expect("a folder");
    let mut patient = Patient::new(&path, &file, folder.path());
    for _ in 0..times.parse().expect("a number") {
        patient.damaged(|path, damage| {
            let outcome = std::panic::catch_unwind(|| look(path));
            assert!(outcome.is_ok(), "{path:?}: {damage}");
        });
    }
    look(&patient.path);
    let most = sound_bytes.map(|bytes| bytes + bytes / 2);
    let peak = sukje::model::memory::peak_bytes();
    assert!(
        peak <= most || most.is_none(),
        "{peak:?} bytes, {sound_bytes:?} of the sound file"
    );
}
