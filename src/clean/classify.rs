//! Keep or remove: each unit alone by the rule tables, then by its place and its neighbours.

use std::cell::OnceCell;

use super::comments::Comments;
use super::line_class::LineClass;
use super::markup::{self, MOST_UNITS, Markup};
use super::rules::{Place, Rule, Rules};
use crate::article::Reason;
use crate::language::PerLanguage;
use crate::language::data::{self, List, lists};

/// Longest line, in bytes and units, that is looked at as a whole.
const LINE_BYTES: usize = 420;
const LINE_UNITS: usize = 5;

/// Share of a sentence's words that stand elsewhere in the article, from which it is held for the article's own.
const COHESIVE_PROSE: f32 = 0.4;

/// Probability from which a sentence looks like the article's own.
const OWN: f32 = 0.9;

/// Marks lines of several units that are one piece of noise: a caption with its credit, a reader's comment.
pub fn by_line(markup: &mut Markup) {
    let rules = Rules::of(markup.language());
    let first_prose = first_prose(markup).unwrap_or(usize::MAX);
    let lines = markup.lines();
    let comments = Comments::of(markup);
    let words = OnceCell::new();
    let standing = lines.iter().filter(|l| markup.stands(l.0)).count();
    let mut rank = 0;
    for (a, b) in lines {
        if (a..b).all(|i| !markup.stands(i)) {
            continue;
        }
        rank += 1;
        let (start, end) = (markup.units[a].start, markup.units[b - 1].end);
        let blank = |i: usize| markup.marks[i].is_some_and(|m| m.reason == Reason::Other);
        if b - a < 2
            || b - a > LINE_UNITS
            || end - start > LINE_BYTES
            || (a..b).any(|i| !markup.stands(i) && !blank(i))
            || markup.listed(a)
        {
            continue;
        }
        // Counted before the first mark.
        let words = words.get_or_init(|| markup.cohesion());
        let tail = in_tail(rank, standing);
        let place = Place {
            alone: true,
            prose: (a..b).all(|i| markup.prose(i)),
            head: a <= first_prose,
            tail,
        };
        let line = markup::fold(&markup.text[start..end]);
        // What a rule for one unit, or the look alone, says holds for the line only where it does not go on with the
        // article's own sentences.
        let own = (a..b).any(|i| {
            markup.prose(i)
                && (words.shared(markup.stems(i)) > COHESIVE_PROSE
                    || markup.line_class(i).article() > OWN)
        });
        if b - a == 2 && is_credited(markup, a, b - 1) {
            (a..b).for_each(|i| markup.mark(i, Reason::Caption, "caption.credited", true));
            continue;
        }
        let table = rules
            .line(&line, place, own, |r| !r.second || comments.hold(markup, a))
            .map(|r| (r.reason, r.name, true));
        let found = table.or_else(|| {
            let short = |i: usize| is_short_sentence(markup, i) || markup.prose(i);
            if own || is_short_sentence(markup, a) && (a..b).all(short) {
                return None;
            }
            let (reason, p) = LineClass::of(&line, markup.language()).noise();
            let least = if markup.prose(b - 1) {
                PROSE_ALONE
            } else {
                SCRAP_ALONE
            };
            (p >= least
                && reason != Reason::RelatedLinks
                && (reason != Reason::Comment || tail && comments.hold(markup, a)))
            .then(|| (reason, class_rule(reason), false))
        });
        if let Some((reason, rule, sure)) = found {
            (a..b).for_each(|i| markup.mark(i, reason, rule, sure));
        }
    }
}

/// Marks what a table entry fits.
pub fn by_rule(markup: &mut Markup) {
    let rules = Rules::of(markup.language());
    let first_prose = first_prose(markup).unwrap_or(usize::MAX);
    let comments = Comments::of(markup);
    let standing: Vec<usize> = (0..markup.units.len())
        .filter(|&i| markup.stands(i))
        .collect();
    let words = OnceCell::new();
    for (rank, &i) in standing.iter().enumerate() {
        let prose = markup.prose(i);
        let place = Place {
            alone: markup.alone(i),
            prose,
            head: i < first_prose,
            tail: in_tail(rank, standing.len()),
        };
        let folded = markup.folded(i);
        let wanted = |r: &Rule| {
            (!r.second || comments.hold(markup, i))
                && (r.reason != Reason::Comment || !is_addition(&folded))
        };
        let found = rules
            .fitting(&folded, markup.prefilter(i), place, wanted)
            .map(|r| (r.reason, r.name))
            .filter(|_| !markup.listed(i));
        // Counted before the first mark.
        let about = || {
            let words = words.get_or_init(|| markup.cohesion());
            words.shared(markup.stems(i)) > COHESIVE_PROSE
        };
        let subject = |reason| {
            let page = reason == Reason::Navigation && SPEAKS_OF_PAGES[markup.language()];
            let plain = || page || about();
            prose && is_subject(reason) && reports(markup, i) && plain()
        };
        if let Some((reason, rule)) = found.filter(|(reason, _)| !subject(*reason)) {
            markup.mark(i, reason, rule, true);
        }
    }
}

