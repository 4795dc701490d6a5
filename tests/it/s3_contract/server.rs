//! A server under test: the real SDK on it, requests by hand, buckets that vanish afterwards.

use std::sync::Mutex;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{
    BehaviorVersion, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
};
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use brimful::practice;
use tempfile::TempDir;

use super::raw::Ask;

/// An access key of one account.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// A server that a case asks.
pub(crate) struct Server {
    /// `practice`, or what [`super::differences`] calls another server.
    pub(crate) name: String,
    /// `http://HOST:PORT`, without a slash at its end.
    pub(crate) endpoint: String,
    /// The region that signs.
    pub(crate) region: String,
    /// The key of the account that [`Server::s3`] speaks for.
    pub(crate) keys: Keys,
    /// The client of the first account: path style, retries and checksums as the SDK does them.
    pub(crate) s3: Client,
    second: Option<Keys>,
    practice: Option<(practice::Server, TempDir)>,
    buckets: Mutex<Vec<String>>,
}

impl Server {
    /// A practice store of its own in a folder that vanishes, with somebody from another account.
    pub(crate) async fn practice() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = practice::Options { dir: dir.path().join("store"), port: None };
        let server = practice::Server::start(options).await.unwrap();
        let key = server.credentials();
        let keys = Keys { id: key.access_key_id.clone(), secret: key.secret_access_key.clone() };
        let stranger = practice::User {
            name: "stranger".to_owned(),
            access_key_id: "STRANGER000000000000".to_owned(),
            secret_access_key: "of-another-account".to_owned(),
            account_id: Some("210987654321".to_owned()),
            policy: None,
        };
        let second = Keys { id: stranger.access_key_id.clone(), secret: stranger.secret_access_key.clone() };
        server.set_users(vec![stranger]).unwrap();
        let (endpoint, region) = (server.endpoint(), server.region().to_owned());
        Self::new("practice".to_owned(), endpoint, region, keys, Some(second), Some((server, dir)))
    }

    /// The server that `BRIMFUL_TEST_ENDPOINT` names, where it is set.
    pub(crate) async fn elsewhere() -> Option<Self> {
        let endpoint = std::env::var("BRIMFUL_TEST_ENDPOINT").ok()?.trim_end_matches('/').to_owned();
        let keys = |suffix: &str| {
            let id = std::env::var(format!("AWS_ACCESS_KEY_ID{suffix}")).ok()?;
            Some(Keys { id, secret: std::env::var(format!("AWS_SECRET_ACCESS_KEY{suffix}")).ok()? })
        };
        let first = keys("").expect("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong to BRIMFUL_TEST_ENDPOINT");
        let region = std::env::var("AWS_REGION").unwrap_or_else(|_| "us-east-1".to_owned());
        let mut server = Self::new(String::new(), endpoint, region, first, keys("_2"), None);
        server.name = match std::env::var("BRIMFUL_TEST_SERVER") {
            Ok(name) => name,
            Err(_) => {
                let answer = server.ask("GET", "/").send().await;
                called(answer.header("server"), answer.header("x-amz-request-id"))
            }
        };
        Some(server)
    }

    fn new(
        name: String,
        endpoint: String,
        region: String,
        keys: Keys,
        second: Option<Keys>,
        practice: Option<(practice::Server, TempDir)>,
    ) -> Self {
        let s3 = client(&endpoint, &region, &keys);
        Self { name, endpoint, region, keys, s3, second, practice, buckets: Mutex::default() }
    }

    /// Practice storage has no choice where the documentation leaves one; another server may have.
    pub(crate) fn strict(&self) -> bool {
        self.practice.is_some()
    }

    /// The SDK with any key, for instance one of a user or one that is wrong.
    pub(crate) fn client_as(&self, keys: &Keys) -> Client {
        client(&self.endpoint, &self.region, keys)
    }

    /// The SDK signing for another region.
    pub(crate) fn client_in(&self, region: &str) -> Client {
        client(&self.endpoint, region, &self.keys)
    }

    /// The key of another account, where the server has one: `let Some(other) = server.second() else { return };`.
    pub(crate) fn second(&self) -> Option<&Keys> {
        self.second.as_ref()
    }

    /// The port at which buckets of practice storage are websites.
    pub(crate) fn website_port(&self) -> Option<u16> {
        let (practice, _) = self.practice.as_ref()?;
        practice.website_endpoint().rsplit_once(':')?.1.parse().ok()
    }

    /// A bucket name that nobody has. What is made under it is cleared away after the case.
    pub(crate) fn fresh_name(&self) -> String {
        let name = format!("contract-{}", &uuid::Uuid::new_v4().simple().to_string()[..16]);
        self.clear_away_later(&name);
        name
    }

    /// Clears away a bucket after the case that the case named itself.
    pub(crate) fn clear_away_later(&self, bucket: &str) {
        self.buckets.lock().unwrap().push(bucket.to_owned());
    }

    /// A new bucket with every default.
    pub(crate) async fn bucket(&self) -> String {
        let name = self.fresh_name();
        self.s3.create_bucket().bucket(&name).send().await.unwrap();
        name
    }

    /// Puts an object and expects success.
    pub(crate) async fn put(&self, bucket: &str, key: &str, body: &[u8]) {
        self.s3.put_object().bucket(bucket).key(key).body(body.to_vec().into()).send().await.unwrap();
    }

    /// The bytes of an object.
    pub(crate) async fn get(&self, bucket: &str, key: &str) -> Vec<u8> {
        let answer = self.s3.get_object().bucket(bucket).key(key).send().await.unwrap();
        answer.body.collect().await.unwrap().to_vec()
    }

    /// A request by hand, unsigned until it is told to [`Ask::sign`]. `target` is a path with its query, percent-encoded
    /// as it goes over the wire (`/bucket/a%20b?acl`), or a whole URL such as a presigned one.
    pub(crate) fn ask<'a>(&'a self, method: &'a str, target: &str) -> Ask<'a> {
        Ask::new(self, method, target)
    }

    /// Ends practice storage; empties and deletes the buckets of a case elsewhere, as far as that goes.
    pub(crate) async fn clear_away(self) {
        if let Some((server, _dir)) = self.practice {
            return server.shutdown().await;
        }
        for bucket in self.buckets.into_inner().unwrap() {
            let _ = self.s3.delete_bucket_policy().bucket(&bucket).send().await;
            while let Ok(page) = self.s3.list_object_versions().bucket(&bucket).send().await {
                let versions = page.versions().iter().map(|found| (found.key(), found.version_id()));
                let markers = page.delete_markers().iter().map(|found| (found.key(), found.version_id()));
                let named: Vec<_> = versions
                    .chain(markers)
                    .map(|(key, version)| {
                        let named = ObjectIdentifier::builder().key(key.unwrap_or_default());
                        named.set_version_id(version.map(str::to_owned)).build().unwrap()
                    })
                    .collect();
                if named.is_empty() {
                    break;
                }
                let delete = Delete::builder().set_objects(Some(named)).build().unwrap();
                let call = self.s3.delete_objects().bucket(&bucket).delete(delete);
                let Ok(done) = call.bypass_governance_retention(true).send().await else { break };
                if !done.errors().is_empty() {
                    break;
                }
            }
            let _ = self.s3.delete_bucket().bucket(&bucket).send().await;
        }
    }
}

