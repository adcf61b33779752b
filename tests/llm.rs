//! The engine with a model, played by a script that says what is needed: good texts, bad texts, nonsense.
#![cfg(feature = "model")]

mod common;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use common::Labelled;
use sukje::article::{Article, Language, WarningKind};
use sukje::input::Document;
use sukje::model::random::{Quantisation, RandomModel, Shape};
use sukje::model::script::ScriptedDecoder;
use sukje::outline::llm::{LlmError, LlmOptions, Model, Progress, outline};
use sukje::outline::{Lens, Origin, Outline, OutlineOptions, Status};
use sukje::render::brief_schema;
use sukje::verify::{Brief, check_brief, verify};

/// The script's vocabulary: a token is a byte, and the last three are marks of a turn.
const VOCAB: usize = 261;
const IM_START: u32 = 257;
const IM_END: u32 = 258;
const CONTEXT: usize = 60_000;

const CASES: [&str; 4] = ["ko-ferry", "ko-school", "en-bakery", "en-orchard"];

fn case(name: &str) -> (Article, Document) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cases/critique/{name}.json"));
    let labelled: Labelled =
        serde_json::from_str(&std::fs::read_to_string(path).expect("a case of this name"))
            .expect("a labelled article");
    common::article(&labelled, false)
}

/// An answer under way: what was asked last, what the article was, and what stands in the answer so far.
struct Asked<'t> {
    question: &'t str,
    answer: &'t str,
}

impl Asked<'_> {
    /// Whether the head still cites.
    fn cites(&self) -> bool {
        !self.answer.contains('\n') || self.is_argument() && !self.answer.contains("end")
    }

    fn is_argument(&self) -> bool {
        self.question.contains("conclusion")
    }

    fn is_challenge(&self) -> bool {
        self.question.contains("not_discussed")
    }

    fn is_critique(&self) -> bool {
        self.question.contains("open_question")
    }

    /// The cited sentences, as they were recited.
    fn recited(&self) -> Vec<&str> {
        self.answer
            .lines()
            .filter(|line| line.starts_with('['))
            .filter_map(|line| line.split_once("] "))
            .map(|(_, text)| text)
            .collect()
    }

    /// What was written behind the last cue.
    fn written(&self) -> &str {
        let line = self.answer.rsplit('\n').next().unwrap_or("");
        line.split_once(':').map_or("", |(_, text)| text)
    }
}

/// A decoder that wants the byte a script names; none is the end of the turn.
fn scripted(script: impl Fn(&Asked) -> Option<u8> + Send + Sync + 'static) -> ScriptedDecoder {
    in_context(CONTEXT, script)
}

fn in_context(
    context: usize,
    script: impl Fn(&Asked) -> Option<u8> + Send + Sync + 'static,
) -> ScriptedDecoder {
    ScriptedDecoder::new(VOCAB, context, move |tokens| {
        let text = |tokens: &[u32]| {
            let bytes: Vec<u8> = tokens.iter().filter_map(|&t| u8::try_from(t).ok()).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let turns: Vec<&[u32]> = tokens.split(|&t| t == IM_START).collect();
        let last = text(turns[turns.len() - 1]);
        let question = text(turns[turns.len().saturating_sub(2)]);
        let asked = Asked {
            question: question.rsplit("\n\n").next().unwrap_or(""),
            answer: last.strip_prefix("assistant\n").unwrap_or(""),
        };
        let wanted = script(&asked).map_or(IM_END, u32::from);
        (0..VOCAB as u32)
            .map(|token| f32::from(u8::from(token == wanted)))
            .collect()
    })
}

/// The next byte of what is wanted, behind what is there.
fn next(wanted: &str, there: &str) -> Option<u8> {
    wanted.strip_prefix(there)?.bytes().next()
}

/// Cites well, and writes the first cited sentence again, or what `write` makes of it.
fn writer(write: fn(&str) -> String) -> ScriptedDecoder {
    scripted(move |asked| {
        if asked.is_critique() {
            let kind = "unsupported_claim: “";
            return next(kind, asked.answer).or_else(|| critic(asked.answer));
        }
        match asked.cites() {
            true if asked.is_argument() => next("claim [2]\nevidence [4]\nconclusion [9]\nend", asked.answer),
            true if asked.is_challenge() => next("discussed [3, 4]; remedy none", asked.answer),
            true => next("[3, 9]", asked.answer),
            false => {
                let recited = asked.recited();
                next(&format!(" {}", write(recited.first().unwrap_or(&""))), asked.written())
            }
        }
    })
}

/// Goes on behind a quotation, in whatever language its last word is of.
fn critic(answer: &str) -> Option<u8> {
    let (_, behind) = answer.split_once('”')?;
    let korean = answer.chars().any(|c| ('가'..='힣').contains(&c));
    next(if korean { "는 말에는 아무런 근거가 없다." } else { " is said without any proof." }, behind)
}

fn model(decoder: ScriptedDecoder) -> Model<ScriptedDecoder> {
    let shape = Shape::named("tiny-qwen3").expect("a known shape");
    let vocabulary = RandomModel::new(shape, Quantisation::F32, 1).vocabulary;
    Model::new(decoder, &vocabulary, "script", None).expect("a sound vocabulary")
}

fn options(language: Option<Language>) -> OutlineOptions {
    OutlineOptions {
        lens: Lens::builtin("five-challenges").expect("built in"),
        output_language: language,
    }
}

fn how() -> LlmOptions {
    LlmOptions {
        article_tokens: 40_000,
        text_tokens: 400,
        ..LlmOptions::default()
    }
}

fn run(decoder: ScriptedDecoder, article: &Article, options: &OutlineOptions) -> Result<Outline, LlmError> {
    outline(&model(decoder), article, options, &how(), &AtomicBool::new(false), &mut |_| ())
}

/// A brief of whatever the model does, held to everything a brief is held to.
fn brief(decoder: ScriptedDecoder, name: &str, language: Option<Language>) -> Brief {
    let (article, document) = case(name);
    let outline = run(decoder, &article, &options(language)).expect("a brief");
    sound(verify(&article, outline), &document)
}

fn sound(brief: Brief, document: &Document) -> Brief {
    let report = check_brief(&brief, document);
    assert!(report.holds(), "{:#?}", report.findings);
    let value = serde_json::to_value(&brief).expect("JSON");
    let schema = jsonschema::validator_for(&brief_schema()).expect("a schema");
    assert!(schema.is_valid(&value), "{value:#}");
    assert_eq!(brief.engine.name, "llm");
    brief
}

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
        let brief = brief(writer(|sentence| sentence.replace("the ", "the ")), name, None);
        let (article, _) = case(name);
        let thesis = brief.thesis.as_ref().expect("a thesis");
        println!("{name}: {:#?}", fallbacks(&brief));
        assert_eq!(thesis.evidence, [3, 9], "{name}");
        assert_eq!(thesis.origin, Origin::Model, "{name}");
        assert_eq!(thesis.text, article.sentences[2].text);
        let roles: Vec<_> = brief.argument.iter().map(|p| p.statement.evidence[0]).collect();
        assert!(roles.contains(&2) && roles.is_sorted(), "{roles:?}");
        assert!(brief.critique[0].statement.origin == Origin::Model, "{:?}", brief.critique);
        assert!(brief.critique[0].statement.text.starts_with('“'));
        assert_eq!(brief.engine.model.as_deref(), Some("script"));
        assert_eq!(brief.engine.prompt_sha256.as_ref().map(String::len), Some(64));
    }
}
