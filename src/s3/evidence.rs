//! What a check needs to know of a file, asked for all at once: with sign-in what the settings are, and without one what
//! a stranger gets. Every question may fail by itself; what could not be read is told, not guessed.

mod file;
mod observe;

#[cfg(test)]
mod tests;

use std::time::Instant;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::error::{Kind, S3Error};
use super::settings::{self, Readable};
use super::store::{Family, Store};
use super::{policy, settings::Acl};
use crate::domain::bucket_settings::Payer;
use crate::domain::check::{Asked, Evidence, Ground, Read, Spot, Target};
use crate::domain::connection;

/// The ground of a check: how addresses of this store are written, and where the bucket lies.
pub async fn ground(store: &Store, target: &connection::Target, bucket: Option<&str>) -> Ground {
    let info = store.info();
    let region = match bucket {
        Some(bucket) if store.is_amazon() => Some(Box::pin(store.region_of(bucket)).await),
        _ => None,
    };
    // What is not named in the target was found in the environment or in a profile.
    let target = match target {
        connection::Target::Amazon { sign_in, .. } if info.family == Family::Other => {
            connection::Target::Store(connection::StoreTarget {
                preset: "custom".to_owned(),
                endpoint: info.endpoint.clone().unwrap_or_default(),
                region: info.region.clone(),
                addressing: info.addressing,
                checksums: connection::ChecksumMode::WhenRequired,
                sign_in: sign_in.clone(),
                public_base_url: info.public_base_url.clone(),
            })
        }
        connection::Target::Amazon { sign_in, .. } => {
            connection::Target::Amazon { region: info.region.clone(), sign_in: sign_in.clone() }
        }
        other => other.clone(),
    };
    Ground {
        target,
        practice_endpoint: info.endpoint.clone().filter(|_| info.family == Family::Practice),
        region,
        signed_in: !info.anonymous,
    }
}

/// Finds out all that a diagnosis can use. Nothing is written.
pub async fn gather(store: &Store, target: &Target, ground: Ground) -> Evidence {
    let at = Timestamp::now();
    let mut evidence = Evidence::none(at, ground);
    let address = match (target.url(), &target.spot) {
        (Some(url), _) => url.to_owned(),
        (None, Some(spot)) => evidence.ground.url(&spot.bucket, &spot.key),
        (None, None) => return evidence,
    };
    let outside = observe::observe(&address, target.origin());
    let Some(spot) = &target.spot else {
        (evidence.observed, evidence.preflight) = Box::pin(outside).await;
        return evidence;
    };
    let bucket = observe::bucket(&evidence.ground, &spot.bucket);
    let file = file::look(store, spot, target.version_id.as_deref());
    let settings = Settings::read(store, target, spot);
    let all = futures_util::future::join4(Box::pin(outside), Box::pin(bucket), Box::pin(file), Box::pin(settings));
    let ((observed, preflight), bucket, file, settings) = all.await;
    (evidence.observed, evidence.preflight, evidence.bucket) = (observed, preflight, bucket);
    let file::Found { object, versions, near, folder } = file;
    (evidence.object, evidence.versions, evidence.near, evidence.folder) = (object, versions, near, folder);
    settings.into_evidence(&mut evidence);
    let unseen = evidence.observed.answer().is_some_and(|answer| !answer.is_open());
    if unseen && evidence.ground.signed_in && target.version_id.is_none() && evidence.details().is_some() {
        evidence.head = file::head(store, spot).await;
    }
    evidence
}

/// Everything that is set for the bucket and says who may see the file.
#[derive(Default)]
struct Settings {
    account_block: Read<crate::domain::public_access::BlockPublicAccess>,
    bucket_block: Read<Option<crate::domain::public_access::BlockPublicAccess>>,
    ownership: Read<Option<crate::domain::public_access::ObjectOwnership>>,
    policy: Read<Option<String>>,
    policy_is_public: Read<Option<bool>>,
    bucket_acl: Read<Acl>,
    object_acl: Read<Acl>,
    payer: Read<Payer>,
    cors: Read<Vec<crate::domain::cors::CorsRule>>,
}

