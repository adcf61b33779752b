//! The note as a page: what stands on it, what its anchors lead to, how large it is, and that nothing of an article comes alive there.
//! Pages are read by a tokenizer of the WHATWG standard that is not our own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use html5gum::{Token, Tokenizer};
use sukje::article::{Article, Language, MetadataField, Warning, WarningKind};
use sukje::brief::{Brief, Fallback};
use sukje::clean::{CleanOptions, clean};
use sukje::outline::{DEFAULT_LENS, Lens, OutlineOptions, outline};
use sukje::render::{Format, render, render_with_source};
use sukje::verify::verify;

fn saved(name: &str) -> Brief {
    let path = Path::new("tests/cases/render").join(name);
    let json = std::fs::read_to_string(path).expect("a case");
    serde_json::from_str(&json).expect("a brief")
}

fn brief_of(article: &Article) -> Brief {
    let options = OutlineOptions {
        lens: Lens::builtin(DEFAULT_LENS).expect("built in"),
        output_language: None,
    };
    verify(article, outline(article, &options))
}

/// The brief of a file, and its page.
fn noted(path: &str) -> (Brief, String) {
    let document = sukje::input::read_file(Path::new(path), None).expect("a file");
    let brief = brief_of(&clean(&document, &CleanOptions::default()));
    let mut out = Vec::new();
    render_with_source(&brief, &document.text, Format::Html, &mut out).expect("a vector");
    (brief, String::from_utf8(out).expect("UTF-8"))
}

