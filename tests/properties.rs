//! What must hold of any text: nothing vanishes, spans are sound, the same text gives the same answer, and what was
//! cleaned is clean.
//!
//! The texts are mixtures of sentences and noise lines of `training/`, of random Unicode, and of any line wrapping.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;
use sukje::article::{Article, Source};
use sukje::clean::{CleanOptions, clean};
use sukje::input::Document;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/training");

/// Articles as title and sentences, and noise lines as reason and text, of one language.
struct Texts {
    articles: Vec<Vec<String>>,
    noise: Vec<String>,
}

static KO: LazyLock<Texts> = LazyLock::new(|| Texts::read("ko"));
static EN: LazyLock<Texts> = LazyLock::new(|| Texts::read("en"));

impl Texts {
    fn read(language: &str) -> Texts {
        let mut paths: Vec<_> = std::fs::read_dir(format!("{FOLDER}/articles"))
            .expect("the articles are in the repository")
            .map(|entry| entry.expect("a readable folder").path())
            .filter(|path| {
                path.file_name()
                    .is_some_and(|n| n.to_string_lossy().starts_with(language))
            })
            .collect();
        paths.sort();
        let noise =
            std::fs::read_to_string(format!("{FOLDER}/noise/{language}.tsv")).expect("noise lines");
        Texts {
            articles: paths.iter().map(|path| article(path)).collect(),
            noise: noise
                .lines()
                .filter_map(|line| line.split_once('\t'))
                .map(|(_, text)| text.into())
                .collect(),
        }
    }
}

fn article(path: &std::path::Path) -> Vec<String> {
    let json: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("an article")).expect("JSON");
    let sentences = json["sentences"]
        .as_array()
        .expect("sentences")
        .iter()
        .map(|s| &s["text"]);
    std::iter::once(&json["title"])
        .chain(sentences)
        .map(|t| t.as_str().expect("a text").to_string())
        .collect()
}

/// What stands between two pieces of text.
fn joints() -> impl Strategy<Value = &'static str> {
    select(vec!["\n", "\n", "\n", "\n\n", " ", " ", "", "\t", "\n \n"])
}

/// A run of one article's sentences with noise lines, and now and then the run a second time.
fn mixtures() -> impl Strategy<Value = String> {
    let pieces = (any::<Index>(), any::<Index>(), joints(), 0..8u8);
    let shape = (any::<bool>(), any::<Index>(), any::<bool>());
    (shape, prop::collection::vec(pieces, 0..24)).prop_map(|((korean, which, twice), pieces)| {
        let texts: &Texts = if korean { &KO } else { &EN };
        let article = which.get(&texts.articles);
        let mut text = String::new();
        for (i, (noise, other, joint, dice)) in pieces.iter().enumerate() {
            text.push_str(match dice {
                0..=4 => article[i % article.len()].as_str(),
                5 => noise.get(&texts.noise).as_str(),
                6 => noise.get(other.get(&texts.articles).as_slice()).as_str(),
                _ => "",
            });
            text.push_str(joint);
        }
        if twice {
            format!("{text}\n{text}")
        } else {
            text
        }
    })
}

/// An article as scrapers leave it: the headline, sentences in order in any wrapping, noise on lines of its own.
fn scraped() -> impl Strategy<Value = String> {
    let blanks = select(vec!["\n", "\n", "\n\n", " "]);
    let noise = (0..24usize, any::<Index>());
    let shape = (any::<bool>(), any::<Index>(), 8..40usize, any::<bool>());
    let wraps = prop::collection::vec(blanks, 40);
    (shape, wraps, prop::collection::vec(noise, 0..6)).prop_map(
        |((korean, which, length, twice), wraps, noise)| {
            let texts: &Texts = if korean { &KO } else { &EN };
            let article = which.get(&texts.articles);
            let mut text = format!("{}\n", article[0]);
            for (i, sentence) in article[1..].iter().take(length).enumerate() {
                text.push_str(sentence);
                text.push_str(wraps[i]);
                for (_, line) in noise.iter().filter(|(after, _)| *after == i) {
                    text.push_str(&format!("\n{}\n", line.get(&texts.noise)));
                }
            }
            if twice {
                format!("{text}\n{text}")
            } else {
                text
            }
        },
    )
}

