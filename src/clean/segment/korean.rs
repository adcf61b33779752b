//! Korean sentence ends, with and without marks.
//!
//! A final ending (다, 요, 까, 죠 and their kin) ends a sentence unless it is a noun that looks like one (바다, 수요), a
//! connective that looks like one (보다, 니까), or the next token shows that a quotation lost its marks (… 라고, … 는).

use super::{Gap, Style, gaps};
use crate::article::Language;
use crate::language::hangul::{
    FINAL_B, FINAL_BS, FINAL_L, FINAL_N, FINAL_SS, final_of, is_closed, is_hangul, vowel_of,
};

/// How surely a token's last syllables end a sentence when no mark stands behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    /// Not at all.
    None,
    /// Only before a word that opens sentences, in text without marks.
    Weak,
    /// In text that is written in clipped noun endings throughout.
    Nominal,
    /// In text without marks.
    Medium,
    /// Always.
    Strong,
}

/// What the next token says about the blank before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A particle or quotative that lost its quotation marks: the sentence goes on.
    GoesOn,
    /// Says nothing.
    Plain,
    /// A connective or demonstrative that opens sentences.
    Opens,
}

/// Whether sentences of this text mostly end in a mark.
pub(super) fn is_punctuated(text: &str) -> bool {
    let (mut marked, mut bare) = (0usize, 0usize);
    let bytes = text.as_bytes();
    // "다" is EB 8B A4 and "요" is EC 9A 94: the two endings that nearly all Korean sentences have.
    for at in memchr::memmem::find_iter(bytes, "다").chain(memchr::memmem::find_iter(bytes, "요"))
    {
        match bytes.get(at + 3) {
            Some(b'.' | b'!' | b'?') => marked += 1,
            Some(b' ' | b'\n') | None => bare += 1,
            _ => {}
        }
        if marked + bare > 20_000 {
            break;
        }
    }
    // 다 and 요 also end nouns and connectives: in marked text about one in four stands bare.
    marked * 2 >= bare && marked > 0
}

/// Whether a line of prose breaks off where no sentence can end.
pub(super) fn is_unfinished(line: &str) -> bool {
    line.ends_with(',') && line.chars().count() >= 15
}

/// Whether the sentence ends in this gap.
pub(super) fn ends_at(gap: &Gap, style: Style) -> bool {
    let prev = gap.prev();
    let next = gap.next();
    if is_bullet(next) {
        return gap.so_far().len() > 6;
    }
    let (core, tail) = split_tail(prev);
    match mark_of(tail) {
        Mark::Stop => return ends_after_stop(gap, core),
        Mark::Question => return next_says(gap) != Next::GoesOn,
        Mark::Ellipsis => {
            return next_says(gap) != Next::GoesOn
                && (ending_of(core, gap) >= Ending::Weak || next_says(gap) == Next::Opens);
        }
        Mark::Comma => return false,
        Mark::Laughter => {
            let next = next_says(gap);
            return next != Next::GoesOn
                && (ending_of(core, gap) >= Ending::Weak || next == Next::Opens);
        }
        Mark::Closer => {
            let inner = core.trim_end_matches(is_closer);
            if inner.ends_with(['.', '!', '?']) {
                return next_says(gap) != Next::GoesOn;
            }
            return ending_of(inner, gap) == Ending::Strong
                && next_says(gap) != Next::GoesOn
                && !tail.starts_with(['"', '”', '\'', '’']);
        }
        Mark::None => {}
    }
    let ending = ending_of(core, gap);
    if ending == Ending::None {
        return !style.punctuated
            && may_end_in_noun(gap, core)
            && gaps::probability(gap, Language::Ko) >= NOUN_ENDS;
    }
    let says = next_says(gap);
    if says == Next::GoesOn || follows_connective(core, gap) {
        return false;
    }
    match ending {
        Ending::Strong => true,
        Ending::Nominal => style.nominal || !style.punctuated && says == Next::Opens,
        Ending::Medium => !style.punctuated || says == Next::Opens,
        Ending::Weak => !style.punctuated && says == Next::Opens && gap.so_far().len() > 20,
        Ending::None => false,
    }
}

/// In text without marks: probability from which a sentence ends in a noun or a figure.
const NOUN_ENDS: f32 = 0.95;

