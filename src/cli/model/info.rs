//! `sukje model info`: what is known of a model, and what the checked header of its file says.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use sukje::escape::shown;
use sukje::model::chat::{ChatTemplate, template_sha256};
use sukje::model::gguf::{self, Gguf, GgufCause, GgufError, RopeScaling, TensorType};
use sukje::model::load;
use sukje::model::store::OnDisk;
use sukje::model::tokenizer::Tokenizer;
use sukje::model::{CacheType, memory};
use sukje::render::write_json;

use super::super::exit::{Exit, Stop};
use super::super::output::Output;
use super::{Listed, Models, NamedModel, gguf_failed, listed, size};

/// Memory is told for so many tokens, as notes take them, and for the whole context.
const NOTE_TOKENS: usize = 4096;

/// What `info --json` prints.
#[derive(Serialize)]
struct ModelInfo<'a> {
    schema: &'static str,
    /// What the models file says, of a model asked for by name.
    known: Option<Listed<'a>>,
    /// What the file says, if there is one and it is sound.
    file: Option<FileHeader>,
    /// Why the file of a known model is not sound.
    problem: Option<String>,
}

/// What a checked header says.
#[derive(Serialize)]
struct FileHeader {
    path: String,
    size_bytes: u64,
    family: &'static str,
    layers: usize,
    hidden: usize,
    feed_forward: usize,
    heads: usize,
    kv_heads: usize,
    head_dim: usize,
    vocab: usize,
    context: usize,
    rope_theta: f32,
    rope_scaling: Scaling,
    quantisations: Vec<Stored>,
    tokenizer: TokenizerInfo,
    chat_template: ChatInfo,
    memory: Vec<Needed>,
}

/// Says how rotary frequencies are stretched; `none`, `linear`, or `factors`, one for each pair, of which the largest is told.
#[derive(Serialize)]
struct Scaling {
    kind: &'static str,
    factor: Option<f32>,
}

/// Tensors that are stored alike.
#[derive(Serialize)]
struct Stored {
    #[serde(rename = "type")]
    name: &'static str,
    tensors: usize,
    bytes: u64,
}

#[derive(Serialize)]
struct TokenizerInfo {
    /// Always `gguf`: the vocabulary of the file itself.
    from: &'static str,
    model: String,
    pre: String,
    merges: usize,
    begins_with_bos: bool,
    /// Why text cannot be made tokens.
    problem: Option<String>,
}

#[derive(Serialize)]
struct ChatInfo {
    /// `chatml`, `chatml_no_thinking`, `llama3`, or `file` for one that is not known; none where there is no way.
    form: Option<&'static str>,
    /// The hash of the file's own template, if it has one.
    sha256: Option<String>,
    /// Says whether that hash is known.
    known: bool,
    problem: Option<String>,
}

/// Memory a model takes at most, on a CPU.
#[derive(Serialize)]
struct Needed {
    tokens: usize,
    bytes: u64,
}

