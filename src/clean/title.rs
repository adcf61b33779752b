//! The headline: among the first lines, the one that names the article and is no sentence of it.
//!
//! In:  the units. Out: the title's span; what is glued to it (a label, the outlet) is cut off and marked. A line that names an
//! outlet, a section or a kind of text is a headline only where no other line is one.

use super::line_class::LineClass;
use super::markup::{Mark, Markup};
use super::rules;
use super::segment::{Unit, closes_sentence};
use crate::article::Reason;
use crate::language::data::{self, List, lists};
use crate::language::{Language, PerLanguage};

/// Longest headline in characters.
const LONGEST: PerLanguage<usize> = PerLanguage { ko: 70, en: 150 };
/// Most words of an English headline that reads like a sentence.
const MOST_WORDS: usize = 16;
/// Most words of a name or label, and of a part cut off the end.
const NAME_WORDS: PerLanguage<usize> = PerLanguage { ko: 3, en: 4 };
/// Fewest words of a headline that a shorter line gives way to because the body is about it.
const LEAST_WORDS: usize = 3;
/// Units of the body whose words a headline is compared with.
const BODY: usize = 40;
/// Endings that close a Korean sentence and no headline.
static CLOSING_ENDINGS: List = List::of(&data::CLEAN.ko, "closing_endings");
/// How the names of outlets end, and lines that name a kind of text or a section.
static OUTLET_ENDS: PerLanguage<List> = lists(&data::CLEAN, "outlet_ends");
static LABELS: PerLanguage<List> = lists(&data::CLEAN, "title_labels");
/// What stands before a headline and a colon.
static FIELDS: PerLanguage<List> = lists(&data::CLEAN, "title_fields");
/// Lines before the headline that may be menus and dates.
const LINES_BEFORE: usize = 12;
/// Marks between a headline and the outlet.
const PARTS: [&str; 7] = [" | ", " - ", " – ", " — ", " :: ", " < ", " ㅣ "];
/// Probability from which a line that reads like a sentence is noise and no end of the search.
const NOISE: f32 = 0.6;

/// The rule that a line or part goes by that names the outlet, the section or the kind of text.
const NAME: &str = "title.name";

/// Finds the headline among the first lines.
pub fn find(markup: &mut Markup) {
    let mut names: Vec<(usize, usize)> = Vec::new();
    let mut found = None;
    let mut lost: Vec<(usize, usize)> = Vec::new();
    for (i, end) in first_lines(markup) {
        if markup.marks[i].is_some() || is_furniture(markup, i, end) {
            continue;
        }
        let line = line(markup, i, end);
        if !is_headline(markup, i, end) {
            if is_noise(markup, i, end) {
                continue;
            }
            break;
        }
        if is_name(line, markup.language()) {
            names.push((i, end));
            continue;
        }
        match found {
            None => found = Some((i, end)),
            Some(first) if is_better(markup, first, (i, end), !names.is_empty()) => {
                lost.push(first);
                names.append(&mut lost);
                found = Some((i, end))
            }
            Some(_) => lost.push((i, end)),
        }
        let words = line.split_whitespace().count();
        if words > NAME_WORDS[markup.language()] && shared(markup, (i, end), end) >= 2 {
            break;
        }
    }
    let Some((i, end)) = found.or(names.first().copied()) else {
        return;
    };
    markup.title = markup.units[i].start..markup.units[end - 1].end;
    if markup.again || found.is_none() {
        return;
    }
    for (a, b) in names {
        (a..b).for_each(|j| markup.mark(j, Reason::Metadata, NAME, true));
    }
}

/// The first lines, as their first unit and the one behind their last.
fn first_lines(markup: &Markup) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let mut i = 0;
    while i < markup.units.len() && lines.len() < LINES_BEFORE {
        let end = (i + 1..=markup.units.len())
            .find(|&j| j == markup.units.len() || markup.units[j].opens)
            .unwrap_or(markup.units.len());
        lines.push((i, end));
        i = end;
    }
    lines
}

fn line<'a>(markup: &Markup<'a>, i: usize, end: usize) -> &'a str {
    &markup.text[markup.units[i].start..markup.units[end - 1].end]
}

/// A line that a rule knows as metadata, menu, label and the like. A date within a longer line is none.
fn is_furniture(markup: &Markup, i: usize, end: usize) -> bool {
    let place = |j: usize| rules::Place {
        alone: true,
        prose: markup.prose(j),
        head: true,
        tail: false,
    };
    let rules = rules::Rules::of(markup.language());
    let known = |j: usize| {
        let wanted = |r: &rules::Rule| !r.name.ends_with(".dated") || markup.letters(j) <= 20;
        let (text, left) = (markup.folded(j), markup.prefilter(j));
        rules.heading(&text, left).is_some()
            || rules.fitting(&text, left, place(j), wanted).is_some()
    };
    (i..end).all(known)
}

