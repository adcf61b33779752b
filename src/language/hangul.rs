//! Hangul: the arithmetic of its syllables (The Unicode Standard, section 3.12).
//!
//! In:  a character. Out: whether it is a syllable, its vowel, its final consonant. Knows no words.

/// The first syllable of the block.
const FIRST: char = '가';
/// The last.
const LAST: char = '힣';
/// Syllables with the same initial consonant and vowel: one without a final consonant, and one for each of 27.
const FINALS: u32 = 28;
/// Vowels.
const VOWELS: u32 = 21;

/// The number of a syllable without a final consonant.
pub const NO_FINAL: u32 = 0;
/// The final consonant ㄴ.
pub const FINAL_N: u32 = 4;
/// The final consonants ㄵ.
const FINAL_NJ: u32 = 5;
/// The final consonants ㄶ.
const FINAL_NH: u32 = 6;
/// The final consonant ㄹ.
pub const FINAL_L: u32 = 8;
/// The final consonants ㅀ.
const FINAL_LH: u32 = 15;
/// The final consonant ㅁ.
pub const FINAL_M: u32 = 16;
/// The final consonant ㅂ.
pub const FINAL_B: u32 = 17;
/// The final consonants ㅄ.
pub const FINAL_BS: u32 = 18;
/// The final consonant ㅆ.
pub const FINAL_SS: u32 = 20;
/// The final consonant ㅎ.
pub const FINAL_H: u32 = 27;

/// Returns whether `c` is a syllable.
#[inline]
pub const fn is_hangul(c: char) -> bool {
    FIRST as u32 <= c as u32 && c as u32 <= LAST as u32
}

/// Returns the number of a syllable's final consonant, [`NO_FINAL`] for none and for other scripts.
#[inline]
pub const fn final_of(c: char) -> u32 {
    if is_hangul(c) {
        (c as u32 - FIRST as u32) % FINALS
    } else {
        NO_FINAL
    }
}

/// Returns the syllable with another final consonant; none for other scripts.
pub const fn with_final(c: char, number: u32) -> Option<char> {
    if is_hangul(c) && number < FINALS {
        char::from_u32(c as u32 - final_of(c) + number)
    } else {
        None
    }
}

/// Returns whether `c` is a syllable with a final consonant.
#[inline]
pub const fn is_closed(c: char) -> bool {
    final_of(c) != NO_FINAL
}

/// Returns whether `c` is a syllable without a final consonant.
#[inline]
pub const fn is_open(c: char) -> bool {
    is_hangul(c) && !is_closed(c)
}

/// Returns whether no word ends in `c`: a syllable of a stem behind which an ending must stand, as of 왔다, 앉아, 많은, 잃은, 좋은, 없이.
pub const fn ends_no_word(c: char) -> bool {
    match final_of(c) {
        FINAL_NJ | FINAL_NH | FINAL_LH | FINAL_SS => true,
        // The letter's own name is 히읗.
        FINAL_H => c != '읗',
        _ => c == '없',
    }
}

/// Returns the number of a syllable's vowel; none for other scripts.
#[inline]
pub const fn vowel_of(c: char) -> Option<u32> {
    if is_hangul(c) {
        Some((c as u32 - FIRST as u32) / FINALS % VOWELS)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_taken_apart() {
        for (syllable, number) in [
            ('가', NO_FINAL),
            ('간', FINAL_N),
            ('갈', FINAL_L),
            ('감', FINAL_M),
            ('갑', FINAL_B),
            ('값', FINAL_BS),
            ('갔', FINAL_SS),
            ('a', NO_FINAL),
            ('ㄱ', NO_FINAL),
        ] {
            assert_eq!(final_of(syllable), number, "{syllable}");
        }
        assert!("왔앉많잃좋없".chars().all(ends_no_word));
        assert!(!"값닭밖읗a".chars().any(ends_no_word));
        assert_eq!(vowel_of('가'), Some(0));
        assert_eq!(vowel_of('힣'), Some(20));
        assert_eq!(vowel_of('a'), None);
        assert!(is_open('나') && !is_open('a') && !is_open('난'));
    }
}
