//! A client of servers that speak the OpenAI protocol, such as vLLM, SGLang and llama-server.
//!
//! In:  an address, a key, and questions. Out: answers as JSON, or why there is none. An article leaves the computer here and nowhere else.
//! Never: another host than the one named, a redirect, a key in a message, more than a megabyte, a wait without an end.

use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thiserror::Error;
use ureq::http::header::RETRY_AFTER;
use ureq::http::{Response, Uri};
use ureq::{Agent, Body, Timeout};

use crate::model::Sampling;
use crate::model::chat::Message;

/// The most bytes of an answer: 4,096 tokens of a text in escapes are a tenth of it.
const MOST_BYTES: u64 = 1 << 20;
/// The longest a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// Times a question is put, and the pauses before the second and third.
const QUESTION_TRIES: usize = 3;
const PAUSES: [Duration; QUESTION_TRIES - 1] = [Duration::from_millis(250), Duration::from_secs(1)];
/// The longest wait a server can ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// The most bytes read of an error, and characters shown of it.
const ERROR_BYTES: u64 = 1 << 14;
const ERROR_CHARS: usize = 240;
/// The longest name of a model.
const NAME_BYTES: usize = 200;

/// Why an address or a key cannot be used. Shows neither: there may be a secret in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SettingError {
    /// Not of the form.
    #[error(
        "is no address of the form http://HOST or https://HOST, with a port and a path or without"
    )]
    Address,
    /// A name or password before the host.
    #[error(
        "has a name or password in the address; the key is taken from SUKJE_API_KEY or OPENAI_API_KEY"
    )]
    UserInfo,
    /// Characters no key has.
    #[error("holds what no key holds")]
    Key,
}

/// A question.
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

/// Why there is no answer. Names no host, so that notes are the same wherever the server is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RemoteError {
    /// No connection could be made.
    #[error("could not be reached: {0}")]
    Unreachable(String),
    /// It refused, or failed; its own words are for people at a terminal only.
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
    /// Returns the cause as a note gives it, without the words of the server or the system.
    pub fn cause(&self) -> String {
        match self {
            RemoteError::Unreachable(_) => "the server could not be reached".into(),
            RemoteError::Status { status, .. } => {
                format!("the server answered with status {status}")
            }
            error => format!("the server {error}"),
        }
    }

    /// Returns whether another address, key or model is needed: the server is not there, or refuses such questions.
    pub fn is_refusal(&self) -> bool {
        match self {
            RemoteError::Unreachable(_) => true,
            RemoteError::Status { status, .. } => {
                (300..500).contains(status) && !matches!(status, 408 | 429)
            }
            _ => false,
        }
    }
}

/// A secret: it is shown nowhere but in its header.
struct Key(String);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

/// A server, and how it is asked.
#[derive(Debug)]
pub struct Client {
    /// Without a slash at its end, with `/v1`.
    base: String,
    key: Option<Key>,
    model: String,
    sampling: Sampling,
    timeout: Duration,
    agent: Agent,
    reached: AtomicBool,
    /// Whether the server knows only the older way to ask for a form.
    older: AtomicBool,
}

