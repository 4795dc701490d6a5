//! Which files a statement is about, the way people say it.

use crate::domain::policy::{Scene, Words, glob};

/// One resource of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// The bucket itself: what listing and settings work on.
    Bucket,
    /// Every file.
    AllFiles,
    /// Every file whose key starts so, such as `photos/`.
    Under(String),
    /// One file, by its key.
    File(String),
    /// Anything else, as it is written.
    Other(String),
}

impl Place {
    /// The place that a resource of a policy for this bucket names.
    #[must_use]
    pub fn read(resource: &str, scene: &Scene<'_>) -> Self {
        let special = |text: &str| glob::has_wildcard(text) || text.contains("${");
        if resource == scene.bucket_arn() {
            return Self::Bucket;
        }
        match scene.key_of(resource) {
            Some("*") => Self::AllFiles,
            Some(key) if !key.is_empty() && !special(key) => Self::File(key.to_owned()),
            Some(key) => match key.strip_suffix('*') {
                Some(start) if !start.is_empty() && !special(start) => Self::Under(start.to_owned()),
                _ => Self::Other(resource.to_owned()),
            },
            None => Self::Other(resource.to_owned()),
        }
    }

    /// As a policy for this bucket writes it.
    #[must_use]
    pub fn resource(&self, scene: &Scene<'_>) -> String {
        match self {
            Self::Bucket => scene.bucket_arn(),
            Self::AllFiles => scene.object_arn("*"),
            Self::Under(start) => scene.object_arn(&format!("{start}*")),
            Self::File(key) => scene.object_arn(key),
            Self::Other(resource) => resource.clone(),
        }
    }

    /// In words: "files under photos/".
    #[must_use]
    pub fn words(&self, scene: &Scene<'_>) -> Words {
        super::super::explain::place_words(&self.resource(scene), scene)
    }
}
