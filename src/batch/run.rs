//! The run: every item of a plan is noted, by as many threads as there are, and what is done already is left alone.
//!
//! In:  a `Plan`, an `Engine` and an output folder. Out: notes, and the `Fate` of every item. One thread feeds, the workers write
//! notes under temporary names in whatever order, and one puts them in place in groups. The queues between them are short:
//! memory does not grow with the number of items. What the notes say depends on none of this.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use encoding_rs::{Encoding, UTF_8};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::commit::{CommitError, GROUP_ITEMS, GROUP_WAIT, Output, Sync, Unnamed, WriteError};
use super::engine::Engine;
use super::feed::{Input, Job, feed};
use super::journal::{Journal, JournalError, Known, Outcome, Place, Record, Written};
use super::names::{Layout, note_stem};
use super::plan::{Code, Fault, Hash, Item, Plan, Source, State};
use crate::hash::{hex, sha256};
use crate::input::{Document, ReadCause, document, read_bytes};
use crate::overview::Row;
use crate::render::{Format, render};

/// Jobs that wait for each worker: some, lest it waits; few, since a text may be large.
const QUEUED: usize = 8;
/// Rust's own threads have 2 MB; the main thread, where every other command works, has four times that.
const STACK_BYTES: usize = 8 << 20;

/// How a batch is run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// How notes are laid out.
    pub layout: Layout,
    /// The forms of each note.
    pub formats: Vec<Format>,
    /// When notes are made durable.
    pub sync: Sync,
    /// Write every note again.
    pub force: bool,
    /// Try again what failed before and would fail for the same reason.
    pub retry_failed: bool,
    /// Stop when so many items have failed.
    pub most_failures: Option<usize>,
    /// How many articles are in the works at a time.
    pub threads: usize,
    /// The inputs' encoding; found from the bytes where none is given.
    pub encoding: Option<&'static Encoding>,
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Nothing yet.
    Open,
    /// Its notes are in place; the record stands there.
    Done(Place),
    /// The engine failed; the record stands there.
    Failed(Place),
    /// Nothing was recorded: it could not be read.
    Fault(Box<Fault>),
}

/// How far a run is, for whoever watches.
#[derive(Debug, Default)]
pub struct Progress {
    /// Notes written.
    pub done: AtomicUsize,
    /// Notes that were there already.
    pub kept: AtomicUsize,
    /// Notes that somebody has edited, and that were kept so.
    pub edited: AtomicUsize,
    /// Items without a note.
    pub failed: AtomicUsize,
    /// The item begun last.
    pub current: Mutex<String>,
}

/// Why a run ended before its end.
#[derive(Debug, Error)]
pub enum RunError {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A note.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The system has no more threads.
    #[error("threads: {0}")]
    Threads(#[source] io::Error),
}

impl From<CommitError> for RunError {
    fn from(error: CommitError) -> RunError {
        match error {
            CommitError::Write(error) => RunError::Write(error),
            CommitError::Journal(error) => RunError::Journal(error),
        }
    }
}

/// A run under way: what all its threads look at.
pub struct Run<'a> {
    /// What is to be done.
    pub plan: &'a Plan,
    /// What writes.
    pub engine: &'a dyn Engine,
    /// How.
    pub options: &'a RunOptions,
    /// Where to.
    pub output: &'a Output,
    /// What earlier runs did.
    pub known: &'a Known,
    /// How far it is.
    pub progress: &'a Progress,
    /// Set from outside when it is to stop.
    pub stop: &'a AtomicBool,
}

/// What a worker made of an item.
enum Work {
    /// It was there already.
    Kept(Place),
    /// It had failed already.
    Refused(Place),
    /// It is there and no longer what was written.
    Edited(Place),
    /// Notes under temporary names, and the record to be, in JSON: what a worker leaves behind is one piece of memory and not
    /// hundreds, in whose gaps nothing else fits.
    Done(Vec<u8>, Vec<Unnamed>),
    /// The record to be.
    Failed(Vec<u8>),
    /// It could not be read.
    Fault(Fault),
}

