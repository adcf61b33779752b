//! The decoder on small models of random weights: every family and storage, any split of the same tokens.
#![cfg(feature = "model")]

use sukje::model::gguf::Gguf;
use sukje::model::{
    CacheType, Decode, Decoder, DecoderOptions, Device, Segment, Sequence, StepError, Want,
};
use sukje_dev::random::{Quantisation, RandomModel, Shape};

const FAMILIES: [&str; 4] = ["tiny-qwen3", "tiny-qwen2", "tiny-llama", "tiny-gemma3"];

/// Logits of the same tokens, split otherwise, differ by no more. A GPU multiplies one row and several in other orders,
/// and what was rounded otherwise is rounded otherwise again where activations become whole numbers.
fn tolerance() -> f32 {
    if options().device.is_cpu() { 1e-4 } else { 0.1 }
}

/// The first GPU where there is one and the program was built for it, else the CPU.
fn options() -> DecoderOptions {
    DecoderOptions {
        device: Device::cuda_if_available(0).expect("a device that is there works"),
        ..DecoderOptions::default()
    }
}

fn model(shape: &str, quantisation: Quantisation) -> Gguf {
    let shape = Shape::named(shape).expect("a known shape");
    let bytes = RandomModel::new(shape, quantisation, 7)
        .to_bytes()
        .expect("in memory");
    Gguf::from_bytes("random.gguf", bytes).expect("a sound file")
}

fn decoder(shape: &str, quantisation: Quantisation) -> Decoder {
    Decoder::load(&model(shape, quantisation), &options()).expect("a sound model")
}

/// Small, seeded, good enough to vary tests.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % bound
    }

    fn tokens(&mut self, count: usize, vocab: usize) -> Vec<u32> {
        (0..count).map(|_| self.below(vocab) as u32).collect()
    }
}

fn step(decoder: &Decoder, sequence: &mut Sequence, tokens: &[u32], want: Want) -> Vec<Vec<f32>> {
    let logits = decoder
        .step(&mut [Segment {
            sequence,
            tokens,
            want,
        }])
        .expect("a step");
    (0..logits.len())
        .map(|row| logits.row(row).to_vec())
        .collect()
}

fn difference(a: &[f32], b: &[f32]) -> f32 {
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max)
}

/// Feeds `tokens` in random pieces, with forks, and with wrong tokens that are taken back, and gives every row.
fn in_pieces(decoder: &Decoder, tokens: &[u32], dice: &mut Dice) -> Vec<Vec<f32>> {
    let mut sequence = decoder.start();
    let mut rows = Vec::new();
    while rows.len() < tokens.len() {
        if dice.below(3) == 0 {
            let length = decoder.len(&sequence);
            let wrong = dice.tokens(1 + dice.0 as usize % 5, decoder.vocab());
            step(decoder, &mut sequence, &wrong, Want::Nothing);
            decoder.truncate(&mut sequence, length);
        }
        if dice.below(3) == 0 {
            let mut fork = decoder.fork(&mut sequence);
            std::mem::swap(&mut fork, &mut sequence);
            let other = dice.tokens(3, decoder.vocab());
            step(decoder, &mut fork, &other, Want::Last);
        }
        if dice.below(6) == 0 && rows.len() > 2 {
            let back = dice.below(rows.len().min(8));
            rows.truncate(rows.len() - back);
            decoder.truncate(&mut sequence, rows.len());
        }
        let most = if dice.below(3) == 0 { 1 } else { 12 };
        let count = (1 + dice.below(most)).min(tokens.len() - rows.len());
        let piece = &tokens[rows.len()..rows.len() + count];
        rows.extend(step(decoder, &mut sequence, piece, Want::From(0)));
    }
    rows
}

/// How often tokens are split anew: `.ci/full` tries more.
fn splits_of_each() -> usize {
    if sukje_dev::is_thorough() { 24 } else { 4 }
}

#[test]
fn any_split_of_the_same_tokens_gives_the_same_logits() {
    let mut dice = Dice(1);
    let mut splits = 0;
    for shape in FAMILIES {
        // Every storage once, and of every family a mix.
        let some = [Quantisation::F32, Quantisation::Q8_0, Quantisation::Q4_K_M];
        let quantisations = match shape {
            "tiny-qwen3" => &Quantisation::ALL[..],
            _ => &some[..],
        };
        for &quantisation in quantisations {
            let decoder = decoder(shape, quantisation);
            let tokens = dice.tokens(20, decoder.vocab());
            let expected = step(&decoder, &mut decoder.start(), &tokens, Want::From(0));
            for _ in 0..splits_of_each() {
                let got = in_pieces(&decoder, &tokens, &mut dice);
                for (row, (got, expected)) in got.iter().zip(&expected).enumerate() {
                    let difference = difference(got, expected);
                    assert!(
                        difference <= tolerance(),
                        "{shape} {quantisation:?} row {row}: {difference}"
                    );
                }
                splits += 1;
            }
        }
    }
    assert!(splits >= 20 * splits_of_each(), "{splits}");
}

