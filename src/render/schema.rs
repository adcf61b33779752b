//! The JSON Schemas of the output, derived from the types that are written.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Value, json};

use crate::article::{Article, CLEAN_SCHEMA};
use crate::batch::{Answered, BATCH_SCHEMA, SUMMARY_SCHEMA, Summary, Whole};
use crate::brief::{BRIEF_SCHEMA, Brief};

/// The schema of `sukje clean --format json`.
pub fn clean_schema() -> Value {
    schema_of::<Article>(CLEAN_SCHEMA)
}

/// The schema of `sukje summarize --format json`.
pub fn brief_schema() -> Value {
    schema_of::<Brief>(BRIEF_SCHEMA)
}

/// The schema of the overview `sukje batch` writes.
pub fn batch_schema() -> Value {
    schema_of::<Whole>(BATCH_SCHEMA)
}

/// The schema of the summary `sukje batch` writes.
pub fn summary_schema() -> Value {
    schema_of::<Summary>(SUMMARY_SCHEMA)
}

/// The schema of a line `sukje worker` writes.
pub fn worker_schema() -> Value {
    let mut schema = root_schema_of::<Answered>("sukje.worker/1");
    schema["$defs"]["Brief"]["properties"]["schema"]["const"] = json!(BRIEF_SCHEMA);
    schema
}

/// Draft 2020-12, under the schema's own name, which its `schema` field must carry.
fn schema_of<T: JsonSchema>(name: &str) -> Value {
    let mut schema = root_schema_of::<T>(name);
    schema["properties"]["schema"]["const"] = json!(name);
    schema
}

fn root_schema_of<T: JsonSchema>(name: &str) -> Value {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    schema["title"] = json!(name);
    schema
}
