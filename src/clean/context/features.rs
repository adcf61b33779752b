//! What the chain sees of a unit: its letters, what the passes before say of it and of its neighbours, and its place.
//!
//! In:  the markup, marked by the other passes. Out: features of each unit, as hashes with values.

use rustc_hash::FxHashMap;

use super::model::{FIRST, Kinds, Parting};
use crate::article::Reason;
use crate::classifier::{FeatureName, hash};
use crate::clean::cohesion::Cohesion;
use crate::clean::line_class;
use crate::clean::markup::Markup;
use crate::clean::rules::Rules;
use crate::language::script::is_letter;

/// Namespaces of the features; the weights were trained with these numbers.
mod name {
    pub const WORD: u32 = 101;
    pub const FIRST_WORD: u32 = 102;
    pub const LAST_WORD: u32 = 104;
    pub const FACT: u32 = 110;
    pub const SECOND: u32 = 111;
}

/// What the names of letter runs of two to four characters begin with.
const RUNS: [FeatureName; 3] = [
    FeatureName::of(120, ""),
    FeatureName::of(121, ""),
    FeatureName::of(122, ""),
];

/// Longest part of a unit, in characters from each end, whose letters are looked at.
const WINDOW: usize = 48;
/// Units on either side that are looked at.
const NEAR: usize = 3;

/// The units that are judged, and what is known of each.
pub struct Observations<'v, 'a> {
    markup: &'v Markup<'a>,
    /// The judged units, in the order of the text.
    pub units: Vec<usize>,
    /// How each is parted from the one before.
    pub gaps: Vec<Parting>,
    facts: Vec<Facts>,
    page: PageFacts,
}

/// What is known of a unit beside its letters.
#[derive(Debug, Clone, Copy)]
struct Facts {
    /// The reason the passes before gave, and whether they were sure; 0 for none.
    mark: u8,
    prose: bool,
    alone: bool,
    /// How it ends: a stop, a question, a colon, a letter …
    end: u8,
    /// The kind of line it looks like, and how much so.
    look: (u8, u8),
    length: u8,
    /// Words it shares with the rest of the text, with the headline, with its neighbours: in steps.
    shared: u8,
    titled: u8,
    near: u8,
    /// Words it and the units beside it share with what stands far off, and with the headline, in steps.
    far: u8,
    headed: u8,
    voice: u8,
    digits: u8,
}

/// What is known of the whole text.
#[derive(Debug, Default)]
struct PageFacts {
    /// Share of units surely marked, in steps.
    noisy: u8,
    punctuated: bool,
    titled: bool,
    /// Commonest end of its prose.
    end: u8,
    /// Middle length of its prose, in letters.
    length: usize,
    /// Letters before each judged unit, and all.
    letters: Vec<usize>,
    /// Sentences before each judged unit, and all.
    prose: Vec<usize>,
    /// Headings of other things seen so far: comments, links, rights, bylines.
    passed: Vec<u8>,
    /// The first judged unit behind the headline.
    behind_title: usize,
    /// How often a line of its shape comes.
    shapes: Vec<u8>,
}

impl<'v, 'a> Observations<'v, 'a> {
    /// Looks at a text.
    pub fn of(markup: &'v Markup<'a>) -> Observations<'v, 'a> {
        let judged = |i: &usize| {
            let left = [Reason::Duplicate, Reason::Hidden];
            let aside = markup.marks[*i]
                .is_some_and(|m| left.contains(&m.reason) || m.rule == "no_letters");
            !aside && !markup.in_title(*i)
        };
        let units: Vec<usize> = (0..markup.units.len()).filter(judged).collect();
        let words = markup.cohesion();
        let title: Vec<u32> = (0..markup.units.len())
            .filter(|&i| markup.in_title(i))
            .flat_map(|i| markup.stems(i).iter().copied())
            .collect();
        let mut facts: Vec<Facts> = units
            .iter()
            .map(|&i| Facts::of(markup, i, &words, &title))
            .collect();
        nearness(markup, &units, &mut facts);
        distance(markup, &units, &title, &mut facts);
        let gaps = gaps(markup, &units);
        let page = PageFacts::of(markup, &units, &facts);
        Observations {
            markup,
            units,
            gaps,
            facts,
            page,
        }
    }

