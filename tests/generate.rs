//! Generation on a scripted decoder: what makes it fast never changes a text, and a grammar is kept to.
#![cfg(feature = "model")]

use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use serde_json::{Value, json};
use sukje::model::script::{ScriptedDecoder, vocabulary};
use sukje::model::{
    Constraint, Finish, Grammar, GrammarFactory, Lookup, Outcome, Passage, Request, Sampler,
    Sampling, generate,
};

const WORDS: [&str; 8] = ["{\"", "\":", "\":\"", "\",\"", "claim", "ids", "전력", "ab"];
const VOCAB: usize = 256 + WORDS.len() + 1;

/// A text to be written, apart from how fast.
#[derive(Debug, Clone)]
struct Task {
    prompt: Vec<u32>,
    temperature: f32,
    seed: u64,
    grammar: Option<Value>,
    max_tokens: usize,
}

fn task() -> impl Strategy<Value = Task> {
    (
        prop::collection::vec(0..VOCAB as u32, 1..40),
        prop_oneof![Just(0.0), 0.2..2f32],
        any::<u64>(),
        prop::option::of(schema()),
        0..60usize,
    )
        .prop_map(|(prompt, temperature, seed, grammar, max_tokens)| Task {
            prompt,
            temperature,
            seed,
            grammar,
            max_tokens,
        })
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (0..9).prop_map(|most| json!({"type": "string", "maxLength": most})),
        (-9..9, 0..200).prop_map(|(least, more)| {
            json!({"type": "integer", "minimum": least, "maximum": least + more})
        }),
        Just(json!({"enum": ["discussed", "not_discussed"]})),
        Just(json!({"enum": [1, 3, 12, "전력 부족", null]})),
        Just(json!({"type": "boolean"})),
        Just(json!({"type": "string", "pattern": "^[가-힣]{1,4}다$"})),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), 0..3, 0..3).prop_map(|(items, least, more)| {
                json!({"type": "array", "items": items, "minItems": least, "maxItems": least + more})
            }),
            prop::collection::vec(inner, 1..4).prop_map(|fields| {
                let names = ["claim", "ids", "ok"];
                json!({
                    "type": "object",
                    "properties": names.iter().zip(&fields).map(|(n, f)| (n.to_string(), f.clone())).collect::<serde_json::Map<_, _>>(),
                    "required": names[..fields.len()],
                    "additionalProperties": false,
                })
            }),
        ]
    })
}

/// Says what the last token makes it want, but every seventh time something else: drafts are now right, now wrong.
fn decoder(seed: u64) -> ScriptedDecoder {
    ScriptedDecoder::new(VOCAB, 90, move |tokens| {
        let mood = u64::from(tokens.len().is_multiple_of(7)) << 32;
        let last = u64::from(tokens.last().map_or(0, |token| token % 16));
        (0..VOCAB as u64)
            .map(|token| {
                let mixed = (seed ^ mood ^ last << 16 ^ token).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f32
                    / (1 << 20) as f32
            })
            .collect()
    })
}

fn request(
    decoder: &ScriptedDecoder,
    grammars: &GrammarFactory,
    task: &Task,
    drafts: bool,
) -> Request<Vec<u32>> {
    let mut passage = Passage::new(decoder);
    passage.push(&task.prompt);
    let constraint = |schema: &Value| grammars.start(&Grammar::Schema(schema.clone())).unwrap();
    Request {
        constraint: task.grammar.as_ref().map(constraint),
        sampler: Sampler::new(Sampling {
            temperature: task.temperature,
            top_p: 0.95,
            min_p: 0.01,
            seed: task.seed,
        }),
        drafts: drafts.then(|| Lookup::new(&task.prompt)),
        stop: vec![7],
        ..Request::new(passage, task.max_tokens)
    }
}

fn run(decoder: &ScriptedDecoder, requests: Vec<Request<Vec<u32>>>) -> Vec<Outcome<Vec<u32>>> {
    generate(decoder, requests, &AtomicBool::new(false), |_| {}).unwrap()
}

fn grammars() -> GrammarFactory {
    GrammarFactory::new(vocabulary(&WORDS)).unwrap()
}

