//! A store that is signed in to: a handle that is cheap to clone, with one SDK client for each region.

use std::{
    collections::HashMap,
    fmt,
    future::Future,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aws_sdk_s3::{
    Client,
    config::{
        IdentityCache, Region, SharedCredentialsProvider, StalledStreamProtectionConfig, retry::RetryConfig,
        timeout::TimeoutConfig,
    },
};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::sync::OnceCell;

use super::{
    content_md5::ContentMd5,
    error::{Kind, S3Error},
    integrity::{Integrity, Learned},
};
use crate::domain::connection::{Addressing, ConnectionId};

/// Whoever does not take a connection in this time is not there.
pub(super) const CONNECT: Duration = Duration::from_secs(8);

/// What is known of a store without asking it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreInfo {
    /// The connection it was made from.
    pub connection: ConnectionId,
    /// What the person calls it.
    pub name: String,
    /// Whose store it is.
    pub family: Family,
    /// Scheme, host and port, unless they follow from the region (Amazon).
    pub endpoint: Option<String>,
    /// The region that requests start from.
    pub region: String,
    /// Where the bucket's name stands in URLs.
    pub addressing: Addressing,
    /// Whether requests go unsigned.
    pub anonymous: bool,
    /// The host that the public uses, where it is another than the endpoint.
    pub public_base_url: Option<String>,
}

/// Whose store it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// The server inside this process.
    Practice,
    /// Amazon S3.
    Amazon,
    /// Any other.
    Other,
}

/// A store, ready to be asked. Clones share connections, clients and what was learned of regions.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    info: StoreInfo,
    credentials: Option<SharedCredentialsProvider>,
    /// For the services beside S3 (accounts, identities); only where they exist.
    beside: Option<aws_config::SdkConfig>,
    clients: RwLock<Clients>,
    /// How often the store has answered anything at all.
    answers: AtomicU64,
    regions: RwLock<HashMap<String, String>>,
    md5: ContentMd5,
    integrity: Learned,
    account: OnceCell<String>,
}

/// The clients of a store, by region. They live as long as what they sign with.
struct Clients {
    config: aws_sdk_s3::Config,
    asking: HashMap<String, Client>,
    /// What carries files: see [`Store::carry`].
    carrying: HashMap<String, Client>,
    /// How often they were made anew.
    renewed: u64,
}

impl Store {
    pub(super) fn new(
        info: StoreInfo,
        config: aws_sdk_s3::Config,
        credentials: Option<SharedCredentialsProvider>,
        beside: Option<aws_config::SdkConfig>,
        md5: ContentMd5,
        integrity: Integrity,
    ) -> Self {
        Self(Arc::new(Inner {
            info,
            credentials,
            beside,
            clients: RwLock::new(Clients { config, asking: HashMap::new(), carrying: HashMap::new(), renewed: 0 }),
            answers: AtomicU64::new(0),
            regions: RwLock::default(),
            md5,
            integrity: Learned::new(integrity),
            account: OnceCell::new(),
        }))
    }

    /// What is known of it without asking.
    #[must_use]
    pub fn info(&self) -> &StoreInfo {
        &self.0.info
    }

    /// Whether it is Amazon's own, where everything of S3 is to be found.
    #[must_use]
    pub fn is_amazon(&self) -> bool {
        self.0.info.family == Family::Amazon
    }

    /// How sentences name it.
    #[must_use]
    pub fn address(&self) -> &str {
        self.0.info.endpoint.as_deref().unwrap_or("Amazon S3")
    }

    /// The region of a bucket, as far as it is known without asking.
    #[must_use]
    pub fn known_region(&self, bucket: &str) -> Option<String> {
        self.0.regions.read().unwrap_or_else(PoisonError::into_inner).get(bucket).cloned()
    }

    /// The region of a bucket: what is known, or asked for with `HeadBucket` (which tells it even to strangers).
    pub async fn region_of(&self, bucket: &str) -> String {
        if let Some(region) = self.known_region(bucket) {
            return region;
        }
        if !self.is_amazon() {
            return self.0.info.region.clone();
        }
        let asking = self.client(&self.0.info.region).head_bucket().bucket(bucket).send();
        let answer = Box::pin(asking).await;
        let region = match &answer {
            Ok(answer) => answer.bucket_region().map(str::to_owned),
            Err(error) => {
                error.raw_response().and_then(|raw| raw.headers().get("x-amz-bucket-region")).map(str::to_owned)
            }
        };
        match region {
            Some(region) => {
                self.learn_region(bucket, &region);
                region
            }
            None => self.0.info.region.clone(),
        }
    }

    pub(super) fn learn_region(&self, bucket: &str, region: &str) {
        self.0.regions.write().unwrap_or_else(PoisonError::into_inner).insert(bucket.to_owned(), region.to_owned());
    }

    pub(super) fn forget_region(&self, bucket: &str) {
        self.0.regions.write().unwrap_or_else(PoisonError::into_inner).remove(bucket);
    }

    /// The client that signs for `region`.
    pub(super) fn client(&self, region: &str) -> Client {
        if let Some(client) = self.0.clients.read().unwrap_or_else(PoisonError::into_inner).asking.get(region) {
            return client.clone();
        }
        let mut clients = self.0.clients.write().unwrap_or_else(PoisonError::into_inner);
        let Clients { config, asking, .. } = &mut *clients;
        let config = config.to_builder().region(Region::new(region.to_owned()));
        asking.entry(region.to_owned()).or_insert_with(|| Client::from_conf(config.build())).clone()
    }

