//! Replay: a model that is made to say what a given brief says, to measure how fast it is written with any weights.
//!
//! In:  a brief and the model's prompts, tokenizer and chat template. Out: the token wanted behind any tokens of a branch.
//! It answers questions as the engine asks them; a text that the grammar or the check refuses is refused here as in a real run.

use std::sync::Arc;

use sukje::brief::{ArgumentPoint, Brief, CritiquePoint, MOST_POINTS, Statement};
use sukje::engine::local::{
    NOT_DISCUSSED, NoteModel, kind_name, write_discussed, write_ids, write_step,
};
use sukje::engine::{EngineError, Prompts};
use sukje::model::Decode;
use sukje::model::chat::{Message, Speaker};
use sukje::model::tokenizer::Tokenizer;
use sukje::outline::Lens;

/// So many tokens in front of an answer hold the question.
const QUESTION_TOKENS: usize = 2_048;

/// Returns the token a replaying model wants behind some tokens; none leaves the choice to its decoder.
pub type ReplayScript = Box<dyn Fn(&[u32]) -> Option<u32> + Send + Sync>;

/// Returns what a model wants that is to say what `brief` says of its article.
pub fn replay_script<D: Decode>(
    model: &NoteModel<D>,
    brief: &Brief,
    lens: &Lens,
    prompts: &Prompts,
) -> Result<ReplayScript, EngineError> {
    let script = BriefScript::of(model, brief, lens, prompts)?;
    Ok(Box::new(move |tokens| script.next(tokens)))
}

/// A text behind the sentences it cites.
struct ReplayText {
    cue: String,
    ids: Vec<u32>,
    text: String,
}

/// A branch: the question it is asked, what it cites first, and the texts it may then write.
struct ReplayPart {
    asked: QuestionMatch,
    cites: String,
    texts: Vec<ReplayText>,
}

/// How a question is recognised: by all of it, or by the beginning of its last line.
enum QuestionMatch {
    Whole(String),
    LastLine(String),
}

impl QuestionMatch {
    fn is(&self, question: &str) -> bool {
        match self {
            QuestionMatch::Whole(known) => known == question,
            QuestionMatch::LastLine(known) => {
                let last = question.lines().next_back();
                last.is_some_and(|line| line.starts_with(known))
            }
        }
    }
}

struct BriefScript {
    tokenizer: Arc<Tokenizer>,
    /// The tokens between a question and its answer.
    turn: Vec<u32>,
    parts: Vec<ReplayPart>,
    again: String,
    end: Option<u32>,
}

impl BriefScript {
    fn of<D: Decode>(
        model: &NoteModel<D>,
        brief: &Brief,
        lens: &Lens,
        prompts: &Prompts,
    ) -> Result<BriefScript, EngineError> {
        Ok(BriefScript {
            tokenizer: model.tokenizer().clone(),
            turn: turn(model)?,
            parts: parts(brief, lens, prompts),
            again: prompts.cue("again").into(),
            end: model.tokenizer().eos_ids().first().copied(),
        })
    }

    /// Returns the token wanted behind these; none where the brief has nothing to say.
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

    fn wanted(&self, part: &ReplayPart, answer: &[u8]) -> Option<u32> {
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

    /// Returns the token at byte `at` of a text, as the tokenizer cuts the whole text or, where no token begins there, the rest of it.
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

/// Returns the ids of the sentences recited in an answer.
fn recited(answer: &str) -> Vec<u32> {
    let id = |line: &str| line.strip_prefix('[')?.split_once("] ")?.0.parse().ok();
    answer.lines().filter_map(id).collect()
}

/// Returns the tokens that prompts end with whatever the question.
fn turn<D: Decode>(model: &NoteModel<D>) -> Result<Vec<u32>, EngineError> {
    let prompt = |text| {
        let user = Message {
            role: Speaker::User,
            text,
        };
        model.chat().prompt(model.tokenizer(), &[user], true)
    };
    let (one, other) = (prompt("0")?, prompt("?")?);
    let same = one.iter().rev().zip(other.iter().rev());
    let length = same.take_while(|(a, b)| a == b).count();
    Ok(one[one.len() - length..].to_vec())
}

fn parts(brief: &Brief, lens: &Lens, prompts: &Prompts) -> Vec<ReplayPart> {
    let text = |name: &str, statement: &Statement| ReplayText {
        cue: prompts.cue(name).into(),
        ids: statement.evidence.clone(),
        text: format!(" {}", statement.text),
    };
    let mut parts = Vec::new();
    if let Some(thesis) = &brief.thesis {
        parts.push(ReplayPart {
            asked: QuestionMatch::Whole(prompts.thesis()),
            cites: write_ids(&thesis.evidence),
            texts: vec![text("thesis", thesis)],
        });
    }
    parts.push(ReplayPart {
        asked: QuestionMatch::Whole(prompts.argument()),
        cites: argument(&brief.argument),
        texts: brief
            .argument
            .iter()
            .map(|point| text("point", &point.statement))
            .collect(),
    });
    for (entry, challenge) in lens.challenges.iter().zip(&brief.challenges) {
        let remedy = challenge.remedy.as_ref();
        let said = challenge.text.clone().map(|text| Statement {
            text,
            evidence: challenge.evidence.clone(),
            origin: challenge.origin,
            parts: challenge.parts.clone(),
        });
        let label = entry.label.text(brief.output_language);
        parts.push(ReplayPart {
            asked: QuestionMatch::LastLine(format!("{label}: ")),
            cites: challenge_answer(said.as_ref(), remedy),
            texts: [("challenge", said.as_ref()), ("remedy", remedy)]
                .into_iter()
                .filter_map(|(name, statement)| Some(text(name, statement?)))
                .collect(),
        });
    }
    let of_challenges = brief.challenges.iter().flat_map(|c| &c.critique);
    parts.extend(
        brief
            .critique
            .iter()
            .chain(of_challenges)
            .filter_map(|point| attack(point, prompts)),
    );
    parts
}

/// Writes the steps of an argument as a model does.
fn argument(points: &[ArgumentPoint]) -> String {
    let mut text = String::new();
    for point in points.iter().take(MOST_POINTS) {
        text.push_str(&write_step(point.role, &point.statement.evidence));
    }
    text + "end"
}

/// Writes what a challenge rests on as a model does.
fn challenge_answer(said: Option<&Statement>, remedy: Option<&Statement>) -> String {
    let Some(said) = said else {
        return NOT_DISCUSSED.into();
    };
    write_discussed(&said.evidence, remedy.map_or(&[], |r| &r.evidence))
}

/// Returns the branch that attacks the claim of a point; it cites nothing, and names its kind before its text.
fn attack(point: &CritiquePoint, prompts: &Prompts) -> Option<ReplayPart> {
    const CLAIM: &str = "\u{1}";
    let id = *point.statement.evidence.first()?;
    let question = prompts.critique(id, CLAIM);
    let (before, _) = question.lines().next_back()?.split_once(CLAIM)?;
    let text = format!("{}: {}", kind_name(point.kind)?, point.statement.text);
    Some(ReplayPart {
        asked: QuestionMatch::LastLine(before.to_string()),
        cites: text.clone(),
        texts: vec![ReplayText {
            cue: String::new(),
            ids: Vec::new(),
            text,
        }],
    })
}
