//! Verification: what does not hold is replaced or dropped and listed; a saved brief is checked field by field.

mod common;

use std::path::Path;

use common::Labelled;
use sukje::article::{Article, Language, Original, Reason, Removed};
use sukje::brief::{Brief, CritiqueKind, CritiquePoint, Origin, Outline, Role, Statement, Status};
use sukje::input::Document;
use sukje::outline::critique::criticise;
use sukje::verify::{check, check_brief, verify};

fn case(name: &str) -> (Article, Document, Outline) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cases/critique/{name}.json"));
    let labelled: Labelled =
        serde_json::from_str(&std::fs::read_to_string(path).expect("a case of this name"))
            .expect("a labelled article");
    let (article, document) = common::article(&labelled, false);
    let mut outline = common::outline(&labelled, &article);
    // The labels know no length limit: short lines stand for what the engine would choose.
    outline.argument.retain(|p| p.role != Role::Remedy);
    for challenge in &mut outline.challenges {
        let shortest = challenge
            .evidence
            .iter()
            .copied()
            .min_by_key(|&id| article.sentence(id).expect("cited").text.len());
        challenge.text = shortest.map(|id| article.sentence(id).expect("cited").text.clone());
        challenge.remedy = None;
    }
    outline.argument.truncate(1);
    criticise(&article, &mut outline);
    (article, document, outline)
}

fn brief(name: &str) -> (Brief, Document) {
    let (article, document, outline) = case(name);
    (verify(&article, outline), document)
}

fn fields(brief: &Brief) -> Vec<&str> {
    brief
        .verification
        .fallbacks
        .iter()
        .map(|f| f.field.as_str())
        .collect()
}

#[test]
fn an_outline_that_holds_is_left_as_it_is() {
    for name in ["ko-ferry", "en-bakery", "ko-school", "en-orchard"] {
        let (article, document, outline) = case(name);
        let kept = outline.clone();
        let brief = verify(&article, outline);
        assert_eq!(brief.verification.fallbacks, [], "{name}");
        assert_eq!(
            (
                &brief.thesis,
                &brief.argument,
                &brief.challenges,
                &brief.critique
            ),
            (
                &kept.thesis,
                &kept.argument,
                &kept.challenges,
                &kept.critique
            ),
            "{name}"
        );
        assert!(
            (name == "ko-school" || brief.verification.numbers.checked > 0)
                && brief.verification.numbers.unsupported.is_empty(),
            "{name}: {:?}",
            brief.verification
        );
        assert_eq!(check_brief(&brief, &document).findings, [], "{name}");
    }
}

#[test]
fn a_citation_that_does_not_exist_gives_way() {
    let (article, document, mut outline) = case("ko-ferry");
    outline.thesis = Some(Statement {
        text: "지어낸 말이다.".into(),
        evidence: vec![99],
        origin: Origin::Source,
        parts: Vec::new(),
    });
    outline.argument[0].statement.evidence.insert(0, 0);
    outline.challenges[0].evidence = vec![77];
    outline.critique.push(CritiquePoint {
        kind: CritiqueKind::OneSided,
        statement: Statement {
            text: "“없는 문장”이라는 말".into(),
            evidence: vec![1],
            origin: Origin::Rule,
            parts: Vec::new(),
        },
    });
    let brief = verify(&article, outline);
    let found = fields(&brief);
    for field in [
        "thesis.text",
        "thesis",
        "argument[0].text",
        "challenges[0].text",
    ] {
        assert!(found.contains(&field), "{field} is not in {found:?}");
    }
    assert!(
        found.iter().any(|f| f.starts_with("critique[")),
        "{found:?}"
    );
    assert!(
        !brief.argument[0].statement.evidence.contains(&0),
        "the id is gone and the text stays"
    );
    assert_eq!(brief.challenges[0].status, Status::NotDiscussed);
    assert_eq!(check_brief(&brief, &document).findings, []);
}

#[test]
fn a_written_text_may_spell_a_figure_as_it_likes_and_not_change_it() {
    let ko = "추진 전동기는 나라 밖의 두 회사가 전체 물량의 86%를 대고 있다.";
    assert!(check("물량의 86퍼센트를 외국 회사 두 곳이 댄다.", &[ko]).holds());
    assert!(check("Two foreign firms supply 86 percent.", &[ko]).holds());
    assert_eq!(
        check("물량의 68%를 세 회사가 댄다.", &[ko]).missing_figures,
        ["68%", "세"]
    );
    let en = "A keeper at Penwick earns $41,000.";
    assert!(check("펜윅의 관리인은 4만1000달러를 번다.", &[en]).holds());
    assert_eq!(
        check("A keeper at Harlow earns $410,000.", &[en]).missing_names,
        ["Harlow"]
    );
    assert_eq!(
        check("A keeper at Harlow earns $410,000.", &[en]).missing_figures,
        ["$410,000"]
    );
}

