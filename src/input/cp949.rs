//! Damaged CP949: characters after a bad byte are found again.
//!
//! In:  bytes the plain decoder stumbled over. Out: text with U+FFFD for the bytes that fit nothing.
//! A byte lost, added or changed inside a run of two-byte characters shifts every pair up to the next space, and the
//! shifted pairs are characters too, only wrong ones. So a run with an error in it is read again as the cheapest
//! sequence of pairs and dropped bytes, where a pair costs by how rare it is in Korean text.

use encoding_rs::EUC_KR;

use super::decode::Raw;

/// Runs longer than this are read by the plain decoder: the search keeps eight bytes for each byte.
const LONGEST_RUN: usize = 1 << 16;

/// Costs of a reading, set on Korean news with one byte added, lost or changed: dropping a bad byte must cost more
/// than a rare character and less than a few of them in a row; bytes dropped side by side are one accident.
const DROP_FIRST: u32 = 8;
const DROP_NEXT: u32 = 3;
const SYLLABLE: u32 = 1;
const SIGN: u32 = 2;
const RARE: u32 = 4;

/// Syllables of which most Korean prose is made; they cost nothing. Sorted.
const COMMON: &str = "가각간감강개거건것게결경계고공과관교구국군권규그근금급기까나남내년는니다단당대더도동됐되된든들때라러력로를리만말며면모못무문물미민및반발방법병보본부북분불비사산상생서선설성세소속송수스습승시식신실심아악안았야양어언업없었에여역연영예오와왔외요용우운울원월위유육으은을음응의이인일임입있자장재적전점정제조종주중증지진집차참처청체초총최추출치크키타터토통트특파포표품피필하학한할합항해했행향험현형호화환활황회후";

/// Decodes `bytes` into `raw`, line by line, so that clean lines take the fast way.
pub(super) fn recover(bytes: &[u8], raw: &mut Raw) {
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n + 1);
        recover_line(&bytes[at..end], raw);
        at = end;
    }
}

fn recover_line(line: &[u8], raw: &mut Raw) {
    if let Some(text) = clean(line) {
        raw.text.push_str(&text);
        return;
    }
    for run in line.chunk_by(|&a, &b| in_run(a) == in_run(b)) {
        match clean(run) {
            Some(text) => raw.text.push_str(&text),
            None if run.len() > LONGEST_RUN => raw.decode_with(run, EUC_KR),
            None => repair(run, raw),
        }
    }
}

fn clean(bytes: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
    EUC_KR.decode_without_bom_handling_and_without_replacement(bytes)
}

/// Returns whether a byte can be part of a two-byte character; what lies between such runs cannot shift.
fn in_run(byte: u8) -> bool {
    byte >= 0x80 || byte.is_ascii_alphabetic()
}

/// How one or two bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Letter,
    Pair,
    Drop,
}

/// The cheapest way to a place, by whether the byte before it was dropped.
#[derive(Debug, Clone, Copy)]
struct Way {
    cost: u32,
    step: Step,
    after_drop: bool,
}

const NO_WAY: Way = Way {
    cost: u32::MAX,
    step: Step::Drop,
    after_drop: false,
};

fn repair(run: &[u8], raw: &mut Raw) {
    let mut at = 0;
    for step in cheapest_steps(run) {
        match step {
            Step::Letter => raw.text.push(char::from(run[at])),
            Step::Pair => raw
                .text
                .push_str(&clean(&run[at..at + 2]).unwrap_or_default()),
            Step::Drop => raw.bad(&run[at..at + 1]),
        }
        at += width(step);
    }
}

fn width(step: Step) -> usize {
    if step == Step::Pair { 2 } else { 1 }
}

/// Shortest path over the places between bytes; two states, kept and dropped, so that neighbours drop cheaply.
fn cheapest_steps(run: &[u8]) -> Vec<Step> {
    let mut ways = vec![[NO_WAY; 2]; run.len() + 1];
    ways[0][0].cost = 0;
    let common: Vec<char> = COMMON.chars().collect();
    for at in 0..run.len() {
        let pair = run
            .get(at + 1)
            .and_then(|&trail| pair_cost(run[at], trail, &common));
        for dropped in [false, true] {
            let cost = ways[at][usize::from(dropped)].cost;
            if cost == u32::MAX {
                continue;
            }
            let mut reach = |to: usize, state: usize, cost: u32, step| {
                if cost < ways[to][state].cost {
                    ways[to][state] = Way {
                        cost,
                        step,
                        after_drop: dropped,
                    };
                }
            };
            if let Some(extra) = pair {
                reach(at + 2, 0, cost + extra, Step::Pair);
            }
            if run[at].is_ascii() {
                reach(at + 1, 0, cost, Step::Letter);
            } else {
                let extra = if dropped { DROP_NEXT } else { DROP_FIRST };
                reach(at + 1, 1, cost + extra, Step::Drop);
            }
        }
    }
    walk_back(&ways)
}

fn walk_back(ways: &[[Way; 2]]) -> Vec<Step> {
    let mut at = ways.len() - 1;
    let mut dropped = ways[at][1].cost < ways[at][0].cost;
    let mut steps = Vec::new();
    while at > 0 {
        let way = ways[at][usize::from(dropped)];
        steps.push(way.step);
        dropped = way.after_drop;
        at -= width(way.step);
    }
    steps.reverse();
    steps
}

/// Returns what reading two bytes as one character costs; none where they are no character.
fn pair_cost(lead: u8, trail: u8, common: &[char]) -> Option<u32> {
    if lead < 0x81 {
        return None;
    }
    let pair = [lead, trail];
    let read = clean(&pair)?;
    let mut characters = read.chars();
    let (Some(character), None) = (characters.next(), characters.next()) else {
        return None;
    };
    Some(match (lead, trail) {
        (0xb0..=0xc8, 0xa1..=0xfe) if common.binary_search(&character).is_ok() => 0,
        (0xb0..=0xc8, 0xa1..=0xfe) => SYLLABLE,
        (0xa1..=0xac, 0xa1..=0xfe) => SIGN,
        _ => RARE,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        let mut raw = Raw::default();
        recover(bytes, &mut raw);
        assert_eq!(raw.text, expected);
    }

    fn cp949(text: &str) -> Vec<u8> {
        EUC_KR.encode(text).0.into_owned()
    }

    #[test]
    fn the_common_syllables_are_sorted() {
        assert!(COMMON.chars().is_sorted());
    }

    #[test]
    fn a_byte_added_between_two_characters_costs_nothing_else() {
        let mut bytes = cp949("도서관이 밤새 문을 열었다");
        bytes.insert(4, 0xff);
        check(&bytes, "도서\u{fffd}관이 밤새 문을 열었다");
    }

    #[test]
    fn a_lead_byte_changed_costs_one_character() {
        let mut bytes = cp949("강변에나무를심었다");
        bytes[4] = 0xff;
        check(&bytes, "강변\u{fffd}\u{fffd}나무를심었다");
    }

    #[test]
    fn a_lead_byte_lost_costs_one_character() {
        let mut bytes = cp949("강변에나무를심었다");
        bytes.remove(4);
        check(&bytes, "강변\u{fffd}나무를심었다");
    }

    #[test]
    fn a_text_cut_inside_its_last_character_keeps_the_rest() {
        let mut bytes = cp949("버스가 늦었다");
        bytes.pop();
        check(&bytes, "버스가 늦었\u{fffd}");
    }
}
