//! The arrows of the house run one way. This reads every source file and fails on one that does not.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may use whom. Everything may use the outside world except as [`ONLY`] says.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("practice", &["domain"]),
    ("s3", &["domain"]),
    ("transfer", &["s3", "store", "domain"]),
    ("urgency", &[]),
    ("images", &["urgency", "domain"]),
    ("store", &["domain"]),
    ("report", &["store"]),
    ("verify", &["urgency", "s3", "transfer", "images", "store", "domain"]),
    ("worker", &["urgency", "s3", "transfer", "images", "store", "domain"]),
    ("model", &["worker", "transfer", "images", "store", "domain"]),
    ("theme", &[]),
    ("ui", &["model", "worker", "images", "theme", "domain"]),
    ("cli", &["verify", "s3", "transfer", "images", "practice", "store", "report", "domain"]),
    (
        "app",
        &[
            "ui", "theme", "model", "worker", "verify", "s3", "transfer", "images", "store", "practice", "report",
            "domain",
        ],
    ),
    ("main", &["app", "cli", "report", "practice", "store"]),
];

/// Crates that only some rooms may name.
const ONLY: &[(&str, &[&str])] = &[
    ("aws_sdk_", &["s3"]),
    ("aws_config", &["s3"]),
    ("s3s", &["practice"]),
    ("rusqlite", &["practice", "store", "images"]),
    ("egui", &["theme", "ui", "app"]),
    ("eframe", &["theme", "app", "main"]),
    ("rfd", &["app"]),
    ("tokio", &["s3", "transfer", "images", "store", "verify", "practice", "worker", "report", "app", "cli", "main"]),
    ("keyring", &["store"]),
];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        // What the fuzz targets were built to is nobody's source.
        if path.is_dir() && !path.ends_with("target") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn is_test(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("test"))
        || path.components().any(|part| part.as_os_str() == "tests")
}

/// The room a file belongs to: the first folder or file name under `src`.
fn room(root: &Path, path: &Path) -> String {
    let first = path.strip_prefix(root).unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The words that follow `start` in the code of a file, comments and unit tests left out.
fn names_after<'a>(code: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    code.match_indices(start).filter_map(move |(at, _)| {
        let bounded = code[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && before != '_');
        let rest = &code[at + start.len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        bounded.then(|| &rest[..end])
    })
}

fn code_only(text: &str) -> String {
    let shipped = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    shipped.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

#[test]
fn arrows_run_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 20, "the sources were not found");
    let mut wrong = BTreeSet::new();
    for path in files.iter().filter(|path| !is_test(path)) {
        let room = room(&root, path);
        if room == "lib" {
            continue;
        }
        let shown = path.strip_prefix(&root).unwrap().display().to_string();
        let Some((_, may_use)) = ARROWS.iter().find(|(name, _)| *name == room) else {
            wrong.insert(format!("{shown}: the room `{room}` has no arrows; add it to the map"));
            continue;
        };
        let code = code_only(&fs::read_to_string(path).unwrap());
        let inside = if room == "main" { "brimful::" } else { "crate::" };
        for used in names_after(&code, inside) {
            let known = ARROWS.iter().any(|(name, _)| *name == used);
            if known && used != room && !may_use.contains(&used) {
                wrong.insert(format!("{shown}: {room} may not use {used}"));
            }
        }
        for (name, rooms) in ONLY {
            let named = names_after(&code, name).any(|rest| rest.is_empty() || name.ends_with('_'));
            let imported = code.contains(&format!("{name}::")) || name.ends_with('_');
            if named && imported && !rooms.contains(&room.as_str()) {
                wrong.insert(format!("{shown}: {room} may not name {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that run the wrong way:\n{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn no_file_is_a_hall() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&manifest.join("src"), &mut files);
    sources(&manifest.join("tests"), &mut files);
    let halls: Vec<_> = files
        .iter()
        .map(|path| (path, fs::read_to_string(path).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > 600)
        .map(|(path, lines)| format!("{} has {lines} lines", path.display()))
        .collect();
    assert!(halls.is_empty(), "files to split:\n{}", halls.join("\n"));
}
