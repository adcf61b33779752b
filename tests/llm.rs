//! The engine with a model, played by a script that says what is needed: good texts, bad texts, nonsense.
#![cfg(feature = "model")]

#[allow(dead_code)] // The labels of the cases are for other tests.
mod common;
#[path = "common/scripted.rs"]
#[allow(dead_code)]
mod scripted;

use std::sync::atomic::AtomicBool;

use scripted::*;
use sukje::article::{Article, Language, WarningKind};
use sukje::brief::{Brief, Origin, Status};
use sukje::engine::local::LocalEngine;
use sukje::engine::{Engine, EngineError, Progress, WritingOptions};
use sukje::input::Document;
use sukje::verify::verify;
use sukje_dev::script::ScriptedDecoder;

fn fallbacks(brief: &Brief) -> Vec<(&str, &str)> {
    brief
        .verification
        .fallbacks
        .iter()
        .map(|f| (f.field.as_str(), f.cause.as_str()))
        .collect()
}

#[test]
fn what_the_model_writes_well_is_printed() {
    for name in CASES {
        let brief = brief(writer(paraphrase), name, None);
        let (article, _) = case(name);
        let thesis = brief.thesis.as_ref().expect("a thesis");
        println!("{name}: {:#?}", fallbacks(&brief));
        assert_eq!(thesis.evidence, [3, 9], "{name}");
        assert_eq!(thesis.origin, Origin::Model, "{name}");
        assert_eq!(thesis.text, paraphrase(&article.sentences[2].text));
        let roles: Vec<_> = brief
            .argument
            .iter()
            .map(|p| p.statement.evidence[0])
            .collect();
        assert!(roles.contains(&2) && roles.is_sorted(), "{roles:?}");
        assert!(
            brief.critique[0].statement.origin == Origin::Model,
            "{:?}",
            brief.critique
        );
        assert!(brief.critique[0].statement.text.starts_with('“'));
        assert_eq!(brief.engine.model.as_deref(), Some("script"));
        assert_eq!(
            brief.engine.prompt_sha256.as_ref().map(String::len),
            Some(64)
        );
    }
}

/// Whether a text has a letter that neither language's brief may have unless the article has it.
fn foreign(brief: &Brief, article: &Article) -> Option<char> {
    let source: String = article.sentences.iter().map(|s| s.text.as_str()).collect();
    let texts =
        serde_json::to_string(&(&brief.thesis, &brief.argument, &brief.critique)).expect("JSON");
    let known = |c: &char| {
        c.is_ascii() || ('가'..='힣').contains(c) || source.contains(*c) || !c.is_alphabetic()
    };
    texts.chars().find(|c| !known(c))
}

const NO_END: &str = "did not come to its end";

/// Every model that is no good ends in a brief that holds, in both languages, and is stopped for the cause that is expected or because it
/// came to no end.
fn check_bad(
    script: impl Fn(&Asked) -> Option<u8> + Send + Sync + Clone + 'static,
    expected: &str,
) {
    for name in CASES {
        let brief = brief(scripted(script.clone()), name, None);
        let causes = fallbacks(&brief);
        assert!(
            causes
                .iter()
                .any(|(_, cause)| cause.contains(expected) || *cause == NO_END),
            "{name}: {causes:#?}"
        );
        let thesis = brief.thesis.as_ref().expect("a thesis");
        assert_eq!(thesis.origin, Origin::Source, "{thesis:?}");
        assert_eq!(foreign(&brief, &case(name).0), None);
    }
}

#[test]
fn a_model_that_never_stops_is_stopped() {
    check_bad(|_| Some(b'a'), "same word again and again");
}

#[test]
fn a_model_that_repeats_one_syllable_is_stopped() {
    check_bad(
        |asked| {
            let there = asked.answer.len();
            Some("가".as_bytes()[there % 3])
        },
        "a",
    );
}

