//! `sukje schema`: the JSON Schema of an output.

use sukje::batch::{summary_schema, worker_schema};
use sukje::render::{batch_schema, brief_schema, clean_schema, write_json};

use super::args::{SchemaArgs, SchemaName};
use super::exit::{Exit, Stop};
use super::output::Output;

pub fn run(args: &SchemaArgs) -> Result<Exit, Stop> {
    let schema = match args.which {
        SchemaName::Clean => clean_schema(),
        SchemaName::Brief => brief_schema(),
        SchemaName::Batch => batch_schema(),
        SchemaName::Summary => summary_schema(),
        SchemaName::Worker => worker_schema(),
    };
    Output::Stdout.write(|out| write_json(&schema, out))?;
    Ok(Exit::Done)
}
