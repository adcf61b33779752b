//! Main content: which parts of a page are the article, and what the others are.
//!
//! In:  a tree. Out: what is read of its text, as cuts, each with a rule. Paragraphs count for a part of the page and short or linked
//! blocks against it; the article is the part with the most. Classes and tags say what noise is, unless most of the page is in it.

use super::hints::Hints;
use super::tree::{Tag, TextBlock, Tree};
use crate::article::Reason;
use crate::language::data::{self, List};

/// A stretch of the text that is not read, and the rule it goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageCut {
    pub start: usize,
    pub end: usize,
    pub rule: &'static str,
}

/// What the tags of a block say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A paragraph.
    Prose,
    /// An item of a list, a cell of a table.
    Item,
    /// A heading.
    Heading,
    /// A short paragraph.
    Line,
    /// Said by somebody else than the page: nobody's advertisement.
    Quoted,
}

/// A block that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadBlock {
    pub start: usize,
    pub end: usize,
    pub kind: BlockKind,
}

/// The rules, and the reason each stands for.
pub const RULES: [(&str, Reason); 23] = [
    ("html.advertisement", Reason::Advertisement),
    ("html.aside", Reason::RelatedLinks),
    ("html.byline", Reason::Byline),
    ("html.caption", Reason::Caption),
    ("html.comment", Reason::Comment),
    ("html.consent", Reason::Other),
    ("html.control", Reason::Navigation),
    ("html.copyright", Reason::Copyright),
    ("html.date", Reason::Metadata),
    ("html.footer", Reason::Navigation),
    ("html.header", Reason::Navigation),
    ("html.hidden", Reason::Hidden),
    ("html.item", Reason::UnrelatedArticle),
    ("html.links", Reason::RelatedLinks),
    ("html.login", Reason::Navigation),
    ("html.navigation", Reason::Navigation),
    ("html.outside", Reason::Other),
    ("html.related", Reason::RelatedLinks),
    ("html.share", Reason::Promotion),
    ("html.subscribe", Reason::Promotion),
    ("html.tags", Reason::Navigation),
    ("html.title", Reason::Metadata),
    ("html.unread", Reason::Other),
];

/// Fewest letters of a paragraph; a block of fewer may be anything. Hanja and Hangul say twice as much a letter.
const PARAGRAPH: u32 = 40;
/// What a block that is no paragraph costs the part of the page it stands in, and the most it does.
const BLOCK_COST: i64 = 10;
const MOST_COST: i64 = 120;
/// Share of a page's paragraphs, in per cent, that noise by its class may hold.
const MOST_NOISE: u64 = 50;
/// Readers may write more than the article has.
const MOST_COMMENTS: u64 = 85;
/// What is sold, asked for or named stands in few words: an element with so many paragraphs, and this share of the page's, is none.
const MOST_PARAGRAPHS: u64 = 3;
const MOST_ASKED: u64 = 20;
/// Beside a field for a password, an article has so many letters; a page that asks for consent has less than these.
const LEAST_BESIDE_LOGIN: u64 = 400;
const MOST_CONSENT: u64 = 2_500;
/// Words of a page that asks for consent.
static CONSENT_WORDS: List = List::of(&data::PAGES, "consent_words");
/// Letters below which another look is taken without classes.
const LEAST_LETTERS: u64 = 250;
/// Share of the best part, in per cent, that a part named as the article's body must have to be taken instead.
const NAMED_SHARE: i64 = 85;
const MARKED_SHARE: i64 = 50;

/// What is found of a page.
#[derive(Debug)]
pub struct MainContent {
    /// What is not read, in order, without overlaps.
    pub cuts: Vec<PageCut>,
    /// Paragraphs, items and headings that are read.
    pub blocks: Vec<ReadBlock>,
    /// The headline's bytes.
    pub title: Option<(usize, usize)>,
    /// Several parts of the page look like articles.
    pub several: bool,
}

/// Weighs a page's parts.
struct Weighing<'t> {
    tree: &'t Tree,
    /// Letters of each block, as Latin ones.
    letters: Vec<u32>,
    /// Letters of paragraphs in each element.
    prose: Vec<u64>,
    counts: Vec<BlockCounts>,
    /// The rule each element goes by, its own or that of one around it.
    noise: Vec<Option<&'static str>>,
}