/// Sentences that look like a banner's and not like an article's.
fn is_noise(markup: &Markup, i: usize, end: usize) -> bool {
    let class = LineClass::of(line(markup, i, end), markup.language());
    class.noise().1 >= NOISE
}

/// "[사설]", "Exclusive", "저지신문": names what it stands above, and not what that is about.
fn is_name(line: &str, language: Language) -> bool {
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let folded = bare.to_lowercase();
    let menu = line.split('|').count() > 2
        && line
            .split('|')
            .all(|part| part.split_whitespace().count() <= 3);
    let label = LABELS[language].has(&folded);
    label || menu || is_outlet(bare, language)
}

/// An outlet's last word, in lower case: a suffix in Korean; a word or an address in English.
static ENDS_LIKE_OUTLET: PerLanguage<fn(word: &str) -> bool> = PerLanguage {
    ko: |last| OUTLET_ENDS.ko.iter().any(|w| last.ends_with(w)),
    en: |last| OUTLET_ENDS.en.has(last) || last.contains('.') && !last.ends_with('.'),
};

/// The script has capitals to shout in.
static HAS_CAPITALS: PerLanguage<bool> = PerLanguage {
    ko: false,
    en: true,
};

fn is_outlet(text: &str, language: Language) -> bool {
    let words = text.split_whitespace().count();
    let last = text
        .split_whitespace()
        .next_back()
        .unwrap_or("")
        .to_lowercase();
    let ends = ENDS_LIKE_OUTLET[language](&last);
    let figures = text.contains(|c: char| c.is_ascii_digit());
    (1..=NAME_WORDS[language]).contains(&words) && ends && !figures
}

/// How many of a line's stems the sentences from unit `from` on have.
fn shared(markup: &Markup, (a, b): (usize, usize), from: usize) -> usize {
    let body = from..(from + BODY).min(markup.units.len());
    let in_body = |stem: &&u32| {
        body.clone()
            .any(|j| markup.prose(j) && markup.stems(j).binary_search(stem).is_ok())
    };
    (a..b)
        .map(|i| markup.stems(i).iter().filter(in_body).count())
        .sum()
}

/// A short or empty line gives way to one that has more of the body's words.
fn is_better(
    markup: &Markup,
    first: (usize, usize),
    next: (usize, usize),
    among_names: bool,
) -> bool {
    let words = |l: (usize, usize)| line(markup, l.0, l.1).split_whitespace().count();
    let (before, behind) = (shared(markup, first, next.1), shared(markup, next, next.1));
    let loud = |l: (usize, usize)| !line(markup, l.0, l.1).contains(char::is_lowercase);
    let shouts = HAS_CAPITALS[markup.language()] && loud(first) && !loud(next);
    let short = words(first) <= LEAST_WORDS && (among_names || behind > 2 * before);
    let better = match before {
        _ if shouts => behind > 0 && behind >= before,
        0 => behind >= 2,
        _ => short && behind > before && behind >= 2,
    };
    words(next) >= LEAST_WORDS && better
}

/// Short, on its own line, not closed like a sentence, with an article behind it.
fn is_headline(markup: &Markup, i: usize, end: usize) -> bool {
    let line = line(markup, i, end);
    if end == markup.units.len() || line.chars().count() > LONGEST[markup.language()] {
        return false;
    }
    // A list of names has no sentences, but its headline a label.
    let labelled = line.starts_with('[') && end + 2 < markup.units.len();
    let has_body = labelled || (end..markup.units.len()).any(|j| markup.prose(j));
    let letters = (i..end).any(|j| markup.letters(j) > 0);
    let sentences = (i..end - 1).any(|j| markup.prose(j) && markup.raw(j).ends_with('.'));
    has_body
        && letters
        && !sentences
        && ENDS_HEADLINE[markup.language()](line.trim_end(), end == i + 1, markup.style.punctuated)
}

/// Returns whether a line ends as a headline may; `single` says that it is one unit, `punctuated` that sentences end in marks.
static ENDS_HEADLINE: PerLanguage<fn(line: &str, single: bool, punctuated: bool) -> bool> =
    PerLanguage {
        // Without a mark "…다" and "…습니다" close sentences; a headline may end in a question or in the present tense.
        ko: |line, _, punctuated| {
            let closed = !punctuated && CLOSING_ENDINGS.ends(line);
            !line.ends_with(['.', ',']) && !closed || line.ends_with("...")
        },
        en: |line, single, punctuated| {
            let sentence = single && !punctuated && closes_sentence(line, Language::En);
            let long = line.split_whitespace().count() > MOST_WORDS;
            !line.ends_with(['.', ',', ';']) && (!sentence || !long)
        },
    };

