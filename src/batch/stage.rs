//! The staging folder: a local copy of what lies in object stores, for a batch that knows folders alone.
//!
//! In:  trees of objects. Out: the inputs below `in/`, as a plain folder holds them, and the notes in `out/`, which is fetched before a
//! batch so that it goes on where another computer has ended, and put back behind it. A file gets its name once it is whole, and what
//! is there as the store has it is not fetched again. Where store and folder have both changed, the store is right: what is lost by
//! that is done again. Object names are not trusted: what no file can be called is told and left, and nothing lies outside the folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use object_store::{ObjectMeta, ObjectStoreExt, PutResult, WriteMultipart};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::runtime::{Builder, Runtime};
use walkdir::WalkDir;

use super::briefs::BRIEFS;
use super::commit::is_temporary;
use super::journal::{JOURNAL, LOCK, Lock, STATE_FOLDER, make_state_folder};
use super::lines::is_json_lines;
use super::merge::SUMMARY;
use super::part::part_name;
use super::store::{StoreError, Tree};
use crate::hash::{feed, hex, sha256};
use crate::input::MAX_INPUT_BYTES;

/// Objects on their way at a time.
const FLIGHTS: usize = 8;
/// What is larger goes up in pieces of this size, two of them at a time: a piece must get through within a request's time.
const PIECE_BYTES: usize = 8 << 20;
const PIECES: usize = 2;

/// Folders below the stage.
const IN: &str = "in";
const OUT: &str = "out";
/// In the stage's own folder: what was last seen of each object, and files that are not whole yet.
const SEEN: &str = "objects.json";
const UNFINISHED: &str = ".unfinished-";

/// The longest part of a path that file systems take, and the longest path tried: stores take 1,024 bytes.
const PART_BYTES: usize = 255;
const NAME_BYTES: usize = 2_048;

/// The staging folder, while it is ours.
#[derive(Debug)]
pub struct Stage {
    root: PathBuf,
    seen: Seen,
    /// One for as long as it lives: connections die with theirs.
    runtime: Arc<Runtime>,
    _lock: Lock,
}

/// By path below the stage.
type Seen = BTreeMap<String, Mark>;

/// What an object was when it was fetched or put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    /// Its size and the store's tag for its bytes.
    version: String,
    /// The hash of the file that was made of it or that it was made of; none for one too large to be an input.
    sha256: Option<String>,
}

/// What came of fetching a tree.
#[derive(Debug)]
pub struct Fetched {
    /// The folder, or the file where the URL names an object.
    pub path: PathBuf,
    /// Objects fetched.
    pub fetched: usize,
    /// Objects that were there already.
    pub kept: usize,
    /// Objects there is no file of.
    pub lost: Vec<Lost>,
}

/// An object there is no file of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Its URL.
    pub url: String,
    /// Why.
    pub cause: &'static str,
}

/// What came of putting a folder into a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pushed {
    /// Files put.
    pub put: usize,
    /// Files that were there already.
    pub kept: usize,
}

/// A name for the stage of a batch that writes to `out`: sixteen digits.
pub fn stage_name(out: &str) -> String {
    sha256(out)[..16].into()
}

impl Stage {
    /// Takes a folder, which is made where there is none.
    pub fn open(root: &Path) -> Result<Stage, StoreError> {
        fs::create_dir_all(root).map_err(|error| failed(root, "made", error))?;
        make_state_folder(root)?;
        let lock = Lock::take(root)?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let own = root.join(STATE_FOLDER);
        remove_unfinished(&own).map_err(|error| failed(&own, "read", error))?;
        // A list that cannot be read costs fetching once more.
        let seen = fs::read(own.join(SEEN)).ok();
        let seen = seen.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(Stage {
            root: root.to_path_buf(),
            seen: seen.unwrap_or_default(),
            runtime: Arc::new(runtime.map_err(|error| failed(root, "used", error))?),
            _lock: lock,
        })
    }

    /// Where inputs lie, each tree in folders of its scheme, bucket and prefix.
    pub fn inputs(&self) -> PathBuf {
        self.root.join(IN)
    }

    /// Where a tree of inputs lies, or would.
    pub fn place(&self, tree: &Tree) -> Result<PathBuf, StoreError> {
        Ok(self.root.join(place(tree)?))
    }

    /// Where the notes lie.
    pub fn output(&self) -> PathBuf {
        self.root.join(OUT)
    }

