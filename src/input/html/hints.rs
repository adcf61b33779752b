//! Hints: what an element's tag and attributes say about what stands in it.
//!
//! In:  attributes. Out: `Hints`: it is hidden, it links, it holds the article's body, or noise of a kind. Classes are
//! compared with the words of `data/common/pages.txt`. Style sheets are not read.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::tokens::Attribute;
use crate::language::data::{self, List};

/// What is known of an element.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hints {
    flags: u8,
    /// The index of the kind of noise its classes say it is, plus one.
    noise: u8,
}

impl Hints {
    /// It is a link that leads somewhere.
    pub const LINK: u8 = 1;
    /// It is not shown.
    pub const HIDDEN: u8 = 2;
    /// Its classes say that it holds the article's text.
    pub const BODY: u8 = 4;
    /// Its markup says so outright (`itemprop="articleBody"`).
    pub const ARTICLE_BODY: u8 = 8;
    /// Its role says that it is the main part of the page.
    pub const MAIN: u8 = 16;
    /// It is kept from screen readers: an ornament, or all of a page below an open dialog.
    pub const UNSPOKEN: u8 = 32;

    /// Returns whether a flag is set.
    pub fn has(self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Returns the rule of the noise its classes or role speak of.
    pub fn noise(self) -> Option<&'static str> {
        let at = usize::from(self.noise).checked_sub(1)?;
        WORDS.rules.get(at).copied()
    }
}

static CLASSES: List = List::of(&data::PAGES, "page_classes");
static BODIES: List = List::of(&data::PAGES, "page_bodies");

