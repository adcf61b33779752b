//! Korean sentence ends inside a token, where the blank behind them was lost: "했다.그러나", "정한다제2조".
//!
//! In:  a token by its place in the text. Out: where a sentence ends in it. The words that go on behind an ending are data.

use crate::language::data::{self, List};
use crate::language::hangul::{
    FINAL_B, FINAL_BS, FINAL_N, FINAL_SS, NO_FINAL, final_of, is_hangul,
};

use super::marks::{is_closer, is_emoji, is_full_stop, is_jamo, is_stop, is_straight};
use super::tails::korean_note_len;

/// Last syllables of a sentence before a full stop. Before any other syllable the stop may be a middle dot: "교육.문화".
const BEFORE_STOP: &str = "다요죠까음함임네됨당용유지군것";
/// Last syllables of a sentence before a question or exclamation mark.
const BEFORE_CALL: &str = "다요죠까음함임네됨당용유지군것나가냐자라래야걸니아어해줘";
/// Longest file extension or end of a host name: "끝났다.hwp".
const LONGEST_EXTENSION: usize = 5;

/// The end of a sentence whose mark or emoji is glued to the next one, searched in `from..end`.
pub(super) fn marked_end(text: &str, from: usize, end: usize) -> Option<usize> {
    let token = &text[from..end];
    if let Some(len) = emoji_of_the_sentence_before(&text[..from], token) {
        return Some(from + len);
    }
    if let Some(len) = bracket_on_its_own(&text[..from], token) {
        return Some(from + len);
    }
    let mut before = ' ';
    let mut chars = token.char_indices();
    while let Some((i, c)) = chars.next() {
        if !is_stop(c) && !is_emoji(c) {
            before = c;
            continue;
        }
        let behind = i + tail_len(&text[from + i..]);
        if behind >= token.len() {
            break;
        }
        let last = match is_full_stop(c) {
            true => BEFORE_STOP,
            false => BEFORE_CALL,
        };
        let closed = token[..behind].ends_with(closes_glued);
        if last.contains(before)
            && opens_glued(&token[behind..])
            && !(closed && is_attached(&token[behind..]))
        {
            return Some(from + behind);
        }
        while chars.offset() < behind {
            chars.next();
        }
        before = ' ';
    }
    None
}

/// Length of a token up to the end of a bracket that is glued between two sentences: "꺼졌다.(사진=해온 제공)2층 창고가".
fn bracket_on_its_own(before: &str, token: &str) -> Option<usize> {
    let near = token.char_indices().nth(LONGEST_CREDIT);
    let near = near.map_or(token, |(end, _)| &token[..end]);
    let close = near.find([')', ']'])?;
    let mark = if token.as_bytes()[close] == b')' {
        '('
    } else {
        '['
    };
    let mut start = before.len().saturating_sub(LONGEST_CREDIT);
    while !before.is_char_boundary(start) {
        start += 1;
    }
    let (head, inside) = match token[..close].rfind(mark) {
        Some(0) => (before, &token[..close]),
        Some(_) => return None,
        None => {
            let open = start + before[start..].rfind(mark)?;
            (&before[..open], &before[open..])
        }
    };
    let stands_alone = head.ends_with(is_stop) && !inside.contains(['\n', ')', ']']);
    let rest = &token[close + 1..];
    // "(주)나루건설": a syllable in brackets is part of a name.
    let long = inside.chars().count() > 2;
    (long && stands_alone && opens_glued(rest) && !is_attached(rest)).then_some(close + 1)
}

/// Longest bracket between sentences, in bytes.
const LONGEST_CREDIT: usize = 90;

/// Length of the emoji that open a token and belong to the sentence before it: "하니까요. 😲😲하지만".
fn emoji_of_the_sentence_before(before: &str, token: &str) -> Option<usize> {
    if !token.starts_with(is_emoji) {
        return None;
    }
    let rest = token.trim_start_matches(is_emoji);
    let several = token[..token.len() - rest.len()].chars().count() > 1;
    let ended = before.trim_end().ends_with(is_stop) || before.trim_end().ends_with(is_jamo);
    (several && ended && opens_glued(rest)).then_some(token.len() - rest.len())
}

