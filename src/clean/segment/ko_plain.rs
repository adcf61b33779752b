//! Korean words in 다 without a mark that state nothing: a connective ("보이다 반등했다"), a particle ("데다"), a name.
//!
//! In:  the word and what follows it. Out: whether the sentence goes on. The verbs and nouns are data.

use super::gap::{Gap, Style};
use super::korean::GAP_MODEL;
use crate::language::data::{self, List};
use crate::language::hangul::{FINAL_B, FINAL_BS, FINAL_H, FINAL_N, FINAL_SS, final_of};

/// The final consonant ㅅ.
const FINAL_S: u32 = 19;
/// Stems in ㅂ and ㅎ that are verbs; the others are adjectives, which state.
const VERBS_IN_B_AND_H: &str = "줍굽눕돕깁씹뽑잡접집업꼽넣놓쌓낳찧닿찧빻";
/// Other closed stems that are adjectives.
const CLOSED_ADJECTIVES: &str = "많같싶높깊짧길멀적작맑밝젊옳싫않굵얇붉낫못넓옅짙낡곧맞";

/// Probability from which a word in 다 states though nothing else tells.
const STATES: f32 = 0.9;

/// Returns whether a word in 다 without a mark goes on; `opens` says that the next word opens sentences.
pub(super) fn goes_on(core: &str, gap: &Gap, style: Style, opens: bool) -> bool {
    let Some(before) = core.chars().rev().nth(1) else {
        return false;
    };
    if PARTICLES.ends(core) {
        return true;
    }
    match final_of(before) {
        FINAL_SS => takes_turns(gap) || core == "있다" && style.punctuated && !opens,
        FINAL_N | FINAL_BS => false,
        FINAL_B | FINAL_H => VERBS_IN_B_AND_H.contains(before),
        FINAL_S => !CLOSED_ADJECTIVES.contains(before),
        0 if matches!(before, '하' | '되' | '니' | '마' | '보') => false,
        0 => {
            VERBS.ends(core)
                || style.punctuated && !states(core) && GAP_MODEL.probability(gap) < STATES
        }
        _ => !CLOSED_ADJECTIVES.contains(before),
    }
}

/// Adjectives and the copula behind words that only it follows.
fn states(core: &str) -> bool {
    STATEMENTS.ends(core) || !core.starts_with(char::is_alphabetic)
}

/// "썼다 지웠다 했다": two pasts and a verb of doing.
fn takes_turns(gap: &Gap) -> bool {
    let next = gap.next();
    let past = next.strip_suffix('다').and_then(|n| n.chars().next_back());
    past.is_some_and(|c| final_of(c) == FINAL_SS)
        && gap
            .rest()
            .trim_start()
            .starts_with(['하', '했', '한', '해', '할'])
}

/// Endings in 다 that are particles or go with an auxiliary verb: 데다, 에다, 가져다.
static PARTICLES: List = List::of(&data::SEGMENT.ko, "particles_in_da");
/// Open stems of verbs, whose 다 is a connective or a dictionary form.
static VERBS: List = List::of(&data::SEGMENT.ko, "verbs_in_da");
/// Statements in 다 behind an open syllable that is no verb's.
static STATEMENTS: List = List::of(&data::SEGMENT.ko, "statements_in_da");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[track_caller]
    fn check(text: &str, word: &str, expected: bool) {
        let start = text.find(word).unwrap();
        let end = start + word.len();
        let after = text[end + 1..]
            .find(' ')
            .map_or(text.len(), |i| end + 1 + i);
        let gap = Gap {
            text,
            sentence: 0,
            before: (start, end),
            after: (end + 1, after),
        };
        let style = Style {
            language: Language::Ko,
            punctuated: true,
            clipped: false,
        };
        assert_eq!(goes_on(gap.prev(), &gap, style, false), expected, "{text}");
    }

    #[test]
    fn connectives_particles_and_names_go_on() {
        for (text, word) in [
            ("약세를 보이다 반등했다", "보이다"),
            ("길을 쫓다 놓쳤다", "쫓다"),
            ("된장을 볶다 태웠어요", "볶다"),
            ("이용하는 데다 값도 싸다", "데다"),
            ("글을 가져다 실었다", "가져다"),
            ("글을 썼다 지웠다 했다", "썼다"),
            ("총리 기시다 후미오는", "기시다"),
        ] {
            check(text, word, true);
        }
    }

    #[test]
    fn statements_end() {
        for (text, word) in [
            ("비가 왔다 길이", "왔다"),
            ("값이 같다 그는", "같다"),
            ("해야 할 것이다 군은", "것이다"),
            ("힘이 없다 배가", "없다"),
            ("값이 비싸다 배는", "비싸다"),
            ("밥을 먹는다 배가", "먹는다"),
        ] {
            check(text, word, false);
        }
    }
}
