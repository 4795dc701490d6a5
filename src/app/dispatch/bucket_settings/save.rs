//! Writing a setting: read again, compare, write, read back, remember.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::super::remember;
use super::{BucketSettingsEvent, close_editor, crashed, event, gone, here, reading};
use crate::app::core::Core;
use crate::domain::arn::Partition;
use crate::domain::bucket_settings::{SettingKind, SettingValue, same};
use crate::domain::connection::ConnectionId;
use crate::domain::policy::{Policy, template};
use crate::model::Trouble;
use crate::model::bucket_settings::{BucketSettingsCommand, EditMode, EditState, First, Page, Reading, Wish};
use crate::model::modal::Modal;
use crate::model::notices::Tone;
use crate::model::trouble::WayOut;
use crate::s3;
use crate::s3::settings::Acl;
use crate::s3::store::Store;
use crate::store::history::{Change, Deed, History};
use crate::worker::Request;

/// How often a store is asked again that does not yet show what it took, in milliseconds.
pub(in crate::app::dispatch) const LOOKS: [u64; 3] = [0, 400, 1_500];

/// A change to be made.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) connection: ConnectionId,
    pub(super) bucket: String,
    pub(super) kind: SettingKind,
    /// What has to be there, or nothing is written.
    pub(super) base: Option<SettingValue>,
    pub(super) value: Option<SettingValue>,
    pub(super) note: Option<String>,
    pub(super) first: Option<First>,
    pub(super) deed: Deed,
    pub(super) now: Timestamp,
}

/// How a change ended.
#[derive(Debug)]
pub struct SaveEnd {
    order: Order,
    /// The dialog it was made in, if any.
    number: Option<u64>,
    outcome: Outcome,
}

#[derive(Debug)]
enum Outcome {
    Written {
        /// Its number in the history, or why it is not there.
        remembered: Result<i64, String>,
        /// As the store has it now.
        now: Reading,
        /// Whether that is what was written.
        kept: bool,
    },
    /// Somebody else changed it; nothing was written.
    ChangedMeanwhile(Reading),
    Failed(Trouble),
}

/// Writes what is in the dialog.
pub(super) fn begin(core: &mut Core, wish: Wish) {
    let Some((connection, bucket)) = here(core) else { return };
    let now = (core.deps.now)();
    let Some(editing) = &mut core.model.bucket_settings.editing else { return };
    editing.state = EditState::Saving;
    let order = Order {
        connection,
        bucket,
        kind: editing.kind,
        base: editing.base.clone(),
        value: wish.value,
        note: Some(wish.note.trim().to_owned()).filter(|note| !note.is_empty()),
        first: wish.first,
        deed: if editing.mode == EditMode::PutBack { Deed::Restore } else { Deed::Change },
        now,
    };
    let number = editing.number;
    start(core, order, Some(number));
}

/// Makes a change in the background.
pub(super) fn start(core: &Core, order: Order, number: Option<u64>) {
    let history = Arc::clone(&core.history);
    let store = core.store.clone();
    let failed = order.clone();
    core.worker.job(
        async move {
            let outcome = match store {
                Some(store) if store.info().connection == order.connection => make(&store, &history, &order).await,
                _ => Outcome::Failed(gone()),
            };
            event(BucketSettingsEvent::Saved(Box::new(SaveEnd { order, number, outcome })))
        },
        move |text| {
            let outcome = Outcome::Failed(crashed(text));
            event(BucketSettingsEvent::Saved(Box::new(SaveEnd { order: failed, number, outcome })))
        },
    );
}

async fn make(store: &Store, history: &Arc<History>, order: &Order) -> Outcome {
    let (bucket, kind) = (order.bucket.as_str(), order.kind);
    let found = reading(store, bucket, kind).await;
    match found.value() {
        Some(found) if same(found, order.base.as_ref()) => {}
        Some(_) => return Outcome::ChangedMeanwhile(found),
        None => return Outcome::Failed(unreadable(&found, kind)),
    }
    if let Some(first) = order.first
        && let Err(trouble) = prepare(store, history, order, first).await
    {
        return Outcome::Failed(trouble);
    }
    if let Err(error) = s3::settings::write(store, bucket, kind, order.value.as_ref()).await {
        return Outcome::Failed(Trouble::from(error));
    }
    let mut now = Reading::NotSet;
    let mut kept = false;
    for pause in LOOKS {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        now = reading(store, bucket, kind).await;
        kept = now.value().is_some_and(|now| is_kept(now, order.value.as_ref()));
        if kept {
            break;
        }
    }
    // What the store has now is what a later look compares with.
    let after = if kept { now.value().flatten().cloned() } else { order.value.clone() };
    let changed = change(store, order, kind, order.base.as_ref(), after.as_ref()).await;
    let remembered = remember::remember(history, changed).await;
    Outcome::Written { remembered, now, kept }
}

