//! The same note, written by a server: parts cite, are recited to and write, one question each.
//!
//! In:  an article, and whoever answers questions ([`Ask`]). Out: `Outline`, by the same slots, checks and assembly as with a model here.
//! Questions go out side by side, and no answer depends on which came first. Knows no network. What is answered is an attacker's until it
//! is checked: a grammar was asked for, and nothing here trusts that it was kept.

mod answers;
pub mod client;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use serde_json::Value;
use thiserror::Error;

use crate::article::Article;
use crate::engine::local::branches::TRIES;
use crate::engine::local::{LlmError, LlmOptions, Progress};
use crate::engine::note::prompt::{Prompts, numbered};
use crate::engine::note::select;
use crate::engine::note::slots::{self, Claims, Place, Shares, Slot};
use crate::engine::note::written::{Failure, Field, Text, Written, gather, held};
use crate::model::chat::{Message, Speaker};
use crate::outline::{OutlineOptions, extractive};

/// The engine's name in briefs.
pub const ENGINE: &str = "openai";

/// The most tokens of an answer that cites: eight steps in JSON, a token a byte.
const CITE_TOKENS: usize = 768;
/// What the JSON around a text takes.
const FRAME_TOKENS: usize = 48;
/// What is said of the cause when a text is written once more.
const CAUSE_CHARS: usize = 200;
/// The line of `remote.txt` behind the question of each part that cites; the challenges share the last.
const CITES: [&str; 3] = ["cite_thesis", "cite_argument", "cite_challenge"];

/// Whoever answers: a server, or a test in its place.
pub trait Ask: Sync {
    /// The answer to a question, as JSON that may be anything.
    fn ask(&self, question: &Question<'_>) -> Result<Value, RemoteError>;
}

/// What is asked.
#[derive(Debug)]
pub struct Question<'q> {
    /// The conversation so far.
    pub messages: &'q [Message<'q>],
    /// The name of the answer's form.
    pub name: &'static str,
    /// Its JSON Schema.
    pub schema: &'q Value,
    /// The most tokens of the answer.
    pub tokens: usize,
}

/// Why there is no answer. Names no host, so that what a note says of it is the same wherever the server stands.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RemoteError {
    /// No connection could be made.
    #[error("could not be reached: {0}")]
    Unreachable(String),
    /// It refused, or failed; what it said of it is for people at a terminal only.
    #[error("answered with status {status}{}", words(.said))]
    Status {
        /// The HTTP status.
        status: u16,
        /// Its own words, none where it had none.
        said: String,
    },
    /// No whole answer in the time there was.
    #[error("did not answer within {0} s")]
    Stalled(u64),
    /// The connection ended before the answer did.
    #[error("broke off its answer")]
    Cut,
    /// More than an answer can be.
    #[error("sent more than {0} bytes")]
    Large(u64),
    /// Something else than the protocol's JSON.
    #[error("sent something else than an answer in JSON")]
    Garbled,
    /// Nothing, or a refusal in words.
    #[error("sent an answer without content")]
    Empty,
    /// The answer was cut at the most tokens.
    #[error("did not come to the end of its answer")]
    Unfinished,
}

fn words(said: &str) -> String {
    match said {
        "" => String::new(),
        said => format!(": {said}"),
    }
}

impl RemoteError {
    /// What a note says of it: nothing of what the server or the system put in words.
    fn cause(&self) -> String {
        match self {
            RemoteError::Unreachable(_) => "the server could not be reached".into(),
            RemoteError::Status { status, .. } => {
                format!("the server answered with status {status}")
            }
            error => format!("the server {error}"),
        }
    }

    /// Whether the server is not there, or will have nothing to do with such questions: another address, key or model is needed.
    fn is_no(&self) -> bool {
        match self {
            RemoteError::Unreachable(_) => true,
            RemoteError::Status { status, .. } => {
                (300..500).contains(status) && !matches!(status, 408 | 429)
            }
            _ => false,
        }
    }
}

