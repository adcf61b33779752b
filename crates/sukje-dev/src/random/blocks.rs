//! Random blocks of every tensor type: quants and scales drawn, the block's factor chosen for a standard deviation.
//!
//! No quantiser is needed, and the same seed and deviation give the same bytes.

use std::io::{self, Write};

use half::{bf16, f16};

use sukje::model::gguf::TensorType;

use crate::splitmix;

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(super) struct Random {
    state: u64,
}

impl Random {
    /// Returns a stream of its own for each name, so that tensors do not depend on the order they are written in.
    pub(super) fn new(seed: u64, name: &str) -> Random {
        // FNV-1a.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut random = Random { state: seed };
        random.state = random.next() ^ hash;
        random
    }

    fn next(&mut self) -> u64 {
        splitmix(&mut self.state)
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for eight in bytes.chunks_mut(8) {
            eight.copy_from_slice(&self.next().to_le_bytes()[..eight.len()]);
        }
    }

    /// Returns a number from -1 to 1, all equally likely.
    pub(super) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}

/// The standard deviation of [`Random::unit`]: 1/√3.
const UNIT_DEVIATION: f32 = 0.577_350_3;

/// A block's factor varies by up to so much, so that no two blocks of a row are scaled alike.
const FACTOR_SPREAD: f32 = 0.25;
/// √(1 + spread²/3): by how much that widens the values.
const FACTOR_DEVIATION: f32 = 1.010_363;

/// Blocks written at a time.
const BLOCKS: usize = 4096;

/// Writes `blocks` blocks of values with a mean of 0.
pub(super) fn write(
    tensor_type: TensorType,
    blocks: usize,
    deviation: f32,
    random: &mut Random,
    out: &mut dyn Write,
) -> io::Result<()> {
    let block_bytes = tensor_type.block_bytes();
    let mut buffer = vec![0; block_bytes * BLOCKS.min(blocks)];
    let mut left = blocks;
    while left > 0 {
        let part = &mut buffer[..block_bytes * BLOCKS.min(left)];
        for block in part.chunks_exact_mut(block_bytes) {
            fill(tensor_type, deviation, random, block);
        }
        out.write_all(part)?;
        left -= part.len() / block_bytes;
    }
    Ok(())
}

fn fill(tensor_type: TensorType, deviation: f32, random: &mut Random, block: &mut [u8]) {
    let mut value = || random.unit() * (deviation / UNIT_DEVIATION);
    match tensor_type {
        TensorType::F32 => block.copy_from_slice(&value().to_le_bytes()),
        TensorType::F16 => block.copy_from_slice(&f16::from_f32(value()).to_le_bytes()),
        TensorType::BF16 => block.copy_from_slice(&bf16::from_f32(value()).to_le_bytes()),
        TensorType::Q4_0 => fill_even(deviation, 4.637, random, block),
        TensorType::Q4_1 => fill_uneven(deviation, 16.0, random, block),
        TensorType::Q5_0 => fill_even(deviation, 9.247, random, block),
        TensorType::Q5_1 => fill_uneven(deviation, 32.0, random, block),
        TensorType::Q8_0 => fill_q8_0(deviation, random, block),
        TensorType::Q2_K => fill_q2_k(deviation, random, block),
        TensorType::Q3_K => fill_q3_k(deviation, random, block),
        TensorType::Q4_K => fill_k(deviation, 16.0, random, block),
        TensorType::Q5_K => fill_k(deviation, 32.0, random, block),
        TensorType::Q6_K => fill_q6_k(deviation, random, block),
        TensorType::IQ4_NL => fill_even(deviation, TABLE_LEVELS, random, block),
        TensorType::IQ4_XS => fill_iq4_xs(deviation, random, block),
    }
}

/// √mean of the squares of the sixteen levels of `IQ4_NL`.
const TABLE_LEVELS: f32 = 67.44;

/// d, then quants of any value, √mean of whose levels' squares is `levels`: w = d level, with a d of either sign, since
/// levels are not as far on one side of 0 as on the other.
fn fill_even(deviation: f32, levels: f32, random: &mut Random, block: &mut [u8]) {
    let d = either_sign(factor(deviation, levels, random), random);
    let (head, quants) = block.split_at_mut(2);
    head.copy_from_slice(&f16::from_f32(d).to_le_bytes());
    random.fill(quants);
}

fn either_sign(d: f32, random: &mut Random) -> f32 {
    d.copysign(random.unit())
}

/// d, m, then quants: w = d q + m, with an m near what makes the mean 0.
fn fill_uneven(deviation: f32, levels: f32, random: &mut Random, block: &mut [u8]) {
    let quants = (levels * levels - 1.0) / 12.0;
    // A half of either sign: a variance of 1/12.
    let d = factor(deviation, (quants + 1.0 / 12.0).sqrt(), random);
    let m = -d * ((levels - 1.0) / 2.0 + 0.5 * random.unit());
    random.fill(block);
    block[..2].copy_from_slice(&f16::from_f32(d).to_le_bytes());
    block[2..4].copy_from_slice(&f16::from_f32(m).to_le_bytes());
}

