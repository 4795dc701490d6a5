//! From a remembered connection to a store that can be asked.

use std::time::Duration;

use aws_config::{
    BehaviorVersion, SdkConfig, identity::IdentityCache, profile::ProfileFileCredentialsProvider,
    provider_config::ProviderConfig, retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, SharedCredentialsProvider, future},
};
use aws_sdk_s3::config::{AppName, Region, RequestChecksumCalculation, ResponseChecksumValidation};

use super::{
    content_md5::ContentMd5,
    endpoints::Endpoints,
    error::{BadAddress, Kind, S3Error},
    http_client::http_client,
    integrity::Integrity,
    other_names::OtherNames,
    secrets::Secrets,
    store::{CONNECT, Family, Store, StoreInfo},
};
use crate::domain::connection::{Addressing, ChecksumMode, Connection, SignIn, StoreTarget, Target};

const OPERATION: &str = "Connect";
/// What stands in where nothing names a region; the SDK cannot sign without one.
const FALLBACK_REGION: &str = "us-east-1";

/// Where practice storage listens and the keys it was started with.
#[derive(Debug, Clone)]
pub struct PracticeAccess {
    /// Scheme, host and port.
    pub endpoint: String,
    /// The public half.
    pub access_key_id: String,
    /// The secret half.
    pub secrets: Secrets,
}

/// Makes a store of a connection. Asks nothing of the store yet; that is [`super::check::test_connection`].
///
/// # Errors
/// An endpoint that cannot be used, keys without their secret, or practice storage that is not running.
pub async fn connect(
    connection: &Connection,
    secrets: Option<Secrets>,
    practice: Option<PracticeAccess>,
) -> Result<Store, S3Error> {
    match &connection.target {
        Target::Practice => practice_store(connection, practice),
        Target::Amazon { region, sign_in } => amazon(connection, region, sign_in, secrets).await,
        Target::Store(target) => other_store(connection, target, secrets).await,
    }
}

fn practice_store(connection: &Connection, practice: Option<PracticeAccess>) -> Result<Store, S3Error> {
    let practice = practice.ok_or_else(|| {
        S3Error::new(OPERATION, Kind::Unreachable(super::error::Unreached::NothingListens))
            .about_endpoint("practice storage")
    })?;
    let keys = SignIn::Keys { access_key_id: practice.access_key_id, has_session_token: false };
    let config = without_surroundings(connection.target.region(), Some(typed_in(&keys, Some(practice.secrets))?));
    let info = StoreInfo {
        connection: connection.id,
        name: connection.name.clone(),
        family: Family::Practice,
        endpoint: Some(practice.endpoint),
        region: connection.target.region().to_owned(),
        addressing: Addressing::Path,
        anonymous: false,
        public_base_url: None,
    };
    Ok(finish(info, &config, ChecksumMode::WhenSupported))
}

async fn amazon(
    connection: &Connection,
    region: &str,
    sign_in: &SignIn,
    secrets: Option<Secrets>,
) -> Result<Store, S3Error> {
    let config = match sign_in {
        SignIn::Keys { .. } => without_surroundings(or_fallback(region), Some(typed_in(sign_in, secrets)?)),
        SignIn::Anonymous => without_surroundings(or_fallback(region), None),
        SignIn::Profile { .. } | SignIn::Environment => from_surroundings(region, sign_in).await,
    };
    // Whoever signs in by profile or environment may have pointed the SDK elsewhere; typed keys mean Amazon itself.
    let endpoint = match sign_in {
        SignIn::Profile { .. } | SignIn::Environment => endpoint_of_surroundings(&config),
        SignIn::Keys { .. } | SignIn::Anonymous => None,
    };
    let is_elsewhere = endpoint.as_deref().is_some_and(|endpoint| !endpoint.contains(".amazonaws."));
    let info = StoreInfo {
        connection: connection.id,
        name: connection.name.clone(),
        family: if is_elsewhere { Family::Other } else { Family::Amazon },
        endpoint,
        region: config.region().map_or(FALLBACK_REGION, Region::as_ref).to_owned(),
        addressing: if is_elsewhere { Addressing::Path } else { Addressing::VirtualHosted },
        anonymous: *sign_in == SignIn::Anonymous,
        public_base_url: None,
    };
    let checksums = if is_elsewhere { ChecksumMode::WhenRequired } else { ChecksumMode::WhenSupported };
    Ok(finish(info, &config, checksums))
}

