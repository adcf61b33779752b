//! Keep or remove: each unit alone by the rule tables, then by its place and its neighbours.

use std::cell::OnceCell;

use super::rules::{Place, Rules};
use super::shape::Shape;
use super::words::Words;
use super::{Draft, MOST_UNITS};
use crate::article::Reason;

/// Longest line, in bytes and units, that is looked at as a whole.
const LINE_BYTES: usize = 420;
const LINE_UNITS: usize = 5;

/// Share of a sentence's words that stand elsewhere in the article, from which it is held for the article's own.
const TIED_PROSE: f32 = 0.4;

/// Probability from which a sentence looks like the article's own.
const OWN: f32 = 0.9;

/// Marks lines of several units that are one piece of noise: a caption with its credit, a reader's comment.
pub fn by_line(draft: &mut Draft) {
    let rules = Rules::of(draft.style.language);
    let first_prose = first_prose(draft).unwrap_or(usize::MAX);
    let lines: Vec<(usize, usize)> = lines(draft);
    let words = OnceCell::new();
    let standing = lines.iter().filter(|l| draft.stands(l.0)).count();
    let mut rank = 0;
    for (a, b) in lines {
        if (a..b).all(|i| !draft.stands(i)) {
            continue;
        }
        rank += 1;
        let (start, end) = (draft.units[a].start, draft.units[b - 1].end);
        let blank = |i: usize| draft.marks[i].is_some_and(|m| m.reason == Reason::Other);
        if b - a < 2
            || b - a > LINE_UNITS
            || end - start > LINE_BYTES
            || (a..b).any(|i| !draft.stands(i) && !blank(i))
        {
            continue;
        }
        // Counted before the first mark.
        let words = words.get_or_init(|| Words::of(draft));
        let tail = rank * 3 >= standing * 2 || rank + 12 >= standing;
        let place = Place {
            alone: true,
            prose: false,
            head: a <= first_prose,
            tail,
        };
        let line = super::fold(&draft.text[start..end]);
        // What a rule for one unit, or the look alone, says holds for the line only where it does not go on with the
        // article's own sentences.
        let own = (a..b).any(|i| {
            draft.prose(i)
                && (words.tied(draft.stems(i)) > TIED_PROSE || draft.shape(i).article() > OWN)
        });
        let table = rules
            .line(&line, place, own)
            .map(|r| (r.reason, r.name, true));
        let found = table.or_else(|| {
            if own {
                return None;
            }
            let (reason, p) = Shape::of(&line, draft.style.language).noise();
            let least = if draft.prose(b - 1) {
                PROSE_ALONE
            } else {
                SCRAP_ALONE
            };
            (p >= least && reason != Reason::RelatedLinks && (reason != Reason::Comment || tail))
                .then(|| (reason, shape_rule(reason), false))
        });
        if let Some((reason, rule, sure)) = found {
            (a..b).for_each(|i| draft.mark(i, reason, rule, sure));
        }
    }
}

/// The units of each stretch of joined lines, as ranges.
fn lines(draft: &Draft) -> Vec<(usize, usize)> {
    let starts: Vec<usize> = (0..draft.units.len())
        .filter(|&i| draft.units[i].opens)
        .chain([draft.units.len()])
        .collect();
    starts.windows(2).map(|w| (w[0], w[1])).collect()
}

/// Marks what a table entry fits.
pub fn by_rule(draft: &mut Draft) {
    let rules = Rules::of(draft.style.language);
    let first_prose = first_prose(draft).unwrap_or(usize::MAX);
    let standing: Vec<usize> = (0..draft.units.len())
        .filter(|&i| draft.stands(i))
        .collect();
    for (rank, &i) in standing.iter().enumerate() {
        let prose = draft.prose(i);
        let place = Place {
            alone: draft.alone(i),
            prose,
            head: i < first_prose,
            tail: rank * 3 >= standing.len() * 2 || rank + 12 >= standing.len(),
        };
        let folded = draft.folded(i);
        let found = rules
            .first(&folded, draft.met(i), place)
            .map(|r| (r.reason, r.name))
            .filter(|(reason, _)| *reason != Reason::Comment || !is_addition(&folded))
            .filter(|_| !in_list(draft, i));
        if let Some((reason, rule)) = found {
            draft.mark(i, reason, rule, true);
        }
    }
}

