//! English sentence ends: marks that are no abbreviation's, and, where marks were lost, capitals that open a sentence.

use super::abbreviations::{Stop, is_function_word, is_single_title, word_before};
use super::gap::{Gap, Style};
use super::gap_model::{Around, Emit, GapModel, name};
use super::marks::{closes_speech, is_call, is_closer, is_stop};
use super::tails;
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
            tails::ends_in_stop(tails::without(w))
                || numbered_core(w).is_some()
                || has_glued_stop(w)
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
    let core = tails::without(prev);
    if tails::ends_in_stop(core) {
        return ends_after_mark(gap, core);
    }
    if let Some(core) = numbered_core(prev) {
        return starts_upper(trim_openers(next)) && ends_after_mark(gap, core);
    }
    if tails::ends_in_emoji(prev) && starts_upper(trim_openers(next)) {
        return !style.punctuated || is_function_word(trim_openers(next));
    }
    !style.punctuated && opens_sentence(gap)
}

/// Returns the token up to its stop where the number of a note is glued behind it: "made.14", "chain.”15".
fn numbered_core(token: &str) -> Option<&str> {
    let bare = token.trim_end_matches(|c: char| c.is_ascii_digit());
    if !(1..=3).contains(&(token.len() - bare.len())) {
        return None;
    }
    let core = tails::without(bare);
    let before = core.trim_end_matches(is_stop);
    if before.len() == core.len() {
        return None;
    }
    let word = word_before(before);
    let year = word.len() == 4 && is_number(word) && word.starts_with(['1', '2']);
    let reads = before.ends_with(is_closer)
        || year
        || bare.len() > core.len()
        || word.len() > 1
            && before.ends_with(char::is_lowercase)
            && !word.contains('.')
            && !is_title(word);
    reads.then_some(core)
}

/// Returns whether a stop stands inside a word, a capital glued behind it.
fn has_glued_stop(word: &str) -> bool {
    let bytes = word.as_bytes();
    memchr::memchr3_iter(b'.', b'!', b'?', bytes).any(|i| {
        i > 0
            && (bytes[i - 1].is_ascii_lowercase() || bytes[i - 1].is_ascii_digit())
            && word[i + 1..].starts_with(|c: char| c.is_uppercase() || matches!(c, '“' | '”' | '"'))
    })
}

fn trim_openers(word: &str) -> &str {
    word.trim_start_matches(['"', '\'', '“', '‘', '(', '[', '$', '€', '£', '-', '–', '—'])
}

