//! Pages: markup becomes the text of the page, what of it is the article, and what the others are.
//!
//! In:  markup of any kind. Out: `WebPage`: the whole text in document order, hidden text included, scripts and style sheets apart, and
//! which stretches are not read, with their rules. Nothing is fetched, run or looked up. Every step goes through the markup once:
//! depth, attributes and size are bounded before there is a tree.

mod feed;
mod hints;
mod main_content;
mod metadata;
mod title;
mod tokens;
mod tree;

pub use main_content::{BlockKind, PageCut, RULES, ReadBlock};

use crate::article::{Metadata, Reason};

use super::error::DecodeError;
use super::refuse::skip_declarations;

/// A page as it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebPage {
    /// Its markup.
    markup: String,
    /// What is not read, in order.
    pub cuts: Vec<PageCut>,
    /// Paragraphs, items and headings that are read, in order.
    pub blocks: Vec<ReadBlock>,
    /// The headline's bytes in the text.
    pub title: Option<(usize, usize)>,
    /// What it says about itself.
    pub metadata: Metadata,
    /// It holds several articles.
    pub several: bool,
}

impl WebPage {
    /// Returns its markup.
    pub fn into_markup(self) -> String {
        self.markup
    }
}

/// Reads a page: its text, and what of it is the article.
pub fn read(markup: String) -> Result<(String, WebPage), DecodeError> {
    if markup.len() > super::MAX_PAGE_BYTES {
        return Err(DecodeError::PageTooLarge);
    }
    let start = skip_declarations(&markup);
    let is_feed = feed::is_feed(start);
    let tree = match is_feed {
        true => tree::read(&feed::page(start)),
        false => tree::read(&markup),
    };
    let found = main_content::find(&tree, is_feed);
    let page = WebPage {
        markup,
        cuts: found.cuts,
        blocks: found.blocks,
        title: found.title,
        metadata: metadata::of(&tree.head),
        several: found.several,
    };
    Ok((tree.text, page))
}

/// The rule with this name, which the table holds.
fn rule(name: &str) -> &'static str {
    let mut rules = RULES.iter().map(|(rule, _)| *rule);
    let known = rules.find(|rule| rule.strip_prefix("html.") == Some(name));
    known.unwrap_or("html.outside")
}

/// The reason a rule of pages stands for.
pub fn reason(rule: &str) -> Option<Reason> {
    let known = RULES.iter().find(|(name, _)| *name == rule);
    known.map(|(_, reason)| *reason)
}