    /// Calls `emit` with each feature of the `n`th judged unit.
    pub fn features(&self, n: usize, mut emit: impl FnMut(u32, f32)) {
        let text = self.markup.raw(self.units[n]);
        letters(text, &mut emit);
        let mut one = |id: u8, steps: &[u8]| {
            let name = const { FeatureName::of(name::FACT, "") };
            emit(name.then(&[id]).hash(steps), 1.0);
        };
        let (fact, page) = (&self.facts[n], &self.page);
        let flags = u8::from(fact.prose) * 2 + u8::from(fact.alone);
        one(0, &[]);
        one(1, &[flags, fact.length]);
        one(2, &[flags, fact.end]);
        one(3, &[fact.mark]);
        one(4, &[fact.look.0, fact.look.1]);
        one(5, &[flags, fact.shared]);
        one(6, &[flags, fact.titled]);
        one(7, &[flags, fact.near]);
        one(16, &[flags, fact.far]);
        one(17, &[flags, fact.far, fact.near]);
        one(18, &[flags, fact.headed]);
        one(19, &[fact.far, fact.headed, flags]);
        one(8, &[fact.voice, u8::from(fact.prose)]);
        one(9, &[fact.digits, u8::from(fact.prose)]);
        one(10, &[page.noisy, flags]);
        one(11, &[fact.mark, fact.look.0]);
        one(12, &[page.shapes[n], flags]);
        one(
            13,
            &[
                u8::from(fact.end == page.end),
                flags,
                u8::from(page.punctuated),
            ],
        );
        one(
            14,
            &[
                self.gaps[n],
                self.gaps.get(n + 1).copied().unwrap_or(FIRST),
                flags,
            ],
        );
        one(
            15,
            &[
                relative(self.markup.letters(self.units[n]), page.length),
                flags,
            ],
        );
        self.place(n, flags, &mut one);
        self.neighbours(n, flags, &mut one);
        if let Some(mark) = self.markup.marks[self.units[n]] {
            one(60, mark.rule.as_bytes());
        }
        if let Some(rule) = self.heading(n) {
            one(62, rule.as_bytes());
        }
        if self.markup.listed(self.units[n]) || self.markup.protected(self.units[n]) {
            one(61, &[flags]);
        }
    }

    /// Calls `emit` with what a first judgement of all units says of the `n`th.
    pub fn second(&self, n: usize, judged: &Judged, mut emit: impl FnMut(u32, f32)) {
        let mut one = |id: u8, steps: &[u8]| {
            let name = const { FeatureName::of(name::SECOND, "") };
            emit(name.then(&[id]).hash(steps), 1.0);
        };
        let fact = &self.facts[n];
        let flags = u8::from(fact.prose) * 2 + u8::from(fact.alone);
        let at = |offset: isize| {
            let i = usize::try_from(n as isize + offset).ok();
            i.and_then(|i| judged.kinds.get(i))
                .copied()
                .unwrap_or((99, 0))
        };
        let (kind, own) = at(0);
        one(0, &[]);
        one(1, &[kind, own]);
        one(2, &[kind, own, flags]);
        for offset in -4..=4 {
            let (kind, own) = at(offset);
            one(10 + (offset + 4) as u8, &[kind, own / 3]);
            one(20 + (offset + 4) as u8, &[kind, at(0).0]);
        }
        one(3, &[at(-1).0, at(1).0, kind]);
        one(4, &[at(-1).0, at(-2).0, at(1).0, at(2).0]);
        let (before, behind) = (judged.around(n, -8), judged.around(n, 8));
        one(5, &[before, behind, flags]);
        one(6, &[before, behind, kind]);
        let share = judged.share(n);
        one(7, &[share, flags]);
        one(8, &[share, kind]);
        let place = judged.place(n);
        one(9, &[place, flags]);
        one(30, &[place, kind]);
        one(31, &[judged.cohesive[n], flags]);
        one(32, &[judged.cohesive[n], kind, fact.near]);
        one(
            33,
            &[u8::from(judged.end == fact.end), flags, u8::from(own > 4)],
        );
        one(34, &[judged.clean, kind]);
        one(35, &[judged.clean, flags, own]);
        one(36, &[judged.cohesive[n], fact.headed, flags]);
        one(37, &[judged.near[n], flags]);
        one(38, &[judged.near[n], kind]);
    }

    /// Sums up a first judgement.
    pub fn judged(&self, decided: &[Kinds]) -> Judged {
        Judged::of(self, decided)
    }

