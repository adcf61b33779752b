//! One request to the hub, or to a mirror of it.
//!
//! In:  a model's file and how much of it is there. Out: a response whose body is the file's bytes, or an error that says who did
//! what. hf-hub builds the address; the request is made here, because hf-hub follows any server: it takes what is served for
//! the file, knows neither HF_TOKEN nor HF_HUB_OFFLINE, and waits for ever.

use std::fmt;
use std::fs;
use std::io;
use std::str::FromStr;
use std::time::Duration;

use hf_hub::Cache;
use hf_hub::api::sync::ApiBuilder;
use ureq::http::header::{CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, LOCATION};
use ureq::http::{Response, StatusCode, Uri};
use ureq::{Agent, Body, Timeout};

use super::error::DownloadError;
use crate::model::registry::{ModelSpec, is_commit};
use crate::model::store::{hf_home, repo};

const ENDPOINT: &str = "https://huggingface.co";

/// As many redirects as browsers and curl's users commonly allow.
const MOST_REDIRECTS: usize = 10;

/// A computer without a network says so within this, whether names are looked up in vain or packets vanish.
const CONNECT: Duration = Duration::from_secs(10);

/// A server that sends nothing for so long has stalled.
const STALL: Duration = Duration::from_secs(30);

/// The longest ETag kept for a resume.
const ETAG_BYTES: usize = 256;

/// Where models come from and how they are asked for.
#[derive(Debug, Clone)]
pub struct Hub {
    endpoint: String,
    token: Option<Token>,
    offline: bool,
    stall: Duration,
}

