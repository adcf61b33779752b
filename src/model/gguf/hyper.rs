//! What a model's header says of its shape, within bounds that keep every later product and allocation sane.

use std::ops::RangeInclusive;

use candle_core::quantized::GgmlDType;

use super::error::{Checked, GgufCause, cut};
use super::metadata::{GgufMetadata, required};
use crate::model::families::{self, Family};
use crate::model::kernels::PackedFormat;

/// How rotary frequencies are stretched to a longer context.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RopeScaling {
    /// Not at all, or by the factors of the tensor `rope_freqs.weight` where the file has one.
    None,
    /// Every position divided by the factor (`rope.scaling.type` = `linear`).
    Linear {
        /// The factor, at least 1.
        factor: f32,
    },
}

/// A model's shape, every number within the bounds of `gguf`.
#[derive(Debug, Clone, PartialEq)]
pub struct Hyperparameters {
    /// The family.
    pub family: &'static Family,
    /// Layers.
    pub layers: usize,
    /// Width of the residual stream (`embedding_length`).
    pub hidden: usize,
    /// Width of the feed-forward layer.
    pub feed_forward: usize,
    /// Query heads.
    pub heads: usize,
    /// Key and value heads; divides `heads`.
    pub kv_heads: usize,
    /// Width of a head (`attention.key_length`, else `hidden / heads`); a multiple of 16.
    pub head_dim: usize,
    /// Token ids.
    pub vocab: usize,
    /// The most tokens a sequence may hold.
    pub context: usize,
    /// Base of the rotary frequencies.
    pub rope_theta: f32,
    /// Stretching of the rotary frequencies.
    pub rope_scaling: RopeScaling,
    /// Epsilon of RMSNorm.
    pub norm_epsilon: f32,
    /// Positions that windowed layers see (`attention.sliding_window`), in families that have such layers.
    pub window: Option<usize>,
}

/// Returns the family a file says its model is of.
pub(super) fn family(metadata: &GgufMetadata) -> Checked<&'static Family> {
    let key = "general.architecture";
    let name = required(key, metadata.text(key)?)?;
    families::named(name).ok_or_else(|| {
        let problem = format!("is `{}`, not {}", cut(name), families::names());
        GgufCause::metadata(key, problem)
    })
}

impl Hyperparameters {
    /// Reads the shape of a model of `vocab` tokens.
    pub(super) fn read(
        metadata: &GgufMetadata,
        family: &'static Family,
        vocab: usize,
    ) -> Checked<Hyperparameters> {
        let shape = ShapeKeys { metadata, family };
        let hidden = shape.needed("embedding_length", 16..=65_536)?;
        let heads = shape.needed("attention.head_count", 1..=512)?;
        Ok(Hyperparameters {
            family,
            layers: shape.needed("block_count", 1..=256)?,
            hidden,
            feed_forward: shape.needed("feed_forward_length", 16..=262_144)?,
            heads,
            kv_heads: shape.kv_heads(heads)?,
            head_dim: shape.head_dim(hidden, heads)?,
            vocab,
            context: shape.needed("context_length", 1..=1_048_576)?,
            rope_theta: shape.rope_theta()?,
            rope_scaling: shape.rope_scaling()?,
            norm_epsilon: shape.norm_epsilon()?,
            window: shape.window()?,
        })
    }
}

impl Hyperparameters {
    /// Returns the positions that a layer sees, where it does not see all.
    pub fn window_of(&self, layer: usize) -> Option<usize> {
        let every = self.family.window?.every;
        self.window.filter(|_| layer % every + 1 < every)
    }
}

/// The keys of the shape, each behind the family's name.
struct ShapeKeys<'a> {
    metadata: &'a GgufMetadata,
    family: &'static Family,
}

/// The base of rotary frequencies where a file names none, as in llama.cpp.
const DEFAULT_ROPE_THETA: f32 = 10_000.0;

