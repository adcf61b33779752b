//! A bucket on loopback: as much of S3's protocol as a batch speaks, and the faults a real one may have.
//!
//! In:  objects, and what is wrong with the server. Out: its address, its objects, and the order in which they came.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What is wrong with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It takes requests and answers none.
    Silent,
    /// It answers lists, and sends no object's bytes.
    SilentObjects,
    /// It refuses everything, in words that hold what it was sent.
    Denies,
    /// It ends in the middle of an object, each time it sends one.
    Cuts,
}

/// A bucket called `bucket`.
#[derive(Clone)]
pub struct Bucket {
    pub url: String,
    fault: Fault,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    objects: BTreeMap<String, Vec<u8>>,
    /// Listed, and not there.
    ghosts: Vec<String>,
    /// `PUT name`, `GET name`, `DELETE name`.
    requests: Vec<String>,
}

struct Request {
    method: String,
    path: String,
    query: String,
    body: Vec<u8>,
}

impl Bucket {
    pub fn start(fault: Fault) -> Bucket {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let bucket = Bucket {
            url: format!("http://{address}"),
            fault,
            state: Arc::default(),
        };
        let served = bucket.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let served = served.clone();
                std::thread::spawn(move || served.serve(stream));
            }
        });
        bucket
    }

    pub fn put(&self, name: &str, bytes: impl Into<Vec<u8>>) {
        let mut state = self.state.lock().expect("whole");
        state.objects.insert(name.into(), bytes.into());
    }

    pub fn list_without_having(&self, name: &str) {
        self.state.lock().expect("whole").ghosts.push(name.into());
    }

    pub fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        self.state.lock().expect("whole").objects.clone()
    }

    /// What was asked since the last time.
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().expect("whole").requests)
    }

    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream);
        while let Some(request) = read(&mut reader) {
            let head = |status: &str, length: usize| {
                format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nlast-modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                )
            };
            let object = request
                .path
                .strip_prefix("/bucket/")
                .unwrap_or("")
                .to_string();
            let is_object = !object.is_empty() && request.method != "POST";
            if self.fault == Fault::Silent || self.fault == Fault::SilentObjects && is_object {
                std::thread::sleep(std::time::Duration::from_secs(600));
            }
            let (status, etag, body) = match self.fault {
                Fault::Denies => {
                    let body = "<Error><Code>AccessDenied</Code><Message>no</Message><Key>sesame</Key></Error>";
                    ("403 Forbidden", String::new(), body.into())
                }
                _ => self.answer(&request, &object),
            };
            let mut bytes = head(status, body.len()).into_bytes();
            bytes.extend(format!("etag: {etag}\r\n\r\n").bytes());
            if request.method != "HEAD" {
                let cut = self.fault == Fault::Cuts && is_object && request.method == "GET";
                bytes.extend(&body[..if cut { body.len() / 2 } else { body.len() }]);
                if cut {
                    let _ = reader.get_mut().write_all(&bytes);
                    return;
                }
            }
            if reader.get_mut().write_all(&bytes).is_err() {
                return;
            }
        }
    }

    fn answer(&self, request: &Request, object: &str) -> (&'static str, String, Vec<u8>) {
        let mut state = self.state.lock().expect("whole");
        let missing = (
            "404 Not Found",
            String::new(),
            b"<Error><Code>NoSuchKey</Code></Error>".to_vec(),
        );
        if request.method == "POST" {
            // Several are deleted in one request.
            let mut deleted = String::from("<DeleteResult>");
            let body = String::from_utf8_lossy(&request.body).into_owned();
            for part in body.split("<Key>").skip(1) {
                let name = part.split("</Key>").next().expect("a name").to_string();
                state.requests.push(format!("DELETE {name}"));
                state.objects.remove(&name);
                deleted.push_str(&format!("<Deleted><Key>{name}</Key></Deleted>"));
            }
            deleted.push_str("</DeleteResult>");
            return ("200 OK", String::new(), deleted.into_bytes());
        }
        if object.is_empty() {
            return (
                "200 OK",
                String::new(),
                state.list(&request.query).into_bytes(),
            );
        }
        state.requests.push(format!("{} {object}", request.method));
        match request.method.as_str() {
            "PUT" => {
                state.objects.insert(object.into(), request.body.clone());
                ("200 OK", etag(&request.body), Vec::new())
            }
            "DELETE" => {
                state.objects.remove(object);
                ("204 No Content", String::new(), Vec::new())
            }
            _ => match state.objects.get(object) {
                Some(bytes) => ("200 OK", etag(bytes), bytes.clone()),
                None => missing,
            },
        }
    }
}

impl State {
    fn list(&self, query: &str) -> String {
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(key, _)| *key == name)
                .map(|(_, value)| decoded(value))
        };
        let prefix = value("prefix").unwrap_or_default();
        let flat = value("delimiter").is_some();
        let ghost = Vec::new();
        let ghosts = self.ghosts.iter().map(|name| (name, &ghost));
        let mut body = String::from("<ListBucketResult>");
        for (name, bytes) in self.objects.iter().chain(ghosts) {
            let Some(rest) = name.strip_prefix(&prefix) else {
                continue;
            };
            if !(flat && rest.contains('/')) {
                let name = name.replace('&', "&amp;").replace('<', "&lt;");
                let (etag, size) = (etag(bytes), bytes.len());
                body.push_str(&format!(
                    "<Contents><Key>{name}</Key><Size>{size}</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>{etag}</ETag></Contents>"
                ));
            }
        }
        body + "</ListBucketResult>"
    }
}

/// A tag of its bytes; not a good one.
fn etag(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(7_u64, |hash, byte| {
        hash.wrapping_mul(1_099_511_628_211) ^ u64::from(*byte)
    });
    format!("\"{hash:x}\"")
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace().map(String::from);
    let (method, target) = (words.next()?, words.next()?);
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Some(Request {
        method,
        path: decoded(path),
        query: query.into(),
        body,
    })
}

/// Without percent signs.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}
