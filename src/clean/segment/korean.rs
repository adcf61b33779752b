//! Korean sentence ends, with and without marks.
//!
//! A final ending (다, 요, 까, 죠 and their kin) ends a sentence unless it is a noun that looks like one (바다, 수요), a
//! connective that looks like one (보다, 니까), or the next token shows that a quotation lost its marks (… 라고, … 는).

use super::gap::{Gap, Style};
use super::gap_model::{Around, Emit, GapModel, head, name, tail};
use super::marks::{
    closes_speech, is_call, is_closer, is_emoji, is_full_stop, is_jamo, is_stop, is_symbol,
};
use super::{ko_plain, ko_stops, tails};
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

/// Fewest characters of a line that may break off in the middle of a sentence, and most: headlines and captions are shorter,
/// and a longer line is a paragraph.
const SHORTEST_BROKEN: usize = 45;
const LONGEST_BROKEN: usize = 85;
/// Fewest characters of one that breaks off behind a noun, as captions end.
const SHORTEST_IN_A_NOUN: usize = 58;
/// Probability below which no sentence ends at the end of such a line.
const LINE_ENDS: f32 = 0.5;

/// Returns whether a line of prose breaks off where no sentence can end.
pub(super) fn is_unfinished(line: &str, next: &str) -> bool {
    let at_least = |n: usize| line.chars().nth(n - 1).is_some();
    if line.ends_with(',') {
        return at_least(15);
    }
    let item = |l: &str| {
        !l.starts_with(|c: char| is_letter(c) || matches!(c, '“' | '‘' | '"' | '\'' | '('))
    };
    let bracket = line.starts_with('(') && line.ends_with(')');
    let of_prose = line.ends_with(|c: char| is_hangul(c) || c.is_ascii_digit() || is_closer(c));
    // A caption stands above a paragraph on one line.
    let paragraph = next.chars().nth(LONGEST_BROKEN).is_some();
    if !at_least(SHORTEST_BROKEN)
        || paragraph
        || at_least(LONGEST_BROKEN + 1)
        || bracket
        || !of_prose
        || item(line)
        || item(next)
        || next.len() < SHORTEST_PAUSED && !closes_sentence(next)
    {
        return false;
    }
    let word = line.split_whitespace().next_back().unwrap_or("");
    let (core, tail) = split_tail(word);
    match mark_of(tail) {
        TailMark::Stop => ko_stops::is_abbreviation(core, next, opens_sentence(next)),
        TailMark::Question | TailMark::Ellipsis | TailMark::Laughter => false,
        // "되었다.[[분류:]]": a sentence and what is glued behind it.
        _ if word.contains("다.") => false,
        _ if closes_sentence(line) => false,
        _ => hangs_on(core) || at_least(SHORTEST_IN_A_NOUN) && line_goes_on(line, next),
    }
}

/// Asks the model about the end of a line, by the words around it.
fn line_goes_on(line: &str, next: &str) -> bool {
    let head: String = next
        .split_whitespace()
        .take(3)
        .collect::<Vec<_>>()
        .join(" ");
    let text = format!("{line} {head}");
    let start = line.rfind(char::is_whitespace).map_or(0, |i| i + 1);
    let after = head.split(' ').next().unwrap_or("").len();
    let gap = Gap {
        text: &text,
        sentence: 0,
        before: (start, line.len()),
        after: (line.len() + 1, line.len() + 1 + after),
    };
    line.is_char_boundary(start) && GAP_MODEL.probability(&gap) < LINE_ENDS
}

