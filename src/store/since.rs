//! Since when a bucket is open, as far as the history of changes made with Brimful knows.

use jiff::Timestamp;

use crate::domain::bucket_settings::{SettingKind, SettingValue};
use crate::domain::connection::ConnectionId;
use crate::domain::exposure::Audit;
use crate::domain::policy::{Policy, is_public};

use super::history::{Change, History};

/// So far back it is looked.
const MOST: u32 = 1_000;
/// Settings that open a bucket.
const KINDS: [SettingKind; 4] =
    [SettingKind::Policy, SettingKind::BlockPublicAccess, SettingKind::Acl, SettingKind::Ownership];

/// The newest change, made with any of these connections, that opened what is open now.
#[must_use]
pub fn since(history: &History, connections: &[ConnectionId], bucket: &str, audit: &Audit) -> Option<Timestamp> {
    if audit.ways.is_empty() {
        return None;
    }
    let entries = connections.iter().filter_map(|id| history.of_bucket(*id, bucket, MOST).ok());
    let mut changes: Vec<Change> = entries.flatten().map(|entry| entry.change).collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.at));
    KINDS.iter().filter_map(|kind| opened(&changes, *kind)).max()
}

/// When the setting was opened last; `None` where it is closed again, or was never opened here. Newest first.
fn opened(changes: &[Change], kind: SettingKind) -> Option<Timestamp> {
    let mut of_kind = changes.iter().filter(|change| change.setting == kind).peekable();
    if !is_open(kind, of_kind.peek()?.after.as_deref())? {
        return None;
    }
    let opens = |change: &&Change| {
        is_open(kind, change.before.as_deref()) == Some(false) && is_open(kind, change.after.as_deref()) == Some(true)
    };
    of_kind.find(opens).map(|change| change.at)
}

/// Whether a value lets strangers in, as far as this setting is concerned; `None` where it makes no sense.
fn is_open(kind: SettingKind, text: Option<&str>) -> Option<bool> {
    let Some(text) = text else {
        // What is not set: no policy and no list lets nobody in, no block holds nobody back.
        return Some(matches!(kind, SettingKind::BlockPublicAccess | SettingKind::Ownership));
    };
    Some(match SettingValue::from_text(kind, text)? {
        SettingValue::Policy(text) => is_public(&Policy::parse(&text).ok()?).public,
        SettingValue::BlockPublicAccess(block) => !block.restrict_public_buckets || !block.ignore_public_acls,
        SettingValue::Acl(acl) => acl.grants.is_public(),
        SettingValue::Ownership(ownership) => ownership.acls_count(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::history::Deed;
    use test_case::test_case;

    const PUBLIC: &str =
        r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;
    const PRIVATE: &str =
        r#"{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}]}"#;

    fn change(at: i64, before: Option<&str>, after: Option<&str>) -> Change {
        Change {
            connection: ConnectionId::PRACTICE,
            bucket: "b".to_owned(),
            setting: SettingKind::Policy,
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
            at: Timestamp::from_second(at).unwrap(),
            who: None,
            note: None,
            deed: Deed::Change,
        }
    }

    #[test]
    fn the_change_that_opened_it_is_found() {
        let changes = [
            change(5, Some(PUBLIC), Some(&PUBLIC.replace("b/*", "b/x/*"))),
            change(4, Some(PRIVATE), Some(PUBLIC)),
            change(3, Some(PUBLIC), Some(PRIVATE)),
            change(2, None, Some(PUBLIC)),
        ];
        let at = |changes: &[Change]| opened(changes, SettingKind::Policy).map(Timestamp::as_second);
        assert_eq!(
            (at(&changes), at(&changes[1..]), at(&changes[2..]), at(&changes[3..])),
            (Some(4), Some(4), None, Some(2))
        );
        assert_eq!(opened(&changes, SettingKind::Acl), None);
    }

    #[test_case(SettingKind::Policy, None, Some(false); "no policy")]
    #[test_case(SettingKind::BlockPublicAccess, None, Some(true); "no block")]
    #[test_case(SettingKind::BlockPublicAccess, Some(r#"{"IgnorePublicAcls":true,"RestrictPublicBuckets":true}"#), Some(false); "a block")]
    #[test_case(SettingKind::Ownership, Some(r#"{"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]}"#), Some(false); "lists off")]
    #[test_case(SettingKind::Policy, Some("{"), None; "no policy at all")]
    fn values(kind: SettingKind, text: Option<&str>, open: Option<bool>) {
        assert_eq!(is_open(kind, text), open);
    }
}
