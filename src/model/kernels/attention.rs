//! Attention of a few queries to a run of keys and values.
//!
//! In two passes, scores of all positions first, then one softmax, then the weighted sum in order of position. Each
//! number is thus the same however the positions are split into runs and the queries into groups: any split of the
//! same tokens gives the same bits, which an online softmax would not.

#![allow(unsafe_code)]

pub use super::lanes::{CacheCell, LANES, Level};
use super::lanes::{Lanes, at_level, exp};

/// Queries that share one pass over the keys, with 32 registers and with 16: their accumulators, a tile of keys and a
/// factor must fit, or each multiplication waits for the first cache.
const SCORE_QUERIES: usize = 8;
const SCORE_QUERIES_OF_16: usize = 6;
/// The same for values, with [`VALUE_VECTORS`] accumulators each, or one.
const VALUE_QUERIES: usize = 6;
const VALUE_VECTORS: usize = 4;
/// Positions whose values stay in the first cache while every query passes over them: 16 KB at 128 values of two bytes.
const VALUE_POSITIONS: usize = 64;

/// Dot products of queries with the keys of a run.
///
/// `queries` is (queries, dim), already scaled; `keys` are tiles of [`LANES`] positions, each (dim, LANES). Query `q`'s
/// score of position `p` goes to `scores[q * stride + offset + p]`; up to `LANES - 1` values behind the last position
/// are overwritten too.
pub fn scores<C: CacheCell>(
    level: Level,
    dim: usize,
    queries: &[f32],
    keys: &[C],
    scores: &mut [f32],
    stride: usize,
    offset: usize,
) {
    let (count, tiles) = (queries.len() / dim, keys.len() / (dim * LANES));
    if count == 0 || tiles == 0 {
        return;
    }
    assert!(offset + tiles * LANES <= stride && count * stride <= scores.len());
    let scores = &mut scores[offset..];
    at_level!(level, scores_with::<C>(dim: usize, queries: &[f32], keys: &[C], scores: &mut [f32], stride: usize))
}

#[inline(always)]
unsafe fn scores_with<V: Lanes, C: CacheCell>(
    dim: usize,
    queries: &[f32],
    keys: &[C],
    scores: &mut [f32],
    stride: usize,
) {
    let count = queries.len() / dim;
    for (tile, keys) in keys.chunks_exact(dim * LANES).enumerate() {
        // A tile of keys stays in the first cache while every query passes over it.
        let mut first = 0;
        while first < count {
            let group = &queries[first * dim..];
            // SAFETY: the last of `count` rows of scores ends inside the slice, as asserted.
            let out = unsafe { scores.as_mut_ptr().add(first * stride + tile * LANES) };
            let most = if V::SIXTEEN_REGISTERS {
                SCORE_QUERIES_OF_16
            } else {
                SCORE_QUERIES
            };
            let together = match count - first {
                left if left >= most => most,
                left => left.min(4),
            };
            unsafe {
                match together {
                    1 => score_tile::<V, C, 1>(dim, group, keys, out, stride),
                    2 => score_tile::<V, C, 2>(dim, group, keys, out, stride),
                    3 => score_tile::<V, C, 3>(dim, group, keys, out, stride),
                    4 => score_tile::<V, C, 4>(dim, group, keys, out, stride),
                    SCORE_QUERIES_OF_16 => {
                        score_tile::<V, C, SCORE_QUERIES_OF_16>(dim, group, keys, out, stride)
                    }
                    _ => score_tile::<V, C, SCORE_QUERIES>(dim, group, keys, out, stride),
                }
            }
            first += together;
        }
    }
}

#[inline(always)]
unsafe fn score_tile<V: Lanes, C: CacheCell, const Q: usize>(
    dim: usize,
    queries: &[f32],
    keys: &[C],
    out: *mut f32,
    stride: usize,
) {
    debug_assert!(queries.len() >= Q * dim && keys.len() == dim * LANES);
    unsafe {
        let mut sums = [V::splat(0.0); Q];
        for i in 0..dim {
            let key: V = C::lanes(keys.as_ptr().add(i * LANES));
            for (q, sum) in sums.iter_mut().enumerate() {
                *sum = key.mul_add(V::splat(*queries.as_ptr().add(q * dim + i)), *sum);
            }
        }
        for (q, sum) in sums.into_iter().enumerate() {
            sum.store(out.add(q * stride));
        }
    }
}

/// Turns scores into weights that sum to one, in place; returns nothing else. What stands behind the last whole vector
/// is treated as a vector of its own.
pub fn softmax(level: Level, scores: &mut [f32]) {
    at_level!(level, softmax_of::<f32>(scores: &mut [f32]))
}

