//! Pulling a model: from the hub to a file whose every byte was checked.
//!
//! In:  a `ModelSpec`. Out: the path of its file, in the folder where the Hugging Face tools keep theirs.
//!
//! The server, and everything between, may be broken or hostile: a connection may be cut, stall or lie about lengths, a page may
//! come instead of the file, the file may change half way. Whatever comes, only the bytes the models file names get the file's
//! name; until then they are a partial file, which the next pull goes on from. Nothing a server says becomes a path.

mod error;
mod hub;
mod partial_file;
mod watch;

pub use error::DownloadError;
pub use hub::Hub;

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ureq::Agent;
use ureq::http::Uri;

use super::registry::{ModelSpec, Pin};
use super::store::{self, ModelFile, Store, StoreError};
use hub::HubResponse;
use partial_file::PartialFile;
use watch::{Finished, Pace};

/// So often a pull is taken up again in a row, after waits of half a second, one and two.
const RETRIES: u32 = 3;
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// An attempt that brought so much was worth it: the row of failures begins anew.
const WORTHWHILE_BYTES: u64 = 1 << 20;

/// An unpinned file may have any size up to this.
const MOST_UNPINNED_BYTES: u64 = 64 << 30;

/// How often a process looks whether another has finished the same file, or has got on with it.
const GLANCE: Duration = Duration::from_millis(200);

/// How to pull.
#[derive(Debug, Clone, Copy, Default)]
pub struct PullOptions {
    /// Take a model that is not pinned, and remember what it was.
    pub accept_unpinned: bool,
}

/// What is told while a pull goes on.
#[derive(Debug)]
pub enum DownloadProgress<'a> {
    /// Another process pulls the same model and is waited for.
    Waiting,
    /// Bytes there are, of all there will be.
    Received {
        /// Bytes there are.
        bytes: u64,
        /// The file's size.
        total: u64,
    },
    /// The pull broke off and is taken up again.
    Again(&'a DownloadError),
}

/// A model that is there now.
#[derive(Debug)]
pub struct Pulled {
    /// Its file.
    pub path: PathBuf,
    /// What it is; for an unpinned model, what it will have to be from now on.
    pub pin: Pin,
    /// Whether it was there before.
    pub was_there: bool,
}