/// 16 scales and minima of four bits each, 64 bytes of quants, d, dmin: w = d s q - dmin m, as in [`fill_k`].
fn fill_q2_k(deviation: f32, random: &mut Random, block: &mut [u8]) {
    random.fill(block);
    for byte in &mut block[..16] {
        let scale = 8 + *byte % 7; // 8 to 14: mean(s²) = 125
        let min = scale - 1 + (*byte >> 4) % 3; // s - 1 to s + 1: a variance of 2/3
        *byte = scale | min << 4;
    }
    // q is 0 to 3: a mean of 1.5, a variance of 1.25.
    let variance = 125.0f32 * 1.25 + 1.5 * 1.5 * 2.0 / 3.0;
    let d = factor(deviation, variance.sqrt(), random);
    block[80..82].copy_from_slice(&f16::from_f32(d).to_le_bytes());
    block[82..84].copy_from_slice(&f16::from_f32(1.5 * d).to_le_bytes());
}

/// A scale of six bits, ±16 to ±31 above 32: √mean(s²) = 23.95.
fn six_bit_scale(byte: u8) -> u8 {
    let magnitude = 16 + byte % 16;
    match byte & 0x80 {
        0 => 32 + magnitude,
        _ => 32 - magnitude,
    }
}

/// 32 bytes of third bits, 64 of low ones, 16 scales of six bits in 12 bytes, d: w = d (s - 32) (q - 4).
fn fill_q3_k(deviation: f32, random: &mut Random, block: &mut [u8]) {
    random.fill(block);
    let mut drawn = [0; 16];
    random.fill(&mut drawn);
    let tail = &mut block[96..];
    let packed = &mut tail[..12];
    packed.fill(0);
    for (at, scale) in drawn.map(six_bit_scale).into_iter().enumerate() {
        packed[at % 8] |= (scale & 15) << (at / 8 * 4);
        packed[8 + at % 4] |= (scale >> 4) << (at / 4 * 2);
    }
    // q is 0 to 7: √mean((q - 4)²) = 2.345.
    let d = factor(deviation, 23.95 * 2.345, random);
    tail[12..].copy_from_slice(&f16::from_f32(d).to_le_bytes());
}

/// d, the upper two bits of eight scales in 16, the lower four in four bytes, quants: w = d (s - 32) level.
fn fill_iq4_xs(deviation: f32, random: &mut Random, block: &mut [u8]) {
    random.fill(block);
    let mut drawn = [0; 8];
    random.fill(&mut drawn);
    let mut high = 0u16;
    block[4..8].fill(0);
    for (at, scale) in drawn.map(six_bit_scale).into_iter().enumerate() {
        block[4 + at / 2] |= (scale & 15) << (at % 2 * 4);
        high |= u16::from(scale >> 4) << (2 * at);
    }
    block[2..4].copy_from_slice(&high.to_le_bytes());
    let d = factor(deviation, 23.95 * TABLE_LEVELS, random);
    block[..2].copy_from_slice(&f16::from_f32(d).to_le_bytes());
}

/// Returns a block's factor where its values would have the standard deviation `quants` without one.
fn factor(deviation: f32, quants: f32, random: &mut Random) -> f32 {
    let spread = 1.0 + FACTOR_SPREAD * random.unit();
    deviation / (quants * FACTOR_DEVIATION) * spread
}

/// d, 32 signed quants: w = d q.
fn fill_q8_0(deviation: f32, random: &mut Random, block: &mut [u8]) {
    // q from -127 to 127, where -127 stands for two of the 256 bytes.
    let d = factor(deviation, 73.9, random);
    let (head, quants) = block.split_at_mut(2);
    head.copy_from_slice(&f16::from_f32(d).to_le_bytes());
    random.fill(quants);
    for quant in quants.iter_mut().filter(|quant| **quant == 0x80) {
        // Quantisers never give -128, and kernels may count on that.
        *quant = 0x81;
    }
}

/// 128 bytes of low and 64 of high bits, 16 signed scales, d: w = d s (q - 32).
fn fill_q6_k(deviation: f32, random: &mut Random, block: &mut [u8]) {
    // s is ±64 to ±127: √mean(s²) = 97.2. q is 0 to 63: √mean((q - 32)²) = 18.48.
    let d = factor(deviation, 97.2 * 18.48, random);
    random.fill(block);
    let (scales, tail) = block[192..].split_at_mut(16);
    for scale in scales {
        let magnitude = 64 + (*scale & 63);
        let negative = *scale & 0x80 != 0;
        *scale = if negative {
            magnitude.wrapping_neg()
        } else {
            magnitude
        };
    }
    tail.copy_from_slice(&f16::from_f32(d).to_le_bytes());
}

