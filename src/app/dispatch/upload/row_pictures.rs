//! Small pictures for the rows of the transfers page, made from the files on this computer while they are on screen.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{UploadEvent, look};
use crate::app::core::Core;
use crate::app::event::Event;
use crate::images::Thumb;
use crate::model::upload::plan::Origin;
use crate::transfer::{Source, UploadItem};

/// So many small pictures are kept.
const KEPT: usize = 400;

/// What the small pictures need.
#[derive(Default)]
pub(super) struct RowPictures {
    /// By number of the row. What was only ever in memory is not held for a picture's sake.
    files: HashMap<u64, PathBuf>,
    wanted: VecDeque<u64>,
    under_way: HashSet<u64>,
    /// One at a time: the files themselves come first.
    lane: Option<Arc<Semaphore>>,
}

/// The files that items are read from, where they may be pictures.
pub(super) fn files_of(items: &[UploadItem]) -> Vec<Option<PathBuf>> {
    let file = |item: &UploadItem| {
        let image = item.headers.content_type.as_deref().is_some_and(|media| media.starts_with("image/"));
        match &item.source {
            Source::Path(path) | Source::Edited { path, .. } => Some(path.clone()),
            Source::Bytes(_) => None,
        }
        .filter(|_| image)
    };
    items.iter().map(file).collect()
}

/// A batch was handed to the engine: its rows are there, in the order of its files.
pub(super) fn remember(core: &mut Core, batch: u64, files: Vec<Option<PathBuf>>) {
    let rows = core.model.upload.transfers.rows.iter().filter(|row| row.batch == batch).map(|row| row.id);
    let known = rows.zip(files).filter_map(|(id, file)| Some((id, file?)));
    core.parts.upload.row_pictures.files.extend(known);
}

/// These rows are on screen: their pictures come next, those scrolled away are forgotten.
pub(super) fn look(core: &mut Core, rows: &[u64]) {
    let part = &mut core.parts.upload.row_pictures;
    let thumbs = &mut core.model.upload.transfers.thumbs;
    if thumbs.len() > KEPT {
        thumbs.retain(|id, _| rows.contains(id));
    }
    let new = rows.iter().copied().filter(|id| !thumbs.contains_key(id) && !part.under_way.contains(id));
    part.wanted = new.filter(|id| part.files.contains_key(id)).collect();
    next(core);
}

fn next(core: &mut Core) {
    let part = &mut core.parts.upload.row_pictures;
    if !part.under_way.is_empty() {
        return;
    }
    let Some(id) = part.wanted.pop_front() else { return };
    let Some(file) = part.files.get(&id).cloned() else { return };
    part.under_way.insert(id);
    let lane = Arc::clone(part.lane.get_or_insert_with(|| Arc::new(Semaphore::new(look::LANES))));
    core.worker.job(
        async move {
            let thumb = look::make(Origin::Path(file), lane).await.map(Arc::new);
            Event::Upload(UploadEvent::RowPicture { id, thumb })
        },
        move |_| Event::Upload(UploadEvent::RowPicture { id, thumb: None }),
    );
}

/// A small picture is there, or there is none.
pub(super) fn made(core: &mut Core, id: u64, thumb: Option<Arc<Thumb>>) {
    core.parts.upload.row_pictures.under_way.remove(&id);
    core.model.upload.transfers.thumbs.insert(id, thumb);
    next(core);
}
