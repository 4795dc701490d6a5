//! The policy of a bucket: reading it, writing it, saying what is to be said about it, saving it.

mod files;
mod history;
mod meaning;
mod probe;
mod read;
mod save;
mod validate;
mod write;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::app::core::Core;
use crate::app::event::Event;
use crate::domain::arn::Partition;
use crate::domain::policy::{self, LintContext};
use crate::model::Trouble;
use crate::model::command::{Screen, Tab};
use crate::model::notices::Tone;
use crate::model::permissions::draft::{Base, Draft};
use crate::model::permissions::found::Found;
use crate::model::permissions::meaning::Around;
use crate::model::permissions::reading::Reading;
use crate::model::permissions::{BucketKey, PermissionsCommand};
use crate::store::drafts::{Drafts, KeptBase, KeptDraft};
use crate::worker::Request;

pub use write::{Outcome, Saved};

/// A text is written to the disk so long after it changed, together with what changed in between.
const KEEP_AFTER: Duration = Duration::from_millis(300);

/// What this part keeps for itself.
#[derive(Default)]
pub struct PermissionsPart {
    /// What was last read about which text.
    asked: Option<(BucketKey, u64, LintContext)>,
    /// What was last asked of the meaning of which text.
    meant: Option<(BucketKey, u64, Around)>,
    /// Of which text Access Analyzer was asked, and through which connection it is not asked any more.
    validating: validate::Validating,
    /// What is wished, and the bucket's policy once more, before it is replaced.
    checking: Request<(save::Wish, Found), Trouble>,
    /// What is to be saved beside what the bucket has, being compared for people.
    comparing: Request<save::Compared, Trouble>,
    /// Drafts are about to be written to the disk.
    keeping: Arc<AtomicBool>,
}

/// What the background reports about policies.
#[derive(Debug)]
pub enum PermissionsEvent {
    /// A save came to its end.
    Saved {
        /// Of which bucket.
        key: BucketKey,
        /// How.
        outcome: Box<Outcome>,
    },
    /// Drafts were written to the disk, or why they were not.
    Kept(Result<(), String>),
}

/// Carries a wish out.
pub fn dispatch(core: &mut Core, command: PermissionsCommand) {
    match command {
        PermissionsCommand::Read => read::ask(core),
        PermissionsCommand::Typed { text, caret, caret_before } => {
            let now = (core.deps.now)();
            with_draft(core, |draft| {
                draft.moved(caret_before);
                draft.typed(text, caret, now);
            });
        }
        PermissionsCommand::Replace { text, caret } => with_draft(core, |draft| draft.change(text, caret)),
        PermissionsCommand::Fix(fix) => {
            // A fix is about one text; it is nothing to apply to another.
            let fixed = core.model.permissions.current_reading().map(|reading| fix.apply(&reading.text));
            if let Some(text) = fixed {
                with_draft(core, |draft| draft.change(text, None));
            }
        }
        PermissionsCommand::Mean(about) => with_draft(core, |draft| draft.mean(about)),
        PermissionsCommand::Tidy => with_draft(core, |draft| {
            if let Ok(text) = policy::tidy(draft.text()) {
                draft.change(text, None);
            }
        }),
        PermissionsCommand::Undo => with_draft(core, Draft::undo),
        PermissionsCommand::Redo => with_draft(core, Draft::redo),
        PermissionsCommand::Discard => discard(core),
        PermissionsCommand::Find => core.model.permissions.find_wishes += 1,
        PermissionsCommand::Review => save::check_draft(core),
        PermissionsCommand::ReviewDelete => save::check_delete(core),
        PermissionsCommand::ShowHistory => history::show(core),
        PermissionsCommand::ChooseVersion(index) => core.model.permissions.chosen_version = index,
        PermissionsCommand::Restore { change, side } => save::restore(core, change, side),
        PermissionsCommand::CloseReview => save::close(core),
        PermissionsCommand::TakeTheirs => save::take_theirs(core),
        PermissionsCommand::KeepMine => save::keep_mine(core),
        PermissionsCommand::Answer(answer) => {
            if let Some(review) = &mut core.model.permissions.review {
                review.answer(answer);
            }
        }
        PermissionsCommand::Save => save::save(core),
        PermissionsCommand::HideProof => core.model.permissions.proof = None,
    }
}

/// Takes a report in.
pub fn apply(core: &mut Core, event: PermissionsEvent) {
    match event {
        PermissionsEvent::Saved { key, outcome } => save::saved(core, &key, *outcome),
        PermissionsEvent::Kept(Ok(())) => {}
        PermissionsEvent::Kept(Err(why)) => {
            core.model.notices.say(Tone::Warning, "The draft is only kept while Brimful runs", why);
        }
    }
}

/// The drafts that were kept are taken up again. Called once at the start.
pub fn at_start(core: &mut Core) {
    for kept in core.drafts.all() {
        let base = match kept.base {
            KeptBase::Unknown => Base::Unknown,
            KeptBase::Nothing => Base::None,
            KeptBase::Policy(text) => Base::Text(text),
        };
        let key = BucketKey { connection: kept.connection, bucket: kept.bucket };
        core.model.permissions.drafts.insert(key, Draft::kept(kept.text, base).meaning(kept.meant));
    }
}

