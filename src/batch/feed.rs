//! What feeds the workers: files by their paths, lines with their text.
//!
//! In:  a `Plan`. Out: a `FeedItem` for every item that is ready, one after the other, into a short queue.

use std::io;
use std::path::Path;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Duration;

use super::lines::{self, Lines};
use super::plan::{ErrorCode, InputError, ItemSource, Plan, Planned};
use crate::input::ReadCause;

/// An item to be done, with its text where that is in a file of many.
pub struct FeedItem {
    /// Its place in the plan.
    pub index: usize,
    /// What is there of it.
    pub input: FeedInput,
}

/// What is there of an item.
pub enum FeedInput {
    /// Its path, which stands in the plan.
    File,
    /// Its text.
    Text(String),
    /// Nothing.
    Unread(InputError),
}

/// Hands out what is ready: files by their paths, lines with their text, in the order in which they stand.
pub fn feed(plan: &Plan, jobs: &SyncSender<FeedItem>, stopped: &dyn Fn() -> bool) {
    let mut wanted: Vec<Vec<(u32, usize)>> = vec![Vec::new(); plan.line_files.len()];
    for (index, item) in plan.items.iter().enumerate() {
        if stopped() {
            return;
        }
        match (&item.planned, &item.source) {
            (Planned::Ready(_), ItemSource::File(_)) => {
                let input = FeedInput::File;
                if hand(jobs, FeedItem { index, input }, stopped).is_err() {
                    return;
                }
            }
            (Planned::Ready(_), ItemSource::Line { file, line }) => {
                wanted[*file as usize].push((*line, index));
            }
            _ => {}
        }
    }
    for (path, mut wanted) in plan.line_files.iter().zip(wanted) {
        wanted.sort_unstable();
        if !wanted.is_empty() && feed_lines(plan, path, &wanted, jobs, stopped).is_err() {
            return;
        }
    }
}

/// Nobody takes jobs any more.
struct Stopped;

/// So long a full queue is left alone. Workers that had to wake whoever feeds them would do so for every single job.
const FULL: Duration = Duration::from_millis(1);

fn hand(
    jobs: &SyncSender<FeedItem>,
    mut job: FeedItem,
    stopped: &dyn Fn() -> bool,
) -> Result<(), Stopped> {
    while !stopped() {
        job = match jobs.try_send(job) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Full(job)) => job,
            Err(TrySendError::Disconnected(_)) => break,
        };
        std::thread::sleep(FULL);
    }
    Err(Stopped)
}

/// Hands out lines; one that is no longer there, or no longer what it was called, is told so.
fn feed_lines(
    plan: &Plan,
    path: &Path,
    wanted: &[(u32, usize)],
    jobs: &SyncSender<FeedItem>,
    stopped: &dyn Fn() -> bool,
) -> Result<(), Stopped> {
    let mut wanted = wanted.iter().peekable();
    let send = |index, input| hand(jobs, FeedItem { index, input }, stopped);
    let mut read = || -> io::Result<Result<(), Stopped>> {
        let mut lines = Lines::open(path)?;
        while let Some(&&(next, index)) = wanted.peek() {
            let Some((line, bytes)) = lines.next_line()? else {
                break;
            };
            if line < next {
                continue;
            }
            if line > next {
                break;
            }
            wanted.next();
            let record = bytes.and_then(lines::record);
            let input = match record {
                Ok(record) if *record.id == *plan.items[index].id => match record.text {
                    Ok(text) => FeedInput::Text(text),
                    Err(_) => FeedInput::Unread(changed()),
                },
                _ => FeedInput::Unread(changed()),
            };
            if send(index, input).is_err() {
                return Ok(Err(Stopped));
            }
        }
        Ok(Ok(()))
    };
    let error = match read() {
        Ok(Ok(())) => changed(),
        Ok(Err(Stopped)) => return Err(Stopped),
        Err(error) => InputError::from(&ReadCause::Read(error)),
    };
    wanted.try_for_each(|&(_, index)| send(index, FeedInput::Unread(error.clone())))
}

fn changed() -> InputError {
    InputError {
        code: ErrorCode::ReadFailed,
        message: "changed while the batch ran".into(),
    }
}
