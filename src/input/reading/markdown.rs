//! Markdown: marks of headings, emphasis, links, pictures, quotations and tables.
//!
//! In:  a text. Out: edits that leave its words. A text is Markdown where two kinds of its marks stand in it; lists alone make none.

use std::sync::LazyLock;

use regex::Regex;

use super::substrings::{self, TitleNames};
use super::{Edit, line_spans};

const RULE: &str = "format.markdown";

static HEADING: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s{0,3}#{1,6}\s+"));
static QUOTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s{0,3}(?:>\s?)+"));
/// A field above a text, and its value without quotation marks.
static FIELD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"^([A-Za-z][A-Za-z0-9_-]*):\s*["']?(.*?)["']?\s*$"#));
/// A line that only rules: of a table, of a section, of an underlined heading, of code.
static RULED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?)?\s*|(?:[-*_]\s*){3,}|={3,}|(?:```|~~~).*)$",
    )
});
static RULE_INSIDE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s(?:\* ?){3}\s*$"));
static NOTE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\[\^[^\[\]\s]{1,20}\])(?:$|[^:\[\]])"));
static STRONG: LazyLock<Regex> = LazyLock::new(|| pattern(r"\*\*|__"));
static EMPHASIS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^\w*])(\*)[^*\s](?:[^*\n]{0,300}[^*\s])?(\*)|(?:^|[^\w_])(_)[^_\s](?:[^_\n]{0,300}[^_\s])?(_)(?:$|[^\w_])",
    )
});
static CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(`+)[^`\n]+(`+)"));
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
    // A title that a heading says too is taken off with its field.
    let headings = match tool {
        true => headings(text, &lines),
        false => TitleNames::default(),
    };
    let matter = front_matter(text, &lines, &mut edits);
    for &line in &lines[matter..] {
        let title = text[line.0..line.1].strip_prefix(TITLE_FIELD);
        match title.is_some_and(|title| headings.stand_in(title)) {
            true => edits.push(Edit::take(line, RULE)),
            false => of_line(text, line, tool, &mut edits),
        }
    }
    edits
}

/// What a tool puts before the title of a page.
const TITLE_FIELD: &str = "Title: ";

/// The page's own headings, so long as to be looked for in the titles a tool put above them, and no longer than those are.
fn headings<'t>(text: &'t str, lines: &[(usize, usize)]) -> TitleNames<'t> {
    let lines = || lines.iter().map(|line| &text[line.0..line.1]);
    let titles = lines().filter_map(|line| line.strip_prefix(TITLE_FIELD));
    let longest = titles.map(str::len).max().unwrap_or(0);
    let headings = lines().filter(|line| HEADING.is_match(line));
    let names = headings.map(|line| line.trim_matches(['#', ' ', '\t', '*']));
    let fit = |name: &&str| name.len() <= longest && name.chars().count() >= SHORTEST_TITLE;
    TitleNames::of(names.filter(fit).collect())
}

/// Fewest characters of a headline that is looked for in the title.
const SHORTEST_TITLE: usize = substrings::SHORTEST;

/// Most lines of the fields that tools put above a text, between two rules.
const MOST_FIELDS: usize = 40;

/// Takes off the fields above a text, but for its title; returns how many lines they fill.
fn front_matter(text: &str, lines: &[(usize, usize)], edits: &mut Vec<Edit>) -> usize {
    let line = |i: usize| &text[lines[i].0..lines[i].1];
    if line(0).trim_end() != "---" {
        return 0;
    }
    let close = (1..lines.len().min(MOST_FIELDS)).find(|&i| line(i).trim_end() == "---");
    let Some(close) = close.filter(|&close| (1..close).any(|i| FIELD.is_match(line(i)))) else {
        return 0;
    };
    for (i, &(start, end)) in lines[..=close].iter().enumerate() {
        let title = FIELD
            .captures(line(i))
            .filter(|field| field[1].eq_ignore_ascii_case("title"));
        let value = title
            .and_then(|field| field.get(2))
            .filter(|value| !value.is_empty());
        match value {
            Some(value) => {
                edits.push(Edit::take((start, start + value.start()), RULE));
                edits.push(Edit::take((start + value.end(), end), RULE));
            }
            None => edits.push(Edit::take((start, end), RULE)),
        }
    }
    edits.retain(|edit| edit.start < edit.end);
    close + 1
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
    let links = lines.iter().flat_map(|line| links(&text[line.0..line.1]));
    let (mut words, mut picture) = (0, false);
    for link in links.take(SOME_LINKS) {
        words += usize::from(!link.picture);
        picture |= link.picture;
    }
    let strong = memchr::memmem::find_iter(bytes, "**").take(2).count() == 2;
    let code = has("```") || has("`") && CODE.is_match(text);
    let table = has("--") && has("|") && line(&RULED);
    let note = has("[^") && NOTE.is_match(text);
    let tool = has("\nMarkdown Content:");
    // A page that a tool turned into Markdown is some by that alone; so are links.
    let menu = words >= FEWEST_LINKS;
    let kinds = [
        heading,
        words > 0,
        picture,
        strong,
        code,
        table,
        note,
        tool,
        tool,
        menu,
    ];
    kinds.into_iter().filter(|is| *is).count()
}

