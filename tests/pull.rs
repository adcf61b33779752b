//! Pulling models from a server that cuts, lies, stalls and redirects: the whole right file, or one clear error.
//!
//! The server is a thread of the test on loopback; the program under test is the binary, with folders and an environment of its
//! own. After every run nothing may lie outside the cache, and in it only the file or a part to go on from.

#![cfg(all(feature = "model", unix))]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

const REVISION: &str = "0123456789abcdef0123456789abcdef01234567";
const ETAG: &str = "\"v1\"";
const SIZE: usize = 300_007;

/// The model's bytes: no two places look alike.
fn body() -> &'static [u8] {
    static BODY: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1);
            (state >> 56) as u8
        };
        (0..SIZE).map(|_| next()).collect()
    });
    &BODY
}

/// As many bytes, every one of them another.
fn other_body() -> Vec<u8> {
    body().iter().map(|byte| !byte).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What a client asked for.
#[derive(Clone, Debug)]
struct Request {
    /// How many were asked before, by anyone.
    number: usize,
    path: String,
    headers: HashMap<String, String>,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The first byte asked for.
    fn from(&self) -> Option<usize> {
        let range = self.header("range")?.strip_prefix("bytes=")?;
        range.trim_end_matches('-').parse().ok()
    }
}

/// A server that answers each request as it is told, and remembers what was asked.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    fn start(answer: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (asked.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, answer) = (log.clone(), answer.clone());
                std::thread::spawn(move || converse(stream, &log, &*answer));
            }
        });
        Server { port, asked }
    }

    fn asked(&self) -> Vec<Request> {
        self.asked.lock().expect("no panic").clone()
    }

    fn count(&self) -> usize {
        self.asked().len()
    }
}

fn converse(
    mut stream: TcpStream,
    log: &Mutex<Vec<Request>>,
    answer: &dyn Fn(&Request, &mut TcpStream),
) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_string()),
        }
    }
    let headers = lines[1..].iter().filter_map(|line| line.split_once(": "));
    let request = {
        let mut log = log.lock().expect("no panic");
        let request = Request {
            number: log.len(),
            path: lines[0].split(' ').nth(1).unwrap_or("").to_string(),
            headers: headers
                .map(|(name, value)| (name.to_lowercase(), value.to_string()))
                .collect(),
        };
        log.push(request.clone());
        request
    };
    answer(&request, &mut stream);
}

/// A response's head. Errors are the client's business: it may have gone.
fn head(stream: &mut TcpStream, status: &str, headers: &[(&str, String)]) {
    let mut text = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    let _ = stream.write_all((text + "\r\n").as_bytes());
}

fn send(stream: &mut TcpStream, status: &str, headers: &[(&str, String)], bytes: &[u8]) {
    head(stream, status, headers);
    let _ = stream.write_all(bytes);
}

/// The head of an honest answer; gives the first byte to send.
fn honest_head(request: &Request, stream: &mut TcpStream, bytes: &[u8]) -> usize {
    let same = request.header("if-range").is_none_or(|etag| etag == ETAG);
    let etag = ("etag", ETAG.to_string());
    match request.from().filter(|_| same) {
        Some(from) => {
            let last = bytes.len() - 1;
            let range = format!("bytes {from}-{last}/{}", bytes.len());
            let length = (bytes.len() - from).to_string();
            let headers = [etag, ("content-range", range), ("content-length", length)];
            head(stream, "206 Partial Content", &headers);
            from
        }
        None => {
            let length = bytes.len().to_string();
            head(stream, "200 OK", &[etag, ("content-length", length)]);
            0
        }
    }
}

fn honest(request: &Request, stream: &mut TcpStream, bytes: &[u8]) {
    let from = honest_head(request, stream, bytes);
    let _ = stream.write_all(&bytes[from..]);
}

/// An honest answer that ends after `percent` of the file.
fn cut(request: &Request, stream: &mut TcpStream, bytes: &[u8], percent: usize) {
    let from = honest_head(request, stream, bytes);
    let to = (bytes.len() * percent / 100).max(from);
    let _ = stream.write_all(&bytes[from..to]);
}

/// An honest answer that takes about 150 ms.
fn slow(request: &Request, stream: &mut TcpStream, bytes: &[u8]) {
    let from = honest_head(request, stream, bytes);
    for piece in bytes[from..].chunks(SIZE / 50) {
        if stream.write_all(piece).is_err() {
            return;
        }
        sleep(Duration::from_millis(3));
    }
}

