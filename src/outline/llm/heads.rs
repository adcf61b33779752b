//! Heads: the article is read once, and every part of the note is a fork of it that cites, is recited to, and writes.
//!
//! In:  a model and an article. Out: `Written`, what each part cites and says, or why it says nothing. Three batches at most: all heads cite
//! together, all texts are written together, and those that did not hold once more.

use std::sync::atomic::AtomicBool;

use super::cite::{self, Discussed};
use super::prompt::{Prompts, numbered};
use super::writing::{self, Form, Spellings};
use super::{Effort, LlmError, LlmOptions, Model, Progress, select};
use crate::article::{Article, letters};
use crate::model::chat::{Message, Role as Speaker};
use crate::model::{
    Decode, Event, Finish, Grammar, GrammarError, Lookup, Outcome, Passage, Request, Sampler,
    Sampling, generate,
};
use crate::outline::{
    CritiqueKind, CritiquePoint, Origin, Outline, OutlineOptions, Role, Statement, critique,
};
use crate::verify::{Check, MOST_LETTERS, check_field};

/// The most tokens an answer of ids takes: eight steps of an argument, written byte by byte.
const CITE_TOKENS: usize = 256;
/// The most tokens of cited sentences that are recited to one head; longer sentences are checked whole and recited in part.
const RECITED_TOKENS: usize = 384;
/// What the words around a text that is written once more take.
const AGAIN_TOKENS: usize = 256;
/// What is said of the cause, in letters: the model needs the figure or name that was wrong, not a list.
const CAUSE_LETTERS: usize = 48;
/// A claim in a question of critique has at most so many letters of three bytes.
const LONGEST_CLAIM: usize = 60;
/// Cues, and what tokens at the seams of pieces may take beyond what the pieces take apart.
const SEAMS: usize = 96;
/// Tokens read between two words of progress.
const READ_TOKENS: usize = 512;

/// Everything an answer depends on.
pub struct Asked<'a, D> {
    pub model: &'a Model<D>,
    pub article: &'a Article,
    pub options: &'a OutlineOptions,
    pub how: &'a LlmOptions,
    pub prompts: Prompts,
    /// What the extractive engine holds of the article.
    pub plain: &'a Outline,
    pub cancelled: &'a AtomicBool,
}

/// A text that holds, or why there is none and what was looked for in vain.
pub type Field<T> = Result<T, Failure>;

/// Why a field was not written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failure {
    pub causes: Vec<String>,
    pub missing: Check,
}

/// What the model made of the article.
pub struct Written {
    /// Sentences read.
    pub seen: usize,
    pub thesis: Field<Statement>,
    /// The steps of the argument with what they cite.
    pub argument: Field<Vec<Step>>,
    /// Per challenge of the lens.
    pub challenges: Vec<Field<Option<Answer>>>,
    /// Of the whole, then of the challenges.
    pub critique: Vec<Attack>,
}

/// A step of the argument.
pub struct Step {
    pub role: Role,
    pub ids: Vec<u32>,
    pub text: Field<Statement>,
}

/// A point of critique: of the whole, or of the challenge of that index.
pub struct Attack {
    pub of: Option<usize>,
    pub point: Field<CritiquePoint>,
}

/// A text, and of a critique its kind.
type Text = Field<(Option<CritiqueKind>, Statement)>;

/// What the article says of a challenge.
pub struct Answer {
    pub receipts: Vec<u32>,
    pub text: Field<Statement>,
    pub remedy: Option<Field<Statement>>,
}

/// Which part of the note a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Thesis,
    Point(usize),
    Challenge(usize),
    Remedy(usize),
    /// Of the whole, or of a challenge.
    Critique(Option<usize>, usize),
}

impl Place {
    fn field(self) -> String {
        match self {
            Place::Thesis => "thesis.text".into(),
            Place::Point(at) => format!("argument[{at}].text"),
            Place::Challenge(at) => format!("challenges[{at}].text"),
            Place::Remedy(at) => format!("challenges[{at}].remedy.text"),
            Place::Critique(None, at) => format!("critique[{at}].text"),
            Place::Critique(Some(of), at) => format!("challenges[{of}].critique[{at}].text"),
        }
    }

