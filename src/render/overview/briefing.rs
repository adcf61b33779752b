//! The briefing note over all articles, in Markdown: two pages, however many articles there are.
//!
//! In:  `Overview` and its rows. Out: what articles agree on, the strongest evidence of each challenge, who says otherwise, what nobody
//! discusses. Agreement and dissent cite two articles each; a theme of one article is said to be one article's.

use std::collections::HashSet;
use std::io::{self, BufWriter, Write};

use super::labels::OverviewLabels;
use super::{href, shortened};
use crate::overview::{Agreement, ArticleRows, CitedQuote, Comparison, Dissent, Overview, Topic};
use crate::render::markdown::text;

/// Characters of a quotation: most sentences are shorter.
const MOST_CHARS: usize = 160;
/// Agreements, one a challenge and one of the main points.
const MOST_AGREEMENTS: usize = 6;
/// Opposing pairs.
const MOST_DISSENT: usize = 5;
/// Objections within one article.
const MOST_OBJECTIONS: usize = 2;
/// Receipts of those who also say so.
const MOST_ALSO: usize = 4;
/// With more challenges than this, each gets one sentence and no remedy.
const MANY_CHALLENGES: usize = 6;

/// Writes the briefing note.
pub fn write_briefing(
    overview: &Overview,
    rows: &dyn ArticleRows,
    out: &mut dyn Write,
) -> io::Result<()> {
    let note = Note {
        overview,
        rows,
        labels: OverviewLabels::of(overview.output_language),
    };
    let mut out = BufWriter::new(out);
    let parts = [
        note.head(),
        note.agreement()?,
        note.evidence()?,
        note.dissent()?,
        note.nobody(),
    ];
    out.write_all(parts.join("\n").as_bytes())?;
    out.flush()
}

/// What every part of the note looks up.
struct Note<'a> {
    overview: &'a Overview,
    rows: &'a dyn ArticleRows,
    labels: &'static OverviewLabels,
}

