//! The overview of small sets of articles: what it says, what it is written as, and that nothing of an article comes alive.

use std::path::Path;

use pulldown_cmark::{Event, Parser, Tag};
use sukje::article::Language;
use sukje::batch::{Failure, Overview, Row};
use sukje::clean::{CleanOptions, clean};
use sukje::outline::{DEFAULT_LENS, Lens, OutlineOptions, outline};
use sukje::render::{batch_schema, write_briefing, write_index, write_json, write_matrix};
use sukje::verify::{Brief, verify};

fn brief(path: &Path) -> Brief {
    let document = sukje::input::read_file(path, None).expect("a case");
    let article = clean(&document, &CleanOptions::default());
    let options = OutlineOptions {
        lens: Lens::builtin(DEFAULT_LENS).expect("built in"),
        output_language: None,
    };
    verify(&article, outline(&article, &options))
}

/// The briefs of a folder's articles, by name.
fn briefs(folder: &str) -> Vec<(String, Brief)> {
    let mut paths: Vec<_> = std::fs::read_dir(Path::new("tests/cases/overview").join(folder))
        .expect("cases")
        .map(|entry| entry.expect("a case").path())
        .collect();
    paths.sort();
    let name = |path: &Path| {
        path.file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    };
    paths.iter().map(|path| (name(path), brief(path))).collect()
}

fn overview(briefs: &[(String, Brief)]) -> Overview {
    let row = |(id, brief): &(String, Brief)| Row::of(id, &format!("notes/{id}.md"), brief);
    Overview::of(briefs.iter().map(row).collect(), Vec::new())
}

fn written(write: impl Fn(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

fn forms(overview: &Overview) -> [(&'static str, String); 4] {
    [
        ("briefing.md", written(|out| write_briefing(overview, out))),
        ("matrix.csv", written(|out| write_matrix(overview, out))),
        ("index.html", written(|out| write_index(overview, out))),
        ("overview.json", written(|out| write_json(overview, out))),
    ]
}

#[test]
fn a_few_articles_together() {
    for folder in ["ko", "en"] {
        let overview = overview(&briefs(folder));
        for (name, text) in forms(&overview) {
            if name != "overview.json" {
                insta::assert_snapshot!(format!("{folder}-{name}"), text);
            }
        }
    }
}