fn offers(length: usize) -> [(&'static str, String); 1] {
    [("content-length", length.to_string())]
}

/// Folders of one test, and a models file with one model, `tiny`.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        Place::with(&entry(body()))
    }

    fn with(models: &str) -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("models.toml"), models).expect("written");
        Place { folder }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn blobs(&self) -> PathBuf {
        self.path("hf/hub/models--someone--tiny/blobs")
    }

    fn snapshot(&self) -> PathBuf {
        let snapshots = self.path("hf/hub/models--someone--tiny/snapshots");
        snapshots.join(REVISION).join("tiny.gguf")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sukje"));
        command
            .arg("model")
            .args(args)
            .args(["--models", &self.path("models.toml").to_string_lossy()])
            .env_clear()
            .env("HOME", self.folder.path())
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("HF_HOME", self.path("hf"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn pulling(&self, server: &Server) -> Command {
        let mut command = self.command(&["pull", "tiny", "--yes"]);
        command.env("HF_ENDPOINT", format!("http://127.0.0.1:{}", server.port));
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("it runs")
    }

    fn pull(&self, server: &Server) -> Output {
        self.pulling(server).output().expect("it runs")
    }

    /// Every file below the folder, sorted.
    fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                match entry.file_type().expect("a kind").is_dir() {
                    true => folders.push(entry.path()),
                    false => found.push(
                        entry
                            .path()
                            .strip_prefix(self.folder.path())
                            .expect("below")
                            .to_string_lossy()
                            .into_owned(),
                    ),
                }
            }
        }
        found.sort();
        found
    }

    /// The files but for those that are always allowed: the models file, records, the lock.
    fn leftovers(&self) -> Vec<String> {
        let mut files = self.files();
        files.retain(|file| file != "models.toml" && !file.starts_with("cache/sukje/"));
        files
    }

    /// The pull ended well: the right bytes under both names, and nothing else.
    fn check_whole(&self, output: &Output) {
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        let path = String::from_utf8_lossy(&output.stdout);
        let bytes = std::fs::read(path.trim_end()).expect("the file is there");
        assert_eq!(sha256(&bytes), sha256(body()));
        assert_eq!(Path::new(path.trim_end()), self.snapshot());
        let names = self.leftovers();
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(names[0].ends_with(&format!("blobs/{}", sha256(body()))));
    }

    /// The pull failed in one line that says `cause`, and left at most so many parts.
    fn check_refused(&self, output: &Output, code: i32, cause: &str, parts: usize) {
        let line = error_line(output, code);
        assert!(line.contains(cause), "{line:?} lacks {cause:?}");
        let names = self.leftovers();
        assert!(
            names.iter().all(|name| name.contains("/blobs/.sukje-")),
            "{names:?}"
        );
        let found = names.iter().filter(|name| name.ends_with(".part")).count();
        assert_eq!(found, parts, "{names:?}");
    }
}

fn entry(bytes: &[u8]) -> String {
    unpinned_entry()
        + &format!(
            "revision = \"{REVISION}\"\nsize_bytes = {}\nsha256 = \"{}\"\n",
            bytes.len(),
            sha256(bytes)
        )
}

fn unpinned_entry() -> String {
    r#"[[model]]
name = "tiny"
default = true
repo = "someone/tiny"
file = "tiny.gguf"
licence = "MIT"
family = "llama"
quantisation = "F32"
context = 128
memory_mib = 1
languages = ["ko", "en"]
note = "for tests"
measured = "nothing"
"#
    .to_string()
}

