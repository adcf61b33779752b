//! Every flag of every command. Only what works is offered.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{PathBufValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use encoding_rs::Encoding;
use sukje::article::{Language, Reason};
use sukje::batch::{Durability, Shard};
use sukje::clean::Threshold;
use sukje::engine::EngineChoice;
use sukje::input::TextForm;
use sukje::outline::DEFAULT_LENS;
use sukje::render::{Format, TextStyle};

use super::exit::{Exit, help_with_codes};
use super::writing_args::{BatchWritingArgs, ENGINES, WritingArgs};

#[derive(Debug, Parser)]
#[command(
    name = "sukje",
    version,
    about = "Turns a noisy scraped article, Korean or English, into a briefing note in which every line has its receipt",
    after_help = help_with_codes("\
Examples:
  sukje summarize article.txt                     a briefing note, on the terminal
  sukje summarize article.txt --output note.md    the same as Markdown, in a file
  curl -s URL | some-extractor | sukje clean      the article's own sentences, one a line
  sukje clean --explain article.txt               what was kept, what was removed, and why
  sukje batch articles --out notes                a note for every article of a folder
  sukje worker < articles.jsonl > briefs.jsonl    a brief for every line, for other programs
  sukje verify brief.json --source article.txt    does every line of a brief stand in the article?

Nothing is downloaded unless asked for, and nothing leaves this computer but what --engine openai:URL sends there.", &[])
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Ends the program as clap does at arguments that do not go together.
    pub fn wrong_usage(message: &str) -> ! {
        Cli::command()
            .error(ErrorKind::ArgumentConflict, message)
            .exit()
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Take the noise out of an article: ads, bylines, copies, other stories
    Clean(CleanArgs),
    /// Split a text into sentences, one a line, without cleaning
    Split(SplitArgs),
    /// Write the briefing note of an article
    Summarize(SummarizeArgs),
    /// Write the briefing notes of many articles
    Batch(BatchArgs),
    /// Put the folders of a batch that was done in parts together
    Merge(MergeArgs),
    /// Answer JSON lines with briefs, for programs that hand out articles
    Worker(WorkerArgs),
    /// Check a saved brief against the article it speaks of
    Verify(VerifyArgs),
    /// Write a saved brief as text, Markdown, JSON or a page
    Render(RenderArgs),
    /// Score the program on articles whose right answer is known
    Eval(EvalArgs),
    /// List, pull, check and run small open-weight models
    #[cfg(feature = "model")]
    Model(ModelArgs),
    /// Print the JSON Schema of an output
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print a manual page
    Man(ManArgs),
}

/// What is read.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// The article: a text file; `-` or nothing reads standard input
    #[arg(value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// The input's encoding, such as utf-8, cp949 or utf-16le [default: found from the bytes]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub encoding: Option<&'static Encoding>,
    #[command(flatten)]
    pub form: FormArgs,
}

/// The form of what is read.
#[derive(Debug, Clone, Copy, Args)]
pub struct FormArgs {
    /// The input's form; `auto` goes by the file's name and by what stands in the text
    #[arg(long, value_name = "FORM", value_enum, default_value_t = InputFormat::Auto)]
    pub input_format: InputFormat,
}

/// The forms `--input-format` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// By name and content
    Auto,
    /// Running text, read as it stands
    Text,
    /// Markdown
    Md,
    /// Mail with headers and quoting
    Eml,
    /// Subtitles or a transcript with times
    Vtt,
    /// A web page, a saved page (MHTML) or a feed
    Html,
}

impl FormArgs {
    /// Returns the form that was asked for, if one was.
    pub fn form(self) -> Option<TextForm> {
        match self.input_format {
            InputFormat::Auto => None,
            InputFormat::Text => Some(TextForm::Text),
            InputFormat::Md => Some(TextForm::Markdown),
            InputFormat::Eml => Some(TextForm::Mail),
            InputFormat::Vtt => Some(TextForm::Subtitles),
            InputFormat::Html => Some(TextForm::Html),
        }
    }
}

/// How much noise may stay, and how much of the article may go.
#[derive(Debug, Clone, Copy, Args)]
pub struct ThresholdArgs {
    /// Remove at the first doubt: fewest leaks, and now and then a line of the article is lost
    #[arg(long, conflicts_with = "gentle")]
    pub strict: bool,
    /// Remove only what is sure to be noise: hardly a line of the article is lost
    #[arg(long)]
    pub gentle: bool,
}