#[test]
fn a_model_that_writes_only_spaces_is_stopped() {
    check_bad(|_| Some(b' '), "word");
}

#[test]
fn a_model_of_broken_bytes_is_stopped() {
    check_bad(
        |asked| Some([0xec, 0xff, 0xc0, 0xf5][asked.answer.len() % 4]),
        "a",
    );
}

#[test]
fn a_model_that_finds_nothing_is_told_of() {
    for name in CASES {
        let silent = scripted(|asked| match asked.is_challenge() {
            true => asked.next("not_discussed", asked.answer),
            false => None,
        });
        let brief = brief(silent, name, None);
        let discussed = |c: &&sukje::brief::Challenge| c.status == Status::Discussed;
        let found = brief.challenges.iter().filter(discussed).count();
        let told = fallbacks(&brief)
            .iter()
            .filter(|(field, _)| field.ends_with(".status"))
            .count();
        assert!(found == told && told != 1, "{name}: {found} {told}");
    }
}

#[test]
fn one_challenge_that_is_not_discussed_ends_its_head_at_once() {
    let brief = brief(
        scripted(|asked| {
            let regulation = asked.question.contains("\n규제: ");
            match asked.is_challenge() && asked.cites() {
                true if regulation => asked.next("not_discussed", asked.answer),
                true => asked.next("discussed [3]; remedy none", asked.answer),
                false => None,
            }
        }),
        "ko-school",
        None,
    );
    let regulation = &brief.challenges[3];
    assert_eq!(regulation.status, Status::NotDiscussed);
    assert!(regulation.evidence.is_empty() && regulation.critique.is_empty());
    assert!(
        !fallbacks(&brief)
            .iter()
            .any(|(field, _)| field.starts_with("challenges[3]"))
    );
}

#[test]
fn a_model_that_cites_everything_cites_a_few() {
    for name in CASES {
        let greedy = scripted(|asked| {
            if !asked.cites() {
                return asked.next(&format!(" {}", asked.first()), asked.written());
            }
            let start = match asked {
                a if a.is_argument() => "evidence [1",
                a if a.is_challenge() => "discussed [1",
                _ => "[1",
            };
            // An id, a comma, the next id.
            asked
                .next(start, asked.answer)
                .or(match asked.answer.as_bytes().last() {
                    Some(b',') => Some(b' '),
                    Some(b' ') => Some(b'2'),
                    _ => Some(b','),
                })
        });
        let brief = brief(greedy, name, None);
        assert!(brief.thesis.as_ref().expect("a thesis").evidence.len() <= 3);
        assert!(brief.challenges.iter().all(|c| c.evidence.len() <= 8));
    }
}

#[test]
fn damaged_logits_are_one_error() {
    let (article, _) = case("ko-school");
    let decoder = ScriptedDecoder::new(VOCAB, CONTEXT, |_| vec![f32::NAN; VOCAB]);
    let error = run(decoder, &article, &options(None)).expect_err("no brief");
    assert_eq!(
        error.to_string(),
        "the model gave a logit that is not a finite number"
    );
}

#[test]
fn a_text_that_outgrows_its_budget_gives_way() {
    let (article, document) = case("en-bakery");
    let model = model(writer(paraphrase));
    let short = WritingOptions {
        text_tokens: 12,
        ..how()
    };
    let mut parts = Vec::new();
    let outlines = LocalEngine::new(model, short).outline_all(
        &[&article],
        &options(None),
        &AtomicBool::new(false),
        &mut |_, progress| {
            if let Progress::Part { field, .. } = progress {
                parts.push(field);
            }
        },
    );
    let brief = sound(
        verify(&article, only(outlines).expect("a brief")),
        &document,
    );
    let told = ("thesis.text", "did not come to its end");
    assert!(fallbacks(&brief).contains(&told), "{:?}", fallbacks(&brief));
    assert!(parts.contains(&"thesis.text".to_string()));
}