#[test]
fn a_written_text_with_another_figure_is_replaced_by_its_sentence() {
    let (article, _, mut outline) = case("ko-ferry");
    outline.challenges[0].text = Some("외국 회사 두 곳이 물량의 91%를 댄다.".into());
    outline.challenges[0].evidence = vec![4, 3];
    outline.challenges[0].origin = Origin::Model;
    outline.challenges[1].text = Some("부두의 전기는 필요한 양의 33.333333333333%다.".into());
    outline.challenges[1].evidence = vec![8];
    outline.challenges[1].origin = Origin::Model;
    let brief = verify(&article, outline);
    let replaced = &brief.challenges[0];
    assert_eq!(
        (replaced.text.as_deref(), replaced.origin),
        (Some(article.sentences[3].text.as_str()), Origin::Source)
    );
    assert_eq!(brief.challenges[1].origin, Origin::Model);
    assert_eq!(brief.verification.numbers.unsupported, ["91%"]);
    assert_eq!(fields(&brief), ["challenges[0].text"]);
}

#[test]
fn all_texts_together_keep_to_the_length_limit() {
    for name in ["ko-ferry", "en-bakery"] {
        let (article, document, mut outline) = case(name);
        for (role, id) in [
            (Role::Context, 1),
            (Role::Claim, 3),
            (Role::Evidence, 4),
            (Role::Evidence, 5),
            (Role::Conclusion, 15),
        ] {
            let first = &article.sentences[id - 1].text;
            let second = &article.sentences[id].text;
            let statement = Statement {
                text: format!("{first} {second}"),
                evidence: vec![id as u32, id as u32 + 1],
                origin: Origin::Source,
                parts: Vec::new(),
            };
            outline
                .argument
                .push(sukje::brief::ArgumentPoint { role, statement });
        }
        let brief = verify(&article, outline);
        assert!(!brief.verification.fallbacks.is_empty());
        assert_eq!(check_brief(&brief, &document).findings, [], "{name}");
    }
}

#[test]
fn a_brief_of_nothing_and_of_one_sentence_hold() {
    let (mut article, mut document, mut outline) = case("en-bakery");
    article.sentences.truncate(1);
    article.title = None;
    let start = article.sentences[0].start;
    article.sentences[0].start = 0;
    article.sentences[0].end -= start;
    document.text = article.sentences[0].text.clone();
    outline.coverage.sentences = 1;
    outline.coverage.seen = 1;
    let brief = verify(&article, outline.clone());
    assert_eq!(
        brief.thesis.as_ref().map(|t| t.evidence.as_slice()),
        Some(&[1][..])
    );
    assert_eq!(check_brief(&brief, &document).findings, []);
    article.sentences.clear();
    document.text.clear();
    (outline.coverage.sentences, outline.coverage.seen) = (0, 0);
    let brief = verify(&article, outline);
    assert_eq!((&brief.thesis, brief.argument.len()), (&None, 0));
    assert_eq!(check_brief(&brief, &document).findings, []);
}

/// Breaks a brief that holds and expects a finding at exactly this field.
fn broken(field: &str, cause: &str, change: impl Fn(&mut Brief, &mut Document)) {
    let (mut brief, mut document) = brief("ko-ferry");
    change(&mut brief, &mut document);
    let report = check_brief(&brief, &document);
    let found: Vec<String> = report
        .findings
        .iter()
        .map(|f| format!("{}: {}", f.field, f.cause))
        .collect();
    assert!(
        report
            .findings
            .iter()
            .any(|f| f.field == field && f.cause.contains(cause)),
        "no {field}: {cause} in {found:#?}"
    );
}

