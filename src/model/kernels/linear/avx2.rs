//! The product with AVX2: integers of 8 bits multiplied and added in pairs, then by scales in 32 bits.
//!
//! A tile's eight outputs are the lanes of a vector. `maddubs` adds two products of an unsigned weight and a signed
//! activation into 16 bits and would saturate there; how many of its results may be added up before they are widened
//! is each format's own number. Activations reach -127, weights 15 (4 bits), 31 (5 bits), 63 (6 bits): 8, 4 and 2
//! results make at most 30,480, 31,496 and 32,004. `Q8_0` multiplies magnitudes, at most 2 * 128 * 127 = 32,512.

use std::arch::x86_64::*;
use std::ops::Range;

use super::pack::{self, GROUP_BYTES, LOW_BYTES, Layout, PART, PARTS, Packed, STEP_GROUPS};
use super::{Activations, Columns, Format, TILE};

/// Rows that pass over a tile together: the registers hold their sums beside the weights.
const ROWS: usize = 4;

/// Needs AVX2, FMA and F16C.
pub(super) fn multiply(
    activations: &Activations,
    rows: Range<usize>,
    packed: &Packed,
    tiles: Range<usize>,
    to: Columns,
) {
    for tile in tiles {
        let mut row = rows.start;
        while row < rows.end {
            let task = Task {
                activations,
                blocks: packed.tile(tile),
                tile,
                row,
                to,
            };
            // SAFETY: the level that led here has these instructions.
            unsafe {
                row += match rows.end - row {
                    1 => task.run::<1>(packed.format),
                    2 => task.run::<2>(packed.format),
                    3 => task.run::<3>(packed.format),
                    _ => task.run::<ROWS>(packed.format),
                };
            }
        }
    }
}

/// A tile and the first of the rows that pass over it.
struct Task<'a> {
    activations: &'a Activations,
    blocks: &'a [u8],
    tile: usize,
    row: usize,
    to: Columns,
}

impl Task<'_> {
    /// Returns the number of rows done, `R`.
    #[target_feature(enable = "avx2,fma,f16c")]
    fn run<const R: usize>(&self, format: Format) -> usize {
        let sums = match format {
            Format::Q4K => self.sum::<Q4K, R>(),
            Format::Q5K => self.sum::<Q5K, R>(),
            Format::Q6K => self.sum::<Q6K, R>(),
            Format::Q8_0 => self.sum_q8::<R>(),
        };
        for (row, sums) in sums.into_iter().enumerate() {
            let mut values = [0.0; TILE];
            // SAFETY: eight values.
            unsafe { _mm256_storeu_ps(values.as_mut_ptr(), sums) };
            self.to.write(self.row + row, self.tile, &values);
        }
        R
    }

    #[inline]
    #[target_feature(enable = "avx2,fma,f16c")]
    fn sum<F: Parts, const R: usize>(&self) -> [__m256; R] {
        let mut sums = [_mm256_setzero_ps(); R];
        let values: [&[i8]; R] = std::array::from_fn(|r| self.activations.values(self.row + r));
        for (index, block) in self.blocks.chunks_exact(F::LAYOUT.tile).enumerate() {
            let mut whole = [_mm256_setzero_si256(); R];
            for part in 0..PARTS {
                let start = index * 256 + part * PART;
                let values: [*const i8; R] =
                    std::array::from_fn(|r| values[r][start..start + PART].as_ptr());
                // SAFETY: a block has eight parts, and 32 activations of each row belong to each.
                unsafe { add_part::<F, R>(block, part, values, &mut whole) };
            }
            for r in 0..R {
                let row = self.row + r;
                let scale = _mm256_set1_ps(self.activations.scales(row)[index]);
                // SAFETY: as above.
                let part = unsafe { F::scaled(block, whole[r], self.activations, row, index) };
                sums[r] = _mm256_fmadd_ps(scale, part, sums[r]);
            }
        }
        sums
    }

    #[inline]
    #[target_feature(enable = "avx2,fma,f16c")]
    fn sum_q8<const R: usize>(&self) -> [__m256; R] {
        let mut sums = [_mm256_setzero_ps(); R];
        let ones = _mm256_set1_epi16(1);
        let values: [&[i8]; R] = std::array::from_fn(|r| self.activations.values(self.row + r));
        for (index, block) in self.blocks.chunks_exact(pack::Q8_TILE_BYTES).enumerate() {
            let values: [*const i8; R] =
                std::array::from_fn(|r| values[r][index * PART..(index + 1) * PART].as_ptr());
            let mut whole = [_mm256_setzero_si256(); R];
            for group in 0..PART / 4 {
                // SAFETY: a block has eight groups, and four activations of each row belong to each.
                unsafe {
                    let weights = load(block, group * GROUP_BYTES);
                    let magnitudes = _mm256_abs_epi8(weights);
                    for (sum, values) in whole.iter_mut().zip(values) {
                        let signed = _mm256_sign_epi8(four(values, group), weights);
                        let pairs = _mm256_maddubs_epi16(magnitudes, signed);
                        *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(pairs, ones));
                    }
                }
            }
            // SAFETY: a tile ends in its scales.
            let d = unsafe { halves(block, PART * TILE) };
            for r in 0..R {
                let scale = _mm256_set1_ps(self.activations.scales(self.row + r)[index]);
                let whole = _mm256_cvtepi32_ps(whole[r]);
                sums[r] = _mm256_fmadd_ps(_mm256_mul_ps(d, scale), whole, sums[r]);
            }
        }
        sums
    }
}

