//! A model played by a script that says what it wants at each byte, for tests of the engine that writes.

#[allow(dead_code)] // Not every test asks all of it.
#[path = "schema.rs"]
mod schema;

use std::path::Path;

use schema::Schema;
use sukje::article::{Article, Language};
use sukje::brief::{Brief, Outline};
use sukje::engine::local::{LocalEngine, NoteModel};
use sukje::engine::{Engine, EngineError, WritingOptions};
use sukje::input::Document;
use sukje::outline::{Lens, OutlineOptions};
use sukje::render::brief_schema;
use sukje::verify::{check_brief, verify};
use sukje_dev::random::{Quantisation, RandomModel, Shape};
use sukje_dev::script::ScriptedDecoder;

/// The script's vocabulary: a token is a byte, and the last three are marks of a turn.
pub const VOCAB: usize = 261;
pub const IM_START: u32 = 257;
pub const IM_END: u32 = 258;
pub const CONTEXT: usize = 60_000;

pub const CASES: [&str; 4] = ["ko-ferry", "ko-school", "en-bakery", "en-orchard"];

pub fn case(name: &str) -> (Article, Document) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cases/critique/{name}.json"));
    let labelled: super::common::Labelled =
        serde_json::from_str(&std::fs::read_to_string(path).expect("a case of this name"))
            .expect("a labelled article");
    super::common::article(&labelled, false)
}

/// An answer under way: what was asked last, what the article was, and what stands in the answer so far.
pub struct Asked<'t> {
    pub question: &'t str,
    pub answer: &'t str,
    /// Bytes of a letter that is not yet whole.
    pub begun: &'t [u8],
}

impl Asked<'_> {
    /// Whether the branch still cites.
    pub fn cites(&self) -> bool {
        !self.answer.contains('\n') || self.is_argument() && !self.answer.contains("end")
    }

    pub fn is_argument(&self) -> bool {
        self.question.contains("conclusion")
    }

    pub fn is_challenge(&self) -> bool {
        self.question.contains("not_discussed")
    }

    pub fn is_critique(&self) -> bool {
        self.question.contains("open_question")
    }

    /// The cited sentences, as they were recited.
    pub fn recited(&self) -> Vec<&str> {
        self.answer
            .lines()
            .filter(|line| line.starts_with('['))
            .filter_map(|line| line.split_once("] "))
            .map(|(_, text)| text)
            .collect()
    }

    /// The first cited sentence; a branch of critique is recited none.
    pub fn first(&self) -> &str {
        self.recited().first().copied().unwrap_or("")
    }

    /// The next byte of what is wanted, behind what is there.
    pub fn next(&self, wanted: &str, there: &str) -> Option<u8> {
        let rest = wanted.strip_prefix(there)?.as_bytes();
        rest.strip_prefix(self.begun)?.first().copied()
    }

    /// What was written behind the last cue.
    pub fn written(&self) -> &str {
        let line = self.answer.rsplit('\n').next().unwrap_or("");
        line.split_once(':').map_or("", |(_, text)| text)
    }
}

/// A decoder that wants the byte a script names; none is the end of the turn.
pub fn scripted(script: impl Fn(&Asked) -> Option<u8> + Send + Sync + 'static) -> ScriptedDecoder {
    in_context(CONTEXT, script)
}

pub fn in_context(
    context: usize,
    script: impl Fn(&Asked) -> Option<u8> + Send + Sync + 'static,
) -> ScriptedDecoder {
    ScriptedDecoder::new(VOCAB, context, move |tokens| {
        let bytes = |tokens: &[u32]| -> Vec<u8> {
            let byte = |&token: &u32| u8::try_from(token).ok();
            tokens.iter().filter_map(byte).collect()
        };
        let turns: Vec<&[u32]> = tokens.split(|&t| t == IM_START).collect();
        let last = bytes(turns[turns.len() - 1]);
        let question = bytes(turns[turns.len().saturating_sub(2)]);
        let question = String::from_utf8_lossy(&question);
        let whole = last
            .utf8_chunks()
            .next()
            .map_or(0, |chunk| chunk.valid().len());
        let (answer, begun) = last.split_at(whole);
        let answer = std::str::from_utf8(answer).expect("it was just found to be");
        let asked = Asked {
            question: question.rsplit("\n\n").next().unwrap_or(""),
            answer: answer.strip_prefix("assistant\n").unwrap_or(""),
            begun,
        };
        let wanted = script(&asked).map_or(IM_END, u32::from);
        (0..VOCAB as u32)
            .map(|token| f32::from(u8::from(token == wanted)))
            .collect()
    })
}

