//! The run: every item of a plan is noted, by as many threads as there are, and what is done already is left alone.
//!
//! In:  a `Plan`, a `Pipeline` and the path of an output folder. Out: that folder, whole, and a `Report`. One thread feeds, the workers write
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

use super::commit::{CommitGroup, Durability, GROUP_ITEMS, OutputFolder, UnplacedFile};
use super::error::BatchError;
use super::feed::{FeedInput, FeedItem, feed};
use super::folder::{End, HeldFolder, Report};
use super::journal::{Journal, JournalIndex, NoteFile, Record, RecordSpan, RecordedNotes};
use super::manifest::{Provenance, ShardManifest};
use super::names::NoteLayout;
use super::notes::NoteForms;
use super::outcome::{BatchProgress, Outcome};
use super::plan::{ErrorCode, Hash, InputError, Item, ItemSource, Plan, Planned};
use super::summary::{DoneRows, Summary, input_error};
use crate::engine::Pipeline;
use crate::hash::{hex, sha256};
use crate::input::{Document, ReadCause, TextForm, document, read_bytes};
use crate::overview::ArticleRow;
use crate::render::render_with_source;

/// Jobs that wait for each worker: some, lest it waits; few, since a text may be large.
const QUEUED: usize = 8;
/// Rust's own threads have 2 MB; the main thread, where every other command works, has four times that.
const STACK_BYTES: usize = 8 << 20;

/// Says how a batch is run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// The forms of each note, and how notes are laid out.
    pub notes: NoteForms,
    /// When notes are made durable.
    pub durability: Durability,
    /// Write every note again.
    pub force: bool,
    /// Try again what failed before and would fail for the same reason.
    pub retry_failed: bool,
    /// Stop when so many items have failed.
    pub most_failures: Option<usize>,
    /// Says how many articles are in the works at a time.
    pub threads: usize,
    /// The inputs' encoding; found from the bytes where none is given.
    pub encoding: Option<&'static Encoding>,
    /// The inputs' form; found from their names and texts where none is given.
    pub form: Option<TextForm>,
}

/// A batch to be run.
pub struct BatchRun<'a> {
    /// What is to be done.
    pub plan: &'a Plan,
    /// The folder the notes go to; it is made where there is none.
    pub out: &'a Path,
    /// Makes the briefs.
    pub pipeline: &'a Pipeline,
    /// How.
    pub options: &'a RunOptions,
    /// Says how far it is.
    pub progress: &'a BatchProgress,
    /// Set from outside when it is to stop.
    pub stop: &'a AtomicBool,
}

/// Runs a batch: takes the folder, writes every note that is not there, then all that speaks of the notes together.
pub fn run(run: &BatchRun<'_>) -> Result<Report, BatchError> {
    let mut folder = HeldFolder::take(run.out, run.options.durability)?;
    let outcomes = write_notes(run, &mut folder)?;
    let (plan, records) = (run.plan, &folder.records);
    let of_items = || plan.items.iter().zip(&outcomes);
    let failures = of_items()
        .filter_map(|(item, outcome)| {
            let error = input_error(item, outcome, records)?;
            Some((plan.place(item), error))
        })
        .collect();
    let left_open = |(item, outcome): (&Item, &Outcome)| {
        matches!((&item.planned, outcome), (Planned::Ready(_), Outcome::Open))
    };
    let end = if run.stop.load(Ordering::Relaxed) {
        End::Interrupted
    } else if of_items().any(left_open) {
        End::Stopped
    } else {
        let summary = Summary::of(plan, &outcomes, records, &run.options.notes);
        let rows = DoneRows::of(&outcomes, records);
        let manifest = ShardManifest::new(plan.shard, &plan.whole, run.provenance());
        End::of(folder.finish(&summary, &rows, &manifest))
    };
    Ok(Report { failures, end })
}

/// What all threads of a run look at.
struct Shared<'a> {
    run: &'a BatchRun<'a>,
    output: &'a OutputFolder,
    /// What earlier runs did.
    records: &'a JournalIndex,
    settings: String,
}

/// What a worker made of an item.
enum Attempt {
    /// Nothing is to be written: what became of it stands fast, and whether a note of it was edited.
    Settled { outcome: Outcome, edited: bool },
    /// Notes under temporary names, none where it is no article or the engine failed, and the record to be, in JSON: one piece of memory an item.
    /// Hundreds of small ones would leave gaps in the heap that nothing else fits into.
    Unplaced {
        done: bool,
        json: Vec<u8>,
        notes: Vec<UnplacedFile>,
    },
}

impl Attempt {
    fn settled(outcome: Outcome) -> Attempt {
        let edited = false;
        Attempt::Settled { outcome, edited }
    }
}

