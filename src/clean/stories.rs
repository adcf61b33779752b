//! Unrelated stories: runs of sentences that share hardly a word with the headline and the rest.
//!
//! In:  the markup. Out: marks. For every run of a few sentences, what sets it apart is measured: words shared with
//! the rest, words it repeats itself, its place in the lines, how it begins and ends. A small linear model weighs that;
//! the likeliest run goes if it stands apart clearly.

use rustc_hash::{FxHashMap, FxHashSet};

use super::markup::Markup;
use super::voice::{self, Voice};
use super::wording::{self, STORIES};
use crate::article::Reason;
use crate::classifier::{Choice, FeatureName, hash, softmax};
use crate::language::PerLanguage;
use crate::language::data::{self, List};

/// Fewest and most units of a story.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=13;
/// Fewest units an article needs before a story is looked for in it.
const LEAST_UNITS: usize = 10;
/// Past so many units a text is no article, and comparing runs would cost too much.
const MOST_UNITS: usize = 1_500;
/// Probability from which a run is another story. Chosen so that no article of clean news loses a sentence.
/// English articles open with scenes that read like news in brief, so that more is asked for there.
const APART: PerLanguage<f32> = PerLanguage { ko: 0.5, en: 0.8 };
/// Largest share of the letters, in per cent, that a story may have.
const MOST_SHARE: usize = 35;
/// Units on either side of a run that it is compared with.
const NEIGHBOURS: usize = 4;
/// Stories looked for in one text. A second one is rare, and without a headline there is little to be unrelated to, so
/// that more is asked there.
const ROUNDS: usize = 3;
const APART_AGAIN: f32 = 0.9;

/// Namespaces of the features; the weights were trained with these numbers, and [`wording`] has those from 50 to 56.
mod name {
    /// What sets a run apart, in steps.
    pub const STEPS: u32 = 40;
    /// The same as it was measured.
    pub const MEASURES: u32 = 41;
    pub const CONNECTIVE: u32 = 57;
    pub const POLITE: u32 = 58;
    pub const REPORTING: u32 = 59;
    pub const SHARED_OUTSIDE: u32 = 60;
    pub const SHARED_INSIDE: u32 = 61;
    pub const SHARED_BOTH: u32 = 62;
    pub const SHARED_TITLE: u32 = 63;
}

/// Emits features of a run: each a name, a value, and the steps to one.
macro_rules! steps {
    ($out:ident; $($name:literal: $value:expr, $steps:expr;)*) => {
        $(
            let name = const { FeatureName::of(name::STEPS, $name) };
            let level = ($value * $steps).round() as i32;
            $out.push((name.hash(&level.to_le_bytes()), 1.0));
        )*
    };
}
/// Marks the sentences of other stories.
pub fn mark(markup: &mut Markup) {
    markup.items |= has_items(markup);
    if markup.items {
        return;
    }
    let apart = match markup.title.is_empty() {
        true => APART_AGAIN,
        false => APART[markup.language()],
    };
    for round in 0..ROUNDS {
        let Some((first, last)) = likeliest(markup, if round == 0 { apart } else { APART_AGAIN })
        else {
            return;
        };
        let last = before_first_person(markup, first, last);
        if belongs(markup, first, last) {
            return;
        }
        for i in first..=last {
            markup.mark(i, Reason::UnrelatedArticle, "stories.apart", false);
        }
        take_edges(markup, first, last);
    }
}

/// News in brief does not speak of itself: where a sentence behind the first few does, the article has gone on.
fn before_first_person(markup: &Markup, first: usize, last: usize) -> usize {
    let speaks = |i: &usize| {
        let own = voice::speaks_of_itself(markup.raw(*i), markup.language());
        markup.stands(*i) && own && !markup.voice(*i).says
    };
    let shortest = first + *LENGTHS.start();
    (shortest..=last).find(speaks).map_or(last, |i| i - 1)
}

/// Words of the headline that a run of another story has at most.
const MOST_TITLED: usize = 1;

/// Names of days, which any story has.
static DAYS: List = List::of(&data::CLEAN.en, "dates");
/// Words that point back to what stands before them.
static POINTING: List = List::of(&data::CLEAN.en, "pointing");

