//! GGUF: a model file becomes hyper-parameters, metadata and tensors that later rooms can trust.
//!
//! In:  a path, or bytes. Out: `Gguf`, a file whose header was checked number by number. Never reads a tensor before
//! that, never allocates by a number of the file before it was held against the file's length, and reads everything,
//! the digest too, through the one descriptor it opened: the file that was checked is the file that is used.

mod error;
mod fields;
mod foreign;
mod hyper;
mod metadata;
mod source;
mod tensors;
mod vocabulary;

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use sha2::Sha256;

pub use error::{GgufCause, GgufError};
pub use hyper::{Hyperparameters, RopeScaling, TensorType};
pub use tensors::{ExpectedTensor, TensorInfo, expected_tensors};
pub(super) use vocabulary::SENTENCEPIECE;
pub use vocabulary::{TokenType, Vocabulary};

use crate::hash;
use error::Checked;
use fields::HeaderFields;
use metadata::GgufMetadata;
use source::GgufSource;

/// A header may list so many metadata entries, and so many tensors.
const MOST_ENTRIES: u64 = 65_536;

/// A model file whose header is sound.
#[derive(Debug)]
pub struct Gguf {
    name: String,
    source: GgufSource,
    hyper: Hyperparameters,
    vocabulary: Vocabulary,
    tensors: Vec<TensorInfo>,
    by_name: HashMap<String, usize>,
}

/// Opens a file and checks its header.
pub fn open(path: &Path) -> Result<Gguf, GgufError> {
    let name = path.to_string_lossy();
    open_file(path)
        .and_then(|source| Gguf::check(&name, source))
        .map_err(|cause| failed(&name, cause))
}

fn open_file(path: &Path) -> Checked<GgufSource> {
    let file = source::open_without_waiting(path).map_err(GgufCause::Open)?;
    let metadata = file.metadata().map_err(GgufCause::Open)?;
    match metadata.file_type() {
        kind if kind.is_dir() => Err(GgufCause::Folder),
        kind if !kind.is_file() => Err(GgufCause::NotRegular),
        _ => Ok(GgufSource::File(file, metadata.len())),
    }
}

fn failed(name: &str, cause: GgufCause) -> GgufError {
    GgufError {
        name: name.into(),
        cause,
    }
}

impl Gguf {
    /// The same for a file that is open; `name` stands for the path.
    pub fn from_file(name: &str, file: std::fs::File) -> Result<Gguf, GgufError> {
        let length = file.metadata().map(|metadata| metadata.len());
        let length = length.map_err(|error| failed(name, GgufCause::Read(error)))?;
        Gguf::check(name, GgufSource::File(file, length)).map_err(|cause| failed(name, cause))
    }

