//! Reading: the decoded text becomes what is read of it, each piece with its place.
//!
//! In:  the decoded text, and its form where one is given. Out: `Reading`: composed Hangul, entities as what they stand for, without
//! quoting, stamps, link targets and running heads. Never changes a text that has none of these, and never loses a place.

mod characters;
mod mail;
mod markdown;
mod pages;
mod pieces;
mod substrings;
mod subtitles;
mod wraps;

pub use pieces::Reading;

use super::html::{WebPage, reason as page_reason};
use crate::article::Reason;
use pieces::Edit;

/// The form of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum TextForm {
    /// Found from what stands in the text.
    #[default]
    Auto,
    /// Running text: only characters are read as what they stand for.
    Text,
    /// Markdown.
    Markdown,
    /// Mail, with its headers and quoting.
    Mail,
    /// Subtitles and transcripts with times (WebVTT, SubRip).
    Subtitles,
    /// A page or a feed, in its markup.
    Html,
}

impl TextForm {
    /// Returns the form the end of a file's name stands for; `Auto` where it says nothing.
    pub fn of_name(name: &str) -> TextForm {
        let end = name.rsplit_once('.').map_or("", |(_, end)| end);
        match end.to_ascii_lowercase().as_str() {
            "md" | "markdown" => TextForm::Markdown,
            "eml" => TextForm::Mail,
            "vtt" | "srt" => TextForm::Subtitles,
            "html" | "htm" | "xhtml" | "mhtml" | "mht" | "rss" | "atom" => TextForm::Html,
            _ => TextForm::Auto,
        }
    }

    /// Returns whether a text may be of `other`, as far as is known.
    fn may_be(self, other: TextForm) -> bool {
        self == other || self == TextForm::Auto
    }
}

/// Finds what is read of a text.
pub fn read(text: &str, form: TextForm) -> Reading<'_> {
    let mut reading = Reading::of(text);
    reading.apply(characters::entities);
    reading.apply(characters::tags);
    reading.apply(characters::decomposed);
    if form == TextForm::Text {
        return reading;
    }
    let sure = form != TextForm::Auto;
    if form.may_be(TextForm::Subtitles) && reading.apply(|text| subtitles::edits(text, sure)) {
        return reading;
    }
    if form.may_be(TextForm::Mail) {
        reading.apply(mail::messages);
        reading.apply(mail::quoting);
    }
    if form.may_be(TextForm::Markdown) {
        reading.apply(|text| markdown::edits(text, sure));
    }
    if form == TextForm::Auto || form == TextForm::Mail {
        reading.apply(pages::furniture);
        reading.apply(wraps::cut_words);
        reading.apply(pages::hyphens);
    }
    reading
}

/// Finds what is read of a page's text: the article alone, and noise of the kinds that are kept.
pub fn read_page<'a>(text: &'a str, page: &WebPage, kept: &[Reason]) -> Reading<'a> {
    let mut reading = Reading::of(text);
    let is_kept = |rule| page_reason(rule).is_some_and(|reason| kept.contains(&reason));
    let cuts = page.cuts.iter().filter(|cut| !is_kept(cut.rule));
    let takes = cuts.map(|cut| Edit::take((cut.start, cut.end), cut.rule));
    reading.apply(|_| takes.collect());
    reading.apply(characters::entities);
    reading.apply(characters::decomposed);
    reading
}

/// The lines of a text as spans, without their line ends.
fn line_spans(text: &str) -> Vec<(usize, usize)> {
    let mut at = 0;
    let spans = text.split('\n').map(|line| {
        let start = at;
        at += line.len() + 1;
        (start, start + line.len())
    });
    spans.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, form: TextForm, expected: &str) {
        let reading = read(text, form);
        assert_eq!(reading.text(), expected);
    }

    /// Checks the lines that are read, without blank ones, with "|" between them.
    #[track_caller]
    pub(super) fn check_lines(form: TextForm, text: &str, expected: &str) {
        let reading = read(text, form);
        let lines = reading.text().lines().map(str::trim);
        let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.join("|"), expected);
    }

    #[test]
    fn a_text_without_these_is_untouched() {
        for text in [
            "강변역 앞 상가 3곳이 문을 닫았다. \"다시 연다\"고 했다.\n\n1. 하나\n- 둘\n* 셋 * 넷\n10:30 개회\n> 더 보기\n",
            "AT&T and R&D; 3 < 4 > 2. A_b_c and 2*3*4.\n\nFrom: here on it is quiet.\n# 1 in the charts\nwell-\nknown",
            "Kim & Lee said: x --> y\r\n\tQ&A [1] (2)",
        ] {
            let reading = read(text, TextForm::Auto);
            assert_eq!(reading.text(), text);
            assert!(reading.is_verbatim());
        }
    }

    #[test]
    fn entities_and_tags_are_read() {
        check(
            "R&amp;D &lt;나루&gt; &#44033;&nbsp;끝",
            TextForm::Auto,
            "R&D <나루> 각 끝",
        );
        check("A &amp;quot;b&amp;quot;", TextForm::Auto, "A \"b\"");
        check(
            "하나.<br/>둘.</p><p>셋 <b>넷</b>",
            TextForm::Auto,
            "하나.\n둘.\n\n셋 넷",
        );
    }

    #[test]
    fn hangul_is_composed() {
        check(
            "\u{1112}\u{1161}\u{11ab}강 e\u{301}",
            TextForm::Auto,
            "한강 é",
        );
    }
}
