//! The critique outline: every point quotes what it attacks, and the points of an article differ.

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use common::{Labelled, LabelledSentence};
use proptest::prelude::*;
use sukje::article::{Article, Language};
use sukje::brief::{CritiqueKind, CritiquePoint, Outline, Role, Status};
use sukje::outline::critique::criticise;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// The tests' own articles, and those the repository trains on where they are at hand; each with its marks and without.
fn all() -> &'static [(String, Article, Outline)] {
    static MADE: OnceLock<Vec<(String, Article, Outline)>> = OnceLock::new();
    MADE.get_or_init(make)
}

fn make() -> Vec<(String, Article, Outline)> {
    let mut folders = vec![root().join("tests/cases/critique")];
    folders.extend(Some(root().join("training/articles")).filter(|f| f.is_dir()));
    let articles: Vec<(String, Labelled)> =
        folders.iter().flat_map(|f| common::labelled(f)).collect();
    let mut made = Vec::new();
    for (name, labelled) in &articles {
        for strip in [false, true] {
            let (article, _) = common::article(labelled, strip);
            let mut outline = common::outline(labelled, &article);
            criticise(&article, &mut outline);
            made.push((
                format!("{name} {}", if strip { "stripped" } else { "whole" }),
                article,
                outline,
            ));
        }
    }
    made
}

fn own(name: &str, strip: bool) -> (Article, Outline) {
    let text = std::fs::read_to_string(root().join(format!("tests/cases/critique/{name}.json")))
        .expect("a case of this name");
    let labelled: Labelled = serde_json::from_str(&text).expect("a labelled article");
    let (article, _) = common::article(&labelled, strip);
    let mut outline = common::outline(&labelled, &article);
    criticise(&article, &mut outline);
    (article, outline)
}

fn points(outline: &Outline) -> Vec<&CritiquePoint> {
    outline
        .challenges
        .iter()
        .flat_map(|c| &c.critique)
        .chain(&outline.critique)
        .collect()
}

fn quotations(text: &str) -> Vec<&str> {
    text.split('“')
        .skip(1)
        .filter_map(|rest| rest.split('”').next())
        .collect()
}

#[test]
fn every_quotation_stands_in_a_cited_sentence_and_is_cut_between_words() {
    for (name, article, outline) in all() {
        for point in points(outline) {
            let cited: Vec<&str> = point
                .statement
                .evidence
                .iter()
                .map(|&id| article.sentence(id).expect("cited ids exist").text.as_str())
                .collect();
            let quotations = quotations(&point.statement.text);
            assert!(
                !quotations.is_empty(),
                "{name}: nothing is quoted in {}",
                point.statement.text
            );
            for words in quotations {
                let place = cited.iter().find_map(|s| s.find(words).map(|at| (*s, at)));
                let Some((sentence, at)) = place else {
                    panic!("{name}: “{words}” is in none of {cited:?}")
                };
                let before = sentence[..at].chars().next_back();
                assert!(
                    before.is_none_or(|c| !c.is_alphanumeric()),
                    "{name}: “{words}” starts inside a word of {sentence}"
                );
                let (last, after) = (
                    words.chars().next_back(),
                    sentence[at + words.len()..].chars().next(),
                );
                let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                assert!(
                    !(latin(last) && latin(after)),
                    "{name}: “{words}” ends inside a word of {sentence}"
                );
            }
        }
    }
}

#[test]
fn no_kind_has_more_than_a_third_of_the_points() {
    for language in [Language::Ko, Language::En] {
        for own in [true, false] {
            let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
            let cases: Vec<_> = all()
                .iter()
                .filter(|(_, a, _)| a.language == language)
                .collect();
            let of_tests = ["ferry", "school", "bakery", "orchard"];
            for (_, _, outline) in cases
                .iter()
                .filter(|(n, ..)| of_tests.iter().any(|t| n.contains(t)) == own)
            {
                for point in points(outline) {
                    *kinds.entry(format!("{:?}", point.kind)).or_default() += 1;
                }
            }
            let total: usize = kinds.values().sum();
            assert!(
                kinds.values().all(|n| n * 3 <= total),
                "{language:?}: {kinds:?}"
            );
        }
    }
}

