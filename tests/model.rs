//! Models from outside: what `info`, `bench` and `perplexity` say of small models of random weights, and what is
//! refused in one line. Also the promise that the number of threads changes no bit.

#![cfg(all(feature = "model", unix))]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sukje::model::gguf::{Gguf, Hyperparameters, RopeScaling};
use sukje::model::{Decode, Decoder, DecoderOptions, Segment, Want};
use sukje_dev::random::{Quantisation, RandomModel, Shape};

const TEXT: &str = "전력망은 2030년까지 두 배가 된다. <|im_end|> <think>";
const REVISION: &str = "0123456789abcdef0123456789abcdef01234567";

/// A model of some 300 KB.
fn model(shape: &str, quantisation: Quantisation) -> RandomModel {
    let shape = Shape::named(shape).expect("a known shape");
    RandomModel::new(shape, quantisation, 7)
}

fn qwen3() -> RandomModel {
    model("tiny-qwen3", Quantisation::Q4_K_M)
}

fn bytes(model: &RandomModel) -> Vec<u8> {
    model.to_bytes().expect("in memory")
}

/// A folder of one test, and an environment in which nothing else is found.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, bytes).expect("written");
        path
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sukje"));
        command.arg("model").args(args);
        self.prepared(command)
    }

    fn prepared(&self, mut command: Command) -> Command {
        command
            .current_dir(self.0.path())
            .env_clear()
            .env("HOME", self.0.path())
            .env("XDG_CACHE_HOME", self.0.path().join("cache"))
            .env("HF_HOME", self.0.path().join("hf"))
            .stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("it runs")
    }

    fn out(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let talk = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(output.status.success(), "{args:?}: {talk}");
        assert_eq!(talk, "", "{args:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.out(args)).expect("JSON")
    }

    /// The command fails in one line that names `name` and says `cause`, and prints nothing else.
    fn check_refused(&self, args: &[&str], code: i32, name: &str, cause: &str) {
        let line = error_line(&self.run(args), code);
        let expected = format!("error: {name}: ");
        assert!(line.starts_with(&expected), "{args:?}: {line}");
        assert!(line.contains(cause), "{args:?}: {line} lacks {cause}");
    }

    /// The same of every command that looks into a model's file.
    fn check_unusable(&self, model: &str, cause: &str) {
        self.check_refused(&["info", model], 69, model, cause);
        self.check_unrunnable(model, cause);
    }

    /// The same of every command that runs a model.
    fn check_unrunnable(&self, model: &str, cause: &str) {
        let text = self.file("a.txt", TEXT);
        let text = text.to_str().expect("UTF-8");
        self.check_refused(&["bench", model], 69, model, cause);
        self.check_refused(&["perplexity", "--model", model, text], 69, model, cause);
        self.check_refused(
            &["perplexity", "--model", model, "--json", text],
            69,
            model,
            cause,
        );
    }
}

/// The error line, after checking that there is at most a hint besides.
fn error_line(output: &Output, code: i32) -> String {
    let text = String::from_utf8(output.stderr.clone()).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{text}");
    let (line, rest) = text.split_once('\n').expect("a whole line");
    assert!(line.starts_with("error: ") && line.len() < 500, "{text}");
    let is_hint = rest.starts_with("hint: ") && rest.matches('\n').count() == 1;
    assert!(rest.is_empty() || is_hint, "{text}");
    assert!(
        !text.contains(|c: char| c != '\n' && c.is_control()),
        "{text:?}"
    );
    line.to_string()
}

/// Where the bytes after a name of the header begin.
fn after(file: &[u8], name: &str) -> usize {
    // A name stands behind its length.
    let mut stored = (name.len() as u64).to_le_bytes().to_vec();
    stored.extend(name.as_bytes());
    let found = file.windows(stored.len()).position(|part| part == stored);
    found.expect("a name of the file") + stored.len()
}

/// The file with one byte changed, `skip` bytes behind a name.
fn changed(name: &str, skip: usize, change: impl Fn(u8) -> u8) -> Vec<u8> {
    let mut file = bytes(&qwen3());
    let at = after(&file, name) + skip;
    file[at] = change(file[at]);
    file
}

