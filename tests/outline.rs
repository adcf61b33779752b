//! The outline of whole articles: what must hold of any, and floors for those in `training/articles`.

use std::path::Path;

use sukje::article::{Article, letters};
use sukje::brief::{Origin, Outline, Statement, Status};
use sukje::eval::{Figures, score_outline};
use sukje::outline::extractive::best_sentences;
use sukje::outline::{Lens, OutlineOptions, outline};
use sukje::verify::{check_field, verify};
use sukje_dev::case::{Case, Punctuation};

fn options(lens: &str) -> OutlineOptions {
    OutlineOptions {
        lens: Lens::builtin(lens).expect("built in"),
        output_language: None,
    }
}

/// Every third training article: enough to see a fault, quick enough to run always.
fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("training/articles");
    let mut paths: Vec<_> = folder
        .read_dir()
        .expect("the articles are in the repository")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).expect("a readable article");
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    };
    paths.iter().step_by(3).map(read).collect()
}

fn article(lang: &str, sentences: &[&str]) -> Article {
    let sentences: Vec<_> = sentences
        .iter()
        .map(|s| serde_json::json!({"text": s, "role": "context"}))
        .collect();
    let case = serde_json::json!({"id": "x", "lang": lang, "sentences": sentences});
    let case: Case = serde_json::from_value(case).expect("a case");
    case.article(Punctuation::Keep)
}

/// What the contract asks of every outline.
fn check_form(article: &Article, outline: &Outline) {
    let statements = outline
        .thesis
        .iter()
        .chain(outline.argument.iter().map(|p| &p.statement));
    let remedies = outline.challenges.iter().filter_map(|c| c.remedy.as_ref());
    let mut texts: Vec<Statement> = statements.chain(remedies).cloned().collect();
    for challenge in &outline.challenges {
        let discussed = challenge.status == Status::Discussed;
        assert_eq!(
            discussed,
            !challenge.evidence.is_empty(),
            "{}",
            challenge.key
        );
        assert!(discussed || challenge.text.is_none() && challenge.remedy.is_none());
        texts.extend(challenge.statement());
    }
    for statement in &texts {
        assert!(matches!(statement.origin, Origin::Source | Origin::Clauses));
        let (faults, _) = check_field(statement, &article.sentences, 2);
        let empty = statement.text.trim().is_empty();
        assert!(empty || faults.is_empty(), "{}: {faults:?}", statement.text);
    }
    assert!(outline.argument.len() <= 8);
    assert_eq!(outline.thesis.is_none(), article.sentences.is_empty());
    let shown: usize = texts.iter().map(|s| letters(&s.text)).sum();
    let all: usize = article.sentences.iter().map(|s| letters(&s.text)).sum();
    let thesis = outline.thesis.as_ref().map_or(0, |t| letters(&t.text));
    assert!(
        shown as f32 <= (0.40 * all as f32).max(thesis as f32),
        "{shown} of {all} letters"
    );
}

fn mean(cases: &[Case], punctuation: Punctuation, change: impl Fn(&mut Article)) -> Figures {
    let options = options("five-challenges");
    let score = |case: &Case| {
        let mut article = case.article(punctuation);
        change(&mut article);
        let outline = outline(&article, &options);
        check_form(&article, &outline);
        score_outline(&case.gold(), &article, &outline)
    };
    Figures::mean(&cases.iter().map(score).collect::<Vec<_>>()).expect("there are cases")
}

/// These articles were trained on; `training/README.md` has the figures on articles that were not.
#[test]
fn figures_stay_above_their_floors() {
    let cases = cases();
    for punctuation in [
        Punctuation::Keep,
        Punctuation::Strip,
        Punctuation::FinalOnly,
    ] {
        let figures = mean(&cases, punctuation, |_| {});
        let floors = [
            ("presence", 0.95),
            ("top1", 0.95),
            ("ev_p", 0.88),
            ("ev_r", 0.80),
            ("remedy", 0.75),
            ("thesis", 0.90),
            ("key", 0.65),
            ("sound", 1.0),
            ("length", 1.0),
        ];
        for (name, floor) in floors {
            let value = figures.get(name).expect("a figure of that name");
            assert!(
                value >= floor,
                "{punctuation:?}: {name} is {value}, its floor {floor}"
            );
        }
    }
}

/// Writers leave ordinals out, and scrapers lose them.
#[test]
fn ordinals_carry_nothing() {
    const ORDINALS: [&str; 22] = [
        "첫째",
        "둘째",
        "셋째",
        "넷째",
        "다섯째",
        "첫 번째",
        "두 번째",
        "세 번째",
        "네 번째",
        "다섯 번째",
        "First",
        "Second",
        "Third",
        "Fourth",
        "Fifth",
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "Finally",
        "마지막",
    ];
    let cases = cases();
    let delete = |article: &mut Article| {
        for sentence in &mut article.sentences {
            for ordinal in ORDINALS {
                sentence.text = sentence.text.replace(ordinal, "");
            }
        }
    };
    let with = mean(&cases, Punctuation::Keep, |_| {});
    let without = mean(&cases, Punctuation::Keep, delete);
    for name in ["presence", "ev_r"] {
        let fall = with.get(name).zip(without.get(name)).map(|(a, b)| a - b);
        assert!(
            fall.is_some_and(|fall| fall.abs() <= 0.05),
            "{with:?} {without:?}"
        );
    }
}