/// Letters, marks, invisible characters and blanks of any kind.
fn strange() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[가-힣a-zA-Z0-9.,!?'\"“”‘’()다요 \u{200b}\u{202e}\u{a0}\u{3000}\n\t-]{0,200}",
        "(다|요|니다|까|\\.|\\?|\"| |\n|U\\.S\\.|3\\.5|1,200|기자|ⓒ|@|http://){0,60}",
    ]
}

/// The mixtures with strange texts between and inside them.
fn anything() -> impl Strategy<Value = String> {
    (mixtures(), strange(), any::<Index>()).prop_map(|(mut text, strange, at)| {
        let mut at = at.index(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text.insert_str(at, &strange);
        text
    })
}

fn cleaned(text: &str) -> Article {
    let source = Source {
        name: "-".into(),
        bytes: text.len() as u64,
        encoding: "utf-8".into(),
        sha256: String::new(),
    };
    clean(
        &Document {
            source,
            text: text.into(),
            form: Default::default(),
            page: None,
            warnings: Vec::new(),
        },
        &CleanOptions::default(),
    )
}

fn folded(span: &str) -> String {
    span.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` without the characters nobody sees, which stay in the span and are left out of the sentence.
fn seen(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control() && !c.is_whitespace()
            || matches!(c as u32, 0x1C..=0x1F | 0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xE0000..=0xE007F)
    };
    text.chars().filter(|c| !hidden(*c)).collect()
}

/// Title, sentences and removed spans in order.
fn spans(article: &Article) -> Vec<(usize, usize)> {
    let title = article.title.iter().map(|t| (t.start, t.end));
    let sentences = article.sentences.iter().map(|s| (s.start, s.end));
    let removed = article.removed.iter().map(|r| (r.start, r.end));
    let mut spans: Vec<_> = title.chain(sentences).chain(removed).collect();
    spans.sort_unstable();
    spans
}

fn check_tiling(text: &str, article: &Article) {
    let mut at = 0;
    for (start, end) in spans(article) {
        assert!(start >= at && start < end, "{at} {start} {end}");
        assert!(text.is_char_boundary(start) && text.is_char_boundary(end));
        assert_eq!(text[at..start].trim(), "", "nothing vanishes");
        assert!(!text[start..end].trim().is_empty());
        at = end;
    }
    assert_eq!(text[at..].trim(), "", "nothing vanishes");
}

fn check_texts(text: &str, article: &Article) {
    for (i, sentence) in article.sentences.iter().enumerate() {
        assert_eq!(sentence.id as usize, i + 1);
        assert_eq!(
            folded(&seen(&sentence.text)),
            folded(&seen(&text[sentence.start..sentence.end]))
        );
        assert!(!sentence.text.is_empty());
    }
    assert!(
        article
            .sentences
            .windows(2)
            .all(|pair| pair[0].end <= pair[1].start)
    );
    for removed in &article.removed {
        assert_eq!(
            folded(&removed.text),
            folded(&text[removed.start..removed.end])
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_vanishes_and_spans_are_sound(text in anything()) {
        let article = cleaned(&text);
        check_tiling(&text, &article);
        check_texts(&text, &article);
    }

    #[test]
    fn the_same_text_gives_the_same_article(text in anything()) {
        prop_assert_eq!(cleaned(&text), cleaned(&text));
    }

    #[test]
    fn any_character_at_all(text in strange()) {
        let article = cleaned(&text);
        check_tiling(&text, &article);
        check_texts(&text, &article);
    }

    #[test]
    fn a_cleaned_text_is_clean(text in scraped()) {
        let lines: Vec<String> = cleaned(&text).sentences.into_iter().map(|s| s.text).collect();
        let again = cleaned(&lines.join("\n"));
        let removed: Vec<_> = again.removed.iter().map(|r| (&r.rule, &r.text)).collect();
        prop_assert!(removed.is_empty(), "removed from a cleaned text: {removed:?}");
    }
}
