//! Cleaning of whole articles, each with one kind of noise, in Korean and English: what is title, sentence and removed.

use std::fmt::Write;
use std::path::Path;

use sukje::article::{Article, Original};
use sukje::clean::{CleanOptions, clean};
use sukje::input::read_file;

fn cleaned(path: &Path) -> Article {
    let document = read_file(path, None).expect("a readable case");
    clean(&document, &CleanOptions::default())
}

/// The whole text in order: `#` the title, numbers for sentences, `-` what was removed with reason and rule.
fn account(article: &Article) -> String {
    let mut lines: Vec<(usize, String)> = Vec::new();
    if let Some(title) = &article.title {
        lines.push((title.start, format!("# {}", title.text)));
    }
    for sentence in &article.sentences {
        lines.push((
            sentence.start,
            format!("{}. {}", sentence.id, sentence.text),
        ));
    }
    for removed in &article.removed {
        let of = match removed.of {
            Some(Original::Sentence(id)) => format!(" of {id}"),
            Some(Original::Removed(index)) => format!(" of removed {index}"),
            None => String::new(),
        };
        let line = format!(
            "- [{}{of}; {}] {}",
            removed.reason.name(),
            removed.rule,
            removed.text
        );
        lines.push((removed.start, line));
    }
    lines.sort();
    let mut account = String::new();
    for (name, value) in [
        ("author", &article.metadata.author),
        ("outlet", &article.metadata.outlet),
        ("date", &article.metadata.date),
    ] {
        if let Some(value) = value {
            let _ = writeln!(account, "{name}: {}", value.text);
        }
    }
    for (_, line) in lines {
        let _ = writeln!(account, "{line}");
    }
    account
}

#[test]
fn articles_are_told_from_their_noise() {
    insta::glob!("cases/clean/*/input.txt", |path| {
        insta::assert_snapshot!("clean", account(&cleaned(path)));
    });
}