/// The name of a server by what it says of itself. Ceph says nothing, but numbers its requests in its own way.
fn called(header: &str, request_id: &str) -> String {
    let known = [("Werkzeug", "moto"), ("MinIO", "minio"), ("AmazonS3", "aws"), ("rclone", "rclone")];
    let ceph = if request_id.starts_with("tx0") { "rgw" } else { "other" };
    known.iter().find(|(said, _)| header.contains(said)).map_or(ceph, |(_, name)| name).to_owned()
}

fn client(endpoint: &str, region: &str, keys: &Keys) -> Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new(&keys.id, &keys.secret, None, None, "contract"))
        .endpoint_url(endpoint)
        .force_path_style(true);
    let required =
        |variable: &str| std::env::var(variable).is_ok_and(|said| said.eq_ignore_ascii_case("when_required"));
    let named = std::env::var("BRIMFUL_TEST_ENDPOINT").is_ok_and(|named| named.trim_end_matches('/') == endpoint);
    let config = if named && required("AWS_REQUEST_CHECKSUM_CALCULATION") {
        config.request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
    } else {
        config
    };
    let config = if named && required("AWS_RESPONSE_CHECKSUM_VALIDATION") {
        config.response_checksum_validation(ResponseChecksumValidation::WhenRequired)
    } else {
        config
    };
    Client::from_conf(config.build())
}
