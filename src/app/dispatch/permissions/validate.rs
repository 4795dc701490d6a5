//! Asking IAM Access Analyzer about the text, when writing it pauses. Where it is not to be had, nothing is said.

use std::time::Duration;

use crate::app::core::Core;
use crate::domain::connection::ConnectionId;
use crate::model::Trouble;
use crate::model::permissions::Checked;
use crate::s3;
use crate::worker::Request;

/// Writing has paused when nothing was typed for so long.
const PAUSE: Duration = Duration::from_millis(900);

/// What this part keeps for itself.
#[derive(Debug, Default)]
pub(super) struct Validating {
    asked: Option<String>,
    silent: Option<ConnectionId>,
}

/// Looks for the answer, and asks about another text. A question about an older one is dropped.
pub(super) fn tick(core: &mut Core) {
    core.model.permissions.validated.poll();
    let connection = core.model.session.as_ref().map(|session| session.connection.id);
    let validating = &mut core.parts.permissions.validating;
    if matches!(core.model.permissions.validated, Request::Failed { .. }) {
        // Whoever may not ask now will not be asked to ask: the text was read here as well.
        validating.silent = connection;
        core.model.permissions.validated = Request::Idle;
    }
    let Some(reading) = core.model.permissions.reading.known_mut() else { return };
    if let Some(checked) = core.model.permissions.validated.known() {
        reading.hear(checked);
    }
    let Some(store) = core.store.clone().filter(s3::store::Store::is_amazon) else { return };
    if reading.is_validated || reading.policy.is_none() || connection == validating.silent {
        return;
    }
    let text = reading.text.clone();
    if validating.asked.as_ref() == Some(&text) && !matches!(core.model.permissions.validated, Request::Idle) {
        return;
    }
    validating.asked = Some(text.clone());
    core.model.permissions.validated = core.worker.ask(async move {
        tokio::time::sleep(PAUSE).await;
        let findings = match s3::validate::validate_policy(&store, &text).await {
            Some(findings) => findings.map_err(Trouble::from)?,
            None => Vec::new(),
        };
        Ok(Checked { text, findings })
    });
}