/// A secret: it has no text form but in its header.
#[derive(Clone)]
struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl Hub {
    /// Reads the environment: HF_ENDPOINT, HF_TOKEN, HF_TOKEN_PATH (else `HF_HOME/token`), HF_HUB_DISABLE_IMPLICIT_TOKEN,
    /// HF_HUB_OFFLINE, and HF_HUB_DOWNLOAD_TIMEOUT, the seconds after which a server that sends nothing has stalled.
    pub fn from_env() -> Result<Hub, DownloadError> {
        let endpoint = variable("HF_ENDPOINT").unwrap_or_else(|| ENDPOINT.to_string());
        let endpoint = endpoint.trim_end_matches('/').to_string();
        let sound = (endpoint.starts_with("https://") || endpoint.starts_with("http://"))
            && !endpoint.contains(['?', '#', '@'])
            && Uri::from_str(&endpoint).is_ok_and(|uri| uri.host().is_some());
        if !sound {
            return Err(DownloadError::Setting {
                variable: "HF_ENDPOINT",
                cause: "is no address of the form https://HOST",
            });
        }
        let stall = match variable("HF_HUB_DOWNLOAD_TIMEOUT").map(|text| text.parse()) {
            None => STALL,
            Some(Ok(seconds @ 1..=3600)) => Duration::from_secs(seconds),
            Some(_) => {
                return Err(DownloadError::Setting {
                    variable: "HF_HUB_DOWNLOAD_TIMEOUT",
                    cause: "is no number of seconds between 1 and 3600",
                });
            }
        };
        Ok(Hub {
            endpoint,
            token: token()?,
            offline: is_on("HF_HUB_OFFLINE"),
            stall,
        })
    }

    /// Returns whether the network must be left alone.
    pub fn is_offline(&self) -> bool {
        self.offline
    }

    /// Returns the server's name, as errors and prompts show it.
    pub fn host(&self) -> String {
        Uri::from_str(&self.endpoint)
            .ok()
            .and_then(|uri| uri.host().map(str::to_string))
            .unwrap_or_default()
    }

    /// Returns how long a server may send nothing before it counts as stalled.
    pub(super) fn stall(&self) -> Duration {
        self.stall
    }

    /// Returns the address of a model's file at a revision.
    pub(super) fn address(&self, spec: &ModelSpec, revision: &str) -> Result<Uri, DownloadError> {
        // The cache is only where hf-hub would look for a token; ours never reaches it.
        let api = ApiBuilder::from_cache(Cache::new("".into()))
            .with_endpoint(self.endpoint.clone())
            .with_token(None)
            .with_progress(false)
            .build()
            .map_err(|error| DownloadError::Unreachable {
                host: self.host(),
                cause: error.to_string(),
            })?;
        let address = api.repo(repo(spec, revision)).url(&spec.file);
        Uri::from_str(&address).map_err(|_| DownloadError::Setting {
            variable: "HF_ENDPOINT",
            cause: "makes no address",
        })
    }

    /// Returns a connection pool with our limits. Redirects are followed in `get`: the client would read a redirect's body to its end,
    /// however long, and carry the token to another port of the same host.
    pub(super) fn agent(&self) -> Agent {
        Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("sukje/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_send_request(Some(self.stall))
            .timeout_recv_response(Some(self.stall))
            .timeout_per_read(Some(self.stall))
            .build()
            .into()
    }

    /// Asks for a file from byte `from` on; `etag` says of which version the bytes before are.
    pub(super) fn get(
        &self,
        agent: &Agent,
        address: &Uri,
        from: u64,
        etag: Option<&str>,
    ) -> Result<HubResponse, DownloadError> {
        let mut uri = address.clone();
        let mut token = self.token.as_ref();
        let mut commit = None;
        for _ in 0..=MOST_REDIRECTS {
            let host = uri.host().unwrap_or_default().to_string();
            let mut request = agent.get(&uri);
            if let Some(Token(token)) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            if from > 0 {
                request = request.header("range", format!("bytes={from}-"));
                if let Some(etag) = etag {
                    request = request.header("if-range", etag);
                }
            }
            let response = request
                .call()
                .map_err(|error| not_answered(&host, self.stall, error))?;
            if token.is_some() || same_origin(&uri, address) {
                commit = commit.or_else(|| commit_of(&response));
            }
            if !is_redirect(response.status()) {
                return Ok(HubResponse {
                    host,
                    commit,
                    response,
                });
            }
            let next = text_of(&response, LOCATION)
                .and_then(|location| resolve(&uri, location))
                .ok_or_else(|| DownloadError::Redirect {
                    host: host.clone(),
                    cause: "somewhere that is no address",
                })?;
            if uri.scheme_str() == Some("https") && next.scheme_str() != Some("https") {
                return Err(DownloadError::Redirect {
                    host,
                    cause: "from https to an open connection",
                });
            }
            // Once given up the token stays so, wherever else the way leads.
            token = token.filter(|_| same_origin(&next, address));
            uri = next;
        }
        Err(DownloadError::Redirect {
            host: self.host(),
            cause: "more than 10 times",
        })
    }
}

/// What a server answered, its body unread.
pub(super) struct HubResponse {
    /// Who answered in the end.
    pub host: String,
    /// The commit the hub says the file is of.
    pub commit: Option<String>,
    /// The last response.
    pub response: Response<Body>,
}

impl HubResponse {
    pub(super) fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Returns whether it is a page for people: an error page, a login, a hotel's network.
    pub(super) fn is_html(&self) -> bool {
        text_of(&self.response, CONTENT_TYPE)
            .and_then(|kind| kind.split(';').next())
            .is_some_and(|kind| {
                let kind = kind.trim().to_ascii_lowercase();
                kind == "text/html" || kind == "application/xhtml+xml"
            })
    }

    /// Returns the body's length, where the server tells and the body is not compressed.
    pub(super) fn length(&self) -> Option<u64> {
        self.response.body().content_length()
    }

    /// Returns the first byte of a part and the whole file's length: `bytes 100-199/200`.
    pub(super) fn range(&self) -> Option<(u64, u64)> {
        let range = text_of(&self.response, CONTENT_RANGE)?.strip_prefix("bytes ")?;
        let (part, whole) = range.split_once('/')?;
        let (first, last) = part.split_once('-')?;
        let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
        let whole = whole.parse().ok()?;
        let ends_there = last.checked_add(1) == Some(whole);
        let is_long_as_said = self.length() == whole.checked_sub(first);
        (ends_there && is_long_as_said).then_some((first, whole))
    }

    /// Returns the ETag, if it may stand in If-Range: strong, in quotes, short. It never becomes part of a path.
    pub(super) fn etag(&self) -> Option<&str> {
        text_of(&self.response, ETAG).filter(|etag| is_strong_etag(etag))
    }
}

/// Returns whether text is a strong ETag that is fit to be sent back.
pub(super) fn is_strong_etag(text: &str) -> bool {
    let inner = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| {
        (1..=ETAG_BYTES).contains(&inner.len())
            && inner.bytes().all(|b| b.is_ascii_graphic() && b != b'"')
    })
}

/// Returns the error of a failure while a body was read.
pub(super) fn body_failed(host: &str, stall: Duration, error: io::Error) -> DownloadError {
    let host = host.to_string();
    match ureq::Error::from(error) {
        ureq::Error::Timeout(_) => DownloadError::Stalled {
            host,
            seconds: stall.as_secs(),
        },
        ureq::Error::Decompress(_, error) if error.kind() != io::ErrorKind::UnexpectedEof => {
            DownloadError::Garbled {
                host,
                cause: error.to_string(),
            }
        }
        error => DownloadError::Cut {
            host,
            cause: error.to_string(),
        },
    }
}

