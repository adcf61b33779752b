//! The table of quantisations: what a file's block holds, and in what form the kernels keep it.
//!
//! In:  a block's bytes, as ggml writes them. Out: its integers and scales, one by one. A quantisation is a row of
//! [`FORMATS`] and the function that reads its blocks; the packed form, the dequantised row, the scalar reference and
//! every kernel follow from the row.

use half::f16;

/// How a file keeps weights; names and layouts are ggml's. The order is that of the rows of [`FORMATS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, non_camel_case_types)]
pub enum PackedFormat {
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K,
    Q4_K,
    Q5_K,
    Q6_K,
    IQ4_NL,
    IQ4_XS,
}

/// Which numbers a block's integers stand for, before scales and minimums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Levels {
    /// An unsigned integer less this offset.
    From(i32),
    /// A signed byte.
    Signed,
    /// The entries of a table.
    Table,
}

/// The levels of `IQ4_NL` and `IQ4_XS` (`kvalues_iq4nl`).
pub(super) const TABLE: [i8; 16] = [
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
];

/// A row of the table. A weight is `d * scale * level - dmin * minimum`.
#[derive(Debug, Clone, Copy)]
pub(super) struct FormatRow {
    pub format: PackedFormat,
    /// Inputs of a block.
    pub block: usize,
    /// Bytes of a block in a file.
    pub file_bytes: usize,
    /// Bits of the integers that stand in the first plane (2, 4 or 8) and in the second (0, 1 or 2).
    pub bits: (usize, usize),
    /// Integer scales of a block: none, one for 32 inputs (8) or one for 16 (16).
    pub subs: usize,
    /// Whether there are minimums: as many integers as scales, of a block without scales a single 1.
    pub mins: bool,
    pub levels: Levels,
    /// Products with activations that fit 16 bits when two of each are added: 32,767 over twice 127 times the largest integer.
    pub results: usize,
    /// Reads a file's block.
    pub read: fn(&[u8], &mut BlockForm),
}

/// What a block of a file holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlockForm {
    pub quants: [u8; 256],
    pub scales: [i8; 16],
    pub mins: [u8; 16],
    /// Half-precision factors, as bits.
    pub d: u16,
    pub dmin: u16,
}

impl BlockForm {
    pub const EMPTY: BlockForm = BlockForm {
        quants: [0; 256],
        scales: [1; 16],
        mins: [1; 16],
        d: 0,
        dmin: 0,
    };
}

/// Every quantisation that is run, in the order of [`PackedFormat`].
pub(super) const FORMATS: [FormatRow; 12] = {
    use Levels::{From, Signed, Table};
    use PackedFormat::*;
    [
        row(Q4_0, (32, 18), (4, 0), (0, false), From(8), 8, read_q4_0),
        row(Q4_1, (32, 20), (4, 0), (0, true), From(0), 8, read_q4_1),
        row(Q5_0, (32, 22), (4, 1), (0, false), From(16), 4, read_q5_0),
        row(Q5_1, (32, 24), (4, 1), (0, true), From(0), 4, read_q5_1),
        row(Q8_0, (32, 34), (8, 0), (0, false), Signed, 1, read_q8_0),
        row(Q2_K, (256, 84), (2, 0), (16, true), From(0), 4, read_q2_k),
        row(Q3_K, (256, 110), (2, 1), (16, false), From(4), 4, read_q3_k),
        row(Q4_K, (256, 144), (4, 0), (8, true), From(0), 8, read_q4_k),
        row(Q5_K, (256, 176), (4, 1), (8, true), From(0), 4, read_q5_k),
        row(
            Q6_K,
            (256, 210),
            (4, 2),
            (16, false),
            From(32),
            2,
            read_q6_k,
        ),
        row(IQ4_NL, (32, 18), (4, 0), (0, false), Table, 1, read_q4_0),
        row(
            IQ4_XS,
            (256, 136),
            (4, 0),
            (8, false),
            Table,
            1,
            read_iq4_xs,
        ),
    ]
};

const fn row(
    format: PackedFormat,
    (block, file_bytes): (usize, usize),
    bits: (usize, usize),
    (subs, mins): (usize, bool),
    levels: Levels,
    results: usize,
    read: fn(&[u8], &mut BlockForm),
) -> FormatRow {
    FormatRow {
        format,
        block,
        file_bytes,
        bits,
        subs,
        mins,
        levels,
        results,
        read,
    }
}

