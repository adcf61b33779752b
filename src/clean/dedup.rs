//! Duplicates: repeated sentences and whole second copies, also begun mid-way, cut short or marked otherwise.
//!
//! In:  the letters of the text and its units. Out: for each unit the earlier (or fuller) unit it repeats.
//! Normalised and digits alone are compared, so lost marks and other line breaks make no difference. Classifier in the text.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

use super::segment::Unit;

/// An opening sentence this long, in bytes of letters, is a duplicate on any line of its own (20 Hangul syllables).
const LONG: usize = 60;
/// Bytes of letters around a repeat that must be the original's too: twenty-four Hangul syllables.
const CONTEXT: usize = 72;
/// Units that open a text: headline, byline, standfirst.
const OPENING: usize = 3;
/// Units from a standfirst within which the text begins with it again.
const SOON: usize = 6;
/// A shorter one is a duplicate only inside a run; below this it needs a neighbour on both sides.
const SHORT: usize = 12;
/// Length in bytes of the runs that are looked up: eight Hangul syllables.
const GRAM: usize = 24;
/// One run in so many is looked up.
const SAMPLE: u64 = 4;
/// Share of a unit's sampled runs that must stand earlier. On reprinted news true pairs reach .75, others stay below .56.
const CONTAINED: f32 = 0.75;
/// Sampled runs may lie so far off the common distance: a lost or added word shifts what follows.
const DRIFT: i64 = 60;
/// Fewest sampled runs that say anything of a unit.
const FEWEST: usize = 6;

/// The letters of a text without white space and marks, with each unit's share of them.
pub struct Normalised {
    bytes: Vec<u8>,
    /// Start of each unit in `bytes`, and the end of the last.
    starts: Vec<usize>,
}

impl Normalised {
    /// Gathers the letters of all units.
    pub fn of(text: &str, units: &[Unit]) -> Normalised {
        let mut bytes = Vec::with_capacity(text.len());
        let mut starts = Vec::with_capacity(units.len() + 1);
        for unit in units {
            starts.push(bytes.len());
            push_letters(&text[unit.start..unit.end], &mut bytes);
        }
        starts.push(bytes.len());
        Normalised { bytes, starts }
    }

    /// Counts the letters of unit `i`.
    pub fn count(&self, i: usize) -> usize {
        characters(self.unit(i))
    }

    fn unit(&self, i: usize) -> &[u8] {
        &self.bytes[self.starts[i]..self.starts[i + 1]]
    }

    /// The unit that holds byte `at`.
    fn unit_at(&self, at: usize) -> usize {
        self.starts
            .partition_point(|&s| s <= at)
            .saturating_sub(1)
            .min(self.starts.len() - 2)
    }
}

/// Appends the letters and digits of `text`, ASCII ones in lower case.
fn push_letters(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b if b.is_ascii() => {
                if b.is_ascii_alphanumeric() {
                    out.push(b.to_ascii_lowercase());
                }
                i += 1;
            }
            _ => {
                let run = bytes[i..].chunks_exact(3).take_while(|c| is_hangul(c));
                let end = i + 3 * run.count();
                out.extend_from_slice(&bytes[i..end]);
                if end > i {
                    i = end;
                    continue;
                }
                let c = text[i..].chars().next().expect("i is a character boundary");
                if crate::article::is_letter(c) {
                    out.extend_from_slice(&bytes[i..i + c.len_utf8()]);
                }
                i += c.len_utf8();
            }
        }
    }
}

/// Returns whether three bytes are a Hangul syllable, as UTF-8 writes "가" to "힣".
fn is_hangul(bytes: &[u8]) -> bool {
    let number = u32::from(bytes[0]) << 16 | u32::from(bytes[1]) << 8 | u32::from(bytes[2]);
    (0xEA_B080..=0xED_9EA3).contains(&number)
}

fn characters(letters: &[u8]) -> usize {
    letters.iter().filter(|b| begins_character(**b)).count()
}