#[test]
fn a_figure_or_a_name_of_its_own_gives_way() {
    // The figures cannot be written at all; number words and names in other letters can, and do not hold.
    for (name, write) in [
        (
            "ko-ferry",
            (|s: &str| paraphrase(s).replacen(' ', " 일흔두 명이 ", 1)) as fn(&str) -> String,
        ),
        ("en-bakery", |s| {
            paraphrase(s).replacen(' ', " seventy-two shops ", 1)
        }),
        ("ko-ferry", |s| format!("강하람 교수는 {}", paraphrase(s))),
    ] {
        let brief = brief(writer(write), name, None);
        let thesis = brief.thesis.as_ref().expect("a thesis");
        assert_eq!(thesis.origin, Origin::Source, "{}", thesis.text);
        let missing = &brief.verification;
        let count = missing.numbers.unsupported.len() + missing.names.unsupported.len();
        assert!(count > 0, "{:?}", fallbacks(&brief));
    }
}

#[test]
fn a_second_try_may_hold() {
    let brief = brief(
        scripted(|asked| {
            let again = asked.answer.contains("Wrong: ");
            match asked.cites() {
                true if asked.is_challenge() => asked.next("not_discussed", asked.answer),
                true if asked.is_argument() => asked.next("claim [2]\nend", asked.answer),
                true => asked.next("[3]", asked.answer),
                false if again => asked.next(&format!(" {}", asked.first()), asked.written()),
                false => asked.next(" It took seventy-two men to do this.", asked.written()),
            }
        }),
        "en-orchard",
        None,
    );
    let thesis = brief.thesis.as_ref().expect("a thesis");
    assert_eq!(thesis.origin, Origin::Model);
    assert!(
        !fallbacks(&brief)
            .iter()
            .any(|(field, _)| *field == "thesis.text")
    );
}

#[test]
fn the_brief_may_be_of_the_other_language() {
    let english = scripted(|asked| match asked.cites() {
        true if asked.is_challenge() => asked.next("not_discussed", asked.answer),
        true if asked.is_argument() => asked.next("claim [2]\nend", asked.answer),
        true if asked.is_critique() => None,
        true => asked.next("[3]", asked.answer),
        false => asked.next(
            " The rules outside of the classroom must change first.",
            asked.written(),
        ),
    });
    let brief = brief(english, "ko-school", Some(Language::En));
    let thesis = brief.thesis.as_ref().expect("a thesis");
    assert_eq!(
        thesis.text,
        "The rules outside of the classroom must change first."
    );
    assert_eq!(thesis.origin, Origin::Model);
    assert_eq!(brief.output_language, Language::En);
}

#[test]
fn random_logits_make_briefs_that_hold() {
    for name in CASES {
        for seed in 0..2 {
            brief(ScriptedDecoder::random(VOCAB, CONTEXT, seed), name, None);
        }
    }
}

#[test]
fn drafts_change_no_brief() {
    let (article, _) = case("ko-ferry");
    let run = |drafts| {
        let how = WritingOptions { drafts, ..how() };
        let model = model(writer(paraphrase));
        let mut effort = None;
        let outlines = LocalEngine::new(model, how).outline_all(
            &[&article],
            &options(None),
            &AtomicBool::new(false),
            &mut |_, progress| {
                if let Progress::Done(all) = progress {
                    effort = Some(all);
                }
            },
        );
        (only(outlines).expect("a brief"), effort.expect("done"))
    };
    let (with, without) = (run(true), run(false));
    assert_eq!(with.0, without.0);
    assert_eq!(with.1.written, without.1.written);
    assert!(with.1.steps < without.1.steps && without.1.accepted == 0);
}