#[test]
fn every_challenge_discussed_and_the_whole_are_attacked_and_no_two_points_are_alike() {
    let (mut discussed, mut attacked) = (0, 0);
    for (name, _, outline) in all() {
        let mut texts: Vec<&str> = points(outline)
            .iter()
            .map(|p| p.statement.text.as_str())
            .collect();
        let count = texts.len();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), count, "{name}: two points share a text");
        assert!(
            !outline.critique.is_empty() && outline.critique.len() <= 3,
            "{name}"
        );
        for challenge in &outline.challenges {
            assert!(challenge.critique.len() <= 2, "{name}");
            assert!(
                challenge.status == Status::Discussed || challenge.critique.is_empty(),
                "{name}"
            );
            discussed += usize::from(challenge.status == Status::Discussed);
            attacked += usize::from(!challenge.critique.is_empty());
        }
    }
    assert!(
        attacked * 100 >= discussed * 95,
        "{attacked} of {discussed} challenges have a point"
    );
}

#[test]
fn a_range_that_lost_its_mark_is_doubted_and_a_whole_one_is_not() {
    let sentence = |text: &str, challenge: Option<&str>, role| LabelledSentence {
        text: text.into(),
        challenge: challenge.map(Into::into),
        role,
        thesis: role == Role::Conclusion,
    };
    let doubted = |claim: &str, lang| {
        let sentences = vec![
            sentence(claim, Some("speed"), Role::Claim),
            sentence(
                if lang == Language::Ko {
                    "배는 기다린다"
                } else {
                    "The boat waits"
                },
                None,
                Role::Conclusion,
            ),
        ];
        let labelled = Labelled {
            lang,
            title: String::new(),
            sentences,
        };
        let (article, _) = common::article(&labelled, true);
        let mut outline = common::outline(&labelled, &article);
        criticise(&article, &mut outline);
        points(&outline)
            .into_iter()
            .find(|p| p.kind == CritiqueKind::SuspectFigure)
            .map(|p| p.statement.text.clone())
    };
    let ko = doubted(
        "배 한 척을 검사하는 데 23년 걸린다면 그사이 배터리는 낡는다",
        Language::Ko,
    )
    .expect("23년 is doubted");
    assert!(ko.contains("2~3년"), "{ko}");
    let en = doubted(
        "The yard takes 34 months or more to look at a single hull",
        Language::En,
    )
    .expect("34 months is doubted");
    assert!(en.contains("3~4 months"), "{en}");
    assert_eq!(
        doubted(
            "배 한 척을 검사하는 데 2~3년 걸린다면 그사이 배터리는 낡는다",
            Language::Ko
        ),
        None
    );
    assert_eq!(
        doubted(
            "The yard takes 3 to 4 months to look at a single hull",
            Language::En
        ),
        None
    );
}

#[test]
fn the_rules_find_what_the_articles_are_weak_in() {
    let kinds = |name: &str| -> Vec<CritiqueKind> {
        let (_, outline) = own(name, false);
        points(&outline).iter().map(|p| p.kind).collect()
    };
    use CritiqueKind::*;
    for (name, expected) in [
        (
            "ko-ferry",
            [OneSided, WeakSource, MissingRemedy, UnsourcedFigure],
        ),
        (
            "ko-school",
            [OneSided, WeakSource, MissingEvidence, UnsupportedClaim],
        ),
        (
            "en-bakery",
            [OneSided, WeakSource, OpenQuestion, UnsourcedFigure],
        ),
        (
            "en-orchard",
            [MissingRemedy, WeakSource, OpenQuestion, UnsupportedClaim],
        ),
    ] {
        let found = kinds(name);
        for kind in expected {
            assert!(found.contains(&kind), "{name}: no {kind:?} among {found:?}");
        }
    }
}

#[test]
fn what_the_article_leaves_out_cites_the_thesis() {
    for (name, _, outline) in all() {
        let thesis = outline.thesis.as_ref().expect("there is a thesis").evidence[0];
        for point in points(outline)
            .iter()
            .filter(|p| p.kind == CritiqueKind::MissingChallenge)
        {
            assert!(
                point.statement.evidence.contains(&thesis),
                "{name}: {}",
                point.statement.text
            );
        }
    }
}

