//! The model that writes a note: which, loaded, and what is told of it while it works.
//!
//! Nothing is fetched here. A model that was asked for and is not there, or not sound, is an error; without one asked for,
//! the extractive engine takes over.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use clap::CommandFactory;
use clap::error::ErrorKind;
use indicatif::{ProgressBar, ProgressStyle};
use sukje::article::Article;
use sukje::input::read_file;
use sukje::model::gguf::{self, Gguf, GgufError};
use sukje::model::registry::{ModelSpec, Registry};
use sukje::model::store::{OnDisk, Store, StoreError};
use sukje::model::{CacheType, Decoder, DecoderOptions, Sampling, memory};
use sukje::outline::llm::{self, Effort, LlmOptions, Model, Progress};
use sukje::outline::{Outline, OutlineOptions, Statement};
use sukje::render::shown;

use super::args::{Cli, Engine, SummarizeArgs};
use super::exit::{Exit, Failure, Stop};

/// With a seed, words are drawn as the models' makers advise for answers without thinking.
const TEMPERATURE: f32 = 0.7;
const TOP_P: f32 = 0.8;

/// The outline by a model; none where none is asked for and none is there.
pub fn outline(
    args: &SummarizeArgs,
    article: &Article,
    options: &OutlineOptions,
) -> Result<Option<Outline>, Stop> {
    let how = &args.writing;
    if args.engine == Engine::Extractive {
        return match how.model {
            Some(_) => usage("--engine extractive writes without a model, and --model names one"),
            None => Ok(None),
        };
    }
    let Some(file) = file(args)? else {
        return Ok(None);
    };
    let talk = Talk::new(args);
    let name = file.name.clone();
    let failed = |error: &dyn std::fmt::Display| Failure::new(Exit::Model, &name, error);
    let model = load(file, how.article_tokens as usize)?;
    let llm_options = LlmOptions {
        article_tokens: how.article_tokens as usize,
        text_tokens: how.text_tokens as usize,
        sampling: sampling(how.seed),
        ..LlmOptions::default()
    };
    // An interrupt ends the program at once, between two tokens or within one.
    let cancelled = AtomicBool::new(false);
    let outline = llm::outline(
        &model,
        article,
        options,
        &llm_options,
        &cancelled,
        &mut |progress| talk.tell(progress),
    );
    talk.clear();
    let outline = outline.map_err(|error| failed(&error))?;
    Ok(Some(outline))
}

fn usage<T>(message: &str) -> T {
    Cli::command()
        .error(ErrorKind::ArgumentConflict, message)
        .exit()
}

fn sampling(seed: Option<u64>) -> Sampling {
    match seed {
        None => Sampling::default(),
        Some(seed) => Sampling {
            temperature: TEMPERATURE,
            top_p: TOP_P,
            min_p: 0.0,
            seed,
        },
    }
}

/// A model file, checked, under the name the note gives it.
struct File {
    gguf: Gguf,
    name: String,
    sha256: String,
}

/// The file of the model asked for, or of the one that is there.
fn file(args: &SummarizeArgs) -> Result<Option<File>, Stop> {
    let how = &args.writing;
    let registry = registry(how.models.as_deref())?;
    if let Some(named) = &how.model {
        return match registry.get(named) {
            Some(spec) => of_store(&store()?, spec).map(Some),
            None => of_path(named).map(Some),
        };
    }
    let asked = args.engine == Engine::Llm;
    let store = match store() {
        Err(_) if !asked => return Ok(None),
        store => store?,
    };
    let default = registry.default_model();
    let mut known = std::iter::once(default).chain(registry.models());
    match known.find(|spec| matches!(store.on_disk(spec), OnDisk::Present(_))) {
        Some(spec) => of_store(&store, spec).map(Some),
        None if asked => Err(store_failed(&default.name, StoreError::Absent)),
        None => Ok(None),
    }
}

fn registry(path: Option<&Path>) -> Result<Registry, Stop> {
    let Some(path) = path else {
        return Ok(Registry::builtin());
    };
    let failed = |cause: String| Failure::new(Exit::Usage, path.display(), cause);
    let document = read_file(path, None).map_err(|error| failed(error.cause.to_string()))?;
    Registry::from_toml(&document.text).map_err(|error| failed(error.to_string()).into())
}

fn store() -> Result<Store, Stop> {
    Store::from_env().map_err(|error| Failure::new(Exit::Model, "models", error).into())
}