    /// Fetches inputs: a tree, or the one object that a URL names. Hidden objects, and those of the tree `except`, are no inputs.
    pub fn fetch(
        &mut self,
        tree: &Tree,
        recursive: bool,
        except: Option<&Tree>,
    ) -> Result<Fetched, StoreError> {
        let below = place(tree)?;
        let runtime = self.runtime.clone();
        let fetched = runtime.block_on(async {
            let mut objects = tree.list(recursive).await?;
            if objects.is_empty() {
                return self.fetch_object(tree, &below).await;
            }
            objects.retain(|name, object| {
                let out = except.is_some_and(|except| except.holds(tree, object));
                !out && !name.split('/').any(|part| part.starts_with('.'))
            });
            let folder = self.root.join(&below);
            let lost = leave_unfit(tree, &mut objects);
            clear(&folder, &self.inputs(), &objects, recursive)
                .map_err(|error| failed(&folder, "cleared", error))?;
            self.forget(&below, |name| {
                objects.contains_key(name) || !recursive && name.contains('/')
            });
            let mut fetched = self.bring(tree, &below, objects, Kind::Input).await?;
            fetched.lost.splice(..0, lost);
            Ok(fetched)
        });
        self.remembered(fetched)
    }

    /// The object that a URL names.
    async fn fetch_object(&mut self, tree: &Tree, below: &str) -> Result<Fetched, StoreError> {
        let nothing = || StoreError::Nothing {
            url: tree.url().into(),
        };
        let object = match tree.store.head(&tree.root).await {
            Err(object_store::Error::NotFound { .. }) => return Err(nothing()),
            object => object.map_err(|error| tree.failed("looked up", error))?,
        };
        let path = self.root.join(below);
        if path.is_dir() {
            fs::remove_dir_all(&path).map_err(|error| failed(&path, "cleared", error))?;
        }
        let one = BTreeMap::from([(String::new(), object)]);
        let fetched = self.bring(tree, below, one, Kind::Input).await?;
        match fetched.lost.is_empty() {
            true => Ok(fetched),
            false => Err(nothing()),
        }
    }

    /// Fetches the notes of an earlier run, if there are some: what the store has that was not seen there yet.
    pub fn fetch_output(&mut self, tree: &Tree) -> Result<Fetched, StoreError> {
        let runtime = self.runtime.clone();
        let fetched = runtime.block_on(async {
            let mut objects = tree.list(true).await?;
            let journal = format!("{STATE_FOLDER}/{JOURNAL}");
            if !objects.contains_key(&journal) {
                // Whatever lies there is not of a batch, and not ours to copy.
                objects.clear();
            }
            objects.retain(|name, _| travels(name));
            let lost = leave_unfit(tree, &mut objects);
            self.forget(OUT, |name| objects.contains_key(name));
            let mut fetched = self.bring(tree, OUT, objects, Kind::Output).await?;
            fetched.lost.splice(..0, lost);
            Ok(fetched)
        });
        self.remembered(fetched)
    }

    /// Fetches objects that are not there as the store has them, several at a time.
    async fn bring(
        &mut self,
        tree: &Tree,
        below: &str,
        objects: BTreeMap<String, ObjectMeta>,
        kind: Kind,
    ) -> Result<Fetched, StoreError> {
        let Stage { root, seen, .. } = self;
        let mut fetched = Fetched {
            path: root.join(below),
            fetched: 0,
            kept: 0,
            lost: Vec::new(),
        };
        let count = objects.len();
        let wanted: Vec<_> = objects
            .into_iter()
            .map(|(name, object)| (key(below, &name), name, object))
            .filter(|(key, _, object)| !kind.has(&root.join(key), object, seen.get(key)))
            .collect();
        fetched.kept = count - wanted.len();
        let root = &*root;
        let mut flights = stream::iter(wanted)
            .map(|(key, name, object)| async move {
                let file = fetch_one(tree, &name, &object, root, &root.join(&key), kind).await;
                (key, name, file)
            })
            .buffer_unordered(FLIGHTS);
        while let Some((key, name, file)) = flights.next().await {
            match file? {
                Some(mark) => {
                    seen.insert(key, mark);
                    fetched.fetched += 1;
                }
                None => fetched.lost.push(Lost {
                    url: tree.url_of(&name),
                    cause: "was listed and is not there any more",
                }),
            }
        }
        fetched.lost.sort_by(|one, other| one.url.cmp(&other.url));
        Ok(fetched)
    }

