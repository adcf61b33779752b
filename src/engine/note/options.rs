//! How a model writes a note.

use std::fmt::Display;
use std::path::Path;

use super::prompt::Prompts;
use crate::engine::error::OpenError;
use crate::engine::options::{EngineOptions, WriteChoice};
use crate::input::read_file;
use crate::language::{Language, PerLanguage};
use crate::model::Sampling;

/// Tokens drawn at random are drawn as the models' makers advise for answers without thinking.
const TEMPERATURE: f32 = 0.7;
const TOP_P: f32 = 0.8;

/// How a model writes a note.
#[derive(Debug, Clone, PartialEq)]
pub struct WritingOptions {
    /// The prompts for notes in each language.
    pub prompts: PerLanguage<Prompts>,
    /// How lines come about.
    pub write: WriteChoice,
    /// The most tokens of the article that are read.
    pub article_tokens: usize,
    /// The most tokens of one text.
    pub text_tokens: usize,
    /// How tokens are chosen.
    pub sampling: Sampling,
    /// Tries runs of the cited sentences as drafts. Changes how fast a text comes, never the text.
    pub drafts: bool,
}

impl Default for WritingOptions {
    fn default() -> WritingOptions {
        let EngineOptions {
            article_tokens,
            text_tokens,
            ..
        } = EngineOptions::default();
        WritingOptions {
            prompts: PerLanguage::from_fn(Prompts::of),
            write: WriteChoice::Free,
            article_tokens,
            text_tokens,
            sampling: Sampling::default(),
            drafts: true,
        }
    }
}

impl WritingOptions {
    /// Takes over what an engine is opened with, its prompts read.
    pub fn from_engine(options: &EngineOptions) -> Result<WritingOptions, OpenError> {
        let mut writing = WritingOptions {
            write: options.write,
            article_tokens: options.article_tokens,
            text_tokens: options.text_tokens,
            sampling: options.seed.map_or_else(Sampling::default, drawn),
            ..WritingOptions::default()
        };
        if let Some(folder) = &options.prompts {
            writing.read_prompts(folder)?;
        }
        Ok(writing)
    }

    /// Returns whether lines are chosen among clauses, for a note in `output` of an article in `language`.
    pub fn chooses(&self, language: Language, output: Option<Language>) -> bool {
        match self.write {
            WriteChoice::Clauses => true,
            WriteChoice::Free => false,
            WriteChoice::Auto => output.is_none_or(|output| output == language),
        }
    }

    /// Returns the prompts for notes in `language`.
    pub fn prompts(&self, language: Language) -> &Prompts {
        &self.prompts[language]
    }

    /// Puts the files of a folder in the place of the built-in prompts.
    fn read_prompts(&mut self, folder: &Path) -> Result<(), OpenError> {
        let mut found = 0;
        for language in Language::ALL {
            for name in Prompts::names() {
                let path = folder
                    .join(language.code())
                    .join(name)
                    .with_extension("txt");
                if !path.exists() {
                    continue;
                }
                found += 1;
                let text = read_file(&path, None).map_err(|error| unusable(&path, error.cause))?;
                self.prompts[language]
                    .replace(name, text.text)
                    .map_err(|error| unusable(&path, error))?;
            }
        }
        match found {
            0 => Err(unusable(
                folder,
                "has no prompts, such as ko/thesis.txt or en/thesis.txt",
            )),
            _ => Ok(()),
        }
    }
}

fn unusable(path: &Path, cause: impl Display) -> OpenError {
    OpenError::File {
        path: path.to_path_buf(),
        cause: cause.to_string().into(),
    }
}

fn drawn(seed: u64) -> Sampling {
    Sampling {
        temperature: TEMPERATURE,
        top_p: TOP_P,
        min_p: 0.0,
        seed,
    }
}