/// Returns whether the sentence ends in this gap.
pub(super) fn ends_at(gap: &Gap, style: Style) -> bool {
    let next = gap.next();
    if is_bullet(next) {
        return gap.so_far().len() > 6;
    }
    if is_remark(&gap.text[gap.after.0..]) {
        return false;
    }
    let (gap, laughed) = behind_symbols(gap);
    let gap = &gap;
    let (core, tail) = split_tail(gap.prev());
    match mark_of(tail) {
        TailMark::Stop => ends_after_stop(gap, core),
        TailMark::Question => next_says(gap) != Next::GoesOn && !ends_in_aside(gap, style),
        TailMark::Ellipsis => ends_after_pause(gap, core, tail.contains("..")),
        TailMark::Comma => false,
        TailMark::Laughter => ends_after_pause(gap, core, true),
        _ if laughed => ends_after_pause(gap, core, true),
        TailMark::Closer => ends_after_closer(gap, core, tail, style),
        TailMark::None => ends_bare(gap, core, style),
    }
}

/// The gap as it would stand behind the last word before emoji and laughter, and whether any were passed.
fn behind_symbols<'a>(gap: &Gap<'a>) -> (Gap<'a>, bool) {
    let is_symbols = |t: &str| !t.is_empty() && t.chars().all(is_symbol);
    let mut moved = *gap;
    let mut passed = 0;
    while is_symbols(moved.prev()) && passed < MOST_SYMBOLS {
        let before = &gap.text[gap.sentence..moved.before.0];
        let Some(word) = before.split_whitespace().next_back() else {
            return (*gap, false);
        };
        let end = gap.sentence + before.trim_end().len();
        moved.before = (end - word.len(), end);
        passed += 1;
    }
    (moved, passed > 0)
}

/// Most tokens of emoji and laughter in a row that are looked behind.
const MOST_SYMBOLS: usize = 8;

/// A sentence ends at an ellipsis, laughter or an emoji unless the word before it hangs on to the next.
fn ends_after_pause(gap: &Gap, core: &str, laughs: bool) -> bool {
    let says = next_says(gap);
    // An ellipsis apart from its word only pauses: "'요구했다' … 가능성".
    let apart = gap.prev().contains(" …");
    if says == Next::GoesOn || apart && says != Next::Opens {
        return false;
    }
    if hangs_on(core) {
        return ending_of(core, gap) >= Ending::Strong;
    }
    ending_of(core, gap) >= Ending::Weak
        || says == Next::Opens
        || closes_plainly(core) >= Ending::Weak
        || laughs && is_clipped(core)
        || PAUSE_ENDINGS.iter().any(|e| core.ends_with(e))
        || gap.so_far().len() > SHORTEST_PAUSED
            && GAP_MODEL.probability(gap) >= if laughs { LAUGHTER_ENDS } else { PAUSE_ENDS }
}

/// Fewest bytes of a sentence that ends in a noun and an ellipsis: "왠지… 잠이 안 온다" has one word before it.
const SHORTEST_PAUSED: usize = 20;
/// Probability from which a noun before an ellipsis ends the sentence, and one before laughter or two dots: headlines have the
/// ellipsis only.
const PAUSE_ENDS: f32 = 0.3;
const LAUGHTER_ENDS: f32 = 0.05;
/// Endings that close a sentence with an ellipsis or laughter behind them, and only so.
const PAUSE_ENDINGS: [&str; 4] = ["듯", "던데", "했던", "정도"];

/// A closing mark ends a sentence with the mark or the ending inside it; a bracket inside a sentence is an aside.
fn ends_after_closer(gap: &Gap, core: &str, tail: &str, style: Style) -> bool {
    if let Some(outside) = outside_of_bracket(gap) {
        return ends_at(&outside, style);
    }
    if follows_glued(gap) {
        return true;
    }
    ending_of(core, gap) == Ending::Strong
        && next_says(gap) != Next::GoesOn
        && !tail.starts_with(closes_speech)
}

/// Returns whether the sentence so far is one bracket that is glued to the sentence before it: "했다.(사진=나루신문) 어민들은".
fn follows_glued(gap: &Gap) -> bool {
    let before = gap.text[..gap.sentence].chars().next_back();
    before.is_some_and(|c| !c.is_whitespace())
        && gap.so_far().len() < LONGEST_BRACKET
        && (gap.so_far().starts_with('(') && gap.so_far().ends_with(')')
            || gap.so_far().starts_with('[') && gap.so_far().ends_with(']'))
}

