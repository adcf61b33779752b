//! Data: the word lists, cues and rules under `data/`, embedded and read when they are first asked for.
//!
//! In:  the files. Out: their sections. Knows the notation, and not what a section is for. The notation:
//!
//! - a line that begins with `#` is a comment; empty lines are nothing
//! - `[name]` opens a section, its entries one a line, sorted by bytes and each there once; `[name: in order]` opens one whose order counts
//! - `name = value` is an entry with a key; a value may be a list, `a, b, c`
//! - an entry that begins or ends with a blank stands in quotation marks: `" said"`
//!
//! `data/README.md` says so to those who edit the files. A test reads them all.

use std::ops::Deref;
use std::sync::OnceLock;

use super::table::PerLanguage;

/// A file under `data/`.
#[derive(Debug)]
pub struct File {
    text: &'static str,
    sections: OnceLock<Vec<Section>>,
}

/// The entries of one section.
#[derive(Debug)]
pub struct Section {
    /// The name it is asked for by.
    pub name: &'static str,
    /// Its order counts: it need not be sorted.
    pub in_order: bool,
    /// Its entries, as they stand there.
    pub entries: Vec<&'static str>,
}

impl File {
    /// A file with this text.
    pub const fn new(text: &'static str) -> File {
        File {
            text,
            sections: OnceLock::new(),
        }
    }

    /// Returns the sections, in their order.
    pub fn sections(&self) -> &[Section] {
        self.sections.get_or_init(|| read(self.text))
    }

    /// Returns the section with this name; an empty one where there is none.
    pub fn section(&self, name: &str) -> &[&'static str] {
        let mut sections = self.sections().iter();
        let found = sections.find(|section| section.name == name);
        found.map_or(&[], |section| &section.entries)
    }

    /// Returns the value of an entry with a key.
    pub fn keyed(&self, section: &str, key: &str) -> Option<&'static str> {
        let mut sections = self.sections().iter();
        sections.find(|s| s.name == section)?.value(key)
    }

    /// Goes through the sections whose name is that of the group, a dot, and a name of their own: that name, and the entries.
    pub fn group(&self, group: &str) -> impl Iterator<Item = (&'static str, &[&'static str])> {
        self.sections().iter().filter_map(move |section| {
            let own = section.name.strip_prefix(group)?.strip_prefix('.')?;
            Some((own, &section.entries[..]))
        })
    }
}

fn read(text: &'static str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let heading = line.strip_prefix('[').and_then(|l| l.strip_suffix(']'));
        if let Some(heading) = heading {
            let (name, in_order) = match heading.strip_suffix(": in order") {
                Some(name) => (name, true),
                None => (heading, false),
            };
            sections.push(Section {
                name,
                in_order,
                entries: Vec::new(),
            });
        } else if let Some(section) = sections.last_mut() {
            section.entries.push(unquoted(line));
        }
    }
    sections
}

impl Section {
    /// Returns the value of the entry with this key.
    pub fn value(&self, key: &str) -> Option<&'static str> {
        let mut pairs = self.entries.iter().filter_map(|entry| pair(entry));
        pairs.find(|(name, _)| *name == key).map(|(_, value)| value)
    }
}

/// Splits a value that is a list: `a, "b ", c`.
pub fn listed(value: &'static str) -> impl Iterator<Item = &'static str> {
    value.split(", ").map(unquoted)
}

/// Takes the quotation marks off an entry.
pub fn unquoted(entry: &str) -> &str {
    let inner = entry.strip_prefix('"').and_then(|e| e.strip_suffix('"'));
    // A list may begin and end with such an entry.
    inner.filter(|e| !e.contains('"')).unwrap_or(entry)
}

/// Splits an entry into key and value.
pub fn pair(entry: &'static str) -> Option<(&'static str, &'static str)> {
    let (key, value) = entry.split_once(" = ")?;
    Some((unquoted(key), unquoted(value)))
}

/// A section as a list of words, found when it is first used.
#[derive(Debug)]
pub struct List {
    file: &'static File,
    section: &'static str,
    entries: OnceLock<&'static [&'static str]>,
    by_first: OnceLock<ByCharacter>,
    by_last: OnceLock<ByCharacter>,
}

