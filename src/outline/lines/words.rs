//! ArticleWords: how likely a line that an editor writes holds a word of the sentences it rests on.
//!
//! In:  an article, what is held of its sentences, a part of the outline. Out: for each word of each sentence a probability.
//! Logistic regression over named figures, learned from `training/lines`.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::reduce::{Reduction, reductions};
use crate::article::{Article, Language};
use crate::classifier::sigmoid;
use crate::language::PerLanguage;
use crate::language::clauses::{ByteSpan, ClauseKind, statements};
use crate::language::stems;
use crate::outline::extractive::roles::Judgement;

/// Words of a sentence that are looked at: a longer one is text that could not be cut.
const MOST_WORDS: usize = 400;
/// Figures of a word.
pub const FIGURES: usize = 24;

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineField {
    /// The article's main claim.
    Thesis,
    /// A challenge.
    Challenge,
    /// What should be done, or a step of the argument.
    Step,
}

/// A word that says something.
#[derive(Debug, Clone)]
pub struct Word {
    /// Its bytes in the sentence.
    pub span: ByteSpan,
    /// What it is counted by; equal for forms of one word.
    pub id: u32,
    /// Whether it states a figure.
    pub figure: bool,
    /// Its letters.
    pub letters: usize,
    /// What stands for it in [`WordWeights`], without what its sentence and the field give.
    figures: [f32; FIGURES],
}

/// The words of an article, read once for all lines.
#[derive(Debug)]
pub struct ArticleWords {
    /// Of each sentence.
    pub sentences: Vec<Vec<Word>>,
    /// Of each sentence, made when they are first asked for.
    reductions: Vec<OnceCell<Vec<Reduction>>>,
    language: Language,
}

/// Weights of words, one a figure, by language.
pub type WordWeights = PerLanguage<[f32; FIGURES]>;

/// What is held of a sentence when it is cited.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CitedAs {
    /// Its place among the cited, best first.
    pub rank: usize,
    /// How sure it is evidence, 0 to 1.
    pub sure: f32,
}

impl ArticleWords {
    /// Reads the words of an article.
    pub fn of(article: &Article, judgements: &[Judgement], thesis: &[usize]) -> ArticleWords {
        let language = article.language;
        let mut ids = FxHashMap::default();
        let mut sentences: Vec<Vec<Word>> = Vec::with_capacity(article.sentences.len());
        for sentence in &article.sentences {
            sentences.push(words(&sentence.text, language, &mut ids));
        }
        let mut counts = vec![0usize; ids.len()];
        for words in &sentences {
            words.iter().for_each(|w| counts[w.id as usize] += 1);
        }
        let title = article.title.as_ref().map_or("", |t| t.text.as_str());
        let marked = |texts: &[&str]| {
            let mut flags = vec![false; counts.len()];
            for text in texts {
                for (stem, _) in stemmed(text, language) {
                    if let Some(id) = ids.get(&stem) {
                        flags[*id as usize] = true;
                    }
                }
            }
            flags
        };
        let titled = marked(&[title]);
        let claimed: Vec<&str> = thesis
            .iter()
            .map(|i| article.sentences[*i].text.as_str())
            .collect();
        let claimed = marked(&claimed);
        for (i, words) in sentences.iter_mut().enumerate() {
            let text = &article.sentences[i].text;
            let kinds = kinds(text, language);
            let judged = &judgements[i];
            let count = words.len();
            for (n, word) in words.iter_mut().enumerate() {
                let id = word.id as usize;
                let raw = &text[word.span.0..word.span.1];
                let kind = kinds
                    .iter()
                    .find(|(span, _)| span.0 <= word.span.0 && word.span.0 < span.1);
                let f = &mut word.figures;
                f[0] = 1.0;
                f[1] = f32::from(u8::from(word.figure));
                f[2] = f32::from(u8::from(word.figure && measured(raw)));
                f[3] = f32::from(u8::from(named(raw, word.span.0 == 0, language)));
                f[4] = (1.0 + counts[id] as f32).ln() - 0.7;
                f[5] = f32::from(u8::from(titled[id]));
                f[6] = f32::from(u8::from(claimed[id]));
                f[7] = sigmoid(judged.key);
                f[8] = sigmoid(judged.thesis);
                f[9] = judged.roles[1];
                f[10] = judged.roles[2];
                f[11] = judged.roles[3];
                let kind = kind.map(|(_, kind)| *kind);
                f[12] = f32::from(u8::from(kind == Some(ClauseKind::Optional)));
                f[13] = f32::from(u8::from(matches!(
                    kind,
                    Some(ClauseKind::Topic | ClauseKind::LeadIn)
                )));
                f[14] = n as f32 / count as f32;
                f[15] = word.letters as f32 / 10.0;
                f[16] = f32::from(u8::from(n + 1 == count));
            }
        }
        ArticleWords {
            reductions: vec![OnceCell::new(); sentences.len()],
            sentences,
            language,
        }
    }

