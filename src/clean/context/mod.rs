//! A reader of context: what each unit is, judged by its letters, its place and its neighbours together.
//!
//! In:  the markup, marked by rules and looks. Out: marks. Where rules are sure, they stand; everything else the chain decides.

mod features;
pub mod model;

use std::sync::LazyLock;

use super::markup::{MOST_UNITS, Mark, Markup};
use crate::article::{Reason, Score};
use crate::classifier::Classifier;
use crate::clean::Threshold;
use crate::language::{Language, PerLanguage};
use features::Observations;
use model::{Chain, ChainPair, KINDS, Kinds, Parting};

/// Trained chains.
pub enum ContextModels {
    /// Those that come with the program, read when they are first needed.
    Own(PerLanguage<LazyLock<ChainPair>>),
    /// Others.
    Other(PerLanguage<ChainPair>),
}

impl ContextModels {
    fn of(&self, language: Language) -> &ChainPair {
        match self {
            ContextModels::Own(models) => &models[language],
            ContextModels::Other(models) => &models[language],
        }
    }
}

/// Reads the chains of a language.
macro_rules! model {
    ($language:literal) => {
        LazyLock::new(|| ChainPair {
            first: Chain::of(Classifier::new(include_bytes!(concat!(
                "../../../training/weights/context.",
                $language,
                ".bin"
            )))),
            second: Chain::of(Classifier::new(include_bytes!(concat!(
                "../../../training/weights/context2.",
                $language,
                ".bin"
            )))),
        })
    };
}

/// The chains that come with the program.
pub static MODELS: ContextModels = ContextModels::Own(PerLanguage {
    ko: model!("ko"),
    en: model!("en"),
});

/// From where on the chains decide, as probabilities of being the article's own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// A sentence goes below this.
    pub prose: f32,
    /// What reads like no sentence goes below this.
    pub scrap: f32,
    /// What its look, its neighbours or its place would remove stays from this on.
    pub doubted: f32,
}

impl Limits {
    /// Chosen on sites of writers left out of training (`train_noise cv`).
    pub fn of(threshold: Threshold) -> Limits {
        let (prose, scrap, doubted) = match threshold {
            Threshold::Strict => (0.03, 0.2, NEVER),
            Threshold::Balanced => (0.002, 0.02, NEVER),
            Threshold::Gentle => (0.0, 0.001, 0.9),
        };
        Limits {
            prose,
            scrap,
            doubted,
        }
    }
}

/// No probability is so high.
const NEVER: f32 = 2.0;

/// Fewest units that rules are sure of before context is asked: a text without furniture is an article throughout.
const LEAST_NOISE: usize = 2;

/// Returns the probability of each kind for each unit that is judged; nothing of a text that shows hardly any noise, or is too long
/// for an article.
pub fn read(markup: &Markup, models: &ContextModels) -> Option<Vec<(usize, Kinds)>> {
    let sure = |mark: &&Mark| mark.sure && mark.reason != Reason::Duplicate;
    let noise = markup.marks.iter().flatten().filter(sure).count();
    if noise < LEAST_NOISE || markup.units.len() > MOST_UNITS {
        return None;
    }
    let view = Observations::of(markup);
    let kinds = judge(&view, models.of(markup.language()));
    Some(view.units.into_iter().zip(kinds).collect())
}

/// Marks and unmarks by what the chains say. A sure rule stands; another story is told by the words of its run.
pub fn decide(markup: &mut Markup, read: &[(usize, Kinds)], limits: Limits) {
    for (i, kinds) in read {
        // Whether a sentence is another story's is told by the words of its run.
        let story = if markup.prose(*i) { kinds[STORY] } else { 0.0 };
        let (i, own) = (*i, kinds[0] + story);
        if markup.protected(i) {
            continue;
        }
        let least = match markup.prose(i) {
            true => limits.prose,
            false => limits.scrap,
        };
        match markup.marks[i] {
            Some(mark) if mark.sure || mark.reason == Reason::UnrelatedArticle => {}
            Some(_) if own >= limits.doubted => markup.marks[i] = None,
            None if own < least => {
                let reason = likeliest(kinds);
                markup.mark(i, reason, rule(reason), false);
                if let Some(mark) = &mut markup.marks[i] {
                    mark.score = Some(Score::from(1.0 - own));
                }
            }
            _ => {}
        }
    }
    restore_passages(markup, read);
}

