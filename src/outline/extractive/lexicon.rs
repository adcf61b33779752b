//! The lexicon: a lens made ready for one language, and what it finds in a sentence.
//!
//! In:  `Lens` and folded sentences. Out: per challenge how many strong and weak cues a sentence holds, whether one
//! of its words stands there in another sense, and where.

use std::borrow::Cow;

use super::text;
use crate::article::Language;
use crate::outline::{Cues, Lens};

/// A short sentence that names the word alone means the challenge: "It is power." There is no room for a decoy.
const SHORT_SENTENCE_WORDS: usize = 4;

/// What a sentence says of one challenge.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Hits {
    /// Strong cues.
    pub strong: f32,
    /// Weak cues.
    pub weak: f32,
    /// Cues that stand in another sense.
    pub decoys: f32,
    /// The challenge's own word in its sense.
    pub named: f32,
}

impl Hits {
    /// One figure for how strongly the sentence speaks of the challenge.
    pub fn strength(&self) -> f32 {
        2.0 * self.strong + self.weak + 2.0 * self.named
    }
}

/// What the lexicon found in a sentence.
#[derive(Debug, Clone, Default)]
pub struct LexiconMatch {
    /// Per challenge of the lens.
    pub hits: Vec<Hits>,
    /// Byte spans of the words with several meanings, in the folded form.
    pub ambiguous: Vec<(usize, usize)>,
}

/// A lens made ready for one language. Most cues stand for themselves and are borrowed: a command that reads one article
/// makes it ready for that one.
#[derive(Debug)]
pub struct Lexicon<'l> {
    /// How many challenges it has.
    pub challenges: usize,
    language: Language,
    /// Sorted by their first letter, those that match inside words apart.
    cues: Vec<LensCue<'l>>,
    inside: Vec<LensCue<'l>>,
    senses: Vec<[Vec<CuePattern<'l>>; 2]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CueKind {
    Strong,
    Weak,
    Not,
    /// An index into `senses`.
    Sense(usize),
}

#[derive(Debug)]
struct LensCue<'l> {
    pattern: CuePattern<'l>,
    challenge: usize,
    kind: CueKind,
}

/// The folded text of a cue and how it may end.
#[derive(Debug)]
struct CuePattern<'l> {
    text: Cow<'l, str>,
    /// Its first letter.
    first: Option<char>,
    /// Its first bytes, and which bits of them count: nearly all cues that begin with the right letter differ here.
    head: u64,
    mask: u64,
    end: CueEnd,
}

#[derive(Debug, Clone, Copy)]
enum CueEnd {
    /// Anything may follow.
    Open,
    /// The word ends here, or is a plural.
    Word,
    /// The word ends here.
    Exact,
}

struct CueMatch {
    start: usize,
    end: usize,
    challenge: usize,
    kind: CueKind,
}

impl<'l> Lexicon<'l> {
    /// Makes `lens` ready for articles in `language`.
    pub fn new(lens: &'l Lens, language: Language) -> Lexicon<'l> {
        let cues = lens.challenges.iter().map(|entry| entry.cues(language));
        let words = |cues: &Cues| {
            [&cues.strong, &cues.weak, &cues.not]
                .map(Vec::len)
                .iter()
                .sum::<usize>()
                + cues.senses.len()
        };
        let mut lexicon = Lexicon {
            challenges: lens.challenges.len(),
            language,
            cues: Vec::with_capacity(cues.map(words).sum()),
            inside: Vec::new(),
            senses: Vec::new(),
        };
        for (challenge, entry) in lens.challenges.iter().enumerate() {
            let cues = entry.cues(language);
            lexicon.add(&cues.strong, challenge, CueKind::Strong);
            lexicon.add(&cues.weak, challenge, CueKind::Weak);
            lexicon.add(&cues.not, challenge, CueKind::Not);
            for sense in &cues.senses {
                let kind = CueKind::Sense(lexicon.senses.len());
                lexicon.add(std::slice::from_ref(&sense.word), challenge, kind);
                let patterns =
                    |words: &'l [String]| words.iter().map(|w| pattern(w, language).0).collect();
                lexicon
                    .senses
                    .push([patterns(&sense.with), patterns(&sense.not)]);
            }
        }
        lexicon.cues.sort_by_key(|cue| cue.pattern.first);
        lexicon
    }

    /// The same without the lens it was made from, to be kept for many articles.
    pub fn into_owned(self) -> Lexicon<'static> {
        let owned = |cues: Vec<LensCue<'l>>| cues.into_iter().map(LensCue::into_owned).collect();
        let senses = self.senses.into_iter().map(|sense| {
            sense.map(|patterns| patterns.into_iter().map(CuePattern::into_owned).collect())
        });
        Lexicon {
            challenges: self.challenges,
            language: self.language,
            cues: owned(self.cues),
            inside: owned(self.inside),
            senses: senses.collect(),
        }
    }