/// So many links make Markdown of a text by themselves; so many are looked at.
const FEWEST_LINKS: usize = 3;
const SOME_LINKS: usize = 20;

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
    if is_menu(raw) {
        return take(0, raw.len(), "format.links");
    }
    if RULED.is_match(raw) {
        return take(0, raw.len(), RULE);
    }
    if let Some(found) = TOOL_FIELD.captures(raw).filter(|_| tool) {
        let field = found.get(1).or(found.get(0)).expect("the match itself");
        return take(0, field.end(), RULE);
    }
    let mut taken = vec![false; raw.len()];
    let mut mark = |from: usize, to: usize| taken[from..to].fill(true);
    let mut head = 0;
    for opening in [&QUOTED, &HEADING] {
        if let Some(found) = opening.find(&raw[head..]) {
            mark(head, head + found.end());
            head += found.end();
        }
    }
    if let Some(found) = RULE_INSIDE.find(raw) {
        mark(found.start(), found.end());
    }
    for link in links(raw) {
        let words = match link.picture {
            true => (link.whole.1, link.whole.1),
            false => link.words,
        };
        mark(link.whole.0, words.0);
        mark(words.1, link.whole.1);
    }
    for pattern in [&EMPHASIS, &CODE, &ESCAPE, &NOTE] {
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
    let (mut at, mut entries) = (0, 0);
    for Link {
        whole,
        words,
        picture,
    } in links(raw)
    {
        let long = raw[words.0..words.1].chars().count() > LONGEST_ENTRY;
        if raw[at..whole.0].contains(char::is_alphanumeric) || long && !picture {
            return false;
        }
        at = whole.1;
        entries += 1;
    }
    entries > 0 && !raw[at..].contains(char::is_alphanumeric)
}

/// A link or a picture of a line: all of it, and the words that are shown.
struct Link {
    whole: (usize, usize),
    words: (usize, usize),
    picture: bool,
}

/// Most bytes of a link's words, and of its address.
const MOST_WORDS: usize = 400;
const MOST_ADDRESS: usize = 1_000;

/// The links and pictures of a line, in order. Each looks only so far, so that a line of brackets takes linear time.
fn links(raw: &str) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let bytes = raw.as_bytes();
    let mut from = 0;
    for middle in memchr::memmem::find_iter(bytes, b"](") {
        if middle < from {
            continue;
        }
        let Some(open) = opening(&bytes[from.max(middle.saturating_sub(MOST_WORDS))..middle])
        else {
            continue;
        };
        let open = middle - open;
        let Some(len) = address(&bytes[middle + 2..bytes.len().min(middle + 2 + MOST_ADDRESS)])
        else {
            continue;
        };
        let end = middle + 2 + len;
        let picture = open > from && bytes[open - 1] == b'!';
        let words = (open + 1, middle);
        // A picture that is a link: "[![alt](picture)](address)".
        let inner = links
            .last()
            .is_some_and(|last| last.picture && last.whole.0 > open);
        if inner {
            links.pop();
        }
        links.push(Link {
            whole: (open - usize::from(picture), end),
            words,
            picture: picture || inner,
        });
        from = if raw[end..].starts_with("](") {
            open
        } else {
            end
        };
    }
    links
}

/// How far before the end the bracket opens that closes there.
fn opening(before: &[u8]) -> Option<usize> {
    let mut depth = 0usize;
    for (back, byte) in before.iter().rev().enumerate() {
        match byte {
            b']' => depth += 1,
            b'[' if depth == 0 => return Some(back + 1),
            b'[' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The length of an address and the bracket that closes it.
fn address(rest: &[u8]) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at + 1),
            b')' => depth -= 1,
            b'\n' => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_lines;
    use super::super::{TextForm, read};

    #[test]
    fn marks_go_and_words_stay() {
        check_lines(
            TextForm::Auto,
            "# 가마 세 곳 문 닫아\n\n![가마](https://a.example/k.jpg)\n\n**장작 가마**가 [흙값](https://a.example/c)을 탓한다.[^1]\n\n***\n\n- 하나\n1. 둘\n\n[구독](https://a.example/s) · [공유](https://a.example/h)\n",
            "가마 세 곳 문 닫아|장작 가마가 흙값을 탓한다.|- 하나|1. 둘",
        );
        check_lines(
            TextForm::Auto,
            "Title: The dock\n\nURL Source: https://a.example/\n\nMarkdown Content:\n## Why\n\n> We *cannot* wait. `a_b.csv` and snake_case stay.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
            "The dock|Why|We cannot wait. a_b.csv and snake_case stay.|| a | b ||| 1 | 2 |",
        );
    }

    #[test]
    fn a_title_that_a_heading_says_goes_with_its_field() {
        let page = |title: &str, heading: &str| {
            format!("Title: {title}\n\nMarkdown Content:\n{heading}\n\nThe last *three* closed.\n")
        };
        check_lines(
            TextForm::Auto,
            &page("Kilns close - The Post", "# **Kilns close**"),
            "Kilns close|The last three closed.",
        );
        check_lines(
            TextForm::Auto,
            &page("가마 세 곳 문 닫아 | 저지신문", "## 가마 세 곳 문 닫아"),
            "가마 세 곳 문 닫아|The last three closed.",
        );
        check_lines(
            TextForm::Auto,
            &page("Kilns close", "# Kilns"),
            "Kilns close|Kilns|The last three closed.",
        );
    }

    #[test]
    fn running_text_is_none() {
        let text = "# 1 in the charts\n\n2 * 3 * 4 = 24\n- one\n- two\n\nHe wrote [sic] (twice).";
        assert!(read(text, TextForm::Auto).is_verbatim());
    }
}
