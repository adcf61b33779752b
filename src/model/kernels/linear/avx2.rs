//! The product with AVX2: integers of 8 bits multiplied and added in pairs, then by scales in 32 bits.
//!
//! A tile's eight outputs are the lanes of a vector. `maddubs` adds two products of an unsigned weight and a signed
//! activation into 16 bits and would saturate there; how many of its results may be added up before they are widened
//! is each format's own number. Activations reach -127, weights 15 (4 bits), 31 (5 bits), 63 (6 bits): 8, 4 and 2
//! results make at most 30,480, 31,496 and 32,004. `Q8_0` multiplies magnitudes, at most 2 * 128 * 127 = 32,512.

use std::arch::x86_64::*;
use std::ops::Range;

use super::pack::{
    self, GROUP_BYTES, GROUPS, LOW_BYTES, Matrix, PART, PARTS, STEP_GROUPS, TileLayout,
};
use super::{Activations, Columns, PackedFormat, TILE};

/// Rows that pass over weights together: the registers hold their sums beside the weights.
const ROWS: usize = 4;
/// Tiles beside each other that share the activations once they are in a register.
const TILES: usize = 2;

/// Needs AVX2, FMA and F16C.
pub(super) fn multiply(
    activations: &Activations,
    rows: Range<usize>,
    matrix: &Matrix,
    tiles: Range<usize>,
    to: Columns,
) {
    let task = Task {
        activations,
        rows,
        matrix,
        tiles,
        to,
    };
    // SAFETY: the level that led here has these instructions.
    unsafe {
        match matrix.format {
            PackedFormat::Q4K => task.run::<Q4K>(),
            PackedFormat::Q5K => task.run::<Q5K>(),
            PackedFormat::Q6K => task.run::<Q6K>(),
            PackedFormat::Q8_0 => task.run_q8(),
        }
    }
}

/// Rows that pass over tiles.
struct Task<'a> {
    activations: &'a Activations,
    rows: Range<usize>,
    matrix: &'a Matrix,
    tiles: Range<usize>,
    to: Columns,
}

