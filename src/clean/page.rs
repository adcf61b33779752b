//! Pages: what tags and meta elements say goes into the article.
//!
//! In:  a document with a page, what is read of it, the article. Out: the headline, the metadata, warnings. What is not read is removed by
//! `placement` already.

use super::markup::Markup;
use crate::article::{Article, Metadata, Reason, Warning, WarningKind, is_letter};
use crate::input::{BlockKind, Document, Reading};

/// Most letters of paragraphs that come again and are no second copy: a question asked of everybody, a line of a refrain.
const LONGEST_REPEAT: usize = 120;

/// Takes over what the tags of a page say of units, and its headline.
pub fn take(markup: &mut Markup, document: &Document, reading: &Reading) {
    let Some(page) = &document.page else { return };
    let mut i = 0;
    for (index, block) in page.blocks.iter().enumerate() {
        let (start, end) = (
            reading.read_offset(block.start),
            reading.read_offset(block.end),
        );
        while i < markup.units.len() && markup.units[i].start < end {
            if markup.units[i].start >= start {
                markup.tag(i, block.kind, index);
                if block.kind == BlockKind::Quoted {
                    markup.protect(i);
                }
            }
            i += 1;
        }
    }
    title(markup, document, reading);
}

/// Holds what tags say is the article's own, and no rule knew as noise. A paragraph is one thing: where a rule knows less than half of
/// it for an advertisement or a request, it speaks of one.
pub fn hold(markup: &mut Markup) {
    let mut from = 0;
    while from < markup.units.len() {
        let block = markup.block(from);
        let same = |i: &usize| markup.block(*i) == block;
        let to = (from + 1..markup.units.len())
            .take_while(same)
            .last()
            .unwrap_or(from)
            + 1;
        if block.is_some() {
            speak_of_it(markup, from, to);
        }
        if markup.tagged(from) == Some(BlockKind::Heading) && to < markup.units.len() {
            stand_above(markup, from, to);
        }
        from = to;
    }
    for i in 0..markup.units.len() {
        if markup.tagged(i).is_some() && markup.stands(i) {
            markup.protect(i);
        }
    }
}

/// Takes back what is marked of a paragraph that sells and asks for something in its lesser part.
fn speak_of_it(markup: &mut Markup, from: usize, to: usize) {
    let sells = |i: &usize| {
        let mark = markup.marks[*i];
        mark.is_some_and(|m| {
            matches!(
                m.reason,
                Reason::Advertisement | Reason::Promotion | Reason::RelatedLinks
            )
        })
    };
    let letters =
        |of: &mut dyn Iterator<Item = usize>| of.map(|i| markup.letters(i)).sum::<usize>();
    let sold: Vec<usize> = (from..to).filter(sells).collect();
    let standing = letters(&mut (from..to).filter(|i| markup.stands(*i)));
    if !sold.is_empty() && letters(&mut sold.iter().copied()) < standing {
        sold.into_iter().for_each(|i| markup.marks[i] = None);
    }
}

/// A heading that stands above a paragraph of the article sells nothing.
fn stand_above(markup: &mut Markup, from: usize, to: usize) {
    if markup.tagged(to) != Some(BlockKind::Prose) || !markup.stands(to) {
        return;
    }
    for mark in &mut markup.marks[from..to] {
        if mark.is_some_and(|m| m.reason == Reason::Advertisement) {
            *mark = None;
        }
    }
}

/// Smallest second copy, as a share of all letters in per cent; a recipe that comes again is less.
const SECOND_COPY: usize = 20;

/// Lists and tables say the same again, and a page's own paragraphs do in a line or two, or in one part of many. What stands
/// alone and comes again in full is a pulled quote.
pub fn keep_repeats(markup: &Markup, of: &mut [Option<usize>]) {
    if !(0..of.len()).any(|i| markup.tagged(i).is_some()) {
        return;
    }
    let all: usize = (0..of.len()).map(|i| markup.letters(i)).sum();
    let mut i = 0;
    while i < of.len() {
        let from = i;
        while i < of.len() && of[i].is_some() {
            i += 1;
        }
        let letters: usize = (from..i).map(|i| markup.letters(i)).sum();
        let tagged = (from..i).any(|i| {
            matches!(
                markup.tagged(i),
                Some(BlockKind::Item | BlockKind::Heading | BlockKind::Prose)
            )
        });
        let part = tagged && i > from + 1 && letters * 100 <= all * SECOND_COPY;
        for (i, of) in of.iter_mut().enumerate().take(i).skip(from) {
            let own = match markup.tagged(i) {
                Some(BlockKind::Item | BlockKind::Heading) => true,
                Some(BlockKind::Prose) => letters <= LONGEST_REPEAT,
                _ => false,
            };
            if (own || part) && !of.is_some_and(|original| markup.in_title(original)) {
                *of = None;
            }
        }
        i += 1;
    }
}

/// Takes over the headline of a page.
fn title(markup: &mut Markup, document: &Document, reading: &Reading) {
    let Some((start, end)) = document.page.as_ref().and_then(|page| page.title) else {
        return;
    };
    let (start, end) = (reading.read_offset(start), reading.read_offset(end));
    // The headline is whole units, so that each of them is in it or not.
    let first = markup.units.iter().position(|unit| unit.end > start);
    let units = first.map(|first| first..markup.units.partition_point(|unit| unit.start < end));
    if let Some(units) = units.filter(|units| !units.is_empty()) {
        markup.title = markup.units[units.start].start..markup.units[units.end - 1].end;
        markup.titled = true;
        let title = super::markup::fold(&markup.text[markup.title.clone()]).into_owned();
        for i in 0..markup.units.len() {
            if markup.stands(i) && markup.folded(i) == title {
                markup.mark(i, Reason::Metadata, "title.again", true);
            }
        }
    }
}

/// Takes over what a page says about itself, and warns of what it hides.
pub fn tell(article: &mut Article, document: &Document) {
    let Some(page) = &document.page else { return };
    let found = std::mem::take(&mut article.metadata);
    let told = page.metadata.clone();
    article.metadata = Metadata {
        author: told.author.or(found.author),
        outlet: told.outlet.or(found.outlet),
        date: told.date.or(found.date),
        url: told.url.or(found.url),
    };
    article.warnings.extend(hidden(article));
    if page.several {
        article.warnings.push(Warning {
            kind: WarningKind::SeveralArticles,
            text: "the page holds several articles".into(),
            start: None,
            end: None,
        });
    }
}

/// A warning for all text that is not shown: how often, and where first.
fn hidden(article: &Article) -> Option<Warning> {
    let of = |rule: &str| rule == "html.hidden";
    let mut hidden = article.removed.iter().filter(|removed| {
        removed.reason == Reason::Hidden && of(&removed.rule) && removed.text.contains(is_letter)
    });
    let first = hidden.next()?;
    let places = match hidden.count() {
        0 => "a place".to_string(),
        more => format!("{} places", more + 1),
    };
    Some(Warning {
        kind: WarningKind::HiddenText,
        text: format!("text that the page does not show, in {places}"),
        start: Some(first.start),
        end: Some(first.end),
    })
}