/// Returns whether a run is a section of the same story: it has words of the headline or names of the rest, or begins by pointing
/// back.
fn belongs(markup: &Markup, first: usize, last: usize) -> bool {
    let mut titled: Vec<u32> = (0..markup.units.len())
        .filter(|&i| markup.in_title(i))
        .flat_map(|i| markup.stems(i).iter().copied())
        .collect();
    titled.retain(|stem| (first..=last).any(|i| markup.stems(i).binary_search(stem).is_ok()));
    titled.sort_unstable();
    titled.dedup();
    let listed = markup
        .raw(first)
        .starts_with(['·', '-', '•', '▲', '△', '■', '◆']);
    if titled.len() > MOST_TITLED || listed || is_section(markup, first, last) {
        return true;
    }
    if !CAPITALS_NAME[markup.language()] {
        return false;
    }
    let opening = markup.raw(first).split_whitespace().next().unwrap_or("");
    let opening = opening.trim_matches(|c: char| !c.is_alphabetic());
    let inside: FxHashSet<&str> = (first..=last).flat_map(|i| names(markup.raw(i))).collect();
    let outside = (0..markup.units.len()).filter(|i| !(first..=last).contains(i));
    let shared = outside
        .filter(|&i| markup.marks[i].is_none())
        .flat_map(|i| names(markup.raw(i)))
        .any(|name| inside.contains(name));
    shared || POINTING.has(opening)
}

/// Names and sub-headings are told by their capitals.
static CAPITALS_NAME: PerLanguage<bool> = PerLanguage {
    ko: false,
    en: true,
};

/// Fewest sub-headings outside a run that begins with one, and lines of an English text that has them.
const LEAST_HEADINGS: usize = 2;

/// Returns whether a run begins with a sub-heading in an English text that has others.
fn is_section(markup: &Markup, first: usize, last: usize) -> bool {
    let heads = |i: usize| {
        markup.stands(i)
            && markup.alone(i)
            && !markup.prose(i)
            && (i + 1..markup.units.len())
                .next()
                .is_some_and(|j| markup.prose(j))
    };
    let outside = || (0..markup.units.len()).filter(|i| !(first..=last).contains(i));
    CAPITALS_NAME[markup.language()]
        && heads(first)
        && outside().filter(|&i| heads(i)).take(LEAST_HEADINGS).count() == LEAST_HEADINGS
}

/// Fewest separators or equal links of a letter of several items.
const LEAST_ITEMS: usize = 2;

/// Returns whether the text is a letter of several items, which have little in common: each ends in the same link, or lines of
/// ornaments part them.
fn has_items(markup: &Markup) -> bool {
    let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
    let marked = (0..markup.units.len()).filter_map(|i| Some((i, markup.marks[i]?)));
    for (i, mark) in marked.filter(|(i, _)| markup.alone(*i)) {
        if mark.rule == "no_letters" || mark.rule.ends_with("nav.page") {
            *seen.entry(markup.raw(i)).or_default() += 1;
        }
    }
    seen.values().any(|count| *count >= LEAST_ITEMS)
}

/// The names of a sentence: its words with a capital, but for the first.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let name = |w: &&str| w.len() > 3 && w.starts_with(char::is_uppercase) && !DAYS.has(w);
    words.filter(|w| !w.is_empty()).skip(1).filter(name)
}

/// Sentences of a story at the top that may stand between its marked run and the article's byline.
const MOST_BEFORE_BYLINE: usize = 2;

/// A headline before the story and a dateline behind it, taken for other scraps so far, belong to the story.
fn take_edges(markup: &mut Markup, first: usize, last: usize) {
    let doubtful = |markup: &Markup, i: usize| markup.marks[i].is_some_and(|m| !m.sure);
    // A story at the top ends where the article's byline stands: a sentence or two between them are still the story's.
    let top = (0..first).all(|i| !markup.stands(i));
    let byline = (last + 1..markup.units.len().min(last + 2 + MOST_BEFORE_BYLINE))
        .find(|&i| markup.marks[i].is_some_and(|m| m.reason == Reason::Byline));
    if let Some(byline) = byline.filter(|_| top) {
        for i in last + 1..byline {
            markup.mark(i, Reason::UnrelatedArticle, "stories.apart", false);
        }
    }
    if let Some(i) = first.checked_sub(1)
        && markup.stands(i)
        && markup.units[i].opens
        && heads(markup, i, first, last)
    {
        markup.mark(i, Reason::UnrelatedArticle, "stories.apart", false);
    }
    if let Some(i) = first
        .checked_sub(1)
        .filter(|&i| doubtful(markup, i) && markup.alone(i))
        && markup.letters(i) >= 10
        && markup.line_class(i).of_kind(Reason::RelatedLinks) >= 0.3
    {
        markup.marks[i] = None;
        markup.mark(i, Reason::UnrelatedArticle, "stories.apart", false);
    }
    if let Some(i) = Some(last + 1)
        .filter(|&i| i < markup.units.len() && doubtful(markup, i) && !markup.units[i].opens)
        && markup.marks[i].is_some_and(|m| m.reason == Reason::Byline)
    {
        markup.marks[i] = None;
        markup.mark(i, Reason::UnrelatedArticle, "stories.apart", false);
    }
}

