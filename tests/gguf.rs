//! GGUF files: a sound one is read whole, and everything else is refused in one line.

#![cfg(feature = "model")]

use std::time::{Duration, Instant};

use sukje::model::gguf::{self, Gguf, RopeScaling, TensorType};
use sukje_dev::random::{Quantisation, RandomModel, Shape};

/// A whole model of some 20 KB with every key that is read.
fn model(shape: &str) -> RandomModel {
    let mut shape = Shape::named(shape).expect("a known shape");
    let hyper = &mut shape.hyper;
    (hyper.hidden, hyper.feed_forward, hyper.vocab) = (32, 32, 16);
    (hyper.heads, hyper.kv_heads, hyper.head_dim) = (2, 1, 16);
    hyper.rope_scaling = RopeScaling::Linear { factor: 2.0 };
    let mut model = RandomModel::new(shape, Quantisation::Q8_0, 1);
    let vocabulary = &mut model.vocabulary;
    vocabulary.tokens.truncate(8);
    vocabulary.types.truncate(8);
    vocabulary.merges = vec!["a b".into(), "ab c".into()];
    (vocabulary.bos, vocabulary.eos, vocabulary.eot) = (Some(1), Some(2), Some(3));
    vocabulary.chat_template = Some("{{ messages }}".into());
    model
}

fn bytes(shape: &str) -> Vec<u8> {
    model(shape).to_bytes().expect("memory")
}

/// The cause of the refusal.
fn refusal(bytes: Vec<u8>) -> String {
    let error = Gguf::from_bytes("model.gguf", bytes).expect_err("a refusal");
    error.cause.to_string()
}

/// Where the bytes after `name` begin: the type of a metadata value, the dimensions of a tensor.
fn after(file: &[u8], name: &str) -> usize {
    // A name stands behind its length.
    let mut stored = (name.len() as u64).to_le_bytes().to_vec();
    stored.extend(name.as_bytes());
    let found = file.windows(stored.len()).position(|part| part == stored);
    found.expect("a name of the file") + stored.len()
}

/// A change of a sound file.
type Change = Box<dyn Fn(&mut Vec<u8>)>;

/// Overwrites what stands `skip` bytes after a name.
fn set(name: &'static str, skip: usize, new: impl AsRef<[u8]> + 'static) -> Change {
    Box::new(move |file| {
        let at = after(file, name) + skip;
        let new = new.as_ref();
        file[at..at + new.len()].copy_from_slice(new);
    })
}

/// Overwrites at a place.
fn at(place: usize, new: impl AsRef<[u8]> + 'static) -> Change {
    Box::new(move |file| file[place..place + new.as_ref().len()].copy_from_slice(new.as_ref()))
}

/// Changes the last letter of a name: then it is missing, and another is there.
fn rename(name: &'static str) -> Change {
    Box::new(move |file| {
        let end = after(file, name);
        file[end - 1] ^= 1;
    })
}

/// Puts a metadata entry before the others.
fn add(key: &'static [u8], kind: u32, value: Vec<u8>) -> Change {
    Box::new(move |file| {
        let mut entry = (key.len() as u64).to_le_bytes().to_vec();
        entry.extend(key);
        entry.extend(kind.to_le_bytes());
        entry.extend(&value);
        file.splice(24..24, entry);
        file[16] += 1;
    })
}

