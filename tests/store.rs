//! Batches on object stores: fetched, run here and put back, whatever the store does meanwhile.
#![cfg(feature = "remote")]

#[path = "common/bridges.rs"]
mod bridges;
#[path = "common/bucket.rs"]
mod bucket;
#[path = "common/tree.rs"]
mod tree;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Name;
use object_store::{ObjectStore, ObjectStoreExt};
use sukje::batch::{Lost, Stage, StoreError, Tree};
use tempfile::TempDir;

use bridges::article;
use bucket::{Bucket, Fault};
use tree::{assert_same, tree};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Articles by name, in folders and with names that need care.
fn articles(count: usize) -> BTreeMap<String, String> {
    let name = |n: usize| match n % 5 {
        0 => format!("강변/{n:03} 소식.txt"),
        1 => format!("a+b/c=d/{n:03}%41.txt"),
        _ => format!("{n:03}.txt"),
    };
    (0..count).map(|n| (name(n), article(n))).collect()
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, bytes).expect("written");
}

fn write_all(folder: &Path, files: &BTreeMap<String, String>) {
    for (name, bytes) in files {
        write(folder, name, bytes);
    }
}

/// What the library does is done at once here.
fn now<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(work)
}

/// A store in memory, and a tree of it.
fn memory(prefix: &str) -> (Arc<InMemory>, Tree) {
    let store = Arc::new(InMemory::new());
    let tree = tree_in(&store, prefix);
    (store, tree)
}

fn tree_in(store: &Arc<InMemory>, prefix: &str) -> Tree {
    let root = Name::parse(prefix).expect("a name");
    Tree::of(&format!("memory:///{prefix}"), store.clone(), root)
}

fn put(store: &InMemory, name: &str, bytes: impl AsRef<[u8]>) {
    let name = Name::parse(name).expect("a name");
    now(store.put(&name, bytes.as_ref().to_vec().into())).expect("put");
}

fn objects(store: &InMemory) -> BTreeMap<PathBuf, Vec<u8>> {
    now(async {
        let listed: Vec<_> = store.list(None).try_collect().await.expect("a list");
        let mut objects = BTreeMap::new();
        for object in listed {
            let got = store.get(&object.location).await.expect("an object");
            let bytes = got.bytes().await.expect("its bytes").to_vec();
            objects.insert(PathBuf::from(object.location.as_ref()), bytes);
        }
        objects
    })
}

fn as_paths(files: &BTreeMap<String, String>) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = files.iter();
    files
        .map(|(name, bytes)| (name.into(), bytes.clone().into_bytes()))
        .collect()
}

#[test]
fn inputs_are_fetched_once_and_again_when_they_change() {
    let (store, inputs) = memory("news/today");
    let files = articles(12);
    for (name, bytes) in &files {
        put(&store, &format!("news/today/{name}"), bytes);
    }
    put(&store, "news/todayish.txt", "not below it");
    let work = folder();
    let mut stage = Stage::open(work.path()).expect("a stage");
    let fetched = stage.fetch(&inputs, true, None).expect("fetched");
    assert_eq!((fetched.fetched, fetched.kept), (12, 0));
    assert_eq!(fetched.path, work.path().join("in/memory/news/today"));
    assert_same(&tree(&fetched.path), &as_paths(&files));

    put(&store, "news/today/002.txt", "the same length or not");
    now(store.delete(&Name::from("news/today/003.txt"))).expect("deleted");
    // Somebody has changed what was fetched.
    write(&fetched.path, "004.txt", "edited");
    write(&fetched.path, "strange/file.txt", "strange");
    drop(stage);
    let mut stage = Stage::open(work.path()).expect("a stage");
    let fetched = stage.fetch(&inputs, true, None).expect("fetched");
    assert_eq!((fetched.fetched, fetched.kept), (2, 9));
    let mut expected = as_paths(&files);
    expected.insert("002.txt".into(), b"the same length or not".to_vec());
    expected.remove(Path::new("003.txt"));
    assert_same(&tree(&fetched.path), &expected);
}

