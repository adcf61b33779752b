//! Splitting: a text is cut into the pieces that merges act in.
//!
//! In:  text. Out: pieces that follow one another without a gap. Linear in the text whatever it holds: the published
//! patterns end in `\s+(?!\S)|\s+`, which needs a backtracking engine; here a run of blanks is matched whole by an
//! automaton and then gives its last blank back to the word behind it, which is what that tail says.

use std::borrow::Cow;

use regex::Regex;
use tokenizers::NormalizedString;

use crate::model::families::PreTokenizer;

/// How the published patterns go on.
#[cfg(test)]
const BLANKS: &str = r"|\s+(?!\S)|\s+";

/// A pre-tokeniser with its automaton.
#[derive(Debug)]
pub(super) struct Splitter {
    pre: &'static PreTokenizer,
    automaton: Regex,
}

impl Splitter {
    pub(super) fn new(pre: &'static PreTokenizer) -> Splitter {
        let pattern = pre.pattern;
        Splitter {
            pre,
            automaton: Regex::new(&format!(r"\A(?:{pattern}|\s+)"))
                .expect("the patterns are well formed"),
        }
    }

    /// Returns the text in the form the family reads it in.
    pub(super) fn normalise<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.pre.composes || text.chars().all(is_composed) {
            return Cow::Borrowed(text);
        }
        // Nothing composes with a blank, so one word at a time gives the same; the alignments kept of a whole text
        // would be some thirty times its size.
        Cow::Owned(
            text.split_inclusive([' ', '\n'])
                .map(|word| NormalizedString::from(word).nfc().get().to_owned())
                .collect(),
        )
    }

    /// Returns the pieces of a text, in order and without a gap.
    pub(super) fn pieces<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> + use<'_, 't> {
        let mut rest = text;
        std::iter::from_fn(move || {
            let (piece, after) = rest.split_at(self.first_piece(rest));
            rest = after;
            (!piece.is_empty()).then_some(piece)
        })
    }

    /// Returns the length in bytes of the piece a text begins with.
    fn first_piece(&self, text: &str) -> usize {
        // Every character is a letter, a digit, a blank or none of them, so something matches wherever text is left.
        let end = self
            .automaton
            .find(text)
            .map_or(text.len(), |piece| piece.end());
        let last = text[..end].chars().next_back();
        match last {
            Some(blank)
                if end < text.len()
                    && self.gives_back(blank)
                    && blank.len_utf8() < end
                    && !self.is_cut_before(&text[end..]) =>
            {
                end - blank.len_utf8()
            }
            _ => end,
        }
    }

    /// Returns whether what comes next is a digit that was cut off before blanks were looked at.
    fn is_cut_before(&self, rest: &str) -> bool {
        self.pre.digits_apart && rest.starts_with(char::is_numeric)
    }

    /// Returns whether a piece that ends so is a run of blanks that gives its last one back; a run of lines gives none.
    fn gives_back(&self, last: char) -> bool {
        last.is_whitespace() && (self.pre.gives_line_ends_back || !matches!(last, '\r' | '\n'))
    }
}

