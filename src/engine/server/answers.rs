//! Answers: the forms a server is asked to answer in, and how its answers are read.
//!
//! In:  ids and slots. Out: JSON Schemas; and from an answer, which may be any JSON, ids that were shown and a text in letters the note may
//! have, or why not. A cause holds nothing a server could have chosen but numbers and letters of its text.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::article::Language;
use crate::brief::{CritiqueKind, Role, Status};
use crate::engine::note::cite::{
    self, MOST_IDS, MOST_POINT_IDS, MOST_POINTS, MOST_RECEIPTS, MOST_REMEDIES,
};
use crate::engine::note::prompt;
use crate::engine::note::slots::{self, KINDS, Slot};
use crate::language::script;

/// The bounds of a text's longest length in characters.
const FEWEST_CHARS: usize = 160;
const MOST_CHARS: usize = 800;

/// Returns the form of the thesis's ids.
pub fn thesis(ids: &[u32]) -> Value {
    object(json!({"sentences": list(ids, 1, MOST_IDS)}))
}

/// Returns the form of an argument's steps.
pub fn argument(ids: &[u32]) -> Value {
    let roles = cite::ROLES.map(|(name, _)| name);
    let step = object(json!({
        "role": {"type": "string", "enum": roles},
        "sentences": list(ids, 1, MOST_POINT_IDS),
    }));
    let steps = json!({"type": "array", "items": step, "minItems": 1, "maxItems": MOST_POINTS});
    object(json!({"steps": steps}))
}

/// Returns the form of a challenge's status and ids.
pub fn challenge(ids: &[u32]) -> Value {
    object(json!({
        "status": {"type": "string", "enum": ["discussed", "not_discussed"]},
        "sentences": list(ids, 0, MOST_RECEIPTS),
        "remedy": list(ids, 0, MOST_REMEDIES),
    }))
}

/// Returns the form of a text.
pub fn text(slot: &Slot) -> Value {
    object(json!({"text": {"type": "string", "maxLength": most_chars(slot)}}))
}

/// Returns the form of a point of critique.
pub fn attack(slot: &Slot) -> Value {
    let kinds = KINDS.map(|(name, _)| name);
    object(json!({
        "kind": {"type": "string", "enum": kinds},
        "text": {"type": "string", "maxLength": most_chars(slot)},
    }))
}

/// Returns the form of an object that has these properties, all of them and no others, in this order.
fn object(properties: Value) -> Value {
    let names: Vec<&String> = properties
        .as_object()
        .into_iter()
        .flat_map(|p| p.keys())
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": names,
        "additionalProperties": false,
    })
}

fn list(ids: &[u32], least: usize, most: usize) -> Value {
    let id = json!({"type": "integer", "enum": ids});
    json!({"type": "array", "items": id, "minItems": least, "maxItems": most})
}

