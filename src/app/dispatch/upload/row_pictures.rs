//! Small pictures for the rows of the transfers page, made from the files on this computer while they are on screen.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{UploadEvent, look, transfers};
use crate::app::core::Core;
use crate::app::event::Event;
use crate::images::Thumb;
use crate::model::upload::plan::Origin;
use crate::transfer::{LocalFile, RowId};

/// So many small pictures are kept.
const KEPT: usize = 400;

/// What the small pictures need.
#[derive(Default)]
pub(super) struct RowPictures {
    wanted: VecDeque<u64>,
    under_way: HashSet<u64>,
    /// One at a time: the files themselves come first.
    lane: Option<Arc<Semaphore>>,
}

/// These rows are on screen: their pictures come next, those scrolled away are forgotten.
pub(super) fn look(core: &mut Core, rows: &[u64]) {
    let engine = transfers::engine(core);
    let part = &mut core.parts.upload.row_pictures;
    let thumbs = &mut core.model.upload.transfers.thumbs;
    if thumbs.len() > KEPT {
        thumbs.retain(|id, _| rows.contains(id));
    }
    let new = rows.iter().copied().filter(|id| !thumbs.contains_key(id) && !part.under_way.contains(id));
    part.wanted = new.filter(|id| engine.local_file(RowId(*id)).is_some_and(|file| is_image(&file))).collect();
    next(core);
}

fn is_image(file: &LocalFile) -> bool {
    file.content_type.as_deref().is_some_and(|media| media.starts_with("image/"))
}

fn next(core: &mut Core) {
    let engine = transfers::engine(core);
    let part = &mut core.parts.upload.row_pictures;
    if !part.under_way.is_empty() {
        return;
    }
    let Some(id) = part.wanted.pop_front() else { return };
    let Some(file) = engine.local_file(RowId(id)).map(|file| file.path) else { return };
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
