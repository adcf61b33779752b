//! The linear layers: a weight matrix with or without a bias, on the CPU or on a GPU.
//!
//! In:  rows of activations, (rows, in). Out: (rows, out). Quantised weights are packed for our own kernels where the
//! processor has them (AVX2); all others stay with the tensor library. A row's result does not depend on the rows
//! beside it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use candle_core::quantized::{GgmlDType, QMatMul, QStorage, QTensor};
use candle_core::{Device, Module, Result, Storage, Tensor};
use half::f16;
use thiserror::Error;

use super::arena::Arena;
use super::gguf::{Gguf, GgufCause, TensorInfo};
use super::kernels::{
    Activations, Level, Matrix, PackedFormat, dequantise, multiply, pack, packed_bytes,
};

/// Why the tensors of a file could not be loaded. The file's own name is left to the caller.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The file.
    #[error(transparent)]
    File(#[from] GgufCause),
    /// The tensor library.
    #[error("the tensors could not be loaded: {0}")]
    Tensor(#[from] candle_core::Error),
}

/// A weight matrix, (out, in), with a bias, (out), where the family has one.
#[derive(Debug, Clone)]
pub(super) struct Linear {
    pub weight: Weight,
    pub bias: Option<Tensor>,
}

/// A weight matrix, (out, in).
#[derive(Debug, Clone)]
pub(super) enum Weight {
    /// For our own kernels.
    Packed(Arc<Matrix>),
    /// The tensor library's.
    Tensor(QMatMul),
}

/// Returns the matrices of a file, by name. Those for our own kernels lie in one piece of memory.
pub(super) fn weights(
    file: &Gguf,
    device: &Device,
) -> std::result::Result<HashMap<String, Weight>, LoadError> {
    let mut arena_bytes = 0;
    let mut planned = Vec::new();
    let mut weights = HashMap::new();
    for info in file.tensors() {
        match (packed_format(info, device), &info.shape[..]) {
            (Some(format), &[outputs, inputs]) => {
                planned.push((info, format, outputs, inputs, arena_bytes));
                let size_bytes = packed_bytes(format, outputs, inputs);
                arena_bytes += size_bytes.next_multiple_of(Arena::ALIGNMENT);
            }
            (None, [_, _]) => {
                weights.insert(info.name.clone(), library_weight(file, info, device)?);
            }
            _ => {}
        }
    }
    let mut arena = Arena::new(arena_bytes);
    for &(info, format, outputs, inputs, start) in &planned {
        let size_bytes = packed_bytes(format, outputs, inputs);
        let to = &mut arena.bytes_mut()[start..start + size_bytes];
        pack(format, outputs, inputs, to, |at, rows| {
            file.read_part(info, at, rows)
        })?;
    }
    let arena = Arc::new(arena);
    for (info, format, outputs, inputs, start) in planned {
        let matrix = Matrix::new(format, outputs, inputs, Arc::clone(&arena), start);
        weights.insert(info.name.clone(), Weight::Packed(Arc::new(matrix)));
    }
    Ok(weights)
}

/// Returns the kernels' format of a matrix that they take: on processors they have fast code for; elsewhere the tensor
/// library's is faster.
fn packed_format(info: &TensorInfo, device: &Device) -> Option<PackedFormat> {
    let is_fast = device.is_cpu() && Level::of_this_machine() != Level::Scalar;
    (is_fast && info.shape.len() == 2)
        .then(|| info.tensor_type.packed())
        .flatten()
}

fn library_weight(
    file: &Gguf,
    info: &TensorInfo,
    device: &Device,
) -> std::result::Result<Weight, LoadError> {
    let tensor = Arc::new(tensor(file, info, device)?);
    // Floating-point weights stay as they are on the CPU, where `from_arc` would widen them to F32.
    Ok(Weight::Tensor(match device {
        Device::Cpu => QMatMul::QTensor(tensor),
        _ => QMatMul::from_arc(tensor)?,
    }))
}

impl Weight {
    /// Returns the matrix's rows of those indices, (indices, in).
    pub fn rows(&self, indices: &[u32], device: &Device) -> Result<Tensor> {
        match self {
            Weight::Packed(matrix) => {
                let width = matrix.inputs;
                let mut rows = vec![0.0; indices.len() * width];
                for (&index, row) in indices.iter().zip(rows.chunks_exact_mut(width)) {
                    matrix.row(index as usize, row);
                }
                Tensor::from_vec(rows, (indices.len(), width), device)
            }
            Weight::Tensor(weight) => weight.embedding(&Tensor::new(indices, device)?),
        }
    }
}

impl Linear {
    /// (rows, in) to (rows, out).
    pub fn forward(&self, rows: &Tensor) -> Result<Tensor> {
        let [product] = Linear::forward_all([self], rows)?;
        Ok(product)
    }

    /// As [`Linear::forward`], but returns the values in memory: a product of our own kernels is there already and is not copied.
    pub fn values(&self, rows: &Tensor) -> Result<Vec<f32>> {
        match (&self.weight, &self.bias) {
            (Weight::Packed(matrix), None) => {
                let mut products = packed(&[matrix], matrix.format.block(), rows)?;
                Ok(products.pop().expect("one product a matrix"))
            }
            _ => self.forward(rows)?.flatten_all()?.to_vec1(),
        }
    }

    /// Several layers over the same rows: activations are quantised once, and all threads work until all is done.
    pub fn forward_all<const N: usize>(layers: [&Linear; N], rows: &Tensor) -> Result<[Tensor; N]> {
        let mut products: [Option<Tensor>; N] = [const { None }; N];
        for block in [256, 32] {
            let chosen: Vec<(usize, &Matrix)> = layers
                .iter()
                .enumerate()
                .filter_map(|(index, layer)| Some((index, layer.packed(block)?)))
                .collect();
            if chosen.is_empty() {
                continue;
            }
            let matrices: Vec<&Matrix> = chosen.iter().map(|(_, matrix)| *matrix).collect();
            for ((index, matrix), product) in chosen.iter().zip(packed(&matrices, block, rows)?) {
                let shape = (rows.dim(0)?, matrix.outputs);
                products[*index] = Some(Tensor::from_vec(product, shape, rows.device())?);
            }
        }
        let mut finished = Vec::with_capacity(N);
        for (layer, product) in layers.iter().zip(products) {
            let product = match (product, &layer.weight) {
                (Some(product), _) => product,
                (None, Weight::Tensor(weight)) => tensor_product(weight, rows)?,
                (None, Weight::Packed(_)) => unreachable!("blocks are of 256 or 32 inputs"),
            };
            finished.push(match &layer.bias {
                Some(bias) => product.broadcast_add(bias)?,
                None => product,
            });
        }
        Ok(finished.try_into().expect("one product a layer"))
    }

    /// Returns the packed matrix, if its blocks are of so many inputs.
    fn packed(&self, block: usize) -> Option<&Matrix> {
        match &self.weight {
            Weight::Packed(matrix) if matrix.format.block() == block => Some(matrix),
            _ => None,
        }
    }
}

fn packed(matrices: &[&Matrix], block: usize, rows: &Tensor) -> Result<Vec<Vec<f32>>> {
    let level = Level::of_this_machine();
    let width = rows.dim(1)?;
    on_host(rows, |rows| {
        let activations = Activations::quantise(level, rows, width, block);
        multiply(level, &activations, matrices)
    })
}

fn tensor_product(weight: &QMatMul, rows: &Tensor) -> Result<Tensor> {
    match weight {
        // One row of Q6_K goes through other code of the library on the CPU than several do, and ends in other bits.
        QMatMul::QTensor(tensor)
            if tensor.dtype() == GgmlDType::Q6K && rows.device().is_cpu() && rows.dim(0)? == 1 =>
        {
            weight
                .forward(&Tensor::cat(&[rows, rows], 0)?)?
                .narrow(0, 0, 1)
        }
        _ => weight.forward(rows),
    }
}

/// Returns a tensor's values, f32 on the CPU, without copying them where they lie side by side.
pub(super) fn on_host<T>(tensor: &Tensor, see: impl FnOnce(&[f32]) -> T) -> Result<T> {
    let tensor = tensor.contiguous()?;
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        Storage::Cpu(storage) => {
            let values = storage.as_slice::<f32>()?;
            Ok(see(
                &values[layout.start_offset()..][..layout.shape().elem_count()]
            ))
        }
        _ => Ok(see(&tensor.flatten_all()?.to_vec1::<f32>()?)),
    }
}

/// Returns a tensor of the tensor library, as it stands in a file; in half precision if the library lacks its type.
pub(super) fn tensor(
    file: &Gguf,
    info: &TensorInfo,
    device: &Device,
) -> std::result::Result<QTensor, LoadError> {
    let bytes = file.read(info)?;
    let (bytes, stored) = match (info.tensor_type.library(), info.tensor_type.packed()) {
        (None, Some(format)) => (halves(format, info, &bytes), GgmlDType::F16),
        (stored, _) => (bytes, stored.unwrap_or(GgmlDType::F32)),
    };
    let storage = QStorage::from_data(Cow::Owned(bytes), device, stored)?;
    Ok(QTensor::new(storage, info.shape.as_slice())?)
}

fn halves(format: PackedFormat, info: &TensorInfo, blocks: &[u8]) -> Vec<u8> {
    let mut weights = vec![0.0; info.shape.iter().product()];
    dequantise(format, blocks, &mut weights);
    let halves = weights.into_iter().map(f16::from_f32);
    halves.flat_map(f16::to_le_bytes).collect()
}
