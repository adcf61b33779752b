//! The shapes of well-known models, and of tiny ones for tests.

use sukje::model::families::{self, Family};
use sukje::model::gguf::{Hyperparameters, RopeScaling};

/// A model's shape, and which optional tensors it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Its numbers.
    pub hyper: Hyperparameters,
    /// Whether the embedding is the output head, too.
    pub tied: bool,
    /// The factor by which Llama 3 stretches its slow rotary frequencies, where it does.
    pub rope_factor: Option<f32>,
}

/// The names [`Shape::named`] knows.
pub const SHAPES: [&str; 13] = [
    "qwen3-0.6b",
    "qwen3-1.7b",
    "qwen3-4b",
    "qwen2.5-0.5b",
    "llama-3.2-1b",
    "gemma-3-270m",
    "small-qwen3",
    "tiny-qwen3",
    "tiny-qwen2",
    "tiny-llama",
    "tiny-llama-plain",
    "tiny-llama-linear",
    "tiny-gemma3",
];

const QWEN_VOCAB: usize = 151_936;

impl Shape {
    /// Returns the shape of that name, one of [`SHAPES`].
    pub fn named(name: &str) -> Option<Shape> {
        let mut shape = Shape {
            hyper: Hyperparameters {
                family: family("qwen3"),
                layers: 28,
                hidden: 1024,
                feed_forward: 3072,
                heads: 16,
                kv_heads: 8,
                head_dim: 128,
                vocab: QWEN_VOCAB,
                context: 40_960,
                rope_theta: 1e6,
                rope_scaling: RopeScaling::None,
                norm_epsilon: 1e-6,
                window: None,
            },
            tied: true,
            rope_factor: None,
        };
        let hyper = &mut shape.hyper;
        match name {
            "qwen3-0.6b" => {}
            "qwen3-1.7b" => (hyper.hidden, hyper.feed_forward) = (2048, 6144),
            "qwen3-4b" => {
                (hyper.layers, hyper.hidden, hyper.feed_forward) = (36, 2560, 9728);
                hyper.heads = 32;
                (hyper.context, hyper.rope_theta) = (262_144, 5e6);
            }
            "qwen2.5-0.5b" => {
                hyper.family = family("qwen2");
                (hyper.layers, hyper.hidden, hyper.feed_forward) = (24, 896, 4864);
                (hyper.heads, hyper.kv_heads, hyper.head_dim) = (14, 2, 64);
                hyper.context = 32_768;
            }
            "llama-3.2-1b" => {
                llama(&mut shape);
                let hyper = &mut shape.hyper;
                (hyper.layers, hyper.hidden, hyper.feed_forward) = (16, 2048, 8192);
                (hyper.heads, hyper.kv_heads, hyper.head_dim) = (32, 8, 64);
                (hyper.context, hyper.vocab) = (131_072, 128_256);
            }
            "gemma-3-270m" => {
                hyper.family = family("gemma3");
                (hyper.layers, hyper.hidden, hyper.feed_forward) = (18, 640, 2048);
                (hyper.heads, hyper.kv_heads, hyper.head_dim) = (4, 1, 256);
                (hyper.context, hyper.vocab, hyper.window) = (32_768, 262_144, Some(512));
            }
            // Seven layers, of which the sixth sees everything.
            "tiny-gemma3" => {
                tiny(hyper);
                hyper.family = family("gemma3");
                (hyper.layers, hyper.window) = (7, Some(12));
            }
            // Qwen3-0.6B's layers, but four, and a vocabulary that leaves time for whole tables of logits.
            "small-qwen3" => {
                (hyper.layers, hyper.vocab) = (4, 4096);
                shape.tied = false;
            }
            "tiny-qwen3" => tiny(hyper),
            "tiny-qwen2" => {
                tiny(hyper);
                hyper.family = family("qwen2");
                // One of the tiny models has a head of its own.
                shape.tied = false;
            }
            "tiny-llama" => {
                tiny(hyper);
                llama(&mut shape);
            }
            "tiny-llama-plain" => {
                tiny(hyper);
                llama(&mut shape);
                shape.rope_factor = None;
            }
            "tiny-llama-linear" => {
                tiny(hyper);
                hyper.rope_scaling = RopeScaling::Linear { factor: 4.0 };
                llama(&mut shape);
                shape.rope_factor = None;
            }
            _ => return None,
        }
        Some(shape)
    }

    /// Returns what each pair's frequency is divided by, where any is.
    ///
    /// Llama 3's rule (its `model.py`, `apply_scaling`): waves longer than a quarter of 8,192 positions are stretched,
    /// waves shorter than that by 4 are not, and between the two the factor slides.
    pub(super) fn rope_factors(&self) -> Option<Vec<f32>> {
        // In double precision, so that every machine's powers round to the same bytes.
        let factor = f64::from(self.rope_factor?);
        let (positions, slow, fast) = (8192.0, 1.0, 4.0);
        let head_dim = self.hyper.head_dim;
        let theta = f64::from(self.hyper.rope_theta);
        let of_pair = |pair: usize| {
            let wave = std::f64::consts::TAU * theta.powf(2.0 * pair as f64 / head_dim as f64);
            // 0 where the frequency is slow, 1 where it is fast.
            let kept = ((positions / wave - slow) / (fast - slow)).clamp(0.0, 1.0);
            (1.0 / ((1.0 - kept) / factor + kept)) as f32
        };
        Some((0..head_dim / 2).map(of_pair).collect())
    }
}

fn family(name: &str) -> &'static Family {
    families::named(name).expect("a family that is run")
}

fn llama(shape: &mut Shape) {
    shape.hyper.family = family("llama");
    shape.hyper.rope_theta = 5e5;
    shape.hyper.norm_epsilon = 1e-5;
    shape.rope_factor = Some(32.0);
}

fn tiny(hyper: &mut Hyperparameters) {
    (hyper.layers, hyper.hidden, hyper.feed_forward) = (2, 256, 512);
    (hyper.heads, hyper.kv_heads, hyper.head_dim) = (4, 2, 64);
    (hyper.vocab, hyper.context) = (512, 8192);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_shape() {
        for name in SHAPES {
            assert!(Shape::named(name).is_some(), "{name}");
        }
        assert_eq!(Shape::named("qwen3"), None);
    }

    #[test]
    fn slow_frequencies_are_stretched_and_fast_ones_are_not() {
        let shape = Shape::named("llama-3.2-1b").expect("a known shape");
        let factors = shape.rope_factors().expect("factors");
        assert_eq!(factors.len(), 32);
        assert_eq!((factors[0], factors[31]), (1.0, 32.0));
        assert!(factors.is_sorted());
    }
}