    /// The rule by which a unit is a heading of other things.
    fn heading(&self, n: usize) -> Option<&'static str> {
        let (markup, i) = (self.markup, self.units[n]);
        let rule = || Rules::of(markup.language()).heading(&markup.folded(i), markup.prefilter(i));
        markup.alone(i).then(rule).flatten().map(|rule| rule.name)
    }

    fn place(&self, n: usize, flags: u8, one: &mut impl FnMut(u8, &[u8])) {
        let page = &self.page;
        let last = self.units.len() - 1;
        let letters = page.letters[n] * 10 / page.letters[last + 1].max(1);
        let (before, all) = (page.prose[n], page.prose[last + 1]);
        let own = usize::from(self.facts[n].prose);
        let behind = all - before - own;
        one(20, &[letters as u8, flags]);
        one(21, &[steps(before), flags]);
        one(22, &[steps(behind), flags]);
        one(23, &[steps(n), u8::from(page.titled)]);
        one(24, &[steps(last - n)]);
        one(25, &[page.passed[n], flags]);
        one(
            26,
            &[page.passed[n], steps(behind), u8::from(self.facts[n].prose)],
        );
        let from_title = n as isize - page.behind_title as isize;
        let from_title = match page.titled {
            true if from_title < 0 => 100,
            true => steps(from_title as usize),
            false => 101,
        };
        one(27, &[from_title, flags]);
        one(
            28,
            &[
                u8::from(before == 0),
                u8::from(behind == 0),
                flags,
                page.noisy,
            ],
        );
    }

    fn neighbours(&self, n: usize, flags: u8, one: &mut impl FnMut(u8, &[u8])) {
        let at = |offset: isize| {
            let i = n as isize + offset;
            usize::try_from(i).ok().and_then(|i| self.facts.get(i))
        };
        let code = |fact: Option<&Facts>| match fact {
            None => [255, 255, 255],
            Some(f) => [
                f.mark,
                u8::from(f.prose) * 2 + u8::from(f.alone),
                f.look.0 * 2 + u8::from(f.look.1 > 2),
            ],
        };
        for offset in (-(NEAR as isize)..=NEAR as isize).filter(|o| *o != 0) {
            let (id, [mark, shape, look]) = (30 + (offset + 3) as u8, code(at(offset)));
            one(id, &[0, mark, flags]);
            one(id, &[1, shape, flags]);
            one(id, &[2, look, flags]);
        }
        let (before, behind) = (code(at(-1)), code(at(1)));
        one(40, &[before[0], behind[0], flags]);
        one(41, &[before[1], behind[1], flags]);
        one(42, &[before[2], behind[2], self.facts[n].look.0]);
        let around = |of: &dyn Fn(&Facts) -> bool, offsets: std::ops::RangeInclusive<isize>| {
            offsets.filter_map(at).filter(|f| of(f)).count() as u8
        };
        let marked = |f: &Facts| f.mark > 0;
        one(43, &[around(&marked, -5..=-1), flags]);
        one(44, &[around(&marked, 1..=5), flags]);
        one(
            45,
            &[
                around(&|f| f.prose, -5..=-1),
                around(&|f| f.prose, 1..=5),
                flags,
            ],
        );
    }
}

/// What a first judgement made of all units.
pub struct Judged {
    /// The likeliest kind of each, and how likely it is the article's own, in tenths.
    kinds: Vec<(u8, u8)>,
    /// Letters of the article's own before each, as far as it is known, and all.
    own: Vec<f32>,
    /// The first and the last unit that is surely the article's own.
    span: (usize, usize),
    /// Share of the words of each and its neighbours that stand in the article's own units, in steps.
    cohesive: Vec<u8>,
    near: Vec<u8>,
    /// How the article's own sentences end.
    end: u8,
    /// Share of the letters that are the article's own, in steps.
    clean: u8,
}