#[inline(always)]
unsafe fn softmax_of<V: Lanes, C: CacheCell>(scores: &mut [f32]) {
    let (whole, rest) = scores.split_at_mut(scores.len() / LANES * LANES);
    let mut tail = [f32::NEG_INFINITY; LANES];
    tail[..rest.len()].copy_from_slice(rest);
    unsafe {
        let mut highest = V::load(tail.as_ptr());
        for vector in whole.chunks_exact(LANES) {
            highest = highest.max(V::load(vector.as_ptr()));
        }
        let highest = to_array(highest)
            .into_iter()
            .fold(f32::NEG_INFINITY, f32::max);

        let shift = V::splat(-highest);
        let mut sum = V::splat(0.0);
        for vector in whole.chunks_exact_mut(LANES) {
            let weight = exp(V::load(vector.as_ptr()).add(shift));
            weight.store(vector.as_mut_ptr());
            sum = sum.add(weight);
        }
        let mut weights = to_array(exp(V::load(tail.as_ptr()).add(shift)));
        weights[rest.len()..].fill(0.0);
        rest.copy_from_slice(&weights[..rest.len()]);
        sum = sum.add(V::load(weights.as_ptr()));

        let share = 1.0 / pairwise(to_array(sum));
        for weight in whole.iter_mut().chain(rest) {
            *weight *= share;
        }
    }
}

#[inline(always)]
unsafe fn to_array<V: Lanes>(vector: V) -> [f32; LANES] {
    let mut array = [0.0; LANES];
    unsafe { vector.store(array.as_mut_ptr()) };
    array
}

fn pairwise(mut values: [f32; LANES]) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            values[lane] += values[lane + width];
        }
        width /= 2;
    }
    values[0]
}

/// Adds the values of a run, weighted, to what each query has gathered so far.
///
/// `values` is (positions, dim); query `q`'s weight of position `p` stands at `weights[q * stride + offset + p]`; `sums`
/// is (queries, dim).
pub fn add_weighted<C: CacheCell>(
    level: Level,
    dim: usize,
    weights: &[f32],
    stride: usize,
    offset: usize,
    values: &[C],
    sums: &mut [f32],
) {
    let (count, positions) = (sums.len() / dim, values.len() / dim);
    if count == 0 || positions == 0 {
        return;
    }
    assert!(offset + positions <= stride && count * stride <= weights.len());
    assert!(dim.is_multiple_of(LANES));
    let weights = &weights[offset..];
    at_level!(level, add_weighted_with::<C>(dim: usize, weights: &[f32], stride: usize, values: &[C], sums: &mut [f32]))
}

#[inline(always)]
unsafe fn add_weighted_with<V: Lanes, C: CacheCell>(
    dim: usize,
    weights: &[f32],
    stride: usize,
    values: &[C],
    sums: &mut [f32],
) {
    let count = sums.len() / dim;
    for (block, values) in values.chunks(VALUE_POSITIONS * dim).enumerate() {
        let weights = &weights[block * VALUE_POSITIONS..];
        let mut first = 0;
        while first < count {
            let left = count - first;
            let weights = &weights[first * stride..];
            let sums = &mut sums[first * dim..];
            unsafe {
                match left {
                    1 => add_group::<V, C, 1>(dim, weights, stride, values, sums),
                    2 => add_group::<V, C, 2>(dim, weights, stride, values, sums),
                    3..VALUE_QUERIES => add_group::<V, C, 3>(dim, weights, stride, values, sums),
                    _ => add_group::<V, C, VALUE_QUERIES>(dim, weights, stride, values, sums),
                }
            }
            first += match left {
                1..=2 => left,
                3..VALUE_QUERIES => 3,
                _ => VALUE_QUERIES,
            };
        }
    }
}

#[inline(always)]
unsafe fn add_group<V: Lanes, C: CacheCell, const Q: usize>(
    dim: usize,
    weights: &[f32],
    stride: usize,
    values: &[C],
    sums: &mut [f32],
) {
    let mut at = 0;
    unsafe {
        // One query leaves room for four vectors in sixteen registers, too.
        let wide = !V::SIXTEEN_REGISTERS || Q == 1;
        while wide && at + VALUE_VECTORS * LANES <= dim {
            add_columns::<V, C, Q, VALUE_VECTORS>(dim, at, weights, stride, values, sums);
            at += VALUE_VECTORS * LANES;
        }
        while at < dim {
            add_columns::<V, C, Q, 1>(dim, at, weights, stride, values, sums);
            at += LANES;
        }
    }
}