/// Entries by their first or their last character, sorted: most texts share it with none.
#[derive(Debug)]
struct ByCharacter {
    /// A bit for each low byte of a character that an entry has: nearly all others are told from these at once.
    seen: [u64; 4],
    entries: Vec<(char, &'static str)>,
}

impl ByCharacter {
    fn of(entries: impl Iterator<Item = (char, &'static str)>) -> ByCharacter {
        let mut entries: Vec<_> = entries.collect();
        entries.sort_unstable();
        let mut seen = [0; 4];
        for (c, _) in &entries {
            seen[*c as usize % 256 / 64] |= 1 << (*c as u32 % 64);
        }
        ByCharacter { seen, entries }
    }

    fn alike(&self, c: char) -> impl Iterator<Item = &'static str> {
        let may = self.seen[c as usize % 256 / 64] >> (c as u32 % 64) & 1 == 1;
        let from = match may {
            true => self.entries.partition_point(|(other, _)| *other < c),
            false => self.entries.len(),
        };
        let alike = self.entries[from..].iter();
        let alike = alike.take_while(move |(other, _)| *other == c);
        alike.map(|(_, entry)| *entry)
    }
}

impl List {
    /// The section of a file.
    pub const fn of(file: &'static File, section: &'static str) -> List {
        List {
            file,
            section,
            entries: OnceLock::new(),
            by_first: OnceLock::new(),
            by_last: OnceLock::new(),
        }
    }

    /// Returns whether the text ends in an entry.
    #[inline]
    pub fn ends(&self, text: &str) -> bool {
        let last = |text: &str| text.chars().next_back();
        let ends = self.by_last.get_or_init(|| self.by(last));
        last(text).is_some_and(|c| ends.alike(c).any(|entry| text.ends_with(entry)))
    }

    /// Returns whether the text begins with an entry.
    #[inline]
    pub fn starts(&self, text: &str) -> bool {
        let first = |text: &str| text.chars().next();
        let starts = self.by_first.get_or_init(|| self.by(first));
        first(text).is_some_and(|c| starts.alike(c).any(|entry| text.starts_with(entry)))
    }

    fn by(&self, of: impl Fn(&str) -> Option<char>) -> ByCharacter {
        let entries = self.iter().copied();
        ByCharacter::of(entries.filter_map(|e| Some((of(e)?, e))))
    }

