//! `sukje model`: the models that are known, fetched, checked, removed, and run.

mod info;
mod run;

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use serde::Serialize;
use sukje::engine::local::{Models, NamedModel, store_error};
use sukje::escape::shown;
use sukje::model::download::{DownloadError, DownloadProgress, Hub, PullOptions, Pulled, pull};
use sukje::model::gguf::GgufError;
use sukje::model::registry::{ModelSpec, Pin};
use sukje::model::store::{OnDisk, StoreError, sha256_of};
use sukje::render::write_json;

use super::args::{ModelArgs, ModelCommand, PullArgs};
use super::exit::{Exit, Failure, Stop};
use super::output::Output;
use super::reporter::bar;

pub fn run(args: &ModelArgs) -> Result<Exit, Stop> {
    let models = &Models::open(args.models.as_deref())?;
    match &args.command {
        ModelCommand::List { json } => list(models, *json),
        ModelCommand::Pull(args) => pull_model(models, args),
        ModelCommand::Info { named, json } => info::info(models, named, *json),
        ModelCommand::Check { named } => check(models, named),
        ModelCommand::Rm { name, yes } => remove(models, name, *yes),
        ModelCommand::Bench(args) => run::bench(models, args),
        ModelCommand::Perplexity(args) => run::perplexity(models, args),
    }
}

/// A model in `list --json`.
#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    default: bool,
    on_disk: &'static str,
    path: Option<PathBuf>,
    pinned: bool,
    repo: Option<&'a str>,
    file: &'a str,
    revision: Option<String>,
    size_bytes: Option<u64>,
    sha256: Option<String>,
    licence: &'a str,
    family: &'static str,
    quantisation: &'a str,
    context: u32,
    memory_mib: u32,
    languages: &'a [String],
    note: &'a str,
    measured: &'a str,
}

#[derive(Serialize)]
struct Listing<'a> {
    schema: &'static str,
    models: Vec<Listed<'a>>,
}

fn list(models: &Models, json: bool) -> Result<Exit, Stop> {
    let specs = models.registry.models().iter();
    let listing = Listing {
        schema: "sukje.models/1",
        models: specs.map(|spec| listed(models, spec)).collect(),
    };
    Output::Stdout.write(|out| match json {
        true => write_json(&listing, out),
        false => write_table(&listing.models, out),
    })?;
    Ok(Exit::Done)
}

fn listed<'a>(models: &Models, spec: &'a ModelSpec) -> Listed<'a> {
    let (on_disk, path) = match models.store.on_disk(spec) {
        OnDisk::Absent => ("no", None),
        OnDisk::WrongSize(path) => ("damaged", Some(path)),
        OnDisk::Present(path) => ("yes", Some(path)),
    };
    let pin = models.store.pin(spec);
    Listed {
        name: &spec.name,
        default: spec.default,
        on_disk,
        path,
        pinned: spec.pin.is_some(),
        repo: spec.repo.as_deref(),
        file: &spec.file,
        revision: pin.as_ref().map(|pin| pin.revision.clone()),
        size_bytes: pin.as_ref().map(|pin| pin.size_bytes),
        sha256: pin.map(|pin| pin.sha256),
        licence: &spec.licence,
        family: spec.family.name,
        quantisation: &spec.quantisation,
        context: spec.context,
        memory_mib: spec.memory_mib,
        languages: &spec.languages,
        note: &spec.note,
        measured: &spec.measured,
    }
}

fn pull_model(models: &Models, args: &PullArgs) -> Result<Exit, Stop> {
    let spec = models.spec(&args.name)?;
    let failed = |error| pull_failed(&spec.name, error);
    if spec.repo.is_none() {
        return Err(failed(DownloadError::NoAddress));
    }
    let hub = Hub::from_env().map_err(failed)?;
    let pin = models.store.pin(spec);
    if pin.is_none() && !args.accept_unpinned {
        return Err(failed(DownloadError::Unpinned));
    }
    if !matches!(models.store.on_disk(spec), OnDisk::Present(_)) {
        if hub.is_offline() {
            return Err(failed(DownloadError::Offline));
        }
        let what = offer(spec, pin.as_ref(), &hub);
        if !args.yes {
            if !ask(&spec.name, &what, "Fetch it?", "pull")? {
                return Ok(Exit::Model);
            }
        } else if !args.quiet && io::stderr().is_terminal() {
            say(&format!("{}: {what}", spec.name));
        }
    }
    let options = PullOptions {
        accept_unpinned: args.accept_unpinned,
    };
    let meter = Meter::new(args.quiet);
    let result = pull(spec, &models.store, &hub, options, &mut |progress| {
        meter.show(&progress)
    });
    meter.clear();
    let pulled = result.map_err(failed)?;
    Output::Stdout.write(|out| writeln!(out, "{}", shown(&pulled.path.to_string_lossy())))?;
    if !args.quiet {
        say(&outcome(spec, &pulled));
    }
    Ok(Exit::Done)
}

