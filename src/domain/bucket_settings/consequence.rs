//! What a change of a setting exposes or makes final: said before it is made, and ticked by the person.

use super::SettingKind;
use super::acl;
use super::value::{RetentionMode, SettingValue};
use crate::domain::policy::{self, Policy};
use crate::domain::public_access::{AclOf, BlockPublicAccess, ObjectOwnership};

/// How grave a consequence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// Strangers may get in.
    Exposes,
    /// It cannot be taken back, or something is lost.
    Final,
}

/// What has to be ticked before a change is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consequence {
    /// How grave.
    pub gravity: Gravity,
    /// What is ticked, e.g. "I know that …".
    pub sentence: String,
}

/// What else is known of the bucket, for saying what a change means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether the stored policy is public, if that is known.
    pub policy_is_public: Option<bool>,
    /// Whether the stored access list is public, if that is known.
    pub acl_is_public: Option<bool>,
    /// Whether Block Public Access is known to ignore what access lists grant to the public.
    pub acls_are_ignored: bool,
}

/// What has to be ticked before this change; `None` for a harmless one.
#[must_use]
pub fn consequence<'a>(
    kind: SettingKind,
    before: Option<&'a SettingValue>,
    after: Option<&'a SettingValue>,
    around: Surroundings,
) -> Option<Consequence> {
    let exposes = |sentence: &str| Some(Consequence { gravity: Gravity::Exposes, sentence: sentence.to_owned() });
    let is_final = |sentence: &str| Some(Consequence { gravity: Gravity::Final, sentence: sentence.to_owned() });
    match kind {
        SettingKind::BlockPublicAccess | SettingKind::AccountBlockPublicAccess => {
            let flags = |value: Option<&SettingValue>| match value {
                Some(SettingValue::BlockPublicAccess(flags)) => *flags,
                _ => BlockPublicAccess::NONE,
            };
            lifted(kind, flags(before), flags(after), around)
        }
        SettingKind::Ownership => {
            let counts = |value: Option<&SettingValue>| {
                !matches!(value, Some(SettingValue::Ownership(ObjectOwnership::BucketOwnerEnforced)))
            };
            if counts(before) || !counts(after) {
                return None;
            }
            match around.acl_is_public {
                Some(true) => exposes("I know that the bucket’s public access list takes effect again"),
                _ => exposes("I know that access lists set earlier take effect again, public ones included"),
            }
        }
        SettingKind::Acl => {
            let list = |value: Option<&'a SettingValue>| match value {
                Some(SettingValue::Acl(acl)) => Some(acl),
                _ => None,
            };
            acl::consequence(AclOf::Bucket, list(before), list(after)?, around.acls_are_ignored)
        }
        SettingKind::Policy => {
            let public = |value: Option<&SettingValue>| match value {
                Some(SettingValue::Policy(text)) => {
                    Policy::parse(text).is_ok_and(|policy| policy::is_public(&policy).public)
                }
                _ => false,
            };
            (public(after) && !public(before)).then_some(())?;
            exposes("I know that this policy lets the public in")
        }
        SettingKind::Versioning => {
            let on = |value: Option<&SettingValue>| matches!(value, Some(SettingValue::Versioning(versioning)) if versioning.is_on());
            (on(before) && !on(after)).then_some(())?;
            is_final("I know that what is overwritten or deleted from now on cannot be brought back")
        }
        SettingKind::RequestPayment => {
            (before.is_some() && around.policy_is_public == Some(true)).then_some(())?;
            match after {
                Some(SettingValue::RequestPayment(super::Payer::Requester)) => None,
                _ => exposes("I know that strangers can fetch what the public policy opens, at our cost"),
            }
        }
        SettingKind::ObjectLock => {
            let SettingValue::ObjectLock(lock) = after? else { return None };
            if lock.default.as_ref().is_some_and(|it| it.mode == RetentionMode::Compliance) {
                return is_final("I know that nobody, not even the account’s root, can delete what is locked so");
            }
            before.is_none().then_some(())?;
            is_final("I know that Object Lock can never be switched off again")
        }
        SettingKind::Encryption
        | SettingKind::Cors
        | SettingKind::Lifecycle
        | SettingKind::Tags
        | SettingKind::Website
        | SettingKind::Logging
        | SettingKind::Acceleration
        | SettingKind::Notification
        | SettingKind::Replication => None,
    }
}

