//! Grammars: what a text must keep to becomes the tokens allowed next, and those that are forced.
//!
//! In:  a JSON Schema, a regular expression or a Lark grammar, and a tokenizer's vocabulary. Out: a `Constraint` for one sequence.
//! The one place that knows llguidance. What a schema asks for is kept to or refused, never passed over.

mod error;
mod schema;

use llguidance::api::TopLevelGrammar;
use llguidance::earley::SlicedBiasComputer;
use llguidance::{Matcher, ParserFactory};
use serde_json::{Value, json};
use toktrie::{InferenceCapabilities, TokEnv};

pub use error::GrammarError;

use super::sampler::Mask;
use crate::escape::shown;
use error::{check_bytes, check_depth};

/// What a text must keep to, as a whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Grammar {
    /// JSON of this schema: without white space between its parts, properties in the schema's order, Hangul never as `\u` escapes.
    /// Where an integer may be negative, `-0` is one.
    Schema(Value),
    /// What this regular expression matches (no look-around, no anchors, no back references).
    Regex(String),
    /// A context-free grammar in llguidance's kind of Lark; it begins with the rule `start`.
    Lark(String),
}

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

    /// Returns a constraint at the beginning of a text. The same grammar is cheaper to clone than to start again.
    pub fn start(&self, grammar: &Grammar) -> Result<Constraint, GrammarError> {
        check(grammar)?;
        let refused = |error: &dyn std::fmt::Display| GrammarError::Refused(line(error));
        let parser = self
            .parsers
            .create_parser(top_level(grammar)?)
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

fn top_level(grammar: &Grammar) -> Result<TopLevelGrammar, GrammarError> {
    Ok(match grammar {
        Grammar::Schema(schema) => TopLevelGrammar::from_json_schema(compact(schema)?),
        Grammar::Regex(regex) => TopLevelGrammar::from_regex(regex),
        Grammar::Lark(lark) => TopLevelGrammar::from_lark(lark.clone()),
    })
}

/// Returns the schema with one way to write each value: fewer choices for the model, more tokens that are forced.
fn compact(schema: &Value) -> Result<Value, GrammarError> {
    let Value::Object(schema) = schema else {
        return Err(GrammarError::Refused("a schema is a JSON object".into()));
    };
    let mut schema = schema.clone();
    let style = json!({
        "whitespace_flexible": false,
        "item_separator": ",",
        "key_separator": ":",
        "json_allowed_escapes": "nrbtf\\\"",
    });
    schema.insert("x-guidance".into(), style);
    Ok(Value::Object(schema))
}

/// Refuses what the library would recurse into too deeply, take too long over, or panic at.
fn check(grammar: &Grammar) -> Result<(), GrammarError> {
    match grammar {
        Grammar::Schema(schema) => {
            schema::check(schema)?;
            check_bytes(schema.to_string().len())
        }
        // Lark may hold schemas, which would come to the library unchecked.
        Grammar::Lark(text) if text.contains("%json") => {
            let why = "a schema within Lark (%json) is not supported";
            Err(GrammarError::Refused(why.into()))
        }
        Grammar::Regex(text) | Grammar::Lark(text) => {
            check_bytes(text.len())?;
            check_depth(brackets(text))
        }
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

    /// Takes the last tokens back. After an error the constraint is of no more use.
    pub fn rollback(&mut self, tokens: usize) -> Result<(), GrammarError> {
        self.matcher.rollback(tokens).map_err(|error| {
            let cause = line(&error);
            GrammarError::Rollback { tokens, cause }
        })
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

    fn start(grammar: &Grammar) -> (Constraint, TokEnv) {
        let env = vocabulary(&["{\"", "\":", "\",", "claim", "전력"]);
        let factory = GrammarFactory::new(env.clone()).unwrap();
        (factory.start(grammar).unwrap(), env)
    }

    fn schema(schema: Value) -> Grammar {
        Grammar::Schema(schema)
    }

    /// Returns a claim and the sentences it cites.
    fn point() -> Grammar {
        schema(json!({
            "type": "object",
            "properties": {
                "claim": {"type": "string", "maxLength": 20},
                "ids": {"type": "array", "items": {"enum": [1, 3, 12]}, "minItems": 1, "maxItems": 3},
            },
            "required": ["claim", "ids"],
            "additionalProperties": false,
        }))
    }

    /// Returns how many bytes of the text the grammar takes, and whether it is whole then.
    fn read(grammar: &Grammar, text: &str) -> (usize, bool) {
        let (mut constraint, _) = start(grammar);
        let taken = text
            .bytes()
            .take_while(|&byte| constraint.accept(byte.into()).is_ok())
            .count();
        (taken, constraint.is_accepting())
    }

    fn refused(grammar: Grammar) -> GrammarError {
        let factory = GrammarFactory::new(vocabulary(&[])).unwrap();
        let Err(error) = factory.start(&grammar) else {
            panic!("accepted: {grammar:?}")
        };
        let line = error.to_string();
        assert!(
            line.len() <= 300 && !line.contains(char::is_control),
            "{line}"
        );
        error
    }

    #[test]
    fn json_has_one_way_to_be_written() {
        let check = |text: &str| assert_eq!(read(&point(), text), (text.len(), true), "{text}");
        check(r#"{"claim":"전력","ids":[1,12]}"#);
        check(r#"{"claim":"a\"b\\n","ids":[3]}"#);
        let check = |text: &str, taken| assert_eq!(read(&point(), text), (taken, false), "{text}");
        check(r#"{ "claim""#, 1);
        check(r#"{"claim": "#, 9);
        check(r#"{"ids""#, 2);
        check(r#"{"claim":"\uac00"#, 11);
        check(r#"{"claim":"a","ids":[2"#, 20);
        check(r#"{"claim":"a","ids":[]"#, 20);
        check(r#"{"claim":"123456789012345678901"#, 30);
    }

    #[test]
    fn forced_tokens_are_the_canonical_ones() {
        let (mut constraint, env) = start(&point());
        let forced = constraint.forced();
        assert_eq!(env.tok_trie().decode_str(&forced), "{\"claim\":");
        assert_eq!(forced, env.tokenize("{\"claim\":"));
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
        let mut constraint = factory.start(&point()).unwrap();
        assert!(constraint.forced().is_empty());
        assert!(constraint.mask().unwrap().allows(u32::from(b'{')));
    }

    #[test]
    fn a_text_may_end_where_the_grammar_may() {
        let (mut constraint, env) = start(&Grammar::Regex("ab*".into()));
        let end = env.tok_trie().eos_token();
        let masks = |c: &mut Constraint| (c.is_accepting(), c.mask().unwrap().allows(end));
        assert_eq!(masks(&mut constraint), (false, false));
        constraint.accept(u32::from(b'a')).unwrap();
        assert_eq!(masks(&mut constraint), (true, true));
        assert!(!constraint.is_finished() && constraint.ends(end));
        constraint.accept(end).unwrap();
        assert!(constraint.is_finished() && constraint.is_accepting());
        let (empty, _) = start(&Grammar::Regex(String::new()));
        assert!(empty.is_finished());
    }

    #[test]
    fn a_token_that_is_not_allowed_changes_nothing() {
        let (mut constraint, _) = start(&Grammar::Regex("[ab]c".into()));
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
    fn tokens_are_taken_back() {
        let (mut constraint, _) = start(&Grammar::Regex("(ab|cd)e".into()));
        let first = constraint.mask().unwrap();
        for byte in "abe".bytes() {
            constraint.accept(byte.into()).unwrap();
        }
        assert!(constraint.is_finished());
        constraint.rollback(3).unwrap();
        assert_eq!(constraint.mask().unwrap(), first);
        let too_many = constraint.rollback(1).unwrap_err();
        assert!(matches!(too_many, GrammarError::Rollback { tokens: 1, .. }));
    }

    #[test]
    fn lark_rules_work() {
        let lark = Grammar::Lark("start: word (\" \" word)*\nword: /[가-힣]{1,3}/".into());
        assert_eq!(read(&lark, "전력 부족"), (13, true));
        assert_eq!(read(&lark, "전력이다").0, 9);
    }

    #[test]
    fn what_is_not_supported_is_an_error() {
        let items = json!({"type": "array", "items": {"type": "integer"}, "uniqueItems": true});
        assert!(refused(schema(items)).to_string().contains("uniqueItems"));
        refused(schema(json!({"not": {"type": "string"}})));
        refused(schema(
            json!({"type": "object", "propertyNames": {"pattern": "a"}}),
        ));
        refused(schema(json!({"$ref": "https://example.org/schema.json"})));
        refused(schema(
            json!({"type": "integer", "minimum": 5, "maximum": 1}),
        ));
        refused(schema(json!({"type": "number", "multipleOf": 0.25})));
        refused(schema(json!(true)));
        refused(Grammar::Regex("(?=a)b".into()));
        refused(Grammar::Regex("(a".into()));
        refused(Grammar::Lark("start: \u{1b}[31m".into()));
        refused(Grammar::Lark(String::new()));
    }

    #[test]
    fn a_hostile_grammar_neither_hangs_nor_panics() {
        let nested = |open: &str, close: &str, n| open.repeat(n) + &close.repeat(n);
        let deep = |n| {
            (0..n).fold(
                json!({"type": "null"}),
                |s, _| json!({"type": "array", "items": s}),
            )
        };
        let huge = 9_007_199_254_740_991u64;
        let grammars = [
            schema(deep(30)),
            schema(deep(300)),
            schema(json!({"$ref": "#"})),
            schema(json!({"anyOf": [{"$ref": "#"}, {"$ref": "#"}]})),
            schema(json!({"allOf": [{"$ref": "#"}]})),
            schema(json!({"type": "string", "minLength": huge})),
            schema(
                json!({"type": "string", "minLength": 3_000_000_000u64, "maxLength": 4_000_000_000u64}),
            ),
            schema(json!({"type": "string", "maxLength": u64::MAX})),
            schema(json!({"type": "string", "maxLength": -1})),
            schema(json!({"type": "array", "items": {"type": "null"}, "minItems": huge})),
            schema(
                json!({"type": "array", "items": {"type": "null"}, "maxItems": huge, "minItems": 1}),
            ),
            schema(json!({"type": "object", "minProperties": huge})),
            schema(json!({"type": "integer", "minimum": -1e300, "maximum": 1e300})),
            schema(json!({"type": "number", "multipleOf": 1e-300})),
            schema(json!({"type": "integer", "multipleOf": 0})),
            schema(json!({"type": "integer", "multipleOf": huge})),
            schema(json!({"type": "string", "pattern": "(a|aa|aaa)*b{1000}(.*x){50}"})),
            schema(json!({"type": "string", "pattern": "((a{1,1000}){1,1000}){1,1000}"})),
            schema(json!({"minimum": {"description": "가".repeat(50)}})),
            schema(json!({"allOf": [{"multipleOf": 1.5e-9}, {"multipleOf": 0.007}]})),
            schema(json!({"enum": (0..20_000).collect::<Vec<_>>()})),
            schema(json!({"enum": []})),
            schema(json!({"const": "\u{0}\u{ff}\u{202e}"})),
            schema(json!({"type": "object", "x-guidance": {"lenient": true}, "uniqueItems": true})),
            Grammar::Regex(nested("(", ")", 60)),
            Grammar::Regex(nested("(", ")", 100_000)),
            Grammar::Regex("a{4000000000}".into()),
            Grammar::Regex("(.*a.*|.*b.*){30}c".into()),
            Grammar::Regex("[^a]*a.{200}[^b]*b.{200}".into()),
            Grammar::Regex("\\p{L}{1,3000}".into()),
            Grammar::Regex("a".repeat(error::MAX_BYTES + 1)),
            Grammar::Lark("start: start start | ".into()),
            Grammar::Lark("start: a\na: b\nb: a".into()),
            Grammar::Lark(format!("start: {}\"a\"{}", "(".repeat(60), ")*".repeat(60))),
            Grammar::Lark(format!("start: {}", "\"a\"? ".repeat(20_000))),
            Grammar::Lark("start: /a/{100000000}".into()),
            Grammar::Lark("start: \"a\" ~ 5..1".into()),
            Grammar::Lark(format!(
                "start: %json {{\"minimum\": [\"{}\"]}}",
                "가".repeat(50)
            )),
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
            let text: String = format!("{grammar:?}").chars().take(120).collect();
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
