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
enum Cursor {
    /// At this key and after.
    From(Vec<u8>),
    /// After this key.
    After(Vec<u8>),
    /// In a listing of versions: among those of this key, the ones below this place.
    Within(Vec<u8>, i64),
}

impl Cursor {
    fn start(query: &Query) -> Option<Self> {
        let prefix = query.prefix.as_bytes();
        // A start inside a folder is a start after that folder: it had its line on an earlier page.
        let folder = |key: &str| {
            let folder = common_prefix(key, &query.prefix, query.delimiter.as_deref());
            folder.map(|folder| past(folder.as_bytes()))
        };
        let begin = match &query.after {
            None => Self::From(prefix.to_vec()),
            Some(After::Prefix(text)) => Self::From(past(text.as_bytes())?),
            Some(After::Key(key)) => match folder(key) {
                Some(past) => Self::From(past?),
                None => Self::After(key.clone().into_bytes()),
            },
            Some(After::Version { key, seq }) => match folder(key) {
                Some(past) => Self::From(past?),
                None => Self::Within(key.clone().into_bytes(), *seq),
            },
        };
        Some(if begin.key() < prefix { Self::From(prefix.to_vec()) } else { begin })
    }

    fn key(&self) -> &[u8] {
        match self {
            Self::From(key) | Self::After(key) | Self::Within(key, _) => key,
        }
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
        let mut next = None;
        let seq = if let Cursor::Within(_, seq) = cursor { seq } else { 0 };
        let mut statement = db.prepare_cached(&sql(kind, &cursor, end.is_some()))?;
        let nothing: &[u8] = &[];
        let mut rows = statement.query((bucket, cursor.key(), end.as_deref().unwrap_or(nothing), seq))?;
        while let Some(row) = rows.next()? {
            let ValueRef::Blob(bytes) = row.get_ref(1)? else { continue };
            if page.entries.len() == query.limit {
                page.next = last;
                return Ok(page);
            }
            let key = key_from(bytes.to_vec());
            if let Some(folder) = common_prefix(&key, &query.prefix, query.delimiter.as_deref()) {
                page.entries.push(Entry::Prefix(folder.to_owned()));
                last = Some(After::Prefix(folder.to_owned()));
                let Some(past) = past(folder.as_bytes()) else { return Ok(page) };
                next = Some(Cursor::From(past));
                break;
            }
            let version = Version::from_row(row)?;
            last = Some(match kind {
                Kind::Objects => After::Key(version.key.clone()),
                Kind::Versions => After::Version { key: version.key.clone(), seq: version.seq },
            });
            page.entries.push(Entry::Item(Box::new(version)));
        }
        cursor = match (next, cursor) {
            (Some(next), _) => next,
            (None, Cursor::Within(key, _)) => Cursor::After(key),
            (None, Cursor::From(_) | Cursor::After(_)) => return Ok(page),
        };
    }
}

/// One range of one index, read row by row: nothing is sorted and nothing is counted.
fn sql(kind: Kind, cursor: &Cursor, bounded: bool) -> String {
    let begin = match cursor {
        Cursor::From(_) => "key >= ?2 AND ?4 IS NOT NULL",
        Cursor::After(_) => "key > ?2 AND ?4 IS NOT NULL",
        Cursor::Within(..) => "key = ?2 AND seq < ?4",
    };
    let end = if bounded { "key < ?3" } else { "?3 IS NOT NULL" };
    let (visible, order) = match kind {
        Kind::Objects => (" AND state = 1", "key"),
        Kind::Versions => ("", "key, seq DESC"),
    };
    format!("SELECT {COLUMNS} FROM versions WHERE bucket = ?1{visible} AND {begin} AND {end} ORDER BY {order}")
}