/// Returns twice the length a text should keep to: texts that are too long together are shortened later.
fn most_chars(slot: &Slot) -> usize {
    let quote = slot.quote.as_ref().map_or(0, |quote| quote.chars().count());
    (2 * slot.letters + quote).clamp(FEWEST_CHARS, MOST_CHARS)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThesisAnswer {
    sentences: Vec<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArgumentAnswer {
    steps: Vec<StepAnswer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepAnswer {
    role: Role,
    sentences: Vec<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChallengeAnswer {
    status: Status,
    sentences: Vec<u32>,
    remedy: Vec<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextAnswer {
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttackAnswer {
    kind: CritiqueKind,
    text: String,
}

fn read<T: DeserializeOwned>(answer: Value) -> Result<T, String> {
    serde_json::from_value(answer)
        .map_err(|_| "the server's answer is not of the form asked for".into())
}

/// Reads the thesis's ids, and writes them as a model here does.
pub fn read_thesis(answer: Value, ids: &[u32]) -> Result<String, String> {
    let ThesisAnswer { sentences } = read(answer)?;
    Ok(prompt::list(&some(known(sentences, ids, MOST_IDS)?)?))
}

/// Reads an argument's steps, and writes them as a model here does.
pub fn read_argument(answer: Value, ids: &[u32]) -> Result<String, String> {
    let ArgumentAnswer { steps } = read(answer)?;
    let mut lines = String::new();
    for StepAnswer { role, sentences } in steps.into_iter().take(MOST_POINTS) {
        let cited = known(sentences, ids, MOST_POINT_IDS)?;
        if !cited.is_empty() {
            lines.push_str(&cite::write_step(role, &cited));
        }
    }
    match lines.is_empty() {
        true => Err(NOTHING_CITED.into()),
        false => Ok(lines + "end"),
    }
}

/// Reads a challenge's status and ids, and writes them as a model here does.
pub fn read_challenge(answer: Value, ids: &[u32]) -> Result<String, String> {
    let answer: ChallengeAnswer = read(answer)?;
    if answer.status == Status::NotDiscussed {
        return Ok(cite::NOT_DISCUSSED.into());
    }
    let receipts = some(known(answer.sentences, ids, MOST_RECEIPTS)?)?;
    let remedy = known(answer.remedy, ids, MOST_REMEDIES)?;
    Ok(cite::write_discussed(&receipts, &remedy))
}

const NOTHING_CITED: &str = "cites no sentence";

fn some(cited: Vec<u32>) -> Result<Vec<u32>, String> {
    match cited.is_empty() {
        true => Err(NOTHING_CITED.into()),
        false => Ok(cited),
    }
}

/// Returns the first few of the sentences cited, each once; best come first. One that was not shown makes the answer wrong.
fn known(cited: Vec<u32>, ids: &[u32], most: usize) -> Result<Vec<u32>, String> {
    let mut found = Vec::new();
    for id in cited {
        if ids.binary_search(&id).is_err() {
            return Err(format!("cites sentence {id}, which it was not shown"));
        }
        if found.len() < most && !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

/// Reads a text and its kind, if its length and letters are allowed and it names the claim it attacks.
pub fn read_text(
    answer: Value,
    slot: &Slot,
    cited: &[&str],
    language: Language,
) -> Result<(Option<CritiqueKind>, String), String> {
    let (kind, text) = match slot.quote {
        Some(_) => {
            let AttackAnswer { kind, text } = read(answer)?;
            (Some(kind), text)
        }
        None => (None, read::<TextAnswer>(answer)?.text),
    };
    let most = most_chars(slot);
    if text.chars().nth(most).is_some() {
        return Err(format!("is longer than {most} characters"));
    }
    if kind.is_some_and(|kind| slots::kind_name(kind).is_none()) {
        return Err("is of a kind it was not offered".into());
    }
    if let Some(foreign) = foreign(&text, cited, language) {
        return Err(foreign);
    }
    match &slot.quote {
        Some(quote) if !text.contains(quote.as_str()) => {
            Err("does not name the claim it attacks".into())
        }
        _ => Ok((kind, text)),
    }
}

/// Says which part of a text is not written as the note's language is, and not in a cited sentence: words in other letters, signs, hidden
/// characters.
fn foreign(text: &str, cited: &[&str], language: Language) -> Option<String> {
    let own = |c: char| script::is_own_letter(c, language);
    let stands = |piece: &str| cited.iter().any(|sentence| sentence.contains(piece));
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (ours, theirs): (Vec<char>, Vec<char>) = letters.partition(|&c| own(c));
    if ours.len() <= theirs.len() {
        return Some("is not written in the language of the note".into());
    }
    let words = text.split(|c: char| !c.is_alphabetic() || own(c));
    if let Some(word) = words.filter(|word| !word.is_empty()).find(|w| !stands(w)) {
        let word: String = word.chars().take(LONGEST_SHOWN).collect();
        return Some(format!(
            "has {word}, in letters no cited sentence has it in"
        ));
    }
    let sign = |c: &char| {
        let common = c.is_ascii_graphic() || *c == ' ' || MARKS.contains(*c);
        !common && !c.is_alphabetic() && !stands(c.encode_utf8(&mut [0; 4]))
    };
    let sign = text.chars().find(sign)?;
    Some(format!("has the character U+{:04X}", sign as u32))
}

/// The most letters of a word that a cause shows.
const LONGEST_SHOWN: usize = 24;
/// Marks and signs that any note may use.
const MARKS: &str = "“”‘’「」『』《》〈〉…·–—−%℃€£¥₩∼〜";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::note::slots::NoteField;

    fn slot(quote: Option<&str>) -> Slot {
        Slot {
            field: NoteField::Thesis,
            evidence: vec![1],
            letters: 40,
            quote: quote.map(String::from),
        }
    }

    #[test]
    fn forms_keep_their_order_and_name_the_ids() {
        let form = challenge(&[1, 4]).to_string();
        let at = |name: &str| form.find(name).expect("it is there");
        assert!(at("\"status\"") < at("\"sentences\"") && at("\"sentences\"") < at("\"remedy\""));
        assert!(form.contains("\"enum\":[1,4]"), "{form}");
        assert!(form.contains("\"required\":[\"status\",\"sentences\",\"remedy\"]"));
        let form = argument(&[1]).to_string();
        assert!(form.contains("\"maxItems\":8") && form.contains("\"conclusion\""));
    }

    #[test]
    fn only_sentences_that_were_shown_are_cited() {
        let ids = [1, 2, 4];
        let thesis = |json: Value| read_thesis(json, &ids);
        assert_eq!(thesis(json!({"sentences": [4, 1, 4]})).unwrap(), "[4, 1]");
        assert_eq!(
            thesis(json!({"sentences": [3]})).unwrap_err(),
            "cites sentence 3, which it was not shown"
        );
        assert_eq!(thesis(json!({"sentences": []})).unwrap_err(), NOTHING_CITED);
        for wrong in [
            json!({"sentences": [-1]}),
            json!({"sentences": [1.5]}),
            json!({"sentences": ["1"]}),
            json!({"sentences": [4294967297_u64]}),
            json!({"sentences": [1], "note": "x"}),
            json!([1]),
            json!(null),
            json!("[1]"),
        ] {
            let cause = thesis(wrong.clone()).unwrap_err();
            assert_eq!(
                cause, "the server's answer is not of the form asked for",
                "{wrong}"
            );
        }
    }

    #[test]
    fn answers_become_what_the_engine_reads() {
        let ids = [1, 2, 3, 4, 5, 6];
        let steps = json!({"steps": [
            {"role": "claim", "sentences": [2, 3, 4]},
            {"role": "evidence", "sentences": []},
            {"role": "conclusion", "sentences": [6]},
        ]});
        assert_eq!(
            read_argument(steps, &ids).unwrap(),
            "claim [2, 3]\nconclusion [6]\nend"
        );
        let said = json!({"status": "discussed", "sentences": [3, 1], "remedy": []});
        assert_eq!(
            read_challenge(said, &ids).unwrap(),
            "discussed [3, 1]; remedy none"
        );
        let silent = json!({"status": "not_discussed", "sentences": [3], "remedy": [1]});
        assert_eq!(read_challenge(silent, &ids).unwrap(), "not_discussed");
        let none = json!({"status": "discussed", "sentences": [], "remedy": [1]});
        assert_eq!(read_challenge(none, &ids).unwrap_err(), NOTHING_CITED);
    }

    #[test]
    fn a_text_keeps_to_the_letters_of_its_language() {
        let cited = ["라온전자는 AI 설비에 美 특허 ★을 쓴다."];
        let check = |language, text: &str, expected: Option<&str>| {
            assert_eq!(
                foreign(text, &cited, language).as_deref(),
                expected,
                "{text:?}"
            );
        };
        check(Language::Ko, "라온전자는 AI 설비를 “쓴다”. 12% 더.", None);
        check(Language::Ko, "라온전자는 美 특허 ★을 쓴다.", None);
        let other = "is not written in the language of the note";
        check(Language::Ko, "The plant runs well.", Some(other));
        check(Language::En, "라온전자는 설비를 쓴다.", Some(other));
        check(Language::Ko, "", Some(other));
        check(
            Language::Ko,
            "라온전자는 HBM 설비를 쓴다.",
            Some("has HBM, in letters no cited sentence has it in"),
        );
        check(
            Language::Ko,
            "라온전자는 設備를 쓴다.",
            Some("has 設備, in letters no cited sentence has it in"),
        );
        check(
            Language::Ko,
            "라온전자는\u{202e} 쓴다.",
            Some("has the character U+202E"),
        );
        check(
            Language::Ko,
            "라온전자는 \u{1b}[31m쓴다.",
            Some("has m, in letters no cited sentence has it in"),
        );
        check(
            Language::En,
            "The plant \u{200b}runs.",
            Some("has the character U+200B"),
        );
        check(
            Language::En,
            "The plant\nruns.",
            Some("has the character U+000A"),
        );
        check(
            Language::En,
            "Pоwer runs short.",
            Some("has о, in letters no cited sentence has it in"),
        );
        check(Language::En, "The firm 라온전자는 pays.", None);
    }

    #[test]
    fn a_critique_names_its_claim_and_a_kind_it_was_offered() {
        let slot = slot(Some("전력을 댄다"));
        let read = |kind: &str, text: &str| {
            let answer = json!({"kind": kind, "text": text});
            read_text(answer, &slot, &["라온전자는 전력을 댄다."], Language::Ko)
        };
        let good = "“전력을 댄다”는 말에 근거가 없다.";
        assert_eq!(
            read("unsupported_claim", good).unwrap(),
            (Some(CritiqueKind::UnsupportedClaim), good.into())
        );
        assert_eq!(
            read("suspect_figure", good).unwrap_err(),
            "is of a kind it was not offered"
        );
        assert_eq!(
            read("one_sided", "근거가 없다.").unwrap_err(),
            "does not name the claim it attacks"
        );
        assert_eq!(
            read("one_sided", &"가".repeat(900)).unwrap_err(),
            "is longer than 160 characters"
        );
    }
}