/// Does what is to be done; gives the fate of every item, in the plan's order.
pub fn run(run: &Run<'_>, journal: &mut Journal) -> Result<Vec<Fate>, RunError> {
    let mut fates = vec![Fate::Open; run.plan.items.len()];
    let failed = run.plan.items.iter();
    let failed = failed.filter(|item| matches!(item.state, State::Failed(_)));
    run.progress.failed.store(failed.count(), Ordering::Relaxed);
    let halt = AtomicBool::new(run.too_many_failures());
    let stopped = || run.stop.load(Ordering::Relaxed) || halt.load(Ordering::Relaxed);
    let threads = run.options.threads.max(1);
    let settings = run.settings();
    std::thread::scope(|scope| {
        let (jobs, todo) = mpsc::sync_channel(QUEUED * threads);
        let (finished, results) = mpsc::sync_channel(GROUP_ITEMS);
        // Only the workers hold it: when the last of them ends, whoever feeds them learns of it.
        let todo = Arc::new(Mutex::new(todo));
        for _ in 0..threads {
            let (todo, finished) = (todo.clone(), finished.clone());
            let (settings, stopped) = (&settings, &stopped);
            let work = move || run.work(&todo, &finished, settings, stopped);
            spawn(scope, "worker", work).map_err(RunError::Threads)?;
        }
        drop((todo, finished));
        let stopped = &stopped;
        spawn(scope, "feeder", move || feed(run.plan, &jobs, stopped))
            .map_err(RunError::Threads)?;
        let gathered = gather(run, &results, journal, &mut fates, &halt);
        halt.store(true, Ordering::Relaxed);
        gathered
    })?;
    Ok(fates)
}

/// Threads that were started before one could not be end by themselves, once nobody feeds them.
pub(super) fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    work: impl FnOnce() -> T + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, T>> {
    let thread = Builder::new().name(name.into()).stack_size(STACK_BYTES);
    thread.spawn_scoped(scope, work)
}