/// d, dmin, eight scales and eight minima of six bits in 12 bytes, then quants: w = d s q - dmin m.
///
/// With dmin = d (levels - 1)/2 and m = s the values would have a mean of 0; m is drawn from near s, so that a kernel
/// that mistakes the one for the other is found out.
fn fill_k(deviation: f32, levels: f32, random: &mut Random, block: &mut [u8]) {
    random.fill(block);
    let (mut scales, mut minima) = ([0; 8], [0; 8]);
    for (at, &byte) in block[4..12].iter().enumerate() {
        scales[at] = 20 + byte % 40; // 20 to 59: √mean(s²) = 41.1
        minima[at] = scales[at] - 4 + (byte >> 4) % 9; // s - 4 to s + 4: a variance of 6.67
    }
    let middle = (levels - 1.0) / 2.0;
    let quants = (levels * levels - 1.0) / 12.0; // the variance of 0 to levels - 1
    let variance = 41.1f32 * 41.1 * quants + middle * middle * 6.67;
    let d = factor(deviation, variance.sqrt(), random);
    block[..2].copy_from_slice(&f16::from_f32(d).to_le_bytes());
    block[2..4].copy_from_slice(&f16::from_f32(d * middle).to_le_bytes());
    block[4..16].copy_from_slice(&pack(scales, minima));
}

/// Eight scales and eight minima of six bits, as ggml packs them: those of the first four whole, the upper two bits of
/// the last four above them.
fn pack(scales: [u8; 8], minima: [u8; 8]) -> [u8; 12] {
    let mut packed = [0; 12];
    for at in 0..4 {
        packed[at] = scales[at] | (scales[at + 4] >> 4) << 6;
        packed[at + 4] = minima[at] | (minima[at + 4] >> 4) << 6;
        packed[at + 8] = (scales[at + 4] & 15) | (minima[at + 4] & 15) << 4;
    }
    packed
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use candle_core::Device;
    use candle_core::quantized::{GgmlDType, QStorage, QTensor};

    use super::*;

    /// The types that the tensor library has, too.
    fn ggml_type(tensor_type: TensorType) -> Option<GgmlDType> {
        Some(match tensor_type {
            TensorType::F32 => GgmlDType::F32,
            TensorType::F16 => GgmlDType::F16,
            TensorType::BF16 => GgmlDType::BF16,
            TensorType::Q4_0 => GgmlDType::Q4_0,
            TensorType::Q4_1 => GgmlDType::Q4_1,
            TensorType::Q5_0 => GgmlDType::Q5_0,
            TensorType::Q5_1 => GgmlDType::Q5_1,
            TensorType::Q8_0 => GgmlDType::Q8_0,
            TensorType::Q2_K => GgmlDType::Q2K,
            TensorType::Q3_K => GgmlDType::Q3K,
            TensorType::Q4_K => GgmlDType::Q4K,
            TensorType::Q5_K => GgmlDType::Q5K,
            TensorType::Q6_K => GgmlDType::Q6K,
            TensorType::IQ4_NL | TensorType::IQ4_XS => return None,
        })
    }

    fn values(tensor_type: TensorType, blocks: usize, deviation: f32) -> Option<Vec<f32>> {
        let mut bytes = Vec::new();
        let mut random = Random::new(7, tensor_type.name());
        write(tensor_type, blocks, deviation, &mut random, &mut bytes).expect("memory");
        let stored = ggml_type(tensor_type)?;
        let storage = QStorage::from_data(Cow::Owned(bytes), &Device::Cpu, stored).expect("blocks");
        let tensor = QTensor::new(storage, blocks * tensor_type.block_values()).expect("a row");
        let values = tensor.dequantize(&Device::Cpu).expect("values");
        Some(values.to_vec1().expect("one dimension"))
    }

    #[test]
    fn values_have_the_deviation_asked_for() {
        for tensor_type in TensorType::ALL {
            let blocks = 65_536 / tensor_type.block_values();
            let Some(values) = values(tensor_type, blocks, 0.03) else {
                continue;
            };
            let count = values.len() as f32;
            let mean = values.iter().sum::<f32>() / count;
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / count;
            let deviation = variance.sqrt();
            assert!(mean.abs() < 0.001, "{tensor_type:?}: {mean}");
            assert!(
                (deviation / 0.03 - 1.0).abs() < 0.03,
                "{tensor_type:?}: {deviation}"
            );
        }
    }

    #[test]
    fn names_and_seeds_have_streams_of_their_own() {
        let first = |seed, name| Random::new(seed, name).next();
        assert_eq!(first(1, "a"), first(1, "a"));
        assert_ne!(first(1, "a"), first(2, "a"));
        assert_ne!(first(1, "a"), first(1, "b"));
    }
}
