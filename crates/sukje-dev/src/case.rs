//! Written cases: articles with what people marked in them, as the training and the tests have them.
//!
//! In:  a case's JSON. Out: its `Article` without noise, with some of its marks lost or none, and its `Gold` answer.

use std::collections::BTreeMap;

use serde::Deserialize;

use sukje::article::{Article, Language};
use sukje::brief::Role;
use sukje::eval::Gold;

/// An article written with its answer.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    /// Its name.
    pub id: String,
    /// Its language.
    pub lang: Language,
    /// Its headline.
    #[serde(default)]
    pub title: String,
    /// Its sentences in reading order.
    pub sentences: Vec<CaseSentence>,
}

/// A sentence with what people marked.
#[derive(Debug, Clone, Deserialize)]
pub struct CaseSentence {
    /// As it was written.
    pub text: String,
    /// The key of its challenge.
    #[serde(default)]
    pub challenge: Option<String>,
    /// What it does.
    pub role: Role,
    /// Whether it says the article's main point.
    #[serde(default)]
    pub thesis: bool,
    /// Whether a digest needs it.
    #[serde(default)]
    pub key: bool,
}

/// What a scraper does to marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Punctuation {
    /// All stays.
    Keep,
    /// Quotation marks go.
    FinalOnly,
    /// All goes but what stands inside numbers.
    Strip,
}

impl Case {
    /// The case's own sentences as an article, without noise.
    pub fn article(&self, punctuation: Punctuation) -> Article {
        let texts = self.sentences.iter();
        let texts = texts.map(|s| degrade(&s.text, punctuation));
        Article::of_lines(&self.id, self.lang, &self.title, texts)
    }

    /// The case's answer.
    pub fn gold(&self) -> Gold {
        let indices = |keep: &dyn Fn(&CaseSentence) -> bool| {
            (0..self.sentences.len())
                .filter(|&i| keep(&self.sentences[i]))
                .collect::<Vec<_>>()
        };
        let mut challenges: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, sentence) in self.sentences.iter().enumerate() {
            if let Some(key) = &sentence.challenge {
                challenges.entry(key.clone()).or_default().push(i);
            }
        }
        Gold {
            id: self.id.clone(),
            title: self.title.clone(),
            noise: Vec::new(),
            sentences: self.sentences.iter().map(|s| s.text.clone()).collect(),
            roles: self.sentences.iter().map(|s| s.role).collect(),
            thesis: indices(&|s| s.thesis),
            key: indices(&|s| s.key),
            challenges,
        }
    }
}

/// The text as a scraper that loses marks leaves it.
pub fn degrade(text: &str, punctuation: Punctuation) -> String {
    const QUOTES: &str = "\"'“”‘’「」『』";
    const ALL: &str = "\"'“”‘’「」『』《》〈〉·…,!?()[]";
    if punctuation == Punctuation::Keep {
        return text.to_string();
    }
    let chars: Vec<char> = text.chars().collect();
    let digit = |i: Option<usize>| {
        i.and_then(|i| chars.get(i))
            .is_some_and(char::is_ascii_digit)
    };
    let mut out = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let gone = match punctuation {
            Punctuation::Strip => {
                ALL.contains(c) || c == '.' && !(digit(i.checked_sub(1)) && digit(Some(i + 1)))
            }
            _ => QUOTES.contains(c),
        };
        out.push(if gone { ' ' } else { c });
    }
    let folded = out.split_whitespace().collect::<Vec<_>>().join(" ");
    [" .", " ,", " !", " ?"]
        .iter()
        .fold(folded, |text, mark| text.replace(mark, mark.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_lost_as_scrapers_lose_them() {
        let text = "“값이 1,200원, 3.5배다.”";
        assert_eq!(degrade(text, Punctuation::Strip), "값이 1 200원 3.5배다");
        assert_eq!(
            degrade(text, Punctuation::FinalOnly),
            "값이 1,200원, 3.5배다."
        );
        assert_eq!(degrade(text, Punctuation::Keep), text);
    }
}
