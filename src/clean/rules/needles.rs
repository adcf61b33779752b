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

/// The words of a language's rules.
pub struct Needles {
    leading: Words,
    anywhere: Words,
}

impl Needles {
    /// Sorts words by what they begin with.
    pub fn of(needles: impl IntoIterator<Item = Needle>) -> Needles {
        let (leading, anywhere): (Vec<_>, Vec<_>) = needles.into_iter().partition(|n| n.leading);
        Needles {
            leading: Words::of(&leading),
            anywhere: Words::of(&anywhere),
        }
    }

    /// The rules of every word that stands in the text, in whatever case its ASCII letters are.
    pub fn met(&self, text: &str) -> Set {
        let mut met = 0;
        for (at, c) in text.char_indices() {
            met |= self.leading.at(text.as_bytes(), at, c.len_utf8());
            if !is_mark(c) {
                break;
            }
        }
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let len = char_len(bytes[at]);
            met |= self.anywhere.at(bytes, at, len);
            at += len;
        }
        met
    }
}

/// So many buckets that most characters begin no word.
const BUCKETS: usize = 1 << BITS;
const BITS: u32 = 12;

/// Words by their first character.
struct Words {
    words: Vec<Word>,
    /// Where each bucket of `words` starts, and the end of the last.
    starts: Box<[u16; BUCKETS + 1]>,
}

/// A word as it is compared: its first eight bytes at once, then the rest.
struct Word {
    head: u64,
    /// The bytes of `head` that count.
    mask: u64,
    /// The bit that tells small from capital, wherever a letter stands in `head`.
    case: u64,
    rest: &'static [u8],
    rules: Set,
}

impl Words {
    fn of(needles: &[Needle]) -> Words {
        let bucket_of = |needle: &&Needle| {
            let bytes = needle.word.as_bytes();
            bucket(head_at(bytes, 0), char_len(bytes[0]))
        };
        let mut sorted: Vec<&Needle> = needles.iter().collect();
        sorted.sort_by_key(bucket_of);
        let mut starts = Box::new([0; BUCKETS + 1]);
        for needle in &sorted {
            starts[bucket_of(needle) + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let words = sorted.into_iter().map(Word::of).collect();
        Words { words, starts }
    }

    /// The rules of the words that stand at byte `at`, where a character of `len` bytes does.
    #[inline]
    fn at(&self, bytes: &[u8], at: usize, len: usize) -> Set {
        let head = head_at(bytes, at);
        let bucket = bucket(head, len);
        let (start, end) = (
            self.starts[bucket] as usize,
            self.starts[bucket + 1] as usize,
        );
        let mut met = 0;
        for word in &self.words[start..end] {
            if (head | word.case) & word.mask == word.head && word.goes_on(bytes, at + 8) {
                met |= word.rules;
            }
        }
        met
    }
}

impl Word {
    fn of(needle: &Needle) -> Word {
        let bytes = needle.word.as_bytes();
        let case_of = |b: &u8| if b.is_ascii_alphabetic() { 0x20 } else { 0 };
        let case = head_at(&bytes.iter().map(case_of).collect::<Vec<u8>>(), 0);
        Word {
            head: head_at(bytes, 0) | case,
            mask: u64::MAX >> (64 - 8 * bytes.len().min(8)),
            case,
            rest: bytes.get(8..).unwrap_or(&[]),
            rules: needle.rules,
        }
    }

    /// Whether what stands behind the first eight bytes is the word's.
    fn goes_on(&self, bytes: &[u8], at: usize) -> bool {
        let rest = bytes.get(at..at + self.rest.len());
        self.rest.is_empty() || rest.is_some_and(|rest| rest.eq_ignore_ascii_case(self.rest))
    }
}

/// Eight bytes from `at`, the first one lowest; zeros behind the end.
#[inline]
fn head_at(bytes: &[u8], at: usize) -> u64 {
    match bytes[at..].first_chunk() {
        Some(head) => u64::from_le_bytes(*head),
        None => bytes[at..]
            .iter()
            .rev()
            .fold(0, |head, b| head << 8 | u64::from(*b)),
    }
}

/// Length of the character that begins with byte `first`.
#[inline]
fn char_len(first: u8) -> usize {
    match first {
        ..=0x7F => 1,
        0x80..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}

/// The bucket of the character of `len` bytes that `head` begins with, alike for both cases of an ASCII letter.
#[inline]
fn bucket(head: u64, len: usize) -> usize {
    let c = head as u32 & (u32::MAX >> (32 - 8 * len));
    let c = if len == 1 { c | 0x20 } else { c };
    (c.wrapping_mul(0x9E37_79B1) >> (u32::BITS - BITS)) as usize
}

/// Whether furniture may begin with the character: no letter, or one that pages use as a mark.
pub fn is_mark(c: char) -> bool {
    !is_letter(c) || matches!(c, 'ⓒ' | 'Ⓒ' | 'ㅣ')
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
