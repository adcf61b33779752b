//! The program from outside: exit codes, error lines, streams and files.

#[allow(dead_code)] // Not every test asks all of it.
#[path = "common/schema.rs"]
mod schema;

use schema::Schema;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const KO: &str =
    "솔빛시는 새 다리를 놓기로 했다. 다리는 내년 봄에 첫 삽을 뜬다. 시민들은 소음을 걱정한다.\n";
const EN: &str =
    "The town will build a new bridge. Work on it begins next spring. Neighbours fear the noise.\n";

fn sukje(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sukje"));
    command
        .args(args)
        // A model on the computer the tests run on would write the notes.
        .env("HF_HUB_CACHE", "/no/such/folder")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs with `input` on standard input.
fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child = sukje(args)
        .stdin(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A refusal may close the pipe before all of it is read.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    output
}

fn shell(script: &str) -> Output {
    let script = script.replace("sukje", env!("CARGO_BIN_EXE_sukje"));
    Command::new("sh")
        .args(["-c", &script])
        .output()
        .expect("a shell")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// The error line, after checking its form.
fn error(output: &Output, code: i32) -> String {
    let text = String::from_utf8(output.stderr.clone()).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{text}");
    let mut lines = text.lines();
    let line = lines.next().expect("an error line").to_string();
    assert!(line.starts_with("error: ") && line.len() < 500, "{line}");
    assert!(
        lines.next().is_none_or(|hint| hint.starts_with("hint: ")) && lines.next().is_none(),
        "{text}"
    );
    assert!(
        !text.contains(|c: char| c != '\n' && c.is_control()),
        "{text:?}"
    );
    assert!(output.stdout.is_empty());
    line
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn every_command_reads_standard_input() {
    for text in [KO, EN] {
        for args in [
            &["clean"][..],
            &["clean", "-"],
            &["split"],
            &["summarize"],
            &["summarize", "--sentences", "1"],
        ] {
            let output = run(args, text.as_bytes());
            assert!(output.status.success(), "{args:?}");
            assert!(!output.stdout.is_empty(), "{args:?}");
        }
    }
}

#[test]
fn split_prints_one_sentence_a_line() {
    assert_eq!(out(&run(&["split"], KO.as_bytes())).lines().count(), 3);
    assert_eq!(out(&run(&["split"], EN.as_bytes())).lines().count(), 3);
}

#[test]
fn a_missing_or_wrong_input_is_one_line() {
    let folder = folder();
    let at = |name: &str| {
        folder
            .path()
            .join(name)
            .to_str()
            .expect("UTF-8")
            .to_string()
    };
    assert_eq!(
        error(&run(&["clean", &at("no.txt")], b""), 66),
        format!("error: {}: no such file", at("no.txt"))
    );
    assert!(error(&run(&["summarize", &at(".")], b""), 66).ends_with("is a folder, not a file"));
    assert!(error(&run(&["clean"], b""), 65).ends_with("-: empty"));
    assert!(error(&run(&["clean"], "<html><p>강변".as_bytes()), 65).contains("no article found"));
    assert!(error(&run(&["clean"], b"%PDF-1.7"), 65).contains("PDF"));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for() {
    let folder = folder();
    let at = |name: &str| {
        folder
            .path()
            .join(name)
            .to_str()
            .expect("UTF-8")
            .to_string()
    };
    std::os::unix::fs::symlink("loop.txt", at("loop.txt")).expect("a link");
    assert!(error(&run(&["clean", &at("loop.txt")], b""), 66).ends_with("leads back to itself"));
    assert!(shell(&format!("mkfifo {}", at("pipe"))).status.success());
    assert!(error(&run(&["clean", &at("pipe")], b""), 66).ends_with("is a pipe without a writer"));
    assert!(error(&run(&["clean", "/dev/null"], b""), 66).ends_with("is a device, not a file"));
    assert!(
        run(&["clean", "/dev/stdin"], KO.as_bytes())
            .status
            .success()
    );
}

#[test]
fn an_input_over_the_limit_is_refused_by_its_size() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    file.as_file().set_len(1 << 32).expect("a sparse file");
    let path = file.path().to_str().expect("UTF-8");
    assert!(error(&run(&["clean", path], b""), 65).ends_with("larger than 64 MB (4096 MB)"));
    assert!(
        error(&run(&["clean"], &vec![b'a'; (64 << 20) + 1]), 65).ends_with("larger than 64 MB")
    );
}

#[test]
fn a_name_with_escapes_stays_one_line() {
    let line = error(&run(&["clean", "no\n\u{1b}[31m\u{202e}such.txt"], b""), 66);
    assert!(line.contains("no\\n\\x1b[31m\\u{202e}such.txt"), "{line}");
    assert!(error(&run(&["clean", &"강".repeat(900)], b""), 66).len() < 500);
    let usage = run(&["clean", "--\u{1b}[31m"], b"");
    assert_eq!(usage.status.code(), Some(2));
    assert!(!usage.stderr.contains(&0x1b));
}

#[test]
fn wrong_usage_is_2() {
    for args in [
        &["clean", "--encoding", "klingon"][..],
        &["nothing"],
        &["summarize", "--engine", "oracle"],
        &["summarize", "--sentences", "0"],
        &["summarize", "--sentences", "2", "--format", "json"],
        &["clean", "--keep", "everything"],
        &["summarize", "--lens", "no/such.toml"],
        &[],
    ] {
        let output = run(args, EN.as_bytes());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn writes_that_fail_are_74_and_a_closed_pipe_is_0() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(&file, KO.repeat(500)).expect("written");
    let path = file.path().display();
    let on_file = ["clean", "clean --format json", "summarize", "split"]
        .map(|command| format!("{command} {path}"));
    for command in on_file
        .iter()
        .map(String::as_str)
        .chain(["--help", "schema brief", "man"])
    {
        let full = error(&shell(&format!("sukje {command} > /dev/full")), 74);
        assert!(full.contains("standard output"), "{command}");
        let closed = error(&shell(&format!("sukje {command} >&-")), 74);
        assert!(closed.contains("closed"), "{command}");
    }
    assert!(error(&shell("sukje clean <&-"), 66).contains("closed"));
    let mut child = sukje(&["clean", "--format", "json", path.to_string().as_str()])
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((output.status.code(), output.stderr), (Some(0), vec![]));
}

#[test]
fn an_output_file_appears_whole_or_not_at_all() {
    let folder = folder();
    let long = format!("{}.md", "길".repeat(80));
    let path = folder.path().join(&long);
    let target = path.to_str().expect("UTF-8");
    std::fs::write(&path, "old").expect("written");
    error(&run(&["clean", "--output", target], b"   "), 65);
    assert_eq!(std::fs::read_to_string(&path).expect("still there"), "old");
    let output = run(&["clean", "--output", target], KO.as_bytes());
    assert!(output.status.success() && output.stdout.is_empty());
    assert_eq!(
        std::fs::read(&path).expect("written"),
        run(&["clean"], KO.as_bytes()).stdout
    );
    assert_eq!(names(folder.path()), [long]);
    assert!(
        error(
            &run(
                &["clean", "--output", folder.path().to_str().expect("UTF-8")],
                KO.as_bytes()
            ),
            74
        )
        .contains("could not be written")
    );
    error(
        &run(
            &["clean", "--output", "/no/such/folder/a.txt"],
            KO.as_bytes(),
        ),
        74,
    );
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_nothing_half_written() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let folder = folder();
        let target = folder.path().join("note.md");
        let mut child = sukje(&["summarize", "--output", target.to_str().expect("UTF-8")])
            .stdin(Stdio::piped())
            .spawn()
            .expect("the program starts");
        while names(folder.path()).is_empty() {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        assert!(
            shell(&format!("kill -{signal} {}", child.id()))
                .status
                .success()
        );
        // The pipe stays open: its end would be an end of the input.
        let stdin = child.stdin.take();
        assert_eq!(child.wait().expect("it ends").code(), Some(code));
        drop(stdin);
        assert_eq!(names(folder.path()), [""; 0]);
    }
}

#[test]
fn encodings_give_the_same_sentences() {
    let plain = run(&["clean"], KO.as_bytes()).stdout;
    let cp949 = encoding_rs::EUC_KR.encode(KO).0;
    assert_eq!(run(&["clean"], &cp949).stdout, plain);
    assert_eq!(run(&["clean", "--encoding", "cp949"], &cp949).stdout, plain);
    let utf16: Vec<u8> = format!("\u{feff}{KO}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(run(&["clean"], &utf16).stdout, plain);
}

#[test]
fn the_decoded_text_can_be_had() {
    let folder = folder();
    let path = folder.path().join("text.txt");
    let crlf = EN.replace(". ", ".\r\n");
    let output = run(
        &[
            "clean",
            "--format",
            "json",
            "--emit-text",
            path.to_str().expect("UTF-8"),
        ],
        crlf.as_bytes(),
    );
    let article: sukje::article::Article =
        serde_json::from_slice(&output.stdout).expect("an article");
    let text = std::fs::read_to_string(&path).expect("written");
    assert!(!article.sentences.is_empty() && !text.contains('\r'));
    for sentence in &article.sentences {
        assert_eq!(
            text[sentence.start..sentence.end]
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
            sentence.text
        );
    }
}

#[test]
fn an_explanation_shows_what_was_kept_and_removed() {
    for text in [KO, EN] {
        let account = out(&run(&["clean", "--explain"], text.as_bytes()));
        assert!(account.contains("     1  "), "{account}");
        assert!(
            account
                .lines()
                .last()
                .is_some_and(|line| line.starts_with("kept ")),
            "{account}"
        );
    }
}

#[test]
fn the_engine_is_named_once_and_only_where_one_is_used() {
    let talk = |args: &[&str]| String::from_utf8(run(args, EN.as_bytes()).stderr).expect("UTF-8");
    assert_eq!(talk(&["summarize"]), "engine: extractive\n");
    for args in [
        &["summarize", "--quiet"][..],
        &["summarize", "--engine", "extractive"],
        &["clean"],
        &["split"],
    ] {
        assert_eq!(talk(args), "", "{args:?}");
    }
}

#[test]
fn outputs_hold_to_their_schemas() {
    for (command, which) in [("clean", "clean"), ("summarize", "brief")] {
        let printed: serde_json::Value =
            serde_json::from_slice(&run(&["schema", which], b"").stdout).expect("JSON");
        assert_eq!(
            printed["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        let schema = Schema::of(&printed);
        for text in [KO, EN] {
            let output = run(
                &[command, "--format", "json"],
                [text.as_bytes(), b"\xff and\0so on"].concat().as_slice(),
            );
            let value = serde_json::from_slice(&output.stdout).expect("JSON");
            assert_eq!(schema.faults(&value), None, "{command}");
        }
    }
    let batch: serde_json::Value =
        serde_json::from_slice(&run(&["schema", "batch"], b"").stdout).expect("JSON");
    assert_eq!(batch["properties"]["schema"]["const"], "sukje.batch/1");
}

#[test]
fn a_saved_brief_is_rendered_as_if_fresh_and_verified() {
    let folder = folder();
    let at = |name: &str| {
        folder
            .path()
            .join(name)
            .to_str()
            .expect("UTF-8")
            .to_string()
    };
    for text in [KO, EN] {
        std::fs::write(at("a.txt"), text).expect("written");
        run(
            &[
                "summarize",
                &at("a.txt"),
                "--format",
                "json",
                "--output",
                &at("b.json"),
            ],
            b"",
        );
        for format in ["text", "md", "json"] {
            let fresh = run(&["summarize", &at("a.txt"), "--format", format], b"").stdout;
            assert_eq!(
                run(&["render", &at("b.json"), "--format", format], b"").stdout,
                fresh,
                "{format}"
            );
        }
        let fresh = run(&["summarize", &at("a.txt"), "--format", "html"], b"").stdout;
        let saved = ["render", &at("b.json"), "--format", "html"];
        let with_source = run(&[&saved[..], &["--source", &at("a.txt")]].concat(), b"");
        assert_eq!(with_source.stdout, fresh);
        assert!(fresh.starts_with(b"<!doctype html>"));
        std::fs::write(at("other.txt"), "Another article. It says other things.").expect("written");
        let other = run(&[&saved[..], &["--source", &at("other.txt")]].concat(), b"");
        assert!(error(&other, 65).contains("is not the article that the brief is of"));
        let verified = run(&["verify", &at("b.json"), "--source", &at("a.txt")], b"");
        assert!(verified.status.success(), "{}", out(&verified));
    }
}

#[test]
fn a_page_has_a_paragraph_where_the_text_has_a_blank_line() {
    let text = "The Grid Is Short\n\nThe grid is short of power, the mayor said. The line is late.\n\nNobody knows when it will be built. The town waits.\n";
    let page = run(&["summarize", "--format", "html", "-"], text.as_bytes());
    let page = String::from_utf8(page.stdout).expect("UTF-8");
    let opened: Vec<&str> = page
        .split("<p class=\"opens\" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(opened, ["s1", "s3"]);
}

#[test]
fn a_file_that_is_no_brief_is_told_with_line_and_column() {
    assert!(
        error(&run(&["render"], b"{\n \"schema\": 3\n}"), 65)
            .contains("-: not a brief: line 2, column 12: ")
    );
    assert!(error(&run(&["render"], b"\xff"), 65).contains("line 1, column"));
    assert!(error(&run(&["render"], "[".repeat(100_000).as_bytes()), 65).contains("not a brief"));
    let other = std::fs::read_to_string("tests/cases/render/note-en.json")
        .expect("a case")
        .replace("sukje.brief/1", "other/9");
    assert!(error(&run(&["render"], other.as_bytes()), 65).contains("other/9"));
}

#[test]
fn help_completions_and_manual_pages_are_there() {
    for args in [
        &["--help"][..],
        &["--version"],
        &["clean", "--help"],
        &["summarize", "-h"],
        &["completions", "bash"],
        &["completions", "zsh"],
        &["man"],
        &["man", "clean"],
    ] {
        let output = run(args, b"");
        assert!(
            output.status.success() && !output.stdout.is_empty() && output.stderr.is_empty(),
            "{args:?}"
        );
    }
}

/// The exit codes of the help text of `args`, which follow its last paragraph.
fn codes_in_help(args: &[&str]) -> Vec<u8> {
    let help = out(&run(args, b""));
    let (_, codes) = help.rsplit_once("Exit codes: ").expect("exit codes");
    let words = codes.split_whitespace();
    words.filter_map(|word| word.parse().ok()).collect()
}

#[test]
fn readmes_and_help_have_the_same_exit_codes() {
    let codes = codes_in_help(&["--help"]);
    for readme in ["README.md", "README.ko.md"] {
        let readme = std::fs::read_to_string(readme).expect("readable");
        let rows = readme.lines().filter_map(|line| line.strip_prefix("| "));
        let documented = rows.filter_map(|row| {
            let first = row.split(" |").next()?.split(", ").map(str::parse);
            first.collect::<Result<Vec<u8>, _>>().ok()
        });
        assert_eq!(documented.flatten().collect::<Vec<_>>(), codes);
    }
    let own = codes_in_help(&["batch", "--help"]);
    assert!(own.len() < codes.len() && own.iter().all(|code| codes.contains(code)));
}

#[cfg(unix)]
#[test]
fn an_error_is_one_line_of_at_most_500_bytes() {
    let line = error(&run(&["clean", &"강\n\u{1b}[31m/".repeat(200)], b""), 66);
    assert!(
        line.contains('…') && line.ends_with(": no such file"),
        "{line}"
    );
}
