//! Products of quantised weight matrices with rows of activations.
//!
//! A file's blocks are packed once into tiles of eight outputs, in which each instruction finds its operands side by
//! side; nothing is widened, so a matrix takes as many bytes as in the file. Activations become integers of one byte,
//! as llama.cpp has them. Sums are whole numbers within a block of inputs, exact in any order; what is added in
//! floating point is added block by block. A row's result is thus the same whatever rows stand beside it.

#![allow(unsafe_code)]

mod activations;
#[cfg(target_arch = "x86_64")]
mod avx2;
mod pack;
mod scalar;

use rayon::prelude::*;

pub use activations::Activations;
pub use pack::{Matrix, pack, packed_bytes};

use super::Level;
use crate::model::arena::Arena;

/// Outputs of a tile.
const TILE: usize = 8;
/// Tiles that one task of a step works on at least: fewer are not worth a hand-over between threads.
const TASK_TILES: usize = 8;
/// Rows of activations that stay in the second cache while the tiles pass over them.
const ROWS_AT_ONCE: usize = 128;

/// How a file keeps weights; names and layouts are ggml's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackedFormat {
    /// 4 bits; per 256 a scale and a minimum, per 32 a scale and a minimum of 6 bits.
    Q4K,
    /// As `Q4K` with 5 bits.
    Q5K,
    /// 6 bits; per 256 a scale, per 16 a scale of 8 bits.
    Q6K,
    /// 8 bits; per 32 a scale.
    Q8_0,
}

impl PackedFormat {
    /// Inputs of a block, which are also what a scale of the activations covers.
    pub fn block(self) -> usize {
        match self {
            PackedFormat::Q8_0 => 32,
            PackedFormat::Q4K | PackedFormat::Q5K | PackedFormat::Q6K => 256,
        }
    }
}

/// Products of the same activations with several matrices, each (rows, outputs).
pub fn multiply(level: Level, activations: &Activations, matrices: &[&Matrix]) -> Vec<Vec<f32>> {
    let rows = activations.rows;
    let mut products: Vec<Vec<f32>> = matrices
        .iter()
        .map(|matrix| vec![0.0; rows * matrix.outputs])
        .collect();
    let mut tasks = Vec::new();
    for (matrix, product) in matrices.iter().zip(&mut products) {
        assert_eq!(matrix.format.block(), activations.block);
        assert_eq!(matrix.inputs, activations.width);
        let tiles = matrix.tiles();
        let to = Columns::new(product, matrix.outputs);
        for start in (0..tiles).step_by(TASK_TILES) {
            let span = start..(start + TASK_TILES).min(tiles);
            tasks.push((*matrix, span, to));
        }
    }
    for start in (0..rows).step_by(ROWS_AT_ONCE) {
        let rows = start..(start + ROWS_AT_ONCE).min(rows);
        tasks.par_iter().for_each(|(matrix, tiles, to)| {
            multiply_tiles(level, activations, rows.clone(), matrix, tiles.clone(), *to);
        });
    }
    products
}

fn multiply_tiles(
    level: Level,
    activations: &Activations,
    rows: std::ops::Range<usize>,
    matrix: &Matrix,
    tiles: std::ops::Range<usize>,
    to: Columns,
) {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 | Level::Avx2 => avx2::multiply(activations, rows, matrix, tiles, to),
        _ => scalar::multiply(activations, rows, matrix, tiles, to),
    }
}

/// A product, (rows, outputs), that several threads write at once, each to other columns.
#[derive(Clone, Copy)]
struct Columns {
    start: *mut f32,
    length: usize,
    outputs: usize,
}

// SAFETY: the product outlives the tasks, which all end inside `multiply`, and no two tasks have the same tiles.
unsafe impl Send for Columns {}
unsafe impl Sync for Columns {}

impl Columns {
    fn new(product: &mut [f32], outputs: usize) -> Columns {
        Columns {
            start: product.as_mut_ptr(),
            length: product.len(),
            outputs,
        }
    }

