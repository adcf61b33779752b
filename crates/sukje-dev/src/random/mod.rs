//! Models of random weights: every shape and storage there is, with no weights on disk.
//!
//! In:  a shape, a quantisation, a seed. Out: a GGUF file, written tensor by tensor. What such a model writes is noise,
//! yet its speed, its memory and the arithmetic behind its logits are those of a trained model of that shape.
//!
//! Rows of Llama's queries and keys stand in llama.cpp's order, where the two values of a rotary pair are neighbours;
//! for random rows any order is that order.

mod blocks;
mod shapes;

use std::io::{self, Write};

pub use shapes::{SHAPES, Shape};

use sukje::model::gguf::{
    Hyperparameters, RopeScaling, TensorInfo, TensorType, TokenType, Vocabulary, expected_tensors,
};

use crate::gguf_writer::{EntryValue, GgufWriter};
use crate::vocabulary::{self, BYTE_TOKENS, TRAINED_TOKENS};
use blocks::Random;

/// How the weights are stored: one type for all, or llama.cpp's mixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, non_camel_case_types)]
pub enum Quantisation {
    F32,
    F16,
    BF16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K_S,
    Q4_K_M,
    Q5_K_M,
    Q6_K,
    IQ4_NL,
    IQ4_XS,
}

impl Quantisation {
    /// Every quantisation.
    pub const ALL: [Quantisation; 15] = [
        Quantisation::F32,
        Quantisation::F16,
        Quantisation::BF16,
        Quantisation::Q4_0,
        Quantisation::Q4_1,
        Quantisation::Q5_0,
        Quantisation::Q5_1,
        Quantisation::Q8_0,
        Quantisation::Q2_K,
        Quantisation::Q3_K_S,
        Quantisation::Q4_K_M,
        Quantisation::Q5_K_M,
        Quantisation::Q6_K,
        Quantisation::IQ4_NL,
        Quantisation::IQ4_XS,
    ];

    /// Returns the quantisation of that name, in letters of any case.
    pub fn named(name: &str) -> Option<Quantisation> {
        let named = |q: &Quantisation| format!("{q:?}").eq_ignore_ascii_case(name);
        Quantisation::ALL.into_iter().find(named)
    }

    /// llama.cpp's code, `general.file_type`.
    fn file_type(self) -> u32 {
        match self {
            Quantisation::F32 => 0,
            Quantisation::F16 => 1,
            Quantisation::Q4_0 => 2,
            Quantisation::Q4_1 => 3,
            Quantisation::Q8_0 => 7,
            Quantisation::Q5_0 => 8,
            Quantisation::Q5_1 => 9,
            Quantisation::Q2_K => 10,
            Quantisation::Q3_K_S => 11,
            Quantisation::Q4_K_M => 15,
            Quantisation::Q5_K_M => 17,
            Quantisation::Q6_K => 18,
            Quantisation::IQ4_NL => 25,
            Quantisation::IQ4_XS => 30,
            Quantisation::BF16 => 32,
        }
    }

    /// Returns the type of most matrices.
    fn usual(self) -> TensorType {
        match self {
            Quantisation::F32 => TensorType::F32,
            Quantisation::F16 => TensorType::F16,
            Quantisation::BF16 => TensorType::BF16,
            Quantisation::Q4_0 => TensorType::Q4_0,
            Quantisation::Q4_1 => TensorType::Q4_1,
            Quantisation::Q5_0 => TensorType::Q5_0,
            Quantisation::Q5_1 => TensorType::Q5_1,
            Quantisation::Q8_0 => TensorType::Q8_0,
            Quantisation::Q2_K => TensorType::Q2_K,
            Quantisation::Q3_K_S => TensorType::Q3_K,
            Quantisation::Q4_K_M => TensorType::Q4_K,
            Quantisation::Q5_K_M => TensorType::Q5_K,
            Quantisation::Q6_K => TensorType::Q6_K,
            Quantisation::IQ4_NL => TensorType::IQ4_NL,
            Quantisation::IQ4_XS => TensorType::IQ4_XS,
        }
    }

    fn is_mix(self) -> bool {
        matches!(self, Quantisation::Q4_K_M | Quantisation::Q5_K_M)
    }
}