/// Whether the store shows what it took. Some settings cannot be taken away, only switched off.
fn is_kept(now: Option<&SettingValue>, wanted: Option<&SettingValue>) -> bool {
    use crate::domain::bucket_settings::{DefaultEncryption, Payer, Status};
    use crate::domain::public_access::BlockPublicAccess;
    match (now, wanted) {
        (Some(now), None) => match now {
            SettingValue::BlockPublicAccess(flags) => *flags == BlockPublicAccess::NONE,
            SettingValue::Versioning(versioning) => !versioning.is_on(),
            SettingValue::Encryption(encryption) => *encryption == DefaultEncryption::sse_s3(),
            SettingValue::RequestPayment(payer) => *payer == Payer::BucketOwner,
            SettingValue::Acceleration(it) => it.status == Status::Suspended,
            SettingValue::ObjectLock(lock) => lock.default.is_none(),
            _ => false,
        },
        (None, Some(SettingValue::BlockPublicAccess(flags))) => *flags == BlockPublicAccess::NONE,
        (None, Some(SettingValue::RequestPayment(payer))) => *payer == Payer::BucketOwner,
        (now, wanted) => same(now, wanted),
    }
}

fn unreadable(found: &Reading, kind: SettingKind) -> Trouble {
    match found {
        Reading::MayNotRead(trouble) => {
            let sentence =
                format!("{}, so nothing was changed: what is there would be replaced unseen", trouble.sentence);
            Trouble { sentence, ..trouble.clone() }
        }
        Reading::NotOffered | Reading::Is(_) | Reading::NotSet => {
            Trouble::new(format!("This store does not offer {}", kind.title()), WayOut::NotOffered)
        }
    }
}

/// Does what has to be done before.
async fn prepare(store: &Store, history: &Arc<History>, order: &Order, first: First) -> Result<(), Trouble> {
    match first {
        First::ResetAcl => {
            let before = reading(store, &order.bucket, SettingKind::Acl).await;
            s3::settings::put_bucket_acl(store, &order.bucket, &Acl::default()).await.map_err(Trouble::from)?;
            let after = reading(store, &order.bucket, SettingKind::Acl).await;
            let (before, after) = (before.value().flatten(), after.value().flatten());
            remember::note(history, change(store, order, SettingKind::Acl, before, after).await).await;
            Ok(())
        }
        First::LetLogIn => let_log_in(store, history, order).await,
    }
}

/// The log bucket's policy gets the statement that lets the log service write into it; what is there stays.
async fn let_log_in(store: &Store, history: &Arc<History>, order: &Order) -> Result<(), Trouble> {
    let Some(SettingValue::Logging(logging)) = &order.value else { return Ok(()) };
    let target = logging.target_bucket.as_str();
    let account = match s3::identity::get_caller_identity(store).await {
        Some(identity) => identity.map_err(Trouble::from)?.account,
        None => {
            let sentence = "Which account this is cannot be asked here, so the log bucket’s policy was not changed. \
                            Nothing was changed; save again without it";
            return Err(Trouble::new(sentence, WayOut::NotOffered));
        }
    };
    let text = s3::policy::get_bucket_policy(store, target).await.map_err(Trouble::from)?;
    let existing = match &text {
        None => None,
        Some(text) => Some(Policy::parse(text).map_err(|_| {
            let sentence = format!("The policy of {target} is not understood, so nothing was changed. Mend it first");
            Trouble::new(sentence, WayOut::ChooseAnother)
        })?),
    };
    let partition = Partition::from_region(&store.region_of(target).await);
    let prefix = logging.target_prefix.as_str();
    let mut statement = template::server_access_logs(target, partition, prefix, &order.bucket, &account);
    // One for each bucket that logs there.
    let source: String = order.bucket.chars().filter(char::is_ascii_alphanumeric).collect();
    statement.sid = Some(format!("ServerAccessLogs{source}"));
    let merged = template::merge_statement(existing.as_ref(), statement);
    if existing.as_ref() == Some(&merged) {
        return Ok(());
    }
    let written = merged.to_json_pretty();
    s3::policy::put_bucket_policy(store, target, &written).await.map_err(Trouble::from)?;
    let there = Order { bucket: target.to_owned(), ..order.clone() };
    let (before, after) = (text.map(SettingValue::Policy), SettingValue::Policy(written));
    let changed = change(store, &there, SettingKind::Policy, before.as_ref(), Some(&after)).await;
    remember::note(history, changed).await;
    Ok(())
}