impl ShapeKeys<'_> {
    fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.family.name)
    }

    fn needed(&self, name: &str, range: RangeInclusive<u64>) -> Checked<usize> {
        required(&self.key(name), self.number(name, range)?)
    }

    fn number(&self, name: &str, range: RangeInclusive<u64>) -> Checked<Option<usize>> {
        let Some(number) = self.metadata.unsigned(&self.key(name))? else {
            return Ok(None);
        };
        if !range.contains(&number) {
            let (least, most) = range.into_inner();
            return self.refuse(name, format!("is {number}, not {least} to {most}"));
        }
        Ok(Some(number as usize))
    }

    fn float(&self, name: &str) -> Checked<Option<f32>> {
        self.metadata.float(&self.key(name))
    }

    fn kv_heads(&self, heads: usize) -> Checked<usize> {
        let name = "attention.head_count_kv";
        let kv_heads = self.number(name, 1..=512)?.unwrap_or(heads);
        if !heads.is_multiple_of(kv_heads) {
            return self.refuse(
                name,
                format!("is {kv_heads}, which does not divide {heads} heads"),
            );
        }
        Ok(kv_heads)
    }

    /// Queries, keys and values have heads of one width, all of which is rotated.
    fn head_dim(&self, hidden: usize, heads: usize) -> Checked<usize> {
        let head_dim = match self.number("attention.key_length", 16..=512)? {
            Some(width) => width,
            None if hidden.is_multiple_of(heads) => hidden / heads,
            None => {
                let problem = format!("is {heads}, which does not divide the width {hidden}");
                return self.refuse("attention.head_count", problem);
            }
        };
        if !head_dim.is_multiple_of(16) || !(16..=512).contains(&head_dim) {
            return self.refuse(
                "attention.key_length",
                format!("is {head_dim}, not a multiple of 16 from 16 to 512"),
            );
        }
        for name in ["attention.value_length", "rope.dimension_count"] {
            let width = self.number(name, 1..=512)?.unwrap_or(head_dim);
            if width != head_dim {
                return self.refuse(
                    name,
                    format!("is {width}, not the width {head_dim} of a head"),
                );
            }
        }
        Ok(head_dim)
    }

    fn window(&self) -> Checked<Option<usize>> {
        match self.family.window {
            Some(_) => self.number("attention.sliding_window", 1..=1_048_576),
            None => Ok(None),
        }
    }

    fn norm_epsilon(&self) -> Checked<f32> {
        let name = "attention.layer_norm_rms_epsilon";
        let epsilon = required(&self.key(name), self.float(name)?)?;
        if !(epsilon > 0.0 && epsilon < 1.0) {
            return self.refuse(name, format!("is {epsilon}, not between 0 and 1"));
        }
        Ok(epsilon)
    }

    fn rope_theta(&self) -> Checked<f32> {
        let name = "rope.freq_base";
        let theta = self.float(name)?.unwrap_or(DEFAULT_ROPE_THETA);
        if !(theta.is_finite() && theta > 0.0) {
            return self.refuse(name, format!("is {theta}, not a number above 0"));
        }
        Ok(theta)
    }

    /// Reads the scaling; a factor without a type is linear, as in llama.cpp.
    fn rope_scaling(&self) -> Checked<RopeScaling> {
        match self.metadata.text(&self.key("rope.scaling.type"))? {
            Some("none") => return Ok(RopeScaling::None),
            Some("linear") | None => {}
            Some(other) => {
                let problem = format!("is `{}`, not none or linear", cut(other));
                return self.refuse("rope.scaling.type", problem);
            }
        }
        match self.float("rope.scaling.factor")? {
            None | Some(1.0) => Ok(RopeScaling::None),
            Some(factor) if factor.is_finite() && factor > 1.0 => {
                Ok(RopeScaling::Linear { factor })
            }
            Some(factor) => self.refuse(
                "rope.scaling.factor",
                format!("is {factor}, not a number from 1 on"),
            ),
        }
    }

    fn refuse<T>(&self, name: &str, problem: String) -> Checked<T> {
        Err(GgufCause::metadata(&self.key(name), problem))
    }
}

/// How a tensor's values are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, non_camel_case_types)]
pub enum TensorType {
    F32,
    F16,
    BF16,
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

/// ggml's tensor types by their code; those of removed codes have no name.
const GGML_TYPES: [&str; 43] = [
    "F32", "F16", "Q4_0", "Q4_1", "", "", "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K",
    "Q5_K", "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S",
    "IQ4_XS", "I8", "I16", "I32", "I64", "F64", "IQ1_M", "BF16", "", "", "", "TQ1_0", "TQ2_0", "",
    "", "", "MXFP4", "NVFP4", "Q1_0", "Q2_0",
];

/// Returns what ggml calls the tensor type of a code.
pub(super) fn ggml_type(code: u32) -> Option<&'static str> {
    let name = GGML_TYPES.get(code as usize).copied()?;
    (!name.is_empty()).then_some(name)
}

