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
        TensorType::Q8_0 => fill_q8_0(deviation, random, block),
        TensorType::Q4_K => fill_k(deviation, 16.0, random, block),
        TensorType::Q5_K => fill_k(deviation, 32.0, random, block),
        TensorType::Q6_K => fill_q6_k(deviation, random, block),
    }
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

    fn ggml_type(tensor_type: TensorType) -> GgmlDType {
        match tensor_type {
            TensorType::F32 => GgmlDType::F32,
            TensorType::F16 => GgmlDType::F16,
            TensorType::BF16 => GgmlDType::BF16,
            TensorType::Q8_0 => GgmlDType::Q8_0,
            TensorType::Q4_K => GgmlDType::Q4K,
            TensorType::Q5_K => GgmlDType::Q5K,
            TensorType::Q6_K => GgmlDType::Q6K,
        }
    }

    fn values(tensor_type: TensorType, blocks: usize, deviation: f32) -> Vec<f32> {
        let mut bytes = Vec::new();
        let mut random = Random::new(7, tensor_type.name());
        write(tensor_type, blocks, deviation, &mut random, &mut bytes).expect("memory");
        let stored = ggml_type(tensor_type);
        let storage = QStorage::from_data(Cow::Owned(bytes), &Device::Cpu, stored).expect("blocks");
        let tensor = QTensor::new(storage, blocks * tensor_type.block_values()).expect("a row");
        let values = tensor.dequantize(&Device::Cpu).expect("values");
        values.to_vec1().expect("one dimension")
    }

    #[test]
    fn values_have_the_deviation_asked_for() {
        for tensor_type in TensorType::ALL {
            let values = values(tensor_type, 65_536 / tensor_type.block_values(), 0.03);
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
