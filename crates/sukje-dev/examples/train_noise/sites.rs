//! Sites written for training: what a page carries around its articles, and the articles.
//!
//! In:  `training/sites/LANGUAGE-WRITER-NUMBER.txt`. Out: `Site`. `training/README.md` says how the files are written.

use std::path::Path;

use serde_json::Value;
use sukje::article::Reason;
use sukje::clean::context::model::KINDS;
use sukje::language::{Language, PerLanguage};

/// A line with its kind, as an index of [`KINDS`].
#[derive(Debug, Clone)]
pub struct Line {
    pub text: String,
    pub kind: usize,
    /// It is a sub-heading or an item of a list.
    pub apart: bool,
}

/// Lines that stand together.
pub type Block = Vec<Line>;

/// An article and another text that got into its page.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    pub title: String,
    pub paragraphs: Vec<Block>,
    pub story: Vec<Line>,
}

/// One site.
#[derive(Debug, Clone)]
pub struct Site {
    pub language: Language,
    pub writer: String,
    pub top: Vec<Block>,
    pub under_title: Vec<Block>,
    pub between: Vec<Block>,
    pub tail: Vec<Block>,
    pub pieces: Vec<Piece>,
}

/// Reads all sites, by name.
pub fn read_all(folder: &Path) -> Vec<Site> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of sites is there")
        .map(|e| e.expect("readable").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Site {
    let name = path.file_stem().and_then(|n| n.to_str()).expect("a name");
    let mut parts = name.split('-');
    let language = match parts.next() {
        Some("ko") => Language::Ko,
        _ => Language::En,
    };
    let mut site = Site {
        language,
        writer: parts.next().expect("a writer").to_string(),
        top: Vec::new(),
        under_title: Vec::new(),
        between: Vec::new(),
        tail: Vec::new(),
        pieces: Vec::new(),
    };
    let text = std::fs::read_to_string(path).expect("readable");
    let mut section = String::new();
    let mut opens = true;
    for line in text.lines() {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix('[') {
            section = rest.split(']').next().unwrap_or("").to_string();
            if section == "article" {
                site.pieces.push(Piece::default());
            }
            opens = true;
            continue;
        }
        let Some((kind, text)) = line.split_once(": ") else {
            opens |= line.is_empty();
            continue;
        };
        site.push(&section, kind, text.trim(), opens);
        opens = false;
    }
    site
}

impl Site {
    /// Returns whether it was written as a site; what is older only adds to what is learned from.
    pub fn is_scored(&self) -> bool {
        !self.writer.starts_with('x')
    }

    fn push(&mut self, section: &str, kind: &str, text: &str, opens: bool) {
        let line = |kind: usize, apart: bool| Line {
            text: text.to_string(),
            kind,
            apart,
        };
        let piece = self.pieces.last_mut();
        let (blocks, line) = match (section, piece) {
            ("top", _) => (&mut self.top, line(kind_of(kind), false)),
            ("under title", _) => (&mut self.under_title, line(kind_of(kind), false)),
            ("between", _) => (&mut self.between, line(kind_of(kind), false)),
            ("tail", _) => (&mut self.tail, line(kind_of(kind), false)),
            ("article", Some(piece)) => {
                if kind == "title" {
                    piece.title = text.to_string();
                    return;
                }
                let quote = kind == "quote";
                let noise = if quote { kind_of("other") } else { 0 };
                (&mut piece.paragraphs, line(noise, kind != "text"))
            }
            ("story", Some(piece)) => {
                piece
                    .story
                    .push(line(kind_of("unrelated_article"), kind == "title"));
                return;
            }
            _ => return,
        };
        match blocks.last_mut() {
            Some(block) if !opens => block.push(line),
            _ => blocks.push(vec![line]),
        }
    }
}

/// Returns the index of a kind's name.
pub fn kind_of(name: &str) -> usize {
    let found = KINDS
        .iter()
        .position(|k| k.map_or("article", Reason::name) == name);
    found.unwrap_or_else(|| panic!("unknown kind {name}"))
}

/// Articles and noise lines that were written before the sites, as sites of writers of their own: they are learned from, and never
/// scored.
pub fn read_older(training: &Path) -> Vec<Site> {
    let mut paths: Vec<_> = std::fs::read_dir(training.join("articles"))
        .expect("the articles are there")
        .map(|e| e.expect("readable").path())
        .collect();
    paths.sort();
    let lines = |language: Language| noise_lines(&training.join("noise"), language);
    let pools = PerLanguage::from_fn(lines);
    paths
        .iter()
        .enumerate()
        .map(|(n, path)| {
            let text = std::fs::read_to_string(path).expect("readable");
            let case: Value = serde_json::from_str(&text).expect("valid JSON");
            let language = match case["lang"].as_str() {
                Some("ko") => Language::Ko,
                _ => Language::En,
            };
            older(&case, language, &pools[language], n)
        })
        .collect()
}

/// Plain reports, which nothing surrounds.
pub fn read_news(training: &Path) -> Vec<Site> {
    let mut sites = Vec::new();
    for language in Language::ALL {
        let path = training.join(format!("news/{}.jsonl", language.code()));
        let text = std::fs::read_to_string(path).expect("readable");
        for (n, line) in text.lines().enumerate() {
            let texts: Vec<String> = serde_json::from_str(line).expect("a list of texts");
            let sentences: Vec<Value> = texts[1..]
                .iter()
                .map(|t| serde_json::json!({ "text": t }))
                .collect();
            let case =
                serde_json::json!({ "title": texts[0], "sentences": sentences, "noise": [] });
            sites.push(older(&case, language, &[], n));
        }
    }
    sites
}

/// Blocks of noise lines, kind by kind, as they stand in the file.
fn noise_lines(folder: &Path, language: Language) -> Vec<Block> {
    let path = folder.join(format!("{}.tsv", language.code()));
    let text = std::fs::read_to_string(path).expect("readable");
    let lines = text.lines().filter_map(|line| {
        let (kind, text) = line.split_once('\t')?;
        let kind = match kind {
            "article" => return None,
            "headline" => "related_links",
            kind => kind,
        };
        Some(vec![Line {
            text: text.to_string(),
            kind: kind_of(kind),
            apart: false,
        }])
    });
    lines.collect()
}

/// Lines of the pool that each older article is given.
const POOLED: usize = 60;

fn older(case: &Value, language: Language, pool: &[Block], n: usize) -> Site {
    let texts = |value: &Value| -> Vec<String> {
        match value {
            Value::String(text) => vec![text.clone()],
            Value::Array(list) => list
                .iter()
                .filter_map(|t| t.as_str().map(String::from))
                .collect(),
            _ => Vec::new(),
        }
    };
    let sentences = case["sentences"].as_array().expect("a list");
    let mut site = Site {
        language,
        writer: format!("x{}", n % 8),
        top: Vec::new(),
        under_title: Vec::new(),
        between: Vec::new(),
        tail: Vec::new(),
        pieces: Vec::new(),
    };
    let mut piece = Piece {
        title: case["title"].as_str().unwrap_or("").to_string(),
        ..Piece::default()
    };
    for noise in case["noise"].as_array().expect("a list") {
        let kind = match noise["kind"].as_str() {
            Some("ad") => "advertisement",
            Some(kind) => kind,
            None => continue,
        };
        let lines: Block = texts(&noise["text"])
            .into_iter()
            .map(|text| Line {
                text,
                kind: kind_of(kind),
                apart: false,
            })
            .collect();
        let after = noise["after"].as_i64().unwrap_or(0);
        if kind == "unrelated_article" {
            piece.story = lines;
        } else if after < 0 {
            site.under_title.push(lines);
        } else if after as usize + 1 >= sentences.len() {
            site.tail.push(lines);
        } else {
            site.between.push(lines);
        }
    }
    for k in 0..if pool.is_empty() { 0 } else { POOLED } {
        let block = pool[(n * POOLED + k * 7) % pool.len()].clone();
        match k % 3 {
            0 => site.between.push(block),
            1 => site.tail.push(block),
            _ => site.tail.insert(0, block),
        }
    }
    for chunk in sentences.chunks(3) {
        let lines = chunk.iter().map(|s| Line {
            text: s["text"].as_str().unwrap_or("").to_string(),
            kind: 0,
            apart: false,
        });
        piece.paragraphs.push(lines.collect());
    }
    site.pieces.push(piece);
    site
}