/// What a writer adds to a text of their own: no reader has such a name.
fn is_addition(line: &str) -> bool {
    #[rustfmt::skip]
    const LABELS: &[&str] = &["edit", "update", "note", "ps", "추신", "추가", "수정", "덧", "참고", "주"];
    let label = line.split([':', '：']).next().unwrap_or("").trim();
    LABELS.iter().any(|l| label.eq_ignore_ascii_case(l))
}

/// Whether the line is an item of a list: its neighbour begins with the same mark, or it goes on with it. A caption's
/// arrow stands alone.
fn in_list(draft: &Draft, i: usize) -> bool {
    let mark = |j: Option<usize>| {
        j.filter(|j| *j < draft.units.len())
            .and_then(|j| draft.raw(j).chars().next())
    };
    let Some(own) = mark(Some(i)).filter(|c| matches!(c, '▲' | '△' | '▼' | '•' | '■' | '◆' | '●'))
    else {
        return false;
    };
    if draft.raw(i).matches(own).count() > 1 {
        return true;
    }
    if (0..draft.units.len())
        .filter(|&j| {
            mark(Some(j)) == Some(own)
                && draft.marks[j].is_none_or(|m| m.reason != Reason::Duplicate)
        })
        .take(3)
        .count()
        == 3
    {
        return true;
    }
    mark(i.checked_sub(1)) == Some(own) || mark(Some(i + 1)) == Some(own)
}

/// Probability of being noise from which a unit goes by its look alone: a scrap on a line of its own, a scrap inside
/// running text, a sentence on its own line, a sentence inside running text (tuned on the training articles).
const SCRAP_ALONE: f32 = 0.6;
const SCRAP_INSIDE: f32 = 0.8;
const PROSE_ALONE: f32 = 0.9;
const PROSE_INSIDE: f32 = 0.95;
/// A longer unit, in letters, is no scrap.
const LONGEST_SCRAP: usize = 90;

/// Marks what looks like noise though no table entry fits.
pub fn by_shape(draft: &mut Draft) {
    let words = OnceCell::new();
    let huge = draft.units.len() > MOST_UNITS;
    for i in 0..draft.units.len() {
        if !draft.stands(i) {
            continue;
        }
        let prose = draft.prose(i);
        if is_aside(draft.raw(i)) {
            continue;
        }
        if prose && (huge || draft.units[i].end - draft.units[i].start > 260)
            || draft.letters(i) > LONGEST_SCRAP * 2
        {
            continue;
        }
        let shape = draft.shape(i);
        let (reason, p) = shape.noise();
        // A scrap may look like an offer and an invitation at once: what counts is that it looks like some noise.
        let p = if prose { p } else { p.max(shape.scrap()) };
        let least = match (prose, draft.alone(i)) {
            (false, true) => SCRAP_ALONE,
            (false, false) => SCRAP_INSIDE,
            (true, true) => PROSE_ALONE,
            (true, false) => PROSE_INSIDE,
        };
        // Comments and headlines of other stories are known by their neighbours, not by their look: a sub-heading of
        // the article looks like a headline too.
        // A clipped sentence full of figures looks like an offer, but its words are the article's.
        // The words are counted at the first doubt, and so before the first mark.
        let tied = || {
            let words = words.get_or_init(|| Words::of(draft));
            words.tied(draft.stems(i)) > TIED_PROSE
        };
        if p >= least && !matches!(reason, Reason::Comment | Reason::RelatedLinks) && !tied() {
            draft.mark(i, reason, shape_rule(reason), false);
        }
    }
}

/// "(공급사별 비중은 지난해 결산 기준)[3]": an aside stands in brackets wherever it stands; what noise does is in the tables.
fn is_aside(text: &str) -> bool {
    let note = |c: char| c.is_ascii_digit() || matches!(c, '[' | ']');
    text.starts_with('(') && text.trim_end_matches(note).ends_with(')')
}