/// An article of so many sentences, each with a figure of its own.
fn long(sentences: usize) -> (Article, Document) {
    let place = ["항구", "역", "공장", "학교", "시장"];
    let labelled = serde_json::json!({"lang": "ko", "title": "긴 글", "sentences": (0..sentences).map(|i| {
        serde_json::json!({"text": format!("{}의 {}번 설비는 전력이 모자라 {}일 동안 멈췄다.", place[i % 5], i + 1, i % 28 + 2), "role": "evidence", "challenge": null})
    }).collect::<Vec<_>>()});
    common::article(
        &serde_json::from_value(labelled).expect("a labelled article"),
        false,
    )
}

#[test]
fn long_articles_are_read_in_part_and_say_so() {
    for sentences in [300, 3_000] {
        let (article, document) = long(sentences);
        let how = WritingOptions {
            article_tokens: 8_000,
            ..how()
        };
        let quick = scripted(|asked| match asked.is_challenge() {
            true => asked.next("not_discussed", asked.answer),
            false if asked.is_argument() => asked.next("claim [2]\nend", asked.answer),
            false => None,
        });
        let engine = LocalEngine::new(model(quick), how);
        let outline = engine.outline(&article, &options(None)).expect("a brief");
        let brief = sound(verify(&article, outline), &document);
        assert_eq!(brief.coverage.sentences, sentences);
        assert!(
            (20..sentences).contains(&brief.coverage.seen),
            "{:?}",
            brief.coverage
        );
        let told = brief
            .article
            .warnings
            .iter()
            .find(|w| w.kind == WarningKind::Coverage);
        assert!(
            told.expect("a warning")
                .text
                .contains(&format!("of {sentences} sentences"))
        );
    }
}

#[test]
fn what_leaves_no_room_is_one_error() {
    let (article, _) = case("ko-school");
    let error = run(in_context(900, |_| None), &article, &options(None)).expect_err("no brief");
    assert!(
        error
            .to_string()
            .starts_with("the context of 900 tokens is too small"),
        "{error}"
    );
    let tight = WritingOptions {
        article_tokens: 5,
        ..how()
    };
    let engine = LocalEngine::new(model(scripted(|_| None)), tight);
    let error = engine
        .outline(&article, &options(None))
        .expect_err("no brief");
    assert_eq!(
        error.to_string(),
        "no sentence of the article fits into the 5 tokens there are for it"
    );
}

#[test]
fn an_article_without_sentences_needs_no_model() {
    let (mut article, document) = case("ko-school");
    article.sentences.clear();
    let outline = run(scripted(|_| None), &article, &options(None)).expect("a brief");
    let brief = verify(&article, outline);
    assert!(brief.thesis.is_none() && !document.text.is_empty());
    assert!(
        brief
            .challenges
            .iter()
            .all(|c| c.status == Status::NotDiscussed)
    );
}

#[test]
fn a_cancelled_brief_is_none() {
    let (article, _) = case("ko-school");
    let cancelled = AtomicBool::new(true);
    let engine = LocalEngine::new(model(scripted(|_| None)), how());
    let outlines = engine.outline_all(&[&article], &options(None), &cancelled, &mut |_, _| ());
    assert!(matches!(only(outlines), Err(EngineError::Cancelled)));
}

#[test]
fn articles_outlined_together_are_outlined_as_alone() {
    let articles: Vec<_> = CASES.iter().map(|name| case(name).0).collect();
    let (options, alive) = (options(None), AtomicBool::new(false));
    let engine = LocalEngine::new(model(writer(paraphrase)), how());
    let mut heard = vec![0; articles.len()];
    let all: Vec<_> = articles.iter().collect();
    let together = engine.outline_all(&all, &options, &alive, &mut |at, progress| {
        heard[at] += usize::from(matches!(progress, Progress::Done(_)));
    });
    assert_eq!(heard, [1; CASES.len()]);
    for (article, together) in articles.iter().zip(together) {
        let alone = run(writer(paraphrase), article, &options).expect("an outline");
        assert_eq!(together.expect("an outline"), alone);
    }
}
