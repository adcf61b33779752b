//! Markdown: marks of headings, emphasis, links, pictures, quotations and tables.
//!
//! In:  a text. Out: edits that leave its words. A text is Markdown where two kinds of its marks stand in it; lists alone make none.

use std::sync::LazyLock;

use regex::Regex;

use super::{Edit, line_spans};

const RULE: &str = "format.markdown";

static HEADING: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s{0,3}#{1,6}\s+"));
static QUOTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s{0,3}(?:>\s?)+"));
static BULLET: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*[*+-]\s+"));
/// A line that only rules: of a table, of a section, of an underlined heading, of code.
static RULED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?)?\s*|(?:[-*_]\s*){3,}|={3,}|(?:```|~~~).*)$",
    )
});
static RULE_INSIDE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s(?:\* ?){3}\s*$"));
static PICTURE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"!\[[^\[\]\n]{0,300}\](?:\([^()\n]{0,600}\)|\[[^\[\]\n]{0,80}\])"#));
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"\[([^\[\]\n]{1,300})\]\((?:[^()\s]|\([^()\s]{0,200}\)){0,600}(?:\s+["'][^"'\n]{0,200}["'])?\)"#,
    )
});
static NOTE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[\^[^\[\]\s]{1,20}\]"));
static STRONG: LazyLock<Regex> = LazyLock::new(|| pattern(r"\*\*|__"));
static EMPHASIS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^\w*])(\*)[^*\s](?:[^*\n]{0,300}[^*\s])?(\*)|(?:^|[^\w_])(_)[^_\s](?:[^_\n]{0,300}[^_\s])?(_)(?:$|[^\w_])",
    )
});
static CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(`+)[^`\n]{1,200}(`+)"));
static ESCAPE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\\)[\\`*_{}\[\]()#+.!|>~-]"));
/// The header that tools put above a page they turned into Markdown.
static TOOL_FIELD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(Title: )|(?:URL Source|Published Time|Markdown Content|Number of Pages|Warning):.*$)",
    )
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

/// Fewest kinds of marks, where the text is not known for Markdown.
const FEWEST_KINDS: usize = 2;

/// Takes off the marks; `sure` where the text is known for Markdown.
pub(super) fn edits(text: &str, sure: bool) -> Vec<Edit> {
    let lines = line_spans(text);
    if !sure && kinds(text, &lines) < FEWEST_KINDS {
        return Vec::new();
    }
    let tool = lines
        .iter()
        .any(|line| text[line.0..line.1].starts_with("Markdown Content:"));
    let mut edits = Vec::new();
    for &line in &lines {
        of_line(text, line, tool, &mut edits);
    }
    edits
}

/// How many kinds of marks stand in the text that running text has not.
fn kinds(text: &str, lines: &[(usize, usize)]) -> usize {
    let line = |pattern: &Regex| {
        lines
            .iter()
            .any(|line| pattern.is_match(&text[line.0..line.1]))
    };
    let bytes = text.as_bytes();
    let has = |mark: &str| memchr::memmem::find(bytes, mark.as_bytes()).is_some();
    let heading = has("# ") && line(&HEADING);
    let link = has("](") && LINK.is_match(text);
    let picture = has("![") && PICTURE.is_match(text);
    let strong = memchr::memmem::find_iter(bytes, "**").take(2).count() == 2;
    let code = has("```") || has("`") && CODE.is_match(text);
    let table = has("--") && has("|") && line(&RULED);
    let note = has("[^") && NOTE.is_match(text);
    let tool = has("\nMarkdown Content:");
    // A page that a tool turned into Markdown is some by that alone; so are links.
    let links = link && LINK.find_iter(text).take(3).count() == 3;
    [
        heading, link, picture, strong, code, table, note, tool, tool, links,
    ]
    .into_iter()
    .filter(|is| *is)
    .count()
}

fn of_line(text: &str, (start, end): (usize, usize), tool: bool, edits: &mut Vec<Edit>) {
    let raw = &text[start..end];
    let mut take = |from: usize, to: usize, rule| {
        if from < to {
            edits.push(Edit::take((start + from, start + to), rule));
        }
    };
    if raw.trim().is_empty() {
        return;
    }
    if RULED.is_match(raw) || is_menu(raw) {
        return take(
            0,
            raw.len(),
            if raw.contains("](") {
                "format.links"
            } else {
                RULE
            },
        );
    }
    if let Some(found) = TOOL_FIELD.captures(raw).filter(|_| tool) {
        let field = found.get(1).or(found.get(0)).expect("the match itself");
        return take(0, field.end(), RULE);
    }
    let mut taken = vec![false; raw.len()];
    let mut mark = |from: usize, to: usize| taken[from..to].fill(true);
    let mut head = 0;
    for opening in [&QUOTED, &HEADING, &BULLET] {
        if let Some(found) = opening.find(&raw[head..]) {
            mark(head, head + found.end());
            head += found.end();
        }
    }
    for found in PICTURE
        .find_iter(raw)
        .chain(NOTE.find_iter(raw))
        .chain(RULE_INSIDE.find_iter(raw))
    {
        mark(found.start(), found.end());
    }
    for found in LINK.captures_iter(raw) {
        let (whole, words) = (
            found.get(0).expect("the match itself"),
            found.get(1).expect("its words"),
        );
        mark(whole.start(), words.start());
        mark(words.end(), whole.end());
    }
    for pattern in [&EMPHASIS, &CODE, &ESCAPE] {
        for found in pattern.captures_iter(raw) {
            for group in found.iter().skip(1).flatten() {
                mark(group.start(), group.end());
            }
        }
    }
    for found in STRONG.find_iter(&raw[head..]) {
        mark(head + found.start(), head + found.end());
    }
    let mut at = 0;
    while at < raw.len() {
        let run = taken[at..]
            .iter()
            .take_while(|is| **is == taken[at])
            .count();
        if taken[at] {
            take(at, at + run, RULE);
        }
        at += run;
    }
}

/// Longest text of a link in a menu, in characters.
const LONGEST_ENTRY: usize = 40;

/// Returns whether a line is nothing but links: a menu, a button, a way to other pages.
fn is_menu(raw: &str) -> bool {
    if !raw.contains("](") || HEADING.is_match(raw) {
        return false;
    }
    let words = LINK.captures_iter(raw).map(|link| {
        link.get(1)
            .map_or(0, |words| words.as_str().chars().count())
    });
    let rest = LINK.replace_all(raw, "");
    let rest = PICTURE.replace_all(&rest, "");
    let words: Vec<usize> = words.collect();
    !words.is_empty()
        && words.iter().all(|words| *words <= LONGEST_ENTRY)
        && !rest.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::super::{TextForm, read};

    #[track_caller]
    fn check(text: &str, form: TextForm, expected: &str) {
        let reading = read(text, form);
        let lines: Vec<&str> = reading
            .text()
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .collect();
        assert_eq!(lines.join("|"), expected);
    }

    #[test]
    fn marks_go_and_words_stay() {
        check(
            "# 가마 세 곳 문 닫아\n\n![가마](https://a.example/k.jpg)\n\n**장작 가마**가 [흙값](https://a.example/c)을 탓한다.[^1]\n\n***\n\n- 하나\n1. 둘\n\n[구독](https://a.example/s) · [공유](https://a.example/h)\n",
            TextForm::Auto,
            "가마 세 곳 문 닫아|장작 가마가 흙값을 탓한다.|하나|1. 둘",
        );
        check(
            "Title: The dock\n\nURL Source: https://a.example/\n\nMarkdown Content:\n## Why\n\n> We *cannot* wait. `a_b.csv` and snake_case stay.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
            TextForm::Auto,
            "The dock|Why|We cannot wait. a_b.csv and snake_case stay.|| a | b ||| 1 | 2 |",
        );
    }

    #[test]
    fn running_text_is_none() {
        let text = "# 1 in the charts\n\n2 * 3 * 4 = 24\n- one\n- two\n\nHe wrote [sic] (twice).";
        assert!(read(text, TextForm::Auto).is_verbatim());
    }
}
