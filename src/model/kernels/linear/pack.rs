//! A file's blocks, rearranged: tiles of eight outputs by one block of inputs.
//!
//! Of a tile, the four inputs `4g .. 4g + 4` (a group) of the eight outputs stand side by side, 32 values, as
//! `maddubs` wants them. Formats of 256 inputs keep eight parts of 32 inputs, eight groups each; a byte holds the low
//! four bits of two groups, which have the same scale.

use std::sync::Arc;

use half::f16;
use rayon::prelude::*;

use super::{Arena, PackedFormat, TILE};

/// Inputs of a part.
pub(super) const PART: usize = 32;
/// Parts of a block of 256.
pub(super) const PARTS: usize = 8;
/// Groups of a part.
pub(super) const GROUPS: usize = PART / 4;
/// Bytes of a group: four inputs of eight outputs.
pub(super) const GROUP_BYTES: usize = 4 * TILE;
/// Bytes of a part's low bits: two groups a byte.
pub(super) const LOW_BYTES: usize = PART * TILE / 2;

/// The groups whose low bits share the bytes of a step (0 to 3) of a part.
pub(super) const STEP_GROUPS: [(usize, usize); 4] = [(0, 2), (1, 3), (4, 6), (5, 7)];

/// Where things stand in a tile of a format with blocks of 256, in bytes.
///
/// `Q4K` and `Q5K`: eight parts; scales (8 parts, 8 outputs) u8; minimums (4 pairs of parts, 8 outputs, 2) u8;
/// `d` (8 outputs) f16; `dmin` (8 outputs) f16. `Q6K`: eight parts; scales (8 parts, 8 outputs, 2 halves) i8; `d`.
/// A part: low bits (4 steps, 8 outputs, 4 inputs), two groups a byte; the higher bits, `Q5K` (8 outputs, 4 inputs)
/// with group `g` at bit `g`, `Q6K` (2 halves, 8 outputs, 4 inputs) with group `g` at bit `2 * (g % 4)`.
#[derive(Debug, Clone, Copy)]
pub(super) struct TileLayout {
    pub part: usize,
    pub scales: usize,
    pub mins: usize,
    pub d: usize,
    pub dmin: usize,
    pub tile: usize,
}

impl TileLayout {
    const fn of_mins(part: usize) -> TileLayout {
        let scales = part * PARTS;
        let mins = scales + PARTS * TILE;
        let d = mins + PARTS * TILE;
        TileLayout {
            part,
            scales,
            mins,
            d,
            dmin: d + 2 * TILE,
            tile: d + 4 * TILE,
        }
    }

    pub const Q4K: TileLayout = TileLayout::of_mins(LOW_BYTES);
    pub const Q5K: TileLayout = TileLayout::of_mins(LOW_BYTES + GROUP_BYTES);
    pub const Q6K: TileLayout = {
        let part = LOW_BYTES + 2 * GROUP_BYTES;
        let scales = part * PARTS;
        let d = scales + 2 * PARTS * TILE;
        TileLayout {
            part,
            scales,
            mins: d,
            d,
            dmin: d,
            tile: d + 2 * TILE,
        }
    };
}

/// Bytes of a `Q8_0` tile: (8 groups, 8 outputs, 4 inputs) i8, then `d` (8 outputs) f16.
pub(super) const Q8_TILE_BYTES: usize = PART * TILE + 2 * TILE;

/// A weight matrix, (outputs, inputs), in tiles: (tiles of outputs, blocks of inputs).
#[derive(Debug)]
pub struct Matrix {
    pub format: PackedFormat,
    pub outputs: usize,
    pub inputs: usize,
    arena: Arc<Arena>,
    start: usize,
}

/// Returns bytes that a packed matrix takes.
pub fn packed_bytes(format: PackedFormat, outputs: usize, inputs: usize) -> usize {
    outputs.div_ceil(TILE) * (inputs / format.block()) * tile_bytes(format)
}

