//! Briefs written by hand for articles of our own.
//!
//! In:  a folder of `tests/cases/replay/`: `article.txt` and `brief.json`. Out: the article, and of its brief the parts a model says.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use sukje::article::{Article, Language};
use sukje::brief::{ArgumentPoint, Brief, Challenge, CritiquePoint, Statement};
use sukje::clean::{CleanOptions, clean};
use sukje::input::{Document, read_file};
use sukje::outline::extractive;
use sukje::verify::verify;

use crate::scripted::options;

/// The parts of a brief that a model says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Said {
    pub schema: String,
    pub language: Language,
    pub output_language: Language,
    pub thesis: Statement,
    pub argument: Vec<ArgumentPoint>,
    pub challenges: Vec<Challenge>,
    pub critique: Vec<CritiquePoint>,
}

/// A brief and what it is of.
pub struct Replay {
    pub name: String,
    pub article: Article,
    pub document: Document,
    pub said: Said,
}

/// All of them, by name.
pub fn all() -> Vec<Replay> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/replay");
    let entries = std::fs::read_dir(folder).expect("the folder is in the repository");
    let mut folders: Vec<PathBuf> = entries.map(|e| e.expect("readable").path()).collect();
    folders.sort();
    folders.iter().map(|folder| read(folder)).collect()
}

fn read(folder: &Path) -> Replay {
    let document = read_file(&folder.join("article.txt"), None).expect("an article");
    let said = std::fs::read_to_string(folder.join("brief.json")).expect("a brief");
    Replay {
        name: folder.file_name().expect("named").to_string_lossy().into(),
        article: clean(&document, &CleanOptions::default()),
        document,
        said: serde_json::from_str(&said).expect("a brief of our form"),
    }
}

impl Said {
    /// Every text that a model writes, with its field.
    pub fn texts(&self) -> Vec<(String, Statement)> {
        let mut all = vec![("thesis.text".to_string(), self.thesis.clone())];
        let points = self.argument.iter().enumerate();
        all.extend(points.map(|(at, p)| (format!("argument[{at}].text"), p.statement.clone())));
        for (at, challenge) in self.challenges.iter().enumerate() {
            let field = format!("challenges[{at}]");
            all.extend(of_challenge(challenge).map(|text| (format!("{field}.text"), text)));
            let remedy = challenge.remedy.iter().cloned();
            all.extend(remedy.map(|text| (format!("{field}.remedy.text"), text)));
            all.extend(points_of(&format!("{field}.critique"), &challenge.critique));
        }
        all.extend(points_of("critique", &self.critique));
        all
    }

    /// The same brief with other words in one field.
    pub fn with(&self, field: &str, text: &str) -> Said {
        let mut said = self.clone();
        let index = |part: usize| -> usize {
            let numbers = field.split(['[', ']']).skip(1).step_by(2);
            let number = numbers.clone().nth(part);
            number.and_then(|n| n.parse().ok()).expect("an index")
        };
        let place = if field == "thesis.text" {
            &mut said.thesis.text
        } else if field.starts_with("argument") {
            &mut said.argument[index(0)].statement.text
        } else if field.starts_with("critique") {
            &mut said.critique[index(0)].statement.text
        } else if field.contains("critique") {
            &mut said.challenges[index(0)].critique[index(1)].statement.text
        } else if let Some(remedy) = &mut said.challenges[index(0)].remedy
            && field.contains("remedy")
        {
            &mut remedy.text
        } else {
            said.challenges[index(0)].text.as_mut().expect("a text")
        };
        text.clone_into(place);
        said
    }

    /// The whole brief that says it.
    pub fn brief(&self, article: &Article) -> Brief {
        let options = options(Some(self.output_language));
        Brief {
            thesis: Some(self.thesis.clone()),
            argument: self.argument.clone(),
            challenges: self.challenges.clone(),
            critique: self.critique.clone(),
            ..verify(article, extractive::outline(article, &options))
        }
    }
}

/// What a challenge says, as a statement.
pub fn of_challenge(challenge: &Challenge) -> Option<Statement> {
    Some(Statement {
        text: challenge.text.clone()?,
        evidence: challenge.evidence.clone(),
        origin: challenge.origin,
        parts: challenge.parts.clone(),
    })
}

fn points_of(field: &str, points: &[CritiquePoint]) -> Vec<(String, Statement)> {
    let text =
        |(at, p): (usize, &CritiquePoint)| (format!("{field}[{at}].text"), p.statement.clone());
    points.iter().enumerate().map(text).collect()
}
