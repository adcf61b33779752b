//! Cleaning: the text a scraper left becomes an article of numbered sentences.
//!
//! In:  `Document`, decoded text. Out: `Article`, the sentences kept and the spans removed, each with a reason.
//! Passes only mark spans; nothing is rewritten, so every sentence can be found in the input again.

mod classify;
mod dedup;
mod draft;
mod inline;
mod metadata;
mod rules;
mod segment;
pub mod shape;
mod stories;
mod title;
mod words;

use std::borrow::Cow;

use crate::article::{
    Article, CLEAN_SCHEMA, Language, Original, Passage, Reason, Removed, Sentence, Warning,
    WarningKind, hides, is_hidden, visible,
};
use crate::input::Document;
use dedup::Letters;
use draft::{Draft, Mark};
#[doc(hidden)]
pub use inline::BUCKET_BITS as GLUED_BITS;
use segment::Style;
#[doc(hidden)]
pub use segment::{gap_samples, gaps::BUCKET_BITS as GAP_BITS};
#[doc(hidden)]
pub use stories::{BUCKET_BITS as STORY_BITS, Samples as StorySamples};

/// What to clean, and what to leave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CleanOptions {
    /// The article's language; found from its letters where none is given.
    pub language: Option<Language>,
    /// Kinds of noise to put back among the sentences.
    pub keep: Vec<Reason>,
}

/// Past so many units a text is no article: its words are not counted, and its sentences not looked into one by one.
const MOST_UNITS: usize = 5_000;

/// Every run of sentences that may be another story, and which units are one: what the model that tells stories apart
/// is trained on.
#[doc(hidden)]
pub fn story_samples(text: &str, is_story: &dyn Fn(&str) -> bool) -> Option<StorySamples> {
    let mut draft = Draft::of(text, Style::of(text, None));
    mark_alone_and_beside(&mut draft);
    stories::samples(&draft, is_story)
}

/// Cleans a document.
pub fn clean(document: &Document, options: &CleanOptions) -> Article {
    let text = document.text.as_str();
    let mut draft = Draft::of(text, Style::of(text, options.language));
    let kept_more = mark(&mut draft);
    mark_as_read(&mut draft);

    let metadata = metadata::collect(&draft);
    let mut article = assemble(&draft, document, options);
    article.metadata = metadata;
    article.warnings.extend(kept_more);
    article
}

/// All passes, in order. Warns where marks were taken back.
fn mark(draft: &mut Draft) -> Option<Warning> {
    mark_alone_and_beside(draft);
    stories::mark(draft);
    keep_enough(draft)
}

/// The passes that look at units and their neighbours.
fn mark_alone_and_beside(draft: &mut Draft) {
    let letters = Letters::of(draft.text, &draft.units);
    draft.count(&letters);
    mark_unreadable(draft);
    title::find(draft);
    mark_duplicates(draft, &letters);
    inline::cut(draft);
    classify::by_line(draft);
    classify::by_rule(draft);
    classify::by_shape(draft);
    classify::by_neighbour(draft);
    classify::by_place(draft);
}

/// Looks taken at the sentences as they will be read: two are enough for nearly any text, and a hostile one must not
/// cost a look a sentence.
const MOST_LOOKS: usize = 8;

/// Marks what would go if the sentences were cleaned again, so that a cleaned text is clean: what stood inside a line
/// or beside noise stands alone then.
fn mark_as_read(draft: &mut Draft) {
    if draft.units.len() > MOST_UNITS {
        return;
    }
    for _ in 0..MOST_LOOKS {
        let Some(mut read) = draft.as_read() else {
            return;
        };
        mark(&mut read);
        if read.marks.iter().all(Option::is_none) {
            return;
        }
        draft.put(read);
    }
}

/// Splits one text into sentences as spans of it, without cleaning.
pub fn split(text: &str) -> Vec<(usize, usize)> {
    let style = segment::Style::of(text, None);
    segment::units(text, style)
        .into_iter()
        .map(|u| (u.start, u.end))
        .collect()
}

/// White-space runs folded to one space.
fn fold(raw: &str) -> Cow<'_, str> {
    let bytes = raw.as_bytes();
    let odd = |i: usize| match bytes[i] {
        b' ' => bytes.get(i + 1) == Some(&b' '),
        b => b < 0x20 || matches!(b, 0xC2 | 0xE1 | 0xE2 | 0xE3) && segment::blank_len(bytes, i) > 0,
    };
    if (0..bytes.len()).any(odd) {
        Cow::Owned(raw.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(raw)
    }
}