async fn other_store(
    connection: &Connection,
    target: &StoreTarget,
    secrets: Option<Secrets>,
) -> Result<Store, S3Error> {
    let endpoint = check_endpoint(&target.endpoint)?;
    let region = or_fallback(&target.region);
    let config = match &target.sign_in {
        SignIn::Keys { .. } => without_surroundings(region, Some(typed_in(&target.sign_in, secrets)?)),
        SignIn::Anonymous => without_surroundings(region, None),
        sign_in @ (SignIn::Profile { .. } | SignIn::Environment) => {
            without_surroundings(region, from_surroundings(region, sign_in).await.credentials_provider())
        }
    };
    let info = StoreInfo {
        connection: connection.id,
        name: connection.name.clone(),
        family: Family::Other,
        endpoint: Some(endpoint),
        region: region.to_owned(),
        addressing: target.addressing,
        anonymous: target.sign_in == SignIn::Anonymous,
        public_base_url: target.public_base_url.clone(),
    };
    Ok(finish(info, &config, target.checksums))
}

/// A configuration that neither environment nor files have a say in.
fn without_surroundings(region: &str, credentials: Option<SharedCredentialsProvider>) -> SdkConfig {
    let mut builder = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .http_client(http_client())
        .timeout_config(timeouts())
        .retry_config(RetryConfig::standard())
        .identity_cache(IdentityCache::lazy().build());
    builder.set_app_name(app_name()).set_credentials_provider(credentials);
    builder.build()
}

/// What profile files, environment and instance roles say.
async fn from_surroundings(region: &str, sign_in: &SignIn) -> SdkConfig {
    let http = http_client();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http.clone())
        .timeout_config(timeouts())
        .retry_config(RetryConfig::standard())
        .identity_cache(IdentityCache::lazy().build());
    if let Some(name) = app_name() {
        loader = loader.app_name(name);
    }
    let given = (!region.is_empty()).then(|| Region::new(region.to_owned()));
    if let Some(region) = given.clone() {
        loader = loader.region(region);
    }
    if let SignIn::Profile { name } = sign_in {
        // The default chain would prefer keys of the environment to the profile that was chosen.
        let surroundings = ProviderConfig::default().with_http_client(http).with_region(given);
        let provider = FreshProfile { surroundings, name: name.clone() };
        loader = loader.profile_name(name.clone()).credentials_provider(provider);
    }
    loader.load().await
}

/// A profile that is read from its files whenever it is asked: the SDK's own provider reads them once, and would give
/// keys that were replaced meanwhile for ever. Who asks keeps the answer until it expires.
#[derive(Debug)]
struct FreshProfile {
    surroundings: ProviderConfig,
    name: String,
}

impl ProvideCredentials for FreshProfile {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let provider = ProfileFileCredentialsProvider::builder()
                .configure(&self.surroundings)
                .profile_name(self.name.clone())
                .build();
            provider.provide_credentials().await
        })
    }
}

/// The endpoint that environment or profile put in the place of Amazon's.
fn endpoint_of_surroundings(config: &SdkConfig) -> Option<String> {
    let ignored =
        std::env::var("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_ok_and(|value| value.eq_ignore_ascii_case("true"));
    if ignored {
        return None;
    }
    std::env::var("AWS_ENDPOINT_URL_S3")
        .ok()
        .filter(|endpoint| !endpoint.is_empty())
        .or_else(|| config.endpoint_url().map(str::to_owned))
}

fn finish(info: StoreInfo, config: &SdkConfig, checksums: ChecksumMode) -> Store {
    let md5 = ContentMd5::default();
    let mut builder = aws_sdk_s3::config::Builder::from(config)
        .force_path_style(info.addressing == Addressing::Path)
        .endpoint_resolver(Endpoints::default())
        .interceptor(md5.clone());
    match checksums {
        ChecksumMode::WhenRequired => {
            builder = builder
                .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
                .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        }
        ChecksumMode::WhenSupported => {}
    }
    if info.family == Family::Other {
        builder = builder.interceptor(OtherNames);
    }
    if let Some(endpoint) = &info.endpoint {
        builder = builder.endpoint_url(endpoint);
    }
    if info.anonymous {
        builder = builder.allow_no_auth();
    }
    let beside = match (info.family, &info.endpoint) {
        (Family::Amazon, _) => (!info.anonymous).then(|| config.clone()),
        // Practice storage answers for them at its own address.
        (Family::Practice, Some(endpoint)) => Some(config.to_builder().endpoint_url(endpoint).build()),
        _ => None,
    };
    let integrity = match checksums {
        ChecksumMode::WhenSupported => Integrity::Crc64,
        ChecksumMode::WhenRequired => Integrity::Unknown,
    };
    Store::new(info, builder.build(), config.credentials_provider(), beside, md5, integrity)
}

fn typed_in(sign_in: &SignIn, secrets: Option<Secrets>) -> Result<SharedCredentialsProvider, S3Error> {
    let missing = || S3Error::new(OPERATION, Kind::NoCredentials);
    let SignIn::Keys { access_key_id, has_session_token } = sign_in else { return Err(missing()) };
    let secrets = secrets.filter(|secrets| !secrets.secret_access_key().is_empty()).ok_or_else(missing)?;
    let access_key_id = access_key_id.trim();
    if access_key_id.is_empty() || (*has_session_token && secrets.session_token().is_none()) {
        return Err(missing());
    }
    Ok(SharedCredentialsProvider::new(Credentials::new(
        access_key_id,
        secrets.secret_access_key(),
        secrets.session_token().map(str::to_owned),
        None,
        "brimful",
    )))
}

fn or_fallback(region: &str) -> &str {
    if region.is_empty() { FALLBACK_REGION } else { region }
}

fn app_name() -> Option<AppName> {
    AppName::new("brimful").ok()
}

/// For questions. Uploads and downloads set their own by the size of what they carry.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(Duration::from_secs(30))
        .operation_timeout(Duration::from_secs(75))
        .build()
}

