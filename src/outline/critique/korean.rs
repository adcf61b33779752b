//! Korean in the critique: endings tell clauses apart, and a sentence says what it means at its end.

use std::borrow::Cow;

use super::cues::HEARSAY_VERB;
use super::fragment::{clause, speech_around, trim, words};
use super::rules::{LanguageRules, Lengths, Span};
use crate::language::data::{CLAUSES, CRITIQUE, List};
use crate::language::hangul::{FINAL_L, FINAL_N, FINAL_SS, final_of};
use crate::language::script::is_letter;

/// The rules for Korean.
pub struct Korean;

const LENGTHS: Lengths = Lengths {
    longest_fragment: 40,
    shortest_fragment: 10,
    shortest_quote: 8,
    shortest_statement: 14,
};
/// What a fragment may be longer so that it does not break off within a phrase.
const GRACE: usize = 8;

static AUXILIARIES: List = List::of(&CLAUSES.ko, "auxiliaries");
static TIES: List = List::of(&CLAUSES.ko, "ties");
static DETERMINERS: List = List::of(&CLAUSES.ko, "determiners");
static NUMERALS: List = List::of(&CLAUSES.ko, "numerals");
static BOUND: List = List::of(&CLAUSES.ko, "bound");
static FIGURE_PARTICLES: List = List::of(&CLAUSES.ko, "figure-particles");
static REPORT: List = List::of(&CLAUSES.ko, "report");
static ADVERBIAL: List = List::of(&CLAUSES.ko, "adverbial");
static ASKS_ENDING: List = List::of(&CRITIQUE.ko, "asks-ending");
static REPORTS: List = List::of(&CRITIQUE.ko, "reports");
static FORECAST_THING: List = List::of(&CRITIQUE.ko, "forecast-thing");
static WORD_PARTICLE: List = List::of(&CRITIQUE.ko, "word-particle");
static VOICE_TITLE: List = List::of(&CRITIQUE.ko, "voice-title");
static VOICE_PARTICLE: List = List::of(&CRITIQUE.ko, "voice-particle");

impl LanguageRules for Korean {
    fn lengths(&self) -> Lengths {
        LENGTHS
    }

    fn size(&self, part: &str) -> usize {
        part.chars().count()
    }