/// What turning flags off means, from the strongest down.
fn lifted(
    kind: SettingKind,
    before: BlockPublicAccess,
    after: BlockPublicAccess,
    around: Surroundings,
) -> Option<Consequence> {
    let off = |was: bool, is: bool| was && !is;
    let restricts = off(before.restrict_public_buckets, after.restrict_public_buckets);
    let ignores = off(before.ignore_public_acls, after.ignore_public_acls);
    let refuses = off(before.block_public_policy, after.block_public_policy)
        || off(before.block_public_acls, after.block_public_acls);
    if !(restricts || ignores || refuses) {
        return None;
    }
    let sentence = if kind == SettingKind::AccountBlockPublicAccess {
        "I know that this concerns every bucket of the account, and that policies and access lists can open them to the internet"
    } else if restricts && around.policy_is_public == Some(true) {
        "I know that the public policy takes effect at once: strangers get in"
    } else if ignores && around.acl_is_public == Some(true) {
        "I know that the public access list takes effect at once: strangers get in"
    } else if restricts || ignores {
        "I know that public policies and access lists can then open this bucket to the internet"
    } else {
        "I know that public policies and access lists can then be written for this bucket"
    };
    Some(Consequence { gravity: Gravity::Exposes, sentence: sentence.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bucket_settings::{DefaultRetention, ObjectLock, Status, Versioning};
    use test_case::test_case;

    const POLICY: Surroundings =
        Surroundings { policy_is_public: Some(true), acl_is_public: Some(false), acls_are_ignored: false };
    const QUIET: Surroundings =
        Surroundings { policy_is_public: Some(false), acl_is_public: Some(false), acls_are_ignored: false };

    fn flags(flags: BlockPublicAccess) -> Option<SettingValue> {
        Some(SettingValue::BlockPublicAccess(flags))
    }

    fn said(
        kind: SettingKind,
        before: Option<&SettingValue>,
        after: Option<&SettingValue>,
        around: Surroundings,
    ) -> Option<String> {
        consequence(kind, before, after, around).map(|it| it.sentence)
    }

    #[test_case(BlockPublicAccess::NONE, BlockPublicAccess::ALL, QUIET => false; "closing is harmless")]
    #[test_case(BlockPublicAccess::ALL, BlockPublicAccess::ALL, POLICY => false; "nothing changes")]
    #[test_case(BlockPublicAccess::ALL, BlockPublicAccess::FOR_PUBLIC_POLICY, QUIET => true; "lifting two")]
    #[test_case(BlockPublicAccess::ALL, BlockPublicAccess::NONE, QUIET => true; "lifting all")]
    fn lifting_a_block_is_acknowledged(
        before: BlockPublicAccess,
        after: BlockPublicAccess,
        around: Surroundings,
    ) -> bool {
        said(SettingKind::BlockPublicAccess, flags(before).as_ref(), flags(after).as_ref(), around).is_some()
    }

    #[test]
    fn a_policy_that_waits_behind_the_block_is_named() {
        let open = |around| {
            said(SettingKind::BlockPublicAccess, flags(BlockPublicAccess::ALL).as_ref(), None, around).unwrap()
        };
        assert!(open(POLICY).contains("at once"));
        assert!(!open(QUIET).contains("at once"));
    }

    #[test]
    fn what_is_final_is_acknowledged() {
        let on = |status| Some(SettingValue::Versioning(Versioning::new(status)));
        let versions = |before: Option<SettingValue>, after: Option<SettingValue>| {
            said(SettingKind::Versioning, before.as_ref(), after.as_ref(), QUIET).is_some()
        };
        assert!(versions(on(Status::Enabled), on(Status::Suspended)));
        assert!(!versions(None, on(Status::Enabled)));
        let lock = |default| Some(SettingValue::ObjectLock(ObjectLock { default }));
        let compliance =
            DefaultRetention { mode: RetentionMode::Compliance, days: Some(1), years: None, default_event_hold: None };
        let locks = |before: Option<SettingValue>, after: Option<SettingValue>| {
            said(SettingKind::ObjectLock, before.as_ref(), after.as_ref(), QUIET).is_some()
        };
        assert!(locks(lock(None), lock(Some(compliance))));
        assert!(locks(None, lock(None)));
        assert!(!locks(lock(None), lock(None)));
    }

    #[test]
    fn public_policies_are_found() {
        let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;
        let public = Some(SettingValue::Policy(text.to_owned()));
        assert!(said(SettingKind::Policy, None, public.as_ref(), QUIET).is_some());
        assert!(said(SettingKind::Policy, public.as_ref(), None, QUIET).is_none());
    }
}
