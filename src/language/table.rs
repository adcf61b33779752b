//! The languages, and the table that holds something for each of them.
//!
//! In:  values. Out: the one for a language. Knows nothing of any language.

use std::ops::Index;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The two languages the rules and lexicons are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Korean.
    Ko,
    /// English.
    En,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 2] = [Language::Ko, Language::En];

    /// Returns the ISO 639-1 code, as output and file names have it.
    pub fn code(self) -> &'static str {
        PerLanguage { ko: "ko", en: "en" }[self]
    }
}

/// One value for each language: a table that does not compile before it is complete.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PerLanguage<T> {
    /// The value for Korean.
    pub ko: T,
    /// The value for English.
    pub en: T,
}

impl<T> PerLanguage<T> {
    /// Makes the value of each language.
    pub fn from_fn(mut value: impl FnMut(Language) -> T) -> PerLanguage<T> {
        PerLanguage {
            ko: value(Language::Ko),
            en: value(Language::En),
        }
    }

    /// Returns the value for `language`.
    pub const fn of(&self, language: Language) -> &T {
        match language {
            Language::Ko => &self.ko,
            Language::En => &self.en,
        }
    }

    /// Makes another table out of each value.
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> PerLanguage<U> {
        PerLanguage {
            ko: change(self.ko),
            en: change(self.en),
        }
    }

    /// Goes through the values of all languages.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        [&self.ko, &self.en].into_iter()
    }
}

impl<T> Index<Language> for PerLanguage<T> {
    type Output = T;

    fn index(&self, language: Language) -> &T {
        self.of(language)
    }
}
