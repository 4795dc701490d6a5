//! How many files a change lets strangers view: counted on the bucket's own listing.

use crate::domain::arn::{Partition, object_arn};
use crate::domain::format;
use crate::domain::policy::{
    AccessChange, AnonymousRequest, Policy, anonymous_context, evaluate, glob_matches, key_prefix,
};

use super::review::Review;

/// So many keys are looked at; a bucket with more says "at least".
pub const LOOKED_AT: u64 = 100_000;

/// The files of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    keys: Vec<String>,
    more: u64,
}

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    parts: Vec<Part>,
    in_all: u64,
    looked_at: u64,
    is_whole: bool,
}

impl Files {
    /// What a change adds, as words: "1,056 more files".
    #[must_use]
    pub fn more(&self, change: &AccessChange) -> Option<String> {
        let part = self.parts.iter().find(|part| part.keys == change.keys && views(change))?;
        Some(match part.more {
            0 if self.is_whole => "no files yet".to_owned(),
            more => self.words(more, "more file", "more files"),
        })
    }

    /// What strangers can view afterwards where something becomes public, as words: "1,204 files in all".
    #[must_use]
    pub fn in_all(&self) -> Option<String> {
        (!self.parts.is_empty() && self.in_all > 0)
            .then(|| format!("{} in all", self.words(self.in_all, "file", "files")))
    }

    fn words(&self, count: u64, one: &str, many: &str) -> String {
        format!("{}{}", if self.is_whole { "" } else { "at least " }, format::counted(count, one, many))
    }
}

fn views(change: &AccessChange) -> bool {
    !change.keys.is_empty() && change.actions.iter().any(|action| action == "s3:GetObject")
}

/// Counts keys as they are listed.
#[derive(Debug)]
pub struct Counter {
    bucket: String,
    partition: Partition,
    before: Option<Policy>,
    files: Files,
}

impl Counter {
    /// What there is to count for a review; `None` where nothing becomes viewable by strangers.
    #[must_use]
    pub fn new(review: &Review, partition: Partition) -> Option<Self> {
        let changes = &review.people.as_ref()?.open.becomes_public;
        let part = |change: &AccessChange| Part { keys: change.keys.clone(), more: 0 };
        let parts: Vec<Part> = changes.iter().filter(|change| views(change)).map(part).collect();
        (!parts.is_empty()).then(|| Self {
            bucket: review.key.bucket.clone(),
            partition,
            before: review.before.text().and_then(|text| Policy::parse(text).ok()),
            files: Files { parts, ..Files::default() },
        })
    }

    /// Where to list: prefixes of which none contains another.
    #[must_use]
    pub fn prefixes(&self) -> Vec<String> {
        let keys = self.files.parts.iter().flat_map(|part| &part.keys);
        let mut prefixes: Vec<&str> = keys.map(|pattern| key_prefix(pattern)).collect();
        prefixes.sort_unstable();
        prefixes.dedup_by(|longer, shorter| longer.starts_with(*shorter));
        prefixes.into_iter().map(str::to_owned).collect()
    }

    /// Whether no more keys are looked at.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.files.looked_at >= LOOKED_AT
    }

    /// Takes a key of the listing in. What stands for a folder is no file.
    pub fn add(&mut self, key: &str) {
        self.files.looked_at += 1;
        let fits = |part: &Part| part.keys.iter().any(|pattern| glob_matches(pattern, key));
        if key.ends_with('/') || !self.files.parts.iter().any(fits) {
            return;
        }
        self.files.in_all += 1;
        if !self.was_open(key) {
            for part in self.files.parts.iter_mut().filter(|part| fits(part)) {
                part.more += 1;
            }
        }
    }

    fn was_open(&self, key: &str) -> bool {
        let stranger = AnonymousRequest { https: true, ..AnonymousRequest::default() };
        let context = || anonymous_context("s3:GetObject", object_arn(self.partition, &self.bucket, key), &stranger);
        self.before.as_ref().is_some_and(|policy| evaluate(policy, &context()).is_allow())
    }

    /// The end: `is_whole` where every key was listed.
    #[must_use]
    pub fn finish(self, is_whole: bool) -> Files {
        Files { is_whole, ..self.files }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::{Asker, Words};

    fn change(keys: &[&str]) -> AccessChange {
        AccessChange {
            who: vec![Asker::Anyone],
            actions: vec!["s3:GetObject".to_owned()],
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            words: Words::default(),
            detail: None,
            statement: None,
        }
    }

    fn counter(before: Option<&str>, parts: &[&[&str]]) -> Counter {
        let before = before.map(|prefix| {
            let text = format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/{prefix}*"}}]}}"#
            );
            Policy::parse(&text).unwrap()
        });
        let parts = parts.iter().map(|keys| Part { keys: change(keys).keys, more: 0 }).collect();
        let files = Files { parts, ..Files::default() };
        Counter { bucket: "b".to_owned(), partition: Partition::Aws, before, files }
    }

    #[test]
    fn what_was_open_before_is_not_more_and_folders_are_no_files() {
        let mut counter = counter(Some("photos/2026/"), &[&["photos/*"]]);
        assert_eq!(counter.prefixes(), ["photos/"]);
        for key in ["photos/", "photos/2026/a.jpg", "photos/b.jpg", "photos/c.jpg", "press/d.jpg"] {
            counter.add(key);
        }
        let files = counter.finish(true);
        assert_eq!(files.more(&change(&["photos/*"])).as_deref(), Some("2 more files"));
        assert_eq!(files.in_all().as_deref(), Some("3 files in all"));
        assert_eq!(files.more(&change(&["press/*"])), None);
    }

    #[test]
    fn one_file_no_file_and_too_many() {
        let mut one = counter(None, &[&["a/*"], &["b/*"]]);
        one.add("a/1");
        let one = one.finish(true);
        assert_eq!(one.more(&change(&["a/*"])).as_deref(), Some("1 more file"));
        assert_eq!(one.more(&change(&["b/*"])).as_deref(), Some("no files yet"));
        let mut many = counter(None, &[&["*"]]);
        (0..LOOKED_AT).for_each(|number| many.add(&number.to_string()));
        assert!(many.is_full());
        assert_eq!(many.finish(false).in_all().as_deref(), Some("at least 100,000 files in all"));
    }

    #[test]
    fn a_prefix_within_another_is_not_listed_twice() {
        assert_eq!(counter(None, &[&["a/b/*", "c*"], &["a/*"], &["a/x?"]]).prefixes(), ["a/", "c"]);
        assert_eq!(counter(None, &[&["a/*"], &["*"]]).prefixes(), [""]);
    }
}