    /// Returns whether the word is in the list, which must be sorted.
    #[inline]
    pub fn has(&self, word: &str) -> bool {
        self.binary_search(&word).is_ok()
    }
}

impl Deref for List {
    type Target = [&'static str];

    #[inline]
    fn deref(&self) -> &[&'static str] {
        self.entries.get_or_init(|| self.file.section(self.section))
    }
}

/// The section of this name in the files of all languages.
pub const fn lists(files: &'static PerLanguage<File>, section: &'static str) -> PerLanguage<List> {
    PerLanguage {
        ko: List::of(&files.ko, section),
        en: List::of(&files.en, section),
    }
}

/// Declares the files that every language has, and those that only one has.
macro_rules! files {
    (
        each { $($(#[$doc:meta])* $each:ident = $each_name:literal;)* }
        one { $($(#[$one_doc:meta])* $one:ident = $one_name:literal;)* }
    ) => {
        $(
            $(#[$doc])*
            pub static $each: PerLanguage<File> = PerLanguage {
                ko: File::new(include_str!(concat!("../../data/ko/", $each_name))),
                en: File::new(include_str!(concat!("../../data/en/", $each_name))),
            };
        )*
        $(
            $(#[$one_doc])*
            pub static $one: File = File::new(include_str!(concat!("../../data/", $one_name)));
        )*

        #[cfg(test)]
        fn all() -> Vec<(String, &'static File)> {
            let mut all: Vec<(String, &'static File)> = Vec::new();
            $(
                all.push((format!("ko/{}", $each_name), &$each.ko));
                all.push((format!("en/{}", $each_name), &$each.en));
            )*
            $(all.push(($one_name.to_string(), &$one));)*
            all
        }
    };
}

files! {
    each {
        /// Words the stems of which say nothing of what a text is about.
        STOPWORDS = "stopwords.txt";
        /// Cues that say what a sentence does, by kind.
        DISCOURSE = "discourse.txt";
        /// Ordinals that only count an article's points.
        ORDINALS = "ordinals.txt";
        /// Cues that the rules of the critique start from.
        CRITIQUE = "critique.txt";
        /// Says how each sort of critique is worded.
        CRITIQUE_WORDINGS = "critique-wordings.txt";
        /// Words a sentence is cut into clauses by.
        CLAUSES = "clauses.txt";
        /// The words of a note around the article's own.
        LABELS = "labels.txt";
        /// Units of figures, and what they are worth.
        UNITS = "units.txt";
        /// Numerals in words.
        NUMERALS = "numerals.txt";
        /// What names are told by.
        NAMES = "names.txt";
        /// Countries and what they are called.
        COUNTRIES = "countries.txt";
        /// Cleaning rules, a section each.
        RULES = "rules.txt";
        /// Words by which sentences begin and end.
        SEGMENT = "segment.txt";
        /// Words the cleaner knows noise by.
        CLEAN = "clean.txt";
        /// Words by which sentences of different articles are compared.
        OVERVIEW = "overview.txt";
    }
    one {
        /// Common English words.
        WORDS = "en/words.txt";
        /// Cleaning rules for every language.
        COMMON_RULES = "common/rules.txt";
        /// Words the cleaner knows noise by in every language.
        COMMON_CLEAN = "common/clean.txt";
        /// What the classes of a page's elements say.
        PAGES = "common/pages.txt";
        /// What mail and transcripts are known by.
        READING = "common/reading.txt";
        /// Korean particles.
        PARTICLES = "ko/particles.txt";
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    fn files_under(folder: &Path, ending: &str, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files_under(&path, ending, out);
            } else if path.extension().is_some_and(|e| e == ending) {
                out.push(path);
            }
        }
    }

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn every_file_is_embedded() {
        let mut on_disk = Vec::new();
        files_under(&root().join("data"), "txt", &mut on_disk);
        let on_disk: BTreeSet<PathBuf> = on_disk.into_iter().collect();
        let names = all().into_iter().map(|(name, _)| name);
        let embedded: BTreeSet<PathBuf> = names.map(|n| root().join("data").join(n)).collect();
        assert_eq!(on_disk, embedded);
    }

    #[test]
    fn sections_are_sorted_and_unique() {
        for (file, data) in all() {
            let mut names = BTreeSet::new();
            for section in data.sections() {
                let name = section.name;
                assert!(names.insert(name), "{file}: [{name}] stands there twice");
                assert!(!section.entries.is_empty(), "{file}: [{name}] is empty");
                let keyed = section.entries.iter().all(|entry| pair(entry).is_some());
                let mut seen = BTreeSet::new();
                for entry in &section.entries {
                    let entry = pair(entry).map_or(*entry, |(key, _)| key);
                    assert!(seen.insert(entry), "{file}: [{name}] has {entry} twice");
                }
                let wrong = section.entries.windows(2).find(|w| w[0] > w[1]);
                assert!(
                    keyed || section.in_order || wrong.is_none(),
                    "{file}: [{name}] is not sorted: {wrong:?}"
                );
            }
        }
    }

    /// A section is asked for by its name, by that of its group, or by the end of its name.
    #[test]
    fn every_section_is_used() {
        let mut sources = Vec::new();
        files_under(&root().join("src"), "rs", &mut sources);
        let sources: String = sources
            .iter()
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect();
        for (file, data) in all() {
            for section in data.sections() {
                let name = section.name;
                let group = name.split_once('.').map_or(name, |(group, _)| group);
                // Every section of a file of rules is one.
                let asked = |name: &str| {
                    sources.contains(&format!("\"{name}\"")) || file.ends_with("/rules.txt")
                };
                // A section of a kind is asked for by the kind's own name.
                let words = group.split('_');
                let kind: String = words.map(|w| w[..1].to_uppercase() + &w[1..]).collect();
                let of_kind = sources.contains(&format!(" {kind},\n"));
                let end = name.rfind('.').map_or(name, |dot| &name[dot..]);
                assert!(
                    asked(name) || asked(group) || asked(end) || of_kind,
                    "{file}: nobody asks for [{name}]"
                );
            }
        }
    }

    #[test]
    fn the_notation_is_read() {
        static FILE: File =
            File::new("# a comment\n[a: in order]\nz\n\" y \"\n\n[b.c]\nkey = \" value\"\n");
        assert_eq!(FILE.section("a"), ["z", " y "]);
        assert!(FILE.sections()[0].in_order && !FILE.sections()[1].in_order);
        let group: Vec<_> = FILE.group("b").collect();
        assert_eq!(group, [("c", &["key = \" value\""][..])]);
        assert_eq!(pair(group[0].1[0]), Some(("key", " value")));
    }
}
