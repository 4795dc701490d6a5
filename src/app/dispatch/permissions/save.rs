//! Saving a policy: the bucket's own is read once more, what would change is shown, and what changed is proved.

use std::sync::Arc;

use crate::app::core::Core;
use crate::app::event::Event;
use crate::domain::bucket_settings::SettingKind;
use crate::domain::public_access::BlockPublicAccess;
use crate::model::Trouble;
use crate::model::browse::Place;
use crate::model::command::{BrowseCommand, Tab};
use crate::model::modal::Modal;
use crate::model::notices::Tone;
use crate::model::permissions::draft::Base;
use crate::model::permissions::found::Found;
use crate::model::permissions::people::People;
use crate::model::permissions::review::{Origin, Probe, Proof, ReadBack, Review, Stage};
use crate::model::permissions::{BucketKey, PermissionsCommand, Side};
use crate::model::trouble::WayOut;
use crate::s3;
use crate::s3::settings::Readable;
use crate::store::history::{Entry, HistoryError};
use crate::worker::Request;

use super::probe::Outside;
use super::write::{self, Order, Outcome, Saved};
use super::{PermissionsEvent, read};

/// What the policy is read once more for.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    key: BucketKey,
    origin: Origin,
    /// `None` for no policy.
    after: Option<String>,
    /// The flags that were lifted for the save that is taken back, as they were before it.
    block_before: Option<BlockPublicAccess>,
}

/// A review that is ready to be shown.
#[derive(Debug)]
pub(super) struct Compared {
    review: Review,
    /// What the draft began from, where the bucket has something else meanwhile.
    conflict: Option<Base>,
}

/// Looks at what saving the draft would do.
pub(super) fn check_draft(core: &mut Core) {
    let Some(draft) = core.model.permissions.draft().filter(|draft| draft.is_changed()) else { return };
    let after = Some(draft.text().to_owned()).filter(|text| !text.trim().is_empty());
    check(core, Origin::Draft, after);
}

/// Looks at what deleting the policy would do.
pub(super) fn check_delete(core: &mut Core) {
    check(core, Origin::Delete, None);
}

/// Reads the bucket's policy once more, so that what is shown is compared with what is there now.
fn check(core: &mut Core, origin: Origin, after: Option<String>) {
    let (Some(store), Some(key)) = (core.store.clone(), core.model.permissions.here.clone()) else { return };
    let (bucket, now) = (key.bucket.clone(), core.deps.now.clone());
    let wish = Wish { key, origin, after, block_before: None };
    core.model.permissions.checking = true;
    core.parts.permissions.checking = core.worker.ask(async move {
        let policy = read::policy(&store, &bucket).await?;
        Ok((wish, Found { policy, at: now() }))
    });
}

/// Looks at what bringing an earlier version back would do.
pub(super) fn restore(core: &mut Core, change: i64, side: Side) {
    let (Some(store), Some(session)) = (core.store.clone(), &core.model.session) else { return };
    let connection = session.connection.id;
    let (history, now) = (Arc::clone(&core.history), core.deps.now.clone());
    core.model.permissions.checking = true;
    core.parts.permissions.checking = core.worker.ask(async move {
        let lost = |why: String| Trouble::new("This version is not in the history", WayOut::Report).detail(why);
        let entry = tokio::task::spawn_blocking(move || {
            let entry = history.get(change)?.filter(|entry| entry.change.connection == connection);
            let Some(entry) = entry else { return Ok(None) };
            let block = match side {
                Side::Before => history.before(&entry)?.and_then(|before| lifted_from(&before)),
                Side::After => None,
            };
            Ok::<_, HistoryError>(Some((entry.change, block)))
        });
        let entry = entry.await.map_err(|stopped| lost(stopped.to_string()))?;
        let entry = entry.map_err(|error| lost(error.to_string()))?;
        let (change_made, lifted) = entry.ok_or_else(|| lost(format!("change {change}")))?;
        let policy = read::policy(&store, &change_made.bucket).await?;
        // Whoever set the flags otherwise meanwhile meant it.
        let block_before = match lifted {
            Some((before, after)) => {
                let now = s3::settings::get_public_access_block(&store, &change_made.bucket).await;
                matches!(now, Readable::Is(now) if now == after).then_some(before)
            }
            None => None,
        };
        let after = match side {
            Side::Before => change_made.before,
            Side::After => change_made.after,
        };
        let key = BucketKey { connection, bucket: change_made.bucket };
        Ok((Wish { key, origin: Origin::Restore(change), after, block_before }, Found { policy, at: now() }))
    });
}

