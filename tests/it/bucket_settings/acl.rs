//! The access list of a bucket: opened, closed again, refused, and where it does not count.

use brimful::domain::bucket_settings::{Acl, SettingKind, SettingValue, acl};
use brimful::domain::public_access::{
    AclOf, BlockPublicAccess, CannedAcl, Grant, Grantee, Grants, ObjectOwnership, Permission,
};
use brimful::s3;
use test_case::test_case;

use super::{BUCKET, all_is_read, at_the_settings, kept, saves, somebody_sets};
use crate::support::{Person, Window};

/// A bucket in which access lists count, and nothing of Block Public Access but these flags stands against them.
fn where_lists_count(window: Window, block: BlockPublicAccess) -> Person {
    let mut person = at_the_settings(window);
    somebody_sets(&person, SettingKind::Ownership, Some(&SettingValue::Ownership(ObjectOwnership::ObjectWriter)));
    somebody_sets(&person, SettingKind::BlockPublicAccess, Some(&SettingValue::BlockPublicAccess(block)));
    person.presses("F5");
    all_is_read(&mut person);
    person
}

fn list(person: &Person) -> Acl {
    match kept(person, SettingKind::Acl) {
        Some(SettingValue::Acl(acl)) => acl,
        other => panic!("{other:?}"),
    }
}

fn owner(person: &Person) -> String {
    list(person).owner.unwrap()
}

/// What a stranger is answered who asks what is in the bucket.
fn strangers_list(person: &Person) -> u16 {
    let url = person.core(|core| format!("{}/{BUCKET}", core.practice.as_ref().unwrap().endpoint()));
    person.does(async |_| s3::probe::probe(&s3::probe::Question::get(&url, 10)).await).unwrap().status
}

const ANYONE_LISTS: &str =
    "I know that anyone on the internet can then list the files, their versions and unfinished uploads";

#[test]
fn anyone_lists_the_bucket_until_it_is_undone_from_the_history() {
    let mut person = where_lists_count(Window::default(), BlockPublicAccess::NONE);
    assert_eq!(strangers_list(&person), 403);
    person.sees("Nobody but the owner is on the list");
    person.clicks("Edit Access control list");
    person.clicks("Canned list");
    person.clicks("Anyone may list");
    person.sees("Anyone on the internet: not set → list files (READ)");
    person.clicks("Save");
    assert!(person.model(|model| model.bucket_settings.editing.is_some()), "nothing was ticked");
    person.clicks(ANYONE_LISTS);
    saves(&mut person);
    assert_eq!(strangers_list(&person), 200);
    person.sees("Anyone on the internet can list the files, their versions and unfinished uploads");
    person.clicks("History");
    person.clicks("Put back what was there before: Access control list: Anyone on the internet: list files (READ)");
    person.clicks("Put it back");
    person.waits_until("putting it back", |model| model.bucket_settings.editing.is_none());
    assert_eq!(strangers_list(&person), 403);
    let id = owner(&person);
    assert!(list(&person).same_as(&Acl::of_canned(CannedAcl::Private, &id, &id)));
}

#[test]
fn a_notice_takes_it_back_at_once() {
    let mut person = where_lists_count(Window::default(), BlockPublicAccess::NONE);
    person.clicks("Edit Access control list");
    person.clicks("Canned list");
    person.clicks("Any AWS account may list");
    person.sees("Anyone with any AWS account can list the files, their versions and unfinished uploads. Anybody can have one, so this is as good as public");
    person.clicks("I know that anyone with any AWS account, which anybody can have, can then list the files, their versions and unfinished uploads");
    saves(&mut person);
    assert!(list(&person).grants.allows(&Grantee::AuthenticatedUsers, Permission::Read));
    person.clicks("Undo");
    person.sees("Access control list put back");
    assert!(!list(&person).is_public());
}

#[test]
fn where_lists_are_disabled_the_card_says_who_decides() {
    let mut person = at_the_settings(Window::default());
    person.sees("ACLs are disabled by Object Ownership (BucketOwnerEnforced): the policy alone decides who gets in");
    assert!(!person.screen().lines().any(|line| line == "Edit Access control list"));
}

#[test]
fn grants_are_added_and_removed_one_by_one() {
    let mut person = where_lists_count(Window::default(), BlockPublicAccess::NONE);
    let id = owner(&person);
    person.clicks("Edit Access control list");
    person.clicks("Add a grant");
    person.sees("Name the account of grant 2 by its canonical ID");
    person.fills("Canonical ID, grant 2", "somebody@acme.example");
    person.sees("Grant 2: lists take no e-mail addresses any more, but canonical IDs");
    person.clicks("Who, grant 2");
    person.clicks("The log delivery of S3");
    person.clicks("What, grant 2");
    person.clicks("WRITE: upload and delete");
    person.clicks("Add a grant");
    person.clicks("Who, grant 3");
    person.clicks("The log delivery of S3");
    person.clicks("What, grant 3");
    person.clicks("READ_ACP: read this list");
    person.sees("S3 may deliver logs");
    saves(&mut person);
    assert!(list(&person).same_as(&Acl::of_canned(CannedAcl::LogDeliveryWrite, &id, &id)));
    person.clicks("Edit Access control list");
    person.clicks("Remove grant 2");
    saves(&mut person);
    let left = list(&person);
    assert_eq!(left.grants.0.len(), 2);
    assert!(left.grants.allows(&Grantee::LogDelivery, Permission::ReadAcp));
}