    /// The same for a file in memory; `name` stands for the path.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Gguf, GgufError> {
        Gguf::check(name, GgufSource::Bytes(bytes)).map_err(|cause| failed(name, cause))
    }

    fn check(name: &str, source: GgufSource) -> Checked<Gguf> {
        let mut fields = HeaderFields::new(&source);
        let (tensors, entries) = counts(&source, &mut fields)?;
        let mut metadata = GgufMetadata::read(&mut fields, entries)?;
        refuse_part(&metadata)?;
        let family = hyper::family(&metadata)?;
        let alignment = metadata.alignment()?;
        let vocabulary = Vocabulary::read(&mut metadata)?;
        let hyper = Hyperparameters::read(&metadata, family, vocabulary.tokens.len())?;
        let tensors = tensors::list(&mut fields, tensors, alignment)?;
        tensors::check_set(&tensors, &hyper)?;
        let header_bytes = fields.position();
        let tensors = tensors::lay_out(tensors, header_bytes, alignment, source.size_bytes())?;
        let by_name = (tensors.iter().enumerate())
            .map(|(index, tensor)| (tensor.name.clone(), index))
            .collect();
        let gguf = Gguf {
            name: name.into(),
            source,
            hyper,
            vocabulary,
            tensors,
            by_name,
        };
        gguf.rope_factors()?;
        Ok(gguf)
    }

    /// Returns the path as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the last part of the path.
    pub fn file_name(&self) -> &str {
        let name = Path::new(&self.name).file_name();
        name.and_then(|name| name.to_str()).unwrap_or(&self.name)
    }

    /// Returns the length of the file in bytes.
    pub fn size_bytes(&self) -> u64 {
        self.source.size_bytes()
    }

    /// Returns the shape of the model.
    pub fn hyperparameters(&self) -> &Hyperparameters {
        &self.hyper
    }

    /// Returns the tokens, as many as the embedding has rows.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Returns the tensors in the order of the file: exactly those a model of this shape has.
    pub fn tensors(&self) -> &[TensorInfo] {
        &self.tensors
    }

    /// Returns the tensor of that name.
    pub fn tensor(&self, name: &str) -> Option<&TensorInfo> {
        self.by_name.get(name).map(|&index| &self.tensors[index])
    }

    /// Returns the bytes of one tensor.
    pub fn read(&self, tensor: &TensorInfo) -> Result<Vec<u8>, GgufCause> {
        let end = tensor.offset.checked_add(tensor.size_bytes as u64);
        if end.is_none_or(|end| end > self.size_bytes()) {
            return Err(GgufCause::tensor(
                &tensor.name,
                "is not a tensor of this file",
            ));
        }
        let mut bytes = vec![0; tensor.size_bytes];
        self.read_part(tensor, 0, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads the bytes of one tensor from a place in it on; several threads may read at once.
    pub fn read_part(
        &self,
        tensor: &TensorInfo,
        start: usize,
        bytes: &mut [u8],
    ) -> Result<(), GgufCause> {
        let mut tail = self.source.tail(tensor.offset + start as u64);
        tail.read_exact(bytes).map_err(GgufCause::Read)
    }

    /// Returns what Llama 3 divides its rotary frequencies by: a number above 0 for each pair of a head.
    pub fn rope_factors(&self) -> Result<Option<Vec<f32>>, GgufCause> {
        let Some(tensor) = self.tensor(tensors::ROPE_FACTORS) else {
            return Ok(None);
        };
        let bytes = self.read(tensor)?;
        let factors: Vec<f32> = (bytes.chunks_exact(4))
            .map(|four| f32::from_le_bytes(four.try_into().expect("chunks of four bytes")))
            .collect();
        match factors.iter().find(|f| !(f.is_finite() && **f > 0.0)) {
            Some(factor) => Err(GgufCause::tensor(
                &tensor.name,
                format!("holds {factor}, not numbers above 0"),
            )),
            None => Ok(Some(factors)),
        }
    }

    /// Returns the SHA-256 digest of the whole file, in hexadecimal.
    pub fn sha256(&self) -> Result<String, GgufCause> {
        let mut hash = Sha256::default();
        hash::feed(&mut self.source.tail(0), &mut hash).map_err(GgufCause::Read)?;
        Ok(hash::hex(hash))
    }
}

/// Magic and version, then the numbers of tensors and of metadata entries.
fn counts(source: &GgufSource, fields: &mut HeaderFields) -> Checked<(u64, u64)> {
    let mut start = Vec::with_capacity(foreign::START_BYTES);
    source
        .tail(0)
        .take(foreign::START_BYTES as u64)
        .read_to_end(&mut start)
        .map_err(GgufCause::Read)?;
    if start.is_empty() || !start.starts_with(&b"GGUF"[..start.len().min(4)]) {
        return Err(GgufCause::Foreign(foreign::kind(&start)));
    }
    fields.skip(4)?;
    match fields.u32()? {
        2 | 3 => {}
        version if matches!(version.swap_bytes(), 1..=3) => return Err(GgufCause::BigEndian),
        version => return Err(GgufCause::Version(version)),
    }
    let mut count = |what: &str| {
        let count = fields.u64()?;
        if count > MOST_ENTRIES {
            return Err(GgufCause::Header(format!(
                "the header lists {count} {what}, more than {MOST_ENTRIES}"
            )));
        }
        Ok(count)
    };
    Ok((count("tensors")?, count("metadata entries")?))
}

/// A part of a split file lacks the tensors of the others.
fn refuse_part(metadata: &GgufMetadata) -> Checked<()> {
    match metadata.unsigned("split.count")? {
        Some(parts @ 2..) => Err(GgufCause::Split(parts)),
        _ => Ok(()),
    }
}
