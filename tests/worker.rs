//! The worker from outside: an answer for every line whatever it holds, in order and at once, and the same brief that a batch writes.

#[allow(dead_code)] // Not every test asks all of it.
#[path = "common/schema.rs"]
mod schema;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use schema::Schema;
use serde_json::{Value, json};

fn sukje(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sukje"));
    command
        .args(args)
        // A model on the computer the tests run on would write the notes.
        .env("HF_HUB_CACHE", "/no/such/folder")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn worker(args: &[&str]) -> Child {
    let child = sukje(&[&["worker", "--quiet"], args].concat()).spawn();
    child.expect("the program starts")
}

/// Hands all of it over and waits for the end.
fn all(args: &[&str], input: &[u8]) -> Output {
    let mut child = worker(args);
    let mut stdin = child.stdin.take().expect("piped");
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // A worker that has had enough closes the pipe.
            let _ = stdin.write_all(input);
        });
        child.wait_with_output().expect("it ends")
    })
}

fn answers(output: &Output) -> Vec<Value> {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(said, "");
    let lines = str::from_utf8(&output.stdout).expect("UTF-8").lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn line(id: &str, n: usize) -> String {
    let text = match n % 2 {
        0 => format!(
            "나루시는 {n}번 부두를 새로 짓기로 했다. 부두에는 {n}억원이 든다. 전력이 모자라 공사가 늦어질 수 있다. 그래서 규제를 먼저 풀어야 한다."
        ),
        _ => format!(
            "The town will build quay {n}. It costs {n} million. There is too little power for the works. So the rules must change first."
        ),
    };
    json!({"id": id, "text": text, "title": format!("부두 {n}")}).to_string()
}

/// What a bad line is answered: its id, and how the message begins.
fn bad_lines() -> Vec<(Vec<u8>, Value, &'static str)> {
    let deep = [vec![b'['; 200_000], b"\n".to_vec()].concat();
    let huge = format!("{{\"id\":\"h\",\"text\":\"{}\"}}", "강".repeat(23 << 20));
    let bytes = |text: &str| text.as_bytes().to_vec();
    vec![
        (
            bytes("{\"id\":\"a\",\"text\":"),
            json!(null),
            "no JSON of an article: column ",
        ),
        (
            bytes("plain words"),
            json!(null),
            "no JSON of an article: column 1: ",
        ),
        (
            bytes("[1, 2]"),
            json!(null),
            "no JSON of an article: column ",
        ),
        (
            bytes("{\"id\":\"w\",\"text\":7}"),
            json!("w"),
            "no JSON of an article: column ",
        ),
        (
            bytes("{\"id\":7,\"text\":[\"a\"]}"),
            json!("7"),
            "no JSON of an article: column ",
        ),
        (
            bytes("{\"id\":1.5,\"text\":\"a\"}"),
            json!(null),
            "no JSON of an article: column ",
        ),
        (
            bytes("{\"text\":\"The river rose.\"}"),
            json!(null),
            "no JSON of an article: column ",
        ),
        (
            bytes("{\"id\":\" \",\"text\":\"The river rose.\"}"),
            json!(null),
            "its id is empty",
        ),
        (bytes("{\"id\":\"n\"}"), json!("n"), "has no text"),
        (
            bytes("{\"id\":\"p\",\"html\":\"<form><input type=password>Sign in</form>\"}"),
            json!("p"),
            "no article found",
        ),
        (bytes("{\"id\":\"e\",\"text\":\" \\n \"}"), json!("e"), ""),
        (
            bytes("{\"id\":\"z\",\"text\":\"\\u0000\\u0000\\u0000\\u0000\"}"),
            json!("z"),
            "",
        ),
        (
            bytes("{\"id\":\"d\",\"text\":\"%PDF-1.7 and so on\"}"),
            json!("d"),
            "looks like a PDF file",
        ),
        // Cleaning leaves no sentence of these.
        (
            bytes("{\"id\":\"ko\",\"text\":\"무단 전재 및 재배포 금지\"}"),
            json!("ko"),
            "no article found",
        ),
        (
            bytes("{\"id\":\"en\",\"text\":\"Share this article\\nAll rights reserved.\"}"),
            json!("en"),
            "no article found",
        ),
        (
            b"{\"id\":\"u\",\"text\":\"\xff\xfe\"}".to_vec(),
            json!("u"),
            "no JSON of an article: column ",
        ),
        (
            b"\0\0\0".to_vec(),
            json!(null),
            "no JSON of an article: column 1: ",
        ),
        (
            b"{\"id\":\"c\",\"text\":\"a\0b\"}".to_vec(),
            json!(null),
            "no JSON of an article: column ",
        ),
        (deep, json!(null), "no JSON of an article: column "),
        (huge.into_bytes(), json!(null), "larger than 64 MB"),
    ]
}

#[test]
fn every_line_is_answered_in_order_and_a_bad_one_ends_nothing() {
    let schema = sukje(&["schema", "worker"])
        .output()
        .expect("it ends")
        .stdout;
    let schema: Value = serde_json::from_slice(&schema).expect("JSON");
    let bad = bad_lines();
    let mut input = Vec::new();
    for (n, (bytes, _, _)) in bad.iter().enumerate() {
        input.extend_from_slice(bytes.trim_ascii_end());
        input.extend_from_slice(b"\n \r\n\n");
        input.extend_from_slice(line(&format!("good{n}"), n).as_bytes());
        input.extend_from_slice(b"\r\n");
    }
    // The last line has no end.
    input.truncate(input.len() - 2);
    for jobs in ["1", "3"] {
        let answers = answers(&all(&["--jobs", jobs], &input));
        assert_eq!(answers.len(), 2 * bad.len());
        for (n, pair) in answers.chunks(2).enumerate() {
            let (_, id, message) = &bad[n];
            assert_eq!(pair[0]["id"], *id, "{n}");
            assert_eq!(pair[0]["error"]["code"], "unusable", "{n}");
            let told = pair[0]["error"]["message"].as_str().expect("a message");
            assert!(told.starts_with(message) && !told.is_empty(), "{n}: {told}");
            assert_eq!(pair[1]["id"], format!("good{n}"));
            assert_eq!(pair[1]["brief"]["source"]["name"], format!("good{n}"));
        }
        let valid = Schema::of(&schema);
        assert!(answers.iter().all(|answer| valid.allows(answer)));
        assert!(!valid.allows(&json!({"id": "a"})));
    }
}

#[test]
fn an_answer_comes_before_the_next_line_is_asked() {
    for jobs in ["1", "4"] {
        let mut child = worker(&["--jobs", jobs]);
        let mut stdin = child.stdin.take().expect("piped");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        for n in 0..5 {
            let asked = match n {
                3 => "{".into(),
                _ => line(&n.to_string(), n),
            };
            stdin
                .write_all(format!("{asked}\n").as_bytes())
                .expect("taken");
            let mut answer = String::new();
            stdout.read_line(&mut answer).expect("answered");
            let answer: Value = serde_json::from_str(&answer).expect("JSON");
            assert_eq!(answer.get("brief").is_some(), n != 3);
        }
        drop(stdin);
        assert!(child.wait().expect("it ends").success());
    }
}

#[test]
fn a_brief_is_the_one_a_batch_writes_whatever_the_order_and_the_jobs() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut lines: Vec<String> = (0..40).map(|n| line(&format!("나루/{n:02}"), n)).collect();
    lines.push(json!({"id": "esc", "text": "The \u{202e}river\u{9b} rose \u{2028}and \"fell\" \\ again in ward 9. It costs 3 million."}).to_string());
    let input = lines.join("\n");
    fs::write(folder.path().join("in.jsonl"), &input).expect("written");
    for (out, threads) in [("one", "1"), ("two", "2")] {
        let args = ["batch", "in.jsonl", "--out", out, "--threads", threads];
        let ran = sukje(&args).current_dir(folder.path()).output();
        assert!(ran.expect("it ends").status.success());
    }
    let briefs = |out: &str| fs::read(folder.path().join(out).join("briefs.jsonl")).expect("read");
    let briefs = (briefs("one"), briefs("two"));
    assert!(briefs.0 == briefs.1);
    let sorted = |output: &Output| {
        let mut lines: Vec<(String, String)> = answers(output)
            .iter()
            .map(|answer| answer["id"].as_str().expect("an id").to_string())
            .zip(
                str::from_utf8(&output.stdout)
                    .expect("UTF-8")
                    .lines()
                    .map(String::from),
            )
            .collect();
        lines.sort();
        let lines = lines.into_iter().map(|(_, line)| line + "\n");
        lines.collect::<String>().into_bytes()
    };
    assert!(sorted(&all(&[], input.as_bytes())) == briefs.0);
    lines.reverse();
    let shuffled = lines.join("\n");
    assert!(sorted(&all(&["--jobs", "4"], shuffled.as_bytes())) == briefs.0);
    // And they are the notes.
    let first = str::from_utf8(&briefs.0).expect("UTF-8").lines().next();
    let first: Value = serde_json::from_str(first.expect("a line")).expect("JSON");
    let summary = fs::read(folder.path().join("one/summary.json")).expect("read");
    let summary: Value = serde_json::from_slice(&summary).expect("JSON");
    assert_eq!(first["id"], summary["items"][0]["id"]);
    let note = summary["items"][0]["notes"][0].as_str().expect("a name");
    let note = fs::read(folder.path().join("one").join(note)).expect("read");
    let note: Value = serde_json::from_slice(&note).expect("JSON");
    assert_eq!(first["brief"], note);
}