/// Only a word without particle or connective is worth asking the model.
fn may_end_in_noun(gap: &Gap, core: &str) -> bool {
    gap.so_far().len() > 12
        && !core.ends_with([
            '은', '는', '을', '를', '의', '에', '와', '과', '고', '며', '서', '로', '도', '한',
            '된', '인', '할', '될', '던',
        ])
}

/// Whether the text ends in a final ending, or in a mark behind one.
pub(super) fn closes_sentence(text: &str) -> bool {
    let text = text.trim_end();
    let start = text.rfind(char::is_whitespace).map_or(0, |i| {
        i + text[i..].chars().next().map_or(1, char::len_utf8)
    });
    let gap = Gap {
        text,
        sentence: 0,
        before: (start, text.len()),
        after: (text.len(), text.len()),
    };
    let (core, tail) = split_tail(gap.prev());
    if core.is_empty() {
        return false;
    }
    match mark_of(tail) {
        Mark::Stop | Mark::Question => core.chars().next_back().is_some_and(is_hangul),
        Mark::Comma => false,
        _ => ending_of(core, &gap) >= Ending::Medium,
    }
}

/// A full stop ends the sentence unless it belongs to a date, a list number or an abbreviation.
fn ends_after_stop(gap: &Gap, core: &str) -> bool {
    let next = gap.next();
    let digits = !core.is_empty() && core.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if digits
        && (next.starts_with(|c: char| c.is_ascii_digit())
            || core.len() <= 2 && gap.before.0 == gap.sentence)
    {
        return false;
    }
    // "2025. 11. 6. 수요일": a day before a word that is no sentence start.
    if digits
        && core.len() <= 2
        && gap.so_far().len() < 24
        && gap
            .so_far()
            .chars()
            .all(|c| c.is_ascii_digit() || c == '.' || c.is_whitespace())
    {
        return false;
    }
    // "가. 파는 곳이 한 군데": a label of a list.
    if LIST_LABELS.contains(&core) && gap.before.0 == gap.sentence {
        return false;
    }
    let latin = core
        .bytes()
        .next_back()
        .is_some_and(|b| b.is_ascii_alphabetic());
    if latin && super::english::is_title(core) {
        return false;
    }
    next_says(gap) != Next::GoesOn
}

/// The end of a sentence whose mark is glued to the next one ("했다.그러나"), searched in `from..end`.
pub(super) fn glued_end(text: &str, from: usize, end: usize) -> Option<usize> {
    let token = &text[from..end];
    if token.len() < 9 {
        return None;
    }
    let mut at = 0;
    while let Some(i) = memchr::memchr3(b'.', b'!', b'?', &token.as_bytes()[at..]).map(|i| i + at) {
        at = i + 1;
        let before = token[..i].chars().next_back();
        let after = token[i + 1..].chars().next();
        let ends = before
            .is_some_and(|c| matches!(c, '다' | '요' | '죠' | '까' | '음' | '함' | '임' | '네'));
        if ends
            && after.is_some_and(|c| {
                is_hangul(c)
                    || c.is_ascii_uppercase()
                    || c.is_ascii_digit()
                    || matches!(c, '“' | '‘')
            })
            && !starts_with_quotative(&token[i + 1..])
        {
            return Some(from + i + 1);
        }
    }
    None
}

#[derive(Debug, PartialEq, Eq)]
enum Mark {
    Stop,
    Question,
    Ellipsis,
    Comma,
    Closer,
    Laughter,
    None,
}

/// Splits a token into its letters and the marks behind them.
fn split_tail(token: &str) -> (&str, &str) {
    // The common case: the token ends in a Hangul syllable.
    if token.as_bytes().last().is_some_and(|b| *b >= 0x80)
        && token.chars().next_back().is_some_and(is_hangul)
    {
        return (token, "");
    }
    let token = without_notes(token);
    let core =
        token.trim_end_matches(|c: char| !crate::article::is_letter(c) && c != '%' || is_jamo(c));
    (core, &token[core.len()..])
}

/// Leaves out footnote marks behind a sentence: "했다.[2][17]", "것이다.[참고 2]".
fn without_notes(mut token: &str) -> &str {
    while token.ends_with(']')
        && let Some(open) = token.rfind('[')
        && token.len() - open < 24
        && (token[..open].ends_with(['.', '!', '?', ']', '”', '"'])
            || token[open + 1..token.len() - 1]
                .bytes()
                .all(|b| b.is_ascii_digit()))
    {
        token = &token[..open];
    }
    token
}

