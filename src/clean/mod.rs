//! Cleaning: the text a scraper left becomes an article of numbered sentences.
//!
//! In:  `Document`, decoded text. Out: `Article`, the sentences kept and the spans removed, each with a reason.
//! Passes only mark spans; nothing is rewritten, so every sentence can be found in the input again.

mod classify;
mod cohesion;
mod comments;
#[doc(hidden)]
pub mod context;
mod dedup;
mod inline;
pub mod line_class;
mod markup;
mod metadata;
mod own;
mod page;
mod placement;
mod rules;
mod segment;
mod stories;
mod title;
mod voice;
mod wording;

use std::borrow::Cow;

use crate::article::{
    Article, CLEAN_SCHEMA, Language, Original, Passage, Reason, Removed, Sentence, Warning,
    WarningKind, hides, is_hidden, visible,
};
use crate::input::Document;
use dedup::Normalised;
#[doc(hidden)]
pub use inline::BUCKET_BITS as GLUED_BITS;
use markup::{MOST_UNITS, Mark, Markup, fold};
#[doc(hidden)]
pub use segment::{gap_model::BUCKET_BITS as GAP_BITS, gap_samples};
#[doc(hidden)]
pub use stories::Samples as StorySamples;
#[doc(hidden)]
pub use wording::BUCKET_BITS as STORY_BITS;

/// What to clean, and what to leave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CleanOptions {
    /// The article's language; found from its letters where none is given.
    pub language: Option<Language>,
    /// Kinds of noise to put back among the sentences.
    pub keep: Vec<Reason>,
    /// How much of a doubt removes a unit.
    pub threshold: Threshold,
}

/// How much of a doubt it takes to remove what no rule is sure of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Threshold {
    /// Little: fewest leaks, and now and then an own line is lost.
    Strict,
    /// Between the two.
    #[default]
    Balanced,
    /// Much: hardly an own line is lost, and more noise stays.
    Gentle,
}

/// Returns every run of sentences that may be another story, and which units are one: what the model that tells stories apart
/// is trained on.
#[doc(hidden)]
pub fn story_samples(text: &str, is_story: &dyn Fn(&str) -> bool) -> Option<StorySamples> {
    let mut markup = Markup::of(text, segment::style_of(text, None));
    mark_alone_and_beside(&mut markup);
    stories::samples(&markup, is_story)
}

/// Returns what the reader of context sees of a text: what it is trained on.
#[doc(hidden)]
pub fn context_samples(text: &str, first: Option<&context::model::Chain>) -> Vec<context::Sample> {
    let mut markup = Markup::of(text, segment::style_of(text, None));
    mark_alone(&mut markup);
    context::samples(&markup, first)
}

/// Cleans a document.
pub fn clean(document: &Document, options: &CleanOptions) -> Article {
    let limits = context::Limits::of(options.threshold);
    clean_with(document, options, Some((&context::MODELS, limits)))
}

/// The chains that judge units in their context, and how much of a doubt it takes.
#[doc(hidden)]
pub type ContextReader<'r> = (&'r context::ContextModels, context::Limits);

/// Cleans a document with other chains than those that come with the program.
#[doc(hidden)]
pub fn clean_with(
    document: &Document,
    options: &CleanOptions,
    reader: Option<ContextReader>,
) -> Article {
    let reading = document.reading_with(&options.keep);
    let text = reading.text();
    let mut markup = Markup::of(text, segment::style_of(text, options.language));
    page::take(&mut markup, document, &reading);
    let kept_more = mark(&mut markup, reader);
    mark_as_read(&mut markup, reader);

    let metadata = metadata::collect(&markup);
    let mut article = assemble(&markup, document, options);
    article.metadata = metadata;
    article.warnings.extend(kept_more);
    // What was found while decoding has its place in the decoded text already.
    if !reading.is_verbatim() {
        placement::place(&mut article, &reading, &document.text);
    }
    page::tell(&mut article, document);
    article
        .warnings
        .splice(0..0, document.warnings.iter().cloned());
    article
}

