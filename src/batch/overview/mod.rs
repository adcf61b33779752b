//! The overview: what many articles say about the same challenges, every line with its receipt `[article:sentence]`.
//!
//! In:  one `Row` an article, in plan order, and what failed. Out: `Overview`. Never writes a sentence of its own about an
//! article: what it shows of one is that article's sentence, word for word. Near-duplicates speak with one voice.

mod claim;
mod nearest;
mod row;
mod sketch;
mod stance;
mod themes;
mod twins;

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::article::Language;
use crate::outline::Status;
use claim::Claim;

pub use claim::Opposition;
pub use row::{Cell, Failure, Quote, Row};
pub use sketch::Sketch;

/// The schema name of the overview's JSON.
pub const BATCH_SCHEMA: &str = "sukje.batch/1";

/// Sentences, themes and pairs of one kind kept of a challenge; readers get fewer.
const MOST_KEPT: usize = 5;
/// Sentences of one challenge compared; of many articles fewer each, the best, tell as much as more of a few.
const MOST_COMPARED: usize = 10_000;
/// Sentences quoted of a theme; of the other articles their receipts.
const MOST_QUOTED: usize = 2;
/// Further receipts kept of a theme.
const MOST_RECEIPTS: usize = 8;

/// What many articles say, together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Overview {
    /// Always [`BATCH_SCHEMA`].
    pub schema: Cow<'static, str>,
    /// The language of most notes, which labels take.
    pub output_language: Language,
    /// Articles that speak with a voice of their own: near-duplicates count once.
    pub voices: usize,
    /// The articles in plan order: the challenge matrix.
    pub articles: Vec<Row>,
    /// Near-duplicates: the ids of each group of two or more, the one that speaks for it first.
    pub groups: Vec<Vec<String>>,
    /// What the main points of the articles have in common, and where they oppose each other.
    pub theses: Comparison,
    /// The challenges in the lens's order.
    pub challenges: Vec<Topic>,
    /// Inputs that have no note.
    pub failures: Vec<Failure>,
}

/// One challenge over all articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Topic {
    /// The lens's key, such as `power`.
    pub key: String,
    /// The lens's label.
    pub label: String,
    /// How many articles speak of it.
    pub articles: usize,
    /// How many voices: 0 is nobody's theme, 1 one article's own.
    pub voices: usize,
    /// The ids of those who say most of it, near-duplicates once.
    pub said_by: Vec<String>,
    /// The best sentence of each of those, in the same order.
    pub strongest: Vec<Cited>,
    /// What should be done, one sentence an article, of those who say most of it.
    pub remedies: Vec<Cited>,
    /// Where an article lets somebody disagree by itself: one article's own objection each.
    pub objections: Vec<Cited>,
    /// What articles say alike, and where they oppose each other.
    pub comparison: Comparison,
}

/// What sentences of different articles have to do with each other, as far as rules can tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// What two or more articles say alike, that of most voices first.
    pub agreement: Vec<Agreement>,
    /// Pairs of sentences of different articles that oppose each other.
    pub dissent: Vec<Dissent>,
}

/// What two or more articles, no near-duplicates, say alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Agreement {
    /// How many articles say so.
    pub voices: usize,
    /// Two of their sentences.
    pub said: Vec<Cited>,
    /// Where others say it, at most eight.
    pub also: Vec<Receipt>,
}

/// Two articles, no near-duplicates, whose sentences oppose each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dissent {
    /// By what it was told.
    pub on: Opposition,
    /// What the one says.
    pub one: Cited,
    /// What the other says.
    pub other: Cited,
}

/// A sentence with its receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cited {
    /// The article's id.
    pub article: String,
    /// The sentence, word for word.
    #[serde(flatten)]
    pub quote: Quote,
}

/// Where a sentence stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// The article's id.
    pub article: String,
    /// The sentence's number.
    pub sentence: u32,
}

impl Overview {
    /// The overview of articles in plan order.
    pub fn of(mut rows: Vec<Row>, failures: Vec<Failure>) -> Overview {
        let speakers = twins::groups(&rows);
        // Sketches have done their work, and are a third of what a row weighs.
        rows.iter_mut()
            .for_each(|row| row.sketch = Sketch::default());
        let output_language = output_language(&rows);
        let challenges = keys(&rows, output_language)
            .into_iter()
            .map(|(key, label)| topic(key, label, &rows, &speakers))
            .collect();
        Overview {
            schema: Cow::Borrowed(BATCH_SCHEMA),
            output_language,
            voices: voices(&speakers).count(),
            groups: groups(&rows, &speakers),
            theses: theses(&rows, &speakers),
            challenges,
            failures,
            articles: rows,
        }
    }
}

