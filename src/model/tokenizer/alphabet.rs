//! The byte alphabet: how byte-level vocabularies write any byte as a printable character.
//!
//! In:  bytes, or a token as its file writes it. Out: the other of the two. Printable Latin-1 stands for itself, and
//! the other 68 bytes, in their order, are U+0100 and on.

/// Returns the character that stands for a byte.
pub fn letter(byte: u8) -> char {
    let offset = match byte {
        0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff => return byte as char,
        0..=0x20 => byte as u32,
        0x7f..=0xa0 => 0x21 + (byte as u32 - 0x7f),
        0xad => 0x43,
    };
    char::from_u32(0x100 + offset).expect("U+0100 to U+0143 are characters")
}

/// Returns the byte a character stands for.
fn byte(letter: char) -> Option<u8> {
    let byte = match letter as u32 {
        code @ (0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff) => code,
        code @ 0x100..=0x120 => code - 0x100,
        code @ 0x121..=0x142 => code - 0x121 + 0x7f,
        0x143 => 0xad,
        _ => return None,
    };
    u8::try_from(byte).ok()
}

/// Appends bytes as the alphabet writes them.
pub(super) fn spell(bytes: &[u8], out: &mut String) {
    out.extend(bytes.iter().copied().map(letter));
}

/// Returns the bytes of a token; none if a character of it is not of the alphabet.
pub(super) fn bytes(token: &str) -> Option<Vec<u8>> {
    token.chars().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_a_letter_of_its_own() {
        for value in 0..=255 {
            assert_eq!(byte(letter(value)), Some(value));
        }
        assert_eq!(
            [' ', '\n', '\u{ad}'].map(|c| letter(c as u8)),
            ['Ġ', 'Ċ', 'Ń']
        );
        assert_eq!(bytes("ĠíķľA"), Some(" 한A".into()));
        assert_eq!(bytes("한"), None);
    }
}
