//! Merging from outside: parts together are the whole to the byte, and parts that do not go together are refused.

#[path = "common/tree.rs"]
mod tree;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use tree::{assert_same, tree};

fn sukje(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sukje"));
    command
        .args(args)
        .current_dir(folder)
        // A model on the computer the tests run on would write the notes.
        .env("HF_HUB_CACHE", "/no/such/folder")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs and gives standard error, after checking the exit code.
fn run(folder: &Path, args: &[&str], code: i32) -> String {
    let output = sukje(folder, args).output().expect("the program starts");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    said
}

fn article(n: usize) -> String {
    match n % 2 {
        0 => format!(
            "버들시 {n}구역 난방망\n\n버들시는 {n}구역에 난방망을 놓기로 했다. 관로에는 {n}억원이 든다. 전력이 모자라 공사가 늦어질 수 있다. \
             기술자를 구하지 못한 업체도 있다. 그래서 규제를 먼저 풀어야 한다.\n"
        ),
        _ => format!(
            "Heat for ward {n}\n\nThe town will lay heat pipes in ward {n}. They cost {n} million. \
             There is too little power for the works. Neighbours fear the noise. So the rules must change first.\n"
        ),
    }
}

/// Thirty articles in folders and in a file of lines, two twins, and three bad ones.
fn articles() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, bytes: String| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, bytes).expect("written");
    };
    for n in 0..20 {
        put(&format!("in/{}/{n:02}.txt", n % 3), article(n));
    }
    put("in/twin.txt", article(3));
    put("in/0/twin.txt", article(4));
    put("in/bad.txt", "%PDF-1.7 and so on".into());
    put("in/empty.txt", " \n".into());
    let lines =
        (20..30).map(|n| json!({"id": format!("선/{n}"), "text": article(n)}).to_string() + "\n");
    put("in/x.jsonl", lines.collect::<String>() + "{\"id\":\n");
    folder
}

const MORE: [&str; 3] = ["-r", "--formats", "json,md"];

fn batch(folder: &Path, out: &str, more: &[&str], code: i32) -> String {
    run(
        folder,
        &[&["batch", "in", "--out", out], &MORE[..], more].concat(),
        code,
    )
}

/// Four shards, `part0` to `part3`.
fn shards(folder: &Path) {
    for index in 0..4 {
        let shard = format!("{index}/4");
        let ran = sukje(
            folder,
            &[
                &[
                    "batch",
                    "in",
                    "--out",
                    &format!("part{index}"),
                    "--shard",
                    &shard,
                ],
                &MORE[..],
            ]
            .concat(),
        );
        let code = { ran }.output().expect("it ends").status.code();
        assert!(matches!(code, Some(0 | 1)), "{code:?}");
    }
}

fn merge(folder: &Path, parts: &[&str], out: &str, code: i32) -> String {
    run(folder, &[&["merge"], parts, &["--out", out]].concat(), code)
}

const PARTS: [&str; 4] = ["part2", "part0", "part3", "part1"];

#[test]
fn four_shards_merged_are_one_run_to_the_byte() {
    let folder = articles();
    batch(folder.path(), "whole", &["--threads", "2"], 1);
    shards(folder.path());
    let said = merge(folder.path(), &PARTS, "out", 1);
    assert!(
        said.contains("error: bad.txt: looks like a PDF file, not text\n"),
        "{said}"
    );
    assert!(
        said.contains("inputs            35\nwritten           30 "),
        "{said}"
    );
    assert!(
        said.contains("duplicates         2\nfailed             3\n"),
        "{said}"
    );
    let whole = tree(&folder.path().join("whole"));
    assert!(whole.contains_key(Path::new("briefs.jsonl")));
    assert_same(&tree(&folder.path().join("out")), &whole);

    // Again, nothing is left to do; nor has a batch of the same inputs anything to do there.
    let said = merge(folder.path(), &PARTS, "out", 1);
    assert!(
        said.contains("written            0 ") && said.contains("kept              30\n"),
        "{said}"
    );
    assert_same(&tree(&folder.path().join("out")), &whole);
    let said = batch(folder.path(), "out", &[], 1);
    assert!(
        said.contains("written            0 ") && said.contains("kept              30\n"),
        "{said}"
    );
    assert_same(&tree(&folder.path().join("out")), &whole);
    // A whole is a part, too, and a part given twice counts once.
    merge(folder.path(), &["out", "whole"], "again", 1);
    assert_same(&tree(&folder.path().join("again")), &whole);
}