/// How many blocks of each kind an element holds.
#[derive(Debug, Clone, Copy, Default)]
struct BlockCounts {
    paragraphs: u64,
    /// Paragraphs that follow another.
    followers: u64,
    /// Short lines that are links.
    links: u64,
}

/// Finds the article of a page.
pub fn find(tree: &Tree, is_feed: bool) -> MainContent {
    let mut weighing = Weighing::of(tree);
    weighing.find_noise(true);
    if is_feed {
        weighing.leave_other_items();
    }
    let mut main = weighing.best();
    if weighing.kept(main) < LEAST_LETTERS && !is_feed && !tree.head.asks_password {
        let mut gentle = Weighing::of(tree);
        gentle.find_noise(false);
        let other = gentle.best();
        if gentle.kept(other) >= 2 * weighing.kept(main).max(PARAGRAPH as u64) {
            (weighing, main) = (gentle, other);
        }
    }
    if let Some(rule) = weighing.no_article(main) {
        weighing.noise.fill(Some(rule));
    }
    // Without a paragraph, sentences are all there is.
    let sparse = weighing.kept(main) == 0;
    if sparse {
        main = weighing.only_article();
    }
    let behind = weighing.second_paragraph(main);
    let title = super::title::find(tree, behind, &weighing.noise);
    let rules = weighing.block_rules(main, sparse);
    let cuts = weighing.cuts(&rules, title);
    let blocks = weighing.read_blocks(main, &rules);
    let several = weighing.several(main) || is_feed && weighing.items() > 1;
    MainContent {
        cuts,
        blocks,
        title,
        several,
    }
}

impl<'t> Weighing<'t> {
    fn of(tree: &'t Tree) -> Weighing<'t> {
        let letters: Vec<u32> = tree.blocks.iter().map(|b| latin_letters(tree, b)).collect();
        let mut prose = vec![0; tree.elements.len()];
        for (block, letters) in tree.blocks.iter().zip(&letters) {
            if is_paragraph(block, *letters)
                && !matches!(tree.elements[block.element as usize].tag, Tag::Title)
            {
                prose[block.element as usize] += u64::from(*letters);
            }
        }
        add_up(tree, &mut prose);
        let counts = counts(tree, &letters);
        Weighing {
            tree,
            letters,
            prose,
            counts,
            noise: Vec::new(),
        }
    }

    /// Says of each element what noise it is, if it is any. Parents stand before their children.
    fn find_noise(&mut self, by_class: bool) {
        self.noise = Vec::with_capacity(self.tree.elements.len());
        for at in 0..self.tree.elements.len() {
            let element = &self.tree.elements[at];
            let around = match at {
                0 => None,
                _ => self.noise[element.parent as usize],
            };
            self.noise.push(match around {
                // What is hidden within noise is still hidden.
                Some(rule) if self.is_hidden(at) && rule != "html.hidden" => Some("html.hidden"),
                Some(rule) => Some(rule),
                None => self.own_noise(at, by_class),
            });
        }
    }

    fn is_hidden(&self, at: usize) -> bool {
        let element = &self.tree.elements[at];
        let unspoken = element.hints.has(Hints::UNSPOKEN) && !self.is_much(at, MOST_NOISE);
        !matches!(element.tag, Tag::Page | Tag::Body)
            && (element.hints.has(Hints::HIDDEN) || unspoken)
    }

    /// Whether an element holds more than this share of the page's paragraphs.
    fn is_much(&self, at: usize, percent: u64) -> bool {
        self.prose[at] * 100 > self.prose[0] * percent
    }

    fn own_noise(&self, at: usize, by_class: bool) -> Option<&'static str> {
        let element = &self.tree.elements[at];
        if self.is_hidden(at) {
            return Some("html.hidden");
        }
        let much = self.is_much(at, MOST_NOISE);
        let by_tag = match element.tag {
            Tag::Title => Some("html.title"),
            Tag::Navigation => Some("html.navigation"),
            Tag::Footer if !self.in_quote(at) => Some("html.footer"),
            Tag::Aside => Some("html.aside"),
            Tag::Control => Some("html.control"),
            Tag::Unread => Some("html.unread"),
            Tag::Caption => Some("html.caption"),
            Tag::Form if by_class => Some("html.control"),
            _ => None,
        };
        if by_tag.is_some() {
            return by_tag.filter(|_| !much || element.tag == Tag::Title);
        }
        if matches!(element.tag, Tag::Page | Tag::Body | Tag::Main) || !by_class {
            return None;
        }
        if element.tag.is_block() && !much && self.counts[at].are_teasers() {
            return Some("html.related");
        }
        let rule = element.hints.noise()?;
        let named = element.hints.has(Hints::ARTICLE_BODY)
            || element.hints.has(Hints::BODY) && self.prose[at] > 0;
        let most = match rule {
            "html.comment" => MOST_COMMENTS,
            "html.aside" | "html.related" | "html.consent" | "html.subscribe" => MOST_NOISE,
            _ if self.counts[at].paragraphs >= MOST_PARAGRAPHS => MOST_ASKED,
            _ => MOST_NOISE,
        };
        // A link, an emphasis or a heading within a paragraph says nothing by its class.
        let inside = matches!(element.tag, Tag::Article) || matches!(element.tag, Tag::Heading(_));
        (!named && !inside && !self.is_much(at, most)).then_some(rule)
    }

