//! The decoder: a checked file's tensors become a model whose one function is `step`.
//!
//! In:  `Gguf`. Out: logits. RMSNorm, grouped-query attention with rotary positions, gated feed-forward layers; what
//! differs between families is their [`Family`](super::families::Family). Each row of a step is computed alike whatever stands beside it, so that any split of the same tokens
//! into steps, forks and batches gives the same logits; on the CPU to the last bit.

use std::collections::HashMap;

use candle_core::{Device, Tensor};
use candle_nn::ops::{rms_norm, silu};
use rayon::prelude::*;

use super::attention::{self, HeadCounts};
use super::families::{Gate, RotaryPairs};
use super::gguf::{Gguf, Hyperparameters};
use super::kernels;
use super::kv_cache::{CacheRun, CacheType, Host, OnDevice, Sequence};
use super::linear::{self, Linear, LoadError, Weight};
use super::rope::Rope;
use super::step::{Decode, Logits, Segment, StepError};

/// Where and how a model runs.
#[derive(Debug, Clone)]
pub struct DecoderOptions {
    /// The CPU or a GPU.
    pub device: Device,
    /// How the CPU keeps keys and values; a GPU keeps them in half precision.
    pub cache: CacheType,
    /// The most tokens a sequence may hold, at most the model's own context.
    pub context: Option<usize>,
}

impl Default for DecoderOptions {
    fn default() -> DecoderOptions {
        DecoderOptions {
            device: Device::Cpu,
            cache: CacheType::F16,
            context: None,
        }
    }
}

/// A model's weights, ready to run.
#[derive(Debug)]
pub struct Decoder {
    shape: Hyperparameters,
    context: usize,
    device: Device,
    cache: CacheType,
    embedding: Weight,
    layers: Vec<Layer>,
    norm: Tensor, // (hidden)
    head: Linear,
    rope: Rope,
    /// That of windowed layers.
    window_rope: Option<Rope>,
}

#[derive(Debug)]
struct Layer {
    attention_norm: Tensor, // (hidden)
    query: Linear,
    key: Linear,
    value: Linear,
    head_norms: Option<(Tensor, Tensor)>, // of queries and keys, each (head_dim)
    output: Linear,
    norm_behind_attention: Option<Tensor>, // (hidden)
    feed_norm: Tensor,                     // (hidden)
    gate: Linear,
    up: Linear,
    down: Linear,
    norm_behind_feed: Option<Tensor>, // (hidden)
}

/// Reads tensors by name and puts them on the device.
struct Reader<'a> {
    file: &'a Gguf,
    device: &'a Device,
    weights: HashMap<String, Weight>,
}

const TENSORS: &str = "the file was checked to have the tensors of its family";

impl Reader<'_> {
    fn weight(&self, name: &str) -> Option<Weight> {
        self.weights.get(name).cloned()
    }

    fn linear(&self, name: &str) -> Result<Linear, LoadError> {
        Ok(Linear {
            weight: self.weight(&format!("{name}.weight")).expect(TENSORS),
            bias: self.vector(&format!("{name}.bias"))?,
        })
    }

    /// Returns a tensor in F32, where the file has it.
    fn vector(&self, name: &str) -> Result<Option<Tensor>, LoadError> {
        let info = self.file.tensor(name);
        info.map(|info| Ok(linear::tensor(self.file, info, self.device)?.dequantize(self.device)?))
            .transpose()
    }

    fn norm(&self, name: &str) -> Result<Tensor, LoadError> {
        Ok(self.vector(name)?.expect(TENSORS))
    }
}