    fn add(&mut self, words: &'l [String], challenge: usize, kind: CueKind) {
        for word in words {
            let (pattern, inside) = pattern(word, self.language);
            let cue = LensCue {
                pattern,
                challenge,
                kind,
            };
            if inside {
                self.inside.push(cue)
            } else {
                self.cues.push(cue)
            }
        }
    }

    /// Looks up a sentence in its folded form.
    pub fn find(&self, folded: &str) -> LexiconMatch {
        let matches = self.matches(folded);
        let mut found = LexiconMatch {
            hits: vec![Hits::default(); self.challenges],
            ambiguous: Vec::new(),
        };
        for m in &matches {
            let hits = &mut found.hits[m.challenge];
            let voided = matches.iter().any(|n| {
                n.kind == CueKind::Not
                    && n.challenge == m.challenge
                    && n.start < m.end
                    && m.start < n.end
            });
            match m.kind {
                CueKind::Not => hits.decoys += 1.0,
                _ if voided => {}
                CueKind::Strong => hits.strong += 1.0,
                CueKind::Weak => hits.weak += 1.0,
                CueKind::Sense(index) => self.weigh_sense(index, folded, hits),
            }
            if matches!(m.kind, CueKind::Sense(_) | CueKind::Not) {
                found.ambiguous.push((m.start, m.end));
            }
        }
        found
    }

    fn weigh_sense(&self, index: usize, folded: &str, hits: &mut Hits) {
        let [with, not] = &self.senses[index];
        let other = not.iter().filter(|p| p.stands_in(folded)).count();
        let own = with.iter().filter(|p| p.stands_in(folded)).count();
        let short = folded.split_ascii_whitespace().count() <= SHORT_SENTENCE_WORDS;
        if other > own || other > 0 && own == 0 {
            hits.decoys += 1.0;
        } else if own > other || short {
            hits.named += 1.0;
        } else {
            hits.weak += 1.0;
        }
    }

    /// All matches; at one place only the longest per challenge.
    fn matches(&self, folded: &str) -> Vec<CueMatch> {
        let mut matches: Vec<CueMatch> = Vec::new();
        for (start, _) in folded.match_indices(' ') {
            let start = start + 1;
            self.match_at(&self.cues, folded, start, &mut matches);
        }
        for cue in &self.inside {
            for (start, _) in folded.match_indices(&*cue.pattern.text) {
                if cue.pattern.matches(folded, start) {
                    push_longest(&mut matches, cue, start);
                }
            }
        }
        matches
    }

    fn match_at(
        &self,
        cues: &[LensCue<'l>],
        folded: &str,
        start: usize,
        matches: &mut Vec<CueMatch>,
    ) {
        let first = folded[start..].chars().next();
        if first.is_none() {
            return;
        }
        let from = cues.partition_point(|cue| cue.pattern.first < first);
        let same = cues[from..]
            .iter()
            .take_while(|cue| cue.pattern.first == first);
        let head = head(&folded[start..]);
        for cue in same {
            if (head & cue.pattern.mask) == cue.pattern.head && cue.pattern.matches(folded, start) {
                push_longest(matches, cue, start);
            }
        }
    }
}

fn push_longest(matches: &mut Vec<CueMatch>, cue: &LensCue, start: usize) {
    let new = CueMatch {
        start,
        end: start + cue.pattern.text.len(),
        challenge: cue.challenge,
        kind: cue.kind,
    };
    let same = |m: &&mut CueMatch| {
        m.challenge == new.challenge
            && m.start == start
            && (m.kind == CueKind::Not) == (new.kind == CueKind::Not)
    };
    match matches.iter_mut().find(same) {
        Some(old) if old.end < new.end => *old = new,
        Some(_) => {}
        None => matches.push(new),
    }
}

impl LensCue<'_> {
    fn into_owned(self) -> LensCue<'static> {
        LensCue {
            pattern: self.pattern.into_owned(),
            challenge: self.challenge,
            kind: self.kind,
        }
    }
}

impl CuePattern<'_> {
    fn into_owned(self) -> CuePattern<'static> {
        CuePattern {
            text: Cow::Owned(self.text.into_owned()),
            first: self.first,
            head: self.head,
            mask: self.mask,
            end: self.end,
        }
    }

    fn matches(&self, folded: &str, start: usize) -> bool {
        let Some(rest) = folded
            .get(start..)
            .and_then(|p| p.strip_prefix(&*self.text))
        else {
            return false;
        };
        let ends = |rest: &str| rest.is_empty() || rest.starts_with(' ');
        match self.end {
            CueEnd::Open => true,
            CueEnd::Exact => ends(rest),
            CueEnd::Word => ["", "s", "es"]
                .iter()
                .any(|s| rest.strip_prefix(s).is_some_and(ends)),
        }
    }

    /// Whether it stands at the start of a word somewhere.
    fn stands_in(&self, folded: &str) -> bool {
        folded
            .match_indices(&*self.text)
            .any(|(at, _)| folded[..at].ends_with(' ') && self.matches(folded, at))
    }
}

