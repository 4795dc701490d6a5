//! What a way to mend it would change, before it is done.

use crate::app::core::Core;
use crate::domain::bucket_settings::{self, SettingValue};
use crate::domain::check::{Evidence, Rewrite, Spot, Write};
use crate::domain::policy::Policy;
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};
use crate::model::Trouble;
use crate::model::check::{Found, Preview};
use crate::model::modal::Modal;
use crate::model::permissions::meaning::Around;
use crate::worker::{Crashed as _, Request};

/// Opens the dialog.
pub(super) fn open(core: &mut Core, index: usize) {
    let Some(found) = core.model.check.found.known() else { return };
    let (Some(fix), Some(spot)) = (found.diagnosis.fixes.get(index), &found.target.spot) else { return };
    let changes = fix.writes().iter().flat_map(|write| words(spot, write)).collect();
    let policies = fix.writes().iter().find_map(|write| match write {
        Write::Setting { before, after, .. } => policies(before.as_ref(), after.as_ref()),
        _ => None,
    });
    let mut people = Request::Idle;
    if let Some((before, after)) = policies {
        let (around, now) = (around(found, spot, fix.writes()), (core.deps.now)());
        core.worker.ask_again(&mut people, async move {
            let compared = tokio::task::spawn_blocking(move || around.difference(before.as_ref(), after.as_ref(), now));
            compared.await.map_err(|stopped| Trouble::crashed(stopped.to_string()))
        });
    }
    core.model.check.preview = Some(Preview { fix: fix.clone(), spot: spot.clone(), changes, people, agreed: false });
    core.model.modal = Some(Modal::CheckFix);
}

/// Looks for the answer, once a frame.
pub(super) fn tick(core: &mut Core) {
    if let Some(preview) = &mut core.model.check.preview {
        preview.people.poll();
    }
}

/// Both policies, where it is a policy that changes. `None` inside is no policy.
fn policies(before: Option<&SettingValue>, after: Option<&SettingValue>) -> Option<(Option<Policy>, Option<Policy>)> {
    let read = |value: Option<&SettingValue>| match value {
        Some(SettingValue::Policy(text)) => Some(Policy::parse(text).ok()),
        Some(_) => None,
        None => Some(None),
    };
    match (before, after) {
        (None, None) => None,
        _ => read(before).zip(read(after)),
    }
}

/// What stands around the policy once everything else of the change is made.
fn around(found: &Found, spot: &Spot, writes: &[Write]) -> Around {
    let Evidence { ground, account_block, bucket_block, ownership, .. } = &found.evidence;
    let mut around = Around {
        bucket: spot.bucket.clone(),
        partition: ground.partition(),
        owner: None,
        account_block: account_block.known().copied(),
        bucket_block: bucket_block.known().map(|block| block.unwrap_or(BlockPublicAccess::NONE)),
        ownership: ownership.known().map(|own| own.unwrap_or(ObjectOwnership::ObjectWriter)),
        caller: None,
    };
    for write in writes {
        match write {
            Write::Setting { kind, after: Some(SettingValue::BlockPublicAccess(block)), .. } => {
                let level = if *kind == bucket_settings::SettingKind::AccountBlockPublicAccess {
                    &mut around.account_block
                } else {
                    &mut around.bucket_block
                };
                *level = Some(*block);
            }
            Write::Setting { after: Some(SettingValue::Ownership(ownership)), .. } => {
                around.ownership = Some(*ownership);
            }
            _ => {}
        }
    }
    around
}

/// A change in words, one line each.
fn words(spot: &Spot, write: &Write) -> Vec<String> {
    match write {
        Write::Setting { kind, before, after } => {
            vec![bucket_settings::change(*kind, before.as_ref(), after.as_ref())]
        }
        Write::ObjectAcl { .. } => vec![format!("The access list of {} is replaced", spot.key)],
        Write::Move { from, to, .. } => {
            vec![
                format!("{from} is copied to {to}"),
                format!("{from} is deleted once the copy is proven to be the same"),
            ]
        }
        Write::Delete { key, .. } => vec![format!("{key} is deleted")],
        Write::Rewrite { change, .. } => rewritten(change),
        Write::RemoveMarker { .. } => vec![format!("The delete marker that hides {} is removed", spot.key)],
        Write::Restore { days } => vec![format!("{} is fetched from its archive for {days} days", spot.key)],
    }
}

fn rewritten(change: &Rewrite) -> Vec<String> {
    let headers = [
        ("Content-Type", &change.content_type),
        ("Content-Disposition", &change.content_disposition),
        ("Content-Encoding", &change.content_encoding),
    ];
    let line = |(name, value): (&str, &Option<String>)| {
        value.as_ref().map(|value| match value.as_str() {
            "" => format!("{name} is taken away"),
            value => format!("{name} becomes {value}"),
        })
    };
    let mut lines: Vec<String> = headers.into_iter().filter_map(line).collect();
    if change.encryption.is_some() {
        lines.push("Its encryption changes".to_owned());
    }
    lines.push("Its bytes stay the same".to_owned());
    lines
}
