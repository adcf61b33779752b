//! What a file is that does not begin as GGUF does.

/// So many first bytes are looked at.
pub(super) const START_BYTES: usize = 512;

/// First bytes of files that get named `.gguf`, and what people call them.
const SIGNATURES: [(&[u8], &str); 11] = [
    (b"PK\x03\x04", "a zip archive, perhaps of PyTorch weights"),
    (b"\x80\x02", "a Python pickle, perhaps of PyTorch weights"),
    (b"\x80\x03", "a Python pickle, perhaps of PyTorch weights"),
    (b"\x80\x04", "a Python pickle, perhaps of PyTorch weights"),
    (b"\x80\x05", "a Python pickle, perhaps of PyTorch weights"),
    (
        b"version https://git-lfs",
        "a Git LFS pointer to a file elsewhere",
    ),
    (b"FUGG", "a GGUF file of the other byte order"),
    (b"lmgg", "a GGML file of the time before GGUF"),
    (b"fmgg", "a GGML file of the time before GGUF"),
    (b"tjgg", "a GGML file of the time before GGUF"),
    (b"\x1f\x8b", "a gzip archive"),
];

/// Returns the kind of file these first bytes begin.
pub(super) fn kind(start: &[u8]) -> &'static str {
    if start.is_empty() {
        return "an empty file";
    }
    if let Some((_, kind)) = SIGNATURES
        .iter()
        .find(|(bytes, _)| start.starts_with(bytes))
    {
        return kind;
    }
    if is_safetensors(start) {
        return "a safetensors file";
    }
    match start.trim_ascii_start() {
        [b'<', ..] => "a web page or other markup",
        [b'{', ..] => "a JSON text",
        _ => "an unknown kind of file",
    }
}

/// Reads the length of a JSON object, then the object.
fn is_safetensors(start: &[u8]) -> bool {
    let Some((length, json)) = start.split_first_chunk::<8>() else {
        return false;
    };
    (2..100 << 20).contains(&u64::from_le_bytes(*length)) && json.first() == Some(&b'{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_named_gguf_are_called_what_they_are() {
        let check = |start: &[u8], expected: &str| assert_eq!(kind(start), expected);
        check(b"", "an empty file");
        check(b"\n<!DOCTYPE html><html>404", "a web page or other markup");
        check(b"\x10\0\0\0\0\0\0\0{\"t\":{}}", "a safetensors file");
        check(
            b"PK\x03\x04\0\0",
            "a zip archive, perhaps of PyTorch weights",
        );
        check(b"{\"error\": \"not found\"}", "a JSON text");
        check(
            b"version https://git-lfs.github.com/spec/v1\n",
            "a Git LFS pointer to a file elsewhere",
        );
        check(b"GGML", "an unknown kind of file");
    }
}