/// A change of the order as the history keeps it.
async fn change(
    store: &Store,
    order: &Order,
    kind: SettingKind,
    before: Option<&SettingValue>,
    after: Option<&SettingValue>,
) -> Change {
    Change {
        connection: order.connection,
        bucket: order.bucket.clone(),
        setting: kind,
        before: before.map(SettingValue::to_text),
        after: after.map(SettingValue::to_text),
        at: order.now,
        who: remember::who(store).await,
        note: order.note.clone(),
        deed: order.deed,
    }
}

/// A change came to its end.
pub(super) fn ended(core: &mut Core, end: SaveEnd) {
    let SaveEnd { order, number, outcome } = end;
    let on_screen = here(core).as_ref() == Some(&(order.connection, order.bucket.clone()));
    let in_dialog = number.is_some()
        && matches!(core.model.modal, Some(Modal::BucketSetting))
        && core.model.bucket_settings.editing.as_ref().map(|editing| editing.number) == number;
    let title = order.kind.title();
    match outcome {
        Outcome::Written { remembered, now, kept } => {
            if on_screen {
                core.model.bucket_settings.cards.insert(order.kind, Request::Ready(now));
            }
            if in_dialog {
                close_editor(core);
            }
            told(core, &order, remembered, kept);
            if on_screen {
                after_change(core, &order);
            }
        }
        Outcome::ChangedMeanwhile(now) => {
            let sentence = format!("{title} was changed by someone else meanwhile. Nothing was overwritten");
            if in_dialog && let Some(editing) = &mut core.model.bucket_settings.editing {
                editing.base = now.value().flatten().cloned();
                editing.state = EditState::ChangedMeanwhile;
            } else {
                core.say(Tone::Warning, sentence);
            }
            if on_screen {
                core.model.bucket_settings.cards.insert(order.kind, Request::Ready(now));
            }
        }
        Outcome::Failed(trouble) => {
            if in_dialog && let Some(editing) = &mut core.model.bucket_settings.editing {
                editing.state = EditState::Failed(trouble);
            } else {
                core.model.notices.trouble(format!("{title} could not be changed"), &trouble);
            }
        }
    }
}

fn told(core: &mut Core, order: &Order, remembered: Result<i64, String>, kept: bool) {
    let title = order.kind.title();
    let did = if order.deed == Deed::Restore { "put back" } else { "changed" };
    let id = if kept {
        core.say(Tone::Done, format!("{title} {did}"))
    } else {
        let body = "The store took the change, but shows something else when it is read again";
        core.model.notices.say(Tone::Warning, format!("{title}: look at it again"), body)
    };
    match remembered {
        Ok(number) => core.model.notices.link(id, "Undo", BucketSettingsCommand::TakeBack(number)),
        Err(why) => {
            core.model.notices.say(Tone::Warning, "The change is not in the history", why);
        }
    }
}

/// What hangs on the setting is read again.
fn after_change(core: &mut Core, order: &Order) {
    let shows = matches!(
        order.kind,
        SettingKind::BlockPublicAccess
            | SettingKind::AccountBlockPublicAccess
            | SettingKind::Policy
            | SettingKind::Acl
            | SettingKind::Ownership
            | SettingKind::RequestPayment
    );
    if shows {
        crate::app::dispatch::browse::ask_exposure(core, &order.bucket);
    }
    if order.first == Some(First::ResetAcl) {
        super::read(core);
    }
    if core.model.bucket_settings.page == Page::History {
        super::history::read(core);
    }
}
