//! Trees of files, to the byte.
//!
//! In:  an output folder. Out: what stands in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a folder but the batch's own, with its bytes.
pub fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(folder).expect("below").to_path_buf();
            if path.is_dir() {
                if !name.ends_with(".sukje") {
                    folders.push(path);
                }
            } else if let Ok(bytes) = fs::read(path) {
                // Of a run under way, what was listed may have its final name by now.
                files.insert(name, bytes);
            }
        }
    }
    files
}

/// Two trees are the same to the byte; names are told where they are not.
pub fn assert_same(one: &BTreeMap<PathBuf, Vec<u8>>, other: &BTreeMap<PathBuf, Vec<u8>>) {
    assert!(
        one.keys().eq(other.keys()),
        "{:?} {:?}",
        one.keys(),
        other.keys()
    );
    for (name, bytes) in one {
        assert!(other[name] == *bytes, "{name:?}");
    }
}