impl PackedFormat {
    /// Returns inputs of a block, which are also what a scale of the activations covers.
    pub fn block(self) -> usize {
        self.row().block
    }

    /// Returns bytes of a block in a file.
    pub fn file_bytes(self) -> usize {
        self.row().file_bytes
    }

    pub(super) fn row(self) -> &'static FormatRow {
        static ROWS: [FormatRow; FORMATS.len()] = FORMATS;
        &ROWS[self as usize]
    }
}

impl FormatRow {
    /// Returns the number an integer stands for.
    pub fn level(&self, quant: u8) -> i32 {
        match self.levels {
            Levels::From(offset) => i32::from(quant) - offset,
            Levels::Signed => i32::from(quant as i8),
            Levels::Table => i32::from(TABLE[usize::from(quant)]),
        }
    }

    /// Returns whether levels are signed bytes.
    pub const fn signed(&self) -> bool {
        !matches!(self.levels, Levels::From(_))
    }

    /// Returns what is taken off an integer.
    pub const fn offset(&self) -> i32 {
        match self.levels {
            Levels::From(offset) => offset,
            _ => 0,
        }
    }

    /// Returns inputs that share a scale.
    pub const fn sub(&self) -> usize {
        match self.subs {
            0 => self.block,
            subs => self.block / subs,
        }
    }

    /// Writes the weights of a file's block, [`FormatRow::block`] of them: the reference that the packed forms are held against.
    pub fn dequantise(&self, bytes: &[u8], weights: &mut [f32]) {
        let mut block = BlockForm::EMPTY;
        (self.read)(bytes, &mut block);
        let (d, dmin) = (f16::from_bits(block.d), f16::from_bits(block.dmin));
        let (d, dmin) = (d.to_f32(), dmin.to_f32());
        for (k, weight) in weights.iter_mut().enumerate() {
            let sub = k / self.sub();
            let scaled = d * f32::from(block.scales[sub]) * self.level(block.quants[k]) as f32;
            *weight = match self.mins {
                true => scaled - dmin * f32::from(block.mins[sub]),
                false => scaled,
            };
        }
    }
}

fn half_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// The lower halves of 16 bytes, then their upper ones.
fn nibbles(low: &[u8], quants: &mut [u8]) {
    let (first, second) = quants.split_at_mut(low.len());
    for ((byte, first), second) in low.iter().zip(first).zip(second) {
        *first = byte & 15;
        *second = byte >> 4;
    }
}

/// Adds 32 fifth bits, one an input.
fn fifth_bits(bits: &[u8], quants: &mut [u8]) {
    for (k, quant) in quants.iter_mut().enumerate() {
        *quant |= (bits[k / 8] >> (k % 8) & 1) << 4;
    }
}

fn read_q4_0(bytes: &[u8], block: &mut BlockForm) {
    block.d = half_at(bytes, 0);
    nibbles(&bytes[2..18], &mut block.quants[..32]);
}

/// A minimum is added in a file, and subtracted here.
fn read_q4_1(bytes: &[u8], block: &mut BlockForm) {
    block.d = half_at(bytes, 0);
    block.dmin = half_at(bytes, 2) ^ 0x8000;
    nibbles(&bytes[4..20], &mut block.quants[..32]);
}

fn read_q5_0(bytes: &[u8], block: &mut BlockForm) {
    block.d = half_at(bytes, 0);
    nibbles(&bytes[6..22], &mut block.quants[..32]);
    fifth_bits(&bytes[2..6], &mut block.quants[..32]);
}

fn read_q5_1(bytes: &[u8], block: &mut BlockForm) {
    block.d = half_at(bytes, 0);
    block.dmin = half_at(bytes, 2) ^ 0x8000;
    nibbles(&bytes[8..24], &mut block.quants[..32]);
    fifth_bits(&bytes[4..8], &mut block.quants[..32]);
}

fn read_q8_0(bytes: &[u8], block: &mut BlockForm) {
    block.d = half_at(bytes, 0);
    block.quants[..32].copy_from_slice(&bytes[2..34]);
}

/// Two bits, of each 128 inputs four times 32 in 32 bytes; scales and minimums of four bits each.
fn read_q2_k(bytes: &[u8], block: &mut BlockForm) {
    for (sub, byte) in bytes[..16].iter().enumerate() {
        block.scales[sub] = (byte & 15) as i8;
        block.mins[sub] = byte >> 4;
    }
    two_bits(&bytes[16..80], &mut block.quants);
    block.d = half_at(bytes, 80);
    block.dmin = half_at(bytes, 82);
}

