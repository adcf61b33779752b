//! Quotations and brackets: places where a sentence end does not end the sentence around it.
//!
//! In:  a stretch of text. Out: the stretches of it that hold together. One pass with a short stack; a mark that was lost, or
//! that another stands for, never pairs with the next quotation's.

use super::marks::{is_closer, is_jamo, is_stop};
use crate::language::data::{self, List};
use crate::language::hangul::is_hangul;

/// Longest quotation, in bytes, that is kept in one piece; beyond it a mark was lost.
const LONGEST: usize = 900;
/// Longest quotation of several sentences, in bytes, that is kept in one piece though no speaker stands with it.
const ON_ITS_OWN: usize = 120;
/// Quotations and brackets in one another, at most; deeper ones were never closed.
const DEEPEST: usize = 12;

/// The quoted stretches of a text.
pub(super) struct Quotes {
    /// Stretches in which no sentence ends, in order and apart.
    spans: Vec<(usize, usize)>,
    /// Where straight quotation marks close, in order.
    straight: Vec<usize>,
}

/// A mark that opened and has not been closed yet.
struct Open {
    at: usize,
    mark: char,
    /// The first mark of another kind that may have closed it.
    instead: Option<(usize, char)>,
}

/// What a mark does where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Opens,
    Closes,
    /// May close a quotation that nothing else does.
    MayClose,
    Nothing,
}

impl Quotes {
    /// Finds pairs of quotation marks and brackets.
    pub fn of(text: &str) -> Quotes {
        let mut pairs = Pairs {
            text,
            open: Vec::new(),
            found: Vec::new(),
            straight: Vec::new(),
        };
        let mut at = 0;
        while let Some((found, mark)) = next_mark(text, at) {
            pairs.take(found, mark);
            at = found + mark.len_utf8();
        }
        while !pairs.open.is_empty() {
            pairs.lose();
        }
        Quotes {
            spans: merged(pairs.found),
            straight: pairs.straight,
        }
    }

    /// Returns whether a sentence end at byte `at` lies inside a quotation.
    pub fn hold(&self, at: usize) -> bool {
        let i = self.spans.partition_point(|s| s.1 < at);
        self.spans.get(i).is_some_and(|s| s.0 < at && at <= s.1)
    }

    /// Returns the byte behind the straight quotation mark that closes at `at`, else `at`.
    pub fn behind(&self, at: usize) -> usize {
        at + usize::from(self.straight.binary_search(&at).is_ok())
    }
}

/// The pairs found so far.
struct Pairs<'a> {
    text: &'a str,
    open: Vec<Open>,
    found: Vec<(usize, usize)>,
    straight: Vec<usize>,
}

impl Pairs<'_> {
    /// Takes the next mark.
    fn take(&mut self, at: usize, mark: char) {
        let kind = kind(mark);
        let pending = self.open.iter().rposition(|o| o.mark == kind);
        let quoted = self.open.iter().rev().find(|o| !is_bracket(o.mark));
        let unanswered = quoted.is_some_and(|o| o.instead.is_none());
        match role(self.text, at, mark, (pending.is_some(), unanswered)) {
            Role::Opens => {
                // A quotation that opens again was never closed; brackets may stand in brackets.
                if let Some(first) = pending
                    && !is_bracket(kind)
                {
                    while self.open.len() > first {
                        self.lose();
                    }
                }
                if self.open.len() == DEEPEST {
                    self.open.remove(0);
                }
                self.open.push(Open {
                    at,
                    mark: kind,
                    instead: None,
                });
            }
            Role::Closes => match pending {
                // Closed by another mark before, it leaves this one to the quotation that opened since.
                Some(i)
                    if self.open[i].instead.is_some()
                        && self.open[i + 1..].iter().any(|o| !is_bracket(o.mark)) =>
                {
                    self.may_close(at, mark);
                }
                Some(i) => {
                    while self.open.len() > i + 1 {
                        self.lose();
                    }
                    let open = self.open.pop().expect("one is pending");
                    self.pair(open.at, at, mark);
                }
                None if !is_bracket(kind) => self.may_close(at, mark),
                None => {}
            },
            Role::MayClose => self.may_close(at, mark),
            Role::Nothing => {}
        }
    }

    /// Notes a mark of another kind that may have closed the last quotation.
    fn may_close(&mut self, at: usize, mark: char) {
        // Apostrophes are everywhere: one closes another kind only behind a stop or before a particle.
        let single = matches!(mark, '\'' | '’');
        let last = self.open.iter_mut().rev().find(|o| !is_bracket(o.mark));
        if let Some(open) = last
            && open.instead.is_none()
            && (!single || matches!(open.mark, '\'' | '‘') || ends_quotation(self.text, at, mark))
        {
            open.instead = Some((at, mark));
        }
    }

    /// Gives up the last mark that opened: another mark closed it, or none.
    fn lose(&mut self) {
        if let Some(open) = self.open.pop()
            && let Some((at, mark)) = open.instead
        {
            self.pair(open.at, at, mark);
        }
    }

    fn pair(&mut self, open: usize, close: usize, mark: char) {
        if mark == '"' {
            self.straight.push(close);
        }
        if close - open > LONGEST {
            return;
        }
        if is_aside(self.text, open, close, mark) {
            self.found.push((open, close + mark.len_utf8()));
        } else if holds(self.text, open, close, mark) {
            self.found.push((open, close));
        }
    }
}

