//! A decoder that works as ever and wants what it is told: real steps at their full cost, the tokens of a text that is known.
//!
//! In:  a decoder and a script from tokens to the token wanted next. Out: the decoder's logits, with that token the likeliest.
//! What is measured on it (speed, drafts that hold, grammars that refuse) is measured on realistic text, whatever the weights.

use sukje::brief::Brief;
use sukje::engine::local::NoteModel;
use sukje::engine::{EngineError, Prompts};
use sukje::model::{Decode, Logits, Segment, StepError};
use sukje::outline::Lens;

use crate::brief_script::{ReplayScript, replay_script};

/// Returns the model, wanting to say what `told` says of its article.
pub fn replaying<D: Decode>(
    model: NoteModel<D>,
    told: &Brief,
    lens: &Lens,
    prompts: &Prompts,
) -> Result<NoteModel<ReplayDecoder<D>>, EngineError> {
    let script = replay_script(&model, told, lens, prompts)?;
    Ok(model.with_decoder(|decoder| ReplayDecoder { decoder, script }))
}

/// A decoder under a script.
pub struct ReplayDecoder<D> {
    decoder: D,
    script: ReplayScript,
}

/// A sequence of the decoder and its tokens, which the script reads.
pub struct Replayed<S> {
    sequence: S,
    tokens: Vec<u32>,
}

impl<D: Decode> ReplayDecoder<D> {
    /// `decoder`, wanting behind each row of tokens what `script` says.
    pub fn new(
        decoder: D,
        script: impl Fn(&[u32]) -> Option<u32> + Send + Sync + 'static,
    ) -> ReplayDecoder<D> {
        ReplayDecoder {
            decoder,
            script: Box::new(script),
        }
    }
}

impl<D: Decode> Decode for ReplayDecoder<D> {
    type Sequence = Replayed<D::Sequence>;

    fn vocab(&self) -> usize {
        self.decoder.vocab()
    }

    fn context(&self) -> usize {
        self.decoder.context()
    }

    fn start(&self) -> Self::Sequence {
        Replayed {
            sequence: self.decoder.start(),
            tokens: Vec::new(),
        }
    }

    fn len(&self, sequence: &Self::Sequence) -> usize {
        sequence.tokens.len()
    }

    fn fork(&self, sequence: &mut Self::Sequence) -> Self::Sequence {
        Replayed {
            sequence: self.decoder.fork(&mut sequence.sequence),
            tokens: sequence.tokens.clone(),
        }
    }

    fn truncate(&self, sequence: &mut Self::Sequence, length: usize) {
        self.decoder.truncate(&mut sequence.sequence, length);
        sequence.tokens.truncate(length);
    }

    fn step(&self, segments: &mut [Segment<'_, Self::Sequence>]) -> Result<Logits, StepError> {
        let mut inner: Vec<_> = segments
            .iter_mut()
            .map(|segment| Segment {
                sequence: &mut segment.sequence.sequence,
                tokens: segment.tokens,
                want: segment.want,
            })
            .collect();
        let mut logits = self.decoder.step(&mut inner)?;
        let mut next_row = 0;
        for segment in segments.iter_mut() {
            let held = segment.sequence.tokens.len();
            segment.sequence.tokens.extend(segment.tokens);
            for row in segment.want.rows(segment.tokens.len()) {
                let tokens = &segment.sequence.tokens[..=held + row];
                if let Some(token) = (self.script)(tokens) {
                    logits.prefer(next_row, token);
                }
                next_row += 1;
            }
        }
        Ok(logits)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use sukje::model::{Request, TokenSequence};

    use super::*;
    use crate::script::{ScriptedDecoder, write_all};

    const VOCAB: usize = 16;

    fn written(decoder: &impl Decode) -> Vec<u32> {
        let mut sequence = TokenSequence::new(decoder);
        sequence.push(&[1, 2]);
        let requests = vec![Request::new(sequence, 5)];
        let outcomes = write_all(decoder, requests, &AtomicBool::new(false));
        outcomes.expect("it writes").remove(0).tokens
    }

    #[test]
    fn it_says_what_it_is_told_and_otherwise_what_it_would() {
        let plain = || ScriptedDecoder::random(VOCAB, 64, 3);
        let own = written(&plain());
        let silent = ReplayDecoder::new(plain(), |_| None);
        assert_eq!(written(&silent), own);
        let told = ReplayDecoder::new(plain(), |tokens| [7, 7, 3].get(tokens.len() - 2).copied());
        assert_eq!(written(&told)[..3], [7, 7, 3]);
        assert_eq!(told.decoder.steps(), silent.decoder.steps());
    }
}
