//! Noise glued to the front of a sentence: where a line was put together, an advertisement may run into the next
//! sentence without a mark between them.
//!
//! In:  the units. Out: units, the glued ones cut in two. Only cuts; what becomes of the pieces is decided later.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::cohesion::{Cohesion, stems};
use super::line_class::{LineClass, features};
use super::markup::{MOST_UNITS, Mark, Markup};
use super::segment::{Style, Unit, closes_sentence, opens_sentence};
use crate::article::Reason;
use crate::classifier::Classifier;
use crate::language::PerLanguage;
use crate::language::data::{self, List};
use crate::language::hangul::is_hangul;

/// Scraps looked for in a row.
const MOST_IN_A_ROW: usize = 3;
/// Longest glued scrap, in words.
const MOST_WORDS: usize = 12;
/// The words must be no beginning of a sentence, and the rest the article's, with at least these probabilities (tuned
/// on the training articles); less is asked where the rest begins with a word that opens sentences.
const GLUED: f32 = 0.25;
const GLUED_BEFORE_OPENER: f32 = 0.05;
/// Two bare words may be a name; so may more of them where marks were kept.
const GLUED_SHORT: f32 = 0.5;
const GLUED_SHORT_MARKED: f32 = 0.85;
/// What a longer scrap is worth over a shorter one that looks as much like an offer, a word.
const PER_WORD: f32 = 0.25;
const REST: f32 = 0.5;
const SURE: f32 = 0.5;
/// A writer's name stands in few sentences (byline, address, credit); the name of whom the article is about in more.
const MOST_NAMED: u32 = 3;
/// Share of the scrap's words that may stand elsewhere in the text: an advertisement's hardly do.
const SHARED: f32 = 0.34;

/// What a notice glued to the end of a sentence begins with.
static NOTICES: List = List::of(&data::COMMON_CLEAN, "glued_notices");

/// Cuts notices off the end of the sentences that stand, so that a notice takes nothing with it.
fn cut_ends(markup: &mut Markup) {
    let mut pieces = markup.empty();
    for i in (0..markup.units.len()).filter(|&i| markup.stands(i)) {
        let (text, unit) = (markup.raw(i), markup.units[i]);
        let ends = |at: &usize| {
            let before = text[..*at]
                .trim_end()
                .trim_end_matches(['<', '[', '('])
                .trim_end();
            before.len() > SHORTEST_BEFORE && closes_sentence(before, markup.language())
        };
        let found = FIRST_NOTICE.find(text).map(|notice| notice.start());
        let Some(at) = found.filter(ends) else {
            continue;
        };
        let before = text[..at].trim_end().trim_end_matches(['<', '[', '(']);
        let (end, next) = (before.trim_end().len(), before.len());
        let blank = text[next..].len() - text[next..].trim_start().len();
        pieces.add(
            Unit {
                end: unit.start + end,
                closes: false,
                ..unit
            },
            None,
        );
        pieces.add(
            Unit {
                start: unit.start + next + blank,
                opens: false,
                ..unit
            },
            None,
        );
    }
    if !pieces.units.is_empty() {
        markup.put(pieces);
    }
}

/// Finds the first of the notices.
static FIRST_NOTICE: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(NOTICES.iter()).expect("few short words"));

/// Fewest bytes of a sentence before a glued notice.
const SHORTEST_BEFORE: usize = 20;

/// Cuts scraps off the front of the sentences that stand.
pub fn cut(markup: &mut Markup) {
    cut_ends(markup);
    let Some(find) = FINDERS[markup.language()].filter(|_| markup.units.len() <= MOST_UNITS) else {
        return;
    };
    let words = markup.cohesion();
    // A label, a byline and an offer may stand glued in a row.
    for _ in 0..MOST_IN_A_ROW {
        let cuts: Vec<(usize, Cut)> = (0..markup.units.len())
            .filter(|&i| markup.stands(i))
            .filter_map(|i| {
                let cut = find(markup.raw(i), markup.style, &words, goes_on(markup, i))?;
                Some((i, cut))
            })
            .collect();
        if cuts.is_empty() {
            return;
        }
        split_units(markup, &cuts);
    }
}

/// Finds the scrap glued to the front of a sentence. English articles showed none in the noise this was written for.
type Finder = fn(text: &str, style: Style, words: &Cohesion, goes_on: bool) -> Option<Cut>;

static FINDERS: PerLanguage<Option<Finder>> = PerLanguage {
    ko: Some(find),
    en: None,
};

/// A cut: where the scrap ends, where the sentence behind it begins, and what the scrap is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cut {
    end: usize,
    next: usize,
    reason: Reason,
    rule: &'static str,
}