impl Run<'_> {
    fn too_many_failures(&self) -> bool {
        let failed = self.progress.failed.load(Ordering::Relaxed);
        self.options
            .most_failures
            .is_some_and(|most| failed >= most)
    }

    /// The hash of everything a note depends on besides its input.
    pub fn settings(&self) -> String {
        let program = env!("CARGO_PKG_VERSION");
        let encoding = self.options.encoding.map_or("auto", Encoding::name);
        let engine = self.engine.identity();
        sha256(format!("{program}\n{encoding}\n{engine}"))
    }

    fn work(
        &self,
        todo: &Mutex<Receiver<Job>>,
        finished: &SyncSender<(usize, Result<Work, WriteError>)>,
        settings: &str,
        stopped: &dyn Fn() -> bool,
    ) {
        while !stopped() {
            let job = todo.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Job { index, input }) = job else {
                return;
            };
            let item = &self.plan.items[index];
            *self.current() = item.id.to_string();
            let work = self.item(item, input, settings);
            if stopped() && matches!(work, Ok(Work::Failed(_))) {
                // An engine that was told to give up has not failed.
                return;
            }
            if finished.send((index, work)).is_err() {
                return;
            }
        }
    }

    fn current(&self) -> std::sync::MutexGuard<'_, String> {
        let current = &self.progress.current;
        current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn item(&self, item: &Item, input: Input, settings: &str) -> Result<Work, WriteError> {
        let known = self.known(item, settings);
        if let Some(work) = known.as_ref().and_then(|known| self.kept(item, known)) {
            return Ok(work);
        }
        let (hash, document) = match self.read(item, input) {
            Ok(read) => read,
            Err(fault) => return Ok(Work::Fault(fault)),
        };
        let mut record = Record {
            id: item.id.to_string(),
            key: key(&hash, settings),
            outcome: Outcome::Failed(Fault {
                code: Code::Engine,
                message: String::new(),
            }),
        };
        let brief = match self.engine.brief(&document, self.stop) {
            Ok(brief) => brief,
            Err(message) => {
                let code = Code::Engine;
                record.outcome = Outcome::Failed(Fault { code, message });
                return Ok(Work::Failed(record.json()));
            }
        };
        let known = known.filter(|(known, _)| known.key == record.key);
        let mut outputs = Vec::new();
        let mut notes = Vec::new();
        let mut edited = false;
        for (name, format) in self.note_names(item) {
            let mut bytes = Vec::new();
            render(&brief, format, &mut bytes).expect("a vector takes everything");
            match known.as_ref() {
                Some(known) if self.output.is_edited(&known.0, &name, &bytes) => edited = true,
                _ => notes.push(self.output.write(&name, |out| out.write_all(&bytes))?),
            }
            outputs.push(Written {
                name,
                bytes: bytes.len() as u64,
                sha256: sha256(&bytes),
            });
        }
        if let (Some((_, place)), true, true) = (known, edited, notes.is_empty()) {
            return Ok(Work::Edited(place));
        }
        let row = Box::new(Row::of(&item.id, &self.note_name(item), &brief));
        record.outcome = Outcome::Done { outputs, row };
        Ok(Work::Done(record.json(), notes))
    }

    /// What an earlier run made of the same input with the same settings.
    fn known(&self, item: &Item, settings: &str) -> Option<(Record, Place)> {
        if self.options.force {
            return None;
        }
        let (record, place) = self.known.record(&item.id)?;
        (record.key == key(planned(item), settings)).then_some((record, place))
    }

    /// Writes the notes of an item and throws them away.
    fn try_out(&self, item: &Item, input: Input) {
        let brief = self
            .read(item, input)
            .ok()
            .and_then(|(_, document)| self.engine.brief(&document, self.stop).ok());
        if let Some(brief) = brief {
            for format in &self.options.formats {
                render(&brief, *format, &mut io::sink()).expect("a sink takes everything");
            }
        }
    }

    /// What needs no work: the notes are there as they were written, or the input is known to fail.
    fn kept(&self, item: &Item, (record, place): &(Record, Place)) -> Option<Work> {
        match &record.outcome {
            Outcome::Failed(_) if !self.options.retry_failed => Some(Work::Refused(*place)),
            Outcome::Failed(_) => None,
            Outcome::Done { outputs, .. } => {
                let mut wanted = self.note_names(item);
                let intact = outputs.len() == wanted.len()
                    && wanted.all(|(name, _)| {
                        let output = outputs.iter().find(|output| output.name == name);
                        output.is_some_and(|output| self.output.is_intact(output))
                    });
                intact.then_some(Work::Kept(*place))
            }
        }
    }

    /// The names of an item's notes, in the order of the formats.
    pub fn note_names(&self, item: &Item) -> impl ExactSizeIterator<Item = (String, Format)> {
        note_names(item, self.options)
    }

    /// The note an overview links to: the one that reads best.
    fn note_name(&self, item: &Item) -> String {
        let formats = &self.options.formats;
        let best = formats.iter().find(|format| **format == Format::Markdown);
        let format = best.or(formats.first());
        format.map_or(String::new(), |format| {
            note_file(item, *format, self.options)
        })
    }

    /// The input as it is now, whole, and its hash.
    fn read(&self, item: &Item, input: Input) -> Result<(Hash, Document), Fault> {
        let refused = |cause: ReadCause| Fault::from(&cause);
        let (name, bytes, encoding) = match (input, &item.source) {
            (Input::Fault(fault), _) => return Err(fault),
            (Input::Text(text), _) => (item.id.to_string(), text.into_bytes(), Some(UTF_8)),
            (Input::File, Source::File(_)) => {
                let path = item.path(&self.plan.folder);
                let name = path.file_name().unwrap_or(path.as_os_str());
                let bytes = read_whole(&path, planned(item))?;
                (
                    name.to_string_lossy().into_owned(),
                    bytes,
                    self.options.encoding,
                )
            }
            (Input::File, Source::Line { .. }) => unreachable!("lines are fed with their text"),
        };
        let hash = Sha256::digest(&bytes).into();
        let document = document(name, bytes, encoding).map_err(|cause| refused(cause.into()))?;
        Ok((hash, document))
    }
}

