//! Cleaning, in bytes of decoded text a second.

mod texts;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use sukje::clean::{CleanOptions, clean};
use texts::Kind;

fn main() {
    divan::main();
}

#[divan::bench(args = Kind::ALL, sample_count = 20)]
fn korean(bencher: Bencher, kind: Kind) {
    run(bencher, "ko", kind);
}

#[divan::bench(args = Kind::ALL, sample_count = 20)]
fn english(bencher: Bencher, kind: Kind) {
    run(bencher, "en", kind);
}

fn run(bencher: Bencher, language: &str, kind: Kind) {
    let document = texts::document(language, kind);
    let options = CleanOptions::default();
    bencher
        .counter(BytesCount::of_str(&document.text))
        .bench_local(|| clean(black_box(&document), &options));
}
