//! Reduction: the shorter forms of a sentence that still stand by themselves.
//!
//! In:  a sentence. Out: its reductions, the whole sentence first. A reduction keeps what its statements carry, leaves out what may be
//! left out, and begins and ends as a sentence does.

use crate::article::letters;
use crate::language::Language;
use crate::language::clauses::{
    self, Assertion, ByteSpan, Clause, ClauseEnding, ClauseKind, finish,
};

/// Reductions looked at of one sentence.
const MOST: usize = 12;
/// Letters a reduction has at least.
const SHORTEST: usize = 8;

/// A sentence made shorter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduction {
    /// The bytes of the sentence it is made of, in order.
    pub parts: Vec<ByteSpan>,
    /// What it reads.
    pub text: String,
    /// Whether it is the sentence as it stands.
    pub whole: bool,
    /// Whether its end is another than the sentence's.
    pub closed: bool,
    /// Statements left out.
    pub dropped: usize,
    /// Whether it leans on an earlier sentence.
    pub leans_back: bool,
    /// Whether it can stand behind another sentence than the one before it.
    pub stands_alone: bool,
    /// Its letters.
    pub letters: usize,
    /// Its characters.
    pub characters: usize,
    /// Marks in it that a reader may take for the end of a sentence.
    pub ends: usize,
}

impl Reduction {
    fn of(parts: Vec<ByteSpan>, text: String, language: Language) -> Reduction {
        Reduction {
            leans_back: clauses::leans_back(&text, language),
            stands_alone: clauses::stands_alone(&text, language),
            letters: letters(&text),
            characters: text.chars().count(),
            ends: ends(&text),
            parts,
            text,
            whole: false,
            closed: false,
            dropped: 0,
        }
    }
}

/// Counts the marks behind which a blank stands, or nothing: abbreviations as well.
fn ends(text: &str) -> usize {
    let mut chars = text.chars().peekable();
    let mut count = 0;
    while let Some(c) = chars.next() {
        let last = chars.peek().is_none_or(|next| next.is_whitespace());
        count += usize::from(last && matches!(c, '.' | '!' | '?' | '…'));
    }
    count
}

/// Returns the reductions of a sentence, the whole first: without what ties it to the one before, without brackets, and closed after
/// any statement that the next one only adds to. Nothing else is taken out: readers lose there who does what, and on what condition.
pub fn reductions(sentence: &str, language: Language) -> Vec<Reduction> {
    let whole = Reduction::of(vec![(0, sentence.len())], sentence.to_string(), language);
    let mut found = vec![Reduction {
        whole: true,
        ..whole
    }];
    let statements = clauses::statements(sentence, language);
    for last in (0..statements.len()).rev() {
        reduce(sentence, language, &statements, last, &mut found);
    }
    found.truncate(MOST);
    found
}

/// Adds the reductions that keep the statements up to one.
fn reduce(
    sentence: &str,
    language: Language,
    statements: &[Assertion],
    last: usize,
    found: &mut Vec<Reduction>,
) {
    let close = match statements[last].ending {
        ClauseEnding::Sentence => None,
        ClauseEnding::Open(at) => Some(at),
        ClauseEnding::Bound => return,
    };
    let clauses = statements[..=last].iter().flat_map(|s| &s.clauses);
    let tied = |n: &usize, c: &Clause| *n == 0 && c.kind == ClauseKind::LeadIn;
    let kept: Vec<Clause> = clauses
        .enumerate()
        .filter(|(n, c)| !tied(n, c))
        .map(|(_, c)| *c)
        .collect();
    let bracket = |c: &Clause| sentence[c.span.0..].starts_with(['(', '—', '–']);
    let bare: Vec<Clause> = kept.iter().filter(|c| !bracket(c)).copied().collect();
    for clauses in [kept, bare] {
        let spans: Vec<ByteSpan> = clauses.iter().map(|c| c.span).collect();
        let Some((parts, text)) = told(sentence, language, &spans, close) else {
            continue;
        };
        if found.iter().all(|r| r.text != text) {
            found.push(Reduction {
                closed: close.is_some(),
                dropped: statements.len() - last - 1,
                ..Reduction::of(parts, text, language)
            });
        }
    }
}