/// Checks all that is named before it fails for the first that is not sound.
fn check(models: &Models, names: &[String]) -> Result<Exit, Stop> {
    let named = match names.is_empty() {
        true => on_this_computer(models),
        false => names
            .iter()
            .map(|name| models.named(name))
            .collect::<Result<Vec<_>, _>>()?,
    };
    let mut first = None;
    for named in &named {
        match check_one(models, named) {
            Ok(line) => Output::Stdout.write(|out| writeln!(out, "{}", shown(&line)))?,
            Err(stop) => first = first.or(Some(stop)),
        }
    }
    match first {
        Some(stop) => Err(stop),
        None => Ok(Exit::Done),
    }
}

fn on_this_computer(models: &Models) -> Vec<NamedModel<'_>> {
    let specs = models.registry.models().iter();
    specs
        .filter(|spec| models.store.on_disk(spec) != OnDisk::Absent)
        .map(NamedModel::Model)
        .collect()
}

fn check_one(models: &Models, named: &NamedModel) -> Result<String, Stop> {
    match named {
        NamedModel::Model(spec) => match models.store.check(spec) {
            Ok(file) => Ok(format!(
                "{}: sound, sha256 {}, {}",
                spec.name,
                file.sha256,
                file.path.display()
            )),
            Err(error) => Err(store_error(&spec.name, error).into()),
        },
        NamedModel::File(path) => {
            let found = sha256_of(path).map_err(|error| file_failed(path, &error))?;
            match model_of(models, path, &found) {
                Some((spec, pin)) if pin.sha256 == found => Ok(format!(
                    "{}: sound, sha256 {found}, is {}",
                    path.display(),
                    spec.name
                )),
                Some((spec, pin)) => Err(is_not(path, spec, &pin, &found)),
                None => Err(Failure::new(
                    Exit::Model,
                    path.display(),
                    format_args!("is none of the known models, its sha256 is {found}"),
                )
                .hint("--models FILE names a file with an entry of your own")
                .into()),
            }
        }
    }
}

/// Returns the model a file is, by its hash, or means to be, by its name.
fn model_of<'m>(models: &'m Models, path: &Path, sha256: &str) -> Option<(&'m ModelSpec, Pin)> {
    let specs = models.registry.models().iter();
    let known: Vec<(&ModelSpec, Pin)> = specs
        .filter_map(|spec| Some((spec, models.store.pin(spec)?)))
        .collect();
    let is_named = |spec: &ModelSpec| path.file_name() == Path::new(&spec.file).file_name();
    let by_hash = known.iter().find(|(_, pin)| pin.sha256 == sha256);
    by_hash
        .or_else(|| known.iter().find(|(spec, _)| is_named(spec)))
        .cloned()
}

fn remove(models: &Models, name: &str, yes: bool) -> Result<Exit, Stop> {
    let spec = models.spec(name)?;
    if !yes && !ask(name, "would go from this computer", "Remove it?", "rm")? {
        return Ok(Exit::Model);
    }
    let freed = models
        .store
        .remove(spec)
        .map_err(|error| store_error(name, error))?;
    say(&format!("{name}: removed, {} freed", size(freed)));
    Ok(Exit::Done)
}
fn write_table(models: &[Listed], out: &mut dyn Write) -> io::Result<()> {
    let cells = |model: &Listed| {
        [
            model.name.to_string(),
            model.size_bytes.map_or("unpinned".into(), size),
            model.licence.to_string(),
            model.languages.join(" "),
            model.on_disk.to_string(),
            if model.default { "default" } else { "" }.to_string(),
        ]
    };
    let head = ["name", "size", "licence", "languages", "on disk", ""].map(str::to_string);
    let rows: Vec<[String; 6]> = std::iter::once(head)
        .chain(models.iter().map(cells))
        .collect();
    let wide = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: [usize; 6] = std::array::from_fn(wide);
    for row in &rows {
        let cells = row.iter().zip(widths);
        let line: String = cells
            .map(|(cell, width)| format!("{cell:width$}  "))
            .collect();
        writeln!(out, "{}", shown(line.trim_end()))?;
    }
    out.flush()
}

