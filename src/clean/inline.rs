//! Noise glued to the front of a sentence: where a line was put together, an advertisement may run into the next
//! sentence without a mark between them.
//!
//! In:  the units. Out: units, the glued ones cut in two. Only cuts; what becomes of the pieces is decided later.

use super::segment::{Style, Unit, closes_sentence, opens_sentence};
use super::shape::Shape;
use super::words::Words;
use super::{Draft, Mark};
use crate::article::{Language, Reason};

/// Longest glued scrap, in words.
const MOST_WORDS: usize = 12;
/// The scrap must be noise, and the rest the article's, with at least these probabilities (tuned on the training articles).
const NOISE: f32 = 0.6;
const REST: f32 = 0.5;
/// Share of the scrap's words that may stand elsewhere in the text: an advertisement's hardly do.
const TIED: f32 = 0.34;

/// Cuts scraps off the front of the sentences that stand.
pub fn cut(draft: &mut Draft) {
    if draft.style.language != Language::Ko {
        return;
    }
    let words = Words::of(draft);
    let cuts: Vec<(usize, usize, usize)> = (0..draft.units.len())
        .filter(|&i| draft.stands(i))
        .filter_map(|i| scrap_end(draft.raw(i), draft.style, &words).map(|(end, next)| (i, end, next)))
        .collect();
    if !cuts.is_empty() {
        split_units(draft, &cuts);
    }
}

/// Replaces each cut unit by its two pieces; what repeats it repeats the sentence behind the scrap.
fn split_units(draft: &mut Draft, cuts: &[(usize, usize, usize)]) {
    let (mut units, mut marks) = (Vec::with_capacity(draft.units.len() + cuts.len()), Vec::new());
    let mut moved = Vec::with_capacity(draft.units.len());
    let mut cuts = cuts.iter().peekable();
    for (i, unit) in draft.units.iter().enumerate() {
        if let Some((_, end, next)) = cuts.next_if(|c| c.0 == i) {
            units.push(Unit { end: unit.start + end, closes: false, ..*unit });
            marks.push(None);
            units.push(Unit { start: unit.start + next, opens: false, ..*unit });
        } else {
            units.push(*unit);
        }
        marks.push(draft.marks[i]);
        moved.push(units.len() - 1);
    }
    for mark in marks.iter_mut().flatten() {
        *mark = Mark { of: mark.of.map(|o| moved[o]), ..*mark };
    }
    draft.title = draft.title.start..draft.title.end;
    draft.units = units;
    draft.marks = marks;
}

/// Where a glued scrap ends and where the sentence behind it begins.
fn scrap_end(text: &str, style: Style, words: &Words) -> Option<(usize, usize)> {
    glued_byline(text).or_else(|| label_end(text)).or_else(|| bare_words_end(text, style, words))
}

/// A bracketed series title, dateline or credit before a sentence: "[연재 / …] 충북의 …". A label that only announces
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
    let label = inside.chars().count() <= 12 && ["광고", "AD", "ad", "협찬", "제휴", "PR"].iter().any(|l| inside.contains(l));
    let names = ["=", "연재", "기고", "칼럼", "기자", "특파원", "시론", "사진", "제공", "의 "].iter().any(|w| inside.contains(w));
    (!label && names && inside.chars().count() <= 40 && rest.chars().count() > 12 && text[end..].starts_with(' ')).then(|| (end, text.len() - rest.len()))
}

