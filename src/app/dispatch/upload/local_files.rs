//! The files on this computer that rows of uploads are read from.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::app::core::Core;
use crate::transfer::{Source, UploadItem};

/// One of them.
#[derive(Debug, Clone)]
pub(super) struct LocalFile {
    pub(super) path: PathBuf,
    /// It goes as a picture.
    pub(super) image: bool,
}

/// By number of the row; shared, so that it can be read in the background. What was only ever in memory has none.
pub(super) type LocalFiles = Arc<HashMap<u64, LocalFile>>;

/// The files that items are read from.
pub(super) fn of(items: &[UploadItem]) -> Vec<Option<LocalFile>> {
    let file = |item: &UploadItem| {
        let image = item.headers.content_type.as_deref().is_some_and(|media| media.starts_with("image/"));
        match &item.source {
            Source::Path(path) | Source::Edited { path, .. } => Some(LocalFile { path: path.clone(), image }),
            Source::Bytes(_) => None,
        }
    };
    items.iter().map(file).collect()
}

/// A batch was handed to the engine: its rows are there, in the order of its files.
pub(super) fn remember(core: &mut Core, batch: u64, files: Vec<Option<LocalFile>>) {
    let rows = core.model.upload.transfers.rows.iter().filter(|row| row.batch == batch).map(|row| row.id);
    let known = rows.zip(files).filter_map(|(id, file)| Some((id, file?)));
    Arc::make_mut(&mut core.parts.upload.local_files).extend(known);
}