/// Takes an endpoint as typed and gives it back as the SDK needs it: scheme, host, port, no slash at the end.
///
/// # Errors
/// [`Kind::BadAddress`] where the scheme is missing or it cannot be read.
pub fn check_endpoint(endpoint: &str) -> Result<String, S3Error> {
    let endpoint = endpoint.trim();
    let bad = |why| S3Error::new(OPERATION, Kind::BadAddress(why)).about_endpoint(endpoint);
    if !endpoint.contains("://") {
        return Err(bad(BadAddress::NoScheme));
    }
    let endpoint = endpoint.trim_end_matches('/');
    let uri: http::Uri = endpoint.parse().map_err(|_| bad(BadAddress::Unreadable))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
        return Err(bad(BadAddress::Unreadable));
    }
    if uri.query().is_some() || uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(bad(BadAddress::NotOnlyHost));
    }
    Ok(endpoint.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(" https://s3.example.com/ ", Ok("https://s3.example.com"); "blanks and the last slash go")]
    #[test_case("http://127.0.0.1:9000", Ok("http://127.0.0.1:9000"); "with a port")]
    #[test_case("https://x.example.co/storage/v1/s3", Ok("https://x.example.co/storage/v1/s3"); "a path is kept")]
    #[test_case("localhost:9000", Err(BadAddress::NoScheme); "no scheme")]
    #[test_case("ftp://host", Err(BadAddress::Unreadable); "another scheme")]
    #[test_case("https://", Err(BadAddress::Unreadable); "no host")]
    #[test_case("https://a b", Err(BadAddress::Unreadable); "a blank inside")]
    #[test_case("https://user:pw@host", Err(BadAddress::NotOnlyHost); "with a password")]
    #[test_case("https://host?x=1", Err(BadAddress::NotOnlyHost); "with a query")]
    fn an_endpoint_is_scheme_and_host(typed: &str, expected: Result<&str, BadAddress>) {
        match (check_endpoint(typed), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(error), Err(why)) => assert_eq!(error.kind, Kind::BadAddress(why)),
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }

    #[tokio::test]
    async fn keys_need_their_secret() {
        let connection = Connection {
            id: crate::domain::connection::ConnectionId::random(),
            name: "x".into(),
            target: Target::Amazon {
                region: "eu-central-1".into(),
                sign_in: SignIn::Keys { access_key_id: "AK".into(), has_session_token: true },
            },
            production: false,
            last_opened: None,
            bucket_count: None,
        };
        for secrets in [None, Some(Secrets::new("", None)), Some(Secrets::new("secret", None))] {
            let error = connect(&connection, secrets, None).await.unwrap_err();
            assert_eq!(error.kind, Kind::NoCredentials);
        }
        let store = connect(&connection, Some(Secrets::new("secret", Some("token"))), None).await.unwrap();
        assert_eq!((store.info().region.as_str(), store.is_amazon()), ("eu-central-1", true));
    }
}
