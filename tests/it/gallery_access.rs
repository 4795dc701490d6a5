//! A person changes who may see a file by its access list; against a real practice server.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at the first surprise")]

use brimful::app::dispatch::gallery;
use brimful::domain::bucket_settings::Acl;
use brimful::domain::connection::{Connection, ConnectionId, Target};
use brimful::domain::public_access::{
    AclOf, BlockPublicAccess, CannedAcl, Grant, Grantee, Grants, ObjectOwnership, Permission,
};
use brimful::model::command::BrowseCommand;
use brimful::practice::User;
use brimful::s3;
use brimful::s3::connect::{PracticeAccess, connect};
use brimful::s3::secrets::Secrets;
use brimful::s3::settings::Readable;
use image::ImageFormat;
use test_case::test_case;

use crate::support::pictures::file;
use crate::support::{Person, Window};

const BUCKET: &str = "shop";
const KEY: &str = "cat.png";

/// Looks at a file of a bucket in which access lists count, and nothing of Block Public Access but these flags stands
/// against them.
fn at_a_file(window: Window, ownership: ObjectOwnership, block: BlockPublicAccess) -> Person {
    let mut person = Person::practises_in(window);
    person.has_bucket(BUCKET, &[(KEY, file(ImageFormat::Png, 1, 60, 40))]);
    person.does(async |store| {
        s3::settings::put_bucket_ownership_controls(&store, BUCKET, ownership).await.unwrap();
        s3::settings::put_public_access_block(&store, BUCKET, block).await.unwrap();
    });
    looks_at_the_file(&mut person);
    person
}

fn looks_at_the_file(person: &mut Person) {
    person.goes_to(BUCKET, "");
    person.sees(KEY);
    person.clicks_cell("", KEY);
    // The sections below the details move while those come in.
    person.waits_until("reading the details", |model| {
        let gallery = &model.gallery;
        gallery.details.known().is_some() && gallery.seen.known().is_some()
    });
    person.waits_a_moment();
    person.clicks("Access list");
}

/// Looks where lists count, and are public or not.
fn where_lists_count() -> Person {
    at_a_file(Window::default(), ObjectOwnership::ObjectWriter, BlockPublicAccess::NONE)
}

fn list(person: &Person) -> Acl {
    match person.does(async |store| s3::settings::get_object_acl(&store, BUCKET, KEY).await) {
        Readable::Is(acl) => acl,
        other => panic!("{other:?}"),
    }
}

fn puts(person: &Person, acl: &Acl) {
    person.does(async |store| s3::settings::put_object_acl(&store, BUCKET, KEY, acl).await).unwrap();
}

/// What a stranger is answered who fetches the file.
fn strangers_get(person: &Person) -> u16 {
    let url = person.core(|core| gallery::addresses(core, KEY)[0].url.clone());
    person.does(async |_| s3::probe::probe(&s3::probe::Question::get(&url, 10)).await).unwrap().status
}

fn saves(person: &mut Person) {
    person.clicks("Save");
    person.waits_until("saving", |model| model.gallery.access.edit.is_none());
}

const ANYONE_OPENS: &str = "I know that anyone on the internet can then open and download this file";

#[test]
fn anyone_opens_the_file_until_it_is_private_again() {
    let mut person = where_lists_count();
    person.sees("Strangers get 403");
    person.sees("The owner: everything (FULL_CONTROL)");
    person.clicks("Change the access list of cat.png");
    person.clicks("Canned list");
    person.clicks("Anyone may open it");
    person.sees("Anyone on the internet: not set → open it (READ)");
    person.clicks("Save");
    assert!(person.model(|model| model.gallery.access.edit.is_some()), "nothing was ticked");
    person.clicks(ANYONE_OPENS);
    saves(&mut person);
    assert_eq!(strangers_get(&person), 200);
    person.sees("Seen just now");
    person.sees("Anyone on the internet: open it (READ)");
    person.clicks("Change the access list of cat.png");
    person.clicks("Canned list");
    person.clicks("The owner alone");
    saves(&mut person);
    assert_eq!(strangers_get(&person), 403);
    person.sees("Strangers get 403");
    let id = list(&person).owner.unwrap();
    assert!(list(&person).same_as(&Acl::of_canned(CannedAcl::Private, &id, &id)));
}

