//! What can be done in one bucket.

use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, StreamExt as _, stream};

use super::probe::{Told, asked, asked_as, set};
use super::{Account, Kind, S3Error};
use crate::domain::bucket_settings::DefaultEncryption;
use crate::domain::checkup::{
    Answer, BucketCheckup, Call, KmsKey, Scope, Surroundings, Tried, conclude, reading_by_missing,
};
use crate::domain::policy::Policy;
use crate::domain::region;
use crate::s3::bucket::head_bucket;
use crate::s3::list::list_page;
use crate::s3::multipart::list_parts;
use crate::s3::object::{get_object, get_object_tagging, head_object, head_object_version};
use crate::s3::policy::get_bucket_policy;
use crate::s3::settings::{
    Readable, get_bucket_encryption, get_bucket_ownership_controls, get_object_acl, get_public_access_block,
};
use crate::s3::store::Store;
use crate::s3::versions::UnfinishedUpload;

/// So many questions about a bucket are asked at once.
const AT_ONCE: usize = 6;
/// Among so many versions one is looked for that is no delete marker.
const VERSIONS: i32 = 10;

/// Finds out what can be done in a bucket, or under a prefix of it.
pub async fn bucket(store: &Store, scope: Scope, account: &Account) -> BucketCheckup {
    let name = scope.bucket.clone();
    if let Err(error) = Box::pin(head_bucket(store, &name)).await
        && !matches!(error.kind, Kind::Refused(_))
    {
        return BucketCheckup { scope, region: None, findings: Err(error.sentence()) };
    }
    let region = store.known_region(&name).unwrap_or_else(|| store.info().region.clone());
    let decisive = Box::pin(Decisive::read(store, &scope)).await;
    let mut tried: Vec<Tried> = stream::iter(settings(store, &name)).buffered(AT_ONCE).collect().await;
    let files = stream::iter(files(store, &scope, &decisive)).buffered(AT_ONCE);
    tried.extend(files.collect::<Vec<_>>().await);
    let Decisive { policy, block, ownership, encryption, list, versions, uploads } = decisive;
    let who = account.who.as_ref();
    let owned = account.buckets.as_ref().is_some_and(|all| all.contains(&name));
    let around = Surroundings {
        bucket: name.clone(),
        prefix: scope.prefix.clone(),
        partition: region::partition_of(&region).unwrap_or_default(),
        who: who.map(|who| who.arn.clone()),
        // A list of buckets names those of one's own account alone (Amazon S3 API Reference, ListBuckets).
        owner: who.filter(|_| owned).map(|who| who.account.clone()),
        signed: !store.info().anonymous,
        has_accounts: store.beside().is_some(),
        https: store.info().endpoint.as_ref().is_none_or(|endpoint| endpoint.starts_with("https:")),
        policy: match &policy.tried.answer {
            Answer::Done => policy.value.as_deref().map(Policy::parse).transpose().ok(),
            Answer::NotOffered => Some(None),
            Answer::Refused { .. } | Answer::Unclear(_) => None,
        },
        block: block.value,
        account_block: account.block,
        ownership: ownership.value,
    };
    let key = kms_key(encryption.value.as_ref(), &region, who.map(|who| who.account.as_str()));
    tried.extend([policy.tried, block.tried, ownership.tried, encryption.tried]);
    tried.extend([list.tried, versions.tried, uploads.tried]);
    let findings = Ok(conclude(false, &tried, &around));
    BucketCheckup { scope: Scope { key, ..scope }, region: Some(region), findings }
}

/// The region of a bucket, and the key of KMS that it encrypts with, as far as they can be read.
pub async fn key_of(store: &Store, bucket: &str, account: Option<&str>) -> (String, Readable<Option<KmsKey>>) {
    let region = Box::pin(store.region_of(bucket)).await;
    let found = Box::pin(get_bucket_encryption(store, bucket)).await;
    let key = found.map(|found| kms_key(Some(&found), &region, account));
    (region, key)
}

/// The key, where it is one of the account's own: everybody in the account may use the one that S3 brings along by way of
/// S3 (AWS KMS Developer Guide, "AWS managed keys").
fn kms_key(found: Option<&DefaultEncryption>, region: &str, account: Option<&str>) -> Option<KmsKey> {
    let named = found.filter(|found| found.algorithm.needs_kms())?.key.clone()?;
    if named.ends_with("alias/aws/s3") {
        return None;
    }
    Some(KmsKey { named, region: region.to_owned(), account: account.map(str::to_owned) })
}

/// What the rest depends on: the settings that decide about writing, and something to try reading on.
struct Decisive {
    policy: Told<String>,
    block: Told<crate::domain::public_access::BlockPublicAccess>,
    ownership: Told<crate::domain::public_access::ObjectOwnership>,
    encryption: Told<DefaultEncryption>,
    /// A key.
    list: Told<Option<String>>,
    /// A key and its version.
    versions: Told<Option<(String, String)>>,
    uploads: Told<Option<UnfinishedUpload>>,
}