#[test]
fn a_folder_without_its_folders_is_fetched_without_them() {
    let (store, inputs) = memory("in");
    for name in [
        "in/a.txt",
        "in/b/c.txt",
        "in/.hidden",
        "in/out/a.json",
        "in/b/.x/d.txt",
    ] {
        put(&store, name, name);
    }
    let work = folder();
    let mut stage = Stage::open(work.path()).expect("a stage");
    let names = |fetched: &Path| tree(fetched).into_keys().collect::<Vec<_>>();
    let flat = stage.fetch(&inputs, false, None).expect("fetched");
    assert_eq!(names(&flat.path), [Path::new("a.txt")]);
    let out = tree_in(&store, "in/out");
    let deep = stage.fetch(&inputs, true, Some(&out)).expect("fetched");
    assert_eq!(
        names(&deep.path),
        [Path::new("a.txt"), Path::new("b/c.txt")]
    );
    assert_eq!((deep.fetched, deep.kept), (1, 1));
}

#[test]
fn a_url_may_name_one_object_and_a_folder_may_take_its_place() {
    let (store, inputs) = memory("a/b.txt");
    put(&store, "a/b.txt", "one");
    let work = folder();
    let mut stage = Stage::open(work.path()).expect("a stage");
    let fetched = stage.fetch(&inputs, false, None).expect("fetched");
    assert_eq!(fs::read(&fetched.path).expect("a file"), b"one");
    now(store.delete(&Name::from("a/b.txt"))).expect("deleted");
    put(&store, "a/b.txt/c.txt", "two");
    let fetched = stage.fetch(&inputs, false, None).expect("fetched");
    assert_eq!(
        fs::read(fetched.path.join("c.txt")).expect("a file"),
        b"two"
    );
    now(store.delete(&Name::from("a/b.txt/c.txt"))).expect("deleted");
    put(&store, "a/b.txt", "three");
    let fetched = stage.fetch(&inputs, false, None).expect("fetched");
    assert_eq!(fs::read(&fetched.path).expect("a file"), b"three");
    now(store.delete(&Name::from("a/b.txt"))).expect("deleted");
    let error = stage.fetch(&inputs, false, None).expect_err("nothing");
    assert!(matches!(error, StoreError::Nothing { .. }), "{error}");
    assert!(error.is_absent());
}

#[test]
fn names_that_no_file_can_have_are_told_and_left() {
    let (store, inputs) = memory("in");
    let long = "x".repeat(300);
    let deep = "d/".repeat(1_100);
    for name in ["in/a.txt", "in/f", "in/f/g.txt", "in/marked/h.txt"] {
        put(&store, name, name);
    }
    put(&store, "in/marked", "");
    put(&store, &format!("in/{long}"), "long");
    put(&store, &format!("in/{deep}i.txt"), "deep");
    let work = folder();
    let mut stage = Stage::open(work.path()).expect("a stage");
    let fetched = stage.fetch(&inputs, true, None).expect("fetched");
    let names: Vec<PathBuf> = tree(&fetched.path).into_keys().collect();
    let expected = ["a.txt", "f/g.txt", "marked/h.txt"].map(PathBuf::from);
    assert_eq!(names, expected);
    let lost = |name: &str, cause| Lost {
        url: format!("memory:///in/{name}"),
        cause,
    };
    let too_long = "its name is too long for a file";
    let expected = [
        lost(&format!("{deep}i.txt"), too_long),
        lost("f", "its name is that of a folder of objects"),
        lost(&long, too_long),
    ];
    assert_eq!(fetched.lost, expected);
    // Whatever a URL says lies below the stage.
    for url in ["s3://../../x", "s3://./x"] {
        let outside = Tree::of(url, store.clone(), Name::from("in"));
        let error = stage.fetch(&outside, true, None).expect_err("outside");
        assert!(matches!(error, StoreError::Url { .. }), "{error}");
    }
    let around: Vec<PathBuf> = fs::read_dir(work.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into())
        .collect();
    assert_eq!(around.len(), 2, "{around:?}");
}

#[test]
fn an_object_too_large_to_be_an_input_is_not_fetched_and_refused_like_a_file() {
    let (store, inputs) = memory("in");
    let large = (64 << 20) + 1;
    put(&store, "in/large.txt", vec![b'x'; large]);
    put(&store, "in/large.jsonl", vec![b'x'; large]);
    let work = folder();
    let mut stage = Stage::open(work.path()).expect("a stage");
    let path = stage.fetch(&inputs, true, None).expect("fetched").path;
    let first = |name: &str| {
        let bytes = fs::read(path.join(name)).expect("a file");
        (bytes.len(), bytes[0])
    };
    assert_eq!(first("large.txt"), (large, 0));
    assert_eq!(first("large.jsonl"), (large, b'x'));
    assert_eq!(stage.fetch(&inputs, true, None).expect("fetched").kept, 2);
    let refused = sukje::input::read_bytes(&path.join("large.txt")).expect_err("too large");
    assert_eq!(refused.cause.to_string(), "larger than 64 MB (64 MB)");
}

