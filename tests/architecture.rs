//! The plan of the house, held against every path of `src/`: arrows between rooms point down, and files of a room form no circle.
//!
//! A room is a folder or a file right under `src/`. A path is what begins with `crate::`, `super::`, `self::` or, in the binary, `sukje::`,
//! in a `use` or anywhere else, tests included; in a door (`mod.rs`) a child's name counts, too.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Every room, and the rooms it may lean on. Printed in ARCHITECTURE.md, which `the_plan_is_printed` compares.
const PLAN: [(&str, &str); 18] = [
    (
        "cli",
        "eval batch engine model render overview verify outline clean input brief article facts language escape",
    ),
    (
        "eval",
        "engine verify outline clean input brief article language",
    ),
    (
        "batch",
        "engine render overview verify outline clean input brief article language escape hash",
    ),
    (
        "engine",
        "model verify outline clean input brief article facts language escape hash",
    ),
    ("model", "escape hash"),
    (
        "render",
        "overview verify outline brief article language escape",
    ),
    (
        "overview",
        "verify outline brief article facts language escape hash classifier",
    ),
    (
        "verify",
        "outline clean input brief article facts language escape",
    ),
    (
        "outline",
        "clean input brief article facts language escape hash classifier",
    ),
    (
        "clean",
        "input article facts language escape hash classifier",
    ),
    ("input", "article language escape hash"),
    ("brief", "article language"),
    ("article", "language escape"),
    ("facts", "language escape"),
    ("classifier", "language hash"),
    ("language", "escape"),
    ("escape", ""),
    ("hash", ""),
];

/// Circles of files that stay, each with its reason.
const CIRCLES: [(&str, &str); 0] = [];

/// A path that stands in a file: the line, and what it leads to.
struct Arrow {
    line: usize,
    path: Vec<String>,
}

/// The source files by module path: `clean::segment` for `clean/segment/mod.rs`.
struct House {
    files: BTreeMap<Vec<String>, PathBuf>,
    texts: BTreeMap<Vec<String>, String>,
    /// What a door hands on from its children: the name by the child's module.
    handed_on: BTreeMap<(Vec<String>, String), Vec<String>>,
}

impl House {
    fn read() -> House {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut house = House {
            files: BTreeMap::new(),
            texts: BTreeMap::new(),
            handed_on: BTreeMap::new(),
        };
        house.walk(&src, &src);
        let doors: Vec<_> = house.files.keys().cloned().collect();
        for module in doors {
            for arrow in paths(&house.texts[&module], &module, &house.children(&module)) {
                let child = arrow.path.len() > module.len() && arrow.path.starts_with(&module);
                if let Some((name, of)) = arrow.path.split_last().filter(|_| child) {
                    let of = of.to_vec();
                    house
                        .handed_on
                        .entry((module.clone(), name.clone()))
                        .or_insert(of);
                }
            }
        }
        house
    }

    fn walk(&mut self, folder: &Path, src: &Path) {
        let entries = fs::read_dir(folder).expect("src is there");
        for path in entries.map(|entry| entry.expect("readable").path()) {
            if path.is_dir() {
                self.walk(&path, src);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let mut module: Vec<String> = path
                    .strip_prefix(src)
                    .expect("below src")
                    .with_extension("")
                    .iter()
                    .map(|part| part.to_string_lossy().into_owned())
                    .collect();
                module.pop_if(|last| last == "mod");
                let text = fs::read_to_string(&path).expect("readable");
                self.texts.insert(module.clone(), bare(&text));
                self.files.insert(module, path);
            }
        }
    }

    fn children(&self, module: &[String]) -> Vec<String> {
        let below = self
            .files
            .keys()
            .filter(|m| m.len() == module.len() + 1 && m.starts_with(module));
        below.filter_map(|m| m.last().cloned()).collect()
    }

    /// The file a path leads to: the longest module it names, or the child from which that module's door hands the name on.
    fn target(&self, path: &[String]) -> Option<&Vec<String>> {
        let (module, _) = (1..=path.len())
            .rev()
            .find_map(|length| self.files.get_key_value(&path[..length]))?;
        let name = path.get(module.len())?;
        let from = self.handed_on.get(&(module.clone(), name.clone()));
        let child = from.and_then(|of| self.files.get_key_value(of));
        Some(child.map_or(module, |(module, _)| module))
    }

