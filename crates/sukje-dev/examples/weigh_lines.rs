//! How much a model's likelihood helps to choose lines: holds the lines that are chosen with each weight of it against the editors' lines.
//!
//!     cargo run --release -p sukje-dev --example weigh_lines -- MODEL.gguf [EVERY]
//!
//! Reads `training/lines`, of which every EVERY-th article is taken (1), and prints `chrf` and `facts` by language and weight.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use sukje::eval::reference::{EditorLine, EditorNote, Nearness, nearness};
use sukje::language::{Language, PerLanguage};
use sukje::model::gguf;
use sukje::model::likelihood::{CandidateSet, weigh};
use sukje::model::load::{Model, ModelOptions, tokenizer};
use sukje::model::{Decode, TokenSequence};
use sukje::outline::extractive::lexicon::Lexicon;
use sukje::outline::extractive::{Proposed, analyse, proposed};
use sukje::outline::{Lens, OutlineOptions};
use sukje_dev::case::{Case, Punctuation};

/// Lines weighed for a part, and the weights tried.
const LINES: usize = 8;
const WEIGHTS: [f64; 7] = [0.0, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0];

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, rest @ ..] = args.as_slice() else {
        return Err("usage: weigh_lines MODEL.gguf [EVERY]".into());
    };
    let every: usize = rest.first().map_or(Ok(1), |n| n.parse())?;
    let file = gguf::open(Path::new(file))?;
    let options = ModelOptions {
        tokens: Some(8_192),
        ..ModelOptions::default()
    };
    let model = Model::load(&file, tokenizer(&file)?, &options)?;
    let lens = Lens::builtin("five-challenges")?;
    let mut sums: PerLanguage<[(f64, Nearness); WEIGHTS.len() + 1]> = PerLanguage::default();
    for path in paths()?.iter().step_by(every) {
        let case: Case = serde_json::from_str(&std::fs::read_to_string(path)?)?;
        let notes: Vec<EditorNote> = ["a", "b"]
            .iter()
            .map(|hand| {
                Ok(serde_json::from_str(&std::fs::read_to_string(
                    path.with_extension(format!("{hand}.json")),
                )?)?)
            })
            .collect::<Result<_>>()?;
        let article = case.article(Punctuation::Keep);
        let options = OutlineOptions {
            lens: lens.clone(),
            output_language: None,
        };
        let lexicon = Lexicon::new(&lens, article.language);
        let analysis = analyse(&article, &options, &lexicon);
        for part in proposed(&article, &analysis, LINES) {
            let name = part
                .challenge
                .map_or("thesis", |at| &lens.challenges[at].key);
            let editors: Vec<&EditorLine> = notes.iter().filter_map(|n| n.field(name)).collect();
            if part.lines.len() < 2 || editors.is_empty() {
                continue;
            }
            let label = part.challenge.map_or(
                PerLanguage {
                    ko: "주장",
                    en: "Claim",
                }[case.lang],
                |at| lens.challenges[at].label.text(case.lang),
            );
            let cited: Vec<&str> = part
                .cited
                .iter()
                .map(|&i| article.sentences[i].text.as_str())
                .collect();
            let likely = likely(&model, case.lang, label, &cited.join(" "), &part)?;
            add(&mut sums[case.lang], &part, &likely, &editors, case.lang);
        }
    }
    for language in Language::ALL {
        for (n, (count, near)) in sums[language].iter().enumerate() {
            let name = WEIGHTS.get(n).map_or("best".to_string(), f64::to_string);
            println!(
                "{} {name}: chrf {:.3} facts {:.3} ({count})",
                language.code(),
                near.chrf / count,
                near.facts / count
            );
        }
    }
    Ok(())
}

fn paths() -> Result<Vec<std::path::PathBuf>> {
    let mut paths: Vec<_> = std::fs::read_dir("training/lines")?
        .map(|e| Ok(e?.path()))
        .collect::<std::io::Result<_>>()?;
    paths.retain(|p| {
        p.to_string_lossy().matches(".json").count() == 1
            && !p.to_string_lossy().contains(".a.")
            && !p.to_string_lossy().contains(".b.")
    });
    paths.sort();
    Ok(paths)
}

/// The likelihood of each line of a part behind the prompt.
fn likely(
    model: &Model,
    language: Language,
    label: &str,
    cited: &str,
    part: &Proposed,
) -> Result<Vec<f64>> {
    let text = std::fs::read_to_string(format!("prompts/{}/line.txt", language.code()))?;
    let text = text
        .trim_end()
        .replace("{label}", label)
        .replace("{sentences}", cited);
    let mut prompt = TokenSequence::new(&model.decoder);
    prompt.push(&model.tokenizer.encode(&text));
    let candidate = |line: &String| model.tokenizer.encode(&format!(" {line}\n"));
    let question = CandidateSet {
        prompt,
        candidates: part.lines.iter().map(candidate).collect(),
    };
    let never = AtomicBool::new(false);
    let weights = weigh(&model.decoder, vec![question], &never)?;
    let _ = model.decoder.context();
    Ok(weights.and_then(|mut w| w.pop()).unwrap_or_default())
}

fn add(
    sums: &mut [(f64, Nearness); WEIGHTS.len() + 1],
    part: &Proposed,
    likely: &[f64],
    editors: &[&EditorLine],
    language: Language,
) {
    let near: Vec<Nearness> = part
        .lines
        .iter()
        .map(|line| nearness(line, editors, language).unwrap_or_default())
        .collect();
    let mut put = |at: usize, near: Nearness| {
        sums[at].0 += 1.0;
        sums[at].1.chrf += near.chrf;
        sums[at].1.facts += near.facts;
    };
    for (n, weight) in WEIGHTS.iter().enumerate() {
        let score = |k: usize| f64::from(part.scores[k]) + weight * likely[k];
        let best = (0..near.len()).max_by(|&a, &b| score(a).total_cmp(&score(b)).then(b.cmp(&a)));
        put(n, near[best.unwrap_or(0)]);
    }
    let worth = |n: &Nearness| n.chrf / 0.34 + n.facts / 0.85;
    let best = near.iter().max_by(|a, b| worth(a).total_cmp(&worth(b)));
    put(WEIGHTS.len(), best.copied().unwrap_or_default());
}
