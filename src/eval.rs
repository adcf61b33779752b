//! Evaluation: how far an outline points at what people marked in the article.
//!
//! In:  a written case or its gold answer, and an `Outline`. Out: `Figures`, each 1 at best. Texts are compared with
//! white space and punctuation left out, so that an article cleaned from noisy text is scored as well as a clean one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::article::{Article, CLEAN_SCHEMA, Language, Metadata, Passage, Sentence, Source};
use crate::outline::{Outline, Role, Status};

/// How many sentences of thesis and argument a reader looks at.
const BUDGET: usize = 12;

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

/// The answer to a case.
#[derive(Debug, Clone, Deserialize)]
pub struct Gold {
    /// Its sentences.
    pub sentences: Vec<String>,
    /// A role per sentence.
    pub roles: Vec<Role>,
    /// Indices of the thesis sentences.
    pub thesis: Vec<usize>,
    /// Indices of the key sentences.
    pub key: Vec<usize>,
    /// Indices per challenge.
    pub challenges: BTreeMap<String, Vec<usize>>,
}

/// How well an outline does; every figure is 1 at best.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// Share of the challenges whose verdict is right.
    pub presence: f32,
    /// Share of the discussed challenges whose first evidence is right.
    pub top1: f32,
    /// Precision of the evidence.
    pub ev_p: f32,
    /// Recall of the evidence.
    pub ev_r: f32,
    /// Share of the discussed challenges whose remedy is right.
    pub remedy: f32,
    /// Whether the thesis is.
    pub thesis: f32,
    /// Share of the key sentences among the first cited.
    pub key: f32,
    /// Share of the texts that are cited sentences word for word.
    pub sound: f32,
    /// Whether all texts together are short enough.
    pub length: f32,
}

impl Figures {
    /// The names of the figures in the order of [`Figures::values`].
    pub const NAMES: [&'static str; 9] = [
        "presence", "top1", "ev_p", "ev_r", "remedy", "thesis", "key", "sound", "length",
    ];

    /// The figures in order.
    pub fn values(&self) -> [f32; 9] {
        [
            self.presence,
            self.top1,
            self.ev_p,
            self.ev_r,
            self.remedy,
            self.thesis,
            self.key,
            self.sound,
            self.length,
        ]
    }

    /// The mean of many.
    pub fn mean(all: &[Figures]) -> Figures {
        let mut sums = [0.0f32; 9];
        for figures in all {
            sums.iter_mut()
                .zip(figures.values())
                .for_each(|(s, v)| *s += v);
        }
        let n = all.len().max(1) as f32;
        let [
            presence,
            top1,
            ev_p,
            ev_r,
            remedy,
            thesis,
            key,
            sound,
            length,
        ] = sums.map(|s| s / n);
        Figures {
            presence,
            top1,
            ev_p,
            ev_r,
            remedy,
            thesis,
            key,
            sound,
            length,
        }
    }
}

