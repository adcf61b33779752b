//! JSON, with C0, C1 and bidi controls escaped.

use std::io::{self, Write};

pub fn write<T: serde::Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    out.write_all(b"\n")
}