#[test]
fn what_is_lost_is_copied_again_and_what_was_edited_is_kept() {
    let folder = articles();
    shards(folder.path());
    merge(folder.path(), &PARTS, "out", 1);
    let out = folder.path().join("out");
    let whole = tree(&out);
    let mut notes = whole.keys().filter(|name| {
        name.extension().is_some_and(|e| e == "md") && *name != Path::new("briefing.md")
    });
    let mut next = || out.join(notes.next_back().expect("a note"));
    let (gone, cut, edited) = (next(), next(), next());
    fs::remove_file(gone).expect("removed");
    let bytes = fs::read(&cut).expect("read");
    fs::write(&cut, &bytes[..bytes.len() / 2]).expect("written");
    let kept = fs::read(&edited).expect("read");
    fs::write(&edited, "# 고친 노트\n").expect("written");
    let said = merge(folder.path(), &PARTS, "out", 1);
    assert!(
        said.contains("1 notes have been edited and were left so"),
        "{said}"
    );
    assert!(said.contains("written            2 "), "{said}");
    assert_eq!(fs::read_to_string(&edited).expect("read"), "# 고친 노트\n");
    fs::write(&edited, kept).expect("written");
    assert_same(&tree(&out), &whole);
}

#[test]
fn folders_of_several_batches_go_together() {
    let folder = articles();
    fs::create_dir(folder.path().join("more")).expect("made");
    fs::write(folder.path().join("more/z.txt"), article(77)).expect("written");
    batch(folder.path(), "one", &[], 1);
    run(
        folder.path(),
        &[&["batch", "more", "--out", "two"], &MORE[..]].concat(),
        0,
    );
    let said = merge(folder.path(), &["one", "two"], "out", 1);
    assert!(said.contains("inputs            36\n"), "{said}");
    merge(folder.path(), &["out", "one"], "again", 1);
    assert_same(
        &tree(&folder.path().join("again")),
        &tree(&folder.path().join("out")),
    );
}

#[test]
fn parts_that_do_not_go_together_are_refused_and_nothing_is_written() {
    let folder = articles();
    let at = folder.path();
    shards(at);
    let refused = |parts: &[&str], code, expected: &str| {
        let said = merge(at, parts, "out", code);
        assert!(said.starts_with(expected), "{said}");
        assert!(!at.join("out").exists());
    };
    refused(
        &["part0", "part1", "part3"],
        65,
        "error: part0: is part of 4, of which 2/4 is missing\n",
    );
    refused(
        &["part3"],
        65,
        "error: part3: is part of 4, of which 0/4 and 2 more are missing\n",
    );
    refused(&["gone", "part0"], 66, "error: gone: could not be read: ");
    refused(
        &["in"],
        65,
        "error: in: holds no finished batch of this version of sukje\nhint: ",
    );
    for (out, options, how) in [
        (
            "lang",
            &["--output-lang", "en"][..],
            "made with other options (language, lens, encoding, model) as part0",
        ),
        (
            "lens",
            &["--lens", "business"],
            "made with other options (language, lens, encoding, model) as part0",
        ),
        (
            "form",
            &["--formats", "md"],
            "its notes are md, and not json,md as part0",
        ),
        (
            "flat",
            &["--flat"],
            "its notes lie in one folder, and not in mirrored folders as part0",
        ),
    ] {
        let formats = if out == "form" { &[][..] } else { &MORE[1..] };
        run(
            at,
            &[&["batch", "in", "-r", "--out", out], formats, options].concat(),
            1,
        );
        refused(&["part0", out], 65, &format!("error: {out}: {how}\n"));
    }
    // Inputs that changed between two shards.
    fs::write(at.join("in/new.txt"), article(90)).expect("written");
    run(
        at,
        &[
            &["batch", "in", "--out", "part3", "--shard", "3/4"],
            &MORE[..],
        ]
        .concat(),
        shard_code(at),
    );
    refused(
        &PARTS,
        65,
        "error: part2: is part of 4, of which 3/4 is missing; folders of other inputs",
    );
    // Two articles of one id.
    fs::create_dir(at.join("other")).expect("made");
    fs::write(at.join("other/twin.txt"), article(55)).expect("written");
    batch(at, "one", &[], 1);
    run(
        at,
        &[&["batch", "other", "--out", "two"], &MORE[..]].concat(),
        0,
    );
    refused(
        &["one", "two"],
        65,
        "error: two: its \"twin.txt\" is another than that of one\n",
    );
    // The whole is none of the parts.
    let said = merge(at, &["one"], "one", 2);
    assert_eq!(
        said,
        "error: one: is one of the parts; give the whole a folder of its own\n"
    );
}