/// Prints what would be fetched, for the one who decides.
fn offer(spec: &ModelSpec, pin: Option<&Pin>, hub: &Hub) -> String {
    let size = pin.map_or("of unknown size".into(), |pin| size(pin.size_bytes));
    format!(
        "{size}, licence {}, from {}/{}",
        spec.licence,
        hub.host(),
        spec.repo.as_deref().unwrap_or_default()
    )
}

/// Prints what was fetched.
fn outcome(spec: &ModelSpec, pulled: &Pulled) -> String {
    let pin = &pulled.pin;
    let what = match (pulled.was_there, spec.pin.is_some()) {
        (true, _) => "is there and sound",
        (false, true) => "fetched and sound",
        (false, false) => "fetched, and from now on held to this hash",
    };
    format!(
        "{}: {what}: {}, licence {}, sha256 {}",
        spec.name,
        size(pin.size_bytes),
        spec.licence,
        pin.sha256
    )
}

/// Asks on the terminal; where there is none, the answer must be among the arguments.
fn ask(name: &str, what: &str, question: &str, command: &str) -> Result<bool, Stop> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        let cause = format!("{what}: no --yes, and no terminal to ask on");
        return Err(Failure::new(Exit::Model, name, cause)
            .hint(format!("sukje model {command} {name} --yes does not ask"))
            .into());
    }
    let text = format!("{name}: {what}\n{question} [y/N] ");
    let _ = io::stderr().write_all(text.as_bytes());
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Failure::new(Exit::Io, "-", format_args!("could not be read: {error}")))?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{}", shown(line));
}

/// The progress of a pull, on a terminal and nowhere else.
struct Meter(ProgressBar);

impl Meter {
    fn new(quiet: bool) -> Meter {
        let template =
            "{bar:30} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {msg}";
        Meter(bar(quiet, template))
    }

    fn show(&self, progress: &DownloadProgress) {
        match progress {
            DownloadProgress::Waiting => self.0.set_message("another process is fetching it"),
            DownloadProgress::Received { bytes, total } => {
                self.0.set_length(*total);
                self.0.set_position(*bytes);
            }
            DownloadProgress::Again(error) => {
                let line = format!("{error}; trying again");
                self.0.println(shown(&line));
            }
        }
    }

    fn clear(&self) {
        self.0.finish_and_clear();
    }
}

fn pull_failed(name: &str, error: DownloadError) -> Stop {
    let (exit, error) = match error {
        DownloadError::Store(error) => return store_error(name, error).into(),
        error @ DownloadError::NoSpace { .. } => (Exit::Io, error),
        error => (Exit::Model, error),
    };
    let hint = match &error {
        DownloadError::NoSpace { .. } => {
            Some("HF_HOME names another folder to keep models in".into())
        }
        DownloadError::NoAddress => {
            Some("--model FILE takes a file that is here; sukje model check FILE knows it".into())
        }
        DownloadError::Unpinned => Some(format!(
            "sukje model pull {name} --accept-unpinned takes what comes and remembers its hash"
        )),
        DownloadError::Status {
            status: 401 | 403, ..
        } => Some("HF_TOKEN may hold a token that is allowed to fetch it".into()),
        DownloadError::Cut { .. } | DownloadError::Stalled { .. } => {
            Some(format!("sukje model pull {name} goes on where it ended"))
        }
        DownloadError::Html { .. } => {
            Some("a login page of this network, or a wrong HF_ENDPOINT?".into())
        }
        _ => None,
    };
    let failure = Failure::new(exit, name, error);
    match hint {
        Some(hint) => failure.hint(hint).into(),
        None => failure.into(),
    }
}

fn gguf_failed(GgufError { name, cause }: GgufError) -> Stop {
    Failure::new(Exit::Model, name, cause).into()
}

fn file_failed(path: &Path, error: &StoreError) -> Stop {
    let cause = match error {
        StoreError::Absent => "no such file".to_string(),
        StoreError::NotAFile(_) => "is no regular file".to_string(),
        error => error.to_string(),
    };
    Failure::new(Exit::Model, path.display(), cause).into()
}

fn is_not(path: &Path, spec: &ModelSpec, pin: &Pin, found: &str) -> Stop {
    let cause = format!(
        "checksum failed: as {} expected sha256 {}, found {found}",
        spec.name, pin.sha256
    );
    Failure::new(Exit::Model, path.display(), cause)
        .hint(format!("sukje model pull {} fetches it again", spec.name))
        .into()
}

/// Returns bytes as people say them, in powers of ten as shops and hubs count.
fn size(bytes: u64) -> String {
    match bytes {
        1_000_000_000.. => format!("{:.2} GB", bytes as f64 / 1e9),
        1_000_000.. => format!("{} MB", bytes / 1_000_000),
        _ => format!("{bytes} bytes"),
    }
}