fn starts_upper(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// Returns whether the text ends in a mark, or, unmarked, has the small words that running prose cannot do without.
pub(super) fn closes_sentence(text: &str) -> bool {
    let text = text.trim_end();
    let text = numbered_core(text).unwrap_or_else(|| tails::without(text));
    if tails::ends_in_stop(text) {
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

/// Judges the mark that closes `core`, the token before the gap without what stands behind its mark.
fn ends_after_mark(gap: &Gap, core: &str) -> bool {
    let next = trim_openers(gap.next());
    let Some(first) = next.chars().next() else {
        return false;
    };
    let opening = first_word(gap.so_far());
    // "iPhone" may open a sentence, and so may "(b) The"; nothing else in lower case does.
    let item = is_label(gap.next())
        && (is_label(opening) || gap.next().starts_with('('))
        && starts_upper(trim_openers(gap.rest().trim_start()));
    if first.is_lowercase() && !item && !next[first.len_utf8()..].starts_with(char::is_uppercase) {
        return false;
    }
    if core.ends_with(|c| is_call(c) || c == '…') || core.ends_with("..") {
        let speaker = !gap.next().starts_with(['"', '“', '‘'])
            && gap.prev()[core.len()..].starts_with(closes_speech)
            && says_who(next, gap.rest());
        // "I... I don't know": a stammer.
        let again = word_before(core.trim_end_matches(['.', '…']));
        let stammers = !core.ends_with(is_call) && !again.is_empty() && again == next;
        return !(speaker || stammers);
    }
    // "2. A second supplier", "A. At home": the label of an item stays with it and ends the one before.
    if gap.before.0 == gap.sentence && is_label(gap.prev()) {
        return false;
    }
    if follows_label(opening, gap.next()) {
        return true;
    }
    let bare = core.trim_end_matches('.');
    let word = word_before(bare);
    let from_core = gap.before.0 + bare.len() - word.len();
    Stop {
        word,
        before: gap.text[gap.sentence..from_core].trim_end(),
        next,
        quoted: gap.next().starts_with(['"', '“']),
        rest: gap.rest(),
    }
    .ends()
}

/// The first word, where it is short enough for a label.
fn first_word(text: &str) -> &str {
    let end = text
        .char_indices()
        .take(16)
        .find(|(_, c)| c.is_whitespace())
        .map_or(0, |(i, _)| i);
    if end == 0 && text.len() <= 16 {
        text
    } else {
        &text[..end]
    }
}

/// "“Why now?” Carla Osei asked": a name and a verb of saying go on behind a quotation that asks.
fn says_who(next: &str, rest: &str) -> bool {
    if is_function_word(next) && next != "I" {
        return false;
    }
    for word in std::iter::once(next).chain(rest.split_whitespace()).take(5) {
        if !starts_upper(word) {
            let word = word.trim_end_matches([',', '.', ':']);
            return SPEECH_VERBS.has(word);
        }
    }
    false
}

/// Returns whether a token labels an item of a list: "2.", "(a)", "A.", "iv.", "4.1.", "Q1.".
fn is_label(token: &str) -> bool {
    let inner = token.trim_start_matches(['(', '[']);
    let bare = inner.trim_end_matches(['.', ')', ']']);
    if bare.is_empty() || bare.len() == inner.len() || bare.len() > 8 {
        return false;
    }
    let digits = |s: &str| matches!(s.len(), 1..=3) && s.bytes().all(|b| b.is_ascii_digit());
    let roman = |set: &[u8]| bare.len() <= 5 && bare.bytes().all(|b| set.contains(&b));
    bare.split('.').all(digits)
        || bare.len() == 1 && bare.as_bytes()[0].is_ascii_alphabetic()
        || bare.strip_prefix(['Q', 'A']).is_some_and(digits)
        || roman(b"ivx")
        || roman(b"IVX")
}

/// Returns whether a label is the next of its list: "2." behind "1.", "A." behind "Q.".
fn follows_label(label: &str, next: &str) -> bool {
    if !is_label(label) || !is_label(next) || label.as_bytes()[0] == b'[' && !next.starts_with('[')
    {
        return false;
    }
    let bare = |s: &str| {
        s.trim_matches(|c: char| !c.is_ascii_alphanumeric())
            .to_owned()
    };
    let (label, next) = (bare(label), bare(next));
    match (label.parse::<u32>(), next.parse::<u32>()) {
        (Ok(a), Ok(b)) => b == a + 1,
        (Err(_), Err(_)) => match (label.as_bytes(), next.as_bytes()) {
            ([b'Q', ..], [b'A', ..]) | ([b'A', ..], [b'Q', ..]) => true,
            ([a], [b]) => *b == a + 1,
            _ => false,
        },
        _ => false,
    }
}

/// The first end between `from` and `to`, inside a token, of a sentence glued to the next one: "in March.The dock".
pub(super) fn glued_end(text: &str, from: usize, to: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < to {
        let mark = at
            + bytes[at..to]
                .iter()
                .position(|b| matches!(b, b'.' | b'!' | b'?' | 0xE2))?;
        let stop = text[mark..].chars().next().filter(|c| is_stop(*c));
        let Some(stop) = stop else {
            at = mark + 1;
            while !text.is_char_boundary(at) {
                at += 1;
            }
            continue;
        };
        let end = tails::end_of(text, mark + stop.len_utf8()).min(to);
        let end = behind_number(text, mark, end, to);
        if end < to && mark > from && glued_ends(text, (from, to), (mark, end)) {
            return Some(end);
        }
        at = end;
    }
    None
}

/// "one.12The cost": the number of a note between the stop and the next sentence.
fn behind_number(text: &str, mark: usize, end: usize, to: usize) -> usize {
    let rest = &text[end..to];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let note = matches!(digits, 1..=3)
        && text[..mark].ends_with(|c: char| c.is_lowercase() || is_closer(c))
        && starts_upper(trim_openers(&rest[digits..]));
    if note { end + digits } else { end }
}

/// Longest word looked at beside a glued stop, in bytes.
const LONGEST_WORD: usize = 40;

/// Returns whether the stop at `mark`, whose tail reaches to `end`, ends a sentence within a token.
fn glued_ends(text: &str, (from, to): (usize, usize), (mark, end): (usize, usize)) -> bool {
    let (left, right) = (&text[from..mark], &text[end..to]);
    let opener = right.starts_with(['“', '‘', '(', '"']);
    let right = trim_openers(right);
    let len = right
        .char_indices()
        .take(LONGEST_WORD)
        .find(|(_, c)| !is_letter(*c) && !matches!(c, '\'' | '’' | '-'))
        .map_or(right.len().min(LONGEST_WORD), |(i, _)| i);
    let (Some(next), Some(behind)) = (right.get(..len), right.get(len..)) else {
        return false;
    };
    let word = word_before(left);
    let before = left[..left.len() - word.len()].chars().next_back();
    if !starts_upper(next) || is_address(before, next, behind) {
        return false;
    }
    let shut = left.ends_with(|c| is_closer(c) || c == '%');
    let is_year = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let stop = Stop {
        word,
        before: text[..mark - word.len()].trim_end(),
        next,
        quoted: opener,
        rest: if behind.is_empty() { &text[to..] } else { "" },
    };
    let lower = is_plain_word(word) && word.starts_with(char::is_lowercase);
    // "np.Array": what is so short may be code.
    let plain = shut || lower && (word.len() > 2 || SMALL_WORDS.has(word) || stop.opens());
    if text.as_bytes()[mark] != b'.' {
        return plain || lower || word.len() > 1 && stop.opens();
    }
    // "1.In this": a label, at the head of an item.
    if mark - word.len() == from && stop.before.is_empty() && word.len() <= 3 && is_number(word) {
        return false;
    }
    if plain || is_year || opener && (word.len() > 1 || shut) && !word.contains('.') {
        return stop.ends();
    }
    let may_open = stop.opens() || is_plain_word(word) && closes_name(&stop);
    // "$3.It rose", but "7.A"
    let known = if is_number(word) {
        next.len() > 1
    } else {
        word.len() > 1
    };
    known && !is_function_word(word) && !is_single_title(word) && may_open
}

/// "in Brightwater.Albert had", "Carla Osei.Albert had": a name of a place or of two words, and a subject with its verb.
fn closes_name(stop: &Stop) -> bool {
    let before = stop.word_before();
    let verb = stop.rest.split_whitespace().next().unwrap_or("");
    (starts_upper(before) || SMALL_WORDS.has(before)) && FINITE.has(verb)
}

/// A word of letters in one piece: no file name, version or abbreviation.
fn is_plain_word(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|b| b != b'.' && !b.is_ascii_digit())
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

/// Returns whether a stop joins the parts of a site, a path, a file or code, by what stands before its word and behind the next.
fn is_address(before: Option<char>, next: &str, behind: &str) -> bool {
    let mut chars = behind.chars();
    let (first, second) = (chars.next(), chars.next());
    let joins = match (first, second) {
        // "C.I.A.", "7.B.ii"
        (Some('.'), _) if next.len() == 1 => true,
        (Some('.'), Some(c)) => c.is_alphanumeric() && !c.is_uppercase() || c == ',',
        (Some('(' | '_' | '@' | '/' | '\\' | '=' | '#' | '&'), _) => true,
        _ => false,
    };
    let inside = &next[next.chars().next().map_or(0, char::len_utf8)..];
    let camel = inside.contains(char::is_uppercase)
        && inside.contains(char::is_lowercase)
        && !next.starts_with("Mc")
        && !inside.contains(['\'', '’', '-']);
    joins
        || camel
        || matches!(before, Some('/' | '\\' | '_' | '@' | '#' | '=' | '~'))
        || SUFFIXES.has(next.to_ascii_lowercase().as_str())
}

/// Titles and words that stand before a number: no sentence ends behind them.
pub(super) fn is_title(word: &str) -> bool {
    is_single_title(word) || NUMBERED.has(word.to_ascii_lowercase().as_str())
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

/// Returns whether a prose line breaks off after a comma or before a lower-case word.
pub(super) fn is_unfinished(line: &str, next: &str) -> bool {
    let words = line.split_whitespace().count();
    // Before a small letter an ellipsis pauses, and an apostrophe is a plural's.
    let goes_on = |c| matches!(c, '…' | '\'' | '’');
    let ended = line.ends_with(|c| (is_stop(c) || is_closer(c) || c == ':') && !goes_on(c));
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
/// Words that stand before a number.
static NUMBERED: List = List::of(&data::SEGMENT.en, "numbered");
/// Ends of file names and of sites.
static SUFFIXES: List = List::of(&data::SEGMENT.en, "suffixes");
/// Verbs that tell who spoke.
static SPEECH_VERBS: List = List::of(&data::SEGMENT.en, "speech_verbs");
/// Words behind which no sentence ends.
static CANNOT_END: List = List::of(&data::SEGMENT.en, "cannot_end");
/// Auxiliaries and past forms.
static FINITE: List = List::of(&data::SEGMENT.en, "finite");

#[cfg(test)]
mod tests {
    use super::super::{style_of, units};
    use crate::language::Language;

    /// Checks the sentences of a text in which "|" stands where one ends.
    #[track_caller]
    fn check(cut: &str) {
        let text = cut.replace('|', "");
        let units = units(&text, style_of(&text, Some(Language::En)));
        let found: Vec<&str> = units.iter().map(|u| &text[u.start..u.end]).collect();
        let expected: Vec<&str> = cut.split('|').map(str::trim).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn abbreviations_go_on() {
        check("Adm. Osei and Brig. Gen. Vo came.| Cpl. Hart drove to Ft. Dana.");
        check("In Brown v. Board the court cited Art. 12 and 212 Esk. 3d 415.| It ended.");
        check("The firm, Tidewell Bros. Construction, pays Acme Inc. USA.| It is late.");
        check("Yan et al. [2019] found it.| See p. 14 and Fig. 2B.| Nos. 1 and 2 were leaked.");
    }

    #[test]
    fn abbreviations_end_where_a_sentence_begins() {
        check(
            "The stone comes from Fresno, Calif.| Trucks bring it over.| They met at 5 p.m.| School was out.",
        );
        check(
            "The work is on W. 5th St.| “The desk is there,” he said.| It is by Acme Inc.| Her office knows.",
        );
        check("We waited 75 mins.| Rule 7.4 says so.| They won Group D.| The day ended.");
    }

    #[test]
    fn glued_stops_are_cut() {
        check("It closed in March.|The dock was built in 1911.|“It is sad,” said Osei.|She left.");
        check("“We cannot wait.”|Fishermen fear it.|(A dock opens.)|What went wrong?|It ended.");
        check("She said \"go.\"|Then it rained.|One of them sank.😢|The end came.");
    }

    #[test]
    fn names_files_and_versions_are_not_cut() {
        check(
            "The file Customers.Final.xlsx of Parcel.Com ran on Node.js and ASP.NET for J.R.Hall.| It is late.",
        );
        check(
            "Version 2.1.Beta is at a.example/May.Report under rule 7.B.ii at 4.15p.m. today.| It is late.",
        );
    }

    #[test]
    fn reference_marks_stay_with_their_sentence() {
        check(
            "It was built in 1880.[1]| It burned.[2][3]| The clay is gone.[citation needed]| It is now.[4]:12| Fine.",
        );
        check(
            "It was made.14| He kept “the chain.”15| What counts?16| It was allowed.² ³| It rose.⁴| Fine.",
        );
    }

    #[test]
    fn quotations_keep_their_speaker() {
        check(
            "“You are early. Good. I dislike people,” she said.| “Why now?” Carla Osei asked.| It ended.",
        );
        check("Mrs. Kane said: “No, you didn't. It was under the mat.”| There was laughter.");
    }

    #[test]
    fn labels_stay_with_their_item() {
        check(
            "1. The Seller pays tax, etc.| 2. The Buyer pays.| iv. The rest is free.| (a) It is late.",
        );
        check("Q. Please state your name.| A. Robert Osei, Jr.| Q. Where were you?| A. At home.");
        check("She opens with 1. d4.| After 31. Qxh7+ he stops.");
    }

    #[test]
    fn emoji_join_nothing() {
        check(
            "The boat did not sail. 😢| Fishermen worried. ✅| The council bought it.👍| They laughed.",
        );
    }

    #[test]
    fn ellipses_end_before_a_capital() {
        check(
            "The dog barked…| Nothing was there.| It was three... or four.| He waited. . . .| The end.",
        );
    }
}