/// Columns `at .. at + D * LANES` of the sums of `Q` queries.
#[inline(always)]
unsafe fn add_columns<V: Lanes, C: CacheCell, const Q: usize, const D: usize>(
    dim: usize,
    at: usize,
    weights: &[f32],
    stride: usize,
    values: &[C],
    sums: &mut [f32],
) {
    let positions = values.len() / dim;
    debug_assert!(at + D * LANES <= dim && sums.len() >= Q * dim);
    debug_assert!(weights.len() >= (Q - 1) * stride + positions);
    unsafe {
        let mut gathered = [[V::splat(0.0); D]; Q];
        for (q, row) in gathered.iter_mut().enumerate() {
            for (d, sum) in row.iter_mut().enumerate() {
                *sum = V::load(sums.as_ptr().add(q * dim + at + d * LANES));
            }
        }
        for p in 0..positions {
            let mut value = [V::splat(0.0); D];
            for (d, lanes) in value.iter_mut().enumerate() {
                *lanes = C::lanes(values.as_ptr().add(p * dim + at + d * LANES));
            }
            for (q, row) in gathered.iter_mut().enumerate() {
                let weight = V::splat(*weights.as_ptr().add(q * stride + p));
                for (sum, value) in row.iter_mut().zip(value) {
                    *sum = value.mul_add(weight, *sum);
                }
            }
        }
        for (q, row) in gathered.into_iter().enumerate() {
            for (d, sum) in row.into_iter().enumerate() {
                sum.store(sums.as_mut_ptr().add(q * dim + at + d * LANES));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use half::f16;

    use super::*;
    use crate::model::kernels::noise;

    const DIM: usize = 80;

    fn cell<C: CacheCell>(value: f32) -> C {
        let mut cells = [C::default()];
        C::convert(&[value], &mut cells);
        cells[0]
    }

    fn levels() -> Vec<Level> {
        let mut levels = vec![Level::Scalar];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("f16c") {
                levels.push(Level::Avx2);
            }
            if is_x86_feature_detected!("avx512f") {
                levels.push(Level::Avx512);
            }
        }
        levels
    }

    /// Output of `queries` queries over `positions` positions, keys and values in runs of the lengths given.
    fn attend<C: CacheCell>(level: Level, queries: &[f32], runs: &[usize]) -> Vec<f32> {
        let positions: usize = runs.iter().sum();
        let keys = noise(positions * DIM, 1);
        let values: Vec<C> = noise(positions * DIM, 2).into_iter().map(cell).collect();
        let count = queries.len() / DIM;
        let stride = (positions + 2 * LANES).next_multiple_of(LANES);
        let mut weights = vec![0.0; count * stride];
        let mut start = 0;
        for &run in runs {
            let mut tiles = vec![C::default(); run.next_multiple_of(LANES) * DIM];
            for p in 0..run {
                for i in 0..DIM {
                    let key = cell::<C>(keys[(start + p) * DIM + i]);
                    tiles[(p / LANES * DIM + i) * LANES + p % LANES] = key;
                }
            }
            scores(level, DIM, queries, &tiles, &mut weights, stride, start);
            start += run;
        }
        for row in weights.chunks_exact_mut(stride) {
            softmax(level, &mut row[..positions]);
        }
        let mut sums = vec![0.0; count * DIM];
        let mut start = 0;
        for &run in runs {
            let part = &values[start * DIM..(start + run) * DIM];
            add_weighted(level, DIM, &weights, stride, start, part, &mut sums);
            start += run;
        }
        sums
    }

    /// Returns the definition, in f64.
    fn naive(query: &[f32], positions: usize) -> Vec<f64> {
        let keys = noise(positions * DIM, 1);
        let values = noise(positions * DIM, 2);
        let dot = |key: &[f32]| {
            key.iter()
                .zip(query)
                .map(|(k, q)| f64::from(k * q))
                .sum::<f64>()
        };
        let weights: Vec<f64> = keys.chunks(DIM).map(|key| dot(key).exp()).collect();
        let total: f64 = weights.iter().sum();
        (0..DIM)
            .map(|i| {
                let column = values.iter().skip(i).step_by(DIM);
                column
                    .zip(&weights)
                    .map(|(v, w)| f64::from(*v) * w / total)
                    .sum()
            })
            .collect()
    }

    #[test]
    fn attention_is_what_its_definition_says() {
        let queries = noise(3 * DIM, 3);
        for level in levels() {
            let got = attend::<f32>(level, &queries, &[37]);
            for (query, got) in queries.chunks(DIM).zip(got.chunks(DIM)) {
                for (got, expected) in got.iter().zip(naive(query, 37)) {
                    assert!(
                        (f64::from(*got) - expected).abs() < 1e-5,
                        "{level:?}: {got} {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_level_gives_the_same_bits() {
        for count in [1, 2, 3, 5, 8, 13] {
            let queries = noise(count * DIM, 4);
            let expected = attend::<f16>(Level::Scalar, &queries, &[50]);
            for level in levels() {
                assert_eq!(attend::<f16>(level, &queries, &[50]), expected, "{level:?}");
            }
        }
    }

    #[test]
    fn runs_and_groups_do_not_change_a_bit() {
        let queries = noise(9 * DIM, 5);
        let level = Level::of_this_machine();
        let expected = attend::<f16>(level, &queries, &[100]);
        for runs in [&[1, 99][..], &[16, 84], &[33, 33, 34], &[99, 1]] {
            assert_eq!(attend::<f16>(level, &queries, runs), expected, "{runs:?}");
        }
        for (query, expected) in queries.chunks(DIM).zip(expected.chunks(DIM)) {
            assert_eq!(attend::<f16>(level, query, &[100]), expected);
        }
    }

    #[test]
    fn weights_sum_to_one_even_far_below_the_highest() {
        for level in levels() {
            let mut weights = vec![-1e30, 3.0, -200.0, 3.0, -1.0];
            softmax(level, &mut weights);
            assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-6);
            assert!(weights[0] < 1e-30 && weights[1] == weights[3]);
        }
    }
}
