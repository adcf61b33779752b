//! The overview as one page: a table to search, filter and sort, the challenge matrix, links to the notes.
//!
//! In:  `Overview` and its rows. Out: HTML that loads nothing, reads without its script, and lets no script run but its
//! own. Articles are read and written one by one, so that ten thousand need no more memory than a thousand. Templates
//! escape what they are given.

use std::io::{self, BufWriter, Write};

use minijinja::context;
use minijinja::value::Value;

use super::href;
use super::labels::OverviewLabels;
use crate::article::Language;
use crate::overview::{
    Agreement, ArticleRow, ArticleRows, CitedQuote, Comparison, Dissent, Overview, Quote, Topic,
};
use crate::render::page::PageTemplates;

const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/script.js");
const PAGES: [(&str, &str); 5] = [
    ("head", include_str!("page/head.html")),
    ("column", include_str!("page/column.html")),
    ("table", include_str!("page/table.html")),
    ("row", include_str!("page/row.html")),
    ("foot", include_str!("page/foot.html")),
];

/// Writes the page; the rows are those the overview was made of.
pub fn write_index(
    overview: &Overview,
    rows: &dyn ArticleRows,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = Page::of(overview, rows);
    let pages = PageTemplates::load(&PAGES, STYLE, SCRIPT).map_err(io::Error::other)?;
    let mut out = BufWriter::new(out);
    let head = page.head()?;
    pages.write("head", head.clone(), &mut out)?;
    for number in 0..rows.len() {
        pages.write("column", page.column(number)?, &mut out)?;
    }
    pages.write("table", head, &mut out)?;
    for number in 0..rows.len() {
        pages.write("row", page.row(number)?, &mut out)?;
    }
    pages.write("foot", context! {}, &mut out)?;
    out.flush()
}

/// What the parts of the page look up.
struct Page<'a> {
    overview: &'a Overview,
    rows: &'a dyn ArticleRows,
    labels: Value,
    words: &'static OverviewLabels,
}

impl<'a> Page<'a> {
    fn of(overview: &'a Overview, rows: &'a dyn ArticleRows) -> Page<'a> {
        let words = OverviewLabels::of(overview.output_language);
        Page {
            overview,
            rows,
            labels: labels(overview.output_language),
            words,
        }
    }

    fn head(&self) -> io::Result<Value> {
        let (overview, words) = (self.overview, self.words);
        let articles = overview.articles;
        let topics = &overview.challenges;
        let agreement = self.each(|compared| &compared.agreement);
        let agreement = agreement.map(|(label, agreement)| self.agreed(label, agreement));
        let dissent = self.each(|compared| &compared.dissent);
        let dissent = dissent.map(|(label, pair)| self.opposed(label, pair));
        let failures = overview.failures.iter().map(|failure| {
            context! { id => failure.id.as_str(), cause => failure.cause.as_str() }
        });
        Ok(context! {
            l => self.labels.clone(),
            counts => words.counts(articles, overview.voices, overview.failures.len()),
            articles => articles,
            topics => topics.iter().map(topic).collect::<Vec<_>>(),
            agreement => agreement.collect::<io::Result<Vec<_>>>()?,
            dissent => dissent.collect::<io::Result<Vec<_>>>()?,
            silent => topics.iter().filter(|t| t.voices == 0).map(|t| Value::from(t.label.as_str())).collect::<Vec<_>>(),
            failures => failures.collect::<Vec<_>>(),
        })
    }

    /// Goes through the first agreement, or dissent, of the main points, then through all of each challenge, with their labels.
    fn each<T: 'a>(
        &self,
        of: impl Fn(&'a Comparison) -> &'a Vec<T> + Copy,
    ) -> impl Iterator<Item = (&'a str, &'a T)> {
        let theses = of(&self.overview.theses).iter().take(1);
        let theses = theses.map(|found| (self.words.main_point, found));
        let of_challenges = self.overview.challenges.iter().flat_map(move |topic| {
            let found = of(&topic.comparison).iter();
            found.map(|found| (topic.label.as_str(), found))
        });
        theses.chain(of_challenges)
    }

    fn agreed(&self, label: &str, agreement: &Agreement) -> io::Result<Value> {
        let cite = |cited: Option<&CitedQuote>| cited.map(|cited| self.cited(cited)).transpose();
        Ok(context! {
            label => label,
            voices => self.words.said_by(agreement.voices),
            one => cite(agreement.said.first())?,
            other => cite(agreement.said.get(1))?,
        })
    }

    fn opposed(&self, label: &str, pair: &Dissent) -> io::Result<Value> {
        Ok(context! {
            label => label,
            on => self.words.opposition(pair.on),
            one => self.cited(&pair.one)?,
            other => self.cited(&pair.other)?,
        })
    }

    fn cited(&self, cited: &CitedQuote) -> io::Result<Value> {
        Ok(context! {
            language => self.rows.row(cited.place)?.language.code(),
            text => said(&cited.quote),
            anchor => anchor(cited.place),
            article => cited.article.as_str(),
            sentence => cited.quote.sentence,
        })
    }

    /// Draws an article's column of the picture: the cells of each strength are one shape.
    fn column(&self, number: usize) -> io::Result<Value> {
        let row = &*self.rows.row(number)?;
        let mut shapes = [const { String::new() }; 4];
        for (place, topic) in self.overview.challenges.iter().enumerate() {
            let strength = row.discussed(&topic.key).map_or(0, |cell| cell.strength);
            let cell = format!("M{number} {place}h.94v.9h-.94z");
            shapes[usize::from(strength.min(3))].push_str(&cell);
        }
        Ok(context! {
            anchor => anchor(number),
            title => row.title.as_deref().unwrap_or(self.words.untitled),
            shapes => shapes.to_vec(),
        })
    }

    fn row(&self, number: usize) -> io::Result<Value> {
        let row = &*self.rows.row(number)?;
        Ok(context! {
            l => self.labels.clone(),
            anchor => anchor(number),
            href => href(&row.note),
            anchored => row.note.ends_with(".html"),
            language => row.language.code(),
            title => row.title.as_deref().unwrap_or(self.words.untitled),
            id => row.id.as_str(),
            twin => self.near_duplicate_of(number)?,
            warnings => row.warnings,
            fallbacks => row.fallbacks,
            cells => self.overview.challenges.iter().map(|topic| cell(topic, row)).collect::<Vec<_>>(),
        })
    }

    /// Returns the article that speaks for a near-duplicate.
    fn near_duplicate_of(&self, number: usize) -> io::Result<Option<Value>> {
        let speaker = self.overview.speakers[number] as usize;
        if speaker == number {
            return Ok(None);
        }
        let id = &self.rows.row(speaker)?.id;
        Ok(Some(context! { id => id, anchor => anchor(speaker) }))
    }
}

