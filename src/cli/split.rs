//! `sukje split`: one sentence a line, without cleaning.

use std::io::{self, BufWriter, Write};

use sukje::clean::split;
use sukje::escape::shown;

use super::args::SplitArgs;
use super::exit::{Exit, Stop};
use super::input;
use super::output::Output;

pub fn run(args: &SplitArgs) -> Result<Exit, Stop> {
    let output = Output::open(args.output.output.as_deref())?;
    let document = input::document(&args.input, "split")?;
    let reading = document.reading();
    let spans = split(reading.text());
    output.write(|out| write_lines(reading.text(), &spans, out))?;
    Ok(Exit::Done)
}

fn write_lines(text: &str, spans: &[(usize, usize)], out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(64 << 10, out);
    for &(start, end) in spans {
        for (n, word) in text[start..end].split_whitespace().enumerate() {
            if n > 0 {
                out.write_all(b" ")?;
            }
            out.write_all(shown(word).as_bytes())?;
        }
        out.write_all(b"\n")?;
    }
    out.flush()
}
