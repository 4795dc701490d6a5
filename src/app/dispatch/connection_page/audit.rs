//! The audit on its way out of the window: as text, and as a table.

use std::path::{Path, PathBuf};

use super::ConnectionPageEvent;
use crate::app::core::{Core, Effect};
use crate::app::deps::Pick;
use crate::app::event::Event;
use crate::domain::exposure::{Row, csv, text};
use crate::model::Trouble;
use crate::model::browse::{Audited, Session};
use crate::model::command::FrameCommand;
use crate::model::notices::Tone;
use crate::s3::error::S3Error;

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
    let picked = (core.deps.pick)(Pick::SaveAs, "Save the audit as", &format!("who-gets-in-{day}.csv"));
    let saved = |outcome| Event::ConnectionPage(ConnectionPageEvent::AuditSaved(outcome));
    core.worker.job(
        async move {
            let Some(path) = picked.await.into_iter().next() else { return saved(None) };
            let written = tokio::fs::write(&path, table).await;
            let outcome = written.map_err(|error| Trouble::from(S3Error::local("SaveAudit", &path, error)));
            saved(Some(outcome.map(|()| path)))
        },
        Event::Crashed,
    );
}

/// The file is written, or not.
pub(super) fn saved(core: &mut Core, outcome: Option<Result<PathBuf, Trouble>>) {
    match outcome {
        None => {}
        Some(Ok(path)) => {
            let id = core.model.notices.say(Tone::Done, "Audit saved", path.display().to_string());
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            core.model.notices.link(id, "Show it", FrameCommand::RevealPath(folder));
        }
        Some(Err(trouble)) => {
            core.model.notices.trouble("The audit was not saved", &trouble);
        }
    }
}