/// The language of most notes; English where as many are Korean.
fn output_language(rows: &[Row]) -> Language {
    let korean = rows
        .iter()
        .filter(|row| row.output_language == Language::Ko);
    match 2 * korean.count() > rows.len() {
        true => Language::Ko,
        false => Language::En,
    }
}

/// The indices of the rows that speak for their group.
fn voices(speakers: &[usize]) -> impl Iterator<Item = usize> + '_ {
    (0..speakers.len()).filter(|&number| speakers[number] == number)
}

fn groups(rows: &[Row], speakers: &[usize]) -> Vec<Vec<String>> {
    let mut members: Vec<Vec<String>> = vec![Vec::new(); rows.len()];
    for (row, &speaker) in rows.iter().zip(speakers) {
        members[speaker].push(row.id.clone());
    }
    members.retain(|ids| ids.len() > 1);
    members
}

/// The challenges of all rows, each key once, with its label in the overview's language where a row has it.
fn keys(rows: &[Row], language: Language) -> Vec<(&str, &str)> {
    let mut keys: Vec<(&str, &str)> = Vec::new();
    let mut places: FxHashMap<&str, (usize, bool)> = FxHashMap::default();
    for row in rows {
        let fits = row.output_language == language;
        for cell in &row.challenges {
            match places.get_mut(cell.key.as_str()) {
                None => {
                    places.insert(&cell.key, (keys.len(), fits));
                    keys.push((&cell.key, &cell.label));
                }
                Some((place, fitted)) if fits && !*fitted => {
                    keys[*place].1 = &cell.label;
                    *fitted = true;
                }
                Some(_) => {}
            }
        }
    }
    keys
}

impl Row {
    /// What the article says about a challenge, where it speaks of it.
    pub fn discussed(&self, key: &str) -> Option<&Cell> {
        let cell = self.challenges.iter().find(|cell| cell.key == key)?;
        (cell.status == Status::Discussed).then_some(cell)
    }
}

fn topic(key: &str, label: &str, rows: &[Row], speakers: &[usize]) -> Topic {
    let mut cells: Vec<(usize, &Cell)> = voices(speakers)
        .filter_map(|number| Some((number, rows[number].discussed(key)?)))
        .collect();
    // Stable: articles that say as much of it stay in plan order.
    cells.sort_by_key(|(_, cell)| (u8::MAX - cell.strength, usize::MAX - cell.evidence.len()));
    let cite = |pick: fn(&Cell) -> Option<&Quote>| -> Vec<Cited> {
        cells
            .iter()
            .filter_map(|(number, cell)| Some(cited(&rows[*number], pick(cell)?)))
            .take(MOST_KEPT)
            .collect()
    };
    let each = (MOST_COMPARED / cells.len().max(1)).max(1);
    let claims: Vec<Claim> = cells
        .iter()
        .flat_map(|&(number, cell)| {
            cell.said
                .iter()
                .take(each)
                .map(move |quote| (number, quote))
        })
        .map(|(number, quote)| Claim::of(number, rows[number].language, quote))
        .collect();
    Topic {
        key: key.to_string(),
        label: label.to_string(),
        articles: rows
            .iter()
            .filter(|row| row.discussed(key).is_some())
            .count(),
        voices: cells.len(),
        said_by: cells
            .iter()
            .take(MOST_KEPT)
            .map(|(number, _)| rows[*number].id.clone())
            .collect(),
        strongest: cite(|cell| cell.said.first()),
        remedies: cite(|cell| cell.remedy.as_ref()),
        objections: cite(|cell| cell.dissent.as_ref()),
        comparison: compare(&claims, rows),
    }
}

fn theses(rows: &[Row], speakers: &[usize]) -> Comparison {
    let claims: Vec<Claim> = voices(speakers)
        .filter_map(|number| Some((number, rows[number].thesis.as_ref()?)))
        .map(|(number, quote)| Claim::of(number, rows[number].language, quote))
        .collect();
    compare(&claims, rows)
}

