//! The overview: what many articles say about the same challenges, every line with its receipt `[article:sentence]`.
//!
//! In:  one `ArticleRow` an article, in plan order, and what failed. Out: `Overview`. Never writes a sentence of its own about an
//! article: what it shows of one is that article's sentence, word for word. Near-duplicates speak with one voice. Of an
//! article a few bytes are kept, and rows are read again where they are wanted.

mod claim;
mod near_duplicates;
mod nearest;
mod row;
mod rows;
mod sketch;
mod stance;
mod themes;
mod words;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Cursor, SeekFrom, Write};

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::brief::Status;
use crate::language::{Language, PerLanguage};
use claim::Claim;
use rows::Articles;

pub use claim::Opposition;
pub use near_duplicates::Scratch;
pub use row::{ArticleRow, ChallengeCell, FailedInput, Quote};
pub use rows::ArticleRows;
pub use sketch::GramSketch;

/// The schema name of the overview's JSON.
pub const BATCH_SCHEMA: &str = "sukje.batch/1";

/// Sentences, themes and pairs of one kind kept of a challenge; readers get fewer.
const MOST_KEPT: usize = 5;
/// Sentences of one challenge compared; of many articles fewer each, the best, tell as much as more of a few. Up to six
/// hundred articles are compared by all their sentences; of more than this many, those that say most of it.
const MOST_COMPARED: usize = 2_500;
/// Sentences quoted of a theme; of the other articles their receipts.
const MOST_QUOTED: usize = 2;
/// Further receipts kept of a theme.
const MOST_RECEIPTS: usize = 8;

/// What many articles say, together; their rows stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The language of most notes, which labels take.
    pub output_language: Language,
    /// Says how many articles there are.
    pub articles: usize,
    /// Articles that speak with a voice of their own: near-duplicates count once.
    pub voices: usize,
    /// For each article in plan order the place of the one that speaks for its group, its own where it speaks for itself.
    pub speakers: Vec<u32>,
    /// Near-duplicates: the ids of each group of two or more, the one that speaks for it first.
    pub groups: Vec<Vec<String>>,
    /// What the main points of the articles have in common, and where they oppose each other.
    pub theses: Comparison,
    /// The challenges in the lens's order.
    pub challenges: Vec<Topic>,
    /// Inputs that have no note.
    pub failures: Vec<FailedInput>,
}

/// The overview with its articles, as JSON has it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Overview")]
pub struct OverviewJson<'a> {
    /// Always [`BATCH_SCHEMA`].
    schema: &'static str,
    /// The language of most notes, which labels take.
    output_language: Language,
    /// Articles that speak with a voice of their own: near-duplicates count once.
    voices: usize,
    /// The articles in plan order: the challenge matrix.
    #[schemars(with = "Vec<ArticleRow>")]
    articles: Articles<'a>,
    /// Near-duplicates: the ids of each group of two or more, the one that speaks for it first.
    groups: &'a [Vec<String>],
    /// What the main points of the articles have in common, and where they oppose each other.
    theses: &'a Comparison,
    /// The challenges in the lens's order.
    challenges: &'a [Topic],
    /// Inputs that have no note.
    failures: &'a [FailedInput],
}

/// One challenge over all articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Topic {
    /// The lens's key, such as `power`.
    pub key: String,
    /// The lens's label.
    pub label: String,
    /// Says how many articles speak of it.
    pub articles: usize,
    /// Says how many voices: 0 is nobody's theme, 1 one article's own.
    pub voices: usize,
    /// The ids of those who say most of it, near-duplicates once.
    pub said_by: Vec<String>,
    /// The best sentence of each of those, in the same order.
    pub strongest: Vec<CitedQuote>,
    /// What should be done, one sentence an article, of those who say most of it.
    pub remedies: Vec<CitedQuote>,
    /// Where an article lets somebody disagree by itself: one article's own objection each.
    pub objections: Vec<CitedQuote>,
    /// What articles say alike, and where they oppose each other.
    pub comparison: Comparison,
}

/// What sentences of different articles have to do with each other, as far as rules can tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Comparison {
    /// What two or more articles say alike, that of most voices first.
    pub agreement: Vec<Agreement>,
    /// Pairs of sentences of different articles that oppose each other.
    pub dissent: Vec<Dissent>,
}

