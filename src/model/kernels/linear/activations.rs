//! Rows of activations as integers of one byte.

use rayon::prelude::*;

use crate::model::kernels::Level;

/// Values that share a sum.
const HALF: usize = 16;
/// Rows quantised by one task at least.
const TASK_ROWS: usize = 8;

/// Rows of activations: per block a scale and integers from -127 to 127, with the sums that offsets of weights need.
#[derive(Debug, Clone, PartialEq)]
pub struct Activations {
    pub(super) rows: usize,
    /// Values of a row, and of a block.
    pub(super) width: usize,
    pub(super) block: usize,
    /// (rows, width)
    values: Vec<i8>,
    /// (rows, width / block)
    scales: Vec<f32>,
    /// Sums of 16 values each, (rows, width / 16).
    sums: Vec<i16>,
    /// Sums of 32 values each, (rows, width / 32).
    pair_sums: Vec<i16>,
}

impl Activations {
    /// Quantises rows, (rows, width), a block of values at a time. A block that holds NaN or an infinity has no finite
    /// scale, and neither has what is multiplied with it.
    pub fn quantise(level: Level, rows: &[f32], width: usize, block: usize) -> Activations {
        assert!(width.is_multiple_of(block) && rows.len().is_multiple_of(width));
        let count = rows.len() / width;
        let mut values = vec![0; rows.len()];
        let mut scales = vec![0.0; rows.len() / block];
        let mut sums = vec![0; rows.len() / HALF];
        let task = if count < 2 * TASK_ROWS {
            count.max(1)
        } else {
            TASK_ROWS
        };
        values
            .par_chunks_mut(task * width)
            .zip(scales.par_chunks_mut(task * width / block))
            .zip(sums.par_chunks_mut(task * width / HALF))
            .zip(rows.par_chunks(task * width))
            .for_each(|(((values, scales), sums), rows)| {
                quantise_blocks(level, block, rows, values, scales, sums);
            });
        let pair_sums = sums.chunks_exact(2).map(|pair| pair[0] + pair[1]).collect();
        Activations {
            rows: count,
            width,
            block,
            values,
            scales,
            sums,
            pair_sums,
        }
    }

    pub(super) fn values(&self, row: usize) -> &[i8] {
        &self.values[row * self.width..][..self.width]
    }

    pub(super) fn scales(&self, row: usize) -> &[f32] {
        let blocks = self.width / self.block;
        &self.scales[row * blocks..][..blocks]
    }

    pub(super) fn sums(&self, row: usize) -> &[i16] {
        let count = self.width / HALF;
        &self.sums[row * count..][..count]
    }

    pub(super) fn pair_sums(&self, row: usize) -> &[i16] {
        let count = self.width / (2 * HALF);
        &self.pair_sums[row * count..][..count]
    }
}

fn quantise_blocks(
    level: Level,
    block: usize,
    rows: &[f32],
    values: &mut [i8],
    scales: &mut [f32],
    sums: &mut [i16],
) {
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn avx2(block: usize, rows: &[f32], values: &mut [i8], scales: &mut [f32], sums: &mut [i16]) {
        quantise_plain(block, rows, values, scales, sums);
    }
    match level {
        Level::Scalar => quantise_plain(block, rows, values, scales, sums),
        // SAFETY: the level is one that this machine has, and every other has AVX2.
        #[cfg(target_arch = "x86_64")]
        _ => unsafe { avx2(block, rows, values, scales, sums) },
        #[cfg(not(target_arch = "x86_64"))]
        _ => quantise_plain(block, rows, values, scales, sums),
    }
}

/// As `quantize_row_q8_K` and `quantize_row_q8_0` of ggml do it, up to the sign that both the scale and the values have
/// there; scales stay in single precision.
#[inline(always)]
fn quantise_plain(
    block: usize,
    rows: &[f32],
    values: &mut [i8],
    scales: &mut [f32],
    sums: &mut [i16],
) {
    for (index, (row, values)) in rows
        .chunks_exact(block)
        .zip(values.chunks_exact_mut(block))
        .enumerate()
    {
        // Magnitudes compare like their bits, and NaN is above them all.
        let largest = row.iter().map(|value| value.to_bits() & 0x7fff_ffff).max();
        let largest = f32::from_bits(largest.unwrap_or(0));
        if largest == 0.0 {
            values.fill(0);
            scales[index] = 0.0;
        } else {
            let inverse = 127.0 / largest;
            for (value, to) in row.iter().zip(values.iter_mut()) {
                *to = (value * inverse).round_ties_even() as i32 as i8;
            }
            scales[index] = 1.0 / inverse;
        }
        for (half, sum) in values
            .chunks_exact(HALF)
            .zip(&mut sums[index * block / HALF..])
        {
            *sum = half.iter().map(|&value| i16::from(value)).sum();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_within_half_a_step_of_its_values() {
        let row: Vec<f32> = (0..64).map(|i| (i as f32 - 20.0) * 0.37).collect();
        let quantised = Activations::quantise(Level::of_this_machine(), &row, 64, 32);
        for (index, value) in row.iter().enumerate() {
            let scale = quantised.scales(0)[index / 32];
            let back = scale * f32::from(quantised.values(0)[index]);
            assert!((back - value).abs() <= scale * 0.501, "{value} {back}");
        }
        let first: i16 = quantised.values(0)[..16]
            .iter()
            .map(|&v| i16::from(v))
            .sum();
        assert_eq!(quantised.sums(0)[0], first);
        assert_eq!(
            quantised.pair_sums(0)[0],
            quantised.sums(0)[0] + quantised.sums(0)[1]
        );
    }

    #[test]
    fn what_is_not_finite_has_no_finite_scale() {
        for odd in [f32::NAN, f32::INFINITY, -f32::INFINITY] {
            let mut row = vec![1.0; 32];
            row[7] = odd;
            let quantised = Activations::quantise(Level::of_this_machine(), &row, 32, 32);
            assert!(!quantised.scales(0)[0].is_finite());
        }
        let zero = Activations::quantise(Level::of_this_machine(), &[0.0; 32], 32, 32);
        assert_eq!(zero.scales(0), [0.0]);
    }
}
