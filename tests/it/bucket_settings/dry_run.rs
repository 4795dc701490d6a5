//! What lifecycle rules would do, and letting them do it in practice storage.

use brimful::domain::bucket_settings::{SettingKind, SettingValue, Status, Versioning};
use brimful::domain::lifecycle::dry_run::{self, Bucket, Listed, Outcome};
use brimful::domain::lifecycle::{
    Expiration, Filter, LifecycleRule, NoncurrentExpiration, Preset, Surroundings, Transition, When, abort_rule,
};
use brimful::model::bucket_settings::{DryRun, DryRunState, Ran};
use brimful::model::command::{BrowseCommand, Tab};
use brimful::model::modal::Modal;
use brimful::practice::User;
use brimful::s3;
use jiff::{Timestamp, ToSpan as _};
use test_case::test_case;

use super::states::{goes_on_at, signs_in_at};
use super::{BUCKET, all_is_read, at_the_settings, kept, looks_at_the_settings, saves, somebody_sets};
use crate::support::{Person, Window};

fn expiring(days: i32, prefix: &str) -> LifecycleRule {
    LifecycleRule {
        id: Some(format!("after {days}")),
        enabled: true,
        filter: Filter { prefix: Some(prefix.to_owned()), ..Filter::default() },
        expiration: Some(Expiration::At(When::Days(days))),
        ..LifecycleRule::default()
    }
}

fn has_rules(person: &mut Person, rules: &[LifecycleRule]) {
    somebody_sets(person, SettingKind::Lifecycle, Some(&SettingValue::Lifecycle(rules.to_vec())));
    person.presses("F5");
    all_is_read(person);
}

fn keys(person: &Person) -> Vec<String> {
    let page = person.does(async |store| s3::list::list_page(&store, BUCKET, "", None, None, None).await.unwrap());
    page.objects.into_iter().map(|object| object.key).collect()
}

/// A day from today on, as it is typed.
fn in_days(days: i64) -> String {
    let then = Timestamp::now() + (24 * days).hours();
    then.to_zoned_datetime(jiff::tz::TimeZone::UTC).date().to_string()
}

#[test]
fn files_are_foretold_to_go_and_go_on_their_day() {
    let mut person = at_the_settings(Window::default());
    person.core(|core| core.dispatch(BrowseCommand::ShowTab(Tab::Gallery).into()));
    person.goes_to(BUCKET, "logs/");
    let dir = tempfile::tempdir().unwrap();
    let paths = ["monday.txt", "tuesday.txt"].map(|name| dir.path().join(name));
    for path in &paths {
        std::fs::write(path, b"0123456789").unwrap();
    }
    person.drops(&paths);
    person.clicks("Upload 2 files");
    person.sees("2 files uploaded");
    looks_at_the_settings(&mut person);

    person.clicks("Edit Lifecycle");
    person.clicks("Add a rule");
    person.clicks("Delete logs");
    person.fills("Delete after days, or on a date, rule 1", "3");
    person.clicks("Dry run of these rules");
    person.sees("Dry run of the lifecycle rules of acme-images");
    person.sees("Deleted for good: 2 files, 20 bytes within 30 days");
    person.sees("logs/monday.txt, logs/tuesday.txt");
    person.sees("Looked at 2 versions, 20 bytes");
    person.clicks("Close");
    // The form is as it was left.
    saves(&mut person);
    assert!(kept(&person, SettingKind::Lifecycle).is_some());

    person.clicks("Run now…");
    person.sees("Nothing is due by ");
    person.fills("As if it were this day, at 00:00 UTC", "next week");
    person.sees("Write a day like 2030-01-31");
    person.fills("As if it were this day, at 00:00 UTC", &in_days(5));
    person.clicks("Show what is due then");
    person.sees("Deleted for good: 2 files, 20 bytes already due");
    assert_eq!(keys(&person).len(), 3, "nothing is done before the button");
    let button = person.screen().lines().find(|line| line.starts_with("Run as of")).unwrap().to_owned();
    person.clicks(&button);
    person.sees("The rules of acme-images have run");
    person.sees("Deleted for good: 2 files");
    person.sees("logs/monday.txt: expired by rule delete-logs");
    assert_eq!(keys(&person), ["cat.txt"]);
    person.clicks("Close");
    person.core(|core| core.dispatch(BrowseCommand::ShowTab(Tab::Gallery).into()));
    person.goes_to(BUCKET, "logs/");
    person.waits_until("the listing without them", |model| {
        model.session.as_ref().is_some_and(|session| session.listing.objects.is_empty())
    });
}

