//! Failures: the exit code of every room's error, the name and cause on its line, and a hint where one is known.

use std::io;
use std::path::Path;

use sukje::batch::{
    FolderError, JournalError, MergeError, PlanError, RunError, WalkError, WorkerError,
};
use sukje::engine::OpenError;
use sukje::input::{DecodeError, ReadCause, ReadError};

use super::exit::{Exit, Failure, Stop, write_failed};

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Stop {
        let exit = match &error.cause {
            ReadCause::Open(_) | ReadCause::Folder | ReadCause::Device | ReadCause::Pipe => {
                Exit::NoInput
            }
            ReadCause::Read(_) => Exit::Io,
            ReadCause::TooLarge { .. } | ReadCause::Decode(_) => Exit::Unusable,
        };
        let mut failure = Failure::new(exit, &error.name, &error.cause);
        if let Some(hint) = hint(&error.cause) {
            failure = failure.hint(hint);
        }
        failure.into()
    }
}

fn hint(cause: &ReadCause) -> Option<&'static str> {
    let ReadCause::Decode(cause) = cause else {
        return None;
    };
    match cause {
        DecodeError::Foreign("a PDF file") => {
            Some("take the text out first, for instance with pdftotext")
        }
        DecodeError::Foreign(kind) if kind.contains("document") => {
            Some("save it as plain text first")
        }
        DecodeError::Foreign(kind) if kind.contains("archive") => Some("unpack it first"),
        DecodeError::Page => Some("give the article's text; pages are not read yet"),
        DecodeError::EscapeBased => {
            Some("convert it first, for instance with iconv -f ISO-2022-KR -t UTF-8")
        }
        DecodeError::Unreadable { .. }
        | DecodeError::MixedEncodings
        | DecodeError::UnknownEncoding => {
            Some("name the encoding if you know it, for instance --encoding cp949")
        }
        _ => None,
    }
}

impl From<OpenError> for Stop {
    fn from(error: OpenError) -> Stop {
        match error {
            OpenError::NoServers => {
                let cause = "openai:URL is not in this build: it asks no servers";
                Failure::new(Exit::Usage, "--engine", cause)
                    .hint("cargo install --path . --features remote builds one that does")
            }
            OpenError::ModelGiven | OpenError::NoModels => {
                Failure::new(Exit::Usage, "--engine", error)
            }
            OpenError::File { path, cause } => Failure::new(Exit::Usage, path.display(), cause),
            OpenError::Address { cause } => Failure::new(Exit::Usage, "--engine", cause),
            OpenError::Key { variable, cause } => Failure::new(Exit::Usage, variable, cause),
            OpenError::UnknownModel { name } => {
                Failure::new(Exit::Model, name, "no model of that name is known")
                    .hint("sukje model list shows the names")
            }
            OpenError::AbsentModel { name, cause } => Failure::new(Exit::Model, &name, cause)
                .hint(format!("sukje model pull {name} fetches it")),
            OpenError::DamagedModel { name, cause } => Failure::new(Exit::Model, &name, cause)
                .hint(format!("sukje model pull {name} fetches it again")),
            OpenError::Server { address, cause } => Failure::new(Exit::Model, address, cause),
            OpenError::Model { name, cause } => Failure::new(Exit::Model, name, cause),
            OpenError::Io { name, cause } => Failure::new(Exit::Io, name, cause),
            OpenError::Threads { cause } => Failure::new(Exit::Io, "--threads", cause),
            OpenError::Thread(source) => Failure::new(Exit::Io, "threads", source),
        }
        .into()
    }
}

impl From<FolderError> for Stop {
    fn from(error: FolderError) -> Stop {
        match error {
            FolderError::Write(error) => cannot_write(&error.path, &error.source),
            FolderError::Journal(error) => error.into(),
            FolderError::Overview { out, source } => {
                let cause = format_args!("the overview could not be made: {source}");
                Failure::new(Exit::Io, out.display(), cause).into()
            }
        }
    }
}

/// A folder cannot fail by a closed pipe.
fn cannot_write(path: &Path, error: &io::Error) -> Stop {
    let cause = format_args!("could not be written: {error}");
    Failure::new(Exit::Io, path.display(), cause).into()
}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Stop {
        let text = error.to_string();
        let (exit, path) = match &error {
            JournalError::Held { out, .. } => (Exit::Later, out),
            JournalError::Newer { path, .. } => (Exit::Unusable, path),
            JournalError::Io { path, .. } => (Exit::Io, path),
        };
        let name = path.display().to_string();
        let cause = text.strip_prefix(&name).unwrap_or(&text);
        Failure::new(exit, name, cause.trim_start_matches(": ")).into()
    }
}

impl From<RunError> for Stop {
    fn from(error: RunError) -> Stop {
        match error {
            RunError::Folder(error) => error.into(),
            RunError::Threads(source) => Failure::new(Exit::Io, "threads", source).into(),
        }
    }
}

impl From<MergeError> for Stop {
    fn from(error: MergeError) -> Stop {
        match error {
            MergeError::Read { path, source } => {
                let exit = match source.kind() {
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Exit::NoInput,
                    _ => Exit::Io,
                };
                let cause = format_args!("could not be read: {source}");
                Failure::new(exit, path.display(), cause).into()
            }
            MergeError::Unfinished { folder, cause } => {
                Failure::new(Exit::Unusable, folder.display(), cause)
                    .hint("run its batch to the end, then merge")
                    .into()
            }
            MergeError::Unlike { folder, cause } => {
                Failure::new(Exit::Unusable, folder.display(), cause).into()
            }
            MergeError::IntoItself { folder } => {
                let cause = "is one of the parts; give the whole a folder of its own";
                Failure::new(Exit::Usage, folder.display(), cause).into()
            }
            MergeError::Journal(error) => error.into(),
            MergeError::Folder(error) => error.into(),
        }
    }
}

impl From<WorkerError> for Stop {
    fn from(error: WorkerError) -> Stop {
        match error {
            WorkerError::Read(source) => ReadError {
                name: "-".into(),
                cause: ReadCause::Read(source),
            }
            .into(),
            WorkerError::Write(source) => write_failed("standard output", &source),
            WorkerError::Threads(source) => Failure::new(Exit::Io, "threads", source).into(),
        }
    }
}

/// Returns the failure of a plan for the folder `out`, whose first input is `first`.
pub fn plan_failed(error: &PlanError, first: &str, out: &Path) -> Stop {
    let (exit, name, cause) = match error {
        PlanError::Walk(WalkError::Pattern { pattern, cause }) => (
            Exit::Usage,
            pattern.display().to_string(),
            format!("not a pattern: {cause}"),
        ),
        PlanError::Walk(WalkError::Path { path, source }) => (
            Exit::NoInput,
            path.display().to_string(),
            source.to_string(),
        ),
        PlanError::NothingThere { name, message } => {
            (Exit::NoInput, name.display().to_string(), message.clone())
        }
        PlanError::Nothing => (Exit::NoInput, first.into(), error.to_string()),
        PlanError::OnlyOutput => (Exit::Usage, out.display().to_string(), error.to_string()),
        PlanError::OutsideBase { path, base } => (
            Exit::Usage,
            path.display().to_string(),
            format!("does not lie in {}", base.display()),
        ),
        PlanError::SameId { id, first, second } => (
            Exit::Unusable,
            second.clone(),
            format!("its id {id:?} stands already at {first}"),
        ),
    };
    Failure::new(exit, name, cause).into()
}
