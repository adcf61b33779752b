//! Choosing: the embedded engine proposes lines of clauses, and the model says which of them it would write.
//!
//! In:  a model and articles. Out: outlines of the embedded engine, whose lines the model's likelihood helped to choose. A prompt holds
//! examples, read once, then the part's label and the sentences its lines are made of; behind it all lines are weighed together.
//! Nothing is written, so nothing can be invented.

use std::sync::atomic::AtomicBool;

use super::note_model::NoteModel;
use crate::article::Article;
use crate::brief::{EngineInfo, Outline};
use crate::engine::error::EngineError;
use crate::engine::interface::{Effort, Progress};
use crate::engine::note::options::WritingOptions;
use crate::language::PerLanguage;
use crate::model::Decode;
use crate::model::likelihood::{CandidateSet, weigh};
use crate::outline::extractive::lexicon::Lexicon;
use crate::outline::extractive::{self, Liked, Proposed};
use crate::outline::{OutlineOptions, critique};

/// Lines weighed for a part.
pub const CANDIDATES: usize = 8;
/// What a line's likelihood counts beside the selector's score: per unit of the mean logarithm of its tokens' probability. With a
/// model of half a billion weights more of it makes lines worse (`weigh_lines`, `docs/models.md`).
const LIKELIHOOD: f32 = 0.25;
/// The most tokens of the sentences in a prompt: what is longer is weighed behind its end.
const CITED_TOKENS: usize = 512;

/// What the line of a thesis is called.
const CLAIM: PerLanguage<&str> = PerLanguage {
    ko: "주장",
    en: "Claim",
};

/// Outlines an article with lines that the model likes.
pub fn outline<D: Decode>(
    model: &NoteModel<D>,
    article: &Article,
    options: &OutlineOptions,
    (writing, engine): (&WritingOptions, EngineInfo),
    cancelled: &AtomicBool,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<Outline, EngineError> {
    let lexicon = Lexicon::new(&options.lens, article.language);
    let analysis = extractive::analyse(article, options, &lexicon);
    let proposed = extractive::proposed(article, &analysis, CANDIDATES);
    let (liked, effort) = liked(model, article, options, writing, &proposed, cancelled)?;
    let mut outline = extractive::outline_liked(article, options, &analysis, &liked);
    critique::criticise(article, &mut outline);
    outline.engine = EngineInfo {
        candidates: Some(CANDIDATES as u32),
        ..engine
    };
    report(&outline, on_progress);
    on_progress(Progress::Done(effort));
    Ok(outline)
}

/// Tells of every line that was chosen.
fn report(outline: &Outline, on_progress: &mut dyn FnMut(Progress)) {
    let challenges = outline.challenges.iter().enumerate();
    let challenges =
        challenges.filter_map(|(n, c)| Some((format!("challenges[{n}].text"), c.statement()?)));
    let thesis = outline.thesis.iter().cloned();
    for (field, statement) in thesis.map(|t| ("thesis.text".into(), t)).chain(challenges) {
        on_progress(Progress::Part { field, statement });
    }
}

/// How much better each line is than the worst of its part.
fn liked<D: Decode>(
    model: &NoteModel<D>,
    article: &Article,
    options: &OutlineOptions,
    writing: &WritingOptions,
    proposed: &[Proposed],
    cancelled: &AtomicBool,
) -> Result<(Liked, Effort), EngineError> {
    let prompts = writing.prompts(article.language);
    let mut effort = Effort::default();
    let (mut questions, mut asked) = (Vec::new(), Vec::new());
    for part in proposed.iter().filter(|p| p.lines.len() > 1) {
        let label = match part.challenge {
            None => CLAIM[article.language],
            Some(at) => options.lens.challenges[at].label.text(article.language),
        };
        let cited: Vec<&str> = part
            .cited
            .iter()
            .map(|&i| article.sentences[i].text.as_str())
            .collect();
        let opening = prompts.before_line("", "");
        let whole = prompts.before_line(label, &cited.join(" "));
        let (examples, asks) = whole.split_at(shared(&whole, &opening));
        let bos = model.tokenizer.bos().into_iter();
        let examples: Vec<u32> = bos.chain(model.tokenizer.encode(examples)).collect();
        let mut prompt = model.opening(&examples, cancelled)?;
        let mut tokens = model.tokenizer.encode(asks);
        if tokens.len() > CITED_TOKENS {
            tokens.drain(..tokens.len() - CITED_TOKENS);
        }
        prompt.push(&tokens);
        let candidate = |line: &String| model.tokenizer.encode(&format!(" {line}\n"));
        let candidates: Vec<Vec<u32>> = part.lines.iter().map(candidate).collect();
        effort.prompt += tokens.len();
        effort.rows += tokens.len() + candidates.iter().map(Vec::len).sum::<usize>();
        questions.push(CandidateSet { prompt, candidates });
        asked.push(part);
    }
    let weights = weigh(&model.decoder, questions, cancelled)?.ok_or(EngineError::Cancelled)?;
    let mut liked = Liked::default();
    for (part, weights) in asked.into_iter().zip(weights) {
        let worst = weights.iter().copied().fold(f64::INFINITY, f64::min);
        for (line, weight) in part.lines.iter().zip(weights) {
            liked.insert(line.clone(), LIKELIHOOD * (weight - worst) as f32);
        }
    }
    Ok((liked, effort))
}

/// Bytes that two texts begin with together.
fn shared(a: &str, b: &str) -> usize {
    let alike = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
    alike.map(|(c, _)| c.len_utf8()).sum()
}