/// Returns whether a unit that opens a line reads like the headline of the run behind it and names what it is about.
fn heads(markup: &Markup, i: usize, first: usize, last: usize) -> bool {
    let in_run = |stem: &&u32| (first..=last).any(|j| markup.stems(j).binary_search(stem).is_ok());
    let shared = markup.stems(i).iter().filter(in_run).count();
    let closed = markup.raw(i).trim_end().ends_with(['.', '!']);
    shared >= 2 && !closed && markup.line_class(i).of_kind(Reason::RelatedLinks) >= 0.3
}

/// The first and last unit of the run that stands apart most clearly, if one does.
fn likeliest(markup: &Markup, apart: f32) -> Option<(usize, usize)> {
    let sketch = Sketch::of(markup)?;
    let model = &STORIES[markup.language()];
    let mut runs = Vec::new();
    // The last score is that of no story at all.
    let mut scores = Vec::new();
    let units = sketch.units.iter().zip(&sketch.traits);
    let wording: Vec<f32> = units
        .map(|(&i, traits)| {
            let mut score = [markup.wording(i)];
            reporting(traits, sketch.polite)
                .iter()
                .for_each(|(feature, value)| model.add_each(*feature, *value, &mut score));
            score[0]
        })
        .collect();
    // What counts is how a run is worded against the text as a whole: plain news is no story within itself.
    let mean = wording.iter().sum::<f32>() / wording.len() as f32;
    sketch.each_run(|run, features| {
        let mut score = [wording[run.0..run.1].iter().map(|w| w - mean).sum()];
        for (feature, value) in features {
            model.add_each(*feature, *value, &mut score);
        }
        runs.push(run);
        scores.push(score[0]);
    });
    scores.push(0.0);
    softmax(&mut scores);
    let none = scores.pop()?;
    // Runs that differ by a sentence at an end share the probability of one story; the best of them stands for it.
    let best = (0..runs.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))?;
    (1.0 - none >= apart).then(|| (sketch.units[runs[best].0], sketch.units[runs[best].1 - 1]))
}

/// What the model is trained on.
#[derive(Debug)]
pub struct Samples {
    /// Every run as an item to choose among.
    pub list: Choice,
    /// Each run's first unit and the unit after its last.
    pub runs: Vec<(usize, usize)>,
    /// Which units are a story's.
    pub truth: Vec<bool>,
}

/// Every run of the markup; `is_story` tells a story's units by their text.
pub fn samples(markup: &Markup, is_story: &dyn Fn(&str) -> bool) -> Option<Samples> {
    let sketch = Sketch::of(markup)?;
    let count = sketch.units.len() as f32;
    let units = sketch.units.iter().zip(&sketch.traits);
    let wording: Vec<Vec<(u32, f32)>> = units
        .map(|(&i, traits)| {
            let mut features = wording::features(markup.raw(i), markup.language());
            features.extend(reporting(traits, sketch.polite));
            features
        })
        .collect();
    let (mut items, mut runs) = (Vec::new(), Vec::new());
    sketch.each_run(|(a, b), features| {
        let all = features
            .iter()
            .chain(wording[a..b].iter().flatten())
            .copied()
            .collect();
        items.push((all, -((b - a) as f32) / count));
        runs.push((a, b));
    });
    let truth: Vec<bool> = sketch
        .units
        .iter()
        .map(|&i| is_story(markup.raw(i)))
        .collect();
    let whole = |(a, b): (usize, usize)| {
        truth[a..b].iter().all(|t| *t)
            && (a == 0 || !truth[a - 1])
            && (b == truth.len() || !truth[b])
    };
    let right = runs.iter().position(|run| whole(*run));
    let shared = wording.into_iter().flatten().collect();
    Some(Samples {
        list: Choice {
            items,
            shared,
            right,
        },
        runs,
        truth,
    })
}

