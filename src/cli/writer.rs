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
use sukje::brief::{Outline, Statement};
use sukje::engine::local::{self as llm, Effort, LlmError, LlmOptions, Model, Progress, Prompts};
use sukje::escape::shown;
use sukje::input::read_file;
use sukje::model::store::StoreError;
use sukje::model::{CacheType, Decoder, Sampling, memory};
use sukje::outline::OutlineOptions;

use super::args::{Cli, Engine, WritingArgs};
use super::exit::{Exit, Failure, Stop};
use super::model::{Opened, Room, store_failed};
#[cfg(feature = "remote")]
use super::remote;

/// With a seed, words are drawn as the models' makers advise for answers without thinking.
const TEMPERATURE: f32 = 0.7;
const TOP_P: f32 = 0.8;

/// What writes, and how.
pub struct Writer {
    pen: Pen,
    /// What errors call it by.
    name: String,
    options: LlmOptions,
    /// What the keys and values of one article take at most.
    article_bytes: u64,
}

enum Pen {
    /// A model, loaded.
    Model(Box<Model<Decoder>>),
    #[cfg(feature = "remote")]
    Server(remote::Asked),
}

/// The model that is to write; none where none is asked for and none is there.
pub fn writer(engine: &Engine, how: &WritingArgs) -> Result<Option<Writer>, Stop> {
    if *engine == Engine::Extractive {
        return match how.model {
            Some(_) => usage("--engine extractive writes without a model, and --model names one"),
            None => Ok(None),
        };
    }
    let options = LlmOptions {
        prompts: prompts(how.prompts.as_deref())?,
        article_tokens: how.article_tokens as usize,
        text_tokens: how.text_tokens as usize,
        sampling: sampling(how.seed),
        ..LlmOptions::default()
    };
    if let Engine::Openai(address) = engine {
        return server(address, how, options).map(Some);
    }
    let Some(file) = file(engine, how)? else {
        return Ok(None);
    };
    let shape = file.opened.file.hyperparameters();
    let tokens = (how.article_tokens as usize).min(shape.context) + HEAD_TOKENS;
    let model = load(&file.opened, &file.name, how.article_tokens as usize)?;
    Ok(Some(Writer {
        article_bytes: memory::cache_bytes(shape, CacheType::default(), tokens),
        pen: Pen::Model(Box::new(model)),
        name: file.name,
        options,
    }))
}

#[cfg(feature = "remote")]
fn server(address: &str, how: &WritingArgs, options: LlmOptions) -> Result<Writer, Stop> {
    Ok(Writer {
        article_bytes: 0,
        pen: Pen::Server(remote::open(address, how, options.sampling)?),
        name: address.into(),
        options,
    })
}

#[cfg(not(feature = "remote"))]
fn server(_: &str, _: &WritingArgs, _: LlmOptions) -> Result<Writer, Stop> {
    Err(super::exit::no_servers())
}

impl Writer {
    /// The outline of an article.
    pub fn outline(
        &self,
        article: &Article,
        options: &OutlineOptions,
        talk: &Talk,
    ) -> Result<Outline, Stop> {
        // An interrupt ends the program at once, between two tokens or within one.
        let never = AtomicBool::new(false);
        let mut tell = |progress: Progress<'_>| talk.tell(progress);
        let how = &self.options;
        let outline = match &self.pen {
            Pen::Model(model) => llm::outline(model, article, options, how, &never, &mut tell),
            #[cfg(feature = "remote")]
            Pen::Server(asked) => asked.outline(article, options, how, &never, &mut tell),
        };
        talk.clear();
        outline.map_err(|error| Failure::new(Exit::Model, &self.name, error).into())
    }

