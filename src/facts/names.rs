//! Names: who and what a text names, as far as the spelling tells it without a dictionary.
//!
//! In:  a written text and the sentences it cites. Out: the names that stand in none of them, spelled as in the text.
//! A word is taken for a name by its shape alone; a shape that fits common words as well is left alone. What is told by tables stands
//! beside: `persons` by syllables, `countries` by name, `words` that open English sentences.

use super::countries;
use super::numerals::month_of;
use super::persons::{is_surname, person};
use super::quotations;
use super::units::unit_at;
use super::words::is_common;
use crate::language::data::{List, NAMES};
use crate::language::hangul::is_hangul;
use crate::language::script::is_letter;

static PARTICLES: List = List::of(&NAMES.ko, "particles");
static TITLES: List = List::of(&NAMES.ko, "titles");
/// Says how organisations end.
static ORGANISATIONS: List = List::of(&NAMES.ko, "organisations");
/// Words that stand before titles or end like organisations and name nobody.
static COMMON: List = List::of(&NAMES.ko, "common");
/// Days and forms of address.
static CALENDAR: List = List::of(&NAMES.en, "calendar");

/// Returns how many names were looked for, and those that are in no source.
pub fn unsupported<'a>(text: &'a str, sources: &[&str]) -> (usize, Vec<&'a str>) {
    let joined: String = sources.join("\n");
    let (named, unknown) = countries(text, &joined);
    let mut asked = names(text, &joined);
    // A country is looked for as one, whatever it is called.
    let words = named.iter().flat_map(|country| country.split(' '));
    asked.retain(|name| !words.clone().any(|word| word == *name));
    let count = asked.len() + named.len();
    // A text that is one of its sources, as most are, names nobody they do not.
    if count == 0 || sources.contains(&text) {
        return (count, Vec::new());
    }
    let dense: String = joined.chars().filter(|c| !c.is_whitespace()).collect();
    let mut missing = asked;
    missing.retain(|name| !stands(name, &joined, &dense));
    missing.extend(unknown);
    missing.sort_unstable();
    missing.dedup();
    (count, missing)
}

/// The countries of a text as it calls them, and those that no source carries.
fn countries<'a>(text: &'a str, sources: &str) -> (Vec<&'a str>, Vec<&'a str>) {
    let mentions = countries::mentions(text);
    if mentions.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let carried = countries::carried(sources);
    let spelled = |m: &countries::Mention| &text[m.start..m.end];
    let unknown = mentions.iter().filter(|m| !carried.contains(&m.country));
    (
        mentions.iter().map(spelled).collect(),
        unknown.map(spelled).collect(),
    )
}

/// Tells whether a name stands in the sources, which are there with their blanks and without.
fn stands(name: &str, sources: &str, dense: &str) -> bool {
    let bare: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some((surname, title)) = name.split_once(' ').filter(|(s, _)| is_surname(s)) {
        return dense.contains(&bare) || titled(sources, surname, title);
    }
    match bare.chars().next_back() {
        Some(c) if c.is_ascii_alphanumeric() => has_word(sources, name),
        _ => dense.contains(&bare),
    }
}

/// Tells whether the sources have somebody of that surname, by a title or by the form of the name: '박 대표' for '박서연 대표'.
fn titled(sources: &str, surname: &str, title: &str) -> bool {
    let words: Vec<&str> = tokens(sources).map(trim_marks).collect();
    words.iter().enumerate().any(|(at, word)| {
        let next = words.get(at + 1);
        let called = word.chars().count() > 1 && next.is_some_and(|n| n.starts_with(title));
        word.starts_with(surname) && (called || person(word).is_some())
    })
}

/// The names of a text, spelled as in it.
#[cfg(feature = "model")]
pub fn all(text: &str) -> Vec<&str> {
    names(text, text)
}

/// Words of Hangul that end as names of places and offices do, for a text in Latin letters.
#[cfg(feature = "model")]
pub fn places(text: &str) -> impl Iterator<Item = &str> {
    const ENDINGS: &str = "시군구도섬항역읍면리부청처원단";
    const FEWEST: usize = 3;
    let words = tokens(text).map(|token| strip_particle(trim_marks(token)));
    words.filter(|word| {
        word.chars().all(is_hangul)
            && word.chars().count() >= FEWEST
            && word.ends_with(|c| ENDINGS.contains(c))
    })
}

/// Tells whether `text` has `word` with no Latin letter or digit right beside it.
fn has_word(text: &str, word: &str) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(word).any(|(at, _)| {
        let after = &text[at + word.len()..];
        let plural = after.strip_prefix('s').unwrap_or(after);
        !latin(text[..at].chars().next_back())
            && (!latin(after.chars().next()) || !latin(plural.chars().next()))
    })
}