/// What is known of each standing unit before runs are compared.
struct Sketch {
    /// Indices of the standing units.
    units: Vec<usize>,
    /// Distinct word stems of each, numbered as they are met.
    stems: Vec<Vec<usize>>,
    /// Units in which a stem stands.
    spread: Vec<u32>,
    /// Whether a stem stands in the headline.
    titled: Vec<bool>,
    sizes: Vec<usize>,
    traits: Vec<Traits>,
    /// Traits of all units before each, and of all.
    counts: Vec<Counts>,
    /// Share of stems that each unit has in common with the one before it.
    overlaps: Vec<f32>,
    /// Whether most of the text speaks politely.
    polite: bool,
}

/// What a unit tells alone.
#[derive(Debug, Clone, Copy, Default)]
struct Traits {
    opens_line: bool,
    closes_line: bool,
    scrap: bool,
    headline: f32,
    noise_before: bool,
    noise_after: bool,
    voice: Voice,
}

/// In how many units of a stretch a trait is found.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    alone: u32,
    scrap: u32,
    dated: u32,
    says: u32,
    polite: u32,
    first_person: u32,
    /// Stems of the headline, each as often as it stands.
    titled: u32,
}

impl Sketch {
    fn of(markup: &Markup) -> Option<Sketch> {
        let units: Vec<usize> = (0..markup.units.len())
            .filter(|&i| markup.stands(i))
            .collect();
        if !(LEAST_UNITS..=MOST_UNITS).contains(&units.len()) {
            return None;
        }
        let mut numbers = FxHashMap::default();
        let mut number = |stem: &u32| {
            let next = numbers.len();
            *numbers.entry(*stem).or_insert(next)
        };
        let mut numbered = |i: usize| markup.stems(i).iter().map(&mut number).collect();
        let stems: Vec<Vec<usize>> = units.iter().map(|&i| numbered(i)).collect();
        let title = (0..markup.units.len()).filter(|&i| markup.in_title(i));
        let title: Vec<Vec<usize>> = title.map(numbered).collect();
        let mut spread = vec![0; numbers.len()];
        stems.iter().flatten().for_each(|&stem| spread[stem] += 1);
        let mut titled = vec![false; numbers.len()];
        title.iter().flatten().for_each(|&stem| titled[stem] = true);
        let sizes = units
            .iter()
            .map(|&i| markup.units[i].end - markup.units[i].start)
            .collect();
        let traits: Vec<Traits> = units.iter().map(|&i| Traits::of(markup, i)).collect();
        let mut counts = vec![Counts::default()];
        for (traits, stems) in traits.iter().zip(&stems) {
            let before = counts.last().expect("never empty");
            counts.push(before.and(traits, stems.iter().filter(|s| titled[**s]).count()));
        }
        let polite = counts[traits.len()].polite as usize * 2 > traits.len();
        let overlaps = (0..stems.len()).map(|i| match i {
            0 => 0.0,
            _ => overlap(&stems[i - 1], &stems[i]),
        });
        Some(Sketch {
            overlaps: overlaps.collect(),
            units,
            stems,
            spread,
            titled,
            sizes,
            traits,
            counts,
            polite,
        })
    }