/// Labels of what a writer adds.
static ADDITION_LABELS: List = List::of(&data::COMMON_CLEAN, "addition_labels");

/// Returns whether a line is what a writer adds to a text of their own: no reader has such a name.
fn is_addition(line: &str) -> bool {
    let label = line.split([':', '：']).next().unwrap_or("").trim();
    ADDITION_LABELS
        .iter()
        .any(|l| label.eq_ignore_ascii_case(l))
}

/// How a caption ends.
static CAPTION_ENDS: PerLanguage<List> = lists(&data::CLEAN, "caption_ends");

/// "물빛고 선수들이 얼싸안고 있다. 사진=나루일보": a caption and its credit.
fn is_credited(markup: &Markup, i: usize, credit: usize) -> bool {
    let end = markup.raw(i).trim_end_matches('.');
    let place = Place {
        alone: true,
        prose: false,
        head: false,
        tail: false,
    };
    CAPTION_ENDS[markup.language()]
        .iter()
        .any(|w| end.ends_with(w))
        && Rules::of(markup.language())
            .fitting(
                &markup.folded(credit),
                markup.prefilter(credit),
                place,
                |r| r.name.ends_with("caption.credit"),
            )
            .is_some()
}

/// Returns whether a line of `standing` stands where comments and notes may: in the last third, or among the last lines of a
/// short text's second half.
fn in_tail(rank: usize, standing: usize) -> bool {
    rank * 3 >= standing * 2 || rank + 12 >= standing && rank * 2 >= standing
}

/// Returns whether an article may be about what the noise says: rights, subscribers, offers.
fn is_subject(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::Promotion | Reason::Copyright | Reason::RelatedLinks | Reason::Navigation
    )
}

/// Returns whether a sentence tells of something, and asks the reader for nothing.
fn reports(markup: &Markup, i: usize) -> bool {
    let text = markup.raw(i).trim_end_matches(['.', '"', '”', '’', ' ']);
    REPORTS[markup.language()](text, markup.line_class(i))
}

/// Rules of pages fit sentences that only speak of pages.
static SPEAKS_OF_PAGES: PerLanguage<bool> = PerLanguage {
    ko: true,
    en: false,
};

/// A plain -다 reports, a polite one asks; in English a sentence does what it looks like.
static REPORTS: PerLanguage<fn(text: &str, class: &LineClass) -> bool> = PerLanguage {
    ko: |text, _| text.ends_with('다') && !text.ends_with("니다"),
    en: |_, class| class.article() > OWN,
};

/// Probability of being noise from which a unit goes by its look alone: a scrap on a line of its own, a scrap inside
/// running text, a sentence on its own line, a sentence inside running text (tuned on the training articles).
const SCRAP_ALONE: f32 = 0.6;
const SCRAP_INSIDE: f32 = 0.8;
const PROSE_ALONE: f32 = 0.9;
const PROSE_INSIDE: f32 = 0.95;
/// A longer unit, in letters, is no scrap.
const LONGEST_SCRAP: usize = 90;

/// Marks what looks like noise though no table entry fits.
pub fn by_class(markup: &mut Markup) {
    let words = OnceCell::new();
    let huge = markup.units.len() > MOST_UNITS;
    for i in 0..markup.units.len() {
        if !markup.stands(i) {
            continue;
        }
        let prose = markup.prose(i);
        if is_aside(markup.raw(i)) || markup.listed(i) || is_short_sentence(markup, i) {
            continue;
        }
        if prose && (huge || markup.units[i].end - markup.units[i].start > 260)
            || markup.letters(i) > LONGEST_SCRAP * 2
        {
            continue;
        }
        let class = markup.line_class(i);
        let (reason, p) = class.noise();
        // A scrap may look like an offer and an invitation at once: what counts is that it looks like some noise.
        let p = if prose { p } else { p.max(class.scrap()) };
        let least = match (prose, markup.alone(i)) {
            (false, true) => SCRAP_ALONE,
            (false, false) => SCRAP_INSIDE,
            (true, true) => PROSE_ALONE,
            (true, false) => PROSE_INSIDE,
        };
        // Comments and headlines of other stories are known by their neighbours, not by their look: a sub-heading of
        // the article looks like a headline too.
        // A clipped sentence full of figures looks like an offer, but its words are the article's.
        // The words are counted at the first doubt, and so before the first mark.
        let cohesive = || {
            let words = words.get_or_init(|| markup.cohesion());
            words.shared(markup.stems(i)) > COHESIVE_PROSE
        };
        if p >= least && !matches!(reason, Reason::Comment | Reason::RelatedLinks) && !cohesive() {
            markup.mark(i, reason, class_rule(reason), false);
        }
    }
}