impl ThresholdArgs {
    /// Returns what was asked for.
    pub fn threshold(self) -> Threshold {
        match self {
            ThresholdArgs { strict: true, .. } => Threshold::Strict,
            ThresholdArgs { gentle: true, .. } => Threshold::Gentle,
            _ => Threshold::Balanced,
        }
    }
}

/// Where it goes.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// Write to this file, whole or not at all, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Colour the text form
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = ColorWhen::Auto)]
    pub color: ColorWhen,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sukje clean article.txt                      the kept sentences, one a line
  sukje clean --format json article.txt        sentences and removals with their places in the text
  sukje clean --explain article.txt            the whole text with what was removed and why
  sukje clean --keep caption article.txt       put captions back
  sukje clean --gentle article.txt             leave in whatever might be the article's own
  sukje clean --encoding cp949 - < old.txt     say how the bytes are to be read
  curl -s URL | sukje clean --explain -        what of a web page is the article, and what is not")]
pub struct CleanArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// text: the kept sentences, one a line; json: everything, with offsets
    #[arg(long, value_enum, default_value_t = CleanFormat::Text)]
    pub format: CleanFormat,
    /// Show the whole text in order, removals marked `-` with their reason and rule
    #[arg(long, conflicts_with = "format")]
    pub explain: bool,
    /// Put a kind of removal back among the sentences; may be given several times
    #[arg(long, value_name = "REASON", value_parser = reasons())]
    pub keep: Vec<Reason>,
    #[command(flatten)]
    pub threshold: ThresholdArgs,
    /// The article's language
    #[arg(long, value_name = "LANG", value_parser = languages(), default_value = "auto")]
    pub lang: Lang,
    /// Also write the decoded text, which all offsets refer to, to this file
    #[arg(long, value_name = "FILE")]
    pub emit_text: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sukje split < article.txt")]
pub struct SplitArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sukje summarize article.txt                          a note; text on a terminal, Markdown otherwise
  sukje summarize --format json article.txt > b.json   the note with all its evidence, for programs
  sukje summarize --format html -o note.html a.txt     a page to look at, the source behind the note
  sukje summarize --lens my-lens.toml article.txt      look for other challenges
  sukje summarize --model qwen3-1.7b article.txt       have this model write the note
  sukje summarize --engine extractive article.txt      no model, whatever is on disk
  sukje summarize --engine openai:URL article.txt      a server writes the note; the article is sent there
  sukje summarize --sentences 5 --format text a.txt    only the five best sentences")]
pub struct SummarizeArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// [default: text on a terminal, md otherwise]
    #[arg(long, value_enum)]
    pub format: Option<NoteFormat>,
    #[command(flatten)]
    pub note: NoteArgs,
    /// Print only the K best sentences of the article, in reading order, one a line
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    pub sentences: Option<u32>,
    #[command(flatten)]
    pub output: OutputArgs,
    // Last, so that its heading is of its own options alone.
    #[command(flatten)]
    pub writing: WritingArgs,
}

/// What a note is to be.
#[derive(Debug, Args)]
pub struct NoteArgs {
    /// What makes the note; auto takes the best model on this computer that was measured to choose better lines than the embedded
    /// engine, else that engine. openai:URL sends the article to that server
    #[arg(long, default_value = "auto", value_parser = EngineParser)]
    pub engine: EngineChoice,
    #[command(flatten)]
    pub threshold: ThresholdArgs,
    /// The article's language
    #[arg(long, value_name = "LANG", value_parser = languages(), default_value = "auto")]
    pub lang: Lang,
    /// The note's language; auto is the article's
    #[arg(long, value_name = "LANG", value_parser = languages(), default_value = "auto")]
    pub output_lang: Lang,
    /// Which challenges to look for: a built-in lens or a lens file
    #[arg(long, value_name = "NAME|FILE", default_value = DEFAULT_LENS)]
    pub lens: String,
}