    fn in_quote(&self, at: usize) -> bool {
        self.tree.elements[self.tree.elements[at].parent as usize].tag == Tag::Quote
    }

    /// The part of the page with the most paragraphs and the least else.
    fn best(&self) -> usize {
        let elements = &self.tree.elements;
        let mut gain = vec![0i64; elements.len()];
        for (block, letters) in self.tree.blocks.iter().zip(&self.letters) {
            let at = block.element as usize;
            if self.noise[at].is_none() {
                let sentence = *letters < PARAGRAPH && self.closes_sentence(block);
                gain[at] += match sentence {
                    true => i64::from(*letters),
                    false => worth(block, *letters, elements[at].tag),
                };
            }
        }
        for at in (1..elements.len()).rev() {
            gain[elements[at].parent as usize] += gain[at];
        }
        let holds = |tag: Tag| {
            tag.is_block() && !matches!(tag, Tag::Paragraph | Tag::Heading(_) | Tag::Item)
        };
        let candidates = || {
            let all = 0..elements.len();
            all.filter(|&at| self.noise[at].is_none() && holds(elements[at].tag))
        };
        let Some(best) = candidates().max_by_key(|&at| (gain[at], at)) else {
            return 0;
        };
        let named = |flag: u8, share: i64| {
            let of = candidates().filter(|&at| elements[at].hints.has(flag));
            let enough = of.filter(|&at| gain[at] * 100 >= gain[best] * share);
            enough.max_by_key(|&at| (gain[at], at))
        };
        let marked = named(Hints::ARTICLE_BODY, MARKED_SHARE);
        marked.or(named(Hints::BODY, NAMED_SHARE)).unwrap_or(best)
    }

    /// Of a feed, the first item is read.
    fn leave_other_items(&mut self) {
        let elements = &self.tree.elements;
        let mut items = (0..elements.len())
            .filter(|&at| elements[at].tag == Tag::Article && elements[at].parent == 0);
        let first = items.next();
        for (at, element) in elements.iter().enumerate() {
            let parent = element.parent as usize;
            let other = element.tag == Tag::Article && parent == 0 && Some(at) != first;
            if other || at > 0 && self.noise[parent] == Some("html.item") {
                self.noise[at] = Some("html.item");
            }
        }
    }

    /// How many items a feed has.
    fn items(&self) -> usize {
        let elements = self.tree.elements.iter();
        elements
            .filter(|e| e.tag == Tag::Article && e.parent == 0)
            .count()
    }

