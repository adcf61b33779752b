//! Wraps: lines that were broken at a column whatever stood there, in the middle of Korean words, without a hyphen.
//!
//! In:  a text. Out: edits that read the ends of its full lines as a blank, and as nothing where they surely cut a word. Where a line's end
//! may be either, the blank stays. A text that was broken at its blanks has no edits.
//!
//! Two things together tell such a text: most of its lines are as long as each other to a character or two, which words that were
//! kept whole do not allow; and some end in what ends no word, or go on in what begins none ("들어왔|다고", "학교|에서").

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::pages::is_closed;
use super::{Edit, line_spans};
use crate::language::hangul::{ends_no_word, is_hangul};
use crate::language::particles::{begins_no_word, is_syllable_of_end};
use crate::language::script::{columns, is_letter};

const RULE: &str = "format.wrap";

/// Fewest ends of lines inside sentences that show a column.
const FEWEST: usize = 6;
/// Most of them to each that cuts a word for sure: one in fifteen does, where words are cut.
const MOST_TO_A_SIGN: usize = 50;
/// Characters that no line begins with where lines are broken at blanks.
const NEVER_FIRST: &str = ".,!?%)]”」』》〉";

/// How widths are measured, and which of them make a column.
struct WidthMeasure {
    width: fn(&str) -> usize,
    /// Narrowest column.
    narrowest: usize,
    /// Most that a full line falls short of it.
    slack: usize,
    /// Share of the lines that must be full, in per cent.
    share: usize,
    /// Fewest words that are cut for sure.
    signs: usize,
    /// Every character counts one, and lines are cut to the character.
    counts: bool,
}

/// Characters are counted by programs, a blank lost at either end of a line; on paper Hangul is twice as wide as most others.
const MEASURES: [WidthMeasure; 2] = [
    WidthMeasure {
        width: |text| text.chars().count(),
        narrowest: 15,
        slack: 2,
        share: 90,
        signs: 1,
        counts: true,
    },
    WidthMeasure {
        width: columns,
        narrowest: 24,
        slack: 4,
        share: 70,
        signs: 2,
        counts: false,
    },
];

/// Reads words whole that are cut at the ends of lines.
pub(super) fn cut_words(text: &str) -> Vec<Edit> {
    let lines = line_spans(text);
    let inside = ends(text, &lines).filter(|end| !end.closed);
    let (all, signs) = inside.fold((0, 0), |(all, signs), end| {
        (all + 1, signs + usize::from(end.is_sign()))
    });
    if all < FEWEST || signs * MOST_TO_A_SIGN < all {
        return Vec::new();
    }
    let found = MEASURES
        .iter()
        .filter_map(|measure| WrapColumn::find(text, &lines, measure));
    // The first of the best: what most lines fill.
    let best = found.reduce(|best, next| {
        if next.filled > best.filled {
            next
        } else {
            best
        }
    });
    match best.filter(|best| signs >= best.measure.signs) {
        Some(column) => edits(text, &lines, &column),
        None => Vec::new(),
    }
}

/// The end of a line that another follows.
struct LineEnd<'t> {
    /// Index of the line.
    line: usize,
    /// The last word of it, and the first of the next.
    words: (&'t str, &'t str),
    /// A sentence ends there.
    closed: bool,
    /// A blank stands there.
    blank: bool,
}

/// The ends of all lines that are not blank and that such a line follows.
fn ends<'t>(text: &'t str, lines: &'t [(usize, usize)]) -> impl Iterator<Item = LineEnd<'t>> {
    lines.windows(2).enumerate().filter_map(|(line, pair)| {
        let (this, next) = (&text[pair[0].0..pair[0].1], &text[pair[1].0..pair[1].1]);
        let left = this.rsplit(char::is_whitespace).find(|w| !w.is_empty())?;
        let right = next.split_whitespace().next()?;
        Some(LineEnd {
            line,
            words: (left, right),
            closed: is_closed(this.trim_end()),
            blank: this.ends_with(char::is_whitespace) || next.starts_with(char::is_whitespace),
        })
    })
}

impl LineEnd<'_> {
    /// Returns whether it cuts a Korean word for sure, whatever else the text is like.
    fn is_sign(&self) -> bool {
        let (left, right) = self.words;
        let last = left.chars().next_back().filter(|c| is_hangul(*c));
        let within = !self.blank && right.starts_with(is_hangul);
        within && last.is_some_and(|c| ends_no_word(c) || begins_no_word(right))
    }

    /// Returns whether a paragraph may end there that happens to fill its last line: behind a stop, but for one in a figure.
    fn may_part(&self) -> bool {
        let (left, right) = self.words;
        let figure =
            left.trim_end_matches(['.', ',']).ends_with(is_digit) && right.starts_with(is_digit);
        self.closed && !figure
    }

    /// Returns whether the two pieces are one of the text's words: one that stands inside a line, with one syllable cut off.
    fn is_known(&self, known: &FxHashSet<&str>) -> bool {
        let (left, right) = self.words;
        let (left, right) = (letters_of(left), letters_of(right));
        is_syllable_of_end(right)
            && left.chars().nth(1).is_some()
            && known.contains(format!("{left}{right}").as_str())
    }
}

