//! English full stops: whether one ends a sentence or only shortens a word.
//!
//! In:  a full stop with the words around it. Out: whether the sentence ends. Lists of `data/en/segment.txt`, and the shapes of
//! words; where a word may do either, the next one says.

use super::tails;
use crate::language::data::{self, List};

/// A full stop, with the words around it.
pub(super) struct Stop<'a> {
    /// The word before it, without the stop.
    pub word: &'a str,
    /// What stands before the word in its sentence.
    pub before: &'a str,
    /// The word behind, without marks that open it.
    pub next: &'a str,
    /// Whether a quotation opens before that word.
    pub quoted: bool,
    /// The text behind that word.
    pub rest: &'a str,
}

impl Stop<'_> {
    /// Returns whether the sentence ends here.
    pub fn ends(&self) -> bool {
        let word = self.word;
        let number = self.next.starts_with(|c: char| c.is_ascii_digit());
        if is_single_title(word) {
            return self.closes_street();
        }
        if is_initial(word) {
            let named = LETTERED.has(self.word_before().to_ascii_lowercase().as_str());
            // "W. Third St.": a point of the compass.
            let compass = matches!(word, "N" | "E" | "S" | "W");
            let opens = !compass && !self.before.is_empty() && is_function_word(self.next);
            return named && !number || opens;
        }
        if NUMBERED.has(word.to_ascii_lowercase().as_str()) {
            if self.is_numbered() {
                return false;
            }
            if !word.starts_with(char::is_lowercase) && word != "No" {
                return self.opens();
            }
        }
        if is_time(word) {
            let next = self.next.trim_end_matches(|c: char| !c.is_alphanumeric());
            let word = next.starts_with(char::is_alphabetic);
            return word && !BEHIND_TIMES.has(next);
        }
        let counted = self.word_before().starts_with(|c: char| c.is_ascii_digit());
        // "74 m.p.h." measures behind a figure alone.
        if UNITS.has(word) && (counted || !word.contains('.')) {
            return !(number && counted);
        }
        if self.is_heading() {
            return false;
        }
        // "Gary, Ind.", "Paw Paw, W. Va."
        let town = self.before.strip_suffix(" W.").unwrap_or(self.before);
        if town.ends_with(',') && PLACES.has(word) {
            return true;
        }
        if is_abbreviation(word) {
            return !number && self.opens();
        }
        // "212 Esk. 3d 415", "31. Qxh7+": a citation, a move.
        let between = number && self.word_before().ends_with(|c: char| c.is_ascii_digit());
        let short = word.len() <= 5 && word.starts_with(char::is_uppercase);
        !(between && short || is_number(word) && is_move(self.next))
    }

    /// Returns whether the next word opens a sentence, though the word before is one that may go on.
    pub fn opens(&self) -> bool {
        is_function_word(self.next) || self.quoted || self.is_plural_subject()
    }

    /// "Step 2. Close the lid": the sentence so far is a label of two words.
    fn is_heading(&self) -> bool {
        is_number(self.word)
            && self.word.len() <= 3
            && self.before.len() <= 16
            && !self.before.contains(' ')
            && self.before.starts_with(char::is_uppercase)
            && LETTERED.has(self.before.to_ascii_lowercase().as_str())
    }

    /// "Calif. Trucks bring it": a plural, and a word in lower case behind it that is no preposition.
    fn is_plural_subject(&self) -> bool {
        let plural = self.next.ends_with('s')
            && !self.next.ends_with("ss")
            && self.next.len() > 4
            && self.next.chars().skip(1).all(char::is_lowercase);
        let behind = self.rest.split_whitespace().next().unwrap_or("");
        plural
            && !self.word.contains('.')
            && behind.starts_with(char::is_lowercase)
            && !matches!(behind, "and" | "of" | "or" | "for" | "in" | "at" | "de")
    }

    /// "5th St. The", "Mill Dr. “We": a street, no title.
    fn closes_street(&self) -> bool {
        STREETS.has(self.word)
            && (is_function_word(self.next) || self.quoted)
            && self
                .word_before()
                .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    }

    /// "Art. 12", "Sec. IV", "Fig. B": what stands behind is a number, or counts as one.
    fn is_numbered(&self) -> bool {
        let next = self.next.trim_end_matches(|c: char| !c.is_alphanumeric());
        let Some(first) = next.bytes().next() else {
            return false;
        };
        let roman = next.len() <= 5 && next.bytes().all(|b| b"IVXLC".contains(&b));
        let counts = next.len() == 1 && first.is_ascii_uppercase()
            || first.is_ascii_uppercase() && next.bytes().any(|b| b.is_ascii_digit());
        // "no. I think": a word, not a number.
        let word =
            matches!(next, "I" | "A") && self.rest.trim_start().starts_with(char::is_lowercase);
        first.is_ascii_digit() || (roman || counts) && !word
    }

    pub fn word_before(&self) -> &str {
        // A text without blanks is one word: only its end is looked at.
        let word = tails::last_bytes(self.before)
            .split_whitespace()
            .next_back();
        word.unwrap_or("")
            .trim_start_matches(['(', '[', '"', '“', '£', '$', '€'])
    }
}