/// Pulls a model unless it is there. What lies there damaged is pulled anew.
///
/// Several processes may pull the same model at once: where locks work one pulls and the others wait for it, as long as it gets
/// on; where they do not all pull, each into a partial file of its own, and the first to finish ends it for all.
pub fn pull(
    spec: &ModelSpec,
    store: &Store,
    hub: &Hub,
    options: PullOptions,
    progress: &mut dyn FnMut(DownloadProgress<'_>),
) -> Result<Pulled, DownloadError> {
    let pin = store.pin(spec);
    if pin.is_none() && !options.accept_unpinned {
        return Err(DownloadError::Unpinned);
    }
    if let Some(file) = present(spec, store)? {
        return Ok(pulled(spec, store, file, true));
    }
    if spec.repo.is_none() {
        return Err(DownloadError::NoAddress);
    }
    if hub.is_offline() {
        return Err(DownloadError::Offline);
    }
    let folder = store.blobs(spec)?;
    let mut pull = Pull {
        spec,
        store,
        agent: hub.agent(),
        address: hub.address(spec, store::revision(pin.as_ref()))?,
        hub,
        prefix: store::part_prefix(spec),
        size: pin.as_ref().map(|pin| pin.size_bytes),
        finished: pin
            .as_ref()
            .map(|pin| Finished::watch(store.snapshot(spec, pin))),
        pin,
        commit: None,
        folder,
        progress,
    };
    let _turn = pull.wait_for_turn();
    if let Some(file) = present(spec, store)? {
        return Ok(pulled(spec, store, file, true));
    }
    pull.run()
}

/// Returns the model's file if it is there and sound.
fn present(spec: &ModelSpec, store: &Store) -> Result<Option<ModelFile>, DownloadError> {
    match store.open(spec) {
        Ok(file) => Ok(Some(file)),
        Err(error @ StoreError::Io { .. }) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

fn pulled(spec: &ModelSpec, store: &Store, file: ModelFile, was_there: bool) -> Pulled {
    Pulled {
        path: file.path,
        pin: store
            .pin(spec)
            .expect("only a file of a pinned model opens"),
        was_there,
    }
}

/// One pull under way.
struct Pull<'a> {
    spec: &'a ModelSpec,
    store: &'a Store,
    hub: &'a Hub,
    agent: Agent,
    address: Uri,
    /// Where partial files lie, and how their names begin.
    folder: PathBuf,
    prefix: String,
    /// What the file must be, where that is known.
    pin: Option<Pin>,
    /// The file as another process may finish it.
    finished: Option<Finished>,
    /// The file's size, once it is known.
    size: Option<u64>,
    /// The commit the hub told.
    commit: Option<String>,
    progress: &'a mut dyn FnMut(DownloadProgress<'_>),
}

/// How an attempt ended without an error.
enum Ended {
    /// All bytes are there.
    Whole { host: String },
    /// Another process has finished the file.
    Overtaken,
}

impl Pull<'_> {
    /// Waits while another process gets on with the same file. The lock is a courtesy: without one both pull, which costs bytes.
    fn wait_for_turn(&mut self) -> Option<File> {
        let lock = self
            .store
            .lock_file(self.prefix.trim_matches(['.', '-']))
            .ok()?;
        let mut bytes = partial_file::total_bytes(&self.folder, &self.prefix);
        let mut since = Instant::now();
        while let Err(std::fs::TryLockError::WouldBlock) = lock.try_lock() {
            if since.elapsed() > self.hub.stall() * 2 {
                return None;
            }
            (self.progress)(DownloadProgress::Waiting);
            std::thread::sleep(GLANCE);
            let now = partial_file::total_bytes(&self.folder, &self.prefix);
            if now != bytes {
                (bytes, since) = (now, Instant::now());
            }
        }
        Some(lock)
    }

    fn run(mut self) -> Result<Pulled, DownloadError> {
        let mut part = match PartialFile::take_over(&self.folder, &self.prefix) {
            Some(part) => part,
            None => PartialFile::create(&self.folder, &self.prefix)?,
        };
        match self.fill(&mut part) {
            Ok(Ended::Whole { .. }) => self.put_in_place(part),
            Ok(Ended::Overtaken) => {
                part.discard();
                let file = self.store.open(self.spec)?;
                Ok(pulled(self.spec, self.store, file, true))
            }
            Err(error) => {
                let keep = error.leaves_part() && part.length() > 0 && self.can_resume(&part);
                if !keep {
                    part.discard();
                }
                Err(error)
            }
        }
    }

    /// Without a hash to tell in the end, only an ETag tells that two pieces are of one file.
    fn can_resume(&self, part: &PartialFile) -> bool {
        self.pin.is_some() || part.etag().is_some()
    }

    /// Attempts until the partial file is whole and right, or there is no point in another.
    fn fill(&mut self, part: &mut PartialFile) -> Result<Ended, DownloadError> {
        let (mut failures, mut has_begun, mut was_wrong) = (0, false, false);
        loop {
            let before = part.length();
            let error = match self.attempt(part) {
                Ok(Ended::Overtaken) => return Ok(Ended::Overtaken),
                Ok(Ended::Whole { host }) => match self.verify(part, &host) {
                    Ok(()) => return Ok(Ended::Whole { host }),
                    // One of the pieces may have been of another file: once more, from the start.
                    Err(_) if part.is_pieced() && !was_wrong => {
                        was_wrong = true;
                        part.restart(None)?;
                        continue;
                    }
                    Err(error) => return Err(error),
                },
                Err(error) => error,
            };
            has_begun |= part.length() > before;
            if part.length() >= before + WORTHWHILE_BYTES {
                failures = 0;
            }
            if failures == RETRIES || !error.may_pass(has_begun) {
                return Err(error);
            }
            (self.progress)(DownloadProgress::Again(&error));
            std::thread::sleep(FIRST_WAIT * 2_u32.pow(failures));
            failures += 1;
        }
    }

    fn verify(&self, part: &PartialFile, host: &str) -> Result<(), DownloadError> {
        let found = part.sha256();
        match &self.pin {
            Some(pin) if pin.sha256 != found => Err(DownloadError::Hash {
                host: host.to_string(),
                expected: pin.sha256.clone(),
                found,
            }),
            _ => Ok(()),
        }
    }

    /// One response, read to its end into the partial file.
    fn attempt(&mut self, part: &mut PartialFile) -> Result<Ended, DownloadError> {
        if !self.can_resume(part) || self.size.is_some_and(|size| part.length() > size) {
            part.restart(None)?;
        }
        if self.pin.is_some() && self.size == Some(part.length()) {
            let host = self.hub.host();
            return Ok(Ended::Whole { host });
        }
        let (answer, size) = self.ask(part)?;
        self.size = Some(size);
        let needed = size - part.length();
        match store::free_bytes(&self.folder) {
            Some(free) if free < needed => Err(DownloadError::NoSpace {
                folder: self.folder.clone(),
                needed,
                free,
            }),
            _ => self.receive(answer, size, part),
        }
    }

    /// Asks for what is missing; gives a response that goes on where the partial file ends, and the whole file's size.
    fn ask(&mut self, part: &mut PartialFile) -> Result<(HubResponse, u64), DownloadError> {
        loop {
            let from = part.length();
            let answer = self
                .hub
                .get(&self.agent, &self.address, from, part.etag())?;
            let host = answer.host.clone();
            self.commit = answer.commit.clone().or_else(|| self.commit.take());
            match answer.status().as_u16() {
                200 | 206 if answer.is_html() => return Err(DownloadError::Html { host }),
                200 => {
                    let size = self.expected_size(host, answer.length())?;
                    part.restart(answer.etag())?;
                    return Ok((answer, size));
                }
                206 if from > 0 => {
                    let goes_on = matches!(answer.range(), Some((first, whole))
                        if first == from && self.size.unwrap_or(whole) == whole);
                    let is_same = part.etag().is_none()
                        || answer.etag().is_none()
                        || part.etag() == answer.etag();
                    if goes_on && is_same {
                        let size =
                            self.expected_size(host, answer.range().map(|(_, whole)| whole))?;
                        part.go_on();
                        return Ok((answer, size));
                    }
                    part.restart(None)?;
                }
                // Range not satisfiable: what we have is not of their file.
                416 if from > 0 => part.restart(None)?,
                206 => return Err(DownloadError::Range { host }),
                status => return Err(DownloadError::Status { host, status }),
            }
        }
    }

    /// Returns the pinned size, which a told one must equal; else the told one.
    fn expected_size(&self, host: String, told: Option<u64>) -> Result<u64, DownloadError> {
        let pinned = self.pin.as_ref().map(|pin| pin.size_bytes);
        match (pinned, told) {
            (Some(expected), Some(found)) if expected != found => Err(DownloadError::Length {
                host,
                expected,
                found,
            }),
            (Some(expected), _) => Ok(expected),
            (None, Some(told)) if (1..=MOST_UNPINNED_BYTES).contains(&told) => Ok(told),
            (None, _) => Err(DownloadError::NoLength { host }),
        }
    }

    fn receive(
        &mut self,
        answer: HubResponse,
        size: u64,
        part: &mut PartialFile,
    ) -> Result<Ended, DownloadError> {
        let host = answer.host;
        // A body that is longer is not read on: the hash decides about what there is.
        let missing = size - part.length();
        let mut body = answer.response.into_body().into_reader().take(missing);
        let mut buffer = vec![0; 1 << 16];
        let mut pace = Pace::new(self.hub.stall());
        let mut glanced = Instant::now();
        loop {
            let read = body
                .read(&mut buffer)
                .map_err(|error| hub::body_failed(&host, self.hub.stall(), error))?;
            if read == 0 {
                break;
            }
            part.append(&buffer[..read])?;
            (self.progress)(DownloadProgress::Received {
                bytes: part.length(),
                total: size,
            });
            if pace.is_too_slow(read as u64) {
                return Err(DownloadError::Stalled {
                    host,
                    seconds: self.hub.stall().as_secs(),
                });
            }
            if glanced.elapsed() > GLANCE {
                glanced = Instant::now();
                if self.finished.as_ref().is_some_and(Finished::is_new) {
                    return Ok(Ended::Overtaken);
                }
            }
        }
        if part.length() < size {
            return Err(DownloadError::Cut {
                host,
                cause: format!("{} of {size} bytes came", part.length()),
            });
        }
        Ok(Ended::Whole { host })
    }

    fn put_in_place(self, part: PartialFile) -> Result<Pulled, DownloadError> {
        let pin = self.pin.clone().unwrap_or_else(|| Pin {
            revision: self
                .commit
                .clone()
                .unwrap_or_else(|| store::revision(None).to_string()),
            size_bytes: part.length(),
            sha256: part.sha256(),
        });
        let part = part.finish()?;
        let path = match self.store.adopt(self.spec, &pin, &part) {
            Ok(path) => path,
            // Without locks another process may have taken the part over and finished first.
            Err(error) => {
                let file = self.store.open(self.spec).map_err(|_| error)?;
                return Ok(pulled(self.spec, self.store, file, true));
            }
        };
        if self.spec.pin.is_none() {
            self.store.record_pin(self.spec, &pin)?;
        }
        partial_file::sweep(&self.folder, &self.prefix);
        Ok(Pulled {
            path,
            pin,
            was_there: false,
        })
    }
}
