//! Objects as listings and HEAD requests tell of them.

use jiff::Timestamp;

/// One object of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectSummary {
    /// The whole key.
    pub key: String,
    /// Bytes.
    pub size_bytes: u64,
    /// When it was last written.
    pub modified: Option<Timestamp>,
    /// Without the quotes.
    pub etag: Option<String>,
    /// As the store names it, e.g. `STANDARD`; absent means standard.
    pub storage_class: Option<String>,
}

impl ObjectSummary {
    /// The part of the key after the last `/`, or the whole key.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.key.rfind('/') {
            Some(at) if at + 1 < self.key.len() => &self.key[at + 1..],
            _ => &self.key,
        }
    }

    /// A zero-byte object whose key ends in `/` stands for an empty folder.
    #[must_use]
    pub fn is_folder_marker(&self) -> bool {
        self.size_bytes == 0 && self.key.ends_with('/')
    }
}

/// One page of a listing under a prefix, with `/` as delimiter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListingPage {
    /// Whole prefixes, each ending in `/`.
    pub folders: Vec<String>,
    /// The objects directly under the prefix.
    pub objects: Vec<ObjectSummary>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// All that a HEAD request and the tags tell of one object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectDetails {
    /// The whole key.
    pub key: String,
    /// Bytes.
    pub size_bytes: u64,
    /// When it was last written.
    pub modified: Option<Timestamp>,
    /// Without the quotes.
    pub etag: Option<String>,
    /// `Content-Type` as stored.
    pub content_type: Option<String>,
    /// `Cache-Control` as stored.
    pub cache_control: Option<String>,
    /// `Content-Disposition` as stored.
    pub content_disposition: Option<String>,
    /// `Content-Encoding` as stored.
    pub content_encoding: Option<String>,
    /// As the store names it; absent means standard.
    pub storage_class: Option<String>,
    /// `AES256`, `aws:kms` …
    pub encryption: Option<String>,
    /// The version, in a bucket that keeps versions.
    pub version_id: Option<String>,
    /// `x-amz-meta-*`, in the order of their names.
    pub metadata: Vec<(String, String)>,
    /// Tags; `None` where they may not be read or the store has none.
    pub tags: Option<Vec<(String, String)>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("photos/2026/lake.jpg", "lake.jpg"; "in folders")]
    #[test_case("lake.jpg", "lake.jpg"; "at the root")]
    #[test_case("photos/", "photos/"; "a folder marker keeps its key")]
    #[test_case("a//b", "b"; "empty segment")]
    fn the_name_is_the_last_part(key: &str, name: &str) {
        let object = ObjectSummary { key: key.into(), size_bytes: 0, modified: None, etag: None, storage_class: None };
        assert_eq!(object.name(), name);
    }
}
