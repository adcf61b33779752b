//! Which rules a text can fit at all: each names words one of which stands in whatever it fits.
//!
//! In:  a text. Out: a set of rules, found in one pass over the characters. Patterns are slow to compile and slower to
//! run than this; nearly every sentence of an article is spared all of them.

use crate::article::is_letter;

/// Rules by their number: a bit each.
pub type Set = u64;

/// A word to look for.
pub struct Needle {
    pub word: &'static str,
    /// Whether it counts only behind marks and blanks.
    pub leading: bool,
    /// The rules that need it.
    pub rules: Set,
}

/// Log2 of the number of buckets: so many that most characters begin no word.
const BITS: u32 = 12;

/// Words by their first character.
pub struct Needles {
    needles: Vec<Needle>,
    /// Where each bucket of `needles` starts, and the end of the last.
    starts: Box<[u16]>,
}

impl Needles {
    /// Sorts words into buckets.
    pub fn of(needles: impl IntoIterator<Item = Needle>) -> Needles {
        let bucket_of = |needle: &Needle| needle.word.chars().next().map_or(0, bucket);
        let mut needles: Vec<Needle> = needles.into_iter().collect();
        needles.sort_by_key(bucket_of);
        let mut starts = vec![0; (1 << BITS) + 1].into_boxed_slice();
        for needle in &needles {
            starts[bucket_of(needle) + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Needles { needles, starts }
    }

    /// The rules of every word that stands in the text, in whatever case its ASCII letters are.
    pub fn met(&self, text: &str) -> Set {
        let mut met = 0;
        let mut leading = true;
        for (at, c) in text.char_indices() {
            let bucket = bucket(c);
            let (start, end) = (self.starts[bucket], self.starts[bucket + 1]);
            for needle in &self.needles[start as usize..end as usize] {
                let word = needle.word.as_bytes();
                let here = text.as_bytes()[at..].get(..word.len());
                if (leading || !needle.leading)
                    && here.is_some_and(|here| here.eq_ignore_ascii_case(word))
                {
                    met |= needle.rules;
                }
            }
            leading = leading && is_mark(c);
        }
        met
    }
}

/// Whether furniture may begin with the character: no letter, or one that pages use as a mark.
pub fn is_mark(c: char) -> bool {
    !is_letter(c) || matches!(c, 'ⓒ' | 'Ⓒ' | 'ㅣ')
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
    fn words_are_found_where_they_count() {
        let needle = |(word, leading, rules)| Needle {
            word,
            leading,
            rules,
        };
        let words = [
            ("기자", false, 1),
            ("sign up", false, 2),
            ("기사", true, 4),
            ("@", false, 8),
        ];
        let needles = Needles::of(words.map(needle));
        assert_eq!(needles.met("기자 열두 명"), 1);
        assert_eq!(needles.met("[기사] 기자"), 1 | 4);
        assert_eq!(needles.met("그 기사를 쓴 기자"), 1);
        assert_eq!(needles.met("Now SIGN UP"), 2);
        assert_eq!(needles.met("기, sign u"), 0);
        assert_eq!(needles.met("a@"), 8);
    }
}