impl Judged {
    fn of(view: &Observations, decided: &[Kinds]) -> Judged {
        let markup = view.markup;
        let kind = |p: &Kinds| {
            let best = (0..p.len()).max_by(|a, b| p[*a].total_cmp(&p[*b]));
            (best.unwrap_or(0) as u8, (p[0] * 10.0) as u8)
        };
        let mut own = vec![0.0];
        let mut words: FxHashMap<u32, u32> = FxHashMap::default();
        let mut ends: FxHashMap<u8, usize> = FxHashMap::default();
        let sure = |n: usize| decided[n][0] > 0.7;
        for (n, &i) in view.units.iter().enumerate() {
            own.push(own[n] + markup.letters(i) as f32 * decided[n][0]);
            if decided[n][0] > 0.5 {
                for stem in markup.stems(i) {
                    *words.entry(*stem).or_default() += 1;
                }
                if view.facts[n].prose {
                    *ends.entry(view.facts[n].end).or_default() += 1;
                }
            }
        }
        let all: usize = view.units.iter().map(|&i| markup.letters(i)).sum();
        let counts: Vec<[usize; 2]> = (0..view.units.len())
            .map(|n| {
                let counted = u32::from(decided[n][0] > 0.5);
                let stems = markup.stems(view.units[n]);
                let known = |s: &&u32| words.get(s).is_some_and(|c| *c > counted);
                [stems.len(), stems.iter().filter(known).count()]
            })
            .collect();
        let share = |window: std::ops::Range<usize>| {
            let sum = |k: usize| counts[window.clone()].iter().map(|c| c[k]).sum::<usize>();
            match sum(0) {
                0 => 20,
                all => (sum(1) * 10 / all) as u8,
            }
        };
        let n = view.units.len();
        Judged {
            kinds: decided.iter().map(kind).collect(),
            span: (
                (0..n).find(|n| sure(*n)).unwrap_or(n),
                (0..n).rev().find(|n| sure(*n)).unwrap_or(n),
            ),
            clean: (own[n] * 10.0 / all.max(1) as f32) as u8,
            own,
            cohesive: (0..n).map(|n| share(n..n + 1)).collect(),
            near: (0..n)
                .map(|i| share(i.saturating_sub(2)..(i + 3).min(n)))
                .collect(),
            end: ends
                .into_iter()
                .max_by_key(|(end, n)| (*n, *end))
                .map_or(0, |(end, _)| end),
        }
    }

    /// How much of the units on one side is the article's own, in steps.
    fn around(&self, n: usize, side: isize) -> u8 {
        let (from, to) = match side < 0 {
            true => (n.saturating_sub(side.unsigned_abs()), n),
            false => (n + 1, (n + 1 + side.unsigned_abs()).min(self.kinds.len())),
        };
        let window = &self.kinds[from..to.max(from)];
        let sum: usize = window.iter().map(|k| usize::from(k.1)).sum();
        match window.len() {
            0 => 20,
            count => (sum / (2 * count)) as u8,
        }
    }

    /// How much of the article stands before a unit, in tenths.
    fn share(&self, n: usize) -> u8 {
        let all = self.own[self.own.len() - 1].max(1.0);
        (self.own[n] * 10.0 / all) as u8
    }

    /// Whether a unit stands before, in or behind the article, and how far from its ends.
    fn place(&self, n: usize) -> u8 {
        let (first, last) = self.span;
        if n < first {
            10 + steps(first - n)
        } else if n > last {
            30 + steps(n - last)
        } else {
            50 + steps((n - first).min(last - n)).min(4)
        }
    }
}

impl Facts {
    fn of(markup: &Markup, i: usize, words: &Cohesion, title: &[u32]) -> Facts {
        let text = markup.raw(i);
        let letters = markup.letters(i);
        let class = markup.line_class(i);
        let (kind, p) = (0..class.0.len())
            .map(|k| (k, class.0[k]))
            .fold(
                (0, 0.0),
                |best, next| if next.1 > best.1 { next } else { best },
            );
        let stems = markup.stems(i);
        let titled = title.iter().filter(|t| stems.contains(t)).count();
        let voice = markup.voice(i);
        let voice = [
            voice.connective,
            voice.dated,
            voice.says,
            voice.polite,
            voice.first_person,
        ];
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        Facts {
            mark: markup.marks[i].map_or(0, |m| 1 + m.reason as u8 * 2 + u8::from(m.sure)),
            prose: markup.prose(i),
            alone: markup.alone(i),
            end: end_of(text),
            look: (kind as u8, (p * 5.0) as u8),
            length: (letters as f32 + 1.0).log2().mul_add(2.0, 0.0) as u8,
            shared: if stems.is_empty() {
                9
            } else {
                (words.shared(stems) * 6.0) as u8
            },
            titled: titled.min(3) as u8,
            near: 0,
            far: 0,
            headed: 0,
            voice: voice.iter().fold(0, |bits, b| bits * 2 + u8::from(*b)),
            digits: (digits * 8 / (letters + 1)).min(8) as u8,
        }
    }
}

