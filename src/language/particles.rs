//! Korean particles: which form follows a word, whatever it is written in, and which pieces of text are one.
//!
//! In:  the text before the particle and the form after a consonant, or a piece of a word. Out: the form that is said, or whether the
//! piece is a particle or an ending. No dictionary.

use super::data::{List, PARTICLES};
use super::hangul::{FINAL_L, NO_FINAL, final_of, is_closed, is_hangul};

/// Particles and endings that begin no word.
static BEGINS_NO_WORD: List = List::of(&PARTICLES, "begins_no_word");
/// Particles and ends of endings of one syllable.
static SYLLABLE_OF_END: List = List::of(&PARTICLES, "syllable_of_end");

/// Returns whether a token is a particle or an ending that begins no word, with what marks stand behind it: "에서", "습니다.", "다.".
pub fn begins_no_word(token: &str) -> bool {
    let end = token.find(|c| !is_hangul(c)).unwrap_or(token.len());
    let (word, behind) = token.split_at(end);
    // "다" alone is also "all"; behind that no sentence ends.
    BEGINS_NO_WORD.has(word) || word == "다" && behind.starts_with('.')
}

/// Returns whether a syllable is a particle or the end of an ending: "의", "다".
pub fn is_syllable_of_end(word: &str) -> bool {
    SYLLABLE_OF_END.has(word)
}

/// Says how a word ends when it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Final {
    Vowel,
    Consonant,
    /// ㄹ, after which 로 stands and not 으로.
    Rieul,
}

/// Returns the particle as it stands after `before`; `form` is one of the names a phrase table uses.
pub fn particle(before: &str, form: &str) -> &'static str {
    let last = last_sound(before);
    let pick = |consonant: &'static str, vowel: &'static str| match last {
        Final::Vowel => vowel,
        Final::Consonant | Final::Rieul => consonant,
    };
    match form {
        "은" => pick("은", "는"),
        "이" => pick("이", "가"),
        "을" => pick("을", "를"),
        "과" => pick("과", "와"),
        "인" => pick("인", "인"),
        "이다" => pick("이다", "다"),
        "으로" if last == Final::Consonant => "으로",
        "으로" => "로",
        // A quoted sentence is followed by 는 and 고, a quoted word by (이)라는 and (이)라고.
        "라는" if predicate(before) => "는",
        "라고" if predicate(before) => "고",
        "라며" if predicate(before) => "며",
        "라면" if predicate(before) => "면",
        "라는" => pick("이라는", "라는"),
        "라고" => pick("이라고", "라고"),
        "라며" => pick("이라며", "라며"),
        "라면" => pick("이라면", "라면"),
        _ => "",
    }
}

/// Returns whether the words quoted end like a plain statement ('…쥐고 있다').
fn predicate(before: &str) -> bool {
    let bare = bare(before);
    let mut last = bare.chars().rev();
    // '바다', '캐나다' end so as well: a statement has a stem of its own before 다.
    !bare.ends_with("니다")
        && last.next() == Some('다')
        && last
            .next()
            .is_some_and(|c| is_closed(c) || "하되크쁘르싸니리프쓰".contains(c))
        && bare.contains(' ')
}

fn bare(text: &str) -> &str {
    text.trim_end_matches(|c: char| !c.is_alphanumeric() && !"%℃㎏㎎㎞㎝㎜㎾㎿㎡㏊㎸°".contains(c))
}

fn last_sound(text: &str) -> Final {
    let bare = bare(text);
    let Some(last) = bare.chars().next_back() else {
        return Final::Vowel;
    };
    if is_hangul(last) {
        return match final_of(last) {
            NO_FINAL => Final::Vowel,
            FINAL_L => Final::Rieul,
            _ => Final::Consonant,
        };
    }
    match last {
        '1' | '7' | '8' => Final::Rieul,
        '0' | '3' | '6' | '㎏' | '㎎' => Final::Consonant,
        '2' | '4' | '5' | '9' | '%' => Final::Vowel,
        c if c.is_ascii_alphabetic() => latin_sound(bare),
        _ => Final::Vowel,
    }
}

/// Units whose names end in a vowel, such as 미터 and 와트.
const UNITS_IN_VOWELS: [&str; 15] = [
    "m", "km", "cm", "mm", "nm", "kWh", "MWh", "GWh", "TWh", "kW", "MW", "GW", "W", "kV", "V",
];

/// Returns how Koreans read the end of a Latin word: units by their name, capitals letter by letter, others as they sound.
fn latin_sound(text: &str) -> Final {
    let start = text
        .rfind(|c: char| !c.is_ascii_alphabetic())
        .map_or(0, |i| {
            i + text[i..].chars().next().map_or(1, char::len_utf8)
        });
    let word = &text[start..];
    let after_digit = text[..start].ends_with(|c: char| c.is_ascii_digit());
    if after_digit && matches!(word, "kg" | "g" | "mg" | "t") {
        return Final::Consonant;
    }
    if after_digit && UNITS_IN_VOWELS.contains(&word) {
        return Final::Vowel;
    }
    let last = word.chars().next_back().unwrap_or('a');
    if last.is_ascii_uppercase() {
        return match last {
            'L' | 'R' => Final::Rieul,
            'M' | 'N' => Final::Consonant,
            _ => Final::Vowel,
        };
    }
    let stem = word
        .strip_suffix('e')
        .filter(|s| s.ends_with(['l', 'm', 'n']))
        .unwrap_or(word);
    match stem.chars().next_back() {
        Some('l') => Final::Rieul,
        Some('m' | 'n' | 'b' | 'p' | 'k') => Final::Consonant,
        Some('g') if stem.ends_with("ng") => Final::Consonant,
        _ => Final::Vowel,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_follow_the_sound() {
        for (before, form, expected) in [
            ("“전기”", "은", "는"),
            ("“요금”", "은", "은"),
            ("“30%”", "을", "를"),
            ("“12명”", "이", "이"),
            ("“2026”", "라는", "이라는"),
            ("“3.5GW”", "라는", "라는"),
            ("“40kg”", "을", "을"),
            ("‘대부분’", "이", "이"),
            ("“쇠를 깎는 소리가 크다”", "라는", "는"),
            ("“바다”", "라는", "라는"),
            ("“줄이 길어요”", "라는", "라는"),
            ("“줄이 길어짐”", "라고", "이라고"),
            ("“LPG 배달”", "으로", "로"),
            ("AI", "은", "는"),
            ("HBM", "은", "은"),
            ("a rail tunnel", "은", "은"),
        ] {
            assert_eq!(particle(before, form), expected, "{before} + {form}");
        }
    }

    #[test]
    fn some_pieces_begin_no_word() {
        for token in ["에서", "는", "습니다.", "다.", "다.”", "으로,"] {
            assert!(begins_no_word(token), "{token}");
        }
        for token in ["에서도나", "다", "다리", "의", "는개가", "a"] {
            assert!(!begins_no_word(token), "{token}");
        }
        assert!(is_syllable_of_end("의") && !is_syllable_of_end("갑"));
    }
}
