//! Emptying and deleting a bucket: what there is, how far it is, and what is still there.

use crate::domain::format;
use crate::model::Trouble;

/// What a bucket holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Contents {
    /// Files as one sees them.
    pub files: u64,
    /// Old versions below them, and below what was deleted.
    pub old_versions: u64,
    /// Marks that hide deleted files.
    pub markers: u64,
    /// Uploads in parts that were never finished.
    pub uploads: u64,
    /// Bytes of files and old versions.
    pub bytes: u64,
}

impl Contents {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.total() == 0
    }

    /// How many things there are to delete.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.files + self.old_versions + self.markers + self.uploads
    }

    /// In words: `1,204 files, 312 old versions and 3 unfinished uploads (2.3 GB)`.
    #[must_use]
    pub fn words(&self) -> String {
        let parts = [
            (self.files, "file", "files"),
            (self.old_versions, "old version", "old versions"),
            (self.markers, "delete marker", "delete markers"),
            (self.uploads, "unfinished upload", "unfinished uploads"),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| format::counted(count, one, many))
            .collect();
        let listed = match parts.as_slice() {
            [] => return "nothing".to_owned(),
            [one] => one.clone(),
            [before @ .., last] => format!("{} and {last}", before.join(", ")),
        };
        if self.bytes == 0 { listed } else { format!("{listed} ({})", format::size(self.bytes)) }
    }
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemovalState {
    /// Counting; so much was found.
    Counting(Contents),
    /// Counted; the person is asked.
    Counted(Contents),
    /// Deleting: so many of so many.
    Removing {
        /// Gone by now.
        done: u64,
        /// As counted.
        total: u64,
        /// It was asked to stop.
        stopping: bool,
    },
    /// It came to its end.
    Ended(Ended),
    /// What is there could not be counted.
    Failed(Trouble),
}

/// How deleting ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ended {
    /// How many are gone.
    pub done: u64,
    /// What is still there, each with why; the first of them.
    pub failed: Vec<(String, Trouble)>,
    /// How many are still there.
    pub failed_count: u64,
    /// It was stopped.
    pub stopped: bool,
    /// The bucket was to go, and did.
    pub bucket_gone: bool,
    /// Why it as a whole went no further.
    pub trouble: Option<Trouble>,
}

/// Emptying or deleting a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// Which.
    pub bucket: String,
    /// Whether the bucket itself goes as well.
    pub bucket_too: bool,
    /// Another number with every dialog, so that late reports are known as such.
    pub number: u64,
    /// How far it is.
    pub state: RemovalState,
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(Contents::default(), "nothing"; "none")]
    #[test_case(Contents { files: 1, bytes: 10, ..Contents::default() }, "1 file (10 bytes)"; "one file")]
    #[test_case(Contents { files: 1204, old_versions: 312, uploads: 1, bytes: 2_300_000_000, ..Contents::default() }, "1,204 files, 312 old versions and 1 unfinished upload (2.3 GB)"; "much")]
    #[test_case(Contents { markers: 2, ..Contents::default() }, "2 delete markers"; "markers weigh nothing")]
    fn contents_in_words(contents: Contents, words: &str) {
        assert_eq!(contents.words(), words);
    }
}