#[test]
fn a_change_is_taken_back_and_asked_again_where_it_exposes() {
    let mut person = where_lists_count();
    let id = list(&person).owner.unwrap();
    puts(&person, &Acl::of_canned(CannedAcl::PublicRead, &id, &id));
    person.clicks("More for cat.png");
    person.clicks("Read the details again");
    person.sees("Anyone on the internet: open it (READ)");
    person.clicks("Change the access list of cat.png");
    person.clicks("Remove grant 2");
    saves(&mut person);
    assert_eq!(strangers_get(&person), 403);
    person.clicks("Undo");
    person.clicks(ANYONE_OPENS);
    saves(&mut person);
    assert_eq!(strangers_get(&person), 200);
}

#[test]
fn what_closes_is_taken_back_at_once() {
    let mut person = where_lists_count();
    person.clicks("Change the access list of cat.png");
    person.clicks("Canned list");
    person.clicks("Any AWS account may open it");
    person.sees("Anybody can have one, so this is as good as public");
    person.clicks(
        "I know that anyone with any AWS account, which anybody can have, can then open and download this file",
    );
    saves(&mut person);
    assert!(list(&person).grants.allows(&Grantee::AuthenticatedUsers, Permission::Read));
    person.clicks("Undo");
    person.waits_until("taking it back", |model| {
        matches!(model.gallery.access.found.known(), Some(brimful::model::gallery::ObjectAccess::List(list)) if !list.acl.is_public())
    });
    assert!(!list(&person).is_public());
}

#[test]
fn a_change_is_not_taken_back_in_another_bucket() {
    let mut person = where_lists_count();
    person.clicks("Change the access list of cat.png");
    person.clicks("Add a grant");
    person.clicks("Who, grant 2");
    person.clicks("Anyone on the internet");
    person.clicks(ANYONE_OPENS);
    saves(&mut person);
    person.has_bucket("other", &[(KEY, b"another cat")]);
    person.goes_to("other", "");
    person.clicks("Undo");
    person.sees("Open shop first, then take the change back");
    assert!(list(&person).is_public());
}

#[test]
fn where_lists_are_disabled_nothing_is_offered() {
    let mut person = at_a_file(Window::default(), ObjectOwnership::BucketOwnerEnforced, BlockPublicAccess::NONE);
    person.sees("ACLs are disabled in this bucket (BucketOwnerEnforced): the policy alone decides who gets in");
    assert!(!person.does_see("Change the access list of cat.png"));
}

#[test]
fn what_block_public_access_refuses_is_foretold_and_the_store_decides() {
    let flags = BlockPublicAccess { block_public_acls: true, ..BlockPublicAccess::NONE };
    let mut person = at_a_file(Window::default(), ObjectOwnership::ObjectWriter, flags);
    person.clicks("Change the access list of cat.png");
    person.clicks("Canned list");
    person.clicks("Anyone may open it");
    person.sees("The store would refuse this (predicted): “Refuse public ACLs” (BlockPublicAcls) is on for the bucket");
    person.clicks(ANYONE_OPENS);
    person.clicks("Save");
    person.sees("Nothing was changed.");
    person.sees("Block Public Access refuses public access lists");
    assert!(!list(&person).is_public());
}

#[test]
fn what_somebody_else_changed_is_not_overwritten() {
    let mut person = where_lists_count();
    person.clicks("Change the access list of cat.png");
    person.clicks("Add a grant");
    person.clicks("Who, grant 2");
    person.clicks("Anyone on the internet");
    let mut theirs = list(&person);
    theirs.grants.0.push(Grant { grantee: Grantee::AuthenticatedUsers, permission: Permission::ReadAcp });
    puts(&person, &theirs);
    person.clicks(ANYONE_OPENS);
    person.clicks("Save");
    person.sees("Changed by someone else meanwhile.");
    person.sees("Anyone with any AWS account: read this list (READ_ACP) → not set");
    assert!(list(&person).same_as(&theirs));
    person.clicks("Begin with it");
    person.no_longer_sees("Anyone with any AWS account: read this list (READ_ACP) → not set");
}

