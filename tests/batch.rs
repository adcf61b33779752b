//! Batches from outside: what comes of many inputs, of bad ones, and of a run that ends before its end.

#[path = "common/bridges.rs"]
mod bridges;
#[path = "common/tree.rs"]
mod tree;

#[allow(dead_code)] // Not every test asks all of it.
#[path = "common/schema.rs"]
mod schema;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use serde_json::Value;
use sukje::batch::{
    BatchProgress, BatchRun, Durability, End, InputPath, NoteForms, NoteLayout, PlanOptions,
    RunOptions, Shard,
};
use sukje::clean::CleanOptions;
use sukje::engine::{Extractive, Pipeline};
use sukje::outline::{DEFAULT_LENS, Lens, OutlineOptions};
use sukje::render::Format;
use tempfile::TempDir;

use bridges::article;
use schema::Schema;
use tree::{assert_same, tree};

fn sukje(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sukje"));
    command
        .args(args)
        // A model on the computer the tests run on would write the notes.
        .env("HF_HUB_CACHE", "/no/such/folder")
        .env_remove("JOB_COMPLETION_INDEX")
        .env_remove("SLURM_ARRAY_TASK_ID")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs in a folder.
fn run(folder: &Path, args: &[&str]) -> Output {
    let output = sukje(args).current_dir(folder).output();
    output.expect("the program starts")
}

/// Runs and gives standard error, after checking the exit code.
fn batch(folder: &Path, args: &[&str], code: i32) -> String {
    let output = run(folder, &[&["batch"], args].concat());
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    said
}

/// A folder with `count` articles in `in`.
fn articles(count: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("in")).expect("made");
    for n in 0..count {
        put(folder.path(), &format!("in/{n:03}.txt"), article(n));
    }
    folder
}

fn put(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, bytes).expect("written");
}

/// What is written of all articles together.
const TOGETHER: [&str; 6] = [
    "briefing.md",
    "briefs.jsonl",
    "index.html",
    "matrix.csv",
    "overview.json",
    "summary.json",
];

fn is_note(name: &Path) -> bool {
    !TOGETHER.iter().any(|together| name == Path::new(together))
}

