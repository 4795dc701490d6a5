//! What lies in a folder on this computer, file by file. Waits for the disk.

use std::{
    fs, io,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// A folder tree deeper than this is no tree of files that a person made.
const DEEPEST: usize = 64;

/// One thing that was come across. `relative` begins with the name of what was walked, with `/` on every system.
#[derive(Debug)]
pub enum Seen {
    /// A file, or a link to one.
    File {
        /// Where it lies.
        path: PathBuf,
        /// From the top of the walk.
        relative: String,
        /// Bytes.
        size_bytes: u64,
    },
    /// A file that cannot be looked at.
    Unreadable {
        /// Where it lies.
        path: PathBuf,
        /// From the top of the walk.
        relative: String,
        /// Why.
        error: io::Error,
    },
    /// A folder that cannot be looked into.
    UnreadableFolder {
        /// From the top of the walk.
        relative: String,
        /// Why.
        error: io::Error,
    },
    /// Something hidden, within what was chosen; a hidden folder counts once.
    Hidden {
        /// From the top of the walk.
        relative: String,
    },
    /// A folder with nothing in it.
    EmptyFolder {
        /// From the top of the walk.
        relative: String,
    },
    /// A pipe, a device, or a link to a folder (which could go in circles).
    Special {
        /// From the top of the walk.
        relative: String,
    },
}

/// Something a person chose: links are followed here, and hidden files are meant. What is below comes in the order of
/// names; hidden things among them only where `hidden` says so. Ends early where `visit` breaks.
pub fn walk(path: &Path, hidden: bool, visit: &mut impl FnMut(Seen) -> ControlFlow<()>) -> ControlFlow<()> {
    let relative = path.file_name().map_or_else(|| "folder".into(), |name| name.to_string_lossy().into_owned());
    match fs::metadata(path) {
        Ok(about) if about.is_dir() => folder(path, &relative, 0, hidden, visit),
        Ok(about) if about.is_file() => visit(Seen::File { path: path.to_owned(), relative, size_bytes: about.len() }),
        Ok(_) => visit(Seen::Special { relative }),
        Err(error) => visit(Seen::Unreadable { path: path.to_owned(), relative, error }),
    }
}

fn folder(
    path: &Path,
    relative: &str,
    depth: usize,
    hidden: bool,
    visit: &mut impl FnMut(Seen) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let entries = fs::read_dir(path).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return visit(Seen::UnreadableFolder { relative: relative.to_owned(), error }),
    };
    if entries.is_empty() {
        return visit(Seen::EmptyFolder { relative: relative.to_owned() });
    }
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let relative = format!("{relative}/{name}");
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(error) => {
                visit(Seen::Unreadable { path: entry.path(), relative, error })?;
                continue;
            }
        };
        if !hidden && is_hidden(&name) {
            visit(Seen::Hidden { relative })?;
        } else if kind.is_dir() && depth < DEEPEST {
            folder(&entry.path(), &relative, depth + 1, hidden, visit)?;
        } else {
            // A link to a file is as good as the file.
            let path = entry.path();
            visit(match fs::metadata(&path) {
                Ok(about) if about.is_file() => Seen::File { path, relative, size_bytes: about.len() },
                Ok(_) => Seen::Special { relative },
                Err(error) => Seen::Unreadable { path, relative, error },
            })?;
        }
    }
    ControlFlow::Continue(())
}

/// By its name: also what systems put into folders by themselves.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
        || ["Thumbs.db", "desktop.ini", "__MACOSX"].iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// Why a file cannot be read, in plain words.
#[must_use]
pub fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "this computer does not allow it".to_owned(),
        io::ErrorKind::NotFound => "it is not there".to_owned(),
        _ => error.to_string(),
    }
}