/// The error line, after checking its form.
fn error_line(output: &Output, code: i32) -> String {
    let text = String::from_utf8(output.stderr.clone()).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("error: ") && lines[0].len() < 500,
        "{text}"
    );
    assert!(lines.len() <= 2, "{text}");
    assert!(
        lines.iter().skip(1).all(|line| line.starts_with("hint: ")),
        "{text}"
    );
    assert!(
        !text.contains(|c: char| c != '\n' && c.is_control()),
        "{text:?}"
    );
    text
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn a_pull_is_whole_checked_listed_repaired_and_removed() {
    let server = Server::start(|request, stream| honest(request, stream, body()));
    let place = Place::new();
    place.check_whole(&place.pull(&server));
    assert_eq!(
        server.asked()[0].path,
        format!("/someone/tiny/resolve/{REVISION}/tiny.gguf")
    );
    place.check_whole(&place.pull(&server));
    assert_eq!(server.count(), 1, "what is there is not fetched again");

    assert!(out(&place.run(&["list", "--json"])).contains("\"on_disk\": \"yes\""));
    assert!(out(&place.run(&["info", "tiny"])).contains(&sha256(body())));
    assert!(out(&place.run(&["check"])).contains("tiny: sound"));
    let file = place.snapshot();
    assert!(out(&place.run(&["check", &file.to_string_lossy()])).contains("is tiny"));

    let blob = place.blobs().join(sha256(body()));
    let mut damaged = body().to_vec();
    damaged[1000] ^= 1;
    std::fs::write(&blob, &damaged).expect("written");
    let line = error_line(&place.run(&["check", "tiny"]), 69);
    for part in [
        &sha256(body()),
        &sha256(&damaged),
        "hint: sukje model pull tiny",
    ] {
        assert!(line.contains(part), "{line}");
    }
    place.check_whole(&place.pull(&server));
    assert_eq!(server.count(), 2, "a damaged file is fetched again");
    std::fs::write(&blob, b"short").expect("written");
    assert!(out(&place.run(&["list"])).contains("damaged"));
    place.check_whole(&place.pull(&server));

    assert!(place.run(&["rm", "tiny", "--yes"]).status.success());
    assert_eq!(place.leftovers(), Vec::<String>::new());
    assert!(error_line(&place.run(&["check", "tiny"]), 69).contains("not on this computer"));
    error_line(&place.run(&["rm", "tiny", "--yes"]), 69);
}

#[test]
fn a_file_another_tool_pulled_is_found() {
    let place = Place::new();
    let file = place.snapshot();
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    std::fs::write(&file, body()).expect("written");
    assert!(out(&place.run(&["check", "tiny"])).contains("tiny: sound"));
    let mut offline = place.command(&["pull", "tiny"]);
    assert!(
        offline
            .env("HF_HUB_OFFLINE", "1")
            .status()
            .expect("runs")
            .success()
    );
}

#[test]
fn a_cut_connection_is_taken_up_where_it_was_cut() {
    let runs = [0, 1, 50, 99].map(|percent| {
        let server = Server::start(move |request, stream| match request.number {
            0 => cut(request, stream, body(), percent),
            _ => honest(request, stream, body()),
        });
        let place = Place::new();
        let child = place.pulling(&server).spawn().expect("it starts");
        (percent, server, place, child)
    });
    for (percent, server, place, child) in runs {
        place.check_whole(&child.wait_with_output().expect("it ends"));
        let asked = server.asked();
        assert_eq!(asked.len(), 2);
        if percent > 0 {
            assert_eq!(asked[1].from(), Some(SIZE * percent / 100));
            assert_eq!(asked[1].header("if-range"), Some(ETAG));
        }
    }
}

#[test]
fn a_pull_that_broke_off_is_taken_up_by_the_next() {
    let server = Server::start(|request, stream| cut(request, stream, body(), 40));
    let place = Place::new();
    place.check_refused(&place.pull(&server), 69, "was cut", 1);
    assert_eq!(server.count(), 4, "three more attempts");
    let server = Server::start(|request, stream| honest(request, stream, body()));
    place.check_whole(&place.pull(&server));
    assert_eq!(server.asked()[0].from(), Some(SIZE * 40 / 100));
    assert_eq!(server.count(), 1);
}

