//! The overview of small sets of articles: what it says, what it is written as, and that nothing of an article comes alive.

#[allow(dead_code)] // Not every test asks all of it.
#[path = "common/schema.rs"]
mod schema;

use std::path::Path;

use pulldown_cmark::{Event, Parser, Tag};
use schema::Schema;
use sukje::brief::Brief;
use sukje::clean::{CleanOptions, clean};
use sukje::outline::{DEFAULT_LENS, Lens, OutlineOptions, outline};
use sukje::overview::{ArticleRow, FailedInput, Overview};
use sukje::render::{batch_schema, write_briefing, write_index, write_json, write_matrix};
use sukje::verify::verify;

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

/// The overview of briefs, and the rows it was made of.
fn overview(briefs: &[(String, Brief)]) -> (Overview, Vec<ArticleRow>) {
    let row = |(id, brief): &(String, Brief)| ArticleRow::of(id, &format!("notes/{id}.md"), brief);
    let rows = briefs.iter().map(row).collect();
    (Overview::of(&rows, Vec::new()), rows)
}

fn written(write: impl Fn(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

fn forms((overview, rows): &(Overview, Vec<ArticleRow>)) -> [(&'static str, String); 4] {
    [
        (
            "briefing.md",
            written(|out| write_briefing(overview, rows, out)),
        ),
        (
            "matrix.csv",
            written(|out| write_matrix(overview, rows, out)),
        ),
        (
            "index.html",
            written(|out| write_index(overview, rows, out)),
        ),
        (
            "overview.json",
            written(|out| write_json(&overview.whole(rows), out)),
        ),
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

/// Every `{article, sentence, text, cut}` of an overview.
fn cited(value: &serde_json::Value, found: &mut Vec<(String, usize, String)>) {
    if let (Some(article), Some(text)) = (value["article"].as_str(), value["text"].as_str()) {
        let sentence = value["sentence"].as_u64().expect("a number") as usize;
        assert_eq!(value["cut"], false);
        found.push((article.into(), sentence, text.into()));
    }
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| cited(item, found)),
        serde_json::Value::Object(items) => items.values().for_each(|item| cited(item, found)),
        _ => {}
    }
}

#[test]
fn every_line_is_its_articles_sentence_word_for_word() {
    let schema = Schema::of(&batch_schema());
    for folder in ["ko", "en"] {
        let briefs = briefs(folder);
        let (overview, rows) = overview(&briefs);
        let json = serde_json::to_value(overview.whole(&rows)).expect("JSON");
        assert!(schema.allows(&json));
        let mut found = Vec::new();
        cited(&json, &mut found);
        assert!(found.len() > 20);
        for (article, sentence, text) in found {
            let (_, brief) = briefs.iter().find(|(id, _)| *id == article).expect("known");
            assert_eq!(brief.article.sentences[sentence - 1].text, text);
        }
    }
}

#[test]
fn agreement_and_dissent_cite_two_articles_that_are_no_twins() {
    for folder in ["ko", "en"] {
        let (overview, _) = overview(&briefs(folder));
        let twins = &overview.groups[0];
        let mut pairs = 0;
        let mut check = |a: &str, b: &str| {
            assert_ne!(a, b);
            assert!(!(twins.iter().any(|id| id == a) && twins.iter().any(|id| id == b)));
            pairs += 1;
        };
        for topic in &overview.challenges {
            for agreement in &topic.comparison.agreement {
                check(&agreement.said[0].article, &agreement.said[1].article);
            }
            for dissent in &topic.comparison.dissent {
                check(&dissent.one.article, &dissent.other.article);
            }
        }
        assert!(pairs >= 3, "{folder}: {pairs}");
    }
}

/// What an article's headline, id, note and sentences might hold.
const HOSTILE: [&str; 6] = [
    "</script><script>alert(1)</script>",
    "{{ 7*7 }}{% include 'x' %}{# gone #}",
    "\" onmouseover=\"alert(1)\" x='",
    "=HYPERLINK(\"x\")\u{202e}\u{1b}]52;\u{0}",
    "](javascript:alert(1)) <img src=x onerror=alert(1)> ![p](u) | # x\n\n---\n",
    "<!--<style>*{display:none}</style>&lt;&amp;",
];

/// The folder's overview with hostile strings wherever an article's own words stand.
fn hostile() -> (Overview, Vec<ArticleRow>) {
    let briefs = briefs("en");
    let rows = briefs.iter().enumerate().map(|(n, (_, brief))| {
        let mut brief = brief.clone();
        let text = HOSTILE[n % HOSTILE.len()];
        if let Some(title) = &mut brief.article.title {
            title.text = text.repeat(if n == 0 { 40_000 } else { 1 });
        }
        for sentence in &mut brief.article.sentences {
            sentence.text = format!("{text} {}", sentence.text);
        }
        for challenge in &mut brief.challenges {
            challenge.label = format!("Power {}", HOSTILE[5]);
        }
        ArticleRow::of(&format!("{n}{text}"), &format!("{text}{n}.md"), &brief)
    });
    let failure = |text: &&str| FailedInput {
        id: text.to_string(),
        cause: text.to_string(),
    };
    let rows = rows.collect();
    let failures = HOSTILE.iter().map(failure).collect();
    (Overview::of(&rows, failures), rows)
}

#[test]
fn a_megabyte_of_headline_leaves_a_small_row() {
    for row in &hostile().1 {
        let size = serde_json::to_string(row).expect("JSON").len();
        assert!(size < 16_000, "{size}");
    }
}

#[test]
fn nothing_of_an_article_comes_alive_on_the_page() {
    let (overview, rows) = hostile();
    let page = written(|out| write_index(&overview, &rows, out));
    for (what, times) in [
        ("<script", 1),
        ("</script", 1),
        ("<style", 1),
        ("<img", 0),
        ("<!--", 0),
        ("onmouseover=\"", 0),
        ("{% include 'x' %}", 0),
        ("javascript:", 0),
    ] {
        let found = page.matches(what).count();
        // As text a link's address is harmless; it must stand in none.
        let found = if what == "javascript:" {
            page.matches("href=\"javascript:").count()
        } else {
            found
        };
        assert_eq!(found, times, "{what}");
    }
    assert!(page.contains("{{ 7*7 }}"));
    let acting = |c: char| c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
    assert_eq!(page.chars().find(|c| acting(*c)), None);
}

#[test]
fn nothing_of_an_article_comes_alive_in_the_note() {
    let (overview, rows) = hostile();
    let note = written(|out| write_briefing(&overview, &rows, out));
    for event in Parser::new(&note) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("{html}"),
            Event::Start(Tag::Image { dest_url, .. }) => panic!("{dest_url}"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let relative = dest_url.ends_with(".md") || &*dest_url == "index.html";
                assert!(relative && !dest_url.contains(':'), "{dest_url}");
            }
            _ => {}
        }
    }
}

#[test]
fn nothing_of_an_article_is_a_formula_in_the_table() {
    let (overview, rows) = hostile();
    let table = written(|out| write_matrix(&overview, &rows, out));
    assert_eq!(table.matches("\r\n").count(), rows.len() + 1);
    let cells = table.split(['\r', '\n']).flat_map(|line| line.split(','));
    for cell in cells {
        let text = cell.trim_start_matches('"');
        assert!(!text.starts_with(['=', '+', '@', '\t']), "{cell}");
    }
}

#[test]
fn no_articles_are_an_overview_too() {
    let empty = overview(&[]);
    let schema = Schema::of(&batch_schema());
    let json = serde_json::to_value(empty.0.whole(&empty.1)).expect("JSON");
    assert!(schema.allows(&json));
    for (name, text) in forms(&empty) {
        assert!(!text.is_empty(), "{name}");
    }
}

#[test]
fn the_note_stays_two_pages_long() {
    // Two pages hold some 6,500 characters; the addresses of links are not read.
    const TWO_PAGES: usize = 6_500;
    let mut rows = Vec::new();
    for (id, brief) in briefs("en") {
        for copy in 0..200 {
            let mut brief = brief.clone();
            for sentence in &mut brief.article.sentences {
                sentence.text = format!(
                    "{} {}",
                    sentence.text,
                    "and so on, word after word, ".repeat(9)
                );
            }
            let mut row =
                ArticleRow::of(&format!("{id}-{copy}"), &format!("{id}-{copy}.md"), &brief);
            row.sketch = Default::default();
            rows.push(row);
        }
    }
    let overview = Overview::of(&rows, Vec::new());
    let note = written(|out| write_briefing(&overview, &rows, out));
    let read: usize = Parser::new(&note)
        .map(|event| match event {
            Event::Text(text) => text.chars().count(),
            _ => 0,
        })
        .sum();
    assert!(read < TWO_PAGES, "{read}");
}
