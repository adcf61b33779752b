//! Reduction: the shorter forms of a sentence that still stand by themselves.
//!
//! In:  a sentence. Out: its reductions, the whole sentence first. A reduction keeps what its statements carry, leaves out what may be
//! left out, and begins and ends as a sentence does.

use crate::article::letters;
use crate::language::Language;
use crate::language::clauses::{self, ClauseKind, Ending, Span, Statement, finish};

/// Reductions looked at of one sentence.
const MOST: usize = 12;
/// Clauses that may fall away of which all choices are tried; of more, all stay or all go.
const MOST_FREE: usize = 2;
/// Letters a reduction has at least.
const SHORTEST: usize = 8;

/// A sentence made shorter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduction {
    /// The bytes of the sentence it is made of, in order.
    pub parts: Vec<Span>,
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
    /// Its letters.
    pub letters: usize,
    /// Its characters.
    pub characters: usize,
    /// Marks in it that a reader may take for the end of a sentence.
    pub ends: usize,
}

impl Reduction {
    fn of(parts: Vec<Span>, text: String, language: Language) -> Reduction {
        Reduction {
            leans_back: clauses::leans_back(&text, language),
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

/// Returns the reductions of a sentence, the whole first.
pub fn reductions(sentence: &str, language: Language) -> Vec<Reduction> {
    let whole = Reduction::of(vec![(0, sentence.len())], sentence.to_string(), language);
    let mut found = vec![Reduction {
        whole: true,
        ..whole
    }];
    let statements = clauses::statements(sentence, language);
    for first in 0..statements.len() {
        for last in (first..statements.len()).rev() {
            reduce(sentence, language, &statements, (first, last), &mut found);
        }
    }
    found
}

/// Adds the reductions that keep a run of statements.
fn reduce(
    sentence: &str,
    language: Language,
    statements: &[Statement],
    (first, last): (usize, usize),
    found: &mut Vec<Reduction>,
) {
    let close = match statements[last].ending {
        Ending::Sentence => None,
        Ending::Open(at) => Some(at),
        Ending::Bound => return,
    };
    let Some(mut kept) = with_subject(statements, first) else {
        return;
    };
    let own: Vec<_> = statements[first..=last]
        .iter()
        .enumerate()
        .flat_map(|(n, s)| s.clauses.iter().map(move |c| (n, c)))
        // What ties a statement to the one before goes where that goes.
        .filter(|(n, c)| *n > 0 || c.kind != ClauseKind::LeadIn)
        .map(|(_, c)| (c.span, c.kind))
        .collect();
    kept.extend(own);
    let free: Vec<usize> = (0..kept.len())
        .filter(|n| kept[*n].1 == ClauseKind::Optional)
        .collect();
    let choices: Vec<usize> = match free.len() {
        n if n <= MOST_FREE => (0..1 << n).collect(),
        n => vec![(1 << n.min(20)) - 1, 0],
    };
    for choice in choices.into_iter().rev() {
        if found.len() >= MOST {
            return;
        }
        let stays = |n: &usize| {
            let place = free.iter().position(|f| f == n);
            place.is_none_or(|p| choice >> p.min(20) & 1 == 1)
        };
        let spans: Vec<Span> = (0..kept.len()).filter(stays).map(|n| kept[n].0).collect();
        let dropped = statements.len() - (last - first + 1);
        let Some((parts, text)) = told(sentence, language, &spans, close) else {
            continue;
        };
        if found.iter().all(|r| r.text != text) {
            found.push(Reduction {
                closed: close.is_some(),
                dropped,
                ..Reduction::of(parts, text, language)
            });
        }
    }
}

/// The topic that a run of statements takes from the first one, where it has none of its own; nothing where its subject stands
/// elsewhere.
fn with_subject(statements: &[Statement], first: usize) -> Option<Vec<(Span, ClauseKind)>> {
    if first == 0 || statements[first].has_subject {
        return Some(Vec::new());
    }
    let before = statements[..first].iter().flat_map(|s| &s.clauses);
    let mut topics = before.filter(|c| c.kind == ClauseKind::Topic);
    let topic = topics.next_back()?;
    Some(vec![(topic.span, topic.kind)])
}

/// Puts spans together as a sentence; nothing where marks lose their partners or too little is left.
fn told(
    sentence: &str,
    language: Language,
    spans: &[Span],
    close: Option<usize>,
) -> Option<(Vec<Span>, String)> {
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
            gap.starts_with([' ', ',', ';']) || gap.ends_with(' ')
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
fn merged(sentence: &str, spans: &[Span], close: Option<usize>) -> Vec<Span> {
    let mut parts: Vec<Span> = Vec::new();
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
    fn korean_statements_are_closed_and_keep_their_topic() {
        let found = texts(
            "그런데 한빛정공은 지난해 매출을 12% 늘렸고, 올해는 해외 공장 두 곳을 새로 짓는다.",
            Language::Ko,
        );
        assert!(
            found.contains(&"한빛정공은 지난해 매출을 12% 늘렸다.".to_string()),
            "{found:?}"
        );
        assert!(
            found.contains(&"올해는 해외 공장 두 곳을 새로 짓는다.".to_string()),
            "{found:?}"
        );
        let found = texts(
            "조합원들은 은행에서 돈을 빌렸고 바로 배를 샀다.",
            Language::Ko,
        );
        assert!(
            found.contains(&"조합원들은 바로 배를 샀다.".to_string()),
            "{found:?}"
        );
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
    fn english_asides_fall_away() {
        let found = texts(
            "However, Tidewell Foods, a maker of pies, cut its forecast, but the plant stays open.",
            Language::En,
        );
        assert!(
            found.contains(&"Tidewell Foods cut its forecast.".to_string()),
            "{found:?}"
        );
        assert!(
            found.contains(&"The plant stays open.".to_string()),
            "{found:?}"
        );
    }
}
