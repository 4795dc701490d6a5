//! Rows in the words of the journal, and back.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    parts::{OpenUpload, PartPlan},
    row::{Direction, RowState, Work},
    types::{Edit, Source},
};
use crate::{
    s3::{
        integrity::Sums,
        multipart::{Begun, SentPart},
        object::{Guard, ObjectHeaders, Written},
        watched_file::Fingerprint,
    },
    store::journal::{self, State},
};

/// What is to be done for a row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Plan {
    Up {
        from: From,
        #[serde(default)]
        headers: Box<ObjectHeaders>,
        #[serde(default)]
        guard: Guard,
    },
    Down {
        to: Place,
        #[serde(default)]
        replace: bool,
    },
}

/// Where the bytes of an upload lie.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum From {
    File(Place),
    /// A file with something replaced in what is sent.
    Edited {
        file: Place,
        edit: String,
    },
    /// Bytes that lay in no file and were not laid into one: they end with the process.
    Memory,
}

/// A path. Text where it is text.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Place {
    Text(String),
    Bytes { bytes: Vec<u8> },
}

impl Place {
    fn of(path: &Path) -> Self {
        match path.to_str() {
            Some(text) => Self::Text(text.to_owned()),
            #[cfg(unix)]
            None => Self::Bytes { bytes: std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec() },
            #[cfg(not(unix))]
            None => Self::Text(path.to_string_lossy().into_owned()),
        }
    }

    fn path(self) -> PathBuf {
        match self {
            Self::Text(text) => text.into(),
            #[cfg(unix)]
            Self::Bytes { bytes } => <OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes).into(),
            #[cfg(not(unix))]
            Self::Bytes { bytes } => String::from_utf8_lossy(&bytes).into_owned().into(),
        }
    }
}

/// What came of a row that arrived.
#[derive(Debug, Serialize, Deserialize)]
struct Arrived {
    at: Timestamp,
    verified: bool,
    #[serde(default)]
    written: Written,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    saved_as: Option<Place>,
}

/// The plan as text.
pub(super) fn plan_of(work: &Work) -> String {
    let plan = match work {
        Work::Upload { source, headers, guard } => {
            let from = match source {
                Source::Path(path) => From::File(Place::of(path)),
                Source::Edited { path, edit } => From::Edited { file: Place::of(path), edit: edit.name().to_owned() },
                Source::Bytes(_) => From::Memory,
            };
            Plan::Up { from, headers: Box::new((**headers).clone()), guard: guard.clone() }
        }
        Work::Download { dest, replace } => Plan::Down { to: Place::of(dest), replace: *replace },
    };
    serde_json::to_string(&plan).unwrap_or_default()
}

/// The work of a plan. `None` for what this version does not understand, or cannot do any more.
pub(super) fn work_of(plan: &str, edits: &dyn Fn(&str) -> Option<Edit>) -> Option<Work> {
    Some(match serde_json::from_str(plan).ok()? {
        Plan::Up { from, headers, guard } => {
            let source = match from {
                From::File(place) => Source::Path(place.path()),
                From::Edited { file, edit } => Source::Edited { path: file.path(), edit: edits(&edit)? },
                From::Memory => return None,
            };
            Work::Upload { source, headers: headers.into(), guard }
        }
        Plan::Down { to, replace } => Work::Download { dest: to.path(), replace },
    })
}

/// How a row stands, as the journal keeps it.
pub(super) fn state_of(state: &RowState) -> (State, String) {
    let state = match state {
        RowState::Waiting | RowState::Running => State::Open,
        RowState::Paused => State::Paused,
        RowState::Done { at, verified, written, saved_as } => {
            let saved_as = saved_as.as_deref().map(Place::of);
            let arrived = Arrived { at: *at, verified: *verified, written: (**written).clone(), saved_as };
            return (State::Done, serde_json::to_string(&arrived).unwrap_or_default());
        }
        RowState::Failed { error } => return (State::Failed, error.sentence()),
        RowState::Conflict => State::Conflict,
        RowState::Cancelled => State::Cancelled,
        RowState::Skipped => State::Skipped,
    };
    (state, String::new())
}

/// The state a row goes on from. What failed waits to be tried again.
pub(super) fn restored(state: State, detail: &str) -> RowState {
    match state {
        State::Open => RowState::Waiting,
        State::Paused | State::Failed => RowState::Paused,
        State::Done => serde_json::from_str(detail).map_or(RowState::Paused, |arrived: Arrived| RowState::Done {
            at: arrived.at,
            verified: arrived.verified,
            written: Box::new(arrived.written),
            saved_as: arrived.saved_as.map(Place::path),
        }),
        State::Conflict => RowState::Conflict,
        State::Cancelled => RowState::Cancelled,
        State::Skipped => RowState::Skipped,
    }
}

pub(super) fn direction_text(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up",
        Direction::Down => "down",
    }
}

pub(super) fn direction_of(text: &str) -> Direction {
    if text == "down" { Direction::Down } else { Direction::Up }
}

pub(super) fn upload_of(open: &OpenUpload) -> journal::OpenUpload {
    journal::OpenUpload {
        id: open.begun.id.clone(),
        part_bytes: open.plan.part_bytes,
        size_bytes: open.size_bytes,
        modified_nanos: open.fingerprint.and_then(|seen| nanos_of(seen.modified?)),
        crc64: open.begun.crc64,
    }
}