/// Cites well, and writes the first cited sentence again, or what `write` makes of it.
pub fn writer(write: impl Fn(&str) -> String + Send + Sync + 'static) -> ScriptedDecoder {
    scripted(move |asked| {
        if asked.is_critique() {
            let kind = "unsupported_claim: “";
            return asked.next(kind, asked.answer).or_else(|| critic(asked));
        }
        match asked.cites() {
            true if asked.is_argument() => {
                asked.next("claim [2]\nevidence [4]\nconclusion [9]\nend", asked.answer)
            }
            true if asked.is_challenge() => {
                asked.next("discussed [3, 4]; remedy none", asked.answer)
            }
            true => asked.next("[3, 9]", asked.answer),
            false => asked.next(&format!(" {}", write(asked.first())), asked.written()),
        }
    })
}

/// A sentence in other words: a few of its own, and a predicate.
pub fn paraphrase(sentence: &str) -> String {
    let plain = |w: &&str| {
        w.chars()
            .all(|c| c.is_ascii_lowercase() || ('가'..='힣').contains(&c))
    };
    let words: Vec<&str> = sentence.split(' ').filter(plain).take(3).collect();
    match sentence.contains(|c| ('가'..='힣').contains(&c)) {
        true => format!("{} 까닭이라고 말한다.", words.join(" ")),
        false => format!("It says {}, more or less.", words.join(" ")),
    }
}

/// Goes on behind a quotation, in whatever language its last word is of.
pub fn critic(asked: &Asked) -> Option<u8> {
    let (_, behind) = asked.answer.split_once('”')?;
    let korean = asked.answer.chars().any(|c| ('가'..='힣').contains(&c));
    asked.next(
        if korean {
            "는 말에는 아무런 근거가 없다."
        } else {
            " is said without any proof."
        },
        behind,
    )
}

pub fn model(decoder: ScriptedDecoder) -> NoteModel<ScriptedDecoder> {
    let shape = Shape::named("tiny-qwen3").expect("a known shape");
    let vocabulary = RandomModel::new(shape, Quantisation::F32, 1).vocabulary;
    sukje_dev::script::note_model(decoder, &vocabulary, "script").expect("a sound vocabulary")
}

pub fn options(language: Option<Language>) -> OutlineOptions {
    OutlineOptions {
        lens: Lens::builtin("five-challenges").expect("built in"),
        output_language: language,
    }
}

pub fn how() -> WritingOptions {
    WritingOptions {
        article_tokens: 40_000,
        text_tokens: 400,
        ..WritingOptions::default()
    }
}

pub fn run(
    decoder: ScriptedDecoder,
    article: &Article,
    options: &OutlineOptions,
) -> Result<Outline, EngineError> {
    LocalEngine::new(model(decoder), how()).outline(article, options)
}

/// The outline of the only article.
pub fn only(outlines: Vec<Result<Outline, EngineError>>) -> Result<Outline, EngineError> {
    outlines.into_iter().next().expect("an outline or an error")
}

/// A brief of whatever the model does, held to everything a brief is held to.
pub fn brief(decoder: ScriptedDecoder, name: &str, language: Option<Language>) -> Brief {
    let (article, document) = case(name);
    let outline = run(decoder, &article, &options(language)).expect("a brief");
    sound(verify(&article, outline), &document)
}

pub fn sound(brief: Brief, document: &Document) -> Brief {
    let report = check_brief(&brief, document);
    assert!(report.holds(), "{:#?}", report.findings);
    let value = serde_json::to_value(&brief).expect("JSON");
    assert_eq!(
        Schema::of(&brief_schema()).faults(&value),
        None,
        "{value:#}"
    );
    assert_eq!(brief.engine.name, "llm");
    brief
}