/// The file with one more entry, a number of 32 bits.
fn with_entry(key: &str, number: u32) -> Vec<u8> {
    let mut file = bytes(&qwen3());
    let mut entry = (key.len() as u64).to_le_bytes().to_vec();
    entry.extend(key.as_bytes());
    entry.extend([4_u32, number].iter().flat_map(|part| part.to_le_bytes()));
    file.splice(24..24, entry);
    file[16] += 1;
    file
}

#[test]
fn what_is_no_model_is_refused_in_one_line_by_every_command() {
    let place = Place::new();
    let sound = bytes(&qwen3());
    let architecture = after(&sound, "general.architecture") + 12;
    let mut gemma = sound.clone();
    gemma[architecture..architecture + 5].copy_from_slice(b"gemma");
    let cases: [(&str, Vec<u8>, &str); 13] = [
        ("empty", Vec::new(), "is an empty file, not a GGUF model"),
        (
            "short-header",
            sound[..2000].to_vec(),
            "is truncated: it ends inside",
        ),
        (
            "short-tensor",
            sound[..sound.len() - 4096].to_vec(),
            "is truncated: it ends inside tensor `",
        ),
        (
            "long",
            [&sound[..], &[0; 64]].concat(),
            "holds 64 bytes after its last tensor",
        ),
        (
            "flipped-name",
            changed("blk.1.attn_k.weight", 0, |_| 0),
            "tensor `blk.1.attn_k.weight` has 0 dimensions",
        ),
        (
            "flipped-shape",
            changed("qwen3.attention.head_count_kv", 4, |byte| byte ^ 1),
            "which does not divide 4 heads",
        ),
        (
            "family",
            gemma,
            "is `gemma`, not gemma3, llama, qwen2 or qwen3",
        ),
        (
            "quantisation",
            // Behind the name: two dimensions as a number, their lengths, the type.
            changed("blk.0.attn_q.weight", 20, |_| 16),
            "tensor `blk.0.attn_q.weight` is IQ2_XXS, which is not supported; supported are F32, F16",
        ),
        (
            "split",
            with_entry("split.count", 3),
            "is one of 3 parts of a split model",
        ),
        (
            "safetensors",
            b"\x20\0\0\0\0\0\0\0{\"__metadata__\":{}}".to_vec(),
            "is a safetensors file, not a GGUF model",
        ),
        (
            "page",
            b"<!DOCTYPE html><title>404</title>".to_vec(),
            "is a web page or other markup, not a GGUF model",
        ),
        ("zip", b"PK\x03\x04\0\0".to_vec(), "is a zip archive"),
        (
            "version",
            b"GGUF\x01\0\0\0".to_vec(),
            "is a GGUF file of version 1",
        ),
    ];
    for (name, bytes, cause) in cases {
        let name = format!("{name}.gguf");
        place.file(&name, bytes);
        place.check_unusable(&name, cause);
    }
    std::fs::create_dir(place.0.path().join("folder.gguf")).expect("made");
    place.check_unusable("folder.gguf", "is a folder");
    place.check_unusable("missing.gguf", "no such file");
    place.check_unusable("./no/such/folder.gguf", "no such file");
    place.check_unusable("no-such-model", "no model of that name is known");
}

#[test]
fn what_is_no_regular_file_is_not_waited_for() {
    let place = Place::new();
    let pipe = place.0.path().join("pipe.gguf");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .expect("it runs")
            .success()
    );
    place.check_unusable("pipe.gguf", "is not a regular file");
}

