//! Which model is meant, and its file opened and checked: for `sukje model` and for what writes notes.
//!
//! Nothing is fetched here, and nothing of a file is loaded before it is asked for.

use std::path::{Path, PathBuf};

use sukje::input::read_file;
use sukje::model::gguf::{self, Gguf, GgufError};
use sukje::model::load;
use sukje::model::registry::{ModelSpec, Registry};
use sukje::model::store::{OnDisk, Store, StoreError};
use sukje::model::tokenizer::Tokenizer;
use sukje::model::{Model, ModelError, ModelOptions};

use super::super::exit::{Exit, Failure, Stop};

/// Returns the built-in models, or those of the user's own file.
pub fn registry(path: Option<&Path>) -> Result<Registry, Stop> {
    let Some(path) = path else {
        return Ok(Registry::builtin());
    };
    let failed = |cause: String| Failure::new(Exit::Usage, path.display(), cause);
    let document = read_file(path, None).map_err(|error| failed(error.cause.to_string()))?;
    Registry::from_toml(&document.text).map_err(|error| failed(error.to_string()).into())
}

/// Which models are known, and where they are kept.
pub struct Room {
    pub registry: Registry,
    pub store: Store,
}

/// What the user named.
pub enum NamedModel<'a> {
    Model(&'a ModelSpec),
    File(PathBuf),
}

impl Room {
    /// Returns the models of that file, or the built-in ones, and the store of this user.
    pub fn new(models: Option<&Path>) -> Result<Room, Stop> {
        Ok(Room {
            registry: registry(models)?,
            store: Store::from_env().map_err(|error| store_failed("models", error))?,
        })
    }

    /// Returns the default model if it is on this computer, else the first that is.
    pub fn present(&self) -> Option<&ModelSpec> {
        std::iter::once(self.registry.default_model())
            .chain(self.registry.models())
            .find(|spec| matches!(self.store.on_disk(spec), OnDisk::Present(_)))
    }

    pub fn spec(&self, name: &str) -> Result<&ModelSpec, Stop> {
        self.registry.get(name).ok_or_else(|| {
            Failure::new(Exit::Model, name, "no model of that name is known")
                .hint("sukje model list shows the names")
                .into()
        })
    }

    /// Returns a model by its name; else a file, if it looks like one.
    pub fn named(&self, text: &str) -> Result<NamedModel<'_>, Stop> {
        let path = Path::new(text);
        let is_file = path.components().count() > 1
            || path.extension().is_some_and(|end| end == "gguf")
            || path.exists();
        match self.registry.get(text) {
            Some(spec) => Ok(NamedModel::Model(spec)),
            None if is_file => Ok(NamedModel::File(path.to_path_buf())),
            None => self.spec(text).map(NamedModel::Model),
        }
    }

    /// Returns the model of that name, checked against its hash, or a file.
    pub fn open(&self, named: &str) -> Result<Opened, Stop> {
        match self.named(named)? {
            NamedModel::Model(spec) => self.open_known(spec),
            NamedModel::File(path) => Ok(Opened {
                file: gguf::open(&path).map_err(gguf_failed)?,
                sha256: None,
            }),
        }
    }

    /// Returns a known model, checked against its hash.
    pub fn open_known(&self, spec: &ModelSpec) -> Result<Opened, Stop> {
        let found = self
            .store
            .open(spec)
            .map_err(|error| store_failed(&spec.name, error))?;
        let file = Gguf::from_file(&found.path.to_string_lossy(), found.file);
        Ok(Opened {
            file: file.map_err(gguf_failed)?,
            sha256: Some(found.sha256),
        })
    }
}

/// A checked file, nothing of it loaded.
pub struct Opened {
    pub file: Gguf,
    /// Of a model asked for by name: its hash, which the file was held to.
    pub sha256: Option<String>,
}

impl Opened {
    pub fn tokenizer(&self) -> Result<Tokenizer, Stop> {
        load::tokenizer(&self.file).map_err(|error| self.failed(&error))
    }

    pub fn load(&self, tokens: usize) -> Result<Model, Stop> {
        self.load_with(self.tokenizer()?, tokens)
    }

    /// Refuses what would not fit into memory with so many tokens.
    pub fn load_with(&self, tokenizer: Tokenizer, tokens: usize) -> Result<Model, Stop> {
        let options = ModelOptions {
            tokens: Some(tokens),
            ..ModelOptions::default()
        };
        Model::load(&self.file, tokenizer, &options).map_err(|error| self.failed(&error))
    }

    pub fn failed(&self, error: &ModelError) -> Stop {
        Failure::new(Exit::Model, self.file.name(), error).into()
    }
}

pub fn store_failed(name: &str, error: StoreError) -> Stop {
    let (exit, hint) = match &error {
        StoreError::Io { .. } => (Exit::Io, None),
        StoreError::NoHome => (Exit::Model, None),
        StoreError::Absent => (
            Exit::Model,
            Some(format!("sukje model pull {name} fetches it")),
        ),
        StoreError::Size { .. } | StoreError::Hash { .. } | StoreError::NotAFile(_) => (
            Exit::Model,
            Some(format!("sukje model pull {name} fetches it again")),
        ),
    };
    with_hint(Failure::new(exit, name, error), hint)
}

pub fn gguf_failed(GgufError { name, cause }: GgufError) -> Stop {
    Failure::new(Exit::Model, name, cause).into()
}

pub fn with_hint(failure: Failure, hint: Option<String>) -> Stop {
    match hint {
        Some(hint) => failure.hint(hint).into(),
        None => failure.into(),
    }
}
