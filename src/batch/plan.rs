//! The plan of a batch: every input once, in an order that depends on the inputs alone.
//!
//! In:  what the user named. Out: `Plan`: items sorted by id, each with the hash of its bytes; or why an item cannot be done, or
//! which item before it has the very same bytes. Every input is read here once, so that what is to be done is known before
//! anything is written, and so that a shard knows of duplicates in other shards. Only ids, places and hashes are kept, some hundred
//! bytes an item: of a file that lies where its id says, not even the path.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, UTF_8};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::{BatchError, BatchErrorKind};
use super::lines::{self, LineArticle, LineError, Lines, is_json_lines};
use super::names::id_of;
use super::walk::{self, FoundInputs, InputPath, PassedOver, Walk, absolute};
use crate::engine::BriefError;
use crate::hash::hex;
use crate::input::{ReadCause, decode, read_bytes};

/// The SHA-256 of an input's bytes.
pub type Hash = [u8; 32];

/// Says how inputs are gathered.
#[derive(Debug, Clone)]
pub struct PlanOptions {
    /// Says whether folders inside folders are searched too.
    pub recursive: bool,
    /// Says whether links inside folders are followed.
    pub follow: bool,
    /// Ids are paths below this folder; where none is given, below the deepest one that holds everything named.
    pub base: Option<PathBuf>,
    /// Where the notes go; nothing in there is an input.
    pub out: PathBuf,
    /// The part of the items to do.
    pub shard: Shard,
    /// The inputs' encoding; found from the bytes where none is given.
    pub encoding: Option<&'static Encoding>,
    /// Says how many files are read at a time.
    pub threads: usize,
}

/// One of so many equal parts, chosen by the hash of the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// From 0.
    pub index: u32,
    /// The number of them.
    pub count: u32,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Shard = Shard { index: 0, count: 1 };

    /// Tells whether an item belongs to it.
    pub fn holds(self, id: &str) -> bool {
        let hash: Hash = Sha256::digest(id).into();
        let first = hash.first_chunk().expect("a hash is longer than a number");
        u64::from_be_bytes(*first) % u64::from(self.count) == u64::from(self.index)
    }
}

/// What is to be done.
#[derive(Debug)]
pub struct Plan {
    /// By id.
    pub items: Vec<Item>,
    /// The folder in which most files lie as their ids say.
    pub folder: PathBuf,
    /// Files of JSON lines, which items refer to.
    pub line_files: Vec<PathBuf>,
    /// What was passed over in folders.
    pub passed_over: PassedOver,
    /// Which part of all inputs the items are.
    pub shard: Shard,
    /// All inputs, those of other shards too.
    pub whole: PlanDigest,
}

/// All inputs of a plan, before any shard is taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlanDigest {
    /// The number of them.
    pub inputs: usize,
    /// Hash of what each is called and of what is to be done with it: shards of one plan agree on it.
    pub sha256: String,
}

impl PlanDigest {
    fn of(items: &[Item]) -> PlanDigest {
        let mut hash = Sha256::new();
        for item in items {
            let (mark, of): (u8, &[u8]) = match &item.planned {
                Planned::Ready(hash) => (b'r', hash),
                Planned::Duplicate(of) => (b't', of.as_bytes()),
                Planned::Failed(_) => (b'f', b""),
            };
            for part in [item.id.as_bytes(), &[mark], of] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
        }
        PlanDigest {
            inputs: items.len(),
            sha256: hex(hash),
        }
    }
}

/// One input.
#[derive(Debug)]
pub struct Item {
    /// Its path below the inputs' folder, or what its line calls it.
    pub id: Box<str>,
    /// Where its bytes are.
    pub source: ItemSource,
    /// What is to be done with it.
    pub planned: Planned,
}

/// Where an item's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemSource {
    /// In a file of its own, at this path where it is not the plan's folder with the id.
    File(Option<Box<Path>>),
    /// In a line of a file.
    Line {
        /// Index among the plan's files of JSON lines.
        file: u32,
        /// From 1.
        line: u32,
    },
}

/// What is to be done with an item.
#[derive(Debug)]
pub enum Planned {
    /// A note is to be written.
    Ready(Hash),
    /// Nothing: this item before it has the same bytes.
    Duplicate(Box<str>),
    /// Nothing can be.
    Failed(InputError),
}

/// Why an item has no note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InputError {
    /// The kind, for programs.
    pub code: ErrorCode,
    /// The cause, for people.
    pub message: String,
}

/// The kinds of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// It is not there, or is no file.
    NoInput,
    /// It is there and is no article.
    Unusable,
    /// The system failed while reading.
    ReadFailed,
    /// The engine failed.
    Engine,
}

