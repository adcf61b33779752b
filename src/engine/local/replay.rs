//! Replay: a model that wants to say what a given brief says, to measure the writing of it with any weights.
//!
//! In:  a brief and the model's own words (prompts, tokenizer, chat template). Out: the token wanted behind any tokens of a head.
//! It answers questions as the engine puts them; a text the grammar or the check refuses is refused here as in a real run.

use std::sync::{Arc, Mutex};

use super::{LlmError, Model};
use crate::brief::{Brief, CritiquePoint, Statement};
use crate::engine::note::prompt::Prompts;
use crate::engine::note::{cite, slots::kind_name};
use crate::model::Decode;
use crate::model::chat::{Message, Speaker};
use crate::model::tokenizer::Tokenizer;
use crate::outline::Lens;

/// Tokens in front of an answer that certainly hold the question.
const QUESTION_TOKENS: usize = 2_048;

/// What a replaying model wants behind some tokens; without an answer it wants what its decoder does.
pub type ReplayScript = Box<dyn Fn(&[u32]) -> Option<u32> + Send + Sync>;

impl<D: Decode> Model<D> {
    /// Returns what a model wants that is to say what `told` says of its article.
    pub fn replay_script(
        &self,
        told: &Brief,
        lens: &Lens,
        prompts: &Prompts,
    ) -> Result<ReplayScript, LlmError> {
        let script = Script::of(self, told, lens, prompts)?;
        Ok(Box::new(move |tokens| script.next(tokens)))
    }

    /// Returns the model with its decoder within another one.
    pub fn with_decoder<E: Decode>(self, wrap: impl FnOnce(D) -> E) -> Model<E> {
        Model {
            decoder: wrap(self.decoder),
            tokenizer: self.tokenizer,
            chat: self.chat,
            grammars: self.grammars,
            name: self.name,
            sha256: self.sha256,
            openings: Mutex::default(),
        }
    }
}

/// A text behind the sentences it cites.
struct Text {
    cue: String,
    ids: Vec<u32>,
    text: String,
}

/// A head's part: what it is asked, what it cites first, and the texts it may then be set to write.
struct Part {
    asked: Asked,
    cites: String,
    texts: Vec<Text>,
}

/// How a question is known: all of it, or how its last line begins.
enum Asked {
    Whole(String),
    LastLine(String),
}

impl Asked {
    fn is(&self, question: &str) -> bool {
        match self {
            Asked::Whole(known) => known == question,
            Asked::LastLine(known) => {
                let last = question.lines().next_back();
                last.is_some_and(|line| line.starts_with(known))
            }
        }
    }
}

struct Script {
    tokenizer: Arc<Tokenizer>,
    /// What the template writes between a question and its answer.
    turn: Vec<u32>,
    parts: Vec<Part>,
    again: String,
    end: Option<u32>,
}

impl Script {
    fn of<D: Decode>(
        model: &Model<D>,
        told: &Brief,
        lens: &Lens,
        prompts: &Prompts,
    ) -> Result<Script, LlmError> {
        Ok(Script {
            tokenizer: model.tokenizer.clone(),
            turn: turn(model)?,
            parts: parts(told, lens, prompts),
            again: prompts.cue("again").into(),
            end: model.tokenizer.eos_ids().first().copied(),
        })
    }

    /// The token wanted behind these; none where the brief has nothing to say.
    fn next(&self, tokens: &[u32]) -> Option<u32> {
        let turn = self.turn.len();
        let at = (0..=tokens.len().checked_sub(turn)?)
            .rev()
            .find(|&at| tokens[at..at + turn] == self.turn)?;
        let question = self
            .tokenizer
            .decode(&tokens[at.saturating_sub(QUESTION_TOKENS)..at]);
        let question = question.rsplit("\n\n").next()?;
        let part = self.parts.iter().find(|part| part.asked.is(question))?;
        let answer: Vec<u8> = tokens[at + turn..]
            .iter()
            .flat_map(|&id| self.tokenizer.token_bytes(id))
            .copied()
            .collect();
        self.wanted(part, &answer)
    }

