//! MarkupTokens: markup becomes tags and text, one at a time.
//!
//! In:  markup of any kind, sound or not. Out: tags with their attributes, and text between them, as slices of the markup. Looks at
//! every byte a bounded number of times: what is not closed goes on to the end, and nothing is looked for twice in vain. A parser by
//! the book compares each attribute with those before it, and moves formatting tags again and again: hostile pages cost it minutes.

/// Most attributes of a tag that are kept; those behind are passed over.
pub const MOST_ATTRIBUTES: usize = 256;

/// An attribute: its name as it is written, and its value with entities as they are.
pub type Attribute<'a> = (&'a str, &'a str);

/// A piece of markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkupToken<'a> {
    /// Characters, entities as they are.
    Text(&'a str),
    /// Characters that hold no entities (CDATA).
    Verbatim(&'a str),
    /// A start tag; its attributes are in [`MarkupTokens::attributes`].
    Open {
        /// The name as it is written.
        name: &'a str,
        /// It ends in `/>`.
        closed: bool,
    },
    /// An end tag.
    Close(&'a str),
}

/// Goes through markup.
pub struct MarkupTokens<'a> {
    markup: &'a str,
    at: usize,
    /// CDATA sections are text: feeds have them, pages do not.
    cdata: bool,
    /// The attributes of the last start tag.
    pub attributes: Vec<Attribute<'a>>,
    /// Names of elements that are not closed any more, up to the end.
    unclosed: Vec<&'static str>,
}

impl<'a> MarkupTokens<'a> {
    /// Begins at the start of markup.
    pub fn of(markup: &'a str, cdata: bool) -> MarkupTokens<'a> {
        MarkupTokens {
            markup,
            at: 0,
            cdata,
            attributes: Vec::new(),
            unclosed: Vec::new(),
        }
    }

    /// Returns the next token.
    pub fn next(&mut self) -> Option<MarkupToken<'a>> {
        loop {
            let rest = &self.markup[self.at..];
            if rest.is_empty() {
                return None;
            }
            let bytes = rest.as_bytes();
            if bytes[0] != b'<' || !self.opens_markup(bytes) {
                let next = memchr::memchr(b'<', &bytes[1..]).map_or(rest.len(), |n| n + 1);
                self.at += next;
                return Some(MarkupToken::Text(&rest[..next]));
            }
            match bytes[1] {
                b'!' if self.cdata && rest.starts_with("<![CDATA[") => {
                    let inner = self.through(9, "]]>");
                    return Some(MarkupToken::Verbatim(inner));
                }
                b'!' if rest.starts_with("<!-->") => self.at += 5,
                b'!' if rest.starts_with("<!--") => {
                    self.through(4, "-->");
                }
                b'!' | b'?' => {
                    self.through(2, ">");
                }
                b'/' => {
                    let name = self.name(2);
                    self.read_attributes();
                    return Some(MarkupToken::Close(name));
                }
                _ => {
                    let name = self.name(1);
                    let closed = self.read_attributes();
                    return Some(MarkupToken::Open { name, closed });
                }
            }
        }
    }

    /// Returns whether `<` begins a tag, a comment or a declaration.
    fn opens_markup(&self, bytes: &[u8]) -> bool {
        match bytes.get(1) {
            Some(b'!' | b'?') => true,
            Some(b'/') => bytes.get(2).is_some_and(u8::is_ascii_alphabetic),
            Some(byte) => byte.is_ascii_alphabetic(),
            None => false,
        }
    }

    /// Goes behind the next `end`, or to the end of all; returns what stands before it, `skip` bytes left out.
    fn through(&mut self, skip: usize, end: &str) -> &'a str {
        let rest = &self.markup[self.at + skip..];
        let found = memchr::memmem::find(rest.as_bytes(), end.as_bytes());
        let inner = &rest[..found.unwrap_or(rest.len())];
        self.at += skip + found.map_or(rest.len(), |n| n + end.len());
        inner
    }

    fn name(&mut self, skip: usize) -> &'a str {
        let rest = &self.markup[self.at + skip..];
        let ends = |b: u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | 0);
        let len = rest.bytes().position(ends).unwrap_or(rest.len());
        self.at += skip + len;
        &rest[..len]
    }

    /// Reads the attributes up to `>`; returns whether `/` stood before it.
    fn read_attributes(&mut self) -> bool {
        self.attributes.clear();
        let bytes = self.markup.as_bytes();
        loop {
            let mut slash = false;
            while let Some(b) = bytes.get(self.at) {
                match b {
                    b'/' => slash = true,
                    b if b.is_ascii_whitespace() => {}
                    _ => break,
                }
                self.at += 1;
            }
            match bytes.get(self.at) {
                None => return slash,
                Some(b'>') => {
                    self.at += 1;
                    return slash;
                }
                Some(_) => self.read_attribute(),
            }
        }
    }

    fn read_attribute(&mut self) {
        let (markup, bytes) = (self.markup, self.markup.as_bytes());
        let start = self.at;
        // A name may begin with `=`, and is never empty.
        self.at += 1;
        while bytes
            .get(self.at)
            .is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>' | b'='))
        {
            self.at += 1;
        }
        let name = start..self.at;
        let mut at = self.at;
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        let mut value = self.at..self.at;
        if bytes.get(at) == Some(&b'=') {
            at += 1;
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            value = match bytes.get(at) {
                Some(&quote @ (b'"' | b'\'')) => {
                    let end = memchr::memchr(quote, &bytes[at + 1..]);
                    at + 1..end.map_or(bytes.len(), |n| at + 1 + n)
                }
                _ => {
                    let ends = |b: &u8| b.is_ascii_whitespace() || *b == b'>';
                    let end = bytes[at.min(bytes.len())..].iter().position(ends);
                    at..end.map_or(bytes.len(), |n| at + n)
                }
            };
            let quoted = value.start > at;
            self.at = (value.end + usize::from(quoted)).min(bytes.len());
        }
        if self.attributes.len() < MOST_ATTRIBUTES {
            // Both ends stand beside ASCII characters or at the end, so that no character is cut.
            if let (Some(name), Some(value)) = (markup.get(name), markup.get(value)) {
                self.attributes.push((name, value));
            }
        }
    }

    /// Returns the text up to the end tag of `name`, and goes behind that tag; up to the end of all where there is none, or
    /// nothing where `needs_end`.
    pub fn raw_text(&mut self, name: &'static str, needs_end: bool) -> &'a str {
        let rest = &self.markup[self.at..];
        let end = match self.unclosed.contains(&name) {
            true => None,
            false => end_tag(rest, name),
        };
        let Some(end) = end else {
            self.unclosed.push(name);
            if needs_end {
                return "";
            }
            self.at = self.markup.len();
            return rest;
        };
        self.at += end + 2 + name.len();
        self.read_attributes();
        &rest[..end]
    }
}

