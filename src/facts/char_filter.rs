//! A set of letters that may hold others as well: the quick no before a table of words is gone through.
//!
//! In:  letters. Out: "surely not" or "perhaps". Of a long table hardly any word stands at a given place, and the first
//! letter says so.

/// Bits of a set, one cache line: the first letters of the longest table, some 150, fill under a third of them.
const BITS: usize = 512;

/// A set of letters by their hashes.
#[derive(Debug, Clone, Copy)]
pub struct CharFilter([u64; BITS / 64]);

impl CharFilter {
    /// A set without letters.
    const NONE: CharFilter = CharFilter([0; BITS / 64]);

    /// Makes the set of the first letters of `words`.
    pub fn first_of<'a>(words: impl IntoIterator<Item = &'a str>) -> CharFilter {
        let mut letters = CharFilter::NONE;
        let first = words.into_iter().filter_map(|word| word.chars().next());
        first.for_each(|letter| letters.insert(letter));
        letters
    }

    /// Adds a letter.
    fn insert(&mut self, letter: char) {
        let (at, bit) = CharFilter::place(letter);
        self.0[at] |= bit;
    }

    /// Returns whether the letter may be in it; where not, it surely is not.
    pub fn may_hold(&self, letter: char) -> bool {
        let (at, bit) = CharFilter::place(letter);
        self.0[at] & bit != 0
    }

    /// Fibonacci hashing (Knuth, volume 3, 6.4): syllables that stand close in Unicode fall far apart.
    fn place(letter: char) -> (usize, u64) {
        let hash = (letter as u32).wrapping_mul(0x9E37_79B1) >> (32 - BITS.ilog2());
        (hash as usize / 64, 1 << (hash % 64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_held_and_little_else() {
        let letters = CharFilter::first_of(["절반", "하루", "half", ""]);
        assert!("절하h".chars().all(|c| letters.may_hold(c)));
        let held = ('가'..='힣').filter(|&c| letters.may_hold(c)).count();
        assert!(held < 11_172 / 50, "{held}");
        assert!(!CharFilter::NONE.may_hold('가'));
    }
}