/// The flags before and after a change that lifted the two against public policies; `None` for any other change.
fn lifted_from(entry: &Entry) -> Option<(BlockPublicAccess, BlockPublicAccess)> {
    let change = &entry.change;
    let flags = |text: &Option<String>| serde_json::from_str::<BlockPublicAccess>(text.as_deref()?).ok();
    let (before, after) = (flags(&change.before)?, flags(&change.after)?);
    let is_lift = change.setting == SettingKind::BlockPublicAccess && before.lifted_for_public_policy() == after;
    (is_lift && before != after).then_some((before, after))
}

/// The policy was read once more.
pub(super) fn checked(core: &mut Core) {
    core.model.permissions.checking = false;
    let (wish, found) = match std::mem::take(&mut core.parts.permissions.checking) {
        Request::Ready(answer) => answer,
        Request::Failed { error, .. } => {
            core.model.notices.trouble("The policy could not be read once more, so nothing was saved", &error);
            return;
        }
        Request::Idle | Request::Pending { .. } => return,
    };
    // Somebody who went to another bucket meanwhile is not called back, unless the wish came from elsewhere.
    let is_here = core.model.permissions.here.as_ref() == Some(&wish.key);
    match wish.origin {
        Origin::Restore(_) if !is_here => {
            let place = Place::bucket(&wish.key.bucket);
            super::super::browse::dispatch(core, BrowseCommand::GoToTab(place, Tab::Permissions));
        }
        Origin::Draft | Origin::Delete if !is_here => return,
        Origin::Draft | Origin::Delete | Origin::Restore(_) => {}
    }
    open(core, wish, &found);
}

fn open(core: &mut Core, wish: Wish, found: &Found) {
    let before = read::base_of(found);
    let begun = core.model.permissions.draft().map(|draft| draft.base().clone()).unwrap_or_default();
    let both_known = begun != Base::Unknown && before != Base::Unknown;
    let conflict = wish.origin == Origin::Draft && both_known && !begun.is_same(&before);
    if wish.after.is_none() && before == Base::None {
        core.say(Tone::Info, "There is no policy to delete");
        return;
    }
    let context = super::context(core, &wish.key);
    let beside = core.model.permissions.beside.known();
    let review = Review::new(wish.key, wish.origin, before, wish.after, context, beside, found.at)
        .offering_block(wish.block_before);
    let around = super::meaning::around(core, &review.key);
    let now = (core.deps.now)();
    core.model.permissions.checking = true;
    // A long policy makes thousands of questions, which the window does not wait for.
    core.parts.permissions.comparing = core.worker.ask(async move {
        let people = tokio::task::spawn_blocking(move || (People::new(&review, &around, now), review)).await;
        let (people, mut review) = people.map_err(|stopped| {
            Trouble::new("What changes could not be compared", WayOut::Report).detail(stopped.to_string())
        })?;
        review.people = Some(people);
        Ok(Compared { review, conflict: conflict.then_some(begun) })
    });
}

/// What changes was compared: the review opens, unless one has gone to another bucket meanwhile.
pub(super) fn compared(core: &mut Core) {
    core.model.permissions.checking = false;
    let Compared { mut review, conflict } = match std::mem::take(&mut core.parts.permissions.comparing) {
        Request::Ready(compared) => compared,
        Request::Failed { error, .. } => {
            core.model.notices.trouble("The change could not be shown, so nothing was saved", &error);
            return;
        }
        Request::Idle | Request::Pending { .. } => return,
    };
    if core.model.permissions.here.as_ref() != Some(&review.key) {
        return;
    }
    if let Some(base) = conflict {
        if let Some(draft) = core.model.permissions.drafts.get_mut(&review.key) {
            draft.met(review.before.clone());
        }
        review.stage = Stage::Conflict { base };
    }
    super::files::count(core, &review);
    core.model.permissions.review = Some(review);
    core.model.modal = Some(Modal::PolicyReview);
}

/// Keeps editing. A save under way goes on.
pub(super) fn close(core: &mut Core) {
    let saving = core.model.permissions.review.as_ref().is_some_and(|review| review.stage == Stage::Saving);
    if !saving {
        core.model.permissions.review = None;
        // Nobody looks at the count any more.
        core.model.permissions.files = Request::Idle;
    }
    core.model.modal = None;
}

/// The text becomes what the bucket has meanwhile. The own text is one step back.
pub(super) fn take_theirs(core: &mut Core) {
    super::with_draft(core, |draft| {
        let Some(theirs) = draft.theirs().cloned() else { return };
        draft.change(theirs.shown(), Some(0..0));
        draft.rebase(theirs);
    });
    close(core);
}

