//! Checking again by itself, for as long as the application runs.

use std::time::Duration;

use super::{many, run};
use crate::app::core::Core;
use crate::model::check::many::{Every, RunState, Schedule};
use crate::model::permissions::BucketKey;

/// Checks again so often from now on, or no more.
pub(super) fn set(core: &mut Core, key: &BucketKey, every: Option<Every>) {
    let now = (core.deps.now)();
    let many = many(core, key);
    let after = |every: Every| now.checked_add(every.duration()).ok();
    many.schedule = every.and_then(|every| Some(Schedule { every, next: after(every)?, is_failing: false }));
    if many.form.every != every {
        many.form.every = every;
        many.number += 1;
    }
}

/// Begins what is due.
pub(super) fn tick(core: &mut Core) {
    let now = (core.deps.now)();
    let mut due = Vec::new();
    for (key, many) in &mut core.model.check.many.all {
        let Some(schedule) = many.schedule.as_mut().filter(|schedule| schedule.next <= now) else { continue };
        if let Ok(next) = now.checked_add(schedule.every.duration()) {
            schedule.next = next;
        }
        // What a person holds is not taken from them.
        if many.run.as_ref().is_some_and(|run| run.state != RunState::Paused) {
            due.push(key.clone());
        }
    }
    for key in due {
        // One that takes longer than the time between is not begun twice.
        run::again(core, &key, true);
    }
}

/// How long until the next one is due.
pub(in super::super) fn wait(core: &Core) -> Option<Duration> {
    let now = (core.deps.now)();
    let next =
        core.model.check.many.all.values().filter_map(|many| many.schedule).map(|schedule| schedule.next).min()?;
    Some(Duration::try_from(next.duration_since(now)).unwrap_or_default())
}