    fn wanted(&self, part: &Part, answer: &[u8]) -> Option<u32> {
        if let Some(rest) = part.cites.as_bytes().strip_prefix(answer) {
            return self.token(&part.cites, part.cites.len() - rest.len());
        }
        // Only whole characters stand before the text under way.
        let at = answer.iter().rposition(|&byte| byte == b'\n');
        let (before, line) = answer.split_at(at.map_or(0, |at| at + 1));
        let before = String::from_utf8_lossy(before);
        let line_start = |cue: &str| {
            line.strip_prefix(cue.as_bytes())
                .filter(|_| !cue.is_empty())
        };
        let text = part.texts.iter().find(|text| {
            let cued =
                line_start(&text.cue).is_some() || before.lines().any(|l| l.starts_with(&text.cue));
            cued && text.ids.starts_with(&recited(&before))
        })?;
        let written = line_start(&text.cue)
            .or_else(|| line_start(&self.again))
            .unwrap_or(line);
        let whole = &text.text;
        let rest = whole.as_bytes().strip_prefix(written)?;
        self.token(whole, whole.len() - rest.len())
    }

    /// The token that goes on at byte `at` of a text, as the tokenizer cuts the whole text or, where it does not begin a token
    /// there, the rest of it.
    fn token(&self, text: &str, at: usize) -> Option<u32> {
        if at == text.len() {
            return self.end;
        }
        let mut place = 0;
        for id in self.tokenizer.encode(text) {
            if place == at {
                return Some(id);
            }
            place += self.tokenizer.token_bytes(id).len();
        }
        self.tokenizer.encode(text.get(at..)?).first().copied()
    }
}

/// The ids of the sentences recited in an answer.
fn recited(answer: &str) -> Vec<u32> {
    let id = |line: &str| line.strip_prefix('[')?.split_once("] ")?.0.parse().ok();
    answer.lines().filter_map(id).collect()
}

/// The tokens two prompts with different questions end with.
fn turn<D: Decode>(model: &Model<D>) -> Result<Vec<u32>, LlmError> {
    let prompt = |text| {
        let user = Message {
            role: Speaker::User,
            text,
        };
        model.chat.prompt(&model.tokenizer, &[user], true)
    };
    let (one, other) = (prompt("0")?, prompt("?")?);
    let same = one.iter().rev().zip(other.iter().rev());
    let length = same.take_while(|(a, b)| a == b).count();
    Ok(one[one.len() - length..].to_vec())
}

fn parts(told: &Brief, lens: &Lens, prompts: &Prompts) -> Vec<Part> {
    let text = |name: &str, statement: &Statement| Text {
        cue: prompts.cue(name).into(),
        ids: statement.evidence.clone(),
        text: format!(" {}", statement.text),
    };
    let mut parts = Vec::new();
    if let Some(thesis) = &told.thesis {
        parts.push(Part {
            asked: Asked::Whole(prompts.thesis()),
            cites: cite::write_ids(&thesis.evidence),
            texts: vec![text("thesis", thesis)],
        });
    }
    parts.push(Part {
        asked: Asked::Whole(prompts.argument()),
        cites: cite::write_argument(&told.argument),
        texts: told
            .argument
            .iter()
            .map(|point| text("point", &point.statement))
            .collect(),
    });
    for (entry, challenge) in lens.challenges.iter().zip(&told.challenges) {
        let remedy = challenge.remedy.as_ref();
        let said = challenge.text.clone().map(|text| Statement {
            text,
            evidence: challenge.evidence.clone(),
            origin: challenge.origin,
        });
        let label = entry.label.text(told.output_language);
        parts.push(Part {
            asked: Asked::LastLine(format!("{label}: ")),
            cites: cite::write_challenge(said.as_ref(), remedy),
            texts: [("challenge", said.as_ref()), ("remedy", remedy)]
                .into_iter()
                .filter_map(|(name, statement)| Some(text(name, statement?)))
                .collect(),
        });
    }
    let of_challenges = told.challenges.iter().flat_map(|c| &c.critique);
    parts.extend(
        told.critique
            .iter()
            .chain(of_challenges)
            .filter_map(|point| attack(point, prompts)),
    );
    parts
}

/// The head that attacks the claim of a point; it cites nothing, and names its kind before its text.
fn attack(point: &CritiquePoint, prompts: &Prompts) -> Option<Part> {
    const CLAIM: &str = "\u{1}";
    let id = *point.statement.evidence.first()?;
    let question = prompts.critique(id, CLAIM);
    let (before, _) = question.lines().next_back()?.split_once(CLAIM)?;
    let text = format!("{}: {}", kind_name(point.kind)?, point.statement.text);
    Some(Part {
        asked: Asked::LastLine(before.to_string()),
        cites: text.clone(),
        texts: vec![Text {
            cue: String::new(),
            ids: Vec::new(),
            text,
        }],
    })
}
