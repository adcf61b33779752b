//! The outline and the brief: what an engine proposes to say of an article, and what of it was found to hold.
//!
//! An [`Outline`] is made by an engine, and only `verify` makes a [`Brief`] of one. Both are values: nothing is decided here.
//! The JSON Schema of the brief comes from these types.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::article::{
    Article, CLEAN_SCHEMA, Language, Metadata, Passage, Removed, Sentence, Source, Warning, letters,
};

/// The name of the engine that writes without a model.
pub const EXTRACTIVE: &str = "extractive";

/// The schema name of `sukje summarize --format json`.
pub const BRIEF_SCHEMA: &str = "sukje.brief/1";

/// The most points of an argument.
pub const MOST_POINTS: usize = 8;
/// The most points of critique of the whole.
pub const MOST_WHOLE: usize = 3;
/// The most points of critique of a challenge.
pub const MOST_CHALLENGE: usize = 2;
/// The most sentences a text shows; the thesis one.
pub const MOST_SENTENCES: usize = 2;
/// All texts together, in hundredths of the article's letters.
pub const MOST_LETTERS: usize = 40;

/// Returns the name that the output has for a variant, such as `one_sided`.
pub(crate) fn name_of(variant: impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(Value::String(name)) => name,
        other => unreachable!("{other:?} is no variant without fields"),
    }
}

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Cited sentences word for word.
    Source,
    /// Clauses of cited sentences, with joints between them.
    Clauses,
    /// Written by a model.
    Model,
    /// Built by a critique rule.
    Rule,
}

/// A piece of a cited sentence that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClausePart {
    /// The sentence's id.
    pub sentence: u32,
    /// The piece, as it stands in the sentence.
    pub text: String,
    /// Its first byte in the sentence's text.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// A text and the sentences it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// At most two sentences; the thesis one.
    pub text: String,
    /// Ids of the cited sentences, best first.
    pub evidence: Vec<u32>,
    /// Where the text comes from.
    pub origin: Origin,
    /// What a text of clauses is made of, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ClausePart>,
}

/// What a sentence does in the article's reasoning.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Scene and background.
    Context,
    /// What the article holds.
    Claim,
    /// What it rests on.
    Evidence,
    /// What should be done.
    Remedy,
    /// What it comes to.
    Conclusion,
}

/// A step of the article's line of reasoning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArgumentPoint {
    /// What the step does.
    pub role: Role,
    /// What it says, and on what it rests.
    #[serde(flatten)]
    pub statement: Statement,
}

/// Says whether the article speaks of a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It does, and the evidence says where.
    Discussed,
    /// It does not: a finding, not a failure.
    NotDiscussed,
}

/// What a careful reader would attack or ask.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CritiqueKind {
    /// A claim nothing in the article carries.
    UnsupportedClaim,
    /// A claim whose proof is thinner than its words.
    MissingEvidence,
    /// Only one side is heard.
    OneSided,
    /// A challenge the thesis calls for and the article leaves out.
    MissingChallenge,
    /// A problem without a way out.
    MissingRemedy,
    /// Rests on an unnamed or interested voice.
    WeakSource,
    /// A figure without its year.
    UndatedFigure,
    /// A figure without who counted it.
    UnsourcedFigure,
    /// A figure that lost marks may have damaged.
    SuspectFigure,
    /// A question the article raises and leaves.
    OpenQuestion,
}

/// One point of the critique outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CritiquePoint {
    /// What is wrong or missing.
    pub kind: CritiqueKind,
    /// What it attacks, in the article's own words.
    #[serde(flatten)]
    pub statement: Statement,
}

/// One challenge of the lens, as the article treats it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Challenge {
    /// The lens's key, such as `power`.
    pub key: String,
    /// The lens's label in the brief's language.
    pub label: String,
    /// Says whether the article speaks of it.
    pub status: Status,
    /// What it says, at most two sentences; null where it does not, or the article is too short to show more than a
    /// thesis.
    pub text: Option<String>,
    /// Ids of the sentences that speak of it, best first.
    pub evidence: Vec<u32>,
    /// Where the text comes from.
    pub origin: Origin,
    /// What a text of clauses is made of, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ClausePart>,
    /// What the article says should be done.
    pub remedy: Option<Statement>,
    /// What a careful reader would attack in it.
    pub critique: Vec<CritiquePoint>,
}