impl Note<'_> {
    fn head(&self) -> String {
        let (overview, labels) = (self.overview, self.labels);
        let articles = overview.articles;
        let counts = labels.counts(articles, overview.voices, overview.failures.len());
        let mut out = format!(
            "# {}\n\n{counts} [{}](index.html)\n\n| {} | {} | {} | {} | {} |\n|---|--:|--:|--:|--:|\n",
            labels.title(articles),
            labels.matrix,
            labels.challenge,
            labels.articles,
            labels.voices,
            labels.alike,
            labels.opposed,
        );
        for topic in &overview.challenges {
            let (alike, opposed) = (&topic.comparison.agreement, &topic.comparison.dissent);
            let Topic {
                articles, voices, ..
            } = topic;
            let (label, opposed) = (text(&topic.label), opposed.len());
            let alike = alike.first().map_or(0, |agreement| agreement.voices);
            out.push_str(&format!(
                "| {label} | {articles} | {voices} | {alike} | {opposed} |\n"
            ));
        }
        out
    }

    fn agreement(&self) -> io::Result<String> {
        let (overview, labels) = (self.overview, self.labels);
        let mut out = format!("## {}\n\n", labels.agree);
        let lines: Vec<String> = self
            .firsts(|compared| &compared.agreement)
            .take(MOST_AGREEMENTS)
            .map(|(label, agreement)| self.agreed(label, agreement))
            .collect::<io::Result<_>>()?;
        if lines.is_empty() {
            out.push_str(&format!("*{}*\n", labels.nothing_agreed));
        }
        out.push_str(&lines.concat());
        let untold: Vec<String> = overview
            .challenges
            .iter()
            .filter(|topic| topic.voices > 1 && topic.comparison.agreement.is_empty())
            .map(|topic| text(&topic.label))
            .collect();
        if !untold.is_empty() && !lines.is_empty() {
            let untold = untold.join(", ");
            out.push_str(&format!("\n*{}: {untold}.*\n", labels.nothing_alike));
        }
        Ok(out)
    }

    /// Returns the first agreement, or dissent, of the main points and of each challenge, with its label.
    fn firsts<'s, T: 's>(
        &'s self,
        of: impl Fn(&'s Comparison) -> &'s Vec<T>,
    ) -> impl Iterator<Item = (&'s str, &'s T)> {
        let theses = (self.labels.main_point, &self.overview.theses);
        let topics = self.overview.challenges.iter();
        let topics = topics.map(|topic| (topic.label.as_str(), &topic.comparison));
        let all = std::iter::once(theses).chain(topics);
        all.filter_map(move |(label, compared)| Some((label, of(compared).first()?)))
    }

    fn agreed(&self, label: &str, agreement: &Agreement) -> io::Result<String> {
        let said = agreement.said.iter().map(|cited| self.cited(cited));
        let said: Vec<String> = said.collect::<io::Result<_>>()?;
        let also: Vec<String> = agreement
            .also
            .iter()
            .take(MOST_ALSO)
            .map(|receipt| self.receipt(receipt.place, &receipt.article, receipt.sentence))
            .collect::<io::Result<_>>()?;
        let (label, voices) = (text(label), self.labels.said_by(agreement.voices));
        let mut line = format!("- **{label}** ({voices}) — {}", said.join(" / "));
        if !also.is_empty() {
            line.push_str(&format!("; {} {}", self.labels.also, also.join(" ")));
        }
        line.push('\n');
        Ok(line)
    }

    fn evidence(&self) -> io::Result<String> {
        let mut out = format!("## {}\n", self.labels.evidence);
        let topics = self.overview.challenges.iter();
        for topic in topics.filter(|topic| topic.voices > 0) {
            out.push_str(&self.topic(topic)?);
        }
        Ok(out)
    }

    fn topic(&self, topic: &Topic) -> io::Result<String> {
        let labels = self.labels;
        let many = self.overview.challenges.len() > MANY_CHALLENGES;
        let spoken_of = labels.spoken_of(topic.articles, self.overview.articles);
        let mut out = format!("\n### {} — {spoken_of}\n\n", text(&topic.label));
        if topic.voices == 1 {
            out.push_str(&format!("*{}*\n\n", labels.one_voice));
        }
        let fresh = fresh(topic, if many { 1 } else { 2 });
        for cited in &fresh {
            out.push_str(&format!("- {}\n", self.cited(cited)?));
        }
        let remedy = topic.remedies.iter().find(|remedy| !fresh.contains(remedy));
        for cited in remedy.into_iter().filter(|_| !many) {
            let cited = self.cited(cited)?;
            out.push_str(&format!("- **{}** — {cited}\n", labels.remedy));
        }
        Ok(out)
    }

    fn dissent(&self) -> io::Result<String> {
        let (overview, labels) = (self.overview, self.labels);
        let mut out = format!("## {}\n\n", labels.otherwise);
        let all = self.firsts(|compared| &compared.dissent);
        let all: Vec<(&str, &Dissent)> = all.take(MOST_DISSENT).collect();
        for (label, pair) in &all {
            let (label, on) = (text(label), labels.opposition(pair.on));
            let (one, other) = (self.cited(&pair.one)?, self.cited(&pair.other)?);
            out.push_str(&format!("- **{label}** ({on}) — {one} ↔ {other}\n"));
        }
        if all.is_empty() {
            out.push_str(&format!("*{}*\n", labels.nothing_opposed));
        }
        let objections = overview
            .challenges
            .iter()
            .filter_map(|topic| Some((topic, topic.objections.first()?)));
        for (n, (topic, cited)) in objections.take(MOST_OBJECTIONS).enumerate() {
            let gap = if n == 0 && all.is_empty() { "\n" } else { "" };
            let (label, on) = (text(&topic.label), labels.objection);
            let cited = self.cited(cited)?;
            out.push_str(&format!("{gap}- **{label}** ({on}) — {cited}\n"));
        }
        Ok(out)
    }

    fn nobody(&self) -> String {
        let mut out = format!("## {}\n\n", self.labels.nobody);
        let topics = self.overview.challenges.iter();
        let silent: Vec<_> = topics.filter(|topic| topic.voices == 0).collect();
        for topic in &silent {
            out.push_str(&format!("- {}\n", text(&topic.label)));
        }
        if silent.is_empty() {
            out.push_str(&format!("*{}*\n", self.labels.everything));
        }
        out
    }

    fn cited(&self, cited: &CitedQuote) -> io::Result<String> {
        let (quote, shorter) = shortened(&cited.quote.text, MOST_CHARS);
        let mark = match shorter || cited.quote.cut {
            true => " …",
            false => "",
        };
        let receipt = self.receipt(cited.place, &cited.article, cited.quote.sentence)?;
        Ok(format!("“{}{mark}” {receipt}", text(quote)))
    }

    /// Writes `[article:sentence]`, leading to the note.
    fn receipt(&self, place: usize, article: &str, sentence: u32) -> io::Result<String> {
        let note = href(&self.rows.row(place)?.note);
        Ok(format!("[[{}:{sentence}]]({note})", text(article)))
    }
}

/// Returns the strongest sentences that do not stand under what articles agree on already; the first all the same, where all do.
fn fresh(topic: &Topic, most: usize) -> Vec<&CitedQuote> {
    let agreed: HashSet<(&str, u32)> = topic
        .comparison
        .agreement
        .iter()
        .take(1)
        .flat_map(|agreement| &agreement.said)
        .map(|cited| (cited.article.as_str(), cited.quote.sentence))
        .collect();
    let place =
        |cited: &CitedQuote| agreed.contains(&(cited.article.as_str(), cited.quote.sentence));
    let fresh: Vec<&CitedQuote> = topic
        .strongest
        .iter()
        .filter(|c| !place(c))
        .take(most)
        .collect();
    match fresh.is_empty() {
        true => topic.strongest.iter().take(1).collect(),
        false => fresh,
    }
}