    /// The line behind the cited sentences.
    fn cue(self) -> &'static str {
        match self {
            Place::Thesis => "thesis",
            Place::Point(_) => "point",
            Place::Challenge(_) => "challenge",
            Place::Remedy(_) => "remedy",
            Place::Critique(..) => "",
        }
    }
}

/// A text to be written.
struct Slot {
    place: Place,
    evidence: Vec<u32>,
    /// Letters it should not exceed.
    letters: usize,
    /// Words of the claim that a critique names.
    quote: Option<String>,
}

/// The kinds of critique a model chooses from; the others are counted, not judged, and stay with the rules.
const KINDS: [(&str, CritiqueKind); 5] = [
    ("unsupported_claim", CritiqueKind::UnsupportedClaim),
    ("missing_evidence", CritiqueKind::MissingEvidence),
    ("one_sided", CritiqueKind::OneSided),
    ("weak_source", CritiqueKind::WeakSource),
    ("open_question", CritiqueKind::OpenQuestion),
];

/// The name a model gives a kind of critique by, if it may choose it.
pub fn kind_name(kind: CritiqueKind) -> Option<&'static str> {
    let known = KINDS.iter().find(|(_, known)| *known == kind);
    known.map(|(name, _)| *name)
}

/// A slot under way: the head that writes it, and what it wrote.
struct Head<S> {
    slot: Slot,
    passage: Option<Passage<S>>,
    /// What was recited, for drafts.
    recited: Vec<u32>,
    result: Text,
}

