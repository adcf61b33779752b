//! What a finished folder of notes is a part of, so that parts can be put together.
//!
//! In:  a plan and how it was run. Out: `.sukje/part.json`, written last of all and taken away before anything is written again:
//! where it stands, the folder is finished and its summary true.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::journal::STATE_FOLDER;
use super::plan::{PlanDigest, Shard};

/// The form of the file.
const VERSION: u32 = 1;

/// What a finished folder is a part of, and how its notes were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardManifest {
    /// The form of the file.
    part: u32,
    /// Which part.
    pub shard: Shard,
    /// Of what.
    pub whole: PlanDigest,
    /// Says how its notes were made.
    pub made: Provenance,
}

/// Says how notes were made: those of parts that go together were made alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The engine, for people.
    pub engine: String,
    /// The program's version.
    pub program: String,
    /// Hash of everything a note depends on besides its input.
    pub settings: String,
    /// The ends of the notes' names, in order.
    pub formats: Vec<String>,
    /// Says whether all notes lie in one folder.
    pub flat: bool,
}

/// Returns the manifest's name below an output folder.
pub fn manifest_name() -> String {
    format!("{STATE_FOLDER}/part.json")
}

impl ShardManifest {
    /// Makes the manifest of a part of a plan, whose notes were made so.
    pub(super) fn new(shard: Shard, whole: &PlanDigest, made: Provenance) -> ShardManifest {
        ShardManifest {
            part: VERSION,
            shard,
            whole: whole.clone(),
            made,
        }
    }

    /// Reads what a folder says of itself; none where it is not finished, or was made by a version that said it otherwise.
    pub(super) fn read(folder: &Path) -> io::Result<Option<ShardManifest>> {
        let bytes = match fs::read(folder.join(manifest_name())) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let manifest: Option<ShardManifest> = serde_json::from_slice(&bytes).ok();
        Ok(manifest.filter(|manifest| {
            manifest.part == VERSION && manifest.shard.index < manifest.shard.count
        }))
    }
}

impl Provenance {
    /// Says in words what is different; none where nothing is.
    pub(super) fn differs(&self, other: &Provenance) -> Option<String> {
        let pair =
            |what: &str, one: &str, other: &str| Some(format!("{what} {one}, and not {other}"));
        if self.program != other.program {
            return pair("made by sukje", &self.program, &other.program);
        }
        if self.engine != other.engine {
            return pair("written by", &self.engine, &other.engine);
        }
        if self.settings != other.settings {
            return Some("made with other options (language, lens, encoding, model)".into());
        }
        if self.formats != other.formats {
            let [own, others] = [self, other].map(|made| made.formats.join(","));
            return pair("its notes are", &own, &others);
        }
        if self.flat != other.flat {
            let [own, others] = [self, other].map(|made| match made.flat {
                true => "in one folder",
                false => "in mirrored folders",
            });
            return pair("its notes lie", own, others);
        }
        None
    }
}
