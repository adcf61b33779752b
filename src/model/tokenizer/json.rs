//! tokenizer.json: the file format of HF tokenizers becomes a `Vocabulary`.
//!
//! In:  bytes or a path. Out: a vocabulary, or what of the file is not supported. The tokenizers crate never reads the
//! file: five shapes of it make the crate panic. Only what is known is kept while parsing, each list within its limit,
//! so that a file takes a small multiple of its size.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::marker::PhantomData;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::split::Scheme;
use super::{MAX_TOKENS, TokenizerError, check_size, excerpt, quoted};
use crate::model::gguf::{TokenType, Vocabulary};

/// The largest tokenizer.json; those of byte-level vocabularies have 2 to 20 MB.
const MAX_FILE_BYTES: usize = 32 << 20;
/// The most steps of a pipeline.
const MAX_STEPS: usize = 16;

/// The bytes of a file, within the limit.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, TokenizerError> {
    let failed = |cause| TokenizerError::Read {
        path: quoted(&path.to_string_lossy()),
        cause,
    };
    // Asked before it is opened: a pipe without a writer would be waited for.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(failed(std::io::Error::other("not a file")));
    }
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    Ok(bytes)
}

/// The vocabulary a tokenizer.json describes. Truncation and padding are not read.
pub(super) fn vocabulary(bytes: &[u8]) -> Result<Vocabulary, TokenizerError> {
    check_size("bytes of tokenizer.json", bytes.len(), MAX_FILE_BYTES)?;
    let file: TokenizerFile = serde_json::from_slice(bytes)
        .map_err(|error| TokenizerError::Json(excerpt(&error.to_string(), 120)))?;
    file.model.check()?;
    let scheme = scheme(&file)?;
    let (tokens, types) = by_id(&file.model.vocab.0, &file.added_tokens.0)?;
    let bos = begin(file.post_processor.as_ref(), &tokens)?;
    if let Some(decoder) = file
        .decoder
        .as_ref()
        .filter(|decoder| decoder.kind != "ByteLevel")
    {
        return Err(unsupported("decoder", &decoder.kind, "ByteLevel"));
    }
    Ok(Vocabulary {
        model: "gpt2".into(),
        pre: scheme.name().into(),
        tokens,
        types,
        merges: file
            .model
            .merges
            .0
            .into_iter()
            .map(|merge| merge.0)
            .collect(),
        bos,
        eos: None,
        eot: None,
        add_bos: bos.is_some(),
        chat_template: None,
    })
}

/// What is read of the file.
#[derive(serde::Deserialize)]
struct TokenizerFile {
    #[serde(default)]
    added_tokens: Limited<AddedToken, MAX_TOKENS>,
    normalizer: Option<Step>,
    pre_tokenizer: Option<Step>,
    post_processor: Option<Step>,
    decoder: Option<Step>,
    model: Model,
}

#[derive(serde::Deserialize)]
struct AddedToken {
    id: u32,
    content: String,
    #[serde(default)]
    special: bool,
}

#[derive(serde::Deserialize)]
struct Model {
    #[serde(rename = "type")]
    kind: Option<String>,
    dropout: Option<f32>,
    unk_token: Option<String>,
    continuing_subword_prefix: Option<String>,
    end_of_word_suffix: Option<String>,
    #[serde(default)]
    byte_fallback: bool,
    #[serde(default)]
    ignore_merges: bool,
    #[serde(default)]
    vocab: Entries,
    #[serde(default)]
    merges: Limited<Merge, MAX_TOKENS>,
}

/// A normalizer, pre-tokeniser, decoder or post-processor, with the fields of all that are supported.
#[derive(serde::Deserialize)]
struct Step {
    #[serde(rename = "type")]
    kind: String,
    pattern: Option<Pattern>,
    behavior: Option<String>,
    invert: Option<bool>,
    add_prefix_space: Option<bool>,
    use_regex: Option<bool>,
    normalizers: Option<Limited<Step, MAX_STEPS>>,
    pretokenizers: Option<Limited<Step, MAX_STEPS>>,
    processors: Option<Limited<Step, MAX_STEPS>>,
    single: Option<Limited<Place, MAX_STEPS>>,
}

#[derive(serde::Deserialize)]
struct Pattern {
    #[serde(rename = "Regex")]
    regex: Option<String>,
}

/// A place of a template: the text, or a token before or after it.
#[derive(serde::Deserialize)]
struct Place {
    #[serde(rename = "SpecialToken")]
    token: Option<PlacedToken>,
}

#[derive(serde::Deserialize)]
struct PlacedToken {
    id: String,
}

