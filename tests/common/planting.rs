//! Wrong figures and names for briefs that were right: ten kinds, one of each planted in every brief.
//!
//! In:  a brief and its article. Out: the same texts with something in them that no sentence they cite says. No chance: the
//! same brief gives the same plants.

use sukje::article::Language;
use sukje::brief::Statement;
use sukje::facts::figures::figures;

use crate::replay::Replay;

/// A text with something wrong in it.
#[derive(Debug)]
pub struct Plant {
    pub kind: &'static str,
    pub field: String,
    pub statement: Statement,
}

/// What a text is changed with: the case's number, its note's language, what the text cites, and what it does not.
struct Ground<'a> {
    case: usize,
    language: Language,
    cited: String,
    others: Vec<&'a str>,
    own: &'static Names,
}

type Change = fn(&Ground, &str) -> Option<String>;

const KINDS: [(&str, Change); 10] = [
    ("another digit", another_digit),
    ("another unit", another_unit),
    ("points for per cent", points),
    ("a figure of another sentence", figure_of_another),
    ("a person of another sentence", |g, t| {
        named(g, t, g.own.person)
    }),
    ("a person of nowhere", |g, t| {
        named(g, t, pick(g, &PERSONS_KO, &PERSONS_EN))
    }),
    ("an organisation of another sentence", |g, t| {
        named(g, t, g.own.organisation)
    }),
    ("an organisation or product of nowhere", |g, t| {
        named(g, t, pick(g, &THINGS_KO, &THINGS_EN))
    }),
    ("a date or an order", |g, t| {
        put(g, t, pick(g, &WHEN_KO, &WHEN_EN))
    }),
    ("a number in words", |g, t| {
        other_words(g, t).or_else(|| put(g, t, pick(g, &WORDS_KO, &WORDS_EN)))
    }),
];

/// One plant of each kind. The kinds begin at different texts, so that all fields have their share.
pub fn plants(replay: &Replay) -> Vec<Plant> {
    let case = NAMES.iter().position(|n| n.case == replay.name);
    let case = case.expect("a brief whose names are known");
    let mut texts = replay.said.texts();
    texts.retain(|(field, _)| !field.contains("critique"));
    let plant = |(number, &(kind, change)): (usize, &(&'static str, Change))| {
        let rotated = texts.iter().cycle().skip(2 * number + case);
        let mut planted = rotated.take(texts.len()).filter_map(|(field, statement)| {
            let ground = ground(replay, case, statement);
            let text = change(&ground, &statement.text)?;
            let statement = Statement {
                text,
                ..statement.clone()
            };
            Some(Plant {
                kind,
                field: field.clone(),
                statement,
            })
        });
        let found = planted.next();
        found.unwrap_or_else(|| panic!("{}: no text for {kind}", replay.name))
    };
    KINDS.iter().enumerate().map(plant).collect()
}

fn ground<'a>(replay: &'a Replay, case: usize, statement: &Statement) -> Ground<'a> {
    let sentences = || replay.article.sentences.iter();
    let cites = |id: &u32| statement.evidence.contains(id);
    let cited: Vec<&str> = sentences()
        .filter(|s| cites(&s.id))
        .map(|s| s.text.as_str())
        .collect();
    Ground {
        case,
        language: replay.said.output_language,
        cited: cited.join("\n"),
        others: sentences()
            .filter(|s| !cites(&s.id))
            .map(|s| s.text.as_str())
            .collect(),
        own: &NAMES[case],
    }
}

fn pick<'t>(ground: &Ground, ko: &[&'t str; 5], en: &[&'t str; 5]) -> &'t str {
    match ground.language {
        Language::Ko => ko[ground.case % 5],
        Language::En => en[ground.case % 5],
    }
}

/// The last digit of the first number, one higher.
fn another_digit(ground: &Ground, text: &str) -> Option<String> {
    let (start, end) = number(text)?;
    let last = text[end - 1..end].parse::<u32>().ok()?;
    let changed = format!("{}{}", &text[start..end - 1], (last + 1) % 10);
    let fresh = !ground.cited.contains(&changed);
    fresh.then(|| format!("{}{changed}{}", &text[..start], &text[end..]))
}

/// The first number that belongs to no name.
fn number(text: &str) -> Option<(usize, usize)> {
    let mut at = 0;
    while let Some(found) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + found;
        let rest = &text[start..];
        let len = rest.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.');
        let number = rest[..len.unwrap_or(rest.len())].trim_end_matches([',', '.']);
        let named = text[..start].ends_with(|c: char| c.is_ascii_alphabetic() || c == '-');
        if !named {
            return Some((start, start + number.len()));
        }
        at = start + number.len();
    }
    None
}

