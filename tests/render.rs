//! Notes: what each form looks like, and that nothing of an article comes alive in one.

#[allow(dead_code)] // Not every test asks all of it.
#[path = "common/schema.rs"]
mod schema;

use std::path::Path;

use schema::Schema;
use sukje::brief::Brief;
use sukje::render::{Format, TextStyle, brief_schema, clean_schema, render};

fn brief(path: &Path) -> Brief {
    let json = std::fs::read_to_string(path).expect("a case");
    serde_json::from_str(&json).expect("a brief")
}

fn rendered(brief: &Brief, format: Format) -> String {
    let mut out = Vec::new();
    render(brief, format, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

/// The page, but for what is the same on each.
fn without_style_and_script(brief: &Brief) -> String {
    let mut page = rendered(brief, Format::Html);
    for tag in ["style", "script"] {
        let start = page.find(&format!("<{tag}>")).expect("there is one") + tag.len() + 2;
        let end = page.rfind(&format!("</{tag}>")).expect("it ends");
        page.replace_range(start..end, "...");
        let hash = page.find(&format!("{tag}-src 'sha256-")).expect("one") + tag.len() + 13;
        page.replace_range(hash..hash + 44, "...");
    }
    page
}

fn each_case(check: impl Fn(&Path, &Brief)) {
    let mut paths: Vec<_> = std::fs::read_dir("tests/cases/render")
        .expect("cases")
        .map(|entry| entry.expect("a case").path())
        .collect();
    paths.sort();
    assert!(paths.len() >= 4);
    for path in paths {
        check(&path, &brief(&path));
    }
}

#[test]
fn notes() {
    insta::glob!("cases/render/*.json", |path| {
        let brief = brief(path);
        insta::assert_snapshot!("markdown", rendered(&brief, Format::Markdown));
        insta::assert_snapshot!("page", without_style_and_script(&brief));
        insta::assert_snapshot!(
            "text",
            rendered(
                &brief,
                Format::Text(TextStyle {
                    color: false,
                    width: Some(72)
                })
            )
        );
    });
}

#[test]
fn json_reads_back_as_the_same_brief() {
    each_case(|_, brief| {
        let json = rendered(brief, Format::Json);
        assert_eq!(
            &serde_json::from_str::<Brief>(&json).expect("a brief"),
            brief
        );
    });
}

#[test]
fn no_form_lets_an_acting_character_through() {
    let acting = |c: char| {
        c != '\n'
            && (c.is_control()
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}'))
    };
    each_case(|path, brief| {
        for format in [
            Format::Json,
            Format::Html,
            Format::Markdown,
            Format::Text(TextStyle::default()),
        ] {
            let out = rendered(brief, format);
            assert_eq!(out.chars().find(|&c| acting(c)), None, "{path:?}");
        }
    });
}

#[test]
fn no_markup_of_an_article_comes_alive() {
    each_case(|path, brief| {
        let markdown = rendered(brief, Format::Markdown);
        assert!(!markdown.contains("<script"), "{path:?}");
        let mut html = String::new();
        let options = pulldown_cmark::Options::all();
        pulldown_cmark::html::push_html(
            &mut html,
            pulldown_cmark::Parser::new_ext(&markdown, options),
        );
        let tags: Vec<&str> = html
            .split('<')
            .skip(1)
            .map(|tag| tag.split(['>', ' ']).next().unwrap_or_default())
            .collect();
        let ours = ["h1", "h2", "h3", "p", "ul", "li", "strong", "em"];
        let foreign = tags
            .iter()
            .find(|tag| !ours.contains(&tag.trim_start_matches('/')));
        assert_eq!(foreign, None, "{path:?}: {html}");
    });
}

#[test]
fn colour_changes_nothing_but_colour() {
    each_case(|path, brief| {
        let plain = rendered(
            brief,
            Format::Text(TextStyle {
                color: false,
                width: Some(60),
            }),
        );
        let coloured = rendered(
            brief,
            Format::Text(TextStyle {
                color: true,
                width: Some(60),
            }),
        );
        assert_eq!(
            anstream::adapter::strip_str(&coloured).to_string(),
            plain,
            "{path:?}"
        );
        assert!(coloured.contains("\u{1b}["));
    });
}

#[test]
fn schemas_are_valid_and_hold_for_saved_briefs() {
    Schema::of(&clean_schema());
    let schema = Schema::of(&brief_schema());
    each_case(|path, brief| {
        let json = rendered(brief, Format::Json);
        let value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(schema.faults(&value), None, "{path:?}");
    });
    assert!(!schema.allows(&serde_json::json!({"schema": "sukje.brief/1"})));
}