fn not_answered(host: &str, stall: Duration, error: ureq::Error) -> DownloadError {
    let host = host.to_string();
    match error {
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => DownloadError::Unreachable {
            host,
            cause: "it does not answer".into(),
        },
        ureq::Error::Timeout(_) => DownloadError::Stalled {
            host,
            seconds: stall.as_secs(),
        },
        ureq::Error::HostNotFound => DownloadError::Unreachable {
            host,
            cause: "there is no host of that name, or no network".into(),
        },
        ureq::Error::Io(error) if was_connected(error.kind()) => DownloadError::Cut {
            host,
            cause: error.to_string(),
        },
        error => DownloadError::Unreachable {
            host,
            cause: error.to_string(),
        },
    }
}

fn was_connected(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(
        kind,
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
    )
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn same_origin(a: &Uri, b: &Uri) -> bool {
    a.scheme() == b.scheme() && a.authority() == b.authority()
}

/// Returns the address a redirect means. Other relative forms exist and no hub uses them.
fn resolve(from: &Uri, location: &str) -> Option<Uri> {
    let (scheme, authority) = (from.scheme_str()?, from.authority()?);
    let whole = match location {
        _ if location.starts_with("http://") || location.starts_with("https://") => {
            location.to_string()
        }
        _ if location.starts_with("//") => format!("{scheme}:{location}"),
        _ if location.starts_with('/') => format!("{scheme}://{authority}{location}"),
        _ => return None,
    };
    let whole = whole.split('#').next().unwrap_or_default();
    Uri::from_str(whole).ok().filter(|uri| uri.host().is_some())
}

/// Only a commit: what else it says is not used.
fn commit_of(response: &Response<Body>) -> Option<String> {
    text_of(response, HeaderName::from_static("x-repo-commit"))
        .filter(|commit| is_commit(commit))
        .map(str::to_string)
}

fn text_of(response: &Response<Body>, name: HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}

fn token() -> Result<Option<Token>, DownloadError> {
    let (name, text) = match variable("HF_TOKEN") {
        Some(token) => ("HF_TOKEN", Some(token)),
        None if is_on("HF_HUB_DISABLE_IMPLICIT_TOKEN") => return Ok(None),
        None => ("HF_TOKEN_PATH", saved_token()),
    };
    let Some(text) = text else {
        return Ok(None);
    };
    match text.trim() {
        "" => Ok(None),
        token if token.bytes().all(|b| b.is_ascii_graphic()) => Ok(Some(Token(token.to_string()))),
        _ => Err(DownloadError::Setting {
            variable: name,
            cause: "holds what no token holds",
        }),
    }
}

/// Returns the token the hub's own login command keeps.
fn saved_token() -> Option<String> {
    let path = match variable("HF_TOKEN_PATH") {
        Some(path) => path.into(),
        None => Cache::new(hf_home()?.join("hub")).token_path(),
    };
    let known = fs::metadata(&path).ok()?;
    // A token is some dozen bytes; what else may lie there is not read.
    (known.is_file() && known.len() < 4096)
        .then(|| fs::read_to_string(path).ok())
        .flatten()
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// As the hub's own tools read their switches.
fn is_on(name: &str) -> bool {
    variable(name).is_some_and(|value| {
        ["1", "ON", "YES", "TRUE"].contains(&value.to_ascii_uppercase().as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_resolved_against_where_it_came_from() {
        let check = |location, expected: Option<&str>| {
            let from = Uri::from_static("https://hub.example:8443/a/b?c");
            let found = resolve(&from, location).map(|uri| uri.to_string());
            assert_eq!(found.as_deref(), expected, "{location}");
        };
        check("https://cdn.example/x?y#z", Some("https://cdn.example/x?y"));
        check("//cdn.example/x", Some("https://cdn.example/x"));
        check("/x", Some("https://hub.example:8443/x"));
        check("x", None);
        check("file:///etc/passwd", None);
        check("https://", None);
        check("", None);
    }

    #[test]
    fn only_a_strong_etag_is_sent_back() {
        assert!(is_strong_etag("\"abc-1\""));
        for etag in [
            "",
            "\"\"",
            "abc",
            "W/\"abc\"",
            "\"a\"b\"",
            "\"a b\"",
            "../../x",
            "\"a\u{1b}\"",
        ] {
            assert!(!is_strong_etag(etag), "{etag:?}");
        }
    }
}