/// The first unit or scale behind a number, for another.
fn another_unit(_: &Ground, text: &str) -> Option<String> {
    let (_, end) = number(text)?;
    let (head, rest) = text.split_at(end);
    let gap = rest.len() - rest.trim_start().len();
    let (there, instead) = UNITS
        .iter()
        .find(|(unit, _)| rest[gap..].starts_with(unit))?;
    let behind = &rest[gap + there.len()..];
    Some(format!("{head}{}{instead}{behind}", &rest[..gap]))
}

/// Percentage points where the text has per cent.
fn points(_: &Ground, text: &str) -> Option<String> {
    let (at, sign) = ["%", "퍼센트"]
        .iter()
        .find_map(|sign| Some((text.find(sign)?, sign)))?;
    let (head, rest) = (&text[..at], &text[at + sign.len()..]);
    let korean = *sign == "퍼센트" || rest.starts_with(|c| ('가'..='힣').contains(&c));
    let instead = match korean {
        true => "%포인트",
        false => " percentage points",
    };
    Some(format!("{head}{instead}{rest}"))
}

/// The first figure in digits, for one of a sentence that is not cited.
fn figure_of_another(ground: &Ground, text: &str) -> Option<String> {
    let (start, end) = number(text)?;
    let known = figures(&ground.cited);
    let spelled = ground.others.iter().flat_map(|sentence| {
        let all = figures(sentence).into_iter();
        all.map(move |figure| {
            (
                figure,
                number(&sentence[figure.start..figure.end]),
                *sentence,
            )
        })
    });
    let mut fresh = spelled.filter(|(figure, digits, _)| {
        digits.is_some() && !figure.soft && !known.iter().any(|k| k.value == figure.value)
    });
    let (figure, digits, sentence) = fresh.next_back()?;
    let (from, to) = digits?;
    let other = &sentence[figure.start..][from..to];
    let absent = !known.iter().any(|k| Some(k.value) == other.parse().ok());
    (absent && other != &text[start..end])
        .then(|| format!("{}{other}{}", &text[..start], &text[end..]))
}

/// A name said to have said so.
fn named(ground: &Ground, text: &str, name: &str) -> Option<String> {
    let bare = name.split(' ').next_back()?;
    if ground.cited.contains(bare) || text.contains(bare) {
        return None;
    }
    match ground.language {
        Language::Ko => Some(format!("{name}{} {text}", particle(name))),
        // Half of the names open a sentence, where a capital alone tells nothing.
        Language::En if ground.case.is_multiple_of(2) => {
            let mut letters = text.chars();
            let first = letters.next()?.to_lowercase();
            Some(format!("{name} says that {first}{}", letters.as_str()))
        }
        Language::En => put(ground, text, &format!("says {name}")),
    }
}

/// '은' behind a closed syllable, '는' behind an open one and behind Latin letters.
fn particle(name: &str) -> &'static str {
    let last = name.chars().next_back().map_or(0, |c| c as u32);
    let closed = (0xAC00..=0xD7A3).contains(&last) && !(last - 0xAC00).is_multiple_of(28);
    if closed { "은" } else { "는" }
}

/// Words before a Korean text, or behind an English one.
fn put(ground: &Ground, text: &str, words: &str) -> Option<String> {
    match ground.language {
        Language::Ko => Some(format!("{words} {text}")),
        Language::En => {
            let open = text.strip_suffix('.')?;
            open.ends_with(|c: char| c.is_alphanumeric())
                .then(|| format!("{open}, {words}."))
        }
    }
}

