//! The note as one page: the brief, and behind it the source with what was removed.
//!
//! In:  `Brief`. Out: HTML that loads nothing and reads without its script. Receipts are links to sentences, sentences link back to the
//! lines that rest on them; the script only marks what belongs together. Nothing of an article is markup there.

mod lines;
mod source;
mod strip;

use std::io::{self, BufWriter, Write};
use std::sync::LazyLock;

use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use self::lines::NotePage;
use super::labels::{Labels, page_labels};
use super::note::{self, Block};
use super::page::PageTemplates;
use crate::brief::Brief;
use crate::language::OncePerLanguage;

static TEMPLATES: LazyLock<PageTemplates> = LazyLock::new(|| {
    let templates = [("note", include_str!("page/note.html"))];
    let (style, script) = (
        include_str!("page/style.css"),
        include_str!("page/script.js"),
    );
    PageTemplates::load(&templates, style, script).expect("a test loads them")
});

/// Writes the page of a brief; with the decoded text, which its places refer to, in that text's paragraphs.
pub fn write_page(brief: &Brief, source: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    static WORDS: OncePerLanguage<Value> = OncePerLanguage::new();
    let language = brief.output_language;
    let words = WORDS.get_or_make(language, |language| {
        Value::from_pairs(page_labels(language))
    });
    let labels = Labels::of(language);
    let note = NotePage::of(brief);
    let title = brief.article.title.as_ref();
    let removed = strip::removed(brief, labels);
    let page = context! {
        l => words.clone(),
        language => brief.article.language.code(),
        output_language => language.code(),
        title => title.map_or(labels.untitled, |title| &title.text),
        title_language => title.map_or(language, |_| brief.article.language).code(),
        strip => value(strip::rows(brief, labels)),
        removed => value(removed),
        source => value(source::units(brief, source, &note, labels)),
        note => value(note),
        facts => value(facts(brief)),
    };
    let mut out = BufWriter::new(out);
    TEMPLATES.write("note", page, &mut out)?;
    out.flush()
}

fn value(of: impl Serialize) -> Value {
    Value::from(Serde(of))
}

/// Says how the note was made: what, and the value.
fn facts(brief: &Brief) -> Vec<(&'static str, String)> {
    let facts = note::made(brief).into_iter();
    let facts = facts.filter_map(|block| match block {
        Block::Fact { label, value } => Some((label, value.into_owned())),
        _ => None,
    });
    facts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_load() {
        LazyLock::force(&TEMPLATES);
    }
}
