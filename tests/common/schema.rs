//! Outputs held against their JSON Schemas.

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

/// A schema that outputs are held against.
pub struct Schema {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Schema {
    /// Compiles a schema, itself held against the draft it names.
    pub fn of(schema: &Value) -> Schema {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let name = "schema.json";
        compiler
            .add_resource(name, schema.clone())
            .expect("a resource");
        let index = compiler.compile(name, &mut schemas);
        let index = index.unwrap_or_else(|error| panic!("no schema: {error:#}"));
        Schema { schemas, index }
    }

    /// Returns what of a value the schema does not allow.
    pub fn faults(&self, value: &Value) -> Option<String> {
        let checked = self.schemas.validate(value, self.index);
        checked.err().map(|error| format!("{error:#}"))
    }

    /// Returns whether the schema allows a value.
    pub fn allows(&self, value: &Value) -> bool {
        self.faults(value).is_none()
    }
}
