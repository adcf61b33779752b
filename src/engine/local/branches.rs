//! Heads: the article is read once, and every part of the note is a fork of it that cites, is recited to, and writes.
//!
//! In:  a model and an article. Out: `Written`, what each part cites and says, or why it says nothing. All heads are one batch: one that has
//! cited goes on to write while others still cite, and a text that did not hold is written once more in its place.

use std::sync::atomic::AtomicBool;

use super::text_grammar::{self as writing, Form, Spellings};
use super::{Effort, LlmError, LlmOptions, Model, Progress};
use crate::article::{Article, Sentence};
use crate::brief::Outline;
use crate::engine::note::cite;
use crate::engine::note::prompt::{Prompts, numbered};
use crate::engine::note::select;
use crate::engine::note::slots::{self, Claims, KINDS, Shares, Slot};
use crate::engine::note::written::{Failure, Field, Text, Written, gather, held};
use crate::model::chat::{Message, Speaker};
use crate::model::{
    Constraint, Decode, Finish, Grammar, Lookup, Outcome, Request, Sampler, Sampling,
    TokenSequence, generate_on,
};
use crate::outline::OutlineOptions;

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
/// Times a text is tried.
pub const TRIES: usize = 2;
/// The number of the first text that draws at random; those before it are of parts that cite.
const FIRST_TEXT: usize = 64;
/// Texts that open the prompts of a process: one for each language, and a few that end in other tokens.
const MOST_OPENINGS: usize = 4;

/// Everything an answer depends on.
pub struct Asked<'a, D: Decode> {
    pub model: &'a Model<D>,
    pub article: &'a Article,
    pub options: &'a OutlineOptions,
    pub how: &'a LlmOptions,
    pub prompts: &'a Prompts,
    /// What the extractive engine holds of the article.
    pub plain: &'a Outline,
    pub cancelled: &'a AtomicBool,
}

/// What a request under way is for.
enum Job {
    /// The answer of this part: which sentences it rests on.
    Cite(usize),
    /// The text of this head.
    Write(usize),
}

/// A text under way, or written, or given up.
struct Head {
    slot: Slot,
    /// What was recited, for drafts.
    recited: Vec<u32>,
    tries: usize,
    result: Text,
}

impl Head {
    fn new(slot: Slot, recited: Vec<u32>) -> Head {
        Head {
            slot,
            recited,
            tries: 0,
            result: Err(Failure::default()),
        }
    }

    /// Remembers a failure beside those before it.
    fn fail(&mut self, failure: Failure) {
        if let Err(before) = &self.result {
            self.result = Err(before.and(failure));
        }
    }
}

