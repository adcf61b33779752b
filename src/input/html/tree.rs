//! The tree: markup becomes elements and the text of the page, in document order, hidden text included.
//!
//! In:  markup. Out: `Tree`, elements with the bytes of the text they hold, and the blocks of text. White space is folded as a browser
//! folds it; blocks stand apart by a blank line. Deeper than [`MOST_DEPTH`] elements are read as part of the one above.

use super::hints::{self, Hints};
use super::tokens::{MarkupToken, MarkupTokens, decoded};

/// Elements within each other; those deeper are not told apart.
pub const MOST_DEPTH: usize = 512;

/// What an element does to the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// The root.
    Page,
    /// `title` of the page.
    Title,
    Body,
    Article,
    Main,
    Section,
    Div,
    Paragraph,
    Heading(u8),
    List,
    Item,
    Quote,
    Preformatted,
    Table,
    Row,
    Cell,
    Figure,
    Caption,
    Header,
    Footer,
    Aside,
    Navigation,
    Form,
    /// A button or another control.
    Control,
    Address,
    /// A block that is nothing else.
    Block,
    Link,
    Time,
    /// A picture in letters, a fallback, an embedded page: read by no one.
    Unread,
    Inline,
}

impl Tag {
    /// The tag of a name in lower case.
    fn named(name: &[u8]) -> Tag {
        match name {
            b"title" => Tag::Title,
            b"body" => Tag::Body,
            b"article" => Tag::Article,
            b"main" => Tag::Main,
            b"section" => Tag::Section,
            b"div" => Tag::Div,
            b"p" => Tag::Paragraph,
            b"h1" => Tag::Heading(1),
            b"h2" => Tag::Heading(2),
            b"h3" => Tag::Heading(3),
            b"h4" | b"h5" | b"h6" => Tag::Heading(4),
            b"ul" | b"ol" | b"dl" | b"menu" | b"dir" => Tag::List,
            b"li" | b"dt" | b"dd" => Tag::Item,
            b"blockquote" | b"q" if name.len() > 1 => Tag::Quote,
            b"pre" | b"listing" | b"xmp" => Tag::Preformatted,
            b"table" => Tag::Table,
            b"tr" => Tag::Row,
            b"td" | b"th" => Tag::Cell,
            b"figure" => Tag::Figure,
            b"figcaption" | b"caption" => Tag::Caption,
            b"header" | b"hgroup" => Tag::Header,
            b"footer" => Tag::Footer,
            b"aside" => Tag::Aside,
            b"nav" => Tag::Navigation,
            b"form" | b"fieldset" | b"dialog" => Tag::Form,
            b"button" | b"select" | b"option" | b"optgroup" | b"textarea" | b"label"
            | b"legend" | b"datalist" | b"progress" | b"meter" | b"output" => Tag::Control,
            b"address" => Tag::Address,
            b"html" | b"head" | b"center" | b"details" | b"summary" | b"thead" | b"tbody"
            | b"tfoot" | b"colgroup" | b"hr" | b"frameset" | b"marquee" | b"search" | b"item"
            | b"entry" | b"channel" | b"feed" | b"rss" => Tag::Block,
            b"a" => Tag::Link,
            b"time" => Tag::Time,
            b"svg" | b"math" | b"template" | b"noscript" | b"iframe" | b"object" | b"video"
            | b"audio" | b"canvas" | b"map" | b"noframes" | b"noembed" | b"applet" => Tag::Unread,
            _ => Tag::Inline,
        }
    }

    /// Whether it begins and ends lines.
    pub fn is_block(self) -> bool {
        !matches!(
            self,
            Tag::Inline | Tag::Link | Tag::Time | Tag::Control | Tag::Unread
        )
    }

    /// Whether an end tag of something outside does not reach through it.
    fn is_closed_in(self) -> bool {
        matches!(self, Tag::Page | Tag::Table | Tag::Cell)
    }

    /// Whether its start tag ends an open element of this kind.
    fn closes_before(self, open: Tag, lower: &[u8]) -> bool {
        match self {
            Tag::Item | Tag::Row | Tag::Cell | Tag::Link => open == self,
            Tag::Body => open == Tag::Unread,
            Tag::Control => lower == b"option" && open == Tag::Control,
            tag => tag.is_block() && open == Tag::Paragraph,
        }
    }