/// A model of random weights.
#[derive(Debug, Clone)]
pub struct RandomModel {
    /// The shape.
    pub shape: Shape,
    /// How the weights are stored. Rows that are no multiple of 256 values, which K-quants need, are stored as `Q8_0`.
    pub quantisation: Quantisation,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// The standard deviation of the logits.
    pub gain: f32,
    /// By how much the embedding is wider than the rest, where it is not the head, too. With 1 the first layer drowns the
    /// token; with much, as in trained models, layers add little to it, and errors do not grow from layer to layer.
    pub stream: f32,
    /// The tokens; where the shape has more, fillers follow.
    pub vocabulary: Vocabulary,
}

/// The mean entropy of the next token, in nats, that the formula for the gain of a new model aims at. What llama.cpp then
/// shows over 96 random tokens is 2.1 to 2.8 with 512 tokens and 3.2 to 4.0 with 151,936, over all families.
const ENTROPY: f32 = 1.5;
/// By how much queries and keys are wider than the rest: attention scores then have a deviation of 3, and a few positions
/// stand out as in trained models. With 1 every position weighs the same, and no test would miss a lost one.
const ATTENTION_GAIN: f32 = 1.75;
/// Norms are 1 within this.
const NORM_SPREAD: f32 = 0.25;
/// The standard deviation of biases.
const BIAS_DEVIATION: f32 = 0.1;

impl RandomModel {
    /// Returns a model of that shape with a vocabulary of our own and a gain that leaves the next token 2 to 4 nats of entropy:
    /// softmax over V logits of a normal distribution has about ln V - gain²/2.
    pub fn new(shape: Shape, quantisation: Quantisation, seed: u64) -> RandomModel {
        let nats = (shape.hyper.vocab as f32).ln();
        RandomModel {
            quantisation,
            seed,
            gain: (2.0 * (nats - ENTROPY).max(0.5)).sqrt(),
            stream: 1.0,
            vocabulary: vocabulary_of(&shape.hyper),
            shape,
        }
    }

    /// Writes the model as a GGUF file. Fails where the vocabulary has more tokens than the shape.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let rope_factors = self.shape.rope_factors().unwrap_or_default();
        self.writer()?.write(out, |tensor, out| {
            if tensor.name == "rope_freqs.weight" {
                return write_floats(&rope_factors, out);
            }
            self.fill(tensor, out)
        })
    }

    /// Returns the model as a GGUF file in memory.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(self.writer()?.size_bytes() as usize);
        self.write(&mut bytes)?;
        Ok(bytes)
    }

    /// Builds the header.
    fn writer(&self) -> io::Result<GgufWriter> {
        let mut writer = GgufWriter::new();
        write_shape(&self.shape.hyper, &mut writer);
        writer.metadata(
            "general.file_type",
            EntryValue::U32(self.quantisation.file_type()),
        );
        writer.metadata("general.quantization_version", EntryValue::U32(2));
        write_vocabulary(
            &filled(&self.vocabulary, self.shape.hyper.vocab)?,
            &mut writer,
        );
        for tensor in expected_tensors(&self.shape.hyper) {
            if tensor.optional && !self.has(&tensor.name) {
                continue;
            }
            let tensor_type = match tensor.is_f32 {
                true => TensorType::F32,
                false => self.tensor_type(&tensor.name, tensor.shape[1]),
            };
            writer.tensor(&tensor.name, tensor_type, &tensor.shape)?;
        }
        Ok(writer)
    }

    /// Returns whether the model has an optional tensor.
    fn has(&self, name: &str) -> bool {
        match name {
            "output.weight" => !self.shape.tied,
            _ => self.shape.rope_factor.is_some(),
        }
    }

    fn is_head(&self, name: &str) -> bool {
        name == "output.weight" || (self.shape.tied && name == "token_embd.weight")
    }

    /// llama.cpp's choice for a matrix with rows of so many values.
    fn tensor_type(&self, name: &str, columns: usize) -> TensorType {
        let tensor_type = match self.quantisation.usual() {
            _ if self.quantisation.is_mix() && (self.is_head(name) || self.is_sensitive(name)) => {
                TensorType::Q6_K
            }
            usual => usual,
        };
        match columns.is_multiple_of(tensor_type.block_values()) {
            true => tensor_type,
            false => TensorType::Q8_0,
        }
    }

    /// Values and the way back from the feed-forward layer suffer most: in half of the layers mixes give them more bits.
    fn is_sensitive(&self, name: &str) -> bool {
        let Some((layer, rest)) = layer_of(name) else {
            return false;
        };
        let layers = self.shape.hyper.layers;
        let eighth = layers / 8;
        matches!(rest, "attn_v.weight" | "ffn_down.weight")
            && (layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2)
    }

    fn fill(&self, tensor: &TensorInfo, out: &mut dyn Write) -> io::Result<()> {
        let mut random = Random::new(self.seed, &tensor.name);
        let rest = layer_of(&tensor.name).map_or(tensor.name.as_str(), |(_, rest)| rest);
        if rest.ends_with("norm.weight") {
            let middle = match rest {
                "attn_q_norm.weight" | "attn_k_norm.weight" => ATTENTION_GAIN,
                _ => 1.0,
            };
            let norm = |_| middle * (1.0 + NORM_SPREAD * random.unit());
            let norms: Vec<f32> = (0..tensor.shape[0]).map(norm).collect();
            return write_floats(&norms, out);
        }
        let columns = tensor.shape[tensor.shape.len() - 1] as f32;
        let deviation = match rest {
            _ if rest.ends_with(".bias") => BIAS_DEVIATION,
            _ if self.is_head(rest) => self.gain / columns.sqrt(),
            "attn_q.weight" | "attn_k.weight" if !self.shape.hyper.family.head_norms => {
                ATTENTION_GAIN / columns.sqrt()
            }
            "token_embd.weight" => self.stream / columns.sqrt(),
            _ => 1.0 / columns.sqrt(),
        };
        let blocks = tensor.size_bytes / tensor.tensor_type.block_bytes();
        blocks::write(tensor.tensor_type, blocks, deviation, &mut random, out)
    }
}