/// Writes the notes; returns what became of every item, in the plan's order.
fn write_notes(run: &BatchRun<'_>, folder: &mut HeldFolder) -> Result<Vec<Outcome>, BatchError> {
    let HeldFolder {
        output,
        journal,
        records,
        ..
    } = folder;
    let shared = Shared {
        run,
        output,
        records,
        settings: run.settings(),
    };
    let mut outcomes = vec![Outcome::Open; run.plan.items.len()];
    let failed = run.plan.failures();
    run.progress.failed.store(failed, Ordering::Relaxed);
    let halt = AtomicBool::new(run.too_many_failures());
    let stopped = || run.stop.load(Ordering::Relaxed) || halt.load(Ordering::Relaxed);
    let threads = run.options.threads.max(1);
    std::thread::scope(|scope| {
        let (jobs, todo) = mpsc::sync_channel(QUEUED * threads);
        let (finished, results) = mpsc::sync_channel(GROUP_ITEMS);
        // Only the workers hold it: when the last of them ends, whoever feeds them learns of it.
        let todo = Arc::new(Mutex::new(todo));
        for _ in 0..threads {
            let (todo, finished) = (todo.clone(), finished.clone());
            let (shared, stopped) = (&shared, &stopped);
            let work = move || shared.work(&todo, &finished, stopped);
            spawn(scope, "worker", work).map_err(BatchError::threads)?;
        }
        drop((todo, finished));
        let stopped = &stopped;
        spawn(scope, "feeder", move || feed(run.plan, &jobs, stopped))
            .map_err(BatchError::threads)?;
        let gathered = gather(&shared, &results, journal, &mut outcomes, &halt);
        halt.store(true, Ordering::Relaxed);
        gathered
    })?;
    Ok(outcomes)
}

/// Starts a thread of a run. If one cannot be started, those before it end by themselves, once nobody feeds them.
pub(super) fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    work: impl FnOnce() -> T + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, T>> {
    let thread = Builder::new().name(name.into()).stack_size(STACK_BYTES);
    thread.spawn_scoped(scope, work)
}

impl BatchRun<'_> {
    fn too_many_failures(&self) -> bool {
        let failed = self.progress.failed.load(Ordering::Relaxed);
        self.options
            .most_failures
            .is_some_and(|most| failed >= most)
    }

    fn provenance(&self) -> Provenance {
        let NoteForms { formats, layout } = &self.options.notes;
        Provenance {
            engine: self.pipeline.info().to_string(),
            program: env!("CARGO_PKG_VERSION").into(),
            settings: self.settings(),
            formats: formats
                .iter()
                .map(|format| format.extension().into())
                .collect(),
            flat: *layout == NoteLayout::Flat,
        }
    }

    /// Returns the hash of everything a note depends on besides its input.
    fn settings(&self) -> String {
        let program = env!("CARGO_PKG_VERSION");
        let encoding = self.options.encoding.map_or("auto", Encoding::name);
        let form = self.options.form;
        let engine = self.pipeline.identity();
        sha256(format!("{program}\n{encoding}\n{form:?}\n{engine}"))
    }
}