fn mark_of(tail: &str) -> Mark {
    if tail.is_empty() {
        return Mark::None;
    }
    if tail.contains(['?', '!', '！', '？']) {
        return Mark::Question;
    }
    if tail.contains('…') || tail.contains("..") {
        return Mark::Ellipsis;
    }
    let bare = tail.trim_end_matches(is_closer);
    if bare.ends_with(['.', '。']) {
        return Mark::Stop;
    }
    if tail.ends_with([',', ';', ':', '·', '-', '–', '—', '/', '|', '、']) {
        return Mark::Comma;
    }
    if tail
        .chars()
        .any(|c| is_jamo(c) || matches!(c, '~' | '^' | '♥' | '♡' | '★' | '☆') || is_emoji(c))
    {
        return Mark::Laughter;
    }
    if tail.chars().any(is_closer) {
        Mark::Closer
    } else {
        Mark::None
    }
}

/// What the last syllables of `core` are worth.
fn ending_of(core: &str, gap: &Gap) -> Ending {
    let mut back = core.chars().rev();
    let Some(last) = back.next() else {
        return Ending::None;
    };
    let Some(before) = back.next().filter(|c| is_hangul(*c)) else {
        return match last {
            // The copula after Latin letters or figures: "AI다", "3배다".
            '다' if core.len() > 3 => Ending::Strong,
            _ => Ending::None,
        };
    };
    match last {
        '다' => ending_in_da(core, before, gap),
        '요' => ending_in_yo(core, before),
        '용' if matches!(
            before,
            '어' | '아' | '네' | '세' | '해' | '까' | '여' | '예' | '에'
        ) =>
        {
            Ending::Strong
        }
        '당' if final_of(before) == FINAL_SS || before == '니' && core.chars().count() > 2 => {
            Ending::Strong
        }
        '죠' | '쥬' => Ending::Strong,
        '유' if matches!(vowel_of(before), Some(0 | 1 | 4 | 5))
            && !is_closed(before)
            && NOUNS_IN_YU.iter().all(|n| !core.ends_with(n)) =>
        {
            Ending::Medium
        }
        '까' => match (before, core.chars().rev().nth(2)) {
            ('니', Some(c)) if final_of(c) == FINAL_B => Ending::Strong,
            ('니', _) => Ending::None,
            _ if final_of(before) == FINAL_L => Ending::Medium,
            _ => Ending::None,
        },
        '가' if QUESTION_ENDINGS.iter().any(|e| core.ends_with(e)) && !core.ends_with("전문가") => {
            Ending::Medium
        }
        '냐' if matches!(before, '느' | '으' | '이' | '하') || final_of(before) == FINAL_N => {
            Ending::Weak
        }
        // "줬어", "했어": behind a past no connective 어 can stand.
        '어' if final_of(before) == FINAL_SS && !matches!(before, '있') => Ending::Medium,
        '라' if matches!(before, '더' | '어' | '아' | '해' | '여') && core.chars().count() > 2 => {
            Ending::Medium
        }
        '군' | '걸' | '네'
            if final_of(before) == FINAL_SS
                || matches!(before, '는' | '겠' | '하' | '구' | '했') =>
        {
            Ending::Medium
        }
        '랑' if before == '걸' => Ending::Strong,
        '먼' if before == '구' => Ending::Strong,
        '나' if final_of(before) == FINAL_SS || matches!(before, '구' | '로') => Ending::Weak,
        '자' if VERB_STEMS_BEFORE_JA.contains(before) && core.chars().count() <= 4 => Ending::Weak,
        '음' | '임' | '함' | '됨' | '짐' | '줌' if is_nominal(core) => Ending::Nominal,
        '것' | '뿐' | '셈' | '함' | '됨' | '임' | '음' | '점' | '망' | '문'
            if ends_in_noun(core) =>
        {
            Ending::Weak
        }
        _ => Ending::None,
    }
}