/// Name-like words of a text. A word that opens an English sentence counts only where the sources write it large inside one.
fn names<'a>(text: &'a str, sources: &str) -> Vec<&'a str> {
    let mut found = quoted(text);
    let mut opens = true;
    let english = is_english(text);
    let mut counted = false;
    let mut tokens = tokens(text).peekable();
    while let Some(token) = tokens.next() {
        let word = trim_marks(token);
        if word.starts_with(|c: char| c.is_ascii_alphabetic() || c.is_ascii_digit()) {
            opens |= token.starts_with(['“', '"', '‘']);
            let unit = counted && unit_at(word).is_some_and(|unit| unit.len == word.len());
            found.extend(latin(word, opens, sources).filter(|_| !unit));
        } else if let Some(name) = hangul(word, tokens.peek().map(|t| trim_marks(t))) {
            found.push(name);
        } else if word.starts_with(is_hangul) && english {
            found.push(word);
        } else if let Some(name) = called(text, word, tokens.peek().copied()) {
            found.push(name);
        }
        opens = token.ends_with(['.', '?', '!', ':', '“', '"']) && !initial(token);
        counted = token.ends_with(|c: char| c.is_ascii_digit());
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Tells whether a text is English, so that any word of Hangul in it is a name: it has more words in small Latin letters than in Hangul,
/// what it quotes apart.
fn is_english(text: &str) -> bool {
    let quoted = quotations(text);
    let said = |word: &&str| !quoted.iter().any(|quote| quote.contains(word));
    let words = || tokens(text).map(trim_marks).filter(said);
    let latin = words().filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()));
    latin.count() > words().filter(|word| word.contains(is_hangul)).count()
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '·' | '/' | '—' | '–' | '…' | '(' | ')'))
        .filter(|t| !t.is_empty())
}

fn trim_marks(token: &str) -> &str {
    token.trim_matches(|c: char| !is_letter(c))
}

/// "Mr." and "J." end no sentence.
fn initial(token: &str) -> bool {
    token.len() <= 4 && token.starts_with(|c: char| c.is_ascii_uppercase()) && token.ends_with('.')
}

/// Words of Latin letters with a capital or a digit inside: acronyms, models, proper names.
fn latin<'a>(word: &'a str, opens: bool, sources: &str) -> Option<&'a str> {
    let end = word
        .find(|c: char| {
            !(c.is_ascii_alphanumeric()
                || matches!(c, '-' | '&' | '.' | '\'' | '’')
                || c.is_alphabetic() && !is_hangul(c))
        })
        .unwrap_or(word.len());
    let word = word[..end].trim_end_matches(|c: char| !c.is_alphanumeric());
    let owner = word.strip_suffix("'s").or(word.strip_suffix("’s"));
    let word = owner.unwrap_or(word);
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    let digit = word.starts_with(|c: char| c.is_ascii_digit());
    if letters == 0
        || capitals == 0
        || word == "I"
        || word.starts_with("I'")
        || word.starts_with("I’")
        || CALENDAR.has(word)
        || month_of(word).is_some()
    {
        return None;
    }
    // "3.5GW" is a figure; "4K" is too short to tell from one.
    if digit && (letters < 2 || super::figures::figures(word).iter().any(|f| !f.soft)) {
        return None;
    }
    let plain = capitals == 1 && !word.contains(|c: char| c.is_ascii_digit());
    let common = || has_word(sources, &word.to_lowercase()) || is_common(word);
    if opens && plain && !inside_a_sentence(sources, word) && common() {
        return None;
    }
    Some(word)
}

/// Tells whether a source writes the word with its capital where no sentence begins.
fn inside_a_sentence(sources: &str, word: &str) -> bool {
    sources.match_indices(word).any(|(at, _)| {
        let whole = !sources[at + word.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
        let before = &sources[..at];
        whole && before.ends_with(' ') && !before.trim_end().ends_with(['.', '?', '!', '\n'])
    })
}

/// Short words in single or corner quotes are names of things; longer ones are speech, which the caller checks by its words.
fn quoted(text: &str) -> Vec<&str> {
    const LONGEST_WORDS: usize = 3;
    let mut found = Vec::new();
    for (open, close) in "‘「『《〈".chars().zip("’」』》〉".chars()) {
        let mut rest = text;
        while let Some(start) = rest.find(open) {
            rest = &rest[start + open.len_utf8()..];
            let Some(end) = rest.find(close) else { break };
            let inside = &rest[..end];
            if inside.split_whitespace().count() <= LONGEST_WORDS && inside.chars().any(is_hangul) {
                found.push(inside);
            }
            rest = &rest[end + close.len_utf8()..];
        }
    }
    found
}

/// Hangul proper names by what stands behind or at their end: '곽도현 대표', '김모 씨', '산업은행'.
fn hangul<'a>(word: &'a str, next: Option<&str>) -> Option<&'a str> {
    if !word.chars().all(is_hangul) {
        return None;
    }
    let bare = strip_particle(word);
    let count = bare.chars().count();
    let mut ends = ORGANISATIONS.iter();
    let organisation = ends.any(|end| bare.len() > end.len() && bare.ends_with(end));
    if organisation && count >= 4 && !COMMON.has(bare) {
        return Some(bare);
    }
    let mut behind = TITLES.iter().filter_map(|title| next?.strip_prefix(title));
    let titled = behind.any(|rest| rest.is_empty() || is_particle(rest));
    if titled && (2..=4).contains(&count) && bare == word && !COMMON.has(word) {
        return Some(word);
    }
    person(word)
}