fn shape_rule(reason: Reason) -> &'static str {
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
pub fn by_neighbour(draft: &mut Draft) {
    let offer = |draft: &Draft, j: Option<usize>| {
        j.and_then(|j| draft.marks.get(j).copied().flatten())
            .filter(|m| matches!(m.reason, Reason::Advertisement | Reason::Promotion))
    };
    let words = OnceCell::new();
    for i in 0..draft.units.len() {
        let (raw, unit) = (draft.raw(i), draft.units[i]);
        let calls = raw.trim_end().ends_with(['?', '!']);
        let before = if unit.opens {
            None
        } else {
            offer(draft, i.checked_sub(1))
        };
        let after = if unit.closes || !calls {
            None
        } else {
            offer(draft, Some(i + 1))
        };
        let Some(mark) = after.or(before) else {
            continue;
        };
        if !draft.stands(i)
            || draft.letters(i) > LONGEST_CALL
            || words.get_or_init(|| Words::of(draft)).tied(draft.stems(i)) > TIED_PROSE
        {
            continue;
        }
        let looks = draft.shape(i).article() < 0.6;
        if looks || raw.starts_with('(') || calls && after.is_some() {
            draft.mark(i, mark.reason, mark.rule, false);
        }
    }
}

/// Marks what headings, the head and the tail of the text make noise of.
pub fn by_place(draft: &mut Draft) {
    under_headings(draft);
    head(draft);
    tail(draft);
}

fn first_prose(draft: &Draft) -> Option<usize> {
    (0..draft.units.len()).find(|&i| draft.stands(i) && draft.prose(i))
}

/// Lines under "관련기사" or "Comments" belong to the heading until prose or other noise begins.
fn under_headings(draft: &mut Draft) {
    let rules = Rules::of(draft.style.language);
    let mut i = 0;
    while i < draft.units.len() {
        let heading = if draft.in_title(i)
            || !draft.alone(i)
            || draft.marks[i].is_some_and(|m| m.reason == Reason::Duplicate)
        {
            None
        } else {
            rules
                .heading(&draft.folded(i), draft.met(i))
                .map(|h| (h.reason, h.name))
        };
        i += 1;
        let Some((reason, name)) = heading else {
            continue;
        };
        draft.marks[i - 1] = None;
        draft.mark(i - 1, reason, name, true);
        while i < draft.units.len() && belongs_under(draft, i, reason) {
            if draft.marks[i]
                .is_some_and(|m| m.reason == Reason::Comment && reason == Reason::RelatedLinks)
            {
                draft.marks[i] = None;
            }
            draft.mark(i, reason, name, true);
            i += 1;
        }
    }
}

fn belongs_under(draft: &Draft, i: usize, reason: Reason) -> bool {
    // "Letters: …" under a list of links only looks like a reader's comment.
    let other = |m: super::Mark| {
        m.sure
            && m.reason != reason
            && !(reason == Reason::RelatedLinks && m.rule.ends_with("comment.nick"))
    };
    if draft.marks[i].is_some_and(other) || !draft.alone(i) {
        return false;
    }
    if Rules::of(draft.style.language)
        .heading(&draft.folded(i), draft.met(i))
        .is_some_and(|h| h.reason != reason)
    {
        return false;
    }
    match reason {
        // Comments are sentences; they go on to the end, to the next noise or to another story's headline.
        Reason::Comment => !opens_story(draft, i),
        Reason::UnrelatedArticle => true,
        _ => {
            !draft.prose(i)
                || draft
                    .raw(i)
                    .starts_with(['-', '·', '•', '☞', '▶', '*', '└'])
                || draft.letters(i) < 40 && !draft.raw(i).trim_end().ends_with('.')
        }
    }
}

/// A headline with sentences on the lines below it.
fn opens_story(draft: &Draft, i: usize) -> bool {
    let prose = |j: usize| {
        j < draft.units.len()
            && draft.stands(j)
            && draft.prose(j)
            && draft.shape(j).of_kind(Reason::Comment) < 0.5
    };
    !draft.prose(i)
        && draft.shape(i).of_kind(Reason::RelatedLinks) >= 0.5
        && prose(i + 1)
        && prose(i + 2)
}