impl TensorType {
    /// Every type that is read.
    pub const ALL: [TensorType; 15] = [
        TensorType::F32,
        TensorType::F16,
        TensorType::BF16,
        TensorType::Q4_0,
        TensorType::Q4_1,
        TensorType::Q5_0,
        TensorType::Q5_1,
        TensorType::Q8_0,
        TensorType::Q2_K,
        TensorType::Q3_K,
        TensorType::Q4_K,
        TensorType::Q5_K,
        TensorType::Q6_K,
        TensorType::IQ4_NL,
        TensorType::IQ4_XS,
    ];

    /// ggml's name.
    pub fn name(self) -> &'static str {
        GGML_TYPES[self.code() as usize]
    }

    /// ggml's code, as it stands in files.
    pub fn code(self) -> u32 {
        match self {
            TensorType::F32 => 0,
            TensorType::F16 => 1,
            TensorType::Q4_0 => 2,
            TensorType::Q4_1 => 3,
            TensorType::Q5_0 => 6,
            TensorType::Q5_1 => 7,
            TensorType::Q8_0 => 8,
            TensorType::Q2_K => 10,
            TensorType::Q3_K => 11,
            TensorType::Q4_K => 12,
            TensorType::Q5_K => 13,
            TensorType::Q6_K => 14,
            TensorType::IQ4_NL => 20,
            TensorType::IQ4_XS => 23,
            TensorType::BF16 => 30,
        }
    }

    /// Returns bytes of a tensor of that shape; `None` where its rows are no whole blocks or the number overflows.
    pub fn size_bytes(self, shape: &[usize]) -> Option<usize> {
        let (columns, rows) = shape.split_last()?;
        let (values, bytes) = (self.block_values(), self.block_bytes());
        if !columns.is_multiple_of(values) {
            return None;
        }
        let row_bytes = (columns / values).checked_mul(bytes)?;
        rows.iter()
            .try_fold(row_bytes, |bytes, &rows| bytes.checked_mul(rows))
    }

    /// Values in a block.
    pub fn block_values(self) -> usize {
        self.packed().map_or(1, PackedFormat::block)
    }

    /// Returns bytes of a block.
    pub fn block_bytes(self) -> usize {
        match (self, self.packed()) {
            (_, Some(format)) => format.file_bytes(),
            (TensorType::F32, _) => 4,
            _ => 2,
        }
    }

    /// Returns the kernels' name, which know the blocks; floating-point numbers have none.
    pub(in crate::model) fn packed(self) -> Option<PackedFormat> {
        Some(match self {
            TensorType::F32 | TensorType::F16 | TensorType::BF16 => return None,
            TensorType::Q4_0 => PackedFormat::Q4_0,
            TensorType::Q4_1 => PackedFormat::Q4_1,
            TensorType::Q5_0 => PackedFormat::Q5_0,
            TensorType::Q5_1 => PackedFormat::Q5_1,
            TensorType::Q8_0 => PackedFormat::Q8_0,
            TensorType::Q2_K => PackedFormat::Q2_K,
            TensorType::Q3_K => PackedFormat::Q3_K,
            TensorType::Q4_K => PackedFormat::Q4_K,
            TensorType::Q5_K => PackedFormat::Q5_K,
            TensorType::Q6_K => PackedFormat::Q6_K,
            TensorType::IQ4_NL => PackedFormat::IQ4_NL,
            TensorType::IQ4_XS => PackedFormat::IQ4_XS,
        })
    }

    /// Returns the tensor library's name, of the types it has.
    pub(in crate::model) fn library(self) -> Option<GgmlDType> {
        Some(match self {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_ggmls_names() {
        for tensor_type in TensorType::ALL {
            assert_eq!(tensor_type.name(), format!("{tensor_type:?}"));
        }
        assert_eq!(ggml_type(2), Some("Q4_0"));
        assert_eq!(ggml_type(4), None);
        assert_eq!(ggml_type(99), None);
    }

    #[test]
    fn sizes_are_whole_blocks_and_never_wrap() {
        let check = |tensor_type: TensorType, shape: &[usize], expected| {
            assert_eq!(tensor_type.size_bytes(shape), expected, "{shape:?}");
        };
        check(TensorType::Q4_K, &[3, 512], Some(3 * 2 * 144));
        check(TensorType::Q4_K, &[3, 896], None);
        check(TensorType::F32, &[1 << 32, 1 << 32], None);
        check(TensorType::F32, &[], None);
    }
}