impl Decoder {
    /// Reads the tensors.
    pub fn load(file: &Gguf, options: &DecoderOptions) -> Result<Decoder, LoadError> {
        let shape = file.hyperparameters().clone();
        let reader = Reader {
            file,
            device: &options.device,
            weights: linear::weights(file, &options.device)?,
        };
        let embedding = reader.weight("token_embd.weight").expect(TENSORS);
        let head = Linear {
            weight: reader
                .weight("output.weight")
                .unwrap_or_else(|| embedding.clone()),
            bias: None,
        };
        let layers = (0..shape.layers)
            .map(|index| Layer::load(&reader, index))
            .collect::<Result<_, _>>()?;
        Ok(Decoder {
            context: options.context.unwrap_or(shape.context).min(shape.context),
            device: options.device.clone(),
            cache: options.cache,
            norm: reader.norm("output_norm.weight")?,
            rope: Rope::new(&shape, file.rope_factors()?.as_deref()),
            window_rope: Rope::of_windows(&shape),
            embedding,
            layers,
            head,
            shape,
        })
    }

    /// Returns the model's shape.
    pub fn shape(&self) -> &Hyperparameters {
        &self.shape
    }

    fn heads(&self, layer: usize) -> HeadCounts {
        HeadCounts {
            window: self.shape.window_of(layer),
            query: self.shape.heads,
            kv: self.shape.kv_heads,
            dim: self.shape.head_dim,
        }
    }

