//! One object copied or moved, and what is said of it.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::cli::common::IfExists;
use crate::cli::plain::one_line;
use crate::cli::report::Report;
use crate::domain::copy_route::Route;
use crate::domain::key_template::numbered;
use crate::domain::object_key::MAX_BYTES;
use crate::domain::object_url::s3_uri;
use crate::s3::copy::proof::{delete_source, is_proven, is_same};
use crate::s3::copy::{Copied, Destination, Head, Limits, Source, copy, head};
use crate::s3::error::{Kind, S3Error, Thing};
use crate::s3::object::{Guard, Written};
use crate::s3::store::Store;

/// So many names are tried where both are to be kept.
const NAMES: u64 = 1000;

/// What is to be done with each object.
pub(super) struct Job {
    pub(super) store: Store,
    pub(super) route: Route,
    pub(super) moves: bool,
    pub(super) if_exists: IfExists,
    pub(super) dry_run: bool,
    pub(super) limits: Limits,
    pub(super) stop: CancellationToken,
}

/// How it ended, and under which key.
pub(super) struct Outcome {
    key: String,
    end: End,
}

enum End {
    Done,
    Skipped(Why),
    Failed(Why),
    Refused(S3Error),
    /// It is copied, and the source could not be deleted.
    Kept(S3Error),
}

/// What is no error of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Why {
    #[error("the name is taken")]
    Taken,
    #[error("what is there is not older")]
    NotOlder,
    #[error("the same is there")]
    Same,
    #[error("It would take the place of something that is still to be read. Copy it by itself afterwards")]
    InTheWay,
    #[error("What is there has changed meanwhile. Try again")]
    ThereChanged,
    #[error("It was changed or deleted while it was copied. Try again")]
    SourceChanged,
    #[error("All numbered names are taken")]
    NoFreeName,
    #[error("The copy is not what its source is, so the source stays")]
    NotProven,
    #[error("It is copied, and the source has changed since, so it stays")]
    SourceStays,
}

/// What may be written.
enum Write {
    Under(Guard),
    Not(Why),
}

impl Job {
    /// Copies one object and, if it is to move, deletes its source once the copy is proven.
    pub(super) async fn carry(&self, source: &Source, modified: Option<Timestamp>) -> Outcome {
        let mut key = self.route.key_for(&source.key);
        let end = match self.carried(source, modified, &mut key).await {
            Ok(end) => end,
            Err(error) => End::Refused(error),
        };
        Outcome { key, end }
    }

    async fn carried(&self, source: &Source, modified: Option<Timestamp>, key: &mut String) -> Result<End, S3Error> {
        if self.route.is_in_the_way(key) {
            return Ok(End::Failed(Why::InTheWay));
        }
        let guard = match self.may_write(source, modified, key).await? {
            Write::Under(guard) => guard,
            Write::Not(why) => return Ok(End::Skipped(why)),
        };
        let wanted = key.clone();
        for number in 2..NAMES {
            if self.dry_run {
                if self.if_exists != IfExists::Rename || self.there(key).await?.is_none() {
                    return Ok(End::Done);
                }
                *key = numbered(&wanted, number, MAX_BYTES);
                continue;
            }
            let to = Destination { bucket: self.route.to_bucket.clone(), key: key.clone(), guard: guard.clone() };
            match copy(&self.store, source, &to, &self.limits, &self.stop).await? {
                Copied::Done(written) if self.moves => return self.delete(source, &to, &written).await,
                Copied::Done(_) => return Ok(End::Done),
                Copied::SourceChanged => return Ok(End::Failed(Why::SourceChanged)),
                Copied::HeldBack => match self.if_exists {
                    IfExists::Rename => *key = numbered(&wanted, number, MAX_BYTES),
                    IfExists::Skip => return Ok(End::Skipped(Why::Taken)),
                    IfExists::Overwrite | IfExists::Newer | IfExists::Different => {
                        return Ok(End::Failed(Why::ThereChanged));
                    }
                },
            }
        }
        Ok(End::Failed(Why::NoFreeName))
    }

