//! Ten briefs as a good editor would write them, in other words than the article's: none of their fields may fall back. The same
//! briefs with wrong figures and names planted in them: none of those may pass.
#![cfg(feature = "model")]

#[allow(dead_code)]
mod common;
#[path = "common/planting.rs"]
mod planting;
#[path = "common/replay.rs"]
mod replay;
#[path = "common/scripted.rs"]
#[allow(dead_code)]
mod scripted;

use std::path::Path;

use replay::{Replay, Said, all};
use scripted::*;
use sukje::article::Article;
use sukje::brief::{Brief, CritiquePoint, Origin, Statement};
use sukje::clean::{CleanOptions, clean};
use sukje::engine::Engine;
use sukje::engine::local::LocalEngine;
use sukje::input::read_file;
use sukje::outline::extractive;
use sukje::verify::{check_field, verify};
use sukje_dev::replay::replaying;
use sukje_dev::script::ScriptedDecoder;

const REPLAYS: usize = 10;
const PLANTED: usize = 100;

/// What the engine makes of a model that says this.
fn played(replay: &Replay, said: &Said) -> Brief {
    let (options, how) = (options(Some(said.output_language)), how());
    // The model has no wish of its own: what it wants is what is said.
    let model = model(ScriptedDecoder::new(VOCAB, CONTEXT, |_| vec![0.0; VOCAB]));
    let told = said.brief(&replay.article);
    let prompts = how.prompts(said.output_language);
    let model = replaying(model, &told, &options.lens, prompts).expect("prompts");
    let outline = LocalEngine::new(model, how).outline(&replay.article, &options);
    sound(
        verify(&replay.article, outline.expect("a brief")),
        &replay.document,
    )
}

/// What a brief falls short of what was said, field by field.
fn differences(said: &Said, brief: &Brief) -> Vec<String> {
    let mut found: Vec<String> = brief
        .verification
        .fallbacks
        .iter()
        .map(|f| format!("{}: {}", f.field, f.cause))
        .collect();
    let mut same = |field: String, same: bool| {
        if !same {
            found.push(format!("{field} is another"));
        }
    };
    same("thesis".into(), brief.thesis.as_ref() == Some(&said.thesis));
    same("argument".into(), brief.argument == said.argument);
    // The rules' points stand behind the model's.
    let first = |all: &[CritiquePoint], said: &[CritiquePoint]| all.starts_with(said);
    same("critique".into(), first(&brief.critique, &said.critique));
    for (at, (made, said)) in brief.challenges.iter().zip(&said.challenges).enumerate() {
        let field = format!("challenges[{at}]");
        same(
            field.clone(),
            (&made.key, &made.label, made.status, &made.text, made.origin)
                == (&said.key, &said.label, said.status, &said.text, said.origin)
                && (&made.evidence, &made.remedy) == (&said.evidence, &said.remedy),
        );
        same(
            format!("{field}.critique"),
            first(&made.critique, &said.critique),
        );
    }
    found
}

#[test]
fn a_brief_written_by_hand_is_printed_as_it_was_written() {
    let replays = all();
    assert_eq!(replays.len(), REPLAYS);
    let mut wrong = Vec::new();
    for replay in &replays {
        let brief = played(replay, &replay.said);
        let found = differences(&replay.said, &brief);
        wrong.extend(
            found
                .into_iter()
                .map(|found| format!("{}: {found}", replay.name)),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every article of the tests, by name.
fn articles() -> Vec<(String, Article)> {
    let mut all: Vec<(String, Article)> = all().into_iter().map(|r| (r.name, r.article)).collect();
    all.extend(CASES.map(|name| (name.to_string(), case(name).0)));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/clean");
    for entry in std::fs::read_dir(folder).expect("the folder is in the repository") {
        let path = entry.expect("readable").path();
        let document = read_file(&path.join("input.txt"), None).expect("an article");
        let article = clean(&document, &CleanOptions::default());
        all.push((path.display().to_string(), article));
    }
    all
}

#[test]
fn sentences_that_cite_themselves_have_no_finding() {
    let articles = articles();
    assert!(articles.len() > REPLAYS + CASES.len());
    for (name, article) in &articles {
        let brief = verify(article, extractive::outline(article, &options(None)));
        assert_eq!(brief.verification.fallbacks, [], "{name}");
        // Nor has a model that writes down what it cites.
        for sentence in &article.sentences {
            let statement = Statement {
                text: format!("{} ", sentence.text),
                evidence: vec![sentence.id],
                origin: Origin::Model,
                parts: Vec::new(),
            };
            let (causes, _) = check_field(&statement, &article.sentences, 2);
            assert!(causes.is_empty(), "{name}: {causes:?}: {}", sentence.text);
        }
    }
}

#[test]
fn a_brief_written_by_hand_has_no_finding() {
    for replay in all() {
        for (field, statement) in replay.said.texts() {
            let (causes, _) = check_field(&statement, &replay.article.sentences, 2);
            assert!(
                causes.is_empty(),
                "{}: {field}: {causes:?}: {}",
                replay.name,
                statement.text
            );
        }
    }
}

#[test]
fn planted_figures_and_names_are_found_by_the_check_alone() {
    let mut passed = Vec::new();
    let mut planted = 0;
    for replay in all() {
        for plant in planting::plants(&replay) {
            println!("{}: {}: {}", replay.name, plant.kind, plant.statement.text);
            planted += 1;
            let (causes, _) = check_field(&plant.statement, &replay.article.sentences, 2);
            if causes.is_empty() {
                passed.push(format!("{}: {plant:?}", replay.name));
            }
        }
    }
    assert_eq!(planted, PLANTED);
    assert!(passed.is_empty(), "{} pass: {passed:#?}", passed.len());
}

#[test]
fn planted_figures_and_names_are_never_printed() {
    // A brief is made anew for each: a few of every article, all where there is time.
    let every = if sukje_dev::is_thorough() { 1 } else { 5 };
    for (at, replay) in all().into_iter().enumerate() {
        for plant in planting::plants(&replay)
            .into_iter()
            .skip(at % every)
            .step_by(every)
        {
            let said = replay.said.with(&plant.field, &plant.statement.text);
            let brief = played(&replay, &said);
            let printed = serde_json::to_string(&brief).expect("JSON");
            let words = serde_json::to_string(&plant.statement.text).expect("JSON");
            assert!(!printed.contains(&words), "{}: {plant:?}", replay.name);
        }
    }
}