/// Sorts spans and joins those that lie in one another.
fn merged(mut spans: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    spans.sort_unstable();
    let mut apart: Vec<(usize, usize)> = Vec::with_capacity(spans.len());
    for span in spans {
        match apart.last_mut() {
            Some(last) if span.0 <= last.1 => last.1 = last.1.max(span.1),
            _ => apart.push(span),
        }
    }
    apart
}

/// Most closing marks behind one stop that are looked past.
const MOST_CLOSERS: usize = 8;

/// A quotation of several sentences is one unit where the sentence around it goes on, or a speaker stands before it.
fn holds(text: &str, open: usize, close: usize, mark: char) -> bool {
    let (before, inside) = (text[..open].trim_end(), &text[open..close]);
    let behind = &text[close + mark.len_utf8()..];
    let mut last = before.chars().rev().take(MOST_CLOSERS);
    let introduced = !before.is_empty() && !last.find(|c| !is_closer(*c)).is_some_and(is_stop);
    match behind.chars().next() {
        Some(c) if c.is_alphanumeric() => true,
        Some(',' | '.' | '?' | '!' | ';' | ':') => true,
        Some(c) if is_closer(c) => true,
        Some(c) if c.is_whitespace() => {
            introduced
                || behind.trim_start().starts_with(char::is_lowercase)
                || !before.is_empty() && !inside.trim_end().ends_with(is_stop)
                || inside.len() < ON_ITS_OWN
        }
        _ => introduced || inside.len() < 2 * ON_ITS_OWN,
    }
}

/// Syllables that end a sentence before a bracket of its own.
const ENDS_BEFORE_BRACKET: &str = "다요죠까음함임됨네";

/// A bracket behind a word in the middle of a sentence is an aside: no sentence ends with it, whatever stands inside.
fn is_aside(text: &str, open: usize, close: usize, mark: char) -> bool {
    let before = text[..open].trim_end().chars().next_back();
    let behind = text[close + mark.len_utf8()..].chars().next();
    matches!(mark, ')' | '）')
        && behind.is_some_and(char::is_whitespace)
        && before
            .is_some_and(|c| c.is_alphanumeric() && !ENDS_BEFORE_BRACKET.contains(c) && !is_jamo(c))
}

/// Finds the next quotation mark or bracket.
fn next_mark(text: &str, from: usize) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let may_be = |b: &u8| {
        matches!(
            b,
            b'"' | b'\'' | b'(' | b')' | b'[' | b']' | 0xE2 | 0xE3 | 0xEF
        )
    };
    let mut at = from;
    loop {
        let i = at + bytes[at..].iter().position(may_be)?;
        let is_mark = match bytes[i..] {
            [0xE2, second, third, ..] => second == 0x80 && matches!(third, 0x98..=0x9F),
            [0xE3, second, third, ..] => second == 0x80 && matches!(third, 0x88..=0x8F),
            [0xEF, second, third, ..] => second == 0xBC && matches!(third, 0x88 | 0x89),
            _ => true,
        };
        if is_mark {
            return text[i..].chars().next().map(|mark| (i, mark));
        }
        at = i + 1;
    }
}