/// Most letters of sentences in a row that furniture amid an article has.
const LONGEST_INSERT: PerLanguage<usize> = PerLanguage { ko: 125, en: 250 };
/// Least share of the sentences' letters that stand before and behind what is amid an article, in per cent.
const AMID: usize = 5;

/// Unmarks whole passages amid the article: an advertisement there is a sentence or two, and a page's long furniture stands before
/// or behind it.
fn restore_passages(markup: &mut Markup, read: &[(usize, Kinds)]) {
    let sentences = |markup: &Markup, i: usize| markup.prose(i) && !markup.in_title(i);
    let standing = |i: &usize| sentences(markup, *i) && markup.marks[*i].is_none();
    let units = read.iter().map(|(i, _)| *i);
    let all: usize = units
        .clone()
        .filter(standing)
        .map(|i| markup.letters(i))
        .sum();
    let (mut before, mut passage, mut passages) = (0, Vec::new(), Vec::new());
    for i in units.filter(|i| sentences(markup, *i)) {
        match markup.marks[i] {
            Some(mark) if mark.score.is_some() => passage.push(i),
            Some(_) => {}
            None => {
                passages.push((before, std::mem::take(&mut passage)));
                before += markup.letters(i);
            }
        }
    }
    for (before, passage) in passages {
        let letters: usize = passage.iter().map(|i| markup.letters(*i)).sum();
        let amid = before.min(all - before) * 100 >= all * AMID;
        if amid && letters > LONGEST_INSERT[markup.language()] {
            passage.into_iter().for_each(|i| markup.marks[i] = None);
        }
    }
}

/// Where [`KINDS`] has another story.
const STORY: usize = 10;

/// The likeliest kind of noise.
fn likeliest(kinds: &Kinds) -> Reason {
    let noise = (1..KINDS.len()).max_by(|a, b| kinds[*a].total_cmp(&kinds[*b]));
    noise.and_then(|kind| KINDS[kind]).unwrap_or(Reason::Other)
}

fn rule(reason: Reason) -> &'static str {
    match reason {
        Reason::Advertisement => "learned.advertisement",
        Reason::Promotion => "learned.promotion",
        Reason::Byline => "learned.byline",
        Reason::Metadata => "learned.metadata",
        Reason::Caption => "learned.caption",
        Reason::Copyright => "learned.copyright",
        Reason::RelatedLinks => "learned.related_links",
        Reason::Navigation => "learned.navigation",
        Reason::Comment => "learned.comment",
        Reason::UnrelatedArticle => "learned.unrelated_article",
        _ => "learned.other",
    }
}

/// The probability of each kind for each unit of a view.
fn judge(view: &Observations, model: &ChainPair) -> Vec<Kinds> {
    let mut scores = first_scores(view, &model.first);
    let judged = view.judged(&model.first.decide(&view.gaps, &scores));
    for (n, score) in scores.iter_mut().enumerate() {
        view.second(n, &judged, |feature, value| {
            model.second.add(feature, value, score)
        });
    }
    model.second.decide(&view.gaps, &scores)
}

fn first_scores(view: &Observations, chain: &Chain) -> Vec<Kinds> {
    let mut scores: Vec<Kinds> = vec![[0.0; KINDS.len()]; view.units.len()];
    for (n, score) in scores.iter_mut().enumerate() {
        view.features(n, |feature, value| chain.add(feature, value, score));
    }
    scores
}

/// One unit as a chain is trained on it.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Its bytes in the text.
    pub span: (usize, usize),
    /// How it is parted from the one before.
    pub gap: Parting,
    /// Scores it has already.
    pub base: Kinds,
    /// Hashes with values.
    pub features: Vec<(u32, f32)>,
}

/// Returns what the first chain sees of a text or, where it is given, what the second sees.
pub fn samples(markup: &Markup, first: Option<&Chain>) -> Vec<Sample> {
    let view = Observations::of(markup);
    let known = first.map(|first| {
        let scores = first_scores(&view, first);
        let judged = view.judged(&first.decide(&view.gaps, &scores));
        (scores, judged)
    });
    (0..view.units.len())
        .map(|n| {
            let unit = markup.units[view.units[n]];
            let mut features = Vec::new();
            let emit = |feature, value| features.push((feature, value));
            let mut base = [0.0; KINDS.len()];
            match &known {
                None => view.features(n, emit),
                Some((scores, judged)) => {
                    base = scores[n];
                    view.second(n, judged, emit);
                }
            }
            Sample {
                span: (unit.start, unit.end),
                gap: view.gaps[n],
                base,
                features,
            }
        })
        .collect()
}