#[test]
fn old_versions_markers_and_uploads_are_foretold_too() {
    let mut person = at_the_settings(Window::default());
    let on = SettingValue::Versioning(Versioning::new(Status::Enabled));
    somebody_sets(&person, SettingKind::Versioning, Some(&on));
    person.puts(BUCKET, "cat.txt", b"meow again");
    person.puts(BUCKET, "gone.txt", b"gone");
    person.does(async |store| {
        s3::delete::delete_object(&store, BUCKET, "gone.txt").await.unwrap();
        let headers = s3::object::ObjectHeaders::default();
        s3::multipart::create_multipart_upload(&store, BUCKET, "half.bin", &headers).await.unwrap();
    });
    let old = LifecycleRule {
        noncurrent_expiration: Some(NoncurrentExpiration { days: 10, keep_newest: None }),
        ..abort_rule(7)
    };
    let tagged = Filter { tags: vec![("season".into(), "spring".into())], ..Filter::default() };
    let by_tag = LifecycleRule { filter: tagged, ..expiring(90, "") };
    has_rules(&mut person, &[old, by_tag]);
    person.clicks("Dry run of Lifecycle");
    person.sees("Old versions deleted for good: 2 old versions, 8 bytes within 30 days");
    person.sees("Unfinished uploads dropped: 1 unfinished upload within 30 days");
    person.sees("Perhaps: hidden by a delete marker: 1 file, 10 bytes later");
    person.sees("This bucket keeps versions");
    person.sees("after 90: a listing shows no tags");
    person.presses("Escape");
    person.no_longer_sees("Dry run of the lifecycle rules");
    assert_eq!(keys(&person), ["cat.txt"], "nothing was done");
}

#[test]
fn what_is_listed_page_by_page_is_counted_in_full() {
    let mut person = at_the_settings(Window::default());
    person.does(async |store| {
        for at in 0..1_050 {
            let headers = s3::object::ObjectHeaders::default();
            let body = s3::body::Body::Bytes(b"x".to_vec().into());
            let key = format!("many/{at:04}");
            let guard = s3::object::Guard::Overwrite;
            s3::object::put_object(&store, BUCKET, &key, (&body).into(), &headers, &guard).await.unwrap();
        }
    });
    has_rules(&mut person, &[expiring(60, "many/")]);
    person.clicks("Dry run of Lifecycle");
    person.sees("Deleted for good: 1,050 files, 1.1 KB later");
    person.sees("many/0000, many/0001, many/0002, many/0003, many/0004 and 1,045 more");
    // Only keys that a rule can be about are listed.
    person.sees("Looked at 1,050 versions");
}

#[test]
fn rules_that_were_changed_meanwhile_do_not_act() {
    let mut person = at_the_settings(Window::default());
    has_rules(&mut person, &[expiring(3, "cat")]);
    person.clicks("Run now…");
    person.fills("As if it were this day, at 00:00 UTC", &in_days(5));
    person.presses("Enter");
    person.sees("Deleted for good: 1 file, 4 bytes already due");
    let theirs = SettingValue::Lifecycle(vec![expiring(1, "")]);
    somebody_sets(&person, SettingKind::Lifecycle, Some(&theirs));
    let button = person.screen().lines().find(|line| line.starts_with("Run as of")).unwrap().to_owned();
    person.clicks(&button);
    person.sees("The rules were changed by someone else meanwhile. Nothing was done");
    assert_eq!(keys(&person), ["cat.txt"]);
}

#[test]
fn a_bucket_that_may_not_be_listed_says_so() {
    let mut person = at_the_settings(Window::default());
    has_rules(&mut person, &[expiring(60, "many/")]);
    let endpoint = person.core(|core| {
        let server = core.practice.clone().unwrap();
        let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
            "Action":["s3:ListBucket","s3:GetLifecycleConfiguration"],"Resource":"*"}]}"#;
        let ann = User {
            name: "ann".into(),
            access_key_id: "KEY-ann".into(),
            secret_access_key: "a-secret-for-practice".into(),
            account_id: None,
            policy: Some(policy.into()),
        };
        server.set_users(vec![ann]).unwrap();
        server.endpoint()
    });
    signs_in_at(&mut person, &endpoint, "KEY-ann");
    person.clicks("Dry run of Lifecycle");
    person.sees("The bucket could not be listed.");
    person.sees("The sign-in lacks s3:ListBucketVersions.");
    person.clicks("Close");
    person.no_longer_sees("The bucket could not be listed.");
}

#[test]
fn a_listing_that_takes_long_can_be_stopped() {
    let mut person = at_the_settings(Window::default());
    has_rules(&mut person, &[expiring(60, "many/")]);
    // Connections are taken and nothing is ever answered.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    goes_on_at(&person, &endpoint, "KEY");
    person.clicks("Dry run of Lifecycle");
    person.sees("Listing the bucket");
    person.clicks("Stop");
    person.no_longer_sees("Listing the bucket");
    person.model(|model| assert!(model.modal.is_none() && model.bucket_settings.dry_run.is_none()));
}