/// `blk.7.attn_q.weight` is `attn_q.weight` of layer 7.
fn layer_of(name: &str) -> Option<(usize, &str)> {
    let (layer, rest) = name.strip_prefix("blk.")?.split_once('.')?;
    Some((layer.parse().ok()?, rest))
}

fn write_floats(values: &[f32], out: &mut dyn Write) -> io::Result<()> {
    values
        .iter()
        .try_for_each(|value| out.write_all(&value.to_le_bytes()))
}

fn write_shape(hyper: &Hyperparameters, writer: &mut GgufWriter) {
    let architecture = hyper.family.name;
    writer.metadata("general.architecture", EntryValue::Text(architecture));
    writer.metadata("general.name", EntryValue::Text("random weights"));
    let mut put = |name: &str, value| writer.metadata(&format!("{architecture}.{name}"), value);
    for (name, number) in [
        ("block_count", hyper.layers),
        ("context_length", hyper.context),
        ("embedding_length", hyper.hidden),
        ("feed_forward_length", hyper.feed_forward),
        ("attention.head_count", hyper.heads),
        ("attention.head_count_kv", hyper.kv_heads),
        ("attention.key_length", hyper.head_dim),
        ("attention.value_length", hyper.head_dim),
        ("rope.dimension_count", hyper.head_dim),
        ("vocab_size", hyper.vocab),
    ] {
        put(name, EntryValue::U32(number as u32));
    }
    put(
        "attention.layer_norm_rms_epsilon",
        EntryValue::F32(hyper.norm_epsilon),
    );
    put("rope.freq_base", EntryValue::F32(hyper.rope_theta));
    if let Some(window) = hyper.window {
        put("attention.sliding_window", EntryValue::U32(window as u32));
    }
    if let RopeScaling::Linear { factor } = hyper.rope_scaling {
        put("rope.scaling.type", EntryValue::Text("linear"));
        put("rope.scaling.factor", EntryValue::F32(factor));
    }
}

fn write_vocabulary(vocabulary: &Vocabulary, writer: &mut GgufWriter) {
    let mut put = |name: &str, value| writer.metadata(&format!("tokenizer.{name}"), value);
    put("ggml.model", EntryValue::Text(&vocabulary.model));
    put("ggml.pre", EntryValue::Text(&vocabulary.pre));
    put("ggml.tokens", EntryValue::Texts(&vocabulary.tokens));
    let codes: Vec<u32> = vocabulary.types.iter().map(|kind| kind.code()).collect();
    put("ggml.token_type", EntryValue::Codes(&codes));
    put("ggml.merges", EntryValue::Texts(&vocabulary.merges));
    for (name, id) in [
        ("ggml.bos_token_id", vocabulary.bos),
        ("ggml.eos_token_id", vocabulary.eos),
        ("ggml.eot_token_id", vocabulary.eot),
    ] {
        if let Some(id) = id {
            put(name, EntryValue::U32(id));
        }
    }
    put("ggml.add_bos_token", EntryValue::Bool(vocabulary.add_bos));
    if let Some(template) = &vocabulary.chat_template {
        put("chat_template", EntryValue::Text(template));
    }
}