/// Packs rows of blocks as they stand in a file into `bytes`, [`packed_bytes`] of them.
pub fn pack(format: PackedFormat, outputs: usize, inputs: usize, blocks: &[u8], bytes: &mut [u8]) {
    assert!(inputs > 0 && inputs.is_multiple_of(format.block()));
    let per_row = inputs / format.block();
    let block_bytes = file_bytes(format);
    assert_eq!(blocks.len(), outputs * per_row * block_bytes);
    assert_eq!(bytes.len(), packed_bytes(format, outputs, inputs));
    let tile_bytes = tile_bytes(format);
    bytes
        .par_chunks_mut(per_row * tile_bytes)
        .zip(blocks.par_chunks(TILE * per_row * block_bytes))
        .for_each(|(tiles, rows)| {
            for (output, row) in rows.chunks_exact(per_row * block_bytes).enumerate() {
                let tiles = tiles.chunks_exact_mut(tile_bytes);
                for (tile, block) in tiles.zip(row.chunks_exact(block_bytes)) {
                    put_block(format, tile, output, block);
                }
            }
        });
}

impl Matrix {
    /// Returns the matrix that [`pack`] has put into an arena from that byte on.
    pub fn new(
        format: PackedFormat,
        outputs: usize,
        inputs: usize,
        arena: Arc<Arena>,
        start: usize,
    ) -> Matrix {
        assert!(start + packed_bytes(format, outputs, inputs) <= arena.bytes().len());
        Matrix {
            format,
            outputs,
            inputs,
            arena,
            start,
        }
    }

    /// Number of tiles beside each other.
    pub(super) fn tiles(&self) -> usize {
        self.outputs.div_ceil(TILE)
    }

    /// Blocks of a tile of outputs.
    pub(super) fn blocks(&self) -> usize {
        self.inputs / self.format.block()
    }

    /// Returns a tile of outputs: its blocks, one behind the other.
    pub(super) fn tile(&self, tile: usize) -> &[u8] {
        let length = self.blocks() * tile_bytes(self.format);
        &self.arena.bytes()[self.start + tile * length..][..length]
    }

    /// Writes one row of the matrix to `row`, (inputs).
    pub fn row(&self, index: usize, row: &mut [f32]) {
        let output = index % TILE;
        let tiles = self
            .tile(index / TILE)
            .chunks_exact(tile_bytes(self.format));
        for (tile, row) in tiles.zip(row.chunks_exact_mut(self.format.block())) {
            take_block(self.format, tile, output, row);
        }
    }
}

/// Returns bytes of a block in a file.
pub(super) fn file_bytes(format: PackedFormat) -> usize {
    match format {
        PackedFormat::Q4K => 144,
        PackedFormat::Q5K => 176,
        PackedFormat::Q6K => 210,
        PackedFormat::Q8_0 => 34,
    }
}

pub(super) fn tile_bytes(format: PackedFormat) -> usize {
    match format {
        PackedFormat::Q4K => TileLayout::Q4K.tile,
        PackedFormat::Q5K => TileLayout::Q5K.tile,
        PackedFormat::Q6K => TileLayout::Q6K.tile,
        PackedFormat::Q8_0 => Q8_TILE_BYTES,
    }
}

