//! Substrings: whether any of many names stands in a text.
//!
//! In:  the names. Out: a set that answers for a text in a time that grows with its length and not with the number of names, however
//! they are made. At each place the length of the one name that may stand there is searched for by halves: every name leaves hashes of
//! the beginnings at which its own search stops.

use rustc_hash::FxHashMap;

/// Fewest bytes of a name; the search begins there.
pub(super) const SHORTEST: usize = 8;

/// A number to multiply with in a polynomial hash modulo 2^64: odd, its bits well mixed.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
/// It to the power of [`SHORTEST`].
const SHORTEST_POWER: u64 = BASE.wrapping_pow(SHORTEST as u32);

/// TitleNames of which none begins with another.
#[derive(Debug, Default)]
pub(super) struct TitleNames<'t> {
    /// The hashes of beginnings of names, and the name where one ends there.
    beginnings: FxHashMap<u64, Option<&'t str>>,
    /// The steps by which a length is searched for, each half as long as the one before, with [`BASE`] to their power.
    steps: Vec<(usize, u64)>,
}

impl<'t> TitleNames<'t> {
    /// Makes a set of names of at least [`SHORTEST`] bytes.
    pub fn of(mut names: Vec<&'t str>) -> TitleNames<'t> {
        names.sort_unstable();
        // Wherever a name stands, those that it begins with stand, too.
        names.dedup_by(|next, kept| next.starts_with(*kept));
        let longest = names.iter().map(|name| name.len() - SHORTEST).max();
        let mut set = TitleNames {
            beginnings: FxHashMap::default(),
            steps: steps(longest.unwrap_or(0)),
        };
        for name in names {
            let hashes = prefix_hashes(name);
            let mut length = SHORTEST;
            set.beginnings.entry(hashes[length]).or_default();
            for &(step, _) in &set.steps {
                if length + step <= name.len() {
                    length += step;
                    set.beginnings.entry(hashes[length]).or_default();
                }
            }
            set.beginnings.insert(hashes[length], Some(name));
        }
        set
    }

    /// Tells whether any of the names stands in a text.
    pub fn stand_in(&self, text: &str) -> bool {
        if self.beginnings.is_empty() || text.len() < SHORTEST {
            return false;
        }
        let hashes = prefix_hashes(text);
        (0..=text.len() - SHORTEST).any(|at| {
            let name = self.begins(&hashes[at..]);
            // Different beginnings may have the same hash.
            name.is_some_and(|name| text.as_bytes()[at..].starts_with(name.as_bytes()))
        })
    }

    /// Finds the name that may stand at a place; the hashes are those of the text up to there, and of ever more behind.
    fn begins(&self, hashes: &[u64]) -> Option<&'t str> {
        let known = |length: usize, power: u64| {
            let hash = hashes
                .get(length)?
                .wrapping_sub(hashes[0].wrapping_mul(power));
            self.beginnings.get(&hash)
        };
        let (mut length, mut power) = (SHORTEST, SHORTEST_POWER);
        let mut found = known(length, power)?;
        for &(step, step_power) in &self.steps {
            let longer = power.wrapping_mul(step_power);
            if let Some(name) = known(length + step, longer) {
                (length, power, found) = (length + step, longer, name);
            }
        }
        *found
    }
}

/// The powers of two up to `longest`, the greatest first, each with [`BASE`] to its power.
fn steps(longest: usize) -> Vec<(usize, u64)> {
    let doubled = |&(step, power): &(usize, u64)| Some((step * 2, power.wrapping_mul(power)));
    let steps = std::iter::successors(Some((1, BASE)), doubled);
    let mut steps: Vec<_> = steps.take_while(|(step, _)| *step <= longest).collect();
    steps.reverse();
    steps
}

/// The hash of every beginning of a text, the empty one first.
fn prefix_hashes(text: &str) -> Vec<u64> {
    let mut hash: u64 = 0;
    let mut hashes = Vec::with_capacity(text.len() + 1);
    hashes.push(hash);
    for byte in text.bytes() {
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(byte) + 1);
        hashes.push(hash);
    }
    hashes
}

#[cfg(test)]
mod tests {
    use super::{SHORTEST, TitleNames};

    #[test]
    fn names_are_found_as_if_each_were_looked_for() {
        let found = |names: &[&str], text: &str| {
            let found = TitleNames::of(names.to_vec()).stand_in(text);
            let one_by_one = names.iter().any(|name| text.contains(name));
            assert_eq!(found, one_by_one, "{names:?} in {text}");
            found
        };
        assert!(found(&["Kilns close"], "Kilns close - The Post"));
        assert!(found(
            &["닫은 가마 셋", "세 가마"],
            "저지신문: 닫은 가마 셋"
        ));
        assert!(found(&["abcabcabd", "bcabcabc"], "abcabcabcabd"));
        assert!(!found(&["abcabcabd", "bcabcabc"], "abcabcabab"));
        assert!(!found(&[], "a text without names"));
        assert!(!found(&["longer than it"], "short"));
        // TitleNames of two letters in all lengths that a search may stop at.
        let word = |seed: u32, length: usize| -> String {
            let letter = |at: usize| {
                if seed >> (at % 10) & 1 == 0 {
                    'a'
                } else {
                    '나'
                }
            };
            (0..length).map(letter).collect()
        };
        let mut hits = 0;
        for seed in 0u32..1 << 10 {
            let lengths = [0, 1, 5, 12].map(|more| SHORTEST + (more + seed as usize) % 30);
            let names = lengths.map(|length| word(seed.wrapping_mul(37) ^ length as u32, length));
            let names = names.each_ref().map(String::as_str);
            let text = format!("{}{}{}", word(seed, 9), names[1], word(seed * 5, 40));
            hits += usize::from(found(&names[2..], &text));
            assert!(found(&names, &text));
        }
        // Some are found, and some are not.
        assert!((20..1000).contains(&hits), "{hits}");
    }
}
