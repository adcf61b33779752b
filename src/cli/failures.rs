//! Failures: the exit code of every room's error, the name and cause on its line, and a hint where one is known.

use sukje::batch::{BatchError, BatchErrorKind};
use sukje::engine::OpenError;
use sukje::input::{DecodeError, ReadCause, ReadError};

use super::exit::{Exit, Failure, Stop};

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
            OpenError::AbsentModel { name, cause } => Failure::new(Exit::Model, &name, cause).hint(
                format!("sukje model pull {name} fetches it, --model FILE takes one that is here"),
            ),
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

impl From<BatchError> for Stop {
    fn from(BatchError { kind, name, cause }: BatchError) -> Stop {
        let exit = match kind {
            BatchErrorKind::Usage => Exit::Usage,
            BatchErrorKind::NoInput => Exit::NoInput,
            BatchErrorKind::Unusable | BatchErrorKind::Unfinished => Exit::Unusable,
            BatchErrorKind::Held => Exit::Later,
            BatchErrorKind::Io => Exit::Io,
            BatchErrorKind::ClosedPipe => return Stop::ClosedPipe,
        };
        let failure = Failure::new(exit, name, cause);
        match kind {
            BatchErrorKind::Unfinished => failure.hint("run its batch to the end, then merge"),
            _ => failure,
        }
        .into()
    }
}