type KeyValues = Vec<(&'static str, String)>;

pub(super) fn info(models: &Models, named: &str, json: bool) -> Result<Exit, Stop> {
    let info = match models.named(named)? {
        NamedModel::File(path) => ModelInfo {
            schema: "sukje.model_info/1",
            known: None,
            file: Some(header(&path).map_err(gguf_failed)?),
            problem: None,
        },
        NamedModel::Model(spec) => {
            // A damaged file is no failure of this command: what is known can be told.
            let header = match models.store.on_disk(spec) {
                OnDisk::Present(path) => Some(header(&path)),
                OnDisk::Absent | OnDisk::WrongSize(_) => None,
            };
            let (file, problem) = match header {
                None => (None, None),
                Some(Ok(header)) => (Some(header), None),
                Some(Err(error)) => (None, Some(error.cause.to_string())),
            };
            ModelInfo {
                schema: "sukje.model_info/1",
                known: Some(listed(models, spec)),
                file,
                problem,
            }
        }
    };
    Output::Stdout.write(|out| match json {
        true => write_json(&info, out),
        false => write_rows(&info, out),
    })?;
    Ok(Exit::Done)
}
/// Checks a file's header and reads it.
fn header(path: &Path) -> Result<FileHeader, GgufError> {
    let file = gguf::open(path)?;
    let shape = file.hyperparameters();
    let tokenizer = load::tokenizer(&file);
    let tokens = [NOTE_TOKENS.min(shape.context), shape.context];
    let different = if tokens[0] == tokens[1] { 1 } else { 2 };
    let needed = |&tokens: &usize| Needed {
        tokens,
        bytes: memory::needed_bytes(&file, CacheType::F16, tokens),
    };
    Ok(FileHeader {
        path: path.display().to_string(),
        size_bytes: file.size_bytes(),
        family: shape.family.name,
        layers: shape.layers,
        hidden: shape.hidden,
        feed_forward: shape.feed_forward,
        heads: shape.heads,
        kv_heads: shape.kv_heads,
        head_dim: shape.head_dim,
        vocab: shape.vocab,
        context: shape.context,
        rope_theta: shape.rope_theta,
        rope_scaling: scaling(&file).map_err(|cause| GgufError {
            name: file.name().into(),
            cause,
        })?,
        quantisations: quantisations(&file),
        chat_template: chat_info(&file, tokenizer.as_ref().ok()),
        tokenizer: TokenizerInfo {
            from: "gguf",
            model: file.vocabulary().model.clone(),
            pre: file.vocabulary().pre.clone(),
            merges: file.vocabulary().merges.len(),
            begins_with_bos: tokenizer.as_ref().is_ok_and(|t| t.bos().is_some()),
            problem: tokenizer.err().map(|error| error.to_string()),
        },
        memory: tokens[..different].iter().map(needed).collect(),
    })
}

fn scaling(file: &Gguf) -> Result<Scaling, GgufCause> {
    let (kind, factor) = match (file.hyperparameters().rope_scaling, file.rope_factors()?) {
        (RopeScaling::Linear { factor }, _) => ("linear", Some(factor)),
        (RopeScaling::None, Some(factors)) => ("factors", factors.into_iter().reduce(f32::max)),
        (RopeScaling::None, None) => ("none", None),
    };
    Ok(Scaling { kind, factor })
}

/// Returns the types of the tensors, the one of most bytes first.
fn quantisations(file: &Gguf) -> Vec<Stored> {
    let of_type = |tensor_type: TensorType| {
        let tensors = file.tensors().iter();
        let sizes: Vec<usize> = tensors
            .filter(|tensor| tensor.tensor_type == tensor_type)
            .map(|tensor| tensor.size_bytes)
            .collect();
        Stored {
            name: tensor_type.name(),
            tensors: sizes.len(),
            bytes: sizes.iter().sum::<usize>() as u64,
        }
    };
    let mut stored: Vec<Stored> = TensorType::ALL.into_iter().map(of_type).collect();
    stored.retain(|stored| stored.tensors > 0);
    stored.sort_by_key(|stored| std::cmp::Reverse(stored.bytes));
    stored
}

fn chat_info(file: &Gguf, tokenizer: Option<&Tokenizer>) -> ChatInfo {
    let text = file.vocabulary().chat_template.as_deref();
    let chat = tokenizer.map(|tokenizer| ChatTemplate::of(file.vocabulary(), tokenizer));
    let form = chat
        .as_ref()
        .and_then(|chat| Some(chat.as_ref().ok()?.name()));
    ChatInfo {
        known: text.is_some() && form.is_some_and(|form| form != "file"),
        form,
        sha256: text.map(template_sha256),
        problem: chat.and_then(Result::err).map(|error| error.to_string()),
    }
}

fn write_rows(info: &ModelInfo, out: &mut dyn Write) -> io::Result<()> {
    let known = info.known.as_ref().map(known_rows).unwrap_or_default();
    let problem = info.problem.iter().map(|cause| ("problem", cause.clone()));
    let file = info.file.as_ref().map(header_rows).unwrap_or_default();
    for (key, value) in known.into_iter().chain(problem) {
        writeln!(out, "{key:13} {}", shown(&value))?;
    }
    if info.known.is_some() && info.file.is_some() {
        writeln!(out, "\nThe file's header:")?;
    }
    for (key, value) in file {
        writeln!(out, "{key:13} {}", shown(&value))?;
    }
    Ok(())
}

fn header_rows(header: &FileHeader) -> KeyValues {
    let FileHeader {
        heads,
        kv_heads,
        head_dim,
        hidden,
        feed_forward,
        ..
    } = header;
    let width = format!("{hidden}, {feed_forward} in feed-forward layers");
    let heads = format!("{heads} of {head_dim}, {kv_heads} of keys and values");
    vec![
        ("path", header.path.clone()),
        ("size", bytes(header.size_bytes)),
        ("family", header.family.into()),
        ("layers", header.layers.to_string()),
        ("width", width),
        ("heads", heads),
        ("vocabulary", format!("{} tokens", header.vocab)),
        ("context", format!("{} tokens", header.context)),
        ("rope", rope_line(header)),
        ("weights", weights_line(&header.quantisations)),
        ("tokenizer", tokenizer_line(&header.tokenizer)),
        ("chat template", chat_line(&header.chat_template)),
        ("memory", memory_line(&header.memory)),
    ]
}

fn rope_line(header: &FileHeader) -> String {
    let scaling = match (header.rope_scaling.kind, header.rope_scaling.factor) {
        ("linear", Some(factor)) => format!("positions divided by {factor}"),
        ("factors", Some(factor)) => format!("frequencies divided by factors up to {factor}"),
        _ => "not scaled".into(),
    };
    format!("base {}, {scaling}", header.rope_theta)
}

fn weights_line(stored: &[Stored]) -> String {
    let each = |stored: &Stored| {
        let Stored { name, tensors, .. } = stored;
        let many = if *tensors == 1 { "" } else { "s" };
        format!("{name} {tensors} tensor{many} {}", size(stored.bytes))
    };
    stored.iter().map(each).collect::<Vec<_>>().join(", ")
}

fn tokenizer_line(tokenizer: &TokenizerInfo) -> String {
    if let Some(problem) = &tokenizer.problem {
        return format!("not usable: {problem}");
    }
    let bos = match tokenizer.begins_with_bos {
        true => "every text begins with a token of its own",
        false => "no token begins a text",
    };
    let TokenizerInfo {
        model, pre, merges, ..
    } = tokenizer;
    format!("{model}, pre-tokeniser {pre}, {merges} merges, {bos}")
}

fn chat_line(chat: &ChatInfo) -> String {
    match (&chat.problem, chat.form, &chat.sha256) {
        (Some(problem), ..) => format!("not usable: {problem}"),
        (None, None, _) => "not looked at without a tokenizer".into(),
        (None, Some("none"), None) => "none; prompts are plain text".into(),
        (None, Some(form), None) => format!("none in the file; {form}, by the vocabulary"),
        (None, Some("file"), Some(sha256)) => format!("the file's own, not known, sha256 {sha256}"),
        (None, Some(form), Some(sha256)) => format!("known as {form}, sha256 {sha256}"),
    }
}

fn memory_line(memory: &[Needed]) -> String {
    let each = |needed: &Needed| format!("{} for {} tokens", size(needed.bytes), needed.tokens);
    let all: Vec<String> = memory.iter().map(each).collect();
    format!("at most {}, on a CPU", all.join(", "))
}

fn known_rows(model: &Listed) -> KeyValues {
    let unknown = || "unknown until it is pulled".to_string();
    let mut rows = vec![
        ("name", model.name.to_string()),
        ("note", model.note.to_string()),
        ("measured", model.measured.to_string()),
        ("licence", model.licence.to_string()),
        ("family", model.family.to_string()),
        ("quantisation", model.quantisation.to_string()),
        ("context", format!("{} tokens", model.context)),
        ("memory", format!("{} MiB recommended", model.memory_mib)),
        ("languages", model.languages.join(" ")),
        (
            "repository",
            model.repo.unwrap_or("no address known").into(),
        ),
        ("file", model.file.to_string()),
        ("revision", model.revision.clone().unwrap_or_else(unknown)),
        ("size", model.size_bytes.map_or_else(unknown, bytes)),
        ("sha256", model.sha256.clone().unwrap_or_else(unknown)),
        ("on disk", model.on_disk.to_string()),
    ];
    if let Some(path) = &model.path {
        rows.push(("path", path.display().to_string()));
    }
    rows
}

fn bytes(count: u64) -> String {
    format!("{count} bytes")
}