/// Returns whether the unit before, on the same line, is a labelled advertisement that a call cut short: "[광고] 더 싼 금리? …".
fn goes_on(markup: &Markup, i: usize) -> bool {
    let Some(before) = i.checked_sub(1).filter(|_| !markup.units[i].opens) else {
        return false;
    };
    let raw = markup.raw(before);
    raw.len() < 120 && raw.ends_with(['?', '!']) && is_advertisement_label(raw)
}

fn is_advertisement_label(text: &str) -> bool {
    let inside = text
        .strip_prefix(['[', '(', '【', '<'])
        .and_then(|t| t.split([']', ')', '】', '>']).next())
        .unwrap_or("");
    AD_LABELS.has(inside.trim())
}

/// Replaces each cut unit by its two pieces.
fn split_units(markup: &mut Markup, cuts: &[(usize, Cut)]) {
    let mut pieces = markup.empty();
    for &(i, cut) in cuts {
        let unit = markup.units[i];
        let scrap = Unit {
            end: unit.start + cut.end,
            closes: false,
            ..unit
        };
        let mark = Mark {
            reason: cut.reason,
            rule: cut.rule,
            of: None,
            sure: false,
            score: None,
        };
        let rest = Unit {
            start: unit.start + cut.next,
            opens: false,
            ..unit
        };
        pieces.add(scrap, Some(mark));
        pieces.add(rest, None);
    }
    markup.put(pieces);
}

/// The scrap glued to the front of a sentence, if there is one.
fn find(text: &str, style: Style, words: &Cohesion, goes_on: bool) -> Option<Cut> {
    let cut = |reason, rule| {
        move |(end, next)| Cut {
            end,
            next,
            reason,
            rule,
        }
    };
    glued_byline(text)
        .map(cut(Reason::Byline, "inline.byline"))
        .or_else(|| spaced_byline(text, style, words).map(cut(Reason::Byline, "inline.byline")))
        .or_else(|| label_end(text).map(cut(Reason::Byline, "inline.label")))
        .or_else(|| {
            bare_words_end(text, style, words, goes_on)
                .map(cut(Reason::Advertisement, "inline.bare_words"))
        })
}

/// "손보람 나루연구소 수석연구위원 시장은 …": a name and a title that no particle ties to the sentence behind them.
fn spaced_byline(text: &str, style: Style, known: &Cohesion) -> Option<(usize, usize)> {
    let words: Vec<&str> = text.split_whitespace().take(8).collect();
    let name = *words.first()?;
    if !(3..=4).contains(&name.chars().count())
        || !name.chars().all(is_hangul)
        || !is_surname(name)
        || known.most_common(&stems(name, style.language)) > MOST_NAMED
    {
        return None;
    }
    let k =
        (1..words.len().min(4)).find(|&k| BYLINE_TITLES.iter().any(|t| words[k].ends_with(t)))?;
    if words[1..k].iter().any(|w| carries_particle(w))
        || k + 2 >= words.len()
        || PEOPLE.iter().any(|p| words[k + 1].starts_with(p))
    {
        return None;
    }
    // The sentence behind has a subject of its own.
    if !words[k + 1..]
        .iter()
        .any(|w| w.ends_with(['은', '는', '이', '가']) && w.chars().count() > 1)
    {
        return None;
    }
    let at = |w: &str| w.as_ptr() as usize - text.as_ptr() as usize;
    Some((at(words[k]) + words[k].len(), at(words[k + 1])))
}

/// A bracketed series title, dateline or credit before a sentence: "[연재 / 바닷길 ③] 항구는 …". A label that only announces
/// an advertisement is left to the words behind it.
fn label_end(text: &str) -> Option<(usize, usize)> {
    let close = match text.chars().next()? {
        '[' => ']',
        '(' => ')',
        '【' => '】',
        '<' => '>',
        _ => return None,
    };
    let end = text.find(close)? + close.len_utf8();
    let inside = &text[..end];
    let rest = text[end..].trim_start();
    let label = inside.chars().count() <= 12 && AD_LABEL_PARTS.iter().any(|l| inside.contains(l));
    let names = CREDIT_PARTS.iter().any(|w| inside.contains(w));
    (!label
        && names
        && inside.chars().count() <= 40
        && rest.chars().count() > 12
        && text[end..].starts_with(' '))
    .then(|| (end, text.len() - rest.len()))
}

