//! Lists by their names, in words, and what a change exposes.
use super::*;
use crate::domain::bucket_settings::Difference;
use test_case::test_case;

const YOU: &str = "you";

fn grant(grantee: Grantee, permission: Permission) -> Grant {
    Grant { grantee, permission }
}

fn you(permission: Permission) -> Grant {
    grant(Grantee::CanonicalUser(YOU.to_owned()), permission)
}

fn list(grants: &[Grant]) -> Acl {
    let mut acl = Acl::of_canned(CannedAcl::Private, "me", "me");
    acl.grants.0.extend_from_slice(grants);
    acl
}

fn canned(name: &str) -> Acl {
    Acl::of_canned(CannedAcl::parse(name).unwrap(), "me", "me")
}

#[test_case(AclOf::Bucket, "private" => "Private: The owner: everything (FULL_CONTROL)"; "a private bucket")]
#[test_case(AclOf::Bucket, "public-read" => "PublicRead: The owner: everything (FULL_CONTROL); Anyone on the internet: list files (READ)"; "a listed bucket")]
#[test_case(AclOf::Bucket, "public-read-write" => "PublicReadWrite: The owner: everything (FULL_CONTROL); Anyone on the internet: list files (READ), upload and delete (WRITE)"; "an open bucket")]
#[test_case(AclOf::Bucket, "authenticated-read" => "AuthenticatedRead: The owner: everything (FULL_CONTROL); Anyone with any AWS account: list files (READ)"; "a bucket for accounts")]
#[test_case(AclOf::Bucket, "log-delivery-write" => "LogDeliveryWrite: The owner: everything (FULL_CONTROL); The log delivery of S3: upload and delete (WRITE), read this list (READ_ACP)"; "a bucket for logs")]
#[test_case(AclOf::Object, "private" => "Private: The owner: everything (FULL_CONTROL)"; "a private file")]
#[test_case(AclOf::Object, "public-read" => "PublicRead: The owner: everything (FULL_CONTROL); Anyone on the internet: open it (READ)"; "a public file")]
#[test_case(AclOf::Object, "authenticated-read" => "AuthenticatedRead: The owner: everything (FULL_CONTROL); Anyone with any AWS account: open it (READ)"; "a file for accounts")]
fn a_canned_list_is_known_again(of: AclOf, name: &str) -> String {
    let acl = canned(name);
    let said: Vec<_> = lines(of, &acl).into_iter().map(|(who, what)| format!("{who}: {what}")).collect();
    format!("{:?}: {}", acl.canned(of, None).unwrap(), said.join("; "))
}

#[test_case("bucket-owner-read" => "Account boss: open it (READ)"; "read")]
#[test_case("bucket-owner-full-control" => "Account boss: everything (FULL_CONTROL)"; "full control")]
fn a_file_of_somebody_else_names_the_buckets_owner(name: &str) -> String {
    let acl = Acl::of_canned(CannedAcl::parse(name).unwrap(), "me", "boss");
    assert_eq!(acl.canned(AclOf::Object, Some("boss")).map(CannedAcl::as_str), Some(name));
    assert_eq!(acl.canned(AclOf::Object, None), None, "whose the bucket is, is not known");
    let (who, what) = lines(AclOf::Object, &acl).pop().unwrap();
    format!("{who}: {what}")
}

#[test]
fn every_choice_has_words_and_every_one_is_another() {
    for of in [AclOf::Bucket, AclOf::Object] {
        let titles: Vec<_> = choices(of, true).into_iter().map(|it| canned_words(of, it).title).collect();
        assert!(titles.iter().enumerate().all(|(at, title)| !titles[..at].contains(title)), "{titles:?}");
        for permission in Permission::ALL {
            assert!(!permission_words(of, permission).is_empty());
        }
    }
}

#[test]
fn order_and_repetition_mean_nothing() {
    let one = list(&[you(Permission::Read), you(Permission::Write)]);
    let mut two = list(&[you(Permission::Write), you(Permission::Read), you(Permission::Read)]);
    assert!(one.same_as(&two));
    two.owner = Some(YOU.into());
    assert!(!one.same_as(&two), "it belongs to somebody else");
    assert!(!one.same_as(&list(&[you(Permission::Read)])));
}

#[test_case(&[] => "Nobody but the owner is on the list"; "private")]
#[test_case(&[you(Permission::Read), you(Permission::Write)] => "Besides the owner 1 other is on the list, and no stranger"; "somebody")]
#[test_case(&[grant(Grantee::AllUsers, Permission::Read)] => "Anyone on the internet can list the files, their versions and unfinished uploads"; "anyone")]
#[test_case(&[grant(Grantee::AuthenticatedUsers, Permission::Write)] => "Anyone with any AWS account, which anybody can have, can upload, overwrite and delete files"; "any account")]
fn a_list_in_a_sentence(grants: &[Grant]) -> String {
    summary(AclOf::Bucket, &list(grants))
}

#[test]
fn any_account_is_called_as_good_as_public() {
    let acl = list(&[grant(Grantee::AuthenticatedUsers, Permission::Read)]);
    assert!(acl.is_public());
    assert!(meaning(AclOf::Bucket, &acl, &acl.grants.0[1]).ends_with("so this is as good as public"));
}

