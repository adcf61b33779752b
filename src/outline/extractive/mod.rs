//! The extractive engine: the article's own sentences, chosen and ordered, without any model to download.
//!
//! In:  `Article` and `Lens`. Out: `Outline` whose every text is made of cited sentences or of their clauses.
//!
//! `text` folds sentences, `lexicon` and `marks` look words up, `features` counts, `weights` hold what was learned,
//! `chain` and `challenges` decide what belongs to which challenge, `roles` says what each sentence does, `argument`
//! chooses, `fit` keeps the texts short, `rank` serves plain summaries. Values in, values out; the same article
//! gives the same outline.

pub mod argument;
pub mod challenges;
pub mod crf;
pub mod discourse_cues;
pub mod features;
mod fit;
pub mod lexicon;
mod rank;
pub mod roles;
pub mod text;
pub mod weights;

pub use fit::{Liked, Proposed, proposed};
pub use rank::best_sentences;

use self::argument::ArgumentPlan;
use self::challenges::ChallengeFinding;
use self::fit::Texts;
use self::lexicon::Lexicon;
use self::roles::Judgement;
use self::weights::Weights;
use super::lines::ComposedLine;
use super::{Lens, OutlineOptions};
use crate::article::{Article, Language};
use crate::brief::{
    ArgumentPoint, Challenge, ClausePart, Coverage, EXTRACTIVE, EngineInfo, Origin, Outline,
    Statement, Status, Verification,
};

/// What the engine holds of an article, before texts are chosen.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// Per sentence.
    pub judgements: Vec<Judgement>,
    /// Per challenge of the lens.
    pub findings: Vec<ChallengeFinding>,
    /// Thesis and argument.
    pub plan: ArgumentPlan,
}

/// Outlines an article by extraction.
pub fn outline(article: &Article, options: &OutlineOptions) -> Outline {
    let lexicon = Lexicon::new(&options.lens, article.language);
    outline_by(article, options, &lexicon)
}

/// As [`outline`], with the lexicon of the options' lens and the article's language, which may serve many articles.
pub fn outline_by(article: &Article, options: &OutlineOptions, lexicon: &Lexicon) -> Outline {
    let analysis = analyse(article, options, lexicon);
    outline_liked(article, options, &analysis, &Liked::default())
}

/// Reads an article with the built-in weights.
pub fn analyse(article: &Article, options: &OutlineOptions, lexicon: &Lexicon) -> Analysis {
    read(article, lexicon, &Weights::builtin(), options.lens.trained)
}

/// Outlines an article with weights of the caller's: for training and comparison.
pub fn outline_with(
    article: &Article,
    options: &OutlineOptions,
    weights: &Weights,
    ngrams: bool,
) -> Outline {
    let lexicon = Lexicon::new(&options.lens, article.language);
    let analysis = read(article, &lexicon, weights, ngrams);
    outline_liked(article, options, &analysis, &Liked::default())
}

/// Outlines what was read of an article, where a reader beside the selector likes some lines better than others.
pub fn outline_liked(
    article: &Article,
    options: &OutlineOptions,
    analysis: &Analysis,
    liked: &Liked,
) -> Outline {
    let texts = fit::texts(article, analysis, liked);
    let language = options.output_language.unwrap_or(article.language);
    let seen = article.sentences.len();
    Outline {
        lens: options.lens.name.clone(),
        output_language: language,
        engine: EngineInfo {
            name: EXTRACTIVE.into(),
            model: None,
            model_sha256: None,
            prompt_sha256: None,
            candidates: None,
            version: env!("CARGO_PKG_VERSION").into(),
        },
        thesis: texts
            .thesis
            .as_ref()
            .map(|line| statement(article, &analysis.plan.thesis, line)),
        argument: argument(article, &texts),
        challenges: challenges(article, &options.lens, language, analysis, &texts),
        critique: Vec::new(),
        coverage: Coverage {
            sentences: seen,
            seen,
            chunks: 1,
        },
        replaced: Verification::default(),
        warnings: Vec::new(),
    }
}

/// Reads an article: what belongs to which challenge, and what each sentence does.
pub fn read(article: &Article, lexicon: &Lexicon, weights: &Weights, ngrams: bool) -> Analysis {
    let features = features::read(article, lexicon);
    let count = lexicon.challenges;
    let columns = features.sentences.iter();
    let columns: Vec<_> = columns
        .map(|s| weights.columns(s, article.language))
        .collect();
    let decoded = challenges::decode(&features, count, weights, &columns, ngrams);
    let judgements = roles::judge(&features, &decoded, weights, &columns);
    let cures: Vec<f32> = judgements
        .iter()
        .map(|j| j.roles[roles::REMEDY_ROLE])
        .collect();
    let findings = decoded.findings(&cures);
    let plan = argument::plan(&judgements);
    Analysis {
        judgements,
        findings,
        plan,
    }
}

/// A statement that shows a line and cites all of `cited`, the line's own sentences among them.
fn statement(article: &Article, cited: &[usize], line: &ComposedLine) -> Statement {
    let mut cited = cited.to_vec();
    for (i, _) in &line.parts {
        if !cited.contains(i) {
            cited.push(*i);
        }
    }
    Statement {
        text: line.text.clone(),
        evidence: ids(article, &cited),
        origin: origin(line),
        parts: parts(article, line),
    }
}

fn origin(line: &ComposedLine) -> Origin {
    match line.whole {
        true => Origin::Source,
        false => Origin::Clauses,
    }
}

/// What a line of clauses is made of.
fn parts(article: &Article, line: &ComposedLine) -> Vec<ClausePart> {
    let part = |&(i, (start, end)): &(usize, (usize, usize))| ClausePart {
        sentence: article.sentences[i].id,
        text: article.sentences[i].text[start..end].to_string(),
        start,
        end,
    };
    match line.whole {
        true => Vec::new(),
        false => line.parts.iter().map(part).collect(),
    }
}

fn ids(article: &Article, indices: &[usize]) -> Vec<u32> {
    indices.iter().map(|&i| article.sentences[i].id).collect()
}

fn argument(article: &Article, texts: &Texts) -> Vec<ArgumentPoint> {
    let point = |(point, line): &(argument::Point, ComposedLine)| ArgumentPoint {
        role: point.role,
        statement: statement(article, &point.sentences, line),
    };
    texts.points.iter().map(point).collect()
}

fn challenges(
    article: &Article,
    lens: &Lens,
    language: Language,
    analysis: &Analysis,
    texts: &Texts,
) -> Vec<Challenge> {
    let indices = |rows: &[(usize, f32)]| rows.iter().map(|(i, _)| *i).collect::<Vec<_>>();
    lens.challenges
        .iter()
        .zip(&analysis.findings)
        .zip(&texts.challenges)
        .map(|((entry, finding), shown)| Challenge {
            key: entry.key.clone(),
            label: entry.label.text(language).to_string(),
            status: match finding.evidence.is_empty() {
                true => Status::NotDiscussed,
                false => Status::Discussed,
            },
            text: shown.text.as_ref().map(|line| line.text.clone()),
            evidence: ids(article, &indices(&finding.evidence)),
            origin: shown.text.as_ref().map_or(Origin::Source, origin),
            parts: shown
                .text
                .as_ref()
                .map_or(Vec::new(), |line| parts(article, line)),
            remedy: shown
                .remedy
                .as_ref()
                .map(|line| statement(article, &indices(&finding.remedies), line)),
            critique: Vec::new(),
        })
        .collect()
}
