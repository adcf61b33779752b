//! The engine that asks a server: parts cite, are recited to and write, one question each.
//!
//! In:  articles, and a server's address. Out: outlines, by the same slots, checks and assembly as with a model here. Questions go out side by
//! side, and no answer depends on which came first. `client` alone knows the network. Every answer is an attacker's until it is checked: a
//! form was asked for, and nothing here trusts that it was kept (`answers`).

mod answers;
pub(super) mod client;

use std::env::VarError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use serde_json::Value;

pub use client::RemoteError;
use client::{Client, Question, SettingError};

use super::error::{EngineError, OpenError};
use super::interface::{Engine, Info, Progress};
use super::note::options::WritingOptions;
use super::note::prompt::{Prompts, numbered};
use super::note::slots::{self, Claims, NoteField, Shares, Slot};
use super::note::written::{Field, FieldFailure, TRIES, TextResult, Written, checked, gather};
use super::note::{assemble, select};
use super::options::EngineOptions;
use crate::article::Article;
use crate::brief::Outline;
use crate::model::chat::{Message, Speaker};
use crate::outline::OutlineOptions;

/// The engine's name in briefs.
pub const NAME: &str = "openai";

/// The most tokens of an answer that cites: eight steps in JSON, a token a byte.
const CITE_TOKENS: usize = 768;
/// The tokens of the JSON around a text.
const FRAME_TOKENS: usize = 48;
/// The most characters of the cause when a text is written once more.
const CAUSE_CHARS: usize = 200;
/// The lines of `remote.txt` behind the questions of the parts that cite; the challenges share the last.
const CITES: [&str; 3] = ["cite_thesis", "cite_argument", "cite_challenge"];

/// Outlines articles with a server's model.
pub struct ServerEngine {
    client: Client,
    address: String,
    parallel: usize,
    writing: WritingOptions,
}

impl ServerEngine {
    /// Opens the server at an address, which says which model answers if none is named.
    pub fn open(address: &str, options: &EngineOptions) -> Result<ServerEngine, OpenError> {
        let writing = WritingOptions::from_engine(options)?;
        let (variable, key) = key()?;
        let client = Client::new(address, key, options.timeout, writing.sampling);
        let mut client = client.map_err(|error| match error {
            SettingError::Key => unusable_key(variable),
            error => OpenError::Address {
                cause: error.into(),
            },
        })?;
        let chosen = client.choose(options.model.as_deref());
        chosen.map_err(|error| OpenError::Server {
            address: address.into(),
            cause: error.into(),
        })?;
        Ok(ServerEngine {
            client,
            address: address.into(),
            parallel: options.parallel,
            writing,
        })
    }

    /// Outlines an article. A server that refuses every first question is an error; whatever else goes wrong is a fallback.
    fn outline_one(
        &self,
        article: &Article,
        options: &OutlineOptions,
        cancelled: &AtomicBool,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Outline, EngineError> {
        let basis = assemble::basis(self.info(), article, options, &self.writing);
        if article.sentences.is_empty() {
            return Ok(basis);
        }
        let sizes: Vec<usize> = article.sentences.iter().map(|s| tokens(&s.text)).collect();
        let room = self.writing.article_tokens;
        let ids = select::choose(article, &basis, &sizes, room);
        if ids.is_empty() {
            return Err(EngineError::NoRoom { room });
        }
        let asked = ArticleQuestions {
            engine: self,
            article,
            options,
            prompts: self.writing.prompts(basis.output_language),
            basis: &basis,
            shown: lines(article, &ids),
            ids,
            cancelled,
        };
        let written = asked.written(on_progress)?;
        Ok(assemble::outline(article, basis, written, on_progress))
    }
}

impl Engine for ServerEngine {
    fn info(&self) -> Info {
        Info {
            name: NAME,
            model: Some(self.client.model().into()),
            model_sha256: None,
            settings: format!("{:?}", self.writing),
            source: self.address.clone(),
            article_bytes: 0,
            articles_at_once: None,
        }
    }