/// The first eight bytes of a text as one number.
fn head(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let head = bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut head = [0; 8];
        head[..bytes.len()].copy_from_slice(bytes);
        head
    });
    u64::from_le_bytes(head)
}

/// The bits of a head that a text of so many bytes has.
fn head_mask(length: usize) -> u64 {
    match length {
        0 => 0,
        _ => u64::MAX >> (64 - 8 * length.min(8)),
    }
}

/// Reads a cue as it stands in a lens file; the second value says that it matches inside words.
fn pattern(cue: &str, language: Language) -> (CuePattern<'_>, bool) {
    let (cue, inside) = match cue.strip_prefix('*') {
        Some(rest) => (rest, true),
        None => (cue, false),
    };
    let (cue, end) = match (cue.strip_suffix('*'), cue.strip_suffix('$'), language) {
        (Some(rest), _, _) => (rest, CueEnd::Open),
        (_, Some(rest), _) => (rest, CueEnd::Exact),
        (_, _, Language::Ko) => (cue, CueEnd::Open),
        (_, _, Language::En) => (cue, CueEnd::Word),
    };
    // A blank at the end of a Korean cue asks for the end of the word, too.
    let end = if cue.ends_with(' ') {
        CueEnd::Exact
    } else {
        end
    };
    let text = text::fold_cue(cue);
    let pattern = CuePattern {
        first: text.chars().next(),
        head: head(&text),
        mask: head_mask(text.len()),
        end,
        text,
    };
    (pattern, inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::lens::DEFAULT_LENS;

    /// The keys a sentence speaks of, those it names in another sense with a minus sign.
    fn check(language: Language, sentence: &str, expected: &str) {
        let lens = Lens::builtin(DEFAULT_LENS).expect("built in");
        let found = Lexicon::new(&lens, language).find(&text::fold(sentence).0);
        let mut keys = Vec::new();
        for (challenge, hits) in lens.challenges.iter().zip(&found.hits) {
            if hits.strong + hits.named > 0.0 {
                keys.push(challenge.key.clone());
            } else if hits.decoys > 0.0 {
                keys.push(format!("-{}", challenge.key));
            }
        }
        assert_eq!(keys.join(" "), expected, "{sentence}");
    }

    #[test]
    fn korean_senses() {
        check(Language::Ko, "전력 수급이 빠듯하다.", "power");
        check(Language::Ko, "모두가 전력을 다해 줄을 당겼다.", "-power");
        check(Language::Ko, "부품 생태계가 무너진다.", "ecosystem");
        check(Language::Ko, "습지 생태계가 살아났다.", "-ecosystem");
        check(
            Language::Ko,
            "그는 규정 속도로 차를 몰았다.",
            "-regulation -speed",
        );
        check(
            Language::Ko,
            "이번 홍수는 천재가 아니라 인재였다.",
            "-talent",
        );
    }

    #[test]
    fn english_senses() {
        check(Language::En, "The grid has no power to spare.", "power");
        check(
            Language::En,
            "Political power changed hands at the election.",
            "-power",
        );
        check(Language::En, "The supplier ecosystem is thin.", "ecosystem");
        check(Language::En, "He won the talent show in 1988.", "-talent");
        check(Language::En, "As a rule of thumb, add ten.", "-regulation");
    }

    /// Ordinals are left out of sentences, so a cue that holds one is never found.
    #[test]
    fn no_built_in_cue_holds_an_ordinal() {
        for name in Lens::names() {
            let lens = Lens::builtin(name).expect("built in");
            for cues in lens.challenges.iter().flat_map(|c| [&c.ko, &c.en]) {
                for cue in cues.strong.iter().chain(&cues.weak).chain(&cues.not) {
                    let words = |text: &str| text.split_whitespace().count();
                    let bare = cue.replace(|c: char| !c.is_alphanumeric() && c != '%', " ");
                    let kept = text::fold(&bare).0;
                    assert_eq!(words(&kept), words(&bare), "{name}: {cue}");
                }
            }
        }
    }

    #[test]
    fn a_cue_ends_where_its_language_says() {
        check(Language::En, "A platform and two platforms.", "ecosystem");
        check(Language::En, "The lawn was mown.", "");
        check(Language::Ko, "변압기를 기다린다", "power");
        check(Language::Ko, "", "");
    }
}
