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
    /// The archive tier of Intelligent-Tiering that it lies in, e.g. `ARCHIVE_ACCESS`.
    pub archive_tier: Option<String>,
    /// `x-amz-restore`: whether a copy is being fetched from the archive, or until when it is there.
    pub restore: Option<String>,
    /// `AES256`, `aws:kms` …
    pub encryption: Option<String>,
    /// The key of AWS KMS that it is encrypted with.
    pub kms_key: Option<String>,
    /// The version, in a bucket that keeps versions.
    pub version_id: Option<String>,
    /// `x-amz-meta-*`, in the order of their names.
    pub metadata: Vec<(String, String)>,
    /// Tags; `None` where they may not be read or the store has none.
    pub tags: Option<Vec<(String, String)>>,
}

impl ObjectDetails {
    /// Whether it must be restored before it opens (Amazon S3 User Guide, "Working with archived objects").
    #[must_use]
    pub fn is_archived(&self) -> bool {
        let class = self.storage_class.as_deref();
        let in_archive = matches!(class, Some("GLACIER" | "DEEP_ARCHIVE")) || self.archive_tier.is_some();
        in_archive && !self.restore.as_ref().is_some_and(|restore| restore.contains("ongoing-request=\"false\""))
    }

    /// Whether it is being fetched from the archive.
    #[must_use]
    pub fn is_being_restored(&self) -> bool {
        self.restore.as_ref().is_some_and(|restore| restore.contains("ongoing-request=\"true\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(Some("GLACIER"), None, None, true; "in the archive")]
    #[test_case(Some("GLACIER"), None, Some("ongoing-request=\"true\""), true; "on its way")]
    #[test_case(Some("GLACIER"), None, Some("ongoing-request=\"false\", expiry-date=\"x\""), false; "restored")]
    #[test_case(Some("INTELLIGENT_TIERING"), Some("ARCHIVE_ACCESS"), None, true; "in a tier")]
    #[test_case(Some("GLACIER_IR"), None, None, false; "instant retrieval")]
    #[test_case(None, None, None, false; "standard")]
    fn archives_have_to_be_asked(class: Option<&str>, tier: Option<&str>, restore: Option<&str>, archived: bool) {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let (storage_class, archive_tier, restore) = (own(class), own(tier), own(restore));
        let details = ObjectDetails { storage_class, archive_tier, restore, ..ObjectDetails::default() };
        assert_eq!(details.is_archived(), archived);
    }

    #[test_case("photos/2026/lake.jpg", "lake.jpg"; "in folders")]
    #[test_case("lake.jpg", "lake.jpg"; "at the root")]
    #[test_case("photos/", "photos/"; "a folder marker keeps its key")]
    #[test_case("a//b", "b"; "empty segment")]
    fn the_name_is_the_last_part(key: &str, name: &str) {
        let object = ObjectSummary { key: key.into(), size_bytes: 0, modified: None, etag: None, storage_class: None };
        assert_eq!(object.name(), name);
    }
}