fn u32s(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn u64s(numbers: &[u64]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// An array of `count` values of the type `element`.
fn array(element: u32, count: u64, values: &[u8]) -> Vec<u8> {
    [&u32s(&[element])[..], &u64s(&[count]), values].concat()
}

fn check(changes: Vec<(Change, &str)>) {
    check_of("tiny-qwen3", changes);
}

fn check_of(shape: &str, changes: Vec<(Change, &str)>) {
    let sound = bytes(shape);
    for (change, expected) in changes {
        let mut file = sound.clone();
        change(&mut file);
        assert_eq!(refusal(file), expected);
    }
}

#[test]
fn a_sound_file_is_read_whole() {
    for (shape, family) in [
        ("tiny-qwen3", "qwen3"),
        ("tiny-qwen2", "qwen2"),
        ("tiny-llama", "llama"),
        ("tiny-gemma3", "gemma3"),
    ] {
        let model = model(shape);
        let file = model.to_bytes().expect("memory");
        let gguf = Gguf::from_bytes("dir/a.gguf", file.clone()).expect("a sound file");
        assert_eq!((gguf.name(), gguf.file_name()), ("dir/a.gguf", "a.gguf"));
        assert_eq!(gguf.size_bytes(), file.len() as u64);
        assert_eq!(*gguf.hyperparameters(), model.shape.hyper);
        assert_eq!(gguf.hyperparameters().family.name, family);
        assert_eq!(gguf.vocabulary().merges, model.vocabulary.merges);
        assert_eq!(gguf.vocabulary().eot, Some(3));
        assert_eq!(gguf.vocabulary().tokens[15], "[unused15]");
        let keys = gguf.tensor("blk.1.attn_k.weight").expect("a tensor");
        assert_eq!((&keys.shape[..], keys.size_bytes), (&[16, 32][..], 16 * 34));
        assert_eq!(keys.tensor_type, TensorType::Q8_0);
        let start = keys.offset as usize;
        assert_eq!(
            gguf.read(keys).expect("memory"),
            file[start..start + keys.size_bytes]
        );
        let factors = gguf.rope_factors().expect("memory");
        assert_eq!(factors.is_some(), family == "llama");
    }
}

#[test]
fn a_file_on_disk_is_read_and_hashed_through_one_descriptor() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.gguf");
    let file = bytes("tiny-llama");
    std::fs::write(&path, &file).expect("a writable folder");
    let gguf = gguf::open(&path).expect("a sound file");
    let in_memory = Gguf::from_bytes("a.gguf", file).expect("a sound file");
    // Whatever takes its place now is another file.
    std::fs::remove_file(&path).expect("a file");
    assert_eq!(
        gguf.sha256().expect("read"),
        in_memory.sha256().expect("read")
    );
    assert_eq!(gguf.sha256().expect("read").len(), 64);
    for tensor in gguf.tensors() {
        assert_eq!(
            gguf.read(tensor).expect("read"),
            in_memory.read(tensor).expect("read")
        );
    }
}

#[test]
fn a_tensor_of_another_file_is_not_read() {
    let gguf = Gguf::from_bytes("a.gguf", bytes("tiny-qwen3")).expect("a sound file");
    let mut tensor = gguf.tensors()[0].clone();
    tensor.size_bytes = usize::MAX;
    assert!(gguf.read(&tensor).is_err());
}

#[test]
fn what_is_no_regular_file_is_refused_without_waiting() {
    let folder = tempfile::tempdir().expect("a folder");
    let cause = |path: &std::path::Path| gguf::open(path).expect_err("a refusal").to_string();
    let check = |path: &std::path::Path, expected: &str| {
        assert_eq!(cause(path), format!("{}: {expected}", path.display()));
    };
    check(folder.path(), "is a folder, not a file");
    check(&folder.path().join("none.gguf"), "no such file");
    #[cfg(unix)]
    {
        let pipe = folder.path().join("pipe.gguf");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo").success());
        check(&pipe, "is not a regular file");
        check("/dev/null".as_ref(), "is not a regular file");
    }
}

#[test]
fn other_files_are_called_what_they_are() {
    let check = |file: &[u8], expected: &str| assert_eq!(refusal(file.to_vec()), expected);
    check(b"", "is an empty file, not a GGUF model");
    check(
        b"<!DOCTYPE html><html><body>404 Not Found</body></html>",
        "is a web page or other markup, not a GGUF model",
    );
    check(
        b"\x40\0\0\0\0\0\0\0{\"__metadata__\":{}}",
        "is a safetensors file, not a GGUF model",
    );
    check(
        b"PK\x03\x04\x14\0archive/data.pkl",
        "is a zip archive, perhaps of PyTorch weights, not a GGUF model",
    );
    check(b"GGU", "is truncated: it ends inside its first fields");
    check(
        b"GGUF\x03\0\0\0",
        "is truncated: it ends inside its first fields",
    );
    check(
        b"GGUF\0\0\0\x03\0\0\0\0\0\0\0\x01",
        "is a big-endian GGUF file; only little-endian ones are read",
    );
    check(
        b"GGUF\x01\0\0\0\0\0\0\0\0\0\0\0",
        "is a GGUF file of version 1; only 2 and 3 are read",
    );
}

#[test]
fn version_2_is_read() {
    let mut file = bytes("tiny-qwen3");
    file[4] = 2;
    assert!(Gguf::from_bytes("a.gguf", file).is_ok());
}

#[test]
fn counts_lengths_and_names_are_bounded() {
    check(vec![
        (
            at(8, u64s(&[1 << 63])),
            "the header lists 9223372036854775808 tensors, more than 65536",
        ),
        (
            at(16, u64s(&[65_537])),
            "the header lists 65537 metadata entries, more than 65536",
        ),
        (
            at(24, u64s(&[u64::MAX])),
            "metadata entry 0 has a name of 18446744073709551615 bytes, not 1 to 256",
        ),
        (
            add(b"", 4, u32s(&[1])),
            "metadata entry 0 has a name of 0 bytes, not 1 to 256",
        ),
        (
            add(b"\xff\xfe", 4, u32s(&[1])),
            "metadata entry 0 has a name that is not UTF-8",
        ),
        (
            Box::new(|file| file.truncate(200)),
            "is truncated: it ends inside the metadata",
        ),
        (
            Box::new(|file| {
                let end = after(file, "blk.0.attn_q.weight") + 3;
                file.truncate(end);
            }),
            "is truncated: it ends inside the list of tensors",
        ),
    ]);
}

#[test]
fn metadata_is_bounded_and_typed() {
    check(vec![
        (
            add(b"a", 77, vec![]),
            "metadata `a` has the unknown type 77",
        ),
        (
            add(b"general.name", 4, u32s(&[1])),
            "metadata `general.name` is there twice",
        ),
        (
            add(b"a", 7, vec![7]),
            "metadata `a` is a bool of the value 7",
        ),
        (
            add(b"a", 8, u64s(&[1 << 63])),
            "metadata `a` holds a text of 9223372036854775808 bytes, more than 65536",
        ),
        (
            add(b"tokenizer.chat_template.b", 8, u64s(&[(1 << 20) + 1])),
            "metadata `tokenizer.chat_template.b` holds a text of 1048577 bytes, more than 1048576",
        ),
        (
            add(b"a", 8, [&u64s(&[2])[..], b"\xff\xfe"].concat()),
            "metadata `a` holds a text that is not UTF-8",
        ),
        (
            add(b"a", 9, array(9, 1, &array(0, 0, &[]))),
            "metadata `a` is an array of arrays",
        ),
        (
            add(b"a", 9, array(77, 1, &[])),
            "metadata `a` has the unknown type 77",
        ),
        (
            add(b"a", 9, array(10, 1 << 61, &[])),
            "metadata `a` is an array of 2305843009213693952 values, more than 1048576",
        ),
        (
            add(b"a", 9, array(10, 1 << 20, &[])),
            "is truncated: it ends inside the metadata",
        ),
        (
            add(b"a\x1b[31m", 77, vec![]),
            "metadata `a\\x1b[31m` has the unknown type 77",
        ),
        (
            add(b"general.alignment", 4, u32s(&[0])),
            "metadata `general.alignment` is 0, not a power of two from 8 to 65536",
        ),
        (
            add(b"general.alignment", 4, u32s(&[48])),
            "metadata `general.alignment` is 48, not a power of two from 8 to 65536",
        ),
        (
            add(b"general.alignment", 5, u32s(&[u32::MAX])),
            "metadata `general.alignment` is of the type i32, not u32",
        ),
        (
            add(b"split.count", 2, vec![3, 0]),
            "is one of 3 parts of a split model; join the parts first",
        ),
    ]);
}

#[test]
fn arrays_that_are_not_used_are_walked_over() {
    let mut file = bytes("tiny-qwen3");
    // 32 bytes in all, so that the data stays aligned.
    add(b"abc", 9, array(0, 5, &[1; 5]))(&mut file);
    assert!(Gguf::from_bytes("a.gguf", file).is_ok());
}

#[test]
fn shapes_are_bounded() {
    check(vec![
        (
            rename("general.architecture"),
            "metadata `general.architecture` is missing",
        ),
        (
            set("general.architecture", 12, b"gemma"),
            "metadata `general.architecture` is `gemma`, not gemma3, llama, qwen2 or qwen3",
        ),
        (
            rename("qwen3.block_count"),
            "metadata `qwen3.block_count` is missing",
        ),
        (
            set("qwen3.block_count", 4, u32s(&[u32::MAX])),
            "metadata `qwen3.block_count` is 4294967295, not 1 to 256",
        ),
        (
            set("qwen3.block_count", 0, u32s(&[6])),
            "metadata `qwen3.block_count` is of the type f32, not an integer from 0 on",
        ),
        (
            set("qwen3.context_length", 4, u32s(&[0])),
            "metadata `qwen3.context_length` is 0, not 1 to 1048576",
        ),
        (
            set("qwen3.embedding_length", 4, u32s(&[65_537])),
            "metadata `qwen3.embedding_length` is 65537, not 16 to 65536",
        ),
        (
            set("qwen3.feed_forward_length", 4, u32s(&[8])),
            "metadata `qwen3.feed_forward_length` is 8, not 16 to 262144",
        ),
        (
            set("qwen3.attention.head_count", 4, u32s(&[0])),
            "metadata `qwen3.attention.head_count` is 0, not 1 to 512",
        ),
        (
            set("qwen3.attention.head_count_kv", 4, u32s(&[0])),
            "metadata `qwen3.attention.head_count_kv` is 0, not 1 to 512",
        ),
        (
            set("qwen3.attention.head_count_kv", 4, u32s(&[3])),
            "metadata `qwen3.attention.head_count_kv` is 3, which does not divide 2 heads",
        ),
        (
            set("qwen3.attention.key_length", 4, u32s(&[24])),
            "metadata `qwen3.attention.key_length` is 24, not a multiple of 16 from 16 to 512",
        ),
        (
            set("qwen3.attention.value_length", 4, u32s(&[32])),
            "metadata `qwen3.attention.value_length` is 32, not the width 16 of a head",
        ),
        (
            set("qwen3.rope.dimension_count", 4, u32s(&[8])),
            "metadata `qwen3.rope.dimension_count` is 8, not the width 16 of a head",
        ),
        (
            set(
                "qwen3.attention.layer_norm_rms_epsilon",
                4,
                f32::NAN.to_le_bytes(),
            ),
            "metadata `qwen3.attention.layer_norm_rms_epsilon` is NaN, not between 0 and 1",
        ),
        (
            set("qwen3.rope.freq_base", 4, f32::INFINITY.to_le_bytes()),
            "metadata `qwen3.rope.freq_base` is inf, not a number above 0",
        ),
        (
            set("qwen3.rope.scaling.type", 12, b"linyar"),
            "metadata `qwen3.rope.scaling.type` is `linyar`, not none or linear",
        ),
        (
            set("qwen3.rope.scaling.factor", 4, 0.5f32.to_le_bytes()),
            "metadata `qwen3.rope.scaling.factor` is 0.5, not a number from 1 on",
        ),
    ]);
}

#[test]
fn vocabularies_are_whole() {
    check(vec![
        (
            rename("tokenizer.ggml.tokens"),
            "metadata `tokenizer.ggml.tokens` is missing",
        ),
        (
            rename("tokenizer.ggml.model"),
            "metadata `tokenizer.ggml.model` is missing",
        ),
        (
            set("tokenizer.ggml.token_type", 16, u32s(&[9])),
            "metadata `tokenizer.ggml.token_type` holds the code 9, not 1 to 6",
        ),
        (
            Box::new(|file| {
                let start = after(file, "tokenizer.ggml.token_type") + 8;
                file.splice(start..start + 8 + 4, u64s(&[15]));
            }),
            "metadata `tokenizer.ggml.token_type` holds 15 values for 16 tokens",
        ),
        (
            set("tokenizer.ggml.merges", 24, b"abc"),
            "metadata `tokenizer.ggml.merges` holds, as number 0, what is no pair of parts",
        ),
        (
            set("tokenizer.ggml.eos_token_id", 4, u32s(&[16])),
            "metadata `tokenizer.ggml.eos_token_id` is 16, and there are 16 tokens",
        ),
        (
            set("tokenizer.ggml.add_bos_token", 0, u32s(&[0])),
            "metadata `tokenizer.ggml.add_bos_token` is of the type u8, not a bool",
        ),
    ]);
}

#[test]
fn tensors_are_those_of_the_family() {
    check(vec![
        (
            rename("blk.1.ffn_up.weight"),
            "tensor `blk.1.ffn_up.weighu` is none of a qwen3 model of 2 layers",
        ),
        (
            Box::new(|file| {
                let end = after(file, "blk.1.ffn_up.weight");
                file[end - "1.ffn_up.weight".len()] = b'0';
            }),
            "tensor `blk.0.ffn_up.weight` is there twice",
        ),
        (
            set("qwen3.block_count", 4, u32s(&[3])),
            "tensor `blk.2.attn_k.weight` is missing",
        ),
        (
            set("output_norm.weight", 0, u32s(&[0])),
            "tensor `output_norm.weight` has 0 dimensions, not 1 to 4",
        ),
        (
            set("output_norm.weight", 0, u32s(&[5])),
            "tensor `output_norm.weight` has 5 dimensions, not 1 to 4",
        ),
        (
            set("output_norm.weight", 4, u64s(&[0])),
            "tensor `output_norm.weight` has a dimension of the length 0",
        ),
        (
            set("token_embd.weight", 4, u64s(&[64])),
            "tensor `token_embd.weight` has the shape (16, 64), not (16, 32)",
        ),
        (
            set("token_embd.weight", 4, u64s(&[33])),
            "tensor `token_embd.weight` of the shape (16, 33) cannot be Q8_0",
        ),
        (
            set("token_embd.weight", 4, u64s(&[1 << 32, 1 << 32])),
            "tensor `token_embd.weight` of the shape (4294967296, 4294967296) cannot be Q8_0",
        ),
        (
            set("token_embd.weight", 12, u64s(&[4])),
            "tensor `token_embd.weight` has the shape (4, 32), not (16, 32)",
        ),
        (
            set("token_embd.weight", 20, u32s(&[16])),
            "tensor `token_embd.weight` is IQ2_XXS, which is not supported; supported are F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS",
        ),
        (
            set("token_embd.weight", 20, u32s(&[200])),
            "tensor `token_embd.weight` has the unknown type 200",
        ),
        (
            set("output_norm.weight", 12, u32s(&[1])),
            "tensor `output_norm.weight` is F16, not F32",
        ),
    ]);
    check_of(
        "tiny-llama",
        vec![(
            Box::new(|file| {
                let gguf = Gguf::from_bytes("a.gguf", file.clone()).expect("a sound file");
                let offset = gguf.tensor("rope_freqs.weight").expect("factors").offset as usize;
                file[offset..offset + 4].copy_from_slice(&f32::NAN.to_le_bytes());
            }),
            "tensor `rope_freqs.weight` holds NaN, not numbers above 0",
        )],
    );
}

#[test]
fn tensors_lie_one_behind_the_other_inside_the_file() {
    check(vec![
        (
            set("token_embd.weight", 24, u64s(&[1])),
            "tensor `token_embd.weight` begins at 1, not at a multiple of 32",
        ),
        (
            set("token_embd.weight", 24, u64s(&[1 << 40])),
            "is truncated: it ends inside tensor `token_embd.weight`",
        ),
        (
            set("token_embd.weight", 24, u64s(&[u64::MAX - 31])),
            "is truncated: it ends inside tensor `token_embd.weight`",
        ),
        (
            set("output_norm.weight", 16, u64s(&[0])),
            "tensor `output_norm.weight` overlaps the tensor before it",
        ),
        (
            set("token_embd.weight", 24, u64s(&[32])),
            "tensor `token_embd.weight` leaves a hole before it",
        ),
        (
            Box::new(|file| file.truncate(file.len() - 1)),
            "is truncated: it ends inside tensor `blk.1.attn_k_norm.weight`",
        ),
        (
            Box::new(|file| file.extend(b"garbage")),
            "holds 7 bytes after its last tensor",
        ),
    ]);
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// One damage somewhere in the first `header` bytes.
fn damage(file: &mut Vec<u8>, header: usize, random: &mut Random) {
    let at = random.below(header.min(file.len()).max(1));
    let extremes = [
        0,
        1,
        7,
        32,
        255,
        (1 << 31) - 1,
        1 << 31,
        u64::from(u32::MAX),
        1 << 32,
        1 << 62,
        1 << 63,
        u64::MAX,
        file.len() as u64,
    ];
    let mut overwrite = |new: &[u8]| {
        let end = file.len().min(at + new.len());
        file[at..end].copy_from_slice(&new[..end - at]);
    };
    match random.below(7) {
        0 => overwrite(&[random.next() as u8]),
        1 => overwrite(&random.of(&extremes).to_le_bytes()),
        2 => overwrite(&(random.of(&extremes) as u32).to_le_bytes()),
        3 => file[at] ^= 1 << random.below(8),
        4 => file.truncate(at),
        5 => {
            let end = file.len().min(at + 1 + random.below(64));
            file.drain(at..end);
        }
        _ => {
            let from = random.below(file.len());
            let to = file.len().min(from + 1 + random.below(64));
            let copy = file[from..to].to_vec();
            file.splice(at..at, copy);
        }
    }
}

#[test]
fn damaged_headers_are_refused_in_one_short_line() {
    let sound: Vec<(Vec<u8>, usize)> = ["tiny-qwen3", "tiny-qwen2", "tiny-llama", "tiny-gemma3"]
        .into_iter()
        .map(|shape| {
            let file = bytes(shape);
            let gguf = Gguf::from_bytes(shape, file.clone()).expect("a sound file");
            (file, gguf.tensors()[0].offset as usize)
        })
        .collect();
    let mut random = Random(1);
    let mut refused = 0;
    for _ in 0..20_000 {
        let (file, header) = &sound[random.below(sound.len())];
        let mut file = file.clone();
        for _ in 0..random.of(&[1, 1, 1, 2, 4]) {
            if !file.is_empty() {
                damage(&mut file, *header, &mut random);
            }
        }
        let start = Instant::now();
        let read = Gguf::from_bytes("mutant.gguf", file);
        assert!(start.elapsed() < Duration::from_secs(2));
        if let Err(error) = read {
            let line = error.to_string();
            assert!(
                line.len() <= 300 && !line.contains(char::is_control),
                "{line:?}"
            );
            refused += 1;
        }
    }
    // What is left changed a name, a token or a number into another sound one.
    assert!(refused > 15_000, "only {refused} were refused");
}
