//! English sentence ends: marks that are no abbreviation's, and, where marks were lost, capitals that open a sentence.

use super::{Gap, gaps};
use crate::article::Language;

/// Whether sentences of this text mostly end in a mark.
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

/// Whether the sentence ends in this gap.
pub(super) fn ends_at(gap: &Gap, punctuated: bool) -> bool {
    let prev = gap.prev();
    let next = gap.next();
    if is_bullet(next) {
        return gap.so_far().len() > 6;
    }
    let core = prev.trim_end_matches(['"', '\'', '”', '’', ')', ']']);
    if core.ends_with(['.', '!', '?', '…']) {
        return ends_after_mark(gap, core);
    }
    !punctuated && opens_sentence(gap)
}

/// Whether the text ends in a mark, or, unmarked, has the small words that running prose cannot do without.
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
#[rustfmt::skip]
fn is_small_word(word: &str) -> bool {
    matches!(
        word,
        "the" | "a" | "an" | "of" | "to" | "in" | "on" | "at" | "by" | "for" | "with" | "from" | "and" | "or" | "but" | "as" | "that" | "which" | "who" | "it" | "its" | "they" | "their" | "he" | "his" | "she" | "her" | "we"
            | "our" | "is" | "are" | "was" | "were" | "be" | "been" | "has" | "have" | "had" | "will" | "would" | "can" | "could" | "not" | "no" | "than" | "when" | "if" | "so" | "this" | "there" | "into" | "them" | "you" | "I" | "my"
    )
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
#[rustfmt::skip]
pub(super) fn is_title(word: &str) -> bool {
    matches!(
        word,
        "Mr" | "Mrs" | "Ms" | "Dr" | "Prof" | "St" | "Sen" | "Rep" | "Gov" | "Gen" | "Col" | "Capt" | "Lt" | "Sgt" | "Rev" | "Hon" | "No" | "Nos" | "Fig" | "Vol" | "pp" | "cf" | "vs" | "e.g" | "i.e"
    )
}

#[rustfmt::skip]
fn is_abbreviation(word: &str) -> bool {
    matches!(
        word,
        "Inc" | "Ltd" | "Co" | "Corp" | "Jr" | "Sr" | "etc" | "a.m" | "p.m" | "Jan" | "Feb" | "Mar" | "Apr" | "Jun" | "Jul" | "Aug" | "Sep" | "Sept" | "Oct" | "Nov" | "Dec" | "Ave" | "Blvd" | "Rd" | "approx" | "est" | "dept"
    ) || word.contains('.') && word.split('.').all(|p| p.chars().count() == 1)
}

fn is_initial(word: &str) -> bool {
    word.chars().count() == 1 && word.chars().all(|c| c.is_ascii_uppercase())
}

/// Probability from which a sentence ends before a capital in text without marks.
const ENDS: f32 = 0.5;

/// Whether a capitalised word opens a sentence in text without marks.
fn opens_sentence(gap: &Gap) -> bool {
    gap.next().starts_with(|c: char| c.is_uppercase())
        && !cannot_end(gap.prev())
        && !gap.prev().ends_with([',', ';', ':'])
        && gaps::probability(gap, Language::En) >= ENDS
}

/// Words behind which no sentence ends.
#[rustfmt::skip]
fn cannot_end(word: &str) -> bool {
    matches!(
        word,
        "the" | "a" | "an" | "of" | "to" | "and" | "or" | "but" | "by" | "with" | "from" | "as" | "at" | "for" | "into" | "than" | "because" | "if" | "when" | "while" | "which" | "whose" | "where" | "no" | "every" | "my" | "our" | "its" | "their" | "your" | "very" | "between" | "called" | "is" | "are" | "was" | "were"
    )
}

/// Words that stand capitalised only where a sentence begins.
#[rustfmt::skip]
fn is_function_word(word: &str) -> bool {
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    matches!(
        word,
        "The" | "A" | "An" | "It" | "They" | "He" | "She" | "We" | "You" | "This" | "That" | "These" | "Those" | "There" | "In" | "On" | "At" | "For" | "But" | "And" | "So" | "Yet" | "If" | "When" | "While" | "Since" | "As"
            | "By" | "What" | "Who" | "How" | "Why" | "Where" | "Is" | "Are" | "Do" | "Does" | "Can" | "Some" | "Many" | "Most" | "Each" | "Every" | "Its" | "His" | "Her" | "Their" | "My" | "Our" | "Perhaps" | "Even"
            | "Now" | "Then" | "Here" | "After" | "Before" | "Once" | "Only" | "Nobody" | "Nothing" | "None" | "No" | "Not" | "All" | "Both" | "One" | "Two" | "Three" | "Four" | "Five" | "Six" | "Seven" | "Eight" | "Nine" | "Ten"
            | "Such" | "Still" | "Also" | "With" | "Without" | "Under" | "From" | "To" | "Of" | "Or" | "Nor" | "Between" | "Because" | "Although" | "Though" | "Until" | "Unless" | "Meanwhile" | "However" | "Instead" | "First"
            | "Second" | "Third" | "Finally" | "Last" | "Next" | "Let" | "Take" | "Make" | "Consider" | "Suppose" | "Imagine" | "Ask" | "Look" | "Start" | "Follow" | "Another" | "Other" | "Others" | "Few" | "Much" | "More"
            | "Less" | "Several" | "Half" | "Nearly" | "Almost" | "About" | "Over" | "Across" | "Outside" | "Inside" | "Behind" | "Above" | "Below" | "During" | "Despite" | "Against" | "Among" | "Along"
    )
}
