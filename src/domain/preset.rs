//! Other stores that speak S3: how each is reached and what it offers.
//!
//! Facts are from the providers' own S3 compatibility pages (MinIO, Cloudflare R2, Backblaze, Wasabi, DigitalOcean,
//! Google Cloud Storage XML API, Ceph RGW). They date; what a store answers always wins.

use super::connection::{Addressing, ChecksumMode};

mod endpoint_text;
mod table;

pub use endpoint_text::{Endpoint, EndpointDoubt, EndpointProblem, endpoint_check};
pub use table::PRESETS;

/// Whether a store offers something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// Not known: ask the store.
    Unknown,
}

/// What a store offers beyond keeping objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// Bucket policies.
    pub policy: Support,
    /// Access control lists that can be written.
    pub acl: Support,
    /// Block Public Access.
    pub public_access_block: Support,
    /// Object Ownership.
    pub ownership: Support,
    /// CORS set per bucket.
    pub cors: Support,
    /// Lifecycle rules.
    pub lifecycle: Support,
    /// Versions that can be switched on.
    pub versioning: Support,
    /// Server access logging.
    pub logging: Support,
    /// Buckets served as websites.
    pub website: Support,
    /// Default encryption that can be set.
    pub encryption: Support,
    /// Encryption with keys of a key management service.
    pub kms: Support,
    /// Tags on buckets.
    pub tagging: Support,
}

impl Abilities {
    /// Amazon S3 itself, and practice storage, which follows it.
    pub const EVERYTHING: Self = Self::all(Support::Yes);
    /// A store nobody has asked yet.
    pub const UNKNOWN: Self = Self::all(Support::Unknown);

    const fn all(support: Support) -> Self {
        Self {
            policy: support,
            acl: support,
            public_access_block: support,
            ownership: support,
            cors: support,
            lifecycle: support,
            versioning: support,
            logging: support,
            website: support,
            encryption: support,
            kms: support,
            tagging: support,
        }
    }
}

/// A value that an endpoint pattern asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// As it stands in the pattern, without braces: `account`, `region`, `host`.
    pub name: &'static str,
    /// Above the field on screen.
    pub label: &'static str,
    /// Where to find it.
    pub help: &'static str,
    /// Shown in the empty field.
    pub example: &'static str,
}

/// How one store is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Kept in connections: `minio`, `cloudflare-r2`, `custom` …
    pub id: &'static str,
    /// Its name on screen.
    pub label: &'static str,
    /// With fields in braces, e.g. `https://s3.{region}.wasabisys.com`.
    pub endpoint: &'static str,
    /// What the pattern asks for.
    pub fields: &'static [Field],
    /// Codes to choose from; empty where the store has none or names them itself.
    pub regions: &'static [&'static str],
    /// What requests are signed for when nothing else is chosen.
    pub default_region: &'static str,
    /// Where the bucket's name stands.
    pub addressing: Addressing,
    /// When checksums are sent.
    pub checksums: ChecksumMode,
    /// What it offers.
    pub abilities: Abilities,
    /// What to know, in plain words.
    pub notes: &'static [&'static str],
    /// The public cannot use the endpoint itself: a host of its own is needed for URLs.
    pub needs_public_host: bool,
}

/// The preset with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|p| p.id == id)
}

/// Which preset an endpoint belongs to, judged by its host.
#[must_use]
pub fn recognise(endpoint: &str) -> Option<&'static Preset> {
    let host = endpoint.split("://").last()?.split(['/', ':']).next()?.to_ascii_lowercase();
    let id = match host.as_str() {
        h if h.ends_with(".r2.cloudflarestorage.com") => "cloudflare-r2",
        h if h.ends_with(".backblazeb2.com") => "backblaze-b2",
        h if h.ends_with("wasabisys.com") => "wasabi",
        h if h.ends_with(".digitaloceanspaces.com") => "digitalocean-spaces",
        "storage.googleapis.com" => "google-cloud-storage",
        _ => return None,
    };
    find(id)
}

impl Preset {
    /// The endpoint with every field filled in. `None` while one that the pattern needs is missing.
    #[must_use]
    pub fn endpoint_for(&self, values: &[(&str, &str)]) -> Option<String> {
        let value =
            |name: &str| values.iter().find(|(n, _)| *n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty());
        // The first region of Wasabi has a host without its name.
        if self.id == "wasabi" && value("region") == Some("us-east-1") {
            return Some("https://s3.wasabisys.com".into());
        }
        let mut url = self.endpoint.to_owned();
        for field in self.fields {
            let mark = format!("{{{}}}", field.name);
            if url.contains(&mark) {
                url = url.replace(&mark, value(field.name)?);
            }
        }
        Some(url)
    }

    /// What to sign for, given the chosen region.
    #[must_use]
    pub fn signing_region<'a>(&self, chosen: &'a str) -> &'a str
    where
        Self: 'a,
    {
        if chosen.trim().is_empty() || (self.regions.is_empty() && self.default_region == "auto") {
            self.default_region
        } else {
            chosen.trim()
        }
    }
}

#[cfg(test)]
mod tests;