/// What two or more articles, no near-duplicates, say alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Agreement {
    /// Says how many articles say so.
    pub voices: usize,
    /// Two of their sentences.
    pub said: Vec<CitedQuote>,
    /// Where others say it, at most eight.
    pub also: Vec<Receipt>,
}

/// Two articles, no near-duplicates, whose sentences oppose each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Dissent {
    /// By what it was told.
    pub on: Opposition,
    /// What the one says.
    pub one: CitedQuote,
    /// What the other says.
    pub other: CitedQuote,
}

/// A sentence with its receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CitedQuote {
    /// The article's id.
    pub article: String,
    /// The article's place in plan order, by which its row is found.
    #[serde(skip)]
    pub place: usize,
    /// The sentence, word for word.
    #[serde(flatten)]
    pub quote: Quote,
}

/// Where a sentence stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Receipt {
    /// The article's id.
    pub article: String,
    /// The article's place in plan order, by which its row is found.
    #[serde(skip)]
    pub place: usize,
    /// The sentence's number.
    pub sentence: u32,
}

impl Overview {
    /// Makes the overview of articles in memory, in plan order.
    pub fn of(rows: &Vec<ArticleRow>, failures: Vec<FailedInput>) -> Overview {
        let mut scratch = Cursor::new(Vec::new());
        Overview::gather(rows, &mut scratch, failures).expect("memory does not fail")
    }

    /// Makes the overview of articles in plan order, wherever their rows stand. The scratch file is empty, and is of no use after.
    pub fn gather(
        rows: &dyn ArticleRows,
        scratch: &mut dyn Scratch,
        failures: Vec<FailedInput>,
    ) -> io::Result<Overview> {
        let survey = FirstPass::of(rows, scratch)?;
        let speakers = near_duplicates::groups(scratch, rows.len())?;
        let challenges = survey
            .topics
            .iter()
            .map(|surveyed| topic(surveyed, rows, &speakers));
        Ok(Overview {
            output_language: survey.output_language(),
            articles: rows.len(),
            voices: voices(&speakers).count(),
            groups: groups(rows, &speakers)?,
            theses: theses(rows, &speakers)?,
            challenges: challenges.collect::<io::Result<_>>()?,
            failures,
            speakers,
        })
    }

    /// Returns all of it, for JSON; the rows are those the overview was made of.
    pub fn whole<'a>(&'a self, rows: &'a dyn ArticleRows) -> OverviewJson<'a> {
        OverviewJson {
            schema: BATCH_SCHEMA,
            output_language: self.output_language,
            voices: self.voices,
            articles: Articles(rows),
            groups: &self.groups,
            theses: &self.theses,
            challenges: &self.challenges,
            failures: &self.failures,
        }
    }
}

/// What one look at every row tells.
struct FirstPass {
    /// Says how many notes each language has.
    notes: PerLanguage<usize>,
    /// The challenges of all rows, each key once.
    topics: Vec<TopicRanks>,
}

/// A challenge, and how much each article says of it.
struct TopicRanks {
    key: String,
    /// Its label in the notes of each language, where there are such.
    labels: PerLanguage<Option<String>>,
    label: String,
    /// By article, 0 where it says nothing, else the more, the more it says.
    ranks: Vec<u8>,
}

impl FirstPass {
    /// Looks at every row once, and writes their sketches into the scratch file.
    fn of(rows: &dyn ArticleRows, scratch: &mut dyn Scratch) -> io::Result<FirstPass> {
        scratch.seek(SeekFrom::Start(0))?;
        let mut sketches = BufWriter::new(scratch);
        let mut survey = FirstPass {
            notes: PerLanguage::default(),
            topics: Vec::new(),
        };
        let mut places = FxHashMap::default();
        for number in 0..rows.len() {
            let row = rows.row(number)?;
            row.sketch.write(&mut sketches)?;
            survey.notes[row.output_language] += 1;
            for cell in &row.challenges {
                let place = places.get(cell.key.as_str()).copied();
                let place = place.unwrap_or_else(|| {
                    places.insert(cell.key.clone(), survey.topics.len());
                    survey.topics.push(TopicRanks::new(cell, rows.len()));
                    survey.topics.len() - 1
                });
                survey.topics[place].add(number, row.output_language, cell);
            }
        }
        sketches.flush()?;
        let language = survey.output_language();
        survey
            .topics
            .iter_mut()
            .for_each(|topic| topic.name(language));
        Ok(survey)
    }

