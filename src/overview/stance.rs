//! Stances: in which direction a sentence points, and about what.
//!
//! In:  the words of a sentence. Out: for each question that can be answered two ways (rising or falling, enough or short),
//! the answer it gives and the words beside it. A sentence that gives both answers gives none. Tables, no grammar.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::words::ComparedWord;
use crate::article::Language;

/// A question of [`AXES`], and which of its two answers a word gives.
pub type Answer = (usize, bool);

/// An answer that a sentence gives, and about what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stance {
    /// Which question.
    pub axis: usize,
    /// Which of its two answers.
    pub yes: bool,
    /// Keys of the content words beside the cue, ascending.
    pub about: Vec<u32>,
}

/// A question that sentences answer in two ways, with the words that do. English cues are whole words, with `*` the
/// beginning of one; Korean cues begin a word, with `*` in front they stand anywhere in it.
struct Axis {
    yes_ko: &'static [&'static str],
    no_ko: &'static [&'static str],
    yes_en: &'static [&'static str],
    no_en: &'static [&'static str],
}

/// Needed or not: the one axis whose cues say nothing of what it is that is needed.
pub const NEED: usize = 3;

#[rustfmt::skip]
const AXES: [Axis; 8] = [
    // Rising or falling.
    Axis {
        yes_ko: &["늘어", "늘었", "늘고", "늘며", "늘면", "늘지", "늘린", "늘렸", "*증가", "*급증", "오르", "올랐", "오른", "올라", "치솟", "커졌", "커지", "커진"],
        no_ko: &["줄어", "줄었", "줄고", "줄며", "줄면", "줄지", "줄인", "줄였", "*감소", "*급감", "떨어졌", "떨어지", "떨어진", "내렸", "내린", "내려갔"],
        yes_en: &["rise", "rises", "rose", "rising", "risen", "grow", "grows", "grew", "growing", "grown", "increas*", "climb*", "soar*", "surg*", "doubl*", "tripl*"],
        no_en: &["fall", "falls", "fell", "falling", "declin*", "decreas*", "drop", "drops", "dropped", "dropping", "shrink*", "shrank", "shrunk", "dwindl*", "halv*"],
    },
    // Enough or short.
    Axis {
        yes_ko: &["*충분", "넉넉", "남아돌", "남아돈", "여유가", "여유롭", "남는다", "모자람이"],
        no_ko: &["*부족", "모자라", "모자란", "모자랐", "모자랄", "태부족"],
        yes_en: &["enough", "sufficient*", "plenty", "ample", "surplus", "abundan*", "adequate*"],
        no_en: &["short", "shortage*", "shortfall*", "lack", "lacks", "lacked", "lacking", "scarce", "scarcity", "insufficient*"],
    },
    // Fast or slow.
    Axis {
        yes_ko: &["빨라", "빨랐", "빠르", "빠른", "앞서", "앞섰", "앞선", "앞당"],
        no_ko: &["느리", "느린", "느려", "늦어", "늦은", "늦었", "늦다", "늦춰", "더디", "더딘", "*지연", "뒤처", "밀렸", "밀린"],
        yes_en: &["fast", "faster", "fastest", "quick*", "rapid*", "swift*", "ahead"],
        no_en: &["slow", "slower", "slowest", "slowly", "slowed", "slows", "delay*", "late", "lag", "lags", "lagged", "lagging", "behind", "stall*"],
    },
    // Needed or not.
    Axis {
        yes_ko: &["*필요하", "*필요가", "*필요한", "*필요성", "*해야", "*돼야", "*되어야", "*와야", "*려야", "*워야", "*춰야"],
        no_ko: &["*불필요", "*필요없", "*말아야"],
        yes_en: &["must", "should", "need", "needs", "needed", "necessary", "essential"],
        no_en: &["unnecessary", "needless", "unneeded"],
    },
    // High or low, dear or cheap.
    Axis {
        yes_ko: &["높다", "높은", "높아", "높았", "비싸", "비싼", "비쌌"],
        no_ko: &["낮다", "낮은", "낮아", "낮았", "싸다", "싼", "저렴", "값싼"],
        yes_en: &["high", "higher", "highest", "expensive", "costly", "costlier"],
        no_en: &["low", "lower", "lowest", "cheap", "cheaper", "cheapest"],
    },
    // For or against.
    Axis {
        yes_ko: &["*찬성", "*환영", "*지지했", "*지지한"],
        no_ko: &["*반대", "*반발", "*거부"],
        yes_en: &["support", "supports", "supported", "welcom*", "approv*", "favour*", "favor*", "endors*"],
        no_en: &["oppos*", "reject*", "protest*", "resist*"],
    },
    // Tighter or looser.
    Axis {
        yes_ko: &["*강화", "*엄격", "*까다로"],
        no_ko: &["*완화", "*느슨", "풀어야", "풀었", "풀린"],
        yes_en: &["tighten*", "tighter", "strict", "stricter", "tough", "tougher"],
        no_en: &["loosen*", "looser", "relax*", "lax", "eased", "easing", "ease"],
    },
    // Possible or not.
    Axis {
        yes_ko: &["*가능하", "*가능한"],
        no_ko: &["*불가능"],
        yes_en: &["possible", "feasible", "realistic"],
        no_en: &["impossible", "unfeasible", "infeasible", "unrealistic"],
    },
];

