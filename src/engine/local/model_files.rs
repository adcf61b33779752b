//! Model files: which model is meant, and its file opened, checked and loaded.
//!
//! In:  a model's name, or a file. Out: `ModelFile`, and what is loaded of it. Nothing is fetched, and nothing is loaded before it is asked for.

use std::path::{Path, PathBuf};

use super::note_model::NoteModel;
use crate::engine::error::{Cause, OpenError};
use crate::engine::options::{EngineChoice, EngineOptions};
use crate::input::read_file;
use crate::model::gguf::{self, Gguf, GgufError};
use crate::model::load;
use crate::model::registry::{LineFigures, ModelSpec, Registry};
use crate::model::store::{OnDisk, Store, StoreError};
use crate::model::tokenizer::Tokenizer;
use crate::model::{Decoder, Model, ModelError, ModelOptions};

/// How near the embedded engine's own lines come to editors': `weigh_lines FILE 6`, weight 0.
const EMBEDDED: LineFigures = LineFigures {
    chrf: 0.349,
    facts: 0.567,
};

/// Finds the model that is asked for, or the one that is on this computer, and the name a note gives it.
pub(super) fn find(options: &EngineOptions) -> Result<Option<(ModelFile, String)>, OpenError> {
    let asked = options.engine == EngineChoice::Llm || options.model.is_some();
    let models = match Models::open(options.models.as_deref()) {
        // Without a home there is no store, and no model anybody asked for.
        Err(_) if !asked && options.models.is_none() => return Ok(None),
        models => models?,
    };
    if let Some(named) = &options.model {
        let file = models.file(named)?;
        let name = match file.sha256 {
            Some(_) => named.clone(),
            None => file_name(named),
        };
        return Ok(Some((file, name)));
    }
    let present = match asked {
        true => models.present(),
        false => models.better(),
    };
    match present {
        Some(spec) => Ok(Some((models.known_file(spec)?, spec.name.clone()))),
        None if asked => {
            let name = &models.registry.default_model().name;
            Err(store_error(name, StoreError::Absent))
        }
        None => Ok(None),
    }
}

