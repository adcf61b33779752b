//! The product as its definition says, a weight at a time: the scalar reference.

use std::ops::Range;

use super::pack::{self, Matrix, PART};
use super::{Activations, Columns, PackedFormat, TILE};

pub(super) fn multiply(
    activations: &Activations,
    rows: Range<usize>,
    matrix: &Matrix,
    tiles: Range<usize>,
    to: Columns,
) {
    let tile_bytes = matrix.format.layout().tile;
    for tile in tiles {
        for row in rows.clone() {
            let mut sums = [0.0; TILE];
            for (output, sum) in sums.iter_mut().enumerate() {
                let blocks = matrix.tile(tile).chunks_exact(tile_bytes);
                for (index, block) in blocks.enumerate() {
                    let part = of_block(matrix.format, block, output, activations, row, index);
                    *sum = activations.scales(row)[index].mul_add(part, *sum);
                }
            }
            to.write(row, tile, &sums);
        }
    }
}

/// Returns what a block adds to an output, before the activations' scale.
fn of_block(
    format: PackedFormat,
    block: &[u8],
    output: usize,
    activations: &Activations,
    row: usize,
    index: usize,
) -> f32 {
    let (inputs, layout, sub) = (format.block(), format.layout(), format.row().sub());
    let values = &activations.values(row)[index * inputs..][..inputs];
    let levels = values.iter().enumerate().map(|(k, &value)| {
        let level = format.row().level(pack::quant_at(format, block, output, k));
        level * pack::scale_at(format, block, output, k / sub) * i32::from(value)
    });
    let scaled = pack::f16_at(block, layout.d + 2 * output) * levels.sum::<i32>() as f32;
    if !format.row().mins {
        return scaled;
    }
    let sums = match sub {
        PART => activations.pair_sums(row),
        _ => activations.sums(row),
    };
    let sums = &sums[index * (inputs / sub)..][..inputs / sub];
    let mins = sums
        .iter()
        .enumerate()
        .map(|(sub, sum)| pack::min_at(format, block, output, sub) * i32::from(*sum));
    let dmin = pack::f16_at(block, layout.dmin + 2 * output);
    (-dmin).mul_add(mins.sum::<i32>() as f32, scaled)
}