/// Cuts off what stands before the headline and a colon, and the outlet and section behind it.
pub fn trim(markup: &mut Markup) {
    let title = markup.title.clone();
    let text = &markup.text[title.clone()];
    let start = title.start + field_end(text, markup.language());
    let end = title.start + name_start(&markup.text[..title.end], title.start, markup.language());
    if title.is_empty() || start >= end || (start, end) == (title.start, title.end) {
        return;
    }
    let cut = Mark {
        reason: Reason::Metadata,
        rule: NAME,
        of: None,
        sure: true,
        score: None,
    };
    let mut pieces = markup.empty();
    for i in (0..markup.units.len()).filter(|&i| markup.in_title(i)) {
        let unit = markup.units[i];
        for (from, to, mark) in [
            (unit.start, unit.end.min(start), Some(cut)),
            (unit.start.max(start), unit.end.min(end), None),
            (unit.start.max(end), unit.end, Some(cut)),
        ] {
            let Some(piece) = markup.text.get(from..to) else {
                continue;
            };
            let left = piece.len() - piece.trim_start().len();
            let (from, to) = (from + left, from + piece.trim_end().len());
            if from < to {
                let (opens, closes) = (
                    unit.opens && from == unit.start,
                    unit.closes && to == unit.end,
                );
                pieces.add(
                    Unit {
                        start: from,
                        end: to,
                        opens,
                        closes,
                        ..unit
                    },
                    mark,
                );
            }
        }
    }
    markup.put(pieces);
    markup.title = start..start + markup.text[start..end].trim_end().len();
    let bare = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    let title = bare(&markup.text[markup.title.clone()]);
    for i in 0..markup.units.len().min(2 * LINES_BEFORE) {
        if markup.stands(i) && markup.alone(i) && bare(markup.raw(i)) == title {
            markup.mark(i, Reason::Metadata, "title.again", true);
        }
    }
}

/// Bytes of "Title: " before the headline.
fn field_end(text: &str, language: Language) -> usize {
    let Some((field, rest)) = text.split_once(':') else {
        return 0;
    };
    let known = FIELDS[language].has(&field.trim().to_lowercase());
    match known && !rest.trim().is_empty() {
        true => text.len() - rest.trim_start().len(),
        false => 0,
    }
}

/// Bytes of the headline before " - 저지신문", " | News | The Post"; the text ends with the title, which begins at `from`.
fn name_start(text: &str, from: usize, language: Language) -> usize {
    let mut text = &text[from..];
    for _ in 0..PARTS.len() {
        let cut = PARTS
            .iter()
            .filter_map(|p| text.rfind(p).map(|at| (at, *p)))
            .max();
        let Some((at, mark)) = cut else { break };
        let (rest, name) = (text[..at].trim_end(), text[at + mark.len()..].trim());
        let words = name.split_whitespace().count();
        let bar = mark == " | " || mark == " ㅣ " || mark == " < ";
        let named = is_outlet(name, language) || LABELS[language].has(&name.to_lowercase());
        let short = bar && words <= NAME_WORDS[language];
        if words == 0 || !(named || short) || rest.split_whitespace().count() < 2 {
            break;
        }
        text = rest;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_headlines() {
        for (line, language) in [
            ("저지신문", Language::Ko),
            ("[사설]", Language::Ko),
            ("한들방송 뉴스", Language::Ko),
            ("PRESS RELEASE", Language::En),
            ("The Lowmarsh Post", Language::En),
            ("Sign in | Register | Help", Language::En),
        ] {
            assert!(is_name(line, language), "{line}");
        }
        assert!(!is_name(
            "보도자료만 싣던 샛별신문, 30년 만에 기자 셋 뽑았다",
            Language::Ko
        ));
        assert!(!is_name("Clay price shuts three kilns", Language::En));
    }

    #[test]
    fn the_outlet_is_cut_off() {
        let cut = |text: &str, language| text[..name_start(text, 0, language)].to_string();
        assert_eq!(
            cut("흙값 뛰자 가마 닫아 - 저지신문", Language::Ko),
            "흙값 뛰자 가마 닫아"
        );
        assert_eq!(
            cut("섬 음악회 열었다 | 지역 | 새물결일보", Language::Ko),
            "섬 음악회 열었다"
        );
        assert_eq!(
            cut("Kilns close - The Lowmarsh Post", Language::En),
            "Kilns close"
        );
        let own = "The Gazette – a paper that printed the tides – closes";
        assert_eq!(cut(own, Language::En), own);
    }
}
