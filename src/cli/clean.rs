//! `sukje clean`: the article's own sentences, and what was removed and why.

use sukje::clean::{CleanOptions, clean};
use sukje::render::{write_account, write_json, write_sentences};

use super::args::{CleanArgs, CleanFormat};
use super::exit::{Exit, Stop};
use super::input;
use super::output::{Output, text_style};

pub fn run(args: &CleanArgs) -> Result<Exit, Stop> {
    let text_output = args
        .emit_text
        .as_deref()
        .map(|path| Output::open(Some(path)))
        .transpose()?;
    let output = Output::open(args.output.output.as_deref())?;
    let document = input::document(&args.input, "clean")?;
    if let Some(text_output) = text_output {
        text_output.write(|out| out.write_all(document.text.as_bytes()))?;
    }
    let options = CleanOptions {
        language: args.lang.language(),
        keep: args.keep.clone(),
        threshold: args.threshold.threshold(),
    };
    let article = clean(&document, &options);
    if article.sentences.is_empty() {
        return Err(input::no_article(&args.input));
    }
    output.write(|out| match args.format {
        _ if args.explain => write_account(&article, text_style(&args.output), out),
        CleanFormat::Text => write_sentences(&article, out),
        CleanFormat::Json => write_json(&article, out),
    })?;
    Ok(Exit::Done)
}
