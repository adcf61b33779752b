//! JSON, with C0, C1, bidi controls and tag characters escaped.
//!
//! In:  any output type. Out: JSON, indented or on one line, whose parsed value is the very same: only the spelling of strings differs.

use std::io::{self, BufWriter, Write};

use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::escape::find_acting;

const BUFFER_BYTES: usize = 64 << 10;

/// Writes any output type as JSON with control and bidi characters escaped.
pub fn write_json<T: serde::Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    write_in(PrettyFormatter::with_indent(b" "), value, out)
}

/// Writes the same on one line, its end included.
pub fn write_json_line<T: serde::Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    write_in(CompactFormatter, value, out)
}

fn write_in<T: serde::Serialize>(
    form: impl Formatter,
    value: &T,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut buffered = BufWriter::with_capacity(BUFFER_BYTES, out);
    let formatter = Escaping { form };
    value.serialize(&mut Serializer::with_formatter(&mut buffered, formatter))?;
    buffered.write_all(b"\n")?;
    buffered.flush()
}

/// A part of a string, with the rest of the acting characters escaped; quotes, backslashes and C0 come escaped already.
fn write_escaped<W: ?Sized + Write>(writer: &mut W, fragment: &str) -> io::Result<()> {
    let mut at = 0;
    while let Some((start, length)) = find_acting(fragment.as_bytes(), at) {
        writer.write_all(&fragment.as_bytes()[at..start])?;
        at = start + length;
        for c in fragment[start..at].chars() {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
        }
    }
    writer.write_all(&fragment.as_bytes()[at..])
}

/// Another formatter, and strings escaped.
struct Escaping<F> {
    form: F,
}

/// Has the other formatter write whatever is no string.
macro_rules! forward {
    ($($method:ident $(($first:ident))?),* $(,)?) => {$(
        fn $method<W: ?Sized + Write>(&mut self, writer: &mut W $(, $first: bool)?) -> io::Result<()> {
            self.form.$method(writer $(, $first)?)
        }
    )*};
}

impl<F: Formatter> Formatter for Escaping<F> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write_escaped(writer, fragment)
    }

    forward! {
        begin_array, end_array, begin_array_value(first), end_array_value,
        begin_object, end_object, begin_object_key(first), begin_object_value, end_object_value,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_escaped_reads_back_the_same() {
        let text = "강\u{1b}[0m \u{9b}\u{7f} \u{202e}x\u{2069} \u{e0061} \"\\\u{0}";
        let mut out = Vec::new();
        super::write_json(&vec![text], &mut out).expect("a vector takes everything");
        let json = String::from_utf8(out).expect("JSON is UTF-8");
        assert!(
            json.contains("강\\u001b[0m \\u009b\\u007f \\u202ex\\u2069 \\udb40\\udc61"),
            "{json}"
        );
        assert_eq!(
            serde_json::from_str::<Vec<String>>(&json).expect("valid JSON"),
            [text]
        );
        let mut line = Vec::new();
        super::write_json_line(&vec![text], &mut line).expect("a vector takes everything");
        assert_eq!(
            line,
            json.replace("[\n ", "[").replace("\n]", "]").as_bytes()
        );
    }
}