/// Finds `</name`.
fn end_tag(text: &str, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memmem::find_iter(bytes, b"</").find(|&at| {
        let behind = &bytes[at + 2..];
        let ends =
            |b: Option<&u8>| b.is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
        behind.len() >= name.len()
            && behind[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && ends(behind.get(name.len()))
    })
}

/// Reads entities as the characters they stand for.
pub fn decoded(text: &str) -> std::borrow::Cow<'_, str> {
    let mut rest = text;
    let Some(mut at) = memchr::memchr(b'&', rest.as_bytes()) else {
        return text.into();
    };
    let mut out = String::with_capacity(text.len());
    loop {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let len = entity(rest, &mut out);
        rest = &rest[len..];
        match memchr::memchr(b'&', rest.as_bytes()) {
            Some(next) => at = next,
            None => {
                out.push_str(rest);
                return out.into();
            }
        }
    }
}

/// Longest name of an entity.
const LONGEST_NAME: usize = 32;
/// Entities that pages write without a semicolon.
const BARE: [(&str, char); 10] = [
    ("nbsp", '\u{a0}'),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("copy", '©'),
    ("reg", '®'),
    ("middot", '·'),
    ("laquo", '«'),
    ("raquo", '»'),
];

/// Writes what the entity at the start of `text` stands for, or the `&` alone; returns how many bytes were read.
fn entity(text: &str, out: &mut String) -> usize {
    let name = |b: &u8| !b.is_ascii_alphanumeric() && *b != b'#';
    let bytes = &text.as_bytes()[1..];
    let len = bytes
        .iter()
        .take(LONGEST_NAME)
        .position(name)
        .unwrap_or(bytes.len().min(LONGEST_NAME));
    let body = &text[1..1 + len];
    let closed = bytes.get(len) == Some(&b';');
    if let Some(digits) = body.strip_prefix('#') {
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => digits.parse(),
        };
        if let Ok(code) = code {
            out.push(numbered(code));
            return 1 + len + usize::from(closed);
        }
    } else if closed {
        let whole = &text[..len + 2];
        let read = html_escape::decode_html_entities(whole);
        if read != whole {
            out.push_str(&read);
            return len + 2;
        }
    } else if let Some((name, c)) = BARE.iter().find(|(name, _)| body == *name) {
        out.push(*c);
        return 1 + name.len();
    }
    out.push('&');
    1
}

/// The character with this number; pages number those of windows-1252 as well.
fn numbered(code: u32) -> char {
    match code {
        0x80..=0x9f => {
            let byte = [code as u8];
            let (read, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte);
            read.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        0 => char::REPLACEMENT_CHARACTER,
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}
