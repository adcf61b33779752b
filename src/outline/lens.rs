//! A lens: which challenges to look for, with their labels, cues and senses, as data.
//!
//! In:  a TOML file, embedded or the user's own; its form is explained at the top of `lenses/five-challenges.toml`.
//! Out: `Lens`. A broken file is an error of one line that names the line or the key; nothing is guessed or left out.

use serde::Deserialize;
use thiserror::Error;

use crate::language::script::is_letter;
use crate::language::{Language, PerLanguage};

/// The name of the lens that is used where none is asked for.
pub const DEFAULT_LENS: &str = "five-challenges";

/// The lenses in the binary: name and file.
const BUILTIN: [(&str, &str); 2] = [
    (
        DEFAULT_LENS,
        include_str!("../../lenses/five-challenges.toml"),
    ),
    ("business", include_str!("../../lenses/business.toml")),
];

/// More challenges than a reader could compare, and the decoder's work grows with their square.
const MOST_CHALLENGES: usize = 12;

/// A set of challenges and the words they are found by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lens {
    /// The lens's name, such as `five-challenges`.
    pub name: String,
    /// The challenges, in the order briefs list them.
    #[serde(rename = "challenge")]
    pub challenges: Vec<LensChallenge>,
    /// Says whether this is the built-in lens the weights were trained for.
    #[serde(skip)]
    pub(crate) trained: bool,
}

/// One challenge of a lens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LensChallenge {
    /// The name output uses, such as `power`.
    pub key: String,
    /// What readers call it.
    pub label: Label,
    /// What a model is asked about it; a question made of the label where there is none.
    #[serde(default)]
    pub question: Option<Label>,
    /// Cues for Korean articles.
    #[serde(default)]
    pub ko: Cues,
    /// Cues for English articles.
    #[serde(default)]
    pub en: Cues,
}

/// A label, or a question, in each output language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
}

/// The words and phrases a challenge is found by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cues {
    /// Speak of the challenge almost wherever they stand.
    pub strong: Vec<String>,
    /// Speak of it more often than of another.
    pub weak: Vec<String>,
    /// Phrases in which a cue means something else.
    pub not: Vec<String>,
    /// Words with several meanings.
    pub senses: Vec<Sense>,
}

/// A word whose company decides what it means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sense {
    /// The word.
    pub word: String,
    /// Words that make it count.
    #[serde(default)]
    pub with: Vec<String>,
    /// Words beside which it means something else.
    #[serde(default)]
    pub not: Vec<String>,
}

/// Why a lens could not be used.
#[derive(Debug, Error)]
pub enum LensError {
    /// No built-in lens has this name.
    #[error("no lens named {0} (there are {names})", names = Lens::names().join(", "))]
    Unknown(String),
    /// The file is no lens: where and why.
    #[error("line {line}: {cause}")]
    Syntax {
        /// The line the reader stopped at, from 1.
        line: usize,
        /// What is wrong there.
        cause: String,
    },
    /// The file reads well and makes no sense.
    #[error("{key}: {cause}")]
    Value {
        /// The key that is wrong.
        key: String,
        /// What is wrong with it.
        cause: &'static str,
    },
}

impl Lens {
    /// Returns the names of the built-in lenses, the default first.
    pub fn names() -> Vec<&'static str> {
        BUILTIN.iter().map(|(name, _)| *name).collect()
    }

    /// Returns the built-in lens with this name.
    pub fn builtin(name: &str) -> Result<Lens, LensError> {
        let (_, text) = BUILTIN
            .iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| LensError::Unknown(name.to_string()))?;
        let mut lens = Lens::from_toml(text)?;
        lens.trained = name == DEFAULT_LENS;
        Ok(lens)
    }

    /// Reads a lens from the text of a lens file.
    pub fn from_toml(text: &str) -> Result<Lens, LensError> {
        let lens: Lens = toml::from_str(text).map_err(|error| syntax(text, &error))?;
        check(&lens)?;
        Ok(lens)
    }
}

impl LensChallenge {
    /// Returns the cues for articles in `language`.
    pub fn cues(&self, language: Language) -> &Cues {
        let Self { ko, en, .. } = self;
        PerLanguage { ko, en }[language]
    }
}

impl Label {
    /// Returns the label for a brief in `language`.
    pub fn text(&self, language: Language) -> &str {
        let Self { ko, en } = self;
        PerLanguage { ko, en }[language]
    }
}