fn summary(out: &Path) -> Value {
    let bytes = fs::read(out.join("summary.json")).expect("a summary");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// How many inputs there were, are done, are twins and have failed.
fn counts(out: &Path) -> [u64; 4] {
    let summary = summary(out);
    ["inputs", "done", "duplicates", "failed"].map(|key| summary[key].as_u64().expect("a number"))
}

#[test]
fn the_library_writes_the_folder_that_the_command_writes() {
    let folder = articles(5);
    put(folder.path(), "in/empty.txt", "");
    put(folder.path(), "in/twice.txt", article(0));
    batch(folder.path(), &["in", "--out", "command"], 1);

    let inputs = folder.path().join("in");
    let out = folder.path().join("library");
    let given = [InputPath {
        path: inputs,
        pattern: false,
    }];
    let options = PlanOptions {
        recursive: false,
        follow: false,
        base: None,
        out: out.clone(),
        shard: Shard::WHOLE,
        encoding: None,
        threads: 1,
    };
    let plan = sukje::batch::plan(&given, &options).expect("a plan");
    let outline = OutlineOptions {
        lens: Lens::builtin(DEFAULT_LENS).expect("built in"),
        output_language: None,
    };
    let report = sukje::batch::run(&BatchRun {
        plan: &plan,
        out: &out,
        pipeline: &Pipeline::new(
            Box::<Extractive>::default(),
            CleanOptions::default(),
            outline,
        ),
        options: &RunOptions {
            notes: NoteForms {
                formats: vec![Format::Json, Format::Html],
                layout: NoteLayout::Mirrored,
            },
            durability: Durability::None,
            force: false,
            retry_failed: false,
            most_failures: None,
            threads: 2,
            encoding: None,
            form: None,
        },
        progress: &BatchProgress::default(),
        stop: &AtomicBool::new(false),
    })
    .expect("a run");
    assert!(matches!(report.end, End::Finished { broken_briefs: 0 }));
    assert_eq!(report.failures.len(), 1, "{:?}", report.failures);
    let command = folder.path().join("command");
    assert_same(&tree(&command), &tree(&out));
    let manifest = |out: &Path| fs::read(out.join(".sukje/part.json")).expect("a manifest");
    assert_eq!(manifest(&command), manifest(&out));
}

/// The notes of an item.
fn notes(out: &Path, id: &str) -> Vec<PathBuf> {
    let summary = summary(out);
    let items = summary["items"].as_array().expect("items");
    let item = items.iter().find(|item| item["id"] == id).expect("an item");
    let notes = item["notes"].as_array().expect("notes").iter();
    notes
        .map(|note| out.join(note.as_str().expect("a name")))
        .collect()
}

#[test]
fn a_note_is_what_summarize_writes() {
    let folder = articles(2);
    let said = batch(
        folder.path(),
        &["in", "--out", "out", "--formats", "json,md,html,text"],
        0,
    );
    assert!(said.contains("written            2"), "{said}");
    for name in ["000.txt", "001.txt"] {
        let notes = notes(&folder.path().join("out"), name);
        for (note, format) in notes.iter().zip(["json", "md", "html", "text"]) {
            let path = format!("in/{name}");
            let one = run(folder.path(), &["summarize", "--format", format, &path]);
            assert_eq!(fs::read(note).expect("a note"), one.stdout, "{note:?}");
        }
    }
    let schema = run(folder.path(), &["schema", "brief"]).stdout;
    let schema = serde_json::from_slice(&schema).expect("JSON");
    let note = fs::read(&notes(&folder.path().join("out"), "000.txt")[0]).expect("a note");
    let note: Value = serde_json::from_slice(&note).expect("JSON");
    assert_eq!(Schema::of(&schema).faults(&note), None);
}

#[test]
fn a_second_run_does_only_what_has_changed() {
    let folder = articles(4);
    let out = folder.path().join("out");
    batch(folder.path(), &["in", "--out", "out"], 0);
    let first = tree(&out);
    put(folder.path(), "in/001.txt", article(91));
    put(folder.path(), "in/new.txt", article(92));
    let said = batch(folder.path(), &["in", "--out", "out"], 0);
    assert!(
        said.contains("written            2") && said.contains("kept               3"),
        "{said}"
    );
    let second = tree(&out);
    for (name, bytes) in &first {
        if is_note(name) {
            let changed = name.to_string_lossy().starts_with("001");
            assert_eq!(second[name] != *bytes, changed, "{name:?}");
        }
    }
    let said = batch(folder.path(), &["in", "--out", "out", "--lang", "en"], 0);
    assert!(said.contains("written            5"), "{said}");
    let said = batch(
        folder.path(),
        &["in", "--out", "out", "--lang", "en", "--force"],
        0,
    );
    assert!(said.contains("written            5"), "{said}");
    assert_eq!(
        batch(
            folder.path(),
            &["in", "--out", "out", "--lang", "en", "--quiet"],
            0
        ),
        ""
    );
}

#[test]
fn a_note_in_another_input_format_is_written_again() {
    let folder = articles(0);
    let texts = [
        (
            "ko.txt",
            "# 나루 소식\n\n**나루시**는 [부두](http://a.b)를 새로 짓기로 했다고 밝혔다. 부두에는 3억원이 든다.\n",
        ),
        (
            "en.txt",
            "# Harbour news\n\n**Orvale** will build a [quay](http://a.b), the town said. It costs 3 million.\n",
        ),
    ];
    for (name, text) in texts {
        put(folder.path(), &format!("in/{name}"), text);
    }
    let line = serde_json::json!({"id": "line", "text": format!("{}\n", texts[0].1)}).to_string();
    put(folder.path(), "in/x.jsonl", line);
    let out = folder.path().join("out");
    let format = |format: &str, said: &str| {
        let args = ["in", "--out", "out", "--input-format", format];
        let told = batch(folder.path(), &args, 0);
        assert!(told.contains(said), "{format}: {told}");
        let note = fs::read(&notes(&out, "line")[0]).expect("a note");
        let note: Value = serde_json::from_slice(&note).expect("JSON");
        note["sentences"][0]["text"].to_string()
    };
    let read = format("md", "written            3");
    assert!(read.starts_with("\"나루시는 부두를"), "{read}");
    assert_eq!(format("md", "kept               3"), read);
    let verbatim = format("text", "written            3");
    assert!(
        verbatim.starts_with("\"**나루시**는 [부두](http://a.b)를"),
        "{verbatim}"
    );
    for (name, _) in texts {
        let path = format!("in/{name}");
        let args = ["--format", "json", "--input-format", "text", &path];
        let one = run(folder.path(), &[&["summarize"][..], &args].concat());
        let note = fs::read(&notes(&out, name)[0]).expect("a note");
        assert_eq!(note, one.stdout);
    }
    assert_eq!(format("auto", "written            3"), read);
    let said = batch(
        folder.path(),
        &["in", "--out", "no", "--input-format", "page"],
        2,
    );
    assert!(said.contains("--input-format"), "{said}");
    // Parts that were read in different ways do not go together.
    for (index, format) in ["md", "text"].iter().enumerate() {
        let (out, shard) = (format!("part{index}"), format!("{index}/2"));
        let args = ["in", "--out", &out, "--shard", &shard];
        let more = ["--input-format", format];
        batch(folder.path(), &[&args[..], &more].concat(), 0);
    }
    let merged = run(
        folder.path(),
        &["merge", "part0", "part1", "--out", "merged"],
    );
    assert_eq!(merged.status.code(), Some(65));
}

#[test]
fn a_note_that_is_gone_or_cut_is_written_again_and_an_edited_one_is_kept() {
    let folder = articles(3);
    let out = folder.path().join("out");
    batch(folder.path(), &["in", "--out", "out", "--formats", "md"], 0);
    let whole = tree(&out);
    let [gone, cut, edited] = ["000.txt", "001.txt", "002.txt"].map(|id| notes(&out, id).remove(0));
    fs::remove_file(gone).expect("removed");
    let bytes = fs::read(&cut).expect("read");
    fs::write(&cut, &bytes[..bytes.len() / 2]).expect("written");
    fs::write(&edited, "# 고친 노트\n").expect("written");
    let said = batch(folder.path(), &["in", "--out", "out", "--formats", "md"], 0);
    assert!(
        said.contains("1 notes have been edited and were left so"),
        "{said}"
    );
    assert!(said.contains("written            2"), "{said}");
    assert_eq!(fs::read_to_string(&edited).expect("read"), "# 고친 노트\n");
    batch(
        folder.path(),
        &["in", "--out", "out", "--formats", "md", "--force"],
        0,
    );
    assert_same(&tree(&out), &whole);
}

#[test]
fn order_threads_and_layout_of_the_inputs_change_no_byte() {
    let folder = articles(8);
    put(folder.path(), "in/deep/a/b.txt", article(50));
    put(folder.path(), "in/deep/twin.txt", article(3));
    batch(
        folder.path(),
        &["--recursive", "in", "--out", "one", "--threads", "1"],
        0,
    );
    batch(
        folder.path(),
        &["--recursive", "in", "--out", "two", "--threads", "2"],
        0,
    );
    let whole = tree(&folder.path().join("one"));
    assert_same(&whole, &tree(&folder.path().join("two")));
    assert_eq!(counts(&folder.path().join("one")), [10, 9, 1, 0]);

    let shuffled = "in/deep/twin.txt\nin/007.txt\nin/deep/a/b.txt\nin/003.txt\r\n\nin/000.txt\nin/001.txt\nin/006.txt\nin/002.txt\nin/005.txt\nin/004.txt\nin/004.txt\n";
    put(folder.path(), "list", shuffled);
    batch(
        folder.path(),
        &["--files-from", "list", "--base", "in", "--out", "three"],
        0,
    );
    assert_same(&whole, &tree(&folder.path().join("three")));
    batch(folder.path(), &["in/**/*.txt", "--out", "four"], 0);
    assert_same(&whole, &tree(&folder.path().join("four")));
    batch(folder.path(), &["-r", "in", "--out", "flat", "--flat"], 0);
    let flat = tree(&folder.path().join("flat"));
    assert_eq!(flat.len(), whole.len());
    assert!(flat.keys().all(|name| name.components().count() == 1));
}

#[test]
fn shards_together_are_the_whole() {
    let folder = articles(12);
    put(folder.path(), "in/twin.txt", article(3));
    batch(folder.path(), &["in", "--out", "whole"], 0);
    let mut whole = tree(&folder.path().join("whole"));
    whole.retain(|name, _| is_note(name));
    let mut parts = BTreeMap::new();
    let mut inputs = 0;
    for index in 0..4 {
        let out = format!("part{index}");
        let args = ["batch", "in", "--out", &out, "--shard", "auto/4"];
        let ran = sukje(&args)
            .current_dir(folder.path())
            .env("JOB_COMPLETION_INDEX", index.to_string())
            .status();
        assert!(ran.expect("it ends").success());
        inputs += counts(&folder.path().join(&out))[0];
        parts.append(&mut tree(&folder.path().join(&out)));
    }
    parts.retain(|name, _| is_note(name));
    assert_same(&parts, &whole);
    assert_eq!(inputs, 13);
    for shard in ["4/4", "0/0", "-1/4", "x/4", "1", "auto/4"] {
        let said = batch(folder.path(), &["in", "--out", "no", "--shard", shard], 2);
        assert!(said.contains("--shard"), "{said}");
    }
    assert!(!folder.path().join("no").exists());
}

#[test]
fn bad_inputs_are_counted_and_the_others_done() {
    let folder = articles(5);
    put(folder.path(), "in/bad.txt", "%PDF-1.7 and so on");
    let said = batch(folder.path(), &["in", "in/gone.txt", "--out", "out"], 1);
    assert!(
        said.starts_with(
            "error: in/bad.txt: looks like a PDF file, not text\nerror: in/gone.txt: no such file\n"
        ),
        "{said}"
    );
    assert_eq!(counts(&folder.path().join("out")), [7, 5, 0, 2]);
    // An input that turns up is done.
    put(folder.path(), "in/gone.txt", article(70));
    batch(folder.path(), &["in", "in/gone.txt", "--out", "out"], 1);
    assert_eq!(counts(&folder.path().join("out")), [7, 6, 0, 1]);

    for n in 0..40 {
        put(folder.path(), &format!("none/{n:02}.txt"), " \n");
    }
    let said = batch(folder.path(), &["none", "--out", "none-out"], 1);
    assert_eq!(said.matches("error: none/").count(), 20, "{said}");
    assert!(
        said.contains("\nand 20 more, all of them in summary.json\n"),
        "{said}"
    );
    assert_eq!(counts(&folder.path().join("none-out")), [40, 0, 0, 40]);

    let said = batch(folder.path(), &["in", "--out", "fast", "--fail-fast"], 1);
    assert!(said.contains("stopped at a failure"), "{said}");
    assert!(!folder.path().join("fast/summary.json").exists());
    batch(
        folder.path(),
        &["in", "--out", "some", "--max-failures", "2"],
        1,
    );
    assert_eq!(counts(&folder.path().join("some")), [7, 6, 0, 1]);
}

#[test]
fn nothing_to_do_is_an_error() {
    let folder = articles(1);
    fs::create_dir(folder.path().join("empty")).expect("made");
    assert_eq!(
        batch(folder.path(), &["empty", "--out", "out"], 66),
        "error: empty: holds no article\n"
    );
    assert_eq!(
        batch(folder.path(), &["gone", "--out", "out"], 66),
        "error: gone: no such file\n"
    );
    let said = batch(folder.path(), &["in/*.md", "--out", "out"], 66);
    assert_eq!(said, "error: in/*.md: no such file\n");
    assert!(
        batch(folder.path(), &["in/[", "--out", "out"], 2)
            .starts_with("error: in/[: not a pattern: ")
    );
    let said = batch(folder.path(), &["in/000.txt", "--out", "in"], 2);
    assert_eq!(
        said,
        "error: in: every input lies in it; give the notes a folder of their own\n"
    );
    batch(folder.path(), &["--out", "out"], 2);
    batch(folder.path(), &["in", "--out", "out", "-0"], 2);
    assert!(!folder.path().join("out").exists());
}

/// Texts of which cleaning leaves no sentence.
const NO_ARTICLES: [&str; 2] = [
    "ⓒ 나루일보, 무단 전재 및 재배포 금지\n김나루 기자 naru@example.com\n댓글 0\n",
    "Subscribe to our newsletter\nShare this article\nAll rights reserved.\n",
];

#[test]
fn an_input_without_a_sentence_of_its_own_fails_alone() {
    let folder = articles(2);
    for (text, name) in NO_ARTICLES.iter().zip(["ko.txt", "en.txt"]) {
        put(folder.path(), &format!("in/{name}"), text);
        // As a command of one article says it.
        let path = format!("in/{name}");
        for command in ["clean", "summarize"] {
            let one = run(folder.path(), &[command, &path]);
            let said = String::from_utf8_lossy(&one.stderr);
            assert_eq!(said, format!("error: {path}: no article found\n"));
            assert_eq!(one.status.code(), Some(65));
        }
    }
    let lines =
        NO_ARTICLES.map(|text| serde_json::json!({"id": &text[..3], "text": format!("{text}\n")}));
    put(
        folder.path(),
        "in/x.jsonl",
        lines.map(|line| line.to_string()).join("\n"),
    );
    let told = "error: in/x.jsonl, line 2: no article found\nerror: in/en.txt: no article found\n\
        error: in/ko.txt: no article found\nerror: in/x.jsonl, line 1: no article found\n";
    let out = folder.path().join("out");
    // Known the second time, tried again the third.
    for more in [&[][..], &[], &["--retry-failed"]] {
        let said = batch(folder.path(), &[&["in", "--out", "out"], more].concat(), 1);
        assert!(said.starts_with(told), "{said}");
        assert_eq!(counts(&out), [6, 2, 0, 4]);
        let briefs = fs::read_to_string(out.join("briefs.jsonl")).expect("read");
        assert_eq!(briefs.lines().count(), 2);
    }
    let summary = summary(&out);
    let failed = summary["items"].as_array().expect("items").iter();
    let failed: Vec<&Value> = failed.filter(|item| item["status"] == "failed").collect();
    for item in &failed {
        let error = serde_json::json!({"code": "unusable", "message": "no article found"});
        assert_eq!(item["error"], error);
    }
    assert_eq!(failed.len(), 4);
}

#[test]
fn json_lines_are_articles_and_broken_ones_are_told_by_their_lines() {
    let folder = articles(1);
    let line = |id: &str, n| serde_json::json!({"id": id, "text": article(n)}).to_string();
    let lines = [
        &line("b/1", 5),
        "{\"id\":",
        &line("가나", 6),
        "",
        "{\"id\":\"p\",\"html\":\"<form><input type=password>Sign in</form>\"}",
    ];
    put(folder.path(), "in/x.jsonl", lines.join("\n"));
    let said = batch(folder.path(), &["in", "--out", "out"], 1);
    assert!(
        said.contains("error: in/x.jsonl, line 2: no JSON of an article: column"),
        "{said}"
    );
    assert!(
        said.contains("error: in/x.jsonl, line 5: no article found"),
        "{said}"
    );
    let out = folder.path().join("out");
    assert_eq!(counts(&out), [5, 3, 0, 2]);
    let note: Value =
        serde_json::from_slice(&fs::read(&notes(&out, "b/1")[0]).expect("a note")).expect("JSON");
    assert_eq!(note["source"]["name"], "b/1");
    assert_eq!(note["title"]["text"], "A bridge for ward 5");
    // All is kept when the lines are packed, too.
    let packed = ruzstd::encoding::compress_to_vec(
        lines.join("\n").as_bytes(),
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    fs::remove_file(folder.path().join("in/x.jsonl")).expect("removed");
    put(folder.path(), "in/x.jsonl.zst", packed);
    let said = batch(folder.path(), &["in", "--out", "out"], 1);
    assert!(said.contains("kept               3"), "{said}");

    put(folder.path(), "in/y.jsonl", line("가나", 7));
    let said = batch(folder.path(), &["in", "--out", "out"], 1);
    let told = "in/y.jsonl, line 1: its id \"가나\" stands already at in/x.jsonl.zst, line 3";
    assert!(said.contains(told), "{said}");
    assert!(said.contains("kept               3"), "{said}");
}

#[cfg(unix)]
#[test]
fn names_of_any_kind_give_notes_of_their_own() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = articles(0);
    let long = format!("{}.txt", "강".repeat(83));
    let names: [&[u8]; 12] = [
        b"caf\xe9.txt",
        b"caf\xe8.txt",
        "caf\u{e9}.txt".as_bytes(),
        "cafe\u{301}.txt".as_bytes(),
        b"a\nb.txt",
        b"\x1b[31m.txt",
        b"A.txt",
        b"a.txt",
        b"con.txt",
        b"-rf",
        long.as_bytes(),
        b"..x;$(y)",
    ];
    for (n, name) in names.iter().enumerate().take(11) {
        fs::write(
            folder.path().join("in").join(OsStr::from_bytes(name)),
            article(n),
        )
        .expect("written");
    }
    // A name that begins with a dot is hidden.
    fs::write(
        folder.path().join("in").join(OsStr::from_bytes(names[11])),
        article(11),
    )
    .expect("written");
    batch(
        folder.path(),
        &["in", "--out", "out", "--formats", "json"],
        0,
    );
    let tree = tree(&folder.path().join("out"));
    assert_eq!(counts(&folder.path().join("out")), [11, 11, 0, 0]);
    let mut low: Vec<String> = tree
        .keys()
        .map(|name| name.to_str().expect("UTF-8").to_lowercase())
        .collect();
    low.dedup();
    assert_eq!(low.len(), 11 + TOGETHER.len());
    assert!(
        low.iter()
            .all(|name| name.len() < 120 && !name.contains(|c: char| c.is_control() || c == ' '))
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_only_when_asked_and_never_in_a_circle() {
    use std::os::unix::fs::symlink;
    let folder = articles(2);
    put(folder.path(), "other/z.txt", article(60));
    symlink("../other", folder.path().join("in/link")).expect("linked");
    symlink("..", folder.path().join("in/up")).expect("linked");
    symlink("nowhere", folder.path().join("in/dead")).expect("linked");
    let said = batch(folder.path(), &["-r", "in", "--out", "out"], 0);
    assert!(said.contains("inputs             2"), "{said}");
    assert_eq!(summary(&folder.path().join("out"))["links_not_followed"], 3);
    let said = batch(folder.path(), &["-r", "--follow", "in", "--out", "out"], 1);
    assert!(said.contains("error: in/dead: no such file\n"), "{said}");
    assert!(
        said.contains("in/up/in: could not be opened: the link leads back")
            || said.contains("in/up: could not be opened: the link leads back"),
        "{said}"
    );
}

#[test]
fn what_was_written_is_never_read() {
    let folder = articles(2);
    let args = ["-r", "in", "--out", "in/notes", "--formats", "text,json"];
    batch(folder.path(), &args, 0);
    let first = tree(&folder.path().join("in"));
    batch(folder.path(), &args, 0);
    assert_same(&tree(&folder.path().join("in")), &first);
    batch(
        folder.path(),
        &["in/**/*", "--out", "in/notes", "--formats", "text,json"],
        0,
    );
    assert_eq!(counts(&folder.path().join("in/notes")), [2, 2, 0, 0]);
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = articles(3);
    put(folder.path(), "in/twin.txt", article(0));
    let output = run(folder.path(), &["batch", "in", "--out", "out", "--dry-run"]);
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(0));
    assert!(said.starts_with("inputs             4\nto write           3\nkept               0\nduplicates         1\nfailed             0\nabout "), "{said}");
    assert!(!folder.path().join("out").exists());
    batch(folder.path(), &["in", "--out", "out"], 0);
    let output = run(folder.path(), &["batch", "in", "--out", "out", "--dry-run"]);
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        said.contains("to write           0\nkept               3\n") && !said.contains("about"),
        "{said}"
    );
}

#[test]
fn an_output_folder_that_cannot_be_written_is_74() {
    let folder = articles(2);
    put(folder.path(), "file", "x");
    assert!(
        batch(folder.path(), &["in", "--out", "file"], 74)
            .starts_with("error: file: could not be written: ")
    );
    put(folder.path(), "taken/.sukje", "x");
    assert!(
        batch(folder.path(), &["in", "--out", "taken"], 74)
            .starts_with("error: taken/.sukje: could not be ")
    );
    batch(folder.path(), &["in", "--out", "out"], 0);
    let note = notes(&folder.path().join("out"), "001.txt").remove(0);
    fs::remove_file(&note).expect("removed");
    fs::create_dir(&note).expect("made");
    let said = batch(folder.path(), &["in", "--out", "out"], 74);
    assert!(
        said.starts_with("error: out/001-") && said.contains("could not be written: "),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn a_limit_on_files_is_an_error_and_no_death() {
    let folder = articles(3);
    let text = article(1).repeat(200);
    put(folder.path(), "in/long.txt", text);
    let program = env!("CARGO_BIN_EXE_sukje");
    let script = format!("ulimit -f 8; exec {program} batch in --out out --engine extractive");
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .output()
        .expect("a shell");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(74), "{said}");
    assert!(
        said.starts_with("error: out/") && said.lines().count() == 1,
        "{said}"
    );
    batch(folder.path(), &["in", "--out", "out"], 0);
    batch(folder.path(), &["in", "--out", "fresh"], 0);
    assert_same(
        &tree(&folder.path().join("out")),
        &tree(&folder.path().join("fresh")),
    );
}

#[test]
fn two_runs_do_not_share_a_folder_and_a_dead_one_blocks_nobody() {
    let folder = articles(2);
    batch(folder.path(), &["in", "--out", "out"], 0);
    let lock = folder.path().join("out/.sukje/lock");
    let holder = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(&lock)
        .expect("opened");
    holder.try_lock().expect("nobody holds it");
    fs::write(&lock, "4711\n").expect("written");
    let said = batch(folder.path(), &["in", "--out", "out"], 75);
    assert_eq!(
        said,
        "error: out: another run is writing to it (process 4711)\n"
    );
    drop(holder);
    batch(folder.path(), &["in", "--out", "out"], 0);
}

#[test]
fn a_newer_journal_is_refused_and_a_lost_one_costs_only_time() {
    let folder = articles(2);
    batch(folder.path(), &["in", "--out", "out"], 0);
    let whole = tree(&folder.path().join("out"));
    let journal = folder.path().join("out/.sukje/journal");
    fs::remove_file(&journal).expect("removed");
    let said = batch(folder.path(), &["in", "--out", "out"], 0);
    assert!(said.contains("written            2"), "{said}");
    assert_same(&tree(&folder.path().join("out")), &whole);
    fs::write(&journal, NEWER).expect("written");
    let said = batch(folder.path(), &["in", "--out", "out"], 65);
    assert_eq!(
        said,
        "error: out/.sukje/journal: written by a newer sukje (journal 2; this one knows 1)\n"
    );
}

/// The first line of a journal of version 2: length, checksum, JSON.
const NEWER: &str = "0000000d 1192d68f2b9c033f {\"journal\":2}\n";

/// Starts a batch and waits until it has written some notes.
fn started(folder: &Path, out: &str, some: usize) -> Child {
    let child = sukje(&[
        "batch",
        "in",
        "--out",
        out,
        "--formats",
        "json",
        "--threads",
        "2",
    ])
    .current_dir(folder)
    .spawn()
    .expect("the program starts");
    let out = folder.join(out);
    let began = Instant::now();
    while !out.is_dir() || tree(&out).len() < some {
        assert!(began.elapsed() < Duration::from_secs(60), "no notes come");
        std::thread::sleep(Duration::from_millis(1));
    }
    child
}

/// Every note that has its name is whole.
fn assert_whole(out: &Path, expected: &BTreeMap<PathBuf, Vec<u8>>) {
    for (name, bytes) in tree(out) {
        let temporary = name.to_string_lossy().contains(".sukje-");
        assert!(temporary || expected[&name] == bytes, "{name:?}");
    }
}

/// Enough to be interrupted in the middle of.
const MANY: usize = 150;

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_goes_on_where_it_was() {
    let folder = articles(MANY);
    batch(
        folder.path(),
        &["in", "--out", "whole", "--formats", "json"],
        0,
    );
    let whole = tree(&folder.path().join("whole"));
    for some in [1, 20, 64, 90, 128] {
        let out = format!("out{some}");
        let mut child = started(folder.path(), &out, some);
        child.kill().expect("killed");
        child.wait().expect("it ends");
        let out_path = folder.path().join(&out);
        assert_whole(&out_path, &whole);
        batch(
            folder.path(),
            &["in", "--out", &out, "--formats", "json"],
            0,
        );
        assert_same(&tree(&out_path), &whole);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_stops_soon_and_what_is_done_is_kept() {
    let folder = articles(MANY);
    batch(
        folder.path(),
        &["in", "--out", "whole", "--formats", "json"],
        0,
    );
    let whole = tree(&folder.path().join("whole"));
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let child = started(folder.path(), signal, 20);
        let kill = format!("kill -{signal} {}", child.id());
        let killed = Command::new("sh").args(["-c", &kill]).status();
        assert!(killed.expect("a shell").success());
        let began = Instant::now();
        let output = child.wait_with_output().expect("it ends");
        assert!(began.elapsed() < Duration::from_secs(2));
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(
            said.contains("interrupted; the same command goes on from here"),
            "{said}"
        );
        let out = folder.path().join(signal);
        let stopped = tree(&out);
        assert!(stopped.len() < whole.len());
        // Nothing is left under a temporary name.
        assert!(stopped.iter().all(|(name, bytes)| whole[name] == *bytes));
        let said = batch(
            folder.path(),
            &["in", "--out", signal, "--formats", "json"],
            0,
        );
        assert!(
            said.contains(&format!("{:<11} {:>8}\n", "kept", stopped.len())),
            "{said}"
        );
        assert_same(&tree(&out), &whole);
    }
}

#[test]
fn patterns_of_the_current_folder_and_files_that_hold_no_article() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in [
        "a.txt",
        "b.txt",
        "c.md",
        "main.rs",
        "in/d.txt",
        "in/logo.png",
        "in/build.py",
    ] {
        let text = format!("강나루 부두 {name}이 내년에 닫힌다고 군청이 밝혔다.\n");
        put(folder.path(), name, text);
    }
    for (given, done) in [
        (&["*.txt"][..], 2),
        (&["{a,c}.*"], 2),
        (&["main.rs", "a.txt"], 2),
        (&["in"], 1),
    ] {
        let out = folder.path().join("out");
        batch(folder.path(), &[given, &["--out", "out"]].concat(), 0);
        assert_eq!(summary(&out)["done"], done, "{given:?}");
        fs::remove_dir_all(&out).expect("removed");
    }
    batch(folder.path(), &["in", "--out", "out"], 0);
    assert_eq!(summary(&folder.path().join("out"))["left_out"], 2);
}

#[test]
fn the_overview_leads_to_pages_and_their_sentences() {
    let folder = articles(0);
    let articles = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/overview/en");
    batch(folder.path(), &[articles, "--out", "out"], 0);
    let read = |name: &str| {
        fs::read_to_string(folder.path().join("out").join(name)).expect("a written file")
    };
    let index = read("index.html");
    let mut sentences = 0;
    for link in index.split(" href=\"").skip(1) {
        let link = link.split('"').next().expect("it ends");
        let (note, anchor) = link.split_once('#').unwrap_or((link, ""));
        if note.is_empty() || note.ends_with(".md") || note.ends_with(".csv") {
            continue;
        }
        assert!(note.ends_with(".html"), "{link}");
        let page = read(note);
        assert!(page.starts_with("<!doctype html>"));
        if !anchor.is_empty() {
            assert!(page.contains(&format!("id=\"{anchor}\"")), "{link}");
            sentences += 1;
        }
    }
    assert!(sentences > 0);
}