fn rendered(brief: &Brief, format: Format) -> String {
    let mut out = Vec::new();
    render(brief, format, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

fn page(brief: &Brief) -> String {
    rendered(brief, Format::Html)
}

/// A tag with its attributes, and the text behind it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

/// Every tag of a page; comments, a second doctype and parse errors are faults.
fn tags(page: &str) -> Vec<Tag> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let mut emitter = html5gum::DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut tags: Vec<Tag> = Vec::new();
    let mut doctypes = 0;
    for token in Tokenizer::new_with_emitter(page, emitter) {
        match token.expect("a string can be read") {
            Token::StartTag(tag) => {
                let attributes = tag.attributes.iter();
                let attributes = attributes.map(|(name, value)| (text(name), text(value)));
                tags.push(Tag {
                    name: text(&tag.name),
                    attributes: attributes.collect(),
                    text: String::new(),
                });
            }
            Token::EndTag(tag) => tags.push(Tag {
                name: format!("/{}", text(&tag.name)),
                ..Tag::default()
            }),
            Token::String(string) => {
                if let Some(last) = tags.last_mut() {
                    last.text.push_str(&text(&string));
                }
            }
            Token::Doctype(_) => doctypes += 1,
            Token::Comment(comment) => panic!("a comment: {comment:?}"),
            Token::Error(error) => panic!("{error:?} in {page}"),
        }
    }
    assert_eq!(doctypes, 1);
    tags
}

/// What a tag may have; a value that an article has a part in is none of them.
const ALLOWED: [(&str, &[&str]); 32] = [
    ("a", &["class", "href"]),
    ("article", &["aria-label", "id", "tabindex"]),
    ("b", &[]),
    ("body", &[]),
    ("dd", &[]),
    ("del", &[]),
    ("details", &[]),
    ("div", &["class", "lang"]),
    ("dl", &[]),
    ("dt", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("h1", &["lang"]),
    ("h2", &["id"]),
    ("h3", &[]),
    ("head", &[]),
    ("header", &[]),
    ("html", &["lang"]),
    ("input", &["autocomplete", "id", "type"]),
    ("label", &["for"]),
    ("li", &["class"]),
    ("main", &[]),
    ("meta", &["charset", "content", "http-equiv", "name"]),
    ("p", &["class", "data-parts", "id", "lang", "tabindex"]),
    ("path", &["class", "d"]),
    ("script", &[]),
    ("section", &["aria-labelledby", "id", "tabindex"]),
    ("small", &["lang"]),
    ("span", &["class", "lang"]),
    ("style", &[]),
    ("summary", &[]),
    (
        "svg",
        &[
            "aria-label",
            "class",
            "preserveaspectratio",
            "role",
            "viewbox",
        ],
    ),
];

/// Holds a page against what its templates have: tags, attributes, and the values an article could have had a part in.
fn check(page: &str) -> Vec<Tag> {
    let acting = |c: char| {
        c != '\n'
            && (c.is_control()
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}'))
    };
    assert_eq!(page.chars().find(|c| acting(*c)), None);
    let tags = tags(page);
    for tag in &tags {
        let name = tag.name.trim_start_matches('/');
        if matches!(name, "title" | "ul") {
            assert!(tag.attributes.keys().all(|key| key == "class"), "{tag:?}");
            continue;
        }
        let allowed = ALLOWED.iter().find(|(own, _)| *own == name);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("{tag:?}"));
        for (key, value) in &tag.attributes {
            assert!(allowed.contains(&key.as_str()), "{tag:?}");
            let plain = |more: &str| {
                let own = |c: char| c.is_ascii_alphanumeric() || more.contains(c);
                assert!(value.chars().all(own), "{tag:?}");
            };
            match key.as_str() {
                "href" => {
                    let anchor = value.strip_prefix('#').expect("within the page");
                    assert!(anchor.chars().all(|c| c.is_ascii_alphanumeric()), "{tag:?}");
                }
                "class" => plain("_ "),
                "d" => plain(" "),
                "id" | "lang" => plain("-"),
                "data-parts" => plain(" :-"),
                _ => {}
            }
        }
    }
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
    for name in ["script", "style", "title", "html", "body", "main"] {
        assert_eq!(count(name), 1, "{name}");
        assert_eq!(count(&format!("/{name}")), 1, "{name}");
    }
    tags
}

#[test]
fn a_page_holds_the_brief_and_the_source_behind_it() {
    for path in ["examples/noisy.ko.txt", "examples/noisy.en.txt"] {
        let (brief, page) = noted(path);
        let tags = check(&page);
        let texts: BTreeSet<&str> = tags.iter().map(|tag| tag.text.trim()).collect();
        let mut expected: Vec<&str> = Vec::new();
        expected.extend(brief.article.sentences.iter().map(|s| s.text.as_str()));
        expected.extend(brief.article.removed.iter().map(|r| r.text.as_str()));
        expected.extend(brief.argument.iter().map(|p| p.statement.text.as_str()));
        expected.extend(brief.challenges.iter().filter_map(|c| c.text.as_deref()));
        expected.extend(brief.thesis.iter().map(|thesis| thesis.text.as_str()));
        for text in expected {
            assert!(texts.contains(text), "{path}: {text}");
        }
    }
}

#[test]
fn every_anchor_is_there_once() {
    let mut pages = vec![
        noted("examples/noisy.ko.txt").1,
        noted("examples/noisy.en.txt").1,
    ];
    pages.extend(["note-en.json", "note-ko.json"].map(|name| page(&saved(name))));
    for page in pages {
        let tags = check(&page);
        let mut anchors = BTreeSet::new();
        for id in tags.iter().filter_map(|tag| tag.attributes.get("id")) {
            assert!(anchors.insert(id.as_str()), "{id}");
        }
        let links = tags.iter().filter_map(|tag| tag.attributes.get("href"));
        let links: Vec<&str> = links.map(|link| &link[1..]).collect();
        assert!(links.len() > 10);
        for link in links {
            assert!(anchors.contains(link), "{link}");
        }
    }
}

#[test]
fn the_pieces_of_a_line_are_found_in_its_sentences() {
    let mut found = 0;
    for path in ["examples/noisy.ko.txt", "examples/noisy.en.txt"] {
        let (brief, page) = noted(path);
        let statements = brief.thesis.iter();
        let statements = statements.chain(brief.argument.iter().map(|point| &point.statement));
        let parts: Vec<&str> = statements
            .flat_map(|statement| &statement.parts)
            .map(|part| part.text.as_str())
            .collect();
        for tag in check(&page) {
            let pieces = tag.attributes.get("data-parts").cloned();
            for piece in pieces.unwrap_or_default().split_whitespace() {
                let (id, range) = piece.split_once(':').expect("id:from-to");
                let (start, end) = range.split_once('-').expect("from-to");
                let number = |text: &str| text.parse::<usize>().expect("a number");
                let sentence = brief.article.sentence(number(id) as u32).expect("one");
                let units: Vec<u16> = sentence.text.encode_utf16().collect();
                let text = String::from_utf16(&units[number(start)..number(end)]).expect("whole");
                assert!(brief.challenges.len() == 5 && !text.is_empty());
                found += usize::from(parts.contains(&text.as_str()));
            }
        }
    }
    assert!(found > 0);
}

#[test]
fn a_page_is_small() {
    const FRAME_BYTES: usize = 25_000;
    const FIFTY_BYTES: usize = 120_000;
    let sentence = |n: u32| match n % 3 {
        0 => format!(
            "정부는 {n}년 안에 전력망을 넓혀야 하지만 송전선을 잇는 데에는 평균 {n}0개월이 걸리고 기술자도 모자란다고 밝혔다."
        ),
        1 => format!(
            "규제를 풀지 않으면 {n}곳의 공장이 문을 열 수 없으므로 법을 고쳐 심사 기간을 {n}일로 줄여야 한다."
        ),
        _ => format!(
            "업계에서는 부품을 만드는 회사가 {n}곳뿐이어서 생태계가 무너질 수 있다는 말이 나온다."
        ),
    };
    let title = "전력망이 모자라면 공장도 없다";
    let empty = page(&brief_of(&Article::of_lines("a", Language::Ko, title, [])));
    check(&empty);
    assert!(empty.len() < FRAME_BYTES, "{}", empty.len());
    let full = Article::of_lines("a", Language::Ko, title, (1..=50).map(sentence));
    let full = page(&brief_of(&full));
    check(&full);
    assert!(full.len() < FIFTY_BYTES, "{}", full.len());
}

/// The strings of `fixtures/injections.txt`: every payload behind every beginning.
fn injections() -> Vec<String> {
    let text = std::fs::read_to_string("tests/fixtures/injections.txt").expect("a fixture");
    let (beginnings, payloads) = text.split_once("\n[payloads]\n").expect("two parts");
    let (_, beginnings) = beginnings.split_once("[beginnings]\n").expect("a heading");
    let mut all = Vec::new();
    for beginning in beginnings.split('\n') {
        all.extend(
            payloads
                .lines()
                .map(|payload| decoded(beginning) + &decoded(payload)),
        );
    }
    assert!(all.len() > 1000, "{}", all.len());
    all
}

/// Reads `\u{1b}` and `\n`.
fn decoded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        rest = match after
            .strip_prefix("u{")
            .and_then(|after| after.split_once('}'))
        {
            Some((code, after)) => {
                let code = u32::from_str_radix(code, 16).expect("hexadecimal");
                out.push(char::from_u32(code).expect("a character"));
                after
            }
            None => {
                out.push('\n');
                after.strip_prefix('n').expect("\\n or \\u{...}")
            }
        };
    }
    out + rest
}