fn put_block(format: PackedFormat, tile: &mut [u8], output: usize, block: &[u8]) {
    match format {
        PackedFormat::Q4K => {
            let (head, low) = block.split_at(16);
            put_scales_and_mins(TileLayout::Q4K, tile, output, head);
            put_low(TileLayout::Q4K, tile, output, &low_bits_by_64(low));
        }
        PackedFormat::Q5K => {
            let (head, rest) = block.split_at(16);
            let (high, low) = rest.split_at(32);
            put_scales_and_mins(TileLayout::Q5K, tile, output, head);
            put_low(TileLayout::Q5K, tile, output, &low_bits_by_64(low));
            for (part, bytes) in parts(TileLayout::Q5K, tile).enumerate() {
                for (i, bits) in high.iter().enumerate() {
                    bytes[LOW_BYTES + output * 4 + i % 4] |= (bits >> part & 1) << (i / 4);
                }
            }
        }
        PackedFormat::Q6K => {
            let (low, rest) = block.split_at(128);
            let (high, rest) = rest.split_at(64);
            let layout = TileLayout::Q6K;
            put_low(layout, tile, output, &low_bits_by_128(low));
            for (part, bytes) in parts(layout, tile).enumerate() {
                // Four parts share 32 bytes.
                let high = &high[part / 4 * PART..][..PART];
                for (i, bits) in high.iter().enumerate() {
                    let at = LOW_BYTES + i / 16 * GROUP_BYTES + output * 4 + i % 4;
                    bytes[at] |= (bits >> (part % 4 * 2) & 3) << (i % 16 / 4 * 2);
                }
            }
            for (half, scale) in rest[..16].iter().enumerate() {
                tile[layout.scales + (half / 2 * TILE + output) * 2 + half % 2] = *scale;
            }
            tile[layout.d + 2 * output..][..2].copy_from_slice(&rest[16..]);
        }
        PackedFormat::Q8_0 => {
            let (d, quants) = block.split_at(2);
            for (group, four) in quants.chunks_exact(4).enumerate() {
                tile[group * GROUP_BYTES + output * 4..][..4].copy_from_slice(four);
            }
            tile[PART * TILE + 2 * output..][..2].copy_from_slice(d);
        }
    }
}

fn parts(layout: TileLayout, tile: &mut [u8]) -> std::slice::ChunksExactMut<'_, u8> {
    tile[..layout.part * PARTS].chunks_exact_mut(layout.part)
}

/// Returns the low four bits of a file's `Q4K` and `Q5K` blocks: of each 64 inputs, the first 32 stand in the lower halves of
/// 32 bytes, the others in the upper.
fn low_bits_by_64(low: &[u8]) -> [u8; 256] {
    let mut bits = [0; 256];
    for (bits, low) in bits.chunks_exact_mut(64).zip(low.chunks_exact(32)) {
        for i in 0..32 {
            bits[i] = low[i] & 15;
            bits[i + 32] = low[i] >> 4;
        }
    }
    bits
}

/// Returns the low four bits of a file's `Q6K` blocks: as in [`low_bits_by_64`], with 128 inputs in 64 bytes.
fn low_bits_by_128(low: &[u8]) -> [u8; 256] {
    let mut bits = [0; 256];
    for (bits, low) in bits.chunks_exact_mut(128).zip(low.chunks_exact(64)) {
        for i in 0..64 {
            bits[i] = low[i] & 15;
            bits[i + 64] = low[i] >> 4;
        }
    }
    bits
}

fn put_low(layout: TileLayout, tile: &mut [u8], output: usize, low: &[u8; 256]) {
    for (bytes, low) in parts(layout, tile).zip(low.chunks_exact(PART)) {
        for (step, (first, second)) in STEP_GROUPS.into_iter().enumerate() {
            let to = &mut bytes[step * GROUP_BYTES + output * 4..][..4];
            for i in 0..4 {
                to[i] = low[4 * first + i] | low[4 * second + i] << 4;
            }
        }
    }
}

/// The head of a file's `Q4K` and `Q5K` blocks: `d`, `dmin`, twelve bytes of scales and minimums of 6 bits.
fn put_scales_and_mins(layout: TileLayout, tile: &mut [u8], output: usize, head: &[u8]) {
    tile[layout.d + 2 * output..][..2].copy_from_slice(&head[..2]);
    tile[layout.dmin + 2 * output..][..2].copy_from_slice(&head[2..4]);
    let packed = &head[4..16];
    for part in 0..PARTS {
        let (scale, min) = if part < 4 {
            (packed[part] & 63, packed[part + 4] & 63)
        } else {
            (
                packed[part + 4] & 15 | packed[part - 4] >> 6 << 4,
                packed[part + 4] >> 4 | packed[part] >> 6 << 4,
            )
        };
        tile[layout.scales + part * TILE + output] = scale;
        tile[layout.mins + (part / 2 * TILE + output) * 2 + part % 2] = min;
    }
}