/// Length of what closes a sentence: its marks, emoji and laughter, closing marks, footnotes.
fn tail_len(text: &str) -> usize {
    let mut at = 0;
    let dots = text.starts_with(is_full_stop);
    loop {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else {
            return at;
        };
        // "했다.…그때": the ellipsis opens the next.
        let own = c != '…' || at == 0 || !dots;
        if own && is_stop(c) || is_emoji(c) || closes_glued(c) || is_jamo(c) && at > 0 {
            at += c.len_utf8();
        } else if let Some(len) = korean_note_len(rest) {
            at += len;
        } else {
            return at;
        }
    }
}

/// Returns whether a sentence may open with what is glued behind the mark of another.
fn opens_glued(rest: &str) -> bool {
    let Some(first) = rest.chars().next() else {
        return false;
    };
    let goes_on = is_closer(first) || GOES_ON.contains(first);
    // "[[분류:]]" is markup.
    if rest.starts_with("[[") {
        return false;
    }
    if is_straight(first) {
        // A straight mark opens where a word is glued to it.
        return rest[1..].starts_with(|c: char| is_hangul(c) || c.is_alphanumeric())
            && !goes_on_behind_quotation(&rest[1..]);
    }
    !goes_on && !is_jamo(first) && !is_extension(rest) && !goes_on_behind_quotation(rest)
}

/// Marks that no sentence opens with, but for closing ones.
const GOES_ON: &str = ",;:~/\\@_%^=+-·|`.!?、";

fn is_extension(rest: &str) -> bool {
    let len = rest
        .bytes()
        .take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        .count();
    (1..=LONGEST_EXTENSION).contains(&len)
        && rest.as_bytes()[0].is_ascii_lowercase()
        && !rest[len..].starts_with(char::is_alphanumeric)
        && !rest[len..].starts_with('-')
}

fn goes_on_behind_quotation(rest: &str) -> bool {
    QUOTATIVES.iter().any(|q| rest.starts_with(q))
        || rest
            .strip_prefix('고')
            .is_some_and(|r| r.is_empty() || r.starts_with(['는', '도', '만', '까']))
}

/// The end of a sentence that has no mark and is glued to the next one, in a text without marks.
pub(super) fn bare_end(text: &str, from: usize, end: usize) -> Option<usize> {
    let token = &text[from..end];
    let (mut third, mut second) = (' ', ' ');
    for (i, c) in token.char_indices() {
        let behind = i + c.len_utf8();
        if matches!(c, '다' | '까' | '요' | '죠')
            && behind < token.len()
            && closes_bare(&token[..behind], [third, second, c])
            && !goes_on_glued(&token[..behind], &token[behind..])
        {
            return Some(from + behind);
        }
        (third, second) = (second, c);
    }
    None
}

/// Returns whether the three syllables are an ending that no noun has.
fn closes_bare(head: &str, [third, second, last]: [char; 3]) -> bool {
    match last {
        '다' => match second {
            '니' => final_of(third) == FINAL_B,
            '이' => is_hangul(third) && head.chars().count() >= 4,
            _ => {
                matches!(final_of(second), FINAL_SS | FINAL_BS | FINAL_N) && !NOUNS_IN_DA.has(head)
                    || second == '같'
            }
        },
        '까' => second == '니' && final_of(third) == FINAL_B,
        '요' => third != ' ' && "어아해여예에세네워져려줘돼".contains(second),
        _ => is_hangul(second),
    }
}

/// Returns whether what is glued behind an ending goes on: a quotation's particle, a connective; a particle where `head` may be
/// a noun.
fn goes_on_glued(head: &str, rest: &str) -> bool {
    let first = rest.chars().next().unwrap_or(' ');
    let mut back = head.chars().rev().skip(1);
    let before = back.next().unwrap_or(' ');
    let word = &rest[..rest.find(|c: char| !is_hangul(c)).unwrap_or(rest.len())];
    let noun = matches!(final_of(before), FINAL_N | NO_FINAL) && before != '니' && back.count() < 3;
    !(is_hangul(first) || first.is_ascii_alphanumeric())
        || GLUED_ON.has(word)
        || noun && PARTICLES.has(word)
        || GLUED_ON_STEMS.starts(rest)
}