impl Task<'_> {
    /// Few rows take the weights as they are matrix, which are read from memory anyway; many rows unpack them first.
    #[target_feature(enable = "avx2,fma,f16c")]
    fn run<F: SubBlocks>(&self) {
        match self.rows.len() {
            1 => self.few::<F, 1>(),
            2 => self.few::<F, 2>(),
            3 => self.few::<F, 3>(),
            4 => self.few::<F, 4>(),
            _ => {
                let pairs = self.tiles.len() / TILES * TILES;
                self.many::<F, TILES>(self.tiles.start..self.tiles.start + pairs);
                self.many::<F, 1>(self.tiles.start + pairs..self.tiles.end);
            }
        }
    }

    /// `R` rows.
    #[target_feature(enable = "avx2,fma,f16c")]
    fn few<F: SubBlocks, const R: usize>(&self) {
        for tile in self.tiles.clone() {
            let mut sums = [[_mm256_setzero_ps(); 1]; R];
            let blocks = self.matrix.tile(tile).chunks_exact(F::LAYOUT.tile);
            for (index, block) in blocks.enumerate() {
                let values = self.values::<R>(self.rows.start, index * 256);
                // SAFETY: a tile's blocks have their layout's size, and 256 activations of a row belong to each.
                unsafe {
                    let whole = product_packed::<F, R>(block, &values);
                    self.add::<F, R, 1>([block], self.rows.start, index, whole, &mut sums);
                }
            }
            for (r, [sum]) in sums.into_iter().enumerate() {
                self.write(self.rows.start + r, tile, sum);
            }
        }
    }

    /// Any number of rows over tiles, `C` at a time.
    #[target_feature(enable = "avx2,fma,f16c")]
    fn many<F: SubBlocks, const C: usize>(&self, tiles: Range<usize>) {
        let mut sums = vec![[_mm256_setzero_ps(); C]; self.rows.len()];
        let mut unpacked = [const { Unpacked([0; 256 * TILE]) }; C];
        for tile in tiles.step_by(C) {
            sums.fill([_mm256_setzero_ps(); C]);
            self.sum_blocks::<F, C>(tile, &mut unpacked, &mut sums);
            for (row, sums) in self.rows.clone().zip(&sums) {
                for (c, sums) in sums.iter().enumerate() {
                    self.write(row, tile + c, *sums);
                }
            }
        }
    }

    /// The rows' products with `C` tiles, a block of inputs at a time.
    #[target_feature(enable = "avx2,fma,f16c")]
    fn sum_blocks<F: SubBlocks, const C: usize>(
        &self,
        tile: usize,
        unpacked: &mut [Unpacked; C],
        sums: &mut [[__m256; C]],
    ) {
        for index in 0..self.matrix.blocks() {
            let mut blocks: [&[u8]; C] = [&[]; C];
            for c in 0..C {
                let tile = self.matrix.tile(tile + c);
                blocks[c] = &tile[index * F::LAYOUT.tile..][..F::LAYOUT.tile];
                // SAFETY: the block has its layout's size.
                unsafe { unpack::<F>(blocks[c], &mut unpacked[c]) };
            }
            if index + 1 < self.matrix.blocks() {
                self.prefetch::<F, C>(tile, index + 1);
            } else {
                self.prefetch::<F, C>(tile + C, 0);
            }
            let mut done = 0;
            while done < self.rows.len() {
                let sums = &mut sums[done..];
                let row = self.rows.start + done;
                // SAFETY: as in `few`.
                unsafe {
                    done += match self.rows.len() - done {
                        1 => self.pass::<F, 1, C>(blocks, unpacked, row, index, sums),
                        2 => self.pass::<F, 2, C>(blocks, unpacked, row, index, sums),
                        3 => self.pass::<F, 3, C>(blocks, unpacked, row, index, sums),
                        _ => self.pass::<F, ROWS, C>(blocks, unpacked, row, index, sums),
                    };
                }
            }
        }
    }

    /// Asks for the block that is unpacked next while this one is multiplied: otherwise the two take turns.
    #[target_feature(enable = "avx2")]
    fn prefetch<F: SubBlocks, const C: usize>(&self, tile: usize, index: usize) {
        for tile in tile..(tile + C).min(self.tiles.end) {
            let block = &self.matrix.tile(tile)[index * F::LAYOUT.tile..][..F::LAYOUT.tile];
            for line in block.chunks(64) {
                _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast());
            }
        }
    }

    /// Returns the number of rows done, `R`.
    ///
    /// # Safety
    ///
    /// The blocks have their layout's size and the rows a block of that index.
    #[target_feature(enable = "avx2,fma,f16c")]
    unsafe fn pass<F: SubBlocks, const R: usize, const C: usize>(
        &self,
        blocks: [&[u8]; C],
        unpacked: &[Unpacked; C],
        row: usize,
        index: usize,
        sums: &mut [[__m256; C]],
    ) -> usize {
        let values = self.values::<R>(row, index * 256);
        unsafe {
            let whole = product_unpacked::<F, R, C>(blocks, unpacked, &values);
            self.add::<F, R, C>(blocks, row, index, whole, sums);
        }
        R
    }

    /// Adds a block's products to the rows' sums.
    #[inline]
    #[target_feature(enable = "avx2,fma,f16c")]
    unsafe fn add<F: SubBlocks, const R: usize, const C: usize>(
        &self,
        blocks: [&[u8]; C],
        row: usize,
        index: usize,
        whole: [[__m256i; C]; R],
        sums: &mut [[__m256; C]],
    ) {
        for r in 0..R {
            let scale = _mm256_set1_ps(self.activations.scales(row + r)[index]);
            for c in 0..C {
                let part =
                    unsafe { F::scaled(blocks[c], whole[r][c], self.activations, row + r, index) };
                sums[r][c] = _mm256_fmadd_ps(scale, part, sums[r][c]);
            }
        }
    }

    /// Returns the rows' activations from that input on.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn values<const R: usize>(&self, row: usize, start: usize) -> [*const i8; R] {
        let mut values = [std::ptr::null(); R];
        for (r, values) in values.iter_mut().enumerate() {
            *values = self.activations.values(row + r)[start..].as_ptr();
        }
        values
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn write(&self, row: usize, tile: usize, sums: __m256) {
        let mut values = [0.0; TILE];
        // SAFETY: eight values.
        unsafe { _mm256_storeu_ps(values.as_mut_ptr(), sums) };
        self.to.write(row, tile, &values);
    }

    #[target_feature(enable = "avx2,fma,f16c")]
    fn run_q8(&self) {
        for tile in self.tiles.clone() {
            let mut row = self.rows.start;
            while row < self.rows.end {
                row += match self.rows.end - row {
                    1 => self.pass_q8::<1>(tile, row),
                    2 => self.pass_q8::<2>(tile, row),
                    3 => self.pass_q8::<3>(tile, row),
                    _ => self.pass_q8::<ROWS>(tile, row),
                };
            }
        }
    }

    /// Returns the number of rows done, `R`.
    #[target_feature(enable = "avx2,fma,f16c")]
    fn pass_q8<const R: usize>(&self, tile: usize, row: usize) -> usize {
        let mut sums = [_mm256_setzero_ps(); R];
        let ones = _mm256_set1_epi16(1);
        let blocks = self.matrix.tile(tile).chunks_exact(pack::Q8_TILE_BYTES);
        for (index, block) in blocks.enumerate() {
            let values = self.values::<R>(row, index * PART);
            let mut whole = [_mm256_setzero_si256(); R];
            for group in 0..GROUPS {
                // SAFETY: a block has eight groups, and four activations of each row belong to each.
                unsafe {
                    let weights = load(block, group * GROUP_BYTES);
                    let magnitudes = _mm256_abs_epi8(weights);
                    for r in 0..R {
                        let signed = _mm256_sign_epi8(four(values[r], group), weights);
                        let pairs = _mm256_maddubs_epi16(magnitudes, signed);
                        whole[r] = _mm256_add_epi32(whole[r], _mm256_madd_epi16(pairs, ones));
                    }
                }
            }
            // SAFETY: a tile ends in its scales.
            let d = unsafe { halves(block, PART * TILE) };
            for r in 0..R {
                let scale = _mm256_set1_ps(self.activations.scales(row + r)[index]);
                let whole = _mm256_cvtepi32_ps(whole[r]);
                sums[r] = _mm256_fmadd_ps(_mm256_mul_ps(d, scale), whole, sums[r]);
            }
        }
        for (r, sums) in sums.into_iter().enumerate() {
            self.write(row + r, tile, sums);
        }
        R
    }
}

