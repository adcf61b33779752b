//! The hot loops, each beside its scalar twin.
//!
//! Every loop is written once, over sixteen lanes; AVX-512, AVX2 and plain Rust supply the lanes, chosen at run time.
//! Lanes are independent of each other and every operation is rounded alike, so the three give the same bits.

mod attention;
mod gate;
mod lanes;
mod linear;

pub use attention::{LANES, add_weighted, scores, softmax};
pub use gate::gate;
pub use lanes::{Cell, Level};
pub use linear::{Activations, Format, Matrix, multiply, pack, packed_bytes};