    /// What holds the write back, by what is there.
    async fn may_write(&self, source: &Source, modified: Option<Timestamp>, key: &str) -> Result<Write, S3Error> {
        // The store itself says whether the name is taken.
        let by_guard = !self.dry_run && self.if_exists == IfExists::Skip;
        match self.if_exists {
            IfExists::Overwrite => return Ok(Write::Under(Guard::Overwrite)),
            IfExists::Rename => return Ok(Write::Under(Guard::IfNoneMatch)),
            IfExists::Skip if by_guard => return Ok(Write::Under(Guard::IfNoneMatch)),
            IfExists::Skip | IfExists::Newer | IfExists::Different => {}
        }
        let Some(there) = self.there(key).await? else { return Ok(Write::Under(Guard::IfNoneMatch)) };
        let why = match self.if_exists {
            IfExists::Newer if there.modified() < modified => None,
            IfExists::Newer => Some(Why::NotOlder),
            IfExists::Different => self.is_there_already(source, &there).await?.then_some(Why::Same),
            IfExists::Skip | IfExists::Overwrite | IfExists::Rename => Some(Why::Taken),
        };
        Ok(match why {
            Some(why) => Write::Not(why),
            None => Write::Under(there.etag().map_or(Guard::Overwrite, Guard::IfMatch)),
        })
    }

    async fn there(&self, key: &str) -> Result<Option<Head>, S3Error> {
        match head(&self.store, &self.route.to_bucket, key, None).await {
            Ok(there) => Ok(Some(there)),
            Err(error) if matches!(error.kind, Kind::NotThere(Thing::Object)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn is_there_already(&self, source: &Source, there: &Head) -> Result<bool, S3Error> {
        if there.size_bytes() != source.size_bytes {
            return Ok(false);
        }
        let original = head(&self.store, &source.bucket, &source.key, source.version_id.as_deref()).await?;
        Ok(is_same(&original, there) == Some(true))
    }

    async fn delete(&self, source: &Source, to: &Destination, written: &Written) -> Result<End, S3Error> {
        let proven = match is_proven(&self.store, source, to, written).await {
            Ok(true) => delete_source(&self.store, source).await,
            Ok(false) => return Ok(End::Failed(Why::NotProven)),
            Err(error) => Err(error),
        };
        Ok(match proven {
            Ok(true) => End::Done,
            Ok(false) => End::Failed(Why::SourceStays),
            Err(error) => End::Kept(error),
        })
    }

    /// What is done with each, for the sentence at the end.
    pub(super) fn done_word(&self) -> &'static str {
        match (self.dry_run, self.moves) {
            (false, false) => "copied",
            (false, true) => "moved",
            (true, false) => "would be copied",
            (true, true) => "would be moved",
        }
    }

    /// Says what became of one.
    pub(super) fn tell(&self, report: &mut Report, source: &Source, outcome: Outcome) {
        let Outcome { key, end } = outcome;
        let (from, to) = (s3_uri(&source.bucket, &source.key), s3_uri(&self.route.to_bucket, &key));
        let state = match (self.dry_run, self.moves) {
            (true, false) => "would copy",
            (true, true) => "would move",
            (false, _) => self.done_word(),
        };
        let row = Row { from: &from, to: Some(&to), size: Some(source.size_bytes), state, why: None };
        let why = match end {
            End::Done => return report.done(source.size_bytes, &Line(state, &from, &to, None), &row),
            End::Skipped(why) => {
                let row = Row { state: "skipped", why: Some(why.to_string()), ..row };
                return report.skipped(&Line("skipped", &from, &to, Some(why)), &row);
            }
            // It was broken off by the person, and is told as such.
            End::Refused(error) if error.kind == Kind::Cancelled => return,
            End::Failed(why) => why.to_string(),
            End::Refused(error) => error.sentence(),
            End::Kept(error) => format!("It is copied, and the source stays. {}", error.sentence()),
        };
        report.failed(&from, &why, &Row { state: "failed", why: Some(why.clone()), ..row });
    }
}

/// A line of JSON.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    from: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    size: Option<u64>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl<'a> Row<'a> {
    /// Where there was nothing.
    pub(super) fn nothing(from: &'a str) -> Self {
        Self { from, to: None, size: None, state: "not there", why: None }
    }
}

/// A line of text.
struct Line<'a>(&'static str, &'a str, &'a str, Option<Why>);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(state, from, to, why) = self;
        write!(f, "{state}  {} -> {}", one_line(from), one_line(to))?;
        why.map_or(Ok(()), |why| write!(f, "  ({why})"))
    }
}
