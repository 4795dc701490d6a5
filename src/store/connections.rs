//! The list of connections, kept as JSON. [`Connection`] has no place for a secret, so none can get in.

use super::file::{self, Read};
use super::home::Home;
use super::{Notice, StoreError};
use crate::domain::connection::{Connection, ConnectionId, SignIn, Target};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::path::PathBuf;

const WHAT: &str = "list of connections";

/// The connections, in the order in which they were made; practice storage is always the first.
#[derive(Debug)]
pub struct Connections {
    path: PathBuf,
    list: Vec<Connection>,
    /// Entries that this version does not understand: written back as they were.
    unread: Vec<Value>,
    /// Set while an unreadable file (e.g. of another user) is in the way: it must not be replaced.
    blocked: bool,
}

impl Connections {
    /// Reads the list. A damaged file is put aside, and the notice says so.
    #[must_use]
    pub fn open(home: &Home) -> (Self, Option<Notice>) {
        let mut this =
            Self { path: home.config_dir().join("connections.json"), list: vec![], unread: vec![], blocked: false };
        let notice = match file::read_json(&this.path, WHAT) {
            Read::Absent => None,
            Read::Bad(notice) => {
                this.blocked = matches!(notice, Notice::Unreadable { .. });
                Some(notice)
            }
            Read::Json(value) => this.take_in(value),
        };
        this.ensure_practice();
        (this, notice)
    }

    fn take_in(&mut self, mut value: Value) -> Option<Notice> {
        let Some(Value::Array(entries)) = value.get_mut("connections").map(Value::take) else {
            return Some(file::put_aside(&self.path, WHAT, "it holds no list".to_owned()));
        };
        let mut parts = vec![];
        for (at, entry) in entries.into_iter().enumerate() {
            match serde_json::from_value::<Connection>(entry.clone()) {
                Ok(connection) if self.get(connection.id).is_none() => self.list.push(connection),
                Ok(_) => {}
                Err(_) => {
                    let name = entry.get("name").and_then(Value::as_str);
                    parts.push(name.map_or_else(|| format!("entry {}", at + 1), str::to_owned));
                    self.unread.push(entry);
                }
            }
        }
        (!parts.is_empty()).then_some(Notice::PartlyUnread { what: WHAT, parts })
    }

    fn ensure_practice(&mut self) {
        match self.list.iter().position(|it| it.id == ConnectionId::PRACTICE) {
            Some(at) => {
                let mut practice = self.list.remove(at);
                // Whatever a file says, this identity leads to the server inside this process.
                practice.target = Target::Practice;
                self.list.insert(0, practice);
            }
            None => self.list.insert(
                0,
                Connection {
                    id: ConnectionId::PRACTICE,
                    name: "Practice on this computer".to_owned(),
                    target: Target::Practice,
                    production: false,
                    last_opened: None,
                    bucket_count: None,
                },
            ),
        }
    }

    /// All connections; practice storage first.
    #[must_use]
    pub fn all(&self) -> &[Connection] {
        &self.list
    }

    /// One connection.
    #[must_use]
    pub fn get(&self, id: ConnectionId) -> Option<&Connection> {
        self.list.iter().find(|it| it.id == id)
    }

    /// The one that was opened last, if any ever was.
    #[must_use]
    pub fn last_opened(&self) -> Option<&Connection> {
        self.list.iter().filter(|it| it.last_opened.is_some()).max_by_key(|it| it.last_opened)
    }

    /// Adds a connection, or replaces the one of the same identity.
    ///
    /// # Errors
    /// When the file cannot be written; the change holds for this run all the same.
    pub fn put(&mut self, connection: Connection) -> Result<(), StoreError> {
        match self.list.iter_mut().find(|it| it.id == connection.id) {
            Some(place) => *place = connection,
            None => self.list.push(connection),
        }
        self.ensure_practice();
        self.save()
    }

    /// Adds a copy under a new identity, named `NAME copy`, and returns it. The copy has no secret yet: the caller copies
    /// it in the keychain, or asks for it.
    ///
    /// # Errors
    /// When there is no such connection, it is practice storage, or the file cannot be written.
    pub fn duplicate(&mut self, id: ConnectionId) -> Result<Connection, StoreError> {
        if id == ConnectionId::PRACTICE {
            return Err(StoreError::PracticeStays);
        }
        let mut copy = self.get(id).ok_or(StoreError::NoSuchConnection)?.clone();
        copy.id = ConnectionId::random();
        copy.name = self.free_name(&format!("{} copy", copy.name));
        copy.last_opened = None;
        copy.bucket_count = None;
        self.put(copy.clone())?;
        Ok(copy)
    }

    fn free_name(&self, wanted: &str) -> String {
        let taken = |name: &str| self.list.iter().any(|it| it.name == name);
        if !taken(wanted) {
            return wanted.to_owned();
        }
        (2..).map(|n| format!("{wanted} {n}")).find(|name| !taken(name)).unwrap_or_default()
    }

    /// Takes a connection out of the list. Its secret is not touched: see [`super::secrets::SecretStore::delete`].
    ///
    /// # Errors
    /// When it is practice storage, is not there, or the file cannot be written.
    pub fn remove(&mut self, id: ConnectionId) -> Result<Connection, StoreError> {
        if id == ConnectionId::PRACTICE {
            return Err(StoreError::PracticeStays);
        }
        let at = self.list.iter().position(|it| it.id == id).ok_or(StoreError::NoSuchConnection)?;
        let removed = self.list.remove(at);
        self.save()?;
        Ok(removed)
    }

    /// Notes that a connection was opened, and how many buckets were seen.
    ///
    /// # Errors
    /// When there is no such connection, or the file cannot be written.
    pub fn mark_opened(
        &mut self,
        id: ConnectionId,
        when: Timestamp,
        bucket_count: Option<u32>,
    ) -> Result<(), StoreError> {
        let connection = self.list.iter_mut().find(|it| it.id == id).ok_or(StoreError::NoSuchConnection)?;
        connection.last_opened = Some(when);
        connection.bucket_count = bucket_count.or(connection.bucket_count);
        self.save()
    }

    /// The connections whose secret is kept under their identity, for tidying the keychain.
    pub fn with_typed_keys(&self) -> impl Iterator<Item = &Connection> {
        self.list.iter().filter(|it| matches!(it.target.sign_in(), Some(SignIn::Keys { .. })))
    }

    fn save(&self) -> Result<(), StoreError> {
        if self.blocked {
            let source = std::io::Error::new(std::io::ErrorKind::PermissionDenied, "it could not be read at the start");
            return Err(StoreError::Write { path: self.path.clone(), source });
        }
        let mut entries: Vec<Value> = Vec::with_capacity(self.list.len() + self.unread.len());
        for connection in &self.list {
            let entry = serde_json::to_value(connection)
                .map_err(|error| StoreError::Write { path: self.path.clone(), source: error.into() })?;
            entries.push(entry);
        }
        entries.extend(self.unread.iter().cloned());
        let text = format!("{:#}\n", json!({ "version": 1, "connections": entries }));
        file::write_atomic(&self.path, text.as_bytes())
    }
}

#[cfg(test)]
mod tests;