/// A scrap of bare words (no particle, no ending) before a sentence that begins with others.
fn bare_words_end(
    text: &str,
    style: Style,
    known: &Cohesion,
    goes_on: bool,
) -> Option<(usize, usize)> {
    let labelled = goes_on || text.starts_with(['[', '(', '【', '<', '▶', '★', '☆', '※', '◆', '■']);
    let words: Vec<(usize, &str)> = text
        .split_whitespace()
        .take(MOST_WORDS + 3)
        .map(|w| (w.as_ptr() as usize - text.as_ptr() as usize, w))
        .collect();
    let bare = words
        .iter()
        .take_while(|(_, w)| labelled || !carries_particle(w))
        .count();
    if !labelled
        && (opens_sentence(text, style.language)
            || text.starts_with(['이', '그', '저']) && words[0].1.chars().count() > 1)
        || bare < 2
        || words.len() < bare.min(3) + 1
        || !closes_sentence(text, style.language)
    {
        return None;
    }
    // "▶…◀" says itself where it ends.
    if text.starts_with('▶')
        && let Some(k) = words[..words.len() - 1]
            .iter()
            .position(|w| w.1.ends_with('◀'))
    {
        return Some((words[k].0 + words[k].1.len(), words[k + 1].0));
    }
    let scrap = Scrap {
        text,
        words: &words,
        labelled,
        style,
        known,
    };
    let most = bare.min(MOST_WORDS).min(words.len() - 1);
    let scored = (1..=most).filter_map(|k| Some((scrap.score(k)?, k)));
    // Of two that are as likely the shorter.
    let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, k)| (words[k - 1].0 + words[k - 1].1.len(), words[k].0))
}

/// A sentence whose first words may be a scrap.
struct Scrap<'t> {
    text: &'t str,
    /// Its words, with their places.
    words: &'t [(usize, &'t str)],
    /// A label says that it begins with one.
    labelled: bool,
    style: Style,
    known: &'t Cohesion,
}

impl Scrap<'_> {
    /// Returns how much the first `k` words look like an offer and the rest like the article's own sentence; none where they do not.
    fn score(&self, k: usize) -> Option<f32> {
        let words = self.words;
        let scrap = &self.text[..words[k - 1].0 + words[k - 1].1.len()];
        let rest = &self.text[words[k].0..];
        if scrap.chars().count() < 4 || rest.chars().count() < 8 || self.is_sentence(scrap, k) {
            return None;
        }
        if !self.offers(scrap) {
            return None;
        }
        let opens = opens_sentence(rest, self.style.language);
        let noise = glued(scrap).max(if brand_shaped(words[0].1) { BRAND } else { 0.0 });
        let most_shared = if noise >= SURE { 2.0 * SHARED } else { SHARED };
        if rest.starts_with(['(', '['])
            || noise < self.least(k, opens)
            || self.known.shared(&stems(scrap, self.style.language)) > most_shared
        {
            return None;
        }
        let own = LineClass::of(rest, self.style.language).article();
        (own >= REST).then(|| {
            (noise / (1.0 - noise + 1e-3)).ln()
                + (own / (1.0 - own + 1e-3)).ln()
                + 3.0 * f32::from(u8::from(opens))
                + PER_WORD * k as f32
        })
    }

    /// Whether more than its bareness says that it is an offer: floors, areas and counts stand bare in any sentence, and so
    /// do names where sentences end in marks.
    fn offers(&self, scrap: &str) -> bool {
        let bare = self.style.punctuated || scrap.contains(|c: char| c.is_ascii_digit());
        self.labelled
            || !bare
            || brand_shaped(self.words[0].1)
            || scrap.split(' ').any(is_price)
            || OFFERS.iter().any(|w| scrap.contains(w))
    }

    /// A list, a date or half a bracket: no scrap.
    fn is_sentence(&self, scrap: &str, k: usize) -> bool {
        let listed = !self.labelled && self.words[..k].iter().any(|w| w.1.ends_with([',', ':']));
        let dated = scrap.split(' ').any(is_dating) && !scrap.split(' ').any(is_price);
        let brackets = scrap.matches(['(', '[']).count() != scrap.matches([')', ']']).count();
        listed || dated || brackets
    }

    /// The least probability of an offer that is asked for.
    fn least(&self, k: usize, opens: bool) -> f32 {
        match (k > 2, self.style.punctuated && !self.labelled) {
            _ if opens && !self.style.punctuated => GLUED_BEFORE_OPENER,
            (true, false) => GLUED,
            (true, true) | (false, false) => GLUED_SHORT,
            (false, true) => GLUED_SHORT_MARKED,
        }
    }
}

/// Probability of an offer where the first word is shaped like a brand.
const BRAND: f32 = 0.5;

/// One small Latin letter before Hangul ("e좋은마을"): no word of running Korean is written so.
fn brand_shaped(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && chars.next().is_some_and(is_hangul)
        && word.chars().count() >= 4
}

/// "39,900원", "3만원"
fn is_price(word: &str) -> bool {
    word.contains('원') && word.starts_with(|c: char| c.is_ascii_digit())
}

/// "2021년", "7월", "23일": a sentence may begin with a date.
fn is_dating(word: &str) -> bool {
    word.trim_end_matches(['년', '월', '일', '시', '분'])
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':'))
}

