//! `--engine openai:URL`: which server writes, with which key, and what becomes of its errors.
//!
//! The key comes from the environment alone: arguments are seen by everyone on the computer and kept by shells.

use std::env::VarError;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use sukje::article::Article;
use sukje::brief::Outline;
use sukje::engine::local::{LlmError, LlmOptions, Progress};
use sukje::engine::server as remote;
use sukje::engine::server::client::{Server, SettingError};
use sukje::model::Sampling;
use sukje::outline::OutlineOptions;

use super::args::WritingArgs;
use super::exit::{Exit, Failure, Stop};

/// The key's places; one that is set and empty means that there is no key.
const KEYS: [&str; 2] = ["SUKJE_API_KEY", "OPENAI_API_KEY"];

/// A server, and how many questions it is asked at the same time.
pub struct Asked {
    server: Server,
    parallel: usize,
}

/// The server at that address, once it has said which model answers.
pub fn open(address: &str, how: &WritingArgs, sampling: Sampling) -> Result<Asked, Stop> {
    let (variable, key) = key()?;
    let timeout = Duration::from_secs(how.asking.timeout.into());
    let mut server = Server::new(address, key, timeout, sampling).map_err(|error| {
        let name = match error {
            SettingError::Key => variable,
            _ => "--engine",
        };
        Failure::new(Exit::Usage, name, error)
    })?;
    server
        .choose(how.model.as_deref())
        .map_err(|error| Failure::new(Exit::Model, address, error))?;
    Ok(Asked {
        server,
        parallel: how.asking.parallel as usize,
    })
}

impl Asked {
    /// The name of the model that answers.
    pub fn model(&self) -> &str {
        self.server.model()
    }

    /// The outline of an article.
    pub fn outline(
        &self,
        article: &Article,
        options: &OutlineOptions,
        how: &LlmOptions,
        cancelled: &AtomicBool,
        on_progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Outline, LlmError> {
        let server = remote::Server {
            ask: &self.server,
            model: self.server.model(),
            parallel: self.parallel,
        };
        remote::outline(server, article, options, how, cancelled, on_progress)
    }

    /// The outlines of several articles, asked for at the same time.
    pub fn outline_all(
        &self,
        articles: &[&Article],
        options: &OutlineOptions,
        how: &LlmOptions,
        cancelled: &AtomicBool,
    ) -> Vec<Result<Outline, LlmError>> {
        std::thread::scope(|scope| {
            let ask = |article| self.outline(article, options, how, cancelled, &mut |_| ());
            let threads: Vec<_> = articles
                .iter()
                .map(|&article| scope.spawn(move || ask(article)))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("a panic ends the program"))
                .collect()
        })
    }
}

/// The key and where it stands.
fn key() -> Result<(&'static str, Option<String>), Stop> {
    for name in KEYS {
        match std::env::var(name) {
            Ok(key) => return Ok((name, Some(key))),
            Err(VarError::NotPresent) => {}
            Err(VarError::NotUnicode(_)) => {
                return Err(Failure::new(Exit::Usage, name, SettingError::Key).into());
            }
        }
    }
    Ok((KEYS[0], None))
}