    /// Puts the notes into a store: what differs, and last of all what says that they are finished.
    pub fn push(&mut self, tree: &Tree) -> Result<Pushed, StoreError> {
        let runtime = self.runtime.clone();
        let pushed = runtime.block_on(self.put_all(tree, &RANKS));
        self.remembered(pushed)
    }

    /// Puts the notes of a run under way into a store, and their records, which a run may go on from.
    pub fn push_some(&mut self, tree: &Tree) -> Result<Pushed, StoreError> {
        let runtime = self.runtime.clone();
        let pushed = runtime.block_on(self.put_all(tree, &RANKS[..2]));
        self.remembered(pushed)
    }

    async fn put_all(&mut self, tree: &Tree, ranks: &[u8]) -> Result<Pushed, StoreError> {
        let out = self.output();
        let names = files(&out).map_err(|error| failed(&out, "read", error))?;
        let mut changed = BTreeSet::new();
        for name in &names {
            if ranks.contains(&rank(name)) && self.differs(name)? {
                changed.insert((rank(name), name.clone()));
            }
        }
        let part = part_name();
        let gone =
            |seen: &Seen, name: &str| !names.contains(name) && seen.contains_key(&out_key(name));
        let without_part = changed.iter().any(|(_, name)| *name != part);
        let stale = without_part || gone(&self.seen, &part) || gone(&self.seen, BRIEFS);
        if stale && self.seen.contains_key(&out_key(&part)) {
            // Whoever finds it must find all that it speaks of, so it goes first and comes back last.
            self.remove(tree, &part).await?;
            if names.contains(&part) {
                changed.insert((rank(&part), part));
            }
        }
        let put = changed.len();
        for rank in ranks {
            let group = changed.iter().filter(|(of, _)| of == rank);
            self.put_group(tree, group.map(|(_, name)| name.as_str()).collect())
                .await?;
        }
        if gone(&self.seen, BRIEFS) {
            self.remove(tree, BRIEFS).await?;
        }
        Ok(Pushed {
            put,
            kept: names.len() - put,
        })
    }

    /// Whether a file is another than the store was seen to have.
    fn differs(&self, name: &str) -> Result<bool, StoreError> {
        let seen = self.seen.get(&out_key(name));
        let Some(known) = seen.and_then(|mark| mark.sha256.as_ref()) else {
            return Ok(true);
        };
        let path = self.output().join(name);
        let hash = hash_file(&path).map_err(|error| failed(&path, "read", error))?;
        Ok(hash != *known)
    }

    async fn put_group(&mut self, tree: &Tree, names: Vec<&str>) -> Result<(), StoreError> {
        let out = self.output();
        let out = &out;
        let mut flights = stream::iter(names)
            .map(|name| async move { (name, put_one(tree, name, &out.join(name)).await) })
            .buffer_unordered(FLIGHTS);
        while let Some((name, mark)) = flights.next().await {
            self.seen.insert(out_key(name), mark?);
        }
        Ok(())
    }

    async fn remove(&mut self, tree: &Tree, name: &str) -> Result<(), StoreError> {
        match tree.store.delete(&tree.location(name)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(tree.failed_at(name, "removed", error)),
        }
        self.seen.remove(&out_key(name));
        Ok(())
    }

    /// Forgets what was seen of objects that are no more.
    fn forget(&mut self, below: &str, is_there: impl Fn(&str) -> bool) {
        self.seen.retain(|key, _| {
            let name = key
                .strip_prefix(below)
                .and_then(|name| name.strip_prefix('/'));
            name.is_none_or(&is_there)
        });
    }

    /// Writes down what was seen, also where only a part came.
    fn remembered<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        let remembered = self.remember();
        let result = result?;
        remembered.map(|()| result)
    }

    fn remember(&self) -> Result<(), StoreError> {
        let own = self.root.join(STATE_FOLDER);
        let path = own.join(SEEN);
        let json = serde_json::to_vec(&self.seen).expect("marks are JSON");
        let written = unfinished(&own).and_then(|mut file| {
            file.write_all(&json)?;
            file.persist(&path)?;
            Ok(())
        });
        written.map_err(|error| failed(&path, "written", error))
    }
}

/// What files are fetched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// They must be what the store has.
    Input,
    /// They may have changed since, which is for the store to learn.
    Output,
}

