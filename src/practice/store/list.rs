//! Listings in the order of UTF-8 bytes. A page costs as much as it shows: a common prefix is one seek, however many
//! keys are below it.

use rusqlite::{Connection, types::ValueRef};

use super::super::error::Outcome;
use super::versions::{COLUMNS, Version, key_from};

/// What of a bucket is wanted.
#[derive(Debug, Clone, Default)]
pub(in crate::practice) struct Query {
    pub(in crate::practice) prefix: String,
    pub(in crate::practice) delimiter: Option<String>,
    /// Only keys and common prefixes after this one.
    pub(in crate::practice) after: Option<After>,
    pub(in crate::practice) limit: usize,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::practice) enum After {
    /// After this key; where it lies in a folder, after that folder.
    Key(String),
    /// After this common prefix and everything below it.
    Prefix(String),
    /// In a listing of versions: after this version of this key.
    Version { key: String, seq: i64 },
}

/// One line of a listing.
#[derive(Debug, Clone)]
pub(in crate::practice) enum Entry {
    Item(Box<Version>),
    Prefix(String),
}

/// A page. `next` tells where the following one begins, when there is one.
#[derive(Debug, Clone, Default)]
pub(in crate::practice) struct Page {
    pub(in crate::practice) entries: Vec<Entry>,
    pub(in crate::practice) next: Option<After>,
}

/// The first byte string after everything that begins with `prefix`; `None` when there is none.
pub(in crate::practice) fn past(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = prefix.to_vec();
    while let Some(last) = bytes.pop() {
        if last < u8::MAX {
            bytes.push(last + 1);
            return Some(bytes);
        }
    }
    None
}

/// The common prefix that `key` falls under.
pub(in crate::practice) fn common_prefix<'a>(key: &'a str, prefix: &str, delimiter: Option<&str>) -> Option<&'a str> {
    let delimiter = delimiter.filter(|delimiter| !delimiter.is_empty())?;
    let rest = key.strip_prefix(prefix)?;
    let at = rest.find(delimiter)?;
    Some(&key[..prefix.len() + at + delimiter.len()])
}

/// A place in the order of keys from which to read on.
struct Cursor {
    key: Vec<u8>,
    inclusive: bool,
    /// For versions: below this seq at `key` itself.
    seq: Option<i64>,
}

impl Cursor {
    fn start(query: &Query) -> Option<Self> {
        let prefix = query.prefix.as_bytes();
        let at_prefix = Self { key: prefix.to_vec(), inclusive: true, seq: None };
        let begin = match &query.after {
            None => return Some(at_prefix),
            Some(After::Prefix(text)) => Self { key: past(text.as_bytes())?, inclusive: true, seq: None },
            // A start inside a folder is a start after that folder: it had its line on an earlier page.
            Some(After::Key(key)) => match common_prefix(key, &query.prefix, query.delimiter.as_deref()) {
                Some(folder) => Self { key: past(folder.as_bytes())?, inclusive: true, seq: None },
                None => Self { key: key.clone().into_bytes(), inclusive: false, seq: None },
            },
            Some(After::Version { key, seq }) => {
                Self { key: key.clone().into_bytes(), inclusive: false, seq: Some(*seq) }
            }
        };
        Some(if begin.key.as_slice() < prefix { at_prefix } else { begin })
    }
}

/// Current objects, without delete markers.
pub(in crate::practice) fn objects(db: &Connection, bucket: i64, query: &Query) -> Outcome<Page> {
    page(db, bucket, query, Kind::Objects)
}

/// All versions and delete markers, the newest of a key first.
pub(in crate::practice) fn versions(db: &Connection, bucket: i64, query: &Query) -> Outcome<Page> {
    page(db, bucket, query, Kind::Versions)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Objects,
    Versions,
}

fn page(db: &Connection, bucket: i64, query: &Query, kind: Kind) -> Outcome<Page> {
    let mut page = Page::default();
    let (Some(mut cursor), true) = (Cursor::start(query), query.limit > 0) else { return Ok(page) };
    let end = past(query.prefix.as_bytes());
    let mut last: Option<After> = None;
    loop {
        let mut skip_to: Option<Vec<u8>> = None;
        let mut statement = db.prepare_cached(&sql(kind, &cursor, end.is_some()))?;
        let nothing: &[u8] = &[];
        let mut rows =
            statement.query((bucket, &cursor.key, end.as_deref().unwrap_or(nothing), cursor.seq.unwrap_or(0)))?;
        while let Some(row) = rows.next()? {
            let ValueRef::Blob(bytes) = row.get_ref(1)? else { continue };
            let key = key_from(bytes.to_vec());
            let folder = common_prefix(&key, &query.prefix, query.delimiter.as_deref());
            if page.entries.len() == query.limit {
                page.next = last;
                return Ok(page);
            }
            if let Some(folder) = folder {
                page.entries.push(Entry::Prefix(folder.to_owned()));
                last = Some(After::Prefix(folder.to_owned()));
                skip_to = Some(past(folder.as_bytes()).unwrap_or_default());
                break;
            }
            let version = Version::from_row(row)?;
            last = Some(match kind {
                Kind::Objects => After::Key(version.key.clone()),
                Kind::Versions => After::Version { key: version.key.clone(), seq: version.seq },
            });
            page.entries.push(Entry::Item(Box::new(version)));
        }
        match skip_to {
            Some(key) if !key.is_empty() => cursor = Cursor { key, inclusive: true, seq: None },
            _ => return Ok(page),
        }
    }
}

/// One range of one index, read row by row: nothing is sorted and nothing is counted.
fn sql(kind: Kind, cursor: &Cursor, bounded: bool) -> String {
    let end = if bounded { "AND key < ?3" } else { "AND ?3 IS NOT NULL" };
    let begin = match (cursor.seq, cursor.inclusive) {
        (Some(_), _) => "AND (key, -seq) > (?2, -?4)",
        (None, true) => "AND key >= ?2 AND ?4 IS NOT NULL",
        (None, false) => "AND key > ?2 AND ?4 IS NOT NULL",
    };
    match kind {
        Kind::Objects => {
            format!("SELECT {COLUMNS} FROM versions WHERE bucket = ?1 AND state = 1 {begin} {end} ORDER BY key")
        }
        // With a seq the range must still begin at the key for the index to be used.
        Kind::Versions if cursor.seq.is_some() => format!(
            "SELECT {COLUMNS} FROM versions WHERE bucket = ?1 AND key >= ?2 {begin} {end} ORDER BY key, seq DESC"
        ),
        Kind::Versions => {
            format!("SELECT {COLUMNS} FROM versions WHERE bucket = ?1 {begin} {end} ORDER BY key, seq DESC")
        }
    }
}