/// Endings in 다: past, present, adjectives and the copula; not nouns, particles and bare verb stems.
fn ending_in_da(core: &str, before: char, gap: &Gap) -> Ending {
    let syllables = core.chars().count();
    match before {
        '니' => {
            let third = core.chars().rev().nth(2);
            return match third {
                Some(c) if final_of(c) == FINAL_B => Ending::Strong,
                Some('아') => Ending::Strong,
                _ => Ending::None,
            };
        }
        // The particle 마다 ("each"), against the copula after a noun in 마.
        '마' => {
            return if NOUNS_IN_MA.iter().any(|n| core.ends_with(n)) {
                Ending::Strong
            } else {
                Ending::None
            };
        }
        // The particle 보다 ("than"); as a verb of guessing it follows 나 or 가.
        '보' => {
            let guessing =
                core == "보다" && previous_token(gap).is_some_and(|t| t.ends_with(['나', '가']));
            return if guessing {
                Ending::Medium
            } else {
                Ending::None
            };
        }
        _ => {}
    }
    if NOUNS_IN_DA.contains(&core) {
        return Ending::None;
    }
    match final_of(before) {
        FINAL_SS => Ending::Strong,
        FINAL_N | FINAL_BS => Ending::Strong,
        0 if syllables == 2 && BARE_STEMS.contains(before) => Ending::Weak,
        // "이기도 하다" states; "이야기하다" names; "우세하다" does either.
        0 if core == "하다"
            && previous_token(gap).is_some_and(|t| t.ends_with(['도', '만', '은', '는'])) =>
        {
            Ending::Strong
        }
        0 if before == '하' && !ADJECTIVES_IN_HADA.iter().any(|a| core.ends_with(a)) => {
            if syllables > 3 {
                Ending::Medium
            } else {
                Ending::Weak
            }
        }
        0 if before == '되' => Ending::Weak,
        // "내려가다 반대로": an auxiliary behind a connective; "평가다" is a noun with the copula.
        0 if matches!(before, '가' | '오')
            && core
                .chars()
                .rev()
                .nth(2)
                .is_some_and(|c| "려라어아러해겨여나져와쳐가서".contains(c)) =>
        {
            Ending::Weak
        }
        0 if BARE_VERBS.iter().any(|v| core.ends_with(v)) => Ending::Weak,
        0 => Ending::Strong,
        _ if BARE_CLOSED_STEMS.contains(before) => Ending::Weak,
        _ => Ending::Strong,
    }
}

/// Endings in 요 against nouns in 요 (수요, 필요).
fn ending_in_yo(core: &str, before: char) -> Ending {
    if NOUNS_IN_YO.iter().any(|n| core.ends_with(n)) && !core.ends_with("가요") || core == "가요"
    {
        return Ending::None;
    }
    if is_closed(before) {
        // "걸요", "군요", "은요": other closed syllables before 요 are nouns.
        return if matches!(
            before,
            '걸' | '군' | '든' | '은' | '는' | '을' | '만' | '뿐' | '서'
        ) {
            Ending::Strong
        } else {
            Ending::Medium
        };
    }
    Ending::Strong
}

/// Predicates clipped to a noun ("갔음", "할 것임", "반겨줌"), against nouns that end alike (처음, 책임).
fn is_nominal(core: &str) -> bool {
    let before = core.chars().rev().nth(1).unwrap_or(' ');
    match core.chars().next_back() {
        Some('음') => {
            final_of(before) == FINAL_SS
                || matches!(
                    before,
                    '않' | '없' | '같' | '많' | '좋' | '싶' | '맞' | '높' | '작' | '적'
                )
        }
        Some('임') => matches!(before, '것' | '거' | '중' | '들' | '용' | '문') || core == "임",
        Some('함') => {
            matches!(
                before,
                '못' | '야' | '고' | '도' | '만' | '장' | '요' | '능' | '과'
            ) || core == "함"
        }
        Some('됨') => core.chars().count() > 1,
        Some('짐') => matches!(before, '해' | '어' | '아' | '워' | '라'),
        Some('줌') => matches!(before, '해' | '겨' | '어' | '아' | '려'),
        _ => false,
    }
}

/// Whether a text is written in clipped noun endings, as chat and notes often are.
pub(super) fn is_nominal_style(text: &str) -> bool {
    text.split_whitespace()
        .take(5_000)
        .filter(|t| {
            ["었음", "았음", "였음", "겠음", "것임", "했음", "거임"]
                .iter()
                .any(|e| t.trim_end_matches(is_jamo).ends_with(e))
        })
        .take(2)
        .count()
        == 2
}