/// The brief with a string wherever an article, a file's name, a lens or a server has a say.
fn hostile(brief: &Brief, text: &str) -> Brief {
    let mut brief = brief.clone();
    let owned = || text.to_string();
    let field = || {
        Some(MetadataField {
            text: owned(),
            start: None,
            end: None,
        })
    };
    let article = &mut brief.article;
    article.source.name = owned();
    article.source.encoding = owned();
    article.source.sha256 = owned();
    if let Some(title) = &mut article.title {
        title.text = owned();
    }
    let known = &mut article.metadata;
    (known.author, known.outlet, known.date, known.url) = (field(), field(), field(), field());
    for sentence in &mut article.sentences {
        sentence.text = owned();
    }
    for removed in &mut article.removed {
        removed.text = owned();
        removed.rule = owned().into();
    }
    article.warnings = vec![Warning {
        kind: WarningKind::BadBytes,
        text: owned(),
        start: None,
        end: None,
    }];
    brief.lens = owned();
    brief.engine.name = owned();
    brief.engine.model = Some(owned());
    brief.engine.version = owned();
    let points = brief.argument.iter_mut().map(|point| &mut point.statement);
    let challenges = brief.challenges.iter_mut().flat_map(|challenge| {
        challenge.label = owned();
        challenge.text = challenge.text.as_ref().map(|_| owned());
        let critique = challenge
            .critique
            .iter_mut()
            .map(|point| &mut point.statement);
        challenge.remedy.iter_mut().chain(critique)
    });
    let whole = brief.critique.iter_mut().map(|point| &mut point.statement);
    for statement in points
        .chain(challenges)
        .chain(whole)
        .chain(&mut brief.thesis)
    {
        statement.text = owned();
    }
    brief.verification.numbers.unsupported = vec![owned()];
    brief.verification.fallbacks = vec![Fallback {
        field: owned(),
        cause: owned(),
    }];
    brief
}