/// "(공급사별 비중은 지난해 결산 기준)[3]": an aside stands in brackets wherever it stands; what noise does is in the tables.
fn is_aside(text: &str) -> bool {
    let note = |c: char| c.is_ascii_digit() || matches!(c, '[' | ']');
    text.starts_with('(') && text.trim_end_matches(note).ends_with(')')
}

/// "Get warm." among an article's sentences is one of them.
fn is_short_sentence(markup: &Markup, i: usize) -> bool {
    const NEAR: usize = 6;
    let raw = markup.raw(i).trim_end_matches(['"', '”', '’']);
    if markup.prose(i) || !markup.style.punctuated || !raw.ends_with(['.', '?', '!']) {
        return false;
    }
    let own = |j: usize| markup.stands(j) && markup.prose(j);
    (i.saturating_sub(NEAR)..i).any(own) && (i + 1..(i + 1 + NEAR).min(markup.units.len())).any(own)
}

fn class_rule(reason: Reason) -> &'static str {
    match reason {
        Reason::Advertisement => "shape.advertisement",
        Reason::Promotion => "shape.promotion",
        Reason::Byline => "shape.byline",
        Reason::Metadata => "shape.metadata",
        Reason::Caption => "shape.caption",
        Reason::Copyright => "shape.copyright",
        Reason::RelatedLinks => "shape.headline",
        Reason::Navigation => "shape.navigation",
        Reason::Comment => "shape.comment",
        _ => "shape.other",
    }
}

/// Longest call, in letters, that belongs to the offer beside it: "Cold hands?", "놓치지 마세요!".
const LONGEST_CALL: usize = 34;

/// Marks short calls and clauses beside an offer on the same line.
pub fn by_neighbour(markup: &mut Markup) {
    let offer = |markup: &Markup, j: Option<usize>| {
        j.and_then(|j| markup.marks.get(j).copied().flatten())
            .filter(|m| matches!(m.reason, Reason::Advertisement | Reason::Promotion))
    };
    let words = OnceCell::new();
    for i in 0..markup.units.len() {
        let (raw, unit) = (markup.raw(i), markup.units[i]);
        let calls = raw.trim_end().ends_with(['?', '!']);
        let before = if unit.opens {
            None
        } else {
            offer(markup, i.checked_sub(1))
        };
        let after = if unit.closes || !calls {
            None
        } else {
            offer(markup, Some(i + 1))
        };
        // "Image caption," and the caption on the next line.
        let above = i.checked_sub(1).filter(|&j| markup.raw(j).ends_with(','));
        let caption = above.and_then(|j| markup.marks[j]);
        if let Some(mark) = caption.filter(|m| m.reason == Reason::Caption)
            && markup.alone(i)
            && !markup.prose(i)
        {
            markup.mark(i, mark.reason, mark.rule, true);
            continue;
        }
        let Some(mark) = after.or(before) else {
            continue;
        };
        if !markup.stands(i)
            || markup.letters(i) > LONGEST_CALL
            || words
                .get_or_init(|| markup.cohesion())
                .shared(markup.stems(i))
                > COHESIVE_PROSE
        {
            continue;
        }
        let looks = markup.line_class(i).article() < 0.6;
        if looks || raw.starts_with('(') || calls && after.is_some() {
            markup.mark(i, mark.reason, mark.rule, false);
        }
    }
}

/// Marks what headings, the head and the tail of the text make noise of.
pub fn by_place(markup: &mut Markup) {
    under_headings(markup);
    head(markup);
    tail(markup);
}

fn first_prose(markup: &Markup) -> Option<usize> {
    (0..markup.units.len()).find(|&i| markup.stands(i) && markup.prose(i))
}

