//! Dynamic batching: articles that come from many threads at about the same time are outlined together.
//!
//! In:  an engine, and articles from as many threads as there may be articles at a time. Out: their outlines. One thread has the engine;
//! an article's outline does not depend on the others it is outlined with.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::error::EngineError;
use super::interface::{Engine, Info, Progress};
use crate::article::Article;
use crate::brief::Outline;
use crate::outline::OutlineOptions;

/// The time the first article of a batch waits for others; reading an article takes seconds.
const BATCH_WINDOW: Duration = Duration::from_millis(50);
/// The time between two looks at whether a waiting article has been cancelled.
const CANCEL_CHECK: Duration = Duration::from_millis(100);
/// The most articles outlined together: with so many, every step of a model is wide enough.
const MOST_AT_ONCE: usize = 8;
/// Rust's own threads have 2 MB of stack; the main thread, where a model otherwise runs, has four times that.
const STACK_BYTES: usize = 8 << 20;

/// An engine in a thread of its own, which outlines articles of many threads together.
pub struct BatchingEngine {
    info: Info,
    warning: Option<&'static str>,
    /// None once it is closed.
    jobs: Option<Mutex<Sender<Job>>>,
    cancelled: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// An article to outline, and where its outline goes.
struct Job {
    article: Article,
    options: OutlineOptions,
    /// The article's index among those of one call.
    index: usize,
    reply: Sender<(usize, Reply)>,
}

enum Reply {
    Progress(Progress),
    Outline(Box<Result<Outline, EngineError>>),
}

impl BatchingEngine {
    /// Moves an engine to its thread. It outlines as many articles together as take up `memory_mb`, or half of the memory that is free.
    pub fn new(engine: Box<dyn Engine>, memory_mb: Option<u32>) -> io::Result<BatchingEngine> {
        let (info, warning) = (engine.info(), engine.warning());
        let at_once = articles_at_once(info.article_bytes, memory_mb);
        let (jobs, received) = mpsc::channel();
        let cancelled = Arc::new(AtomicBool::new(false));
        let flag = cancelled.clone();
        let run = move || run(&*engine, at_once, &received, &flag);
        let thread = Builder::new().name("engine".into()).stack_size(STACK_BYTES);
        Ok(BatchingEngine {
            info: Info {
                articles_at_once: Some(at_once),
                ..info
            },
            warning,
            jobs: Some(Mutex::new(jobs)),
            cancelled,
            thread: Some(thread.spawn(run)?),
        })
    }

    fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            let jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
            // Without a thread the job is dropped, and with it its channel: the caller learns that nobody answers.
            let _ = jobs.send(job);
        }
    }
}

/// Returns how many articles fit into so many MB, or into half of the memory that is free; at least one.
fn articles_at_once(article_bytes: u64, memory_mb: Option<u32>) -> usize {
    let budget = memory_mb.map_or_else(half_of_free_bytes, |mb| u64::from(mb) * 1_000_000);
    let articles = budget / article_bytes.max(1);
    usize::try_from(articles)
        .unwrap_or(1)
        .clamp(1, MOST_AT_ONCE)
}

#[cfg(feature = "model")]
fn half_of_free_bytes() -> u64 {
    crate::model::memory::available_bytes().map_or(0, |free| free / 2)
}

#[cfg(not(feature = "model"))]
fn half_of_free_bytes() -> u64 {
    0
}

impl Engine for BatchingEngine {
    fn info(&self) -> Info {
        self.info.clone()
    }