/// A bucket of a photographer, in March.
fn a_report(
    now: Timestamp,
    rules: &[LifecycleRule],
    versioning: Option<Status>,
    run_at: Option<Timestamp>,
) -> dry_run::Report {
    let bucket = Bucket { around: Surroundings { versioning, ..Surroundings::default() }, ..Bucket::default() };
    let mut run = match run_at {
        Some(day) => dry_run::DryRun::new(rules.to_vec(), bucket, day).only_due(),
        None => dry_run::DryRun::new(rules.to_vec(), bucket, now),
    };
    let file = |key: String, size_bytes: u64, days_ago: i64| Listed {
        key,
        size_bytes,
        class: None,
        made: now - (24 * days_ago).hours(),
        is_marker: false,
        is_null: versioning.is_none(),
    };
    for at in 0..40 {
        run.version(file(
            format!("logs/2026-{:02}-{:02}.gz", at / 20 + 1, at % 20 + 1),
            41_000 + at * 977,
            110 - at as i64 * 2,
        ));
    }
    for at in 0..312_u64 {
        let name = format!("photos/harbour/dsc-{at:04}.jpg");
        run.version(file(name.clone(), 1_800_000 + at * 7_003, 12 + at as i64 % 70));
        if at % 3 == 0 {
            run.version(file(name, 1_700_000, 100 + at as i64 % 7));
        }
    }
    for at in 0..25 {
        run.version(file(format!("photos/thumbs/dsc-{at:04}.webp"), 9_000 + at * 31, 40));
    }
    for at in 0..3 {
        run.upload(&format!("photos/raw/dsc-{at:04}.dng"), now - (24 * (5 + 2 * at)).hours());
    }
    run.finish(true)
}

fn the_rules() -> Vec<LifecycleRule> {
    let to = |days, class: &str| Transition { when: When::Days(days), class: class.to_owned() };
    let photos = LifecycleRule {
        id: Some("photos-get-colder".into()),
        transitions: vec![to(30, "STANDARD_IA"), to(90, "GLACIER_IR")],
        expiration: Some(Expiration::At(When::Days(150))),
        ..expiring(0, "photos/")
    };
    let drafts = LifecycleRule { id: Some("drafts".into()), enabled: false, ..expiring(7, "drafts/") };
    let mut rules = Preset::Logs.rules();
    rules.extend([photos]);
    rules.extend(Preset::UnfinishedUploads.rules());
    rules.extend([drafts]);
    rules
}

fn shows(person: &mut Person, versioning: Option<Status>, run_at: Option<&str>) {
    let run_at: Option<Timestamp> = run_at.map(|at| at.parse().unwrap());
    person.stops_the_clocks();
    person.core(|core| {
        let rules = the_rules();
        let report = a_report((core.deps.now)(), &rules, versioning, run_at);
        core.model.bucket_settings.read_at = Some((core.deps.now)());
        if let Some(buckets) = core.model.session.as_mut().and_then(|session| session.buckets.known_mut()) {
            for bucket in buckets {
                bucket.created = Some((core.deps.now)());
            }
        }
        let state = DryRunState::Ready(Box::new(report));
        core.model.bucket_settings.dry_run =
            Some(DryRun { bucket: BUCKET.into(), rules, run_at, number: u64::MAX, state });
        core.model.modal = Some(Modal::LifecycleDryRun);
    });
    person.looks_away();
}

#[test_case(Window::default(), None, "dry_run_light"; "light")]
#[test_case(Window { dark: true, ..Window::default() }, Some(Status::Enabled), "dry_run_dark"; "dark, with versions")]
#[test_case(Window { width: 1024.0, height: 700.0, dark: false }, None, "dry_run_1024"; "narrow")]
fn the_dry_run(window: Window, versioning: Option<Status>, name: &str) {
    let mut person = at_the_settings(window);
    shows(&mut person, versioning, None);
    person.looks_like(name);
}

#[test]
fn the_run_that_is_asked_for() {
    let mut person = at_the_settings(Window::default());
    shows(&mut person, None, Some("2026-03-14T00:00:00Z"));
    person.looks_like("dry_run_run_now");
    person.core(|core| {
        let lines = (1..=10).map(|day| format!("logs/2026-01-{day:02}.gz: expired by rule delete-logs")).collect();
        let counts = vec![(Outcome::Delete, 10), (Outcome::Move("STANDARD_IA"), 217), (Outcome::AbortUpload, 1)];
        let ran = Ran { counts, lines, total: 228 };
        core.model.bucket_settings.dry_run.as_mut().unwrap().state = DryRunState::Ran(ran);
    });
    person.looks_away();
    person.looks_like("dry_run_ran");
}