/// The words of classes: what a word, two words, or a word's beginning say.
struct ClassWords {
    rules: Vec<&'static str>,
    whole: FxHashMap<&'static str, u8>,
    beginnings: Vec<(&'static str, u8)>,
}

static WORDS: LazyLock<ClassWords> = LazyLock::new(|| {
    let mut words = ClassWords {
        rules: Vec::new(),
        whole: FxHashMap::default(),
        beginnings: Vec::new(),
    };
    for (index, entry) in CLASSES.iter().enumerate() {
        let (rule, list) = data::pair(entry).expect("a test reads every entry");
        words.rules.push(super::rule(rule));
        for word in data::listed(list) {
            let index = index as u8 + 1;
            match word.strip_suffix('*') {
                Some(beginning) => words.beginnings.push((beginning, index)),
                None => {
                    words.whole.entry(word).or_insert(index);
                }
            }
        }
    }
    words.beginnings.sort_unstable();
    words
});

impl ClassWords {
    /// The kind a word is of; 0 for none.
    fn kind(&self, word: &str) -> u8 {
        if let Some(kind) = self.whole.get(word) {
            return *kind;
        }
        let first = word.as_bytes().first();
        let from = self
            .beginnings
            .partition_point(|(b, _)| b.as_bytes().first() < first);
        let alike = self.beginnings[from..]
            .iter()
            .take_while(|(b, _)| b.as_bytes().first() == first);
        alike
            .filter(|(b, _)| word.starts_with(b))
            .map(|(_, kind)| *kind)
            .min()
            .unwrap_or(0)
    }
}

/// Longest value of an attribute that is looked at.
const LONGEST_VALUE: usize = 512;

/// Reads the hints of an element.
pub fn of(attributes: &[Attribute]) -> Hints {
    let mut hints = Hints::default();
    let mut shown = Visibility::default();
    for (name, value) in attributes {
        let mut end = value.len().min(LONGEST_VALUE);
        while !value.is_char_boundary(end) {
            end -= 1;
        }
        let value = &value[..end];
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        if is("class") || is("id") || is("itemprop") {
            read_classes(value, &mut hints);
            if is("itemprop")
                && value
                    .split_ascii_whitespace()
                    .any(|v| v.eq_ignore_ascii_case("articlebody"))
            {
                hints.flags |= Hints::ARTICLE_BODY;
            }
        } else if is("href") {
            hints.flags |= Hints::LINK;
        } else if is("role") {
            read_role(value, &mut hints);
        } else if is("style") {
            shown.style(value);
        } else if is("hidden") {
            shown.hidden |= !value.eq_ignore_ascii_case("false");
        } else if is("aria-hidden") {
            let unspoken = value.eq_ignore_ascii_case("true");
            hints.flags |= if unspoken { Hints::UNSPOKEN } else { 0 };
        }
    }
    if shown.hidden || shown.nothing() {
        hints.flags |= Hints::HIDDEN;
    }
    hints
}

fn read_role(value: &str, hints: &mut Hints) {
    let rule = match value.to_ascii_lowercase().as_str() {
        "main" => {
            hints.flags |= Hints::MAIN;
            return;
        }
        "navigation" | "menu" | "menubar" | "tablist" | "search" | "toolbar" => "navigation",
        "banner" => "header",
        "contentinfo" => "footer",
        "complementary" | "dialog" | "alertdialog" => "aside",
        _ => return,
    };
    let at = WORDS.rules.iter().position(|r| *r == super::rule(rule));
    hints.noise = at.map_or(hints.noise, |at| at as u8 + 1);
}

/// Compares the words of a class or name.
fn read_classes(value: &str, hints: &mut Hints) {
    for class in value.split_ascii_whitespace().take(32) {
        let mut lower = String::with_capacity(class.len());
        let mut last_lower = false;
        for c in class.chars() {
            let hump = c.is_ascii_uppercase() && last_lower;
            last_lower = c.is_ascii_lowercase();
            if hump || !c.is_alphanumeric() {
                lower.push(' ');
            }
            if c.is_alphanumeric() {
                lower.push(c.to_ascii_lowercase());
            }
        }
        let mut before: Option<(usize, usize)> = None;
        let mut at = 0;
        for word in lower.split(' ') {
            let span = (at, at + word.len());
            at += word.len() + 1;
            if word.is_empty() {
                continue;
            }
            let pair = before.map(|(start, _)| &lower[start..span.1]);
            let known = |text: &str| WORDS.kind(text);
            let kind = match pair.map_or(0, |pair| WORDS.whole.get(pair).copied().unwrap_or(0)) {
                0 => known(word),
                kind => kind,
            };
            if kind > 0 && (hints.noise == 0 || kind < hints.noise) {
                hints.noise = kind;
            }
            if BODIES.has(word) || pair.is_some_and(|pair| BODIES.has(pair)) {
                hints.flags |= Hints::BODY;
            }
            before = Some(span);
        }
    }
}

/// What inline styles say about being seen.
#[derive(Default)]
struct Visibility {
    hidden: bool,
    absolute: bool,
    far: bool,
    clipped: bool,
    no_width: bool,
    no_height: bool,
    cut: bool,
}

impl Visibility {
    fn style(&mut self, style: &str) {
        for declaration in style.split(';') {
            let Some((property, value)) = declaration.split_once(':') else {
                continue;
            };
            let property = property.trim().to_ascii_lowercase();
            let value = value.trim().to_ascii_lowercase();
            let value = value.trim_end_matches("!important").trim();
            let zero = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
            let zero = zero.trim().parse::<f32>().is_ok_and(|n| n == 0.0);
            match property.as_str() {
                "display" => self.hidden |= value == "none",
                "visibility" => self.hidden |= matches!(value, "hidden" | "collapse"),
                "opacity" | "font-size" => self.hidden |= zero,
                "position" => self.absolute = matches!(value, "absolute" | "fixed"),
                "left" | "top" | "right" | "bottom" | "text-indent" | "margin-left"
                | "margin-top" => {
                    self.far |= is_far(value);
                    self.hidden |= property == "text-indent" && is_far(value);
                }
                "width" | "max-width" => self.no_width |= zero,
                "height" | "max-height" => self.no_height |= zero,
                "overflow" | "overflow-x" | "overflow-y" => {
                    self.cut |= matches!(value, "hidden" | "clip")
                }
                "clip" | "clip-path" => {
                    self.clipped |= value.starts_with("rect(0")
                        || value.starts_with("inset(50%")
                        || value.starts_with("inset(100%");
                }
                "color" => self.hidden |= value == "transparent",
                _ => {}
            }
        }
    }

    /// Zero size, off-screen or clipped away.
    fn nothing(&self) -> bool {
        let no_size = self.cut && (self.no_width || self.no_height);
        no_size || self.absolute && (self.far || self.clipped)
    }
}

/// `-9999px`, `-100em`: a place no screen shows.
fn is_far(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let Ok(number) = number.parse::<f32>() else {
        return false;
    };
    let wide = if value.ends_with("em")
        || value.ends_with("vw")
        || value.ends_with("vh")
        || value.ends_with('%')
    {
        -99.0
    } else {
        -999.0
    };
    number <= wide
}