/// The column a text was broken at.
struct WrapColumn<'m> {
    measure: &'m WidthMeasure,
    /// By line, blanks at its ends counted.
    widths: Vec<usize>,
    /// The width of a line from which nothing is missing.
    full: usize,
    /// The number of lines that are so wide or lack little.
    filled: usize,
    /// All lines are of one count of characters, but for a blank that was lost at either end.
    exact: bool,
}

impl<'m> WrapColumn<'m> {
    fn find(
        text: &str,
        lines: &[(usize, usize)],
        measure: &'m WidthMeasure,
    ) -> Option<WrapColumn<'m>> {
        let width = |line: &(usize, usize)| (measure.width)(&text[line.0..line.1]);
        let widths: Vec<usize> = lines.iter().map(width).collect();
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        let inside = ends(text, lines).filter(|end| !end.closed);
        for end in inside {
            *counts.entry(widths[end.line]).or_default() += 1;
        }
        let all: usize = counts.values().sum();
        let filling = |full: usize| -> usize {
            let near = counts.range(full.saturating_sub(measure.slack)..=full);
            near.map(|(_, count)| count).sum()
        };
        let most = counts
            .iter()
            .max_by_key(|(full, count)| (filling(**full), **count, **full));
        let (&full, &whole) = most?;
        let filled = filling(full);
        let is_column = full >= measure.narrowest && filled * 100 >= all * measure.share;
        is_column.then_some(WrapColumn {
            widths,
            full,
            filled,
            measure,
            exact: measure.counts
                && all >= FEWEST_EXACT
                && filled * 100 >= all * EXACT_SHARE
                && whole * 100 >= all * WHOLE_SHARE,
        })
    }

    /// Returns whether a line is full, or, inside a sentence, the next one's first piece would not have fitted whole.
    fn is_full(&self, end: &LineEnd<'_>) -> bool {
        let (width, slack) = (self.widths[end.line], self.measure.slack);
        let fits = || width + 1 + (self.measure.width)(end.words.1) <= self.full;
        width.abs_diff(self.full) <= slack || width < self.full && !end.closed && !fits()
    }

    /// Returns whether no blank was lost between a line and the next.
    fn lost_nothing(&self, line: usize) -> bool {
        self.exact && self.widths[line] == self.full && self.widths[line + 1] == self.full
    }
}

/// Fewest ends of lines that show that lines are cut to the character.
const FEWEST_EXACT: usize = 10;
/// Share of the lines that lack no more than the blanks at their ends, and of those that lack nothing, in per cent.
const EXACT_SHARE: usize = 98;
const WHOLE_SHARE: usize = 40;

fn edits(text: &str, lines: &[(usize, usize)], column: &WrapColumn) -> Vec<Edit> {
    let (mut all, mut blanks) = (0, 0);
    for end in ends(text, lines) {
        all += 1;
        blanks += usize::from(end.blank);
    }
    // Where blanks stand at the ends of lines, none was lost at the others.
    let keeps_blanks = blanks * KEPT_BLANKS >= all;
    let known: FxHashSet<&str> = lines
        .iter()
        .flat_map(|line| inner_words(&text[line.0..line.1]))
        .collect();
    let full = ends(text, lines).filter(|end| column.is_full(end));
    full.map(|end| {
        let cut = !end.blank
            && (end.words.1.starts_with(|c| NEVER_FIRST.contains(c))
                || (keeps_blanks || column.lost_nothing(end.line)) && !end.may_part()
                || end.is_sign()
                || end.is_known(&known));
        let (this, next) = (lines[end.line], lines[end.line + 1]);
        let from = this.0 + text[this.0..this.1].trim_end().len();
        let to = next.1 - text[next.0..next.1].trim_start().len();
        Edit::read((from, to), if cut { "" } else { " " }, RULE)
    })
    .collect()
}

/// One in so many lines begins or ends with a blank where those are kept.
const KEPT_BLANKS: usize = 10;