/// A tile's block with a byte for each weight: (8 parts, 8 groups, 8 outputs, 4 inputs).
#[repr(align(32))]
struct Unpacked([u8; 256 * TILE]);

/// A format with blocks of 256 inputs in parts of 32.
///
/// # Safety
///
/// Methods need AVX2 (and `scaled` F16C and FMA), a tile of the format, and parts, steps and blocks that it has.
trait SubBlocks {
    const LAYOUT: TileLayout;
    /// Steps whose results fit into 16 bits together.
    const STEPS: usize;

    /// Returns the weights of a step's two groups, unsigned.
    unsafe fn weights(block: &[u8], part: usize, step: usize) -> (__m256i, __m256i);
    /// Returns the integer scale of a step, twice for each output: of formats with minimums, that of the part.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn scale(block: &[u8], part: usize, _step: usize) -> __m256i {
        unsafe { part_scale(Self::LAYOUT, block, part) }
    }

    /// Returns a block's sum, times its scale, less what its offsets add: of formats with minimums, those.
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

struct Q4K;
struct Q5K;
struct Q6K;

/// # Safety
///
/// The block has its layout's size.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn unpack<F: SubBlocks>(block: &[u8], to: &mut Unpacked) {
    for (part, to) in to.0.chunks_exact_mut(GROUPS * GROUP_BYTES).enumerate() {
        for (step, (one, two)) in STEP_GROUPS.into_iter().enumerate() {
            unsafe {
                let (low, high) = F::weights(block, part, step);
                let at = |group| to.as_ptr().add(group * GROUP_BYTES).cast_mut().cast();
                _mm256_store_si256(at(one), low);
                _mm256_store_si256(at(two), high);
            }
        }
    }
}

