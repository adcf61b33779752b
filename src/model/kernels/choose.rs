//! Which instructions are used: the best that the processor has and that pass a test.
//!
//! Kernels that multiply bytes are held against the scalar reference on a few blocks first; what differs, on whatever processor,
//! is not used. `SUKJE_KERNELS` (avx512vnni, avxvnni, avx512, avx2, scalar) forbids all that stand before its value.

use std::sync::OnceLock;

use super::lanes::Level;
use super::linear;

impl Level {
    /// Returns the best level of this machine.
    pub fn of_this_machine() -> Level {
        static LEVEL: OnceLock<Level> = OnceLock::new();
        *LEVEL.get_or_init(|| {
            let asked = std::env::var("SUKJE_KERNELS").unwrap_or_default();
            let first = Level::ALL.iter().position(|level| level.name() == asked);
            let mut allowed = Level::ALL[first.unwrap_or(0)..].iter().copied();
            let sound = |level: &Level| level.is_there() && linear::agrees_with_reference(*level);
            allowed.find(sound).unwrap_or(Level::Scalar)
        })
    }
}

/// Returns the name of the instructions that are used here, such as `avx512vnni`.
pub fn instructions() -> &'static str {
    Level::of_this_machine().name()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_that_is_there_passes_the_test() {
        for level in Level::ALL.into_iter().filter(|level| level.is_there()) {
            assert!(linear::agrees_with_reference(level), "{}", level.name());
        }
        assert!(Level::Scalar.is_there());
    }
}
