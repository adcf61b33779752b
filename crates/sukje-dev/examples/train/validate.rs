//! Validation: the figures on articles the weights have not seen.

use std::error::Error;
use std::path::Path;

use sukje::article::{Article, Language};
use sukje::brief::Outline;
use sukje::eval::{Figures, Gold, score_outline};
use sukje::outline::extractive::{self, weights::Weights};
use sukje::outline::{Lens, OutlineOptions};
use sukje_dev::case::{Case, Punctuation};

use crate::corpus::Example;
use crate::learn;

const FOLDS: usize = 6;

/// Trains on the other folds, scores on one, prints the means.
pub fn cross_validate(examples: &[Example], how: &[&str]) -> Result<(), Box<dyn Error>> {
    let ngrams = !how.contains(&"lexicon");
    let alone = how.contains(&"alone");
    let options = options()?;
    let mut order: Vec<usize> = (0..examples.len()).collect();
    learn::shuffle(&mut order, &mut 3);
    let work = |fold: usize| -> Vec<(Language, Figures)> {
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for (k, &e) in order.iter().enumerate() {
            if k % FOLDS == fold {
                outside.push(&examples[e])
            } else {
                inside.push(&examples[e])
            }
        }
        let mut model = learn::train_on(&inside);
        if alone {
            learn::forget_steps(&mut model);
        }
        let quantised = model.quantise();
        let weights = quantised.weights();
        let mut rows = Vec::new();
        for example in outside {
            for variant in &example.variants[..2] {
                let outline =
                    extractive::outline_with(&variant.article, &options, &weights, ngrams);
                let figures = score_outline(&example.gold, &variant.article, &outline);
                if how.contains(&"each") {
                    println!("{}", line(&example.case.id, &figures));
                }
                if how.contains(&"show") {
                    show(&example.case.id, &example.gold, &outline);
                }
                rows.push((example.case.lang, figures));
            }
        }
        rows
    };
    let rows: Vec<(Language, Figures)> = std::thread::scope(|scope| {
        let work = &work;
        let run = |half: usize| {
            scope.spawn(move || {
                (0..FOLDS)
                    .filter(|f| f % 2 == half)
                    .flat_map(work)
                    .collect::<Vec<_>>()
            })
        };
        [run(0), run(1)]
            .into_iter()
            .flat_map(|t| t.join().expect("a fold failed"))
            .collect()
    });
    report(&rows);
    Ok(())
}

/// Prints an article with what is marked and what is found.
fn show(name: &str, gold: &Gold, outline: &Outline) {
    println!("== {name}");
    for (i, text) in gold.sentences.iter().enumerate() {
        let id = i as u32 + 1;
        let found = outline
            .challenges
            .iter()
            .filter(|c| c.evidence.contains(&id));
        let found: Vec<String> = found
            .map(|c| {
                let top = if c.evidence.first() == Some(&id) {
                    "!"
                } else {
                    ""
                };
                let cure = c
                    .remedy
                    .as_ref()
                    .is_some_and(|r| r.evidence.first() == Some(&id));
                format!("{}{top}{}", &c.key[..3], if cure { "R" } else { "" })
            })
            .collect();
        let own = gold.challenges.iter().find(|(_, ids)| ids.contains(&i));
        let want = own.map_or("-", |(key, _)| &key[..3]);
        let thesis = outline
            .thesis
            .as_ref()
            .is_some_and(|t| t.evidence.contains(&id));
        let point = outline
            .argument
            .iter()
            .find(|p| p.statement.evidence.contains(&id));
        let flag = |yes: bool, mark: &'static str| if yes { mark } else { "" };
        println!(
            "{} {want:3} {:10} {}{} | {:8} {}{:?} | {}",
            flag(
                want != found.join(" ") && !(want == "-" && found.is_empty()),
                "*"
            ),
            format!("{:?}", gold.roles[i]),
            flag(gold.thesis.contains(&i), "T"),
            flag(gold.key.contains(&i), "K"),
            found.join(" "),
            flag(thesis, "T"),
            point.map(|p| p.role),
            text,
        );
    }
}

/// Scores the weights in the binary on folders with a gold.json.
pub fn score_folders(folders: &[&str]) -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let mut rows = Vec::new();
    let shows = folders.contains(&"show");
    let ngrams = !folders.contains(&"lexicon");
    for folder in folders.iter().filter(|f| !["show", "lexicon"].contains(f)) {
        let text = std::fs::read_to_string(Path::new(folder).join("gold.json"))?;
        let gold = Gold::from_json(&text)?;
        let article = article(&text, &gold)?;
        let outline = extractive::outline_with(&article, &options, &Weights::builtin(), ngrams);
        let figures = score_outline(&gold, &article, &outline);
        println!("{}", line(&article.source.name, &figures));
        if shows {
            show(&article.source.name, &gold, &outline);
        }
        rows.push((article.language, figures));
    }
    report(&rows);
    Ok(())
}

/// The gold sentences of a scored case as an article.
fn article(text: &str, gold: &Gold) -> Result<Article, Box<dyn Error>> {
    let mut value: serde_json::Value = serde_json::from_str(text)?;
    value["sentences"] = gold
        .sentences
        .iter()
        .map(|s| serde_json::json!({"text": s, "role": "context"}))
        .collect();
    let case: Case = serde_json::from_value(value)?;
    Ok(case.article(Punctuation::Keep))
}

fn options() -> Result<OutlineOptions, Box<dyn Error>> {
    Ok(OutlineOptions {
        lens: Lens::builtin("five-challenges")?,
        output_language: None,
    })
}

fn report(rows: &[(Language, Figures)]) {
    let of = |keep: &dyn Fn(Language) -> bool| {
        let kept: Vec<Figures> = rows
            .iter()
            .filter(|r| keep(r.0))
            .map(|r| r.1.clone())
            .collect();
        Figures::mean(&kept)
    };
    let means = [
        ("ko", of(&|l| l == Language::Ko)),
        ("en", of(&|l| l == Language::En)),
        ("mean", of(&|_| true)),
    ];
    if let Some(mean) = &means[2].1 {
        let names: String = mean.0.iter().map(|(n, _)| format!("{n:>9}")).collect();
        println!("{:10}{names}", "");
    }
    for (name, mean) in means {
        if let Some(mean) = mean {
            println!("{}", line(name, &mean));
        }
    }
}

fn line(name: &str, figures: &Figures) -> String {
    let values: String = figures.0.iter().map(|(_, v)| format!("{v:9.3}")).collect();
    format!("{name:10}{values}")
}
