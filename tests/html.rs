//! Pages: what of a page is the article, what else it holds and why that is removed; pages without an article.
//!
//! `tests/cases/html/` holds a page a folder, with a snapshot. `tests/cases/pages/` holds Korean pages in the markup of portals, broadcasters,
//! papers, blogs, letters and ministries, each with the article's own text, and is scored.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use sukje::article::{Article, Reason, WarningKind};
use sukje::clean::{CleanOptions, clean};
use sukje::input::{
    DecodeError, Document, MAX_PAGE_BYTES, TextForm, document, page_reason, read_file,
};

fn cleaned(document: &Document) -> Article {
    clean(document, &CleanOptions::default())
}

fn page(markup: &str) -> Document {
    document("a.html".into(), markup.into(), None).expect("a page")
}

/// The whole text in order, with what is known of the article; one line where there is none.
fn account(article: &Article) -> String {
    if article.sentences.is_empty() {
        return "no article found".into();
    }
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
        let (reason, rule, text) = (removed.reason.name(), &removed.rule, &removed.text);
        lines.push((removed.start, format!("- [{reason}; {rule}] {text}")));
    }
    lines.sort();
    let mut account = String::new();
    let metadata = &article.metadata;
    for (name, value) in [
        ("author", &metadata.author),
        ("outlet", &metadata.outlet),
        ("date", &metadata.date),
        ("url", &metadata.url),
    ] {
        if let Some(value) = value {
            let _ = writeln!(account, "{name}: {}", value.text);
        }
    }
    for (_, line) in lines {
        let _ = writeln!(account, "{line}");
    }
    for warning in &article.warnings {
        let _ = writeln!(account, "warning: {}", warning.text);
    }
    account
}

#[test]
fn pages_become_articles() {
    insta::glob!("cases/html/*/*.*", |path| {
        let document = read_file(path, None).expect("a page");
        insta::assert_snapshot!("html", account(&cleaned(&document)));
    });
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Letters of the answer that are not the article's, and of the article's that are in the answer, both with all there are.
fn score(folder: &Path) -> [usize; 4] {
    let article = cleaned(&read_file(&folder.join("page.html"), None).expect("a page"));
    let gold = fs::read_to_string(folder.join("gold.txt")).expect("a text");
    let (title, body) = gold.split_once("\n\n").expect("a title and a body");
    assert_eq!(
        article.title.as_ref().map(|t| t.text.as_str()),
        Some(title),
        "{folder:?}"
    );
    let own = plain(body);
    let answer: Vec<String> = article.sentences.iter().map(|s| plain(&s.text)).collect();
    let all = answer.concat();
    let letters =
        |texts: &mut dyn Iterator<Item = &String>| texts.map(|t| t.chars().count()).sum::<usize>();
    let sentences: Vec<String> = body
        .lines()
        .flat_map(|line| line.split_inclusive(". "))
        .map(plain)
        .collect();
    [
        letters(&mut answer.iter().filter(|text| !own.contains(*text))),
        letters(&mut answer.iter()),
        letters(&mut sentences.iter().filter(|text| all.contains(*text))),
        letters(&mut sentences.iter()),
    ]
}

#[test]
fn korean_pages_give_their_articles() {
    let folders = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/pages"));
    let mut sums = [0; 4];
    for folder in folders.expect("a folder") {
        let folder = folder.expect("an entry").path();
        let scored = score(&folder);
        sums.iter_mut().zip(scored).for_each(|(sum, n)| *sum += n);
    }
    let [leaked, answer, kept, own] = sums.map(|n| n as f64);
    println!("leaked {:.4}, kept {:.4}", leaked / answer, kept / own);
    assert!(leaked / answer <= 0.02, "leaked {:.4}", leaked / answer);
    assert!(kept / own >= 0.998, "kept {:.4}", kept / own);
}

#[test]
fn a_page_is_told_by_its_name_its_start_or_the_option() {
    let markup = "<p>The river rose by two metres in a night.</p>";
    assert!(page(markup).page.is_some());
    let text = |name: &str, text: &str| document(name.into(), text.into(), None).expect("a text");
    assert!(
        text("-", "<!doctype html><p>The river rose.</p>")
            .page
            .is_some()
    );
    let plain = text("a.txt", markup);
    assert!(plain.page.is_none());
    let asked = plain.clone().in_form(Some(TextForm::Html)).expect("a page");
    assert_eq!(asked.text, "The river rose by two metres in a night.");
    let back = asked.in_form(Some(TextForm::Text)).expect("a text");
    assert_eq!((back.text.as_str(), back.page), (markup, None));
}

#[test]
fn what_is_too_large_is_refused() {
    let large = format!("<html>{}", "a".repeat(MAX_PAGE_BYTES));
    let refused = document("a.html".into(), large.into_bytes(), None);
    assert_eq!(refused, Err(DecodeError::PageTooLarge));
}

#[test]
fn hostile_markup_is_read_in_little_time() {
    let article = "<p>The river rose by two metres in a night, the mayor said on Monday.</p>";
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"x\"")).collect();
    let pages = [
        format!(
            "{}{article}{}",
            "<div>".repeat(40_000),
            "</div>".repeat(40_000)
        ),
        format!("{}{article}", "<ul><li>".repeat(60_000)),
        format!("<p{attributes}>{article}"),
        format!("{article}{}", "<b><i><p>x</b>".repeat(20_000)),
        format!("{article}{}", "<title>".repeat(40_000)),
        format!("{article}{}", "<a \"".repeat(40_000)),
        format!(
            "{article}<script type=\"application/ld+json\">{}",
            "[{\"a\":".repeat(60_000)
        ),
    ];
    for markup in &pages {
        let began = std::time::Instant::now();
        cleaned(&page(markup));
        let seconds = began.elapsed().as_secs_f32();
        assert!(seconds < 2.0, "{}… took {seconds} s", &markup[..20]);
    }
}