/// A surname and a title: '박 대표'.
fn called<'a>(text: &'a str, word: &str, next: Option<&str>) -> Option<&'a str> {
    let next = next.filter(|_| is_surname(word))?;
    let titles = TITLES.iter().filter(|title| next.starts_with(*title));
    let title = titles.max_by_key(|title| title.len())?;
    let rest = trim_marks(&next[title.len()..]);
    let whole = format!("{word} {title}");
    let at = text.find(&whole)?;
    (rest.is_empty() || is_particle(rest)).then(|| &text[at..at + whole.len()])
}

/// The word without the particle at its end.
pub fn strip_particle(word: &str) -> &str {
    PARTICLES
        .iter()
        .filter(|p| word.len() >= p.len() + 6 && word.ends_with(*p))
        .max_by_key(|p| p.len())
        .map_or(word, |p| &word[..word.len() - p.len()])
}

pub(super) fn is_particle(text: &str) -> bool {
    PARTICLES.has(text) || matches!(text, "가" | "다" | "로")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, source: &str, missing: &[&str]) {
        assert_eq!(unsupported(text, &[source]).1, missing, "{text} / {source}");
    }

    #[test]
    fn names_of_the_source_stand() {
        check(
            "라온전자는 HBM4를 만든다.",
            "라온 전자가 HBM4 양산에 들어갔다.",
            &[],
        );
        check(
            "민서율 대표는 늦었다고 했다.",
            "민서율 대표는 “늦었다”고 말했다.",
            &[],
        );
        check(
            "The Harlow Institute tested GPT-4o.",
            "A test of GPT-4o by the Harlow Institute failed.",
            &[],
        );
        check(
            "Regulators slowed the plant in Varnholt.",
            "The plant at Varnholt waits.",
            &[],
        );
        check("NASA's plan", "plans of NASA", &[]);
    }

    #[test]
    fn other_names_do_not() {
        check(
            "두리전자는 HBM3를 만든다.",
            "라온전자가 HBM4를 만든다.",
            &["HBM3", "두리전자"],
        );
        check(
            "강하람 교수는 늦었다고 했다.",
            "민서율 교수는 늦었다고 했다.",
            &["강하람"],
        );
        check(
            "The plant in Oslo waits.",
            "The plant at Varnholt waits.",
            &["Oslo"],
        );
        check(
            "‘푸른마루’ 사업은 멈췄다.",
            "그 사업은 멈췄다.",
            &["푸른마루"],
        );
    }

    #[test]
    fn common_words_are_no_names() {
        check(
            "중소기업 대표는 반대한다. 회사 사장이 말했다.",
            "아무도 없다.",
            &[],
        );
        check(
            "However the work stopped. I agree. It took 3.5GW in March.",
            "nothing",
            &[],
        );
        check("이 교수는 전 장관과 다르다.", "아무도 없다.", &[]);
    }

    #[test]
    fn names_are_told_without_a_title_and_where_they_open_a_sentence() {
        check("박도현은 반대한다.", "박서연은 반대한다.", &["박도현"]);
        check("박 대표는 반대한다.", "박서연 대표는 반대한다.", &[]);
        check(
            "김 대표는 반대한다.",
            "박서연 대표는 반대한다.",
            &["김 대표"],
        );
        check("Marlow says so.", "Brandt said so.", &["Marlow"]);
        check(
            "Brandt says so. Regulators agree.",
            "Orla Brandt said so.",
            &[],
        );
        check(
            "누리소프트는 늦었다(강이안 수간호사).",
            "늦었다.",
            &["강이안", "누리소프트"],
        );
    }

    #[test]
    fn countries_may_be_called_by_their_names_in_either_language() {
        check(
            "Korean and US firms wait.",
            "한국과 미국 업체가 기다린다.",
            &[],
        );
        check("일본이 앞선다.", "Japan leads.", &[]);
        check("일본이 앞선다.", "중국이 앞선다.", &["일본"]);
        check(
            "The United States leads.",
            "Canada leads.",
            &["United States"],
        );
    }
}
