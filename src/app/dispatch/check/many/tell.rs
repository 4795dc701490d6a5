//! What is told of a run at its end, where nobody looks on.

use super::many;
use crate::app::core::{Core, Effect};
use crate::domain::format::{count, counted};
use crate::domain::verify::{Group, Totals};
use crate::model::check::many::{ManyCommand, RunState};
use crate::model::command::{Screen, Tab};
use crate::model::notices::Tone;
use crate::model::permissions::BucketKey;

/// A run is at its end: one that began by itself is told of where it found something new, one that a person began where
/// they have gone elsewhere meanwhile.
pub(super) fn ended(core: &mut Core, key: &BucketKey, totals: &Totals) {
    let many = many(core, key);
    if let Some(schedule) = &mut many.schedule {
        schedule.is_failing = false;
    }
    let Some(run) = &many.run else { return };
    let news = totals.of(Group::News);
    let title = match (run.scheduled, news) {
        (true, 0) => return,
        (true, 1) if run.has_earlier => format!("Something new in {}: 1 file", key.bucket),
        (true, news) if run.has_earlier => format!("Something new in {}: {} files", key.bucket, count(news)),
        (true, news) => format!("{} not as expected in {}", counted(news, "file is", "files are"), key.bucket),
        (false, _) => format!("{} is checked", key.bucket),
    };
    let scheduled = run.scheduled;
    let tone = if news > 0 { Tone::Warning } else { Tone::Done };
    say(core, key, scheduled, tone, title, totals.sentence());
}

/// A run failed. One that began by itself is told of once, however often it fails.
pub(super) fn failed(core: &mut Core, key: &BucketKey) {
    let many = many(core, key);
    let Some(run) = &many.run else { return };
    let RunState::Failed(trouble) = &run.state else { return };
    let scheduled = run.scheduled;
    if let Some(schedule) = many.schedule.as_mut().filter(|_| scheduled)
        && std::mem::replace(&mut schedule.is_failing, true)
    {
        return;
    }
    let title = if scheduled { "could not be checked again" } else { "could not be checked to the end" };
    let (title, body) = (format!("{} {title}", key.bucket), trouble.sentence.clone());
    say(core, key, scheduled, Tone::Warning, title, body);
}

/// On the page itself it stands anyway; what nobody began is told there as well.
fn say(core: &mut Core, key: &BucketKey, scheduled: bool, tone: Tone, title: String, body: String) {
    core.effects.push(Effect::AskForAttention(title.clone()));
    if scheduled || !is_on_screen(core, key) {
        let id = core.model.notices.say(tone, title, body);
        core.model.notices.link(id, "Show", ManyCommand::ShowResults(key.clone()));
    }
}

fn is_on_screen(core: &Core, key: &BucketKey) -> bool {
    let model = &core.model;
    let is_open = model.session.as_ref().is_some_and(|it| it.connection.id == key.connection && it.tab == Tab::Check);
    is_open && model.screen == Screen::Browse && model.check.many.open && model.check.here.as_ref() == Some(key)
}
