//! Names of notes: safe on any file system, and no two alike.
//!
//! In:  an item's id, which is its path below the inputs' folder or the id a JSON line gave. Out: the note's path below the output
//! folder, without its extension. The readable part is for people; the hash of the id behind it is what makes a name the
//! item's own: ids that differ only in case, in Unicode form or in what no name may hold stay apart. A title never names a file.

use std::ffi::OsStr;
use std::path::{Component, Path};

use unicode_normalization::UnicodeNormalization;

use crate::hash::sha256;

/// Hexadecimal digits of the id's hash: 48 bits, so that among a million names two are alike once in 500 batches, and only
/// where their readable parts are too.
const HASH_DIGITS: usize = 12;
/// Bytes of a readable part: with hash, extension and what a temporary name adds, far from the 255 a name may have.
const SLUG_BYTES: usize = 80;
/// Bytes of mirrored folders: a tree deeper than this is laid flat, lest its paths grow past what a system takes.
const FOLDERS_BYTES: usize = 1_024;

/// Says how notes are laid out below the output folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteLayout {
    /// Folders as the inputs have them.
    Mirrored,
    /// All in one folder.
    Flat,
}

/// Returns the path of an item's notes, without extension, with `/` between folders.
pub fn note_stem(id: &str, layout: NoteLayout) -> String {
    let (folders, name) = id.rsplit_once('/').unwrap_or(("", id));
    let hash = &sha256(id)[..HASH_DIGITS];
    match layout {
        NoteLayout::Flat => format!("{}-{hash}", slug(name_of(name))),
        NoteLayout::Mirrored => {
            let folders = folders_of(folders);
            format!("{folders}{}-{hash}", slug(name_of(name)))
        }
    }
}

/// Returns the name without its extension.
fn name_of(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((name, _)) if !name.is_empty() => name,
        _ => name,
    }
}

fn folders_of(folders: &str) -> String {
    let safe: String = folders
        .split('/')
        .filter(|folder| !folder.is_empty())
        .map(|folder| slug(folder) + "/")
        .collect();
    match safe.len() {
        0..=FOLDERS_BYTES => safe,
        _ => String::new(),
    }
}

/// Keeps letters and digits of any script in NFC; whatever else there is becomes `-`, and no dot or dash is left at either end.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.nfc() {
        let c = match c {
            '_' | '.' => c,
            _ if c.is_alphanumeric() => c,
            _ => '-',
        };
        if slug.len() + c.len_utf8() > SLUG_BYTES {
            break;
        }
        if !(c == '-' && slug.ends_with('-')) {
            slug.push(c);
        }
    }
    let slug = slug.trim_matches(['-', '.', '_']);
    match slug {
        "" => "article".into(),
        _ if is_reserved(slug) => format!("{slug}_"),
        _ => slug.into(),
    }
}

/// Tells whether Windows keeps a name for a device, whatever follows a dot.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_uppercase();
    match stem.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" => true,
        _ => {
            (stem.starts_with("COM") || stem.starts_with("LPT"))
                && stem.chars().count() == 4
                && stem.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'))
        }
    }
}

/// Returns the id of a file: its path, the parts joined with `/`.
pub fn id_of(path: &Path) -> String {
    let mut id = String::new();
    for part in path.components() {
        if let Component::Normal(part) = part {
            if !id.is_empty() {
                id.push('/');
            }
            push_part(&mut id, part);
        }
    }
    id
}

/// Spells bytes that are no UTF-8 as `\xff`, and a backslash as two: different names never become one id.
fn push_part(id: &mut String, part: &OsStr) {
    for chunk in part.as_encoded_bytes().utf8_chunks() {
        id.push_str(&chunk.valid().replace('\\', "\\\\"));
        for byte in chunk.invalid() {
            id.push_str(&format!("\\x{byte:02x}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readable(id: &str) -> String {
        let stem = note_stem(id, NoteLayout::Mirrored);
        let (name, hash) = stem.rsplit_once('-').expect("a hash");
        assert_eq!(hash.len(), HASH_DIGITS, "{stem}");
        name.to_string()
    }

    #[test]
    fn names_stay_readable_and_lose_what_no_file_may_hold() {
        let check = |id: &str, expected: &str| assert_eq!(readable(id), expected, "{id:?}");
        check("강변 소식.txt", "강변-소식");
        check("2024/05/River news.txt", "2024/05/River-news");
        check("a\n\u{1b}[31m<b>:\"|?*.txt", "a-31m-b");
        check("https://news.example/1?x=2", "https/news.example/1-x-2");
        check("../../etc/passwd", "article/article/etc/passwd");
        check(".hidden", "hidden");
        check("con.txt", "con_");
        check("NUL.d/aux", "NUL.d_/aux_");
        check("\u{202e}txt.exe", "txt");
        check("…", "article");
        check("\u{1112}\u{1161}\u{11ab}.txt", "한");
    }

    #[test]
    fn twins_in_case_or_form_stay_apart() {
        let ids = [
            "a.txt",
            "A.txt",
            "é.txt",
            "e\u{301}.txt",
            "a.md",
            "x/a.txt",
            "x-a.txt",
        ];
        for layout in [NoteLayout::Mirrored, NoteLayout::Flat] {
            let mut names: Vec<String> = ids
                .iter()
                .map(|id| note_stem(id, layout).to_lowercase())
                .collect();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), ids.len());
        }
    }

    #[test]
    fn long_names_and_deep_trees_are_cut() {
        let long = note_stem(&"강".repeat(400), NoteLayout::Mirrored);
        assert!(long.len() <= SLUG_BYTES + 1 + HASH_DIGITS, "{long}");
        let deep = note_stem(&"folder/".repeat(300), NoteLayout::Mirrored);
        assert!(!deep.contains('/'), "{deep}");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_give_ids_of_their_own() {
        use std::os::unix::ffi::OsStrExt;
        let id = |bytes: &[u8]| id_of(Path::new(OsStr::from_bytes(bytes)));
        assert_eq!(id(b"x/caf\xe9.txt"), "x/caf\\xe9.txt");
        assert_ne!(id(b"caf\xe9"), id(b"caf\\xe9"));
        assert_ne!(id(b"caf\xe9"), id(b"caf\xe8"));
    }
}
