//! The part of the results on screen, read from their file away from the window's thread.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::many;
use crate::app::core::Core;
use crate::domain::verify::Group;
use crate::images::{self, Thumb};
use crate::model::Trouble;
use crate::model::check::many::{Line, Page};
use crate::model::permissions::BucketKey;
use crate::store::verification::{Entry, Results};
use crate::verify::VerifyError;
use crate::worker::{Crashed as _, Request};

/// While results come in, they are read again no more often than this.
const EVERY: Duration = Duration::from_millis(300);
/// So many rows are read before and after those on screen, so that scrolling meets no gaps.
const AROUND: u32 = 60;
/// So many rows are read before it is known how many are on screen.
const AT_FIRST: u32 = 40;
/// The longer side of small pictures on screen, in pixels.
const EDGE: u32 = 96;

/// Reading, and what it was asked for.
pub(super) struct Reading {
    page: Request<Page, Trouble>,
    first: u64,
    most: u32,
    is_stale: bool,
    /// So many files had a result when it was last read, and when that was.
    read: (u64, Option<Instant>),
}

impl Default for Reading {
    fn default() -> Self {
        Self { page: Request::Idle, first: 0, most: AT_FIRST, is_stale: true, read: (0, None) }
    }
}

/// Looks at another kind of results.
pub(super) fn show(core: &mut Core, key: &BucketKey, group: Group) {
    many(core, key).view.group = group;
    stale(core, key);
}

/// Looks at results of other names.
pub(super) fn search(core: &mut Core, key: &BucketKey, text: String) {
    many(core, key).view.search = text;
    stale(core, key);
}

/// These rows came on screen.
pub(super) fn look(core: &mut Core, key: &BucketKey, first: u64, most: u32) {
    if let Some(live) = core.parts.check.many.live.get_mut(key) {
        let reading = &mut live.view;
        let wanted = (first.saturating_sub(u64::from(AROUND)), most + 2 * AROUND);
        if (reading.first, reading.most) != wanted {
            (reading.first, reading.most) = wanted;
            reading.is_stale = true;
        }
    }
}

/// What was read holds no more.
pub(super) fn stale(core: &mut Core, key: &BucketKey) {
    if let Some(live) = core.parts.check.many.live.get_mut(key) {
        live.view.is_stale = true;
    }
}

/// Takes what was read, and reads again where that is due; only for the page on screen.
pub(super) fn tick(core: &mut Core) {
    let Some(key) = core.model.check.here.clone().filter(|_| core.model.check.many.open) else { return };
    let Some(live) = core.parts.check.many.live.get_mut(&key) else { return };
    let Some(many) = core.model.check.many.all.get_mut(&key) else { return };
    let reading = &mut live.view;
    if reading.page.poll() {
        match std::mem::take(&mut reading.page) {
            Request::Ready(page) => many.view.page = page,
            Request::Failed { error, .. } => {
                core.model.notices.trouble("The results could not be read", &error);
            }
            Request::Idle | Request::Pending { .. } => {}
        }
    }
    let done = many.run.as_ref().map_or(0, |run| run.done);
    let is_due = reading.read.1.is_none_or(|at| at.elapsed() >= EVERY);
    if reading.page.is_pending() || !(reading.is_stale || (is_due && reading.read.0 != done)) {
        return;
    }
    reading.is_stale = false;
    reading.read = (done, Some(Instant::now()));
    let (group, search) = (many.view.group, many.view.search.trim().to_owned());
    let (results, first, most) = (Arc::clone(&live.results), reading.first, reading.most);
    let rows = many.view.page.rows.iter();
    let thumbs = rows.filter_map(|line| Some((line.name.clone(), Arc::clone(line.thumb.as_ref()?)))).collect();
    reading.page = core.worker.ask(async move {
        let read = tokio::task::spawn_blocking(move || read(&results, group, search, first, most, &thumbs)).await;
        read.map_err(|error| Trouble::crashed(error.to_string()))?.map_err(Trouble::from)
    });
}

/// Small pictures that were read already, by the names of their files.
type Thumbs = HashMap<String, Arc<Thumb>>;

fn read(
    results: &Results,
    group: Group,
    search: String,
    first: u64,
    most: u32,
    thumbs: &Thumbs,
) -> Result<Page, VerifyError> {
    let totals = results.totals("")?;
    let found = if search.is_empty() { totals } else { results.totals(&search)? };
    let rows = results.shown(group, &search, first, most)?.into_iter().map(|entry| line(entry, thumbs)).collect();
    Ok(Page { totals, group, search, found, first, rows })
}

fn line(entry: Entry, thumbs: &Thumbs) -> Line {
    let read = || Some(Arc::new(images::decode_thumbnail(entry.thumb.as_deref()?, EDGE).ok()?));
    let thumb = thumbs.get(&entry.name).cloned().or_else(read);
    Line { name: entry.name, row: entry.row, thumb }
}
