//! Prompts: what the model is asked, from the files under `prompts/`.
//!
//! In:  the note's language and what a part is about. Out: texts, and a hash that names their version. Knows no tokens.

use sha2::{Digest, Sha256};

use crate::article::{Language, Sentence};
use crate::hash::hex;

/// The texts of one language, in the order they are hashed in.
#[derive(Debug, Clone, Copy)]
pub struct Prompts {
    system: &'static str,
    article: &'static str,
    thesis: &'static str,
    argument: &'static str,
    challenge: &'static str,
    critique: &'static str,
    cues: &'static str,
    again: &'static str,
}

macro_rules! prompts {
    ($folder:literal) => {
        Prompts {
            system: include_str!(concat!("../../../prompts/", $folder, "/system.txt")),
            article: include_str!(concat!("../../../prompts/", $folder, "/article.txt")),
            thesis: include_str!(concat!("../../../prompts/", $folder, "/thesis.txt")),
            argument: include_str!(concat!("../../../prompts/", $folder, "/argument.txt")),
            challenge: include_str!(concat!("../../../prompts/", $folder, "/challenge.txt")),
            critique: include_str!(concat!("../../../prompts/", $folder, "/critique.txt")),
            cues: include_str!(concat!("../../../prompts/", $folder, "/cues.txt")),
            again: include_str!(concat!("../../../prompts/", $folder, "/again.txt")),
        }
    };
}

const KO: Prompts = prompts!("ko");
const EN: Prompts = prompts!("en");

impl Prompts {
    /// The texts for notes in `language`.
    pub fn of(language: Language) -> Prompts {
        match language {
            Language::Ko => KO,
            Language::En => EN,
        }
    }

    fn files(&self) -> [&'static str; 8] {
        [
            self.system,
            self.article,
            self.thesis,
            self.argument,
            self.challenge,
            self.critique,
            self.cues,
            self.again,
        ]
    }

    /// The SHA-256 over all files, in hexadecimal: another word in one of them is another hash.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for file in self.files() {
            hash.update((file.len() as u64).to_le_bytes());
            hash.update(file);
        }
        hex(hash)
    }

    /// What is said before any article.
    pub fn system(&self) -> &'static str {
        self.system.trim_end()
    }

    /// The numbered sentences with a question behind them.
    pub fn article(&self, sentences: &str, question: &str) -> String {
        let values = [("sentences", sentences), ("question", question)];
        fill(self.article, &values)
    }

    /// The question for the thesis.
    pub fn thesis(&self) -> String {
        fill(self.thesis, &[])
    }

    /// The question for the line of reasoning.
    pub fn argument(&self) -> String {
        fill(self.argument, &[])
    }

    /// The question for a challenge, with the sentences that are likely to speak of it.
    pub fn challenge(&self, label: &str, question: Option<&str>, likely: &[u32]) -> String {
        let likely = match likely {
            [] => String::new(),
            ids => format!(" {} {}", self.cue("likely"), list(ids)),
        };
        let ask = question.unwrap_or(self.cue("ask"));
        fill(
            self.challenge,
            &[("label", label), ("ask", ask), ("likely", &likely)],
        )
    }

    /// The question for what can be attacked in a claim.
    pub fn critique(&self, id: u32, claim: &str) -> String {
        fill(self.critique, &[("id", &id.to_string()), ("claim", claim)])
    }

    /// What is said of a text that did not hold.
    pub fn again(&self, cause: &str) -> String {
        fill(self.again, &[("cause", cause)])
    }

    /// The line of that name behind the cited sentences. Empty for a name there is not; a test looks for all.
    pub fn cue(&self, name: &str) -> &'static str {
        let named = |line: &'static str| line.split_once(": ").filter(|(n, _)| *n == name);
        self.cues
            .lines()
            .find_map(named)
            .map_or("", |(_, text)| text)
    }
}

/// `[3, 5]`.
pub fn list(ids: &[u32]) -> String {
    let ids: Vec<String> = ids.iter().map(u32::to_string).collect();
    format!("[{}]", ids.join(", "))
}

/// A sentence under its number, as the model reads it.
pub fn numbered(sentence: &Sentence) -> String {
    format!("[{}] {}", sentence.id, sentence.text)
}

/// Puts values into the places of a template. Once, from left to right: braces in a value are text.
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

    /// The places of a template, in order.
    fn places(template: &str) -> Vec<&str> {
        template
            .split('{')
            .skip(1)
            .map(|rest| rest.split('}').next().unwrap_or(rest))
            .collect()
    }

    #[test]
    fn every_text_has_its_places_and_no_control_token() {
        for prompts in [KO, EN] {
            let expected: [&[&str]; 8] = [
                &[],
                &["sentences", "question"],
                &[],
                &[],
                &["label", "ask", "likely"],
                &["id", "claim"],
                &[],
                &["cause"],
            ];
            for (file, expected) in prompts.files().iter().zip(expected) {
                assert_eq!(places(file), expected, "{file}");
                assert!(!file.contains("<|") && !file.trim().is_empty(), "{file}");
            }
            for cue in [
                "ask",
                "likely",
                "thesis",
                "point",
                "challenge",
                "remedy",
                "again",
            ] {
                assert!(!prompts.cue(cue).is_empty(), "{cue}");
            }
        }
    }

    #[test]
    fn what_an_article_says_is_no_place() {
        let text = EN.article("[1] {question} {x}", "Why? {sentences}");
        assert!(text.contains("[1] {question} {x}") && text.ends_with("Why? {sentences}"));
        assert_eq!(fill("a {b", &[("b", "c")]), "a c");
    }

    #[test]
    fn questions_name_what_they_are_about() {
        let asked = KO.challenge("전력", Some("전력이 모자라는가?"), &[3, 4]);
        assert!(
            asked.ends_with("\n전력: 전력이 모자라는가? 먼저 볼 문장: [3, 4]"),
            "{asked}"
        );
        let asked = EN.challenge("Water", None, &[]);
        assert!(asked.ends_with("\nWater: Does the article speak of this challenge?"));
        assert!(
            EN.critique(7, "prices fall")
                .contains("In sentence 7 this article claims: “prices fall”")
        );
    }

    #[test]
    fn languages_have_their_own_version() {
        assert_eq!(KO.sha256().len(), 64);
        assert_ne!(KO.sha256(), EN.sha256());
        let other = Prompts {
            again: "x {cause}",
            ..EN
        };
        assert_ne!(other.sha256(), EN.sha256());
    }
}