fn topic(topic: &Topic) -> Value {
    context! {
        label => topic.label.as_str(),
        articles => topic.articles,
        voices => topic.voices,
        alike => topic.comparison.agreement.first().map_or(0, |agreement| agreement.voices),
        opposed => topic.comparison.dissent.len(),
    }
}

fn cell(topic: &Topic, row: &ArticleRow) -> Value {
    let label = topic.label.as_str();
    let found = row.discussed(&topic.key);
    let Some((cell, best)) = found.and_then(|cell| Some((cell, cell.said.first()?))) else {
        return context! { label => label, strength => 0 };
    };
    context! {
        label => label,
        strength => cell.strength,
        dots => "●".repeat(usize::from(cell.strength.min(3))),
        sentence => best.sentence,
        text => said(best),
        remedy => cell.remedy.as_ref().map(said),
        remedy_sentence => cell.remedy.as_ref().map(|remedy| remedy.sentence),
    }
}

fn said(quote: &Quote) -> String {
    format!("{}{}", quote.text, if quote.cut { " …" } else { "" })
}

fn anchor(place: usize) -> String {
    format!("a{}", place + 1)
}

/// Returns the fixed words as the page's templates look them up.
fn labels(language: Language) -> Value {
    let own = ("language", language.code());
    Value::from_pairs(OverviewLabels::pairs(language).chain([own]))
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_policy_lets_only_our_style_and_script_run() {
        let overview = Overview::of(&Vec::new(), Vec::new());
        let mut out = Vec::new();
        write_index(&overview, &Vec::new(), &mut out).expect("a vector takes everything");
        let page = String::from_utf8(out).expect("UTF-8");
        for (kind, open, close) in [
            ("style-src", "<style>", "</style>"),
            ("script-src", "<script>", "</script>"),
        ] {
            let (_, rest) = page.split_once(open).expect("there is one");
            let (inside, rest) = rest.split_once(close).expect("it ends");
            let policy = format!(
                "{kind} 'sha256-{}'",
                BASE64_STANDARD.encode(Sha256::digest(inside))
            );
            assert!(page.contains(&policy), "{policy}");
            assert!(!rest.contains(open));
        }
    }
}