    fn outline_all(
        &self,
        articles: &[&Article],
        options: &OutlineOptions,
        cancelled: &AtomicBool,
        on_progress: &mut dyn FnMut(usize, Progress),
    ) -> Vec<Result<Outline, EngineError>> {
        let (sender, reports) = mpsc::channel();
        thread::scope(|scope| {
            let outlining = articles.iter().enumerate().map(|(index, &article)| {
                let sender = sender.clone();
                scope.spawn(move || {
                    // Whoever listens may have gone.
                    let mut report = |progress| drop(sender.send((index, progress)));
                    self.outline_one(article, options, cancelled, &mut report)
                })
            });
            let threads: Vec<_> = outlining.collect();
            drop(sender);
            for (index, progress) in reports {
                on_progress(index, progress);
            }
            let outlines = threads.into_iter();
            outlines
                .map(|thread| thread.join().expect("a panic ends the program"))
                .collect()
        })
    }
}

/// The environment variables of the key; one that is set and empty means that there is no key. Arguments would be seen by everyone on the
/// computer and kept by shells.
const KEYS: [&str; 2] = ["SUKJE_API_KEY", "OPENAI_API_KEY"];

/// Returns the key, and the variable it comes from.
fn key() -> Result<(&'static str, Option<String>), OpenError> {
    for variable in KEYS {
        match std::env::var(variable) {
            Ok(key) => return Ok((variable, Some(key))),
            Err(VarError::NotPresent) => {}
            Err(VarError::NotUnicode(_)) => return Err(unusable_key(variable)),
        }
    }
    Ok((KEYS[0], None))
}

fn unusable_key(variable: &'static str) -> OpenError {
    OpenError::Key {
        variable,
        cause: SettingError::Key.into(),
    }
}

/// Estimates the tokens of a sentence, rather too high: a server's tokenizer is not known here.
fn tokens(text: &str) -> usize {
    const FRAME: usize = 8;
    let ascii = text.bytes().filter(u8::is_ascii).count();
    let others = text.chars().count() - ascii;
    FRAME + others + ascii.div_ceil(3)
}

fn lines(article: &Article, ids: &[u32]) -> String {
    let sentences = ids.iter().filter_map(|id| article.sentence(*id));
    sentences.map(numbered).collect::<Vec<_>>().join("\n")
}

/// Why a part has no answer: the server failed, or its answer is wrong.
enum Trouble {
    Server(RemoteError),
    Answer(String),
}

impl From<RemoteError> for Trouble {
    fn from(error: RemoteError) -> Trouble {
        Trouble::Server(error)
    }
}

impl From<Trouble> for FieldFailure {
    fn from(trouble: Trouble) -> FieldFailure {
        FieldFailure::of(match trouble {
            Trouble::Server(error) => error.cause(),
            Trouble::Answer(cause) => cause,
        })
    }
}

/// An article to ask of, with everything an answer depends on.
struct ArticleQuestions<'a> {
    engine: &'a ServerEngine,
    article: &'a Article,
    options: &'a OutlineOptions,
    prompts: &'a Prompts,
    basis: &'a Outline,
    /// The ids of the sentences read, and the sentences as the server sees them.
    ids: Vec<u32>,
    shown: String,
    cancelled: &'a AtomicBool,
}

