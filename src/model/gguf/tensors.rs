//! The list of tensors: read, held against what the family needs, laid out in the file.

use std::collections::{HashMap, HashSet};

use super::error::{Checked, GgufCause};
use super::fields::HeaderFields;
use super::hyper::{Hyperparameters, TensorType, ggml_type};

/// The factors of Llama 3's rotary frequencies, one for each pair of a head.
pub(super) const ROPE_FACTORS: &str = "rope_freqs.weight";

/// One tensor of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorInfo {
    /// The name, such as `blk.0.attn_q.weight`.
    pub name: String,
    /// How its values are stored.
    pub tensor_type: TensorType,
    /// Rows first: a matrix that takes `k` values to `n` is `(n, k)`.
    pub shape: Vec<usize>,
    /// Where it begins, in bytes from the start of the file.
    pub offset: u64,
    /// Its length in bytes.
    pub size_bytes: usize,
}

/// A tensor that models of some shape have.
#[derive(Debug)]
pub struct ExpectedTensor {
    /// The name in the file.
    pub name: String,
    /// Rows first.
    pub shape: Vec<usize>,
    /// Whether it is stored as `F32` always: norms, biases and rotary factors are, being small.
    pub is_f32: bool,
    /// Whether a model may do without.
    pub optional: bool,
}

/// Returns the tensors of a model of that shape, in the order of llama.cpp's files.
pub fn expected_tensors(hyper: &Hyperparameters) -> Vec<ExpectedTensor> {
    let Hyperparameters { hidden, vocab, .. } = *hyper;
    let mut tensors = vec![
        matrix("token_embd.weight", vocab, hidden),
        vector("output_norm.weight", hidden),
        optional(matrix("output.weight", vocab, hidden)),
    ];
    if hyper.family.rotary_factors {
        tensors.push(optional(vector(ROPE_FACTORS, hyper.head_dim / 2)));
    }
    for layer in 0..hyper.layers {
        tensors.extend(of_layer(hyper, layer));
    }
    tensors
}

fn of_layer(hyper: &Hyperparameters, layer: usize) -> Vec<ExpectedTensor> {
    let name = |rest: &str| format!("blk.{layer}.{rest}");
    let (hidden, feed_forward) = (hyper.hidden, hyper.feed_forward);
    let queries = hyper.heads * hyper.head_dim;
    let keys = hyper.kv_heads * hyper.head_dim;
    let mut tensors = vec![
        vector(name("attn_norm.weight"), hidden),
        matrix(name("attn_q.weight"), queries, hidden),
        matrix(name("attn_k.weight"), keys, hidden),
        matrix(name("attn_v.weight"), keys, hidden),
        matrix(name("attn_output.weight"), hidden, queries),
        vector(name("ffn_norm.weight"), hidden),
        matrix(name("ffn_gate.weight"), feed_forward, hidden),
        matrix(name("ffn_up.weight"), feed_forward, hidden),
        matrix(name("ffn_down.weight"), hidden, feed_forward),
    ];
    if hyper.family.attention_biases {
        tensors.extend([
            vector(name("attn_q.bias"), queries),
            vector(name("attn_k.bias"), keys),
            vector(name("attn_v.bias"), keys),
        ]);
    }
    if hyper.family.norms_behind {
        tensors.extend([
            vector(name("post_attention_norm.weight"), hidden),
            vector(name("post_ffw_norm.weight"), hidden),
        ]);
    }
    if hyper.family.head_norms {
        tensors.extend([
            vector(name("attn_q_norm.weight"), hyper.head_dim),
            vector(name("attn_k_norm.weight"), hyper.head_dim),
        ]);
    }
    tensors
}

fn matrix(name: impl Into<String>, rows: usize, columns: usize) -> ExpectedTensor {
    ExpectedTensor {
        name: name.into(),
        shape: vec![rows, columns],
        is_f32: false,
        optional: false,
    }
}

fn vector(name: impl Into<String>, values: usize) -> ExpectedTensor {
    ExpectedTensor {
        name: name.into(),
        shape: vec![values],
        is_f32: true,
        optional: false,
    }
}

fn optional(tensor: ExpectedTensor) -> ExpectedTensor {
    ExpectedTensor {
        optional: true,
        ..tensor
    }
}

/// Reads `count` entries of the list; offsets still count from the start of the data.
pub(super) fn list(
    fields: &mut HeaderFields,
    count: u64,
    alignment: u64,
) -> Checked<Vec<TensorInfo>> {
    fields.enter("the list of tensors");
    let entries = (0..count).map(|index| {
        let tensor = entry(fields, index)?;
        if tensor.offset.is_multiple_of(alignment) {
            return Ok(tensor);
        }
        let problem = format!(
            "begins at {}, not at a multiple of {alignment}",
            tensor.offset
        );
        Err(GgufCause::tensor(&tensor.name, problem))
    });
    entries.collect()
}

