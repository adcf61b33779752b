//! English sentence ends: marks that are no abbreviation's, and, where marks were lost, capitals that open a sentence.

use super::gap::{Gap, Style};
use super::gap_model::{Around, Emit, GapModel, name};
use crate::classifier::Classifier;
use crate::language::data::{self, List};
use crate::language::script::is_letter;

/// Tells where a sentence ends without a mark.
pub static GAP_MODEL: GapModel = GapModel {
    weights: Classifier::new(include_bytes!("../../../training/weights/gaps.en.bin")),
    own: gap_features,
};

/// Returns whether sentences of this text mostly end in a mark.
pub(super) fn is_punctuated(text: &str) -> bool {
    let words = text.split_ascii_whitespace().take(20_000).count();
    let stops = text
        .split_ascii_whitespace()
        .take(20_000)
        .filter(|w| {
            w.trim_end_matches(['"', '\'', '”', '’', ')'])
                .ends_with(['.', '!', '?'])
        })
        .count();
    // Unmarked text has hardly any; marked text has one in 10 to 30 words.
    stops * 60 >= words && stops > 0
}

/// Returns whether the sentence ends in this gap.
pub(super) fn ends_at(gap: &Gap, style: Style) -> bool {
    let prev = gap.prev();
    let next = gap.next();
    if is_bullet(next) {
        return gap.so_far().len() > 6;
    }
    let core = prev.trim_end_matches(['"', '\'', '”', '’', ')', ']']);
    if core.ends_with(['.', '!', '?', '…']) {
        return ends_after_mark(gap, core);
    }
    !style.punctuated && opens_sentence(gap)
}

/// Returns whether the text ends in a mark, or, unmarked, has the small words that running prose cannot do without.
pub(super) fn closes_sentence(text: &str) -> bool {
    let text = text
        .trim_end()
        .trim_end_matches(['"', '\'', '”', '’', ')', ']']);
    if text.ends_with(['.', '!', '?', '…']) {
        return text.split_whitespace().count() >= 4;
    }
    if text.ends_with([':', ',', ';']) {
        return false;
    }
    let words = text.split_whitespace().count();
    let small = text.split_whitespace().filter(|w| is_small_word(w)).count();
    words >= 6 && small >= 2 && small * 6 >= words
}

/// Articles, prepositions, pronouns and auxiliaries in lower case.
fn is_small_word(word: &str) -> bool {
    SMALL_WORDS.has(word)
}

fn is_bullet(token: &str) -> bool {
    matches!(
        token,
        "•" | "◦" | "▪" | "■" | "□" | "◆" | "●" | "○" | "▶" | "▷" | "☞" | "※" | "·"
    )
}

fn ends_after_mark(gap: &Gap, core: &str) -> bool {
    let next = gap
        .next()
        .trim_start_matches(['"', '\'', '“', '‘', '(', '[', '$', '€', '£', '-', '–', '—']);
    let Some(first) = next.chars().next() else {
        return false;
    };
    if first.is_lowercase() {
        return false;
    }
    if core.ends_with(['!', '?', '…']) || core.ends_with("..") {
        return true;
    }
    let word = core
        .trim_end_matches('.')
        .trim_start_matches(['"', '\'', '“', '‘', '(', '[']);
    if is_title(word) {
        return word == "No" && !first.is_ascii_digit();
    }
    // "2. A second supplier": the number of a list item.
    if gap.before.0 == gap.sentence && word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    if is_initial(word) || is_abbreviation(word) {
        // "U.S. The" ends, "U.S. Senate" does not.
        return is_function_word(next) && !(word.len() == 1 && word != "I");
    }
    true
}

/// Titles that always stand before a name or number.
pub(super) fn is_title(word: &str) -> bool {
    TITLES.has(word)
}

fn is_abbreviation(word: &str) -> bool {
    ABBREVIATIONS.has(word) || word.contains('.') && word.split('.').all(|p| p.chars().count() == 1)
}

fn is_initial(word: &str) -> bool {
    word.chars().count() == 1 && word.chars().all(|c| c.is_ascii_uppercase())
}

/// Probability from which a sentence ends before a capital in text without marks.
const ENDS: f32 = 0.5;

/// Returns whether a capitalised word opens a sentence in text without marks.
fn opens_sentence(gap: &Gap) -> bool {
    gap.next().starts_with(|c: char| c.is_uppercase())
        && !cannot_end(gap.prev())
        && !gap.prev().ends_with([',', ';', ':'])
        && GAP_MODEL.probability(gap) >= ENDS
}

/// Words behind which no sentence ends.
fn cannot_end(word: &str) -> bool {
    CANNOT_END.has(word)
}

/// Words that stand capitalised only where a sentence begins.
fn is_function_word(word: &str) -> bool {
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    FUNCTION_WORDS.has(word)
}

/// Returns whether a prose line breaks off after a comma or before a lower-case word.
pub(super) fn is_unfinished(line: &str, next: &str) -> bool {
    let words = line.split_whitespace().count();
    let ended = line.ends_with(['.', '!', '?', '"', '”', ':', ')']);
    words >= 6 && !ended && next.starts_with(|c: char| c.is_lowercase())
}

/// Emits the features of a gap that only English has: a sentence without a finite verb is seldom over.
fn gap_features(around: &Around, one: &mut Emit) {
    let gap = around.gap;
    let [before, behind, after] = around.shapes;
    let verb = u8::from(gap.so_far().split_whitespace().take(60).any(is_finite));
    let lower = u8::from(stands_in_lower_case(gap.text, gap.next()));
    one(name::EN_VERB, &[&[verb, around.length]]);
    one(name::EN_VERB_AND_NEXT, &[&[verb], around.next.as_bytes()]);
    one(name::EN_VERB_AND_SHAPES, &[&[verb, before, behind]]);
    one(name::EN_LOWER_CASE, &[&[lower, behind, after]]);
    let verb_behind = u8::from(is_finite(around.after_next));
    one(name::EN_VERB_BEHIND, &[&[verb_behind, behind, before]]);
}

fn is_finite(word: &str) -> bool {
    FINITE.has(word) || word.len() > 4 && word.ends_with("ed")
}

/// Returns whether the word stands in lower case elsewhere in the text, so that its capital here opens a sentence.
fn stands_in_lower_case(text: &str, word: &str) -> bool {
    let word = word.trim_matches(|c: char| !is_letter(c));
    if !word.is_ascii() || word.len() < 2 {
        return false;
    }
    let lower = format!(" {} ", word.to_ascii_lowercase());
    // Far enough for an article; a longer text is no slower for it.
    let mut end = text.len().min(40_000);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    memchr::memmem::find(&text.as_bytes()[..end], lower.as_bytes()).is_some()
}

/// Articles, prepositions, pronouns and auxiliaries in lower case.
static SMALL_WORDS: List = List::of(&data::SEGMENT.en, "small_words");
/// Titles that always stand before a name or number.
static TITLES: List = List::of(&data::SEGMENT.en, "titles");
/// Abbreviations behind which a sentence may end or not.
static ABBREVIATIONS: List = List::of(&data::SEGMENT.en, "abbreviations");
/// Words behind which no sentence ends.
static CANNOT_END: List = List::of(&data::SEGMENT.en, "cannot_end");
/// Words that stand capitalised only where a sentence begins.
static FUNCTION_WORDS: List = List::of(&data::SEGMENT.en, "function_words");
/// Auxiliaries and past forms.
static FINITE: List = List::of(&data::SEGMENT.en, "finite");