/// Sums of a block's weights times the activations times the integer scales, of `R` rows.
///
/// # Safety
///
/// The block has its layout's size, the pointers 256 activations.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn product_packed<F: SubBlocks, const R: usize>(
    block: &[u8],
    values: &[*const i8; R],
) -> [[__m256i; 1]; R] {
    let mut whole = [[_mm256_setzero_si256(); 1]; R];
    for part in 0..PARTS {
        for first in (0..STEP_GROUPS.len()).step_by(F::STEPS) {
            let mut sums = [_mm256_setzero_si256(); R];
            for (step, (one, two)) in STEP_GROUPS
                .into_iter()
                .enumerate()
                .skip(first)
                .take(F::STEPS)
            {
                unsafe {
                    let (low, high) = F::weights(block, part, step);
                    for r in 0..R {
                        let values = values[r].add(part * PART);
                        let low = _mm256_maddubs_epi16(low, four(values, one));
                        let high = _mm256_maddubs_epi16(high, four(values, two));
                        sums[r] = _mm256_add_epi16(sums[r], _mm256_add_epi16(low, high));
                    }
                }
            }
            let scale = unsafe { F::scale(block, part, first) };
            for r in 0..R {
                whole[r][0] = _mm256_add_epi32(whole[r][0], _mm256_madd_epi16(sums[r], scale));
            }
        }
    }
    whole
}

/// As [`product_packed`], of `C` tiles whose weights are unpacked.
///
/// # Safety
///
/// As for [`product_packed`].
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn product_unpacked<F: SubBlocks, const R: usize, const C: usize>(
    blocks: [&[u8]; C],
    unpacked: &[Unpacked; C],
    values: &[*const i8; R],
) -> [[__m256i; C]; R] {
    let mut whole = [[_mm256_setzero_si256(); C]; R];
    for part in 0..PARTS {
        for first in (0..STEP_GROUPS.len()).step_by(F::STEPS) {
            let mut sums = [[_mm256_setzero_si256(); C]; R];
            for group in 2 * first..2 * (first + F::STEPS) {
                let at = (part * GROUPS + group) * GROUP_BYTES;
                unsafe {
                    let mut weights = [_mm256_setzero_si256(); C];
                    for c in 0..C {
                        weights[c] = load(&unpacked[c].0, at);
                    }
                    for r in 0..R {
                        let values = four(values[r].add(part * PART), group);
                        for c in 0..C {
                            let products = _mm256_maddubs_epi16(weights[c], values);
                            sums[r][c] = _mm256_add_epi16(sums[r][c], products);
                        }
                    }
                }
            }
            for c in 0..C {
                let scale = unsafe { F::scale(blocks[c], part, first) };
                for r in 0..R {
                    let scaled = _mm256_madd_epi16(sums[r][c], scale);
                    whole[r][c] = _mm256_add_epi32(whole[r][c], scaled);
                }
            }
        }
    }
    whole
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
unsafe fn low_bits(
    layout: TileLayout,
    block: &[u8],
    part: usize,
    step: usize,
) -> (__m256i, __m256i) {
    let mask = _mm256_set1_epi8(15);
    let both = unsafe { load(block, part * layout.part + step * GROUP_BYTES) };
    let high = _mm256_and_si256(_mm256_srli_epi16::<4>(both), mask);
    (_mm256_and_si256(both, mask), high)
}

/// Of `Q4K` and `Q5K`: the scale of a part.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn part_scale(layout: TileLayout, block: &[u8], part: usize) -> __m256i {
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
    layout: TileLayout,
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
            let sums =
                _mm256_set1_epi32(sums.as_ptr().add(2 * pair).cast::<i32>().read_unaligned());
            mins = _mm256_add_epi32(mins, _mm256_madd_epi16(min, sums));
        }
    }
    unsafe {
        let scaled = _mm256_mul_ps(halves(block, layout.d), _mm256_cvtepi32_ps(whole));
        _mm256_fnmadd_ps(halves(block, layout.dmin), _mm256_cvtepi32_ps(mins), scaled)
    }
}

impl SubBlocks for Q4K {
    const LAYOUT: TileLayout = TileLayout::Q4K;
    const STEPS: usize = 4;

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn weights(block: &[u8], part: usize, step: usize) -> (__m256i, __m256i) {
        unsafe { low_bits(Self::LAYOUT, block, part, step) }
    }
}

impl SubBlocks for Q5K {
    const LAYOUT: TileLayout = TileLayout::Q5K;
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
}

impl SubBlocks for Q6K {
    const LAYOUT: TileLayout = TileLayout::Q6K;
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

/// Returns the scales of a part's two halves, side by side for each output.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn q6_scales(block: &[u8], part: usize) -> __m256i {
    unsafe { _mm256_cvtepi8_epi16(load_half(block, Q6K::LAYOUT.scales + part * 2 * TILE)) }
}