/// Returns whether what is glued behind a closing mark is a particle or the copula: "보십니까.”가", "반성함.)의".
fn is_attached(rest: &str) -> bool {
    GLUED_ON.has(rest) || PARTICLES.has(rest) || COPULA.iter().any(|c| rest.starts_with(c))
}

/// What the copula begins with.
const COPULA: [&str; 6] = ["이다", "이었", "이며", "이고", "입니다", "였"];

/// Closing marks behind which a particle may be glued. A square bracket closes a reference, which none follows; which side a straight
/// mark belongs to is found with the quotations.
fn closes_glued(c: char) -> bool {
    is_closer(c) && !is_straight(c) && c != ']'
}

/// Nouns that end in 다.
static NOUNS_IN_DA: List = List::of(&data::SEGMENT.ko, "nouns_in_da");
/// Beginnings of what goes on behind a quotation.
static QUOTATIVES: List = List::of(&data::SEGMENT.ko, "quotatives");
/// What goes on when it is all that is glued behind a final ending: "했다고", "있다는".
static GLUED_ON: List = List::of(&data::SEGMENT.ko, "glued_on");
/// Particles, glued behind a noun that ends like a predicate, or behind a closing mark: "캐나다의", "보십니까.”가".
static PARTICLES: List = List::of(&data::SEGMENT.ko, "glued_particles");
/// Beginnings of what goes on behind a final ending: "했다면서도".
static GLUED_ON_STEMS: List = List::of(&data::SEGMENT.ko, "glued_on_stems");

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(find: fn(&str, usize, usize) -> Option<usize>, token: &str, expected: &str) {
        let (mut from, mut parts) = (0, Vec::new());
        while let Some(end) = find(token, from, token.len()) {
            parts.push(&token[from..end]);
            from = end;
        }
        parts.push(&token[from..]);
        assert_eq!(parts.join("|"), expected);
    }

    #[test]
    fn marks_glued_to_what_opens_a_sentence() {
        for expected in [
            "닫는다.|美",
            "밝혔다.|(주)나루가",
            "없다.|△예산",
            "했다.|iPhone으로",
            "했다.|'낡은",
            "했다.|“슬픈",
            "했다.|①예산",
            "했다.|…그때까지",
            "있다。|다음",
            "왔나？|아니다",
            "왔어요😀|하지만",
            "했다.💉|예순",
            "기록했다.[2]|이후",
            "했다.”|그는",
        ] {
            check(marked_end, &expected.replace('|', ""), expected);
        }
    }

    #[test]
    fn marks_inside_a_sentence() {
        for token in [
            "교육.문화.체육",
            "없다.”가",
            "반성함.)의",
            "끝났다.hwp",
            "날이다.”라고",
            "했다.고",
            "3.5GW를",
            "v1.2.3",
            "했다.",
            "좋다.”며",
        ] {
            check(marked_end, token, token);
        }
    }

    #[test]
    fn brackets_glued_between_sentences() {
        for (text, expected) in [
            (
                "꺼졌다.(사진=해온 제공)2층",
                Some("꺼졌다.(사진=해온 제공)"),
            ),
            ("꺼졌다.(해온 제공)의", None),
            ("군은(해온 제공)2층", None),
        ] {
            let from = text.rfind(' ').map_or(0, |i| i + 1);
            let found = marked_end(text, from, text.len()).map(|end| &text[..end]);
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn endings_glued_without_a_mark() {
        for expected in [
            "정한다|제2조(값)",
            "같다|제3조",
            "답한다|다만",
            "3억원이다|군의회는",
            "한다|예산은",
            "밥그릇입니다|이",
            "했습니다|저희",
            "하셨습니까|두",
            "왔어요|그래서",
            "이야기다",
        ] {
            check(bare_end, &expected.replace('|', ""), expected);
        }
        for token in [
            "했다고",
            "있다는",
            "한다면서도",
            "했다지만",
            "캐나다에서",
            "르완다의",
            "필요해요",
            "합니다만",
            "먹습니다ㅎㅎ",
            "간다하면",
            "바다로",
            "있다며",
        ] {
            check(bare_end, token, token);
        }
    }
}