#[test]
fn options_are_those_of_summarize() {
    let asked = line("a", 1);
    let answer = |args: &[&str]| answers(&all(args, asked.as_bytes())).remove(0);
    let brief = answer(&[
        "--output-lang",
        "ko",
        "--lens",
        "business",
        "--engine",
        "extractive",
    ]);
    assert_eq!(brief["brief"]["output_language"], "ko");
    assert_eq!(brief["brief"]["lens"], "business");
    assert_eq!(answer(&[])["brief"]["lens"], "five-challenges");
    let asked = json!({"id": "m", "text": "# 나루 소식\n\n**나루시**는 부두를 새로 짓기로 했다고 밝혔다. 부두에는 3억원이 든다."});
    for (format, first) in [
        ("auto", "나루시는"),
        ("md", "나루시는"),
        ("text", "**나루시**는"),
    ] {
        let args = ["--input-format", format];
        let answer = answers(&all(&args, asked.to_string().as_bytes())).remove(0);
        let sentence = answer["brief"]["sentences"][0]["text"].as_str();
        assert!(
            sentence.is_some_and(|text| text.starts_with(first)),
            "{format}: {answer}"
        );
    }
    let asked = asked.to_string();
    let wrong = all(&["--input-format", "page"], asked.as_bytes());
    assert_eq!((wrong.status.code(), wrong.stdout.len()), (Some(2), 0));
    let wrong = all(&["--lens", "no-such-lens"], asked.as_bytes());
    assert_eq!((wrong.status.code(), wrong.stdout.len()), (Some(2), 0));
    let said = sukje(&["worker"])
        .stdin(Stdio::null())
        .output()
        .expect("it ends");
    assert_eq!(
        String::from_utf8_lossy(&said.stderr),
        "engine: extractive\n"
    );
}

#[test]
fn no_input_is_no_failure_and_neither_is_a_reader_that_left() {
    assert!(answers(&all(&[], b"")).is_empty());
    assert!(answers(&all(&[], b"\n \n\t\n")).is_empty());
    for jobs in ["1", "4"] {
        let mut child = worker(&["--jobs", jobs]);
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().expect("piped");
        // Until it has had enough.
        let mut asked = 0;
        while stdin
            .write_all(format!("{}\n", line("a", 2)).as_bytes())
            .is_ok()
        {
            asked += 1;
            assert!(asked < 1_000_000, "nobody notices that the reader left");
        }
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_and_a_folder_as_input_are_74() {
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("opened");
    let mut child = sukje(&["worker", "--quiet"])
        .stdout(full)
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("piped");
    let _ = stdin.write_all(line("a", 1).as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(74), "{said}");
    assert!(
        said.starts_with("error: standard output: could not be written: "),
        "{said}"
    );

    let folder = fs::File::open(Path::new("/")).expect("opened");
    let output = sukje(&["worker", "--quiet"])
        .stdin(folder)
        .output()
        .expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(74), "{said}");
    assert!(said.starts_with("error: -: "), "{said}");
}
