//! A closer look at files of a plan: small pictures of the rows on screen, locations in photographs, and whether the
//! same bytes are there already.

use std::collections::{HashSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{UploadEvent, names_settled, planning, read};
use crate::app::core::Core;
use crate::app::event::Event;
use crate::domain::upload_plan::{LocationFate, PlanItem};
use crate::images::{self, Thumb};
use crate::model::upload::plan::{Origin, PlanModel};

/// The longest side of a small picture in pixels: 36 points on a screen of twice the density, and some.
const EDGE: u32 = 96;
/// So many small pictures are made at the same time.
pub(super) const LANES: usize = 2;
/// Pictures with more pixels are made alone.
const LARGE_PIXELS: u64 = 16_000_000;
/// Larger files are not opened for a small picture.
const MOST_BYTES: u64 = 40_000_000;
/// So many small pictures are kept.
const KEPT: usize = 600;
/// Findings are reported so often.
const REPORT_EVERY: Duration = Duration::from_millis(400);

/// What the closer look keeps for itself.
pub(super) struct LookPart {
    wanted: VecDeque<usize>,
    under_way: HashSet<usize>,
    lanes: Arc<Semaphore>,
    stop: CancellationToken,
    comparing: bool,
}

impl Default for LookPart {
    fn default() -> Self {
        Self {
            wanted: VecDeque::new(),
            under_way: HashSet::new(),
            lanes: Arc::new(Semaphore::new(LANES)),
            stop: CancellationToken::new(),
            comparing: false,
        }
    }
}

impl LookPart {
    /// Nothing of this plan is wanted any more.
    pub(super) fn stop(&mut self) {
        self.stop.cancel();
        *self = Self { lanes: Arc::clone(&self.lanes), ..Self::default() };
    }
}

/// These rows are on screen: their pictures come first, those scrolled away are forgotten.
pub(super) fn look(core: &mut Core, rows: Range<usize>) {
    let part = &mut core.parts.upload.look;
    let Some(plan) = &mut core.model.upload.plan else { return };
    if plan.thumbs.len() > KEPT {
        let near = rows.start.saturating_sub(KEPT / 4)..rows.end + KEPT / 4;
        plan.thumbs.retain(|index, _| near.contains(index));
    }
    let sources = &plan.found.sources;
    part.wanted = rows
        .filter(|index| !plan.thumbs.contains_key(index) && !part.under_way.contains(index))
        .filter(|index| sources.get(*index).is_some_and(|it| it.media.is_image && it.unreadable.is_none()))
        .collect();
    next(core);
}

fn next(core: &mut Core) {
    let part = &mut core.parts.upload.look;
    let Some(plan) = &core.model.upload.plan else { return };
    while part.under_way.len() < LANES {
        let Some(index) = part.wanted.pop_front() else { return };
        let Some(origin) = plan.found.origins.get(index).cloned() else { continue };
        part.under_way.insert(index);
        let (id, lanes) = (plan.id, Arc::clone(&part.lanes));
        core.worker.job(
            async move {
                let thumb = make(origin, lanes).await.map(Arc::new);
                Event::Upload(UploadEvent::Small { plan: id, index, thumb })
            },
            move |_| Event::Upload(UploadEvent::Small { plan: id, index, thumb: None }),
        );
    }
}

pub(super) async fn make(origin: Origin, lanes: Arc<Semaphore>) -> Option<Thumb> {
    let bytes = tokio::task::spawn_blocking(move || read::whole(&origin, MOST_BYTES)).await.ok()??;
    let probe = images::probe(&bytes).ok()?;
    let large = u64::from(probe.width) * u64::from(probe.height) > LARGE_PIXELS;
    let permits = if large { LANES as u32 } else { 1 };
    let permit = lanes.acquire_many_owned(permits).await.ok()?;
    let decoding = tokio::task::spawn_blocking(move || {
        let thumb = images::decode_thumbnail(&bytes, EDGE).ok();
        drop(permit);
        thumb
    });
    decoding.await.ok()?
}

/// A small picture is there, or there is none.
pub(super) fn small(core: &mut Core, current: bool, index: usize, thumb: Option<Arc<Thumb>>) {
    if !current {
        return;
    }
    core.parts.upload.look.under_way.remove(&index);
    if let Some(plan) = &mut core.model.upload.plan {
        plan.thumbs.insert(index, thumb);
    }
    next(core);
}

/// Looks for locations in the pictures from `first` on.
pub(super) fn locate(core: &mut Core, first: usize) {
    let Some(plan) = &mut core.model.upload.plan else { return };
    let id = plan.id;
    let may = |mime: &str| ["image/jpeg", "image/png", "image/webp", "image/tiff", "image/heic"].contains(&mime);
    let pictures: Vec<(usize, Origin)> = plan
        .found
        .sources
        .iter()
        .zip(&plan.found.origins)
        .enumerate()
        .skip(first)
        .filter(|(_, (source, _))| source.unreadable.is_none() && may(&source.media.content_type))
        .map(|(index, (_, origin))| (index, origin.clone()))
        .collect();
    if pictures.is_empty() {
        return;
    }
    plan.locating = true;
    let stop = core.parts.upload.look.stop.clone();
    let inbox = core.worker.inbox();
    let work = move || {
        let mut indices = Vec::new();
        let mut reported = Instant::now();
        for (index, origin) in pictures {
            if stop.is_cancelled() {
                return Vec::new();
            }
            if read::holds_location(&origin) {
                indices.push(index);
            }
            if !indices.is_empty() && reported.elapsed() > REPORT_EVERY {
                let indices = std::mem::take(&mut indices);
                inbox.send(Event::Upload(UploadEvent::Located { plan: id, indices, all: false }));
                reported = Instant::now();
            }
        }
        indices
    };
    core.worker.job(
        async move {
            let indices = tokio::task::spawn_blocking(work).await.unwrap_or_default();
            Event::Upload(UploadEvent::Located { plan: id, indices, all: true })
        },
        Event::Crashed,
    );
}

/// Some pictures say where they were taken.
pub(super) fn located(core: &mut Core, indices: &[usize], all: bool) {
    let Some(plan) = &mut core.model.upload.plan else { return };
    plan.locating &= !all;
    if indices.is_empty() {
        return;
    }
    let sources = Arc::make_mut(&mut plan.found.sources);
    for index in indices {
        if let Some(source) = sources.get_mut(*index) {
            source.holds_location = true;
        }
    }
    forget_sums(plan);
    planning::replan(core);
}

/// The MD5 of pictures that tell a place is that of other bytes from now on: with the place, or without.
pub(super) fn forget_sums(plan: &mut PlanModel) {
    if plan.found.sources.iter().any(|source| source.holds_location && source.md5.is_some()) {
        for source in Arc::make_mut(&mut plan.found.sources) {
            source.md5.take_if(|_| source.holds_location);
        }
    }
}

/// Whether a file of the plan goes without the place where it was taken.
fn goes_without_location(plan: &PlanModel, index: usize) -> bool {
    plan.plan.items.get(index).and_then(PlanItem::location) == Some(LocationFate::Removed)
}

/// Reads files to their end whose name and size are those of an object that is there.
pub(super) fn compare(core: &mut Core) {
    let part = &mut core.parts.upload.look;
    let Some(plan) = &core.model.upload.plan else { return };
    if part.comparing || !names_settled(&plan.names) {
        return;
    }
    let same_size = plan.plan.items.iter().filter(|item| item.conflict.is_some_and(|conflict| conflict.same_size));
    let wanted: Vec<(usize, bool, Origin)> = same_size
        .filter(|item| plan.found.sources.get(item.source).is_some_and(|source| source.md5.is_none()))
        .filter_map(|item| {
            let without = goes_without_location(plan, item.source);
            Some((item.source, without, plan.found.origins.get(item.source)?.clone()))
        })
        .collect();
    if wanted.is_empty() {
        return;
    }
    part.comparing = true;
    let (id, stop) = (plan.id, part.stop.clone());
    core.worker.job(
        async move {
            let work = move || {
                let sum = |(index, without, origin)| (index, without, read::md5_of(&origin, without, &stop));
                wanted.into_iter().map(sum).collect()
            };
            let md5s = tokio::task::spawn_blocking(work).await.unwrap_or_default();
            Event::Upload(UploadEvent::Compared { plan: id, md5s })
        },
        Event::Crashed,
    );
}

/// Files were read to their end.
pub(super) fn compared(core: &mut Core, md5s: Vec<(usize, bool, String)>) {
    core.parts.upload.look.comparing = false;
    let Some(plan) = &mut core.model.upload.plan else { return };
    for (index, without, md5) in md5s {
        // Chosen otherwise meanwhile: it is read again.
        if goes_without_location(plan, index) != without {
            continue;
        }
        if let Some(source) = Arc::make_mut(&mut plan.found.sources).get_mut(index) {
            source.md5 = Some(md5);
        }
    }
    planning::replan(core);
}
