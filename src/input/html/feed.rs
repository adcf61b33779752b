//! Feeds: the items of RSS and Atom become a page of articles.
//!
//! In:  the markup of a feed. Out: the markup of a page that holds its title and each item as an article. What items are told for
//! machines (addresses, categories, enclosures) is left out, but for author, date and address of the first.

use std::fmt::Write;

use html_escape::{encode_double_quoted_attribute, encode_text};

use super::tokens::{MarkupToken, MarkupTokens, decoded};

/// An item of a feed, or what the feed says of itself.
#[derive(Debug, Default)]
struct FeedEntry {
    title: String,
    /// What it says: markup.
    content: String,
    author: String,
    date: String,
    link: String,
}

/// Returns whether markup is that of a feed, from its first tag on.
pub fn is_feed(markup: &str) -> bool {
    let start = markup.as_bytes();
    let begins = |name: &str| {
        start
            .get(..name.len())
            .is_some_and(|s| s.eq_ignore_ascii_case(name.as_bytes()))
    };
    ["<rss", "<feed", "<rdf:rdf"].into_iter().any(begins)
}

/// Makes a page of a feed.
pub fn page(markup: &str) -> String {
    let items = items(markup);
    let mut page = String::with_capacity(markup.len());
    for (index, item) in items.iter().enumerate() {
        let written = match index {
            0 => write!(page, "<title>{}</title>", encode_text(&item.title)),
            _ => article(item, index == 1, &mut page),
        };
        written.expect("a string takes everything");
    }
    page
}

fn article(item: &FeedEntry, is_first: bool, page: &mut String) -> std::fmt::Result {
    if is_first {
        for (name, value) in [
            ("author", &item.author),
            ("date", &item.date),
            ("og:url", &item.link),
        ] {
            if !value.is_empty() {
                write!(
                    page,
                    "<meta name=\"{name}\" content=\"{}\">",
                    encode_double_quoted_attribute(value)
                )?;
            }
        }
        write!(
            page,
            "<meta name=\"headline\" content=\"{}\">",
            encode_double_quoted_attribute(&item.title)
        )?;
    }
    write!(
        page,
        "<article><h1>{}</h1>{}</article>",
        encode_text(&item.title),
        item.content
    )
}

/// What the feed says of itself, and its items.
fn items(markup: &str) -> Vec<FeedEntry> {
    let mut items = vec![FeedEntry::default()];
    let mut tokens = MarkupTokens::of(markup, true);
    while let Some(token) = tokens.next() {
        let MarkupToken::Open { name, closed } = token else {
            continue;
        };
        let kind = local(name).to_ascii_lowercase();
        if matches!(kind.as_str(), "item" | "entry") {
            items.push(FeedEntry::default());
            continue;
        }
        let item = items.last_mut().expect("one from the start");
        let field = match kind.as_str() {
            "title" => &mut item.title,
            "content" | "encoded" => &mut item.content,
            "description" | "summary" => &mut item.content,
            "creator" | "author" | "name" => &mut item.author,
            "pubdate" | "published" | "date" | "updated" => &mut item.date,
            "link" => {
                let href = tokens.attributes.iter().find(|(name, _)| *name == "href");
                if let Some((_, href)) = href
                    && item.link.is_empty()
                {
                    item.link = decoded(href).into_owned();
                }
                &mut item.link
            }
            _ => continue,
        };
        if closed {
            continue;
        }
        let told = inner(&mut tokens, name);
        // The whole text of an item is longer than its summary.
        let longer = matches!(
            kind.as_str(),
            "content" | "encoded" | "description" | "summary"
        );
        if field.is_empty() || longer && told.len() > field.len() {
            *field = told.trim().to_string();
        }
    }
    items
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The text within an element, its entities read once; tags within (Atom's XHTML) stay what they are.
fn inner(tokens: &mut MarkupTokens, name: &str) -> String {
    let mut text = String::new();
    let mut depth = 1;
    while let Some(token) = tokens.next() {
        match token {
            MarkupToken::Text(piece) => text.push_str(&decoded(piece)),
            MarkupToken::Verbatim(piece) => text.push_str(piece),
            MarkupToken::Open {
                name: inner,
                closed,
            } => {
                depth += usize::from(!closed && inner == name);
                if local(name) != "author" {
                    let _ = write!(text, "<{inner}>");
                }
            }
            MarkupToken::Close(inner) => {
                depth -= usize::from(inner == name);
                if depth == 0 {
                    break;
                }
                if local(name) != "author" {
                    let _ = write!(text, "</{inner}>");
                }
            }
        }
    }
    text
}
