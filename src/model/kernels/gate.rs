//! The gate of the feed-forward layer: `silu(gate) * up` (SwiGLU) or `gelu(gate) * up` (GeGLU), value by value.

#![allow(unsafe_code)]

use rayon::prelude::*;

use super::lanes::{CacheCell, LANES, Lanes, Level, at_level, exp};
use crate::model::families::Gate;

/// Values that one task works on.
const TASK_VALUES: usize = 1 << 14;

/// Multiplies `up` by the function of `gate`, in place.
pub fn gate(level: Level, function: Gate, gate: &[f32], up: &mut [f32]) {
    let is_gelu = function == Gate::Gelu;
    assert_eq!(gate.len(), up.len());
    up.par_chunks_mut(TASK_VALUES)
        .zip(gate.par_chunks(TASK_VALUES))
        .for_each(|(up, gate)| at_level!(level, gate_with::<f32>(is_gelu: bool, gate: &[f32], up: &mut [f32])));
}

#[inline(always)]
unsafe fn gate_with<V: Lanes, C: CacheCell>(is_gelu: bool, gate: &[f32], up: &mut [f32]) {
    let (whole, rest) = up.split_at_mut(up.len() / LANES * LANES);
    for (gate, up) in gate.chunks_exact(LANES).zip(whole.chunks_exact_mut(LANES)) {
        // SAFETY: sixteen values each.
        unsafe { gate_vector::<V>(is_gelu, gate.as_ptr(), up.as_mut_ptr()) };
    }
    let (mut last_gate, mut last_up) = ([0.0; LANES], [0.0; LANES]);
    last_gate[..rest.len()].copy_from_slice(&gate[whole.len()..]);
    last_up[..rest.len()].copy_from_slice(rest);
    unsafe { gate_vector::<V>(is_gelu, last_gate.as_ptr(), last_up.as_mut_ptr()) };
    rest.copy_from_slice(&last_up[..rest.len()]);
}

/// Twice the root of 2/π, and .044715 of that: `gelu(x)` is about `x * sigmoid(x * (LINEAR + CUBIC * x²))`.
const GELU_LINEAR: f32 = 1.595_769_2;
const GELU_CUBIC: f32 = 0.071_354_82;

#[inline(always)]
unsafe fn gate_vector<V: Lanes>(is_gelu: bool, gate: *const f32, up: *mut f32) {
    unsafe {
        let (zero, one, minus) = (V::splat(0.0), V::splat(1.0), V::splat(-1.0));
        let gate = V::load(gate);
        // Both are `x * sigmoid(y)`; for GELU, (1 + tanh(y / 2)) / 2 is sigmoid(y).
        let steep = match is_gelu {
            true => {
                let square = gate.mul_add(gate, zero);
                gate.mul_add(
                    square.mul_add(V::splat(GELU_CUBIC), V::splat(GELU_LINEAR)),
                    zero,
                )
            }
            false => gate,
        };
        let negated = steep.mul_add(minus, zero);
        // Both exponents are at most 0: sigmoid(x) = e^min(x, 0) / (1 + e^-|x|).
        let above = exp(zero.max(negated).mul_add(minus, zero));
        let below = exp(steep.max(negated).mul_add(minus, zero)).add(one);
        let share = gate.mul_add(above, zero).div(below);
        V::load(up).mul_add(share, zero).store(up);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holds a function against its definition, and the levels against each other.
    fn check(function: Gate, definition: impl Fn(f64) -> f64) {
        let values: Vec<f32> = (0..67).map(|i| (i as f32 - 33.0) * 3.1 / 4.0).collect();
        let mut expected = vec![2.0; 67];
        gate(Level::Scalar, function, &values, &mut expected);
        for (value, got) in values.iter().zip(&expected) {
            let wanted = 2.0 * definition(f64::from(*value));
            assert!((f64::from(*got) - wanted).abs() < 2e-5, "{value}: {got}");
        }
        let mut up = vec![2.0; 67];
        gate(Level::of_this_machine(), function, &values, &mut up);
        assert_eq!(up, expected);
    }

    #[test]
    fn a_gate_is_what_its_definition_says() {
        check(Gate::Silu, |x| x / (1.0 + (-x).exp()));
        check(Gate::Gelu, |x| {
            let inner = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x * x * x);
            0.5 * x * (1.0 + inner.tanh())
        });
    }

    #[test]
    fn what_is_no_number_stays_so() {
        for function in [Gate::Silu, Gate::Gelu] {
            let mut up = vec![1.0; 16];
            gate(Level::of_this_machine(), function, &[f32::NAN; 16], &mut up);
            assert!(up.iter().all(|value| value.is_nan()));
        }
    }
}