#[test]
fn the_briefs_language_is_that_of_the_critique() {
    let hangul = |text: &str| text.chars().any(|c| ('\u{ac00}'..='\u{d7a3}').contains(&c));
    let outside = |text: &str| -> String { text.split(['“', '”']).step_by(2).collect() };
    for (name, language) in [("ko-ferry", Language::En), ("en-bakery", Language::Ko)] {
        let (article, mut outline) = own(name, false);
        outline.output_language = language;
        for (challenge, (_, ko, en)) in outline.challenges.iter_mut().zip(common::LABELS) {
            challenge.label = if language == Language::Ko { ko } else { en }.into();
        }
        criticise(&article, &mut outline);
        for point in points(&outline) {
            assert_eq!(
                hangul(&outside(&point.statement.text)),
                language == Language::Ko,
                "{}",
                point.statement.text
            );
        }
    }
}

#[test]
fn the_same_article_gets_the_same_points_and_the_shortest_gets_one() {
    let (first, second) = (own("ko-ferry", true).1, own("ko-ferry", true).1);
    assert_eq!(first, second);
    for (lang, text) in [
        (Language::Ko, "배가 왔다."),
        (Language::En, "It came."),
        (Language::En, "7"),
        (Language::Ko, "?!"),
    ] {
        let sentences = vec![LabelledSentence {
            text: text.into(),
            challenge: None,
            role: Role::Conclusion,
            thesis: true,
        }];
        let labelled = Labelled {
            lang,
            title: String::new(),
            sentences,
        };
        let (article, _) = common::article(&labelled, false);
        let mut outline = common::outline(&labelled, &article);
        criticise(&article, &mut outline);
        let letters = text.chars().any(char::is_alphanumeric);
        assert_eq!(points(&outline).is_empty(), !letters, "{text}");
    }
}

/// Pieces that rules start from, marks, figures and characters of every width, in any order.
fn soup() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "결국",
        "모든",
        "유일한",
        "가 아니라",
        "“",
        "”",
        "\"",
        "‘",
        "’",
        " 고 했다",
        "래요",
        "한 관계자는",
        "업계는",
        "정부는",
        "않는다",
        "83%",
        "$5",
        "€1.2m",
        "1 312",
        "23년",
        "걸린다",
        "2~3년",
        "절반",
        "두 배",
        "천만 원",
        ".",
        ",",
        "?",
        "!",
        "(",
        ")",
        "…",
        " ",
        "  ",
        "only",
        "never",
        "every",
        "because",
        "rather than",
        "One engineer",
        "said",
        "that",
        "critics say",
        "the utility",
        "refuses",
        "most",
        "short of",
        "half",
        "a third of",
        "one in four",
        "Nov. 2",
        "5G",
        "HBM4",
        "3.5GW",
        "11.02",
        "2026-11-02",
        "12:30",
        "1/3",
        "m",
        "é",
        "漢",
        "🙂",
        "\u{200b}",
        "ｘ",
        "１",
        "하자",
        "해야 한다",
        "까",
        "은",
        "는",
        "다",
        "조",
        "억",
        "만",
        "제3",
        "반",
        "세",
        "build",
        "will",
        "and",
        "to",
        "of",
        "$",
        "-",
        "~",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|p| p.join(""))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_too_odd(sentences in prop::collection::vec(prop_oneof![soup(), "\\PC{0,60}", ".{0,30}"], 1..7), ko: bool, strip: bool) {
        let keys = [None, Some("ecosystem"), Some("power"), Some("speed")];
        let roles = [Role::Claim, Role::Evidence, Role::Remedy, Role::Conclusion];
        let sentences: Vec<LabelledSentence> = sentences.iter().enumerate().map(|(i, text)| LabelledSentence {
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            challenge: keys[i % 4].map(Into::into),
            role: roles[i % 3 + usize::from(i > 4)],
            thesis: i == 0,
        }).collect();
        let labelled = Labelled { lang: if ko { Language::Ko } else { Language::En }, title: "t".into(), sentences };
        let (article, _) = common::article(&labelled, strip);
        let mut outline = common::outline(&labelled, &article);
        criticise(&article, &mut outline);
        for point in points(&outline) {
            let cited: Vec<&str> = point.statement.evidence.iter().map(|&id| article.sentence(id).expect("cited ids exist").text.as_str()).collect();
            for words in quotations(&point.statement.text) {
                prop_assert!(cited.iter().any(|s| s.contains(words)), "{words} / {cited:?}");
            }
        }
        let brief = sukje::verify::verify(&article, outline);
        prop_assert!(brief.verification.fallbacks.iter().all(|f| !f.field.contains("critique")), "{:?}", brief.verification.fallbacks);
    }
}