/// How a run of the last shard ends, which may have no bad input.
fn shard_code(folder: &Path) -> i32 {
    let summary = fs::read(folder.join("part3/summary.json")).expect("read");
    let summary: Value = serde_json::from_slice(&summary).expect("JSON");
    i32::from(summary["failed"] != 0)
}

#[test]
fn a_part_that_is_damaged_or_under_way_is_refused() {
    let folder = articles();
    let at = folder.path();
    batch(at, "one", &[], 1);
    let whole = tree(&at.join("one"));
    let note = whole
        .keys()
        .find(|name| name.extension().is_some_and(|e| e == "md"));
    let note = at.join("one").join(note.expect("a note"));
    let bytes = fs::read(&note).expect("read");
    fs::write(&note, "edited").expect("written");
    let said = merge(at, &["one"], "out", 65);
    assert!(
        said.ends_with(": is not what was written there\n"),
        "{said}"
    );
    fs::write(&note, bytes).expect("written");

    let summary = at.join("one/summary.json");
    let text = fs::read_to_string(&summary).expect("read");
    for broken in [
        &text[..text.len() / 2],
        &text.replace("sukje.summary/1", "sukje.summary/9"),
    ] {
        fs::write(&summary, broken).expect("written");
        let said = merge(at, &["one"], "out2", 65);
        assert!(
            said.starts_with("error: one: its summary.json is not what was written\n"),
            "{said}"
        );
    }
    // A summary or a journal that leads out of the folder.
    let outside = text.replacen("\"0/", "\"../0/", 4);
    assert_ne!(outside, text);
    fs::write(&summary, outside).expect("written");
    merge(at, &["one"], "out3", 65);
    fs::write(&summary, &text).expect("written");
    // A run that was stopped has no end.
    batch(at, "one", &["--fail-fast"], 1);
    let said = merge(at, &["one"], "out4", 65);
    assert!(
        said.starts_with("error: one: holds no finished batch"),
        "{said}"
    );
    batch(at, "one", &[], 1);
    merge(at, &["one"], "out5", 1);
    assert_same(&tree(&at.join("out5")), &whole);
}

#[cfg(unix)]
#[test]
fn a_merge_that_is_killed_goes_on_where_it_was() {
    let folder = articles();
    let at = folder.path();
    let lines =
        (0..400).map(|n| json!({"id": format!("선{n}"), "text": article(n)}).to_string() + "\n");
    fs::write(at.join("in/y.jsonl"), lines.collect::<String>()).expect("written");
    shards(at);
    merge(at, &PARTS, "whole", 1);
    let whole = tree(&at.join("whole"));
    for some in [1, 100, 300, 600] {
        let out = format!("out{some}");
        let args = [&["merge"], &PARTS[..], &["--sync", "each", "--out", &out]].concat();
        let mut child = sukje(at, &args).spawn().expect("the program starts");
        let began = Instant::now();
        while !at.join(&out).is_dir() || tree(&at.join(&out)).len() < some {
            assert!(began.elapsed() < Duration::from_secs(60), "no notes come");
        }
        child.kill().expect("killed");
        child.wait().expect("it ends");
        for (name, bytes) in tree(&at.join(&out)) {
            let temporary = name.to_string_lossy().contains(".sukje-");
            assert!(temporary || whole[&name] == bytes, "{name:?}");
        }
        merge(at, &PARTS, &out, 1);
        assert_same(&tree(&at.join(&out)), &whole);
    }
    let holder = fs::OpenOptions::new()
        .write(true)
        .open(at.join("whole/.sukje/lock"));
    holder
        .as_ref()
        .expect("opened")
        .try_lock()
        .expect("nobody holds it");
    let said = merge(at, &PARTS, "whole", 75);
    assert!(
        said.starts_with("error: whole: another run is writing to it"),
        "{said}"
    );
}