    fn check(&self, segments: &[Segment<'_, Sequence>]) -> Result<(), StepError> {
        for segment in segments {
            let needed = segment.sequence.len() + segment.tokens.len();
            if needed > self.context {
                let context = self.context;
                return Err(StepError::ContextFull { needed, context });
            }
            let vocab = self.shape.vocab;
            if let Some(&token) = segment
                .tokens
                .iter()
                .find(|&&token| token as usize >= vocab)
            {
                return Err(StepError::UnknownToken { token, vocab });
            }
        }
        Ok(())
    }

    /// Returns the logits of the rows wanted, (rows, vocab).
    fn forward(&self, segments: &mut [Segment<'_, Sequence>]) -> candle_core::Result<Vec<f32>> {
        let tokens: Vec<u32> = segments.iter().flat_map(|s| s.tokens).copied().collect();
        let counts: Vec<usize> = segments.iter().map(|s| s.tokens.len()).collect();
        let positions: Vec<usize> = segments
            .iter()
            .flat_map(|s| s.sequence.len()..s.sequence.len() + s.tokens.len())
            .collect();
        let wanted = wanted(segments);
        let of_all = Angles::new(&self.rope, &positions, &self.device)?;
        let of_windows = match &self.window_rope {
            Some(rope) => Some(Angles::new(rope, &positions, &self.device)?),
            None => None,
        };
        let mut sequences: Vec<&mut Sequence> =
            segments.iter_mut().map(|s| &mut *s.sequence).collect();

        let epsilon = self.shape.norm_epsilon;
        let behind = |values: Tensor, norm: &Option<Tensor>| match norm {
            Some(norm) => rms_norm(&values, norm, epsilon),
            None => Ok(values),
        };
        let mut stream = self.embedding.rows(&tokens, &self.device)?; // (rows, hidden)
        if self.shape.family.scaled_embeddings {
            stream = (stream * f64::from((self.shape.hidden as f32).sqrt()))?;
        }
        for (index, layer) in self.layers.iter().enumerate() {
            let normed = rms_norm(&stream, &layer.attention_norm, epsilon)?;
            let angles = match self.shape.window_of(index) {
                Some(_) => of_windows.as_ref().unwrap_or(&of_all),
                None => &of_all,
            };
            let gathered = self.attend(index, layer, &normed, angles, &mut sequences, &counts)?;
            let output = layer.output.forward(&gathered)?;
            stream = (stream + behind(output, &layer.norm_behind_attention)?)?;
            if index + 1 == self.layers.len() {
                // Behind the last attention only the rows wanted matter.
                if wanted.is_empty() {
                    return Ok(Vec::new());
                }
                if wanted.len() < positions.len() {
                    stream = stream.index_select(&Tensor::new(&wanted[..], &self.device)?, 0)?;
                }
            }
            let normed = rms_norm(&stream, &layer.feed_norm, epsilon)?;
            let [gate, up] = Linear::forward_all([&layer.gate, &layer.up], &normed)?;
            let inner = gated(self.shape.family.gate, gate, up)?;
            let output = layer.down.forward(&inner)?;
            stream = (stream + behind(output, &layer.norm_behind_feed)?)?;
        }
        let normed = rms_norm(&stream, &self.norm, epsilon)?;
        self.head.values(&normed)
    }

    /// (rows, hidden) to (rows, heads * head_dim).
    fn attend(
        &self,
        index: usize,
        layer: &Layer,
        normed: &Tensor,
        angles: &Angles,
        sequences: &mut [&mut Sequence],
        counts: &[usize],
    ) -> candle_core::Result<Tensor> {
        let heads = self.heads(index);
        let rows = normed.dim(0)?;
        let layers = [&layer.query, &layer.key, &layer.value];
        let [queries, keys, values] = Linear::forward_all(layers, normed)?;
        let queries = queries.reshape((rows, heads.query, heads.dim))?;
        let keys = keys.reshape((rows, heads.kv, heads.dim))?;
        let values = values.reshape((rows, heads.kv, heads.dim))?;
        let epsilon = self.shape.norm_epsilon;
        let (queries, keys) = match &layer.head_norms {
            Some((q, k)) => (
                rms_norm(&queries, q, epsilon)?,
                rms_norm(&keys, k, epsilon)?,
            ),
            None => (queries, keys),
        };
        let gathered = match angles {
            Angles::Host(cos, sin) => {
                let mut queries = host(&queries)?;
                let mut keys = host(&keys)?;
                self.rope.turn(&mut queries, heads.query, (cos, sin));
                self.rope.turn(&mut keys, heads.kv, (cos, sin));
                let inputs = (&queries[..], &keys[..], &host(&values)?[..]);
                let gathered = attention::on_host(index, heads, inputs, sequences, counts);
                Tensor::from_vec(gathered, (rows, heads.query * heads.dim), &self.device)?
            }
            Angles::Device(cos, sin) => {
                let queries = turn(&queries, self.rope.pairs(), cos, sin)?;
                let keys = turn(&keys, self.rope.pairs(), cos, sin)?;
                attention::on_device(index, heads, (&queries, &keys, &values), sequences, counts)?
                    .reshape((rows, heads.query * heads.dim))?
            }
        };
        Ok(gathered)
    }
}

impl Layer {
    fn load(reader: &Reader, index: usize) -> Result<Layer, LoadError> {
        let name = |part: &str| format!("blk.{index}.{part}");
        let linear = |part: &str| reader.linear(&name(part));
        let norms = (
            reader.vector(&name("attn_q_norm.weight"))?,
            reader.vector(&name("attn_k_norm.weight"))?,
        );
        Ok(Layer {
            attention_norm: reader.norm(&name("attn_norm.weight"))?,
            query: linear("attn_q")?,
            key: linear("attn_k")?,
            value: linear("attn_v")?,
            head_norms: norms.0.zip(norms.1),
            output: linear("attn_output")?,
            norm_behind_attention: reader.vector(&name("post_attention_norm.weight"))?,
            feed_norm: reader.norm(&name("ffn_norm.weight"))?,
            gate: linear("ffn_gate")?,
            up: linear("ffn_up")?,
            down: linear("ffn_down")?,
            norm_behind_feed: reader.vector(&name("post_ffw_norm.weight"))?,
        })
    }
}

/// The step's rotary angles where they are used, each (rows, head_dim / 2).
enum Angles {
    Host(Vec<f32>, Vec<f32>),
    Device(Tensor, Tensor),
}

impl Angles {
    fn new(rope: &Rope, positions: &[usize], device: &Device) -> candle_core::Result<Angles> {
        let (cos, sin) = rope.angles(positions);
        if device.is_cpu() {
            return Ok(Angles::Host(cos, sin));
        }
        let shape = (positions.len(), cos.len() / positions.len());
        let cos = Tensor::from_vec(cos, shape, device)?;
        Ok(Angles::Device(cos, Tensor::from_vec(sin, shape, device)?))
    }
}

/// [`Rope::turn`] for tensors on a device.
fn turn(
    values: &Tensor,
    pairs: RotaryPairs,
    cos: &Tensor,
    sin: &Tensor,
) -> candle_core::Result<Tensor> {
    let by_head = values.transpose(0, 1)?.unsqueeze(0)?.contiguous()?; // (1, heads, rows, dim)
    let turned = match pairs {
        RotaryPairs::Halves => candle_nn::rotary_emb::rope(&by_head, cos, sin)?,
        RotaryPairs::Neighbours => candle_nn::rotary_emb::rope_i(&by_head, cos, sin)?,
    };
    turned.squeeze(0)?.transpose(0, 1)?.contiguous()
}

/// `silu(gate) * up`, or with the family's own function.
fn gated(function: Gate, gate: Tensor, up: Tensor) -> candle_core::Result<Tensor> {
    if !up.device().is_cpu() {
        return match function {
            Gate::Silu => silu(&gate)?,
            Gate::Gelu => gate.gelu()?,
        } * up;
    }
    let (shape, mut values) = (up.shape().clone(), host(&up)?);
    linear::on_host(&gate, |gate| {
        kernels::gate(
            kernels::Level::of_this_machine(),
            function,
            gate,
            &mut values,
        );
    })?;
    Tensor::from_vec(values, shape, gate.device())
}

/// Returns whether every logit is a finite number, in parallel: a step may have sixty rows of a hundred thousand.
fn all_finite(logits: &[f32]) -> bool {
    const PIECE: usize = 1 << 16;
    let pieces = logits.par_chunks(PIECE);
    pieces.all(|piece| piece.iter().all(|logit| logit.is_finite()))
}

fn host(tensor: &Tensor) -> candle_core::Result<Vec<f32>> {
    tensor.flatten_all()?.to_vec1()
}

/// Indices of the rows wanted among all rows of the step.
fn wanted(segments: &[Segment<'_, Sequence>]) -> Vec<u32> {
    let mut start = 0;
    let mut wanted = Vec::new();
    for segment in segments {
        let rows = segment.want.rows(segment.tokens.len());
        wanted.extend(rows.map(|row| (start + row) as u32));
        start += segment.tokens.len();
    }
    wanted
}

impl Decode for Decoder {
    type Sequence = Sequence;

    fn vocab(&self) -> usize {
        self.shape.vocab
    }

    fn context(&self) -> usize {
        self.context
    }

    fn start(&self) -> Sequence {
        let Hyperparameters {
            layers,
            kv_heads,
            head_dim,
            ..
        } = self.shape;
        Sequence::new(match (&self.device, self.cache) {
            (Device::Cpu, CacheType::F16) => CacheRun::Half(Host::new(layers, kv_heads, head_dim)),
            (Device::Cpu, CacheType::F32) => CacheRun::Full(Host::new(layers, kv_heads, head_dim)),
            _ => CacheRun::Device(OnDevice::new(layers)),
        })
    }

    fn len(&self, sequence: &Sequence) -> usize {
        sequence.len()
    }

    fn fork(&self, sequence: &mut Sequence) -> Sequence {
        sequence.fork()
    }

    fn truncate(&self, sequence: &mut Sequence, length: usize) {
        sequence.truncate(length);
    }

    fn step(&self, segments: &mut [Segment<'_, Sequence>]) -> Result<Logits, StepError> {
        self.check(segments)?;
        let vocab = self.shape.vocab;
        if segments.iter().all(|segment| segment.tokens.is_empty()) {
            return Ok(Logits::new(vocab, Vec::new()));
        }
        let lengths: Vec<usize> = segments.iter().map(|s| s.sequence.len()).collect();
        // Inside the pool from the start: from outside, each parallel loop of each layer would wait to be taken in.
        let logits = rayon::scope(|_| self.forward(segments));
        let failure = match logits {
            Ok(logits) if all_finite(&logits) => {
                return Ok(Logits::new(vocab, logits));
            }
            Ok(_) => StepError::NotFinite,
            Err(error) => StepError::Tensor(error.into()),
        };
        for (segment, length) in segments.iter_mut().zip(lengths) {
            segment.sequence.truncate(length);
        }
        Err(failure)
    }
}
