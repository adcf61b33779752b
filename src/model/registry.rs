//! The models that are known: `models.toml` becomes a list of `ModelSpec`.
//!
//! In:  the text of a models file, the embedded one or the user's own. Out: entries in which every value was checked, so that
//! names and paths made of them are harmless. A broken file is an error of one line that names the line or the entry and key.

use serde::Deserialize;
use thiserror::Error;

use super::families::{self, Family};
use crate::escape::shown;

/// The models file in the binary.
const BUILTIN: &str = include_str!("../../models.toml");

/// The longest name, path part or other word of an entry.
const WORD_BYTES: usize = 96;
/// The longest licence or note.
const LINE_BYTES: usize = 200;
/// No model of these families holds more tokens.
const MOST_CONTEXT: u32 = 1 << 20;
/// A terabyte: no dense model that runs here comes near it.
const MOST_BYTES: u64 = 1 << 40;

/// What is known of one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSpec {
    /// What the user calls it, such as `qwen3-1.7b`.
    pub name: String,
    /// Owner and name of the repository it lies in; none where no address is known.
    pub repo: Option<String>,
    /// Its path in the repository, `/` between the parts, or its usual name.
    pub file: String,
    /// What the file must be; none where that is not known beforehand.
    pub pin: Option<Pin>,
    /// The licence's short name.
    pub licence: String,
    /// The family of decoders it belongs to.
    pub family: &'static Family,
    /// How its weights are stored, such as `Q8_0`.
    pub quantisation: String,
    /// Tokens a sequence may hold.
    pub context: u32,
    /// Memory recommended for running it.
    pub memory_mib: u32,
    /// The languages it is meant for, such as `ko`.
    pub languages: Vec<String>,
    /// One line about it.
    pub note: String,
    /// What was measured with it, in one line; `nothing` where it never ran.
    pub measured: String,
    /// How near the lines that it helped to choose come to editors' lines; none where that was not measured.
    pub lines: Option<LineFigures>,
    /// Whether it is used where none is named.
    pub default: bool,
}

/// How near lines come to editors' lines, means of Korean and English, 0 to 1 (`weigh_lines` of `crates/sukje-dev`).
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineFigures {
    /// Character n-gram F-score.
    pub chrf: f64,
    /// Share of the content units.
    pub facts: f64,
}

impl Eq for LineFigures {}

impl LineFigures {
    /// Returns whether neither figure is lower and one is higher.
    pub fn beat(self, other: LineFigures) -> bool {
        let lower = self.chrf < other.chrf || self.facts < other.facts;
        !lower && self != other
    }
}

/// The exact file: where it stood and what its bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The commit, 40 hexadecimal digits, or `main` where none is known.
    pub revision: String,
    /// The file's size.
    pub size_bytes: u64,
    /// The SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
}

/// The models of one models file, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registry {
    models: Vec<ModelSpec>,
}

/// Why a models file could not be used.
#[derive(Debug, Error)]
pub enum RegistryError {
    /// The file does not read: where and why.
    #[error("line {line}: {cause}")]
    Syntax {
        /// The line the reader stopped at, from 1.
        line: usize,
        /// What is wrong there.
        cause: String,
    },
    /// The file reads well and an entry makes no sense.
    #[error("model {entry}: {key} {cause}")]
    Entry {
        /// The entry's name, or its number from 1 where the name is wrong.
        entry: String,
        /// The key that is wrong.
        key: &'static str,
        /// What is wrong with it.
        cause: String,
    },
    /// No entry, or more than one, is the default.
    #[error("default = true must stand on exactly one model, not on {0}")]
    Default(usize),
}

impl Registry {
    /// Returns the models of the file in the binary.
    pub fn builtin() -> Registry {
        Registry::from_toml(BUILTIN).expect("the embedded file is read by a test")
    }

