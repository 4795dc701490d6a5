//! The audit on its way out of the window: as text, and as a table.

use super::super::saving::{self, Wish};
use crate::app::core::{Core, Effect};
use crate::domain::exposure::{Row, csv, text};
use crate::model::browse::{Audited, Session};
use crate::model::notices::Tone;

fn rows(session: &Session) -> Vec<Row<'_>> {
    let all = session.audited().into_iter();
    all.map(|(bucket, Audited { audit, since })| Row { bucket, audit, since: *since }).collect()
}

/// Puts it on the clipboard.
pub(super) fn copy(core: &mut Core) {
    let Some(session) = &core.model.session else { return };
    let told = text(&rows(session), &core.deps.zone);
    core.effects.push(Effect::Copy(told));
    core.say(Tone::Done, "The audit is copied");
}

/// Asks where, and writes it down as a table.
pub(super) fn save(core: &Core) {
    let Some(session) = &core.model.session else { return };
    let table = csv(&rows(session));
    let day = (core.deps.now)().to_zoned_datetime(core.deps.zone.clone()).date();
    let name = format!("who-gets-in-{day}.csv");
    saving::save_as(core, Wish { what: "audit", title: "Save the audit as", name: &name }, move |_| table);
}
