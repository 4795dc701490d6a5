//! Uploads in parts that were begun and not finished: they show in no listing, and what they have stored costs as much
//! as files do.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::format;

/// What is older than this was most likely given up.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfinishedUpload {
    /// The key it is for.
    pub key: String,
    /// The store's name of it.
    pub upload_id: String,
    /// When it was begun, where the store says.
    pub begun: Option<Timestamp>,
    /// What it has stored; `None` where that was not counted.
    pub stored: Option<Stored>,
    /// A file of this window's transfers goes there, so it is not to be called off here.
    pub is_own: bool,
}

/// What one has stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    /// Bytes of all its parts.
    pub bytes: u64,
    /// How many parts there are.
    pub parts: u64,
}

/// All of a bucket, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnfinishedUploads {
    /// In the order of their age.
    pub all: Vec<UnfinishedUpload>,
    /// There are more than are looked at.
    pub more: bool,
}

impl UnfinishedUploads {
    /// `3 uploads hold 48.0 MB`, or what is known of it.
    #[must_use]
    pub fn words(&self) -> String {
        let all = self.all.len() as u64;
        let bytes = self.all.iter().filter_map(|upload| upload.stored).map(|stored| stored.bytes).sum();
        let least = if self.more || self.all.iter().any(|upload| upload.stored.is_none()) { "at least " } else { "" };
        let count = if self.more { format!("More than {}", format::count(all)) } else { format::count(all) };
        match all {
            1 => format!("1 upload holds {least}{}", format::size(bytes)),
            _ => format!("{count} uploads hold {least}{}", format::size(bytes)),
        }
    }

    /// The names of those that were begun long ago and can be called off.
    #[must_use]
    pub fn given_up(&self, now: Timestamp) -> Vec<String> {
        let old = |upload: &&UnfinishedUpload| {
            !upload.is_own && upload.begun.is_some_and(|begun| is_older(begun, now, GIVEN_UP_AFTER))
        };
        self.all.iter().filter(old).map(|upload| upload.upload_id.clone()).collect()
    }
}

fn is_older(begun: Timestamp, now: Timestamp, than: Duration) -> bool {
    now.duration_since(begun).try_into().is_ok_and(|age: Duration| age > than)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn upload(id: &str, begun: &str, bytes: Option<u64>, is_own: bool) -> UnfinishedUpload {
        UnfinishedUpload {
            key: format!("{id}.tif"),
            upload_id: id.to_owned(),
            begun: begun.parse().ok(),
            stored: bytes.map(|bytes| Stored { bytes, parts: 2 }),
            is_own,
        }
    }

    #[test_case(&[], false, "0 uploads hold 0 bytes"; "none")]
    #[test_case(&[Some(5_000_000)], false, "1 upload holds 5.0 MB"; "one")]
    #[test_case(&[Some(5_000_000), Some(1_000_000)], false, "2 uploads hold 6.0 MB"; "two")]
    #[test_case(&[Some(5_000_000), None], false, "2 uploads hold at least 5.0 MB"; "one is not counted")]
    #[test_case(&[Some(5_000_000), Some(0)], true, "More than 2 uploads hold at least 5.0 MB"; "not all are known")]
    fn in_words(stored: &[Option<u64>], more: bool, words: &str) {
        let all = stored.iter().map(|bytes| upload("a", "", *bytes, false)).collect();
        assert_eq!(UnfinishedUploads { all, more }.words(), words);
    }

    #[test]
    fn what_is_old_and_not_ones_own_was_given_up() {
        let now = "2026-03-14T09:44:00Z".parse().unwrap();
        let all = vec![
            upload("old", "2026-03-01T00:00:00Z", None, false),
            upload("own", "2026-03-01T00:00:00Z", None, true),
            upload("just not", "2026-03-07T09:44:00Z", None, false),
            upload("unknown", "", None, false),
            upload("tomorrow", "2026-03-15T00:00:00Z", None, false),
        ];
        assert_eq!(UnfinishedUploads { all, more: false }.given_up(now), ["old"]);
    }
}
