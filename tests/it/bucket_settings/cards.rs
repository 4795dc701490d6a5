//! Each card: changed on screen, found behind it.

use brimful::domain::bucket_settings::{
    Acl, EncryptionAlgorithm, Payer, RetentionMode, SettingKind, SettingValue, Status, Versioning,
};
use brimful::domain::lifecycle::{Expiration, Filter, LifecycleRule, When};
use brimful::domain::public_access::{BlockPublicAccess, Grant, Grantee, Grants, ObjectOwnership, Permission};
use brimful::s3;

use super::{BUCKET, at_the_settings, kept, saves, shown, somebody_sets, tags};
use crate::support::{Window, stage};

#[test]
fn tags_are_added_and_taken_back() {
    let mut person = at_the_settings(Window::default());
    person.clicks("Edit Tags");
    person.fills("Name of tag 1", "team");
    person.fills("Value of tag 1", "web");
    person.sees("team: not set → web");
    saves(&mut person);
    assert_eq!(kept(&person, SettingKind::Tags), Some(tags(&[("team", "web")])));
    person.sees("team = web");
    person.sees("Tags changed");
    person.clicks("Undo");
    person.sees("Tags put back");
    assert_eq!(kept(&person, SettingKind::Tags), None);
    assert_eq!(shown(&person, SettingKind::Tags), None);
}

#[test]
fn tags_that_s3_refuses_cannot_be_saved() {
    let mut person = at_the_settings(Window::default());
    person.clicks("Edit Tags");
    person.fills("Name of tag 1", "aws:mine");
    person.sees("Names beginning with aws: are kept for Amazon");
    person.clicks("Save");
    assert!(person.model(|model| model.bucket_settings.editing.is_some()));
    assert_eq!(kept(&person, SettingKind::Tags), None);
}

#[test]
fn lifting_the_block_is_acknowledged_before_it_is_saved() {
    let mut person = at_the_settings(Window::default());
    person.clicks("Edit Block Public Access");
    person.clicks("Refuse public policies");
    person.clicks("Restrict public buckets");
    person.sees("Refuses public policies: on → off");
    person.clicks("Save");
    assert!(person.model(|model| model.bucket_settings.editing.is_some()), "nothing was ticked");
    person.clicks("I know that public policies and access lists can then open this bucket to the internet");
    saves(&mut person);
    let open = SettingValue::BlockPublicAccess(BlockPublicAccess::FOR_PUBLIC_POLICY);
    assert_eq!(kept(&person, SettingKind::BlockPublicAccess), Some(open));
    person.sees("Partly lifted");
    // Closing it again is harmless, so it is taken back at once.
    person.clicks("Undo");
    person.sees("Block Public Access put back");
    let all = SettingValue::BlockPublicAccess(BlockPublicAccess::ALL);
    assert_eq!(kept(&person, SettingKind::BlockPublicAccess), Some(all));
    person.sees("Refuses public policies: on");
}

#[test]
fn a_policy_that_waits_behind_the_block_is_named() {
    let mut person = at_the_settings(Window::default());
    person.sets_policy(BUCKET, &stage::public_read(BUCKET));
    let all = SettingValue::BlockPublicAccess(BlockPublicAccess::ALL);
    somebody_sets(&person, SettingKind::BlockPublicAccess, Some(&all));
    person.presses("F5");
    super::all_is_read(&mut person);
    person.clicks("Edit Block Public Access");
    person.clicks("Restrict public buckets");
    person.sees("I know that the public policy takes effect at once: strangers get in");
}

#[test]
fn the_block_of_the_account_is_changed_with_a_warning() {
    let mut person = at_the_settings(Window::default());
    person.sees("The account’s own block is off");
    person.clicks("Change it for the account…");
    person.sees("This is for every bucket of the account.");
    person.clicks("Ignore public ACLs");
    saves(&mut person);
    person.sees("The account’s own block has 1 of 4 on, and they win");
    let account = kept(&person, SettingKind::AccountBlockPublicAccess);
    let flags = BlockPublicAccess { ignore_public_acls: true, ..BlockPublicAccess::NONE };
    assert_eq!(account, Some(SettingValue::BlockPublicAccess(flags)));
    // Taking it back lifts a block again: that is asked.
    person.clicks("Undo");
    person.sees("Put back Block Public Access of the account of acme-images?");
}