fn same(a: &Outcome<Vec<u32>>, b: &Outcome<Vec<u32>>) {
    assert_eq!(a.tokens, b.tokens);
    assert_eq!(a.finish, b.finish);
    assert_eq!(a.passage.tokens(), b.passage.tokens());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn drafts_and_company_change_no_text(seed in any::<u64>(), tasks in prop::collection::vec(task(), 1..6)) {
        let (decoder, grammars) = (decoder(seed), grammars());
        let all = |drafts| -> Vec<_> { tasks.iter().map(|task| request(&decoder, &grammars, task, drafts)).collect() };
        let plain = run(&decoder, all(false));
        let drafted = run(&decoder, all(true));
        for ((plain, drafted), task) in plain.iter().zip(&drafted).zip(&tasks) {
            same(plain, drafted);
            same(plain, &run(&decoder, vec![request(&decoder, &grammars, task, true)])[0]);
            prop_assert!(drafted.counts.steps <= plain.counts.steps);
            prop_assert_eq!(plain.counts.drafted, 0);
            prop_assert_eq!(plain.counts.forced, drafted.counts.forced);
        }
    }

    #[test]
    fn any_split_of_a_text_into_requests_gives_the_same(seed in any::<u64>(), task in task(), cut in 0..60usize, prefilled in 0..40usize) {
        let (decoder, grammars) = (decoder(seed), grammars());
        let task = Task { temperature: 0.0, grammar: None, ..task };
        let whole = &run(&decoder, vec![request(&decoder, &grammars, &task, false)])[0];
        let mut begun = Passage::new(&decoder);
        let (first, rest) = task.prompt.split_at(prefilled.min(task.prompt.len()));
        begun.push(first);
        begun.prefill(&decoder, &AtomicBool::new(false)).unwrap();
        let mut begun = begun.fork(&decoder);
        begun.push(rest);
        let part = |passage, max_tokens| Request { stop: vec![7], ..Request::new(passage, max_tokens) };
        let begin = run(&decoder, vec![part(begun, cut.min(task.max_tokens))]).remove(0);
        let left = task.max_tokens - begin.tokens.len();
        let end = run(&decoder, vec![part(begin.passage, left)]).remove(0);
        prop_assert_eq!(end.passage.tokens(), whole.passage.tokens());
    }

    #[test]
    fn a_constrained_text_is_valid_or_says_why_not(seed in any::<u64>(), task in task(), schema in schema()) {
        let (decoder, grammars, env) = (ScriptedDecoder::random(VOCAB, 400, seed), grammars(), vocabulary(&WORDS));
        let task = Task { grammar: Some(schema.clone()), max_tokens: 200, ..task };
        let mut asked = request(&decoder, &grammars, &task, true);
        asked.stop.clear();
        let outcome = run(&decoder, vec![asked]).remove(0);
        match outcome.finish {
            Ok(Finish::Grammar | Finish::Stop) => {
                let text = String::from_utf8(env.tok_trie().decode(&outcome.tokens)).unwrap();
                let value: Value = serde_json::from_str(&text).unwrap();
                prop_assert!(jsonschema::is_valid(&schema, &value), "{schema} {text}");
                // Escapes, and minus zero, which is an integer to a schema, are read back as something written otherwise.
                if !text.contains('\\') && !text.contains("-0") {
                    prop_assert_eq!(value.to_string(), text);
                }
            }
            finish => {
                prop_assert_eq!(finish, Ok(Finish::Length));
                prop_assert_eq!(outcome.tokens.len(), 200);
            }
        }
    }

    #[test]
    fn masks_drafts_and_rollback_agree(seed in any::<u64>(), schema in schema()) {
        let grammars = grammars();
        let mut constraint = grammars.start(&Grammar::Schema(schema)).unwrap();
        let text = walk(&mut constraint.clone(), seed);
        // What was accepted one by one is accepted as a draft, and a draft changes nothing.
        prop_assert_eq!(constraint.validate(&text), text.len());
        for cut in [text.len() / 2, text.len()] {
            let mut there = constraint.clone();
            let mut states = Vec::new();
            for &token in &text[..cut] {
                let mask = there.mask().unwrap();
                prop_assert!(mask.allows(token));
                states.push((mask, there.forced()));
                there.accept(token).unwrap();
            }
            for back in 1..=cut {
                let mut again = there.clone();
                again.rollback(back).unwrap();
                prop_assert_eq!(&(again.mask().unwrap(), again.forced()), &states[cut - back]);
                prop_assert_eq!(again.validate(&text[cut - back..]), text.len() + back - cut);
            }
        }
    }
}

/// A random text of the grammar, at most 40 tokens and without the end.
fn walk(constraint: &mut Constraint, mut seed: u64) -> Vec<u32> {
    let mut text = Vec::new();
    while text.len() < 40 && !constraint.is_finished() {
        let mask = constraint.mask().unwrap();
        let allowed: Vec<u32> = (0..VOCAB as u32 - 1).filter(|&t| mask.allows(t)).collect();
        if allowed.is_empty() {
            break;
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let token = allowed[(seed >> 33) as usize % allowed.len()];
        constraint.accept(token).unwrap();
        text.push(token);
    }
    text
}

#[test]
fn drafts_are_now_right_now_wrong() {
    let (decoder, grammars) = (decoder(1), grammars());
    let (mut drafted, mut accepted) = (0, 0);
    for seed in 0..40 {
        let task = Task {
            prompt: vec![1, 2],
            temperature: 0.3,
            seed,
            grammar: None,
            max_tokens: 80,
        };
        let counts = run(&decoder, vec![request(&decoder, &grammars, &task, true)])[0].counts;
        drafted += counts.drafted;
        accepted += counts.accepted;
    }
    assert!(
        accepted > 50 && accepted < drafted,
        "{accepted} of {drafted}"
    );
}