/// Returns a half-precision number in a tile.
pub(super) fn f16_at(tile: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([tile[at], tile[at + 1]]).to_f32()
}

/// Returns the integer that a tile holds for an output's input, before offset and scale.
pub(super) fn quant_at(format: PackedFormat, tile: &[u8], output: usize, k: usize) -> i32 {
    let (part, group) = (k / PART, k % PART / 4);
    let lane = output * 4 + k % 4;
    let low = |layout: TileLayout| {
        let holds = |(first, second)| first == group || second == group;
        let step = STEP_GROUPS.into_iter().position(holds);
        let step = step.expect("every group has its step");
        let byte = tile[part * layout.part + step * GROUP_BYTES + lane];
        byte >> (group % 4 / 2 * 4) & 15
    };
    let high =
        |layout: TileLayout, offset: usize| tile[part * layout.part + LOW_BYTES + offset + lane];
    match format {
        PackedFormat::Q4K => i32::from(low(TileLayout::Q4K)),
        PackedFormat::Q5K => {
            i32::from(low(TileLayout::Q5K) | (high(TileLayout::Q5K, 0) >> group & 1) << 4)
        }
        PackedFormat::Q6K => {
            let bits = high(TileLayout::Q6K, group / 4 * GROUP_BYTES) >> (group % 4 * 2) & 3;
            i32::from(low(TileLayout::Q6K) | bits << 4)
        }
        PackedFormat::Q8_0 => i32::from(tile[group * GROUP_BYTES + lane] as i8),
    }
}

/// Returns the scale of an output's half part (16 inputs), as an integer.
pub(super) fn scale_at(format: PackedFormat, tile: &[u8], output: usize, half: usize) -> i32 {
    match format {
        PackedFormat::Q4K => i32::from(tile[TileLayout::Q4K.scales + half / 2 * TILE + output]),
        PackedFormat::Q5K => i32::from(tile[TileLayout::Q5K.scales + half / 2 * TILE + output]),
        PackedFormat::Q6K => {
            let at = TileLayout::Q6K.scales + (half / 2 * TILE + output) * 2 + half % 2;
            i32::from(tile[at] as i8)
        }
        PackedFormat::Q8_0 => 1,
    }
}

/// Returns the minimum of an output's part, as an integer.
pub(super) fn min_at(layout: TileLayout, tile: &[u8], output: usize, part: usize) -> i32 {
    i32::from(tile[layout.mins + (part / 2 * TILE + output) * 2 + part % 2])
}

/// The weights of one block of one output.
fn take_block(format: PackedFormat, tile: &[u8], output: usize, weights: &mut [f32]) {
    let quant = |k| quant_at(format, tile, output, k);
    let scale = |k| scale_at(format, tile, output, k / 16) as f32;
    match format {
        PackedFormat::Q4K | PackedFormat::Q5K => {
            let layout = match format {
                PackedFormat::Q4K => TileLayout::Q4K,
                _ => TileLayout::Q5K,
            };
            let d = f16_at(tile, layout.d + 2 * output);
            let dmin = f16_at(tile, layout.dmin + 2 * output);
            for (k, weight) in weights.iter_mut().enumerate() {
                let min = min_at(layout, tile, output, k / PART) as f32;
                *weight = d * scale(k) * quant(k) as f32 - dmin * min;
            }
        }
        PackedFormat::Q6K => {
            let d = f16_at(tile, TileLayout::Q6K.d + 2 * output);
            for (k, weight) in weights.iter_mut().enumerate() {
                *weight = d * scale(k) * (quant(k) - 32) as f32;
            }
        }
        PackedFormat::Q8_0 => {
            let d = f16_at(tile, PART * TILE + 2 * output);
            for (k, weight) in weights.iter_mut().enumerate() {
                *weight = d * quant(k) as f32;
            }
        }
    }
}
