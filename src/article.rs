//! The value that travels: an article as numbered sentences, and everything that was taken out of it.
//!
//! Made by `clean`, read by every later room. All spans are byte offsets into the decoded text, half open.
//! Title, sentences and removed spans never overlap, and together hold every character that is not white space.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::language::Language;
pub(crate) use crate::language::hangul::is_hangul;
pub use crate::language::script::{is_letter, letters};

/// The schema name of `sukje clean --format json`.
pub const CLEAN_SCHEMA: &str = "sukje.clean/1";

/// Where the text came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// The file's name, without its folder; `-` for standard input.
    pub name: String,
    /// Size of the undecoded input in bytes.
    pub bytes: u64,
    /// The encoding the bytes were read as, by its WHATWG name in lower case.
    pub encoding: String,
    /// SHA-256 of the undecoded input, in hexadecimal.
    pub sha256: String,
}

/// A piece of the decoded text with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Passage {
    /// The span with white-space runs folded to one space and invisible characters left out.
    pub text: String,
    /// First byte in the decoded text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Its stretches in the decoded text, where something that is not read stands between them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<(usize, usize)>,
}

/// One sentence of the article, numbered from 1 in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sentence {
    /// The number evidence refers to.
    pub id: u32,
    /// The span with white-space runs folded to one space and invisible characters left out.
    pub text: String,
    /// First byte in the decoded text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Its stretches in the decoded text, where something that is not read stands between them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<(usize, usize)>,
}

/// Why a span was removed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Says again what an earlier unit says.
    Duplicate,
    /// Belongs to another story.
    UnrelatedArticle,
    /// Sells something.
    Advertisement,
    /// Names who wrote it.
    Byline,
    /// Dates, counts, sections, nicknames.
    Metadata,
    /// Describes a picture.
    Caption,
    /// Claims rights.
    Copyright,
    /// Headlines of other stories.
    RelatedLinks,
    /// Asks to subscribe, follow, join or give.
    Promotion,
    /// Menus, buttons, tags, previous and next.
    Navigation,
    /// What readers wrote below.
    Comment,
    /// Not meant to be seen.
    Hidden,
    /// None of these.
    Other,
}

impl Reason {
    /// Every reason, in the order reports list them.
    pub const ALL: [Reason; 13] = [
        Reason::Duplicate,
        Reason::UnrelatedArticle,
        Reason::Advertisement,
        Reason::Byline,
        Reason::Metadata,
        Reason::Caption,
        Reason::Copyright,
        Reason::RelatedLinks,
        Reason::Promotion,
        Reason::Navigation,
        Reason::Comment,
        Reason::Hidden,
        Reason::Other,
    ];

    /// The name the output uses, such as `unrelated_article`.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Duplicate => "duplicate",
            Reason::UnrelatedArticle => "unrelated_article",
            Reason::Advertisement => "advertisement",
            Reason::Byline => "byline",
            Reason::Metadata => "metadata",
            Reason::Caption => "caption",
            Reason::Copyright => "copyright",
            Reason::RelatedLinks => "related_links",
            Reason::Promotion => "promotion",
            Reason::Navigation => "navigation",
            Reason::Comment => "comment",
            Reason::Hidden => "hidden",
            Reason::Other => "other",
        }
    }
}

/// What a duplicate repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Original {
    /// The id of the sentence kept.
    Sentence(u32),
    /// The index in `removed`, counted from 0, of the span that stood first.
    Removed(usize),
}

/// A span taken out, with the reason and the rule that took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Removed {
    /// First byte in the decoded text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The span with white-space runs folded to one space.
    pub text: String,
    /// The kind of noise.
    pub reason: Reason,
    /// The rule table's entry, such as `ko.nickname`.
    pub rule: Cow<'static, str>,
    /// For a duplicate, what it repeats.
    pub of: Option<Original>,
    /// How sure a learned class is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// Its stretches in the decoded text, where something that is not read stands between them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<(usize, usize)>,
}

/// How sure a learned class is: a probability, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "f32", into = "f32")]
pub struct Score(u16);

impl From<f32> for Score {
    fn from(probability: f32) -> Score {
        Score((probability.clamp(0.0, 1.0) * 1000.0).round() as u16)
    }
}

impl From<Score> for f32 {
    fn from(score: Score) -> f32 {
        f32::from(score.0) / 1000.0
    }
}

impl JsonSchema for Score {
    fn schema_name() -> Cow<'static, str> {
        "Score".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "minimum": 0, "maximum": 1 })
    }
}

/// A metadata value; without offsets where it does not stand in the decoded text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MetadataField {
    /// The value as it stands there.
    pub text: String,
    /// First byte in the decoded text.
    pub start: Option<usize>,
    /// Byte after the last.
    pub end: Option<usize>,
}

