//! Texts to measure with, made of `training/articles`: short, long, all in one line, and without punctuation.

use sukje::article::Source;
use sukje::input::Document;
use sukje_dev::case::{Case, Punctuation};

/// A kind of text.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Twelve sentences.
    Short,
    /// Fifty sentences, one a line.
    Article,
    /// The sentences of all articles of the language.
    Long,
    /// The same in one line.
    OneLine,
    /// The same in one line, without punctuation.
    Unpunctuated,
}

impl Kind {
    pub const ALL: [Kind; 5] = [
        Kind::Short,
        Kind::Article,
        Kind::Long,
        Kind::OneLine,
        Kind::Unpunctuated,
    ];
}

/// The text of a kind, in `ko` or `en`, as a document.
pub fn document(language: &str, kind: Kind) -> Document {
    let punctuation = match kind {
        Kind::Unpunctuated => Punctuation::Strip,
        _ => Punctuation::Keep,
    };
    let sentences = sentences(language, punctuation);
    let count = match kind {
        Kind::Short => 12,
        Kind::Article => 50,
        _ => sentences.len(),
    };
    let blank = match kind {
        Kind::OneLine | Kind::Unpunctuated => " ",
        _ => "\n",
    };
    let text = sentences[..count].join(blank);
    Document {
        source: Source {
            name: "-".into(),
            bytes: text.len() as u64,
            encoding: "utf-8".into(),
            sha256: String::new(),
        },
        text,
        form: Default::default(),
        page: None,
        warnings: Vec::new(),
    }
}

fn sentences(language: &str, punctuation: Punctuation) -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/training/articles");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the articles are in the repository")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(language))
        })
        .collect();
    paths.sort();
    let read = |path| {
        let text = std::fs::read_to_string(path).expect("a readable article");
        let case: Case = serde_json::from_str(&text).expect("an article");
        case.article(punctuation)
            .sentences
            .into_iter()
            .map(|s| s.text)
    };
    paths.iter().flat_map(read).collect()
}
