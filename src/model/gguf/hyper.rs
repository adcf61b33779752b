//! What a model's header says of its shape.

/// The families of dense decoders that are run: RMSNorm, grouped-query attention, rotary positions, SwiGLU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Llama: interleaved rotary pairs in the file's row order, perhaps with scaled frequencies.
    Llama,
    /// Qwen 2: biases on queries, keys and values.
    Qwen2,
    /// Qwen 3: RMSNorm on each head's queries and keys.
    Qwen3,
}

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
    pub family: Family,
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
}

/// How a tensor's values are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, non_camel_case_types)]
pub enum TensorType {
    F32,
    F16,
    BF16,
    Q8_0,
    Q4_K,
    Q5_K,
    Q6_K,
}

impl TensorType {
    /// Values in a block.
    pub fn block_values(self) -> usize {
        match self {
            TensorType::F32 | TensorType::F16 | TensorType::BF16 => 1,
            TensorType::Q8_0 => 32,
            TensorType::Q4_K | TensorType::Q5_K | TensorType::Q6_K => 256,
        }
    }

    /// Bytes of a block.
    pub fn block_bytes(self) -> usize {
        match self {
            TensorType::F32 => 4,
            TensorType::F16 | TensorType::BF16 => 2,
            TensorType::Q8_0 => 34,
            TensorType::Q4_K => 144,
            TensorType::Q5_K => 176,
            TensorType::Q6_K => 210,
        }
    }
}
