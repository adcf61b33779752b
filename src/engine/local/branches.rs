//! Branches: the article is read once, and every part of the note is a fork of it that cites, is recited to, and writes.
//!
//! In:  a model and articles. Out: `Written` for each, what each part cites and says, or why it says nothing. All branches are decoded as one
//! batch: one that has cited goes on to write while others still cite, and a text that did not hold is written once more in its place.

use std::sync::atomic::AtomicBool;

use super::note_model::NoteModel;
use super::text_grammar::{self, Form, Spellings};
use crate::article::{Article, Sentence};
use crate::brief::Outline;
use crate::engine::error::EngineError;
use crate::engine::interface::{Effort, Progress};
use crate::engine::note::cite;
use crate::engine::note::options::WritingOptions;
use crate::engine::note::prompt::{Prompts, numbered};
use crate::engine::note::select;
use crate::engine::note::slots::{self, Claims, KINDS, Shares, Slot};
use crate::engine::note::written::{
    Field, FieldFailure, TRIES, TextResult, Written, checked, gather,
};
use crate::model::chat::{Message, Speaker};
use crate::model::{
    Constraint, Decode, Finish, Lookup, Outcome, Request, Sampler, Sampling, TokenSequence,
    generate,
};
use crate::outline::OutlineOptions;

/// The most tokens of an answer that cites: eight steps of an argument, if every byte is a token.
const CITE_TOKENS: usize = 256;
/// The most tokens of cited sentences recited to one branch. Longer sentences are recited in part; texts are checked against the whole.
const RECITED_TOKENS: usize = 384;
/// The most tokens of the request to write a text once more.
const AGAIN_TOKENS: usize = 256;
/// The most letters of the cause in that request: the model needs the figure or name that was wrong, not a list.
const CAUSE_LETTERS: usize = 48;
/// The most letters, of three bytes each, of a claim in a question of critique.
const LONGEST_CLAIM: usize = 60;
/// Tokens for cues, and for pieces that take more tokens joined than apart.
const SEAMS: usize = 96;
/// Tokens read between two reports of progress.
const READ_TOKENS: usize = 512;
/// The number of the first text among those that draw at random; lower ones are of parts that cite.
const FIRST_TEXT: usize = 64;
/// The challenges of the built-in lenses; a lens with more takes more memory.
const USUAL_CHALLENGES: usize = 5;

/// Returns the tokens that the branches of one article hold at a time beside the article: a thesis, the points of an argument, and a text
/// and a remedy for each challenge, each with what it is recited and what it writes. Branches that only cite have ended by then.
pub fn tokens(text_tokens: usize) -> usize {
    let texts = 1 + cite::MOST_POINTS + 2 * USUAL_CHALLENGES;
    texts * (RECITED_TOKENS + text_tokens)
}

/// An article to write of, with everything an answer depends on.
pub struct ArticleTask<'a, D: Decode> {
    pub model: &'a NoteModel<D>,
    pub article: &'a Article,
    pub options: &'a OutlineOptions,
    pub writing: &'a WritingOptions,
    pub prompts: &'a Prompts,
    /// The extractive outline.
    pub basis: &'a Outline,
    pub cancelled: &'a AtomicBool,
}

/// What a request is for.
enum Purpose {
    /// The answer of this part: which sentences it rests on.
    Cite(usize),
    /// The text of this number.
    Write(usize),
}

/// A branch that writes a text, under way or ended.
struct TextBranch {
    slot: Slot,
    /// The tokens of the recited sentences, for drafts.
    recited: Vec<u32>,
    tries: usize,
    result: TextResult,
}

impl TextBranch {
    fn new(slot: Slot, recited: Vec<u32>) -> TextBranch {
        TextBranch {
            slot,
            recited,
            tries: 0,
            result: Err(FieldFailure::default()),
        }
    }

    /// Adds a failure to those before it.
    fn fail(&mut self, failure: FieldFailure) {
        if let Err(before) = &self.result {
            self.result = Err(before.and(failure));
        }
    }
}

/// Reports progress for the article with this index.
pub type OnProgress<'t> = &'t mut dyn FnMut(usize, Progress);

