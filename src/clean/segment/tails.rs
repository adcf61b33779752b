//! What may stand behind a stop and still belongs to its sentence: closing marks, reference marks, emoji.
//!
//! In:  a token, or the text behind a mark. Out: the same without its tail, or where the tail ends. Knows no words but those of Korean
//! reference marks.
//!
//! How sure brackets must be to hold a reference goes by where they stand: apart from their sentence they hold a number or a letter
//! (`is_number_note`), glued to a word a number, and glued behind a stop whatever is short and no sentence (`is_note`, `note_len`). Between
//! two glued Korean sentences it is a number or a few words (`korean_note_len`): other words in brackets name who speaks next.

use super::marks::{is_closer, is_emoji, is_raised, is_stop, is_straight};
use crate::language::script::is_letter;

/// Longest reference mark in brackets, in bytes: "[citation needed]", "[출처 필요]".
const LONGEST_NOTE: usize = 40;
/// What Korean reference marks are written with: "[2]", "[주 1]", "[출처 필요]".
const KOREAN_NOTE: &str = "주참고각출처필요 ";

/// Returns whether a token of marks alone belongs to the token before it: emoji, closing marks, a reference mark behind a stop.
pub(super) fn follows(before: &str, token: &str, opens_with_note: bool) -> bool {
    match token.as_bytes()[0] {
        b'[' => {
            !opens_with_note
                && is_number_note(token.as_bytes())
                && ends_in_stop(without(last_bytes(before)))
        }
        b'.' | b'!' | b'?' | b')' | b']' | 0xC2 | 0xE2 | 0xE3 | 0xEF | 0xF0 => {
            let tail = |c: char| is_emoji(c) || is_raised(c) || is_closer(c) && !is_straight(c);
            // An ellipsis of its own may stand between two headlines; behind a stop it is more of it.
            token.chars().all(|c| tail(c) || is_stop(c))
                && (!token.contains(is_stop) || ends_in_stop(without(last_bytes(before))))
        }
        _ => false,
    }
}

