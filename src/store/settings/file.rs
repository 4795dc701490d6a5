//! The settings' file.

use super::Settings;
use crate::store::file::{self, Read};
use crate::store::home::Home;
use crate::store::{Notice, StoreError};
use serde_json::Value;
use std::path::PathBuf;

const WHAT: &str = "settings";

/// The settings and the file they are kept in.
#[derive(Debug)]
pub struct SettingsFile {
    path: PathBuf,
    settings: Settings,
    /// Parts of a newer version's file: written back as they were.
    unknown: serde_json::Map<String, Value>,
    /// Set while an unreadable file is in the way: it must not be replaced.
    blocked: bool,
}

impl SettingsFile {
    /// Reads the settings. What cannot be understood takes its default, and the notice says so.
    #[must_use]
    pub fn open(home: &Home) -> (Self, Option<Notice>) {
        let path = home.config_dir().join("settings.json");
        let mut this = Self { path, settings: Settings::default(), unknown: serde_json::Map::new(), blocked: false };
        let notice = match file::read_json(&this.path, WHAT) {
            Read::Absent => None,
            Read::Bad(notice) => {
                this.blocked = matches!(notice, Notice::Unreadable { .. });
                Some(notice)
            }
            Read::Json(Value::Object(fields)) => this.take_in(fields),
            Read::Json(_) => Some(file::put_aside(&this.path, WHAT, "it holds no settings".to_owned())),
        };
        (this, notice)
    }

    /// Takes each field by itself, so that one bad value does not cost the others.
    fn take_in(&mut self, fields: serde_json::Map<String, Value>) -> Option<Notice> {
        let Ok(Value::Object(mut taken)) = serde_json::to_value(Settings::default()) else {
            return None;
        };
        let mut parts = vec![];
        for (name, value) in fields {
            let Some(default) = taken.get(&name).cloned() else {
                self.unknown.insert(name, value);
                continue;
            };
            taken.insert(name.clone(), value);
            if let Ok(settings) = serde_json::from_value(Value::Object(taken.clone())) {
                self.settings = settings;
            } else {
                taken.insert(name.clone(), default);
                parts.push(name);
            }
        }
        self.settings = std::mem::take(&mut self.settings).made_sane();
        (!parts.is_empty()).then_some(Notice::PartlyUnread { what: WHAT, parts })
    }

    /// The settings.
    #[must_use]
    pub fn get(&self) -> &Settings {
        &self.settings
    }

    /// Changes the settings and writes them, if there is anything to write.
    ///
    /// # Errors
    /// When the file cannot be written; the change holds for this run all the same.
    pub fn update(&mut self, change: impl FnOnce(&mut Settings)) -> Result<(), StoreError> {
        let before = self.settings.clone();
        change(&mut self.settings);
        self.settings = std::mem::take(&mut self.settings).made_sane();
        if self.settings == before { Ok(()) } else { self.save() }
    }

    fn save(&self) -> Result<(), StoreError> {
        let failed = |source: std::io::Error| StoreError::Write { path: self.path.clone(), source };
        if self.blocked {
            let why = "it could not be read at the start";
            return Err(failed(std::io::Error::new(std::io::ErrorKind::PermissionDenied, why)));
        }
        let mut value = serde_json::to_value(&self.settings).map_err(|error| failed(error.into()))?;
        if let Value::Object(fields) = &mut value {
            fields.extend(self.unknown.clone());
        }
        file::write_atomic(&self.path, format!("{value:#}\n").as_bytes())
    }
}