impl Model {
    /// Whether it is plain byte-level BPE.
    fn check(&self) -> Result<(), TokenizerError> {
        let supported = "BPE of bytes";
        match self.kind.as_deref() {
            Some("BPE") => {}
            kind => {
                return Err(unsupported(
                    "model",
                    kind.unwrap_or("without a type"),
                    supported,
                ));
            }
        }
        let set = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        let odd = [
            ("dropout", self.dropout.is_some_and(|chance| chance != 0.0)),
            ("unk_token", set(&self.unk_token)),
            (
                "continuing_subword_prefix",
                set(&self.continuing_subword_prefix),
            ),
            ("end_of_word_suffix", set(&self.end_of_word_suffix)),
            ("byte_fallback", self.byte_fallback),
        ];
        match odd.into_iter().find(|(_, there)| *there) {
            Some((name, _)) => Err(unsupported("model with", name, supported)),
            None => Ok(()),
        }
    }
}

/// The way of splitting that the normalizer, the pre-tokeniser and the model together spell out.
fn scheme(file: &TokenizerFile) -> Result<&'static Scheme, TokenizerError> {
    let composes = composes(file.normalizer.as_ref())?;
    let pattern = pattern(file.pre_tokenizer.as_ref())?;
    Scheme::spelled(pattern, composes, file.model.ignore_merges).ok_or_else(|| {
        let name = format!(
            "{} with normalizer {}",
            pattern.unwrap_or("ByteLevel"),
            if composes { "NFC" } else { "none" }
        );
        unsupported("pre-tokeniser", &name, "those of qwen2, llama3 and gpt-2")
    })
}

fn composes(normalizer: Option<&Step>) -> Result<bool, TokenizerError> {
    let Some(step) = normalizer else {
        return Ok(false);
    };
    match (step.kind.as_str(), &step.normalizers) {
        ("NFC", _) => Ok(true),
        ("Sequence", Some(steps)) if steps.0.is_empty() => Ok(false),
        ("Sequence", Some(steps)) if steps.0.len() == 1 => composes(steps.0.first()),
        (kind, _) => Err(unsupported("normalizer", kind, "NFC or none")),
    }
}

/// The pattern text is split by; none is the one that ByteLevel brings along.
fn pattern(pre_tokenizer: Option<&Step>) -> Result<Option<&str>, TokenizerError> {
    let supported = "Split with ByteLevel, or ByteLevel";
    let Some(step) = pre_tokenizer else {
        return Err(unsupported("pre-tokeniser", "none", supported));
    };
    let steps = match &step.pretokenizers {
        Some(steps) if step.kind == "Sequence" => steps.0.as_slice(),
        _ => std::slice::from_ref(step),
    };
    match steps {
        [bytes] if bytes.is_byte_level(true) => Ok(None),
        [split, bytes] if bytes.is_byte_level(false) => split
            .split_pattern()
            .map(Some)
            .ok_or_else(|| unsupported("pre-tokeniser", &split.kind, supported)),
        _ => Err(unsupported("pre-tokeniser", &step.kind, supported)),
    }
}

impl Step {
    fn is_byte_level(&self, splits: bool) -> bool {
        self.kind == "ByteLevel"
            && self.add_prefix_space == Some(false)
            && self.use_regex.unwrap_or(true) == splits
    }

    fn split_pattern(&self) -> Option<&str> {
        let plain = self.kind == "Split"
            && self.behavior.as_deref() == Some("Isolated")
            && self.invert != Some(true);
        self.pattern.as_ref().filter(|_| plain)?.regex.as_deref()
    }
}

/// The token a post-processor puts before every text.
fn begin(post_processor: Option<&Step>, tokens: &[String]) -> Result<Option<u32>, TokenizerError> {
    let Some(step) = post_processor else {
        return Ok(None);
    };
    match (step.kind.as_str(), &step.processors, &step.single) {
        ("ByteLevel", ..) => Ok(None),
        ("Sequence", Some(steps), _) => {
            let mut found = None;
            for step in &steps.0 {
                found = found.or(begin(Some(step), tokens)?);
            }
            Ok(found)
        }
        ("TemplateProcessing", _, Some(places)) => match places.0.as_slice() {
            [Place { token: None }] => Ok(None),
            [Place { token: Some(first) }, Place { token: None }] => {
                match tokens.iter().position(|token| *token == first.id) {
                    Some(id) => Ok(Some(id as u32)),
                    None => Err(unsupported(
                        "post-processor with the token",
                        &first.id,
                        "one of the vocabulary",
                    )),
                }
            }
            _ => Err(unsupported(
                "post-processor",
                &step.kind,
                "one token before the text",
            )),
        },
        (kind, ..) => Err(unsupported(
            "post-processor",
            kind,
            "ByteLevel and TemplateProcessing",
        )),
    }
}

