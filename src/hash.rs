//! SHA-256, as it is written: sixty-four hexadecimal digits.

#[cfg(feature = "model")]
use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// Bytes hashed at a time.
#[cfg(feature = "model")]
const STEP_BYTES: usize = 1 << 20;

/// The hash of bytes.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex(Sha256::new_with_prefix(bytes))
}

/// A hash, finished.
pub(crate) fn hex(hash: Sha256) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    let bytes = hash.finalize();
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(digit).collect()
}

/// Feeds all that is left of a stream to a hash; gives how much that was.
#[cfg(feature = "model")]
pub(crate) fn feed(stream: &mut impl Read, hash: &mut Sha256) -> io::Result<u64> {
    let mut buffer = vec![0; STEP_BYTES];
    let mut fed = 0;
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(fed),
            Ok(read) => {
                hash.update(&buffer[..read]);
                fed += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_written_in_64_digits() {
        // FIPS 180-4's example.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256("abc"), expected);
    }
}