#[derive(Debug, Args)]
#[command(after_help = help_with_codes("\
Examples:
  sukje batch articles --out notes                        a note for every file of a folder, as JSON and as a page
  sukje batch --recursive articles --out notes            of its folders too
  sukje batch 'news/**/*.txt' --out notes --formats md    of all files that match
  sukje batch articles.jsonl --out notes                  a line an article: {\"id\": …, \"text\": …, \"title\": …}
  find . -name '*.txt' -print0 | sukje batch --files-from - -0 --out notes
  sukje batch articles --out part0 --shard 0/4            the first of four parts; sukje merge puts them together
  sukje batch articles --out notes --dry-run              what would be done, and about how long it would take

Run again, a batch goes on where it ended: a note is written again only if its input or the options have changed, or if it is \
not there whole. Inputs with the same bytes are noted once. Ids and names of notes come from the paths below the folder \
that holds all inputs (--base). What became of every input stands in summary.json.",
    &[(Exit::Done, "all done"), (Exit::Findings, "some inputs failed"), (Exit::Io, "a note could not be written")],
))]
pub struct BatchArgs {
    /// Files, folders, patterns, and files of JSON lines (.jsonl, .ndjson, also .zst)
    #[arg(value_name = "INPUT", required_unless_present = "files_from")]
    pub inputs: Vec<PathBuf>,
    /// Write the notes into this folder, which is made where there is none
    #[arg(long, short, value_name = "DIR", value_parser = folder())]
    pub out: PathBuf,
    /// Search folders inside folders too
    #[arg(long, short)]
    pub recursive: bool,
    /// Follow links inside folders
    #[arg(long)]
    pub follow: bool,
    /// Take inputs from this file too, one path a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// The paths of --files-from end with NUL bytes instead of line ends
    #[arg(short = '0', long = "null", requires = "files_from")]
    pub null: bool,
    /// Name the notes after the paths below this folder [default: the deepest that holds all inputs]
    #[arg(long, value_name = "DIR")]
    pub base: Option<PathBuf>,
    /// Do the I-th of N parts, counted from 0; `auto/N` takes I from JOB_COMPLETION_INDEX or SLURM_ARRAY_TASK_ID
    #[arg(long, value_name = "I/N", value_parser = shard, allow_hyphen_values = true)]
    pub shard: Option<Shard>,
    /// The forms of each note
    #[arg(
        long,
        value_name = "LIST",
        value_enum,
        value_delimiter = ',',
        default_value = "json,html"
    )]
    pub formats: Vec<NoteFormat>,
    /// Put all notes into one folder instead of folders as the inputs have them
    #[arg(long)]
    pub flat: bool,
    /// Write every note again
    #[arg(long)]
    pub force: bool,
    /// Try again what failed before, though neither the input nor the options have changed
    #[arg(long)]
    pub retry_failed: bool,
    /// Stop when an input fails
    #[arg(long, conflicts_with = "max_failures")]
    pub fail_fast: bool,
    /// Stop when so many inputs have failed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_failures: Option<u32>,
    /// Say what would be done, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// When notes are made safe from a power cut: 64 of them or 200 ms together, each by itself, or when the system gets to it
    #[arg(long, value_name = "WHEN", value_parser = durabilities(), default_value = "group")]
    pub sync: Durability,
    /// The inputs' encoding, such as utf-8, cp949 or utf-16le [default: found from the bytes]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub encoding: Option<&'static Encoding>,
    #[command(flatten)]
    pub form: FormArgs,
    #[command(flatten)]
    pub note: NoteArgs,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub quiet: bool,
    #[command(flatten)]
    pub writing: BatchWritingArgs,
}

#[derive(Debug, Args)]
#[command(after_help = help_with_codes("\
Examples:
  for i in 0 1 2 3; do sukje batch articles --out part$i --shard $i/4; done
  sukje merge part0 part1 part2 part3 --out notes