/// What wrote the outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EngineInfo {
    /// `extractive` or the name of another engine.
    pub name: String,
    /// The model's name, where there is one.
    pub model: Option<String>,
    /// SHA-256 of the model file.
    pub model_sha256: Option<String>,
    /// SHA-256 of the prompt texts.
    pub prompt_sha256: Option<String>,
    /// The most lines that were weighed for a part, where a model chose among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidates: Option<u32>,
    /// The version of this program.
    pub version: String,
}

/// Says how much of the article the engine looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Sentences of the article.
    pub sentences: usize,
    /// Sentences the engine saw.
    pub seen: usize,
    /// Pieces the article was cut into.
    pub chunks: usize,
}

/// A proposal: what an engine would say of the article. `verify` makes a brief of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Name of the lens.
    pub lens: String,
    /// The brief's language.
    pub output_language: Language,
    /// What wrote it.
    pub engine: EngineInfo,
    /// The article's main point; none only where there are no sentences.
    pub thesis: Option<Statement>,
    /// The line of reasoning in reading order, at most eight points.
    pub argument: Vec<ArgumentPoint>,
    /// The lens's challenges in its order.
    pub challenges: Vec<Challenge>,
    /// What a careful reader would attack in the whole.
    pub critique: Vec<CritiquePoint>,
    /// Says how much of the article was looked at.
    pub coverage: Coverage,
    /// What the engine itself found not to hold, and replaced; `verify` adds what it finds.
    pub replaced: Verification,
    /// Findings of the engine about its own work.
    pub warnings: Vec<Warning>,
}

/// What was checked and what did not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// Says how many were looked for in the cited sentences.
    pub checked: usize,
    /// Those that were not there.
    pub unsupported: Vec<String>,
}

/// A text that did not hold and was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fallback {
    /// Which field, such as `challenges[1].text`.
    pub field: String,
    /// Why it was replaced.
    pub cause: String,
}

/// The result of verification.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verification {
    /// Figures.
    pub numbers: Tally,
    /// Proper names.
    pub names: Tally,
    /// Texts that were replaced.
    pub fallbacks: Vec<Fallback>,
}

/// A verified briefing note.
///
/// In JSON the article's fields stand among the brief's own, in the order of `BriefJson`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "BriefJson")]
pub struct Brief {
    /// Always [`BRIEF_SCHEMA`].
    pub schema: Cow<'static, str>,
    /// The article it is of, whose sentences evidence refers to. Its warnings hold those of the engine, too.
    pub article: Article,
    /// The brief's language.
    pub output_language: Language,
    /// Name of the lens.
    pub lens: String,
    /// What wrote it.
    pub engine: EngineInfo,
    /// The article's main point.
    pub thesis: Option<Statement>,
    /// The line of reasoning.
    pub argument: Vec<ArgumentPoint>,
    /// The lens's challenges in its order.
    pub challenges: Vec<Challenge>,
    /// What a careful reader would attack in the whole.
    pub critique: Vec<CritiquePoint>,
    /// What was checked.
    pub verification: Verification,
    /// Says how much of the article was looked at.
    pub coverage: Coverage,
}