/// Lines under "관련기사" or "Comments" belong to the heading until prose or other noise begins.
fn under_headings(markup: &mut Markup) {
    let rules = Rules::of(markup.language());
    let comments = Comments::of(markup);
    let first = first_prose(markup).unwrap_or(usize::MAX);
    let mut i = 0;
    while i < markup.units.len() {
        let free = !markup.in_title(i)
            && markup.alone(i)
            && !markup.protected(i)
            && markup.marks[i].is_none_or(|m| m.reason != Reason::Duplicate);
        let heading = rules
            .heading(&markup.folded(i), markup.prefilter(i))
            .filter(|_| free)
            .map(|h| (h.reason, h.name, h.second));
        i += 1;
        let Some((reason, name, second)) = heading else {
            continue;
        };
        let opens = match reason {
            Reason::Comment => comments.opens.get(&(i - 1)).copied(),
            Reason::UnrelatedArticle if i <= first || comments.ahead(i - 1) => None,
            _ => Some(true),
        };
        if second && opens.is_none() {
            continue;
        }
        markup.marks[i - 1] = None;
        markup.mark(
            i - 1,
            reason,
            name,
            reason != Reason::Comment || opens == Some(true),
        );
        let Some(sure) = opens else { continue };
        let mut named = false;
        while i < markup.units.len() {
            if markup.units[i].opens {
                named = begins_with_name(markup.raw(i));
            }
            if !belongs_under(markup, i, reason, sure, named) {
                break;
            }
            if markup.marks[i]
                .is_some_and(|m| m.reason == Reason::Comment && reason == Reason::RelatedLinks)
            {
                markup.marks[i] = None;
            }
            if sure || !markup.prose(i) || markup.line_class(i).article() < OWN {
                markup.mark(i, reason, name, sure);
            }
            i += 1;
        }
    }
}

/// `named` says that the line the unit stands on begins with a reader's name.
fn belongs_under(markup: &Markup, i: usize, reason: Reason, sure: bool, named: bool) -> bool {
    // "Letters: …" under a list of links only looks like a reader's comment; buttons stand between comments.
    let other = |m: markup::Mark| {
        m.sure
            && m.reason != reason
            && !(reason == Reason::RelatedLinks && m.rule.ends_with("comment.nick"))
            && !(reason == Reason::Comment
                && sure
                && matches!(
                    m.reason,
                    Reason::Navigation | Reason::Metadata | Reason::Duplicate | Reason::Other
                ))
    };
    if markup.marks[i].is_some_and(other) {
        return false;
    }
    if !markup.alone(i) {
        return reason == Reason::Comment && (sure || named);
    }
    if Rules::of(markup.language())
        .heading(&markup.folded(i), markup.prefilter(i))
        .is_some_and(|h| h.reason != reason && !h.second)
    {
        return false;
    }
    match reason {
        // Comments are sentences; they go on to the end, to the next noise or to another story's headline.
        Reason::Comment => !opens_story(markup, i),
        Reason::UnrelatedArticle => true,
        _ => {
            !markup.prose(i)
                || markup
                    .raw(i)
                    .starts_with(['-', '·', '•', '☞', '▶', '*', '└'])
                || markup.letters(i) < 40 && !markup.raw(i).trim_end().ends_with('.')
        }
    }
}

/// Most words of the name before a reader's sentences.
const NAME_WORDS: usize = 2;

/// Returns whether a line begins as a reader's does: "harbourlight: We were there. It was dark."
fn begins_with_name(line: &str) -> bool {
    line.split_whitespace()
        .take(NAME_WORDS)
        .any(|word| word.ends_with(':'))
}

/// A headline with sentences on the lines below it.
fn opens_story(markup: &Markup, i: usize) -> bool {
    let prose = |j: usize| {
        j < markup.units.len()
            && markup.stands(j)
            && markup.prose(j)
            && markup.line_class(j).of_kind(Reason::Comment) < 0.5
    };
    !markup.prose(i)
        && markup.line_class(i).of_kind(Reason::RelatedLinks) >= 0.5
        && prose(i + 1)
        && prose(i + 2)
}

/// Scraps between the headline and the first sentence: nicknames, counts, sections. "Morning, all." is none: it is
/// closed as a sentence.
fn head(markup: &mut Markup) {
    let Some(first) = first_prose(markup) else {
        return;
    };
    for i in 0..first {
        let closed = markup.raw(i).ends_with(['.', '?', '!']);
        if markup.stands(i)
            && markup.alone(i)
            && !closed
            && !markup.listed(i)
            && markup.letters(i) <= 40
        {
            markup.mark(i, Reason::Metadata, "head.scrap", false);
        }
    }
}

