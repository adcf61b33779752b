//! The chat template of a file, rendered without the messages.
//!
//! In:  Jinja and the roles of the messages. Out: what the template writes before, between and after them. The file may
//! be hostile: every message is a placeholder while it runs, and fuel bounds its steps, its text and its memory.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, State, Value};

use super::message::{ChatError, Message, PromptPiece};

/// The largest template; those of tool-calling models have some 20 kB.
const MAX_TEMPLATE_BYTES: usize = 1 << 18;
/// Steps a template may take, or 64 bytes of text it may make; a conversation takes some hundreds.
const FUEL: u64 = 20_000;
/// The same for every message.
const FUEL_PER_MESSAGE: u64 = 500;
/// The longest text a method is called on: fuel does not count what methods read.
const MAX_METHOD_BYTES: usize = 1 << 16;
/// The most characters that are stripped together; each is compared with each.
const MAX_STRIPPED: usize = 64;
/// Marks a placeholder begins and ends with: private characters that no template writes.
const MARKS: [char; 2] = ['\u{e000}', '\u{e001}'];
/// What `strftime_now` answers, whatever it is asked: the date Llama 3's templates have without it. The clock would
/// give another prompt every day.
const DATE: &str = "26 Jul 2024";

/// A file's template, known to parse.
#[derive(Debug, Clone)]
pub(super) struct Template {
    text: String,
    bos: String,
    eos: String,
}

impl Template {
    /// Takes a template, with the names of the tokens that begin and end a text.
    pub(super) fn new(text: &str, bos: String, eos: String) -> Result<Template, ChatError> {
        if text.len() > MAX_TEMPLATE_BYTES {
            return Err(ChatError::Template {
                problem: "is too large",
                cause: format!("{} bytes, {MAX_TEMPLATE_BYTES} at most", text.len()),
            });
        }
        environment(0)?
            .template_from_str(text)
            .map_err(|error| failed("does not parse", &error))?;
        Ok(Template {
            text: text.to_owned(),
            bos,
            eos,
        })
    }

    /// Returns the parts of a conversation.
    pub(super) fn parts<'m>(
        &self,
        messages: &[Message<'m>],
        add_generation: bool,
    ) -> Result<Vec<PromptPiece<'m>>, ChatError> {
        let roles = messages.iter().enumerate().map(|(place, message)| {
            Value::from_pairs([
                ("role", message.role.name().to_owned()),
                ("content", placeholder(place)),
            ])
        });
        let context = Value::from_pairs([
            ("messages", roles.collect::<Value>()),
            ("add_generation_prompt", add_generation.into()),
            ("enable_thinking", false.into()),
            ("bos_token", self.bos.as_str().into()),
            ("eos_token", self.eos.as_str().into()),
        ]);
        let rendered = environment(messages.len())?
            .render_str(&self.text, context)
            .map_err(|error| failed("failed", &error))?;
        cut(&rendered, messages)
    }
}

fn failed(problem: &'static str, error: &Error) -> ChatError {
    let cause: String = error.to_string().chars().take(120).collect();
    ChatError::Template {
        problem,
        cause: crate::escape::shown(&cause).into_owned(),
    }
}

/// Jinja as chat templates expect it.
fn environment(messages: usize) -> Result<Environment<'static>, ChatError> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    environment.set_syntax(syntax.map_err(|error| failed("could not be set up", &error))?);
    environment.set_fuel(Some(FUEL + FUEL_PER_MESSAGE * messages as u64));
    environment.set_recursion_limit(100);
    environment.set_debug(false);
    environment.set_unknown_method_callback(string_method);
    environment.add_function("raise_exception", |reason: &str| -> Result<Value, Error> {
        Err(Error::new(ErrorKind::InvalidOperation, reason.to_owned()))
    });
    environment.add_function("strftime_now", |_format: &str| DATE);
    Ok(environment)
}

/// Calls a method of Python's strings, of those that templates call.
fn string_method(
    _: &mut State,
    value: &Value,
    method: &str,
    args: &[Value],
) -> Result<Value, Error> {
    let unknown = || Error::from(ErrorKind::UnknownMethod);
    let text = value.as_str().ok_or_else(unknown)?;
    let argument = match args {
        [] => None,
        [argument] => Some(argument.as_str().ok_or_else(unknown)?),
        _ => return Err(unknown()),
    };
    if text.len() > MAX_METHOD_BYTES {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            "the text is too long",
        ));
    }
    let among = |characters: &str| {
        let set: Vec<char> = characters.chars().take(MAX_STRIPPED).collect();
        move |c: char| set.contains(&c)
    };
    Ok(match (method, argument) {
        ("startswith", Some(start)) => text.starts_with(start).into(),
        ("endswith", Some(end)) => text.ends_with(end).into(),
        ("strip", None) => text.trim().into(),
        ("strip", Some(set)) => text.trim_matches(among(set)).into(),
        ("lstrip", None) => text.trim_start().into(),
        ("lstrip", Some(set)) => text.trim_start_matches(among(set)).into(),
        ("rstrip", None) => text.trim_end().into(),
        ("rstrip", Some(set)) => text.trim_end_matches(among(set)).into(),
        ("split", None) => text.split_whitespace().map(Value::from).collect(),
        ("split", Some(mark)) if !mark.is_empty() => text.split(mark).map(Value::from).collect(),
        _ => return Err(unknown()),
    })
}

/// Returns what stands for the text of a message.
fn placeholder(place: usize) -> String {
    format!("{}{place}{}", MARKS[0], MARKS[1])
}

/// Cuts what a template wrote at the placeholders, each of which must be there once and in its turn.
fn cut<'m>(rendered: &str, messages: &[Message<'m>]) -> Result<Vec<PromptPiece<'m>>, ChatError> {
    let mut parts = Vec::new();
    let mut rest = rendered;
    for (place, message) in messages.iter().enumerate() {
        let (before, after) = rest
            .split_once(&placeholder(place))
            .ok_or(ChatError::Rearranges)?;
        parts.push(PromptPiece::Template(before.to_owned()));
        parts.push(PromptPiece::Text(message.text));
        rest = after;
    }
    parts.push(PromptPiece::Template(rest.to_owned()));
    let strays =
        |part: &PromptPiece| matches!(part, PromptPiece::Template(text) if text.contains(MARKS));
    if parts.iter().any(strays) {
        return Err(ChatError::Rearranges);
    }
    Ok(parts)
}