/// The opening mark that stands for all marks of a kind.
fn kind(mark: char) -> char {
    match mark {
        '”' | '“' | '„' | '‟' => '“',
        '’' | '‘' | '‚' | '‛' => '‘',
        ')' | '（' | '）' => '(',
        ']' => '[',
        '」' => '「',
        '』' => '『',
        '〉' => '〈',
        '》' => '《',
        other => other,
    }
}

fn is_bracket(kind: char) -> bool {
    matches!(kind, '(' | '[')
}

/// Says what a mark does, from its neighbours and from whether one of its kind is open, or one that nothing closed yet.
fn role(text: &str, at: usize, mark: char, (pending, unanswered): (bool, bool)) -> Role {
    let before = text[..at].chars().next_back();
    let behind = text[at + mark.len_utf8()..].chars().next();
    match mark {
        '"' => straight(before, behind, (pending, unanswered)),
        '\'' => apostrophe(text, at, pending || unanswered),
        '”' | '’' | '‟' => closing(text, at, mark, pending),
        '“' | '‘' if !opens_behind(before) && closes_before(behind) => Role::Closes,
        '‘' if is_elision(&text[at + mark.len_utf8()..]) => Role::Nothing,
        // ":(" and ":)" are faces.
        '(' | ')' if matches!(before, Some(':' | ';' | '^')) => Role::Nothing,
        '(' | '（' | '[' if behind.is_none_or(char::is_whitespace) => Role::Nothing,
        '(' | '（' | '[' | '“' | '„' | '‘' | '「' | '『' | '〈' | '《' => Role::Opens,
        ')' | '）' | ']' | '」' | '』' | '〉' | '》' => Role::Closes,
        _ => Role::Nothing,
    }
}

/// A straight double quotation mark.
fn straight(
    before: Option<char>,
    behind: Option<char>,
    (pending, unanswered): (bool, bool),
) -> Role {
    let latin = |c: char| c.is_ascii_alphanumeric();
    match (opens_behind(before), closes_before(behind)) {
        // 5'11": inches.
        _ if !pending && before.is_some_and(|c| c.is_ascii_digit()) => Role::Nothing,
        (true, false) => Role::Opens,
        (false, true) => Role::Closes,
        _ if pending => Role::Closes,
        (false, false) if before.is_some_and(latin) => Role::Nothing,
        // "기다린다"고": before a particle it closes what another mark opened.
        (false, false) if unanswered && before.is_some_and(is_hangul) => Role::Closes,
        _ if behind.is_none_or(char::is_whitespace) => Role::Nothing,
        _ => Role::Opens,
    }
}

/// A straight single mark: an apostrophe, but for those that stand as quotation marks do.
fn apostrophe(text: &str, at: usize, pending: bool) -> Role {
    let before = text[..at].chars().next_back();
    let rest = &text[at + 1..];
    let behind = rest.chars().next();
    let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    if in_word(before) && behind.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return Role::Nothing;
    }
    match (opens_behind(before), closes_before(behind)) {
        (true, _) if is_elision(rest) => Role::Nothing,
        (true, false) => Role::Opens,
        (false, true) if is_possessive(text, at, 1) => Role::MayClose,
        (false, true) => Role::Closes,
        _ if pending => Role::Closes,
        _ => Role::Nothing,
    }
}

/// A curly mark that closes, where it is no apostrophe and opens nothing by mistake.
fn closing(text: &str, at: usize, mark: char, pending: bool) -> Role {
    let before = text[..at].chars().next_back();
    let rest = &text[at + mark.len_utf8()..];
    let behind = rest.chars().next();
    let single = mark == '’';
    if single
        && (before.is_some_and(char::is_alphanumeric)
            && behind.is_some_and(|c| c.is_alphanumeric() && !is_hangul(c))
            || opens_behind(before) && is_elision(rest))
    {
        return Role::Nothing;
    }
    if single && is_possessive(text, at, mark.len_utf8()) {
        return Role::MayClose;
    }
    if !pending && opens_behind(before) && !closes_before(behind) {
        return Role::Nothing;
    }
    Role::Closes
}

