//! A file's blocks, rearranged: tiles of sixteen outputs by one block of inputs.
//!
//! Of a tile, the four inputs `4g .. 4g + 4` (a group) of the sixteen outputs stand side by side, 64 values, as the
//! instructions that multiply bytes want them. A block is one part of 32 inputs, or eight of them, and a part eight
//! groups; where an integer takes less than a byte, the bytes hold several groups. Nothing is widened.

use std::sync::Arc;

use half::f16;
use rayon::prelude::*;

use super::formats::{BlockForm, FORMATS, FormatRow};
use super::{Arena, PackedFormat, TILE};

/// Inputs of a part.
pub(super) const PART: usize = 32;
/// Inputs of a group.
pub(super) const GROUP: usize = 4;
/// Groups of a part.
pub(super) const GROUPS: usize = PART / GROUP;
/// Bytes of a group where a weight takes one: four inputs of sixteen outputs.
pub(super) const GROUP_BYTES: usize = GROUP * TILE;

/// Where things stand in a tile, in bytes.
///
/// The parts; then, of formats with integer scales, those, (pairs of subs, 16 outputs, 2) i8, and minimums alike; `d` (16
/// outputs) f16; of formats with minimums `dmin` (16 outputs) f16. A part has two planes, of the lower and the higher bits
/// of its integers. Where a plane has `b` bits, its first 64 bytes hold the first `8 / b` groups, each `b` bits above
/// the one before, and so on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Bytes of a part's first plane, and of a part.
    pub high: usize,
    pub part: usize,
    pub scales: usize,
    pub mins: usize,
    pub d: usize,
    pub dmin: usize,
    /// Bytes of a tile.
    pub tile: usize,
}

impl Layout {
    pub const fn of(format: &FormatRow) -> Layout {
        let high = PART * TILE * format.bits.0 / 8;
        let part = high + PART * TILE * format.bits.1 / 8;
        let scales = part * (format.block / PART);
        let mins = scales + format.subs * TILE;
        let d = if format.mins {
            mins + format.subs * TILE
        } else {
            mins
        };
        let dmin = d + 2 * TILE;
        Layout {
            high,
            part,
            scales,
            mins,
            d,
            dmin,
            tile: if format.mins { dmin + 2 * TILE } else { dmin },
        }
    }
}

/// The layouts of all formats, in their order.
pub(super) const LAYOUTS: [Layout; FORMATS.len()] = {
    let mut layouts = [Layout::of(&FORMATS[0]); FORMATS.len()];
    let mut index = 0;
    while index < FORMATS.len() {
        layouts[index] = Layout::of(&FORMATS[index]);
        index += 1;
    }
    layouts
};

impl PackedFormat {
    pub(super) fn layout(self) -> &'static Layout {
        static OF_FORMATS: [Layout; FORMATS.len()] = LAYOUTS;
        &OF_FORMATS[self as usize]
    }
}

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
    outputs.div_ceil(TILE) * (inputs / format.block()) * format.layout().tile
}

/// Writes the weights of rows of blocks as they stand in a file to `weights`.
pub fn dequantise(format: PackedFormat, blocks: &[u8], weights: &mut [f32]) {
    let row = format.row();
    let blocks = blocks.par_chunks_exact(row.file_bytes);
    blocks
        .zip(weights.par_chunks_exact_mut(row.block))
        .for_each(|(block, weights)| row.dequantise(block, weights));
}

/// Bytes of a file that a task reads at a time: they stay in the second cache until they are packed.
const READ_BYTES: usize = 256 << 10;

/// Packs rows of blocks into `bytes`, [`packed_bytes`] of them. `read` gives the bytes of the rows from a place on, as they stand
/// in a file; several threads read at once, so that reading and packing go on together.
pub fn pack<E: Send>(
    format: PackedFormat,
    outputs: usize,
    inputs: usize,
    bytes: &mut [u8],
    read: impl Fn(usize, &mut [u8]) -> Result<(), E> + Sync,
) -> Result<(), E> {
    assert!(inputs > 0 && inputs.is_multiple_of(format.block()));
    assert_eq!(bytes.len(), packed_bytes(format, outputs, inputs));
    let row_bytes = inputs / format.block() * format.file_bytes();
    let tile_bytes = inputs / format.block() * format.layout().tile;
    let tiles = (READ_BYTES / (TILE * row_bytes)).max(1);
    bytes
        .par_chunks_mut(tiles * tile_bytes)
        .enumerate()
        .try_for_each_init(Vec::new, |rows, (index, bytes)| {
            let first = index * tiles * TILE;
            let count = (outputs - first).min(tiles * TILE);
            rows.resize(count * row_bytes, 0);
            read(first * row_bytes, rows)?;
            let rows = rows.chunks(TILE * row_bytes);
            for (tile, rows) in bytes.chunks_exact_mut(tile_bytes).zip(rows) {
                pack_tile(format, rows, row_bytes, tile);
            }
            Ok(())
        })
}