/// Tokens and their types by id, which must leave no gap.
fn by_id(
    vocab: &[(String, u32)],
    added: &[AddedToken],
) -> Result<(Vec<String>, Vec<TokenType>), TokenizerError> {
    let named = vocab
        .iter()
        .map(|(token, id)| (token.as_str(), *id, TokenType::Normal));
    let added = added.iter().map(|token| {
        let kind = if token.special {
            TokenType::Control
        } else {
            TokenType::UserDefined
        };
        (token.content.as_str(), token.id, kind)
    });
    let mut slots: Vec<Option<(&str, TokenType)>> = Vec::new();
    for (token, id, kind) in named.chain(added) {
        let id = id as usize;
        check_size("tokens", id.saturating_add(1), MAX_TOKENS)?;
        slots.resize(slots.len().max(id + 1), None);
        // An added token may stand in the vocabulary too; nothing else may share an id.
        match slots[id] {
            Some((other, _)) if other != token || kind == TokenType::Normal => {
                return Err(TokenizerError::Token {
                    id,
                    token: quoted(token),
                    problem: "has the id of another",
                });
            }
            _ => slots[id] = Some((token, kind)),
        }
    }
    let absent = |id| TokenizerError::Token {
        id,
        token: String::new(),
        problem: "is not in tokenizer.json",
    };
    slots
        .into_iter()
        .enumerate()
        .map(|(id, slot)| {
            slot.map(|(token, kind)| (token.to_owned(), kind))
                .ok_or_else(|| absent(id))
        })
        .collect()
}

fn unsupported(part: &'static str, name: &str, supported: &'static str) -> TokenizerError {
    TokenizerError::Unsupported {
        part,
        name: quoted(name),
        supported,
    }
}

/// A list of at most `MAX` values.
struct Limited<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> Default for Limited<T, MAX> {
    fn default() -> Self {
        Limited(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for Limited<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(LimitedVisitor(PhantomData))
    }
}

struct LimitedVisitor<T, const MAX: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for LimitedVisitor<T, MAX> {
    type Value = Limited<T, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "a list of at most {MAX}")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            if values.len() == MAX {
                return Err(A::Error::invalid_length(MAX + 1, &self));
            }
            values.push(value);
        }
        Ok(Limited(values))
    }
}

/// The vocabulary as the file has it: tokens and their ids.
#[derive(Default)]
struct Entries(Vec<(String, u32)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "an object of at most {MAX_TOKENS} tokens and their ids")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            if entries.len() == MAX_TOKENS {
                return Err(A::Error::invalid_length(MAX_TOKENS + 1, &self));
            }
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

/// A merge as `"a b"` or as `["a", "b"]`; written the first way.
struct Merge(String);

impl<'de> Deserialize<'de> for Merge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MergeVisitor)
    }
}

struct MergeVisitor;