impl Case {
    /// The case's own sentences as an article, without noise.
    pub fn article(&self, punctuation: Punctuation) -> Article {
        let mut at = 0;
        let mut place = |text: String| {
            let start = at;
            at += text.len() + 1;
            (start, start + text.len(), text)
        };
        let (start, end, text) = place(self.title.clone());
        let title = (!text.is_empty()).then_some(Passage { text, start, end });
        let sentences = self.sentences.iter().enumerate().map(|(i, s)| {
            let (start, end, text) = place(degrade(&s.text, punctuation));
            Sentence {
                id: i as u32 + 1,
                text,
                start,
                end,
            }
        });
        let sentences = sentences.collect();
        Article {
            schema: Cow::Borrowed(CLEAN_SCHEMA),
            source: Source {
                name: self.id.clone(),
                bytes: at as u64,
                encoding: "utf-8".into(),
                sha256: String::new(),
            },
            language: self.lang,
            title,
            metadata: Metadata::default(),
            sentences,
            removed: Vec::new(),
            warnings: Vec::new(),
        }
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

/// Scores `outline`, made of `article`, against `gold`.
pub fn score_outline(gold: &Gold, article: &Article, outline: &Outline) -> Figures {
    let matcher = Matcher::new(gold, article);
    let mut counts = Counts::default();
    for challenge in &outline.challenges {
        let want = gold
            .challenges
            .get(&challenge.key)
            .map_or(&[][..], Vec::as_slice);
        count_challenge(&matcher, gold, challenge, want, &mut counts);
    }
    let thesis = outline.thesis.as_ref().map_or(&[][..], |t| &t.evidence);
    let mut line: Vec<u32> = Vec::new();
    let argument = outline.argument.iter().flat_map(|p| &p.statement.evidence);
    for &id in thesis.iter().chain(argument) {
        if !line.contains(&id) {
            line.push(id);
        }
    }
    line.truncate(BUDGET);
    let thesis_hits = matcher.found(&thesis[..thesis.len().min(2)]);
    let line_hits = matcher.found(&line);
    let (sound, letters) = texts(article, outline);
    let all: usize = matcher.gold.iter().map(|s| s.chars().count()).sum();
    let key_hits = gold.key.iter().filter(|i| line_hits.contains(i)).count();
    Figures {
        presence: ratio(counts.verdicts, outline.challenges.len(), 1.0),
        top1: ratio(counts.top, counts.discussed, 1.0),
        ev_p: ratio(counts.right, counts.cited, 1.0),
        ev_r: ratio(counts.covered, counts.wanted, 1.0),
        remedy: ratio(counts.remedied, counts.discussed, 1.0),
        thesis: f32::from(gold.thesis.iter().any(|i| thesis_hits.contains(i))),
        key: ratio(key_hits, gold.key.len(), 1.0),
        sound,
        length: f32::from(letters as f32 <= 0.40 * all as f32),
    }
}

#[derive(Default)]
struct Counts {
    verdicts: usize,
    discussed: usize,
    top: usize,
    right: usize,
    cited: usize,
    covered: usize,
    wanted: usize,
    remedied: usize,
}

fn count_challenge(
    matcher: &Matcher,
    gold: &Gold,
    challenge: &crate::outline::Challenge,
    want: &[usize],
    counts: &mut Counts,
) {
    let hits = |id: &u32| matcher.hits(*id).iter().any(|i| want.contains(i));
    let said = challenge.status == Status::Discussed;
    counts.verdicts += usize::from(said != want.is_empty());
    counts.right += challenge.evidence.iter().filter(|id| hits(id)).count();
    counts.cited += challenge.evidence.len();
    let found = matcher.found(&challenge.evidence);
    counts.covered += want.iter().filter(|i| found.contains(i)).count();
    counts.wanted += want.len();
    if want.is_empty() {
        return;
    }
    counts.discussed += 1;
    counts.top += usize::from(challenge.evidence.first().is_some_and(hits));
    let cures: Vec<usize> = want
        .iter()
        .copied()
        .filter(|&i| gold.roles.get(i) == Some(&Role::Remedy))
        .collect();
    let remedy = challenge.remedy.as_ref();
    counts.remedied += usize::from(if cures.is_empty() {
        remedy.is_none()
    } else {
        remedy
            .and_then(|r| r.evidence.first())
            .is_some_and(|id| matcher.hits(*id).iter().any(|i| cures.contains(i)))
    });
}

/// Finds gold sentences in the article's.
struct Matcher {
    gold: Vec<String>,
    article: Vec<String>,
}

impl Matcher {
    fn new(gold: &Gold, article: &Article) -> Matcher {
        Matcher {
            gold: gold.sentences.iter().map(|s| bare(s)).collect(),
            article: article.sentences.iter().map(|s| bare(&s.text)).collect(),
        }
    }

    /// The gold sentences that a sentence mostly consists of.
    fn hits(&self, id: u32) -> Vec<usize> {
        let Some(text) = (id as usize)
            .checked_sub(1)
            .and_then(|i| self.article.get(i))
        else {
            return Vec::new();
        };
        let fits =
            |whole: &str, piece: &str| whole.contains(piece) && 2 * piece.len() >= whole.len();
        let same = |want: &String| {
            !want.is_empty() && !text.is_empty() && (fits(text, want) || fits(want, text))
        };
        (0..self.gold.len())
            .filter(|&g| same(&self.gold[g]))
            .collect()
    }

    fn found(&self, ids: &[u32]) -> Vec<usize> {
        ids.iter().flat_map(|id| self.hits(*id)).collect()
    }
}

fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn ratio(part: usize, whole: usize, empty: f32) -> f32 {
    if whole == 0 {
        empty
    } else {
        part as f32 / whole as f32
    }
}

/// The share of sound texts and the letters of all texts.
fn texts(article: &Article, outline: &Outline) -> (f32, usize) {
    let mut texts: Vec<(&str, &[u32], usize)> = Vec::new();
    if let Some(thesis) = &outline.thesis {
        texts.push((&thesis.text, &thesis.evidence, 1));
    }
    for point in &outline.argument {
        texts.push((&point.statement.text, &point.statement.evidence, 2));
    }
    for challenge in &outline.challenges {
        if let Some(text) = &challenge.text {
            texts.push((text, &challenge.evidence, 2));
        }
        if let Some(remedy) = &challenge.remedy {
            texts.push((&remedy.text, &remedy.evidence, 2));
        }
    }
    let sound = texts
        .iter()
        .filter(|(t, ids, limit)| is_sound(article, t, ids, *limit))
        .count();
    let letters = texts.iter().map(|(t, ..)| bare(t).chars().count()).sum();
    (ratio(sound, texts.len(), 1.0), letters)
}

fn is_sound(article: &Article, text: &str, ids: &[u32], limit: usize) -> bool {
    let mut cited: Vec<String> = ids
        .iter()
        .filter_map(|id| article.sentence(*id))
        .map(|s| bare(&s.text))
        .collect();
    if cited.is_empty() || cited.len() != ids.len() {
        return false;
    }
    cited.sort_by_key(|s| std::cmp::Reverse(s.len()));
    let (mut rest, mut used) = (bare(text), 0);
    for sentence in cited.iter().filter(|s| !s.is_empty()) {
        if let Some(at) = rest.find(sentence.as_str()) {
            rest.replace_range(at..at + sentence.len(), "");
            used += 1;
        }
    }
    rest.is_empty() && used <= limit
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

    #[test]
    fn means_are_taken_figure_by_figure() {
        let one = Figures {
            key: 1.0,
            ..Figures::default()
        };
        assert_eq!(Figures::mean(&[one, Figures::default()]).key, 0.5);
    }
}
