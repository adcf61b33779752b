//! The languages, and the table that holds something for each of them.
//!
//! In:  values. Out: the one for a language. Knows nothing of any language.

use std::fmt;
use std::ops::{Index, IndexMut};
use std::sync::OnceLock;

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
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
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

/// Shows the values as a list.
impl<T: fmt::Debug> fmt::Debug for PerLanguage<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.values()).finish()
    }
}

impl<T> Index<Language> for PerLanguage<T> {
    type Output = T;

    fn index(&self, language: Language) -> &T {
        self.of(language)
    }
}

impl<T> IndexMut<Language> for PerLanguage<T> {
    fn index_mut(&mut self, language: Language) -> &mut T {
        match language {
            Language::Ko => &mut self.ko,
            Language::En => &mut self.en,
        }
    }
}

/// One value for each language, made when it is first asked for.
#[derive(Debug)]
pub struct OncePerLanguage<T>(PerLanguage<OnceLock<T>>);

impl<T> OncePerLanguage<T> {
    /// Makes a table of values that are still to be made.
    #[expect(clippy::new_without_default, reason = "for statics only")]
    pub const fn new() -> OncePerLanguage<T> {
        OncePerLanguage(PerLanguage {
            ko: OnceLock::new(),
            en: OnceLock::new(),
        })
    }

    /// Returns the value for `language`, which `make` makes the first time.
    pub fn get_or_make(&self, language: Language, make: impl FnOnce(Language) -> T) -> &T {
        self.0[language].get_or_init(|| make(language))
    }
}