/// The challenge's own word in another sense, and nothing else.
#[test]
fn decoys_alone_are_no_challenge() {
    let ko = [
        "가을 운동회가 열렸다.",
        "아이들은 전력을 다해 뛰었다.",
        "둘째 아이는 재능이 많아 장기자랑에서 노래를 불렀다.",
        "운동장 옆 습지 생태계에는 개구리가 산다.",
        "교문 앞에서는 차들이 규정 속도로 지나갔다.",
        "할머니는 김밥을 나누어 주었다.",
        "해가 지자 모두 집으로 돌아갔다.",
    ];
    let en = [
        "The village held its autumn fair.",
        "The children ran with all the power in their legs.",
        "My niece won the talent show with a song.",
        "The pond ecosystem behind the hall is full of frogs.",
        "Cars went by at walking speed.",
        "As a rule of thumb, bring your own cup.",
        "At dusk everybody went home.",
    ];
    for (lang, sentences) in [("ko", ko), ("en", en)] {
        let article = article(lang, &sentences);
        let outline = outline(&article, &options("five-challenges"));
        check_form(&article, &outline);
        for challenge in &outline.challenges {
            assert_eq!(
                challenge.status,
                Status::NotDiscussed,
                "{lang} {}",
                challenge.key
            );
        }
    }
}

/// Another lens works by its words alone.
#[test]
fn the_second_lens_finds_its_own() {
    let ko = [
        "새 시립 수영장이 문을 열었다.",
        "문제는 돈이다.",
        "공사비가 예산보다 42억원 늘었고 시는 대출 이자로 해마다 3억원을 쓴다.",
        "입장료 수익은 운영비의 절반에도 못 미쳐 적자가 쌓인다.",
        "요금을 올리거나 보조금을 줄여야 한다.",
        "안전도 걱정이다.",
        "개장 석 달 만에 미끄럼 사고로 여섯 명이 다쳤고 경보 장치가 고장 났다.",
        "소방 점검에서는 위험 요소가 열한 군데 나왔다.",
        "수영장은 오늘도 붐빈다.",
    ];
    let en = [
        "The new town pool has opened.",
        "The trouble is the money.",
        "It cost $4 million more than its budget, and the loan costs $300,000 a year in interest.",
        "Tickets bring in less than half of the bills, so the deficit grows.",
        "The town should raise the price or cut the subsidy.",
        "Safety is a worry too.",
        "Six people were injured in accidents within three months, and the alarm was broken.",
        "The fire inspection found eleven hazards.",
        "The pool is full again today.",
    ];
    for (lang, sentences) in [("ko", ko), ("en", en)] {
        let article = article(lang, &sentences);
        let outline = outline(&article, &options("business"));
        check_form(&article, &outline);
        let found: Vec<&str> = outline
            .challenges
            .iter()
            .filter(|c| c.status == Status::Discussed)
            .map(|c| c.key.as_str())
            .collect();
        assert_eq!(found, ["cost", "safety"], "{lang}");
    }
}

/// A few sentences leave little room: the thesis first, then challenges; whatever else there is keeps the limit.
#[test]
fn excerpts_keep_the_limit_and_need_no_mending() {
    let options = options("five-challenges");
    for (case, count) in cases().iter().zip((1..=6).cycle()) {
        let mut article = case.article(Punctuation::Keep);
        for from in [0, 7, 14] {
            let whole = article.sentences.clone();
            article.sentences.drain(..from.min(whole.len()));
            article.sentences.truncate(count);
            for (id, sentence) in (1..).zip(&mut article.sentences) {
                sentence.id = id;
            }
            let outline = outline(&article, &options);
            check_form(&article, &outline);
            assert_eq!(verify(&article, outline).verification.fallbacks, []);
            article.sentences = whole;
        }
    }
}

#[test]
fn odd_articles_keep_the_form() {
    let long = "가".repeat(1_000_000);
    let words = "전력 ".repeat(100_000);
    let odd: [&[&str]; 9] = [
        &[],
        &["하나."],
        &["One."],
        &[
            "한 문장이 있다.",
            "또 한 문장이 있다.",
            "전기 요금이 올라 공장이 멈췄다.",
        ],
        &["...", "!!!", "?"],
        &["", "", ""],
        &["\u{200B}", "\u{0}", "🚀🚀"],
        &[&long, "짧다.", &words],
        &["같은 문장이다."; 200],
    ];
    for sentences in odd {
        for lang in ["ko", "en"] {
            for lens in Lens::names() {
                let article = article(lang, sentences);
                check_form(&article, &outline(&article, &options(lens)));
                assert!(best_sentences(&article, 2).len() <= 2);
            }
        }
    }
}

#[test]
fn the_same_article_gives_the_same_outline() {
    for case in cases().iter().take(4) {
        let article = case.article(Punctuation::Strip);
        let options = options("five-challenges");
        assert_eq!(outline(&article, &options), outline(&article, &options));
    }
}