#[test]
fn access_lists_are_switched_off_though_one_grants_something() {
    let mut person = at_the_settings(Window::default());
    let writer = SettingValue::Ownership(ObjectOwnership::ObjectWriter);
    somebody_sets(&person, SettingKind::Ownership, Some(&writer));
    let Some(SettingValue::Acl(acl)) = kept(&person, SettingKind::Acl) else { panic!("no list") };
    let mut grants = acl.grants.0.clone();
    grants.push(Grant { grantee: Grantee::LogDelivery, permission: Permission::Write });
    somebody_sets(&person, SettingKind::Acl, Some(&SettingValue::Acl(Acl { grants: Grants(grants), ..acl.clone() })));
    person.presses("F5");
    super::all_is_read(&mut person);
    person.sees("ACLs count");
    person.clicks("Edit Object Ownership");
    person.clicks("Access lists are off");
    person.sees("S3 refuses to switch lists off like that");
    person.clicks("First give everything to the owner alone (PutBucketAcl private)");
    saves(&mut person);
    person.sees("ACLs disabled");
    let enforced = SettingValue::Ownership(ObjectOwnership::BucketOwnerEnforced);
    assert_eq!(kept(&person, SettingKind::Ownership), Some(enforced));
    assert_eq!(kept(&person, SettingKind::Acl), Some(SettingValue::Acl(acl)));
}

#[test]
fn versions_are_kept_and_suspended() {
    let mut person = at_the_settings(Window::default());
    person.sees("What is overwritten or deleted is gone");
    person.clicks("Edit Versions");
    person.clicks("Keep old versions");
    saves(&mut person);
    let on = SettingValue::Versioning(Versioning::new(Status::Enabled));
    assert!(kept(&person, SettingKind::Versioning).unwrap().same_as(&on));
    person.clicks("Edit Versions");
    person.clicks("Suspend");
    person.clicks("I know that what is overwritten or deleted from now on cannot be brought back");
    saves(&mut person);
    let suspended = SettingValue::Versioning(Versioning::new(Status::Suspended));
    assert!(kept(&person, SettingKind::Versioning).unwrap().same_as(&suspended));
    person.sees("Suspended");
}

#[test]
fn encryption_moves_to_a_key_of_ones_own() {
    let mut person = at_the_settings(Window::default());
    person.clicks("Edit Encryption");
    person.clicks("SSE-KMS");
    let key = "arn:aws:kms:us-east-1:111122223333:key/11112222-3333-4444-5555-666677778888";
    person.fills("KMS key", key);
    person.sees("Only for files that are written from now on");
    saves(&mut person);
    let Some(SettingValue::Encryption(encryption)) = kept(&person, SettingKind::Encryption) else { panic!("none") };
    assert_eq!((encryption.algorithm, encryption.key.as_deref()), (EncryptionAlgorithm::Kms, Some(key)));
    person.sees("SSE-KMS");
    person.clicks("Undo");
    person.sees("Encryption put back");
}

#[test]
fn cors_is_tried_and_mended() {
    let mut person = at_the_settings(Window::default());
    person.fills("Origin of the page", "https://shop.example/");
    person.sees("https://shop.example/ has a path, so it never matches");
    person.fills("Origin of the page", "https://shop.example");
    person.sees("Predicted: refused, there are no rules");
    person.clicks("Test CORS");
    person.sees("Refused: there are no rules (AccessForbidden)");
    person.clicks("Add a rule for it…");
    person.sees("Pages of https://shop.example may load files with GET and HEAD");
    saves(&mut person);
    person.clicks("Test CORS");
    person.sees("Allowed by rule 1, 200 to the preflight");
    let Some(SettingValue::Cors(rules)) = kept(&person, SettingKind::Cors) else { panic!("none") };
    assert_eq!(rules[0].allowed_origins, ["https://shop.example"]);
    // The question to the store is about the rules that it has; what was typed since is predicted again.
    person.fills("Headers that the script sends", "x-mine");
    person.sees("Predicted: allowed by rule 1");
}

#[test]
fn cors_rules_are_pasted_as_xml() {
    let mut person = at_the_settings(Window::default());
    person.clicks("Edit CORS");
    person.clicks("Text");
    person.fills(
        "CORS rules as text",
        "<CORSConfiguration><CORSRule><ID>a</ID><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin>\
         </CORSRule></CORSConfiguration>",
    );
    person.sees("Rule a: not set → Pages of any site may load files with GET");
    person.clicks("Form");
    person.sees_widget_named("Remove rule 1");
    saves(&mut person);
    let Some(SettingValue::Cors(rules)) = kept(&person, SettingKind::Cors) else { panic!("none") };
    assert_eq!((rules.len(), rules[0].id.as_deref()), (1, Some("a")));
}