    /// Returns the language of most notes; English where as many are Korean.
    fn output_language(&self) -> Language {
        // Of several the last.
        let most = Language::ALL.into_iter().max_by_key(|own| self.notes[*own]);
        most.unwrap_or(Language::En)
    }
}

impl TopicRanks {
    fn new(cell: &ChallengeCell, articles: usize) -> TopicRanks {
        TopicRanks {
            key: cell.key.clone(),
            labels: PerLanguage::default(),
            label: cell.label.clone(),
            ranks: vec![0; articles],
        }
    }

    fn add(&mut self, number: usize, language: Language, cell: &ChallengeCell) {
        let label = &mut self.labels[language];
        if label.is_none() {
            *label = Some(cell.label.clone());
        }
        // Of two cells of one key the first counts, as for whoever looks it up in the row.
        if self.ranks[number] == 0 && cell.status == Status::Discussed {
            self.ranks[number] = rank(cell);
        }
    }

    /// Takes the label of the overview's language where a row has it, else the first there is.
    fn name(&mut self, language: Language) {
        if let Some(label) = self.labels[language].take() {
            self.label = label;
        }
    }
}

/// Ranks what an article says, above zero: first by strength, then by how many sentences carry it.
fn rank(cell: &ChallengeCell) -> u8 {
    let sentences = cell.evidence.len().min(row::MOST_EVIDENCE) as u8;
    1 + cell.strength.min(row::MOST_STRENGTH) * (row::MOST_EVIDENCE as u8 + 1) + sentences
}

/// Returns the places of the rows that speak for their group.
fn voices(speakers: &[u32]) -> impl Iterator<Item = usize> + '_ {
    (0..speakers.len()).filter(|&number| speakers[number] as usize == number)
}

fn groups(rows: &dyn ArticleRows, speakers: &[u32]) -> io::Result<Vec<Vec<String>>> {
    let id = |number: usize| Ok::<_, io::Error>(rows.row(number)?.id.clone());
    let mut members: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (number, &speaker) in speakers.iter().enumerate() {
        if speaker as usize != number {
            let ids = members.entry(speaker).or_default();
            if ids.is_empty() {
                ids.push(id(speaker as usize)?);
            }
            ids.push(id(number)?);
        }
    }
    Ok(members.into_values().collect())
}

impl ArticleRow {
    /// Returns what the article says about a challenge, where it speaks of it.
    pub fn discussed(&self, key: &str) -> Option<&ChallengeCell> {
        let cell = self.challenges.iter().find(|cell| cell.key == key)?;
        (cell.status == Status::Discussed).then_some(cell)
    }
}

/// A sentence to be compared.
struct ComparedQuote {
    place: usize,
    language: Language,
    quote: Quote,
}

fn topic(surveyed: &TopicRanks, rows: &dyn ArticleRows, speakers: &[u32]) -> io::Result<Topic> {
    let TopicRanks { key, ranks, .. } = surveyed;
    let mut discussing: Vec<usize> = voices(speakers).filter(|&n| ranks[n] > 0).collect();
    // Stable: articles that say as much of it stay in plan order.
    discussing.sort_by_key(|&n| u8::MAX - ranks[n]);
    let each = (MOST_COMPARED / discussing.len().max(1)).max(1);
    let mut topic = Topic {
        key: key.clone(),
        label: surveyed.label.clone(),
        articles: ranks.iter().filter(|rank| **rank > 0).count(),
        voices: discussing.len(),
        said_by: Vec::new(),
        strongest: Vec::new(),
        remedies: Vec::new(),
        objections: Vec::new(),
        comparison: Comparison::default(),
    };
    let mut said = Vec::new();
    for &place in discussing.iter().take(MOST_COMPARED) {
        let row = rows.row(place)?;
        let Some(cell) = row.discussed(key) else {
            continue;
        };
        if topic.said_by.len() < MOST_KEPT {
            topic.said_by.push(row.id.clone());
        }
        for (kept, quote) in [
            (&mut topic.strongest, cell.said.first()),
            (&mut topic.remedies, cell.remedy.as_ref()),
            (&mut topic.objections, cell.dissent.as_ref()),
        ] {
            let quote = quote.filter(|_| kept.len() < MOST_KEPT);
            kept.extend(quote.map(|quote| cited(place, &row, quote)));
        }
        said.extend(cell.said.iter().take(each).map(|quote| ComparedQuote {
            place,
            language: row.language,
            quote: quote.clone(),
        }));
    }
    topic.comparison = compare(&said, rows)?;
    Ok(topic)
}