    fn arrows(&self, module: &Vec<String>) -> Vec<Arrow> {
        paths(&self.texts[module], module, &self.children(module))
    }
}

/// The text with comments, strings and characters blanked, line ends kept.
fn bare(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = skipped(bytes, at);
        for byte in &mut out[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Where the comment, string or character at `at` ends; `at` where there is none.
fn skipped(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let until = |from: usize, end: &[u8]| {
        let found = rest[from..].windows(end.len()).position(|w| w == end);
        found.map_or(bytes.len(), |f| at + from + f + end.len())
    };
    let named = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    if rest.starts_with(b"//") {
        return until(2, b"\n") - 1;
    }
    if rest.starts_with(b"/*") {
        return until(2, b"*/");
    }
    if rest.starts_with(b"r\"") && !named {
        return until(2, b"\"");
    }
    if rest.starts_with(b"r#") && !named {
        let marks = rest[1..].iter().take_while(|b| **b == b'#').count();
        if rest.get(1 + marks) == Some(&b'"') {
            let end = [b"\"".as_slice(), &rest[1..1 + marks]].concat();
            return until(2 + marks, &end);
        }
    }
    if rest[0] == b'"' {
        let mut end = 1;
        while end < rest.len() && rest[end] != b'"' {
            end += if rest[end] == b'\\' { 2 } else { 1 };
        }
        return bytes.len().min(at + end + 1);
    }
    if rest[0] == b'\'' && rest.len() > 2 {
        let escaped = rest[1] == b'\\';
        let length = if rest[1] < 0x80 {
            1
        } else {
            (!rest[1]).leading_zeros() as usize
        };
        let close = if escaped {
            3 + rest[3..].iter().take_while(|b| **b != b'\'').count()
        } else {
            1 + length
        };
        if rest.get(close) == Some(&b'\'') {
            return at + close + 1;
        }
    }
    at
}

/// Every path of a file that leads into the house, spelled from the root, with the line it stands in.
fn paths(text: &str, module: &[String], children: &[String]) -> Vec<Arrow> {
    let mut found = Vec::new();
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut inner) = (0, 0usize, Vec::new());
    while at < bytes.len() {
        match bytes[at] {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                inner.pop_if(|(opened, _)| *opened == depth);
            }
            b if word(b) => {
                let end = at + bytes[at..].iter().take_while(|b| word(**b)).count();
                let (name, rest) = (&text[at..end], &text[end..]);
                let follows_path = text[..at].trim_end().ends_with("::");
                if name == "mod" && rest.split_whitespace().nth(1) == Some("{") {
                    let name = rest.split_whitespace().next().unwrap_or_default();
                    inner.push((depth, name.to_string()));
                }
                let mut here = module.to_vec();
                here.extend(inner.iter().map(|(_, name)| name.clone()));
                let base = match name {
                    _ if follows_path || !rest.starts_with("::") => None,
                    "crate" | "sukje" => Some(Vec::new()),
                    "self" => Some(here),
                    "super" => Some(here[..here.len().saturating_sub(1)].to_vec()),
                    child if inner.is_empty() && children.iter().any(|c| c == child) => {
                        Some([module, &[child.to_string()]].concat())
                    }
                    _ => None,
                };
                if let Some(base) = base {
                    let line = text[..at].matches('\n').count() + 1;
                    let mut leaves = Vec::new();
                    tree(&text[end + 2..], base, &mut leaves);
                    found.extend(leaves.into_iter().map(|path| Arrow { line, path }));
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The leaves of a use tree, or of the one path there is; gives back how much of the text it took.
fn tree(text: &str, base: Vec<String>, leaves: &mut Vec<Vec<String>>) -> usize {
    let start = text.len() - text.trim_start().len();
    let rest = &text[start..];
    if rest.starts_with('{') {
        let mut at = start + 1;
        loop {
            at += tree(&text[at..], base.clone(), leaves);
            let gap = text[at..].find([',', '}']);
            let Some(gap) = gap else { return text.len() };
            at += gap + 1;
            if text[..at].ends_with('}') || text[at..].trim_start().starts_with('}') {
                return at;
            }
        }
    }
    let length = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    let (name, after) = rest.split_at(length);
    let mut path = base;
    match name {
        "super" => drop(path.pop()),
        "self" => {}
        _ => path.push(name.to_string()),
    }
    match after.starts_with("::") {
        true => start + length + 2 + tree(&after[2..], path, leaves),
        false => {
            leaves.push(path);
            start + length
        }
    }
}

fn room(module: &[String]) -> &str {
    module.first().map_or("", String::as_str)
}

#[test]
fn arrows_between_rooms_follow_the_plan() {
    let house = House::read();
    let mut wrong = Vec::new();
    for (module, file) in &house.files {
        let from = room(module);
        if matches!(from, "lib" | "main") {
            continue;
        }
        let Some((_, allowed)) = PLAN.iter().find(|(name, _)| *name == from) else {
            wrong.push(format!("{} is in no room of the plan", file.display()));
            continue;
        };
        for Arrow { line, path } in house.arrows(module) {
            let to = room(&path);
            let is_room = PLAN.iter().any(|(name, _)| *name == to);
            if is_room && to != from && !allowed.split(' ').any(|name| name == to) {
                wrong.push(format!(
                    "{}:{line}: {from} leans on {to} ({})",
                    file.display(),
                    path.join("::")
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} arrows go the wrong way:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The plan itself has no circle: every room stands above all it leans on.
#[test]
fn every_room_of_the_plan_leans_on_lower_ones_only() {
    let mut settled = BTreeSet::new();
    let mut left: Vec<_> = PLAN.to_vec();
    while !left.is_empty() {
        let before = left.len();
        left.retain(|(name, below)| {
            let rests = below.split_whitespace().all(|b| settled.contains(b));
            if rests {
                settled.insert(*name);
            }
            !rests
        });
        assert_ne!(left.len(), before, "a circle: {left:?}");
    }
}

/// Files that lead to each other, whole circles at a time. That a door leads to what lies below it is what a door is for: it is not counted.
fn circles(house: &House) -> Vec<BTreeSet<Vec<String>>> {
    let mut edges: BTreeMap<&Vec<String>, BTreeSet<&Vec<String>>> = BTreeMap::new();
    for module in house.files.keys() {
        let targets = edges.entry(module).or_default();
        let below = |to: &Vec<String>| to.starts_with(module);
        for arrow in house.arrows(module) {
            let target = house.target(&arrow.path);
            targets.extend(target.filter(|to| !below(to)));
        }
    }
    let reach = |from: &Vec<String>| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(module) = open.pop() {
            for next in &edges[module] {
                if seen.insert((*next).clone()) {
                    open.push(next);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<_, _> = house.files.keys().map(|m| (m.clone(), reach(m))).collect();
    let mut found: Vec<BTreeSet<Vec<String>>> = Vec::new();
    for (module, seen) in &reached {
        let circle: BTreeSet<_> = seen
            .iter()
            .filter(|to| reached[*to].contains(module))
            .cloned()
            .collect();
        if circle.contains(module) && !found.contains(&circle) {
            found.push(circle);
        }
    }
    found
}

#[test]
fn files_of_a_room_form_no_circle() {
    let found: Vec<String> = circles(&House::read())
        .iter()
        .map(|circle| {
            let names: Vec<_> = circle.iter().map(|m| m.join("/")).collect();
            names.join(" ")
        })
        .filter(|circle| !CIRCLES.iter().any(|(allowed, _)| allowed == circle))
        .collect();
    assert!(
        found.is_empty(),
        "{} circles:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn the_plan_is_printed() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md"))
        .expect("it is there");
    for (name, below) in PLAN {
        let below = if below.is_empty() { "nothing" } else { below };
        let line = format!("    {name:<11}{below}");
        assert!(
            page.contains(&line),
            "ARCHITECTURE.md lacks the line\n{line}"
        );
    }
}

#[test]
fn paths_are_read_in_groups_blocks_and_calls() {
    let text = bare(
        "use crate::a::{b, c::D};\n// crate::no::path\nfn f() { crate::e::g(\"crate::x::y\") }\nmod tests { use super::h::I; }\n",
    );
    let module = vec!["room".to_string(), "file".to_string()];
    let found: Vec<_> = paths(&text, &module, &[])
        .into_iter()
        .map(|arrow| format!("{} {}", arrow.line, arrow.path.join("::")))
        .collect();
    assert_eq!(
        found,
        ["1 a::b", "1 a::c::D", "3 e::g", "4 room::file::h::I"]
    );
}
