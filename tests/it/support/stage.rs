//! What lies in practice storage before a story begins: buckets and files, put there over the real S3 layer.

#![expect(clippy::unwrap_used, reason = "in a test, what is missing ends it")]

use brimful::app::core::Core;
use brimful::domain::connection::ConnectionId;
use brimful::domain::media_type;
use brimful::domain::public_access::BlockPublicAccess;
use brimful::model::browse::{ListingState, Place};
use brimful::model::command::BrowseCommand;
use brimful::s3::body::Body;
use brimful::s3::bucket::{NewBucket, create_bucket};
use brimful::s3::object::{Guard, ObjectHeaders, put_object};
use brimful::s3::policy::put_bucket_policy;
use brimful::s3::settings::put_public_access_block;
use brimful::s3::store::Store;

use super::{Person, Window};

/// Lets anyone read everything.
pub(crate) fn public_read(bucket: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"Read","Effect":"Allow","Principal":"*",
        "Action":"s3:GetObject","Resource":"arn:aws:s3:::{bucket}/*"}}]}}"#
    )
}

impl Person {
    /// Starts with practice storage open.
    pub(crate) fn practises_in(window: Window) -> Self {
        let mut person = Self::starts_in(window);
        person.core(|core| core.dispatch(BrowseCommand::Open(ConnectionId::PRACTICE).into()));
        person.waits_until("opening practice storage", |model| {
            model.session.as_ref().is_some_and(|session| session.reached && session.buckets.known().is_some())
        });
        person
    }

    /// Makes a bucket with files in it; the name tells the type.
    pub(crate) fn has_bucket<B: AsRef<[u8]>>(&self, bucket: &str, files: &[(&str, B)]) {
        let new =
            NewBucket { name: bucket.to_owned(), region: "us-east-1".to_owned(), ownership: None, object_lock: false };
        self.does(async |store| create_bucket(&store, &new).await.unwrap());
        for (key, bytes) in files {
            self.puts(bucket, key, bytes.as_ref());
        }
    }

    /// Writes one file behind the window's back.
    pub(crate) fn puts(&self, bucket: &str, key: &str, bytes: &[u8]) {
        let headers = ObjectHeaders {
            content_type: media_type::by_extension(key),
            cache_control: Some("max-age=3600".to_owned()),
            metadata: vec![("photographer".to_owned(), "Studio two".to_owned())],
            tags: vec![("season".to_owned(), "spring".to_owned())],
            ..ObjectHeaders::default()
        };
        let body = Body::Bytes(bytes.to_vec().into());
        self.does(async |store| {
            put_object(&store, bucket, key, (&body).into(), &headers, &Guard::Overwrite).await.unwrap();
        });
    }

    /// Opens the bucket to the world, or says otherwise what its policy is.
    pub(crate) fn sets_policy(&self, bucket: &str, policy: &str) {
        let open =
            BlockPublicAccess { block_public_acls: true, ignore_public_acls: true, ..BlockPublicAccess::default() };
        self.does(async |store| {
            put_public_access_block(&store, bucket, open).await.unwrap();
            put_bucket_policy(&store, bucket, policy).await.unwrap();
        });
    }

    /// Does something over the S3 layer and waits for it.
    pub(crate) fn does<R>(&self, act: impl AsyncFnOnce(Store) -> R) -> R {
        let (handle, store) = self.core(|core: &mut Core| (core.worker.handle(), core.store.clone().unwrap()));
        handle.block_on(act(store))
    }

    /// From now on it is 14 March 2026, 09:44, and everything was written on the 2nd: for pictures to compare.
    pub(crate) fn stops_the_clocks(&mut self) {
        let now: jiff::Timestamp = "2026-03-14T09:44:00Z".parse().unwrap();
        let written = jiff::Timestamp::from_second(now.as_second() - 1_000_180).unwrap();
        self.core(|core| {
            core.deps.now = std::sync::Arc::new(move || now);
            if let Some(session) = &mut core.model.session {
                for object in &mut session.listing.objects {
                    object.modified = Some(written);
                }
            }
            if let Some(details) = core.model.gallery.details.known_mut() {
                details.modified = Some(written);
            }
            if let Some(seen) = core.model.gallery.seen.known_mut() {
                seen.at = now;
            }
        });
        self.waits_a_moment();
    }

    /// Goes to a bucket, or a folder in it, and waits until it is read.
    pub(crate) fn goes_to(&mut self, bucket: &str, prefix: &str) {
        let place = Place { bucket: bucket.to_owned(), prefix: prefix.to_owned() };
        self.core(|core| core.dispatch(BrowseCommand::Go(place).into()));
        self.waits_for_listing();
    }

    /// Waits until the place is read, or refused.
    pub(crate) fn waits_for_listing(&mut self) {
        self.waits_until("reading the place", |model| {
            let state = model.session.as_ref().map(|session| &session.listing.state);
            !matches!(state, Some(ListingState::Empty | ListingState::Loading) | None)
        });
    }
}