impl From<&LineError> for InputError {
    fn from(cause: &LineError) -> InputError {
        InputError {
            code: ErrorCode::Unusable,
            message: cause.to_string(),
        }
    }
}

impl From<BriefError> for InputError {
    fn from(error: BriefError) -> InputError {
        let code = match &error {
            BriefError::NoArticle => ErrorCode::Unusable,
            BriefError::Engine(_) => ErrorCode::Engine,
        };
        InputError {
            code,
            message: error.to_string(),
        }
    }
}

impl From<&ReadCause> for InputError {
    fn from(cause: &ReadCause) -> InputError {
        let code = match cause {
            ReadCause::Open(_) | ReadCause::Folder | ReadCause::Device | ReadCause::Pipe => {
                ErrorCode::NoInput
            }
            ReadCause::Read(_) => ErrorCode::ReadFailed,
            ReadCause::TooLarge { .. } | ReadCause::Decode(_) => ErrorCode::Unusable,
        };
        InputError {
            code,
            message: cause.to_string(),
        }
    }
}

/// Gathers the inputs and reads each once.
pub fn plan(given: &[InputPath], options: &PlanOptions) -> Result<Plan, BatchError> {
    let out = options.out.canonicalize();
    let out = out.or_else(|_| absolute(&options.out))?;
    let walk = Walk {
        recursive: options.recursive,
        follow: options.follow,
        out: &out,
    };
    let found = walk::find(given, walk)?;
    check_something(&found, given, options)?;
    let passed_over = found.passed_over;
    let base = match &options.base {
        Some(base) => absolute(base)?,
        None => common_folder(&found.roots),
    };
    let folder = folder(&found, &base)?;
    let (mut items, line_files) = items(found, &folder, &base)?;
    read_files(&mut items, &folder, options);
    let mut names = Vec::new();
    for (file, path) in line_files.iter().enumerate() {
        let name = below(&absolute(path)?, &base)?;
        read_lines(path, file as u32, &name, &mut items);
        names.push(name);
    }
    if items.is_empty() {
        return Err(nothing(given));
    }
    let mut plan = Plan {
        items,
        folder,
        line_files,
        passed_over,
        shard: options.shard,
        whole: PlanDigest {
            inputs: 0,
            sha256: String::new(),
        },
    };
    plan.fail_repeated_ids(&names);
    plan.check_ids()?;
    plan.mark_duplicates();
    plan.whole = PlanDigest::of(&plan.items);
    plan.items.retain(|item| options.shard.holds(&item.id));
    plan.items.shrink_to_fit();
    Ok(plan)
}

/// Returns the error of folders without files, of files without lines, and of nothing at all.
fn nothing(given: &[InputPath]) -> BatchError {
    let first = given.first().map_or(Path::new(""), |given| &given.path);
    BatchError::new(BatchErrorKind::NoInput, first.display(), "holds no article")
}

fn check_something(
    found: &FoundInputs,
    given: &[InputPath],
    options: &PlanOptions,
) -> Result<(), BatchError> {
    if found.files.is_empty() {
        return Err(match found.in_output {
            0 => nothing(given),
            _ => BatchError::new(
                BatchErrorKind::Usage,
                options.out.display(),
                "every input lies in it; give the notes a folder of their own",
            ),
        });
    }
    let mut files = found.files.iter();
    match files.next() {
        Some((name, (path, Some(cause)))) if files.all(|(_, (_, cause))| cause.is_some()) => {
            let name = path.as_ref().unwrap_or(name);
            Err(BatchError::new(
                BatchErrorKind::NoInput,
                name.display(),
                cause,
            ))
        }
        _ => Ok(()),
    }
}

/// Returns the deepest folder that holds all of these.
fn common_folder(roots: &[PathBuf]) -> PathBuf {
    let mut common = roots.first().cloned().unwrap_or_default();
    for root in roots {
        while !root.starts_with(&common) && common.pop() {}
    }
    common
}

fn below(path: &Path, base: &Path) -> Result<String, BatchError> {
    let below = path.strip_prefix(base).map_err(|_| {
        let cause = format_args!("does not lie in {}", base.display());
        BatchError::new(BatchErrorKind::Usage, path.display(), cause)
    })?;
    Ok(id_of(below))
}

/// Returns the folder below which the first file has its id for a path; an empty one where there is none such.
fn folder(found: &FoundInputs, base: &Path) -> Result<PathBuf, BatchError> {
    let Some((name, (path, _))) = found.files.first_key_value() else {
        return Ok(PathBuf::new());
    };
    let id = below(name, base)?;
    let path = path.as_ref().unwrap_or(name);
    let mut folder = path.to_path_buf();
    for _ in Path::new(&id).components() {
        folder.pop();
    }
    Ok(folder)
}