#[rustfmt::skip]
const NEGATIONS_EN: [&str; 25] = [
    "not", "no", "never", "nor", "neither", "hardly", "without", "cannot", "cant", "isnt", "arent", "wasnt", "werent", "dont", "doesnt", "didnt", "wont", "wouldnt", "shouldnt", "neednt",
    "hasnt", "havent", "hadnt", "nobody", "nothing",
];
const NEGATIONS_KO: [&str; 5] = ["않", "아니", "못하", "없", "못했"];

/// English words before a cue in which a negation turns it.
const NEGATED_BEFORE: usize = 3;
/// Words before and after a cue that may be what it is about: in Korean the predicate comes last.
const ABOUT_KO: (usize, usize) = (4, 1);
const ABOUT_EN: (usize, usize) = (5, 4);

/// Returns the stances of a sentence, by axis; `answers` are those of its words.
pub fn stances(
    words: &[ComparedWord<'_>],
    answers: &[Vec<Answer>],
    language: Language,
) -> Vec<Stance> {
    let mut found: Vec<Stance> = Vec::new();
    let mut torn = [false; AXES.len()];
    for (at, answers) in answers.iter().enumerate() {
        for &(axis, said) in answers {
            let yes = said != negated(words, at, language);
            let about = about(words, at, language);
            match found.iter_mut().find(|stance| stance.axis == axis) {
                Some(stance) if stance.yes != yes => torn[axis] = true,
                Some(stance) => stance.about.extend(about),
                None => found.push(Stance { axis, yes, about }),
            }
        }
    }
    found.retain(|stance| !torn[stance.axis]);
    for stance in &mut found {
        stance.about.sort_unstable();
        stance.about.dedup();
    }
    found.sort_by_key(|stance| stance.axis);
    found
}

/// Tells whether anything in the sentence is denied.
pub fn denies(words: &[ComparedWord<'_>], language: Language) -> bool {
    words.iter().any(|word| match language {
        Language::En => NEGATIONS_EN.contains(&word.lower.as_ref()),
        Language::Ko => denies_ko(&word.lower),
    })
}

fn denies_ko(word: &str) -> bool {
    word == "안" || word == "못" || NEGATIONS_KO.iter().any(|cue| word.starts_with(cue))
}

/// A cue, made ready.
struct Cue {
    text: &'static str,
    /// English: nothing may follow.
    whole: bool,
    /// Korean: anything may stand before.
    inside: bool,
    axis: usize,
    yes: bool,
}

/// The cues of a language by their first letter: a long sentence has sixty words, and there are two hundred cues.
type Table = FxHashMap<char, Vec<Cue>>;

static KO: LazyLock<Table> = LazyLock::new(|| table(Language::Ko));
static EN: LazyLock<Table> = LazyLock::new(|| table(Language::En));

fn table(language: Language) -> Table {
    let mut table = Table::default();
    for (axis, cues) in AXES.iter().enumerate() {
        let (yes, no) = match language {
            Language::Ko => (cues.yes_ko, cues.no_ko),
            Language::En => (cues.yes_en, cues.no_en),
        };
        // '불필요' holds '필요', so the second answer is looked for first.
        for (cues, yes) in [(no, false), (yes, true)] {
            for written in cues {
                let text = written.trim_matches('*');
                let first = text.chars().next().expect("a cue has letters");
                table.entry(first).or_default().push(Cue {
                    text,
                    whole: language == Language::En && !written.ends_with('*'),
                    inside: written.starts_with('*'),
                    axis,
                    yes,
                });
            }
        }
    }
    table
}

/// Returns the questions a word answers, and how: '강화해야' says that it is needed, and that it is tightening. Of the two answers to
/// one question the second counts.
pub fn answers(word: &str, language: Language) -> Vec<Answer> {
    let table = match language {
        Language::Ko => &KO,
        Language::En => &EN,
    };
    let starts = word.char_indices().take(match language {
        Language::Ko => usize::MAX,
        Language::En => 1,
    });
    let mut found: Vec<Answer> = Vec::new();
    for (at, letter) in starts {
        let cues = table.get(&letter).map_or(&[][..], Vec::as_slice);
        let said = cues.iter().filter(|cue| {
            let whole = !cue.whole || word.len() == cue.text.len();
            (at == 0 || cue.inside) && whole && word[at..].starts_with(cue.text)
        });
        found.extend(said.map(|cue| (cue.axis, cue.yes)));
    }
    found.sort_unstable();
    found.dedup_by_key(|(axis, _)| *axis);
    found
}

/// 'not enough', 'no longer falling'; '부족하지 않다', '충분한 것이 아니다' is out of reach, '안 늘었다'.
fn negated(words: &[ComparedWord<'_>], at: usize, language: Language) -> bool {
    match language {
        Language::En => {
            let before = &words[at.saturating_sub(NEGATED_BEFORE)..at];
            let only = before.iter().any(|word| word.lower == "only");
            !only && denies(before, language)
        }
        Language::Ko => {
            let before = at.checked_sub(1).map(|before| words[before].lower.as_ref());
            let after = words.get(at + 1).is_some_and(|word| denies_ko(&word.lower));
            after || matches!(before, Some("안" | "못"))
        }
    }
}

fn about(words: &[ComparedWord<'_>], at: usize, language: Language) -> Vec<u32> {
    let (before, after) = match language {
        Language::Ko => ABOUT_KO,
        Language::En => ABOUT_EN,
    };
    let reach = at.saturating_sub(before)..words.len().min(at + 1 + after);
    reach
        .filter(|&near| near != at)
        .filter_map(|near| words[near].key)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn check(text: &str, expected: &[(usize, bool)]) {
        let language = if text.is_ascii() {
            Language::En
        } else {
            Language::Ko
        };
        let words = words(text, language);
        let said = words.iter().map(|word| answers(&word.lower, language));
        let found: Vec<Answer> = stances(&words, &said.collect::<Vec<_>>(), language)
            .iter()
            .map(|stance| (stance.axis, stance.yes))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_direction_is_read_in_both_languages() {
        check("Demand for power rose by 4 percent.", &[(0, true)]);
        check("전력 수요가 4% 줄었다.", &[(0, false)]);
        check("Skilled welders are scarce.", &[(1, false)]);
        check("용접 인력은 충분하다.", &[(1, true)]);
        check("The mill stands by the river.", &[]);
    }

    #[test]
    fn a_negation_turns_it() {
        check("There is not enough power.", &[(1, false)]);
        check("The grid isn't short of power.", &[(1, true)]);
        check("인력은 부족하지 않다.", &[(1, true)]);
        check("수요가 안 늘었다.", &[(0, false)]);
        check("Not only prices rose.", &[(0, true)]);
        check("새 규제는 불필요하다.", &[(3, false)]);
        check("규제를 강화해야 한다.", &[(3, true), (6, true)]);
    }

    #[test]
    fn a_sentence_that_says_both_says_neither() {
        check("Prices rose before they fell.", &[]);
        check("인력이 늘었다가 다시 줄었다.", &[]);
    }
}