/// What a batch leaves in its folder.
fn write_notes(out: &Path, extra: &[(&str, &str)]) {
    let state = [".sukje/journal", ".sukje/lock", ".sukje/part.json"];
    let notes = ["a-1.json", "강/b.md", "summary.json", "briefs.jsonl"];
    for name in state.iter().chain(&notes) {
        write(out, name, name);
    }
    write(out, ".sukje-c.md.tmp", "half a note");
    for (name, bytes) in extra {
        write(out, name, bytes);
    }
}

#[test]
fn notes_go_from_stage_to_stage_without_lock_and_half_notes() {
    let (store, notes) = memory("notes");
    let [one, two] = [folder(), folder()];
    let mut stage = Stage::open(one.path()).expect("a stage");
    assert_eq!(stage.fetch_output(&notes).expect("nothing").fetched, 0);
    // More than one piece.
    let large = "0123456789".repeat(2_000_000);
    write_notes(&stage.output(), &[("large.json", &large)]);
    let pushed = stage.push(&notes).expect("put");
    assert_eq!((pushed.put, pushed.kept), (7, 0));
    let there: Vec<PathBuf> = objects(&store).into_keys().collect();
    assert!(
        !there.iter().any(|name| name.ends_with("lock")),
        "{there:?}"
    );
    let pushed = stage.push(&notes).expect("put");
    assert_eq!((pushed.put, pushed.kept), (0, 7));

    let mut other = Stage::open(two.path()).expect("a stage");
    assert_eq!(other.fetch_output(&notes).expect("fetched").fetched, 7);
    let mut expected = tree(&stage.output());
    expected.remove(Path::new(".sukje-c.md.tmp"));
    assert_same(&tree(&other.output()), &expected);
    assert_eq!(other.fetch_output(&notes).expect("fetched").kept, 7);
    assert_eq!(other.push(&notes).expect("put").put, 0);

    // What the other changes comes back; what was only here stays and goes there.
    write(&other.output(), "a-1.json", "written again");
    assert_eq!(other.push(&notes).expect("put").put, 2);
    write(&stage.output(), "only-here.json", "x");
    let fetched = stage.fetch_output(&notes).expect("fetched");
    assert_eq!((fetched.fetched, fetched.kept), (2, 5));
    let back = fs::read(stage.output().join("a-1.json")).expect("a note");
    assert_eq!(back, b"written again");
    assert_eq!(stage.push(&notes).expect("put").put, 2);
    assert!(objects(&store).contains_key(Path::new("notes/only-here.json")));
}

#[test]
fn what_says_finished_goes_when_something_is_not() {
    let (store, notes) = memory("notes");
    put(&store, "notes/of-others.txt", "not ours");
    let work = folder();
    let mut stage = Stage::open(work.path()).expect("a stage");
    assert_eq!(stage.fetch_output(&notes).expect("nothing").fetched, 0);
    write_notes(&stage.output(), &[]);
    stage.push(&notes).expect("put");
    let part = Path::new("notes/.sukje/part.json");
    assert!(objects(&store).contains_key(part));
    // A run has begun and was stopped.
    fs::remove_file(stage.output().join(".sukje/part.json")).expect("removed");
    fs::remove_file(stage.output().join("briefs.jsonl")).expect("removed");
    fs::remove_file(stage.output().join("a-1.json")).expect("removed");
    stage.push(&notes).expect("put");
    let there = objects(&store);
    assert!(!there.contains_key(part));
    assert!(!there.contains_key(Path::new("notes/briefs.jsonl")));
    // A stage that somebody has emptied takes nothing away.
    for name in ["notes/a-1.json", "notes/of-others.txt"] {
        assert!(there.contains_key(Path::new(name)), "{name}");
    }
    // A store that somebody has emptied is filled.
    for name in objects(&store).into_keys() {
        let name = Name::parse(name.to_str().expect("UTF-8")).expect("a name");
        now(store.delete(&name)).expect("deleted");
    }
    stage.fetch_output(&notes).expect("nothing");
    assert_eq!(stage.push(&notes).expect("put").put, 3);
}

