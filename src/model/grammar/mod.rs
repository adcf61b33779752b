//! Grammars: what a text must keep to becomes the tokens allowed next, and those that are forced.
//!
//! In:  a regular expression (no look-around, no anchors, no back references) and a tokenizer's vocabulary. Out: a `Constraint` for one
//! sequence. The one place that knows llguidance.

mod error;

use llguidance::api::TopLevelGrammar;
use llguidance::earley::SlicedBiasComputer;
use llguidance::{Matcher, ParserFactory};
use toktrie::{InferenceCapabilities, TokEnv};

pub use error::GrammarError;

use super::sampler::Mask;
use crate::escape::shown;
use error::{MAX_BYTES, MAX_DEPTH};

/// Symbols of the rules. Masks of a grammar at the library's own limit, 500,000, take seconds.
const MAX_RULES: usize = 20_000;
/// A state of the lexer takes one to two kilobytes, so 64 MB; the library's own limit is 250,000.
const MAX_LEXER_STATES: usize = 32_000;

/// Tokens that are mostly allowed or forbidden together, found once and not for each mask. The library's own slices are made for JSON
/// strings; this one takes a mask within bounded Korean text from 1.2 ms to 0.05 ms (152,000 tokens, a fifth of them Hangul).
const KOREAN_SLICE: &str = "[가-힣 ]{1,10}";

/// Makes the constraints of one model: its vocabulary, indexed once.
pub struct GrammarFactory {
    parsers: ParserFactory,
    env: TokEnv,
}

impl GrammarFactory {
    /// Indexes a vocabulary.
    pub fn new(env: TokEnv) -> Result<GrammarFactory, GrammarError> {
        let mut slices = SlicedBiasComputer::general_slices();
        slices.push(KOREAN_SLICE.into());
        let mut parsers = ParserFactory::new(&env, InferenceCapabilities::default(), &slices)
            .map_err(|error| GrammarError::Vocabulary(line(&error)))?;
        parsers.quiet();
        let limits = parsers.limits_mut();
        limits.max_lexer_states = MAX_LEXER_STATES;
        limits.max_grammar_size = MAX_RULES;
        limits.verbose_errors = false;
        Ok(GrammarFactory { parsers, env })
    }

    /// Returns a constraint at the beginning of a text that a regular expression matches as a whole. The same expression is cheaper to clone
    /// than to start again.
    pub fn start(&self, regex: &str) -> Result<Constraint, GrammarError> {
        check(regex)?;
        let refused = |error: &dyn std::fmt::Display| GrammarError::Refused(line(error));
        let parser = self
            .parsers
            .create_parser(TopLevelGrammar::from_regex(regex))
            .map_err(|error| refused(&error))?;
        let mut matcher = Matcher::new(Ok(parser));
        // Consuming nothing notices a grammar that ends where it begins.
        matcher
            .consume_tokens(&[])
            .map_err(|error| refused(&error))?;
        Ok(Constraint {
            matcher,
            env: self.env.clone(),
        })
    }
}

/// Refuses what the library would recurse into too deeply or take too long over.
fn check(regex: &str) -> Result<(), GrammarError> {
    let bytes = regex.len();
    if bytes > MAX_BYTES {
        return Err(GrammarError::TooLarge { bytes });
    }
    match brackets(regex) > MAX_DEPTH {
        true => Err(GrammarError::TooDeep),
        false => Ok(()),
    }
}