impl<D: Decode> Asked<'_, D> {
    /// Reads the article and has every part written.
    pub fn written(&self, on_progress: &mut dyn FnMut(Progress<'_>)) -> Result<Written, LlmError> {
        let (ids, shown) = self.read()?;
        let questions = self.questions(&ids);
        let mut prompts = Vec::with_capacity(questions.len() + 1);
        for question in &questions {
            prompts.push(self.prompt(&shown, question)?);
        }
        // The heads of critique come later and share as much.
        prompts.push(self.prompt(&shown, &self.prompts.critique(1, ""))?);
        let mut prefix = self.prefix(&prompts, on_progress)?;
        let mut effort = Effort {
            prompt: prefix.tokens().len(),
            ..Effort::default()
        };
        prompts.pop();

        let mut cited = self.cited(&mut prefix, &prompts, &ids, &mut effort)?;
        on_progress(Progress::Cited);
        let mut heads = self.heads(&mut cited);
        self.ask_critique(&mut prefix, &shown, &cited, &mut heads)?;
        self.write(&mut heads, &mut effort, on_progress)?;
        self.once_more(&mut heads, &mut effort, on_progress)?;
        on_progress(Progress::Done(effort));
        Ok(gather(cited, heads, ids.len()))
    }

    /// The ids read, and their sentences as the model sees them.
    fn read(&self) -> Result<(Vec<u32>, String), LlmError> {
        let tokens = |text: &str| self.model.tokenizer.encode(text).len();
        let lines: Vec<String> = self.article.sentences.iter().map(numbered).collect();
        let sizes: Vec<usize> = lines.iter().map(|line| tokens(line) + 1).collect();
        let all: Vec<u32> = self.article.sentences.iter().map(|s| s.id).collect();
        let mut questions = self.questions(&all);
        questions.push(self.prompts.critique(u32::MAX, &"가".repeat(LONGEST_CLAIM)));
        let mut longest = 0;
        for question in questions {
            longest = longest.max(self.prompt("", &question)?.len());
        }
        let answer = CITE_TOKENS + RECITED_TOKENS + AGAIN_TOKENS + 2 * self.how.text_tokens + SEAMS;
        let context = self.model.decoder.context();
        let needed = longest + answer;
        let room = context.saturating_sub(needed).min(self.how.article_tokens);
        if needed >= context {
            return Err(LlmError::Context { needed, context });
        }
        let ids = select::choose(self.article, self.plain, &sizes, room);
        if ids.is_empty() {
            return Err(LlmError::NoRoom { room });
        }
        let shown: Vec<&str> = ids.iter().map(|id| &*lines[*id as usize - 1]).collect();
        Ok((ids, shown.join("\n")))
    }

    /// One question for each head that cites: thesis, argument, challenges.
    fn questions(&self, ids: &[u32]) -> Vec<String> {
        let language = self.plain.output_language;
        let mut questions = vec![self.prompts.thesis(), self.prompts.argument()];
        let lens = &self.options.lens.challenges;
        questions.extend(
            lens.iter()
                .zip(&self.plain.challenges)
                .map(|(entry, plain)| {
                    let question = entry.question.as_ref().map(|q| q.text(language));
                    let likely = likely(&plain.evidence, ids);
                    self.prompts
                        .challenge(entry.label.text(language), question, &likely)
                }),
        );
        questions
    }

    fn prompt(&self, shown: &str, question: &str) -> Result<Vec<u32>, LlmError> {
        let system = Message {
            role: Speaker::System,
            text: self.prompts.system(),
        };
        let user = Message {
            role: Speaker::User,
            text: &self.prompts.article(shown, question),
        };
        let Model {
            chat, tokenizer, ..
        } = self.model;
        Ok(chat.prompt(tokenizer, &[system, user], true)?)
    }

    /// What all prompts begin with, read by the decoder.
    fn prefix(
        &self,
        prompts: &[Vec<u32>],
        on_progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Passage<D::Sequence>, LlmError> {
        let first = &prompts[0];
        let shared = prompts[1..]
            .iter()
            .map(|other| common(first, other))
            .min()
            .unwrap_or(first.len());
        let decoder = &self.model.decoder;
        let mut prefix = Passage::new(decoder);
        for piece in first[..shared].chunks(READ_TOKENS) {
            prefix.push(piece);
            if !prefix.prefill(decoder, self.cancelled)? {
                return Err(LlmError::Cancelled);
            }
            on_progress(Progress::Reading {
                done: prefix.tokens().len(),
                total: shared,
            });
        }
        Ok(prefix)
    }

    /// All heads cite.
    fn cited(
        &self,
        prefix: &mut Passage<D::Sequence>,
        prompts: &[Vec<u32>],
        ids: &[u32],
        effort: &mut Effort,
    ) -> Result<Vec<Cited<D::Sequence>>, LlmError> {
        let of_challenge = self.model.grammars.start(&cite::challenge(ids))?;
        let mut requests = Vec::with_capacity(prompts.len());
        for (number, prompt) in prompts.iter().enumerate() {
            let constraint = match number {
                0 => self.model.grammars.start(&cite::thesis(ids))?,
                1 => self.model.grammars.start(&cite::argument(ids))?,
                _ => of_challenge.clone(),
            };
            requests.push(Request {
                constraint: Some(constraint),
                sampler: self.sampler(number),
                ..Request::new(self.fork(prefix, prompt), CITE_TOKENS)
            });
        }
        let outcomes = self.generate(requests, effort, |_| ())?;
        Ok(outcomes
            .into_iter()
            .map(|outcome| {
                let answer = self.answer(&outcome);
                Cited {
                    passage: outcome.passage,
                    answer,
                }
            })
            .collect())
    }

    /// A fork of the prefix that goes on to the end of `prompt`.
    fn fork(&self, prefix: &mut Passage<D::Sequence>, prompt: &[u32]) -> Passage<D::Sequence> {
        let decoder = &self.model.decoder;
        let shared = common(prefix.tokens(), prompt);
        let mut fork = prefix.fork(decoder);
        fork.truncate(decoder, shared);
        fork.push(&prompt[shared..]);
        fork
    }

    /// The whole text of an outcome, or why it is not whole.
    fn answer(&self, outcome: &Outcome<D::Sequence>) -> Field<String> {
        whole(&outcome.finish)?;
        Ok(self.model.tokenizer.decode(&outcome.tokens))
    }

    /// A head for every text whose sentences are known, forked from the head that cited them.
    fn heads(&self, cited: &mut [Cited<D::Sequence>]) -> Vec<Head<D::Sequence>> {
        let mut heads = Vec::new();
        let shares = Shares::of(self.article, self.plain);
        for (number, cited) in cited.iter_mut().enumerate() {
            let Ok(answer) = &cited.answer else { continue };
            let slots = match number {
                0 => vec![(Place::Thesis, cite::read_ids(answer))],
                1 => cite::read_argument(answer)
                    .into_iter()
                    .enumerate()
                    .map(|(at, (_, ids))| (Place::Point(at), ids))
                    .collect(),
                _ => of_challenge(number - 2, cite::read_challenge(answer)),
            };
            for (place, evidence) in slots {
                let slot = Slot {
                    letters: shares.of_place(place, &evidence, self.plain),
                    place,
                    evidence,
                    quote: None,
                };
                let passage = cited.passage.fork(&self.model.decoder);
                heads.push(self.head(slot, passage));
            }
        }
        heads
    }

    /// Recites the cited sentences to a head.
    fn head(&self, slot: Slot, mut passage: Passage<D::Sequence>) -> Head<D::Sequence> {
        let mut recited = Vec::new();
        for sentence in self.sentences(&slot.evidence) {
            let line = format!("\n{}", numbered(sentence));
            let tokens = self.model.tokenizer.encode(&line);
            let room = RECITED_TOKENS.saturating_sub(recited.len());
            recited.extend(&tokens[..tokens.len().min(room)]);
        }
        let cue = format!("\n{}", self.prompts.cue(slot.place.cue()));
        recited.extend(self.model.tokenizer.encode(&cue));
        passage.push(&recited);
        Head {
            slot,
            passage: Some(passage),
            recited,
            result: Err(Failure::default()),
        }
    }

    /// Heads that attack a claim: the thesis, the first claim of the argument, the first sentence of each challenge.
    fn ask_critique(
        &self,
        prefix: &mut Passage<D::Sequence>,
        shown: &str,
        cited: &[Cited<D::Sequence>],
        heads: &mut Vec<Head<D::Sequence>>,
    ) -> Result<(), LlmError> {
        let mut claims: Vec<(Option<usize>, u32)> = Vec::new();
        for (number, cited) in cited.iter().enumerate() {
            let Ok(answer) = &cited.answer else { continue };
            let (of, id) = match number {
                0 => (None, cite::read_ids(answer).first().copied()),
                1 => {
                    let points = cite::read_argument(answer);
                    let claim = points.iter().find(|(role, _)| *role == Role::Claim);
                    (None, claim.and_then(|(_, ids)| ids.first().copied()))
                }
                _ => {
                    let receipts = cite::read_challenge(answer);
                    let first = receipts.and_then(|(ids, _)| ids.first().copied());
                    (Some(number - 2), first)
                }
            };
            if let Some(id) = id.filter(|id| !claims.iter().any(|(_, taken)| taken == id)) {
                claims.push((of, id));
            }
        }
        for (at, (of, id)) in claims.iter().enumerate() {
            let Some(sentence) = self.article.sentence(*id) else {
                continue;
            };
            let quote = critique::quotation(&sentence.text, self.article.language);
            if quote.is_empty() {
                continue;
            }
            let same = |(other, _): &&(Option<usize>, u32)| other == of;
            let place = Place::Critique(*of, claims[..at].iter().filter(same).count());
            let prompt = self.prompt(shown, &self.prompts.critique(*id, quote))?;
            heads.push(Head {
                slot: Slot {
                    place,
                    evidence: vec![*id],
                    letters: CRITIQUE_LETTERS,
                    quote: Some(quote.to_string()),
                },
                passage: Some(self.fork(prefix, &prompt)),
                recited: Vec::new(),
                result: Err(Failure::default()),
            });
        }
        Ok(())
    }

    /// Writes every head that has not yet a text that holds.
    fn write(
        &self,
        heads: &mut [Head<D::Sequence>],
        effort: &mut Effort,
        on_progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), LlmError> {
        let spellings = Spellings::of(self.article);
        let mut requests = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for (number, head) in heads.iter_mut().enumerate() {
            let Some(passage) = head.passage.take_if(|_| head.result.is_err()) else {
                continue;
            };
            if passage.tokens().len() >= self.model.decoder.context() {
                head.result = Err(Failure::of(CONTEXT_FULL));
                continue;
            }
            match self
                .model
                .grammars
                .start(&self.grammar(&spellings, &head.slot))
            {
                Ok(constraint) => {
                    let drafts = self.how.drafts.then(|| Lookup::new(&head.recited));
                    effort.recited += head.recited.len();
                    open.push(number);
                    requests.push(Request {
                        constraint: Some(constraint),
                        sampler: self.sampler(open.len() + 64),
                        drafts,
                        ..Request::new(passage, self.how.text_tokens)
                    });
                }
                Err(error) => head.result = Err(Failure::of(error.to_string())),
            }
        }
        let mut tokens = vec![Vec::new(); open.len()];
        let outcomes = self.generate(requests, effort, |event| match event {
            Event::Token { request, token } => tokens[request].push(token),
            Event::Done { request, finish } => {
                let slot = &heads[open[request]].slot;
                if let Ok((_, statement)) = self.read_text(slot, finish, &tokens[request]) {
                    let field = &slot.place.field();
                    on_progress(Progress::Part {
                        field,
                        statement: &statement,
                    });
                }
            }
        })?;
        for (number, outcome) in open.into_iter().zip(outcomes) {
            let head = &mut heads[number];
            let result = self.read_text(&head.slot, &outcome.finish, &outcome.tokens);
            head.result = result.map_err(|failure| match &head.result {
                Err(before) => before.and(failure),
                Ok(_) => failure,
            });
            head.passage = Some(outcome.passage);
        }
        Ok(())
    }

    /// Tells the heads whose text did not hold why, and has them write once more.
    fn once_more(
        &self,
        heads: &mut [Head<D::Sequence>],
        effort: &mut Effort,
        on_progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), LlmError> {
        for head in heads.iter_mut() {
            let (Err(failure), Some(passage)) = (&head.result, &mut head.passage) else {
                continue;
            };
            let cue = match head.slot.quote {
                Some(_) => "",
                None => self.prompts.cue("again"),
            };
            let cause: String = failure
                .causes
                .join(", ")
                .chars()
                .take(CAUSE_LETTERS)
                .collect();
            let said = self.prompts.again(&cause);
            let mut words = self.model.tokenizer.encode(&format!("\n{said}"));
            words.truncate(AGAIN_TOKENS);
            words.extend(self.model.tokenizer.encode(&format!("\n{cue}")));
            passage.push(&words);
        }
        self.write(heads, effort, on_progress)
    }

    fn grammar(&self, spellings: &Spellings, slot: &Slot) -> Grammar {
        let language = self.plain.output_language;
        let cited: Vec<&str> = self
            .sentences(&slot.evidence)
            .map(|s| s.text.as_str())
            .collect();
        let form = Form {
            language,
            sentences: most_sentences(slot.place),
            words: writing::words(slot.letters, language),
            quote: slot.quote.as_deref(),
        };
        match (writing::grammar(spellings, &cited, form), &slot.quote) {
            (Grammar::Regex(text), Some(_)) => {
                let kinds: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
                Grammar::Regex(format!("({}):{text}", kinds.join("|")))
            }
            (grammar, _) => grammar,
        }
    }

    /// The text a head wrote, if it is whole and holds.
    fn read_text(
        &self,
        slot: &Slot,
        finish: &Result<Finish, GrammarError>,
        tokens: &[u32],
    ) -> Text {
        whole(finish)?;
        let said = self.model.tokenizer.decode(tokens);
        let (kind, text) = match slot.quote {
            Some(_) => {
                let (name, text) = said.split_once(':').unwrap_or(("", &said));
                let kind = KINDS.iter().find(|(known, _)| *known == name);
                (kind.map(|(_, kind)| *kind), text)
            }
            None => (None, said.as_str()),
        };
        let statement = Statement {
            text: text.trim().to_string(),
            evidence: slot.evidence.clone(),
            origin: Origin::Model,
        };
        let most = most_sentences(slot.place);
        let (mut causes, missing) = check_field(&statement, &self.article.sentences, most);
        let cited: Vec<&str> = self
            .sentences(&slot.evidence)
            .map(|s| s.text.as_str())
            .collect();
        let own = self.article.language == self.plain.output_language;
        causes.extend(super::assemble::hollow(&statement.text, &cited, own).map(String::from));
        match causes.is_empty() {
            true => Ok((kind, statement)),
            false => Err(Failure { causes, missing }),
        }
    }

    fn sentences(&self, ids: &[u32]) -> impl Iterator<Item = &crate::article::Sentence> {
        ids.iter().filter_map(|id| self.article.sentence(*id))
    }

    fn generate(
        &self,
        requests: Vec<Request<D::Sequence>>,
        effort: &mut Effort,
        on_event: impl FnMut(Event<'_>),
    ) -> Result<Vec<Outcome<D::Sequence>>, LlmError> {
        let outcomes = generate(&self.model.decoder, requests, self.cancelled, on_event)?;
        for outcome in &outcomes {
            if outcome.finish == Ok(Finish::Cancelled) {
                return Err(LlmError::Cancelled);
            }
            effort.heads += 1;
            effort.written += outcome.tokens.len();
            effort.forced += outcome.counts.forced;
            effort.accepted += outcome.counts.accepted;
            effort.steps += outcome.counts.steps;
        }
        Ok(outcomes)
    }

    /// Every head draws its own numbers, so that one more beside it changes nothing.
    fn sampler(&self, number: usize) -> Sampler {
        let seed = self.how.sampling.seed;
        Sampler::new(Sampling {
            seed: seed.wrapping_add((number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            ..self.how.sampling
        })
    }
}

/// A head that cited.
struct Cited<S> {
    passage: Passage<S>,
    answer: Field<String>,
}

/// What a point of critique may take beside its quotation; it does not count towards the length of a note.
const CRITIQUE_LETTERS: usize = 60;

impl Failure {
    /// A failure with one cause.
    pub fn of(cause: impl Into<String>) -> Failure {
        Failure {
            causes: vec![cause.into()],
            missing: Check::default(),
        }
    }

    /// What was wrong with the first try and with the second.
    fn and(&self, second: Failure) -> Failure {
        let mut both = self.clone();
        let fresh = |known: &[String], all: Vec<String>| -> Vec<String> {
            all.into_iter().filter(|one| !known.contains(one)).collect()
        };
        both.causes.extend(fresh(&self.causes, second.causes));
        let (known, other) = (&self.missing, second.missing);
        both.missing
            .missing_figures
            .extend(fresh(&known.missing_figures, other.missing_figures));
        both.missing
            .missing_names
            .extend(fresh(&known.missing_names, other.missing_names));
        both
    }
}

const CONTEXT_FULL: &str = "the model's context was full before its end";

/// Whether a text came to its end; only a grammar or an end the grammar allows is one.
fn whole(finish: &Result<Finish, GrammarError>) -> Field<()> {
    match finish {
        Ok(Finish::Grammar | Finish::Stop) => Ok(()),
        Ok(Finish::Context) => Err(Failure::of(CONTEXT_FULL)),
        Ok(_) => Err(Failure::of("did not come to its end")),
        Err(error) => Err(Failure::of(error.to_string())),
    }
}

fn most_sentences(place: Place) -> usize {
    match place {
        Place::Thesis => 1,
        _ => 2,
    }
}

fn of_challenge(at: usize, discussed: Discussed) -> Vec<(Place, Vec<u32>)> {
    let Some((receipts, remedy)) = discussed else {
        return Vec::new();
    };
    let mut slots = vec![(Place::Challenge(at), receipts)];
    if !remedy.is_empty() {
        slots.push((Place::Remedy(at), remedy));
    }
    slots
}

/// What all texts together may take, shared out: as much as the extractive outline shows there, and an even part of what it leaves.
struct Shares {
    even: usize,
}

impl Shares {
    fn of(article: &Article, plain: &Outline) -> Shares {
        let all: usize = article.sentences.iter().map(|s| letters(&s.text)).sum();
        let parts = 1 + plain.argument.len() + 2 * plain.challenges.len();
        let left = (all * MOST_LETTERS / 100).saturating_sub(super::assemble::shown(plain));
        Shares { even: left / parts }
    }

    fn of_place(&self, place: Place, evidence: &[u32], plain: &Outline) -> usize {
        let size = |text: &str| letters(text);
        let there = match place {
            Place::Thesis => plain.thesis.as_ref().map_or(0, |t| size(&t.text)),
            Place::Point(_) => super::assemble::point_on(plain, evidence)
                .map_or(0, |point| size(&point.statement.text)),
            Place::Challenge(at) => plain.challenges[at].text.as_deref().map_or(0, size),
            Place::Remedy(at) => plain.challenges[at]
                .remedy
                .as_ref()
                .map_or(0, |r| size(&r.text)),
            Place::Critique(..) => CRITIQUE_LETTERS,
        };
        there + self.even
    }
}

/// The likeliest sentences of a challenge with their neighbours, as far as they are read.
fn likely(evidence: &[u32], ids: &[u32]) -> Vec<u32> {
    const MOST: usize = 3;
    let mut near: Vec<u32> = evidence
        .iter()
        .take(MOST)
        .flat_map(|&id| [id.saturating_sub(1), id, id + 1])
        .filter(|id| ids.binary_search(id).is_ok())
        .collect();
    near.sort_unstable();
    near.dedup();
    near
}

/// How many tokens two prompts begin with together.
fn common(a: &[u32], b: &[u32]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// Puts answers and texts together, part by part.
fn gather<S>(cited: Vec<Cited<S>>, heads: Vec<Head<S>>, seen: usize) -> Written {
    let mut texts: Vec<(Place, Text)> = heads
        .into_iter()
        .map(|head| (head.slot.place, head.result))
        .collect();
    let mut take = |place: Place| -> Field<Statement> {
        let at = texts.iter().position(|(known, _)| *known == place);
        let (_, result) = texts.remove(at.ok_or_else(Failure::default)?);
        result.map(|(_, statement)| statement)
    };
    let mut answers = cited.into_iter().map(|cited| cited.answer);
    let none = || Err(Failure::default());
    let thesis = answers
        .next()
        .unwrap_or_else(none)
        .and_then(|_| take(Place::Thesis));
    let argument = answers.next().unwrap_or_else(none).map(|answer| {
        cite::read_argument(&answer)
            .into_iter()
            .enumerate()
            .map(|(at, (role, ids))| Step {
                role,
                ids,
                text: take(Place::Point(at)),
            })
            .collect()
    });
    let challenges = answers
        .enumerate()
        .map(|(at, answer)| {
            answer.map(|answer| {
                cite::read_challenge(&answer).map(|(receipts, remedy)| Answer {
                    receipts,
                    text: take(Place::Challenge(at)),
                    remedy: (!remedy.is_empty()).then(|| take(Place::Remedy(at))),
                })
            })
        })
        .collect();
    let critique = texts
        .into_iter()
        .filter_map(|(place, result)| match place {
            Place::Critique(of, _) => Some(Attack {
                of,
                point: result.and_then(with_kind),
            }),
            _ => None,
        })
        .collect();
    Written {
        seen,
        thesis,
        argument,
        challenges,
        critique,
    }
}

fn with_kind((kind, statement): (Option<CritiqueKind>, Statement)) -> Field<CritiquePoint> {
    let kind = kind.ok_or_else(|| Failure::of("names no kind of critique"))?;
    Ok(CritiquePoint { kind, statement })
}