fn file_name(path: &str) -> String {
    let path = Path::new(path);
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// The models that are known, and where they are kept.
pub struct Models {
    /// The models that are known.
    pub registry: Registry,
    /// Where they are kept.
    pub store: Store,
}

/// A model as the user names it.
pub enum NamedModel<'a> {
    /// A known model.
    Model(&'a ModelSpec),
    /// A file.
    File(PathBuf),
}

impl Models {
    /// Opens the models of a file, or the built-in ones, and the store of this user.
    pub fn open(models: Option<&Path>) -> Result<Models, OpenError> {
        Ok(Models {
            registry: registry(models)?,
            store: Store::from_env().map_err(|error| store_error("models", error))?,
        })
    }

    /// Returns the default model if it is on this computer, else the first that is.
    pub fn present(&self) -> Option<&ModelSpec> {
        std::iter::once(self.registry.default_model())
            .chain(self.registry.models())
            .find(|spec| matches!(self.store.on_disk(spec), OnDisk::Present(_)))
    }

    /// Returns the best of the models on this computer that were measured to choose better lines than the embedded engine.
    pub fn better(&self) -> Option<&ModelSpec> {
        let beats = |spec: &&ModelSpec| spec.lines.is_some_and(|lines| lines.beat(EMBEDDED));
        let present = |spec: &&ModelSpec| matches!(self.store.on_disk(spec), OnDisk::Present(_));
        let worth = |spec: &ModelSpec| {
            spec.lines
                .map_or(0.0, |l| l.chrf / EMBEDDED.chrf + l.facts / EMBEDDED.facts)
        };
        let models = self.registry.models().iter();
        let better = models.filter(beats).filter(present);
        better.max_by(|a, b| worth(a).total_cmp(&worth(b)))
    }

    /// Returns the model of that name.
    pub fn spec(&self, name: &str) -> Result<&ModelSpec, OpenError> {
        self.registry
            .get(name)
            .ok_or_else(|| OpenError::UnknownModel { name: name.into() })
    }

    /// Returns a model by its name; else a file, if the name looks like one.
    pub fn named(&self, text: &str) -> Result<NamedModel<'_>, OpenError> {
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

    /// Opens the model of that name, checked against its hash, or a file.
    pub fn file(&self, named: &str) -> Result<ModelFile, OpenError> {
        match self.named(named)? {
            NamedModel::Model(spec) => self.known_file(spec),
            NamedModel::File(path) => Ok(ModelFile {
                file: gguf::open(&path).map_err(gguf_error)?,
                sha256: None,
            }),
        }
    }

    /// Opens a known model, checked against its hash.
    fn known_file(&self, spec: &ModelSpec) -> Result<ModelFile, OpenError> {
        let found = self
            .store
            .open(spec)
            .map_err(|error| store_error(&spec.name, error))?;
        let gguf = Gguf::from_file(&found.path.to_string_lossy(), found.file);
        Ok(ModelFile {
            file: gguf.map_err(gguf_error)?,
            sha256: Some(found.sha256),
        })
    }
}

/// Returns the built-in models, or those of the user's own file.
fn registry(path: Option<&Path>) -> Result<Registry, OpenError> {
    let Some(path) = path else {
        return Ok(Registry::builtin());
    };
    let unusable = |cause: Cause| OpenError::File {
        path: path.to_path_buf(),
        cause,
    };
    let document = read_file(path, None).map_err(|error| unusable(error.cause.into()))?;
    Registry::from_toml(&document.text).map_err(|error| unusable(error.into()))
}

/// A checked file, nothing of it loaded.
pub struct ModelFile {
    /// The file.
    pub file: Gguf,
    /// The hash it was checked against, if it is a known model.
    pub sha256: Option<String>,
}

impl ModelFile {
    /// Loads its tokenizer.
    pub fn tokenizer(&self) -> Result<Tokenizer, OpenError> {
        load::tokenizer(&self.file).map_err(|error| self.unusable(error))
    }

    /// Loads the model, unless it would not fit into memory with so many tokens.
    pub fn load(&self, tokens: usize) -> Result<Model, OpenError> {
        self.load_with(self.tokenizer()?, tokens)
    }

    /// Loads the model with this tokenizer, unless it would not fit into memory with so many tokens.
    pub fn load_with(&self, tokenizer: Tokenizer, tokens: usize) -> Result<Model, OpenError> {
        let options = ModelOptions {
            tokens: Some(tokens),
            ..ModelOptions::default()
        };
        Model::load(&self.file, tokenizer, &options).map_err(|error| self.unusable(error))
    }

    /// Loads the model under the name a note gives it, made ready to write notes.
    pub fn note_model(&self, name: &str, tokens: usize) -> Result<NoteModel<Decoder>, OpenError> {
        let unusable = |cause: Cause| OpenError::Model {
            name: name.into(),
            cause,
        };
        let loaded = self.load(tokens)?;
        let chat = loaded
            .chat()
            .map_err(|error| unusable(error.to_string().into()))?;
        let chat = chat.clone();
        let sha256 = match &self.sha256 {
            Some(sha256) => sha256.clone(),
            None => self.file.sha256().map_err(|cause| unusable(cause.into()))?,
        };
        NoteModel::new(loaded.decoder, loaded.tokenizer, chat, name, Some(sha256))
            .map_err(|error| unusable(error.into()))
    }

    fn unusable(&self, error: ModelError) -> OpenError {
        OpenError::Model {
            name: self.file.name().into(),
            cause: error.into(),
        }
    }
}

/// Says what is wrong with a model of that name in the store.
pub fn store_error(name: &str, error: StoreError) -> OpenError {
    let name = name.to_string();
    match &error {
        StoreError::Io { .. } => OpenError::Io {
            name,
            cause: error.into(),
        },
        StoreError::NoHome => OpenError::Model {
            name,
            cause: error.into(),
        },
        StoreError::Absent => OpenError::AbsentModel {
            name,
            cause: error.into(),
        },
        StoreError::Size { .. } | StoreError::Hash { .. } | StoreError::NotAFile(_) => {
            OpenError::DamagedModel {
                name,
                cause: error.into(),
            }
        }
    }
}

fn gguf_error(GgufError { name, cause }: GgufError) -> OpenError {
    OpenError::Model {
        name,
        cause: cause.into(),
    }
}
