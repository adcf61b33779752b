//! A whole brief of a decoded article: cleaned, outlined, verified and rendered as Markdown.

mod texts;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use sukje::clean::{CleanOptions, clean};
use sukje::input::Document;
use sukje::outline::{Lens, OutlineOptions, outline};
use sukje::render::{Format, render};
use sukje::verify::verify;
use texts::Kind;

fn main() {
    divan::main();
}

#[divan::bench(args = Kind::ALL, sample_count = 10)]
fn korean(bencher: Bencher, kind: Kind) {
    run(bencher, "ko", kind);
}

#[divan::bench(args = Kind::ALL, sample_count = 10)]
fn english(bencher: Bencher, kind: Kind) {
    run(bencher, "en", kind);
}

fn run(bencher: Bencher, language: &str, kind: Kind) {
    let document = texts::document(language, kind);
    let options = OutlineOptions {
        lens: Lens::builtin("five-challenges").expect("built in"),
        output_language: None,
    };
    bencher
        .counter(BytesCount::of_str(&document.text))
        .bench_local(|| brief(black_box(&document), &options));
}

fn brief(document: &Document, options: &OutlineOptions) -> Vec<u8> {
    let article = clean(document, &CleanOptions::default());
    let brief = verify(&article, outline(&article, options));
    let mut note = Vec::new();
    render(&brief, Format::Markdown, &mut note).expect("a vector takes everything");
    note
}
