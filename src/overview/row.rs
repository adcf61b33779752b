//! A row: what the overview knows of one article, small enough that it is read once for every thing it is wanted for.
//!
//! In:  a `Brief`, its article's id and where its note stands. Out: `ArticleRow`. Every text is a sentence of the article, word
//! for word, with its number; also where a model wrote the brief.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::GramSketch;
use crate::article::{Language, Sentence};
use crate::brief::{Brief, Challenge, Statement, Status};

/// Letters shown of a sentence or headline; a "sentence" of a text that could not be cut may be a megabyte.
const MOST_CHARS: usize = 240;
/// Sentences quoted of a challenge: the best is shown, the others are what articles are compared by.
const MOST_SAID: usize = 4;
/// Numbers of sentences kept of a challenge.
pub(super) const MOST_EVIDENCE: usize = 8;
/// The greatest strength.
pub(super) const MOST_STRENGTH: u8 = 3;

/// What one article says, as the overview needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleRow {
    /// The article's id: what its receipts name.
    pub id: String,
    /// Where its note stands, relative to the output folder, with `/` between folders.
    pub note: String,
    /// The headline, cut where it is long.
    pub title: Option<String>,
    /// The article's language.
    pub language: Language,
    /// The note's language.
    pub output_language: Language,
    /// Says how many sentences the article has.
    pub sentences: usize,
    /// The sentence that carries the article's main point.
    pub thesis: Option<Quote>,
    /// The lens's challenges in its order.
    pub challenges: Vec<ChallengeCell>,
    /// Findings about the text.
    pub warnings: usize,
    /// Texts of the note that did not hold and were replaced.
    pub fallbacks: usize,
    /// Sampled 5-grams, by which near-duplicates are told; the overview does not hand them on.
    #[serde(default, skip_serializing_if = "GramSketch::is_empty")]
    #[schemars(skip)]
    pub sketch: GramSketch,
}

/// What one article says about one challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChallengeCell {
    /// The lens's key, such as `power`.
    pub key: String,
    /// The lens's label in the note's language.
    pub label: String,
    /// Says whether the article speaks of it.
    pub status: Status,
    /// Says how much of the article carries it: 0 none, 1 one sentence, 2 two to four, 3 five or more.
    pub strength: u8,
    /// Numbers of the sentences that carry it, best first, at most eight.
    pub evidence: Vec<u32>,
    /// The best of them, at most four, best first.
    pub said: Vec<Quote>,
    /// The sentence that says what should be done.
    pub remedy: Option<Quote>,
    /// A sentence among them in which the article lets somebody disagree, or turns against what it said.
    pub dissent: Option<Quote>,
}

/// A sentence of an article, word for word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// Its number in the article.
    pub sentence: u32,
    /// The sentence, or its beginning.
    pub text: String,
    /// Says whether only its beginning stands here.
    pub cut: bool,
}

/// An input that has no note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailedInput {
    /// The article's id.
    pub id: String,
    /// Why there is none, on one line.
    pub cause: String,
}

impl ArticleRow {
    /// Returns the row of a brief whose note stands at `note`.
    pub fn of(id: &str, note: &str, brief: &Brief) -> ArticleRow {
        let article = &brief.article;
        ArticleRow {
            id: id.to_string(),
            note: note.to_string(),
            title: article.title.as_ref().map(|title| headline(&title.text)),
            language: article.language,
            output_language: brief.output_language,
            sentences: article.sentences.len(),
            thesis: brief.thesis.as_ref().and_then(|t| first(t, brief)),
            challenges: brief.challenges.iter().map(|c| cell(c, brief)).collect(),
            warnings: article.warnings.len(),
            fallbacks: brief.verification.fallbacks.len(),
            sketch: GramSketch::of(article.sentences.iter().map(|s| s.text.as_str())),
        }
    }
}

fn cell(challenge: &Challenge, brief: &Brief) -> ChallengeCell {
    let evidence = &challenge.evidence;
    let quotes = || evidence.iter().filter_map(|id| quote(*id, brief));
    ChallengeCell {
        key: challenge.key.clone(),
        label: challenge.label.clone(),
        status: challenge.status,
        strength: strength(evidence.len()),
        evidence: evidence.iter().copied().take(MOST_EVIDENCE).collect(),
        said: quotes().take(MOST_SAID).collect(),
        remedy: challenge.remedy.as_ref().and_then(|r| first(r, brief)),
        dissent: quotes().take(MOST_EVIDENCE).find(|q| disagrees(&q.text)),
    }
}

