//! Learning: AdaGrad over articles in a seeded order.

use sukje::language::{Language, PerLanguage};
use sukje::outline::extractive::challenges::{self, Decoding};
use sukje::outline::extractive::crf::{self, Crf, PARTS};
use sukje::outline::extractive::features::{Features, PER_CHALLENGE, ROWS, STRUCTURAL};
use sukje::outline::extractive::roles::{self, ROLE_ORDER};
use sukje::outline::extractive::weights::*;

use crate::corpus::{Example, Variant};

/// Passes over the articles for the CRF, and for the second models.
const CRF_PASSES: usize = 12;
const QUESTION_PASSES: usize = 24;
/// Step sizes of AdaGrad.
const DENSE_RATE: f32 = 0.06;
const TABLE_RATE: f32 = 0.10;
/// L2, per step.
const DENSE_DECAY: f32 = 2e-3;
const TABLE_DECAY: f32 = 1e-3;
/// Folds inside the training set that the second models learn the CRF's answers from.
const INNER_FOLDS: usize = 4;

/// Weights while they are learned.
#[derive(Clone)]
pub struct Model {
    pub dense: Vec<f32>,
    pub tables: PerLanguage<Vec<f32>>,
}

/// Weights as the engine reads them.
pub struct Quantised {
    pub dense: Vec<f32>,
    pub tables: PerLanguage<Vec<u8>>,
}

impl Quantised {
    pub fn weights(&self) -> Weights<'_> {
        Weights {
            dense: &self.dense,
            tables: PerLanguage::from_fn(|language| &self.tables[language][..]),
        }
    }
}

impl Model {
    fn new() -> Model {
        let table = |_| vec![0.0; ROWS * COLUMNS];
        Model {
            dense: vec![0.0; DENSE],
            tables: PerLanguage::from_fn(table),
        }
    }

    /// Bytes with a scale per column; the scales stand at the end of the dense numbers.
    pub fn quantise(&self) -> Quantised {
        let mut dense = self.dense.clone();
        let scales_at = DENSE - 2 * COLUMNS;
        let tables = PerLanguage::from_fn(|language| {
            let table = &self.tables[language];
            let mut out = vec![0u8; table.len()];
            for column in 0..COLUMNS {
                let cells = || (0..ROWS).map(|row| row * COLUMNS + column);
                let top = cells().map(|at| table[at].abs()).fold(1e-9f32, f32::max);
                dense[scales_at + SCALES[language] + column] = top / 127.0;
                cells().for_each(|at| out[at] = (table[at] / top * 127.0).round() as i8 as u8);
            }
            out
        });
        Quantised { dense, tables }
    }

    fn columns(&self, sentence: &Features, language: Language) -> [f32; COLUMNS] {
        let table = &self.tables[language];
        let norm = ngram_norm(sentence);
        let mut sums = [0.0; COLUMNS];
        for &row in &sentence.ngrams {
            let at = row as usize * COLUMNS;
            sums.iter_mut()
                .zip(&table[at..at + COLUMNS])
                .for_each(|(s, w)| *s += w);
        }
        sums.map(|s| s * norm)
    }
}

/// Trains everything on `examples`.
pub fn train(examples: &[Example]) -> Model {
    let all: Vec<&Example> = examples.iter().collect();
    train_on(&all)
}

/// Trains everything on some examples.
pub fn train_on(examples: &[&Example]) -> Model {
    let outside = inner_decisions(examples);
    let mut model = Model::new();
    train_crf(&mut model, examples, true);
    train_crf(&mut model, examples, false);
    train_questions(&mut model, examples, &outside);
    model
}

/// What CRFs that have not seen an article say of it, `[example][variant]`.
fn inner_decisions(examples: &[&Example]) -> Vec<Vec<Decoding>> {
    let mut out: Vec<Vec<Decoding>> = vec![Vec::new(); examples.len()];
    for fold in 0..INNER_FOLDS {
        let others: Vec<&Example> = examples
            .iter()
            .enumerate()
            .filter(|(i, _)| i % INNER_FOLDS != fold)
            .map(|(_, e)| *e)
            .collect();
        let mut model = Model::new();
        train_crf(&mut model, &others, true);
        train_crf(&mut model, &others, false);
        for (i, example) in examples
            .iter()
            .enumerate()
            .filter(|(i, _)| i % INNER_FOLDS == fold)
        {
            out[i] = example.variants.iter().map(|v| decode(&model, v)).collect();
        }
    }
    out
}