/// Noun endings of clipped sentences: "…할 것", "…에 달려 있음", "…할 전망".
fn ends_in_noun(core: &str) -> bool {
    matches!(core, "것" | "뿐" | "셈" | "점" | "전망" | "때문")
        || ["것", "음", "함", "됨", "전망", "때문"]
            .iter()
            .any(|e| core.ends_with(e))
            && core.chars().count() >= 2
}

/// A plain stem with 다 that goes on as a connective: "하다 보니", "먹다 남은".
fn follows_connective(core: &str, gap: &Gap) -> bool {
    let next = gap.next();
    if core.ends_with('다') {
        return [
            "보니",
            "보면",
            "보니까",
            "말고",
            "만",
            "못해",
            "못한",
            "말았",
            "남은",
            "버린",
            "갔다",
            "들킨",
            "적발된",
            "붙잡힌",
            "숨진",
            "다친",
        ]
        .iter()
        .any(|w| next.starts_with(w))
            && !core.ends_with("니다");
    }
    if core.ends_with('까') {
        return [
            "봐", "걱정", "싶", "말까", "두려", "고민", "의심", "우려", "생각", "궁금", "하는",
            "해서",
        ]
        .iter()
        .any(|w| next.starts_with(w));
    }
    false
}

/// How surely the token before the gap ends a sentence, 0 to 4.
pub(super) fn ending_level(gap: &Gap) -> u8 {
    let (core, _) = split_tail(gap.prev());
    ending_of(core, gap) as u8
}

/// Whether the token after the gap goes on (0), says nothing (1) or opens a sentence (2).
pub(super) fn next_level(gap: &Gap) -> u8 {
    next_says(gap) as u8
}

/// Whether the first word is one that opens sentences.
pub(super) fn opens_sentence(text: &str) -> bool {
    let word = text
        .split_whitespace()
        .next()
        .unwrap_or("")
        .trim_matches(|c: char| !crate::article::is_letter(c));
    OPENERS.binary_search(&word).is_ok() || OPENER_STEMS.iter().any(|o| word.starts_with(o))
}

fn next_says(gap: &Gap) -> Next {
    let next = gap.next();
    // Laughter and emoji belong to the sentence before them.
    if next
        .chars()
        .all(|c| is_jamo(c) || is_emoji(c) || matches!(c, '^' | '~' | ';' | '!' | '?' | '.'))
    {
        return Next::GoesOn;
    }
    let word = next.trim_start_matches(|c: char| !crate::article::is_letter(c));
    if word.len() == next.len() || next.starts_with(['"', '\'']) {
        let word = word.trim_end_matches([',', '.', '?', '!', '"', '\'', '”', '’']);
        if GOES_ON.binary_search(&word).is_ok() {
            return Next::GoesOn;
        }
        // 고 is also "the late": a quotation only where a verb of saying or thinking comes next.
        if word == "고" {
            return if is_name_after_go(gap.rest()) {
                Next::Plain
            } else {
                Next::GoesOn
            };
        }
    }
    if OPENERS.binary_search(&word).is_ok() || OPENER_STEMS.iter().any(|o| word.starts_with(o)) {
        Next::Opens
    } else {
        Next::Plain
    }
}

/// "고 이건희 회장": the token after 고 is a bare name followed by a title.
fn is_name_after_go(rest: &str) -> bool {
    let mut words = rest.split_whitespace();
    let (Some(name), Some(title)) = (words.next(), words.next()) else {
        return false;
    };
    let plain = name.chars().count() == 3 && name.chars().all(is_hangul);
    plain
        && [
            "회장",
            "대통령",
            "씨",
            "선생",
            "박사",
            "교수",
            "명예",
            "의원",
            "시인",
            "작가",
            "감독",
        ]
        .iter()
        .any(|t| title.starts_with(t))
}

fn starts_with_quotative(text: &str) -> bool {
    ["라고", "라는", "라며", "고 ", "고\n", "라면서", "이라"]
        .iter()
        .any(|q| text.starts_with(q))
        || text == "고"
}

fn previous_token<'a>(gap: &Gap<'a>) -> Option<&'a str> {
    gap.text[gap.sentence..gap.before.0]
        .split_whitespace()
        .next_back()
}