/// Grades how much of an article carries a challenge, by the number of its sentences that the brief cites for it.
pub(super) fn strength(sentences: usize) -> u8 {
    match sentences {
        0 => 0,
        1 => 1,
        2..=4 => 2,
        _ => MOST_STRENGTH,
    }
}

/// Returns the best sentence a statement cites.
fn first(statement: &Statement, brief: &Brief) -> Option<Quote> {
    quote(*statement.evidence.first()?, brief)
}

fn quote(id: u32, brief: &Brief) -> Option<Quote> {
    let index = (id as usize).checked_sub(1)?;
    let Sentence { id, text, .. } = brief.article.sentences.get(index)?;
    let beginning = beginning(text);
    Some(Quote {
        sentence: *id,
        text: beginning.to_string(),
        cut: beginning.len() < text.len(),
    })
}

fn headline(text: &str) -> String {
    let beginning = beginning(text);
    let mark = match beginning.len() < text.len() {
        true => "…",
        false => "",
    };
    format!("{beginning}{mark}")
}

/// Returns the text up to the last word that ends within [`MOST_CHARS`]; of a word longer than that, its beginning.
fn beginning(text: &str) -> &str {
    let Some((end, _)) = text.char_indices().nth(MOST_CHARS) else {
        return text;
    };
    let (beginning, rest) = text.split_at(end);
    let ends_a_word = beginning.ends_with(' ') || rest.starts_with(' ');
    match beginning.rfind(' ') {
        Some(blank) if !ends_a_word => beginning[..blank].trim_end(),
        _ => beginning.trim_end(),
    }
}

/// Beginnings and phrases by which an article lets the other side speak.
#[rustfmt::skip]
const DISSENT_KO: [&str; 16] = [
    "반론", "반대", "반발", "반박", "비판", "이견", "회의적", "의문을", "의문이", "동의하지 않", "과장됐", "과장되", "사실이 아니", "지나친 우려", "지나친 걱정", "우려할 일이 아니",
];
#[rustfmt::skip]
const DISSENT_EN: [&str; 16] = [
    "critic", "sceptic", "skeptic", "oppose", "opponent", "disagree", "dispute", "object to", "objects to", "dissent", "deny ", "denies", "reject", "overstated", "exaggerat", "not convinced",
];

/// Tells whether the sentence says that somebody disagrees. A turn alone ('하지만', 'but') is no dissent: most articles turn.
fn disagrees(text: &str) -> bool {
    let lower = text.to_lowercase();
    DISSENT_KO
        .iter()
        .chain(&DISSENT_EN)
        .any(|cue| lower.contains(cue))
}

#[cfg(test)]
mod tests {
    use super::super::tests::row;
    use super::*;

    #[test]
    fn long_texts_are_cut_at_a_word() {
        let check = |text: &str, expected: usize| assert_eq!(beginning(text).len(), expected);
        check("short", 5);
        check(&"x".repeat(240), 240);
        check(&"x".repeat(1 << 20), 240);
        check(&"word ".repeat(1 << 18), 239);
        check(&"강물 ".repeat(100), 80 * 7 - 1);
    }

    #[test]
    fn only_a_sentence_that_names_the_other_side_disagrees() {
        assert!(disagrees("Critics call the plan a gamble."));
        assert!(disagrees("주민들은 계획에 반발했다."));
        assert!(!disagrees("But the plan stands."));
        assert!(!disagrees("하지만 계획은 그대로다."));
    }

    #[test]
    fn a_row_reads_back() {
        let row = ArticleRow {
            sketch: GramSketch::of(["A text that is long enough for some grams."]),
            ..row("a", &["The grid is short."])
        };
        let json = serde_json::to_string(&row).expect("JSON");
        assert_eq!(
            serde_json::from_str::<ArticleRow>(&json).expect("a row"),
            row
        );
    }
}
