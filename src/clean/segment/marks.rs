//! The marks of sentences, said once: what ends one, what closes behind it, emoji, raised figures, what laughter is written with.
//!
//! In:  a character. Out: whether it is one. Where a language reads a mark in another way, it says so beside its use.

/// Returns whether a mark ends sentences.
pub(super) fn is_stop(c: char) -> bool {
    is_full_stop(c) || is_call(c) || c == '…'
}

/// Returns whether a mark is a full stop: it may also belong to a date, a label or an abbreviation.
pub(super) fn is_full_stop(c: char) -> bool {
    matches!(c, '.' | '。' | '．')
}

/// Returns whether a mark asks or calls.
pub(super) fn is_call(c: char) -> bool {
    matches!(c, '!' | '?' | '！' | '？')
}

/// Returns whether a mark closes a quotation or a bracket. Straight quotation marks open as well.
pub(super) fn is_closer(c: char) -> bool {
    is_straight(c)
        || matches!(
            c,
            '”' | '’' | '‟' | '»' | ')' | ']' | '」' | '』' | '》' | '〉' | '}' | '）'
        )
}

/// Returns whether a quotation mark is a straight one, which opens where a word is glued behind it and closes elsewhere.
pub(super) fn is_straight(c: char) -> bool {
    matches!(c, '"' | '\'')
}

/// Returns whether a mark closes quotations of speech: brackets and titles of works do not.
pub(super) fn closes_speech(c: char) -> bool {
    is_straight(c) || matches!(c, '”' | '’')
}

/// Returns whether a character is a raised figure, what joins raised figures ("1986.⁸⁻⁹"), or a dagger: a reference without brackets.
pub(super) fn is_raised(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁾' | '†' | '‡')
}

/// Returns whether a character is a picture in the text, or colours or joins pictures; figures in circles are none.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(
        c as u32,
        0x231A..=0x231B | 0x23E9..=0x23FA | 0x2600..=0x2619 | 0x2620..=0x2775 | 0x2794..=0x27BF | 0x2B05..=0x2B07 | 0x2B1B..=0x2B1C
            | 0x2B50..=0x2B55 | 0x1F000..=0x1FAFF | 0xFE0F | 0x200D | 0x20E3
    )
}

/// Returns whether a character is a Hangul letter that is part of no syllable: "ㅋㅋ", "ㅠㅠ".
pub(super) fn is_jamo(c: char) -> bool {
    ('ㄱ'..='ㅣ').contains(&c)
}

/// Returns whether faces, laughter and tears are written with a character.
pub(super) fn is_symbol(c: char) -> bool {
    is_jamo(c) || is_emoji(c) || matches!(c, '^' | '~' | ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_of_one_kind() {
        let kinds: [fn(char) -> bool; 5] = [is_stop, is_closer, is_raised, is_emoji, is_jamo];
        for c in (0..=0x10ffff).filter_map(char::from_u32) {
            let kinds = kinds.iter().filter(|is| is(c)).count();
            assert!(kinds <= 1, "{c:?}");
        }
        assert!("♥♡★☆😀👍".chars().all(is_emoji));
        assert!(!"①☞▶·".chars().any(is_emoji));
    }
}