/// Returns whether a mark stands inside brackets in the middle of a sentence: "다행히도(?) 호텔이".
fn ends_in_aside(gap: &Gap, style: Style) -> bool {
    outside_of_bracket(gap).is_some_and(|outside| !ends_at(&outside, style))
}

/// Longest bracket, in bytes, that is looked behind.
const LONGEST_BRACKET: usize = 400;

/// The gap as it would stand without the bracket that closes before it; none where the bracket is the whole sentence.
fn outside_of_bracket<'a>(gap: &Gap<'a>) -> Option<Gap<'a>> {
    let so_far = gap.so_far().strip_suffix(')')?;
    let mut from = so_far.len().saturating_sub(LONGEST_BRACKET);
    while !so_far.is_char_boundary(from) {
        from += 1;
    }
    let open = from + so_far[from..].rfind('(')?;
    let outside = so_far[..open].trim_end();
    // One bracket is looked behind, not a row of them.
    if outside.is_empty() || outside.ends_with(')') || so_far[open..].contains(')') {
        return None;
    }
    let word = outside.split_whitespace().next_back()?;
    let end = gap.sentence + outside.len();
    Some(Gap {
        before: (end - word.len(), end),
        ..*gap
    })
}

/// Returns whether a text opens with a bracket that belongs to the sentence before it: "(2021년 3월)".
fn is_remark(text: &str) -> bool {
    let Some(inside) = text.strip_prefix('(') else {
        return false;
    };
    let Some(close) = inside
        .as_bytes()
        .iter()
        .take(48)
        .position(|b| matches!(b, b')' | b'\n'))
    else {
        return false;
    };
    let (inside, behind) = (&inside[..close], &inside[close..]);
    behind.starts_with(')')
        && (behind.len() == 1 || behind[1..].starts_with(char::is_whitespace))
        && inside.contains(|c: char| c.is_ascii_digit())
        && !inside.contains(['=', '@', '.', '!', '?', '(', '-'])
        && !inside.ends_with(['다', '요'])
}

