//! A file's blocks, rearranged: tiles of eight outputs by one block of inputs.
//!
//! Of a tile, the four inputs `4g .. 4g + 4` (a group) of the eight outputs stand side by side, 32 values, as
//! `maddubs` wants them. Formats of 256 inputs keep eight parts of 32 inputs, eight groups each; a byte holds the low
//! four bits of two groups, which have the same scale.

use half::f16;
use rayon::prelude::*;

use super::{Format, TILE};

/// Inputs of a part.
pub(super) const PART: usize = 32;
/// Parts of a block of 256.
pub(super) const PARTS: usize = 8;
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
pub(super) struct Layout {
    pub part: usize,
    pub scales: usize,
    pub mins: usize,
    pub d: usize,
    pub dmin: usize,
    pub tile: usize,
}

impl Layout {
    const fn of_mins(part: usize) -> Layout {
        let scales = part * PARTS;
        let mins = scales + PARTS * TILE;
        let d = mins + PARTS * TILE;
        Layout {
            part,
            scales,
            mins,
            d,
            dmin: d + 2 * TILE,
            tile: d + 4 * TILE,
        }
    }

    pub const Q4K: Layout = Layout::of_mins(LOW_BYTES);
    pub const Q5K: Layout = Layout::of_mins(LOW_BYTES + GROUP_BYTES);
    pub const Q6K: Layout = {
        let part = LOW_BYTES + 2 * GROUP_BYTES;
        let scales = part * PARTS;
        let d = scales + 2 * PARTS * TILE;
        Layout {
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

/// A matrix in tiles: (tiles of outputs, blocks of inputs).
#[derive(Debug)]
pub(super) struct Packed {
    pub format: Format,
    pub outputs: usize,
    pub inputs: usize,
    pub bytes: Vec<u8>,
}

impl Packed {
    pub(super) fn new(format: Format, outputs: usize, inputs: usize, blocks: &[u8]) -> Packed {
        assert!(inputs > 0 && inputs.is_multiple_of(format.block()));
        let per_row = inputs / format.block();
        let block_bytes = file_bytes(format);
        assert_eq!(blocks.len(), outputs * per_row * block_bytes);
        let tile_bytes = tile_bytes(format);
        let mut bytes = vec![0; outputs.div_ceil(TILE) * per_row * tile_bytes];
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
        Packed {
            format,
            outputs,
            inputs,
            bytes,
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

    /// A tile of outputs: its blocks, one behind the other.
    pub(super) fn tile(&self, tile: usize) -> &[u8] {
        let length = self.blocks() * tile_bytes(self.format);
        &self.bytes[tile * length..][..length]
    }

    pub(super) fn row(&self, index: usize, row: &mut [f32]) {
        let output = index % TILE;
        let tiles = self
            .tile(index / TILE)
            .chunks_exact(tile_bytes(self.format));
        for (tile, row) in tiles.zip(row.chunks_exact_mut(self.format.block())) {
            take_block(self.format, tile, output, row);
        }
    }
}

/// Bytes of a block in a file.
pub(super) fn file_bytes(format: Format) -> usize {
    match format {
        Format::Q4K => 144,
        Format::Q5K => 176,
        Format::Q6K => 210,
        Format::Q8_0 => 34,
    }
}

pub(super) fn tile_bytes(format: Format) -> usize {
    match format {
        Format::Q4K => Layout::Q4K.tile,
        Format::Q5K => Layout::Q5K.tile,
        Format::Q6K => Layout::Q6K.tile,
        Format::Q8_0 => Q8_TILE_BYTES,
    }
}

fn put_block(format: Format, tile: &mut [u8], output: usize, block: &[u8]) {
    match format {
        Format::Q4K => {
            let (head, quants) = block.split_at(16);
            let layout = Layout::Q4K;
            put_scales_and_mins(layout, tile, output, head);
            put_low(layout, tile, output, &|k| nibble(quants, k));
        }
        Format::Q5K => {
            let (head, quants) = block.split_at(16);
            let (high, quants) = quants.split_at(32);
            let layout = Layout::Q5K;
            put_scales_and_mins(layout, tile, output, head);
            put_low(layout, tile, output, &|k| nibble(quants, k));
            for k in 0..256 {
                let bit = high[k % PART] >> (k / PART) & 1;
                let at = k / PART * layout.part + LOW_BYTES + output * 4 + k % 4;
                tile[at] |= bit << (k % PART / 4);
            }
        }
        Format::Q6K => {
            let (low, rest) = block.split_at(128);
            let (high, rest) = rest.split_at(64);
            let layout = Layout::Q6K;
            // Of each 128 inputs: four times 32, whose low bits share 64 bytes and whose high bits share 32.
            put_low(layout, tile, output, &|k| {
                low[k / 128 * 64 + k % 64] >> (k % 128 / 64 * 4) & 15
            });
            for k in 0..256 {
                let bits = high[k / 128 * 32 + k % 32] >> (k % 128 / 32 * 2) & 3;
                let group = k % PART / 4;
                let at = k / PART * layout.part
                    + LOW_BYTES
                    + group / 4 * GROUP_BYTES
                    + output * 4
                    + k % 4;
                tile[at] |= bits << (group % 4 * 2);
            }
            for (half, scale) in rest[..16].iter().enumerate() {
                tile[layout.scales + (half / 2 * TILE + output) * 2 + half % 2] = *scale;
            }
            tile[layout.d + 2 * output..][..2].copy_from_slice(&rest[16..]);
        }
        Format::Q8_0 => {
            let (d, quants) = block.split_at(2);
            for (group, four) in quants.chunks_exact(4).enumerate() {
                tile[group * GROUP_BYTES + output * 4..][..4].copy_from_slice(four);
            }
            tile[PART * TILE + 2 * output..][..2].copy_from_slice(d);
        }
    }
}

/// The low four bits of input `k` in a file's `Q4K` and `Q5K` blocks: 64 inputs share 32 bytes.
fn nibble(quants: &[u8], k: usize) -> u8 {
    quants[k / 64 * 32 + k % 32] >> (k % 64 / 32 * 4) & 15
}

fn put_low(layout: Layout, tile: &mut [u8], output: usize, low: &impl Fn(usize) -> u8) {
    for part in 0..PARTS {
        for (step, (first, second)) in STEP_GROUPS.into_iter().enumerate() {
            let at = part * layout.part + step * GROUP_BYTES + output * 4;
            for i in 0..4 {
                let k = part * PART + i;
                tile[at + i] = low(k + 4 * first) | low(k + 4 * second) << 4;
            }
        }
    }
}

/// The head of a file's `Q4K` and `Q5K` blocks: `d`, `dmin`, twelve bytes of scales and minimums of 6 bits.
fn put_scales_and_mins(layout: Layout, tile: &mut [u8], output: usize, head: &[u8]) {
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

/// A half-precision number in a tile.
pub(super) fn f16_at(tile: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([tile[at], tile[at + 1]]).to_f32()
}

/// The integer that a tile holds for an output's input, before offset and scale.
pub(super) fn quant_at(format: Format, tile: &[u8], output: usize, k: usize) -> i32 {
    let (part, group) = (k / PART, k % PART / 4);
    let lane = output * 4 + k % 4;
    let low = |layout: Layout| {
        let holds = |(first, second)| first == group || second == group;
        let step = STEP_GROUPS.into_iter().position(holds);
        let step = step.expect("every group has its step");
        let byte = tile[part * layout.part + step * GROUP_BYTES + lane];
        byte >> (group % 4 / 2 * 4) & 15
    };
    let high = |layout: Layout, offset: usize| tile[part * layout.part + LOW_BYTES + offset + lane];
    match format {
        Format::Q4K => i32::from(low(Layout::Q4K)),
        Format::Q5K => i32::from(low(Layout::Q5K) | (high(Layout::Q5K, 0) >> group & 1) << 4),
        Format::Q6K => {
            let bits = high(Layout::Q6K, group / 4 * GROUP_BYTES) >> (group % 4 * 2) & 3;
            i32::from(low(Layout::Q6K) | bits << 4)
        }
        Format::Q8_0 => i32::from(tile[group * GROUP_BYTES + lane] as i8),
    }
}

/// The scale of an output's half part (16 inputs), as an integer.
pub(super) fn scale_at(format: Format, tile: &[u8], output: usize, half: usize) -> i32 {
    match format {
        Format::Q4K => i32::from(tile[Layout::Q4K.scales + half / 2 * TILE + output]),
        Format::Q5K => i32::from(tile[Layout::Q5K.scales + half / 2 * TILE + output]),
        Format::Q6K => {
            let at = Layout::Q6K.scales + (half / 2 * TILE + output) * 2 + half % 2;
            i32::from(tile[at] as i8)
        }
        Format::Q8_0 => 1,
    }
}

/// The minimum of an output's part, as an integer.
pub(super) fn min_at(layout: Layout, tile: &[u8], output: usize, part: usize) -> i32 {
    i32::from(tile[layout.mins + (part / 2 * TILE + output) * 2 + part % 2])
}

/// The weights of one block of one output.
fn take_block(format: Format, tile: &[u8], output: usize, weights: &mut [f32]) {
    let quant = |k| quant_at(format, tile, output, k);
    let scale = |k| scale_at(format, tile, output, k / 16) as f32;
    match format {
        Format::Q4K | Format::Q5K => {
            let layout = match format {
                Format::Q4K => Layout::Q4K,
                _ => Layout::Q5K,
            };
            let d = f16_at(tile, layout.d + 2 * output);
            let dmin = f16_at(tile, layout.dmin + 2 * output);
            for (k, weight) in weights.iter_mut().enumerate() {
                let min = min_at(layout, tile, output, k / PART) as f32;
                *weight = d * scale(k) * quant(k) as f32 - dmin * min;
            }
        }
        Format::Q6K => {
            let d = f16_at(tile, Layout::Q6K.d + 2 * output);
            for (k, weight) in weights.iter_mut().enumerate() {
                *weight = d * scale(k) * (quant(k) - 32) as f32;
            }
        }
        Format::Q8_0 => {
            let d = f16_at(tile, PART * TILE + 2 * output);
            for (k, weight) in weights.iter_mut().enumerate() {
                *weight = d * quant(k) as f32;
            }
        }
    }
}
