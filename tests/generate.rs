//! Generation on a scripted decoder: what makes it fast never changes a text, and a grammar is kept to.
#![cfg(feature = "model")]

use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use regex::Regex;
use sukje::model::{
    Constraint, Finish, GrammarFactory, Lookup, Outcome, Request, Sampler, Sampling, TokenSequence,
};
use sukje_dev::script::{ScriptedDecoder, vocabulary, write_all};

const WORDS: [&str; 8] = ["{\"", "\":", "\":\"", "\",\"", "claim", "ids", "전력", "ab"];
const VOCAB: usize = 256 + WORDS.len() + 1;

/// A text to be written, apart from how fast.
#[derive(Debug, Clone)]
struct Task {
    prompt: Vec<u32>,
    temperature: f32,
    seed: u64,
    grammar: Option<String>,
    max_tokens: usize,
}

fn task() -> impl Strategy<Value = Task> {
    (
        prop::collection::vec(0..VOCAB as u32, 1..40),
        prop_oneof![Just(0.0), 0.2..2f32],
        any::<u64>(),
        prop::option::of(grammar()),
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

/// An expression of the kinds that notes are written under: words, numbers, lists and lines of them.
fn grammar() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (0..9).prop_map(|most| format!("\"[^\"]{{0,{most}}}\"")),
        (0..9, 1..4).prop_map(|(first, more)| format!("-?{first}[0-9]{{0,{more}}}")),
        Just("(discussed|not_discussed)".to_string()),
        Just("(1|3|12|전력 부족|null)".to_string()),
        Just("(true|false)".to_string()),
        Just("[가-힣]{1,4}다".to_string()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), 1..3, 0..3).prop_map(|(item, least, more)| {
                format!(
                    "\\[{item}(,{item}){{{},{}}}\\]",
                    least - 1,
                    least - 1 + more
                )
            }),
            prop::collection::vec(inner, 1..4).prop_map(|fields| {
                let named = ["claim", "ids", "ok"].iter().zip(&fields);
                let named: Vec<_> = named
                    .map(|(name, field)| format!("\"{name}\":{field}"))
                    .collect();
                format!("\\{{{}\\}}", named.join(","))
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
    let mut sequence = TokenSequence::new(decoder);
    sequence.push(&task.prompt);
    let constraint = |grammar: &String| grammars.start(grammar).unwrap();
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
        ..Request::new(sequence, task.max_tokens)
    }
}

fn run(decoder: &ScriptedDecoder, requests: Vec<Request<Vec<u32>>>) -> Vec<Outcome<Vec<u32>>> {
    write_all(decoder, requests, &AtomicBool::new(false)).unwrap()
}

fn grammars() -> GrammarFactory {
    GrammarFactory::new(vocabulary(&WORDS)).unwrap()
}

fn same(a: &Outcome<Vec<u32>>, b: &Outcome<Vec<u32>>) {
    assert_eq!(a.tokens, b.tokens);
    assert_eq!(a.finish, b.finish);
    assert_eq!(a.sequence.tokens(), b.sequence.tokens());
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
        let mut begun = TokenSequence::new(&decoder);
        let (first, rest) = task.prompt.split_at(prefilled.min(task.prompt.len()));
        begun.push(first);
        begun.prefill(&decoder, &AtomicBool::new(false)).unwrap();
        let mut begun = begun.fork(&decoder);
        begun.push(rest);
        let part = |sequence, max_tokens| Request { stop: vec![7], ..Request::new(sequence, max_tokens) };
        let begin = run(&decoder, vec![part(begun, cut.min(task.max_tokens))]).remove(0);
        let left = task.max_tokens - begin.tokens.len();
        let end = run(&decoder, vec![part(begin.sequence, left)]).remove(0);
        prop_assert_eq!(end.sequence.tokens(), whole.sequence.tokens());
    }

    #[test]
    fn a_constrained_text_is_valid_or_says_why_not(seed in any::<u64>(), task in task(), grammar in grammar()) {
        let (decoder, grammars, env) = (ScriptedDecoder::random(VOCAB, 400, seed), grammars(), vocabulary(&WORDS));
        let task = Task { grammar: Some(grammar.clone()), max_tokens: 200, ..task };
        let mut asked = request(&decoder, &grammars, &task, true);
        asked.stop.clear();
        let outcome = run(&decoder, vec![asked]).remove(0);
        match outcome.finish {
            Ok(Finish::Grammar | Finish::Stop) => {
                let text = String::from_utf8(env.tok_trie().decode(&outcome.tokens)).unwrap();
                let whole = Regex::new(&format!("^(?s:{grammar})$")).unwrap();
                prop_assert!(whole.is_match(&text), "{grammar} {text}");
            }
            finish => {
                prop_assert_eq!(finish, Ok(Finish::Length));
                prop_assert_eq!(outcome.tokens.len(), 200);
            }
        }
    }

    #[test]
    fn masks_and_drafts_agree(seed in any::<u64>(), grammar in grammar()) {
        let mut constraint = grammars().start(&grammar).unwrap();
        let text = walk(&mut constraint.clone(), seed);
        // What was accepted one by one is accepted as a draft, and a draft changes nothing.
        prop_assert_eq!(constraint.validate(&text), text.len());
        for (at, &token) in text.iter().enumerate() {
            prop_assert!(constraint.mask().unwrap().allows(token));
            prop_assert_eq!(constraint.validate(&text[at..]), text.len() - at);
            let forced = constraint.forced();
            prop_assert_eq!(constraint.validate(&forced), forced.len());
            constraint.accept(token).unwrap();
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

/// The loop, text by text.
mod texts {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use sukje::model::{
        Finish, GenerateError, GenerationCounts, GrammarError, GrammarFactory, Lookup, Outcome,
        Request, SampleError, TokenSequence, generate,
    };
    use sukje_dev::script::{ScriptedDecoder, vocabulary, write_all};

    /// The most tokens in one step.
    const STEP_TOKENS: usize = 512;

    const END: u32 = 99;

    fn alive() -> AtomicBool {
        AtomicBool::new(false)
    }

    fn sequence(decoder: &ScriptedDecoder, tokens: &[u32]) -> TokenSequence<Vec<u32>> {
        let mut sequence = TokenSequence::new(decoder);
        sequence.push(tokens);
        sequence
    }

    fn run(decoder: &ScriptedDecoder, request: Request<Vec<u32>>) -> Outcome<Vec<u32>> {
        let outcomes = write_all(decoder, vec![request], &alive());
        outcomes.unwrap().remove(0)
    }

    fn bytes(text: &str) -> Vec<u32> {
        text.bytes().map(u32::from).collect()
    }

    fn text(tokens: &[u32]) -> String {
        String::from_utf8(tokens.iter().map(|&token| token as u8).collect()).unwrap()
    }

    #[test]
    fn a_text_ends_at_a_stop_token_which_is_no_part_of_it() {
        let decoder = ScriptedDecoder::saying(100, 50, 2, vec![5, 6, 7], END);
        let mut request = Request::new(sequence(&decoder, &[1, 2]), 20);
        request.stop = vec![END];
        let outcome = run(&decoder, request);
        assert_eq!(outcome.tokens, [5, 6, 7]);
        assert_eq!(outcome.sequence.tokens(), [1, 2, 5, 6, 7]);
        assert_eq!(outcome.finish, Ok(Finish::Stop));
        assert_eq!((outcome.counts.steps, outcome.counts.rows), (4, 5));
    }

    #[test]
    fn a_text_ends_by_budget_or_context() {
        let check = |max_tokens, context, expected: &[u32], finish| {
            let decoder = ScriptedDecoder::saying(100, context, 2, vec![5, 6, 7], END);
            let outcome = run(
                &decoder,
                Request::new(sequence(&decoder, &[1, 2]), max_tokens),
            );
            assert_eq!(outcome.tokens, expected);
            assert_eq!(outcome.finish, Ok(finish));
            // The last token is pending: nobody asked what follows it.
            assert_eq!(decoder.steps(), expected.len());
        };
        check(0, 50, &[], Finish::Length);
        check(2, 50, &[5, 6], Finish::Length);
        check(2, 4, &[5, 6], Finish::Length);
        check(9, 4, &[5, 6], Finish::Context);
        check(usize::MAX, 2, &[], Finish::Context);
    }

    #[test]
    fn what_cannot_be_continued_is_an_error() {
        let decoder = ScriptedDecoder::random(100, 3, 0);
        let fail = |tokens: &[u32]| {
            let request = Request::new(sequence(&decoder, tokens), 5);
            write_all(&decoder, vec![request], &alive())
                .unwrap_err()
                .to_string()
        };
        assert_eq!(fail(&[]), "there is no token to go on from");
        assert_eq!(fail(&[1, 2, 3, 4]), "4 tokens do not fit the context of 3");
        assert_eq!(fail(&[1, 200]), "token 200 is none of the vocabulary's 100");
    }

    #[test]
    fn damaged_logits_are_an_error_never_a_token() {
        for bad in [f32::NAN, f32::INFINITY] {
            let decoder = ScriptedDecoder::new(4, 50, move |tokens| match tokens.len() {
                5 => vec![0.0, bad, 0.0, 1.0],
                _ => vec![0.0, 0.0, 0.0, 1.0],
            });
            let request = Request::new(sequence(&decoder, &[1]), 20);
            let result = write_all(&decoder, vec![request], &alive());
            assert!(matches!(
                result,
                Err(GenerateError::Sample(SampleError::NotFinite))
            ));
            assert_eq!(decoder.steps(), 5);
        }
    }

    #[test]
    fn a_passage_goes_on_without_running_a_token_twice() {
        let decoder = ScriptedDecoder::saying(100, 50, 3, vec![5, 6, 7, 8, 9], END);
        let first = run(&decoder, Request::new(sequence(&decoder, &[1, 2, 3]), 3));
        assert_eq!((first.counts.rows, first.counts.steps), (5, 3));
        let second = run(&decoder, Request::new(first.sequence, 2));
        assert_eq!(second.tokens, [8, 9]);
        assert_eq!((second.counts.rows, second.counts.steps), (2, 2));
    }

    #[test]
    fn a_stopped_passage_can_be_continued_too() {
        let decoder = ScriptedDecoder::saying(100, 50, 1, vec![5], END);
        let stopping = |sequence| Request {
            stop: vec![END],
            ..Request::new(sequence, 9)
        };
        let mut sequence = run(&decoder, stopping(sequence(&decoder, &[1]))).sequence;
        let again = run(&decoder, stopping(sequence.fork(&decoder)));
        assert_eq!((again.tokens.len(), again.counts.rows), (0, 1));
        sequence.push(&[50]);
        let pushed = run(&decoder, stopping(sequence));
        assert_eq!(pushed.sequence.tokens(), [1, 5, 50]);
        assert_eq!(pushed.counts.rows, 1);
    }

    #[test]
    fn a_truncated_passage_is_written_again() {
        let decoder = ScriptedDecoder::random(100, 50, 4);
        let mut outcome = run(&decoder, Request::new(sequence(&decoder, &[1, 2]), 6));
        outcome.sequence.truncate(&decoder, 4);
        let again = run(&decoder, Request::new(outcome.sequence, 4));
        assert_eq!(again.tokens, outcome.tokens[2..]);
        assert_eq!(again.counts.rows, 4);
    }

    #[test]
    fn a_long_prompt_goes_in_by_parts_and_is_shared_by_forks() {
        let decoder = ScriptedDecoder::random(300, 4000, 1);
        let prompt: Vec<u32> = (0..2000).map(|i| i % 300).collect();
        let whole = run(&decoder, Request::new(sequence(&decoder, &prompt), 5));
        assert!(decoder.widest_step() <= STEP_TOKENS);
        let mut prefix = sequence(&decoder, &prompt[..1990]);
        assert!(prefix.prefill(&decoder, &alive()).unwrap());
        let heads = (0..3).map(|_| {
            let mut head = prefix.fork(&decoder);
            head.push(&prompt[1990..]);
            Request::new(head, 5)
        });
        let outcomes = write_all(&decoder, heads.collect(), &alive()).unwrap();
        for outcome in outcomes {
            assert_eq!(outcome.tokens, whole.tokens);
            assert_eq!(outcome.counts.rows, 10 + 4);
        }
        let done = sequence(&decoder, &prompt).prefill(&decoder, &AtomicBool::new(true));
        assert!(!done.unwrap());
    }

    #[test]
    fn more_texts_than_rows_are_written_all_the_same() {
        let decoder = ScriptedDecoder::random(20, 600, 1);
        let requests =
            (0..300).map(|i| Request::new(sequence(&decoder, &vec![i % 20; 1 + i as usize]), 3));
        let outcomes = write_all(&decoder, requests.collect(), &alive()).unwrap();
        assert!(outcomes.iter().all(|o| o.tokens.len() == 3));
        assert!(decoder.widest_step() <= STEP_TOKENS);
    }

    #[test]
    fn texts_go_on_from_texts_and_company_changes_none() {
        let decoder = ScriptedDecoder::random(20, 100, 1);
        let first = || Request::new(sequence(&decoder, &[1]), 3);
        let alone =
            |tokens: &[u32]| run(&decoder, Request::new(sequence(&decoder, tokens), 4)).tokens;
        let mut ended: Vec<(usize, Vec<u32>)> = Vec::new();
        let requests = vec![first(), Request::new(sequence(&decoder, &[2]), 9)];
        generate(&decoder, requests, &alive(), |number, mut outcome| {
            let mut more = Vec::new();
            if number == 0 {
                // Two forks of it, each told something else.
                for token in [7, 8] {
                    let mut fork = outcome.sequence.fork(&decoder);
                    fork.push(&[token]);
                    more.push(Request::new(fork, 4));
                }
            }
            ended.push((number, outcome.tokens));
            Ok::<_, GenerateError>(more)
        })
        .unwrap();
        let numbers: Vec<usize> = ended.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [0, 2, 3, 1]);
        let begun = run(&decoder, first()).tokens;
        for (number, token) in [(2, 7), (3, 8)] {
            let prompt = [&[1], &begun[..], &[token]].concat();
            let found = ended.iter().find(|(known, _)| *known == number);
            assert_eq!(found.unwrap().1, alone(&prompt));
        }
    }

    #[test]
    fn after_a_cancellation_nothing_joins() {
        let decoder = ScriptedDecoder::random(20, 100, 1);
        let cancelled = alive();
        let mut finishes = Vec::new();
        let requests = [1, 5].map(|most| Request::new(sequence(&decoder, &[1]), most));
        generate(&decoder, requests.into(), &cancelled, |_, outcome| {
            finishes.push(outcome.finish.unwrap());
            cancelled.store(true, Ordering::Relaxed);
            Ok::<_, GenerateError>(vec![Request::new(outcome.sequence, 5)])
        })
        .unwrap();
        let begun = [Finish::Length, Finish::Cancelled];
        assert_eq!(finishes[..2], begun);
    }

    #[test]
    fn cancelling_ends_all_texts_within_a_token() {
        let cancelled = Arc::new(alive());
        let flag = cancelled.clone();
        let decoder = ScriptedDecoder::new(20, 100, move |_| {
            flag.store(true, Ordering::Relaxed);
            vec![0.0; 20]
        });
        let requests = [1, 2].map(|token| Request::new(sequence(&decoder, &[token]), 50));
        let outcomes = write_all(&decoder, requests.into(), &cancelled);
        for outcome in outcomes.unwrap() {
            assert_eq!(outcome.finish, Ok(Finish::Cancelled));
            assert_eq!(outcome.tokens.len(), 1);
        }
    }

    #[test]
    fn right_drafts_save_steps_and_wrong_ones_change_nothing() {
        let prompt = bytes("The grid is full, said the minister. ");
        let said = bytes("As the grid is full, said the paper, the grid is not built.");
        let decoder = ScriptedDecoder::saying(256, 500, prompt.len(), said.clone(), 0);
        let request = |drafts| Request {
            drafts,
            stop: vec![0],
            ..Request::new(sequence(&decoder, &prompt), 200)
        };
        let plain = run(&decoder, request(None));
        let drafted = run(&decoder, request(Some(Lookup::new(&prompt))));
        assert_eq!(text(&plain.tokens), text(&said));
        assert_eq!(drafted.tokens, plain.tokens);
        assert_eq!(drafted.sequence.tokens(), plain.sequence.tokens());
        assert_eq!(plain.counts.steps, said.len() + 1);
        assert!(
            drafted.counts.steps * 3 < plain.counts.steps * 2,
            "{:?}",
            drafted.counts
        );
        let GenerationCounts {
            steps,
            drafted,
            accepted,
            ..
        } = drafted.counts;
        assert!(accepted < drafted && steps + accepted == said.len() + 1);
    }

    #[test]
    fn drafts_of_unknown_tokens_are_not_tried() {
        let decoder = ScriptedDecoder::saying(100, 50, 1, vec![5, 6, 7], END);
        let request = Request {
            drafts: Some(Lookup::new(&[1, 5000, 1])),
            ..Request::new(sequence(&decoder, &[1]), 3)
        };
        let outcome = run(&decoder, request);
        assert_eq!((outcome.tokens, outcome.counts.drafted), (vec![5, 6, 7], 0));
    }

    #[test]
    fn cite_recite_write() {
        let env = vocabulary(&["{\"", "\":", "\"ids\""]);
        let vocab = env.tok_trie().vocab_size();
        let grammars = GrammarFactory::new(env.clone()).unwrap();
        let decoder = ScriptedDecoder::random(vocab, 500, 11);
        let under = |sequence, grammar| Request {
            constraint: Some(grammars.start(grammar).unwrap()),
            ..Request::new(sequence, 100)
        };

        let cite = "\\{\"ids\":\\[[123](,[123])?\\]\\}";
        let cited = run(&decoder, under(sequence(&decoder, &bytes("Which? ")), cite));
        assert_eq!(cited.finish, Ok(Finish::Grammar));
        assert!(
            env.tok_trie()
                .decode_str(&cited.tokens)
                .starts_with("{\"ids\":[")
        );
        assert!(cited.counts.forced >= 2);
        assert!(cited.counts.steps <= cited.tokens.len() - cited.counts.forced);

        let mut head = cited.sequence;
        let before = head.tokens().len();
        head.push(&bytes(" The grid is full. "));
        let wrote = run(&decoder, under(head, "So: (yes|no)[.]"));
        let written = env.tok_trie().decode_str(&wrote.tokens);
        assert!(["So: yes.", "So: no."].contains(&&*written), "{written}");
        assert_eq!(wrote.finish, Ok(Finish::Grammar));
        assert!(
            env.tok_trie()
                .decode_str(&wrote.sequence.tokens()[before..])
                .starts_with(" The grid")
        );
    }

    #[test]
    fn a_grammar_without_a_choice_needs_no_model() {
        let grammars = GrammarFactory::new(vocabulary(&[])).unwrap();
        let decoder = ScriptedDecoder::random(257, 100, 1);
        let request = |max_tokens| Request {
            constraint: Some(grammars.start("not discussed").unwrap()),
            ..Request::new(sequence(&decoder, &[1]), max_tokens)
        };
        let whole = run(&decoder, request(50));
        assert_eq!(
            (text(&whole.tokens).as_str(), whole.finish),
            ("not discussed", Ok(Finish::Grammar))
        );
        assert_eq!((whole.counts.forced, decoder.steps()), (13, 0));
        let cut = run(&decoder, request(3));
        assert_eq!(
            (text(&cut.tokens).as_str(), cut.finish),
            ("not", Ok(Finish::Length))
        );
    }

    #[test]
    fn one_failing_grammar_leaves_the_other_texts_alone() {
        let grammars = GrammarFactory::new(vocabulary(&[])).unwrap();
        let decoder = ScriptedDecoder::random(300, 100, 1);
        let mut broken = grammars.start("[ab]c").unwrap();
        for byte in "ac".bytes() {
            broken.accept(byte.into()).unwrap();
        }
        // Nothing may follow, and asking what does ends all use of it.
        broken.mask().unwrap_err();
        let good = run(&decoder, Request::new(sequence(&decoder, &[1]), 4));
        let requests = vec![
            Request {
                constraint: Some(broken),
                ..Request::new(sequence(&decoder, &[1]), 4)
            },
            Request::new(sequence(&decoder, &[1]), 4),
        ];
        let outcomes = write_all(&decoder, requests, &alive()).unwrap();
        assert!(matches!(outcomes[0].finish, Err(GrammarError::Stuck(_))));
        assert_eq!(outcomes[1].tokens, good.tokens);
    }
}