/// Decodes with weights that are still being learned.
fn decode(model: &Model, variant: &Variant) -> Decoding {
    let (lexicon, ngrams) = (crf_of(model, variant, false), crf_of(model, variant, true));
    Decoding::both(TRAINED_CHALLENGES, &lexicon, &ngrams)
}

fn crf_of<'a>(model: &'a Model, variant: &Variant, ngrams: bool) -> Crf<'a> {
    let at = if ngrams { 0 } else { CRF_WEIGHTS };
    let weights = CrfWeights(&model.dense[at..at + CRF_WEIGHTS]);
    let language = variant.article.language;
    let sentences = &variant.features.sentences;
    Crf {
        emissions: challenges::emissions(&variant.features, TRAINED_CHALLENGES, weights, |i| {
            ngrams.then(|| model.columns(&sentences[i], language))
        }),
        cohesion: sentences.iter().map(|s| s.cohesion).collect(),
        steps: weights.steps(),
        states: crf::states(TRAINED_CHALLENGES),
    }
}

/// One AdaGrad step per article and pass; the weights are the mean of those after the later half of the passes.
struct Learner {
    dense: Vec<f32>,
    tables: PerLanguage<Vec<f32>>,
}

impl Learner {
    fn new() -> Learner {
        let table = |_| vec![0.0; ROWS * COLUMNS];
        Learner {
            dense: vec![0.0; DENSE],
            tables: PerLanguage::from_fn(table),
        }
    }
}

fn step(weight: &mut f32, square: &mut f32, gradient: f32, rate: f32, decay: f32) {
    let g = gradient + decay * *weight;
    *square += g * g;
    *weight -= rate * g / (square.sqrt() + 1e-3);
}

fn train_crf(model: &mut Model, examples: &[&Example], ngrams: bool) {
    let base = if ngrams { 0 } else { CRF_WEIGHTS };
    let mut learner = Learner::new();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut seed = 7u64;
    for pass in 0..CRF_PASSES {
        shuffle(&mut order, &mut seed);
        for &e in &order {
            let example = examples[e];
            let variant = &example.variants[(pass + e) % example.variants.len()];
            crf_step(model, &mut learner, example, variant, base, ngrams);
        }
    }
}

fn crf_step(
    model: &mut Model,
    learner: &mut Learner,
    example: &Example,
    variant: &Variant,
    base: usize,
    ngrams: bool,
) {
    let states = crf::states(TRAINED_CHALLENGES);
    let sentences = &variant.features.sentences;
    let n = sentences.len();
    let gold = &example.states;
    let mut steps = vec![0.0f32; crf::STEP_WEIGHTS];
    let crf = crf_of(model, variant, ngrams);
    let cohesion = crf.cohesion.clone();
    let marginals = crf.marginals(Some(&mut |i, from, to, p| {
        steps[crf::step_index(from, to)] += p;
        steps[crf::cohesion_index(from, to)] += p * cohesion[i];
    }));
    for i in 1..n {
        steps[crf::step_index(gold[i - 1], gold[i])] -= 1.0;
        steps[crf::cohesion_index(gold[i - 1], gold[i])] -= cohesion[i];
    }
    for y in 0..states {
        steps[crf::first_index(y)] += marginals[y];
        steps[crf::last_index(y)] += marginals[(n - 1) * states + y];
    }
    steps[crf::first_index(gold[0])] -= 1.0;
    steps[crf::last_index(gold[n - 1])] -= 1.0;

    // Gradients of the emissions: what is held minus what is true.
    let mut parts = vec![0.0f32; PARTS * STRUCTURAL];
    let mut per_challenge = vec![0.0f32; crf::CHALLENGE_PARTS * PER_CHALLENGE];
    for (i, sentence) in sentences.iter().enumerate() {
        let mut columns = [0.0f32; COLUMNS];
        for y in 0..states {
            let g = marginals[i * states + y] - if gold[i] == y { 1.0 } else { 0.0 };
            let part = crf::part(y);
            columns[PART_COLUMN + part] += g;
            if let Some(c) = crf::challenge(y) {
                columns[CHALLENGE_COLUMN + c] += g;
                let at = (part - 1) * PER_CHALLENGE;
                (0..PER_CHALLENGE)
                    .for_each(|k| per_challenge[at + k] += g * sentence.per_challenge[c][k]);
            }
        }
        for part in 0..PARTS {
            let g = columns[PART_COLUMN + part];
            let at = part * STRUCTURAL;
            (0..STRUCTURAL).for_each(|k| parts[at + k] += g * sentence.structural[k]);
        }
        if ngrams {
            let language = variant.article.language;
            let used = CHALLENGE_COLUMN..PART_COLUMN + PARTS;
            table_step(model, learner, language, sentence, &columns, used);
        }
    }
    let gradients = parts.iter().chain(&per_challenge).chain(&steps);
    for (k, &g) in gradients.enumerate() {
        let at = base + k;
        step(
            &mut model.dense[at],
            &mut learner.dense[at],
            g,
            DENSE_RATE,
            DENSE_DECAY,
        );
    }
}

