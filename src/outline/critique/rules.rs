//! What the critique must know of a language: how long a quotation is, where clauses end, what a sentence comes down to.
//!
//! [`LanguageRules`] is implemented once for each language, in a file of its own; nothing else in this folder tells languages apart.

use std::borrow::Cow;

/// A span of a sentence, in bytes.
pub type Span = (usize, usize);

/// Lengths in the measure of the language: characters of Korean, words of English.
#[derive(Debug, Clone, Copy)]
pub struct Lengths {
    /// The longest fragment; read on the training articles, longer ones stop being a quotation.
    pub longest_fragment: usize,
    /// The shortest; a shorter clause is joined with its neighbour.
    pub shortest_fragment: usize,
    /// The shortest quotation that says something.
    pub shortest_quote: usize,
    /// The shortest clause that says more than a heading.
    pub shortest_statement: usize,
}

/// What differs between languages.
pub trait LanguageRules: Sync {
    /// Returns the lengths of fragments.
    fn lengths(&self) -> Lengths;
    /// Measures a part of a sentence.
    fn size(&self, part: &str) -> usize;
    /// Returns the form cues are looked up in, byte for byte as long as the text.
    fn folded<'t>(&self, text: &'t str) -> Cow<'t, str>;
    /// Returns where a cue found up to `end` ends: there, or with the word it begins.
    fn cue_end(&self, text: &str, end: usize) -> usize;
    /// Returns whether a word may end before `rest`.
    fn ends_word(&self, rest: &str) -> bool;
    /// Returns whether a sentence asks that ends at `end`, without a final mark.
    fn asks(&self, text: &str, end: usize) -> bool;

    /// Returns whether a short clause is completed by the one behind it, even where there is one before it.
    fn completes_behind(&self) -> bool;
    /// Returns whether a clause begins with word `at`, marks apart.
    fn begins_clause(&self, text: &str, words: &[Span], at: usize) -> bool;
    /// Returns whether a word only ties its clause to the one before.
    fn ties(&self, word: &str) -> bool;
    /// Chooses the words of a clause that is too long, around those from `first` to `last`: the first, and the one after the last.
    fn window(&self, text: &str, words: &[Span], first: usize, last: usize) -> Span;
    /// Leaves out what leans on words that were cut off.
    fn finished(&self, text: &str, span: Span, at: Span) -> Span;
    /// Returns the words around a figure that say what it counts.
    fn amount(&self, text: &str, at: Span) -> Span;
    /// Returns the word a sentence says what it means with.
    #[cfg(feature = "model")]
    fn main_word(&self, text: &str) -> Span;

    /// Returns the clause a sentence comes down to; `asked` is where it asks for something.
    fn core(&self, text: &str, asked: Option<Span>) -> Span;
    /// Returns whether a cue of what is to come looks ahead where it stands.
    fn is_forecast(&self, text: &str, start: usize) -> bool;
    /// Returns a cue as a word of the article.
    fn cue_word(&self, text: &str, span: Span, variant: &str) -> String;
    /// Returns the name of a voice: the cue, and what belongs to it.
    fn voice_name(&self, text: &str, span: Span) -> String;
    /// Returns what was heard, where it stands before the cue.
    fn hearsay(&self, text: &str, span: Span) -> Option<Span>;
    /// Returns the place that the clause of quoted words is cut around.
    fn place_in_quote(&self, text: &str, quoted: Span) -> Span;
    /// Returns a challenge's label as it stands inside a sentence.
    fn label_inside(&self, label: &str) -> String;
}