/// For each unit, the unit it repeats.
pub fn duplicates(letters: &Normalised, units: &[Unit]) -> Vec<Option<usize>> {
    let mut of = vec![None; units.len()];
    if units.len() < 2 {
        return of;
    }
    let exact = exact_repeats(letters, units.len());
    accept_exact(letters, &exact, units, &mut of);
    let offsets = near_repeats(letters, units.len());
    accept_near(letters, &offsets, &mut of);
    fill_runs(letters, &mut of);
    drop_cut_short(letters, &mut of);
    of
}

/// For each unit, the first unit with the same letters.
fn exact_repeats(letters: &Normalised, count: usize) -> Vec<Option<usize>> {
    let mut first: FxHashMap<u64, usize> = FxHashMap::default();
    first.reserve(count);
    (0..count)
        .map(|i| {
            let unit = letters.unit(i);
            if unit.is_empty() {
                return None;
            }
            let mut hasher = FxHasher::default();
            hasher.write(unit);
            let earlier = *first.entry(hasher.finish()).or_insert(i);
            (earlier < i && letters.unit(earlier) == unit).then_some(earlier)
        })
        .collect()
}

/// A repeated standfirst counts alone; other sentences need the unit before or after to repeat alongside.
fn accept_exact(
    letters: &Normalised,
    exact: &[Option<usize>],
    units: &[Unit],
    of: &mut [Option<usize>],
) {
    for i in 0..exact.len() {
        let Some(earlier) = exact[i] else { continue };
        // The copy goes on as the original does: what stands before or after both is the same.
        let bytes = &letters.bytes;
        let before = goes_on(
            bytes[..letters.starts[earlier]].iter().rev(),
            bytes[..letters.starts[i]].iter().rev(),
        );
        let after = goes_on(
            bytes[letters.starts[earlier + 1]..].iter(),
            bytes[letters.starts[i + 1]..].iter(),
        );
        // A sentence said again is the writer's, unless it is the opening one said again soon, on a line of its own: a
        // standfirst.
        let standfirst = earlier < OPENING && i <= earlier + SOON;
        let long = standfirst && letters.unit(i).len() >= LONG && units[i].opens && units[i].closes;
        let short = letters.unit(i).len() < SHORT;
        if long || (before && after) || (!short && (before || after)) {
            of[i] = Some(earlier);
        }
    }
}

/// Returns whether the copy's surroundings are the original's for a good while, or to the end of the text where it was cut.
fn goes_on<'a>(
    original: impl Iterator<Item = &'a u8>,
    mut copy: impl Iterator<Item = &'a u8>,
) -> bool {
    let mut same = 0;
    for byte in original {
        match copy.next() {
            Some(other) if other == byte => same += 1,
            Some(_) => return false,
            None => return same >= GRAM,
        }
        if same >= CONTEXT {
            return true;
        }
    }
    false
}

/// For each unit, how far back most of its letters stand already, if they do.
fn near_repeats(letters: &Normalised, count: usize) -> Vec<Option<usize>> {
    let bytes = &letters.bytes;
    let mut found = vec![None; count];
    if bytes.len() < 2 * GRAM {
        return found;
    }
    let mut first = Seen::of(characters(bytes));
    let mut rolling = Rolling::new(&bytes[..GRAM]);
    let mut at = 0;
    let mut samples: Vec<(u64, usize)> = Vec::new();
    let mut votes: Vec<i64> = Vec::new();
    for (i, slot) in found.iter_mut().enumerate() {
        let end = letters.starts[i + 1];
        samples.clear();
        while at < end && at + GRAM <= bytes.len() {
            // Runs begin where a character does: the others say the same again.
            if begins_character(bytes[at]) {
                let mixed = rolling.mixed();
                if is_sampled(mixed) {
                    samples.push((mixed, at));
                }
            }
            at += 1;
            if at + GRAM <= bytes.len() {
                rolling.roll(bytes[at - 1], bytes[at + GRAM - 1]);
            }
        }
        // Only a run that lies in the unit speaks for it; each first occurrence is remembered.
        votes.clear();
        let mut sampled = 0;
        for &(mixed, at) in &samples {
            let earlier = first.first(mixed, at);
            if at + GRAM <= end {
                sampled += 1;
                if earlier < at {
                    votes.push((at - earlier) as i64);
                }
            }
        }
        if sampled >= FEWEST && votes.len() as f32 >= sampled as f32 * CONTAINED {
            votes.sort_unstable();
            let middle = votes[votes.len() / 2];
            let agreeing = votes
                .iter()
                .filter(|v| (*v - middle).abs() <= DRIFT)
                .count();
            if agreeing as f32 >= sampled as f32 * CONTAINED {
                *slot = Some(middle as usize);
            }
        }
    }
    found
}

