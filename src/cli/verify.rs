//! `sukje verify`: a saved brief against the article it speaks of.

use std::io::{self, Write};

use sukje::escape::shown;
use sukje::input::read_file;
use sukje::verify::{Report, check_brief};

use super::args::VerifyArgs;
use super::brief;
use super::exit::{Exit, Stop};
use super::input;
use super::output::Output;

pub fn run(args: &VerifyArgs) -> Result<Exit, Stop> {
    let output = Output::open(args.output.output.as_deref())?;
    let (_, brief) = brief::load(args.brief.as_deref(), "verify")?;
    let document = read_file(&args.source, args.encoding)?;
    let document = input::in_form(document, args.form, Some(&args.source))?;
    let report = check_brief(&brief, &document);
    output.write(|out| write_report(&report, args.output.quiet, out))?;
    Ok(if report.findings.is_empty() {
        Exit::Done
    } else {
        Exit::Findings
    })
}

/// A line for each finding, then what was checked.
fn write_report(report: &Report, quiet: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    for finding in &report.findings {
        writeln!(out, "{}: {}", shown(&finding.field), shown(&finding.cause))?;
    }
    if !quiet {
        let (numbers, names) = (&report.numbers, &report.names);
        writeln!(
            out,
            "{} findings; {} figures and {} names looked up, {} not found",
            report.findings.len(),
            numbers.checked,
            names.checked,
            numbers.unsupported.len() + names.unsupported.len()
        )?;
    }
    out.flush()
}