impl Kind {
    /// Whether a file is there as it should be.
    fn has(self, path: &Path, object: &ObjectMeta, seen: Option<&Mark>) -> bool {
        let seen = seen.filter(|mark| mark.version == version_of(object));
        seen.is_some_and(|mark| match (self, &mark.sha256) {
            (Kind::Output, _) => path.is_file(),
            (Kind::Input, Some(known)) => hash_file(path).is_ok_and(|hash| hash == *known),
            (Kind::Input, None) => path
                .metadata()
                .is_ok_and(|known| known.len() == object.size),
        })
    }

    /// Whether an object is refused by its size, whatever it holds.
    fn refuses(self, path: &Path, object: &ObjectMeta) -> bool {
        self == Kind::Input && object.size > MAX_INPUT_BYTES && !is_json_lines(path)
    }
}

fn failed(path: &Path, doing: &'static str, source: io::Error) -> StoreError {
    StoreError::File {
        path: path.to_path_buf(),
        doing,
        source,
    }
}

fn key(below: &str, name: &str) -> String {
    match name.is_empty() {
        true => below.into(),
        false => format!("{below}/{name}"),
    }
}

fn out_key(name: &str) -> String {
    key(OUT, name)
}

fn version_of(object: &ObjectMeta) -> String {
    let modified = || object.last_modified.to_rfc3339();
    version(object.size, object.e_tag.clone().unwrap_or_else(modified))
}

/// Some stores put a tag in quotes at one time and not at another.
fn version(bytes: u64, tag: impl AsRef<str>) -> String {
    format!("{bytes} {}", tag.as_ref().trim_matches('"'))
}

/// The folder of a tree below the stage.
fn place(tree: &Tree) -> Result<String, StoreError> {
    let parts: Vec<&str> = [IN].into_iter().chain(tree.place()).collect();
    let place = parts.join("/");
    match unfit(&place) {
        None => Ok(place),
        Some(cause) => Err(StoreError::Url {
            url: tree.url().into(),
            cause,
        }),
    }
}

/// Why no file can be called so; none where one can.
fn unfit(name: &str) -> Option<&'static str> {
    let is_plain = |part: &str| {
        let mut parts = Path::new(part).components();
        let first = parts.next();
        let plain = matches!(first, Some(Component::Normal(first)) if first == part);
        plain && parts.next().is_none() && !part.contains('\0')
    };
    if name.len() > NAME_BYTES || name.split('/').any(|part| part.len() > PART_BYTES) {
        return Some("its name is too long for a file");
    }
    match name.split('/').all(is_plain) {
        true => None,
        false => Some("no file can have its name"),
    }
}

/// Takes out what no file can be made of. An empty object with the name of a folder is the folder's marker, and nothing is lost by it.
fn leave_unfit(tree: &Tree, objects: &mut BTreeMap<String, ObjectMeta>) -> Vec<Lost> {
    let folders: BTreeSet<String> = objects
        .keys()
        .flat_map(|name| {
            name.match_indices('/')
                .map(|(at, _)| name[..at].to_string())
        })
        .collect();
    let mut lost = Vec::new();
    objects.retain(|name, object| {
        let folder = folders.contains(name);
        let cause = match unfit(name) {
            None if folder && object.size > 0 => Some("its name is that of a folder of objects"),
            cause => cause,
        };
        lost.extend(cause.map(|cause| Lost {
            url: tree.url_of(name),
            cause,
        }));
        cause.is_none() && !folder
    });
    lost
}

/// Removes what stands in the way of objects, and files that no object has the name of.
fn clear(
    folder: &Path,
    inputs: &Path,
    objects: &BTreeMap<String, ObjectMeta>,
    recursive: bool,
) -> io::Result<()> {
    for way in folder.ancestors().take_while(|way| *way != inputs) {
        if way.is_file() {
            fs::remove_file(way)?;
        }
    }
    if !folder.is_dir() {
        return Ok(());
    }
    let depth = if recursive { usize::MAX } else { 1 };
    let entries = WalkDir::new(folder).min_depth(1).max_depth(depth);
    for entry in entries.contents_first(true) {
        let entry = entry?;
        let wanted =
            name_below(folder, entry.path()).is_some_and(|name| objects.contains_key(&name));
        match (entry.file_type().is_dir(), wanted) {
            (true, true) => fs::remove_dir_all(entry.path())?,
            // One that is not empty stays.
            (true, false) => drop(fs::remove_dir(entry.path())),
            (false, true) => {}
            (false, false) => fs::remove_file(entry.path())?,
        }
    }
    Ok(())
}

