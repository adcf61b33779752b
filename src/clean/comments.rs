//! Where readers' comments are: what looks like one alone may be a speaker's turn, a box of facts or a heading of the article.
//!
//! In:  the markup. Out: the headings that open comments, and which lines may be one.

use rustc_hash::FxHashMap;

use super::markup::Markup;
use super::rules::{Place, Rules};
use crate::article::Reason;
use crate::language::PerLanguage;
use crate::language::data::{self, List, lists};

/// Units below a heading that are looked at for signs of comments.
const LOOKED_AT: usize = 60;
/// Most letters below a heading without other signs, in per cent of all.
const MOST_BELOW: usize = 40;
/// Longest line of buttons, in letters.
const LONGEST_BUTTONS: usize = 24;
/// Most lines with a reader's name that may end a text without a heading.
const MOST_LOOSE: usize = 3;

/// How a list of comments is sorted, and the buttons below one.
static SORTING: PerLanguage<List> = lists(&data::CLEAN, "comment_sorting");
static BUTTONS: PerLanguage<List> = lists(&data::CLEAN, "comment_buttons");

/// What is known of a text's comments.
pub struct Comments {
    /// The headings that open comments, and whether other signs say so.
    pub opens: FxHashMap<usize, bool>,
    /// The first unit with a sure sign of comments.
    from: usize,
    /// The first of a few lines at the end that begin with a name.
    loose: usize,
    /// Letters before each unit, and all.
    letters: Vec<usize>,
}

impl Comments {
    /// Looks for them.
    pub fn of(markup: &Markup) -> Comments {
        let n = markup.units.len();
        let mut letters = vec![0; n + 1];
        for i in 0..n {
            let copy = markup.marks[i].is_some_and(|m| m.reason == Reason::Duplicate);
            letters[i + 1] = letters[i] + if copy { 0 } else { markup.letters(i) };
        }
        let mut comments = Comments {
            opens: FxHashMap::default(),
            from: n,
            loose: n,
            letters,
        };
        let first = (0..n)
            .find(|&i| !markup.in_title(i) && markup.prose(i))
            .unwrap_or(n);
        let signs: Vec<Sign> = (0..n).map(|i| Sign::of(markup, i)).collect();
        let mut near = vec![n; n + 1];
        for i in (0..n).rev() {
            near[i] = if signs[i] != Sign::None {
                i
            } else {
                near[i + 1]
            };
        }
        for i in first + 1..n {
            if comments.from == n && signs[i] == Sign::Name && comments.late(i) {
                comments.from = i;
            }
            if !markup.comments_heading(i) {
                continue;
            }
            let text = markup.folded(i);
            let sorted = SORTING[markup.language()].iter().any(|w| text.contains(w));
            let signed = sorted || near[i + 1] < (i + 1 + LOOKED_AT).min(n);
            if signed || comments.late(i) {
                comments.opens.insert(i, signed);
                comments.from = comments.from.min(i);
            }
        }
        comments.loose = loose(markup, &signs)
            .filter(|&i| comments.late(i))
            .unwrap_or(n);
        comments
    }

    /// Returns whether a line that looks like a comment may be one.
    pub fn hold(&self, markup: &Markup, i: usize) -> bool {
        i > self.from || i >= self.loose && markup.raw(i).contains(" : ")
    }

    /// Returns whether most of the text stands behind a unit.
    pub fn ahead(&self, i: usize) -> bool {
        !self.late(i)
    }

    fn late(&self, i: usize) -> bool {
        let all = self.letters[self.letters.len() - 1];
        (all - self.letters[i + 1]) * 100 <= all * MOST_BELOW
    }
}

/// What a unit says of comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    None,
    /// A line that begins with what may be a reader's name.
    Turn,
    /// A name that only readers have.
    Name,
    /// Buttons below a comment.
    Buttons,
}

impl Sign {
    fn of(markup: &Markup, i: usize) -> Sign {
        let copy = markup.marks[i].is_some_and(|m| m.reason == Reason::Duplicate);
        if !markup.units[i].opens || markup.protected(i) || copy {
            return Sign::None;
        }
        let place = Place {
            alone: true,
            prose: false,
            head: false,
            tail: true,
        };
        let (text, rules) = (markup.folded(i), Rules::of(markup.language()));
        let found = rules.fitting(&text, markup.prefilter(i), place, |r| {
            r.reason == Reason::Comment && r.name.ends_with("comment.nick")
        });
        match found {
            Some(rule) if rule.second => Sign::Turn,
            Some(_) => Sign::Name,
            None => {
                let short = markup.letters(i) <= LONGEST_BUTTONS && !markup.prose(i);
                let buttons = short && BUTTONS[markup.language()].iter().any(|w| text.contains(w));
                if buttons { Sign::Buttons } else { Sign::None }
            }
        }
    }
}

/// Readers' names and words stand on a line without a heading above them.
static NAMES_STAND_ALONE: PerLanguage<bool> = PerLanguage {
    ko: true,
    en: false,
};

/// The first of the lines with a reader's name at the end of a text, where no more than a few are and none comes again.
fn loose(markup: &Markup, signs: &[Sign]) -> Option<usize> {
    if !NAMES_STAND_ALONE[markup.language()] {
        return None;
    }
    let turns = || (0..signs.len()).filter(|&i| signs[i] == Sign::Turn);
    let first = turns().next()?;
    let few = turns().take(MOST_LOOSE + 1).count() <= MOST_LOOSE;
    few.then_some(first)
}