/// Compares main points. They are all of one weight: of too many, one in so many is compared.
fn theses(rows: &dyn ArticleRows, speakers: &[u32]) -> io::Result<Comparison> {
    let step = voices(speakers).count().div_ceil(MOST_COMPARED).max(1);
    let mut said = Vec::new();
    for place in voices(speakers).step_by(step) {
        let row = rows.row(place)?;
        said.extend(row.thesis.as_ref().map(|quote| ComparedQuote {
            place,
            language: row.language,
            quote: quote.clone(),
        }));
    }
    compare(&said, rows)
}

fn compare(said: &[ComparedQuote], rows: &dyn ArticleRows) -> io::Result<Comparison> {
    let claims: Vec<Claim> = said
        .iter()
        .map(|said| Claim::of(said.place, said.language, &said.quote))
        .collect();
    let (themes, opposed) = themes::themes(&claims);
    let cite = |number: usize| {
        let place = claims[number].row;
        Ok::<_, io::Error>(cited(place, &*rows.row(place)?, claims[number].quote))
    };
    let mut comparison = Comparison::default();
    for theme in themes.iter().take(MOST_KEPT) {
        let said = theme.claims.iter().take(MOST_QUOTED);
        let also = theme.claims.iter().skip(MOST_QUOTED).take(MOST_RECEIPTS);
        comparison.agreement.push(Agreement {
            voices: theme.claims.len(),
            said: said.map(|&n| cite(n)).collect::<io::Result<_>>()?,
            also: also
                .map(|&n| Ok(cite(n)?.receipt()))
                .collect::<io::Result<_>>()?,
        });
    }
    for pair in opposed.iter().take(MOST_KEPT) {
        comparison.dissent.push(Dissent {
            on: pair.on,
            one: cite(pair.one)?,
            other: cite(pair.other)?,
        });
    }
    Ok(comparison)
}

fn cited(place: usize, row: &ArticleRow, quote: &Quote) -> CitedQuote {
    CitedQuote {
        article: row.id.clone(),
        place,
        quote: quote.clone(),
    }
}

impl CitedQuote {
    fn receipt(self) -> Receipt {
        Receipt {
            article: self.article,
            place: self.place,
            sentence: self.quote.sentence,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::row::strength;
    use super::*;

    const SHORT: &str = "The Orvale plant is short of welders.";
    const SCARCE: &str = "Welders are scarce at the plant in Orvale.";
    const ENOUGH: &str = "There are enough welders for the Orvale plant.";

    /// A row whose first challenge is carried by these sentences.
    pub(super) fn row(id: &str, said: &[&str]) -> ArticleRow {
        let quotes = said.iter().zip(1..).map(|(text, sentence)| Quote {
            sentence,
            text: text.to_string(),
            cut: false,
        });
        ArticleRow {
            id: id.into(),
            note: format!("{id}.md"),
            title: None,
            language: Language::En,
            output_language: Language::En,
            sentences: 9,
            thesis: None,
            challenges: vec![ChallengeCell {
                key: "power".into(),
                label: "Power".into(),
                status: if said.is_empty() {
                    Status::NotDiscussed
                } else {
                    Status::Discussed
                },
                strength: strength(said.len()),
                evidence: (1..=said.len() as u32).collect(),
                said: quotes.collect(),
                remedy: None,
                dissent: None,
            }],
            warnings: 0,
            fallbacks: 0,
            sketch: GramSketch::default(),
        }
    }

    fn topic(rows: Vec<ArticleRow>) -> Topic {
        Overview::of(&rows, Vec::new()).challenges.remove(0)
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
        let twin = |id, said: &[&str]| ArticleRow {
            sketch: GramSketch::of(["One and the same text, long enough to be told from others."]),
            ..row(id, said)
        };
        let overview = Overview::of(&vec![twin("a", &[SHORT]), twin("b", &[SCARCE])], Vec::new());
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
        let overview = Overview::of(&vec![korean, row("b", &[]), row("c", &[])], Vec::new());
        assert_eq!(overview.challenges[0].label, "Power");
    }
}