/// Marks that open list items.
fn is_bullet(token: &str) -> bool {
    // Bullets are all of U+2000 to U+2FFF.
    if token.as_bytes().first() != Some(&0xE2) {
        return false;
    }
    let mut chars = token.chars();
    let Some(first) = chars.next() else {
        return false;
    };
    let alone = chars.next().is_none();
    alone
        && matches!(
            first,
            '•' | '◦'
                | '▪'
                | '■'
                | '□'
                | '◆'
                | '◇'
                | '●'
                | '○'
                | '▶'
                | '▷'
                | '☞'
                | '※'
        )
        || matches!(first, '①'..='⑳')
}

fn is_closer(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '”' | '’' | ')' | ']' | '」' | '』' | '》' | '〉' | '}'
    )
}

fn is_jamo(c: char) -> bool {
    ('ㄱ'..='ㅣ').contains(&c)
}

fn is_emoji(c: char) -> bool {
    matches!(c as u32, 0x2600..=0x27BF | 0x1F300..=0x1FAFF)
}

/// Syllables that number the items of a list.
#[rustfmt::skip]
const LIST_LABELS: &[&str] = &["가", "나", "다", "라", "마", "바", "사", "아", "자", "차", "카", "타", "파", "하"];

/// Nouns that end in 다 and stand bare often enough to matter.
#[rustfmt::skip]
const NOUNS_IN_DA: &[&str] = &["다", "바다", "판다", "캐나다", "르완다", "우간다", "소다", "혼다", "파고다", "람다", "앞바다", "먼바다", "밤바다", "최다", "베다"];
/// Nouns in 마 that take the copula; after any other noun 마다 is the particle.
#[rustfmt::skip]
const NOUNS_IN_MA: &[&str] = &["딜레마다", "드라마다", "테마다", "트라우마다", "카르마다", "로마다", "엄마다", "악마다", "장마다", "고구마다", "꼬마다", "하마다"];
/// Nouns that end in 요.
#[rustfmt::skip]
const NOUNS_IN_YO: &[&str] = &["수요", "필요", "주요", "중요", "소요", "개요", "동요", "강요", "민요", "긴요", "월요", "화요", "목요", "금요", "토요", "일요", "요요", "초요", "과요", "공요", "법요"];
/// Nouns that end in 유 after an open syllable with 아 or 어.
#[rustfmt::skip]
const NOUNS_IN_YU: &[&str] = &["이유", "자유", "여유", "사유", "치유", "가유", "소유", "보유", "공유", "우유", "고유", "비유", "정유", "석유", "경유", "휘발유"];
/// Endings of questions in the plain style.
#[rustfmt::skip]
const QUESTION_ENDINGS: &[&str] = &["는가", "은가", "던가", "인가", "한가", "닌가", "운가", "른가", "큰가", "런가", "떤가", "진가"];
/// Syllables of open verb stems that, with 다 alone, are a dictionary form or a connective.
const BARE_STEMS: &str = "가오보하되주나쓰사자서타펴지치내대키";
/// Verbs whose stem with 다 is a connective or a dictionary form, not a statement.
#[rustfmt::skip]
const BARE_VERBS: &[&str] = &[
    "나오다", "들어오다", "나가다", "들어가다", "다니다", "달리다", "기다리다", "배우다", "바꾸다", "나누다", "움직이다", "지키다", "보내다", "지내다", "만나다", "떠나다", "일어나다", "걸어가다",
    "하려다", "으려다", "려다", "가려다", "쉬다", "가르치다", "마시다", "던지다", "놓치다",
];
/// Closed verb stems: 먹다, 듣다, 읽다 … with 다 alone.
const BARE_CLOSED_STEMS: &str = "먹듣읽찾잡걷씻입벗앉놓넣받얻묻믿살알울놀들팔벌열짓긋붓줍굽웃잇";
/// Adjectives in 하다, whose dictionary form is a statement.
#[rustfmt::skip]
const ADJECTIVES_IN_HADA: &[&str] = &[
    "필요하다", "가능하다", "중요하다", "충분하다", "부족하다", "심각하다", "분명하다", "명확하다", "불가피하다", "시급하다", "절실하다", "당연하다", "다양하다", "유명하다", "강하다", "약하다", "특별하다",
    "이상하다", "정확하다", "완벽하다", "비슷하다", "동일하다", "유일하다", "막막하다", "답답하다", "조용하다", "위험하다", "안전하다", "편하다", "불편하다", "복잡하다", "간단하다", "단순하다", "뚜렷하다",
    "궁금하다", "불가능하다", "미미하다", "막대하다", "거대하다", "적절하다", "부적절하다", "타당하다", "공정하다", "불공정하다", "투명하다", "불투명하다", "확실하다", "불확실하다", "건강하다", "행복하다",
    "요원하다", "희박하다", "팽팽하다", "치열하다", "풍부하다", "튼튼하다", "허약하다", "취약하다", "열악하다", "선하다", "악하다", "못하다", "마땅하다", "만하다", "듯하다", "법하다", "뻔하다", "흔하다",
    "귀하다", "급하다", "더하다", "덜하다", "여전하다", "무관하다", "유사하다", "상당하다", "대단하다", "미흡하다", "과하다", "과도하다", "지나치다", "한심하다", "씁쓸하다", "절박하다", "긴요하다", "유리하다", "불리하다",
];
/// Stems that take the propositive 자: 하자, 보자.
const VERB_STEMS_BEFORE_JA: &str = "하보가되주내말두놓먹살들짓걷찾막오";
/// Tokens that follow a final ending only where a quotation lost its marks. Sorted.
#[rustfmt::skip]
const GOES_ON: &[&str] = &[
    "과", "는", "던", "도", "든", "듯", "라고", "라기보다", "라는", "라며", "라면", "라면서", "로", "를", "만", "만큼", "며", "면", "면서", "부터", "싶다", "싶어", "싶었다", "싶은", "싶을", "와", "으로", "은", "을", "의", "이고", "이기", "이나", "이니", "이라", "이라고", "이라는", "이라던", "이라며", "이라면서", "이란", "이며", "인", "인데", "인지", "자고", "자는", "자며", "지만", "처럼", "치더라도", "친들", "하고", "하는", "하더라도", "하며", "하면서", "하자", "한들", "해도", "했다",
];
/// Words that open a sentence. Sorted.
#[rustfmt::skip]
const OPENERS: &[&str] = &[
    "게다가", "결국", "고작", "과연", "그", "그것은", "그게", "그나마", "그녀는", "그는", "그대로", "그동안", "그들은", "그때", "그래도", "그래서", "그러나", "그러니", "그러니까", "그러다", "그러면", "그러므로", "그런", "그런데", "그런데도", "그럼", "그럼에도", "그렇게", "그렇다고", "그렇다면", "그렇지만", "그리고", "그만큼", "그사이", "근데", "나는", "내가", "넷째", "다만", "다섯째", "다음으로", "더구나", "더욱이", "둘째", "따라서", "또", "또는", "또한", "마지막으로", "마침", "만약", "만일", "먼저", "무엇보다", "문제는", "물론", "반대로", "반면", "비록", "설령", "셋째", "솔직히", "실은", "실제로", "심지어", "아니면", "아마", "아무리", "어쨌든", "어쩌면", "여기", "여기서", "여기에", "역시", "예를", "예컨대", "오히려", "왜", "왜냐하면", "요즘", "우리는", "우선", "이", "이것은", "이것이", "이는", "이들은", "이래서", "이러한", "이런", "이를", "이번", "이에", "이와", "이유는", "이제", "이처럼", "이후", "일단", "저는", "정작", "제가", "즉", "지금", "지난", "지난해", "참고로", "첫째", "최근", "특히", "하나는", "하물며", "하지만", "한편",
];
/// Beginnings of words that open a sentence.
const OPENER_STEMS: &[&str] = &[
    "그러나",
    "하지만",
    "그런데",
    "그리고",
    "첫째",
    "둘째",
    "셋째",
    "넷째",
    "다섯째",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_lists_are_sorted_for_binary_search() {
        assert!(
            GOES_ON.is_sorted(),
            "{:?}",
            GOES_ON.windows(2).find(|w| w[0] > w[1])
        );
        assert!(
            OPENERS.is_sorted(),
            "{:?}",
            OPENERS.windows(2).find(|w| w[0] > w[1])
        );
    }
}
