//! What the user named, found: files, the files of folders, what patterns match.
//!
//! In:  paths and patterns. Out: files, each once, in the order of their paths, and what was named and is not there. Links
//! inside folders are not followed unless asked; hidden files, and all that lies in the output folder, are passed over.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkdir::{DirEntry, WalkDir};

use super::error::{BatchError, BatchErrorKind};
use crate::input::ReadCause;
use crate::language::data::{self, List};

/// Something the user named.
#[derive(Debug, Clone)]
pub struct InputPath {
    /// A file or a folder.
    pub path: PathBuf,
    /// Says whether it may also be a pattern, such as `news/**/*.txt`.
    pub pattern: bool,
}

/// Says how folders are searched.
#[derive(Debug, Clone, Copy)]
pub struct Walk<'a> {
    /// Says whether folders inside folders are searched too.
    pub recursive: bool,
    /// Says whether links inside folders are followed.
    pub follow: bool,
    /// The output folder, as it is spelled without links; nothing in it is an input.
    pub out: &'a Path,
}

/// A file that was found: the path to open where that is spelled otherwise, and why it cannot be read where that is known.
pub type FoundFile = (Option<Box<Path>>, Option<Box<ReadCause>>);

/// What a search of folders passed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PassedOver {
    /// Links inside folders that were not followed.
    pub links_not_followed: usize,
    /// Files inside folders that by their names are source code, programs, pictures or sound.
    #[serde(default)]
    pub left_out: usize,
}

/// What was found.
#[derive(Debug, Default)]
pub struct FoundInputs {
    /// By absolute path.
    pub files: BTreeMap<Box<Path>, FoundFile>,
    /// The folders that were named, or that hold what was.
    pub roots: Vec<PathBuf>,
    /// What was passed over.
    pub passed_over: PassedOver,
    /// Files named or matched that lie in the output folder.
    pub in_output: usize,
}

/// Finds everything that was given.
pub fn find(given: &[InputPath], walk: Walk<'_>) -> Result<FoundInputs, BatchError> {
    let mut found = FoundInputs::default();
    for given in given {
        let path = &given.path;
        match path.metadata() {
            Ok(known) if known.is_dir() => {
                found.roots.push(absolute(path)?);
                found.folder(path, walk, walk.recursive, None)?;
            }
            Err(error) if given.pattern && is_pattern(path) && is_absent(&error) => {
                found.pattern(path, walk)?;
            }
            known => {
                found.roots.push(parent(&absolute(path)?));
                let kind = known.map(|known| known.is_file());
                found.file(path, kind, walk)?;
            }
        }
    }
    Ok(found)
}