    /// The client that carries files in and out of `region`. Whoever carries them knows how long that may take and when
    /// to try again; the SDK does not.
    fn carrier(&self, region: &str) -> Client {
        if let Some(client) = self.0.clients.read().unwrap_or_else(PoisonError::into_inner).carrying.get(region) {
            return client.clone();
        }
        let mut clients = self.0.clients.write().unwrap_or_else(PoisonError::into_inner);
        let Clients { config, carrying, .. } = &mut *clients;
        let config = config.to_builder().region(Region::new(region.to_owned()));
        let config = config
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).build());
        carrying.entry(region.to_owned()).or_insert_with(|| Client::from_conf(config.build())).clone()
    }

    fn renewed(&self) -> u64 {
        self.0.clients.read().unwrap_or_else(PoisonError::into_inner).renewed
    }

    /// Asks for credentials anew, unless somebody did so since `known`: of many requests that were refused together,
    /// one is enough.
    fn renew(&self, known: u64) {
        let mut clients = self.0.clients.write().unwrap_or_else(PoisonError::into_inner);
        if clients.renewed == known {
            let config = clients.config.to_builder().identity_cache(IdentityCache::lazy().build()).build();
            let renewed = known + 1;
            *clients = Clients { config, asking: HashMap::new(), carrying: HashMap::new(), renewed };
        }
    }

    /// How often the store has answered a request about a bucket, be it with a refusal. While this does not grow,
    /// nobody may be there.
    #[must_use]
    pub fn answers(&self) -> u64 {
        self.0.answers.load(Ordering::Relaxed)
    }

    /// Whether the store answers at all, whatever it says.
    pub async fn is_there(&self, bucket: &str) -> bool {
        let before = self.answers();
        let region = self.known_region(bucket).unwrap_or_else(|| self.0.info.region.clone());
        let asking = self.carrier(&region).head_bucket().bucket(bucket).send();
        match tokio::time::timeout(CONNECT, asking).await {
            Ok(answer) if answer.as_ref().map_or_else(|error| error.raw_response().is_some(), |_| true) => {
                self.0.answers.fetch_add(1, Ordering::Relaxed);
                true
            }
            Ok(_) | Err(_) => self.answers() > before,
        }
    }

    /// Which checksums it understands, as far as it is known.
    #[must_use]
    pub fn integrity(&self) -> Integrity {
        self.0.integrity.get()
    }

    pub(super) fn learned_integrity(&self) -> &Learned {
        &self.0.integrity
    }

    pub(super) fn beside(&self) -> Option<&aws_config::SdkConfig> {
        self.0.beside.as_ref()
    }

    /// What signs, if anything does.
    pub(super) fn credentials(&self) -> Option<SharedCredentialsProvider> {
        self.0.credentials.clone()
    }

    pub(super) fn account_cell(&self) -> &OnceCell<String> {
        &self.0.account
    }

    /// Asks something about a bucket where it lies. A redirect to another region is followed once, and a request that
    /// was signed with a session that is over, or by a clock that is wrong, is repeated once.
    pub(super) async fn ask<T, E, F>(
        &self,
        operation: &'static str,
        bucket: &str,
        call: impl Fn(Client) -> F,
    ) -> Result<T, S3Error>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.ask_with(bucket, |client| {
            let answer = call(client);
            async move { answer.await.map_err(|error| S3Error::from_sdk(operation, error)) }
        })
        .await
    }

    /// As [`Self::ask`], for calls of several steps.
    pub(super) async fn ask_with<T, F>(&self, bucket: &str, call: impl Fn(Client) -> F) -> Result<T, S3Error>
    where
        F: Future<Output = Result<T, S3Error>>,
    {
        self.where_it_lies(bucket, |region| call(self.client(region))).await
    }

    /// Carries bytes in or out: one try, without a limit of time, repeated only where [`Self::ask`] does so.
    pub(super) async fn carry<T, F>(&self, bucket: &str, call: impl Fn(Client) -> F) -> Result<T, S3Error>
    where
        F: Future<Output = Result<T, S3Error>>,
    {
        self.where_it_lies(bucket, |region| call(self.carrier(region))).await
    }

    async fn where_it_lies<T, F>(&self, bucket: &str, call: impl Fn(&str) -> F) -> Result<T, S3Error>
    where
        F: Future<Output = Result<T, S3Error>>,
    {
        let region = self.region_of(bucket).await;
        let renewed = self.renewed();
        let mut outcome = call(&region).await;
        if let Err(error) = &outcome {
            let again = match &error.kind {
                Kind::WrongRegion { region: Some(right) } if *right != region => {
                    self.learn_region(bucket, right);
                    Some(right.clone())
                }
                Kind::Expired => {
                    self.renew(renewed);
                    Some(region)
                }
                // The SDK has set its clock by the `Date` of this very answer.
                Kind::ClockSkew { .. } => Some(region),
                _ if self.0.md5.learn(error) || self.0.integrity.refused(error) => Some(region),
                _ => None,
            };
            if let Some(region) = again {
                // Seldom needed, and large.
                outcome = Box::pin(call(&region)).await;
            }
        }
        if outcome.as_ref().map_or_else(|error| error.http_status.is_some(), |_| true) {
            self.0.answers.fetch_add(1, Ordering::Relaxed);
        }
        outcome.map_err(|error| error.about_bucket(bucket).about_endpoint(self.address()))
    }

    /// Asks something that is about no bucket.
    pub(super) async fn ask_at_large<T, E, F>(
        &self,
        operation: &'static str,
        call: impl Fn(Client) -> F,
    ) -> Result<T, S3Error>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        call(self.client(&self.0.info.region))
            .await
            .map_err(|error| S3Error::from_sdk(operation, error).about_endpoint(self.address()))
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.0.info).finish()
    }
}

#[cfg(test)]
mod tests;
