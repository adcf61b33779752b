//! Rendering: an article, a brief or an overview is written out as text, Markdown, JSON or a page.
//!
//! In:  `Article`, `Brief` or `Overview`. Out: bytes. Nothing is decided here; escapes never reach a terminal, and no markup of the
//! article comes alive in a note.

mod article;
mod html;
mod json;
mod labels;
mod markdown;
mod note;
mod overview;
mod page;
mod schema;
mod text;

use std::io::{self, Write};

pub use article::{write_account, write_sentences};
pub use json::{write_json, write_json_line};
pub use overview::{write_briefing, write_index, write_matrix};
pub use schema::{batch_schema, brief_schema, clean_schema};
pub(crate) use schema::{schema_of, titled_schema_of};
pub use text::TextStyle;

use crate::brief::Brief;

/// The forms a brief can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For reading on a terminal.
    Text(TextStyle),
    /// The note a person would hand on.
    Markdown,
    /// The note as a page to look at, its source behind it.
    Html,
    /// For programs.
    Json,
}

impl Format {
    /// What files of this form end in.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Text(_) => "txt",
            Format::Markdown => "md",
            Format::Html => "html",
            Format::Json => "json",
        }
    }
}

/// Writes a brief whose article's text is at hand: a page then shows the paragraphs.
pub fn render_with_source(
    brief: &Brief,
    source: &str,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Html => html::write_page(brief, Some(source), out),
        _ => render(brief, format, out),
    }
}

/// Writes a brief.
pub fn render(brief: &Brief, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => write_json(brief, out),
        Format::Html => html::write_page(brief, None, out),
        Format::Markdown => markdown::write(&note::blocks(brief), out),
        Format::Text(style) => text::write(&note::blocks(brief), style, out),
    }
}
