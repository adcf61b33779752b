//! Author, outlet and date, read out of the lines that were removed.

use std::sync::LazyLock;

use regex::Regex;

use super::Draft;
use super::rules::pattern;
use crate::article::{Language, Metadata, MetadataField, Reason};

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?:19|20)[0-9]{2} ?[.\-/년] ?[0-9]{1,2} ?[.\-/월] ?[0-9]{1,2} ?일?",
        r"|(?-u:\b)[0-9]{1,2}(?:st|nd|rd|th)? +(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? +(?:19|20)[0-9]{2}",
        r"|(?-u:\b)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? +[0-9]{1,2}(?:st|nd|rd|th)?,? +(?:19|20)[0-9]{2}",
        r"|(?-u:\b)[0-9]{1,2}\.[0-9]{1,2}\.? +[0-9]{1,2}:[0-9]{2}",
    ))
});
static URL: LazyLock<Regex> = LazyLock::new(|| pattern(r#"https?://[^\s"'<>)\]]+"#));
static AUTHOR_KO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[ =·|/\]】)(:])([가-힣]{2,4}) *(?:[가-힣A-Za-z]{0,12} )?(?:[가-힣]{0,8})(?:기자|특파원|논설위원|칼럼니스트|연구위원|연구원|편집위원|교수|대표|소장|평론가|작가|변호사|기록자|에디터|앵커|통신원|위원)|^¤*(?:글|취재|정리|필자|작성자|글쓴이|기고) *[:=·|]? *([가-힣]{2,8})",
    )
});
static AUTHOR_EN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?-u:\b)[Bb][Yy] +((?:Dr\.? |Prof\.? )?[A-Z][가-힣A-Za-z0-9'’.-]*(?: +(?:[A-Z][가-힣A-Za-z0-9'’.-]*|van|de|von|da|del|der|al)){1,3})|^¤*([A-Z][가-힣A-Za-z0-9'’-]+(?: +[A-Z][가-힣A-Za-z0-9'’.-]*){1,2}) +(?:is|was|covers|writes|teaches)(?-u:\b)",
    )
});
static OUTLET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:ⓒ|©|copyright|저작권자)[ ©ⓒ:]*(?:(?:19|20)[0-9]{2})?[ ,.©ⓒ:]*((?:the +)?[가-힣A-Za-z][가-힣A-Za-z0-9&'’· ]{1,40})",
    )
});

/// What the removed lines tell, each value with its place.
pub fn collect(draft: &Draft) -> Metadata {
    let mut metadata = Metadata::default();
    for i in 0..draft.units.len() {
        let Some(mark) = draft.marks[i] else { continue };
        let raw = draft.raw(i);
        let start = draft.units[i].start;
        if matches!(mark.reason, Reason::Metadata | Reason::Byline) {
            first(&mut metadata.date, &DATE, raw, start);
        }
        if mark.reason == Reason::Byline || mark.reason == Reason::Metadata && raw.contains("By ") {
            let pattern = if draft.style.language == Language::Ko {
                &AUTHOR_KO
            } else {
                &AUTHOR_EN
            };
            first(&mut metadata.author, pattern, raw, start);
        }
        if mark.reason == Reason::Copyright {
            first(&mut metadata.outlet, &OUTLET, raw, start);
        }
        if mark.reason == Reason::Metadata {
            first(&mut metadata.url, &URL, raw, start);
        }
    }
    trim_outlet(&mut metadata.outlet);
    metadata
}

/// Fills `field` with the pattern's first group (or whole match) where it is still empty.
fn first(field: &mut Option<MetadataField>, pattern: &Regex, raw: &str, start: usize) {
    if field.is_some() {
        return;
    }
    let Some(found) = pattern.captures(raw) else {
        return;
    };
    let part = found
        .iter()
        .skip(1)
        .flatten()
        .next()
        .or_else(|| found.get(0))
        .expect("group 0 always matches");
    let text = part.as_str().trim();
    let from = start + part.start() + (part.as_str().len() - part.as_str().trim_start().len());
    *field = Some(MetadataField {
        text: text.to_string(),
        start: Some(from),
        end: Some(from + text.len()),
    });
}

/// The words of a rights notice that follow the outlet's name are no part of it.
fn trim_outlet(outlet: &mut Option<MetadataField>) {
    let Some(field) = outlet else { return };
    let cut = [
        "무단",
        "All",
        "all",
        "재배포",
        "저작권",
        "에 있",
        "Inc",
        "본 ",
    ]
    .iter()
    .filter_map(|w| field.text.find(w))
    .min();
    if let Some(cut) = cut {
        field.text.truncate(cut);
    }
    let kept = field.text.trim_end().len();
    field.text.truncate(kept);
    field.end = field.start.map(|s| s + kept);
    if field.text.is_empty() {
        *outlet = None;
    }
}