#[test]
fn a_batch_of_sequences_gives_what_each_gives_alone() {
    let mut dice = Dice(2);
    for shape in FAMILIES {
        let decoder = decoder(shape, Quantisation::Q4_K_M);
        let prefix = dice.tokens(40, decoder.vocab());
        let mut shared = decoder.start();
        step(&decoder, &mut shared, &prefix, Want::Nothing);
        let mut forks: Vec<Sequence> = (0..8).map(|_| decoder.fork(&mut shared)).collect();
        let news: Vec<Vec<u32>> = (0..8)
            .map(|index| dice.tokens(1 + index % 3, decoder.vocab()))
            .collect();
        let mut segments: Vec<_> = forks
            .iter_mut()
            .zip(&news)
            .map(|(sequence, tokens)| Segment {
                sequence,
                tokens,
                want: Want::Last,
            })
            .collect();
        let together = decoder.step(&mut segments).expect("a step");
        for (row, new) in news.iter().enumerate() {
            let whole = [&prefix[..], new].concat();
            let alone = step(&decoder, &mut decoder.start(), &whole, Want::Last);
            assert!(
                difference(together.row(row), &alone[0]) <= tolerance(),
                "{shape} {row}"
            );
        }
    }
}

#[test]
fn a_cache_of_half_precision_stays_near_one_of_single_precision() {
    let file = model("tiny-qwen3", Quantisation::F32);
    let tokens = Dice(3).tokens(200, 512);
    let rows = [CacheType::F16, CacheType::F32].map(|cache| {
        let options = DecoderOptions {
            cache,
            ..DecoderOptions::default()
        };
        let decoder = Decoder::load(&file, &options).expect("a sound model");
        step(&decoder, &mut decoder.start(), &tokens, Want::Last).remove(0)
    });
    let difference = difference(&rows[0], &rows[1]);
    assert!(difference > 0.0 && difference < 0.02, "{difference}");
}

#[test]
fn positions_beyond_4096_are_told_apart() {
    for shape in &FAMILIES[..3] {
        let decoder = decoder(shape, Quantisation::Q8_0);
        let tokens = Dice(4).tokens(5000, decoder.vocab());
        let mut sequence = decoder.start();
        for tokens in tokens.chunks(500) {
            step(&decoder, &mut sequence, tokens, Want::Nothing);
        }
        let next = [1];
        let far = step(&decoder, &mut sequence, &next, Want::Last);
        decoder.truncate(&mut sequence, 4199);
        let nearer = step(&decoder, &mut sequence, &next, Want::Last);
        assert!(difference(&far[0], &nearer[0]) > tolerance(), "{shape}");
    }
}

#[test]
fn a_step_that_cannot_be_made_leaves_the_sequences_as_they_were() {
    let options = DecoderOptions {
        context: Some(10),
        ..DecoderOptions::default()
    };
    let decoder =
        Decoder::load(&model("tiny-qwen2", Quantisation::Q8_0), &options).expect("a sound model");
    let mut sequence = decoder.start();
    step(&decoder, &mut sequence, &[1, 2, 3], Want::Nothing);
    let failed = |sequence: &mut Sequence, tokens: &[u32]| {
        decoder
            .step(&mut [Segment {
                sequence,
                tokens,
                want: Want::Last,
            }])
            .expect_err("it cannot be made")
    };
    let error = failed(&mut sequence, &[0; 8]);
    assert!(
        matches!(
            error,
            StepError::ContextFull {
                needed: 11,
                context: 10
            }
        ),
        "{error}"
    );
    let error = failed(&mut sequence, &[512]);
    assert!(
        matches!(
            error,
            StepError::UnknownToken {
                token: 512,
                vocab: 512
            }
        ),
        "{error}"
    );
    assert_eq!(decoder.len(&sequence), 3);
    step(&decoder, &mut sequence, &[0; 7], Want::Last);
}

#[test]
fn damaged_weights_are_an_error_and_never_a_logit() {
    let shape = Shape::named("tiny-qwen3").expect("a known shape");
    let mut bytes = RandomModel::new(shape, Quantisation::F32, 7)
        .to_bytes()
        .expect("in memory");
    let at = bytes.len() - 4096;
    bytes[at..at + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    let file = Gguf::from_bytes("random.gguf", bytes).expect("the header is sound");
    let decoder = Decoder::load(&file, &options()).expect("nothing looks at every weight");
    let mut sequence = decoder.start();
    let mut segments = [Segment {
        sequence: &mut sequence,
        tokens: &[1, 2, 3],
        want: Want::Last,
    }];
    let error = decoder
        .step(&mut segments)
        .expect_err("a logit is no number");
    assert!(matches!(error, StepError::NotFinite), "{error}");
    assert_eq!(decoder.len(&sequence), 0);
}