fn is_absent(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

impl FoundInputs {
    /// Adds what was named as a file, whether it is one or not; pipes are none here, since an input is read twice.
    fn file(
        &mut self,
        path: &Path,
        is_file: io::Result<bool>,
        walk: Walk<'_>,
    ) -> Result<(), BatchError> {
        let name = absolute(path)?;
        if lies_in(&name, walk.out) {
            self.in_output += 1;
            return Ok(());
        }
        let cause = match is_file {
            Ok(true) => None,
            Ok(false) => Some(ReadCause::Device),
            Err(error) => Some(ReadCause::Open(error)),
        };
        self.add(name, path, cause);
        Ok(())
    }

    fn add(&mut self, name: PathBuf, path: &Path, cause: Option<ReadCause>) {
        let path = (name.as_os_str() != path.as_os_str()).then(|| path.into());
        let cause = cause.map(Box::new);
        self.files.insert(name.into(), (path, cause));
    }

    /// Adds the files of a folder, or those of them that match.
    fn folder(
        &mut self,
        root: &Path,
        walk: Walk<'_>,
        recursive: bool,
        matching: Option<&GlobMatcher>,
    ) -> Result<(), BatchError> {
        let deepest = if recursive { usize::MAX } else { 1 };
        let entries = WalkDir::new(root)
            .follow_links(walk.follow)
            .max_depth(deepest)
            .into_iter()
            .filter_entry(|entry| {
                let hidden = entry.depth() > 0 && is_hidden(entry);
                let output = entry.file_type().is_dir() && is_output(entry, walk.out);
                !hidden && !output
            });
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.unreadable(root, error)?;
                    continue;
                }
            };
            let path = entry.path();
            // A search of the current folder names its files "./a.txt"; the pattern does not.
            let shown = path.strip_prefix(".").unwrap_or(path);
            if matching.is_some_and(|pattern| !pattern.is_match(shown)) {
                continue;
            }
            let kind = entry.file_type();
            if kind.is_symlink() {
                self.passed_over.links_not_followed += 1;
            } else if matching.is_none() && is_no_article(path) {
                self.passed_over.left_out += 1;
            } else if kind.is_file() {
                self.file(path, Ok(true), walk)?;
            }
        }
        Ok(())
    }

    /// Adds a folder that cannot be read, or a link that leads nowhere or back, like a file that cannot be read.
    fn unreadable(&mut self, root: &Path, error: walkdir::Error) -> Result<(), BatchError> {
        let path = error.path().unwrap_or(root).to_path_buf();
        let looped = error.loop_ancestor().is_some();
        let error = match error.into_io_error() {
            Some(error) if !looped => error,
            _ => io::Error::other("the link leads back to a folder it lies in"),
        };
        let name = absolute(&path)?;
        self.add(name, &path, Some(ReadCause::Open(error)));
        Ok(())
    }

    fn pattern(&mut self, pattern: &Path, walk: Walk<'_>) -> Result<(), BatchError> {
        let wrong = |cause: String| {
            let cause = format_args!("not a pattern: {cause}");
            BatchError::new(BatchErrorKind::Usage, pattern.display(), cause)
        };
        let text = pattern.to_str().ok_or_else(|| wrong("not UTF-8".into()))?;
        let text = text.strip_prefix("./").unwrap_or(text);
        let matcher = GlobBuilder::new(text)
            .literal_separator(true)
            .build()
            .map_err(|error| wrong(error.kind().to_string()))?
            .compile_matcher();
        let root = literal_folder(Path::new(text));
        self.roots.push(absolute(&root)?);
        let before = self.files.len() + self.in_output;
        if root.is_dir() {
            self.folder(&root, walk, true, Some(&matcher))?;
        }
        if self.files.len() + self.in_output == before {
            let nothing = io::Error::new(io::ErrorKind::NotFound, "no file matches");
            self.add(absolute(pattern)?, pattern, Some(ReadCause::Open(nothing)));
        }
        Ok(())
    }
}

fn is_pattern(path: &Path) -> bool {
    let bytes = path.as_os_str().as_encoded_bytes();
    bytes.iter().any(|byte| b"*?[{".contains(byte))
}

/// Returns the folder a pattern searches: its parts before the first that is a pattern itself.
fn literal_folder(pattern: &Path) -> PathBuf {
    let folder = pattern.parent().unwrap_or(Path::new(""));
    let literal: PathBuf = folder
        .components()
        .take_while(|part| !is_pattern(part.as_ref()))
        .collect();
    match literal.as_os_str().is_empty() {
        true => ".".into(),
        false => literal,
    }
}

/// Ends of the names of files that hold no article.
static NO_ARTICLES: List = List::of(&data::READING, "no_articles");

fn is_no_article(path: &Path) -> bool {
    let end = path.extension().and_then(|end| end.to_str());
    end.is_some_and(|end| NO_ARTICLES.has(&end.to_ascii_lowercase()))
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_output(entry: &DirEntry, out: &Path) -> bool {
    entry.path().canonicalize().is_ok_and(|path| path == out)
}

/// Tells whether a path lies in the output folder, by the name it was given or by the one it has without links.
fn lies_in(name: &Path, out: &Path) -> bool {
    name.starts_with(out) || name.canonicalize().is_ok_and(|name| name.starts_with(out))
}

/// Returns the path from the root, `.` and `..` resolved by name alone: a note's name must not depend on where links lead.
pub fn absolute(path: &Path) -> Result<PathBuf, BatchError> {
    let whole = std::path::absolute(path)
        .map_err(|error| BatchError::new(BatchErrorKind::NoInput, path.display(), error))?;
    let mut clean = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    Ok(clean)
}

fn parent(path: &Path) -> PathBuf {
    path.parent().unwrap_or(path).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_searches_the_folders_before_its_first_sign() {
        let check = |pattern: &str, expected: &str| {
            assert_eq!(literal_folder(Path::new(pattern)), Path::new(expected));
        };
        check("news/**/*.txt", "news");
        check("/a/b/[0-9]/c.txt", "/a/b");
        check("*.txt", ".");
        check("a/{b,c}.txt", "a");
    }

    #[test]
    fn paths_are_made_whole_by_name_alone() {
        let check = |path: &str, expected: &str| {
            assert_eq!(
                absolute(Path::new(path)).expect("whole"),
                Path::new(expected)
            );
        };
        check("/a/./b/../c//d", "/a/c/d");
        check("/../a", "/a");
    }
}