    fn folded<'t>(&self, text: &'t str) -> Cow<'t, str> {
        Cow::Borrowed(text)
    }

    fn cue_end(&self, _text: &str, end: usize) -> usize {
        end
    }

    fn ends_word(&self, _rest: &str) -> bool {
        true
    }

    fn asks(&self, text: &str, end: usize) -> bool {
        let word = last_word(&text[..end]);
        let mut endings = ASKS_ENDING.iter();
        endings.any(|ending| word.len() > ending.len() && word.ends_with(ending))
    }

    fn completes_behind(&self) -> bool {
        true
    }

    fn begins_clause(&self, text: &str, words: &[Span], at: usize) -> bool {
        let word = |i: usize| &text[words[i].0..words[i].1];
        is_connective(word(at - 1), word(at))
    }

    fn ties(&self, word: &str) -> bool {
        TIES.has(word)
    }

    /// Korean says what it means at the end: forward to the predicate where it is near, then back.
    fn window(&self, text: &str, words: &[Span], first: usize, last: usize) -> Span {
        let longest = LENGTHS.longest_fragment;
        let length = |from: usize, to: usize| self.size(&text[words[from].0..words[to - 1].1]);
        let (mut from, mut to) = (first, last + 1);
        if length(from, words.len()) <= longest + GRACE {
            to = words.len();
        }
        while to < words.len() && length(from, to + 1) <= longest {
            to += 1;
        }
        while from > 0 && length(from - 1, to) <= longest {
            from -= 1;
        }
        let fits = |from| length(from, to) <= longest + GRACE;
        (opened(text, words, (from, first), fits), to)
    }

    fn finished(&self, text: &str, span: Span, at: Span) -> Span {
        without_report(text, span, at)
    }

    fn amount(&self, text: &str, at: Span) -> Span {
        amount(text, at)
    }

    #[cfg(feature = "model")]
    fn main_word(&self, text: &str) -> Span {
        let end = text.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
        let last = text[..end].rsplit(char::is_whitespace).next();
        (end - last.map_or(0, str::len), end)
    }

    /// The last clause that is no report of speech.
    fn core(&self, text: &str, asked: Option<Span>) -> Span {
        let end = text.trim_end_matches(|c: char| !is_letter(c)).len();
        let last = (last_character(&text[..end]), end);
        let span = clause(text, self, asked.unwrap_or(last));
        // '…고 농가들은 입을 모은다': what they say stands before.
        let reports = REPORTS.iter().any(|r| text[span.0..span.1].contains(r));
        if reports && span.0 > '가'.len_utf8() {
            let before = text[..span.0].trim_end();
            return clause(before, self, (last_character(before), before.len()));
        }
        span
    }

    /// '…할 것이다' looks ahead, '…라는 것이다' sums up, and '결국 …했다' tells what happened.
    fn is_forecast(&self, text: &str, start: usize) -> bool {
        let cue = &text[start..];
        let before = text[..start].trim_end().chars().next_back();
        let ahead = !FORECAST_THING.iter().any(|thing| cue.starts_with(thing))
            || before.is_some_and(|c| final_of(c) == FINAL_L);
        let past = |c| c != '있' && c != '겠' && final_of(c) == FINAL_SS;
        ahead && !cue.chars().any(past)
    }

    /// The whole word, where the cue is its beginning, without the particle.
    fn cue_word(&self, text: &str, (start, end): Span, variant: &str) -> String {
        let cue = &text[start..end];
        if !cue.starts_with(is_letter) {
            return cue.to_string();
        }
        match variant {
            "exclusive" if cue.starts_with("뿐") => return "뿐".into(),
            "exclusive" if cue.starts_with("밖에") => return "밖에 없다".into(),
            "exclusive" if cue.starts_with("수밖에") => return "수밖에 없다".into(),
            _ => {}
        }
        let word = text[start..].split(|c: char| !is_letter(c)).next();
        let word = word.unwrap_or(cue);
        let noun = WORD_PARTICLE.iter().find_map(|p| word.strip_suffix(p));
        let noun = noun.filter(|n| n.len() >= cue.trim().len());
        noun.unwrap_or(word).to_string()
    }

    /// '한 협력업체 대표': the voice with the title that follows it, without the particle.
    fn voice_name(&self, text: &str, (start, end): Span) -> String {
        let word_end = text[end..].find(' ').map_or(text.len(), |i| end + i);
        let word = text[start..word_end].trim_end_matches(|c: char| !is_letter(c));
        let mut particles = VOICE_PARTICLE.iter();
        let bare = particles.find_map(|p| word.strip_suffix(p).filter(|w| w.chars().count() >= 2));
        let bare = bare.unwrap_or(word);
        let next = text[word_end..].trim_start();
        let title = VOICE_TITLE.iter().find(|title| next.starts_with(**title));
        match title.filter(|_| bare == &text[start..word_end]) {
            Some(title) => format!("{bare} {title}"),
            None => bare.to_string(),
        }
    }

    fn hearsay(&self, text: &str, (start, end): Span) -> Option<Span> {
        let cue = &text[start..];
        let until = start
            + cue
                .chars()
                .next()
                .filter(|c| *c == '다')
                .map_or(0, char::len_utf8);
        let verb = HEARSAY_VERB.ko.iter().any(|verb| cue.starts_with(verb));
        Some(if until > 0 && !verb {
            clause(
                &text[..until],
                self,
                (start.saturating_sub('가'.len_utf8()), until),
            )
        } else {
            clause(text, self, (start, end))
        })
    }

    fn place_in_quote(&self, text: &str, (from, end): Span) -> Span {
        let last = from + last_character(&text[from..end]);
        if last > from {
            return (last, end);
        }
        let first = text[from..].chars().next().map_or(1, char::len_utf8);
        (from, from + first)
    }

    fn label_inside(&self, label: &str) -> String {
        label.to_string()
    }
}

/// Returns whether a word ends a clause: '…지만', '…는데', '…으며', '…했고'.
fn is_connective(word: &str, next: &str) -> bool {
    let bare = word.trim_end_matches(|c: char| !is_letter(c));
    let mut back = bare.chars().rev();
    let (Some(last), Some(before)) = (back.next(), back.next()) else {
        return false;
    };
    if begins_auxiliary(next) || matches!(bare, "가운데" | "그런데" | "한데") {
        return false;
    }
    let past = final_of(before) == FINAL_SS;
    let long = bare.chars().count() > 2;
    match last {
        '만' => before == '지' && long,
        '데' => final_of(before) == FINAL_N && before != '운',
        '며' => true,
        '고' => past || "하되이없지있내리으나쓰치쥐같많않라다".contains(before),
        '서' => "어아해면려져워".contains(before) && long,
        '니' => past || before == '으' || before == '보',
        '까' => before == '니',
        '나' => past || before == '으' && long,
        '도' => "해어아려".contains(before) && long,
        '자' => past || "하되오끄닫리".contains(before),
        _ => false,
    }
}

fn begins_auxiliary(text: &str) -> bool {
    AUXILIARIES.iter().any(|word| text.starts_with(word))
}

/// Leaves out '고 말했다' at the end, which marks once kept apart from what was said.
fn without_report(text: &str, span: Span, at: Span) -> Span {
    let part = &text[span.0..span.1];
    let places = REPORT.iter();
    let report = places.filter_map(|r| part.rfind(r).map(|i| (i, r.len())));
    match report.max() {
        Some((i, len))
            if (span.0 + i >= at.1 || span.0 + i <= at.0)
                && begins_auxiliary(&part[i + len..])
                && Korean.size(&part[..i]) >= LENGTHS.shortest_fragment =>
        {
            (span.0, span.0 + i)
        }
        _ => span,
    }
}

