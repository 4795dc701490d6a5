//! What Brimful remembers of a person's wishes, kept as JSON.

mod file;
pub use file::SettingsFile;

use crate::domain::bandwidth;
use crate::domain::connection::ConnectionId;
use crate::domain::upload_rules::Rule;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How many buckets are remembered one by one before the least recently used is forgotten.
const REMEMBERED_BUCKETS: usize = 300;
/// More requests at once help no one: stores slow such a client down.
const MOST_REQUESTS: u16 = 256;

/// All settings. Every field has a default, so files of older and newer versions are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light, dark or as the system.
    pub theme: Theme,
    /// Size of everything on screen; 1 is the system's own.
    pub ui_scale: f32,
    /// Width of a thumbnail cell in points.
    pub thumbnail_size: f32,
    /// Where practice storage keeps its data, if not in the usual place.
    pub practice_dir: Option<PathBuf>,
    /// The port of practice storage, kept so that public addresses stay the same.
    pub practice_port: Option<u16>,
    /// Images above this many bytes get a warning in the plan of an upload; `None` never warns.
    pub warn_above_bytes: Option<u64>,
    /// How files are sent and fetched.
    pub transfers: TransferSettings,
    /// Whether the last connection opens by itself at the start.
    pub open_last_connection: bool,
    /// Where the window was.
    pub window: Option<WindowGeometry>,
    /// Whether the sidebar is open.
    pub sidebar_open: bool,
    /// Width of the sidebar in points.
    pub sidebar_width: f32,
    /// Whether the inspector is open.
    pub inspector_open: bool,
    /// Marked places, in the person's order.
    pub favourites: Vec<Place>,
    /// Buckets that were opened by name, because a sign-in may open them but not list them.
    pub opened_by_name: BTreeMap<ConnectionId, Vec<String>>,
    /// What is remembered of single buckets.
    pub buckets: Vec<BucketMemory>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            ui_scale: 1.0,
            thumbnail_size: 160.0,
            practice_dir: None,
            practice_port: None,
            warn_above_bytes: Some(5_000_000),
            transfers: TransferSettings::default(),
            open_last_connection: true,
            window: None,
            sidebar_open: true,
            sidebar_width: 248.0,
            inspector_open: true,
            favourites: vec![],
            opened_by_name: BTreeMap::new(),
            buckets: vec![],
        }
    }
}

/// How files are sent and fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransferSettings {
    /// How fast they may go, and when.
    pub speed: bandwidth::Wanted,
    /// Requests that carry bytes at once, at most.
    pub most_requests: u16,
}

impl Default for TransferSettings {
    fn default() -> Self {
        Self { speed: bandwidth::Wanted::default(), most_requests: 32 }
    }
}

impl TransferSettings {
    /// A limit that a hand-edited file got too low would look like a standstill.
    fn made_sane(mut self) -> Self {
        let Self { speed, most_requests } = &mut self;
        *most_requests = (*most_requests).clamp(1, MOST_REQUESTS);
        let limits = [&mut speed.limits, &mut speed.schedule.limits];
        for limit in limits.into_iter().flat_map(|both| [&mut both.upload, &mut both.download]) {
            *limit = limit.map(|bytes| bytes.max(bandwidth::LEAST_BYTES_PER_SEC));
        }
        self
    }
}

/// Which colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Where the window was and how large, in points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WindowGeometry {
    /// Left and top, where the system tells.
    #[serde(default)]
    pub position: Option<(f32, f32)>,
    /// Width and height.
    pub size: (f32, f32),
    /// Whether it filled the screen.
    #[serde(default)]
    pub maximized: bool,
}

/// A bucket, or a folder in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Over which connection.
    pub connection: ConnectionId,
    /// The bucket.
    pub bucket: String,
    /// The folder: empty, or ending in `/`.
    #[serde(default)]
    pub prefix: String,
}

/// What is remembered of one bucket. The most recently used one stands last in [`Settings::buckets`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BucketMemory {
    /// Over which connection.
    pub connection: ConnectionId,
    /// The bucket.
    pub bucket: String,
    /// How uploads were set.
    #[serde(default)]
    pub upload: Option<UploadMemory>,
    /// What uploaded files get by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Half-done input by the name of its form, e.g. `policy`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub drafts: BTreeMap<String, Value>,
}