/// What is told while it happens, of the article of that index.
pub type Tell<'t> = &'t mut dyn FnMut(usize, Progress<'_>);

/// Reads the articles and has every part of all of them written, as one batch. An article the model cannot read fails alone.
pub fn written<D: Decode>(
    decoder: &D,
    asked: &[Asked<'_, D>],
    cancelled: &AtomicBool,
    on_progress: Tell<'_>,
) -> Result<Vec<Result<Written, LlmError>>, LlmError> {
    let mut articles = Vec::with_capacity(asked.len());
    // By the number of a request: the article it is of, and its number among that article's.
    let mut owners: Vec<(usize, usize)> = Vec::new();
    let mut first = Vec::new();
    for (at, asked) in asked.iter().enumerate() {
        let mut tell = |progress: Progress<'_>| on_progress(at, progress);
        let begun = Heads::read(asked, &mut tell).and_then(|mut heads| {
            let requests = heads.begin()?;
            owners.extend((0..requests.len()).map(|number| (at, number)));
            first.extend(requests);
            Ok(heads)
        });
        articles.push(begun);
    }
    generate_on(
        decoder,
        first,
        cancelled,
        |_| (),
        |number, outcome| {
            let (at, number) = owners[number];
            let Ok(heads) = &mut articles[at] else {
                return Ok(Vec::new());
            };
            let known = heads.jobs.len();
            let mut tell = |progress: Progress<'_>| on_progress(at, progress);
            let requests = heads.go_on(number, outcome, &mut tell);
            let requests = requests.unwrap_or_else(|error| {
                articles[at] = Err(error);
                Vec::new()
            });
            owners.extend((known..).take(requests.len()).map(|number| (at, number)));
            Ok::<_, LlmError>(requests)
        },
    )?;
    let told = articles.into_iter().enumerate();
    Ok(told
        .map(|(at, heads)| {
            let heads = heads?;
            on_progress(at, Progress::Done(heads.effort));
            Ok(heads.written())
        })
        .collect())
}

impl<D: Decode> Asked<'_, D> {
    /// The ids read, and their sentences as the model sees them.
    fn shown(&self) -> Result<(Vec<u32>, String), LlmError> {
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

    fn questions(&self, ids: &[u32]) -> Vec<String> {
        slots::questions(self.prompts, self.options, self.plain, ids)
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

    /// What a prompt begins with whatever the article, read by the decoder once for all articles.
    fn opening(&self, prompt: &[u32]) -> Result<TokenSequence<D::Sequence>, LlmError> {
        let decoder = &self.model.decoder;
        let opening = &prompt[..common(prompt, &self.prompt("", "")?)];
        let mut kept = self.model.openings();
        let known = kept
            .iter()
            .position(|sequence| sequence.tokens() == opening);
        let at = match known {
            Some(at) => at,
            None => {
                let mut sequence = TokenSequence::new(decoder);
                sequence.push(opening);
                self.take_in(&mut sequence)?;
                kept.truncate(MOST_OPENINGS - 1);
                kept.push(sequence);
                kept.len() - 1
            }
        };
        Ok(kept[at].fork(decoder))
    }

    /// Has the decoder take in what is pending of a sequence.
    fn take_in(&self, sequence: &mut TokenSequence<D::Sequence>) -> Result<(), LlmError> {
        match sequence.prefill(&self.model.decoder, self.cancelled)? {
            true => Ok(()),
            false => Err(LlmError::Cancelled),
        }
    }

    /// A fork of a sequence that goes on to the end of `prompt`.
    fn fork(
        &self,
        prefix: &mut TokenSequence<D::Sequence>,
        prompt: &[u32],
    ) -> TokenSequence<D::Sequence> {
        let decoder = &self.model.decoder;
        let shared = common(prefix.tokens(), prompt);
        let mut fork = prefix.fork(decoder);
        fork.truncate(decoder, shared);
        fork.push(&prompt[shared..]);
        fork
    }

    /// What these prompts, which go on from `prefix`, begin with together: taken in once for all of them.
    fn branch(
        &self,
        prefix: &mut TokenSequence<D::Sequence>,
        prompts: &[Vec<u32>],
    ) -> Result<TokenSequence<D::Sequence>, LlmError> {
        let shared = common_to_all(prompts);
        let mut branch = self.fork(prefix, &prompts[0][..shared]);
        self.take_in(&mut branch)?;
        Ok(branch)
    }

    /// What the article says of the cited sentences, word for word, and the cue to write.
    fn recited(&self, slot: &Slot) -> Vec<u32> {
        let mut recited = Vec::new();
        for sentence in self.sentences(&slot.evidence) {
            let line = format!("\n{}", numbered(sentence));
            let tokens = self.model.tokenizer.encode(&line);
            let room = RECITED_TOKENS.saturating_sub(recited.len());
            recited.extend(&tokens[..tokens.len().min(room)]);
        }
        let cue = format!("\n{}", self.prompts.cue(slot.place.cue()));
        recited.extend(self.model.tokenizer.encode(&cue));
        recited
    }

    /// What a head is told whose text did not hold.
    fn again(&self, slot: &Slot, failure: &Failure) -> Vec<u32> {
        let cue = match slot.quote {
            Some(_) => "",
            None => self.prompts.cue("again"),
        };
        let causes = failure.causes.join(", ");
        let cause: String = causes.chars().take(CAUSE_LETTERS).collect();
        let said = self.prompts.again(&cause);
        let mut words = self.model.tokenizer.encode(&format!("\n{said}"));
        words.truncate(AGAIN_TOKENS);
        words.extend(self.model.tokenizer.encode(&format!("\n{cue}")));
        words
    }

    fn grammar(&self, spellings: &Spellings<'_>, slot: &Slot) -> Grammar {
        let language = self.plain.output_language;
        let cited: Vec<&str> = self.texts(&slot.evidence);
        let form = Form {
            language,
            sentences: slot.place.most_sentences(),
            words: writing::words(slot.letters, self.article.language, language),
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

    /// The request for a head's text, if it can be written at all.
    fn text(
        &self,
        spellings: &Spellings<'_>,
        head: &mut Head,
        sequence: TokenSequence<D::Sequence>,
    ) -> Option<Request<D::Sequence>> {
        if sequence.tokens().len() >= self.model.decoder.context() {
            head.fail(Failure::of(CONTEXT_FULL));
            return None;
        }
        let grammar = self.grammar(spellings, &head.slot);
        let constraint = match self.model.grammars.start(&grammar) {
            Ok(constraint) => constraint,
            Err(error) => {
                head.fail(Failure::of(error.to_string()));
                return None;
            }
        };
        let number = FIRST_TEXT + TRIES * head.slot.place.number() + head.tries;
        head.tries += 1;
        Some(Request {
            constraint: Some(constraint),
            sampler: self.sampler(number),
            drafts: self.how.drafts.then(|| Lookup::new(&head.recited)),
            ..Request::new(sequence, self.how.text_tokens)
        })
    }

    /// The text a head wrote, if it is whole and holds.
    fn read_text(&self, slot: &Slot, outcome: &Outcome<D::Sequence>) -> Text {
        let said = self.whole(outcome)?;
        let (kind, text) = match slot.quote {
            Some(_) => {
                let (name, text) = said.split_once(':').unwrap_or(("", &said));
                let kind = KINDS.iter().find(|(known, _)| *known == name);
                (kind.map(|(_, kind)| *kind), text)
            }
            None => (None, said.as_str()),
        };
        held(self.article, self.plain, slot, kind, text)
    }

    /// What was written, or why it did not come to its end; only a grammar or an end the grammar allows is one.
    fn whole(&self, outcome: &Outcome<D::Sequence>) -> Field<String> {
        match &outcome.finish {
            Ok(Finish::Grammar | Finish::Stop) => Ok(self.model.tokenizer.decode(&outcome.tokens)),
            Ok(Finish::Context) => Err(Failure::of(CONTEXT_FULL)),
            Ok(_) => Err(Failure::of("did not come to its end")),
            Err(error) => Err(Failure::of(error.to_string())),
        }
    }

    fn sentences(&self, ids: &[u32]) -> impl Iterator<Item = &Sentence> {
        ids.iter().filter_map(|id| self.article.sentence(*id))
    }

    fn texts(&self, ids: &[u32]) -> Vec<&str> {
        self.sentences(ids).map(|s| s.text.as_str()).collect()
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

const CONTEXT_FULL: &str = "the model's context was full before its end";

/// The heads of one article: which requests are what, and what has come of them.
struct Heads<'a, D: Decode> {
    asked: &'a Asked<'a, D>,
    spellings: Spellings<'a>,
    shares: Shares,
    /// The sentences read, and as the model sees them.
    ids: Vec<u32>,
    shown: String,
    prompts: Vec<Vec<u32>>,
    prefix: TokenSequence<D::Sequence>,
    /// What all questions of critique begin with, once one is asked.
    critic: Option<TokenSequence<D::Sequence>>,
    jobs: Vec<Job>,
    answers: Vec<Option<Field<String>>>,
    /// Claims attacked, and of how many parts they have been looked for.
    claims: Claims,
    claimed: usize,
    heads: Vec<Head>,
    effort: Effort,
}

impl<'a, D: Decode> Heads<'a, D> {
    /// Has the decoder read what all heads share.
    fn read(
        asked: &'a Asked<'a, D>,
        on_progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Heads<'a, D>, LlmError> {
        let (ids, shown) = asked.shown()?;
        let questions = asked.questions(&ids);
        let mut prompts = Vec::with_capacity(questions.len() + 1);
        for question in &questions {
            prompts.push(asked.prompt(&shown, question)?);
        }
        // The heads of critique come later and share as much.
        prompts.push(asked.prompt(&shown, &asked.prompts.critique(1, ""))?);
        let shared = common_to_all(&prompts);
        let prompt = prompts.pop().expect("it was just pushed");
        let mut prefix = asked.opening(&prompt[..shared])?;
        for piece in prompt[prefix.tokens().len()..shared].chunks(READ_TOKENS) {
            prefix.push(piece);
            asked.take_in(&mut prefix)?;
            on_progress(Progress::Reading {
                done: prefix.tokens().len(),
                total: shared,
            });
        }
        Ok(Heads {
            spellings: Spellings::of(asked.article),
            shares: Shares::of(asked.article, asked.plain),
            ids,
            shown,
            answers: prompts.iter().map(|_| None).collect(),
            prompts,
            prefix,
            critic: None,
            jobs: Vec::new(),
            claims: Claims::default(),
            claimed: 0,
            heads: Vec::new(),
            effort: Effort {
                prompt: shared,
                ..Effort::default()
            },
            asked,
        })
    }

    /// The requests of the heads that cite.
    fn begin(&mut self) -> Result<Vec<Request<D::Sequence>>, LlmError> {
        let asked = self.asked;
        let grammars = &asked.model.grammars;
        let of_challenge = grammars.start(&cite::challenge(&self.ids))?;
        let mut requests = Vec::with_capacity(self.prompts.len());
        let of_whole = [cite::thesis(&self.ids), cite::argument(&self.ids)];
        for (part, grammar) in of_whole.iter().enumerate() {
            let sequence = asked.fork(&mut self.prefix, &self.prompts[part]);
            requests.push(self.cite(part, sequence, grammars.start(grammar)?));
        }
        let challenges = std::mem::take(&mut self.prompts).split_off(of_whole.len());
        if challenges.is_empty() {
            return Ok(requests);
        }
        let mut branch = asked.branch(&mut self.prefix, &challenges)?;
        for (at, prompt) in challenges.iter().enumerate() {
            let sequence = asked.fork(&mut branch, prompt);
            requests.push(self.cite(of_whole.len() + at, sequence, of_challenge.clone()));
        }
        Ok(requests)
    }

    fn cite(
        &mut self,
        part: usize,
        sequence: TokenSequence<D::Sequence>,
        constraint: Constraint,
    ) -> Request<D::Sequence> {
        self.jobs.push(Job::Cite(part));
        Request {
            constraint: Some(constraint),
            sampler: self.asked.sampler(part),
            ..Request::new(sequence, CITE_TOKENS)
        }
    }

    /// Takes what came of a request, and gives those that follow from it.
    fn go_on(
        &mut self,
        number: usize,
        outcome: Outcome<D::Sequence>,
        on_progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<Request<D::Sequence>>, LlmError> {
        if outcome.finish == Ok(Finish::Cancelled) {
            return Err(LlmError::Cancelled);
        }
        self.effort.add(&outcome);
        match self.jobs[number] {
            Job::Cite(part) => self.cited(part, outcome, on_progress),
            Job::Write(head) => Ok(self.wrote(head, outcome, on_progress).into_iter().collect()),
        }
    }

    /// A part has cited: its texts can be written, and perhaps a claim attacked.
    fn cited(
        &mut self,
        part: usize,
        outcome: Outcome<D::Sequence>,
        on_progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<Request<D::Sequence>>, LlmError> {
        let answer = self.asked.whole(&outcome);
        let mut requests = Vec::new();
        let mut sequence = outcome.sequence;
        for (place, evidence) in answer.iter().flat_map(|text| slots::cited(part, text)) {
            let slot = Slot {
                letters: self.shares.of_place(place, &evidence, self.asked.plain),
                place,
                evidence,
                quote: None,
            };
            let recited = self.asked.recited(&slot);
            let mut fork = sequence.fork(&self.asked.model.decoder);
            fork.push(&recited);
            self.effort.recited += recited.len();
            requests.extend(self.write(Head::new(slot, recited), fork));
        }
        self.answers[part] = Some(answer);
        if self.answers.iter().all(Option::is_some) {
            on_progress(Progress::Cited);
        }
        self.attack(&mut requests)?;
        Ok(requests)
    }

    /// Attacks the claims of the parts that have cited, as far as all before them have: each claim is attacked once, for the first part that
    /// makes it, whichever cites first.
    fn attack(&mut self, requests: &mut Vec<Request<D::Sequence>>) -> Result<(), LlmError> {
        while let Some(Some(answer)) = self.answers.get(self.claimed) {
            let slot = answer
                .as_ref()
                .ok()
                .and_then(|text| self.claims.of_part(self.claimed, text, self.asked.article));
            self.claimed += 1;
            let Some(slot) = slot else { continue };
            let quote = slot.quote.as_deref().unwrap_or_default();
            let sequence = self.critic(slot.evidence[0], quote)?;
            requests.extend(self.write(Head::new(slot, Vec::new()), sequence));
        }
        Ok(())
    }

    /// A head that is asked what can be attacked in a claim.
    fn critic(&mut self, id: u32, claim: &str) -> Result<TokenSequence<D::Sequence>, LlmError> {
        let asked = self.asked;
        let prompt = |id, claim| asked.prompt(&self.shown, &asked.prompts.critique(id, claim));
        let branch = match &mut self.critic {
            Some(branch) => branch,
            None => {
                let any = [prompt(1, "")?, prompt(u32::MAX, "")?];
                self.critic.insert(asked.branch(&mut self.prefix, &any)?)
            }
        };
        Ok(asked.fork(branch, &prompt(id, claim)?))
    }

    /// The request for a head's text, if it can be written at all; the head takes its place.
    fn write(
        &mut self,
        mut head: Head,
        sequence: TokenSequence<D::Sequence>,
    ) -> Option<Request<D::Sequence>> {
        let request = self.asked.text(&self.spellings, &mut head, sequence);
        if request.is_some() {
            self.jobs.push(Job::Write(self.heads.len()));
        }
        self.heads.push(head);
        request
    }

    /// A head has written: what holds is told; what does not is written once more.
    fn wrote(
        &mut self,
        number: usize,
        outcome: Outcome<D::Sequence>,
        on_progress: &mut dyn FnMut(Progress<'_>),
    ) -> Option<Request<D::Sequence>> {
        let slot = &self.heads[number].slot;
        match self.asked.read_text(slot, &outcome) {
            Ok((kind, statement)) => {
                on_progress(Progress::Part {
                    field: &slot.place.field(),
                    statement: &statement,
                });
                self.heads[number].result = Ok((kind, statement));
                None
            }
            Err(failure) => self.once_more(number, failure, outcome.sequence),
        }
    }

    fn once_more(
        &mut self,
        number: usize,
        failure: Failure,
        mut sequence: TokenSequence<D::Sequence>,
    ) -> Option<Request<D::Sequence>> {
        let head = &mut self.heads[number];
        sequence.push(&self.asked.again(&head.slot, &failure));
        head.fail(failure);
        if head.tries >= TRIES {
            return None;
        }
        let request = self.asked.text(&self.spellings, head, sequence)?;
        self.jobs.push(Job::Write(number));
        Some(request)
    }

    /// What all heads have come to.
    fn written(self) -> Written {
        let answers = self.answers.into_iter();
        let texts = self.heads.into_iter();
        gather(
            answers
                .map(|answer| answer.unwrap_or_else(|| Err(Failure::default())))
                .collect(),
            texts.map(|head| (head.slot.place, head.result)).collect(),
            self.ids.len(),
        )
    }
}

/// How many tokens two prompts begin with together.
fn common(a: &[u32], b: &[u32]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// How many tokens some prompts begin with together.
fn common_to_all(prompts: &[Vec<u32>]) -> usize {
    let Some((first, others)) = prompts.split_first() else {
        return 0;
    };
    let shared = others.iter().map(|other| common(first, other)).min();
    shared.unwrap_or(first.len())
}