#[test]
fn every_way_a_brief_can_lie_is_found_in_its_field() {
    broken("schema", "is not", |b, _| b.schema = "other/1".into());
    broken("source.sha256", "not that of the source", |_, d| {
        d.source.sha256 = "11".repeat(32)
    });
    broken("sentences[1].id", "is 7 where 2 is due", |b, _| {
        b.article.sentences[1].id = 7
    });
    broken("sentences[0].text", "is not what stands", |b, _| {
        b.article.sentences[0].text.push('라')
    });
    broken("sentences[0]", "cuts a character", |b, _| {
        b.article.sentences[0].start += 1
    });
    broken("sentences[2]", "is not in the text", |b, _| {
        b.article.sentences[2].end = 1 << 30
    });
    broken("title.text", "is not what stands", |b, _| {
        b.article.title.as_mut().expect("there is one").text = "다른 제목".into()
    });
    broken("sentences[0]", "overlaps", |b, _| {
        b.article.title.as_mut().expect("there is one").end += 10
    });
    broken("sentences[0]", "is in no span", |b, _| {
        b.article.title = None
    });
    broken("removed[0].of", "points at nothing", |b, d| {
        let start = d.text.len();
        d.text.push_str("덤\n");
        let end = d.text.len() - 1;
        b.article.removed.push(Removed {
            start,
            end,
            text: "덤".into(),
            reason: Reason::Duplicate,
            rule: "x".into(),
            of: Some(Original::Sentence(99)),
            score: None,
            spans: Vec::new(),
        });
    });
    broken("removed", "is in no span", |_, d| d.text.push('덤'));
    broken("thesis", "is missing", |b, _| b.thesis = None);
    broken("thesis.evidence", "do not exist: 99", |b, _| {
        b.thesis.as_mut().expect("there is one").evidence.push(99)
    });
    broken("thesis.evidence", "cites no sentence", |b, _| {
        b.thesis.as_mut().expect("there is one").evidence.clear()
    });
    broken("thesis.evidence", "twice", |b, _| {
        b.thesis.as_mut().expect("there is one").evidence = vec![2, 2]
    });
    broken("thesis.text", "not word for word", |b, _| {
        b.thesis.as_mut().expect("there is one").text = "배가 아니다.".into()
    });
    broken("thesis.text", "longer than 1 sentence", |b, _| {
        let text = format!(
            "{} {}",
            b.article.sentences[1].text, b.article.sentences[2].text
        );
        b.thesis = Some(Statement {
            text,
            evidence: vec![2, 3],
            origin: Origin::Source,
            parts: Vec::new(),
        });
    });
    broken("argument[0].text", "states figures", |b, _| {
        b.argument[0].statement.text = "전체의 99%다.".into();
        b.argument[0].statement.origin = Origin::Model;
    });
    broken("argument", "points, more than 8", |b, _| {
        b.argument = vec![b.argument[0].clone(); 9]
    });
    broken("challenges", "in this order", |b, _| {
        b.challenges.swap(0, 1)
    });
    broken("challenges[1].key", "twice", |b, _| {
        b.challenges[1].key = "ecosystem".into()
    });
    broken("challenges[3].text", "not discussed", |b, _| {
        b.challenges[3].text = Some("규제도 있다.".into())
    });
    broken("challenges[3].evidence", "not discussed", |b, _| {
        b.challenges[3].evidence = vec![1]
    });
    broken("challenges[0].text", "has no text", |b, _| {
        b.challenges[0].text = None
    });
    broken("challenges[1].remedy.text", "not word for word", |b, _| {
        b.challenges[1].remedy = Some(Statement {
            text: "케이블을 놓자.".into(),
            evidence: vec![9],
            origin: Origin::Source,
            parts: Vec::new(),
        });
    });
    broken("challenges[0].critique[0].text", "quotes words", |b, _| {
        b.challenges[0].critique[0].statement.text = "“아무도 안 한 말”이라는 대목".into()
    });
    broken("critique[1].text", "what another point says", |b, _| {
        let first = b.critique[0].clone();
        b.critique.insert(1, first);
    });
    broken("argument", "letters, more than 40 %", |b, _| {
        b.argument = vec![b.argument[0].clone(); 8];
        b.argument[0].statement.text = b
            .article
            .sentences
            .iter()
            .map(|s| s.text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
    });
    broken("coverage", "does not fit", |b, _| b.coverage.seen = 400);
}

#[test]
fn a_brief_survives_being_saved() {
    let (brief, document) = brief("en-orchard");
    let saved = serde_json::to_string(&brief).expect("a brief is JSON");
    let read: Brief = serde_json::from_str(&saved).expect("and back");
    assert_eq!(read, brief);
    assert!(check_brief(&read, &document).holds());
    assert_eq!(read.article.language, Language::En);
}