    /// Whether its start tag ends nothing beyond an open element of this kind.
    fn stops_closing(self, open: Tag, lower: &[u8]) -> bool {
        match self {
            Tag::Item => matches!(
                open,
                Tag::List | Tag::Page | Tag::Cell | Tag::Section | Tag::Article | Tag::Navigation
            ),
            Tag::Row => matches!(open, Tag::Table | Tag::Page),
            Tag::Cell => matches!(open, Tag::Row | Tag::Table | Tag::Page),
            Tag::Link | Tag::Body => open.is_block(),
            Tag::Control => lower != b"option" || open.is_block(),
            tag => !tag.is_block() || open.is_block() && open != Tag::Paragraph,
        }
    }

    /// Whether its end tag also ends the elements within it that are still open.
    fn ends_others(self) -> bool {
        self.is_block() || self == Tag::Unread
    }
}

/// Names that never have content.
const VOID: [&[u8]; 16] = [
    b"area",
    b"base",
    b"basefont",
    b"br",
    b"col",
    b"embed",
    b"frame",
    b"hr",
    b"img",
    b"input",
    b"link",
    b"meta",
    b"param",
    b"source",
    b"track",
    b"wbr",
];

/// An element with the bytes of the text it holds.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// The element around it; the root is around itself.
    pub parent: u32,
    pub tag: Tag,
    pub hints: Hints,
    /// First byte of its text; white space may stand there.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

/// A stretch of text without a line of its own inside: a paragraph, an item, the text between two of them.
#[derive(Debug, Clone, Copy)]
pub struct TextBlock {
    /// The nearest block element around it.
    pub element: u32,
    pub start: u32,
    pub end: u32,
    /// Letters within links, and all: characters that are not white space.
    pub linked: u32,
    pub letters: u32,
}

/// What stands in the head of a page for machines.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// `meta` elements: name or property in lower case, and content.
    pub metas: Vec<(String, String)>,
    /// JSON-LD scripts.
    pub json: Vec<String>,
    /// The canonical address.
    pub canonical: Option<String>,
    /// The language the page says it is in.
    pub language: Option<String>,
    /// How many frames it has.
    pub frames: usize,
    /// It asks for a password.
    pub asks_password: bool,
}

/// Most of each kind of the head's entries.
const MOST_METAS: usize = 512;
const MOST_SCRIPTS: usize = 32;
/// Longest entry of the head that is looked at.
const LONGEST_META: usize = 4 << 10;
const LONGEST_SCRIPT: usize = 1 << 20;

/// A page: its elements, its text, its blocks.
#[derive(Debug, Default)]
pub struct Tree {
    /// In the order their tags open; the first is the root.
    pub elements: Vec<Element>,
    pub text: String,
    pub blocks: Vec<TextBlock>,
    pub head: Head,
}

/// Reads markup.
pub fn read(markup: &str) -> Tree {
    let mut builder = Builder::new();
    builder.read(&mut MarkupTokens::of(markup, false));
    builder.finish()
}

/// An element that is not closed yet.
struct OpenElement<'a> {
    element: u32,
    name: &'a str,
    tag: Tag,
}

/// White space that is due before the next character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Blank {
    None,
    Space,
    Cell,
    Line,
    Block,
}

impl Blank {
    fn text(self) -> &'static str {
        match self {
            Blank::None => "",
            Blank::Space => " ",
            Blank::Cell => "\t",
            Blank::Line => "\n",
            Blank::Block => "\n\n",
        }
    }
}

/// A tree under way.
pub(super) struct Builder<'a> {
    tree: Tree,
    open: Vec<OpenElement<'a>>,
    /// Start tags beyond the deepest, whose end tags are passed over.
    beyond: usize,
    gap: Blank,
    /// Characters read belong to a link; of how many `a` on the stack.
    in_link: bool,
    preformatted: usize,
    /// The last block goes on.
    block_open: bool,
}

