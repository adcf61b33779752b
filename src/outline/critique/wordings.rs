//! Wordings: how each sort of objection is put into a sentence of the brief's language.
//!
//! In:  an `Objection`. Out: a `CritiquePoint`. The wordings stand in `data/*/critique-wordings.txt`.

use super::objection::Objection;
use crate::brief::{CritiqueKind, CritiquePoint, Origin, Outline, Statement, name_of};
use crate::language::Language;
use crate::language::data::CRITIQUE_WORDINGS;
use crate::language::particles::particle;

/// Words an objection. Its label stands inside a sentence as `inside` writes it.
pub fn point(
    objection: Objection,
    article: Language,
    outline: &Outline,
    inside: impl Fn(&str) -> String,
) -> Option<CritiquePoint> {
    let language = outline.output_language;
    let table = wordings(objection.kind, objection.variant, language);
    let challenges = outline.challenges.iter().flat_map(|c| &c.critique);
    let points = outline.critique.iter().chain(challenges);
    let made: Vec<&str> = points.map(|p| p.statement.text.as_str()).collect();
    // The first wording by the words quoted; another where this article has used it already.
    let first = hash(&objection.quote).checked_rem(table.len() as u64)? as usize;
    let mut turns = (0..table.len()).map(|i| table[(first + i) % table.len()]);
    let used = |wording: &str| made.iter().any(|text| shares_wording(text, wording));
    let wording = turns.find(|wording| !used(wording)).unwrap_or(table[first]);
    let text = fill(wording, &objection, article != language, inside);
    if made.contains(&text.as_str()) {
        return None;
    }
    Some(CritiquePoint {
        kind: objection.kind,
        statement: Statement {
            text,
            evidence: objection.evidence,
            origin: Origin::Rule,
            parts: Vec::new(),
        },
    })
}

/// Returns the wordings of a sort of objection.
fn wordings(kind: CritiqueKind, variant: &str, language: Language) -> &'static [&'static str] {
    let kind = name_of(kind);
    let mut sorts = CRITIQUE_WORDINGS[language].group(&kind);
    sorts
        .find(|(sort, _)| *sort == variant)
        .map_or(&[], |(_, wordings)| wordings)
}

/// Returns whether a text was made with a wording: its longest fixed part stands in it.
fn shares_wording(text: &str, wording: &str) -> bool {
    let fixed = wording.split(['{', '}']).step_by(2);
    text.contains(fixed.max_by_key(|part| part.len()).unwrap_or(""))
}

/// Puts the article's words into a wording, with the particles that fit. In the other language a party is quoted.
fn fill(
    wording: &str,
    objection: &Objection,
    foreign: bool,
    inside: impl Fn(&str) -> String,
) -> String {
    let mut out = String::with_capacity(wording.len() + objection.quote.len());
    let mut parts = wording.split(['{', '}']);
    while let Some(fixed) = parts.next() {
        out.push_str(fixed);
        match parts.next() {
            Some("q") => out.push_str(&objection.quote),
            Some("w") => out.push_str(&objection.word),
            Some("a") if foreign => out.push_str(&format!("“{}”", objection.actor)),
            Some("a") => out.push_str(&objection.actor),
            Some("l") if !out.is_empty() => out.push_str(&inside(&objection.label)),
            Some("l") => out.push_str(&objection.label),
            Some("k" | "n") => out.push_str(&objection.number),
            Some(form) => out.push_str(particle(&out, form)),
            None => break,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wording_names_what_it_objects_to() {
        for file in CRITIQUE_WORDINGS.values() {
            for section in file.sections() {
                for wording in &section.entries {
                    assert!(wording.contains("{q}"), "{}: {wording}", section.name);
                }
            }
        }
    }

    #[test]
    fn every_language_has_a_wording_for_every_sort() {
        let sorts = |file: &crate::language::data::File| -> Vec<&str> {
            file.sections().iter().map(|section| section.name).collect()
        };
        let all: Vec<Vec<&str>> = CRITIQUE_WORDINGS.values().map(sorts).collect();
        assert!(all.windows(2).all(|two| two[0] == two[1]));
    }
}
