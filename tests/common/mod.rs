//! Articles with known answers, as the tests' outlines need them.
//!
//! In:  a labelled article (`tests/cases/critique/*.json`: per sentence its text, challenge and role). Out: `Article` and the `Outline` its labels call for.

use std::path::Path;

use serde::Deserialize;
use sukje::article::{Article, CLEAN_SCHEMA, Language, Metadata, Passage, Sentence, Source};
use sukje::brief::{
    ArgumentPoint, Challenge, Coverage, EngineInfo, Origin, Outline, Role, Statement, Status,
    Verification,
};
use sukje::input::Document;

#[derive(Deserialize)]
pub struct Labelled {
    pub lang: Language,
    pub title: String,
    pub sentences: Vec<LabelledSentence>,
}

#[derive(Deserialize)]
pub struct LabelledSentence {
    pub text: String,
    pub challenge: Option<String>,
    pub role: Role,
    #[serde(default)]
    pub thesis: bool,
}

pub const LABELS: [(&str, &str, &str); 5] = [
    ("ecosystem", "생태계", "Ecosystem"),
    ("power", "전력", "Power"),
    ("talent", "인재", "Talent"),
    ("regulation", "규제", "Regulation"),
    ("speed", "속도", "Speed"),
];

/// Every labelled article of a folder, by name.
#[allow(dead_code)]
pub fn labelled(folder: &Path) -> Vec<(String, Labelled)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is in the repository")
        .map(|e| e.expect("readable").path())
        .collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "json"));
    files.sort();
    let read = |p: &Path| {
        serde_json::from_str(&std::fs::read_to_string(p).expect("readable"))
            .expect("a labelled article")
    };
    files
        .iter()
        .map(|p| {
            (
                p.file_stem().expect("named").to_string_lossy().into_owned(),
                read(p),
            )
        })
        .collect()
}

/// What is left of a text whose marks a scraper lost; decimal points stay.
#[allow(dead_code)]
pub fn stripped(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
        let decimal = c == '.' && i > 0 && digit(chars.get(i - 1)) && digit(chars.get(i + 1));
        out.push(
            if "\"'“”‘’「」『』《》〈〉·…,!?()[].".contains(c) && !decimal {
                ' '
            } else {
                c
            },
        );
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The labelled article as `clean` would hand it on, one sentence a line, and its text.
pub fn article(labelled: &Labelled, strip: bool) -> (Article, Document) {
    let mut text = String::new();
    let mut place = |raw: &str| {
        let line = if strip {
            stripped(raw)
        } else {
            raw.to_string()
        };
        let start = text.len();
        text.push_str(&line);
        text.push('\n');
        (line, start, text.len() - 1)
    };
    let (title, start, end) = place(&labelled.title);
    let title = Some(Passage {
        text: title,
        start,
        end,
        spans: Vec::new(),
    });
    let mut sentences = Vec::new();
    for (i, s) in labelled.sentences.iter().enumerate() {
        let (text, start, end) = place(&s.text);
        sentences.push(Sentence {
            id: i as u32 + 1,
            text,
            start,
            end,
            spans: Vec::new(),
        });
    }
    let source = Source {
        name: "a.txt".into(),
        bytes: text.len() as u64,
        encoding: "utf-8".into(),
        sha256: "00".repeat(32),
    };
    let document = Document {
        source: source.clone(),
        text,
        form: Default::default(),
        page: None,
        warnings: Vec::new(),
    };
    let article = Article {
        schema: CLEAN_SCHEMA.into(),
        source,
        language: labelled.lang,
        title,
        metadata: Metadata::default(),
        sentences,
        removed: Vec::new(),
        warnings: Vec::new(),
    };
    (article, document)
}

/// The outline the labels call for, without critique.
pub fn outline(labelled: &Labelled, article: &Article) -> Outline {
    let ids = |test: &dyn Fn(&LabelledSentence) -> bool| -> Vec<u32> {
        labelled
            .sentences
            .iter()
            .enumerate()
            .filter(|(_, s)| test(s))
            .map(|(i, _)| i as u32 + 1)
            .collect()
    };
    let says = |ids: &[u32]| Statement {
        text: article.sentence(ids[0]).expect("counted").text.clone(),
        evidence: ids.to_vec(),
        origin: Origin::Source,
        parts: Vec::new(),
    };
    let challenges = LABELS
        .iter()
        .map(|&(key, ko, en)| {
            let of = |s: &LabelledSentence| s.challenge.as_deref() == Some(key);
            let mut evidence = ids(&|s| of(s) && s.role == Role::Claim);
            evidence.extend(ids(&|s| {
                of(s) && !matches!(s.role, Role::Claim | Role::Remedy)
            }));
            let remedy = ids(&|s| of(s) && s.role == Role::Remedy);
            let discussed = !evidence.is_empty();
            Challenge {
                key: key.into(),
                label: if labelled.lang == Language::Ko {
                    ko
                } else {
                    en
                }
                .into(),
                status: if discussed {
                    Status::Discussed
                } else {
                    Status::NotDiscussed
                },
                text: discussed.then(|| says(&evidence).text),
                remedy: (discussed && !remedy.is_empty()).then(|| says(&remedy)),
                evidence,
                origin: Origin::Source,
                parts: Vec::new(),
                critique: Vec::new(),
            }
        })
        .collect();
    let argument = [
        (Role::Claim, 2),
        (Role::Evidence, 3),
        (Role::Remedy, 1),
        (Role::Conclusion, 1),
    ]
    .into_iter()
    .flat_map(|(role, most)| {
        ids(&|s| s.role == role && !s.thesis)
            .into_iter()
            .take(most)
            .map(move |id| (role, id))
    })
    .map(|(role, id)| ArgumentPoint {
        role,
        statement: says(&[id]),
    })
    .collect();
    let thesis = ids(&|s| s.thesis)
        .first()
        .or(ids(&|s| s.role == Role::Conclusion).last())
        .or(Some(&1))
        .map(|&id| says(&[id]));
    let count = article.sentences.len();
    Outline {
        lens: "five-challenges".into(),
        output_language: labelled.lang,
        engine: EngineInfo {
            name: "extractive".into(),
            model: None,
            model_sha256: None,
            prompt_sha256: None,
            candidates: None,
            version: "0".into(),
        },
        thesis: if count == 0 { None } else { thesis },
        argument,
        challenges,
        critique: Vec::new(),
        coverage: Coverage {
            sentences: count,
            seen: count,
            chunks: 1,
        },
        replaced: Verification::default(),
        warnings: Vec::new(),
    }
}
