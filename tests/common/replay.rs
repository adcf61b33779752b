//! Briefs written by hand for articles of our own, and a decoder that plays one: every head wants exactly what stands there.
//!
//! In:  a folder of `tests/cases/replay/`: `article.txt` and `brief.json`, of a brief the parts a model says. Out: the article and its
//! brief, and a script of both.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use sukje::article::{Article, Language};
use sukje::clean::{CleanOptions, clean};
use sukje::input::{Document, read_file};
use sukje::model::script::ScriptedDecoder;
use sukje::outline::{ArgumentPoint, Challenge, CritiquePoint, Role, Statement, Status};

use crate::scripted::{Asked, scripted};

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

    fn points(&self) -> impl Iterator<Item = &CritiquePoint> {
        let challenges = self.challenges.iter().flat_map(|c| &c.critique);
        self.critique.iter().chain(challenges)
    }
}

/// What a challenge says, as a statement.
pub fn of_challenge(challenge: &Challenge) -> Option<Statement> {
    Some(Statement {
        text: challenge.text.clone()?,
        evidence: challenge.evidence.clone(),
        origin: challenge.origin,
    })
}

fn points_of(field: &str, points: &[CritiquePoint]) -> Vec<(String, Statement)> {
    let text =
        |(at, p): (usize, &CritiquePoint)| (format!("{field}[{at}].text"), p.statement.clone());
    points.iter().enumerate().map(text).collect()
}

/// A decoder that says what the brief says.
pub fn player(said: Said) -> ScriptedDecoder {
    scripted(move |asked| {
        if asked.is_critique() {
            return asked.next(&critique(&said, asked), asked.answer);
        }
        let challenge = said
            .challenges
            .iter()
            .find(|c| asked.is_challenge() && asked.question.contains(&format!("\n{}: ", c.label)));
        if asked.cites() {
            let citation = match challenge {
                Some(challenge) => status(challenge),
                None if asked.is_argument() => steps(&said.argument),
                None => ids(&said.thesis.evidence),
            };
            return asked.next(&citation, asked.answer);
        }
        let text = match challenge {
            Some(challenge) if remedies(asked) => challenge.remedy.as_ref()?.text.clone(),
            Some(challenge) => challenge.text.clone()?,
            None if asked.is_argument() => step(&said.argument, asked)?.statement.text.clone(),
            None => said.thesis.text.clone(),
        };
        asked.next(&format!(" {text}"), asked.written())
    })
}

fn ids(ids: &[u32]) -> String {
    let ids: Vec<String> = ids.iter().map(u32::to_string).collect();
    format!("[{}]", ids.join(", "))
}

fn steps(argument: &[ArgumentPoint]) -> String {
    let step = |p: &ArgumentPoint| {
        let role = match p.role {
            Role::Context => "context",
            Role::Claim => "claim",
            Role::Evidence => "evidence",
            Role::Remedy => "remedy",
            Role::Conclusion => "conclusion",
        };
        format!("{role} {}\n", ids(&p.statement.evidence))
    };
    argument.iter().map(step).collect::<String>() + "end"
}

fn status(challenge: &Challenge) -> String {
    if challenge.status == Status::NotDiscussed {
        return "not_discussed".into();
    }
    let remedy = challenge.remedy.as_ref();
    let remedy = remedy.map_or("none".into(), |r| ids(&r.evidence));
    format!("discussed {}; remedy {remedy}", ids(&challenge.evidence))
}

/// Whether the cue behind the cited sentences asks for a remedy.
fn remedies(asked: &Asked) -> bool {
    let last = asked.answer.rsplit('\n').next().unwrap_or("");
    ["해법:", "Remedy:"].iter().any(|cue| last.starts_with(cue))
}

/// The step whose first sentence was recited first.
fn step<'s>(argument: &'s [ArgumentPoint], asked: &Asked) -> Option<&'s ArgumentPoint> {
    let recited = asked.answer.lines().find(|line| line.starts_with('['))?;
    let id: u32 = recited[1..].split(']').next()?.parse().ok()?;
    argument.iter().find(|p| p.statement.evidence[0] == id)
}

/// Kind and words of the point on the sentence that is asked about.
fn critique(said: &Said, asked: &Asked) -> String {
    let on = |p: &&CritiquePoint| {
        let id = p.statement.evidence[0];
        let asks = [format!("문장 {id}에서"), format!("In sentence {id} ")];
        asks.iter().any(|words| asked.question.contains(words))
    };
    let Some(point) = said.points().find(on) else {
        return String::new();
    };
    let kind = serde_json::to_value(point.kind).expect("a name");
    format!(
        "{}: {}",
        kind.as_str().expect("a name"),
        point.statement.text
    )
}
