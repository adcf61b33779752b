//! What the developers of sukje use and its users do not: articles with their answers, decoders that follow scripts, models of random weights.
//!
//! In:  shapes, seeds, scripts. Out: decoders and GGUF files for tests, measures and comparisons. Nothing of it is part of the
//! `sukje` package; tests of that package use it by path.

#![warn(missing_docs)]

#[cfg(feature = "model")]
pub mod brief_bench;
#[cfg(feature = "model")]
mod brief_script;
pub mod case;
#[cfg(feature = "model")]
pub mod gguf_writer;
#[cfg(feature = "model")]
pub mod random;
#[cfg(feature = "model")]
pub mod replay;
#[cfg(feature = "model")]
pub mod script;
#[cfg(feature = "model")]
pub mod vocabulary;

/// Says whether slow tests try all they can: `.ci/full` asks for it.
pub fn is_thorough() -> bool {
    std::env::var_os("SUKJE_THOROUGH").is_some()
}

/// Returns the next number of splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
pub fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
