//! GgufMetadata: the key and value pairs of a header.
//!
//! Numbers and texts are kept, and the four arrays a tokenizer needs; all other arrays are only walked over.

use std::collections::HashMap;

use super::error::{Checked, GgufCause};
use super::fields::HeaderFields;

/// A text may be so long.
const TEXT_BYTES: u64 = 64 << 10;
/// A chat template may be so long.
const TEMPLATE_BYTES: u64 = 1 << 20;
/// An array may hold so many values.
const ARRAY_VALUES: u64 = 1 << 20;
/// Offsets of tensors are multiples of this where the file does not say otherwise.
const DEFAULT_ALIGNMENT: u64 = 32;

pub(super) const TOKENS: &str = "tokenizer.ggml.tokens";
pub(super) const TOKEN_TYPES: &str = "tokenizer.ggml.token_type";
pub(super) const MERGES: &str = "tokenizer.ggml.merges";
pub(super) const SCORES: &str = "tokenizer.ggml.scores";
pub(super) const CHAT_TEMPLATE: &str = "tokenizer.chat_template";

/// The types a value can have, by their code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValueType {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    Bool,
    Text,
    Array,
    U64,
    I64,
    F64,
}

/// Code, name, and the least bytes a value takes.
const KINDS: [(ValueType, &str, u64); 13] = [
    (ValueType::U8, "u8", 1),
    (ValueType::I8, "i8", 1),
    (ValueType::U16, "u16", 2),
    (ValueType::I16, "i16", 2),
    (ValueType::U32, "u32", 4),
    (ValueType::I32, "i32", 4),
    (ValueType::F32, "f32", 4),
    (ValueType::Bool, "bool", 1),
    (ValueType::Text, "string", 8),
    (ValueType::Array, "array", 12),
    (ValueType::U64, "u64", 8),
    (ValueType::I64, "i64", 8),
    (ValueType::F64, "f64", 8),
];

impl ValueType {
    fn read(fields: &mut HeaderFields, key: &str) -> Checked<ValueType> {
        let code = fields.u32()?;
        KINDS
            .get(code as usize)
            .map(|&(kind, ..)| kind)
            .ok_or_else(|| GgufCause::metadata(key, format!("has the unknown type {code}")))
    }

    fn name(self) -> &'static str {
        KINDS[self as usize].1
    }

    fn least_bytes(self) -> u64 {
        KINDS[self as usize].2
    }
}

#[derive(Debug)]
enum ParsedValue {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Bool(bool),
    Text(String),
    Texts(Vec<String>),
    Codes(Vec<u32>),
    Numbers(Vec<f32>),
    Skipped,
}

/// What a header says beside its tensors.
#[derive(Debug)]
pub(super) struct GgufMetadata {
    entries: HashMap<String, (ValueType, ParsedValue)>,
}

impl GgufMetadata {
    /// Reads `count` entries.
    pub(super) fn read(fields: &mut HeaderFields, count: u64) -> Checked<GgufMetadata> {
        fields.enter("the metadata");
        let mut entries = HashMap::new();
        for index in 0..count {
            let key = fields.name("metadata entry", index)?;
            if entries.contains_key(&key) {
                return Err(GgufCause::metadata(&key, "is there twice"));
            }
            let kind = ValueType::read(fields, &key)?;
            let value = read_value(fields, &key, kind)?;
            entries.insert(key, (kind, value));
        }
        Ok(GgufMetadata { entries })
    }

    /// `general.alignment`: a power of two.
    pub(super) fn alignment(&self) -> Checked<u64> {
        let key = "general.alignment";
        match self.entries.get(key) {
            None => Ok(DEFAULT_ALIGNMENT),
            Some((ValueType::U32, ParsedValue::Unsigned(value @ 8..=65_536)))
                if value.is_power_of_two() =>
            {
                Ok(*value)
            }
            Some((ValueType::U32, ParsedValue::Unsigned(value))) => Err(GgufCause::metadata(
                key,
                format!("is {value}, not a power of two from 8 to 65536"),
            )),
            Some((kind, _)) => Err(wrong_type(key, *kind, "u32")),
        }
    }

    /// Returns an integer of any width that is not negative.
    pub(super) fn unsigned(&self, key: &str) -> Checked<Option<u64>> {
        self.get(key, "an integer from 0 on", |value| match value {
            ParsedValue::Unsigned(number) => Some(*number),
            ParsedValue::Signed(number) => u64::try_from(*number).ok(),
            _ => None,
        })
    }

    pub(super) fn float(&self, key: &str) -> Checked<Option<f32>> {
        self.get(key, "a float", |value| match value {
            ParsedValue::Float(number) => Some(*number as f32),
            _ => None,
        })
    }

    pub(super) fn flag(&self, key: &str) -> Checked<Option<bool>> {
        self.get(key, "a bool", |value| match value {
            ParsedValue::Bool(flag) => Some(*flag),
            _ => None,
        })
    }