fn said(before: &Acl, after: &Acl) -> String {
    consequence(AclOf::Bucket, Some(before), after, false).map_or_else(String::new, |it| {
        let gravity = if it.gravity == Gravity::Exposes { "exposes" } else { "final" };
        format!("{gravity}: {}", it.sentence)
    })
}

#[test_case("private", "public-read" => "exposes: I know that anyone on the internet can then list the files, their versions and unfinished uploads"; "opened")]
#[test_case("public-read", "public-read-write" => "exposes: I know that anyone on the internet can then upload, overwrite and delete files"; "opened further")]
#[test_case("private", "authenticated-read" => "exposes: I know that anyone with any AWS account, which anybody can have, can then list the files, their versions and unfinished uploads"; "to any account")]
#[test_case("public-read", "authenticated-read" => ""; "closed somewhat")]
#[test_case("public-read", "private" => ""; "closed")]
#[test_case("public-read", "public-read" => ""; "as it was")]
#[test_case("private", "log-delivery-write" => ""; "for logs")]
fn what_a_canned_list_exposes(before: &str, after: &str) -> String {
    said(&canned(before), &canned(after))
}

#[test]
fn an_owner_who_gives_up_control_is_warned() {
    let open = Acl { grants: Grants(canned("public-read").grants.0.split_off(1)), ..canned("private") };
    let closed = Acl { grants: Grants::private(), ..canned("private") };
    let gone = "the owner gives up full control, and may not get it back";
    assert_eq!(said(&canned("private"), &closed), format!("final: I know that {gone}"));
    assert!(said(&canned("private"), &open).ends_with(&format!(", and that {gone}")));
    assert_eq!(said(&closed, &closed), "", "it was gone before");
}

#[test_case("private", "public-read" => "Anyone on the internet, exposes"; "opened")]
#[test_case("public-read", "public-read-write" => "Anyone on the internet, exposes"; "opened further")]
#[test_case("public-read-write", "public-read" => "Anyone on the internet"; "closed somewhat")]
#[test_case("private", "log-delivery-write" => "The log delivery of S3"; "for logs")]
#[test_case("public-read", "authenticated-read" => "Anyone on the internet; Anyone with any AWS account, exposes"; "one for the other")]
fn whom_a_change_concerns(before: &str, after: &str) -> String {
    let said = |it: Difference| if it.exposes { format!("{}, exposes", it.name) } else { it.name };
    let all = differences(AclOf::Bucket, &canned(before), &canned(after));
    all.into_iter().map(said).collect::<Vec<_>>().join("; ")
}

#[test]
fn what_is_ignored_is_said_to_be() {
    let told = consequence(AclOf::Object, Some(&canned("private")), &canned("public-read"), true).unwrap().sentence;
    assert!(
        told.ends_with("open and download this file, once Block Public Access does not ignore it any more"),
        "{told}"
    );
}

fn foreign() -> WrittenGrant {
    let grantee = WrittenGrantee {
        r#type: "AmazonCustomerByEmail".into(),
        email_address: Some("a@b.example".into()),
        ..WrittenGrantee::default()
    };
    WrittenGrant { grantee, permission: "READ".into() }
}

#[test]
fn what_is_not_understood_is_kept() {
    let public = Grantee::AllUsers.group_uri().map(str::to_owned);
    let dance = WrittenGrant {
        grantee: WrittenGrantee { r#type: "Group".into(), uri: public, ..WrittenGrantee::default() },
        permission: "DANCE".into(),
    };
    let acl = Acl::of_written(Some("me".into()), vec![foreign(), dance.clone()]);
    assert_eq!((acl.grants.0.len(), acl.others.len()), (0, 2));
    assert!(acl.is_public(), "whatever they may, they are the public");
    assert_eq!(acl.canned(AclOf::Bucket, None), None);
    assert_eq!((foreign().who().as_str(), dance.who().as_str()), ("a@b.example", "Anyone on the internet"));
    let with = Acl { others: vec![dance], ..canned("private") };
    assert_eq!(said(&canned("private"), &with), "exposes: I know that this access list lets the public in");
    assert_eq!(said(&with, &with), "");
}

#[test]
fn a_list_follows_to_another_owner() {
    let moved = list(&[you(Permission::Read)]).owned_by("them");
    assert!(moved.owner_has_all());
    assert_eq!(moved.grants.0[1], you(Permission::Read));
}

#[test_case(false, false, false => (false, false); "nothing stands against it")]
#[test_case(true, false, false => (true, false); "the bucket refuses")]
#[test_case(false, true, true => (false, true); "account and bucket ignore")]
fn what_stands_against_a_public_list(refuses: bool, account_ignores: bool, ignores: bool) -> (bool, bool) {
    use crate::domain::public_access::BlockPublicAccess;
    let bucket =
        BlockPublicAccess { block_public_acls: refuses, ignore_public_acls: ignores, ..BlockPublicAccess::NONE };
    let account = BlockPublicAccess { ignore_public_acls: account_ignores, ..BlockPublicAccess::NONE };
    let block = BlockLevels { account, bucket, ..BlockLevels::default() };
    if let Some(words) = ignored(&block) {
        assert!(words.ends_with("is on for the account and the bucket"), "{words}");
    }
    if let Some(words) = refused(&block) {
        assert!(words.contains("(predicted)") && words.contains("is on for the bucket"), "{words}");
    }
    (refused(&block).is_some(), ignored(&block).is_some())
}