    /// Calls `visit` with each run and its features.
    fn each_run(&self, mut visit: impl FnMut((usize, usize), &[(u32, f32)])) {
        let n = self.units.len();
        let all: usize = self.sizes.iter().sum();
        let links = self.links();
        let lefts: Vec<Vec<usize>> = (0..n)
            .map(|a| self.words(a.saturating_sub(NEIGHBOURS)..a))
            .collect();
        let rights: Vec<Vec<usize>> = (0..=n)
            .map(|b| self.words(b..(b + NEIGHBOURS).min(n)))
            .collect();
        let mut features = Vec::new();
        let mut run = Run::of(&self.spread);
        let mut on_the_left = vec![false; self.spread.len()];
        for (a, left) in lefts.iter().enumerate() {
            let mut size = 0;
            run.clear();
            on_the_left.fill(false);
            left.iter().for_each(|&stem| on_the_left[stem] = true);
            let ends = rights.iter().enumerate().skip(a + 1).take(*LENGTHS.end());
            for (b, right) in ends {
                size += self.sizes[b - 1];
                run.push(&self.stems[b - 1]);
                if size * 100 > all * MOST_SHARE {
                    break;
                }
                if b - a < *LENGTHS.start() {
                    continue;
                }
                features.clear();
                let sides = Sides {
                    run: &run,
                    on_the_left: &on_the_left,
                    left,
                    right,
                };
                self.features((a, b), &links, &sides, &mut features);
                visit((a, b), &features);
            }
        }
    }

    /// Distinct stems of a few neighbouring units.
    fn words(&self, units: std::ops::Range<usize>) -> Vec<usize> {
        let mut words: Vec<usize> = self.stems[units].iter().flatten().copied().collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// For each length, the mean and deviation of the share of stems that a run has in common with the rest.
    fn links(&self) -> Vec<(f32, f32)> {
        let mut sums = vec![(0.0f32, 0.0f32, 0.0f32); LENGTHS.end() + 1];
        let mut run = Run::of(&self.spread);
        for a in 0..self.units.len() {
            run.clear();
            for b in a + 1..=self.units.len().min(a + LENGTHS.end()) {
                run.push(&self.stems[b - 1]);
                let link = run.link();
                let sum = &mut sums[b - a];
                *sum = (sum.0 + 1.0, sum.1 + link, sum.2 + link * link);
            }
        }
        sums.into_iter()
            .map(|(n, sum, squares)| {
                let mean = sum / n.max(1.0);
                (mean, (squares / n.max(1.0) - mean * mean).max(1e-4).sqrt())
            })
            .collect()
    }

    /// Emits what sets the units `a..b` apart, in the order in which the weights are added up.
    fn features(
        &self,
        (a, b): (usize, usize),
        links: &[(f32, f32)],
        sides: &Sides,
        out: &mut Vec<(u32, f32)>,
    ) {
        let run = sides.run;
        let n = b - a;
        let (mean, deviation) = links[n];
        let apart = ((mean - run.link()) / deviation).clamp(-2.0, 4.0);
        let stretch = self.stretch(a, b);
        let (first, last) = (&self.traits[a], &self.traits[b - 1]);
        let alone = stretch.share(|c| c.alone);
        let layout =
            (alone > 0.9) as usize * 4 + first.opens_line as usize * 2 + last.closes_line as usize;
        let layout = layout as f32;
        let contrast = stretch.contrast(|c| c.alone);
        steps!(out;
            "apart": apart, 2.0;
            "link": run.link(), 10.0;
            "repeats": run.repeats(), 12.0;
            "titled": stretch.share(|c| c.titled).min(1.5), 6.0;
            "length": n as f32, 1.0;
            "layout": layout, 1.0;
            "contrast": contrast, 4.0;
            "headline": first.headline, 4.0;
            "scrap": flag(first.scrap), 1.0;
            "scraps": stretch.share(|c| c.scrap), 4.0;
        );
        self.edges(a, b, out);
        self.manner(a, b, &stretch, out);
        let (level, headline) = (apart.round() + 2.0, first.headline.round());
        steps!(out;
            "apart+layout": level * 8.0 + layout, 1.0;
            "apart+headline": level * 2.0 + headline, 1.0;
            "apart+length": level * 20.0 + n as f32, 1.0;
            "layout+headline+contrast": layout * 10.0 + headline * 5.0 + (contrast * 2.0).round(), 1.0;
        );
        sides.features(out);
        out.push((hash(name::MEASURES, b"apart"), apart));
        out.push((hash(name::MEASURES, b"link"), run.link()));
        out.push((hash(name::MEASURES, b"repeats"), run.repeats()));
        for i in a..b {
            self.ties(i, run, out);
        }
    }

    /// Emits how a run joins with what stands before and behind it.
    fn edges(&self, a: usize, b: usize, out: &mut Vec<(u32, f32)>) {
        let before = (a > 0).then(|| self.overlaps[a]);
        let after = self.overlaps.get(b);
        let inner = self.overlaps[a + 1..b].iter().sum::<f32>() / (b - a - 1) as f32;
        let next = self.traits.get(b);
        steps!(out;
            "before": before.map_or(-0.2, |o| o.min(0.5)), 10.0;
            "after": after.map_or(-0.2, |o| o.min(0.5)), 10.0;
            "inner": inner.min(0.5), 10.0;
            "connective": flag(self.traits[a].voice.connective), 1.0;
            "next connective": flag(next.is_some_and(|t| t.voice.connective)), 1.0;
            "next scrap": flag(next.is_some_and(|t| t.scrap)), 1.0;
        );
    }

    /// Emits how a run speaks, and where it stands.
    fn manner(&self, a: usize, b: usize, stretch: &Stretch, out: &mut Vec<(u32, f32)>) {
        let noise = flag(self.traits[a].noise_before) + 2.0 * flag(self.traits[b - 1].noise_after);
        steps!(out;
            "dated": stretch.contrast(|c| c.dated), 4.0;
            "says": stretch.contrast(|c| c.says), 4.0;
            "polite": stretch.contrast(|c| c.polite), 3.0;
            "person": stretch.share(|c| c.first_person), 4.0;
            "top": flag(a == 0), 1.0;
            "bottom": flag(b == self.units.len()), 1.0;
            "noise": noise, 1.0;
        );
    }

    /// The counts of the units `a..b`, and of all.
    fn stretch(&self, a: usize, b: usize) -> Stretch<'_> {
        let counts = [a, b, self.traits.len()].map(|at| &self.counts[at]);
        Stretch {
            counts,
            inside: b - a,
            outside: self.traits.len() - (b - a),
        }
    }