    /// The reductions of a sentence, whose text is given.
    pub fn reductions(&self, sentence: usize, text: &str) -> &[Reduction] {
        self.reductions[sentence].get_or_init(|| reductions(text, self.language))
    }

    /// The figures of a word of a cited sentence in a field, where `again` cited sentences say it.
    pub fn figures(
        &self,
        word: &Word,
        cited: CitedAs,
        field: LineField,
        again: usize,
    ) -> [f32; FIGURES] {
        let mut f = word.figures;
        f[17] = f32::from(u8::from(again > 1));
        f[18] = f32::from(u8::from(cited.rank == 0));
        f[19] = f32::from(u8::from(cited.rank == 1));
        f[20] = f32::from(u8::from(cited.rank == 2));
        f[21] = cited.sure;
        f[22] = f32::from(u8::from(field == LineField::Thesis));
        f[23] = f32::from(u8::from(field == LineField::Thesis)) * f[8];
        f
    }

    /// The probability that an editor's line holds the word.
    pub fn probability(&self, model: &WordWeights, figures: &[f32; FIGURES]) -> f32 {
        let weights = &model[self.language];
        sigmoid(weights.iter().zip(figures).map(|(w, f)| w * f).sum())
    }
}

/// Clauses with what they are.
fn kinds(text: &str, language: Language) -> Vec<(ByteSpan, ClauseKind)> {
    let clauses = statements(text, language)
        .into_iter()
        .flat_map(|s| s.clauses);
    clauses.map(|c| (c.span, c.kind)).collect()
}

/// The stem of each word that says something, with its bytes.
fn stemmed(text: &str, language: Language) -> Vec<(String, ByteSpan)> {
    let parts = |c: char| c.is_whitespace() || matches!(c, '·' | '—' | '/' | '…');
    let mut found = Vec::new();
    let mut behind = 0;
    for piece in text.split_inclusive(parts) {
        behind += piece.len();
        let opened = piece.trim_start_matches(|c: char| !c.is_alphanumeric());
        let start = behind - opened.len();
        let bare = opened.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '%');
        let span = (start, start + bare.len());
        if bare.contains(|c: char| c.is_ascii_digit()) {
            let digits = bare.chars().filter(|c| c.is_ascii_digit() || *c == '.');
            found.push((digits.collect(), span));
        } else if let Some(stem) = stems::content(bare, language).filter(|_| !bare.is_empty()) {
            found.push((stem.into_owned(), span));
        }
    }
    found
}

/// The stems of a text's words that say something.
pub fn stems_of(text: &str, language: Language) -> Vec<String> {
    stemmed(text, language)
        .into_iter()
        .map(|(stem, _)| stem)
        .collect()
}

fn words(text: &str, language: Language, ids: &mut FxHashMap<String, u32>) -> Vec<Word> {
    let word = |(stem, span): (String, ByteSpan)| {
        let next = ids.len() as u32;
        let raw = &text[span.0..span.1];
        Word {
            span,
            figure: raw.contains(|c: char| c.is_ascii_digit()),
            letters: raw.chars().filter(|c| c.is_alphanumeric()).count(),
            id: *ids.entry(stem).or_insert(next),
            figures: [0.0; FIGURES],
        }
    };
    let stems = stemmed(text, language).into_iter();
    stems.take(MOST_WORDS).map(word).collect()
}

/// A figure with its unit or its currency.
fn measured(raw: &str) -> bool {
    raw.chars().any(|c| {
        matches!(
            c,
            '%' | '$' | '€' | '£' | '₩' | '만' | '억' | '조' | '배' | '명'
        )
    })
}

/// A name: capitals within an English sentence, Latin letters within a Korean one.
fn named(raw: &str, first: bool, language: Language) -> bool {
    let capital = raw.starts_with(|c: char| c.is_uppercase());
    PerLanguage {
        ko: raw.contains(|c: char| c.is_ascii_alphabetic()),
        en: capital && !first,
    }[language]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_where_it_says() {
        let text = "요금은 3 %포인트, %증가 (12.5%) “전력망”/송전선… %";
        let found = stemmed(text, Language::Ko);
        let words: Vec<&str> = found.iter().map(|(_, (a, b))| &text[*a..*b]).collect();
        assert_eq!(
            words,
            ["요금은", "3", "포인트", "증가", "12.5%", "전력망", "송전선"]
        );
        assert!(stemmed("% — %%", Language::En).is_empty());
    }
}