impl<'a> Builder<'a> {
    pub fn new() -> Builder<'a> {
        let mut builder = Builder {
            tree: Tree::default(),
            open: Vec::new(),
            beyond: 0,
            gap: Blank::None,
            in_link: false,
            preformatted: 0,
            block_open: false,
        };
        builder.push("", Tag::Page, Hints::default());
        builder
    }

    pub fn read(&mut self, tokens: &mut MarkupTokens<'a>) {
        while let Some(token) = tokens.next() {
            match token {
                MarkupToken::Text(text) => self.text(&decoded(text)),
                MarkupToken::Verbatim(text) => self.text(text),
                MarkupToken::Open { name, closed } => self.start(name, closed, tokens),
                MarkupToken::Close(name) => self.end(name),
            }
        }
    }

    pub fn finish(mut self) -> Tree {
        while !self.open.is_empty() {
            self.pop();
        }
        self.tree
    }

    fn start(&mut self, name: &'a str, closed: bool, tokens: &mut MarkupTokens<'a>) {
        let mut buffer = [0u8; 16];
        let lower = lowered(name, &mut buffer);
        if self.machine(lower, tokens) {
            return;
        }
        let tag = Tag::named(lower);
        if lower == b"br" {
            if self.gap >= Blank::Line {
                (self.gap, self.block_open) = (Blank::Block, false);
            } else {
                self.gap = Blank::Line;
            }
            return;
        }
        self.close_implied(tag, lower);
        if tag.is_block() {
            self.break_line(tag);
        }
        if VOID.contains(&lower) {
            return;
        }
        if self.open.len() >= MOST_DEPTH {
            self.beyond += 1;
            return;
        }
        let hints = hints::of(&tokens.attributes);
        let linked = tag == Tag::Link && hints.has(Hints::LINK);
        self.push(name, tag, hints);
        self.in_link |= linked;
        self.preformatted += usize::from(tag == Tag::Preformatted);
        if closed && self.inside_picture() {
            self.pop();
        }
        if lower == b"title" && !self.inside_picture() {
            let text = tokens.raw_text("title", true);
            self.text(&decoded(text));
            self.end(name);
        } else if lower == b"textarea" {
            let text = tokens.raw_text("textarea", true);
            self.text(&decoded(text));
            self.end(name);
        }
    }

    /// Reads what is meant for machines; returns whether the tag was such.
    fn machine(&mut self, lower: &[u8], tokens: &mut MarkupTokens<'a>) -> bool {
        let attribute = |name: &str| {
            let found = tokens
                .attributes
                .iter()
                .find(|(n, _)| n.eq_ignore_ascii_case(name));
            found.map(|(_, value)| *value)
        };
        let head = &mut self.tree.head;
        match lower {
            b"script" => {
                let is_data =
                    attribute("type").is_some_and(|t| t.to_ascii_lowercase().contains("ld+json"));
                let text = tokens.raw_text("script", false);
                if is_data && head.json.len() < MOST_SCRIPTS && text.len() <= LONGEST_SCRIPT {
                    head.json.push(text.to_string());
                }
            }
            b"style" => {
                tokens.raw_text("style", false);
            }
            b"meta" => {
                let name = attribute("property")
                    .or(attribute("name"))
                    .or(attribute("itemprop"));
                if let (Some(name), Some(content)) = (name, attribute("content"))
                    && head.metas.len() < MOST_METAS
                    && content.len() <= LONGEST_META
                    && name.len() <= 64
                {
                    let content = decoded(content).trim().to_string();
                    head.metas.push((name.to_ascii_lowercase(), content));
                }
            }
            b"link" => {
                let canonical =
                    attribute("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
                if canonical && head.canonical.is_none() {
                    head.canonical = attribute("href").map(|href| decoded(href).into_owned());
                }
            }
            b"input" => {
                head.asks_password |=
                    attribute("type").is_some_and(|t| t.eq_ignore_ascii_case("password"));
            }
            b"html" => {
                if let Some(language) = attribute("lang") {
                    head.language.get_or_insert_with(|| language.to_string());
                }
                return false;
            }
            b"frame" | b"iframe" => {
                head.frames += 1;
                return false;
            }
            _ => return false,
        }
        true
    }

    /// Whether the innermost elements are those of a picture or a formula, which may be closed by `/>`.
    fn inside_picture(&self) -> bool {
        let mut names = self.open.iter().rev().take(32).map(|open| open.name);
        names.any(|name| name.eq_ignore_ascii_case("svg") || name.eq_ignore_ascii_case("math"))
    }

    /// Ends the elements that a start tag ends: a paragraph before a block, an item before the next.
    fn close_implied(&mut self, tag: Tag, lower: &[u8]) {
        let found = self.open.iter().rposition(|open| {
            tag.closes_before(open.tag, lower) || tag.stops_closing(open.tag, lower)
        });
        let Some(at) = found.filter(|&at| tag.closes_before(self.open[at].tag, lower)) else {
            return;
        };
        if lower == b"option" && !self.open[at].name.eq_ignore_ascii_case("option") {
            return;
        }
        self.pop_to(at);
    }

    /// Ends the innermost element of this name, and what is open within it; other end tags are nothing.
    fn end(&mut self, name: &str) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let mut buffer = [0u8; 16];
        let lower = lowered(name, &mut buffer);
        let tag = Tag::named(lower);
        if lower == b"br" {
            self.gap = self.gap.max(Blank::Line);
            return;
        }
        if lower == b"p" && !self.open.iter().any(|open| open.tag == Tag::Paragraph) {
            self.break_line(tag);
            return;
        }
        let stops = |open: &OpenElement| match tag.ends_others() {
            true => {
                open.tag.is_closed_in()
                    && !matches!(tag, Tag::Table | Tag::Row | Tag::Cell | Tag::Body)
            }
            false => open.tag.is_block(),
        };
        let mut found = None;
        for (at, open) in self.open.iter().enumerate().rev() {
            if open.name.eq_ignore_ascii_case(name) {
                found = Some(at);
                break;
            }
            if stops(open) {
                break;
            }
        }
        match found {
            Some(at) => self.pop_to(at),
            // A link that was not closed before the block it stands in.
            None if tag == Tag::Link => self.in_link = false,
            None => {}
        }
    }

    fn push(&mut self, name: &'a str, tag: Tag, hints: Hints) {
        let element = self.tree.elements.len() as u32;
        let parent = self.open.last().map_or(0, |open| open.element);
        let start = self.tree.text.len() as u32;
        self.tree.elements.push(Element {
            parent,
            tag,
            hints,
            start,
            end: start,
        });
        self.open.push(OpenElement { element, name, tag });
    }

    fn pop_to(&mut self, at: usize) {
        while self.open.len() > at.max(1) {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.tree.elements[open.element as usize].end = self.tree.text.len() as u32;
        match open.tag {
            Tag::Link => self.in_link = false,
            Tag::Preformatted => self.preformatted -= 1,
            _ => {}
        }
        if open.tag.is_block() {
            self.break_line(open.tag);
        } else if matches!(open.tag, Tag::Control | Tag::Unread) {
            self.gap = self.gap.max(Blank::Space);
        }
    }

    fn break_line(&mut self, tag: Tag) {
        let gap = match tag {
            Tag::Cell => Blank::Cell,
            Tag::Row => Blank::Line,
            _ => Blank::Block,
        };
        self.gap = self.gap.max(gap);
        self.block_open = false;
    }

    /// Writes characters, white space folded.
    fn text(&mut self, text: &str) {
        if self.preformatted > 0 {
            for (at, line) in text.split('\n').enumerate() {
                if at > 0 {
                    self.gap = self.gap.max(Blank::Line);
                }
                self.folded(line);
            }
        } else {
            self.folded(text);
        }
    }

    fn folded(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let word = rest.trim_start();
            if word.len() < rest.len() {
                self.gap = self.gap.max(Blank::Space);
            }
            if word.is_empty() {
                return;
            }
            let len = word.find(char::is_whitespace).unwrap_or(word.len());
            self.word(&word[..len]);
            rest = &word[len..];
        }
    }

    fn word(&mut self, word: &str) {
        let gap = std::mem::replace(&mut self.gap, Blank::None);
        let text = &mut self.tree.text;
        if !text.is_empty() {
            text.push_str(gap.text());
        }
        let start = text.len() as u32;
        text.push_str(word);
        let end = text.len() as u32;
        let letters = word.chars().count() as u32;
        let linked = if self.in_link { letters } else { 0 };
        match self.tree.blocks.last_mut() {
            Some(block) if self.block_open => {
                block.end = end;
                block.letters += letters;
                block.linked += linked;
            }
            _ => {
                let block = self.open.iter().rfind(|open| open.tag.is_block());
                let element = block.map_or(0, |open| open.element);
                self.tree.blocks.push(TextBlock {
                    element,
                    start,
                    end,
                    linked,
                    letters,
                });
                self.block_open = true;
            }
        }
    }
}

/// Writes a name in lower case, as far as there is room.
fn lowered<'b>(name: &str, buffer: &'b mut [u8; 16]) -> &'b [u8] {
    let len = name.len().min(buffer.len());
    buffer[..len].copy_from_slice(&name.as_bytes()[..len]);
    buffer[..len].make_ascii_lowercase();
    &buffer[..len]
}
