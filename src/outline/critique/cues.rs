//! Cues: the words a critique rule starts from, each with the sort of objection it invites.
//!
//! In:  `data/*/critique.txt` and a sentence. Out: where its cues stand, all tables looked up in one pass.

use std::ops::Range;

use super::rules::Span;
use crate::language::data::{CRITIQUE, List, lists};
use crate::language::phrases::{Found, Phrase, Phrases, Words};
use crate::language::{Language, OncePerLanguage, PerLanguage};

/// A table of cues: the indices of its phrases. Of several that stand in a sentence the first in the table counts.
pub type Table = Range<usize>;
/// A table in which every sort of a rule has cues of its own.
pub type Variants = Vec<(&'static str, Table)>;

/// Verbs after a crowd that make it a voice.
pub static SAYING: PerLanguage<List> = lists(&CRITIQUE, "saying");
/// What else may stand between a voice and what it says.
pub static SPEECH_LEAD: PerLanguage<List> = lists(&CRITIQUE, "speech-lead");
/// Verbs that speech without quotation marks follows.
pub static SPEECH_VERB: PerLanguage<List> = lists(&CRITIQUE, "speech-verb");
/// Titles and pronouns that name who said it.
pub static TITLED: PerLanguage<List> = lists(&CRITIQUE, "titled");
/// What names the author of a study.
pub static AUTHOR: PerLanguage<List> = lists(&CRITIQUE, "author");
/// Endings of hearsay that open a verb of its own.
pub static HEARSAY_VERB: PerLanguage<List> = lists(&CRITIQUE, "hearsay-verb");
/// Particles behind a party that acts.
pub static ACTOR_PARTICLE: PerLanguage<List> = lists(&CRITIQUE, "actor-particle");
/// Parties written in capitals.
pub static PROPER_ACTOR: PerLanguage<List> = lists(&CRITIQUE, "proper-actor");
/// What a share of more than the whole cannot be of.
pub static WHOLE_SHARE: PerLanguage<List> = lists(&CRITIQUE, "whole-share");
/// What stands behind a length of time.
pub static LASTS: PerLanguage<List> = lists(&CRITIQUE, "lasts");
/// What stands before one.
pub static LASTS_BEFORE: PerLanguage<List> = lists(&CRITIQUE, "lasts-before");
/// Universal words that describe more often than they claim.
pub static MILD: PerLanguage<List> = lists(&CRITIQUE, "mild");

/// The cues of a language.
pub struct CritiqueCues {
    phrases: Phrases,
    words: Vec<&'static str>,
    pub strong: Variants,
    pub amount: Variants,
    pub voice: Variants,
    /// By the key of the challenge that would be held up.
    pub bottleneck: Variants,
    pub interested: Table,
    pub speech: Table,
    pub sourced: Table,
    pub dated: Table,
    pub counterview: Table,
    pub actors: Table,
    pub charge: Table,
    pub rules: Table,
    pub spending: Table,
    pub ruling: Table,
    pub deadline: Table,
    pub doers: Table,
    pub anecdote: Table,
    pub asked: Table,
}

/// The cues of a sentence, by phrase and place.
#[derive(Debug, Default)]
pub struct CueHits(Vec<Found>);

impl CritiqueCues {
    /// Returns the cues of a language.
    pub fn of(language: Language) -> &'static CritiqueCues {
        static CUES: OncePerLanguage<CritiqueCues> = OncePerLanguage::new();
        CUES.get_or_make(language, CritiqueCues::read)
    }

    fn read(language: Language) -> CritiqueCues {
        let file = &CRITIQUE[language];
        let mut cues: Vec<&'static str> = Vec::new();
        let mut add = |entries: &[&'static str]| {
            let first = cues.len();
            cues.extend(entries);
            first..cues.len()
        };
        let mut group = |name| {
            file.group(name)
                .map(|(own, cues)| (own, add(cues)))
                .collect()
        };
        let (strong, amount) = (group("strong"), group("amount"));
        let (voice, bottleneck) = (group("voice"), group("bottleneck"));
        let mut table = |name| add(file.section(name));
        CritiqueCues {
            strong,
            amount,
            voice,
            bottleneck,
            interested: table("interested"),
            speech: table("speech"),
            sourced: table("sourced"),
            dated: table("dated"),
            counterview: table("counterview"),
            actors: table("actors"),
            charge: table("charge"),
            rules: table("rules"),
            spending: table("spending"),
            ruling: table("ruling"),
            deadline: table("deadline"),
            doers: table("doers"),
            anecdote: table("anecdote"),
            asked: table("asked"),
            phrases: Phrases::new(cues.iter().copied(), language, Words::Marked),
            words: cues.iter().map(|cue| letters_of(cue, language)).collect(),
        }
    }

    /// Finds all cues of a sentence in its folded form.
    pub fn find(&self, folded: &str) -> CueHits {
        let mut hits: Vec<Found> = self.phrases.find(folded).collect();
        hits.sort_unstable_by_key(|hit| (hit.phrase, hit.start));
        CueHits(hits)
    }

    /// Returns the letters of a cue.
    pub fn word(&self, phrase: usize) -> &'static str {
        self.words[phrase]
    }
}

fn letters_of(cue: &'static str, language: Language) -> &'static str {
    let length = Phrase::read(cue, language).text.len();
    let start = cue.len() - cue.trim_start_matches('*').len();
    &cue[start..start + length]
}

impl CueHits {
    /// Returns every cue of a table that stands in the sentence, each place of it.
    pub fn of(&self, table: &Table) -> &[Found] {
        let from = self.0.partition_point(|hit| hit.phrase < table.start);
        let to = self.0.partition_point(|hit| hit.phrase < table.end);
        &self.0[from..to]
    }

    /// Returns where the first cue of the table stands.
    pub fn first(&self, table: &Table) -> Option<Span> {
        self.of(table).first().map(|hit| (hit.start, hit.end))
    }

    /// Returns the cue of the table that stands first in the sentence.
    pub fn earliest(&self, table: &Table) -> Option<Span> {
        self.of(table).iter().map(|hit| (hit.start, hit.end)).min()
    }
}