The notes, the overview and the summary are to the byte those of one run over all inputs. Folders of several batches go together, \
too, if they were made with the same options. Refused are folders that are not finished, shards that are missing, and two \
articles of one id. A merge that was interrupted goes on where it was.",
    &[(Exit::Done, "all done"), (Exit::Findings, "some inputs had failed"), (Exit::Unusable, "the parts do not go together"), (Exit::NoInput, "a part is not there"), (Exit::Io, "a note could not be written")],
))]
pub struct MergeArgs {
    /// Folders that `sukje batch` has written
    #[arg(value_name = "PART", required = true)]
    pub parts: Vec<PathBuf>,
    /// Write all of it into this folder, which is made where there is none
    #[arg(long, short, value_name = "DIR", value_parser = folder())]
    pub out: PathBuf,
    /// When notes are made safe from a power cut: 64 of them together, each by itself, or when the system gets to it
    #[arg(long, value_name = "WHEN", value_parser = durabilities(), default_value = "group")]
    pub sync: Durability,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sukje worker < articles.jsonl > briefs.jsonl
  echo '{\"id\": \"a\", \"text\": \"…\"}' | sukje worker
  parallel --pipe --keep-order sukje worker --quiet < articles.jsonl > briefs.jsonl

Every line {\"id\": …, \"text\": …, \"title\": …}, or with \"html\" in the place of \"text\", is answered by one line, in the same order and at once: {\"id\": …, \"brief\": …}, or \
{\"id\": …, \"error\": {\"code\": …, \"message\": …}}, with a null id where the line has none. A bad line never ends the worker; the end \
of its input does. Blank lines are passed over. The briefs are those `sukje batch` writes of the same lines.
Exit codes: 0 the input has ended, whatever was wrong with its lines, or the reader closed the pipe; 74 a read or write failed.")]
pub struct WorkerArgs {
    /// Lines in the works at a time; a model has one
    #[arg(long, short, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub jobs: u32,
    #[command(flatten)]
    pub form: FormArgs,
    #[command(flatten)]
    pub note: NoteArgs,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub quiet: bool,
    // Last, so that its heading is of its own options alone.
    #[command(flatten)]
    pub writing: WritingArgs,
}

fn durabilities() -> impl TypedValueParser<Value = Durability> {
    PossibleValuesParser::new(["group", "each", "none"]).map(|name| match name.as_str() {
        "each" => Durability::Each,
        "none" => Durability::None,
        _ => Durability::Group,
    })
}

/// Where engines say which part of an array of jobs this is.
const SHARD_VARIABLES: [&str; 2] = ["JOB_COMPLETION_INDEX", "SLURM_ARRAY_TASK_ID"];

/// A folder to write into. A URL is refused: the system would make a folder called `s3:` of it.
fn folder() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        let url = path.to_str().is_some_and(|path| path.contains("://"));
        match url {
            true => Err(
                "a URL, and no folder of this computer; docs/batch.md says how to synchronise one",
            ),
            false => Ok(path),
        }
    })
}

