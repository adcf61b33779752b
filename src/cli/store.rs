//! `sukje batch` on object stores: inputs are fetched into a staging folder, the batch runs there, and its notes are put where they
//! were asked for.
//!
//! The notes are put there however the run ended: what is done is done for every computer.

use std::path::Path;

use super::args::BatchArgs;
use super::exit::{Exit, Stop};

#[cfg(feature = "remote")]
pub use with::{called, staged};
#[cfg(not(feature = "remote"))]
pub use without::staged;

/// Whether a path is a URL, and not a file's.
fn is_url(path: &Path) -> bool {
    let scheme = path.to_str().and_then(|path| path.split_once("://"));
    scheme.is_some_and(|(scheme, _)| {
        scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Everything a batch is given that may be a URL.
fn given(args: &BatchArgs) -> impl Iterator<Item = &Path> {
    let others = args.base.iter().chain([&args.out]);
    args.inputs.iter().chain(others).map(AsRef::as_ref)
}

#[cfg(not(feature = "remote"))]
mod without {
    use super::*;
    use crate::cli::exit::Failure;

    /// Runs a batch, if none of it is on an object store.
    pub fn staged(
        args: BatchArgs,
        batch: impl FnOnce(&BatchArgs) -> Result<Exit, Stop>,
    ) -> Result<Exit, Stop> {
        let Some(url) = given(&args).find(|path| is_url(path)) else {
            return batch(&args);
        };
        let scheme = url.to_str().and_then(|url| url.split_once("://"));
        let scheme = scheme.map_or("", |(scheme, _)| scheme);
        let cause = "object stores are not in this build: it was made without the feature `remote`";
        Err(
            Failure::new(Exit::Usage, format_args!("{scheme}://"), cause)
                .hint("cargo install --path . --features remote builds one that has them")
                .into(),
        )
    }
}

#[cfg(feature = "remote")]
mod with {
    use std::fmt::Display;
    use std::io::{self, Write};
    use std::path::PathBuf;
    use std::sync::mpsc::{self, RecvTimeoutError};
    use std::time::{Duration, Instant};

    use sukje::batch::{Fetched, Stage, StoreError, Tree, stage_name};

    use super::*;
    use crate::cli::batch::journal_failed;
    use crate::cli::exit::{Failure, report, tell};
    use crate::cli::signals;

    const SETTINGS: &str = "settings and credentials come from the environment: AWS_…, GOOGLE_… or AZURE_… (README.md)";

    /// Runs a batch whose inputs and notes may lie in object stores: on local folders in their stead.
    pub fn staged(
        mut args: BatchArgs,
        batch: impl FnOnce(&BatchArgs) -> Result<Exit, Stop>,
    ) -> Result<Exit, Stop> {
        if !given(&args).any(is_url) {
            return match args.stage {
                None => batch(&args),
                Some(_) => Err(usage("--stage", "nothing here is on an object store")),
            };
        }
        check_inputs(&args)?;
        let inputs = trees(&args.inputs)?;
        let base = trees(args.base.as_slice())?;
        let out = tree(&args.out)?;
        let mut stage = open(&args)?;
        let mut lost = false;
        if let Some(out) = &out {
            let fetched = stage.fetch_output(out).map_err(|e| failed(e, Exit::Io))?;
            lost |= tell_fetched(out, &fetched, args.quiet);
            args.out = stage.output();
        }
        for (input, tree) in args.inputs.iter_mut().zip(&inputs) {
            let fetched = stage.fetch(tree, args.recursive, out.as_ref());
            let fetched = fetched.map_err(|error| nothing(error, args.recursive))?;
            lost |= tell_fetched(tree, &fetched, args.quiet);
            *input = fetched.path;
        }
        if let Some(base) = base.first() {
            let place = stage.place(base).map_err(|e| failed(e, Exit::Io))?;
            args.base = Some(place);
        }
        args.fetched = Some(stage.inputs());
        let ran = match out.filter(|_| !args.dry_run) {
            Some(out) => {
                signals::take_time(true);
                let ran = putting(&mut stage, &out, args.put_every, || batch(&args));
                put(&mut stage, &out, ran, args.quiet)
            }
            None => batch(&args),
        };
        match ran {
            Ok(Exit::Done) if lost => Ok(Exit::Findings),
            ran => ran,
        }
    }

    /// Ids come from where inputs lie together, so that all of them lie in stores or none.
    fn check_inputs(args: &BatchArgs) -> Result<(), Stop> {
        let urls = args.inputs.iter().filter(|path| is_url(path)).count();
        let mixed = urls > 0 && (urls < args.inputs.len() || args.files_from.is_some());
        match mixed {
            true => Err(usage(
                "INPUT",
                "inputs on object stores and inputs on this computer cannot go together",
            )),
            false => Ok(()),
        }
    }

    fn usage(name: &str, cause: &str) -> Stop {
        Failure::new(Exit::Usage, name, cause).into()
    }

    fn tree(path: &Path) -> Result<Option<Tree>, Stop> {
        match path.to_str().filter(|_| is_url(path)) {
            Some(url) => Tree::open(url).map(Some).map_err(|e| failed(e, Exit::Io)),
            None => Ok(None),
        }
    }

    fn trees(paths: &[PathBuf]) -> Result<Vec<Tree>, Stop> {
        let trees: Result<Vec<_>, _> = paths.iter().map(|path| tree(path)).collect();
        Ok(trees?.into_iter().flatten().collect())
    }

    /// The staging folder of this output: two batches that write to different places do not wait for each other.
    fn open(args: &BatchArgs) -> Result<Stage, Stop> {
        let folder = match &args.stage {
            Some(folder) => folder.clone(),
            None => {
                let out = match is_url(&args.out) {
                    true => Ok(args.out.clone()),
                    false => std::path::absolute(&args.out),
                };
                let out = out.map_err(|e| Failure::new(Exit::Io, args.out.display(), e))?;
                let cache = dirs::cache_dir().ok_or_else(|| {
                    usage(
                        "--stage",
                        "is needed: this computer has no folder for caches",
                    )
                })?;
                let name = stage_name(&out.to_string_lossy());
                cache.join("sukje").join("stage").join(name)
            }
        };
        Stage::open(&folder).map_err(|error| failed(error, Exit::Io))
    }

    /// Tells what came; gives whether some of it could not be kept.
    fn tell_fetched(tree: &Tree, fetched: &Fetched, quiet: bool) -> bool {
        let Fetched {
            fetched,
            kept,
            lost,
            ..
        } = fetched;
        if fetched + kept > 0 {
            say(
                quiet,
                format_args!("{}: {fetched} fetched, {kept} there already", tree.url()),
            );
        }
        for lost in lost {
            tell(&lost.url, lost.cause);
        }
        !lost.is_empty()
    }

    fn say(quiet: bool, what: impl Display) {
        if !quiet {
            let _ = writeln!(io::stderr(), "{}", sukje::escape::shown(&what.to_string()));
        }
    }

    /// Runs a batch, and puts what it has done into the store now and then: a computer that goes away takes little with it.
    fn putting<T>(stage: &mut Stage, out: &Tree, every: u32, batch: impl FnOnce() -> T) -> T {
        let (running, ended) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut pause = Duration::from_secs(every.into());
                while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    let began = Instant::now();
                    // What fails now is tried again at the end, and told then.
                    let _ = stage.push_some(out);
                    // Every note is looked at, which must not become the work.
                    pause = pause.max(began.elapsed() * 10);
                }
            });
            let ran = batch();
            drop(running);
            ran
        })
    }

    /// Puts what there is into the store, and gives how the run ended.
    fn put(
        stage: &mut Stage,
        out: &Tree,
        ran: Result<Exit, Stop>,
        quiet: bool,
    ) -> Result<Exit, Stop> {
        let interrupted = signals::interrupted().is_some();
        signals::take_time(interrupted);
        if interrupted {
            let what = "putting what is done there; a second interrupt ends it";
            say(quiet, format_args!("{}: {what}", out.url()));
        }
        let hint = format!(
            "the notes are in {}, and the same command puts them there",
            stage.output().display()
        );
        match (ran, stage.push(out)) {
            (ran, Ok(pushed)) => {
                let (put, kept) = (pushed.put, pushed.kept);
                say(
                    quiet,
                    format_args!("{}: {put} put, {kept} there already", out.url()),
                );
                ran
            }
            (Ok(_), Err(error)) => Err(failure(&error, Exit::Io).map_or_else(
                || failed(error, Exit::Io),
                |failure| failure.hint(hint).into(),
            )),
            (Err(stop), Err(error)) => {
                report(&failed(error, Exit::Io));
                Err(stop)
            }
        }
    }

    /// No input there.
    fn nothing(error: StoreError, recursive: bool) -> Stop {
        match failure(&error, Exit::NoInput) {
            Some(failure) if matches!(error, StoreError::Nothing { .. }) && !recursive => failure
                .hint("--recursive looks into folders inside folders, too")
                .into(),
            _ => failed(error, Exit::NoInput),
        }
    }

    fn failed(error: StoreError, absent: Exit) -> Stop {
        match (&error, failure(&error, absent)) {
            (StoreError::Journal(error), _) => journal_failed(error),
            (StoreError::Store { .. }, Some(failure)) if !error.is_absent() => {
                failure.hint(SETTINGS).into()
            }
            (_, Some(failure)) => failure.into(),
            (_, None) => usage("--stage", &error.to_string()),
        }
    }

    /// An error line; none where the staging folder is held by another run.
    fn failure(error: &StoreError, absent: Exit) -> Option<Failure> {
        let (exit, name) = match error {
            StoreError::Url { url, .. } => (Exit::Usage, url.clone()),
            StoreError::Nothing { url } => (Exit::NoInput, url.clone()),
            StoreError::Store { url, .. } if error.is_absent() => (absent, url.clone()),
            StoreError::Store { url, .. } => (Exit::Io, url.clone()),
            StoreError::File { path, .. } => (Exit::Io, path.display().to_string()),
            StoreError::Journal(_) => return None,
        };
        let text = error.to_string();
        let cause = text.strip_prefix(&name).unwrap_or(&text);
        Some(Failure::new(exit, &name, cause.trim_start_matches(": ")))
    }

    /// What errors call an input: by its URL, and not by where it was fetched to.
    pub fn called(args: &BatchArgs, place: String) -> String {
        let below = args.fetched.as_ref().and_then(|inputs| {
            let below = Path::new(&place).strip_prefix(inputs).ok()?;
            below.to_str()?.split_once('/')
        });
        match below {
            Some(("file", rest)) => format!("file:///{rest}"),
            Some((scheme, rest)) => format!("{scheme}://{rest}"),
            None => place,
        }
    }
}
