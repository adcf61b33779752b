//! Every sample of the READMEs and of `docs/` that shows output: run, and compared with what the program prints.
//!
//! A sample is a block of ```` ```console ```` with commands behind `$`; `...` and `[..]` stand for what is left out, and
//! `? N` is the exit code. Blocks of other kinds are not run. `TRYCMD=overwrite cargo test --test samples` writes the
//! samples anew. Each page runs in a folder of its own, which holds copies of the folders that samples read.

#![cfg(feature = "model")]

use std::path::{Path, PathBuf};
use std::{env, fs};

use trycmd::TestCases;
use trycmd::schema::Bin;
use walkdir::WalkDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The folders samples read.
const FOLDERS: [&str; 3] = ["examples", "lenses", "tests/cases/overview"];

/// The programs samples call beside `sukje`.
const TOOLS: [&str; 3] = ["cat", "ls", "sed"];

#[test]
fn samples_show_what_the_program_prints() {
    let pages = pages();
    assert!(pages.len() > 2, "no pages in docs/");
    for page in pages {
        let folder = tempfile::tempdir().expect("a folder for the samples");
        for from in FOLDERS {
            copy(&Path::new(ROOT).join(from), &folder.path().join(from));
        }
        env::set_current_dir(&folder).expect("the folder was just made");
        let cases = TestCases::new();
        cases.register_bin("sukje", Bin::Path(env!("CARGO_BIN_EXE_sukje").into()));
        cases.register_bins(TOOLS.map(|tool| (tool, Bin::Path(program(tool)))));
        // No model of this computer's is to write the notes.
        let models = folder.path().join("models");
        cases.env("HF_HOME", models.to_string_lossy());
        cases.env("HF_HUB_CACHE", models.to_string_lossy());
        cases.case(&page).run();
        env::set_current_dir(ROOT).expect("the root of the package is there");
    }
}

/// Returns the pages that hold samples: the two READMEs and those of `docs/`.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(ROOT);
    let mut pages = vec![root.join("README.md"), root.join("README.ko.md")];
    pages.extend(
        WalkDir::new(root.join("docs"))
            .sort_by_file_name()
            .into_iter()
            .map(|entry| entry.expect("docs/ can be read").into_path())
            .filter(|path| path.extension().is_some_and(|end| end == "md")),
    );
    pages
}

/// Returns where a program of the system lies.
fn program(name: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut files = env::split_paths(&path).map(|folder| folder.join(name));
    let found = files.find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("no {name} on this computer"))
}

/// Copies a folder with all it holds.
fn copy(from: &Path, to: &Path) {
    for entry in WalkDir::new(from) {
        let entry = entry.expect("a folder of the package can be read");
        let within = entry.path().strip_prefix(from).expect("it lies below");
        let target = to.join(within);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target).expect("a folder in the samples' folder");
        } else {
            fs::copy(entry.path(), &target).expect("a file in the samples' folder");
        }
    }
}