fn compare(claims: &[Claim<'_>], rows: &[Row]) -> Comparison {
    let (themes, opposed) = themes::themes(claims);
    let cite = |number: usize| cited(&rows[claims[number].row], claims[number].quote);
    let agreement = themes.iter().take(MOST_KEPT).map(|theme| Agreement {
        voices: theme.claims.len(),
        said: theme
            .claims
            .iter()
            .take(MOST_QUOTED)
            .map(|&n| cite(n))
            .collect(),
        also: theme
            .claims
            .iter()
            .skip(MOST_QUOTED)
            .take(MOST_RECEIPTS)
            .map(|&n| receipt(&rows[claims[n].row], claims[n].quote))
            .collect(),
    });
    let dissent = opposed.iter().take(MOST_KEPT).map(|pair| Dissent {
        on: pair.on,
        one: cite(pair.one),
        other: cite(pair.other),
    });
    Comparison {
        agreement: agreement.collect(),
        dissent: dissent.collect(),
    }
}

fn cited(row: &Row, quote: &Quote) -> Cited {
    Cited {
        article: row.id.clone(),
        quote: quote.clone(),
    }
}

fn receipt(row: &Row, quote: &Quote) -> Receipt {
    Receipt {
        article: row.id.clone(),
        sentence: quote.sentence,
    }
}

#[cfg(test)]
mod tests {
    use super::row::tests::row;
    use super::*;

    const SHORT: &str = "The Orvale plant is short of welders.";
    const SCARCE: &str = "Welders are scarce at the plant in Orvale.";
    const ENOUGH: &str = "There are enough welders for the Orvale plant.";

    fn topic(rows: Vec<Row>) -> Topic {
        Overview::of(rows, Vec::new()).challenges.remove(0)
    }

    #[test]
    fn two_articles_agree_and_a_third_says_otherwise() {
        let topic = topic(vec![
            row("a", &[SHORT]),
            row("b", &[SCARCE]),
            row("c", &[ENOUGH]),
        ]);
        let [agreement] = &topic.comparison.agreement[..] else {
            panic!("{topic:?}");
        };
        let said: Vec<&str> = agreement.said.iter().map(|c| c.article.as_str()).collect();
        assert_eq!((agreement.voices, said), (2, vec!["a", "b"]));
        let [dissent] = &topic.comparison.dissent[..] else {
            panic!("{topic:?}");
        };
        assert_eq!(dissent.on, Opposition::Direction);
        assert_eq!((&*dissent.one.article, &*dissent.other.article), ("a", "c"));
    }

    #[test]
    fn an_article_does_not_agree_with_itself() {
        let topic = topic(vec![row("a", &[SHORT, SCARCE, ENOUGH]), row("b", &[])]);
        assert_eq!(topic.comparison, Comparison::default());
        assert_eq!((topic.articles, topic.voices), (1, 1));
    }

    #[test]
    fn near_duplicates_are_one_voice() {
        let twin = |id, said: &[&str]| Row {
            sketch: Sketch::of(["One and the same text, long enough to be told from others."]),
            ..row(id, said)
        };
        let overview = Overview::of(vec![twin("a", &[SHORT]), twin("b", &[SCARCE])], Vec::new());
        assert_eq!(overview.groups, [["a", "b"]]);
        let topic = &overview.challenges[0];
        assert_eq!((overview.voices, topic.articles, topic.voices), (1, 2, 1));
        assert_eq!(topic.comparison, Comparison::default());
    }

    #[test]
    fn one_wording_is_no_agreement() {
        let topic = topic(vec![row("a", &[SHORT]), row("b", &[SHORT])]);
        assert_eq!(topic.comparison, Comparison::default());
    }

    #[test]
    fn what_carries_more_comes_first() {
        let strong = [
            SHORT,
            "It needs forty.",
            "It has nine.",
            "Nobody applies.",
            "Two left.",
        ];
        let topic = topic(vec![row("a", &["One line."]), row("b", &strong)]);
        assert_eq!(topic.said_by, ["b", "a"]);
    }

    #[test]
    fn labels_are_those_of_the_overviews_language() {
        let mut korean = row("a", &[SHORT]);
        korean.output_language = Language::Ko;
        korean.challenges[0].label = "전력".into();
        let overview = Overview::of(vec![korean, row("b", &[]), row("c", &[])], Vec::new());
        assert_eq!(overview.challenges[0].label, "Power");
    }
}