/// A verified briefing note.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Brief")]
struct BriefJson<'a> {
    /// Always [`BRIEF_SCHEMA`].
    schema: Cow<'a, str>,
    /// Where the text came from.
    source: Cow<'a, Source>,
    /// The article's language.
    language: Language,
    /// The brief's language.
    output_language: Language,
    /// The headline.
    title: Option<Cow<'a, Passage>>,
    /// Author, outlet, date and address.
    metadata: Cow<'a, Metadata>,
    /// Name of the lens.
    lens: Cow<'a, str>,
    /// What wrote it.
    engine: Cow<'a, EngineInfo>,
    /// The article's sentences, which evidence refers to.
    sentences: Cow<'a, [Sentence]>,
    /// What was removed from the text, and why.
    removed: Cow<'a, [Removed]>,
    /// The article's main point.
    thesis: Option<Cow<'a, Statement>>,
    /// The line of reasoning.
    argument: Cow<'a, [ArgumentPoint]>,
    /// The lens's challenges in its order.
    challenges: Cow<'a, [Challenge]>,
    /// What a careful reader would attack in the whole.
    critique: Cow<'a, [CritiquePoint]>,
    /// What was checked.
    verification: Cow<'a, Verification>,
    /// Says how much of the article was looked at.
    coverage: Coverage,
    /// Findings about the text.
    warnings: Cow<'a, [Warning]>,
}

impl<'a> From<&'a Brief> for BriefJson<'a> {
    fn from(brief: &'a Brief) -> Self {
        let article = &brief.article;
        BriefJson {
            schema: Cow::Borrowed(&brief.schema),
            source: Cow::Borrowed(&article.source),
            language: article.language,
            output_language: brief.output_language,
            title: article.title.as_ref().map(Cow::Borrowed),
            metadata: Cow::Borrowed(&article.metadata),
            lens: Cow::Borrowed(&brief.lens),
            engine: Cow::Borrowed(&brief.engine),
            sentences: Cow::Borrowed(&article.sentences),
            removed: Cow::Borrowed(&article.removed),
            thesis: brief.thesis.as_ref().map(Cow::Borrowed),
            argument: Cow::Borrowed(&brief.argument),
            challenges: Cow::Borrowed(&brief.challenges),
            critique: Cow::Borrowed(&brief.critique),
            verification: Cow::Borrowed(&brief.verification),
            coverage: brief.coverage,
            warnings: Cow::Borrowed(&article.warnings),
        }
    }
}

impl From<BriefJson<'_>> for Brief {
    fn from(json: BriefJson) -> Self {
        Brief {
            schema: Cow::Owned(json.schema.into_owned()),
            article: Article {
                schema: Cow::Borrowed(CLEAN_SCHEMA),
                source: json.source.into_owned(),
                language: json.language,
                title: json.title.map(Cow::into_owned),
                metadata: json.metadata.into_owned(),
                sentences: json.sentences.into_owned(),
                removed: json.removed.into_owned(),
                warnings: json.warnings.into_owned(),
            },
            output_language: json.output_language,
            lens: json.lens.into_owned(),
            engine: json.engine.into_owned(),
            thesis: json.thesis.map(Cow::into_owned),
            argument: json.argument.into_owned(),
            challenges: json.challenges.into_owned(),
            critique: json.critique.into_owned(),
            verification: json.verification.into_owned(),
            coverage: json.coverage,
        }
    }
}

impl Serialize for Brief {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        BriefJson::from(self).serialize(serializer)
    }
}

impl JsonSchema for Brief {
    fn schema_name() -> Cow<'static, str> {
        BriefJson::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BriefJson::json_schema(generator)
    }
}

impl Challenge {
    /// Returns its text as a statement.
    pub fn statement(&self) -> Option<Statement> {
        Some(Statement {
            text: self.text.clone()?,
            evidence: self.evidence.clone(),
            origin: self.origin,
            parts: self.parts.clone(),
        })
    }
}

impl Outline {
    /// Counts the letters of all texts that count towards a brief's length.
    pub fn shown_letters(&self) -> usize {
        shown_letters(self.thesis.as_ref(), &self.argument, &self.challenges)
    }
}

/// Counts the letters of all texts that count towards a brief's length.
pub fn shown_letters(
    thesis: Option<&Statement>,
    argument: &[ArgumentPoint],
    challenges: &[Challenge],
) -> usize {
    let remedies = challenges.iter().filter_map(|c| c.remedy.as_ref());
    let points = argument.iter().map(|p| &p.statement);
    let statements = thesis.into_iter().chain(points).chain(remedies);
    let texts = challenges.iter().filter_map(|c| c.text.as_ref());
    let texts = texts.chain(statements.map(|s| &s.text));
    texts.map(|text| letters(text)).sum()
}