/// A page's tags without what lengths of texts decide.
fn skeleton(page: &str) -> Vec<Tag> {
    let mut tags = check(page);
    for tag in &mut tags {
        if !matches!(tag.name.as_str(), "script" | "style") {
            tag.text.clear();
        }
        for key in ["aria-label", "d", "data-parts"] {
            tag.attributes.remove(key);
        }
    }
    tags
}

#[test]
fn whatever_an_article_holds_the_page_has_the_same_tags() {
    let brief = saved("note-en.json");
    let harmless = skeleton(&page(&hostile(&brief, "harmless")));
    for text in injections() {
        let page = page(&hostile(&brief, &text));
        assert!(skeleton(&page) == harmless, "{text:?}");
    }
}

#[test]
fn whatever_an_article_holds_the_markdown_has_the_same_marks() {
    use pulldown_cmark::{Event, Options, Parser};
    let marks = |brief: &Brief| -> Vec<String> {
        let markdown = rendered(brief, Format::Markdown);
        let events = Parser::new_ext(&markdown, Options::all());
        let marks = events.filter_map(|event| match event {
            Event::Start(tag) => Some(format!("{:?}", tag.to_end())),
            Event::Text(_) | Event::End(_) | Event::SoftBreak => None,
            other => Some(format!("{other:?}")),
        });
        marks.collect()
    };
    let brief = saved("note-en.json");
    let harmless = marks(&hostile(&brief, "harmless"));
    for text in injections() {
        let markdown = marks(&hostile(&brief, &text));
        assert!(markdown == harmless, "{text:?}: {markdown:?}");
    }
}

/// Articles and saved pages with a string in headline, byline, body, metadata and JSON-LD, from bytes to the page.
#[test]
fn whatever_a_file_holds_its_page_has_no_tags_of_it() {
    let injections = injections();
    let body = "The grid is short of power and the mayor said so. Nobody can say when the line will be built.";
    for (n, text) in injections.iter().enumerate().step_by(7) {
        let plain = format!("{text}\nBy {text}\n\n{body} {text} {body}\n{text}\n");
        let json = serde_json::json!({"@type": "NewsArticle", "headline": text, "author": text});
        let html = format!(
            "<title>{text}</title><meta property=\"og:title\" content=\"{text}\"><meta name=author content='{text}'>\
             <script type=\"application/ld+json\">{json}</script><h1>{text}</h1><p>{body} {text}<p>{body}<p>{text}"
        );
        for (ending, bytes) in [("txt", plain), ("html", html)] {
            let name = format!("{n}{}.{ending}", text.replace(['/', '\0'], "_"));
            let Ok(document) = sukje::input::document(name, bytes.into_bytes(), None) else {
                continue;
            };
            let brief = brief_of(&clean(&document, &CleanOptions::default()));
            check(&page(&brief));
        }
    }
}