impl Client {
    /// A client of the server at an address; a question takes `timeout` at most, all tries together.
    pub fn new(
        address: &str,
        key: Option<String>,
        timeout: Duration,
        sampling: Sampling,
    ) -> Result<Client, SettingError> {
        let key = key.filter(|key| !key.is_empty());
        if !key
            .iter()
            .all(|key| key.bytes().all(|b| b.is_ascii_graphic()))
        {
            return Err(SettingError::Key);
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("sukje/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .timeout_resolve(Some(CONNECT.min(timeout)))
            .timeout_connect(Some(CONNECT.min(timeout)))
            .build();
        Ok(Client {
            base: base(address)?,
            key: key.map(Key),
            model: String::new(),
            sampling,
            timeout,
            agent: agent.into(),
            reached: AtomicBool::new(false),
            older: AtomicBool::new(false),
        })
    }

    /// Chooses the model that answers: the one named, or the first one the server offers.
    pub fn choose(&mut self, model: Option<&str>) -> Result<(), RemoteError> {
        self.model = match model {
            Some(model) => model.to_string(),
            None => self.first_model()?,
        };
        Ok(())
    }

    /// Returns the model's name as a note gives it; of a path on the server its end.
    pub fn model(&self) -> &str {
        let is_path = self.model.starts_with(['/', '.']) || self.model.contains('\\');
        match is_path {
            true => self.model.rsplit(['/', '\\']).next().unwrap_or_default(),
            false => &self.model,
        }
    }

    fn first_model(&self) -> Result<String, RemoteError> {
        let offered: Models = read(&self.tried("models", None)?)?;
        let first = offered.data.into_iter().next();
        let id = first.ok_or(RemoteError::Empty)?.id;
        let sound = (1..=NAME_BYTES).contains(&id.len()) && !id.chars().any(crate::escape::acts);
        match sound {
            true => Ok(id),
            false => Err(RemoteError::Garbled),
        }
    }

    /// Sends a request until there is an answer, as often and as long as it makes sense.
    fn tried(&self, path: &str, body: Option<&[u8]>) -> Result<Vec<u8>, RemoteError> {
        let end = Instant::now() + self.timeout;
        let mut tries = 0;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let (error, asked) = match self.once(path, body, left) {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            let Some(pause) = PAUSES.get(tries).filter(|_| self.may_pass(&error)) else {
                return Err(error);
            };
            let pause = asked.unwrap_or(*pause).min(LONGEST_PAUSE);
            if Instant::now() + pause >= end {
                return Err(error);
            }
            sleep(pause);
            tries += 1;
        }
    }

    /// Returns whether the same request may do better another time. A server that was never reached is not tried again.
    fn may_pass(&self, error: &RemoteError) -> bool {
        match error {
            RemoteError::Unreachable(_) => self.reached.load(Ordering::Relaxed),
            RemoteError::Status { status, .. } => {
                matches!(status, 408 | 429 | 500..=599) && !is_of_form(error)
            }
            RemoteError::Cut => true,
            _ => false,
        }
    }

    /// Sends a request once. An error may come with the pause the server asks for.
    fn once(
        &self,
        path: &str,
        body: Option<&[u8]>,
        left: Duration,
    ) -> Result<Vec<u8>, (RemoteError, Option<Duration>)> {
        let mut response = self
            .sent(path, body, left)
            .map_err(|e| (self.failed(e), None))?;
        self.reached.store(true, Ordering::Relaxed);
        let status = response.status().as_u16();
        if (200..300).contains(&status) {
            return self
                .whole(&mut response, MOST_BYTES)
                .map_err(|error| (error, None));
        }
        let pause = retry_after(&response);
        let said = self.whole(&mut response, ERROR_BYTES).unwrap_or_default();
        let said = error_message(&said);
        Err((RemoteError::Status { status, said }, pause))
    }

    fn sent(
        &self,
        path: &str,
        body: Option<&[u8]>,
        left: Duration,
    ) -> Result<Response<Body>, ureq::Error> {
        let address = format!("{}/{path}", self.base);
        let bearer = self.key.as_ref().map(|Key(key)| format!("Bearer {key}"));
        // No time left would mean no limit.
        let left = Some(left.max(Duration::from_millis(1)));
        match body {
            Some(body) => {
                let mut request = self.agent.post(address);
                if let Some(bearer) = bearer {
                    request = request.header("authorization", bearer);
                }
                let request = request.header("content-type", "application/json");
                request.config().timeout_global(left).build().send(body)
            }
            None => {
                let mut request = self.agent.get(address);
                if let Some(bearer) = bearer {
                    request = request.header("authorization", bearer);
                }
                request.config().timeout_global(left).build().call()
            }
        }
    }

    /// Reads a body that has at most so many bytes.
    fn whole(&self, response: &mut Response<Body>, most: u64) -> Result<Vec<u8>, RemoteError> {
        let mut bytes = Vec::new();
        let mut body = response.body_mut().as_reader().take(most + 1);
        body.read_to_end(&mut bytes)
            .map_err(|error| self.failed(error.into()))?;
        match bytes.len() as u64 > most {
            true => Err(RemoteError::Large(most)),
            false => Ok(bytes),
        }
    }

    fn failed(&self, error: ureq::Error) -> RemoteError {
        let unreachable = |cause: &str| RemoteError::Unreachable(cause.into());
        match error {
            ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
                unreachable("it does not answer")
            }
            ureq::Error::Timeout(_) => RemoteError::Stalled(self.timeout.as_secs()),
            ureq::Error::HostNotFound => {
                unreachable("there is no host of that name, or no network")
            }
            ureq::Error::Io(error) if was_connected(error.kind()) => RemoteError::Cut,
            ureq::Error::Io(error) => unreachable(&error.to_string()),
            ureq::Error::Protocol(_)
            | ureq::Error::Http(_)
            | ureq::Error::LargeResponseHeader(..)
            | ureq::Error::Decompress(..) => RemoteError::Garbled,
            error => unreachable(&error.to_string()),
        }
    }

    /// Asks a question; the answer is JSON that may be anything.
    pub fn ask(&self, question: &Question<'_>) -> Result<Value, RemoteError> {
        let older = self.older.load(Ordering::Relaxed);
        let answer = self.completed(question, older);
        match answer {
            Err(error) if !older && is_of_form(&error) => {
                let answer = self.completed(question, true)?;
                self.older.store(true, Ordering::Relaxed);
                content(&answer)
            }
            answer => content(&answer?),
        }
    }

    fn completed(&self, question: &Question<'_>, older: bool) -> Result<Vec<u8>, RemoteError> {
        let messages: Vec<Value> = question
            .messages
            .iter()
            .map(|message| json!({"role": message.role.name(), "content": message.text}))
            .collect();
        let body = json!({
            "model": self.model,
            "messages": messages,
            "max_tokens": question.tokens,
            "temperature": hundredths(self.sampling.temperature),
            "top_p": hundredths(self.sampling.top_p),
            // Servers take 31 bits at least.
            "seed": self.sampling.seed & 0x7fff_ffff,
            "stream": false,
            "response_format": form(question, older),
        });
        self.tried("chat/completions", Some(body.to_string().as_bytes()))
    }
}

/// Returns the request for an answer's form. The older way is llama-cpp-python's.
fn form(question: &Question<'_>, older: bool) -> Value {
    let Question { name, schema, .. } = question;
    match older {
        true => json!({"type": "json_object", "schema": schema}),
        false => json!({
            "type": "json_schema",
            "json_schema": {"name": name, "strict": true, "schema": schema},
        }),
    }
}

/// Returns whether a server failed at the way it was asked for a form.
fn is_of_form(error: &RemoteError) -> bool {
    match error {
        RemoteError::Status { status, said } => {
            matches!(status, 400 | 422 | 500) && said.contains("response_format")
        }
        _ => false,
    }
}

#[derive(Deserialize)]
struct Models {
    data: Vec<Offered>,
}

#[derive(Deserialize)]
struct Offered {
    id: String,
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: ChoiceMessage,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct ChoiceMessage {
    content: Option<String>,
}

/// Reads the content of the first choice of a completion.
fn content(answer: &[u8]) -> Result<Value, RemoteError> {
    let completion: Completion = read(answer)?;
    let choice = completion.choices.into_iter().next();
    let choice = choice.ok_or(RemoteError::Empty)?;
    if choice.finish_reason.as_deref() == Some("length") {
        return Err(RemoteError::Unfinished);
    }
    match choice.message.content {
        Some(content) if !content.trim().is_empty() => read(content.as_bytes()),
        _ => Err(RemoteError::Empty),
    }
}

/// Reads JSON, at most 128 levels deep.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RemoteError> {
    serde_json::from_slice(bytes).map_err(|_| RemoteError::Garbled)
}

/// Returns the message of an error.
fn error_message(body: &[u8]) -> String {
    let body: Value = read(body).unwrap_or_default();
    let places = ["/error/message", "/message", "/detail", "/error"];
    let found = places
        .iter()
        .find_map(|place| body.pointer(place)?.as_str());
    found
        .unwrap_or_default()
        .chars()
        .take(ERROR_CHARS)
        .collect()
}

fn retry_after(response: &Response<Body>) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    Some(Duration::from_secs(value.trim().parse().ok()?))
}

