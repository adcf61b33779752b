//! A gap: the blank between two words, where a sentence may end.
//!
//! In:  a stretch of text. Out: the words around the blank, and the style of the text. Decides nothing.

use crate::language::Language;

/// How sentence ends are marked in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// The language whose endings and starts are looked for.
    pub language: Language,
    /// Whether most sentences end in a mark, so that weak signs without one are no end.
    pub punctuated: bool,
    /// Whether sentences are clipped to noun endings (Korean "…했음").
    pub clipped: bool,
}

/// A blank inside a stretch, with the tokens before and after it as spans of the stretch.
#[derive(Debug, Clone, Copy)]
pub struct Gap<'a> {
    /// The stretch's text.
    pub text: &'a str,
    /// Where the current sentence starts.
    pub sentence: usize,
    /// The token before the blank.
    pub before: (usize, usize),
    /// The token after the blank.
    pub after: (usize, usize),
}

impl<'a> Gap<'a> {
    /// Returns the token before the blank.
    pub fn prev(&self) -> &'a str {
        &self.text[self.before.0..self.before.1]
    }

    /// Returns the token after the blank.
    pub fn next(&self) -> &'a str {
        &self.text[self.after.0..self.after.1]
    }

    /// Returns the text after the next token.
    pub fn rest(&self) -> &'a str {
        &self.text[self.after.1..]
    }

    /// Returns the sentence so far.
    pub fn so_far(&self) -> &'a str {
        &self.text[self.sentence..self.before.1]
    }
}
