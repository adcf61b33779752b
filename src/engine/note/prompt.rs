//! Prompts: what a model is asked, from the files under `prompts/` or others in their place.
//!
//! In:  the note's language and the subject of a question. Out: texts, and a hash that names their version. Knows no tokens.

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::article::{Language, Sentence};
use crate::hash::hex;
use crate::language::PerLanguage;

/// The texts of one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompts {
    /// In the order of [`FILES`].
    texts: [Cow<'static, str>; FILES.len()],
}

/// Lists the files of prompts by their names without `.txt`, and embeds those of every language.
macro_rules! files {
    ($($name:literal),*) => {
        const FILES: [&str; [$($name),*].len()] = [$($name),*];
        static BUILT_IN: PerLanguage<[&str; FILES.len()]> = PerLanguage {
            ko: [$(include_str!(concat!("../../../prompts/ko/", $name, ".txt"))),*],
            en: [$(include_str!(concat!("../../../prompts/en/", $name, ".txt"))),*],
        };
    };
}
files! {
    "system", "article", "thesis", "argument", "challenge", "critique", "cues", "again", "remote", "line"
}

/// The files of lines `name: text`. Another must have the lines of the built-in one, as each must have its places.
const OF_LINES: [&str; 2] = ["cues", "remote"];

/// Why a text cannot take the place of a built-in one.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PromptError {
    /// Nothing in it.
    #[error("is empty")]
    Empty,
    /// Its places are not those that are filled in.
    #[error("has the places {found}, and {expected} are filled in")]
    Places {
        /// What it has.
        found: String,
        /// What it must have.
        expected: String,
    },
    /// A cue is missing.
    #[error("has no line that begins with \"{0}: \"")]
    Cue(&'static str),
}

impl Prompts {
    /// Returns the built-in texts for notes in `language`.
    pub fn of(language: Language) -> Prompts {
        Prompts {
            texts: BUILT_IN[language].map(Cow::Borrowed),
        }
    }

    /// Returns the names of the files, without `.txt`.
    pub fn names() -> [&'static str; FILES.len()] {
        FILES
    }

    /// Puts a text in the place of the file of that name, one of [`Prompts::names`].
    pub fn replace(&mut self, name: &str, text: String) -> Result<(), PromptError> {
        let Some(at) = FILES.iter().position(|known| *known == name) else {
            return Ok(());
        };
        if text.trim().is_empty() {
            return Err(PromptError::Empty);
        }
        let built_in = BUILT_IN.en[at];
        let (found, expected) = (places(&text), places(built_in));
        if found != expected {
            return Err(PromptError::Places {
                found: named(&found),
                expected: named(&expected),
            });
        }
        if OF_LINES.contains(&name) {
            let lacking = |cue: &&str| !text.lines().any(|line| cue_of(line, cue).is_some());
            let mut cues = built_in.lines().filter_map(|line| line.split_once(": "));
            if let Some((cue, _)) = cues.find(|(cue, _)| lacking(cue)) {
                return Err(PromptError::Cue(cue));
            }
        }
        self.texts[at] = Cow::Owned(text);
        Ok(())
    }

    fn text(&self, name: &str) -> &str {
        let at = FILES.iter().position(|known| *known == name);
        at.map_or("", |at| &self.texts[at])
    }

    /// Returns the SHA-256 over all files, in hexadecimal.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for text in &self.texts {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        hex(hash)
    }

    /// Returns the system prompt.
    pub fn system(&self) -> &str {
        self.text("system").trim_end()
    }

    /// Returns the numbered sentences with a question behind them.
    pub fn article(&self, sentences: &str, question: &str) -> String {
        let values = [("sentences", sentences), ("question", question)];
        fill(self.text("article"), &values)
    }

    /// Returns what stands before a line of a part: examples, the part's label, the sentences it cites.
    pub fn before_line(&self, label: &str, sentences: &str) -> String {
        let values = [("label", label), ("sentences", sentences)];
        fill(self.text("line").trim_end(), &values)
    }

    /// Returns the question for the thesis.
    pub fn thesis(&self) -> String {
        fill(self.text("thesis"), &[])
    }

    /// Returns the question for the line of reasoning.
    pub fn argument(&self) -> String {
        fill(self.text("argument"), &[])
    }

    /// Returns the question for a challenge, with the sentences that are likely to speak of it.
    pub fn challenge(&self, label: &str, question: Option<&str>, likely: &[u32]) -> String {
        let likely = match likely {
            [] => String::new(),
            ids => format!(" {} {}", self.cue("likely"), list(ids)),
        };
        let ask = question.unwrap_or(self.cue("ask"));
        fill(
            self.text("challenge"),
            &[("label", label), ("ask", ask), ("likely", &likely)],
        )
    }

    /// Returns the question for what can be attacked in a claim.
    pub fn critique(&self, id: u32, claim: &str) -> String {
        fill(
            self.text("critique"),
            &[("id", &id.to_string()), ("claim", claim)],
        )
    }

    /// Returns the request to write a text again that did not hold.
    pub fn again(&self, cause: &str) -> String {
        fill(self.text("again"), &[("cause", cause)])
    }

    /// Returns the line of that name behind the cited sentences; empty if there is none.
    pub fn cue(&self, name: &str) -> &str {
        self.line("cues", name)
    }

    /// Returns the line of that name behind a question to a server; empty if there is none.
    pub fn remote(&self, name: &str) -> &str {
        self.line("remote", name)
    }

    fn line(&self, file: &str, name: &str) -> &str {
        let mut lines = self.text(file).lines();
        lines.find_map(|line| cue_of(line, name)).unwrap_or("")
    }
}