impl Decisive {
    async fn read(store: &Store, scope: &Scope) -> Self {
        let Scope { bucket, prefix, .. } = scope;
        let list = async {
            let page = list_page(store, bucket, prefix, None, None, Some(1)).await?;
            Ok(page.objects.into_iter().next().map(|object| object.key))
        };
        let policy = async { Readable::of(get_bucket_policy(store, bucket).await) };
        let (list, versions, uploads, policy, block, ownership, encryption) = tokio::join!(
            asked(Call::of("ListObjectsV2"), None, Box::pin(list)),
            asked(Call::of("ListObjectVersions"), None, Box::pin(some_version(store, bucket, prefix))),
            asked(Call::of("ListMultipartUploads"), None, Box::pin(some_upload(store, bucket, prefix))),
            set(Call::of("GetBucketPolicy"), None, Box::pin(policy)),
            set(Call::of("GetPublicAccessBlock"), None, Box::pin(get_public_access_block(store, bucket))),
            set(Call::of("GetBucketOwnershipControls"), None, Box::pin(get_bucket_ownership_controls(store, bucket))),
            set(Call::of("GetBucketEncryption"), None, Box::pin(get_bucket_encryption(store, bucket))),
        );
        Self { policy, block, ownership, encryption, list, versions, uploads }
    }
}

async fn some_version(store: &Store, bucket: &str, prefix: &str) -> Result<Option<(String, String)>, S3Error> {
    let ask = store.ask("ListObjectVersions", bucket, |client| {
        client.list_object_versions().bucket(bucket).prefix(prefix).max_keys(VERSIONS).send()
    });
    let page = ask.await?;
    let mut found = page.versions().iter().filter_map(|it| Some((it.key()?.to_owned(), it.version_id()?.to_owned())));
    Ok(found.next())
}

async fn some_upload(store: &Store, bucket: &str, prefix: &str) -> Result<Option<UnfinishedUpload>, S3Error> {
    let ask = store.ask("ListMultipartUploads", bucket, |client| {
        client.list_multipart_uploads().bucket(bucket).prefix(prefix).max_uploads(1).send()
    });
    let page = ask.await?;
    let mut found = page.uploads().iter().filter_map(|it| {
        Some(UnfinishedUpload { key: it.key()?.to_owned(), upload_id: it.upload_id()?.to_owned(), begun: None })
    });
    Ok(found.next())
}

/// The settings whose value does not matter here.
fn settings<'a>(store: &'a Store, bucket: &'a str) -> Vec<BoxFuture<'a, Tried>> {
    macro_rules! all {
        ($($operation:literal by $method:ident),+ $(,)?) => {
            vec![$({
                let question = store.ask($operation, bucket, move |client| client.$method().bucket(bucket).send());
                boxed(asked(Call::of($operation), None, question))
            }),+]
        };
    }
    all![
        "GetBucketPolicyStatus" by get_bucket_policy_status,
        "GetBucketAcl" by get_bucket_acl,
        "GetBucketVersioning" by get_bucket_versioning,
        "GetBucketCors" by get_bucket_cors,
        "GetBucketLifecycleConfiguration" by get_bucket_lifecycle_configuration,
        "GetBucketWebsite" by get_bucket_website,
        "GetBucketTagging" by get_bucket_tagging,
        "GetBucketLogging" by get_bucket_logging,
        "GetBucketRequestPayment" by get_bucket_request_payment,
        "GetBucketAccelerateConfiguration" by get_bucket_accelerate_configuration,
        "GetObjectLockConfiguration" by get_object_lock_configuration,
        "GetBucketNotificationConfiguration" by get_bucket_notification_configuration,
        "GetBucketReplication" by get_bucket_replication,
    ]
}

/// Reading, tried on something that is there.
fn files<'a>(store: &'a Store, scope: &'a Scope, known: &'a Decisive) -> Vec<BoxFuture<'a, Tried>> {
    let bucket = scope.bucket.as_str();
    let mut all: Vec<BoxFuture<'a, Tried>> = Vec::new();
    match known.list.value.as_ref() {
        Some(Some(key)) => {
            let on = || Some(key.clone());
            // One byte, so that the key of the encryption is needed as well.
            let byte = get_object(store, bucket, key, Some(0..1), 64);
            all.push(boxed(asked(Call::of("GetObject"), on(), byte)));
            all.push(boxed(asked(Call::of("GetObjectTagging"), on(), get_object_tagging(store, bucket, key))));
            all.push(boxed(set(Call::of("GetObjectAcl"), on(), get_object_acl(store, bucket, key))));
        }
        other => all.push(missing(store, scope, other.is_some()).boxed()),
    }
    if let Some(Some((key, version))) = known.versions.value.as_ref() {
        let question = head_object_version(store, bucket, key, Some(version));
        all.push(boxed(asked_as("HeadObject", Call::of_version("GetObject"), Some(key.clone()), question)));
    }
    if let Some(Some(upload)) = known.uploads.value.as_ref() {
        let question = list_parts(store, bucket, &upload.key, &upload.upload_id);
        all.push(boxed(asked(Call::of("ListParts"), Some(upload.key.clone()), question)));
    }
    all
}

/// Questions to the SDK are large, and many are asked at once.
fn boxed<'a, T: 'a>(question: impl Future<Output = Told<T>> + Send + 'a) -> BoxFuture<'a, Tried> {
    question.map(|told| told.tried).boxed()
}

/// A name that is not there: the answer tells a little about who may list and read.
async fn missing(store: &Store, scope: &Scope, may_list: bool) -> Tried {
    let key = format!("{}brimful-checkup-is-not-there", scope.prefix);
    let question = head_object(store, &scope.bucket, &key);
    let told = Box::pin(asked_as("HeadObject", Call::of("GetObject"), Some(key.clone()), question)).await;
    let answer = match told.tried.answer {
        Answer::Refused { .. } | Answer::Unclear(_) => reading_by_missing(told.tried.asked.status, may_list),
        other => other,
    };
    Tried { answer, ..told.tried }
}