fn shard(text: &str) -> Result<Shard, String> {
    let (index, count) = text.split_once('/').ok_or("not of the form I/N")?;
    let count: u32 = count.parse().map_err(|_| "N is no number")?;
    let index = match index {
        "auto" => {
            let set = SHARD_VARIABLES
                .iter()
                .find_map(|name| std::env::var(name).ok());
            set.ok_or_else(|| format!("neither {} is set", SHARD_VARIABLES.join(" nor ")))?
        }
        index => index.to_string(),
    };
    let index: u32 = index.parse().map_err(|_| "I is no number")?;
    match index < count {
        true => Ok(Shard { index, count }),
        false => Err(format!(
            "of {count} parts, counted from 0, there is no part {index}"
        )),
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  sukje verify brief.json --source article.txt

Prints a line for each finding; exit code 1 when there is any.")]
pub struct VerifyArgs {
    /// The brief, as `summarize --format json` writes it; `-` or nothing reads standard input
    #[arg(value_name = "BRIEF.json")]
    pub brief: Option<PathBuf>,
    /// The article the brief speaks of
    #[arg(long, value_name = "FILE")]
    pub source: PathBuf,
    /// The article's encoding [default: found from the bytes]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub encoding: Option<&'static Encoding>,
    #[command(flatten)]
    pub form: FormArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sukje render brief.json --format md --output note.md
  sukje render brief.json --format html --source article.txt --output note.html")]
pub struct RenderArgs {
    /// The brief, as `summarize --format json` writes it; `-` or nothing reads standard input
    #[arg(value_name = "BRIEF.json")]
    pub brief: Option<PathBuf>,
    /// [default: text on a terminal, md otherwise]
    #[arg(long, value_enum)]
    pub format: Option<NoteFormat>,
    /// The article the brief is of: a page then shows its paragraphs
    #[arg(long, value_name = "FILE")]
    pub source: Option<PathBuf>,
    /// The article's encoding [default: found from the bytes]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub encoding: Option<&'static Encoding>,
    #[command(flatten)]
    pub form: FormArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sukje eval cases/*
  sukje eval --model qwen3-1.7b cases/*      how well a model writes, in the same figures

A case is a folder with input.txt and gold.json: the article's sentences with their roles, the noise, and which sentences
speak of which challenge. 1 is best, but for leaked and repeats.")]
pub struct EvalArgs {
    /// Folders with input.txt and gold.json
    #[arg(value_name = "CASE_DIR", required = true)]
    pub cases: Vec<PathBuf>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
    /// What writes the notes; openai:URL sends the articles to that server [default: llm with --model, else extractive]
    #[arg(long, value_parser = EngineParser)]
    pub engine: Option<EngineChoice>,
    #[command(flatten)]
    pub output: OutputArgs,
    // Last, so that its heading is of its own options alone.
    #[command(flatten)]
    pub writing: WritingArgs,
}

#[cfg(feature = "model")]
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sukje model list                 what there is, and what is on this computer
  sukje model pull qwen3-1.7b      fetch one; shows size and licence and asks first
  sukje model check                are the files still what they were?

Models lie where the Hugging Face tools keep theirs. Of the environment are honoured: HF_HOME, \
HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN, HF_TOKEN_PATH, HF_HUB_DISABLE_IMPLICIT_TOKEN, HF_HUB_OFFLINE, \
HF_HUB_DOWNLOAD_TIMEOUT and the proxy variables.")]
pub struct ModelArgs {
    #[command(subcommand)]
    pub command: ModelCommand,
    /// Take the models of this file instead of the built-in ones
    #[arg(long, value_name = "FILE", global = true)]
    pub models: Option<PathBuf>,
}

#[cfg(feature = "model")]
#[derive(Debug, Subcommand)]
pub enum ModelCommand {
    /// List the models that are known
    #[command(after_help = "Examples:\n  sukje model list\n  sukje model list --json")]
    List {
        /// Print JSON instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Fetch a model, check every byte of it, and print where it lies
    #[command(after_help = "\
Examples:
  sukje model pull qwen3-0.6b                             asks first
  sukje model pull qwen3-0.6b --yes                       does not, for scripts
  HF_ENDPOINT=https://mirror.example sukje model pull …   from a mirror
  sukje model pull midm-2.0-mini --accept-unpinned        takes what comes, and holds it to that from then on

A pull that broke off goes on where it ended.")]
    Pull(PullArgs),
    /// Show what is known of a model or a model file
    #[command(after_help = "\
Examples:
  sukje model info qwen3-1.7b                what is known of it and of its file
  sukje model info ./my-model.gguf           shape, weights, tokenizer, memory
  sukje model info --json ./my-model.gguf    the same for programs

A file's header is checked number by number; its weights are not read (sukje model check hashes them).")]
    Info {
        /// A model's name, or a file
        #[arg(value_name = "NAME|FILE")]
        named: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Hash model files again and compare with what they must be
    #[command(after_help = "\
Examples:
  sukje model check                    every model on this computer
  sukje model check qwen3-1.7b         this one
  sukje model check ./qwen3.gguf       is this file one of the known models?")]
    Check {
        /// Models' names, or files; every model on this computer where none is given
        #[arg(value_name = "NAME|FILE")]
        named: Vec<String>,
    },
    /// Remove a model from this computer
    #[command(
        after_help = "Examples:\n  sukje model rm qwen3-0.6b\n  sukje model rm qwen3-0.6b --yes"
    )]
    Rm {
        /// A model's name
        name: String,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Measure how fast a model runs here
    #[command(after_help = "\
Examples:
  sukje model bench qwen3-1.7b
  sukje model bench --prompts 512 --sequences 1,8 --decoded 64 ./my-model.gguf

Decoding is measured behind each prompt, and of several sequences at once behind a prompt they share. Prompts that do not \
fit the model's context are left out.")]
    Bench(BenchArgs),
    /// Print how well a model foretells a text
    #[command(after_help = "\
Examples:
  sukje model perplexity --model qwen3-1.7b article.txt
  sukje model perplexity --model ./my-model.gguf --json article.txt

The text goes in as it is, without control tokens, and with a token to begin it only where the model asks for one.")]
    Perplexity(PerplexityArgs),
}

#[cfg(feature = "model")]
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// A model's name, or a file
    #[arg(value_name = "NAME|FILE")]
    pub model: String,
    /// Lengths of the prompts, in tokens
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "128,512,2048", value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub prompts: Vec<u32>,
    /// Tokens decoded behind each prompt
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub decoded: u32,
    /// Numbers of sequences decoded at once behind the shared prompt
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "1,4,8", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub sequences: Vec<u32>,
    /// Length of the shared prompt, in tokens
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub shared: u32,
    /// Times each is done; the median counts
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub repeat: u32,
    #[command(flatten)]
    pub threads: super::threads::ThreadArgs,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[cfg(feature = "model")]
#[derive(Debug, Args)]
pub struct PerplexityArgs {
    /// The text; `-` or nothing reads standard input
    #[arg(value_name = "TEXT")]
    pub text: Option<PathBuf>,
    /// A model's name, or a file
    #[arg(long, value_name = "NAME|FILE")]
    pub model: String,
    #[command(flatten)]
    pub threads: super::threads::ThreadArgs,
    /// Print token ids and the natural logarithms of their probabilities
    #[arg(long)]
    pub json: bool,
}

#[cfg(feature = "model")]
#[derive(Debug, Args)]
pub struct PullArgs {
    /// A model's name
    pub name: String,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
    /// Take a model whose size and hash are not known beforehand; what came is printed and remembered
    #[arg(long)]
    pub accept_unpinned: bool,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which output
    #[arg(value_enum)]
    pub which: SchemaName,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sukje completions bash > ~/.local/share/bash-completion/completions/sukje"
)]
pub struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sukje man summarize | man -l -")]
pub struct ManArgs {
    /// The command to describe; the program as a whole where none is given
    pub command: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CleanFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NoteFormat {
    Text,
    Md,
    Html,
    Json,
}

impl NoteFormat {
    /// Returns the form of a note, in which a text has this style.
    pub fn with(self, style: TextStyle) -> Format {
        match self {
            NoteFormat::Text => Format::Text(style),
            NoteFormat::Md => Format::Markdown,
            NoteFormat::Html => Format::Html,
            NoteFormat::Json => Format::Json,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    Clean,
    Brief,
    Batch,
    Summary,
    Worker,
}

/// Reads an engine's name.
#[derive(Debug, Clone)]
pub struct EngineParser;

impl TypedValueParser for EngineParser {
    type Value = EngineChoice;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<EngineChoice, clap::Error> {
        engine.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(ENGINES.iter().map(PossibleValue::new)))
    }
}

fn engine(name: &str) -> Result<EngineChoice, String> {
    match name {
        "auto" => Ok(EngineChoice::Auto),
        "extractive" => Ok(EngineChoice::Extractive),
        "llm" if ENGINES.contains(&name) => Ok(EngineChoice::Llm),
        _ => match name.strip_prefix("openai:") {
            Some(address) => Ok(EngineChoice::Server(address.into())),
            None => Err(format!("not one of {}", ENGINES.join(", "))),
        },
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    Auto,
    Always,
    Never,
}

/// A language asked for, or none: then it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lang(Option<Language>);

impl Lang {
    /// Returns the language asked for, if one was.
    pub fn language(self) -> Option<Language> {
        self.0
    }
}

fn languages() -> impl TypedValueParser<Value = Lang> {
    let names = ["auto"]
        .into_iter()
        .chain(Language::ALL.map(Language::code));
    PossibleValuesParser::new(names).map(|name| {
        let named = |language: &Language| language.code() == name;
        Lang(Language::ALL.into_iter().find(named))
    })
}

fn encoding(name: &str) -> Result<&'static Encoding, String> {
    sukje::input::encoding_named(name)
        .ok_or_else(|| "no encoding of that name is known".to_string())
}

fn reasons() -> impl TypedValueParser<Value = Reason> {
    PossibleValuesParser::new(Reason::ALL.map(Reason::name)).map(|name| {
        Reason::ALL
            .into_iter()
            .find(|reason| reason.name() == name)
            .expect("only names of reasons are accepted")
    })
}
