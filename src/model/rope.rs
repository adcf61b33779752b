//! Rotary positions: each pair of a head's values is turned by an angle that grows with the token's position.

use super::families::RotaryPairs;
use super::gguf::{Hyperparameters, RopeScaling};

/// The angles of a model's positions (Su et al. 2021, "RoFormer").
#[derive(Debug, Clone)]
pub(super) struct Rope {
    frequencies: Vec<f64>, // (dim / 2), radians a position
    pairs: RotaryPairs,
}

impl Rope {
    /// Returns those of windowed layers, where the family has any.
    pub(super) fn of_windows(shape: &Hyperparameters) -> Option<Rope> {
        let window = shape.family.window?;
        let shape = Hyperparameters {
            rope_theta: window.rope_theta,
            rope_scaling: RopeScaling::None,
            ..shape.clone()
        };
        Some(Rope::new(&shape, None))
    }

    /// `factors` are those of `rope_freqs.weight` (dim / 2), where the file has it.
    pub(super) fn new(shape: &Hyperparameters, factors: Option<&[f32]>) -> Rope {
        let half = shape.head_dim / 2;
        let stretch = match shape.rope_scaling {
            RopeScaling::None => 1.0,
            RopeScaling::Linear { factor } => f64::from(factor),
        };
        let frequency = |i: usize| {
            let exponent = i as f64 / half as f64;
            let factor = factors.map_or(1.0, |factors| f64::from(factors[i]));
            f64::from(shape.rope_theta).powf(-exponent) / (factor * stretch)
        };
        Rope {
            frequencies: (0..half).map(frequency).collect(),
            pairs: shape.family.rotary_pairs,
        }
    }

    pub(super) fn pairs(&self) -> RotaryPairs {
        self.pairs
    }

    /// Cosines and sines of some positions, each (positions, dim / 2). The angles are made in double precision: at
    /// half precision they are off by a third of a radian from position 1,000 on.
    pub(super) fn angles(&self, positions: &[usize]) -> (Vec<f32>, Vec<f32>) {
        let angles = positions
            .iter()
            .flat_map(|&position| self.frequencies.iter().map(move |f| position as f64 * f));
        angles
            .map(|angle| (angle.cos() as f32, angle.sin() as f32))
            .unzip()
    }

    /// Turns `values`, (positions, heads, dim), in place.
    pub(super) fn turn(&self, values: &mut [f32], heads: usize, (cos, sin): (&[f32], &[f32])) {
        let half = self.frequencies.len();
        for (row, values) in values.chunks_exact_mut(heads * half * 2).enumerate() {
            let (cos, sin) = (&cos[row * half..][..half], &sin[row * half..][..half]);
            for head in values.chunks_exact_mut(half * 2) {
                match self.pairs {
                    RotaryPairs::Halves => {
                        let (first, second) = head.split_at_mut(half);
                        for i in 0..half {
                            turn(&mut first[i], &mut second[i], cos[i], sin[i]);
                        }
                    }
                    RotaryPairs::Neighbours => {
                        for (i, pair) in head.chunks_exact_mut(2).enumerate() {
                            let (first, second) = pair.split_at_mut(1);
                            turn(&mut first[0], &mut second[0], cos[i], sin[i]);
                        }
                    }
                }
            }
        }
    }
}

fn turn(x: &mut f32, y: &mut f32, cos: f32, sin: f32) {
    (*x, *y) = (*x * cos - *y * sin, *x * sin + *y * cos);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::families;

    fn rope(family: &str, scaling: RopeScaling, factors: Option<&[f32]>) -> Rope {
        let shape = Hyperparameters {
            family: families::named(family).expect("a known family"),
            layers: 1,
            hidden: 16,
            feed_forward: 16,
            heads: 1,
            kv_heads: 1,
            head_dim: 4,
            vocab: 16,
            context: 16,
            rope_theta: 10_000.0,
            rope_scaling: scaling,
            norm_epsilon: 1e-6,
            window: None,
        };
        Rope::new(&shape, factors)
    }

    fn turned(rope: &Rope, position: usize) -> Vec<f32> {
        let (cos, sin) = rope.angles(&[position]);
        let mut values = vec![1.0, 2.0, 3.0, 4.0];
        rope.turn(&mut values, 1, (&cos, &sin));
        values
    }

    fn close(got: &[f32], expected: [f64; 4]) {
        for (got, expected) in got.iter().zip(expected) {
            assert!(
                (f64::from(*got) - expected).abs() < 1e-6,
                "{got} {expected}"
            );
        }
    }

    #[test]
    fn qwen_turns_halves_and_llama_neighbours() {
        let (a, b) = (1.0f64, 0.01f64);
        let pair = |x: f64, y: f64, t: f64| (x * t.cos() - y * t.sin(), x * t.sin() + y * t.cos());
        let ((x0, y0), (x1, y1)) = (pair(1.0, 3.0, a), pair(2.0, 4.0, b));
        close(
            &turned(&rope("qwen3", RopeScaling::None, None), 1),
            [x0, x1, y0, y1],
        );
        let ((x0, y0), (x1, y1)) = (pair(1.0, 2.0, a), pair(3.0, 4.0, b));
        close(
            &turned(&rope("llama", RopeScaling::None, None), 1),
            [x0, y0, x1, y1],
        );
    }

    #[test]
    fn scaling_slows_the_angles() {
        let plain = turned(&rope("llama", RopeScaling::None, None), 3);
        let linear = rope("llama", RopeScaling::Linear { factor: 4.0 }, None);
        assert_eq!(turned(&linear, 12), plain);
        let factors = rope("llama", RopeScaling::None, Some(&[4.0, 4.0]));
        assert_eq!(turned(&factors, 12), plain);
    }
}