/// Counts the words each unit shares with the three before and the three behind it.
fn nearness(markup: &Markup, units: &[usize], facts: &mut [Facts]) {
    let stems = |n: usize| markup.stems(units[n]);
    for (n, fact) in facts.iter_mut().enumerate() {
        let shares = |m: usize| stems(n).iter().any(|s| stems(m).binary_search(s).is_ok());
        let before = (n.saturating_sub(NEAR)..n).filter(|&m| shares(m)).count();
        let behind = (n + 1..(n + 1 + NEAR).min(units.len()))
            .filter(|&m| shares(m))
            .count();
        fact.near = (before.min(2) * 3 + behind.min(2)) as u8;
    }
}

/// Units on either side that are no longer far.
const CLOSE: usize = 8;
/// Units on either side whose words count with a unit's own.
const WINDOW_UNITS: usize = 2;

/// Measures how much the words around each unit stand far off as well: another story's do not.
fn distance(markup: &Markup, units: &[usize], title: &[u32], facts: &mut [Facts]) {
    let mut places: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (n, &i) in units.iter().enumerate() {
        for stem in markup.stems(i) {
            places.entry(*stem).or_default().push(n as u32);
        }
    }
    let counts: Vec<[usize; 3]> = (0..units.len())
        .map(|n| {
            let (from, to) = (n.saturating_sub(CLOSE) as u32, (n + CLOSE) as u32);
            let stems = markup.stems(units[n]);
            let far = |stem: &&u32| places[*stem].iter().any(|m| *m < from || *m > to);
            let titled = stems.iter().filter(|stem| title.contains(stem)).count();
            [stems.len(), stems.iter().filter(far).count(), titled]
        })
        .collect();
    for (n, fact) in facts.iter_mut().enumerate() {
        let window = n.saturating_sub(WINDOW_UNITS)..(n + WINDOW_UNITS + 1).min(units.len());
        let sum = |k: usize| counts[window.clone()].iter().map(|c| c[k]).sum::<usize>();
        fact.far = (sum(1) * 12 / sum(0).max(1)) as u8;
        fact.headed = sum(2).min(5) as u8;
    }
}

fn gaps(markup: &Markup, units: &[usize]) -> Vec<Parting> {
    let gap = |n: usize| {
        let Some(before) = n.checked_sub(1) else {
            return FIRST;
        };
        let between = markup.units[units[before]].end..markup.units[units[n]].start;
        let ends = memchr::memchr_iter(b'\n', &markup.text.as_bytes()[between]).take(2);
        ends.count() as Parting
    };
    (0..units.len()).map(gap).collect()
}

impl PageFacts {
    fn of(markup: &Markup, units: &[usize], facts: &[Facts]) -> PageFacts {
        let sure = |f: &&Facts| f.mark > 0 && f.mark.is_multiple_of(2);
        let noisy = facts.iter().filter(sure).count();
        let mut page = PageFacts {
            noisy: match noisy {
                0..=2 => noisy as u8,
                _ => 3 + (noisy * 8 / facts.len().max(1)) as u8,
            },
            punctuated: markup.style.punctuated,
            titled: !markup.title.is_empty(),
            behind_title: units
                .iter()
                .take_while(|&&i| markup.units[i].start < markup.title.end)
                .count(),
            ..PageFacts::default()
        };
        let mut lengths: Vec<usize> = Vec::new();
        let mut ends: FxHashMap<u8, usize> = FxHashMap::default();
        let mut shapes: FxHashMap<u32, u8> = FxHashMap::default();
        let (mut letters, mut prose, mut passed) = (0, 0, 0);
        for (&i, fact) in units.iter().zip(facts) {
            page.letters.push(letters);
            page.prose.push(prose);
            page.passed.push(passed);
            letters += markup.letters(i);
            if fact.prose {
                prose += 1;
                lengths.push(markup.letters(i));
                *ends.entry(fact.end).or_default() += 1;
            }
            if let Some(mark) = markup.marks[i].filter(|m| m.sure && prose > 0) {
                passed |= match mark.reason {
                    Reason::Comment => 1,
                    Reason::RelatedLinks => 2,
                    Reason::Copyright => 4,
                    Reason::Byline => 8,
                    _ => 0,
                };
            }
            let count = shapes.entry(shape(markup.raw(i))).or_default();
            *count = count.saturating_add(1);
        }
        page.letters.push(letters);
        page.prose.push(prose);
        lengths.sort_unstable();
        page.length = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
        page.end = ends
            .into_iter()
            .max_by_key(|(end, n)| (*n, *end))
            .map_or(0, |(end, _)| end);
        page.shapes = units
            .iter()
            .map(|&i| shapes[&shape(markup.raw(i))].min(4))
            .collect();
        page
    }
}