/// Scraps between the headline and the first sentence: nicknames, counts, sections. "Morning, all." is none: it is
/// closed as a sentence.
fn head(draft: &mut Draft) {
    let Some(first) = first_prose(draft) else {
        return;
    };
    for i in 0..first {
        let closed = draft.raw(i).ends_with(['.', '?', '!']);
        if draft.stands(i) && draft.alone(i) && !closed && draft.letters(i) <= 40 {
            draft.mark(i, Reason::Metadata, "head.scrap", false);
        }
    }
}

/// Share of the prose, in per cent, that may stand behind the end of an article.
const MOST_BEHIND: usize = 25;

/// What follows the end of the article: scraps, comments without a heading.
fn tail(draft: &mut Draft) {
    let standing: Vec<usize> = (0..draft.units.len())
        .filter(|&i| draft.stands(i))
        .collect();
    let prose: Vec<usize> = standing
        .iter()
        .copied()
        .filter(|&i| draft.prose(i))
        .collect();
    let Some(&last) = prose.last() else { return };
    // Scraps behind the last sentence, where another one there is known for noise.
    let known = (last..draft.units.len())
        .any(|i| draft.marks[i].is_some_and(|m| m.sure && m.reason != Reason::Duplicate));
    for &i in standing.iter().filter(|&&i| known && i > last) {
        let noise = || 1.0 - draft.shape(i).article();
        if draft.alone(i) && draft.letters(i) <= 50 && noise() >= 0.3 {
            let reason = scrap_reason(draft, i);
            draft.mark(i, reason, "tail.scrap", false);
        }
    }
    let Some(end) = end_mark(draft, &prose) else {
        return;
    };
    let mut i = end;
    while i < draft.units.len() {
        if !draft.stands(i) || !draft.alone(i) {
            i += 1;
            continue;
        }
        let run = (i..draft.units.len())
            .take_while(|&j| draft.stands(j) && draft.alone(j))
            .count();
        let story = run >= 3 && opens_story(draft, i);
        for j in i..i + run {
            let reason = if story {
                Reason::UnrelatedArticle
            } else {
                reason_behind(draft, j)
            };
            draft.mark(j, reason, "tail.behind_the_end", false);
        }
        i += run;
    }
}

/// The likeliest reason for a line behind the end of the article.
fn reason_behind(draft: &Draft, i: usize) -> Reason {
    let near = (0..i)
        .rev()
        .find_map(|j| draft.marks[j].filter(|m| m.reason != Reason::Duplicate))
        .map(|m| m.reason);
    match draft.shape(i).noise() {
        (reason, p) if p >= 0.5 => reason,
        _ if near == Some(Reason::RelatedLinks) && !draft.prose(i) => Reason::RelatedLinks,
        _ => Reason::Comment,
    }
}

fn scrap_reason(draft: &Draft, i: usize) -> Reason {
    let before = (0..i)
        .rev()
        .find_map(|j| draft.marks[j].filter(|m| m.reason != Reason::Duplicate))
        .map(|m| m.reason);
    match before {
        Some(reason @ (Reason::RelatedLinks | Reason::Comment)) => reason,
        _ => Reason::Navigation,
    }
}

/// The first rights notice, byline, menu or comment that fills a line behind nearly all of the prose.
fn end_mark(draft: &Draft, prose: &[usize]) -> Option<usize> {
    let size = |i: usize| draft.units[i].end - draft.units[i].start;
    let all: usize = prose.iter().map(|&i| size(i)).sum();
    let mut behind = 0;
    let mut from = draft.units.len();
    for &i in prose.iter().rev() {
        if (behind + size(i)) * 100 > all * MOST_BEHIND {
            break;
        }
        behind += size(i);
        from = i;
    }
    let start = prose.iter().rev().find(|&&i| i < from).map_or(0, |i| i + 1);
    (start..draft.units.len()).find(|&i| {
        draft.alone(i)
            && draft.marks[i].is_some_and(|m| {
                m.sure
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