/// Makes an item of each file, but for files of JSON lines, which it returns apart.
fn items(
    found: FoundInputs,
    folder: &Path,
    base: &Path,
) -> Result<(Vec<Item>, Vec<PathBuf>), BatchError> {
    let mut items = Vec::with_capacity(found.files.len());
    let mut line_files = Vec::new();
    for (name, (path, cause)) in found.files {
        let id = below(&name, base)?;
        let path = path.unwrap_or(name);
        let planned = match cause {
            None if is_json_lines(&path) => {
                line_files.push(path.into());
                continue;
            }
            None => Planned::Ready([0; 32]),
            Some(cause) => Planned::Failed(InputError::from(&*cause)),
        };
        // By bytes: paths that differ in a stroke are equal as paths, and are told as they were named.
        let told = folder.join(&id).as_os_str() == path.as_os_str();
        items.push(Item {
            id: id.into(),
            source: ItemSource::File((!told).then_some(path)),
            planned,
        });
    }
    Ok((items, line_files))
}

/// Reads every file that can be; several at a time, since reading waits more than it works.
fn read_files(items: &mut [Item], folder: &Path, options: &PlanOptions) {
    let share = items.len().div_ceil(options.threads.max(1)).max(1);
    std::thread::scope(|scope| {
        for items in items.chunks_mut(share) {
            scope.spawn(|| {
                for item in items {
                    if let (ItemSource::File(_), Planned::Ready(_)) = (&item.source, &item.planned)
                    {
                        item.planned = read_file(&item.path(folder), options.encoding);
                    }
                }
            });
        }
    });
}

fn read_file(path: &Path, encoding: Option<&'static Encoding>) -> Planned {
    match read_bytes(path) {
        Ok(bytes) => judge(bytes, encoding),
        Err(error) => Planned::Failed(InputError::from(&error.cause)),
    }
}

/// Refuses what is no article before duplicates are looked for: a second copy of it is a failure of its own.
fn judge(bytes: Vec<u8>, encoding: Option<&'static Encoding>) -> Planned {
    let hash = Sha256::digest(&bytes).into();
    match decode(bytes, encoding) {
        Ok(_) => Planned::Ready(hash),
        Err(cause) => Planned::Failed(InputError::from(&ReadCause::from(cause))),
    }
}

/// Makes an item of each line. A line without a valid id is named by its place.
fn read_lines(path: &Path, file: u32, name: &str, items: &mut Vec<Item>) {
    let last = Cell::new(0);
    let mut add = |line, id: Option<String>, planned| {
        last.set(line);
        items.push(Item {
            id: id.unwrap_or_else(|| format!("{name}:{line}")).into(),
            source: ItemSource::Line { file, line },
            planned,
        });
    };
    let read = Lines::open(path).and_then(|mut lines| {
        while let Some((line, bytes)) = lines.next_line()? {
            match bytes.and_then(lines::record) {
                // JSON is UTF-8 whatever the other inputs are.
                Ok(LineArticle { id, text: Ok(text) }) => {
                    add(line, Some(id), judge(text.into_bytes(), Some(UTF_8)));
                }
                Ok(LineArticle {
                    id,
                    text: Err(cause),
                }) => add(line, Some(id), Planned::Failed((&cause).into())),
                Err(cause) => add(line, None, Planned::Failed((&cause).into())),
            }
        }
        Ok(())
    });
    if let Err(error) = read {
        let failure = InputError::from(&ReadCause::Read(error));
        add(last.get() + 1, None, Planned::Failed(failure));
    }
}

impl Item {
    /// Returns the path of a file, which lies in the plan's folder where it has none of its own.
    pub fn path(&self, folder: &Path) -> PathBuf {
        match &self.source {
            ItemSource::File(Some(path)) => path.to_path_buf(),
            ItemSource::File(None) | ItemSource::Line { .. } => folder.join(&*self.id),
        }
    }
}

impl Plan {
    /// Returns an item's place as errors name it.
    pub fn place(&self, item: &Item) -> String {
        match &item.source {
            ItemSource::File(_) => item.path(&self.folder).display().to_string(),
            ItemSource::Line { file, line } => {
                format!("{}, line {line}", self.line_files[*file as usize].display())
            }
        }
    }

    /// Returns how many items have the same bytes as another.
    pub fn duplicates(&self) -> usize {
        self.count(|planned| matches!(planned, Planned::Duplicate(_)))
    }

    /// Returns how many items are known to fail.
    pub fn failures(&self) -> usize {
        self.count(|planned| matches!(planned, Planned::Failed(_)))
    }

    fn count(&self, is_so: impl Fn(&Planned) -> bool) -> usize {
        let items = self.items.iter();
        items.filter(|item| is_so(&item.planned)).count()
    }