/// "[12]", "[a]".
fn is_number_note(token: &[u8]) -> bool {
    match token {
        [b'[', b'a'..=b'z', b']'] => true,
        [b'[', inside @ .., b']'] => {
            matches!(inside.len(), 1..=3) && inside.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// The end of a text, long enough for a stop and a few marks: a thousand marks in a row are not read a thousand times.
pub(super) fn last_bytes(text: &str) -> &str {
    let mut start = text.len().saturating_sub(64);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// Returns a token without closing marks, reference marks, emoji and blanks behind its stop.
pub(super) fn without(token: &str) -> &str {
    let mut token = token;
    loop {
        let shorter = without_notes(token)
            .trim_end_matches(|c: char| is_closer(c) || is_behind(c) || c.is_whitespace());
        if shorter.len() == token.len() {
            return token;
        }
        token = shorter;
    }
}

/// Returns a token without the reference marks behind it: "했다.[2][17]", "것이다.[참고 2]", "now.[4]:12", "half.²".
pub(super) fn without_notes(token: &str) -> &str {
    let mut token = token;
    loop {
        let bare = without_page(token).trim_end_matches(is_raised);
        let bare = if bare.ends_with(']') {
            bare
        } else {
            token.trim_end_matches(is_raised)
        };
        let shorter = match bare.rfind('[') {
            Some(open)
                if bare.ends_with(']')
                    && bare.len() - open <= LONGEST_NOTE
                    && is_note(bare, open) =>
            {
                &bare[..open]
            }
            _ => token.trim_end_matches(is_raised),
        };
        if shorter.is_empty() || shorter.len() == token.len() {
            return token;
        }
        token = shorter;
    }
}

/// Returns where the tail ends that begins at byte `at`, directly behind a stop.
pub(super) fn end_of(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else {
            return at;
        };
        let behind = rest[c.len_utf8()..].chars().next();
        let is_tail = match c {
            // A straight mark closes where nothing is glued behind it.
            _ if is_straight(c) => {
                behind.is_none_or(|c| is_closer(c) || matches!(c, '[' | '.' | ','))
            }
            _ => is_closer(c) || is_behind(c) || is_stop(c),
        };
        if is_tail {
            at += c.len_utf8();
            continue;
        }
        match note_len(text.as_bytes(), at) {
            Some(len) => at += len + page_len(&text.as_bytes()[at + len..]),
            None => return at,
        }
    }
}

/// Length of the reference mark in brackets at `at`, if one stands there: short, and no sentence of its own.
pub(super) fn note_len(bytes: &[u8], at: usize) -> Option<usize> {
    let inside = inside_brackets(bytes, at)?;
    let sentence = inside.first()?.is_ascii_uppercase() && inside.ends_with(b".");
    (!sentence).then_some(inside.len() + 2)
}

/// Length of the reference mark that opens a text, between two glued Korean sentences.
pub(super) fn korean_note_len(text: &str) -> Option<usize> {
    let len = inside_brackets(text.as_bytes(), 0)?.len();
    let inside = &text[1..1 + len];
    let plain = |c: char| c.is_ascii_digit() || KOREAN_NOTE.contains(c);
    (!inside.is_empty() && inside.chars().all(plain)).then_some(inside.len() + 2)
}

/// What stands in the brackets that open at `at`, if they close before others and soon enough for a reference.
fn inside_brackets(bytes: &[u8], at: usize) -> Option<&[u8]> {
    if bytes.get(at) != Some(&b'[') {
        return None;
    }
    let window = &bytes[at + 1..bytes.len().min(at + LONGEST_NOTE)];
    let len = memchr::memchr3(b']', b'[', b'\n', window)?;
    (window[len] == b']').then_some(&window[..len])
}

/// Returns whether the brackets from `open` on hold a reference: they stand behind a stop, or hold a number.
fn is_note(token: &str, open: usize) -> bool {
    let before = &token[..open];
    before.ends_with(|c| is_stop(c) || is_closer(c) || is_raised(c))
        || token[open + 1..token.len() - 1]
            .bytes()
            .all(|b| b.is_ascii_digit())
}

/// "now.[4]:12" without the page.
fn without_page(token: &str) -> &str {
    let bare = token.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '–' | '-'));
    match bare.strip_suffix(':') {
        Some(bare) if bare.ends_with(']') => bare,
        _ => token,
    }
}

fn page_len(behind: &[u8]) -> usize {
    let digits = |b: &[u8]| b.iter().take_while(|b| b.is_ascii_digit()).count();
    match behind {
        [b':', rest @ ..] if digits(rest) > 0 => 1 + digits(rest),
        _ => 0,
    }
}

/// Returns whether the text ends in a mark that ends sentences.
pub(super) fn ends_in_stop(text: &str) -> bool {
    text.ends_with(is_stop)
}

/// Returns whether a character behind a stop refers, shows a feeling, or is what emphasis left there.
fn is_behind(c: char) -> bool {
    is_raised(c) || is_emoji(c) || matches!(c, '*' | '_')
}

/// Returns whether the text ends in an emoji.
pub(super) fn ends_in_emoji(text: &str) -> bool {
    !text.ends_with(is_letter) && text.ends_with(is_emoji)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_marks_are_left_out() {
        for (token, expected) in [
            ("county.[4][5]", "county."),
            ("nearby.[citation needed]", "nearby."),
            ("now.[4]:12", "now."),
            ("1986.⁸⁻⁹", "1986."),
            ("wood.\"[2]", "wood."),
            ("gale.*", "gale."),
            ("serve.🔥🔥", "serve."),
            ("지어졌다[1]", "지어졌다"),
            ("다리이다.[주 1]", "다리이다."),
            ("[sic]", "[sic"),
        ] {
            assert_eq!(without(token), expected, "{token}");
        }
    }

    #[test]
    fn tails_end_before_the_next_sentence() {
        for (text, expected) in [
            (".”The", ".”"),
            (".)The", ".)"),
            (".[4][5]It", ".[4][5]"),
            (".\"It", "."),
            (".😢The", ".😢"),
            (".(A dock", "."),
        ] {
            assert_eq!(&text[..end_of(text, 1)], expected);
        }
    }
}
