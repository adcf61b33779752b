//! The hot loops, each beside its scalar reference.
//!
//! Every loop is written once, over sixteen lanes; AVX-512, AVX2 and plain Rust supply the lanes, chosen at run time.
//! Lanes are independent of each other and every operation is rounded alike, so the three give the same bits.

mod attention;
mod choose;
mod gate;
mod lanes;
mod linear;

pub use attention::{LANES, add_weighted, scores, softmax};
pub use choose::instructions;
pub use gate::gate;
pub use lanes::{CacheCell, Level};
pub use linear::{Activations, Matrix, PackedFormat, dequantise, multiply, pack, packed_bytes};

/// Values from -1 to 1, for tests of a processor and of the code.
fn noise(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed;
    let next = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    };
    std::iter::repeat_with(next).take(count).collect()
}