/// Returns the address that paths are put behind: `https://host/v1`.
fn base(address: &str) -> Result<String, SettingError> {
    let address = address.trim_end_matches('/');
    let scheme = address
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    if !matches!(scheme.as_deref(), Some("http" | "https")) || address.contains(['?', '#']) {
        return Err(SettingError::Address);
    }
    let uri = Uri::from_str(address).map_err(|_| match address.contains('@') {
        true => SettingError::UserInfo,
        false => SettingError::Address,
    })?;
    let authority = uri.authority().ok_or(SettingError::Address)?;
    if authority.as_str().contains('@') {
        return Err(SettingError::UserInfo);
    }
    if authority.host().is_empty() {
        return Err(SettingError::Address);
    }
    Ok(match address.ends_with("/v1") {
        true => address.to_string(),
        false => format!("{address}/v1"),
    })
}

fn was_connected(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(
        kind,
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
    )
}

/// Widens 0.7 as it is written, not as the nearest number of 32 bits.
fn hundredths(value: f32) -> f64 {
    (f64::from(value) * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_in_v1() {
        let check = |address: &str, expected: Result<&str, SettingError>| {
            assert_eq!(base(address), expected.map(String::from), "{address}");
        };
        check("http://127.0.0.1:8000", Ok("http://127.0.0.1:8000/v1"));
        check("https://ai.example/v1/", Ok("https://ai.example/v1"));
        check("https://ai.example/llm/", Ok("https://ai.example/llm/v1"));
        check("http://[::1]:8000/v1", Ok("http://[::1]:8000/v1"));
        for none in [
            "",
            "ai.example",
            "ftp://ai.example",
            "http://",
            "https:///v1",
            "http://a b",
            "https://ai.example/v1?key=x",
            "file:///etc/passwd",
        ] {
            check(none, Err(SettingError::Address));
        }
        for user in [
            "http://me@ai.example",
            "https://me:secret@ai.example/v1",
            "https://me:se cret@ai.example",
        ] {
            check(user, Err(SettingError::UserInfo));
        }
    }

    #[test]
    fn keys_are_never_shown() {
        let server = |key: &str| {
            let timeout = Duration::from_secs(1);
            Client::new(
                "http://127.0.0.1",
                Some(key.into()),
                timeout,
                Sampling::default(),
            )
        };
        let shown = format!("{:?}", server("sesame").expect("a server"));
        assert!(!shown.contains("sesame"), "{shown}");
        for wrong in ["a b", "a\r\nx: y", "열쇠"] {
            assert_eq!(server(wrong).expect_err("no server"), SettingError::Key);
        }
    }

    #[test]
    fn completions_are_read_with_care() {
        let check = |answer: &str, expected: Result<Value, RemoteError>| {
            assert_eq!(content(answer.as_bytes()), expected, "{answer}");
        };
        let of = |content: &str| {
            json!({"choices": [{"message": {"content": content}, "finish_reason": "stop"}]})
                .to_string()
        };
        check(&of("{\"a\": 1}"), Ok(json!({"a": 1})));
        check(&of("{\"a\": 1} and more"), Err(RemoteError::Garbled));
        check(&of(&"[".repeat(10_000)), Err(RemoteError::Garbled));
        check(&of(" "), Err(RemoteError::Empty));
        check("{\"choices\": []}", Err(RemoteError::Empty));
        check(
            "{\"choices\": [{\"message\": {\"content\": null}}]}",
            Err(RemoteError::Empty),
        );
        check(
            "{\"choices\": [{\"message\": {\"content\": \"{}\"}, \"finish_reason\": \"length\"}]}",
            Err(RemoteError::Unfinished),
        );
        check("<html>", Err(RemoteError::Garbled));
        check("", Err(RemoteError::Garbled));
        assert_eq!(
            error_message(b"{\"error\": {\"message\": \"no such model\"}}"),
            "no such model"
        );
        assert_eq!(error_message(b"<html>"), "");
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
}