/// Returns the cue of a line `name: cue`.
fn cue_of<'t>(line: &'t str, name: &str) -> Option<&'t str> {
    line.strip_prefix(name)?.strip_prefix(": ")
}

/// Returns the places of a template by their names, in the order of the alphabet.
fn places(template: &str) -> Vec<&str> {
    let behind = template.split('{').skip(1);
    let names = behind.map(|rest| rest.split('}').next().unwrap_or(rest));
    let mut places: Vec<&str> = names.collect();
    places.sort_unstable();
    places
}

fn named(places: &[&str]) -> String {
    match places {
        [] => "none".into(),
        places => places.iter().map(|place| format!("{{{place}}}")).collect(),
    }
}

/// Writes ids as `[3, 5]`.
pub fn list(ids: &[u32]) -> String {
    let ids: Vec<String> = ids.iter().map(u32::to_string).collect();
    format!("[{}]", ids.join(", "))
}

/// Returns a sentence under its number, as the model reads it.
pub fn numbered(sentence: &Sentence) -> String {
    format!("[{}] {}", sentence.id, sentence.text)
}

/// Puts values into the places of a template, in one pass from left to right: braces in a value are text.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template.trim_end();
    while let Some(at) = rest.find('{') {
        let end = rest[at..].find('}').map_or(rest.len(), |end| at + end);
        let name = &rest[at + 1..end];
        out.push_str(&rest[..at]);
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            out.push_str(value);
        }
        rest = rest.get(end + 1..).unwrap_or("");
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ko() -> Prompts {
        Prompts::of(Language::Ko)
    }

    fn en() -> Prompts {
        Prompts::of(Language::En)
    }

    #[test]
    fn the_built_in_texts_could_be_put_in_place() {
        for prompts in [ko(), en()] {
            let mut same = prompts.clone();
            for name in Prompts::names() {
                let text = prompts.text(name).to_string();
                assert!(!text.contains("<|"), "{text}");
                assert_eq!(same.replace(name, text), Ok(()), "{name}");
            }
            assert_eq!(same, prompts);
            assert!(!prompts.cue("remedy").is_empty() && !prompts.remote("critique").is_empty());
        }
    }

    #[test]
    fn what_cannot_take_a_place_says_why() {
        let check = |name: &str, text: &str, expected: &str| {
            let error = en().replace(name, text.into()).unwrap_err();
            assert_eq!(error.to_string(), expected);
        };
        check("thesis", " \n", "is empty");
        check(
            "article",
            "Read: {sentences}",
            "has the places {sentences}, and {question}{sentences} are filled in",
        );
        check(
            "system",
            "Be {kind}.",
            "has the places {kind}, and none are filled in",
        );
        check(
            "cues",
            "ask: x\n",
            "has no line that begins with \"likely: \"",
        );
    }

    #[test]
    fn what_an_article_says_is_no_place() {
        let text = en().article("[1] {question} {x}", "Why? {sentences}");
        assert!(text.contains("[1] {question} {x}") && text.ends_with("Why? {sentences}"));
        assert_eq!(fill("a {b", &[("b", "c")]), "a c");
    }

    #[test]
    fn questions_name_what_they_are_about() {
        let asked = ko().challenge("전력", Some("전력이 모자라는가?"), &[3, 4]);
        assert!(
            asked.ends_with("\n전력: 전력이 모자라는가? 먼저 볼 문장: [3, 4]"),
            "{asked}"
        );
        let asked = en().challenge("Water", None, &[]);
        assert!(asked.ends_with("\nWater: Does the article speak of this challenge?"));
        assert!(
            en().critique(7, "prices fall")
                .contains("In sentence 7 this article claims: “prices fall”")
        );
    }

    #[test]
    fn languages_have_their_own_version() {
        assert_eq!(ko().sha256().len(), 64);
        assert_ne!(ko().sha256(), en().sha256());
        let mut other = en();
        other.replace("again", "x {cause}".into()).unwrap();
        assert_ne!(other.sha256(), en().sha256());
    }
}