/// The choices of the last upload to a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadMemory {
    /// The folder it went to.
    pub prefix: String,
    /// The template of the names.
    pub template: String,
    /// What to do with names that are taken.
    pub on_conflict: ConflictChoice,
    /// The `Cache-Control` header, if one was set.
    pub cache_control: Option<String>,
}

/// What to do with a name that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictChoice {
    /// Asked for each.
    #[default]
    Ask,
    /// The file stays here.
    Skip,
    /// The new one takes the place of the old.
    Overwrite,
    /// Both are kept, the new one under another name.
    Rename,
}

impl Settings {
    /// What is remembered of a bucket.
    #[must_use]
    pub fn bucket(&self, connection: ConnectionId, bucket: &str) -> Option<&BucketMemory> {
        self.buckets.iter().find(|it| it.connection == connection && it.bucket == bucket)
    }

    /// What is remembered of a bucket, to be changed; the bucket becomes the most recently used.
    pub fn bucket_mut(&mut self, connection: ConnectionId, bucket: &str) -> &mut BucketMemory {
        let at = self.buckets.iter().position(|it| it.connection == connection && it.bucket == bucket);
        let memory = at.map_or_else(
            || BucketMemory {
                connection,
                bucket: bucket.to_owned(),
                upload: None,
                rules: Vec::new(),
                drafts: BTreeMap::new(),
            },
            |at| self.buckets.remove(at),
        );
        if self.buckets.len() >= REMEMBERED_BUCKETS {
            self.buckets.remove(0);
        }
        let last = self.buckets.len();
        self.buckets.push(memory);
        &mut self.buckets[last]
    }

    /// Forgets all that belongs to a connection that was removed.
    pub fn forget_connection(&mut self, connection: ConnectionId) {
        self.favourites.retain(|it| it.connection != connection);
        self.opened_by_name.remove(&connection);
        self.buckets.retain(|it| it.connection != connection);
    }

    /// Forgets all that belongs to a bucket that was deleted.
    pub fn forget_bucket(&mut self, connection: ConnectionId, bucket: &str) {
        self.favourites.retain(|it| it.connection != connection || it.bucket != bucket);
        if let Some(names) = self.opened_by_name.get_mut(&connection) {
            names.retain(|it| it != bucket);
        }
        self.buckets.retain(|it| it.connection != connection || it.bucket != bucket);
    }

    /// Adds a place to the favourites, or takes it out; says whether it is one now.
    pub fn toggle_favourite(&mut self, place: Place) -> bool {
        if let Some(at) = self.favourites.iter().position(|it| *it == place) {
            self.favourites.remove(at);
            false
        } else {
            self.favourites.push(place);
            true
        }
    }

    /// Remembers that a bucket was opened by its name.
    pub fn remember_opened_by_name(&mut self, connection: ConnectionId, bucket: &str) {
        let names = self.opened_by_name.entry(connection).or_default();
        if !names.iter().any(|it| it == bucket) {
            names.push(bucket.to_owned());
        }
    }

    /// Brings numbers that a hand-edited file got wrong back to what can be shown.
    fn made_sane(mut self) -> Self {
        let defaults = Self::default();
        let within = |value: f32, low: f32, high: f32, otherwise: f32| {
            if value.is_finite() { value.clamp(low, high) } else { otherwise }
        };
        self.ui_scale = within(self.ui_scale, 0.5, 3.0, defaults.ui_scale);
        self.thumbnail_size = within(self.thumbnail_size, 80.0, 480.0, defaults.thumbnail_size);
        self.sidebar_width = within(self.sidebar_width, 180.0, 480.0, defaults.sidebar_width);
        self.transfers = self.transfers.made_sane();
        self.window = self.window.filter(|window| {
            let (width, height) = window.size;
            (200.0..=20_000.0).contains(&width) && (150.0..=20_000.0).contains(&height)
        });
        if let Some(window) = &mut self.window {
            window.position = window.position.filter(|(x, y)| x.abs() < 50_000.0 && y.abs() < 50_000.0);
        }
        self
    }
}

#[cfg(test)]
mod tests;