/// Returns how deep brackets are nested at most, those in strings included.
fn brackets(text: &str) -> usize {
    let mut open = 0usize;
    let mut deepest = 0;
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

/// Where one sequence stands in its grammar.
#[derive(Clone)]
pub struct Constraint {
    matcher: Matcher,
    env: TokEnv,
}

impl Constraint {
    /// Returns the tokens allowed next, those that end the text among them where it may end. Never empty.
    pub fn mask(&mut self) -> Result<Mask, GrammarError> {
        let stuck = |error: &dyn std::fmt::Display| GrammarError::Stuck(line(error));
        let set = self.matcher.compute_mask().map_err(|error| stuck(&error))?;
        let vocab = set.len();
        Ok(Mask::from_words(set.into(), vocab))
    }

    /// Goes on by one token. A token that is not allowed is an error and changes nothing.
    pub fn accept(&mut self, token: u32) -> Result<(), GrammarError> {
        let refused = GrammarError::NotAllowed { token };
        if !self.knows(token) {
            return Err(refused);
        }
        match self.matcher.try_consume_tokens(&[token]) {
            Ok(0) => Err(refused),
            Ok(_) => Ok(()),
            Err(error) => Err(GrammarError::Stuck(line(&error))),
        }
    }

    /// Returns the tokens that must come next whatever the model says, perhaps none; they are not yet accepted.
    ///
    /// They are how the tokenizer writes the text in question. Where a longer token could begin within it, they end before that place.
    pub fn forced(&mut self) -> Vec<u32> {
        match self.is_finished() {
            true => Vec::new(),
            false => self.matcher.compute_ff_tokens(),
        }
    }

    /// Returns how many of these tokens could be accepted one after the other. Nothing is accepted.
    pub fn validate(&mut self, tokens: &[u32]) -> usize {
        let known = tokens
            .iter()
            .take_while(|&&token| self.knows(token))
            .count();
        self.matcher.validate_tokens(&tokens[..known]).unwrap_or(0)
    }

    /// Returns whether the text may end here.
    pub fn is_accepting(&mut self) -> bool {
        self.is_finished() || self.matcher.is_accepting().unwrap_or(false)
    }

    /// Returns whether the text must end here.
    pub fn is_finished(&self) -> bool {
        self.matcher.is_stopped() && self.matcher.stop_reason().is_ok()
    }

    /// Returns whether this token ends a text and is no part of it.
    pub fn ends(&self, token: u32) -> bool {
        self.env.tok_trie().eos_tokens().contains(&token)
    }

    fn knows(&self, token: u32) -> bool {
        (token as usize) < self.env.tok_trie().vocab_size()
    }
}

/// Returns what the library says, as one short line.
fn line(error: &dyn std::fmt::Display) -> String {
    const MOST: usize = 200;
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let mut line = shown(first).replace('\t', " ");
    if line.len() > MOST {
        let end = (0..=MOST).rev().find(|&at| line.is_char_boundary(at));
        line.truncate(end.unwrap_or(0));
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::*;
    use sukje_dev::script::vocabulary;
    use toktrie::ApproximateTokEnv;

    /// Cited sentences, as branches cite them.
    const CITED: &str = "claim \\[(1|3|12)(, (1|3|12)){0,2}\\]";

    fn start(regex: &str) -> (Constraint, TokEnv) {
        let env = vocabulary(&["{\"", "\":", "\",", "claim", "전력"]);
        let factory = GrammarFactory::new(env.clone()).unwrap();
        (factory.start(regex).unwrap(), env)
    }

    /// Returns how many bytes of the text the grammar takes, and whether it is whole then.
    fn read(regex: &str, text: &str) -> (usize, bool) {
        let (mut constraint, _) = start(regex);
        let taken = text
            .bytes()
            .take_while(|&byte| constraint.accept(byte.into()).is_ok())
            .count();
        (taken, constraint.is_accepting())
    }

    fn refused(regex: &str) -> GrammarError {
        let factory = GrammarFactory::new(vocabulary(&[])).unwrap();
        let Err(error) = factory.start(regex) else {
            panic!("accepted: {regex:?}")
        };
        let line = error.to_string();
        assert!(
            line.len() <= 300 && !line.contains(char::is_control),
            "{line}"
        );
        error
    }

    #[test]
    fn a_text_is_read_as_far_as_it_keeps_to_the_grammar() {
        let check =
            |text: &str, taken, whole| assert_eq!(read(CITED, text), (taken, whole), "{text}");
        check("claim [1, 12]", 13, true);
        check("claim [3]", 9, true);
        check("claim  [3]", 6, false);
        check("claim [2]", 7, false);
        check("claim []", 7, false);
        check("claim [1, 1, 1, 1]", 14, false);
        assert_eq!(
            read("[가-힣]{1,3}( [가-힣]{1,3})*", "전력 부족"),
            (13, true)
        );
        assert_eq!(read("[가-힣]{1,3}( [가-힣]{1,3})*", "전력이다").0, 9);
    }

    #[test]
    fn forced_tokens_are_the_canonical_ones() {
        let (mut constraint, env) = start(CITED);
        let forced = constraint.forced();
        assert_eq!(env.tok_trie().decode_str(&forced), "claim [");
        assert_eq!(forced, env.tokenize("claim ["));
        assert_eq!(constraint.forced(), forced, "asking changes nothing");
        for token in forced {
            constraint.accept(token).unwrap();
        }
        assert!(constraint.forced().len() <= 1);
    }

    #[test]
    fn a_tokenizer_that_only_guesses_forces_nothing() {
        let trie = vocabulary(&[]).tok_trie().clone();
        let factory = GrammarFactory::new(Arc::new(ApproximateTokEnv::new(trie))).unwrap();
        let mut constraint = factory.start(CITED).unwrap();
        assert!(constraint.forced().is_empty());
        assert!(constraint.mask().unwrap().allows(u32::from(b'c')));
    }

    #[test]
    fn a_text_may_end_where_the_grammar_may() {
        let (mut constraint, env) = start("ab*");
        let end = env.tok_trie().eos_token();
        let masks = |c: &mut Constraint| (c.is_accepting(), c.mask().unwrap().allows(end));
        assert_eq!(masks(&mut constraint), (false, false));
        constraint.accept(u32::from(b'a')).unwrap();
        assert_eq!(masks(&mut constraint), (true, true));
        assert!(!constraint.is_finished() && constraint.ends(end));
        constraint.accept(end).unwrap();
        assert!(constraint.is_finished() && constraint.is_accepting());
        let (empty, _) = start("");
        assert!(empty.is_finished());
    }

    #[test]
    fn a_token_that_is_not_allowed_changes_nothing() {
        let (mut constraint, _) = start("[ab]c");
        for token in [u32::from(b'c'), 0, 255, 5000, u32::MAX] {
            assert_eq!(
                constraint.accept(token),
                Err(GrammarError::NotAllowed { token })
            );
        }
        let draft: Vec<u32> = "ax".bytes().map(u32::from).chain([u32::MAX]).collect();
        assert_eq!(constraint.validate(&draft), 1);
        assert_eq!(constraint.validate(&draft[2..]), 0);
        constraint.accept(u32::from(b'b')).unwrap();
    }

    #[test]
    fn what_is_not_supported_is_an_error() {
        for regex in ["(?=a)b", "(a", "(\u{1b}[31m", "\\1", "a{2"] {
            refused(regex);
        }
    }

    #[test]
    fn a_hostile_grammar_neither_hangs_nor_panics() {
        let nested = |open: &str, close: &str, n| open.repeat(n) + &close.repeat(n);
        let grammars = [
            nested("(", ")", 60),
            nested("(", ")", 100_000),
            "a{4000000000}".into(),
            "(.*a.*|.*b.*){30}c".into(),
            "[^a]*a.{200}[^b]*b.{200}".into(),
            "\\p{L}{1,3000}".into(),
            "a".repeat(error::MAX_BYTES + 1),
        ];
        let factory = GrammarFactory::new(vocabulary(&[])).unwrap();
        for grammar in grammars {
            let began = Instant::now();
            let outcome = factory.start(&grammar).and_then(|mut constraint| {
                for _ in 0..20 {
                    let mask = constraint.mask()?;
                    let Some(token) = (0..256).rev().find(|&token| mask.allows(token)) else {
                        break;
                    };
                    constraint.accept(token)?;
                    if constraint.is_finished() {
                        break;
                    }
                }
                Ok(())
            });
            let text: String = grammar.chars().take(120).collect();
            // Two seconds, built for release and not beside other tests.
            assert!(began.elapsed() < Duration::from_secs(10), "{text}");
            let message = outcome.err().map(|error| error.to_string());
            assert!(!message.is_some_and(|m| m.contains("panic")), "{text}");
        }
    }

    #[test]
    fn constraints_may_move_between_threads() {
        fn check<T: Send>() {}
        check::<Constraint>();
        check::<GrammarFactory>();
    }
}