/// Looks for answers, once a frame, and asks what is to be said about the text.
pub fn tick(core: &mut Core) {
    if core.model.permissions.found.poll() {
        read::known(core);
    }
    core.model.permissions.beside.poll();
    core.model.permissions.history.poll();
    core.model.permissions.files.poll();
    if core.parts.permissions.checking.poll() {
        save::checked(core);
    }
    if core.parts.permissions.comparing.poll() {
        save::compared(core);
    }
    core.model.permissions.reading.poll();
    ask_reading(core);
    validate::tick(core);
    meaning::tick(core);
}

/// The page of a bucket is on screen: what it shows is read.
pub fn shown(core: &mut Core) {
    let key = here(core);
    if core.model.permissions.here != key {
        let permissions = &mut core.model.permissions;
        permissions.here = key;
        permissions.found = Request::Idle;
        permissions.beside = Request::Idle;
        permissions.reading = Request::Idle;
        permissions.meaning = Request::Idle;
        permissions.validated = Request::Idle;
        permissions.around = None;
        permissions.history = Request::Idle;
        permissions.proof = None;
        core.parts.permissions.asked = None;
        core.parts.permissions.meant = None;
    }
    read::ask(core);
}

/// The bucket one is in.
fn here(core: &Core) -> Option<BucketKey> {
    let session = core.model.session.as_ref()?;
    let bucket = session.place.as_ref()?.bucket.clone();
    Some(BucketKey { connection: session.connection.id, bucket })
}

/// Changes the draft of the bucket one is in, and keeps it.
fn with_draft(core: &mut Core, change: impl FnOnce(&mut Draft)) {
    let permissions = &mut core.model.permissions;
    let Some(key) = permissions.here.clone() else { return };
    let Some(draft) = permissions.drafts.get_mut(&key) else { return };
    change(draft);
    keep(core, &key);
}

/// Goes back to what the bucket has; a toast leads back.
fn discard(core: &mut Core) {
    let changed = core.model.permissions.draft().is_some_and(Draft::is_changed);
    if !changed {
        return;
    }
    with_draft(core, Draft::discard);
    let id = core.say(Tone::Done, "Draft discarded");
    core.model.notices.link(id, "Bring it back", PermissionsCommand::Undo);
}

/// Writes the draft of a bucket to the disk, soon and in the background.
fn keep(core: &Core, key: &BucketKey) {
    let Some(draft) = core.model.permissions.drafts.get(key) else { return };
    if draft.is_changed() || !draft.meant().is_empty() {
        let base = match draft.base() {
            Base::Unknown => KeptBase::Unknown,
            Base::None => KeptBase::Nothing,
            Base::Text(text) => KeptBase::Policy(text.clone()),
        };
        core.drafts.put(KeptDraft {
            connection: key.connection,
            bucket: key.bucket.clone(),
            text: draft.text().to_owned(),
            base,
            meant: draft.meant().to_vec(),
        });
    } else {
        core.drafts.remove(key.connection, &key.bucket);
    }
    if core.parts.permissions.keeping.swap(true, Ordering::AcqRel) {
        return;
    }
    let (drafts, keeping) = (Arc::clone(&core.drafts), Arc::clone(&core.parts.permissions.keeping));
    core.worker.job(
        async move {
            tokio::time::sleep(KEEP_AFTER).await;
            // What changes from here on wants to be written anew.
            keeping.store(false, Ordering::Release);
            Event::Permissions(PermissionsEvent::Kept(write_down(drafts).await))
        },
        Event::Crashed,
    );
}

async fn write_down(drafts: Arc<Drafts>) -> Result<(), String> {
    match tokio::task::spawn_blocking(move || drafts.write()).await {
        Ok(written) => written.map_err(|error| error.to_string()),
        Err(stopped) => Err(stopped.to_string()),
    }
}

/// What the checks must know besides the text.
fn context(core: &Core, key: &BucketKey) -> LintContext {
    let session = core.model.session.as_ref().filter(|session| session.connection.id == key.connection);
    let region = session.map(|session| {
        let known = session.regions.get(&key.bucket).map(String::as_str);
        known.unwrap_or_else(|| session.connection.target.region())
    });
    let beside = core.model.permissions.beside.known();
    LintContext {
        block_public_policy: beside.and_then(|beside| beside.is_blocked(|block| block.block_public_policy)),
        caller: beside.and_then(|beside| beside.caller.clone()),
        ..LintContext::new(key.bucket.clone(), region.map(Partition::from_region).unwrap_or_default())
    }
}

/// Asks what is to be said about the text, where that is not known for its present state.
fn ask_reading(core: &mut Core) {
    let on_page = core.model.screen == Screen::Browse
        && core.model.session.as_ref().is_some_and(|session| session.tab == Tab::Permissions);
    let Some(key) = core.model.permissions.here.clone().filter(|_| on_page) else { return };
    let Some(draft) = core.model.permissions.drafts.get(&key) else { return };
    let context_now = context(core, &key);
    let wanted = (key, draft.revision(), context_now);
    if core.parts.permissions.asked.as_ref() == Some(&wanted) {
        return;
    }
    let (text, context) = (draft.text().to_owned(), wanted.2.clone());
    core.parts.permissions.asked = Some(wanted);
    core.worker.ask_again(&mut core.model.permissions.reading, async move {
        tokio::task::spawn_blocking(move || Reading::of(text, context))
            .await
            .map_err(|stopped| <Trouble as crate::worker::Crashed>::crashed(stopped.to_string()))
    });
}