/// Without a mark the ending tells, and the word behind it.
fn ends_bare(gap: &Gap, core: &str, style: Style) -> bool {
    let mut ending = ending_of(core, gap).max(closes_plainly(core));
    if style.clipped && ending < Ending::Nominal && is_clipped(core) {
        ending = Ending::Nominal;
    }
    if ending == Ending::None {
        let least = match ASKED_ENDS.ends(core) {
            true => ASKED_ENDS_FROM,
            false => NOUN_ENDS,
        };
        return !style.punctuated
            && may_end_in_noun(gap, core)
            && GAP_MODEL.probability(gap) >= least
            && next_says(gap) != Next::GoesOn;
    }
    let says = next_says(gap);
    if says == Next::GoesOn
        || follows_connective(core, gap)
        || is_negated(core, gap.next())
        || core.ends_with('다') && ko_plain::goes_on(core, gap, style, says == Next::Opens)
    {
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
/// The same of endings that are a connective as often: "좋아", "있어".
const ASKED_ENDS_FROM: f32 = 0.7;

/// Particles and connectives, behind which a sentence goes on, and words that only pause.
fn hangs_on(core: &str) -> bool {
    HANGS_ON_WORDS.has(core) || HANGS_ON.ends(core) && !core.ends_with("정도")
}

/// Judges the endings of plain speech and of dialects: "했잖아", "하더라고", "없재", "할게".
fn closes_plainly(core: &str) -> Ending {
    let mut back = core.chars().rev();
    let (last, before) = (back.next().unwrap_or(' '), back.next().unwrap_or(' '));
    if PLAIN_ENDS.ends(core) {
        return Ending::Strong;
    }
    if PLAIN_ENDS_WITHOUT_MARKS.ends(core) {
        return Ending::Medium;
    }
    match last {
        '욧' | '욥' if is_hangul(before) => Ending::Strong,
        '제' | '재' if final_of(before) == FINAL_SS || before == '없' => Ending::Strong,
        '라' if before == '기' && final_of(back.next().unwrap_or(' ')) == FINAL_N => {
            Ending::Strong
        }
        '지' | '니' | '대' if final_of(before) == FINAL_SS => Ending::Medium,
        '래' | '걸' if final_of(before) == FINAL_L && core != "빨래" => Ending::Medium,
        '나' if matches!(before, '있' | '없') => Ending::Medium,
        _ => Ending::None,
    }
}

/// What denies or forbids behind 지.
const NEGATIONS: [&str; 6] = ["않", "못", "말", "마", "아니", "모르"];

/// Returns whether a negation follows 지: "하지 않다".
fn is_negated(core: &str, next: &str) -> bool {
    core.ends_with('지') && NEGATIONS.iter().any(|n| next.starts_with(n))
}

/// Predicates clipped to a noun in ㅁ, in a text of such: "올라감", "마심", "궁녀임"; not nouns that end alike.
fn is_clipped(core: &str) -> bool {
    let mut back = core.chars().rev();
    let (last, before) = (back.next().unwrap_or(' '), back.next().unwrap_or(' '));
    let clipped = match last {
        '감' => "나라아어가려와해져겨".contains(before),
        '람' => core == "바람",
        _ => CLIPPED_LAST.contains(last),
    };
    // One syllable is a noun on its own only: "남", "도망 감". Few words come so far as to be looked up.
    let is_noun = |n: &&str| core == *n || n.len() > 3 && core.ends_with(*n);
    clipped && !NOUNS_IN_M.iter().any(is_noun)
}

/// Last syllables of predicates clipped to a noun.
const CLIPPED_LAST: &str = "음임함됨짐줌옴봄냄침심움둠씀큼남참킴킨김림팜맒춤꿈뜸";

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
        TailMark::Stop | TailMark::Question => core.chars().next_back().is_some_and(is_hangul),
        TailMark::Comma => false,
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
    if gap.before.0 == gap.sentence && ko_stops::is_label(core) || is_spelled_out(core, next) {
        return false;
    }
    let says = next_says(gap);
    says != Next::GoesOn && !ko_stops::is_abbreviation(core, next, says == Next::Opens)
}

/// "전. 부. 다.": syllables with a stop behind each.
fn is_spelled_out(core: &str, next: &str) -> bool {
    let one = |t: &str| {
        let mut chars = t.chars();
        chars.next().is_some_and(is_hangul) && chars.all(|c| matches!(c, '.' | '!' | '?'))
    };
    one(core) && one(next) && !next.ends_with(is_hangul)
}

#[derive(Debug, PartialEq, Eq)]
enum TailMark {
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

fn mark_of(tail: &str) -> TailMark {
    if tail.is_empty() {
        return TailMark::None;
    }
    if tail.contains(is_call) {
        return TailMark::Question;
    }
    if tail.contains('…') || tail.contains("..") {
        return TailMark::Ellipsis;
    }
    let bare = tail.trim_end_matches(is_closer);
    if bare.ends_with(is_full_stop) {
        return TailMark::Stop;
    }
    if tail.contains('^') || tail.contains(";;") {
        return TailMark::Laughter;
    }
    if tail.ends_with([',', ';', ':', '·', '-', '–', '—', '/', '|', '、']) {
        return TailMark::Comma;
    }
    // A semicolon alone pauses.
    if tail.chars().any(|c| is_symbol(c) && c != ';') {
        return TailMark::Laughter;
    }
    if tail.chars().any(is_closer) {
        TailMark::Closer
    } else {
        TailMark::None
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
        '가' if QUESTION_ENDINGS.ends(core) && !core.ends_with("전문가") => Ending::Medium,
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
        // "이기도 하다" states; "이야기하다" names; "우세하다" does either.
        0 if core == "하다"
            && previous_token(gap).is_some_and(|t| STATING.iter().any(|e| t.ends_with(e))) =>
        {
            Ending::Strong
        }
        0 if syllables == 2 && BARE_STEMS.contains(before) => Ending::Weak,
        0 if before == '하' && !ADJECTIVES_IN_HADA.ends(core) => {
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
        0 if BARE_VERBS.ends(core) => Ending::Weak,
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
            // "정류장마다" is no "장마다".
            NOUNS_IN_MA
                .iter()
                .any(|n| core == *n || n.chars().count() > 3 && core.ends_with(n)),
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
    if NOUNS_IN_YO.ends(core) && !core.ends_with("가요") || core == "가요" {
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
    let (mut sure, mut signs, mut maybe, mut tokens) = (0, 0, 0, 0);
    for token in text.split_whitespace().take(5_000) {
        let word = token.trim_end_matches(|c: char| !is_hangul(c));
        tokens += 1;
        if CLIPPED.ends(word) {
            sure += 1;
        } else if is_nominal(word) {
            signs += 1;
        } else if is_clipped(word) {
            maybe += 1;
        }
        if sure >= 2 || sure + signs >= CLIPPED_SIGNS {
            return true;
        }
    }
    tokens < SHORT_NOTE && sure + signs > 0 && sure + signs + maybe >= 2
}

/// Words in 음, 함 or 됨 that make a text one of clipped sentences; "혐의 없음" stands in others too.
const CLIPPED_SIGNS: usize = 4;
/// Words of a text so short that two of them do.
const SHORT_NOTE: usize = 60;

/// Noun endings of clipped sentences: "…할 것", "…에 달려 있음", "…할 전망".
fn ends_in_noun(core: &str) -> bool {
    matches!(core, "것" | "뿐" | "셈" | "점" | "전망" | "때문")
        || NOUN_ENDINGS.ends(core) && core.chars().count() >= 2
}

/// A plain stem with 다 that goes on as a connective: "하다 보니", "먹다 남은".
fn follows_connective(core: &str, gap: &Gap) -> bool {
    let next = gap.next();
    if core.ends_with('다') {
        return AFTER_DA.starts(next) && !core.ends_with("니다");
    }
    if core.ends_with('까') {
        return AFTER_KKA.starts(next);
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
    OPENERS.has(word) || OPENER_STEMS.starts(word)
}

fn next_says(gap: &Gap) -> Next {
    let next = gap.next();
    // Laughter and emoji belong to the sentence before them.
    if next
        .chars()
        .all(|c| is_symbol(c) || matches!(c, '!' | '?' | '.'))
        || next.trim_start_matches(is_emoji).starts_with(is_hangul)
            && next.chars().take(2).all(is_emoji)
    {
        return Next::GoesOn;
    }
    let word = next.trim_start_matches(|c: char| !is_letter(c));
    if word.len() == next.len() || next.starts_with(['"', '\'']) {
        let word = word.trim_end_matches(|c| c == ',' || is_stop(c) || is_closer(c));
        if GOES_ON.has(word) || GOES_ON_STEMS.starts(word) {
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
    if is_turn(next, gap.rest()) {
        return Next::Opens;
    }
    // "됐다 그러니까.": a word with a stop behind it opens nothing.
    if !next.ends_with('.') && (OPENERS.has(word) || OPENER_STEMS.starts(word)) {
        Next::Opens
    } else {
        Next::Plain
    }
}

/// "철수: 그래", "가오리살 : 쫄깃하다": a name or label with a colon behind it.
fn is_turn(next: &str, rest: &str) -> bool {
    let name = next.strip_suffix(':').unwrap_or(next);
    let colon = name.len() < next.len() || rest.starts_with(" : ");
    colon && (2..=6).contains(&name.chars().count()) && name.chars().all(is_hangul)
}

/// "고 이건희 회장": the token after 고 is a bare name followed by a title.
fn is_name_after_go(rest: &str) -> bool {
    let mut words = rest.split_whitespace();
    let (Some(name), Some(title)) = (words.next(), words.next()) else {
        return false;
    };
    let plain = name.chars().count() == 3 && name.chars().all(is_hangul);
    plain && TITLES.starts(title)
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
        || matches!(first, '①'..='⑳' | '※')
}

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
/// What 하다 states behind: "이기도 하다", not "구경만 하다 나온".
const STATING: [&str; 4] = ["기도", "기는", "기만", "긴"];
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
/// Beginnings of tokens that follow a final ending only where a quotation lost its marks.
static GOES_ON_STEMS: List = List::of(&data::SEGMENT.ko, "goes_on_stems");
/// Particles and connectives, behind which a sentence goes on though somebody laughs.
static HANGS_ON: List = List::of(&data::SEGMENT.ko, "hangs_on");
/// Words that only pause: "근데… 그게".
static HANGS_ON_WORDS: List = List::of(&data::SEGMENT.ko, "hangs_on_words");
/// Endings of plain speech and of dialects that close a sentence.
static PLAIN_ENDS: List = List::of(&data::SEGMENT.ko, "plain_ends");
/// Endings of plain speech that close a sentence where sentences have no marks.
static PLAIN_ENDS_WITHOUT_MARKS: List = List::of(&data::SEGMENT.ko, "plain_ends_without_marks");
/// Endings of plain speech that are connectives as often: the model is asked.
static ASKED_ENDS: List = List::of(&data::SEGMENT.ko, "asked_ends");
/// Nouns in ㅁ that are no predicate clipped to a noun.
static NOUNS_IN_M: List = List::of(&data::SEGMENT.ko, "nouns_in_m");

#[cfg(test)]
mod tests {
    use crate::clean::segment::tests::check;

    #[test]
    fn laughter_emoji_and_pauses_end() {
        check(
            "빵을 샀어요ㅎㅎ 정말 맛있었어요^^;; 다음에 또 갈게요. 🎉 그럼 안녕!",
            &[
                "빵을 샀어요ㅎㅎ",
                "정말 맛있었어요^^;;",
                "다음에 또 갈게요. 🎉",
                "그럼 안녕!",
            ],
        );
        check(
            "왠지… 잠이 안 온다. 그날은 인생 최대의 굴욕… 그래도 갔다.",
            &[
                "왠지… 잠이 안 온다.",
                "그날은 인생 최대의 굴욕…",
                "그래도 갔다.",
            ],
        );
    }

    #[test]
    fn clipped_sentences_end_without_marks() {
        check(
            "여덟 시에 일어났음 지갑이 없음 집에 다시 올라감 커피를 마심 웃음 소리가 났음",
            &[
                "여덟 시에 일어났음",
                "지갑이 없음",
                "집에 다시 올라감",
                "커피를 마심",
                "웃음 소리가 났음",
            ],
        );
    }

    #[test]
    fn brackets_in_a_sentence_are_asides() {
        check(
            "회사(이하 '갑'이라 한다) 대표는 떠났다. 값이 올랐다. (2021년 3월) 배는 없다.",
            &[
                "회사(이하 '갑'이라 한다) 대표는 떠났다.",
                "값이 올랐다. (2021년 3월)",
                "배는 없다.",
            ],
        );
    }

    #[test]
    fn labels_and_initials_stay() {
        check(
            "Q1. 왜 닫나? A1. 값이 올랐다. 협력사는 베타 Co., Ltd. 서울사무소다.",
            &[
                "Q1. 왜 닫나?",
                "A1. 값이 올랐다.",
                "협력사는 베타 Co., Ltd. 서울사무소다.",
            ],
        );
    }

    #[test]
    fn a_line_that_breaks_off_joins_the_next() {
        check(
            "군의회는 어제 하루 종일 열린 본회의에서 오래된 다리를 새로 놓는 데 쓸 돈을 내년 예산에\n넣기로 했다. 공사는 봄에 시작한다.\n다리는 낡았다.",
            &[
                "군의회는 어제 하루 종일 열린 본회의에서 오래된 다리를 새로 놓는 데 쓸 돈을 내년 예산에\n넣기로 했다.",
                "공사는 봄에 시작한다.",
                "다리는 낡았다.",
            ],
        );
    }
}
