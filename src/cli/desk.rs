//! One model for a whole batch: articles that are handed in at about the same time are written together.
//!
//! In:  articles, from as many threads as there may be articles at a time. Out: their outlines. One thread has the model; what an
//! article's outline says does not depend on its company.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use sukje::article::Article;
use sukje::brief::{Brief, Outline};
use sukje::clean::{CleanOptions, clean};
use sukje::engine::local::Progress;
use sukje::input::Document;
use sukje::outline::OutlineOptions;
use sukje::verify::verify;

use super::writer::{Writer, part, say};

/// So long the first article waits for company; reading it takes seconds.
const COMPANY: Duration = Duration::from_millis(50);
/// So often a waiting thread looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(100);

/// An article handed in, and where its outline goes.
struct Order {
    article: Arc<Article>,
    reply: SyncSender<Result<Outline, String>>,
}

/// Where articles are handed in.
pub struct Desk {
    clean: CleanOptions,
    identity: String,
    orders: Option<Mutex<Sender<Order>>>,
    cancelled: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Desk {
    /// A desk at which `writer` writes at most `most` articles at a time.
    pub fn open(
        writer: Writer,
        clean: CleanOptions,
        options: OutlineOptions,
        most: usize,
        stream: bool,
    ) -> std::io::Result<Desk> {
        let identity = format!("{clean:?} {options:?} {}", writer.identity());
        let (orders, handed) = mpsc::channel();
        let cancelled = Arc::new(AtomicBool::new(false));
        let flag = cancelled.clone();
        let serve = move || serve(&writer, &options, most, stream, &handed, &flag);
        // The model's own steps run in a pool of threads; this one cleans up behind them as the main thread would.
        let thread = Builder::new().name("desk".into()).stack_size(8 << 20);
        Ok(Desk {
            clean,
            identity,
            orders: Some(Mutex::new(orders)),
            cancelled,
            thread: Some(thread.spawn(serve)?),
        })
    }

    fn outline(&self, article: Arc<Article>, stop: &AtomicBool) -> Result<Outline, String> {
        let (reply, outline) = mpsc::sync_channel(1);
        let orders = self.orders.as_ref().ok_or("the desk is closed")?;
        let orders = orders.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = orders.send(Order { article, reply });
        drop(orders);
        sent.map_err(|_| GONE)?;
        loop {
            match outline.recv_timeout(LOOK) {
                Ok(outline) => return outline,
                Err(RecvTimeoutError::Disconnected) => return Err(GONE.into()),
                Err(RecvTimeoutError::Timeout) => {
                    if stop.load(Ordering::Relaxed) {
                        self.cancelled.store(true, Ordering::Relaxed);
                    }
                }
            }
        }
    }
}

const GONE: &str = "the model's thread has ended";

impl sukje::batch::Engine for Desk {
    fn brief(&self, document: &Document, stop: &AtomicBool) -> Result<Brief, String> {
        let article = Arc::new(clean(document, &self.clean));
        let outline = self.outline(article.clone(), stop)?;
        Ok(verify(&article, outline))
    }

    fn identity(&self) -> String {
        self.identity.clone()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Writes what is handed in until nobody can hand in any more.
fn serve(
    writer: &Writer,
    options: &OutlineOptions,
    most: usize,
    stream: bool,
    handed: &Receiver<Order>,
    cancelled: &AtomicBool,
) {
    while let Ok(first) = handed.recv() {
        let mut orders = vec![first];
        while orders.len() < most {
            match handed.recv_timeout(COMPANY) {
                Ok(order) => orders.push(order),
                Err(_) => break,
            }
        }
        let articles: Vec<&Article> = orders.iter().map(|order| &*order.article).collect();
        let mut tell = |at: usize, progress: Progress<'_>| {
            if let (true, Progress::Part { field, statement }) = (stream, progress) {
                say(&format!(
                    "{}: {}",
                    articles[at].source.name,
                    part(field, statement)
                ));
            }
        };
        let outlines = writer.outline_all(&articles, options, cancelled, &mut tell);
        let outlines: Vec<Result<Outline, String>> = match outlines {
            Ok(outlines) => outlines
                .into_iter()
                .map(|outline| outline.map_err(|error| error.to_string()))
                .collect(),
            Err(error) => articles.iter().map(|_| Err(error.to_string())).collect(),
        };
        for (order, outline) in orders.iter().zip(outlines) {
            // Whoever waited may have gone.
            let _ = order.reply.send(outline);
        }
    }
}