/// Log2 of the number of buckets of the trained model.
pub const BUCKET_BITS: u8 = 14;

static GLUED_KO: Classifier =
    Classifier::new(include_bytes!("../../training/weights/glued.ko.bin"));

/// Probability that bare words are an offer glued to a sentence rather than the sentence's own first words.
fn glued(scrap: &str) -> f32 {
    let mut score = [0.0];
    features(scrap, |feature, value| {
        GLUED_KO.add(feature, value, &mut score)
    });
    1.0 / (1.0 + (-score[0]).exp())
}

/// Returns whether a Korean word ends in a particle or a connective, as words of running prose do.
fn carries_particle(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.', '"', '\'', '”', '’', ')']);
    // "추석맞이" ends in no particle.
    if word.ends_with("맞이") {
        return false;
    }
    let count = word.chars().count();
    if count < 2 {
        return false;
    }
    word.ends_with(['은', '는', '을', '를', '의', '에']) && count >= 2
        || (word.ends_with(['이', '가', '와', '과', '도', '로', '고', '며', '던', '만'])
            && count >= 3
            && !word.ends_with("평가"))
        || PARTICLES_IN_PROSE.ends(word) && count >= 3
}

/// "손보람 나루연구소 대표시장은 …": a byline whose title lost the blank behind it.
fn glued_byline(text: &str) -> Option<(usize, usize)> {
    let mut words = text.split_whitespace();
    let name = words.next()?;
    if !(2..=4).contains(&name.chars().count()) || !name.chars().all(is_hangul) || !is_surname(name)
    {
        return None;
    }
    for word in words.take(3) {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        for title in GLUED_TITLES.iter() {
            let Some(rest) = word.strip_prefix(title).or_else(|| {
                word.find(title)
                    .filter(|i| *i > 0 && *i < 24)
                    .map(|i| &word[i + title.len()..])
            }) else {
                continue;
            };
            if rest.chars().count() < 2
                || BEHIND_TITLES
                    .iter()
                    .chain(PARTICLES_BEHIND_TITLES.iter())
                    .any(|w| rest.starts_with(w))
                || !rest.starts_with(|c: char| c.is_alphabetic())
            {
                continue;
            }
            let end = at + word.len() - rest.len();
            return Some((end, end));
        }
        if carries_particle(word) {
            return None;
        }
    }
    None
}

/// The commonest Korean surnames, which stand before nine names in ten.
fn is_surname(name: &str) -> bool {
    SURNAMES
        .iter()
        .any(|all| name.starts_with(|c| all.contains(c)))
}

/// Words of an offer.
static OFFERS: List = List::of(&data::CLEAN.ko, "offers");
/// Labels of an advertisement.
static AD_LABELS: List = List::of(&data::COMMON_CLEAN, "ad_labels");
/// What stands in the label of an advertisement.
static AD_LABEL_PARTS: List = List::of(&data::COMMON_CLEAN, "ad_label_parts");
/// What stands in a bracketed series title, dateline or credit.
static CREDIT_PARTS: List = List::of(&data::CLEAN.ko, "credit_parts");
/// Titles that end the words of a byline.
static BYLINE_TITLES: List = List::of(&data::CLEAN.ko, "byline_titles");
/// Beginnings of words behind a name and title that speak of the person: no byline.
static PEOPLE: List = List::of(&data::CLEAN.ko, "people");
/// Particles and connectives of two syllables, as words of running prose end in.
static PARTICLES_IN_PROSE: List = List::of(&data::PARTICLES, "in_prose");
/// Titles that lose the blank behind them, as they are tried.
static GLUED_TITLES: List = List::of(&data::CLEAN.ko, "glued_titles");
/// What follows a title inside a longer word: 기자회견, 대표단.
static BEHIND_TITLES: List = List::of(&data::CLEAN.ko, "behind_titles");
/// Beginnings of what ties a title to its sentence.
static PARTICLES_BEHIND_TITLES: List = List::of(&data::PARTICLES, "behind_titles");
/// The commonest surnames.
static SURNAMES: List = List::of(&data::CLEAN.ko, "surnames");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byline_without_a_blank_is_cut() {
        let text = "손보람 나루연구소 대표시장은 다리를 고치기로 했다";
        let (end, next) = glued_byline(text).expect("a byline");
        assert_eq!(
            (&text[..end], &text[next..]),
            ("손보람 나루연구소 대표", "시장은 다리를 고치기로 했다")
        );
        assert_eq!(
            glued_byline("손보람 나루연구소 대표는 다리를 고치자고 했다"),
            None
        );
        assert_eq!(
            glued_byline("손보람 나루연구소 대표이사가 다리를 고치자고 했다"),
            None
        );
    }
}
