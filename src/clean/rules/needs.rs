//! Which rules a text can fit at all: each names words one of which stands in whatever it fits.
//!
//! In:  a text. Out: a set of rules, found in one pass over the characters. Patterns are slow to compile and slower to
//! run than this; nearly every sentence of an article is spared all of them.

/// Rules by their number: a bit each.
pub type Set = u64;

/// Log2 of the number of buckets: so many that most characters begin no word.
const BITS: u32 = 12;

/// Words with the rules that need them, by their first character.
pub struct Needs {
    words: Vec<(&'static str, Set)>,
    /// Where each bucket of `words` starts, and the end of the last.
    starts: Box<[u16]>,
}

impl Needs {
    /// Gathers words, each with the rules it speaks for.
    pub fn of(words: impl IntoIterator<Item = (&'static str, Set)>) -> Needs {
        let bucket_of = |word: &str| word.chars().next().map_or(0, bucket);
        let mut words: Vec<_> = words.into_iter().collect();
        words.sort_by_key(|(word, _)| bucket_of(word));
        let mut starts = vec![0; (1 << BITS) + 1].into_boxed_slice();
        for (word, _) in &words {
            starts[bucket_of(word) + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Needs { words, starts }
    }

    /// The rules of every word that stands in the text, in whatever case its ASCII letters are.
    pub fn met(&self, text: &str) -> Set {
        let mut met = 0;
        for (at, c) in text.char_indices() {
            let bucket = bucket(c);
            let (start, end) = (self.starts[bucket], self.starts[bucket + 1]);
            for (word, rules) in &self.words[start as usize..end as usize] {
                let here = text.as_bytes()[at..].get(..word.len());
                if here.is_some_and(|here| here.eq_ignore_ascii_case(word.as_bytes())) {
                    met |= rules;
                }
            }
        }
        met
    }
}

#[inline]
fn bucket(c: char) -> usize {
    let hash = u32::from(c.to_ascii_lowercase()).wrapping_mul(0x9E37_79B1);
    (hash >> (u32::BITS - BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_wherever_they_stand() {
        let needs = Needs::of([("기자", 1), ("sign up", 2), ("기사", 4), ("@", 8)]);
        assert_eq!(needs.met("기자 열두 명"), 1);
        assert_eq!(needs.met("그 기사를 쓴 기자"), 1 | 4);
        assert_eq!(needs.met("Now SIGN UP"), 2);
        assert_eq!(needs.met("기, sign u"), 0);
        assert_eq!(needs.met("a@"), 8);
    }
}