/// Reads the articles and has every part of all of them written, as one batch. An article the model cannot read fails alone.
pub fn written<D: Decode>(
    decoder: &D,
    tasks: &[ArticleTask<'_, D>],
    cancelled: &AtomicBool,
    on_progress: OnProgress<'_>,
) -> Result<Vec<Result<Written, EngineError>>, EngineError> {
    let mut articles = Vec::with_capacity(tasks.len());
    // For each request: the article it is of, and its number among that article's.
    let mut owners: Vec<(usize, usize)> = Vec::new();
    let mut first = Vec::new();
    for (at, task) in tasks.iter().enumerate() {
        let mut report = |progress| on_progress(at, progress);
        let begun = Branches::read(task, &mut report).and_then(|mut branches| {
            let requests = branches.begin()?;
            owners.extend((0..requests.len()).map(|number| (at, number)));
            first.extend(requests);
            Ok(branches)
        });
        articles.push(begun);
    }
    generate(decoder, first, cancelled, |number, outcome| {
        let (at, number) = owners[number];
        let Ok(branches) = &mut articles[at] else {
            return Ok(Vec::new());
        };
        let known = branches.purposes.len();
        let mut report = |progress| on_progress(at, progress);
        let requests = branches.go_on(number, outcome, &mut report);
        let requests = requests.unwrap_or_else(|error| {
            articles[at] = Err(error);
            Vec::new()
        });
        owners.extend((known..).take(requests.len()).map(|number| (at, number)));
        Ok::<_, EngineError>(requests)
    })?;
    let articles = articles.into_iter().enumerate();
    Ok(articles
        .map(|(at, branches)| {
            let branches = branches?;
            on_progress(at, Progress::Done(branches.effort));
            Ok(branches.written())
        })
        .collect())
}

impl<D: Decode> ArticleTask<'_, D> {
    /// Returns the ids that are read, and their sentences as the model sees them.
    fn shown(&self) -> Result<(Vec<u32>, String), EngineError> {
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
        let answer =
            CITE_TOKENS + RECITED_TOKENS + AGAIN_TOKENS + 2 * self.writing.text_tokens + SEAMS;
        let context = self.model.decoder.context();
        let needed = longest + answer;
        let room = context
            .saturating_sub(needed)
            .min(self.writing.article_tokens);
        if needed >= context {
            return Err(EngineError::Context { needed, context });
        }
        let ids = select::choose(self.article, self.basis, &sizes, room);
        if ids.is_empty() {
            return Err(EngineError::NoRoom { room });
        }
        let shown: Vec<&str> = ids.iter().map(|id| &*lines[*id as usize - 1]).collect();
        Ok((ids, shown.join("\n")))
    }

    fn questions(&self, ids: &[u32]) -> Vec<String> {
        slots::questions(self.prompts, self.options, self.basis, ids)
    }

    fn prompt(&self, shown: &str, question: &str) -> Result<Vec<u32>, EngineError> {
        let system = Message {
            role: Speaker::System,
            text: self.prompts.system(),
        };
        let user = Message {
            role: Speaker::User,
            text: &self.prompts.article(shown, question),
        };
        let NoteModel {
            chat, tokenizer, ..
        } = self.model;
        Ok(chat.prompt(tokenizer, &[system, user], true)?)
    }

    /// Returns what a prompt begins with whatever the article is, read by the decoder once for all articles.
    fn opening(&self, prompt: &[u32]) -> Result<TokenSequence<D::Sequence>, EngineError> {
        let opening = &prompt[..common(prompt, &self.prompt("", "")?)];
        self.model.opening(opening, self.cancelled)
    }

    /// Has the decoder read what is pending of a sequence.
    fn read(&self, sequence: &mut TokenSequence<D::Sequence>) -> Result<(), EngineError> {
        match sequence.prefill(&self.model.decoder, self.cancelled)? {
            true => Ok(()),
            false => Err(EngineError::Cancelled),
        }
    }

    /// Forks a sequence and extends the fork to the end of `prompt`.
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

    /// Reads what these prompts, which go on from `prefix`, begin with together, once for all of them.
    fn shared_prefix(
        &self,
        prefix: &mut TokenSequence<D::Sequence>,
        prompts: &[Vec<u32>],
    ) -> Result<TokenSequence<D::Sequence>, EngineError> {
        let shared = common_to_all(prompts);
        let mut shared_prefix = self.fork(prefix, &prompts[0][..shared]);
        self.read(&mut shared_prefix)?;
        Ok(shared_prefix)
    }

    /// Returns the cited sentences word for word, and the cue to write.
    fn recited(&self, slot: &Slot) -> Vec<u32> {
        let mut recited = Vec::new();
        for sentence in self.sentences(&slot.evidence) {
            let line = format!("\n{}", numbered(sentence));
            let tokens = self.model.tokenizer.encode(&line);
            let room = RECITED_TOKENS.saturating_sub(recited.len());
            recited.extend(&tokens[..tokens.len().min(room)]);
        }
        let cue = format!("\n{}", self.prompts.cue(slot.field.cue()));
        recited.extend(self.model.tokenizer.encode(&cue));
        recited
    }

    /// Returns the request to write a text again that did not hold.
    fn again(&self, slot: &Slot, failure: &FieldFailure) -> Vec<u32> {
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

    fn grammar(&self, spellings: &Spellings<'_>, slot: &Slot) -> String {
        let language = self.basis.output_language;
        let cited: Vec<&str> = self.texts(&slot.evidence);
        let form = Form {
            language,
            sentences: slot.field.most_sentences(),
            words: text_grammar::words(slot.letters, self.article.language, language),
            quote: slot.quote.as_deref(),
        };
        let text = text_grammar::grammar(spellings, &cited, form);
        match slot.quote {
            Some(_) => format!("({}):{text}", KINDS.map(|(name, _)| name).join("|")),
            None => text,
        }
    }

    /// Returns the request for a branch's text, if it can be written at all.
    fn text(
        &self,
        spellings: &Spellings<'_>,
        branch: &mut TextBranch,
        sequence: TokenSequence<D::Sequence>,
    ) -> Option<Request<D::Sequence>> {
        if sequence.tokens().len() >= self.model.decoder.context() {
            branch.fail(FieldFailure::of(CONTEXT_FULL));
            return None;
        }
        let grammar = self.grammar(spellings, &branch.slot);
        let constraint = match self.model.grammars.start(&grammar) {
            Ok(constraint) => constraint,
            Err(error) => {
                branch.fail(FieldFailure::of(error.to_string()));
                return None;
            }
        };
        let number = FIRST_TEXT + TRIES * branch.slot.field.number() + branch.tries;
        branch.tries += 1;
        Some(Request {
            constraint: Some(constraint),
            sampler: self.sampler(number),
            drafts: self.writing.drafts.then(|| Lookup::new(&branch.recited)),
            ..Request::new(sequence, self.writing.text_tokens)
        })
    }

    /// Returns the text a branch wrote, if it is whole and holds.
    fn read_text(&self, slot: &Slot, outcome: &Outcome<D::Sequence>) -> TextResult {
        let said = self.whole(outcome)?;
        let (kind, text) = match slot.quote {
            Some(_) => {
                let (name, text) = said.split_once(':').unwrap_or(("", &said));
                let kind = KINDS.iter().find(|(known, _)| *known == name);
                (kind.map(|(_, kind)| *kind), text)
            }
            None => (None, said.as_str()),
        };
        checked(self.article, self.basis, slot, kind, text)
    }

    /// Returns what was written, or why it did not come to its end. Only the grammar's end, or one it allows, counts.
    fn whole(&self, outcome: &Outcome<D::Sequence>) -> Field<String> {
        match &outcome.finish {
            Ok(Finish::Grammar | Finish::Stop) => Ok(self.model.tokenizer.decode(&outcome.tokens)),
            Ok(Finish::Context) => Err(FieldFailure::of(CONTEXT_FULL)),
            Ok(_) => Err(FieldFailure::of("did not come to its end")),
            Err(error) => Err(FieldFailure::of(error.to_string())),
        }
    }

    fn sentences(&self, ids: &[u32]) -> impl Iterator<Item = &Sentence> {
        ids.iter().filter_map(|id| self.article.sentence(*id))
    }

    fn texts(&self, ids: &[u32]) -> Vec<&str> {
        self.sentences(ids).map(|s| s.text.as_str()).collect()
    }

    /// Returns a sampler with random numbers of its own, so that one branch more changes no other.
    fn sampler(&self, number: usize) -> Sampler {
        let seed = self.writing.sampling.seed;
        Sampler::new(Sampling {
            seed: seed.wrapping_add((number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            ..self.writing.sampling
        })
    }
}

const CONTEXT_FULL: &str = "the model's context was full before its end";

/// The branches of one article: what each request is for, and what has come of it.
struct Branches<'a, D: Decode> {
    task: &'a ArticleTask<'a, D>,
    spellings: Spellings<'a>,
    shares: Shares,
    /// The ids of the sentences read, and the sentences as the model sees them.
    ids: Vec<u32>,
    shown: String,
    prompts: Vec<Vec<u32>>,
    prefix: TokenSequence<D::Sequence>,
    /// The beginning of all questions of critique, once one is asked.
    critic: Option<TokenSequence<D::Sequence>>,
    purposes: Vec<Purpose>,
    answers: Vec<Option<Field<String>>>,
    /// The claims attacked, and the number of parts that have been searched for claims.
    claims: Claims,
    claimed: usize,
    texts: Vec<TextBranch>,
    effort: Effort,
}

impl<'a, D: Decode> Branches<'a, D> {
    /// Has the decoder read what all branches share.
    fn read(
        task: &'a ArticleTask<'a, D>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Branches<'a, D>, EngineError> {
        let (ids, shown) = task.shown()?;
        let questions = task.questions(&ids);
        let mut prompts = Vec::with_capacity(questions.len() + 1);
        for question in &questions {
            prompts.push(task.prompt(&shown, question)?);
        }
        // The branches of critique come later and share as much.
        prompts.push(task.prompt(&shown, &task.prompts.critique(1, ""))?);
        let shared = common_to_all(&prompts);
        let prompt = prompts.pop().expect("it was just pushed");
        let mut prefix = task.opening(&prompt[..shared])?;
        for piece in prompt[prefix.tokens().len()..shared].chunks(READ_TOKENS) {
            prefix.push(piece);
            task.read(&mut prefix)?;
            on_progress(Progress::Reading {
                done: prefix.tokens().len(),
                total: shared,
            });
        }
        Ok(Branches {
            spellings: Spellings::of(task.article),
            shares: Shares::of(task.article, task.basis),
            ids,
            shown,
            answers: prompts.iter().map(|_| None).collect(),
            prompts,
            prefix,
            critic: None,
            purposes: Vec::new(),
            claims: Claims::default(),
            claimed: 0,
            texts: Vec::new(),
            effort: Effort {
                prompt: shared,
                ..Effort::default()
            },
            task,
        })
    }

    /// Returns the requests of the branches that cite.
    fn begin(&mut self) -> Result<Vec<Request<D::Sequence>>, EngineError> {
        let task = self.task;
        let grammars = &task.model.grammars;
        let of_challenge = grammars.start(&cite::challenge(&self.ids))?;
        let mut requests = Vec::with_capacity(self.prompts.len());
        let of_whole = [cite::thesis(&self.ids), cite::argument(&self.ids)];
        for (part, grammar) in of_whole.iter().enumerate() {
            let sequence = task.fork(&mut self.prefix, &self.prompts[part]);
            requests.push(self.cite(part, sequence, grammars.start(grammar)?));
        }
        let challenges = std::mem::take(&mut self.prompts).split_off(of_whole.len());
        if challenges.is_empty() {
            return Ok(requests);
        }
        let mut shared = task.shared_prefix(&mut self.prefix, &challenges)?;
        for (at, prompt) in challenges.iter().enumerate() {
            let sequence = task.fork(&mut shared, prompt);
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
        self.purposes.push(Purpose::Cite(part));
        Request {
            constraint: Some(constraint),
            sampler: self.task.sampler(part),
            ..Request::new(sequence, CITE_TOKENS)
        }
    }

    /// Takes the outcome of a request, and returns the requests that follow from it.
    fn go_on(
        &mut self,
        number: usize,
        outcome: Outcome<D::Sequence>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<Request<D::Sequence>>, EngineError> {
        if outcome.finish == Ok(Finish::Cancelled) {
            return Err(EngineError::Cancelled);
        }
        self.count(&outcome);
        match self.purposes[number] {
            Purpose::Cite(part) => self.cited(part, outcome, on_progress),
            Purpose::Write(text) => {
                Ok(self.wrote(text, outcome, on_progress).into_iter().collect())
            }
        }
    }

    fn count(&mut self, outcome: &Outcome<D::Sequence>) {
        let effort = &mut self.effort;
        effort.branches += 1;
        effort.written += outcome.tokens.len();
        effort.forced += outcome.counts.forced;
        effort.drafted += outcome.counts.drafted;
        effort.accepted += outcome.counts.accepted;
        effort.steps += outcome.counts.steps;
        effort.rows += outcome.counts.rows;
    }

    /// Takes the answer of a part that cites: its texts can be written, and perhaps a claim attacked.
    fn cited(
        &mut self,
        part: usize,
        outcome: Outcome<D::Sequence>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<Request<D::Sequence>>, EngineError> {
        let answer = self.task.whole(&outcome);
        let mut requests = Vec::new();
        let mut sequence = outcome.sequence;
        for (field, evidence) in answer.iter().flat_map(|text| slots::cited(part, text)) {
            let slot = Slot {
                letters: self.shares.of_field(field, &evidence, self.task.basis),
                field,
                evidence,
                quote: None,
            };
            let recited = self.task.recited(&slot);
            let mut fork = sequence.fork(&self.task.model.decoder);
            fork.push(&recited);
            self.effort.recited += recited.len();
            requests.extend(self.write(TextBranch::new(slot, recited), fork));
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
    fn attack(&mut self, requests: &mut Vec<Request<D::Sequence>>) -> Result<(), EngineError> {
        while let Some(Some(answer)) = self.answers.get(self.claimed) {
            let slot = answer
                .as_ref()
                .ok()
                .and_then(|text| self.claims.of_part(self.claimed, text, self.task.article));
            self.claimed += 1;
            let Some(slot) = slot else { continue };
            let quote = slot.quote.as_deref().unwrap_or_default();
            let sequence = self.critic(slot.evidence[0], quote)?;
            requests.extend(self.write(TextBranch::new(slot, Vec::new()), sequence));
        }
        Ok(())
    }

    /// Returns a branch that is asked what can be attacked in a claim.
    fn critic(&mut self, id: u32, claim: &str) -> Result<TokenSequence<D::Sequence>, EngineError> {
        let task = self.task;
        let prompt = |id, claim| task.prompt(&self.shown, &task.prompts.critique(id, claim));
        let branch = match &mut self.critic {
            Some(branch) => branch,
            None => {
                let any = [prompt(1, "")?, prompt(u32::MAX, "")?];
                self.critic
                    .insert(task.shared_prefix(&mut self.prefix, &any)?)
            }
        };
        Ok(task.fork(branch, &prompt(id, claim)?))
    }

    /// Returns the request for a branch's text, if it can be written at all, and keeps the branch.
    fn write(
        &mut self,
        mut branch: TextBranch,
        sequence: TokenSequence<D::Sequence>,
    ) -> Option<Request<D::Sequence>> {
        let request = self.task.text(&self.spellings, &mut branch, sequence);
        if request.is_some() {
            self.purposes.push(Purpose::Write(self.texts.len()));
        }
        self.texts.push(branch);
        request
    }

    /// Takes the text of a branch: reports it if it holds, or has it written once more.
    fn wrote(
        &mut self,
        number: usize,
        outcome: Outcome<D::Sequence>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Option<Request<D::Sequence>> {
        let slot = &self.texts[number].slot;
        match self.task.read_text(slot, &outcome) {
            Ok((kind, statement)) => {
                on_progress(Progress::Part {
                    field: slot.field.name(),
                    statement: statement.clone(),
                });
                self.texts[number].result = Ok((kind, statement));
                None
            }
            Err(failure) => self.once_more(number, failure, outcome.sequence),
        }
    }

    fn once_more(
        &mut self,
        number: usize,
        failure: FieldFailure,
        mut sequence: TokenSequence<D::Sequence>,
    ) -> Option<Request<D::Sequence>> {
        let branch = &mut self.texts[number];
        sequence.push(&self.task.again(&branch.slot, &failure));
        branch.fail(failure);
        if branch.tries >= TRIES {
            return None;
        }
        let request = self.task.text(&self.spellings, branch, sequence)?;
        self.purposes.push(Purpose::Write(number));
        Some(request)
    }

    /// Returns what all branches have written.
    fn written(self) -> Written {
        let answers = self.answers.into_iter();
        let texts = self.texts.into_iter();
        gather(
            answers
                .map(|answer| answer.unwrap_or_else(|| Err(FieldFailure::default())))
                .collect(),
            texts
                .map(|branch| (branch.slot.field, branch.result))
                .collect(),
            self.ids.len(),
        )
    }
}

/// Returns how many tokens two prompts begin with together.
fn common(a: &[u32], b: &[u32]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// Returns how many tokens several prompts begin with together.
fn common_to_all(prompts: &[Vec<u32>]) -> usize {
    let Some((first, others)) = prompts.split_first() else {
        return 0;
    };
    let shared = others.iter().map(|other| common(first, other)).min();
    shared.unwrap_or(first.len())
}