/// Returns the vocabulary with fillers up to `count` tokens.
fn filled(vocabulary: &Vocabulary, count: usize) -> io::Result<Vocabulary> {
    let mut vocabulary = vocabulary.clone();
    let tokens = vocabulary.tokens.len();
    if tokens > count {
        let problem = format!("{tokens} tokens do not fit a model of {count}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
    }
    let fillers = (tokens..count).map(|id| format!("[unused{id}]"));
    vocabulary.tokens.extend(fillers);
    vocabulary.types.resize(count, TokenType::Unused);
    Ok(vocabulary)
}

/// Returns the trained vocabulary where the shape has room for it, else its bytes alone.
fn vocabulary_of(hyper: &Hyperparameters) -> Vocabulary {
    let mut vocabulary = vocabulary::trained(match hyper.vocab {
        TRAINED_TOKENS.. => TRAINED_TOKENS,
        _ => BYTE_TOKENS,
    });
    let first = vocabulary.tokens.iter().position(|t| t == "<|endoftext|>");
    vocabulary.bos = first.map(|id| id as u32);
    vocabulary.eot = vocabulary.eos;
    if hyper.family.name == "llama" {
        vocabulary.pre = "llama-bpe".into();
    }
    vocabulary
}

#[cfg(test)]
mod tests {
    use super::*;
    use sukje::model::gguf::Gguf;

    fn model(shape: &str, quantisation: Quantisation, seed: u64) -> RandomModel {
        let shape = Shape::named(shape).expect("a known shape");
        RandomModel::new(shape, quantisation, seed)
    }

    #[test]
    fn every_tiny_model_passes_the_checks() {
        for shape in SHAPES.into_iter().filter(|name| name.starts_with("tiny")) {
            for quantisation in Quantisation::ALL {
                let model = model(shape, quantisation, 1);
                let bytes = model.to_bytes().expect("memory");
                assert_eq!(
                    bytes.len() as u64,
                    model.writer().expect("sound").size_bytes()
                );
                let gguf = Gguf::from_bytes(shape, bytes).expect("a sound file");
                assert_eq!(*gguf.hyperparameters(), model.shape.hyper);
                assert_eq!(gguf.vocabulary().tokens.len(), 512);
                assert_eq!(gguf.tensor("output.weight").is_some(), !model.shape.tied);
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let bytes = |seed| {
            model("tiny-llama", Quantisation::Q4_K_M, seed)
                .to_bytes()
                .expect("memory")
        };
        assert_eq!(bytes(1), bytes(1));
        assert_ne!(bytes(1), bytes(2));
    }

    #[test]
    fn mixes_give_more_bits_where_llama_cpp_does() {
        let model = model("qwen3-0.6b", Quantisation::Q4_K_M, 1);
        let check = |name: &str, expected| assert_eq!(model.tensor_type(name, 1024), expected);
        check("token_embd.weight", TensorType::Q6_K);
        check("blk.0.attn_q.weight", TensorType::Q4_K);
        for (layer, expected) in [
            (2, TensorType::Q6_K),
            (3, TensorType::Q4_K),
            (5, TensorType::Q6_K),
            (23, TensorType::Q6_K),
            (24, TensorType::Q6_K),
            (25, TensorType::Q6_K),
        ] {
            check(&format!("blk.{layer}.ffn_down.weight"), expected);
        }
    }

    #[test]
    fn rows_that_k_quants_cannot_hold_are_q8_0() {
        let model = model("qwen2.5-0.5b", Quantisation::Q4_K_M, 1);
        let check = |name: &str, columns, expected| {
            assert_eq!(model.tensor_type(name, columns), expected, "{name}");
        };
        check("blk.0.attn_q.weight", 896, TensorType::Q8_0);
        check("blk.4.ffn_down.weight", 4864, TensorType::Q4_K);
    }
}