/// Share of the prose, in per cent, that may stand behind the end of an article.
const MOST_BEHIND: usize = 25;

/// Marks what follows the end of the article: scraps, comments without a heading.
fn tail(markup: &mut Markup) {
    let standing: Vec<usize> = (0..markup.units.len())
        .filter(|&i| markup.stands(i))
        .collect();
    let prose: Vec<usize> = standing
        .iter()
        .copied()
        .filter(|&i| markup.prose(i))
        .collect();
    let Some(&last) = prose.last() else { return };
    // Scraps behind the last sentence, where another one there is known for noise.
    let known = (last..markup.units.len())
        .any(|i| markup.marks[i].is_some_and(|m| m.sure && m.reason != Reason::Duplicate));
    for &i in standing.iter().filter(|&&i| known && i > last) {
        let noise = || 1.0 - markup.line_class(i).article();
        if markup.alone(i) && !markup.listed(i) && markup.letters(i) <= 50 && noise() >= 0.3 {
            let reason = scrap_reason(markup, i);
            markup.mark(i, reason, "tail.scrap", false);
        }
    }
    let Some(end) = end_mark(markup, &prose) else {
        return;
    };
    let words = markup.cohesion();
    let mut i = end;
    while i < markup.units.len() {
        if !markup.stands(i) || !markup.alone(i) {
            i += 1;
            continue;
        }
        let run = (i..markup.units.len())
            .take_while(|&j| markup.stands(j) && markup.alone(j))
            .count();
        let story = run >= 3 && opens_story(markup, i);
        for j in i..i + run {
            let own = || {
                let class = markup.line_class(j);
                let plain = markup.style.punctuated && class.noise().1 < OWN / 2.0;
                markup.prose(j) && (plain || words.shared(markup.stems(j)) > COHESIVE_PROSE)
            };
            let commented = (0..j)
                .rev()
                .take(8)
                .any(|k| markup.marks[k].is_some_and(|m| m.reason == Reason::Comment && m.sure));
            if !story && !commented && own() {
                continue;
            }
            let reason = if story {
                Reason::UnrelatedArticle
            } else {
                reason_behind(markup, j)
            };
            markup.mark(j, reason, "tail.behind_the_end", false);
        }
        i += run;
    }
}

/// The likeliest reason for a line behind the end of the article.
fn reason_behind(markup: &Markup, i: usize) -> Reason {
    let near = (0..i)
        .rev()
        .find_map(|j| markup.marks[j].filter(|m| m.reason != Reason::Duplicate))
        .map(|m| m.reason);
    match markup.line_class(i).noise() {
        (reason, p) if p >= 0.5 => reason,
        _ if near == Some(Reason::RelatedLinks) && !markup.prose(i) => Reason::RelatedLinks,
        _ => Reason::Comment,
    }
}

fn scrap_reason(markup: &Markup, i: usize) -> Reason {
    let before = (0..i)
        .rev()
        .find_map(|j| markup.marks[j].filter(|m| m.reason != Reason::Duplicate))
        .map(|m| m.reason);
    match before {
        Some(reason @ (Reason::RelatedLinks | Reason::Comment)) => reason,
        _ => Reason::Navigation,
    }
}

/// The first rights notice, byline, menu or comment that fills a line behind nearly all of the prose.
fn end_mark(markup: &Markup, prose: &[usize]) -> Option<usize> {
    let size = |i: usize| markup.units[i].end - markup.units[i].start;
    let all: usize = prose.iter().map(|&i| size(i)).sum();
    let mut behind = 0;
    let mut from = markup.units.len();
    for &i in prose.iter().rev() {
        if (behind + size(i)) * 100 > all * MOST_BEHIND {
            break;
        }
        behind += size(i);
        from = i;
    }
    let start = prose.iter().rev().find(|&&i| i < from).map_or(0, |i| i + 1);
    (start..markup.units.len()).find(|&i| {
        markup.alone(i)
            && markup.marks[i].is_some_and(|m| {
                let link = [
                    "related.label",
                    "related.arrow",
                    "nav.page",
                    "nav.player",
                    "time",
                ]
                .iter()
                .any(|name| m.rule.ends_with(name));
                m.sure
                    && !link
                    && matches!(
                        m.reason,
                        Reason::Copyright
                            | Reason::Byline
                            | Reason::Comment
                            | Reason::RelatedLinks
                            | Reason::Navigation
                    )
            })
    })
}
