//! The receipt: what came of the transfers, saved to a file.

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::UploadEvent;
use super::addresses::Whereabouts;
use crate::app::core::Core;
use crate::app::deps::Pick;
use crate::app::event::Event;
use crate::domain::object_url;
use crate::domain::receipt::{Line, Notation, Receipt, State, Way};
use crate::model::Trouble;
use crate::model::command::FrameCommand;
use crate::model::notices::Tone;
use crate::s3::error::S3Error;
use crate::s3::object::crc64_named;
use crate::transfer::{BatchId, Direction, Engine, Order, RowQuery, RowState, RowView};

/// Asks where, and writes down what came of a batch, or of everything that ended.
pub(super) fn save(core: &Core, engine: Engine, batch: Option<u64>) {
    let batches = &core.model.upload.transfers.batches;
    let about = batch.and_then(|number| batches.get(&number)).map_or("transfers", |batch| batch.bucket.as_str());
    let made = (core.deps.now)();
    let day = made.to_zoned_datetime(core.deps.zone.clone()).date();
    let title = "Save the receipt as .csv for a table, or as .json";
    let picked = (core.deps.pick)(Pick::SaveAs, title, &format!("{about}-receipt-{day}.csv"));
    let places: HashMap<u64, Whereabouts> = batches
        .iter()
        .filter(|(number, _)| batch.is_none_or(|wanted| wanted == **number))
        .filter_map(|(number, batch)| Some((*number, Whereabouts::of(core, batch)?)))
        .collect();
    let saved = |outcome| Event::Upload(UploadEvent::ReceiptSaved(outcome));
    core.worker.job(
        async move {
            let Some(path) = picked.await.into_iter().next() else { return saved(None) };
            let work = move || {
                let receipt = Receipt { made, files: lines(&engine, batch, &places) };
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let written = write(&path, &receipt.to_text(Notation::of_file(&name)));
                written.map(|()| path.clone()).map_err(|error| S3Error::local("SaveReceipt", &path, error))
            };
            match tokio::task::spawn_blocking(work).await {
                Ok(outcome) => saved(Some(outcome.map_err(Trouble::from))),
                Err(error) => Event::Crashed(error.to_string()),
            }
        },
        Event::Crashed,
    );
}

/// The file is written, or not.
pub(super) fn saved(core: &mut Core, outcome: Option<Result<PathBuf, Trouble>>) {
    match outcome {
        None => {}
        Some(Ok(path)) => {
            let id = core.model.notices.say(Tone::Done, "Receipt saved", path.display().to_string());
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            core.model.notices.link(id, "Show the folder", FrameCommand::RevealPath(folder));
        }
        Some(Err(trouble)) => {
            core.model.notices.trouble("The receipt was not saved", &trouble);
        }
    }
}

fn lines(engine: &Engine, batch: Option<u64>, places: &HashMap<u64, Whereabouts>) -> Vec<Line> {
    let query =
        RowQuery { batch: batch.map(BatchId), order: Order::Asked, range: 0..usize::MAX, ..RowQuery::default() };
    let rows = engine.rows(&query).rows;
    rows.into_iter().filter_map(|row| line(engine, row, places)).collect()
}

/// What came of a file; `None` while it is on its way.
fn line(engine: &Engine, row: RowView, places: &HashMap<u64, Whereabouts>) -> Option<Line> {
    let url = places.get(&row.batch.0).map(|whereabouts| object_url::preferred(&whereabouts.place(), &row.key));
    let mut line = Line {
        state: State::Done,
        direction: match row.direction {
            Direction::Up => Way::Upload,
            Direction::Down => Way::Download,
        },
        local_path: engine.local_file(row.id).map(|file| file.path.display().to_string()),
        bucket: row.bucket.to_string(),
        key: row.key.to_string(),
        url,
        size_bytes: row.size_bytes,
        checksum: None,
        etag: None,
        version_id: None,
        request_id: None,
        time_utc: None,
        reason: None,
    };
    match row.state {
        RowState::Waiting | RowState::Running | RowState::Paused => return None,
        RowState::Done { written, at, saved_as, .. } => {
            line.checksum = written.crc64.as_deref().map(crc64_named);
            line.etag = written.etag;
            line.version_id = written.version_id;
            line.request_id = written.request_id;
            line.time_utc = Some(to_seconds(at));
            if let Some(path) = saved_as {
                line.local_path = Some(path.display().to_string());
            }
        }
        RowState::Failed { error } => {
            line.state = State::Failed;
            line.request_id.clone_from(&error.request_id);
            line.reason = Some(Trouble::from(error).sentence);
        }
        RowState::Conflict => {
            line.state = State::NameTaken;
            line.reason = Some("An object of this name was there already; nothing was replaced".to_owned());
        }
        RowState::Cancelled => line.state = State::Cancelled,
        RowState::Skipped => line.state = State::Skipped,
    }
    Some(line)
}

/// Fractions of a second only make a table hard to read.
fn to_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// Writes a file of the person's. A crash leaves what was there before, or the whole new one.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".brimful-").suffix(".part");
    #[cfg(unix)]
    {
        // As any program would make the file; the person's mask takes off what it should.
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn a_receipt_replaces_the_file_whole_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("receipt.csv");
        std::fs::write(&path, "an older and longer receipt").unwrap();
        write(&path, "a,b\r\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a,b\r\n");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        write(&dir.path().join("not there/receipt.csv"), "a").unwrap_err();
    }
}