fn store_failed(name: &str, error: StoreError) -> Stop {
    let exit = match error {
        StoreError::Io { .. } => Exit::Io,
        _ => Exit::Model,
    };
    Failure::new(exit, name, error)
        .hint(format!(
            "sukje model pull {name} fetches it; --engine extractive does without"
        ))
        .into()
}

fn of_store(store: &Store, spec: &ModelSpec) -> Result<File, Stop> {
    let found = store
        .open(spec)
        .map_err(|error| store_failed(&spec.name, error))?;
    let gguf = Gguf::from_file(&found.path.to_string_lossy(), found.file).map_err(unsound)?;
    Ok(File {
        gguf,
        name: spec.name.clone(),
        sha256: found.sha256,
    })
}

fn of_path(named: &str) -> Result<File, Stop> {
    let path = Path::new(named);
    let is_file = path.extension().is_some() || path.components().count() > 1 || path.exists();
    if !is_file {
        return Err(
            Failure::new(Exit::Model, named, "is no known model and no file")
                .hint("sukje model list names the models that are known")
                .into(),
        );
    }
    let gguf = gguf::open(path).map_err(unsound)?;
    let sha256 = gguf.sha256().map_err(unsound)?;
    let name = path.file_name().unwrap_or(path.as_os_str());
    Ok(File {
        name: name.to_string_lossy().into_owned(),
        gguf,
        sha256,
    })
}

fn unsound(GgufError { name, cause }: GgufError) -> Stop {
    Failure::new(Exit::Model, name, cause).into()
}

/// Tokens of all heads together beside the article: some twenty of them, a few hundred tokens each.
const HEAD_TOKENS: usize = 12_000;

/// Loads a model, unless it would not fit into memory.
fn load(file: File, article_tokens: usize) -> Result<Model<Decoder>, Stop> {
    let File { gguf, name, sha256 } = file;
    let failed =
        |cause: &dyn std::fmt::Display| Stop::from(Failure::new(Exit::Model, &name, cause));
    let tokens = article_tokens.min(gguf.hyperparameters().context) + HEAD_TOKENS;
    let needed = memory::needed_bytes(&gguf, CacheType::F16, tokens);
    if let Some(available) = memory::available_bytes().filter(|&bytes| bytes < needed) {
        let (needed, available) = (needed >> 20, available >> 20);
        let cause = format!("needs about {needed} MB of memory, {available} MB are free");
        return Err(failed(&cause));
    }
    let decoder =
        Decoder::load(&gguf, &DecoderOptions::default()).map_err(|error| failed(&error))?;
    Model::new(decoder, gguf.vocabulary(), &name, Some(sha256)).map_err(|error| failed(&error))
}

/// What is told on standard error: progress on a terminal, parts where they are asked for.
struct Talk {
    bar: ProgressBar,
    stream: bool,
    began: Instant,
}

impl Talk {
    fn new(args: &SummarizeArgs) -> Talk {
        let quiet = args.output.quiet || !io::stderr().is_terminal();
        let bar = match quiet {
            true => ProgressBar::hidden(),
            false => ProgressBar::new_spinner().with_style(
                ProgressStyle::with_template("{spinner} {elapsed} {msg}")
                    .expect("the template is sound"),
            ),
        };
        bar.set_message("loading the model");
        Talk {
            bar,
            stream: args.writing.stream,
            began: Instant::now(),
        }
    }

    fn tell(&self, progress: Progress<'_>) {
        self.bar.tick();
        match progress {
            Progress::Reading { done, total } => {
                let per_s = done as f64 / self.began.elapsed().as_secs_f64();
                self.bar.set_message(format!(
                    "read {done} of {total} tokens, {per_s:.0} tokens/s"
                ));
            }
            Progress::Cited => self.bar.set_message("cited; writing"),
            Progress::Part { field, statement } => {
                if self.stream {
                    self.bar.suspend(|| say(&part(field, statement)));
                }
                self.bar.set_message(format!("wrote {field}"));
            }
            Progress::Done(effort) => self.bar.set_message(done(effort, self.began)),
        }
    }

    fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

fn part(field: &str, statement: &Statement) -> String {
    let receipts: Vec<String> = statement.evidence.iter().map(u32::to_string).collect();
    format!("{field}: {} [{}]", statement.text, receipts.join(", "))
}

fn done(effort: Effort, began: Instant) -> String {
    let per_s = effort.written as f64 / began.elapsed().as_secs_f64();
    format!("wrote {} tokens, {per_s:.0} tokens/s", effort.written)
}

fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{}", shown(line));
}