/// Units without a letter or digit: rules, ornaments, stray marks; or nothing that can be seen.
fn mark_unreadable(draft: &mut Draft) {
    for i in 0..draft.units.len() {
        if draft.letters(i) > 0 {
            continue;
        }
        let seen = |c: char| !is_hidden(c) && !c.is_whitespace();
        let (reason, rule) = if draft.raw(i).contains(seen) {
            (Reason::Other, "no_letters")
        } else {
            (Reason::Hidden, "invisible")
        };
        draft.mark(i, reason, rule, true);
    }
}

fn mark_duplicates(draft: &mut Draft, letters: &Letters) {
    let of = dedup::duplicates(letters, &draft.units);
    for (i, original) in of.into_iter().enumerate() {
        let Some(original) = original.filter(|_| draft.stands(i)) else {
            continue;
        };
        if draft.in_title(original) {
            draft.mark(i, Reason::Metadata, "title.again", true);
        } else {
            draft.marks[i] = Some(Mark {
                reason: Reason::Duplicate,
                rule: "repeated",
                of: Some(draft.units[original].end),
                sure: true,
            });
        }
    }
}

/// Share of the letters (second copies aside) that must be left, in per cent; below it, doubtful marks are taken back.
const LEAST_KEPT: usize = 50;

/// Takes back what only place and neighbours condemned where too little would be left.
fn keep_enough(draft: &mut Draft) -> Option<Warning> {
    let (mut all, mut kept) = (0, 0);
    for i in (0..draft.units.len()).filter(|&i| !draft.in_title(i)) {
        if draft.marks[i].is_none_or(|m| m.reason != Reason::Duplicate) {
            all += draft.letters(i);
        }
        if draft.stands(i) {
            kept += draft.letters(i);
        }
    }
    if kept * 100 >= all * LEAST_KEPT {
        return None;
    }
    for mark in &mut draft.marks {
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
fn assemble(draft: &Draft, document: &Document, options: &CleanOptions) -> Article {
    let hides = hides(draft.text);
    let kept = |i: usize| {
        !draft.in_title(i) && draft.marks[i].is_none_or(|m| options.keep.contains(&m.reason))
    };
    let mut places = Vec::with_capacity(draft.units.len());
    let (mut id, mut index) = (0u32, 0usize);
    for i in 0..draft.units.len() {
        places.push(if draft.in_title(i) {
            None
        } else if kept(i) {
            id += 1;
            Some(Original::Sentence(id))
        } else {
            index += 1;
            Some(Original::Removed(index - 1))
        });
    }
    let (mut sentences, mut removed) = (Vec::with_capacity(id as usize), Vec::with_capacity(index));
    for (i, unit) in draft.units.iter().enumerate() {
        match (places[i], draft.marks[i]) {
            (Some(Original::Sentence(id)), _) => {
                let text = draft.folded(i);
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
                });
            }
            (Some(Original::Removed(_)), Some(mark)) => removed.push(Removed {
                start: unit.start,
                end: unit.end,
                text: draft.folded(i).into_owned(),
                reason: mark.reason,
                rule: Cow::Borrowed(mark.rule),
                of: mark.of.and_then(|end| places[draft.ending_at(end)]),
            }),
            _ => {}
        }
    }
    let mut warnings = document.warnings.clone();
    if hides {
        warnings.extend(hidden_characters(draft));
    }
    Article {
        schema: Cow::Borrowed(CLEAN_SCHEMA),
        source: document.source.clone(),
        language: draft.style.language,
        title: title_passage(draft),
        metadata: Default::default(),
        sentences,
        removed,
        warnings,
    }
}

fn title_passage(draft: &Draft) -> Option<Passage> {
    let (start, end) = (draft.title.start, draft.title.end);
    (start < end).then(|| Passage {
        text: visible(&fold(&draft.text[start..end])),
        start,
        end,
    })
}

/// A warning for each run of hidden characters inside a sentence or the title, up to a limit.
fn hidden_characters(draft: &Draft) -> Vec<Warning> {
    const MOST: usize = 50;
    let mut warnings = Vec::new();
    for (i, unit) in draft.units.iter().enumerate() {
        let raw = draft.raw(i);
        if draft.marks[i].is_some() {
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