/// All passes, in order. Warns where marks were taken back.
fn mark(markup: &mut Markup, reader: Option<ContextReader>) -> Option<Warning> {
    mark_alone(markup);
    let read = reader.and_then(|(models, limits)| Some((context::read(markup, models)?, limits)));
    classify::by_class(markup);
    classify::by_neighbour(markup);
    classify::by_place(markup);
    stories::mark(markup);
    if let Some((kinds, limits)) = read {
        context::decide(markup, &kinds, limits);
        let own = kinds
            .iter()
            .map(|(i, k)| markup.letters(*i) as f32 * k[0])
            .sum::<f32>();
        return keep_enough(markup, Some(own as usize));
    }
    keep_enough(markup, None)
}

/// The passes that look at units and their neighbours.
fn mark_alone_and_beside(markup: &mut Markup) {
    mark_alone(markup);
    classify::by_class(markup);
    classify::by_neighbour(markup);
    classify::by_place(markup);
}

/// The passes that look at each unit alone.
fn mark_alone(markup: &mut Markup) {
    let letters = Normalised::of(markup.text, &markup.units);
    markup.count(&letters);
    mark_unreadable(markup);
    if !markup.titled {
        title::find(markup);
    }
    mark_duplicates(markup, &letters);
    title::trim(markup);
    own::hold(markup);
    inline::cut(markup);
    classify::by_line(markup);
    classify::by_rule(markup);
    page::hold(markup);
}

/// Looks taken at the sentences as they will be read: two are enough for nearly any text, and a hostile one must not
/// cost a look a sentence.
const MOST_LOOKS: usize = 8;

/// Marks what would go if the sentences were cleaned again, so that a cleaned text is clean: what stood inside a line
/// or beside noise stands alone then.
fn mark_as_read(markup: &mut Markup, reader: Option<ContextReader>) {
    if markup.units.len() > MOST_UNITS {
        return;
    }
    for _ in 0..MOST_LOOKS {
        let Some(mut read) = markup.as_read() else {
            return;
        };
        mark(&mut read, reader);
        if read.marks.iter().all(Option::is_none) {
            return;
        }
        markup.put(read);
    }
}

/// Splits one text into sentences as spans of it, without cleaning.
pub fn split(text: &str) -> Vec<(usize, usize)> {
    let style = segment::style_of(text, None);
    segment::units(text, style)
        .into_iter()
        .map(|u| (u.start, u.end))
        .collect()
}

/// Units without a letter or digit: rules, ornaments, stray marks; or nothing that can be seen.
fn mark_unreadable(markup: &mut Markup) {
    for i in 0..markup.units.len() {
        if markup.letters(i) > 0 {
            continue;
        }
        let seen = |c: char| !is_hidden(c) && !c.is_whitespace();
        let (reason, rule) = if markup.raw(i).contains(seen) {
            (Reason::Other, "no_letters")
        } else {
            (Reason::Hidden, "invisible")
        };
        markup.mark(i, reason, rule, true);
    }
}

fn mark_duplicates(markup: &mut Markup, letters: &Normalised) {
    let mut of = dedup::duplicates(letters, &markup.units);
    page::keep_repeats(markup, &mut of);
    for (i, original) in of.into_iter().enumerate() {
        let Some(original) = original.filter(|_| markup.stands(i)) else {
            continue;
        };
        if markup.in_title(original) {
            markup.mark(i, Reason::Metadata, "title.again", true);
        } else {
            markup.marks[i] = Some(Mark {
                reason: Reason::Duplicate,
                rule: "repeated",
                of: Some(markup.units[original].end),
                sure: true,
                score: None,
            });
        }
    }
}

/// Share of the letters (second copies aside) that must be left, in per cent; below it, doubtful marks are taken back.
const LEAST_KEPT: usize = 50;

