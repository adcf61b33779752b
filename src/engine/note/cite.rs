//! Citing: which sentences a part rests on, under a grammar that knows only sentences there are.
//!
//! In:  the ids the model was shown. Out: a grammar for its answer, and what the answer says. The grammar bounds how many are cited;
//! it cannot say that none is cited twice, so reading drops what is.

use super::prompt;
pub use crate::brief::MOST_POINTS;
use crate::brief::Role;

/// The most ids of the thesis, of a challenge and of its remedy.
pub const MOST_IDS: usize = 3;
pub const MOST_RECEIPTS: usize = 4;
pub const MOST_REMEDIES: usize = 2;
/// The most ids of a point of an argument.
pub const MOST_POINT_IDS: usize = 2;

/// The roles of steps, by the names a model gives them.
pub const ROLES: [(&str, Role); 5] = [
    ("context", Role::Context),
    ("claim", Role::Claim),
    ("evidence", Role::Evidence),
    ("remedy", Role::Remedy),
    ("conclusion", Role::Conclusion),
];

/// The answer for a challenge that the article does not speak of.
pub const NOT_DISCUSSED: &str = "not_discussed";

/// The answer for a challenge, its receipts and its remedy's: nothing if it is not discussed.
pub type Discussed = Option<(Vec<u32>, Vec<u32>)>;

/// Returns the grammar of the thesis's ids.
pub fn thesis(ids: &[u32]) -> String {
    list(ids, MOST_IDS)
}

/// Returns the grammar of the steps of an argument.
pub fn argument(ids: &[u32]) -> String {
    let roles = ROLES.map(|(name, _)| name);
    let step = format!("({}) {}\\n", roles.join("|"), list(ids, MOST_POINT_IDS));
    format!("({step}){{1,{MOST_POINTS}}}end")
}

/// Returns the grammar of a challenge's status and ids.
pub fn challenge(ids: &[u32]) -> String {
    let (receipts, remedy) = (list(ids, MOST_RECEIPTS), list(ids, MOST_REMEDIES));
    format!("{NOT_DISCUSSED}|discussed {receipts}; remedy (none|{remedy})")
}

fn list(ids: &[u32], most: usize) -> String {
    let ids: Vec<String> = ids.iter().map(u32::to_string).collect();
    let id = format!("({})", ids.join("|"));
    format!("\\[{id}(, {id}){{0,{}}}\\]", most - 1)
}

/// Reads the ids of `[3, 5]`, each once.
pub fn read_ids(text: &str) -> Vec<u32> {
    let mut ids = Vec::new();
    for number in text.split(|c: char| !c.is_ascii_digit()) {
        match number.parse() {
            Ok(id) if !ids.contains(&id) => ids.push(id),
            _ => {}
        }
    }
    ids
}

/// Reads the steps of an argument and puts them in reading order; a sentence that two steps cite stays with the first.
pub fn read_argument(text: &str) -> Vec<(Role, Vec<u32>)> {
    let mut points: Vec<(Role, Vec<u32>)> = Vec::new();
    for line in text.lines() {
        let Some((name, ids)) = line.split_once(' ') else {
            continue;
        };
        let Some((_, role)) = ROLES.iter().find(|(known, _)| *known == name) else {
            continue;
        };
        let mut ids = read_ids(ids);
        ids.retain(|id| !points.iter().any(|(_, taken)| taken.contains(id)));
        if !ids.is_empty() {
            points.push((*role, ids));
        }
    }
    points.sort_by_key(|(_, ids)| ids.iter().min().copied());
    points
}

/// Reads the receipts of a challenge and of its remedy.
pub fn read_challenge(text: &str) -> Discussed {
    let (receipts, remedy) = text.strip_prefix("discussed")?.split_once(';')?;
    Some((read_ids(receipts), read_ids(remedy)))
}

/// Writes ids for `read_ids`, no more of them than a text may cite.
pub fn write_ids(ids: &[u32]) -> String {
    first(ids, MOST_IDS)
}

/// Writes one step for `read_argument`, with its line end.
pub fn write_step(role: Role, ids: &[u32]) -> String {
    let named = ROLES.iter().find(|(_, known)| *known == role);
    let name = named.map_or("", |(name, _)| name);
    format!("{name} {}\n", first(ids, MOST_POINT_IDS))
}

/// Writes a challenge that is discussed for `read_challenge`.
pub fn write_discussed(receipts: &[u32], remedy: &[u32]) -> String {
    let remedy = match remedy {
        [] => "none".into(),
        ids => first(ids, MOST_REMEDIES),
    };
    format!(
        "discussed {}; remedy {remedy}",
        first(receipts, MOST_RECEIPTS)
    )
}

fn first(ids: &[u32], most: usize) -> String {
    prompt::list(&ids[..ids.len().min(most)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::GrammarFactory;
    use sukje_dev::script::vocabulary;

    /// How much of a text a grammar takes, and whether it is whole then.
    fn read(grammar: &str, text: &str) -> (usize, bool) {
        let factory = GrammarFactory::new(vocabulary(&[])).unwrap();
        let mut constraint = factory.start(grammar).unwrap();
        let taken = text
            .bytes()
            .take_while(|&byte| constraint.accept(byte.into()).is_ok())
            .count();
        (taken, constraint.is_accepting())
    }

    fn check(grammar: &str, text: &str) {
        assert_eq!(read(grammar, text), (text.len(), true), "{text}");
    }

    fn refused(grammar: &str, text: &str) {
        let (taken, whole) = read(grammar, text);
        assert!(taken < text.len() || !whole, "{text}");
    }

    #[test]
    fn only_sentences_there_are_can_be_cited() {
        let ids = [1, 2, 12];
        check(&thesis(&ids), "[2, 12]");
        refused(&thesis(&ids), "[3]");
        refused(&thesis(&ids), "[122]");
        refused(&thesis(&ids), "[]");
        refused(&thesis(&ids), "[1, 2, 12, 1]");
        check(&challenge(&ids), "not_discussed");
        check(&challenge(&ids), "discussed [1, 2]; remedy none");
        check(&challenge(&ids), "discussed [1]; remedy [12]");
        refused(&challenge(&ids), "discussed [4]; remedy none");
        refused(&challenge(&ids), "discussed");
        check(&argument(&ids), "claim [1]\nevidence [2, 12]\nend");
        refused(&argument(&ids), "end");
        refused(&argument(&ids), "quote [1]\nend");
        refused(&argument(&ids), &("claim [1]\n".repeat(9) + "end"));
    }

    #[test]
    fn answers_are_read_and_put_right() {
        assert_eq!(read_ids("[2, 12, 2]"), [2, 12]);
        assert_eq!(read_challenge("not_discussed"), None);
        assert_eq!(
            read_challenge("discussed [4, 3]; remedy none"),
            Some((vec![4, 3], vec![]))
        );
        assert_eq!(
            read_argument("conclusion [9]\nclaim [2, 9]\nevidence [9]\nend"),
            [(Role::Claim, vec![2]), (Role::Conclusion, vec![9]),]
        );
    }

    #[test]
    fn three_thousand_sentences_are_no_trouble() {
        let ids: Vec<u32> = (1..=3_000).collect();
        for grammar in [thesis(&ids), argument(&ids), challenge(&ids)] {
            let answer = match &grammar {
                g if *g == thesis(&ids) => "[2999, 7]",
                g if *g == argument(&ids) => "claim [3000]\nend",
                _ => "discussed [1, 2, 3, 2999]; remedy [10]",
            };
            check(&grammar, answer);
        }
    }
}