#[test]
fn a_stage_is_held_and_its_leavings_are_swept() {
    let work = folder();
    let stage = Stage::open(work.path()).expect("a stage");
    write(work.path(), ".sukje/.unfinished-x", "half");
    let error = Stage::open(work.path()).expect_err("held");
    assert!(error.to_string().contains("another run"), "{error}");
    drop(stage);
    // What a list that is broken has forgotten is only fetched again.
    write(work.path(), ".sukje/objects.json", "{broken");
    Stage::open(work.path()).expect("a stage");
    assert!(!work.path().join(".sukje/.unfinished-x").exists());
}

#[test]
fn a_local_store_is_one_like_the_others() {
    let [there, work] = [folder(), folder()];
    let files = articles(10);
    write_all(&there.path().join("in"), &files);
    let url = format!("file://{}/in", there.path().display());
    let root = Name::from_filesystem_path(there.path().join("in")).expect("a path");
    let inputs = Tree::of(&url, Arc::new(LocalFileSystem::new()), root);
    let mut stage = Stage::open(work.path()).expect("a stage");
    let fetched = stage.fetch(&inputs, true, None).expect("fetched");
    assert_same(&tree(&fetched.path), &as_paths(&files));
    let fetched = stage.fetch(&inputs, true, None).expect("fetched");
    assert_eq!((fetched.fetched, fetched.kept), (0, 10));
}

