//! Pages: an article in the furniture of a site, as scrapers leave it.
//!
//! In:  a site, an article, a seed. Out: the text, and which bytes of it are what; the headline's are not listed. Seeded: the same pages every time.

use std::ops::Range;

use super::sites::{Block, Line, Piece, Site};

/// A page's text and the kinds of its stretches, in order; what is not listed is the headline.
#[derive(Debug, Clone)]
pub struct Page {
    pub writer: String,
    /// It is estimated on, when its writer is left out.
    pub scored: bool,
    pub text: String,
    pub spans: Vec<(Range<usize>, usize)>,
    /// How its lines and marks are.
    pub manner: String,
}

/// A small generator, so that every run makes the same texts.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    pub fn of(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count.max(1)
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// How lines are put on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// A sentence a line.
    Lines,
    /// A paragraph a line.
    Paragraphs,
    /// Everything on one line.
    Single,
    /// A paragraph a line, broken at a column.
    Wrapped(usize),
}

/// What happens to marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marks {
    Kept,
    /// Quotation marks and brackets are lost.
    Final,
    Lost,
}

struct Writer {
    text: String,
    spans: Vec<(Range<usize>, usize)>,
    layout: Layout,
    marks: Marks,
    blank: bool,
    column: usize,
}

/// Assembles a page of one article.
pub fn page(site: &Site, piece: &Piece, seed: u64) -> Page {
    let mut dice = Random::of(seed);
    let mut out = Writer::roll(&mut dice);
    // One page in six is clean, one in twelve without its headline as well.
    let clean = dice.chance(17);
    let titled = if clean {
        dice.chance(50)
    } else {
        dice.chance(92)
    };
    let density = if clean {
        0
    } else {
        [15, 40, 70, 100][dice.below(4)]
    };
    let has_story = !clean && dice.chance(30) && !piece.story.is_empty();
    let story_at = if has_story { dice.below(4) } else { 9 };
    let title_first = dice.chance(25);
    if titled && title_first {
        out.title(&piece.title);
    }
    out.blocks(&site.top, density, &mut dice);
    if story_at == 0 {
        out.story(&piece.story);
    }
    if titled && !title_first {
        out.title(&piece.title);
    }
    out.blocks(&site.under_title, density, &mut dice);
    if story_at == 1 {
        out.story(&piece.story);
    }
    let middle = dice.below(piece.paragraphs.len());
    let inline = matches!(out.layout, Layout::Single) || dice.chance(10);
    for (n, paragraph) in piece.paragraphs.iter().enumerate() {
        out.paragraph(paragraph);
        if story_at == 2 && n == middle {
            out.story(&piece.story);
        }
        let count = site.between.len();
        // The denser the page, the more stands between its paragraphs.
        while count > 0 && dice.chance(density / 3) {
            let block = &site.between[dice.below(count)];
            out.block(block, inline && dice.chance(60), &mut dice);
        }
    }
    if story_at == 3 {
        out.story(&piece.story);
    }
    out.blocks(&site.tail, density, &mut dice);
    out.finish(site)
}

impl Writer {
    fn roll(dice: &mut Random) -> Writer {
        let layout = match dice.below(10) {
            0..=2 => Layout::Lines,
            3..=6 => Layout::Paragraphs,
            7 | 8 => Layout::Single,
            _ => Layout::Wrapped(30 + dice.below(50)),
        };
        let marks = match dice.below(10) {
            0..=6 => Marks::Kept,
            7 => Marks::Final,
            _ => Marks::Lost,
        };
        Writer {
            text: String::new(),
            spans: Vec::new(),
            layout,
            marks,
            blank: dice.chance(40),
            column: 0,
        }
    }

    fn title(&mut self, title: &str) {
        self.end();
        let title = degraded(title, self.marks);
        self.text.push_str(&title);
        self.end();
    }

    /// Each block with a chance, in their order.
    fn blocks(&mut self, blocks: &[Block], density: usize, dice: &mut Random) {
        for block in blocks {
            if dice.chance(density) {
                self.block(block, false, dice);
            }
        }
    }

    /// A block on lines of its own, or glued into the line.
    fn block(&mut self, block: &[Line], inline: bool, dice: &mut Random) {
        let one_line = inline || dice.chance(10);
        if !inline {
            self.end();
        }
        for line in block {
            self.put(&line.text, line.kind);
            if !one_line {
                self.end();
            }
        }
        if !inline {
            self.end();
            self.gap();
        }
    }

    fn story(&mut self, story: &[Line]) {
        self.end();
        for line in story {
            self.put(&line.text, line.kind);
            if line.apart || self.layout == Layout::Lines {
                self.end();
            }
        }
        self.end();
        self.gap();
    }

    fn paragraph(&mut self, paragraph: &[Line]) {
        for line in paragraph {
            let own_line = line.apart && self.layout != Layout::Single;
            if own_line {
                self.end();
            }
            self.put(&line.text, line.kind);
            if own_line || self.layout == Layout::Lines {
                self.end();
            }
        }
        if self.layout != Layout::Single {
            self.end();
            self.gap();
        }
    }

    fn put(&mut self, text: &str, kind: usize) {
        let text = degraded(text, self.marks);
        if text.is_empty() {
            return;
        }
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push(' ');
        }
        let start = self.text.len();
        match self.layout {
            Layout::Wrapped(column) => self.wrap(&text, column),
            _ => self.text.push_str(&text),
        }
        self.spans.push((start..self.text.len(), kind));
    }

    fn wrap(&mut self, text: &str, column: usize) {
        for (n, word) in text.split(' ').enumerate() {
            let count = word.chars().count();
            if self.column + count > column && self.column > 0 {
                if self.text.ends_with(' ') {
                    self.text.pop();
                }
                self.text.push('\n');
                self.column = 0;
            } else if n > 0 {
                self.text.push(' ');
            }
            self.text.push_str(word);
            self.column += count + 1;
        }
    }

    fn end(&mut self) {
        self.column = 0;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn gap(&mut self) {
        if self.blank && self.text.ends_with('\n') && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn finish(mut self, site: &Site) -> Page {
        self.end();
        Page {
            writer: site.writer.clone(),
            scored: site.is_scored(),
            text: self.text,
            spans: self.spans,
            manner: format!("{:?} {:?}", self.layout, self.marks)
                .replace(|c: char| c.is_ascii_digit(), ""),
        }
    }
}

fn degraded(text: &str, marks: Marks) -> String {
    let lost: &str = match marks {
        Marks::Kept => return text.to_string(),
        Marks::Final => "\"'“”‘’「」『』",
        Marks::Lost => "\"'“”‘’「」『』《》〈〉·…,!?()[]",
    };
    let bare: String = text
        .chars()
        .map(|c| if lost.contains(c) { ' ' } else { c })
        .collect();
    let words = bare.split_whitespace();
    if marks == Marks::Final {
        return words.collect::<Vec<_>>().join(" ");
    }
    words
        .map(|w| w.strip_suffix('.').unwrap_or(w))
        .collect::<Vec<_>>()
        .join(" ")
}