#[test]
fn lifecycle_rules_are_added_beside_those_of_other_hands() {
    let mut person = at_the_settings(Window::default());
    let theirs = LifecycleRule {
        id: Some("theirs".into()),
        enabled: true,
        filter: Filter { prefix: Some("tmp/".into()), larger_than: Some(10), ..Filter::default() },
        expiration: Some(Expiration::At(When::Date("2040-01-01T00:00:00Z".into()))),
        ..LifecycleRule::default()
    };
    somebody_sets(&person, SettingKind::Lifecycle, Some(&SettingValue::Lifecycle(vec![theirs.clone()])));
    person.presses("F5");
    super::all_is_read(&mut person);
    person.sees("Delete on 2040-01-01, tmp/, above 10 bytes");
    person.clicks("Edit Lifecycle");
    person.clicks("Add a rule");
    person.clicks("Drop unfinished uploads");
    person.fills("Drop unfinished uploads after days, rule 2", "0");
    person.sees("Days in rule 2 must be 1 or more");
    person.fills("Drop unfinished uploads after days, rule 2", "3");
    saves(&mut person);
    let Some(SettingValue::Lifecycle(rules)) = kept(&person, SettingKind::Lifecycle) else { panic!("none") };
    assert!(rules.contains(&theirs), "{rules:?}");
    assert!(rules.iter().any(|rule| rule.abort_unfinished_days == Some(3)), "{rules:?}");
    person.sees("Drop unfinished uploads after 3 days, whole bucket");
}

#[test]
fn a_website_is_switched_on_and_off() {
    let mut person = at_the_settings(Window::default());
    person.clicks("Edit Static website");
    person.clicks("Pages");
    person.fills("Error page", "404.html");
    saves(&mut person);
    let Some(SettingValue::Website(website)) = kept(&person, SettingKind::Website) else { panic!("none") };
    assert_eq!(website.index_document.unwrap().suffix, "index.html");
    assert_eq!(website.error_document.unwrap().key, "404.html");
    person.sees("http://acme-images.s3-website.localhost:");
    person.clicks("Edit Static website");
    person.clicks("No website");
    saves(&mut person);
    assert_eq!(kept(&person, SettingKind::Website), None);
}

#[test]
fn the_access_log_is_let_into_its_bucket() {
    let mut person = at_the_settings(Window::default());
    person.has_bucket::<&[u8]>("acme-logs", &[]);
    person.clicks("Edit Access log");
    person.clicks("Write an access log");
    person.fills("Bucket that takes the log", "acme-logs");
    saves(&mut person);
    let Some(SettingValue::Logging(logging)) = kept(&person, SettingKind::Logging) else { panic!("none") };
    assert_eq!((logging.target_bucket.as_str(), logging.target_prefix.as_str()), ("acme-logs", "acme-images/"));
    let policy = person.does(async |store| s3::policy::get_bucket_policy(&store, "acme-logs").await).unwrap().unwrap();
    assert!(policy.contains("logging.s3.amazonaws.com") && policy.contains("acme-logs/acme-images/*"), "{policy}");
    person.sees("Who asked for what is written to acme-logs/acme-images/");
}

#[test]
fn who_pays_acceleration_and_lock() {
    let mut person = at_the_settings(Window::default());
    person.clicks("Edit Requester pays");
    person.clicks("Whoever asks pays");
    saves(&mut person);
    assert_eq!(kept(&person, SettingKind::RequestPayment), Some(SettingValue::RequestPayment(Payer::Requester)));
    closes_the_notices(&mut person);
    person.clicks("Edit Transfer acceleration");
    person.sees("Everything goes to the bucket’s region directly.");
    person.clicks("On");
    saves(&mut person);
    let Some(SettingValue::Acceleration(it)) = kept(&person, SettingKind::Acceleration) else { panic!("none") };
    assert_eq!(it.status, Status::Enabled);
    let on = SettingValue::Versioning(Versioning::new(Status::Enabled));
    somebody_sets(&person, SettingKind::Versioning, Some(&on));
    closes_the_notices(&mut person);
    person.clicks("Edit Object Lock");
    person.clicks("Lock new versions, some may lift it");
    person.clicks("I know that Object Lock can never be switched off again");
    saves(&mut person);
    let Some(SettingValue::ObjectLock(lock)) = kept(&person, SettingKind::ObjectLock) else { panic!("none") };
    let retention = lock.default.unwrap();
    assert_eq!((retention.mode, retention.days), (RetentionMode::Governance, Some(30)));
    person.sees("New versions cannot be deleted for 30 days");
}

/// They lie over the lower cards for some seconds.
fn closes_the_notices(person: &mut crate::support::Person) {
    person.core(|core| core.model.notices = brimful::model::notices::Notices::default());
    person.waits_a_moment();
}