/// Who is asked, and how.
#[derive(Clone, Copy)]
pub struct Server<'a> {
    /// Who answers.
    pub ask: &'a dyn Ask,
    /// The name of its model.
    pub model: &'a str,
    /// The most questions at a time; changes no answer.
    pub parallel: usize,
}

/// Outlines an article with a server's model. A server that says no to every first question is an error; whatever else goes wrong is a
/// fallback.
pub fn outline(
    server: Server<'_>,
    article: &Article,
    options: &OutlineOptions,
    how: &LlmOptions,
    cancelled: &AtomicBool,
    on_progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Outline, LlmError> {
    let mut plain = extractive::outline(article, options);
    let prompts = how.prompts(plain.output_language);
    plain.engine = EngineInfo {
        name: ENGINE.into(),
        model: Some(server.model.into()),
        model_sha256: None,
        prompt_sha256: Some(prompts.sha256()),
        version: env!("CARGO_PKG_VERSION").into(),
    };
    if article.sentences.is_empty() {
        return Ok(plain);
    }
    let sizes: Vec<usize> = article.sentences.iter().map(|s| tokens(&s.text)).collect();
    let ids = select::choose(article, &plain, &sizes, how.article_tokens);
    if ids.is_empty() {
        return Err(LlmError::NoRoom {
            room: how.article_tokens,
        });
    }
    let asked = Asked {
        server,
        article,
        options,
        how,
        prompts,
        plain: &plain,
        shown: lines(article, &ids),
        ids,
        cancelled,
    };
    let written = asked.written(on_progress)?;
    Ok(crate::engine::local::made(
        article,
        plain,
        written,
        on_progress,
    ))
}

/// What a sentence takes, guessed high: a server's tokenizer is not known here.
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

/// Why a part has no answer: the server's doing, or what the answer holds.
enum Trouble {
    Server(RemoteError),
    Answer(String),
}

impl From<RemoteError> for Trouble {
    fn from(error: RemoteError) -> Trouble {
        Trouble::Server(error)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Failure {
        Failure::of(match trouble {
            Trouble::Server(error) => error.cause(),
            Trouble::Answer(cause) => cause,
        })
    }
}

/// Everything an answer depends on.
struct Asked<'a> {
    server: Server<'a>,
    article: &'a Article,
    options: &'a OutlineOptions,
    how: &'a LlmOptions,
    prompts: &'a Prompts,
    plain: &'a Outline,
    /// The sentences read, and as the server sees them.
    ids: Vec<u32>,
    shown: String,
    cancelled: &'a AtomicBool,
}

impl Asked<'_> {
    fn written(&self, on_progress: &mut dyn FnMut(Progress<'_>)) -> Result<Written, LlmError> {
        let questions = slots::questions(self.prompts, self.options, self.plain, &self.ids);
        let answers = side_by_side(
            self.server.parallel,
            questions.len(),
            |part| self.cite(part, &questions[part]),
            |_, _| {},
        );
        self.not_cancelled()?;
        let answers = fields(answers)?;
        on_progress(Progress::Cited);
        let slots = self.slots(&answers);
        let texts = side_by_side(
            self.server.parallel,
            slots.len(),
            |at| self.text(&slots[at]),
            |at, text: &Text| {
                if let Ok((_, statement)) = text {
                    let field = &slots[at].place.field();
                    on_progress(Progress::Part { field, statement });
                }
            },
        );
        self.not_cancelled()?;
        let texts = slots.iter().map(|slot| slot.place).zip(texts).collect();
        Ok(gather(answers, texts, self.ids.len()))
    }

    fn not_cancelled(&self) -> Result<(), LlmError> {
        match self.is_cancelled() {
            true => Err(LlmError::Cancelled),
            false => Ok(()),
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// The sentences a part rests on, as the engine here writes them.
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

    /// The texts that the parts ask for, then the attacks on their claims.
    fn slots(&self, answers: &[Field<String>]) -> Vec<Slot> {
        let shares = Shares::of(self.article, self.plain);
        let answered = || {
            let numbered = answers.iter().enumerate();
            numbered.filter_map(|(part, answer)| Some((part, answer.as_ref().ok()?)))
        };
        let texts = answered().flat_map(|(part, answer)| slots::cited(part, answer));
        let mut slots: Vec<Slot> = texts
            .map(|(place, evidence)| Slot {
                letters: shares.of_place(place, &evidence, self.plain),
                place,
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

    /// A slot's text; one that does not hold is written once more.
    fn text(&self, slot: &Slot) -> Text {
        let question = self.prompts.article(&self.shown, &self.to_write(slot));
        let (name, schema) = match slot.quote {
            Some(_) => ("critique", answers::attack(slot)),
            None => ("text", answers::text(slot)),
        };
        let tokens = self.how.text_tokens + FRAME_TOKENS;
        let mut before: Option<(String, Failure)> = None;
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
            let both = |failure: Failure| match &earlier {
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

    /// What is asked for a text: the cue, and the cited sentences word for word.
    fn to_write(&self, slot: &Slot) -> String {
        if let Some(quote) = &slot.quote {
            let question = self.prompts.critique(slot.evidence[0], quote);
            return format!("{question}\n{}", self.prompts.remote("critique"));
        }
        let cue = self.prompts.remote(slot.place.cue());
        let about = match slot.place {
            Place::Challenge(at) | Place::Remedy(at) => {
                format!("{}: ", self.plain.challenges[at].label)
            }
            _ => String::new(),
        };
        format!("{about}{cue}\n{}", lines(self.article, &slot.evidence))
    }

    /// What a server wrote for a slot, if it holds.
    fn read_text(&self, slot: &Slot, answer: Value) -> Text {
        let cited: Vec<&str> = slot
            .evidence
            .iter()
            .filter_map(|id| self.article.sentence(*id))
            .map(|sentence| sentence.text.as_str())
            .collect();
        let language = self.plain.output_language;
        let (kind, text) =
            answers::read_text(answer, slot, &cited, language).map_err(Failure::of)?;
        held(self.article, self.plain, slot, kind, &text)
    }

    /// Asks one question, with what was said behind it.
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
        Ok(self.server.ask.ask(&Question {
            messages: &messages,
            name,
            schema,
            tokens,
        })?)
    }
}

/// The answers, with a cause where there is none; the server's no, where it says nothing else.
fn fields(answers: Vec<Result<String, Trouble>>) -> Result<Vec<Field<String>>, LlmError> {
    let is_no =
        |answer: &Result<String, Trouble>| matches!(answer, Err(Trouble::Server(e)) if e.is_no());
    if answers.iter().all(is_no)
        && let Some(Err(Trouble::Server(error))) = answers.first()
    {
        return Err(error.clone().into());
    }
    Ok(answers
        .into_iter()
        .map(|answer| answer.map_err(Failure::from))
        .collect())
}

/// Does `work` for every number below `count` on a few threads. Each result is told of as it comes; all come back in order.
fn side_by_side<T: Send>(
    threads: usize,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
    mut told: impl FnMut(usize, &T),
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
            told(at, &result);
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
    fn a_note_never_says_what_a_server_said() {
        let status = RemoteError::Status {
            status: 401,
            said: "no key at 10.0.0.1".into(),
        };
        assert_eq!(
            status.to_string(),
            "answered with status 401: no key at 10.0.0.1"
        );
        assert_eq!(status.cause(), "the server answered with status 401");
        let away = RemoteError::Unreachable("10.0.0.1 is away".into());
        assert_eq!(away.cause(), "the server could not be reached");
        assert_eq!(
            RemoteError::Stalled(2).cause(),
            "the server did not answer within 2 s"
        );
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