/// A scrap of bare words (no particle, no ending) before a sentence that begins with others.
fn bare_words_end(text: &str, style: Style, known: &Words) -> Option<(usize, usize)> {
    let labelled = text.starts_with(['[', '(', '【', '<', '▶', '★', '☆', '※', '◆', '■']);
    let words: Vec<(usize, &str)> = text.split_whitespace().take(MOST_WORDS + 3).map(|w| (w.as_ptr() as usize - text.as_ptr() as usize, w)).collect();
    let bare = words.iter().take_while(|(_, w)| labelled || !carries_particle(w)).count();
    if !labelled && opens_sentence(text, style) || bare < 2 || words.len() < bare.min(3) + 1 || !closes_sentence(text, style) {
        return None;
    }
    let mut best: Option<(f32, usize)> = None;
    for k in 1..=bare.min(MOST_WORDS).min(words.len() - 1) {
        let scrap = &text[..words[k - 1].0 + words[k - 1].1.len()];
        let rest = &text[words[k].0..];
        if scrap.chars().count() < 4 || rest.chars().count() < 8 {
            continue;
        }
        if scrap.matches(['(', '[']).count() != scrap.matches([')', ']']).count() || known.tied(scrap) > TIED {
            continue;
        }
        let shape = Shape::of(scrap, style.language);
        let noise = shape.of_kind(Reason::Advertisement) + shape.of_kind(Reason::Promotion);
        if noise < NOISE && !(labelled && k > 2) {
            continue;
        }
        let rest_article = Shape::of(rest, style.language).article();
        if rest_article < REST {
            continue;
        }
        let opens = if opens_sentence(rest, style) { 1.0 } else { 0.0 };
        let score = (noise / (1.0 - noise + 1e-3)).ln() + (rest_article / (1.0 - rest_article + 1e-3)).ln() + 3.0 * opens;
        if best.is_none_or(|(s, _)| score > s) {
            best = Some((score, k));
        }
    }
    best.map(|(_, k)| (words[k - 1].0 + words[k - 1].1.len(), words[k].0))
}

/// Whether a Korean word ends in a particle or a connective, as words of running prose do.
fn carries_particle(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.', '"', '\'', '”', '’', ')']);
    let count = word.chars().count();
    if count < 2 {
        return false;
    }
    const LONG: &[&str] = &["에서", "에게", "으로", "까지", "부터", "처럼", "보다", "이나", "라고", "라는", "하는", "하고", "되는", "하던", "지만", "면서", "는데", "에는", "에도", "와의", "과의", "으며", "아서", "어서", "해서"];
    word.ends_with(['은', '는', '을', '를', '의', '에']) && count >= 2
        || (word.ends_with(['이', '가', '와', '과', '도', '로', '고', '며', '던', '만']) && count >= 3 && !word.ends_with("평가"))
        || LONG.iter().any(|p| word.ends_with(p)) && count >= 3
}

/// "손보람 나루연구소 대표시장은 …": a byline whose title lost the blank behind it.
fn glued_byline(text: &str) -> Option<(usize, usize)> {
    const TITLES: &[&str] = &["논설위원", "수석연구위원", "연구위원", "편집위원", "칼럼니스트", "특파원", "기자", "대표", "교수", "소장", "평론가", "위원"];
    /// What follows these titles inside a longer word.
    const WORDS: &[&str] = &["회견", "단", "실", "석", "이사", "작", "팀", "적", "성", "부", "직", "진", "님", "회", "장", "회의", "상", "증", "들", "급", "학", "법", "자", "제", "인", "곡"];
    const PARTICLES: &[&str] = &["는", "은", "이", "가", "를", "을", "의", "와", "과", "도", "에", "로", "께", "만", "라", "다", "였", "입", "인", "씨", "처럼", "보다", "까지", "부터", "라고", "이라", "하"];
    let mut words = text.split_whitespace();
    let name = words.next()?;
    if !(2..=4).contains(&name.chars().count()) || !name.chars().all(|c| ('가'..='힣').contains(&c)) || !is_surname(name) {
        return None;
    }
    for word in words.take(3) {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        for title in TITLES {
            let Some(rest) = word.strip_prefix(title).or_else(|| word.find(title).filter(|i| *i > 0 && *i < 24).map(|i| &word[i + title.len()..])) else { continue };
            if rest.chars().count() < 2 || WORDS.iter().chain(PARTICLES).any(|w| rest.starts_with(w)) || !rest.starts_with(|c: char| c.is_alphabetic()) {
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
    name.starts_with(|c| "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byline_without_a_blank_is_cut() {
        let text = "손보람 나루연구소 대표시장은 다리를 고치기로 했다";
        let (end, next) = glued_byline(text).expect("a byline");
        assert_eq!((&text[..end], &text[next..]), ("손보람 나루연구소 대표", "시장은 다리를 고치기로 했다"));
        assert_eq!(glued_byline("손보람 나루연구소 대표는 다리를 고치자고 했다"), None);
        assert_eq!(glued_byline("손보람 나루연구소 대표이사가 다리를 고치자고 했다"), None);
    }
}