fn begins_character(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// One run in [`SAMPLE`], chosen by bits that [`Seen`] uses last.
fn is_sampled(mixed: u64) -> bool {
    mixed >> 40 & (SAMPLE - 1) == 0
}

/// Where each sampled run stood first. A table of its own: half of the work on a long text is waiting for memory, and
/// an entry here has half the bytes of a map's.
struct Seen {
    /// Part of the hash, and the place plus one, 0 where nothing is.
    entries: Vec<(u32, u32)>,
    free: usize,
}

impl Seen {
    /// Room for the sampled runs of so many characters.
    fn of(characters: usize) -> Seen {
        let size = (characters / SAMPLE as usize * 3 / 2)
            .next_power_of_two()
            .max(64);
        Seen {
            entries: vec![(0, 0); size],
            free: size / 8 * 7,
        }
    }

    /// The place where a run stood first, `at` if here. Where a text has far more runs than any sample of it should
    /// have, the last ones are not remembered.
    fn first(&mut self, mixed: u64, at: usize) -> usize {
        let mask = self.entries.len() - 1;
        let tag = mixed as u32;
        let mut slot = mixed.rotate_right(42) as usize & mask;
        loop {
            match self.entries[slot] {
                (_, 0) => break,
                (t, place) if t == tag => return place as usize - 1,
                _ => slot = (slot + 1) & mask,
            }
        }
        if self.free > 0 {
            self.free -= 1;
            self.entries[slot] = (tag, at as u32 + 1);
        }
        at
    }
}

/// A polynomial hash over [`GRAM`] bytes that moves on byte by byte.
struct Rolling {
    hash: u64,
}

const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
const BASE_OUT: u64 = power(BASE, GRAM as u32);

const fn power(base: u64, times: u32) -> u64 {
    let mut out = 1u64;
    let mut i = 0;
    while i < times {
        out = out.wrapping_mul(base);
        i += 1;
    }
    out
}

impl Rolling {
    fn new(bytes: &[u8]) -> Rolling {
        let hash = bytes.iter().fold(0u64, |h, b| {
            h.wrapping_mul(BASE).wrapping_add(u64::from(*b) + 1)
        });
        Rolling { hash }
    }

    fn roll(&mut self, out: u8, new: u8) {
        self.hash = self
            .hash
            .wrapping_mul(BASE)
            .wrapping_add(u64::from(new) + 1)
            .wrapping_sub(BASE_OUT.wrapping_mul(u64::from(out) + 1));
    }

    /// The hash with all its bits stirred.
    fn mixed(&self) -> u64 {
        (self.hash ^ (self.hash >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
    }
}

/// A near repeat counts where a neighbour repeats too, or where it is the standfirst.
fn accept_near(letters: &Normalised, back: &[Option<usize>], of: &mut [Option<usize>]) {
    let count = of.len();
    for i in 0..count {
        let (None, Some(back_by)) = (of[i], back[i]) else {
            continue;
        };
        // Short sentences that share a long name with earlier ones look like repeats of them.
        let telling = |j: usize| letters.unit(j).len() >= 2 * LONG;
        let beside = |j: usize| {
            j < count
                && (of[j].is_some()
                    || telling(i)
                        && telling(j)
                        && back[j].is_some_and(|b| b.abs_diff(back_by) as i64 <= DRIFT))
        };
        let middle = (letters.starts[i] + letters.starts[i + 1]) / 2;
        let original = letters.unit_at(middle.saturating_sub(back_by));
        let standfirst = letters.unit(i).len() >= LONG && original < OPENING;
        if original < i && (standfirst || i > 0 && beside(i - 1) || beside(i + 1)) {
            of[i] = Some(original);
        }
    }
}

/// Inside a run of duplicates, what lies between two of them and stands at the same distance is one as well.
fn fill_runs(letters: &Normalised, of: &mut [Option<usize>]) {
    for i in 0..of.len() {
        if of[i].is_some() || letters.unit(i).is_empty() {
            continue;
        }
        let neighbours = [i.checked_sub(1), Some(i + 1)];
        let found = neighbours
            .into_iter()
            .flatten()
            .filter_map(|j| Some((j, (*of.get(j)?)?)))
            .find_map(|(j, original)| {
                // Where the copy's neighbour begins, measured in letters, the original's neighbour begins too.
                let (here, there) = (letters.starts[i], letters.starts[j]);
                let near = letters.starts[original] as i64 + here as i64 - there as i64;
                window_holds(letters, near, letters.unit(i))
                    .filter(|o| *o < i && of[*o].is_none_or(|x| x < i))
            });
        if let Some(original) = found {
            of[i] = Some(original);
        }
    }
}

/// The unit around byte `near` (give or take the drift) whose letters hold `wanted`.
fn window_holds(letters: &Normalised, near: i64, wanted: &[u8]) -> Option<usize> {
    let start = (near - DRIFT).max(0) as usize;
    let end = (near + DRIFT + wanted.len() as i64).clamp(0, letters.bytes.len() as i64) as usize;
    let found = memchr::memmem::find(letters.bytes.get(start..end)?, wanted)?;
    Some(letters.unit_at(start + found))
}

/// A first copy that was cut short: its last, broken sentence goes, the whole one of the second copy stays.
fn drop_cut_short(letters: &Normalised, of: &mut [Option<usize>]) {
    for i in 1..of.len() {
        let (Some(original), None) = (of[i - 1], of[i]) else {
            continue;
        };
        let cut = original + 1;
        if cut >= i - 1 || of[cut].is_some() {
            continue;
        }
        let (broken, whole) = (letters.unit(cut), letters.unit(i));
        if broken.len() >= SHORT && broken.len() < whole.len() && whole.starts_with(broken) {
            of[cut] = Some(i);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::segment::{style_of, units};
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[Option<usize>]) {
        let units = units(text, style_of(text, None));
        assert_eq!(
            duplicates(&Normalised::of(text, &units), &units),
            expected,
            "{:?}",
            units
                .iter()
                .map(|u| &text[u.start..u.end])
                .collect::<Vec<_>>()
        );
    }

    const A: &str = "시청은 다리 두 곳을 내년 봄까지 고치겠다고 밝혔다.";
    const A1: &str = "공사비는 모두 사십억 원이고 절반은 도에서 낸다.";
    const B: &str = "주민들은 그때까지 먼 길을 돌아가야 한다.";
    const C: &str = "버스 노선도 세 개가 바뀐다.";

    #[test]
    fn a_second_copy_is_found_with_other_marks() {
        check(
            &format!("{A} {B} {C}\n{A}\n{B}\n{C}"),
            &[None, None, None, Some(0), Some(1), Some(2)],
        );
        let bare = format!("{A} {B} {C}").replace('.', "");
        check(
            &format!("{A} {B} {C}\n{bare}"),
            &[None, None, None, Some(0), Some(1), Some(2)],
        );
    }

    #[test]
    fn a_copy_may_start_mid_way_or_end_early() {
        check(
            &format!("{A} {B} {C}\n{B} {C}"),
            &[None, None, None, Some(1), Some(2)],
        );
        check(
            &format!("{A} {B}\n{A} 주민들은 그때까지 먼 길을"),
            &[None, None, Some(0), Some(1)],
        );
        check(
            &format!(
                "{A} {B} {A1} {C} 주민센터는 그동안\n{A} {B} {A1} {C} 주민센터는 그동안 문을 닫는다."
            ),
            &[
                None,
                None,
                None,
                None,
                Some(9),
                Some(0),
                Some(1),
                Some(2),
                Some(3),
                None,
            ],
        );
    }

    #[test]
    fn a_refrain_is_no_duplicate() {
        check(
            "그렇지 않다. 길은 멀다. 그렇지 않다. 밤은 깊다.",
            &[None, None, None, None],
        );
    }
}
