//! Quotations and brackets: places where a sentence end does not end the sentence around it.

/// Longest quotation, in bytes, that is kept in one piece; beyond it a mark was lost.
const LONGEST: usize = 900;

/// The quoted stretches of a text, in order.
pub(super) struct Quotes {
    spans: Vec<(usize, usize)>,
}

impl Quotes {
    /// Finds pairs of quotation marks and brackets. Linear: each opening mark looks at most [`LONGEST`] bytes ahead.
    pub fn of(text: &str) -> Quotes {
        let mut spans = Vec::new();
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(found) = next_mark(bytes, at) {
            let mark = text[found..].chars().next().expect("a mark stands here");
            let inside = found + mark.len_utf8();
            at = inside;
            let Some(close) = closing(mark) else { continue };
            if !opens(text, found) {
                continue;
            }
            let mut limit = (inside + LONGEST).min(text.len());
            while !text.is_char_boundary(limit) {
                limit -= 1;
            }
            let window = &text[inside..limit];
            // A line end inside straight quotes means that one of them was lost.
            let window = window.split("\n\n").next().unwrap_or(window);
            if let Some(len) = window.find(close)
                && !(matches!(mark, '(' | '[') && window[..len].contains(mark))
            {
                let end = inside + len;
                if holds(text, found, end, close) {
                    spans.push((found, end));
                }
                at = end + close.len_utf8();
            }
        }
        Quotes { spans }
    }

    /// Returns whether a sentence end at byte `at` lies inside a quotation.
    pub fn hold(&self, at: usize) -> bool {
        let i = self.spans.partition_point(|s| s.1 < at);
        self.spans.get(i).is_some_and(|s| s.0 < at && at <= s.1)
    }
}

/// A quotation of several sentences is one unit only where the sentence around it goes on.
fn holds(text: &str, open: usize, close: usize, mark: char) -> bool {
    let after = text[close + mark.len_utf8()..].chars().next();
    let before = text[..open].chars().next_back();
    let inside = &text[open..close];
    // A bracketed aside inside a sentence, or a quotation with a particle, a comma or a word behind it.
    match after {
        Some(c) if c.is_alphanumeric() => true,
        Some(',' | '.' | '?' | '!' | ';' | ':' | '”' | '’' | ')' | ']') => true,
        Some(c) if c.is_whitespace() => {
            before.is_some() && !inside.trim_end().ends_with(['.', '!', '?', '…'])
                || inside.len() < 120
        }
        _ => inside.len() < 240,
    }
}

fn next_mark(bytes: &[u8], from: usize) -> Option<usize> {
    let may_be = |b: &u8| matches!(b, b'"' | b'\'' | b'(' | b'[' | 0xE2 | 0xE3);
    let mut at = from;
    loop {
        let i = at + bytes[at..].iter().position(may_be)?;
        let is_mark = match bytes[i..] {
            [0xE2, second, third, ..] => second == 0x80 && matches!(third, 0x9C | 0x98),
            [0xE3, second, third, ..] => {
                second == 0x80 && matches!(third, 0x8C | 0x8E | 0x88 | 0x8A)
            }
            _ => true,
        };
        if is_mark {
            return Some(i);
        }
        at = i + 1;
    }
}

fn closing(mark: char) -> Option<char> {
    Some(match mark {
        '"' => '"',
        '\'' => '\'',
        '“' => '”',
        '‘' => '’',
        '(' => ')',
        '[' => ']',
        '「' => '」',
        '『' => '』',
        '〈' => '〉',
        '《' => '》',
        _ => return None,
    })
}

/// An apostrophe inside a word opens nothing; neither does an inch or a foot mark.
fn opens(text: &str, at: usize) -> bool {
    let mark = text.as_bytes()[at];
    if mark != b'\'' && mark != b'"' {
        return true;
    }
    let before = text[..at].chars().next_back();
    let after = text[at + 1..].chars().next();
    before.is_none_or(|c| {
        !c.is_alphanumeric() || (mark == b'"' && !c.is_ascii_digit() && !c.is_ascii_alphabetic())
    }) && after.is_some_and(|c| !c.is_whitespace())
}
