//! Clauses: where a sentence could stop or go on, and what may fall away.
//!
//! In:  a sentence. Out: its clauses in order, grouped into statements. A statement says something by itself; within it, clauses that
//! carry its meaning stand together, and others may be left out. Words alone are looked at: no dictionary, no parser, so that where
//! a form has two readings nothing is cut.

mod english;
mod korean;

use super::table::Language;

/// A byte range of the sentence.
pub type ByteSpan = (usize, usize);

/// What a clause is to its statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClauseKind {
    /// It carries the meaning: subject, predicate, condition, negation, who says it. Nothing of it may be left out.
    Core,
    /// What the sentence is about, said at its front. It belongs to the clause behind it.
    Topic,
    /// It ties the statement to what stands before it, and says nothing else.
    LeadIn,
    /// It may be left out: a reason, a circumstance, an apposition, something in brackets.
    Optional,
}

/// A part of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clause {
    /// Its bytes in the sentence, marks at its end included, blanks not.
    pub span: ByteSpan,
    /// What it is to its statement.
    pub kind: ClauseKind,
}

/// How a statement ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClauseEnding {
    /// As the sentence does.
    Sentence,
    /// In a form that goes on. Up to here it says what it says, and [`finish`] closes it.
    Open(usize),
    /// In a form that goes on and could be closed in more than one way: what follows must stand.
    Bound,
}

/// Clauses that say something together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Its clauses in order.
    pub clauses: Vec<Clause>,
    /// How it ends.
    pub ending: ClauseEnding,
}

/// Bytes of the longest sentence that is looked into: a longer one is text that could not be cut, and no line is made of it.
const LONGEST: usize = 4_000;

/// Cuts a sentence into statements. A sentence in which nothing is sure is one statement of one clause.
pub fn statements(sentence: &str, language: Language) -> Vec<Assertion> {
    if sentence.len() > LONGEST {
        let clause = Clause {
            span: (0, sentence.len()),
            kind: ClauseKind::Core,
        };
        return vec![Assertion {
            clauses: vec![clause],
            ending: ClauseEnding::Sentence,
        }];
    }
    match language {
        Language::Ko => korean::statements(sentence),
        Language::En => english::statements(sentence),
    }
}

/// Returns where the sentence is cut: the start of every clause but the first. What ties a statement to another and what it is about
/// belong to the clause they open.
pub fn cuts(sentence: &str, language: Language) -> Vec<usize> {
    let statements = statements(sentence, language);
    let clauses: Vec<Clause> = statements.into_iter().flat_map(|s| s.clauses).collect();
    let parts = |(n, c): &(usize, &Clause)| {
        c.kind != ClauseKind::Topic && (c.kind != ClauseKind::LeadIn || *n == 0)
    };
    let ends = clauses.iter().enumerate().filter(parts).map(|(n, _)| n + 1);
    ends.filter_map(|n| clauses.get(n))
        .map(|c| c.span.0)
        .collect()
}

/// What closes an [`ClauseEnding::Open`], with the mark.
pub fn finish(language: Language) -> &'static str {
    match language {
        Language::Ko => "다.",
        Language::En => ".",
    }
}

/// Everything that may stand between two clauses of a line: nothing or a blank within a sentence, a blank between two, and what joins
/// or closes them.
pub const JOINTS: [&str; 8] = ["", " ", "고, ", "고 ", "다. ", "; ", ". ", ", "];
/// Those of [`JOINTS`] that make two sentences one.
pub const JOINING: [&str; 3] = ["고, ", "고 ", "; "];
/// Everything that may stand behind the last clause.
pub const ENDS: [&str; 3] = ["", ".", "다."];

/// Returns whether a sentence begins with something that an earlier one must explain: "그는", "This", "둘 다".
pub fn leans_back(sentence: &str, language: Language) -> bool {
    match language {
        Language::Ko => korean::leans_back(sentence),
        Language::En => english::leans_back(sentence),
    }
}

/// Returns whether a sentence can stand behind another than the one before it: it names all it speaks of, as far as words tell.
pub fn stands_alone(sentence: &str, language: Language) -> bool {
    let alone = match language {
        Language::Ko => korean::stands_alone(sentence),
        Language::En => english::stands_alone(sentence),
    };
    alone && !leans_back(sentence, language)
}

/// The words of a text between blanks, as spans.
fn words(text: &str) -> Vec<ByteSpan> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                found.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|from| (from, text.len())));
    found
}

/// Whether each byte stands inside quotation marks or brackets. A mark without a partner encloses nothing.
fn enclosed(text: &str) -> Vec<bool> {
    const PAIRS: [(char, char); 8] = [
        ('“', '”'),
        ('‘', '’'),
        ('(', ')'),
        ('[', ']'),
        ('「', '」'),
        ('『', '』'),
        ('《', '》'),
        ('〈', '〉'),
    ];
    let mut inside = vec![false; text.len()];
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let behind = at + c.len_utf8();
        let partner = match c {
            '"' => text[behind..].find('"'),
            _ => PAIRS
                .iter()
                .find(|(open, _)| *open == c)
                .and_then(|(_, close)| text[behind..].find(*close)),
        };
        if let Some(length) = partner {
            inside[at..behind + length].fill(true);
            at = behind + length;
        }
        at += text[at..].chars().next().map_or(1, char::len_utf8);
    }
    inside
}

/// Builds statements while a sentence is gone through from left to right.
#[derive(Debug)]
struct ClauseBuilder<'t> {
    text: &'t str,
    /// Where the open clause begins.
    from: usize,
    clauses: Vec<Clause>,
    statements: Vec<Assertion>,
}

impl<'t> ClauseBuilder<'t> {
    fn of(text: &'t str) -> ClauseBuilder<'t> {
        ClauseBuilder {
            text,
            from: 0,
            clauses: Vec::new(),
            statements: Vec::new(),
        }
    }

    /// Ends the open clause here; nothing where it would be empty.
    fn clause(&mut self, end: usize, kind: ClauseKind) {
        let piece = &self.text[self.from..end];
        let start = self.from + (piece.len() - piece.trim_start().len());
        let close = self.from + piece.trim_end().len();
        if start < close {
            let span = (start, close);
            self.clauses.push(Clause { span, kind });
        }
        self.from = end;
    }

    /// Ends the open statement.
    fn statement(&mut self, ending: ClauseEnding) {
        let clauses = std::mem::take(&mut self.clauses);
        if !clauses.is_empty() {
            self.statements.push(Assertion { clauses, ending });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_enclose_only_in_pairs() {
        let inside = |text: &str| -> String {
            let flags = enclosed(text);
            let chars = text.char_indices().filter(|(at, _)| flags[*at]);
            chars.map(|(_, c)| c).collect()
        };
        assert_eq!(inside("a (b) c"), "(b");
        assert_eq!(inside("“a” b ‘c"), "“a");
        assert_eq!(inside("\"a, b\" c"), "\"a, b");
    }
}
