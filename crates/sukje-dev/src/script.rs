//! A decoder for tests: its logits are a script's, a function of the tokens so far, and no weights are needed.
//!
//! In:  tokens. Out: the script's logits. It keeps every promise of `Decode`, so what works on it works on a model.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use toktrie::{TokEnv, TokRxInfo, TokTrie, TokenizerEnv};

use sukje::engine::EngineError;
use sukje::engine::local::NoteModel;
use sukje::model::chat::ChatTemplate;
use sukje::model::gguf::Vocabulary;
use sukje::model::tokenizer::Tokenizer;
use sukje::model::{Decode, GenerateError, Logits, Outcome, Request, Segment, StepError, generate};

use crate::splitmix;

type LogitsScript = dyn Fn(&[u32]) -> Vec<f32> + Send + Sync;

/// A decoder that follows a script. A sequence is the list of its tokens.
pub struct ScriptedDecoder {
    vocab: usize,
    context: usize,
    script: Box<LogitsScript>,
    steps: AtomicUsize,
    widest: AtomicUsize,
}

impl ScriptedDecoder {
    /// Returns a decoder whose logits after some tokens (at least one) are `script(tokens)`, a value for each of the `vocab` ids.
    pub fn new(
        vocab: usize,
        context: usize,
        script: impl Fn(&[u32]) -> Vec<f32> + Send + Sync + 'static,
    ) -> ScriptedDecoder {
        ScriptedDecoder {
            vocab,
            context,
            script: Box::new(script),
            steps: AtomicUsize::new(0),
            widest: AtomicUsize::new(0),
        }
    }

    /// Logits from 0 to 8 that depend on the seed and on all tokens so far, and look random.
    pub fn random(vocab: usize, context: usize, seed: u64) -> ScriptedDecoder {
        ScriptedDecoder::new(vocab, context, move |tokens| {
            let mut state = tokens.iter().fold(seed, |state, &token| {
                splitmix(&mut (state ^ u64::from(token)))
            });
            (0..vocab)
                .map(|_| (splitmix(&mut state) >> 40) as f32 / (1 << 21) as f32)
                .collect()
        })
    }

    /// Wants to say `text` after a prompt of `prompt` tokens, then `end` for ever.
    pub fn saying(
        vocab: usize,
        context: usize,
        prompt: usize,
        text: Vec<u32>,
        end: u32,
    ) -> ScriptedDecoder {
        ScriptedDecoder::new(vocab, context, move |tokens| {
            let said = tokens.len().saturating_sub(prompt);
            let wanted = text.get(said).copied().unwrap_or(end);
            (0..vocab as u32)
                .map(|token| f32::from(u8::from(token == wanted)))
                .collect()
        })
    }

    /// Returns the number of steps made.
    pub fn steps(&self) -> usize {
        self.steps.load(Ordering::Relaxed)
    }

    /// Returns the most tokens that went into one step.
    pub fn widest_step(&self) -> usize {
        self.widest.load(Ordering::Relaxed)
    }

    fn check(&self, held: usize, tokens: &[u32]) -> Result<(), StepError> {
        let (vocab, context) = (self.vocab, self.context);
        let needed = held + tokens.len();
        if needed > context {
            return Err(StepError::ContextFull { needed, context });
        }
        match tokens.iter().find(|&&token| token as usize >= vocab) {
            Some(&token) => Err(StepError::UnknownToken { token, vocab }),
            None => Ok(()),
        }
    }
}

impl Decode for ScriptedDecoder {
    type Sequence = Vec<u32>;

    fn vocab(&self) -> usize {
        self.vocab
    }

    fn context(&self) -> usize {
        self.context
    }

    fn start(&self) -> Vec<u32> {
        Vec::new()
    }

    fn len(&self, sequence: &Vec<u32>) -> usize {
        sequence.len()
    }

    fn fork(&self, sequence: &mut Vec<u32>) -> Vec<u32> {
        sequence.clone()
    }

    fn truncate(&self, sequence: &mut Vec<u32>, length: usize) {
        sequence.truncate(length);
    }