    pub(super) fn text(&self, key: &str) -> Checked<Option<&str>> {
        self.get(key, "a string", |value| match value {
            ParsedValue::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// [`TOKENS`] or [`MERGES`], taken out.
    pub(super) fn take_texts(&mut self, key: &str) -> Checked<Option<Vec<String>>> {
        match self.entries.remove(key) {
            None => Ok(None),
            Some((_, ParsedValue::Texts(texts))) => Ok(Some(texts)),
            Some((kind, _)) => Err(wrong_type(key, kind, "an array of strings")),
        }
    }

    /// [`TOKEN_TYPES`], taken out.
    pub(super) fn take_codes(&mut self, key: &str) -> Checked<Option<Vec<u32>>> {
        match self.entries.remove(key) {
            None => Ok(None),
            Some((_, ParsedValue::Codes(codes))) => Ok(Some(codes)),
            Some((kind, _)) => Err(wrong_type(key, kind, "an array of i32")),
        }
    }

    /// [`SCORES`], taken out.
    pub(super) fn take_numbers(&mut self, key: &str) -> Checked<Option<Vec<f32>>> {
        match self.entries.remove(key) {
            None => Ok(None),
            Some((_, ParsedValue::Numbers(numbers))) => Ok(Some(numbers)),
            Some((kind, _)) => Err(wrong_type(key, kind, "an array of f32")),
        }
    }

    fn get<'a, T>(
        &'a self,
        key: &str,
        expected: &str,
        read: impl Fn(&'a ParsedValue) -> Option<T>,
    ) -> Checked<Option<T>> {
        let Some((kind, value)) = self.entries.get(key) else {
            return Ok(None);
        };
        read(value)
            .map(Some)
            .ok_or_else(|| wrong_type(key, *kind, expected))
    }
}

/// Returns a value that must be there.
pub(super) fn required<T>(key: &str, value: Option<T>) -> Checked<T> {
    value.ok_or_else(|| GgufCause::metadata(key, "is missing"))
}

fn wrong_type(key: &str, found: ValueType, expected: &str) -> GgufCause {
    let found = found.name();
    GgufCause::metadata(key, format!("is of the type {found}, not {expected}"))
}

fn read_value(fields: &mut HeaderFields, key: &str, kind: ValueType) -> Checked<ParsedValue> {
    Ok(match kind {
        ValueType::U8 => ParsedValue::Unsigned(u8::from_le_bytes(fields.array()?).into()),
        ValueType::I8 => ParsedValue::Signed(i8::from_le_bytes(fields.array()?).into()),
        ValueType::U16 => ParsedValue::Unsigned(u16::from_le_bytes(fields.array()?).into()),
        ValueType::I16 => ParsedValue::Signed(i16::from_le_bytes(fields.array()?).into()),
        ValueType::U32 => ParsedValue::Unsigned(fields.u32()?.into()),
        ValueType::I32 => ParsedValue::Signed(i32::from_le_bytes(fields.array()?).into()),
        ValueType::F32 => ParsedValue::Float(f32::from_le_bytes(fields.array()?).into()),
        ValueType::U64 => ParsedValue::Unsigned(fields.u64()?),
        ValueType::I64 => ParsedValue::Signed(i64::from_le_bytes(fields.array()?)),
        ValueType::F64 => ParsedValue::Float(f64::from_le_bytes(fields.array()?)),
        ValueType::Bool => ParsedValue::Bool(read_bool(fields, key)?),
        ValueType::Text => ParsedValue::Text(read_text(fields, key)?),
        ValueType::Array => read_array(fields, key)?,
    })
}

fn read_bool(fields: &mut HeaderFields, key: &str) -> Checked<bool> {
    match fields.array()? {
        [0] => Ok(false),
        [1] => Ok(true),
        [byte] => Err(GgufCause::metadata(
            key,
            format!("is a bool of the value {byte}"),
        )),
    }
}

fn read_text(fields: &mut HeaderFields, key: &str) -> Checked<String> {
    let length = text_length(fields, key)?;
    String::from_utf8(fields.bytes(length)?)
        .map_err(|_| GgufCause::metadata(key, "holds a text that is not UTF-8"))
}

fn text_length(fields: &mut HeaderFields, key: &str) -> Checked<u64> {
    let limit = if key.starts_with(CHAT_TEMPLATE) {
        TEMPLATE_BYTES
    } else {
        TEXT_BYTES
    };
    let length = fields.u64()?;
    if length > limit {
        return Err(GgufCause::metadata(
            key,
            format!("holds a text of {length} bytes, more than {limit}"),
        ));
    }
    Ok(length)
}

fn read_array(fields: &mut HeaderFields, key: &str) -> Checked<ParsedValue> {
    let kind = ValueType::read(fields, key)?;
    let count = fields.u64()?;
    if kind == ValueType::Array {
        return Err(GgufCause::metadata(key, "is an array of arrays"));
    }
    if count > ARRAY_VALUES {
        return Err(GgufCause::metadata(
            key,
            format!("is an array of {count} values, more than {ARRAY_VALUES}"),
        ));
    }
    let least_bytes = count * kind.least_bytes();
    fields.require(least_bytes)?;
    match (key, kind) {
        (TOKENS | MERGES, ValueType::Text) => {
            let texts = (0..count).map(|_| read_text(fields, key));
            texts.collect::<Checked<_>>().map(ParsedValue::Texts)
        }
        (TOKEN_TYPES, ValueType::I32 | ValueType::U32) => {
            let codes = (0..count).map(|_| fields.u32());
            codes.collect::<Checked<_>>().map(ParsedValue::Codes)
        }
        (SCORES, ValueType::F32) => {
            let numbers = (0..count).map(|_| fields.array().map(f32::from_le_bytes));
            numbers.collect::<Checked<_>>().map(ParsedValue::Numbers)
        }
        (_, ValueType::Text) => {
            for _ in 0..count {
                let length = text_length(fields, key)?;
                fields.skip(length)?;
            }
            Ok(ParsedValue::Skipped)
        }
        _ => fields.skip(least_bytes).map(|()| ParsedValue::Skipped),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_stand_at_their_code() {
        for (code, (kind, ..)) in KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, code);
        }
    }
}