fn two_bits(low: &[u8], quants: &mut [u8; 256]) {
    for (quants, low) in quants.chunks_exact_mut(128).zip(low.chunks_exact(32)) {
        for (shift, quants) in quants.chunks_exact_mut(32).enumerate() {
            for (quant, byte) in quants.iter_mut().zip(low) {
                *quant = byte >> (2 * shift) & 3;
            }
        }
    }
}

/// A third bit in a plane of its own, scales of six bits less 32.
fn read_q3_k(bytes: &[u8], block: &mut BlockForm) {
    two_bits(&bytes[32..96], &mut block.quants);
    for (part, quants) in block.quants.chunks_exact_mut(32).enumerate() {
        for (quant, byte) in quants.iter_mut().zip(&bytes[..32]) {
            *quant |= (byte >> part & 1) << 2;
        }
    }
    let packed = &bytes[96..108];
    for (sub, scale) in block.scales.iter_mut().enumerate() {
        let low = packed[sub % 8] >> (sub / 8 * 4) & 15;
        let high = packed[8 + sub % 4] >> (sub / 4 * 2) & 3;
        *scale = (low | high << 4) as i8 - 32;
    }
    block.d = half_at(bytes, 108);
}

/// `d`, `dmin`, twelve bytes of scales and minimums of six bits.
fn scales_and_mins(head: &[u8], block: &mut BlockForm) {
    block.d = half_at(head, 0);
    block.dmin = half_at(head, 2);
    let packed = &head[4..16];
    for part in 0..8 {
        let (scale, min) = if part < 4 {
            (packed[part] & 63, packed[part + 4] & 63)
        } else {
            (
                packed[part + 4] & 15 | packed[part - 4] >> 6 << 4,
                packed[part + 4] >> 4 | packed[part] >> 6 << 4,
            )
        };
        block.scales[part] = scale as i8;
        block.mins[part] = min;
    }
}

/// Of each 64 inputs, the first 32 stand in the lower halves of 32 bytes, the others in the upper.
fn nibbles_by_64(low: &[u8], quants: &mut [u8; 256]) {
    for (quants, low) in quants.chunks_exact_mut(64).zip(low.chunks_exact(32)) {
        nibbles(low, quants);
    }
}

fn read_q4_k(bytes: &[u8], block: &mut BlockForm) {
    scales_and_mins(bytes, block);
    nibbles_by_64(&bytes[16..], &mut block.quants);
}

fn read_q5_k(bytes: &[u8], block: &mut BlockForm) {
    scales_and_mins(bytes, block);
    nibbles_by_64(&bytes[48..], &mut block.quants);
    for (part, quants) in block.quants.chunks_exact_mut(32).enumerate() {
        for (quant, byte) in quants.iter_mut().zip(&bytes[16..48]) {
            *quant |= (byte >> part & 1) << 4;
        }
    }
}

fn read_q6_k(bytes: &[u8], block: &mut BlockForm) {
    let (low, rest) = bytes.split_at(128);
    for (quants, low) in block.quants.chunks_exact_mut(128).zip(low.chunks_exact(64)) {
        nibbles(low, quants);
    }
    let mut high = [0; 256];
    two_bits(&rest[..64], &mut high);
    for (quant, high) in block.quants.iter_mut().zip(high) {
        *quant |= high << 4;
    }
    for (scale, byte) in block.scales.iter_mut().zip(&rest[64..80]) {
        *scale = *byte as i8;
    }
    block.d = half_at(rest, 80);
}

/// Scales of six bits less 32: the upper two of all eight in one number of 16 bits, the lower four in four bytes.
fn read_iq4_xs(bytes: &[u8], block: &mut BlockForm) {
    block.d = half_at(bytes, 0);
    let high = half_at(bytes, 2);
    for part in 0..8 {
        let low = bytes[4 + part / 2] >> (part % 2 * 4) & 15;
        let high = (high >> (2 * part) & 3) as u8;
        block.scales[part] = (low | high << 4) as i8 - 32;
    }
    for (quants, low) in block
        .quants
        .chunks_exact_mut(32)
        .zip(bytes[8..].chunks_exact(16))
    {
        nibbles(low, quants);
    }
}