/// Moves the first word of a window so that it does not stand without the word it hangs on.
fn opened(
    text: &str,
    words: &[Span],
    (from, hit): (usize, usize),
    fits: impl Fn(usize) -> bool,
) -> usize {
    let bound = |i: usize| {
        i > 0 && binds(&text[words[i - 1].0..words[i - 1].1])
            || BOUND.iter().any(|b| text[words[i].0..].starts_with(b))
    };
    let mut back = from;
    while back > 0 && bound(back) {
        back -= 1;
    }
    if fits(back) {
        return back;
    }
    let mut on = from;
    while on < hit && bound(on) {
        on += 1;
    }
    on
}

/// Returns whether a word hangs on the next: determiners, genitives, verbs before a noun.
fn binds(word: &str) -> bool {
    if word.ends_with(|c: char| !is_letter(c)) {
        return false;
    }
    if DETERMINERS.has(word) || NUMERALS.has(word) || word.ends_with(|c: char| c.is_ascii_digit()) {
        return true;
    }
    let mut back = word.chars().rev();
    match (back.next(), back.next()) {
        (Some('의'), Some(_)) => true,
        (Some('는'), Some(b)) => "하되있없않쓰가오나지리치드르먹남받맡잡짓모키보주두".contains(b),
        (Some('은'), Some(b)) => "많적높낮작같얻받남맡늦찾놓젊깊넓좁".contains(b),
        (Some('을' | '를'), _) => false,
        (Some(c), Some(_)) => "한된인큰온쓴준던친린킨튼싼센찬픈쁜른긴든먼할될갈올".contains(c),
        _ => false,
    }
}

/// The figure's clause where it is short, else up to four words before the figure, within its clause: '두 회사가 세계 공급량의 83%'.
fn amount(text: &str, at: Span) -> Span {
    const BACK: usize = 4;
    const SHORT_CLAUSE: usize = 34;
    const LONGEST: usize = 26;
    let clause = clause(text, &Korean, at);
    if clause.0 <= at.0
        && at.1 <= clause.1
        && text[clause.0..clause.1].chars().count() <= SHORT_CLAUSE
        && !is_connective(last_word(&text[clause.0..clause.1]), "")
    {
        return clause;
    }
    let words = words(text, speech_around(text, (0, text.len()), at));
    let Some(hit) = words.iter().position(|w| w.1 > at.0) else {
        return trim(text, at);
    };
    let last = words.iter().rposition(|w| w.0 < at.1).unwrap_or(hit);
    let end = figure_end(text, words[last].1, at.1);
    let length = |from: usize| text[words[from].0..end.max(words[from].0)].chars().count();
    let mut from = hit;
    while from > 0 && hit - from < BACK && length(from - 1) <= LONGEST {
        let before = &text[words[from - 1].0..words[from - 1].1];
        let adverbial = ADVERBIAL.iter().any(|ending| before.ends_with(ending));
        if adverbial
            || before.ends_with([',', ';', ':', ')', '”', '.'])
            || is_connective(before, "")
            || Korean.ties(before.trim_end_matches(','))
        {
            break;
        }
        from -= 1;
    }
    let from = opened(text, &words, (from, hit), |from| {
        length(from) <= LONGEST + GRACE
    });
    // A bare figure says too little: what is done with it follows.
    if length(from) < LENGTHS.shortest_fragment
        && clause.1 > end
        && text[words[from].0..clause.1].chars().count() <= LENGTHS.longest_fragment
    {
        return trim(text, (words[from].0, clause.1));
    }
    trim(text, (words[from].0, end.max(words[from].0)))
}

/// Returns the figure's end within its word: before a particle, after what else belongs to the word.
fn figure_end(text: &str, word_end: usize, figure_end: usize) -> usize {
    if figure_end >= word_end {
        return figure_end;
    }
    let rest = text[figure_end..word_end].trim_end_matches(|c: char| !is_letter(c));
    let particle = FIGURE_PARTICLES.has(rest);
    if rest.is_empty() || particle {
        return figure_end;
    }
    let stem = FIGURE_PARTICLES
        .iter()
        .filter(|p| rest.ends_with(*p) && rest.len() > p.len())
        .map(|p| rest.len() - p.len())
        .min()
        .unwrap_or(rest.len());
    figure_end + stem
}

fn last_word(text: &str) -> &str {
    text.rsplit(' ').next().unwrap_or(text)
}

/// Returns where the last character begins.
fn last_character(text: &str) -> usize {
    text.char_indices().next_back().map_or(0, |(at, _)| at)
}