/// Somebody of another account, who may write here and owns what she writes.
fn ann(person: &mut Person) {
    let endpoint = person.core(|core| {
        let server = core.practice.clone().unwrap();
        let ann = User {
            name: "ann".into(),
            access_key_id: "KEY-ann".into(),
            secret_access_key: "a-secret-for-practice".into(),
            account_id: Some("222233334444".into()),
            policy: None,
        };
        server.set_users(vec![ann]).unwrap();
        server.endpoint()
    });
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"222233334444"}},
        "Action":["s3:ListBucket","s3:PutObject","s3:PutObjectTagging","s3:GetBucketAcl"],"Resource":["arn:aws:s3:::{BUCKET}","arn:aws:s3:::{BUCKET}/*"]}}]}}"#
    );
    person.does(async |store| s3::policy::put_bucket_policy(&store, BUCKET, &policy).await.unwrap());
    let connection = Connection {
        id: ConnectionId::PRACTICE,
        name: "Practice".into(),
        target: Target::Practice,
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    let secrets = Secrets::new("a-secret-for-practice", None);
    let access = PracticeAccess { endpoint, access_key_id: "KEY-ann".to_owned(), secrets };
    person.core(|core| {
        let store = core.worker.handle().block_on(connect(&connection, None, Some(access))).unwrap();
        core.store = Some(store);
        core.dispatch(BrowseCommand::Refresh.into());
    });
    person.waits_for_listing();
}

#[test]
fn a_file_of_another_account_can_be_given_to_the_buckets_owner() {
    let mut person = Person::practises_in(Window::default());
    person.has_bucket::<&[u8]>(BUCKET, &[]);
    person.does(async |store| {
        s3::settings::put_bucket_ownership_controls(&store, BUCKET, ObjectOwnership::ObjectWriter).await.unwrap();
    });
    person.goes_to(BUCKET, "");
    ann(&mut person);
    person.puts(BUCKET, KEY, &file(ImageFormat::Png, 1, 60, 40));
    person.core(|core| core.dispatch(BrowseCommand::Refresh.into()));
    looks_at_the_file(&mut person);
    person.clicks("Change the access list of cat.png");
    person.clicks("Canned list");
    person.clicks("The bucket’s owner may do everything");
    saves(&mut person);
    let list = list(&person);
    let other = |grant: &&Grant| !list.is_owners(grant);
    let Some(Grant { grantee: Grantee::CanonicalUser(id), permission }) = list.grants.0.iter().find(other) else {
        panic!("nobody else is on it: {list:?}")
    };
    assert_eq!(*permission, Permission::FullControl);
    assert_eq!(list.canned(AclOf::Object, Some(id)), Some(CannedAcl::BucketOwnerFullControl));
}

#[test_case(CannedAcl::Private; "private")]
#[test_case(CannedAcl::PublicRead; "public read")]
#[test_case(CannedAcl::AuthenticatedRead; "authenticated read")]
fn practice_storage_keeps_every_list_of_a_file(canned: CannedAcl) {
    let person = where_lists_count();
    let id = list(&person).owner.unwrap();
    let wanted = Acl::of_canned(canned, &id, &id);
    puts(&person, &wanted);
    assert_eq!(list(&person).canned(AclOf::Object, None), Some(canned));
    // One that has no name.
    let mut grants = wanted.grants.0;
    grants.push(Grant { grantee: Grantee::AllUsers, permission: Permission::ReadAcp });
    let wanted = Acl { grants: Grants(grants), ..list(&person) };
    puts(&person, &wanted);
    assert!(list(&person).same_as(&wanted));
}

#[test_case(Window::default(), "gallery_access_light"; "light")]
#[test_case(Window { dark: true, ..Window::default() }, "gallery_access_dark"; "dark")]
fn the_dialog(window: Window, name: &str) {
    let mut person = at_a_file(window, ObjectOwnership::ObjectWriter, BlockPublicAccess::NONE);
    person.sees("The owner: everything (FULL_CONTROL)");
    person.stops_the_clocks();
    person.clicks("Change the access list of cat.png");
    person.clicks("Canned list");
    person.clicks("Anyone may open it");
    person.looks_away();
    person.looks_like(name);
}

#[test]
fn the_section() {
    let mut person = where_lists_count();
    let id = list(&person).owner.unwrap();
    puts(&person, &Acl::of_canned(CannedAcl::PublicRead, &id, &id));
    person.clicks("More for cat.png");
    person.clicks("Read the details again");
    person.sees("Anyone on the internet: open it (READ)");
    person.sees("Seen just now");
    person.stops_the_clocks();
    person.looks_away();
    person.looks_like("gallery_access_section");
}
