//! The worker: a stream of articles, one JSON line each, becomes a stream of briefs, one line for every line and in their order.
//!
//! In:  lines of `{"id", "text"|"html", "title"?}`. Out: `{"id", "brief"}`, or `{"id", "error"}` with its cause: a bad line is answered like
//! any other, and the next one is read. Nothing is remembered from one line to the next; what is in the works is bounded.

use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use encoding_rs::UTF_8;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::error::{BatchError, BatchErrorKind};
use super::lines::{self, LineArticle, LineError, Lines};
use super::plan::InputError;
use super::run::spawn;
use crate::brief::{BRIEF_SCHEMA, Brief};
use crate::engine::Pipeline;
use crate::input::{ReadCause, TextForm, document};
use crate::render::{titled_schema_of, write_json_line};

/// The schema name of the worker's lines, which carry none themselves.
const WORKER_SCHEMA: &str = "sukje.worker/1";

/// Returns the schema of a line `sukje worker` writes.
pub fn worker_schema() -> Value {
    let mut schema = titled_schema_of::<WorkerAnswer>(WORKER_SCHEMA);
    schema["$defs"]["Brief"]["properties"]["schema"]["const"] = json!(BRIEF_SCHEMA);
    schema
}

/// What is answered to a line.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WorkerAnswer {
    /// What the line calls its article; null where it has no sound id.
    pub id: Option<String>,
    /// Its brief, or why there is none.
    #[serde(flatten)]
    pub answer: AnswerBody,
}

/// A brief, or why there is none.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerBody {
    /// The brief.
    Brief(Box<Brief>),
    /// Why there is none.
    Error(InputError),
}

/// A line as it was read, and whom to give the answer.
type QueuedLine = (Result<Vec<u8>, LineError>, Sender<Vec<u8>>);

/// Answers every line of a stream, `jobs` of them at a time. Each answer is written and flushed as soon as it is its turn. Texts are
/// read in `form`; where none is given, in that of their ids and of what stands in them.
pub fn work(
    lines: &mut Lines,
    pipeline: &Pipeline,
    form: Option<TextForm>,
    jobs: usize,
    out: &mut (dyn Write + Send),
) -> Result<(), BatchError> {
    let jobs = jobs.max(1);
    std::thread::scope(|scope| {
        let (ask, asked) = mpsc::sync_channel::<QueuedLine>(jobs);
        // The answers to come, in the order of the lines.
        let (promise, promised) = mpsc::sync_channel::<Receiver<Vec<u8>>>(jobs);
        let asked = Arc::new(Mutex::new(asked));
        for _ in 0..jobs {
            let asked = asked.clone();
            spawn(scope, "worker", move || answer_all(&asked, pipeline, form))
                .map_err(BatchError::threads)?;
        }
        drop(asked);
        let writer = spawn(scope, "writer", move || write_all(&promised, out))
            .map_err(BatchError::threads)?;
        let read = loop {
            let line = match lines.next_line() {
                Ok(Some((_, line))) => line.map(<[u8]>::to_vec),
                Ok(None) => break Ok(()),
                Err(error) => break Err(BatchError::io(Path::new("-"), "read", &error)),
            };
            let (answer, answered) = mpsc::channel();
            // Whoever writes has failed, and says why below.
            if promise.send(answered).is_err() || ask.send((line, answer)).is_err() {
                break Ok(());
            }
        };
        drop((promise, ask));
        let written = writer.join().expect("writing does not panic");
        written.map_err(unwritten).and(read)
    })
}

fn unwritten(error: io::Error) -> BatchError {
    let kind = match error.kind() {
        io::ErrorKind::BrokenPipe => BatchErrorKind::ClosedPipe,
        _ => BatchErrorKind::Io,
    };
    let cause = format_args!("could not be written: {error}");
    BatchError::new(kind, "standard output", cause)
}

fn answer_all(asked: &Mutex<Receiver<QueuedLine>>, pipeline: &Pipeline, form: Option<TextForm>) {
    loop {
        let next = asked.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((line, answer)) = next else {
            return;
        };
        let mut bytes = Vec::new();
        write_json_line(&answered(line, pipeline, form), &mut bytes)
            .expect("a vector takes everything");
        // Nobody waits for it once writing has failed.
        let _ = answer.send(bytes);
    }
}

fn write_all(promised: &Receiver<Receiver<Vec<u8>>>, out: &mut dyn Write) -> io::Result<()> {
    for answered in promised {
        let Ok(line) = answered.recv() else {
            break;
        };
        out.write_all(&line)?;
        out.flush()?;
    }
    Ok(())
}

/// Answers a line.
fn answered(
    line: Result<Vec<u8>, LineError>,
    pipeline: &Pipeline,
    form: Option<TextForm>,
) -> WorkerAnswer {
    let unusable = |cause: &LineError| AnswerBody::Error(cause.into());
    let record = match &line {
        Ok(line) => lines::record(line),
        Err(cause) => Err(cause.clone()),
    };
    let (id, answer) = match record {
        Ok(LineArticle { id, text: Ok(text) }) => {
            // The text stands in the record now.
            drop(line);
            let answer = noted(&id, text, pipeline, form);
            (Some(id), answer)
        }
        Ok(LineArticle {
            id,
            text: Err(cause),
        }) => (Some(id), unusable(&cause)),
        Err(cause) => {
            let id = line.ok().and_then(|line| lines::id_of_broken(&line));
            (id, unusable(&cause))
        }
    };
    WorkerAnswer { id, answer }
}

/// Writes the brief a batch would write of it.
fn noted(id: &str, text: String, pipeline: &Pipeline, form: Option<TextForm>) -> AnswerBody {
    let document = document(id.to_string(), text.into_bytes(), Some(UTF_8));
    let document = match document.and_then(|document| document.in_form(form)) {
        Ok(document) => document,
        Err(cause) => return AnswerBody::Error(InputError::from(&ReadCause::from(cause))),
    };
    // An interrupt ends a worker at once: what it was asked last will be asked again.
    match pipeline.brief(&document, &AtomicBool::new(false)) {
        Ok(brief) => AnswerBody::Brief(Box::new(brief)),
        Err(error) => AnswerBody::Error(error.into()),
    }
}