impl ArticleQuestions<'_> {
    fn written(&self, on_progress: &mut dyn FnMut(Progress)) -> Result<Written, EngineError> {
        let questions = slots::questions(self.prompts, self.options, self.basis, &self.ids);
        let answers = side_by_side(
            self.engine.parallel,
            questions.len(),
            |part| self.cite(part, &questions[part]),
            |_, _| {},
        );
        self.not_cancelled()?;
        let answers = fields(answers)?;
        on_progress(Progress::Cited);
        let slots = self.slots(&answers);
        let texts = side_by_side(
            self.engine.parallel,
            slots.len(),
            |at| self.text(&slots[at]),
            |at, text: &TextResult| {
                if let Ok((_, statement)) = text {
                    on_progress(Progress::Part {
                        field: slots[at].field.name(),
                        statement: statement.clone(),
                    });
                }
            },
        );
        self.not_cancelled()?;
        let texts = slots.iter().map(|slot| slot.field).zip(texts).collect();
        Ok(gather(answers, texts, self.ids.len()))
    }

    fn not_cancelled(&self) -> Result<(), EngineError> {
        match self.is_cancelled() {
            true => Err(EngineError::Cancelled),
            false => Ok(()),
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Asks which sentences a part rests on; the answer is as a model here writes it.
    fn cite(&self, part: usize, question: &str) -> Result<String, Trouble> {
        let form = CITES[part.min(2)];
        let question = format!("{question}\n{}", self.prompts.remote(form));
        let schema = match part {
            0 => answers::thesis(&self.ids),
            1 => answers::argument(&self.ids),
            _ => answers::challenge(&self.ids),
        };
        let answer = self.asked(
            &self.prompts.article(&self.shown, &question),
            &[],
            form,
            &schema,
            CITE_TOKENS,
        )?;
        let read = match part {
            0 => answers::read_thesis(answer, &self.ids),
            1 => answers::read_argument(answer, &self.ids),
            _ => answers::read_challenge(answer, &self.ids),
        };
        read.map_err(Trouble::Answer)
    }

    /// Returns the texts that the parts ask for, then the attacks on their claims.
    fn slots(&self, answers: &[Field<String>]) -> Vec<Slot> {
        let shares = Shares::of(self.article, self.basis);
        let answered = || {
            let numbered = answers.iter().enumerate();
            numbered.filter_map(|(part, answer)| Some((part, answer.as_ref().ok()?)))
        };
        let texts = answered().flat_map(|(part, answer)| slots::cited(part, answer));
        let mut slots: Vec<Slot> = texts
            .map(|(field, evidence)| Slot {
                letters: shares.of_field(field, &evidence, self.basis),
                field,
                evidence,
                quote: None,
            })
            .collect();
        let mut claims = Claims::default();
        slots.extend(
            answered().filter_map(|(part, answer)| claims.of_part(part, answer, self.article)),
        );
        slots
    }

    /// Asks for a slot's text; one that does not hold is asked for once more.
    fn text(&self, slot: &Slot) -> TextResult {
        let question = self.prompts.article(&self.shown, &self.to_write(slot));
        let (name, schema) = match slot.quote {
            Some(_) => ("critique", answers::attack(slot)),
            None => ("text", answers::text(slot)),
        };
        let tokens = self.engine.writing.text_tokens + FRAME_TOKENS;
        let mut before: Option<(String, FieldFailure)> = None;
        for _ in 0..TRIES {
            let again = before.as_ref().map(|(answer, failure)| {
                let causes = failure.causes.join(", ");
                let cause: String = causes.chars().take(CAUSE_CHARS).collect();
                (answer.clone(), self.prompts.again(&cause))
            });
            let (said, told) = again.unwrap_or_default();
            let behind = [(Speaker::Assistant, &*said), (Speaker::User, &*told)];
            let behind = &behind[..if before.is_some() { 2 } else { 0 }];
            let earlier = before.take().map(|(_, failure)| failure);
            let both = |failure: FieldFailure| match &earlier {
                Some(earlier) => earlier.and(failure),
                None => failure,
            };
            let answer = match self.asked(&question, behind, name, &schema, tokens) {
                Ok(answer) => answer,
                // The client has tried that as often as it makes sense.
                Err(trouble) => return Err(both(trouble.into())),
            };
            let answered = answer.to_string();
            match self.read_text(slot, answer) {
                Ok(text) => return Ok(text),
                Err(failure) => before = Some((answered, both(failure))),
            }
        }
        Err(before.map(|(_, failure)| failure).unwrap_or_default())
    }

    /// Returns the question for a text: the cue, and the cited sentences word for word.
    fn to_write(&self, slot: &Slot) -> String {
        if let Some(quote) = &slot.quote {
            let question = self.prompts.critique(slot.evidence[0], quote);
            return format!("{question}\n{}", self.prompts.remote("critique"));
        }
        let cue = self.prompts.remote(slot.field.cue());
        let about = match slot.field {
            NoteField::Challenge(at) | NoteField::Remedy(at) => {
                format!("{}: ", self.basis.challenges[at].label)
            }
            _ => String::new(),
        };
        format!("{about}{cue}\n{}", lines(self.article, &slot.evidence))
    }

    /// Returns the text a server wrote for a slot, if it holds.
    fn read_text(&self, slot: &Slot, answer: Value) -> TextResult {
        let cited: Vec<&str> = slot
            .evidence
            .iter()
            .filter_map(|id| self.article.sentence(*id))
            .map(|sentence| sentence.text.as_str())
            .collect();
        let language = self.basis.output_language;
        let (kind, text) =
            answers::read_text(answer, slot, &cited, language).map_err(FieldFailure::of)?;
        checked(self.article, self.basis, slot, kind, &text)
    }

    /// Asks one question, with the messages that follow it.
    fn asked(
        &self,
        question: &str,
        behind: &[(Speaker, &str)],
        name: &'static str,
        schema: &Value,
        tokens: usize,
    ) -> Result<Value, Trouble> {
        if self.is_cancelled() {
            return Err(Trouble::Answer("was cancelled".into()));
        }
        let first = [
            (Speaker::System, self.prompts.system()),
            (Speaker::User, question),
        ];
        let said = first.iter().chain(behind);
        let messages: Vec<Message<'_>> = said.map(|&(role, text)| Message { role, text }).collect();
        Ok(self.engine.client.ask(&Question {
            messages: &messages,
            name,
            schema,
            tokens,
        })?)
    }
}

/// Returns the answers, with a cause where there is none; the server's refusal, if it refuses them all.
fn fields(answers: Vec<Result<String, Trouble>>) -> Result<Vec<Field<String>>, EngineError> {
    let is_refusal = |answer: &Result<String, Trouble>| matches!(answer, Err(Trouble::Server(e)) if e.is_refusal());
    if answers.iter().all(is_refusal)
        && let Some(Err(Trouble::Server(error))) = answers.first()
    {
        return Err(error.clone().into());
    }
    Ok(answers
        .into_iter()
        .map(|answer| answer.map_err(FieldFailure::from))
        .collect())
}

/// Does `work` for every number below `count` on a few threads. Reports each result as it comes, and returns all in order.
fn side_by_side<T: Send>(
    threads: usize,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
    mut report: impl FnMut(usize, &T),
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let (sender, done) = mpsc::channel();
    let mut results: Vec<Option<T>> = (0..count).map(|_| None).collect();
    thread::scope(|scope| {
        for _ in 0..threads.min(count) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            let worker = move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count || sender.send((at, work(at))).is_err() {
                        return;
                    }
                }
            };
            // Where the system has no thread to give, those there are do the work.
            let _ = thread::Builder::new().spawn_scoped(scope, worker);
        }
        drop(sender);
        for (at, result) in done {
            report(at, &result);
            results[at] = Some(result);
        }
    });
    let results = results.into_iter().enumerate();
    results
        .map(|(at, result)| result.unwrap_or_else(|| work(at)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_back_in_order() {
        for threads in [0, 1, 3, 9] {
            let mut told = Vec::new();
            let results = side_by_side(threads, 5, |at| at * at, |at, _| told.push(at));
            assert_eq!(results, [0, 1, 4, 9, 16]);
            told.sort_unstable();
            assert!(threads == 0 || told == [0, 1, 2, 3, 4]);
        }
    }

    #[test]
    fn no_only_counts_where_nothing_else_is_said() {
        let no = || {
            Err(Trouble::Server(RemoteError::Status {
                status: 404,
                said: String::new(),
            }))
        };
        let ill = || {
            Err(Trouble::Server(RemoteError::Status {
                status: 500,
                said: String::new(),
            }))
        };
        assert!(fields(vec![no(), no()]).is_err());
        assert!(fields(vec![no(), ill()]).is_ok());
        assert!(fields(vec![no(), Ok(String::new())]).is_ok());
        assert!(fields(vec![ill(), ill()]).is_ok());
    }
}