/// What the removed lines tell about the article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Metadata {
    /// Who wrote it.
    pub author: Option<MetadataField>,
    /// Where it was published.
    pub outlet: Option<MetadataField>,
    /// When, as the text says it.
    pub date: Option<MetadataField>,
    /// Its address.
    pub url: Option<MetadataField>,
}

/// The kinds of thing a reader should be told about the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// Bytes that no character of the encoding has; each became U+FFFD.
    BadBytes,
    /// Invisible or control characters inside the text.
    HiddenCharacters,
    /// The encoding was guessed and may be wrong.
    GuessedEncoding,
    /// Little would have been left, so that more was kept than the rules say.
    KeptMore,
    /// The text is in neither of the two languages.
    UnknownLanguage,
    /// The text holds what looks like instructions to a model.
    InstructionLike,
    /// Not all sentences were looked at.
    Coverage,
    /// Something of the text was read as what it stands for: entities, decomposed Hangul, quoting, cues.
    Format,
    /// A page holds text that is not shown.
    HiddenText,
    /// A page or a feed holds several articles.
    SeveralArticles,
}

/// A finding about the text that changes nothing in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// What kind of finding.
    pub kind: WarningKind,
    /// What was found, in words.
    pub text: String,
    /// First byte in the decoded text, where the finding has a place.
    pub start: Option<usize>,
    /// Byte after the last.
    pub end: Option<usize>,
}

/// An article: what was kept, what was removed, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Article {
    /// Always [`CLEAN_SCHEMA`].
    pub schema: Cow<'static, str>,
    /// Where the text came from.
    pub source: Source,
    /// The article's language.
    pub language: Language,
    /// The headline; never also a sentence.
    pub title: Option<Passage>,
    /// Author, outlet, date and address.
    pub metadata: Metadata,
    /// The sentences kept, ids from 1.
    pub sentences: Vec<Sentence>,
    /// The spans removed, in order.
    pub removed: Vec<Removed>,
    /// Findings about the text.
    pub warnings: Vec<Warning>,
}

impl Article {
    /// Makes an article of a title and sentences that stand a line each, with nothing removed.
    pub fn of_lines(
        name: &str,
        language: Language,
        title: &str,
        sentences: impl IntoIterator<Item = String>,
    ) -> Article {
        let mut at = 0;
        let mut place = |text: String| {
            let start = at;
            at += text.len() + 1;
            (start, start + text.len(), text)
        };
        let (start, end, text) = place(title.to_string());
        let title = (!text.is_empty()).then_some(Passage {
            text,
            start,
            end,
            spans: Vec::new(),
        });
        let numbered = (1..).zip(sentences).map(|(id, text)| {
            let (start, end, text) = place(text);
            Sentence {
                id,
                text,
                start,
                end,
                spans: Vec::new(),
            }
        });
        let sentences = numbered.collect();
        Article {
            schema: Cow::Borrowed(CLEAN_SCHEMA),
            source: Source {
                name: name.to_string(),
                bytes: at as u64,
                encoding: "utf-8".into(),
                sha256: String::new(),
            },
            language,
            title,
            metadata: Metadata::default(),
            sentences,
            removed: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Counts the letters of its sentences.
    pub fn letters(&self) -> usize {
        self.sentences.iter().map(|s| letters(&s.text)).sum()
    }

    /// Returns the sentence with this id, if there is one.
    pub fn sentence(&self, id: u32) -> Option<&Sentence> {
        self.sentences.get((id as usize).checked_sub(1)?)
    }
}

/// Characters that are not seen and may carry what a reader should not miss: controls, zero-width and bidi marks, tags.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
        || matches!(c as u32, 0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2064 | 0x2066..=0x206F | 0xFEFF | 0xE0000..=0xE007F | 0x1C..=0x1F)
}

/// Whether a text has hidden characters. Only where a byte may begin one is the character looked at.
pub(crate) fn hides(text: &str) -> bool {
    let may_begin = |b: u8| MAY_HIDE[b as usize];
    let mut rest = text;
    while let Some(i) = rest.bytes().position(may_begin) {
        let mut chars = rest[i..].chars();
        if chars.next().is_some_and(is_hidden) {
            return true;
        }
        rest = chars.as_str();
    }
    false
}

/// First bytes of hidden characters, and of others.
const MAY_HIDE: [bool; 256] = {
    let mut may = [false; 256];
    let mut b = 0;
    while b < may.len() {
        may[b] = b < 0x20 || matches!(b, 0x7F | 0xC2 | 0xE2 | 0xEF | 0xF3);
        b += 1;
    }
    may
};

/// `text` without hidden characters; the zero-width joiner stays where it builds an emoji.
pub(crate) fn visible(text: &str) -> String {
    if !hides(text) {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let joins = c == '\u{200d}'
            && out.chars().next_back().is_some_and(|p| p as u32 > 0x2000)
            && chars.peek().is_some_and(|n| *n as u32 > 0x2000);
        if joins || !is_hidden(c) {
            out.push(c);
        }
    }
    out
}