#[test]
fn a_wrong_length_is_refused() {
    for (told, cause) in [
        (SIZE + 9, "offers 300016 bytes"),
        (SIZE - 9, "offers 299998 bytes"),
    ] {
        let server = Server::start(move |_, stream| send(stream, "200 OK", &offers(told), body()));
        let place = Place::new();
        place.check_refused(&place.pull(&server), 69, cause, 0);
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn a_body_without_a_length_is_read_no_further_than_the_file() {
    let server = Server::start(|_, stream| {
        send(stream, "200 OK", &[], body());
        let _ = stream.write_all(&[0; 100_000]);
    });
    let place = Place::new();
    place.check_whole(&place.pull(&server));
}

#[test]
fn a_page_is_refused_by_name() {
    let server = Server::start(|_, stream| {
        let kind = ("content-type", "text/HTML; charset=utf-8".to_string());
        send(stream, "200 OK", &[kind], b"<html>log in</html>");
    });
    let place = Place::new();
    place.check_refused(&place.pull(&server), 69, "HTML page", 0);
}

#[test]
fn another_version_between_parts_begins_anew() {
    let other = other_body();
    // The second answer says by its ETag that it is of another file; the third is not asked for a part.
    let server = Server::start(move |request, stream| match request.number {
        0 => cut(request, stream, body(), 60),
        1 => {
            let from = request.from().expect("a part is asked for");
            let range = format!("bytes {from}-{}/{SIZE}", SIZE - 1);
            let headers = [
                ("etag", "\"v2\"".to_string()),
                ("content-range", range),
                ("content-length", (SIZE - from).to_string()),
            ];
            send(stream, "206 Partial Content", &headers, &other[from..]);
        }
        _ => honest(request, stream, body()),
    });
    let place = Place::new();
    place.check_whole(&place.pull(&server));
    assert_eq!(server.asked()[2].from(), None);

    // The whole of another version first: our If-Range makes the server send the right one whole.
    let other = other_body();
    let server = Server::start(move |request, stream| match request.number {
        0 => {
            let headers = [("etag", "\"v0\"".to_string()), offers(SIZE)[0].clone()];
            send(stream, "200 OK", &headers, &other[..SIZE / 2]);
        }
        _ => honest(request, stream, body()),
    });
    let place = Place::new();
    place.check_whole(&place.pull(&server));
    assert_eq!(server.count(), 2);
}

#[test]
fn a_part_from_a_wrong_offset_is_not_taken() {
    let wrong = |shift: usize| {
        move |request: &Request, stream: &mut TcpStream| match (request.number, request.from()) {
            (0, _) => cut(request, stream, body(), 30),
            (_, Some(from)) => {
                let first = from - shift;
                let range = format!("bytes {first}-{}/{SIZE}", SIZE - 1);
                let headers = [("content-range", range), offers(SIZE - first)[0].clone()];
                send(stream, "206 Partial Content", &headers, &body()[first..]);
            }
            _ => honest(request, stream, body()),
        }
    };
    let server = Server::start(wrong(1000));
    let place = Place::new();
    place.check_whole(&place.pull(&server));
    assert_eq!(server.count(), 3);

    // The right offset is told, other bytes are sent: the hash finds it, and one more attempt begins from the start.
    let server = Server::start(|request, stream| match (request.number, request.from()) {
        (0, _) => cut(request, stream, body(), 30),
        (_, Some(from)) => {
            let range = format!("bytes {from}-{}/{SIZE}", SIZE - 1);
            let headers = [("content-range", range), offers(SIZE - from)[0].clone()];
            send(
                stream,
                "206 Partial Content",
                &headers,
                &body()[..SIZE - from],
            );
        }
        _ => honest(request, stream, body()),
    });
    let place = Place::new();
    place.check_whole(&place.pull(&server));

    let server = Server::start(|_, stream| {
        let headers = [
            ("content-range", format!("bytes 0-{}/{SIZE}", SIZE - 1)),
            offers(SIZE)[0].clone(),
        ];
        send(stream, "206 Partial Content", &headers, body());
    });
    let place = Place::new();
    place.check_refused(&place.pull(&server), 69, "another part", 0);
}

#[test]
fn redirects_are_followed_so_far() {
    let to = |place: &str| [("location", place.to_string()), offers(0)[0].clone()];
    let server = Server::start(move |_, stream| send(stream, "302 Found", &to("/again"), b""));
    let place = Place::new();
    place.check_refused(&place.pull(&server), 69, "redirects more than 10 times", 0);
    assert_eq!(server.count(), 11);

    let server = Server::start(move |_, stream| {
        send(stream, "302 Found", &to("file:///etc/passwd"), b"");
    });
    place.check_refused(&place.pull(&server), 69, "no address", 0);

    // A redirect may come with a body that never ends.
    let server = Server::start(move |request, stream| match request.number {
        0 => {
            head(
                stream,
                "307 Temporary Redirect",
                &[("location", "/x".to_string())],
            );
            while stream.write_all(&[b' '; 4096]).is_ok() {}
        }
        _ => honest(request, stream, body()),
    });
    place.check_whole(&place.pull(&server));
    assert_eq!(server.asked()[1].path, "/x");
}

#[test]
fn the_token_goes_to_the_hub_alone_and_is_never_shown() {
    let cdn = Server::start(|request, stream| honest(request, stream, body()));
    let port = cdn.port;
    let hub = Server::start(move |request, stream| {
        let place = match request.number {
            0 => "/moved".to_string(),
            _ => format!("http://127.0.0.1:{port}/x?signature=secret"),
        };
        send(stream, "302 Found", &[("location", place)], b"");
    });
    let place = Place::new();
    let output = place
        .pulling(&hub)
        .env("HF_TOKEN", "hf_abc")
        .output()
        .expect("it runs");
    place.check_whole(&output);
    for request in hub.asked() {
        assert_eq!(request.header("authorization"), Some("Bearer hf_abc"));
    }
    assert_eq!(cdn.asked()[0].header("authorization"), None);

    std::fs::write(place.path("token"), "hf_def\n").expect("written");
    let refusing = Server::start(|_, stream| send(stream, "403 Forbidden", &offers(0), b""));
    let place_two = Place::new();
    let output = place_two
        .pulling(&refusing)
        .env("HF_TOKEN_PATH", place.path("token"))
        .output()
        .expect("it runs");
    place_two.check_refused(&output, 69, "status 403", 0);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("hf_def"));
    assert_eq!(
        refusing.asked()[0].header("authorization"),
        Some("Bearer hf_def")
    );
    let output = place_two
        .pulling(&refusing)
        .env("HF_TOKEN", "a\u{1b}b")
        .output()
        .expect("it runs");
    place_two.check_refused(&output, 69, "HF_TOKEN holds", 0);
}

#[test]
fn a_server_that_stalls_or_drips_ends_with_an_error() {
    let stalling = Server::start(|request, stream| {
        cut(request, stream, body(), 10);
        sleep(Duration::from_secs(20));
    });
    let dripping = Server::start(|request, stream| {
        let from = honest_head(request, stream, body());
        for byte in body()[from..].chunks(1) {
            if stream.write_all(byte).is_err() {
                break;
            }
            sleep(Duration::from_millis(50));
        }
    });
    let silent = Server::start(|_, _| sleep(Duration::from_secs(20)));
    let began = Instant::now();
    let runs = [(stalling, 1), (dripping, 1), (silent, 0)].map(|(server, parts)| {
        let place = Place::new();
        let mut command = place.pulling(&server);
        command.env("HF_HUB_DOWNLOAD_TIMEOUT", "1");
        (place, command.spawn().expect("it starts"), parts)
    });
    for (place, child, parts) in runs {
        let output = child.wait_with_output().expect("it ends");
        place.check_refused(&output, 69, "stalled", parts);
    }
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[test]
fn an_etag_is_never_a_path() {
    let server = Server::start(|request, stream| {
        let headers = [("etag", "../../x".to_string()), offers(SIZE)[0].clone()];
        let half = if request.number == 0 { SIZE / 2 } else { SIZE };
        send(stream, "200 OK", &headers, &body()[..half]);
    });
    let place = Place::new();
    place.check_whole(&place.pull(&server));
    assert_eq!(server.asked()[1].header("if-range"), None);
}

#[test]
fn a_server_that_fails_is_asked_again() {
    let server = Server::start(|request, stream| match request.number {
        0 | 1 => send(stream, "500 Oops", &offers(0), b""),
        _ => honest(request, stream, body()),
    });
    let place = Place::new();
    place.check_whole(&place.pull(&server));

    let server = Server::start(|_, stream| send(stream, "404 Not Found", &offers(0), b""));
    let place = Place::new();
    place.check_refused(&place.pull(&server), 69, "status 404", 0);
    assert_eq!(
        server.count(),
        1,
        "what is not there is not asked for again"
    );
}

/// gzip with nothing compressed: stored blocks, then CRC-32 and length.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let blocks: Vec<&[u8]> = bytes.chunks(60_000).collect();
    for (i, block) in blocks.iter().enumerate() {
        let length = block.len() as u16;
        out.push(u8::from(i + 1 == blocks.len()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let crc = bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    });
    out.extend((!crc).to_le_bytes());
    out.extend((bytes.len() as u32).to_le_bytes());
    out
}

#[test]
fn a_compressed_body_is_the_file_or_nothing() {
    let compressed = Arc::new(gzip(body()));
    let server = Server::start(move |request, stream| {
        let headers = [
            ("content-encoding", "gzip".to_string()),
            offers(compressed.len())[0].clone(),
        ];
        let end = if request.number == 0 {
            SIZE / 2
        } else {
            compressed.len()
        };
        send(stream, "200 OK", &headers, &compressed[..end]);
    });
    let place = Place::new();
    place.check_whole(&place.pull(&server));

    let server = Server::start(|_, stream| {
        let headers = [("content-encoding", "gzip".to_string())];
        send(stream, "200 OK", &headers, body());
    });
    let place = Place::new();
    place.check_refused(&place.pull(&server), 69, "cannot be unpacked", 0);
}

#[test]
fn other_bytes_of_the_right_length_are_refused() {
    let mut other = body().to_vec();
    other[SIZE - 1] ^= 1;
    let (expected, found) = (sha256(body()), sha256(&other));
    let server = Server::start(move |request, stream| honest(request, stream, &other));
    let place = Place::new();
    let output = place.pull(&server);
    place.check_refused(&output, 69, "checksum failed", 0);
    let line = error_line(&output, 69);
    assert!(line.contains(&expected) && line.contains(&found), "{line}");
    assert_eq!(server.count(), 1);
}

#[test]
fn eight_pulls_at_once_end_with_one_good_file() {
    let server = Server::start(|request, stream| slow(request, stream, body()));
    let place = Place::new();
    let children: Vec<Child> = (0..8)
        .map(|_| place.pulling(&server).spawn().expect("it starts"))
        .collect();
    for child in children {
        place.check_whole(&child.wait_with_output().expect("it ends"));
    }
}

#[test]
fn a_killed_pull_leaves_nothing_but_a_part() {
    let server = Server::start(|request, stream| slow(request, stream, body()));
    for i in 0..10 {
        let place = Place::new();
        let mut child = place.pulling(&server).spawn().expect("it starts");
        sleep(Duration::from_millis(11 * i));
        child.kill().expect("killed");
        child.wait().expect("it ends");
        let names = place.leftovers();
        let parts = names.iter().filter(|name| name.ends_with(".part")).count();
        assert!(parts <= 1, "{names:?}");
        place.check_whole(&place.pull(&server));
    }
}

#[test]
fn an_interrupted_pull_ends_with_130_and_keeps_its_part() {
    let server = Server::start(|request, stream| {
        cut(request, stream, body(), 50);
        sleep(Duration::from_secs(5));
    });
    let place = Place::new();
    let child = place.pulling(&server).spawn().expect("it starts");
    let has_part = || place.leftovers().iter().any(|name| name.ends_with(".part"));
    let began = Instant::now();
    while !has_part() && began.elapsed() < Duration::from_secs(5) {
        sleep(Duration::from_millis(10));
    }
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .expect("kill runs")
            .success()
    );
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    assert!(has_part());
}

#[test]
fn offline_nothing_is_asked() {
    let server = Server::start(|request, stream| honest(request, stream, body()));
    let place = Place::new();
    for value in ["1", "true", "YES"] {
        let mut command = place.pulling(&server);
        let output = command.env("HF_HUB_OFFLINE", value).output().expect("runs");
        place.check_refused(&output, 69, "HF_HUB_OFFLINE", 0);
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn a_server_that_is_not_there_is_told_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let place = Place::new();
    let began = Instant::now();
    let mut command = place.command(&["pull", "tiny", "--yes"]);
    command.env("HF_ENDPOINT", format!("http://127.0.0.1:{port}/"));
    place.check_refused(
        &command.output().expect("runs"),
        69,
        "could not be reached",
        0,
    );
    assert!(began.elapsed() < Duration::from_secs(3));
    for endpoint in ["ftp://x", "https://", "http://user:secret@host", "x"] {
        let output = command.env("HF_ENDPOINT", endpoint).output().expect("runs");
        place.check_refused(&output, 69, "HF_ENDPOINT is no address", 0);
        assert!(!String::from_utf8_lossy(&output.stderr).contains("secret"));
    }
}

#[test]
fn without_a_yes_nothing_is_fetched_or_removed() {
    let server = Server::start(|request, stream| honest(request, stream, body()));
    let place = Place::new();
    let mut command = place.command(&["pull", "tiny"]);
    command.env("HF_ENDPOINT", format!("http://127.0.0.1:{}", server.port));
    let output = command.output().expect("runs");
    place.check_refused(&output, 69, "licence MIT", 0);
    assert!(error_line(&output, 69).contains("hint: sukje model pull tiny --yes"));
    assert_eq!(server.count(), 0);
    place.check_whole(&place.pull(&server));
    assert!(error_line(&place.run(&["rm", "tiny"]), 69).contains("--yes"));
    assert_eq!(place.leftovers().len(), 2);
}

#[test]
fn an_unpinned_model_is_held_to_what_first_came() {
    let server = Server::start(|request, stream| {
        let commit = ("x-repo-commit", REVISION.to_string());
        match request.path.starts_with("/someone") {
            true => send(
                stream,
                "302 Found",
                &[("location", "/cdn".to_string()), commit],
                b"",
            ),
            false => honest(request, stream, body()),
        }
    });
    let place = Place::with(&unpinned_entry());
    let output = place.pull(&server);
    place.check_refused(&output, 69, "is not pinned", 0);
    assert!(error_line(&output, 69).contains("--accept-unpinned"));
    assert_eq!(server.count(), 0);
    let mut accepting = place.pulling(&server);
    let output = accepting.arg("--accept-unpinned").output().expect("runs");
    place.check_whole(&output);
    assert!(String::from_utf8_lossy(&output.stderr).contains(&sha256(body())));
    assert_eq!(
        server.asked()[0].path,
        "/someone/tiny/resolve/main/tiny.gguf"
    );
    assert!(out(&place.run(&["check", "tiny"])).contains("sound"));

    // It is gone, and the hub has another: not what was accepted.
    std::fs::remove_file(place.blobs().join(sha256(body()))).expect("removed");
    let other = other_body();
    let changed = Server::start(move |request, stream| honest(request, stream, &other));
    let line = error_line(&place.pull(&changed), 69);
    assert!(line.contains("checksum failed"), "{line}");
    assert!(changed.asked()[0].path.contains(REVISION));
}

#[test]
fn a_broken_models_file_names_itself_and_the_entry() {
    for (from, to, cause) in [
        ("tiny.gguf", "../../tiny.gguf", "model tiny: file"),
        ("tiny.gguf", "/tiny.gguf", "model tiny: file"),
        ("someone/tiny", "../tiny", "model tiny: repo"),
        ("sha256 = \"", "sha256 = \"0", "model tiny: sha256"),
        ("sha256 = ", "# ", "model tiny: sha256 is missing"),
        ("size_bytes = 3", "size_bytes = -3", "line 15"),
        ("[[model]]", "[[model", "line 1"),
        (
            "default = true",
            "",
            "default = true must stand on exactly one",
        ),
    ] {
        let place = Place::with(&entry(body()).replace(from, to));
        for command in [&["list"][..], &["pull", "tiny", "--yes"], &["check"]] {
            let line = error_line(&place.run(command), 2);
            assert!(line.contains("models.toml: "), "{line}");
            assert!(line.contains(cause), "{line:?} lacks {cause:?}");
        }
        assert_eq!(place.leftovers(), Vec::<String>::new());
    }
    let place = Place::new();
    std::fs::remove_file(place.path("models.toml")).expect("removed");
    assert!(error_line(&place.run(&["list"]), 2).contains("no such file"));
}

#[test]
fn what_is_not_known_is_told() {
    let place = Place::new();
    let line = error_line(&place.run(&["pull", "nosuch", "--yes"]), 69);
    assert!(line.contains("hint: sukje model list"), "{line}");
    assert!(error_line(&place.run(&["info", "./nosuch.gguf"]), 69).contains("no such file"));
    assert!(error_line(&place.run(&["check", "/dev/null"]), 69).contains("no regular file"));
    let other = place.path("other.gguf");
    std::fs::write(&other, b"other").expect("written");
    let line = error_line(&place.run(&["check", &other.to_string_lossy()]), 69);
    assert!(line.contains(&sha256(b"other")), "{line}");
    let line = error_line(&place.run(&["info", &other.to_string_lossy()]), 69);
    assert!(line.contains("not a GGUF model"), "{line}");
    // A file with a known model's name is held to its hash.
    let tiny = place.path("tiny.gguf");
    std::fs::write(&tiny, &body()[..SIZE - 1]).expect("written");
    let line = error_line(&place.run(&["check", &tiny.to_string_lossy()]), 69);
    assert!(
        line.contains("checksum failed") && line.contains(&sha256(body())),
        "{line}"
    );
}
