//! The JSON Schemas of the output, derived from the types that are written.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Value, json};

use crate::article::{Article, CLEAN_SCHEMA};
use crate::brief::{BRIEF_SCHEMA, Brief};
use crate::overview::{BATCH_SCHEMA, OverviewJson};

/// Returns the schema of `sukje clean --format json`.
pub fn clean_schema() -> Value {
    schema_of::<Article>(CLEAN_SCHEMA)
}

/// Returns the schema of `sukje summarize --format json`.
pub fn brief_schema() -> Value {
    schema_of::<Brief>(BRIEF_SCHEMA)
}

/// Returns the schema of the overview `sukje batch` writes.
pub fn batch_schema() -> Value {
    schema_of::<OverviewJson>(BATCH_SCHEMA)
}

/// Returns a schema of draft 2020-12 whose `schema` field must carry `name`.
pub(crate) fn schema_of<T: JsonSchema>(name: &str) -> Value {
    let mut schema = titled_schema_of::<T>(name);
    schema["properties"]["schema"]["const"] = json!(name);
    schema
}

/// Returns the same for a type without a `schema` field.
pub(crate) fn titled_schema_of<T: JsonSchema>(name: &str) -> Value {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    schema["title"] = json!(name);
    schema
}
