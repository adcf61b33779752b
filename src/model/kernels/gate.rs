//! The gate of the feed-forward layer (SwiGLU): `silu(gate) * up`, value by value.

#![allow(unsafe_code)]

use rayon::prelude::*;

use super::lanes::{CacheCell, LANES, Lanes, Level, at_level, exp};

/// Values that one task works on.
const TASK_VALUES: usize = 1 << 14;

/// Multiplies `up` by `silu(gate)`, `gate / (1 + e^-gate)`, in place.
pub fn gate(level: Level, gate: &[f32], up: &mut [f32]) {
    assert_eq!(gate.len(), up.len());
    up.par_chunks_mut(TASK_VALUES)
        .zip(gate.par_chunks(TASK_VALUES))
        .for_each(|(up, gate)| at_level!(level, gate_with::<f32>(gate: &[f32], up: &mut [f32])));
}

#[inline(always)]
unsafe fn gate_with<V: Lanes, C: CacheCell>(gate: &[f32], up: &mut [f32]) {
    let (whole, rest) = up.split_at_mut(up.len() / LANES * LANES);
    for (gate, up) in gate.chunks_exact(LANES).zip(whole.chunks_exact_mut(LANES)) {
        // SAFETY: sixteen values each.
        unsafe { gate_vector::<V>(gate.as_ptr(), up.as_mut_ptr()) };
    }
    let (mut last_gate, mut last_up) = ([0.0; LANES], [0.0; LANES]);
    last_gate[..rest.len()].copy_from_slice(&gate[whole.len()..]);
    last_up[..rest.len()].copy_from_slice(rest);
    unsafe { gate_vector::<V>(last_gate.as_ptr(), last_up.as_mut_ptr()) };
    rest.copy_from_slice(&last_up[..rest.len()]);
}

#[inline(always)]
unsafe fn gate_vector<V: Lanes>(gate: *const f32, up: *mut f32) {
    unsafe {
        let (zero, one, minus) = (V::splat(0.0), V::splat(1.0), V::splat(-1.0));
        let gate = V::load(gate);
        let negated = gate.mul_add(minus, zero);
        // Both exponents are at most 0: sigmoid(x) = e^min(x, 0) / (1 + e^-|x|).
        let above = exp(zero.max(negated).mul_add(minus, zero));
        let below = exp(gate.max(negated).mul_add(minus, zero)).add(one);
        let share = gate.mul_add(above, zero).div(below);
        V::load(up).mul_add(share, zero).store(up);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_is_what_its_definition_says() {
        let values: Vec<f32> = (0..67).map(|i| (i as f32 - 33.0) * 3.1).collect();
        let mut expected = vec![2.0; 67];
        gate(Level::Scalar, &values, &mut expected);
        for (value, got) in values.iter().zip(&expected) {
            let silu = f64::from(*value) / (1.0 + (-f64::from(*value)).exp());
            assert!(
                (f64::from(*got) - 2.0 * silu).abs() < 2e-5,
                "{value}: {got}"
            );
        }
        let mut up = vec![2.0; 67];
        gate(Level::of_this_machine(), &values, &mut up);
        assert_eq!(up, expected);
    }

    #[test]
    fn what_is_no_number_stays_so() {
        let mut up = vec![1.0; 16];
        gate(Level::of_this_machine(), &[f32::NAN; 16], &mut up);
        assert!(up.iter().all(|value| value.is_nan()));
    }
}