/// How often a file that changes is read, and how long between.
const READINGS: usize = 5;
const BETWEEN_READINGS: Duration = Duration::from_millis(20);

/// Reads a file that others may be writing to: as it was when the plan was made, or as two readings agree that it is now.
fn read_whole(path: &Path, planned: &Hash) -> Result<Vec<u8>, Fault> {
    let mut before = *planned;
    for _ in 0..READINGS {
        let bytes = read_bytes(path).map_err(|error| Fault::from(&error.cause))?;
        let hash: Hash = Sha256::digest(&bytes).into();
        if hash == before {
            return Ok(bytes);
        }
        before = hash;
        std::thread::sleep(BETWEEN_READINGS);
    }
    Err(Fault {
        code: Code::ReadFailed,
        message: "changes while it is read".into(),
    })
}

/// The hash of an item that is ready, as the plan found it.
fn planned(item: &Item) -> &Hash {
    match &item.state {
        State::Ready(hash) => hash,
        _ => unreachable!("only items that are ready are fed"),
    }
}

/// The hash of an input and of everything else its note depends on.
fn key(input: &Hash, settings: &str) -> String {
    hex(Sha256::new_with_prefix(input).chain_update(settings))
}

/// The names of an item's notes, in the order of the formats.
pub fn note_names(
    item: &Item,
    options: &RunOptions,
) -> impl ExactSizeIterator<Item = (String, Format)> {
    let stem = stem(item, options);
    options.formats.iter().map(move |format| {
        let name = format!("{stem}.{}", format.extension());
        (name, *format)
    })
}

fn note_file(item: &Item, format: Format, options: &RunOptions) -> String {
    format!("{}.{}", stem(item, options), format.extension())
}

/// An id of a JSON line is a name and no path, whatever strokes it has.
fn stem(item: &Item, options: &RunOptions) -> String {
    match item.source {
        Source::File(_) => note_stem(&item.id, options.layout),
        Source::Line { .. } => note_stem(&item.id, Layout::Flat),
    }
}

/// What a run would do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preview {
    /// Notes to write.
    pub todo: usize,
    /// Notes that are there.
    pub kept: usize,
    /// Items that are known to fail.
    pub failed: usize,
    /// How long one thread takes for one of the notes; none where there are none to write.
    pub per_note: Option<Duration>,
}

/// So long a preview tries the engine out; on one article at least.
const TRIED: Duration = Duration::from_secs(1);

/// Finds out what a run would do. Writes nothing.
pub fn preview(run: &Run<'_>) -> Preview {
    let settings = run.settings();
    let (mut todo, mut kept, mut failed, mut tried) = (0, 0, 0, 0);
    let mut spent = Duration::ZERO;
    std::thread::scope(|scope| {
        let (jobs, fed) = mpsc::sync_channel(GROUP_ITEMS);
        scope.spawn(move || feed(run.plan, &jobs, &|| run.stop.load(Ordering::Relaxed)));
        for Job { index, input } in fed {
            let item = &run.plan.items[index];
            match run
                .known(item, &settings)
                .and_then(|known| run.kept(item, &known))
            {
                Some(Work::Refused(_)) => failed += 1,
                Some(_) => kept += 1,
                None => {
                    todo += 1;
                    if spent < TRIED {
                        let began = Instant::now();
                        run.try_out(item, input);
                        spent += began.elapsed();
                        tried += 1;
                    }
                }
            }
        }
    });
    let faults = run.plan.items.iter();
    failed += faults
        .filter(|item| matches!(item.state, State::Failed(_)))
        .count();
    Preview {
        todo,
        kept,
        failed,
        per_note: (tried > 0).then(|| spent / tried),
    }
}

