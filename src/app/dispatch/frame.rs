//! Windows, dialogs, notices and the clipboard.

use super::closing;
use crate::app::core::{Core, Effect};
use crate::domain::arn::Partition;
use crate::domain::check::{self, RefusedRequest, WhyRefused};
use crate::domain::policy::RequestPrincipal;
use crate::model::command::{FrameCommand, Screen};
use crate::model::modal::Modal;
use crate::model::notices::Tone;

/// Carries a wish out.
pub fn dispatch(core: &mut Core, command: FrameCommand) {
    match command {
        FrameCommand::Show(screen) => show(core, screen),
        FrameCommand::OpenPalette => core.model.modal = Some(Modal::Palette),
        FrameCommand::CloseModal => core.model.modal = None,
        FrameCommand::WhyRefused(request) => {
            core.model.modal = Some(Modal::WhyRefused(Box::new(why_refused(core, *request))));
        }
        FrameCommand::CopyRefusal(request) => {
            let why = why_refused(core, *request);
            copy(core, why.message, "Message copied");
        }
        FrameCommand::CopyStatement(request) => {
            let why = why_refused(core, *request);
            if let Some(statement) = why.identity_statement.or(why.bucket_statement) {
                copy(core, statement, "Statement copied");
            }
        }
        FrameCommand::Ask(confirm) => core.model.modal = Some(Modal::Confirm(*confirm)),
        FrameCommand::ToggleSidebar => core.change_settings(|settings| settings.sidebar_open = !settings.sidebar_open),
        FrameCommand::ToggleInspector => {
            core.change_settings(|settings| settings.inspector_open = !settings.inspector_open);
        }
        FrameCommand::CopyText { text, said } => copy(core, text, said),
        FrameCommand::OpenUrl(url) => core.effects.push(Effect::OpenUrl(url)),
        FrameCommand::RevealPath(path) => {
            if let Err(error) = (core.deps.reveal)(&path) {
                let body = format!("{}: {error}", path.display());
                core.model.notices.say(Tone::Failed, "The file manager could not be opened", body);
            }
        }
        FrameCommand::DismissNotice(id) => core.model.notices.dismiss(id),
        FrameCommand::AskToClose => closing::asked(core),
        FrameCommand::CloseAs(choice) => closing::choose(core, choice),
        FrameCommand::StayOpen => closing::stay(core),
    }
}

/// What the connection knows of itself is added to the request.
fn why_refused(core: &Core, request: RefusedRequest) -> WhyRefused {
    let region = core.model.session.as_ref().map(|session| {
        let known = request.bucket.as_ref().and_then(|bucket| session.regions.get(bucket));
        known.map_or_else(|| session.connection.target.region(), String::as_str).to_owned()
    });
    let caller = core.model.permissions.beside.known().and_then(|beside| beside.caller.as_ref());
    let who = caller.and_then(|caller| match &caller.principal {
        RequestPrincipal::Account { arn, .. } => Some(arn.clone()),
        RequestPrincipal::Anonymous | RequestPrincipal::Service { .. } => None,
    });
    check::why_refused(&RefusedRequest {
        who,
        signed: core.store.as_ref().is_none_or(|store| !store.info().anonymous),
        partition: region.as_deref().map(Partition::from_region).unwrap_or_default(),
        ..request
    })
}

fn copy(core: &mut Core, text: String, said: impl Into<String>) {
    core.effects.push(Effect::Copy(text));
    core.say(Tone::Done, said);
}

fn show(core: &mut Core, screen: Screen) {
    if screen == Screen::Notices {
        core.model.notices.mark_seen();
    }
    core.model.screen = screen;
}
