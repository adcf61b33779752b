//! The lexicon: a lens made ready for one language, and what it finds in a sentence.
//!
//! In:  `Lens` and folded sentences. Out: per challenge how many strong and weak cues a sentence holds, whether one
//! of its words stands there in another sense, and where.

use super::text;
use crate::language::Language;
use crate::language::phrases::{End, Phrase, Phrases, Words};
use crate::outline::Lens;

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
    /// Returns one figure for how strongly the sentence speaks of the challenge.
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

/// A lens made ready for one language.
#[derive(Debug)]
pub struct Lexicon {
    /// Says how many challenges it has.
    pub challenges: usize,
    phrases: Phrases,
    /// What each phrase says.
    uses: Vec<CueUse>,
    /// Says how many words with several meanings there are.
    senses: usize,
}

/// What a cue says where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CueUse {
    /// Something of a challenge.
    Of(usize, CueKind),
    /// That the word of this sense means the challenge, or another thing.
    Sense(usize, bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CueKind {
    Strong,
    Weak,
    Not,
    /// The word of this sense.
    Ambiguous(usize),
}

/// A cue of a challenge in a sentence.
#[derive(Debug, Clone, Copy)]
struct CueMatch {
    start: usize,
    end: usize,
    challenge: usize,
    kind: CueKind,
}

/// Says how many words of a sentence say that a word means its challenge, and another thing.
#[derive(Debug, Clone, Copy, Default)]
struct Company {
    own: usize,
    other: usize,
}

impl Lexicon {
    /// Makes `lens` ready for articles in `language`.
    pub fn new(lens: &Lens, language: Language) -> Lexicon {
        let (mut cues, mut senses) = (Vec::new(), 0);
        let mut company = Vec::new();
        for (challenge, entry) in lens.challenges.iter().enumerate() {
            let own = entry.cues(language);
            let lists = [
                (&own.strong, CueKind::Strong),
                (&own.weak, CueKind::Weak),
                (&own.not, CueKind::Not),
            ];
            for (words, kind) in lists {
                let of = words
                    .iter()
                    .map(|w| (cue(w, language), CueUse::Of(challenge, kind)));
                cues.extend(of);
            }
            for sense in &own.senses {
                let kind = CueKind::Ambiguous(senses);
                cues.push((cue(&sense.word, language), CueUse::Of(challenge, kind)));
                for (words, own) in [(&sense.with, true), (&sense.not, false)] {
                    // The company of a word begins where words do.
                    let begins = |w| Phrase {
                        inside: false,
                        ..cue(w, language)
                    };
                    company.extend(
                        words
                            .iter()
                            .map(|w| (begins(w), CueUse::Sense(senses, own))),
                    );
                }
                senses += 1;
            }
        }
        // Of two cues at one place the one that begins a word counts before the one inside.
        cues.sort_by_key(|(phrase, _)| phrase.inside);
        let (phrases, uses): (Vec<Phrase>, Vec<CueUse>) = cues.into_iter().chain(company).unzip();
        Lexicon {
            challenges: lens.challenges.len(),
            phrases: Phrases::of(phrases, Words::Spaced, false),
            uses,
            senses,
        }
    }

    /// Looks up a sentence in its folded form.
    pub fn find(&self, folded: &str) -> LexiconMatch {
        let (matches, company) = self.matches(folded);
        let mut found = LexiconMatch {
            hits: vec![Hits::default(); self.challenges],
            ambiguous: Vec::new(),
        };
        let short = folded.split_ascii_whitespace().count() <= SHORT_SENTENCE_WORDS;
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
                CueKind::Ambiguous(sense) => company[sense].weigh(short, hits),
            }
            if matches!(m.kind, CueKind::Ambiguous(_) | CueKind::Not) {
                found.ambiguous.push((m.start, m.end));
            }
        }
        found
    }

    /// Returns all cues of challenges, at one place only the longest per challenge, and the company of every ambiguous word.
    fn matches(&self, folded: &str) -> (Vec<CueMatch>, Vec<Company>) {
        let mut found: Vec<_> = self.phrases.find(folded).collect();
        found.sort_unstable_by_key(|found| (found.phrase, found.start));
        let mut matches: Vec<CueMatch> = Vec::new();
        let mut company = vec![Company::default(); self.senses];
        let mut before = usize::MAX;
        for hit in found {
            match self.uses[hit.phrase] {
                CueUse::Of(challenge, kind) => push_longest(
                    &mut matches,
                    CueMatch {
                        start: hit.start,
                        end: hit.end,
                        challenge,
                        kind,
                    },
                ),
                // However often a word stands there, it counts once.
                CueUse::Sense(..) if hit.phrase == before => {}
                CueUse::Sense(sense, true) => company[sense].own += 1,
                CueUse::Sense(sense, false) => company[sense].other += 1,
            }
            before = hit.phrase;
        }
        (matches, company)
    }
}

impl Company {
    fn weigh(self, short: bool, hits: &mut Hits) {
        let Company { own, other } = self;
        if other > own || other > 0 && own == 0 {
            hits.decoys += 1.0;
        } else if own > other || short {
            hits.named += 1.0;
        } else {
            hits.weak += 1.0;
        }
    }
}

fn push_longest(matches: &mut Vec<CueMatch>, new: CueMatch) {
    let same = |m: &&mut CueMatch| {
        m.challenge == new.challenge
            && m.start == new.start
            && (m.kind == CueKind::Not) == (new.kind == CueKind::Not)
    };
    match matches.iter_mut().find(same) {
        Some(old) if old.end < new.end => *old = new,
        Some(_) => {}
        None => matches.push(new),
    }
}

/// Reads a cue of a lens, folded as the sentences are.
fn cue(cue: &str, language: Language) -> Phrase<'_> {
    let phrase = Phrase::read(cue, language);
    let text = match phrase.text {
        std::borrow::Cow::Borrowed(text) => text::fold_cue(text),
        std::borrow::Cow::Owned(text) => text::fold_cue(&text).into_owned().into(),
    };
    // Folded sentences have a blank behind every word.
    let end = match phrase.end {
        End::Blank => End::Whole,
        end => end,
    };
    Phrase {
        text,
        end,
        ..phrase
    }
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