/// A format with blocks of 256 inputs in parts of 32.
///
/// # Safety
///
/// Methods need AVX2 (and `scaled` F16C and FMA), a tile of the format, and parts, steps and blocks that it has.
trait Parts {
    const LAYOUT: Layout;
    /// Steps whose results fit into 16 bits together.
    const STEPS: usize;

    /// The weights of a step's two groups, unsigned.
    unsafe fn weights(block: &[u8], part: usize, step: usize) -> (__m256i, __m256i);
    /// The integer scale of a step, twice for each output.
    unsafe fn scale(block: &[u8], part: usize, step: usize) -> __m256i;
    /// A block's sum, times its scale, less what its offsets add.
    unsafe fn scaled(
        block: &[u8],
        whole: __m256i,
        activations: &Activations,
        row: usize,
        index: usize,
    ) -> __m256;
}

struct Q4K;
struct Q5K;
struct Q6K;

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn add_part<F: Parts, const R: usize>(
    block: &[u8],
    part: usize,
    values: [*const i8; R],
    whole: &mut [__m256i; R],
) {
    for first in (0..STEP_GROUPS.len()).step_by(F::STEPS) {
        let mut sums = [_mm256_setzero_si256(); R];
        for step in first..first + F::STEPS {
            let (one, two) = STEP_GROUPS[step];
            unsafe {
                let (low, high) = F::weights(block, part, step);
                for (sum, values) in sums.iter_mut().zip(values) {
                    let low = _mm256_maddubs_epi16(low, four(values, one));
                    let high = _mm256_maddubs_epi16(high, four(values, two));
                    *sum = _mm256_add_epi16(*sum, _mm256_add_epi16(low, high));
                }
            }
        }
        let scale = unsafe { F::scale(block, part, first) };
        for (whole, sum) in whole.iter_mut().zip(sums) {
            *whole = _mm256_add_epi32(*whole, _mm256_madd_epi16(sum, scale));
        }
    }
}