    /// Reads the text of a models file.
    pub fn from_toml(text: &str) -> Result<Registry, RegistryError> {
        let file: ModelsFile = toml::from_str(text).map_err(|error| syntax(text, &error))?;
        let models = file
            .model
            .into_iter()
            .enumerate()
            .map(|(i, entry)| entry.checked(i + 1))
            .collect::<Result<Vec<_>, _>>()?;
        for (i, model) in models.iter().enumerate() {
            if models[..i].iter().any(|other| other.name == model.name) {
                return Err(wrong(&model.name, "name", "stands twice"));
            }
        }
        match models.iter().filter(|model| model.default).count() {
            1 => Ok(Registry { models }),
            count => Err(RegistryError::Default(count)),
        }
    }

    /// Returns every model, in the file's order.
    pub fn models(&self) -> &[ModelSpec] {
        &self.models
    }

    /// Returns the model of this name.
    pub fn get(&self, name: &str) -> Option<&ModelSpec> {
        self.models.iter().find(|model| model.name == name)
    }

    /// Returns the model that is used where none is named.
    pub fn default_model(&self) -> &ModelSpec {
        self.models
            .iter()
            .find(|model| model.default)
            .expect("a registry has one default")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelsFile {
    model: Vec<ModelEntry>,
}

/// An entry as it is written, before its values are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelEntry {
    name: String,
    repo: Option<String>,
    file: String,
    revision: Option<String>,
    size_bytes: Option<u64>,
    sha256: Option<String>,
    licence: String,
    family: String,
    quantisation: String,
    context: u32,
    memory_mib: u32,
    languages: Vec<String>,
    note: String,
    measured: String,
    lines: Option<LineFigures>,
    #[serde(default)]
    default: bool,
}

impl ModelEntry {
    fn checked(self, number: usize) -> Result<ModelSpec, RegistryError> {
        keeps(&number.to_string(), "name", &self.name, SLUG)?;
        let check = |key, text: &str, rule| keeps(&self.name, key, text, rule);
        if let Some(repo) = &self.repo {
            check("repo", repo, REPO)?;
        }
        check("file", &self.file, FILE)?;
        check("licence", &self.licence, LINE)?;
        check("note", &self.note, LINE)?;
        check("measured", &self.measured, LINE)?;
        check("quantisation", &self.quantisation, WORD)?;
        let wrong = |key, cause: &str| Err(wrong(&self.name, key, cause));
        if !(1..=MOST_CONTEXT).contains(&self.context) {
            return wrong("context", "must be between 1 and 1048576");
        }
        if self.memory_mib == 0 {
            return wrong("memory_mib", "must be more than 0");
        }
        if self.languages.is_empty() || !self.languages.iter().all(|tag| is_language(tag)) {
            return wrong("languages", "must be tags of two or three letters");
        }
        let family = families::named(&self.family).ok_or_else(|| {
            let cause = format!("must be {}", families::names());
            self::wrong(&self.name, "family", cause)
        })?;
        let pin = pin(&self.name, self.revision, self.size_bytes, self.sha256)?;
        Ok(ModelSpec {
            name: self.name,
            repo: self.repo,
            file: self.file,
            pin,
            licence: self.licence,
            family,
            quantisation: self.quantisation,
            context: self.context,
            memory_mib: self.memory_mib,
            languages: self.languages,
            note: self.note,
            measured: self.measured,
            lines: self.lines,
            default: self.default,
        })
    }
}

/// The revision of a file whose commit is not known.
pub(super) const NO_COMMIT: &str = "main";

/// Reads the pin, size and hash or neither: a size without a hash pins nothing.
fn pin(
    name: &str,
    revision: Option<String>,
    size_bytes: Option<u64>,
    sha256: Option<String>,
) -> Result<Option<Pin>, RegistryError> {
    let (size_bytes, sha256) = match (&revision, size_bytes, sha256) {
        (None, None, None) => return Ok(None),
        (_, Some(size_bytes), Some(sha256)) => (size_bytes, sha256),
        (_, None, _) => return Err(wrong(name, "size_bytes", "is missing beside the others")),
        (.., None) => return Err(wrong(name, "sha256", "is missing beside the others")),
    };
    if let Some(revision) = &revision {
        keeps(name, "revision", revision, COMMIT)?;
    }
    if !(1..=MOST_BYTES).contains(&size_bytes) {
        return Err(wrong(name, "size_bytes", "must be between 1 and 2^40"));
    }
    keeps(name, "sha256", &sha256, SHA256)?;
    Ok(Some(Pin {
        revision: revision.unwrap_or_else(|| NO_COMMIT.into()),
        size_bytes,
        sha256,
    }))
}

fn wrong(entry: &str, key: &'static str, cause: impl Into<String>) -> RegistryError {
    RegistryError::Entry {
        entry: entry.to_string(),
        key,
        cause: cause.into(),
    }
}

/// Returns the error of a syntax error in one line; the reader's own messages show the line below them.
fn syntax(text: &str, error: &toml::de::Error) -> RegistryError {
    let at = error.span().map_or(text.len(), |span| span.start);
    let line = text.bytes().take(at).filter(|&b| b == b'\n').count() + 1;
    let words: Vec<&str> = error.message().split_whitespace().collect();
    let cause = shown(&words.join(" ")).chars().take(LINE_BYTES).collect();
    RegistryError::Syntax { line, cause }
}

/// What a text must be, and how an error says so.
type Rule = (fn(&str) -> bool, &'static str);

const SLUG: Rule = (
    is_slug,
    "must be lower-case letters, digits, `.`, `-` or `_`",
);
const REPO: Rule = (is_repo, "must be OWNER/NAME");
const FILE: Rule = (is_file, "must be a plain relative path ending in .gguf");
const LINE: Rule = (is_line, "must be one short line");
const WORD: Rule = (is_word, "must be a word");
const COMMIT: Rule = (
    is_commit,
    "must be a commit: 40 lower-case hexadecimal digits",
);
const SHA256: Rule = (is_sha256, "must be 64 lower-case hexadecimal digits");

fn keeps(entry: &str, key: &'static str, text: &str, rule: Rule) -> Result<(), RegistryError> {
    let (holds, cause) = rule;
    match holds(text) {
        true => Ok(()),
        false => Err(wrong(entry, key, cause)),
    }
}

fn is_slug(text: &str) -> bool {
    is_word(text) && !text.contains(|c: char| c.is_ascii_uppercase())
}

/// Letters, digits, `.`, `-`, `_`; begins with a letter or a digit, so it is never an option, hidden or `..`.
fn is_word(text: &str) -> bool {
    (1..=WORD_BYTES).contains(&text.len())
        && text.as_bytes()[0].is_ascii_alphanumeric()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        && !text.contains("..")
}

/// `--` stands for `/` in the names of cache folders.
fn is_repo(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(owner, name)| is_word(owner) && is_word(name))
        && !text.contains("--")
}

fn is_file(text: &str) -> bool {
    text.ends_with(".gguf") && text.split('/').all(is_word)
}

fn is_line(text: &str) -> bool {
    (1..=LINE_BYTES).contains(&text.len()) && !text.contains('\t') && shown(text) == text
}

fn is_language(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
}

/// Returns whether a text is the name of a commit.
pub(super) fn is_commit(text: &str) -> bool {
    is_hex(text, 40)
}

/// Returns whether a text is a SHA-256 as it is written here.
pub(super) fn is_sha256(text: &str) -> bool {
    is_hex(text, 64)
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
[[model]]
name = "tiny"
repo = "someone/Tiny-GGUF"
file = "tiny.gguf"
revision = "0123456789abcdef0123456789abcdef01234567"
size_bytes = 12
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
licence = "MIT"
family = "llama"
quantisation = "F16"
context = 128
memory_mib = 1
languages = ["en"]
note = "for tests"
measured = "nothing"
default = true
"#;

    fn check_error(text: &str, expected: &str) {
        let message = Registry::from_toml(text)
            .expect_err("the file is broken")
            .to_string();
        assert!(message.contains(expected), "{message:?} lacks {expected:?}");
        assert!(!message.contains(char::is_control), "{message:?}");
    }

    #[test]
    fn the_built_in_file_reads_and_has_a_pinned_default() {
        let registry = Registry::builtin();
        let default = registry.default_model();
        assert_eq!(default.name, "qwen2.5-coder-1.5b");
        assert!(default.pin.is_some() && default.measured != "nothing");
        let unpinned = registry
            .models()
            .iter()
            .filter(|model| model.pin.is_none())
            .all(|model| model.note.contains("unpinned"));
        assert!(unpinned);
    }

    #[test]
    fn a_small_file_of_ones_own_reads() {
        let registry = Registry::from_toml(SMALL).expect("sound");
        let tiny = registry.get("tiny").expect("there");
        assert_eq!(tiny.family.name, "llama");
        assert_eq!(tiny.pin.as_ref().expect("pinned").size_bytes, 12);
        let lines = |text: &str| !text.starts_with("repo") && !text.starts_with("revision");
        let known: Vec<&str> = SMALL.lines().filter(|line| lines(line)).collect();
        let registry = Registry::from_toml(&known.join("\n")).expect("sound");
        let tiny = registry.get("tiny").expect("there");
        assert_eq!(tiny.repo, None);
        assert_eq!(tiny.pin.as_ref().expect("pinned").revision, "main");
    }

    #[test]
    fn a_broken_file_names_line_or_entry_and_key() {
        let broken = |from: &str, to: &str| SMALL.replace(from, to);
        check_error("", "missing field `model`");
        check_error("[[model]\n", "line 1");
        check_error(&broken("note = ", "n\u{1b}te = "), "line 15");
        check_error(&broken("note = ", "notes = "), "line 15");
        check_error(&broken("size_bytes = 12", "size_bytes = \"12\""), "line 7");
        check_error(&broken("\"tiny\"", "\"Tiny\""), "model 1: name");
        check_error(&broken("\"tiny\"", "\"../tiny\""), "model 1: name");
        for repo in ["tiny", "../x", "a/b/c", "a/..", "/a", "a/b--c", "a/b c"] {
            check_error(&broken("someone/Tiny-GGUF", repo), "model tiny: repo");
        }
        for file in [
            "../t.gguf",
            "/t.gguf",
            "a//t.gguf",
            "t.bin",
            "a\\\\t.gguf",
            ".t.gguf",
            "a/../t.gguf",
            "t?.gguf",
        ] {
            check_error(&broken("tiny.gguf", file), "model tiny: file");
        }
        check_error(
            &broken("4567\"\nsize", "456\"\nsize"),
            "model tiny: revision",
        );
        check_error(
            &broken("abcdef\"\nlic", "abcdeg\"\nlic"),
            "model tiny: sha256",
        );
        check_error(
            &broken("size_bytes = 12\n", ""),
            "model tiny: size_bytes is missing",
        );
        check_error(
            &broken("size_bytes = 12", "size_bytes = 0"),
            "model tiny: size_bytes",
        );
        check_error(&broken("for tests", "a\\u001bb"), "model tiny: note");
        check_error(&broken("\"nothing\"", "\"\""), "model tiny: measured");
        check_error(&broken("\"llama\"", "\"mamba\""), "model tiny: family");
        check_error(
            &broken("[\"en\"]", "[\"English\"]"),
            "model tiny: languages",
        );
        check_error(&format!("{SMALL}{SMALL}"), "model tiny: name stands twice");
        check_error(&broken("default = true", ""), "not on 0");
    }
}