#[test]
fn an_account_that_the_store_does_not_know_is_told() {
    let mut person = where_lists_count(Window::default(), BlockPublicAccess::NONE);
    person.clicks("Edit Access control list");
    person.clicks("Add a grant");
    person.fills("Canonical ID, grant 2", "nobody");
    person.clicks("Save");
    person.sees("Nothing was changed.");
    assert!(!list(&person).grants_to_others());
}

#[test]
fn an_owner_who_gives_up_control_is_warned() {
    let mut person = where_lists_count(Window::default(), BlockPublicAccess::NONE);
    person.clicks("Edit Access control list");
    person.clicks("Remove grant 1");
    person.sees("The owner’s own FULL_CONTROL goes");
    person.clicks("I know that the owner gives up full control, and may not get it back");
    saves(&mut person);
    assert!(!list(&person).owner_has_all());
}

#[test]
fn what_block_public_access_refuses_is_foretold_and_the_store_decides() {
    let flags = BlockPublicAccess { block_public_acls: true, ignore_public_acls: true, ..BlockPublicAccess::NONE };
    let mut person = where_lists_count(Window::default(), flags);
    person.clicks("Edit Access control list");
    person.clicks("Canned list");
    person.clicks("Anyone may list");
    person.sees("The store would refuse this (predicted): “Refuse public ACLs” (BlockPublicAcls) is on for the bucket");
    person.sees("“Ignore public ACLs” (IgnorePublicAcls) is on for the bucket");
    person.clicks(&format!("{ANYONE_LISTS}, once Block Public Access does not ignore it any more"));
    person.clicks("Save");
    person.sees("Nothing was changed.");
    person.sees("Block Public Access refuses public access lists");
    assert!(!list(&person).is_public());
}

#[test]
fn a_public_list_that_is_ignored_says_so() {
    let mut person = where_lists_count(Window::default(), BlockPublicAccess::NONE);
    let id = owner(&person);
    let public = SettingValue::Acl(Acl::of_canned(CannedAcl::PublicRead, &id, &id));
    somebody_sets(&person, SettingKind::Acl, Some(&public));
    let flags = BlockPublicAccess { ignore_public_acls: true, ..BlockPublicAccess::NONE };
    somebody_sets(&person, SettingKind::AccountBlockPublicAccess, Some(&SettingValue::BlockPublicAccess(flags)));
    person.presses("F5");
    all_is_read(&mut person);
    person.sees("What the list grants to the public has no effect: “Ignore public ACLs” (IgnorePublicAcls) is on for the account");
    assert_eq!(strangers_list(&person), 403);
}

#[test_case(CannedAcl::Private; "private")]
#[test_case(CannedAcl::PublicRead; "public read")]
#[test_case(CannedAcl::PublicReadWrite; "public read write")]
#[test_case(CannedAcl::AuthenticatedRead; "authenticated read")]
#[test_case(CannedAcl::LogDeliveryWrite; "log delivery write")]
fn practice_storage_keeps_every_list_of_a_bucket(canned: CannedAcl) {
    let person = where_lists_count(Window::default(), BlockPublicAccess::NONE);
    let id = owner(&person);
    let wanted = Acl::of_canned(canned, &id, &id);
    somebody_sets(&person, SettingKind::Acl, Some(&SettingValue::Acl(wanted.clone())));
    assert!(list(&person).same_as(&wanted));
    assert_eq!(list(&person).canned(AclOf::Bucket, None), Some(canned));
    // One that has no name.
    let mut grants = wanted.grants.0;
    grants.push(Grant { grantee: Grantee::AllUsers, permission: Permission::ReadAcp });
    let wanted = Acl { grants: Grants(grants), ..list(&person) };
    somebody_sets(&person, SettingKind::Acl, Some(&SettingValue::Acl(wanted.clone())));
    assert!(list(&person).same_as(&wanted));
    assert_eq!(acl::lines(AclOf::Bucket, &list(&person)), acl::lines(AclOf::Bucket, &wanted));
}

#[test_case(Window::default(), "bucket_settings_acl_light"; "light")]
#[test_case(Window { dark: true, ..Window::default() }, "bucket_settings_acl_dark"; "dark")]
#[test_case(Window { width: 1024.0, height: 700.0, dark: false }, "bucket_settings_acl_1024"; "narrow")]
fn the_dialog(window: Window, name: &str) {
    let flags = BlockPublicAccess { ignore_public_acls: true, ..BlockPublicAccess::NONE };
    let mut person = where_lists_count(window, flags);
    person.clicks("Edit Access control list");
    person.clicks("Canned list");
    person.clicks("Anyone may list, upload and delete");
    person.looks_away();
    person.looks_like(name);
}

#[test]
fn the_card() {
    let mut person = where_lists_count(Window::default(), BlockPublicAccess::NONE);
    let id = owner(&person);
    let public = SettingValue::Acl(Acl::of_canned(CannedAcl::PublicRead, &id, &id));
    somebody_sets(&person, SettingKind::Acl, Some(&public));
    person.presses("F5");
    all_is_read(&mut person);
    person.stops_the_clocks();
    person.core(|core| {
        core.model.bucket_settings.read_at = Some((core.deps.now)());
        if let Some(buckets) = core.model.session.as_mut().and_then(|session| session.buckets.known_mut()) {
            for bucket in buckets {
                bucket.created = Some((core.deps.now)());
            }
        }
    });
    person.looks_away();
    person.looks_like("bucket_settings_acl_card");
}
