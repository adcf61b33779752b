//! A text of clauses: whether it is made of the pieces it says, and of nothing else but joints.
//!
//! In:  a statement and the sentences it cites. Out: how many sentences it tells, or what is wrong.

use crate::brief::{ClausePart, Statement};
use crate::language::clauses::{ENDS, JOINING, JOINTS};
use crate::language::hangul::{NO_FINAL, with_final};

/// What is wrong with a text of clauses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It names no pieces.
    NoParts,
    /// A piece is of a sentence that the text does not cite.
    NotCited(u32),
    /// A piece does not stand in its sentence where it says.
    Elsewhere(u32),
    /// Something stands in the text that is neither a piece nor a joint.
    Between(usize),
}

impl Flaw {
    pub fn cause(&self) -> String {
        match self {
            Flaw::NoParts => "is said to be of clauses and names none".into(),
            Flaw::NotCited(id) => {
                format!("holds a clause of sentence {id}, which it does not cite")
            }
            Flaw::Elsewhere(id) => {
                format!("holds a clause that does not stand in sentence {id} where it says")
            }
            Flaw::Between(n) => format!("holds words that are no clause, at clause {n}"),
        }
    }
}

/// Returns how many sentences a text of clauses tells.
pub(super) fn sentences_told<'s>(
    statement: &Statement,
    sentence: impl Fn(u32) -> Option<&'s str>,
) -> Result<usize, Flaw> {
    if statement.parts.is_empty() {
        return Err(Flaw::NoParts);
    }
    for part in &statement.parts {
        let id = part.sentence;
        let text = sentence(id).filter(|_| statement.evidence.contains(&id));
        let text = text.ok_or(Flaw::NotCited(id))?;
        if text.get(part.start..part.end) != Some(part.text.as_str()) || part.text.is_empty() {
            return Err(Flaw::Elsewhere(id));
        }
    }
    let mut rest = statement.text.as_str();
    let mut told = 1;
    for (n, part) in statement.parts.iter().enumerate() {
        let flaw = Flaw::Between(n + 1);
        if n == 0 {
            rest = behind(rest, part).ok_or(flaw)?;
            continue;
        }
        let joined = |joint: &&&str| {
            rest.strip_prefix(**joint)
                .and_then(|r| behind(r, part))
                .is_some()
        };
        let joint = JOINTS.iter().find(joined).ok_or(flaw.clone())?;
        rest = behind(&rest[joint.len()..], part).ok_or(flaw)?;
        let other = statement.parts[n - 1].sentence != part.sentence;
        told += usize::from(other && !JOINING.contains(joint));
    }
    match ENDS.contains(&rest) {
        true => Ok(told),
        false => Err(Flaw::Between(statement.parts.len() + 1)),
    }
}

/// What stands behind a piece at the start of a text. Its first letter may be of another case, its last syllable without its
/// last consonant.
fn behind<'t>(text: &'t str, part: &ClausePart) -> Option<&'t str> {
    let first = part.text.chars().next()?;
    let begin = text.chars().next()?;
    let same = first == begin || first.to_lowercase().eq(begin.to_lowercase());
    let (tail, text) = (&part.text[first.len_utf8()..], &text[begin.len_utf8()..]);
    if !same && !tail.is_empty() {
        return None;
    }
    if tail.is_empty() {
        return (same || opened(first) == Some(begin)).then_some(text);
    }
    if let Some(rest) = text.strip_prefix(tail) {
        return Some(rest);
    }
    let last = tail.chars().next_back()?;
    let rest = text.strip_prefix(&tail[..tail.len() - last.len_utf8()])?;
    rest.strip_prefix(opened(last)?)
}

/// A syllable without its last consonant.
fn opened(syllable: char) -> Option<char> {
    with_final(syllable, NO_FINAL).filter(|c| *c != syllable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::Origin;

    const SENTENCES: [&str; 2] = [
        "그런데 공장은 물량을 12% 늘렸고, 값을 내린다.",
        "판매는 줄었다.",
    ];

    fn statement(text: &str, parts: &[(u32, &str)]) -> Statement {
        let part = |&(sentence, text): &(u32, &str)| {
            let start = SENTENCES[sentence as usize - 1].find(text).unwrap();
            ClausePart {
                sentence,
                text: text.into(),
                start,
                end: start + text.len(),
            }
        };
        Statement {
            text: text.into(),
            evidence: vec![1, 2],
            origin: Origin::Clauses,
            parts: parts.iter().map(part).collect(),
        }
    }

    fn told(statement: &Statement) -> Result<usize, Flaw> {
        sentences_told(statement, |id| SENTENCES.get(id as usize - 1).copied())
    }

    #[test]
    fn pieces_and_joints_make_a_text() {
        let closed = statement(
            "공장은 물량을 12% 늘렸다.",
            &[(1, "공장은 물량을 12% 늘렸")],
        );
        assert_eq!(told(&closed), Ok(1));
        let joined = statement(
            "값을 내리고, 판매는 줄었다.",
            &[(1, "값을 내린"), (2, "판매는 줄었다.")],
        );
        assert_eq!(told(&joined), Ok(1));
        let two = statement(
            "값을 내린다. 판매는 줄었다.",
            &[(1, "값을 내린다."), (2, "판매는 줄었다.")],
        );
        assert_eq!(told(&two), Ok(2));
    }

    #[test]
    fn other_words_are_found() {
        let added = statement(
            "공장은 물량을 12% 늘렸지만 값을 내린다.",
            &[(1, "공장은 물량을 12% 늘렸"), (1, "값을 내린다.")],
        );
        assert_eq!(told(&added), Err(Flaw::Between(2)));
        let changed = statement(
            "공장은 물량을 13% 늘렸다.",
            &[(1, "공장은 물량을 12% 늘렸")],
        );
        assert_eq!(told(&changed), Err(Flaw::Between(1)));
        let tail = statement("판매는 줄었다. 크게", &[(2, "판매는 줄었다.")]);
        assert_eq!(told(&tail), Err(Flaw::Between(2)));
    }

    #[test]
    fn pieces_stand_where_they_say() {
        let mut moved = statement("판매는 줄었다.", &[(2, "판매는 줄었다.")]);
        moved.parts[0].start = 3;
        assert_eq!(told(&moved), Err(Flaw::Elsewhere(2)));
        moved.evidence = vec![1];
        assert_eq!(told(&moved), Err(Flaw::NotCited(2)));
        moved.parts.clear();
        assert_eq!(told(&moved), Err(Flaw::NoParts));
    }
}
