//! Prompt lookup: what followed the last few tokens before is likely to follow them again.
//!
//! In:  reference tokens (a prompt, cited sentences) and the text so far. Out: draft tokens, for one step to verify.
//! A draft never changes a text, it only saves steps. A token costs three look-ups, a draft none.

use rustc_hash::FxHashMap;

/// The longest run of tokens that is looked up; shorter ones down to a single token follow.
const LONGEST: usize = 3;

/// Reference and text so far, indexed by their runs of one to three tokens.
#[derive(Debug, Clone, Default)]
pub struct Lookup {
    tokens: Vec<u32>,
    ends: FxHashMap<[u32; LONGEST], usize>, // where a run last ended
    follow: Option<usize>,                  // where the run the text ends with ended before
}

impl Lookup {
    /// Returns an index of the reference, to which the text so far is pushed.
    pub fn new(reference: &[u32]) -> Lookup {
        let mut lookup = Lookup::default();
        reference.iter().for_each(|&token| lookup.push(token));
        lookup
    }

    /// Takes in the next token of the text.
    pub fn push(&mut self, token: u32) {
        self.tokens.push(token);
        self.follow = None;
        let end = self.tokens.len();
        for length in (1..=LONGEST.min(end)).rev() {
            let before = self.ends.insert(key(&self.tokens[end - length..]), end);
            self.follow = self.follow.or(before);
        }
    }

    /// Returns at most `most` tokens: what followed the longest run the text ends with, where that run stood last.
    pub fn propose(&self, most: usize) -> &[u32] {
        let following = self.follow.map_or(&[][..], |at| &self.tokens[at..]);
        &following[..most.min(following.len())]
    }
}

/// Returns a run of tokens, filled up with what is no token id.
fn key(run: &[u32]) -> [u32; LONGEST] {
    std::array::from_fn(|at| run.get(at).copied().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reference: &str, text: &str, most: usize, expected: &str) {
        let tokens = |text: &str| text.chars().map(u32::from).collect::<Vec<_>>();
        let mut lookup = Lookup::new(&tokens(reference));
        tokens(text)
            .into_iter()
            .for_each(|token| lookup.push(token));
        let proposed: String = lookup
            .propose(most)
            .iter()
            .filter_map(|&token| char::from_u32(token))
            .collect();
        assert_eq!(proposed, expected, "{reference:?} then {text:?}");
    }

    #[test]
    fn what_followed_follows_again() {
        check("전력망이 부족하다.", "그러나 전력망", 3, "이 부");
        check("the grid is full.", "so the gr", 8, "id is fu");
        check("abc", "", 4, "");
        check("", "", 4, "");
        check("abc", "xyz", 4, "");
        check("abc", "a", 0, "");
    }

    #[test]
    fn the_longest_run_wins_then_the_latest_place() {
        // "ab" + "c" stood once; "c" alone stood later with another follower.
        check("abc1 c2 ", "abc", 1, "1");
        check("abc1 abc2 ", "abc", 1, "2");
        check("c1 bc2 c3 ", "bc", 1, "2");
    }

    #[test]
    fn the_text_so_far_is_looked_up_too() {
        check("", "one two one t", 3, "wo ");
        check("", "aaa", 5, "a");
    }

    #[test]
    fn pushing_is_the_same_as_having_it_in_the_reference() {
        let tokens: Vec<u32> = (0..200).map(|i| i * i % 13).collect();
        for cut in 0..tokens.len() {
            let mut pushed = Lookup::new(&tokens[..cut]);
            tokens[cut..].iter().for_each(|&token| pushed.push(token));
            assert_eq!(pushed.propose(9), Lookup::new(&tokens).propose(9));
        }
    }
}