impl Shared<'_> {
    fn work(
        &self,
        todo: &Mutex<Receiver<FeedItem>>,
        finished: &SyncSender<(usize, Result<Attempt, BatchError>)>,
        stopped: &dyn Fn() -> bool,
    ) {
        while !stopped() {
            let job = todo.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(FeedItem { index, input }) = job else {
                return;
            };
            let item = &self.run.plan.items[index];
            *self.current() = item.id.to_string();
            let attempt = self.attempt(item, input);
            if stopped() && matches!(attempt, Ok(Attempt::Unplaced { done: false, .. })) {
                // An engine that was told to give up has not failed.
                return;
            }
            if finished.send((index, attempt)).is_err() {
                return;
            }
        }
    }

    fn current(&self) -> std::sync::MutexGuard<'_, String> {
        let current = &self.run.progress.current;
        current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the notes of an item under temporary names, unless they are there.
    fn attempt(&self, item: &Item, input: FeedInput) -> Result<Attempt, BatchError> {
        let earlier = self.earlier(item);
        let kept = earlier.as_ref().map(|earlier| self.kept(item, earlier));
        if let Some(attempt) = kept.flatten() {
            return Ok(attempt);
        }
        let (hash, document) = match self.read(item, input) {
            Ok(read) => read,
            Err(error) => return Ok(Attempt::settled(Outcome::Unread(Box::new(error)))),
        };
        let key = key(&hash, &self.settings);
        let record = |result| Record {
            id: item.id.to_string(),
            key: key.clone(),
            result,
        };
        let brief = match self.run.pipeline.brief(&document, self.run.stop) {
            Ok(brief) => brief,
            Err(error) => {
                return Ok(Attempt::Unplaced {
                    done: false,
                    json: record(Err(error.into())).json(),
                    notes: Vec::new(),
                });
            }
        };
        let earlier = earlier.filter(|(record, _)| record.key == key);
        let mut outputs = Vec::new();
        let mut notes = Vec::new();
        let mut edited = false;
        for (name, format) in self.run.options.notes.names(item) {
            let mut bytes = Vec::new();
            render_with_source(&brief, &document.text, format, &mut bytes)
                .expect("a vector takes everything");
            match earlier.as_ref() {
                Some((record, _)) if self.output.is_edited(record, &name, &bytes) => edited = true,
                _ => notes.push(self.output.write(&name, |out| out.write_all(&bytes))?),
            }
            outputs.push(NoteFile {
                name,
                bytes: bytes.len() as u64,
                sha256: sha256(&bytes),
            });
        }
        if let (Some((_, span)), true, true) = (earlier, edited, notes.is_empty()) {
            let outcome = Outcome::Done(span);
            return Ok(Attempt::Settled { outcome, edited });
        }
        let row = ArticleRow::of(&item.id, &self.run.options.notes.best_name(item), &brief);
        let done = record(Ok(RecordedNotes { outputs, row }));
        Ok(Attempt::Unplaced {
            done: true,
            json: done.json(),
            notes,
        })
    }

    /// Returns what an earlier run made of the same input with the same settings.
    fn earlier(&self, item: &Item) -> Option<(Record, RecordSpan)> {
        if self.run.options.force {
            return None;
        }
        let (record, span) = self.records.record(&item.id)?;
        (record.key == key(planned(item), &self.settings)).then_some((record, span))
    }

    /// Writes the notes of an item and throws them away.
    fn try_out(&self, item: &Item, input: FeedInput) {
        let Ok((_, document)) = self.read(item, input) else {
            return;
        };
        let Ok(brief) = self.run.pipeline.brief(&document, self.run.stop) else {
            return;
        };
        for format in &self.run.options.notes.formats {
            render_with_source(&brief, &document.text, *format, &mut io::sink())
                .expect("a sink takes everything");
        }
    }

    /// Settles what needs no work: the notes are there as they were written, or the input is known to fail.
    fn kept(&self, item: &Item, (record, span): &(Record, RecordSpan)) -> Option<Attempt> {
        let Ok(notes) = &record.result else {
            let settled = Attempt::settled(Outcome::Failed(*span));
            return (!self.run.options.retry_failed).then_some(settled);
        };
        let mut wanted = self.run.options.notes.names(item);
        let intact = notes.outputs.len() == wanted.len()
            && wanted.all(|(name, _)| {
                let output = notes.outputs.iter().find(|output| output.name == name);
                output.is_some_and(|output| self.output.is_intact(output))
            });
        intact.then(|| Attempt::settled(Outcome::Done(*span)))
    }

    /// Reads the input as it is now, whole, and its hash.
    fn read(&self, item: &Item, input: FeedInput) -> Result<(Hash, Document), InputError> {
        let refused = |cause: ReadCause| InputError::from(&cause);
        let (name, bytes, encoding) = match (input, &item.source) {
            (FeedInput::Unread(error), _) => return Err(error),
            (FeedInput::Text(text), _) => (item.id.to_string(), text.into_bytes(), Some(UTF_8)),
            (FeedInput::File, ItemSource::File(_)) => {
                let path = item.path(&self.run.plan.folder);
                let name = path.file_name().unwrap_or(path.as_os_str());
                let name = name.to_string_lossy().into_owned();
                let bytes = read_whole(&path, planned(item))?;
                (name, bytes, self.run.options.encoding)
            }
            (FeedInput::File, ItemSource::Line { .. }) => {
                unreachable!("lines are fed with their text")
            }
        };
        let hash = Sha256::digest(&bytes).into();
        let document = document(name, bytes, encoding)
            .and_then(|document| document.in_form(self.run.options.form))
            .map_err(|cause| refused(cause.into()))?;
        Ok((hash, document))
    }
}

/// Says how often a file that changes is read, and how long between.
const READINGS: usize = 5;
const BETWEEN_READINGS: Duration = Duration::from_millis(20);