    /// Emits what a unit shares with the rest of its run, with the text outside it, and with the headline.
    fn ties(&self, i: usize, run: &Run, out: &mut Vec<(u32, f32)>) {
        let (mut outside, mut inside, mut titled) = (0u8, 0u8, 0u8);
        for &stem in &self.stems[i] {
            let here = run.counts[stem];
            outside += u8::from(self.spread[stem] > here);
            inside += u8::from(here > 1);
            titled += u8::from(self.titled[stem]);
        }
        let size = self.stems[i].len().min(12) as u8 / 3;
        out.push((hash(name::SHARED_OUTSIDE, &[outside.min(5), size]), 1.0));
        out.push((hash(name::SHARED_INSIDE, &[inside.min(3), size]), 1.0));
        out.push((
            hash(name::SHARED_BOTH, &[outside.min(4), inside.min(3)]),
            1.0,
        ));
        out.push((hash(name::SHARED_TITLE, &[titled.min(3)]), 1.0));
    }
}

/// Share of the shorter unit's stems that both have.
fn overlap(a: &[usize], b: &[usize]) -> f32 {
    let both = a.iter().filter(|s| b.contains(s)).count();
    both as f32 / a.len().min(b.len()).max(1) as f32
}

impl Counts {
    /// The counts with one more unit.
    fn and(&self, traits: &Traits, titled: usize) -> Counts {
        Counts {
            alone: self.alone + u32::from(traits.opens_line && traits.closes_line),
            scrap: self.scrap + u32::from(traits.scrap),
            dated: self.dated + u32::from(traits.voice.dated),
            says: self.says + u32::from(traits.voice.says),
            polite: self.polite + u32::from(traits.voice.polite),
            first_person: self.first_person + u32::from(traits.voice.first_person),
            titled: self.titled + titled as u32,
        }
    }
}

impl Traits {
    fn of(markup: &Markup, i: usize) -> Traits {
        let unit = markup.units[i];
        let noise = |j: Option<usize>| {
            j.and_then(|j| markup.marks.get(j).copied().flatten())
                .is_some_and(|m| m.reason != Reason::Duplicate)
        };
        let scrap = !markup.prose(i);
        Traits {
            opens_line: unit.opens,
            closes_line: unit.closes,
            scrap,
            headline: if scrap {
                markup.line_class(i).of_kind(Reason::RelatedLinks)
            } else {
                0.0
            },
            noise_before: noise(i.checked_sub(1)) || i > 0 && markup.in_title(i - 1),
            noise_after: noise(Some(i + 1)) || i + 1 == markup.units.len(),
            voice: markup.voice(i),
        }
    }
}