impl<'de> Visitor<'de> for MergeVisitor {
    type Value = Merge;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "a merge of two tokens")
    }

    fn visit_str<E: Error>(self, merge: &str) -> Result<Merge, E> {
        Ok(Merge(merge.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Merge, A::Error> {
        let parts: (Option<String>, Option<String>) = (list.next_element()?, list.next_element()?);
        match (parts, list.next_element::<String>()?) {
            ((Some(left), Some(right)), None) => Ok(Merge(left + " " + &right)),
            _ => Err(A::Error::custom("a merge is not of two tokens")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::tokenizer::Tokenizer;

    const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// A tokenizer.json of the trained vocabulary, as a published one is laid out.
    fn sound() -> Value {
        let vocabulary = Vocabulary::trained(400);
        let plain = vocabulary
            .types
            .iter()
            .filter(|kind| **kind == TokenType::Normal)
            .count();
        let vocab: serde_json::Map<String, Value> = (0..plain)
            .map(|id| (vocabulary.tokens[id].clone(), json!(id)))
            .collect();
        let added: Vec<Value> = (plain..plain + 5)
            .map(|id| json!({"id": id, "content": vocabulary.tokens[id], "special": vocabulary.types[id] == TokenType::Control, "lstrip": false}))
            .collect();
        json!({
            "version": "1.0", "truncation": null, "padding": null, "added_tokens": added,
            "normalizer": {"type": "NFC"},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": QWEN2}, "behavior": "Isolated", "invert": false},
                {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false}]},
            "post_processor": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false},
            "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false},
            "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "", "end_of_word_suffix": "",
                "fuse_unk": false, "byte_fallback": false, "vocab": vocab, "merges": vocabulary.merges},
        })
    }

    fn read(file: &Value) -> Result<Tokenizer, TokenizerError> {
        Tokenizer::from_json(file.to_string().as_bytes())
    }

    /// What is wrong with the file after one value at a pointer is another.
    fn check_refused(pointer: &str, value: Value, expected: &str) {
        let mut file = sound();
        *file.pointer_mut(pointer).unwrap() = value;
        let error = read(&file).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn a_published_layout_is_the_same_tokenizer() {
        let ours = Tokenizer::from_vocabulary(&Vocabulary::trained(400)).unwrap();
        let read = read(&sound()).unwrap();
        let text = "전력망을 3.5GW로\n\nwe're <think>";
        assert_eq!(read.encode(text), ours.encode(text));
        assert_eq!(read.control("<think>"), ours.control("<think>"));
        read.matches(&Vocabulary::trained(400)).unwrap();
        assert_eq!(read.eos_ids(), ours.eos_ids());
    }

    #[test]
    fn pairs_a_beginning_and_whole_pieces_are_read() {
        let mut file = sound();
        let pairs: Vec<Vec<String>> = Vocabulary::trained(400)
            .merges
            .iter()
            .map(|merge| merge.split(' ').map(str::to_owned).collect())
            .collect();
        file["model"]["merges"] = json!(pairs);
        file["model"]["ignore_merges"] = json!(true);
        file["normalizer"] = Value::Null;
        file["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] =
            json!(QWEN2.replace(r"|\p{N}|", r"|\p{N}{1,3}|"));
        file["post_processor"] = json!({"type": "Sequence", "processors": [
            {"type": "ByteLevel"},
            {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]}]});
        let tokenizer = read(&file).unwrap();
        assert_eq!(tokenizer.bos(), tokenizer.control("<|endoftext|>"));
    }

    #[test]
    fn shapes_that_make_the_crate_panic_are_refused_or_not_read() {
        check_refused("/model/merges/0", json!(["aaaa", "bbbb"]), "no plain token");
        check_refused(
            "/normalizer",
            json!({"type": "Precompiled", "precompiled_charsmap": null}),
            "normalizer \"Precompiled\"",
        );
        check_refused(
            "/pre_tokenizer",
            json!({"type": "FixedLength", "length": 0}),
            "pre-tokeniser \"FixedLength\"",
        );
        check_refused(
            "/decoder",
            json!({"type": "Strip", "content": "a", "start": 1, "stop": 1}),
            "decoder \"Strip\"",
        );
        let mut file = sound();
        file["truncation"] =
            json!({"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 9});
        file["padding"] = json!({"length": 0});
        assert!(read(&file).is_ok());
    }

    #[test]
    fn other_tokenizers_are_refused_by_name() {
        check_refused(
            "/model/type",
            json!("Unigram"),
            "model \"Unigram\" is not supported, only BPE of bytes",
        );
        check_refused(
            "/model/byte_fallback",
            json!(true),
            "model with \"byte_fallback\"",
        );
        check_refused(
            "/model/unk_token",
            json!("<unk>"),
            "model with \"unk_token\"",
        );
        check_refused(
            "/pre_tokenizer/pretokenizers/0/pattern",
            json!({"Regex": "(a+)+$"}),
            "pre-tokeniser \"(a+)+$ with normalizer NFC\"",
        );
        check_refused(
            "/normalizer",
            json!({"type": "NFKC"}),
            "normalizer \"NFKC\"",
        );
        check_refused("/pre_tokenizer", Value::Null, "pre-tokeniser \"none\"");
        check_refused(
            "/post_processor",
            json!({"type": "BertProcessing"}),
            "post-processor \"BertProcessing\"",
        );
        check_refused(
            "/post_processor",
            json!({"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "[X]"}}, {"Sequence": {"id": "A"}}]}),
            "post-processor with the token \"[X]\"",
        );
    }

    #[test]
    fn ids_are_each_there_once() {
        check_refused("/model/vocab/a", json!(98), "has the id of another");
        check_refused("/model/vocab/a", json!(999), "is not in tokenizer.json");
        check_refused(
            "/model/vocab/a",
            json!(u32::MAX),
            "more than the limit of 524288",
        );
        check_refused("/model/vocab", json!({}), "is not in tokenizer.json");
        check_refused("/added_tokens/0/content", json!(""), "is empty");
        check_refused("/added_tokens/0/id", json!(3), "has the id of another");
    }

    #[test]
    fn what_is_no_tokenizer_is_refused() {
        for bytes in [
            "",
            "hello",
            "<html>403</html>",
            "{}",
            "[]",
            "{\"model\": 3}",
            "{\"model\": {\"vocab\": [",
            &"[".repeat(200_000),
        ] {
            let error = Tokenizer::from_json(bytes.as_bytes()).unwrap_err();
            assert!(
                matches!(
                    error,
                    TokenizerError::Json(_) | TokenizerError::Unsupported { .. }
                ),
                "{error}"
            );
            assert!(error.to_string().len() < 300);
        }
        let merges = format!(
            "{{\"model\": {{\"type\": \"BPE\", \"merges\": [{}\"\"]}}}}",
            "\"\",".repeat(MAX_TOKENS)
        );
        let error = Tokenizer::from_json(merges.as_bytes())
            .unwrap_err()
            .to_string();
        assert!(error.contains("a list of at most"), "{error}");
    }
}