/// Reads a file that others may be writing to: as it was when the plan was made, or as two readings agree that it is now.
fn read_whole(path: &Path, planned: &Hash) -> Result<Vec<u8>, InputError> {
    let mut before = *planned;
    for _ in 0..READINGS {
        let bytes = read_bytes(path).map_err(|error| InputError::from(&error.cause))?;
        let hash: Hash = Sha256::digest(&bytes).into();
        if hash == before {
            return Ok(bytes);
        }
        before = hash;
        std::thread::sleep(BETWEEN_READINGS);
    }
    Err(InputError {
        code: ErrorCode::ReadFailed,
        message: "changes while it is read".into(),
    })
}

/// Returns the hash of an item that is ready, as the plan found it.
fn planned(item: &Item) -> &Hash {
    match &item.planned {
        Planned::Ready(hash) => hash,
        _ => unreachable!("only items that are ready are fed"),
    }
}

/// Returns the hash of an input and of everything else its note depends on.
fn key(input: &Hash, settings: &str) -> String {
    hex(Sha256::new_with_prefix(input).chain_update(settings))
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
    /// Says how long one thread takes for one of the notes; none where there are none to write.
    pub per_note: Option<Duration>,
}

/// So long a preview tries the engine out; on one article at least.
const TRIED: Duration = Duration::from_secs(1);

/// Finds out what a run would do. Writes nothing.
pub fn preview(run: &BatchRun<'_>) -> Result<Preview, BatchError> {
    let shared = Shared {
        run,
        output: &OutputFolder::unopened(run.out),
        records: &JournalIndex::read(run.out)?,
        settings: run.settings(),
    };
    let (mut todo, mut kept, mut failed, mut tried) = (0, 0, run.plan.failures(), 0);
    let mut spent = Duration::ZERO;
    std::thread::scope(|scope| {
        let (jobs, fed) = mpsc::sync_channel(GROUP_ITEMS);
        scope.spawn(move || feed(run.plan, &jobs, &|| run.stop.load(Ordering::Relaxed)));
        for FeedItem { index, input } in fed {
            let item = &run.plan.items[index];
            let earlier = shared.earlier(item);
            match earlier.and_then(|earlier| shared.kept(item, &earlier)) {
                Some(Attempt::Settled {
                    outcome: Outcome::Failed(_),
                    ..
                }) => failed += 1,
                Some(_) => kept += 1,
                None => {
                    todo += 1;
                    if spent < TRIED {
                        let began = Instant::now();
                        shared.try_out(item, input);
                        spent += began.elapsed();
                        tried += 1;
                    }
                }
            }
        }
    });
    Ok(Preview {
        todo,
        kept,
        failed,
        per_note: (tried > 0).then(|| spent / tried),
    })
}

/// Says how often is looked for more while a group waits. Waiting to be woken would have the workers do so for every single note.
const LOOKED: Duration = Duration::from_millis(2);

/// Puts what the workers finish in place, group by group, until they end.
fn gather(
    shared: &Shared<'_>,
    results: &Receiver<(usize, Result<Attempt, BatchError>)>,
    journal: &mut Journal,
    outcomes: &mut [Outcome],
    halt: &AtomicBool,
) -> Result<(), BatchError> {
    let Shared { run, output, .. } = shared;
    let mut group = CommitGroup::default();
    loop {
        let received = match group.is_empty() {
            true => results.recv().map_err(|_| TryRecvError::Disconnected),
            false => results.try_recv(),
        };
        match received {
            Ok((index, attempt)) => {
                match attempt? {
                    Attempt::Settled { outcome, edited } => {
                        count(run.progress, &outcome, edited);
                        outcomes[index] = outcome;
                    }
                    Attempt::Unplaced { done, json, notes } => {
                        let failed = usize::from(!done);
                        run.progress.failed.fetch_add(failed, Ordering::Relaxed);
                        group.add(index, done, json, notes);
                    }
                }
                if run.too_many_failures() {
                    halt.store(true, Ordering::Relaxed);
                }
            }
            Err(TryRecvError::Empty) => std::thread::sleep(LOOKED),
            Err(TryRecvError::Disconnected) => {
                return group.commit(output, journal, run.progress, outcomes);
            }
        }
        if group.is_due(run.options.durability) {
            group.commit(output, journal, run.progress, outcomes)?;
        }
    }
}

/// Counts an item for which nothing was written.
fn count(progress: &BatchProgress, outcome: &Outcome, edited: bool) {
    let add = |counter: &AtomicUsize, items| counter.fetch_add(items, Ordering::Relaxed);
    match outcome {
        Outcome::Done(_) => {
            add(&progress.kept, 1);
            add(&progress.edited, usize::from(edited));
        }
        Outcome::Failed(_) | Outcome::Unread(_) => {
            add(&progress.failed, 1);
        }
        Outcome::Open => {}
    }
}