/// The reader's own messages show the line below them; one line is what an error may have here.
fn syntax(text: &str, error: &toml::de::Error) -> LensError {
    let at = error.span().map_or(text.len(), |span| span.start);
    let line = text.bytes().take(at).filter(|&b| b == b'\n').count() + 1;
    let words: Vec<&str> = error.message().split_whitespace().collect();
    let cause = words.join(" ");
    LensError::Syntax { line, cause }
}

/// Letters, figures and unit signs such as ㎞, which are no letters.
fn says_something(c: char) -> bool {
    is_letter(c) || !c.is_ascii() && !c.is_whitespace()
}

fn check(lens: &Lens) -> Result<(), LensError> {
    let wrong = |key: String, cause| Err(LensError::Value { key, cause });
    if lens.name.trim().is_empty() {
        return wrong("name".into(), "is empty");
    }
    if lens.challenges.is_empty() || lens.challenges.len() > MOST_CHALLENGES {
        return wrong("challenge".into(), "must stand between 1 and 12 times");
    }
    for (i, challenge) in lens.challenges.iter().enumerate() {
        let key = &challenge.key;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if key.is_empty() || !key.chars().all(plain) {
            let cause = "must be lower-case letters, digits, - or _";
            return wrong(format!("challenge[{i}].key"), cause);
        }
        if lens.challenges[..i].iter().any(|other| other.key == *key) {
            return wrong(format!("challenge[{i}].key"), "stands twice");
        }
        for (language, cues) in [("ko", &challenge.ko), ("en", &challenge.en)] {
            let words = cues.strong.iter().chain(&cues.weak).chain(&cues.not);
            let senses = cues.senses.iter();
            let senses = senses.flat_map(|s| [&s.word].into_iter().chain(&s.with).chain(&s.not));
            let empty = |cue: &String| !cue.chars().any(says_something);
            if words.chain(senses).any(empty) {
                return wrong(format!("{key}.{language}"), "a cue has no letters");
            }
        }
        let question = challenge.question.as_ref();
        if question.is_some_and(|q| [&q.ko, &q.en].iter().any(|text| text.trim().is_empty())) {
            return wrong(format!("{key}.question"), "is empty");
        }
        if challenge.ko == Cues::default() && challenge.en == Cues::default() {
            return wrong(key.clone(), "has no cues in either language");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
name = "small"
[[challenge]]
key = "water"
label = { ko = "물", en = "Water" }
ko = { strong = ["상수도"] }
"#;

    fn check_error(text: &str, expected: &str) {
        let message = Lens::from_toml(text)
            .expect_err("the file is broken")
            .to_string();
        assert!(message.contains(expected), "{message:?} lacks {expected:?}");
        assert!(!message.contains('\n'), "{message:?} is more than a line");
    }

    #[test]
    fn built_in_lenses_read() {
        for name in Lens::names() {
            let lens = Lens::builtin(name).expect("built in");
            assert_eq!(lens.name, name);
            assert!(lens.challenges.iter().all(|c| c.question.is_some()));
        }
        let five = Lens::builtin(DEFAULT_LENS).expect("built in");
        let keys: Vec<&str> = five.challenges.iter().map(|c| c.key.as_str()).collect();
        assert_eq!(
            keys,
            ["ecosystem", "power", "talent", "regulation", "speed"]
        );
    }

    #[test]
    fn a_small_lens_of_ones_own_reads() {
        let lens = Lens::from_toml(SMALL).expect("sound");
        assert_eq!(lens.challenges[0].label.text(Language::En), "Water");
        assert!(!lens.trained);
    }

    #[test]
    fn a_broken_lens_names_line_or_key() {
        check_error("name = ", "line 1");
        check_error(&SMALL.replace("strong", "stronk"), "line 6");
        check_error(&SMALL.replace("[\"상수도\"]", "\"상수도\""), "line 6");
        check_error(&SMALL.replace("water", "Wa ter"), "challenge[0].key");
        check_error(&SMALL.replace("상수도", " * "), "water.ko");
        let question = "question = { ko = \" \", en = \"Does it?\" }\nko = {";
        check_error(&SMALL.replace("ko = {", question), "water.question");
        check_error("name = \"x\"\nchallenge = []\n", "challenge:");
        assert!(
            Lens::builtin("six")
                .expect_err("unknown")
                .to_string()
                .contains("five-challenges")
        );
    }
}