/// The text stays, and is compared with what the bucket has meanwhile.
pub(super) fn keep_mine(core: &mut Core) {
    super::with_draft(core, |draft| {
        if let Some(theirs) = draft.theirs().cloned() {
            draft.rebase(theirs);
        }
    });
    close(core);
}

/// Saves what the review shows.
pub(super) fn save(core: &mut Core) {
    let Some(store) = core.store.clone() else { return };
    let Some(session) = &core.model.session else { return };
    let target = session.connection.target.clone();
    let Some(review) = core.model.permissions.review.as_mut().filter(|review| review.can_save()) else { return };
    review.stage = Stage::Saving;
    let region = session.regions.get(&review.key.bucket).cloned();
    let key = review.key.clone();
    let order = Order {
        store,
        outside: Outside { target, region },
        history: Arc::clone(&core.history),
        review: review.clone(),
        now: core.deps.now.clone(),
    };
    let crashed = key.clone();
    core.worker.job(
        async move {
            let outcome = Box::new(Box::pin(write::write(order)).await);
            Event::Permissions(PermissionsEvent::Saved { key, outcome })
        },
        move |text| {
            let outcome = Box::new(Outcome::Failed(<Trouble as crate::worker::Crashed>::crashed(text)));
            Event::Permissions(PermissionsEvent::Saved { key: crashed, outcome })
        },
    );
}

/// A save came to its end.
pub(super) fn saved(core: &mut Core, key: &BucketKey, outcome: Outcome) {
    let is_here = core.model.permissions.here.as_ref() == Some(key);
    let reviewed = core.model.permissions.review.as_mut().filter(|review| review.key == *key);
    match outcome {
        Outcome::Failed(trouble) => {
            let title = format!("The policy of {} was not saved", key.bucket);
            match reviewed {
                Some(review) if core.model.modal.is_some() => review.stage = Stage::Failed(trouble),
                Some(_) | None => {
                    core.model.permissions.review = None;
                    core.model.notices.trouble(title, &trouble);
                }
            }
        }
        Outcome::Changed(found) => {
            let before = read::base_of(&found);
            if let Some(review) = reviewed {
                let base = std::mem::replace(&mut review.before, before.clone());
                review.stage = Stage::Conflict { base };
                review.read_at = found.at;
            }
            if let Some(draft) = core.model.permissions.drafts.get_mut(key) {
                draft.met(before);
            }
        }
        Outcome::Saved(saved) => {
            let Saved { proof, now, remembered } = *saved;
            let origin = reviewed.map(|review| review.origin);
            let text = core.model.permissions.review.as_ref().and_then(|review| review.after.clone());
            core.model.permissions.review = None;
            if matches!(core.model.modal, Some(Modal::PolicyReview)) {
                core.model.modal = None;
            }
            if let Some(draft) = core.model.permissions.drafts.get_mut(key) {
                match origin {
                    Some(Origin::Draft) if text.as_deref().unwrap_or_default().trim() == draft.text().trim() => {
                        draft.saved(now);
                    }
                    // Something else than the text was saved. A text that is not saved itself stays.
                    Some(_) | None if draft.is_changed() => draft.rebase(now),
                    Some(_) | None => draft.met(now),
                }
                super::keep(core, key);
            }
            tell(core, key, &proof, &remembered);
            super::super::browse::ask_exposure(core, &key.bucket);
            if is_here {
                core.model.permissions.proof = Some(proof);
                read::ask(core);
            }
        }
    }
}

fn tell(core: &mut Core, key: &BucketKey, proof: &Proof, remembered: &Result<i64, String>) {
    let title = match proof.has_policy {
        true => format!("Policy of {} saved", key.bucket),
        false => format!("Policy of {} deleted", key.bucket),
    };
    let body = match (&proof.read_back, &proof.probe) {
        (ReadBack::Same, Probe::NoFile { .. }) => String::new(),
        (ReadBack::Same, Probe::Asked { .. } | Probe::Unanswered(_)) => {
            let (first, rest) = proof.words();
            format!("{first}: {rest}")
        }
        (ReadBack::Other, _) => "The store keeps something else than was sent".to_owned(),
        (ReadBack::Failed(trouble), _) => trouble.sentence.clone(),
    };
    let tone = if proof.read_back == ReadBack::Same { Tone::Done } else { Tone::Warning };
    let id = core.model.notices.say(tone, title, body);
    match remembered {
        Ok(change) => {
            let command = PermissionsCommand::Restore { change: *change, side: Side::Before };
            core.model.notices.link(id, "Undo the save", command);
        }
        Err(why) => {
            core.model.notices.say(Tone::Warning, "The history does not tell of this change", why.clone());
        }
    }
}