/// Returns whether a character is composed already and composes with no neighbour of this kind: most are.
fn is_composed(c: char) -> bool {
    matches!(c, '\0'..='\u{2ff}' | '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3029}' | '\u{3131}'..='\u{318e}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokenizers::pre_tokenizers::byte_level::ByteLevel;
    use tokenizers::pre_tokenizers::sequence::Sequence;
    use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
    use tokenizers::tokenizer::{
        OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer, SplitDelimiterBehavior,
    };

    use super::*;
    use crate::model::families;

    fn splitter(name: &str) -> Splitter {
        Splitter::new(families::pre_tokenizer(name).unwrap())
    }

    fn splitters() -> Vec<Splitter> {
        families::pre_tokenizers().map(Splitter::new).collect()
    }

    fn check(name: &str, text: &str, expected: &[&str]) {
        assert_eq!(
            splitter(name).pieces(text).collect::<Vec<_>>(),
            expected,
            "{name}"
        );
    }

    #[test]
    fn words_take_the_blank_before_them() {
        for name in ["qwen2", "llama-bpe", "gpt-2"] {
            check(name, "", &[]);
            check(name, "그는 갔다.", &["그는", " 갔다", "."]);
            check(name, "we're  here ", &["we", "'re", " ", " here", " "]);
        }
    }

    #[test]
    fn digits_and_lines_go_by_family() {
        check(
            "qwen2",
            "a1234\n\n  b",
            &["a", "1", "2", "3", "4", "\n\n", " ", " b"],
        );
        check(
            "llama-bpe",
            "a1234\n\n  b",
            &["a", "123", "4", "\n\n", " ", " b"],
        );
        check("gpt-2", "a1234\n\n  b", &["a", "1234", "\n\n ", " b"]);
        check(
            "smollm",
            "a 12  3  b",
            &["a", " ", "1", "2", "  ", "3", " ", " b"],
        );
        check(
            "qwen2",
            "x \n \t\ty!\n\nz",
            &["x", " \n", " \t", "\ty", "!\n\n", "z"],
        );
        check("gpt-2", "\n\nx\ny", &["\n", "\n", "x", "\n", "y"]);
    }

    #[test]
    fn contractions_know_case_where_the_family_does() {
        check("qwen2", "I'LL '\u{17f}", &["I", "'LL", " '", "\u{17f}"]);
        check("qwen2", "it'\u{17f}", &["it", "'\u{17f}"]);
        check("gpt-2", "I'LL", &["I", "'", "LL"]);
    }

    #[test]
    fn unknown_names_are_none_of_ours() {
        assert!(families::pre_tokenizer("default").is_none());
        assert!(families::pre_tokenizer("").is_none());
    }

    #[test]
    fn text_is_composed_where_the_family_does() {
        let check = |name: &str, text: &str, expected: &str| {
            assert_eq!(splitter(name).normalise(text), expected);
        };
        check(
            "qwen2",
            "e\u{301} \u{1112}\u{1161}\u{11ab}\u{ae00}",
            "é 한글",
        );
        check("qwen2", "가\u{11a8} a\u{301}\u{323}", "각 ạ\u{301}");
        check("llama-bpe", "e\u{301}", "e\u{301}");
    }

    #[test]
    fn what_counts_as_composed_is() {
        for c in (0..=0x10ffff)
            .filter_map(char::from_u32)
            .filter(|&c| is_composed(c))
        {
            for text in [
                format!("{c}"),
                format!("a{c}"),
                format!("가{c}"),
                format!("\u{1100}{c}"),
            ] {
                assert_eq!(NormalizedString::from(&*text).nfc().get(), text);
            }
        }
    }

    /// Returns the published pattern in the backtracking engine, behind that of digits where these go first.
    fn published(splitter: &Splitter) -> Sequence {
        let split = |pattern: String| {
            let pattern = SplitPattern::Regex(pattern);
            Split::new(pattern, SplitDelimiterBehavior::Isolated, false).unwrap()
        };
        let digits = splitter.pre.digits_apart.then(|| split(r"\p{N}".into()));
        let main = split(format!("{}{BLANKS}", splitter.pre.pattern));
        let splits = digits.into_iter().chain([main]);
        Sequence::new(splits.map(Into::into).collect())
    }

    fn split(by: &impl PreTokenizer, text: &str) -> Vec<String> {
        let mut pieces = PreTokenizedString::from(text);
        by.pre_tokenize(&mut pieces).unwrap();
        pieces
            .get_splits(OffsetReferential::Original, OffsetType::Byte)
            .into_iter()
            .map(|(_, (start, end), _)| text[start..end].to_owned())
            .collect()
    }

    #[test]
    fn the_automaton_cuts_where_the_published_pattern_does() {
        let texts = r"([ \t\r\n]{0,4}|[a-z가-힣'’]{1,4}|[0-9Ⅳ²一]{1,5}|[!-/]{1,3}|'(s|LL|ſ|Ve)|[\u{300}-\u{303}\u{85}\u{a0}\u{3000}\u{200b}]|.){0,12}";
        let splitters = splitters();
        let published: Vec<Sequence> = splitters.iter().map(published).collect();
        proptest!(ProptestConfig::with_cases(1_000), |(text in texts)| {
            for (splitter, published) in splitters.iter().zip(&published) {
                let ours: Vec<&str> = splitter.pieces(&text).collect();
                prop_assert_eq!(ours, split(published, &text));
            }
        });
    }

    #[test]
    fn gpt2_is_what_the_crate_takes_it_for() {
        let text = "We're  \n\n here,\u{a0}그는 12  345년!? ";
        let gpt2 = splitter("gpt-2");
        let ours: Vec<_> = gpt2.pieces(text).collect();
        assert_eq!(ours, split(&ByteLevel::new(false, false, true), text));
    }

    #[test]
    fn long_runs_take_linear_time() {
        let splitters = splitters();
        for run in ["a", " ", "\n", "\t \n", "!", "1", "'", "e\u{301}", "가"] {
            let text = run.repeat(300_000);
            for splitter in &splitters {
                let length: usize = splitter
                    .pieces(&splitter.normalise(&text))
                    .map(str::len)
                    .sum();
                assert!(length > 0);
            }
        }
        let marks = "\u{301}\u{323}".repeat(100_000);
        assert_eq!(splitter("qwen2").normalise(&marks).len(), marks.len());
    }
}