/// The kinds of characters of a line in their order, runs of one kind once; of the first ones.
fn shape(text: &str) -> u32 {
    const LOOKED_AT: usize = 40;
    let mut kinds = Vec::with_capacity(LOOKED_AT);
    for c in text.chars().take(LOOKED_AT) {
        let kind = match c {
            '0'..='9' => b'0',
            'A'..='Z' => b'A',
            c if is_letter(c) => b'a',
            c if c.is_whitespace() => b' ',
            c if c.is_ascii() => c as u8,
            _ => 200,
        };
        if kinds.last() != Some(&kind) {
            kinds.push(kind);
        }
    }
    hash(0, &kinds)
}

fn end_of(text: &str) -> u8 {
    let bare = text.trim_end_matches(['"', '\'', '”', '’', ')', ' ']);
    let quoted = u8::from(bare.len() < text.trim_end().len());
    let mut back = bare.chars().rev();
    let last = back.next().unwrap_or(' ');
    let kind = match last {
        '.' => match (back.next(), back.next()) {
            (Some('다'), Some('니')) => 1,
            (Some('다'), _) => 2,
            (Some('요'), _) => 3,
            (Some('.'), _) => 4,
            _ => 5,
        },
        '다' => match back.next() {
            Some('니') => 1,
            _ => 2,
        },
        '요' => 3,
        '?' => 6,
        '!' => 7,
        ':' => 8,
        ',' => 9,
        '…' => 4,
        c if c.is_ascii_digit() => 10,
        c if is_letter(c) => 11,
        _ => 12,
    };
    kind * 2 + quoted
}

/// A count in steps: 0 to 5, then by doubling.
fn steps(count: usize) -> u8 {
    match count {
        0..=5 => count as u8,
        _ => 4 + count.ilog2() as u8,
    }
}

fn relative(letters: usize, usual: usize) -> u8 {
    match usual {
        0 => 20,
        _ => (letters * 4 / usual).min(12) as u8,
    }
}

/// Emits letter runs and words of both ends of a unit.
fn letters(text: &str, emit: &mut impl FnMut(u32, f32)) {
    let chars = window(text);
    let norm = 1.0 / (chars.len() as f32).sqrt();
    for start in 0..chars.len() {
        let mut runs = RUNS;
        for (n, c) in chars[start..].iter().take(RUNS.len() + 1).enumerate() {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                runs = runs.map(|run| run.then(&[byte]));
            }
            if n > 0 {
                emit(runs[n - 1].end(), norm);
            }
        }
    }
    let folded: String = chars[1..chars.len() - 1].iter().collect();
    let words: Vec<&str> = folded.split(' ').collect();
    let names = [name::WORD, name::FIRST_WORD, name::LAST_WORD];
    line_class::emit_words(&words, names, emit);
}

/// The characters looked at: folded, single blanks between words, `^` before and `$` behind them.
fn window(text: &str) -> Vec<char> {
    let folded = |c: char| match c {
        c if c.is_whitespace() => ' ',
        _ => line_class::fold(c),
    };
    let mut chars = Vec::with_capacity(2 * WINDOW + 3);
    chars.push('^');
    let ends = text.char_indices().nth(2 * WINDOW).is_some();
    if ends {
        chars.extend(text.chars().take(WINDOW).map(folded));
        chars.push(' ');
        let from = text
            .char_indices()
            .rev()
            .nth(WINDOW - 1)
            .map_or(0, |(at, _)| at);
        chars.extend(text[from..].chars().map(folded));
    } else {
        chars.extend(text.chars().map(folded));
    }
    chars.dedup_by(|a, b| *a == ' ' && *b == ' ');
    chars.push('$');
    chars
}