fn entry(fields: &mut HeaderFields, index: u64) -> Checked<TensorInfo> {
    let name = fields.name("tensor", index)?;
    let shape = shape(fields, &name)?;
    let code = fields.u32()?;
    let tensor_type = TensorType::ALL
        .into_iter()
        .find(|tensor_type| tensor_type.code() == code)
        .ok_or_else(|| GgufCause::tensor(&name, unsupported(code)))?;
    let size_bytes = tensor_type.size_bytes(&shape).ok_or_else(|| {
        let problem = format!(
            "of the shape {} cannot be {}",
            written(&shape),
            tensor_type.name()
        );
        GgufCause::tensor(&name, problem)
    })?;
    Ok(TensorInfo {
        tensor_type,
        size_bytes,
        offset: fields.u64()?,
        shape,
        name,
    })
}

/// Reads a shape, of which a file gives columns first.
fn shape(fields: &mut HeaderFields, name: &str) -> Checked<Vec<usize>> {
    let dimensions = fields.u32()?;
    if !(1..=4).contains(&dimensions) {
        let problem = format!("has {dimensions} dimensions, not 1 to 4");
        return Err(GgufCause::tensor(name, problem));
    }
    let mut shape = Vec::with_capacity(4);
    for _ in 0..dimensions {
        let length = fields.u64()?;
        let fitting = usize::try_from(length).ok().filter(|&length| length > 0);
        shape.push(fitting.ok_or_else(|| {
            GgufCause::tensor(name, format!("has a dimension of the length {length}"))
        })?);
    }
    shape.reverse();
    Ok(shape)
}

fn unsupported(code: u32) -> String {
    let supported = TensorType::ALL.map(TensorType::name).join(", ");
    match ggml_type(code) {
        Some(name) => format!("is {name}, which is not supported; supported are {supported}"),
        None => format!("has the unknown type {code}"),
    }
}

fn written(shape: &[usize]) -> String {
    let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
    format!("({})", lengths.join(", "))
}

/// Checks that the tensors are those of a model of that shape, no fewer and no more.
pub(super) fn check_set(tensors: &[TensorInfo], hyper: &Hyperparameters) -> Checked<()> {
    let mut missing: HashMap<String, ExpectedTensor> = expected_tensors(hyper)
        .into_iter()
        .map(|tensor| (tensor.name.clone(), tensor))
        .collect();
    let mut found = HashSet::new();
    for tensor in tensors {
        let Some(expected) = missing.remove(&tensor.name) else {
            let problem = match found.contains(tensor.name.as_str()) {
                true => "is there twice".into(),
                false => format!(
                    "is none of a {} model of {} layers",
                    hyper.family.name, hyper.layers
                ),
            };
            return Err(GgufCause::tensor(&tensor.name, problem));
        };
        found.insert(tensor.name.as_str());
        check_one(tensor, &expected)?;
    }
    // The first by name, so that the message does not depend on the order of a hash table.
    let first = missing.values().filter(|tensor| !tensor.optional);
    match first.min_by(|a, b| a.name.cmp(&b.name)) {
        Some(tensor) => Err(GgufCause::tensor(&tensor.name, "is missing")),
        None => Ok(()),
    }
}

fn check_one(tensor: &TensorInfo, expected: &ExpectedTensor) -> Checked<()> {
    if tensor.shape != expected.shape {
        let (found, needed) = (written(&tensor.shape), written(&expected.shape));
        let problem = format!("has the shape {found}, not {needed}");
        return Err(GgufCause::tensor(&tensor.name, problem));
    }
    if expected.is_f32 && tensor.tensor_type != TensorType::F32 {
        let problem = format!("is {}, not F32", tensor.tensor_type.name());
        return Err(GgufCause::tensor(&tensor.name, problem));
    }
    Ok(())
}

/// Gives the tensors their offsets from the start of the file, in that order: the data begins at the first multiple
/// of the alignment after the header, and each tensor at the first one after the tensor before it. Anything else would
/// be bytes that nobody reads, or that two tensors share.
pub(super) fn lay_out(
    mut tensors: Vec<TensorInfo>,
    header_bytes: u64,
    alignment: u64,
    file_bytes: u64,
) -> Checked<Vec<TensorInfo>> {
    let data = header_bytes.next_multiple_of(alignment);
    tensors.sort_by_key(|tensor| tensor.offset);
    for tensor in &mut tensors {
        tensor.offset = place(tensor, data, file_bytes)?;
    }
    let mut free = data;
    for tensor in &tensors {
        if tensor.offset != free {
            let problem = match tensor.offset < free {
                true => "overlaps the tensor before it",
                false => "leaves a hole before it",
            };
            return Err(GgufCause::tensor(&tensor.name, problem));
        }
        free = (free + tensor.size_bytes as u64).next_multiple_of(alignment);
    }
    match file_bytes.saturating_sub(free) {
        0 => Ok(tensors),
        trailing => Err(GgufCause::Trailing(trailing)),
    }
}

/// Returns where a tensor begins, from the start of the file, all of which it must lie inside.
fn place(tensor: &TensorInfo, data: u64, file_bytes: u64) -> Checked<u64> {
    let start = tensor.offset.checked_add(data);
    start
        .filter(|start| {
            let end = start.checked_add(tensor.size_bytes as u64);
            end.is_some_and(|end| end <= file_bytes)
        })
        .ok_or_else(|| GgufCause::Truncated(format!("tensor `{}`", tensor.name)))
}