/// Takes back what only place and neighbours condemned where too little would be left.
fn keep_enough(markup: &mut Markup, own: Option<usize>) -> Option<Warning> {
    let (mut all, mut kept) = (0, 0);
    for i in (0..markup.units.len()).filter(|&i| !markup.in_title(i)) {
        if markup.marks[i].is_none_or(|m| m.reason != Reason::Duplicate) {
            all += markup.letters(i);
        }
        if markup.stands(i) {
            kept += markup.letters(i);
        }
    }
    if kept * 100 >= own.unwrap_or(all).min(all) * LEAST_KEPT {
        return None;
    }
    for mark in &mut markup.marks {
        if mark.is_some_and(|m| !m.sure) {
            *mark = None;
        }
    }
    let text = "less than half of the letters would have been left, so that doubtful removals were taken back".into();
    Some(Warning {
        kind: WarningKind::KeptMore,
        text,
        start: None,
        end: None,
    })
}

/// Numbers the sentences and lists the removed spans.
fn assemble(markup: &Markup, document: &Document, options: &CleanOptions) -> Article {
    let hides = hides(markup.text);
    let places = places(markup, &options.keep);
    let (mut sentences, mut removed) = (Vec::new(), Vec::new());
    for (i, unit) in markup.units.iter().enumerate() {
        match (places[i], markup.marks[i]) {
            (Some(Original::Sentence(id)), _) => {
                let text = markup.folded(i);
                let text = if hides {
                    visible(&text)
                } else {
                    text.into_owned()
                };
                sentences.push(Sentence {
                    id,
                    text,
                    start: unit.start,
                    end: unit.end,
                    spans: Vec::new(),
                });
            }
            (Some(Original::Removed(_)), Some(mark)) => removed.push(Removed {
                start: unit.start,
                end: unit.end,
                text: markup.folded(i).into_owned(),
                reason: mark.reason,
                rule: Cow::Borrowed(mark.rule),
                of: mark.of.and_then(|end| places[markup.ending_at(end)]),
                score: mark.score,
                spans: Vec::new(),
            }),
            _ => {}
        }
    }
    let warnings = match hides {
        true => hidden_characters(markup),
        false => Vec::new(),
    };
    Article {
        schema: Cow::Borrowed(CLEAN_SCHEMA),
        source: document.source.clone(),
        language: markup.language(),
        title: title_passage(markup),
        metadata: Default::default(),
        sentences,
        removed,
        warnings,
    }
}

/// Where each unit goes: nowhere if it is the headline's, else among the sentences or the removed spans.
fn places(markup: &Markup, keep: &[Reason]) -> Vec<Option<Original>> {
    let (mut id, mut index) = (0u32, 0usize);
    let place = |i: usize| {
        if markup.in_title(i) {
            None
        } else if markup.marks[i].is_none_or(|m| keep.contains(&m.reason)) {
            id += 1;
            Some(Original::Sentence(id))
        } else {
            index += 1;
            Some(Original::Removed(index - 1))
        }
    };
    (0..markup.units.len()).map(place).collect()
}

fn title_passage(markup: &Markup) -> Option<Passage> {
    let (start, end) = (markup.title.start, markup.title.end);
    (start < end).then(|| Passage {
        text: visible(&fold(&markup.text[start..end])),
        start,
        end,
        spans: Vec::new(),
    })
}

/// A warning for each run of hidden characters inside a sentence or the title, up to a limit.
fn hidden_characters(markup: &Markup) -> Vec<Warning> {
    const MOST: usize = 50;
    let mut warnings = Vec::new();
    for (i, unit) in markup.units.iter().enumerate() {
        let raw = markup.raw(i);
        if markup.marks[i].is_some() {
            continue;
        }
        let mut at = 0;
        while let Some(found) = raw[at..].find(is_hidden).map(|f| f + at) {
            let len = raw[found..]
                .find(|c| !is_hidden(c))
                .unwrap_or(raw.len() - found);
            at = found + len;
            if warnings.len() < MOST {
                let names: Vec<String> = raw[found..at]
                    .chars()
                    .take(4)
                    .map(|c| format!("U+{:04X}", c as u32))
                    .collect();
                let text = format!(
                    "hidden characters left out: {}{}",
                    names.join(" "),
                    if raw[found..at].chars().count() > 4 {
                        " …"
                    } else {
                        ""
                    }
                );
                warnings.push(Warning {
                    kind: WarningKind::HiddenCharacters,
                    text,
                    start: Some(unit.start + found),
                    end: Some(unit.start + at),
                });
            }
        }
    }
    warnings
}