    fn warning(&self) -> Option<&'static str> {
        self.warning
    }

    fn outline_all(
        &self,
        articles: &[&Article],
        options: &OutlineOptions,
        cancelled: &AtomicBool,
        on_progress: &mut dyn FnMut(usize, Progress),
    ) -> Vec<Result<Outline, EngineError>> {
        let (reply, replies) = mpsc::channel();
        for (index, &article) in articles.iter().enumerate() {
            self.send(Job {
                article: article.clone(),
                options: options.clone(),
                index,
                reply: reply.clone(),
            });
        }
        drop(reply);
        let mut outlines: Vec<_> = articles.iter().map(|_| Err(EngineError::Ended)).collect();
        loop {
            match replies.recv_timeout(CANCEL_CHECK) {
                Ok((index, Reply::Progress(progress))) => on_progress(index, progress),
                Ok((index, Reply::Outline(outline))) => outlines[index] = *outline,
                Err(RecvTimeoutError::Disconnected) => return outlines,
                Err(RecvTimeoutError::Timeout) => {
                    if cancelled.load(Ordering::Relaxed) {
                        self.cancelled.store(true, Ordering::Relaxed);
                    }
                }
            }
        }
    }
}

impl Drop for BatchingEngine {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Outlines what comes, in batches, until nobody can send any more.
fn run(engine: &dyn Engine, most: usize, jobs: &Receiver<Job>, cancelled: &AtomicBool) {
    let mut waiting = None;
    while let Some(first) = waiting.take().or_else(|| jobs.recv().ok()) {
        let mut batch = vec![first];
        while batch.len() < most {
            match jobs.recv_timeout(BATCH_WINDOW) {
                Ok(job) if job.options == batch[0].options => batch.push(job),
                // What looks for something else is of the next batch.
                Ok(job) => {
                    waiting = Some(job);
                    break;
                }
                Err(_) => break,
            }
        }
        // Whoever still wants it cancelled says so again.
        cancelled.store(false, Ordering::Relaxed);
        outline_batch(engine, &batch, cancelled);
    }
}

fn outline_batch(engine: &dyn Engine, batch: &[Job], cancelled: &AtomicBool) {
    let articles: Vec<&Article> = batch.iter().map(|job| &job.article).collect();
    // Whoever waited may have gone.
    let reply = |at: usize, reply| {
        let job: &Job = &batch[at];
        let _ = job.reply.send((job.index, reply));
    };
    let mut on_progress = |at: usize, progress| reply(at, Reply::Progress(progress));
    let outlines = engine.outline_all(&articles, &batch[0].options, cancelled, &mut on_progress);
    for (at, outline) in outlines.into_iter().enumerate() {
        reply(at, Reply::Outline(Box::new(outline)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::{CleanOptions, clean};
    use crate::engine::Extractive;
    use crate::outline::Lens;

    fn options() -> OutlineOptions {
        OutlineOptions {
            lens: Lens::builtin(crate::outline::DEFAULT_LENS).expect("built in"),
            output_language: None,
        }
    }

    fn article(text: &str) -> Article {
        let document = crate::input::document("a".into(), text.into(), None).expect("a text");
        clean(&document, &CleanOptions::default())
    }

    #[test]
    fn outlines_come_back_in_the_order_of_the_articles() {
        let articles = [
            article("The town builds a bridge. Power is short."),
            article("다리를 놓기로 했다. 전력이 모자라다."),
        ];
        let articles: Vec<&Article> = articles.iter().collect();
        let batching =
            BatchingEngine::new(Box::<Extractive>::default(), Some(1)).expect("a thread");
        let never = AtomicBool::new(false);
        let ours = batching.outline_all(&articles, &options(), &never, &mut |_, _| ());
        for (article, ours) in articles.iter().zip(ours) {
            let alone = Extractive::default().outline(article, &options());
            assert_eq!(ours.expect("an outline"), alone.expect("an outline"));
        }
    }

    #[test]
    fn memory_bounds_the_articles_under_way() {
        assert_eq!(articles_at_once(400_000_000, Some(1_000)), 2);
        assert_eq!(articles_at_once(4_000_000_000, Some(1_000)), 1);
        assert_eq!(articles_at_once(0, Some(1_000)), MOST_AT_ONCE);
    }
}