/// Puts spans together as a sentence; nothing where marks lose their partners or too little is left.
fn told(
    sentence: &str,
    language: Language,
    spans: &[ByteSpan],
    close: Option<usize>,
) -> Option<(Vec<ByteSpan>, String)> {
    // What ends before the sentence does is closed.
    let close = close.or_else(|| {
        spans
            .last()
            .map(|s| s.1)
            .filter(|&end| end < sentence.trim_end().len())
    });
    let parts = merged(sentence, spans, close);
    let mut text = String::new();
    for (n, &(start, end)) in parts.iter().enumerate() {
        let blank = n > 0 && {
            let gap = &sentence[parts[n - 1].1..start];
            let marked = sentence[start..].starts_with([',', ';', ':', '.']);
            !marked && (gap.starts_with([' ', ',', ';']) || gap.ends_with(' '))
        };
        if blank {
            text.push(' ');
        }
        text.push_str(&sentence[start..end]);
    }
    if close.is_some() {
        text.push_str(finish(language));
    }
    let first = text.chars().next()?;
    if first.is_lowercase() {
        text.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
    }
    (letters(&text) >= SHORTEST && paired(&text)).then_some((parts, text))
}

/// Neighbouring spans as one; marks that only led on to what is left out go with it.
fn merged(sentence: &str, spans: &[ByteSpan], close: Option<usize>) -> Vec<ByteSpan> {
    let mut parts: Vec<ByteSpan> = Vec::new();
    for &(start, end) in spans {
        match parts.last_mut() {
            Some(last) if sentence[last.1..start].trim().is_empty() => last.1 = end,
            _ => parts.push((start, end)),
        }
    }
    if let (Some(last), Some(at)) = (parts.last_mut(), close) {
        last.1 = last.1.min(at);
    }
    let count = parts.len();
    for (n, part) in parts.iter_mut().enumerate() {
        let piece = &sentence[part.0..part.1];
        // A comma before what is left out was its own.
        let led = n + 1 < count || close.is_some();
        let kept = match led {
            true => piece.trim_end_matches([',', ';', ':', ' ']),
            false => piece,
        };
        part.1 = part.0 + kept.len();
    }
    parts.retain(|(start, end)| start < end);
    parts
}

/// Whether quotation marks and brackets stand in pairs.
fn paired(text: &str) -> bool {
    let count = |c: char| text.matches(c).count();
    let pairs = [
        ('“', '”'),
        ('(', ')'),
        ('[', ']'),
        ('「', '」'),
        ('『', '』'),
    ];
    pairs
        .iter()
        .all(|(open, close)| count(*open) == count(*close))
        && count('"') % 2 == 0
        && count('‘') <= count('’')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sentence: &str, language: Language) -> Vec<String> {
        let found = reductions(sentence, language).into_iter().skip(1);
        found.map(|r| r.text).collect()
    }

    #[test]
    fn korean_statements_are_closed_where_one_only_adds() {
        let found = texts(
            "그런데 한빛정공은 지난해 매출을 12% 늘렸고, 올해는 해외 공장 두 곳을 새로 짓는다.",
            Language::Ko,
        );
        assert_eq!(
            found.last().unwrap(),
            "한빛정공은 지난해 매출을 12% 늘렸다."
        );
        assert_eq!(
            found.len(),
            2,
            "without its second statement nothing stands: {found:?}"
        );
        let found = texts("매출은 12% 늘었지만 이익은 줄었다.", Language::Ko);
        assert!(found.is_empty(), "a contrast is not parted: {found:?}");
    }

    #[test]
    fn conditions_stay() {
        let found = texts("환율이 오르면 수입 원자재 값도 따라 오른다.", Language::Ko);
        assert!(found.is_empty(), "{found:?}");
        let found = texts(
            "The pump will not start unless the tank is full.",
            Language::En,
        );
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn english_statements_are_closed_where_one_only_adds() {
        let found = texts(
            "However, the council approved the plan (at last), and the yard hired forty welders, who start in May.",
            Language::En,
        );
        let expected = [
            "The council approved the plan, and the yard hired forty welders, who start in May.",
            "The council approved the plan.",
        ];
        for text in expected {
            assert!(found.iter().any(|f| f == text), "{text} in {found:?}");
        }
        let found = texts("Prices fell, but demand stayed weak.", Language::En);
        assert!(found.is_empty(), "{found:?}");
    }
}