    /// Says why a page holds no article: it asks for a password, or for consent, and for nothing else.
    fn no_article(&self, main: usize) -> Option<&'static str> {
        let kept = self.kept(main);
        if self.tree.head.asks_password && kept < LEAST_BESIDE_LOGIN {
            return Some("html.login");
        }
        if kept > MOST_CONSENT {
            return None;
        }
        let (mut asking, mut all) = (0, 0);
        for (block, letters) in self.read_paragraphs(main) {
            let text = self.tree.text[block.start as usize..block.end as usize].to_lowercase();
            let words = CONSENT_WORDS
                .iter()
                .filter(|word| text.contains(**word))
                .count();
            all += letters;
            asking += if words >= 2 { letters } else { 0 };
        }
        (all > 0 && asking * 2 >= all).then_some("html.consent")
    }

    /// The paragraphs that are left of a part.
    fn read_paragraphs(&self, main: usize) -> impl Iterator<Item = (&TextBlock, u32)> {
        let element = &self.tree.elements[main];
        let blocks = self.tree.blocks.iter().zip(self.letters.iter().copied());
        blocks.filter(|(block, letters)| {
            let inside = element.start <= block.start && block.end <= element.end;
            inside && self.noise[block.element as usize].is_none() && is_paragraph(block, *letters)
        })
    }

    /// Where the second paragraph begins: headings behind it are no headline.
    fn second_paragraph(&self, main: usize) -> usize {
        let second = self.read_paragraphs(main).nth(1);
        second.map_or(self.tree.elements[main].end as usize, |(block, _)| {
            block.start as usize
        })
    }

    /// Whether a block ends in a mark that closes sentences, and is no link.
    fn closes_sentence(&self, block: &TextBlock) -> bool {
        let text = &self.tree.text[block.start as usize..block.end as usize];
        let closers = ['"', '\'', '”', '’', ')', '」', '』'];
        let closed = text
            .trim_end_matches(closers)
            .ends_with(['.', '!', '?', '。', '…']);
        closed && block.linked * 2 < block.letters
    }

    /// The one article of a page, else all of it.
    fn only_article(&self) -> usize {
        let elements = self.tree.elements.iter().enumerate();
        let mut articles =
            elements.filter(|(at, e)| e.tag == Tag::Article && self.noise[*at].is_none());
        match (articles.next(), articles.next()) {
            (Some((at, _)), None) => at,
            _ => 0,
        }
    }

    /// Letters of the paragraphs that are left of a part.
    fn kept(&self, main: usize) -> u64 {
        self.read_paragraphs(main)
            .map(|(_, letters)| u64::from(letters))
            .sum()
    }

    /// The rule that each block goes by; none for those that are read.
    fn block_rules(&self, main: usize, sparse: bool) -> Vec<Option<&'static str>> {
        let elements = &self.tree.elements;
        let part = (elements[main].start, elements[main].end);
        let links = self.link_boxes(main);
        let blocks = self.tree.blocks.iter().zip(&self.letters);
        let rules = blocks.map(|(block, letters)| {
            let at = block.element as usize;
            let outside = block.start < part.0 || block.end > part.1;
            // A paragraph and an item may be a link and the article's own.
            let own = matches!(elements[at].tag, Tag::Paragraph | Tag::Item);
            let link = links[at] || is_link_line(block, *letters) && !own;
            match self.noise[at] {
                Some(rule) => Some(rule),
                None if outside => Some("html.outside"),
                None if link => Some("html.links"),
                None if sparse && !self.closes_sentence(block) => Some("html.outside"),
                None => None,
            }
        });
        rules.collect()
    }

    /// What is not read, but for the headline: blocks with a rule, and noise inside of others.
    fn cuts(&self, rules: &[Option<&'static str>], title: Option<(usize, usize)>) -> Vec<PageCut> {
        let mut cuts: Vec<PageCut> = Vec::new();
        for (block, rule) in self.tree.blocks.iter().zip(rules) {
            let Some(rule) = *rule else { continue };
            let (start, end) = (block.start as usize, block.end as usize);
            let (from, to) = title.unwrap_or((end, end));
            // Before the headline and behind it, where it stands in the block.
            let around = [(start, end.min(from.max(start))), (to.max(start), end)];
            let around = around.into_iter().filter(|(start, end)| start < end);
            cuts.extend(around.map(|(start, end)| PageCut { start, end, rule }));
        }
        self.cut_inline(&mut cuts, title);
        cuts
    }

    /// The blocks that are read, with what their tags say.
    fn read_blocks(&self, main: usize, rules: &[Option<&'static str>]) -> Vec<ReadBlock> {
        let layout = self.layout_tables();
        let sentences = self.read_paragraphs(main);
        let sentences = sentences.filter(|(block, _)| self.closes_sentence(block));
        let last = sentences.last().map_or(0, |(block, _)| block.start);
        let mut read = Vec::new();
        let blocks = self.tree.blocks.iter().zip(&self.letters).zip(rules);
        for ((block, letters), _) in blocks.filter(|(_, rule)| rule.is_none()) {
            let at = block.element as usize;
            let tag = match self.tree.elements[at].tag {
                Tag::Cell | Tag::Row if layout[at] => Tag::Div,
                tag => tag,
            };
            // Behind the last sentence a short line may be anything.
            let short = (block.start <= last).then_some(BlockKind::Line);
            let kinds = match kind(block, *letters, tag) {
                _ if tag == Tag::Quote || self.in_quote(at) => {
                    (BlockKind::Quoted, Some(BlockKind::Quoted))
                }
                Some(BlockKind::Prose) => (BlockKind::Prose, short),
                Some(BlockKind::Line) if short.is_none() => continue,
                Some(kind) => (kind, Some(kind)),
                None => continue,
            };
            let span = (block.start as usize, block.end as usize);
            read.extend(lines(&self.tree.text, span, kinds));
        }
        read
    }

    /// Which elements stand in tables that hold paragraphs: those are there for the look.
    fn layout_tables(&self) -> Vec<bool> {
        let elements = &self.tree.elements;
        let mut layout = vec![false; elements.len()];
        for at in 1..elements.len() {
            layout[at] = match elements[at].tag {
                Tag::Table => self.counts[at].paragraphs > 0,
                _ => layout[elements[at].parent as usize],
            };
        }
        layout
    }

    /// Noise inside of blocks: hidden words, buttons, labels.
    fn cut_inline(&self, cuts: &mut Vec<PageCut>, title: Option<(usize, usize)>) {
        let elements = &self.tree.elements;
        let mut inline: Vec<PageCut> = Vec::new();
        for (at, element) in elements.iter().enumerate() {
            let Some(rule) = self.noise[at] else { continue };
            let (start, end) = (element.start as usize, element.end as usize);
            if element.tag.is_block()
                || start == end
                || inline.last().is_some_and(|last| end <= last.end)
            {
                continue;
            }
            if title.is_none_or(|(from, to)| end <= from || to <= start) {
                inline.push(PageCut { start, end, rule });
            }
        }
        if inline.is_empty() {
            return;
        }
        let blocks = std::mem::take(cuts);
        *cuts = merged(blocks, inline);
    }

    /// Which elements are boxes of links within the main part, or stand in one.
    fn link_boxes(&self, main: usize) -> Vec<bool> {
        let elements = &self.tree.elements;
        let mut letters = vec![0u64; elements.len()];
        let mut linked = vec![0u64; elements.len()];
        for block in &self.tree.blocks {
            let at = block.element as usize;
            if self.noise[at].is_none() {
                letters[at] += u64::from(block.letters);
                linked[at] += u64::from(block.linked);
            }
        }
        add_up(self.tree, &mut letters);
        add_up(self.tree, &mut linked);
        let links: Vec<u64> = self.counts.iter().map(|counts| counts.links).collect();
        let mut boxes = vec![false; elements.len()];
        for at in 1..elements.len() {
            let element = &elements[at];
            let around = boxes[element.parent as usize];
            let is_box = matches!(
                element.tag,
                Tag::List | Tag::Div | Tag::Section | Tag::Article | Tag::Table | Tag::Block
            );
            let full = letters[at] > 0 && linked[at] * 100 >= letters[at] * LINKED_BOX;
            let share = letters[at] * 100 < letters[main] * LARGEST_BOX;
            let list = element.tag == Tag::List && links[at] < LEAST_LINKS;
            boxes[at] = around || at != main && is_box && !list && full && share;
        }
        boxes
    }

    /// Whether more than one article of the page has a body of its own.
    fn several(&self, main: usize) -> bool {
        let elements = &self.tree.elements;
        let part = &elements[main];
        let articles = (0..elements.len()).filter(|&at| {
            let element = &elements[at];
            element.tag == Tag::Article
                && self.noise[at].is_none()
                && element.start >= part.start
                && element.end <= part.end
                && at != main
                && self.prose[at] >= LEAST_LETTERS
        });
        articles.count() > 1
    }
}

/// An article's own list may hold a link or two.
const LEAST_LINKS: u64 = 3;
/// Share of a box's letters, in per cent, that stand in links.
const LINKED_BOX: u64 = 60;
/// Largest box of links, in per cent of the main part.
const LARGEST_BOX: u64 = 40;

/// BlockCounts the blocks of every element.
fn counts(tree: &Tree, letters: &[u32]) -> Vec<BlockCounts> {
    let mut counts = vec![BlockCounts::default(); tree.elements.len()];
    let mut behind_paragraph = false;
    for (block, letters) in tree.blocks.iter().zip(letters) {
        let count = &mut counts[block.element as usize];
        let paragraph = is_paragraph(block, *letters);
        count.paragraphs += u64::from(paragraph);
        count.followers += u64::from(paragraph && behind_paragraph);
        count.links += u64::from(
            !paragraph && block.linked * 10 >= block.letters * 9 && *letters >= LEAST_HEADLINE,
        );
        behind_paragraph = paragraph;
    }
    for at in (1..counts.len()).rev() {
        let own = counts[at];
        let around = &mut counts[tree.elements[at].parent as usize];
        around.paragraphs += own.paragraphs;
        around.followers += own.followers;
        around.links += own.links;
    }
    counts
}

/// A headline that links to its story has so many letters.
const LEAST_HEADLINE: u32 = 15;

impl BlockCounts {
    /// Headlines of other stories, each with a line of what it says: paragraphs that stand alone, and links between them.
    fn are_teasers(&self) -> bool {
        self.paragraphs >= 2
            && self.links * 10 >= self.paragraphs * 6
            && self.followers * 4 <= self.paragraphs
    }
}

/// Adds to each element what its children have.
fn add_up(tree: &Tree, counts: &mut [u64]) {
    for at in (1..counts.len()).rev() {
        counts[tree.elements[at].parent as usize] += counts[at];
    }
}

/// Puts inline cuts into the block cuts that do not hold them.
fn merged(blocks: Vec<PageCut>, inline: Vec<PageCut>) -> Vec<PageCut> {
    let mut all = Vec::with_capacity(blocks.len() + inline.len());
    let mut blocks = blocks.into_iter().peekable();
    for cut in inline {
        while let Some(block) = blocks.next_if(|block| block.end <= cut.start) {
            all.push(block);
        }
        let held = blocks.peek().is_some_and(|block| block.start < cut.end);
        if !held {
            all.push(cut);
        }
    }
    all.extend(blocks);
    all
}

/// BlockCounts letters as Latin ones: those of Hangul and Hanja are worth two.
fn latin_letters(tree: &Tree, block: &TextBlock) -> u32 {
    let bytes = &tree.text.as_bytes()[block.start as usize..block.end as usize];
    // Characters of three bytes: their first byte tells them.
    let wide = bytes.iter().filter(|b| (0xE3..=0xED).contains(*b)).count() as u32;
    block.letters + wide
}

fn is_paragraph(block: &TextBlock, letters: u32) -> bool {
    letters >= PARAGRAPH && block.linked * 2 <= block.letters
}

/// Cuts a block at its line ends, with the kinds of its long lines and its short ones.
fn lines(
    text: &str,
    (start, end): (usize, usize),
    (kind, short): (BlockKind, Option<BlockKind>),
) -> Vec<ReadBlock> {
    let mut at = start;
    let mut lines = Vec::new();
    let whole = !text[start..end].contains('\n');
    for line in text[start..end].split('\n') {
        let (from, to) = (at, at + line.len());
        at = to + 1;
        let long = whole || line.len() >= PARAGRAPH as usize;
        let kind = if long { Some(kind) } else { short };
        lines.extend(kind.map(|kind| ReadBlock {
            start: from,
            end: to,
            kind,
        }));
    }
    lines
}

/// What a block is by its tag, where the tag says something.
fn kind(block: &TextBlock, letters: u32, tag: Tag) -> Option<BlockKind> {
    let linked = block.linked * 2 > block.letters;
    match tag {
        // A list of links that was kept is the article's own.
        Tag::Item => Some(BlockKind::Item),
        Tag::Cell | Tag::Row if !linked => Some(BlockKind::Item),
        Tag::Heading(_) if !linked => Some(BlockKind::Heading),
        _ if is_paragraph(block, letters) => Some(BlockKind::Prose),
        Tag::Paragraph => Some(BlockKind::Line),
        _ => None,
    }
}

/// A short line that is all link.
fn is_link_line(block: &TextBlock, letters: u32) -> bool {
    block.linked * 10 >= block.letters * 9 && letters < 200
}

/// What a block counts for the part of the page it stands in.
fn worth(block: &TextBlock, letters: u32, tag: Tag) -> i64 {
    let free = i64::from(letters)
        - i64::from(letters) * i64::from(block.linked) / i64::from(block.letters.max(1));
    if is_paragraph(block, letters) {
        return free;
    }
    let cost = BLOCK_COST + i64::from(letters) - free / 2;
    match tag {
        Tag::Cell if block.linked == 0 => 0,
        Tag::Heading(_) => -cost.min(MOST_COST) / 4,
        Tag::Item if block.linked == 0 => -cost.min(MOST_COST) / 4,
        _ => -cost.min(MOST_COST),
    }
}