/// A models file with one model, pinned to these bytes, and where its file lies.
fn pinned(place: &Place, bytes: &[u8]) -> PathBuf {
    let sha256: String = Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let entry = format!(
        "[[model]]\nname = \"tiny\"\ndefault = true\nrepo = \"someone/tiny\"\nfile = \"tiny.gguf\"\nlicence = \"MIT\"\n\
         family = \"qwen3\"\nquantisation = \"Q4_K_M\"\ncontext = 8192\nmemory_mib = 1\nlanguages = [\"ko\"]\nnote = \"for tests\"\nmeasured = \"nothing\"\n\
         revision = \"{REVISION}\"\nsize_bytes = {}\nsha256 = \"{sha256}\"\n",
        bytes.len()
    );
    place.file("models.toml", entry);
    let snapshots = Path::new("hf/hub/models--someone--tiny/snapshots");
    place.file(
        snapshots
            .join(REVISION)
            .join("tiny.gguf")
            .to_str()
            .expect("UTF-8"),
        bytes,
    )
}

#[test]
fn a_pinned_model_runs_by_its_name_and_is_held_to_its_hash() {
    let place = Place::new();
    let sound = bytes(&qwen3());
    let path = pinned(&place, &sound);
    let text = place.file("a.txt", TEXT);
    let text = text.to_str().expect("UTF-8");
    let models = ["--models", "models.toml"];
    let perplexity = [&["perplexity", "--model", "tiny", text], &models[..]].concat();
    assert!(place.out(&perplexity).contains(" over "));

    let shown = place.out(&[&["info", "tiny"], &models[..]].concat());
    for part in [
        "licence       MIT",
        "family        qwen3",
        "layers        2",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    let info = place.json(&[&["info", "tiny", "--json"], &models[..]].concat());
    assert_eq!(info["known"]["on_disk"], "yes");
    assert_eq!(info["file"]["path"], path.to_str().expect("UTF-8"));

    let mut damaged = sound.clone();
    let last = damaged.len() - 1000;
    damaged[last] ^= 1;
    std::fs::write(&path, &damaged).expect("written");
    for args in [&["check", "tiny"][..], &["bench", "tiny"], &perplexity[..4]] {
        place.check_refused(&[args, &models].concat(), 69, "tiny", "checksum failed");
    }
    std::fs::write(&path, vec![b'x'; sound.len()]).expect("written");
    let info = place.json(&[&["info", "tiny", "--json"], &models[..]].concat());
    assert_eq!(info["file"], Value::Null);
    assert_eq!(
        info["problem"],
        "is an unknown kind of file, not a GGUF model"
    );
    std::fs::remove_file(&path).expect("removed");
    place.check_refused(
        &[&["bench", "tiny"], &models[..]].concat(),
        69,
        "tiny",
        "not on this",
    );
}

#[test]
fn the_header_of_a_file_is_told() {
    let place = Place::new();
    let mut llama = model("tiny-llama", Quantisation::Q8_0);
    llama.vocabulary.add_bos = true;
    llama.vocabulary.chat_template = Some("{{ messages[0].content }}".into());
    let file = bytes(&llama);
    place.file("a.gguf", &file);
    let info = place.json(&["info", "--json", "a.gguf"]);
    assert_eq!(info["schema"], "sukje.model_info/1");
    assert_eq!(
        (&info["known"], &info["problem"]),
        (&Value::Null, &Value::Null)
    );
    let header = &info["file"];
    let shape = &llama.shape.hyper;
    for (key, expected) in [
        ("size_bytes", json!(file.len())),
        ("family", json!("llama")),
        ("layers", json!(shape.layers)),
        ("hidden", json!(shape.hidden)),
        ("feed_forward", json!(shape.feed_forward)),
        ("heads", json!(shape.heads)),
        ("kv_heads", json!(shape.kv_heads)),
        ("head_dim", json!(shape.head_dim)),
        ("vocab", json!(shape.vocab)),
        ("context", json!(shape.context)),
        ("rope_scaling", json!({"kind": "factors", "factor": 32.0})),
    ] {
        assert_eq!(header[key], expected, "{key}");
    }
    let tokenizer = json!({"from": "gguf", "model": "gpt2", "pre": "llama-bpe", "merges": 0, "begins_with_bos": true, "problem": null});
    assert_eq!(header["tokenizer"], tokenizer);
    let chat = &header["chat_template"];
    assert_eq!(
        (&chat["form"], &chat["known"]),
        (&json!("file"), &json!(false))
    );
    assert_eq!(chat["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(header["quantisations"][0]["type"], "Q8_0");
    // Keys and values of two layers, two heads of 64 values of two bytes: 1,024 bytes a token.
    let memory = |index: usize, key: &str| header["memory"][index][key].as_u64().expect("a number");
    assert_eq!((memory(0, "tokens"), memory(1, "tokens")), (4096, 8192));
    assert_eq!(memory(1, "bytes") - memory(0, "bytes"), 4096 * 1024);

    let shown = place.out(&["info", "a.gguf"]);
    for part in [
        "family        llama\n",
        "heads         4 of 64, 2 of keys and values\n",
        "vocabulary    512 tokens\n",
        "rope          base 500000, frequencies divided by factors up to 32\n",
        "chat template the file's own, not known, sha256 ",
        "weights       Q8_0 15 tensors ",
        "gpt2, pre-tokeniser llama-bpe, 0 merges, every text begins with a token of its own\n",
    ] {
        assert!(shown.contains(part), "{part:?} is not in\n{shown}");
    }
}

#[test]
fn rope_quantisations_and_templates_differ_by_model() {
    let place = Place::new();
    let mut model = qwen3();
    model.shape.hyper.rope_scaling = RopeScaling::Linear { factor: 2.5 };
    model.vocabulary.pre = "other".into();
    place.file("a.gguf", bytes(&model));
    let header = place.json(&["info", "--json", "a.gguf"])["file"].take();
    assert_eq!(
        header["rope_scaling"],
        json!({"kind": "linear", "factor": 2.5})
    );
    let types: Vec<&str> = (0..3)
        .map(|index| {
            header["quantisations"][index]["type"]
                .as_str()
                .expect("a name")
        })
        .collect();
    assert_eq!(types, ["Q4_K", "Q6_K", "F32"]);
    let problem = header["tokenizer"]["problem"].as_str().expect("a problem");
    assert!(
        problem.starts_with("pre-tokeniser \"other\" is not supported"),
        "{problem}"
    );
    assert!(
        place
            .out(&["info", "a.gguf"])
            .contains("tokenizer     not usable: pre-tokeniser")
    );
    place.check_unrunnable("a.gguf", "pre-tokeniser \"other\" is not supported");
}

/// The logarithm of each token's probability after those before it, a token a step.
fn logprobs(file: Vec<u8>, tokens: &[u32]) -> Vec<Option<f64>> {
    let file = Gguf::from_bytes("a.gguf", file).expect("a sound file");
    let decoder = Decoder::load(&file, &DecoderOptions::default()).expect("a sound model");
    let mut sequence = decoder.start();
    let mut logprobs = vec![None];
    for pair in tokens.windows(2) {
        let logits = decoder
            .step(&mut [Segment {
                sequence: &mut sequence,
                tokens: &pair[..1],
                want: Want::Last,
            }])
            .expect("a step");
        let row: Vec<f64> = logits
            .row(0)
            .iter()
            .map(|&logit| f64::from(logit))
            .collect();
        let sum: f64 = row.iter().map(|logit| logit.exp()).sum();
        logprobs.push(Some(row[pair[1] as usize] - sum.ln()));
    }
    logprobs
}

#[test]
fn perplexity_is_that_of_single_steps_with_a_beginning_only_where_the_model_asks() {
    let place = Place::new();
    // More than the 64 tokens of a step, and fewer.
    for (add_bos, text) in [(false, TEXT.repeat(2)), (true, TEXT[..46].to_string())] {
        let length = text.len();
        let text = place.file("a.txt", text);
        let text = text.to_str().expect("UTF-8");
        let mut model = qwen3();
        model.vocabulary.add_bos = add_bos;
        let bos = model.vocabulary.bos.expect("one is named");
        let file = bytes(&model);
        place.file("a.gguf", &file);
        let answer = place.json(&["perplexity", "--model", "a.gguf", "--json", text]);
        let tokens: Vec<u32> = serde_json::from_value(answer["tokens"].clone()).expect("ids");
        // Bytes are the tokens; names of control tokens are text.
        let expected = length + usize::from(add_bos);
        assert_eq!(tokens.len(), expected);
        assert_eq!(
            tokens.iter().filter(|&&id| id >= 256).count(),
            usize::from(add_bos)
        );
        assert_eq!(tokens[0] == bos, add_bos);

        let found: Vec<Option<f64>> =
            serde_json::from_value(answer["logprobs"].clone()).expect("numbers");
        let expected = logprobs(file, &tokens);
        assert_eq!(found.len(), expected.len());
        assert_eq!(found[0], None);
        for (found, expected) in found.iter().zip(&expected).skip(1) {
            let (found, expected) = (found.expect("a number"), expected.expect("a number"));
            assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        }
        let mean = expected.iter().flatten().sum::<f64>() / (expected.len() - 1) as f64;
        let perplexity = answer["perplexity"].as_f64().expect("a number");
        assert!((perplexity - (-mean).exp()).abs() < 1e-4 * perplexity);
        let shown = place.out(&["perplexity", "--model", "a.gguf", text]);
        assert_eq!(
            shown,
            format!("{perplexity:.4} over {} tokens\n", tokens.len())
        );
    }
}

#[test]
fn a_text_longer_than_the_context_is_refused() {
    let place = Place::new();
    let mut model = qwen3();
    model.shape.hyper.context = 16;
    place.file("a.gguf", bytes(&model));
    let fitting = place.file("fitting.txt", "0123456789abcdef");
    place.out(&[
        "perplexity",
        "--model",
        "a.gguf",
        fitting.to_str().expect("UTF-8"),
    ]);
    let long = place.file("long.txt", "0123456789abcdefg");
    let args = [
        "perplexity",
        "--model",
        "a.gguf",
        long.to_str().expect("UTF-8"),
    ];
    place.check_refused(
        &args,
        69,
        "a.gguf",
        "the text has 17 tokens, the model's context holds 16",
    );
    place.check_refused(
        &["bench", "a.gguf"],
        69,
        "a.gguf",
        "no room for a prompt and 32 tokens",
    );
    let missing = ["perplexity", "--model", "a.gguf", "missing.txt"];
    place.check_refused(&missing, 66, "missing.txt", "no such file");
}

#[test]
fn too_little_memory_is_told_before_anything_is_loaded() {
    let place = Place::new();
    let mut model = qwen3();
    model.shape.hyper = Hyperparameters {
        layers: 16,
        kv_heads: 4,
        context: 131_072,
        ..model.shape.hyper
    };
    place.file("a.gguf", bytes(&model));
    // Sixteen KB of keys and values a token, more than a gigabyte in all; the process may have a gigabyte.
    place.file("a.txt", "abcdefg ".repeat(10_000));
    let script = "ulimit -v 1000000; exec \"$0\" model perplexity --model a.gguf a.txt";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_sukje")]);
    let output = place.prepared(shell).output().expect("a shell");
    let line = error_line(&output, 69);
    assert!(line.starts_with("error: a.gguf: needs about 1"), "{line}");
    assert!(
        line.contains(" MB of memory for 80000 tokens, ") && line.ends_with(" MB are free"),
        "{line}"
    );
}

/// The settings that were measured, in order: what, prompt, sequences.
fn settings(report: &Value) -> Vec<(String, u64, u64)> {
    let measures = report["measures"].as_array().expect("a list");
    measures
        .iter()
        .map(|measure| {
            assert!(measure["tokens_per_s"].as_f64().expect("a number") > 0.0);
            let number = |key: &str| measure[key].as_u64().expect("a number");
            let what = measure["what"].as_str().expect("a text");
            (what.to_string(), number("prompt"), number("sequences"))
        })
        .collect()
}

#[test]
fn a_bench_measures_what_was_asked_for_and_fits() {
    let place = Place::new();
    let mut model = qwen3();
    model.shape.hyper.context = 64;
    let file = bytes(&model);
    place.file("a.gguf", &file);
    let options = "--decoded 4 --sequences 1,2 --repeat 1 --shared 24 --threads 1";
    let options: Vec<&str> = options.split(' ').collect();
    let report = place.json(
        &[
            &["bench", "a.gguf", "--json", "--prompts", "16,32"],
            &options[..],
        ]
        .concat(),
    );
    assert_eq!(report["schema"], "sukje.model_bench/1");
    assert_eq!(report["model"], "a.gguf");
    assert_eq!(report["size_bytes"], json!(file.len()));
    assert_eq!(report["threads"], 1);
    assert!(report["load_s"].as_f64().expect("a number") >= 0.0);
    let expected = [
        ("prefill", 16, 1),
        ("decode", 16, 1),
        ("prefill", 32, 1),
        ("decode", 32, 1),
        ("decode", 24, 1),
        ("decode", 24, 2),
    ];
    let expected = expected.map(|(what, prompt, sequences)| (what.to_string(), prompt, sequences));
    assert_eq!(settings(&report), expected);

    let output =
        place.run(&[&["bench", "a.gguf", "--prompts", "61,60,512"], &options[..]].concat());
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "left out: prompts of 61, 512 tokens, which with 4 more do not fit the context of 64\n"
    );
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(shown.contains("on 1 thread, with "), "{shown}");
    for part in [
        "prefill    60 tokens, 1 sequence:",
        "decode     24 tokens, 2 sequences:",
        " tokens/s",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
}

#[test]
fn wrong_options_are_usage_errors() {
    let place = Place::new();
    for args in [
        &["bench"][..],
        &["bench", "a.gguf", "--prompts", "0"],
        &["bench", "a.gguf", "--prompts", ""],
        &["bench", "a.gguf", "--sequences", "1,x"],
        &["bench", "a.gguf", "--decoded", "0"],
        &["bench", "a.gguf", "--threads", "0"],
        &["bench", "a.gguf", "--threads", "257"],
        &["bench", "--random", "tiny-qwen3"],
        &[
            "perplexity",
            "--model",
            "a.gguf",
            "--threads",
            "-1",
            "a.txt",
        ],
    ] {
        let output = place.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

/// Logits of a prompt and of two forks behind it, on a pool of so many threads.
fn logits(decoder: &Decoder, threads: usize) -> Vec<u32> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("a pool");
    let tokens: Vec<u32> = (0..130).map(|index| index * 7919 % 512).collect();
    pool.install(|| {
        let mut sequence = decoder.start();
        let prompt = decoder.step(&mut [Segment {
            sequence: &mut sequence,
            tokens: &tokens,
            want: Want::From(0),
        }]);
        let mut forks = [decoder.fork(&mut sequence), decoder.fork(&mut sequence)];
        let mut segments: Vec<_> = forks
            .iter_mut()
            .zip([&[1, 2, 3][..], &[4]])
            .map(|(sequence, tokens)| Segment {
                sequence,
                tokens,
                want: Want::From(0),
            })
            .collect();
        let forked = decoder.step(&mut segments);
        [prompt, forked]
            .into_iter()
            .flat_map(|logits| {
                let logits = logits.expect("a step");
                let rows = 0..logits.len();
                rows.flat_map(|row| logits.row(row).to_vec())
                    .collect::<Vec<f32>>()
            })
            .map(f32::to_bits)
            .collect()
    })
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let all = Quantisation::ALL.map(|quantisation| ("tiny-qwen3", quantisation));
    let others =
        ["tiny-qwen2", "tiny-llama", "tiny-gemma3"].map(|shape| (shape, Quantisation::Q4_K_M));
    for (shape, quantisation) in all.into_iter().chain(others) {
        let file = bytes(&model(shape, quantisation));
        let file = Gguf::from_bytes("a.gguf", file).expect("a sound file");
        let decoder = Decoder::load(&file, &DecoderOptions::default()).expect("a sound model");
        let one = logits(&decoder, 1);
        assert_eq!(one.len(), 134 * 512);
        assert!(one == logits(&decoder, 4), "{shape} {quantisation:?}");
    }
}
