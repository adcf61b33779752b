//! `sukje merge`: the folders of a batch that was done in parts, as one.

use std::sync::Arc;

use sukje::batch::{self, BatchProgress, End, MergeRun};

use super::args::MergeArgs;
use super::exit::{Exit, Stop};
use super::report::{INTERRUPTED, InputCounts, Table, interrupted, print_end, print_inputs};
use super::signals;

pub fn run(args: &MergeArgs) -> Result<Exit, Stop> {
    let plan = batch::plan_merge(&args.parts, &args.out)?;
    let progress = Arc::new(BatchProgress::default());
    let counts = InputCounts {
        inputs: plan.entries.len(),
        duplicates: plan.duplicates(),
    };
    let table = Table::new(progress.clone(), counts, args.quiet);
    let final_table = table.clone();
    let run = MergeRun {
        plan: &plan,
        out: &args.out,
        durability: args.sync,
        progress: &progress,
        stop: signals::stop_flag(move || final_table.print(INTERRUPTED)),
    };
    let report = batch::merge(&run)?;
    if let End::Interrupted = report.end {
        return Ok(interrupted(&table));
    }
    print_inputs(&report, &table, "");
    print_end(report, &table)
}