/// Returns the word at the end of a text, with the stops inside it: "U.S", "p.m", "c" of "&c".
pub(super) fn word_before(text: &str) -> &str {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’' | '&');
    let start = text
        .char_indices()
        .rev()
        .take(40)
        .take_while(|(_, c)| part(*c))
        .last()
        .map_or(text.len(), |(i, _)| i);
    text[start..].trim_start_matches(['\'', '’', '.'])
}

/// Titles that always stand before a name or number, also in capitals.
pub(super) fn is_single_title(word: &str) -> bool {
    TITLES.has(word) || {
        let shouted = word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase());
        shouted && TITLES.has(&[&word[..1], &word[1..].to_ascii_lowercase()].concat())
    }
}

/// Words that stand capitalised only where a sentence begins, also before an apostrophe.
pub(super) fn is_function_word(word: &str) -> bool {
    let end = word
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(word.len());
    // "A. A. Milne": an initial is no word.
    let initial = end == 1 && word[end..].starts_with('.');
    !initial && FUNCTION_WORDS.has(&word[..end])
}

/// Short words with a stop that a list holds, that are letters with stops between them, or that have no vowel.
fn is_abbreviation(word: &str) -> bool {
    let short = |p: &str| p.len() <= 2 && p.bytes().all(|b| b.is_ascii_alphabetic());
    let bare = word.len() > 1
        && word.starts_with(char::is_uppercase)
        && word.bytes().skip(1).all(|b| b.is_ascii_lowercase())
        && !word
            .to_ascii_lowercase()
            .contains(['a', 'e', 'i', 'o', 'u', 'y']);
    ABBREVIATIONS.has(word) || word.contains('.') && word.split('.').all(short) || bare
}

fn is_initial(word: &str) -> bool {
    word.len() == 1 && word.as_bytes()[0].is_ascii_uppercase()
}

fn is_time(word: &str) -> bool {
    let time = word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ':'));
    matches!(time, "a.m" | "p.m" | "A.M" | "P.M")
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

/// A move of a game of chess: "Qxh7+".
fn is_move(word: &str) -> bool {
    let rest = word.strip_prefix(['K', 'Q', 'R', 'B', 'N']).unwrap_or("");
    matches!(rest.len(), 2..=6) && rest.bytes().all(|b| b"abcdefghx12345678+#".contains(&b))
}

/// Titles and other words that always stand before a name or number.
static TITLES: List = List::of(&data::SEGMENT.en, "titles");
/// Titles that also close the name of a street.
static STREETS: List = List::of(&data::SEGMENT.en, "streets");
/// Words that stand before a number and go on there.
static NUMBERED: List = List::of(&data::SEGMENT.en, "numbered");
/// Abbreviations behind which a sentence may end or not.
static ABBREVIATIONS: List = List::of(&data::SEGMENT.en, "abbreviations");
/// Measures and other words in lower case.
static UNITS: List = List::of(&data::SEGMENT.en, "units");
/// States and countries, cut short behind a town and a comma.
static PLACES: List = List::of(&data::SEGMENT.en, "places");
/// Days and zones behind a.m. and p.m.
static BEHIND_TIMES: List = List::of(&data::SEGMENT.en, "behind_times");
/// Words behind which a single capital letter is a name.
static LETTERED: List = List::of(&data::SEGMENT.en, "lettered");
/// Words that stand capitalised only where a sentence begins.
static FUNCTION_WORDS: List = List::of(&data::SEGMENT.en, "function_words");