/// A run with what stands before and behind it.
struct Sides<'a> {
    run: &'a Run<'a>,
    /// Stems of the units before it, and of each stem whether it is one.
    left: &'a [usize],
    on_the_left: &'a [bool],
    /// Stems of the units behind it.
    right: &'a [usize],
}

impl Sides<'_> {
    /// Emits how much the run and what stands around it have in common.
    fn features(&self, out: &mut Vec<(u32, f32)>) {
        let in_run = |w: usize| self.run.counts[w] > 0;
        let bridge = count(self.right, |w| self.on_the_left[w]);
        steps!(out;
            "bridge": share_of(bridge, self.left), 10.0;
            "to the left": share_of(count(self.left, in_run), self.left), 10.0;
            "to the right": share_of(count(self.right, in_run), self.right), 10.0;
        );
    }
}

/// The counts before a run, at its end, and of all units.
struct Stretch<'a> {
    counts: [&'a Counts; 3],
    /// Units in the run, and outside it.
    inside: usize,
    outside: usize,
}

impl Stretch<'_> {
    /// Returns how often the units of the run have a trait.
    fn share(&self, of: fn(&Counts) -> u32) -> f32 {
        let [before, end, _] = self.counts.map(of);
        (end - before) as f32 / self.inside as f32
    }

    /// Returns how much oftener they have it than the others.
    fn contrast(&self, of: fn(&Counts) -> u32) -> f32 {
        let [before, end, all] = self.counts.map(of);
        self.share(of) - (all - (end - before)) as f32 / self.outside.max(1) as f32
    }
}

fn flag(set: bool) -> f32 {
    u8::from(set).into()
}

/// Counts the words that pass.
fn count(words: &[usize], test: impl Fn(usize) -> bool) -> usize {
    words.iter().filter(|w| test(**w)).count()
}

/// The share of `words` that so many are, at most .6: beyond that the difference tells nothing.
fn share_of(found: usize, words: &[usize]) -> f32 {
    (found as f32 / words.len().max(1) as f32).min(0.6)
}

/// The stems of a run, as it grows.
struct Run<'a> {
    /// Units of the text in which each stem stands.
    spread: &'a [u32],
    /// Units of the run in which each stem stands.
    counts: Vec<u32>,
    /// The stems of the run.
    stems: Vec<usize>,
    shared: u32,
    repeated: u32,
}

impl Run<'_> {
    fn of(spread: &[u32]) -> Run<'_> {
        Run {
            spread,
            counts: vec![0; spread.len()],
            stems: Vec::new(),
            shared: 0,
            repeated: 0,
        }
    }

    fn clear(&mut self) {
        for stem in self.stems.drain(..) {
            self.counts[stem] = 0;
        }
        (self.shared, self.repeated) = (0, 0);
    }

    fn push(&mut self, stems: &[usize]) {
        for &stem in stems {
            let all = self.spread[stem];
            let was = self.counts[stem];
            self.counts[stem] += 1;
            if was == 0 {
                self.stems.push(stem);
            }
            // Shared as long as some unit outside the run has it as well.
            if was == 0 && all > 1 {
                self.shared += 1;
            }
            if was > 0 && all == was + 1 {
                self.shared -= 1;
            }
            if was == 1 {
                self.repeated += 1;
            }
        }
    }

    /// Share of the stems that stand outside the run as well.
    fn link(&self) -> f32 {
        self.shared as f32 / self.stems.len().max(1) as f32
    }

    /// Share of the stems that stand in more than one unit of the run.
    fn repeats(&self) -> f32 {
        self.repeated as f32 / self.stems.len().max(1) as f32
    }
}

/// Returns the features of how a sentence reports, whatever its words are.
fn reporting(traits: &Traits, polite: bool) -> [(u32, f32); 3] {
    let voice = traits.voice;
    let reports = [voice.dated, voice.says, voice.first_person, traits.scrap];
    [
        (hash(name::REPORTING, &reports.map(u8::from)), 0.5),
        (
            hash(name::POLITE, &[voice.polite, polite].map(u8::from)),
            0.5,
        ),
        (hash(name::CONNECTIVE, &[u8::from(voice.connective)]), 0.5),
    ]
}