    /// Sorts the items by id. A line whose id an earlier input has is named by its place, and fails. `names` are those of the files of
    /// lines.
    fn fail_repeated_ids(&mut self, names: &[String]) {
        self.sort();
        let mut repeated = Vec::new();
        let mut first = 0;
        for at in 1..self.items.len() {
            if self.items[at].id != self.items[first].id {
                first = at;
                continue;
            }
            // A file keeps its path for an id, a line can be named by its place.
            if let ItemSource::Line { file, line } = self.items[at].source {
                let place = format!("{}:{line}", names[file as usize]);
                repeated.push((at, place, self.place(&self.items[first])));
            }
        }
        if repeated.is_empty() {
            return;
        }
        for (at, place, first) in repeated {
            let item = &mut self.items[at];
            let message = format!("its id {:?} stands already at {first}", item.id);
            item.id = place.into();
            item.planned = Planned::Failed(InputError {
                code: ErrorCode::Unusable,
                message,
            });
        }
        self.sort();
    }

    fn sort(&mut self) {
        let place = |item: &Item| match item.source {
            ItemSource::File(_) => (0, 0),
            ItemSource::Line { file, line } => (file + 1, line),
        };
        self.items.sort_unstable_by(|one, other| {
            one.id.cmp(&other.id).then(place(one).cmp(&place(other)))
        });
    }

    fn check_ids(&self) -> Result<(), BatchError> {
        for pair in self.items.windows(2) {
            if pair[0].id == pair[1].id {
                let mut places = [self.place(&pair[0]), self.place(&pair[1])];
                places.sort();
                let [first, second] = places;
                let id = &pair[0].id;
                let cause = format_args!("its id {id:?} stands already at {first}");
                return Err(BatchError::new(BatchErrorKind::Unusable, second, cause));
            }
        }
        Ok(())
    }

    /// Marks all but the first of the items with the same bytes.
    fn mark_duplicates(&mut self) {
        let hash = |at: &u32| match &self.items[*at as usize].planned {
            Planned::Ready(hash) => Some(hash),
            _ => None,
        };
        // Sorted, since a map of hashes would weigh half as much as the plan. Equal ones stay in the order of their ids.
        let mut ready: Vec<u32> = (0..self.items.len() as u32).collect();
        ready.retain(|at| hash(at).is_some());
        ready.sort_by(|one, other| hash(one).cmp(&hash(other)));
        let mut duplicates = Vec::new();
        for same in ready.chunk_by(|one, other| hash(one) == hash(other)) {
            duplicates.extend(same[1..].iter().map(|at| (*at, same[0])));
        }
        for (at, of) in duplicates {
            let of = self.items[of as usize].id.clone();
            self.items[at as usize].planned = Planned::Duplicate(of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_folder_is_the_deepest_that_holds_all() {
        let check = |roots: &[&str], expected: &str| {
            let roots: Vec<PathBuf> = roots.iter().map(PathBuf::from).collect();
            assert_eq!(common_folder(&roots), Path::new(expected));
        };
        check(&["/a/b/c"], "/a/b/c");
        check(&["/a/b/c", "/a/b/d/e", "/a/b"], "/a/b");
        check(&["/a/bc", "/a/bd"], "/a");
        check(&["/a", "/b"], "/");
    }

    #[test]
    fn a_file_is_found_by_its_id_or_keeps_its_path() {
        let folder = tempfile::tempdir().expect("a folder");
        let there = |name: &str| folder.path().join(name);
        std::fs::create_dir(there("b")).expect("made");
        for name in ["a.txt", "b/c\\d.txt", "b/e.txt"] {
            std::fs::write(there(name), name).expect("written");
        }
        let options = PlanOptions {
            recursive: true,
            follow: false,
            base: None,
            out: there("out"),
            shard: Shard::WHOLE,
            encoding: None,
            threads: 1,
        };
        let given = [InputPath {
            path: folder.path().into(),
            pattern: false,
        }];
        let plan = plan(&given, &options).expect("a plan");
        let found: Vec<(PathBuf, bool)> = plan
            .items
            .iter()
            .map(|item| {
                (
                    item.path(&plan.folder),
                    item.source == ItemSource::File(None),
                )
            })
            .collect();
        let expected = [
            (there("a.txt"), true),
            (there("b/c\\d.txt"), false),
            (there("b/e.txt"), true),
        ];
        assert_eq!(found, expected);
        assert!(size_of::<Item>() <= 80);
    }

    #[test]
    fn every_id_belongs_to_one_shard() {
        let count = 7;
        for id in ["", "a", "강변/소식.txt", "a\\xff"] {
            let holders = (0..count).filter(|&index| Shard { index, count }.holds(id));
            assert_eq!(holders.count(), 1, "{id}");
            assert!(Shard::WHOLE.holds(id));
        }
    }
}