impl Settings {
    async fn read(store: &Store, target: &Target, spot: &Spot) -> Self {
        // Whoever is not signed in is told nothing of settings.
        if store.info().anonymous {
            return Self::default();
        }
        let bucket = spot.bucket.as_str();
        let wants_cors = target.origin().is_some();
        let account = timed("GetAccountPublicAccessBlock", async {
            match settings::get_account_public_access_block(store).await {
                Some(answer) => answer,
                None => Readable::NotOffered,
            }
        });
        let (account_block, bucket_block, ownership, text, public, bucket_acl, object_acl, payer, cors) = tokio::join!(
            account,
            timed("GetPublicAccessBlock", settings::get_public_access_block(store, bucket)),
            timed("GetBucketOwnershipControls", settings::get_bucket_ownership_controls(store, bucket)),
            timed("GetBucketPolicy", async { Readable::of(policy::get_bucket_policy(store, bucket).await) }),
            timed("GetBucketPolicyStatus", async {
                Readable::of(policy::get_bucket_policy_status(store, bucket).await)
            }),
            timed("GetBucketAcl", settings::get_bucket_acl(store, bucket)),
            timed("GetObjectAcl", settings::get_object_acl(store, bucket, &spot.key)),
            timed("GetBucketRequestPayment", settings::get_bucket_request_payment(store, bucket)),
            Box::pin(async {
                if wants_cors {
                    Some(timed("GetBucketCors", settings::get_bucket_cors(store, bucket)).await)
                } else {
                    None
                }
            }),
        );
        Self {
            account_block: set_or(account_block, Default::default()),
            bucket_block: optional(bucket_block),
            ownership: optional(ownership),
            policy: optional(text),
            policy_is_public: optional(public),
            bucket_acl: set_or(bucket_acl, Acl::default()),
            object_acl: set_or(object_acl, Acl::default()),
            payer: set_or(payer, Payer::BucketOwner),
            cors: cors.map_or(Read::NotAsked, |cors| set_or(cors, Vec::new())),
        }
    }

    fn into_evidence(self, evidence: &mut Evidence) {
        evidence.account_block = self.account_block;
        evidence.bucket_block = self.bucket_block;
        evidence.ownership = self.ownership;
        evidence.policy = self.policy;
        evidence.policy_is_public = self.policy_is_public;
        evidence.bucket_acl = self.bucket_acl;
        evidence.object_acl = self.object_acl;
        evidence.payer = self.payer;
        evidence.cors = self.cors;
    }
}

/// An answer with the time it took.
struct Timed<T> {
    answer: T,
    asked: Asked,
}

/// Questions to the SDK are large, and many are asked at once.
fn timed<'a, T>(operation: &'static str, question: impl Future<Output = T> + Send + 'a) -> BoxFuture<'a, Timed<T>> {
    async move {
        let (at, begun) = (Timestamp::now(), Instant::now());
        let answer = question.await;
        Timed { answer, asked: Asked { operation, status: None, code: None, at, took: begun.elapsed() } }
    }
    .boxed()
}

/// What was asked, with what the store answered to it.
fn answered(asked: Asked, status: u16) -> Asked {
    Asked { status: Some(status), ..asked }
}

fn refused<T>(asked: &Asked, error: &S3Error) -> Read<T> {
    let needs = match &error.kind {
        Kind::Refused(refusal) => refusal.action.clone(),
        _ => None,
    };
    let asked = Asked { status: error.http_status, code: error.code.clone(), ..asked.clone() };
    Read::Unreadable { needs, why: error.sentence(), asked }
}

/// A setting that may not be set.
fn optional<T>(Timed { answer, asked }: Timed<Readable<T>>) -> Read<Option<T>> {
    match answer {
        Readable::Is(value) => Read::Known { value: Some(value), asked: answered(asked, 200) },
        Readable::NotSet => Read::Known { value: None, asked: answered(asked, 404) },
        Readable::MayNotRead(error) => refused(&asked, &error),
        Readable::NotOffered => Read::NotOffered(None),
    }
}

/// A setting that means something else where it is not set.
fn set_or<T>(timed: Timed<Readable<T>>, otherwise: T) -> Read<T> {
    optional(timed).map(|value| value.unwrap_or(otherwise))
}