fn sukje(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sukje"));
    command
        .arg("batch")
        .args(args)
        // A model on the computer the tests run on would write the notes.
        .env("HF_HUB_CACHE", "/no/such/folder")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// In a folder, which is also its user's for caches; gives what it says.
fn run(folder: &Path, args: &[&str], code: i32) -> String {
    let output = sukje(args)
        .current_dir(folder)
        .env("HOME", folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .output();
    said(output.expect("it starts"), code)
}

fn said(output: Output, code: i32) -> String {
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

/// How many notes a run found there, by its table.
fn kept(said: &str) -> usize {
    let kept = said.lines().find_map(|line| line.strip_prefix("kept"));
    let kept = kept.expect("some were kept").trim();
    kept.parse().expect("a number")
}

/// A command that knows a bucket on loopback.
fn to(bucket: &Bucket, folder: &Path, args: &[&str]) -> Command {
    let mut command = sukje(args);
    command
        .current_dir(folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("AWS_ACCESS_KEY_ID", "someone")
        .env("AWS_SECRET_ACCESS_KEY", "sesame")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL", &bucket.url)
        .env("AWS_ALLOW_HTTP", "true")
        .env("AWS_TIMEOUT", "1s")
        .env("NO_PROXY", "127.0.0.1");
    command
}

fn run_to(bucket: &Bucket, folder: &Path, args: &[&str], code: i32) -> String {
    said(to(bucket, folder, args).output().expect("it starts"), code)
}

fn objects_below(bucket: &Bucket, prefix: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let objects = bucket.objects().into_iter();
    let below = objects.filter_map(|(name, bytes)| {
        let name = name.strip_prefix(prefix)?.strip_prefix('/')?;
        (!name.starts_with(".sukje/")).then(|| (name.into(), bytes))
    });
    below.collect()
}

#[test]
fn a_batch_of_urls_is_that_of_a_local_copy() {
    let folder = folder();
    let there = folder.path().join("there/news");
    write_all(&there, &articles(12));
    write(&there, "bad.txt", "%PDF-1.7 and so on");
    write(
        &there,
        "more/lines.jsonl",
        "{\"id\": \"l1\", \"text\": \"다리를 놓는다. 돈이 든다.\"}\n",
    );
    let url = |name: &str| format!("file://{}/{name}", folder.path().display());
    let (news, out) = (url("there/news"), url("there/notes"));
    run(folder.path(), &["-r", "there/news", "--out", "local"], 1);
    let said = run(folder.path(), &["-r", &news, "--out", &out], 1);
    let error = format!("error: {news}/bad.txt: looks like a PDF file, not text\n");
    assert!(said.contains(&error), "{said}");
    assert!(
        said.contains("news: 14 fetched, 0 there already\n"),
        "{said}"
    );
    let local = tree(&folder.path().join("local"));
    let notes = folder.path().join("there/notes");
    assert_same(&tree(&notes), &local);
    assert!(notes.join(".sukje/part.json").exists());
    assert!(!notes.join(".sukje/lock").exists());

    // The same again, and from another computer.
    let said = run(folder.path(), &["-r", &news, "--out", &out], 1);
    assert!(
        said.contains("news: 0 fetched, 14 there already\n"),
        "{said}"
    );
    assert!(said.contains("notes: 0 put, "), "{said}");
    assert!(said.contains("kept              13"), "{said}");
    let said = run(
        folder.path(),
        &["-r", &news, "--out", &out, "--stage", "other"],
        1,
    );
    assert!(said.contains("kept              13"), "{said}");
    assert_same(&tree(&notes), &local);
    // Inputs alone, with a base, and a part of them.
    run(
        folder.path(),
        &["-r", "there/news/강변", "--base", "there", "--out", "l2"],
        0,
    );
    let (some, base) = (format!("{news}/강변"), url("there"));
    run(
        folder.path(),
        &["-r", &some, "--base", &base, "--out", "o2", "--quiet"],
        0,
    );
    let [two, local] = ["o2", "l2"].map(|name| tree(&folder.path().join(name)));
    assert_same(&two, &local);
    // Notes below the inputs are no inputs.
    let all = url("there");
    let said = run(folder.path(), &["-r", &all, "--out", &out, "--dry-run"], 0);
    let there = tree(&notes).len() + 2;
    let fetched =
        format!("{out}: 0 fetched, {there} there already\n{all}: 0 fetched, 14 there already\n");
    assert!(said.starts_with(&fetched), "{said}");
}

#[test]
fn wrong_usage_and_nothing_there_are_one_line_each() {
    let folder = folder();
    write(folder.path(), "a.txt", article(1));
    let gone = format!("file://{}/gone", folder.path().display());
    let check = |args: &[&str], code, expected: &str| {
        let said = run(folder.path(), &[args, &["--stage", "stage"]].concat(), code);
        assert_eq!(said, expected);
    };
    check(
        &[&gone, "--out", "out"],
        66,
        &format!(
            "error: {gone}: there is no object\nhint: --recursive looks into folders inside folders, too\n"
        ),
    );
    check(
        &["ftp://host/a", "--out", "out"],
        2,
        "error: ftp://host/a: is no URL of the kinds s3, gs, az, abfs and file\n",
    );
    check(
        &["a.txt", &gone, "--out", "out"],
        2,
        "error: INPUT: inputs on object stores and inputs on this computer cannot go together\n",
    );
    check(
        &["a.txt", "--out", "s3://me:sesame@bucket"],
        2,
        "error: s3://…@bucket: holds a name or password; credentials come from the environment\n",
    );
    check(
        &["a.txt", "--out", "out"],
        2,
        "error: --stage: nothing here is on an object store\n",
    );
    assert!(!folder.path().join("out").exists());
}

#[test]
fn notes_are_put_before_their_records_and_what_says_finished_last() {
    let (folder, bucket) = (folder(), Bucket::start(Fault::None));
    for (name, bytes) in articles(6) {
        write(folder.path(), &format!("in/{name}"), &bytes);
        bucket.put(&format!("in/{name}"), bytes);
    }
    run(folder.path(), &["-r", "in", "--out", "local"], 0);
    let args = ["-r", "s3://bucket/in", "--out", "s3://bucket/out"];
    run_to(&bucket, folder.path(), &args, 0);
    let local = tree(&folder.path().join("local"));
    assert_same(&objects_below(&bucket, "out"), &local);
    let asked = bucket.requests();
    let puts: Vec<&str> = asked
        .iter()
        .filter_map(|asked| asked.strip_prefix("PUT out/"))
        .collect();
    assert_eq!(puts.len(), local.len() + 2);
    let last = &puts[puts.len() - 3..];
    assert_eq!(last, [".sukje/journal", "summary.json", ".sukje/part.json"]);

    // A changed input: what says finished goes first, and comes back.
    bucket.put("in/002.txt", article(40));
    run_to(&bucket, folder.path(), &args, 0);
    let asked = bucket.requests();
    let changes: Vec<&String> = asked
        .iter()
        .filter(|asked| !asked.starts_with("GET") && !asked.starts_with("HEAD"))
        .collect();
    assert_eq!(changes[0], "DELETE out/.sukje/part.json", "{changes:?}");
    assert_eq!(changes[changes.len() - 1], "PUT out/.sukje/part.json");
    assert_eq!(
        asked
            .iter()
            .filter(|asked| asked.starts_with("GET in/"))
            .count(),
        1
    );
    write(folder.path(), "in/002.txt", article(40));
    run(folder.path(), &["-r", "in", "--out", "local"], 0);
    // The first note of the input stays, as it does in a folder.
    assert_same(
        &objects_below(&bucket, "out"),
        &tree(&folder.path().join("local")),
    );
}

#[test]
fn an_object_that_vanishes_is_told_and_the_others_are_done() {
    let (folder, bucket) = (folder(), Bucket::start(Fault::None));
    bucket.put("in/a.txt", article(1));
    bucket.list_without_having("in/gone.txt");
    let said = run_to(
        &bucket,
        folder.path(),
        &["s3://bucket/in", "--out", "out"],
        1,
    );
    let error = "error: s3://bucket/in/gone.txt: was listed and is not there any more\n";
    assert!(said.contains(error), "{said}");
    assert!(said.contains("written            1"), "{said}");
    assert!(folder.path().join("out/summary.json").exists());
}

#[test]
fn hostile_keys_are_one_error_and_leave_nothing_behind() {
    for name in [
        "in/../../../x.txt",
        "in//x.txt",
        "in/./x.txt",
        "in/a\u{1}b.txt",
    ] {
        let (folder, bucket) = (folder(), Bucket::start(Fault::None));
        bucket.put("in/a.txt", article(1));
        bucket.list_without_having(name);
        let args = [
            "-r",
            "s3://bucket/in",
            "--out",
            "out",
            "--stage",
            "deep/in/it",
        ];
        let said = run_to(&bucket, folder.path(), &args, 74);
        assert!(
            said.starts_with("error: s3://bucket/in: could not be listed: "),
            "{said}"
        );
        assert!(
            tree(folder.path())
                .into_keys()
                .all(|name| !name.ends_with("x.txt"))
        );
        assert!(!folder.path().join("out").exists());
    }
}

#[test]
fn a_server_that_denies_or_is_not_there_is_told_without_secrets() {
    let folder = folder();
    let bucket = Bucket::start(Fault::Denies);
    let args = ["s3://bucket/in", "--out", "out"];
    let said = run_to(&bucket, folder.path(), &args, 74);
    let (error, hint) = said.split_once('\n').expect("two lines");
    assert_eq!(
        error,
        "error: s3://bucket/in: could not be listed: access denied (AccessDenied)"
    );
    assert!(
        hint.starts_with("hint: settings and credentials come from the environment"),
        "{hint}"
    );
    let mut none = bucket;
    none.url = "http://127.0.0.1:9".into();
    let said = run_to(&none, folder.path(), &args, 74);
    assert!(
        said.contains("could not be listed: no connection: "),
        "{said}"
    );
    assert!(!said.contains("sesame"));
}

#[test]
fn a_server_that_is_silent_or_cuts_ends_the_run() {
    for (fault, cause) in [
        (
            Fault::Silent,
            "s3://bucket/in: could not be listed: the server does not answer in time",
        ),
        (
            Fault::SilentObjects,
            "s3://bucket/in/a.txt: could not be fetched: the server does not answer in time",
        ),
        (Fault::Cuts, "s3://bucket/in/a.txt: could not be fetched: "),
    ] {
        let (folder, bucket) = (folder(), Bucket::start(fault));
        bucket.put("in/a.txt", article(1));
        let began = Instant::now();
        let said = run_to(
            &bucket,
            folder.path(),
            &["s3://bucket/in", "--out", "out"],
            74,
        );
        assert!(said.starts_with(&format!("error: {cause}")), "{said}");
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{:?}",
            began.elapsed()
        );
        assert!(!folder.path().join("out").exists());
    }
}

#[test]
fn notes_that_cannot_be_put_are_kept_for_the_next_run() {
    let folder = folder();
    write(folder.path(), "in/a.txt", article(1));
    // Its list is fetched, and nothing can be put.
    let bucket = Bucket::start(Fault::SilentObjects);
    let args = [
        "in",
        "--out",
        "s3://bucket/out",
        "--stage",
        "stage",
        "--quiet",
    ];
    let said = run_to(&bucket, folder.path(), &args, 74);
    assert!(said.starts_with("error: s3://bucket/out/"), "{said}");
    assert!(
        said.contains(": could not be put: the server does not answer in time\n"),
        "{said}"
    );
    assert!(
        said.contains("hint: the notes are in stage/out, "),
        "{said}"
    );
    let bucket = Bucket::start(Fault::None);
    let said = run_to(&bucket, folder.path(), &args[..5], 0);
    assert!(said.contains("kept               1"), "{said}");
    run(folder.path(), &["in", "--out", "local"], 0);
    assert_same(
        &objects_below(&bucket, "out"),
        &tree(&folder.path().join("local")),
    );
}

#[test]
fn a_run_that_is_killed_has_put_most_of_what_it_did() {
    let folder = folder();
    // So many that one thread takes some seconds.
    for n in 0..4_000 {
        let text: String = (0..12).map(|k| article(n * 12 + k)).collect();
        write(folder.path(), &format!("in/{n:04}.txt"), text);
    }
    let out = format!("file://{}/out", folder.path().display());
    let args = [
        "in",
        "--out",
        &out,
        "--formats",
        "json",
        "--threads",
        "1",
        "--put-every",
        "1",
        "--stage",
    ];
    let child = sukje(&[&args[..], &["one"]].concat())
        .current_dir(folder.path())
        .spawn();
    let mut child = child.expect("it starts");
    let there = folder.path().join("out");
    let end = Instant::now() + Duration::from_secs(60);
    while !there.join(".sukje/journal").exists() {
        assert!(Instant::now() < end, "nothing is put");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("killed");
    child.wait().expect("it ends");
    assert!(!there.join("summary.json").exists());
    let said = run(folder.path(), &[&args[..], &["two"]].concat(), 0);
    let kept = kept(&said);
    assert!((1..4_000).contains(&kept), "{said}");
    run(
        folder.path(),
        &["in", "--out", "local", "--formats", "json"],
        0,
    );
    assert_same(&tree(&there), &tree(&folder.path().join("local")));
}

#[cfg(unix)]
fn interrupt(child: &std::process::Child) {
    let kill = format!("kill -INT {}", child.id());
    let killed = Command::new("sh").args(["-c", &kill]).status();
    assert!(killed.expect("a shell").success());
}

#[cfg(unix)]
#[test]
fn an_interrupt_during_a_transfer_ends_it_at_once() {
    for (fault, args) in [
        (Fault::SilentObjects, ["s3://bucket/in", "--out", "out"]),
        (Fault::SilentObjects, ["here", "--out", "s3://bucket/out"]),
    ] {
        let (folder, bucket) = (folder(), Bucket::start(fault));
        bucket.put("in/a.txt", article(1));
        write(folder.path(), "here/a.txt", article(1));
        let child = to(&bucket, folder.path(), &args)
            .env("AWS_TIMEOUT", "60s")
            .spawn();
        let child = child.expect("it starts");
        std::thread::sleep(Duration::from_secs(2));
        let began = Instant::now();
        interrupt(&child);
        said(child.wait_with_output().expect("it ends"), 130);
        assert!(
            began.elapsed() < Duration::from_secs(2),
            "{:?}",
            began.elapsed()
        );
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_goes_on_from_another_stage() {
    let folder = folder();
    for n in 0..3_000 {
        write(folder.path(), &format!("in/{n:04}.txt"), article(n));
    }
    run(
        folder.path(),
        &["in", "--out", "local", "--formats", "json"],
        0,
    );
    let out = format!("file://{}/out", folder.path().display());
    let args = [
        "in",
        "--out",
        &out,
        "--formats",
        "json",
        "--threads",
        "1",
        "--stage",
    ];
    let child = sukje(&[&args[..], &["one"]].concat())
        .current_dir(folder.path())
        .spawn();
    let child = child.expect("it starts");
    let begun = folder.path().join("one/out");
    let end = Instant::now() + Duration::from_secs(60);
    while fs::read_dir(&begun).map_or(0, Iterator::count) < 200 {
        assert!(Instant::now() < end, "it does not begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    interrupt(&child);
    let said = said(child.wait_with_output().expect("it ends"), 130);
    assert!(said.contains("putting what is done there"), "{said}");
    let there = folder.path().join("out");
    assert!(there.join(".sukje/journal").exists(), "{said}");
    assert!(!there.join(".sukje/part.json").exists());
    let said = run(folder.path(), &[&args[..], &["two"]].concat(), 0);
    let kept = kept(&said);
    assert!((64..3_000).contains(&kept), "{said}");
    assert_same(&tree(&there), &tree(&folder.path().join("local")));
}