/// Returns whether a quotation may open behind this character.
fn opens_behind(before: Option<char>) -> bool {
    before.is_none_or(|c| {
        c.is_whitespace()
            || matches!(
                c,
                '(' | '['
                    | '{'
                    | '“'
                    | '‘'
                    | '"'
                    | '\''
                    | '「'
                    | '『'
                    | '〈'
                    | '《'
                    | '—'
                    | '–'
                    | '/'
            )
    })
}

/// Returns whether a quotation may close before this character.
fn closes_before(behind: Option<char>) -> bool {
    behind.is_none_or(|c| {
        c.is_whitespace() || is_closer(c) || is_stop(c) || matches!(c, ',' | ';' | ':' | '—' | '–')
    })
}

/// "the potters' kiln": an apostrophe behind a plural, before the thing owned.
fn is_possessive(text: &str, at: usize, len: usize) -> bool {
    let rest = &text[at + len..];
    text[..at].ends_with('s')
        && rest.starts_with(' ')
        && rest.trim_start().starts_with(char::is_alphabetic)
}

/// "the '90s", "'Tis": an apostrophe for letters left out at the head of a word, from behind the mark on.
fn is_elision(rest: &str) -> bool {
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(rest.len());
    let word = &rest[..end];
    let decade = word.strip_suffix('s').unwrap_or(word);
    decade.len() == 2 && decade.bytes().all(|b| b.is_ascii_digit())
        || ELISIONS.iter().any(|e| e.eq_ignore_ascii_case(word))
}

/// A single mark behind a stop, or before a Hangul particle.
fn ends_quotation(text: &str, at: usize, mark: char) -> bool {
    let before = text[..at].chars().next_back();
    let behind = text[at + mark.len_utf8()..].chars().next();
    before.is_some_and(|c| is_stop(c) || c == ',') || behind.is_some_and(is_hangul)
}

/// Words that begin with an apostrophe for what was left out.
static ELISIONS: List = List::of(&data::SEGMENT.en, "elisions");

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks which stops of a text are held; a held one is written as "¶".
    #[track_caller]
    fn check(marked: &str) {
        let text = marked.replace('¶', ".");
        let quotes = Quotes::of(&text);
        let mut shown = String::new();
        for (i, c) in text.char_indices() {
            let held = c == '.' && quotes.hold(i + 1);
            shown.push(if held { '¶' } else { c });
        }
        assert_eq!(shown, marked);
    }

    #[test]
    fn a_quotation_with_its_speaker_holds() {
        check("“It rained¶ I was early,” she said.");
        check("She said: “It rained¶ I was early¶” Then she left.");
        check("그는 “비가 왔다¶ 길이 잠겼다”고 말했다.");
        check("\"It rained¶ He ran,\" they said. It ended.");
    }

    #[test]
    fn a_mark_that_is_not_the_partner_closes() {
        check(
            "He calls it ‘the house. of fire'. It is old. The plan is ‘clay. for all’."
                .replace(". of", "¶ of")
                .replace("clay.", "clay¶")
                .as_str(),
        );
        check("도예가는 “흙이다¶ 기다린다\"고 말했다. 가마다. 군은 “사겠다”고 했다.");
        check("그는 “쌀이다\"고 했다. 이웃은 ‘방앗간'이라고 부른다. 군은 「돕겠다”라고 했다.");
        check("한 학부모는 「빠르다¶ 고친다”라고 적었다. 쪽지다.");
        check("‘It is ours¶ Go,“ says Joan. She wrote.");
    }

    #[test]
    fn a_lost_mark_does_not_run_to_the_next() {
        check("“It rained. He left. She said “no” and went. It ended.");
        check("'흙이 왔다. 반가워했다. 예산은 '3억원'이다. 끝이다.");
        check("Lena (58 has a kiln. It is old. The council (of Lowmarsh) buys.");
        check("It was the '90s. She bought it. It is the potters' kiln. Nobody's.");
    }

    #[test]
    fn brackets_in_a_sentence_are_asides() {
        let text = "나루흙(이하 '회사'라 한다) 대표와 흙을 샀다.";
        let at = text.find(')').expect("it is there") + 1;
        assert!(Quotes::of(text).hold(at));
        let own = "그는 웃었다. (비가 왔다) 길은 멀다.";
        assert!(!Quotes::of(own).hold(own.find(')').expect("it is there") + 1));
    }
}