/// Four activations, the same for every output.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn four(values: *const i8, group: usize) -> __m256i {
    unsafe { _mm256_set1_epi32(values.add(4 * group).cast::<i32>().read_unaligned()) }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn load(block: &[u8], at: usize) -> __m256i {
    debug_assert!(at + 32 <= block.len());
    unsafe { _mm256_loadu_si256(block.as_ptr().add(at).cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn load_half(block: &[u8], at: usize) -> __m128i {
    debug_assert!(at + 16 <= block.len());
    unsafe { _mm_loadu_si128(block.as_ptr().add(at).cast()) }
}

/// Eight half-precision numbers.
#[inline]
#[target_feature(enable = "avx2,f16c")]
unsafe fn halves(block: &[u8], at: usize) -> __m256 {
    unsafe { _mm256_cvtph_ps(load_half(block, at)) }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn low_bits(layout: Layout, block: &[u8], part: usize, step: usize) -> (__m256i, __m256i) {
    let mask = _mm256_set1_epi8(15);
    let both = unsafe { load(block, part * layout.part + step * GROUP_BYTES) };
    let high = _mm256_and_si256(_mm256_srli_epi16::<4>(both), mask);
    (_mm256_and_si256(both, mask), high)
}

/// Of `Q4K` and `Q5K`: the scale of a part.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn part_scale(layout: Layout, block: &[u8], part: usize) -> __m256i {
    debug_assert!(layout.scales + part * TILE + 8 <= block.len());
    unsafe {
        let at = block.as_ptr().add(layout.scales + part * TILE);
        let scales = _mm256_cvtepu8_epi32(_mm_loadl_epi64(at.cast()));
        _mm256_or_si256(scales, _mm256_slli_epi32::<16>(scales))
    }
}

/// Of `Q4K` and `Q5K`: `d * whole - dmin * (minimums * sums)`.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn less_mins(
    layout: Layout,
    block: &[u8],
    whole: __m256i,
    activations: &Activations,
    row: usize,
    index: usize,
) -> __m256 {
    let sums = &activations.pair_sums(row)[index * PARTS..][..PARTS];
    let mut mins = _mm256_setzero_si256();
    for pair in 0..PARTS / 2 {
        unsafe {
            let min = _mm256_cvtepu8_epi16(load_half(block, layout.mins + pair * 2 * TILE));
            let sums = _mm256_set1_epi32(sums.as_ptr().add(2 * pair).cast::<i32>().read_unaligned());
            mins = _mm256_add_epi32(mins, _mm256_madd_epi16(min, sums));
        }
    }
    unsafe {
        let scaled = _mm256_mul_ps(halves(block, layout.d), _mm256_cvtepi32_ps(whole));
        _mm256_fnmadd_ps(halves(block, layout.dmin), _mm256_cvtepi32_ps(mins), scaled)
    }
}

impl Parts for Q4K {
    const LAYOUT: Layout = Layout::Q4K;
    const STEPS: usize = 4;

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn weights(block: &[u8], part: usize, step: usize) -> (__m256i, __m256i) {
        unsafe { low_bits(Self::LAYOUT, block, part, step) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn scale(block: &[u8], part: usize, _: usize) -> __m256i {
        unsafe { part_scale(Self::LAYOUT, block, part) }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma,f16c")]
    unsafe fn scaled(
        block: &[u8],
        whole: __m256i,
        activations: &Activations,
        row: usize,
        index: usize,
    ) -> __m256 {
        unsafe { less_mins(Self::LAYOUT, block, whole, activations, row, index) }
    }
}

impl Parts for Q5K {
    const LAYOUT: Layout = Layout::Q5K;
    const STEPS: usize = 2;

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn weights(block: &[u8], part: usize, step: usize) -> (__m256i, __m256i) {
        let bit = _mm256_set1_epi8(16);
        unsafe {
            let (low, high) = low_bits(Self::LAYOUT, block, part, step);
            let fifth = load(block, part * Self::LAYOUT.part + LOW_BYTES);
            // Group `g` has its bit at `g`; it is wanted at 4.
            let (one, two) = match step {
                0 => (_mm256_slli_epi16::<4>(fifth), _mm256_slli_epi16::<2>(fifth)),
                1 => (_mm256_slli_epi16::<3>(fifth), _mm256_slli_epi16::<1>(fifth)),
                2 => (fifth, _mm256_srli_epi16::<2>(fifth)),
                _ => (_mm256_srli_epi16::<1>(fifth), _mm256_srli_epi16::<3>(fifth)),
            };
            (
                _mm256_or_si256(low, _mm256_and_si256(one, bit)),
                _mm256_or_si256(high, _mm256_and_si256(two, bit)),
            )
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn scale(block: &[u8], part: usize, _: usize) -> __m256i {
        unsafe { part_scale(Self::LAYOUT, block, part) }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma,f16c")]
    unsafe fn scaled(
        block: &[u8],
        whole: __m256i,
        activations: &Activations,
        row: usize,
        index: usize,
    ) -> __m256 {
        unsafe { less_mins(Self::LAYOUT, block, whole, activations, row, index) }
    }
}

impl Parts for Q6K {
    const LAYOUT: Layout = Layout::Q6K;
    const STEPS: usize = 1;

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn weights(block: &[u8], part: usize, step: usize) -> (__m256i, __m256i) {
        let bits = _mm256_set1_epi8(0x30);
        unsafe {
            let (low, high) = low_bits(Self::LAYOUT, block, part, step);
            let offset = LOW_BYTES + step / 2 * GROUP_BYTES;
            let upper = load(block, part * Self::LAYOUT.part + offset);
            // Groups 0 to 3 of a half have their bits at 0, 2, 4 and 6; they are wanted at 4.
            let (one, two) = match step % 2 {
                0 => (_mm256_slli_epi16::<4>(upper), upper),
                _ => (_mm256_slli_epi16::<2>(upper), _mm256_srli_epi16::<2>(upper)),
            };
            (
                _mm256_or_si256(low, _mm256_and_si256(one, bits)),
                _mm256_or_si256(high, _mm256_and_si256(two, bits)),
            )
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn scale(block: &[u8], part: usize, step: usize) -> __m256i {
        // The two halves' scales stand side by side in 16 bits each; one of them is wanted twice.
        unsafe {
            let both = q6_scales(block, part);
            match step / 2 {
                0 => _mm256_shufflehi_epi16::<0b10_10_00_00>(
                    _mm256_shufflelo_epi16::<0b10_10_00_00>(both),
                ),
                _ => _mm256_shufflehi_epi16::<0b11_11_01_01>(
                    _mm256_shufflelo_epi16::<0b11_11_01_01>(both),
                ),
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma,f16c")]
    unsafe fn scaled(
        block: &[u8],
        whole: __m256i,
        activations: &Activations,
        row: usize,
        index: usize,
    ) -> __m256 {
        let sums = &activations.sums(row)[index * 2 * PARTS..][..2 * PARTS];
        let mut offset = _mm256_setzero_si256();
        for part in 0..PARTS {
            unsafe {
                let pair = sums.as_ptr().add(2 * part).cast::<i32>().read_unaligned();
                let product = _mm256_madd_epi16(q6_scales(block, part), _mm256_set1_epi32(pair));
                offset = _mm256_add_epi32(offset, product);
            }
        }
        let whole = _mm256_sub_epi32(whole, _mm256_slli_epi32::<5>(offset));
        unsafe { _mm256_mul_ps(halves(block, Self::LAYOUT.d), _mm256_cvtepi32_ps(whole)) }
    }
}

/// The scales of a part's two halves, side by side for each output.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn q6_scales(block: &[u8], part: usize) -> __m256i {
    unsafe { _mm256_cvtepi8_epi16(load_half(block, Q6K::LAYOUT.scales + part * 2 * TILE)) }
}
