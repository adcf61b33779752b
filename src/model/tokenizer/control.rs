//! Control and user-defined tokens: by name, and where a template names them.
//!
//! In:  a vocabulary and the types of its tokens. Out: ids. Only templates are searched, never a text.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rustc_hash::FxHashMap;

use super::error::{TokenizerError, check_size};
use crate::model::gguf::{TokenType, Vocabulary};

/// All names together; the automaton that finds them is some thirty times as large.
const MAX_NAME_BYTES: usize = 1 << 18;

/// The tokens that structure a conversation.
#[derive(Debug)]
pub(super) struct ControlTokens {
    ids: FxHashMap<String, u32>,
    finder: AhoCorasick,
    /// The id of each name the finder knows.
    found: Vec<u32>,
}

impl ControlTokens {
    pub(super) fn new(
        vocabulary: &Vocabulary,
        types: &[TokenType],
    ) -> Result<ControlTokens, TokenizerError> {
        let (names, found): (Vec<&String>, Vec<u32>) = vocabulary
            .tokens
            .iter()
            .zip(0..)
            .zip(types)
            .filter(|(_, kind)| matches!(kind, TokenType::Control | TokenType::UserDefined))
            .map(|(token, _)| token)
            .unzip();
        let size = names.iter().map(|name| name.len()).sum();
        check_size("bytes of control tokens", size, MAX_NAME_BYTES)?;
        let finder = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::LeftmostLongest)
            .build(&names)
            .expect("so few bytes are within the automaton's limits");
        let ids = names.into_iter().cloned().zip(found.iter().copied());
        Ok(ControlTokens {
            ids: ids.collect(),
            finder,
            found,
        })
    }

    /// Returns the id of a name.
    pub(super) fn id(&self, name: &str) -> Option<u32> {
        self.ids.get(name).copied()
    }

    /// Returns where a template names them, the longest name at each place.
    pub(super) fn find<'t>(
        &'t self,
        template: &'t str,
    ) -> impl Iterator<Item = (Range<usize>, u32)> + 't {
        self.finder
            .find_iter(template)
            .map(|name| (name.range(), self.found[name.pattern()]))
    }
}