#[test]
fn rules_of_pages_have_reasons() {
    assert_eq!(page_reason("html.comment"), Some(Reason::Comment));
    assert_eq!(page_reason("format.entity"), None);
}

#[test]
fn hidden_text_is_counted_and_told() {
    let article = cleaned(&page(
        "<p>The river rose by two metres in a night, the mayor said.</p><p hidden>No one sees this.</p><p hidden>Nor this.</p>",
    ));
    let told: Vec<_> = article
        .warnings
        .iter()
        .filter(|w| w.kind == WarningKind::HiddenText)
        .collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].start.is_some());
}

#[test]
fn any_bytes_between_tags_are_read_without_a_panic() {
    let pieces = [
        "<",
        ">",
        "<p>",
        "</p>",
        "<div hidden>",
        "강",
        "a.",
        " ",
        "&amp",
        "&#x110000;",
        "<!--",
        "-->",
        "<svg/>",
        "<title>",
        "</",
        "<a href=x>",
        "\u{200b}",
        "<td>",
        "</table>",
        "<br>",
        "<textarea>",
        "<![CDATA[",
        "]]>",
        "<article>",
        "<h1>",
        "\"",
        "'",
        "=",
        "/",
        "<script>",
        "</script>",
        "다. ",
    ];
    let mut state = 1u64;
    for _ in 0..400 {
        let mut markup = String::from("<html>");
        for _ in 0..60 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            markup.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let document = page(&markup);
        let article = cleaned(&document);
        check_tiles(&document.text, &article);
    }
}

/// Title, sentences and removed spans hold every character that is not white space, once.
fn check_tiles(text: &str, article: &Article) {
    let mut covered = vec![false; text.len()];
    let mut cover = |start: usize, end: usize, spans: &[(usize, usize)]| {
        let whole = [(start, end)];
        for &(start, end) in if spans.is_empty() { &whole } else { spans } {
            assert!(
                !covered[start..end].contains(&true),
                "twice: {}",
                &text[start..end]
            );
            covered[start..end].fill(true);
        }
    };
    if let Some(title) = &article.title {
        cover(title.start, title.end, &title.spans);
    }
    article
        .sentences
        .iter()
        .for_each(|s| cover(s.start, s.end, &s.spans));
    article
        .removed
        .iter()
        .for_each(|r| cover(r.start, r.end, &r.spans));
    for (at, c) in text.char_indices() {
        assert!(
            c.is_whitespace() || covered[at],
            "{c:?} at {at} of {text:?} is lost"
        );
    }
}
