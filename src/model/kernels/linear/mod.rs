//! Products of quantised weight matrices with rows of activations.
//!
//! A file's blocks are packed once into tiles of sixteen outputs, in which each instruction finds its operands side by
//! side; nothing is widened, so a matrix takes as many bytes as in the file. Activations become integers of one byte,
//! as llama.cpp has them. Sums are whole numbers within a block of inputs, exact in any order; what is added in
//! floating point is added block by block. A row's result is thus the same whatever rows stand beside it.

#![allow(unsafe_code)]

mod activations;
mod formats;
mod pack;
mod scalar;
#[cfg(target_arch = "x86_64")]
mod tiles;
#[cfg(target_arch = "x86_64")]
mod vectors;

use std::sync::Arc;

use rayon::prelude::*;

pub use activations::Activations;
pub use formats::PackedFormat;
pub use pack::{Matrix, dequantise, pack, packed_bytes};

use super::{Level, noise};
use crate::model::arena::Arena;

/// Outputs of a tile.
const TILE: usize = 16;
/// Tiles that one task of a step works on at least: fewer are not worth a hand-over between threads.
const TASK_TILES: usize = 4;
/// Rows of activations that stay in the second cache while the tiles pass over them.
const ROWS_AT_ONCE: usize = 128;

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
        Level::Scalar => scalar::multiply(activations, rows, matrix, tiles, to),
        #[cfg(target_arch = "x86_64")]
        _ => tiles::multiply(level, activations, rows, matrix, tiles, to),
        #[cfg(not(target_arch = "x86_64"))]
        _ => scalar::multiply(activations, rows, matrix, tiles, to),
    }
}

/// Outputs of the test of a processor: two tiles that share activations, and part of a third.
const TEST_OUTPUTS: usize = 35;
/// Rows of it: few and many, which take other ways.
const TEST_ROWS: [usize; 2] = [7, 9];

/// Returns whether a level's products of a few random blocks of every format are those of the scalar reference, to the bit.
pub(super) fn agrees_with_reference(level: Level) -> bool {
    formats::FORMATS.iter().all(|row| {
        // More than a span where blocks are small.
        let inputs = if row.block == 32 { 288 } else { 256 };
        let matrix = random(row.format, TEST_OUTPUTS, inputs);
        let rows = noise(TEST_ROWS[1] * inputs, 5);
        let quantise = |count| {
            Activations::quantise(Level::Scalar, &rows[..count * inputs], inputs, row.block)
        };
        let expected = &multiply(Level::Scalar, &quantise(TEST_ROWS[1]), &[&matrix])[0];
        TEST_ROWS.into_iter().all(|count| {
            let got = &multiply(level, &quantise(count), &[&matrix])[0];
            got[..] == expected[..count * TEST_OUTPUTS]
        })
    })
}

/// Returns a matrix of random blocks: scales of every sign, every value of every field.
fn random(format: PackedFormat, outputs: usize, inputs: usize) -> Matrix {
    let count = outputs * inputs / format.block();
    let bytes = noise(count * format.file_bytes(), 11).into_iter();
    let mut bytes: Vec<u8> = bytes.map(|v| (v * 128.0) as i8 as u8).collect();
    for block in bytes.chunks_exact_mut(format.file_bytes()) {
        for &at in factors_at(format) {
            // Neither NaN nor infinite.
            block[at + 1] = block[at + 1] & 0x83 | 0x28;
        }
    }
    packed(format, outputs, inputs, &bytes)
}

/// Returns where a block's half-precision factors stand.
fn factors_at(format: PackedFormat) -> &'static [usize] {
    use PackedFormat::*;
    match format {
        Q4_0 | Q5_0 | Q8_0 | IQ4_NL | IQ4_XS => &[0],
        Q4_1 | Q5_1 | Q4_K | Q5_K => &[0, 2],
        Q2_K => &[80, 82],
        Q3_K => &[108],
        Q6_K => &[208],
    }
}