    /// Writes a tile's outputs of one row; what stands behind the last output is dropped.
    fn write(&self, row: usize, tile: usize, values: &[f32; TILE]) {
        let first = tile * TILE;
        let count = TILE.min(self.outputs - first);
        let at = row * self.outputs + first;
        assert!(at + count <= self.length);
        // SAFETY: inside the product, as asserted; only the task that has this tile writes here.
        unsafe { std::ptr::copy_nonoverlapping(values.as_ptr(), self.start.add(at), count) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use candle_core::quantized::{GgmlDType, QTensor};
    use candle_core::{Device, Tensor};

    use super::*;
    use crate::model::kernels::noise;

    const FORMATS: [(PackedFormat, GgmlDType); 4] = [
        (PackedFormat::Q4K, GgmlDType::Q4K),
        (PackedFormat::Q5K, GgmlDType::Q5K),
        (PackedFormat::Q6K, GgmlDType::Q6K),
        (PackedFormat::Q8_0, GgmlDType::Q8_0),
    ];

    fn packed(format: PackedFormat, outputs: usize, inputs: usize, blocks: &[u8]) -> Matrix {
        let mut arena = Arena::new(packed_bytes(format, outputs, inputs));
        pack(format, outputs, inputs, blocks, arena.bytes_mut());
        Matrix::new(format, outputs, inputs, Arc::new(arena), 0)
    }

    /// Returns a matrix, and its weights as the tensor library reads them.
    fn matrix(
        (format, dtype): (PackedFormat, GgmlDType),
        outputs: usize,
        inputs: usize,
    ) -> (Matrix, Vec<f32>) {
        let weights = Tensor::from_vec(noise(outputs * inputs, 7), (outputs, inputs), &Device::Cpu);
        let quantised = QTensor::quantize(&weights.unwrap(), dtype).unwrap();
        let back = quantised.dequantize(&Device::Cpu).unwrap();
        let packed = packed(format, outputs, inputs, &quantised.data().unwrap());
        (packed, back.flatten_all().unwrap().to_vec1().unwrap())
    }

    /// Blocks of arbitrary bytes: scales of every sign, every value of every field.
    fn wild(format: PackedFormat, outputs: usize, inputs: usize) -> Matrix {
        let d_at = match format {
            PackedFormat::Q6K => [208, 208],
            PackedFormat::Q8_0 => [0, 0],
            _ => [0, 2],
        };
        let block_bytes = pack::file_bytes(format);
        let count = outputs * inputs / format.block() * block_bytes;
        let bytes = noise(count, 11)
            .into_iter()
            .map(|v| (v * 128.0) as i8 as u8);
        let mut bytes: Vec<u8> = bytes.collect();
        for block in bytes.chunks_exact_mut(block_bytes) {
            for at in d_at {
                block[at + 1] = block[at + 1] & 0x83 | 0x28; // Neither NaN nor infinite.
            }
        }
        packed(format, outputs, inputs, &bytes)
    }

    #[test]
    fn a_packed_row_is_the_row_of_the_file() {
        for kind in FORMATS {
            let (matrix, expected) = matrix(kind, 19, 512);
            let mut row = vec![0.0; 512];
            for (index, expected) in expected.chunks_exact(512).enumerate() {
                matrix.row(index, &mut row);
                for (got, expected) in row.iter().zip(expected) {
                    assert!((got - expected).abs() <= 1e-6, "{kind:?}: {got} {expected}");
                }
            }
        }
    }

    #[test]
    fn a_product_is_that_of_the_rounded_activations() {
        for kind in FORMATS {
            let (matrix, weights) = matrix(kind, 19, 512);
            let rows = noise(3 * 512, 3);
            let activations =
                Activations::quantise(Level::of_this_machine(), &rows, 512, kind.0.block());
            let product = &multiply(Level::of_this_machine(), &activations, &[&matrix])[0];
            for (index, got) in product.iter().enumerate() {
                let (row, output) = (index / 19, index % 19);
                let scales = activations.scales(row);
                let expected: f64 = activations
                    .values(row)
                    .iter()
                    .enumerate()
                    .map(|(k, &value)| {
                        let value = f64::from(value) * f64::from(scales[k / kind.0.block()]);
                        value * f64::from(weights[output * 512 + k])
                    })
                    .sum();
                let error = (f64::from(*got) - expected).abs();
                assert!(error < 1e-4, "{kind:?}: {got} {expected}");
            }
        }
    }

    #[test]
    fn every_level_and_every_number_of_rows_gives_the_same_bits() {
        let fast = Level::of_this_machine();
        for (format, _) in FORMATS {
            let matrix = wild(format, 21, 768);
            let rows = noise(9 * 768, 5);
            let quantise =
                |level, rows: &[f32]| Activations::quantise(level, rows, 768, format.block());
            let activations = quantise(Level::Scalar, &rows);
            assert_eq!(activations, quantise(fast, &rows));
            let expected = &multiply(Level::Scalar, &activations, &[&matrix])[0];
            assert!(expected.iter().all(|value| value.is_finite()));
            for count in 1..=9 {
                let some = quantise(fast, &rows[..count * 768]);
                let products = multiply(fast, &some, &[&matrix, &matrix]);
                assert_eq!(products[0], expected[..count * 21], "{format:?} {count}");
                assert_eq!(products[0], products[1]);
            }
        }
    }

    #[test]
    fn the_largest_integers_do_not_overflow() {
        // Every weight and every scale at its largest, every activation at its end.
        for (format, _) in FORMATS {
            for byte in [0x7f, 0xff, 0x80] {
                let mut bytes = vec![byte; pack::file_bytes(format)];
                let d_at: &[usize] = match format {
                    PackedFormat::Q6K => &[208],
                    PackedFormat::Q8_0 => &[0],
                    _ => &[0, 2],
                };
                for &at in d_at {
                    bytes[at..at + 2].copy_from_slice(&[0, 0x3c]);
                }
                let matrix = packed(format, 1, format.block(), &bytes);
                for sign in [1.0, -1.0] {
                    let row = vec![sign; format.block()];
                    let level = Level::of_this_machine();
                    let activations =
                        Activations::quantise(level, &row, format.block(), format.block());
                    assert_eq!(
                        multiply(level, &activations, &[&matrix]),
                        multiply(Level::Scalar, &activations, &[&matrix]),
                        "{format:?} {byte} {sign}"
                    );
                }
            }
        }
    }
}
