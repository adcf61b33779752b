//! Notes written by a server: one that answers well, and ones that lie, stall, break off, flood and refuse.
//!
//! The server is a thread of the test on loopback; the program under test is the binary, with an environment of its own. Whatever a server
//! does, a note that is written holds, and what is not the server's word is listed with its cause.

#![cfg(all(feature = "remote", unix))]

#[allow(dead_code)] // Outlines are for other tests.
mod common;

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sukje::brief::{Brief, Origin};

const CASES: [&str; 2] = ["ko-school", "en-bakery"];

/// What a client asked for.
#[derive(Clone, Debug)]
struct Request {
    /// How many were asked before, by anyone.
    number: usize,
    path: String,
    headers: HashMap<String, String>,
    body: Value,
}

impl Request {
    fn form(&self) -> &str {
        let name = self.body.pointer("/response_format/json_schema/name");
        name.and_then(Value::as_str).unwrap_or_default()
    }

    fn schema(&self, pointer: &str) -> &Value {
        let schema = &self.body["response_format"]["json_schema"]["schema"];
        schema.pointer(pointer).unwrap_or(&Value::Null)
    }

    fn messages(&self) -> &[Value] {
        self.body["messages"].as_array().map_or(&[], Vec::as_slice)
    }

    /// What was asked about the article.
    fn question(&self) -> &str {
        self.messages()[1]["content"].as_str().unwrap_or_default()
    }

