//! Writing GGUF: metadata and tensors in, a file out, tensor by tensor.
//!
//! Used for models made up on the spot and for tests. Checks nothing but lengths: reading does that.

use std::io::{self, Write};

use sukje::model::gguf::{TensorInfo, TensorType};

/// Tensors begin at multiples of this many bytes.
const ALIGNMENT: u64 = 32;
const VERSION: u32 = 3;

/// A value of the metadata.
#[derive(Debug, Clone, Copy)]
pub enum EntryValue<'a> {
    /// A number.
    U32(u32),
    /// A number with a fraction.
    F32(f32),
    /// Yes or no.
    Bool(bool),
    /// A text.
    Text(&'a str),
    /// Texts.
    Texts(&'a [String]),
    /// Codes, written as `i32`.
    Codes(&'a [u32]),
}

impl EntryValue<'_> {
    /// The code of the type, then the value.
    fn encode(self, out: &mut Vec<u8>) {
        match self {
            EntryValue::U32(number) => {
                put_u32(out, 4);
                put_u32(out, number);
            }
            EntryValue::F32(number) => {
                put_u32(out, 6);
                out.extend(number.to_le_bytes());
            }
            EntryValue::Bool(flag) => {
                put_u32(out, 7);
                out.push(flag.into());
            }
            EntryValue::Text(text) => {
                put_u32(out, 8);
                put_text(out, text);
            }
            EntryValue::Texts(texts) => {
                put_array(out, 8, texts.len());
                texts.iter().for_each(|text| put_text(out, text));
            }
            EntryValue::Codes(codes) => {
                put_array(out, 5, codes.len());
                codes.iter().for_each(|&code| put_u32(out, code));
            }
        }
    }
}

fn put_u32(out: &mut Vec<u8>, number: u32) {
    out.extend(number.to_le_bytes());
}

fn put_u64(out: &mut Vec<u8>, number: u64) {
    out.extend(number.to_le_bytes());
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_u64(out, text.len() as u64);
    out.extend(text.as_bytes());
}

fn put_array(out: &mut Vec<u8>, element: u32, count: usize) {
    put_u32(out, 9);
    put_u32(out, element);
    put_u64(out, count as u64);
}

/// A file to be written: first its header is gathered, then its tensors are asked for one after the other.
#[derive(Debug, Default)]
pub struct GgufWriter {
    entries: u64,
    metadata: Vec<u8>,
    tensors: Vec<TensorInfo>,
    data_bytes: u64,
}

impl GgufWriter {
    /// Returns a file with nothing in it.
    pub fn new() -> GgufWriter {
        GgufWriter::default()
    }

    /// Adds a metadata entry.
    pub fn metadata(&mut self, key: &str, value: EntryValue<'_>) {
        self.entries += 1;
        put_text(&mut self.metadata, key);
        value.encode(&mut self.metadata);
    }

    /// Adds a tensor, its shape rows first. Fails where the rows are no whole blocks of the type.
    pub fn tensor(
        &mut self,
        name: &str,
        tensor_type: TensorType,
        shape: &[usize],
    ) -> io::Result<()> {
        let size_bytes = tensor_type.size_bytes(shape).ok_or_else(|| {
            let problem = format!("{name} of the shape {shape:?} cannot be {tensor_type:?}");
            io::Error::new(io::ErrorKind::InvalidInput, problem)
        })?;
        self.tensors.push(TensorInfo {
            name: name.into(),
            tensor_type,
            shape: shape.to_vec(),
            offset: self.data_bytes,
            size_bytes,
        });
        self.data_bytes += (size_bytes as u64).next_multiple_of(ALIGNMENT);
        Ok(())
    }

    /// Returns the tensors so far; their offsets count from the start of the data.
    pub fn tensors(&self) -> &[TensorInfo] {
        &self.tensors
    }

    /// Returns the length of the whole file in bytes.
    pub fn size_bytes(&self) -> u64 {
        self.header().len() as u64 + self.data_bytes
    }

    /// Writes the file; `fill` writes the bytes of each tensor as it is reached, so that no two are in memory at once.
    pub fn write(
        &self,
        out: &mut dyn Write,
        mut fill: impl FnMut(&TensorInfo, &mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        out.write_all(&self.header())?;
        for tensor in &self.tensors {
            let mut counted = Counted {
                out: &mut *out,
                bytes: 0,
            };
            fill(tensor, &mut counted)?;
            let written = counted.bytes;
            if written != tensor.size_bytes as u64 {
                let (name, needed) = (&tensor.name, tensor.size_bytes);
                let problem = format!("{name} takes {needed} bytes, and {written} were written");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
            }
            out.write_all(&[0; ALIGNMENT as usize][..padding(written)])?;
        }
        out.flush()
    }

    /// Everything before the data, with its padding.
    fn header(&self) -> Vec<u8> {
        let mut header = b"GGUF".to_vec();
        put_u32(&mut header, VERSION);
        put_u64(&mut header, self.tensors.len() as u64);
        put_u64(&mut header, self.entries);
        header.extend(&self.metadata);
        for tensor in &self.tensors {
            put_text(&mut header, &tensor.name);
            put_u32(&mut header, tensor.shape.len() as u32);
            // A file gives columns first.
            for &length in tensor.shape.iter().rev() {
                put_u64(&mut header, length as u64);
            }
            put_u32(&mut header, tensor.tensor_type.code());
            put_u64(&mut header, tensor.offset);
        }
        header.resize(header.len() + padding(header.len() as u64), 0);
        header
    }
}

/// Returns bytes missing to the next multiple of the alignment.
fn padding(bytes: u64) -> usize {
    (bytes.next_multiple_of(ALIGNMENT) - bytes) as usize
}

/// Counts what goes through.
struct Counted<'a> {
    out: &'a mut dyn Write,
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tensor_is_written_whole_or_not_at_all() {
        let mut writer = GgufWriter::new();
        writer
            .tensor("t", TensorType::F32, &[3])
            .expect("three values");
        let write = |bytes: usize| {
            let mut out = Vec::new();
            let done = writer.write(&mut out, |_, out| out.write_all(&vec![1; bytes]));
            done.map(|()| out)
        };
        let file = write(12).expect("twelve bytes");
        assert_eq!(file.len() as u64, writer.size_bytes());
        assert_eq!(file[file.len() - 32..][..13], [&[1; 12][..], &[0]].concat());
        assert!(write(11).is_err() && write(13).is_err());
    }

    #[test]
    fn rows_are_whole_blocks() {
        assert!(
            GgufWriter::new()
                .tensor("t", TensorType::Q8_0, &[2, 33])
                .is_err()
        );
    }
}