fn name_below(folder: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(folder).ok()?.iter();
    let parts: Option<Vec<&str>> = parts.map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

/// One object into one file; none where there is no such object.
async fn fetch_one(
    tree: &Tree,
    name: &str,
    object: &ObjectMeta,
    root: &Path,
    path: &Path,
    kind: Kind,
) -> Result<Option<Mark>, StoreError> {
    let written = |error| failed(path, "written", error);
    let lost = |error| tree.failed_at(name, "fetched", error);
    let mut file = unfinished(&root.join(STATE_FOLDER)).map_err(written)?;
    let mut mark = Mark {
        version: version_of(object),
        sha256: None,
    };
    if kind.refuses(path, object) {
        // A file of that size without anything in it is refused in the same words.
        file.as_file().set_len(object.size).map_err(written)?;
    } else {
        let got = match tree.store.get(&object.location).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            got => got.map_err(lost)?,
        };
        // It may be another by now than the one that was listed.
        let (size, version) = (got.meta.size, version_of(&got.meta));
        let mut hash = Sha256::new();
        let mut bytes = 0;
        let mut body = got.into_stream();
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(lost)?;
            bytes += piece.len() as u64;
            hash.update(&piece);
            file.write_all(&piece).map_err(written)?;
        }
        if bytes != size {
            return Err(lost(cut(bytes, size)));
        }
        mark = Mark {
            version,
            sha256: Some(hex(hash)),
        };
    }
    let folder = path.parent().unwrap_or(root);
    fs::create_dir_all(folder).map_err(|error| failed(folder, "made", error))?;
    file.persist(path).map_err(|error| written(error.error))?;
    Ok(Some(mark))
}

fn cut(bytes: u64, size: u64) -> object_store::Error {
    object_store::Error::Generic {
        store: "object",
        source: format!("{bytes} of {size} bytes came").into(),
    }
}

/// One file into one object.
async fn put_one(tree: &Tree, name: &str, path: &Path) -> Result<Mark, StoreError> {
    let unread = |error| failed(path, "read", error);
    let lost = |error| tree.failed_at(name, "put", error);
    let location = tree.location(name)?;
    let mut file = File::open(path).map_err(unread)?;
    let mut bytes = Vec::new();
    let most = PIECE_BYTES as u64;
    (&mut file)
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(unread)?;
    let mut hash = Sha256::new_with_prefix(&bytes);
    let mut size = bytes.len() as u64;
    let put: PutResult = if size < most {
        let put = tree.store.put(&location, bytes.into()).await;
        put.map_err(lost)?
    } else {
        let upload = tree.store.put_multipart(&location).await.map_err(lost)?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PIECE_BYTES);
        while !bytes.is_empty() {
            upload.wait_for_capacity(PIECES).await.map_err(lost)?;
            upload.write(&bytes);
            bytes.clear();
            (&mut file)
                .take(most)
                .read_to_end(&mut bytes)
                .map_err(unread)?;
            hash.update(&bytes);
            size += bytes.len() as u64;
        }
        upload.finish().await.map_err(lost)?
    };
    Ok(Mark {
        version: version(size, put.e_tag.unwrap_or_default()),
        sha256: Some(hex(hash)),
    })
}

fn hash_file(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    feed(&mut File::open(path)?, &mut hash)?;
    Ok(hex(hash))
}

/// The files of an output folder that go into a store.
fn files(out: &Path) -> io::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    if !out.is_dir() {
        return Ok(names);
    }
    for entry in WalkDir::new(out) {
        let entry = entry?;
        if entry.file_type().is_file() {
            let name = name_below(out, entry.path());
            names.extend(name.filter(|name| travels(name)));
        }
    }
    Ok(names)
}

/// Whether a file of an output folder is one for others, too: a lock is of one computer.
fn travels(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    name != format!("{STATE_FOLDER}/{LOCK}") && !is_temporary(last.as_ref())
}

/// Notes first, then the records that speak of them, then the summary, then what says that all of it is finished.
const RANKS: [u8; 4] = [0, 1, 2, 3];

fn rank(name: &str) -> u8 {
    match name {
        name if name == part_name() => 3,
        SUMMARY => 2,
        name if name.starts_with(STATE_FOLDER) => 1,
        _ => 0,
    }
}

fn unfinished(own: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(own)
}

/// Removes what a run that was killed left.
fn remove_unfinished(own: &Path) -> io::Result<()> {
    for entry in fs::read_dir(own)? {
        let entry = entry?;
        if entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(UNFINISHED.as_bytes())
        {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
