//! Metadata: what a page says about itself for machines, in `meta` elements and JSON-LD.
//!
//! In:  a tree's head. Out: author, outlet, date and address, without places: they do not stand in the text.

use serde_json::Value;

use super::tree::{Head, Tree};
use crate::article::{Metadata, MetadataField};
use crate::language::data::{self, List};

/// The names of `meta` elements, the likeliest first.
static AUTHORS: List = List::of(&data::PAGES, "meta_authors");
static OUTLETS: List = List::of(&data::PAGES, "meta_outlets");
static DATES: List = List::of(&data::PAGES, "meta_dates");
/// Longest value that is taken over, in bytes.
const LONGEST: usize = 300;
/// Objects of JSON-LD within each other.
const MOST_DEPTH: usize = 6;

/// Reads what a page says about itself.
pub fn of(head: &Head) -> Metadata {
    let scripts: Vec<Value> = head.json.iter().filter_map(|text| parsed(text)).collect();
    let article = scripts.iter().find_map(|script| article(script, 0));
    let meta = |names: &[&str]| {
        let named = |name: &&str| head.metas.iter().find(|(n, v)| n == *name && !v.is_empty());
        names.iter().find_map(named).map(|(_, value)| value.clone())
    };
    let told = |key: &str| said(article?.get(key)?, 0);
    // An address in the place of a name says nothing to a reader.
    let name = |value: &String| !value.contains("://") && !value.starts_with('@');
    let author = told("author").filter(name);
    let author = author.or_else(|| meta(&AUTHORS).filter(name));
    let outlet = meta(&OUTLETS).or_else(|| told("publisher"));
    let date = told("datePublished").or_else(|| meta(&DATES));
    let url = head
        .canonical
        .clone()
        .or_else(|| meta(&["og:url"]))
        .filter(|url| url.contains("://"));
    Metadata {
        author: author.and_then(field),
        outlet: outlet.and_then(field),
        date: date.and_then(field),
        url: url.and_then(field),
    }
}

/// The headline of the article JSON-LD speaks of.
pub fn headline(tree: &Tree) -> Option<String> {
    let scripts = tree.head.json.iter().filter_map(|text| parsed(text));
    scripts
        .into_iter()
        .find_map(|script| said(article(&script, 0)?.get("headline")?, 0))
}

fn parsed(text: &str) -> Option<Value> {
    let text = text.trim();
    let text = text.strip_prefix("<!--").unwrap_or(text);
    let text = text.strip_suffix("-->").unwrap_or(text);
    serde_json::from_str(text.trim().trim_end_matches(';')).ok()
}

/// The first object of a kind of article.
fn article(value: &Value, depth: usize) -> Option<&Value> {
    if depth > MOST_DEPTH {
        return None;
    }
    match value {
        Value::Array(values) => values.iter().find_map(|value| article(value, depth + 1)),
        Value::Object(fields) => {
            let is_article = |kind: &Value| {
                kind.as_str().is_some_and(|k| {
                    k.ends_with("Article") || k.ends_with("Posting") || k == "Report"
                })
            };
            let is = match fields.get("@type") {
                Some(Value::Array(kinds)) => kinds.iter().any(is_article),
                Some(kind) => is_article(kind),
                None => false,
            };
            if is {
                return Some(value);
            }
            ["@graph", "mainEntity"]
                .iter()
                .find_map(|key| article(fields.get(*key)?, depth + 1))
        }
        _ => None,
    }
}

/// What a value says in words: itself, its name, or those of several.
fn said(value: &Value, depth: usize) -> Option<String> {
    if depth > 2 {
        return None;
    }
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Object(fields) => said(fields.get("name")?, depth + 1),
        Value::Array(values) => {
            let names: Vec<String> = values
                .iter()
                .take(8)
                .filter_map(|v| said(v, depth + 1))
                .collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        _ => None,
    }
}

fn field(text: String) -> Option<MetadataField> {
    let decoded = super::tokens::decoded(&text);
    let text = decoded.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty() && text.len() <= LONGEST).then_some(MetadataField {
        text,
        start: None,
        end: None,
    })
}