    fn is_korean(&self) -> bool {
        self.question().contains("기사의 문장들이다")
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

    /// One that lists its model and answers questions in the protocol's form, with this as content.
    fn saying(content: impl Fn(&Request) -> String + Send + Sync + 'static) -> Server {
        Server::start(move |request, stream| match request.path.as_str() {
            "/v1/models" => send(stream, "200 OK", &models()),
            _ => send(stream, "200 OK", &completion(&content(request))),
        })
    }

    /// One that lists its model and answers questions so.
    fn answering(answer: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static) -> Server {
        Server::start(move |request, stream| match request.path.as_str() {
            "/v1/models" => send(stream, "200 OK", &models()),
            _ => answer(request, stream),
        })
    }

    fn asked(&self) -> Vec<Request> {
        self.asked.lock().expect("no panic").clone()
    }

    fn engine(&self) -> String {
        format!("openai:http://127.0.0.1:{}", self.port)
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
    let headers: HashMap<String, String> = headers
        .map(|(name, value)| (name.to_lowercase(), value.to_string()))
        .collect();
    let length = headers
        .get("content-length")
        .map_or(0, |n| n.parse().expect("a number"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a whole request");
    let request = {
        let mut log = log.lock().expect("no panic");
        let request = Request {
            number: log.len(),
            path: lines[0].split(' ').nth(1).unwrap_or("").to_string(),
            headers,
            body: serde_json::from_slice(&body).unwrap_or_default(),
        };
        log.push(request.clone());
        request
    };
    answer(&request, &mut stream);
}

/// Errors are the client's business: it may have gone.
fn head(stream: &mut TcpStream, status: &str, length: usize, more: &str) {
    let text = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{more}\r\n"
    );
    let _ = stream.write_all(text.as_bytes());
}

fn send(stream: &mut TcpStream, status: &str, body: &str) {
    head(stream, status, body.len(), "");
    let _ = stream.write_all(body.as_bytes());
}

fn models() -> String {
    json!({"object": "list", "data": [{"id": "someone/tiny"}, {"id": "other"}]}).to_string()
}

fn completion(content: &str) -> String {
    let message = json!({"role": "assistant", "content": content});
    json!({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": {}})
        .to_string()
}

/// The content of a good answer, by the form asked for alone.
fn good(request: &Request) -> String {
    let ids = |pointer: &str| {
        request
            .schema(pointer)
            .as_array()
            .cloned()
            .unwrap_or_default()
    };
    let answer = match request.form() {
        "cite_thesis" => {
            let ids = ids("/properties/sentences/items/enum");
            json!({"sentences": [ids[2], ids[1]]})
        }
        "cite_argument" => {
            let ids = ids("/properties/steps/items/properties/sentences/items/enum");
            let last = ids.last().expect("a sentence");
            json!({"steps": [
                {"role": "claim", "sentences": [ids[1]]},
                {"role": "evidence", "sentences": [ids[3]]},
                {"role": "conclusion", "sentences": [last]},
            ]})
        }
        "cite_challenge" => {
            let ids = ids("/properties/sentences/items/enum");
            json!({"status": "discussed", "sentences": [ids[4], ids[5]], "remedy": [ids[6]]})
        }
        "critique" => {
            let claim = claim(request);
            json!({"kind": "missing_evidence", "text": match request.is_korean() {
                true => format!("“{claim}”는 말은 무엇으로 알 수 있는가?"),
                false => format!("“{claim}” is said, and nobody shows how it is known."),
            }})
        }
        _ => json!({"text": recited(request)}),
    };
    answer.to_string()
}

/// The first words of the first sentence that is recited behind the last question.
fn recited(request: &Request) -> String {
    let question = request.question();
    let cue = question.rfind("JSON").expect("a cue");
    let line = question[cue..].lines().nth(1).expect("a recited sentence");
    let (_, sentence) = line.split_once("] ").expect("a numbered sentence");
    let words: Vec<&str> = sentence.split(' ').take(5).collect();
    words.join(" ").trim_end_matches(['.', ',']).to_string() + "."
}

fn claim(request: &Request) -> String {
    let (_, behind) = request.question().rsplit_once('“').expect("a claim");
    behind.split_once('”').expect("its end").0.to_string()
}

/// A good answer, but for what `change` makes of texts.
fn with_text(request: &Request, change: impl Fn(&str) -> String) -> String {
    let good: Value = serde_json::from_str(&good(request)).expect("JSON");
    match good["text"].as_str() {
        Some(text) => {
            let mut changed = good.clone();
            changed["text"] = change(text).into();
            changed.to_string()
        }
        None => good.to_string(),
    }
}

/// A folder with an article.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new(case: &str) -> Place {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = path.join(format!("tests/cases/critique/{case}.json"));
        let labelled: common::Labelled =
            serde_json::from_str(&std::fs::read_to_string(path).expect("a case"))
                .expect("labelled");
        let folder = tempfile::tempdir().expect("a folder");
        let (_, document) = common::article(&labelled, false);
        std::fs::write(folder.path().join("a.txt"), document.text).expect("written");
        Place { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, engine: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sukje"));
        command
            .args(["summarize", "a.txt", "--format", "json", "--engine", engine])
            .current_dir(self.folder.path())
            .env_clear()
            .stdin(Stdio::null());
        command
    }

    fn run(&self, server: &Server, more: &[&str]) -> Output {
        let mut command = self.command(&server.engine());
        command.args(more).output().expect("it runs")
    }

    /// The note, which must hold by the program's own word.
    fn brief(&self, output: &Output) -> Brief {
        assert!(output.status.success(), "{}", error(output));
        std::fs::write(self.path("brief.json"), &output.stdout).expect("written");
        let checked = Command::new(env!("CARGO_BIN_EXE_sukje"))
            .args(["verify", "brief.json", "--source", "a.txt"])
            .current_dir(self.folder.path())
            .output()
            .expect("it runs");
        let findings = String::from_utf8_lossy(&checked.stdout);
        assert!(checked.status.success(), "{findings}{}", error(&checked));
        serde_json::from_slice(&output.stdout).expect("a brief")
    }
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn causes(brief: &Brief) -> Vec<String> {
    let fallbacks = brief.verification.fallbacks.iter();
    fallbacks
        .map(|f| format!("{}: {}", f.field, f.cause))
        .collect()
}

/// Every text a note shows that a server may have written.
fn written(brief: &Brief) -> Vec<String> {
    let statements = brief
        .thesis
        .iter()
        .chain(brief.argument.iter().map(|p| &p.statement));
    let remedies = brief.challenges.iter().filter_map(|c| c.remedy.as_ref());
    let critiques = brief
        .challenges
        .iter()
        .flat_map(|c| &c.critique)
        .chain(&brief.critique);
    let mut texts: Vec<String> = statements
        .chain(remedies)
        .chain(critiques.map(|p| &p.statement))
        .filter(|s| s.origin == Origin::Model)
        .map(|s| s.text.clone())
        .collect();
    let challenges = brief
        .challenges
        .iter()
        .filter(|c| c.origin == Origin::Model);
    texts.extend(challenges.filter_map(|c| c.text.clone()));
    texts
}

/// A server that answers so gives notes that hold, and none of its words is in them; each lists the cause.
fn check_bad(
    answer: impl Fn(&Request, &mut TcpStream) + Send + Sync + Clone + 'static,
    more: &[&str],
    cause: &str,
) {
    for case in CASES {
        let place = Place::new(case);
        let server = Server::answering(answer.clone());
        let brief = place.brief(&place.run(&server, more));
        let causes = causes(&brief);
        assert!(
            causes.iter().any(|c| c.contains(cause)),
            "{case}: {cause}: {causes:#?}"
        );
        assert_eq!(written(&brief), [""; 0], "{case}");
        assert!(
            !String::from_utf8_lossy(&std::fs::read(place.path("brief.json")).expect("there"))
                .contains("127.0.0.1")
        );
    }
}

/// As [`check_bad`], for contents of answers in the protocol's form.
fn check_content(
    content: impl Fn(&Request) -> String + Send + Sync + Clone + 'static,
    cause: &str,
) {
    check_bad(
        move |request, stream| send(stream, "200 OK", &completion(&content(request))),
        &[],
        cause,
    );
}

#[test]
fn what_a_server_writes_well_is_printed() {
    for case in CASES {
        let place = Place::new(case);
        let server = Server::saying(good);
        let output = place.run(&server, &[]);
        assert_eq!(error(&output), "");
        let brief = place.brief(&output);
        assert_eq!(brief.engine.name, "openai");
        assert_eq!(brief.engine.model.as_deref(), Some("someone/tiny"));
        assert_eq!(brief.engine.model_sha256, None);
        assert_eq!(
            brief.engine.prompt_sha256.as_ref().map(String::len),
            Some(64)
        );
        let thesis = brief.thesis.as_ref().expect("a thesis");
        assert_eq!(
            (thesis.origin, &thesis.evidence[..]),
            (Origin::Model, &[3, 2][..])
        );
        let causes = causes(&brief);
        assert!(
            causes.iter().all(|c| c.ends_with("of the article")),
            "{causes:#?}"
        );
        assert!(brief.challenges.iter().any(|c| c.origin == Origin::Model));
        assert_eq!(
            brief.critique[0].statement.origin,
            Origin::Model,
            "{:?}",
            brief.critique
        );
        assert!(written(&brief).len() >= 5, "{causes:#?}");
        let note = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!note.contains("127.0.0.1") && !note.contains(&server.port.to_string()));
    }
}

#[test]
fn a_batch_writes_the_notes_that_summarize_writes() {
    let server = Server::saying(good);
    let place = Place::new(CASES[0]);
    std::fs::create_dir(place.path("in")).expect("made");
    for (case, name) in CASES.iter().zip(["in/a.txt", "in/b.txt"]) {
        std::fs::copy(Place::new(case).path("a.txt"), place.path(name)).expect("copied");
    }
    let batch = Command::new(env!("CARGO_BIN_EXE_sukje"))
        .args(["batch", "in", "--out", "out", "--formats", "json"])
        .args(["--engine", &server.engine()])
        .current_dir(place.folder.path())
        .env_clear()
        .output()
        .expect("it runs");
    assert!(batch.status.success(), "{}", error(&batch));
    let briefs = std::fs::read_to_string(place.path("out/briefs.jsonl")).expect("there");
    let lines: Vec<Value> = briefs
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), CASES.len());
    for (line, name) in lines.iter().zip(["a.txt", "b.txt"]) {
        assert_eq!(line["id"], name);
        let single = Command::new(env!("CARGO_BIN_EXE_sukje"))
            .args(["summarize", name, "--format", "json"])
            .args(["--engine", &server.engine()])
            .current_dir(place.path("in"))
            .env_clear()
            .output()
            .expect("it runs");
        let single: Value = serde_json::from_slice(&single.stdout).expect("a brief");
        assert_eq!(line["brief"], single);
        assert_eq!(single["engine"]["name"], "openai");
    }
}

#[test]
fn a_server_is_asked_in_the_protocols_form() {
    let place = Place::new("ko-school");
    let server = Server::saying(good);
    let engine = server.engine() + "/v1/";
    let output = place
        .command(&engine)
        .args(["--model", "other"])
        .env("OPENAI_API_KEY", "sesame")
        .output()
        .expect("it runs");
    let brief = place.brief(&output);
    assert_eq!(brief.engine.model.as_deref(), Some("other"));
    let asked = server.asked();
    let sentences = brief.article.sentences.len();
    for request in &asked {
        assert_eq!(request.path, "/v1/chat/completions");
        assert_eq!(request.headers["authorization"], "Bearer sesame");
        assert_eq!(request.body["model"], "other");
        assert_eq!(request.body["temperature"], 0.0);
        assert!(
            request.body["max_tokens"]
                .as_u64()
                .is_some_and(|most| most > 0)
        );
        let format = &request.body["response_format"];
        assert_eq!(format["type"], "json_schema");
        assert_eq!(format["json_schema"]["strict"], true);
        assert!(request.question().contains("[1] ") && !request.question().contains("sesame"));
    }
    let thesis = asked
        .iter()
        .find(|r| r.form() == "cite_thesis")
        .expect("asked");
    let ids = thesis
        .schema("/properties/sentences/items/enum")
        .as_array()
        .expect("ids");
    assert_eq!(ids.len(), sentences);
    assert!(!String::from_utf8_lossy(&output.stdout).contains("sesame"));
    let none = place
        .command(&server.engine())
        .env("OPENAI_API_KEY", "sesame")
        .env("SUKJE_API_KEY", "")
        .output();
    assert!(none.expect("it runs").status.success());
    assert!(
        server.asked()[asked.len()..]
            .iter()
            .all(|r| !r.headers.contains_key("authorization"))
    );
}

#[test]
fn the_order_in_which_answers_come_changes_nothing() {
    for case in CASES {
        let place = Place::new(case);
        let at_once = place.run(&Server::saying(good), &["--parallel", "1"]);
        place.brief(&at_once);
        for _ in 0..3 {
            // Later questions are answered first.
            let server = Server::saying(|request| {
                sleep(Duration::from_millis(8 * (7 - request.number as u64 % 8)));
                good(request)
            });
            let output = place.run(&server, &["--parallel", "8"]);
            assert_eq!(
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&at_once.stdout)
            );
        }
    }
}

#[test]
fn sentences_that_were_not_shown_are_not_cited() {
    check_content(
        |request| {
            match request.form() {
                "cite_thesis" => json!({"sentences": [999]}),
                "cite_argument" => json!({"steps": [{"role": "claim", "sentences": [1, 0]}]}),
                _ => json!({"status": "discussed", "sentences": [4000000000_u32], "remedy": []}),
            }
            .to_string()
        },
        "which it was not shown",
    );
}

#[test]
fn invented_figures_are_not_printed() {
    check_content(
        |request| {
            with_text(request, |text| {
                format!("{} 98,765", text.trim_end_matches('.'))
            })
        },
        "98,765",
    );
}

#[test]
fn invented_names_are_not_printed() {
    let server = || {
        Server::saying(|request| {
            with_text(request, |text| match request.is_korean() {
                true => format!("Zorvex에 따르면 {text}"),
                false => format!("{}, says Zorvex.", text.trim_end_matches('.')),
            })
        })
    };
    for case in CASES {
        let place = Place::new(case);
        let output = place.run(&server(), &[]);
        let brief = place.brief(&output);
        assert!(written(&brief).iter().all(|text| !text.contains("Zorvex")));
        assert!(
            causes(&brief).iter().any(|c| c.contains("Zorvex")),
            "{:#?}",
            causes(&brief)
        );
    }
}

#[test]
fn texts_in_other_letters_are_not_printed() {
    check_content(
        |request| with_text(request, |_| "これは記事の要約です。".into()),
        "is not written in the language of the note",
    );
    check_content(
        |request| with_text(request, |text| format!("\u{202e}{text}")),
        "U+202E",
    );
    check_content(
        |request| with_text(request, |text| format!("{text}\u{1b}]52;c;x\u{7}")),
        "",
    );
}

#[test]
fn hollow_texts_are_not_printed() {
    check_content(
        |request| with_text(request, |_| String::new()),
        "language of the note",
    );
    check_content(
        |request| {
            with_text(request, |_| {
                if request.is_korean() { "가 " } else { "a " }.repeat(60)
            })
        },
        "the same word again and again",
    );
    check_content(
        |request| with_text(request, |text| text.repeat(40)),
        "is longer than",
    );
}

#[test]
fn a_text_that_does_not_hold_is_written_once_more() {
    for case in CASES {
        let place = Place::new(case);
        let server = Server::saying(|request| match request.messages().len() {
            2 => with_text(request, |text| {
                format!("{} 98,765", text.trim_end_matches('.'))
            }),
            _ => good(request),
        });
        let brief = place.brief(&place.run(&server, &[]));
        assert_eq!(
            brief.thesis.as_ref().expect("a thesis").origin,
            Origin::Model
        );
        let asked = server.asked();
        let again = asked.iter().filter(|r| r.messages().len() == 4);
        let mut told = again.map(|r| {
            (
                &r.messages()[2]["role"],
                r.messages()[3]["content"].as_str(),
            )
        });
        assert!(told.any(
            |(role, cause)| role == "assistant" && cause.is_some_and(|c| c.contains("98,765"))
        ));
        let tries: Vec<usize> = asked.iter().map(|r| r.messages().len()).collect();
        assert!(
            tries.iter().all(|messages| [0, 2, 4].contains(messages)),
            "{tries:?}"
        );
    }
}

#[test]
fn other_forms_than_the_one_asked_for_are_no_answers() {
    for content in [
        "[1, 2]",
        "{}",
        "{\"sentences\": \"all\"}",
        "{\"status\": \"perhaps\", \"sentences\": [1], \"remedy\": []}",
        "null",
    ] {
        check_content(move |_| content.into(), "is not of the form asked for");
    }
    check_content(
        |_| "I cannot help with that.".into(),
        "something else than an answer in JSON",
    );
    check_content(
        |_| "[".repeat(100_000),
        "something else than an answer in JSON",
    );
    check_content(|_| String::new(), "without content");
}

#[test]
fn bodies_that_are_no_answers_are_told_apart() {
    let body = |body: &'static str, cause: &str| {
        check_bad(move |_, stream| send(stream, "200 OK", body), &[], cause);
    };
    body(
        "<!doctype html><title>Login</title>",
        "something else than an answer in JSON",
    );
    body("{\"choices\": []}", "without content");
    body("", "something else than an answer in JSON");
    body(
        "{\"choices\": [{\"message\": {\"content\": \"{}\"}, \"finish_reason\": \"length\"}]}",
        "did not come to the end",
    );
}