/// Results that wait to be committed together.
#[derive(Default)]
struct Group {
    notes: Vec<Unnamed>,
    /// The item, whether it is done, and its record.
    records: Vec<(usize, bool, Vec<u8>)>,
    since: Option<Instant>,
}

/// How often is looked for more while a group waits. Waiting to be woken would have the workers do so for every single note.
const LOOKED: Duration = Duration::from_millis(2);

/// Puts what the workers finish in place, group by group, until they end.
fn gather(
    run: &Run<'_>,
    results: &Receiver<(usize, Result<Work, WriteError>)>,
    journal: &mut Journal,
    fates: &mut [Fate],
    halt: &AtomicBool,
) -> Result<(), RunError> {
    let most = match run.options.sync {
        Sync::Each => 1,
        Sync::Group | Sync::None => GROUP_ITEMS,
    };
    let mut group = Group::default();
    loop {
        let received = match group.since {
            None => results.recv().map_err(|_| TryRecvError::Disconnected),
            Some(_) => results.try_recv(),
        };
        match received {
            Ok((index, work)) => {
                take(run, index, work?, &mut group, &mut fates[index]);
                if run.too_many_failures() {
                    halt.store(true, Ordering::Relaxed);
                }
            }
            Err(TryRecvError::Empty) => std::thread::sleep(LOOKED),
            Err(TryRecvError::Disconnected) => {
                return commit(run, &mut group, journal, fates);
            }
        }
        if group.records.len() >= most || group.since.is_some_and(|at| at.elapsed() >= GROUP_WAIT) {
            commit(run, &mut group, journal, fates)?;
        }
    }
}

fn take(run: &Run<'_>, index: usize, work: Work, group: &mut Group, fate: &mut Fate) {
    let count = |counter: &AtomicUsize| counter.fetch_add(1, Ordering::Relaxed);
    match work {
        Work::Kept(place) => {
            count(&run.progress.kept);
            *fate = Fate::Done(place);
        }
        Work::Edited(place) => {
            count(&run.progress.kept);
            count(&run.progress.edited);
            *fate = Fate::Done(place);
        }
        Work::Refused(place) => {
            count(&run.progress.failed);
            *fate = Fate::Failed(place);
        }
        Work::Fault(fault) => {
            count(&run.progress.failed);
            *fate = Fate::Fault(Box::new(fault));
        }
        Work::Failed(record) => {
            count(&run.progress.failed);
            group.add((index, false, record), Vec::new());
        }
        Work::Done(record, notes) => group.add((index, true, record), notes),
    }
}

impl Group {
    fn add(&mut self, record: (usize, bool, Vec<u8>), notes: Vec<Unnamed>) {
        self.since.get_or_insert_with(Instant::now);
        self.records.push(record);
        self.notes.extend(notes);
    }
}

fn commit(
    run: &Run<'_>,
    group: &mut Group,
    journal: &mut Journal,
    fates: &mut [Fate],
) -> Result<(), RunError> {
    let Group { notes, records, .. } = std::mem::take(group);
    if records.is_empty() {
        return Ok(());
    }
    let (items, records): (Vec<(usize, bool)>, Vec<Vec<u8>>) = records
        .into_iter()
        .map(|(index, done, record)| ((index, done), record))
        .unzip();
    let places = run.output.commit(notes, &records, journal)?;
    for ((index, done), place) in items.into_iter().zip(places) {
        fates[index] = match done {
            true => {
                run.progress.done.fetch_add(1, Ordering::Relaxed);
                Fate::Done(place)
            }
            false => Fate::Failed(place),
        };
    }
    Ok(())
}
