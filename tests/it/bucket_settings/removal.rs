//! Emptying and deleting a bucket, with everything that is hidden in it.

use brimful::domain::bucket_settings::{SettingKind, SettingValue, Status, Versioning};
use brimful::model::bucket_settings::RemovalState;
use brimful::s3;

use super::{BUCKET, at_the_settings, somebody_sets};
use crate::support::{Person, Window};

/// Two files, an old version, a delete marker with a version below it, and an unfinished upload.
fn fills_it(person: &Person) {
    let on = SettingValue::Versioning(Versioning::new(Status::Enabled));
    somebody_sets(person, SettingKind::Versioning, Some(&on));
    person.puts(BUCKET, "cat.txt", b"meow again");
    person.puts(BUCKET, "a b+c%/é.txt", b"odd");
    person.puts(BUCKET, "gone.txt", b"gone");
    person.does(async |store| {
        s3::delete::delete_object(&store, BUCKET, "gone.txt").await.unwrap();
        let headers = s3::object::ObjectHeaders::default();
        s3::multipart::create_multipart_upload(&store, BUCKET, "half.bin", &headers).await.unwrap();
    });
}

fn is_counted(person: &mut Person) {
    person.waits_until("counting", |model| {
        matches!(model.bucket_settings.removal.as_ref().map(|it| &it.state), Some(RemovalState::Counted(_)))
    });
}

fn holds_nothing(person: &Person) -> bool {
    person.does(async |store| {
        let versions = s3::versions::list_object_versions(&store, BUCKET, "", None).await.unwrap().versions;
        versions.is_empty()
            && s3::versions::list_multipart_uploads(&store, BUCKET, None, None).await.unwrap().0.is_empty()
    })
}

#[test]
fn a_bucket_is_emptied_with_old_versions_and_unfinished_uploads() {
    let mut person = at_the_settings(Window::default());
    fills_it(&person);
    person.clicks("Empty bucket…");
    is_counted(&mut person);
    person.sees("This deletes 2 files, 2 old versions, 1 delete marker and 1 unfinished upload (21 bytes) for good.");
    person.clicks("Empty bucket");
    assert!(!holds_nothing(&person), "the name was not typed");
    person.types("acme-images");
    person.clicks("Empty bucket");
    person.sees("acme-images is empty");
    assert!(holds_nothing(&person));
    person.sees("Settings of acme-images");
}

#[test]
fn a_bucket_is_deleted_with_all_that_is_in_it() {
    let mut person = at_the_settings(Window::default());
    fills_it(&person);
    person.clicks("Delete bucket…");
    is_counted(&mut person);
    person.sees("The name becomes free for anyone");
    person.types("acme-image");
    person.sees("1 character to go");
    person.types("s");
    person.clicks("Delete bucket");
    person.sees("acme-images is deleted");
    assert!(person.does(async |store| s3::bucket::list_buckets(&store).await).unwrap().is_empty());
    person.waits_until("leaving the bucket", |model| {
        model.session.as_ref().is_some_and(|session| session.place.is_none())
    });
}

#[test]
fn what_is_locked_stays_and_is_told() {
    let mut person = at_the_settings(Window::default());
    let on = SettingValue::Versioning(Versioning::new(Status::Enabled));
    somebody_sets(&person, SettingKind::Versioning, Some(&on));
    let lock =
        serde_json::json!({"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Mode":"COMPLIANCE","Days":1}}});
    let lock = SettingValue::from_json(SettingKind::ObjectLock, &lock).unwrap();
    somebody_sets(&person, SettingKind::ObjectLock, Some(&lock));
    person.puts(BUCKET, "kept.txt", b"kept");
    person.clicks("Delete bucket…");
    is_counted(&mut person);
    person.types("acme-images");
    person.clicks("Delete bucket");
    person.sees("acme-images is not deleted yet");
    person.sees("kept.txt");
    person.clicks("Close");
    let left = person.does(async |store| s3::versions::list_object_versions(&store, BUCKET, "", None).await).unwrap();
    assert_eq!(left.versions.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["kept.txt"]);
}

#[test]
fn thousands_are_deleted_page_by_page() {
    let mut person = at_the_settings(Window::default());
    person.does(async |store| {
        for at in 0..1_050 {
            let headers = s3::object::ObjectHeaders::default();
            let body = s3::body::Body::Bytes(b"x".to_vec().into());
            let key = format!("many/{at:04}");
            s3::object::put_object(&store, BUCKET, &key, (&body).into(), &headers, &s3::object::Guard::Overwrite)
                .await
                .unwrap();
        }
    });
    person.clicks("Empty bucket…");
    is_counted(&mut person);
    person.sees("This deletes 1,051 files");
    person.types("acme-images");
    person.clicks("Empty bucket");
    person.sees("acme-images is empty");
    assert!(holds_nothing(&person));
}