#[test]
fn a_body_without_an_end_is_left() {
    check_bad(
        |_, stream| {
            head(stream, "200 OK", 1 << 40, "");
            let piece = [b' '; 1 << 16];
            while stream.write_all(&piece).is_ok() {}
        },
        &[],
        "sent more than 1048576 bytes",
    );
}

#[test]
fn a_server_that_breaks_off_is_asked_again_and_then_left() {
    check_bad(
        |request, stream| {
            let body = completion(&good(request));
            head(stream, "200 OK", body.len(), "");
            let _ = stream.write_all(&body.as_bytes()[..body.len() / 2]);
        },
        &[],
        "broke off its answer",
    );
    let place = Place::new("ko-school");
    let server = Server::answering(|request, stream| match request.number % 2 {
        0 => send(stream, "200 OK", &completion(&good(request))),
        _ => head(stream, "200 OK", 100, ""),
    });
    let brief = place.brief(&place.run(&server, &["--parallel", "1"]));
    assert_eq!(
        causes(&brief)
            .iter()
            .filter(|c| c.contains("server"))
            .count(),
        0
    );
    assert_eq!(brief.thesis.expect("a thesis").origin, Origin::Model);
}

#[test]
fn servers_that_stall_or_drip_are_left_in_time() {
    let began = Instant::now();
    check_bad(
        |_, _| sleep(Duration::from_secs(60)),
        &["--timeout", "1"],
        "did not answer within 1 s",
    );
    check_bad(
        |_, stream| {
            head(stream, "200 OK", 100_000, "");
            while stream.write_all(b" ").is_ok() {
                sleep(Duration::from_millis(100));
            }
        },
        &["--timeout", "1"],
        "did not answer within 1 s",
    );
    // Two articles each, seven questions, four at a time: two rounds of a second.
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn failures_of_the_server_are_tried_again_a_few_times() {
    for status in [
        "500 Internal Server Error",
        "503 Busy",
        "429 Too Many Requests",
    ] {
        let number = &status[..3];
        let cause = format!("the server answered with status {number}");
        check_bad(
            move |_, stream| {
                send(
                    stream,
                    status,
                    "{\"error\": {\"message\": \"at 127.0.0.1\"}}",
                )
            },
            &["--parallel", "16"],
            &cause,
        );
    }
    let place = Place::new("en-bakery");
    let server = Server::answering(|request, stream| match request.number % 3 {
        0 => send(stream, "200 OK", &completion(&good(request))),
        _ => {
            head(stream, "429 Too Many Requests", 0, "retry-after: 0\r\n");
        }
    });
    let brief = place.brief(&place.run(&server, &["--parallel", "1"]));
    assert_eq!(
        brief.thesis.as_ref().expect("a thesis").origin,
        Origin::Model,
        "{:#?}",
        causes(&brief)
    );
}

#[test]
fn a_server_that_knows_an_older_form_is_asked_in_it() {
    let place = Place::new("en-bakery");
    let server = Server::answering(|request, stream| {
        let format = &request.body["response_format"];
        if format["type"] != "json_object" {
            let said = "{\"error\": {\"message\": \"1 validation error: ('body', 'response_format', 'type')\"}}";
            return send(stream, "500 Internal Server Error", said);
        }
        // Questions have no names then: the thesis's is known by its form.
        let content = match format["schema"]["properties"].get("sentences") {
            Some(_) => "{\"sentences\": [3, 2]}",
            None => "{}",
        };
        send(stream, "200 OK", &completion(content));
    });
    let brief = place.brief(&place.run(&server, &["--parallel", "1"]));
    let causes = causes(&brief);
    assert!(
        causes.iter().all(|cause| !cause.contains("status 500")),
        "{causes:#?}"
    );
    assert!(
        causes
            .iter()
            .any(|cause| cause.starts_with("thesis.text: the server's answer is not of the form")),
        "{causes:#?}"
    );
    let older = |r: &&Request| r.body["response_format"]["type"] == "json_object";
    let asked = server.asked();
    assert_eq!(
        asked.len() - asked.iter().filter(older).count(),
        2,
        "models, and one in the newer form"
    );
}

#[test]
fn a_server_cannot_ask_for_an_endless_wait() {
    let began = Instant::now();
    check_bad(
        |_, stream| {
            head(
                stream,
                "429 Too Many Requests",
                0,
                "retry-after: 99999999999\r\n",
            )
        },
        &["--timeout", "2"],
        "answered with status 429",
    );
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
}

/// A run that ends in one line, with nothing written.
fn check_refused(place: &Place, command: &mut Command, code: i32, parts: &[&str]) {
    let output = command
        .args(["--output", "note.json"])
        .output()
        .expect("it runs");
    let error = error(&output);
    assert_eq!(output.status.code(), Some(code), "{error}");
    let lines: Vec<&str> = error.lines().collect();
    assert!(
        lines.len() == 1 || lines.len() == 2 && lines[1].starts_with("hint: "),
        "{error}"
    );
    assert!(lines[0].starts_with("error: "), "{error}");
    assert!(
        parts.iter().all(|part| lines[0].contains(part)),
        "{parts:?}: {error}"
    );
    assert!(output.stdout.is_empty() && !place.path("note.json").exists());
}

#[test]
fn a_server_that_is_not_there_is_one_error() {
    let place = Place::new("ko-school");
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", gone.local_addr().expect("an address"));
    drop(gone);
    let engine = format!("openai:{url}");
    let expected = format!("error: {url}: could not be reached");
    check_refused(&place, &mut place.command(&engine), 69, &[&expected]);
    let mut named = place.command(&engine);
    check_refused(&place, named.args(["--model", "tiny"]), 69, &[&expected]);
    let mut nowhere = place.command("openai:http://no-such-host.invalid/v1");
    check_refused(
        &place,
        &mut nowhere,
        69,
        &["http://no-such-host.invalid/v1: could not be reached"],
    );
}

#[test]
fn a_server_that_says_no_is_one_error() {
    let place = Place::new("ko-school");
    let refusing = Server::start(|_, stream| {
        send(
            stream,
            "401 Unauthorized",
            "{\"error\": {\"message\": \"wrong key\\u001b[31m\"}}",
        );
    });
    let parts = ["127.0.0.1", "answered with status 401: wrong key\\x1b"];
    check_refused(&place, &mut place.command(&refusing.engine()), 69, &parts);
    let mut named = place.command(&refusing.engine());
    check_refused(&place, named.args(["--model", "x"]), 69, &parts);
    let without = Server::start(|_, stream| send(stream, "200 OK", "{\"data\": []}"));
    check_refused(
        &place,
        &mut place.command(&without.engine()),
        69,
        &["without content"],
    );
    let strange = Server::start(|_, stream| {
        send(stream, "200 OK", "{\"data\": [{\"id\": \"a\\u001b[2J\"}]}")
    });
    check_refused(
        &place,
        &mut place.command(&strange.engine()),
        69,
        &["something else than"],
    );
    let other = Server::start(|_, stream| {
        let _ = stream.write_all(b"220 mail.example ESMTP\r\n");
    });
    check_refused(
        &place,
        &mut place.command(&other.engine()),
        69,
        &["something else than"],
    );
}

#[test]
fn redirects_are_not_followed_and_keys_stay() {
    let place = Place::new("ko-school");
    let elsewhere = Server::saying(good);
    let location = format!(
        "location: http://localhost:{}/v1/chat/completions\r\n",
        elsewhere.port
    );
    for status in [
        "301 Moved",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let location = location.clone();
        let server = Server::start(move |_, stream| head(stream, status, 0, &location));
        let mut command = place.command(&server.engine());
        command
            .args(["--model", "x"])
            .env("SUKJE_API_KEY", "sesame");
        let said = format!("answered with status {}", &status[..3]);
        check_refused(&place, &mut command, 69, &[&said]);
    }
    assert_eq!(elsewhere.asked().len(), 0);
}

#[test]
fn addresses_and_keys_that_cannot_be_are_usage_errors() {
    let place = Place::new("ko-school");
    for (engine, part) in [
        (
            "openai:http://me:sesame@127.0.0.1",
            "a name or password in the address",
        ),
        ("openai:127.0.0.1:8000", "no address of the form"),
        ("openai:", "no address of the form"),
        ("openai:file:///etc/passwd", "no address of the form"),
    ] {
        let mut command = place.command(engine);
        check_refused(&place, &mut command, 2, &["error: --engine: ", part]);
        let output = command.output().expect("it runs");
        assert!(!error(&output).contains("sesame"));
    }
    let mut command = place.command("openai:http://127.0.0.1:1");
    command.env("OPENAI_API_KEY", "a\nb");
    check_refused(
        &place,
        &mut command,
        2,
        &["error: OPENAI_API_KEY: holds what no key holds"],
    );
    let help = place
        .command("auto")
        .arg("--help")
        .output()
        .expect("it runs");
    let help = String::from_utf8_lossy(&help.stdout).replace('\n', " ");
    assert!(help.contains("sends the article to that server"), "{help}");
}
