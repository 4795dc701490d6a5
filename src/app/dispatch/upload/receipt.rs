//! The receipt: what came of the transfers, saved to a file.

use std::collections::HashMap;

use jiff::Timestamp;

use super::super::saving::{self, Wish};
use super::addresses::Whereabouts;
use crate::app::core::Core;
use crate::domain::object_url;
use crate::domain::receipt::{Line, Notation, Receipt, State, Way};
use crate::model::Trouble;
use crate::s3::object::crc64_named;
use crate::transfer::{BatchId, Direction, Engine, Order, RowQuery, RowState, RowView};

/// Asks where, and writes down what came of a batch, or of everything that ended.
pub(super) fn save(core: &Core, engine: Engine, batch: Option<u64>) {
    let batches = &core.model.upload.transfers.batches;
    let about = batch.and_then(|number| batches.get(&number)).map_or("transfers", |batch| batch.bucket.as_str());
    let made = (core.deps.now)();
    let day = made.to_zoned_datetime(core.deps.zone.clone()).date();
    let title = "Save the receipt as .csv for a table, or as .json";
    let places: HashMap<u64, Whereabouts> = batches
        .iter()
        .filter(|(number, _)| batch.is_none_or(|wanted| wanted == **number))
        .filter_map(|(number, batch)| Some((*number, Whereabouts::of(core, batch)?)))
        .collect();
    let name = format!("{about}-receipt-{day}.csv");
    saving::save_as(core, Wish { what: "receipt", title, name: &name }, move |path| {
        let receipt = Receipt { made, files: lines(&engine, batch, &places) };
        receipt.to_text(Notation::of_file(&path.file_name().unwrap_or_default().to_string_lossy()))
    });
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