/// Since 1970; `None` for what lies further off than 292 years.
fn nanos_of(time: SystemTime) -> Option<i64> {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).ok(),
        Err(before) => i64::try_from(before.duration().as_nanos()).ok().map(|nanos| -nanos),
    }
}

fn time_of(nanos: i64) -> SystemTime {
    let apart = Duration::from_nanos(nanos.unsigned_abs());
    if nanos < 0 { UNIX_EPOCH - apart } else { UNIX_EPOCH + apart }
}

pub(super) fn part_of(part: &SentPart) -> journal::Part {
    journal::Part {
        number: u32::try_from(part.number).unwrap_or_default(),
        etag: part.etag.clone(),
        size_bytes: part.size_bytes,
        crc64: part.sums.crc64,
        md5: part.sums.md5,
    }
}

pub(super) fn open_upload(kept: journal::OpenUpload, parts: Vec<journal::Part>) -> OpenUpload {
    let count = kept.size_bytes.div_ceil(kept.part_bytes.max(1)).max(1);
    let there = parts.into_iter().filter_map(|part| {
        let sums = Sums { crc64: part.crc64, md5: part.md5 };
        let number = i32::try_from(part.number).ok()?;
        Some((part.number, SentPart { number, etag: part.etag, size_bytes: part.size_bytes, sums }))
    });
    OpenUpload {
        begun: Begun { id: kept.id, crc64: kept.crc64 },
        plan: PartPlan { part_bytes: kept.part_bytes, count: u32::try_from(count).unwrap_or(u32::MAX) },
        size_bytes: kept.size_bytes,
        fingerprint: Some(Fingerprint { size_bytes: kept.size_bytes, modified: kept.modified_nanos.map(time_of) }),
        there: there.collect(),
        is_checked: false,
    }
}

#[cfg(test)]
mod tests {
    use std::{io, sync::Arc};

    use bytes::Bytes;
    use test_case::test_case;

    use super::*;
    use crate::s3::error::{Kind, S3Error};

    fn up(source: Source) -> Work {
        let headers = ObjectHeaders {
            content_type: Some("image/png".into()),
            metadata: vec![("a".into(), "é".into())],
            ..ObjectHeaders::default()
        };
        Work::Upload { source, headers: Arc::new(headers), guard: Guard::IfMatch("tag".into()) }
    }

    fn edits(name: &str) -> Option<Edit> {
        (name == "known").then(|| Edit::new("known", |_| io::Result::Ok(Vec::new())))
    }

    #[test_case(up(Source::Path("/a/b.png".into())), Some("/a/b.png"); "a file")]
    #[test_case(up(Source::Bytes(Bytes::from_static(b"x"))), None; "bytes that nobody kept")]
    #[test_case(up(Source::Edited { path: "/a".into(), edit: edits("known").unwrap() }), Some("/a"); "an edit")]
    #[test_case(up(Source::Edited { path: "/a".into(), edit: Edit::new("gone", |_| Ok(Vec::new())) }), None; "an edit of another version")]
    #[test_case(Work::Download { dest: "/d/e".into(), replace: true }, Some("/d/e"); "a download")]
    fn plans_come_back(work: impl std::borrow::Borrow<Work>, expected: Option<&str>) {
        let found = work_of(&plan_of(work.borrow()), &edits);
        let path = found.as_ref().map(|found| match found {
            Work::Upload { source: Source::Path(path) | Source::Edited { path, .. }, headers, guard } => {
                assert_eq!(
                    (headers.content_type.as_deref(), guard),
                    (Some("image/png"), &Guard::IfMatch("tag".into()))
                );
                path.as_path()
            }
            Work::Upload { .. } => Path::new(""),
            Work::Download { dest, replace } => {
                assert!(replace);
                dest
            }
        });
        assert_eq!(path, expected.map(Path::new));
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_text_comes_back() {
        let path: PathBuf = <OsString as std::os::unix::ffi::OsStringExt>::from_vec(b"/a/\xff.png".to_vec()).into();
        let plan = plan_of(&up(Source::Path(path.clone())));
        let Some(Work::Upload { source: Source::Path(found), .. }) = work_of(&plan, &edits) else { panic!("{plan}") };
        assert_eq!(found, path);
    }

    #[test]
    fn what_no_version_wrote_is_no_work() {
        assert!(work_of("{}", &edits).is_none());
        assert!(work_of("", &edits).is_none());
    }

    #[test]
    fn states_come_back() {
        let written = Written { etag: Some("e".into()), version_id: Some("v".into()), ..Written::default() };
        let done = RowState::Done {
            at: Timestamp::from_second(7).unwrap(),
            verified: true,
            written: Box::new(written),
            saved_as: Some("/x".into()),
        };
        let failed = RowState::Failed { error: S3Error::new("PutObject", Kind::Busy) };
        for (state, expected) in [
            (RowState::Waiting, RowState::Waiting),
            (RowState::Running, RowState::Waiting),
            (RowState::Paused, RowState::Paused),
            (done.clone(), done),
            (failed, RowState::Paused),
            (RowState::Conflict, RowState::Conflict),
            (RowState::Cancelled, RowState::Cancelled),
            (RowState::Skipped, RowState::Skipped),
        ] {
            let (kept, detail) = state_of(&state);
            assert_eq!(format!("{:?}", restored(kept, &detail)), format!("{expected:?}"));
        }
    }
}