    /// The outlines of several articles, written together; given up once `cancelled` is set.
    pub fn outline_all(
        &self,
        articles: &[&Article],
        options: &OutlineOptions,
        cancelled: &AtomicBool,
        on_progress: &mut dyn FnMut(usize, Progress<'_>),
    ) -> Result<Vec<Result<Outline, LlmError>>, LlmError> {
        let how = &self.options;
        match &self.pen {
            Pen::Model(model) => {
                llm::outline_all(model, articles, options, how, cancelled, on_progress)
            }
            #[cfg(feature = "remote")]
            Pen::Server(asked) => Ok(asked.outline_all(articles, options, how, cancelled)),
        }
    }

    /// How many articles may be written together in so many MB, or in half of what is free; one at least.
    pub fn articles_at_once(&self, memory_mb: Option<u32>) -> usize {
        let free = memory::available_bytes().map_or(0, |free| free / 2);
        let budget = memory_mb.map_or(free, |mb| u64::from(mb) * 1_000_000);
        let articles = budget / self.article_bytes.max(1);
        usize::try_from(articles)
            .unwrap_or(1)
            .clamp(1, MOST_AT_ONCE)
    }

    /// As `summarize` names it on standard error.
    pub fn title(&self) -> String {
        match &self.pen {
            Pen::Model(_) => format!("{}, {}", llm::ENGINE, self.name),
            #[cfg(feature = "remote")]
            Pen::Server(asked) => format!("{}, {}", sukje::engine::server::ENGINE, asked.model()),
        }
    }

    /// Everything a note depends on besides article, lens and languages.
    pub fn identity(&self) -> String {
        match &self.pen {
            Pen::Model(model) => {
                format!("{} {:?} {:?}", self.name, model.sha256(), self.options)
            }
            // Where the server stands changes no note.
            #[cfg(feature = "remote")]
            Pen::Server(_) => format!("{} {:?}", self.title(), self.options),
        }
    }
}

/// The built-in prompts, and in their place what a folder has.
fn prompts(folder: Option<&Path>) -> Result<[Prompts; 2], Stop> {
    let mut prompts = LlmOptions::default().prompts;
    let Some(folder) = folder else {
        return Ok(prompts);
    };
    let mut found = 0;
    for (prompts, language) in prompts.iter_mut().zip(["ko", "en"]) {
        for name in Prompts::names() {
            let path = folder.join(language).join(name).with_extension("txt");
            if !path.exists() {
                continue;
            }
            found += 1;
            let failed = |cause: &dyn std::fmt::Display| {
                Stop::from(Failure::new(Exit::Usage, path.display(), cause))
            };
            let text = read_file(&path, None).map_err(|error| failed(&error.cause))?;
            prompts
                .replace(name, text.text)
                .map_err(|error| failed(&error))?;
        }
    }
    if found == 0 {
        let cause = "has no prompts, such as ko/thesis.txt or en/thesis.txt";
        return Err(Failure::new(Exit::Usage, folder.display(), cause).into());
    }
    Ok(prompts)
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
    opened: Opened,
    name: String,
}

/// The file of the model asked for, or of the one that is there.
fn file(engine: &Engine, how: &WritingArgs) -> Result<Option<File>, Stop> {
    let asked = *engine == Engine::Llm || how.model.is_some();
    let room = match Room::new(how.models.as_deref()) {
        // Without a home there is no store, and no model anybody asked for.
        Err(_) if !asked && how.models.is_none() => return Ok(None),
        room => room?,
    };
    if let Some(named) = &how.model {
        let opened = room.open(named)?;
        let name = match opened.sha256 {
            Some(_) => named.clone(),
            None => file_name(named),
        };
        return Ok(Some(File { opened, name }));
    }
    match room.present() {
        Some(spec) => Ok(Some(File {
            opened: room.open_known(spec)?,
            name: spec.name.clone(),
        })),
        None if asked => {
            let name = &room.registry.default_model().name;
            Err(store_failed(name, StoreError::Absent))
        }
        None => Ok(None),
    }
}

fn file_name(path: &str) -> String {
    let path = Path::new(path);
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Articles written together at most: by then every step is wide enough.
const MOST_AT_ONCE: usize = 8;
/// Tokens of all heads together beside the article: some twenty of them, a few hundred tokens each.
const HEAD_TOKENS: usize = 12_000;

/// Loads a model under the name a note gives it, unless it would not fit into memory.
pub fn load(opened: &Opened, name: &str, article_tokens: usize) -> Result<Model<Decoder>, Stop> {
    let failed = |cause: &dyn std::fmt::Display| Stop::from(Failure::new(Exit::Model, name, cause));
    let context = opened.file.hyperparameters().context;
    let loaded = opened.load(article_tokens.min(context) + HEAD_TOKENS)?;
    let chat = loaded.chat().map_err(|error| failed(error))?.clone();
    let sha256 = match &opened.sha256 {
        Some(sha256) => sha256.clone(),
        None => opened.file.sha256().map_err(|error| failed(&error.cause))?,
    };
    Model::of_parts(loaded.decoder, loaded.tokenizer, chat, name, Some(sha256))
        .map_err(|error| failed(&error))
}

/// What is told on standard error: progress on a terminal, parts where they are asked for.
pub struct Talk {
    bar: ProgressBar,
    stream: bool,
    began: Instant,
}

impl Talk {
    /// From now on: progress unless `quiet`, parts if `stream`.
    pub fn new(quiet: bool, stream: bool) -> Talk {
        let quiet = quiet || !io::stderr().is_terminal();
        let bar = match quiet {
            true => ProgressBar::hidden(),
            false => ProgressBar::new_spinner().with_style(
                ProgressStyle::with_template("{spinner} {elapsed} {msg}")
                    .expect("the template is sound"),
            ),
        };
        bar.set_message("getting ready");
        Talk {
            bar,
            stream,
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

    /// Takes the progress off the terminal.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// A part of a note on a line, with its receipts.
pub fn part(field: &str, statement: &Statement) -> String {
    let receipts: Vec<String> = statement.evidence.iter().map(u32::to_string).collect();
    format!("{field}: {} [{}]", statement.text, receipts.join(", "))
}

fn done(effort: Effort, began: Instant) -> String {
    let per_s = effort.written as f64 / began.elapsed().as_secs_f64();
    format!("wrote {} tokens, {per_s:.0} tokens/s", effort.written)
}

pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{}", shown(line));
}
