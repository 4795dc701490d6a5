//! Checking again by itself, for as long as the application runs.

use std::time::Duration;

use super::{many, run};
use crate::app::core::{Core, Effect};
use crate::domain::format::{count, counted};
use crate::domain::verify::{Group, Totals};
use crate::model::check::many::{Every, ManyCommand, RunState, Schedule};
use crate::model::notices::Tone;
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

/// A run is at its end: where it began by itself, somebody is told what it found.
pub(super) fn ended(core: &mut Core, key: &BucketKey, totals: &Totals) {
    if let Some(schedule) = &mut many(core, key).schedule {
        schedule.is_failing = false;
    }
    let news = totals.of(Group::News);
    let Some(run) = many(core, key).run.as_ref().filter(|run| run.scheduled && news > 0) else { return };
    let compared = run.has_earlier;
    let title = match (news, compared) {
        (1, true) => format!("Something new in {}: 1 file", key.bucket),
        (news, true) => format!("Something new in {}: {} files", key.bucket, count(news)),
        (news, false) => format!("{} not as expected in {}", counted(news, "file is", "files are"), key.bucket),
    };
    say(core, key, title, totals.sentence());
}

/// A run failed: where it began by itself, somebody is told once.
pub(super) fn told(core: &mut Core, key: &BucketKey) {
    let many = many(core, key);
    let (Some(run), Some(schedule)) = (&many.run, &mut many.schedule) else { return };
    let RunState::Failed(trouble) = &run.state else { return };
    if !run.scheduled || std::mem::replace(&mut schedule.is_failing, true) {
        return;
    }
    let (title, body) = (format!("{} could not be checked again", key.bucket), trouble.sentence.clone());
    say(core, key, title, body);
}

fn say(core: &mut Core, key: &BucketKey, title: String, body: String) {
    core.effects.push(Effect::AskForAttention(title.clone()));
    let id = core.model.notices.say(Tone::Warning, title, body);
    core.model.notices.link(id, "Show", ManyCommand::ShowResults(key.clone()));
}