    fn step(&self, segments: &mut [Segment<'_, Vec<u32>>]) -> Result<Logits, StepError> {
        for segment in segments.iter() {
            assert!(!segment.tokens.is_empty(), "a segment has a token");
            self.check(segment.sequence.len(), segment.tokens)?;
        }
        let mut values = Vec::new();
        let mut width = 0;
        for segment in segments.iter_mut() {
            let held = segment.sequence.len();
            segment.sequence.extend(segment.tokens);
            width += segment.tokens.len();
            for row in segment.want.rows(segment.tokens.len()) {
                values.extend((self.script)(&segment.sequence[..held + row + 1]));
            }
        }
        self.steps.fetch_add(1, Ordering::Relaxed);
        self.widest.fetch_max(width, Ordering::Relaxed);
        Ok(Logits::new(self.vocab, values))
    }
}

/// Writes all texts together, and returns them in the order of their requests.
pub fn write_all<D: Decode>(
    decoder: &D,
    requests: Vec<Request<D::Sequence>>,
    cancelled: &AtomicBool,
) -> Result<Vec<Outcome<D::Sequence>>, GenerateError> {
    let mut outcomes: Vec<Option<Outcome<D::Sequence>>> = requests.iter().map(|_| None).collect();
    generate(decoder, requests, cancelled, |number, outcome| {
        outcomes[number] = Some(outcome);
        Ok::<_, GenerateError>(Vec::new())
    })?;
    Ok(outcomes.into_iter().flatten().collect())
}

/// Returns a decoder made ready to write notes with a vocabulary.
pub fn note_model<D: Decode>(
    decoder: D,
    vocabulary: &Vocabulary,
    name: &str,
) -> Result<NoteModel<D>, EngineError> {
    let tokenizer = Arc::new(Tokenizer::from_vocabulary(vocabulary)?);
    let chat = ChatTemplate::of(vocabulary, &tokenizer)?;
    NoteModel::new(decoder, tokenizer, chat, name, None)
}

/// Returns a small vocabulary for tests: ids 0 to 255 are the bytes, then come the words, and the last id ends a text.
///
/// Text becomes the longest words from the left, which is what counts as canonical here.
pub fn vocabulary(words: &[&str]) -> TokEnv {
    let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
    tokens.extend(words.iter().map(|word| word.as_bytes().to_vec()));
    let end = tokens.len() as u32;
    tokens.push([&[TokTrie::SPECIAL_TOKEN_MARKER], &b"<end>"[..]].concat());
    Arc::new(WordTokens(TokTrie::from(
        &TokRxInfo::new(end + 1, end),
        &tokens,
    )))
}

struct WordTokens(TokTrie);

impl TokenizerEnv for WordTokens {
    fn tok_trie(&self) -> &TokTrie {
        &self.0
    }

    fn tokenize_bytes(&self, text: &[u8]) -> Vec<u32> {
        self.0.greedy_tokenize(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sukje::model::Want;

    fn step(
        decoder: &ScriptedDecoder,
        held: &[u32],
        tokens: &[u32],
        want: Want,
    ) -> Result<Logits, StepError> {
        let mut sequence = held.to_vec();
        let sequence = &mut sequence;
        decoder.step(&mut [Segment {
            sequence,
            tokens,
            want,
        }])
    }

    #[test]
    fn a_split_step_gives_the_same_rows() {
        let decoder = ScriptedDecoder::random(10, 8, 5);
        let whole = step(&decoder, &[], &[1, 2, 3], Want::From(0)).unwrap();
        let rest = step(&decoder, &[1], &[2, 3], Want::Last).unwrap();
        assert_eq!(whole.len(), 3);
        assert_eq!(whole.row(2), rest.row(0));
        assert_ne!(whole.row(1), whole.row(2));
        assert_eq!((decoder.steps(), decoder.widest_step()), (2, 3));
    }

    #[test]
    fn it_says_its_text_and_ends() {
        let decoder = ScriptedDecoder::saying(9, 8, 2, vec![5, 6], 8);
        let rows = step(&decoder, &[], &[1, 1, 5, 6], Want::From(1)).unwrap();
        let best: Vec<usize> = (0..3)
            .map(|r| rows.row(r).iter().position(|&l| l > 0.0).unwrap())
            .collect();
        assert_eq!(best, [5, 6, 8]);
    }

    #[test]
    fn what_a_model_refuses_is_refused() {
        let decoder = ScriptedDecoder::random(10, 2, 0);
        let full = step(&decoder, &[1], &[2, 3], Want::Last);
        assert!(matches!(
            full,
            Err(StepError::ContextFull {
                needed: 3,
                context: 2
            })
        ));
        let unknown = step(&decoder, &[], &[10], Want::Last);
        assert!(matches!(
            unknown,
            Err(StepError::UnknownToken { token: 10, .. })
        ));
    }

    #[test]
    fn words_are_preferred_to_bytes() {
        let env = vocabulary(&["한", "한국"]);
        assert_eq!(env.tokenize("한국 a"), [257, 32, 97]);
        assert_eq!(env.tok_trie().eos_token(), 258);
    }
}