fn packed(format: PackedFormat, outputs: usize, inputs: usize, blocks: &[u8]) -> Matrix {
    let mut arena = Arena::new(packed_bytes(format, outputs, inputs));
    let read = |at: usize, to: &mut [u8]| -> Result<(), std::convert::Infallible> {
        to.copy_from_slice(&blocks[at..at + to.len()]);
        Ok(())
    };
    let Ok(()) = pack(format, outputs, inputs, arena.bytes_mut(), read);
    Matrix::new(format, outputs, inputs, Arc::new(arena), 0)
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
    use candle_core::quantized::{GgmlDType, QTensor};
    use candle_core::{Device, Tensor};

    use super::formats::{BlockForm, FORMATS, TABLE};
    use super::*;

    /// Formats that the tensor library has, too, with its name.
    const LIBRARY: [(PackedFormat, GgmlDType); 10] = [
        (PackedFormat::Q4_0, GgmlDType::Q4_0),
        (PackedFormat::Q4_1, GgmlDType::Q4_1),
        (PackedFormat::Q5_0, GgmlDType::Q5_0),
        (PackedFormat::Q5_1, GgmlDType::Q5_1),
        (PackedFormat::Q8_0, GgmlDType::Q8_0),
        (PackedFormat::Q2_K, GgmlDType::Q2K),
        (PackedFormat::Q3_K, GgmlDType::Q3K),
        (PackedFormat::Q4_K, GgmlDType::Q4K),
        (PackedFormat::Q5_K, GgmlDType::Q5K),
        (PackedFormat::Q6_K, GgmlDType::Q6K),
    ];

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

    fn levels() -> impl Iterator<Item = Level> {
        Level::ALL.into_iter().filter(|level| level.is_there())
    }

    #[test]
    fn the_table_has_a_row_for_every_format() {
        for (index, row) in FORMATS.iter().enumerate() {
            assert_eq!(row.format as usize, index);
            assert_eq!(row.format.row().format, row.format);
            // Packed, a matrix takes at most a fifth more than in a file.
            assert!(row.format.layout().tile * 5 <= row.file_bytes * TILE * 6);
        }
    }

    #[test]
    fn a_packed_row_is_the_row_of_the_file() {
        for kind in LIBRARY {
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
    fn a_packed_row_is_the_dequantised_row() {
        for format in FORMATS.map(|row| row.format) {
            let bytes: Vec<u8> = (0..format.file_bytes() * 3)
                .map(|at| (at * 37 % 61) as u8)
                .collect();
            let mut expected = vec![0.0; 3 * format.block()];
            dequantise(format, &bytes, &mut expected);
            let matrix = packed(format, 3, format.block(), &bytes);
            let mut row = vec![0.0; format.block()];
            for (index, expected) in expected.chunks_exact(format.block()).enumerate() {
                matrix.row(index, &mut row);
                assert_eq!(row, expected, "{format:?}");
            }
        }
    }

    #[test]
    fn tables_of_levels_are_read_as_ggml_has_them() {
        let mut block = BlockForm::EMPTY;
        let mut bytes = [0; 136];
        bytes[..2].copy_from_slice(&[0, 0x3c]);
        // The scales 0 to 7 of six bits are 33 times their number: -32, 1 and then beyond what 6 bits hold.
        bytes[2..4].copy_from_slice(&[0b1000_0100, 0]);
        bytes[4..6].copy_from_slice(&[0x10, 0x32]);
        bytes[8] = 0xf2;
        (PackedFormat::IQ4_XS.row().read)(&bytes, &mut block);
        assert_eq!(block.scales[..4], [-32, -15, -30, 3]);
        let mut weights = [0.0; 256];
        dequantise(PackedFormat::IQ4_XS, &bytes, &mut weights);
        assert_eq!(weights[0], -32.0 * f32::from(TABLE[2]));
        assert_eq!(weights[16], -32.0 * f32::from(TABLE[15]));
        assert_eq!(weights[32], -15.0 * f32::from(TABLE[0]));
    }

    #[test]
    fn a_product_is_that_of_the_rounded_activations() {
        for kind in LIBRARY {
            let (matrix, weights) = matrix(kind, 19, 512);
            let rows = noise(3 * 512, 3);
            let block = kind.0.block();
            let activations = Activations::quantise(Level::Scalar, &rows, 512, block);
            let product = &multiply(Level::of_this_machine(), &activations, &[&matrix])[0];
            for (index, got) in product.iter().enumerate() {
                let (row, output) = (index / 19, index % 19);
                let scales = activations.scales(row);
                let values = activations.values(row).iter().enumerate();
                let expected: f64 = values
                    .map(|(k, &value)| {
                        let value = f64::from(value) * f64::from(scales[k / block]);
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
        for format in FORMATS.map(|row| row.format) {
            // No whole number of spans where blocks are small.
            let inputs = if format.block() == 32 { 576 } else { 768 };
            let matrix = random(format, 37, inputs);
            let rows = noise(17 * inputs, 5);
            let quantise =
                |level, rows: &[f32]| Activations::quantise(level, rows, inputs, format.block());
            let activations = quantise(Level::Scalar, &rows);
            let expected = &multiply(Level::Scalar, &activations, &[&matrix])[0];
            assert!(expected.iter().all(|value| value.is_finite()));
            for level in levels() {
                assert_eq!(activations, quantise(level, &rows));
                for count in 1..=17 {
                    let some = quantise(level, &rows[..count * inputs]);
                    let products = multiply(level, &some, &[&matrix, &matrix]);
                    let expected = &expected[..count * 37];
                    assert_eq!(products[0], expected, "{format:?} {count} {level:?}");
                    assert_eq!(products[0], products[1]);
                }
            }
        }
    }

    #[test]
    fn the_largest_integers_do_not_overflow() {
        // Every weight and every scale at its largest, every activation at its end.
        for format in FORMATS.map(|row| row.format) {
            for byte in [0x7f, 0xff, 0x80, 0x00] {
                let mut bytes = vec![byte; format.file_bytes()];
                for &at in factors_at(format) {
                    bytes[at..at + 2].copy_from_slice(&[0, 0x3c]);
                }
                let matrix = packed(format, 1, format.block(), &bytes);
                for sign in [1.0, -1.0] {
                    for count in [1, 9] {
                        let rows = vec![sign; count * format.block()];
                        let activations = Activations::quantise(
                            Level::Scalar,
                            &rows,
                            format.block(),
                            format.block(),
                        );
                        let expected = multiply(Level::Scalar, &activations, &[&matrix]);
                        for level in levels() {
                            let got = multiply(level, &activations, &[&matrix]);
                            assert_eq!(got, expected, "{format:?} {byte} {sign} {level:?}");
                        }
                    }
                }
            }
        }
    }
}
