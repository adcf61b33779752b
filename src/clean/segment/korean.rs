//! Korean sentence ends, with and without marks.
//!
//! A final ending (다, 요, 까, 죠 and their kin) ends a sentence unless it is a noun that looks like one (바다, 수요), a
//! connective that looks like one (보다, 니까), or the next token shows that a quotation lost its marks (… 라고, … 는).

use super::english;
use super::gap::{Gap, Style};
use super::gap_model::{Around, Emit, GapModel, head, name, tail};
use super::tails;
use crate::classifier::Classifier;
use crate::language::data::{self, List};
use crate::language::hangul::{
    FINAL_B, FINAL_BS, FINAL_L, FINAL_N, FINAL_SS, final_of, is_closed, is_hangul, vowel_of,
};
use crate::language::script::is_letter;

/// Tells where a sentence ends without a mark.
pub static GAP_MODEL: GapModel = GapModel {
    weights: Classifier::new(include_bytes!("../../../training/weights/gaps.ko.bin")),
    own: gap_features,
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

/// Returns whether sentences of this text mostly end in a mark.
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

/// Returns whether a line of prose breaks off where no sentence can end.
pub(super) fn is_unfinished(line: &str) -> bool {
    line.ends_with(',') && line.chars().count() >= 15
}

/// Returns whether the sentence ends in this gap.
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
            && GAP_MODEL.probability(gap) >= NOUN_ENDS;
    }
    let says = next_says(gap);
    if says == Next::GoesOn || follows_connective(core, gap) {
        return false;
    }
    match ending {
        Ending::Strong => true,
        Ending::Nominal => style.clipped || !style.punctuated && says == Next::Opens,
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

/// Returns whether the text ends in a final ending, or in a mark behind one.
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
    if latin && english::is_title(core) {
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
    let token = tails::without_notes(token);
    let core = token.trim_end_matches(|c: char| !is_letter(c) && c != '%' || is_jamo(c));
    (core, &token[core.len()..])
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
        .any(|c| is_jamo(c) || matches!(c, '~' | '^' | '♥' | '♡' | '★' | '☆') || tails::is_emoji(c))
    {
        return Mark::Laughter;
    }
    if tail.chars().any(is_closer) {
        Mark::Closer
    } else {
        Mark::None
    }
}

/// Syllables before 용, a playful 요.
const POLITE_BEFORE_YONG: &str = "어아네세해까여예에";

/// Judges the last syllables of `core`.
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
        '용' if POLITE_BEFORE_YONG.contains(before) => Ending::Strong,
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
    if let Some(ending) = particle_in_da(core, before, gap) {
        return ending;
    }
    let syllables = core.chars().count();
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

/// Judges what looks like an ending in 다 and is a particle, or hangs on the syllable before: -니다, 마다, 보다.
fn particle_in_da(core: &str, before: char, gap: &Gap) -> Option<Ending> {
    let third = core.chars().rev().nth(2);
    let (ends, ending) = match before {
        '니' => (
            third.is_some_and(|c| c == '아' || final_of(c) == FINAL_B),
            Ending::Strong,
        ),
        // The particle 마다 ("each"), against the copula after a noun in 마.
        '마' => (
            NOUNS_IN_MA.iter().any(|n| core.ends_with(n)),
            Ending::Strong,
        ),
        // The particle 보다 ("than"); as a verb of guessing it follows 나 or 가.
        '보' => {
            let guesses = |t: &str| t.ends_with(['나', '가']);
            (
                core == "보다" && previous_token(gap).is_some_and(guesses),
                Ending::Medium,
            )
        }
        _ => return None,
    };
    Some(if ends { ending } else { Ending::None })
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

/// Returns whether a text is written in clipped noun endings, as chat and notes often are.
pub(super) fn is_clipped_style(text: &str) -> bool {
    text.split_whitespace()
        .take(5_000)
        .filter(|t| {
            CLIPPED
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
        || NOUN_ENDINGS.iter().any(|e| core.ends_with(e)) && core.chars().count() >= 2
}

/// A plain stem with 다 that goes on as a connective: "하다 보니", "먹다 남은".
fn follows_connective(core: &str, gap: &Gap) -> bool {
    let next = gap.next();
    if core.ends_with('다') {
        return AFTER_DA.iter().any(|w| next.starts_with(w)) && !core.ends_with("니다");
    }
    if core.ends_with('까') {
        return AFTER_KKA.iter().any(|w| next.starts_with(w));
    }
    false
}

/// Emits the features of a gap that only Korean has: how surely the token before it ends a sentence, 0 to 4, and whether the one
/// behind goes on (0), says nothing (1) or opens a sentence (2), among them.
fn gap_features(around: &Around, one: &mut Emit) {
    let (p, n) = (&around.previous, &around.next);
    one(name::KO_NEXT_HEAD, &[head(n, 1).as_bytes()]);
    one(name::KO_NEXT_HEAD_2, &[head(n, 2).as_bytes()]);
    one(
        name::KO_TAILS,
        &[tail(p, 1).as_bytes(), tail(n, 1).as_bytes()],
    );
    let last = tail(p, 2).as_bytes();
    one(name::KO_TAIL_AND_HEAD, &[last, head(n, 2).as_bytes()]);
    one(name::KO_TAIL_AND_LENGTH, &[last, &[around.length]]);
    let (core, _) = split_tail(around.gap.prev());
    let levels = [
        ending_of(core, around.gap) as u8,
        next_says(around.gap) as u8,
    ];
    one(name::KO_LEVELS, &[&levels]);
}

/// Returns whether the first word is one that opens sentences.
pub(super) fn opens_sentence(text: &str) -> bool {
    let word = text
        .split_whitespace()
        .next()
        .unwrap_or("")
        .trim_matches(|c: char| !is_letter(c));
    OPENERS.has(word) || OPENER_STEMS.iter().any(|o| word.starts_with(o))
}

fn next_says(gap: &Gap) -> Next {
    let next = gap.next();
    // Laughter and emoji belong to the sentence before them.
    if next
        .chars()
        .all(|c| is_jamo(c) || tails::is_emoji(c) || matches!(c, '^' | '~' | ';' | '!' | '?' | '.'))
    {
        return Next::GoesOn;
    }
    let word = next.trim_start_matches(|c: char| !is_letter(c));
    if word.len() == next.len() || next.starts_with(['"', '\'']) {
        let word = word.trim_end_matches([',', '.', '?', '!', '"', '\'', '”', '’']);
        if GOES_ON.has(word) {
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
    if OPENERS.has(word) || OPENER_STEMS.iter().any(|o| word.starts_with(o)) {
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
    plain && TITLES.iter().any(|t| title.starts_with(t))
}

fn starts_with_quotative(text: &str) -> bool {
    QUOTATIVES.iter().any(|q| text.starts_with(q)) || text == "고"
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

/// Syllables that number the items of a list.
static LIST_LABELS: List = List::of(&data::SEGMENT.ko, "list_labels");

/// Nouns that end in 다 and stand bare often enough to matter.
static NOUNS_IN_DA: List = List::of(&data::SEGMENT.ko, "nouns_in_da");
/// Nouns in 마 that take the copula; after any other noun 마다 is the particle.
static NOUNS_IN_MA: List = List::of(&data::SEGMENT.ko, "nouns_in_ma");
/// Nouns that end in 요.
static NOUNS_IN_YO: List = List::of(&data::SEGMENT.ko, "nouns_in_yo");
/// Nouns that end in 유 after an open syllable with 아 or 어.
static NOUNS_IN_YU: List = List::of(&data::SEGMENT.ko, "nouns_in_yu");
/// Endings of questions in the plain style.
static QUESTION_ENDINGS: List = List::of(&data::SEGMENT.ko, "question_endings");
/// Syllables of open verb stems that, with 다 alone, are a dictionary form or a connective.
const BARE_STEMS: &str = "가오보하되주나쓰사자서타펴지치내대키";
/// Verbs whose stem with 다 is a connective or a dictionary form, not a statement.
static BARE_VERBS: List = List::of(&data::SEGMENT.ko, "bare_verbs");
/// Closed verb stems: 먹다, 듣다, 읽다 … with 다 alone.
const BARE_CLOSED_STEMS: &str = "먹듣읽찾잡걷씻입벗앉놓넣받얻묻믿살알울놀들팔벌열짓긋붓줍굽웃잇";
/// Adjectives in 하다, whose dictionary form is a statement.
static ADJECTIVES_IN_HADA: List = List::of(&data::SEGMENT.ko, "adjectives_in_hada");
/// Stems that take the propositive 자: 하자, 보자.
const VERB_STEMS_BEFORE_JA: &str = "하보가되주내말두놓먹살들짓걷찾막오";
/// Tokens that follow a final ending only where a quotation lost its marks.
static GOES_ON: List = List::of(&data::SEGMENT.ko, "goes_on");
/// Words that open a sentence.
static OPENERS: List = List::of(&data::SEGMENT.ko, "openers");
/// Beginnings of words that open a sentence.
static OPENER_STEMS: List = List::of(&data::SEGMENT.ko, "opener_stems");

/// Endings of predicates clipped to a noun, which chat and notes are written in.
static CLIPPED: List = List::of(&data::SEGMENT.ko, "clipped");
/// Nouns and endings that close clipped sentences.
static NOUN_ENDINGS: List = List::of(&data::SEGMENT.ko, "noun_endings");
/// Words before which a plain stem with 다 is a connective: "하다 보니", "먹다 남은".
static AFTER_DA: List = List::of(&data::SEGMENT.ko, "after_da");
/// Words before which 까 goes on: "올까 걱정".
static AFTER_KKA: List = List::of(&data::SEGMENT.ko, "after_kka");
/// Titles behind the name of somebody late: "고 이건희 회장".
static TITLES: List = List::of(&data::SEGMENT.ko, "titles");
/// Beginnings of what goes on behind a quotation.
static QUOTATIVES: List = List::of(&data::SEGMENT.ko, "quotatives");
