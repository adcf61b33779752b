//! Choosing and wording: of all attacks the few that say most and differ most, each put into a sentence.
//!
//! In:  `Attack`s. Out: `CritiquePoint`s. Kinds take turns: a reader learns more from five different doubts than from one repeated five times.

use super::phrases;
use super::{Attack, Scope};
use crate::article::Language;
use crate::brief::{CritiquePoint, Origin, Outline, Statement};
use crate::language::particles::particle;

/// Points of the whole, and of each challenge.
const MOST_WHOLE: usize = 3;
const MOST_CHALLENGE: usize = 2;
/// What an attack loses for each point of its kind, and of its sort, already made. Tuned on the training articles until no
/// kind had more than a quarter of all points.
const SAME_KIND: f32 = 1.3;
const SAME_SORT: f32 = 0.9;
/// A second point of a challenge is made only if it weighs this much after that.
const SECOND_POINT: f32 = 3.4;

/// The attacks to make, in the order of their sentences within each part.
pub fn choose(attacks: Vec<Attack>, outline: &Outline) -> Vec<Attack> {
    let parts = 1 + outline.challenges.len();
    let part = |scope: Scope| match scope {
        Scope::Whole => 0,
        Scope::Challenge(at) => at + 1,
    };
    let mut chosen: Vec<Attack> = Vec::new();
    let mut left = attacks;
    // First one point for each part and two for the whole, then second and third ones.
    for (whole, challenge, least) in [(2, 1, f32::MIN), (MOST_WHOLE, MOST_CHALLENGE, SECOND_POINT)]
    {
        loop {
            let full: Vec<bool> = (0..parts)
                .map(|p| {
                    chosen.iter().filter(|c| part(c.scope) == p).count()
                        >= if p == 0 { whole } else { challenge }
                })
                .collect();
            let open = |a: &Attack| !full[part(a.scope)] && !chosen.iter().any(|c| overlaps(c, a));
            let worth = |a: &Attack| value(a, &chosen);
            let best = left
                .iter()
                .enumerate()
                .filter(|(_, a)| open(a))
                .map(|(i, a)| (i, worth(a)))
                .filter(|(_, w)| *w >= least);
            // Of equals the first found: the order of the rules is part of the result.
            let Some((index, _)) = best.fold(None, |best: Option<(usize, f32)>, next| {
                if best.is_none_or(|b| next.1 > b.1) {
                    Some(next)
                } else {
                    best
                }
            }) else {
                break;
            };
            if least > f32::MIN && crowded(&left[index], &chosen) {
                left.remove(index);
                continue;
            }
            chosen.push(left.remove(index));
        }
    }
    chosen.sort_by_key(|a| (part(a.scope), a.evidence[0]));
    chosen
}

fn value(attack: &Attack, chosen: &[Attack]) -> f32 {
    let kind = chosen.iter().filter(|c| c.kind == attack.kind).count() as f32;
    let sort = chosen
        .iter()
        .filter(|c| c.kind == attack.kind && c.variant == attack.variant)
        .count() as f32;
    attack.score - kind * SAME_KIND - sort * SAME_SORT
}

/// Whether one more point of this kind would make it more than a third of all.
fn crowded(attack: &Attack, chosen: &[Attack]) -> bool {
    let kind = chosen.iter().filter(|c| c.kind == attack.kind).count();
    (kind + 1) * 3 > chosen.len() + 1
}

/// Two points on one sentence, or of one kind in one part, say too much of the same.
fn overlaps(a: &Attack, b: &Attack) -> bool {
    a.evidence[0] == b.evidence[0] || a.quote == b.quote || a.scope == b.scope && a.kind == b.kind
}

/// The attack as a sentence in the brief's language.
pub fn worded(attack: Attack, article: Language, outline: &Outline) -> Option<CritiquePoint> {
    let phrase = phrases::wordings(attack.kind, attack.variant)?;
    let table = if outline.output_language == Language::Ko {
        phrase.ko
    } else {
        phrase.en
    };
    let made: Vec<&str> = outline
        .critique
        .iter()
        .chain(outline.challenges.iter().flat_map(|c| &c.critique))
        .map(|p| p.statement.text.as_str())
        .collect();
    let first = (hash(&attack.quote) % table.len() as u64) as usize;
    let turns = (0..table.len()).map(|i| table[(first + i) % table.len()]);
    // The first wording by the words attacked; another where this article has used it already.
    let unused = turns
        .clone()
        .find(|w| !made.iter().any(|m| shares_wording(m, w)));
    let wording = unused.or_else(|| turns.clone().next())?;
    let text = fill(wording, &attack, article, outline.output_language);
    if made.contains(&text.as_str()) {
        return None;
    }
    Some(CritiquePoint {
        kind: attack.kind,
        statement: Statement {
            text,
            evidence: attack.evidence,
            origin: Origin::Rule,
        },
    })
}

/// Whether a text was made with a wording: its longest fixed part stands in it.
fn shares_wording(text: &str, wording: &str) -> bool {
    let fixed = wording
        .split(['{', '}'])
        .step_by(2)
        .max_by_key(|p| p.len())
        .unwrap_or("");
    text.contains(fixed)
}

/// Puts the article's words into a wording, with the particles that fit.
fn fill(wording: &str, attack: &Attack, article: Language, language: Language) -> String {
    let mut out = String::with_capacity(wording.len() + attack.quote.len());
    let mut parts = wording.split(['{', '}']);
    while let Some(fixed) = parts.next() {
        out.push_str(fixed);
        let Some(slot) = parts.next() else { break };
        let (name, form) = slot.split_once(':').unwrap_or((slot, ""));
        let opens = out.is_empty();
        match (name, language) {
            ("q", Language::Ko) => out.push_str(&format!("“{}”", attack.quote)),
            ("q", Language::En) => out.push_str(&attack.quote),
            ("w", Language::Ko) => out.push_str(&format!("‘{}’", attack.word)),
            ("w", Language::En) => out.push_str(&attack.word),
            ("a", _) if article != language => out.push_str(&format!("“{}”", attack.actor)),
            ("a", _) => out.push_str(&attack.actor),
            ("l", Language::En) if !opens => out.push_str(&attack.label.to_lowercase()),
            ("l", _) => out.push_str(&attack.label),
            ("n", Language::Ko) => out.push_str(&format!("‘{}’", attack.number)),
            ("k" | "n", _) => out.push_str(&attack.number),
            _ => {}
        }
        let said = particle(&out, form);
        out.push_str(if said.is_empty() { form } else { said });
    }
    let mut chars = out.chars();
    match chars.next() {
        Some(first) if first.is_ascii_lowercase() => {
            first.to_ascii_uppercase().to_string() + chars.as_str()
        }
        _ => out,
    }
}

/// FNV-1a: the same words choose the same wording everywhere.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    })
}
