//! Saved briefs, also those other tools wrote: unknown fields are tolerated, wrong ones are told with line and column.

use std::path::Path;

use sukje::brief::{BRIEF_SCHEMA, Brief};

use super::exit::{Exit, Failure, Stop};
use super::input;

/// Reads a brief from a file or standard input. Gives the name errors call it by.
pub fn load(path: Option<&Path>, command: &str) -> Result<(String, Brief), Stop> {
    let (name, bytes) = input::bytes(path, command)?;
    let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let brief: Brief = serde_json::from_slice(json).map_err(|error| unreadable(&name, &error))?;
    if brief.schema != BRIEF_SCHEMA {
        let schema = brief.schema;
        let cause = format!("its schema is {schema:?}, and {BRIEF_SCHEMA} is what can be read");
        return Err(Failure::new(Exit::Unusable, name, cause).into());
    }
    Ok((name, brief))
}

/// The place first: a long cause is cut at its end.
fn unreadable(name: &str, error: &serde_json::Error) -> Stop {
    let (line, column) = (error.line(), error.column());
    let cause = error.to_string();
    let place = format!(" at line {line} column {column}");
    let cause = cause.strip_suffix(&place).unwrap_or(&cause);
    let cause = format!("not a brief: line {line}, column {column}: {cause}");
    Failure::new(Exit::Unusable, name, cause)
        .hint("a brief is what `sukje summarize --format json` writes")
        .into()
}