fn table_step(
    model: &mut Model,
    learner: &mut Learner,
    language: Language,
    sentence: &Features,
    columns: &[f32; COLUMNS],
    used: std::ops::Range<usize>,
) {
    let norm = ngram_norm(sentence);
    for &row in &sentence.ngrams {
        for column in used.clone() {
            let at = row as usize * COLUMNS + column;
            let g = columns[column] * norm;
            step(
                &mut model.tables[language][at],
                &mut learner.tables[language][at],
                g,
                TABLE_RATE,
                TABLE_DECAY,
            );
        }
    }
}

fn train_questions(model: &mut Model, examples: &[&Example], outside: &[Vec<Decoding>]) {
    let decided: Vec<Vec<Vec<[f32; DECIDED]>>> = examples
        .iter()
        .zip(outside)
        .map(|(example, decoded)| {
            let pairs = example.variants.iter().zip(decoded);
            pairs
                .map(|(v, d)| roles::decided_figures(&v.features, d))
                .collect()
        })
        .collect();
    let mut learner = Learner::new();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut seed = 11u64;
    for pass in 0..QUESTION_PASSES {
        shuffle(&mut order, &mut seed);
        for &e in &order {
            let v = (pass + e) % examples[e].variants.len();
            question_step(model, &mut learner, examples[e], v, &decided[e][v]);
        }
    }
}

fn question_step(
    model: &mut Model,
    learner: &mut Learner,
    example: &Example,
    v: usize,
    decided: &[[f32; DECIDED]],
) {
    let variant = &example.variants[v];
    let language = variant.article.language;
    let size = STRUCTURAL + DECIDED;
    let mut dense = vec![0.0f32; QUESTION_WEIGHTS];
    for (i, sentence) in variant.features.sentences.iter().enumerate() {
        let columns = model.columns(sentence, language);
        let weights = Weights {
            dense: &model.dense,
            tables: PerLanguage::default(),
        };
        let held = roles::judgement(&weights, &sentence.structural, &decided[i], &columns);
        let want = &example.case.sentences[i];
        let mut g = [0.0f32; COLUMNS];
        for (k, role) in ROLE_ORDER.iter().enumerate() {
            g[ROLE_COLUMN + k] = held.roles[k] - if *role == want.role { 1.0 } else { 0.0 };
        }
        let odds =
            |score: f32, yes: bool| 1.0 / (1.0 + (-score).exp()) - if yes { 1.0 } else { 0.0 };
        g[THESIS_COLUMN] = odds(held.thesis, want.thesis);
        g[KEY_COLUMN] = odds(held.key, want.key);
        for question in 0..QUESTIONS {
            let own = g[ROLE_COLUMN + question];
            let at = question * size;
            let figures = sentence.structural.iter().chain(&decided[i]);
            figures
                .enumerate()
                .for_each(|(k, x)| dense[at + k] += own * x);
        }
        table_step(model, learner, language, sentence, &g, ROLE_COLUMN..COLUMNS);
    }
    for (k, &g) in dense.iter().enumerate() {
        let at = 2 * CRF_WEIGHTS + k;
        step(
            &mut model.dense[at],
            &mut learner.dense[at],
            g,
            DENSE_RATE,
            DENSE_DECAY,
        );
    }
}

/// Fisher and Yates with a linear congruential generator: the same order on every machine.
pub fn shuffle(order: &mut [usize], seed: &mut u64) {
    for i in (1..order.len()).rev() {
        *seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        order.swap(i, (*seed >> 33) as usize % (i + 1));
    }
}

/// Takes the weights of the steps away, so that every sentence decides for itself.
pub fn forget_steps(model: &mut Model) {
    for base in [0, CRF_WEIGHTS] {
        let end = base + CRF_WEIGHTS;
        model.dense[end - crf::STEP_WEIGHTS..end].fill(0.0);
    }
}
