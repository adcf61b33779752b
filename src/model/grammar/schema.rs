//! Schemas: what a JSON Schema must be before the grammar library reads it.
//!
//! In:  a schema. Out: nothing, or why it is refused. Does not judge what a schema means, the library does; it keeps from the library
//! what it would panic at: llguidance 1.9.1 cuts a value of the wrong type inside a character to show it, and overflows on great numbers.

use serde_json::Value;

use super::error::{GrammarError, check_depth};

/// Bounds are worked out in 64 bits, in which numbers past this overflow.
const MAX_NUMBER: f64 = 1e15;

/// What an object in a schema is.
#[derive(Clone, Copy, PartialEq)]
enum SchemaPlace {
    /// A schema: its keys are keywords.
    Schema,
    /// Schemas by name.
    Names,
    /// Values that a text may have; nothing in them is a keyword.
    Data,
}

/// Checks depth, numbers, and the types of keywords; without recursion, as depth is not yet known.
pub(super) fn check(schema: &Value) -> Result<(), GrammarError> {
    let mut open = vec![(schema, 1, SchemaPlace::Schema)];
    while let Some((value, depth, place)) = open.pop() {
        check_depth(depth)?;
        match value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, depth + 1, place))),
            Value::Object(fields) => {
                for (key, field) in fields {
                    if place == SchemaPlace::Schema && !is_sound(key, field) {
                        let why = format!("the keyword {key} is not supported with this value");
                        return Err(GrammarError::Refused(why));
                    }
                    open.push((field, depth + 1, within(place, key)));
                }
            }
            Value::Number(number) if !number.as_f64().is_some_and(|n| n.abs() <= MAX_NUMBER) => {
                let why = "a number is greater than 10^15";
                return Err(GrammarError::Refused(why.into()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn within(place: SchemaPlace, key: &str) -> SchemaPlace {
    match (place, key) {
        (SchemaPlace::Schema, "properties" | "patternProperties" | "$defs" | "definitions") => {
            SchemaPlace::Names
        }
        (SchemaPlace::Schema, "const" | "enum" | "default" | "examples") => SchemaPlace::Data,
        (SchemaPlace::Schema | SchemaPlace::Names, _) => SchemaPlace::Schema,
        (SchemaPlace::Data, _) => SchemaPlace::Data,
    }
}

/// Returns whether a keyword has the type of value it is defined with. Keywords not named here are left to the library.
fn is_sound(keyword: &str, value: &Value) -> bool {
    match keyword {
        "minimum" | "maximum" => value.is_number(),
        "exclusiveMinimum" | "exclusiveMaximum" => value.is_number() || value.is_boolean(),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            value.is_u64()
        }
        "pattern" | "format" => value.is_string(),
        "prefixItems" | "anyOf" | "allOf" | "oneOf" | "enum" => value.is_array(),
        "properties" | "patternProperties" | "$defs" | "definitions" => value.is_object(),
        "required" => value
            .as_array()
            .is_some_and(|names| names.iter().all(Value::is_string)),
        "$ref" => value.as_str().is_some_and(is_definition),
        // Its multiples overflow 32 bits, and nothing of ours needs it.
        "multipleOf" => false,
        _ => true,
    }
}

/// Only schemas that were checked as schemas may be referred to.
fn is_definition(reference: &str) -> bool {
    let name = reference
        .strip_prefix("#/$defs/")
        .or_else(|| reference.strip_prefix("#/definitions/"));
    reference == "#" || name.is_some_and(|name| !name.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn is_taken(schema: Value) -> bool {
        check(&schema).is_ok()
    }

    #[test]
    fn keywords_have_their_types() {
        let long = json!({"description": "가".repeat(50)});
        for keyword in [
            "minimum",
            "exclusiveMaximum",
            "maxLength",
            "pattern",
            "required",
            "enum",
            "$ref",
            "$defs",
        ] {
            let list = json!([&long]);
            let wrong = if matches!(keyword, "enum" | "$defs") {
                json!(1)
            } else {
                list
            };
            assert!(!is_taken(json!({keyword: wrong})), "{keyword}");
            assert!(
                is_taken(json!({"properties": {keyword: long}})),
                "{keyword}"
            );
            assert!(is_taken(json!({"const": {keyword: long}})), "{keyword}");
            assert!(
                !is_taken(json!({"properties": {"properties": {keyword: wrong}}})),
                "{keyword}"
            );
        }
        assert!(is_taken(
            json!({"type": "integer", "minimum": -3, "exclusiveMaximum": 2.5})
        ));
    }

    #[test]
    fn only_definitions_are_referred_to() {
        assert!(is_taken(json!({"$ref": "#/$defs/a"})) && is_taken(json!({"$ref": "#"})));
        for reference in ["#/properties", "#/$defs/a/const", "other.json", "#a", ""] {
            assert!(!is_taken(json!({"$ref": reference})), "{reference}");
        }
    }

    #[test]
    fn numbers_and_depth_are_bounded() {
        assert!(is_taken(json!({"maximum": 1e15})) && !is_taken(json!({"maximum": 1.1e15})));
        assert!(!is_taken(json!({"enum": [u64::MAX]})));
        let nested = |n| (0..n).fold(json!({}), |s, _| json!({"items": s}));
        assert!(is_taken(nested(63)) && !is_taken(nested(64)));
    }
}