/// Packs up to sixteen rows.
fn pack_tile(format: PackedFormat, rows: &[u8], row_bytes: usize, bytes: &mut [u8]) {
    let (row, block_bytes) = (format.row(), format.file_bytes());
    let mut blocks = [BlockForm::EMPTY; TILE];
    let tiles = bytes.chunks_exact_mut(format.layout().tile);
    for (index, tile) in tiles.enumerate() {
        for (bytes, block) in rows.chunks_exact(row_bytes).zip(&mut blocks) {
            (row.read)(&bytes[index * block_bytes..][..block_bytes], block);
        }
        put(format, &blocks, tile);
    }
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
        let length = self.blocks() * self.format.layout().tile;
        &self.arena.bytes()[self.start + tile * length..][..length]
    }

    /// Writes one row of the matrix to `row`, (inputs).
    pub fn row(&self, index: usize, row: &mut [f32]) {
        let output = index % TILE;
        let tiles = self.tile(index / TILE);
        let tiles = tiles.chunks_exact(self.format.layout().tile);
        for (tile, row) in tiles.zip(row.chunks_exact_mut(self.format.block())) {
            take(self.format, tile, output, row);
        }
    }
}

/// Writes the blocks of sixteen outputs to a tile.
fn put(format: PackedFormat, blocks: &[BlockForm; TILE], tile: &mut [u8]) {
    let (row, layout) = (format.row(), format.layout());
    let parts = tile[..layout.scales].chunks_exact_mut(layout.part);
    for (part, bytes) in parts.enumerate() {
        let (low, high) = bytes.split_at_mut(layout.high);
        put_plane(blocks, part, 0, row.bits.0, low);
        if row.bits.1 > 0 {
            put_plane(blocks, part, row.bits.0, row.bits.1, high);
        }
    }
    for (output, block) in blocks.iter().enumerate() {
        for sub in 0..row.subs {
            let at = (sub / 2 * TILE + output) * 2 + sub % 2;
            tile[layout.scales + at] = block.scales[sub] as u8;
            if row.mins {
                tile[layout.mins + at] = block.mins[sub];
            }
        }
        tile[layout.d + 2 * output..][..2].copy_from_slice(&block.d.to_le_bytes());
        if row.mins {
            tile[layout.dmin + 2 * output..][..2].copy_from_slice(&block.dmin.to_le_bytes());
        }
    }
}

/// Writes the `bits` bits from `first` on of a part's integers.
fn put_plane(blocks: &[BlockForm; TILE], part: usize, first: usize, bits: usize, plane: &mut [u8]) {
    let mask = u32::from_le_bytes([((1u16 << bits) - 1) as u8; GROUP]);
    let together = 8 / bits;
    for (chunk, bytes) in plane.chunks_exact_mut(GROUP_BYTES).enumerate() {
        for (block, to) in blocks.iter().zip(bytes.chunks_exact_mut(GROUP)) {
            let groups = &block.quants[part * PART + chunk * together * GROUP..];
            let groups = groups.chunks_exact(GROUP).take(together);
            let held = groups.enumerate().fold(0, |held, (at, group)| {
                let group = u32::from_le_bytes([group[0], group[1], group[2], group[3]]);
                held | (group >> first & mask) << (at * bits)
            });
            to.copy_from_slice(&held.to_le_bytes());
        }
    }
}

/// Returns a half-precision number in a tile.
pub(super) fn f16_at(tile: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([tile[at], tile[at + 1]]).to_f32()
}

/// Returns the integer that a tile holds for an output's input, before offset and scale.
pub(super) fn quant_at(format: PackedFormat, tile: &[u8], output: usize, k: usize) -> u8 {
    let (row, layout) = (format.row(), format.layout());
    let (part, group) = (k / PART, k % PART / GROUP);
    let in_plane = |start: usize, bits: usize| {
        let together = 8 / bits;
        let at = start + group / together * GROUP_BYTES + output * GROUP + k % GROUP;
        tile[part * layout.part + at] >> (group % together * bits) & ((1u16 << bits) - 1) as u8
    };
    let low = in_plane(0, row.bits.0);
    match row.bits.1 {
        0 => low,
        bits => low | in_plane(layout.high, bits) << row.bits.0,
    }
}

/// Returns the integer scale of an output's sub-block.
pub(super) fn scale_at(format: PackedFormat, tile: &[u8], output: usize, sub: usize) -> i32 {
    match format.row().subs {
        0 => 1,
        _ => {
            i32::from(tile[format.layout().scales + (sub / 2 * TILE + output) * 2 + sub % 2] as i8)
        }
    }
}

/// Returns the integer minimum of an output's sub-block, of a format that has minimums.
pub(super) fn min_at(format: PackedFormat, tile: &[u8], output: usize, sub: usize) -> i32 {
    match format.row().subs {
        0 => 1,
        _ => i32::from(tile[format.layout().mins + (sub / 2 * TILE + output) * 2 + sub % 2]),
    }
}

/// The weights of one block of one output.
fn take(format: PackedFormat, tile: &[u8], output: usize, weights: &mut [f32]) {
    let (row, layout) = (format.row(), format.layout());
    let d = f16_at(tile, layout.d + 2 * output);
    for (k, weight) in weights.iter_mut().enumerate() {
        let sub = k / row.sub();
        let scaled = d * scale_at(format, tile, output, sub) as f32;
        *weight = scaled * row.level(quant_at(format, tile, output, k)) as f32;
        if row.mins {
            let dmin = f16_at(tile, layout.dmin + 2 * output);
            *weight -= dmin * min_at(format, tile, output, sub) as f32;
        }
    }
}
