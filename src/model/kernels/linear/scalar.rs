//! The product as its definition says, a weight at a time: the scalar reference.

use std::ops::Range;

use super::pack::{self, Matrix, PART, PARTS, TileLayout};
use super::{Activations, Columns, PackedFormat, TILE};

pub(super) fn multiply(
    activations: &Activations,
    rows: Range<usize>,
    matrix: &Matrix,
    tiles: Range<usize>,
    to: Columns,
) {
    for tile in tiles {
        for row in rows.clone() {
            let mut sums = [0.0; TILE];
            for (output, sum) in sums.iter_mut().enumerate() {
                let blocks = matrix.tile(tile);
                let blocks = blocks.chunks_exact(pack::tile_bytes(matrix.format));
                for (index, block) in blocks.enumerate() {
                    let scale = activations.scales(row)[index];
                    *sum = match matrix.format {
                        PackedFormat::Q8_0 => {
                            let d = pack::f16_at(block, PART * TILE + 2 * output);
                            let whole =
                                weighted(matrix.format, block, output, activations, row, index);
                            (d * scale).mul_add(whole as f32, *sum)
                        }
                        format => {
                            let part = of_block(format, block, output, activations, row, index);
                            scale.mul_add(part, *sum)
                        }
                    };
                }
            }
            to.write(row, tile, &sums);
        }
    }
}

/// Returns what a block of 256 inputs adds to an output, before the activations' scale.
fn of_block(
    format: PackedFormat,
    block: &[u8],
    output: usize,
    activations: &Activations,
    row: usize,
    index: usize,
) -> f32 {
    let whole = weighted(format, block, output, activations, row, index);
    match format {
        PackedFormat::Q6K => {
            let sums = &activations.sums(row)[index * 2 * PARTS..];
            let offset: i32 = (0..2 * PARTS)
                .map(|half| pack::scale_at(format, block, output, half) * i32::from(sums[half]))
                .sum();
            pack::f16_at(block, TileLayout::Q6K.d + 2 * output) * (whole - 32 * offset) as f32
        }
        _ => {
            let layout = match format {
                PackedFormat::Q4K => TileLayout::Q4K,
                _ => TileLayout::Q5K,
            };
            let sums = &activations.pair_sums(row)[index * PARTS..];
            let mins: i32 = (0..PARTS)
                .map(|part| pack::min_at(layout, block, output, part) * i32::from(sums[part]))
                .sum();
            let d = pack::f16_at(block, layout.d + 2 * output);
            let dmin = pack::f16_at(block, layout.dmin + 2 * output);
            (-dmin).mul_add(mins as f32, d * whole as f32)
        }
    }
}

/// Returns the block's integers times the activations', times the integer scales.
fn weighted(
    format: PackedFormat,
    block: &[u8],
    output: usize,
    activations: &Activations,
    row: usize,
    index: usize,
) -> i32 {
    let values = &activations.values(row)[index * format.block()..][..format.block()];
    values
        .iter()
        .enumerate()
        .map(|(k, &value)| {
            pack::quant_at(format, block, output, k)
                * pack::scale_at(format, block, output, k / 16)
                * i32::from(value)
        })
        .sum()
}