/// The words of a line but for the first and the last, which may be cut.
fn inner_words(line: &str) -> impl Iterator<Item = &str> {
    let mut words = line.split_whitespace().map(letters_of).skip(1).peekable();
    std::iter::from_fn(move || {
        let word = words.next()?;
        words.peek().map(|_| word)
    })
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn letters_of(word: &str) -> &str {
    word.trim_matches(|c| !is_letter(c))
}

#[cfg(test)]
mod tests {
    use super::super::{TextForm, read};

    const ARTICLE: &str = "나루섬 앞바다에 물 위를 걷는 작은 배가 떴다. 섬의 연구진은 3년 동안 소금쟁이 다리를 본뜬 배를 만들었다. 배의 무게는 11킬로그램이고 다리는 여섯 개다. \
        연구를 이끈 민서로 교수는 “물고기가 놀라지 않는 배를 만들고 싶었다”고 설명했다. 지금까지의 조사선은 소리가 커서 물고기가 먼저 달아났다. \
        첫 시험에서 배는 두 시간 동안 4.2킬로미터를 갔다. 연구진은 다리를 여덟 개로 늘릴 생각이다. 어촌계 세 곳이 이미 배를 사겠다고 나섰다고 섬에서는 말한다.";

    /// Breaks a text into lines of so many characters, whatever stands there.
    fn cut_at(text: &str, count: usize, trimmed: bool) -> String {
        let letters: Vec<char> = text.chars().collect();
        let lines = letters.chunks(count).map(|line| {
            let line: String = line.iter().collect();
            if trimmed {
                line.trim().to_string()
            } else {
                line
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Breaks a text at its blanks, into lines of at most so many characters.
    fn broken_at_blanks(text: &str, count: usize) -> String {
        let (mut lines, mut width) = (String::new(), 0);
        for word in text.split(' ') {
            let length = word.chars().count();
            match width {
                0 => {}
                _ if width + 1 + length <= count => lines.push(' '),
                _ => {
                    lines.push('\n');
                    width = 0;
                }
            }
            width += usize::from(width > 0) + length;
            lines.push_str(word);
        }
        lines
    }

    fn read_of(text: &str) -> String {
        read(text, TextForm::Auto).text().to_string()
    }

    #[test]
    fn lines_cut_to_the_character_are_whole_where_they_keep_their_blanks() {
        for count in [18, 21, 30] {
            assert_eq!(read_of(&cut_at(ARTICLE, count, false)), ARTICLE, "{count}");
        }
    }

    #[test]
    fn words_that_are_surely_cut_are_whole_where_blanks_were_lost() {
        let cut = cut_at(ARTICLE, 20, true);
        let read = read_of(&cut);
        assert!(!read.contains('\n'));
        // No blank is lost that stood there; one may be left in a word.
        let mut left = ARTICLE.chars().peekable();
        let mut added = 0;
        for c in read.chars() {
            match left.next_if_eq(&c) {
                Some(_) => {}
                None if c == ' ' => added += 1,
                None => panic!("{c} in {read}"),
            }
        }
        assert_eq!(left.next(), None);
        let broken = cut.matches('\n').count();
        assert!(added * 3 < broken, "{added} of {broken}: {read}");
    }

    #[test]
    fn lines_of_paper_are_joined_where_a_word_says_so() {
        let lines = "나루섬 앞바다에 물 위를 걷는 작은 배가 들어왔\n다. 섬의 연구진은 3년 동안 소금쟁이 다리를 본\n뜬 배를 만들었고, 11kg인 배의 다리는 여섯 개\n다. 배는 물 위를 걷듯 미끄러지며, 섬의 항구\n에서 옆 섬까지 쉬지 않고 가서는 그물을 두 번\n쳐 보고 돌아온다. 어촌계 세 곳이 배를 사겠다\n고 나섰다.";
        let read = read_of(lines);
        for whole in ["들어왔다.", "개다.", "항구에서"] {
            assert!(read.contains(whole), "{whole} in {read}");
        }
        // It may be two words.
        assert!(read.contains("본 뜬"), "{read}");
    }

    #[test]
    fn lines_broken_at_blanks_and_verses_stay() {
        for count in [14, 18, 20, 24, 30, 40] {
            let text = broken_at_blanks(ARTICLE, count);
            assert!(read(&text, TextForm::Auto).is_verbatim(), "{text}");
        }
        let verses = "버스는 늘 늦게 온다\n나는 늘 일찍 온다\n엄마는 더 늦게 온다\n버스에 엄마가 없다\n다음 버스도 비었다\n그다음 버스가 온다\n엄마가 손을 흔든다\n나는 손을 안 흔든다\n";
        assert!(read(verses, TextForm::Auto).is_verbatim());
        let words = "강물\n에서\n온다\n갔다\n는데\n에는\n왔다\n갔다\n";
        assert!(read(words, TextForm::Auto).is_verbatim());
    }
}