/// The first number word, for the next.
fn other_words(ground: &Ground, text: &str) -> Option<String> {
    let words: &[&str] = match ground.language {
        Language::Ko => &[
            " 두 ", " 세 ", " 네 ", " 다섯 ", " 여섯 ", " 일곱 ", " 여덟 ", " 아홉 ",
        ],
        Language::En => &[
            " two ",
            " three ",
            " four ",
            " five ",
            " six ",
            " seven ",
            " eight ",
            " nine ",
            " eleven ",
            " twelve ",
            " thirteen ",
            " fourteen ",
            " fifteen ",
        ],
    };
    let there = words.iter().position(|word| text.contains(word))?;
    let other = (1..words.len()).map(|step| words[(there + step) % words.len()]);
    let said = |word: &&str| {
        let value = figures(word.trim()).first().map(|f| f.value);
        let value = value.or_else(|| {
            figures(&format!("{}곳", word.trim_start()))
                .first()
                .map(|f| f.value)
        });
        figures(&ground.cited)
            .iter()
            .any(|f| Some(f.value) == value)
    };
    let fresh = other.clone().find(|word| !said(word))?;
    Some(text.replacen(words[there], fresh, 1))
}

#[rustfmt::skip]
const UNITS: [(&str, &str); 22] = [
    ("GW", "MW"), ("MW", "GW"), ("기가와트", "메가와트"), ("gigawatts", "megawatts"), ("km", "m"), ("tonnes", "kilograms"),
    ("만", "억"), ("억", "만"), ("조", "억"), ("million", "billion"), ("billion", "million"), ("years", "months"), ("months", "weeks"),
    ("weeks", "months"), ("days", "weeks"), ("hours", "days"), ("개월", "년"), ("년", "개월"), ("일", "시간"), ("배", "퍼센트"), ("%", "배"), ("건", "%"),
];

const PERSONS_KO: [&str; 5] = ["박도현", "최유진", "강태오 씨", "이서윤", "정하준"];
const PERSONS_EN: [&str; 5] = ["Marlow", "Edith Marlow", "Rask", "Tobin Rask", "Kestrel"];
const THINGS_KO: [&str; 5] = ["두리전자", "새론테크", "KX-771", "한결에너지", "누리소프트"];
const THINGS_EN: [&str; 5] = [
    "Quorvex",
    "the Belmar Institute",
    "Zentralia",
    "GT9000",
    "Orvane Holdings",
];
const WHEN_KO: [&str; 5] = [
    "2017년 6월",
    "세계 11위인 이곳에서",
    "6월 27일",
    "일곱 번째로",
    "제23차 회의에서",
];
const WHEN_EN: [&str; 5] = [
    "in July 2017",
    "the eleventh in the world",
    "on July 27",
    "the seventh in all",
    "ranked 23rd",
];
const WORDS_KO: [&str; 5] = [
    "서른두 곳에서",
    "일흔일곱 명이",
    "삼천 명이",
    "열일곱 배로",
    "스물세 해 동안",
];
const WORDS_EN: [&str; 5] = [
    "in forty-two towns",
    "by a factor of seventeen",
    "for seventy-three weeks",
    "three dozen in all",
    "with nine hundred people",
];

/// A person and an organisation of an article, each from a sentence few texts cite.
struct Names {
    case: &'static str,
    person: &'static str,
    organisation: &'static str,
}

#[rustfmt::skip]
const NAMES: [Names; 10] = [
    Names { case: "en-foundry", person: "Brandt", organisation: "Northline" },
    Names { case: "en-grid", person: "Joanna Feld", organisation: "Ashgrove Capital" },
    Names { case: "en-pharma", person: "Penrose", organisation: "Corvane Biologics" },
    Names { case: "en-ports", person: "Elin Stroud", organisation: "Norwick Marine" },
    Names { case: "en-quantum", person: "Calloway", organisation: "Lindqvist Photonics" },
    Names { case: "ko-battery", person: "조민경", organisation: "도담소재" },
    Names { case: "ko-care", person: "강이안", organisation: "다올로보틱스" },
    Names { case: "ko-chips", person: "도윤재", organisation: "무진세미" },
    Names { case: "ko-launch", person: "서지호", organisation: "아람우주" },
    Names { case: "ko-wind", person: "임하율", organisation: "바람결중공업" },
];
